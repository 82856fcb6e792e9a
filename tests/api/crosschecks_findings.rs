//! What a checker finds, what the checked unit replies, the minutes; and who sees which of it when.

use futures_util::future::join;
use serde_json::{Value, json};
use thidua::crosschecks::store;
use thidua::ids::Kind;
use thidua::notifications::usecases::handle_events;
use thidua::policy::Scope;
use thidua_entity::enums::CrossCheckState;

use crate::crosschecks::{assign, draw, listed};
use crate::support::{Answer, Person, TestApp, fewest_statements, no_more_statements, on_both_databases};
use crate::years::Year;

on_both_databases! {
    findings_are_seen_by_nobody_else_before_they_are_sent,
    what_was_found_is_for_the_two_units_and_who_keeps_the_cluster_until_it_is_published,
    replies_are_seen_by_the_checker_when_they_are_sent,
    a_cross_check_goes_from_findings_to_minutes_and_back_with_a_reason,
    each_side_does_its_own_part_and_nobody_the_others,
    a_finding_names_a_criterion_of_the_year,
    a_finding_sent_twice_by_a_phone_is_one_finding,
    nobody_sends_findings_that_they_have_not_seen,
    a_unit_that_does_not_reply_holds_up_nobody,
    a_check_that_was_begun_is_withdrawn_and_the_audit_keeps_what_was_found,
    while_one_side_drafts_the_other_counts_nothing,
    what_was_sent_and_written_anew_is_in_the_audit,
    both_units_are_told_of_what_they_wait_for,
    a_draw_and_a_finding_at_once_lose_nothing,
    what_somebody_may_do_is_what_happens,
    a_list_of_cross_checks_takes_few_statements,
}

/// The cross-check of Sở Khoa học by Sở Ngoại vụ, neither of which holds an office of the cluster, while units check each other.
struct Check {
    year: Year,
    id: String,
    checker: Person,
    checked: Person,
    /// Of Thư viện, another member.
    member: Person,
}

impl Check {
    async fn begin(app: &TestApp) -> Self {
        let year = Year::begin(app).await;
        year.to_phase("CROSS_CHECKING").await;
        let id = assign(&year, &year.chair, "Sở Ngoại vụ", "Sở Khoa học")
            .await
            .id()
            .to_owned();
        Self {
            id,
            checker: year.officer("Sở Ngoại vụ").await,
            checked: year.officer("Sở Khoa học").await,
            member: year.officer("Thư viện").await,
            year,
        }
    }

    async fn seen_by(&self, who: &Person) -> Answer {
        let query = "query($id: ID!) { node(id: $id) { ... on CrossCheck { state version reason heldOn place attendance minutes returnReason \
                     checkerName checkedName findings { id version criterion text reply replyText by } viewerCan { action allowed code } } } }";
        who.graphql(query, json!({ "id": self.id })).await
    }

    async fn texts_for(&self, who: &Person) -> Vec<String> {
        let seen = self.seen_by(who).await;
        seen.texts("/node/findings", "text")
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    async fn finds(&self, text: &str) -> Answer {
        let found =
            json!({ "crossCheckId": self.id, "text": text, "criterion": "care", "evidenceSeen": "Sổ biên bản họp" });
        self.checker.does("writeFinding", found).await
    }

    /// Does something with it, at the version that it has now.
    async fn does(&self, who: &Person, mutation: &str, mut input: Value) -> Answer {
        let seen = self.seen_by(&self.year.specialist).await;
        input["id"] = self.id.clone().into();
        input["version"] = seen.at("/node/version").clone();
        who.does(mutation, input).await
    }

    async fn replies(&self, who: &Person, reply: Value) -> Answer {
        let seen = self.seen_by(&self.year.specialist).await;
        let finding = seen.at("/node/findings/0");
        let mut input = json!({ "id": finding["id"], "version": finding["version"] });
        for (field, value) in reply.as_object().expect("fields") {
            input[field] = value.clone();
        }
        who.does("replyToFinding", input).await
    }
}

fn minutes() -> Value {
    json!({ "heldOn": "2026-01-05", "place": "Trụ sở Sở", "attendance": "Đoàn kiểm tra 3 người; BCH CĐCS", "minutes": "Đã đối chiếu sổ sách." })
}

async fn findings_are_seen_by_nobody_else_before_they_are_sent(app: TestApp) {
    let check = Check::begin(&app).await;
    let finding = check.finds("Chưa có sổ thăm hỏi đoàn viên").await.id().to_owned();
    assert_eq!(check.texts_for(&check.checker).await, ["Chưa có sổ thăm hỏi đoàn viên"]);
    for who in [&check.checked, &check.year.chair, &check.year.deputy, &check.member] {
        assert!(check.texts_for(who).await.is_empty());
        let found = who
            .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": finding }))
            .await;
        assert_eq!(found.code(), "NOT_FOUND");
        let read = who.get(&format!("/api/v1/cross-checks/{}", check.id)).await;
        assert_eq!(read.body()["findings"], json!([]));
    }
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    for who in [
        &check.checked,
        &check.year.chair,
        &check.year.specialist,
        &check.year.committee,
    ] {
        assert_eq!(check.texts_for(who).await.len(), 1);
    }
    let back = check
        .does(&check.year.chair, "returnCrossCheck", json!({ "reason": "Gửi nhầm" }))
        .await;
    assert_eq!(back.thing()["state"], "ASSIGNED");
    assert!(
        check.texts_for(&check.checked).await.is_empty(),
        "what came back is a draft again"
    );
}

async fn what_was_found_is_for_the_two_units_and_who_keeps_the_cluster_until_it_is_published(app: TestApp) {
    let check = Check::begin(&app).await;
    check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing();
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    check
        .replies(&check.checked, json!({ "reply": "AGREED" }))
        .await
        .thing();
    check.does(&check.checked, "sendReplies", json!({})).await.thing();
    check.does(&check.checker, "writeMinutes", minutes()).await.thing();
    let cluster = Scope::Cluster(Kind::Cluster.parse(&check.year.cluster.id).expect("a cluster"));
    let watcher = app.viewer_of(cluster).await;
    for who in [
        &check.checker,
        &check.checked,
        &check.year.chair,
        &check.year.specialist,
        &watcher,
    ] {
        let seen = check.seen_by(who).await;
        assert_eq!(seen.str("/node/minutes"), "Đã đối chiếu sổ sách.");
        assert_eq!(seen.str("/node/findings/0/reply"), "AGREED");
    }
    let seen = check.seen_by(&check.member).await;
    assert_eq!(
        seen.str("/node/checkedName"),
        app.world()["Sở Khoa học"].name,
        "the pair is known to the cluster"
    );
    for hidden in ["heldOn", "place", "attendance", "minutes", "returnReason"] {
        assert_eq!(*seen.at(&format!("/node/{hidden}")), Value::Null, "{hidden}");
    }
    assert_eq!(*seen.at("/node/findings"), json!([]));
    for who in [
        app.stranger().await,
        app.specialist_of(&app.world()["Kon Tum"]).await,
        app.officer_of(&app.world()["Y tế Đăk Tô"]).await,
    ] {
        assert_eq!(check.seen_by(&who).await.code(), "NOT_FOUND");
        assert!(listed(&check.year, &who, "").await.is_empty());
    }
    app.rows("UPDATE emulation_year SET phase = 'PUBLISHED' RETURNING id")
        .await;
    let seen = check.seen_by(&check.member).await;
    assert_eq!(
        seen.str("/node/minutes"),
        "Đã đối chiếu sổ sách.",
        "published is published"
    );
    assert_eq!(seen.str("/node/findings/0/reply"), "AGREED");
}

async fn replies_are_seen_by_the_checker_when_they_are_sent(app: TestApp) {
    let check = Check::begin(&app).await;
    check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing();
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    let silent = check.replies(&check.checked, json!({ "reply": "DISPUTED" })).await;
    assert_eq!(silent.user_errors(), [("REQUIRED", "text")], "who disputes says why");
    let disputed = json!({ "reply": "DISPUTED", "text": "Sổ để ở tổ công đoàn" });
    check.replies(&check.checked, disputed).await.thing();
    assert_eq!(
        check.seen_by(&check.checked).await.str("/node/findings/0/replyText"),
        "Sổ để ở tổ công đoàn"
    );
    for who in [&check.checker, &check.year.chair] {
        assert_eq!(*check.seen_by(who).await.at("/node/findings/0/reply"), Value::Null);
    }
    check.does(&check.checked, "sendReplies", json!({})).await.thing();
    for who in [&check.checker, &check.year.chair] {
        assert_eq!(check.seen_by(who).await.str("/node/findings/0/reply"), "DISPUTED");
    }
    let late = check.replies(&check.checked, json!({ "reply": "AGREED" })).await;
    assert_eq!(late.code(), "WRONG_STATE");
}

async fn a_cross_check_goes_from_findings_to_minutes_and_back_with_a_reason(app: TestApp) {
    let check = Check::begin(&app).await;
    check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing();
    for early in ["sendReplies", "writeMinutes"] {
        let (who, input) = if early == "sendReplies" {
            (&check.checked, json!({}))
        } else {
            (&check.checker, minutes())
        };
        assert_eq!(check.does(who, early, input).await.code(), "WRONG_STATE", "{early}");
    }
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    assert_eq!(check.finds("Thêm một điều").await.code(), "WRONG_STATE");
    let unanswered = check.does(&check.checked, "sendReplies", json!({})).await;
    assert_eq!(unanswered.user_errors(), [("REPLIES_MISSING", "id")]);
    check
        .replies(&check.checked, json!({ "reply": "AGREED" }))
        .await
        .thing();
    check.does(&check.checked, "sendReplies", json!({})).await.thing();
    let mut tomorrow = minutes();
    tomorrow["heldOn"] = "2199-01-01".into();
    let tomorrow = check.does(&check.checker, "writeMinutes", tomorrow).await;
    assert_eq!(tomorrow.user_errors(), [("DAY_IN_FUTURE", "heldOn")]);
    let year = Kind::EmulationYear.parse(&check.year.id).expect("a year");
    let unit = app.world()["Sở Khoa học"].uuid;
    let is_done = async || {
        let checks = store::of_checked(&app.env.db, year, &[unit]).await.expect("an answer");
        checks.iter().all(|check| check.state == CrossCheckState::Minuted)
    };
    assert!(!is_done().await);
    assert_eq!(
        check.does(&check.checker, "writeMinutes", minutes()).await.thing()["state"],
        "MINUTED"
    );
    assert!(is_done().await);
    for state in ["REPLIED", "FINDINGS_SENT", "ASSIGNED"] {
        let back = check
            .does(
                &check.year.chair,
                "returnCrossCheck",
                json!({ "reason": "Đoàn kiểm tra thiếu người" }),
            )
            .await;
        assert_eq!(back.thing()["state"], state);
    }
    let seen = check.seen_by(&check.checked).await;
    assert_eq!(seen.str("/node/returnReason"), "Đoàn kiểm tra thiếu người");
    assert_eq!(
        seen.str("/node/minutes"),
        "Đã đối chiếu sổ sách.",
        "what was written stays"
    );
    let further = check
        .does(&check.year.chair, "returnCrossCheck", json!({ "reason": "Nữa" }))
        .await;
    assert_eq!(further.code(), "WRONG_STATE");
}

async fn each_side_does_its_own_part_and_nobody_the_others(app: TestApp) {
    let check = Check::begin(&app).await;
    let found = json!({ "crossCheckId": check.id, "text": "Không có gì" });
    let far = app.officer_of(&app.world()["Y tế Đăk Tô"]).await;
    let (chair, specialist) = (&check.year.chair, &check.year.specialist);
    for (who, code) in [
        (&check.checked, "FORBIDDEN"),
        (&check.member, "FORBIDDEN"),
        (chair, "FORBIDDEN"),
        (specialist, "FORBIDDEN"),
        (&far, "NOT_FOUND"),
    ] {
        assert_eq!(who.does("writeFinding", found.clone()).await.code(), code);
        assert_eq!(check.does(who, "sendFindings", json!({})).await.code(), code);
    }
    check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing();
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    for (who, code) in [
        (&check.checker, "FORBIDDEN"),
        (chair, "FORBIDDEN"),
        (&check.member, "NOT_FOUND"),
        (&far, "NOT_FOUND"),
    ] {
        assert_eq!(check.replies(who, json!({ "reply": "AGREED" })).await.code(), code);
    }
    for who in [&check.checker, &check.checked, &check.member] {
        let back = check
            .does(who, "returnCrossCheck", json!({ "reason": "Trả lại" }))
            .await;
        assert_eq!(back.code(), "FORBIDDEN");
    }
    check.year.to_phase("APPRAISING").await;
    assert_eq!(
        check.replies(&check.checked, json!({ "reply": "AGREED" })).await.code(),
        "WRONG_STATE"
    );
}

async fn a_finding_names_a_criterion_of_the_year(app: TestApp) {
    let check = Check::begin(&app).await;
    let of = |criterion: &str| json!({ "crossCheckId": check.id, "text": "Không rõ", "criterion": criterion });
    let unknown = check.checker.does("writeFinding", of("no_such_thing")).await;
    assert_eq!(unknown.user_errors(), [("CRITERION_UNKNOWN", "criterion")]);
    let finding = check.checker.does("writeFinding", of("work")).await.thing().clone();
    let change = json!({ "id": finding["id"], "version": finding["version"], "text": "Rõ hơn", "criterion": "growth" });
    assert_eq!(
        check.checker.does("changeFinding", change.clone()).await.thing()["criterion"],
        "growth"
    );
    assert_eq!(
        check.checker.does("changeFinding", change).await.code(),
        "STALE_VERSION"
    );
    let removed = json!({ "id": finding["id"], "version": 2 });
    check.checker.does("removeFinding", removed).await.thing();
    assert!(check.texts_for(&check.checker).await.is_empty());
}

async fn a_finding_sent_twice_by_a_phone_is_one_finding(app: TestApp) {
    let check = Check::begin(&app).await;
    let path = format!("/api/v1/cross-checks/{}", check.id);
    let found = json!({ "text": "Chưa có sổ thăm hỏi đoàn viên", "criterion": "care" });
    let key = [("Idempotency-Key", "phone-7"), ("Content-Type", "application/json")];
    let send = async || {
        let post = actix_web::http::Method::POST;
        check
            .checker
            .request(post, &format!("{path}/findings"), &key, found.to_string())
            .await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status(), again.status()), (201, 201), "{first}");
    assert_eq!(first.body()["id"], again.body()["id"]);
    let read = check.checker.get(&path).await;
    assert_eq!(read.body()["findings"].as_array().map(Vec::len), Some(1));
    let blind = check.checker.post(&format!("{path}/send-findings"), json!({})).await;
    assert_eq!(blind.status(), 428);
    let seen = [("If-Match", read.header("ETag"))];
    let post = actix_web::http::Method::POST;
    let sent = check
        .checker
        .request(post.clone(), &format!("{path}/send-findings"), &seen, "")
        .await;
    assert_eq!(sent.body()["state"], "FINDINGS_SENT", "{sent}");
    let again = check
        .checker
        .request(post, &format!("{path}/send-findings"), &seen, "")
        .await;
    assert_eq!(again.status(), 412);
}

async fn nobody_sends_findings_that_they_have_not_seen(app: TestApp) {
    let check = Check::begin(&app).await;
    check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing();
    let seen = check.seen_by(&check.checker).await;
    check.finds("Một đồng nghiệp viết thêm").await.thing();
    let step = json!({ "id": check.id, "version": seen.at("/node/version") });
    assert_eq!(check.checker.does("sendFindings", step).await.code(), "STALE_VERSION");
}

/// What somebody was told, as kinds of notifications.
async fn told(app: &TestApp, who: &Person) -> Vec<String> {
    while handle_events(&app.env).await.expect("handled") > 0 {}
    let told = who
        .graphql("{ notifications(first: 50) { nodes { kind } } }", json!({}))
        .await;
    told.texts("/notifications/nodes", "kind")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

async fn a_unit_that_does_not_reply_holds_up_nobody(app: TestApp) {
    let check = Check::begin(&app).await;
    check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing();
    let reason = json!({ "reason": "Quá hạn trả lời 10 ngày" });
    let early = check.does(&check.year.chair, "waiveReplies", reason.clone()).await;
    assert_eq!(early.code(), "WRONG_STATE", "nothing was sent");
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    for who in [&check.checker, &check.checked, &check.member] {
        assert_eq!(
            check.does(who, "waiveReplies", reason.clone()).await.code(),
            "FORBIDDEN"
        );
    }
    let unsaid = check
        .does(&check.year.chair, "waiveReplies", json!({ "reason": " " }))
        .await;
    assert_eq!(unsaid.user_errors(), [("REQUIRED", "reason")]);
    let waived = check.does(&check.year.chair, "waiveReplies", reason.clone()).await;
    assert_eq!(
        (&waived.thing()["state"], &waived.thing()["waivedReason"]),
        (&json!("REPLIED"), &reason["reason"])
    );
    let rest = check.member.get(&format!("/api/v1/cross-checks/{}", check.id)).await;
    assert_eq!(rest.body()["waivedReason"], Value::Null, "other members do not read it");
    for who in [&check.checker, &check.checked] {
        assert!(told(&app, who).await.contains(&"REPLIES_WAIVED".to_owned()));
    }
    check.does(&check.checker, "writeMinutes", minutes()).await.thing();
    for _ in 0..2 {
        let back = json!({ "reason": "Đơn vị đã trả lời" });
        check.does(&check.year.chair, "returnCrossCheck", back).await.thing();
    }
    let rest = check.checked.get(&format!("/api/v1/cross-checks/{}", check.id)).await;
    assert_eq!(
        (&rest.body()["state"], &rest.body()["waivedReason"]),
        (&json!("FINDINGS_SENT"), &Value::Null),
        "replies are waited for again"
    );
}

async fn a_check_that_was_begun_is_withdrawn_and_the_audit_keeps_what_was_found(app: TestApp) {
    let check = Check::begin(&app).await;
    check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing();
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    let reason = json!({ "reason": "Đơn vị kiểm tra đã giải thể" });
    for who in [&check.checker, &check.checked, &check.member] {
        assert_eq!(
            check.does(who, "withdrawCrossCheck", reason.clone()).await.code(),
            "FORBIDDEN"
        );
    }
    check
        .does(&check.year.chair, "withdrawCrossCheck", reason)
        .await
        .thing();
    assert_eq!(check.seen_by(&check.checker).await.code(), "NOT_FOUND");
    let audit = app.audit_of(Kind::CrossCheck.parse(&check.id).expect("an id")).await;
    let last = audit.last().expect("an entry");
    assert_eq!(last.action, "CROSS_CHECK_WITHDRAWN");
    assert!(last.detail.contains("Chưa có sổ thăm hỏi đoàn viên"), "{}", last.detail);
    for who in [&check.checker, &check.checked] {
        assert!(told(&app, who).await.contains(&"CROSS_CHECK_WITHDRAWN".to_owned()));
    }
    // Somebody else checks instead; what has minutes is not withdrawn.
    let other = Check {
        id: assign(&check.year, &check.year.chair, "Thư viện", "Sở Khoa học")
            .await
            .id()
            .to_owned(),
        checker: check.year.officer("Thư viện").await,
        ..check
    };
    other.does(&other.checker, "sendFindings", json!({})).await.thing();
    other.does(&other.checked, "sendReplies", json!({})).await.thing();
    other.does(&other.checker, "writeMinutes", minutes()).await.thing();
    let late = other
        .does(&other.year.chair, "withdrawCrossCheck", json!({ "reason": "x" }))
        .await;
    assert_eq!(late.code(), "WRONG_STATE");
}

async fn while_one_side_drafts_the_other_counts_nothing(app: TestApp) {
    let check = Check::begin(&app).await;
    let path = format!("/api/v1/cross-checks/{}", check.id);
    let counts = async |who: &Person| {
        let fields =
            "query($id: ID!) { node(id: $id) { ... on CrossCheck { version updatedAt findings { version } } } }";
        let seen = who.graphql(fields, json!({ "id": check.id })).await.at("/node").clone();
        let rest = who.get(&path).await;
        assert_eq!(rest.body()["version"], seen["version"], "{rest}");
        assert_eq!(rest.header("ETag").is_empty(), seen["version"].is_null());
        seen
    };
    let hidden = json!({ "version": null, "updatedAt": null, "findings": [] });
    for text in ["Một", "Hai", "Ba"] {
        check.finds(text).await.thing();
        for who in [&check.checked, &check.member] {
            assert_eq!(counts(who).await, hidden, "nobody learns how much the checker writes");
        }
    }
    assert_eq!(counts(&check.checker).await["version"], 4);
    assert_eq!(
        counts(&check.year.chair).await["version"],
        4,
        "who keeps the cluster may withdraw it"
    );
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    for reply in ["AGREED", "DISPUTED"] {
        check
            .replies(&check.checked, json!({ "reply": reply, "text": "Có lý do" }))
            .await
            .thing();
        let seen = counts(&check.checker).await;
        assert_eq!((&seen["version"], &seen["updatedAt"]), (&Value::Null, &Value::Null));
        for who in [&check.checker, &check.year.chair] {
            assert_eq!(
                counts(who).await["findings"],
                json!([{ "version": null }, { "version": null }, { "version": null }])
            );
        }
    }
    let seen = counts(&check.checked).await;
    assert_eq!(
        (&seen["version"], &seen["findings"][0]["version"]),
        (&json!(7), &json!(3))
    );
}

async fn what_was_sent_and_written_anew_is_in_the_audit(app: TestApp) {
    let check = Check::begin(&app).await;
    let finding = check.finds("Chưa có sổ thăm hỏi đoàn viên").await.thing().clone();
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    let disputed = json!({ "reply": "DISPUTED", "text": "Sổ để ở tổ công đoàn" });
    check.replies(&check.checked, disputed).await.thing();
    let back = json!({ "reason": "Xem lại sổ" });
    check.does(&check.year.chair, "returnCrossCheck", back).await.thing();
    let removed = json!({ "id": finding["id"], "version": 2 });
    check.checker.does("removeFinding", removed).await.thing();
    let audit = app.audit_of(Kind::CrossCheck.parse(&check.id).expect("an id")).await;
    let last = audit.last().expect("an entry");
    assert_eq!(last.action, "FINDING_REMOVED");
    for said in ["Chưa có sổ thăm hỏi đoàn viên", "Sổ để ở tổ công đoàn"] {
        assert!(last.detail.contains(said), "{}", last.detail);
    }
}

async fn both_units_are_told_of_what_they_wait_for(app: TestApp) {
    let check = Check::begin(&app).await;
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    check.does(&check.checked, "sendReplies", json!({})).await.thing();
    assert!(
        told(&app, &check.checker).await.contains(&"REPLIES_SENT".to_owned()),
        "it writes the minutes now"
    );
    let back = json!({ "reason": "Thiếu biên bản" });
    check.does(&check.year.chair, "returnCrossCheck", back).await.thing();
    for who in [&check.checker, &check.checked] {
        assert!(told(&app, who).await.contains(&"CROSS_CHECK_RETURNED".to_owned()));
    }
    assert!(
        !told(&app, &check.member)
            .await
            .contains(&"CROSS_CHECK_RETURNED".to_owned())
    );
}

async fn a_draw_and_a_finding_at_once_lose_nothing(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("CROSS_CHECKING").await;
    draw(&year, &year.chair, json!({ "seed": "1" }))
        .await
        .at("/drawCrossChecks/draw/id");
    let checker = year.officer("Thư viện").await;
    let of_library = app.world()["Thư viện"].name.clone();
    let list = listed(&year, &checker, "").await;
    let check = list
        .iter()
        .find(|one| one["checkerName"] == of_library.as_str())
        .expect("its check");
    let found = json!({ "crossCheckId": check["id"], "text": "Sổ sách đầy đủ" });
    let writing = checker.does("writeFinding", found);
    let again = async { draw(&year, &year.chair, json!({ "seed": "2", "replaces": 1 })).await };
    let (written, drawn) = join(writing, again).await;
    match (written.code(), drawn.code()) {
        ("", "WRONG_STATE") | ("NOT_FOUND", "") => {}
        other => panic!("{other:?}: {written} {drawn}"),
    }
    let list = listed(&year, &checker, "findings { text }").await;
    let kept = list.iter().filter(|one| one["findings"] != json!([])).count();
    assert_eq!(kept, usize::from(written.code().is_empty()));
}

async fn what_somebody_may_do_is_what_happens(app: TestApp) {
    let check = Check::begin(&app).await;
    let finding = check.finds("Chưa có sổ thăm hỏi đoàn viên").await.id().to_owned();
    check.does(&check.checker, "sendFindings", json!({})).await.thing();
    for who in [
        &check.checker,
        &check.checked,
        &check.year.chair,
        &check.year.specialist,
        &check.member,
    ] {
        let seen = check.seen_by(who).await;
        let can = seen.at("/node/viewerCan").as_array().expect("what one may").clone();
        for one in can {
            let (mutation, input) = match one["action"].as_str().expect("a code") {
                "WRITE_FINDING" => ("writeFinding", json!({ "crossCheckId": check.id, "text": "x" })),
                "SEND_FINDINGS" => ("sendFindings", json!({ "id": check.id, "version": 999 })),
                "REPLY" => (
                    "replyToFinding",
                    json!({ "id": finding, "version": 999, "reply": "AGREED" }),
                ),
                "SEND_REPLIES" => ("sendReplies", json!({ "id": check.id, "version": 999 })),
                "WRITE_MINUTES" => {
                    let mut input = minutes();
                    input["id"] = check.id.clone().into();
                    input["version"] = 999.into();
                    ("writeMinutes", input)
                }
                "WAIVE_REPLIES" => ("waiveReplies", json!({ "id": check.id, "version": 999, "reason": "x" })),
                "RETURN" => (
                    "returnCrossCheck",
                    json!({ "id": check.id, "version": 999, "reason": "x" }),
                ),
                "WITHDRAW" => (
                    "withdrawCrossCheck",
                    json!({ "id": check.id, "version": 999, "reason": "x" }),
                ),
                other => panic!("an action {other}"),
            };
            // At a version that is not: so nothing changes, and who gets as far as that may do it, or is only too late.
            let answer = who.does(mutation, input).await;
            match one["code"].as_str() {
                None => assert_eq!(answer.code(), "STALE_VERSION", "{mutation}: {one}"),
                Some("FORBIDDEN") => assert!(
                    matches!(answer.code(), "FORBIDDEN" | "NOT_FOUND"),
                    "{mutation}: {one} {answer}"
                ),
                Some("WRONG_STATE") => {
                    assert!(
                        matches!(answer.code(), "WRONG_STATE" | "STALE_VERSION"),
                        "{mutation}: {one} {answer}"
                    );
                }
                Some(other) => panic!("{other}"),
            }
        }
    }
}

async fn a_list_of_cross_checks_takes_few_statements(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("CROSS_CHECKING").await;
    draw(&year, &year.chair, json!({ "checksPerUnit": 2 }))
        .await
        .at("/drawCrossChecks/draw/id");
    for checker in ["Thư viện", "Sở Ngoại vụ"] {
        let officer = year.officer(checker).await;
        let name = app.world()[checker].name.clone();
        for check in listed(&year, &officer, "")
            .await
            .iter()
            .filter(|one| one["checkerName"] == name.as_str())
        {
            let found = json!({ "crossCheckId": check["id"], "text": "Sổ sách đầy đủ" });
            officer.does("writeFinding", found).await.thing();
        }
    }
    let query = "query($year: ID!, $first: Int!) { crossChecks(where: { yearId: $year }, first: $first) { totalCount nodes { \
                 checkerName checkedName checker { name } checked { name } draw { number by } year { phase } \
                 findings { text by reply } viewerCan { action allowed } } } }";
    for who in [&year.chair, &year.specialist, &year.officer("Thư viện").await] {
        let ask = async |first: u32| who.graphql(query, json!({ "year": year.id, "first": first })).await;
        assert_eq!(
            ask(10).await.at("/crossChecks/nodes").as_array().map(Vec::len),
            Some(10)
        );
        let few = fewest_statements(async || ask(2).await).await;
        let many = fewest_statements(async || ask(10).await).await;
        // Two may have no findings, and nothing of what those ask for; a statement for each check would be eight more.
        assert!(many <= few + 4, "{few} statements, then {many}");
    }
    let officer = year.officer("Thư viện").await;
    let few = officer
        .get(&format!("/api/v1/cross-checks?yearId={}&first=1", year.id))
        .await;
    let many = officer.get(&format!("/api/v1/cross-checks?yearId={}", year.id)).await;
    assert_eq!(many.body()["items"].as_array().map(Vec::len), Some(10), "{many}");
    no_more_statements(few.statements(), many.statements());
}
