//! Bad requests and documents, case by case: with which code and status they are refused, that the sentence comes in both
//! languages, and that nothing is stored for them. Bad values are told of in `bad_values.rs`.

use std::fmt::Write as _;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    bad_requests_are_refused_at_the_door,
    bad_documents_are_refused_before_they_cost_anything,
    a_query_may_come_by_get_and_a_mutation_may_not,
    what_a_client_leaves_out_is_not_an_error,
    a_token_that_does_not_verify_is_no_guest,
}

/// What a client says that sends JSON.
pub const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Asks as somebody who may do everything, in both languages, and sees that nothing was stored.
pub struct Asking {
    app: TestApp,
    /// Who asks.
    pub admin: Person,
}

impl Asking {
    /// Somebody who may do everything.
    pub async fn begin(app: &TestApp) -> Self {
        Self {
            app: app.clone(),
            admin: app.admin().await,
        }
    }

    /// Sends the same in both languages; the refusal must be the same, the sentence another.
    pub async fn refused(&self, what: &str, ask: impl AsyncFn(&Person) -> Answer) -> Answer {
        let before = self.app.contents().await;
        let vietnamese = ask(&self.admin).await;
        let english = ask(&self.admin.in_english()).await;
        assert_eq!(self.app.contents().await, before, "{what} stored something");
        let code = (vietnamese.status(), vietnamese.code());
        assert_eq!(
            code,
            (english.status(), english.code()),
            "{what}: {vietnamese} and {english}"
        );
        assert!(
            !vietnamese.code().is_empty() && vietnamese.code() != "?",
            "{what} has no code: {vietnamese}"
        );
        assert_ne!(vietnamese.code(), "INTERNAL", "{what}: {vietnamese}");
        let (vi, en) = (vietnamese.message(), english.message());
        assert!(
            !vi.is_empty() && vi != en,
            "{what} says the same in both languages: {vi:?}"
        );
        assert!(
            !en.chars()
                .any(|letter| "ăâđêôơưạảấầẩẫậệềểễịọộốồổỗợớờởỡụủứừửữựỳỵỷỹ".contains(letter)),
            "{what} in English: {en}"
        );
        vietnamese
    }

    async fn raw(&self, what: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.refused(what, async |who| {
            who.request(Method::POST, "/graphql", headers, body).await
        })
        .await
    }

    /// Asks GraphQL what must be refused.
    pub async fn document(&self, what: &str, query: &str, variables: Value) -> Answer {
        self.refused(what, async |who| who.graphql(query, variables.clone()).await)
            .await
    }
}

async fn bad_requests_are_refused_at_the_door(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let query = br#"{ "query": "{ units { totalCount } }" }"#.as_slice();
    let batch = |size: usize| format!("[{}]", vec![r#"{"query":"{ __typename }"}"#; size].join(","));
    let large = json!({ "query": "{ __typename }", "variables": { "text": "x".repeat(2 * 1024 * 1024) } }).to_string();
    let deep = format!(
        r#"{{ "query": "{{ __typename }}", "variables": {{ "a": {}1{} }} }}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    let none: &[(&str, &str)] = &[];
    for (what, headers, body, status) in [
        ("no content type", none, query, 415),
        ("plain text", &[("Content-Type", "text/plain")], query, 415),
        (
            "a form",
            &[("Content-Type", "application/x-www-form-urlencoded")],
            query,
            415,
        ),
        (
            "a form with files",
            &[("Content-Type", "multipart/form-data; boundary=x")],
            query,
            415,
        ),
        (
            "another character set",
            &[("Content-Type", "application/json; charset=utf-16")],
            query,
            415,
        ),
        ("no body", &[JSON], b"", 400),
        ("broken JSON", &[JSON], br#"{ "query": "{ units"#, 400),
        (
            "more than one JSON",
            &[JSON],
            br#"{ "query": "{ __typename }" } {}"#,
            400,
        ),
        ("no UTF-8", &[JSON], b"{ \"query\": \"{ \xff }\" }", 400),
        (
            "half a letter",
            &[JSON],
            br#"{ "query": "{ units(where: { search: \"\ud800\" }) { totalCount } }" }"#,
            400,
        ),
        ("a number", &[JSON], b"1", 400),
        ("a text", &[JSON], br#""{ units { totalCount } }""#, 400),
        ("no query", &[JSON], b"{}", 400),
        ("a query that is no text", &[JSON], br#"{ "query": 1 }"#, 400),
        (
            "variables that are no object",
            &[JSON],
            br#"{ "query": "{ __typename }", "variables": [1] }"#,
            400,
        ),
        ("an empty batch", &[JSON], b"[]", 400),
        ("a batch of eleven", &[JSON], batch(11).as_bytes(), 400),
        ("two megabytes", &[JSON], large.as_bytes(), 413),
        ("two hundred brackets", &[JSON], deep.as_bytes(), 400),
        (
            "a packing that is none",
            &[JSON, ("Content-Encoding", "gzip")],
            query,
            400,
        ),
    ] {
        let answer = asking.raw(what, headers, body).await;
        let code = if status == 413 { "TOO_COMPLEX" } else { "BAD_REQUEST" };
        assert_eq!((answer.status(), answer.code()), (status, code), "{what}: {answer}");
        assert!(answer.statements() <= 2, "{what} asked the database");
    }
    let ten = asking.admin.request(Method::POST, "/graphql", &[JSON], batch(10)).await;
    assert_eq!(ten.body().as_array().map(Vec::len), Some(10), "{ten}");
    let other = asking
        .refused("another method", async |who| {
            who.request(Method::PUT, "/graphql", &[JSON], query).await
        })
        .await;
    assert_eq!((other.status(), other.header("allow")), (405, "GET, POST"));
}

async fn bad_documents_are_refused_before_they_cost_anything(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let mut bomb = "{ ...f0 }".to_owned();
    for line in 0..30 {
        write!(bomb, " fragment f{line} on Query {{ ...f{0} ...f{0} }}", line + 1).expect("a text");
    }
    bomb.push_str(" fragment f30 on Query { __typename }");
    let nested = |depth: usize| {
        format!(
            "{{ units {{ nodes {{ {}name{} }} }} }}",
            "parent { ".repeat(depth),
            " }".repeat(depth)
        )
    };
    let aliases: String = (0..300).fold(String::new(), |text, number| {
        format!("{text} a{number}: units(first: 100) {{ nodes {{ name }} }}")
    });
    let wide: String = (0..110).fold(String::new(), |text, number| format!("{text} a{number}: name"));
    let directives = format!("{{ units {} {{ totalCount }} }}", "@include(if: true) ".repeat(9));
    for (what, query, code) in [
        ("no GraphQL", "SELECT * FROM unit".to_owned(), "BAD_REQUEST"),
        (
            "an end that is missing",
            "{ units { totalCount }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "a text without end",
            "{ units(where: { search: \"dak }) { totalCount } }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "a field that is none",
            "{ units { nodes { nickname } } }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "an argument that is none",
            "{ units(limit: 5) { totalCount } }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "a type that is none",
            "query($where: Filter) { units(where: $where) { totalCount } }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "a variable that is not declared",
            "{ units(first: $first) { totalCount } }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "a fragment that is none",
            "{ units { ...all } }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "a fragment within itself",
            "{ units { ...a } } fragment a on UnitConnection { totalCount ...a }".to_owned(),
            "BAD_REQUEST",
        ),
        ("an object without fields", "{ units }".to_owned(), "BAD_REQUEST"),
        (
            "a directive that is none",
            "{ units @skip { totalCount } }".to_owned(),
            "BAD_REQUEST",
        ),
        ("a subscription", "subscription { units }".to_owned(), "BAD_REQUEST"),
        ("many directives", directives, "TOO_COMPLEX"),
        (
            "a document of 30 KB",
            format!("{{ {} }}", "__typename ".repeat(3_000)),
            "TOO_COMPLEX",
        ),
        (
            "a hundred brackets",
            format!(
                "{{ units(where: {}{}) {{ totalCount }} }}",
                "{ a: ".repeat(100),
                " }".repeat(100)
            ),
            "TOO_COMPLEX",
        ),
        ("twenty parents", nested(20), "TOO_COMPLEX"),
        (
            "a long page of wide things",
            format!("{{ units(first: 100) {{ nodes {{ {wide} }} }} }}"),
            "TOO_COMPLEX",
        ),
        ("three hundred lists", format!("{{ {aliases} }}"), "TOO_COMPLEX"),
        ("a fragment bomb", bomb, "TOO_COMPLEX"),
    ] {
        let began = std::time::Instant::now();
        let answer = asking.document(what, &query, json!({})).await;
        assert_eq!((answer.status(), answer.code()), (200, code), "{what}: {answer}");
        assert!(answer.body()["data"].is_null(), "{what} is not run: {answer}");
        assert!(answer.statements() <= 2, "{what} asked the database");
        assert!(began.elapsed().as_secs() < 20, "{what} took {:?}", began.elapsed());
    }
    let deep = asking.admin.graphql(&nested(8), json!({})).await;
    assert_eq!(deep.code(), "", "{deep}");
    let strict = [JSON, ("Accept", "application/graphql-response+json")];
    let body = json!({ "query": "{ units { nickname } }" }).to_string();
    let answer = asking.raw("a field that is none", &strict, body.as_bytes()).await;
    assert_eq!(
        (answer.status(), answer.header("content-type")),
        (400, "application/graphql-response+json; charset=utf-8")
    );
}

async fn a_query_may_come_by_get_and_a_mutation_may_not(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let seen = asking
        .admin
        .get("/graphql?query=%7B%20units%20%7B%20totalCount%20%7D%20%7D")
        .await;
    assert_eq!(*seen.at("/units/totalCount"), app.world().size());
    let mutation = "mutation%20%7B%20createProvince(input%3A%20%7Bcode%3A%20%22KH%22%2C%20name%3A%20%22A%22%7D)%20%7B%20userErrors%20%7B%20code%20%7D%20%7D%20%7D";
    let named = format!(
        "query%20a%20%7B%20__typename%20%7D%20{}&operationName=b",
        mutation.replacen("mutation", "mutation%20b", 1)
    );
    for query in [mutation.to_owned(), named] {
        let path = format!("/graphql?query={query}");
        let refused = asking
            .refused("a mutation by GET", async |who| who.get(&path).await)
            .await;
        assert_eq!(
            (refused.status(), refused.code(), refused.header("allow")),
            (405, "BAD_REQUEST", "POST"),
            "{refused}"
        );
    }
    let nothing = asking
        .refused("no query by GET", async |who| {
            who.get("/graphql?variables=%7B%7D").await
        })
        .await;
    assert_eq!((nothing.status(), nothing.code()), (400, "BAD_REQUEST"), "{nothing}");
}

async fn what_a_client_leaves_out_is_not_an_error(app: TestApp) {
    let admin = app.admin().await;
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $where: UnitWhere, $order: UnitOrder, $day: NaiveDate) {
        units(first: $first, after: $after, last: $last, before: $before, where: $where, orderBy: $order, asOf: $day) { totalCount }
        ...more
    }
    fragment more on Query { provinces(first: $first, after: $after) { nodes { code } } }";
    let answer = admin.graphql(query, json!({})).await;
    assert_eq!(*answer.at("/units/totalCount"), app.world().size());
    assert_eq!(answer.texts("/provinces/nodes", "code"), ["KT", "ST"]);
    // In a change, what is left out stays as it is, also when a variable was declared for it.
    let library = app.world()["Thư viện"].id();
    let change = "mutation($id: ID!, $sector: Sector, $day: NaiveDate) {
        updateUnit(input: { id: $id, version: 1, sector: $sector, foundedOn: $day }) { unit { sector foundedOn } userErrors { code } } }";
    let answer = admin.graphql(change, json!({ "id": library, "day": null })).await;
    assert_eq!(
        *answer.at("/updateUnit/unit"),
        json!({ "sector": "PUBLIC_SERVICE", "foundedOn": null })
    );
}

async fn a_token_that_does_not_verify_is_no_guest(app: TestApp) {
    let admin = app.admin().await;
    let (good, _) = app
        .env
        .tokens
        .issue(admin.account(), uuid::Uuid::now_v7(), app.env.now())
        .expect("a token");
    let other = tempfile::tempdir().expect("a folder");
    let elsewhere = thidua::auth::Tokens::open(
        &other.path().join("key.json"),
        "thidua",
        "thidua-api",
        600,
        app.env.now(),
    )
    .expect("a key");
    let (foreign, _) = elsewhere
        .issue(admin.account(), uuid::Uuid::now_v7(), app.env.now())
        .expect("a token");
    let mut changed = good.clone();
    changed.replace_range(changed.len() - 4.., "AAAA");
    let unsigned = format!("{}..", "eyJhbGciOiJub25lIn0");
    for (what, header) in [
        ("a session that never was", format!("Bearer {good}")),
        ("a changed signature", format!("Bearer {changed}")),
        ("a key of elsewhere", format!("Bearer {foreign}")),
        ("no signature", format!("Bearer {unsigned}")),
        ("no token", "Bearer ".to_owned()),
        ("another scheme", "Basic YWRtaW46YWRtaW4=".to_owned()),
        ("nothing", String::new()),
        ("a very long one", format!("Bearer {}", "a".repeat(10_000))),
    ] {
        let headers = [JSON, ("Authorization", header.as_str())];
        let body = json!({ "query": "{ __typename }" }).to_string();
        let graphql = app.nobody().request(Method::POST, "/graphql", &headers, body).await;
        assert_eq!(
            (graphql.status(), graphql.code()),
            (401, "UNAUTHENTICATED"),
            "{what}: {graphql}"
        );
        let rest = app.nobody().request(Method::GET, "/api/v1/units", &headers, "").await;
        assert_eq!((rest.status(), rest.code()), (401, "UNAUTHENTICATED"), "{what}: {rest}");
    }
}
