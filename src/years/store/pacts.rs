//! SQL of pacts and their signatures.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use thidua_entity::pact;
use uuid::Uuid;

use crate::error::Result;

/// The pacts of some years, the oldest first, whoever asks: the years were found before.
pub async fn pacts(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<pact::Model>> {
    let found = pact::Entity::find()
        .filter(pact::Column::YearId.is_in(years.iter().copied()))
        .order_by_asc(pact::Column::Number);
    Ok(found.all(connection).await?)
}
