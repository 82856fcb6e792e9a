//! A tie of places that the members of a cluster decide at their conference: the ballot puts the units in order, and the next result says so.

use serde_json::{Value, json};

use crate::ballots::Poll;
use crate::clusters::Cluster;
use crate::conferences::{Assembly, planned};
use crate::results::{Judged, told, units};
use crate::results_ties::even;
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    the_order_that_the_members_voted_becomes_the_places,
    a_ballot_that_leaves_units_equal_settles_nothing,
    only_a_confirmed_ballot_of_that_year_about_the_tie_settles_it,
    who_may_not_publish_results_settles_no_tie_by_ballot,
}

const MEMBERS: [&str; 4] = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Thư viện"];

/// The conference in which the units of an emulation year meet, all present.
async fn meets(judged: &Judged, year: Option<&str>) -> Assembly {
    let app = &judged.app;
    let cluster = Cluster {
        id: judged.cluster.id.clone(),
        specialist: judged.cluster.specialist.clone(),
    };
    let (mut members, mut officers) = (Vec::new(), Vec::new());
    for short in MEMBERS {
        let unit = app.world()[short].clone();
        officers.push(app.officer_of(&unit).await);
        members.push(unit);
    }
    let mut plan = planned(&cluster.id);
    plan["yearId"] = json!(year);
    let specialist = cluster.specialist.clone();
    let id = specialist.does("planConference", plan).await.id().to_owned();
    let assembly = Assembly {
        app: app.clone(),
        cluster,
        id,
        members,
        officers,
        committee: judged.committee.clone(),
        specialist,
    };
    assembly.takes("openConference", json!({})).await.thing();
    assembly.called(|_| "PRESENT").await.thing();
    assembly
}

/// A year in which Sở Tài chính and Sở Ngoại vụ are even, on the day of its conference.
async fn tied(app: &TestApp) -> Judged {
    app.it_is(moment(2026, 12, 25, 8, 0));
    let judged = even(app, &crate::results::plain()).await;
    for short in MEMBERS {
        judged.cluster.takes_in(&app.world()[short], "2020-01-01").await.thing();
    }
    judged
}

/// A ballot for one of the two.
fn between(assembly: &Assembly) -> Value {
    json!({
        "conferenceId": assembly.id, "title": "Phân định hạng nhì", "kind": "CHOOSE", "purpose": "TIE", "secret": false,
        "nomineeIds": [assembly.unit("Sở Ngoại vụ"), assembly.unit("Sở Tài chính")], "denominator": "VOTES_CAST",
        "threshold": { "part": { "numerator": 1, "denominator": 2 } },
    })
}

/// The members vote for one of the two each, in their order, and the votes are counted.
async fn voted<'a>(assembly: &'a Assembly, marks: [usize; 4]) -> Poll<'a> {
    let poll = Poll::open(assembly, between(assembly)).await;
    for (member, mark) in marks.into_iter().enumerate() {
        poll.votes(member, poll.marks(&[mark])).await.thing();
    }
    poll.takes("closeBallot").await.thing();
    poll
}

async fn settles(who: &Person, poll: &Poll<'_>, result: &Value) -> Answer {
    let input = json!({ "ballotId": poll.id, "resultId": result["id"], "version": result["version"] });
    who.does("settleTieByBallot", input).await
}

async fn the_order_that_the_members_voted_becomes_the_places(app: TestApp) {
    let judged = tied(&app).await;
    let assembly = meets(&judged, Some(&judged.year_id())).await;
    let shared = judged.computes().await;
    let poll = voted(&assembly, [1, 1, 0, 1]).await;
    poll.takes("confirmBallot").await.thing();
    settles(&judged.committee, &poll, shared.thing()).await.thing();
    let settled = judged.computes().await;
    let places = units(&judged.committee, settled.id()).await;
    assert_eq!(places[1..3], ["CĐCS Sở Tài chính 80 T 2", "CĐCS Sở Ngoại vụ 80 T 3"]);
    let place = told(
        &judged.committee,
        settled.id(),
        json!({ "place": assembly.unit("Sở Ngoại vụ") }),
    )
    .await;
    let basis = "Căn cứ phân định: Bỏ phiếu «Phân định hạng nhì», Hội nghị tổng kết phong trào thi đua năm 2026 ngày 25/12/2026: \
                 CĐCS Sở Tài chính 3 phiếu, CĐCS Sở Ngoại vụ 1 phiếu.";
    assert!(place.iter().any(|sentence| sentence == basis), "{place:?}");
    let published = judged.publishes(settled.thing()).await;
    assert_eq!(published.thing()["state"], "PUBLISHED");
    let late = settles(&judged.committee, &poll, published.thing()).await;
    assert_eq!(late.code(), "WRONG_STATE");
}

async fn a_ballot_that_leaves_units_equal_settles_nothing(app: TestApp) {
    let judged = tied(&app).await;
    let assembly = meets(&judged, Some(&judged.year_id())).await;
    let shared = judged.computes().await;
    let poll = voted(&assembly, [1, 1, 0, 0]).await;
    poll.takes("confirmBallot").await.thing();
    let refused = settles(&judged.committee, &poll, shared.thing()).await;
    assert_eq!(refused.user_errors(), [("ORDER_UNCERTAIN", "ballotId")]);
    // Nothing was stored: what was computed is still the last word.
    assert_eq!(judged.computes().await.id(), shared.id());
}

async fn only_a_confirmed_ballot_of_that_year_about_the_tie_settles_it(app: TestApp) {
    let judged = tied(&app).await;
    let assembly = meets(&judged, Some(&judged.year_id())).await;
    let shared = judged.computes().await;
    let who = &judged.committee;
    let counted = voted(&assembly, [1, 1, 0, 1]).await;
    assert_eq!(settles(who, &counted, shared.thing()).await.code(), "WRONG_STATE");

    let mut other = between(&assembly);
    other["purpose"] = "OTHER".into();
    let other = Poll::open(&assembly, other).await;
    other.takes("closeBallot").await.thing();
    other.takes("confirmBallot").await.thing();
    let refused = settles(who, &other, shared.thing()).await;
    assert_eq!(refused.user_errors(), [("BALLOT_FOR_SOMETHING_ELSE", "ballotId")]);

    // One unit too many: not all of them share the place.
    let mut three = between(&assembly);
    three["nomineeIds"] = json!(["Sở Tài chính", "Sở Nội vụ"].map(|short| assembly.unit(short)));
    let three = Poll::open(&assembly, three).await;
    for member in 0..4 {
        three.votes(member, three.marks(&[0])).await.thing();
    }
    three.takes("closeBallot").await.thing();
    three.takes("confirmBallot").await.thing();
    let refused = settles(who, &three, shared.thing()).await;
    assert_eq!(refused.user_errors(), [("NOT_TIED", "unitIds")]);

    // A conference that is about no year has no places to settle.
    let elsewhere = meets(&judged, None).await;
    let refused = elsewhere.specialist.does("draftBallot", between(&elsewhere)).await;
    assert_eq!(refused.user_errors(), [("CONFERENCE_WITHOUT_YEAR", "conferenceId")]);
    let alone = json!([assembly.unit("Sở Tài chính")]);
    let mut input = between(&assembly);
    input["nomineeIds"] = alone;
    let refused = assembly.specialist.does("draftBallot", input).await;
    assert_eq!(refused.user_errors(), [("TOO_FEW_OPTIONS", "nomineeIds")]);
}

async fn who_may_not_publish_results_settles_no_tie_by_ballot(app: TestApp) {
    let judged = tied(&app).await;
    let assembly = meets(&judged, Some(&judged.year_id())).await;
    let shared = judged.computes().await;
    let poll = voted(&assembly, [1, 1, 0, 1]).await;
    poll.takes("confirmBallot").await.thing();
    let specialist = settles(&assembly.specialist, &poll, shared.thing()).await;
    assert_eq!(specialist.code(), "FORBIDDEN");
    for who in [app.stranger().await, app.committee_of(&app.world()["Kon Tum"]).await] {
        assert_eq!(settles(&who, &poll, shared.thing()).await.code(), "NOT_FOUND");
    }
}
