//! What is done with emulation years.

use sea_orm::ConnectionTrait;
use thidua_entity::emulation_year;
use uuid::Uuid;

use crate::env::Env;
use crate::error::{Error, Result};
use crate::policy::{Place, Reach};
use crate::reckoning::CheckedSet;
use crate::{clusters, criteria, units};

/// The place of a year for the policy: that of its cluster, whoever asks.
pub async fn place(connection: &impl ConnectionTrait, env: &Env, year: &emulation_year::Model) -> Result<Place> {
    clusters::store::find_place(connection, &Reach::everything(), year.cluster_id, env.today()).await
}

/// The place of what a unit does in a year: the unit with those above it today, and the cluster of the year with its bloc, also when the
/// unit has moved to another cluster since.
pub async fn unit_place(
    connection: &impl ConnectionTrait,
    env: &Env,
    year: &emulation_year::Model,
    unit: Uuid,
) -> Result<Place> {
    let of_unit = units::store::find_place(connection, &Reach::everything(), unit, env.today()).await?;
    Ok(Place {
        clusters: place(connection, env, year).await?.clusters,
        ..of_unit
    })
}

/// The criteria set that a year is scored by; `CRITERIA_MISSING` when it names none yet.
pub async fn criteria(connection: &impl ConnectionTrait, year: &emulation_year::Model) -> Result<CheckedSet> {
    let Some(id) = year.criteria_version_id else {
        return Err(Error::invalid(
            "CRITERIA_MISSING",
            "yearId",
            "Năm thi đua chưa chọn bảng điểm.",
            "The year names no criteria set yet.",
        ));
    };
    let version = criteria::store::version(connection, id).await?;
    criteria::usecases::read_checked(connection, &version).await
}
