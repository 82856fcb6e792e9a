//! Conditions on what belongs to clusters, for the stores of other concepts.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query};
use sea_orm::{ColumnTrait, Condition};
use thidua_entity::{cluster, cluster_membership};
use uuid::Uuid;

use super::{around, joined, within};
use crate::policy::Reach;
use crate::{db, units};

/// Restricts a column that holds a cluster to those that the reach shows, whatever resources are seen there.
pub fn of_seen(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    in_clusters(column, within(reach, today))
}

/// Restricts a column that holds a cluster as [`of_seen`] does; but to a cluster that a unit has left only where it belonged to it between
/// two days, the first and the last of what is asked for, which stand in columns beside it.
pub fn of_seen_in<C: IntoColumnRef + Clone>(
    reach: &Reach,
    column: C,
    (first, last): (impl IntoColumnRef, impl IntoColumnRef),
    today: NaiveDate,
) -> Condition {
    use cluster_membership::Column::{ValidFrom, ValidTo};
    let of = |column| Expr::col((cluster_membership::Entity, column));
    let then = Condition::all()
        .add(of(ValidFrom).lte(Expr::col(last.into_column_ref())))
        .add(of(ValidTo).gt(Expr::col(first.into_column_ref())));
    let still = Condition::any()
        .add(of(ValidTo).is_null())
        .add(of(ValidTo).gt(today))
        .add(then);
    let joined = joined(reach, still, today);
    let this = || Expr::col(column.clone().into_column_ref());
    Condition::any()
        .add(of_those_below(reach, &reach.clusters, column.clone(), today))
        .add(this().in_subquery(around(joined.clone())))
        .add(this().in_subquery(joined))
}

/// Restricts a column that holds a unit to those that belong today to a cluster to which a unit of the reach belongs today too.
pub fn of_neighbours(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    use cluster_membership::Column::{ClusterId, UnitId, ValidFrom, ValidTo};
    let holds = || db::holds_on(ValidFrom, ValidTo, today);
    let shared = joined(reach, holds(), today);
    let members = Query::select()
        .column(UnitId)
        .from(cluster_membership::Entity)
        .and_where(Expr::col(ClusterId).in_subquery(shared))
        .cond_where(holds())
        .to_owned();
    Condition::all().add(Expr::col(column.into_column_ref()).in_subquery(members))
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
