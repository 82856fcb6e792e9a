//! Score sheets as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::SheetState;
use thidua_entity::{score_entry, score_sheet};

use super::entries::{Objection, ScoreEntry, ScoreStep};
use super::loaders::{
    EditionsOf, ObjectionsOf, PointsOf, SeenClosely, SheetStepsOf, Sight, StandingEntriesOf, StandingOf, YearPoints,
};
use super::points::{self, SheetCriterion, ToldPoints};
use crate::criteria::graphql::ScoreLayer;
use crate::evidence::graphql::{self as evidence, Evidence};
use crate::graphql::{ViewerCan, actor, connection, env, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::reports::graphql::figures::Decimal;
use crate::results::graphql::gaps::{self, ScoreGap};
use crate::scoring::state::{self, Step};
use crate::scoring::usecases;
use crate::units::graphql::{NameOf, Unit, UnitId};
use crate::years::graphql::{EmulationYear, EmulationYearId};

/// For how many sections and criteria a query is charged: what score tables have as a rule, with room.
const CRITERIA_CHARGED: usize = 60;

/// The points of one unit in one emulation year, by layer.
#[derive(Clone)]
pub struct ScoreSheet(pub score_sheet::Model);

impl From<score_sheet::Model> for ScoreSheet {
    fn from(row: score_sheet::Model) -> Self {
        Self(row)
    }
}

/// The points of one unit in one emulation year (phiếu chấm điểm), by layer: the unit itself, the cross-check, the cluster, the province, the
/// council. A layer is seen once it is handed in, and before that by who writes it; in a blind year nobody but the unit sees its points
/// before the cross-check is done, and who acts for a unit of the year sees none of others before its own are handed in.
#[Object]
impl ScoreSheet {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::ScoreSheet, self.0.id)
    }
    /// The emulation year; null for a checker that does not see the year.
    async fn year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(self.0.year_id)).await)?.map(EmulationYear))
    }
    /// The unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of the unit, also where the unit itself is beyond the caller's reach.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)
    }
    /// Where it is in its life.
    async fn state(&self) -> SheetState {
        self.0.state
    }
    /// Last day on which the unit may object to its appraisal; null before it was appraised, and where the year lets nobody object.
    async fn objections_until(&self) -> Option<NaiveDate> {
        self.0.objections_until
    }
    /// Counts changes of the sheet and its entries; name it when you take a step.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// When it was begun.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
    /// The layers that the caller sees now, the lowest first; at most five.
    async fn layers_seen(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ScoreLayer>> {
        Ok(points::shown(&self.layers(ctx).await?))
    }
    /// Entries that stand, of the layers that the caller sees, in the order in which they were written: criteria and declarations. At
    /// most one for each layer and criterion or declaration.
    #[graphql(complexity = "CRITERIA_CHARGED * child_complexity")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this layer.")] layer: Option<ScoreLayer>,
    ) -> async_graphql::Result<Vec<ScoreEntry>> {
        let entries = loaded(loaders(ctx)?.load_one(StandingEntriesOf(self.0.id)).await)?.unwrap_or_default();
        let seen = self.seen(ctx, &entries).await?;
        let wanted = |row: &score_entry::Model| layer.is_none_or(|layer| points::shown(&[row.layer]).contains(&layer));
        Ok(seen.into_iter().filter(wanted).map(ScoreEntry).collect())
    }
    /// All that was ever written about one criterion or declaration, of the layers that the caller sees, the oldest first, at most the
    /// last 100.
    #[graphql(complexity = "10 * child_complexity")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the criterion or declaration.")] code: String,
    ) -> async_graphql::Result<Vec<ScoreEntry>> {
        let editions = loaded(loaders(ctx)?.load_one(EditionsOf(self.0.id, code)).await)?.unwrap_or_default();
        let seen = self.seen(ctx, &editions).await?;
        let skipped = seen.len().saturating_sub(100);
        Ok(seen.into_iter().skip(skipped).map(ScoreEntry).collect())
    }
    /// The sections and criteria that apply to the unit, in reading order, at most 500, with what each layer gave, what the reports give
    /// and how, and which points stand: as far as the caller sees the layers.
    #[graphql(complexity = "CRITERIA_CHARGED * child_complexity + 100")]
    async fn criteria(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<SheetCriterion>> {
        let entries = loaded(loaders(ctx)?.load_one(StandingEntriesOf(self.0.id)).await)?.unwrap_or_default();
        let seen = self.seen(ctx, &entries).await?;
        let points = loaded(loaders(ctx)?.load_one(PointsOf(self.0.id)).await)?;
        let unit = YearPoints::unit(self.0.unit_id);
        Ok(points
            .map(|points| {
                let told = ToldPoints::asked(ctx, &points, &unit);
                points::criteria(&points, &unit, &seen, told)
            })
            .unwrap_or_default())
    }
    /// The total of the points that stand, as far as the caller sees the layers; null while a criterion is open.
    #[graphql(complexity = "100")]
    async fn total(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Decimal>> {
        let points = loaded(loaders(ctx)?.load_one(PointsOf(self.0.id)).await)?;
        let unit = YearPoints::unit(self.0.unit_id);
        Ok(points.and_then(|points| points::total(&points, &unit)).map(Decimal))
    }
    /// How far what the unit gives itself lies apart from what others give it, this year, also before the sheet is sent, and in earlier
    /// years. What is known of the year and results of earlier ones are read for it, so it costs something. Null when the sheet is no longer
    /// seen.
    #[graphql(complexity = "200 + child_complexity")]
    async fn gap(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ScoreGap>> {
        gaps::of_sheet(ctx, self.0.id).await
    }
    /// Files that show that it is so, the oldest first, as many as a setting allows; 50 unless it says otherwise. Add one by `POST
    /// /api/v1/score-sheets/{id}/evidence`. None for who sees the sheet only because it is published.
    #[graphql(complexity = "10 * child_complexity")]
    async fn evidence(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Evidence>> {
        if !self.is_seen_closely(ctx).await? {
            return Ok(Vec::new());
        }
        evidence::of_sheet(ctx, self.0.id).await
    }
    /// The steps of its life, the oldest first.
    #[graphql(complexity = "10 * child_complexity")]
    async fn steps(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ScoreStep>> {
        let steps = loaded(loaders(ctx)?.load_one(SheetStepsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(steps.iter().cloned().map(ScoreStep).collect())
    }
    /// What the unit holds against its appraisal, the oldest first; at most 100. None for who sees the sheet only because it is published.
    #[graphql(complexity = "4 * child_complexity")]
    async fn objections(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Objection>> {
        if !self.is_seen_closely(ctx).await? {
            return Ok(Vec::new());
        }
        let objections = loaded(loaders(ctx)?.load_one(ObjectionsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(objections.iter().cloned().map(Objection).collect())
    }
    /// What the caller may do with it now and, for what is refused, why: write each layer (`SCORE_SELF`, `CROSS_CHECK_WRITE`,
    /// `SCORE_APPRAISE`, `SCORE_PROVINCE`, `SCORE_COUNCIL`), take each step (`SUBMIT`, `FINISH_CROSS_CHECK`, `APPRAISE`,
    /// `APPRAISE_FOR_PROVINCE`, `DECIDE`, `RETURN`), object (`OBJECTION_RAISE`). Whether what is written is complete is judged when the
    /// step is taken.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let (Some(sight), actor) = (self.sight(ctx).await?, actor(ctx)?) else {
            return Ok(Vec::new());
        };
        let standing = &sight.standing;
        let layers = thidua_entity::enums::ScoreLayer::ALL.iter().map(|&layer| {
            let may = usecases::may_write(actor, standing, self.0.state, layer);
            ViewerCan::of(ctx, state::stage(layer).action, may.map(drop))
        });
        let steps = Step::ALL.into_iter().map(|step| {
            let may = usecases::may_step(actor, standing, self.0.state, step);
            ViewerCan::step(ctx, step.code(), may.map(drop))
        });
        let may = usecases::may_raise(actor, standing, &self.0, env(ctx)?.today());
        let objects = ViewerCan::of(ctx, Action::ObjectionRaise, may.map(drop));
        Ok(layers.chain(steps).chain([objects]).collect())
    }
}

impl ScoreSheet {
    /// Who sent a sheet back may see it no longer: then it sees no layer of it.
    async fn sight(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Sight>> {
        loaded(loaders(ctx)?.load_one(StandingOf(self.0.id)).await)
    }

    /// Whether the caller sees what is beside its points.
    async fn is_seen_closely(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(loaded(loaders(ctx)?.load_one(SeenClosely(self.0.id)).await)?.is_some())
    }

    async fn layers(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<thidua_entity::enums::ScoreLayer>> {
        Ok(self.sight(ctx).await?.map_or_else(Vec::new, |sight| sight.layers))
    }

    /// Those of some entries that the caller sees.
    async fn seen(
        &self,
        ctx: &Context<'_>,
        entries: &[score_entry::Model],
    ) -> async_graphql::Result<Vec<score_entry::Model>> {
        let layers = self.layers(ctx).await?;
        Ok(entries
            .iter()
            .filter(|row| layers.contains(&row.layer))
            .cloned()
            .collect())
    }
}

connection!(ScoreSheetConnection, ScoreSheetEdge, ScoreSheet, "score sheets");
payload!(ScoreSheetPayload, sheet: ScoreSheet, "a score sheet");
