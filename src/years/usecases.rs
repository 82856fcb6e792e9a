//! What is done with emulation years.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::ConnectionTrait;
use thidua_entity::enums::CriteriaSetState;
use thidua_entity::{cluster, criteria_set_version, emulation_year};
use uuid::Uuid;

use super::store::{self, View};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::policy::{self, Action, Place, Reach};
use crate::reckoning::CheckedSet;
use crate::{clusters, criteria, units};

mod opening;
mod pacts;
mod participants;
mod phases;
mod planning;
mod registrations;
mod targets;

pub use opening::{NewYear, create};
pub use pacts::{
    Signer, agree_pact, begin_pact, chosen_criteria, end_pact, open_pact_signing, sign_pact, signable, write_pact,
};
pub use participants::{NewParticipant, ParticipantChange, add_participant, update_participant, withdraw_participant};
pub use phases::{advance, enter, readiness, step_back};
pub use planning::{YearChange, update};
pub use registrations::{NewRegistration, REGISTRATIONS_MAX, in_season, register, withdraw_registration};
pub use targets::{NewTarget, TARGETS_MAX, remove_target, set_target};

/// The place of a year for the policy: that of its cluster, whoever asks.
pub async fn place(connection: &impl ConnectionTrait, env: &Env, year: &emulation_year::Model) -> Result<Place> {
    clusters::store::find_place(connection, &Reach::everything(), year.cluster_id, env.today()).await
}

/// The places of several years, whoever asks.
pub async fn places(
    connection: &impl ConnectionTrait,
    env: &Env,
    years: &[emulation_year::Model],
) -> Result<HashMap<Uuid, Place>> {
    let (everything, today) = (Reach::everything(), env.today());
    let clusters: Vec<Uuid> = years.iter().map(|year| year.cluster_id).collect();
    let clusters = clusters::store::find_many(connection, &everything, &clusters, today).await?;
    let places = clusters::store::places(connection, &clusters, today).await?;
    let of_year = |year: &emulation_year::Model| Some((year.id, places.get(&year.cluster_id)?.clone()));
    Ok(years.iter().filter_map(of_year).collect())
}

/// The place of what a unit does in a year: the unit with those above it today, and the cluster of the year with its bloc, also when the
/// unit has moved to another cluster since.
pub async fn unit_place(
    connection: &impl ConnectionTrait,
    env: &Env,
    year: &emulation_year::Model,
    unit: Uuid,
) -> Result<Place> {
    let (everything, today) = (Reach::everything(), env.today());
    let of_unit = units::store::find_place(connection, &everything, unit, today).await?;
    let cluster = clusters::store::find(connection, &everything, year.cluster_id, today).await?;
    Ok(in_cluster(of_unit, &cluster))
}

/// The place of a unit as it acts in a cluster: its own, with that cluster and its bloc.
pub fn in_cluster(of_unit: Place, cluster: &cluster::Model) -> Place {
    Place {
        clusters: [Some(cluster.id), cluster.parent_id].into_iter().flatten().collect(),
        ..of_unit
    }
}

/// The criteria set that a year is scored by, which is remembered; `CRITERIA_MISSING` when it names none yet.
pub async fn criteria(
    connection: &impl ConnectionTrait,
    env: &Env,
    year: &emulation_year::Model,
) -> Result<Arc<CheckedSet>> {
    let Some(id) = year.criteria_version_id else {
        return Err(Error::invalid(
            "CRITERIA_MISSING",
            "yearId",
            "Năm thi đua chưa chọn bảng điểm.",
            "The year names no criteria set yet.",
        ));
    };
    if let Some(set) = env.criteria.get(id) {
        return Ok(set);
    }
    let version = criteria::store::version(connection, id).await?;
    let set = Arc::new(criteria::usecases::read_checked(connection, &version).await?);
    env.criteria.remember(id, Arc::clone(&set));
    Ok(set)
}

/// A year that the caller sees and may do something with, locked until the transaction ends, and the caller as it acts.
async fn managed(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    action: Action,
) -> Result<(Actor, emulation_year::Model)> {
    let year = store::find(tx, &View::of(actor, env.today()), id).await?;
    let actor = policy::authorize(actor, action, &place(tx, env, &year).await?)?;
    Ok((actor, store::lock(tx, id).await?))
}

/// A version of a criteria set that a cluster may use: in force, and of its own set, of that of its bloc, or of one that its organiser or a
/// unit above issues.
async fn usable_criteria(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    place: &Place,
    id: Uuid,
) -> Result<criteria_set_version::Model> {
    let view = criteria::store::View::of(actor, env.today());
    let version = criteria::store::find_version(tx, &view, id).await?;
    let set = criteria::store::find(tx, &view, version.set_id).await?;
    // Whoever retires it at once waits, or was faster.
    criteria::store::lock(tx, set.id).await?;
    let version = criteria::store::version(tx, version.id).await?;
    let own = set.cluster_id.is_some_and(|cluster| place.clusters.contains(&cluster));
    let from_above = set.unit_id.is_some_and(|unit| place.lineage.contains(&unit));
    if version.state == CriteriaSetState::Published && (own || from_above) {
        return Ok(version);
    }
    Err(Error::invalid(
        "CRITERIA_NOT_USABLE",
        "criteriaVersionId",
        "Cụm chỉ dùng được phiên bản đang ban hành của bảng điểm do chính cụm, đơn vị tổ chức cụm hoặc công đoàn cấp trên ban hành.",
        "A cluster uses only a version in force of its own set, or of one that its organiser or a unit above issues.",
    ))
}
