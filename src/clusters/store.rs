//! SQL of clusters, memberships and offices. Everything starts from [`within`]: which of the clusters the caller sees.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};
use thidua_entity::enums::{ClusterForm, ClusterPurpose, Named};
use thidua_entity::{cluster, cluster_membership, cluster_office, unit, unit_ancestry};
use uuid::Uuid;

use super::rules::{Held, Span};
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Place, Reach, Resource};
use crate::units::{self, ancestry::END, store::named_like};
use crate::version;

mod owning;
pub use owning::{of_neighbours, of_seen, of_seen_in, of_those_below};

/// Restricts clusters to those that the reach shows: all; those it names, with what is in them; those that a unit of it
/// organises; those that a unit of it belongs or belonged to, with the bloc around them.
fn within(reach: &Reach, today: NaiveDate) -> Condition {
    use cluster::Column::{Id, OrganiserId, ParentId};
    if reach.everything {
        return Condition::all();
    }
    let joined = joined(reach, Condition::all(), today);
    Condition::any()
        .add(Id.is_in(reach.clusters.iter().copied()))
        .add(ParentId.is_in(reach.clusters.iter().copied()))
        .add(units::store::within_subtree(
            reach,
            (cluster::Entity, OrganiserId),
            today,
        ))
        .add(Id.in_subquery(around(joined.clone())))
        .add(Id.in_subquery(joined))
}

/// The clusters that a unit of a reach belongs or belonged to, by memberships for which a condition holds.
fn joined(reach: &Reach, of: Condition, today: NaiveDate) -> SelectStatement {
    Query::select()
        .column(cluster_membership::Column::ClusterId)
        .from(cluster_membership::Entity)
        .cond_where(units::store::within_subtree(
            reach,
            cluster_membership::Column::UnitId,
            today,
        ))
        .cond_where(of)
        .to_owned()
}

/// The blocs around some clusters.
fn around(clusters: SelectStatement) -> SelectStatement {
    use cluster::Column::{Id, ParentId};
    Query::select()
        .column(ParentId)
        .from(cluster::Entity)
        .and_where(ParentId.is_not_null())
        .and_where(Id.in_subquery(clusters))
        .to_owned()
}

fn visible(reach: &Reach, today: NaiveDate) -> Result<Select<cluster::Entity>> {
    reach.shows(Resource::Clusters)?;
    Ok(cluster::Entity::find().filter(within(reach, today)))
}

/// True when the caller sees this cluster. Every filter by a cluster demands it: one that is not seen finds nothing, as one that
/// never was.
pub fn is_seen(reach: &Reach, id: Uuid, today: NaiveDate) -> Result<Condition> {
    reach.shows(Resource::Clusters)?;
    let this = Query::select()
        .expr(Expr::val(1))
        .from(cluster::Entity)
        .and_where(Expr::col((cluster::Entity, cluster::Column::Id)).eq(id))
        .cond_where(within(reach, today))
        .to_owned();
    Ok(Condition::all().add(Expr::exists(this)))
}

/// One cluster, if it is seen.
pub async fn find(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<cluster::Model> {
    visible(reach, today)?
        .filter(cluster::Column::Id.eq(id))
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// Clusters by id, those that are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<cluster::Model>> {
    Ok(visible(reach, today)?
        .filter(cluster::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// Clusters of some blocs, those that are seen, by name.
pub async fn inside(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    blocs: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<cluster::Model>> {
    Ok(visible(reach, today)?
        .filter(cluster::Column::ParentId.is_in(blocs.iter().copied()))
        .order_by_asc(cluster::Column::SortKey)
        .order_by_asc(cluster::Column::Id)
        .all(connection)
        .await?)
}

/// What a list of clusters may ask for.
#[derive(Clone, Debug, Default)]
pub struct ClusterFilter {
    /// Part of a name, without regard to case, accents, blanks and apostrophes.
    pub search: Option<String>,
    /// Only blocs, or only clusters.
    pub form: Option<ClusterForm>,
    /// Only those of emulation, or only areas of management.
    pub purpose: Option<ClusterPurpose>,
    /// Only those that this unit set up.
    pub organiser: Option<Uuid>,
    /// Only those inside this bloc.
    pub bloc: Option<Uuid>,
    /// Only those of which this unit itself is a member on the day.
    pub member: Option<Uuid>,
    /// Also those that have ended or had not begun on the day.
    pub include_ended: bool,
    /// The day that counts for life and membership; today when not said.
    pub as_of: Option<NaiveDate>,
}

/// How a list of clusters is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterSort {
    /// By name, in the order of the Vietnamese alphabet.
    #[default]
    Name,
    /// By the time at which they were entered.
    Created,
}

/// A page of the clusters that are seen, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &ClusterFilter,
    (sort, order): (ClusterSort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<cluster::Model>, Option<u64>)> {
    let mut select = filtered(visible(reach, today)?, filter, filter.as_of.unwrap_or(today));
    for named in [filter.organiser, filter.member].into_iter().flatten() {
        select = select.filter(units::store::is_seen(reach, named, today));
    }
    if let Some(bloc) = filter.bloc {
        select = select.filter(is_seen(reach, bloc, today)?);
    }
    let id = (cluster::Entity, cluster::Column::Id);
    let sorting = match sort {
        ClusterSort::Name => Sorting::by(
            (
                (cluster::Entity, cluster::Column::SortKey),
                SortValue::Bytes(Vec::new()),
            ),
            id,
            order,
            |row: &cluster::Model| vec![SortValue::Bytes(row.sort_key.clone()), SortValue::Id(row.id)],
        ),
        ClusterSort::Created => Sorting::by_id(id, order, |row: &cluster::Model| vec![SortValue::Id(row.id)]),
    };
    db::listed(connection, select, &sorting, args, count).await
}

fn filtered(mut select: Select<cluster::Entity>, filter: &ClusterFilter, day: NaiveDate) -> Select<cluster::Entity> {
    if !filter.include_ended {
        let (from, to) = (cluster::Column::ValidFrom, cluster::Column::ValidTo);
        select = select.filter(db::holds_on((cluster::Entity, from), (cluster::Entity, to), day));
    }
    if let Some(form) = filter.form {
        select = select.filter(cluster::Column::Form.eq(form));
    }
    if let Some(purpose) = filter.purpose {
        select = select.filter(cluster::Column::Purpose.eq(purpose));
    }
    if let Some(organiser) = filter.organiser {
        select = select.filter(cluster::Column::OrganiserId.eq(organiser));
    }
    if let Some(bloc) = filter.bloc {
        select = select.filter(cluster::Column::ParentId.eq(bloc));
    }
    if let Some(member) = filter.member {
        let joined = Query::select()
            .column(cluster_membership::Column::ClusterId)
            .from(cluster_membership::Entity)
            .and_where(cluster_membership::Column::UnitId.eq(member))
            .cond_where(db::holds_on(
                cluster_membership::Column::ValidFrom,
                cluster_membership::Column::ValidTo,
                day,
            ))
            .to_owned();
        select = select.filter(cluster::Column::Id.in_subquery(joined));
    }
    if let Some(search) = &filter.search {
        select = select.filter(named_like(
            Named::Cluster,
            (cluster::Entity, cluster::Column::Id),
            search,
        ));
    }
    select
}

/// Names of clusters by id, whoever asks: the name of the bloc around one's cluster is no secret.
pub async fn plain_names(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let named = cluster::Entity::find()
        .filter(cluster::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(named.into_iter().map(|cluster| (cluster.id, cluster.name)).collect())
}

/// The place of a cluster for the policy: its organiser with those above it today, its province, itself and its bloc.
pub async fn place(connection: &impl ConnectionTrait, cluster: &cluster::Model, today: NaiveDate) -> Result<Place> {
    let mut places = places(connection, std::slice::from_ref(cluster), today).await?;
    Ok(places.remove(&cluster.id).unwrap_or_default())
}

/// The places of several clusters, with three statements.
pub async fn places(
    connection: &impl ConnectionTrait,
    clusters: &[cluster::Model],
    today: NaiveDate,
) -> Result<HashMap<Uuid, Place>> {
    let organisers = unit::Entity::find()
        .filter(unit::Column::Id.is_in(clusters.iter().map(|cluster| cluster.organiser_id)))
        .all(connection)
        .await?;
    let places = units::store::places(connection, &organisers, today).await?;
    let of_cluster = |cluster: &cluster::Model| Place {
        clusters: [Some(cluster.id), cluster.parent_id].into_iter().flatten().collect(),
        ..places.get(&cluster.organiser_id).cloned().unwrap_or_default()
    };
    Ok(clusters
        .iter()
        .map(|cluster| (cluster.id, of_cluster(cluster)))
        .collect())
}

/// The place of a cluster that must be seen.
pub async fn find_place(connection: &impl ConnectionTrait, reach: &Reach, id: Uuid, today: NaiveDate) -> Result<Place> {
    let cluster = find(connection, reach, id, today).await?;
    place(connection, &cluster, today).await
}

/// Memberships in some clusters, of all times, by the members' names.
pub async fn memberships(
    connection: &impl ConnectionTrait,
    clusters: &[Uuid],
) -> Result<Vec<cluster_membership::Model>> {
    let member = cluster_membership::Entity::belongs_to(unit::Entity)
        .from(cluster_membership::Column::UnitId)
        .to(unit::Column::Id);
    Ok(cluster_membership::Entity::find()
        .join(JoinType::InnerJoin, member.into())
        .filter(cluster_membership::Column::ClusterId.is_in(clusters.iter().copied()))
        .order_by_asc(unit::Column::SortKey)
        .order_by_asc(cluster_membership::Column::UnitId)
        .order_by_asc(cluster_membership::Column::ValidFrom)
        .all(connection)
        .await?)
}

/// Memberships of some units in any cluster, of all times, the oldest first.
pub async fn memberships_of(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
) -> Result<Vec<cluster_membership::Model>> {
    Ok(cluster_membership::Entity::find()
        .filter(cluster_membership::Column::UnitId.is_in(units.iter().copied()))
        .order_by_asc(cluster_membership::Column::ValidFrom)
        .order_by_asc(cluster_membership::Column::Id)
        .all(connection)
        .await?)
}

/// Memberships of a unit with their clusters, seen or not: the rule of one cluster at a time holds for all.
pub async fn held(connection: &impl ConnectionTrait, unit: Uuid) -> Result<Vec<Held>> {
    let memberships = memberships_of(connection, &[unit]).await?;
    let ids = memberships.iter().map(|membership| membership.cluster_id);
    let clusters = cluster::Entity::find()
        .filter(cluster::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    let clusters: HashMap<Uuid, cluster::Model> = clusters.into_iter().map(|row| (row.id, row)).collect();
    let with_cluster = |membership: cluster_membership::Model| {
        let cluster = clusters.get(&membership.cluster_id)?.clone();
        Some((membership, cluster))
    };
    Ok(memberships.into_iter().filter_map(with_cluster).collect())
}

/// Memberships of some units in a cluster or, of a bloc, in one of its clusters too: what entitles to an office of it.
pub async fn entitling(
    connection: &impl ConnectionTrait,
    cluster: Uuid,
    units: &[Uuid],
) -> Result<Vec<cluster_membership::Model>> {
    let inside = Query::select()
        .column(cluster::Column::Id)
        .from(cluster::Entity)
        .and_where(cluster::Column::ParentId.eq(cluster))
        .to_owned();
    Ok(cluster_membership::Entity::find()
        .filter(cluster_membership::Column::UnitId.is_in(units.iter().copied()))
        .filter(
            Condition::any()
                .add(cluster_membership::Column::ClusterId.eq(cluster))
                .add(cluster_membership::Column::ClusterId.in_subquery(inside)),
        )
        .all(connection)
        .await?)
}

/// Offices of some clusters, of all times: chairs, then deputies, each the oldest first.
pub async fn offices(connection: &impl ConnectionTrait, clusters: &[Uuid]) -> Result<Vec<cluster_office::Model>> {
    Ok(cluster_office::Entity::find()
        .filter(cluster_office::Column::ClusterId.is_in(clusters.iter().copied()))
        .order_by_asc(cluster_office::Column::Office)
        .order_by_asc(cluster_office::Column::ValidFrom)
        .order_by_asc(cluster_office::Column::Id)
        .all(connection)
        .await?)
}

/// One membership. Whether it is seen is a matter of its cluster.
pub async fn membership(connection: &impl ConnectionTrait, id: Uuid) -> Result<cluster_membership::Model> {
    let found = cluster_membership::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// One office. Whether it is seen is a matter of its cluster.
pub async fn office(connection: &impl ConnectionTrait, id: Uuid) -> Result<cluster_office::Model> {
    let found = cluster_office::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// The days on which a unit stands below another; nobody stands below itself.
pub async fn days_below(connection: &impl ConnectionTrait, unit: Uuid, upper: Uuid) -> Result<Vec<Span>> {
    if unit == upper {
        return Ok(Vec::new());
    }
    let rows = unit_ancestry::Entity::find()
        .filter(unit_ancestry::Column::UnitId.eq(unit))
        .filter(unit_ancestry::Column::AncestorId.eq(upper))
        .all(connection)
        .await?;
    let span = |row: unit_ancestry::Model| Span {
        from: row.valid_from,
        to: (row.valid_to < END).then_some(row.valid_to),
    };
    Ok(rows.into_iter().map(span).collect())
}

/// How many clusters are in a bloc, those that have ended left out, seen or not.
pub async fn count_inside(connection: &impl ConnectionTrait, bloc: Uuid) -> Result<u64> {
    Ok(cluster::Entity::find()
        .filter(cluster::Column::ParentId.eq(bloc))
        .filter(cluster::Column::ValidTo.is_null())
        .count(connection)
        .await?)
}

/// A cluster of a bloc that goes on after a day, seen or not.
pub async fn inside_after(
    connection: &impl ConnectionTrait,
    bloc: Uuid,
    day: NaiveDate,
) -> Result<Option<cluster::Model>> {
    use cluster::Column::{ParentId, SortKey, ValidTo};
    Ok(cluster::Entity::find()
        .filter(ParentId.eq(bloc))
        .filter(Condition::any().add(ValidTo.is_null()).add(ValidTo.gt(day)))
        .order_by_asc(SortKey)
        .limit(1)
        .one(connection)
        .await?)
}

/// Locks a cluster's row until the transaction ends, so that two writers of it, its members and its offices wait for each
/// other, and reads it anew.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<cluster::Model> {
    cluster::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Error::NotFound)
}

/// Writes a changed cluster, if it still has the version that the caller saw.
pub async fn update(
    tx: &impl ConnectionTrait,
    cluster: &cluster::Model,
    version: i32,
    change: cluster::ActiveModel,
) -> Result<cluster::Model> {
    let row = cluster::ActiveModel {
        version: Set(version::next(version)),
        ..change
    };
    let changed = cluster::Entity::update_many()
        .set(row)
        .filter(cluster::Column::Id.eq(cluster.id))
        .filter(cluster::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, cluster.version)?;
    cluster::Entity::find_by_id(cluster.id)
        .one(tx)
        .await?
        .ok_or(Error::NotFound)
}

/// Ends a membership, if it still has the version that the caller saw.
pub async fn end_membership(
    tx: &impl ConnectionTrait,
    membership: &cluster_membership::Model,
    version: i32,
    on: NaiveDate,
) -> Result<()> {
    use cluster_membership::Column::{Id, ValidTo, Version};
    let changed = cluster_membership::Entity::update_many()
        .col_expr(ValidTo, Expr::val(on))
        .col_expr(Version, Expr::val(version::next(version)))
        .filter(Id.eq(membership.id))
        .filter(Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, membership.version)
}

/// Takes back a membership that never began, if it still has the version that the caller saw.
pub async fn call_off_membership(
    tx: &impl ConnectionTrait,
    membership: &cluster_membership::Model,
    version: i32,
) -> Result<()> {
    let gone = cluster_membership::Entity::delete_many()
        .filter(cluster_membership::Column::Id.eq(membership.id))
        .filter(cluster_membership::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(gone.rows_affected, membership.version)
}

/// Ends an office, if it still has the version that the caller saw.
pub async fn end_office(
    tx: &impl ConnectionTrait,
    office: &cluster_office::Model,
    version: i32,
    on: NaiveDate,
) -> Result<()> {
    use cluster_office::Column::{Id, ValidTo, Version};
    let changed = cluster_office::Entity::update_many()
        .col_expr(ValidTo, Expr::val(on))
        .col_expr(Version, Expr::val(version::next(version)))
        .filter(Id.eq(office.id))
        .filter(Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, office.version)
}

/// Takes back an office that never began, if it still has the version that the caller saw.
pub async fn call_off_office(tx: &impl ConnectionTrait, office: &cluster_office::Model, version: i32) -> Result<()> {
    let gone = cluster_office::Entity::delete_many()
        .filter(cluster_office::Column::Id.eq(office.id))
        .filter(cluster_office::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(gone.rows_affected, office.version)
}

/// Ends on a day every membership and office of a cluster that goes on after it.
pub async fn close(tx: &impl ConnectionTrait, cluster: Uuid, on: NaiveDate) -> Result<()> {
    use cluster_membership::Column as Membership;
    use cluster_office::Column as Office;
    cluster_membership::Entity::update_many()
        .col_expr(Membership::ValidTo, Expr::val(on))
        .col_expr(Membership::Version, version::next_of(Membership::Version))
        .filter(Membership::ClusterId.eq(cluster))
        .filter(
            Condition::any()
                .add(Membership::ValidTo.is_null())
                .add(Membership::ValidTo.gt(on)),
        )
        .exec(tx)
        .await?;
    cluster_office::Entity::update_many()
        .col_expr(Office::ValidTo, Expr::val(on))
        .col_expr(Office::Version, version::next_of(Office::Version))
        .filter(Office::ClusterId.eq(cluster))
        .filter(
            Condition::any()
                .add(Office::ValidTo.is_null())
                .add(Office::ValidTo.gt(on)),
        )
        .exec(tx)
        .await?;
    Ok(())
}
