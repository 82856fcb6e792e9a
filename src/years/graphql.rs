//! Emulation years in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, Object};
use uuid::Uuid;

use super::{store, usecases};
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, actor, env, loaded, wants_count};
use crate::ids::Kind;
use crate::version::Seen;

mod inputs;
mod loaders;
mod pacts;
mod participants;
mod pledges;
mod types;
mod writes;

use inputs::{
    AdvanceEmulationYearInput, CreateEmulationYearInput, EmulationYearOrder, EmulationYearWhere,
    StepBackEmulationYearInput, UpdateEmulationYearInput,
};
pub use loaders::{EmulationYearId, InYear, InYearPlace, ParticipantId, ParticipantsOf, YearPlace};
pub use pacts::{Pact, PactPayload};
pub use participants::{Participant, ParticipantPayload, Registration, RegistrationPayload, Target, TargetPayload};
pub use types::{EmulationYear, EmulationYearConnection, EmulationYearPayload};
pub use writes::PledgeMutation;

/// Reads of emulation years.
#[derive(Default)]
pub struct YearQuery;

#[Object]
impl YearQuery {
    /// The emulation years that the caller sees, the latest first unless another order is asked for: those of the clusters that it sees, and
    /// those in which its units take part.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn emulation_years(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which years.")] r#where: Option<EmulationYearWhere>,
        #[graphql(desc = "In what order.")] order_by: Option<EmulationYearOrder>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<EmulationYearConnection>> {
        let env = env(ctx)?;
        let view = store::View::of(actor(ctx)?, env.today());
        let filter = r#where.unwrap_or_default().read()?;
        let order = EmulationYearOrder::read(order_by);
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, order, &args, wants_count(ctx)).await?;
        Ok(Some(EmulationYearConnection::of(page)))
    }
}

/// Writes of emulation years.
#[derive(Default)]
pub struct YearMutation;

#[Object]
impl YearMutation {
    /// Opens an emulation year of a cluster. Who is a member of the cluster on the first day of the span takes part: schools by the school
    /// year, when `schoolStartsOn` says that there is one, the others by the calendar year.
    async fn create_emulation_year(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year.")] input: CreateEmulationYearInput,
    ) -> async_graphql::Result<Option<EmulationYearPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let created = async { usecases::create(env, actor, input.read()?, input.idempotency_key.as_deref()).await };
        EmulationYearPayload::of(created.await)
    }

    /// Changes what was planned of a year. Span, objection days, blindness and criteria until scoring begins, but for the objection days only
    /// until the first unit begins its score sheet; theme and planned days until the result is published. The criteria only while no pact is
    /// agreed, signed or in force.
    async fn update_emulation_year(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateEmulationYearInput,
    ) -> async_graphql::Result<Option<EmulationYearPayload>> {
        let (year, seen) = (Kind::EmulationYear.parse(&input.id)?, Seen::from(input.version));
        let change = input.read()?;
        EmulationYearPayload::of(usecases::update(env(ctx)?, actor(ctx)?, year, &seen, change).await)
    }

    /// Takes a year on to its next phase. Registering needs participants (`NO_PARTICIPANTS`); running and scoring need criteria
    /// (`CRITERIA_MISSING`) and, when there is a pact, that it is in force (`PACT_NOT_IN_FORCE`); scoring, that who joined later has signed it
    /// (`PACT_UNSIGNED`). All that is missing is told at once, by name where units are waited for. The year ends when its result is published,
    /// and not by this. Before it leaves `CROSS_CHECKING`, look at `crossChecks` that are not `MINUTED`: afterwards no step is taken with them.
    async fn advance_emulation_year(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which year.")] input: AdvanceEmulationYearInput,
    ) -> async_graphql::Result<Option<EmulationYearPayload>> {
        let (year, seen) = (Kind::EmulationYear.parse(&input.id)?, Seen::from(input.version));
        EmulationYearPayload::of(usecases::advance(env(ctx)?, actor(ctx)?, year, &seen).await)
    }

    /// Takes a year back to the phase before, with a reason. What was written stays. A published year goes back no more.
    async fn step_back_emulation_year(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which year, and why.")] input: StepBackEmulationYearInput,
    ) -> async_graphql::Result<Option<EmulationYearPayload>> {
        let (year, seen) = (Kind::EmulationYear.parse(&input.id)?, Seen::from(input.version));
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        EmulationYearPayload::of(usecases::step_back(env, actor, year, &seen, &input.reason).await)
    }
}

/// One emulation year for `node`.
pub async fn year(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<EmulationYear> {
    let year = loaded(graphql::loaders(ctx)?.load_one(EmulationYearId(id)).await)?;
    Ok(year.map(EmulationYear).ok_or(Error::NotFound)?)
}

/// One participation for `node`.
pub async fn participant(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Participant> {
    let row = loaded(graphql::loaders(ctx)?.load_one(ParticipantId(id)).await)?;
    Ok(row.map(Participant).ok_or(Error::NotFound)?)
}

/// One pact for `node`.
pub async fn pact(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Pact> {
    let row = loaded(graphql::loaders(ctx)?.load_one(loaders::PactId(id)).await)?;
    Ok(row.map(Pact).ok_or(Error::NotFound)?)
}
