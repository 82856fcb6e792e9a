//! Proposals of awards: who takes which step, what a dossier needs, what the side that proposes learns and when. Quotas are told of in
//! `awards_quotas.rs`, eligibility in `awards_eligibility.rs`, decisions in `awards_decisions.rs`. What these begin with is here:
//! [`Awarding`].

use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::awards::new_kind;
use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, Unit, moment, no_more_statements, on_both_databases};

on_both_databases! {
    a_proposal_goes_from_the_unit_through_the_council_to_the_registry,
    nobody_passes_what_they_proposed_themselves,
    a_chair_endorses_what_members_propose_and_not_what_the_own_unit_does,
    the_side_that_proposes_learns_of_an_outcome_when_it_is_told,
    a_dossier_is_complete_before_it_is_appraised,
    a_step_out_of_turn_or_at_another_version_is_refused,
    who_was_asked_for_a_step_too_long_ago_is_late,
    without_enough_votes_of_all_members_nothing_is_approved,
    who_sees_a_proposal_and_who_does_not,
    a_proposal_made_twice_under_one_key_is_one_proposal,
    a_case_keeps_the_terms_with_which_it_began,
    proposals_take_few_statements,
}

/// The flag of a province, and everybody who has to do with it.
pub struct Awarding {
    pub app: TestApp,
    /// Sets terms and base salaries.
    pub setter: Person,
    /// The flag, for collectives.
    pub flag: String,
    /// The certificate, for both.
    pub certificate: String,
    /// An officer of the library.
    pub officer: Person,
    /// A specialist of the union above the library.
    pub upper: Person,
    /// A specialist of the province.
    pub specialist: Person,
    /// The standing committee of the province.
    pub committee: Person,
}

/// Terms that ask for nothing but the vote of two thirds of the council.
pub fn voted(kind: &str, version: i64, from: &str) -> Value {
    json!({
        "typeId": kind, "version": version, "validFrom": from, "legalBasis": "Quy chế khen thưởng của LĐLĐ tỉnh",
        "threshold": { "numerator": 2, "denominator": 3 },
    })
}

impl Awarding {
    /// In the province of Sóc Trăng, with terms for both kinds as of 2024.
    pub async fn begin(app: &TestApp) -> Self {
        Self::coded(app, "CO_LDLD", "BK_LDLD").await
    }

    /// The same with other codes of the flag and the certificate.
    pub async fn coded(app: &TestApp, flag: &str, certificate: &str) -> Self {
        let world = app.world();
        let setter = app.person(&[(Role::Specialist, Scope::Everything)]).await;
        let kind = async |code: &str, name: &str, recipients: &str| {
            let kind = setter.does("createAwardType", new_kind(code, name, recipients)).await;
            let id = kind.id().to_owned();
            setter.does("setAwardTerms", voted(&id, 1, "2024-01-01")).await.thing();
            id
        };
        Self {
            app: app.clone(),
            flag: kind(flag, "Cờ thi đua của Liên đoàn Lao động tỉnh", "COLLECTIVE").await,
            certificate: kind(certificate, "Bằng khen của Liên đoàn Lao động tỉnh", "BOTH").await,
            setter,
            officer: app.officer_of(&world["Thư viện"]).await,
            upper: app.specialist_of(&world["Viên chức"]).await,
            specialist: app.specialist_of(&world["Sóc Trăng"]).await,
            committee: app.committee_of(&world["Sóc Trăng"]).await,
        }
    }

    /// Sets other terms of a kind of award, from the day after the last ones or later.
    pub async fn asks(&self, kind: &str, version: i64, from: &str, more: Value) -> Answer {
        let mut terms = voted(kind, version, from);
        for (name, value) in more.as_object().expect("an object") {
            terms[name] = value.clone();
        }
        self.setter.does("setAwardTerms", terms).await
    }

    /// A proposal of a unit for itself.
    pub fn proposal(&self, kind: &str, unit: &Unit, merit: &str) -> Value {
        json!({ "typeId": kind, "year": 2025, "proposerId": unit.id(), "unitId": unit.id(), "merit": merit })
    }

    /// The library proposes itself for the flag.
    pub async fn library(&self) -> Answer {
        let input = self.proposal(&self.flag, &self.app.world()["Thư viện"], "Dẫn đầu cụm thi đua");
        self.officer.does("proposeAward", input).await
    }

    /// Takes a proposal on to VOTED, with so many of nine in favour, and gives it as it is then.
    pub async fn voted(&self, proposal: &Value, in_favour: i32) -> Value {
        let endorsed = self.upper.does("endorseAwardProposal", at(proposal)).await;
        let appraised = self
            .specialist
            .does("appraiseAwardProposal", at(endorsed.thing()))
            .await;
        let mut vote = at(appraised.thing());
        vote["inFavour"] = in_favour.into();
        vote["members"] = 9.into();
        vote["present"] = 8.into();
        vote["heldOn"] = "2026-03-05".into();
        self.committee.does("recordAwardVote", vote).await.thing().clone()
    }

    /// The committee concludes on a proposal.
    pub async fn concludes(&self, proposal: &Value, outcome: &str) -> Answer {
        let mut input = at(proposal);
        input["outcome"] = outcome.into();
        if outcome != "APPROVE" {
            input["reason"] = "Theo kết quả bỏ phiếu".into();
        }
        self.committee.does("concludeAwardProposal", input).await
    }

    /// A proposal of the library for the flag that is approved.
    pub async fn approved(&self) -> Value {
        let proposal = self.library().await.thing().clone();
        let voted = self.voted(&proposal, 8).await;
        self.concludes(&voted, "APPROVE").await.thing().clone()
    }

    /// The committee decides on some proposals.
    pub async fn decides(&self, number: &str, day: &str, proposals: &[&Value]) -> Answer {
        let ids: Vec<&Value> = proposals.iter().map(|one| &one["id"]).collect();
        let input = json!({
            "deciderId": self.app.world()["Sóc Trăng"].id(), "number": number, "decidedOn": day,
            "signer": "Trần Văn Sáu, Chủ tịch", "proposalIds": ids,
        });
        self.committee.does("decideAwards", input).await
    }
}

/// What a step with a proposal names.
pub fn at(proposal: &Value) -> Value {
    json!({ "id": proposal["id"], "version": proposal["version"] })
}

/// Something asked of a proposal.
pub async fn asked(who: &Person, id: &Value, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on AwardProposal {{ {fields} }} }} }}");
    who.graphql(&query, json!({ "id": id })).await
}

/// Something asked of an award.
pub async fn award(who: &Person, id: &Value, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Award {{ {fields} }} }} }}");
    who.graphql(&query, json!({ "id": id })).await
}

async fn a_proposal_goes_from_the_unit_through_the_council_to_the_registry(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    assert_eq!(proposal["state"], "PROPOSED");
    let fields = "state waitsFor proposerName deciderName unitName recipient merit by steps { step by }";
    let seen = asked(&awarding.officer, &proposal["id"], fields).await;
    assert_eq!(seen.str("/node/waitsFor"), "ENDORSE");
    assert_eq!(seen.str("/node/deciderName"), "Liên đoàn Lao động tỉnh Sóc Trăng");
    assert_eq!(seen.str("/node/unitName"), "CĐCS Thư viện tỉnh");
    let voted = awarding.voted(&proposal, 8).await;
    assert_eq!(voted["state"], "VOTED");
    let approved = awarding.concludes(&voted, "APPROVE").await.thing().clone();
    assert_eq!(approved["state"], "APPROVED");
    let decision = awarding.decides("12/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    let decision = decision.id().to_owned();
    let fields = "state toldAt decision { id number } award { recipientName year verifyCode }
        steps { step } viewerCan { action allowed code }";
    let seen = asked(&awarding.officer, &proposal["id"], fields).await;
    assert_eq!(seen.str("/node/state"), "APPROVED");
    assert_eq!(seen.str("/node/decision/id"), decision);
    assert_eq!(seen.str("/node/award/recipientName"), "CĐCS Thư viện tỉnh");
    assert_eq!(
        seen.texts("/node/steps", "step"),
        ["PROPOSE", "ENDORSE", "APPRAISE", "VOTE", "APPROVE"]
    );
    let registry = awarding
        .officer
        .graphql("{ awards { nodes { recipientName } } }", json!({}))
        .await;
    assert_eq!(registry.texts("/awards/nodes", "recipientName"), ["CĐCS Thư viện tỉnh"]);
    let id = Kind::AwardProposal
        .parse(proposal["id"].as_str().expect("an id"))
        .expect("an id");
    let events: Vec<String> = app.audit_of(id).await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(
        events,
        [
            "AWARD_PROPOSED",
            "AWARD_PROPOSAL_ENDORSED",
            "AWARD_PROPOSAL_APPRAISED",
            "AWARD_VOTE_RECORDED",
            "AWARD_PROPOSAL_APPROVED",
            "AWARD_OUTCOME_TOLD",
        ]
    );
    let on_rest = awarding.officer.get("/api/v1/award-proposals?count=true").await;
    assert_eq!(on_rest.body()["totalCount"], 1, "{on_rest}");
    assert_eq!(on_rest.body()["items"][0]["state"], "APPROVED");
}

async fn nobody_passes_what_they_proposed_themselves(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let everybody = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(world["Thư viện"].uuid)),
            (Role::Specialist, Scope::Unit(world["Sóc Trăng"].uuid)),
            (Role::StandingCommittee, Scope::Unit(world["Sóc Trăng"].uuid)),
        ])
        .await;
    let input = awarding.proposal(&awarding.flag, &world["Thư viện"], "Dẫn đầu cụm");
    let proposal = everybody.does("proposeAward", input).await.thing().clone();
    assert_eq!(
        everybody.does("endorseAwardProposal", at(&proposal)).await.code(),
        "FORBIDDEN"
    );
    let endorsed = awarding
        .upper
        .does("endorseAwardProposal", at(&proposal))
        .await
        .thing()
        .clone();
    let refused = everybody.does("appraiseAwardProposal", at(&endorsed)).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert!(refused.message().contains("Người đã lập đề nghị"), "{refused}");
    let appraised = awarding
        .specialist
        .does("appraiseAwardProposal", at(&endorsed))
        .await
        .thing()
        .clone();
    let mut refusal = at(&appraised);
    refusal["outcome"] = "REFUSE".into();
    refusal["reason"] = "Không đủ phiếu".into();
    assert_eq!(
        everybody.does("concludeAwardProposal", refusal.clone()).await.code(),
        "FORBIDDEN"
    );
    awarding.committee.does("concludeAwardProposal", refusal).await.thing();
}

async fn a_chair_endorses_what_members_propose_and_not_what_the_own_unit_does(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Sở Nội vụ"], "2025-01-01").await.thing();
    let chair = app.officer_of(&world["Sở Nội vụ"]).await;
    let member = awarding.library().await.thing().clone();
    let mut note = at(&member);
    note["note"] = "Cụm nhất trí suy tôn".into();
    let endorsed = chair.does("endorseAwardProposal", note).await;
    assert_eq!(endorsed.thing()["state"], "ENDORSED");
    let own = awarding.proposal(&awarding.flag, &world["Sở Nội vụ"], "Xuất sắc của cụm");
    let own = chair.does("proposeAward", own).await.thing().clone();
    let other = app.officer_of(&world["Sở Nội vụ"]).await;
    for officer in [&chair, &other] {
        assert_eq!(officer.does("endorseAwardProposal", at(&own)).await.code(), "FORBIDDEN");
    }
    let can = asked(&other, &own["id"], "viewerCan { action allowed code }").await;
    assert_eq!(
        *can.at("/node/viewerCan/0"),
        json!({ "action": "ENDORSE", "allowed": false, "code": "FORBIDDEN" })
    );
}

async fn the_side_that_proposes_learns_of_an_outcome_when_it_is_told(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let early = awarding.library().await.thing().clone();
    let other = app.officer_of(&world["Sở Nội vụ"]).await;
    let late = awarding.proposal(&awarding.flag, &world["Sở Nội vụ"], "Xuất sắc của cụm");
    let late = other.does("proposeAward", late).await.thing().clone();
    let fields = "state version inFavour councilMembers votedOn waitsFor toldAt steps { step reason } dueOn
        viewerCan { action allowed code } eligibility { outcome }";
    let before_refusal = asked(&other, &late["id"], fields).await.at("/node").clone();
    awarding.concludes(&late, "REFUSE").await.thing();
    assert_eq!(
        *asked(&other, &late["id"], fields).await.at("/node"),
        before_refusal,
        "a refusal that was not told leaves no trace"
    );
    let voted = awarding.voted(&early, 8).await;
    let before = asked(&awarding.officer, &early["id"], fields).await.at("/node").clone();
    assert_eq!((&before["state"], &before["inFavour"]), (&json!("VOTED"), &Value::Null));
    awarding.concludes(&voted, "APPROVE").await.thing();
    assert_eq!(
        *asked(&awarding.officer, &early["id"], fields).await.at("/node"),
        before
    );
    let by_state = async |who: &Person, state: &str| {
        let query = format!("{{ awardProposals(where: {{ state: {state} }}) {{ totalCount }} }}");
        who.graphql(&query, json!({}))
            .await
            .at("/awardProposals/totalCount")
            .clone()
    };
    for (who, state, count) in [
        (&awarding.officer, "APPROVED", 0),
        (&awarding.officer, "VOTED", 1),
        (&other, "REFUSED", 0),
        (&other, "PROPOSED", 1),
        (&awarding.committee, "APPROVED", 1),
        (&awarding.committee, "REFUSED", 1),
        (&awarding.committee, "VOTED", 0),
    ] {
        assert_eq!(by_state(who, state).await, json!(count), "{state}");
    }
    // Whoever proposes may still put the dossier together, as if nothing had happened.
    let told = json!({ "deciderId": world["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    let outcomes = awarding.committee.does("releaseAwardOutcomes", told.clone()).await;
    let outcomes = outcomes.thing();
    assert_eq!(
        (
            &outcomes["proposed"],
            &outcomes["approved"],
            &outcomes["refused"],
            &outcomes["open"]
        ),
        (&json!(2), &json!(1), &json!(1), &json!(0))
    );
    let after = asked(&awarding.officer, &early["id"], fields).await;
    assert_eq!(
        (after.str("/node/state"), after.at("/node/inFavour")),
        ("APPROVED", &json!(8))
    );
    let after = asked(&other, &late["id"], fields).await;
    assert_eq!(after.str("/node/state"), "REFUSED");
    assert_eq!(after.str("/node/steps/1/reason"), "Theo kết quả bỏ phiếu");
    assert_eq!(
        awarding.committee.does("releaseAwardOutcomes", told).await.code(),
        "WRONG_STATE"
    );
}

async fn a_dossier_is_complete_before_it_is_appraised(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let dossier = json!([
        { "code": "TO_TRINH", "name": "Tờ trình đề nghị khen thưởng", "signer": "Chủ tịch công đoàn cơ sở" },
        { "code": "BAO_CAO", "name": "Báo cáo thành tích" },
    ]);
    awarding
        .asks(&awarding.flag, 2, "2025-01-01", json!({ "dossier": dossier }))
        .await
        .thing();
    let proposal = awarding.library().await.thing().clone();
    let endorsed = awarding
        .upper
        .does("endorseAwardProposal", at(&proposal))
        .await
        .thing()
        .clone();
    let refused = awarding.specialist.does("appraiseAwardProposal", at(&endorsed)).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("DOSSIER_INCOMPLETE", "dossier.TO_TRINH"),
            ("DOSSIER_INCOMPLETE", "dossier.BAO_CAO")
        ]
    );
    let tick = |proposal: &Value, code: &str, document: &str| {
        let mut input = at(proposal);
        input["code"] = code.into();
        input["document"] = document.into();
        input["number"] = "05/TTr-CĐCS".into();
        input["dated"] = "2026-01-05".into();
        input
    };
    let unknown = awarding
        .officer
        .does("tickAwardDossier", tick(&endorsed, "SANG_KIEN", "Sáng kiến"))
        .await;
    assert_eq!(unknown.user_errors(), [("DOSSIER_ITEM_UNKNOWN", "code")]);
    let one = awarding
        .officer
        .does("tickAwardDossier", tick(&endorsed, "TO_TRINH", "Tờ trình"))
        .await;
    let again = awarding
        .officer
        .does("tickAwardDossier", tick(one.thing(), "TO_TRINH", "Tờ trình đã ký"))
        .await;
    let both = awarding
        .officer
        .does("tickAwardDossier", tick(again.thing(), "BAO_CAO", "Báo cáo"))
        .await;
    let seen = asked(
        &awarding.officer,
        &proposal["id"],
        "dossier { code signedBy document number dated }",
    )
    .await;
    assert_eq!(
        *seen.at("/node/dossier/0"),
        json!({
            "code": "TO_TRINH", "signedBy": "Chủ tịch công đoàn cơ sở", "document": "Tờ trình đã ký", "number": "05/TTr-CĐCS",
            "dated": "2026-01-05",
        })
    );
    let appraised = awarding
        .specialist
        .does("appraiseAwardProposal", at(both.thing()))
        .await;
    assert_eq!(appraised.thing()["state"], "APPRAISED");
    let late = awarding
        .officer
        .does("tickAwardDossier", tick(appraised.thing(), "BAO_CAO", "Báo cáo khác"))
        .await;
    assert_eq!(late.code(), "WRONG_STATE");
}

async fn a_step_out_of_turn_or_at_another_version_is_refused(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    assert_eq!(
        awarding
            .specialist
            .does("appraiseAwardProposal", at(&proposal))
            .await
            .code(),
        "WRONG_STATE"
    );
    assert_eq!(awarding.concludes(&proposal, "APPROVE").await.code(), "WRONG_STATE");
    awarding.upper.does("endorseAwardProposal", at(&proposal)).await.thing();
    let stale = awarding.specialist.does("appraiseAwardProposal", at(&proposal)).await;
    assert_eq!(stale.code(), "STALE_VERSION");
    let mut refusal = json!({ "id": proposal["id"], "version": 2, "outcome": "REFUSE" });
    let refused = awarding.committee.does("concludeAwardProposal", refusal.clone()).await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "reason")]);
    refusal["reason"] = "Chưa đủ thời gian hoạt động".into();
    awarding.committee.does("concludeAwardProposal", refusal).await.thing();
}

async fn who_was_asked_for_a_step_too_long_ago_is_late(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let days = json!({ "days": { "endorse": 10, "appraise": 5 } });
    awarding.asks(&awarding.flag, 2, "2025-01-01", days).await.thing();
    let proposal = awarding.library().await.thing().clone();
    assert_eq!(proposal["dueOn"], "2026-03-20");
    app.it_is(moment(2026, 3, 21, 9, 0));
    let endorsed = awarding.upper.does("endorseAwardProposal", at(&proposal)).await;
    assert_eq!(endorsed.thing()["dueOn"], "2026-03-26");
    let seen = asked(&awarding.officer, &proposal["id"], "steps { step late dueOn }").await;
    assert_eq!(
        *seen.at("/node/steps"),
        json!([
            { "step": "PROPOSE", "late": false, "dueOn": null },
            { "step": "ENDORSE", "late": true, "dueOn": "2026-03-20" },
        ])
    );
}

async fn without_enough_votes_of_all_members_nothing_is_approved(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    let mut wrong = at(&awarding
        .upper
        .does("endorseAwardProposal", at(&proposal))
        .await
        .thing()
        .clone());
    wrong = at(awarding.specialist.does("appraiseAwardProposal", wrong).await.thing());
    let mut vote = wrong.clone();
    for (name, value) in [("inFavour", 10), ("members", 9), ("present", 10)] {
        vote[name] = value.into();
    }
    vote["heldOn"] = "2026-03-11".into();
    let refused = awarding.committee.does("recordAwardVote", vote.clone()).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("OUT_OF_BOUNDS", "present"),
            ("OUT_OF_BOUNDS", "inFavour"),
            ("DAY_IN_FUTURE", "heldOn")
        ]
    );
    // Five of six who were present, but two thirds of all nine are six: who was absent is asked in writing.
    for (name, value) in [("inFavour", 5), ("present", 6)] {
        vote[name] = value.into();
    }
    vote["heldOn"] = "2026-03-05".into();
    let voted = awarding.committee.does("recordAwardVote", vote).await.thing().clone();
    let refused = awarding.concludes(&voted, "APPROVE").await;
    assert_eq!(refused.user_errors(), [("THRESHOLD_MISSED", "outcome")]);
    assert!(refused.user_message().contains("5/9"), "{refused}");
    awarding.concludes(&voted, "REFUSE").await.thing();
}

async fn who_sees_a_proposal_and_who_does_not(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    let cluster = Scope::Cluster(Kind::Cluster.parse(&cluster.id).expect("an id"));
    for (who, sees) in [
        (awarding.officer.clone(), true),
        (awarding.upper.clone(), true),
        (awarding.committee.clone(), true),
        (app.admin().await, true),
        (app.person(&[(Role::Specialist, cluster)]).await, true),
        (app.officer_of(&world["Sở Nội vụ"]).await, false),
        (app.committee_of(&world["Kon Tum"]).await, false),
        (app.stranger().await, false),
    ] {
        let found = asked(&who, &proposal["id"], "state").await;
        assert_eq!(found.code(), if sees { "" } else { "NOT_FOUND" }, "{found}");
        let all = who.graphql("{ awardProposals { totalCount } }", json!({})).await;
        assert_eq!(*all.at("/awardProposals/totalCount"), json!(i32::from(sees)));
    }
}

async fn a_proposal_made_twice_under_one_key_is_one_proposal(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let mut input = awarding.proposal(&awarding.flag, &app.world()["Thư viện"], "Dẫn đầu cụm");
    input["idempotencyKey"] = "p-1".into();
    let first = awarding
        .officer
        .does("proposeAward", input.clone())
        .await
        .id()
        .to_owned();
    assert_eq!(awarding.officer.does("proposeAward", input.clone()).await.id(), first);
    input["merit"] = "Thành tích khác".into();
    let reused = awarding.officer.does("proposeAward", input).await;
    assert_eq!(reused.user_errors(), [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]);
}

async fn a_case_keeps_the_terms_with_which_it_began(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    let again = awarding.asks(&awarding.flag, 2, "2023-12-31", json!({})).await;
    assert_eq!(again.user_errors(), [("TERMS_NOT_AFTER", "validFrom")]);
    let stricter = json!({ "threshold": { "numerator": 9, "denominator": 10 }, "onceInLifetime": true });
    awarding.asks(&awarding.flag, 2, "2026-03-10", stricter).await.thing();
    let voted = awarding.voted(&proposal, 6).await;
    assert_eq!(awarding.concludes(&voted, "APPROVE").await.thing()["state"], "APPROVED");
    let fields = "terms { number threshold { numerator denominator } onceInLifetime }";
    let seen = asked(&awarding.officer, &proposal["id"], fields).await;
    assert_eq!(
        *seen.at("/node/terms"),
        json!({ "number": 1, "threshold": { "numerator": 2, "denominator": 3 }, "onceInLifetime": false })
    );
    let query = "query($id: ID!) { node(id: $id) { ... on AwardType { terms { number } before: terms(asOf: \"2026-03-09\") { number } \
                 termsHistory { number validFrom } } } }";
    let kind = awarding.officer.graphql(query, json!({ "id": awarding.flag })).await;
    assert_eq!(
        (kind.at("/node/terms/number"), kind.at("/node/before/number")),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        kind.texts("/node/termsHistory", "validFrom"),
        ["2026-03-10", "2024-01-01"]
    );
}

async fn proposals_take_few_statements(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let query = "{ awardProposals(first: 50) { nodes { type { name } terms { number } unitName proposerName deciderName by
        eligibility { outcome rules { sentence evidence { label } } } dossier { code } steps { step by } viewerCan { action } waitsFor } } }";
    let count = async || awarding.committee.graphql(query, json!({})).await.statements();
    awarding.library().await.thing();
    let few = count().await;
    for name in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Viên chức"] {
        let officer = app.officer_of(&world[name]).await;
        for kind in [&awarding.flag, &awarding.certificate] {
            let input = awarding.proposal(kind, &world[name], &format!("Thành tích {kind}"));
            officer.does("proposeAward", input).await.thing();
        }
    }
    no_more_statements(few, count().await);
}
