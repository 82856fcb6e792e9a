//! The further round that the outcome of a ballot calls for.

use sea_orm::Set;
use serde_json::json;
use thidua_entity::ballot;
use uuid::Uuid;

use super::drafting::{NewOption, written};
use super::{conference_of, outcome_of};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::state::{self, Step};
use crate::ballots::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::years::store::View;
use crate::{conferences, db, idempotency};

/// Drafts the further round that the outcome of a ballot calls for: by the same rule, for the seats that are left, between those who stand
/// again. Who is recused stays so.
pub async fn draft_further_round(env: &Env, actor: &Actor, id: Uuid, key: Option<&str>) -> Result<ballot::Model> {
    let view = View::of(actor, env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "FURTHER_ROUND_DRAFTED", &id).await? {
        return store::find(&tx, &view, first).await;
    }
    let found = store::find(&tx, &view, id).await?;
    let conference = conference_of(&tx, &found).await?;
    let place = conferences::usecases::place(&tx, env, &conference).await?;
    let acting = &policy::authorize(actor, Action::ConferenceManage, &place)?;
    let conference = conferences::store::lock(&tx, conference.id).await?;
    let before = store::lock(&tx, id).await?;
    state::next(before.state, Step::FurtherRound)?;
    conferences::state::next(conference.state, conferences::state::Step::Vote)?;
    let Some(further) = outcome_of(&before)?.and_then(|outcome| outcome.decision.further) else {
        return Err(Error::invalid(
            "NO_FURTHER_ROUND",
            "id",
            "Kết quả không cần vòng tiếp theo.",
            "The outcome calls for no further round.",
        ));
    };
    if store::has_further_round(&tx, id).await? {
        return Err(Error::AlreadyExists("ballot_round_of".to_owned()));
    }
    let options = store::options(&tx, &[id]).await?;
    let again = further.options.iter().filter_map(|&place| options.get(place));
    let again: Vec<NewOption> = again
        .map(|option| NewOption {
            unit: option.unit_id,
            proposal: option.proposal_id,
            text: option.text.clone(),
        })
        .collect();
    let recused = store::recusals(&tx, &[id]).await?;
    let recused: Vec<(Uuid, String)> = recused.into_iter().map(|row| (row.voter_id, row.reason)).collect();
    let row = ballot::ActiveModel {
        conference_id: Set(conference.id),
        round_of: Set(Some(id)),
        round: Set(before.round.saturating_add(1)),
        title: Set(before.title.clone()),
        kind: Set(before.kind),
        purpose: Set(before.purpose),
        secret: Set(before.secret),
        seats: Set(i32::try_from(further.seats).unwrap_or(i32::MAX)),
        denominator: Set(before.denominator),
        threshold_numerator: Set(before.threshold_numerator),
        threshold_denominator: Set(before.threshold_denominator),
        threshold_exceeded: Set(before.threshold_exceeded),
        quorum_numerator: Set(before.quorum_numerator),
        quorum_denominator: Set(before.quorum_denominator),
        self_vote: Set(before.self_vote),
        written_until: Set(before.written_until.filter(|until| *until >= env.today())),
        legal_basis: Set(before.legal_basis.clone()),
        ..Default::default()
    };
    let ballot = written(&tx, env, row, &again, &recused).await?;
    let detail = json!({ "roundOf": id, "round": ballot.round, "why": further.why, "seats": further.seats });
    let subject = (Kind::Ballot, ballot.id);
    audit::record(&tx, env, acting, Event("FURTHER_ROUND_DRAFTED"), subject, detail).await?;
    idempotency::remember(&tx, acting, key, ballot.id).await?;
    tx.commit().await?;
    Ok(ballot)
}
