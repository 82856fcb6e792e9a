//! Emulation years as REST shows them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{YearCalendar, YearPhase};
use thidua_entity::{emulation_participant, emulation_year};
use utoipa::ToSchema;
use uuid::Uuid;

use super::pledged::{PactJson, People, RegistrationJson, TargetJson};
use crate::criteria::content::hex;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::years::store;
use crate::{clusters, forms, units};

/// When a phase of an emulation year is planned to begin.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhaseJson {
    /// The phase.
    phase: YearPhase,
    /// The day on which it is to begin.
    starts_on: NaiveDate,
}

impl PhaseJson {
    /// The phase and the day.
    pub fn planned(&self) -> (YearPhase, NaiveDate) {
        (self.phase, self.starts_on)
    }
}

/// One cluster in one year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct YearJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The cluster.
    cluster_id: String,
    /// The year it is called after.
    year: i32,
    /// Its theme, as written.
    theme: Option<String>,
    /// First day of the span for which units on the calendar year are judged.
    starts_on: NaiveDate,
    /// Last day of that span, included.
    ends_on: NaiveDate,
    /// First day of the span for which units on the school year are judged; null when there are none.
    school_starts_on: Option<NaiveDate>,
    /// Last day of that span, included.
    school_ends_on: Option<NaiveDate>,
    /// Where it is in its life.
    phase: YearPhase,
    /// The version of the criteria set that it is scored by.
    criteria_version_id: Option<String>,
    /// SHA-256 of the criteria, from when they are frozen.
    criteria_sha256: Option<String>,
    /// Whether points of others are hidden from a scorer until its own are in: from checkers until the cross-check is
    /// done, and from whoever acts for a unit of the year until that unit has handed in its own points.
    blind: bool,
    /// Days in which a unit may object after its sheet was appraised.
    objection_days: i32,
    /// Counts changes.
    version: i32,
    /// When it was opened.
    created_at: DateTime<Utc>,
}

impl From<emulation_year::Model> for YearJson {
    fn from(row: emulation_year::Model) -> Self {
        Self {
            id: Kind::EmulationYear.id(row.id),
            cluster_id: Kind::Cluster.id(row.cluster_id),
            year: row.year,
            theme: row.theme,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            school_starts_on: row.school_starts_on,
            school_ends_on: row.school_ends_on,
            phase: row.phase,
            criteria_version_id: row.criteria_version_id.map(|id| Kind::CriteriaSetVersion.id(id)),
            criteria_sha256: row.criteria_digest.as_deref().map(hex),
            blind: row.blind,
            objection_days: row.objection_days,
            version: row.version,
            created_at: row.created_at,
        }
    }
}

/// An emulation year with all that is in it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeYearJson {
    /// The year.
    #[serde(flatten)]
    year: YearJson,
    /// Name of the cluster.
    cluster_name: String,
    /// When its phases are planned to begin, in their order.
    phases: Vec<PhaseJson>,
    /// Who takes part, those that withdrew included.
    participants: Vec<ParticipantJson>,
    /// Its newest pact; null when none was begun.
    pact: Option<PactJson>,
}

/// A unit that takes part in an emulation year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit.
    unit_id: String,
    /// Name in use of the unit.
    unit_name: String,
    /// By which calendar it is judged.
    calendar: YearCalendar,
    /// Why it was added later than the others, or what else is to be known.
    note: Option<String>,
    /// First day on which it no longer takes part; null while it does.
    withdrawn_on: Option<NaiveDate>,
    /// Why it no longer takes part.
    withdrawn_reason: Option<String>,
    /// What it registered for, the oldest first.
    registrations: Vec<RegistrationJson>,
    /// What it promised.
    targets: Vec<TargetJson>,
    /// Counts changes.
    version: i32,
}

impl WholeYearJson {
    /// A year that was found, with all that is in it.
    pub async fn read(env: &Env, year: emulation_year::Model) -> Result<Self> {
        let (db, id) = (&env.db, year.id);
        let rows = store::participants(db, &[id]).await?;
        let units: Vec<Uuid> = rows.iter().map(|row| row.unit_id).collect();
        let names = units::store::plain_names(db, &units, env.today()).await?;
        let mut registrations: HashMap<Uuid, Vec<RegistrationJson>> = HashMap::new();
        let all = store::registrations(db, &units, &[id]).await?;
        let people = all.iter().flat_map(|row| [row.registered_by, row.registered_for]);
        let people = People::of(env, people).await?;
        for row in all {
            let of_unit = registrations.entry(row.unit_id).or_default();
            of_unit.push(RegistrationJson::of(row, &people));
        }
        let all = store::targets(db, &units, &[id]).await?;
        let indicators: Vec<Uuid> = all.iter().map(|row| row.indicator_id).collect();
        let indicators = forms::store::indicators(db, &indicators).await?;
        let mut targets: HashMap<Uuid, Vec<TargetJson>> = HashMap::new();
        for row in all {
            let code = indicators.iter().find(|one| one.id == row.indicator_id);
            let code = code.map_or("", |one| one.code.as_str());
            targets.entry(row.unit_id).or_default().push(TargetJson::of(row, code));
        }
        let pact = match store::pacts(db, &[id]).await?.pop() {
            Some(row) => Some(PactJson::read(env, row).await?),
            None => None,
        };
        let phases = store::phases(db, &[id]).await?;
        let cluster = clusters::store::plain_names(db, &[year.cluster_id]).await?;
        let participant = |row: emulation_participant::Model| ParticipantJson {
            id: Kind::Participant.id(row.id),
            unit_id: Kind::Unit.id(row.unit_id),
            unit_name: names.get(&row.unit_id).cloned().unwrap_or_default(),
            calendar: row.calendar,
            note: row.note,
            withdrawn_on: row.withdrawn_on,
            withdrawn_reason: row.withdrawn_reason,
            registrations: registrations.remove(&row.unit_id).unwrap_or_default(),
            targets: targets.remove(&row.unit_id).unwrap_or_default(),
            version: row.version,
        };
        Ok(Self {
            cluster_name: cluster.into_values().next().unwrap_or_default(),
            phases: phases
                .into_iter()
                .map(|row| PhaseJson {
                    phase: row.phase,
                    starts_on: row.starts_on,
                })
                .collect(),
            participants: rows.into_iter().map(participant).collect(),
            pact,
            year: year.into(),
        })
    }
}
