//! How the points of a criterion came about, as data: what was counted, measured or put into a formula.

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;

use super::facts::Figure;

/// How points came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Working {
    /// Somebody gave them.
    Given,
    /// There was no target to measure against, and that means no points.
    NoTarget,
    /// Passed or failed.
    Verdict {
        /// Whether it passed.
        passed: bool,
    },
    /// A figure against a target.
    Target {
        /// The figure.
        actual: Figure,
        /// What it is measured against.
        target: Fixed4,
        /// Points at the target.
        at_target: Fixed4,
        /// Above the target, who leads the cluster.
        leader: Option<Leader>,
        /// What that gives, before the step.
        result: Fixed4,
    },
    /// Points for each.
    Count {
        /// How many.
        count: Figure,
        /// Points for each.
        each: Fixed4,
    },
    /// Events.
    Events {
        /// Points without any.
        start: Fixed4,
        /// Those there were.
        events: Vec<EventsCounted>,
        /// What that makes, before floor and ceiling.
        sum: Fixed4,
    },
    /// A formula.
    Formula {
        /// As it stands in the set.
        formula: String,
        /// What it read, in the order in which it names them.
        inputs: Vec<Input>,
        /// What it gave, before floor, ceiling and step.
        result: Fixed4,
    },
}

/// Who leads a cluster in a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Leader {
    /// Ids of the units that lead; several when they are even, at most [`super::NAMED_MAX`].
    pub units: Vec<String>,
    /// By which part of its own target the leader exceeds it, to four decimals.
    pub excess: Fixed4,
    /// Whether the unit itself leads.
    pub leads: bool,
    /// By which part it exceeds its own target, to four decimals.
    pub own_excess: Fixed4,
    /// What the first of those that lead has done: with its target, what its excess is exactly.
    pub done: Fixed4,
    /// Its target.
    pub target: Fixed4,
}

/// Events of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventsCounted {
    /// Code of the kind.
    pub code: String,
    /// How many.
    pub count: Fixed4,
    /// What they bring or take away.
    pub points: Fixed4,
}

/// A figure that a formula read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Input {
    /// Its name in the formula.
    pub name: String,
    /// The figure; nothing when it is missing.
    pub figure: Option<Figure>,
    /// Whether it is missing and counts as 0.
    pub counts_as_zero: bool,
}
