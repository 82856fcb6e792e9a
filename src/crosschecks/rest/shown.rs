//! Cross-checks and findings as REST shows them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use thidua_entity::enums::{CrossCheckState, Reply};
use thidua_entity::{cross_check, cross_check_finding};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::crosschecks::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::years::store::View;
use crate::{accounts, units};

/// Who checks whom.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The emulation year.
    year_id: String,
    /// The unit that checks.
    checker_id: String,
    /// Its name in use.
    checker_name: String,
    /// The unit that is checked.
    checked_id: String,
    /// Its name in use.
    checked_name: String,
    /// The draw that paired them; null when they were assigned by hand.
    draw_id: Option<String>,
    /// Why it was assigned by hand; null when it was drawn.
    reason: Option<String>,
    /// Where it is in its life.
    state: CrossCheckState,
    /// Counts changes, those of its findings included; null for who has no step to take.
    version: Option<i32>,
}

/// A cross-check with what was found, as far as the caller sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrossCheckJson {
    /// Who checks whom.
    #[serde(flatten)]
    pair: PairJson,
    /// What was found, the oldest first; at most 100. Empty for who does not see it: the checked unit before the findings are sent, other
    /// members of the cluster before the year is published.
    findings: Vec<FindingJson>,
    /// The day of the visit; null before the minutes are written, and for who does not see them.
    held_on: Option<NaiveDate>,
    /// Where the visit was; null as `heldOn` is.
    place: Option<String>,
    /// Who was there; null as `heldOn` is.
    attendance: Option<String>,
    /// The minutes; null as `heldOn` is.
    minutes: Option<String>,
    /// Why it was last taken a step back; null when it never was, and for who does not see what was found.
    return_reason: Option<String>,
    /// Why it went on without the replies of the checked unit; null when it did not, and for who does not see what was found.
    waived_reason: Option<String>,
    /// When it or one of its findings last changed; null as `version` is.
    updated_at: Option<DateTime<Utc>>,
}

/// What a checker found, and what the checked unit replied.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The cross-check.
    cross_check_id: String,
    /// Code of the section or criterion; null when it is about the unit as a whole.
    criterion: Option<String>,
    /// What was found.
    text: String,
    /// What was looked at.
    evidence_seen: Option<String>,
    /// Name of who wrote it; null for recorded data.
    by: Option<String>,
    /// Name of on whose behalf it was written; null when it was in one's own name.
    on_behalf_of: Option<String>,
    /// When it was written.
    at: DateTime<Utc>,
    /// Whether the unit agrees; null before it replied, and for who does not see replies that were not sent.
    reply: Option<Reply>,
    /// What the unit says to it.
    reply_text: Option<String>,
    /// Name of who replied.
    replied_by: Option<String>,
    /// Name of on whose behalf it was replied; null when it was in one's own name.
    replied_on_behalf_of: Option<String>,
    /// When the unit replied.
    replied_at: Option<DateTime<Utc>>,
    /// Counts changes; null while the unit drafts its replies, for everybody else.
    version: Option<i32>,
}

/// Cross-checks of a list, with the names of the units.
pub async fn pairs(env: &Env, rows: Vec<cross_check::Model>) -> Result<Vec<PairJson>> {
    let units: Vec<Uuid> = rows.iter().flat_map(|row| [row.checker_id, row.checked_id]).collect();
    let names = units::store::plain_names(&env.db, &units, env.today()).await?;
    Ok(rows.iter().map(|row| pair(row, &names)).collect())
}

fn pair(row: &cross_check::Model, names: &HashMap<Uuid, String>) -> PairJson {
    let name = |unit: &Uuid| names.get(unit).cloned().unwrap_or_default();
    PairJson {
        id: Kind::CrossCheck.id(row.id),
        year_id: Kind::EmulationYear.id(row.year_id),
        checker_id: Kind::Unit.id(row.checker_id),
        checker_name: name(&row.checker_id),
        checked_id: Kind::Unit.id(row.checked_id),
        checked_name: name(&row.checked_id),
        draw_id: row.draw_id.map(|draw| Kind::CrossCheckDraw.id(draw)),
        reason: row.reason.clone(),
        state: row.state,
        version: store::shown_version(row.version),
    }
}

/// One cross-check with its findings.
pub async fn whole(env: &Env, view: &View, row: cross_check::Model) -> Result<CrossCheckJson> {
    let names = units::store::plain_names(&env.db, &[row.checker_id, row.checked_id], env.today()).await?;
    Ok(CrossCheckJson {
        pair: pair(&row, &names),
        findings: findings(env, store::findings(&env.db, view, &[row.id]).await?).await?,
        held_on: row.held_on,
        place: row.place,
        attendance: row.attendance,
        minutes: row.minutes,
        return_reason: row.return_reason,
        waived_reason: row.waived_reason,
        updated_at: store::shown_version(row.version).map(|_| row.updated_at),
    })
}

/// One finding.
pub async fn finding(env: &Env, row: cross_check_finding::Model) -> Result<FindingJson> {
    let shown = findings(env, vec![row]).await?.pop();
    shown.ok_or_else(|| Error::internal("a finding that is not shown"))
}

async fn findings(env: &Env, rows: Vec<cross_check_finding::Model>) -> Result<Vec<FindingJson>> {
    let people = rows
        .iter()
        .flat_map(|row| [row.written_by, row.written_for, row.replied_by, row.replied_for])
        .flatten();
    let mut people: Vec<Uuid> = people.collect();
    people.sort_unstable();
    people.dedup();
    let names = accounts::store::names(&env.db, &people).await?;
    let name = |id: Option<Uuid>| Some(names.iter().find(|row| Some(row.id) == id)?.display_name.clone());
    let shown = |row: cross_check_finding::Model| FindingJson {
        id: Kind::Finding.id(row.id),
        cross_check_id: Kind::CrossCheck.id(row.cross_check_id),
        criterion: row.criterion,
        text: row.text,
        evidence_seen: row.evidence_seen,
        by: name(row.written_by),
        on_behalf_of: name(row.written_for),
        at: row.written_at,
        reply: row.accepted,
        reply_text: row.reply,
        replied_by: name(row.replied_by),
        replied_on_behalf_of: name(row.replied_for),
        replied_at: row.replied_at,
        version: store::shown_version(row.version),
    };
    Ok(rows.into_iter().map(shown).collect())
}
