//! What a draft could begin with: nobody types a figure that is known from elsewhere.

use serde_json::{Value, json};

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    stocks_of_the_last_period_are_suggested_and_flows_are_not,
    what_was_handed_in_on_another_form_is_suggested,
    an_upper_union_begins_with_the_sum_of_the_units_below,
    what_the_report_has_is_not_suggested_and_nothing_is_written_unasked,
    a_sum_with_a_figure_that_is_not_exact_is_not_suggested,
    suggestions_end_when_the_report_is_handed_in,
    what_is_recorded_of_the_unit_is_suggested_with_its_day,
    only_whole_stocks_are_head_counts,
    suggestions_of_many_reports_take_as_many_statements_as_of_one,
}

const FIELDS: &str = "status suggestions { indicator { code } part text nature origin reports source { id } sourceForm { code } } figures { text }";

async fn suggested(report: &Draft, who: &Person) -> Answer {
    report.seen_by(who, FIELDS).await
}

/// Code, text and origin of each suggestion.
fn told(seen: &Answer) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("null").to_owned();
    let list = seen.at("/node/suggestions").as_array().expect("a list");
    let one = |one: &Value| {
        (
            text(&one["indicator"]["code"]),
            text(&one["text"]),
            text(&one["origin"]),
        )
    };
    list.iter().map(one).collect()
}

fn owned(code: &str, text: &str, origin: &str) -> (String, String, String) {
    (code.to_owned(), text.to_owned(), origin.to_owned())
}

/// The year before, of the whole country.
async fn last_year(app: &TestApp) -> String {
    let all = &app.world()["Tổng Liên đoàn"];
    let setter = app.specialist_of(all).await;
    Reporting::period(&setter, all, ("2025", "YEAR"), ("2025-01-01", "2025-12-31")).await
}

async fn approved_for(
    app: &TestApp,
    reporting: &Reporting,
    form: &str,
    period: &str,
    unit: &str,
    figures: &[(&str, &str)],
) -> Draft {
    let other = Reporting {
        specialist: reporting.specialist.clone(),
        committee: reporting.committee.clone(),
        form: form.to_owned(),
        period: period.to_owned(),
    };
    other.approved(app, &app.world()[unit], figures).await
}

async fn stocks_of_the_last_period_are_suggested_and_flows_are_not(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let before = last_year(&app).await;
    let figures = [
        ("members_total", "1.671"),
        ("workers_total", "1.700"),
        ("new_members", "12"),
        ("welfare_amount", "5 triệu đồng"),
    ];
    let source = approved_for(&app, &reporting, &reporting.form, &before, "Sở Nội vụ", &figures).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], &[]).await;
    let seen = suggested(&draft, &officer).await;
    assert_eq!(
        told(&seen),
        [
            owned("members_total", "1.671", "LAST_PERIOD"),
            owned("workers_total", "1.700", "LAST_PERIOD")
        ]
    );
    assert_eq!(seen.str("/node/suggestions/0/source/id"), source.id);
    let neighbour = app.officer_of(&world["Thư viện"]).await;
    let empty = reporting.draft(&neighbour, &world["Thư viện"], &[]).await;
    assert_eq!(
        told(&suggested(&empty, &neighbour).await),
        [],
        "others' figures are not theirs"
    );
}

async fn what_was_handed_in_on_another_form_is_suggested(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let other = Reporting::form(&reporting.specialist, &world["Viên chức"], "TK-02", "YEAR").await;
    let officer = app.officer_of(unit).await;
    let input = json!({ "unitId": unit.id(), "formId": other, "periodId": reporting.period });
    let source = Draft {
        id: officer.does("createReport", input).await.id().to_owned(),
    };
    let figures = [
        ("members_total", "1.671"),
        ("workers_total", "1.700"),
        ("new_members", "10-12"),
    ];
    source.save(&officer, 1, &figures).await.thing();
    let draft = reporting.draft(&officer, unit, &[]).await;
    assert_eq!(
        told(&suggested(&draft, &officer).await),
        [],
        "a draft is nobody's source"
    );
    source.step(&officer, "submitReport", 2).await.thing();
    let natures = suggested(&draft, &officer).await;
    assert_eq!(
        natures.texts("/node/suggestions", "nature"),
        ["ESTIMATE"; 3],
        "an estimate stays one"
    );
    let all = figures.map(|(code, text)| owned(code, text, "OTHER_FORM"));
    assert_eq!(told(&suggested(&draft, &officer).await), all);
}

async fn an_upper_union_begins_with_the_sum_of_the_units_below(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    for (unit, members, new) in [("Sở Nội vụ", "1.671", "3"), ("Thư viện", "27", "1")] {
        let figures = [
            ("members_total", members),
            ("workers_total", "1.700"),
            ("new_members", new),
        ];
        reporting.approved(&app, &world[unit], &figures).await;
    }
    let sent_only = app.officer_of(&world["Sở Ngoại vụ"]).await;
    let draft = reporting
        .draft(
            &sent_only,
            &world["Sở Ngoại vụ"],
            &[("members_total", "31"), ("workers_total", "31")],
        )
        .await;
    draft.step(&sent_only, "submitReport", 2).await.thing();
    let items = ["members_total", "new_members"];
    let form = reporting
        .short_form(&world["Sóc Trăng"], "BC-TREN", "LOCAL_BRANCH_UNION", &items)
        .await;
    let union = &world["Viên chức"];
    let officer = app.officer_of(union).await;
    let input = json!({ "unitId": union.id(), "formId": form, "periodId": reporting.period });
    let upper = Draft {
        id: officer.does("createReport", input).await.id().to_owned(),
    };
    let seen = suggested(&upper, &officer).await;
    assert_eq!(
        told(&seen),
        [
            owned("members_total", "1.698", "UNITS_BELOW"),
            owned("new_members", "4", "UNITS_BELOW")
        ],
        "what is only sent does not count"
    );
    let first = seen.at("/node/suggestions/0");
    assert_eq!(
        (&first["reports"], &first["sourceForm"]["code"], &first["source"]),
        (&json!(2), &json!("TK-01"), &Value::Null)
    );
}

async fn what_the_report_has_is_not_suggested_and_nothing_is_written_unasked(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let before = last_year(&app).await;
    let figures = [("members_total", "1.671"), ("workers_total", "1.700")];
    approved_for(&app, &reporting, &reporting.form, &before, "Sở Nội vụ", &figures).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting
        .draft(&officer, &world["Sở Nội vụ"], &[("members_total", "1.690")])
        .await;
    let stored = app.contents().await;
    let seen = suggested(&draft, &officer).await;
    assert_eq!(told(&seen), [owned("workers_total", "1.700", "LAST_PERIOD")]);
    assert_eq!(seen.texts("/node/figures", "text"), ["1.690"]);
    assert!(app.contents().await == stored);
    draft.save(&officer, 2, &[("workers_total", "1.700")]).await.thing();
    assert_eq!(told(&suggested(&draft, &officer).await), []);
}

async fn a_sum_with_a_figure_that_is_not_exact_is_not_suggested(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    for (unit, members) in [("Sở Nội vụ", "1.671"), ("Thư viện", "trên 20")] {
        let figures = [("members_total", members), ("workers_total", "1.700")];
        reporting.approved(&app, &world[unit], &figures).await;
    }
    let items = ["members_total", "workers_total"];
    let form = reporting
        .short_form(&world["Sóc Trăng"], "BC-TREN", "LOCAL_BRANCH_UNION", &items)
        .await;
    let officer = app.officer_of(&world["Viên chức"]).await;
    let input = json!({ "unitId": world["Viên chức"].id(), "formId": form, "periodId": reporting.period });
    let upper = Draft {
        id: officer.does("createReport", input).await.id().to_owned(),
    };
    assert_eq!(
        told(&suggested(&upper, &officer).await),
        [owned("workers_total", "3.400", "UNITS_BELOW")]
    );
}

async fn suggestions_end_when_the_report_is_handed_in(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let before = last_year(&app).await;
    let items = ["members_total", "workers_total"];
    let form = reporting
        .short_form(&world["Viên chức"], "BC-NGAN", "GRASSROOTS", &items)
        .await;
    let figures = [("members_total", "1.671"), ("workers_total", "1.700")];
    approved_for(&app, &reporting, &form, &before, "Sở Nội vụ", &figures).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let input = json!({ "unitId": world["Sở Nội vụ"].id(), "formId": form, "periodId": reporting.period });
    let draft = Draft {
        id: officer.does("createReport", input).await.id().to_owned(),
    };
    assert_eq!(told(&suggested(&draft, &officer).await).len(), 2);
    draft.step(&officer, "submitReport", 1).await.thing();
    assert_eq!(told(&suggested(&draft, &officer).await), []);
}

async fn suggestions_of_many_reports_take_as_many_statements_as_of_one(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let before = last_year(&app).await;
    let query = "{ reports(first: 50, where: { statuses: [DRAFT] }) { nodes { suggestions { text indicator { code } source { id } } } } }";
    let mut statements = Vec::new();
    for unit in ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ"] {
        let figures = [("members_total", "1.671"), ("workers_total", "1.700")];
        approved_for(&app, &reporting, &reporting.form, &before, unit, &figures).await;
        let officer = app.officer_of(&world[unit]).await;
        reporting.draft(&officer, &world[unit], &[]).await;
        statements.push(reporting.specialist.graphql(query, json!({})).await.statements());
    }
    assert_eq!(statements[2], statements[1], "{statements:?}");
}

async fn what_is_recorded_of_the_unit_is_suggested_with_its_day(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let catalogue = app.catalogue_keeper().await;
    for (code, name, counts) in [
        ("doan_vien", "Tổng số đoàn viên", "MEMBERS"),
        ("lao_dong", "Tổng số CNVCLĐ", "WORKERS"),
        ("doan_vien_nu", "Số đoàn viên nữ", "WOMEN_MEMBERS"),
    ] {
        let input = json!({ "code": code, "name": name, "unitOfMeasure": "người", "numberForm": "INTEGER",
            "aggregation": "STOCK", "headCount": counts, "dimensions": ["WOMEN"] });
        catalogue.does("createIndicator", input).await.thing();
    }
    let input =
        json!({ "ownerId": world["Viên chức"].id(), "code": "TK-02", "name": "Biểu đoàn viên", "periodicity": "YEAR" });
    let form = reporting
        .specialist
        .does("createReportForm", input)
        .await
        .id()
        .to_owned();
    let items = json!([
        { "indicatorCode": "doan_vien", "dimensions": ["WOMEN"] }, { "indicatorCode": "lao_dong" },
        { "indicatorCode": "doan_vien_nu" }, { "indicatorCode": "new_members" },
    ]);
    let draft = json!({ "formId": form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
    reporting.specialist.does("writeReportFormDraft", draft).await.thing();
    let publish = json!({ "formId": form, "number": 1, "version": 1 });
    reporting.specialist.does("publishReportForm", publish).await.thing();
    let (unit, specialist) = (&world["Sở Nội vụ"], &reporting.specialist);
    app.it_is(moment(2027, 2, 1, 8, 0));
    for (day, workers, members, women) in [
        ("2025-12-31", json!(40), json!(39), json!(20)),
        ("2026-12-15", json!(1_702), json!(1_671), Value::Null),
        ("2027-01-31", json!(9), json!(8), json!(7)),
    ] {
        let heads =
            json!({ "id": unit.id(), "asOf": day, "workers": workers, "members": members, "womenMembers": women });
        specialist.does("recordUnitStatistics", heads).await.thing();
    }
    let officer = app.officer_of(unit).await;
    let other = Reporting {
        specialist: reporting.specialist.clone(),
        committee: reporting.committee.clone(),
        form,
        period: reporting.period.clone(),
    };
    let draft = other.draft(&officer, unit, &[]).await;
    let seen = draft
        .seen_by(
            &officer,
            "suggestions { indicator { code } part text origin asOf reports source { id } }",
        )
        .await;
    assert_eq!(
        told(&seen),
        [
            owned("doan_vien", "1.671", "UNIT_STATISTICS"),
            owned("lao_dong", "1.702", "UNIT_STATISTICS"),
        ],
        "the newest count within the period; women were not counted that day, and nobody guesses them"
    );
    let first = seen.at("/node/suggestions/0");
    assert_eq!(
        (&first["asOf"], &first["reports"], &first["source"]),
        (&json!("2026-12-15"), &json!(0), &Value::Null)
    );
    let heads =
        json!({ "id": unit.id(), "asOf": "2026-12-31", "workers": 1_702, "members": 1_671, "womenMembers": 782 });
    specialist.does("recordUnitStatistics", heads).await.thing();
    let seen = draft
        .seen_by(&officer, "suggestions { indicator { code } part text origin asOf }")
        .await;
    let women = |one: &Value| one["part"] == "WOMEN" && one["text"] == "782" && one["asOf"] == "2026-12-31";
    let list = seen.at("/node/suggestions").as_array().expect("a list");
    assert_eq!(
        (list.len(), list.iter().filter(|one| women(one)).count()),
        (4, 1),
        "{seen}"
    );
}

async fn only_whole_stocks_are_head_counts(app: TestApp) {
    let catalogue = app.catalogue_keeper().await;
    for (form, aggregation) in [("DECIMAL", "STOCK"), ("INTEGER", "FLOW"), ("MONEY", "STOCK")] {
        let input = json!({ "code": "dem", "name": "Đếm", "unitOfMeasure": "người", "numberForm": form,
            "aggregation": aggregation, "headCount": "MEMBERS" });
        let refused = catalogue.does("createIndicator", input).await;
        assert_eq!(
            refused.user_errors(),
            [("HEAD_COUNT_NOT_POSSIBLE", "headCount")],
            "{form} {aggregation}"
        );
    }
    let flow = json!({ "code": "moi", "name": "Kết nạp mới", "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "FLOW" });
    let flow = catalogue.does("createIndicator", flow).await;
    let counts = json!({ "id": flow.id(), "version": 1, "headCount": "MEMBERS" });
    let refused = catalogue.does("setIndicatorHeadCount", counts).await;
    assert_eq!(refused.user_errors(), [("HEAD_COUNT_NOT_POSSIBLE", "headCount")]);
    let stock = json!({ "code": "co", "name": "Có mặt", "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "STOCK" });
    let stock = catalogue.does("createIndicator", stock).await;
    let counts = json!({ "id": stock.id(), "version": 1, "headCount": "WORKERS" });
    assert_eq!(
        catalogue
            .does("setIndicatorHeadCount", counts.clone())
            .await
            .user_errors(),
        []
    );
    assert_eq!(
        catalogue.does("setIndicatorHeadCount", counts).await.code(),
        "STALE_VERSION"
    );
}
