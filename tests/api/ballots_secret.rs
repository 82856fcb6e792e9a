//! Secret ballots: that a unit voted is known, what it voted to nobody. The attacks that one would try, and a look into every table.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use thidua::ids::Kind;

use crate::ballots::{Poll, election, motion};
use crate::conferences::Assembly;
use crate::support::{Answer, Person, TestApp, VotingToken, on_both_databases};

on_both_databases! {
    everybody_finds_the_receipt_and_nobody_the_choice,
    of_two_votes_with_one_token_at_one_moment_one_counts,
    a_token_is_signed_once_for_each_unit,
    a_token_opens_its_own_ballot_and_only_while_it_is_open,
    a_vote_that_says_who_sends_it_is_refused,
    no_tally_is_told_before_the_close,
    of_five_of_whom_four_agree_only_the_outcome_is_known,
    no_table_joins_a_voter_to_a_choice,
    a_ballot_that_is_void_goes_unread,
    the_door_for_votes_keeps_nothing_of_who_calls,
}

/// A secret ballot that is open.
pub struct Secret<'a> {
    pub poll: Poll<'a>,
    public_key: String,
}

/// A token that was signed, with its signature.
struct Signed {
    token: VotingToken,
    signature: String,
}

impl<'a> Secret<'a> {
    pub async fn open(assembly: &'a Assembly, mut input: Value) -> Self {
        input["secret"] = true.into();
        let poll = Poll::open(assembly, input).await;
        let seen = poll.asked(&assembly.specialist, "publicKey").await;
        let public_key = seen.str("/node/publicKey").to_owned();
        Self { poll, public_key }
    }

    async fn asks(&self, member: usize, token: &VotingToken) -> Answer {
        let unit = self.poll.assembly.members[member].id();
        let query = "mutation($input: TakeBallotTokenInput!) { takeBallotToken(input: $input) { blindSignature userErrors { code field } } }";
        let input = json!({ "ballotId": self.poll.id, "unitId": unit, "blindedToken": token.blinded() });
        self.poll.assembly.officers[member]
            .graphql(query, json!({ "input": input }))
            .await
    }

    /// Takes the token of a member.
    async fn token(&self, member: usize) -> Signed {
        let token = VotingToken::new(&self.public_key);
        let answer = self.asks(member, &token).await;
        let signature = token.signature(answer.str("/takeBallotToken/blindSignature"));
        Signed { token, signature }
    }

    /// Casts a vote with a token, as nobody.
    async fn casts(&self, signed: &Signed, choice: Value) -> Answer {
        self.casts_as(&self.poll.assembly.app.nobody(), signed, choice).await
    }

    async fn casts_as(&self, who: &Person, signed: &Signed, choice: Value) -> Answer {
        let vote = json!({ "token": signed.token.token(), "signature": signed.signature, "choice": choice });
        who.post(&format!("/api/v1/ballots/{}/votes", self.poll.id), vote).await
    }

    /// All members vote, each by its mark, in the order of their places.
    pub async fn all_vote(&self, marks: &[usize]) -> Vec<String> {
        let mut receipts = Vec::new();
        for (member, &mark) in marks.iter().enumerate() {
            let signed = self.token(member).await;
            let cast = self.casts(&signed, self.poll.marks(&[mark])).await;
            assert_eq!(cast.status(), 201, "{cast}");
            assert_eq!(cast.body()["receipt"], signed.token.receipt());
            receipts.push(signed.token.receipt());
        }
        receipts
    }
}

fn leaders(assembly: &Assembly) -> Value {
    election(assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"])
}

async fn everybody_finds_the_receipt_and_nobody_the_choice(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(&assembly, leaders(&assembly)).await;
    let mut receipts = secret.all_vote(&[0, 0, 1, 0, 0, 1]).await;
    secret.poll.takes("closeBallot").await.thing();
    let member = assembly.officer("Tu Mơ Rông");
    let seen = secret
        .poll
        .asked(member, "state receipts votesCast votesSpoiled options { votesFor } outcome { countsHidden } votes { unitName } roll { tokenGiven hasVoted }")
        .await;
    receipts.sort();
    assert_eq!(*seen.at("/node/receipts"), json!(receipts));
    assert_eq!(*seen.at("/node/options"), json!([{ "votesFor": 4 }, { "votesFor": 2 }]));
    assert_eq!(
        (seen.at("/node/votes"), seen.at("/node/outcome/countsHidden")),
        (&json!([]), &json!(false))
    );
    assert!(
        seen.at("/node/roll")
            .as_array()
            .expect("a roll")
            .iter()
            .all(|one| one["tokenGiven"] == true && one["hasVoted"].is_null())
    );
    assert_eq!(secret.poll.chosen().await, ["LĐLĐ huyện Ngọc Hồi"]);
    let rest = member
        .get(&format!("/api/v1/ballots/{}/receipts", secret.poll.id))
        .await;
    assert_eq!(rest.body()["items"], json!(receipts));
    let whole = member.get(&format!("/api/v1/ballots/{}", secret.poll.id)).await;
    assert_eq!(whole.body()["outcome"]["countsHidden"], false);
}

async fn of_two_votes_with_one_token_at_one_moment_one_counts(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(&assembly, leaders(&assembly)).await;
    let signed = secret.token(0).await;
    let (one, other) = join(
        secret.casts(&signed, secret.poll.marks(&[0])),
        secret.casts(&signed, secret.poll.marks(&[1])),
    )
    .await;
    let mut statuses = [one.status(), other.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{one} and {other}");
    let refused = if one.status() == 409 { &one } else { &other };
    assert_eq!(refused.code(), "ALREADY_EXISTS");
    // The same vote again, since an answer was lost: the same receipt, and still one vote.
    let signed = secret.token(1).await;
    let answers = join_all((0..6).map(|_| secret.casts(&signed, secret.poll.marks(&[1])))).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.status() == 201 && answer.body()["receipt"] == signed.token.receipt())
    );
    for member in 2..6 {
        let signed = secret.token(member).await;
        secret.casts(&signed, secret.poll.marks(&[0])).await;
    }
    secret.poll.takes("closeBallot").await.thing();
    let seen = secret.poll.asked(&assembly.specialist, "votesCast receipts").await;
    assert_eq!(*seen.at("/node/votesCast"), json!(6));
    assert_eq!(seen.at("/node/receipts").as_array().map(Vec::len), Some(6));
}

async fn a_token_is_signed_once_for_each_unit(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(&assembly, leaders(&assembly)).await;
    let tokens: Vec<VotingToken> = (0..4).map(|_| VotingToken::new(&secret.public_key)).collect();
    let answers = join_all(tokens.iter().map(|token| secret.asks(0, token))).await;
    let codes: Vec<&str> = answers.iter().map(Answer::code).collect();
    assert_eq!(codes.iter().filter(|code| code.is_empty()).count(), 1, "{codes:?}");
    assert_eq!(
        codes.iter().filter(|code| **code == "ALREADY_EXISTS").count(),
        3,
        "{codes:?}"
    );
    // Who lost the answer asks again with the very same blinded token, and gets the same.
    let first = codes.iter().position(|code| code.is_empty()).expect("one");
    let again = secret.asks(0, &tokens[first]).await;
    let signature = |answer: &Answer| answer.str("/takeBallotToken/blindSignature").to_owned();
    assert_eq!(signature(&again), signature(&answers[first]));
    // Nobody takes the token of another unit, and nonsense is not signed.
    let query =
        "mutation($input: TakeBallotTokenInput!) { takeBallotToken(input: $input) { userErrors { code field } } }";
    let of = |unit: String, blinded: &str| json!({ "input": { "ballotId": secret.poll.id, "unitId": unit, "blindedToken": blinded } });
    let theirs = of(assembly.members[1].id(), &tokens[1].blinded());
    assert_eq!(assembly.officers[0].graphql(query, theirs).await.code(), "FORBIDDEN");
    let nonsense = of(assembly.members[1].id(), "không phải mã");
    let refused = assembly.officers[1].graphql(query, nonsense).await;
    assert_eq!(refused.user_errors(), [("BLINDED_TOKEN_INVALID", "blindedToken")]);
}

async fn a_token_opens_its_own_ballot_and_only_while_it_is_open(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let (one, other) = (
        Secret::open(&assembly, leaders(&assembly)).await,
        Secret::open(&assembly, leaders(&assembly)).await,
    );
    let signed = one.token(0).await;
    let replayed = other.casts(&signed, other.poll.marks(&[0])).await;
    assert_eq!(replayed.body()["code"], "INVALID");
    assert_eq!(replayed.body()["errors"][0]["code"], "TOKEN_INVALID");
    // Without any right: a token that one signs oneself.
    let own = VotingToken::new(&one.public_key);
    let forged = Signed {
        signature: own.blinded(),
        token: own,
    };
    let forged = one.casts(&forged, one.poll.marks(&[0])).await;
    assert_eq!(forged.body()["errors"][0]["code"], "TOKEN_INVALID");
    let nothing = json!({ "token": "", "signature": "", "choice": { "spoiled": true } });
    let path = format!("/api/v1/ballots/{}/votes", one.poll.id);
    let empty = app.nobody().post(&path, nothing.clone()).await;
    assert_eq!(empty.body()["errors"][0]["code"], "TOKEN_INVALID");
    // No such ballot, or one whose votes are named.
    let named = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    for id in [
        named.id.clone(),
        Kind::Ballot.id(uuid::Uuid::now_v7()),
        assembly.id.clone(),
    ] {
        let answer = app
            .nobody()
            .post(&format!("/api/v1/ballots/{id}/votes"), nothing.clone())
            .await;
        assert_eq!(answer.code(), "NOT_FOUND", "{id}");
    }
    let mut strange = one.poll.marks(&[0]);
    strange["marks"][0] = other.poll.options[0].clone().into();
    let refused = one.casts(&signed, strange).await;
    assert_eq!(refused.body()["errors"][0]["code"], "OPTION_UNKNOWN");
    let late = one.token(1).await;
    assert_eq!(one.casts(&signed, one.poll.marks(&[0])).await.status(), 201);
    one.poll.takes("closeBallot").await.thing();
    for after in [&late, &signed] {
        assert_eq!(one.casts(after, one.poll.marks(&[0])).await.code(), "WRONG_STATE");
    }
    let asked = one.asks(2, &VotingToken::new(&one.public_key)).await;
    assert_eq!(asked.code(), "WRONG_STATE");
    let seen = one.poll.asked(&assembly.specialist, "votesCast").await;
    assert_eq!(*seen.at("/node/votesCast"), json!(1));
}

async fn a_vote_that_says_who_sends_it_is_refused(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(&assembly, leaders(&assembly)).await;
    let signed = secret.token(0).await;
    let before = app.contents().await;
    let named = secret
        .casts_as(&assembly.officers[0], &signed, secret.poll.marks(&[0]))
        .await;
    assert_eq!((named.status(), named.code()), (400, "BAD_REQUEST"));
    let by_name = secret.poll.votes(1, secret.poll.marks(&[0])).await;
    assert_eq!(by_name.user_errors(), [("BALLOT_SECRET", "ballotId")]);
    assert_eq!(app.contents().await, before);
    assert_eq!(secret.casts(&signed, secret.poll.marks(&[0])).await.status(), 201);
}

async fn no_tally_is_told_before_the_close(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(&assembly, leaders(&assembly)).await;
    let fields = "version updatedAt state votesCast votesSpoiled receipts options { text votesFor chosen } outcome { quorumReached } explanation votes { unitName }";
    let told = async || {
        let mut seen = Vec::new();
        for who in [
            &assembly.specialist,
            &assembly.committee,
            &assembly.officers[0],
            &assembly.officers[5],
        ] {
            seen.push(secret.poll.asked(who, fields).await.at("/node").clone());
        }
        seen
    };
    let before = told().await;
    assert_eq!(before[0]["receipts"], json!([]));
    for member in 0..3 {
        let signed = secret.token(member).await;
        secret.casts(&signed, secret.poll.marks(&[0])).await;
    }
    assert_eq!(
        told().await,
        before,
        "three votes are in, and nobody is told a word of them"
    );
    let rest = assembly
        .specialist
        .get(&format!("/api/v1/ballots/{}", secret.poll.id))
        .await;
    assert_eq!(
        (&rest.body()["votesCast"], &rest.body()["outcome"]),
        (&Value::Null, &Value::Null)
    );
}

async fn of_five_of_whom_four_agree_only_the_outcome_is_known(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let mut input = motion(&assembly, "Đề nghị tặng Cờ thi đua");
    input["threshold"] = json!({ "part": { "numerator": 80, "denominator": 100 } });
    let secret = Secret::open(&assembly, input).await;
    for member in 0..5 {
        let signed = secret.token(member).await;
        let answer = if member == 2 { "NO" } else { "YES" };
        assert_eq!(secret.casts(&signed, secret.poll.answers(answer)).await.status(), 201);
    }
    secret.poll.takes("closeBallot").await.thing();
    for who in [&assembly.specialist, &assembly.officers[2]] {
        let fields = "votesSpoiled options { votesFor votesAgainst votesAbstained chosen } outcome { countsHidden chosen { text } } explanation";
        let seen = secret.poll.asked(who, fields).await;
        let option = json!([{ "votesFor": null, "votesAgainst": null, "votesAbstained": null, "chosen": true }]);
        assert_eq!(*seen.at("/node/options"), option);
        assert_eq!(
            (seen.at("/node/outcome/countsHidden"), seen.at("/node/votesSpoiled")),
            (&json!(true), &Value::Null)
        );
        let said = seen.at("/node/explanation").to_string();
        assert!(
            said.contains("chỉ công bố kết quả") && !said.contains("tán thành"),
            "{said}"
        );
    }
    // Nor are they kept.
    let kept = app
        .rows("SELECT votes_for FROM ballot_count WHERE votes_for IS NOT NULL OR votes_against IS NOT NULL")
        .await;
    assert!(kept.is_empty());
    let outcome = app.rows("SELECT outcome FROM ballot").await[0]
        .try_get::<String>("", "outcome")
        .expect("a text");
    assert!(!outcome.contains("spoiled") && !outcome.contains("votes"), "{outcome}");
}

/// Everything in the tables that is text, with the name of its table.
async fn lines(app: &TestApp) -> Vec<(String, String)> {
    let contents = app.contents().await;
    let of = |(table, rows): (String, Vec<String>)| rows.into_iter().map(move |row| (table.clone(), row));
    contents.into_iter().flat_map(of).collect()
}

/// A UUID in each of the ways in which the databases print one.
fn printed(id: uuid::Uuid) -> [String; 3] {
    let simple = id.simple().to_string();
    [id.to_string(), simple.to_uppercase(), simple]
}

async fn no_table_joins_a_voter_to_a_choice(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(&assembly, leaders(&assembly)).await;
    let audit = async || app.rows("SELECT id FROM audit_entry").await.len();
    let before = audit().await;
    let marks = [0, 1, 0, 1, 0, 0];
    let receipts = secret.all_vote(&marks).await;
    assert_eq!(audit().await, before, "neither tokens nor votes are in the audit");

    // While it is open: papers say nothing that can be read, and are equally long.
    let voters: Vec<String> = assembly.members.iter().flat_map(|unit| printed(unit.uuid)).collect();
    let accounts: Vec<String> = assembly
        .officers
        .iter()
        .flat_map(|who| printed(who.account()))
        .collect();
    let options: Vec<String> = secret
        .poll
        .options
        .iter()
        .flat_map(|id| printed(Kind::BallotOption.parse(id).expect("an option")))
        .collect();
    let names = |line: &str, any: &[String]| any.iter().any(|one| line.contains(one.as_str()));
    let open = lines(&app).await;
    let papers: Vec<&String> = open
        .iter()
        .filter(|(table, _)| table == "ballot_paper")
        .map(|(_, row)| row)
        .collect();
    assert_eq!(papers.len(), 6);
    assert!(papers.iter().all(|row| row.len() == papers[0].len()), "{papers:?}");
    for row in &papers {
        assert!(
            !names(row, &voters) && !names(row, &accounts) && !names(row, &options),
            "{row}"
        );
        assert!(
            !row.contains("marks") && !row.contains("2026-12"),
            "a paper has no choice in clear and no time: {row}"
        );
    }
    for (table, row) in &open {
        let of_paper = receipts.iter().any(|receipt| row.contains(receipt.as_str()));
        assert!(!of_paper || table == "ballot_paper", "{table}: {row}");
        let on_roll = table == "ballot_roll";
        assert!(
            !on_roll || !row.contains("2026-12"),
            "the roll says that a token was given, and not when: {row}"
        );
    }
    // They lie in the order of random digests, not in that in which they came.
    let stored = app
        .rows("SELECT receipt FROM ballot_paper ORDER BY ballot_id, receipt")
        .await;
    let stored: Vec<String> = stored
        .iter()
        .map(|row| row.try_get("", "receipt").expect("a text"))
        .collect();
    let mut sorted = receipts.clone();
    sorted.sort();
    assert_eq!(stored, sorted);

    // After the count: no papers, no keys, nothing of what was signed; receipts by themselves, sums by themselves.
    secret.poll.takes("closeBallot").await.thing();
    let closed = lines(&app).await;
    assert!(
        !closed
            .iter()
            .any(|(table, _)| table == "ballot_paper" || table == "ballot_vote")
    );
    for column in ["ballot.sealed_key", "ballot_roll.blinded_hash"] {
        let (table, column) = column.split_once('.').expect("a column");
        let left = app
            .rows(&format!("SELECT 1 AS one FROM {table} WHERE {column} IS NOT NULL"))
            .await;
        assert!(left.is_empty(), "{table}.{column}");
    }
    for (table, row) in &closed {
        let told = receipts.iter().any(|receipt| row.contains(receipt.as_str()));
        assert!(!told || table == "ballot_receipt", "{table}: {row}");
        let receipt_of_somebody =
            table == "ballot_receipt" && (names(row, &voters) || names(row, &accounts) || names(row, &options));
        assert!(!receipt_of_somebody, "{row}");
        let count_of_somebody = table == "ballot_count" && (names(row, &voters) || names(row, &accounts));
        assert!(!count_of_somebody, "{row}");
    }
    // Nor does the audit or what is told to others: it knows the ballot, who opened and who closed it.
    let said: Vec<&String> = closed
        .iter()
        .filter(|(table, row)| {
            (table == "audit_entry" || table == "event" || table == "idempotency_key") && names(row, &options)
        })
        .map(|(_, row)| row)
        .collect();
    assert!(said.is_empty(), "{said:?}");
    let id = Kind::Ballot.parse(&secret.poll.id).expect("a ballot");
    let events: Vec<String> = app.audit_of(id).await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(events, ["BALLOT_DRAFTED", "BALLOT_OPENED", "BALLOT_CLOSED"]);
}

async fn a_ballot_that_is_void_goes_unread(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(&assembly, leaders(&assembly)).await;
    secret.all_vote(&[0, 1, 0]).await;
    let mut void = secret.poll.step().await;
    void["reason"] = "Danh sách đề cử sai".into();
    assembly.specialist.does("voidBallot", void).await.thing();
    let seen = secret
        .poll
        .asked(&assembly.specialist, "state receipts votesCast options { votesFor }")
        .await;
    assert_eq!(
        (seen.str("/node/state"), seen.at("/node/receipts")),
        ("VOID", &json!([]))
    );
    assert!(app.rows("SELECT receipt FROM ballot_paper").await.is_empty());
    assert!(
        app.rows("SELECT id FROM ballot WHERE sealed_key IS NOT NULL")
            .await
            .is_empty()
    );
}

async fn the_door_for_votes_keeps_nothing_of_who_calls(app: TestApp) {
    let id = |response: &actix_web::dev::ServiceResponse| {
        let header = response.headers().get("x-request-id").expect("an id");
        header.to_str().expect("a text").to_owned()
    };
    let ballot = Kind::Ballot.id(uuid::Uuid::now_v7());
    let path = format!("/api/v1/ballots/{ballot}/votes");
    let request = |method: Method, path: &str| {
        TestRequest::default()
            .method(method)
            .uri(path)
            .insert_header(("X-Request-Id", "cua-don-vi-dak-to"))
            .peer_addr("203.0.113.9:4711".parse().expect("an address"))
    };
    let vote = json!({ "token": "", "signature": "", "choice": { "spoiled": true } });
    let answer = app.call(request(Method::POST, &path).set_json(vote)).await;
    assert_eq!(answer.status(), 404);
    assert_ne!(
        id(&answer),
        "cua-don-vi-dak-to",
        "an id that somebody chose could be theirs"
    );
    let request_made = answer.request().clone();
    let record = actix_web::HttpMessage::extensions(&request_made)
        .get::<std::sync::Arc<thidua::request::RequestRecord>>()
        .expect("a record")
        .clone();
    assert_eq!(
        record.client,
        thidua::request::Client::default(),
        "no address, no name of a browser"
    );
    assert!(record.account.get().is_none());
    // Elsewhere an id that the client chose is kept, so that its reports can be followed.
    let elsewhere = app.call(request(Method::GET, "/api/v1/ballots")).await;
    assert_eq!(id(&elsewhere), "cua-don-vi-dak-to");
}
