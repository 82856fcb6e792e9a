//! Reports in the schema: the report, its life, lists. Figures, summaries and inputs have files of their own.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, MergedObject, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{FigurePart, Nature, ReportAction, ReportStatus};
use thidua_entity::{period, report_extension, report_step, report_submission, report_value, report_writer};
use uuid::Uuid;

use super::{store, usecases};
use crate::accounts::graphql::AccountName;
use crate::db::PageArgs;
use crate::error::{Error, Result};
use crate::evidence::graphql::{self as evidence, Evidence};
use crate::forms;
use crate::forms::deadline::Deadline;
use crate::forms::graphql::{
    ExtensionOf, FormId, Indicator, IndicatorId, ItemsOf, OwnDueDay, Period, PeriodId, ReportExtension, ReportForm,
    ReportFormVersion, VersionId,
};
use crate::graphql::{
    self, Rows, ViewerCan, actor, connection, env, id, loaded, loaders, payload, reach, read_id, wants_count,
};
use crate::ids::Kind;
use crate::units::graphql::{NameOf, PlaceOf, Unit, UnitId};

pub mod comments;
mod conflicts;
pub mod figures;
mod findings;
mod inputs;
mod reviews;
pub mod summary;

pub use reviews::ReviewMutation;

use comments::ReportComment;
use conflicts::FigureConflict;
use figures::{FigureList, ReportValue, ValuesOf};
use findings::{ReportFinding, ReportUnusualFigure};
use inputs::{
    CorrectReportInput, CreateReportInput, FigureInput, ReportStepInput, ReportSubmissionOrder, ReportSubmissionWhere,
    ReturnReportInput, SaveReportInput, SubmitReportInput,
};

/// One unit's report on one form for one period.
#[derive(Clone)]
pub struct ReportSubmission(pub report_submission::Model);

impl From<report_submission::Model> for ReportSubmission {
    fn from(row: report_submission::Model) -> Self {
        Self(row)
    }
}

/// One unit's report on one form for one period, with its figures and its life. As a spreadsheet to fill in it is at
/// `GET /api/v1/reports/{id}/sheet?format=xlsx` (or `csv`) on REST, and comes back by `POST` there: GraphQL carries no files.
#[Object]
impl ReportSubmission {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::ReportSubmission, self.0.id)
    }
    /// The unit that reports; null when it has moved beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of the unit that reports.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)
    }
    /// The period reported on.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Period>> {
        Ok(loaded(loaders(ctx)?.load_one(PeriodId(self.0.period_id)).await)?.map(Period))
    }
    /// The form.
    async fn form(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportForm>> {
        Ok(loaded(loaders(ctx)?.load_one(FormId(self.0.form_id)).await)?.map(ReportForm))
    }
    /// The version of the form that the report keeps.
    async fn form_version(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportFormVersion>> {
        Ok(loaded(loaders(ctx)?.load_one(VersionId(self.0.form_version_id)).await)?.map(ReportFormVersion))
    }
    /// 1, and one more for each correction after an approval.
    async fn revision(&self) -> i32 {
        self.0.revision
    }
    /// The approved report that this one corrects; null for the first.
    async fn corrects(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Self>> {
        let Some(corrected) = self.0.corrects_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(SubmissionId(corrected)).await)?.map(Self))
    }
    /// Why it corrects another; null for the first.
    async fn correction_reason(&self) -> Option<&str> {
        self.0.correction_reason.as_deref()
    }
    /// The report that corrects this one, as far as the caller sees it; null while there is none. This one counts until that is approved.
    async fn correction(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Self>> {
        Ok(loaded(loaders(ctx)?.load_one(CorrectionOf(self.0.id)).await)?.map(Self))
    }
    /// Where it is in its life.
    async fn status(&self) -> ReportStatus {
        self.0.status
    }
    /// The due day that its form has for its period, else that of the period. May lie before the period ends.
    async fn due_on(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<NaiveDate>> {
        Ok(self.deadline(ctx, None).await?.due_on)
    }
    /// Last day on which it is not late: the due day with the days of grace, or until when the unit was given more time.
    async fn in_time_until(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<NaiveDate>> {
        let given = self.given(ctx).await?;
        Ok(self.deadline(ctx, given.as_ref()).await?.in_time_until())
    }
    /// More time that its unit was given for it; null when it was given none.
    async fn extension(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportExtension>> {
        Ok(self.given(ctx).await?.map(ReportExtension))
    }
    /// Whether some of its figures are estimates, made because it is due before its period ends: to be confirmed after that.
    async fn awaits_confirmation(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let values = loaded(loaders(ctx)?.load_one(ValuesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(values.iter().any(|value| value.nature == Nature::Estimate))
    }
    /// Whether it was first sent after the due day. A mark, not a state.
    async fn late(&self) -> bool {
        self.0.late
    }
    /// What the unit says beside its figures.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
    /// Its figures, in the order of the form, of each indicator the total first and then its parts. A figure that is missing is not in the list: missing is not zero.
    // Written without a future for each field, so they cost a fifth of what forty things would.
    #[graphql(complexity = "8 * child_complexity")]
    async fn figures(&self, ctx: &Context<'_>) -> async_graphql::Result<FigureList> {
        FigureList::of(ctx, self.0.id, self.0.form_version_id).await
    }
    /// One of its figures; null when it is missing.
    async fn figure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the indicator.")] indicator_code: String,
        #[graphql(desc = "The total, or which part of it.", default_with = "FigurePart::Total")] part: FigurePart,
    ) -> async_graphql::Result<Option<ReportValue>> {
        let figures = FigureList::of(ctx, self.0.id, self.0.form_version_id).await?;
        Ok(figures.one(&indicator_code, part))
    }
    /// Compulsory indicators of the form that have no figure yet: what keeps the report from being sent.
    #[graphql(complexity = "10 * child_complexity")]
    async fn missing(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Indicator>> {
        let items = loaded(loaders(ctx)?.load_one(ItemsOf(self.0.form_version_id)).await)?.unwrap_or_default();
        let values = loaded(loaders(ctx)?.load_one(ValuesOf(self.0.id)).await)?.unwrap_or_default();
        let is_total = |value: &&report_value::Model| value.part == FigurePart::Total;
        let there = |id: Uuid| values.iter().filter(is_total).any(|value| value.indicator_id == id);
        let wanted: Vec<IndicatorId> = items
            .iter()
            .filter(|item| item.required && !there(item.indicator_id))
            .map(|item| IndicatorId(item.indicator_id))
            .collect();
        let indicators = loaded(loaders(ctx)?.load_many(wanted.iter().copied()).await)?;
        Ok(wanted
            .iter()
            .filter_map(|id| indicators.get(id).cloned().map(Indicator))
            .collect())
    }
    /// Rules of its form that it breaks or that cannot be judged, in the order of the form; at most 100. While it is with its unit, what
    /// would be told on sending it; later, what those who review it should know.
    #[graphql(complexity = "10 * child_complexity")]
    async fn findings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportFinding>> {
        findings::of_report(ctx, &self.0).await
    }
    /// Figures that look like slips beside the unit's own past or its cluster, in the order of the form, with the numbers that say why. Only
    /// while it is a draft or was sent back; empty ever after. They keep nothing from being sent.
    #[graphql(complexity = "10 * child_complexity")]
    async fn unusual_figures(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportUnusualFigure>> {
        findings::unusual_of_report(ctx, &self.0).await
    }
    /// What was typed for figures that another had changed meanwhile, the oldest first. While there is any, the report cannot be sent:
    /// write the figure again, with the version in which you saw both.
    #[graphql(complexity = "5 * child_complexity")]
    async fn conflicts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<FigureConflict>> {
        FigureConflict::of(ctx, &self.0).await
    }
    /// What is said of it and of its figures, the oldest first.
    #[graphql(complexity = "10 * child_complexity")]
    async fn comments(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportComment>> {
        comments::of_report(ctx, self.0.id).await
    }
    /// The version that it came to have when it was last sent back with remarks on figures; null when it was sent back without, or
    /// never.
    async fn returned_version(&self) -> Option<i32> {
        self.0.returned_version
    }
    /// Whether only the figures remarked on then may be changed: those of the `comments` with the same `returnedVersion`.
    async fn figures_locked(&self) -> bool {
        self.0.figures_locked
    }
    /// Files that show that it is so, the oldest first, as many as a setting allows; 50 unless it says otherwise. Add one by `POST
    /// /api/v1/reports/{id}/evidence`.
    #[graphql(complexity = "10 * child_complexity")]
    async fn evidence(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Evidence>> {
        evidence::of_report(ctx, self.0.id).await
    }
    /// The steps of its life, the oldest first.
    #[graphql(complexity = "5 * child_complexity")]
    async fn steps(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportStep>> {
        let steps = loaded(loaders(ctx)?.load_one(StepsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(steps.iter().cloned().map(ReportStep).collect())
    }
    /// When it was last sent.
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.submitted_at
    }
    /// When it was approved.
    async fn approved_at(&self) -> Option<DateTime<Utc>> {
        self.0.approved_at
    }
    /// When the draft was begun.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
    /// Counts changes; give it back as `version` with the next step.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// Which steps the caller may take with it now and, for what is refused, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(PlaceOf(self.0.unit_id)).await)?.unwrap_or_default();
        let writers = loaded(loaders(ctx)?.load_one(WritersOf(self.0.id)).await)?.unwrap_or_default();
        let writers: Vec<Uuid> = writers.iter().map(|row| row.account_id).collect();
        let actor = actor(ctx)?;
        let steps = ReportAction::ALL.iter().filter(|&&step| step != ReportAction::Create);
        Ok(steps
            .map(|&step| {
                ViewerCan::step(
                    ctx,
                    step.code(),
                    usecases::may(actor, &self.0, (&place, &writers), step),
                )
            })
            .collect())
    }
}

impl ReportSubmission {
    async fn given(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<report_extension::Model>> {
        let of = ExtensionOf(self.0.form_id, self.0.period_id, self.0.unit_id);
        loaded(loaders(ctx)?.load_one(of).await)
    }

    async fn deadline(
        &self,
        ctx: &Context<'_>,
        given: Option<&report_extension::Model>,
    ) -> async_graphql::Result<Deadline> {
        let loaders = loaders(ctx)?;
        let own = loaded(loaders.load_one(OwnDueDay(self.0.form_id, self.0.period_id)).await)?;
        let period = loaded(loaders.load_one(PeriodId(self.0.period_id)).await)?;
        let deadline = |period: period::Model| forms::store::deadline_of(&period, own.as_ref(), given);
        Ok(period.map(deadline).unwrap_or_default())
    }
}

/// A step in the life of a report.
#[derive(Clone)]
pub struct ReportStep(report_step::Model);

/// A step in the life of a report: who did what, when and why.
#[Object]
impl ReportStep {
    /// What was done.
    async fn action(&self) -> ReportAction {
        self.0.action
    }
    /// Where the report came to be.
    async fn status(&self) -> ReportStatus {
        self.0.status
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// Name of who did it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let Some(account) = self.0.account_id else {
            return Ok(None);
        };
        loaded(loaders(ctx)?.load_one(AccountName(account)).await)
    }
    /// Name of the one on whose behalf it was done, when only a role that they had delegated permitted it; else null.
    async fn acted_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let Some(account) = self.0.acted_for else {
            return Ok(None);
        };
        loaded(loaders(ctx)?.load_one(AccountName(account)).await)
    }
    /// Why, for a report that was sent back.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
}

graphql::parts_loader!(
    WritersOf,
    report_writer::Model,
    store::writers,
    submission_id,
    "Who wrote a report."
);
graphql::parts_loader!(
    StepsOf,
    report_step::Model,
    store::steps,
    submission_id,
    "Steps of a report."
);

connection!(
    ReportSubmissionConnection,
    ReportSubmissionEdge,
    ReportSubmission,
    "reports"
);
payload!(ReportSubmissionPayload, report: ReportSubmission, "a report");

/// Reads of reports and summaries.
#[derive(MergedObject, Default)]
pub struct ReportQuery(SubmissionQuery, summary::SummaryQuery);

/// Reads of reports.
#[derive(Default)]
pub struct SubmissionQuery;

#[Object]
impl SubmissionQuery {
    /// The reports that the caller sees, the last changed first unless another order is asked for.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reports.")] r#where: Option<ReportSubmissionWhere>,
        #[graphql(desc = "In what order.")] order_by: Option<ReportSubmissionOrder>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ReportSubmissionConnection>> {
        let env = env(ctx)?;
        let filter = r#where.unwrap_or_default().read()?;
        let order = ReportSubmissionOrder::read(order_by);
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
        Ok(Some(ReportSubmissionConnection::of(page)))
    }
}

/// Writes of reports.
#[derive(Default)]
pub struct ReportMutation;

#[Object]
impl ReportMutation {
    /// Begins a report of a unit on a form for a period.
    async fn create_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report.")] input: CreateReportInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        let new = usecases::NewReport {
            id: read_id(Kind::ReportSubmission, input.id.as_ref())?,
            unit: Kind::Unit.parse(&input.unit_id)?,
            form: Kind::ReportForm.parse(&input.form_id)?,
            period: Kind::Period.parse(&input.period_id)?,
            key: input.idempotency_key.as_deref(),
        };
        ReportSubmissionPayload::of(usecases::create(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Writes figures of a report that is with its unit. A figure that cannot be read is told with its field, and nothing is
    /// stored.
    ///
    /// `version` may be an old one, of a phone that was offline: what others have written since stays. Different figures stand beside
    /// each other; where another has changed the same figure, theirs stands and yours is among `conflicts` until somebody who has seen
    /// both writes that figure again.
    async fn save_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figures.")] input: SaveReportInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        let report = Kind::ReportSubmission.parse(&input.id)?;
        let typed = |figure: FigureInput| usecases::TypedFigure {
            indicator: figure.indicator_code,
            part: figure.part,
            text: figure.text,
            nature: figure.nature,
        };
        let figures: Vec<_> = input.figures.into_iter().map(typed).collect();
        let note = input.note.as_opt_ref().map(|note| note.map(String::as_str));
        let saving = usecases::Saving {
            report,
            version: input.version,
            figures: &figures,
            note,
            key: input.idempotency_key.as_deref(),
        };
        ReportSubmissionPayload::of(usecases::save(env(ctx)?, actor(ctx)?, &saving).await)
    }

    /// Sends a report. Every compulsory figure must be there, and no rule of its form may be broken that blocks: `RULE_BROKEN`. A broken rule
    /// that warns wants an explanation, given now or before: `EXPLANATION_NEEDED`.
    async fn submit_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report, and what is said to the rules that it breaks.")] input: SubmitReportInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        let step = step(&input.id, input.version)?;
        let given = input.explanations.into_iter().map(Into::into).collect();
        ReportSubmissionPayload::of(usecases::submit(env(ctx)?, actor(ctx)?, &step, given).await)
    }

    /// Sends a report back with a reason that the unit reads, and with what is to be mended of single figures: then only these may be
    /// changed.
    async fn return_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report, and why.")] input: ReturnReportInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        let step = step(&input.id, input.version)?;
        let remarks: Vec<usecases::Remark> = input.figures.into_iter().map(Into::into).collect();
        let why = usecases::SendBack {
            reason: &input.reason,
            remarks: &remarks,
            all_open: input.all_open,
        };
        ReportSubmissionPayload::of(usecases::send_back(env(ctx)?, actor(ctx)?, &step, &why).await)
    }

    /// Finds a report complete and consistent. Not by who sent it.
    async fn verify_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report.")] input: ReportStepInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        ReportSubmissionPayload::of(usecases::verify(env(ctx)?, actor(ctx)?, &step(&input.id, input.version)?).await)
    }

    /// Approves a report: from now on it counts. Not by who sent it.
    async fn approve_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report.")] input: ReportStepInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        ReportSubmissionPayload::of(usecases::approve(env(ctx)?, actor(ctx)?, &step(&input.id, input.version)?).await)
    }

    /// Begins a correction of an approved report: a draft with the same figures, which is then changed, sent and approved like any
    /// other. The payload holds the draft. Until it is approved, the corrected report counts; from then on it is `REPLACED`.
    async fn correct_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report, and why.")] input: CorrectReportInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        let step = step(&input.id, input.version)?;
        ReportSubmissionPayload::of(usecases::correct(env(ctx)?, actor(ctx)?, &step, &input.reason).await)
    }
}

/// A step as the use-cases take it. The version alone makes a repeat harmless: the step has changed it.
fn step(id: &ID, version: i32) -> Result<usecases::Step<'static>> {
    Ok(usecases::Step {
        report: Kind::ReportSubmission.parse(id)?,
        seen: version.into(),
        key: None,
    })
}

/// A report that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubmissionId(pub Uuid);

impl Loader<SubmissionId> for Rows {
    type Value = report_submission::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[SubmissionId]) -> Result<HashMap<SubmissionId, report_submission::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let reports = store::find_many(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(reports
            .into_iter()
            .map(|report| (SubmissionId(report.id), report))
            .collect())
    }
}

/// The correction of a report, if it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CorrectionOf(pub Uuid);

impl Loader<CorrectionOf> for Rows {
    type Value = report_submission::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CorrectionOf]) -> Result<HashMap<CorrectionOf, report_submission::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let corrections = store::corrections(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        let of = |correction: report_submission::Model| Some((CorrectionOf(correction.corrects_id?), correction));
        Ok(corrections.into_iter().filter_map(of).collect())
    }
}

/// One report for `node`.
pub async fn submission(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<ReportSubmission> {
    let report = loaded(loaders(ctx)?.load_one(SubmissionId(id)).await)?;
    Ok(report.map(ReportSubmission).ok_or(Error::NotFound)?)
}
