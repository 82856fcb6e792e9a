//! Assigning and withdrawing cross-checks by hand, and recording who does not check whom.

use sea_orm::{ConnectionTrait, Set};
use serde_json::{Value, json};
use thidua_entity::enums::{CrossCheckState, EventKind};
use thidua_entity::{cross_check, cross_check_finding, cross_check_recusal, emulation_year};
use uuid::Uuid;

use super::draws::assignment;
use super::{managed, not_own, participants, stepped};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::crosschecks::pairing::Pair;
use crate::crosschecks::state::{self, Step};
use crate::crosschecks::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::version::Seen;
use crate::years::store::View;
use crate::{db, input, years};

/// Most recusals of a year.
const RECUSALS_MAX: usize = 500;

/// A cross-check to be assigned by hand.
pub struct NewAssignment<'a> {
    /// The year.
    pub year: Uuid,
    /// Who checks.
    pub checker: Uuid,
    /// Whom.
    pub checked: Uuid,
    /// Why it is not drawn.
    pub reason: &'a str,
}

/// A recusal to be recorded.
pub struct NewRecusal<'a> {
    /// The year.
    pub year: Uuid,
    /// Who does not check.
    pub checker: Uuid,
    /// Whom.
    pub checked: Uuid,
    /// Why.
    pub reason: &'a str,
}

/// Assigns a cross-check by hand, with a reason: after somebody withdrew, or for a school that is checked before the others. Recusals hold
/// here too; that all check as many is then up to who assigns. A draw leaves it as it is, and does not draw the same pair.
pub async fn assign(env: &Env, actor: &Actor, new: &NewAssignment<'_>) -> Result<cross_check::Model> {
    let reason = input::paragraph("reason", new.reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref acting, year) = managed(&tx, env, actor, new.year, state::ASSIGNING).await?;
    let pair = paired(&tx, year.id, new.checker, new.checked).await?;
    not_of_own(&tx, env, actor, &year, pair.1).await?;
    let actor = acting;
    if store::recused(&tx, year.id).await?.contains(&pair) {
        return Err(Error::invalid(
            "RECUSED",
            "checkerId",
            "Đơn vị này không tham gia kiểm tra đơn vị kia trong năm nay.",
            "This unit is recused from checking that one this year.",
        ));
    }
    let finished = store::finished(&tx, &[year.id]).await?;
    state::unfinished(finished.iter().any(|one| one.unit_id == pair.1))?;
    let assigned = store::assigned(&tx, year.id, &[pair.0]).await?;
    if assigned.iter().any(|check| check.checked_id == pair.1) {
        return Err(Error::AlreadyExists(
            "cross_check_year_id_checker_id_checked_id".to_owned(),
        ));
    }
    let id = env.new_id();
    let row = cross_check::ActiveModel {
        id: Set(id),
        ..assignment(env, year.id, None, pair, Some(reason))
    };
    store::add_checks(&tx, vec![row]).await?;
    let check = store::lock(&tx, id).await?;
    let detail = json!({ "yearId": year.id, "checkerId": pair.0, "checkedId": pair.1, "reason": check.reason });
    let subject = (Kind::CrossCheck, check.id);
    audit::record(&tx, env, actor, Event("CROSS_CHECK_ASSIGNED"), subject, detail).await?;
    let told = OfYear {
        about: Some(pair.1),
        reason: check.reason.clone(),
        ..OfYear::to(year.id, vec![pair.0])
    };
    events::tell_of_year(&tx, env, actor, EventKind::CrossChecksAssigned, subject, &told).await?;
    tx.commit().await?;
    Ok(check)
}

/// Takes a cross-check that has no minutes away from its checker, with a reason: who begins and does not go on holds up nobody. What the
/// checker found goes into the audit, what it scored stands no longer. The draw from which the check came keeps the pair.
pub async fn withdraw(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, reason: &str) -> Result<cross_check::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check) = stepped(&tx, env, actor, id, Step::Withdraw).await?;
    seen.check(check.version)?;
    state::next(check.state, Step::Withdraw)?;
    let points = store::points(&tx, check.year_id, std::slice::from_ref(&check)).await?;
    store::take_points_back(&tx, &points, env.now()).await?;
    let findings = store::whole_findings(&tx, id).await?;
    store::remove_findings(&tx, id).await?;
    store::remove_checks(&tx, &[id]).await?;
    let scored: Vec<&str> = points.iter().map(|entry| entry.code.as_str()).collect();
    let detail = json!({
        "yearId": check.year_id, "checkerId": check.checker_id, "checkedId": check.checked_id, "reason": reason, "state": check.state,
        "findings": findings.iter().map(kept).collect::<Vec<_>>(), "scored": scored,
    });
    let subject = (Kind::CrossCheck, id);
    audit::record(&tx, env, actor, Event("CROSS_CHECK_WITHDRAWN"), subject, detail).await?;
    let mut units = vec![check.checker_id];
    // Before anything was sent the checked unit waits for nothing.
    units.extend((check.state != CrossCheckState::Assigned).then_some(check.checked_id));
    let told = OfYear {
        about: Some(check.checked_id),
        reason: Some(reason),
        ..OfYear::to(check.year_id, units)
    };
    events::tell_of_year(&tx, env, actor, EventKind::CrossCheckWithdrawn, subject, &told).await?;
    tx.commit().await?;
    Ok(check)
}

/// What a finding and its reply said, as the audit keeps it.
pub(super) fn kept(finding: &cross_check_finding::Model) -> Value {
    json!({
        "findingId": finding.id, "criterion": finding.criterion, "text": finding.text, "evidenceSeen": finding.evidence_seen,
        "reply": finding.accepted, "replyText": finding.reply,
    })
}

/// Records that a unit does not check another, and why: kinship of those in charge, a dispute, one that depends on the other. It holds for
/// draws and assignments from now on; what is assigned already stays until it is drawn anew or withdrawn.
pub async fn record_recusal(env: &Env, actor: &Actor, new: &NewRecusal<'_>) -> Result<cross_check_recusal::Model> {
    let reason = input::paragraph("reason", new.reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref acting, year) = managed(&tx, env, actor, new.year, state::RECUSING).await?;
    let pair = paired(&tx, year.id, new.checker, new.checked).await?;
    not_of_own(&tx, env, actor, &year, pair.1).await?;
    let actor = acting;
    let recused = store::recused(&tx, year.id).await?;
    if recused.contains(&pair) {
        return Err(Error::AlreadyExists(
            "cross_check_recusal_year_id_checker_id_checked_id".to_owned(),
        ));
    }
    input::list_size("checkerId", recused.len() + 1, RECUSALS_MAX)?;
    let row = cross_check_recusal::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        checker_id: Set(pair.0),
        checked_id: Set(pair.1),
        reason: Set(reason),
        recorded_by: Set(actor.recorded_as()),
        recorded_for: Set(actor.acting_for()),
        recorded_at: Set(env.now()),
    };
    let recusal = store::add_recusal(&tx, row).await?;
    traced(&tx, env, actor, "CROSS_CHECK_RECUSAL_RECORDED", &recusal).await?;
    tx.commit().await?;
    Ok(recusal)
}

/// Takes a recusal back.
pub async fn withdraw_recusal(env: &Env, actor: &Actor, id: Uuid) -> Result<cross_check_recusal::Model> {
    let tx = db::begin_write(&env.db).await?;
    let recusal = store::find_recusal(&tx, &View::of(actor, env.today()), id).await?;
    let (ref acting, year) = managed(&tx, env, actor, recusal.year_id, state::RECUSING).await?;
    not_of_own(&tx, env, actor, &year, recusal.checked_id).await?;
    let actor = acting;
    store::remove_recusal(&tx, id).await?;
    traced(&tx, env, actor, "CROSS_CHECK_RECUSAL_WITHDRAWN", &recusal).await?;
    tx.commit().await?;
    Ok(recusal)
}

async fn traced(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    event: &'static str,
    recusal: &cross_check_recusal::Model,
) -> Result<()> {
    let detail = json!({
        "yearId": recusal.year_id, "checkerId": recusal.checker_id, "checkedId": recusal.checked_id, "reason": recusal.reason,
    });
    let subject = (Kind::CrossCheckRecusal, recusal.id);
    audit::record(tx, env, actor, Event(event), subject, detail).await
}

/// Who acts for a unit does not choose by whom it is checked, also where they keep the cluster.
async fn not_of_own(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    year: &emulation_year::Model,
    checked: Uuid,
) -> Result<()> {
    not_own(actor, &years::usecases::unit_place(tx, env, year, checked).await?)
}

/// Two units that both take part in a year, and are not the same.
async fn paired(tx: &impl ConnectionTrait, year: Uuid, checker: Uuid, checked: Uuid) -> Result<Pair> {
    if checker == checked {
        return Err(Error::invalid(
            "OWN_UNIT",
            "checkedId",
            "Đơn vị không tự kiểm tra chéo chính mình.",
            "No unit checks itself.",
        ));
    }
    let taking_part: Vec<Uuid> = participants(tx, year).await?.map(|row| row.unit_id).collect();
    for (field, unit) in [("checkerId", checker), ("checkedId", checked)] {
        if !taking_part.contains(&unit) {
            return Err(Error::invalid(
                "NOT_TAKING_PART",
                field,
                "Đơn vị này không tham gia năm thi đua của cụm.",
                "This unit does not take part in the year.",
            ));
        }
    }
    Ok((checker, checked))
}
