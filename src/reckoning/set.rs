//! A criteria set (bảng điểm): the tree of sections and criteria with their maxima. What follows from the points is in
//! `rules.rs`. Only the shape; what may be wrong with a set is found by `check.rs`.
//!
//! The points of a unit are of three kinds. Main points are what the scale is made of. Bonus points are collected from below up to the
//! nearest section with a bonus cap, there cut to it and added; deductions likewise, and subtracted. What no section has taken in is
//! settled at the top of the set.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;
use thidua_entity::enums::{Sector, SizeMeasure, UnitKind};

use super::measure::Measure;
use super::rules::{Band, Declaration, EligibilityRule, Gate, Quota, TieBreak};

/// A score table with everything that follows from its points. Reckoned with once it was checked: [`super::CheckedSet`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriteriaSet {
    /// What the table is called after: 100, 1.000.
    pub scale: Fixed4,
    /// Whether the scale is reached with bonus points or without.
    pub bonus: BonusPlace,
    /// Most bonus points, of those that no section has taken in; as many as there are when nothing is said.
    pub bonus_cap: Option<Fixed4>,
    /// Most deductions, of those that no section has taken in.
    pub deduction_cap: Option<Fixed4>,
    /// What the total never counts above, such as 100 although bonus points would bring more.
    pub total_cap: Option<Fixed4>,
    /// What the size of a unit is measured by, where criteria apply to some sizes only.
    pub size_measure: SizeMeasure,
    /// The text the set rests on.
    pub basis: Option<String>,
    /// Its sections and criteria, in the order in which they are read.
    pub nodes: Vec<Node>,
    /// Grades, the best first, each with the points from which it is reached; the last from 0.
    pub bands: Vec<Band>,
    /// What somebody declares of a unit and gates ask for.
    pub declarations: Vec<Declaration>,
    /// Conditions that cap the grade whatever the points.
    pub gates: Vec<Gate>,
    /// How long a unit must have worked before it is rated.
    pub eligibility: Vec<EligibilityRule>,
    /// How many may have a grade. At most one for each grade in each scope.
    pub quotas: Vec<Quota>,
    /// What separates units of equal points, asked in this order.
    pub tie_breaks: Vec<TieBreak>,
    /// Whether a cluster that adapts the set may choose another chain of tie-breaks.
    pub tie_breaks_adaptable: bool,
}

/// Whether the scale of a set is reached with bonus points or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BonusPlace {
    /// 1.000 is 950 for content and 50 of bonus.
    WithinScale,
    /// Bonus points come on top: 97 + 10 = 107 of 100.
    OnTop,
}

/// A section or a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Stable code, once in the set; written as those of indicators are.
    pub code: String,
    /// Its name.
    pub title: Title,
    /// Of a section: most main points. Of a criterion: most points of its kind.
    pub max: Fixed4,
    /// What its points are multiplied with before they count in what stands above; 1 as a rule.
    pub weight: Fixed4,
    /// Which units it is for.
    pub applies_to: AppliesTo,
    /// The text it rests on.
    pub basis: Option<String>,
    /// How far a cluster may change it; not at all when nothing is said.
    pub adaptable: Option<Adaptable>,
    /// The section or the criterion.
    #[serde(flatten)]
    pub part: Part,
}

/// A name in Vietnamese, and in English if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Title {
    /// Vietnamese.
    pub vi: String,
    /// English; the Vietnamese one is shown when there is none.
    pub en: Option<String>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Part {
    /// It has others below it.
    Section(Section),
    /// It is scored.
    Criterion(Criterion),
}

/// What is proper to a section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    /// The section takes in the bonus points from below, but at most so many.
    pub bonus_cap: Option<Fixed4>,
    /// The section takes in the deductions from below, but at most so many.
    pub deduction_cap: Option<Fixed4>,
    /// What does not apply to a unit is left out, and the main points of the rest are scaled up to the maximum of the section.
    pub rescale: bool,
    /// What stands below it.
    pub children: Vec<Node>,
}

/// What is proper to a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    /// What becomes of its points.
    pub role: PointsRole,
    /// Points are multiples of it (0,25, say): those of a scorer must be, those worked out are rounded to it.
    pub step: Option<Fixed4>,
    /// Whether points above 0 need evidence.
    pub evidence_required: bool,
    /// Which layers may write an entry. Where points are worked out from reports, an entry of the cluster, the province or the council
    /// with a reason stands above them.
    pub scored_by: BTreeSet<Layer>,
    /// How its points come about.
    pub measure: Measure,
    /// What it means that what is needed is missing.
    pub when_missing: WhenMissing,
}

/// What becomes of the points of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PointsRole {
    /// They are part of the scale.
    Main,
    /// They are added up to the nearest bonus cap above.
    Bonus,
    /// They are subtracted up to the nearest deduction cap above; written without a minus.
    Deduction,
}

/// A layer of score, from the unit itself up to the council.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Layer {
    /// The unit itself.
    #[serde(rename = "SELF")]
    Own,
    /// Who was assigned to check it.
    CrossCheck,
    /// Chair and deputy of the cluster.
    Cluster,
    /// The organiser of the cluster.
    Province,
    /// The council.
    Council,
}

impl Layer {
    /// All of them, the lowest first.
    pub const ALL: [Self; 5] = [
        Self::Own,
        Self::CrossCheck,
        Self::Cluster,
        Self::Province,
        Self::Council,
    ];

    /// Whether its entries stand above points that are worked out from reports.
    pub fn is_above_reports(self) -> bool {
        self >= Self::Cluster
    }
}

/// What it means that a figure, a target or an entry is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WhenMissing {
    /// The criterion is open and the unit not rated: missing is not zero.
    #[default]
    Open,
    /// A missing figure counts as 0, and where an entry is missing there are no points. For bonus and deductions, as a rule.
    Zero,
}

/// Which units a node is for. An empty list and a missing bound leave nobody out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppliesTo {
    /// Kinds of unit.
    pub kinds: BTreeSet<UnitKind>,
    /// Sectors; nobody can tell whether it is for a unit whose sector is not known.
    pub sectors: BTreeSet<Sector>,
    /// Least size.
    pub size_from: Option<u32>,
    /// The size from which on it is no longer for a unit.
    pub size_below: Option<u32>,
    /// Calendars.
    pub calendars: BTreeSet<Calendar>,
}

/// By which calendar a unit is judged; both live in one cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Calendar {
    /// Năm dương lịch.
    Year,
    /// Năm học.
    SchoolYear,
}

/// How far a cluster may change a node of a provincial base set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adaptable {
    /// Least and most maximum, both included; the maximum stays when nothing is said.
    pub max: Option<Range>,
    /// Least and most weight.
    pub weight: Option<Range>,
    /// Whether it may be left out.
    pub may_be_left_out: bool,
    /// Of a section: whether criteria and sections of the cluster's own may be added.
    pub may_be_added_to: bool,
}

/// From one number to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub least: Fixed4,
    /// The most.
    pub most: Fixed4,
}

impl Node {
    /// What stands below it; nothing below a criterion.
    pub fn children(&self) -> &[Self] {
        match &self.part {
            Part::Section(section) => &section.children,
            Part::Criterion(_) => &[],
        }
    }

    /// The same without what stands below it.
    pub fn alone(&self) -> Self {
        Self {
            code: self.code.clone(),
            title: self.title.clone(),
            max: self.max,
            weight: self.weight,
            applies_to: self.applies_to.clone(),
            basis: self.basis.clone(),
            adaptable: self.adaptable.clone(),
            part: match &self.part {
                Part::Section(section) => Part::Section(Section {
                    children: Vec::new(),
                    ..*section
                }),
                Part::Criterion(criterion) => Part::Criterion(criterion.clone()),
            },
        }
    }
}

impl CriteriaSet {
    /// All its sections and criteria, in the order in which they are read.
    pub fn all_nodes(&self) -> Vec<&Node> {
        fn gather<'a>(nodes: &'a [Node], found: &mut Vec<&'a Node>) {
            for node in nodes {
                found.push(node);
                gather(node.children(), found);
            }
        }
        let mut found = Vec::new();
        gather(&self.nodes, &mut found);
        found
    }
}
