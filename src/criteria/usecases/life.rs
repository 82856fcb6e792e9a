//! Publishing and retiring versions of criteria sets.

use serde_json::json;
use thidua_entity::criteria_set_version;
use thidua_entity::enums::CriteriaSetState;
use uuid::Uuid;

use super::{in_force, judged, managed};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::criteria::content;
use crate::criteria::paths::Shape;
use crate::criteria::store::{self, View};
use crate::db;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::ids::Kind;
use crate::version::Seen;

/// Publishes a draft: from now on it can be chosen for a year, and it never changes again. Refused with everything that is wrong with it.
/// Versions published before stay as they are: years have them.
pub async fn publish(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    shape: Shape,
) -> Result<criteria_set_version::Model> {
    let view = View::of(actor, env.today());
    let draft = store::find_version(&env.db, &view, id).await?;
    // Asked here so that nobody learns what is wrong with a draft who may not write it; it acts below.
    let _acting = managed(&env.db, env, actor, draft.set_id).await?;
    must_be(&draft, CriteriaSetState::Draft)?;
    seen.check(draft.version)?;
    // What takes long is done before the database is held; then the draft must still be the one that was judged.
    let problems = judged(&env.db, &draft, shape).await?;
    Problem::none(problems)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, set) = managed(&tx, env, actor, draft.set_id).await?;
    store::lock(&tx, set.id).await?;
    let now = store::find_version(&tx, &view, id).await?;
    must_be(&now, CriteriaSetState::Draft)?;
    Seen::from(draft.version).check(now.version)?;
    if let Some(base) = draft.base_version_id {
        in_force(&tx, &store::version(&tx, base).await?).await?;
    }
    let by = (env.now(), actor.recorded_as());
    let published = store::set_state(&tx, &now, CriteriaSetState::Published, Some(by)).await?;
    let detail = json!({
        "versionId": id, "number": published.number, "sha256": content::hex(&published.digest),
    });
    let event = Event("CRITERIA_SET_PUBLISHED");
    audit::record(&tx, env, actor, event, (Kind::CriteriaSet, set.id), detail).await?;
    tx.commit().await?;
    Ok(published)
}

/// Retires a published version: nobody chooses or adapts it any more; what has it keeps it.
pub async fn retire(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<criteria_set_version::Model> {
    let tx = db::begin_write(&env.db).await?;
    let found = store::find_version(&tx, &View::of(actor, env.today()), id).await?;
    let (ref actor, set) = managed(&tx, env, actor, found.set_id).await?;
    store::lock(&tx, set.id).await?;
    must_be(&found, CriteriaSetState::Published)?;
    seen.check(found.version)?;
    let retired = store::set_state(&tx, &found, CriteriaSetState::Retired, None).await?;
    let detail = json!({ "versionId": id, "number": retired.number });
    let event = Event("CRITERIA_SET_RETIRED");
    audit::record(&tx, env, actor, event, (Kind::CriteriaSet, set.id), detail).await?;
    tx.commit().await?;
    Ok(retired)
}

fn must_be(version: &criteria_set_version::Model, wanted: CriteriaSetState) -> Result<()> {
    if version.state == wanted {
        return Ok(());
    }
    let number = version.number;
    Err(Error::WrongState(match wanted {
        CriteriaSetState::Draft => Text::new(
            format!("Phiên bản {number} của bảng điểm không còn là bản nháp."),
            format!("Version {number} of the criteria set is no longer a draft."),
        ),
        CriteriaSetState::Published | CriteriaSetState::Retired => Text::new(
            format!("Phiên bản {number} của bảng điểm không ở trạng thái đã ban hành."),
            format!("Version {number} of the criteria set is not published."),
        ),
    }))
}
