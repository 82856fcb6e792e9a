//! A report that was begun from the sum of the units below says which of its figures were overtaken by what was approved below since.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, Unit, moment, no_more_statements, on_both_databases};

on_both_databases! {
    a_correction_below_overtakes_the_figures_that_rest_on_it,
    a_report_approved_below_overtakes_too_and_drafts_do_not,
    a_figure_taken_out_by_a_correction_below_is_missed_in_the_sum,
    a_figure_that_is_still_the_sum_is_not_overtaken,
    who_writes_the_figure_again_has_seen_what_overtook_it,
    a_figure_that_claims_no_exact_number_is_not_held_against_a_sum,
    a_report_that_was_replaced_says_no_more,
    neighbours_in_a_cluster_are_not_told_the_sum_of_units_below,
    rest_tells_it_with_the_findings,
    many_reports_take_as_many_statements_as_one,
}

const FIELDS: &str =
    "status overtaken { indicator { code } part value text sum reports unitsSince since sourceForm { code } }";

/// The upper union with a report of its own for the same year.
struct Upper {
    reporting: Reporting,
    form: String,
    officer: Person,
    report: Draft,
}

/// A published form that upper unions of the province fill in.
async fn upper_form(app: &TestApp, reporting: &Reporting) -> String {
    let owner = &app.world()["Sóc Trăng"];
    let items = ["members_total", "new_members"];
    reporting
        .short_form(owner, "BC-TREN", "LOCAL_BRANCH_UNION", &items)
        .await
}

async fn below(app: &TestApp, reporting: &Reporting, unit: &str, members: &str, new: &str) -> Draft {
    let figures = [
        ("members_total", members),
        ("workers_total", "2.000"),
        ("new_members", new),
    ];
    reporting.approved(app, &app.world()[unit], &figures).await
}

/// Clocks run on between two steps of a test.
fn to_the_hour(one: &mut Value) {
    let since = one["since"].as_str().expect("an instant");
    one["since"] = since[..13].into();
}

impl Upper {
    /// At eight o'clock two units below have approved reports, with 1.671 and 27 members, 3 and 1 of them new. At nine their union's report
    /// is written with these figures.
    async fn of(app: &TestApp, figures: &[(&str, &str)]) -> (Self, [Draft; 2]) {
        let reporting = Reporting::begin(app).await;
        app.it_is(moment(2026, 12, 1, 8, 0));
        let reports = [
            below(app, &reporting, "Sở Nội vụ", "1.671", "3").await,
            below(app, &reporting, "Thư viện", "27", "1").await,
        ];
        app.it_is(moment(2026, 12, 1, 9, 0));
        let form = upper_form(app, &reporting).await;
        let union = &app.world()["Viên chức"];
        let officer = app.officer_of(union).await;
        let input = json!({ "unitId": union.id(), "formId": form, "periodId": reporting.period });
        let report = Draft {
            id: officer.does("createReport", input).await.id().to_owned(),
        };
        report.save(&officer, 1, figures).await.thing();
        let upper = Self {
            reporting,
            form,
            officer,
            report,
        };
        (upper, reports)
    }

    async fn overtaken(&self, who: &Person) -> Vec<Value> {
        let seen = self.report.seen_by(who, FIELDS).await;
        let mut told = seen.at("/node/overtaken").as_array().expect("a list").clone();
        told.iter_mut().for_each(to_the_hour);
        told
    }

    /// A correction of a report below, with these figures, approved.
    async fn correct(&self, app: &TestApp, (report, unit): (&Draft, &Unit), figures: &[(&str, &str)]) {
        let correction = self.begin_correcting(app, (report, unit), figures).await;
        correction
            .step(&self.reporting.specialist, "verifyReport", 3)
            .await
            .thing();
        correction
            .step(&self.reporting.committee, "approveReport", 4)
            .await
            .thing();
    }

    async fn begin_correcting(
        &self,
        app: &TestApp,
        (report, unit): (&Draft, &Unit),
        figures: &[(&str, &str)],
    ) -> Draft {
        let officer = app.officer_of(unit).await;
        let input = json!({ "id": report.id, "version": 5, "reason": "Đếm trùng." });
        let correction = Draft {
            id: officer.does("correctReport", input).await.id().to_owned(),
        };
        correction.save(&officer, 1, figures).await.thing();
        correction.step(&officer, "submitReport", 2).await.thing();
        correction
    }
}

const SUMS: &[(&str, &str)] = &[("members_total", "1.698"), ("new_members", "4")];

async fn a_correction_below_overtakes_the_figures_that_rest_on_it(app: TestApp) {
    let (upper, [report, _]) = Upper::of(&app, SUMS).await;
    let unit = &app.world()["Sở Nội vụ"];
    assert!(upper.overtaken(&upper.officer).await.is_empty(), "it is the sum");
    app.it_is(moment(2026, 12, 1, 10, 0));
    upper
        .correct(&app, (&report, unit), &[("members_total", "1.600")])
        .await;
    upper.report.step(&upper.officer, "submitReport", 2).await.thing();
    for who in [&upper.officer, &upper.reporting.specialist, &upper.reporting.committee] {
        assert_eq!(
            upper.overtaken(who).await,
            [json!({
                "indicator": { "code": "members_total" }, "part": "TOTAL", "value": "1698", "text": "1.698", "sum": "1627",
                "reports": 2, "unitsSince": 1, "since": "2026-12-01T03", "sourceForm": { "code": "TK-01" },
            })],
            "the new members were not corrected, so their sum still stands"
        );
    }
    upper
        .report
        .step(&upper.reporting.specialist, "verifyReport", 3)
        .await
        .thing();
    upper
        .report
        .step(&upper.reporting.committee, "approveReport", 4)
        .await
        .thing();
    assert_eq!(
        upper.overtaken(&upper.reporting.committee).await.len(),
        1,
        "an approved report still says that it is stale"
    );
}

async fn a_report_approved_below_overtakes_too_and_drafts_do_not(app: TestApp) {
    let (upper, [report, _]) = Upper::of(&app, SUMS).await;
    let world = app.world();
    app.it_is(moment(2026, 12, 1, 10, 0));
    let draft = [("members_total", "1.600")];
    upper
        .begin_correcting(&app, (&report, &world["Sở Nội vụ"]), &draft)
        .await;
    assert!(
        upper.overtaken(&upper.officer).await.is_empty(),
        "a correction under way changes no sum"
    );
    app.it_is(moment(2026, 12, 1, 11, 0));
    below(&app, &upper.reporting, "Sở Ngoại vụ", "31", "2").await;
    app.it_is(moment(2026, 12, 1, 12, 0));
    below(&app, &upper.reporting, "Sở Khoa học", "20", "0").await;
    let told = upper.overtaken(&upper.officer).await;
    let told: Vec<_> = told
        .iter()
        .map(|one| (&one["sum"], &one["reports"], &one["unitsSince"], &one["since"]))
        .collect();
    let (reports, units, since) = (json!(4), json!(2), json!("2026-12-01T04"));
    assert_eq!(
        told,
        [
            (&json!("1749"), &reports, &units, &since),
            (&json!("6"), &reports, &units, &since)
        ]
    );
}

async fn a_figure_taken_out_by_a_correction_below_is_missed_in_the_sum(app: TestApp) {
    let (upper, [_, report]) = Upper::of(&app, SUMS).await;
    app.it_is(moment(2026, 12, 1, 10, 0));
    let unit = &app.world()["Thư viện"];
    upper.correct(&app, (&report, unit), &[("new_members", "")]).await;
    let told = upper.overtaken(&upper.officer).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (&told[0]["indicator"]["code"], &told[0]["sum"], &told[0]["reports"]),
        (&json!("new_members"), &json!("3"), &json!(1))
    );
}

async fn a_figure_that_is_still_the_sum_is_not_overtaken(app: TestApp) {
    let (upper, [one, other]) = Upper::of(&app, SUMS).await;
    app.it_is(moment(2026, 12, 1, 10, 0));
    let world = app.world();
    let moved = [("Sở Nội vụ", &one, "1.670"), ("Thư viện", &other, "28")];
    for (unit, report, members) in moved {
        let figures = [("members_total", members)];
        upper.correct(&app, (report, &world[unit]), &figures).await;
    }
    assert!(upper.overtaken(&upper.officer).await.is_empty());
}

async fn who_writes_the_figure_again_has_seen_what_overtook_it(app: TestApp) {
    let (upper, [report, _]) = Upper::of(&app, SUMS).await;
    app.it_is(moment(2026, 12, 1, 10, 0));
    let unit = &app.world()["Sở Nội vụ"];
    let figures = [("members_total", "1.600"), ("new_members", "5")];
    upper.correct(&app, (&report, unit), &figures).await;
    assert_eq!(upper.overtaken(&upper.officer).await.len(), 2);
    app.it_is(moment(2026, 12, 1, 11, 0));
    let anew = [("members_total", "1.627"), ("new_members", "4")];
    upper.report.save(&upper.officer, 2, &anew).await.thing();
    assert!(
        upper.overtaken(&upper.officer).await.is_empty(),
        "one follows the sum, the other was written by somebody who knew"
    );
}

async fn a_figure_that_claims_no_exact_number_is_not_held_against_a_sum(app: TestApp) {
    let figures = [("members_total", "trên 1.600"), ("new_members", "4")];
    let (upper, [one, other]) = Upper::of(&app, &figures).await;
    app.it_is(moment(2026, 12, 1, 10, 0));
    let world = app.world();
    let corrected = [("members_total", "1.500"), ("new_members", "gần 5")];
    upper.correct(&app, (&one, &world["Sở Nội vụ"]), &corrected).await;
    upper
        .correct(&app, (&other, &world["Thư viện"]), &[("new_members", "9")])
        .await;
    assert!(upper.overtaken(&upper.officer).await.is_empty());
}

async fn a_report_that_was_replaced_says_no_more(app: TestApp) {
    let (upper, [report, _]) = Upper::of(&app, SUMS).await;
    upper.report.step(&upper.officer, "submitReport", 2).await.thing();
    upper
        .report
        .step(&upper.reporting.specialist, "verifyReport", 3)
        .await
        .thing();
    upper
        .report
        .step(&upper.reporting.committee, "approveReport", 4)
        .await
        .thing();
    app.it_is(moment(2026, 12, 1, 10, 0));
    let world = app.world();
    upper
        .correct(&app, (&report, &world["Sở Nội vụ"]), &[("members_total", "1.600")])
        .await;
    app.it_is(moment(2026, 12, 1, 11, 0));
    let mended = [("members_total", "1.627")];
    let correction = upper
        .begin_correcting(&app, (&upper.report, &world["Viên chức"]), &mended)
        .await;
    let seen = correction.seen_by(&upper.officer, FIELDS).await;
    assert_eq!(seen.at("/node/overtaken"), &json!([]));
    assert_eq!(upper.overtaken(&upper.officer).await.len(), 1, "until it is replaced");
    correction
        .step(&upper.reporting.specialist, "verifyReport", 3)
        .await
        .thing();
    correction
        .step(&upper.reporting.committee, "approveReport", 4)
        .await
        .thing();
    assert!(upper.overtaken(&upper.officer).await.is_empty());
}

async fn neighbours_in_a_cluster_are_not_told_the_sum_of_units_below(app: TestApp) {
    let (upper, [report, _]) = Upper::of(&app, SUMS).await;
    let world = app.world();
    let cluster = Cluster::of(&app, "Tổng Liên đoàn", "Khối", &["Viên chức", "Đăk Tô"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2026-01-01").await.thing();
    app.it_is(moment(2026, 12, 1, 10, 0));
    upper
        .correct(&app, (&report, &world["Sở Nội vụ"]), &[("members_total", "1.600")])
        .await;
    upper.report.step(&upper.officer, "submitReport", 2).await.thing();
    let chair = app.officer_of(&world["Đăk Tô"]).await;
    let seen = upper.report.seen_by(&chair, FIELDS).await;
    assert_eq!(seen.at("/node"), &json!({ "status": "SUBMITTED", "overtaken": [] }));
    let findings = chair
        .get(&format!("/api/v1/reports/{}/findings", upper.report.id))
        .await;
    assert_eq!(findings.body()["overtaken"], json!([]));
}

async fn rest_tells_it_with_the_findings(app: TestApp) {
    let (upper, [report, _]) = Upper::of(&app, SUMS).await;
    app.it_is(moment(2026, 12, 1, 10, 0));
    let unit = &app.world()["Sở Nội vụ"];
    upper
        .correct(&app, (&report, unit), &[("members_total", "1.600")])
        .await;
    let path = format!("/api/v1/reports/{}/findings", upper.report.id);
    let found = upper.reporting.committee.get(&path).await;
    let mut told = found.body()["overtaken"].as_array().expect("a list").clone();
    told.iter_mut().for_each(to_the_hour);
    assert_eq!(
        json!(told),
        json!([{
            "indicatorCode": "members_total", "part": "TOTAL", "value": "1698", "text": "1.698", "sum": "1627", "reports": 2, "unitsSince": 1,
            "since": "2026-12-01T03", "sourceFormId": upper.reporting.form,
        }]),
        "{found}"
    );
}

async fn statements(who: &Person) -> u32 {
    let query = "{ reports(first: 50) { nodes { overtaken { sum indicator { code } sourceForm { code } } } } }";
    let answer: Answer = who.graphql(query, json!({})).await;
    assert_eq!(answer.code(), "", "{answer}");
    answer.statements()
}

async fn many_reports_take_as_many_statements_as_one(app: TestApp) {
    let (upper, [report, _]) = Upper::of(&app, SUMS).await;
    let world = app.world();
    app.it_is(moment(2026, 12, 1, 10, 0));
    upper
        .correct(&app, (&report, &world["Sở Nội vụ"]), &[("members_total", "1.600")])
        .await;
    let of_some = statements(&upper.reporting.specialist).await;
    for (unit, members) in [("Sở Ngoại vụ", "31"), ("Sở Khoa học", "20"), ("Sở Tài chính", "44")] {
        below(&app, &upper.reporting, unit, members, "2").await;
    }
    assert_eq!(upper.overtaken(&upper.officer).await.len(), 2);
    let of_many = statements(&upper.reporting.specialist).await;
    no_more_statements(of_some, of_many);
    assert!(!upper.form.is_empty());
}
