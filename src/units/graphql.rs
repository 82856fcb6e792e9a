//! Units in the schema: types, fields, and arguments turned into use-cases.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use thidua_entity::enums::{NameUse, Sector, UnitKind};
use thidua_entity::{province, unit, unit_code, unit_name, unit_parent, unit_statistics};
use uuid::Uuid;

use super::{store, usecases};
use crate::clusters::graphql::{self as clusters, Cluster};
use crate::db::PageArgs;
use crate::error::{Error, Result};
use crate::graphql::{
    self, Direction, Rows, ViewerCan, actor, connection, env, id, loaded, loaders, payload, reach, read_id, wants_count,
};
use crate::ids::Kind;
use crate::policy::{Action, Place};

mod events;

use events::EventsOf;
pub use events::{UnitEvent, UnitEventMutation};

/// A province or centrally run city: an administrative area, not a union organisation.
#[derive(Clone)]
pub struct Province(pub province::Model);

impl From<province::Model> for Province {
    fn from(row: province::Model) -> Self {
        Self(row)
    }
}

/// A province or centrally run city: an administrative area, not a union organisation.
#[Object]
impl Province {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Province, self.0.id)
    }
    /// Short code, `KH` for Khánh Hòa.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Name as written.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// First day; null when it was always there for our purposes.
    async fn valid_from(&self) -> Option<NaiveDate> {
        self.0.valid_from
    }
    /// First day on which it no longer exists; null while it does.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.0.valid_to
    }
}

/// A union organisation of any kind, from section to confederation.
#[derive(Clone)]
pub struct Unit(pub unit::Model);

impl From<unit::Model> for Unit {
    fn from(row: unit::Model) -> Self {
        Self(row)
    }
}

/// A union organisation of any kind, from section to confederation.
#[Object]
impl Unit {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Unit, self.0.id)
    }
    /// What kind of organisation it is.
    async fn kind(&self) -> UnitKind {
        self.0.kind
    }
    /// Sector of the employer; null when unknown or not applicable.
    async fn sector(&self) -> Option<Sector> {
        self.0.sector
    }
    /// Official name: the one in use, or the one of a day. Before the first known name, that one.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day whose name is wanted; the name in use when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<String> {
        let Some(day) = as_of else {
            return Ok(self.0.name.clone());
        };
        let names = loaded(loaders(ctx)?.load_one(NamesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(store::name_on(&names, day).unwrap_or(&self.0.name).to_owned())
    }
    /// Every name it has or had, the newest first, other names in use included.
    async fn names(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UnitName>> {
        let names = loaded(loaders(ctx)?.load_one(NamesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(names.iter().cloned().map(UnitName::from).collect())
    }
    /// Codes that others gave it.
    async fn codes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UnitCode>> {
        let codes = loaded(loaders(ctx)?.load_one(CodesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(codes.iter().cloned().map(UnitCode::from).collect())
    }
    /// Province; null when unknown.
    async fn province(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Province>> {
        let Some(province) = self.0.province_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(ProvinceId(province)).await)?.map(Province))
    }
    /// The unit directly above on a day; null at the top, and when it is beyond what the caller sees.
    async fn parent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Option<Unit>> {
        let Some(link) = self.link_on(ctx, as_of).await? else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(UnitId(link.parent_id)).await)?.map(Unit))
    }
    /// Name in use of the unit directly above on a day; known also where the unit itself is beyond the caller's reach.
    async fn parent_name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Option<String>> {
        let Some(link) = self.link_on(ctx, as_of).await? else {
            return Ok(None);
        };
        loaded(loaders(ctx)?.load_one(NameOf(link.parent_id)).await)
    }
    /// The clusters and blocs of which it is itself a member on a day, as far as the caller sees them.
    #[graphql(complexity = "CLUSTERS_CHARGED * child_complexity + 1")]
    async fn clusters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Vec<Cluster>> {
        let day = as_of.unwrap_or(env(ctx)?.today());
        clusters::clusters_of(ctx, self.0.id, day).await
    }
    /// Day of founding; null when unknown.
    async fn founded_on(&self) -> Option<NaiveDate> {
        self.0.founded_on
    }
    /// First day on which it no longer exists; null while it lives. Its history stays.
    async fn ended_on(&self) -> Option<NaiveDate> {
        self.0.ended_on
    }
    /// Why it ended, with the decision, as written.
    async fn end_reason(&self) -> Option<&str> {
        self.0.end_reason.as_deref()
    }
    /// Head counts, the newest first; at most the last 20.
    async fn statistics(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UnitStatistics>> {
        let counts = loaded(loaders(ctx)?.load_one(StatisticsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(counts
            .iter()
            .take(STATISTICS_SHOWN)
            .cloned()
            .map(UnitStatistics::from)
            .collect())
    }
    /// What was recorded of it that bears on whether it is rated, the oldest first; at most 50. Of a unit without any, `foundedOn` counts.
    #[graphql(complexity = "EVENTS_CHARGED * child_complexity + 1")]
    async fn events(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UnitEvent>> {
        let events = loaded(loaders(ctx)?.load_one(EventsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(events.iter().cloned().map(UnitEvent).collect())
    }
    /// Counts changes; give it back as `version` when you change the unit.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it and in its name now (set periods, forms and clusters, record awards, begin reports, read
    /// summaries, grant roles in it) and, for what is refused, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = place(ctx, self.0.id).await?;
        let mut can = ViewerCan::at(ctx, &place, UNIT_ACTIONS)?;
        // Whoever manages a cluster of which it is a member does not thereby set up clusters in its name.
        let alone = Place {
            clusters: Vec::new(),
            ..place
        };
        can.extend(ViewerCan::at(ctx, &alone, &[Action::ClusterManage])?);
        Ok(can)
    }
}

/// What is done with a unit or in its name, and what is read of those below it. Steps with a report are told by the report.
const UNIT_ACTIONS: &[Action] = &[
    Action::AccountManage,
    Action::UnitManage,
    Action::UnitStatisticsRecord,
    Action::PeriodManage,
    Action::FormManage,
    Action::ReportWrite,
    Action::SummaryRead,
    Action::SummaryReadUnapproved,
    Action::SummaryReadDrafts,
    Action::AwardRecord,
];

/// Head counts shown of a unit.
const STATISTICS_SHOWN: usize = 20;
/// For how many events of a unit a query is charged.
const EVENTS_CHARGED: usize = 3;
/// For how many clusters of a unit a query is charged: one of emulation per organiser and a few areas of management.
const CLUSTERS_CHARGED: usize = 3;

impl Unit {
    async fn link_on(
        &self,
        ctx: &Context<'_>,
        as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Option<unit_parent::Model>> {
        let day = as_of.unwrap_or(env(ctx)?.today());
        let links = loaded(loaders(ctx)?.load_one(ParentsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(links
            .iter()
            .find(|link| link.valid_from <= day && link.valid_to.is_none_or(|to| to > day))
            .cloned())
    }
}

/// A name of a unit and the days on which it was used.
#[derive(Clone, SimpleObject)]
pub struct UnitName {
    /// The name as written.
    name: String,
    /// Official name, or another in use.
    name_use: NameUse,
    /// First day; null when unknown.
    valid_from: Option<NaiveDate>,
    /// First day on which it is no longer used; null while it is.
    valid_to: Option<NaiveDate>,
}

impl From<unit_name::Model> for UnitName {
    fn from(row: unit_name::Model) -> Self {
        Self {
            name: row.name,
            name_use: row.name_use,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

/// A code that somebody else gave to a unit.
#[derive(Clone, SimpleObject)]
pub struct UnitCode {
    /// Who gave it: `QD20_2020`, `VGCL`, `TAX`, or a local scheme.
    scheme: String,
    /// The code as given.
    value: String,
}

impl From<unit_code::Model> for UnitCode {
    fn from(row: unit_code::Model) -> Self {
        Self {
            scheme: row.scheme,
            value: row.value,
        }
    }
}

/// Head counts of a unit on one day. Missing is not zero.
#[derive(Clone, SimpleObject)]
pub struct UnitStatistics {
    /// The day of the count.
    as_of: NaiveDate,
    /// Workers, public employees and labourers.
    workers: Option<i64>,
    /// Union members.
    members: Option<i64>,
    /// Women among the members.
    women_members: Option<i64>,
    /// Where the count comes from.
    source: Option<String>,
    /// Counts changes; give it back as `version` when you correct the count.
    version: i32,
}

impl From<unit_statistics::Model> for UnitStatistics {
    fn from(row: unit_statistics::Model) -> Self {
        Self {
            as_of: row.as_of,
            workers: row.workers,
            members: row.members,
            women_members: row.women_members,
            source: row.source,
            version: row.version,
        }
    }
}

connection!(UnitConnection, UnitEdge, Unit, "units");
connection!(ProvinceConnection, ProvinceEdge, Province, "provinces");
payload!(UnitPayload, unit: Unit, "a unit");
payload!(ProvincePayload, province: Province, "a province");

/// Which units a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct UnitWhere {
    /// Part of a name, without regard to case, accents, blanks and apostrophes: `ia hdrai` finds `IaH’Drai`.
    search: Option<String>,
    /// Only these kinds.
    kinds: Option<Vec<UnitKind>>,
    /// Only these sectors.
    sectors: Option<Vec<Sector>>,
    /// Only units of this province.
    province_id: Option<ID>,
    /// Only units directly below this one.
    parent_id: Option<ID>,
    /// Only this unit and what is below it at any depth.
    under_id: Option<ID>,
    /// Only members of this cluster; of a bloc, also the members of its clusters.
    cluster_id: Option<ID>,
    /// Only the unit with this code.
    code: Option<UnitCodeInput>,
    /// Also units that have ended, or were not yet founded, on the day.
    #[graphql(default = false)]
    include_ended: bool,
}

/// A code of somebody else's scheme.
#[derive(InputObject)]
pub struct UnitCodeInput {
    /// Who gave it.
    scheme: String,
    /// The code as given.
    value: String,
}

impl UnitWhere {
    fn read(self, as_of: Option<NaiveDate>) -> Result<store::UnitFilter> {
        Ok(store::UnitFilter {
            search: self.search,
            kinds: self.kinds,
            sectors: self.sectors,
            province: read_id(Kind::Province, self.province_id.as_ref())?,
            parent: read_id(Kind::Unit, self.parent_id.as_ref())?,
            under: read_id(Kind::Unit, self.under_id.as_ref())?,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            code: self.code.map(|code| (code.scheme, code.value)),
            include_ended: self.include_ended,
            as_of,
        })
    }
}

/// How a list of units is sorted.
#[derive(InputObject)]
pub struct UnitOrder {
    /// What it is sorted by.
    field: UnitOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: Direction,
}

/// What a list of units can be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum UnitOrderField {
    /// By name, in the order of the Vietnamese alphabet.
    Name,
    /// By the time at which they were entered.
    Created,
}

impl UnitOrder {
    /// Sort and direction as the store takes them; by name when nothing is said.
    fn read(order: Option<Self>) -> (store::UnitSort, Order) {
        match order {
            None => (store::UnitSort::Name, Order::Asc),
            Some(Self {
                field: UnitOrderField::Name,
                direction,
            }) => (store::UnitSort::Name, direction.into()),
            Some(Self {
                field: UnitOrderField::Created,
                direction,
            }) => (store::UnitSort::Created, direction.into()),
        }
    }
}

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

/// A unit to be founded.
#[derive(InputObject)]
pub struct CreateUnitInput {
    /// What kind of organisation.
    kind: UnitKind,
    /// Official name.
    name: String,
    /// The unit directly above. Only who administers everything may leave it out.
    parent_id: Option<ID>,
    /// Sector of the employer.
    sector: Option<Sector>,
    /// Province; that of the unit above when left out.
    province_id: Option<ID>,
    /// Day of founding; leave it out when unknown.
    founded_on: Option<NaiveDate>,
    /// The decision, as written.
    decision: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, the unit founded first is the answer.
    idempotency_key: Option<String>,
}

/// Another official name of a unit.
#[derive(InputObject)]
pub struct RenameUnitInput {
    /// The unit.
    id: ID,
    /// The version you saw.
    version: i32,
    /// The new name.
    name: String,
    /// First day of the new name.
    from: NaiveDate,
}

/// Another name in use of a unit.
#[derive(InputObject)]
pub struct AddUnitAliasInput {
    /// The unit.
    id: ID,
    /// The version you saw.
    version: i32,
    /// The other name: an abbreviation, a spelling, a nickname.
    alias: String,
}

/// Another place of a unit in the tree.
#[derive(InputObject)]
pub struct MoveUnitInput {
    /// The unit.
    id: ID,
    /// The version you saw.
    version: i32,
    /// The unit that will stand directly above.
    parent_id: ID,
    /// First day of the new place.
    from: NaiveDate,
    /// The decision, as written.
    decision: Option<String>,
}

/// The end of a unit.
#[derive(InputObject)]
pub struct EndUnitInput {
    /// The unit.
    id: ID,
    /// The version you saw.
    version: i32,
    /// First day on which it no longer exists.
    on: NaiveDate,
    /// Why, with the decision, as written.
    reason: String,
}

/// What is said of a unit. A field that is left out stays as it is; null says that it is unknown.
#[derive(InputObject)]
pub struct UpdateUnitInput {
    /// The unit.
    id: ID,
    /// The version you saw.
    version: i32,
    /// Sector of the employer.
    sector: MaybeUndefined<Sector>,
    /// Province.
    province_id: MaybeUndefined<ID>,
    /// Day of founding.
    founded_on: MaybeUndefined<NaiveDate>,
}

/// A code of a unit.
#[derive(InputObject)]
pub struct AddUnitCodeInput {
    /// The unit.
    id: ID,
    /// The version you saw.
    version: i32,
    /// Who gave it: `QD20_2020`, `VGCL`, `TAX`, or a local scheme.
    scheme: String,
    /// The code as given; at most 35 characters.
    value: String,
}

/// Head counts of a unit on one day. There is one count of a day: sent again with the same content it changes nothing; with
/// other content it corrects the one that is there, and then names the version of that one.
#[derive(InputObject)]
pub struct RecordUnitStatisticsInput {
    /// The unit.
    id: ID,
    /// The day of the count.
    as_of: NaiveDate,
    /// To correct the count of that day: its version that you saw. Leave it out for the first count of a day.
    version: Option<i32>,
    /// Workers, public employees and labourers.
    workers: Option<i64>,
    /// Union members; not more than the workers.
    members: Option<i64>,
    /// Women among the members; not more than the members.
    women_members: Option<i64>,
    /// Where the count comes from.
    source: Option<String>,
}

/// A province to be added.
#[derive(InputObject)]
pub struct CreateProvinceInput {
    /// Short code, unique.
    code: String,
    /// Name.
    name: String,
    /// First day; leave it out when it was always there.
    valid_from: Option<NaiveDate>,
}

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

/// A unit that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnitId(pub Uuid);

impl Loader<UnitId> for Rows {
    type Value = unit::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[UnitId]) -> Result<HashMap<UnitId, unit::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let units = store::find_many(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(units.into_iter().map(|unit| (UnitId(unit.id), unit)).collect())
    }
}

/// The name in use of a unit, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameOf(pub Uuid);

impl Loader<NameOf> for Rows {
    type Value = String;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[NameOf]) -> Result<HashMap<NameOf, String>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let names = store::plain_names(&self.env.db, &ids, self.env.today()).await?;
        Ok(names.into_iter().map(|(id, name)| (NameOf(id), name)).collect())
    }
}

/// The place of a unit for the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlaceOf(pub Uuid);

impl Loader<PlaceOf> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PlaceOf]) -> Result<HashMap<PlaceOf, Place>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let today = self.env.today();
        let units = store::find_many(&self.env.db, &self.reach.by_place(), &ids, today).await?;
        let places = store::places(&self.env.db, &units, today).await?;
        Ok(places.into_iter().map(|(id, place)| (PlaceOf(id), place)).collect())
    }
}

graphql::row_loader!(ProvinceId, province::Model, store::provinces, "A province.");
graphql::parts_loader!(
    NamesOf,
    unit_name::Model,
    store::names,
    unit_id,
    "Names of a unit, the newest first."
);
graphql::parts_loader!(CodesOf, unit_code::Model, store::codes, unit_id, "Codes of a unit.");
graphql::parts_loader!(
    ParentsOf,
    unit_parent::Model,
    store::parents,
    unit_id,
    "Links of a unit to its parents."
);
graphql::parts_loader!(
    StatisticsOf,
    unit_statistics::Model,
    store::statistics,
    unit_id,
    "Head counts of a unit, the newest first."
);
