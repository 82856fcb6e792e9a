//! The frozen roll gives the vote: what is written of memberships while a ballot is open takes it from nobody who is counted.

use serde_json::{Value, json};

use crate::ballots::{Poll, election, motion};
use crate::ballots_secret::Secret;
use crate::conferences::Assembly;
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    a_unit_whose_membership_is_ended_in_hindsight_still_casts_its_vote,
    a_unit_whose_membership_is_ended_in_hindsight_still_takes_its_token,
    sight_of_one_ballot_shows_no_more_of_the_conference,
}

/// It turns out that Tu Mơ Rông left the cluster five days before the conference, while it is held.
async fn left_in_hindsight(assembly: &Assembly) {
    let unit = &assembly.members[4];
    let left = assembly
        .cluster
        .lets_go("members", unit, "2026-12-25", "2026-12-20")
        .await;
    left.thing();
}

async fn a_unit_whose_membership_is_ended_in_hindsight_still_casts_its_vote(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let poll = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    left_in_hindsight(&assembly).await;
    let seen = poll.asked(&assembly.officers[4], "title options { id }").await;
    assert_eq!(seen.str("/node/title"), "Thông qua báo cáo", "it sees what it votes on");
    let vote = |member: usize| json!({ "ballotId": poll.id, "unitId": assembly.members[member].id(), "choice": poll.answers("YES"), "idempotencyKey": "phieu" });
    let officer = &assembly.officers[4];
    officer.does("castVote", vote(4)).await.thing();
    // The answer was lost.
    officer.does("castVote", vote(4)).await.thing();
    let mut other = vote(3);
    other["idempotencyKey"] = "cua-don-vi-khac".into();
    assert_eq!(officer.does("castVote", other).await.code(), "FORBIDDEN");
    let stranger = app.officer_of(&app.world()["Thư viện"]).await;
    assert_eq!(stranger.does("castVote", vote(4)).await.code(), "NOT_FOUND");
    for member in [0, 1, 2, 3, 5] {
        poll.votes(member, poll.answers("YES")).await.thing();
    }
    poll.takes("closeBallot").await.thing();
    let seen = poll.asked(officer, "votesCast explanation").await;
    assert_eq!(*seen.at("/node/votesCast"), json!(6));
    assert!(
        seen.str("/node/explanation/0")
            .contains("6 thành viên được bỏ phiếu trên tổng số 6 thành viên"),
        "{seen}"
    );
}

async fn a_unit_whose_membership_is_ended_in_hindsight_still_takes_its_token(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let leaders = election(&assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"]);
    let secret = Secret::open(&assembly, leaders).await;
    left_in_hindsight(&assembly).await;
    secret.all_vote(&[0, 0, 1, 0, 0, 1]).await;
    secret.poll.takes("closeBallot").await.thing();
    assert_eq!(secret.poll.chosen().await, ["LĐLĐ huyện Ngọc Hồi"]);
}

async fn sight_of_one_ballot_shows_no_more_of_the_conference(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let poll = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    let draft = Poll::draft(&assembly, motion(&assembly, "Việc khác")).await;
    left_in_hindsight(&assembly).await;
    let officer: &Person = &assembly.officers[4];
    assert_eq!(assembly.asked(officer, "title").await.code(), "NOT_FOUND");
    assert_eq!(
        draft.asked(officer, "title").await.code(),
        "NOT_FOUND",
        "it is on no roll of this one"
    );
    let seen = poll.asked(officer, "conference { title }").await;
    assert_eq!(*seen.at("/node/conference"), Value::Null);
    let list = async |only: Value| {
        let query = "query($where: BallotWhere) { ballots(where: $where) { nodes { title } totalCount } }";
        let list = officer.graphql(query, json!({ "where": only })).await;
        list.at("/ballots/totalCount").clone()
    };
    assert_eq!(list(json!({})).await, json!(1));
    assert_eq!(
        list(json!({ "conferenceId": assembly.id })).await,
        json!(0),
        "what is not seen is not asked for"
    );
}
