//! The doors of cross-checks.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Refused, Script, SeesNothing, Sent, text};
use crate::support::Answer;

pub async fn mutations(script: &mut Script) {
    let of = crate::crosschecks::Checked::begin(&script.app).await;
    let pair = |checker: &str, checked: &str| json!({ "yearId": of.year, "checkerId": checker, "checkedId": checked, "reason": "Có đơn thư" });
    let recusal = script
        .call("recordRecusal", &of.chair, pair(&of.units[2], &of.units[1]))
        .await;
    script
        .call("withdrawRecusal", &of.chair, json!({ "id": recusal["id"] }))
        .await;
    script
        .call("drawCrossChecks", &of.chair, json!({ "yearId": of.year }))
        .await;
    let spare = of.spare_pair().await;
    let by_hand = script
        .call("assignCrossCheck", &of.chair, pair(&spare.0, &spare.1))
        .await;
    let step = |check: &Value, more: Value| {
        let mut step = json!({ "id": check["id"], "version": check["version"] });
        for (field, value) in more.as_object().into_iter().flatten() {
            step[field] = value.clone();
        }
        step
    };
    let reason = json!({ "reason": "Đơn vị xin rút" });
    script
        .call("withdrawCrossCheck", &of.chair, step(&by_hand, reason.clone()))
        .await;
    let (check, checker, checked) = of.check().await;
    let found = json!({ "crossCheckId": check["id"], "text": "Chưa có sổ thăm hỏi" });
    let finding = script.call("writeFinding", &checker, found.clone()).await;
    let finding = script
        .call(
            "changeFinding",
            &checker,
            step(&finding, json!({ "text": "Sổ chưa đủ" })),
        )
        .await;
    script.call("removeFinding", &checker, step(&finding, json!({}))).await;
    let finding = checker.does("writeFinding", found).await.thing().clone();
    let (now, ..) = of.check().await;
    script.call("sendFindings", &checker, step(&now, json!({}))).await;
    script
        .call("replyToFinding", &checked, step(&finding, json!({ "reply": "AGREED" })))
        .await;
    let (now, ..) = of.check().await;
    let now = script
        .call(
            "waiveReplies",
            &of.chair,
            step(&now, json!({ "reason": "Quá hạn trả lời" })),
        )
        .await;
    let mut back = step(&now, json!({ "reason": "Đơn vị xin trả lời" }));
    back["version"] = now["version"].clone();
    let now = of.chair.does("returnCrossCheck", back).await.thing().clone();
    let now = script.call("sendReplies", &checked, step(&now, json!({}))).await;
    let minutes =
        json!({ "heldOn": "2026-01-05", "place": "Trụ sở", "attendance": "Hai đơn vị", "minutes": "Đã đối chiếu." });
    let now = script.call("writeMinutes", &checker, step(&now, minutes)).await;
    script.call("returnCrossCheck", &of.chair, step(&now, reason)).await;
}

pub async fn rest(script: &mut Script) {
    let of = crate::crosschecks::Checked::begin(&script.app).await;
    of.chair
        .does("drawCrossChecks", json!({ "yearId": of.year }))
        .await
        .thing();
    let (check, checker, checked) = of.check().await;
    let (list, one) = ("/api/v1/cross-checks", "/api/v1/cross-checks/{id}");
    let filled = format!("{list}/{}", text(&check["id"]));
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let sent = |version: i64| Sent {
        version: Some(version),
        ..Sent::default()
    };
    script
        .rest(get.clone(), list, list, &checker, Sent::default(), SeesNothing)
        .await;
    script.rest(get, one, &filled, &checker, Sent::default(), Refused).await;
    let found = json!({ "text": "Chưa có sổ thăm hỏi" });
    let body = Sent {
        body: Some(&found),
        ..Sent::default()
    };
    let (path, to) = (format!("{one}/findings"), format!("{filled}/findings"));
    let first = script
        .rest(post.clone(), &path, &to, &checker, body.clone(), Refused)
        .await;
    let second = script.rest(post.clone(), &path, &to, &checker, body, Refused).await;
    let path = "/api/v1/cross-check-findings/{id}";
    let to = |finding: &Answer| format!("/api/v1/cross-check-findings/{}", text(&finding.body()["id"]));
    let change = Sent {
        body: Some(&found),
        ..sent(1)
    };
    script
        .rest(put.clone(), path, &to(&first), &checker, change, Refused)
        .await;
    script
        .rest(Method::DELETE, path, &to(&second), &checker, sent(1), Refused)
        .await;
    let (path, filled_step) = (format!("{one}/send-findings"), format!("{filled}/send-findings"));
    script
        .rest(post.clone(), &path, &filled_step, &checker, sent(5), Refused)
        .await;
    let agreed = json!({ "reply": "AGREED" });
    let reply = Sent {
        body: Some(&agreed),
        ..sent(2)
    };
    let path = "/api/v1/cross-check-findings/{id}/reply";
    script
        .rest(put, path, &format!("{}/reply", to(&first)), &checked, reply, Refused)
        .await;
    let (path, filled_step) = (format!("{one}/send-replies"), format!("{filled}/send-replies"));
    script
        .rest(post.clone(), &path, &filled_step, &checked, sent(7), Refused)
        .await;
    let minutes =
        json!({ "heldOn": "2026-01-05", "place": "Trụ sở", "attendance": "Hai đơn vị", "minutes": "Đã đối chiếu." });
    let minutes = Sent {
        body: Some(&minutes),
        ..sent(8)
    };
    let (path, filled_step) = (format!("{one}/minutes"), format!("{filled}/minutes"));
    script.rest(post, &path, &filled_step, &checker, minutes, Refused).await;
}
