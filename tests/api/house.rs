//! The order of the house: what is known where, which concept looks at which, and how files begin.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The repository.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The concepts, each of which looks only at those before it. GraphQL files may link both ways.
const CONCEPTS: [&str; 17] = [
    "accounts",
    "units",
    "clusters",
    "forms",
    "criteria",
    "years",
    "reports",
    "crosschecks",
    "scoring",
    "results",
    "councils",
    "conferences",
    "ballots",
    "awards",
    "evidence",
    "handover",
    "notifications",
];

/// Where one concept looks at a later one all the same, and why.
const LOOKS_AHEAD: &[(&str, &str, &str)] = &[
    (
        "accounts",
        "units",
        "a grant's scope names a unit, and who manages it is a question of the unit's place",
    ),
    ("accounts", "clusters", "a grant's scope names a cluster"),
    (
        "units",
        "clusters",
        "a list of the members of a cluster is only for who sees the cluster",
    ),
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
            "*/rest/",
        ],
        "HTTP is known to rest.rs files and to the doors",
    ),
    ("lettre", &["mail.rs"], "how mail is sent is known to mail.rs"),
    (
        "openidconnect",
        &["provider.rs", "provider/"],
        "how an identity provider is asked is known to provider.rs",
    ),
    ("reqwest", &["provider/http.rs"], "so is over what"),
    (
        "rsa::",
        &["ballots/tokens.rs"],
        "the bare operation of RSA is for blind signatures alone",
    ),
    (
        "cel::",
        &["formula/parse.rs", "formula/check.rs"],
        "of the parser of formulas only what turns its tree into ours knows",
    ),
    (
        "object_store",
        &["files.rs"],
        "where content is kept is known to files.rs",
    ),
    (
        "actix_multipart",
        &["http/upload.rs"],
        "forms with files are read by http/upload.rs",
    ),
    (
        "rawzip",
        &["evidence/sniffing.rs"],
        "what a file is, is found by sniffing.rs",
    ),
    ("rust_xlsxwriter", &["sheets/excel.rs"], "workbooks are written there"),
    ("calamine", &["sheets/excel/reading.rs"], "and read"),
    (
        "zip::",
        &["sheets/unpack.rs"],
        "archives are unpacked in one place, within bounds",
    ),
    ("csv::", &["sheets/delimited.rs"], "text with separators too"),
    (
        "Role::",
        &["policy/table.rs", "demo/"],
        "roles are named by the policy; demonstration data hold some",
    ),
    (
        "policy::check(",
        &[
            "graphql/payloads.rs",
            "accounts/usecases/",
            "reports/usecases/",
            "results/usecases/",
        ],
        "use-cases authorize, so that the audit names on whose behalf; accounts are managed on behalf of nobody, and the others ask and write nothing",
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

/// A source file.
pub struct Source {
    /// Below `src/`, with slashes.
    pub path: String,
    /// Without comments and without what is only for tests.
    pub code: String,
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

/// Every source file of the service.
pub fn sources() -> Vec<Source> {
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
pub fn is_one_of(path: &str, patterns: &[&str]) -> bool {
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
    "accounts/callers.rs",
    "accounts/client_credentials.rs",
    "accounts/guessable.rs",
    "accounts/letters.rs",
    "accounts/passwords.rs",
    "accounts/second_factor.rs",
    "accounts/service_terms.rs",
    "accounts/throttle.rs",
    "awards/bonus.rs",
    "awards/comparing.rs",
    "awards/decision.rs",
    "awards/eligibility.rs",
    "awards/eligibility/rules.rs",
    "awards/eligibility/rules/honours.rs",
    "awards/number.rs",
    "awards/quota.rs",
    "awards/register.rs",
    "awards/register/columns.rs",
    "awards/register/decisions.rs",
    "awards/register/known.rs",
    "awards/register/standing.rs",
    "awards/register/words.rs",
    "awards/terms.rs",
    "awards/verifying.rs",
    "ballots/choice.rs",
    "ballots/counting.rs",
    "ballots/order.rs",
    "ballots/paper.rs",
    "ballots/roll.rs",
    "ballots/sentences.rs",
    "ballots/tallies.rs",
    "ballots/tokens.rs",
    "clusters/rules.rs",
    "conferences/quorum.rs",
    "conferences/voters.rs",
    "criteria/content.rs",
    "criteria/figures.rs",
    "criteria/paths.rs",
    "criteria/problems.rs",
    "criteria/remembered.rs",
    "crosschecks/pairing.rs",
    "crosschecks/pairing/assignment.rs",
    "crosschecks/pairing/words.rs",
    "evidence/link.rs",
    "evidence/naming.rs",
    "evidence/sniffing.rs",
    "forms/answer.rs",
    "forms/bounds.rs",
    "forms/content.rs",
    "forms/deadline.rs",
    "forms/difference.rs",
    "forms/rules.rs",
    "forms/span.rs",
    "handover/open.rs",
    "handover/sentences.rs",
    "notifications/letters.rs",
    "notifications/wording.rs",
    "notifications/wording/awards.rs",
    "notifications/wording/conferences.rs",
    "notifications/wording/reports.rs",
    "notifications/wording/years.rs",
    "reports/difference.rs",
    "reports/findings.rs",
    "reports/merging.rs",
    "reports/parts.rs",
    "reports/totals.rs",
    "reports/unusual.rs",
    "results/changes.rs",
    "results/rows.rs",
    "results/ruled.rs",
    "results/ties.rs",
    "results/warnings.rs",
    "scoring/facts.rs",
    "scoring/gap.rs",
    "scoring/gap/given.rs",
    "scoring/gap/leniency.rs",
    "scoring/gap/sentences.rs",
    "scoring/sight.rs",
    "units/ancestry.rs",
    "years/pact.rs",
    "years/plan.rs",
];

/// Modules outside the concepts that are as pure.
const PURE: &[&str] = &[
    "formula.rs",
    "formula/",
    "moved.rs",
    "numbers.rs",
    "numbers/",
    "reckoning.rs",
    "reckoning/",
    "sheets.rs",
    "sheets/",
    "text.rs",
];

/// What a pure file does not name.
const IMPURE: [&str; 4] = ["sea_orm", "actix_web", "async_graphql", "thidua_entity::unit"];

#[test]
fn what_is_pure_knows_neither_tables_nor_doors() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| is_one_of(&source.path, PURE)) {
        for word in IMPURE.iter().chain(&["crate::db"]) {
            if names(&source.code, word) {
                faults.push(format!("src/{} is pure and names `{word}`", source.path));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

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
        for word in IMPURE {
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

#[test]
fn versions_are_counted_in_one_place_and_examples_are_compiled_or_plain_text() {
    for source in sources().iter().filter(|source| source.path != "version.rs") {
        for counting in ["ersion + 1", "ersion).add(1)", "ersion.saturating_add(1)"] {
            assert!(
                !source.code.contains(counting),
                "src/{} counts a version by itself; see version.rs",
                source.path
            );
        }
    }
    for file in files_below(&Path::new(ROOT).join("src"), "rs") {
        let ignored = read(&file).contains("//! ```ignore") || read(&file).contains("/// ```ignore");
        assert!(!ignored, "{} has an example that nobody compiles", file.display());
    }
}
