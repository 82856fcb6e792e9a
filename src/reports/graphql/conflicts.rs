//! What was typed for figures that another had changed meanwhile.

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use thidua_entity::enums::{FigurePart, Nature};
use thidua_entity::{report_mark, report_rival, report_submission};

use super::ValuesOf;
use crate::accounts::graphql::account_name;
use crate::forms::graphql::{Indicator, IndicatorId};
use crate::graphql::{self, loaded, loaders};
use crate::reports::merging::NOTE;
use crate::reports::store;

/// What somebody typed for a figure that another had changed meanwhile.
pub struct FigureConflict {
    rival: report_rival::Model,
    standing: String,
    mark: Option<report_mark::Model>,
}

impl FigureConflict {
    /// Those of a report, the oldest first.
    pub async fn of(ctx: &Context<'_>, report: &report_submission::Model) -> async_graphql::Result<Vec<Self>> {
        let loaders = loaders(ctx)?;
        let rivals = loaded(loaders.load_one(RivalsOf(report.id)).await)?.unwrap_or_default();
        if rivals.is_empty() {
            return Ok(Vec::new());
        }
        let values = loaded(loaders.load_one(ValuesOf(report.id)).await)?.unwrap_or_default();
        let marks = loaded(loaders.load_one(MarksOf(report.id)).await)?.unwrap_or_default();
        let conflict = |rival: &report_rival::Model| {
            let place = (rival.indicator_id, rival.part);
            let value = values.iter().find(|value| (value.indicator_id, value.part) == place);
            let standing = if place == NOTE {
                report.note.clone()
            } else {
                value.map(|value| value.raw.clone())
            };
            Self {
                rival: rival.clone(),
                standing: standing.unwrap_or_default(),
                mark: marks
                    .iter()
                    .find(|mark| (mark.indicator_id, mark.part) == place)
                    .cloned(),
            }
        };
        Ok(rivals.iter().map(conflict).collect())
    }
}

/// What somebody typed for a figure that another had changed meanwhile, and what stands there. Whoever has seen both decides by writing
/// the figure again.
#[Object]
impl FigureConflict {
    /// The indicator; null for the note of the report.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        if (self.rival.indicator_id, self.rival.part) == NOTE {
            return Ok(None);
        }
        Ok(loaded(loaders(ctx)?.load_one(IndicatorId(self.rival.indicator_id)).await)?.map(Indicator))
    }
    /// The total, or which part of it.
    async fn part(&self) -> FigurePart {
        self.rival.part
    }
    /// What stands in the report, as typed; empty when it was taken out.
    async fn standing(&self) -> &str {
        &self.standing
    }
    /// Name of who wrote what stands.
    async fn standing_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.mark.as_ref().and_then(|mark| mark.account_id)).await
    }
    /// When it was written; null when that was not kept.
    async fn standing_at(&self) -> Option<DateTime<Utc>> {
        self.mark.as_ref().map(|mark| mark.at)
    }
    /// What was typed beside it; empty when the figure was to be taken out.
    async fn text(&self) -> &str {
        &self.rival.raw
    }
    /// Actual or estimate, where that was said.
    async fn nature(&self) -> Option<Nature> {
        self.rival.nature
    }
    /// Name of who typed it.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.rival.account_id).await
    }
    /// When it arrived.
    async fn at(&self) -> DateTime<Utc> {
        self.rival.at
    }
}

graphql::parts_loader!(
    RivalsOf,
    report_rival::Model,
    store::rivals,
    submission_id,
    "What was typed for figures of a report that others had changed."
);
graphql::parts_loader!(
    MarksOf,
    report_mark::Model,
    store::marks,
    submission_id,
    "Who says what stands for the figures of a report."
);
