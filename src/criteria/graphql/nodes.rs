//! Sections and criteria in the schema, the same for writing and reading: a list in reading order, each with the code of what it stands
//! below.

use async_graphql::{InputObject, OneofObject, SimpleObject, Union};
use thidua_entity::Fixed4;
use thidua_entity::enums::{Sector, UnitKind};

use super::enums::{CriterionMissing, CriterionRole, CriterionScoring, EmulationCalendar, ScoreLayer};
use crate::reports::graphql::figures::Decimal;

/// A section or a criterion of a criteria set.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaNodeInput")]
pub struct CriteriaNode {
    /// Stable code, once in the set.
    pub code: String,
    /// Code of the section right above it, which stands before it in the list; null at the top.
    pub parent: Option<String>,
    /// 1 at the top, at most 8.
    #[graphql(skip_input)]
    pub depth: usize,
    /// Vietnamese name.
    pub title: String,
    /// English name; null when there is none.
    pub title_en: Option<String>,
    /// Of a section: most main points. Of a criterion: most points of its kind.
    pub max: Decimal,
    /// What its points are multiplied with before they count in what stands above; 1 as a rule.
    #[graphql(default_with = "one()")]
    pub weight: Decimal,
    /// Which units it is for; null for all.
    pub applies_to: Option<CriteriaAppliesTo>,
    /// The text it rests on.
    pub basis: Option<String>,
    /// How far a cluster may change it; null when not at all.
    pub adaptable: Option<CriteriaAdaptable>,
    /// What it is: a section or a criterion.
    pub part: CriteriaPart,
}

/// Which units a section or criterion is for. An empty list and a missing bound leave nobody out.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaAppliesToInput")]
pub struct CriteriaAppliesTo {
    /// Kinds of unit.
    #[graphql(default)]
    pub kinds: Vec<UnitKind>,
    /// Sectors; a unit without one is left out.
    #[graphql(default)]
    pub sectors: Vec<Sector>,
    /// Least size.
    pub size_from: Option<u32>,
    /// The size from which on it is no longer for a unit.
    pub size_below: Option<u32>,
    /// Calendars.
    #[graphql(default)]
    pub calendars: Vec<EmulationCalendar>,
}

/// How far a cluster may change a section or criterion of the set that it adapts.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaAdaptableInput")]
pub struct CriteriaAdaptable {
    /// Least and most maximum; null when the maximum stays.
    pub max: Option<CriteriaRange>,
    /// Least and most weight; null when the weight stays.
    pub weight: Option<CriteriaRange>,
    /// Whether it may be left out.
    #[graphql(default)]
    pub may_be_left_out: bool,
    /// Of a section: whether criteria and sections of the cluster's own may be added.
    #[graphql(default)]
    pub may_be_added_to: bool,
}

/// From one number to another, both included.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaRangeInput")]
pub struct CriteriaRange {
    /// The least.
    pub least: Decimal,
    /// The most.
    pub most: Decimal,
}

/// What a node of a criteria set is: a section, or a criterion.
#[derive(Clone, Union, OneofObject)]
#[graphql(input_name = "CriteriaPartInput")]
pub enum CriteriaPart {
    /// It has others below it.
    Section(CriteriaSection),
    /// It is scored.
    Criterion(Criterion),
}

/// What is proper to a section.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaSectionInput")]
pub struct CriteriaSection {
    /// The section takes in the bonus points from below, but at most so many; null when they go on to what stands above.
    pub bonus_cap: Option<Decimal>,
    /// The section takes in the deductions from below, but at most so many; null when they go on to what stands above.
    pub deduction_cap: Option<Decimal>,
    /// What does not apply to a unit is left out, and the main points of the rest are scaled up to the maximum of the section.
    #[graphql(default)]
    pub rescale: bool,
}

/// What is proper to a criterion.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriterionInput")]
pub struct Criterion {
    /// What becomes of its points.
    #[graphql(default_with = "CriterionRole::Main")]
    pub role: CriterionRole,
    /// Points are multiples of it (0.25, say): those of a scorer must be, those worked out are rounded to it.
    pub step: Option<Decimal>,
    /// Whether points above 0 need evidence.
    #[graphql(default)]
    pub evidence_required: bool,
    /// Which layers may write an entry. Where points are worked out from reports, an entry of the cluster, the province or the council
    /// with a reason stands above them.
    #[graphql(default)]
    pub scored_by: Vec<ScoreLayer>,
    /// How its points come about.
    pub measure: CriterionMeasure,
    /// What it means that what is needed is missing.
    #[graphql(default_with = "CriterionMissing::Open")]
    pub when_missing: CriterionMissing,
}

/// How the points of a criterion come about.
#[derive(Clone, Union, OneofObject)]
#[graphql(input_name = "CriterionMeasureInput")]
pub enum CriterionMeasure {
    /// A scorer says what a unit gets.
    Scored(ScoredMeasure),
    /// A figure against a target.
    Target(TargetMeasure),
    /// So many points for each, the maximum at most.
    PerCount(PerCountMeasure),
    /// It begins with some points; each event adds or takes away some, between a floor and a ceiling.
    Events(EventsMeasure),
    /// A formula over the figures of the unit and of its cluster; kept between 0 and the maximum.
    Formula(CriteriaFormula),
}

/// A scorer says what a unit gets.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "ScoredMeasureInput")]
pub struct ScoredMeasure {
    /// How.
    pub by: CriterionScoring,
}

/// A figure against a target. Below it `share × max × actual / target`, at it `share × max`. Above it, with `leader`, the leader of the
/// cluster has the maximum and the others part of the rest, by their excess over their targets; without, there is no more.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "TargetMeasureInput")]
pub struct TargetMeasure {
    /// Code of the indicator of the figure.
    pub indicator_code: String,
    /// The same target for all; null when it is not fixed.
    pub fixed_target: Option<Decimal>,
    /// The target is a figure of the unit itself, such as that of the year before: code of its indicator. With neither this nor
    /// `fixedTarget` it is what the unit promised in the pact.
    pub target_indicator_code: Option<String>,
    /// Part of the maximum that is reached at the target, 1 for all of it.
    #[graphql(default_with = "one()")]
    pub share: Decimal,
    /// Whether the rest is for those above the target, the leader first.
    #[graphql(default)]
    pub leader: bool,
}

/// So many points for each, the maximum at most.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "PerCountMeasureInput")]
pub struct PerCountMeasure {
    /// Code of the indicator that is counted; null when a scorer enters how many.
    pub indicator_code: Option<String>,
    /// Points for each.
    pub each: Decimal,
}

/// It begins with some points; each event adds or takes away some, between a floor and a ceiling.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "EventsMeasureInput")]
pub struct EventsMeasure {
    /// Points without any event.
    pub start: Decimal,
    /// Least points, which may be below 0 for main points.
    pub floor: Decimal,
    /// Most points; not above the maximum.
    pub ceiling: Decimal,
    /// The kinds of events; at most 50.
    pub events: Vec<CriterionEvent>,
}

/// A kind of event that adds points or takes some away.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriterionEventInput")]
pub struct CriterionEvent {
    /// Code, once in the criterion.
    pub code: String,
    /// Vietnamese name.
    pub title: String,
    /// English name; null when there is none.
    pub title_en: Option<String>,
    /// Points for each; below 0 what is taken away.
    pub each: Decimal,
    /// Code of the indicator that counts them; null when a scorer enters how many.
    pub indicator_code: Option<String>,
}

/// A formula, in the language of `docs/formula.md`. Of an indicator `tet_gifts` it may name `tet_gifts`, `target_tet_gifts`, and of the
/// cluster `best_tet_gifts`, `least_tet_gifts`, `sum_tet_gifts`, `mean_tet_gifts`, `median_tet_gifts`.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaFormulaInput")]
pub struct CriteriaFormula {
    /// The formula.
    pub text: String,
}

/// One, as a decimal.
pub fn one() -> Decimal {
    Decimal(Fixed4::from_integer(1).unwrap_or_default())
}
