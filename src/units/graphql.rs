//! Units in the schema: reads, and how a unit is found. Types, inputs, writes and loaders are in files of their own.

use async_graphql::{Context, Object};
use chrono::NaiveDate;
use uuid::Uuid;

use super::store;
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, actor, connection, env, loaded, loaders, payload, reach, wants_count};
use crate::policy::Place;

mod changes;
mod events;
mod inputs;
mod loaders;
mod types;

pub use changes::UnitMutation;
pub use events::{UnitEvent, UnitEventMutation};
use inputs::{UnitOrder, UnitWhere};
pub use loaders::{NameOf, NamesOf, PlaceOf, ProvinceId, UnitId};
pub use types::{Province, Unit};

/// Reads of units and provinces.
#[derive(Default)]
pub struct UnitQuery;

#[Object]
impl UnitQuery {
    /// The units that the caller sees, by name unless another order is asked for.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which units.")] r#where: Option<UnitWhere>,
        #[graphql(desc = "In what order.")] order_by: Option<UnitOrder>,
        #[graphql(desc = "The day that counts for life, parents and membership; today when left out.")] as_of: Option<
            NaiveDate,
        >,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<UnitConnection>> {
        let env = env(ctx)?;
        let filter = r#where.unwrap_or_default().read(as_of)?;
        let order = UnitOrder::read(order_by);
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(
            &env.db,
            &reach(ctx)?,
            env.today(),
            &filter,
            order,
            &args,
            wants_count(ctx),
        )
        .await?;
        Ok(Some(UnitConnection::of(page)))
    }

    /// The provinces, by name. Everybody who signs in sees them.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn provinces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ProvinceConnection>> {
        actor(ctx)?;
        let args = PageArgs::new(first, after, last, before);
        Ok(Some(ProvinceConnection::of(
            store::list_provinces(&env(ctx)?.db, &args, wants_count(ctx)).await?,
        )))
    }
}

/// One unit for `node`.
pub async fn unit(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Unit> {
    let unit = loaded(loaders(ctx)?.load_one(UnitId(id)).await)?;
    Ok(unit.map(Unit).ok_or(Error::NotFound)?)
}

/// One province for `node`.
pub async fn province(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Province> {
    Ok(Province(
        loaded(loaders(ctx)?.load_one(ProvinceId(id)).await)?.ok_or(Error::NotFound)?,
    ))
}

/// The place of a unit for the policy, loaded together with those of its neighbours.
pub async fn place(ctx: &Context<'_>, unit: Uuid) -> async_graphql::Result<Place> {
    Ok(loaded(loaders(ctx)?.load_one(PlaceOf(unit)).await)?.unwrap_or_default())
}

connection!(UnitConnection, UnitEdge, Unit, "units");
connection!(ProvinceConnection, ProvinceEdge, Province, "provinces");
payload!(UnitPayload, unit: Unit, "a unit");
payload!(ProvincePayload, province: Province, "a province");
