//! Units and provinces as the schema shows them.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveDate;
use thidua_entity::enums::{NameUse, Sector, UnitKind};
use thidua_entity::{province, unit, unit_code, unit_name, unit_parent, unit_statistics};

use super::events::{EventsOf, UnitEvent};
use super::loaders::{CodesOf, NameOf, NamesOf, ParentsOf, ProvinceId, StatisticsOf, UnitId};
use super::place;
use crate::clusters::graphql::{self as clusters, Cluster};
use crate::graphql::{ViewerCan, env, id, loaded, loaders};
use crate::ids::Kind;
use crate::policy::{Action, Place};
use crate::units::store;

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
