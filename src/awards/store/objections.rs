//! SQL of outcomes that were made known and of what units hold against them. An objection is seen by the unit that raised it and those
//! above it, and at the side that decides; the side that proposes learns of it only when its own unit raised it.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, Set,
};
use thidua_entity::enums::ProposalState;
use thidua_entity::{award_objection, award_proposal};
use uuid::Uuid;

use super::proposals::{decides, in_sight};
use crate::clusters;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Reach, Resource};
use crate::units::store as units;
use crate::version::next;

/// Outcomes that are made known: all to who sees the proposal, and what is to be granted to the other units of the proposer's clusters too.
fn visible_candidates(reach: &Reach, today: NaiveDate) -> Result<Select<award_proposal::Entity>> {
    use award_proposal::Column::{ObjectionsUntil, ProposerId, State};
    reach.shows(Resource::Awards)?;
    let to_neighbours = Condition::all()
        .add(ObjectionsUntil.is_not_null())
        .add(State.is_in([ProposalState::Approved, ProposalState::Reduced]))
        .add(clusters::store::of_neighbours(
            reach,
            (award_proposal::Entity, ProposerId),
            today,
        ));
    let seen = Condition::any().add(in_sight(reach, today)).add(to_neighbours);
    Ok(award_proposal::Entity::find().filter(seen))
}

fn visible_objections(reach: &Reach, today: NaiveDate) -> Result<Select<award_objection::Entity>> {
    use award_objection::Column::{ProposalId, UnitId};
    reach.shows(Resource::Awards)?;
    if reach.everything {
        return Ok(award_objection::Entity::find());
    }
    let decided = Query::select()
        .column(award_proposal::Column::Id)
        .from(award_proposal::Entity)
        .cond_where(decides(reach, today))
        .to_owned();
    let seen = Condition::any()
        .add(units::within_subtree(reach, (award_objection::Entity, UnitId), today))
        .add(Expr::col((award_objection::Entity, ProposalId)).in_subquery(decided));
    Ok(award_objection::Entity::find().filter(seen))
}

/// A proposal to whose outcome the caller may have something to say: one that it sees, or that was made known to it. Show no more of it than
/// of a candidate.
pub async fn find_candidate(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<award_proposal::Model> {
    let found = visible_candidates(reach, today)?.filter(award_proposal::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Outcomes by the ids of their proposals, those that are made known to the caller.
pub async fn find_candidates(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<award_proposal::Model>> {
    let found = visible_candidates(reach, today)?
        .filter(award_proposal::Column::ObjectionsUntil.is_not_null())
        .filter(award_proposal::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Which outcomes that are made known a list shows.
#[derive(Clone, Debug, Default)]
pub struct CandidateFilter {
    /// Only those of this kind of award.
    pub award_type: Option<Uuid>,
    /// Only those of this year of achievement.
    pub year: Option<i32>,
    /// Only those to which units may object on this day.
    pub open_on: Option<NaiveDate>,
}

/// A page of the outcomes that are made known to the caller, the newest proposals first, and how many there are when that is asked.
pub async fn list_candidates(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &CandidateFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<award_proposal::Model>, Option<u64>)> {
    use award_proposal::Column::{AwardTypeId, DecisionId, Id, ObjectionsUntil, Year};
    let mut select = visible_candidates(reach, today)?.filter(ObjectionsUntil.is_not_null());
    if let Some(kind) = filter.award_type {
        select = select.filter(AwardTypeId.eq(kind));
    }
    if let Some(year) = filter.year {
        select = select.filter(Year.eq(year));
    }
    if let Some(day) = filter.open_on {
        select = select.filter(ObjectionsUntil.gte(day)).filter(DecisionId.is_null());
    }
    let sorting = Sorting::by_id(
        (award_proposal::Entity, Id),
        Order::Desc,
        |row: &award_proposal::Model| vec![SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// One objection, if it is seen.
pub async fn find_objection(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<award_objection::Model> {
    let found = find_objections(connection, reach, &[id], today).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Objections by id, those that are seen.
pub async fn find_objections(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<award_objection::Model>> {
    let found = visible_objections(reach, today)?.filter(award_objection::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The objections to the outcomes of some proposals that are seen, the oldest first.
pub async fn objections_seen(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    proposals: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<award_objection::Model>> {
    let found = visible_objections(reach, today)?
        .filter(award_objection::Column::ProposalId.is_in(proposals.iter().copied()))
        .order_by_asc(award_objection::Column::Id);
    Ok(found.all(connection).await?)
}

/// Which objections a list shows.
#[derive(Clone, Debug, Default)]
pub struct ObjectionFilter {
    /// Only those that are answered, or only those that are not.
    pub answered: Option<bool>,
    /// Only those that this unit raised.
    pub unit: Option<Uuid>,
}

/// A page of the objections that are seen, the oldest first, and how many there are when that is asked.
pub async fn list_objections(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &ObjectionFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<award_objection::Model>, Option<u64>)> {
    use award_objection::Column::{Id, Outcome, UnitId};
    let mut select = visible_objections(reach, today)?;
    if let Some(answered) = filter.answered {
        select = select.filter(if answered {
            Outcome.is_not_null()
        } else {
            Outcome.is_null()
        });
    }
    if let Some(unit) = filter.unit {
        select = select
            .filter(UnitId.eq(unit))
            .filter(units::is_seen(reach, unit, today));
    }
    let sorting = Sorting::by_id(
        (award_objection::Entity, Id),
        Order::Asc,
        |row: &award_objection::Model| vec![SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// The objections to the outcome of a proposal that is locked, whoever asks.
pub async fn objections_to(tx: &impl ConnectionTrait, proposal: Uuid) -> Result<Vec<award_objection::Model>> {
    let found = award_objection::Entity::find()
        .filter(award_objection::Column::ProposalId.eq(proposal))
        .order_by_asc(award_objection::Column::Id);
    Ok(found.all(tx).await?)
}

/// How many objections to the outcomes of some proposals wait for an answer, whoever asks.
pub async fn unanswered(tx: &impl ConnectionTrait, proposals: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use award_objection::Column::{Id, Outcome, ProposalId};
    let counts = award_objection::Entity::find()
        .select_only()
        .column(ProposalId)
        .column_as(Id.count(), "objections")
        .filter(ProposalId.is_in(proposals.iter().copied()))
        .filter(Outcome.is_null())
        .group_by(ProposalId);
    let counts: Vec<(Uuid, i64)> = counts.into_tuple().all(tx).await?;
    Ok(counts.into_iter().collect())
}

/// Writes a new objection.
pub async fn add_objection(
    tx: &impl ConnectionTrait,
    row: award_objection::ActiveModel,
) -> Result<award_objection::Model> {
    Ok(row.insert(tx).await?)
}

/// Writes an objection that has the version that was read.
pub async fn update_objection(
    tx: &impl ConnectionTrait,
    read: &award_objection::Model,
    change: award_objection::ActiveModel,
) -> Result<award_objection::Model> {
    let change = award_objection::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = award_objection::Entity::update_many()
        .set(change)
        .filter(award_objection::Column::Id.eq(read.id))
        .filter(award_objection::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let found = award_objection::Entity::find_by_id(read.id).one(tx).await?;
    found.ok_or(Error::NotFound)
}
