//! Gaps between layers, as the schema shows them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, Object, SimpleObject};
use uuid::Uuid;

use crate::clusters::graphql::ClusterName;
use crate::criteria::graphql::ScoreLayer;
use crate::error::{Error, Text};
use crate::graphql::{Rows, id, language, loaded, loaders};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;
use crate::reports::unusual;
use crate::results::usecases;
use crate::scoring;
use crate::scoring::gap::{OverYears, SheetGap, YearGap};

/// For how many criteria a query is charged: what score tables have as a rule, with room.
const CRITERIA_CHARGED: usize = 60;
/// For how many years: this one and three before it.
const YEARS_CHARGED: usize = 4;

/// The gap of a score sheet that is seen; those of all sheets of a request in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GapOf(pub Uuid);

impl Loader<GapOf> for Rows {
    type Value = Arc<SheetGap>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[GapOf]) -> Result<HashMap<GapOf, Self::Value>, Self::Error> {
        let Some(actor) = &self.actor else {
            return Ok(HashMap::new());
        };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let view = scoring::store::View::of(actor, self.env.today());
        let sheets = scoring::store::find_many(&self.env.db, &view, &ids).await?;
        let gaps = Box::pin(usecases::gaps(&self.env, actor, &sheets)).await?;
        Ok(gaps.into_iter().map(|(sheet, gap)| (GapOf(sheet), gap)).collect())
    }
}

/// The gap of a score sheet that is seen.
pub async fn of_sheet(ctx: &Context<'_>, sheet: Uuid) -> async_graphql::Result<Option<ScoreGap>> {
    let gap = loaded(loaders(ctx)?.load_one(GapOf(sheet)).await)?;
    Ok(gap.map(ScoreGap))
}

fn in_language(ctx: &Context<'_>, sentences: &[Text]) -> Vec<String> {
    let language = language(ctx);
    let said = sentences.iter().map(|text| text.in_language(language).to_owned());
    said.collect()
}

/// How far what a unit gives itself lies apart from what others give it.
pub struct ScoreGap(Arc<SheetGap>);

/// How far what a unit gives itself (tự chấm) lies apart from what others give it, this year and in earlier ones. A gap is above 0 where the
/// unit saw itself better. Earlier years are those whose result is published and whose sheet the caller sees: of the unit, in whichever
/// cluster, and of the cluster; up to five of each.
#[Object]
impl ScoreGap {
    /// In total.
    async fn total(&self) -> GapOverYears {
        GapOverYears {
            gap: Arc::clone(&self.0),
            criterion: None,
        }
    }
    /// By criterion, in reading order: those of this year that apply to the unit; at most 500. One of an earlier year is the same when it has
    /// the same code and is of the same set, a version of it or an adaptation, or has the same name too.
    #[graphql(complexity = "CRITERIA_CHARGED * child_complexity")]
    async fn criteria(&self) -> Vec<GapOverYears> {
        let criteria = 0..self.0.criteria.len();
        let one = |index| GapOverYears {
            gap: Arc::clone(&self.0),
            criterion: Some(index),
        };
        criteria.map(one).collect()
    }
    /// What is to be known before the sheet is sent, or decided, in sentences to be read one after the other, in the caller's language: the
    /// total, then the three criteria that were furthest apart in earlier years.
    async fn sentences(&self, ctx: &Context<'_>) -> Vec<String> {
        in_language(ctx, &self.0.sentences())
    }
}

/// A criterion, or the total, over the years.
pub struct GapOverYears {
    gap: Arc<SheetGap>,
    criterion: Option<usize>,
}

impl GapOverYears {
    fn of(&self) -> &OverYears {
        let criterion = self.criterion.and_then(|index| self.gap.criteria.get(index));
        criterion.unwrap_or(&self.gap.total)
    }
}

/// A criterion, or the total, over the years.
#[Object]
impl GapOverYears {
    /// Code of the criterion; null for the total.
    async fn code(&self) -> Option<&str> {
        self.of().criterion.as_ref().map(|named| named.code.as_str())
    }
    /// Its name this year in the caller's language; null for the total.
    async fn title(&self, ctx: &Context<'_>) -> Option<String> {
        let title = &self.of().criterion.as_ref()?.title;
        let text = Text::new(title.vi.clone(), title.en.clone().unwrap_or_else(|| title.vi.clone()));
        Some(text.in_language(language(ctx)).to_owned())
    }
    /// This year first, then earlier ones, the newest first; at most 11. A year in which the unit did not take part tells of the others only.
    #[graphql(complexity = "YEARS_CHARGED * child_complexity")]
    async fn years(&self) -> Vec<GapInYear> {
        self.of().years.iter().cloned().map(GapInYear).collect()
    }
    /// In how many earlier years own and final points are known.
    async fn mean_years(&self) -> usize {
        self.of().mean.map_or(0, |mean| mean.years)
    }
    /// How far own points lay above final ones in these years on average, in points; null when none is known, and where the maxima were not
    /// all that of this year.
    async fn mean_to_final(&self) -> Option<Decimal> {
        self.of().mean?.points.map(Decimal)
    }
    /// The same in per cent of the maximum: the gaps added up, by the maxima added up.
    async fn mean_to_final_percent(&self) -> Option<Decimal> {
        self.of().mean?.percent.map(Decimal)
    }
    /// The same and more in sentences to be read one after the other, in the caller's language.
    async fn sentences(&self, ctx: &Context<'_>) -> Vec<String> {
        in_language(ctx, &self.of().sentences())
    }
}

/// What one layer gave.
#[derive(SimpleObject)]
pub struct GapLayer {
    /// Which layer.
    layer: ScoreLayer,
    /// Its points; in total what comes out by its word.
    points: Decimal,
}

/// Where the gaps of other units lie.
#[derive(SimpleObject)]
pub struct Spread {
    /// How many others there are; at least four, or nothing is told of them.
    count: usize,
    /// Their median.
    median: Decimal,
    /// Their median absolute deviation: the median of how far they lie from their median.
    deviation: Decimal,
}

impl From<unusual::Spread> for Spread {
    fn from(spread: unusual::Spread) -> Self {
        Self {
            count: spread.count,
            median: Decimal(spread.median),
            deviation: Decimal(spread.deviation),
        }
    }
}

/// What was given for a criterion, or in total, in one year.
pub struct GapInYear(YearGap);

/// What was given for a criterion, or in total, in one year, as far as the caller sees the layers.
#[Object]
impl GapInYear {
    /// Id of the emulation year.
    async fn year_id(&self) -> ID {
        id(Kind::EmulationYear, self.0.id)
    }
    /// The year it is called after: 2026.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Name of the cluster.
    async fn cluster_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        loaded(loaders(ctx)?.load_one(ClusterName(self.0.cluster)).await)
    }
    /// Whether the result of the year is published.
    async fn published(&self) -> bool {
        self.0.is_published
    }
    /// Most points then; of the total the scale.
    async fn max(&self) -> Decimal {
        Decimal(self.0.max)
    }
    /// What each layer gave to the unit, the lowest first, at most five: its own word, also where approved reports stand above it. Empty when
    /// the unit did not take part.
    #[graphql(complexity = "5 * child_complexity")]
    async fn layers(&self) -> Vec<GapLayer> {
        let layers = self.0.given.layers.iter();
        let shown = layers.map(|(layer, points)| GapLayer {
            layer: (*layer).into(),
            points: Decimal(*points),
        });
        shown.collect()
    }
    /// What approved reports give; null for the total, and where points do not come from reports.
    async fn from_reports(&self) -> Option<Decimal> {
        self.0.given.reports.map(Decimal)
    }
    /// The final points: what stands once the council has decided on the sheet, and of a published year what its result says; null before.
    #[graphql(name = "final")]
    async fn settled(&self) -> Option<Decimal> {
        self.0.given.settled.map(Decimal)
    }
    /// Own points less those of the cross-check; of a deduction the other way round. Null while one of them is not seen.
    async fn to_cross_check(&self) -> Option<Decimal> {
        self.0.to_check.map(Decimal)
    }
    /// The same in per cent of the maximum.
    async fn to_cross_check_percent(&self) -> Option<Decimal> {
        self.0.percent(self.0.to_check).map(Decimal)
    }
    /// Own points less the final ones; of a deduction the other way round. Null while one of them is not seen.
    async fn to_final(&self) -> Option<Decimal> {
        self.0.to_settled.map(Decimal)
    }
    /// The same in per cent of the maximum.
    async fn to_final_percent(&self) -> Option<Decimal> {
        self.0.percent(self.0.to_settled).map(Decimal)
    }
    /// Own points less those that approved reports give; null for the total, and where points do not come from reports.
    async fn to_reports(&self) -> Option<Decimal> {
        self.0.to_reports.map(Decimal)
    }
    /// Where `toCrossCheck` of the other units of the cluster lies, of those whose layers the caller sees; null for fewer than four.
    async fn others_to_cross_check(&self) -> Option<Spread> {
        self.0.others_to_check.map(Spread::from)
    }
    /// Where `toFinal` of the other units of the cluster lies; null for fewer than four.
    async fn others_to_final(&self) -> Option<Spread> {
        self.0.others_to_settled.map(Spread::from)
    }
}
