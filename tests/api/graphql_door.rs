//! How much one GraphQL request may hold at its top, alone and in a batch, and that no change is made twice and shown once.

use std::fmt::Write as _;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::bad_input::{Asking, JSON};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_request_has_thirty_fields_at_the_top,
    a_batch_shares_the_fields_of_one_request,
    a_mutation_has_no_two_under_one_name,
    a_query_may_ask_the_same_twice,
}

/// So many fields, each under an alias of its own.
fn fields(number: usize, field: &str) -> String {
    (0..number).fold(String::new(), |mut text, number| {
        write!(text, " a{number}: {field}").expect("a text");
        text
    })
}

const LIST: &str = "units(first: 1) { totalCount }";

async fn a_request_has_thirty_fields_at_the_top(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let thirty = asking
        .admin
        .graphql(&format!("{{ {} }}", fields(30, LIST)), json!({}))
        .await;
    assert_eq!(*thirty.at("/a29/totalCount"), json!(app.world().size()));
    let ten = fields(10, LIST);
    let province = r#"createProvince(input: { code: "KH", name: "Khánh Hòa" }) { userErrors { code } }"#;
    for (what, query) in [
        ("a query", format!("{{ {} }}", fields(31, LIST))),
        ("plain names", format!("{{ {} }}", "__typename ".repeat(31))),
        ("the same name", format!("{{ {} }}", "a: __typename ".repeat(31))),
        (
            "fragments in their places",
            format!("{{ ...ten ...ten ...ten b: {LIST} }} fragment ten on Query {{ {ten} }}"),
        ),
        (
            "fragments in fragments",
            format!(
                "{{ ... {{ ...two ...two }} b: {LIST} }} fragment two on Query {{ ...ten ... on Query {{ ...ten }} }}
                fragment ten on Query {{ {ten} }}"
            ),
        ),
        (
            "left out",
            format!("{{ {} }}", fields(31, &LIST.replace(" {", " @skip(if: true) {"))),
        ),
        ("a mutation", format!("mutation {{ {} }}", fields(31, province))),
    ] {
        let refused = asking.document(what, &query, json!({})).await;
        assert_eq!(refused.code(), "TOO_COMPLEX", "{what}: {refused}");
        assert!(refused.statements() <= 2, "{what} asked the database");
    }
    let second = format!("query a {{ __typename }} query b {{ {} }}", fields(31, LIST));
    let body = json!({ "query": second, "operationName": "a" }).to_string();
    let refused = asking.admin.request(Method::POST, "/graphql", &[JSON], body).await;
    assert_eq!(refused.code(), "TOO_COMPLEX", "an operation that is not the one meant");
}

/// Sends a batch of queries.
async fn batch(who: &Person, queries: &[String]) -> Answer {
    let body: Vec<Value> = queries.iter().map(|query| json!({ "query": query })).collect();
    who.request(Method::POST, "/graphql", &[JSON], json!(body).to_string())
        .await
}

/// The code of each answer in a batch, empty where all went well.
fn codes(answer: &Answer) -> Vec<&str> {
    let answers = answer.body().as_array().expect("a list");
    let code = |one: &Value| one["errors"][0]["extensions"]["code"].is_null();
    answers
        .iter()
        .map(|one| {
            if code(one) {
                ""
            } else {
                one["errors"][0]["extensions"]["code"].as_str().expect("a code")
            }
        })
        .collect()
}

async fn a_batch_shares_the_fields_of_one_request(app: TestApp) {
    let admin = app.admin().await;
    let query = |number: usize| format!("{{ {} }}", fields(number, LIST));
    let whole = batch(&admin, &[query(10), query(19), query(1)]).await;
    assert_eq!(codes(&whole), ["", "", ""], "{whole}");
    let before = app.contents().await;
    let create = r#"mutation { createProvince(input: { code: "KH", name: "Khánh Hòa" }) { userErrors { code } } }"#;
    let refused = batch(&admin, &[create.to_owned(), query(15), query(15)]).await;
    assert_eq!(codes(&refused), ["TOO_COMPLEX"; 3], "{refused}");
    assert_eq!(app.contents().await, before, "nothing of it is run");
    assert!(refused.statements() <= 2, "{refused}");
    let broken = batch(&admin, &["{ units".to_owned(), query(31), query(30)]).await;
    assert_eq!(
        codes(&broken),
        ["BAD_REQUEST", "TOO_COMPLEX", ""],
        "what is refused by itself takes nothing from the others"
    );
    let english = batch(&admin.in_english(), &[query(30), query(1)]).await;
    assert_eq!(
        english.body()[1]["errors"][0]["message"],
        "A request has at most 30 fields at the top, also in a batch."
    );
}

async fn a_mutation_has_no_two_under_one_name(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let create = |alias: &str, code: &str| {
        format!(
            "{alias} createProvince(input: {{ code: \"{code}\", name: \"Tỉnh {code}\" }}) {{ province {{ code }} }}"
        )
    };
    let (one, other) = (create("", "AA"), create("", "BB"));
    for (what, query) in [
        ("the same change", format!("mutation {{ {one} {one} }}")),
        ("two changes", format!("mutation {{ {one} {other} }}")),
        (
            "two under an alias",
            format!("mutation {{ {} {} }}", create("a:", "AA"), create("a:", "BB")),
        ),
        (
            "an alias like another's name",
            format!("mutation {{ {one} createProvince: __typename }}"),
        ),
        ("an inline fragment", format!("mutation {{ {one} ... {{ {one} }} }}")),
        (
            "a fragment",
            format!("mutation {{ {one} ...f }} fragment f on Mutation {{ {other} }}"),
        ),
        (
            "a fragment twice",
            format!("mutation {{ ...f ...f }} fragment f on Mutation {{ {one} }}"),
        ),
    ] {
        let refused = asking.document(what, &query, json!({})).await;
        assert_eq!(refused.code(), "BAD_REQUEST", "{what}: {refused}");
        assert!(refused.statements() <= 2, "{what} asked the database");
    }
    let both = format!("mutation {{ {} ... {{ {} }} }}", create("a:", "AA"), create("b:", "BB"));
    let made = asking.admin.graphql(&both, json!({})).await;
    assert_eq!(
        (made.str("/a/province/code"), made.str("/b/province/code")),
        ("AA", "BB")
    );
}

async fn a_query_may_ask_the_same_twice(app: TestApp) {
    let admin = app.admin().await;
    let query =
        "{ units(first: 1) { totalCount } ...more } fragment more on Query { units(first: 1) { nodes { name } } }";
    let seen = admin.graphql(query, json!({})).await;
    assert_eq!(*seen.at("/units/totalCount"), json!(app.world().size()));
    assert_eq!(seen.texts("/units/nodes", "name").len(), 1);
}
