//! What a version of a form holds: sections and items in order, with help and bounds; what no form can hold; what changed from
//! one version to the next. On both doors.

use serde_json::{Value, json};

use crate::reports::Reporting;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_form_is_read_as_it_was_written,
    a_form_without_sections_has_one_without_a_title,
    what_no_form_can_hold_is_told_with_its_field,
    an_item_keeps_to_what_its_indicator_allows,
    what_changed_from_version_to_version_is_told,
    versions_are_compared_only_by_who_sees_the_form,
    a_form_of_forty_items_is_written_and_read_in_as_many_statements_as_one_of_two,
}

const DRAFT: &str = "query($id: ID!) { node(id: $id) { ... on ReportForm { versions { number legalBasis unitKinds sectors
    size { by fewest most } sections { position title help items { section position required help lowest highest dimensions
    indicator { code } } } } } } }";

/// Writes a draft of the form of a [`Reporting`], which has one version.
async fn written(reporting: &Reporting, mut content: Value) -> Answer {
    content["formId"] = reporting.form.clone().into();
    if content["unitKinds"].is_null() {
        content["unitKinds"] = json!(["GRASSROOTS"]);
    }
    reporting.specialist.does("writeReportFormDraft", content).await
}

/// One item and nothing else of it.
fn item(code: &str) -> Value {
    json!({ "indicatorCode": code })
}

/// An indicator with bounds that may be asked for by women.
async fn bounded_indicator(app: &TestApp) {
    let share = json!({
        "code": "party_members", "name": "Số đảng viên", "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "STOCK",
        "lowest": "0", "highest": "5000", "dimensions": ["WOMEN"],
    });
    app.catalogue_keeper()
        .await
        .does("createIndicator", share)
        .await
        .thing();
}

async fn a_form_is_read_as_it_was_written(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    bounded_indicator(&app).await;
    let content = json!({
        "legalBasis": "Hướng dẫn 12/HD-TLĐ ngày 01/02/2026",
        "unitKinds": ["OCCUPATIONAL_UNION", "GRASSROOTS", "GRASSROOTS"],
        "sectors": ["EDUCATION", "STATE_ADMINISTRATION"],
        "size": { "by": "MEMBERS", "fewest": 10 },
        "sections": [
            { "title": "  I. Tổ chức và   đoàn viên ", "help": "Tính đến ngày cuối kỳ.", "items": [
                { "indicatorCode": "members_total", "required": true, "help": "Kể cả người nghỉ thai sản." },
                { "indicatorCode": "party_members", "lowest": "1", "highest": "300.5", "dimensions": ["WOMEN", "WOMEN"] },
            ] },
            { "title": "II. Chăm lo, bảo vệ", "items": [item("welfare_amount")] },
        ],
    });
    written(&reporting, content).await.thing();
    let seen = reporting
        .specialist
        .graphql(DRAFT, json!({ "id": reporting.form }))
        .await;
    let plain = |section: i32, position: i32, code: &str| {
        json!({
            "section": section, "position": position, "required": false, "help": null, "lowest": null, "highest": null,
            "dimensions": [], "indicator": { "code": code },
        })
    };
    let mut members = plain(1, 1, "members_total");
    members["required"] = true.into();
    members["help"] = "Kể cả người nghỉ thai sản.".into();
    let mut party = plain(1, 2, "party_members");
    party["lowest"] = "1".into();
    party["highest"] = "300.5".into();
    party["dimensions"] = json!(["WOMEN"]);
    assert_eq!(
        *seen.at("/node/versions/0"),
        json!({
            "number": 2,
            "legalBasis": "Hướng dẫn 12/HD-TLĐ ngày 01/02/2026",
            "unitKinds": ["GRASSROOTS", "OCCUPATIONAL_UNION"],
            "sectors": ["STATE_ADMINISTRATION", "EDUCATION"],
            "size": { "by": "MEMBERS", "fewest": 10, "most": null },
            "sections": [
                { "position": 1, "title": "I. Tổ chức và đoàn viên", "help": "Tính đến ngày cuối kỳ.", "items": [members, party] },
                { "position": 2, "title": "II. Chăm lo, bảo vệ", "help": null, "items": [plain(2, 3, "welfare_amount")] },
            ],
        })
    );
    let path = format!("/api/v1/report-forms/{}", reporting.form);
    let draft = reporting.specialist.get(&format!("{path}?number=2")).await;
    let content = &draft.body()["content"];
    assert_eq!(
        content["sections"][0]["items"][1],
        json!({
            "indicatorCode": "party_members", "name": "Số đảng viên", "required": false, "help": null, "lowest": "1",
            "highest": "300.5", "dimensions": ["WOMEN"],
        })
    );
    assert_eq!(content["size"], json!({ "by": "MEMBERS", "fewest": 10, "most": null }));
    let published = reporting.specialist.get(&path).await;
    assert_eq!(published.body()["content"]["number"], 1, "the version in use");
    assert_eq!(published.body()["versions"].as_array().map(Vec::len), Some(2));
    let none = reporting.specialist.get(&format!("{path}?number=7")).await;
    assert_eq!((none.status(), none.code()), (404, "NOT_FOUND"));
}

async fn a_form_without_sections_has_one_without_a_title(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let alone = json!({ "sections": [{ "items": [item("members_total")] }] });
    written(&reporting, alone).await.thing();
    let seen = reporting
        .specialist
        .graphql(DRAFT, json!({ "id": reporting.form }))
        .await;
    assert_eq!(*seen.at("/node/versions/0/sections/0/title"), Value::Null);
    let two = json!({ "version": 1, "sections": [{ "items": [item("members_total")] }, { "title": "II", "items": [item("new_members")] }] });
    assert_eq!(
        written(&reporting, two).await.user_errors(),
        [("REQUIRED", "sections.0.title")],
        "of two sections each has a title"
    );
}

async fn what_no_form_can_hold_is_told_with_its_field(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let one = json!([{ "items": [item("members_total")] }]);
    let many = |count: usize| json!([{ "items": vec![item("members_total"); count] }]);
    let sections = |count: usize| {
        let section = |number: usize| json!({ "title": format!("Phần {number}"), "items": [item("members_total")] });
        (0..count).map(section).collect::<Vec<_>>()
    };
    for (content, told) in [
        (json!({ "sections": [] }), ("REQUIRED", "sections")),
        (
            json!({ "sections": [{ "items": [] }] }),
            ("REQUIRED", "sections.0.items"),
        ),
        (json!({ "sections": many(201) }), ("TOO_MANY", "sections")),
        (json!({ "sections": sections(41) }), ("TOO_MANY", "sections")),
        (
            json!({ "sections": [{ "title": "I", "items": [item("members_total")] }, { "title": " I ", "items": [item("new_members")] }] }),
            ("TWICE", "sections.1.title"),
        ),
        (
            json!({ "sections": [{ "title": "I", "items": [item("members_total")] }, { "title": "II", "items": [item("members_total")] }] }),
            ("TWICE", "sections.1.items.0.indicatorCode"),
        ),
        (
            json!({ "sections": [{ "items": [item("membership_rate")] }] }),
            ("RATE_NOT_REPORTED", "sections.0.items.0.indicatorCode"),
        ),
        (
            json!({ "sections": [{ "items": [item("không có")] }] }),
            ("INDICATOR_UNKNOWN", "sections.0.items.0.indicatorCode"),
        ),
        (
            json!({ "sections": [{ "help": "\u{1}", "items": [item("members_total")] }] }),
            ("CONTROL_CHARACTER", "sections.0.help"),
        ),
        (
            json!({ "sections": one, "size": { "by": "MEMBERS" } }),
            ("REQUIRED", "size.fewest"),
        ),
        (
            json!({ "sections": one, "size": { "by": "MEMBERS", "fewest": 20, "most": 10 } }),
            ("SIZE_INVALID", "size.most"),
        ),
        (
            json!({ "sections": one, "size": { "by": "WORKERS", "most": -1 } }),
            ("SIZE_INVALID", "size.most"),
        ),
        (json!({ "sections": one, "unitKinds": [] }), ("REQUIRED", "unitKinds")),
    ] {
        let refused = written(&reporting, content.clone()).await;
        assert_eq!(refused.user_errors(), [told], "{content}");
    }
    let seen = reporting
        .specialist
        .graphql(DRAFT, json!({ "id": reporting.form }))
        .await;
    assert_eq!(
        seen.at("/node/versions").as_array().map(Vec::len),
        Some(1),
        "nothing is stored"
    );
}

async fn an_item_keeps_to_what_its_indicator_allows(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    bounded_indicator(&app).await;
    let text = json!({ "code": "remark", "name": "Ghi chú", "unitOfMeasure": "-", "numberForm": "TEXT", "aggregation": "NONE" });
    app.catalogue_keeper().await.does("createIndicator", text).await.thing();
    let content = json!({ "sections": [{ "items": [
        { "indicatorCode": "party_members", "lowest": "-1" },
        { "indicatorCode": "members_total", "lowest": "5", "highest": "4" },
        { "indicatorCode": "remark", "lowest": "1" },
        { "indicatorCode": "workers_total", "dimensions": ["WOMEN"] },
        { "indicatorCode": "new_members", "highest": "10" },
    ] }] });
    let refused = written(&reporting, content).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("BOUNDS_TOO_WIDE", "sections.0.items.0.lowest"),
            ("BOUNDS_INVALID", "sections.0.items.1.lowest"),
            ("BOUNDS_NOT_ALLOWED", "sections.0.items.2.lowest"),
            ("DIMENSION_NOT_OFFERED", "sections.0.items.3.dimensions"),
        ]
    );
    assert!(refused.user_message().contains("từ 0 đến 5.000"), "{refused}");
    for highest in ["5001", "-3"] {
        let wide = json!({ "sections": [{ "items": [{ "indicatorCode": "party_members", "highest": highest }] }] });
        assert_eq!(
            written(&reporting, wide).await.user_errors(),
            [("BOUNDS_TOO_WIDE", "sections.0.items.0.lowest")],
            "{highest}"
        );
    }
}

const DIFF: &str = "query($id: ID!, $from: Int!, $to: Int!) { reportFormDiff(formId: $id, from: $from, to: $to) {
    from { number size { fewest } } to { number size { fewest } } changed
    sections { before { title } after { title } changed }
    items { before { section position required indicator { code } } after { section position required indicator { code } } changed } } }";

async fn compared(who: &Person, reporting: &Reporting, from: i32, to: i32) -> Answer {
    who.graphql(DIFF, json!({ "id": reporting.form, "from": from, "to": to }))
        .await
}

async fn what_changed_from_version_to_version_is_told(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let next = json!({
        "legalBasis": "Quyết định 1454/QĐ-TLĐ ngày 28/11/2014",
        "size": { "by": "MEMBERS", "fewest": 5 },
        "sections": [
            { "title": "I. Tổ chức", "items": [
                { "indicatorCode": "new_members" }, { "indicatorCode": "members_total", "required": true },
                { "indicatorCode": "workers_total" },
            ] },
            { "title": "III. Tuyên truyền", "items": [] },
        ],
    });
    let mut with_more = next;
    let lecture = json!({ "code": "lectures", "name": "Số cuộc tuyên truyền", "unitOfMeasure": "cuộc", "numberForm": "INTEGER", "aggregation": "FLOW" });
    app.catalogue_keeper()
        .await
        .does("createIndicator", lecture)
        .await
        .thing();
    with_more["sections"][1]["items"] = json!([item("lectures")]);
    written(&reporting, with_more).await.thing();
    let seen = compared(&reporting.specialist, &reporting, 1, 2).await;
    let at = |section: i32, position: i32, required: bool, code: &str| json!({ "section": section, "position": position, "required": required, "indicator": { "code": code } });
    assert_eq!(
        *seen.at("/reportFormDiff"),
        json!({
            "from": { "number": 1, "size": null },
            "to": { "number": 2, "size": { "fewest": 5 } },
            "changed": ["SIZE"],
            "sections": [
                { "before": { "title": "I. Tổ chức và đoàn viên" }, "after": { "title": "I. Tổ chức" }, "changed": ["TITLE"] },
                { "before": null, "after": { "title": "III. Tuyên truyền" }, "changed": ["ADDED"] },
                { "before": { "title": "II. Chăm lo, bảo vệ" }, "after": null, "changed": ["REMOVED"] },
            ],
            "items": [
                { "before": at(1, 3, false, "new_members"), "after": at(1, 1, false, "new_members"), "changed": ["PLACE"] },
                { "before": at(1, 2, true, "workers_total"), "after": at(1, 3, false, "workers_total"), "changed": ["REQUIRED"] },
                { "before": null, "after": at(2, 4, false, "lectures"), "changed": ["ADDED"] },
                { "before": at(2, 4, false, "welfare_amount"), "after": null, "changed": ["REMOVED"] },
            ],
        })
    );
    let same = compared(&reporting.specialist, &reporting, 2, 2).await;
    let nothing = ["changed", "sections", "items"].map(|part| same.at("/reportFormDiff")[part].clone());
    assert_eq!(nothing, [json!([]), json!([]), json!([])]);
    let path = format!("/api/v1/report-forms/{}/diff?from=1&to=2", reporting.form);
    let rest = reporting.specialist.get(&path).await;
    assert_eq!(rest.body()["changed"], json!(["SIZE"]));
    assert_eq!(rest.body()["to"]["size"]["fewest"], 5);
    let told: Vec<_> = rest.body()["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["changed"][0].clone())
        .collect();
    assert_eq!(json!(told), json!(["PLACE", "REQUIRED", "ADDED", "REMOVED"]));
    assert_eq!(rest.body()["items"][2]["after"]["indicatorCode"], "lectures");
}

async fn versions_are_compared_only_by_who_sees_the_form(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let path = format!("/api/v1/report-forms/{}/diff", reporting.form);
    for stranger in [app.specialist_of(&world["Kon Tum"]).await, app.stranger().await] {
        assert_eq!(compared(&stranger, &reporting, 1, 1).await.code(), "NOT_FOUND");
        let rest = stranger.get(&format!("{path}?from=1&to=1")).await;
        assert_eq!((rest.status(), rest.code()), (404, "NOT_FOUND"));
    }
    let officer = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(
        compared(&officer, &reporting, 1, 1).await.code(),
        "",
        "who fills it in sees it"
    );
    for (from, to) in [(1, 2), (0, 1), (i32::MAX, i32::MIN)] {
        assert_eq!(
            compared(&officer, &reporting, from, to).await.code(),
            "NOT_FOUND",
            "{from} {to}"
        );
    }
}

async fn a_form_of_forty_items_is_written_and_read_in_as_many_statements_as_one_of_two(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let keeper = app.catalogue_keeper().await;
    let mut items = Vec::new();
    for number in 0..40 {
        let code = format!("event_{number}");
        let new = json!({ "code": code, "name": format!("Hoạt động {number}"), "unitOfMeasure": "cuộc", "numberForm": "INTEGER", "aggregation": "FLOW" });
        keeper.does("createIndicator", new).await.thing();
        items.push(item(&code));
    }
    let sections = |items: &[Value]| {
        let titled = |(number, items): (usize, &[Value])| json!({ "title": format!("Phần {number}"), "items": items });
        items.chunks(2).enumerate().map(titled).collect::<Vec<_>>()
    };
    let few = written(&reporting, json!({ "sections": sections(&items[..2]) })).await;
    let few_read = reporting
        .specialist
        .graphql(DRAFT, json!({ "id": reporting.form }))
        .await;
    let many = written(&reporting, json!({ "version": 1, "sections": sections(&items) })).await;
    let many_read = reporting
        .specialist
        .graphql(DRAFT, json!({ "id": reporting.form }))
        .await;
    few.thing();
    many.thing();
    assert_eq!(
        many_read.at("/node/versions/0/sections").as_array().map(Vec::len),
        Some(20)
    );
    assert_eq!(many.statements(), few.statements(), "writing");
    assert_eq!(many_read.statements(), few_read.statements(), "reading");
}
