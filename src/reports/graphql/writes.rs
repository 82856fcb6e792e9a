//! Writing reports and taking the steps of their lives, in the schema.

use async_graphql::{Context, ID, Object};

use super::ReportSubmissionPayload;
use super::inputs::{
    CorrectReportInput, CreateReportInput, FigureInput, ReportStepInput, ReturnReportInput, SaveReportInput,
    SubmitReportInput,
};
use crate::error::Result;
use crate::graphql::{actor, env, read_id};
use crate::ids::Kind;
use crate::reports::usecases;
use crate::version::Seen;

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
            seen: &Seen::Any,
            version: Some(input.version),
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
