//! What becomes of an award: revoked or corrected by another decision, handed over.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{AwardChangeKind, EventKind};
use thidua_entity::{award, award_change, award_decision, award_handover, unit};
use uuid::Uuid;

use super::insert;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::decision::{self, NewDecision};
use crate::awards::store;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::units::store as units;
use crate::{db, events, idempotency, input};

/// Another decision, by which an award is revoked or corrected.
#[derive(Serialize)]
pub struct Another<'a> {
    /// The award.
    pub award: Uuid,
    /// Number of the decision as written.
    pub number: &'a str,
    /// Its date of signing.
    pub decided_on: NaiveDate,
    /// Who signed it.
    pub signer: Option<&'a str>,
    /// The text on which it rests.
    pub legal_basis: &'a str,
    /// Why.
    pub ground: &'a str,
    /// The recipient's name as corrected; `None` for a revocation.
    pub recipient_name: Option<&'a str>,
}

/// Revokes an award. It stays in the registry as it was given, with a mark; awards that rely on it are flagged.
pub async fn revoke(env: &Env, actor: &Actor, by: &Another<'_>, key: Option<&str>) -> Result<award::Model> {
    change(env, actor, by, (AwardChangeKind::Revoked, "AWARD_REVOKED"), key).await
}

/// Corrects the recipient's name of an award. What was written stays, and beside it what is right.
pub async fn correct(env: &Env, actor: &Actor, by: &Another<'_>, key: Option<&str>) -> Result<award::Model> {
    change(env, actor, by, (AwardChangeKind::Corrected, "AWARD_CORRECTED"), key).await
}

async fn change(
    env: &Env,
    actor: &Actor,
    by: &Another<'_>,
    (kind, event): (AwardChangeKind, &'static str),
    key: Option<&str>,
) -> Result<award::Model> {
    let today = env.today();
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor);
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, event, by).await? {
        return store::find(&tx, &reach, first, today).await;
    }
    let found = store::find(&tx, &reach, by.award, today).await?;
    let (decision, owner) = registry(&tx, env, &found).await?;
    let place = units::place(&tx, &owner, today).await?;
    let actor = &policy::authorize(actor, Action::AwardDecide, &place)?;
    let ground = input::paragraph("ground", by.ground)?;
    let recipient_name = match kind {
        AwardChangeKind::Revoked => None,
        AwardChangeKind::Corrected => Some(input::line("recipientName", by.recipient_name.unwrap_or_default())?),
    };
    let read = decision::read_numbered(&heading(by, &decision), today)?;
    if decision.decided_on.is_some_and(|given| by.decided_on < given) {
        return Err(Error::invalid(
            "DAY_BEFORE_DECISION",
            "decidedOn",
            "Quyết định này phải ký sau quyết định khen thưởng.",
            "This decision must be signed after the one that gave the award.",
        ));
    }
    let award = store::lock_award(&tx, found.id).await?;
    let changes = store::changes_of(&tx, &[award.id]).await?;
    stands(&changes)?;
    let row = insert(&tx, env, &read, &owner).await?;
    let change = award_change::ActiveModel {
        id: Set(env.new_id()),
        award_id: Set(award.id),
        kind: Set(kind),
        decision_id: Set(row.id),
        ground: Set(ground.clone()),
        recipient_name: Set(recipient_name.clone()),
        recorded_by: Set(actor.recorded_as()),
        recorded_for: Set(actor.acting_for()),
        recorded_at: Set(env.now()),
    };
    store::add_change(&tx, change).await?;
    idempotency::remember(&tx, actor, key, award.id).await?;
    let detail =
        json!({ "number": row.number, "decidedOn": row.decided_on, "ground": ground, "recipientName": recipient_name });
    let subject = (Kind::Award, award.id);
    audit::record(&tx, env, actor, Event(event), subject, detail).await?;
    let told = match kind {
        AwardChangeKind::Revoked => EventKind::AwardRevoked,
        AwardChangeKind::Corrected => EventKind::AwardCorrected,
    };
    events::tell(&tx, env, actor, told, subject, json!({})).await?;
    tx.commit().await?;
    Ok(award)
}

/// Lets an award through that was not revoked.
fn stands(changes: &[award_change::Model]) -> Result<()> {
    if changes.iter().all(|one| one.kind != AwardChangeKind::Revoked) {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Khen thưởng này đã bị thu hồi.",
        "This award was revoked.",
    )))
}

/// The decision that gave an award, and the unit in whose registry it stands.
async fn registry(
    tx: &impl ConnectionTrait,
    env: &Env,
    award: &award::Model,
) -> Result<(award_decision::Model, unit::Model)> {
    let everything = policy::Reach::everything();
    let decision = store::find_decision(tx, &everything, award.decision_id, env.today()).await?;
    let owner = units::find(tx, &everything, decision.owner_id, env.today()).await?;
    Ok((decision, owner))
}

/// Whoever gave an award takes it back: the same issuer, in the same registry.
fn heading(by: &Another<'_>, given: &award_decision::Model) -> NewDecision {
    NewDecision {
        number: Some(by.number.to_owned()),
        year: given.year,
        decided_on: Some(by.decided_on),
        issuer: given.issuer_id,
        issuer_name: Some(given.issuer_name.clone()),
        signer: by.signer.map(str::to_owned),
        legal_basis: Some(by.legal_basis.to_owned()),
        source: None,
        owner: Some(given.owner_id),
        awards: Vec::new(),
    }
}

/// How an award was handed over.
#[derive(Serialize)]
pub struct HandOver<'a> {
    /// The award.
    pub award: Uuid,
    /// The day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: &'a str,
    /// By whom.
    pub handed_by: &'a str,
    /// What else is to be said.
    pub note: Option<&'a str>,
}

/// Records when, where and by whom an award was handed over.
pub async fn hand_over(env: &Env, actor: &Actor, new: &HandOver<'_>, key: Option<&str>) -> Result<award::Model> {
    let today = env.today();
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor);
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "HAND_OVER_AWARD", new).await? {
        return store::find(&tx, &reach, first, today).await;
    }
    let found = store::find(&tx, &reach, new.award, today).await?;
    let (decision, owner) = registry(&tx, env, &found).await?;
    let place = units::place(&tx, &owner, today).await?;
    let actor = &policy::authorize(actor, Action::AwardRecord, &place)?;
    let held_on = input::plausible_day("heldOn", new.held_on)?;
    store::lock_award(&tx, found.id).await?;
    stands(&store::changes_of(&tx, &[found.id]).await?)?;
    if held_on > today || decision.decided_on.is_some_and(|given| held_on < given) {
        return Err(Error::invalid(
            "DAY_IMPLAUSIBLE",
            "heldOn",
            "Ngày trao phải từ ngày ký quyết định đến hôm nay.",
            "The day lies between that of the decision and today.",
        ));
    }
    let row = award_handover::ActiveModel {
        id: Set(env.new_id()),
        award_id: Set(found.id),
        held_on: Set(held_on),
        place: Set(input::line("place", new.place)?),
        handed_by: Set(input::line("handedBy", new.handed_by)?),
        note: Set(input::paragraph_or_none("note", new.note)?),
        recorded_by: Set(actor.recorded_as()),
        recorded_for: Set(actor.acting_for()),
        recorded_at: Set(env.now()),
    };
    store::add_handover(&tx, row).await?;
    idempotency::remember(&tx, actor, key, found.id).await?;
    let detail = json!({ "heldOn": held_on, "place": new.place, "handedBy": new.handed_by });
    audit::record(
        &tx,
        env,
        actor,
        Event("AWARD_HANDED_OVER"),
        (Kind::Award, found.id),
        detail,
    )
    .await?;
    let subject = (Kind::Award, found.id);
    events::tell(&tx, env, actor, EventKind::AwardHandedOver, subject, json!({})).await?;
    tx.commit().await?;
    Ok(found)
}
