//! SQL of whom something concerns: who holds a role for a unit, and who holds one nearest above it. Locked accounts are told nothing.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, cluster, cluster_membership, role_grant, unit, unit_ancestry};
use uuid::Uuid;

use crate::accounts::store::in_force;
use crate::db;
use crate::error::Result;

fn unlocked() -> SelectStatement {
    Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::LockedAt.is_null())
        .to_owned()
}

/// Those of some accounts that are not locked.
pub async fn unlocked_among(connection: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<Uuid>> {
    let found = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Id.is_in(accounts.iter().copied()))
        .filter(account::Column::LockedAt.is_null());
    Ok(found.into_tuple().all(connection).await?)
}

/// Who holds one of the roles for one of these very units today: the unit and the account.
pub async fn holders(
    connection: &impl ConnectionTrait,
    roles: &[Role],
    units: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<(Uuid, Uuid)>> {
    use role_grant::{Column, Entity};
    let mut holders = Vec::new();
    for some in units.chunks(db::ROWS_AT_ONCE) {
        let grants = Entity::find()
            .select_only()
            .column(Column::ScopeId)
            .column(Column::AccountId)
            .distinct()
            .filter(Column::Role.is_in(roles.iter().copied()))
            .filter(Column::ScopeKind.eq(ScopeKind::Unit))
            .filter(Column::ScopeId.is_in(some.iter().copied()))
            .filter(in_force(today))
            .filter(Column::AccountId.in_subquery(unlocked()));
        holders.extend(grants.into_tuple::<(Uuid, Uuid)>().all(connection).await?);
    }
    Ok(holders)
}

/// How near somebody stands to a unit: first those of the unit itself and then of those above it, level by level; then its clusters, its
/// province, everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Levels(i32),
    Cluster,
    Province,
    Everything,
}

/// Who holds one of the roles nearest to a unit today: whoever stands further away need not be told what those can do. The accounts of
/// `but` do not count.
pub async fn nearest_holders(
    connection: &impl ConnectionTrait,
    roles: &[Role],
    unit: &unit::Model,
    but: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<Uuid>> {
    use role_grant::{Column, Entity};
    let above = unit_ancestry::Entity::find()
        .select_only()
        .column(unit_ancestry::Column::AncestorId)
        .column(unit_ancestry::Column::Depth)
        .filter(unit_ancestry::Column::UnitId.eq(unit.id))
        .filter(db::holds_on(
            unit_ancestry::Column::ValidFrom,
            unit_ancestry::Column::ValidTo,
            today,
        ));
    let mut levels: Vec<(Uuid, i32)> = above.into_tuple().all(connection).await?;
    levels.push((unit.id, 0));
    let of = |kind: ScopeKind| Condition::all().add(Column::ScopeKind.eq(kind));
    let scope = Condition::any()
        .add(of(ScopeKind::Everything))
        .add(of(ScopeKind::Province).add(Column::ScopeId.eq(unit.province_id)))
        .add(of(ScopeKind::Unit).add(Column::ScopeId.is_in(levels.iter().map(|(id, _)| *id))))
        .add(of(ScopeKind::Cluster).add(Column::ScopeId.in_subquery(clusters_of(unit.id, today))));
    let grants = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .column(Column::ScopeKind)
        .column(Column::ScopeId)
        .filter(Column::Role.is_in(roles.iter().copied()))
        .filter(scope)
        .filter(in_force(today))
        .filter(Column::AccountId.is_not_in(but.iter().copied()))
        .filter(Column::AccountId.in_subquery(unlocked()));
    let grants: Vec<(Uuid, ScopeKind, Option<Uuid>)> = grants.into_tuple().all(connection).await?;
    let nearness = |kind: ScopeKind, id: Option<Uuid>| match kind {
        ScopeKind::Unit => {
            let level = levels.iter().find(|(one, _)| Some(*one) == id);
            Nearness::Levels(level.map_or(i32::MAX, |(_, depth)| *depth))
        }
        ScopeKind::Cluster => Nearness::Cluster,
        ScopeKind::Province => Nearness::Province,
        ScopeKind::Everything => Nearness::Everything,
    };
    let near: Vec<(Nearness, Uuid)> = grants
        .into_iter()
        .map(|(account, kind, id)| (nearness(kind, id), account))
        .collect();
    let nearest = near.iter().map(|(nearness, _)| *nearness).min();
    let mut accounts: Vec<Uuid> = near
        .into_iter()
        .filter(|(nearness, _)| Some(*nearness) == nearest)
        .map(|(_, account)| account)
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    Ok(accounts)
}

/// The clusters of which a unit is a member today, and the blocs around them.
fn clusters_of(unit: Uuid, today: NaiveDate) -> SelectStatement {
    use cluster_membership::{Column, Entity};
    let own = Query::select()
        .column(Column::ClusterId)
        .from(Entity)
        .and_where(Column::UnitId.eq(unit))
        .cond_where(db::holds_on(Column::ValidFrom, Column::ValidTo, today))
        .to_owned();
    let id = (cluster::Entity, cluster::Column::Id).into_column_ref();
    let around = Query::select()
        .column(cluster::Column::ParentId)
        .from(cluster::Entity)
        .and_where(Expr::col(id.clone()).in_subquery(own.clone()))
        .and_where(cluster::Column::ParentId.is_not_null())
        .to_owned();
    Query::select()
        .column(cluster::Column::Id)
        .from(cluster::Entity)
        .cond_where(
            Condition::any()
                .add(Expr::col(id.clone()).in_subquery(own))
                .add(Expr::col(id).in_subquery(around)),
        )
        .to_owned()
}
