//! The steps in the life of a report, in the schema.

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use thidua_entity::enums::{ReportAction, ReportStatus};
use thidua_entity::report_step;

use crate::accounts::graphql::account_name;

/// A step in the life of a report.
#[derive(Clone)]
pub struct ReportStep(pub report_step::Model);

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
        account_name(ctx, self.0.account_id).await
    }
    /// Name of the one on whose behalf it was done, when only a role that they had delegated permitted it; else null.
    async fn acted_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.acted_for).await
    }
    /// Why, for a report that was sent back.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
}
