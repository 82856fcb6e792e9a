//! Ballots whose votes are named: one vote each that stands, the rule to the last vote, further rounds, written votes, results from paper.
//! Secret ballots are told of in `ballots_secret.rs`.

use serde_json::{Value, json};

use crate::conferences::Assembly;
use crate::support::{Answer, Person, TestApp, moment, no_more_statements, on_both_databases};

on_both_databases! {
    a_vote_is_named_and_stands_and_nothing_is_told_before_the_count,
    ninety_percent_of_all_members_is_five_of_five_and_four_are_not_enough,
    equal_ones_stand_again_in_a_further_round,
    who_is_absent_or_recused_has_no_vote,
    who_is_asked_in_writing_has_until_the_last_day,
    a_unit_does_not_vote_for_itself_where_that_is_ruled_out,
    the_roll_of_an_open_ballot_stays,
    a_ranking_counts_places,
    a_ballot_on_paper_is_recorded_as_far_as_it_is_known,
    a_ballot_that_does_not_count_says_why,
    what_cannot_be_decided_is_not_drafted,
    who_confirms_an_outcome_and_who_does_not,
    offices_follow_from_the_rank_or_are_named,
    a_list_of_ballots_costs_no_more_when_it_is_long,
}

/// A motion to be voted openly by all, more than half of all members in favour.
pub fn motion(assembly: &Assembly, text: &str) -> Value {
    json!({
        "conferenceId": assembly.id, "title": text, "kind": "APPROVE", "purpose": "ADOPT_REPORT", "secret": false, "motions": [text],
        "threshold": { "part": { "numerator": 1, "denominator": 2 }, "exceeded": true },
    })
}

/// A ballot between units, more than half of all members for each seat.
pub fn election(assembly: &Assembly, purpose: &str, nominees: &[&str]) -> Value {
    let nominees: Vec<String> = nominees.iter().map(|short| assembly.unit(short)).collect();
    json!({
        "conferenceId": assembly.id, "title": "Bầu", "kind": "ELECT", "purpose": purpose, "secret": false, "nomineeIds": nominees,
        "threshold": { "part": { "numerator": 1, "denominator": 2 }, "exceeded": true },
    })
}

/// A ballot of an assembly.
pub struct Poll<'a> {
    pub assembly: &'a Assembly,
    pub id: String,
    /// Ids of its options, in their order.
    pub options: Vec<String>,
}

impl<'a> Poll<'a> {
    /// Drafts it.
    pub async fn draft(assembly: &'a Assembly, input: Value) -> Self {
        let drafted = assembly.specialist.does("draftBallot", input).await;
        Self::known(assembly, drafted.id()).await
    }

    /// One that was drafted.
    pub async fn known(assembly: &'a Assembly, id: &str) -> Self {
        let mut poll = Self {
            assembly,
            id: id.to_owned(),
            options: Vec::new(),
        };
        let seen = poll.asked(&assembly.specialist, "options { id }").await;
        poll.options = seen
            .texts("/node/options", "id")
            .into_iter()
            .map(str::to_owned)
            .collect();
        poll
    }

    /// Drafts and opens it.
    pub async fn open(assembly: &'a Assembly, input: Value) -> Self {
        let poll = Self::draft(assembly, input).await;
        poll.takes("openBallot").await.thing();
        poll
    }

    pub async fn asked(&self, who: &Person, fields: &str) -> Answer {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Ballot {{ {fields} }} }} }}");
        who.graphql(&query, json!({ "id": self.id })).await
    }

    pub async fn step(&self) -> Value {
        let seen = self.asked(&self.assembly.specialist, "id version").await;
        seen.at("/node").clone()
    }

    /// Takes a step as the specialist, at the version that it has now.
    pub async fn takes(&self, step: &str) -> Answer {
        self.assembly.specialist.does(step, self.step().await).await
    }

    /// Casts the vote of a member, by its place.
    pub async fn votes(&self, member: usize, choice: Value) -> Answer {
        let vote = json!({ "ballotId": self.id, "unitId": self.assembly.members[member].id(), "choice": choice });
        self.assembly.officers[member].does("castVote", vote).await
    }

    pub fn answers(&self, answer: &str) -> Value {
        let each = self
            .options
            .iter()
            .map(|option| json!({ "optionId": option, "answer": answer }));
        json!({ "answers": each.collect::<Vec<_>>() })
    }

    pub fn marks(&self, places: &[usize]) -> Value {
        json!({ "marks": places.iter().map(|&place| &self.options[place]).collect::<Vec<_>>() })
    }

    /// The texts of what was chosen.
    pub async fn chosen(&self) -> Vec<String> {
        let seen = self
            .asked(&self.assembly.specialist, "outcome { chosen { text } }")
            .await;
        let chosen = seen.texts("/node/outcome/chosen", "text");
        chosen.into_iter().map(str::to_owned).collect()
    }
}

async fn a_vote_is_named_and_stands_and_nothing_is_told_before_the_count(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let poll = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo tổng kết")).await;
    for (member, answer) in ["YES", "YES", "NO"].into_iter().enumerate() {
        poll.votes(member, poll.answers(answer)).await.thing();
    }
    let twice = poll.votes(0, poll.answers("NO")).await;
    assert_eq!(twice.code(), "ALREADY_EXISTS");
    let fields = "votesCast options { votesFor chosen } votes { unitName } outcome { quorumReached } explanation roll { unitName hasVoted }";
    let during = poll.asked(&assembly.officers[4], fields).await;
    assert_eq!(*during.at("/node/votesCast"), Value::Null);
    assert_eq!(
        *during.at("/node/options"),
        json!([{ "votesFor": null, "chosen": null }])
    );
    assert_eq!(
        (during.at("/node/votes"), during.at("/node/outcome")),
        (&json!([]), &Value::Null)
    );
    let voted = during.at("/node/roll").as_array().expect("a roll").clone();
    assert_eq!(voted.iter().filter(|one| one["hasVoted"] == true).count(), 3);
    poll.votes(3, poll.answers("ABSTAIN")).await.thing();
    // Somebody else of another unit does not vote for it.
    let other = json!({ "ballotId": poll.id, "unitId": assembly.members[4].id(), "choice": poll.answers("YES") });
    assert_eq!(assembly.officers[3].does("castVote", other).await.code(), "FORBIDDEN");
    poll.takes("closeBallot").await.thing();
    let late = poll.votes(4, poll.answers("YES")).await;
    assert_eq!(late.code(), "WRONG_STATE");
    let fields = "state votesCast votesSpoiled options { votesFor votesAgainst votesAbstained chosen } votes { unitName answers { answer } by } explanation";
    let after = poll.asked(&assembly.officers[4], fields).await;
    let counts = json!([{ "votesFor": 2, "votesAgainst": 1, "votesAbstained": 1, "chosen": false }]);
    assert_eq!(
        (after.str("/node/state"), after.at("/node/options")),
        ("TALLIED", &counts)
    );
    assert_eq!(after.at("/node/votes").as_array().map(Vec::len), Some(4));
    let said = after.at("/node/explanation").to_string();
    assert!(
        said.contains("từ 3 trên 5 phiếu") && said.contains("2 phiếu tán thành, 1 không tán thành, 1 ý kiến khác"),
        "{said}"
    );
}

async fn ninety_percent_of_all_members_is_five_of_five_and_four_are_not_enough(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    for (yes, chosen) in [(4, 0), (5, 1)] {
        let mut input = motion(&assembly, "Đề nghị tặng danh hiệu");
        input["threshold"] = json!({ "part": { "numerator": 90, "denominator": 100 } });
        input["legalBasis"] = "Nghị định 91/2017/NĐ-CP, Điều 45 khoản 8".into();
        let poll = Poll::open(&assembly, input).await;
        for member in 0..5 {
            poll.votes(member, poll.answers(if member < yes { "YES" } else { "NO" }))
                .await
                .thing();
        }
        poll.takes("closeBallot").await.thing();
        assert_eq!(poll.chosen().await.len(), chosen, "{yes} of 5");
    }
}

async fn equal_ones_stand_again_in_a_further_round(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let mut input = election(&assembly, "EXCELLENT_UNITS", &["Ngọc Hồi", "Đăk Glei", "IaH’Drai"]);
    input["kind"] = "CHOOSE".into();
    input["threshold"] = json!({ "part": { "numerator": 2, "denominator": 5 } });
    let poll = Poll::open(&assembly, input).await;
    for (member, mark) in [0, 0, 1, 1, 2].into_iter().enumerate() {
        poll.votes(member, poll.marks(&[mark])).await.thing();
    }
    poll.takes("closeBallot").await.thing();
    let seen = poll
        .asked(
            &assembly.specialist,
            "outcome { chosen { text } furtherRound { why seats options { text } } } explanation",
        )
        .await;
    let further = json!({ "why": "TIE", "seats": 1, "options": [{ "text": "LĐLĐ huyện Ngọc Hồi" }, { "text": "LĐLĐ huyện Đăk Glei" }] });
    assert_eq!(*seen.at("/node/outcome/furtherRound"), further);
    assert_eq!(*seen.at("/node/outcome/chosen"), json!([]));
    let key = json!({ "id": poll.id, "idempotencyKey": "vong-2" });
    let second = assembly
        .specialist
        .does("draftFurtherRound", key.clone())
        .await
        .id()
        .to_owned();
    assert_eq!(assembly.specialist.does("draftFurtherRound", key).await.id(), second);
    let again = assembly
        .specialist
        .does("draftFurtherRound", json!({ "id": poll.id }))
        .await;
    assert_eq!(again.code(), "ALREADY_EXISTS");
    let second = Poll::known(&assembly, &second).await;
    let seen = second
        .asked(&assembly.specialist, "round seats roundOf { id } options { text }")
        .await;
    assert_eq!(
        (seen.at("/node/round"), seen.str("/node/roundOf/id")),
        (&json!(2), poll.id.as_str())
    );
    second.takes("openBallot").await.thing();
    for (member, mark) in [0, 0, 1, 1, 1].into_iter().enumerate() {
        second.votes(member, second.marks(&[mark])).await.thing();
    }
    second.takes("closeBallot").await.thing();
    assert_eq!(second.chosen().await, ["LĐLĐ huyện Đăk Glei"]);
    let none = assembly
        .specialist
        .does("draftFurtherRound", json!({ "id": second.id }))
        .await;
    assert_eq!(none.user_errors(), [("NO_FURTHER_ROUND", "id")]);
}

async fn who_is_absent_or_recused_has_no_vote(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    assembly
        .called(|at| if at == 5 { "ABSENT" } else { "PRESENT" })
        .await
        .thing();
    let mut input = motion(&assembly, "Xem xét vi phạm của LĐLĐ huyện Đăk Tô");
    input["recused"] = json!([{ "unitId": assembly.unit("Đăk Tô"), "reason": "Nội dung liên quan đến đơn vị" }]);
    let poll = Poll::open(&assembly, input).await;
    let recused = poll.votes(0, poll.answers("NO")).await;
    assert_eq!(recused.user_errors(), [("RECUSED", "unitId")]);
    let absent = poll.votes(5, poll.answers("NO")).await;
    assert_eq!(absent.user_errors(), [("NOT_PRESENT", "unitId")]);
    for member in 1..5 {
        poll.votes(member, poll.answers("YES")).await.thing();
    }
    poll.takes("closeBallot").await.thing();
    let seen = poll
        .asked(&assembly.officers[5], "explanation recusals { unitName reason }")
        .await;
    let said = seen.at("/node/explanation/0").as_str().expect("a sentence");
    assert!(
        said.contains("4 thành viên được bỏ phiếu trên tổng số 5 thành viên"),
        "{said}"
    );
    assert_eq!(seen.str("/node/recusals/0/reason"), "Nội dung liên quan đến đơn vị");
}

async fn who_is_asked_in_writing_has_until_the_last_day(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    assembly
        .called(|at| if at >= 4 { "WRITTEN" } else { "PRESENT" })
        .await
        .thing();
    let mut input = motion(&assembly, "Thông qua quy chế");
    input["writtenUntil"] = "2026-12-28".into();
    let poll = Poll::open(&assembly, input).await;
    for member in 0..4 {
        poll.votes(member, poll.answers("YES")).await.thing();
    }
    let early = poll.takes("closeBallot").await;
    assert_eq!(early.code(), "WRONG_STATE");
    assert!(early.message().contains("28/12/2026"), "{early}");
    app.it_is(moment(2026, 12, 28, 23, 0));
    poll.votes(4, poll.answers("YES")).await.thing();
    app.it_is(moment(2026, 12, 29, 0, 5));
    let late = poll.votes(5, poll.answers("YES")).await;
    assert_eq!(late.code(), "WRONG_STATE");
    poll.takes("closeBallot").await.thing();
    let seen = poll.asked(&assembly.specialist, "votesCast").await;
    assert_eq!(*seen.at("/node/votesCast"), json!(5));
}

async fn a_unit_does_not_vote_for_itself_where_that_is_ruled_out(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let mut input = election(&assembly, "LEADING_UNIT", &["Đăk Tô", "Ngọc Hồi"]);
    input["selfVote"] = false.into();
    let poll = Poll::open(&assembly, input.clone()).await;
    let own = poll.votes(0, poll.marks(&[0])).await;
    assert_eq!(own.user_errors(), [("OWN_UNIT", "choice")]);
    poll.votes(0, poll.marks(&[1])).await.thing();
    input["secret"] = true.into();
    let secret = assembly.specialist.does("draftBallot", input).await;
    assert_eq!(secret.user_errors(), [("SELF_VOTE_UNCHECKABLE", "selfVote")]);
}

async fn the_roll_of_an_open_ballot_stays(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let poll = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    let refused = assembly.called(|_| "ABSENT").await;
    assert_eq!(refused.code(), "WRONG_STATE");
    let newcomer = app.world()["Y tế Đăk Tô"].id();
    let stuffed = json!({ "ballotId": poll.id, "unitId": newcomer, "choice": poll.answers("YES") });
    assert_eq!(assembly.officers[0].does("castVote", stuffed).await.code(), "NOT_FOUND");
    // A member that leaves the cluster meanwhile is still on the roll, and its digest stays.
    let hash = async || {
        let seen = poll.asked(&assembly.specialist, "rollHash rollIntact").await;
        (
            seen.str("/node/rollHash").to_owned(),
            seen.at("/node/rollIntact").clone(),
        )
    };
    let (before, intact) = hash().await;
    assert_eq!((before.len(), intact), (64, json!(true)));
    let left = assembly
        .cluster
        .lets_go("members", &assembly.members[5], "2026-12-25", "2026-12-26")
        .await;
    left.thing();
    assert_eq!(hash().await, (before.clone(), json!(true)));
    // Whoever changes the table itself is found out.
    let sql = format!(
        "UPDATE ballot_roll SET may_vote = FALSE WHERE voter_id = {} RETURNING 1 AS one",
        literal(&app, assembly.members[4].uuid)
    );
    app.rows(&sql).await;
    assert_eq!(hash().await, (before, json!(false)));
}

/// A UUID as the database writes it.
pub fn literal(app: &TestApp, id: uuid::Uuid) -> String {
    match app.database {
        crate::support::Database::Sqlite => format!("X'{}'", id.simple()),
        crate::support::Database::Postgres => format!("'{id}'"),
    }
}

async fn a_ranking_counts_places(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let mut input = election(&assembly, "OTHER", &["Ngọc Hồi", "Đăk Glei", "IaH’Drai"]);
    input["kind"] = "RANK".into();
    input["seats"] = 3.into();
    input["threshold"] = json!({ "part": { "numerator": 0, "denominator": 1 } });
    let poll = Poll::open(&assembly, input).await;
    let order = |places: [usize; 3]| json!({ "order": places.map(|place| poll.options[place].clone()) });
    for (member, places) in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [0, 1, 2]].into_iter().enumerate() {
        poll.votes(member, order(places)).await.thing();
    }
    poll.votes(4, json!({ "spoiled": true })).await.thing();
    poll.takes("closeBallot").await.thing();
    let seen = poll
        .asked(
            &assembly.specialist,
            "votesCast votesSpoiled options { points votesFor }",
        )
        .await;
    let points =
        json!([{ "points": 11, "votesFor": 3 }, { "points": 8, "votesFor": 1 }, { "points": 5, "votesFor": 0 }]);
    assert_eq!(
        (seen.at("/node/options"), seen.at("/node/votesSpoiled")),
        (&points, &json!(1))
    );
    assert_eq!(
        poll.chosen().await,
        ["LĐLĐ huyện Ngọc Hồi", "LĐLĐ huyện Đăk Glei", "LĐLĐ huyện IaH’Drai"]
    );
}

async fn a_ballot_on_paper_is_recorded_as_far_as_it_is_known(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let paper = async |secret: bool, more: Value| {
        let mut input = election(&assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"]);
        input["secret"] = secret.into();
        let poll = Poll::draft(&assembly, input).await;
        let mut record = poll.step().await;
        for (field, value) in more.as_object().expect("fields") {
            record[field] = value.clone();
        }
        for count in record
            .get_mut("counts")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let place = count["optionId"].as_u64().expect("a place");
            count["optionId"] = poll.options[usize::try_from(place).expect("small")].clone().into();
        }
        for chosen in record
            .get_mut("chosenIds")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let place = chosen.as_u64().expect("a place");
            *chosen = poll.options[usize::try_from(place).expect("small")].clone().into();
        }
        let answer = assembly.specialist.does("recordBallotResult", record).await;
        (poll, answer)
    };
    let counts = json!({ "what": "COUNTS", "votesCast": 6, "votesSpoiled": 1, "counts": [
        { "optionId": 0, "votesFor": 4 }, { "optionId": 1, "votesFor": 1 },
    ] });
    let (poll, answer) = paper(true, counts.clone()).await;
    answer.thing();
    assert_eq!(poll.chosen().await, ["LĐLĐ huyện Ngọc Hồi"]);
    let seen = poll.asked(&assembly.specialist, "recorded state explanation").await;
    assert_eq!(
        (seen.str("/node/recorded"), seen.str("/node/state")),
        ("COUNTS", "TALLIED")
    );
    assert!(
        seen.str("/node/explanation/0").starts_with("Bỏ phiếu trên giấy"),
        "{seen}"
    );
    let mut wrong = counts.clone();
    wrong["counts"][1]["votesFor"] = 9.into();
    assert_eq!(
        paper(true, wrong).await.1.user_errors(),
        [("COUNTS_DO_NOT_ADD_UP", "counts")]
    );
    let mut few = counts;
    few["votesCast"] = 5.into();
    few["counts"][0]["votesFor"] = 3.into();
    assert_eq!(
        paper(true, few).await.1.user_errors(),
        [("SECRET_BALLOT_SMALL", "counts")]
    );
    let shares = json!({ "what": "PERCENTAGES", "chosenIds": [0], "counts": [
        { "optionId": 0, "percent": "83.33" }, { "optionId": 1, "percent": "16.67" },
    ] });
    let (poll, answer) = paper(true, shares).await;
    answer.thing();
    let seen = poll
        .asked(&assembly.specialist, "votesCast options { percent chosen votesFor }")
        .await;
    let expected = json!([
        { "percent": "83.33", "chosen": true, "votesFor": null }, { "percent": "16.67", "chosen": false, "votesFor": null },
    ]);
    assert_eq!(*seen.at("/node/options"), expected);
    let (poll, answer) = paper(true, json!({ "what": "OUTCOME", "chosenIds": [1] })).await;
    answer.thing();
    assert_eq!(poll.chosen().await, ["LĐLĐ huyện Đăk Glei"]);
    let both = paper(false, json!({ "what": "OUTCOME", "chosenIds": [0, 1] })).await;
    assert_eq!(both.1.user_errors(), [("RECORD_INCOMPLETE", "chosenIds")]);
}

async fn a_ballot_that_does_not_count_says_why(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let poll = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    poll.votes(0, poll.answers("YES")).await.thing();
    let mut void = poll.step().await;
    void["reason"] = "Báo cáo được rút để sửa".into();
    assembly.officers[0].does("voidBallot", void).await.thing();
    let seen = poll
        .asked(&assembly.officers[4], "state voidReason votes { unitName }")
        .await;
    assert_eq!(
        (seen.str("/node/state"), seen.str("/node/voidReason")),
        ("VOID", "Báo cáo được rút để sửa")
    );
    assert_eq!(*seen.at("/node/votes"), json!([]));
    assert_eq!(poll.votes(1, poll.answers("YES")).await.code(), "WRONG_STATE");
}

async fn what_cannot_be_decided_is_not_drafted(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut input = election(&assembly, "CHAIR", &["Ngọc Hồi", "Đăk Glei"]);
        change(&mut input);
        let answer = assembly.specialist.does("draftBallot", input).await;
        let codes: Vec<String> = answer
            .user_errors()
            .iter()
            .map(|(code, _)| (*code).to_owned())
            .collect();
        codes.join(" ")
    };
    assert_eq!(refused(&|input| input["seats"] = 2.into()).await, "SEATS_INVALID");
    assert_eq!(
        refused(&|input| input["nomineeIds"] = json!([])).await,
        "TOO_FEW_OPTIONS"
    );
    assert_eq!(
        refused(&|input| input["motions"] = json!(["Có"])).await,
        "NOMINEES_NEEDED"
    );
    let stranger = app.world()["Thư viện"].id();
    assert_eq!(
        refused(&|input| input["nomineeIds"] = json!([stranger])).await,
        "NOT_A_MEMBER"
    );
    let whole = json!({ "part": { "numerator": 1, "denominator": 1 }, "exceeded": true });
    assert_eq!(
        refused(&|input| input["threshold"] = whole.clone()).await,
        "THRESHOLD_IMPOSSIBLE"
    );
    let much = json!({ "part": { "numerator": 3, "denominator": 2 } });
    assert_eq!(
        refused(&|input| input["threshold"] = much.clone()).await,
        "FRACTION_INVALID"
    );
    assert_eq!(
        refused(&|input| input["writtenUntil"] = "2026-12-24".into()).await,
        "WRITTEN_BEFORE_CONFERENCE"
    );
}

async fn who_confirms_an_outcome_and_who_does_not(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let poll = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    assert_eq!(poll.takes("confirmBallot").await.code(), "WRONG_STATE");
    for member in 0..5 {
        poll.votes(member, poll.answers("YES")).await.thing();
    }
    poll.takes("closeBallot").await.thing();
    let step = poll.step().await;
    assert_eq!(
        assembly.officers[4].does("confirmBallot", step.clone()).await.code(),
        "FORBIDDEN"
    );
    assert_eq!(
        assembly.committee.does("closeBallot", step.clone()).await.code(),
        "FORBIDDEN"
    );
    assembly.committee.does("confirmBallot", step).await.thing();
    let mut void = poll.step().await;
    void["reason"] = "Muộn".into();
    assert_eq!(assembly.specialist.does("voidBallot", void).await.code(), "WRONG_STATE");
    // A conference closes when nothing of it is open.
    let open = Poll::draft(&assembly, motion(&assembly, "Việc khác")).await;
    assembly
        .takes("writeConferenceMinutes", json!({ "text": "Biên bản" }))
        .await
        .thing();
    let early = assembly.takes("closeConference", json!({})).await;
    assert_eq!(early.user_errors(), [("BALLOTS_UNFINISHED", "id")]);
    let mut void = open.step().await;
    void["reason"] = "Không cần".into();
    assembly.specialist.does("voidBallot", void).await.thing();
    assembly.takes("closeConference", json!({})).await.thing();
    let late = assembly.specialist.does("draftBallot", motion(&assembly, "Muộn")).await;
    assert_eq!(late.code(), "WRONG_STATE");
}

async fn offices_follow_from_the_rank_or_are_named(app: TestApp) {
    let assembly = Assembly::of(&app, 0, "ORDER").await;
    let names = json!({
        "conferenceId": assembly.id, "version": assembly.version().await, "validFrom": "2027-01-01",
        "chairId": assembly.unit("IaH’Drai"), "deputyIds": [assembly.unit("Đăk Tô")],
    });
    let mut nobody = names.clone();
    nobody["chairId"] = Value::Null;
    nobody["deputyIds"] = json!([]);
    let refused = assembly.specialist.does("appointFromConference", nobody).await;
    assert_eq!(refused.user_errors(), [("NOBODY_CHOSEN", "conferenceId")]);
    let mut early = names.clone();
    early["validFrom"] = "2026-12-25".into();
    let refused = assembly.specialist.does("appointFromConference", early).await;
    assert_eq!(refused.user_errors(), [("OFFICE_BEFORE_CONFERENCE", "validFrom")]);
    assembly.specialist.does("appointFromConference", names).await.thing();
    let offices = |day: &str| format!("offices(asOf: \"{day}\") {{ office unitName chosenBy }}");
    let seen = assembly.cluster.asked(&offices("2027-01-01")).await;
    assert_eq!(
        *seen.at("/node/offices"),
        json!([
            { "office": "CHAIR", "unitName": "LĐLĐ huyện IaH’Drai", "chosenBy": "ORDER" },
            { "office": "DEPUTY", "unitName": "LĐLĐ huyện Đăk Tô", "chosenBy": "ORDER" },
        ])
    );
    let seen = assembly.cluster.asked(&offices("2026-12-31")).await;
    let names: Vec<&str> = seen.texts("/node/offices", "unitName");
    assert_eq!(names, ["LĐLĐ huyện Đăk Tô", "LĐLĐ huyện Ngọc Hồi"]);
}

async fn a_list_of_ballots_costs_no_more_when_it_is_long(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let query = "{ ballots(first: 50) { nodes { title conference { title } options { text unit { name } votesFor } recusals { reason } \
                 roll { unitName hasVoted } rollIntact outcome { chosen { text } } explanation votes { unitName } receipts \
                 viewerCan { action allowed reason } } } }";
    let vote = async || {
        let poll = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
        for member in 0..4 {
            poll.votes(member, poll.answers("YES")).await.thing();
        }
        poll.takes("closeBallot").await.thing();
    };
    vote().await;
    let few = assembly.specialist.graphql(query, json!({})).await;
    for _ in 0..6 {
        vote().await;
    }
    let many = assembly.specialist.graphql(query, json!({})).await;
    assert_eq!(many.texts("/ballots/nodes", "title").len(), 7);
    no_more_statements(few.statements(), many.statements());
}
