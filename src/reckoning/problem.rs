//! What may be wrong with a criteria set, and with the facts given to it, as data. The sentences are in `sentences.rs`.

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;
use thidua_entity::enums::{Sector, UnitKind};

use super::set::{Calendar, Layer};
use crate::formula::FormulaProblem;

/// Something that is wrong with a criteria set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetProblem {
    /// Where, as a path such as `nodes[2].children[0].max`.
    pub path: String,
    /// What.
    pub kind: SetProblemKind,
}

/// What may be wrong with a criteria set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetProblemKind {
    /// More sections and criteria than [`super::NODES_MAX`]. Nothing else was looked at.
    TooManyNodes,
    /// More levels than [`super::DEPTH_MAX`]. Nothing else was looked at.
    TooDeep,
    /// A list with more parts than it may have.
    TooMany {
        /// How many it may have.
        most: usize,
    },
    /// The filters begin or end at more sizes than [`super::SIZES_MAX`].
    TooManySizes,
    /// A text that must be there is not, or has more than [`super::TEXT_MAX`] characters.
    TextLength,
    /// A code is not 1 to 60 letters without accents, digits, `_`, `-`, `.`.
    CodeUnclear,
    /// A code stands in the set twice.
    CodeTwice {
        /// The code.
        code: String,
    },
    /// There is no node, grade, declaration of this code.
    Unknown {
        /// The code.
        code: String,
    },
    /// There is no indicator of this code.
    UnknownIndicator {
        /// The code.
        code: String,
    },
    /// The figures of the indicator are no numbers.
    NotANumber {
        /// Its code.
        code: String,
    },
    /// A number lies outside its bounds, both included.
    OutOfBounds {
        /// The least.
        least: Fixed4,
        /// The most.
        most: Fixed4,
    },
    /// The step does not divide the maximum; or the floor, the start or the ceiling of events.
    StepDoesNotDivide {
        /// The step.
        step: Fixed4,
        /// The points that it does not divide.
        max: Fixed4,
    },
    /// The maxima right below do not add up to what stands above, or to more than a section that is scaled up has.
    SumDiffers {
        /// For which units.
        profile: Profile,
        /// What the maxima below add up to, times their weights.
        sum: Fixed4,
        /// What it must be.
        wanted: Fixed4,
    },
    /// Nothing below a section that is scaled up applies to some units that the section is for.
    NothingApplies {
        /// To which.
        profile: Profile,
    },
    /// Below a section that is scaled up stands one with a cap of its own, whose bonus or deductions would be scaled up with it.
    CapBelowRescale,
    /// A bonus cap, and nothing below it gives bonus points that it takes in; or likewise a deduction cap.
    CapOfNothing,
    /// A section without anything below it.
    EmptySection,
    /// Nobody may write an entry, so the criterion could never be scored.
    NobodyScores,
    /// A size from which on a node applies is not below the one from which on it does not.
    SizesCross,
    /// The maximum can never be reached, whatever the figures.
    MaxOutOfReach {
        /// The most that can be.
        reach: Fixed4,
    },
    /// The bonus points below a cap are never as many as it lets.
    CapOutOfReach {
        /// The most that can be collected.
        reach: Fixed4,
    },
    /// What a total never counts above lies below the scale.
    TotalCapBelowScale {
        /// The scale.
        scale: Fixed4,
    },
    /// A gate or a tie-break asks for more points of a deduction, which is less merit.
    Deduction {
        /// Its code.
        code: String,
    },
    /// A floor above the start or a start above the ceiling.
    FloorAboveCeiling,
    /// A formula that cannot be used.
    Formula(FormulaProblem),
    /// There are no grades, or the last does not begin at 0.
    BandsLeaveHole,
    /// A grade that does not begin below the one above it.
    BandsOverlap,
    /// A grade that begins above what can be reached.
    BandOutOfReach {
        /// The most points that can be reached.
        reach: Fixed4,
    },
    /// Two quotas of one scope for one grade.
    QuotaTwice,
    /// A quota for the last grade: nobody could be moved below.
    QuotaOfLast,
    /// A gate that names no nodes, a quota of which no grade is counted, a criterion of events without any.
    NothingNamed,
    /// A range whose least is above its most, or that does not hold what stands now.
    RangeUnclear,
}

/// A kind of unit that the filters of a set tell apart from others. What they do not look at is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Kind of unit.
    pub kind: Option<UnitKind>,
    /// Sector.
    pub sector: Option<Sector>,
    /// Size.
    pub size: Option<u32>,
    /// Calendar.
    pub calendar: Option<Calendar>,
}

/// A fact that does not fit the set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactProblem {
    /// Id of the unit.
    pub unit: String,
    /// Code of the criterion.
    pub criterion: String,
    /// The layer.
    pub layer: Layer,
    /// What is wrong with the entry.
    pub kind: FactProblemKind,
}

/// What may be wrong with an entry of a score sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum FactProblemKind {
    /// The set has no such criterion.
    UnknownCriterion,
    /// The criterion does not apply to the unit.
    DoesNotApply,
    /// The layer may not score the criterion.
    LayerMayNot,
    /// Points where a verdict is wanted, or the like.
    WrongKind,
    /// Points outside of what can be given, both ends included.
    OutOfBounds {
        /// The least.
        least: Fixed4,
        /// The most.
        most: Fixed4,
    },
    /// Points between the steps.
    OffStep {
        /// The step.
        step: Fixed4,
    },
    /// It stands above points from reports and says no reason.
    NoReason,
    /// Events of a kind that the criterion does not have or does not leave to scorers.
    UnknownEvent {
        /// Code of the kind.
        code: String,
    },
}
