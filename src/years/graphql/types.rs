//! Emulation years as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::YearPhase;
use thidua_entity::{emulation_phase, emulation_step, emulation_year};
use uuid::Uuid;

use super::loaders::{PactsOf, PhasesOf, SignaturesOf, StepsOf};
use super::pacts::Pact;
use super::participants::Participant;
use super::{ParticipantsOf, YearPlace};
use crate::accounts::graphql::account_name;
use crate::clusters::graphql::{Cluster, ClusterId, ClusterName, MembershipsIn};
use crate::clusters::rules::{MEMBERS_MAX, Span};
use crate::criteria::content::hex;
use crate::criteria::graphql::{CriteriaSetVersion, CriteriaVersionId};
use crate::crosschecks;
use crate::graphql::{ViewerCan, connection, env, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::results::graphql::leniency::{self, CheckerLeniency};
use crate::units::graphql::{NameOf, Unit, UnitId};
use crate::years::pact;
use crate::years::state::{self, Readiness};

/// One cluster in one year (năm thi đua): theme, phase, participants, pact, criteria.
#[derive(Clone)]
pub struct EmulationYear(pub emulation_year::Model);

impl From<emulation_year::Model> for EmulationYear {
    fn from(row: emulation_year::Model) -> Self {
        Self(row)
    }
}

/// For how many participants a query is charged: what clusters have as a rule (5 to 15), with room.
const PARTICIPANTS_CHARGED: usize = 20;
/// For how many planned days and steps of a year a query is charged.
const PHASES_CHARGED: usize = 9;

/// One cluster in one year (năm thi đua): theme, phase, participants, pact, criteria.
#[Object]
impl EmulationYear {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::EmulationYear, self.0.id)
    }
    /// The cluster; null when it is beyond what the caller sees.
    async fn cluster(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Cluster>> {
        Ok(loaded(loaders(ctx)?.load_one(ClusterId(self.0.cluster_id)).await)?.map(Cluster))
    }
    /// Name of the cluster, known also where the cluster itself is beyond the caller's reach.
    async fn cluster_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(ClusterName(self.0.cluster_id)).await)?.unwrap_or_default())
    }
    /// The year it is called after: 2026.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Its theme, as written.
    async fn theme(&self) -> Option<&str> {
        self.0.theme.as_deref()
    }
    /// First day of the span for which units on the calendar year are judged; later than 1 January when the cluster began in mid-year.
    async fn starts_on(&self) -> NaiveDate {
        self.0.starts_on
    }
    /// Last day of that span, included.
    async fn ends_on(&self) -> NaiveDate {
        self.0.ends_on
    }
    /// First day of the span for which units on the school year are judged; null when everybody follows the calendar year.
    async fn school_starts_on(&self) -> Option<NaiveDate> {
        self.0.school_starts_on
    }
    /// Last day of that span, included.
    async fn school_ends_on(&self) -> Option<NaiveDate> {
        self.0.school_ends_on
    }
    /// Where it is in its life.
    async fn phase(&self) -> YearPhase {
        self.0.phase
    }
    /// When its phases are planned to begin, in their order.
    #[graphql(complexity = "PHASES_CHARGED * child_complexity + 1")]
    async fn planned_phases(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PlannedPhase>> {
        let rows = loaded(loaders(ctx)?.load_one(PhasesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(PlannedPhase).collect())
    }
    /// Who took it into which phase, when and why, the oldest first; of more than 100 steps the last 100.
    #[graphql(complexity = "PHASES_CHARGED * child_complexity + 1")]
    async fn steps(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<EmulationStep>> {
        let rows = loaded(loaders(ctx)?.load_one(StepsOf(self.0.id)).await)?.unwrap_or_default();
        let skipped = rows.len().saturating_sub(STEPS_SHOWN);
        Ok(rows.iter().skip(skipped).cloned().map(EmulationStep).collect())
    }
    /// The version of the criteria set that it is scored by; null while none is chosen, and when it is beyond what the caller sees.
    async fn criteria_version(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CriteriaSetVersion>> {
        let Some(version) = self.0.criteria_version_id else {
            return Ok(None);
        };
        let version = loaded(loaders(ctx)?.load_one(CriteriaVersionId(version)).await)?;
        Ok(version.map(CriteriaSetVersion))
    }
    /// SHA-256 of the criteria, from when they are frozen: when the pact came into force, or when scoring began without one (for schools with
    /// the phase `RUNNING`); null before.
    async fn criteria_sha256(&self) -> Option<String> {
        self.0.criteria_digest.as_deref().map(hex)
    }
    /// Whether points of others are hidden from a scorer until its own are in: from checkers until the cross-check is
    /// done, and from whoever acts for a unit of the year until that unit has handed in its own points.
    async fn blind(&self) -> bool {
        self.0.blind
    }
    /// Days in which a unit may object after its sheet was appraised.
    async fn objection_days(&self) -> i32 {
        self.0.objection_days
    }
    /// Who takes part, those that withdrew included; at most 500.
    #[graphql(complexity = "PARTICIPANTS_CHARGED * child_complexity + 1")]
    async fn participants(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Participant>> {
        let rows = loaded(loaders(ctx)?.load_one(ParticipantsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().take(MEMBERS_MAX).cloned().map(Participant).collect())
    }
    /// The pact of the year: the newest one, also when it has ended; null when none was begun.
    async fn pact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Pact>> {
        let rows = loaded(loaders(ctx)?.load_one(PactsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.last().cloned().map(Pact))
    }
    /// All its pacts, the oldest first; at most 20.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn pacts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Pact>> {
        let rows = loaded(loaders(ctx)?.load_one(PactsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(Pact).collect())
    }
    /// Members of the cluster today that do not take part, by name, those that withdrew included: somebody adds them (`addParticipant`), or they
    /// wait for the next year. At most 500.
    #[graphql(complexity = "PARTICIPANTS_CHARGED * child_complexity + 1")]
    async fn members_missing(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<MissingMember>> {
        let (loaders, today) = (loaders(ctx)?, env(ctx)?.today());
        let rows = loaded(loaders.load_one(ParticipantsOf(self.0.id)).await)?.unwrap_or_default();
        let members = loaded(loaders.load_one(MembershipsIn(self.0.cluster_id)).await)?.unwrap_or_default();
        let missing = members.iter().filter(|member| {
            Span::from(*member).holds_on(today)
                && rows
                    .iter()
                    .all(|row| row.unit_id != member.unit_id || row.withdrawn_on.is_some())
        });
        Ok(missing
            .take(MEMBERS_MAX)
            .map(|member| MissingMember {
                unit: member.unit_id,
                since: member.valid_from,
            })
            .collect())
    }
    /// How lenient the units are that check others: how far their cross-checks lay above the final points, over the sheets that are decided
    /// of this year and of five earlier ones of the cluster. The most lenient first; behind those of whom nothing can be said yet. At most
    /// 500. Null for who does not decide there: it is told to chair and deputy, and to the organiser. It costs much: ask it of few years at
    /// once.
    #[graphql(complexity = "leniency::cost(child_complexity)")]
    async fn checker_leniency(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<CheckerLeniency>>> {
        leniency::of_year(ctx, &self.0).await
    }
    /// When it was opened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// Counts changes; give it back as `version` when you change the year or take it on.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why. `YEAR_ADVANCE` tells also what is missing for the next phase.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(YearPlace(self.0.id)).await)?.unwrap_or_default();
        let ready = state::advance(self.0.phase, &self.readiness(ctx).await?).map(drop);
        let mut can = ViewerCan::at(ctx, &place, &[Action::YearManage])?;
        let advance = Action::YearAdvance;
        can.push(ViewerCan::when(ctx, advance.code(), (advance, &place), ready)?);
        let phase = self.0.phase;
        for (action, moment) in [
            (Action::PactManage, pact::in_season(phase)),
            (
                Action::CrossCheckManage,
                state::demand(phase, crosschecks::state::RECUSING),
            ),
        ] {
            can.push(ViewerCan::when(ctx, action.code(), (action, &place), moment)?);
        }
        can.extend(ViewerCan::at(
            ctx,
            &place,
            &[Action::ResultCompute, Action::ResultPublish],
        )?);
        Ok(can)
    }
}

/// Steps shown of a year.
const STEPS_SHOWN: usize = 100;

impl EmulationYear {
    /// The same as the use-case asks, by loaders.
    async fn readiness(&self, ctx: &Context<'_>) -> async_graphql::Result<Readiness> {
        let loaders = loaders(ctx)?;
        let participants = loaded(loaders.load_one(ParticipantsOf(self.0.id)).await)?.unwrap_or_default();
        let pacts = loaded(loaders.load_one(PactsOf(self.0.id)).await)?.unwrap_or_default();
        let taking_part: Vec<_> = participants.iter().filter(|row| row.withdrawn_on.is_none()).collect();
        let unsigned = match pacts.last().filter(|pact| pact::is_signed(pact.state)) {
            Some(pact) => {
                let signatures = loaded(loaders.load_one(SignaturesOf(pact.id)).await)?.unwrap_or_default();
                let waits = |unit: &Uuid| signatures.iter().all(|one| one.unit_id != *unit);
                let waiting: Vec<Uuid> = taking_part.iter().map(|row| row.unit_id).filter(waits).collect();
                let names = loaded(loaders.load_many(waiting.iter().copied().map(NameOf)).await)?;
                waiting
                    .iter()
                    .filter_map(|unit| names.get(&NameOf(*unit)).cloned())
                    .collect()
            }
            None => Vec::new(),
        };
        Ok(Readiness {
            participants: taking_part.len(),
            criteria: self.0.criteria_version_id.is_some(),
            pact: pacts.last().map(|pact| pact.state),
            unsigned,
        })
    }
}

/// When a phase of an emulation year is planned to begin.
pub struct PlannedPhase(emulation_phase::Model);

/// When a phase of an emulation year is planned to begin.
#[Object]
impl PlannedPhase {
    /// The phase.
    async fn phase(&self) -> YearPhase {
        self.0.phase
    }
    /// The day on which it is to begin.
    async fn starts_on(&self) -> NaiveDate {
        self.0.starts_on
    }
}

/// A step in the life of an emulation year.
pub struct EmulationStep(emulation_step::Model);

/// A step in the life of an emulation year.
#[Object]
impl EmulationStep {
    /// The phase it came to be in.
    async fn phase(&self) -> YearPhase {
        self.0.phase
    }
    /// Why, for a step back; null for a step on.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// Name of who took it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.taken_by).await
    }
    /// Name of on whose behalf it was taken; null when it was in one's own name.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.taken_for).await
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.taken_at
    }
}

/// A member of a cluster that does not take part in a year.
pub struct MissingMember {
    unit: Uuid,
    since: NaiveDate,
}

/// A member of a cluster that does not take part in a year.
#[Object]
impl MissingMember {
    /// The unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.unit)).await)?.map(Unit))
    }
    /// Name in use of the unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.unit)).await)?.unwrap_or_default())
    }
    /// First day of its membership.
    async fn since(&self) -> NaiveDate {
        self.since
    }
}

connection!(
    EmulationYearConnection,
    EmulationYearEdge,
    EmulationYear,
    "emulation years"
);
payload!(EmulationYearPayload, year: EmulationYear, "an emulation year");
