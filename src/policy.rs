//! Who may do what, and how far each sees. Roles are named only in `policy/table.rs`.
//!
//! A caller holds *capacities*, each in a scope: from its role grants, from the grants of others that were delegated to it, and,
//! where it is an officer of a unit that holds an office of a cluster today, from that office. [`allows`] says what a capacity
//! may do at all, [`moment`] in which states of a thing, [`authorize`] whether this caller may do it at this place, [`Reach`]
//! what it sees. Which door asks for which action is said in `policy/doors.rs`. The printed table is `docs/policy.md`.

use thidua_entity::enums::{ReportStatus, Role};
use uuid::Uuid;

use crate::auth::{Actor, Proof};
use crate::error::{Error, Result};

mod actions;
mod doors;
mod held;
mod page;
mod place;
mod services;
mod table;

pub use actions::Action;
pub use doors::{MUTATIONS, QUERIES, ROUTES, Requires, admit, of_mutation, of_query, of_route};
pub use held::{Delegated, Held, Verdict};
pub use page::{page, printed};
pub use place::{Place, Scope};
pub use services::{Resource, ServiceScope, ServiceScopes};
pub use table::{
    ADMINISTRATOR, Capacity, Carries, Moment, SERVICE, allows, decides, exercises_offices, is_common, is_delegable,
    is_of_services, may_be_delegated, may_be_narrowed, moment, passes_work,
};

/// What of the caller permits this here. Once it acts on behalf of somebody, what others delegated no longer counts: nobody acts
/// for two at once.
fn permitting<'a>(actor: &'a Actor, action: Action, place: &'a Place) -> impl Iterator<Item = &'a Held> {
    let usable = |held: &&Held| {
        let other = |delegated: Delegated| actor.acting_for().is_some_and(|whom| whom != delegated.from);
        !held.delegated.is_some_and(other)
    };
    let held = actor.capacities().iter().filter(usable);
    held.filter(move |held| held.judge(action, place) == Verdict::Permits)
}

/// Whether the caller may do this here.
pub fn permits(actor: &Actor, action: Action, place: &Place) -> bool {
    permitting(actor, action, place).next().is_some()
}

/// Tells `FORBIDDEN` to who may not do this here: for showing what one may, and for actions that are never delegated. What decides
/// asks for a fresh proof of who it is besides: `PROOF_REQUIRED`.
pub fn check(actor: &Actor, action: Action, place: &Place) -> Result<()> {
    if !permits(actor, action, place) {
        return Err(Error::Forbidden(action));
    }
    check_proof(actor, action)
}

/// Tells `PROOF_REQUIRED` to who may do this and has not shown for too long who they are.
pub fn check_proof(actor: &Actor, action: Action) -> Result<()> {
    match actor.proof {
        Proof::Stale | Proof::SecondFactorMissing if decides(action) => Err(Error::ProofRequired(actor.proof)),
        _ => Ok(()),
    }
}

/// Whether somebody decides anything anywhere: of them a second factor may be demanded.
pub fn decides_somewhere(actor: &Actor) -> bool {
    held_somewhere(actor).any(decides)
}

/// Lets the caller through or answers `FORBIDDEN`. The thing must have been found within the caller's reach before. What comes back
/// is the caller as it acts, which the rest of the use-case goes on with: when only a delegated capacity permits it, on behalf of
/// whose capacity it is.
pub fn authorize(actor: &Actor, action: Action, place: &Place) -> Result<Actor> {
    acting(actor, action, place, |_| true)
}

/// The same for who holds an office of a cluster, by that office alone: what other capacities permit does not count.
pub fn authorize_by_office(actor: &Actor, action: Action, place: &Place) -> Result<Actor> {
    acting(actor, action, place, |held| {
        matches!(held.capacity, Capacity::Office(_))
    })
}

fn acting(actor: &Actor, action: Action, place: &Place, counts: impl Fn(&Held) -> bool) -> Result<Actor> {
    let sources = || {
        let held = permitting(actor, action, place);
        held.filter(|held| counts(held)).map(|held| held.delegated)
    };
    if sources().next().is_none() {
        return Err(Error::Forbidden(action));
    }
    check_proof(actor, action)?;
    let own = sources().any(|source| source.is_none());
    let first = sources().flatten().min_by_key(|delegated| delegated.delegation);
    Ok(match first {
        Some(delegated) if !own => actor.on_behalf_of(delegated.from),
        _ => actor.clone(),
    })
}

/// Lets the caller through unless it, or somebody with whom it counts as one by a delegation, is among those who wrote the thing:
/// who wrote a thing may not pass it.
pub fn not_own_work(actor: &Actor, action: Action, writers: &[Uuid]) -> Result<()> {
    if writers.iter().any(|&writer| actor.is_one_with(writer)) {
        Err(Error::OwnWork(action))
    } else {
        Ok(())
    }
}

/// Whether an action is possible with a report in this state.
pub fn possible_in(status: ReportStatus, action: Action) -> bool {
    match moment(action) {
        Moment::Any => true,
        Moment::While(statuses) => statuses.contains(&status),
    }
}

/// Lets through a caller who may do this in some place; which place is not yet known.
pub fn authorize_anywhere(actor: &Actor, action: Action) -> Result<()> {
    let mut held = actor.capacities().iter();
    if held.any(|held| held.judge_somewhere(action) == Verdict::Permits) {
        Ok(())
    } else {
        Err(Error::Forbidden(action))
    }
}

/// The actions that a caller may do in some place.
pub fn held_somewhere(actor: &Actor) -> impl Iterator<Item = Action> {
    let actions = Action::ALL.iter().copied();
    actions.filter(|&action| authorize_anywhere(actor, action).is_ok())
}

/// The roles of people that permit an action in some place: for finding whom to tell of what waits for them.
pub fn roles_that(action: Action) -> Vec<Role> {
    let roles = Capacity::ALL.iter().filter_map(|&capacity| match capacity {
        Capacity::Role(role) if allows(capacity, action) != Carries::No && !is_of_services(role) => Some(role),
        Capacity::Role(_) | Capacity::Office(_) => None,
    });
    roles.collect()
}

/// What a caller sees. Every read starts from it; loaders get the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Sees everything; the lists below then do not matter.
    pub everything: bool,
    /// Sees these units and what is below them.
    pub units: Vec<Uuid>,
    /// Sees the units of these provinces.
    pub provinces: Vec<Uuid>,
    /// Sees the members of these clusters and what they handed in, not their drafts.
    pub clusters: Vec<Uuid>,
    /// The account itself, which sees the councils in which it sits; `None` where nobody in particular asks.
    pub account: Option<Uuid>,
    /// For a service account: which resources it sees there is said by these scopes.
    pub given: Option<ServiceScopes>,
}

impl Reach {
    /// What the service itself sees, for what was found before within somebody's reach.
    pub fn everything() -> Self {
        Self {
            everything: true,
            ..Self::default()
        }
    }

    /// Lets through who sees anything of a resource. Only a service account may have been given less.
    pub fn shows(&self, resource: Resource) -> Result<()> {
        self.given.map_or(Ok(()), |given| given.show(resource))
    }

    /// The same place, whatever resources are seen there: for a unit that is named by its id and not shown.
    pub fn by_place(&self) -> Self {
        Self {
            given: None,
            ..self.clone()
        }
    }
}

/// How far this caller sees.
pub fn reach(actor: &Actor) -> Reach {
    Reach {
        account: actor.recorded_as().filter(|_| !actor.must_change_password()),
        ..reach_of(actor.capacities().iter())
    }
}

/// How far this caller administers accounts and reads the audit: the part of its reach in which it may do `action`.
pub fn reach_for(actor: &Actor, action: Action) -> Reach {
    let held = actor.capacities().iter();
    reach_of(held.filter(|held| held.judge_somewhere(action) == Verdict::Permits))
}

/// How far a caller may do something, as far as scopes tell: anywhere within this reach, and in these very units. At each place
/// [`authorize`] has the last word.
pub fn reach_to_do(actor: &Actor, action: Action) -> (Reach, Vec<Uuid>) {
    let held = || {
        let held = actor.capacities().iter();
        held.filter(|held| held.judge_somewhere(action) == Verdict::Permits)
    };
    let own = held().filter(|held| held.carries(action) == Carries::Own);
    let own = own.filter_map(|held| match held.scope {
        Scope::Unit(unit) => Some(unit),
        Scope::Everything | Scope::Province(_) | Scope::Cluster(_) => None,
    });
    let within = reach_of(held().filter(|held| held.carries(action) == Carries::Within));
    (within, own.collect())
}

fn reach_of<'a>(held: impl Iterator<Item = &'a Held>) -> Reach {
    let mut reach = Reach::default();
    for held in held {
        reach.given = reach.given.or(held.given);
        match held.scope {
            Scope::Everything => reach.everything = true,
            Scope::Province(id) => reach.provinces.push(id),
            Scope::Unit(id) => reach.units.push(id),
            Scope::Cluster(id) => reach.clusters.push(id),
        }
    }
    reach
}
