//! What changed of a report since it was sent or approved, in the schema.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::enums::{FigurePart, Nature, Qualifier};
use thidua_entity::report_submission;
use uuid::Uuid;

use super::figures::Decimal;
use super::{ReportSubmission, SubmissionId};
use crate::error::Error;
use crate::forms::graphql::{ChoicesOf, Indicator, IndicatorChoice, IndicatorId};
use crate::graphql::{Rows, loaded, loaders};
use crate::reports::difference::{ExplanationChange, Figure, FigureAspect, FigureChange};
use crate::reports::store;
use crate::reports::usecases::difference::{self, Compared, Side, Since};

/// Since when.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ReportDifferenceSince {
    /// While a report is with its unit: what was changed since it was last sent. When it has been sent: what changed between its last two
    /// sendings, which a reviewer wants to see first.
    LastSubmission,
    /// What changed between an approved report and its correction: of a report with a correction that the caller sees, what that changes;
    /// of a correction, what it changes of the report that it corrects.
    Approval,
}

/// What changed of a report.
pub struct ReportDifference(Arc<Compared>);

/// What changed from one edition of a report to another. What has stayed the same is left out.
#[Object]
impl ReportDifference {
    /// What is compared with the other.
    async fn before(&self) -> ReportEdition {
        ReportEdition(self.0.before.clone())
    }
    /// The other.
    async fn after(&self) -> ReportEdition {
        ReportEdition(self.0.after.clone())
    }
    /// Figures that were added, removed or changed, in the order of the form, of each indicator the total first and then its parts.
    #[graphql(complexity = "10 * child_complexity")]
    async fn figures(&self) -> Vec<ReportFigureChange> {
        let changes = self.0.difference.figures.iter().cloned();
        changes.map(ReportFigureChange).collect()
    }
    /// What the unit says beside its figures, before and after; null when it says the same.
    async fn note(&self) -> Option<ReportNoteChange> {
        let change = self.0.difference.note.clone()?;
        Some(ReportNoteChange {
            before: change.before,
            after: change.after,
        })
    }
    /// Explanations to rules that were added or changed, by the codes of the rules; at most 100.
    #[graphql(complexity = "5 * child_complexity")]
    async fn explanations(&self) -> Vec<ReportExplanationChange> {
        let changes = self.0.difference.explanations.iter().cloned();
        changes.map(ReportExplanationChange::from).collect()
    }
}

/// An edition of a report.
pub struct ReportEdition(Side);

/// An edition of a report: as it was sent once, or as it stands now.
#[Object]
impl ReportEdition {
    /// The report.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportSubmission>> {
        Ok(loaded(loaders(ctx)?.load_one(SubmissionId(self.0.report)).await)?.map(ReportSubmission))
    }
    /// Which sending of it, from 1; null for what stands in it now.
    async fn sending(&self) -> Option<i32> {
        self.0.sent.map(|(number, _)| number)
    }
    /// When it was sent; null for what stands in it now.
    async fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.0.sent.map(|(_, at)| at)
    }
}

/// What became of a figure.
pub struct ReportFigureChange(FigureChange);

/// What became of a figure from one edition of a report to another.
#[Object]
impl ReportFigureChange {
    /// The indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        Ok(loaded(loaders(ctx)?.load_one(IndicatorId(self.0.indicator)).await)?.map(Indicator))
    }
    /// The total, or which part of it.
    async fn part(&self) -> FigurePart {
        self.0.part
    }
    /// As it was; null when it is new.
    async fn before(&self) -> Option<ReportFigureReading> {
        self.reading(self.0.before.as_ref())
    }
    /// As it is; null when it is gone.
    async fn after(&self) -> Option<ReportFigureReading> {
        self.reading(self.0.after.as_ref())
    }
    /// What changed.
    async fn changed(&self) -> Vec<ReportFigureAspect> {
        self.0.changed.iter().copied().map(ReportFigureAspect::from).collect()
    }
}

impl ReportFigureChange {
    fn reading(&self, figure: Option<&Figure>) -> Option<ReportFigureReading> {
        Some(ReportFigureReading {
            indicator: self.0.indicator,
            figure: figure?.clone(),
        })
    }
}

/// A figure as it was typed.
pub struct ReportFigureReading {
    indicator: Uuid,
    figure: Figure,
}

/// A figure as it was typed, and how it was read.
#[Object]
impl ReportFigureReading {
    /// The figure; the lower end of a range; 1 for yes and 0 for no. Null for a choice and a text.
    async fn value(&self) -> Option<Decimal> {
        self.figure.value.map(Decimal)
    }
    /// The upper end of a range; null for any other figure.
    async fn upper(&self) -> Option<Decimal> {
        self.figure.upper.map(Decimal)
    }
    /// What was chosen; null for what is no choice.
    async fn choice(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<IndicatorChoice>> {
        let Some(code) = &self.figure.choice else {
            return Ok(None);
        };
        let choices = loaded(loaders(ctx)?.load_one(ChoicesOf(self.indicator)).await)?.unwrap_or_default();
        Ok(choices
            .iter()
            .find(|choice| choice.code == *code)
            .map(IndicatorChoice::from))
    }
    /// What the text claims: exact, more than, nearly, about, or a range.
    async fn qualifier(&self) -> Qualifier {
        self.figure.qualifier
    }
    /// Actual or estimate.
    async fn nature(&self) -> Nature {
        self.figure.nature
    }
    /// The text as typed.
    async fn text(&self) -> &str {
        &self.figure.raw
    }
}

/// What can change of a figure.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "FigureAspect")]
pub enum ReportFigureAspect {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// The number or the end of its range, what was chosen, or the words of a text.
    Value,
    /// What the text claims: exact, more than, nearly, about, or a range.
    Qualifier,
    /// Actual or estimate.
    Nature,
    /// Only how it is typed: `1671` for `1.671`.
    Spelling,
}

/// What the unit says beside its figures, before and after.
#[derive(SimpleObject)]
pub struct ReportNoteChange {
    /// As it was; null when there was none.
    before: Option<String>,
    /// As it is; null when there is none.
    after: Option<String>,
}

/// What the unit says to a rule that its report breaks, before and after.
#[derive(SimpleObject)]
pub struct ReportExplanationChange {
    /// Code of the rule.
    rule_code: String,
    /// As it was; null when it is new.
    before: Option<String>,
    /// As it is; null when it is gone.
    after: Option<String>,
}

impl From<ExplanationChange> for ReportExplanationChange {
    fn from(change: ExplanationChange) -> Self {
        Self {
            rule_code: change.rule,
            before: change.before,
            after: change.after,
        }
    }
}

/// What changed of a report that is seen.
pub async fn of_report(
    ctx: &Context<'_>,
    report: &report_submission::Model,
    since: ReportDifferenceSince,
) -> async_graphql::Result<Option<ReportDifference>> {
    let since = match since {
        ReportDifferenceSince::LastSubmission => Since::LastSubmission,
        ReportDifferenceSince::Approval => Since::Approval,
    };
    let compared = loaded(loaders(ctx)?.load_one(DifferenceOf(report.id, since)).await)?;
    Ok(compared.map(ReportDifference))
}

/// What changed of a report that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DifferenceOf(pub Uuid, pub Since);

impl Loader<DifferenceOf> for Rows {
    type Value = Arc<Compared>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[DifferenceOf]) -> Result<HashMap<DifferenceOf, Self::Value>, Self::Error> {
        let (connection, today) = (&self.env.db, self.env.today());
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let reports = store::find_many(connection, &self.reach, &ids, today).await?;
        let mut found = HashMap::new();
        for since in [Since::LastSubmission, Since::Approval] {
            let asked = |report: &&report_submission::Model| keys.contains(&DifferenceOf(report.id, since));
            let asked: Vec<report_submission::Model> = reports.iter().filter(asked).cloned().collect();
            if asked.is_empty() {
                continue;
            }
            let compared = difference::differences(connection, (&self.reach, today), &asked, since).await?;
            let compared = compared.into_iter();
            found.extend(compared.map(|(report, one)| (DifferenceOf(report, since), Arc::new(one))));
        }
        Ok(found)
    }
}
