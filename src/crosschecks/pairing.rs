//! Who checks whom: a draw that follows from its inputs and its seed alone, the same on every machine. Pure.
//!
//! Always: every unit checks as many as every other and is checked as often, nobody checks itself, and nobody checks whom it is recused
//! from. Where it is possible, no two units check each other, for who is checked by a friend repays it; where that is possible too, nobody
//! checks whom it checked last year. The first of these two weighs more. What had to give way is told, with the pairs.
//!
//! How it is drawn (method 2): units are put in the order of their ids. For each checker, for each checked, a number is taken from the
//! SHA-256 of the seed and a counter. Of the ways to pair, the one with the fewest pairs whose reverse was assigned by hand, then the
//! fewest of last year and then the least sum of these numbers is found exactly (`assignment.rs`). While two units check each other in it,
//! it is done again without the one check and without the other, the fewest concessions first, until none is left or fewer are proven
//! impossible. Method 1 took no notice of what was assigned by hand but for the pair itself; draws that were made by it are repeated by it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

mod assignment;
#[cfg(test)]
mod tests;
mod words;

use assignment::{Assignment, Shortage};

/// The way of drawing that is used now. A draw keeps the number of its own.
pub const METHOD: i32 = 2;
/// The first way of drawing, in which it did not count that a unit is checked by whom it was assigned to check by hand.
const WITHOUT_REVERSES: i32 = 1;
/// Most units that are paired at once.
pub const UNITS_MAX: usize = 100;
/// Most checks that each unit makes.
pub const CHECKS_MAX: usize = 3;

/// How much a pair of last year costs more than all random numbers of a draw together: 300 numbers below 2^24.
const LAST_YEAR_COST: i64 = 1 << 40;
/// How much a pair whose reverse was assigned by hand costs more than all pairs of last year together; 300 of these are below 2^59.
const REVERSE_COST: i64 = 1 << 50;
/// How many cells of tables a search looks at before it takes the best that it has found: well below a second.
const WORK_MAX: usize = 1_000_000;

/// A checker and whom it checks.
pub type Pair = (Uuid, Uuid);

/// What goes into a draw. As JSON it is kept with the draw; sets are sorted, so the order in which they were told does not matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inputs {
    /// Who takes part.
    pub units: BTreeSet<Uuid>,
    /// How many each checks, and by how many each is checked.
    pub checks_per_unit: usize,
    /// Who does not check whom.
    pub recusals: BTreeSet<Pair>,
    /// Who checks whom already, assigned by hand: these pairs are not drawn again.
    pub assigned: BTreeSet<Pair>,
    /// Who checked whom in the year before.
    pub last_year: BTreeSet<Pair>,
    /// Who takes part and is not drawn: units that have their cross-check already.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left_out: BTreeSet<Uuid>,
}

/// What came out of a draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outcome {
    /// Who checks whom.
    pub pairs: BTreeSet<Pair>,
    /// Two units that check each other, each couple once; where the other check was assigned by hand, the one that was drawn.
    pub mutual: Vec<Pair>,
    /// Pairs of last year that are paired again.
    pub repeated: Vec<Pair>,
    /// Whether fewer concessions are proven to be impossible. Only in a large cluster with many recusals the search may end before.
    pub proven: bool,
}

/// Why nothing can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// There are too few units for so many checks each.
    TooFewUnits,
    /// There are more units than are paired at once.
    TooManyUnits,
    /// Recusals leave some units without enough others to check.
    Recusals {
        /// The units that do not find enough.
        checkers: Vec<Uuid>,
        /// Recusals of these units, and pairs assigned by hand, that stand in the way: without one of them it may be possible.
        recusals: Vec<Pair>,
    },
    /// The draw was made by a method that this version does not know.
    UnknownMethod,
}

/// A rule that gave way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Two units do not check each other.
    NotMutual,
    /// Nobody checks whom it checked last year.
    NotLastYear,
}

/// A way of pairing from which the search goes on.
struct Branch {
    assignment: Assignment,
    /// Units that may check each other here, by their places, the smaller first.
    granted: BTreeSet<(usize, usize)>,
}

/// How many couples check each other, by the draw or by hand, and how many pairs are those of last year: what a draw is judged by, in this order.
type Concessions = (usize, usize);

/// Counts the pairs of an assignment whose reverse was assigned by hand, and those of last year: what single pairs cost.
type Counted<'a> = &'a dyn Fn(&Assignment) -> (usize, usize);

/// Draws who checks whom.
pub fn draw(inputs: &Inputs, seed: &str, method: i32) -> Result<Outcome, Impossible> {
    if ![WITHOUT_REVERSES, METHOD].contains(&method) {
        return Err(Impossible::UnknownMethod);
    }
    let is_reverse = |&(checker, checked): &Pair| method >= METHOD && inputs.assigned.contains(&(checked, checker));
    let units: Vec<Uuid> = inputs.units.iter().copied().collect();
    let (size, each) = (units.len(), inputs.checks_per_unit);
    if size > UNITS_MAX {
        return Err(Impossible::TooManyUnits);
    }
    if !(1..=CHECKS_MAX).contains(&each) || size <= each {
        return Err(Impossible::TooFewUnits);
    }
    let cost = |(cell, (checker, checked)): (u64, Pair)| {
        let allowed = checker != checked && !inputs.is_barred(&(checker, checked));
        let again = inputs.last_year.contains(&(checker, checked));
        let conceded = if again { LAST_YEAR_COST } else { 0 }
            + if is_reverse(&(checker, checked)) {
                REVERSE_COST
            } else {
                0
            };
        allowed.then(|| number(seed, cell) + conceded)
    };
    let cells = units
        .iter()
        .flat_map(|&checker| units.iter().map(move |&checked| (checker, checked)));
    let costs = (0..).zip(cells).map(cost).collect();
    let first = Assignment::cheapest(size, each, costs).map_err(|shortage| by_recusals(&shortage, &units, inputs))?;
    let counted = |assignment: &Assignment| {
        let pairs = assignment
            .pairs()
            .map(|(checker, checked)| (units[checker], units[checked]));
        pairs.fold((0, 0), |(reverses, again), pair| {
            let again = again + usize::from(inputs.last_year.contains(&pair));
            (reverses + usize::from(is_reverse(&pair)), again)
        })
    };
    let (best, proven) = search(first, each, &counted);
    let pairs: BTreeSet<Pair> = best
        .pairs()
        .map(|(checker, checked)| (units[checker], units[checked]))
        .collect();
    let mutual = pairs
        .iter()
        .filter(|&&(one, other)| one < other && pairs.contains(&(other, one)) || is_reverse(&(one, other)));
    Ok(Outcome {
        mutual: mutual.copied().collect(),
        repeated: pairs.intersection(&inputs.last_year).copied().collect(),
        pairs,
        proven,
    })
}

/// The random number of a cell, below 2^24: the first three bytes of SHA-256 over the seed's length and text and the cell's number.
fn number(seed: &str, cell: u64) -> i64 {
    let mut hash = Sha256::new();
    hash.update((seed.len() as u64).to_be_bytes());
    hash.update(seed.as_bytes());
    hash.update(cell.to_be_bytes());
    let digest = hash.finalize();
    digest
        .iter()
        .take(3)
        .fold(0, |number, &byte| number << 8 | i64::from(byte))
}

/// The way of pairing with the fewest concessions, and whether that is proven: branch and bound, the most promising first.
fn search(first: Assignment, each: usize, counted: Counted<'_>) -> (Assignment, bool) {
    let judged = |assignment: &Assignment| {
        let (reverses, again) = counted(assignment);
        (mutual(assignment).count() + reverses, again)
    };
    let size = first.pairs().count() / each;
    let mut best = (judged(&first), first.clone());
    let first = Branch {
        assignment: first,
        granted: BTreeSet::new(),
    };
    // The least that can be hoped for; then those that were made last, which lie deepest.
    let mut open = BinaryHeap::from([(Reverse(least(&first, each, size, counted)), 0)]);
    let mut branches = vec![Some(first)];
    let mut work = 0;
    while let Some((Reverse(hoped), index)) = open.pop() {
        if best.0 <= hoped {
            return (best.1, true);
        }
        work += size * size;
        if work > WORK_MAX {
            return (best.1, false);
        }
        let Some(branch) = branches.get_mut(index).and_then(Option::take) else {
            continue;
        };
        for branch in branch.divided() {
            let judgement = judged(&branch.assignment);
            if judgement < best.0 {
                best = (judgement, branch.assignment.clone());
            }
            let hoped = least(&branch, each, size, counted);
            if hoped < best.0 {
                open.push((Reverse(hoped), branches.len()));
                branches.push(Some(branch));
            }
        }
    }
    (best.1, true)
}

impl Branch {
    /// All that lies in this branch, divided by one couple that checks each other: where it may, and where the one does not check the
    /// other, or the other not the one. Nothing when there is no such couple: then nothing in it is better.
    fn divided(self) -> Vec<Self> {
        let offence = mutual(&self.assignment).find(|couple| !self.granted.contains(couple));
        let Some((one, other)) = offence else {
            return Vec::new();
        };
        let without = [self.assignment.without(one, other), self.assignment.without(other, one)];
        let mut branches = vec![Self {
            granted: self.granted.iter().copied().chain([(one, other)]).collect(),
            assignment: self.assignment,
        }];
        branches.extend(without.into_iter().flatten().map(|assignment| Self {
            assignment,
            granted: self.granted.clone(),
        }));
        branches
    }
}

/// Couples that check each other, the smaller place first.
fn mutual(assignment: &Assignment) -> impl Iterator<Item = (usize, usize)> {
    let pairs = assignment.pairs();
    pairs.filter(|&(one, other)| one < other && assignment.uses(other, one))
}

/// The fewest concessions that anything in a branch can have. Each unit has twice `each` checks to share with those it may be paired with
/// at all; what is more than those are, are checks of each other.
fn least(branch: &Branch, each: usize, size: usize, counted: Counted<'_>) -> Concessions {
    let assignment = &branch.assignment;
    let partners = |unit: usize| {
        let others = 0..size;
        others
            .filter(|&other| assignment.allows(unit, other) || assignment.allows(other, unit))
            .count()
    };
    let partners: Vec<usize> = (0..size).map(partners).collect();
    let in_all = (each * size).saturating_sub(partners.iter().sum::<usize>() / 2);
    let of_each: usize = partners.iter().map(|&others| (2 * each).saturating_sub(others)).sum();
    let couples = branch.granted.len().max(in_all).max(of_each.div_ceil(2));
    // What is counted here is as little as it can be in this branch, so the sum is too.
    let (reverses, again) = counted(assignment);
    (couples + reverses, again)
}

fn by_recusals(shortage: &Shortage, units: &[Uuid], inputs: &Inputs) -> Impossible {
    let checkers: Vec<Uuid> = shortage.rows.iter().map(|&row| units[row]).collect();
    let given: BTreeSet<Uuid> = shortage.columns.iter().map(|&column| units[column]).collect();
    let in_the_way = |(checker, checked): &&Pair| {
        checkers.contains(checker) && inputs.units.contains(checked) && !given.contains(checked)
    };
    Impossible::Recusals {
        recusals: inputs
            .recusals
            .union(&inputs.assigned)
            .filter(in_the_way)
            .copied()
            .collect(),
        checkers,
    }
}

impl Inputs {
    /// Whether a pair may not be drawn.
    fn is_barred(&self, pair: &Pair) -> bool {
        self.recusals.contains(pair) || self.assigned.contains(pair)
    }
}
