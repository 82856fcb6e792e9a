//! What follows from points, as data: gates, grades and why there is none, what quotas moved, places and what separated neighbours.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;

use super::rules::{Enforcement, LifeEvent};

/// What came of a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GateOutcome {
    /// Its code.
    pub gate: String,
    /// Whether its condition holds.
    pub holds: Holds,
    /// Whether it made the grade lower than the points alone.
    pub caps: bool,
}

/// Whether the condition of a gate holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "holds", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not.
    No {
        /// Of a condition on nodes: those that have too little, at most [`super::NAMED_MAX`].
        nodes: Vec<String>,
    },
    /// Nobody can tell.
    Unknown {
        /// Why.
        why: HoldsUnknown,
        /// Of what: declarations, nodes (at most [`super::NAMED_MAX`]), names of figures; ids of units that are not locked; the divisor.
        of: Vec<String>,
    },
}

/// Why nobody can tell whether the condition of a gate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HoldsUnknown {
    /// Declarations, points or figures are missing.
    Missing,
    /// Figures are not exact, and it hangs on how much they are.
    Inexact,
    /// It looks at the whole cluster, and figures of some units may still change.
    NotLocked,
    /// A figure of the whole cluster has more than 14 digits.
    TooLarge,
    /// Something is divided by zero.
    DivisionByZero,
    /// A figure is not of the form it was said to have.
    WrongForm,
}

/// The grade of a unit, or why it has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "standing",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Standing {
    /// It has a grade.
    Rated {
        /// The grade.
        grade: String,
        /// The grade that the points alone would give.
        by_points: String,
        /// The grade after the gates.
        after_gates: String,
        /// How quotas moved it from there.
        moves: Vec<Move>,
    },
    /// It is not rated for this period, whatever its points; not the same as the lowest grade.
    NotEligible {
        /// Why.
        reasons: Vec<NotEligible>,
    },
    /// It is to be rated and could not be; not the same as the lowest grade.
    NotRated {
        /// Why.
        reasons: Vec<NotRated>,
    },
}

/// How a quota moved a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Move {
    /// Code of the quota.
    pub quota: String,
    /// How many units it counted from then.
    pub base: u32,
    /// How many of them it let have the grade then.
    pub allowed: u32,
    /// The grade it had.
    pub from: String,
    /// The grade it has then.
    pub to: String,
    /// Units with which it was even across the border, itself left out, at most [`super::NAMED_MAX`]; a ballot could decide
    /// between them.
    pub even_with: Vec<String>,
}

/// Why a unit is not eligible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum NotEligible {
    /// It has not worked long enough.
    TooYoung {
        /// What happened to it.
        event: LifeEvent,
        /// When.
        on: NaiveDate,
        /// Months it must have worked.
        months: u32,
        /// The first period end on which it is eligible.
        eligible_on: NaiveDate,
    },
    /// It ended within the period.
    Ended {
        /// First day on which it no longer existed.
        on: NaiveDate,
    },
}

/// Why a unit that is eligible could not be rated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum NotRated {
    /// Criteria are open.
    CriteriaOpen {
        /// Their codes.
        criteria: Vec<String>,
    },
    /// Nobody can tell whether a gate is open.
    GateUnknown {
        /// Its code.
        gate: String,
    },
    /// Criteria are for some sizes only, and its size is not known.
    SizeUnknown,
    /// Criteria are for some sectors only, and its sector is not known.
    SectorUnknown,
    /// Nothing in the set applies to it.
    NothingApplies,
}

/// What a quota did when its turn came. It has another when a quota after it made its base smaller and more were over it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuotaOutcome {
    /// Its code.
    pub quota: String,
    /// How many units it counts from.
    pub base: u32,
    /// The percentage of them, before it was made whole.
    pub exact: Fixed4,
    /// How many may have the grade.
    pub allowed: u32,
    /// How many had it.
    pub had: u32,
    /// Who is over it, the best first: moved, or only told.
    pub over: Vec<Over>,
    /// Whether they were moved.
    pub enforcement: Enforcement,
}

/// A unit that is over a quota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Over {
    /// Its id.
    pub unit: String,
    /// Units with which it is even across the border, itself left out; at most [`super::NAMED_MAX`].
    pub even_with: Vec<String>,
}

/// Places in a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ranking {
    /// The units, the best first. Units that are not eligible or whose total is open have no place.
    pub places: Vec<Placed>,
    /// What separated each from the one before, so one less than places.
    pub trace: Vec<Separation>,
}

/// A unit in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Placed {
    /// Its id.
    pub unit: String,
    /// Its place; units that nothing separated share one, and the places behind are left out: 1, 2, 2, 4.
    pub place: u32,
    /// Its total.
    pub points: Fixed4,
}

/// What separated two neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Separation {
    /// Id of the one above, or of the one named first when they are even.
    pub above: String,
    /// Id of the other.
    pub below: String,
    /// What separated them.
    pub by: SeparatedBy,
    /// Tie-breaks that were asked before and did not separate them.
    pub passed: Vec<Passed>,
}

/// What separated two units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum SeparatedBy {
    /// Their totals.
    Points {
        /// Of the one above.
        above: Fixed4,
        /// Of the one below.
        below: Fixed4,
    },
    /// A tie-break.
    TieBreak {
        /// Which, counted from 0 in the chain of the set.
        index: usize,
        /// Of the one above.
        above: Fixed4,
        /// Of the one below.
        below: Fixed4,
    },
    /// Nothing: they share the place until a ballot decides.
    Nothing,
}

/// A tie-break that did not separate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Passed {
    /// Which, counted from 0 in the chain of the set.
    pub index: usize,
    /// Whether they are even in it; otherwise something is not known exactly.
    pub even: bool,
    /// Ids of the units for which it is not known exactly: of all tie-breaks that did not separate a pair, the first
    /// [`super::NAMED_MAX`].
    pub unknown: Vec<String>,
}
