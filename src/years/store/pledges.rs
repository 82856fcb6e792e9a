//! SQL of registrations and targets.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use thidua_entity::{award_type, registration, target};
use uuid::Uuid;

use crate::db;
use crate::error::{Error, Result};
use crate::version::next;
use crate::years::pact::Promise;

/// What some units registered for in some years, the oldest first, also what they withdrew. The years were found before.
pub async fn registrations(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
    years: &[Uuid],
) -> Result<Vec<registration::Model>> {
    let found = registration::Entity::find()
        .filter(registration::Column::YearId.is_in(years.iter().copied()))
        .filter(registration::Column::UnitId.is_in(units.iter().copied()))
        .order_by_asc(registration::Column::Id);
    Ok(found.all(connection).await?)
}

/// One registration. Whether it is seen is a matter of its year.
pub async fn registration(connection: &impl ConnectionTrait, id: Uuid) -> Result<registration::Model> {
    let found = registration::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// Writes a changed registration, if it still has the version that was read.
pub async fn update_registration(
    tx: &impl ConnectionTrait,
    read: &registration::Model,
    change: registration::ActiveModel,
) -> Result<registration::Model> {
    let row = registration::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = registration::Entity::update_many()
        .set(row)
        .filter(registration::Column::Id.eq(read.id))
        .filter(registration::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    registration(tx, read.id).await
}

/// A kind of award of the common catalogue, which is for everybody.
pub async fn award_type(connection: &impl ConnectionTrait, id: Uuid) -> Result<award_type::Model> {
    let found = award_type::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// What some units promised in some years. The years were found before.
pub async fn targets(connection: &impl ConnectionTrait, units: &[Uuid], years: &[Uuid]) -> Result<Vec<target::Model>> {
    let found = target::Entity::find()
        .filter(target::Column::YearId.is_in(years.iter().copied()))
        .filter(target::Column::UnitId.is_in(units.iter().copied()))
        .order_by_asc(target::Column::Id);
    Ok(found.all(connection).await?)
}

/// What some units promised in a year, as a pact covers it.
pub async fn promises(connection: &impl ConnectionTrait, year: Uuid, units: &[Uuid]) -> Result<Vec<Promise>> {
    let targets = targets(connection, units, &[year]).await?;
    Ok(targets
        .into_iter()
        .map(|row| (row.unit_id, row.indicator_id, row.value))
        .collect())
}

/// One target. Whether it is seen is a matter of its year.
pub async fn target(connection: &impl ConnectionTrait, id: Uuid) -> Result<target::Model> {
    let found = target::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// Writes a first target.
pub async fn add_target(tx: &impl ConnectionTrait, row: target::ActiveModel) -> Result<()> {
    row.insert(tx).await?;
    Ok(())
}

/// Writes a target anew, if it still has the version that was read.
pub async fn update_target(tx: &impl ConnectionTrait, read: &target::Model, row: target::Model) -> Result<()> {
    let changed = target::Entity::update_many()
        .set(row.into_active_model().reset_all())
        .filter(target::Column::Id.eq(read.id))
        .filter(target::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)
}

/// Takes a target out, if it still has the version that was read.
pub async fn remove_target(tx: &impl ConnectionTrait, read: &target::Model) -> Result<()> {
    let gone = target::Entity::delete_many()
        .filter(target::Column::Id.eq(read.id))
        .filter(target::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(gone.rows_affected, read.version)
}
