//! Links by which a file is downloaded. A browser that opens one sends no token, so the link itself shows for whom it was made: it
//! is short-lived, works only while the session lives in which it was made, and shows only what its maker sees at that moment.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use thidua_entity::{evidence, stored_file};
use uuid::Uuid;

use crate::accounts;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::auth::sealing::Purpose;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::evidence::link::Link;
use crate::evidence::store;
use crate::ids::Kind;

/// How long a link works: long enough to begin a download, and to go on after the connection broke.
const LIFE: Duration = Duration::minutes(5);

/// A link that was made.
#[derive(Clone, Debug)]
pub struct MadeLink {
    /// What stands in the address.
    pub token: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// Makes a link to a file that the caller sees. That it was made is recorded: there may be personal data in the file.
pub async fn create_link(env: &Env, actor: &Actor, id: Uuid) -> Result<MadeLink> {
    let tx = db::begin_write(&env.db).await?;
    let row = store::find(&tx, &store::View::of(actor, env.today()), id).await?;
    let link = Link {
        evidence: row.id,
        account: actor.account_id,
        session: actor.session_id,
        expires_at: env.now() + LIFE,
    };
    let token = env.sealer.seal_token(Purpose::Download, &link.write())?;
    let (event, subject) = (Event("EVIDENCE_LINK_CREATED"), (Kind::Evidence, row.id));
    let detail = json!({ "subjectKind": row.subject_kind, "subjectId": row.subject_id });
    audit::record(&tx, env, actor, event, subject, detail).await?;
    tx.commit().await?;
    Ok(MadeLink {
        token,
        expires_at: link.expires_at,
    })
}

/// What a link says. One that was not made here, and one that has expired, lead nowhere: `NOT_FOUND`.
pub fn read_link(env: &Env, token: &str) -> Result<Link> {
    let opened = env.sealer.open_token(Purpose::Download, token);
    let link = opened.and_then(|content| Link::read(&content));
    link.filter(|link| env.now() < link.expires_at).ok_or(Error::NotFound)
}

/// The file of a link, if whoever it was made for is still signed in there and still sees it; else `NOT_FOUND`.
pub async fn open_link(env: &Env, link: &Link) -> Result<(evidence::Model, stored_file::Model)> {
    let caller = match accounts::usecases::caller_of(env, link.session).await {
        Err(Error::Unauthenticated) => return Err(Error::NotFound),
        caller => caller?,
    };
    let actor = caller.actor().map_err(|_| Error::NotFound)?;
    if actor.account_id != link.account {
        return Err(Error::NotFound);
    }
    let row = store::find(&env.db, &store::View::of(actor, env.today()), link.evidence).await?;
    let file = store::file(&env.db, row.file_id).await?;
    Ok((row, file))
}
