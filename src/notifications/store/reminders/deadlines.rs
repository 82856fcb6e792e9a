//! SQL of reminders of last days of ballots and proposals.

use std::collections::HashSet;

use chrono::NaiveDate;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use thidua_entity::deadline_reminder::{ActiveModel, Column, Entity, Model};
use thidua_entity::enums::DeadlineKind;
use uuid::Uuid;

use crate::error::Result;

/// Of what was reminded: of which ballot or proposal, and for which last day.
pub async fn reminded(
    connection: &impl ConnectionTrait,
    subjects: &[Uuid],
) -> Result<HashSet<(DeadlineKind, Uuid, NaiveDate)>> {
    let given = Entity::find()
        .select_only()
        .columns([Column::Kind, Column::SubjectId, Column::Until])
        .filter(Column::SubjectId.is_in(subjects.iter().copied()));
    let given: Vec<(DeadlineKind, Uuid, NaiveDate)> = given.into_tuple().all(connection).await?;
    Ok(given.into_iter().collect())
}

/// Writes reminders down and tells which of them nobody had given before, on this instance or another.
pub async fn remind(tx: &impl ConnectionTrait, reminders: Vec<ActiveModel>) -> Result<Vec<Model>> {
    let once = [Column::SubjectId, Column::Kind, Column::Until];
    Ok(Entity::insert_many(reminders)
        .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
        .exec_with_returning(tx)
        .await?)
}
