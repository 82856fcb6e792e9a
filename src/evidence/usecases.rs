//! What is done with evidence: adding a file, removing it, making a link to it, and deleting content that nothing needs.

use chrono::Duration;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::{evidence, stored_file};
use uuid::Uuid;

use super::naming;
use super::sniffing::{self, FileKind};
use super::store::{self, ProvenPart};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db;
use crate::env::{self, Env};
use crate::error::{Error, Result};
use crate::files::{Arrived, hex};
use crate::ids::Kind;
use crate::{idempotency, input};

mod links;
mod subjects;

pub use links::{MadeLink, create_link, open_link, read_link};
use subjects::Writable;
pub use subjects::{NamedPart, Subject};

/// How long content is kept that nothing needs: an upload under way has not said yet what needs it, a backup is being taken, and
/// who removed the wrong file can have it back.
const KEPT_UNWANTED: Duration = Duration::hours(24);
/// What adding is called among idempotency keys.
const ADD: &str = "ADD_EVIDENCE";
/// Content that is let go in one round.
const LET_GO_AT_ONCE: u64 = 500;

/// A file to be attached.
pub struct NewEvidence<'a> {
    /// To what.
    pub subject: Subject,
    /// To which part of it.
    pub part: NamedPart<'a>,
    /// What whoever adds it says of it.
    pub note: Option<&'a str>,
    /// What the client calls the file.
    pub file_name: Option<&'a str>,
    /// The file.
    pub file: Arrived,
}

/// What tells one upload from another: the same file, said to be the same of the same thing.
#[derive(Serialize)]
struct Upload<'a> {
    subject: Subject,
    indicator_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dossier_item_code: Option<&'a str>,
    note: Option<&'a str>,
    file_name: &'a str,
    sha256: &'a [u8],
}

/// Whether the caller may attach a file to a thing now, asked before the file is read: of who may not, nothing is taken in. Who
/// repeats what was done gets its answer from [`attach`].
pub async fn may_attach(env: &Env, actor: &Actor, subject: Subject, key: Option<&str>) -> Result<()> {
    if idempotency::is_kept(&env.db, env, actor, key).await? {
        return Ok(());
    }
    Writable::find(&env.db, env, actor, subject).await?;
    room_for_one(&env.db, env, subject).await
}

/// Attaches a file. Its content is kept first, and only then said to be attached, so that what was acknowledged is there whatever
/// is killed; content that nobody came to need is let go a day later. Under the same key the first answer comes again.
pub async fn attach(env: &Env, actor: &Actor, new: NewEvidence<'_>, key: Option<&str>) -> Result<evidence::Model> {
    let note = input::paragraph_or_none("note", new.note)?;
    let looked_at = new.file.open()?;
    let kind = tokio::task::spawn_blocking(|| sniffing::sniff(looked_at));
    let kind = kind.await.map_err(Error::internal)??;
    let file_name = naming::file_name(new.file_name, kind);
    let upload = Upload {
        subject: new.subject,
        indicator_code: new.part.indicator,
        criterion_code: new.part.criterion,
        dossier_item_code: new.part.dossier_item,
        note: note.as_deref(),
        file_name: &file_name,
        sha256: &new.file.sha256,
    };
    if let Some(first) = idempotency::kept_answer(&env.db, env, actor, key, ADD, &upload).await? {
        return store::any(&env.db, first).await;
    }
    // Asked twice, so that nothing is kept of what is refused: here, and when nobody can change it any more.
    let thing = Writable::find(&env.db, env, actor, new.subject).await?;
    fits(&env.db, env, &thing, &new).await?;
    let file = keep(env, &new.file, kind).await?;
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, ADD, &upload).await? {
        return store::any(&tx, first).await;
    }
    let thing = Writable::hold(&tx, env, actor, new.subject).await?;
    let part = fits(&tx, env, &thing, &new).await?;
    let (kind, id) = new.subject.key();
    if store::has_twin(&tx, (kind, id), &part, file.id).await? {
        return Err(Error::AlreadyExists("evidence".to_owned()));
    }
    let row = evidence::ActiveModel {
        id: Set(env.new_id()),
        file_id: Set(file.id),
        subject_kind: Set(kind.type_name().to_owned()),
        subject_id: Set(id),
        unit_id: Set(thing.unit),
        indicator_id: Set(part.indicator),
        criterion: Set(part.criterion),
        dossier_item: Set(part.dossier_item),
        file_name: Set(file_name),
        note: Set(note),
        added_by: Set(thing.actor.recorded_as()),
        added_for: Set(thing.actor.acting_for()),
        added_at: Set(env.now()),
        removed_by: Set(None),
        removed_for: Set(None),
        remove_reason: Set(None),
        removed_at: Set(None),
    };
    let row = row.insert(&tx).await?;
    thing.add_writers(&tx).await?;
    let detail = json!({
        "subjectKind": row.subject_kind, "subjectId": row.subject_id, "indicatorId": row.indicator_id, "criterion": row.criterion,
        "dossierItem": row.dossier_item,
        "sha256": hex(&file.sha256), "bytes": file.bytes, "mediaType": file.media_type,
    });
    let subject = (Kind::Evidence, row.id);
    audit::record(&tx, env, &thing.actor, Event("EVIDENCE_ADDED"), subject, detail).await?;
    idempotency::remember(&tx, &thing.actor, key, row.id).await?;
    tx.commit().await?;
    Ok(row)
}

/// Whether there is room for a file, and what it proves.
async fn fits(
    connection: &impl ConnectionTrait,
    env: &Env,
    thing: &Writable,
    new: &NewEvidence<'_>,
) -> Result<ProvenPart> {
    room_for_one(connection, env, new.subject).await?;
    room_in_year(connection, env, thing.unit, new.file.bytes).await?;
    thing.part(connection, env, new.part).await
}

/// Keeps the content of a file: said to be wanted, then written.
async fn keep(env: &Env, file: &Arrived, kind: FileKind) -> Result<stored_file::Model> {
    let bytes = i64::try_from(file.bytes).map_err(Error::internal)?;
    let tx = db::begin_write(&env.db).await?;
    let content = (file.sha256.as_slice(), bytes, kind.media_type());
    let row = store::want(&tx, env.new_id(), content, env.now()).await?;
    tx.commit().await?;
    env.files.keep(file).await?;
    Ok(row)
}

async fn room_for_one(connection: &impl ConnectionTrait, env: &Env, subject: Subject) -> Result<()> {
    let most = env.evidence.files_max;
    if store::count(connection, subject.key()).await? < most {
        return Ok(());
    }
    Err(Error::invalid(
        "TOO_MANY_FILES",
        "file",
        format!("Đã có {most} tệp minh chứng, là số tối đa; hãy gỡ bớt hoặc gộp lại trước."),
        format!("There are {most} files already, the most there may be; remove or merge some first."),
    ))
}

/// Of files that arrive at the very same moment for several things of a unit, each counts those before.
async fn room_in_year(connection: &impl ConnectionTrait, env: &Env, unit: Uuid, bytes: u64) -> Result<()> {
    let Some(most) = env.evidence.unit_year_bytes_max else {
        return Ok(());
    };
    let added = store::bytes_added(connection, unit, env::year_begins(env.now())).await?;
    if added.saturating_add(bytes) <= most {
        return Ok(());
    }
    Err(Error::invalid(
        "YEAR_FULL",
        "file",
        format!("Dung lượng minh chứng của đơn vị trong năm ({most} byte) không còn đủ; hãy báo quản trị viên."),
        format!("The unit's evidence of this year would be more than {most} bytes; tell the administrator."),
    ))
}

/// Removes a file from what it is attached to. That it was there stays known; its content goes a day later when nothing else needs
/// it. What others have seen since it was handed in is removed with a reason only.
pub async fn remove(env: &Env, actor: &Actor, id: Uuid, reason: Option<&str>) -> Result<evidence::Model> {
    let reason = input::paragraph_or_none("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let row = store::find(&tx, &store::View::of(actor, env.today()), id).await?;
    let thing = Writable::hold(&tx, env, actor, Subject::of(&row)?).await?;
    if reason.is_none() && thing.handed_in_at.is_some_and(|at| row.added_at <= at) {
        return Err(Error::Invalid(vec![input::required("reason")]));
    }
    let change = evidence::ActiveModel {
        removed_by: Set(thing.actor.recorded_as()),
        removed_for: Set(thing.actor.acting_for()),
        removed_at: Set(Some(env.now())),
        remove_reason: Set(reason.clone()),
        ..Default::default()
    };
    store::remove(&tx, id, change).await?;
    store::wanted_until_now(&tx, row.file_id, env.now()).await?;
    thing.add_writers(&tx).await?;
    let detail = json!({ "subjectKind": row.subject_kind, "subjectId": row.subject_id, "reason": reason });
    let (event, subject) = (Event("EVIDENCE_REMOVED"), (Kind::Evidence, id));
    audit::record(&tx, env, &thing.actor, event, subject, detail).await?;
    let removed = store::any(&tx, id).await?;
    tx.commit().await?;
    Ok(removed)
}

/// Deletes content that nothing needs and nothing came to need within a day. The service does it now and then by itself, every
/// instance on its own: whoever wants the same content meanwhile waits for the row, and then finds it gone and keeps it anew.
pub async fn forget_unwanted(env: &Env) -> Result<u64> {
    let (now, before) = (env.now(), env.now() - KEPT_UNWANTED);
    let mut forgotten = 0;
    for file in store::unwanted(&env.db, before, LET_GO_AT_ONCE).await? {
        let tx = db::begin_write(&env.db).await?;
        if store::let_go(&tx, file.id, before, now).await? {
            // Within the transaction: after it somebody might keep the same content again, and lose it here.
            env.files.remove(&file.sha256).await?;
            tx.commit().await?;
            forgotten += 1;
        }
    }
    env.files.remove_half_written().await?;
    Ok(forgotten)
}
