//! Periods, indicators and forms in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::store::{self, Compared, View};
use super::usecases;
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, Direction, actor, env, reach, read_id, wants_count};
use crate::ids::Kind;

mod difference;
mod due_days;
mod inputs;
mod loaders;
mod rules;
mod types;
mod versions;

pub use due_days::{ReportDueDay, ReportExtension, ReportExtensionPayload};
use inputs::{
    CreateIndicatorInput, CreatePeriodInput, CreateReportFormInput, ExtendReportInput, PeriodWhere,
    ReportFormVersionStepInput, ReportFormWhere, SetIndicatorHeadCountInput, SetPeriodDueDayInput,
    SetReportFormDueDayInput, WriteReportFormDraftInput,
};
pub use loaders::{
    ChoicesOf, ExtensionOf, FormId, IndicatorId, ItemsOf, KindsOf, OwnDueDay, PeriodId, RulesOf, SectionsOf, SectorsOf,
    VersionId, VersionsOf,
};
pub use rules::ReportFormRule;
use types::maybe_indicator;
pub use types::{
    Indicator, IndicatorChoice, IndicatorConnection, IndicatorPayload, Period, PeriodConnection, PeriodPayload,
    ReportForm, ReportFormConnection, ReportFormPayload,
};
pub use versions::{ReportFormItem, ReportFormVersion, UnitSize};

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
        let filter = r#where.unwrap_or_default().read();
        let order = direction.unwrap_or(Direction::Desc).into();
        let args = PageArgs::new(first, after, last, before);
        let view = View::new(&reach, env.today());
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
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let view = View::new(&reach, env.today());
        Ok(Some(ReportFormConnection::of(
            store::list_forms(&env.db, view, &filter, &args, wants_count(ctx)).await?,
        )))
    }

    /// Until when reports on a form for a period are in time: the form's own due day for the period, else the period's; for a unit
    /// also until when it was given more time.
    async fn report_due_day(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The form.")] form_id: ID,
        #[graphql(desc = "The period.")] period_id: ID,
        #[graphql(desc = "The unit that reports.")] unit_id: Option<ID>,
    ) -> async_graphql::Result<Option<ReportDueDay>> {
        let form = form(ctx, Kind::ReportForm.parse(&form_id)?).await?.0;
        let period = period(ctx, Kind::Period.parse(&period_id)?).await?.0;
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let unit = read_id(Kind::Unit, unit_id.as_ref())?;
        let (own, extension) =
            store::due_day_for(&env.db, View::new(&reach, env.today()), &form, &period, unit).await?;
        Ok(Some(ReportDueDay::of(form, period, own.as_ref(), extension)))
    }

    /// What changed from one version of a form to another: who fills it in, sections, items.
    #[graphql(complexity = "50 + child_complexity")]
    async fn report_form_diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The form.")] form_id: ID,
        #[graphql(desc = "Number of the version to begin with.")] from: i32,
        #[graphql(desc = "Number of the version to compare it with.")] to: i32,
    ) -> async_graphql::Result<Option<Compared>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let view = View::new(&reach, env.today());
        let form = Kind::ReportForm.parse(&form_id)?;
        Ok(Some(store::compared(&env.db, view, form, (from, to)).await?))
    }
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

    /// Gives a form a due day of its own for a period, or takes it away again: then the period's holds. So the first quarter can be due
    /// on 10 March on one form and on 5 April on another.
    async fn set_report_form_due_day(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day.")] input: SetReportFormDueDayInput,
    ) -> async_graphql::Result<Option<ReportFormPayload>> {
        let form = Kind::ReportForm.parse(&input.form_id)?;
        let period = Kind::Period.parse(&input.period_id)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let set = usecases::set_form_due_day(env, actor, (form, period), input.version, input.day()).await;
        ReportFormPayload::of(set)
    }

    /// Gives a unit more time for its report on a form for a period. The last that was given holds.
    async fn extend_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and until when.")] input: ExtendReportInput,
    ) -> async_graphql::Result<Option<ReportExtensionPayload>> {
        let new = usecases::NewExtension {
            unit: Kind::Unit.parse(&input.unit_id)?,
            form: Kind::ReportForm.parse(&input.form_id)?,
            period: Kind::Period.parse(&input.period_id)?,
            until: input.until,
            reason: &input.reason,
        };
        ReportExtensionPayload::of(usecases::extend(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Adds an indicator to the common catalogue.
    async fn create_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The indicator.")] input: CreateIndicatorInput,
    ) -> async_graphql::Result<Option<IndicatorPayload>> {
        IndicatorPayload::of(usecases::create_indicator(env(ctx)?, actor(ctx)?, input.read()).await)
    }

    /// Says which head count of a unit an indicator is, so that reports can begin with it, or that it is none.
    async fn set_indicator_head_count(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which it is.")] input: SetIndicatorHeadCountInput,
    ) -> async_graphql::Result<Option<IndicatorPayload>> {
        let id = Kind::Indicator.parse(&input.id)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        IndicatorPayload::of(usecases::set_head_count(env, actor, id, input.version, input.head_count).await)
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
        let seen = input.version;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        ReportFormPayload::of(usecases::write_form_draft(env, actor, form, input.content(), seen).await)
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
        store::find_period(&env.db, View::new(&reach, env.today()), id).await?,
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
        store::find_form(&env.db, View::new(&reach, env.today()), id).await?,
    ))
}
