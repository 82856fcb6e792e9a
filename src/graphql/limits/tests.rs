//! Documents that pass, and those that would cost too much.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use async_graphql::parser::parse_query;
use serde_json::json;

use super::*;

fn outcome(query: &str, variables: serde_json::Value) -> Result<()> {
    check_text(query)?;
    check(&parse_query(query).unwrap(), &Variables::from_json(variables))
}

fn code(query: &str) -> &'static str {
    outcome(query, json!({})).map_or_else(|error| error.code(), |()| "OK")
}

/// `b0` spreads `b1` twice, `b1` spreads `b2` twice, and so on.
fn bomb(lines: usize) -> String {
    let mut query = "{ ...b0 }\n".to_owned();
    for line in 0..lines {
        writeln!(query, "fragment b{line} on Query {{ ...b{0} ...b{0} }}", line + 1).unwrap();
    }
    query + &format!("fragment b{lines} on Query {{ __typename }}")
}

#[test]
fn everyday_documents_pass() {
    assert_eq!(code("{ viewer { id } }"), "OK");
    assert_eq!(
        code("query A($x: [Int!] = [1, 2]) { a(x: $x) ...f } fragment f on Query { b { c } }"),
        "OK"
    );
    assert_eq!(
        code(
            r#"{ a(text: "}}} \" {{{ # no comment") # a comment with {{{ and "
        b(text: """ "{{{ \""" {{{ """) c(text: "") }"#
        ),
        "OK"
    );
}

#[test]
fn a_fragment_bomb_is_refused_at_once() {
    let begun = Instant::now();
    for lines in [12, 20, 30, 100, 190, 300] {
        assert_eq!(code(&bomb(lines)), "TOO_COMPLEX", "{lines}");
    }
    assert_eq!(code(&bomb(4)), "OK");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn what_nothing_uses_counts_too() {
    assert_eq!(
        code(&bomb(12).replacen("{ ...b0 }", "{ __typename }", 1)),
        "TOO_COMPLEX"
    );
    let operations: String = (0..=OPERATIONS_MAX)
        .map(|number| format!("query Q{number} {{ a }} "))
        .collect();
    assert_eq!(code(&operations), "TOO_COMPLEX");
}

#[test]
fn circles_are_refused() {
    assert_eq!(code("{ ...a } fragment a on Query { ...a }"), "BAD_REQUEST");
    assert_eq!(
        code("{ x } fragment a on Query { y { ...b } } fragment b on Query { ...a }"),
        "BAD_REQUEST"
    );
}

#[test]
fn depth_counts_through_fragments() {
    let chain = |length: usize| {
        let mut query = "{ ...c0 }".to_owned();
        for line in 0..length {
            write!(query, "fragment c{line} on Query {{ a {{ ...c{} }} }} ", line + 1).unwrap();
        }
        query + &format!("fragment c{length} on Query {{ a }}")
    };
    assert_eq!(code(&chain(10)), "OK");
    assert_eq!(code(&chain(17)), "TOO_COMPLEX");
    // Whichever definition is measured first, the depth comes out.
    assert_eq!(
        code(&format!(
            "{{ a {{ a {{ a {{ ...c0 }} }} }} }} {}",
            chain(15).trim_start_matches("{ ...c0 }")
        )),
        "TOO_COMPLEX"
    );
}

#[test]
fn nested_text_is_refused_before_the_parser_sees_it() {
    let begun = Instant::now();
    for open in ["{", "[", "(", "{a", "{...", "{a(x:[", "[\"\" "] {
        let text = open.repeat(QUERY_BYTES_MAX / open.len());
        assert_eq!(check_text(&text).unwrap_err().code(), "TOO_COMPLEX", "{open}");
    }
    assert_eq!(check_text(&"{".repeat(1 << 20)).unwrap_err().code(), "TOO_COMPLEX");
    assert_eq!(
        check_text(&"\"".repeat(QUERY_BYTES_MAX - 1)).unwrap_err().code(),
        "BAD_REQUEST"
    );
    assert!(begun.elapsed() < Duration::from_secs(1));
    let list = |depth: usize| format!("{{ a(x: {}{}) }}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(code(&list(TEXT_NESTING_MAX - 2)), "OK");
    assert_eq!(code(&list(TEXT_NESTING_MAX - 1)), "TOO_COMPLEX");
}

#[test]
fn strings_hide_nothing() {
    let lists = "[".repeat(400);
    // Without an end the parser takes `"""` for an empty string, and what follows for more of the list.
    assert_eq!(code(&format!("{{ a(x: [\"\"\" \" {lists}")), "BAD_REQUEST");
    assert_eq!(code(&format!("{{ a(x: [\"\", \"\\\\\", {lists}")), "TOO_COMPLEX");
    assert_eq!(code(&format!("{{ a(x: [\"\"\" \\\"\"\" \"\"\" {lists}")), "TOO_COMPLEX");
    assert_eq!(code(&format!("# \"\n{{ a(x: {lists}")), "TOO_COMPLEX");
    assert_eq!(code(&format!("# \"\r{{ a(x: {lists}")), "TOO_COMPLEX");
}

#[test]
fn a_large_variable_is_not_used_often() {
    let fields: String = (0..200).map(|number| format!("a{number}: a(x: $x) ")).collect();
    let query = format!("query($x: [Int!]) {{ b {{ {fields} }} }}");
    assert!(outcome(&query, json!({ "x": vec![1; 50] })).is_ok());
    assert_eq!(
        outcome(&query, json!({ "x": vec![1; 200] })).unwrap_err().code(),
        "TOO_COMPLEX"
    );
    assert_eq!(
        outcome(&query, json!({ "x": "long".repeat(5_000) }))
            .unwrap_err()
            .code(),
        "TOO_COMPLEX"
    );
    let default = query.replacen("[Int!]", &format!("[Int!] = [{}]", "1 ".repeat(200)), 1);
    assert_eq!(outcome(&default, json!({})).unwrap_err().code(), "TOO_COMPLEX");
    assert!(outcome("query($x: [Int!]) { a(x: $x) }", json!({ "x": vec![1; 15_000] })).is_ok());
}
