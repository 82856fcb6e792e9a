//! Due days: the period's, and a form's own for a period. A report that is due before its period ends tells estimates.

use serde_json::{Value, json};

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    a_form_may_have_a_due_day_of_its_own,
    a_due_day_is_changed_only_by_who_saw_it,
    late_is_after_the_due_day_of_the_form,
    a_due_day_is_set_for_a_period_of_the_form_by_who_manages_it,
    what_is_due_before_the_period_ends_is_an_estimate,
    what_is_typed_after_the_period_has_ended_is_actual,
    due_days_of_many_reports_are_loaded_together,
}

/// Sets the due day of the form of a [`Reporting`] for its year.
async fn set(who: &Person, reporting: &Reporting, due_on: Value, version: Option<i32>) -> Answer {
    let input = json!({ "formId": reporting.form, "periodId": reporting.period, "dueOn": due_on, "version": version });
    who.does("setReportFormDueDay", input).await
}

/// The due day that holds, whether it is the form's own, and its version; the same on both doors.
async fn due(who: &Person, reporting: &Reporting) -> Value {
    let query = "query($form: ID!, $period: ID!) { reportDueDay(formId: $form, periodId: $period) { dueOn isOwn version form { code } period { code } } }";
    let seen = who
        .graphql(query, json!({ "form": reporting.form, "period": reporting.period }))
        .await;
    assert_eq!(seen.str("/reportDueDay/form/code"), "TK-01");
    assert_eq!(seen.str("/reportDueDay/period/code"), "2026");
    let told = json!([
        seen.at("/reportDueDay/dueOn"),
        seen.at("/reportDueDay/isOwn"),
        seen.at("/reportDueDay/version")
    ]);
    let path = format!(
        "/api/v1/report-forms/{}/due-day?periodId={}",
        reporting.form, reporting.period
    );
    let rest = who.get(&path).await;
    assert_eq!(
        (rest.body()["dueOn"].clone(), rest.body()["isOwn"].clone()),
        (told[0].clone(), told[1].clone())
    );
    told
}

async fn a_form_may_have_a_due_day_of_its_own(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let specialist = &reporting.specialist;
    assert_eq!(due(specialist, &reporting).await, json!(["2026-12-10", false, null]));
    set(specialist, &reporting, json!("2026-11-20"), None).await.thing();
    assert_eq!(due(specialist, &reporting).await, json!(["2026-11-20", true, 1]));
    set(specialist, &reporting, json!("2027-01-05"), Some(1)).await.thing();
    assert_eq!(due(specialist, &reporting).await, json!(["2027-01-05", true, 2]));
    set(specialist, &reporting, Value::Null, Some(2)).await.thing();
    assert_eq!(due(specialist, &reporting).await, json!(["2026-12-10", false, null]));
    let day = json!("1000-01-01");
    assert_eq!(
        set(specialist, &reporting, day, None).await.user_errors(),
        [("DAY_IMPLAUSIBLE", "dueOn")]
    );
}

async fn a_due_day_is_changed_only_by_who_saw_it(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let specialist = &reporting.specialist;
    assert_eq!(
        set(specialist, &reporting, json!("2026-11-20"), Some(1)).await.code(),
        "STALE_VERSION"
    );
    let days = ["2026-11-20", "2026-11-21", "2026-11-22"];
    let answers = futures_util::future::join_all(days.map(|day| set(specialist, &reporting, json!(day), None))).await;
    let mut codes: Vec<&str> = answers.iter().map(Answer::code).collect();
    codes.sort();
    assert_eq!(codes, ["", "STALE_VERSION", "STALE_VERSION"]);
    let told = due(specialist, &reporting).await;
    set(specialist, &reporting, told[0].clone(), None).await.thing();
    assert_eq!(
        due(specialist, &reporting).await,
        told,
        "the same again changes nothing"
    );
    assert_eq!(
        set(specialist, &reporting, Value::Null, None).await.code(),
        "STALE_VERSION"
    );
    set(specialist, &reporting, Value::Null, Some(1)).await.thing();
    set(specialist, &reporting, Value::Null, None).await.thing();
}

async fn late_is_after_the_due_day_of_the_form(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    set(&reporting.specialist, &reporting, json!("2026-11-20"), None)
        .await
        .thing();
    let officer = app.officer_of(&world["Thư viện"]).await;
    let figures = [("members_total", "23"), ("workers_total", "24")];
    let draft = reporting.draft(&officer, &world["Thư viện"], &figures).await;
    assert_eq!(draft.seen_by(&officer, "dueOn").await.str("/node/dueOn"), "2026-11-20");
    let other = app.officer_of(&world["Sở Nội vụ"]).await;
    let in_time = reporting.draft(&other, &world["Sở Nội vụ"], &figures).await;
    app.it_is(moment(2026, 11, 20, 23, 59));
    in_time.step(&other, "submitReport", 2).await.thing();
    app.it_is(moment(2026, 11, 21, 0, 1));
    draft.step(&officer, "submitReport", 2).await.thing();
    let late = async |draft: &Draft, who: &Person| draft.seen_by(who, "late").await.at("/node/late").clone();
    assert_eq!(
        (late(&in_time, &other).await, late(&draft, &officer).await),
        (json!(false), json!(true))
    );
}

async fn a_due_day_is_set_for_a_period_of_the_form_by_who_manages_it(app: TestApp) {
    let world = app.world();
    let mut reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let day = json!("2026-11-20");
    assert_eq!(set(&officer, &reporting, day.clone(), None).await.code(), "FORBIDDEN");
    let stranger = app.specialist_of(&world["Kon Tum"]).await;
    assert_eq!(set(&stranger, &reporting, day.clone(), None).await.code(), "NOT_FOUND");
    let year = reporting.period.clone();
    let keeper = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let quarter = ("2026-01-01", "2026-03-31");
    reporting.period = Reporting::period(&keeper, &world["Tổng Liên đoàn"], ("2026-Q1", "QUARTER"), quarter).await;
    assert_eq!(
        set(&reporting.specialist, &reporting, day.clone(), None)
            .await
            .user_errors(),
        [("PERIOD_KIND", "periodId")]
    );
    let elsewhere = app.specialist_of(&world["Kon Tum"]).await;
    let span = ("2024-01-01", "2024-12-31");
    reporting.period = Reporting::period(&elsewhere, &world["Kon Tum"], ("2024", "YEAR"), span).await;
    assert_eq!(
        set(&reporting.specialist, &reporting, day, None).await.code(),
        "NOT_FOUND"
    );
    let path = format!("/api/v1/report-forms/{}/due-day?periodId={year}", reporting.form);
    assert_eq!(stranger.get(&path).await.status(), 404);
}

const NATURES: &str = "awaitsConfirmation figures { indicator { code } nature }";

async fn natures(draft: &Draft, who: &Person) -> Value {
    let seen = draft.seen_by(who, NATURES).await;
    let figures = seen.at("/node/figures").as_array().expect("a list").iter();
    json!([
        seen.at("/node/awaitsConfirmation"),
        figures.map(|one| one["nature"].clone()).collect::<Vec<_>>()
    ])
}

async fn what_is_due_before_the_period_ends_is_an_estimate(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = reporting
        .draft(&officer, &world["Thư viện"], &[("members_total", "23")])
        .await;
    assert_eq!(
        natures(&draft, &officer).await,
        json!([true, ["ESTIMATE"]]),
        "the year is due on 10 December"
    );
    let actual = json!([{ "indicatorCode": "members_total", "text": "23", "nature": "ACTUAL" }]);
    let save = json!({ "id": draft.id, "version": 2, "figures": actual });
    officer.does("saveReport", save).await.thing();
    assert_eq!(
        natures(&draft, &officer).await,
        json!([false, ["ACTUAL"]]),
        "what is said holds"
    );
    set(&reporting.specialist, &reporting, json!("2026-12-31"), None)
        .await
        .thing();
    draft.save(&officer, 3, &[("workers_total", "25")]).await.thing();
    assert_eq!(
        natures(&draft, &officer).await,
        json!([false, ["ACTUAL", "ACTUAL"]]),
        "the form's own due day does not lie before the end"
    );
    let foreseen = json!([{ "indicatorCode": "workers_total", "text": "25", "nature": "ESTIMATE" }]);
    let save = json!({ "id": draft.id, "version": 4, "figures": foreseen });
    officer.does("saveReport", save).await.thing();
    assert_eq!(natures(&draft, &officer).await, json!([true, ["ACTUAL", "ESTIMATE"]]));
    let rest = officer.get(&format!("/api/v1/reports/{}", draft.id)).await;
    assert_eq!(rest.body()["awaitsConfirmation"], true);
    let list = officer.get("/api/v1/reports").await;
    assert_eq!(
        list.body()["items"][0].get("awaitsConfirmation"),
        None,
        "a list leaves figures out"
    );
}

async fn what_is_typed_after_the_period_has_ended_is_actual(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = reporting
        .draft(&officer, &world["Thư viện"], &[("members_total", "23")])
        .await;
    app.it_is(moment(2026, 12, 31, 23, 59));
    draft.save(&officer, 2, &[("workers_total", "24")]).await.thing();
    app.it_is(moment(2027, 1, 1, 0, 1));
    draft.save(&officer, 3, &[("new_members", "2")]).await.thing();
    assert_eq!(
        natures(&draft, &officer).await,
        json!([true, ["ESTIMATE", "ESTIMATE", "ACTUAL"]])
    );
}

async fn due_days_of_many_reports_are_loaded_together(app: TestApp) {
    let world = app.world();
    let mut reporting = Reporting::begin(&app).await;
    set(&reporting.specialist, &reporting, json!("2026-11-20"), None)
        .await
        .thing();
    let officer = app.officer_of(&world["Thư viện"]).await;
    reporting.draft(&officer, &world["Thư viện"], &[]).await;
    reporting.form = Reporting::form(&reporting.specialist, &world["Viên chức"], "TK-02", "YEAR").await;
    reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let query = "{ reports(orderBy: { field: CREATED }) { nodes { dueOn awaitsConfirmation } } }";
    let few = reporting.specialist.graphql(query, json!({})).await;
    assert_eq!(few.texts("/reports/nodes", "dueOn"), ["2026-11-20", "2026-12-10"]);
    let other = app.officer_of(&world["Sở Nội vụ"]).await;
    reporting.draft(&other, &world["Sở Nội vụ"], &[]).await;
    let more = reporting.specialist.graphql(query, json!({})).await;
    assert_eq!(more.statements(), few.statements());
}
