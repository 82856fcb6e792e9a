//! Sums of parts, answers that are counted and answers that are not added: what a summary tells of figures that are more than numbers.

use serde_json::{Value, json};

use crate::reports::Reporting;
use crate::reports_figures::{Everything, typed};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    parts_are_summed_beside_the_totals,
    behind_the_sum_of_a_part_are_the_reports_that_tell_it,
    yes_is_counted_and_choices_are_counted_each,
    a_rate_rests_on_totals_and_not_on_parts,
    over_quarters_the_latest_answer_of_each_unit_counts,
    rest_tells_parts_and_choices_too,
}

/// Totals over the units below the owner of the form, for a period.
async fn totals(app: &TestApp, who: &Person, (form, period): (&str, &str), fields: &str) -> Answer {
    let query = format!(
        "query($unit: ID!, $form: ID!, $period: ID!) {{ summary(scope: {{ unitId: $unit }}, formId: $form, periodId: $period) {{ {fields} }} }}"
    );
    let of = json!({ "unit": app.world()["Viên chức"].id(), "form": form, "period": period });
    who.graphql(&query, of).await
}

/// Three reports with everything in them.
async fn three(app: &TestApp) -> Everything {
    let world = app.world();
    let all = Everything::begin(app).await;
    for (unit, figures) in [
        (
            "Sở Nội vụ",
            &[
                ("heads", "TOTAL", "100"),
                ("heads", "WOMEN", "40"),
                ("heads", "SECTOR_EDUCATION", "10"),
                ("has_rules", "TOTAL", "có"),
                ("rating", "TOTAL", "TOT"),
                ("attendance", "TOTAL", "90%"),
                ("remark", "TOTAL", "Không"),
            ][..],
        ),
        (
            "Thư viện",
            &[
                ("heads", "TOTAL", "trên 20"),
                ("heads", "WOMEN", "15-18"),
                ("has_rules", "TOTAL", "không"),
                ("rating", "TOTAL", "TOT"),
                ("attendance", "TOTAL", "80%"),
            ],
        ),
        (
            "Sở Ngoại vụ",
            &[
                ("heads", "TOTAL", "7"),
                ("has_rules", "TOTAL", "x"),
                ("rating", "TOTAL", "XS"),
            ],
        ),
    ] {
        all.approved(app, &world[unit], figures).await;
    }
    all
}

fn of<'a>(answer: &'a Answer, code: &str) -> &'a Value {
    let totals = answer.at("/summary/totals").as_array().expect("a list");
    let found = totals.iter().find(|total| total["indicator"]["code"] == code);
    found.unwrap_or_else(|| panic!("no {code} in {answer}"))
}

async fn parts_are_summed_beside_the_totals(app: TestApp) {
    let all = three(&app).await;
    let fields = "totals { indicator { code } value upper qualifier reports parts { part value upper qualifier reports estimates claims { qualifier reports } } }";
    let (form, period) = (&all.reporting.form, &all.reporting.period);
    let seen = totals(&app, &all.reporting.specialist, (form, period), fields).await;
    assert_eq!(
        *of(&seen, "heads"),
        json!({
            "indicator": { "code": "heads" }, "value": "127", "upper": null, "qualifier": "MORE_THAN", "reports": 3,
            "parts": [
                {
                    "part": "WOMEN", "value": "55", "upper": "58", "qualifier": "RANGE", "reports": 2, "estimates": 2,
                    "claims": [{ "qualifier": "EXACT", "reports": 1 }, { "qualifier": "RANGE", "reports": 1 }],
                },
                {
                    "part": "SECTOR_EDUCATION", "value": "10", "upper": null, "qualifier": "EXACT", "reports": 1, "estimates": 1,
                    "claims": [{ "qualifier": "EXACT", "reports": 1 }],
                },
            ],
        })
    );
    assert_eq!(of(&seen, "new_members")["parts"], json!([]));
}

async fn behind_the_sum_of_a_part_are_the_reports_that_tell_it(app: TestApp) {
    let all = three(&app).await;
    let fields = "total: reports(indicatorCode: \"heads\") { totalCount } women: reports(indicatorCode: \"heads\", part: WOMEN) { totalCount nodes { unitName } }
        none: reports(indicatorCode: \"heads\", part: SECTOR_OCCUPATIONAL) { totalCount }";
    let (form, period) = (&all.reporting.form, &all.reporting.period);
    let seen = totals(&app, &all.reporting.specialist, (form, period), fields).await;
    assert_eq!(*seen.at("/summary/total/totalCount"), json!(3));
    assert_eq!(*seen.at("/summary/women/totalCount"), json!(2));
    assert_eq!(
        seen.texts("/summary/women/nodes", "unitName"),
        ["CĐCS Sở Nội vụ", "CĐCS Thư viện tỉnh"]
    );
    assert_eq!(*seen.at("/summary/none/totalCount"), json!(0));
}

async fn yes_is_counted_and_choices_are_counted_each(app: TestApp) {
    let all = three(&app).await;
    let fields = "totals { indicator { code } value qualifier reports choiceCounts { choice { code label } reports } }";
    let (form, period) = (&all.reporting.form, &all.reporting.period);
    let seen = totals(&app, &all.reporting.specialist, (form, period), fields).await;
    let rules = of(&seen, "has_rules");
    assert_eq!(
        (&rules["value"], &rules["reports"]),
        (&json!("2"), &json!(3)),
        "two of three said yes"
    );
    let rating = of(&seen, "rating");
    assert_eq!((&rating["value"], &rating["reports"]), (&Value::Null, &json!(3)));
    assert_eq!(
        rating["choiceCounts"],
        json!([
            { "choice": { "code": "XS", "label": "Hoàn thành xuất sắc nhiệm vụ" }, "reports": 1 },
            { "choice": { "code": "TOT", "label": "Hoàn thành tốt nhiệm vụ" }, "reports": 2 },
            { "choice": { "code": "HT", "label": "Hoàn thành nhiệm vụ" }, "reports": 0 },
        ])
    );
    let attendance = of(&seen, "attendance");
    assert_eq!(
        (&attendance["value"], &attendance["qualifier"], &attendance["reports"]),
        (&Value::Null, &Value::Null, &json!(2)),
        "a number that is not added up"
    );
    assert_eq!(of(&seen, "remark")["reports"], 1);
}

async fn a_rate_rests_on_totals_and_not_on_parts(app: TestApp) {
    let all = three(&app).await;
    let rate = json!({
        "code": "growth", "name": "Tỷ lệ phát triển", "unitOfMeasure": "%", "numberForm": "PERCENTAGE", "aggregation": "RATE",
        "numeratorCode": "new_members", "denominatorCode": "heads",
    });
    app.catalogue_keeper().await.does("createIndicator", rate).await.thing();
    let world = app.world();
    let figures = [
        ("heads", "TOTAL", "50"),
        ("heads", "WOMEN", "25"),
        ("new_members", "TOTAL", "5"),
    ];
    all.approved(&app, &world["Sở Khoa học"], &figures).await;
    let officer = app.officer_of(&world["Sở Tài chính"]).await;
    let draft = all.reporting.draft(&officer, &world["Sở Tài chính"], &[]).await;
    typed(
        &draft,
        &officer,
        1,
        &[("heads", "WOMEN", "3"), ("new_members", "TOTAL", "9")],
    )
    .await
    .thing();
    let query = "query($unit: ID!, $form: ID!, $period: ID!) { summary(scope: { unitId: $unit }, formId: $form, periodId: $period, basis: ALL) {
        totals(codes: [\"growth\"]) { value numerator denominator reports parts { part } } reports(indicatorCode: \"growth\") { totalCount } } }";
    let of = json!({ "unit": world["Viên chức"].id(), "form": all.reporting.form, "period": all.reporting.period });
    let seen = all.reporting.specialist.graphql(query, of).await;
    assert_eq!(
        *seen.at("/summary"),
        json!({
            "totals": [{ "value": "10", "numerator": "5", "denominator": "50", "reports": 1, "parts": [] }],
            "reports": { "totalCount": 1 },
        })
    );
}

async fn over_quarters_the_latest_answer_of_each_unit_counts(app: TestApp) {
    let world = app.world();
    let mut all = Everything::begin(&app).await;
    let year = all.reporting.period.clone();
    let items = json!([
        { "indicatorCode": "heads", "dimensions": ["WOMEN"] },
        { "indicatorCode": "has_rules" }, { "indicatorCode": "rating" },
    ]);
    let new =
        json!({ "ownerId": world["Viên chức"].id(), "code": "TK-Q", "name": "Biểu quý", "periodicity": "QUARTER" });
    let form = all
        .reporting
        .specialist
        .does("createReportForm", new)
        .await
        .id()
        .to_owned();
    let draft = json!({ "formId": form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
    all.reporting
        .specialist
        .does("writeReportFormDraft", draft)
        .await
        .thing();
    let publish = json!({ "formId": form, "number": 1, "version": 1 });
    all.reporting
        .specialist
        .does("publishReportForm", publish)
        .await
        .thing();
    all.reporting.form = form.clone();
    let setter = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let quarters = [
        (
            ("2026-Q1", ("2026-01-01", "2026-03-31")),
            &[
                ("heads", "TOTAL", "100"),
                ("heads", "WOMEN", "40"),
                ("has_rules", "TOTAL", "không"),
                ("rating", "TOTAL", "HT"),
            ][..],
        ),
        (
            ("2026-Q2", ("2026-04-01", "2026-06-30")),
            &[
                ("heads", "TOTAL", "110"),
                ("has_rules", "TOTAL", "có"),
                ("rating", "TOTAL", "XS"),
            ],
        ),
    ];
    for ((code, span), figures) in quarters {
        all.reporting.period = Reporting::period(&setter, &world["Tổng Liên đoàn"], (code, "QUARTER"), span).await;
        all.approved(&app, &world["Thư viện"], figures).await;
    }
    let fields = "totals { indicator { code } value parts { part value } choiceCounts { choice { code } reports } }
        women: reports(indicatorCode: \"heads\", part: WOMEN) { nodes { period { code } } }
        heads: reports(indicatorCode: \"heads\") { nodes { period { code } } }
        rating: reports(indicatorCode: \"rating\") { nodes { period { code } } }";
    let seen = totals(&app, &all.reporting.specialist, (&form, &year), fields).await;
    assert_eq!(of(&seen, "heads")["value"], "110");
    assert_eq!(
        of(&seen, "heads")["parts"],
        json!([{ "part": "WOMEN", "value": "40" }]),
        "the latest report that tells of women"
    );
    assert_eq!(of(&seen, "has_rules")["value"], "1");
    let counts: Vec<&Value> = of(&seen, "rating")["choiceCounts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["reports"])
        .collect();
    assert_eq!(counts, [&json!(1), &json!(0), &json!(0)], "who was HT is XS now");
    assert_eq!(
        *seen.at("/summary/women/nodes"),
        json!([{ "period": { "code": "2026-Q1" } }])
    );
    for behind in ["heads", "rating"] {
        assert_eq!(
            seen.at("/summary")[behind]["nodes"],
            json!([{ "period": { "code": "2026-Q2" } }]),
            "{behind}"
        );
    }
}

async fn rest_tells_parts_and_choices_too(app: TestApp) {
    let all = three(&app).await;
    let ask = format!(
        "unitId={}&formId={}&periodId={}",
        app.world()["Viên chức"].id(),
        all.reporting.form,
        all.reporting.period
    );
    let seen = all.reporting.specialist.get(&format!("/api/v1/summary?{ask}")).await;
    let heads = &seen.body()["totals"][0];
    assert_eq!(
        (&heads["indicatorCode"], &heads["value"]),
        (&json!("heads"), &json!("127"))
    );
    assert_eq!(
        heads["parts"][0],
        json!({ "part": "WOMEN", "value": "55", "upper": "58", "qualifier": "RANGE", "estimates": 2, "reports": 2 })
    );
    assert_eq!(
        seen.body()["totals"][3]["choiceCounts"],
        json!([{ "choice": "XS", "reports": 1 }, { "choice": "TOT", "reports": 2 }, { "choice": "HT", "reports": 0 }])
    );
    let path = format!("/api/v1/summary/reports?{ask}&indicatorCode=heads");
    let behind = |part: &str| format!("{path}&part={part}");
    for (path, count) in [
        (path.clone(), 3),
        (behind("WOMEN"), 2),
        (behind("SECTOR_OCCUPATIONAL"), 0),
    ] {
        let behind = all.reporting.specialist.get(&path).await;
        assert_eq!(behind.body()["items"].as_array().map(Vec::len), Some(count), "{path}");
    }
    let unknown = all.reporting.specialist.get(&behind("NOBODY")).await;
    assert_eq!((unknown.status(), unknown.code()), (400, "BAD_REQUEST"));
}
