//! Councils in the schema: arguments turned into reads and use-cases, and the loaders of their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Object};
use thidua_entity::{council, council_member};
use uuid::Uuid;

use super::{store, usecases};
use crate::db::PageArgs;
use crate::error::{Error, Result};
use crate::graphql::{self, Rows, actor, env, loaded, loaders, wants_count};
use crate::ids::Kind;
use crate::policy::Place;
use crate::years::store::View;

mod inputs;
mod types;

use inputs::{AddCouncilMemberInput, CouncilWhere, CreateCouncilInput, EndCouncilInput, EndCouncilMemberInput};
pub use types::{Council, CouncilConnection, CouncilMember, CouncilPayload};

/// Reads of councils.
#[derive(Default)]
pub struct CouncilQuery;

#[Object]
impl CouncilQuery {
    /// The councils that the caller sees, as they were set up: those of its units, and those in which it sits.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn councils(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which councils.")] r#where: Option<CouncilWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<CouncilConnection>> {
        let env = env(ctx)?;
        let view = View::of(actor(ctx)?, env.today());
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(CouncilConnection::of(page)))
    }
}

/// Writes of councils.
#[derive(Default)]
pub struct CouncilMutation;

#[Object]
impl CouncilMutation {
    /// Sets up a council of a unit.
    async fn create_council(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The council.")] mut input: CreateCouncilInput,
    ) -> async_graphql::Result<Option<CouncilPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let key = input.idempotency_key.take();
        CouncilPayload::of(usecases::create(env, actor, input.read()?, key.as_deref()).await)
    }

    /// Ends a council on a day, and with it the time of its members. Nothing is deleted.
    async fn end_council(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndCouncilInput,
    ) -> async_graphql::Result<Option<CouncilPayload>> {
        let (env, actor, council) = (env(ctx)?, actor(ctx)?, Kind::Council.parse(&input.id)?);
        CouncilPayload::of(usecases::end(env, actor, council, input.version, input.on).await)
    }

    /// Takes somebody into a council from a day on. There is one chair at a time, and an account is one member at a time.
    async fn add_council_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member.")] input: AddCouncilMemberInput,
    ) -> async_graphql::Result<Option<CouncilPayload>> {
        let (env, actor, council) = (env(ctx)?, actor(ctx)?, Kind::Council.parse(&input.council_id)?);
        let version = input.version;
        CouncilPayload::of(usecases::add_member(env, actor, council, version, &input.read()).await)
    }

    /// Lets a member of a council go on a day.
    async fn end_council_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndCouncilMemberInput,
    ) -> async_graphql::Result<Option<CouncilPayload>> {
        let (env, actor, member) = (env(ctx)?, actor(ctx)?, Kind::CouncilMember.parse(&input.id)?);
        CouncilPayload::of(usecases::end_member(env, actor, member, input.version, input.on).await)
    }
}

/// One council for `node`.
pub async fn council(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Council> {
    let row = loaded(loaders(ctx)?.load_one(CouncilId(id)).await)?;
    Ok(row.map(Council).ok_or(Error::NotFound)?)
}

/// A council that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CouncilId(pub Uuid);

impl Loader<CouncilId> for Rows {
    type Value = council::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CouncilId]) -> Result<HashMap<CouncilId, council::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let view = View {
            reach: self.reach.clone(),
            today: self.env.today(),
        };
        let rows = store::find_many(&self.env.db, &view, &ids).await?;
        Ok(rows.into_iter().map(|row| (CouncilId(row.id), row)).collect())
    }
}

/// The place of a council for the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CouncilPlace(pub Uuid);

impl Loader<CouncilPlace> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CouncilPlace]) -> Result<HashMap<CouncilPlace, Place>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let councils = store::plain(&self.env.db, &ids).await?;
        let places = store::places(&self.env.db, &councils, self.env.today()).await?;
        Ok(places
            .into_iter()
            .map(|(id, place)| (CouncilPlace(id), place))
            .collect())
    }
}

graphql::parts_loader!(
    MembersOf,
    council_member::Model,
    store::members,
    council_id,
    "Who sits in a council, of all times, by seat."
);
graphql::row_loader!(
    CouncilMemberId,
    council_member::Model,
    store::plain_members,
    "A member of a council, on a roll that is seen."
);
