//! Who takes part in an emulation year, what they registered for and promised, as the schema shows it.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{PactState, RegistrationKind, ScoreLayer, YearCalendar, YearPhase};
use thidua_entity::{emulation_participant, registration, target};

use super::loaders::{EmulationYearId, InYear, InYearPlace, PactsOf, RegistrationsOf, SignaturesOf, TargetsOf};
use super::types::EmulationYear;
use crate::accounts::graphql::account_name;
use crate::awards::graphql::{AwardType, AwardTypeId};
use crate::clusters::graphql::MembershipsIn;
use crate::clusters::rules::Span;
use crate::error::{Error, Result};
use crate::forms::graphql::{Indicator, IndicatorId};
use crate::graphql::{ViewerCan, env, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::reports::graphql::figures::Decimal;
use crate::scoring;
use crate::units::graphql::{NameOf, Unit, UnitId};
use crate::years::{pact, usecases};

/// A unit that takes part in an emulation year. Its scores stay with the year, also when it moves to another cluster.
#[derive(Clone)]
pub struct Participant(pub emulation_participant::Model);

impl From<emulation_participant::Model> for Participant {
    fn from(row: emulation_participant::Model) -> Self {
        Self(row)
    }
}

/// A unit that takes part in an emulation year. Its scores stay with the year, also when it moves to another cluster.
#[Object]
impl Participant {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Participant, self.0.id)
    }
    /// The year.
    async fn year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(self.0.year_id)).await)?.map(EmulationYear))
    }
    /// The unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of the unit; known also where the unit itself is beyond the caller's reach.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// By which calendar it is judged.
    async fn calendar(&self) -> YearCalendar {
        self.0.calendar
    }
    /// Why it was added later than the others, or what else is to be known.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
    /// First day on which it no longer takes part; null while it does.
    async fn withdrawn_on(&self) -> Option<NaiveDate> {
        self.0.withdrawn_on
    }
    /// Why it no longer takes part.
    async fn withdrawn_reason(&self) -> Option<&str> {
        self.0.withdrawn_reason.as_deref()
    }
    /// Whether it is a member of the cluster today. One that is not stays in the year until somebody withdraws it.
    async fn still_member(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let (loaders, today) = (loaders(ctx)?, env(ctx)?.today());
        let Some(year) = loaded(loaders.load_one(EmulationYearId(self.0.year_id)).await)? else {
            return Ok(false);
        };
        let members = loaded(loaders.load_one(MembershipsIn(year.cluster_id)).await)?.unwrap_or_default();
        let mut own = members.iter().filter(|row| row.unit_id == self.0.unit_id);
        Ok(own.any(|row| Span::from(row).holds_on(today)))
    }
    /// What it registered for, the oldest first, also what it withdrew; at most 500.
    #[graphql(complexity = "PLEDGES_CHARGED * child_complexity + 1")]
    async fn registrations(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Registration>> {
        let rows = loaded(loaders(ctx)?.load_one(RegistrationsOf(self.in_year())).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(Registration).collect())
    }
    /// What it promised, in the order in which it did; at most 200.
    #[graphql(complexity = "PLEDGES_CHARGED * child_complexity + 1")]
    async fn targets(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Target>> {
        let rows = loaded(loaders(ctx)?.load_one(TargetsOf(self.in_year())).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(Target).collect())
    }
    /// Counts changes; give it back as `version` when you change it.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do for the unit in this year now and, for what is refused, why: nothing for one that withdrew, and all else in the
    /// phases for it. `PLEDGE_WRITE` is to register; whether targets are bound by a pact is told when one is set. What else the score sheet
    /// must be is told by its own `viewerCan`. `PACT_SIGN` tells also that the unit has signed or that there is nothing to sign.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let loaders = loaders(ctx)?;
        let place = loaded(loaders.load_one(InYearPlace(self.in_year())).await)?.unwrap_or_default();
        let year = loaded(loaders.load_one(EmulationYearId(self.0.year_id)).await)?.ok_or(Error::NotFound)?;
        let phase = year.phase;
        let scores = || scoring::state::demand_phase(ScoreLayer::Own, phase, self.0.calendar, false);
        let can = [
            (Action::PledgeWrite, usecases::in_season(phase)),
            (Action::ScoreSelf, scores()),
            // Somebody objects to what was appraised, so scoring has begun.
            (Action::ObjectionRaise, scores()),
            (Action::PactSign, self.may_sign(ctx, phase).await?),
        ];
        let told = |(action, moment): (Action, Result<()>)| {
            let takes_part = if self.0.withdrawn_on.is_some() {
                Err(Error::NotFound)
            } else {
                Ok(())
            };
            ViewerCan::when(ctx, action.code(), (action, &place), takes_part.and(moment))
        };
        Ok(can.into_iter().map(told).collect::<Result<_>>()?)
    }
}

/// For how many registrations and targets of a unit a query is charged.
const PLEDGES_CHARGED: usize = 5;

impl Participant {
    fn in_year(&self) -> InYear {
        InYear {
            year: self.0.year_id,
            unit: self.0.unit_id,
        }
    }

    /// Whether there is a pact that this unit has yet to sign.
    async fn may_sign(&self, ctx: &Context<'_>, phase: YearPhase) -> async_graphql::Result<Result<()>> {
        let loaders = loaders(ctx)?;
        let pacts = loaded(loaders.load_one(PactsOf(self.0.year_id)).await)?.unwrap_or_default();
        let state = pacts.last().map_or(PactState::Draft, |pact| pact.state);
        if let Err(refused) = usecases::signable(phase, state) {
            return Ok(Err(refused));
        }
        let Some(pact) = pacts.last() else { return Ok(Ok(())) };
        let signatures = loaded(loaders.load_one(SignaturesOf(pact.id)).await)?.unwrap_or_default();
        let signed = signatures.iter().any(|one| one.unit_id == self.0.unit_id);
        Ok(pact::once(signed))
    }
}

/// What a unit registered for in an emulation year (đăng ký thi đua).
#[derive(Clone)]
pub struct Registration(pub registration::Model);

impl From<registration::Model> for Registration {
    fn from(row: registration::Model) -> Self {
        Self(row)
    }
}

/// What a unit registered for in an emulation year (đăng ký thi đua).
#[Object]
impl Registration {
    /// Opaque id; `withdrawRegistration` takes it.
    pub async fn id(&self) -> ID {
        id(Kind::Registration, self.0.id)
    }
    /// The unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of the unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// What it is for.
    async fn kind(&self) -> RegistrationKind {
        self.0.kind
    }
    /// The grade by its code in the criteria set, the title or the movement as written.
    async fn title(&self) -> &str {
        &self.0.title
    }
    /// The kind of award, when it is in the catalogue.
    async fn award_type(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardType>> {
        let Some(award) = self.0.award_type_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(AwardTypeId(award)).await)?.map(AwardType))
    }
    /// For whom, when it is for a person.
    async fn person(&self) -> Option<&str> {
        self.0.person.as_deref()
    }
    /// Why it came after the phase of registering; null when it came in time.
    async fn late_reason(&self) -> Option<&str> {
        self.0.late_reason.as_deref()
    }
    /// Name of who registered; null for recorded data.
    async fn registered_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.registered_by).await
    }
    /// When.
    async fn registered_at(&self) -> DateTime<Utc> {
        self.0.registered_at
    }
    /// When it was withdrawn; null while it holds.
    async fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        self.0.withdrawn_at
    }
    /// Why it was withdrawn; null when nobody said.
    async fn withdrawn_reason(&self) -> Option<&str> {
        self.0.withdrawn_reason.as_deref()
    }
    /// Counts changes; give it back as `version` when you withdraw it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What a unit promised in an emulation year (chỉ tiêu giao ước).
#[derive(Clone)]
pub struct Target(pub target::Model);

impl From<target::Model> for Target {
    fn from(row: target::Model) -> Self {
        Self(row)
    }
}

/// What a unit promised in an emulation year (chỉ tiêu giao ước).
#[Object]
impl Target {
    /// Opaque id; `removeTarget` takes it.
    pub async fn id(&self) -> ID {
        id(Kind::Target, self.0.id)
    }
    /// Name in use of the unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// The indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        Ok(loaded(loaders(ctx)?.load_one(IndicatorId(self.0.indicator_id)).await)?.map(Indicator))
    }
    /// What it promised.
    async fn value(&self) -> Decimal {
        Decimal(self.0.value)
    }
    /// As it was typed.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// Why it was set after the phase of registering; null when it was in time.
    async fn late_reason(&self) -> Option<&str> {
        self.0.late_reason.as_deref()
    }
    /// Name of who set it; null for recorded data.
    async fn set_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.set_by).await
    }
    /// When.
    async fn set_at(&self) -> DateTime<Utc> {
        self.0.set_at
    }
    /// Counts changes; give it back as `version` when you set it anew or remove it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

payload!(ParticipantPayload, participant: Participant, "who takes part in a year");
payload!(RegistrationPayload, registration: Registration, "a registration");
payload!(TargetPayload, target: Target, "a target");
