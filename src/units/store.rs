//! SQL of units. Everything starts from [`within`]: what of the units the caller sees.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Order, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use thidua_entity::enums::{NameUse, Named, Sector, UnitKind};
use thidua_entity::{
    cluster, cluster_membership, cluster_office, name_key, province, unit, unit_ancestry, unit_code, unit_name,
    unit_parent, unit_statistics,
};
use uuid::Uuid;

use super::ancestry::{self, Above, Link};
use crate::db::{self, Page, PageArgs, ROWS_AT_ONCE, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Place, Reach};
use crate::{clusters, text, version};

/// The units below some units, themselves included, on a day.
pub fn below(units: &[Uuid], day: NaiveDate) -> SelectStatement {
    let day = db::comparable(day);
    Query::select()
        .column(unit_ancestry::Column::UnitId)
        .from(unit_ancestry::Entity)
        .and_where(unit_ancestry::Column::AncestorId.is_in(units.iter().copied()))
        .and_where(unit_ancestry::Column::ValidFrom.lte(day))
        .and_where(unit_ancestry::Column::ValidTo.gt(day))
        .to_owned()
}

/// The members of some clusters on a day; members of the clusters of a bloc are its members too.
pub fn members_of(clusters: &[Uuid], day: NaiveDate) -> SelectStatement {
    let inside = Query::select()
        .column(cluster::Column::Id)
        .from(cluster::Entity)
        .and_where(cluster::Column::ParentId.is_in(clusters.iter().copied()))
        .to_owned();
    Query::select()
        .column(cluster_membership::Column::UnitId)
        .from(cluster_membership::Entity)
        .cond_where(
            Condition::any()
                .add(cluster_membership::Column::ClusterId.is_in(clusters.iter().copied()))
                .add(cluster_membership::Column::ClusterId.in_subquery(inside)),
        )
        .cond_where(db::holds_on(
            cluster_membership::Column::ValidFrom,
            cluster_membership::Column::ValidTo,
            day,
        ))
        .to_owned()
}

/// The units of some provinces.
pub fn located_in(provinces: &[Uuid]) -> SelectStatement {
    Query::select()
        .column(unit::Column::Id)
        .from(unit::Entity)
        .and_where(unit::Column::ProvinceId.is_in(provinces.iter().copied()))
        .to_owned()
}

/// Restricts a column that holds a unit to the units that the reach shows today: everything, what stands below its units,
/// its provinces, and the members of its clusters.
pub fn within(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    within_own(reach, column, today, true)
}

/// The same without members of clusters: their drafts are not seen by the cluster.
pub fn within_subtree(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    within_own(reach, column, today, false)
}

fn within_own(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate, clusters: bool) -> Condition {
    if reach.everything {
        return Condition::all();
    }
    let column = Expr::col(column.into_column_ref());
    let mut any = Condition::any().add(column.clone().in_subquery(below(&reach.units, today)));
    if !reach.provinces.is_empty() {
        any = any.add(column.clone().in_subquery(located_in(&reach.provinces)));
    }
    if clusters && !reach.clusters.is_empty() {
        any = any.add(column.in_subquery(members_of(&reach.clusters, today)));
    }
    any
}

/// The units that own what the caller's units use: those within reach and all above them. Periods and forms start here.
pub fn owners(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    if reach.everything {
        return Condition::all();
    }
    let column = column.into_column_ref();
    let seen = Query::select()
        .column(unit::Column::Id)
        .from(unit::Entity)
        .cond_where(within(reach, unit::Column::Id, today))
        .to_owned();
    let above = Query::select()
        .column(unit_ancestry::Column::AncestorId)
        .from(unit_ancestry::Entity)
        .and_where(unit_ancestry::Column::UnitId.in_subquery(seen))
        .and_where(unit_ancestry::Column::ValidFrom.lte(today))
        .and_where(unit_ancestry::Column::ValidTo.gt(today))
        .to_owned();
    Condition::any().add(Expr::col(column).in_subquery(above))
}

fn visible(reach: &Reach, today: NaiveDate) -> Select<unit::Entity> {
    unit::Entity::find().filter(within(reach, (unit::Entity, unit::Column::Id), today))
}

/// True when the caller sees this unit. Every filter by a unit demands it: one that is not seen finds nothing, as one that never
/// was.
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
    let found = visible(reach, today).filter(unit::Column::Id.is_in(ids.iter().copied()));
    named_on(connection, found.all(connection).await?, today).await
}

/// Units under the names that they have on a day: a name that was given for a day to come does not show before. A row
/// holds its newest name, so a statement is only spent on those whose newest name has not begun.
pub async fn named_on(
    connection: &impl ConnectionTrait,
    mut units: Vec<unit::Model>,
    day: NaiveDate,
) -> Result<Vec<unit::Model>> {
    let early = |unit: &unit::Model| unit.name_from.is_some_and(|from| from > day);
    let ids: Vec<Uuid> = units.iter().filter(|unit| early(unit)).map(|unit| unit.id).collect();
    if ids.is_empty() {
        return Ok(units);
    }
    let mut names_of: HashMap<Uuid, Vec<unit_name::Model>> = HashMap::new();
    for name in names(connection, &ids).await? {
        names_of.entry(name.unit_id).or_default().push(name);
    }
    for unit in &mut units {
        if let Some(name) = names_of.get(&unit.id).and_then(|names| name_on(names, day)) {
            unit.name = name.to_owned();
        }
    }
    Ok(units)
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
    let mut select = filtered(visible(reach, today), filter, filter.as_of.unwrap_or(today));
    for named in [filter.parent, filter.under].into_iter().flatten() {
        select = select.filter(is_seen(reach, named, today));
    }
    if let Some(cluster) = filter.cluster {
        select = select.filter(clusters::store::is_seen(reach, cluster, today));
    }
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
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
    let mut page = db::page(connection, select, &sorting, args).await?;
    let (cursors, units): (Vec<String>, Vec<unit::Model>) = page.rows.into_iter().unzip();
    let units = named_on(connection, units, today).await?;
    page.rows = cursors.into_iter().zip(units).collect();
    Ok((page, total))
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

/// Restricts a column to the things whose name matches: the query as a whole begins at one of the name's words, or each
/// word of the query does. Answered from the index of folded names.
pub fn named_like(subject: Named, column: impl IntoColumnRef, search: &str) -> Condition {
    let column = Expr::col(column.into_column_ref());
    let beginning = |key: &str| {
        let (from, to) = text::key_range(key);
        let found = Query::select()
            .column(name_key::Column::SubjectId)
            .from(name_key::Entity)
            .and_where(name_key::Column::Subject.eq(subject))
            .and_where(name_key::Column::Key.gte(from))
            .and_where(name_key::Column::Key.lt(to))
            .to_owned();
        column.clone().in_subquery(found)
    };
    let words = text::query_words(search);
    let mut each = Condition::all();
    for word in &words {
        each = each.add(beginning(word));
    }
    if words.is_empty() {
        each.add(Expr::val(1).eq(0))
    } else {
        Condition::any().add(beginning(&words.concat())).add(each)
    }
}

/// Writes the folded names of a thing anew.
pub async fn index_names(tx: &impl ConnectionTrait, subject: Named, id: Uuid, names: &[&str]) -> Result<()> {
    name_key::Entity::delete_many()
        .filter(name_key::Column::SubjectId.eq(id))
        .exec(tx)
        .await?;
    let mut keys: Vec<Vec<u8>> = names.iter().flat_map(|name| text::name_keys(name)).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Ok(());
    }
    let rows = keys.into_iter().map(|key| name_key::ActiveModel {
        subject: Set(subject),
        key: Set(key),
        subject_id: Set(id),
    });
    name_key::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
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

/// Names of some units, the newest first.
pub async fn names(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_name::Model>> {
    let names = unit_name::Entity::find().filter(unit_name::Column::UnitId.is_in(units.iter().copied()));
    Ok(names.order_by_desc(unit_name::Column::Id).all(connection).await?)
}

/// The official name on a day among names that are sorted newest first. Before the first known name, that one.
pub fn name_on(names: &[unit_name::Model], day: NaiveDate) -> Option<&str> {
    let official = || names.iter().filter(|name| name.name_use == NameUse::Official);
    official()
        .find(|name| name.valid_from.is_none_or(|from| from <= day) && name.valid_to.is_none_or(|to| to > day))
        .or_else(|| official().next_back())
        .map(|name| name.name.as_str())
}

/// Codes of some units.
pub async fn codes(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_code::Model>> {
    let codes = unit_code::Entity::find().filter(unit_code::Column::UnitId.is_in(units.iter().copied()));
    Ok(codes.order_by_asc(unit_code::Column::Id).all(connection).await?)
}

/// Links to parents of some units, the oldest first.
pub async fn parents(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_parent::Model>> {
    let parents = unit_parent::Entity::find().filter(unit_parent::Column::UnitId.is_in(units.iter().copied()));
    Ok(parents
        .order_by_asc(unit_parent::Column::ValidFrom)
        .all(connection)
        .await?)
}

/// Head counts of some units, the newest first.
pub async fn statistics(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_statistics::Model>> {
    let counts = unit_statistics::Entity::find().filter(unit_statistics::Column::UnitId.is_in(units.iter().copied()));
    Ok(counts
        .order_by_desc(unit_statistics::Column::AsOf)
        .all(connection)
        .await?)
}

/// Names in use of units by id, whoever asks: the name of a member of one's cluster, or of the unit above, is no secret.
pub async fn plain_names(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
    today: NaiveDate,
) -> Result<HashMap<Uuid, String>> {
    let found = unit::Entity::find().filter(unit::Column::Id.is_in(units.iter().copied()));
    let named = named_on(connection, found.all(connection).await?, today).await?;
    Ok(named.into_iter().map(|unit| (unit.id, unit.name)).collect())
}

/// Locks a unit's row until the transaction ends, so that two writers of its dated parts wait for each other.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    unit::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
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

/// Writes a name that begins on a day.
pub async fn add_name(
    tx: &impl ConnectionTrait,
    id: Uuid,
    unit: Uuid,
    name_use: NameUse,
    name: &str,
    from: Option<NaiveDate>,
) -> Result<()> {
    let row = unit_name::ActiveModel {
        id: Set(id),
        unit_id: Set(unit),
        name_use: Set(name_use),
        name: Set(name.to_owned()),
        valid_from: Set(from),
        valid_to: Set(None),
    };
    row.insert(tx).await?;
    let names = names(tx, &[unit]).await?;
    let all: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    index_names(tx, Named::Unit, unit, &all).await
}

/// Ends the official name in use.
pub async fn end_name(tx: &impl ConnectionTrait, unit: Uuid, on: NaiveDate) -> Result<()> {
    unit_name::Entity::update_many()
        .col_expr(unit_name::Column::ValidTo, Expr::val(on))
        .filter(unit_name::Column::UnitId.eq(unit))
        .filter(unit_name::Column::NameUse.eq(NameUse::Official))
        .filter(unit_name::Column::ValidTo.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends the link to the parent of today and begins another.
pub async fn set_parent(tx: &impl ConnectionTrait, id: Uuid, link: Link, decision: Option<String>) -> Result<()> {
    unit_parent::Entity::update_many()
        .col_expr(unit_parent::Column::ValidTo, Expr::val(link.from))
        .filter(unit_parent::Column::UnitId.eq(link.unit))
        .filter(unit_parent::Column::ValidTo.is_null())
        .exec(tx)
        .await?;
    let row = unit_parent::ActiveModel {
        id: Set(id),
        unit_id: Set(link.unit),
        parent_id: Set(link.parent),
        valid_from: Set(link.from),
        valid_to: Set(None),
        decision: Set(decision),
    };
    row.insert(tx).await?;
    rebuild_ancestry(tx, link.unit).await
}

/// Ends, on a day, memberships and offices of some units in clusters; what would have begun later is taken out. With
/// `moved` only in clusters whose organiser no longer stands above the unit on that day.
pub async fn leave_clusters(tx: &impl ConnectionTrait, units: &[Uuid], on: NaiveDate, moved: bool) -> Result<()> {
    use cluster_membership as membership;
    use cluster_office as office;
    for some in units.chunks(ROWS_AT_ONCE) {
        let mut members = Condition::all().add(membership::Column::UnitId.is_in(some.iter().copied()));
        let mut holders = Condition::all().add(office::Column::UnitId.is_in(some.iter().copied()));
        if moved {
            let unit = (membership::Entity, membership::Column::UnitId);
            let cluster = (membership::Entity, membership::Column::ClusterId);
            members = members.add(Expr::exists(organised_above(unit, cluster, on)).not());
            let unit = (office::Entity, office::Column::UnitId);
            let cluster = (office::Entity, office::Column::ClusterId);
            holders = holders.add(Expr::exists(organised_above(unit, cluster, on)).not());
        }
        let later = membership::Column::ValidFrom.gte(on);
        membership::Entity::delete_many()
            .filter(members.clone())
            .filter(later)
            .exec(tx)
            .await?;
        membership::Entity::update_many()
            .col_expr(membership::Column::ValidTo, Expr::val(on))
            .col_expr(
                membership::Column::Version,
                version::next_of(membership::Column::Version),
            )
            .filter(members)
            .filter(
                membership::Column::ValidTo
                    .is_null()
                    .or(membership::Column::ValidTo.gt(on)),
            )
            .exec(tx)
            .await?;
        office::Entity::delete_many()
            .filter(holders.clone())
            .filter(office::Column::ValidFrom.gte(on))
            .exec(tx)
            .await?;
        office::Entity::update_many()
            .col_expr(office::Column::ValidTo, Expr::val(on))
            .col_expr(office::Column::Version, version::next_of(office::Column::Version))
            .filter(holders)
            .filter(office::Column::ValidTo.is_null().or(office::Column::ValidTo.gt(on)))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Whether the organiser of the cluster in one column stands above the unit in another on a day.
fn organised_above(unit: impl IntoColumnRef, cluster_id: impl IntoColumnRef, day: NaiveDate) -> SelectStatement {
    use unit_ancestry::{Column, Entity};
    let organiser = Query::select()
        .column((cluster::Entity, cluster::Column::OrganiserId))
        .from(cluster::Entity)
        .and_where(Expr::col((cluster::Entity, cluster::Column::Id)).eq(Expr::col(cluster_id.into_column_ref())))
        .to_owned();
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::UnitId)).eq(Expr::col(unit.into_column_ref())))
        .and_where(Expr::col((Entity, Column::AncestorId)).in_subquery(organiser))
        .and_where(Expr::col((Entity, Column::ValidFrom)).lte(day))
        .and_where(Expr::col((Entity, Column::ValidTo)).gt(day))
        .to_owned()
}

/// A unit and everything below it on a day.
pub async fn ids_below(connection: &impl ConnectionTrait, unit: Uuid, day: NaiveDate) -> Result<Vec<Uuid>> {
    Ok(unit_ancestry::Entity::find()
        .select_only()
        .column(unit_ancestry::Column::UnitId)
        .filter(unit_ancestry::Column::AncestorId.eq(unit))
        .filter(unit_ancestry::Column::ValidFrom.lte(day))
        .filter(unit_ancestry::Column::ValidTo.gt(day))
        .into_tuple()
        .all(connection)
        .await?)
}

/// Whether `unit` stands, or will stand, below `ancestor` on a day from `day` on.
pub async fn is_below(connection: &impl ConnectionTrait, unit: Uuid, ancestor: Uuid, day: NaiveDate) -> Result<bool> {
    let above = unit_ancestry::Entity::find()
        .filter(unit_ancestry::Column::AncestorId.eq(ancestor))
        .filter(unit_ancestry::Column::UnitId.eq(unit))
        .filter(unit_ancestry::Column::ValidTo.gt(day));
    Ok(above.limit(1).one(connection).await?.is_some())
}

/// Works out anew what stands above a unit and above everything that ever stood below it.
pub async fn rebuild_ancestry(tx: &impl ConnectionTrait, unit: Uuid) -> Result<()> {
    let below: Vec<Uuid> = unit_ancestry::Entity::find()
        .select_only()
        .column(unit_ancestry::Column::UnitId)
        .distinct()
        .filter(unit_ancestry::Column::AncestorId.eq(unit))
        .into_tuple()
        .all(tx)
        .await?;
    let mut affected = below;
    if !affected.contains(&unit) {
        affected.push(unit);
    }
    let mut links = Vec::new();
    for some in affected.chunks(ROWS_AT_ONCE) {
        links.extend(parents(tx, some).await?.into_iter().map(|row| Link {
            unit: row.unit_id,
            parent: row.parent_id,
            from: row.valid_from,
            to: row.valid_to.unwrap_or(ancestry::END),
        }));
    }
    let outside: Vec<Uuid> = links
        .iter()
        .map(|link| link.parent)
        .filter(|parent| !affected.contains(parent))
        .collect();
    let mut known: HashMap<Uuid, Vec<Above>> = HashMap::new();
    let uppers = unit_ancestry::Entity::find()
        .filter(unit_ancestry::Column::UnitId.is_in(outside))
        .all(tx)
        .await?;
    for row in uppers {
        known.entry(row.unit_id).or_default().push(Above {
            ancestor: row.ancestor_id,
            from: row.valid_from,
            to: row.valid_to,
            depth: row.depth,
        });
    }
    let above = ancestry::above(&affected, &links, &known);
    for some in affected.chunks(ROWS_AT_ONCE) {
        let stale =
            unit_ancestry::Entity::delete_many().filter(unit_ancestry::Column::UnitId.is_in(some.iter().copied()));
        stale.exec(tx).await?;
    }
    insert_ancestry(tx, above).await
}

/// Writes what stands above units, for units that have nothing written yet.
pub async fn insert_ancestry(tx: &impl ConnectionTrait, above: HashMap<Uuid, Vec<Above>>) -> Result<()> {
    let rows: Vec<unit_ancestry::ActiveModel> = above
        .into_iter()
        .flat_map(|(unit, uppers)| {
            uppers.into_iter().map(move |upper| unit_ancestry::ActiveModel {
                ancestor_id: Set(upper.ancestor),
                unit_id: Set(unit),
                valid_from: Set(upper.from),
                valid_to: Set(upper.to),
                depth: Set(upper.depth),
            })
        })
        .collect();
    for some in rows.chunks(ROWS_AT_ONCE) {
        unit_ancestry::Entity::insert_many(some.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
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
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = Sorting::by(
        (province::Column::SortKey, SortValue::Bytes(Vec::new())),
        province::Column::Id,
        Order::Asc,
        |row: &province::Model| vec![SortValue::Bytes(row.sort_key.clone()), SortValue::Id(row.id)],
    );
    Ok((db::page(connection, select, &sorting, args).await?, total))
}
