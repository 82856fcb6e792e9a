//! What officers and other systems write over REST: reports, their figures, remarks, more time; with the same refusals as over GraphQL.

use actix_web::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts_services::System;
use crate::reports::{Draft, Reporting};
use crate::reports_merging::Desk;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_report_is_begun_once_under_one_key_or_id,
    figures_are_written_only_from_the_version_that_was_read,
    whoever_was_offline_has_figures_put_together_one_by_one,
    a_star_without_a_version_writes_over_whatever_is_there,
    a_queue_that_is_replayed_writes_nothing_twice,
    a_figure_that_cannot_be_read_is_told_as_over_graphql_and_nothing_is_stored,
    a_note_is_kept_until_it_is_taken_out,
    remarks_are_said_answered_and_settled,
    a_report_sent_back_for_one_figure_is_unlocked,
    a_unit_is_given_more_time,
    a_system_fills_in_reports_and_reads_what_is_said,
    nobody_writes_what_they_do_not_see_and_whoever_only_sees_is_told_so,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

fn figures(typed: &[(&str, &str)]) -> Value {
    let one = |(code, text): &(&str, &str)| json!({ "indicatorCode": code, "text": text });
    json!({ "figures": typed.iter().map(one).collect::<Vec<_>>() })
}

async fn sends(who: &Person, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let json = [("Content-Type", "application/json")];
    let headers = [headers, &json].concat();
    who.request(method, &format!("/api/v1/{path}"), &headers, body.to_string())
        .await
}

async fn patches(who: &Person, report: &Draft, tag: &str, body: &Value) -> Answer {
    let path = format!("reports/{}", report.id);
    sends(who, Method::PATCH, &path, &[("If-Match", tag)], body).await
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status(), answer.code())
}

/// Texts of the figures.
fn texts(answer: &Answer) -> Vec<&str> {
    let all = answer.body()["figures"].as_array().into_iter().flatten();
    all.map(|one| one["text"].as_str().unwrap_or("-")).collect()
}

async fn a_report_is_begun_once_under_one_key_or_id(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let (form, period) = (&reporting.form, &reporting.period);
    let new = json!({ "unitId": world["Sở Nội vụ"].id(), "formId": form, "periodId": period });
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let key = [("Idempotency-Key", "so-1")];
    let made = sends(&officer, Method::POST, "reports", &key, &new).await;
    let id = made.body()["id"].as_str().expect("an id").to_owned();
    assert_eq!((made.status(), made.header("etag")), (201, "\"1\""), "{made}");
    assert_eq!(made.header("location"), format!("/api/v1/reports/{id}"));
    assert_eq!(
        (
            &made.body()["status"],
            &made.body()["figures"],
            &made.body()["conflicts"]
        ),
        (&json!("DRAFT"), &json!([]), &json!([]))
    );
    let again = sends(&officer, Method::POST, "reports", &key, &new).await;
    assert_eq!((again.status(), &again.body()["id"]), (201, &json!(id)));
    let second = sends(&officer, Method::POST, "reports", &[], &new).await;
    assert_eq!(told(&second), (409, "ALREADY_EXISTS"));
    let own = format!("report_{}", Uuid::now_v7().simple());
    let library = app.officer_of(&world["Thư viện"]).await;
    let new = json!({ "id": own, "unitId": world["Thư viện"].id(), "formId": form, "periodId": period });
    for _ in 0..2 {
        let made = sends(&library, Method::POST, "reports", &[], &new).await;
        assert_eq!(
            (made.status(), made.body()["version"].as_i64()),
            (201, Some(1)),
            "{made}"
        );
        let read = library.get(made.header("location")).await;
        assert_eq!(read.body()["id"], made.body()["id"]);
    }
    let of_chance = "report_01a20323fdd14f98aa715a673b5ab215";
    let bent = json!({ "id": of_chance, "unitId": world["Sở Ngoại vụ"].id(), "formId": form, "periodId": period });
    let other = app.officer_of(&world["Sở Ngoại vụ"]).await;
    let refused = sends(&other, Method::POST, "reports", &[], &bent).await;
    assert_eq!(refused.body()["errors"][0]["code"], "ID_NOT_V7", "{refused}");
}

async fn figures_are_written_only_from_the_version_that_was_read(app: TestApp) {
    let desk = Desk::of(&app).await;
    let path = format!("reports/{}", desk.draft.id);
    let unsaid = sends(&desk.officer, Method::PATCH, &path, &[], &figures(COMPLETE)).await;
    assert_eq!(unsaid.status(), 428, "{unsaid}");
    let saved = patches(&desk.officer, &desk.draft, "\"1\"", &figures(COMPLETE)).await;
    assert_eq!(
        (saved.status(), saved.header("etag"), texts(&saved)),
        (200, "\"2\"", vec!["1.671", "1.700"]),
        "{saved}"
    );
    let late = patches(
        &desk.colleague,
        &desk.draft,
        "\"1\"",
        &figures(&[("members_total", "1.700")]),
    )
    .await;
    assert_eq!(told(&late), (412, "STALE_VERSION"));
    let with_version = json!({ "version": 1, "figures": [{ "indicatorCode": "members_total", "text": "1.700" }] });
    let late = patches(&desk.colleague, &desk.draft, "\"1\"", &with_version).await;
    assert_eq!(
        told(&late),
        (412, "STALE_VERSION"),
        "the header is kept whatever the body says"
    );
    let seen = desk.officer.get(&format!("/api/v1/{path}")).await;
    assert_eq!((texts(&seen), seen.header("etag")), (vec!["1.671", "1.700"], "\"2\""));
    desk.draft.step(&desk.officer, "submitReport", 2).await.thing();
    let sent = patches(&desk.officer, &desk.draft, "\"3\"", &figures(COMPLETE)).await;
    assert_eq!(told(&sent), (409, "WRONG_STATE"));
}

async fn whoever_was_offline_has_figures_put_together_one_by_one(app: TestApp) {
    let desk = Desk::of(&app).await;
    patches(&desk.officer, &desk.draft, "\"1\"", &figures(COMPLETE)).await;
    let mut late = figures(&[("members_total", "1.761"), ("new_members", "12")]);
    late["version"] = json!(1);
    let merged = patches(&desk.colleague, &desk.draft, "*", &late).await;
    assert_eq!(
        (merged.status(), texts(&merged)),
        (200, vec!["1.671", "1.700", "12"]),
        "{merged}"
    );
    let conflicts = merged.body()["conflicts"].as_array().expect("a list");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        (
            &conflicts[0]["indicatorCode"],
            &conflicts[0]["standing"],
            &conflicts[0]["text"]
        ),
        (&json!("members_total"), &json!("1.671"), &json!("1.761"))
    );
    assert!(conflicts[0]["by"].is_string());
    let path = format!("/api/v1/reports/{}/submit", desk.draft.id);
    let open = desk
        .officer
        .request(Method::POST, &path, &[("If-Match", "\"3\"")], "")
        .await;
    assert_eq!(open.body()["errors"][0]["code"], "CONFLICT_OPEN", "{open}");
    let decided = patches(
        &desk.officer,
        &desk.draft,
        "\"3\"",
        &figures(&[("members_total", "1.761")]),
    )
    .await;
    assert_eq!(
        (decided.status(), &decided.body()["conflicts"]),
        (200, &json!([])),
        "{decided}"
    );
    let mut to_come = figures(&[("new_members", "13")]);
    to_come["version"] = json!(9);
    let refused = patches(&desk.officer, &desk.draft, "*", &to_come).await;
    assert_eq!(
        told(&refused),
        (412, "STALE_VERSION"),
        "nobody has seen what is yet to come"
    );
}

async fn a_star_without_a_version_writes_over_whatever_is_there(app: TestApp) {
    let desk = Desk::of(&app).await;
    patches(&desk.officer, &desk.draft, "\"1\"", &figures(COMPLETE)).await;
    let over = patches(
        &desk.colleague,
        &desk.draft,
        "*",
        &figures(&[("members_total", "1.761")]),
    )
    .await;
    assert_eq!(
        (texts(&over), &over.body()["conflicts"]),
        (vec!["1.761", "1.700"], &json!([]))
    );
}

async fn a_queue_that_is_replayed_writes_nothing_twice(app: TestApp) {
    let desk = Desk::of(&app).await;
    let path = format!("reports/{}", desk.draft.id);
    let headers = [("If-Match", "\"1\""), ("Idempotency-Key", "hang-doi-1")];
    let first = sends(&desk.officer, Method::PATCH, &path, &headers, &figures(COMPLETE)).await;
    assert_eq!(first.header("etag"), "\"2\"", "{first}");
    let again = sends(&desk.officer, Method::PATCH, &path, &headers, &figures(COMPLETE)).await;
    assert_eq!((again.status(), again.header("etag")), (200, "\"2\""), "{again}");
    let other = figures(&[("members_total", "5")]);
    let reused = sends(&desk.officer, Method::PATCH, &path, &headers, &other).await;
    assert_eq!(reused.body()["errors"][0]["code"], "IDEMPOTENCY_KEY_REUSED", "{reused}");
}

async fn a_figure_that_cannot_be_read_is_told_as_over_graphql_and_nothing_is_stored(app: TestApp) {
    let desk = Desk::of(&app).await;
    let typed = [
        ("members_total", "1.671"),
        ("welfare_amount", "390.777.00đ"),
        ("workers_total", "nhiều"),
        ("moon", "1"),
    ];
    let over_graphql = desk.draft.save(&desk.officer, 1, &typed).await;
    let stored = app.contents().await;
    let refused = patches(&desk.officer, &desk.draft, "\"1\"", &figures(&typed)).await;
    let errors = refused.body()["errors"].as_array().expect("a list");
    let errors: Vec<_> = errors
        .iter()
        .map(|one| {
            (
                one["code"].as_str().unwrap_or("-"),
                one["field"].as_str().unwrap_or("-"),
            )
        })
        .collect();
    assert_eq!(errors, over_graphql.user_errors());
    assert_eq!(refused.body()["errors"][0]["message"], over_graphql.user_message());
    assert!(app.contents().await == stored);
    for bent in [
        json!({ "figures": [{ "indicatorCode": "members_total" }] }),
        json!({ "figures": [{ "indicatorCode": "members_total", "text": "1", "part": "MEN" }] }),
        json!({ "figures": 7 }),
        json!({ "moon": 1 }),
    ] {
        let refused = patches(&desk.officer, &desk.draft, "\"1\"", &bent).await;
        assert_eq!(told(&refused), (400, "BAD_REQUEST"), "{bent}");
    }
    assert!(app.contents().await == stored);
}

async fn a_note_is_kept_until_it_is_taken_out(app: TestApp) {
    let desk = Desk::of(&app).await;
    let part = json!({ "figures": [{ "indicatorCode": "members_total", "text": "1.671", "nature": "ACTUAL" }], "note": "Đến 30/11." });
    let saved = patches(&desk.officer, &desk.draft, "\"1\"", &part).await;
    assert_eq!(
        (&saved.body()["note"], &saved.body()["figures"][0]["nature"]),
        (&json!("Đến 30/11."), &json!("ACTUAL"))
    );
    let left = patches(&desk.officer, &desk.draft, "\"2\"", &figures(&[("members_total", "")])).await;
    assert_eq!((texts(&left), &left.body()["note"]), (vec![], &json!("Đến 30/11.")));
    let taken_out = patches(&desk.officer, &desk.draft, "\"3\"", &json!({ "note": null })).await;
    assert_eq!(taken_out.body()["note"], Value::Null, "{taken_out}");
}

/// A report that was sent, at its third version.
async fn sent(app: &TestApp) -> Desk {
    let desk = Desk::of(app).await;
    desk.draft.save(&desk.officer, 1, COMPLETE).await.thing();
    desk.draft.step(&desk.officer, "submitReport", 2).await.thing();
    desk
}

async fn remarks_are_said_answered_and_settled(app: TestApp) {
    let desk = sent(&app).await;
    let (specialist, path) = (
        &desk.reporting.specialist,
        format!("reports/{}/comments", desk.draft.id),
    );
    let said = json!({ "indicatorCode": "members_total", "text": "Khác sổ đoàn viên." });
    let key = [("Idempotency-Key", "nx-1")];
    let comment = sends(specialist, Method::POST, &path, &key, &said).await;
    assert_eq!(
        (comment.status(), &comment.body()["resolvedAt"]),
        (201, &Value::Null),
        "{comment}"
    );
    let again = sends(specialist, Method::POST, &path, &key, &said).await;
    assert_eq!(again.body()["id"], comment.body()["id"], "said once under one key");
    let unknown = json!({ "indicatorCode": "moon", "text": "?" });
    let refused = sends(specialist, Method::POST, &path, &[], &unknown).await;
    assert_eq!(
        (
            &refused.body()["errors"][0]["code"],
            &refused.body()["errors"][0]["field"]
        ),
        (&json!("INDICATOR_NOT_ON_FORM"), &json!("indicatorCode"))
    );
    let id = comment.body()["id"].as_str().expect("an id");
    let answer = json!({ "text": "Đã đối chiếu, đúng." });
    let answered = sends(
        &desk.officer,
        Method::POST,
        &format!("report-comments/{id}/answer"),
        &[],
        &answer,
    )
    .await;
    assert_eq!(
        (answered.status(), &answered.body()["answer"]),
        (200, &answer["text"]),
        "{answered}"
    );
    let listed = desk.officer.get(&format!("/api/v1/{path}")).await;
    let items = listed.body()["items"].as_array().expect("a list");
    assert_eq!(items.len(), 1);
    assert_eq!(
        (&items[0]["indicatorCode"], &items[0]["text"], &items[0]["answer"]),
        (&json!("members_total"), &said["text"], &answer["text"])
    );
    desk.draft.step(specialist, "verifyReport", 3).await.thing();
    let approve = format!("/api/v1/reports/{}/approve", desk.draft.id);
    let tag = [("If-Match", "\"4\"")];
    let open = desk.reporting.committee.request(Method::POST, &approve, &tag, "").await;
    assert_eq!(told(&open), (409, "WRONG_STATE"));
    let resolve = format!("report-comments/{id}/resolve");
    let not_theirs = sends(&desk.officer, Method::POST, &resolve, &[], &json!({})).await;
    assert_eq!(told(&not_theirs), (403, "FORBIDDEN"));
    let settled = sends(specialist, Method::POST, &resolve, &[], &json!({})).await;
    assert!(settled.body()["resolvedAt"].is_string(), "{settled}");
    let approved = desk.reporting.committee.request(Method::POST, &approve, &tag, "").await;
    assert_eq!(approved.body()["status"], "APPROVED", "{approved}");
}

async fn a_report_sent_back_for_one_figure_is_unlocked(app: TestApp) {
    let desk = sent(&app).await;
    let specialist = &desk.reporting.specialist;
    let back = json!({ "reason": "Chưa khớp.", "figures": [{ "indicatorCode": "members_total", "text": "Khác sổ." }] });
    let path = format!("reports/{}/return", desk.draft.id);
    let returned = sends(specialist, Method::POST, &path, &[("If-Match", "\"3\"")], &back).await;
    assert_eq!(
        (&returned.body()["figuresLocked"], &returned.body()["returnedVersion"]),
        (&json!(true), &json!(4)),
        "{returned}"
    );
    let other = figures(&[("workers_total", "1.690")]);
    let locked = patches(&desk.officer, &desk.draft, "\"4\"", &other).await;
    assert_eq!(locked.body()["errors"][0]["code"], "FIGURE_LOCKED", "{locked}");
    let unlock = format!("/api/v1/reports/{}/unlock", desk.draft.id);
    for (headers, status) in [(&[][..], 428), (&[("If-Match", "\"3\"")], 412)] {
        let refused = specialist.request(Method::POST, &unlock, headers, "").await;
        assert_eq!(refused.status(), status, "{refused}");
    }
    let refused = desk
        .officer
        .request(Method::POST, &unlock, &[("If-Match", "\"4\"")], "")
        .await;
    assert_eq!(told(&refused), (403, "FORBIDDEN"));
    let unlocked = specialist
        .request(Method::POST, &unlock, &[("If-Match", "\"4\"")], "")
        .await;
    assert_eq!(
        (&unlocked.body()["figuresLocked"], unlocked.header("etag")),
        (&json!(false), "\"5\""),
        "{unlocked}"
    );
    let open = patches(&desk.officer, &desk.draft, "\"5\"", &other).await;
    assert_eq!(open.status(), 200, "{open}");
}

async fn a_unit_is_given_more_time(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let path = format!("report-forms/{}/extensions", reporting.form);
    let new = json!({ "unitId": world["Sở Nội vụ"].id(), "periodId": reporting.period, "until": "2026-12-20", "reason": "Bão số 10." });
    let given = sends(&reporting.specialist, Method::POST, &path, &[], &new).await;
    assert_eq!(
        (given.status(), &given.body()["until"], &given.body()["reason"]),
        (201, &json!("2026-12-20"), &json!("Bão số 10.")),
        "{given}"
    );
    assert!(given.body()["grantedBy"].is_string());
    let again = sends(&reporting.specialist, Method::POST, &path, &[], &new).await;
    assert_eq!(again.body()["errors"][0]["code"], "NO_MORE_TIME");
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let refused = sends(&officer, Method::POST, &path, &[], &new).await;
    assert_eq!(told(&refused), (403, "FORBIDDEN"), "nobody gives themselves time");
    let due = format!(
        "/api/v1/report-forms/{}/due-day?periodId={}&unitId={}",
        reporting.form,
        reporting.period,
        world["Sở Nội vụ"].id()
    );
    assert_eq!(officer.get(&due).await.body()["inTimeUntil"], "2026-12-20");
}

async fn a_system_fills_in_reports_and_reads_what_is_said(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let system = System::of(&app, &world["Viên chức"], "reports:write")
        .await
        .calls()
        .await;
    let new = json!({ "unitId": world["Thư viện"].id(), "formId": reporting.form, "periodId": reporting.period });
    let made = sends(&system, Method::POST, "reports", &[("Idempotency-Key", "k-1")], &new).await;
    let draft = Draft {
        id: made.body()["id"].as_str().expect("an id").to_owned(),
    };
    let saved = patches(&system, &draft, "\"1\"", &figures(COMPLETE)).await;
    assert_eq!(
        (saved.status(), texts(&saved)),
        (200, vec!["1.671", "1.700"]),
        "{saved}"
    );
    let comments = format!("reports/{}/comments", draft.id);
    let listed = system.get(&format!("/api/v1/{comments}")).await;
    assert_eq!((listed.status(), &listed.body()["items"]), (200, &json!([])));
    let said = json!({ "text": "Xin xem lại." });
    let refused = sends(&system, Method::POST, &comments, &[], &said).await;
    assert_eq!(refused.status(), 403, "what is said of a report, people say: {refused}");
    let reader = System::of(&app, &world["Sóc Trăng"], "reports:read")
        .await
        .calls()
        .await;
    let refused = patches(&reader, &draft, "\"2\"", &figures(COMPLETE)).await;
    assert_eq!(told(&refused), (403, "INSUFFICIENT_SCOPE"));
    let difference = format!("/api/v1/reports/{}/difference?since=LAST_SUBMISSION", draft.id);
    assert_eq!(reader.get(&difference).await.status(), 200);
    let far = System::of(&app, &world["Kon Tum"], "reports:write").await.calls().await;
    assert_eq!(
        told(&patches(&far, &draft, "\"2\"", &figures(COMPLETE)).await),
        (404, "NOT_FOUND")
    );
}

async fn nobody_writes_what_they_do_not_see_and_whoever_only_sees_is_told_so(app: TestApp) {
    let desk = sent(&app).await;
    let said = desk.reporting.specialist;
    let comments = format!("reports/{}/comments", desk.draft.id);
    let comment = sends(&said, Method::POST, &comments, &[], &json!({ "text": "Xin xem lại." })).await;
    let comment = comment.body()["id"].as_str().expect("an id").to_owned();
    let neighbour = app.officer_of(&app.world()["Thư viện"]).await;
    let viewer = app
        .viewer_of(thidua::policy::Scope::Unit(app.world()["Viên chức"].uuid))
        .await;
    let stored = app.contents().await;
    let new = json!({ "unitId": app.world()["Sở Ngoại vụ"].id(), "formId": desk.reporting.form, "periodId": desk.reporting.period });
    let time = json!({ "unitId": app.world()["Sở Ngoại vụ"].id(), "periodId": desk.reporting.period, "until": "2026-12-20", "reason": "Bão." });
    let text = json!({ "text": "Xin xem lại." });
    for (method, path, body) in [
        (Method::POST, "reports".to_owned(), &new),
        (Method::PATCH, format!("reports/{}", desk.draft.id), &figures(COMPLETE)),
        (Method::POST, format!("reports/{}/unlock", desk.draft.id), &json!({})),
        (Method::POST, comments, &text),
        (Method::POST, format!("report-comments/{comment}/answer"), &text),
        (Method::POST, format!("report-comments/{comment}/resolve"), &json!({})),
        (
            Method::POST,
            format!("report-forms/{}/extensions", desk.reporting.form),
            &time,
        ),
    ] {
        let tag = [("If-Match", "\"3\"")];
        let hidden = sends(&neighbour, method.clone(), &path, &tag, body).await;
        assert_eq!(told(&hidden), (404, "NOT_FOUND"), "{method} {path}");
        let seen = sends(&viewer, method.clone(), &path, &tag, body).await;
        assert_eq!(told(&seen), (403, "FORBIDDEN"), "{method} {path}");
    }
    assert!(app.contents().await == stored, "and nothing is stored");
}
