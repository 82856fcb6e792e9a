//! Conditions on what belongs to clusters, for the stores of other concepts.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query};
use sea_orm::{ColumnTrait, Condition};
use thidua_entity::cluster;
use uuid::Uuid;

use super::within;
use crate::policy::Reach;
use crate::units;

/// Restricts a column that holds a cluster to those that the reach shows, whatever resources are seen there.
pub fn of_seen(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    in_clusters(column, within(reach, today))
}

/// Restricts a column that holds a cluster to those above which the reach stands: it reaches their organiser. And to some by name,
/// with what is in them.
pub fn of_those_below(reach: &Reach, named: &[Uuid], column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    use cluster::Column::{Id, OrganiserId, ParentId};
    let below = Condition::any()
        .add(Id.is_in(named.iter().copied()))
        .add(ParentId.is_in(named.iter().copied()))
        .add(units::store::within_subtree(
            reach,
            (cluster::Entity, OrganiserId),
            today,
        ));
    in_clusters(column, below)
}

fn in_clusters(column: impl IntoColumnRef, which: Condition) -> Condition {
    let clusters = Query::select()
        .column(cluster::Column::Id)
        .from(cluster::Entity)
        .cond_where(which)
        .to_owned();
    Condition::all().add(Expr::col(column.into_column_ref()).in_subquery(clusters))
}
