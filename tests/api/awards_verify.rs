//! Verification: whoever holds a certificate asks by its code, without signing in, and learns no more than the certificate shows.

use std::collections::BTreeSet;

use serde_json::json;

use crate::awards_decisions::given;
use crate::awards_proposals::Awarding;
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    a_certificate_is_valid_until_it_is_revoked,
    a_code_that_is_none_is_unknown_however_it_is_wrong,
    codes_cannot_be_guessed_from_one_another,
    who_tries_too_often_waits,
}

async fn a_certificate_is_valid_until_it_is_revoked(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    let decision = awarding.decides("12/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    let seen = given(&awarding.committee, &decision, "verifyCode").await;
    let (award, code) = (
        seen.at("/node/awards/0/id").clone(),
        seen.str("/node/awards/0/verifyCode").to_owned(),
    );
    let nobody = app.nobody();
    let valid = nobody.get(&format!("/verify/{code}")).await;
    assert_eq!(
        *valid.body(),
        json!({
            "status": "VALID", "message": "Khen thưởng này còn giá trị.", "code": code,
            "award": "Cờ thi đua của Liên đoàn Lao động tỉnh", "recipient": "COLLECTIVE", "recipientName": "CĐCS Thư viện tỉnh",
            "year": 2025, "decisionNumber": "12/QĐ-LĐLĐ", "decidedOn": "2026-03-09",
            "issuerName": "Liên đoàn Lao động tỉnh Sóc Trăng",
        })
    );
    assert_eq!(valid.header("content-language"), "vi");
    let typed = code.to_lowercase().replace('-', "").replace('0', "o");
    let english = nobody.in_english().get(&format!("/verify/{typed}")).await;
    assert_eq!(
        (english.header("content-language"), english.body()["status"].as_str()),
        ("en", Some("VALID"))
    );
    assert_eq!(english.body()["message"], "This award is valid.");
    let about = |number: &str| {
        json!({
            "id": award, "number": number, "decidedOn": "2026-03-10", "legalBasis": "Luật 06/2022/QH15, Điều 93",
            "ground": "Ghi sai tên",
        })
    };
    let mut correction = about("13/QĐ-LĐLĐ");
    correction["recipientName"] = "CĐCS Thư viện tỉnh Sóc Trăng".into();
    awarding.committee.does("correctAward", correction).await.thing();
    let corrected = nobody.get(&format!("/verify/{code}")).await;
    assert_eq!(corrected.body()["recipientName"], "CĐCS Thư viện tỉnh Sóc Trăng");
    awarding
        .committee
        .does("revokeAward", about("14/QĐ-LĐLĐ"))
        .await
        .thing();
    let revoked = nobody.get(&format!("/verify/{code}")).await;
    assert_eq!(
        (revoked.status(), revoked.body()["status"].as_str()),
        (200, Some("REVOKED"))
    );
    assert_eq!(revoked.body()["message"], "Khen thưởng này đã bị thu hồi.");
    assert!(
        !revoked.text().contains("Ghi sai tên"),
        "why is not on a certificate: {revoked}"
    );
}

async fn a_code_that_is_none_is_unknown_however_it_is_wrong(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    let decision = awarding.decides("12/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    let seen = given(&awarding.committee, &decision, "verifyCode").await;
    let code = seen.str("/node/awards/0/verifyCode");
    let other = thidua::awards::verifying::printed(&thidua::awards::verifying::code(20_260_310));
    let first = if code.starts_with('A') { "B" } else { "A" };
    let slip = format!("{first}{}", &code[1..]);
    let unknown = app.nobody().get(&format!("/verify/{other}")).await;
    assert_eq!(unknown.status(), 200);
    assert_eq!(unknown.body()["status"], "UNKNOWN");
    for wrong in [slip.as_str(), "x", "%00", "12%2FQD-LDLD", &"A".repeat(3_000)] {
        let answer = app.nobody().get(&format!("/verify/{wrong}")).await;
        assert_eq!((answer.status(), answer.body()), (200, unknown.body()), "{wrong}");
        assert!(
            answer.statements() == 0,
            "what can be no code asks the database for nothing"
        );
    }
}

async fn codes_cannot_be_guessed_from_one_another(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let awards: Vec<_> = (0..200)
        .map(|number| {
            json!({
                "typeId": awarding.certificate, "recipient": "INDIVIDUAL", "unitId": world["Thư viện"].id(),
                "recipientName": format!("Nguyễn Văn {number}"),
            })
        })
        .collect();
    let input = json!({ "number": "1/QĐ-LĐLĐ", "year": 2025, "issuerId": world["Sóc Trăng"].id(), "awards": awards });
    let decision = awarding.committee.does("recordAwardDecision", input).await;
    let seen = given(&awarding.committee, &decision, "verifyCode").await;
    let codes = seen.texts("/node/awards", "verifyCode");
    let each: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(each.len(), 200);
    for place in 0..4 {
        let starts: BTreeSet<&str> = codes.iter().filter_map(|code| code.split('-').nth(place)).collect();
        assert!(starts.len() > 190, "the letters of group {place} are random");
    }
}

async fn who_tries_too_often_waits(app: TestApp) {
    let app = app.with(|settings| settings.requests_per_minute_per_address = 3).await;
    let guesser = app.nobody().calling_from("203.0.113.9");
    for _ in 0..3 {
        assert_eq!(guesser.get("/verify/AAAA-AAAA-AAAA-AAAA").await.status(), 200);
    }
    assert_eq!(guesser.get("/verify/AAAA-AAAA-AAAA-AAAB").await.status(), 429);
}
