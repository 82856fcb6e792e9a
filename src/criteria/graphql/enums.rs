//! The enums of criteria sets in the schema.

use async_graphql::Enum;

use crate::reckoning::{
    Better, BonusPlace, Calendar, Enforcement, GateMissing, HeadPart, Layer, LifeEvent, NodePart, PointsRole,
    QuotaScope, Rounding, WhenMissing,
};

/// Whether the scale of a set is reached with bonus points or without.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "BonusPlace")]
pub enum CriteriaBonus {
    /// 1.000 is 950 for content and 50 of bonus.
    WithinScale,
    /// Bonus points come on top: 97 + 10 = 107 of 100.
    OnTop,
}

/// What becomes of the points of a criterion.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "PointsRole")]
pub enum CriterionRole {
    /// They are part of the scale.
    Main,
    /// They are added, up to the nearest bonus cap above.
    Bonus,
    /// They are subtracted, up to the nearest deduction cap above; written without a minus.
    Deduction,
}

/// A layer of score, from the unit itself up to the council.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Layer")]
pub enum ScoreLayer {
    /// The unit itself (tự chấm).
    #[graphql(name = "SELF")]
    Own,
    /// Who was assigned to check it (kiểm tra chéo).
    CrossCheck,
    /// Chair and deputy of the cluster.
    Cluster,
    /// The organiser of the cluster.
    Province,
    /// The council.
    Council,
}

/// What it means that a figure, a target or an entry is missing.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "WhenMissing")]
pub enum CriterionMissing {
    /// The criterion is open and the unit not rated: missing is not zero.
    Open,
    /// A missing figure counts as 0, and where an entry is missing there are no points. For bonus and deductions, as a rule.
    Zero,
}

/// By which calendar a unit is judged; both live in one cluster.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Calendar")]
pub enum EmulationCalendar {
    /// Năm dương lịch.
    Year,
    /// Năm học.
    SchoolYear,
}

/// What follows when nobody can tell whether a gate is open.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "GateMissing")]
pub enum CriteriaGateMissing {
    /// The unit is not rated before it is known.
    NotRated,
    /// It counts as closed, and caps the grade.
    Closed,
    /// It counts as open.
    Open,
}

/// What may have happened to a unit that bears on whether it is rated.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "LifeEvent")]
pub enum CriteriaLifeEvent {
    /// Newly founded; of one that came out of others their event is told instead.
    Founded,
    /// It came out of a split (chia tách).
    Split,
    /// It came out of a merger (sáp nhập).
    Merged,
    /// It came out of a consolidation (hợp nhất).
    Consolidated,
}

/// Among which units a quota is held.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "QuotaScope")]
pub enum CriteriaQuotaScope {
    /// The units of a cluster.
    Cluster,
    /// All units of the union that organises several clusters.
    UpperUnion,
    /// All units of a province.
    Province,
}

/// How a quota is made a whole number.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Rounding")]
pub enum QuotaRounding {
    /// The next whole number below.
    Down,
    /// The nearest, halves up.
    Nearest,
    /// The next whole number above.
    Up,
}

/// What follows when more units have a grade than its quota lets.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Enforcement")]
pub enum QuotaEnforcement {
    /// It is told, and nobody is moved.
    Warn,
    /// The lowest of them go to the next grade.
    Block,
}

/// Which of two figures is better.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Better")]
pub enum BetterFigure {
    /// The higher one.
    Higher,
    /// The lower one.
    Lower,
}

/// How a scorer says what a unit gets.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CriterionScoring {
    /// By points.
    Points,
    /// Passed, for the maximum, or failed, for nothing.
    PassFail,
}

/// What separates units of equal points without naming a criterion or a figure.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CriteriaTieBreakKind {
    /// Fewer deductions in the whole set: their points added up as they were given, before weights and caps.
    FewerDeductions,
    /// The order that a ballot, or whoever decides, gave to those still tied.
    Ballot,
}

/// What can change of a set as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "HeadPart")]
pub enum CriteriaSetPart {
    /// The scale.
    Scale,
    /// Whether bonus points are within the scale.
    Bonus,
    /// Bonus cap.
    BonusCap,
    /// Deduction cap.
    DeductionCap,
    /// Cap of the total.
    TotalCap,
    /// What the size of units is measured by.
    SizeMeasure,
    /// The text it rests on.
    Basis,
    /// Whether clusters may choose other tie-breaks.
    TieBreaksAdaptable,
}

/// What can change of a section or criterion.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "NodePart")]
pub enum CriteriaNodePart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands below another, or elsewhere among its neighbours. What has only made room for others has not moved.
    Place,
    /// Its name.
    Title,
    /// Its maximum.
    Max,
    /// Its weight.
    Weight,
    /// Which units it is for.
    AppliesTo,
    /// The text it rests on.
    Basis,
    /// How far a cluster may change it.
    Adaptable,
    /// Of a section: bonus cap.
    BonusCap,
    /// Of a section: deduction cap.
    DeductionCap,
    /// Of a section: whether it is scaled up.
    Rescale,
    /// What becomes of its points.
    Role,
    /// Its step.
    Step,
    /// Whether evidence is needed.
    EvidenceRequired,
    /// Who scores it.
    ScoredBy,
    /// How its points come about.
    Measure,
    /// What missing means.
    WhenMissing,
    /// A section became a criterion, or the other way round.
    Kind,
}
