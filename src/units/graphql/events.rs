//! What happened to units, in the schema.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::UnitEventKind;
use thidua_entity::unit_event;

use super::UnitPayload;
use crate::accounts::graphql::account_name;
use crate::graphql::{self, actor, env, id};
use crate::ids::Kind;
use crate::units::{store, usecases};

/// What happened to a unit that bears on whether it is rated.
#[derive(Clone)]
pub struct UnitEvent(pub unit_event::Model);

/// What happened to a unit that bears on whether it is rated.
#[Object]
impl UnitEvent {
    /// Opaque id; `removeUnitEvent` takes it.
    async fn id(&self) -> ID {
        id(Kind::UnitEvent, self.0.id)
    }
    /// What.
    async fn kind(&self) -> UnitEventKind {
        self.0.kind
    }
    /// The day on which it took effect.
    async fn took_effect_on(&self) -> NaiveDate {
        self.0.took_effect_on
    }
    /// The decision, as written; null when unknown.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }
    /// Name of who recorded it; null for recorded data.
    async fn recorded_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.recorded_by).await
    }
    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }
}

/// Something that happened to a unit.
#[derive(InputObject)]
pub struct RecordUnitEventInput {
    /// The unit.
    id: ID,
    /// The version of the unit that you saw.
    version: i32,
    /// What.
    kind: UnitEventKind,
    /// The day on which it took effect.
    took_effect_on: NaiveDate,
    /// The decision, as written.
    decision: Option<String>,
}

/// An event that was recorded wrongly.
#[derive(InputObject)]
pub struct RemoveUnitEventInput {
    /// The event.
    id: ID,
    /// The version of its unit that you saw.
    version: i32,
    /// Why.
    reason: String,
}

/// Writes of what happened to units.
#[derive(Default)]
pub struct UnitEventMutation;

#[Object]
impl UnitEventMutation {
    /// Records what happened to a unit: founded, split, merged, consolidated. How long a unit must have worked before it is rated counts from
    /// there. A unit with a day of founding and no event counts as founded on that day.
    async fn record_unit_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happened.")] input: RecordUnitEventInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let unit = Kind::Unit.parse(&input.id)?;
        let new = usecases::NewUnitEvent {
            kind: input.kind,
            took_effect_on: input.took_effect_on,
            decision: input.decision.as_deref(),
        };
        UnitPayload::of(usecases::record_event(env(ctx)?, actor(ctx)?, unit, input.version, new).await)
    }

    /// Takes back what was recorded wrongly of a unit, with a reason. The audit keeps it.
    async fn remove_unit_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: RemoveUnitEventInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let event = Kind::UnitEvent.parse(&input.id)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        UnitPayload::of(usecases::remove_event(env, actor, event, input.version, &input.reason).await)
    }
}

graphql::parts_loader!(
    EventsOf,
    unit_event::Model,
    store::events,
    unit_id,
    "What happened to a unit, the oldest first."
);
