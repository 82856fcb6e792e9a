//! Cross-checks in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::store::{self, CrossCheckFilter};
use super::usecases::{self, NewAssignment, NewFinding, NewRecusal};
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, actor, env, loaded, loaders, outcome, wants_count};
use crate::ids::Kind;
use crate::version::Seen;
use crate::years::store::View;

mod draws;
mod inputs;
mod loaders;
mod types;

use draws::DrawCrossChecksPayload;
pub use draws::{CrossCheckDraw, CrossCheckDrawing};
use inputs::{
    AssignCrossCheckInput, ChangeFindingInput, CrossCheckReasonInput, CrossCheckStepInput, CrossCheckWhere,
    DrawCrossChecksInput, RecordRecusalInput, RemoveFindingInput, ReplyToFindingInput, WithdrawRecusalInput,
    WriteFindingInput, WriteMinutesInput,
};
pub use loaders::{CrossCheckDrawId, CrossCheckId};
pub use types::{
    CrossCheck, CrossCheckConnection, CrossCheckFinding, CrossCheckFindingPayload, CrossCheckPayload,
    CrossCheckRecusal, CrossCheckRecusalPayload,
};

/// Reads of cross-checks.
#[derive(Default)]
pub struct CrossCheckQuery;

#[Object]
impl CrossCheckQuery {
    /// The cross-checks of the years that the caller sees, as they were assigned. Who checks whom is known to the whole cluster; what was
    /// found only to the two units, those above them and who keeps the cluster, until the year is published.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn cross_checks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cross-checks.")] r#where: Option<CrossCheckWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<CrossCheckConnection>> {
        let env = env(ctx)?;
        let view = View::of(actor(ctx)?, env.today());
        let filter: CrossCheckFilter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(CrossCheckConnection::of(page)))
    }

    /// The draws of a year, the newest first; at most 20. Empty for a year that the caller does not see.
    #[graphql(complexity = "20 * child_complexity + 1")]
    async fn cross_check_draws(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year.")] year_id: ID,
    ) -> async_graphql::Result<Option<Vec<CrossCheckDraw>>> {
        let env = env(ctx)?;
        let view = View::of(actor(ctx)?, env.today());
        let draws = store::draws(&env.db, &view, Kind::EmulationYear.parse(&year_id)?).await?;
        Ok(Some(draws.into_iter().map(CrossCheckDraw).collect()))
    }

    /// The recusals of a year with their reasons, as they were recorded; at most 500. Those that the caller sees: of its own units, or of a
    /// cluster that it keeps.
    #[graphql(complexity = "20 * child_complexity + 1")]
    async fn cross_check_recusals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year.")] year_id: ID,
    ) -> async_graphql::Result<Option<Vec<CrossCheckRecusal>>> {
        let env = env(ctx)?;
        let view = View::of(actor(ctx)?, env.today());
        let recusals = store::recusals(&env.db, &view, Kind::EmulationYear.parse(&year_id)?).await?;
        Ok(Some(recusals.into_iter().map(CrossCheckRecusal).collect()))
    }
}

/// Writes of cross-checks.
#[derive(Default)]
pub struct CrossCheckMutation;

#[Object]
impl CrossCheckMutation {
    /// Draws who checks whom, and assigns it: every unit checks as many as every other and is checked as often, never itself, and never whom
    /// it is recused from; not each other and not last year's pair where that can be avoided. A former draw of which nobody has begun
    /// anything is replaced. With `dryRun` nothing is kept.
    async fn draw_cross_checks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is drawn.")] input: DrawCrossChecksInput,
    ) -> async_graphql::Result<Option<DrawCrossChecksPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let new = input.read()?;
        let drawn = if input.dry_run {
            let tried = usecases::try_draw(env, actor, &new).await;
            tried.map(|trial| (None, CrossCheckDrawing::from(trial)))
        } else {
            match usecases::draw(env, actor, &new).await {
                Ok(row) => CrossCheckDrawing::of(&row).map(|drawing| (Some(CrossCheckDraw(row)), drawing)),
                Err(error) => Err(error),
            }
        };
        let (drawn, user_errors) = outcome(drawn)?;
        let (draw, drawing) = drawn.map_or((None, None), |(draw, drawing)| (draw, Some(drawing)));
        Ok(Some(DrawCrossChecksPayload {
            draw,
            drawing,
            user_errors,
        }))
    }

    /// Records that a unit does not check another, and why. It holds for draws and assignments from now on. Who acts for a unit does not record
    /// who does not check it: the other who keeps the cluster does.
    async fn record_recusal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who does not check whom.")] input: RecordRecusalInput,
    ) -> async_graphql::Result<Option<CrossCheckRecusalPayload>> {
        let new = NewRecusal {
            year: Kind::EmulationYear.parse(&input.year_id)?,
            checker: Kind::Unit.parse(&input.checker_id)?,
            checked: Kind::Unit.parse(&input.checked_id)?,
            reason: &input.reason,
        };
        CrossCheckRecusalPayload::of(usecases::record_recusal(env(ctx)?, actor(ctx)?, &new).await)
    }

    /// Takes a recusal back.
    async fn withdraw_recusal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which recusal.")] input: WithdrawRecusalInput,
    ) -> async_graphql::Result<Option<CrossCheckRecusalPayload>> {
        let id = Kind::CrossCheckRecusal.parse(&input.id)?;
        CrossCheckRecusalPayload::of(usecases::withdraw_recusal(env(ctx)?, actor(ctx)?, id).await)
    }

    /// Assigns a cross-check by hand, with a reason. A draw leaves it as it is. Who acts for a unit does not choose by whom it is checked.
    async fn assign_cross_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who checks whom, and why.")] input: AssignCrossCheckInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let new = NewAssignment {
            year: Kind::EmulationYear.parse(&input.year_id)?,
            checker: Kind::Unit.parse(&input.checker_id)?,
            checked: Kind::Unit.parse(&input.checked_id)?,
            reason: &input.reason,
        };
        CrossCheckPayload::of(usecases::assign(env(ctx)?, actor(ctx)?, &new).await)
    }

    /// Goes on without the replies of the checked unit, which was given time and did not reply, with a reason that both units read. By who
    /// keeps the cluster and acts for neither of the two.
    async fn waive_replies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which cross-check, and why.")] input: CrossCheckReasonInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let (id, seen) = (Kind::CrossCheck.parse(&input.id)?, Seen::from(input.version));
        CrossCheckPayload::of(usecases::waive_replies(env(ctx)?, actor(ctx)?, id, &seen, &input.reason).await)
    }

    /// Takes a cross-check that has no minutes away from its checker, with a reason: who begins and does not go on holds up nobody. Its findings
    /// go, the points that the checker gave stand no longer. The answer shows it as it was.
    async fn withdraw_cross_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: CrossCheckReasonInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let (id, seen) = (Kind::CrossCheck.parse(&input.id)?, Seen::from(input.version));
        CrossCheckPayload::of(usecases::withdraw(env(ctx)?, actor(ctx)?, id, &seen, &input.reason).await)
    }

    /// Writes what the checker found. The checked unit sees it when the findings are sent.
    async fn write_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was found.")] input: WriteFindingInput,
    ) -> async_graphql::Result<Option<CrossCheckFindingPayload>> {
        let new = NewFinding {
            check: Kind::CrossCheck.parse(&input.cross_check_id)?,
            finding: input.finding.read(),
            key: input.idempotency_key.as_deref(),
        };
        CrossCheckFindingPayload::of(usecases::write_finding(env(ctx)?, actor(ctx)?, &new).await)
    }

    /// Writes a finding anew, while nothing was sent.
    async fn change_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was found.")] input: ChangeFindingInput,
    ) -> async_graphql::Result<Option<CrossCheckFindingPayload>> {
        let (id, seen) = (Kind::Finding.parse(&input.id)?, Seen::from(input.version));
        let finding = input.finding.read();
        CrossCheckFindingPayload::of(usecases::change_finding(env(ctx)?, actor(ctx)?, id, &seen, &finding).await)
    }

    /// Takes a finding away, while nothing was sent.
    async fn remove_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which finding.")] input: RemoveFindingInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let (id, seen) = (Kind::Finding.parse(&input.id)?, Seen::from(input.version));
        CrossCheckPayload::of(usecases::remove_finding(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Sends the findings to the checked unit, which then replies; without any, it is told that there are none.
    async fn send_findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which cross-check.")] input: CrossCheckStepInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let (id, seen) = (Kind::CrossCheck.parse(&input.id)?, Seen::from(input.version));
        CrossCheckPayload::of(usecases::send_findings(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Replies to a finding for the checked unit; the last reply stands until the replies are sent.
    async fn reply_to_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reply.")] input: ReplyToFindingInput,
    ) -> async_graphql::Result<Option<CrossCheckFindingPayload>> {
        let (id, seen) = (Kind::Finding.parse(&input.id)?, Seen::from(input.version));
        let said = (input.reply, input.text.as_deref());
        CrossCheckFindingPayload::of(usecases::reply(env(ctx)?, actor(ctx)?, id, &seen, said).await)
    }

    /// Sends the replies to the checker, when every finding has one.
    async fn send_replies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which cross-check.")] input: CrossCheckStepInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let (id, seen) = (Kind::CrossCheck.parse(&input.id)?, Seen::from(input.version));
        CrossCheckPayload::of(usecases::send_replies(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Writes the minutes of the visit, by which the cross-check is done.
    async fn write_minutes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The minutes.")] input: WriteMinutesInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let (id, seen) = (Kind::CrossCheck.parse(&input.id)?, Seen::from(input.version));
        CrossCheckPayload::of(usecases::write_minutes(env(ctx)?, actor(ctx)?, id, &seen, &input.read()).await)
    }

    /// Takes a cross-check one step back, with a reason that both units read. What was written stays until somebody writes it anew. By who keeps
    /// the cluster and acts for neither of the two.
    async fn return_cross_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: CrossCheckReasonInput,
    ) -> async_graphql::Result<Option<CrossCheckPayload>> {
        let (id, seen) = (Kind::CrossCheck.parse(&input.id)?, Seen::from(input.version));
        CrossCheckPayload::of(usecases::take_back(env(ctx)?, actor(ctx)?, id, &seen, &input.reason).await)
    }
}

/// One cross-check for `node`.
pub async fn cross_check(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<CrossCheck> {
    let check = loaded(loaders(ctx)?.load_one(CrossCheckId(id)).await)?;
    Ok(check.map(CrossCheck).ok_or(Error::NotFound)?)
}

/// One draw for `node`.
pub async fn cross_check_draw(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<CrossCheckDraw> {
    let draw = loaded(loaders(ctx)?.load_one(CrossCheckDrawId(id)).await)?;
    Ok(draw.map(CrossCheckDraw).ok_or(Error::NotFound)?)
}

/// One finding for `node`.
pub async fn finding(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<CrossCheckFinding> {
    let env = env(ctx)?;
    let view = View::of(actor(ctx)?, env.today());
    Ok(CrossCheckFinding(store::find_finding(&env.db, &view, id).await?))
}
