//! SQL of the members of units on a day.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use thidua_entity::unit_statistics;
use uuid::Uuid;

use crate::error::Result;

/// The last head counts of some units up to a day in which members were counted, whoever asks; by one statement.
pub async fn heads_on(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, unit_statistics::Model>> {
    use unit_statistics::Column::{AsOf, Members, UnitId, WomenMembers};
    let later = Alias::new("later");
    let of_later = |column| Expr::col((later.clone(), column));
    let later_one = Query::select()
        .expr(Expr::val(1))
        .from_as(unit_statistics::Entity, later.clone())
        .and_where(of_later(UnitId).equals((unit_statistics::Entity, UnitId)))
        .and_where(of_later(AsOf).gt(Expr::col((unit_statistics::Entity, AsOf))))
        .and_where(of_later(AsOf).lte(day))
        .cond_where(
            Condition::any()
                .add(of_later(Members).is_not_null())
                .add(of_later(WomenMembers).is_not_null()),
        )
        .to_owned();
    let found = unit_statistics::Entity::find()
        .filter(UnitId.is_in(units.iter().copied()))
        .filter(AsOf.lte(day))
        .filter(
            Condition::any()
                .add(Members.is_not_null())
                .add(WomenMembers.is_not_null()),
        )
        .filter(Expr::exists(later_one).not());
    let found = found.all(connection).await?;
    Ok(found.into_iter().map(|count| (count.unit_id, count)).collect())
}
