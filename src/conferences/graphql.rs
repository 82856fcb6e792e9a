//! Conferences in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, Object};
use uuid::Uuid;

use super::{store, usecases};
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, actor, env, loaded, wants_count};
use crate::ids::Kind;
use crate::version::Seen;
use crate::years::store::View;

mod inputs;
mod loaders;
mod types;

use inputs::{
    CallRollInput, ChangeConferenceInput, ConferenceStepInput, ConferenceWhere, PlanConferenceInput,
    WriteConferenceMinutesInput,
};
pub use inputs::{FractionInput, read_voter};
pub use loaders::{ConferenceId, ConferencePlace};
pub use types::{Conference, ConferenceConnection, ConferencePayload, FractionShown};

/// Reads of conferences.
#[derive(Default)]
pub struct ConferenceQuery;

#[Object]
impl ConferenceQuery {
    /// The conferences of the clusters and councils that the caller sees, the latest day first; of a cluster that a unit has left, those of
    /// days on which it belonged to it.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn conferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which conferences.")] r#where: Option<ConferenceWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ConferenceConnection>> {
        let env = env(ctx)?;
        let view = View::of(actor(ctx)?, env.today());
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(ConferenceConnection::of(page)))
    }
}

/// Writes of conferences.
#[derive(Default)]
pub struct ConferenceMutation;

#[Object]
impl ConferenceMutation {
    /// Plans a conference of a cluster, or of a council.
    async fn plan_conference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conference.")] input: PlanConferenceInput,
    ) -> async_graphql::Result<Option<ConferencePayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let planned = async { usecases::plan(env, actor, &input.read()?).await };
        ConferencePayload::of(planned.await)
    }

    /// Changes what was planned of a conference that was not opened.
    async fn change_conference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: ChangeConferenceInput,
    ) -> async_graphql::Result<Option<ConferencePayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::Conference.parse(&input.id)?, Seen::from(input.version));
        let changed = async { usecases::change(env, actor, id, &seen, &input.read()?).await };
        ConferencePayload::of(changed.await)
    }

    /// Opens a conference, from its day on. Who belongs to the cluster, or sits in the council, on that day is on its roll, absent until the
    /// roll is called.
    async fn open_conference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which conference.")] input: ConferenceStepInput,
    ) -> async_graphql::Result<Option<ConferencePayload>> {
        let (id, seen) = (Kind::Conference.parse(&input.id)?, Seen::from(input.version));
        ConferencePayload::of(usecases::open(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Calls the roll of a conference that is open: says of some members whether they are there. Members that are not named stay as they were.
    /// Not while a ballot is open, whose roll was taken from this one.
    async fn call_roll(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is there.")] input: CallRollInput,
    ) -> async_graphql::Result<Option<ConferencePayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::Conference.parse(&input.id)?, Seen::from(input.version));
        let called = async { usecases::call_roll(env, actor, id, &seen, &input.read()?).await };
        ConferencePayload::of(called.await)
    }

    /// Writes the minutes of a conference that is open, in the place of what was written before.
    async fn write_conference_minutes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The minutes.")] input: WriteConferenceMinutesInput,
    ) -> async_graphql::Result<Option<ConferencePayload>> {
        let (id, seen) = (Kind::Conference.parse(&input.id)?, Seen::from(input.version));
        ConferencePayload::of(usecases::write_minutes(env(ctx)?, actor(ctx)?, id, &seen, &input.text).await)
    }

    /// Closes a conference whose minutes are written (`MINUTES_MISSING`) and whose ballots are all confirmed or void (`BALLOTS_UNFINISHED`).
    /// From then on it never changes.
    async fn close_conference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which conference.")] input: ConferenceStepInput,
    ) -> async_graphql::Result<Option<ConferencePayload>> {
        let (id, seen) = (Kind::Conference.parse(&input.id)?, Seen::from(input.version));
        ConferencePayload::of(usecases::close(env(ctx)?, actor(ctx)?, id, &seen).await)
    }
}

/// One conference for `node`.
pub async fn conference(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Conference> {
    let row = loaded(graphql::loaders(ctx)?.load_one(ConferenceId(id)).await)?;
    Ok(row.map(Conference).ok_or(Error::NotFound)?)
}
