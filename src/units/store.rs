//! SQL of units. Everything starts from [`within`]: what of the units the caller sees.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Order, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Select, Set,
};
use thidua_entity::enums::{Named, Sector, UnitKind};
use thidua_entity::{
    cluster, cluster_membership, province, unit, unit_ancestry, unit_code, unit_parent, unit_statistics,
};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Place, Reach, Resource};
use crate::{clusters, version};

mod events;
mod heads;
mod names;
mod reach;
mod tree;
pub use events::*;
pub use heads::*;
pub use names::*;
pub use reach::*;
pub use tree::*;

fn visible(reach: &Reach, today: NaiveDate) -> Result<Select<unit::Entity>> {
    reach.shows(Resource::Units)?;
    Ok(unit::Entity::find().filter(within(reach, (unit::Entity, unit::Column::Id), today)))
}

/// True when this unit lies where the caller sees. Every filter by a unit demands it: one that does not finds nothing, as one that
/// never was.
pub fn is_seen(reach: &Reach, id: Uuid, today: NaiveDate) -> Condition {
    let this = Query::select()
        .expr(Expr::val(1))
        .from(unit::Entity)
        .and_where(Expr::col((unit::Entity, unit::Column::Id)).eq(id))
        .cond_where(within(reach, (unit::Entity, unit::Column::Id), today))
        .to_owned();
    Condition::all().add(Expr::exists(this))
}

/// One unit, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, reach: &Reach, id: Uuid, today: NaiveDate) -> Result<unit::Model> {
    let found = find_many(connection, reach, &[id], today).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Units by id, those that are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<unit::Model>> {
    let found = visible(reach, today)?.filter(unit::Column::Id.is_in(ids.iter().copied()));
    named_on(connection, found.all(connection).await?, today).await
}

/// What a list of units may ask for.
#[derive(Clone, Debug, Default)]
pub struct UnitFilter {
    /// Part of a name, without regard to case, accents, blanks and apostrophes.
    pub search: Option<String>,
    /// Only these kinds.
    pub kinds: Option<Vec<UnitKind>>,
    /// Only these sectors.
    pub sectors: Option<Vec<Sector>>,
    /// Only units of this province.
    pub province: Option<Uuid>,
    /// Only units directly below this one on the day.
    pub parent: Option<Uuid>,
    /// Only units below this one at any depth on the day, itself included.
    pub under: Option<Uuid>,
    /// Only members of this cluster on the day.
    pub cluster: Option<Uuid>,
    /// Only the unit with this code: scheme and value.
    pub code: Option<(String, String)>,
    /// Also units that have ended or were not yet founded on the day.
    pub include_ended: bool,
    /// The day that counts for life, parents and membership; today when not said.
    pub as_of: Option<NaiveDate>,
}

/// How a list of units is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitSort {
    /// By name, in the order of the Vietnamese alphabet.
    Name,
    /// By the time at which they were entered.
    Created,
}

/// A page of the units that are seen, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &UnitFilter,
    (sort, order): (UnitSort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<unit::Model>, Option<u64>)> {
    let mut select = filtered(visible(reach, today)?, filter, filter.as_of.unwrap_or(today));
    for named in [filter.parent, filter.under].into_iter().flatten() {
        select = select.filter(is_seen(reach, named, today));
    }
    if let Some(cluster) = filter.cluster {
        select = select.filter(clusters::store::is_seen(reach, cluster, today)?);
    }
    paged(connection, select, (sort, order), (args, count), today).await
}

/// A page of those units for which a condition holds, of the ones that are seen, by name; and how many there are when that is asked.
pub async fn list_of(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    these: Condition,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<unit::Model>, Option<u64>)> {
    let select = visible(reach, today)?.filter(these);
    paged(connection, select, (UnitSort::Name, Order::Asc), (args, count), today).await
}

/// The first of those units for which a condition holds, of the ones that are seen, by name.
pub async fn some_of(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    these: Condition,
    most: u64,
) -> Result<Vec<unit::Model>> {
    let select = visible(reach, today)?
        .filter(these)
        .order_by_asc(unit::Column::SortKey)
        .order_by_asc(unit::Column::Id)
        .limit(most);
    named_on(connection, select.all(connection).await?, today).await
}

/// A page of a selection of units, with the names that they have today, and how many there are when that is asked.
async fn paged(
    connection: &impl ConnectionTrait,
    select: Select<unit::Entity>,
    (sort, order): (UnitSort, Order),
    (args, count): (&PageArgs, bool),
    today: NaiveDate,
) -> Result<(Page<unit::Model>, Option<u64>)> {
    let sorting = match sort {
        UnitSort::Name => Sorting::by(
            ((unit::Entity, unit::Column::SortKey), SortValue::Bytes(Vec::new())),
            (unit::Entity, unit::Column::Id),
            order,
            |row: &unit::Model| vec![SortValue::Bytes(row.sort_key.clone()), SortValue::Id(row.id)],
        ),
        UnitSort::Created => Sorting::by_id((unit::Entity, unit::Column::Id), order, |row: &unit::Model| {
            vec![SortValue::Id(row.id)]
        }),
    };
    let (page, total) = db::listed(connection, select, &sorting, args, count).await?;
    let (units, page) = page.taken_apart();
    Ok((page.with(named_on(connection, units, today).await?), total))
}

fn filtered(mut select: Select<unit::Entity>, filter: &UnitFilter, day: NaiveDate) -> Select<unit::Entity> {
    if !filter.include_ended {
        select = select.filter(db::holds_on(unit::Column::FoundedOn, unit::Column::EndedOn, day));
    }
    if let Some(kinds) = &filter.kinds {
        select = select.filter(unit::Column::Kind.is_in(kinds.iter().copied()));
    }
    if let Some(sectors) = &filter.sectors {
        select = select.filter(unit::Column::Sector.is_in(sectors.iter().copied()));
    }
    if let Some(province) = filter.province {
        select = select.filter(unit::Column::ProvinceId.eq(province));
    }
    if let Some(parent) = filter.parent {
        let children = Query::select()
            .column(unit_parent::Column::UnitId)
            .from(unit_parent::Entity)
            .and_where(unit_parent::Column::ParentId.eq(parent))
            .cond_where(db::holds_on(
                unit_parent::Column::ValidFrom,
                unit_parent::Column::ValidTo,
                day,
            ))
            .to_owned();
        select = select.filter(unit::Column::Id.in_subquery(children));
    }
    if let Some(under) = filter.under {
        select = select.filter(unit::Column::Id.in_subquery(below(&[under], day)));
    }
    if let Some(cluster) = filter.cluster {
        select = select.filter(unit::Column::Id.in_subquery(members_of(&[cluster], day)));
    }
    if let Some((scheme, value)) = &filter.code {
        let coded = Query::select()
            .column(unit_code::Column::UnitId)
            .from(unit_code::Entity)
            .and_where(unit_code::Column::Scheme.eq(scheme))
            .and_where(unit_code::Column::Value.eq(value))
            .to_owned();
        select = select.filter(unit::Column::Id.in_subquery(coded));
    }
    if let Some(search) = &filter.search {
        select = select.filter(named_like(Named::Unit, (unit::Entity, unit::Column::Id), search));
    }
    select
}

/// The place of a unit for the policy: itself and those above it today, its province, its clusters today.
pub async fn place(connection: &impl ConnectionTrait, unit: &unit::Model, today: NaiveDate) -> Result<Place> {
    let mut places = places(connection, std::slice::from_ref(unit), today).await?;
    Ok(places.remove(&unit.id).unwrap_or_default())
}

/// The places of several units, with two statements.
pub async fn places(
    connection: &impl ConnectionTrait,
    units: &[unit::Model],
    today: NaiveDate,
) -> Result<HashMap<Uuid, Place>> {
    let ids: Vec<Uuid> = units.iter().map(|unit| unit.id).collect();
    let uppers = unit_ancestry::Entity::find()
        .filter(unit_ancestry::Column::UnitId.is_in(ids.iter().copied()))
        .filter(unit_ancestry::Column::ValidFrom.lte(today))
        .filter(unit_ancestry::Column::ValidTo.gt(today))
        .order_by_asc(unit_ancestry::Column::Depth)
        .all(connection)
        .await?;
    use cluster_membership::{Column, Entity};
    let memberships: Vec<(Uuid, Uuid, Option<Uuid>)> = Entity::find()
        .select_only()
        .columns([Column::UnitId, Column::ClusterId])
        .column(cluster::Column::ParentId)
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(cluster::Entity)
                .from(Column::ClusterId)
                .to(cluster::Column::Id)
                .into(),
        )
        .filter(Column::UnitId.is_in(ids))
        .filter(db::holds_on(
            (Entity, Column::ValidFrom),
            (Entity, Column::ValidTo),
            today,
        ))
        .into_tuple()
        .all(connection)
        .await?;
    let mut places: HashMap<Uuid, Place> = units
        .iter()
        .map(|unit| {
            (
                unit.id,
                Place {
                    province: unit.province_id,
                    ..Place::COMMON
                },
            )
        })
        .collect();
    for upper in uppers {
        if let Some(place) = places.get_mut(&upper.unit_id) {
            place.lineage.push(upper.ancestor_id);
        }
    }
    for (unit, cluster, bloc) in memberships {
        if let Some(place) = places.get_mut(&unit) {
            place.clusters.push(cluster);
            place.clusters.extend(bloc);
        }
    }
    Ok(places)
}

/// The place of a unit that must be seen.
pub async fn find_place(connection: &impl ConnectionTrait, reach: &Reach, id: Uuid, today: NaiveDate) -> Result<Place> {
    let unit = find(connection, reach, id, today).await?;
    place(connection, &unit, today).await
}

/// The units that have one of these codes, whoever gave it.
pub fn coded(values: &[String]) -> SelectStatement {
    Query::select()
        .column(unit_code::Column::UnitId)
        .from(unit_code::Entity)
        .and_where(unit_code::Column::Value.is_in(values.iter().cloned()))
        .to_owned()
}

/// Codes of some units.
pub async fn codes(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_code::Model>> {
    let codes = unit_code::Entity::find().filter(unit_code::Column::UnitId.is_in(units.iter().copied()));
    Ok(codes.order_by_asc(unit_code::Column::Id).all(connection).await?)
}

/// Head counts of some units, the newest first.
pub async fn statistics(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_statistics::Model>> {
    let counts = unit_statistics::Entity::find().filter(unit_statistics::Column::UnitId.is_in(units.iter().copied()));
    Ok(counts
        .order_by_desc(unit_statistics::Column::AsOf)
        .all(connection)
        .await?)
}

/// Locks a unit's row until the transaction ends, so that two writers of its dated parts wait for each other.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    unit::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(())
}

/// Lets one after the other write into what belongs to some units, in one order for all; writes that only name them do not wait.
pub async fn take_turns(tx: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    unit::Entity::find()
        .filter(unit::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(unit::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await?;
    Ok(())
}

/// Writes a changed unit, if it still has the version that the caller saw.
pub async fn update(
    tx: &impl ConnectionTrait,
    unit: &unit::Model,
    version: i32,
    change: unit::ActiveModel,
    today: NaiveDate,
) -> Result<unit::Model> {
    let row = unit::ActiveModel {
        version: Set(version::next(version)),
        ..change
    };
    let changed = unit::Entity::update_many()
        .set(row)
        .filter(unit::Column::Id.eq(unit.id))
        .filter(unit::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, unit.version)?;
    let changed = unit::Entity::find_by_id(unit.id)
        .one(tx)
        .await?
        .ok_or(Error::NotFound)?;
    let named = named_on(tx, vec![changed], today).await?;
    named.into_iter().next().ok_or(Error::NotFound)
}

/// The head count of a unit on a day.
pub async fn statistics_of(
    connection: &impl ConnectionTrait,
    unit: Uuid,
    day: NaiveDate,
) -> Result<Option<unit_statistics::Model>> {
    let count = unit_statistics::Entity::find()
        .filter(unit_statistics::Column::UnitId.eq(unit))
        .filter(unit_statistics::Column::AsOf.eq(day));
    Ok(count.one(connection).await?)
}

/// Writes the first head count of a day.
pub async fn add_statistics(tx: &impl ConnectionTrait, row: unit_statistics::Model) -> Result<()> {
    unit_statistics::Entity::insert(row.into_active_model())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Corrects a head count, if it still has the version of `row`.
pub async fn correct_statistics(tx: &impl ConnectionTrait, row: unit_statistics::Model) -> Result<()> {
    let (id, present) = (row.id, row.version);
    let change = unit_statistics::ActiveModel {
        version: Set(version::next(present)),
        ..row.into_active_model().reset_all()
    };
    let changed = unit_statistics::Entity::update_many()
        .set(change)
        .filter(unit_statistics::Column::Id.eq(id))
        .filter(unit_statistics::Column::Version.eq(present))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, present)
}

/// Provinces by id; everybody who signs in sees them.
pub async fn provinces(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<province::Model>> {
    Ok(province::Entity::find()
        .filter(province::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// One province.
pub async fn province(connection: &impl ConnectionTrait, id: Uuid) -> Result<province::Model> {
    province::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// A page of provinces by name.
pub async fn list_provinces(
    connection: &impl ConnectionTrait,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<province::Model>, Option<u64>)> {
    let select = province::Entity::find();
    let sorting = Sorting::by(
        (province::Column::SortKey, SortValue::Bytes(Vec::new())),
        province::Column::Id,
        Order::Asc,
        |row: &province::Model| vec![SortValue::Bytes(row.sort_key.clone()), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}
