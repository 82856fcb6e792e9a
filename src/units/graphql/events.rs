//! What happened to units, in the schema.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::UnitEventKind;
use thidua_entity::{unit_event, unit_predecessor};
use uuid::Uuid;

use super::{NameOf, Unit, UnitId, UnitPayload};
use crate::accounts::graphql::account_name;
use crate::graphql::{self, actor, env, id, loaded, loaders};
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
    /// The units that it came out of: they were split, merged or consolidated. Their history is seen by who sees this unit.
    async fn predecessors(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UnitPredecessor>> {
        let rows = loaded(loaders(ctx)?.load_one(PredecessorsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().map(|row| UnitPredecessor(row.predecessor_id)).collect())
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

/// A unit that another came out of.
pub struct UnitPredecessor(Uuid);

/// A unit that another came out of.
#[Object]
impl UnitPredecessor {
    /// The unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0)).await)?.map(Unit))
    }
    /// Its name, the last one that it had.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0)).await)?.unwrap_or_default())
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
    /// The units that it came out of, at most 50: you must administer them, too.
    #[graphql(default)]
    predecessor_ids: Vec<ID>,
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
        let before = input.predecessor_ids.iter().map(|id| Kind::Unit.parse(id));
        let before = before.collect::<crate::error::Result<Vec<Uuid>>>()?;
        let new = usecases::NewUnitEvent {
            kind: input.kind,
            took_effect_on: input.took_effect_on,
            decision: input.decision.as_deref(),
            predecessors: &before,
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

graphql::parts_loader!(
    PredecessorsOf,
    unit_predecessor::Model,
    store::predecessors,
    event_id,
    "What units came out of by an event."
);
