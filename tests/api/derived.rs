//! Derived files are those that the code writes, and the schema and the REST interface explain everything in them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use thidua::http::openapi;
use thidua::settings::Settings;
use thidua::{graphql, policy, settings};

use crate::house::{ROOT, is_one_of, sources};
use crate::support::{doors, introspected, list, text};

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
        "{path} is stale; write it anew with `{command}` or with `UPDATE=1 cargo test --test api derived`\n{difference}"
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
fn every_door_says_what_it_requires() {
    let queries: BTreeSet<&str> = introspected()
        .fields("Query")
        .iter()
        .map(|field| text(field, "name"))
        .collect();
    let named: BTreeSet<&str> = policy::QUERIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(queries, named, "src/policy/doors.rs names each query once");
    let mutations: BTreeSet<&str> = doors().iter().map(|door| door.name.as_str()).collect();
    let named: BTreeSet<&str> = policy::MUTATIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(mutations, named, "src/policy/doors.rs names each mutation once");
    assert_eq!(
        named.len(),
        policy::MUTATIONS.len(),
        "src/policy/doors.rs names each mutation once"
    );
    let (queries, mutations) = (introspected().fields("Query"), introspected().fields("Mutation"));
    let queries = queries
        .iter()
        .map(|field| (field, policy::of_query(text(field, "name"))));
    let mutations = mutations
        .iter()
        .map(|field| (field, policy::of_mutation(text(field, "name"))));
    for (field, requires) in queries.chain(mutations) {
        let requires = requires.expect("a field in the lists");
        let (said, line) = (text(field, "description"), requires.line());
        assert!(
            said.ends_with(&format!("\n\n{line}")),
            "{}: {said}",
            text(field, "name")
        );
        assert_eq!(said.matches("Requires:").count(), 1, "{}: {said}", text(field, "name"));
    }
    let document = serde_json::to_value(openapi::document()).expect("JSON");
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = format!("{} {path}", method.to_uppercase());
            let requires = policy::of_route(&name);
            let line = requires
                .unwrap_or_else(|| panic!("src/policy/doors.rs does not know {name}"))
                .line();
            assert!(text(operation, "description").ends_with(&line), "{name}: {operation}");
            operations.insert(name);
        }
    }
    let named: BTreeSet<String> = policy::ROUTES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(operations, named, "src/policy/doors.rs names each operation once");
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
            // What is printed on a certificate is short.
            let below = if path.starts_with("/.well-known/") || path.starts_with("/verify/") {
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
