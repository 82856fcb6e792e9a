//! Periods, indicators and forms in the schema.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{Aggregation, FormState, NumberForm, PeriodKind, UnitKind};
use thidua_entity::{indicator, period, report_form, report_form_item, report_form_kind, report_form_version};
use uuid::Uuid;

use super::store::{self, View};
use super::usecases;
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, Direction, actor, connection, env, id, loaded, loaders, payload, reach, wants_count};
use crate::ids::Kind;
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
    /// Stock, flow or rate.
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
    /// What is counted, and what is not.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }
}

async fn maybe_indicator(ctx: &Context<'_>, id: Option<Uuid>) -> async_graphql::Result<Option<Indicator>> {
    let Some(id) = id else { return Ok(None) };
    Ok(loaded(loaders(ctx)?.load_one(IndicatorId(id)).await)?.map(Indicator))
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

/// One version of a form.
#[derive(Clone)]
pub struct ReportFormVersion(pub report_form_version::Model);

/// One version of a form: which indicators, who fills it in, by what authority.
#[Object]
impl ReportFormVersion {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::ReportFormVersion, self.0.id)
    }
    /// 1, 2, 3 …
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// Draft, published, retired.
    async fn state(&self) -> FormState {
        self.0.state
    }
    /// The text it rests on.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }
    /// When it was published.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }
    /// Kinds of unit that fill it in, all of one level.
    async fn unit_kinds(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UnitKind>> {
        let kinds = loaded(loaders(ctx)?.load_one(KindsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(kinds.iter().map(|row| row.unit_kind).collect())
    }
    /// Its indicators, in order; at most 200.
    #[graphql(complexity = "40 * child_complexity")]
    async fn items(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportFormItem>> {
        let items = loaded(loaders(ctx)?.load_one(ItemsOf(self.0.id)).await)?.unwrap_or_default();
        let indicators = loaded(
            loaders(ctx)?
                .load_many(items.iter().map(|item| IndicatorId(item.indicator_id)))
                .await,
        )?;
        let shown = items.iter().filter_map(|item| {
            let indicator = Indicator(indicators.get(&IndicatorId(item.indicator_id))?.clone());
            Some(ReportFormItem {
                position: item.position,
                required: item.required,
                indicator,
            })
        });
        Ok(shown.collect())
    }
    /// Counts changes; give it back as `version` when you publish or retire.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// An indicator on a form.
#[derive(Clone, SimpleObject)]
pub struct ReportFormItem {
    /// Order on the form, from 1.
    position: i32,
    /// Whether a report cannot be sent without it.
    required: bool,
    /// The indicator.
    indicator: Indicator,
}

connection!(PeriodConnection, PeriodEdge, Period, "periods");
connection!(IndicatorConnection, IndicatorEdge, Indicator, "indicators");
connection!(ReportFormConnection, ReportFormEdge, ReportForm, "report forms");
payload!(PeriodPayload, period: Period, "a period");
payload!(IndicatorPayload, indicator: Indicator, "an indicator");
payload!(ReportFormPayload, form: ReportForm, "a report form");

/// Which periods a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct PeriodWhere {
    /// Only these kinds.
    kinds: Option<Vec<PeriodKind>>,
    /// Only the period with this code.
    code: Option<String>,
    /// Only periods that contain this day.
    contains: Option<NaiveDate>,
}

/// Which forms a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct ReportFormWhere {
    /// Only the form with this code.
    code: Option<String>,
    /// Only forms that this kind of unit fills in now.
    filled_in_by: Option<UnitKind>,
}

/// Reads of periods, indicators and forms.
#[derive(Default)]
pub struct FormQuery;

#[Object]
impl FormQuery {
    /// The periods that the caller's units use, the latest first unless another order is asked for.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn periods(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which periods.")] r#where: Option<PeriodWhere>,
        #[graphql(desc = "By first day, in which direction; the latest first when left out.")] direction: Option<
            Direction,
        >,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<PeriodConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let r#where = r#where.unwrap_or_default();
        let filter = store::PeriodFilter {
            kinds: r#where.kinds,
            code: r#where.code,
            contains: r#where.contains,
        };
        let order = direction.unwrap_or(Direction::Desc).into();
        let args = PageArgs::new(first, after, last, before);
        let view = View {
            reach: &reach,
            today: env.today(),
        };
        Ok(Some(PeriodConnection::of(
            store::list_periods(&env.db, view, &filter, order, &args, wants_count(ctx)).await?,
        )))
    }

    /// The common catalogue of indicators, by code. Everybody who signs in sees it.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<IndicatorConnection>> {
        actor(ctx)?;
        let args = PageArgs::new(first, after, last, before);
        Ok(Some(IndicatorConnection::of(
            store::list_indicators(&env(ctx)?.db, &args, wants_count(ctx)).await?,
        )))
    }

    /// The report forms that the caller's units use, by code.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn report_forms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which forms.")] r#where: Option<ReportFormWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ReportFormConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let r#where = r#where.unwrap_or_default();
        let filter = store::FormFilter {
            code: r#where.code,
            filled_in_by: r#where.filled_in_by,
        };
        let args = PageArgs::new(first, after, last, before);
        let view = View {
            reach: &reach,
            today: env.today(),
        };
        Ok(Some(ReportFormConnection::of(
            store::list_forms(&env.db, view, &filter, &args, wants_count(ctx)).await?,
        )))
    }
}

/// A period to be set.
#[derive(InputObject)]
pub struct CreatePeriodInput {
    /// The unit that sets it, for the units below.
    owner_id: ID,
    /// Short code, unique for the owner.
    code: String,
    /// Name.
    name: String,
    /// What kind of span. Periods of one kind never overlap, but for `CUSTOM`.
    kind: PeriodKind,
    /// First day.
    starts_on: NaiveDate,
    /// Last day, included.
    ends_on: NaiveDate,
    /// Last day on which a report is in time; may lie before the end.
    due_on: Option<NaiveDate>,
}

/// Another due day of a period.
#[derive(InputObject)]
pub struct SetPeriodDueDayInput {
    /// The period.
    id: ID,
    /// The version you saw.
    version: i32,
    /// Last day on which a report is in time; null when there is none.
    due_on: Option<NaiveDate>,
}

/// An indicator to be added to the common catalogue.
#[derive(InputObject)]
pub struct CreateIndicatorInput {
    /// Stable code, unique.
    code: String,
    /// Vietnamese name.
    name: String,
    /// Unit of measure.
    unit_of_measure: String,
    /// What its text may look like.
    number_form: NumberForm,
    /// Stock, flow or rate.
    aggregation: Aggregation,
    /// For a rate: code of the indicator above the line.
    numerator_code: Option<String>,
    /// For a rate: code of the indicator below the line.
    denominator_code: Option<String>,
    /// What is counted, and what is not.
    description: Option<String>,
}

/// A form to be made.
#[derive(InputObject)]
pub struct CreateReportFormInput {
    /// The unit that issues it, for the units below.
    owner_id: ID,
    /// Short code, unique for the owner.
    code: String,
    /// Name.
    name: String,
    /// Kind of period for which it is filled in.
    periodicity: PeriodKind,
}

/// What the next version of a form holds.
#[derive(InputObject)]
pub struct WriteReportFormDraftInput {
    /// The form.
    form_id: ID,
    /// Kinds of unit that fill it in, all of one level.
    unit_kinds: Vec<UnitKind>,
    /// Its indicators, in order; at most 200, no rates.
    items: Vec<ReportFormItemInput>,
    /// The text it rests on.
    legal_basis: Option<String>,
    /// The `version` of the draft that you saw; leave it out when there is no draft yet.
    version: Option<i32>,
}

/// An indicator on a form.
#[derive(InputObject)]
pub struct ReportFormItemInput {
    /// Code of the indicator.
    indicator_code: String,
    /// Whether a report cannot be sent without it.
    #[graphql(default = false)]
    required: bool,
}

/// A version of a form that takes a step in its life.
#[derive(InputObject)]
pub struct ReportFormVersionStepInput {
    /// The form.
    form_id: ID,
    /// Number of the form's version: 1, 2, 3 …
    number: i32,
    /// The `version` you saw of it: how often it had been changed.
    version: i32,
}

/// Writes of periods, indicators and forms.
#[derive(Default)]
pub struct FormMutation;

#[Object]
impl FormMutation {
    /// Sets a period for the units below its owner.
    async fn create_period(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The period.")] input: CreatePeriodInput,
    ) -> async_graphql::Result<Option<PeriodPayload>> {
        let new = usecases::NewPeriod {
            owner: Kind::Unit.parse(&input.owner_id)?,
            code: input.code,
            name: input.name,
            kind: input.kind,
            starts_on: input.starts_on,
            ends_on: input.ends_on,
            due_on: input.due_on,
        };
        PeriodPayload::of(usecases::create_period(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Changes the last day on which reports of a period are in time.
    async fn set_period_due_day(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day.")] input: SetPeriodDueDayInput,
    ) -> async_graphql::Result<Option<PeriodPayload>> {
        let period = Kind::Period.parse(&input.id)?;
        PeriodPayload::of(usecases::set_due_day(env(ctx)?, actor(ctx)?, period, input.version, input.due_on).await)
    }

    /// Adds an indicator to the common catalogue.
    async fn create_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The indicator.")] input: CreateIndicatorInput,
    ) -> async_graphql::Result<Option<IndicatorPayload>> {
        let new = usecases::NewIndicator {
            code: input.code,
            name: input.name,
            unit_of_measure: input.unit_of_measure,
            number_form: input.number_form,
            aggregation: input.aggregation,
            numerator: input.numerator_code,
            denominator: input.denominator_code,
            description: input.description,
        };
        IndicatorPayload::of(usecases::create_indicator(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Makes a form, still without a version.
    async fn create_report_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The form.")] input: CreateReportFormInput,
    ) -> async_graphql::Result<Option<ReportFormPayload>> {
        let owner = Kind::Unit.parse(&input.owner_id)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let made = usecases::create_form(env, actor, owner, &input.code, &input.name, input.periodicity).await;
        ReportFormPayload::of(made)
    }

    /// Writes the next version of a form as a draft, or the draft that there is anew.
    async fn write_report_form_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it holds.")] input: WriteReportFormDraftInput,
    ) -> async_graphql::Result<Option<ReportFormPayload>> {
        let form = Kind::ReportForm.parse(&input.form_id)?;
        let content = usecases::FormContent {
            unit_kinds: input.unit_kinds,
            items: input
                .items
                .into_iter()
                .map(|item| (item.indicator_code, item.required))
                .collect(),
            legal_basis: input.legal_basis,
            version: input.version,
        };
        ReportFormPayload::of(usecases::write_form_draft(env(ctx)?, actor(ctx)?, form, content).await)
    }

    /// Publishes the draft of a form: from now on reports are begun on it. The version published before is retired.
    async fn publish_report_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: ReportFormVersionStepInput,
    ) -> async_graphql::Result<Option<ReportFormPayload>> {
        let form = Kind::ReportForm.parse(&input.form_id)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        ReportFormPayload::of(usecases::publish_form(env, actor, form, input.number, input.version).await)
    }

    /// Retires the published version of a form: no report is begun on it any more.
    async fn retire_report_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: ReportFormVersionStepInput,
    ) -> async_graphql::Result<Option<ReportFormPayload>> {
        let form = Kind::ReportForm.parse(&input.form_id)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        ReportFormPayload::of(usecases::retire_form(env, actor, form, input.number, input.version).await)
    }
}

/// One period for `node`.
pub async fn period(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Period> {
    let (env, reach) = (env(ctx)?, reach(ctx)?);
    Ok(Period(
        store::find_period(
            &env.db,
            View {
                reach: &reach,
                today: env.today(),
            },
            id,
        )
        .await?,
    ))
}

/// One indicator for `node`.
pub async fn indicator(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Indicator> {
    Ok(maybe_indicator(ctx, Some(id)).await?.ok_or(Error::NotFound)?)
}

/// One form for `node`.
pub async fn form(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<ReportForm> {
    let (env, reach) = (env(ctx)?, reach(ctx)?);
    Ok(ReportForm(
        store::find_form(
            &env.db,
            View {
                reach: &reach,
                today: env.today(),
            },
            id,
        )
        .await?,
    ))
}

graphql::row_loader!(
    PeriodId,
    period::Model,
    store::periods,
    "A period, as a visible report names it."
);
graphql::row_loader!(IndicatorId, indicator::Model, store::indicators, "An indicator.");
graphql::row_loader!(
    FormId,
    report_form::Model,
    store::forms,
    "A form, as a visible report names it."
);
graphql::row_loader!(
    VersionId,
    report_form_version::Model,
    store::versions_by_id,
    "A form's version."
);
graphql::parts_loader!(
    VersionsOf,
    report_form_version::Model,
    store::versions,
    form_id,
    "Versions of a form."
);
graphql::parts_loader!(
    ItemsOf,
    report_form_item::Model,
    store::items,
    form_version_id,
    "Indicators on a version."
);
graphql::parts_loader!(
    KindsOf,
    report_form_kind::Model,
    store::kinds,
    form_version_id,
    "Who fills in a version."
);
