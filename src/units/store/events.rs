//! SQL of what happened to units.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use thidua_entity::unit_event;
use uuid::Uuid;

use crate::error::{Error, Result};

/// What was recorded of some units, the oldest first, whoever asks: the units were found before.
pub async fn events(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_event::Model>> {
    let found = unit_event::Entity::find()
        .filter(unit_event::Column::UnitId.is_in(units.iter().copied()))
        .order_by_asc(unit_event::Column::TookEffectOn)
        .order_by_asc(unit_event::Column::Id);
    Ok(found.all(connection).await?)
}

/// One event. Whether it is seen is a matter of its unit.
pub async fn event(connection: &impl ConnectionTrait, id: Uuid) -> Result<unit_event::Model> {
    let found = unit_event::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// Takes an event out; `NOT_FOUND` when somebody was faster.
pub async fn remove_event(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let gone = unit_event::Entity::delete_by_id(id).exec(tx).await?;
    if gone.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
