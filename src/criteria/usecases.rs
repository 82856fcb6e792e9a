//! What is done with criteria sets. Beginning one is here, all else in files of its own.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::CriteriaSetState;
use thidua_entity::{criteria_set, criteria_set_version};
use uuid::Uuid;

use super::store::{self, View};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place, Reach};
use crate::{clusters, db, input, text, units};

mod checking;
mod drafts;
mod life;

pub use checking::{Compared, catalogue, check, compare, judged, read_checked, read_content, wrong_with};
use drafts::begin_draft;
pub use drafts::{Draft, write_draft};
pub use life::{publish, retire};

/// Whose a set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A unit issues it, for clusters of units below.
    Unit(Uuid),
    /// It is a cluster's own.
    Cluster(Uuid),
}

impl Owner {
    /// Its place for the policy, if the reach shows the owner.
    async fn place(self, connection: &impl ConnectionTrait, reach: &Reach, env: &Env) -> Result<Place> {
        match self {
            Self::Unit(unit) => {
                let place = units::store::find_place(connection, reach, unit, env.today()).await?;
                Ok(without_clusters(place))
            }
            Self::Cluster(cluster) => clusters::store::find_place(connection, reach, cluster, env.today()).await,
        }
    }
}

/// A set to be begun.
pub struct NewSet<'a> {
    /// Whose it will be.
    pub owner: Owner,
    /// Short code, unique for its owner.
    pub code: &'a str,
    /// Name.
    pub name: &'a str,
}

/// Begins a set, still without a version.
pub async fn create(env: &Env, actor: &Actor, new: NewSet<'_>) -> Result<criteria_set::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, set) = begin(&tx, env, actor, &new, None).await?;
    let detail = json!({ "code": set.code, "unitId": set.unit_id, "clusterId": set.cluster_id });
    let event = Event("CRITERIA_SET_CREATED");
    audit::record(&tx, env, actor, event, (Kind::CriteriaSet, set.id), detail).await?;
    tx.commit().await?;
    Ok(set)
}

/// Begins the set of a cluster with what a published version of a unit above it holds, to be changed within the bounds of that.
pub async fn adapt(
    env: &Env,
    actor: &Actor,
    cluster: Uuid,
    base_version: Uuid,
    (code, name): (&str, &str),
) -> Result<criteria_set::Model> {
    let owner = Owner::Cluster(cluster);
    let tx = db::begin_write(&env.db).await?;
    let view = View::of(actor, env.today());
    let base = store::find_version(&tx, &view, base_version).await?;
    let new = NewSet { owner, code, name };
    let (ref actor, set) = begin(&tx, env, actor, &new, Some(base.set_id)).await?;
    in_force(&tx, &base).await?;
    let content = read_content(&tx, base.id).await?;
    let draft = begin_draft(&tx, env, &set, None, Some(base.id), &content).await?;
    let detail = json!({
        "code": set.code, "clusterId": set.cluster_id, "baseVersionId": base.id, "versionId": draft.id,
    });
    let event = Event("CRITERIA_SET_ADAPTED");
    audit::record(&tx, env, actor, event, (Kind::CriteriaSet, set.id), detail).await?;
    tx.commit().await?;
    Ok(set)
}

/// Writes the row of a set, where the caller may; `base` is the set that it adapts.
async fn begin(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    new: &NewSet<'_>,
    base: Option<Uuid>,
) -> Result<(Actor, criteria_set::Model)> {
    let code = input::code("code", new.code)?;
    let name = input::line("name", new.name)?;
    let place = new.owner.place(tx, &policy::reach(actor), env).await?;
    let acting = policy::authorize(actor, Action::CriteriaManage, &place)?;
    if let Some(base) = base {
        // Only a unit that stands above the cluster lets it adapt what it issues.
        let base = store::find(tx, &View::of(actor, env.today()), base).await?;
        if !base.unit_id.is_some_and(|unit| place.lineage.contains(&unit)) {
            return Err(not_a_base());
        }
    }
    let (unit, cluster) = match new.owner {
        Owner::Unit(unit) => (Some(unit), None),
        Owner::Cluster(cluster) => (None, Some(cluster)),
    };
    let set = criteria_set::ActiveModel {
        id: Set(env.new_id()),
        unit_id: Set(unit),
        cluster_id: Set(cluster),
        base_id: Set(base),
        search_key: Set(text::query_words(&format!("{code} {name}")).join(" ")),
        code: Set(code),
        name: Set(name),
        version: Set(1),
    };
    Ok((acting, set.insert(tx).await?))
}

/// Lets through a base that is in force until the transaction ends: whoever retires it at once waits, or was faster. The set that adapts it
/// is locked before.
async fn in_force(tx: &impl ConnectionTrait, base: &criteria_set_version::Model) -> Result<()> {
    store::lock(tx, base.set_id).await?;
    if store::version(tx, base.id).await?.state == CriteriaSetState::Published {
        return Ok(());
    }
    Err(not_a_base())
}

/// A version that a cluster cannot adapt, or not any more.
fn not_a_base() -> Error {
    Error::invalid(
        "NOT_A_BASE",
        "baseVersionId",
        "Cụm chỉ vận dụng được phiên bản đang ban hành của bảng điểm do đơn vị tổ chức cụm hoặc công đoàn cấp trên ban hành.",
        "A cluster adapts only a version in force of a set that its organiser or a unit above issues.",
    )
}

/// The places of some sets for the policy, whoever asks: their owners may stand above what the caller sees.
pub async fn places(
    connection: &impl ConnectionTrait,
    env: &Env,
    sets: &[criteria_set::Model],
) -> Result<HashMap<Uuid, Place>> {
    let (everything, today) = (Reach::everything(), env.today());
    let units: Vec<Uuid> = sets.iter().filter_map(|set| set.unit_id).collect();
    let units = units::store::find_many(connection, &everything, &units, today).await?;
    let of_units = units::store::places(connection, &units, today).await?;
    let clusters: Vec<Uuid> = sets.iter().filter_map(|set| set.cluster_id).collect();
    let clusters = clusters::store::find_many(connection, &everything, &clusters, today).await?;
    let of_clusters = clusters::store::places(connection, &clusters, today).await?;
    let of_set = |set: &criteria_set::Model| match (set.unit_id, set.cluster_id) {
        (Some(unit), _) => of_units.get(&unit).cloned().map(without_clusters),
        (None, cluster) => of_clusters.get(&cluster?).cloned(),
    };
    Ok(sets.iter().filter_map(|set| Some((set.id, of_set(set)?))).collect())
}

/// Who holds an office of a cluster does not thereby write what a member of it issues for the units below.
fn without_clusters(place: Place) -> Place {
    Place {
        clusters: Vec::new(),
        ..place
    }
}

/// A set that the caller sees and writes, and the caller as it acts.
async fn managed(
    connection: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<(Actor, criteria_set::Model)> {
    let set = store::find(connection, &View::of(actor, env.today()), id).await?;
    let mut places = places(connection, env, std::slice::from_ref(&set)).await?;
    let place = places.remove(&set.id).ok_or(Error::NotFound)?;
    Ok((policy::authorize(actor, Action::CriteriaManage, &place)?, set))
}
