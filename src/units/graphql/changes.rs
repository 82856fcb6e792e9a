//! Writes of units and provinces in the schema.

use async_graphql::{Context, MaybeUndefined, Object};

use super::inputs::{
    AddUnitAliasInput, AddUnitCodeInput, CreateProvinceInput, CreateUnitInput, EndUnitInput, MoveUnitInput,
    RecordUnitStatisticsInput, RenameUnitInput, UpdateUnitInput,
};
use super::{ProvincePayload, UnitPayload};
use crate::graphql::{actor, env, read_id};
use crate::ids::Kind;
use crate::units::usecases;

/// Writes of units and provinces.
#[derive(Default)]
pub struct UnitMutation;

#[Object]
impl UnitMutation {
    /// Founds a unit below another.
    async fn create_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] input: CreateUnitInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let new = usecases::NewUnit {
            kind: input.kind,
            name: input.name,
            parent: read_id(Kind::Unit, input.parent_id.as_ref())?,
            sector: input.sector,
            province: read_id(Kind::Province, input.province_id.as_ref())?,
            founded_on: input.founded_on,
            decision: input.decision,
        };
        UnitPayload::of(usecases::create(env(ctx)?, actor(ctx)?, new, input.idempotency_key.as_deref()).await)
    }

    /// Gives a unit another official name from a day on; the old one stays for the days before.
    async fn rename_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name.")] input: RenameUnitInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let unit = Kind::Unit.parse(&input.id)?;
        UnitPayload::of(usecases::rename(env(ctx)?, actor(ctx)?, unit, input.version, &input.name, input.from).await)
    }

    /// Adds another name by which people know the unit, so that search finds it.
    async fn add_unit_alias(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name.")] input: AddUnitAliasInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let unit = Kind::Unit.parse(&input.id)?;
        UnitPayload::of(usecases::add_alias(env(ctx)?, actor(ctx)?, unit, input.version, &input.alias).await)
    }

    /// Puts a unit, with what stands below it, below another from a day on; the days before stay as they were.
    async fn move_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place.")] input: MoveUnitInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let (unit, parent) = (Kind::Unit.parse(&input.id)?, Kind::Unit.parse(&input.parent_id)?);
        let decision = input.decision.as_deref();
        UnitPayload::of(
            usecases::move_to(
                env(ctx)?,
                actor(ctx)?,
                unit,
                input.version,
                parent,
                input.from,
                decision,
            )
            .await,
        )
    }

    /// Ends a unit on a day. Nothing is deleted.
    async fn end_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndUnitInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let unit = Kind::Unit.parse(&input.id)?;
        UnitPayload::of(usecases::end(env(ctx)?, actor(ctx)?, unit, input.version, input.on, &input.reason).await)
    }

    /// Changes what is said of a unit besides its name and place.
    async fn update_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateUnitInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let unit = Kind::Unit.parse(&input.id)?;
        let province = match input.province_id {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(id) => Some(Some(Kind::Province.parse(&id)?)),
        };
        let change = usecases::UnitChange {
            sector: input.sector.as_opt_ref().map(Option::<&_>::copied),
            province,
            founded_on: input.founded_on.as_opt_ref().map(Option::<&_>::copied),
        };
        UnitPayload::of(usecases::change(env(ctx)?, actor(ctx)?, unit, input.version, change).await)
    }

    /// Gives a unit a code of somebody else's scheme. A code names one unit at a time.
    async fn add_unit_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: AddUnitCodeInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let unit = Kind::Unit.parse(&input.id)?;
        UnitPayload::of(
            usecases::add_code(env(ctx)?, actor(ctx)?, unit, input.version, &input.scheme, &input.value).await,
        )
    }

    /// Records head counts of a unit on a day, or corrects those of that day. The same counts sent again change nothing, so this
    /// can be repeated after a lost answer; other counts for a day that has some need their `version`, else `STALE_VERSION`.
    async fn record_unit_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The counts.")] input: RecordUnitStatisticsInput,
    ) -> async_graphql::Result<Option<UnitPayload>> {
        let unit = Kind::Unit.parse(&input.id)?;
        let count = usecases::HeadCount {
            as_of: input.as_of,
            workers: input.workers,
            members: input.members,
            women_members: input.women_members,
            source: input.source,
        };
        UnitPayload::of(usecases::record_statistics(env(ctx)?, actor(ctx)?, unit, input.version, count).await)
    }

    /// Adds a province to the common list.
    async fn create_province(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The province.")] input: CreateProvinceInput,
    ) -> async_graphql::Result<Option<ProvincePayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        ProvincePayload::of(usecases::create_province(env, actor, &input.code, &input.name, input.valid_from).await)
    }
}
