//! Results in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::usecases::Asks;
use super::{store, usecases};
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, actor, env, loaded, loaders, outcome, wants_count};
use crate::ids::Kind;
use crate::input;
use crate::version::Seen;

mod counts;
mod explained;
pub mod gaps;
mod inputs;
pub mod leniency;
mod loaders;
mod types;
mod units;

use counts::CountedGrades;
pub use explained::RuleQuotaPayload;
use explained::{ResultExplanation, WhatIfPayload, WhatIfResult};
use inputs::{
    AlterationInput, ComputeResultInput, CorrectResultInput, EmulationResultWhere, GradeCountsWhere,
    PublishResultInput, ResultSubjectInput, RuleQuotaInput, SettleTieInput, WhatIfOverInput,
};
pub use loaders::{ResultId, SnapshotOf, TallyOf, TiedIn};
pub use types::{EmulationResult, EmulationResultConnection, EmulationResultPayload};
pub use units::{ResultUnit, ResultUnitConnection};

/// Most changes that are tried at once.
const ALTERATIONS_MAX: usize = 50;

/// Reads of results.
#[derive(Default)]
pub struct ResultQuery;

#[Object]
impl ResultQuery {
    /// The results that the caller sees, the newest first: published ones of the years that it sees; those that are only computed where it may
    /// compute or decide, or stands above.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn emulation_results(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which results.")] r#where: Option<EmulationResultWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<EmulationResultConnection>> {
        let env = env(ctx)?;
        let view = store::View::of(actor(ctx)?, env.today());
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(EmulationResultConnection::of(page)))
    }

    /// Why a unit has its points, its total, its grade or its place, why a gate is closed and whom a quota moved: in sentences and as data.
    #[graphql(complexity = "100 + child_complexity")]
    async fn explain_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the result.")] result_id: ID,
        #[graphql(desc = "What is to be explained.")] subject: ResultSubjectInput,
    ) -> async_graphql::Result<Option<ResultExplanation>> {
        let result = result(ctx, Kind::EmulationResult.parse(&result_id)?).await?.0;
        let snapshot = loaded(loaders(ctx)?.load_one(SnapshotOf(result.id)).await)?.ok_or(Error::NotFound)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let asks = Asks {
            actor,
            today: env.today(),
        };
        let told = usecases::explain(&env.db, asks, snapshot, subject.read()).await?;
        Ok(Some(ResultExplanation(told)))
    }

    /// What would come out if weights, maxima, bands, quotas or gates were others, with the moves it would cause. Nothing is stored.
    #[graphql(complexity = "1000 + 20 * child_complexity")]
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Over which facts.")] over: WhatIfOverInput,
        #[graphql(desc = "The changes, one after the other; at most 50.")] alterations: Vec<AlterationInput>,
    ) -> async_graphql::Result<Option<WhatIfPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let tried = async {
            input::list_size("alterations", alterations.len(), ALTERATIONS_MAX)?;
            let snapshot = match &over {
                WhatIfOverInput::ResultId(id) => {
                    let view = store::View::of(actor, env.today());
                    let result = store::find(&env.db, &view, Kind::EmulationResult.parse(id)?).await?;
                    usecases::open(&env.db, &result).await?
                }
                WhatIfOverInput::YearId(id) => usecases::as_of_now(env, actor, Kind::EmulationYear.parse(id)?).await?,
            };
            usecases::what_if(snapshot, alterations.into_iter().map(AlterationInput::read).collect()).await
        };
        let (tried, user_errors) = outcome(tried.await)?;
        Ok(Some(WhatIfPayload {
            what_if: tried.map(WhatIfResult::from),
            user_errors,
        }))
    }

    /// Works a result out again from its snapshot: whether the very same bytes come out.
    #[graphql(complexity = "500 + child_complexity")]
    async fn recompute_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the result.")] id: ID,
    ) -> async_graphql::Result<Option<RecomputedResult>> {
        // Who may ask nothing is told so, whatever the id.
        actor(ctx)?;
        let result = result(ctx, Kind::EmulationResult.parse(&id)?).await?.0;
        let again = usecases::recompute(env(ctx)?, &result).await?;
        Ok(Some(RecomputedResult {
            hash: again.hash,
            equal: again.equal,
        }))
    }

    /// How many units have each grade, over the result of each cluster that was published last, as far as the caller sees the years.
    #[graphql(complexity = "20 + child_complexity")]
    async fn grade_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Over what.")] r#where: GradeCountsWhere,
    ) -> async_graphql::Result<Option<CountedGrades>> {
        let counts = usecases::grade_counts(env(ctx)?, actor(ctx)?, &r#where.read()?).await?;
        Ok(Some(CountedGrades(counts)))
    }

    /// What a quota over the clusters of a unit would do, without ruling it. For who may rule it.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn hold_quota(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quota.")] input: RuleQuotaInput,
    ) -> async_graphql::Result<Option<RuleQuotaPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        RuleQuotaPayload::of(async { usecases::hold(env, actor, input.read()?).await }.await)
    }
}

/// What came of working a result out again.
#[derive(async_graphql::SimpleObject)]
pub struct RecomputedResult {
    /// SHA-256 of the bytes that its rules and facts give now.
    hash: String,
    /// Whether these are the bytes of its snapshot.
    equal: bool,
}

/// Writes of results.
#[derive(Default)]
pub struct ResultMutation;

#[Object]
impl ResultMutation {
    /// Computes the result of an emulation year from what is locked and keeps it with its snapshot. The score sheets of all units that are
    /// eligible must be appraised by the cluster at least. When nothing has changed since the last one, that is the answer.
    async fn compute_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which year.")] input: ComputeResultInput,
    ) -> async_graphql::Result<Option<EmulationResultPayload>> {
        let year = Kind::EmulationYear.parse(&input.year_id)?;
        EmulationResultPayload::of(usecases::compute(env(ctx)?, actor(ctx)?, year).await)
    }

    /// Puts units that share a place in order, where the criteria leave that to a ballot: as a ballot came out, or as the standing committee
    /// decided. The result is stale then and has the order in it when it is computed again. An order given later to the same units takes the
    /// place of this one; once the result is published it changes no more.
    async fn settle_tie(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which units, in which order, and why.")] input: SettleTieInput,
    ) -> async_graphql::Result<Option<EmulationResultPayload>> {
        let (env, actor, seen) = (env(ctx)?, actor(ctx)?, Seen::from(input.version));
        let settled = async { usecases::settle_tie(env, actor, input.read()?, &seen).await };
        EmulationResultPayload::of(settled.await)
    }

    /// Publishes a computed result, and with it the score sheets and the year. Refused while it is stale, while objections are open, and
    /// before the council has decided on the sheet of every unit that is eligible. What is published never changes.
    async fn publish_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which result.")] input: PublishResultInput,
    ) -> async_graphql::Result<Option<EmulationResultPayload>> {
        let (id, seen) = (Kind::EmulationResult.parse(&input.id)?, Seen::from(input.version));
        EmulationResultPayload::of(usecases::publish(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Computes the result of a published year anew to correct the published one, with the reason. The new one is then published like any
    /// other; the old one stays as it is. Points are corrected on the sheets: the council takes a published one back (`returnScoreSheet`). When
    /// the same comes out after all, these sheets are published again and the answer is the published result.
    async fn correct_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which result, and why.")] input: CorrectResultInput,
    ) -> async_graphql::Result<Option<EmulationResultPayload>> {
        let (id, seen) = (Kind::EmulationResult.parse(&input.id)?, Seen::from(input.version));
        EmulationResultPayload::of(usecases::correct(env(ctx)?, actor(ctx)?, id, &seen, &input.reason).await)
    }

    /// Holds a quota over all clusters whose organisers stand at or below a unit, and keeps whom it moves. Their results are stale then, and
    /// have the moves in them when they are computed again. One that the unit ruled before for the same year and grade holds no more.
    async fn rule_quota(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quota.")] input: RuleQuotaInput,
    ) -> async_graphql::Result<Option<RuleQuotaPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        RuleQuotaPayload::of(async { usecases::rule(env, actor, input.read()?).await }.await)
    }
}

/// One result for `node`.
pub async fn result(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<EmulationResult> {
    actor(ctx)?;
    let result = loaded(loaders(ctx)?.load_one(ResultId(id)).await)?;
    Ok(result.map(EmulationResult).ok_or(Error::NotFound)?)
}
