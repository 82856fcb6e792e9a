//! After an approval nothing is overwritten: a correction is a report of its own with a reason, and counts from its approval on.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    a_correction_counts_from_its_approval_on_and_the_corrected_one_stays_as_it_was,
    only_an_approved_report_is_corrected_and_only_with_a_reason,
    there_is_one_correction_at_a_time,
    a_correction_is_corrected_again,
    who_wrote_the_corrected_report_may_not_pass_its_correction,
    a_correction_is_late_only_if_the_first_report_was,
    the_chair_sees_a_correction_when_it_is_handed_in,
    what_was_replaced_is_shown_to_who_asks_for_it,
    rest_corrects_once_under_one_key,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];
const REASON: &str = "Đếm trùng 71 đoàn viên đã chuyển sinh hoạt.";

async fn begin(report: &Draft, who: &Person, version: i32) -> Answer {
    let input = json!({ "id": report.id, "version": version, "reason": REASON });
    who.does("correctReport", input).await
}

async fn begun(report: &Draft, who: &Person, version: i32) -> Draft {
    Draft {
        id: begin(report, who, version).await.id().to_owned(),
    }
}

/// Total of the members, and how many reports are expected, reported and drafts, on one basis.
async fn members(reporting: &Reporting, app: &TestApp, basis: &str) -> (String, [Value; 3]) {
    let query = "query($unit: ID!, $form: ID!, $period: ID!, $basis: SummaryBasis!) {
        summary(scope: { unitId: $unit }, formId: $form, periodId: $period, basis: $basis) {
            expected reported draft totals { indicator { code } value } } }";
    let unit = app.world()["Viên chức"].id();
    let asked = json!({ "unit": unit, "form": reporting.form, "period": reporting.period, "basis": basis });
    let answer = reporting.specialist.graphql(query, asked).await;
    let totals = answer.at("/summary/totals").as_array().expect("totals");
    let total = totals
        .iter()
        .find(|total| total["indicator"]["code"] == "members_total");
    let total = total.map(|total| total["value"].as_str().expect("a number").to_owned());
    let counts = ["expected", "reported", "draft"].map(|name| answer.at(&format!("/summary/{name}")).clone());
    (total.unwrap_or_default(), counts)
}

async fn a_correction_counts_from_its_approval_on_and_the_corrected_one_stays_as_it_was(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let report = reporting.approved(&app, unit, COMPLETE).await;
    let officer = app.officer_of(unit).await;
    let before = ["APPROVED", "SUBMITTED", "ALL"].map(|basis| members(&reporting, &app, basis));
    let before = join_all(before).await;
    let correction = begun(&report, &officer, 5).await;
    let fields = "status revision correctionReason figures { text } corrects { id }";
    let seen = correction.seen_by(&officer, fields).await;
    assert_eq!(seen.at("/node/status"), "DRAFT");
    assert_eq!(
        (seen.at("/node/revision"), seen.at("/node/corrects/id")),
        (&json!(2), &json!(report.id))
    );
    assert_eq!(seen.str("/node/correctionReason"), REASON);
    assert_eq!(
        seen.texts("/node/figures", "text"),
        ["1.671", "1.700"],
        "it begins with the same figures"
    );
    correction
        .save(&officer, 1, &[("members_total", "1.600")])
        .await
        .thing();
    correction.step(&officer, "submitReport", 2).await.thing();
    correction.step(&reporting.specialist, "verifyReport", 3).await.thing();
    for (basis, before) in ["APPROVED", "SUBMITTED", "ALL"].into_iter().zip(&before) {
        assert_eq!(
            &members(&reporting, &app, basis).await,
            before,
            "{basis}: a correction under way changes nothing"
        );
    }
    correction.step(&reporting.committee, "approveReport", 4).await.thing();
    for (basis, (total, counts)) in ["APPROVED", "SUBMITTED", "ALL"].into_iter().zip(before) {
        assert_eq!(total, "1671");
        assert_eq!(
            members(&reporting, &app, basis).await,
            ("1600".to_owned(), counts),
            "{basis}"
        );
    }
    let fields = "status figures { text } correction { id status } steps { action status reason }";
    let old = report.seen_by(&officer, fields).await;
    assert_eq!(old.str("/node/status"), "REPLACED");
    assert_eq!(old.texts("/node/figures", "text"), ["1.671", "1.700"]);
    assert_eq!(
        old.at("/node/correction"),
        &json!({ "id": correction.id, "status": "APPROVED" })
    );
    let last = old
        .at("/node/steps")
        .as_array()
        .and_then(|steps| steps.last())
        .expect("a step");
    assert_eq!(
        last,
        &json!({ "action": "CORRECT", "status": "APPROVED", "reason": REASON })
    );
}

async fn only_an_approved_report_is_corrected_and_only_with_a_reason(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let (unit, officer) = (&world["Sở Nội vụ"], app.officer_of(&world["Sở Nội vụ"]).await);
    let report = reporting.draft(&officer, unit, COMPLETE).await;
    assert_eq!(begin(&report, &officer, 2).await.code(), "WRONG_STATE");
    report.step(&officer, "submitReport", 2).await.thing();
    report.step(&reporting.specialist, "verifyReport", 3).await.thing();
    report.step(&reporting.committee, "approveReport", 4).await.thing();
    let silent = json!({ "id": report.id, "version": 5, "reason": "  " });
    let refused = officer.does("correctReport", silent).await;
    assert_eq!(refused.at("/correctReport/userErrors/0/field"), "reason", "{refused}");
    assert_eq!(begin(&report, &officer, 4).await.code(), "STALE_VERSION");
    assert_eq!(begin(&report, &reporting.specialist, 5).await.code(), "FORBIDDEN");
    assert_eq!(
        begin(&report, &app.officer_of(&world["Thư viện"]).await, 5)
            .await
            .code(),
        "NOT_FOUND"
    );
    assert_eq!(
        report
            .seen_by(&officer, "correction { id }")
            .await
            .at("/node/correction"),
        &Value::Null
    );
}

async fn there_is_one_correction_at_a_time(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let report = reporting.approved(&app, unit, COMPLETE).await;
    let officers = [app.officer_of(unit).await, app.officer_of(unit).await];
    let both = join_all(officers.iter().map(|officer| begin(&report, officer, 5))).await;
    let mut codes: Vec<&str> = both.iter().map(Answer::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["", "STALE_VERSION"]);
    assert_eq!(begin(&report, &officers[0], 6).await.code(), "ALREADY_EXISTS");
    let list = "query($form: ID!) { reports(where: { formId: $form, corrections: true }) { totalCount } }";
    let corrections = officers[0].graphql(list, json!({ "form": reporting.form })).await;
    assert_eq!(corrections.at("/reports/totalCount"), 1);
}

async fn a_correction_is_corrected_again(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let mut report = reporting.approved(&app, unit, COMPLETE).await;
    let officer = app.officer_of(unit).await;
    for (revision, members) in [(2, "1.600"), (3, "1.650")] {
        let correction = begun(&report, &officer, 5).await;
        correction
            .save(&officer, 1, &[("members_total", members)])
            .await
            .thing();
        correction.step(&officer, "submitReport", 2).await.thing();
        correction.step(&reporting.specialist, "verifyReport", 3).await.thing();
        correction.step(&reporting.committee, "approveReport", 4).await.thing();
        let seen = correction.seen_by(&officer, "revision").await;
        assert_eq!(seen.at("/node/revision"), revision);
        report = correction;
    }
    assert_eq!(self::members(&reporting, &app, "APPROVED").await.0, "1650");
}

async fn who_wrote_the_corrected_report_may_not_pass_its_correction(app: TestApp) {
    use thidua::policy::Scope;
    use thidua_entity::enums::Role;
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let grants = [
        (Role::UnitOfficer, Scope::Unit(unit.uuid)),
        (Role::Specialist, Scope::Unit(world["Sóc Trăng"].uuid)),
    ];
    let (both, other) = (app.person(&grants).await, app.officer_of(unit).await);
    let report = reporting.draft(&both, unit, COMPLETE).await;
    report.step(&both, "submitReport", 2).await.thing();
    report.step(&reporting.specialist, "verifyReport", 3).await.thing();
    report.step(&reporting.committee, "approveReport", 4).await.thing();
    let correction = begun(&report, &other, 5).await;
    correction.step(&other, "submitReport", 1).await.thing();
    assert_eq!(correction.step(&both, "verifyReport", 2).await.code(), "FORBIDDEN");
    correction.step(&reporting.specialist, "verifyReport", 2).await.thing();
}

async fn a_correction_is_late_only_if_the_first_report_was(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let report = reporting.approved(&app, unit, COMPLETE).await;
    app.it_is(moment(2027, 1, 15, 8, 0));
    let officer = app.officer_of(unit).await;
    let correction = begun(&report, &officer, 5).await;
    correction.step(&officer, "submitReport", 1).await.thing();
    assert_eq!(correction.seen_by(&officer, "late").await.at("/node/late"), false);
    let late = reporting.approved(&app, &world["Thư viện"], COMPLETE).await;
    let librarian = app.officer_of(&world["Thư viện"]).await;
    let correction = begun(&late, &librarian, 5).await;
    app.it_is((app.env.now() + Duration::days(1)).fixed_offset());
    correction.step(&librarian, "submitReport", 1).await.thing();
    assert_eq!(correction.seen_by(&librarian, "late").await.at("/node/late"), true);
}

async fn the_chair_sees_a_correction_when_it_is_handed_in(app: TestApp) {
    use crate::clusters::Cluster;
    use thidua::ids::Kind;
    use thidua::policy::Scope;
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Sở Nội vụ", "Thư viện"]).await;
    let cluster = Kind::Cluster.parse(&cluster.id).expect("a cluster");
    let report = reporting.approved(&app, unit, COMPLETE).await;
    let (officer, onlooker) = (app.officer_of(unit).await, app.viewer_of(Scope::Cluster(cluster)).await);
    let correction = begun(&report, &officer, 5).await;
    let of_report = async || {
        report
            .seen_by(&onlooker, "correction { id }")
            .await
            .at("/node/correction")
            .clone()
    };
    assert_eq!(correction.seen_by(&onlooker, "id").await.code(), "NOT_FOUND");
    assert_eq!(of_report().await, Value::Null);
    correction.step(&officer, "submitReport", 1).await.thing();
    assert_eq!(of_report().await, json!({ "id": correction.id }));
}

async fn what_was_replaced_is_shown_to_who_asks_for_it(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let report = reporting.approved(&app, unit, COMPLETE).await;
    let officer = app.officer_of(unit).await;
    let correction = begun(&report, &officer, 5).await;
    correction.step(&officer, "submitReport", 1).await.thing();
    correction.step(&reporting.specialist, "verifyReport", 2).await.thing();
    correction.step(&reporting.committee, "approveReport", 3).await.thing();
    for (asked, expected) in [
        ("", vec![&correction.id]),
        ("statuses: [REPLACED]", vec![&report.id]),
        ("corrections: true", vec![&correction.id]),
        ("corrections: false", vec![]),
        ("corrections: false, statuses: [REPLACED]", vec![&report.id]),
    ] {
        let query = format!("{{ reports(where: {{ {asked} }}) {{ nodes {{ id }} }} }}");
        let found = officer.graphql(&query, json!({})).await;
        assert_eq!(found.texts("/reports/nodes", "id"), expected, "{asked}");
    }
}

async fn rest_corrects_once_under_one_key(app: TestApp) {
    use actix_web::http::Method;
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let report = reporting.approved(&app, unit, COMPLETE).await;
    let officer = app.officer_of(unit).await;
    let path = format!("/api/v1/reports/{}/correct", report.id);
    let headers = [
        ("If-Match", "\"5\""),
        ("Idempotency-Key", "dinh-chinh-1"),
        ("Content-Type", "application/json"),
    ];
    let send = || officer.request(Method::POST, &path, &headers, json!({ "reason": REASON }).to_string());
    let first = send().await;
    assert_eq!(first.status(), 200, "{first}");
    assert_eq!(
        (&first.body()["revision"], &first.body()["correctsId"]),
        (&json!(2), &json!(report.id))
    );
    assert_eq!(send().await.body()["id"], first.body()["id"]);
    let old = officer.get(&format!("/api/v1/reports/{}", report.id)).await;
    assert_eq!(
        (&old.body()["status"], &old.body()["version"]),
        (&json!("APPROVED"), &json!(6))
    );
}
