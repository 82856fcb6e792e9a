//! What is noticed about a report in the schema: rules of its form that it breaks, and figures that look like slips.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Enum, InputObject, Object};
use chrono::{DateTime, Utc};
use thidua_entity::enums::FigurePart;
use thidua_entity::{report_explanation, report_submission};

use super::figures::Decimal;
use crate::accounts::graphql::account_name;
use crate::error::{Error, Result};
use crate::forms::graphql::ReportFormRule;
use crate::graphql::{Rows, language, loaded, loaders};
use crate::reports::findings::{FigureNamed, RuleOutcome, UnusualFigure};
use crate::reports::unusual::Others;
use crate::reports::usecases::findings::{self, Explained, Finding, Looked};

/// A rule of the form that the report breaks, or that cannot be judged, with the figures that say so.
#[derive(Clone)]
pub struct ReportFinding(Finding);

/// A rule of the form that the report breaks, or that cannot be judged, with the figures that say so.
#[Object]
impl ReportFinding {
    /// The rule: its code, severity, and the message that the officer reads.
    async fn rule(&self) -> ReportFormRule {
        (self.0.found.position, self.0.found.rule.clone()).into()
    }
    /// What came of it.
    async fn outcome(&self) -> RuleFindingOutcome {
        self.0.found.outcome.into()
    }
    /// How it comes about, with the numbers, in the caller's language: `“Số đoàn viên nữ” (1.700) phải nhỏ hơn hoặc bằng “Tổng số đoàn
    /// viên” (1.671).`
    async fn why(&self, ctx: &Context<'_>) -> &str {
        self.0.found.why.in_language(language(ctx))
    }
    /// The figures that the rule names, each once; those of its formula, so few.
    async fn figures(&self) -> Vec<ReportFindingFigure> {
        self.0.found.figures.iter().cloned().map(ReportFindingFigure).collect()
    }
    /// True while this keeps the report from being sent: a broken rule that blocks, or one that warns and is not explained yet.
    async fn keeps_from_sending(&self) -> bool {
        self.0.keeps_from_sending()
    }
    /// What the unit says to it; null when it said nothing.
    async fn explanation(&self) -> Option<ReportExplanation> {
        self.0.explanation.clone().map(ReportExplanation)
    }
}

/// What came of a rule that does not hold for certain.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "RuleOutcome")]
pub enum RuleFindingOutcome {
    /// It is broken.
    Broken,
    /// Figures are missing that it needs.
    NotJudged,
    /// Nobody can tell: figures are not exact, or it would divide by zero. Never keeps a report from being sent.
    Unknown,
}

/// A figure that a finding is about.
#[derive(Clone)]
pub struct ReportFindingFigure(FigureNamed);

/// A figure that a finding is about.
#[Object]
impl ReportFindingFigure {
    /// Code of the indicator.
    async fn indicator_code(&self) -> &str {
        &self.0.indicator
    }
    /// The total, or which part of it.
    async fn part(&self) -> FigurePart {
        self.0.part
    }
    /// What it is called: the name of the indicator, and the part.
    async fn label(&self) -> &str {
        &self.0.label
    }
    /// The text as typed; null when the figure is missing.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }
}

/// Why the figures are right all the same, as the unit says.
#[derive(Clone)]
pub struct ReportExplanation(report_explanation::Model);

/// Why the figures are right all the same, as the unit says. Who sees the report reads it.
#[Object]
impl ReportExplanation {
    /// The explanation.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// When it was given.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// Name of who gave it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.account_id).await
    }
    /// Name of the one on whose behalf it was given, when only a role that they had delegated permitted it; else null.
    async fn acted_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.acted_for).await
    }
}

/// A figure that looks like a slip, and the numbers that say why.
#[derive(Clone)]
pub struct ReportUnusualFigure(UnusualFigure);

/// A figure that looks like a slip, and the numbers that say why. It is not a wrong one: look at it again.
#[Object]
impl ReportUnusualFigure {
    /// The figure.
    async fn figure(&self) -> ReportFindingFigure {
        ReportFindingFigure(self.0.figure.clone())
    }
    /// What it is compared with.
    async fn compared_with(&self) -> ReportComparedWith {
        self.0.unusual.others.into()
    }
    /// How many others there are; never fewer than four.
    async fn count(&self) -> i32 {
        i32::try_from(self.0.unusual.count).unwrap_or(i32::MAX)
    }
    /// Their median.
    async fn median(&self) -> Decimal {
        Decimal(self.0.unusual.median)
    }
    /// Their median absolute deviation: the median of how far they lie from their median.
    async fn median_deviation(&self) -> Decimal {
        Decimal(self.0.unusual.deviation)
    }
    /// Why it is unusual, and which slip would explain it, in the caller's language.
    async fn why(&self, ctx: &Context<'_>) -> String {
        self.0.unusual.text().in_language(language(ctx)).to_owned()
    }
}

/// What an unusual figure is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Others")]
pub enum ReportComparedWith {
    /// The unit's own figures in approved reports on the same form for up to 12 earlier periods.
    OwnPast,
    /// What the other members of the unit's clusters handed in on the same form for the same period.
    Cluster,
}

/// What the unit says to a rule that its report breaks.
#[derive(InputObject)]
pub struct ReportExplanationInput {
    /// Code of the rule.
    rule_code: String,
    /// Why the figures are right all the same, at most 2,000 characters. Who sees the report reads it.
    text: String,
}

impl From<ReportExplanationInput> for Explained {
    fn from(input: ReportExplanationInput) -> Self {
        Self {
            rule: input.rule_code,
            text: input.text,
        }
    }
}

/// What is found about the rules of a report that is seen: its id and the version of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FindingsOf(Looked);

impl Loader<FindingsOf> for Rows {
    type Value = Arc<Vec<Finding>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[FindingsOf]) -> Result<HashMap<FindingsOf, Self::Value>, Self::Error> {
        let looked: Vec<Looked> = keys.iter().map(|key| key.0).collect();
        let mut found = findings::broken_rules(&self.env.db, &looked).await?;
        let of = |key: &FindingsOf| Some((*key, Arc::new(found.remove(&key.0.0)?)));
        Ok(keys.iter().filter_map(of).collect())
    }
}

/// The unusual figures of a report that is seen and with its unit: its id and the version of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnusualOf(Looked);

impl Loader<UnusualOf> for Rows {
    type Value = Arc<Vec<UnusualFigure>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[UnusualOf]) -> Result<HashMap<UnusualOf, Self::Value>, Self::Error> {
        let looked: Vec<Looked> = keys.iter().map(|key| key.0).collect();
        let mut found = findings::unusual_figures(&self.env.db, &looked).await?;
        let of = |key: &UnusualOf| Some((*key, Arc::new(found.remove(&key.0.0)?)));
        Ok(keys.iter().filter_map(of).collect())
    }
}

/// What is found about the rules of a report that is seen.
pub async fn of_report(
    ctx: &Context<'_>,
    report: &report_submission::Model,
) -> async_graphql::Result<Vec<ReportFinding>> {
    let key = FindingsOf((report.id, report.form_version_id));
    let found = loaded(loaders(ctx)?.load_one(key).await)?.unwrap_or_default();
    Ok(found.iter().cloned().map(ReportFinding).collect())
}

/// The unusual figures of a report that is seen; none once it is handed in.
pub async fn unusual_of_report(
    ctx: &Context<'_>,
    report: &report_submission::Model,
) -> async_graphql::Result<Vec<ReportUnusualFigure>> {
    if !findings::is_looked_over(report.status) {
        return Ok(Vec::new());
    }
    let key = UnusualOf((report.id, report.form_version_id));
    let found = loaded(loaders(ctx)?.load_one(key).await)?.unwrap_or_default();
    Ok(found.iter().cloned().map(ReportUnusualFigure).collect())
}
