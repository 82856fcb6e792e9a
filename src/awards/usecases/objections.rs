//! What units hold against outcomes that were told, before they are decided, and the answers.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{EventKind, ObjectionOutcome, ProposalState};
use thidua_entity::{award_objection, award_proposal, award_proposal_step};
use uuid::Uuid;

use super::proposals::{due_on, lock_quotas, seats};
use super::terms_of;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::store;
use crate::clusters;
use crate::clusters::rules::Span;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::scoring::usecases::still_open;
use crate::units::store as units;
use crate::version::Seen;
use crate::{db, events, input};

/// Most objections to one outcome: more than a cluster has, and few enough for one list.
const OBJECTIONS_MAX: usize = 100;

/// What a unit holds against an outcome.
#[derive(Clone, Debug)]
pub struct NewObjection<'a> {
    /// The proposal.
    pub proposal: Uuid,
    /// The unit that objects.
    pub unit: Uuid,
    /// What it says.
    pub text: &'a str,
}

/// Lets an objection through while one may object to an outcome; `WRONG_STATE` otherwise. What was not told says no more than that.
pub fn within_window(proposal: &award_proposal::Model, today: NaiveDate) -> Result<()> {
    match proposal.objections_until {
        Some(_) if proposal.decision_id.is_some() => Err(Error::WrongState(Text::new(
            "Đề nghị này đã có quyết định khen thưởng.",
            "The proposal is decided already.",
        ))),
        Some(until) if today <= until => Ok(()),
        Some(until) => Err(Error::WrongState(Text::new(
            format!("Thời hạn khiếu nại đã hết vào ngày {}.", until.format("%d/%m/%Y")),
            format!("The time to object ended on {until}."),
        ))),
        None => Err(Error::WrongState(Text::new(
            "Chỉ khiếu nại được trong thời hạn sau khi kết quả xét khen thưởng được thông báo.",
            "One objects within the window after outcomes were told.",
        ))),
    }
}

/// Objects to an outcome for a unit: one of the side that proposes, or another of a cluster of the unit that proposes.
pub async fn raise(env: &Env, actor: &Actor, new: &NewObjection<'_>) -> Result<award_objection::Model> {
    let text = input::paragraph("text", new.text)?;
    let (reach, today) = (policy::reach(actor), env.today());
    let tx = db::begin_write(&env.db).await?;
    let found = store::find_candidate(&tx, &reach, new.proposal, today).await?;
    let unit = units::find(&tx, &reach, new.unit, today).await?;
    let place = units::place(&tx, &unit, today).await?;
    let actor = &policy::authorize(actor, Action::ObjectionRaise, &place)?;
    let proposal = store::lock_proposal(&tx, found.id).await?;
    concerned(&tx, &proposal, unit.id, today).await?;
    within_window(&proposal, today)?;
    let others = store::objections_to(&tx, proposal.id).await?;
    let mut same = others
        .iter()
        .filter(|row| row.unit_id == unit.id && row.text == text && row.outcome.is_none());
    if let Some(same) = same.next() {
        // Sent twice: the first is there.
        return Ok(same.clone());
    }
    input::list_size("text", others.len().saturating_add(1), OBJECTIONS_MAX)?;
    let row = award_objection::ActiveModel {
        id: Set(env.new_id()),
        proposal_id: Set(proposal.id),
        unit_id: Set(unit.id),
        text: Set(text),
        raised_by: Set(actor.recorded_as()),
        raised_for: Set(actor.acting_for()),
        raised_at: Set(env.now()),
        outcome: Set(None),
        answer: Set(None),
        answered_by: Set(None),
        answered_for: Set(None),
        answered_at: Set(None),
        version: Set(1),
    };
    let row = store::add_objection(&tx, row).await?;
    let subject = (Kind::AwardObjection, row.id);
    let detail = json!({ "proposalId": proposal.id, "unitId": unit.id });
    audit::record(&tx, env, actor, Event("AWARD_OBJECTION_RAISED"), subject, detail).await?;
    events::tell(&tx, env, actor, EventKind::AwardObjectionRaised, subject, json!({})).await?;
    tx.commit().await?;
    Ok(row)
}

/// Sees that an outcome concerns a unit: it is of the side that proposes, or belongs to a cluster with it today.
async fn concerned(
    tx: &impl ConnectionTrait,
    proposal: &award_proposal::Model,
    unit: Uuid,
    today: NaiveDate,
) -> Result<()> {
    if [proposal.proposer_id, proposal.unit_id].contains(&unit) {
        return Ok(());
    }
    let memberships = clusters::store::memberships_of(tx, &[unit, proposal.proposer_id]).await?;
    let clusters_of = |whose: Uuid| {
        let of = memberships
            .iter()
            .filter(move |row| row.unit_id == whose && Span::from(*row).holds_on(today));
        of.map(|row| row.cluster_id)
    };
    let own: Vec<Uuid> = clusters_of(unit).collect();
    if clusters_of(proposal.proposer_id).any(|cluster| own.contains(&cluster)) {
        return Ok(());
    }
    Err(Error::invalid(
        "UNIT_NOT_CONCERNED",
        "unitId",
        "Chỉ đơn vị đề nghị, đơn vị được đề nghị hoặc đơn vị cùng cụm mới khiếu nại được.",
        "Only the unit that proposes, the one that it is for, or another of the same cluster objects.",
    ))
}

/// The answer to an objection.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// Which.
    pub objection: Uuid,
    /// The version that was seen.
    pub seen: Seen,
    /// What came of it.
    pub outcome: ObjectionOutcome,
    /// Why.
    pub text: &'a str,
}

/// Whether the caller may answer an objection, as it acts: at the side that decides, and neither who proposed or appraised nor who raised
/// it. An office of a cluster to which the deciding unit belongs does not count: that cluster has no part in it.
pub fn may_answer(
    actor: &Actor,
    decider: &Place,
    (proposal, objection): (&award_proposal::Model, &award_objection::Model),
    steps: &[award_proposal_step::Model],
) -> Result<Actor> {
    let action = Action::ObjectionAnswer;
    let at = Place {
        clusters: Vec::new(),
        ..decider.clone()
    };
    let acting = policy::authorize(actor, action, &at)?;
    let mut hands = super::hands(proposal, steps);
    hands.extend([objection.raised_by, objection.raised_for].into_iter().flatten());
    policy::not_own_work(&acting, action, &hands)?;
    Ok(acting)
}

/// Answers an objection. One that is upheld takes the proposal back before its outcome, so that it is concluded anew.
pub async fn answer(env: &Env, actor: &Actor, given: &Answer<'_>) -> Result<award_objection::Model> {
    let text = input::paragraph("answer", given.text)?;
    let (reach, today) = (policy::reach(actor), env.today());
    let tx = db::begin_write(&env.db).await?;
    let found = store::find_objection(&tx, &reach, given.objection, today).await?;
    let proposal = store::lock_proposal(&tx, found.proposal_id).await?;
    // Read again, now that nobody else answers.
    let row = store::find_objection(&tx, &reach, found.id, today).await?;
    let decider = super::place(&tx, proposal.decider_id, today).await?;
    let steps = store::proposal_steps(&tx, &[proposal.id]).await?;
    let actor = &may_answer(actor, &decider, (&proposal, &row), &steps)?;
    still_open(row.outcome)?;
    given.seen.check(row.version)?;
    let change = award_objection::ActiveModel {
        outcome: Set(Some(given.outcome)),
        answer: Set(Some(text)),
        answered_by: Set(actor.recorded_as()),
        answered_for: Set(actor.acting_for()),
        answered_at: Set(Some(env.now())),
        ..Default::default()
    };
    let row = store::update_objection(&tx, &row, change).await?;
    let subject = (Kind::AwardObjection, row.id);
    let detail = json!({ "proposalId": proposal.id, "outcome": given.outcome });
    audit::record(&tx, env, actor, Event("AWARD_OBJECTION_ANSWERED"), subject, detail).await?;
    events::tell(&tx, env, actor, EventKind::AwardObjectionAnswered, subject, json!({})).await?;
    if given.outcome == ObjectionOutcome::Upheld {
        reopen(&tx, env, actor, &proposal).await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// Takes a proposal back before its outcome. Places in quotas that it gave free when the outcome was told it must find again. Where another
/// objection took it back already, nothing is left to do.
async fn reopen(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, proposal: &award_proposal::Model) -> Result<()> {
    let (Some(before), None) = (proposal.outcome_from, proposal.decision_id) else {
        return Ok(());
    };
    let (now, today) = (env.now(), env.today());
    if let Some(lower) = proposal.reduced_to_id {
        store::release_seats(tx, &[proposal.id], lower, now).await?;
    }
    if matches!(proposal.state, ProposalState::Refused | ProposalState::Reduced) {
        let place = super::place(tx, proposal.proposer_id, today).await?;
        let quotas = lock_quotas(tx, (proposal.award_type_id, proposal.year), &place).await?;
        let seats = seats(tx, &quotas, (proposal.proposer_id, proposal.unit_id), "outcome").await?;
        store::reserve(tx, proposal.id, &seats, || env.new_id(), now).await?;
    }
    let terms = terms_of(tx, proposal.terms_id).await?;
    let change = award_proposal::ActiveModel {
        state: Set(before),
        outcome_from: Set(None),
        released_at: Set(None),
        objections_until: Set(None),
        reduced_to_id: Set(None),
        reduced_terms_id: Set(None),
        forwarded_to: Set(None),
        due_on: Set(due_on(today, before, terms.as_ref())),
        updated_at: Set(now),
        ..Default::default()
    };
    store::update_proposal(tx, proposal, change).await?;
    let subject = (Kind::AwardProposal, proposal.id);
    let detail = json!({ "from": proposal.state, "to": before });
    audit::record(tx, env, actor, Event("AWARD_OUTCOME_REOPENED"), subject, detail).await?;
    events::tell(tx, env, actor, EventKind::AwardOutcomeReopened, subject, json!({})).await
}
