//! Who wrote a report may not pass it: whoever began it, saved figures of it or sent it, even once.

use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::reports::{Draft, Reporting};
use crate::support::{Person, TestApp, Unit, on_both_databases};

on_both_databases! {
    who_began_a_report_may_not_pass_it,
    who_saved_a_figure_may_not_pass_it,
    who_only_sent_a_report_may_not_pass_it,
    who_saved_nothing_is_no_writer,
    who_returned_a_report_may_pass_it,
    rest_knows_the_writers_too,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

/// Somebody who writes reports of a unit, and verifies and approves those of the whole province.
async fn everything_at_once(app: &TestApp, unit: &Unit) -> Person {
    let above = Scope::Unit(app.world()["Sóc Trăng"].uuid);
    app.person(&[
        (Role::UnitOfficer, Scope::Unit(unit.uuid)),
        (Role::Specialist, above),
        (Role::StandingCommittee, above),
    ])
    .await
}

/// What the report itself says that somebody may do with it: `null` where it is allowed, else the code.
async fn told(report: &Draft, who: &Person, action: &str) -> Value {
    let seen = report.seen_by(who, "viewerCan { action allowed code }").await;
    let steps = seen.at("/node/viewerCan").as_array().expect("a list");
    let step = steps.iter().find(|step| step["action"] == action).expect("a step");
    assert_eq!(step["allowed"], step["code"].is_null(), "{step}");
    step["code"].clone()
}

/// Sees that somebody can pass the report in neither step, while others can in both, and that the report says so.
async fn only_others_pass(report: &Draft, reporting: &Reporting, writer: &Person, version: i32) {
    assert_eq!(told(report, writer, "VERIFY").await, "FORBIDDEN");
    assert_eq!(told(report, &reporting.specialist, "VERIFY").await, Value::Null);
    let refused = report.step(writer, "verifyReport", version).await;
    assert_eq!(refused.code(), "FORBIDDEN", "{refused}");
    report
        .step(&reporting.specialist, "verifyReport", version)
        .await
        .thing();
    assert_eq!(told(report, writer, "APPROVE").await, "FORBIDDEN");
    assert_eq!(told(report, &reporting.committee, "APPROVE").await, Value::Null);
    let refused = report.step(writer, "approveReport", version + 1).await;
    assert_eq!(refused.code(), "FORBIDDEN", "{refused}");
    assert_eq!(
        report.seen_by(writer, "status").await.str("/node/status"),
        "VERIFIED",
        "nothing was written"
    );
    report
        .step(&reporting.committee, "approveReport", version + 1)
        .await
        .thing();
}

async fn who_began_a_report_may_not_pass_it(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let (both, officer) = (everything_at_once(&app, unit).await, app.officer_of(unit).await);
    let report = reporting.draft(&both, unit, &[]).await;
    report.save(&officer, 1, COMPLETE).await.thing();
    report.step(&officer, "submitReport", 2).await.thing();
    only_others_pass(&report, &reporting, &both, 3).await;
}

async fn who_saved_a_figure_may_not_pass_it(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let (both, officer) = (everything_at_once(&app, unit).await, app.officer_of(unit).await);
    let report = reporting.draft(&officer, unit, COMPLETE).await;
    report.save(&both, 2, &[("new_members", "5")]).await.thing();
    // The figure is taken out again, and sent is what another wrote: who wrote stays a writer.
    report.save(&officer, 3, &[("new_members", "")]).await.thing();
    report.step(&officer, "submitReport", 4).await.thing();
    report
        .give_back(&reporting.specialist, 5, "Thiếu thuyết minh.")
        .await
        .thing();
    report.step(&officer, "submitReport", 6).await.thing();
    only_others_pass(&report, &reporting, &both, 7).await;
}

async fn who_only_sent_a_report_may_not_pass_it(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let (both, officer) = (everything_at_once(&app, unit).await, app.officer_of(unit).await);
    let report = reporting.draft(&officer, unit, COMPLETE).await;
    report.step(&both, "submitReport", 2).await.thing();
    report
        .give_back(&reporting.specialist, 3, "Thiếu thuyết minh.")
        .await
        .thing();
    report.step(&officer, "submitReport", 4).await.thing();
    only_others_pass(&report, &reporting, &both, 5).await;
}

async fn who_saved_nothing_is_no_writer(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let (both, officer) = (everything_at_once(&app, unit).await, app.officer_of(unit).await);
    let report = reporting.draft(&officer, unit, &[]).await;
    assert_eq!(
        report.save(&both, 1, &[("members_total", "nhiều")]).await.user_errors(),
        [("NOT_A_NUMBER", "figures.0.text")]
    );
    assert_eq!(report.save(&both, 5, COMPLETE).await.code(), "STALE_VERSION");
    assert_eq!(
        report.step(&both, "submitReport", 1).await.user_errors(),
        [
            ("REQUIRED", "figures.members_total"),
            ("REQUIRED", "figures.workers_total")
        ]
    );
    report.save(&officer, 1, COMPLETE).await.thing();
    report.step(&officer, "submitReport", 2).await.thing();
    // It writes reports of another unit, which is no matter here.
    reporting
        .draft(&app.officer_of(&world["Thư viện"]).await, &world["Thư viện"], COMPLETE)
        .await;
    assert_eq!(told(&report, &both, "VERIFY").await, Value::Null);
    report.step(&both, "verifyReport", 3).await.thing();
    assert_eq!(told(&report, &both, "APPROVE").await, Value::Null);
    report.step(&both, "approveReport", 4).await.thing();
}

async fn who_returned_a_report_may_pass_it(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let (both, officer) = (everything_at_once(&app, unit).await, app.officer_of(unit).await);
    let report = reporting.draft(&officer, unit, COMPLETE).await;
    report.step(&officer, "submitReport", 2).await.thing();
    report.give_back(&both, 3, "Số liệu chưa khớp.").await.thing();
    report.step(&officer, "submitReport", 4).await.thing();
    report.step(&both, "verifyReport", 5).await.thing();
    report.step(&both, "approveReport", 6).await.thing();
}

async fn rest_knows_the_writers_too(app: TestApp) {
    use actix_web::http::Method;
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let (both, officer) = (everything_at_once(&app, unit).await, app.officer_of(unit).await);
    let report = reporting.draft(&officer, unit, &[]).await;
    report.save(&both, 1, COMPLETE).await.thing();
    report.step(&officer, "submitReport", 2).await.thing();
    let path = format!("/api/v1/reports/{}/verify", report.id);
    let verify = async |who: &Person| who.request(Method::POST, &path, &[("If-Match", "\"3\"")], "").await;
    let refused = verify(&both.in_english()).await;
    assert_eq!((refused.status(), refused.code()), (403, "FORBIDDEN"), "{refused}");
    let without_permission = verify(&officer.in_english()).await;
    assert_ne!(
        refused.message(),
        without_permission.message(),
        "it is told that the work is one's own"
    );
    assert_eq!(verify(&reporting.specialist).await.body()["status"], json!("VERIFIED"));
}
