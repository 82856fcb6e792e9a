//! How many may have a grade, and who goes to the next one. Pure.
//!
//! Quotas that move units are held one after the other, that of the best grade first, each on what the ones before left. Where a lower
//! one makes the base of a higher one smaller, all are held again, until none is exceeded by what comes out. Those that only warn look
//! at that. Who is over goes to the next grade, the lowest first by points and then by the tie-breaks. Units that are even across the border all go, so that a quota is never
//! exceeded, and it is told with whom they were even, since a ballot could decide.

use std::collections::BTreeMap;

use thidua_entity::Fixed4;

use super::facts::Ruling;
use super::named;
use super::order::{Contender, groups, order};
use super::rating::{grade_at, place_of};
use super::rules::{Band, Better, Enforcement, Quota, QuotaScope, Rounding};
use super::set::CriteriaSet;
use super::verdict::{Move, Over, QuotaOutcome, Standing};
use crate::formula::Quotient;

/// A unit that has a grade, as a quota beyond one cluster sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    /// Its id.
    pub unit: String,
    /// Its grade.
    pub grade: String,
    /// Its total.
    pub points: Fixed4,
}

/// Who is over a quota among units of several clusters, which may have been scored by different sets of one scale. They are compared by
/// their points alone, since each cluster has tie-breaks of its own.
pub fn hold_quota(quota: &Quota, units: &[Graded]) -> QuotaOutcome {
    let base = units.iter().filter(|unit| quota.base.contains(&unit.grade));
    let had = units.iter().filter(|unit| unit.grade == quota.grade);
    let had = had.map(|unit| Contender {
        unit: unit.unit.clone(),
        keys: vec![Some(unit.points)],
    });
    quota.hold(base.count(), had.collect(), &[Better::Higher])
}

/// Holds the quotas of a cluster; `standings` are those of all units before, and after it what they are then.
pub(super) fn hold(
    set: &CriteriaSet,
    rulings: &[Ruling],
    chain: &[Better],
    contenders: &[Contender],
    standings: &mut BTreeMap<String, Standing>,
) -> Vec<QuotaOutcome> {
    let bands = &set.bands;
    let of_cluster = set.quotas.iter().filter(|quota| quota.scope == QuotaScope::Cluster);
    let mut in_turn: Vec<&Quota> = of_cluster.collect();
    in_turn.sort_by_key(|quota| (place_of(bands, &quota.grade), &quota.code));
    let (block, warn): (Vec<&Quota>, Vec<&Quota>) = in_turn
        .into_iter()
        .partition(|quota| quota.enforcement == Enforcement::Block);
    let mut outcomes: Vec<QuotaOutcome> = Vec::with_capacity(set.quotas.len());
    let (mut is_first, mut rulings) = (true, rulings.iter());
    // Units only go down and each ruling is carried out once, so there is a round in which nobody moves.
    loop {
        let mut has_moved = false;
        for quota in &block {
            let outcome = quota.hold_within(contenders, chain, standings);
            quota.put_down(&outcome, bands, standings);
            has_moved |= !outcome.over.is_empty();
            if is_first || !outcome.over.is_empty() {
                outcomes.push(outcome);
            }
        }
        is_first = false;
        if has_moved {
            continue;
        }
        // What was ruled over several clusters was ruled on what the quotas of each had left.
        let Some(ruling) = rulings.next() else { break };
        ruling.put_down(bands, standings);
    }
    outcomes.extend(warn.iter().map(|quota| quota.hold_within(contenders, chain, standings)));
    outcomes
}

impl Ruling {
    /// Moves those who are over it, as far as they have its grade. Nobody is moved up.
    fn put_down(&self, bands: &[Band], standings: &mut BTreeMap<String, Standing>) {
        let place = |grade: &String| bands.iter().position(|band| band.grade == *grade);
        let goes_down = place(&self.grade)
            .zip(place(&self.to))
            .is_some_and(|(from, to)| from < to);
        if !goes_down {
            return;
        }
        for id in &self.units {
            let Some(Standing::Rated { grade, moves, .. }) = standings.get_mut(id) else {
                continue;
            };
            if *grade != self.grade {
                continue;
            }
            let even = self.even.iter().filter(|other| *other != id && self.even.contains(id));
            moves.push(Move {
                quota: self.code.clone(),
                base: self.base,
                allowed: self.allowed,
                from: std::mem::replace(grade, self.to.clone()),
                to: self.to.clone(),
                even_with: named(even.cloned()),
            });
        }
    }
}

/// The grade of a unit that has one.
pub(super) fn grade(standing: &Standing) -> Option<&str> {
    match standing {
        Standing::Rated { grade, .. } => Some(grade),
        Standing::NotEligible { .. } | Standing::NotRated { .. } => None,
    }
}

impl Quota {
    /// How many of a base it lets have the grade: the percentage as it is, and made whole.
    pub fn allows(&self, base: u32) -> (Fixed4, u32) {
        let hundredth = Quotient::from(Fixed4::from_ten_thousandths(100).unwrap_or_default());
        let base = Fixed4::from_integer(base.into()).unwrap_or(Fixed4::MAX);
        let exact = &(&Quotient::from(base) * &self.percent.into()) * &hundredth;
        let whole = match self.rounding {
            Rounding::Down => exact.floor(),
            Rounding::Up => exact.ceil(),
            Rounding::Nearest => exact.clone(),
        };
        let whole = whole.to_figure(0).unwrap_or(Fixed4::MAX);
        let count = u32::try_from(whole.ten_thousandths() / super::points::ONE).unwrap_or(u32::MAX);
        (super::points::settle(&exact), count)
    }
}

impl Quota {
    /// Who is over it among the units of a cluster as they stand.
    fn hold_within(
        &self,
        contenders: &[Contender],
        chain: &[Better],
        standings: &BTreeMap<String, Standing>,
    ) -> QuotaOutcome {
        let grades = standings.values().filter_map(grade);
        let base = grades.filter(|grade| self.base.contains(*grade)).count();
        let grade_of = |contender: &Contender| standings.get(&contender.unit).and_then(grade);
        let had = contenders.iter().filter(|one| grade_of(one) == Some(&self.grade));
        self.hold(base, had.cloned().collect(), chain)
    }

    /// Moves who is over it to the next grade.
    fn put_down(&self, outcome: &QuotaOutcome, bands: &[Band], standings: &mut BTreeMap<String, Standing>) {
        let next = grade_at(bands, place_of(bands, &self.grade) + 1);
        for one in &outcome.over {
            if let Some(Standing::Rated { grade, moves, .. }) = standings.get_mut(&one.unit) {
                moves.push(Move {
                    quota: self.code.clone(),
                    base: outcome.base,
                    allowed: outcome.allowed,
                    from: std::mem::replace(grade, next.clone()),
                    to: next.clone(),
                    even_with: one.even_with.clone(),
                });
            }
        }
    }

    /// What it does to those who have its grade.
    fn hold(&self, base: usize, had: Vec<Contender>, chain: &[Better]) -> QuotaOutcome {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (exact, allowed) = self.allows(count(base));
        QuotaOutcome {
            quota: self.code.clone(),
            base: count(base),
            exact,
            allowed,
            had: count(had.len()),
            over: over(had, chain, allowed),
            enforcement: self.enforcement,
        }
    }
}

/// Who is over, the best first.
fn over(had: Vec<Contender>, chain: &[Better], allowed: u32) -> Vec<Over> {
    let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
    let slots = order(had, chain);
    let (mut kept, mut over) = (0, Vec::new());
    for group in groups(&slots) {
        let fits = over.is_empty() && kept + group.len() <= allowed;
        if fits {
            kept += group.len();
            continue;
        }
        // Across the border lie those for only some of whom there would have been room.
        let across = over.is_empty() && kept < allowed;
        over.extend(group.iter().map(|unit| {
            Over {
                unit: (*unit).to_owned(),
                even_with: named(
                    group
                        .iter()
                        .filter(|other| across && other != &unit)
                        .map(|other| (*other).to_owned()),
                ),
            }
        }));
    }
    over
}
