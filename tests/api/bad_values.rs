//! Bad values within a request that can be read: values, fields, ids, days, parameters. Told by code and field, in both
//! languages; nothing is stored for them.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::bad_input::{Asking, JSON};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    bad_values_are_refused_by_the_schema,
    bad_fields_are_told_with_their_names,
    ids_that_name_nothing_are_not_found,
    days_and_texts_that_no_database_knows_are_refused,
    rest_refuses_bad_parameters,
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
