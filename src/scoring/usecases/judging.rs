//! Whether what a layer wrote can stand, and whether it can be handed in. What fits a criterion says the reckoning; here it is said what is
//! asked besides: reasons, evidence, nothing left out. Pure.

use std::collections::BTreeSet;

use thidua_entity::Fixed4;
use thidua_entity::enums::ScoreLayer;

use crate::error::Problem;
use crate::numbers;
use crate::reckoning::{
    CheckedSet, Criterion, FactProblemKind, How, Layer, Node, Open, Part, PointsRole, Scoring, Stands, UnitOutcome,
    WhenMissing,
};
use crate::scoring::facts;

/// What is judged: what came out of the entries of all layers up to one.
pub(super) struct Judging<'a> {
    pub set: &'a CheckedSet,
    pub unit: &'a UnitOutcome,
    pub layer: ScoreLayer,
    pub blind: bool,
}

impl Judging<'_> {
    /// The criteria that apply to the unit, with how they are scored.
    fn criteria(&self) -> impl Iterator<Item = (&Node, &Criterion, &Scoring)> {
        let nodes = self.set.set().all_nodes().into_iter();
        nodes.filter_map(|node| {
            let (Part::Criterion(criterion), Some(outcome)) = (&node.part, self.unit.nodes.get(&node.code)) else {
                return None;
            };
            match &outcome.how {
                How::Criterion(scoring) => Some((node, criterion, scoring)),
                How::Section(_) | How::Unclear { .. } => None,
            }
        })
    }

    fn at(&self) -> Layer {
        facts::layer(self.layer)
    }

    /// Entries that say otherwise than what stands below them, or claim more than the reports give, without a reason: the codes of their
    /// criteria, and what is wrong.
    pub fn without_reason(&self) -> Vec<(String, Unexplained)> {
        let unexplained = self.criteria().filter_map(|(node, criterion, scoring)| {
            let own = scoring.layers.get(&self.at())?;
            if own.reason.is_some() {
                return None;
            }
            let why = match self.layer {
                ScoreLayer::Own => {
                    let computed = scoring.from_reports.as_ref()?.as_ref().ok()?.points;
                    claims_more(criterion.role, own.points, computed).then_some(Unexplained::ClaimsMore { computed })
                }
                _ => {
                    let below = self.below(scoring)?;
                    (own.points != below).then_some(Unexplained::Differs { below })
                }
            };
            why.map(|why| (node.code.clone(), why))
        });
        unexplained.collect()
    }

    /// The points that would stand without this layer. In a blind year a checker is not told by a demand for a reason what the unit
    /// gave itself.
    fn below(&self, scoring: &Scoring) -> Option<Fixed4> {
        let counts = |layer: &Layer| {
            *layer < self.at()
                && (scoring.from_reports.is_none() || layer.is_above_reports())
                && !(self.blind && self.layer == ScoreLayer::CrossCheck)
        };
        let highest = scoring.layers.iter().rev().find(|(layer, _)| counts(layer));
        match highest {
            Some((_, scored)) => Some(scored.points),
            None => Some(scoring.from_reports.as_ref()?.as_ref().ok()?.points),
        }
    }

    /// Codes of the criteria that this layer scores and that nobody has scored so far; of the checker, those that it left out itself.
    pub fn missing(&self) -> Vec<String> {
        let missing = self.criteria().filter(|(_, criterion, scoring)| {
            let scores = criterion.scored_by.contains(&self.at()) && scoring.from_reports.is_none();
            let left_out = match self.layer {
                ScoreLayer::Own | ScoreLayer::CrossCheck => !scoring.layers.contains_key(&self.at()),
                ScoreLayer::Cluster | ScoreLayer::Province | ScoreLayer::Council => {
                    matches!(scoring.stands, Stands::Open { why: Open::NoEntry })
                }
            };
            scores && criterion.when_missing == WhenMissing::Open && left_out
        });
        missing.map(|(node, ..)| node.code.clone()).collect()
    }

    /// Codes of the criteria for which the unit gave itself points, that need evidence and have none.
    pub fn unproven(&self, proven: &BTreeSet<String>) -> Vec<String> {
        let unproven = self.criteria().filter(|(node, criterion, scoring)| {
            let given = scoring.layers.get(&self.at()).map(|scored| scored.points);
            criterion.evidence_required
                && given.is_some_and(|points| points > Fixed4::ZERO)
                && !proven.contains(&node.code)
        });
        unproven.map(|(node, ..)| node.code.clone()).collect()
    }
}

/// Whether a unit claims more than its reports give; of a deduction, whether it takes less off.
fn claims_more(role: PointsRole, claimed: Fixed4, computed: Fixed4) -> bool {
    match role {
        PointsRole::Main | PointsRole::Bonus => claimed > computed,
        PointsRole::Deduction => claimed < computed,
    }
}

/// Why an entry needs a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unexplained {
    /// The unit claims more than its reports give.
    ClaimsMore {
        /// What they give.
        computed: Fixed4,
    },
    /// It says otherwise than what stands below.
    Differs {
        /// What stands below.
        below: Fixed4,
    },
    /// It declares otherwise than a layer below.
    DeclaresOtherwise,
}

impl Unexplained {
    pub fn problem(self, field: String) -> Problem {
        match self {
            Self::ClaimsMore { computed } => Problem::new(
                "EXPLANATION_REQUIRED",
                field,
                format!(
                    "Báo cáo đã duyệt cho {} điểm; đơn vị tự chấm khác có lợi hơn thì phải giải trình.",
                    numbers::write(computed)
                ),
                format!(
                    "The approved reports give {} points; who claims more explains why.",
                    numbers::write(computed)
                ),
            ),
            Self::Differs { below } => Problem::new(
                "REASON_REQUIRED",
                field,
                format!(
                    "Điểm đang có là {}; chấm khác phải ghi lý do để đơn vị biết.",
                    numbers::write(below)
                ),
                format!(
                    "The points so far are {}; others need a reason, which the unit reads.",
                    numbers::write(below)
                ),
            ),
            Self::DeclaresOtherwise => Problem::new(
                "REASON_REQUIRED",
                field,
                "Cấp dưới khai khác; khai khác cấp dưới phải ghi lý do để đơn vị biết.",
                "A layer below declares otherwise; that needs a reason, which the unit reads.",
            ),
        }
    }
}

/// The problem of points that are missing when a layer is handed in.
pub(super) fn points_missing(code: &str) -> Problem {
    Problem::new(
        "POINTS_MISSING",
        format!("entries.{code}"),
        format!("Tiêu chí `{code}` chưa được chấm."),
        format!("Criterion `{code}` is not scored yet."),
    )
}

/// The problem of points without the evidence that they need.
pub(super) fn evidence_missing(code: &str) -> Problem {
    Problem::new(
        "EVIDENCE_REQUIRED",
        format!("entries.{code}"),
        format!("Tiêu chí `{code}` có điểm thì phải có tệp minh chứng gắn với tiêu chí."),
        format!("Points of criterion `{code}` need a file of evidence attached to it."),
    )
}

/// The field of an entry with which something is wrong.
pub(super) const fn part(kind: &FactProblemKind) -> &'static str {
    match kind {
        FactProblemKind::UnknownCriterion | FactProblemKind::DoesNotApply | FactProblemKind::LayerMayNot => "code",
        FactProblemKind::WrongKind | FactProblemKind::OutOfBounds { .. } | FactProblemKind::OffStep { .. } => "points",
        FactProblemKind::NoReason => "reason",
        FactProblemKind::UnknownEvent { .. } => "events",
    }
}
