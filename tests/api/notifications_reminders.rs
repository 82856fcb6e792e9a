//! Reminders: officers of what they owe, those who go on with a report of what waits for them; each once.

use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::notifications::usecases::{handle_events, remind};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::reports::Reporting;
use crate::support::{Answer, Person, TestApp, counted, moment, on_both_databases};

on_both_databases! {
    an_officer_is_reminded_once_before_the_last_day_and_once_after_it,
    who_has_sent_is_not_reminded_and_who_got_it_back_is,
    who_becomes_officer_later_is_reminded_too,
    nobody_is_late_with_a_form_that_was_not_there,
    more_time_moves_the_reminder,
    two_instances_remind_once,
    nobody_is_reminded_for_ever_nor_of_another_day_than_the_forms_own,
    the_nearest_who_can_go_on_is_told_how_many_wait,
    who_wrote_a_report_is_not_asked_to_pass_it,
    a_reminder_takes_few_statements_however_many_units_owe,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

async fn told(who: &Person) -> Answer {
    let query =
        "{ notifications { nodes { kind count text until report { id } unit { id } form { id } period { id } } } }";
    who.graphql(query, json!({})).await
}

fn kinds(answer: &Answer) -> Vec<(String, i64)> {
    let nodes = answer.at("/notifications/nodes").as_array().expect("a list");
    let kind = |node: &Value| {
        (
            node["kind"].as_str().expect("a kind").to_owned(),
            node["count"].as_i64().expect("a count"),
        )
    };
    nodes.iter().map(kind).collect()
}

async fn reminds(app: &TestApp) -> usize {
    remind(&app.env).await.expect("a round")
}

async fn an_officer_is_reminded_once_before_the_last_day_and_once_after_it(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    app.it_is(moment(2026, 12, 2, 8, 0));
    assert_eq!(reminds(&app).await, 0, "eight days before nobody is in a hurry");
    app.it_is(moment(2026, 12, 3, 8, 0));
    assert_eq!(reminds(&app).await, 1, "the others have no officer who could be told");
    assert_eq!(reminds(&app).await, 0, "nobody is reminded twice");
    let list = told(&officer).await;
    assert_eq!(kinds(&list), [("REPORT_DUE_SOON".to_owned(), 1)]);
    let first = list.at("/notifications/nodes/0");
    assert_eq!(
        first["text"],
        "Báo cáo «Biểu thống kê hoạt động», kỳ «Kỳ 2026» của «CĐCS Sở Nội vụ» phải gửi trước hết ngày 10/12/2026."
    );
    assert_eq!(
        (&first["until"], &first["report"], &first["unit"]["id"]),
        (&json!("2026-12-10"), &Value::Null, &json!(unit.id()))
    );
    assert_eq!(
        (&first["form"]["id"], &first["period"]["id"]),
        (&json!(reporting.form), &json!(reporting.period))
    );
    app.it_is(moment(2026, 12, 10, 23, 59));
    assert_eq!(reminds(&app).await, 0, "the last day is not over");
    app.it_is(moment(2026, 12, 11, 0, 1));
    assert_eq!(reminds(&app).await, 1);
    assert_eq!(reminds(&app).await, 0);
    let list = told(&officer).await;
    assert_eq!(
        kinds(&list),
        [("REPORT_OVERDUE".to_owned(), 1), ("REPORT_DUE_SOON".to_owned(), 1)]
    );
    let rest = officer.get("/api/v1/notifications?kinds=REPORT_OVERDUE").await;
    let item = &rest.body()["items"][0];
    assert_eq!(
        (&item["unitId"], &item["formId"], &item["until"], &item["subjectId"]),
        (
            &json!(unit.id()),
            &json!(reporting.form),
            &json!("2026-12-10"),
            &Value::Null
        )
    );
    assert!(
        item["text"]
            .as_str()
            .is_some_and(|text| text.contains("đã quá hạn 10/12/2026"))
    );
}

async fn who_has_sent_is_not_reminded_and_who_got_it_back_is(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let (sent, returned) = (&world["Sở Nội vụ"], &world["Thư viện"]);
    let (first, second) = (app.officer_of(sent).await, app.officer_of(returned).await);
    app.it_is(moment(2026, 12, 1, 8, 0));
    let report = reporting.draft(&first, sent, COMPLETE).await;
    report.step(&first, "submitReport", 2).await.thing();
    let report = reporting.draft(&second, returned, COMPLETE).await;
    report.step(&second, "submitReport", 2).await.thing();
    report
        .give_back(&reporting.specialist, 3, "Thiếu chữ ký của Chủ tịch.")
        .await
        .thing();
    app.it_is(moment(2026, 12, 5, 8, 0));
    reminds(&app).await;
    assert_eq!(kinds(&told(&first).await), []);
    assert_eq!(kinds(&told(&second).await), [("REPORT_DUE_SOON".to_owned(), 1)]);
    app.it_is(moment(2026, 12, 12, 8, 0));
    assert_eq!(reminds(&app).await, 0, "it was sent in time, so it is not late");
}

async fn who_becomes_officer_later_is_reminded_too(app: TestApp) {
    let (world, _) = (app.world(), Reporting::begin(&app).await);
    app.it_is(moment(2026, 12, 5, 8, 0));
    assert_eq!(reminds(&app).await, 0);
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    assert_eq!(reminds(&app).await, 1);
    assert_eq!(kinds(&told(&officer).await), [("REPORT_DUE_SOON".to_owned(), 1)]);
}

async fn nobody_is_late_with_a_form_that_was_not_there(app: TestApp) {
    let world = app.world();
    app.it_is(moment(2026, 12, 15, 8, 0));
    Reporting::begin(&app).await;
    app.officer_of(&world["Sở Nội vụ"]).await;
    app.it_is(moment(2026, 12, 16, 8, 0));
    assert_eq!(reminds(&app).await, 0, "it was published after its due day");
}

async fn more_time_moves_the_reminder(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    app.it_is(moment(2026, 12, 1, 8, 0));
    let more = json!({ "unitId": unit.id(), "formId": reporting.form, "periodId": reporting.period,
        "until": "2026-12-20", "reason": "Mất điện diện rộng do bão số 10." });
    reporting.specialist.does("extendReport", more).await.thing();
    app.it_is(moment(2026, 12, 11, 8, 0));
    reminds(&app).await;
    assert_eq!(kinds(&told(&officer).await), [], "it has time until the twentieth");
    app.it_is(moment(2026, 12, 13, 8, 0));
    assert_eq!(reminds(&app).await, 1);
    let list = told(&officer).await;
    assert_eq!(
        (kinds(&list)[0].0.as_str(), list.str("/notifications/nodes/0/until")),
        ("REPORT_DUE_SOON", "2026-12-20")
    );
}

async fn two_instances_remind_once(app: TestApp) {
    let (world, _) = (app.world(), Reporting::begin(&app).await);
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    app.it_is(moment(2026, 12, 5, 8, 0));
    let others = [app.another_instance().await, app.another_instance().await];
    let rounds = join_all([&app.env, &others[0], &others[1]].map(remind)).await;
    let reminded: Vec<usize> = rounds.into_iter().map(|round| round.expect("a round")).collect();
    let rows = app.rows("SELECT id FROM report_reminder").await.len();
    assert_eq!(reminded.iter().sum::<usize>(), rows, "{reminded:?}");
    assert_eq!(kinds(&told(&officer).await), [("REPORT_DUE_SOON".to_owned(), 1)]);
}

async fn nobody_is_reminded_for_ever_nor_of_another_day_than_the_forms_own(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let own = json!({ "formId": reporting.form, "periodId": reporting.period, "dueOn": "2026-11-20", "graceDays": 5 });
    reporting.specialist.does("setReportFormDueDay", own).await.thing();
    app.it_is(moment(2027, 1, 10, 8, 0));
    assert_eq!(
        reminds(&app).await,
        0,
        "whoever owes it so long has been told, or was not there"
    );
    app.it_is(moment(2026, 12, 5, 8, 0));
    reminds(&app).await;
    let list = told(&officer).await;
    assert_eq!(
        (kinds(&list)[0].0.as_str(), list.str("/notifications/nodes/0/until")),
        ("REPORT_OVERDUE", "2026-11-25"),
        "the form has a day of its own, and days of grace"
    );
}

async fn the_nearest_who_can_go_on_is_told_how_many_wait(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let far = app.person(&[(Role::Specialist, Scope::Everything)]).await;
    let gone = app.specialist_of(&world["Viên chức"]).await;
    let admin = app.admin().await;
    for name in ["Sở Nội vụ", "Thư viện"] {
        let officer = app.officer_of(&world[name]).await;
        let report = reporting.draft(&officer, &world[name], COMPLETE).await;
        report.step(&officer, "submitReport", 2).await.thing();
    }
    handle_events(&app.env).await.expect("events");
    assert_eq!(
        kinds(&told(&gone).await),
        [("REPORT_TO_VERIFY".to_owned(), 2)],
        "who stands right above the two units"
    );
    assert_eq!(kinds(&told(&reporting.specialist).await), [], "who stands further away");
    assert_eq!(kinds(&told(&far).await), []);
    let lock = json!({ "id": thidua::ids::Kind::Account.id(gone.account()), "version": 1 });
    admin.does("lockAccount", lock).await.thing();
    let unit = &world["Sở Tài chính"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, COMPLETE).await;
    report.step(&officer, "submitReport", 2).await.thing();
    report.step(&reporting.specialist, "verifyReport", 3).await.thing();
    handle_events(&app.env).await.expect("events");
    let next = told(&reporting.specialist).await;
    assert_eq!(
        kinds(&next),
        [("REPORT_TO_VERIFY".to_owned(), 1)],
        "the nearest is locked"
    );
    let approving = told(&reporting.committee).await;
    assert_eq!(kinds(&approving), [("REPORT_TO_APPROVE".to_owned(), 1)]);
    assert_eq!(
        approving.str("/notifications/nodes/0/text"),
        "Mới có 1 báo cáo kỳ «Kỳ 2026» chuyển đến chờ phê duyệt; mới nhất: «Biểu thống kê hoạt động» của «CĐCS Sở Tài chính»."
    );
    assert_eq!(
        approving.at("/notifications/nodes/0/period/id"),
        &json!(reporting.period)
    );
}

async fn who_wrote_a_report_is_not_asked_to_pass_it(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world["Sở Nội vụ"];
    let both = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(unit.uuid)),
            (Role::Specialist, Scope::Unit(world["Viên chức"].uuid)),
        ])
        .await;
    let report = reporting.draft(&both, unit, COMPLETE).await;
    report.step(&both, "submitReport", 2).await.thing();
    handle_events(&app.env).await.expect("events");
    assert_eq!(kinds(&told(&both).await), []);
    assert_eq!(
        kinds(&told(&reporting.specialist).await),
        [("REPORT_TO_VERIFY".to_owned(), 1)],
        "somebody else can"
    );
}

async fn a_reminder_takes_few_statements_however_many_units_owe(app: TestApp) {
    let (world, _) = (app.world(), Reporting::begin(&app).await);
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Thư viện"] {
        app.officer_of(&world[unit]).await;
    }
    app.it_is(moment(2026, 12, 5, 8, 0));
    let (reminded, statements) = Box::pin(counted(remind(&app.env))).await;
    assert_eq!(reminded.expect("a round"), 4);
    assert!(statements <= 16, "{statements} statements");
}
