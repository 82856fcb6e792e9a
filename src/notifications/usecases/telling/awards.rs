//! What is told of proposals and of objections to their outcomes, and whom. The side that proposes is told of an outcome when it was
//! released, and of nothing before.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use thidua_entity::enums::{NotificationKind, ProposalStep};
use thidua_entity::{award_objection, award_proposal, event, unit};
use uuid::Uuid;

use super::{Telling, news, officers};
use crate::awards::usecases::{hands, writers};
use crate::awards::{state, store};
use crate::clusters::rules::Span;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::OfDeadline;
use crate::ids::Kind;
use crate::notifications::store::{self as notifications, News};
use crate::notifications::wording::{AboutAward, Told};
use crate::policy::{self, Action, Reach};
use crate::{clusters, units};

/// A unit, whoever asks.
pub(super) async fn unit_of(tx: &impl ConnectionTrait, env: &Env, id: Uuid) -> Result<unit::Model> {
    units::store::find(tx, &Reach::everything(), id, env.today()).await
}

async fn proposal_of(tx: &impl ConnectionTrait, env: &Env, id: Uuid) -> Result<award_proposal::Model> {
    store::find_proposal(tx, &Reach::everything(), id, env.today()).await
}

/// What is told of a proposal. Nothing of its outcome.
async fn about(tx: &impl ConnectionTrait, env: &Env, proposal: &award_proposal::Model) -> Result<AboutAward> {
    let kinds = store::types(tx, &[proposal.award_type_id]).await?;
    let kind = kinds.get(&proposal.award_type_id).ok_or(Error::NotFound)?;
    let name = match &proposal.person {
        Some(person) => person.clone(),
        None => unit_of(tx, env, proposal.unit_id).await?.name,
    };
    Ok(AboutAward {
        award: kind.name.clone(),
        year: proposal.year,
        recipient: name,
        unit: proposal.unit_id,
        ..AboutAward::default()
    })
}

/// What waits of one kind of award is told once, with how much it is. `until`: the last day, where one is reminded of it.
async fn waits(
    tx: &impl ConnectionTrait,
    env: &Env,
    (event, proposal): (&event::Model, &award_proposal::Model),
    (kind, until): (NotificationKind, Option<NaiveDate>),
    whom: Vec<Uuid>,
) -> Result<Telling> {
    let told = Told {
        until,
        of_award: Some(AboutAward {
            step: state::awaited(proposal.state, false),
            ..about(tx, env, proposal).await?
        }),
        ..Told::default()
    };
    Ok(Telling {
        whom,
        news: News {
            subject: (Kind::AwardType.type_name().to_owned(), proposal.award_type_id),
            ..news(kind, event, &told)?
        },
    })
}

/// The clusters of which a unit is a member today.
async fn joined(tx: &impl ConnectionTrait, unit: Uuid, today: NaiveDate) -> Result<Vec<Uuid>> {
    let memberships = clusters::store::memberships_of(tx, &[unit]).await?;
    let joined = memberships.iter().filter(|row| Span::from(*row).holds_on(today));
    Ok(joined.map(|row| row.cluster_id).collect())
}

/// Those who keep the cluster of the unit that proposes, save that unit itself; where there are none, the nearest above who endorse.
async fn endorsers(tx: &impl ConnectionTrait, env: &Env, proposal: &award_proposal::Model) -> Result<Vec<Uuid>> {
    let (today, writers) = (env.today(), writers(proposal));
    let joined = joined(tx, proposal.proposer_id, today).await?;
    let offices = clusters::store::offices(tx, &joined).await?;
    let leaders = offices
        .iter()
        .filter(|row| Span::from(*row).holds_on(today) && row.unit_id != proposal.proposer_id);
    let leaders: Vec<Uuid> = leaders.map(|row| row.unit_id).collect();
    let mut whom = officers(tx, env, (Action::AwardPropose, &leaders)).await?;
    whom.retain(|one| !writers.contains(one));
    if !whom.is_empty() {
        return Ok(whom);
    }
    let (unit, roles) = (
        unit_of(tx, env, proposal.proposer_id).await?,
        policy::roles_that(Action::AwardEndorse),
    );
    notifications::nearest_holders(tx, &roles, &unit, &writers, today).await
}

/// Those nearest to the unit that decides who take a step.
async fn at_decider(
    tx: &impl ConnectionTrait,
    env: &Env,
    proposal: &award_proposal::Model,
    action: Action,
) -> Result<Vec<Uuid>> {
    let decider = unit_of(tx, env, proposal.decider_id).await?;
    let roles = policy::roles_that(action);
    notifications::nearest_holders(tx, &roles, &decider, &writers(proposal), env.today()).await
}

/// Those who endorse: a proposal came to them.
pub(super) async fn to_endorsers(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let proposal = proposal_of(tx, env, event.subject_id).await?;
    let whom = endorsers(tx, env, &proposal).await?;
    let kind = (NotificationKind::AwardToEndorse, None);
    waits(tx, env, (event, &proposal), kind, whom).await
}

/// Those who appraise at the unit that decides.
pub(super) async fn to_appraisers(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let proposal = proposal_of(tx, env, event.subject_id).await?;
    let whom = at_decider(tx, env, &proposal, Action::AwardAppraise).await?;
    let kind = (NotificationKind::AwardToAppraise, None);
    waits(tx, env, (event, &proposal), kind, whom).await
}

/// Those who decide for the council and the standing committee.
pub(super) async fn to_deciders(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let proposal = proposal_of(tx, env, event.subject_id).await?;
    let whom = at_decider(tx, env, &proposal, Action::AwardDecide).await?;
    let kind = (NotificationKind::AwardToDecide, None);
    waits(tx, env, (event, &proposal), kind, whom).await
}

/// Those who take the step for which a proposal waits, that its last day is near or over. Nobody when it has gone on meanwhile.
pub(super) async fn step_due(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Option<Telling>> {
    let proposal = proposal_of(tx, env, event.subject_id).await?;
    let said: OfDeadline = serde_json::from_str(&event.detail).map_err(Error::internal)?;
    let awaited = state::awaited(proposal.state, false).filter(|_| proposal.due_on == Some(said.until));
    let whom = match awaited {
        None => return Ok(None),
        Some(ProposalStep::Endorse) => endorsers(tx, env, &proposal).await?,
        Some(step) => at_decider(tx, env, &proposal, state::permission(step).0).await?,
    };
    let kind = (kind, Some(said.until));
    Ok(Some(waits(tx, env, (event, &proposal), kind, whom).await?))
}

/// The officers of the unit that proposes: of an outcome only while it is told.
pub(super) async fn to_proposer(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Option<Telling>> {
    let proposal = proposal_of(tx, env, event.subject_id).await?;
    let of_outcome = kind == NotificationKind::AwardOutcomeTold;
    if of_outcome && proposal.released_at.is_none() {
        return Ok(None);
    }
    let mut about = about(tx, env, &proposal).await?;
    let mut reason = None;
    if of_outcome {
        about.outcome = Some(proposal.state);
        about.forwarded_to = proposal.forwarded_to.clone();
        if let Some(lower) = proposal.reduced_to_id {
            about.lower = store::types(tx, &[lower]).await?.remove(&lower).map(|kind| kind.name);
        }
        let steps = store::proposal_steps(tx, &[proposal.id]).await?;
        let concluded = steps.into_iter().rfind(|row| store::tells_outcome(row.step));
        reason = concluded.and_then(|row| row.reason);
    }
    let told = Told {
        reason,
        until: proposal.objections_until.filter(|_| state::is_outcome(proposal.state)),
        of_award: Some(about),
        ..Told::default()
    };
    Ok(Some(Telling {
        whom: officers(tx, env, (Action::AwardPropose, &[proposal.proposer_id])).await?,
        news: news(kind, event, &told)?,
    }))
}

/// The officers of the other units of the proposer's clusters, while they may object; what was made known of one kind of award is told once.
pub(super) async fn to_neighbours(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
) -> Result<Option<Telling>> {
    let (proposal, today) = (proposal_of(tx, env, event.subject_id).await?, env.today());
    if proposal.objections_until.is_none() {
        return Ok(None);
    }
    let joined = joined(tx, proposal.proposer_id, today).await?;
    let members = clusters::store::memberships(tx, &joined).await?;
    let others = members.iter().filter(|row| Span::from(*row).holds_on(today));
    let mut others: Vec<Uuid> = others.map(|row| row.unit_id).collect();
    others.retain(|unit| ![proposal.proposer_id, proposal.unit_id].contains(unit));
    let told = Told {
        until: proposal.objections_until,
        of_award: Some(about(tx, env, &proposal).await?),
        ..Told::default()
    };
    let kind = NotificationKind::AwardMadeKnown;
    Ok(Some(Telling {
        whom: officers(tx, env, (Action::ObjectionRaise, &others)).await?,
        news: News {
            subject: (Kind::AwardType.type_name().to_owned(), proposal.award_type_id),
            ..news(kind, event, &told)?
        },
    }))
}

/// An objection with the proposal that it is about, and what is told of it.
async fn objection_of(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
) -> Result<(award_objection::Model, award_proposal::Model, Told)> {
    let everything = Reach::everything();
    let objection = store::find_objection(tx, &everything, event.subject_id, env.today()).await?;
    let proposal = proposal_of(tx, env, objection.proposal_id).await?;
    let told = Told {
        unit: unit_of(tx, env, objection.unit_id).await?.name,
        of_award: Some(about(tx, env, &proposal).await?),
        ..Told::default()
    };
    Ok((objection, proposal, told))
}

/// Those nearest to the unit that decides who may answer: neither who proposed nor who appraised.
pub(super) async fn objection_raised(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let (objection, proposal, told) = objection_of(tx, env, event).await?;
    let decider = unit_of(tx, env, proposal.decider_id).await?;
    let steps = store::proposal_steps(tx, &[proposal.id]).await?;
    let mut but = hands(&proposal, &steps);
    but.extend(event.account_id);
    let roles = policy::roles_that(Action::ObjectionAnswer);
    let told = Told {
        reason: Some(objection.text),
        ..told
    };
    Ok(Telling {
        whom: notifications::nearest_holders(tx, &roles, &decider, &but, env.today()).await?,
        news: news(NotificationKind::AwardObjectionRaised, event, &told)?,
    })
}

/// The officers of the unit that objected.
pub(super) async fn objection_answered(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let (objection, _, told) = objection_of(tx, env, event).await?;
    let told = Told {
        reason: objection.answer,
        ..told
    };
    Ok(Telling {
        whom: officers(tx, env, (Action::AwardPropose, &[objection.unit_id])).await?,
        news: news(NotificationKind::AwardObjectionAnswered, event, &told)?,
    })
}
