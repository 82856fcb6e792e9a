//! SQL of who stands above whom, on which days.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use thidua_entity::{cluster, cluster_membership, cluster_office, unit_ancestry, unit_parent};
use uuid::Uuid;

use crate::db::ROWS_AT_ONCE;
use crate::error::Result;
use crate::units::ancestry::{self, Above, Link};
use crate::version;

/// Links to parents of some units, the oldest first.
pub async fn parents(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_parent::Model>> {
    let parents = unit_parent::Entity::find().filter(unit_parent::Column::UnitId.is_in(units.iter().copied()));
    Ok(parents
        .order_by_asc(unit_parent::Column::ValidFrom)
        .all(connection)
        .await?)
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

/// Whether the unit in one column stood below some units on the day in another.
pub fn stood_below(uppers: &[Uuid], unit: impl IntoColumnRef, day: impl IntoColumnRef) -> SelectStatement {
    let upper = Expr::col((unit_ancestry::Entity, unit_ancestry::Column::AncestorId));
    let day = Expr::col(day.into_column_ref());
    above_on(Expr::col(unit.into_column_ref()), &day)
        .and_where(upper.is_in(uppers.iter().copied()))
        .to_owned()
}

/// Whether a unit stood below another on a day, each of them in a column or known.
pub fn stood_below_one(upper: Expr, unit: Expr, day: &Expr) -> SelectStatement {
    let ancestor = Expr::col((unit_ancestry::Entity, unit_ancestry::Column::AncestorId));
    above_on(unit, day).and_where(ancestor.eq(upper)).to_owned()
}

/// What on any day stands, or stood, above some units that a query finds, they themselves included.
pub fn ever_above(units: SelectStatement) -> SelectStatement {
    use unit_ancestry::{Column, Entity};
    Query::select()
        .column(Column::AncestorId)
        .from(Entity)
        .and_where(Column::UnitId.in_subquery(units))
        .to_owned()
}

/// What stood above a unit on a day.
fn above_on(unit: Expr, day: &Expr) -> SelectStatement {
    use unit_ancestry::{Column, Entity};
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::UnitId)).eq(unit))
        .and_where(Expr::col((Entity, Column::ValidFrom)).lte(day.clone()))
        .and_where(Expr::col((Entity, Column::ValidTo)).gt(day.clone()))
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
