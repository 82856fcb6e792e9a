//! Bad input, case by case: what is wrong, with which code and status it is refused, that the sentence comes in both
//! languages, and that nothing is stored for it.

use std::fmt::Write as _;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    bad_requests_are_refused_at_the_door,
    bad_documents_are_refused_before_they_cost_anything,
    bad_values_are_refused_by_the_schema,
    bad_fields_are_told_with_their_names,
    ids_that_name_nothing_are_not_found,
    days_and_texts_that_no_database_knows_are_refused,
    rest_refuses_bad_parameters,
    a_query_may_come_by_get_and_a_mutation_may_not,
    what_a_client_leaves_out_is_not_an_error,
    a_token_that_does_not_verify_is_no_guest,
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Asks as somebody who may do everything, in both languages, and sees that nothing was stored.
struct Asking {
    app: TestApp,
    admin: Person,
}

impl Asking {
    async fn begin(app: &TestApp) -> Self {
        Self {
            app: app.clone(),
            admin: app.admin().await,
        }
    }

    /// Sends the same in both languages; the refusal must be the same, the sentence another.
    async fn refused(&self, what: &str, ask: impl AsyncFn(&Person) -> Answer) -> Answer {
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

    async fn document(&self, what: &str, query: &str, variables: Value) -> Answer {
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

async fn bad_values_are_refused_by_the_schema(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let create = "mutation($input: CreateUnitInput!) { createUnit(input: $input) { unit { id } userErrors { code } } }";
    let parent = app.world()["Đăk Tô"].id();
    for (what, variables) in [
        ("nothing", json!({})),
        ("null", json!({ "input": null })),
        ("a list", json!({ "input": [] })),
        (
            "no name",
            json!({ "input": { "kind": "GRASSROOTS", "parentId": parent } }),
        ),
        (
            "a name that is a number",
            json!({ "input": { "kind": "GRASSROOTS", "name": 5, "parentId": parent } }),
        ),
        (
            "a kind that is none",
            json!({ "input": { "kind": "grassroots", "name": "A", "parentId": parent } }),
        ),
        (
            "a field that is none",
            json!({ "input": { "kind": "GRASSROOTS", "name": "A", "parentId": parent, "role": "ADMIN" } }),
        ),
        (
            "an id that is an object",
            json!({ "input": { "kind": "GRASSROOTS", "name": "A", "parentId": { "id": parent } } }),
        ),
        (
            "a day that is none",
            json!({ "input": { "kind": "GRASSROOTS", "name": "A", "parentId": parent, "foundedOn": "2026-02-30" } }),
        ),
        (
            "a day of Viet Nam",
            json!({ "input": { "kind": "GRASSROOTS", "name": "A", "parentId": parent, "foundedOn": "28/07/2001" } }),
        ),
    ] {
        let answer = asking.document(what, create, variables).await;
        assert_eq!(answer.code(), "BAD_REQUEST", "{what}: {answer}");
        assert!(answer.statements() <= 2, "{what} asked the database");
    }
    for (what, query) in [
        ("a page of letters", r#"{ units(first: "ten") { totalCount } }"#),
        ("a page of 10 billion", "{ units(first: 10000000000) { totalCount } }"),
        ("half a page", "{ units(first: 0.5) { totalCount } }"),
        (
            "a version of 10 billion",
            r#"mutation { addUnitAlias(input: { id: "unit_1", version: 10000000000, alias: "A" }) { userErrors { code } } }"#,
        ),
    ] {
        assert_eq!(
            asking.document(what, query, json!({})).await.code(),
            "BAD_REQUEST",
            "{what}"
        );
    }
}

async fn bad_fields_are_told_with_their_names(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let world = app.world();
    let (unit, parent) = (world["Đăk Tô"].id(), world["Kon Tum"].id());
    let create = |change: Value| {
        let mut input = json!({ "kind": "GRASSROOTS", "name": "CĐCS Xã Pô Kô", "parentId": unit });
        for (name, value) in change.as_object().expect("an object") {
            input[name] = value.clone();
        }
        ("createUnit", input)
    };
    let of_unit = |mutation: &'static str, change: Value| {
        let mut input = json!({ "id": unit, "version": 1 });
        for (name, value) in change.as_object().expect("an object") {
            input[name] = value.clone();
        }
        (mutation, input)
    };
    let province = |code: &str, name: &str| ("createProvince", json!({ "code": code, "name": name }));
    let megabyte = "ơ".repeat(500_000);
    for ((mutation, input), code, field) in [
        (create(json!({ "name": "" })), "REQUIRED", "name"),
        (create(json!({ "name": " \u{a0}\n\u{200b} " })), "REQUIRED", "name"),
        (create(json!({ "name": "ơ".repeat(301) })), "TOO_LONG", "name"),
        (create(json!({ "name": megabyte })), "TOO_LONG", "name"),
        (create(json!({ "name": "CĐCS\u{0}Xã" })), "CONTROL_CHARACTER", "name"),
        (create(json!({ "name": "CĐCS\u{7}Xã" })), "CONTROL_CHARACTER", "name"),
        (create(json!({ "decision": "ơ".repeat(301) })), "TOO_LONG", "decision"),
        (
            create(json!({ "decision": "Số\u{0}1" })),
            "CONTROL_CHARACTER",
            "decision",
        ),
        (
            create(json!({ "foundedOn": "1899-12-31" })),
            "DAY_IMPLAUSIBLE",
            "foundedOn",
        ),
        (
            create(json!({ "foundedOn": "2201-01-01" })),
            "DAY_IMPLAUSIBLE",
            "foundedOn",
        ),
        (create(json!({ "kind": "CONFEDERATION" })), "PARENT_LEVEL", "parentId"),
        (
            of_unit("renameUnit", json!({ "name": "", "from": "2026-01-01" })),
            "REQUIRED",
            "name",
        ),
        (
            of_unit("renameUnit", json!({ "name": "A", "from": "0001-01-01" })),
            "DAY_IMPLAUSIBLE",
            "from",
        ),
        (
            of_unit("renameUnit", json!({ "name": "A", "from": "2000-01-01" })),
            "SPAN_INVALID",
            "from",
        ),
        (of_unit("addUnitAlias", json!({ "alias": "\t" })), "REQUIRED", "alias"),
        (
            of_unit("moveUnit", json!({ "parentId": unit, "from": "2026-01-01" })),
            "PARENT_LEVEL",
            "parentId",
        ),
        (
            of_unit("moveUnit", json!({ "parentId": parent, "from": "1990-01-01" })),
            "SPAN_INVALID",
            "from",
        ),
        (
            of_unit("moveUnit", json!({ "parentId": parent, "from": "9999-12-31" })),
            "DAY_IMPLAUSIBLE",
            "from",
        ),
        (
            of_unit("endUnit", json!({ "on": "2026-01-01", "reason": "  " })),
            "REQUIRED",
            "reason",
        ),
        (
            of_unit("endUnit", json!({ "on": "2026-01-01", "reason": "ơ".repeat(4_001) })),
            "TOO_LONG",
            "reason",
        ),
        (
            of_unit("endUnit", json!({ "on": "2001-07-28", "reason": "Sáp nhập" })),
            "SPAN_INVALID",
            "on",
        ),
        (
            of_unit("updateUnit", json!({ "foundedOn": "0099-01-01" })),
            "DAY_IMPLAUSIBLE",
            "foundedOn",
        ),
        (
            of_unit("addUnitCode", json!({ "scheme": "mã số", "value": "1" })),
            "CODE_INVALID",
            "scheme",
        ),
        (
            of_unit("addUnitCode", json!({ "scheme": "", "value": "1" })),
            "CODE_INVALID",
            "scheme",
        ),
        (
            of_unit("addUnitCode", json!({ "scheme": "VGCL", "value": "" })),
            "REQUIRED",
            "value",
        ),
        (
            of_unit("addUnitCode", json!({ "scheme": "VGCL", "value": "1".repeat(36) })),
            "TOO_LONG",
            "value",
        ),
        (province("", "Tỉnh"), "CODE_INVALID", "code"),
        (province("Khánh Hòa", "Tỉnh"), "CODE_INVALID", "code"),
        (province(&"K".repeat(61), "Tỉnh"), "CODE_INVALID", "code"),
        (province("KH", ""), "REQUIRED", "name"),
    ] {
        let what = format!(
            "{field} of {mutation}: {}",
            input.to_string().chars().take(200).collect::<String>()
        );
        let before = app.contents().await;
        let vietnamese = asking.admin.does(mutation, input.clone()).await;
        let english = asking.admin.in_english().does(mutation, input).await;
        assert_eq!(vietnamese.user_errors(), [(code, field)], "{what}");
        assert_eq!(english.user_errors(), [(code, field)], "{what}");
        let (vi, en) = (vietnamese.user_message(), english.user_message());
        assert!(!vi.is_empty() && !en.is_empty() && vi != en, "{what}: {vi} and {en}");
        assert!(vi.len() < 500, "{what} does not send back what it got");
        assert_eq!(app.contents().await, before, "{what} stored something");
    }
    for (what, mutation, input, code) in [
        (
            "a province twice",
            "createProvince",
            json!({ "code": "KT", "name": "Kon Tum" }),
            "ALREADY_EXISTS",
        ),
        (
            "a stale version",
            "addUnitAlias",
            json!({ "id": unit, "version": 7, "alias": "Đăk Tô" }),
            "STALE_VERSION",
        ),
    ] {
        let answer = asking
            .refused(what, async |who| who.does(mutation, input.clone()).await)
            .await;
        assert_eq!(answer.code(), code, "{what}: {answer}");
    }
}

async fn ids_that_name_nothing_are_not_found(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let world = app.world();
    let unit = world["Đăk Tô"].id();
    let ids = [
        String::new(),
        "unit_".to_owned(),
        "unit".to_owned(),
        unit.replace("unit_", "Unit_"),
        unit.replace("unit_", "report_"),
        unit.replace("unit_", "province_"),
        unit.to_uppercase(),
        format!("{unit}0"),
        format!(" {unit}"),
        format!("unit_{}", world["Đăk Tô"].uuid),
        world["Đăk Tô"].uuid.to_string(),
        "unit_00000000000000000000000000000000".to_owned(),
        world.kon_tum.id(),
        "unit_' OR 1=1 --".to_owned(),
        "unit_\u{0}".to_owned(),
        "đơn vị".to_owned(),
        "u".repeat(10_000),
    ];
    for id in ids {
        let what: String = id.chars().take(60).collect();
        let alias = json!({ "id": id, "version": 1, "alias": "Đăk Tô" });
        let write = asking
            .refused(&what, async |who| who.does("addUnitAlias", alias.clone()).await)
            .await;
        assert_eq!(write.code(), "NOT_FOUND", "{what:?}: {write}");
        for filter in ["parentId", "underId"] {
            let query = "query($where: UnitWhere!) { units(where: $where) { nodes { id } } }";
            let answer = asking.admin.graphql(query, json!({ "where": { filter: id } })).await;
            let nothing = answer.code() == "NOT_FOUND" || *answer.peek("/units/nodes") == json!([]);
            assert!(nothing, "{filter} {what:?}: {answer}");
        }
        if id == world.kon_tum.id() {
            continue;
        }
        let read = asking
            .document(&what, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }))
            .await;
        assert_eq!(read.code(), "NOT_FOUND", "{what:?}: {read}");
    }
}

async fn days_and_texts_that_no_database_knows_are_refused(app: TestApp) {
    let asking = Asking::begin(&app).await;
    let unit = app.world()["Đăk Tô"].id();
    for day in [
        "-5000-01-01",
        "-262143-01-01",
        "+262142-12-31",
        "+10000-01-01",
        "0000-01-01",
    ] {
        let query = "query($day: NaiveDate!) { units(asOf: $day) { totalCount } }";
        let answer = asking.admin.graphql(query, json!({ "day": day })).await;
        let nobody_yet = if day.starts_with('+') { app.world().size() } else { 0 };
        assert_eq!(*answer.at("/units/totalCount"), nobody_yet, "{day}: {answer}");
        let query = "query($day: NaiveDate!, $id: ID!) { node(id: $id) { ... on Unit { name(asOf: $day) parent(asOf: $day) { id } } } }";
        let answer = asking.admin.graphql(query, json!({ "day": day, "id": unit })).await;
        answer.at("/node/name");
        let answer = asking
            .admin
            .get(&format!("/api/v1/units?asOf={}", day.replace('+', "%2B")))
            .await;
        assert_eq!(answer.status(), 200, "{day}: {answer}");
        let query = "query($day: NaiveDate!) { periods(where: { contains: $day }) { totalCount } clusters(asOf: $day) { totalCount } }";
        let answer = asking.admin.graphql(query, json!({ "day": day })).await;
        assert_eq!(*answer.at("/periods/totalCount"), 0, "{day}");
    }
    for instant in ["-200000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z"] {
        let query = "query($at: DateTime!) { auditEntries(where: { since: $at }) { nodes { id } } }";
        let answer = asking.admin.graphql(query, json!({ "at": instant })).await;
        assert!(matches!(answer.code(), "" | "BAD_REQUEST"), "{instant}: {answer}");
    }
    for text in [
        "\u{0}",
        "a\u{0}b",
        "\u{ffff}",
        "\u{10ffff}",
        "🏆",
        "\\",
        "'",
        "\"",
        "%_",
        &"x".repeat(100_000),
    ] {
        let query = "query($text: String!) { units(where: { search: $text }) { totalCount } }";
        let answer = asking.admin.graphql(query, json!({ "text": text })).await;
        assert_eq!(*answer.at("/units/totalCount"), 0, "{text:?}");
        let query = "query($text: String!) { units(where: { code: { scheme: $text, value: $text } }) { totalCount } }";
        let answer = asking.admin.graphql(query, json!({ "text": text })).await;
        // SQLite knows no such text, PostgreSQL cannot even compare one with NUL.
        if answer.code() != "BAD_REQUEST" || !text.contains('\0') {
            assert_eq!(*answer.at("/units/totalCount"), 0);
        }
    }
}

async fn rest_refuses_bad_parameters(app: TestApp) {
    let asking = Asking::begin(&app).await;
    for (what, path, status, code) in [
        ("a parameter that is none", "/api/v1/units?limit=5", 400, "BAD_REQUEST"),
        ("a page of letters", "/api/v1/units?first=ten", 400, "BAD_REQUEST"),
        ("a page below nothing", "/api/v1/units?first=-1", 400, "BAD_REQUEST"),
        ("a page of 101", "/api/v1/units?first=101", 400, "BAD_REQUEST"),
        ("both ends", "/api/v1/units?first=1&last=1", 400, "BAD_REQUEST"),
        ("a cursor that is none", "/api/v1/units?after=x", 400, "BAD_REQUEST"),
        ("a kind that is none", "/api/v1/units?kind=DISTRICT", 400, "BAD_REQUEST"),
        (
            "a day that is none",
            "/api/v1/units?asOf=2026-02-30",
            400,
            "BAD_REQUEST",
        ),
        ("a parameter twice", "/api/v1/units?first=1&first=2", 400, "BAD_REQUEST"),
        (
            "an id of another kind",
            "/api/v1/units?parentId=province_1",
            404,
            "NOT_FOUND",
        ),
        ("an id that is none", "/api/v1/units/1", 404, "NOT_FOUND"),
        ("a path that is none", "/api/v1/unit", 404, "NOT_FOUND"),
        ("a path above", "/api/v1/units/..%2f..%2fetc", 404, "NOT_FOUND"),
        ("no UTF-8 in a path", "/api/v1/units/%ff", 404, "NOT_FOUND"),
    ] {
        let answer = asking.refused(what, async |who| who.get(path).await).await;
        assert_eq!((answer.status(), answer.code()), (status, code), "{what}: {answer}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        assert_eq!(answer.body()["status"], status, "{what}");
        assert!(answer.statements() <= 2, "{what} asked the database");
    }
    let method = asking
        .refused("another method", async |who| {
            who.request(Method::DELETE, "/api/v1/units", &[], "").await
        })
        .await;
    assert!(matches!(method.status(), 404 | 405), "{method}");
    for (what, headers, body, status) in [
        ("no JSON", JSON, "{", 400),
        ("another type", ("Content-Type", "text/plain"), "{}", 415),
        (
            "a field that is none",
            JSON,
            r#"{ "username": "a", "password": "b", "role": "ADMIN" }"#,
            400,
        ),
        ("nothing", JSON, "{}", 400),
    ] {
        let answer = asking
            .refused(what, async |who| {
                who.request(Method::POST, "/api/v1/auth/login", &[headers], body).await
            })
            .await;
        assert_eq!(
            (answer.status(), answer.code()),
            (status, "BAD_REQUEST"),
            "{what}: {answer}"
        );
    }
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
    let elsewhere =
        thidua::auth::Tokens::open(&other.path().join("key.json"), "thidua", "thidua-api", 600).expect("a key");
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
