//! SQL of proposals. Everything starts from [`visible_proposals`]; what the side that proposes does not see yet is left out by [`masked`].

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{LockType, Order, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Set,
};
use thidua_entity::enums::{ProposalState, ProposalStep};
use thidua_entity::{award_dossier_item, award_proposal, award_proposal_step};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Reach, Resource};
use crate::units::store as units;
use crate::version::next;

/// A proposal is seen from the unit that proposes and from its clusters, from the unit that it is for, and from the unit that decides.
pub(super) fn visible_proposals(reach: &Reach, today: NaiveDate) -> Result<Select<award_proposal::Entity>> {
    reach.shows(Resource::Awards)?;
    Ok(award_proposal::Entity::find().filter(in_sight(reach, today)))
}

/// The same as a condition.
pub(super) fn in_sight(reach: &Reach, today: NaiveDate) -> Condition {
    use award_proposal::Column::{ProposerId, UnitId};
    if reach.everything {
        return Condition::all();
    }
    Condition::any()
        .add(units::within(reach, (award_proposal::Entity, ProposerId), today))
        .add(units::within_subtree(reach, (award_proposal::Entity, UnitId), today))
        .add(decides(reach, today))
}

/// The proposals at whose deciding side the caller stands: outcomes are seen there before they are told.
pub(super) fn decides(reach: &Reach, today: NaiveDate) -> Condition {
    units::within_subtree(
        reach,
        (award_proposal::Entity, award_proposal::Column::DeciderId),
        today,
    )
}

/// The ids of the proposals that are seen: who sees a proposal sees what is in its dossier.
pub fn proposals_seen(reach: &Reach, today: NaiveDate) -> Result<SelectStatement> {
    let ids = visible_proposals(reach, today)?.select_only();
    Ok(ids.column(award_proposal::Column::Id).into_query())
}

/// One proposal, if it is seen, as the caller sees it.
pub async fn find_proposal(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<award_proposal::Model> {
    let found = find_proposals(connection, reach, &[id], today).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Proposals by id, those that are seen, as the caller sees them.
pub async fn find_proposals(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<award_proposal::Model>> {
    let found = visible_proposals(reach, today)?.filter(award_proposal::Column::Id.is_in(ids.iter().copied()));
    masked(connection, reach, today, found.all(connection).await?).await
}

/// Which proposals a list shows.
#[derive(Clone, Debug, Default)]
pub struct ProposalFilter {
    /// Only those of this kind of award.
    pub award_type: Option<Uuid>,
    /// Only those of this year of achievement.
    pub year: Option<i32>,
    /// Only those for this unit, or for a person of it.
    pub unit: Option<Uuid>,
    /// Only those that this unit proposes.
    pub proposer: Option<Uuid>,
    /// Only those that this unit decides.
    pub decider: Option<Uuid>,
    /// Only those in this state, as the caller sees it.
    pub state: Option<ProposalState>,
}

/// A page of the proposals that are seen, the newest first, and how many there are when that is asked.
pub async fn list_proposals(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &ProposalFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<award_proposal::Model>, Option<u64>)> {
    use award_proposal::Column::{AwardTypeId, DeciderId, Id, ProposerId, UnitId, Year};
    let mut select = visible_proposals(reach, today)?;
    if let Some(kind) = filter.award_type {
        select = select.filter(AwardTypeId.eq(kind));
    }
    if let Some(year) = filter.year {
        select = select.filter(Year.eq(year));
    }
    for (column, unit) in [
        (UnitId, filter.unit),
        (ProposerId, filter.proposer),
        (DeciderId, filter.decider),
    ] {
        if let Some(unit) = unit {
            select = select
                .filter(column.eq(unit))
                .filter(units::is_seen(reach, unit, today));
        }
    }
    if let Some(state) = filter.state {
        select = select.filter(shown_in(reach, today, state));
    }
    let sorting = Sorting::by_id(
        (award_proposal::Entity, Id),
        Order::Desc,
        |row: &award_proposal::Model| vec![SortValue::Id(row.id)],
    );
    let (page, total) = db::listed(connection, select, &sorting, args, count).await?;
    let (rows, page) = page.taken_apart();
    Ok((page.with(masked(connection, reach, today, rows).await?), total))
}

/// The proposals of members of a cluster that are seen and wait for endorsement, as far as the caller is told, each with its last day.
pub async fn unendorsed(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    cluster: Uuid,
) -> Result<Vec<(Uuid, Option<NaiveDate>)>> {
    use award_proposal::Column::{DueOn, Id, ProposerId};
    let waiting = visible_proposals(reach, today)?
        .select_only()
        .columns([Id, DueOn])
        .filter(ProposerId.in_subquery(units::members_of(&[cluster], today)))
        .filter(shown_in(reach, today, ProposalState::Proposed))
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(waiting.into_tuple().all(connection).await?)
}

/// Proposals, whoever asks, that wait for a step until one of these days: some, in the order of their ids, after one of them.
pub async fn waiting_until(
    connection: &impl ConnectionTrait,
    (from, to): (NaiveDate, NaiveDate),
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<award_proposal::Model>> {
    use award_proposal::Column::{DueOn, Id, OutcomeFrom};
    let mut waiting = award_proposal::Entity::find()
        .filter(OutcomeFrom.is_null())
        .filter(DueOn.between(from, to))
        .order_by_asc(Id)
        .limit(most);
    if let Some(after) = after {
        waiting = waiting.filter(Id.gt(after));
    }
    Ok(waiting.all(connection).await?)
}

/// The proposals that are shown to the caller in a state: before an outcome is told, in the one before.
pub(super) fn shown_in(reach: &Reach, today: NaiveDate, state: ProposalState) -> Condition {
    use award_proposal::Column::{OutcomeFrom, ReleasedAt, State};
    if reach.everything {
        return Condition::all().add(State.eq(state));
    }
    let told = Condition::any()
        .add(OutcomeFrom.is_null())
        .add(ReleasedAt.is_not_null())
        .add(decides(reach, today));
    let before = Condition::all().add(told.clone().not()).add(OutcomeFrom.eq(state));
    Condition::any()
        .add(Condition::all().add(told).add(State.eq(state)))
        .add(before)
}

/// Proposals as the caller sees them: an outcome that was not told, and how the council voted, only at the side that decides. What is
/// left looks as it did before the outcome, its version too, so that nobody learns even that there is one.
pub(super) async fn masked(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    rows: Vec<award_proposal::Model>,
) -> Result<Vec<award_proposal::Model>> {
    use award_proposal::Column::Id;
    if reach.everything || rows.iter().all(|row| row.released_at.is_some()) {
        return Ok(rows);
    }
    let decided: Vec<Uuid> = award_proposal::Entity::find()
        .select_only()
        .column(Id)
        .filter(Id.is_in(rows.iter().map(|row| row.id)))
        .filter(decides(reach, today))
        .into_tuple()
        .all(connection)
        .await?;
    let decided: HashSet<Uuid> = decided.into_iter().collect();
    let mask = |row: award_proposal::Model| {
        if row.released_at.is_some() || decided.contains(&row.id) {
            return row;
        }
        let row = award_proposal::Model {
            in_favour: None,
            council_members: None,
            council_present: None,
            voted_on: None,
            ballot_id: None,
            ballot_chose: None,
            ..row
        };
        match row.outcome_from {
            None => row,
            Some(before) => award_proposal::Model {
                state: before,
                outcome_from: None,
                reduced_to_id: None,
                reduced_terms_id: None,
                forwarded_to: None,
                version: row.version.saturating_sub(1),
                ..row
            },
        }
    };
    Ok(rows.into_iter().map(mask).collect())
}

/// Proposals by id, whoever asks: show nothing of them.
pub async fn plain_proposals(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<award_proposal::Model>> {
    let found = award_proposal::Entity::find().filter(award_proposal::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The steps of some proposals, the oldest first, whoever asks: the proposals were found before.
pub async fn proposal_steps(
    connection: &impl ConnectionTrait,
    proposals: &[Uuid],
) -> Result<Vec<award_proposal_step::Model>> {
    let found = award_proposal_step::Entity::find()
        .filter(award_proposal_step::Column::ProposalId.is_in(proposals.iter().copied()))
        .order_by_asc(award_proposal_step::Column::Id);
    Ok(found.all(connection).await?)
}

/// The documents of the dossiers of some proposals, whoever asks: the proposals were found before.
pub async fn dossier_items(
    connection: &impl ConnectionTrait,
    proposals: &[Uuid],
) -> Result<Vec<award_dossier_item::Model>> {
    let found = award_dossier_item::Entity::find()
        .filter(award_dossier_item::Column::ProposalId.is_in(proposals.iter().copied()))
        .order_by_asc(award_dossier_item::Column::Id);
    Ok(found.all(connection).await?)
}

/// How a proposal is locked: nobody else changes it, and rows that name it may still be written.
const KEPT: LockType = LockType::NoKeyUpdate;

/// Locks a proposal until the transaction ends and reads it anew, whole.
pub async fn lock_proposal(tx: &impl ConnectionTrait, id: Uuid) -> Result<award_proposal::Model> {
    let row = award_proposal::Entity::find_by_id(id).lock(KEPT).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Locks some proposals in one order and reads them anew, whole.
pub async fn lock_proposals(tx: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<award_proposal::Model>> {
    let rows = award_proposal::Entity::find()
        .filter(award_proposal::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(award_proposal::Column::Id)
        .lock(KEPT);
    Ok(rows.all(tx).await?)
}

/// Which outcomes are told together: those of some kinds of award that a unit decides for a year.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The unit that decides.
    pub decider: Uuid,
    /// Year of achievement.
    pub year: i32,
    /// The kinds of award that were proposed.
    pub types: Vec<Uuid>,
}

/// Locks the proposals of a batch whose outcomes were not told, in one order.
pub async fn lock_untold(tx: &impl ConnectionTrait, batch: &Batch) -> Result<Vec<award_proposal::Model>> {
    use award_proposal::Column::{AwardTypeId, DeciderId, Id, OutcomeFrom, ReleasedAt, Year};
    let rows = award_proposal::Entity::find()
        .filter(DeciderId.eq(batch.decider))
        .filter(Year.eq(batch.year))
        .filter(AwardTypeId.is_in(batch.types.iter().copied()))
        .filter(OutcomeFrom.is_not_null())
        .filter(ReleasedAt.is_null())
        .order_by_asc(Id)
        .lock(KEPT);
    Ok(rows.all(tx).await?)
}

/// Tells the outcomes of some proposals, to which units may object until a day.
pub async fn tell_outcomes(
    tx: &impl ConnectionTrait,
    proposals: &[Uuid],
    now: DateTime<Utc>,
    objections_until: Option<NaiveDate>,
) -> Result<()> {
    let row = award_proposal::ActiveModel {
        released_at: Set(Some(now)),
        objections_until: Set(objections_until),
        ..Default::default()
    };
    award_proposal::Entity::update_many()
        .set(row)
        .filter(award_proposal::Column::Id.is_in(proposals.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// How many proposals of a batch are in each state, whoever asks: the place was checked before.
pub async fn outcome_counts(connection: &impl ConnectionTrait, batch: &Batch) -> Result<Vec<(ProposalState, i64)>> {
    use award_proposal::Column::{AwardTypeId, DeciderId, Id, State, Year};
    let counts = award_proposal::Entity::find()
        .select_only()
        .column(State)
        .column_as(Id.count(), "proposals")
        .filter(DeciderId.eq(batch.decider))
        .filter(Year.eq(batch.year))
        .filter(AwardTypeId.is_in(batch.types.iter().copied()))
        .group_by(State);
    Ok(counts.into_tuple().all(connection).await?)
}

/// Writes a new proposal.
pub async fn add_proposal(
    tx: &impl ConnectionTrait,
    row: award_proposal::ActiveModel,
) -> Result<award_proposal::Model> {
    Ok(row.insert(tx).await?)
}

/// Writes a changed proposal, if it still has the version that was read.
pub async fn update_proposal(
    tx: &impl ConnectionTrait,
    read: &award_proposal::Model,
    change: award_proposal::ActiveModel,
) -> Result<award_proposal::Model> {
    let row = award_proposal::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = award_proposal::Entity::update_many()
        .set(row)
        .filter(award_proposal::Column::Id.eq(read.id))
        .filter(award_proposal::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    lock_proposal(tx, read.id).await
}

/// Writes a step.
pub async fn add_proposal_step(tx: &impl ConnectionTrait, row: award_proposal_step::ActiveModel) -> Result<()> {
    row.insert(tx).await?;
    Ok(())
}

/// Writes a document of a dossier, in the place of the one that was there.
pub async fn put_dossier_item(tx: &impl ConnectionTrait, row: award_dossier_item::Model) -> Result<()> {
    use award_dossier_item::Column::{Code, ProposalId};
    award_dossier_item::Entity::delete_many()
        .filter(ProposalId.eq(row.proposal_id))
        .filter(Code.eq(row.code.clone()))
        .exec(tx)
        .await?;
    let row = award_dossier_item::ActiveModel {
        id: Set(row.id),
        proposal_id: Set(row.proposal_id),
        code: Set(row.code),
        document: Set(row.document),
        number: Set(row.number),
        dated: Set(row.dated),
        signer: Set(row.signer),
        ticked_by: Set(row.ticked_by),
        ticked_for: Set(row.ticked_for),
        ticked_at: Set(row.ticked_at),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Whether a step tells an outcome.
pub const fn tells_outcome(step: ProposalStep) -> bool {
    matches!(
        step,
        ProposalStep::Approve | ProposalStep::Refuse | ProposalStep::Reduce | ProposalStep::Forward
    )
}
