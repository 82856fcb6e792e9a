//! What is said of reports and of their figures, in the schema.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use thidua_entity::enums::FigurePart;
use thidua_entity::report_comment;
use uuid::Uuid;

use super::{ReportStepInput, ReportSubmissionPayload};
use crate::accounts::graphql::account_name;
use crate::forms::graphql::{Indicator, IndicatorId};
use crate::graphql::{self, actor, env, id, loaded, loaders, payload, reach};
use crate::ids::Kind;
use crate::reports::store;
use crate::reports::usecases::{self, NewComment, Remark};

/// What is said of a report or of one of its figures.
#[derive(Clone)]
pub struct ReportComment(report_comment::Model);

impl From<report_comment::Model> for ReportComment {
    fn from(row: report_comment::Model) -> Self {
        Self(row)
    }
}

/// What is said of a report or of one of its figures, what is answered, and whether it is settled. While one is open, the report is not
/// approved.
#[Object]
impl ReportComment {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::ReportComment, self.0.id)
    }
    /// The indicator; null when it is about the report as a whole.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        let Some(indicator) = self.0.indicator_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(IndicatorId(indicator)).await)?.map(Indicator))
    }
    /// The total, or which part of it.
    async fn part(&self) -> FigurePart {
        self.0.part
    }
    /// What is said.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// The version that the report came to have when it was sent back with this; null when it was not. Compare it with `returnedVersion` of
    /// the report: what it was last sent back with is answered before it is sent again.
    async fn returned_version(&self) -> Option<i32> {
        self.0.returned_version
    }
    /// Name of who said it.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.account_id).await
    }
    /// Name of the one on whose behalf it was said, when only a role that they had delegated permitted it; else null.
    async fn acted_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.acted_for).await
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// What is answered; null while nothing is.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }
    /// Name of who answered.
    async fn answered_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.answered_by).await
    }
    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.0.answered_at
    }
    /// Name of who found it settled.
    async fn resolved_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.resolved_by).await
    }
    /// When it was found settled; null while it is open.
    async fn resolved_at(&self) -> Option<DateTime<Utc>> {
        self.0.resolved_at
    }
}

graphql::parts_loader!(
    CommentsOf,
    report_comment::Model,
    store::comments,
    submission_id,
    "What is said of a report."
);
payload!(ReportCommentPayload, comment: ReportComment, "a comment");

/// What is said of a report, the oldest first.
pub async fn of_report(ctx: &Context<'_>, report: Uuid) -> async_graphql::Result<Vec<ReportComment>> {
    let comments = loaded(loaders(ctx)?.load_one(CommentsOf(report)).await)?.unwrap_or_default();
    Ok(comments.iter().cloned().map(ReportComment).collect())
}

/// One comment for `node`.
pub async fn comment(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<ReportComment> {
    let env = env(ctx)?;
    let found = store::find_comment(&env.db, &reach(ctx)?, id, env.today()).await;
    Ok(found.map(ReportComment)?)
}

/// Something to be said of a report.
#[derive(InputObject)]
pub struct CommentOnReportInput {
    /// The report.
    report_id: ID,
    /// Code of the indicator whose figure it is about; left out for the report as a whole.
    indicator_code: Option<String>,
    /// The total, or which part of it.
    #[graphql(default_with = "FigurePart::Total")]
    part: FigurePart,
    /// What is said.
    text: String,
    /// A key of your own, at most 100 characters: asked again with it, it is said once.
    idempotency_key: Option<String>,
}

/// An answer to what was said.
#[derive(InputObject)]
pub struct AnswerReportCommentInput {
    /// The comment.
    id: ID,
    /// What is answered; the last answer stands.
    text: String,
}

/// What is to be found settled.
#[derive(InputObject)]
pub struct ResolveReportCommentInput {
    /// The comment.
    id: ID,
}

/// What is said of one figure of a report that is sent back.
#[derive(InputObject)]
pub struct FigureRemarkInput {
    /// Code of the indicator.
    indicator_code: String,
    /// The total, or which part of it.
    #[graphql(default_with = "FigurePart::Total")]
    part: FigurePart,
    /// What is to be mended; the unit reads it, and answers.
    text: String,
}

impl From<FigureRemarkInput> for Remark {
    fn from(input: FigureRemarkInput) -> Self {
        Self {
            indicator: input.indicator_code,
            part: input.part,
            text: input.text,
        }
    }
}

/// Writes of what is said of reports.
#[derive(Default)]
pub struct CommentMutation;

#[Object]
impl CommentMutation {
    /// Says something of a report or of one of its figures. While it is open, the report is not approved.
    async fn comment_on_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and of which report.")] input: CommentOnReportInput,
    ) -> async_graphql::Result<Option<ReportCommentPayload>> {
        let new = NewComment {
            report: Kind::ReportSubmission.parse(&input.report_id)?,
            figure: input.indicator_code.as_deref().map(|code| (code, input.part)),
            text: &input.text,
            key: input.idempotency_key.as_deref(),
        };
        ReportCommentPayload::of(usecases::comment(env(ctx)?, actor(ctx)?, &new).await)
    }

    /// Answers what was said of a report. What a report was sent back with is answered before it is sent again.
    async fn answer_report_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is answered.")] input: AnswerReportCommentInput,
    ) -> async_graphql::Result<Option<ReportCommentPayload>> {
        let comment = Kind::ReportComment.parse(&input.id)?;
        ReportCommentPayload::of(usecases::answer(env(ctx)?, actor(ctx)?, comment, &input.text).await)
    }

    /// Finds what was said settled. Whoever said it does, or whoever may send the report back.
    async fn resolve_report_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is settled.")] input: ResolveReportCommentInput,
    ) -> async_graphql::Result<Option<ReportCommentPayload>> {
        let comment = Kind::ReportComment.parse(&input.id)?;
        ReportCommentPayload::of(usecases::resolve(env(ctx)?, actor(ctx)?, comment).await)
    }

    /// Lets the unit change every figure of a report that was sent back for some of them.
    async fn unlock_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report.")] input: ReportStepInput,
    ) -> async_graphql::Result<Option<ReportSubmissionPayload>> {
        let report = Kind::ReportSubmission.parse(&input.id)?;
        let unlocked = usecases::unlock(env(ctx)?, actor(ctx)?, report, &input.version.into()).await;
        ReportSubmissionPayload::of(unlocked)
    }
}
