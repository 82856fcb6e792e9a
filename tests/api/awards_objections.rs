//! Objections before awards are decided: who may say something against which outcome and until when, who answers, and what an answer
//! changes.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::awards_proposals::{Awarding, asked, at};
use crate::clusters::Cluster;
use crate::notifications_conferences::told;
use crate::support::{Answer, Person, TestApp, moment, no_more_statements, on_both_databases};

on_both_databases! {
    a_neighbour_objects_and_nothing_is_decided_before_it_is_answered,
    an_upheld_objection_takes_the_outcome_back,
    a_refusal_that_was_wrong_finds_its_place_again_or_is_not_taken_back,
    a_reduction_that_was_wrong_gives_the_lower_place_free,
    who_sees_what_was_made_known_and_what_was_objected,
    one_objects_within_the_window_and_only_for_a_unit_that_it_concerns,
    who_had_a_hand_in_it_answers_no_objection,
    of_two_answers_at_once_one_is_told_of_the_other,
    what_asks_for_objections_is_told_before_it_is_decided,
    an_objection_sent_twice_by_a_phone_is_one,
    lists_cost_no_more_when_they_are_long,
}

/// A cluster whose library was approved for the flag, which units may object to for five days.
pub struct Objecting {
    pub awarding: Awarding,
    /// An officer of another unit of the cluster.
    pub neighbour: Person,
    pub proposal: Value,
}

impl Objecting {
    /// The outcome is not told yet.
    async fn staged(app: &TestApp) -> Self {
        let world = app.world();
        let awarding = Awarding::begin(app).await;
        let asks = json!({ "objectionDays": 5 });
        awarding.asks(&awarding.flag, 2, "2025-01-01", asks).await.thing();
        Cluster::of(app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ", "Sở Tài chính"]).await;
        Self {
            neighbour: app.officer_of(&world["Sở Nội vụ"]).await,
            proposal: awarding.approved().await,
            awarding,
        }
    }

    /// The outcome was told on 10 March.
    pub async fn begin(app: &TestApp) -> Self {
        let objecting = Self::staged(app).await;
        objecting.awarding.releases().await;
        objecting
    }

    pub async fn objects(&self, who: &Person, unit: &str, text: &str) -> Answer {
        let unit = self.awarding.app.world()[unit].id();
        let input = json!({ "proposalId": self.proposal["id"], "unitId": unit, "text": text });
        who.does("raiseAwardObjection", input).await
    }

    pub async fn answers(&self, who: &Person, objection: &Value, outcome: &str) -> Answer {
        let mut input = at(objection);
        input["outcome"] = outcome.into();
        input["answer"] = "Đã đối chiếu hồ sơ gốc".into();
        who.does("answerAwardObjection", input).await
    }

    async fn decides(&self, number: &str) -> Answer {
        self.awarding.decides(number, "2026-03-10", &[&self.proposal]).await
    }

    /// The proposal as the committee sees it.
    async fn now(&self) -> Value {
        let fields = "id version state toldAt objectionsUntil";
        let seen = asked(&self.awarding.committee, &self.proposal["id"], fields).await;
        seen.at("/node").clone()
    }
}

impl Awarding {
    /// Tells the outcomes of the flag.
    async fn releases(&self) {
        let decider = self.app.world()["Sóc Trăng"].id();
        let batch = json!({ "deciderId": decider, "typeId": self.flag, "year": 2025 });
        self.committee.does("releaseAwardOutcomes", batch).await.thing();
    }
}

async fn a_neighbour_objects_and_nothing_is_decided_before_it_is_answered(app: TestApp) {
    let objecting = Objecting::begin(&app).await;
    let known = told(&app, &objecting.neighbour, &["AWARD_MADE_KNOWN"]).await;
    assert_eq!(
        known,
        [
            "Mới có 1 kết quả xét tặng «Cờ thi đua của Liên đoàn Lao động tỉnh» trong cụm được công khai lấy ý kiến; mới nhất: «CĐCS Thư viện tỉnh», năm 2025, có thể khiếu nại đến hết ngày 15/03/2026."
        ]
    );
    let own = told(
        &app,
        &objecting.awarding.officer,
        &["AWARD_OUTCOME_TOLD", "AWARD_MADE_KNOWN"],
    )
    .await;
    assert_eq!(
        own,
        [
            "Đề nghị tặng «Cờ thi đua của Liên đoàn Lao động tỉnh» năm 2025 cho «CĐCS Thư viện tỉnh» đã được duyệt. Có thể khiếu nại đến hết ngày 15/03/2026."
        ]
    );
    let list = "{ awardCandidates(where: { open: true }) { totalCount nodes { proposalId type { name } unitName proposerName merit outcome objectionsUntil } } }";
    let known = objecting.neighbour.graphql(list, json!({})).await;
    assert_eq!(
        *known.at("/awardCandidates/nodes/0"),
        json!({
            "proposalId": objecting.proposal["id"], "type": { "name": "Cờ thi đua của Liên đoàn Lao động tỉnh" },
            "unitName": "CĐCS Thư viện tỉnh", "proposerName": "CĐCS Thư viện tỉnh", "merit": "Dẫn đầu cụm thi đua",
            "outcome": "APPROVED", "objectionsUntil": "2026-03-15",
        })
    );
    let early = objecting.decides("12/QĐ-LĐLĐ").await;
    assert_eq!(early.user_errors(), [("OBJECTION_WINDOW_OPEN", "proposalIds.0")]);
    assert!(
        early.user_message().contains("«CĐCS Thư viện tỉnh»") && early.user_message().contains("15/03/2026"),
        "{early}"
    );
    let raised = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Số liệu tủ sách chưa đúng")
        .await;
    let raised = raised.thing().clone();
    let waits = told(&app, &objecting.awarding.committee, &["AWARD_OBJECTION_RAISED"]).await;
    assert_eq!(
        waits,
        [
            "«CĐCS Sở Nội vụ» khiếu nại kết quả đề nghị tặng «Cờ thi đua của Liên đoàn Lao động tỉnh» năm 2025 cho «CĐCS Thư viện tỉnh»: Số liệu tủ sách chưa đúng"
        ]
    );
    app.it_is(moment(2026, 3, 16, 8, 0));
    let refused = objecting.decides("12/QĐ-LĐLĐ").await;
    assert_eq!(refused.user_errors(), [("OBJECTION_UNANSWERED", "proposalIds.0")]);
    assert!(
        refused.user_message().contains("còn 1 khiếu nại chưa được trả lời"),
        "{refused}"
    );
    let answered = objecting
        .answers(&objecting.awarding.committee, &raised, "REFUSED")
        .await;
    assert_eq!(answered.thing()["outcome"], "REFUSED");
    let answer = told(&app, &objecting.neighbour, &["AWARD_OBJECTION_ANSWERED"]).await;
    assert!(
        answer[0].ends_with("đã được trả lời: Đã đối chiếu hồ sơ gốc"),
        "{answer:?}"
    );
    objecting.decides("12/QĐ-LĐLĐ").await.thing();
    let late = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Vẫn chưa đúng")
        .await;
    assert_eq!(late.code(), "WRONG_STATE");
    let again = objecting
        .answers(&objecting.awarding.committee, &raised, "UPHELD")
        .await;
    assert_eq!(again.code(), "WRONG_STATE", "an answer stands");
}

async fn an_upheld_objection_takes_the_outcome_back(app: TestApp) {
    let objecting = Objecting::begin(&app).await;
    let raised = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Thư viện bị nhắc nhở trong năm")
        .await;
    told(&app, &objecting.awarding.officer, &[]).await;
    objecting
        .answers(&objecting.awarding.committee, raised.thing(), "UPHELD")
        .await
        .thing();
    let now = objecting.now().await;
    assert_eq!(
        (&now["state"], &now["toldAt"], &now["objectionsUntil"]),
        (&json!("VOTED"), &Value::Null, &Value::Null)
    );
    let reopened = told(&app, &objecting.awarding.officer, &["AWARD_OUTCOME_REOPENED"]).await;
    assert_eq!(
        reopened,
        [
            "Sau khiếu nại, đề nghị tặng «Cờ thi đua của Liên đoàn Lao động tỉnh» năm 2025 cho «CĐCS Thư viện tỉnh» được xét lại."
        ]
    );
    let list = "{ awardCandidates { totalCount } }";
    let known = objecting.neighbour.graphql(list, json!({})).await;
    assert_eq!(*known.at("/awardCandidates/totalCount"), json!(0));
    objecting.awarding.concludes(&now, "REFUSE").await.thing();
    objecting.awarding.releases().await;
    assert_eq!(objecting.now().await["state"], "REFUSED");
    let known = objecting.neighbour.graphql(list, json!({})).await;
    assert_eq!(
        *known.at("/awardCandidates/totalCount"),
        json!(0),
        "what is refused is nobody's business but the unit's own"
    );
    let own = objecting.awarding.officer.graphql(list, json!({})).await;
    assert_eq!(*own.at("/awardCandidates/totalCount"), json!(1));
}

/// A quota of one flag for the branch.
async fn one_place(awarding: &Awarding, kind: &str) {
    let world = awarding.app.world();
    let quota = json!({
        "typeId": kind, "year": 2025, "setterId": world["Sóc Trăng"].id(), "unitId": world["Viên chức"].id(), "most": 1,
    });
    awarding.committee.does("setAwardQuota", quota).await.thing();
}

async fn taken(awarding: &Awarding, kind: &str) -> Value {
    let query = "query($kind: ID!) { awardQuotas(where: { typeId: $kind }) { nodes { taken } } }";
    let seen = awarding.committee.graphql(query, json!({ "kind": kind })).await;
    seen.at("/awardQuotas/nodes/0/taken").clone()
}

async fn a_refusal_that_was_wrong_finds_its_place_again_or_is_not_taken_back(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding
        .asks(&awarding.flag, 2, "2025-01-01", json!({ "objectionDays": 5 }))
        .await
        .thing();
    one_place(&awarding, &awarding.flag).await;
    let proposal = awarding.library().await.thing().clone();
    awarding.concludes(&proposal, "REFUSE").await.thing();
    awarding.releases().await;
    assert_eq!(taken(&awarding, &awarding.flag).await, json!(0));
    let objecting = Objecting {
        neighbour: app.officer_of(&world["Sở Nội vụ"]).await,
        proposal,
        awarding,
    };
    let officer = objecting.awarding.officer.clone();
    let raised = objecting
        .objects(&officer, "Thư viện", "Hồ sơ đủ, đề nghị xem lại")
        .await;
    let raised = raised.thing().clone();
    let other = objecting
        .awarding
        .proposal(&objecting.awarding.flag, &world["Sở Nội vụ"], "Xuất sắc");
    let other = objecting.neighbour.does("proposeAward", other).await.thing().clone();
    let committee = &objecting.awarding.committee;
    let full = objecting.answers(committee, &raised, "UPHELD").await;
    assert_eq!(full.user_errors(), [("QUOTA_EXCEEDED", "outcome")]);
    assert_eq!(objecting.now().await["state"], "REFUSED", "nothing is half done");
    objecting.awarding.concludes(&other, "REFUSE").await.thing();
    objecting.awarding.releases().await;
    objecting.answers(committee, &raised, "UPHELD").await.thing();
    assert_eq!(objecting.now().await["state"], "PROPOSED");
    assert_eq!(taken(&objecting.awarding, &objecting.awarding.flag).await, json!(1));
}

async fn a_reduction_that_was_wrong_gives_the_lower_place_free(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding
        .asks(&awarding.flag, 2, "2025-01-01", json!({ "objectionDays": 5 }))
        .await
        .thing();
    one_place(&awarding, &awarding.flag).await;
    one_place(&awarding, &awarding.certificate).await;
    let proposal = awarding.library().await.thing().clone();
    let voted = awarding.voted(&proposal, 8).await;
    let mut reduction = at(&voted);
    reduction["outcome"] = "REDUCE".into();
    reduction["reason"] = "Chưa đủ điều kiện tặng cờ".into();
    reduction["reducedToId"] = awarding.certificate.clone().into();
    awarding
        .committee
        .does("concludeAwardProposal", reduction)
        .await
        .thing();
    awarding.releases().await;
    assert_eq!(taken(&awarding, &awarding.certificate).await, json!(1));
    let objecting = Objecting {
        neighbour: app.officer_of(&world["Sở Nội vụ"]).await,
        proposal,
        awarding,
    };
    let officer = objecting.awarding.officer.clone();
    let raised = objecting.objects(&officer, "Thư viện", "Đủ điều kiện tặng cờ").await;
    let partly = objecting.objects(&officer, "Thư viện", "Và tên ghi sai").await;
    let committee = &objecting.awarding.committee;
    objecting
        .answers(committee, partly.thing(), "PARTLY_UPHELD")
        .await
        .thing();
    assert_eq!(
        objecting.now().await["state"],
        "REDUCED",
        "what was right in part leaves the outcome"
    );
    objecting.answers(committee, raised.thing(), "UPHELD").await.thing();
    assert_eq!(objecting.now().await["state"], "VOTED");
    for (kind, count) in [(&objecting.awarding.certificate, 0), (&objecting.awarding.flag, 1)] {
        assert_eq!(taken(&objecting.awarding, kind).await, json!(count));
    }
    let again = objecting.awarding.concludes(&objecting.now().await, "APPROVE").await;
    assert_eq!(again.thing()["state"], "APPROVED");
}

async fn who_sees_what_was_made_known_and_what_was_objected(app: TestApp) {
    let world = app.world();
    let objecting = Objecting::staged(&app).await;
    let beside = app.officer_of(&world["Sở Tài chính"]).await;
    let outside = app.officer_of(&world["Sở Ngoại vụ"]).await;
    let list = "{ awardCandidates { totalCount } awardObjections { nodes { id unitName candidate { unitName } } } }";
    let seen = async |who: &Person| {
        let seen = who.graphql(list, json!({})).await;
        let objections = seen.at("/awardObjections/nodes").as_array().expect("a list").len();
        (
            seen.at("/awardCandidates/totalCount").as_u64().expect("a number"),
            objections,
        )
    };
    for who in [&beside, &objecting.awarding.officer, &objecting.awarding.committee] {
        assert_eq!(
            seen(who).await,
            (0, 0),
            "before outcomes are told nothing is made known"
        );
    }
    objecting.awarding.releases().await;
    let raised = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Số liệu chưa đúng")
        .await
        .thing()
        .clone();
    for (who, what) in [
        (&objecting.neighbour, (1, 1)),
        (&beside, (1, 0)),
        (&outside, (0, 0)),
        (&objecting.awarding.officer, (1, 0)),
        (&objecting.awarding.upper, (1, 1)),
        (&objecting.awarding.committee, (1, 1)),
        (&app.officer_of(&world["Sở Nội vụ"]).await, (1, 1)),
    ] {
        assert_eq!(seen(who).await, what);
        let node = "query($id: ID!) { node(id: $id) { id } }";
        let by_id = who.graphql(node, json!({ "id": raised["id"] })).await;
        assert_eq!(by_id.code(), if what.1 == 1 { "" } else { "NOT_FOUND" });
    }
    // A neighbour knows who is to receive what, and not the proposal.
    let proposal = asked(&beside, &objecting.proposal["id"], "state").await;
    assert_eq!(proposal.code(), "NOT_FOUND");
    let of_own = asked(
        &objecting.awarding.officer,
        &objecting.proposal["id"],
        "objectionsUntil objections { id }",
    )
    .await;
    assert_eq!(
        *of_own.at("/node"),
        json!({ "objectionsUntil": "2026-03-15", "objections": [] })
    );
    let of_all = asked(
        &objecting.awarding.committee,
        &objecting.proposal["id"],
        "objections { text viewerCan { action allowed } }",
    )
    .await;
    assert_eq!(
        *of_all.at("/node/objections"),
        json!([{ "text": "Số liệu chưa đúng", "viewerCan": [{ "action": "OBJECTION_ANSWER", "allowed": true }] }])
    );
    let rest = objecting
        .neighbour
        .get("/api/v1/award-objections?answered=false&count=true")
        .await;
    assert_eq!(
        (&rest.body()["totalCount"], &rest.body()["items"][0]["id"]),
        (&json!(1), &raised["id"])
    );
    let rest = beside.get("/api/v1/award-objections").await;
    assert_eq!(rest.body()["items"], json!([]));
}

async fn one_objects_within_the_window_and_only_for_a_unit_that_it_concerns(app: TestApp) {
    let world = app.world();
    let objecting = Objecting::staged(&app).await;
    let officer = objecting.awarding.officer.clone();
    let early = objecting.objects(&officer, "Thư viện", "Chưa rõ kết quả").await;
    assert_eq!(early.code(), "WRONG_STATE");
    assert!(
        !early.message().contains("duyệt"),
        "it tells nothing of an outcome: {early}"
    );
    let early = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Chưa rõ kết quả")
        .await;
    assert_eq!(early.code(), "NOT_FOUND");
    objecting.awarding.releases().await;
    let foreign = objecting
        .objects(&objecting.neighbour, "Thư viện", "Thay mặt đơn vị khác")
        .await;
    assert_eq!(foreign.code(), "NOT_FOUND");
    let outside = app.officer_of(&world["Sở Ngoại vụ"]).await;
    assert_eq!(
        objecting
            .objects(&outside, "Sở Ngoại vụ", "Không cùng cụm")
            .await
            .code(),
        "NOT_FOUND"
    );
    let both = app
        .person(&[
            (
                thidua_entity::enums::Role::UnitOfficer,
                thidua::policy::Scope::Unit(world["Sở Nội vụ"].uuid),
            ),
            (
                thidua_entity::enums::Role::UnitOfficer,
                thidua::policy::Scope::Unit(world["Sở Ngoại vụ"].uuid),
            ),
        ])
        .await;
    let other = objecting.objects(&both, "Sở Ngoại vụ", "Không cùng cụm").await;
    assert_eq!(other.user_errors(), [("UNIT_NOT_CONCERNED", "unitId")]);
    let above = objecting
        .objects(&objecting.awarding.upper, "Thư viện", "Thay mặt đơn vị")
        .await;
    assert_eq!(above.code(), "FORBIDDEN");
    let empty = objecting.objects(&objecting.neighbour, "Sở Nội vụ", "  ").await;
    assert_eq!(empty.user_errors(), [("REQUIRED", "text")]);
    app.it_is(moment(2026, 3, 15, 23, 59));
    objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Ngày cuối vẫn kịp")
        .await
        .thing();
    app.it_is(moment(2026, 3, 16, 0, 1));
    let late = objecting.objects(&objecting.neighbour, "Sở Nội vụ", "Quá hạn").await;
    assert_eq!(late.code(), "WRONG_STATE");
    assert!(late.message().contains("15/03/2026"), "{late}");
}

async fn who_had_a_hand_in_it_answers_no_objection(app: TestApp) {
    let world = app.world();
    let objecting = Objecting::begin(&app).await;
    let raised = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Số liệu chưa đúng")
        .await
        .thing()
        .clone();
    let refused = objecting
        .answers(&objecting.awarding.specialist, &raised, "REFUSED")
        .await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert!(
        refused.message().contains("người chưa lập, chấm hoặc thẩm định"),
        "{refused}"
    );
    assert_eq!(
        objecting.answers(&objecting.neighbour, &raised, "UPHELD").await.code(),
        "FORBIDDEN"
    );
    assert_eq!(
        objecting
            .answers(&objecting.awarding.upper, &raised, "REFUSED")
            .await
            .code(),
        "FORBIDDEN"
    );
    assert_eq!(
        objecting
            .answers(&objecting.awarding.officer, &raised, "REFUSED")
            .await
            .code(),
        "NOT_FOUND"
    );
    let other = app.specialist_of(&world["Sóc Trăng"]).await;
    objecting.answers(&other, &raised, "REFUSED").await.thing();
}

async fn of_two_answers_at_once_one_is_told_of_the_other(app: TestApp) {
    let objecting = Objecting::begin(&app).await;
    let raised = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Số liệu chưa đúng")
        .await
        .thing()
        .clone();
    let other = app.committee_of(&app.world()["Sóc Trăng"]).await;
    let both = [(&objecting.awarding.committee, "UPHELD"), (&other, "REFUSED")];
    let answers = join_all(both.map(|(who, outcome)| objecting.answers(who, &raised, outcome))).await;
    let mut codes: Vec<&str> = answers.iter().map(Answer::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["", "WRONG_STATE"]);
}

async fn what_asks_for_objections_is_told_before_it_is_decided(app: TestApp) {
    let objecting = Objecting::staged(&app).await;
    let hasty = objecting.decides("12/QĐ-LĐLĐ").await;
    assert_eq!(hasty.user_errors(), [("OUTCOME_NOT_TOLD", "proposalIds.0")]);
    assert!(hasty.user_message().contains("«CĐCS Thư viện tỉnh»"), "{hasty}");
    let seen = asked(&objecting.awarding.officer, &objecting.proposal["id"], "state").await;
    assert_eq!(seen.str("/node/state"), "VOTED", "and nothing was told by it");
}

async fn an_objection_sent_twice_by_a_phone_is_one(app: TestApp) {
    let objecting = Objecting::begin(&app).await;
    let first = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Số liệu chưa đúng")
        .await;
    let second = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Số liệu chưa đúng")
        .await;
    assert_eq!(first.thing()["id"], second.thing()["id"]);
    let other = objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Và chưa đủ hồ sơ")
        .await;
    assert_ne!(first.thing()["id"], other.thing()["id"]);
}

async fn lists_cost_no_more_when_they_are_long(app: TestApp) {
    let world = app.world();
    let objecting = Objecting::begin(&app).await;
    objecting
        .objects(&objecting.neighbour, "Sở Nội vụ", "Điều thứ nhất")
        .await
        .thing();
    let query = "{ awardObjections(first: 50) { nodes { text unitName unit { id } raisedBy candidate { unitName type { name } } viewerCan { action allowed reason } } }
        awardCandidates(first: 50) { nodes { unitName proposerName deciderName type { name } objections { text } } } }";
    let count = async || objecting.awarding.committee.graphql(query, json!({})).await;
    let few = count().await;
    for (unit, text) in [
        ("Sở Tài chính", "Điều thứ hai"),
        ("Sở Nội vụ", "Điều thứ ba"),
        ("Sở Tài chính", "Điều thứ tư"),
    ] {
        let officer = app.officer_of(&world[unit]).await;
        objecting.objects(&officer, unit, text).await.thing();
    }
    let other = app.officer_of(&world["Sở Tài chính"]).await;
    let input = objecting
        .awarding
        .proposal(&objecting.awarding.flag, &world["Sở Tài chính"], "Xuất sắc");
    let proposal = other.does("proposeAward", input).await.thing().clone();
    let voted = objecting.awarding.voted(&proposal, 9).await;
    objecting.awarding.concludes(&voted, "APPROVE").await.thing();
    objecting.awarding.releases().await;
    let many = count().await;
    assert_eq!(many.texts("/awardObjections/nodes", "text").len(), 4);
    assert_eq!(many.texts("/awardCandidates/nodes", "unitName").len(), 2);
    no_more_statements(few.statements(), many.statements());
}
