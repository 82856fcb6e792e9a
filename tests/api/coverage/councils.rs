//! The doors of councils and of their ballots about proposals.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Refused, Script, SeesNothing, Sent};
use crate::awards_proposals::{Awarding, at};
use crate::councils::{Board, new_council};
use crate::councils_ballots::Vote;

/// The mutations.
pub async fn mutations(script: &mut Script) {
    let (app, world) = (script.app.clone(), script.app.world());
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let council = script
        .call("createCouncil", &specialist, new_council(&world["Sóc Trăng"]))
        .await;
    let member = json!({
        "councilId": council["id"], "version": council["version"], "name": "Nguyễn Văn Bình", "seat": "CHAIR", "validFrom": "2020-01-01",
    });
    let council = script.call("addCouncilMember", &specialist, member).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Council { members { id version } } } }";
    let seen = specialist.graphql(query, json!({ "id": council["id"] })).await;
    let mut end = seen.at("/node/members/0").clone();
    end["on"] = "2026-06-01".into();
    let council = script.call("endCouncilMember", &specialist, end).await;
    let mut end = at(&council);
    end["on"] = "2027-01-01".into();
    script.call("endCouncil", &specialist, end).await;
    ballot(script).await;
}

/// A proposal that the council votes on.
async fn ballot(script: &mut Script) {
    let awarding = Awarding::coded(&script.app, "CO_HD", "BK_HD").await;
    let board = Board::of(&script.app, "Sóc Trăng", 3).await;
    let proposed = awarding.proposes("Sở Khoa học").await.thing().clone();
    let endorsed = awarding
        .specialist
        .does("endorseAwardProposal", at(&proposed))
        .await
        .thing()
        .clone();
    let appraised = awarding
        .specialist
        .does("appraiseAwardProposal", at(&endorsed))
        .await
        .thing()
        .clone();
    let input = json!({
        "conferenceId": board.meeting, "title": "Xét tặng Cờ thi đua", "proposalIds": [appraised["id"]], "secret": false,
    });
    let drafted: Value = script.call("draftAwardBallot", &board.specialist, input).await;
    let vote = Vote::known(&board, drafted["id"].as_str().expect("an id")).await;
    vote.takes("openBallot").await.thing();
    for member in 0..3 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    vote.takes("closeBallot").await.thing();
    let confirmed = vote.takes("confirmBallot").await.thing().clone();
    let taken = json!({ "ballotId": confirmed["id"], "version": confirmed["version"] });
    script.call("takeAwardVotes", &awarding.committee, taken).await;
}

/// The operations of REST.
pub async fn rest(script: &mut Script) {
    let board = Board::of(&script.app, "Kon Tum", 2).await;
    let (who, none, list) = (&board.people[0], Sent::default(), "/api/v1/councils");
    script
        .rest(Method::GET, list, list, who, none.clone(), SeesNothing)
        .await;
    let (one, filled) = (format!("{list}/{{id}}"), format!("{list}/{}", board.id));
    script.rest(Method::GET, &one, &filled, who, none, Refused).await;
}
