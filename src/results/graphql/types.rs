//! Results as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use thidua_entity::enums::ResultState;
use thidua_entity::result;

use super::counts::GradeCount;
use super::explained::{ResultStaleness, ResultWarning};
use super::units::{ResultProblem, ResultUnitConnection, SNAPSHOT_COST, TiedUnits};
use super::{ResultId, SnapshotOf, TallyOf, TiedIn};
use crate::accounts::graphql::account_name;
use crate::db::PageArgs;
use crate::graphql::{self, ViewerCan, actor, connection, env, id, loaded, loaders, payload, wants_count};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reckoning::ENGINE;
use crate::results::{store, usecases, warnings};
use crate::years::graphql::{EmulationYear, EmulationYearId, ParticipantsOf, YearPlace};

/// What it costs to gather all facts of a year anew.
const GATHERING_COST: usize = 1_000;
/// What it costs to begin a list, which is a statement for each result.
const LISTING_COST: usize = 20;
/// For how many units that share places a query is charged.
const TIED_CHARGED: usize = 6;
/// For how many grades a query is charged.
const GRADES_CHARGED: usize = 6;

/// What came out of an emulation year: computed, and published once it is decided. A published one never changes.
#[derive(Clone)]
pub struct EmulationResult(pub result::Model);

impl From<result::Model> for EmulationResult {
    fn from(row: result::Model) -> Self {
        Self(row)
    }
}

/// What came out of an emulation year: computed, and published once it is decided. A published one never changes.
#[Object]
impl EmulationResult {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::EmulationResult, self.0.id)
    }
    /// The emulation year.
    async fn year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(self.0.year_id)).await)?.map(EmulationYear))
    }
    /// 1, 2, 3 … within the year.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// Computed or published.
    async fn state(&self) -> ResultState {
        self.0.state
    }
    /// Which way of reckoning made it.
    async fn engine(&self) -> i32 {
        self.0.engine
    }
    /// SHA-256 of its snapshot, hexadecimal. The snapshot is at `GET /api/v1/results/{id}/snapshot`.
    async fn hash(&self) -> &str {
        &self.0.hash
    }
    /// SHA-256 of the facts it was computed from.
    async fn facts_hash(&self) -> &str {
        &self.0.facts_hash
    }
    /// SHA-256 of the criteria set it was computed by.
    async fn rules_hash(&self) -> &str {
        &self.0.rules_hash
    }
    /// The published result that it corrects; null when it corrects none.
    async fn corrects(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationResult>> {
        let Some(corrected) = self.0.corrects_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(ResultId(corrected)).await)?.map(EmulationResult))
    }
    /// Why that is corrected.
    async fn correction_reason(&self) -> Option<&str> {
        self.0.correction_reason.as_deref()
    }
    /// When it was computed.
    async fn computed_at(&self) -> DateTime<Utc> {
        self.0.computed_at
    }
    /// Name of who had it computed; null for recorded data.
    async fn computed_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.computed_by).await
    }
    /// When it was published; null before.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }
    /// Name of who published it; null before.
    async fn published_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.published_by).await
    }
    /// Its units by place; those without a place behind, by name.
    #[graphql(complexity = "LISTING_COST + graphql::list_cost(first, last, child_complexity)")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<ResultUnitConnection> {
        let args = PageArgs::new(first, after, last, before);
        let page = store::list_units(&env(ctx)?.db, self.0.id, &args, wants_count(ctx)).await?;
        Ok(ResultUnitConnection::of(page))
    }
    /// How many units have each grade, the best first; then how many are not eligible, and how many could not be rated.
    #[graphql(complexity = "GRADES_CHARGED * child_complexity + 1")]
    async fn grade_counts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<GradeCount>> {
        let tally = loaded(loaders(ctx)?.load_one(TallyOf(self.0.id)).await)?.unwrap_or_default();
        Ok(tally.iter().map(GradeCount::from).collect())
    }
    /// What to look at before it is published: units without a grade, shared places, counts that do not add up to those who take part,
    /// quotas that are exceeded or that nobody held.
    #[graphql(complexity = "SNAPSHOT_COST + 5 * child_complexity")]
    async fn warnings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ResultWarning>> {
        let loaders = loaders(ctx)?;
        let tally = loaded(loaders.load_one(TallyOf(self.0.id)).await)?.unwrap_or_default();
        let tied = loaded(loaders.load_one(TiedIn(self.0.id)).await)?.unwrap_or_default();
        let all = loaded(loaders.load_one(ParticipantsOf(self.0.year_id)).await)?.unwrap_or_default();
        let taking_part = all.iter().filter(|one| one.withdrawn_on.is_none()).count();
        let mut told = warnings::of_counts(&tally, taking_part, tied.len());
        // What another engine made is not looked into.
        if i64::from(self.0.engine) == i64::from(ENGINE) {
            let snapshot = loaded(loaders.load_one(SnapshotOf(self.0.id)).await)?;
            told.extend(snapshot.iter().flat_map(|snapshot| warnings::of_quotas(snapshot)));
        }
        Ok(told.into_iter().map(ResultWarning::from).collect())
    }
    /// Groups of units that nothing separates: they share a place until a ballot decides between them.
    #[graphql(complexity = "TIED_CHARGED * child_complexity + 1")]
    async fn needs_ballot(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<TiedUnits>> {
        let tied = loaded(loaders(ctx)?.load_one(TiedIn(self.0.id)).await)?.unwrap_or_default();
        let groups = tied.chunk_by(|one, other| one.place == other.place);
        Ok(groups.map(|group| TiedUnits(group.to_vec())).collect())
    }
    /// Entries of score sheets that do not fit the criteria; it is not published while there are any. At most 100.
    #[graphql(complexity = "SNAPSHOT_COST + 5 * child_complexity")]
    async fn problems(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ResultProblem>> {
        let snapshot = loaded(loaders(ctx)?.load_one(SnapshotOf(self.0.id)).await)?;
        let problems = snapshot.iter().flat_map(|one| &one.outcome.problems).take(100);
        Ok(problems
            .map(|one| ResultProblem {
                unit_id: ID(one.unit.clone()),
                criterion_code: one.criterion.clone(),
                kind: one.kind.code().to_owned(),
            })
            .collect())
    }
    /// Whether the facts or the criteria are others now than when it was computed, and which. All facts of the year are gathered for it, so
    /// it costs much: ask it of few results at once. Null for who may neither compute nor publish results there.
    #[graphql(complexity = "GATHERING_COST + child_complexity")]
    async fn staleness(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ResultStaleness>> {
        let place = loaded(loaders(ctx)?.load_one(YearPlace(self.0.year_id)).await)?.unwrap_or_default();
        let (caller, actions) = (actor(ctx)?, [Action::ResultCompute, Action::ResultPublish]);
        if !actions
            .into_iter()
            .any(|action| policy::permits(caller, action, &place))
        {
            return Ok(None);
        }
        let staleness = usecases::staleness(env(ctx)?, &self.0).await?;
        Ok(Some(ResultStaleness(staleness)))
    }
    /// Counts changes; give it back as `version` when you publish or correct it.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(YearPlace(self.0.year_id)).await)?.unwrap_or_default();
        Ok(ViewerCan::at(
            ctx,
            &place,
            &[Action::ResultCompute, Action::ResultPublish],
        )?)
    }
}

connection!(
    EmulationResultConnection,
    EmulationResultEdge,
    EmulationResult,
    "results"
);
payload!(EmulationResultPayload, result: EmulationResult, "a result");
