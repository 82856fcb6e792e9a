//! Notifications: who is told what of which event, once, in their language, and how they mark it as read.

use chrono::{DateTime, Duration};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, Set};
use serde_json::{Value, json};
use thidua::notifications::usecases::handle_events;
use thidua_entity::{event, notification};

use crate::accounts_signing_in::SignedIn;
use crate::reports::Reporting;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    who_wrote_a_report_is_told_that_it_came_back_and_why,
    who_did_something_is_not_told_of_it,
    the_same_of_the_same_report_is_counted_until_it_is_read,
    whose_token_was_copied_is_told,
    what_others_are_told_does_not_exist,
    what_comes_while_the_list_is_read_stays_new,
    several_instances_tell_each_once,
    an_event_that_cannot_be_handled_holds_up_no_other,
    who_lost_sight_of_the_report_keeps_the_sentence_only,
    a_list_of_fifty_takes_few_statements,
    rest_tells_the_same,
    either_ids_or_an_instant,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

async fn told(who: &Person) -> Answer {
    let query =
        "{ notifications { nodes { id kind at count readAt text report { id status } } } unreadNotificationCount }";
    who.graphql(query, json!({})).await
}

fn texts(answer: &Answer) -> Vec<&str> {
    let nodes = answer.at("/notifications/nodes").as_array().expect("a list");
    nodes
        .iter()
        .map(|node| node["text"].as_str().expect("a text"))
        .collect()
}

async fn events(app: &TestApp) -> usize {
    handle_events(&app.env).await.expect("events")
}

/// A report of the department of internal affairs that its officer sent and the specialist sent back.
async fn returned(app: &TestApp, reporting: &Reporting, officer: &Person) -> crate::reports::Draft {
    let report = reporting.draft(officer, &app.world()["Sở Nội vụ"], COMPLETE).await;
    report.step(officer, "submitReport", 2).await.thing();
    let back = report
        .give_back(&reporting.specialist, 3, "Thiếu chữ ký của Chủ tịch.")
        .await;
    back.thing();
    report
}

async fn who_wrote_a_report_is_told_that_it_came_back_and_why(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let report = returned(&app, &reporting, &officer).await;
    assert_eq!(
        told(&officer).await.at("/unreadNotificationCount"),
        0,
        "nobody has told it yet"
    );
    assert_eq!(events(&app).await, 2, "it was sent, and sent back");
    let list = told(&officer).await;
    assert_eq!(
        texts(&list),
        ["Báo cáo «Biểu thống kê hoạt động», kỳ «Kỳ 2026» của «CĐCS Sở Nội vụ» bị trả lại: Thiếu chữ ký của Chủ tịch."]
    );
    let first = list.at("/notifications/nodes/0");
    assert_eq!(
        (&first["kind"], &first["count"], &first["readAt"]),
        (&json!("REPORT_RETURNED"), &json!(1), &Value::Null)
    );
    assert_eq!(first["report"], json!({ "id": report.id, "status": "RETURNED" }));
    let english = told(&officer.in_english()).await;
    assert_eq!(
        texts(&english),
        [
            "The report “Biểu thống kê hoạt động”, “Kỳ 2026” of “CĐCS Sở Nội vụ” was sent back: Thiếu chữ ký của Chủ tịch."
        ]
    );
    assert_eq!(events(&app).await, 0, "each event is handled once");
}

async fn who_did_something_is_not_told_of_it(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    returned(&app, &reporting, &officer).await;
    events(&app).await;
    let list = told(&reporting.specialist).await;
    let nodes = list.at("/notifications/nodes").as_array().expect("a list");
    let kinds: Vec<&Value> = nodes.iter().map(|node| &node["kind"]).collect();
    assert_eq!(
        kinds,
        ["REPORT_TO_VERIFY"],
        "what waited for them, and not what they did"
    );
}

async fn the_same_of_the_same_report_is_counted_until_it_is_read(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let report = returned(&app, &reporting, &officer).await;
    report.step(&officer, "submitReport", 4).await.thing();
    report
        .give_back(&reporting.specialist, 5, "Thiếu thuyết minh.")
        .await
        .thing();
    events(&app).await;
    let list = told(&officer).await;
    assert_eq!(list.at("/notifications/nodes/0/count"), 2);
    let newest = texts(&list);
    assert!(
        newest.len() == 1 && newest[0].ends_with("Thiếu thuyết minh."),
        "{newest:?}"
    );
    let id = list.at("/notifications/nodes/0/id");
    let read = officer.does("markNotificationsRead", json!({ "ids": [id] })).await;
    assert_eq!(read.at("/markNotificationsRead/unreadCount"), 0);
    report.step(&officer, "submitReport", 6).await.thing();
    report.give_back(&reporting.specialist, 7, "Vẫn thiếu.").await.thing();
    events(&app).await;
    let list = told(&officer).await;
    let again = list.at("/notifications/nodes/0");
    assert_eq!(
        (&again["count"], &again["readAt"], &again["id"]),
        (&json!(1), &Value::Null, id)
    );
}

async fn whose_token_was_copied_is_told(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let second = SignedIn::from(&app, first.refreshes().await);
    SignedIn::from(&app, second.refreshes().await);
    app.it_is((app.env.now() + Duration::seconds(10)).fixed_offset());
    assert_eq!(first.refreshes().await.status(), 401);
    events(&app).await;
    let owner = SignedIn::again(&app, "hien.tran", crate::accounts_signing_in::PASSWORD).await;
    let list = told(&app.bearer_of(&owner.access)).await;
    assert_eq!(list.at("/notifications/nodes/0/kind"), "SESSION_REPLAYED");
    assert_eq!(list.at("/notifications/nodes/0/report"), &Value::Null);
    assert!(texts(&list)[0].contains("đổi mật khẩu"), "{list}");
}

async fn what_others_are_told_does_not_exist(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    returned(&app, &reporting, &officer).await;
    events(&app).await;
    let id = told(&officer).await.at("/notifications/nodes/0/id").clone();
    let admin = app.admin().await;
    assert_eq!(texts(&told(&admin).await), Vec::<&str>::new());
    let before = app.contents().await;
    let passed_over = admin.does("markNotificationsRead", json!({ "ids": [id] })).await;
    assert_eq!(passed_over.at("/markNotificationsRead/unreadCount"), 0);
    assert_eq!(app.contents().await, before);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(admin.graphql(node, json!({ "id": id })).await.code(), "NOT_FOUND");
}

async fn what_comes_while_the_list_is_read_stays_new(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let report = returned(&app, &reporting, &officer).await;
    events(&app).await;
    let shown = told(&officer).await.str("/notifications/nodes/0/at").to_owned();
    app.it_is((app.env.now() + Duration::minutes(5)).fixed_offset());
    report.step(&officer, "submitReport", 4).await.thing();
    report.step(&reporting.specialist, "verifyReport", 5).await.thing();
    report.step(&reporting.committee, "approveReport", 6).await.thing();
    events(&app).await;
    let read = officer.does("markNotificationsRead", json!({ "upTo": shown })).await;
    assert_eq!(read.at("/markNotificationsRead/unreadCount"), 1);
    let query = "{ notifications(where: { unread: true }) { nodes { kind } totalCount } }";
    let unread = officer.graphql(query, json!({})).await;
    assert_eq!(
        unread.at("/notifications"),
        &json!({ "nodes": [{ "kind": "REPORT_APPROVED" }], "totalCount": 1 })
    );
}

async fn several_instances_tell_each_once(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    returned(&app, &reporting, &officer).await;
    let others = [app.another_instance().await, app.another_instance().await];
    let rounds = [&app.env, &others[0], &others[1]].map(handle_events);
    for round in join_all(rounds).await {
        round.expect("a round");
    }
    let list = told(&officer).await;
    assert_eq!(
        (texts(&list).len(), list.at("/notifications/nodes/0/count")),
        (1, &json!(1))
    );
}

async fn an_event_that_cannot_be_handled_holds_up_no_other(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    returned(&app, &reporting, &officer).await;
    let all = event::Entity::find().all(&app.env.db).await.expect("events");
    // One that names a report that never was, as a mistake of ours might.
    let mut broken = all[1].clone().into_active_model();
    broken.id = Set(app.env.new_id());
    broken.subject_id = Set(app.env.new_id());
    broken.due_at = Set(all[0].due_at - Duration::hours(1));
    let broken = broken.insert(&app.env.db).await.expect("an event");
    assert_eq!(events(&app).await, 2);
    assert_eq!(texts(&told(&officer).await).len(), 1);
    let find = || async {
        let found = event::Entity::find_by_id(broken.id).one(&app.env.db).await;
        found.expect("a look").expect("the event")
    };
    let left = find().await;
    assert_eq!((left.failures, left.handled_at), (1, None));
    assert!(left.due_at > app.env.now(), "it is not tried again at once");
    assert_eq!(events(&app).await, 0);
    app.it_is((left.due_at + Duration::seconds(1)).fixed_offset());
    events(&app).await;
    assert_eq!(find().await.failures, 2);
}

async fn who_lost_sight_of_the_report_keeps_the_sentence_only(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = SignedIn::of(&app, "hien.tran").await;
    let (admin, account) = (app.admin().await, account_of(&app, "hien.tran").await);
    let grant = json!({ "accountId": account, "role": "UNIT_OFFICER", "scopeKind": "UNIT",
        "scopeId": app.world()["Sở Nội vụ"].id(), "validFrom": "2026-01-01" });
    let grant = admin.does("grantRole", grant).await;
    let officer = app.bearer_of(&officer.access);
    returned(&app, &reporting, &officer).await;
    events(&app).await;
    let withdrawn = json!({ "id": grant.id(), "version": 1 });
    admin.does("withdrawRoleGrant", withdrawn).await.thing();
    let list = told(&officer).await;
    assert_eq!(
        (texts(&list).len(), list.at("/notifications/nodes/0/report")),
        (1, &Value::Null)
    );
}

async fn account_of(app: &TestApp, username: &str) -> String {
    let query = format!("{{ accounts(where: {{ search: \"{username}\" }}) {{ nodes {{ id }} }} }}");
    let found = app.admin().await.graphql(&query, json!({})).await;
    found.str("/accounts/nodes/0/id").to_owned()
}

async fn a_list_of_fifty_takes_few_statements(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    returned(&app, &reporting, &officer).await;
    events(&app).await;
    let first = notification::Entity::find()
        .filter(notification::Column::AccountId.eq(officer.account()))
        .one(&app.env.db)
        .await
        .expect("a look")
        .expect("one");
    for _ in 0..49 {
        let mut more = first.clone().into_active_model();
        more.id = Set(app.env.new_id());
        more.subject_id = Set(app.env.new_id());
        more.insert(&app.env.db).await.expect("a notification");
    }
    let query = "{ notifications(first: 50) { nodes { text count until report { id status } unit { id } form { id } period { id } } } }";
    officer.graphql(query, json!({})).await;
    let list = officer.graphql(query, json!({})).await;
    assert_eq!(texts(&list).len(), 50);
    assert_eq!(
        list.statements(),
        7,
        "who asks and of which offices, the page; the reports, units, forms and periods that are seen"
    );
}

async fn rest_tells_the_same(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let report = returned(&app, &reporting, &officer).await;
    events(&app).await;
    let list = officer
        .get("/api/v1/notifications?unread=true&count=true&kinds=REPORT_RETURNED")
        .await;
    let (graphql, rest) = (told(&officer).await, &list.body()["items"][0]);
    assert_eq!(list.body()["totalCount"], 1);
    assert_eq!(rest["subjectId"], json!(report.id));
    for field in ["id", "kind", "count", "readAt", "text"] {
        assert_eq!(
            &rest[field],
            graphql.at(&format!("/notifications/nodes/0/{field}")),
            "{field}"
        );
    }
    let instant =
        |value: &Value| DateTime::parse_from_rfc3339(value.as_str().expect("an instant")).expect("an instant");
    assert_eq!(instant(&rest["at"]), instant(graphql.at("/notifications/nodes/0/at")));
    let marked = officer
        .post("/api/v1/notifications/read", json!({ "ids": [rest["id"]] }))
        .await;
    assert_eq!((marked.status(), marked.body()), (200, &json!({ "unreadCount": 0 })));
    let left = officer.get("/api/v1/notifications?unread=true").await;
    assert_eq!(left.body()["items"], json!([]));
}

async fn either_ids_or_an_instant(app: TestApp) {
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    for input in [json!({}), json!({ "ids": [], "upTo": "2026-03-10T01:00:00Z" })] {
        let refused = officer.does("markNotificationsRead", input.clone()).await;
        assert_eq!(
            refused.at("/markNotificationsRead/userErrors/0/code"),
            "ONE_OF_TWO",
            "{refused}"
        );
        let refused = officer.post("/api/v1/notifications/read", input).await;
        assert_eq!(
            (refused.status(), &refused.body()["errors"][0]["code"]),
            (422, &json!("ONE_OF_TWO")),
            "{refused}"
        );
    }
    let many: Vec<String> = (0..101)
        .map(|_| format!("notification_{}", app.env.new_id().simple()))
        .collect();
    let refused = officer.does("markNotificationsRead", json!({ "ids": many })).await;
    assert_eq!(
        refused.at("/markNotificationsRead/userErrors/0/field"),
        "ids",
        "{refused}"
    );
    let other = officer
        .does(
            "markNotificationsRead",
            json!({ "ids": [app.world()["Sở Nội vụ"].id()] }),
        )
        .await;
    assert_eq!(other.code(), "NOT_FOUND", "{other}");
}
