//! Reading what versions hold, and asking what is wrong with it, apart from the threads that answer requests: five hundred nodes for every
//! kind of unit take some milliseconds.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use thidua_entity::criteria_set_version;
use thidua_entity::enums::CriteriaSetState;
use uuid::Uuid;

use crate::auth::Actor;
use crate::criteria::content;
use crate::criteria::figures::Catalogue;
use crate::criteria::paths::Shape;
use crate::criteria::problems;
use crate::criteria::store::{self, View};
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::forms;
use crate::policy::{self, Action};
use crate::reckoning::{CheckedSet, CriteriaSet, SetDifference, difference};

/// What a version holds, whoever asks: the version was found before.
pub async fn read_content(connection: &impl ConnectionTrait, version: Uuid) -> Result<CriteriaSet> {
    let found = store::contents(connection, &[version]).await?;
    let row = found.into_iter().next().ok_or(Error::NotFound)?;
    content::read(&row.content)
}

/// The catalogue of indicators as sets are checked against it.
pub async fn catalogue(connection: &impl ConnectionTrait) -> Result<Catalogue> {
    let rows = forms::store::catalogue(connection).await?;
    Ok(rows.into_iter().collect())
}

/// A published version, ready to reckon with. It was checked when it was published, so a fault is ours.
pub async fn read_checked(
    connection: &impl ConnectionTrait,
    version: &criteria_set_version::Model,
) -> Result<CheckedSet> {
    if version.state == CriteriaSetState::Draft {
        return Err(Error::internal("a draft is not reckoned with"));
    }
    let (content, catalogue) = (
        read_content(connection, version.id).await?,
        catalogue(connection).await?,
    );
    let checking = tokio::task::spawn_blocking(move || CheckedSet::check(content, &catalogue.forms));
    checking.await.map_err(Error::internal)?.map_err(|problems| {
        let told: Vec<String> = problems.iter().map(|problem| problem.text().en).collect();
        Error::internal(format!("a published criteria set is not sound: {}", told.join("; ")))
    })
}

/// Everything that keeps a version from being published; nothing of one that was published.
pub async fn judged(
    connection: &impl ConnectionTrait,
    version: &criteria_set_version::Model,
    shape: Shape,
) -> Result<Vec<Problem>> {
    if version.state != CriteriaSetState::Draft {
        return Ok(Vec::new());
    }
    let set = Arc::new(read_content(connection, version.id).await?);
    let base = match version.base_version_id {
        Some(base) => Some(Arc::new(read_content(connection, base).await?)),
        None => None,
    };
    let catalogue = Arc::new(catalogue(connection).await?);
    wrong_with(set, base, catalogue, shape).await
}

/// Everything that is wrong with a set, as publishing it would say; `base` is what it adapts.
pub async fn wrong_with(
    set: Arc<CriteriaSet>,
    base: Option<Arc<CriteriaSet>>,
    catalogue: Arc<Catalogue>,
    shape: Shape,
) -> Result<Vec<Problem>> {
    let checking = tokio::task::spawn_blocking(move || problems::check(&set, base.as_deref(), &catalogue, shape).err());
    Ok(checking.await.map_err(Error::internal)?.unwrap_or_default())
}

/// What would be wrong with a set, for who writes sets somewhere. Nothing is stored. What could not even be a draft is refused.
pub async fn check(
    env: &Env,
    actor: &Actor,
    set: CriteriaSet,
    base_version: Option<Uuid>,
    shape: Shape,
) -> Result<Vec<Problem>> {
    policy::authorize_anywhere(actor, Action::CriteriaManage)?;
    let set = Arc::new(content::tidied(set, shape)?);
    let base = match base_version {
        Some(base) => {
            let base = store::find_version(&env.db, &View::of(actor, env.today()), base).await?;
            Some(Arc::new(read_content(&env.db, base.id).await?))
        }
        None => None,
    };
    let catalogue = Arc::new(catalogue(&env.db).await?);
    wrong_with(set, base, catalogue, shape).await
}

/// Two versions, what each holds, and what changed from the one to the other.
pub struct Compared {
    /// The version that is compared with the other, and what it holds.
    pub from: (criteria_set_version::Model, CriteriaSet),
    /// The other version, and what it holds.
    pub to: (criteria_set_version::Model, CriteriaSet),
    /// What changed.
    pub difference: SetDifference,
}

/// Compares two versions that the caller sees. They may be of different sets: what a cluster has made of its base.
pub async fn compare(env: &Env, actor: &Actor, (from, to): (Uuid, Uuid)) -> Result<Compared> {
    let view = View::of(actor, env.today());
    let versions = store::find_versions(&env.db, &view, &[from, to]).await?;
    let contents = store::contents(&env.db, &[from, to]).await?;
    let found = |id: Uuid| {
        let version = versions.iter().find(|version| version.id == id);
        let content = contents.iter().find(|row| row.version_id == id);
        let (Some(version), Some(content)) = (version, content) else {
            return Err(Error::NotFound);
        };
        Ok((version.clone(), content::read(&content.content)?))
    };
    let (from, to) = (found(from)?, found(to)?);
    Ok(Compared {
        difference: difference(&from.1, &to.1),
        from,
        to,
    })
}
