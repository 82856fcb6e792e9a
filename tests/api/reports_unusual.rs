//! Unusual figures are pointed out before a report is sent, beside the unit's own past and its cluster, and never after.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Person, TestApp, moment, on_both_databases};

on_both_databases! {
    a_figure_unlike_the_units_own_past_is_pointed_out_before_sending_and_never_after,
    three_earlier_reports_are_too_few_and_only_what_counts_is_compared,
    of_a_long_past_only_the_last_twelve_periods_count,
    a_figure_unlike_those_of_the_cluster_is_told_with_numbers_of_nobody_alone,
    what_others_have_not_handed_in_is_compared_with_nothing,
    units_outside_the_cluster_are_compared_with_nothing,
    who_does_not_see_the_draft_learns_nothing_of_it,
    statements_do_not_grow_with_figures_or_reports,
}

const UNUSUAL: &str =
    "unusualFigures { comparedWith count median medianDeviation why figure { indicatorCode part label text } }";
const MEMBERS: [&str; 5] = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];

/// The same form, for another year.
async fn in_year(app: &TestApp, reporting: &Reporting, year: i32) -> Reporting {
    let all = &app.world()["Tổng Liên đoàn"];
    let setter = app.specialist_of(all).await;
    let (from, to) = (format!("{year}-01-01"), format!("{year}-12-31"));
    let period = Reporting::period(&setter, all, (&year.to_string(), "YEAR"), (&from, &to)).await;
    Reporting {
        specialist: reporting.specialist.clone(),
        committee: reporting.committee.clone(),
        form: reporting.form.clone(),
        period,
    }
}

/// Approved reports of a unit for the years that end with 2025, the last first, each with so many members.
async fn past(app: &TestApp, reporting: &Reporting, unit: &str, members: &[&str]) {
    for (year, members) in (0..).map(|back| 2025 - back).zip(members) {
        let reporting = in_year(app, reporting, year).await;
        let figures = [("members_total", *members), ("workers_total", "2.000")];
        reporting.approved(app, &app.world()[unit], &figures).await;
    }
}

async fn unusual(report: &Draft, who: &Person) -> Value {
    report.seen_by(who, UNUSUAL).await.at("/node/unusualFigures").clone()
}

fn figures(members: &'static str) -> [(&'static str, &'static str); 2] {
    [("members_total", members), ("workers_total", "2.000")]
}

async fn a_figure_unlike_the_units_own_past_is_pointed_out_before_sending_and_never_after(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    past(&app, &reporting, "Sở Nội vụ", &["1.671", "1.660", "1.640", "1.655"]).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, &figures("16.710")).await;
    let told = json!([{
        "comparedWith": "OWN_PAST", "count": 4, "median": "1657.5", "medianDeviation": "8",
        "why": "16.710 khác thường so với 4 kỳ trước của đơn vị: trung vị là 1.657,5, độ lệch thường gặp là 8. Có thể gõ thừa 1 chữ số.",
        "figure": { "indicatorCode": "members_total", "part": "TOTAL", "label": "Số đoàn viên", "text": "16.710" },
    }]);
    assert_eq!(unusual(&report, &officer).await, told);
    assert_eq!(
        unusual(&report, &reporting.specialist).await,
        told,
        "who sees the draft may ask too"
    );
    let path = format!("/api/v1/reports/{}/findings", report.id);
    let rest = officer.in_english().get(&path).await;
    let one = &rest.body()["unusual"][0];
    assert_eq!(
        (&one["median"], &one["comparedWith"]),
        (&json!("1657.5"), &json!("OWN_PAST")),
        "{rest}"
    );
    assert!(
        one["why"]
            .as_str()
            .is_some_and(|why| why.contains("Perhaps there is a digit too many")),
        "{rest}"
    );
    report.step(&officer, "submitReport", 2).await.thing();
    assert_eq!(
        unusual(&report, &officer).await,
        json!([]),
        "it keeps nothing from being sent, and is not told after"
    );
    assert_eq!(unusual(&report, &reporting.specialist).await, json!([]));
    assert_eq!(reporting.specialist.get(&path).await.body()["unusual"], json!([]));
    report
        .give_back(&reporting.specialist, 3, "Xem lại số đoàn viên.")
        .await
        .thing();
    assert_eq!(unusual(&report, &officer).await, told, "it is with its unit again");
    report.save(&officer, 4, &figures("1.680")).await.thing();
    assert_eq!(unusual(&report, &officer).await, json!([]));
}

async fn three_earlier_reports_are_too_few_and_only_what_counts_is_compared(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    past(&app, &reporting, "Sở Nội vụ", &["1.671", "1.660", "1.640"]).await;
    let (world, year) = (app.world(), in_year(&app, &reporting, 2022).await);
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let report = reporting.draft(&officer, &world["Sở Nội vụ"], &figures("16.710")).await;
    assert_eq!(unusual(&report, &officer).await, json!([]));
    let fourth = year
        .draft(&officer, &world["Sở Nội vụ"], &figures("khoảng 1.600"))
        .await;
    fourth.step(&officer, "submitReport", 2).await.thing();
    assert_eq!(unusual(&report, &officer).await, json!([]), "not approved yet");
    fourth.step(&reporting.specialist, "verifyReport", 3).await.thing();
    fourth.step(&reporting.committee, "approveReport", 4).await.thing();
    assert_eq!(unusual(&report, &officer).await, json!([]), "not exact");
    let later = in_year(&app, &reporting, 2027).await;
    app.it_is(moment(2028, 1, 5, 8, 0));
    later.approved(&app, &world["Sở Nội vụ"], &figures("1.600")).await;
    assert_eq!(unusual(&report, &officer).await, json!([]), "not earlier");
}

async fn of_a_long_past_only_the_last_twelve_periods_count(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let members = ["1.671", "1.660", "1.640", "1.655"];
    let long: Vec<&str> = members.iter().cycle().take(13).copied().collect();
    past(&app, &reporting, "Sở Nội vụ", &long).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, &figures("16.710")).await;
    assert_eq!(unusual(&report, &officer).await[0]["count"], 12);
}

/// Reports of the others of a cluster with these figures, sent.
async fn others(app: &TestApp, reporting: &Reporting, sent: &[(&str, &'static str)]) -> Vec<Draft> {
    let mut reports = Vec::new();
    for (unit, members) in sent {
        let unit = &app.world()[*unit];
        let officer = app.officer_of(unit).await;
        let report = reporting.draft(&officer, unit, &figures(members)).await;
        report.step(&officer, "submitReport", 2).await.thing();
        reports.push(report);
    }
    reports
}

const SENT: [(&str, &str); 4] = [
    ("Sở Tài chính", "61"),
    ("Sở Ngoại vụ", "42"),
    ("Sở Khoa học", "55"),
    ("Thư viện", "48"),
];

async fn a_figure_unlike_those_of_the_cluster_is_told_with_numbers_of_nobody_alone(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    Cluster::of(&app, "Viên chức", "Cụm 1", &MEMBERS).await;
    let reports = others(&app, &reporting, &SENT).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, &figures("630")).await;
    let told = json!([{
        "comparedWith": "CLUSTER", "count": 4, "median": "51.5", "medianDeviation": "6.5",
        "why": "630 khác thường so với 4 đơn vị khác trong cụm: trung vị là 51,5, độ lệch thường gặp là 6,5. Có thể gõ thừa 1 chữ số.",
        "figure": { "indicatorCode": "members_total", "part": "TOTAL", "label": "Số đoàn viên", "text": "630" },
    }]);
    assert_eq!(unusual(&report, &officer).await, told);
    // A report and its correction are one other, not two.
    reports[0].step(&reporting.specialist, "verifyReport", 3).await.thing();
    reports[0].step(&reporting.committee, "approveReport", 4).await.thing();
    let corrector = app.officer_of(&app.world()["Sở Tài chính"]).await;
    let input = json!({ "id": reports[0].id, "version": 5, "reason": "Đếm trùng." });
    let correction = corrector.does("correctReport", input).await.id().to_owned();
    corrector
        .does("submitReport", json!({ "id": correction, "version": 1 }))
        .await
        .thing();
    assert_eq!(unusual(&report, &officer).await, told);
}

async fn what_others_have_not_handed_in_is_compared_with_nothing(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    Cluster::of(&app, "Viên chức", "Cụm 1", &MEMBERS).await;
    others(&app, &reporting, &SENT[..3]).await;
    let world = app.world();
    let library = app.officer_of(&world["Thư viện"]).await;
    let drafted = reporting.draft(&library, &world["Thư viện"], &figures("48")).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let report = reporting.draft(&officer, &world["Sở Nội vụ"], &figures("630")).await;
    assert_eq!(unusual(&report, &officer).await, json!([]), "a draft");
    drafted.step(&library, "submitReport", 2).await.thing();
    assert_eq!(unusual(&report, &officer).await[0]["count"], 4);
    drafted
        .give_back(&reporting.specialist, 3, "Thiếu chữ ký.")
        .await
        .thing();
    assert_eq!(
        unusual(&report, &officer).await,
        json!([]),
        "sent back: three others are too few"
    );
}

async fn units_outside_the_cluster_are_compared_with_nothing(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &MEMBERS[..4]).await;
    others(&app, &reporting, &SENT).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, &figures("630")).await;
    assert_eq!(unusual(&report, &officer).await, json!([]), "the library is no member");
    cluster.takes_in(&app.world()["Thư viện"], "2026-12-31").await.thing();
    assert_eq!(
        unusual(&report, &officer).await[0]["count"],
        4,
        "it is one when the period ends"
    );
}

async fn who_does_not_see_the_draft_learns_nothing_of_it(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &MEMBERS).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2026-01-01").await.thing();
    others(&app, &reporting, &SENT).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let report = reporting.draft(&officer, &world["Sở Nội vụ"], &figures("630")).await;
    let chair = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(report.seen_by(&chair, UNUSUAL).await.code(), "NOT_FOUND");
    let path = format!("/api/v1/reports/{}/findings", report.id);
    assert_eq!(chair.get(&path).await.status(), 404);
    report.step(&officer, "submitReport", 2).await.thing();
    assert_eq!(unusual(&report, &chair).await, json!([]), "and nothing after");
}

async fn statements_do_not_grow_with_figures_or_reports(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    Cluster::of(&app, "Viên chức", "Cụm 1", &MEMBERS).await;
    others(&app, &reporting, &SENT).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, &[("members_total", "630")]).await;
    let few = report.seen_by(&officer, UNUSUAL).await;
    assert_eq!(few.at("/node/unusualFigures").as_array().map(Vec::len), Some(1));
    let more = [
        ("workers_total", "30.000"),
        ("new_members", "7"),
        ("welfare_amount", "2 triệu"),
    ];
    report.save(&officer, 2, &more).await.thing();
    let many = report.seen_by(&officer, UNUSUAL).await;
    assert_eq!(many.at("/node/unusualFigures").as_array().map(Vec::len), Some(2));
    assert_eq!(many.statements(), few.statements());
    let list = "{ reports(where: { statuses: [DRAFT] }) { nodes { unusualFigures { count } } } }";
    let one = reporting.specialist.graphql(list, json!({})).await;
    let earlier = in_year(&app, &reporting, 2025).await;
    for unit in ["Sở Nội vụ", "Thư viện"] {
        let officer = app.officer_of(&app.world()[unit]).await;
        earlier.draft(&officer, &app.world()[unit], &figures("630")).await;
    }
    let three = reporting.specialist.graphql(list, json!({})).await;
    assert_eq!(three.at("/reports/nodes").as_array().map(Vec::len), Some(3));
    assert_eq!(three.statements(), one.statements());
}
