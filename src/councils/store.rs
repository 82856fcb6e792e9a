//! SQL of councils and their members. A council is seen by who sees the unit to which it belongs otherwise than as a neighbour in a cluster,
//! and by who sits in it today.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Order, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, Set,
};
use thidua_entity::{council, council_member};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Place, Reach, Resource};
use crate::units;
use crate::version::{self, next};
use crate::years::store::View;

fn in_sight(view: &View) -> Condition {
    use council::Column::{Id, UnitId};
    if view.reach.everything {
        return Condition::all();
    }
    let own = view.reach.account.map(|account| {
        let seats = seats_of(account, view.today);
        Expr::col((council::Entity, Id)).in_subquery(seats)
    });
    Condition::any()
        .add(units::store::within_subtree(
            &view.reach,
            (council::Entity, UnitId),
            view.today,
        ))
        .add_option(own)
}

/// The councils in which an account sits on a day.
fn seats_of(account: Uuid, day: NaiveDate) -> SelectStatement {
    use council_member::Column::{AccountId, CouncilId, ValidFrom, ValidTo};
    Query::select()
        .column(CouncilId)
        .from(council_member::Entity)
        .and_where(AccountId.eq(account))
        .cond_where(db::holds_on(ValidFrom, ValidTo, day))
        .to_owned()
}

fn visible(view: &View) -> Result<Select<council::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    Ok(council::Entity::find().filter(in_sight(view)))
}

/// Restricts a column that holds a council to those that are seen.
pub fn of_seen(view: &View, column: impl IntoColumnRef) -> Condition {
    let seen = Query::select()
        .column(council::Column::Id)
        .from(council::Entity)
        .cond_where(in_sight(view))
        .to_owned();
    Condition::all().add(Expr::col(column.into_column_ref()).in_subquery(seen))
}

/// True when the caller sees this council. Every filter by a council demands it.
pub fn is_seen(view: &View, id: Uuid) -> Condition {
    let this = Query::select()
        .expr(Expr::val(1))
        .from(council::Entity)
        .and_where(Expr::col((council::Entity, council::Column::Id)).eq(id))
        .cond_where(in_sight(view))
        .to_owned();
    Condition::all().add(Expr::exists(this))
}

/// One council, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<council::Model> {
    let found = visible(view)?.filter(council::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Councils by id, those that are seen.
pub async fn find_many(connection: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<council::Model>> {
    let found = visible(view)?.filter(council::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Councils by id, whoever asks: what was found before names them.
pub async fn plain(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<council::Model>> {
    let found = council::Entity::find().filter(council::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Which councils a list shows.
#[derive(Clone, Debug, Default)]
pub struct CouncilFilter {
    /// Only those of this unit.
    pub unit: Option<Uuid>,
    /// Also those that have ended, or had not begun, on the day.
    pub include_ended: bool,
}

/// A page of the councils that are seen, as they were set up, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &CouncilFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<council::Model>, Option<u64>)> {
    use council::Column::{Id, UnitId, ValidFrom, ValidTo};
    let mut select = visible(view)?;
    if let Some(unit) = filter.unit {
        let seen = units::store::is_seen(&view.reach, unit, view.today);
        select = select.filter(UnitId.eq(unit)).filter(seen);
    }
    if !filter.include_ended {
        let days = ((council::Entity, ValidFrom), (council::Entity, ValidTo));
        select = select.filter(db::holds_on(days.0, days.1, view.today));
    }
    let sorting = Sorting::by_id((council::Entity, Id), Order::Asc, |row: &council::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::listed(connection, select, &sorting, args, count).await
}

/// The place of a council for the policy: its unit with those above it. What is held in a cluster does not reach it.
pub async fn place(connection: &impl ConnectionTrait, council: &council::Model, today: NaiveDate) -> Result<Place> {
    let mut places = places(connection, std::slice::from_ref(council), today).await?;
    Ok(places.remove(&council.id).unwrap_or_default())
}

/// The places of several councils, with three statements.
pub async fn places(
    connection: &impl ConnectionTrait,
    councils: &[council::Model],
    today: NaiveDate,
) -> Result<HashMap<Uuid, Place>> {
    let units: Vec<Uuid> = councils.iter().map(|council| council.unit_id).collect();
    let units = units::store::find_many(connection, &Reach::everything(), &units, today).await?;
    let places = units::store::places(connection, &units, today).await?;
    let of = |council: &council::Model| Place {
        clusters: Vec::new(),
        ..places.get(&council.unit_id).cloned().unwrap_or_default()
    };
    Ok(councils.iter().map(|council| (council.id, of(council))).collect())
}

/// Who sits in some councils, of all times, by seat and then as they came.
pub async fn members(connection: &impl ConnectionTrait, councils: &[Uuid]) -> Result<Vec<council_member::Model>> {
    use council_member::Column::{CouncilId, Id};
    let found = council_member::Entity::find()
        .filter(CouncilId.is_in(councils.iter().copied()))
        .order_by_asc(Id);
    let mut rows = found.all(connection).await?;
    rows.sort_by_key(|row| row.seat);
    Ok(rows)
}

/// One member. Whether they are seen is a matter of their council.
pub async fn member(connection: &impl ConnectionTrait, id: Uuid) -> Result<council_member::Model> {
    let found = council_member::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// Members by id, whoever asks: rolls that were found before name them.
pub async fn plain_members(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<council_member::Model>> {
    let found = council_member::Entity::find().filter(council_member::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Locks a council's row until the transaction ends, so that two writers of it and its members wait for each other, and reads it anew.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<council::Model> {
    let row = council::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Writes a council.
pub async fn add(tx: &impl ConnectionTrait, row: council::ActiveModel) -> Result<council::Model> {
    Ok(row.insert(tx).await?)
}

/// Writes a changed council, if it still has the version that the caller saw.
pub async fn update(
    tx: &impl ConnectionTrait,
    council: &council::Model,
    version: i32,
    change: council::ActiveModel,
) -> Result<council::Model> {
    let row = council::ActiveModel {
        version: Set(next(version)),
        ..change
    };
    let changed = council::Entity::update_many()
        .set(row)
        .filter(council::Column::Id.eq(council.id))
        .filter(council::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, council.version)?;
    let row = council::Entity::find_by_id(council.id).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Writes a member.
pub async fn add_member(tx: &impl ConnectionTrait, row: council_member::ActiveModel) -> Result<council_member::Model> {
    Ok(row.insert(tx).await?)
}

/// Ends the time of a member, if the row still has the version that the caller saw.
pub async fn end_member(
    tx: &impl ConnectionTrait,
    member: &council_member::Model,
    version: i32,
    on: NaiveDate,
) -> Result<()> {
    use council_member::Column::{Id, ValidTo, Version};
    let changed = council_member::Entity::update_many()
        .col_expr(ValidTo, Expr::val(on))
        .col_expr(Version, Expr::val(next(version)))
        .filter(Id.eq(member.id))
        .filter(Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, member.version)
}

/// Takes back a member whose time never began, if the row still has the version that the caller saw.
pub async fn call_off_member(tx: &impl ConnectionTrait, member: &council_member::Model, version: i32) -> Result<()> {
    let gone = council_member::Entity::delete_many()
        .filter(council_member::Column::Id.eq(member.id))
        .filter(council_member::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(gone.rows_affected, member.version)
}

/// Ends on a day the time of every member of a council that goes on after it.
pub async fn close(tx: &impl ConnectionTrait, council: Uuid, on: NaiveDate) -> Result<()> {
    use council_member::Column::{CouncilId, ValidTo, Version};
    council_member::Entity::update_many()
        .col_expr(ValidTo, Expr::val(on))
        .col_expr(Version, version::next_of(Version))
        .filter(CouncilId.eq(council))
        .filter(Condition::any().add(ValidTo.is_null()).add(ValidTo.gt(on)))
        .exec(tx)
        .await?;
    Ok(())
}
