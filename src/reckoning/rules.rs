//! What follows from the points of a criteria set: grades, the gates that cap them, who is rated at all, quotas and tie-breaks. Each
//! with its legal basis. Only the shape.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;

use super::set::Title;

/// A grade and the points from which it is reached. It ends where the band above begins, so bands neither overlap nor leave a hole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Band {
    /// Code of the grade, once in the set.
    pub grade: String,
    /// Its name.
    pub title: Title,
    /// Least points, included.
    pub from: Fixed4,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// Something that is declared of a unit, yes or no, such as that nobody was disciplined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Declaration {
    /// Code, once in the set.
    pub code: String,
    /// What is declared.
    pub title: Title,
}

/// A condition that caps the grade whatever the points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gate {
    /// Code, once in the set.
    pub code: String,
    /// Its name.
    pub title: Title,
    /// What must hold.
    pub condition: Condition,
    /// The best grade of a unit for which it does not hold.
    pub otherwise_at_most: String,
    /// What follows when nobody can tell whether it holds.
    pub when_missing: GateMissing,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// What must hold for a gate to be open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Condition {
    /// Something is declared of the unit so and not otherwise.
    Declared {
        /// Code of the declaration.
        declaration: String,
        /// How it must be.
        wanted: bool,
    },
    /// Each of these nodes has at least a part of its maximum. Those that do not apply to the unit are passed over.
    NodesReach {
        /// Codes of the nodes.
        nodes: Vec<String>,
        /// Part of the maximum, 0,5 for a half.
        share: Fixed4,
    },
    /// A formula that is true; over the figures of the unit and of its cluster, and the declarations by their codes.
    Formula {
        /// In the language of [`crate::formula`].
        text: String,
    },
}

/// What follows when nobody can tell whether a gate is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GateMissing {
    /// The unit is not rated before it is known.
    NotRated,
    /// It counts as closed, and caps the grade.
    Closed,
    /// It counts as open.
    Open,
}

/// How long a unit must have worked before it is rated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EligibilityRule {
    /// After which of these.
    pub after: BTreeSet<LifeEvent>,
    /// Whole months on the last day of the unit's period, that day and the day of the event included.
    pub months: u32,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// What may have happened to a unit that bears on whether it is rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LifeEvent {
    /// Newly founded; of one that came out of others their event is told instead.
    Founded,
    /// It came out of a split.
    Split,
    /// It came out of a merger.
    Merged,
    /// It came out of a consolidation.
    Consolidated,
}

/// Among which units a quota is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuotaScope {
    /// Those that are reckoned together: the units of a cluster.
    Cluster,
    /// All units of the union that organises several clusters; see [`super::hold_quota`].
    UpperUnion,
    /// All units of a province; see [`super::hold_quota`].
    Province,
}

/// How many may have a grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quota {
    /// Code, once in the set.
    pub code: String,
    /// Among which units it is held.
    pub scope: QuotaScope,
    /// The grade that is limited; not the last.
    pub grade: String,
    /// Units of which grades are counted. A quota that moves units is never exceeded by what comes out in the end; it is held again
    /// when others made its base smaller.
    pub base: BTreeSet<String>,
    /// So many per cent of the base.
    pub percent: Fixed4,
    /// How the number is made whole.
    pub rounding: Rounding,
    /// What follows when there are more.
    pub enforcement: Enforcement,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// How a quota is made a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rounding {
    /// The next whole number below.
    Down,
    /// The nearest, halves up.
    Nearest,
    /// The next whole number above.
    Up,
}

/// What follows when more units have a grade than its quota lets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Enforcement {
    /// It is told, and nobody is moved.
    Warn,
    /// The lowest of them go to the next grade.
    Block,
}

/// What may separate units of equal points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TieBreak {
    /// What is compared.
    pub by: TieBreakBy,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// What is compared to separate units of equal points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum TieBreakBy {
    /// More points of a node.
    Points {
        /// Its code.
        node: String,
    },
    /// A figure, such as the share of women.
    Figure {
        /// Its indicator.
        indicator: String,
        /// Which is better.
        better: Better,
    },
    /// Fewer deductions in the whole set: their points added up as they were given, before weights and caps.
    FewerDeductions,
    /// The order that a ballot, or whoever decides, gave to those still tied.
    Ballot,
}

/// Which of two figures is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Better {
    /// The higher one.
    Higher,
    /// The lower one.
    Lower,
}
