//! Rules between the figures of a form as REST shows them.

use serde::Serialize;
use thidua_entity::enums::{RuleMissing, RuleSeverity};
use utoipa::ToSchema;

use crate::forms::difference::{RuleAt, RuleChange, RulePart};
use crate::forms::rules::Rule;

/// A rule between figures of a form: a formula that should hold, and what follows when it does not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleJson {
    /// Stable code, unique on the form.
    code: String,
    /// The formula that should hold: `members_female <= members_total`.
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

impl From<Rule> for RuleJson {
    fn from(rule: Rule) -> Self {
        Self {
            code: rule.code,
            expression: rule.expression,
            severity: rule.severity,
            missing: rule.missing,
            message: rule.message,
            basis: rule.basis,
        }
    }
}

/// What became of a rule.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleChangeJson {
    /// As it was; null when it is new.
    before: Option<RuleAtJson>,
    /// As it is; null when it is gone.
    after: Option<RuleAtJson>,
    /// What changed: `ADDED`, `REMOVED`, `PLACE`, `EXPRESSION`, `SEVERITY`, `MISSING`, `MESSAGE`, `BASIS`.
    #[schema(value_type = Vec<String>)]
    changed: Vec<RulePart>,
}

impl From<RuleChange> for RuleChangeJson {
    fn from(change: RuleChange) -> Self {
        Self {
            before: change.before.map(RuleAtJson::from),
            after: change.after.map(RuleAtJson::from),
            changed: change.changed,
        }
    }
}

/// A rule where it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleAtJson {
    /// Order on the form, from 1.
    position: i32,
    /// The rule.
    #[serde(flatten)]
    rule: RuleJson,
}

impl From<RuleAt> for RuleAtJson {
    fn from(at: RuleAt) -> Self {
        Self {
            position: at.position,
            rule: at.rule.into(),
        }
    }
}
