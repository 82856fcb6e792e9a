//! Eligibility for an award: judged from what the service knows, told rule by rule with the evidence, in both languages.

use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua_entity::enums::RegistrationKind;
use thidua_entity::registration;

use crate::awards::Registry;
use crate::awards_proposals::{Awarding, asked, at};
use crate::results::{Judged, Says, plain};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_proposal_is_explained_rule_by_rule_in_both_languages,
    an_award_that_is_known_as_a_number_leaves_the_rule_open,
    a_unit_that_came_out_of_a_merger_in_july_may_be_proposed_and_one_founded_then_may_not,
    whoever_did_not_register_is_told_so,
    a_grade_counts_once_its_result_is_published,
    to_go_on_all_the_same_takes_a_reason_that_is_kept,
    one_merit_is_proposed_in_one_form,
    who_asks_about_whom,
}

const FIELDS: &str = "outcome termsNumber rules { rule outcome sentence evidence { of label } }";

/// What the service answers to whether the library may be proposed for the flag of 2025.
async fn may(who: &Person, kind: &str, unit: &str, more: &str) -> Answer {
    let query = format!(
        "query($type: ID!, $unit: ID!) {{ awardEligibility(typeId: $type, year: 2025, unitId: $unit{more}) {{ {FIELDS} }} }}"
    );
    who.graphql(&query, json!({ "type": kind, "unit": unit })).await
}

/// What a rule says.
fn rule(answer: &Answer, code: &str) -> Value {
    let rules = answer.at("/awardEligibility/rules").as_array().expect("rules").clone();
    let found = rules.into_iter().find(|one| one["rule"] == code);
    found.unwrap_or_else(|| panic!("no rule {code} in {answer}"))
}

async fn a_proposal_is_explained_rule_by_rule_in_both_languages(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let strict = json!({
        "onceInLifetime": false, "yearsBetween": 2, "monthsFounded": 12, "monthsReorganised": 6, "scope": "COMPREHENSIVE",
        "priorTitles": [{ "typeId": awarding.certificate, "count": 2, "withinYears": 3, "consecutive": true }],
    });
    awarding.asks(&awarding.flag, 2, "2025-01-01", strict).await.thing();
    awarding.quota("Viên chức", 3).await.thing();
    let given = |unit: &str, year: i32| {
        let (kind, owner, unit) = (awarding.certificate.clone(), world["Sóc Trăng"].id(), &world[unit]);
        json!({
            "number": format!("{year}-{}/QĐ-LĐLĐ", unit.name.len()), "year": year, "issuerId": owner,
            "awards": [{ "typeId": kind, "recipient": "COLLECTIVE", "unitId": unit.id(), "recipientName": unit.name }],
        })
    };
    for (unit, year) in [("Thư viện", 2023), ("Thư viện", 2024), ("Sở Nội vụ", 2024)] {
        awarding
            .committee
            .does("recordAwardDecision", given(unit, year))
            .await
            .thing();
    }
    let granted = awarding.library().await.thing().clone();
    let seen = asked(
        &awarding.officer,
        &granted["id"],
        &format!("eligibility {{ {FIELDS} }}"),
    )
    .await;
    let english = asked(
        &awarding.officer.in_english(),
        &granted["id"],
        &format!("eligibility {{ {FIELDS} }}"),
    )
    .await;
    assert_eq!(seen.str("/node/eligibility/outcome"), "PASS");
    assert_eq!(
        english.str("/node/eligibility/rules/7/sentence"),
        "There is a place in each quota of 2025."
    );
    assert_eq!(
        seen.texts("/node/eligibility/rules", "rule"),
        [
            "TYPE_VALID",
            "RECIPIENT_KIND",
            "EXISTENCE",
            "YEARS_BETWEEN",
            "PRIOR_TITLES",
            "COMPREHENSIVE",
            "ONE_MERIT",
            "QUOTA"
        ]
    );
    let voted = awarding.voted(&granted, 8).await;
    assert_eq!(awarding.concludes(&voted, "APPROVE").await.thing()["state"], "APPROVED");
    // The other has one certificate only, and is proposed with a reason, and refused.
    let other = app.officer_of(&world["Sở Nội vụ"]).await;
    let mut input = awarding.proposal(&awarding.flag, &world["Sở Nội vụ"], "Xuất sắc của cụm");
    let refused = other.does("proposeAward", input.clone()).await;
    assert_eq!(refused.user_errors(), [("NOT_ELIGIBLE", "exceptionReason")]);
    assert!(refused.user_message().contains("Mới có 1 lần"), "{refused}");
    input["exceptionReason"] = "Đơn vị vượt khó sau bão".into();
    let proposal = other.does("proposeAward", input).await.thing().clone();
    let fields = format!("state exceptionReason eligibility {{ {FIELDS} }}");
    awarding.concludes(&proposal, "REFUSE").await.thing();
    let seen = asked(&awarding.committee, &proposal["id"], &fields).await;
    let english = asked(&awarding.committee.in_english(), &proposal["id"], &fields).await;
    assert_eq!(seen.str("/node/eligibility/outcome"), "FAIL");
    let titles = "/node/eligibility/rules/4";
    assert_eq!(seen.str(&format!("{titles}/rule")), "PRIOR_TITLES");
    let told = "Mới có 1 lần: cần 2 lần “Bằng khen của Liên đoàn Lao động tỉnh” liên tục trong 3 năm.";
    assert_eq!(seen.str(&format!("{titles}/sentence")), told);
    let told = "There are 1: it asks for “Bằng khen của Liên đoàn Lao động tỉnh” 2 times in a row within 3 years.";
    assert_eq!(english.str(&format!("{titles}/sentence")), told);
    assert!(
        seen.str(&format!("{titles}/evidence/0/label"))
            .contains("năm 2024, quyết định"),
        "{seen}"
    );
}

async fn an_award_that_is_known_as_a_number_leaves_the_rule_open(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding
        .asks(
            &awarding.certificate,
            2,
            "2025-01-01",
            json!({ "onceInLifetime": true }),
        )
        .await
        .thing();
    let person = ", person: \"Nguyễn Thị Bưởi\"";
    let answer = may(
        &awarding.officer,
        &awarding.certificate,
        &world["Thư viện"].id(),
        person,
    )
    .await;
    assert_eq!(rule(&answer, "ONCE_IN_LIFETIME")["outcome"], "PASS");
    let mut input = json!({
        "number": "9/QĐ-LĐLĐ", "year": 2020, "issuerId": world["Sóc Trăng"].id(),
        "awards": [{ "typeId": awarding.certificate, "recipient": "INDIVIDUAL", "unitId": world["Thư viện"].id(), "count": 18 }],
    });
    awarding
        .committee
        .does("recordAwardDecision", input.clone())
        .await
        .thing();
    let answer = may(
        &awarding.officer,
        &awarding.certificate,
        &world["Thư viện"].id(),
        person,
    )
    .await;
    assert_eq!(
        rule(&answer, "ONCE_IN_LIFETIME")["outcome"],
        "UNKNOWN",
        "she may be one of the eighteen"
    );
    assert_eq!(answer.str("/awardEligibility/outcome"), "UNKNOWN");
    input["number"] = "10/QĐ-LĐLĐ".into();
    let named = &mut input["awards"][0];
    named["count"] = Value::Null;
    named["recipientName"] = "NGUYỄN THỊ BƯỞI".into();
    let id = awarding
        .committee
        .does("recordAwardDecision", input)
        .await
        .id()
        .to_owned();
    let answer = may(
        &awarding.officer,
        &awarding.certificate,
        &world["Thư viện"].id(),
        person,
    )
    .await;
    assert_eq!(rule(&answer, "ONCE_IN_LIFETIME")["outcome"], "FAIL");
    // What was revoked does not count.
    let query = "query($id: ID!) { node(id: $id) { ... on AwardDecision { awards { id } } } }";
    let decision = awarding.committee.graphql(query, json!({ "id": id })).await;
    let revoke = json!({
        "id": decision.at("/node/awards/0/id"), "number": "11/QĐ-LĐLĐ", "decidedOn": "2026-03-01", "ground": "Kê khai sai thành tích",
        "legalBasis": "Luật 06/2022/QH15, Điều 93",
    });
    awarding.committee.does("revokeAward", revoke).await.thing();
    let answer = may(
        &awarding.officer,
        &awarding.certificate,
        &world["Thư viện"].id(),
        person,
    )
    .await;
    assert_eq!(rule(&answer, "ONCE_IN_LIFETIME")["outcome"], "UNKNOWN");
}

async fn a_unit_that_came_out_of_a_merger_in_july_may_be_proposed_and_one_founded_then_may_not(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let months = json!({ "monthsFounded": 12, "monthsReorganised": 6 });
    awarding.asks(&awarding.flag, 2, "2025-01-01", months).await.thing();
    let unit = world["Thư viện"].id();
    let answer = may(&awarding.officer, &awarding.flag, &unit, "").await;
    assert_eq!(rule(&answer, "EXISTENCE")["outcome"], "PASS");
    let event = |version: i32, kind: &str, on: &str| json!({ "id": unit, "version": version, "kind": kind, "tookEffectOn": on, "decision": "737/QĐ-LĐLĐ" });
    awarding
        .specialist
        .does("recordUnitEvent", event(1, "MERGED", "2025-07-01"))
        .await
        .thing();
    let answer = may(&awarding.officer, &awarding.flag, &unit, "").await;
    let judged = rule(&answer, "EXISTENCE");
    assert_eq!(
        judged["sentence"],
        "CĐCS Thư viện tỉnh sắp xếp lại ngày 01/07/2025: đến hết năm 2025 đã đủ 6 tháng."
    );
    assert_eq!(judged["evidence"][0]["of"], "UNIT_EVENT");
    awarding
        .specialist
        .does("recordUnitEvent", event(2, "SPLIT", "2025-07-02"))
        .await
        .thing();
    let answer = may(&awarding.officer, &awarding.flag, &unit, "").await;
    assert_eq!(rule(&answer, "EXISTENCE")["outcome"], "FAIL");
}

async fn whoever_did_not_register_is_told_so(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding
        .asks(&awarding.flag, 2, "2025-01-01", json!({ "registered": true }))
        .await
        .thing();
    let judged = Judged::by(&app, "Cụm thi đua số 9", "BD-DK", &plain()).await;
    judged.is_called(2025).await;
    let unit = world["Thư viện"].id();
    let answer = may(&awarding.officer, &awarding.flag, &unit, "").await;
    assert_eq!(
        rule(&answer, "REGISTERED")["outcome"],
        "UNKNOWN",
        "it takes part in no year here"
    );
    judged.takes_part("Thư viện").await;
    let answer = may(&awarding.officer, &awarding.flag, &unit, "").await;
    assert_eq!(rule(&answer, "REGISTERED")["outcome"], "FAIL");
    let registration = registration::ActiveModel {
        id: Set(app.env.new_id()),
        year_id: Set(judged.year),
        unit_id: Set(world["Thư viện"].uuid),
        kind: Set(RegistrationKind::CollectiveTitle),
        title: Set("Cờ thi đua".to_owned()),
        award_type_id: Set(Some(Kind::AwardType.parse(&awarding.flag).expect("an id"))),
        late_reason: Set(Some("Đơn vị mới tham gia cụm".to_owned())),
        registered_at: Set(app.env.now()),
        version: Set(1),
        ..Default::default()
    };
    registration.insert(&app.env.db).await.expect("a registration");
    let answer = may(&awarding.officer, &awarding.flag, &unit, "").await;
    let judged = rule(&answer, "REGISTERED");
    assert_eq!(judged["outcome"], "PASS");
    assert_eq!(
        judged["sentence"],
        "Đã đăng ký năm 2025 (đăng ký muộn: Đơn vị mới tham gia cụm)."
    );
}

async fn a_grade_counts_once_its_result_is_published(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding
        .asks(&awarding.flag, 2, "2025-01-01", json!({ "grades": ["XS"] }))
        .await
        .thing();
    let judged = Judged::by(&app, "Cụm thi đua số 9", "BD-KQ", &plain()).await;
    judged.is_called(2025).await;
    for (unit, care, movement) in [("Sở Nội vụ", "57", "38"), ("Thư viện", "40", "20")] {
        judged
            .takes(unit, &[Says::Points("care", care), Says::Points("movement", movement)])
            .await;
    }
    let asks = async |unit: &str| {
        let answer = may(&awarding.committee, &awarding.flag, &world[unit].id(), "").await;
        rule(&answer, "GRADE")
    };
    let computed = judged.computes().await.thing().clone();
    assert_eq!(
        asks("Thư viện").await["outcome"],
        "UNKNOWN",
        "nobody is bound by what is only computed"
    );
    judged.publishes(&computed).await.thing();
    let good = asks("Sở Nội vụ").await;
    assert_eq!(
        (good["outcome"].as_str(), good["sentence"].as_str()),
        (
            Some("PASS"),
            Some("Năm 2025 xếp loại Hoàn thành xuất sắc nhiệm vụ (XS), đạt yêu cầu.")
        )
    );
    let poor = asks("Thư viện").await;
    assert_eq!(
        (poor["outcome"].as_str(), poor["sentence"].as_str()),
        (
            Some("FAIL"),
            Some("Năm 2025 xếp loại Hoàn thành nhiệm vụ (HT); cần loại XS.")
        )
    );
    assert_eq!(poor["evidence"][0]["of"], "RESULT");
}

async fn to_go_on_all_the_same_takes_a_reason_that_is_kept(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding
        .asks(&awarding.flag, 2, "2025-01-01", json!({ "monthsFounded": 100 }))
        .await
        .thing();
    let registry =
        json!({ "id": world["Thư viện"].id(), "version": 1, "kind": "FOUNDED", "tookEffectOn": "2024-01-01" });
    awarding.specialist.does("recordUnitEvent", registry).await.thing();
    let refused = awarding.library().await;
    assert_eq!(refused.user_errors(), [("NOT_ELIGIBLE", "exceptionReason")]);
    let mut input = awarding.proposal(&awarding.flag, &world["Thư viện"], "Dẫn đầu cụm");
    input["exceptionReason"] = "Thành tích đặc biệt trong phòng chống bão số 10".into();
    let proposal = awarding.officer.does("proposeAward", input).await.thing().clone();
    let endorsed = awarding
        .upper
        .does("endorseAwardProposal", at(&proposal))
        .await
        .thing()
        .clone();
    awarding
        .specialist
        .does("appraiseAwardProposal", at(&endorsed))
        .await
        .thing();
    let seen = asked(
        &awarding.officer,
        &proposal["id"],
        "exceptionReason steps { step reason }",
    )
    .await;
    assert_eq!(
        seen.str("/node/exceptionReason"),
        "Thành tích đặc biệt trong phòng chống bão số 10"
    );
    assert_eq!(
        seen.str("/node/steps/0/reason"),
        "Thành tích đặc biệt trong phòng chống bão số 10"
    );
}

async fn one_merit_is_proposed_in_one_form(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding.library().await.thing();
    let again = awarding.proposal(&awarding.certificate, &world["Thư viện"], "dẫn đầu CỤM thi đua");
    let refused = awarding.officer.does("proposeAward", again).await;
    assert_eq!(refused.user_errors(), [("NOT_ELIGIBLE", "exceptionReason")]);
    assert!(
        refused.user_message().contains("một thành tích chỉ khen một lần"),
        "{refused}"
    );
    let other = awarding.proposal(&awarding.certificate, &world["Thư viện"], "Phong trào hiến máu");
    awarding.officer.does("proposeAward", other).await.thing();
}

async fn who_asks_about_whom(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let unit = world["Thư viện"].id();
    for (who, code) in [
        (app.officer_of(&world["Thư viện"]).await, ""),
        (app.committee_of(&world["Sóc Trăng"]).await, ""),
        (app.officer_of(&world["Sở Nội vụ"]).await, "NOT_FOUND"),
        (app.stranger().await, "NOT_FOUND"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        assert_eq!(may(&who, &registry.flag, &unit, "").await.code(), code);
    }
}
