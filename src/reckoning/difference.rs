//! What changed from one version of a criteria set to another. Pure.
//!
//! Nodes, grades, declarations, gates and quotas are the same when their codes are. What has only made room for others has not moved.

mod nodes;

use serde::{Deserialize, Serialize};

pub use self::nodes::{NodeAt, NodeChange, NodePart};
use super::rules::{Band, Declaration, EligibilityRule, Gate, Quota, TieBreak};
use super::set::CriteriaSet;

/// What changed from one version to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetDifference {
    /// What changed of the set as a whole.
    pub head: Vec<HeadPart>,
    /// Sections and criteria that are not what they were: those of the later version in its order, then those that are gone.
    pub nodes: Vec<NodeChange>,
    /// Grades.
    pub bands: Vec<Change<Band>>,
    /// Declarations.
    pub declarations: Vec<Change<Declaration>>,
    /// Gates.
    pub gates: Vec<Change<Gate>>,
    /// Quotas.
    pub quotas: Vec<Change<Quota>>,
    /// The rules of eligibility, all of them, when any changed.
    pub eligibility: Option<Change<Vec<EligibilityRule>>>,
    /// The chain of tie-breaks, all of it, when any changed or moved.
    pub tie_breaks: Option<Change<Vec<TieBreak>>>,
}

/// Something as it was and as it is; one of them is missing when it is new or gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change<T> {
    /// As it was.
    pub before: Option<T>,
    /// As it is.
    pub after: Option<T>,
}

/// What can change of a set as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HeadPart {
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
    /// What size is measured by.
    SizeMeasure,
    /// The text it rests on.
    Basis,
    /// Whether clusters may choose other tie-breaks.
    TieBreaksAdaptable,
}

impl SetDifference {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What changed from one version to another.
pub fn difference(before: &CriteriaSet, after: &CriteriaSet) -> SetDifference {
    SetDifference {
        head: head(before, after),
        nodes: nodes::nodes(before, after),
        bands: by_code(&before.bands, &after.bands, |one| &one.grade),
        declarations: by_code(&before.declarations, &after.declarations, |one| &one.code),
        gates: by_code(&before.gates, &after.gates, |one| &one.code),
        quotas: by_code(&before.quotas, &after.quotas, |one| &one.code),
        eligibility: whole(&before.eligibility, &after.eligibility),
        tie_breaks: whole(&before.tie_breaks, &after.tie_breaks),
    }
}

fn changed<T, const N: usize>(parts: [(bool, T); N]) -> Vec<T> {
    parts.into_iter().filter(|(is, _)| *is).map(|(_, part)| part).collect()
}

fn head(before: &CriteriaSet, after: &CriteriaSet) -> Vec<HeadPart> {
    changed([
        (before.scale != after.scale, HeadPart::Scale),
        (before.bonus != after.bonus, HeadPart::Bonus),
        (before.bonus_cap != after.bonus_cap, HeadPart::BonusCap),
        (before.deduction_cap != after.deduction_cap, HeadPart::DeductionCap),
        (before.total_cap != after.total_cap, HeadPart::TotalCap),
        (before.size_measure != after.size_measure, HeadPart::SizeMeasure),
        (before.basis != after.basis, HeadPart::Basis),
        (
            before.tie_breaks_adaptable != after.tie_breaks_adaptable,
            HeadPart::TieBreaksAdaptable,
        ),
    ])
}

fn whole<T: Clone + PartialEq>(before: &[T], after: &[T]) -> Option<Change<Vec<T>>> {
    (before != after).then(|| Change {
        before: Some(before.to_vec()),
        after: Some(after.to_vec()),
    })
}

fn by_code<T: Clone + PartialEq>(before: &[T], after: &[T], code: impl Fn(&T) -> &str) -> Vec<Change<T>> {
    let find = |all: &[T], wanted: &T| all.iter().find(|one| code(one) == code(wanted)).cloned();
    let of_later = after.iter().map(|now| Change {
        before: find(before, now),
        after: Some(now.clone()),
    });
    let gone = before
        .iter()
        .filter(|was| find(after, was).is_none())
        .map(|was| Change {
            before: Some(was.clone()),
            after: None,
        });
    of_later
        .filter(|change| change.before != change.after)
        .chain(gone)
        .collect()
}
