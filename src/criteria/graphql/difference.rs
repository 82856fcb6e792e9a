//! What changed between two versions of criteria sets, as the schema shows it.

use async_graphql::{Object, SimpleObject};

use super::CriteriaSetVersion;
use super::enums::{CriteriaNodePart, CriteriaSetPart};
use super::nodes::CriteriaNode;
use super::rules::{
    CriteriaBand, CriteriaDeclaration, CriteriaEligibility, CriteriaGate, CriteriaQuota, CriteriaTieBreak,
};
use crate::criteria::usecases::Compared;
use crate::reckoning::{Change, CriteriaSet, Node, NodeAt};

/// What changed from one version to another. What has stayed the same is left out.
#[Object(name = "CriteriaSetDiff")]
impl Compared {
    /// The version that is compared with the other.
    async fn from(&self) -> CriteriaSetVersion {
        CriteriaSetVersion(self.from.0.clone())
    }
    /// The other version.
    async fn to(&self) -> CriteriaSetVersion {
        CriteriaSetVersion(self.to.0.clone())
    }
    /// What changed of the set as a whole; what it was and is stands in `from` and `to`.
    async fn changed(&self) -> Vec<CriteriaSetPart> {
        self.difference.head.iter().copied().map(Into::into).collect()
    }
    /// Sections and criteria that are not what they were, in the order of `to`, then those that are gone.
    async fn nodes(&self) -> Vec<CriteriaNodeChange> {
        let changes = self.difference.nodes.iter();
        let shown = changes.map(|change| CriteriaNodeChange {
            code: change.code.clone(),
            before: change.before.as_ref().map(|at| CriteriaNodeAt::of(at, &self.from.1)),
            after: change.after.as_ref().map(|at| CriteriaNodeAt::of(at, &self.to.1)),
            changed: change.changed.iter().copied().map(Into::into).collect(),
        });
        shown.collect()
    }
    /// Grades that are not what they were.
    async fn bands(&self) -> Vec<CriteriaBandChange> {
        shown(&self.difference.bands, |before, after| CriteriaBandChange {
            before,
            after,
        })
    }
    /// Declarations that are not what they were.
    async fn declarations(&self) -> Vec<CriteriaDeclarationChange> {
        shown(&self.difference.declarations, |before, after| {
            CriteriaDeclarationChange { before, after }
        })
    }
    /// Gates that are not what they were.
    async fn gates(&self) -> Vec<CriteriaGateChange> {
        shown(&self.difference.gates, |before, after| CriteriaGateChange {
            before,
            after,
        })
    }
    /// Quotas that are not what they were.
    async fn quotas(&self) -> Vec<CriteriaQuotaChange> {
        shown(&self.difference.quotas, |before, after| CriteriaQuotaChange {
            before,
            after,
        })
    }
    /// The rules of eligibility, all of them, when any changed; else null.
    async fn eligibility(&self) -> Option<CriteriaEligibilityChange> {
        let change = self.difference.eligibility.as_ref()?;
        Some(CriteriaEligibilityChange {
            before: list(change.before.as_ref()),
            after: list(change.after.as_ref()),
        })
    }
    /// The chain of tie-breaks, all of it, when any changed or moved; else null.
    async fn tie_breaks(&self) -> Option<CriteriaTieBreaksChange> {
        let change = self.difference.tie_breaks.as_ref()?;
        Some(CriteriaTieBreaksChange {
            before: list(change.before.as_ref()),
            after: list(change.after.as_ref()),
        })
    }
}

fn list<T, S: for<'a> From<&'a T>>(list: Option<&Vec<T>>) -> Vec<S> {
    list.into_iter().flatten().map(S::from).collect()
}

fn shown<T, S: for<'a> From<&'a T>, C>(changes: &[Change<T>], show: impl Fn(Option<S>, Option<S>) -> C) -> Vec<C> {
    let changes = changes.iter();
    changes
        .map(|change| show(change.before.as_ref().map(S::from), change.after.as_ref().map(S::from)))
        .collect()
}

/// What became of a section or criterion.
#[derive(SimpleObject)]
pub struct CriteriaNodeChange {
    /// Its code.
    code: String,
    /// As it was; null when it is new.
    before: Option<CriteriaNodeAt>,
    /// As it is; null when it is gone.
    after: Option<CriteriaNodeAt>,
    /// What changed.
    changed: Vec<CriteriaNodePart>,
}

/// A section or criterion where it stands.
#[derive(SimpleObject)]
pub struct CriteriaNodeAt {
    /// Order below what stands right above it, from 1.
    position: usize,
    /// The section or criterion.
    node: CriteriaNode,
}

impl CriteriaNodeAt {
    fn of(at: &NodeAt, set: &CriteriaSet) -> Self {
        fn depth(nodes: &[Node], code: &str) -> Option<usize> {
            nodes.iter().find_map(|node| {
                if node.code == code {
                    return Some(1);
                }
                Some(1 + depth(node.children(), code)?)
            })
        }
        let depth = depth(&set.nodes, &at.node.code).unwrap_or(1);
        Self {
            position: at.position,
            node: CriteriaNode::of(&at.node, at.parent.as_deref(), depth),
        }
    }
}

/// What became of a grade.
#[derive(SimpleObject)]
pub struct CriteriaBandChange {
    /// As it was; null when it is new.
    before: Option<CriteriaBand>,
    /// As it is; null when it is gone.
    after: Option<CriteriaBand>,
}

/// What became of a declaration.
#[derive(SimpleObject)]
pub struct CriteriaDeclarationChange {
    /// As it was; null when it is new.
    before: Option<CriteriaDeclaration>,
    /// As it is; null when it is gone.
    after: Option<CriteriaDeclaration>,
}

/// What became of a gate.
#[derive(SimpleObject)]
pub struct CriteriaGateChange {
    /// As it was; null when it is new.
    before: Option<CriteriaGate>,
    /// As it is; null when it is gone.
    after: Option<CriteriaGate>,
}

/// What became of a quota.
#[derive(SimpleObject)]
pub struct CriteriaQuotaChange {
    /// As it was; null when it is new.
    before: Option<CriteriaQuota>,
    /// As it is; null when it is gone.
    after: Option<CriteriaQuota>,
}

/// What became of the rules of eligibility.
#[derive(SimpleObject)]
pub struct CriteriaEligibilityChange {
    /// As they were.
    before: Vec<CriteriaEligibility>,
    /// As they are.
    after: Vec<CriteriaEligibility>,
}

/// What became of the chain of tie-breaks.
#[derive(SimpleObject)]
pub struct CriteriaTieBreaksChange {
    /// As it was.
    before: Vec<CriteriaTieBreak>,
    /// As it is.
    after: Vec<CriteriaTieBreak>,
}
