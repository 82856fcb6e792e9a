//! SQL of writing emulation years: their rows, planned days, steps and participants.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use thidua_entity::enums::YearPhase;
use thidua_entity::{emulation_participant, emulation_phase, emulation_step, emulation_year, score_sheet};
use uuid::Uuid;

use crate::db;
use crate::error::{Error, Result};
use crate::version::next;

/// Writes a changed year, if it still has the version that was read.
pub async fn update(
    tx: &impl ConnectionTrait,
    read: &emulation_year::Model,
    change: emulation_year::ActiveModel,
) -> Result<emulation_year::Model> {
    let row = emulation_year::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = emulation_year::Entity::update_many()
        .set(row)
        .filter(emulation_year::Column::Id.eq(read.id))
        .filter(emulation_year::Column::Phase.eq(read.phase))
        .filter(emulation_year::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let row = emulation_year::Entity::find_by_id(read.id).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Whether a unit has begun to score itself in a year: from then on nothing changes by which it is judged.
pub async fn scoring_has_begun(tx: &impl ConnectionTrait, year: Uuid) -> Result<bool> {
    let begun = score_sheet::Entity::find().filter(score_sheet::Column::YearId.eq(year));
    Ok(begun.one(tx).await?.is_some())
}

/// Writes when the phases of a year are planned to begin, in the place of what was planned.
pub async fn put_phases(tx: &impl ConnectionTrait, year: Uuid, phases: &[(YearPhase, NaiveDate)]) -> Result<()> {
    emulation_phase::Entity::delete_many()
        .filter(emulation_phase::Column::YearId.eq(year))
        .exec(tx)
        .await?;
    let rows = phases.iter().map(|&(phase, starts_on)| emulation_phase::ActiveModel {
        year_id: Set(year),
        phase: Set(phase),
        starts_on: Set(starts_on),
    });
    if !phases.is_empty() {
        emulation_phase::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Writes a step in the life of a year.
pub async fn add_step(tx: &impl ConnectionTrait, step: emulation_step::ActiveModel) -> Result<()> {
    step.insert(tx).await?;
    Ok(())
}

/// Writes who takes part from the start.
pub async fn add_participants(tx: &impl ConnectionTrait, rows: Vec<emulation_participant::ActiveModel>) -> Result<()> {
    if !rows.is_empty() {
        emulation_participant::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Writes a changed participant, if it still has the version that was read.
pub async fn update_participant(
    tx: &impl ConnectionTrait,
    read: &emulation_participant::Model,
    change: emulation_participant::ActiveModel,
) -> Result<emulation_participant::Model> {
    let row = emulation_participant::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = emulation_participant::Entity::update_many()
        .set(row)
        .filter(emulation_participant::Column::Id.eq(read.id))
        .filter(emulation_participant::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let row = emulation_participant::Entity::find_by_id(read.id).one(tx).await?;
    row.ok_or(Error::NotFound)
}
