//! The council votes on proposals in the service, as that of Bến Tre did on paper on 21 March 2019 when it granted 48 of 69 flags: what waits is
//! put to a ballot, and what the council voted is what the standing committee goes by.

use futures_util::future::join;
use serde_json::{Value, json};

use crate::awards_proposals::{Awarding, asked, at};
use crate::clusters::Cluster;
use crate::councils::Board;
use crate::councils_ballots::Vote;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    of_six_proposals_in_a_secret_ballot_four_reach_eighty_percent,
    the_side_that_proposes_sees_no_vote_before_it_is_told,
    of_a_small_council_what_it_chose_is_enough,
    what_was_voted_elsewhere_meanwhile_lets_nothing_be_half_done,
    of_two_who_take_votes_over_at_once_one_does,
    what_does_not_wait_for_this_council_is_not_put_to_its_ballot,
    shares_that_differ_must_be_said_and_are_never_less_than_the_terms,
    a_ballot_in_which_too_few_voted_decides_nothing,
    a_ballot_on_paper_is_taken_over_too,
    who_drafts_and_who_takes_over,
}

/// The units that propose, with the number of votes that each gets in the story.
const PROPOSED: [(&str, usize); 6] = [
    ("Sở Nội vụ", 9),
    ("Sở Tài chính", 8),
    ("Sở Ngoại vụ", 8),
    ("Sở Khoa học", 8),
    ("Thư viện", 7),
    ("Viên chức", 5),
];

/// A council that has proposals before it.
struct Sitting {
    awarding: Awarding,
    board: Board,
    /// The proposals, appraised.
    proposals: Vec<Value>,
}

impl Sitting {
    /// Of so many members, with so many proposals, each of which needs four of five.
    async fn of(app: &TestApp, seats: usize, proposals: usize) -> Self {
        let awarding = Awarding::begin(app).await;
        let board = Board::of(app, "Sóc Trăng", seats).await;
        let share = json!({ "threshold": { "numerator": 80, "denominator": 100 } });
        awarding.asks(&awarding.flag, 2, "2025-01-01", share).await.thing();
        let mut sitting = Self {
            awarding,
            board,
            proposals: Vec::new(),
        };
        for (unit, _) in PROPOSED.iter().take(proposals) {
            let proposed = sitting.awarding.proposes(unit).await.thing().clone();
            sitting.proposals.push(sitting.appraised(&proposed).await);
        }
        sitting
    }

    /// Takes a proposal on until it waits for the council.
    async fn appraised(&self, proposed: &Value) -> Value {
        let specialist = &self.awarding.specialist;
        let endorsed = specialist
            .does("endorseAwardProposal", at(proposed))
            .await
            .thing()
            .clone();
        specialist
            .does("appraiseAwardProposal", at(&endorsed))
            .await
            .thing()
            .clone()
    }

    /// The ballot about all proposals, with what else is said of it.
    fn ballot(&self, more: Value) -> Value {
        let mut input = json!({
            "conferenceId": self.board.meeting, "title": "Bỏ phiếu xét tặng Cờ thi đua của LĐLĐ tỉnh năm 2025",
            "proposalIds": self.proposals.iter().map(|one| &one["id"]).collect::<Vec<_>>(), "secret": false,
        });
        for (field, value) in more.as_object().into_iter().flatten() {
            input[field] = value.clone();
        }
        input
    }

    /// Drafts it and opens it.
    async fn opened(&self, more: Value) -> Vote<'_> {
        let drafted = self.board.specialist.does("draftAwardBallot", self.ballot(more)).await;
        let vote = Vote::known(&self.board, drafted.id()).await;
        vote.takes("openBallot").await.thing();
        vote
    }

    /// Closes and confirms it.
    async fn confirmed(&self, vote: &Vote<'_>) {
        vote.takes("closeBallot").await.thing();
        vote.takes("confirmBallot").await.thing();
    }

    /// Somebody takes over what the council voted.
    async fn taken_by(&self, who: &Person, vote: &Vote<'_>) -> Answer {
        let seen = vote.asked(&self.board.specialist, "version").await;
        let input = json!({ "ballotId": vote.id, "version": seen.at("/node/version") });
        who.does("takeAwardVotes", input).await
    }

    async fn shown(&self, who: &Person, proposal: usize, fields: &str) -> Answer {
        asked(who, &self.proposals[proposal]["id"], fields).await
    }

    async fn approves(&self, proposal: usize) -> Answer {
        let seen = self.shown(&self.awarding.committee, proposal, "id version").await;
        self.awarding.concludes(seen.at("/node"), "APPROVE").await
    }
}

async fn of_six_proposals_in_a_secret_ballot_four_reach_eighty_percent(app: TestApp) {
    let sitting = Sitting::of(&app, 9, 6).await;
    let vote = sitting.opened(json!({ "secret": true })).await;
    let seen = vote
        .asked(
            &sitting.board.people[3],
            "purpose kind denominator threshold { numerator denominator } seats options { text unit { name } proposal { merit } }",
        )
        .await;
    assert_eq!(
        (seen.str("/node/purpose"), seen.str("/node/denominator")),
        ("AWARDS", "ALL_MEMBERS")
    );
    assert_eq!(
        *seen.at("/node/threshold"),
        json!({ "numerator": 80, "denominator": 100 })
    );
    assert_eq!(
        seen.str("/node/options/4/text"),
        "Cờ thi đua của Liên đoàn Lao động tỉnh: CĐCS Thư viện tỉnh"
    );
    for member in 0..9 {
        let choice = vote.each(|option| if member < PROPOSED[option].1 { "YES" } else { "NO" });
        vote.casts_secretly(member, choice).await;
    }
    sitting.confirmed(&vote).await;
    sitting.taken_by(&sitting.awarding.committee, &vote).await.thing();
    let fields = "state inFavour councilMembers councilPresent votedOn ballotChose ballot { id title } steps { step }";
    for (at, (unit, in_favour)) in PROPOSED.iter().enumerate() {
        let seen = sitting.shown(&sitting.awarding.committee, at, fields).await;
        assert_eq!(
            (
                seen.str("/node/state"),
                seen.at("/node/inFavour"),
                seen.at("/node/ballotChose")
            ),
            ("VOTED", &json!(in_favour), &json!(*in_favour >= 8)),
            "{unit}"
        );
        assert_eq!(
            (seen.at("/node/councilMembers"), seen.at("/node/councilPresent")),
            (&json!(9), &json!(9))
        );
        assert_eq!(
            (seen.str("/node/votedOn"), seen.str("/node/ballot/id")),
            ("2026-03-10", vote.id.as_str())
        );
        let approved = sitting.approves(at).await;
        let refused: &[(&str, &str)] = if at < 4 {
            &[]
        } else {
            &[("THRESHOLD_MISSED", "outcome")]
        };
        assert_eq!(approved.user_errors(), refused, "{unit}");
    }
    let again = sitting.taken_by(&sitting.awarding.committee, &vote).await;
    assert_eq!(again.user_errors().first(), Some(&("PROPOSAL_NOT_WAITING", "ballotId")));
    let trace = app
        .rows("SELECT 1 AS one FROM audit_entry WHERE action = 'AWARD_VOTE_TAKEN'")
        .await;
    assert_eq!(trace.len(), 6);
}

async fn the_side_that_proposes_sees_no_vote_before_it_is_told(app: TestApp) {
    let sitting = Sitting::of(&app, 6, 1).await;
    let proposer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let vote = sitting.opened(json!({})).await;
    for member in 0..6 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    sitting.confirmed(&vote).await;
    sitting.taken_by(&sitting.awarding.committee, &vote).await.thing();
    let fields = "state inFavour councilMembers votedOn ballotChose ballot { id }";
    let hidden = json!({
        "state": "VOTED", "inFavour": null, "councilMembers": null, "votedOn": null, "ballotChose": null, "ballot": null,
    });
    assert_eq!(*sitting.shown(&proposer, 0, fields).await.at("/node"), hidden);
    sitting.approves(0).await.thing();
    assert_eq!(*sitting.shown(&proposer, 0, fields).await.at("/node"), hidden);
    assert_eq!(vote.asked(&proposer, "title").await.code(), "NOT_FOUND");
    let told = json!({ "deciderId": app.world()["Sóc Trăng"].id(), "typeId": sitting.awarding.flag, "year": 2025 });
    sitting
        .awarding
        .committee
        .does("releaseAwardOutcomes", told)
        .await
        .thing();
    let seen = sitting.shown(&proposer, 0, fields).await;
    assert_eq!(
        *seen.at("/node"),
        json!({
            "state": "APPROVED", "inFavour": 6, "councilMembers": 6, "votedOn": "2026-03-10", "ballotChose": true, "ballot": null,
        }),
        "the ballot itself stays the council's"
    );
}

async fn of_a_small_council_what_it_chose_is_enough(app: TestApp) {
    let sitting = Sitting::of(&app, 5, 2).await;
    let vote = sitting.opened(json!({ "secret": true })).await;
    for member in 0..5 {
        let choice = vote.each(|option| if option == 0 || member < 3 { "YES" } else { "NO" });
        vote.casts_secretly(member, choice).await;
    }
    sitting.confirmed(&vote).await;
    sitting.taken_by(&sitting.awarding.committee, &vote).await.thing();
    for (proposal, chosen) in [(0, true), (1, false)] {
        let seen = sitting
            .shown(
                &sitting.awarding.committee,
                proposal,
                "state inFavour councilMembers ballotChose steps { step }",
            )
            .await;
        assert_eq!(
            (
                seen.str("/node/state"),
                seen.at("/node/inFavour"),
                seen.at("/node/ballotChose")
            ),
            ("VOTED", &Value::Null, &json!(chosen))
        );
    }
    sitting.approves(0).await.thing();
    assert_eq!(
        sitting.approves(1).await.user_errors(),
        [("THRESHOLD_MISSED", "outcome")]
    );
}

async fn what_was_voted_elsewhere_meanwhile_lets_nothing_be_half_done(app: TestApp) {
    let sitting = Sitting::of(&app, 6, 3).await;
    let vote = sitting.opened(json!({})).await;
    for member in 0..6 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    let mut paper = at(&sitting.proposals[1]);
    for (name, value) in [("inFavour", 6), ("members", 6), ("present", 6)] {
        paper[name] = value.into();
    }
    paper["heldOn"] = "2026-03-10".into();
    sitting.awarding.committee.does("recordAwardVote", paper).await.thing();
    sitting.confirmed(&vote).await;
    let refused = sitting.taken_by(&sitting.awarding.committee, &vote).await;
    assert_eq!(refused.user_errors(), [("PROPOSAL_NOT_WAITING", "ballotId")]);
    assert!(refused.user_message().contains("CĐCS Sở Tài chính"), "{refused}");
    for (proposal, state) in [(0, "APPRAISED"), (1, "VOTED"), (2, "APPRAISED")] {
        let seen = sitting
            .shown(&sitting.awarding.committee, proposal, "state ballot { id }")
            .await;
        assert_eq!(
            (seen.str("/node/state"), seen.at("/node/ballot")),
            (state, &Value::Null)
        );
    }
}

async fn of_two_who_take_votes_over_at_once_one_does(app: TestApp) {
    let sitting = Sitting::of(&app, 6, 2).await;
    let vote = sitting.opened(json!({})).await;
    for member in 0..6 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    sitting.confirmed(&vote).await;
    let other = app.committee_of(&app.world()["Sóc Trăng"]).await;
    let (one, two) = join(
        sitting.taken_by(&sitting.awarding.committee, &vote),
        sitting.taken_by(&other, &vote),
    )
    .await;
    let done = [&one, &two]
        .into_iter()
        .filter(|answer| answer.code().is_empty() && answer.user_errors().is_empty());
    assert_eq!(done.count(), 1, "{one} {two}");
    let steps = app
        .rows("SELECT 1 AS one FROM award_proposal_step WHERE step = 'VOTE'")
        .await;
    assert_eq!(steps.len(), 2);
}

async fn what_does_not_wait_for_this_council_is_not_put_to_its_ballot(app: TestApp) {
    let sitting = Sitting::of(&app, 6, 2).await;
    let specialist = &sitting.board.specialist;
    let draft = async |more: Value| specialist.does("draftAwardBallot", sitting.ballot(more)).await;
    let fresh = sitting.awarding.proposes("Thư viện").await.thing().clone();
    let first = &sitting.proposals[0]["id"];
    let refused = draft(json!({ "proposalIds": [first, fresh["id"], first] })).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("PROPOSAL_NOT_WAITING", "proposalIds.1"),
            ("NAMED_TWICE", "proposalIds.2")
        ]
    );
    assert_eq!(
        draft(json!({ "proposalIds": [] })).await.user_errors(),
        [("REQUIRED", "proposalIds")]
    );
    let unknown = thidua::ids::Kind::AwardProposal.id(uuid::Uuid::now_v7());
    assert_eq!(draft(json!({ "proposalIds": [unknown] })).await.code(), "NOT_FOUND");
    // The council of another unit, and the conference of a cluster.
    let upper = Board::of(&app, "Tổng Liên đoàn", 1).await;
    let elsewhere = upper
        .specialist
        .does(
            "draftAwardBallot",
            sitting.ballot(json!({ "conferenceId": upper.meeting })),
        )
        .await;
    let other = ("OTHER_DECIDER", "proposalIds.0");
    assert_eq!(elsewhere.user_errors().first(), Some(&other));
    let cluster = Cluster::of(&app, "Sóc Trăng", "Cụm các tổ chức", &["Viên chức"]).await;
    let plan = json!({ "clusterId": cluster.id, "title": "Hội nghị", "heldOn": "2026-03-10", "place": "Hội trường" });
    let plan = cluster.specialist.does("planConference", plan).await.id().to_owned();
    assert_eq!(
        draft(json!({ "conferenceId": plan })).await.user_errors(),
        [("COUNCIL_NEEDED", "conferenceId")]
    );
    // Once in a ballot that is under way, a proposal is in no other; when that is void, it may be.
    let vote = sitting.opened(json!({ "idempotencyKey": "phieu-1" })).await;
    let twice = draft(json!({ "proposalIds": [first] })).await;
    assert_eq!(twice.user_errors(), [("ALREADY_ON_BALLOT", "proposalIds.0")]);
    let again = draft(json!({ "idempotencyKey": "phieu-1" })).await;
    assert_eq!(again.id(), vote.id);
    let seen = vote.asked(specialist, "id version").await;
    let void = json!({ "id": vote.id, "version": seen.at("/node/version"), "reason": "Sai danh sách" });
    specialist.does("voidBallot", void).await.thing();
    draft(json!({ "proposalIds": [first] })).await.thing();
}

async fn shares_that_differ_must_be_said_and_are_never_less_than_the_terms(app: TestApp) {
    let sitting = Sitting::of(&app, 6, 1).await;
    let awarding = &sitting.awarding;
    // The certificate asks for two thirds.
    let certificate = awarding.proposal(&awarding.certificate, &app.world()["Thư viện"], "Phong trào đọc sách");
    let proposed = awarding.officer.does("proposeAward", certificate).await.thing().clone();
    let other = sitting.appraised(&proposed).await;
    let both = json!([sitting.proposals[0]["id"], other["id"]]);
    let draft = async |threshold: Value| {
        let more = json!({ "proposalIds": both, "threshold": threshold });
        sitting
            .board
            .specialist
            .does("draftAwardBallot", sitting.ballot(more))
            .await
    };
    assert_eq!(
        draft(Value::Null).await.user_errors(),
        [("THRESHOLD_NEEDED", "threshold")]
    );
    let less = json!({ "numerator": 3, "denominator": 4 });
    assert_eq!(
        draft(less).await.user_errors(),
        [("THRESHOLD_BELOW_TERMS", "threshold")]
    );
    draft(json!({ "numerator": 4, "denominator": 5 })).await.thing();
}

async fn a_ballot_in_which_too_few_voted_decides_nothing(app: TestApp) {
    let sitting = Sitting::of(&app, 6, 1).await;
    let vote = sitting.opened(json!({})).await;
    let open = sitting.taken_by(&sitting.awarding.committee, &vote).await;
    assert_eq!(open.code(), "WRONG_STATE");
    for member in 0..3 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    vote.takes("closeBallot").await.thing();
    let further = sitting
        .board
        .specialist
        .does("draftFurtherRound", json!({ "id": vote.id }))
        .await;
    let further = Vote::known(&sitting.board, further.id()).await;
    vote.takes("confirmBallot").await.thing();
    let refused = sitting.taken_by(&sitting.awarding.committee, &vote).await;
    assert_eq!(refused.user_errors(), [("NO_QUORUM", "ballotId")]);
    further.takes("openBallot").await.thing();
    for member in 0..6 {
        further.casts(member, further.all("YES")).await.thing();
    }
    sitting.confirmed(&further).await;
    sitting.taken_by(&sitting.awarding.committee, &further).await.thing();
    let seen = sitting
        .shown(&sitting.awarding.committee, 0, "ballot { id round }")
        .await;
    assert_eq!(
        (seen.str("/node/ballot/id"), seen.at("/node/ballot/round")),
        (further.id.as_str(), &json!(2))
    );
    let motion = Vote::on(&sitting.board, json!({})).await;
    let other = sitting.taken_by(&sitting.awarding.committee, &motion).await;
    assert_eq!(other.user_errors(), [("NOT_ABOUT_AWARDS", "ballotId")]);
}

async fn a_ballot_on_paper_is_taken_over_too(app: TestApp) {
    let sitting = Sitting::of(&app, 6, 2).await;
    for (what, in_favour) in [("COUNTS", json!(6)), ("OUTCOME", Value::Null)] {
        let proposal = usize::from(what == "OUTCOME");
        let more = json!({ "secret": true, "proposalIds": [sitting.proposals[proposal]["id"]] });
        let drafted = sitting
            .board
            .specialist
            .does("draftAwardBallot", sitting.ballot(more))
            .await
            .thing()
            .clone();
        let vote = Vote::known(&sitting.board, drafted["id"].as_str().expect("an id")).await;
        let mut record = at(&drafted);
        record["what"] = what.into();
        if what == "COUNTS" {
            record["votesCast"] = 6.into();
            record["counts"] = json!([{ "optionId": vote.options[0], "votesFor": 6 }]);
        } else {
            record["chosenIds"] = json!([vote.options[0]]);
        }
        sitting
            .board
            .specialist
            .does("recordBallotResult", record)
            .await
            .thing();
        vote.takes("confirmBallot").await.thing();
        sitting.taken_by(&sitting.awarding.committee, &vote).await.thing();
        let seen = sitting
            .shown(&sitting.awarding.committee, proposal, "state inFavour ballotChose")
            .await;
        assert_eq!(
            *seen.at("/node"),
            json!({ "state": "VOTED", "inFavour": in_favour, "ballotChose": true }),
            "{what}"
        );
        sitting.approves(proposal).await.thing();
    }
}

async fn who_drafts_and_who_takes_over(app: TestApp) {
    let world = app.world();
    let sitting = Sitting::of(&app, 6, 1).await;
    for (who, code) in [
        (&sitting.awarding.committee, "FORBIDDEN"),
        (&sitting.board.people[0], "FORBIDDEN"),
        (&app.admin().await, "FORBIDDEN"),
        (&app.officer_of(&world["Thư viện"]).await, "NOT_FOUND"),
        (&app.specialist_of(&world["Kon Tum"]).await, "NOT_FOUND"),
    ] {
        assert_eq!(
            who.does("draftAwardBallot", sitting.ballot(json!({}))).await.code(),
            code
        );
    }
    let vote = sitting.opened(json!({})).await;
    for member in 0..6 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    sitting.confirmed(&vote).await;
    for (who, code) in [
        (&sitting.board.specialist, "FORBIDDEN"),
        (&sitting.board.people[0], "FORBIDDEN"),
        (&app.admin().await, "FORBIDDEN"),
        (&app.officer_of(&world["Thư viện"]).await, "NOT_FOUND"),
        (&app.committee_of(&world["Viên chức"]).await, "NOT_FOUND"),
        (&app.committee_of(&world["Sóc Trăng"]).await, ""),
    ] {
        assert_eq!(sitting.taken_by(who, &vote).await.code(), code);
    }
}
