//! What is told about results: explanations, what has changed, what would be, quotas, grade counts.

use async_graphql::{Context, ID, Json, Object, SimpleObject};
use serde_json::Value;

use crate::error::Text;
use crate::graphql::{UserError, id, language, loaded, loaders};
use crate::ids::Kind;
use crate::reckoning::{Standpoint, UnitMoves, WhatIf};
use crate::reports::graphql::figures::Decimal;
use crate::reports::graphql::{ReportSubmission, SubmissionId};
use crate::results::changes::Change;
use crate::results::usecases::{Behind, Held, Staleness, Told};

/// For how many figures a query is charged.
const FIGURES_CHARGED: usize = 10;

/// An explanation, in sentences and as data.
pub struct ResultExplanation(pub Told);

/// An explanation, in sentences and as data.
#[Object]
impl ResultExplanation {
    /// In the caller's language, to be read one after the other.
    async fn sentences(&self, ctx: &Context<'_>) -> Vec<String> {
        let language = language(ctx);
        let sentences = self.0.explanation.sentences.iter();
        sentences.map(|text| text.in_language(language).to_owned()).collect()
    }
    /// The same as data: `of` says what (`POINTS`, `TOTAL`, `GRADE`, `GATE`, `QUOTA`, `RULING`, `PLACE`), `is` how it came about, with
    /// formulas, inputs, layers, moves and tie-breaks as they stand in the snapshot.
    async fn data(&self) -> async_graphql::Result<Json<Value>> {
        let data = serde_json::to_value(&self.0.explanation.data).map_err(crate::error::Error::internal)?;
        Ok(Json(data))
    }
    /// The figures of the unit behind its points, or behind its total, each with the report in which it stands; none of anything else.
    #[graphql(complexity = "FIGURES_CHARGED * child_complexity")]
    async fn figures(&self) -> Vec<ExplainedFigure> {
        self.0.figures.iter().cloned().map(ExplainedFigure).collect()
    }
}

/// A figure that points were worked out from.
pub struct ExplainedFigure(Behind);

/// A figure that points were worked out from.
#[Object]
impl ExplainedFigure {
    /// Code of the indicator.
    async fn indicator_code(&self) -> &str {
        &self.0.indicator
    }
    /// Vietnamese name of the indicator.
    async fn indicator_name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
    /// The report in which the figure stood when the result was computed; null when it is beyond what the caller sees.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportSubmission>> {
        let Some(report) = self.0.report else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(SubmissionId(report)).await)?.map(ReportSubmission))
    }
}

/// Something to look at.
pub struct ResultWarning(&'static str, Text);

impl From<(&'static str, Text)> for ResultWarning {
    fn from((code, text): (&'static str, Text)) -> Self {
        Self(code, text)
    }
}

/// Something to look at.
#[Object]
impl ResultWarning {
    /// Stable code: `NOT_RATED`, `TIED`, `DOES_NOT_ADD_UP`; `QUOTA_EXCEEDED` of a quota that only warns, `QUOTA_NOT_HELD` of one over several
    /// clusters that nobody has ruled.
    async fn code(&self) -> &str {
        self.0
    }
    /// In the caller's language.
    async fn message(&self, ctx: &Context<'_>) -> &str {
        self.1.in_language(language(ctx))
    }
}

/// Whether a result is still what would come out now.
pub struct ResultStaleness(pub Staleness);

/// Whether a result is still what would come out now.
#[Object]
impl ResultStaleness {
    /// Whether something has changed since it was computed.
    async fn stale(&self) -> bool {
        self.0.is_stale()
    }
    /// Whether another way of reckoning is in use by now.
    async fn other_engine(&self) -> bool {
        self.0.other_engine
    }
    /// What has changed, part by part.
    #[graphql(complexity = "3 * child_complexity")]
    async fn changes(&self) -> Vec<ResultChange> {
        self.0.changes.iter().cloned().map(ResultChange).collect()
    }
}

/// A part of what a result rests on that is otherwise now.
pub struct ResultChange(Change);

/// A part of what a result rests on that is otherwise now.
#[Object]
impl ResultChange {
    /// Which part: `RULES`, `PARTICIPANTS`, `UNITS`, `FIGURES`, `SOURCES` (the same figures out of other
    /// reports), `TARGETS`, `ENTRIES`, `DECLARATIONS`, `LOCKS`, `BALLOT`, `RULINGS`.
    async fn part(&self) -> &str {
        self.0.part.code()
    }
    /// Names of the units it concerns, at most 20; none of what concerns all.
    async fn unit_names(&self) -> &[String] {
        &self.0.units
    }
    /// In the caller's language.
    async fn message(&self, ctx: &Context<'_>) -> String {
        self.0.text().in_language(language(ctx)).to_owned()
    }
}

/// How a unit stands, in short.
#[derive(SimpleObject)]
pub struct ResultStandpoint {
    /// Its total; null while something is open.
    points: Option<Decimal>,
    /// Code of its grade; null when it has none.
    grade: Option<String>,
    /// Its place; null when it has none.
    place: Option<u32>,
}

impl From<Standpoint> for ResultStandpoint {
    fn from(one: Standpoint) -> Self {
        let Standpoint { points, grade, place } = one;
        Self {
            points: points.map(Decimal),
            grade,
            place,
        }
    }
}

/// What would be otherwise for a unit.
#[derive(SimpleObject)]
pub struct ResultMove {
    /// Id of the unit.
    unit_id: ID,
    /// Its name.
    unit_name: String,
    /// How it stands.
    before: Option<ResultStandpoint>,
    /// How it would stand.
    after: Option<ResultStandpoint>,
}

impl From<UnitMoves> for ResultMove {
    fn from(one: UnitMoves) -> Self {
        Self {
            unit_id: ID(one.unit),
            unit_name: one.name,
            before: one.before.map(ResultStandpoint::from),
            after: one.after.map(ResultStandpoint::from),
        }
    }
}

/// What would come out if rules were others. Nothing of it is stored.
#[derive(SimpleObject)]
pub struct WhatIfResult {
    /// How many units would have each grade, the best first.
    grade_counts: Vec<WhatIfCount>,
    /// The units for which something would be otherwise.
    moves: Vec<ResultMove>,
}

/// How many units would have a grade.
#[derive(SimpleObject)]
pub struct WhatIfCount {
    /// Code of the grade.
    grade: String,
    /// How many.
    units: u32,
}

impl From<WhatIf> for WhatIfResult {
    fn from(one: WhatIf) -> Self {
        let counts = one.outcome.tally.into_iter();
        Self {
            grade_counts: counts
                .map(|one| WhatIfCount {
                    grade: one.grade,
                    units: one.units,
                })
                .collect(),
            moves: one.moves.into_iter().map(ResultMove::from).collect(),
        }
    }
}

/// What came of trying changes.
#[derive(SimpleObject)]
pub struct WhatIfPayload {
    /// What would come out; null when `userErrors` says why the changed criteria cannot be reckoned with.
    pub what_if: Option<WhatIfResult>,
    /// What is wrong with the changed criteria; `field` is a path within them, or `alterations[0]`.
    pub user_errors: Vec<UserError>,
}

/// What a quota over several clusters does.
pub struct QuotaHeld(pub Held);

impl From<Held> for QuotaHeld {
    fn from(held: Held) -> Self {
        Self(held)
    }
}

/// What a quota over several clusters does.
#[Object]
impl QuotaHeld {
    /// Id of the ruling, by which `explain` tells of it as a quota; null when it was only tried.
    async fn ruling_id(&self) -> Option<ID> {
        self.0.ruling.as_ref().map(|row| id(Kind::QuotaRuling, row.id))
    }
    /// How many units it counts from.
    async fn base(&self) -> u32 {
        self.0.outcome.base
    }
    /// The percentage of them, before it was made whole.
    async fn exact(&self) -> Decimal {
        Decimal(self.0.outcome.exact)
    }
    /// How many may have the grade.
    async fn allowed(&self) -> u32 {
        self.0.outcome.allowed
    }
    /// How many have it before.
    async fn had(&self) -> u32 {
        self.0.outcome.had
    }
    /// Who is over it, the best first.
    #[graphql(complexity = "20 * child_complexity")]
    async fn over(&self) -> Vec<QuotaOver> {
        let over = self.0.outcome.over.iter().zip(&self.0.names);
        over.map(|(one, name)| QuotaOver {
            unit_id: ID(one.unit.clone()),
            unit_name: name.clone(),
            even: !one.even_with.is_empty(),
        })
        .collect()
    }
}

/// A unit that is over a quota.
#[derive(SimpleObject)]
pub struct QuotaOver {
    /// Id of the unit.
    unit_id: ID,
    /// Its name.
    unit_name: String,
    /// Whether it is even with others across the border, so that a ballot could decide.
    even: bool,
}

crate::graphql::payload!(RuleQuotaPayload, quota: QuotaHeld, "a quota over several clusters");
