//! Grade counts as the schema shows them.

use async_graphql::{Context, Object, SimpleObject};
use thidua_entity::enums::StandingKind;

use crate::graphql::language;
use crate::results::store::Count;
use crate::results::usecases::GradeCounts;

/// How many units stand so.
#[derive(SimpleObject)]
pub struct GradeCount {
    /// Whether they are rated, not eligible, or could not be rated.
    standing: StandingKind,
    /// Code of their grade; null when they have none.
    grade: Option<String>,
    /// Vietnamese name of the grade.
    grade_title: Option<String>,
    /// How many.
    units: i64,
}

impl From<&Count> for GradeCount {
    fn from(one: &Count) -> Self {
        Self {
            standing: one.standing,
            grade: one.grade.clone(),
            grade_title: one.title.clone(),
            units: one.units,
        }
    }
}

/// How many units have each grade, over the results published last.
pub struct CountedGrades(pub GradeCounts);

/// How many units have each grade, over the results published last.
#[Object]
impl CountedGrades {
    /// Of each grade, the best first.
    async fn grades(&self) -> Vec<GradeCount> {
        let rated = self
            .0
            .counted
            .counts
            .iter()
            .filter(|one| one.standing == StandingKind::Rated);
        rated.map(GradeCount::from).collect()
    }
    /// How many units have a grade.
    async fn rated(&self) -> i64 {
        self.0.standing(StandingKind::Rated)
    }
    /// How many are not eligible, and in no grade.
    async fn not_eligible(&self) -> i64 {
        self.0.standing(StandingKind::NotEligible)
    }
    /// How many could not be rated, and are in no grade.
    async fn not_rated(&self) -> i64 {
        self.0.standing(StandingKind::NotRated)
    }
    /// All of them together.
    async fn total(&self) -> i64 {
        self.0.counted.counts.iter().map(|one| one.units).sum()
    }
    /// How many published results were counted.
    async fn results(&self) -> i64 {
        self.0.counted.results
    }
    /// Whether the counts add up to the units that took part, each counted once.
    async fn adds_up(&self) -> bool {
        self.0.warnings.is_empty()
    }
    /// Where they do not, in the caller's language.
    async fn warnings(&self, ctx: &Context<'_>) -> Vec<String> {
        let language = language(ctx);
        self.0
            .warnings
            .iter()
            .map(|text| text.in_language(language).to_owned())
            .collect()
    }
}
