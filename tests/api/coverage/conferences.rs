//! The doors of conferences and ballots.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Refused, Script, SeesNothing, Sent};
use crate::ballots::{Poll, election, motion};
use crate::conferences::{Assembly, planned};
use crate::support::VotingToken;

/// The mutations.
pub async fn mutations(script: &mut Script) {
    let assembly = Assembly::of_newcomers(&script.app).await;
    let who = &assembly.specialist;
    let of = |thing: &Value, more: Value| {
        let mut input = json!({ "id": thing["id"], "version": thing["version"] });
        for (field, value) in more.as_object().into_iter().flatten() {
            input[field] = value.clone();
        }
        input
    };
    let conference = script.call("planConference", who, planned(&assembly.cluster.id)).await;
    let moved = json!({ "place": "Hội trường tỉnh" });
    let conference = script.call("changeConference", who, of(&conference, moved)).await;
    let conference = script.call("openConference", who, of(&conference, json!({}))).await;
    let entries = json!({ "entries": [{ "unitId": assembly.members[0].id(), "presence": "PRESENT" }] });
    let conference = script.call("callRoll", who, of(&conference, entries)).await;
    let text = json!({ "text": "Biên bản hội nghị" });
    let conference = script.call("writeConferenceMinutes", who, of(&conference, text)).await;
    script.call("closeConference", who, of(&conference, json!({}))).await;
    named(script, &assembly).await;
    secret(script, &assembly).await;
}

/// A ballot that is voted by name, its further round, and the offices.
async fn named(script: &mut Script, assembly: &Assembly) {
    let who = &assembly.specialist;
    let mut input = election(assembly, "CHAIR", &[]);
    input["nomineeIds"] = json!([assembly.members[1].id(), assembly.members[2].id()]);
    let drafted = script.call("draftBallot", who, input).await;
    let poll = Poll::known(assembly, drafted["id"].as_str().expect("an id")).await;
    script.call("openBallot", who, poll.step().await).await;
    let vote = |member: usize, mark: usize| json!({ "ballotId": poll.id, "unitId": assembly.members[member].id(), "choice": poll.marks(&[mark]) });
    script.call("castVote", &assembly.officers[0], vote(0, 0)).await;
    for (member, mark) in [(1, 0), (2, 0), (3, 1), (4, 1), (5, 1)] {
        assembly.officers[member]
            .does("castVote", vote(member, mark))
            .await
            .thing();
    }
    script.call("closeBallot", who, poll.step().await).await;
    let further = script.call("draftFurtherRound", who, json!({ "id": poll.id })).await;
    let further = Poll::known(assembly, further["id"].as_str().expect("an id")).await;
    let mut record = further.step().await;
    record["what"] = "OUTCOME".into();
    record["chosenIds"] = json!([further.options[0]]);
    script.call("recordBallotResult", who, record).await;
    script.call("confirmBallot", who, further.step().await).await;
    let mut void = poll.step().await;
    void["reason"] = "Đã bầu lại ở vòng sau".into();
    script.call("voidBallot", who, void).await;
    let offices =
        json!({ "conferenceId": assembly.id, "version": assembly.version().await, "validFrom": "2027-01-01" });
    script.call("appointFromConference", who, offices).await;
}

async fn secret(script: &mut Script, assembly: &Assembly) {
    let mut input = motion(assembly, "Thông qua quy chế");
    input["secret"] = true.into();
    let poll = Poll::open(assembly, input).await;
    let seen = poll.asked(&assembly.specialist, "publicKey").await;
    let token = VotingToken::new(seen.str("/node/publicKey"));
    let asked = json!({ "ballotId": poll.id, "unitId": assembly.members[0].id(), "blindedToken": token.blinded() });
    script.call("takeBallotToken", &assembly.officers[0], asked).await;
}

/// The operations of REST.
pub async fn rest(script: &mut Script) {
    let assembly = Assembly::of_newcomers(&script.app).await;
    let mut input = motion(&assembly, "Thông qua quy chế");
    input["secret"] = true.into();
    let poll = Poll::open(&assembly, input).await;
    let (who, none) = (&assembly.officers[4], Sent::default());
    for (list, id) in [("/api/v1/conferences", &assembly.id), ("/api/v1/ballots", &poll.id)] {
        script
            .rest(Method::GET, list, list, who, none.clone(), SeesNothing)
            .await;
        let (one, filled) = (format!("{list}/{{id}}"), format!("{list}/{id}"));
        script
            .rest(Method::GET, &one, &filled, who, none.clone(), Refused)
            .await;
    }
    let (handover, keeper) = ("/api/v1/clusters/{id}/handover", &assembly.specialist);
    let filled = handover.replace("{id}", &assembly.cluster.id);
    script
        .rest(Method::GET, handover, &filled, keeper, none.clone(), Refused)
        .await;
    let receipts = "/api/v1/ballots/{id}/receipts";
    let filled = receipts.replace("{id}", &poll.id);
    script.rest(Method::GET, receipts, &filled, who, none, Refused).await;
    let seen = poll.asked(who, "publicKey").await;
    let token = VotingToken::new(seen.str("/node/publicKey"));
    let query = "mutation($input: TakeBallotTokenInput!) { takeBallotToken(input: $input) { blindSignature } }";
    let asked = json!({ "ballotId": poll.id, "unitId": assembly.members[4].id(), "blindedToken": token.blinded() });
    let signed = who.graphql(query, json!({ "input": asked })).await;
    let signature = token.signature(signed.str("/takeBallotToken/blindSignature"));
    let vote = json!({ "token": token.token(), "signature": signature, "choice": poll.answers("YES") });
    let cast = script
        .app
        .nobody()
        .post(&format!("/api/v1/ballots/{}/votes", poll.id), vote)
        .await;
    script.open_to_all(
        "POST /api/v1/ballots/{id}/votes",
        &cast,
        "the token shows the right to vote, and nobody may know whose it is",
    );
}
