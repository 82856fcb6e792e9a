//! SQL of reminders of reports that are owed.

use std::collections::HashSet;

use chrono::NaiveDate;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use thidua_entity::enums::ReminderKind;
use thidua_entity::report_reminder::{ActiveModel, Column, Entity, Model};
use uuid::Uuid;

use crate::error::Result;

/// What the units were reminded of that owe a report on a form for a period: the unit, of what, for which last day.
pub async fn reminded(
    connection: &impl ConnectionTrait,
    form: Uuid,
    period: Uuid,
) -> Result<HashSet<(Uuid, ReminderKind, NaiveDate)>> {
    let given = Entity::find()
        .select_only()
        .column(Column::UnitId)
        .column(Column::Kind)
        .column(Column::Until)
        .filter(Column::FormId.eq(form))
        .filter(Column::PeriodId.eq(period));
    let given: Vec<(Uuid, ReminderKind, NaiveDate)> = given.into_tuple().all(connection).await?;
    Ok(given.into_iter().collect())
}

/// Writes reminders down and tells which of them nobody had given before, on this instance or another.
pub async fn remind(tx: &impl ConnectionTrait, reminders: Vec<ActiveModel>) -> Result<Vec<Model>> {
    let once = [
        Column::FormId,
        Column::PeriodId,
        Column::UnitId,
        Column::Kind,
        Column::Until,
    ];
    Ok(Entity::insert_many(reminders)
        .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
        .exec_with_returning(tx)
        .await?)
}
