//! Summaries in the schema: what the reports of a scope add up to, and the reports behind each total.

use async_graphql::{Context, Enum, ID, Object, OneofObject, SimpleObject};
use thidua_entity::enums::{FigurePart, Qualifier};
use thidua_entity::indicator;

use super::ReportSubmissionConnection;
use super::figures::Decimal;
use crate::db::PageArgs;
use crate::error::{Error, Result};
use crate::forms::graphql::{Indicator, IndicatorChoice, Period, ReportForm};
use crate::graphql::{self, actor, env, reach, wants_count};
use crate::ids::Kind;
use crate::reports::store::summary::{SummaryScope, owing, reports_behind};
use crate::reports::usecases::summary::{self, Amount, Basis, Question, Summary, Total};
use crate::units::graphql::UnitConnection;

/// Whose reports are added up: exactly one of these.
#[derive(OneofObject)]
pub enum SummaryScopeInput {
    /// Units that were members of this cluster, or of one inside this bloc, when the period ended.
    ClusterId(ID),
    /// This unit and what stood below it when the period ended.
    UnitId(ID),
    /// Units of this province.
    ProvinceId(ID),
    /// Everybody's; give `true`.
    Everything(bool),
}

impl SummaryScopeInput {
    fn read(&self) -> Result<SummaryScope> {
        Ok(match self {
            Self::ClusterId(id) => SummaryScope::Cluster(Kind::Cluster.parse(id)?),
            Self::UnitId(id) => SummaryScope::Unit(Kind::Unit.parse(id)?),
            Self::ProvinceId(id) => SummaryScope::Province(Kind::Province.parse(id)?),
            Self::Everything(true) => SummaryScope::Everything,
            Self::Everything(false) => {
                return Err(Error::bad_request(
                    "`everything` chỉ nhận giá trị true.",
                    "`everything` takes only the value true.",
                ));
            }
        })
    }
}

/// Which reports count in a summary.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum SummaryBasis {
    /// Only approved reports.
    #[default]
    Approved,
    /// Also reports that are sent or verified.
    Submitted,
    /// Also drafts and reports that were sent back.
    All,
}

impl From<SummaryBasis> for Basis {
    fn from(basis: SummaryBasis) -> Self {
        match basis {
            SummaryBasis::Approved => Self::Approved,
            SummaryBasis::Submitted => Self::Submitted,
            SummaryBasis::All => Self::All,
        }
    }
}

/// What the reports of a scope on a form add up to for a period.
#[Object(name = "Summary")]
impl Summary {
    /// The form.
    async fn form(&self) -> ReportForm {
        ReportForm(self.form.clone())
    }
    /// The period asked for.
    async fn period(&self) -> Period {
        Period(self.period.clone())
    }
    /// The periods of the form that lie in it and were added: itself, or the quarters of a year. They never overlap.
    async fn periods(&self) -> Vec<Period> {
        self.periods.iter().cloned().map(Period).collect()
    }
    /// How many reports there should be: one for each unit that fills in the form and each of the periods.
    async fn expected(&self) -> i64 {
        self.completeness.expected
    }
    /// How many of these are expected only because the sector or the size of their unit is not known. A unit is not left out because
    /// nobody has recorded its sector or counted its heads.
    async fn expected_uncertain(&self) -> i64 {
        self.completeness.expected_uncertain
    }
    /// How many are sent: submitted, verified or approved.
    async fn reported(&self) -> i64 {
        self.completeness.reported
    }
    /// How many were first sent after the due day; who may not know of drafts is told only of those that are sent now.
    async fn late(&self) -> i64 {
        self.completeness.late
    }
    /// How many are approved.
    async fn approved(&self) -> i64 {
        self.completeness.approved
    }
    /// How many are begun but not sent; null for who may not know of drafts.
    async fn draft(&self) -> Option<i64> {
        self.completeness.draft
    }
    /// How many were sent back and are not yet sent again; null for who may not know of drafts.
    async fn returned(&self) -> Option<i64> {
        self.completeness.returned
    }
    /// The units that still owe a report, by name, of those that the caller sees: one is expected of them for one of the periods, and none
    /// is sent. A draft is not sent, nor is what was sent back.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn owing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<UnitConnection>> {
        let env = env(ctx)?;
        let args = PageArgs::new(first, after, last, before);
        let owed = (&self.selection, self.form_version);
        let page = owing(&env.db, (&reach(ctx)?, env.today()), owed, &args, wants_count(ctx)).await?;
        Ok(Some(UnitConnection::of(page)))
    }
    /// A total for each indicator of the form, in its order, then the rates that follow from them.
    #[graphql(complexity = "40 * child_complexity")]
    async fn totals(
        &self,
        #[graphql(desc = "Only these indicators, by code; all when left out.")] codes: Option<Vec<String>>,
    ) -> Vec<IndicatorTotal> {
        let wanted = |total: &&Total| codes.as_ref().is_none_or(|codes| codes.contains(&total.indicator.code));
        self.totals.iter().filter(wanted).cloned().map(IndicatorTotal).collect()
    }
    /// The reports behind the summary, or behind the total of one indicator: those that were added, and no others.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only reports with a figure for this indicator, by code.")] indicator_code: Option<String>,
        #[graphql(
            desc = "With an indicator: only reports with this part of it, those behind the sum of the part.",
            default_with = "FigurePart::Total"
        )]
        part: FigurePart,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ReportSubmissionConnection>> {
        let env = env(ctx)?;
        let total = self.indicator(indicator_code.as_deref())?.map(|total| (total, part));
        let seen = (&reach(ctx)?, env.today());
        let args = PageArgs::new(first, after, last, before);
        let page = reports_behind(&env.db, seen, &self.selection, total, &args, wants_count(ctx)).await?;
        Ok(Some(ReportSubmissionConnection::of(page)))
    }
}

/// What the figures of one indicator add up to.
pub struct IndicatorTotal(Total);

/// What the figures of one indicator add up to.
#[Object]
impl IndicatorTotal {
    /// The indicator.
    async fn indicator(&self) -> Indicator {
        let row: indicator::Model = self.0.indicator.clone();
        Indicator(row)
    }
    /// The total; null when no report has the figure, and for what is not added up. For a rate, computed from the sums and never
    /// averaged; for yes or no, how many said yes.
    async fn value(&self) -> Option<Decimal> {
        self.0.amount.value.map(Decimal)
    }
    /// With ranges among the figures: the total of their upper ends.
    async fn upper(&self) -> Option<Decimal> {
        self.0.amount.upper.map(Decimal)
    }
    /// What the total claims: exact only when every figure is.
    async fn qualifier(&self) -> Option<Qualifier> {
        self.0.amount.qualifier
    }
    /// How many figures of each kind went into it; kinds without any are left out.
    async fn claims(&self) -> Vec<ClaimCount> {
        claims(&self.0.amount)
    }
    /// How many of the figures are estimates.
    async fn estimates(&self) -> i64 {
        self.0.amount.estimates
    }
    /// How many reports have the figure; for a rate, how many have both.
    async fn reports(&self) -> i64 {
        self.0.amount.reports
    }
    /// What the parts add up to, those that some report has. A part is told by fewer reports than the total, perhaps: see `reports`.
    #[graphql(complexity = "4 * child_complexity")]
    async fn parts(&self) -> Vec<PartTotal> {
        let parts = self.0.parts.iter();
        parts
            .map(|(part, amount)| PartTotal {
                part: *part,
                amount: *amount,
            })
            .collect()
    }
    /// For a choice: how many reports chose each, in the order of the choices; over several periods, by the latest report of each
    /// unit. Empty for any other indicator.
    #[graphql(complexity = "5 * child_complexity")]
    async fn choice_counts(&self) -> Vec<ChoiceCount> {
        let counts = self.0.choices.iter();
        counts
            .map(|(choice, reports)| ChoiceCount {
                choice: choice.into(),
                reports: *reports,
            })
            .collect()
    }
    /// For a rate: the sum above the line, over the reports that have both figures.
    async fn numerator(&self) -> Option<Decimal> {
        self.0.quotient.map(|(numerator, _)| Decimal(numerator))
    }
    /// For a rate: the sum below the line, over the reports that have both figures.
    async fn denominator(&self) -> Option<Decimal> {
        self.0.quotient.map(|(_, denominator)| Decimal(denominator))
    }
}

/// What one part of an indicator adds up to.
pub struct PartTotal {
    part: FigurePart,
    amount: Amount,
}

/// What one part of an indicator adds up to.
#[Object]
impl PartTotal {
    /// Which part.
    async fn part(&self) -> FigurePart {
        self.part
    }
    /// The sum.
    async fn value(&self) -> Option<Decimal> {
        self.amount.value.map(Decimal)
    }
    /// With ranges among the figures: the sum of their upper ends.
    async fn upper(&self) -> Option<Decimal> {
        self.amount.upper.map(Decimal)
    }
    /// What the sum claims: exact only when every figure is.
    async fn qualifier(&self) -> Option<Qualifier> {
        self.amount.qualifier
    }
    /// How many figures of each kind went into it; kinds without any are left out.
    async fn claims(&self) -> Vec<ClaimCount> {
        claims(&self.amount)
    }
    /// How many of the figures are estimates.
    async fn estimates(&self) -> i64 {
        self.amount.estimates
    }
    /// How many reports have the part.
    async fn reports(&self) -> i64 {
        self.amount.reports
    }
}

fn claims(amount: &Amount) -> Vec<ClaimCount> {
    let counts = amount.claims.counts().into_iter().filter(|(_, reports)| *reports > 0);
    counts
        .map(|(qualifier, reports)| ClaimCount { qualifier, reports })
        .collect()
}

/// How many reports chose the same.
#[derive(SimpleObject)]
pub struct ChoiceCount {
    /// What they chose.
    choice: IndicatorChoice,
    /// How many.
    reports: i64,
}

/// How many figures of a total claim the same.
#[derive(SimpleObject)]
pub struct ClaimCount {
    /// What they claim.
    qualifier: Qualifier,
    /// How many.
    reports: i64,
}

/// Reads of summaries.
#[derive(Default)]
pub struct SummaryQuery;

#[Object]
impl SummaryQuery {
    /// What the reports of a scope on a form add up to for a period. Every total can be taken apart into its reports.
    #[graphql(complexity = "200 + child_complexity")]
    async fn summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose reports.")] scope: SummaryScopeInput,
        #[graphql(desc = "On which form.")] form_id: ID,
        #[graphql(desc = "For which span: a period of the form's kind, or a longer one that contains such periods.")]
        period_id: ID,
        #[graphql(desc = "Which reports count.", default)] basis: SummaryBasis,
    ) -> async_graphql::Result<Option<Summary>> {
        let question = Question {
            scope: scope.read()?,
            form: Kind::ReportForm.parse(&form_id)?,
            period: Kind::Period.parse(&period_id)?,
            basis: basis.into(),
        };
        Ok(Some(summary::summarize(env(ctx)?, actor(ctx)?, question).await?))
    }
}
