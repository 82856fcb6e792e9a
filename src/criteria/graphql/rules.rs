//! What follows from the points of a criteria set in the schema, the same for writing and reading.

use async_graphql::{InputObject, OneofObject, SimpleObject, Union};
use thidua_entity::enums::SizeMeasure;

use super::enums::{
    BetterFigure, CriteriaBonus, CriteriaGateMissing, CriteriaLifeEvent, CriteriaQuotaScope, CriteriaTieBreakKind,
    QuotaEnforcement, QuotaRounding,
};
use super::nodes::{CriteriaFormula, CriteriaNode};
use crate::reports::graphql::figures::Decimal;

/// What a version of a criteria set holds. What is read can be written again, but for `depth` and names of types.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaSetContentInput")]
pub struct CriteriaSetContent {
    /// What the table is called after: 100, 1000.
    pub scale: Decimal,
    /// Whether the scale is reached with bonus points or without.
    pub bonus: CriteriaBonus,
    /// Most bonus points, of those that no section has taken in; null for as many as there are.
    pub bonus_cap: Option<Decimal>,
    /// Most deductions, of those that no section has taken in; null for as many as there are.
    pub deduction_cap: Option<Decimal>,
    /// What the total never counts above, such as 100 although bonus points would bring more.
    pub total_cap: Option<Decimal>,
    /// What the size of a unit is measured by, where criteria apply to some sizes only.
    #[graphql(default_with = "SizeMeasure::Members")]
    pub size_measure: SizeMeasure,
    /// The text the set rests on.
    pub basis: Option<String>,
    /// Its sections and criteria in reading order, each behind what it stands below; at most 500, at most 8 deep.
    pub nodes: Vec<CriteriaNode>,
    /// Grades, the best first, each with the points from which it is reached; the last from 0. At most 50, as all lists below.
    #[graphql(default)]
    pub bands: Vec<CriteriaBand>,
    /// What somebody declares of a unit and gates ask for.
    #[graphql(default)]
    pub declarations: Vec<CriteriaDeclaration>,
    /// Conditions that cap the grade whatever the points.
    #[graphql(default)]
    pub gates: Vec<CriteriaGate>,
    /// How long a unit must have worked before it is rated.
    #[graphql(default)]
    pub eligibility: Vec<CriteriaEligibility>,
    /// How many may have a grade; at most one for each grade.
    #[graphql(default)]
    pub quotas: Vec<CriteriaQuota>,
    /// What separates units of equal points, asked in this order.
    #[graphql(default)]
    pub tie_breaks: Vec<CriteriaTieBreak>,
    /// Whether a cluster that adapts the set may choose another chain of tie-breaks.
    #[graphql(default)]
    pub tie_breaks_adaptable: bool,
}

/// A grade and the points from which it is reached. It ends where the band above begins.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaBandInput")]
pub struct CriteriaBand {
    /// Code of the grade, once in the set.
    pub grade: String,
    /// Vietnamese name.
    pub title: String,
    /// English name; null when there is none.
    pub title_en: Option<String>,
    /// Least points, included.
    pub from: Decimal,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// Something that is declared of a unit, yes or no, such as that nobody was disciplined.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaDeclarationInput")]
pub struct CriteriaDeclaration {
    /// Code, once in the set.
    pub code: String,
    /// What is declared, in Vietnamese.
    pub title: String,
    /// What is declared, in English; null when there is none.
    pub title_en: Option<String>,
}

/// A condition that caps the grade whatever the points.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaGateInput")]
pub struct CriteriaGate {
    /// Code, once in the set.
    pub code: String,
    /// Vietnamese name.
    pub title: String,
    /// English name; null when there is none.
    pub title_en: Option<String>,
    /// What must hold.
    pub condition: CriteriaCondition,
    /// The best grade of a unit for which it does not hold.
    pub otherwise_at_most: String,
    /// What follows when nobody can tell whether it holds.
    pub when_missing: CriteriaGateMissing,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// What must hold for a gate to be open.
#[derive(Clone, Union, OneofObject)]
#[graphql(input_name = "CriteriaConditionInput")]
pub enum CriteriaCondition {
    /// Something is declared of the unit so and not otherwise.
    Declared(DeclaredCondition),
    /// Some sections or criteria each have at least a part of their maximum.
    NodesReach(NodesReachCondition),
    /// A formula that is true; over the figures of the unit and of its cluster, and the declarations by their codes.
    Formula(CriteriaFormula),
}

/// Something is declared of the unit so and not otherwise.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "DeclaredConditionInput")]
pub struct DeclaredCondition {
    /// Code of the declaration.
    pub declaration_code: String,
    /// How it must be.
    pub wanted: bool,
}

/// Each of some sections or criteria has at least a part of its maximum. Those that do not apply to the unit are passed over.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "NodesReachConditionInput")]
pub struct NodesReachCondition {
    /// Codes of the sections or criteria.
    pub node_codes: Vec<String>,
    /// Part of the maximum, 0.5 for a half.
    pub share: Decimal,
}

/// How long a unit must have worked before it is rated.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaEligibilityInput")]
pub struct CriteriaEligibility {
    /// After which of these.
    pub after: Vec<CriteriaLifeEvent>,
    /// Whole months on the last day of the unit's period, that day and the day of the event included; at most 120.
    pub months: u32,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// How many may have a grade.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaQuotaInput")]
pub struct CriteriaQuota {
    /// Code, once in the set.
    pub code: String,
    /// Among which units it is held.
    pub scope: CriteriaQuotaScope,
    /// The grade that is limited; not the last.
    pub grade: String,
    /// Units of which grades are counted, as they stand when the quota's turn comes: the quotas of better grades first.
    pub base: Vec<String>,
    /// So many per cent of the base.
    pub percent: Decimal,
    /// How the number is made whole.
    pub rounding: QuotaRounding,
    /// What follows when there are more.
    pub enforcement: QuotaEnforcement,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// What may separate units of equal points.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CriteriaTieBreakInput")]
pub struct CriteriaTieBreak {
    /// What is compared.
    pub by: CriteriaTieBreakBy,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// What is compared to separate units of equal points.
#[derive(Clone, Union, OneofObject)]
#[graphql(input_name = "CriteriaTieBreakByInput")]
pub enum CriteriaTieBreakBy {
    /// More points of a section or criterion.
    Points(PointsTieBreak),
    /// A figure, such as the share of women.
    Figure(FigureTieBreak),
    /// Neither.
    Other(OtherTieBreak),
}

/// More points of a section or criterion separate.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "PointsTieBreakInput")]
pub struct PointsTieBreak {
    /// Its code.
    pub node_code: String,
}

/// A better figure separates.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "FigureTieBreakInput")]
pub struct FigureTieBreak {
    /// Code of its indicator.
    pub indicator_code: String,
    /// Which is better.
    pub better: BetterFigure,
}

/// Something else separates.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(input_name = "OtherTieBreakInput")]
pub struct OtherTieBreak {
    /// What.
    pub kind: CriteriaTieBreakKind,
}
