//! Decisions on proposals: the number is the issuer's once a year, names and bonuses are those of the day, and what becomes of an award
//! afterwards is another fact beside it.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::awards_proposals::{Awarding, at, award};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_bonus_is_reckoned_by_the_base_salary_of_the_day_of_the_decision,
    without_a_base_salary_nothing_is_decided,
    names_stand_as_they_are_on_the_day,
    of_eight_decisions_with_one_number_at_once_one_is_made,
    what_is_not_approved_is_not_decided,
    what_somebody_outside_gives_is_decided_under_their_name,
    a_revoked_award_stays_with_a_mark_and_what_relies_on_it_is_flagged,
    a_name_is_corrected_beside_what_was_written,
    an_award_is_handed_over_once,
    the_registry_counts_what_stands,
    who_decides_and_revokes_and_who_does_not,
}

impl Awarding {
    /// Sets the base salaries of the last years.
    pub async fn salaries(&self) {
        for (from, amount, basis) in [
            ("2023-07-01", "1800000", "Nghị định 24/2023/NĐ-CP"),
            ("2024-07-01", "2340000", "Nghị định 73/2024/NĐ-CP"),
            ("2026-03-01", "2530000", "Nghị định về lương cơ sở"),
        ] {
            let input = json!({ "validFrom": from, "amount": amount, "legalBasis": basis });
            self.setter.does("setBaseSalary", input).await.thing();
        }
    }

    /// An approved proposal of a unit for the flag.
    pub async fn approved_for(&self, unit: &str) -> Value {
        let proposal = self.proposes(unit).await.thing().clone();
        let endorsed = self
            .specialist
            .does("endorseAwardProposal", at(&proposal))
            .await
            .thing()
            .clone();
        let appraised = self
            .specialist
            .does("appraiseAwardProposal", at(&endorsed))
            .await
            .thing()
            .clone();
        let mut vote = at(&appraised);
        for (name, value) in [("inFavour", 9), ("members", 9), ("present", 9)] {
            vote[name] = value.into();
        }
        vote["heldOn"] = "2026-02-20".into();
        let voted = self.committee.does("recordAwardVote", vote).await.thing().clone();
        self.concludes(&voted, "APPROVE").await.thing().clone()
    }
}

/// The awards of a decision as a mutation gave it.
pub async fn given(who: &Person, decision: &Answer, fields: &str) -> Answer {
    let query =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on AwardDecision {{ awards {{ id {fields} }} }} }} }}");
    who.graphql(&query, json!({ "id": decision.id() })).await
}

/// Another decision about an award.
fn by(award: &Value, number: &str) -> Value {
    json!({
        "id": award, "number": number, "decidedOn": "2026-03-10", "signer": "Trần Văn Sáu, Chủ tịch",
        "legalBasis": "Luật 06/2022/QH15, Điều 93", "ground": "Kê khai sai thành tích",
    })
}

async fn a_bonus_is_reckoned_by_the_base_salary_of_the_day_of_the_decision(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    awarding.salaries().await;
    let bonus = json!({ "collectiveBonus": { "factor": "0.8" }, "individualBonus": { "amount": "500000" } });
    awarding.asks(&awarding.flag, 2, "2025-01-01", bonus).await.thing();
    let fields = "bonus { paid raw factor baseSalary }";
    for (unit, number, day, paid, raw, base) in [
        ("Sở Nội vụ", "1/QĐ-LĐLĐ", "2026-02-28", "1880000", "1872000", "2340000"),
        (
            "Sở Tài chính",
            "2/QĐ-LĐLĐ",
            "2026-03-01",
            "2030000",
            "2024000",
            "2530000",
        ),
    ] {
        let approved = awarding.approved_for(unit).await;
        let decision = awarding.decides(number, day, &[&approved]).await;
        let seen = given(&awarding.committee, &decision, fields).await;
        assert_eq!(
            *seen.at("/node/awards/0/bonus"),
            json!({ "paid": paid, "raw": raw, "factor": "0.8", "baseSalary": base })
        );
    }
    // What was paid stays, whatever salaries come.
    let query = "{ awards(where: { year: 2025 }) { nodes { bonus { paid } } } baseSalaries { validFrom amount } }";
    let later = json!({ "validFrom": "2026-02-01", "amount": "9999999", "legalBasis": "Nghị định khác" });
    awarding.setter.does("setBaseSalary", later).await.thing();
    let seen = awarding.committee.graphql(query, json!({})).await;
    let mut paid: Vec<&str> = (0..2)
        .map(|at| seen.str(&format!("/awards/nodes/{at}/bonus/paid")))
        .collect();
    paid.sort_unstable();
    assert_eq!(paid, ["1880000", "2030000"]);
    assert_eq!(seen.texts("/baseSalaries", "validFrom").len(), 4);
}

async fn without_a_base_salary_nothing_is_decided(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let bonus = json!({ "collectiveBonus": { "factor": "8" } });
    awarding.asks(&awarding.flag, 2, "2025-01-01", bonus).await.thing();
    let approved = awarding.approved().await;
    let refused = awarding.decides("1/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    assert_eq!(refused.user_errors(), [("BASE_SALARY_UNKNOWN", "decidedOn")]);
    let none = awarding
        .committee
        .graphql("{ awardDecisions { totalCount } }", json!({}))
        .await;
    assert_eq!(*none.at("/awardDecisions/totalCount"), json!(0), "nothing is half done");
}

async fn names_stand_as_they_are_on_the_day(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    let rename = json!({ "id": world["Thư viện"].id(), "version": 1, "name": "CĐCS Thư viện và Bảo tàng", "from": "2026-03-08" });
    awarding.specialist.does("renameUnit", rename).await.thing();
    let decision = awarding.decides("1/QĐ-LĐLĐ", "2026-03-07", &[&approved]).await;
    let seen = given(&awarding.committee, &decision, "recipientName unit { name }").await;
    assert_eq!(seen.str("/node/awards/0/recipientName"), "CĐCS Thư viện tỉnh");
    assert_eq!(seen.str("/node/awards/0/unit/name"), "CĐCS Thư viện và Bảo tàng");
    // The registry of a unit is over all its names.
    for name in ["thu vien tinh", "bao tang"] {
        let query = format!("{{ awards(where: {{ search: \"{name}\" }}) {{ totalCount }} }}");
        let found = awarding.committee.graphql(&query, json!({})).await;
        assert_eq!(*found.at("/awards/totalCount"), json!(1), "{name}");
    }
}

async fn of_eight_decisions_with_one_number_at_once_one_is_made(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let mut approved = Vec::new();
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học"] {
        approved.push(awarding.approved_for(unit).await);
    }
    let decide = |number: usize| {
        let awarding = &awarding;
        let proposal = &approved[number % approved.len()];
        async move { awarding.decides("737/QĐ-LĐLĐ", "2026-03-09", &[proposal]).await }
    };
    let answers = join_all((0..8).map(decide)).await;
    let made = answers
        .iter()
        .filter(|answer| answer.code().is_empty() && answer.user_errors().is_empty());
    assert_eq!(made.count(), 1);
    let refused = |answer: &&Answer| {
        answer.code() == "ALREADY_EXISTS"
            || answer.code().is_empty() && answer.user_errors() == [("NOT_APPROVED", "proposalIds.0")]
    };
    assert_eq!(answers.iter().filter(refused).count(), 7, "{answers:?}");
    let seen = awarding
        .committee
        .graphql("{ awardDecisions { totalCount } awards { totalCount } }", json!({}))
        .await;
    assert_eq!(
        (seen.at("/awardDecisions/totalCount"), seen.at("/awards/totalCount")),
        (&json!(1), &json!(1))
    );
}

async fn what_is_not_approved_is_not_decided(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    let refused = awarding.decides("1/QĐ-LĐLĐ", "2026-03-09", &[&proposal]).await;
    assert_eq!(refused.user_errors(), [("NOT_APPROVED", "proposalIds.0")]);
    let voted = awarding.voted(&proposal, 8).await;
    let approved = awarding.concludes(&voted, "APPROVE").await.thing().clone();
    let twice = awarding
        .decides("1/QĐ-LĐLĐ", "2026-03-09", &[&approved, &approved])
        .await;
    assert_eq!(twice.user_errors(), [("GIVEN_TWICE", "proposalIds.1")]);
    let none = awarding.decides("1/QĐ-LĐLĐ", "2026-03-09", &[]).await;
    assert_eq!(none.user_errors(), [("REQUIRED", "proposalIds")]);
    let tomorrow = awarding.decides("1/QĐ-LĐLĐ", "2026-03-11", &[&approved]).await;
    assert_eq!(tomorrow.user_errors(), [("DAY_IN_FUTURE", "decidedOn")]);
    awarding.decides("1/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await.thing();
    let again = awarding.decides("2/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    assert_eq!(again.user_errors(), [("NOT_APPROVED", "proposalIds.0")]);
}

async fn what_somebody_outside_gives_is_decided_under_their_name(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding
        .asks(&awarding.flag, 2, "2025-01-01", json!({ "issuer": "OUTSIDE" }))
        .await
        .thing();
    let approved = awarding.approved().await;
    let refused = awarding.decides("15/QĐ-UBND", "2026-03-09", &[&approved]).await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "issuerName")]);
    let input = json!({
        "deciderId": world["Sóc Trăng"].id(), "number": "15/QĐ-UBND", "decidedOn": "2026-03-09", "proposalIds": [approved["id"]],
        "issuerName": "Ủy ban nhân dân tỉnh Sóc Trăng",
    });
    let decision = awarding.committee.does("decideAwards", input).await;
    let query =
        "query($id: ID!) { node(id: $id) { ... on AwardDecision { issuerName issuer { name } owner { name } } } }";
    let seen = awarding.committee.graphql(query, json!({ "id": decision.id() })).await;
    assert_eq!(
        *seen.at("/node"),
        json!({
            "issuerName": "Ủy ban nhân dân tỉnh Sóc Trăng", "issuer": null, "owner": { "name": world["Sóc Trăng"].name },
        })
    );
}

async fn a_revoked_award_stays_with_a_mark_and_what_relies_on_it_is_flagged(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let titles = json!({ "priorTitles": [{ "typeId": awarding.certificate, "count": 1, "withinYears": 3 }] });
    awarding.asks(&awarding.flag, 2, "2025-01-01", titles).await.thing();
    let library = &world["Thư viện"];
    let certificate = json!({
        "number": "5/QĐ-LĐLĐ", "year": 2024, "decidedOn": "2025-01-12", "issuerId": world["Sóc Trăng"].id(),
        "awards": [{ "typeId": awarding.certificate, "recipient": "COLLECTIVE", "unitId": library.id(), "recipientName": library.name }],
    });
    let certificate = awarding.committee.does("recordAwardDecision", certificate).await;
    let certificate = given(&awarding.committee, &certificate, "")
        .await
        .at("/node/awards/0/id")
        .clone();
    let approved = awarding.approved().await;
    let flag = awarding.decides("12/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    let flag = given(&awarding.committee, &flag, "")
        .await
        .at("/node/awards/0/id")
        .clone();
    let relies = "reliesOnRevoked { id recipientName } revoked";
    assert_eq!(
        *award(&awarding.committee, &flag, relies)
            .await
            .at("/node/reliesOnRevoked"),
        json!([])
    );
    let mut early = by(&certificate, "20/QĐ-LĐLĐ");
    early["decidedOn"] = "2025-01-11".into();
    let refused = awarding.committee.does("revokeAward", early).await;
    assert_eq!(refused.user_errors(), [("DAY_BEFORE_DECISION", "decidedOn")]);
    // The number stands once a year in the registry, whatever is decided by it.
    assert_eq!(
        awarding
            .committee
            .does("revokeAward", by(&certificate, "12/QĐ-LĐLĐ"))
            .await
            .code(),
        "ALREADY_EXISTS"
    );
    awarding
        .committee
        .does("revokeAward", by(&certificate, "20/QĐ-LĐLĐ"))
        .await
        .thing();
    let fields = "revoked recipientName year changes { kind ground decision { number } by }";
    let seen = award(&awarding.officer, &certificate, fields).await;
    assert_eq!(
        (seen.at("/node/revoked"), seen.str("/node/recipientName")),
        (&json!(true), library.name.as_str())
    );
    assert_eq!(seen.str("/node/changes/0/kind"), "REVOKED");
    assert_eq!(seen.str("/node/changes/0/ground"), "Kê khai sai thành tích");
    assert_eq!(seen.str("/node/changes/0/decision/number"), "20/QĐ-LĐLĐ");
    let flagged = award(&awarding.officer, &flag, relies).await;
    assert_eq!(flagged.at("/node/reliesOnRevoked/0/id"), &certificate);
    assert_eq!(*flagged.at("/node/revoked"), json!(false));
    let again = awarding
        .committee
        .does("revokeAward", by(&certificate, "21/QĐ-LĐLĐ"))
        .await;
    assert_eq!(again.code(), "WRONG_STATE");
}

async fn a_name_is_corrected_beside_what_was_written(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    let decision = awarding.decides("12/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    let flag = given(&awarding.committee, &decision, "")
        .await
        .at("/node/awards/0/id")
        .clone();
    let mut correction = by(&flag, "13/QĐ-LĐLĐ");
    correction["recipientName"] = " ".into();
    let refused = awarding.committee.does("correctAward", correction.clone()).await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "recipientName")]);
    correction["recipientName"] = "CĐCS Thư viện tỉnh Sóc Trăng".into();
    correction["idempotencyKey"] = "c-1".into();
    for _ in 0..2 {
        awarding
            .committee
            .does("correctAward", correction.clone())
            .await
            .thing();
    }
    let seen = award(
        &awarding.officer,
        &flag,
        "recipientName revoked changes { kind recipientName }",
    )
    .await;
    assert_eq!(
        *seen.at("/node"),
        json!({
            "recipientName": "CĐCS Thư viện tỉnh", "revoked": false,
            "changes": [{ "kind": "CORRECTED", "recipientName": "CĐCS Thư viện tỉnh Sóc Trăng" }],
        })
    );
}

async fn an_award_is_handed_over_once(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    let decision = awarding.decides("12/QĐ-LĐLĐ", "2026-03-05", &[&approved]).await;
    let flag = given(&awarding.committee, &decision, "")
        .await
        .at("/node/awards/0/id")
        .clone();
    let mut occasion = json!({ "id": flag, "heldOn": "2026-03-04", "place": "Hội trường LĐLĐ tỉnh", "handedBy": "Chủ tịch LĐLĐ tỉnh" });
    let refused = awarding.specialist.does("handOverAward", occasion.clone()).await;
    assert_eq!(refused.user_errors(), [("DAY_IMPLAUSIBLE", "heldOn")]);
    occasion["heldOn"] = "2026-03-08".into();
    awarding
        .specialist
        .does("handOverAward", occasion.clone())
        .await
        .thing();
    assert_eq!(
        awarding.specialist.does("handOverAward", occasion).await.code(),
        "ALREADY_EXISTS"
    );
    let seen = award(&awarding.officer, &flag, "handover { heldOn place handedBy note }").await;
    assert_eq!(
        *seen.at("/node/handover"),
        json!({ "heldOn": "2026-03-08", "place": "Hội trường LĐLĐ tỉnh", "handedBy": "Chủ tịch LĐLĐ tỉnh", "note": null })
    );
}

async fn the_registry_counts_what_stands(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let mut approved = Vec::new();
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Thư viện"] {
        approved.push(awarding.approved_for(unit).await);
    }
    let all: Vec<&Value> = approved.iter().collect();
    let decision = awarding.decides("12/QĐ-LĐLĐ", "2026-03-05", &all).await;
    let first = given(&awarding.committee, &decision, "")
        .await
        .at("/node/awards/0/id")
        .clone();
    awarding
        .committee
        .does("revokeAward", by(&first, "20/QĐ-LĐLĐ"))
        .await
        .thing();
    let count = async |filter: &str| {
        let query = format!("{{ awardCounts(where: {{ {filter} }}) {{ count }} }}");
        let seen = awarding.committee.graphql(&query, json!({})).await;
        seen.at("/awardCounts")
            .as_array()
            .expect("a list")
            .first()
            .map_or(json!(0), |one| one["count"].clone())
    };
    for (filter, expected) in [
        ("year: 2025", 3),
        ("year: 2025, revoked: false", 2),
        ("revoked: true", 1),
        ("sector: STATE_ADMINISTRATION", 2),
        ("sector: PUBLIC_SERVICE, revoked: false", 1),
        ("level: PROVINCE, sector: EDUCATION", 0),
    ] {
        assert_eq!(count(filter).await, json!(expected), "{filter}");
    }
    let on_rest = awarding
        .committee
        .get("/api/v1/awards?count=true&revoked=false&sector=STATE_ADMINISTRATION")
        .await;
    assert_eq!(on_rest.body()["totalCount"], 1, "{on_rest}");
}

async fn who_decides_and_revokes_and_who_does_not(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    let input = json!({
        "deciderId": world["Sóc Trăng"].id(), "number": "1/QĐ-LĐLĐ", "decidedOn": "2026-03-09", "proposalIds": [approved["id"]],
    });
    for (who, code) in [
        (&awarding.specialist, "FORBIDDEN"),
        (&app.admin().await, "FORBIDDEN"),
        (&awarding.officer, "NOT_FOUND"),
        (&app.committee_of(&world["Viên chức"]).await, "NOT_FOUND"),
        (&app.committee_of(&world["Kon Tum"]).await, "NOT_FOUND"),
    ] {
        assert_eq!(who.does("decideAwards", input.clone()).await.code(), code);
    }
    let decision = awarding.committee.does("decideAwards", input).await;
    let flag = given(&awarding.committee, &decision, "")
        .await
        .at("/node/awards/0/id")
        .clone();
    for (who, code) in [
        (&awarding.specialist, "FORBIDDEN"),
        (&awarding.officer, "FORBIDDEN"),
        (&app.stranger().await, "NOT_FOUND"),
    ] {
        assert_eq!(who.does("revokeAward", by(&flag, "2/QĐ-LĐLĐ")).await.code(), code);
    }
}
