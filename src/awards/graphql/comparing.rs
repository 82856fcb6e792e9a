//! Comparing the proposals of one award, and who goes first at equal merit, as the schema shows it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use thidua_entity::enums::RuleOutcome;
use uuid::Uuid;

use super::proposals::AwardProposal;
use crate::awards::comparing::Preference;
use crate::awards::usecases::{self, Compared};
use crate::error::{Error, Result};
use crate::graphql::{Rows, actor, env, language, loaded, loaders};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;
use crate::results::graphql::{EmulationResult, ResultId};

/// Whether a proposal goes first at equal merit; the proposal was found before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PreferenceOf(pub Uuid);

impl Loader<PreferenceOf> for Rows {
    type Value = Arc<Preference>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PreferenceOf]) -> Result<HashMap<PreferenceOf, Self::Value>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let found = usecases::preferences(&self.env.db, &self.env, &ids).await?;
        let each = found.into_iter();
        Ok(each.map(|(id, one)| (PreferenceOf(id), Arc::new(one))).collect())
    }
}

/// Whether a proposal goes first at equal merit; nothing where its terms prefer nobody.
pub async fn preference(ctx: &Context<'_>, proposal: Uuid) -> async_graphql::Result<Option<AwardTiePreference>> {
    let found = loaded(loaders(ctx)?.load_one(PreferenceOf(proposal)).await)?;
    Ok(found.map(AwardTiePreference))
}

/// Whether somebody goes first at equal merit: women, and collectives with as many women as the terms ask for. It admits and refuses
/// nobody.
pub struct AwardTiePreference(Arc<Preference>);

/// Whether somebody goes first at equal merit: women, and collectives with as many women as the terms ask for. It admits and refuses
/// nobody.
#[Object]
impl AwardTiePreference {
    /// PASS for who goes first, FAIL for who does not, UNKNOWN where it is not said or not counted.
    async fn outcome(&self) -> RuleOutcome {
        self.0.outcome
    }
    /// How many members the unit had; null for a person, and when not counted.
    async fn members(&self) -> Option<i64> {
        self.0.heads?.members
    }
    /// How many of them were women; null as `members` is.
    async fn women(&self) -> Option<i64> {
        self.0.heads?.women
    }
    /// The day of that count: the last one up to the end of the year of achievement, or up to today while it runs. Null without a count.
    async fn as_of(&self) -> Option<NaiveDate> {
        Some(self.0.heads?.as_of)
    }
    /// Why, in the caller's language.
    async fn sentence(&self, ctx: &Context<'_>) -> &str {
        self.0.text.in_language(language(ctx))
    }
}

/// A proposal among those with which it is compared.
pub struct AwardComparisonRow(Compared);

/// A proposal among those with which it is compared.
#[Object]
impl AwardComparisonRow {
    /// The place among those that the caller sees, from 1; those who are even in points and preference share it. Null without points.
    async fn position(&self) -> Option<i32> {
        i32::try_from(self.0.placed.position?).ok()
    }
    /// The points of the unit in the published result of the year; null for a person, and for a unit without them.
    async fn points(&self) -> Option<Decimal> {
        self.0.placed.candidate.points.map(Decimal)
    }
    /// The published result that these points are of; null without points, and when it is beyond what the caller sees.
    async fn result(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationResult>> {
        let Some(result) = self.0.result else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(ResultId(result)).await)?.map(EmulationResult))
    }
    /// Whether it goes first at equal points; null where the terms prefer nobody.
    async fn preference(&self) -> Option<AwardTiePreference> {
        let given = self.0.placed.candidate.preference.clone();
        given.map(|given| AwardTiePreference(Arc::new(given)))
    }
    /// Why it stands before, or beside, those with as many points, in the caller's language; null when nobody has as many.
    async fn sentence(&self, ctx: &Context<'_>) -> Option<&str> {
        Some(self.0.placed.text.as_ref()?.in_language(language(ctx)))
    }
    /// The proposal.
    async fn proposal(&self) -> AwardProposal {
        AwardProposal(self.0.proposal.clone())
    }
}

/// What a comparison costs against the bound of complexity: few are as long as they may be.
const COMPARED_CHARGED: usize = 100;

/// Reads that compare proposals.
#[derive(Default)]
pub struct AwardComparisonQuery;

#[Object]
impl AwardComparisonQuery {
    /// The proposals for one award in one year that a unit decides, side by side: by the points of the published result of the year, at
    /// equal points those first whom the terms prefer, then by name; those without points at the end. Those that are refused, as far as it
    /// was told, are left out. It compares what the caller sees, and asks that it sees the unit that decides. More than 500 are refused (`TOO_COMPLEX`).
    #[graphql(complexity = "COMPARED_CHARGED * child_complexity + 1")]
    async fn award_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The kind of award that is proposed.")] type_id: ID,
        #[graphql(desc = "Year of achievement.")] year: i32,
        #[graphql(desc = "The unit that decides.")] decider_id: ID,
    ) -> async_graphql::Result<Option<Vec<AwardComparisonRow>>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let of = (Kind::AwardType.parse(&type_id)?, year, Kind::Unit.parse(&decider_id)?);
        let rows = usecases::compare(env, actor, of).await?;
        Ok(Some(rows.into_iter().map(AwardComparisonRow).collect()))
    }
}
