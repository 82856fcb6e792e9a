//! How far somebody sees, as conditions on units and on what belongs to units. Every list builds on these.

use chrono::NaiveDate;
use sea_orm::sea_query::{
    Alias, CommonTableExpression, Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, UnionType, WithClause,
};
use sea_orm::{ColumnTrait, Condition};
use thidua_entity::{cluster, cluster_membership, unit, unit_ancestry, unit_predecessor};
use uuid::Uuid;

use crate::db::{self};
use crate::policy::Reach;

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

/// What units came out of by mergers, splits and consolidations, and what those came out of before, as far back as is recorded. `came_out`
/// says of which units, by the column `unit_id` of `unit_predecessor`.
pub fn origins(came_out: Condition) -> SelectStatement {
    use unit_predecessor::{Column, Entity};
    let (origin, id) = (Alias::new("origin"), Alias::new("id"));
    let before = Query::select()
        .column((Entity, Column::PredecessorId))
        .from(Entity)
        .inner_join(
            origin.clone(),
            Expr::col((Entity, Column::UnitId)).equals((origin.clone(), id.clone())),
        )
        .to_owned();
    // What is found twice is followed once, so that a circle ends.
    let found = Query::select()
        .column(Column::PredecessorId)
        .from(Entity)
        .cond_where(came_out)
        .union(UnionType::Distinct, before)
        .to_owned();
    let mut followed = CommonTableExpression::new();
    followed.table_name(origin.clone()).column(id.clone()).query(found);
    let mut with = WithClause::new();
    with.recursive(true).cte(followed);
    Query::select().column(id).from(origin).with_cte(with).to_owned()
}

/// The units that those within reach came out of: their history is that of their successors.
pub fn origins_within(reach: &Reach, today: NaiveDate) -> SelectStatement {
    use unit_predecessor::{Column, Entity};
    origins(within(reach, (Entity, Column::UnitId), today))
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
