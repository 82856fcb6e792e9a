//! Periods, indicators and forms as the schema shows them. Versions of forms have a file of their own.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveDate;
use thidua_entity::enums::{Aggregation, Dimension, FormState, HeadCount, NumberForm, PeriodKind};
use thidua_entity::{indicator, indicator_choice, period, report_form};
use uuid::Uuid;

use super::{ChoicesOf, IndicatorId, ReportFormVersion, VersionsOf};
use crate::forms::content;
use crate::graphql::{connection, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;
use crate::units::graphql::{Unit, UnitId};

/// A dated span for which reports are given.
#[derive(Clone)]
pub struct Period(pub period::Model);

impl From<period::Model> for Period {
    fn from(row: period::Model) -> Self {
        Self(row)
    }
}

/// A dated span for which reports are given: a year, school year, half, quarter, month or any other.
#[Object]
impl Period {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Period, self.0.id)
    }
    /// Short code, unique for the unit that set it: `2020`, `2023-Q1`.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Name as written.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// What kind of span.
    async fn kind(&self) -> PeriodKind {
        self.0.kind
    }
    /// First day.
    async fn starts_on(&self) -> NaiveDate {
        self.0.starts_on
    }
    /// Last day, included.
    async fn ends_on(&self) -> NaiveDate {
        self.0.ends_on
    }
    /// Last day on which a report is in time, in Asia/Ho_Chi_Minh; may lie before the end, figures are then estimates.
    async fn due_on(&self) -> Option<NaiveDate> {
        self.0.due_on
    }
    /// The unit that set it; null when it is beyond what the caller sees.
    async fn owner(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.owner_id)).await)?.map(Unit))
    }
    /// Counts changes; give it back as `version` when you change the period.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// One figure that is reported.
#[derive(Clone)]
pub struct Indicator(pub indicator::Model);

impl From<indicator::Model> for Indicator {
    fn from(row: indicator::Model) -> Self {
        Self(row)
    }
}

/// One figure that is reported: its code, unit of measure and how it adds up.
#[Object]
impl Indicator {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Indicator, self.0.id)
    }
    /// Stable code, `members_total`.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Vietnamese name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Unit of measure: `người`, `đồng`, `lượt`, `%`.
    async fn unit_of_measure(&self) -> &str {
        &self.0.unit_of_measure
    }
    /// What its text may look like.
    async fn number_form(&self) -> NumberForm {
        self.0.number_form
    }
    /// Stock, flow, rate, or not added up.
    async fn aggregation(&self) -> Aggregation {
        self.0.aggregation
    }
    /// For a rate: the indicator above the line.
    async fn numerator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        maybe_indicator(ctx, self.0.numerator_id).await
    }
    /// For a rate: the indicator below the line.
    async fn denominator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        maybe_indicator(ctx, self.0.denominator_id).await
    }
    /// The least that a figure may be; null when there is no bound. A form may ask for more.
    async fn lowest(&self) -> Option<Decimal> {
        self.0.lowest.map(Decimal)
    }
    /// The most that a figure may be; null when there is no bound. A form may allow less.
    async fn highest(&self) -> Option<Decimal> {
        self.0.highest.map(Decimal)
    }
    /// Which head count of a unit it is; null for anything else.
    async fn head_count(&self) -> Option<HeadCount> {
        self.0.head_count
    }
    /// By which dimensions a form may ask for it too.
    async fn dimensions(&self) -> Vec<Dimension> {
        content::dimensions(self.0.by_women, self.0.by_sector)
    }
    /// For `CHOICE`: what can be chosen, in order; at most 50. Empty for any other indicator.
    #[graphql(complexity = "5 * child_complexity")]
    async fn choices(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<IndicatorChoice>> {
        if self.0.number_form != NumberForm::Choice {
            return Ok(Vec::new());
        }
        let choices = loaded(loaders(ctx)?.load_one(ChoicesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(choices.iter().map(IndicatorChoice::from).collect())
    }
    /// What is counted, and what is not.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }
}

/// An indicator that another names, if it does.
pub async fn maybe_indicator(ctx: &Context<'_>, id: Option<Uuid>) -> async_graphql::Result<Option<Indicator>> {
    let Some(id) = id else { return Ok(None) };
    Ok(loaded(loaders(ctx)?.load_one(IndicatorId(id)).await)?.map(Indicator))
}

/// A choice that an indicator offers.
#[derive(Clone, SimpleObject)]
pub struct IndicatorChoice {
    /// Stable code.
    pub code: String,
    /// Vietnamese name.
    pub label: String,
}

impl From<&indicator_choice::Model> for IndicatorChoice {
    fn from(row: &indicator_choice::Model) -> Self {
        Self {
            code: row.code.clone(),
            label: row.label.clone(),
        }
    }
}

/// A form of report under one code.
#[derive(Clone)]
pub struct ReportForm(pub report_form::Model);

impl From<report_form::Model> for ReportForm {
    fn from(row: report_form::Model) -> Self {
        Self(row)
    }
}

/// A form of report under one code; its content is in its versions.
#[Object]
impl ReportForm {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::ReportForm, self.0.id)
    }
    /// Short code, unique for the unit that issues it.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Name as written.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Kind of period for which it is filled in.
    async fn periodicity(&self) -> PeriodKind {
        self.0.periodicity
    }
    /// The unit that issues it; null when it is beyond what the caller sees.
    async fn owner(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.owner_id)).await)?.map(Unit))
    }
    /// Its versions, the newest first.
    async fn versions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportFormVersion>> {
        let versions = loaded(loaders(ctx)?.load_one(VersionsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(versions.iter().cloned().map(ReportFormVersion).collect())
    }
    /// The version on which reports are begun now; null when none is published.
    async fn published(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportFormVersion>> {
        let versions = loaded(loaders(ctx)?.load_one(VersionsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(versions
            .iter()
            .find(|one| one.state == FormState::Published)
            .cloned()
            .map(ReportFormVersion))
    }
}

connection!(PeriodConnection, PeriodEdge, Period, "periods");
connection!(IndicatorConnection, IndicatorEdge, Indicator, "indicators");
connection!(ReportFormConnection, ReportFormEdge, ReportForm, "report forms");
payload!(PeriodPayload, period: Period, "a period");
payload!(IndicatorPayload, indicator: Indicator, "an indicator");
payload!(ReportFormPayload, form: ReportForm, "a report form");
