//! What comes out of a reckoning: points with how they came about, grades with their gates and moves, places with what separated
//! neighbours. All of it is data; the sentences are made by `explain.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;

use super::facts::Ruling;
use super::problem::FactProblem;
use super::set::Layer;
use super::verdict::{GateOutcome, QuotaOutcome, Ranking, Standing};
use super::working::Working;

/// What came of the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outcome {
    /// Of each unit, by its id.
    pub units: BTreeMap<String, UnitOutcome>,
    /// What each quota did, in the order in which they were held: those that move units, again as long as they moved some, then
    /// those that only warn.
    pub quotas: Vec<QuotaOutcome>,
    /// Quotas held over several clusters, as they are in the facts.
    pub rulings: Vec<Ruling>,
    /// Places in the cluster.
    pub ranking: Ranking,
    /// How many units have each grade, the best grade first.
    pub tally: Vec<GradeCount>,
    /// How many are not eligible, and in no grade.
    pub not_eligible: u32,
    /// How many are eligible and could not be rated, and in no grade.
    pub not_rated: u32,
    /// Entries and facts that do not fit the set. Nothing should be published before there are none.
    pub problems: Vec<FactProblem>,
}

/// How many units have a grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GradeCount {
    /// Code of the grade.
    pub grade: String,
    /// How many have it.
    pub units: u32,
}

/// What came of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitOutcome {
    /// Its name as in the facts.
    pub name: String,
    /// The total of the set.
    pub total: Total,
    /// Its sections and criteria by their codes; those that do not apply to it are not there.
    pub nodes: BTreeMap<String, NodeOutcome>,
    /// Its gates, in the order of the set.
    pub gates: Vec<GateOutcome>,
    /// Its grade, or why it has none.
    pub standing: Standing,
    /// Its place, when it has one.
    pub place: Option<u32>,
}

/// The total of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Total {
    /// The total; nothing while a criterion is open, or when nothing in the set applies to the unit.
    pub points: Option<Fixed4>,
    /// How it came about, with open criteria counted as nothing.
    pub sums: Sums,
    /// The cap of the set, when it cut something off.
    pub cut_at: Option<Fixed4>,
    /// All deductions as they were given, before weights and caps.
    pub deductions: Fixed4,
    /// Codes of the criteria that are open, in the order of the set.
    pub open: Vec<String>,
    /// What is not known of the unit, so that nobody can tell whether some nodes apply to it.
    pub unclear: BTreeSet<Unclear>,
}

/// What may not be known of a unit, so that nobody can tell whether a node applies to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Unclear {
    /// Its size, where a node is for some sizes.
    Size,
    /// Its sector, where a node is for some sectors.
    Sector,
}

/// How the points of a section, or of the set, came about from what stands right below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sums {
    /// What the nodes right below bring, added up.
    pub main: Fixed4,
    /// How it was scaled up, if something did not apply.
    pub scaled: Option<Scaled>,
    /// Bonus points, where they are settled here.
    pub bonus: Option<Capped>,
    /// Deductions, where they are settled here.
    pub deduction: Option<Capped>,
    /// What is left of all that; never below 0.
    pub points: Fixed4,
}

/// Main points scaled up because a part did not apply: `before × to / from`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scaled {
    /// Maximum of what applies.
    pub from: Fixed4,
    /// Maximum of the section.
    pub to: Fixed4,
    /// The main points then.
    pub points: Fixed4,
}

/// What was collected, and what counts of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Capped {
    /// All of it.
    pub collected: Fixed4,
    /// The cap, if there is one.
    pub cap: Option<Fixed4>,
    /// What counts.
    pub counted: Fixed4,
}

/// What came of a section or criterion that applies to a unit, or of which nobody can tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeOutcome {
    /// Its points; of a deduction without a minus. Nothing while it, or a criterion below it, is open.
    pub points: Option<Fixed4>,
    /// Its points times its weight: what it brings to what stands above.
    pub brings: Option<Fixed4>,
    /// How they came about.
    pub how: How,
}

/// How points came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum How {
    /// Added up.
    Section(Sums),
    /// Scored.
    Criterion(Scoring),
    /// Nobody can tell whether it applies, so it is open, and so is what stands above it.
    Unclear {
        /// What is not known of the unit.
        unknown: Unclear,
    },
}

/// How the points of a criterion came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scoring {
    /// What the reports give, where points are worked out from them.
    pub from_reports: Option<Result<Scored, Open>>,
    /// What each layer gave, to see where they differ. Entries that do not fit are not there.
    pub layers: BTreeMap<Layer, Scored>,
    /// Which of them stands.
    pub stands: Stands,
}

/// Points and how they came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scored {
    /// The points.
    pub points: Fixed4,
    /// How they came about.
    pub working: Working,
    /// The reason of whoever entered them.
    pub reason: Option<String>,
}

/// Which points of a criterion stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "which", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Stands {
    /// Those of a layer.
    Entry {
        /// Which.
        layer: Layer,
    },
    /// Those from the reports.
    Reports,
    /// Nobody entered anything, and the set says what that brings.
    NothingEntered {
        /// Mostly nothing; of events the points at the start.
        points: Fixed4,
    },
    /// Nobody can tell yet.
    Open {
        /// Why.
        why: Open,
    },
}

/// Why points are open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Open {
    /// Nobody entered anything.
    NoEntry,
    /// The entry that would stand does not fit the criterion; see the problems.
    EntryRefused,
    /// Figures are missing.
    NoFigure {
        /// Their names, as formulas have them.
        names: Vec<String>,
    },
    /// The unit promised nothing for the indicator, and it has nothing to be measured against.
    NoTarget {
        /// The indicator.
        indicator: String,
    },
    /// The target is not above 0, so nothing can be measured against it.
    TargetNotPositive {
        /// The target.
        target: Fixed4,
    },
    /// Figures are not exact, and the points hang on how much they are.
    Inexact {
        /// Their names, as formulas have them.
        names: Vec<String>,
    },
    /// It looks at the whole cluster, and figures of these units may still change.
    NotLocked {
        /// Their ids; at most [`super::NAMED_MAX`].
        units: Vec<String>,
    },
    /// A figure of the whole cluster has more than 14 digits.
    TooLarge {
        /// Its name, as formulas have it.
        name: String,
    },
    /// The formula divides by zero.
    DivisionByZero {
        /// The divisor, as the formula has it.
        divisor: String,
    },
    /// A figure is not of the form it was said to have.
    WrongForm {
        /// Its name.
        name: String,
    },
}

impl Scoring {
    /// The points that stand; nothing while the criterion is open.
    pub fn points(&self) -> Option<Fixed4> {
        match &self.stands {
            Stands::Entry { layer } => self.layers.get(layer).map(|scored| scored.points),
            Stands::Reports => Some(self.from_reports.as_ref()?.as_ref().ok()?.points),
            Stands::NothingEntered { points } => Some(*points),
            Stands::Open { .. } => None,
        }
    }
}
