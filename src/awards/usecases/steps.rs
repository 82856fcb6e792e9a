//! The steps of a proposal up to the council's vote: endorsing, appraising, voting.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde_json::{Value, json};
use thidua_entity::award_proposal::{self, ActiveModel};
use thidua_entity::enums::{EventKind, ProposalState, ProposalStep};
use uuid::Uuid;

use super::{checking, proposals, terms_of};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::state::{self, Side};
use crate::awards::store;
use crate::awards::terms::Terms;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::version::Seen;
use crate::{db, events, input};

/// A proposal with which somebody takes a step: locked, with its terms, and the caller as it acts.
pub(super) struct Stepped {
    pub actor: Actor,
    pub proposal: award_proposal::Model,
    /// The state in which the caller sees it: before an outcome that was not told to it, the one before.
    pub shown: ProposalState,
    pub terms: Option<Terms>,
}

/// Where the steps of a proposal are taken.
pub struct Places {
    /// The unit that proposes, with its clusters.
    pub proposer: Place,
    /// The unit that decides.
    pub decider: Place,
}

impl Places {
    const fn of(&self, side: Side) -> &Place {
        match side {
            Side::Proposer => &self.proposer,
            Side::Decider => &self.decider,
        }
    }
}

/// Lets through who takes a step, as it acts: nobody passes what they proposed themselves, and no officer what the own unit proposes.
fn authorize(actor: &Actor, places: &Places, proposal: &award_proposal::Model, step: ProposalStep) -> Result<Actor> {
    let (action, side) = state::permission(step);
    let acting = policy::authorize(actor, action, places.of(side))?;
    if step == ProposalStep::Endorse && policy::permits(actor, Action::AwardPropose, &places.proposer) {
        return Err(Error::OwnUnit(action));
    }
    if policy::passes_work(action) {
        policy::not_own_work(actor, action, &super::writers(proposal))?;
    }
    Ok(acting)
}

/// Whether somebody may take a step with a proposal now: what the use-cases ask, for showing it.
pub fn may(
    actor: &Actor,
    places: &Places,
    proposal: &award_proposal::Model,
    council: bool,
    step: ProposalStep,
) -> Result<()> {
    let _acting = authorize(actor, places, proposal, step)?;
    state::next(proposal.state, step, council).map(drop)
}

/// A proposal that the caller sees and with which it may take a step, locked until the transaction ends.
pub(super) async fn stepped(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (id, seen): (Uuid, &Seen),
    step: ProposalStep,
) -> Result<Stepped> {
    let today = env.today();
    let found = store::find_proposal(tx, &policy::reach(actor), id, today).await?;
    let places = Places {
        proposer: super::place(tx, found.proposer_id, today).await?,
        decider: super::place(tx, found.decider_id, today).await?,
    };
    let acting = authorize(actor, &places, &found, step)?;
    let proposal = store::lock_proposal(tx, id).await?;
    // As the caller sees it: a refusal would tell of an outcome that was not told.
    let shown = store::find_proposal(tx, &policy::reach(actor), id, today).await?;
    seen.check(shown.version)?;
    let terms = terms_of(tx, proposal.terms_id).await?;
    let council = terms.as_ref().is_some_and(|terms| terms.threshold.is_some());
    state::next(shown.state, step, council)?;
    Ok(Stepped {
        actor: acting,
        proposal,
        shown: shown.state,
        terms,
    })
}

/// Takes a step: writes the state after it with what else changes, the step and its trace.
pub(super) async fn take(
    tx: &impl ConnectionTrait,
    env: &Env,
    of: &Stepped,
    (step, reason): (ProposalStep, Option<String>),
    change: ActiveModel,
    (event, detail): (&'static str, Value),
) -> Result<award_proposal::Model> {
    let before = &of.proposal;
    let council = of.terms.as_ref().is_some_and(|terms| terms.threshold.is_some());
    let after = state::next(of.shown, step, council)?;
    let mut change = ActiveModel {
        updated_at: Set(env.now()),
        ..change
    };
    if of.shown == before.state {
        change.state = Set(after);
    } else {
        // Below an outcome that the caller is not told, the case goes on: that is where it stands again when the outcome is taken back.
        change.outcome_from = Set(Some(after));
    }
    if state::is_outcome(after) {
        // What was due stays, since its going would tell of an outcome that was not told.
        change.outcome_from = Set(Some(before.state));
    } else {
        change.due_on = Set(proposals::due_on(env.today(), after, of.terms.as_ref()));
    }
    proposals::add_step(tx, env, &of.actor, before, (step, reason)).await?;
    let proposal = store::update_proposal(tx, before, change).await?;
    let subject = (Kind::AwardProposal, proposal.id);
    audit::record(tx, env, &of.actor, Event(event), subject, detail).await?;
    Ok(proposal)
}

/// Endorses a proposal for the cluster, or for the union above. Officers of the very unit do not.
pub async fn endorse(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    note: Option<&str>,
) -> Result<award_proposal::Model> {
    let note = input::paragraph_or_none("note", note)?;
    let tx = db::begin_write(&env.db).await?;
    let of = stepped(&tx, env, actor, (id, seen), ProposalStep::Endorse).await?;
    let step = (ProposalStep::Endorse, note);
    let event = ("AWARD_PROPOSAL_ENDORSED", json!({ "note": step.1 }));
    let proposal = take(&tx, env, &of, step, ActiveModel::default(), event).await?;
    // What has an outcome waits for nobody.
    if !state::is_outcome(proposal.state) {
        let subject = (Kind::AwardProposal, proposal.id);
        events::tell(&tx, env, &of.actor, EventKind::AwardEndorsed, subject, json!({})).await?;
    }
    let shown = store::find_proposal(&tx, &policy::reach(actor), id, env.today()).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Appraises a proposal: its dossier must be complete, and it is judged anew. Where a rule is not kept, it goes on only with a reason.
pub async fn appraise(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    (note, exception): (Option<&str>, Option<&str>),
) -> Result<award_proposal::Model> {
    let note = input::paragraph_or_none("note", note)?;
    let exception = input::paragraph_or_none("exceptionReason", exception)?;
    let tx = db::begin_write(&env.db).await?;
    let of = stepped(&tx, env, actor, (id, seen), ProposalStep::Appraise).await?;
    complete(&tx, &of).await?;
    let judged = checking::judged_anew(&tx, env, &of.proposal).await?;
    let exception = exception.or_else(|| of.proposal.exception_reason.clone());
    checking::excused(&judged, exception.as_deref())?;
    let change = ActiveModel {
        eligibility: Set(checking::written(&judged)?),
        exception_reason: Set(judged.objection().and(exception)),
        ..Default::default()
    };
    let failing: Vec<_> = judged.failing().map(|one| one.rule).collect();
    let event = ("AWARD_PROPOSAL_APPRAISED", json!({ "note": note, "failing": failing }));
    let proposal = take(&tx, env, &of, (ProposalStep::Appraise, note), change, event).await?;
    let subject = (Kind::AwardProposal, proposal.id);
    events::tell(&tx, env, &of.actor, EventKind::AwardAppraised, subject, json!({})).await?;
    tx.commit().await?;
    Ok(proposal)
}

/// Lets a dossier through in which every item of the checklist is ticked.
async fn complete(tx: &impl ConnectionTrait, of: &Stepped) -> Result<()> {
    let there = store::dossier_items(tx, &[of.proposal.id]).await?;
    let checklist = of.terms.iter().flat_map(|terms| &terms.dossier);
    let missing = checklist.filter(|item| !there.iter().any(|one| one.code == item.code));
    let problems: Vec<Problem> = missing
        .map(|item| {
            let (vi, en) = (
                format!("Hồ sơ còn thiếu: {}.", item.name),
                format!("Missing in the dossier: {}.", item.name),
            );
            Problem::new("DOSSIER_INCOMPLETE", format!("dossier.{}", item.code), vi, en)
        })
        .collect();
    Problem::none(problems)
}

/// The vote of the council on a proposal.
pub struct Vote<'a> {
    /// How many were in favour, those asked in writing included.
    pub in_favour: i32,
    /// How many members the council has.
    pub members: i32,
    /// How many of them were present.
    pub present: i32,
    /// The day of the meeting.
    pub held_on: NaiveDate,
    /// What else is to be said.
    pub note: Option<&'a str>,
}

/// Most members of a council.
const MEMBERS_MAX: i32 = 1_000;

/// Records how the council voted on a proposal.
pub async fn vote(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, vote: &Vote<'_>) -> Result<award_proposal::Model> {
    let note = input::paragraph_or_none("note", vote.note)?;
    let tx = db::begin_write(&env.db).await?;
    let of = stepped(&tx, env, actor, (id, seen), ProposalStep::Vote).await?;
    let held_on = input::plausible_day("heldOn", vote.held_on)?;
    plausible(vote, env.today())?;
    let change = ActiveModel {
        in_favour: Set(Some(vote.in_favour)),
        council_members: Set(Some(vote.members)),
        council_present: Set(Some(vote.present)),
        voted_on: Set(Some(held_on)),
        ..Default::default()
    };
    let detail =
        json!({ "inFavour": vote.in_favour, "members": vote.members, "present": vote.present, "heldOn": held_on });
    let event = ("AWARD_VOTE_RECORDED", detail);
    let proposal = take(&tx, env, &of, (ProposalStep::Vote, note), change, event).await?;
    tx.commit().await?;
    Ok(proposal)
}

fn plausible(vote: &Vote<'_>, today: NaiveDate) -> Result<()> {
    let mut problems = Vec::new();
    for (field, value, least, most) in [
        ("members", vote.members, 1, MEMBERS_MAX),
        ("present", vote.present, 0, vote.members),
        ("inFavour", vote.in_favour, 0, vote.members),
    ] {
        if !(least..=most).contains(&value) {
            let (vi, en) = (
                format!("Phải từ {least} đến {most}."),
                format!("It must be from {least} to {most}."),
            );
            problems.push(Problem::new("OUT_OF_BOUNDS", field, vi, en));
        }
    }
    if vote.held_on > today {
        let (vi, en) = (
            "Ngày họp không thể ở tương lai.",
            "The day of the meeting cannot lie in the future.",
        );
        problems.push(Problem::new("DAY_IN_FUTURE", "heldOn", vi, en));
    }
    Problem::none(problems)
}
