//! What was concluded and not told yet tells itself by nothing: not by what may still be done, not by eligibility, not by a repeated answer. And
//! what a quota, a lower award and a corrected name are worth whenever they came.

use serde_json::{Value, json};

use crate::awards_decisions::given;
use crate::awards_proposals::{Awarding, asked, at, voted};
use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    who_endorses_what_was_refused_untold_learns_nothing_of_it,
    eligibility_does_not_tell_of_a_refusal_before_it_is_told,
    who_may_no_longer_decide_is_not_told_the_outcomes_again,
    a_lower_award_is_no_higher_one_and_takes_as_many_votes_as_it_asks_for,
    a_quota_that_is_set_late_counts_what_was_proposed_before,
    a_corrected_name_is_the_one_that_counts,
    rest_tells_that_an_award_was_revoked_or_corrected,
}

async fn who_endorses_what_was_refused_untold_learns_nothing_of_it(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let days = json!({ "days": { "endorse": 3, "appraise": 9 } });
    awarding.asks(&awarding.flag, 2, "2025-01-01", days).await.thing();
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Sở Nội vụ"], "2025-01-01").await.thing();
    let chair = app.officer_of(&world["Sở Nội vụ"]).await;
    let proposal = awarding.library().await.thing().clone();
    let refused = awarding.concludes(&proposal, "REFUSE").await.thing().clone();
    let fields = "id version state dueOn waitsFor steps { step }";
    let endorsed = chair.does("endorseAwardProposal", at(&proposal)).await;
    assert_eq!(
        (
            &endorsed.thing()["state"],
            &endorsed.thing()["version"],
            &endorsed.thing()["dueOn"]
        ),
        (&json!("ENDORSED"), &json!(2), &json!("2026-03-19"))
    );
    let seen = asked(&awarding.officer, &proposal["id"], fields).await;
    assert_eq!(
        (seen.str("/node/state"), seen.at("/node/steps")),
        ("ENDORSED", &json!([{ "step": "PROPOSE" }, { "step": "ENDORSE" }]))
    );
    let again = chair.does("endorseAwardProposal", at(seen.at("/node"))).await;
    assert_eq!(again.code(), "WRONG_STATE");
    assert!(
        again.to_string().contains("đã được cụm hoặc cấp trên nhất trí"),
        "{again}"
    );
    // The side that decides sees what it concluded.
    let inside = asked(&awarding.committee, &refused["id"], "state").await;
    assert_eq!(inside.str("/node/state"), "REFUSED");
    let batch = json!({ "deciderId": world["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    awarding.committee.does("releaseAwardOutcomes", batch).await.thing();
    let told = asked(&awarding.officer, &proposal["id"], "state").await;
    assert_eq!(told.str("/node/state"), "REFUSED");
}

/// What the service says of one merit for the library.
async fn one_merit(who: &Person, awarding: &Awarding) -> Value {
    let query = "query($type: ID!, $unit: ID!) {
        awardEligibility(typeId: $type, year: 2025, unitId: $unit, merit: \"Dẫn đầu cụm thi đua\") { rules { rule outcome } }
    }";
    let unit = awarding.app.world()["Thư viện"].id();
    let answer = who.graphql(query, json!({ "type": awarding.flag, "unit": unit })).await;
    let rules = answer.at("/awardEligibility/rules").as_array().expect("rules").clone();
    let rule = rules.into_iter().find(|one| one["rule"] == "ONE_MERIT");
    rule.map_or(Value::Null, |rule| rule["outcome"].clone())
}

async fn eligibility_does_not_tell_of_a_refusal_before_it_is_told(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    let before = one_merit(&awarding.officer, &awarding).await;
    assert_eq!(before, "FAIL");
    awarding.concludes(&proposal, "REFUSE").await.thing();
    assert_eq!(one_merit(&awarding.officer, &awarding).await, before);
    let batch = json!({ "deciderId": app.world()["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    awarding.committee.does("releaseAwardOutcomes", batch).await.thing();
    assert_ne!(one_merit(&awarding.officer, &awarding).await, before);
}

async fn who_may_no_longer_decide_is_not_told_the_outcomes_again(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    awarding.approved().await;
    let batch = json!({
        "deciderId": app.world()["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025, "idempotencyKey": "cong-bo-1",
    });
    awarding
        .committee
        .does("releaseAwardOutcomes", batch.clone())
        .await
        .thing();
    awarding
        .committee
        .does("releaseAwardOutcomes", batch.clone())
        .await
        .thing();
    let held = awarding
        .committee
        .graphql("{ viewer { grants { id version } } }", json!({}))
        .await;
    let withdrawn = app
        .admin()
        .await
        .does("withdrawRoleGrant", held.at("/viewer/grants/0").clone())
        .await;
    withdrawn.thing();
    let refused = awarding.committee.does("releaseAwardOutcomes", batch).await;
    assert_eq!(refused.code(), "NOT_FOUND");
}

/// A kind of award of a level, with the vote of two thirds of the council.
async fn of_level(awarding: &Awarding, code: &str, level: &str) -> String {
    let kind = json!({ "code": code, "name": format!("Bằng khen thử {code}"), "level": level, "recipients": "BOTH" });
    let kind = awarding.setter.does("createAwardType", kind).await.id().to_owned();
    awarding
        .setter
        .does("setAwardTerms", voted(&kind, 1, "2024-01-01"))
        .await
        .thing();
    kind
}

async fn reduces(awarding: &Awarding, proposal: &Value, to: &str) -> Answer {
    let mut input = at(proposal);
    input["outcome"] = "REDUCE".into();
    input["reason"] = "Chưa đủ phiếu cho hình thức đề nghị".into();
    input["reducedToId"] = to.into();
    awarding.committee.does("concludeAwardProposal", input).await
}

async fn a_lower_award_is_no_higher_one_and_takes_as_many_votes_as_it_asks_for(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let state = of_level(&awarding, "HUAN_CHUONG", "STATE").await;
    let proposal = awarding.library().await.thing().clone();
    let few = awarding.voted(&proposal, 5).await;
    let higher = reduces(&awarding, &few, &state).await;
    assert_eq!(higher.user_errors(), [("REDUCED_TO_INVALID", "reducedToId")]);
    let missed = reduces(&awarding, &few, &awarding.certificate).await;
    assert_eq!(missed.user_errors(), [("THRESHOLD_MISSED", "outcome")]);
    let half = json!({ "threshold": { "numerator": 1, "denominator": 2 } });
    awarding
        .asks(&awarding.certificate, 2, "2025-01-01", half)
        .await
        .thing();
    let reduced = reduces(&awarding, &few, &awarding.certificate).await;
    assert_eq!(reduced.thing()["state"], "REDUCED");
}

async fn a_quota_that_is_set_late_counts_what_was_proposed_before(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Thư viện"] {
        awarding.proposes(unit).await.thing();
    }
    let refused = awarding.quota("Viên chức", 2).await;
    assert_eq!(refused.user_errors(), [("QUOTA_BELOW_TAKEN", "most")]);
    awarding.quota("Viên chức", 3).await.thing();
    let taken = "{ awardQuotas(first: 5) { nodes { most taken } } }";
    let seen = awarding.committee.graphql(taken, json!({})).await;
    assert_eq!(*seen.at("/awardQuotas/nodes"), json!([{ "most": 3, "taken": 3 }]));
    let late = awarding.proposes("Sở Ngoại vụ").await;
    assert_eq!(late.user_errors(), [("QUOTA_EXCEEDED", "typeId")]);
}

/// The certificate of Nguyễn Thị Lan, who is really Nguyễn Thị Loan, and was called so by another decision.
async fn corrected(awarding: &Awarding) -> Value {
    let world = awarding.app.world();
    let decision = json!({
        "number": "9/QĐ-LĐLĐ", "year": 2024, "decidedOn": "2025-01-12", "issuerId": world["Sóc Trăng"].id(),
        "awards": [{
            "typeId": awarding.certificate, "recipient": "INDIVIDUAL", "unitId": world["Thư viện"].id(), "recipientName": "Nguyễn Thị Lan",
        }],
    });
    let decision = awarding.committee.does("recordAwardDecision", decision).await;
    let award = given(&awarding.committee, &decision, "")
        .await
        .at("/node/awards/0/id")
        .clone();
    let correction = json!({
        "id": award, "number": "20/QĐ-LĐLĐ", "decidedOn": "2026-03-10", "signer": "Trần Văn Sáu, Chủ tịch",
        "legalBasis": "Luật 06/2022/QH15, Điều 93", "ground": "Ghi sai tên", "recipientName": "Nguyễn Thị Loan",
    });
    awarding.committee.does("correctAward", correction).await.thing();
    award
}

async fn a_corrected_name_is_the_one_that_counts(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let once = json!({ "onceInLifetime": true });
    awarding
        .asks(&awarding.certificate, 2, "2025-01-01", once)
        .await
        .thing();
    let award = corrected(&awarding).await;
    let unit = app.world()["Thư viện"].id();
    for (person, outcome) in [("Nguyễn Thị Loan", "FAIL"), ("Nguyễn Thị Lan", "PASS")] {
        let query = "query($type: ID!, $unit: ID!, $person: String!) {
            awardEligibility(typeId: $type, year: 2025, unitId: $unit, person: $person) { rules { rule outcome } }
        }";
        let asked = json!({ "type": awarding.certificate, "unit": unit, "person": person });
        let answer = awarding.officer.graphql(query, asked).await;
        let rules = answer.at("/awardEligibility/rules").as_array().expect("rules");
        let rule = rules
            .iter()
            .find(|one| one["rule"] == "ONCE_IN_LIFETIME")
            .expect("the rule");
        assert_eq!(rule["outcome"], outcome, "{person}");
    }
    for name in ["loan", "nguyen thi lan"] {
        let query = "query($name: String!) { awards(where: { search: $name }) { nodes { id } } }";
        let found = awarding.officer.graphql(query, json!({ "name": name })).await;
        assert_eq!(*found.at("/awards/nodes"), json!([{ "id": award }]), "{name}");
    }
}

async fn rest_tells_that_an_award_was_revoked_or_corrected(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let award = corrected(&awarding).await;
    let address = format!("/api/v1/awards/{}", award.as_str().expect("an id"));
    let seen = awarding.officer.get(&address).await;
    assert_eq!(
        (
            &seen.body()["recipientName"],
            &seen.body()["correctedName"],
            &seen.body()["revoked"]
        ),
        (&json!("Nguyễn Thị Lan"), &json!("Nguyễn Thị Loan"), &json!(false))
    );
    let revocation = json!({
        "id": award, "number": "21/QĐ-LĐLĐ", "decidedOn": "2026-03-10", "signer": "Trần Văn Sáu, Chủ tịch",
        "legalBasis": "Luật 06/2022/QH15, Điều 93", "ground": "Kê khai sai thành tích",
    });
    awarding.committee.does("revokeAward", revocation).await.thing();
    let after = awarding.officer.get(&address).await;
    assert_eq!(after.body()["revoked"], true);
    assert_ne!(seen.header("etag"), after.header("etag"));
    let list = awarding.officer.get("/api/v1/awards").await;
    assert_eq!(list.body()["items"][0]["revoked"], true);
}
