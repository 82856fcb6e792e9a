//! Figures that what was approved below has overtaken, in the schema.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use thidua_entity::enums::FigurePart;
use thidua_entity::report_submission;
use uuid::Uuid;

use super::figures::Decimal;
use crate::error::Error;
use crate::forms::graphql::{FormId, Indicator, IndicatorId, ItemsOf, ReportForm};
use crate::graphql::{Rows, loaded, loaders};
use crate::reports::usecases::overtaken::{self, Overtaken};

/// A figure that no longer agrees with the sum of the units below.
pub struct OvertakenFigure(Overtaken);

/// A figure of a report that no longer agrees with the sum of the units below, because a report of one of them, or a correction, was approved
/// after the figure had been written. It is not changed by itself: save it anew with the sum, or as it is when it is right.
#[Object]
impl OvertakenFigure {
    /// The indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        Ok(loaded(loaders(ctx)?.load_one(IndicatorId(self.0.indicator)).await)?.map(Indicator))
    }
    /// The total, or which part of it.
    async fn part(&self) -> FigurePart {
        self.0.part
    }
    /// The figure of the report.
    async fn value(&self) -> Decimal {
        Decimal(self.0.value)
    }
    /// Its text as typed.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// What the approved reports of the units below add up to now.
    async fn sum(&self) -> Decimal {
        Decimal(self.0.sum)
    }
    /// The form of these reports.
    async fn source_form(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportForm>> {
        Ok(loaded(loaders(ctx)?.load_one(FormId(self.0.form)).await)?.map(ReportForm))
    }
    /// How many reports are in the sum.
    async fn reports(&self) -> i64 {
        self.0.reports
    }
    /// Of how many units a report or a correction was approved since the figure was written.
    async fn units_since(&self) -> i64 {
        self.0.units
    }
    /// When the first of them was approved: since then the figure is overtaken.
    async fn since(&self) -> DateTime<Utc> {
        self.0.since
    }
}

/// Figures of a report that is seen that are overtaken, in the order of its form.
pub async fn of_report(
    ctx: &Context<'_>,
    report: &report_submission::Model,
) -> async_graphql::Result<Vec<OvertakenFigure>> {
    let loaders = loaders(ctx)?;
    let overtaken = loaded(loaders.load_one(OvertakenOf(report.id)).await)?.unwrap_or_default();
    if overtaken.is_empty() {
        return Ok(Vec::new());
    }
    let items = loaded(loaders.load_one(ItemsOf(report.form_version_id)).await)?.unwrap_or_default();
    let order: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
    let in_order = overtaken::in_order(overtaken.to_vec(), &order);
    Ok(in_order.into_iter().map(OvertakenFigure).collect())
}

/// Figures of a report that are overtaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OvertakenOf(pub Uuid);

impl Loader<OvertakenOf> for Rows {
    type Value = Arc<Vec<Overtaken>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[OvertakenOf]) -> Result<HashMap<OvertakenOf, Self::Value>, Self::Error> {
        let reports: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let seen = (&self.reach, self.env.today());
        let overtaken = overtaken::overtaken(&self.env.db, seen, &reports).await?;
        Ok(overtaken
            .into_iter()
            .map(|(report, all)| (OvertakenOf(report), Arc::new(all)))
            .collect())
    }
}
