//! Until when a report is in time: days of grace, more time for one unit, and who still owes a report.

use serde_json::{Value, json};
use thidua::policy::Scope;

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    a_unit_that_was_given_more_time_is_not_late,
    the_last_extension_holds_and_never_takes_time_away,
    more_time_is_given_with_a_reason_and_only_where_something_is_due,
    more_time_is_given_by_who_stands_above_and_by_nobody_else,
    a_report_sent_within_the_days_of_grace_is_not_late,
    a_form_is_not_begun_before_it_opens,
    a_due_day_that_makes_no_sense_is_refused,
    who_has_not_reported_is_told_in_one_question,
    nobody_learns_who_owes_a_report_beyond_what_they_see,
    extensions_of_many_reports_are_loaded_together,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];
const STORM: &str = "Mất điện diện rộng do bão số 10.";

async fn extend(who: &Person, reporting: &Reporting, unit: &Unit, until: &str, reason: &str) -> Answer {
    let (form, period) = (&reporting.form, &reporting.period);
    let input = json!({ "unitId": unit.id(), "formId": form, "periodId": period, "until": until, "reason": reason });
    who.does("extendReport", input).await
}

async fn sets(who: &Person, reporting: &Reporting, mut day: Value) -> Answer {
    day["formId"] = json!(reporting.form);
    day["periodId"] = json!(reporting.period);
    who.does("setReportFormDueDay", day).await
}

/// Whether a report that a unit's officer begins and sends now is late.
async fn is_late(app: &TestApp, reporting: &Reporting, unit: &Unit) -> Value {
    let officer = app.officer_of(unit).await;
    let draft = reporting.draft(&officer, unit, COMPLETE).await;
    draft.step(&officer, "submitReport", 2).await.thing()["late"].clone()
}

async fn a_unit_that_was_given_more_time_is_not_late(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    app.it_is(moment(2026, 12, 9, 8, 0));
    extend(&reporting.specialist, &reporting, unit, "2026-12-20", STORM)
        .await
        .thing();
    let officer = app.officer_of(unit).await;
    let draft = reporting.draft(&officer, unit, &[]).await;
    let fields = "dueOn inTimeUntil extension { until reason grantedBy actedFor at }";
    let seen = draft.seen_by(&officer, fields).await;
    assert_eq!(
        (seen.str("/node/dueOn"), seen.str("/node/inTimeUntil")),
        ("2026-12-10", "2026-12-20")
    );
    assert_eq!(seen.str("/node/extension/reason"), STORM);
    assert!(seen.str("/node/extension/grantedBy").starts_with("Cán bộ"), "{seen}");
    let due =
        "query($form: ID!, $period: ID!, $unit: ID) { reportDueDay(formId: $form, periodId: $period, unitId: $unit)
        { dueOn inTimeUntil extension { until } } }";
    let asked = json!({ "form": reporting.form, "period": reporting.period, "unit": unit.id() });
    let told = officer.graphql(due, asked).await;
    assert_eq!(told.str("/reportDueDay/extension/until"), "2026-12-20");
    let path = format!(
        "/api/v1/report-forms/{}/due-day?periodId={}&unitId={}",
        reporting.form,
        reporting.period,
        unit.id()
    );
    assert_eq!(officer.get(&path).await.body()["extendedUntil"], "2026-12-20");
    app.it_is(moment(2026, 12, 20, 23, 59));
    draft.save(&officer, 1, COMPLETE).await.thing();
    assert_eq!(draft.step(&officer, "submitReport", 2).await.thing()["late"], false);
    assert_eq!(
        is_late(&app, &reporting, &world["Thư viện"]).await,
        true,
        "only that unit was given more time"
    );
}

async fn the_last_extension_holds_and_never_takes_time_away(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    app.it_is(moment(2026, 12, 9, 8, 0));
    for until in ["2026-12-15", "2026-12-20"] {
        extend(&reporting.specialist, &reporting, unit, until, STORM)
            .await
            .thing();
    }
    for until in ["2026-12-20", "2026-12-12", "2026-12-01"] {
        let refused = extend(&reporting.specialist, &reporting, unit, until, STORM).await;
        assert_eq!(refused.user_errors(), [("NO_MORE_TIME", "until")], "{until}");
    }
    app.it_is(moment(2026, 12, 21, 0, 1));
    assert_eq!(is_late(&app, &reporting, unit).await, true);
    let past = extend(
        &reporting.specialist,
        &reporting,
        &world["Thư viện"],
        "2026-12-20",
        STORM,
    )
    .await;
    assert_eq!(past.user_errors(), [("NO_MORE_TIME", "until")], "it is over already");
}

async fn more_time_is_given_with_a_reason_and_only_where_something_is_due(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let (unit, specialist) = (&world["Sở Nội vụ"], &reporting.specialist);
    let before = app.contents().await;
    let silent = extend(specialist, &reporting, unit, "2026-12-20", "  ").await;
    assert_eq!(silent.at("/extendReport/userErrors/0/field"), "reason", "{silent}");
    let not_for_it = extend(specialist, &reporting, &world["Viên chức"], "2026-12-20", STORM).await;
    assert_eq!(not_for_it.user_errors(), [("FORM_NOT_FOR_UNIT", "formId")]);
    assert!(app.contents().await == before, "nothing is stored");
    let keeper = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let free = json!({ "id": reporting.period, "version": 1, "dueOn": null });
    keeper.does("setPeriodDueDay", free).await.thing();
    let nothing = extend(specialist, &reporting, unit, "2026-12-20", STORM).await;
    assert_eq!(nothing.user_errors(), [("NOTHING_TO_EXTEND", "periodId")]);
}

async fn more_time_is_given_by_who_stands_above_and_by_nobody_else(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    for (who, person, code) in [
        ("the officer themselves", app.officer_of(unit).await, "FORBIDDEN"),
        ("a neighbour", app.officer_of(&world["Thư viện"]).await, "NOT_FOUND"),
        (
            "another province",
            app.specialist_of(&world["Kon Tum"]).await,
            "NOT_FOUND",
        ),
        (
            "a reader",
            app.viewer_of(Scope::Unit(world["Sóc Trăng"].uuid)).await,
            "FORBIDDEN",
        ),
        ("nobody", app.nobody(), "UNAUTHENTICATED"),
    ] {
        let refused = extend(&person, &reporting, unit, "2026-12-20", STORM).await;
        assert_eq!(refused.code(), code, "{who}");
    }
    extend(&reporting.committee, &reporting, unit, "2026-12-20", STORM)
        .await
        .thing();
    let admin = app.admin().await;
    let audit = admin
        .graphql("{ auditEntries(first: 1) { nodes { action detail } } }", json!({}))
        .await;
    assert_eq!(audit.str("/auditEntries/nodes/0/action"), "REPORT_EXTENDED");
}

async fn a_report_sent_within_the_days_of_grace_is_not_late(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    sets(
        &reporting.specialist,
        &reporting,
        json!({ "dueOn": "2026-12-05", "graceDays": 3 }),
    )
    .await
    .thing();
    app.it_is(moment(2026, 12, 8, 23, 59));
    assert_eq!(is_late(&app, &reporting, &world["Sở Nội vụ"]).await, false);
    app.it_is(moment(2026, 12, 9, 0, 1));
    assert_eq!(is_late(&app, &reporting, &world["Thư viện"]).await, true);
}

async fn a_form_is_not_begun_before_it_opens(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let day = json!({ "dueOn": "2026-12-05", "opensOn": "2026-12-01" });
    sets(&reporting.specialist, &reporting, day).await.thing();
    app.it_is(moment(2026, 11, 30, 23, 59));
    let input = json!({ "unitId": unit.id(), "formId": reporting.form, "periodId": reporting.period });
    let early = officer.does("createReport", input.clone()).await;
    assert_eq!(early.code(), "WRONG_STATE");
    assert!(early.to_string().contains("01/12/2026"), "{early}");
    app.it_is(moment(2026, 12, 1, 0, 1));
    officer.does("createReport", input).await.thing();
}

async fn a_due_day_that_makes_no_sense_is_refused(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    for (day, expected) in [
        (
            json!({ "dueOn": "2026-12-05", "opensOn": "2026-12-06" }),
            ("SPAN_INVALID", "opensOn"),
        ),
        (
            json!({ "dueOn": "2026-12-05", "graceDays": -1 }),
            ("OUT_OF_BOUNDS", "graceDays"),
        ),
        (
            json!({ "dueOn": "2026-12-05", "graceDays": 61 }),
            ("OUT_OF_BOUNDS", "graceDays"),
        ),
    ] {
        let refused = sets(&reporting.specialist, &reporting, day.clone()).await;
        assert_eq!(refused.user_errors(), [expected], "{day}");
    }
}

/// The units of a cluster that owe a report, on both doors, and how many statements it took.
async fn owing(who: &Person, reporting: &Reporting, cluster: &str) -> (Vec<String>, u32) {
    let query = "query($cluster: ID!, $form: ID!, $period: ID!) {
        summary(scope: { clusterId: $cluster }, formId: $form, periodId: $period) { owing(first: 50) { totalCount nodes { name } } } }";
    let asked = json!({ "cluster": cluster, "form": reporting.form, "period": reporting.period });
    let answer = who.graphql(query, asked).await;
    let names: Vec<String> = answer
        .texts("/summary/owing/nodes", "name")
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    assert_eq!(*answer.at("/summary/owing/totalCount"), json!(names.len()));
    let path = format!(
        "/api/v1/summary/owing?clusterId={cluster}&formId={}&periodId={}",
        reporting.form, reporting.period
    );
    let rest = who.get(&path).await;
    let items = rest.body()["items"].as_array().expect("items").clone();
    assert_eq!(
        items
            .iter()
            .map(|item| item["name"].as_str().unwrap())
            .collect::<Vec<_>>(),
        names
    );
    (names, answer.statements())
}

async fn who_has_not_reported_is_told_in_one_question(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let members = ["Sở Nội vụ", "Sở Tài chính", "Thư viện"];
    let cluster = Cluster::of(&app, "Sóc Trăng", "Cụm 2", &members).await;
    let specialist = &reporting.specialist;
    let all = ["CĐCS Sở Nội vụ", "CĐCS Sở Tài chính", "CĐCS Thư viện tỉnh"];
    let (names, statements) = owing(specialist, &reporting, &cluster.id).await;
    assert_eq!(names, all);
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    assert_eq!(
        owing(specialist, &reporting, &cluster.id).await.0,
        all,
        "a draft is not sent"
    );
    draft.step(&officer, "submitReport", 2).await.thing();
    reporting.approved(&app, &world["Sở Tài chính"], COMPLETE).await;
    assert_eq!(
        owing(specialist, &reporting, &cluster.id).await,
        (vec![all[2].to_owned()], statements)
    );
    draft.give_back(specialist, 3, "Thiếu thuyết minh.").await.thing();
    assert_eq!(owing(specialist, &reporting, &cluster.id).await.0, [all[0], all[2]]);
}

async fn nobody_learns_who_owes_a_report_beyond_what_they_see(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let cluster = Cluster::of(&app, "Sóc Trăng", "Cụm 2", &["Sở Nội vụ", "Thư viện"]).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2026-01-01").await.thing();
    let chair = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(
        owing(&chair, &reporting, &cluster.id).await.0,
        ["CĐCS Sở Nội vụ", "CĐCS Thư viện tỉnh"]
    );
    let query = "query($scope: SummaryScopeInput!, $form: ID!, $period: ID!) {
        summary(scope: $scope, formId: $form, periodId: $period) { owing { nodes { name } } } }";
    let asked = json!({ "scope": { "clusterId": cluster.id }, "form": reporting.form, "period": reporting.period });
    for (who, code) in [
        (app.officer_of(&world["Sở Tài chính"]).await, "NOT_FOUND"),
        (app.specialist_of(&world["Kon Tum"]).await, "NOT_FOUND"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        assert_eq!(who.graphql(query, asked.clone()).await.code(), code);
    }
}

async fn extensions_of_many_reports_are_loaded_together(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let query = "{ reports(first: 50) { nodes { inTimeUntil extension { until } } } }";
    let mut statements = Vec::new();
    for unit in ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ"] {
        let unit = &world[unit];
        extend(&reporting.specialist, &reporting, unit, "2026-12-20", STORM)
            .await
            .thing();
        let _: Draft = reporting.approved(&app, unit, COMPLETE).await;
        let answer = reporting.specialist.graphql(query, json!({})).await;
        assert!(
            answer
                .texts("/reports/nodes", "inTimeUntil")
                .iter()
                .all(|day| *day == "2026-12-20"),
            "{answer}"
        );
        statements.push(answer.statements());
    }
    assert_eq!(statements[0], statements[2]);
}
