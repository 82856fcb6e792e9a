//! Rules between the figures of a form as the schema shows and takes them.

use async_graphql::{Enum, InputObject, SimpleObject};
use thidua_entity::enums::{RuleMissing, RuleSeverity};

use crate::forms::difference::{RuleAt, RuleChange, RulePart};
use crate::forms::rules::Rule;

/// A rule between figures of a form: a formula that should hold, and what follows when it does not.
#[derive(Clone, SimpleObject)]
pub struct ReportFormRule {
    /// Order on the form, from 1.
    position: i32,
    /// Stable code, unique on the form.
    code: String,
    /// The formula that should hold: `members_female <= members_total`. Figures are called by the codes of their indicators, parts with
    /// two underscores behind it: `members_total__women`.
    expression: String,
    /// What follows when it is broken.
    severity: RuleSeverity,
    /// What it means that a figure is missing which it needs.
    missing: RuleMissing,
    /// What the officer reads when it is broken, in Vietnamese.
    message: String,
    /// The text or the reason it rests on.
    basis: Option<String>,
}

impl From<(i32, Rule)> for ReportFormRule {
    fn from((position, rule): (i32, Rule)) -> Self {
        Self {
            position,
            code: rule.code,
            expression: rule.expression,
            severity: rule.severity,
            missing: rule.missing,
            message: rule.message,
            basis: rule.basis,
        }
    }
}

impl From<RuleAt> for ReportFormRule {
    fn from(at: RuleAt) -> Self {
        (at.position, at.rule).into()
    }
}

/// A rule between figures of a form.
#[derive(InputObject)]
pub struct ReportFormRuleInput {
    /// Stable code, unique on the form: letters without accents, digits, `_`, `-`, `.`.
    code: String,
    /// The formula that should hold, true or false, at most 1,000 characters: `members_female <= members_total`. Figures are called by the
    /// codes of their indicators, parts that the form asks for with two underscores behind it: `members_total__women`,
    /// `members_total__sector_education`. What is wrong with it is told with its place when the draft is written.
    expression: String,
    /// What follows when it is broken.
    severity: RuleSeverity,
    /// What it means that a figure is missing which it needs.
    #[graphql(default_with = "RuleMissing::Skip")]
    missing: RuleMissing,
    /// What the officer reads when it is broken, in Vietnamese, in one line.
    message: String,
    /// The text or the reason it rests on.
    basis: Option<String>,
}

impl From<ReportFormRuleInput> for Rule {
    fn from(input: ReportFormRuleInput) -> Self {
        Self {
            code: input.code,
            expression: input.expression,
            severity: input.severity,
            missing: input.missing,
            message: input.message,
            basis: input.basis,
        }
    }
}

/// What became of a rule.
#[derive(SimpleObject)]
pub struct ReportFormRuleChange {
    /// As it was; null when it is new.
    before: Option<ReportFormRule>,
    /// As it is; null when it is gone.
    after: Option<ReportFormRule>,
    /// What changed.
    changed: Vec<ReportFormRulePart>,
}

impl From<RuleChange> for ReportFormRuleChange {
    fn from(change: RuleChange) -> Self {
        Self {
            before: change.before.map(ReportFormRule::from),
            after: change.after.map(ReportFormRule::from),
            changed: change.changed.into_iter().map(ReportFormRulePart::from).collect(),
        }
    }
}

/// What can change of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "RulePart")]
pub enum ReportFormRulePart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere among the rules. What has only made room for others has not moved.
    Place,
    /// Its formula.
    Expression,
    /// What follows when it is broken.
    Severity,
    /// What a missing figure means to it.
    Missing,
    /// What the officer reads.
    Message,
    /// What it rests on.
    Basis,
}
