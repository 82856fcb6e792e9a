//! Reports in the schema: the report. Lists of them and what belongs to it have files of their own.

use async_graphql::{Context, ID, MergedObject, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{FigurePart, Nature, ReportAction, ReportStatus};
use thidua_entity::{period, report_extension, report_submission, report_value};
use uuid::Uuid;

use super::usecases;
use crate::error::Error;
use crate::evidence::graphql::{self as evidence, Evidence};
use crate::forms;
use crate::forms::deadline::Deadline;
use crate::forms::graphql::{
    ExtensionOf, FormId, Indicator, IndicatorId, ItemsOf, OwnDueDay, Period, PeriodId, ReportExtension, ReportForm,
    ReportFormVersion, VersionId,
};
use crate::graphql::{ViewerCan, actor, connection, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::units::graphql::{NameOf, PlaceOf, Unit, UnitId};

pub mod comments;
mod conflicts;
mod difference;
pub mod figures;
mod findings;
mod inputs;
mod lists;
mod loaders;
mod overtaken;
mod reviews;
mod sendings;
mod steps;
mod suggestions;
pub mod summary;
mod writes;

pub use loaders::SubmissionId;
pub use reviews::ReviewMutation;
pub use writes::ReportMutation;

use comments::ReportComment;
use conflicts::FigureConflict;
use difference::{ReportDifference, ReportDifferenceSince};
use figures::{FigureList, ReportValue, ValuesOf};
use findings::{ReportFinding, ReportUnusualFigure};
use inputs::ReportStepInput;
use loaders::{CorrectionOf, StepsOf, WritersOf};
use overtaken::OvertakenFigure;
use sendings::ReportSending;
use steps::ReportStep;
use suggestions::FigureSuggestion;

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
    /// Figures that it does not have and that are known from elsewhere, each with its origin, in the order of the form: of the last period, of
    /// another form, the sum of the units below. Nothing is written; save those that are right. Only while it is with its unit.
    #[graphql(complexity = "20 * child_complexity")]
    async fn suggestions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<FigureSuggestion>> {
        suggestions::of_report(ctx, &self.0).await
    }
    /// What was typed for figures that another had changed meanwhile, the oldest first. While there is any, the report cannot be sent:
    /// write the figure again, with the version in which you saw both.
    #[graphql(complexity = "5 * child_complexity")]
    async fn conflicts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<FigureConflict>> {
        FigureConflict::of(ctx, &self.0).await
    }
    /// What changed of it: since it was last sent, or between it and its correction. Null when there is nothing to compare with: it was never
    /// sent, or once only; it was not approved, or has no correction that the caller sees.
    #[graphql(complexity = "5 + child_complexity")]
    async fn difference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Since when.")] since: ReportDifferenceSince,
    ) -> async_graphql::Result<Option<ReportDifference>> {
        difference::of_report(ctx, &self.0, since).await
    }
    /// What it said each time it was sent, the last first, at most the last 50. Empty for who sees it only because it was handed in in a
    /// cluster.
    #[graphql(complexity = "5 * child_complexity")]
    async fn sendings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportSending>> {
        sendings::of_report(ctx, &self.0).await
    }
    /// Figures that no longer agree with the sum of the units below because a report of one of them, or a correction, was approved after they
    /// were written, in the order of the form: what to look at before it is sent or approved, and what to correct after. Empty for who does
    /// not see its unit.
    #[graphql(complexity = "20 * child_complexity")]
    async fn overtaken(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<OvertakenFigure>> {
        overtaken::of_report(ctx, &self.0).await
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

connection!(
    ReportSubmissionConnection,
    ReportSubmissionEdge,
    ReportSubmission,
    "reports"
);
payload!(ReportSubmissionPayload, report: ReportSubmission, "a report");

/// Reads of reports and summaries.
#[derive(MergedObject, Default)]
pub struct ReportQuery(lists::SubmissionQuery, summary::SummaryQuery);

/// One report for `node`.
pub async fn submission(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<ReportSubmission> {
    let report = loaded(loaders(ctx)?.load_one(SubmissionId(id)).await)?;
    Ok(report.map(ReportSubmission).ok_or(Error::NotFound)?)
}
