//! A quota over the units of several clusters: ruled by who stands above them, told in every result that it moves.

use std::time::Duration;

use actix_web::rt::time::timeout;
use serde_json::{Value, json};
use thidua::{db, years};

use crate::results::{Judged, Says, asked, plain, told, units};
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    a_quota_over_two_clusters_moves_units_of_each_and_says_why,
    who_rules_quotas_and_over_what,
    asked_twice_it_is_ruled_once,
    a_ruling_waits_while_one_of_the_years_is_being_published,
    quotas_that_warn_and_quotas_that_nobody_held_are_told_before_publishing,
}

fn quota(app: &TestApp, percent: &str) -> Value {
    json!({
        "unitId": app.world()["Viên chức"].id(), "year": 2026, "title": "Tỷ lệ xuất sắc toàn ngành", "grade": "XS", "base": ["XS", "T"],
        "percent": percent, "rounding": "DOWN", "basis": "Hướng dẫn 10/HD-LĐLĐ",
    })
}

/// Two clusters: 99 and 95 points in one, 97 and 92 in the other.
async fn two(app: &TestApp) -> [Judged; 2] {
    let first = Judged::by(app, "Cụm thi đua số 1", "BD-1", &plain()).await;
    let second = Judged::by(app, "Cụm thi đua số 2", "BD-2", &plain()).await;
    for (judged, unit, care) in [
        (&first, "Sở Nội vụ", "59"),
        (&first, "Sở Tài chính", "55"),
        (&second, "Thư viện", "57"),
        (&second, "Sở Khoa học", "52"),
    ] {
        let entries = [Says::Points("care", care), Says::Points("movement", "40")];
        judged.takes(unit, &entries).await;
    }
    [first, second]
}

async fn held(who: &Person, input: Value) -> crate::support::Answer {
    let query = "query($input: RuleQuotaInput!) { holdQuota(input: $input) {
        quota { rulingId base exact allowed had over { unitName even } } userErrors { code field } } }";
    who.graphql(query, json!({ "input": input })).await
}

async fn a_quota_over_two_clusters_moves_units_of_each_and_says_why(app: TestApp) {
    let [first, second] = two(&app).await;
    let who = &first.committee;
    let missing = held(who, quota(&app, "50")).await;
    assert_eq!(missing.texts("/holdQuota/userErrors", "code"), ["RESULTS_MISSING"]);
    let (old, other) = (first.computes().await, second.computes().await);
    let before = app.contents().await;
    let tried = held(who, quota(&app, "50")).await;
    assert_eq!(tried.at("/holdQuota/quota/allowed"), 2);
    let over = ["CĐCS Sở Tài chính", "CĐCS Sở Khoa học và Công nghệ"];
    assert_eq!(tried.texts("/holdQuota/quota/over", "unitName"), over);
    assert_eq!(app.contents().await, before, "nothing is stored");
    let ruled = who.does("ruleQuota", quota(&app, "50")).await;
    let ruling = ruled.thing()["rulingId"].as_str().expect("an id").to_owned();
    // Both results are stale, and have the moves in them when they are computed again.
    let refused = first.publishes(old.thing()).await;
    assert_eq!(refused.user_errors(), [("RESULT_STALE", "id")]);
    assert!(
        refused.user_message().contains("Tỷ lệ xét chung nhiều cụm"),
        "{refused}"
    );
    let (anew, others) = (first.computes().await, second.computes().await);
    assert_ne!(others.id(), other.id());
    assert_eq!(
        units(who, anew.id()).await,
        ["CĐCS Sở Nội vụ 99 XS 1", "CĐCS Sở Tài chính 95 T 2"]
    );
    let unit = app.world()["Sở Tài chính"].id();
    let grade = told(who, anew.id(), json!({ "grade": unit })).await;
    let rule = "Theo “Tỷ lệ xuất sắc toàn ngành” xét chung nhiều cụm: mức “Hoàn thành xuất sắc nhiệm vụ” có tối đa 2 trong 4 đơn vị.";
    assert!(grade.iter().any(|one| one == rule), "{grade:?}");
    let quota_told = told(who, anew.id(), json!({ "quota": ruling })).await;
    assert!(
        quota_told.iter().any(|one| one == "Căn cứ: Hướng dẫn 10/HD-LĐLĐ."),
        "{quota_told:?}"
    );
    // Ruled anew it takes the place of the other: who was moved before counts as it stood.
    let milder = who.does("ruleQuota", quota(&app, "75")).await;
    assert_eq!(
        (&milder.thing()["had"], &milder.thing()["allowed"]),
        (&json!(4), &json!(3))
    );
    let last = first.computes().await;
    assert_eq!(units(who, last.id()).await[1], "CĐCS Sở Tài chính 95 XS 2");
    first.publishes(last.thing()).await.thing();
    // What is published is moved no more.
    let late = held(who, quota(&app, "50")).await;
    assert_eq!(late.texts("/holdQuota/userErrors", "code"), ["RESULTS_MISSING"]);
}

async fn who_rules_quotas_and_over_what(app: TestApp) {
    let [first, second] = two(&app).await;
    first.computes().await.thing();
    second.computes().await.thing();
    let world = app.world();
    let input = quota(&app, "50");
    assert_eq!(
        first.cluster.specialist.does("ruleQuota", input.clone()).await.code(),
        "FORBIDDEN"
    );
    let elsewhere = app.committee_of(&world["Kon Tum"]).await;
    assert_eq!(elsewhere.does("ruleQuota", input.clone()).await.code(), "NOT_FOUND");
    let who = &first.committee;
    for (change, code, field) in [
        (json!({ "percent": "101" }), "PERCENT_OUT_OF_BOUNDS", "percent"),
        (json!({ "base": [] }), "BASE_UNCLEAR", "base"),
        (json!({ "grade": "KHT" }), "GRADE_UNKNOWN", "grade"),
        (json!({ "year": 2025 }), "NO_YEARS", "year"),
        (json!({ "title": " " }), "REQUIRED", "title"),
    ] {
        let mut wrong = input.clone();
        for (name, value) in change.as_object().expect("a change") {
            wrong[name] = value.clone();
        }
        let refused = who.does("ruleQuota", wrong).await;
        assert_eq!(refused.user_errors(), [(code, field)]);
    }
    let province = app.committee_of(&world["Sóc Trăng"]).await;
    let mut above = input;
    above["unitId"] = world["Sóc Trăng"].id().into();
    assert_eq!(province.does("ruleQuota", above).await.thing()["base"], 4);
}

async fn asked_twice_it_is_ruled_once(app: TestApp) {
    let [first, second] = two(&app).await;
    first.computes().await.thing();
    second.computes().await.thing();
    let mut input = quota(&app, "50");
    input["idempotencyKey"] = "ty-le-2026".into();
    let who = &first.committee;
    let ruled = who.does("ruleQuota", input.clone()).await;
    let before = app.contents().await;
    let again = who.does("ruleQuota", input.clone()).await;
    assert_eq!(again.thing(), ruled.thing());
    assert!(app.contents().await == before, "nothing more is stored");
    input["percent"] = "60".into();
    let other = who.does("ruleQuota", input).await;
    assert_eq!(
        other.user_errors().len(),
        1,
        "another request under the same key: {other}"
    );
}

async fn a_ruling_waits_while_one_of_the_years_is_being_published(app: TestApp) {
    let [first, second] = two(&app).await;
    first.computes().await.thing();
    second.computes().await.thing();
    let publishing = db::begin_write(&app.env.db).await.expect("a transaction");
    years::store::lock(&publishing, second.year).await.expect("the year");
    let mut ruling = Box::pin(first.committee.does("ruleQuota", quota(&app, "50")));
    let early = timeout(Duration::from_millis(800), &mut ruling).await;
    assert!(early.is_err(), "the year is locked: {}", early.expect("an answer"));
    publishing.rollback().await.expect("the end");
    ruling.await.thing();
}

async fn quotas_that_warn_and_quotas_that_nobody_held_are_told_before_publishing(app: TestApp) {
    let mut table = plain();
    table["quotas"] = json!([
        { "code": "q20", "scope": "CLUSTER", "grade": "XS", "base": ["XS", "T"], "percent": "20", "rounding": "DOWN", "enforcement": "WARN" },
        { "code": "up30", "scope": "UPPER_UNION", "grade": "XS", "base": ["XS", "T"], "percent": "90", "rounding": "UP", "enforcement": "BLOCK" },
    ]);
    let judged = Judged::by(&app, "Cụm thi đua số 1", "BD-1", &table).await;
    for (unit, care) in [("Sở Nội vụ", "59"), ("Sở Tài chính", "35")] {
        let entries = [Says::Points("care", care), Says::Points("movement", "40")];
        judged.takes(unit, &entries).await;
    }
    let computed = judged.computes().await;
    let seen = asked(&judged.committee, computed.id(), "warnings { code message }").await;
    assert_eq!(
        seen.texts("/node/warnings", "code"),
        ["QUOTA_EXCEEDED", "QUOTA_NOT_HELD"],
        "{seen}"
    );
    judged.committee.does("ruleQuota", quota(&app, "90")).await.thing();
    let anew = judged.computes().await;
    let seen = asked(&judged.committee, anew.id(), "warnings { code }").await;
    assert_eq!(seen.texts("/node/warnings", "code"), ["QUOTA_EXCEEDED"], "{seen}");
}
