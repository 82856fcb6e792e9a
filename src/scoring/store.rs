//! SQL of score sheets. Everything starts from [`visible`]: which sheets the caller sees. Which layers of a sheet it sees is said in
//! `sight.rs`, so entries and what follows from them are read of sheets that were found before.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set,
};
use thidua_entity::enums::SheetState;
use thidua_entity::{evidence, score_sheet, score_step};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::Resource;
use crate::{version, years};

mod entries;
mod facts;
mod gaps;
mod objections;
mod view;

pub use entries::*;
pub use facts::*;
pub use gaps::*;
pub use objections::*;
pub use view::View;

fn visible(view: &View) -> Result<Select<score_sheet::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    Ok(score_sheet::Entity::find().filter(view.in_sight()))
}

/// The sheets that are seen closely.
fn seen_closely(view: &View) -> Result<Select<score_sheet::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    Ok(score_sheet::Entity::find().filter(view.closely()))
}

/// The ids of the sheets that are seen closely, for what is beside the points of sheets.
pub fn ids_seen_closely(view: &View) -> Result<SelectStatement> {
    let ids = seen_closely(view)?.select_only().column(score_sheet::Column::Id);
    Ok(ids.into_query())
}

/// Those of some sheets that are seen closely: with their evidence, objections and the reasons for which they were sent back.
pub async fn closely(connection: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let found = seen_closely(view)?.filter(score_sheet::Column::Id.is_in(ids.iter().copied()));
    let ids = found.select_only().column(score_sheet::Column::Id).into_tuple();
    Ok(ids.all(connection).await?)
}

/// One sheet, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<score_sheet::Model> {
    let found = visible(view)?.filter(score_sheet::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Sheets by id, those that are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<score_sheet::Model>> {
    let found = visible(view)?.filter(score_sheet::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The sheets of some units in some years that are seen.
pub async fn of_units(
    connection: &impl ConnectionTrait,
    view: &View,
    units: &[(Uuid, Uuid)],
) -> Result<Vec<score_sheet::Model>> {
    use score_sheet::Column::{UnitId, YearId};
    let these = Expr::tuple([
        Expr::col((score_sheet::Entity, YearId)),
        Expr::col((score_sheet::Entity, UnitId)),
    ]);
    let found = visible(view)?.filter(these.in_tuples(units.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The sheets of some years that are seen, and the state of each.
pub async fn seen_states(
    connection: &impl ConnectionTrait,
    view: &View,
    years: &[Uuid],
) -> Result<Vec<(Uuid, Uuid, Uuid, SheetState)>> {
    use score_sheet::Column::{Id, State, UnitId, YearId};
    let states = visible(view)?
        .select_only()
        .columns([Id, YearId, UnitId, State])
        .filter(YearId.is_in(years.iter().copied()))
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(states.into_tuple().all(connection).await?)
}

/// Which sheets a list shows.
#[derive(Clone, Debug, Default)]
pub struct SheetFilter {
    /// Only those of this year.
    pub year: Option<Uuid>,
    /// Only those of this unit.
    pub unit: Option<Uuid>,
    /// Only those in one of these states.
    pub states: Option<Vec<SheetState>>,
}

/// A page of the sheets that are seen, the newest first, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &SheetFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<score_sheet::Model>, Option<u64>)> {
    use score_sheet::Column::{Id, State, UnitId, YearId};
    let mut select = visible(view)?;
    if let Some(year) = filter.year {
        // Sheets of years that are not seen are none either, save those that one checks oneself.
        select = select.filter(YearId.eq(year));
    }
    if let Some(unit) = filter.unit {
        select = select.filter(UnitId.eq(unit));
    }
    if let Some(states) = &filter.states {
        select = select.filter(State.is_in(states.iter().copied()));
    }
    let sorting = Sorting::by_id((score_sheet::Entity, Id), Order::Desc, |row: &score_sheet::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::listed(connection, select, &sorting, args, count).await
}

/// The sheet of a unit in a year, whoever asks; begun as a draft when there is none.
pub async fn begin(
    tx: &impl ConnectionTrait,
    (year, unit): (Uuid, Uuid),
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<score_sheet::Model> {
    use score_sheet::Column::{UnitId, YearId};
    let new = score_sheet::ActiveModel {
        id: Set(id),
        year_id: Set(year),
        unit_id: Set(unit),
        state: Set(SheetState::Draft),
        objections_until: Set(None),
        version: Set(1),
        created_at: Set(at),
        updated_at: Set(at),
    };
    // Two officers may begin it at once: both then write the same.
    let once = OnConflict::columns([YearId, UnitId]).do_nothing().to_owned();
    score_sheet::Entity::insert(new)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    let found = score_sheet::Entity::find()
        .filter(YearId.eq(year))
        .filter(UnitId.eq(unit))
        .lock_exclusive();
    found.one(tx).await?.ok_or(Error::NotFound)
}

/// Those of some sheets that are seen, kept for this transaction: whoever else would change one waits, and their years stay as they are.
/// Always in the same order, first years, then sheets, so that two who want the same ones do not wait for each other.
pub async fn lock_many(tx: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<score_sheet::Model>> {
    let of_years = visible(view)?.filter(score_sheet::Column::Id.is_in(ids.iter().copied()));
    let of_years = of_years.select_only().column(score_sheet::Column::YearId).distinct();
    let of_years: Vec<Uuid> = of_years.into_tuple().all(tx).await?;
    years::store::hold(tx, &of_years).await?;
    let found = visible(view)?
        .filter(score_sheet::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(score_sheet::Column::Id)
        .lock_exclusive();
    Ok(found.all(tx).await?)
}

/// Writes the same change to some sheets, each of which must still have the state and the version that were read. They are read again
/// afterwards, in the order given.
pub async fn update_all(
    tx: &impl ConnectionTrait,
    read: &[&score_sheet::Model],
    change: score_sheet::ActiveModel,
) -> Result<Vec<score_sheet::Model>> {
    use score_sheet::{Column, Entity};
    for &state in SheetState::ALL {
        let of_state: Vec<_> = read.iter().filter(|sheet| sheet.state == state).collect();
        let Some(first) = of_state.first() else {
            continue;
        };
        let as_read = of_state.iter().map(|sheet| (sheet.id, sheet.version));
        let changed = Entity::update_many()
            .set(change.clone())
            .col_expr(Column::Version, version::next_of(Column::Version))
            .filter(Column::State.eq(state))
            .filter(Expr::tuple([Expr::col(Column::Id), Expr::col(Column::Version)]).in_tuples(as_read))
            .exec(tx)
            .await?;
        if changed.rows_affected != of_state.len() as u64 {
            return Err(Error::StaleVersion { current: first.version });
        }
    }
    let ids = read.iter().map(|sheet| sheet.id);
    let mut changed = Entity::find().filter(Column::Id.is_in(ids)).all(tx).await?;
    changed.sort_by_key(|sheet| read.iter().position(|one| one.id == sheet.id));
    Ok(changed)
}

/// Publishes the sheets of a year that are decided, with its result. The year is locked and nobody asks any more who may.
pub async fn publish_all(
    tx: &impl ConnectionTrait,
    year: Uuid,
    actor: &Actor,
    at: DateTime<Utc>,
    id: impl Fn() -> Uuid,
) -> Result<()> {
    let decided = score_sheet::Entity::find()
        .filter(score_sheet::Column::YearId.eq(year))
        .filter(score_sheet::Column::State.eq(SheetState::Decided))
        .all(tx)
        .await?;
    if decided.is_empty() {
        return Ok(());
    }
    let change = score_sheet::ActiveModel {
        state: Set(SheetState::Published),
        updated_at: Set(at),
        ..Default::default()
    };
    let decided: Vec<_> = decided.iter().collect();
    let published = update_all(tx, &decided, change).await?;
    let steps = published.iter().map(|sheet| step(id(), sheet, (actor, None), at));
    add_steps(tx, steps.collect()).await
}

/// A step in the life of a sheet, which has come to its present state by it.
pub fn step(
    id: Uuid,
    sheet: &score_sheet::Model,
    (actor, reason): (&Actor, Option<&str>),
    at: DateTime<Utc>,
) -> score_step::ActiveModel {
    score_step::ActiveModel {
        id: Set(id),
        sheet_id: Set(sheet.id),
        state: Set(sheet.state),
        reason: Set(reason.map(str::to_owned)),
        taken_by: Set(actor.recorded_as()),
        taken_for: Set(actor.acting_for()),
        taken_at: Set(at),
    }
}

/// Writes steps in the lives of sheets, in one statement.
pub async fn add_steps(tx: &impl ConnectionTrait, steps: Vec<score_step::ActiveModel>) -> Result<()> {
    score_step::Entity::insert_many(steps)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// How far the sheets of some years have come, whoever asks: year, unit, sheet, state.
pub async fn states(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<(Uuid, Uuid, Uuid, SheetState)>> {
    use score_sheet::Column::{Id, State, UnitId, YearId};
    let found = score_sheet::Entity::find()
        .select_only()
        .columns([YearId, UnitId, Id, State])
        .filter(YearId.is_in(years.iter().copied()));
    Ok(found.into_tuple().all(connection).await?)
}

/// Steps in the lives of some sheets, the oldest first. Give it only sheets that are seen.
pub async fn steps(connection: &impl ConnectionTrait, sheets: &[Uuid]) -> Result<Vec<score_step::Model>> {
    let steps = score_step::Entity::find()
        .filter(score_step::Column::SheetId.is_in(sheets.iter().copied()))
        .order_by_asc(score_step::Column::Id);
    Ok(steps.all(connection).await?)
}

/// Criteria of some sheets for which there is evidence: sheet and code. Give it only sheets that are seen.
pub async fn proven(connection: &impl ConnectionTrait, sheets: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    use evidence::Column::{Criterion, RemovedAt, SubjectId, SubjectKind};
    let found = evidence::Entity::find()
        .select_only()
        .columns([SubjectId, Criterion])
        .filter(SubjectKind.eq(Kind::ScoreSheet.type_name()))
        .filter(SubjectId.is_in(sheets.iter().copied()))
        .filter(Criterion.is_not_null())
        .filter(RemovedAt.is_null())
        .distinct();
    Ok(found.into_tuple().all(connection).await?)
}
