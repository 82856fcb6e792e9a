//! Writing what the next version of a criteria set holds.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::CriteriaSetState;
use thidua_entity::{criteria_set, criteria_set_version};
use uuid::Uuid;

use super::{managed, not_a_base};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::criteria::content::{self, VERSIONS_MAX};
use crate::criteria::paths::Shape;
use crate::criteria::store::{self, View};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reckoning::CriteriaSet;
use crate::version::{self, Seen};
use crate::{db, input};

/// What a draft is to hold.
pub struct Draft {
    /// All of it; what is left out is in the draft no more.
    pub content: CriteriaSet,
    /// The version of the base set that it adapts; left out, the one that it adapted before.
    pub base_version: Option<Uuid>,
    /// How it is written, for the fields of what is refused.
    pub shape: Shape,
}

/// Writes the next version of a set as a draft, or the draft that there is anew. It may still be wrong: what is wrong is told with it,
/// and only publishing refuses it. `seen` is the version of the draft that the caller saw; none when there is none yet.
pub async fn write_draft(
    env: &Env,
    actor: &Actor,
    set: Uuid,
    draft: Draft,
    seen: Option<Seen>,
) -> Result<(criteria_set::Model, criteria_set_version::Model)> {
    // Who writes no set anywhere makes nobody read one.
    policy::authorize_anywhere(actor, Action::CriteriaManage)?;
    let content = content::tidied(draft.content, draft.shape)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref acting, found) = managed(&tx, env, actor, set).await?;
    store::lock(&tx, set).await?;
    let versions = store::all_versions(&tx, set).await?;
    let newest = versions.first();
    let before = newest.and_then(|newest| newest.base_version_id);
    let base = base_version(&tx, env, actor, &found, draft.base_version, before).await?;
    let written = match (newest, seen) {
        (Some(draft), Some(seen)) if draft.state == CriteriaSetState::Draft => {
            seen.check(draft.version)?;
            rewrite_draft(&tx, draft, base, &content).await?
        }
        // Nobody overwrites what they have not seen, nor begins anew what has been published since.
        (Some(newest), seen) if newest.state == CriteriaSetState::Draft || seen.is_some() => {
            let current = newest.version;
            return Err(Error::StaleVersion { current });
        }
        (None, Some(_)) => return Err(Error::StaleVersion { current: 0 }),
        (newest, _) => {
            input::list_size("setId", versions.len() + 1, VERSIONS_MAX)?;
            begin_draft(&tx, env, &found, newest, base, &content).await?
        }
    };
    let detail = json!({
        "versionId": written.id, "number": written.number, "nodes": content.all_nodes().len(),
        "baseVersionId": written.base_version_id, "sha256": content::hex(&written.digest),
    });
    let event = Event("CRITERIA_DRAFT_WRITTEN");
    audit::record(&tx, env, acting, event, (Kind::CriteriaSet, set), detail).await?;
    tx.commit().await?;
    Ok((found, written))
}

/// The version that the draft adapts: one in force of the set that its set adapts.
async fn base_version(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    set: &criteria_set::Model,
    wanted: Option<Uuid>,
    before: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let Some(wanted) = wanted.filter(|_| wanted != before) else {
        return Ok(before);
    };
    let base = store::find_version(tx, &View::of(actor, env.today()), wanted).await?;
    if set.base_id != Some(base.set_id) || base.state != CriteriaSetState::Published {
        return Err(not_a_base());
    }
    Ok(Some(wanted))
}

/// Begins a draft after the newest version of a set. Its own version counts on from there, so that who saw an earlier draft has not
/// seen this one.
pub(super) async fn begin_draft(
    tx: &impl ConnectionTrait,
    env: &Env,
    set: &criteria_set::Model,
    newest: Option<&criteria_set_version::Model>,
    base: Option<Uuid>,
    content: &CriteriaSet,
) -> Result<criteria_set_version::Model> {
    let text = content::write(content)?;
    let draft = criteria_set_version::ActiveModel {
        id: Set(env.new_id()),
        set_id: Set(set.id),
        number: Set(newest.map_or(1, |newest| version::next(newest.number))),
        state: Set(CriteriaSetState::Draft),
        published_at: Set(None),
        published_by: Set(None),
        version: Set(newest.map_or(1, |newest| version::next(newest.version))),
        ..head(content, &text, base)
    };
    let draft = draft.insert(tx).await?;
    store::put_content(tx, draft.id, text).await?;
    Ok(draft)
}

async fn rewrite_draft(
    tx: &impl ConnectionTrait,
    draft: &criteria_set_version::Model,
    base: Option<Uuid>,
    content: &CriteriaSet,
) -> Result<criteria_set_version::Model> {
    let text = content::write(content)?;
    let digest = content::digest(&text);
    store::update_draft(tx, draft, head(content, &text, base)).await?;
    store::put_content(tx, draft.id, text).await?;
    Ok(criteria_set_version::Model {
        base_version_id: base,
        legal_basis: content.basis.clone(),
        digest,
        version: version::next(draft.version),
        ..draft.clone()
    })
}

/// What the row of a version tells of what it holds.
fn head(content: &CriteriaSet, text: &str, base: Option<Uuid>) -> criteria_set_version::ActiveModel {
    criteria_set_version::ActiveModel {
        base_version_id: Set(base),
        legal_basis: Set(content.basis.clone()),
        digest: Set(content::digest(text)),
        ..Default::default()
    }
}
