//! Lists of reports, in the schema.

use async_graphql::{Context, Object};

use super::ReportSubmissionConnection;
use super::inputs::{ReportSubmissionOrder, ReportSubmissionWhere};
use crate::db::PageArgs;
use crate::graphql::{self, env, reach, wants_count};
use crate::reports::store;

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
