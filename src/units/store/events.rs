//! SQL of what happened to units.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use thidua_entity::{unit_event, unit_predecessor};
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

/// What units came out of by some events, whoever asks: the events were found before.
pub async fn predecessors(connection: &impl ConnectionTrait, events: &[Uuid]) -> Result<Vec<unit_predecessor::Model>> {
    let found = unit_predecessor::Entity::find()
        .filter(unit_predecessor::Column::EventId.is_in(events.iter().copied()))
        .order_by_asc(unit_predecessor::Column::PredecessorId);
    Ok(found.all(connection).await?)
}

/// Writes an event, with the units that the unit came out of.
pub async fn add_event(
    tx: &impl ConnectionTrait,
    row: unit_event::ActiveModel,
    predecessors: &[Uuid],
) -> Result<unit_event::Model> {
    let event = row.insert(tx).await?;
    let before = predecessors.iter().map(|&predecessor| unit_predecessor::ActiveModel {
        event_id: Set(event.id),
        unit_id: Set(event.unit_id),
        predecessor_id: Set(predecessor),
    });
    if !predecessors.is_empty() {
        unit_predecessor::Entity::insert_many(before)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(event)
}

/// Takes an event out, with what it says of predecessors; `NOT_FOUND` when somebody was faster.
pub async fn remove_event(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let before = unit_predecessor::Entity::delete_many().filter(unit_predecessor::Column::EventId.eq(id));
    before.exec(tx).await?;
    let gone = unit_event::Entity::delete_by_id(id).exec(tx).await?;
    if gone.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
