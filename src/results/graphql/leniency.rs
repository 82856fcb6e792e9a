//! The leniency of checkers, as the schema shows it.

use async_graphql::{Context, Object, SimpleObject};
use thidua_entity::emulation_year;

use crate::graphql::{actor, env, language, loaded, loaders};
use crate::policy::{self, Action};
use crate::reports::graphql::figures::Decimal;
use crate::results::usecases;
use crate::scoring::gap::leniency::{Leniency, Median};
use crate::units::graphql::{NameOf, Unit, UnitId};
use crate::years::graphql::YearPlace;

/// For how many checkers a query is charged: one for each unit of a cluster, as a rule.
const CHECKERS_CHARGED: usize = 20;

/// How lenient the checkers of a year's cluster are; nothing for who does not decide there.
pub async fn of_year(
    ctx: &Context<'_>,
    year: &emulation_year::Model,
) -> async_graphql::Result<Option<Vec<CheckerLeniency>>> {
    let place = loaded(loaders(ctx)?.load_one(YearPlace(year.id)).await)?.unwrap_or_default();
    let (env, actor) = (env(ctx)?, actor(ctx)?);
    if !policy::permits(actor, Action::LeniencyRead, &place) {
        return Ok(None);
    }
    let told = Box::pin(usecases::leniency(env, actor, year)).await?;
    Ok(Some(told.into_iter().map(CheckerLeniency).collect()))
}

/// For how much `checkerLeniency` is charged: what is known of the year is gathered anew, and results of earlier years are read.
pub const fn cost(child: usize) -> usize {
    1_000 + CHECKERS_CHARGED * child
}

/// How far the cross-check lay above the final points.
#[derive(SimpleObject)]
pub struct LeniencyMedian {
    /// How many sheets.
    sheets: usize,
    /// Median of the total of the cross-check less the final one; null where scales differ.
    points: Option<Decimal>,
    /// The same in per cent of the scale.
    percent: Decimal,
}

impl From<Median> for LeniencyMedian {
    fn from(median: Median) -> Self {
        Self {
            sheets: median.sheets,
            points: median.points.map(Decimal),
            percent: Decimal(median.percent),
        }
    }
}

/// How lenient a unit is that checks others.
pub struct CheckerLeniency(Leniency);

/// How lenient a unit is that checks others: how far its cross-checks lay above the final points.
#[Object]
impl CheckerLeniency {
    /// The checking unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.checker)).await)?.map(Unit))
    }
    /// Name in use of the checking unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        loaded(loaders(ctx)?.load_one(NameOf(self.0.checker)).await)
    }
    /// How many of the sheets that it checked are decided.
    async fn sheets(&self) -> usize {
        self.0.sheets
    }
    /// The years that these are of, the newest first; at most six.
    async fn years(&self) -> &[i32] {
        &self.0.years
    }
    /// How it checked them; null for fewer than three, which are no judgement.
    async fn own(&self) -> Option<LeniencyMedian> {
        self.0.own.map(LeniencyMedian::from)
    }
    /// How the sheets were checked that it had no part in; null for fewer than four.
    async fn others(&self) -> Option<LeniencyMedian> {
        self.0.others.map(LeniencyMedian::from)
    }
    /// The same in a sentence, in the caller's language.
    async fn sentence(&self, ctx: &Context<'_>) -> String {
        self.0.text().in_language(language(ctx)).to_owned()
    }
}
