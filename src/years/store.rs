//! SQL of emulation years. A year is seen by the units that take part and those above them, and by who sees its cluster; but of a unit that
//! has left the cluster only the years in which it belonged to it.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, LockType, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use thidua_entity::{emulation_participant, emulation_phase, emulation_step, emulation_year};
use uuid::Uuid;

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::policy::{self, Reach, Resource};
use crate::{clusters, units};

mod lists;
mod pacts;
mod pledges;
mod writing;
pub use lists::*;
pub use pacts::*;
pub use pledges::*;
pub use writing::*;

/// Who sees, on which day.
#[derive(Clone, Debug)]
pub struct View {
    /// How far the caller sees.
    pub reach: Reach,
    /// The day.
    pub today: NaiveDate,
}

impl View {
    /// What a caller sees on a day.
    pub fn of(actor: &Actor, today: NaiveDate) -> Self {
        Self {
            reach: policy::reach(actor),
            today,
        }
    }

    /// Restricts a column that holds a year to those that are seen.
    pub fn years(&self, column: impl IntoColumnRef) -> Condition {
        if self.reach.everything {
            return Condition::all();
        }
        let seen = Query::select()
            .column(emulation_year::Column::Id)
            .from(emulation_year::Entity)
            .cond_where(self.in_sight())
            .to_owned();
        Condition::all().add(Expr::col(column.into_column_ref()).in_subquery(seen))
    }

    fn in_sight(&self) -> Condition {
        use emulation_year::Column::{ClusterId, EndsOn, Id, StartsOn};
        if self.reach.everything {
            return Condition::all();
        }
        let taking_part: SelectStatement = Query::select()
            .column(emulation_participant::Column::YearId)
            .from(emulation_participant::Entity)
            .cond_where(units::store::within_subtree(
                &self.reach,
                emulation_participant::Column::UnitId,
                self.today,
            ))
            .to_owned();
        Condition::any()
            .add(clusters::store::of_seen_in(
                &self.reach,
                (emulation_year::Entity, ClusterId),
                ((emulation_year::Entity, StartsOn), (emulation_year::Entity, EndsOn)),
                self.today,
            ))
            .add(Expr::col((emulation_year::Entity, Id)).in_subquery(taking_part))
    }
}

fn visible(view: &View) -> Result<Select<emulation_year::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    Ok(emulation_year::Entity::find().filter(view.in_sight()))
}

/// One year, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<emulation_year::Model> {
    let found = visible(view)?.filter(emulation_year::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Years by id, those that are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<emulation_year::Model>> {
    let found = visible(view)?.filter(emulation_year::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Locks a year's row until the transaction ends and reads it anew, so that what depends on its phase or its participants is written
/// one after the other.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<emulation_year::Model> {
    let row = emulation_year::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Keeps years as they are until the transaction ends, beside others who do the same: whoever takes one on, or publishes it, waits. Before
/// anything that belongs to the years is locked, so that all lock in one order.
pub async fn hold(tx: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    locked(tx, ids, LockType::Share).await
}

/// Locks the rows of years until the transaction ends: whoever else writes what depends on them waits.
pub async fn lock_many(tx: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    locked(tx, ids, LockType::Update).await
}

async fn locked(tx: &impl ConnectionTrait, ids: &[Uuid], how: LockType) -> Result<()> {
    let rows = emulation_year::Entity::find()
        .select_only()
        .column(emulation_year::Column::Id)
        .filter(emulation_year::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(emulation_year::Column::Id)
        .lock(how);
    rows.into_tuple::<Uuid>().all(tx).await?;
    Ok(())
}

/// Who takes part in some years, also those that withdrew, whoever asks: the years were found before.
pub async fn participants(
    connection: &impl ConnectionTrait,
    years: &[Uuid],
) -> Result<Vec<emulation_participant::Model>> {
    use emulation_participant::Column::{Id, YearId};
    let found = emulation_participant::Entity::find()
        .filter(YearId.is_in(years.iter().copied()))
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// How a unit takes part in a year; `NOT_FOUND` when it does not, or no longer.
pub async fn participant(
    connection: &impl ConnectionTrait,
    year: Uuid,
    unit: Uuid,
) -> Result<emulation_participant::Model> {
    use emulation_participant::Column::{UnitId, WithdrawnOn, YearId};
    let found = emulation_participant::Entity::find()
        .filter(YearId.eq(year))
        .filter(UnitId.eq(unit))
        .filter(WithdrawnOn.is_null());
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// One participation of a unit, withdrawn or not. Whether it is seen is a matter of its year.
pub async fn participant_row(connection: &impl ConnectionTrait, id: Uuid) -> Result<emulation_participant::Model> {
    let found = emulation_participant::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// Participations by id, those whose year is seen.
pub async fn find_participants(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<emulation_participant::Model>> {
    use emulation_participant::Column::{Id, YearId};
    view.reach.shows(Resource::Emulation)?;
    let found = emulation_participant::Entity::find()
        .filter(Id.is_in(ids.iter().copied()))
        .filter(view.years((emulation_participant::Entity, YearId)));
    Ok(found.all(connection).await?)
}

/// The units that take part in a year and have not withdrawn.
pub async fn taking_part(connection: &impl ConnectionTrait, year: Uuid) -> Result<Vec<Uuid>> {
    let rows = participants(connection, &[year]).await?;
    let still = rows.iter().filter(|row| row.withdrawn_on.is_none());
    Ok(still.map(|row| row.unit_id).collect())
}

/// When the phases of some years are planned to begin, in their order.
pub async fn phases(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<emulation_phase::Model>> {
    use emulation_phase::Column::{StartsOn, YearId};
    let found = emulation_phase::Entity::find()
        .filter(YearId.is_in(years.iter().copied()))
        .order_by_asc(StartsOn);
    let mut rows = found.all(connection).await?;
    rows.sort_by_key(|row| row.phase);
    Ok(rows)
}

/// The steps in the lives of some years, the oldest first.
pub async fn steps(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<emulation_step::Model>> {
    use emulation_step::Column::{Id, YearId};
    let found = emulation_step::Entity::find()
        .filter(YearId.is_in(years.iter().copied()))
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// Years by id, whoever asks: what was found before names them.
pub async fn plain(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, emulation_year::Model>> {
    let found = emulation_year::Entity::find().filter(emulation_year::Column::Id.is_in(ids.iter().copied()));
    let rows = found.all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
