//! Ballots of councils: one vote for each member, cast by the one account that is this member; the threshold counted on all members. What
//! ballots of proposals begin with is here too: [`Vote`].

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::councils::{Board, username_of};
use crate::support::{Answer, Person, TestApp, VotingToken, moment, no_more_statements, on_both_databases};

on_both_databases! {
    a_member_votes_once_and_for_nobody_else,
    of_two_votes_of_a_member_at_one_moment_one_counts,
    who_no_longer_sits_does_not_vote,
    a_stand_in_by_delegation_does_not_vote_for_a_member,
    who_has_no_account_is_counted_and_votes_on_paper,
    ninety_percent_is_counted_on_all_members,
    an_absent_member_votes_in_writing,
    who_is_recused_has_no_vote_and_is_not_counted,
    a_secret_vote_is_cast_with_a_token_of_the_member,
    of_a_small_council_that_votes_secretly_only_the_outcome_is_known,
    nobody_below_sees_a_ballot_of_the_council,
    a_council_chooses_no_units,
    ballots_of_councils_cost_no_more_when_they_are_many,
}

/// A ballot of a council.
pub struct Vote<'a> {
    pub board: &'a Board,
    pub id: String,
    /// Ids of its options, in their order.
    pub options: Vec<String>,
}

impl<'a> Vote<'a> {
    /// A ballot that was drafted.
    pub async fn known(board: &'a Board, id: &str) -> Self {
        let mut vote = Self {
            board,
            id: id.to_owned(),
            options: Vec::new(),
        };
        let seen = vote.asked(&board.specialist, "options { id }").await;
        vote.options = seen
            .texts("/node/options", "id")
            .into_iter()
            .map(str::to_owned)
            .collect();
        vote
    }

    /// A motion that was drafted and opened, with what else is said of it.
    pub async fn on(board: &'a Board, more: Value) -> Self {
        let mut input = json!({
            "conferenceId": board.meeting, "title": "Đề nghị tặng Huân chương Lao động", "kind": "APPROVE", "purpose": "OTHER",
            "secret": false, "motions": ["Đề nghị tặng Huân chương Lao động hạng Ba"],
            "threshold": { "part": { "numerator": 90, "denominator": 100 } },
        });
        for (field, value) in more.as_object().into_iter().flatten() {
            input[field] = value.clone();
        }
        let drafted = board.specialist.does("draftBallot", input).await;
        let vote = Self::known(board, drafted.id()).await;
        vote.takes("openBallot").await.thing();
        vote
    }

    pub async fn asked(&self, who: &Person, fields: &str) -> Answer {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Ballot {{ {fields} }} }} }}");
        who.graphql(&query, json!({ "id": self.id })).await
    }

    /// Takes a step as the specialist, at the version that it has now.
    pub async fn takes(&self, step: &str) -> Answer {
        let seen = self.asked(&self.board.specialist, "id version").await;
        self.board.specialist.does(step, seen.at("/node").clone()).await
    }

    /// The same answer to each option.
    pub fn all(&self, answer: &str) -> Value {
        self.each(|_| answer)
    }

    /// An answer to each option, by its place.
    pub fn each<'s>(&self, answer: impl Fn(usize) -> &'s str) -> Value {
        let options = self.options.iter().enumerate();
        let each: Vec<Value> = options
            .map(|(at, option)| json!({ "optionId": option, "answer": answer(at) }))
            .collect();
        json!({ "answers": each })
    }

    /// Somebody casts the vote of a member, by its place.
    pub async fn cast_by(&self, who: &Person, member: usize, choice: Value) -> Answer {
        let input = json!({ "ballotId": self.id, "memberId": self.board.members[member], "choice": choice });
        who.does("castVote", input).await
    }

    /// A member votes.
    pub async fn casts(&self, member: usize, choice: Value) -> Answer {
        self.cast_by(&self.board.people[member], member, choice).await
    }

    /// Somebody asks for the token of a member.
    pub async fn asks(&self, who: &Person, member: usize, token: &VotingToken) -> Answer {
        let query = "mutation($input: TakeBallotTokenInput!) { takeBallotToken(input: $input) { blindSignature userErrors { code field } } }";
        let input =
            json!({ "ballotId": self.id, "memberId": self.board.members[member], "blindedToken": token.blinded() });
        who.graphql(query, json!({ "input": input })).await
    }

    /// A member votes secretly, and finds the receipt.
    pub async fn casts_secretly(&self, member: usize, choice: Value) -> String {
        let seen = self.asked(&self.board.people[member], "publicKey").await;
        let token = VotingToken::new(seen.str("/node/publicKey"));
        let signed = self.asks(&self.board.people[member], member, &token).await;
        let signature = token.signature(signed.str("/takeBallotToken/blindSignature"));
        let vote = json!({ "token": token.token(), "signature": signature, "choice": choice });
        let nobody = self.board.app.nobody();
        let cast = nobody.post(&format!("/api/v1/ballots/{}/votes", self.id), vote).await;
        assert_eq!(cast.status(), 201, "{cast}");
        token.receipt()
    }

    async fn chosen(&self) -> usize {
        let seen = self.asked(&self.board.specialist, "outcome { chosen { text } }").await;
        seen.texts("/node/outcome/chosen", "text").len()
    }
}

async fn a_member_votes_once_and_for_nobody_else(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 4).await;
    let vote = Vote::on(&board, json!({})).await;
    vote.casts(0, vote.all("YES")).await.thing();
    assert_eq!(vote.casts(0, vote.all("NO")).await.code(), "ALREADY_EXISTS");
    for (who, code) in [
        (&board.people[2], "FORBIDDEN"),
        (&board.specialist, "FORBIDDEN"),
        (&board.committee, "FORBIDDEN"),
        (&app.admin().await, "FORBIDDEN"),
        (&app.officer_of(&app.world()["Kon Tum"]).await, "FORBIDDEN"),
        (&app.officer_of(&app.world()["Đăk Tô"]).await, "NOT_FOUND"),
        (&app.stranger().await, "NOT_FOUND"),
    ] {
        assert_eq!(vote.cast_by(who, 1, vote.all("NO")).await.code(), code);
    }
    let unit = json!({ "ballotId": vote.id, "unitId": app.world()["Kon Tum"].id(), "choice": vote.all("YES") });
    assert_eq!(board.people[1].does("castVote", unit.clone()).await.code(), "NOT_FOUND");
    let mut both = unit;
    both["memberId"] = board.members[1].clone().into();
    assert_eq!(
        board.people[1].does("castVote", both).await.user_errors(),
        [("VOTER_AMBIGUOUS", "unitId")]
    );
    let other = Board::of(&app, "Sóc Trăng", 1).await;
    let foreign = json!({ "ballotId": vote.id, "memberId": other.members[0], "choice": vote.all("YES") });
    assert_eq!(
        other.people[0].does("castVote", foreign.clone()).await.code(),
        "NOT_FOUND"
    );
    assert_eq!(board.people[1].does("castVote", foreign).await.code(), "NOT_FOUND");
    vote.takes("closeBallot").await.thing();
    let fields = "votes { unitName member { name seat } answers { answer } by } roll { member { name } hasVoted mayVote } rollIntact";
    let seen = vote.asked(&board.people[3], fields).await;
    assert_eq!(seen.at("/node/votes").as_array().map(Vec::len), Some(1));
    assert_eq!(
        (
            seen.str("/node/votes/0/member/name"),
            seen.str("/node/votes/0/member/seat")
        ),
        ("Nguyễn Văn Bình", "CHAIR")
    );
    assert_eq!(
        (seen.at("/node/votes/0/unitName"), seen.at("/node/rollIntact")),
        (&Value::Null, &json!(true))
    );
    let rest = board.people[3].get(&format!("/api/v1/ballots/{}", vote.id)).await;
    assert!(
        rest.body()["roll"][0]["memberName"].is_string() && rest.body()["roll"][0]["unitId"].is_null(),
        "{rest}"
    );
}

async fn of_two_votes_of_a_member_at_one_moment_one_counts(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 3).await;
    let vote = Vote::on(&board, json!({})).await;
    let answers = ["YES", "NO", "YES", "NO"].map(|answer| vote.casts(0, vote.all(answer)));
    let answers = join_all(answers).await;
    let counted = answers.iter().filter(|answer| answer.code().is_empty()).count();
    let late = answers
        .iter()
        .filter(|answer| answer.code() == "ALREADY_EXISTS")
        .count();
    assert_eq!((counted, late), (1, 3), "{answers:?}");
}

async fn who_no_longer_sits_does_not_vote(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 3).await;
    board.lets_go(1, "2026-03-11").await.thing();
    let vote = Vote::on(&board, json!({})).await;
    app.it_is(moment(2026, 3, 11, 0, 5));
    assert_eq!(vote.casts(1, vote.all("YES")).await.code(), "NOT_FOUND");
    assert_eq!(
        vote.cast_by(&board.specialist, 1, vote.all("YES")).await.code(),
        "FORBIDDEN"
    );
    // One who also sees the council otherwise votes no more either.
    let both = app.specialist_of(&app.world()["Kon Tum"]).await;
    let input = json!({
        "councilId": board.id, "version": board.version().await, "name": "Chuyên viên", "username": username_of(&app, &both).await,
        "validFrom": "2026-03-11",
    });
    board.specialist.does("addCouncilMember", input).await.thing();
    let seen = board.asked("members { id name }").await;
    let listed = seen.at("/node/members").as_array().expect("a list").clone();
    let newcomer = listed
        .iter()
        .find(|one| one["name"] == "Chuyên viên")
        .expect("a member");
    let late = json!({ "ballotId": vote.id, "memberId": newcomer["id"], "choice": vote.all("YES") });
    assert_eq!(
        both.does("castVote", late).await.code(),
        "NOT_FOUND",
        "not on the roll of that day"
    );
    vote.casts(0, vote.all("YES")).await.thing();
}

async fn a_stand_in_by_delegation_does_not_vote_for_a_member(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 2).await;
    let chief = app.committee_of(&app.world()["Kon Tum"]).await;
    let input = json!({
        "councilId": board.id, "version": board.version().await, "name": "Ủy viên Ban Thường vụ",
        "username": username_of(&app, &chief).await, "validFrom": "2026-01-01",
    });
    board.specialist.does("addCouncilMember", input).await.thing();
    let deputy = app.stranger().await;
    let grant = chief.graphql("{ viewer { grants { id } } }", json!({})).await;
    let hands_on = json!({
        "grantId": grant.at("/viewer/grants/0/id"), "toUsername": username_of(&app, &deputy).await, "validTo": "2026-04-01",
        "reason": "Đi công tác",
    });
    chief.does("delegateRole", hands_on).await.thing();
    let seen = board.asked("members { id name }").await;
    let listed = seen.at("/node/members").as_array().expect("a list").clone();
    let member = listed
        .iter()
        .find(|one| one["name"] == "Ủy viên Ban Thường vụ")
        .expect("a member")["id"]
        .clone();
    // The roll of today was written before they came; another meeting takes them in.
    let meeting = board
        .specialist
        .does("planConference", board.meeting_on("2026-03-10"))
        .await;
    let other = Board {
        meeting: meeting.id().to_owned(),
        members: vec![member.as_str().expect("an id").to_owned()],
        ..board
    };
    other.takes("openConference", json!({})).await.thing();
    let all = other.asked("members { id }").await;
    let all: Vec<Value> = all
        .texts("/node/members", "id")
        .iter()
        .map(|id| json!({ "memberId": id, "presence": "PRESENT" }))
        .collect();
    other.takes("callRoll", json!({ "entries": all })).await.thing();
    let vote = Vote::on(&other, json!({})).await;
    assert_eq!(vote.cast_by(&deputy, 0, vote.all("NO")).await.code(), "FORBIDDEN");
    vote.cast_by(&chief, 0, vote.all("YES")).await.thing();
}

async fn who_has_no_account_is_counted_and_votes_on_paper(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 2).await;
    board.takes_in("Cụ Nguyễn Thị Định", "MEMBER", None).await.thing();
    let seen = board.asked("members { id }").await;
    let ids: Vec<String> = seen
        .texts("/node/members", "id")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let meeting = board
        .specialist
        .does("planConference", board.meeting_on("2026-03-10"))
        .await;
    let board = Board {
        meeting: meeting.id().to_owned(),
        members: ids,
        ..board
    };
    board.takes("openConference", json!({})).await.thing();
    board.called(|_| "PRESENT").await.thing();
    let vote = Vote::on(&board, json!({})).await;
    for who in [&board.specialist, &board.people[0]] {
        let paper = (0..3).map(|member| vote.cast_by(who, member, vote.all("YES")));
        let answers = join_all(paper).await;
        let refused = answers.iter().filter(|answer| answer.code() == "FORBIDDEN").count();
        assert!(refused >= 2, "nobody votes for who has no account: {answers:?}");
    }
    vote.takes("closeBallot").await.thing();
    let seen = vote.asked(&board.specialist, "explanation votesCast").await;
    assert!(
        seen.at("/node/explanation/0")
            .to_string()
            .contains("trên tổng số 3 thành viên"),
        "{seen}"
    );
}

async fn ninety_percent_is_counted_on_all_members(app: TestApp) {
    for (unit, seats, yes, chosen) in [("Kon Tum", 9, 8, 0), ("Sóc Trăng", 10, 9, 1)] {
        let board = Board::of(&app, unit, seats).await;
        let vote = Vote::on(
            &board,
            json!({ "legalBasis": "Nghị định 91/2017/NĐ-CP, Điều 45 khoản 8" }),
        )
        .await;
        for member in 0..yes {
            vote.casts(member, vote.all("YES")).await.thing();
        }
        vote.takes("closeBallot").await.thing();
        assert_eq!(vote.chosen().await, chosen, "{yes} of {seats}");
        let seen = vote.asked(&board.people[0], "explanation").await;
        let told = format!("từ 9 trên {seats} phiếu");
        assert!(seen.at("/node/explanation").to_string().contains(&told), "{seen}");
    }
}

async fn an_absent_member_votes_in_writing(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 6).await;
    let presence = |at: usize| ["PRESENT", "PRESENT", "PRESENT", "PRESENT", "WRITTEN", "ABSENT"][at];
    board.called(presence).await.thing();
    let vote = Vote::on(&board, json!({ "writtenUntil": "2026-03-12" })).await;
    for member in 0..4 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    assert_eq!(vote.takes("closeBallot").await.code(), "WRONG_STATE");
    let absent = vote.casts(5, vote.all("YES")).await;
    assert_eq!(absent.user_errors(), [("NOT_PRESENT", "memberId")]);
    app.it_is(moment(2026, 3, 12, 20, 0));
    vote.casts(4, vote.all("YES")).await.thing();
    vote.takes("closeBallot").await.thing();
    let seen = vote
        .asked(&board.people[5], "votesCast options { votesFor chosen }")
        .await;
    assert_eq!(*seen.at("/node/votesCast"), json!(5));
    // Five of six are 83 %.
    assert_eq!(*seen.at("/node/options"), json!([{ "votesFor": 5, "chosen": false }]));
}

async fn who_is_recused_has_no_vote_and_is_not_counted(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 4).await;
    let recused = json!({ "recused": [{ "memberId": board.members[3], "reason": "Là người được đề nghị" }] });
    let vote = Vote::on(&board, recused).await;
    let refused = vote.casts(3, vote.all("YES")).await;
    assert_eq!(refused.user_errors(), [("RECUSED", "memberId")]);
    for member in 0..3 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    vote.takes("closeBallot").await.thing();
    let seen = vote
        .asked(
            &board.people[0],
            "recusals { member { name } reason } outcome { chosen { text } }",
        )
        .await;
    assert_eq!(seen.str("/node/recusals/0/member/name"), "Phạm Thị Ngọc Ánh");
    assert_eq!(vote.chosen().await, 1);
}

async fn a_secret_vote_is_cast_with_a_token_of_the_member(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 7).await;
    let vote = Vote::on(&board, json!({ "secret": true })).await;
    let named = vote.casts(0, vote.all("YES")).await;
    assert_eq!(named.user_errors(), [("BALLOT_SECRET", "ballotId")]);
    let mut receipts = Vec::new();
    for member in 0..7 {
        receipts.push(
            vote.casts_secretly(member, vote.all(if member == 6 { "NO" } else { "YES" }))
                .await,
        );
    }
    let seen = vote.asked(&board.specialist, "publicKey").await;
    let another = VotingToken::new(seen.str("/node/publicKey"));
    assert_eq!(vote.asks(&board.people[0], 0, &another).await.code(), "ALREADY_EXISTS");
    assert_eq!(vote.asks(&board.people[0], 1, &another).await.code(), "FORBIDDEN");
    assert_eq!(vote.asks(&board.specialist, 1, &another).await.code(), "FORBIDDEN");
    vote.takes("closeBallot").await.thing();
    let fields = "receipts options { votesFor votesAgainst } votes { by } roll { tokenGiven hasVoted member { name } }";
    let seen = vote.asked(&board.people[2], fields).await;
    receipts.sort();
    assert_eq!(*seen.at("/node/receipts"), json!(receipts));
    assert_eq!(*seen.at("/node/options"), json!([{ "votesFor": 6, "votesAgainst": 1 }]));
    assert_eq!(*seen.at("/node/votes"), json!([]));
    // Nothing in the audit says who took a token, or voted.
    let traces = app
        .rows("SELECT 1 AS one FROM audit_entry WHERE action IN ('VOTE_CAST', 'TOKEN_TAKEN')")
        .await;
    assert_eq!(traces.len(), 0);
}

async fn of_a_small_council_that_votes_secretly_only_the_outcome_is_known(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 5).await;
    let vote = Vote::on(
        &board,
        json!({ "secret": true, "threshold": { "part": { "numerator": 4, "denominator": 5 } } }),
    )
    .await;
    for member in 0..5 {
        vote.casts_secretly(member, vote.all(if member == 4 { "NO" } else { "YES" }))
            .await;
    }
    vote.takes("closeBallot").await.thing();
    let seen = vote
        .asked(
            &board.specialist,
            "options { votesFor chosen } outcome { countsHidden }",
        )
        .await;
    assert_eq!(*seen.at("/node/options"), json!([{ "votesFor": null, "chosen": true }]));
    assert_eq!(*seen.at("/node/outcome/countsHidden"), json!(true));
}

async fn nobody_below_sees_a_ballot_of_the_council(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 3).await;
    let vote = Vote::on(&board, json!({})).await;
    let below = app.officer_of(&app.world()["Đăk Tô"]).await;
    assert_eq!(vote.asked(&below, "title").await.code(), "NOT_FOUND");
    let list = "{ ballots { totalCount } }";
    let count = async |who: &Person| who.graphql(list, json!({})).await.at("/ballots/totalCount").clone();
    assert_eq!(
        (count(&below).await, count(&board.people[1]).await),
        (json!(0), json!(1))
    );
    assert_eq!(below.get(&format!("/api/v1/ballots/{}", vote.id)).await.status(), 404);
    let seen = vote.asked(&board.people[1], "viewerCan { action allowed }").await;
    let can = seen.at("/node/viewerCan").as_array().expect("a list").clone();
    assert!(
        can.iter().all(|one| one["allowed"] == false),
        "a member votes and runs nothing: {seen}"
    );
}

async fn a_council_chooses_no_units(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 2).await;
    let input = |purpose: &str| {
        json!({
            "conferenceId": board.meeting, "title": "Bầu", "kind": "ELECT", "purpose": purpose, "secret": false,
            "nomineeIds": [app.world()["Đăk Tô"].id()], "threshold": { "part": { "numerator": 1, "denominator": 2 } },
        })
    };
    for (purpose, refused) in [
        ("CHAIR", ("PURPOSE_OF_CLUSTERS", "purpose")),
        ("LEADING_UNIT", ("PURPOSE_OF_CLUSTERS", "purpose")),
        ("AWARDS", ("AWARDS_BY_PROPOSALS", "purpose")),
        ("OTHER", ("NOT_A_MEMBER", "nomineeIds.0")),
    ] {
        let answer = board.specialist.does("draftBallot", input(purpose)).await;
        assert_eq!(answer.user_errors(), [refused], "{purpose}");
    }
}

async fn ballots_of_councils_cost_no_more_when_they_are_many(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 3).await;
    Vote::on(&board, json!({})).await;
    let query = "{ ballots(first: 50) { nodes { title conference { title council { name } } options { text proposal { merit } } \
                 roll { member { name seat } unitName hasVoted } recusals { member { name } } explanation viewerCan { action } } } }";
    let few = board.specialist.graphql(query, json!({})).await;
    for number in 0..5 {
        Vote::on(&board, json!({ "title": format!("Biểu quyết số {number}") })).await;
    }
    let many = board.specialist.graphql(query, json!({})).await;
    assert_eq!(many.texts("/ballots/nodes", "title").len(), 6);
    no_more_statements(few.statements(), many.statements());
}
