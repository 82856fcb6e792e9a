//! SQL of pacts and their signatures.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use thidua_entity::enums::PactState;
use thidua_entity::{pact, pact_cover, pact_signature};
use uuid::Uuid;

use super::View;
use crate::db;
use crate::error::{Error, Result};
use crate::policy::Resource;
use crate::version::next;

/// Pacts by id, those whose year is seen.
pub async fn find_pacts(connection: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<pact::Model>> {
    view.reach.shows(Resource::Emulation)?;
    let found = pact::Entity::find()
        .filter(pact::Column::Id.is_in(ids.iter().copied()))
        .filter(view.years((pact::Entity, pact::Column::YearId)));
    Ok(found.all(connection).await?)
}

/// The pacts of some years, the oldest first, whoever asks: the years were found before.
pub async fn pacts(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<pact::Model>> {
    let found = pact::Entity::find()
        .filter(pact::Column::YearId.is_in(years.iter().copied()))
        .order_by_asc(pact::Column::Number);
    Ok(found.all(connection).await?)
}

/// One pact. Whether it is seen is a matter of its year.
pub async fn pact(connection: &impl ConnectionTrait, id: Uuid) -> Result<pact::Model> {
    let found = pact::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// The signatures of some pacts, the first first.
pub async fn signatures(connection: &impl ConnectionTrait, pacts: &[Uuid]) -> Result<Vec<pact_signature::Model>> {
    let found = pact_signature::Entity::find()
        .filter(pact_signature::Column::PactId.is_in(pacts.iter().copied()))
        .order_by_asc(pact_signature::Column::Id);
    Ok(found.all(connection).await?)
}

/// Whether a pact covers a unit: it took part when the pact was agreed, so its targets are part of what is signed.
pub async fn covers(connection: &impl ConnectionTrait, pact: Uuid, unit: Uuid) -> Result<bool> {
    let row = pact_cover::Entity::find_by_id((pact, unit)).one(connection).await?;
    Ok(row.is_some())
}

/// Writes whom a pact covers.
pub async fn cover(tx: &impl ConnectionTrait, pact: Uuid, units: &[Uuid]) -> Result<()> {
    if units.is_empty() {
        return Ok(());
    }
    let rows = units.iter().map(|&unit| pact_cover::ActiveModel {
        pact_id: Set(pact),
        unit_id: Set(unit),
    });
    pact_cover::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes a changed pact in its state, if it still has the state and the version that were read.
pub async fn update_pact(
    tx: &impl ConnectionTrait,
    read: &pact::Model,
    to: PactState,
    change: pact::ActiveModel,
) -> Result<pact::Model> {
    let row = pact::ActiveModel {
        state: Set(to),
        version: Set(next(read.version)),
        ..change
    };
    let changed = pact::Entity::update_many()
        .set(row)
        .filter(pact::Column::Id.eq(read.id))
        .filter(pact::Column::State.eq(read.state))
        .filter(pact::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    pact(tx, read.id).await
}
