//! What a draft could begin with: nobody types a figure that is known from elsewhere.

use serde_json::{Value, json};

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    stocks_of_the_last_period_are_suggested_and_flows_are_not,
    what_was_handed_in_on_another_form_is_suggested,
    an_upper_union_begins_with_the_sum_of_the_units_below,
    what_the_report_has_is_not_suggested_and_nothing_is_written_unasked,
    a_sum_with_a_figure_that_is_not_exact_is_not_suggested,
    suggestions_end_when_the_report_is_handed_in,
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
    let form = json!({ "ownerId": world["Sóc Trăng"].id(), "code": "BC-TREN", "name": "Báo cáo tổng hợp", "periodicity": "YEAR" });
    let form = reporting
        .specialist
        .does("createReportForm", form)
        .await
        .id()
        .to_owned();
    let items = json!([{ "indicatorCode": "members_total" }, { "indicatorCode": "new_members" }]);
    let content = json!({ "formId": form, "unitKinds": ["LOCAL_BRANCH_UNION"], "sections": [{ "items": items }] });
    reporting.specialist.does("writeReportFormDraft", content).await.thing();
    let publish = json!({ "formId": form, "number": 1, "version": 1 });
    reporting.specialist.does("publishReportForm", publish).await.thing();
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
    let form = json!({ "ownerId": world["Sóc Trăng"].id(), "code": "BC-TREN", "name": "Báo cáo tổng hợp", "periodicity": "YEAR" });
    let form = reporting
        .specialist
        .does("createReportForm", form)
        .await
        .id()
        .to_owned();
    let items = json!([{ "indicatorCode": "members_total" }, { "indicatorCode": "workers_total" }]);
    let content = json!({ "formId": form, "unitKinds": ["LOCAL_BRANCH_UNION"], "sections": [{ "items": items }] });
    reporting.specialist.does("writeReportFormDraft", content).await.thing();
    let publish = json!({ "formId": form, "number": 1, "version": 1 });
    reporting.specialist.does("publishReportForm", publish).await.thing();
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
    let form =
        json!({ "ownerId": world["Viên chức"].id(), "code": "BC-NGAN", "name": "Báo cáo ngắn", "periodicity": "YEAR" });
    let form = reporting
        .specialist
        .does("createReportForm", form)
        .await
        .id()
        .to_owned();
    let items = json!([{ "indicatorCode": "members_total" }, { "indicatorCode": "workers_total" }]);
    let content = json!({ "formId": form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
    reporting.specialist.does("writeReportFormDraft", content).await.thing();
    reporting
        .specialist
        .does(
            "publishReportForm",
            json!({ "formId": form, "number": 1, "version": 1 }),
        )
        .await
        .thing();
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
    assert!(statements[2] <= statements[0] + 1, "{statements:?}");
}
