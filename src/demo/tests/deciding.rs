//! What is decided in the demonstration: ballots and proposals, in every state that a person may want to look at.

use std::collections::BTreeSet;

use sea_orm::EntityTrait as _;
use thidua_entity::enums::RuleOutcome;
use thidua_entity::{award_proposal, ballot, ballot_option};

use super::*;

use crate::awards::usecases::read;
use crate::ballots::counting::Why;
use crate::ballots::store as ballots;
use crate::ballots::usecases::{chosen, digest_of, outcome_of};

#[tokio::test]
async fn ballots_are_drafted_open_counted_confirmed_and_recorded_from_paper() {
    let (env, _folder) = loaded().await;
    let rows = ballot::Entity::find().all(&env.db).await.expect("ballots");
    let states: BTreeSet<String> = rows.iter().map(|row| row.state.code()).collect();
    let expected = ["CONFIRMED", "DRAFTED", "OPEN", "TALLIED"].map(str::to_owned);
    assert_eq!(states, BTreeSet::from(expected));
    for row in &rows {
        let roll = ballots::roll(&env.db, &[row.id]).await.expect("a roll");
        assert!(
            row.roll_hash.iter().all(|hash| *hash == digest_of(row.id, &roll)),
            "{}",
            row.title
        );
    }
    let paper = rows.iter().find(|row| row.title == "Bình xét đơn vị dẫn đầu năm 2020");
    let paper = paper.expect("the ballot of Kon Tum");
    let options = ballots::options(&env.db, &[paper.id]).await.expect("options");
    let outcome = outcome_of(paper).expect("read").expect("an outcome");
    let names: Vec<&str> = chosen(&outcome, &options).map(|option| option.text.as_str()).collect();
    assert_eq!(names, ["LĐLĐ huyện Ngọc Hồi"]);
    let missed = rows.iter().find(|row| row.title == "Suy tôn đơn vị dẫn đầu năm 2026");
    let outcome = outcome_of(missed.expect("a ballot"))
        .expect("read")
        .expect("an outcome");
    // Six of thirteen are not more than half.
    assert_eq!(outcome.decision.further.map(|further| further.why), Some(Why::Missed));
    assert!(ballot_option::Entity::find().all(&env.db).await.expect("options").len() > 10);
}

#[tokio::test]
async fn proposals_are_judged_by_what_the_registry_holds() {
    let (env, _folder) = loaded().await;
    let rows = award_proposal::Entity::find().all(&env.db).await.expect("proposals");
    let states: BTreeSet<String> = rows.iter().map(|row| row.state.code()).collect();
    assert_eq!(states.len(), 6, "{states:?}");
    for row in &rows {
        let judged = read(&row.eligibility).expect("judged");
        assert!(judged.rules.len() >= 5, "{}: {:?}", row.merit, judged.rules);
        assert!(judged.rules.iter().any(|one| one.outcome == RuleOutcome::Pass));
    }
}
