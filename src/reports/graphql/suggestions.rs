//! Figures that a report could begin with, in the schema.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Enum, Object};
use chrono::NaiveDate;
use thidua_entity::enums::{FigurePart, Nature};
use thidua_entity::report_submission;
use uuid::Uuid;

use super::figures::ValuesOf;
use super::{ReportSubmission, SubmissionId};
use crate::error::Error;
use crate::forms::graphql::{FormId, Indicator, IndicatorId, ItemsOf, ReportForm};
use crate::graphql::{Rows, loaded, loaders};
use crate::reports::usecases::suggestions::{self, Origin, Suggested};

/// A figure that a report could begin with.
#[derive(Clone)]
pub struct FigureSuggestion(Suggested);

/// A figure that a report does not have and that is known from elsewhere. It is written only when the officer saves it, so that somebody
/// has looked at it.
#[Object]
impl FigureSuggestion {
    /// The indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        Ok(loaded(loaders(ctx)?.load_one(IndicatorId(self.0.indicator)).await)?.map(Indicator))
    }
    /// The total, or which part of it.
    async fn part(&self) -> FigurePart {
        self.0.part
    }
    /// The text to be saved, `1.671`.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// Actual, or an estimate as it is where it comes from; a sum with an estimate in it is one. Save it with the text.
    async fn nature(&self) -> Nature {
        self.0.nature
    }
    /// Where it comes from.
    async fn origin(&self) -> SuggestionOrigin {
        match self.0.origin {
            Origin::LastPeriod(_) => SuggestionOrigin::LastPeriod,
            Origin::OtherForm(_) => SuggestionOrigin::OtherForm,
            Origin::UnitsBelow { .. } => SuggestionOrigin::UnitsBelow,
            Origin::UnitStatistics(_) => SuggestionOrigin::UnitStatistics,
        }
    }
    /// The report that it stands in; null for a sum and for what is recorded of the unit.
    async fn source(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportSubmission>> {
        let (Origin::LastPeriod(report) | Origin::OtherForm(report)) = self.0.origin else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(SubmissionId(report)).await)?.map(ReportSubmission))
    }
    /// For a sum: the form of the reports that were added.
    async fn source_form(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportForm>> {
        let Origin::UnitsBelow { form, .. } = self.0.origin else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(FormId(form)).await)?.map(ReportForm))
    }
    /// For what is recorded of the unit: the day of the count.
    async fn as_of(&self) -> Option<NaiveDate> {
        match self.0.origin {
            Origin::UnitStatistics(day) => Some(day),
            Origin::LastPeriod(_) | Origin::OtherForm(_) | Origin::UnitsBelow { .. } => None,
        }
    }
    /// How many reports it comes from: 1, those that were added, or 0 for what is recorded of the unit.
    async fn reports(&self) -> i64 {
        match self.0.origin {
            Origin::UnitStatistics(_) => 0,
            Origin::LastPeriod(_) | Origin::OtherForm(_) => 1,
            Origin::UnitsBelow { reports, .. } => reports,
        }
    }
}

/// Where a suggestion comes from.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SuggestionOrigin {
    /// From the unit's approved report on the same form for the last period: stocks, which seldom change much.
    LastPeriod,
    /// From a report that the unit has handed in on another form for the same period.
    OtherForm,
    /// The sum of the approved reports of the units below for the same period.
    UnitsBelow,
    /// The newest head count that is recorded of the unit (`unit { statistics }`), on or before the end of the period.
    UnitStatistics,
}

/// What a report that is seen and with its unit could begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SuggestionsOf(pub Uuid);

impl Loader<SuggestionsOf> for Rows {
    type Value = Arc<Vec<Suggested>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[SuggestionsOf]) -> Result<HashMap<SuggestionsOf, Self::Value>, Self::Error> {
        let reports: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let seen = (&self.reach, self.env.today());
        let suggested = suggestions::suggest(&self.env.db, seen, &reports).await?;
        Ok(suggested
            .into_iter()
            .map(|(report, all)| (SuggestionsOf(report), Arc::new(all)))
            .collect())
    }
}

/// What a report that is seen could begin with: figures that its form asks for and that it does not have, in the order of the form.
pub async fn of_report(
    ctx: &Context<'_>,
    report: &report_submission::Model,
) -> async_graphql::Result<Vec<FigureSuggestion>> {
    if !suggestions::are_made(report.status) {
        return Ok(Vec::new());
    }
    let loaders = loaders(ctx)?;
    let suggested = loaded(loaders.load_one(SuggestionsOf(report.id)).await)?.unwrap_or_default();
    let items = loaded(loaders.load_one(ItemsOf(report.form_version_id)).await)?.unwrap_or_default();
    let values = loaded(loaders.load_one(ValuesOf(report.id)).await)?.unwrap_or_default();
    let fitting = suggestions::fitting(&suggested, &items, &values);
    Ok(fitting.into_iter().map(FigureSuggestion).collect())
}
