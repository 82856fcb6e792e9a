//! Reviewing many reports at once, in the schema.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use thidua_entity::enums::ReportAction;

use super::ReportSubmission;
use crate::error::Result;
use crate::graphql::{UserError, actor, env, id, language, outcome};
use crate::ids::Kind;
use crate::reports::usecases::{self, Reviewed};

/// What is done with many reports at once.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ReviewStep {
    /// Find complete and consistent.
    Verify,
    /// Approve.
    Approve,
    /// Send back with a reason.
    Return,
}

impl From<ReviewStep> for ReportAction {
    fn from(step: ReviewStep) -> Self {
        match step {
            ReviewStep::Verify => Self::Verify,
            ReviewStep::Approve => Self::Approve,
            ReviewStep::Return => Self::Return,
        }
    }
}

/// A report that is to be reviewed.
#[derive(InputObject)]
pub struct ReviewItemInput {
    /// The report.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// A step that is to be taken with many reports.
#[derive(InputObject)]
pub struct ReviewReportsInput {
    /// What is done with them.
    step: ReviewStep,
    /// The reports, at most 250, each once.
    items: Vec<ReviewItemInput>,
    /// Why, when they are sent back; the units read it.
    reason: Option<String>,
    /// Only tell what would come of it; nothing is changed.
    #[graphql(default)]
    dry_run: bool,
}

/// What came of a review for one report.
#[derive(SimpleObject)]
pub struct ReviewResult {
    /// Id of the report, as it was given.
    id: ID,
    /// Whether the step was taken, or would be.
    taken: bool,
    /// The report as it is now, or would be; null when the step was not taken.
    report: Option<ReportSubmission>,
    /// Code of the error that kept the step from being taken: `NOT_FOUND`, `FORBIDDEN`, `WRONG_STATE`, `STALE_VERSION`; null when it was taken.
    code: Option<String>,
    /// Why not, in the caller's language; null when it was taken.
    reason: Option<String>,
}

impl ReviewResult {
    fn of(ctx: &Context<'_>, reviewed: Reviewed) -> Self {
        let (report, refusal) = match reviewed.outcome {
            Ok(report) => (Some(report.into()), None),
            Err(error) => (None, Some(error)),
        };
        Self {
            id: id(Kind::ReportSubmission, reviewed.id),
            taken: refusal.is_none(),
            report,
            code: refusal.as_ref().map(|error| error.code().to_owned()),
            reason: refusal.map(|error| error.text().in_language(language(ctx)).to_owned()),
        }
    }
}

/// What came of reviewing many reports.
#[derive(SimpleObject)]
pub struct ReviewReportsPayload {
    /// One for each report, in the order given; null when `userErrors` says what to mend.
    results: Option<Vec<ReviewResult>>,
    /// With how many the step was taken, or would be.
    taken: i32,
    /// What a form can mend; empty when each report was judged.
    user_errors: Vec<UserError>,
}

/// Writes of many reports at once.
#[derive(Default)]
pub struct ReviewMutation;

#[Object]
impl ReviewMutation {
    /// Verifies, approves or sends back up to 250 reports. Each is judged by itself, as by the step for one report; those that pass are
    /// taken together, the others stay as they are and say why. Asked again it changes nothing more, since every item names its
    /// version.
    #[graphql(complexity = "usecases::REVIEWED_MAX * child_complexity + 1")]
    async fn review_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and with which reports.")] input: ReviewReportsInput,
    ) -> async_graphql::Result<Option<ReviewReportsPayload>> {
        let read = |item: &ReviewItemInput| Ok((Kind::ReportSubmission.parse(&item.id)?, item.version));
        let reports: Result<Vec<_>> = input.items.iter().map(read).collect();
        let review = usecases::Review {
            action: input.step.into(),
            reports: &reports?,
            reason: input.reason.as_deref(),
            dry_run: input.dry_run,
        };
        let (reviewed, user_errors) = outcome(usecases::review(env(ctx)?, actor(ctx)?, &review).await)?;
        let results: Option<Vec<ReviewResult>> =
            reviewed.map(|all| all.into_iter().map(|one| ReviewResult::of(ctx, one)).collect());
        let taken = results.iter().flatten().filter(|result| result.taken).count();
        Ok(Some(ReviewReportsPayload {
            results,
            taken: i32::try_from(taken).unwrap_or(i32::MAX),
            user_errors,
        }))
    }
}
