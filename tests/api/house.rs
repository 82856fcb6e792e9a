//! The order of the house: where what is known, how files begin, that the schema explains itself, and that derived files are
//! those that the code writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use thidua::http::openapi;
use thidua::settings::Settings;
use thidua::{graphql, policy, settings};

use crate::support::{introspected, list, text};

/// The repository.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The concepts, each of which looks only at those before it. GraphQL files may link both ways.
const CONCEPTS: [&str; 6] = ["accounts", "units", "clusters", "forms", "reports", "awards"];

/// Where one concept looks at a later one all the same, and why.
const LOOKS_AHEAD: &[(&str, &str, &str)] = &[
    (
        "accounts",
        "units",
        "a grant's scope names a unit, and who manages it is a question of the unit's place",
    ),
    ("accounts", "clusters", "a grant's scope names a cluster"),
];

/// A word that only some files may know: the word, the files, the rule.
const KNOWN_TO: &[(&str, &[&str], &str)] = &[
    (
        "async_graphql",
        &["graphql.rs", "graphql/", "*/graphql.rs", "*/graphql/"],
        "GraphQL is known to graphql.rs files",
    ),
    (
        "actix_web",
        &[
            "server.rs",
            "graphiql.rs",
            "http/",
            "graphql/door.rs",
            "graphql/door/",
            "*/rest.rs",
        ],
        "HTTP is known to rest.rs files and to the doors",
    ),
    (
        "Role::",
        &["policy.rs", "demo/"],
        "roles are named by the policy; demonstration data hold some",
    ),
    (
        "Entity::find",
        &["*/store.rs", "*/store/", "idempotency.rs"],
        "queries are in store.rs; an idempotency key belongs to no concept",
    ),
    (
        "::update_many(",
        &["*/store.rs", "*/store/", "idempotency.rs"],
        "writes of many rows are in store.rs",
    ),
    (
        "::delete_many(",
        &["*/store.rs", "*/store/", "idempotency.rs"],
        "deletions are in store.rs",
    ),
    (
        "Query::select(",
        &["*/store.rs", "*/store/", "migrate.rs"],
        "SQL is in store.rs",
    ),
    (
        "begin_write(",
        &["db.rs", "*/usecases.rs", "*/usecases/", "demo.rs"],
        "use-cases open the one transaction that writes; demonstration data are written in one too",
    ),
    (
        "execute_unprepared(",
        &["db.rs", "http/health.rs"],
        "SQL as text is for what both databases have no word for, and for asking whether one is there",
    ),
    (
        ".get_database_backend()",
        &["db.rs", "migrate.rs", "demo.rs"],
        "the rest of the service does not ask which database it is on",
    ),
];

struct Source {
    /// Below `src/`, with slashes.
    path: String,
    /// Without comments and without what is only for tests.
    code: String,
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|one| one == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sources() -> Vec<Source> {
    let folder = Path::new(ROOT).join("src");
    let files = files_below(&folder, "rs").into_iter();
    let sources = files.map(|file| {
        let path = file
            .strip_prefix(&folder)
            .expect("below src")
            .to_string_lossy()
            .replace('\\', "/");
        let text = read(&file);
        let (text, _) = text.split_once("#[cfg(test)]\nmod tests {").unwrap_or((&text, ""));
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        Source {
            path,
            code: code.collect::<Vec<_>>().join("\n"),
        }
    });
    sources.filter(|source| !source.path.contains("tests")).collect()
}

/// `*/store.rs` is any concept's file, `http/` any file below a folder.
fn is_one_of(path: &str, patterns: &[&str]) -> bool {
    let fits = |pattern: &str, path: &str| {
        if pattern.ends_with('/') {
            path.starts_with(pattern)
        } else {
            path == pattern
        }
    };
    patterns.iter().any(|pattern| match pattern.strip_prefix("*/") {
        Some(rest) => path.split_once('/').is_some_and(|(_, below)| fits(rest, below)),
        None => fits(pattern, path),
    })
}

/// Whether the word stands in the code by itself: `Role::` is no part of `RoleGrant::` or `MyRole::`.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        word.starts_with(['.', ':']) || !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

#[test]
fn everything_is_known_where_the_map_says() {
    let sources = sources();
    let mut faults = Vec::new();
    for (word, homes, rule) in KNOWN_TO {
        for source in &sources {
            if names(&source.code, word) && !is_one_of(&source.path, homes) {
                faults.push(format!("src/{} names `{word}`, but {rule}", source.path));
            }
        }
        let needed = |home: &&&str| {
            sources
                .iter()
                .any(|one| is_one_of(&one.path, &[home]) && names(&one.code, word))
        };
        for home in homes.iter().filter(|home| !needed(home)) {
            // Each exception is one that is made use of, or it hides the next fault.
            faults.push(format!("nothing in src/{home} names `{word}` any more"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The modules that a file takes from the crate: `crate::units`, and `units` of `use crate::{db, units::store}`.
fn modules(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let word = |text: &str| {
        text.chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect::<String>()
    };
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if !rest.starts_with('{') {
            found.insert(word(rest));
            continue;
        }
        let mut depth = 0;
        for (at, letter) in rest.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && matches!(letter, '{' | ',') {
                found.insert(word(rest[at + 1..].trim_start()));
            }
        }
    }
    found
}

#[test]
fn concepts_look_only_to_the_left() {
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut faults = Vec::new();
    for source in sources() {
        let Some((concept, file)) = source.path.split_once('/') else {
            continue;
        };
        let Some(own) = CONCEPTS.iter().position(|one| *one == concept) else {
            continue;
        };
        if is_one_of(file, &["graphql.rs", "graphql/"]) {
            continue;
        }
        for later in &CONCEPTS[own + 1..] {
            if !modules(&source.code).contains(*later) {
                continue;
            }
            match LOOKS_AHEAD
                .iter()
                .find(|(one, other, _)| (*one, other) == (concept, later))
            {
                Some((one, other, _)) => _ = used.insert((one, other)),
                None => faults.push(format!(
                    "src/{} looks at {later}, which comes after {concept}",
                    source.path
                )),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let reasons = LOOKS_AHEAD.iter().map(|(one, other, _)| (*one, *other)).collect();
    assert_eq!(used, reasons, "a reason that nothing needs any more");
}

/// Files of a concept with names of their own. They hold rules of one matter, pure: they know neither tables nor doors.
const RULES: &[&str] = &[
    "accounts/passwords.rs",
    "awards/decision.rs",
    "awards/number.rs",
    "clusters/rules.rs",
    "forms/span.rs",
    "reports/totals.rs",
    "units/ancestry.rs",
];

#[test]
fn a_concept_has_the_same_files_as_every_other() {
    let usual = [
        "mod.rs",
        "state.rs",
        "usecases.rs",
        "usecases/",
        "store.rs",
        "store/",
        "graphql.rs",
        "graphql/",
        "rest.rs",
        "rest/",
    ];
    let mut rules = BTreeSet::new();
    let mut faults = Vec::new();
    for source in sources() {
        let Some((concept, file)) = source.path.split_once('/') else {
            continue;
        };
        if !CONCEPTS.contains(&concept) || is_one_of(file, &usual) {
            continue;
        }
        rules.insert(source.path.clone());
        for word in ["sea_orm", "actix_web", "async_graphql", "thidua_entity::unit"] {
            if names(&source.code, word) {
                faults.push(format!("src/{} is a rule and names `{word}`", source.path));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(rules, RULES.iter().map(|path| (*path).to_owned()).collect());
    for concept in CONCEPTS {
        assert!(
            Path::new(ROOT).join("src").join(concept).join("mod.rs").is_file(),
            "{concept} says what it is in mod.rs"
        );
    }
}

#[test]
fn every_file_opens_with_what_it_is() {
    let folders =
        ["src", "entity/src", "migration/src", "tests/api", "benches"].map(|folder| Path::new(ROOT).join(folder));
    let files = folders
        .iter()
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| files_below(folder, "rs"));
    for file in files {
        let text = read(&file);
        let first = text.lines().next().unwrap_or_default();
        let said = first.strip_prefix("//! ").unwrap_or_default();
        assert!(
            said.len() > 10 && said != "Stub.",
            "{} does not open with what it is",
            file.display()
        );
    }
}

/// Compares a file that the code writes with what it would write now; with `UPDATE=1` in the environment it is written.
fn derived(path: &str, now: &str, command: &str) {
    let file = Path::new(ROOT).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, now).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    if there == now {
        return;
    }
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (there, now) = (lines(&there), lines(now));
    let gone = there
        .iter()
        .filter(|line| !now.contains(line))
        .take(10)
        .map(|line| format!("- {line}"));
    let new = now
        .iter()
        .filter(|line| !there.contains(line))
        .take(10)
        .map(|line| format!("+ {line}"));
    let difference = gone.chain(new).collect::<Vec<_>>().join("\n");
    panic!(
        "{path} is stale; write it anew with `{command}` or with `UPDATE=1 cargo test --test api house`\n{difference}"
    );
}

#[test]
fn the_schema_is_the_one_in_the_repository() {
    derived("schema.graphql", &graphql::sdl(), "thidua schema");
}

#[test]
fn the_rest_interface_is_the_one_in_the_repository() {
    derived("openapi.json", &openapi::printed().expect("JSON"), "thidua openapi");
}

#[test]
fn the_policy_is_the_one_in_the_docs() {
    derived("docs/policy.md", &policy::page(), "thidua policy > docs/policy.md");
}

#[test]
fn the_settings_are_those_in_the_docs() {
    derived(
        "docs/settings.toml",
        &settings::printed(),
        "thidua config > docs/settings.toml",
    );
    let file = Path::new(ROOT).join("docs/settings.toml");
    let read = Settings::load(Some(&file)).expect("a settings file that can be used as it is");
    assert_eq!(format!("{read:?}"), format!("{:?}", Settings::default()));
}

/// Types that the engine brings along.
const ENGINE_TYPES: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

#[test]
fn the_schema_explains_everything_in_it() {
    let mut silent = Vec::new();
    let mut ask = |what: String, of: &Value| {
        if text(of, "description").trim().chars().count() < 4 {
            silent.push(what);
        }
    };
    for one in introspected().types() {
        let name = text(one, "name");
        if name.starts_with("__") || ENGINE_TYPES.contains(&name) {
            continue;
        }
        ask(name.to_owned(), one);
        for part in ["fields", "inputFields", "enumValues"] {
            for field in list(one, part) {
                let field_name = format!("{name}.{}", text(field, "name"));
                for argument in list(field, "args") {
                    ask(format!("{field_name}({})", text(argument, "name")), argument);
                }
                ask(field_name, field);
            }
        }
    }
    assert!(silent.is_empty(), "nothing is said of:\n{}", silent.join("\n"));
}

#[test]
fn no_figure_is_a_float() {
    for one in introspected().types() {
        let typed = list(one, "fields").iter().chain(list(one, "inputFields"));
        for field in typed {
            let kind = field["type"].to_string();
            assert!(
                !kind.contains("\"Float\""),
                "{}.{} is a float",
                text(one, "name"),
                text(field, "name")
            );
        }
    }
}

#[test]
fn every_list_of_the_schema_is_a_page_or_small_by_nature() {
    for one in introspected().types() {
        for field in list(one, "fields") {
            let arguments: Vec<&str> = list(field, "args")
                .iter()
                .map(|argument| text(argument, "name"))
                .collect();
            let paged = field["type"].to_string().contains("Connection\"");
            let all = ["first", "after", "last", "before"]
                .iter()
                .all(|name| arguments.contains(name));
            assert_eq!(
                paged,
                all,
                "{}.{} is a connection and takes {arguments:?}",
                text(one, "name"),
                text(field, "name")
            );
        }
    }
}

/// The path of every route, as `rest.rs` files name them.
fn paths_in_code() -> BTreeSet<String> {
    let homes = ["*/rest.rs", "*/rest/", "http/openapi.rs"];
    let mut paths = BTreeSet::new();
    for source in sources().iter().filter(|source| is_one_of(&source.path, &homes)) {
        let quoted = source.code.split('"').skip(1).step_by(2);
        for path in quoted.filter(|text| text.len() > 1 && text.starts_with('/') && !text.starts_with("/api/")) {
            let below = if path.starts_with("/.well-known/") {
                ""
            } else {
                "/api/v1"
            };
            paths.insert(format!("{below}{path}"));
        }
    }
    paths
}

#[test]
fn every_route_is_in_the_rest_interface_and_explained() {
    let document = serde_json::to_value(openapi::document()).expect("JSON");
    let mut told = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            told.insert(format!("{} {path}", method.to_uppercase()), operation);
        }
    }
    let paths = document["paths"].as_object().expect("paths").keys();
    assert_eq!(paths.cloned().collect::<BTreeSet<_>>(), paths_in_code());
    for (route, operation) in told {
        let said = text(operation, "summary").len() + text(operation, "description").len();
        assert!(said > 5, "{route} says nothing of itself");
        for parameter in list(operation, "parameters") {
            let name = text(parameter, "name");
            assert!(
                !text(parameter, "description").is_empty(),
                "{route} says nothing of its parameter {name}"
            );
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let shown = property.to_string();
            let said = shown.contains("\"description\"") || shown.contains("\"$ref\"");
            assert!(said, "nothing is said of {field} of {name} in the REST interface");
        }
    }
}
