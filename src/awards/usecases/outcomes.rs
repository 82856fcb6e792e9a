//! What comes of proposals: approved, refused, reduced, forwarded; and telling it, all together.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::award_proposal::{self, ActiveModel};
use thidua_entity::enums::{EventKind, ProposalState, ProposalStep};
use uuid::Uuid;

use super::proposals::{lock_quotas, seats};
use super::steps::{Stepped, stepped, take};
use super::windows;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::decision;
use crate::awards::store::{self, Batch};
use crate::awards::terms::Terms;
use crate::conferences::quorum::Fraction;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::units::store as units;
use crate::version::Seen;
use crate::{db, events, idempotency, input};

/// What the standing committee concludes on a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is approved.
    Approve,
    /// It is refused.
    Refuse,
    /// It is approved for a lower award.
    Reduce,
    /// It is forwarded to a higher level.
    Forward,
}

impl Outcome {
    const fn step(self) -> (ProposalStep, &'static str) {
        match self {
            Self::Approve => (ProposalStep::Approve, "AWARD_PROPOSAL_APPROVED"),
            Self::Refuse => (ProposalStep::Refuse, "AWARD_PROPOSAL_REFUSED"),
            Self::Reduce => (ProposalStep::Reduce, "AWARD_PROPOSAL_REDUCED"),
            Self::Forward => (ProposalStep::Forward, "AWARD_PROPOSAL_FORWARDED"),
        }
    }
}

/// A conclusion with what it needs.
pub struct Conclusion<'a> {
    /// What is concluded.
    pub outcome: Outcome,
    /// Why; for all but an approval it must be said.
    pub reason: Option<&'a str>,
    /// The lower kind of award.
    pub reduced_to: Option<Uuid>,
    /// To whom it is forwarded.
    pub forwarded_to: Option<&'a str>,
}

/// Concludes on a proposal. The side that proposes does not learn of it before outcomes are told together. Where the council votes, an
/// award needs the share of all members that the terms ask for.
pub async fn conclude(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    new: &Conclusion<'_>,
) -> Result<award_proposal::Model> {
    let (step, event) = new.outcome.step();
    let tx = db::begin_write(&env.db).await?;
    let of = stepped(&tx, env, actor, (id, seen), step).await?;
    let reason = match new.outcome {
        Outcome::Approve => input::paragraph_or_none("reason", new.reason)?,
        Outcome::Refuse | Outcome::Reduce | Outcome::Forward => {
            Some(input::paragraph("reason", new.reason.unwrap_or_default())?)
        }
    };
    if new.outcome == Outcome::Approve {
        enough(&of.proposal, of.terms.as_ref())?;
    }
    let change = match new.outcome {
        Outcome::Approve | Outcome::Refuse => ActiveModel::default(),
        Outcome::Forward => ActiveModel {
            forwarded_to: Set(Some(input::line("forwardedTo", new.forwarded_to.unwrap_or_default())?)),
            ..Default::default()
        },
        Outcome::Reduce => reduced(&tx, env, &of, new.reduced_to).await?,
    };
    let detail = json!({
        "reason": reason, "reducedToId": new.reduced_to, "forwardedTo": new.forwarded_to,
        "inFavour": of.proposal.in_favour, "members": of.proposal.council_members, "ballotId": of.proposal.ballot_id,
    });
    let proposal = take(&tx, env, &of, (step, reason), change, (event, detail)).await?;
    tx.commit().await?;
    Ok(proposal)
}

/// Lets through what enough of all members of the council were in favour of: as their ballot decided, or by the counts where they voted on
/// paper.
fn enough(proposal: &award_proposal::Model, terms: Option<&Terms>) -> Result<()> {
    match proposal.ballot_chose {
        Some(true) => return Ok(()),
        Some(false) => return Err(not_chosen()),
        None => {}
    }
    let share = terms.and_then(|terms| terms.threshold);
    share.map_or(Ok(()), |share| reached(proposal, share))
}

/// Lets through what this share of all members of the council was in favour of, by the counts.
fn reached(proposal: &award_proposal::Model, share: Fraction) -> Result<()> {
    let (in_favour, members) = (
        proposal.in_favour.unwrap_or_default(),
        proposal.council_members.unwrap_or_default(),
    );
    let heads = |number: i32| u64::try_from(number).unwrap_or_default();
    if share.is_reached(heads(in_favour), heads(members)) {
        return Ok(());
    }
    Err(Error::invalid(
        "THRESHOLD_MISSED",
        "outcome",
        format!("Mới có {in_favour}/{members} thành viên hội đồng đồng ý; cần ít nhất {share} tổng số thành viên."),
        format!("{in_favour} of {members} members of the council are in favour; it takes {share} of all members."),
    ))
}

fn not_chosen() -> Error {
    Error::invalid(
        "THRESHOLD_MISSED",
        "outcome",
        "Hội đồng đã bỏ phiếu: đề nghị không đạt tỷ lệ tán thành cần thiết trên tổng số thành viên.",
        "The council has voted: the proposal did not reach the share of all members that it takes.",
    )
}

/// The lower award, with a place in its quotas. The places of the higher one become free when the outcome is told.
async fn reduced(tx: &impl ConnectionTrait, env: &Env, of: &Stepped, to: Option<Uuid>) -> Result<ActiveModel> {
    let proposal = &of.proposal;
    let to = to.ok_or_else(|| Error::Invalid(vec![input::required("reducedToId")]))?;
    let kinds = store::types(tx, &[to]).await?;
    let kind = kinds.get(&to).ok_or(Error::NotFound)?;
    let higher = store::types(tx, &[proposal.award_type_id]).await?;
    let is_higher = higher.values().any(|asked| kind.level.is_above(asked.level));
    if kind.id == proposal.award_type_id || is_higher || !decision::suits(kind.recipients, proposal.recipient) {
        return Err(Error::invalid(
            "REDUCED_TO_INVALID",
            "reducedToId",
            "Hãy chọn một hình thức khác, không ở cấp cao hơn và tặng được cho đối tượng này.",
            "Choose another award, not of a higher level, that is given to such recipients.",
        ));
    }
    let terms = store::terms_on(tx, &[kind.id], env.today()).await?;
    let asks = terms.get(&kind.id).map(store::content).transpose()?;
    // What was chosen for more is enough for less; what was not is enough where so many were in favour as the lower award asks for.
    if let Some(share) = asks.and_then(|terms| terms.threshold)
        && proposal.ballot_chose != Some(true)
    {
        reached(proposal, share)?;
    }
    let place = super::place(tx, proposal.proposer_id, env.today()).await?;
    let quotas = lock_quotas(tx, (kind.id, proposal.year), &place).await?;
    let seats = seats(tx, &quotas, (proposal.proposer_id, proposal.unit_id), "reducedToId").await?;
    store::reserve(tx, proposal.id, &seats, || env.new_id(), env.now()).await?;
    Ok(ActiveModel {
        reduced_to_id: Set(Some(kind.id)),
        reduced_terms_id: Set(terms.get(&kind.id).map(|terms| terms.id)),
        ..Default::default()
    })
}

/// How many proposals came to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// The unit that decides.
    pub decider: Uuid,
    /// How many were proposed.
    pub proposed: i64,
    /// How many were approved.
    pub approved: i64,
    /// How many were refused.
    pub refused: i64,
    /// How many were reduced to a lower award.
    pub reduced: i64,
    /// How many were forwarded.
    pub forwarded: i64,
    /// How many have no outcome yet.
    pub open: i64,
}

/// How many proposals of a kind of award that a unit decides for a year came to what; for who decides.
pub async fn outcomes(env: &Env, actor: &Actor, batch: &Batch) -> Result<Outcomes> {
    let today = env.today();
    let decider = units::find(&env.db, &policy::reach(actor), batch.decider, today).await?;
    let place = units::place(&env.db, &decider, today).await?;
    policy::authorize(actor, Action::AwardDecide, &place).map(drop)?;
    counted(&env.db, batch).await
}

async fn counted(connection: &impl ConnectionTrait, batch: &Batch) -> Result<Outcomes> {
    let mut outcomes = Outcomes {
        decider: batch.decider,
        ..Outcomes::default()
    };
    for (state, count) in store::outcome_counts(connection, batch).await? {
        outcomes.proposed = outcomes.proposed.saturating_add(count);
        let of = match state {
            ProposalState::Approved => &mut outcomes.approved,
            ProposalState::Refused => &mut outcomes.refused,
            ProposalState::Reduced => &mut outcomes.reduced,
            ProposalState::Forwarded => &mut outcomes.forwarded,
            ProposalState::Proposed | ProposalState::Endorsed | ProposalState::Appraised | ProposalState::Voted => {
                &mut outcomes.open
            }
        };
        *of = of.saturating_add(count);
    }
    Ok(outcomes)
}

/// Tells all outcomes of a kind of award that a unit decided for a year, together. Places of what was refused become free.
pub async fn release(env: &Env, actor: &Actor, batch: &Batch, key: Option<&str>) -> Result<Outcomes> {
    let today = env.today();
    let tx = db::begin_write(&env.db).await?;
    let asked = (batch.decider, batch.year, &batch.types);
    let decider = units::find(&tx, &policy::reach(actor), batch.decider, today).await?;
    let place = units::place(&tx, &decider, today).await?;
    let acting = &policy::authorize(actor, Action::AwardDecide, &place)?;
    // The answer is worked out anew, so who repeats it must still be allowed to have it.
    if idempotency::first_answer(&tx, env, actor, key, "RELEASE_AWARD_OUTCOMES", &asked)
        .await?
        .is_some()
    {
        return counted(&tx, batch).await;
    }
    let actor = acting;
    units::lock(&tx, decider.id).await?;
    if tell(&tx, env, actor, batch).await? == 0 {
        return Err(Error::WrongState(Text::new(
            "Không có kết quả xét khen thưởng nào chưa công bố.",
            "There are no outcomes that were not told.",
        )));
    }
    idempotency::remember(&tx, actor, key, batch.decider).await?;
    let outcomes = counted(&tx, batch).await?;
    tx.commit().await?;
    Ok(outcomes)
}

/// Tells the outcomes of a batch within a transaction, and how many there were. From now on units may object, where the terms ask for it.
pub(super) async fn tell(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, batch: &Batch) -> Result<usize> {
    let told = store::lock_untold(tx, batch).await?;
    if told.is_empty() {
        return Ok(0);
    }
    let mut asked = Vec::new();
    for (until, ids) in windows::until(tx, &told, env.today()).await? {
        store::tell_outcomes(tx, &ids, env.now(), until).await?;
        asked.extend(ids.into_iter().filter(|_| until.is_some()));
    }
    for kind in &batch.types {
        // A proposal that was forwarded still asks for the award.
        let freed = told.iter().filter(|row| row.award_type_id == *kind);
        let freed = freed.filter(|row| matches!(row.state, ProposalState::Refused | ProposalState::Reduced));
        let freed: Vec<Uuid> = freed.map(|row| row.id).collect();
        store::release_seats(tx, &freed, *kind, env.now()).await?;
    }
    let trace = |row: &award_proposal::Model| {
        let detail = json!({ "state": row.state });
        audit::entry(
            env,
            actor,
            Event("AWARD_OUTCOME_TOLD"),
            (Kind::AwardProposal, row.id),
            &detail,
        )
    };
    audit::record_all(tx, told.iter().map(trace).collect()).await?;
    let event = |kind: EventKind, row: &award_proposal::Model| {
        events::event(env, actor, kind, (Kind::AwardProposal, row.id), &json!({}))
    };
    let granted = |row: &&award_proposal::Model| matches!(row.state, ProposalState::Approved | ProposalState::Reduced);
    let known = told.iter().filter(|row| asked.contains(&row.id)).filter(granted);
    let known = known.map(|row| event(EventKind::AwardMadeKnown, row));
    let to_proposers = told.iter().map(|row| event(EventKind::AwardOutcomeTold, row));
    events::tell_all(tx, to_proposers.chain(known).collect()).await?;
    Ok(told.len())
}
