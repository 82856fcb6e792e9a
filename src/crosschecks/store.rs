//! SQL of cross-checks, findings, draws and recusals. That a pair exists is seen by who sees the year; what was found by fewer: `sight.rs`.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use thidua_entity::cross_check;
use thidua_entity::enums::CrossCheckState;
use uuid::Uuid;

use crate::error::{Error, Result};

/// The cross-checks that some units make in a year, whoever asks: the year was found before.
pub async fn assigned(
    connection: &impl ConnectionTrait,
    year: Uuid,
    checkers: &[Uuid],
) -> Result<Vec<cross_check::Model>> {
    use cross_check::Column::{CheckerId, Id, YearId};
    let found = cross_check::Entity::find()
        .filter(YearId.eq(year))
        .filter(CheckerId.is_in(checkers.iter().copied()))
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// The cross-checks in which some units are checked in a year, whoever asks: the year was found before.
pub async fn of_checked(
    connection: &impl ConnectionTrait,
    year: Uuid,
    checked: &[Uuid],
) -> Result<Vec<cross_check::Model>> {
    use cross_check::Column::{CheckedId, Id, YearId};
    let found = cross_check::Entity::find()
        .filter(YearId.eq(year))
        .filter(CheckedId.is_in(checked.iter().copied()))
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// Whether a unit was checked and all its cross-checks are done. Not when nobody checks it: ask [`of_checked`] to tell that apart.
pub async fn all_minuted(connection: &impl ConnectionTrait, year: Uuid, unit: Uuid) -> Result<bool> {
    let checks = of_checked(connection, year, &[unit]).await?;
    Ok(!checks.is_empty() && checks.iter().all(|check| check.state == CrossCheckState::Minuted))
}

/// The cross-check of one unit by another in a year; `NOT_FOUND` when it was not assigned.
pub async fn checker_of(
    connection: &impl ConnectionTrait,
    year: Uuid,
    checker: Uuid,
    checked: Uuid,
) -> Result<cross_check::Model> {
    let found = assigned(connection, year, &[checker]).await?;
    let mut found = found.into_iter();
    found.find(|check| check.checked_id == checked).ok_or(Error::NotFound)
}
