//! What somebody is and where, by a grant or office of one's own or by delegation, and what follows from it for an action.

use uuid::Uuid;

use super::table::{in_cluster, is_delegable};
use super::{Action, Capacity, Carries, Place, SERVICE, Scope, ServiceScopes, allows};

/// Something that somebody is, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// By role grant or by office.
    pub capacity: Capacity,
    /// Where it holds.
    pub scope: Scope,
    /// From whom it comes when it is another's; `None` for one's own.
    pub delegated: Option<Delegated>,
    /// For a service account, the scopes that it was given: of what the capacity includes, only what they name.
    pub given: Option<ServiceScopes>,
}

/// Where a delegated capacity comes from (ủy quyền).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegated {
    /// The delegation.
    pub delegation: Uuid,
    /// The grant that was delegated.
    pub grant: Uuid,
    /// Whose grant it is: on behalf of whom the holder acts.
    pub from: Uuid,
    /// The scope of the grant itself: a delegation carries nowhere beyond it, even after units have moved.
    pub inside: Scope,
}

impl From<(Capacity, Scope)> for Held {
    fn from((capacity, scope): (Capacity, Scope)) -> Self {
        Self {
            capacity,
            scope,
            delegated: None,
            // Nothing, unless somebody says what.
            given: (capacity == SERVICE).then_some(ServiceScopes::NONE),
        }
    }
}

/// What one capacity says to an action at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It permits it.
    Permits,
    /// The capacity does not include the action at all.
    NotItsAction,
    /// Held in a cluster, it does not carry this action to the members.
    NotFromCluster,
    /// It includes the action only for the very unit of its scope, and this is another.
    OnlyOwnUnit,
    /// The place lies outside its scope.
    OutOfScope,
    /// The action is not done on behalf of another.
    NotDelegable,
    /// No scope that the service account was given names the action.
    NotInScopes,
}

impl Held {
    /// What a service account is at its place, with the scopes that it was given.
    pub fn by_service(scope: Scope, given: ServiceScopes) -> Self {
        Self {
            given: Some(given),
            ..Self::from((SERVICE, scope))
        }
    }

    fn names(&self, action: Action) -> bool {
        self.given.is_none_or(|given| given.allow(action))
    }

    /// How far the capacity carries the action from its scope, whatever the place.
    pub const fn carries(&self, action: Action) -> Carries {
        allows(self.capacity, action)
    }

    /// What it says to an action at a place.
    pub fn judge(&self, action: Action, place: &Place) -> Verdict {
        let Some(delegated) = self.delegated else {
            return match judge(self.capacity, self.scope, action, place) {
                Verdict::NotItsAction => Verdict::NotItsAction,
                _ if !self.names(action) => Verdict::NotInScopes,
                verdict => verdict,
            };
        };
        match (is_delegable(action), judge(self.capacity, self.scope, action, place)) {
            (false, Verdict::Permits) => Verdict::NotDelegable,
            (true, Verdict::Permits) if self.scope != delegated.inside && !place.lies_in(delegated.inside) => {
                Verdict::OutOfScope
            }
            (_, verdict) => verdict,
        }
    }

    /// What it says to an action at some place within its scope.
    pub fn judge_somewhere(&self, action: Action) -> Verdict {
        match (allows(self.capacity, action), self.scope) {
            (Carries::No, _) => Verdict::NotItsAction,
            (Carries::Own | Carries::Within, _) if !self.names(action) => Verdict::NotInScopes,
            (Carries::Own | Carries::Within, _) if self.delegated.is_some() && !is_delegable(action) => {
                Verdict::NotDelegable
            }
            (Carries::Own | Carries::Within, Scope::Cluster(_)) if !in_cluster(action) => Verdict::NotFromCluster,
            (Carries::Own | Carries::Within, _) => Verdict::Permits,
        }
    }
}

fn judge(capacity: Capacity, scope: Scope, action: Action, place: &Place) -> Verdict {
    match (allows(capacity, action), scope) {
        (Carries::No, _) => Verdict::NotItsAction,
        (Carries::Own, Scope::Unit(unit)) if place.lineage.first() == Some(&unit) => Verdict::Permits,
        (Carries::Own, _) => Verdict::OnlyOwnUnit,
        (Carries::Within, Scope::Cluster(_)) if !in_cluster(action) => Verdict::NotFromCluster,
        (Carries::Within, _) if place.lies_in(scope) => Verdict::Permits,
        (Carries::Within, _) => Verdict::OutOfScope,
    }
}
