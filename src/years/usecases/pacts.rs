//! The pact of an emulation year: its text, who signs it, when it comes into force and how it ends.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{EventKind, PactState, YearPhase};
use thidua_entity::{emulation_year, pact as pact_row, pact_signature};
use uuid::Uuid;

use super::managed;
use super::participants::acting_for;
use super::phases::scored_from;
use super::planning::published;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::criteria::content::hex;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::policy::Action;
use crate::version::{self, Seen};
use crate::years::pact::{self, Step};
use crate::years::store::{self, View};
use crate::{criteria, db, idempotency, input};

/// Most pacts of a year, one after the other.
const PACTS_MAX: usize = 20;

/// Begins the pact of a year; the next one only when the one before has ended.
pub async fn begin_pact(env: &Env, actor: &Actor, year: Uuid, text: &str) -> Result<pact_row::Model> {
    let text = input::document("text", text)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year) = managed(&tx, env, actor, year, Action::PactManage).await?;
    pact::in_season(year.phase)?;
    let pacts = store::pacts(&tx, &[year.id]).await?;
    if pacts.last().is_some_and(|last| last.state != PactState::Ended) {
        return Err(Error::WrongState(Text::new(
            "Năm thi đua đã có giao ước; chỉ lập giao ước mới khi giao ước cũ đã kết thúc.",
            "The year has a pact; another begins when that has ended.",
        )));
    }
    input::list_size("yearId", pacts.len() + 1, PACTS_MAX)?;
    let row = pact_row::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        number: Set(pacts.last().map_or(1, |last| version::next(last.number))),
        state: Set(PactState::Draft),
        text: Set(text),
        criteria_version_id: Set(None),
        digest: Set(None),
        in_force_at: Set(None),
        ended_on: Set(None),
        end_reason: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
    };
    let row = row.insert(&tx).await?;
    let detail = json!({ "yearId": year.id, "number": row.number, "text": row.text });
    audit::record(&tx, env, actor, Event("PACT_BEGUN"), (Kind::Pact, row.id), detail).await?;
    tx.commit().await?;
    Ok(row)
}

/// A pact whose year the caller sees and may manage pacts of, read behind the lock, and the caller as it acts.
async fn managed_pact(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<(Actor, emulation_year::Model, pact_row::Model)> {
    let row = store::pact(tx, id).await?;
    let (actor, year) = managed(tx, env, actor, row.year_id, Action::PactManage).await?;
    Ok((actor, year, store::pact(tx, id).await?))
}

/// Writes the text of a pact anew, while it is a draft.
pub async fn write_pact(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, text: &str) -> Result<pact_row::Model> {
    let text = input::document("text", text)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year, row) = managed_pact(&tx, env, actor, id).await?;
    pact::in_season(year.phase)?;
    let to = pact::next(row.state, Step::Write)?;
    seen.check(row.version)?;
    let change = pact_row::ActiveModel {
        text: Set(text),
        ..Default::default()
    };
    let written = store::update_pact(&tx, &row, to, change).await?;
    let detail = json!({ "before": row.text, "text": written.text });
    audit::record(&tx, env, actor, Event("PACT_WRITTEN"), (Kind::Pact, id), detail).await?;
    tx.commit().await?;
    Ok(written)
}

/// Records that the members agreed on a pact: its text, the criteria and the targets are fixed, and what is signed is the digest of them.
pub async fn agree_pact(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<pact_row::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year, row) = managed_pact(&tx, env, actor, id).await?;
    pact::in_season(year.phase)?;
    let to = pact::next(row.state, Step::Agree)?;
    seen.check(row.version)?;
    let version = criteria::store::version(&tx, chosen_criteria(&year)?).await?;
    let members = store::taking_part(&tx, year.id).await?;
    let promises = store::promises(&tx, year.id, &members).await?;
    let digest = pact::digest(&row.text, &version.digest, &promises);
    let change = pact_row::ActiveModel {
        criteria_version_id: Set(Some(version.id)),
        digest: Set(Some(digest.clone())),
        ..Default::default()
    };
    let agreed = store::update_pact(&tx, &row, to, change).await?;
    store::cover(&tx, id, &members).await?;
    let detail = json!({
        "criteriaVersionId": version.id, "members": members, "targets": promises.len(), "sha256": hex(&digest),
    });
    audit::record(&tx, env, actor, Event("PACT_AGREED"), (Kind::Pact, id), detail).await?;
    tx.commit().await?;
    Ok(agreed)
}

/// The criteria on which the pact of a year is agreed; `CRITERIA_MISSING` when it names none yet.
pub fn chosen_criteria(year: &emulation_year::Model) -> Result<Uuid> {
    year.criteria_version_id.ok_or_else(|| {
        Error::invalid(
            "CRITERIA_MISSING",
            "id",
            "Năm thi đua chưa chọn bảng điểm; giao ước được ký theo bảng điểm.",
            "The year names no criteria set yet; a pact is signed on one.",
        )
    })
}

/// Opens an agreed pact for signing, and tells those who are to sign.
pub async fn open_pact_signing(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<pact_row::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year, row) = managed_pact(&tx, env, actor, id).await?;
    pact::in_season(year.phase)?;
    let to = pact::next(row.state, Step::OpenSigning)?;
    seen.check(row.version)?;
    let opened = store::update_pact(&tx, &row, to, pact_row::ActiveModel { ..Default::default() }).await?;
    let signers = store::taking_part(&tx, year.id).await?;
    let detail = json!({ "signers": signers });
    let event = Event("PACT_SIGNING_OPENED");
    audit::record(&tx, env, actor, event, (Kind::Pact, id), detail).await?;
    let told = OfYear::to(year.id, signers);
    events::tell_of_year(&tx, env, actor, EventKind::PactOpened, (Kind::Pact, id), &told).await?;
    tx.commit().await?;
    Ok(opened)
}

/// Who signs for a unit, and what.
#[derive(Serialize)]
pub struct Signer<'a> {
    /// The pact.
    pub pact: Uuid,
    /// SHA-256 of what the signer saw, in hexadecimal.
    pub sha256: &'a str,
    /// The unit.
    pub unit: Uuid,
    /// Name of the person.
    pub name: &'a str,
    /// As what.
    pub title: Option<&'a str>,
}

/// Signs a pact for a unit, once: the text, criteria and targets whose digest the signer names. With the last signature it comes into
/// force. Who joined the year later signs the pact in force. Under the same key the signed pact is the answer again.
pub async fn sign_pact(env: &Env, actor: &Actor, signer: &Signer<'_>, key: Option<&str>) -> Result<pact_row::Model> {
    let id = signer.pact;
    let name = input::line("signerName", signer.name)?;
    let title = input::line_or_none("signerTitle", signer.title)?;
    let tx = db::begin_write(&env.db).await?;
    let first = idempotency::first_answer(&tx, env, actor, key, "PACT_SIGNED", signer).await?;
    let row = store::pact(&tx, id).await?;
    store::find(&tx, &View::of(actor, env.today()), row.year_id).await?;
    if first.is_some() {
        return Ok(row);
    }
    let of = (row.year_id, signer.unit);
    let (ref actor, year, _) = acting_for(&tx, env, actor, of, Action::PactSign).await?;
    let row = store::pact(&tx, id).await?;
    signable(year.phase, row.state)?;
    // Nobody signs a text that they have not seen: the same pact may have been a draft an hour ago.
    if !row
        .digest
        .as_deref()
        .is_some_and(|digest| hex(digest).eq_ignore_ascii_case(signer.sha256.trim()))
    {
        return Err(Error::StaleVersion { current: row.version });
    }
    let signatures = store::signatures(&tx, &[id]).await?;
    pact::once(signatures.iter().any(|one| one.unit_id == signer.unit))?;
    let signature = pact_signature::ActiveModel {
        id: Set(env.new_id()),
        pact_id: Set(id),
        unit_id: Set(signer.unit),
        signer_name: Set(name.clone()),
        signer_title: Set(title.clone()),
        signed_by: Set(actor.recorded_as()),
        signed_for: Set(actor.acting_for()),
        signed_at: Set(env.now()),
    };
    signature.insert(&tx).await?;
    let digest = row.digest.as_deref().map(hex);
    let detail = json!({ "unitId": signer.unit, "signerName": name, "signerTitle": title, "sha256": digest });
    audit::record(&tx, env, actor, Event("PACT_SIGNED"), (Kind::Pact, id), detail).await?;
    settle(&tx, env, actor, &year).await?;
    let signed = store::pact(&tx, id).await?;
    idempotency::remember(&tx, actor, key, id).await?;
    tx.commit().await?;
    Ok(signed)
}

/// Lets a pact be signed as far as the year and its own life go: what is published is signed no more.
pub fn signable(phase: YearPhase, state: PactState) -> Result<()> {
    if phase == YearPhase::Published {
        return Err(published());
    }
    pact::next(state, Step::Sign).map(drop)
}

/// Puts the pact of a year into force when everybody who takes part has signed it: the year's criteria are then frozen.
pub(super) async fn settle(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    year: &emulation_year::Model,
) -> Result<()> {
    let pacts = store::pacts(tx, &[year.id]).await?;
    let Some(row) = pacts.last().filter(|row| row.state == PactState::Signing) else {
        return Ok(());
    };
    let signatures = store::signatures(tx, &[row.id]).await?;
    let signers = store::taking_part(tx, year.id).await?;
    let has_signed = |unit: &Uuid| signatures.iter().any(|one| one.unit_id == *unit);
    if signers.is_empty() || !signers.iter().all(has_signed) {
        return Ok(());
    }
    let to = pact::next(row.state, Step::Complete)?;
    let change = pact_row::ActiveModel {
        in_force_at: Set(Some(env.now())),
        ..Default::default()
    };
    store::update_pact(tx, row, to, change).await?;
    if let Some(version) = row.criteria_version_id {
        let version = criteria::store::version(tx, version).await?;
        let frozen = emulation_year::ActiveModel {
            criteria_digest: Set(Some(version.digest)),
            ..Default::default()
        };
        store::update(tx, year, frozen).await?;
    }
    let detail = json!({ "yearId": year.id, "signatures": signatures.len() });
    let subject = (Kind::Pact, row.id);
    audit::record(tx, env, actor, Event("PACT_IN_FORCE"), subject, detail).await?;
    let told = OfYear::to(year.id, signers);
    events::tell_of_year(tx, env, actor, EventKind::PactInForce, subject, &told).await
}

/// Ends a pact with a reason, also one that is not in force yet: criteria and targets can be set anew, and another pact begun.
pub async fn end_pact(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, reason: &str) -> Result<pact_row::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year, row) = managed_pact(&tx, env, actor, id).await?;
    pact::in_season(year.phase)?;
    let to = pact::next(row.state, Step::End)?;
    seen.check(row.version)?;
    let change = pact_row::ActiveModel {
        ended_on: Set(Some(env.today())),
        end_reason: Set(Some(reason.clone())),
        ..Default::default()
    };
    let ended = store::update_pact(&tx, &row, to, change).await?;
    // What units score themselves by stays frozen without a pact too.
    let is_scored = year.phase >= scored_from(&year) || store::scoring_has_begun(&tx, year.id).await?;
    if year.criteria_digest.is_some() && !is_scored {
        let thawed = emulation_year::ActiveModel {
            criteria_digest: Set(None),
            ..Default::default()
        };
        store::update(&tx, &year, thawed).await?;
    }
    let detail = json!({ "from": row.state, "reason": reason });
    audit::record(&tx, env, actor, Event("PACT_ENDED"), (Kind::Pact, id), detail).await?;
    tx.commit().await?;
    Ok(ended)
}
