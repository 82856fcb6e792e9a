//! From the points of criteria to sections and the total: weights, caps, what is scaled up, what is never below zero. Pure.
//!
//! Each step here rises, or stays, when a main or bonus point below rises, and falls, or stays, when a deduction rises.

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::Fixed4;

use super::facts::UnitFacts;
use super::layers::{self, Heard};
use super::leaf::Leaf;
use super::outcome::{Capped, How, NodeOutcome, Scaled, Sums, Total, Unclear};
use super::points;
use super::problem::{FactProblem, FactProblemKind, Profile};
use super::set::{CriteriaSet, Layer, Node, Part, PointsRole};

/// What a node hands on to what stands above it.
#[derive(Default)]
struct Account {
    main: Fixed4,
    bonus: Fixed4,
    deduction: Fixed4,
    /// Maximum of the main points, times the weight.
    max: Fixed4,
    is_open: bool,
}

/// How bonus and deductions are settled at a place.
struct Settling {
    bonus: bool,
    bonus_cap: Option<Fixed4>,
    deduction: bool,
    deduction_cap: Option<Fixed4>,
    /// The maximum to which main points are scaled up.
    scale_to: Option<Fixed4>,
}

/// Adds up the points of one unit.
pub(super) struct Adding<'a> {
    leaves: &'a BTreeMap<&'a str, Leaf<'a>>,
    id: &'a str,
    unit: &'a UnitFacts,
    profile: Profile,
    heard: Heard,
    /// What came of the nodes that apply.
    pub nodes: BTreeMap<String, NodeOutcome>,
    /// Criteria that are open, in the order of the set.
    open: Vec<String>,
    deductions: Vec<Fixed4>,
    /// What is not known of the unit, where nodes hang on it.
    unclear: BTreeSet<Unclear>,
    /// Entries that do not fit.
    pub problems: Vec<FactProblem>,
}

impl<'a> Adding<'a> {
    /// With the entries of the layers that are heard.
    pub fn new(leaves: &'a BTreeMap<&'a str, Leaf<'a>>, id: &'a str, unit: &'a UnitFacts, heard: Heard) -> Self {
        Self {
            leaves,
            id,
            unit,
            profile: unit.into(),
            heard,
            nodes: BTreeMap::new(),
            open: Vec::new(),
            deductions: Vec::new(),
            unclear: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// The total of a set.
    pub fn total(&mut self, set: &CriteriaSet) -> Total {
        let settling = Settling {
            bonus: true,
            bonus_cap: set.bonus_cap,
            deduction: true,
            deduction_cap: set.deduction_cap,
            scale_to: None,
        };
        let accounts = self.accounts(&set.nodes);
        let (sums, account) = settled(&accounts, &settling);
        let points = points::capped(sums.points, set.total_cap);
        Total {
            points: (!account.is_open && !accounts.is_empty()).then_some(points),
            cut_at: set.total_cap.filter(|cap| sums.points > *cap),
            deductions: points::sum(self.deductions.iter().copied()),
            open: std::mem::take(&mut self.open),
            unclear: std::mem::take(&mut self.unclear),
            sums,
        }
    }

    fn accounts(&mut self, nodes: &[Node]) -> Vec<Account> {
        nodes.iter().filter_map(|node| self.account(node)).collect()
    }

    /// What a node hands on; nothing when it does not apply to the unit.
    fn account(&mut self, node: &Node) -> Option<Account> {
        match node.applies_to.includes(&self.profile) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(unknown) => {
                self.leave_unclear(node, unknown);
                return Some(Account {
                    is_open: true,
                    ..Account::default()
                });
            }
        }
        let (points, account, how) = match &node.part {
            Part::Section(section) => {
                let accounts = self.accounts(&section.children);
                if accounts.is_empty() {
                    return None;
                }
                let settling = Settling {
                    bonus: section.bonus_cap.is_some(),
                    bonus_cap: section.bonus_cap,
                    deduction: section.deduction_cap.is_some(),
                    deduction_cap: section.deduction_cap,
                    scale_to: section.rescale.then_some(node.max),
                };
                let (sums, mut account) = settled(&accounts, &settling);
                account.max = node.max;
                (sums.points, account, How::Section(sums))
            }
            Part::Criterion(criterion) => {
                let leaf = self.leaves.get(node.code.as_str())?;
                let (scoring, problems) = layers::score(leaf, self.unit, self.heard);
                self.report(&node.code, problems);
                let points = scoring.points();
                if points.is_none() {
                    self.open.push(node.code.clone());
                }
                let stands = points.unwrap_or_default();
                let mut account = Account {
                    is_open: points.is_none(),
                    ..Account::default()
                };
                match criterion.role {
                    PointsRole::Main => (account.main, account.max) = (stands, node.max),
                    PointsRole::Bonus => account.bonus = stands,
                    PointsRole::Deduction => {
                        account.deduction = stands;
                        self.deductions.push(stands);
                    }
                }
                (stands, account, How::Criterion(scoring))
            }
        };
        let known = |points: Fixed4| (!account.is_open).then_some(points);
        let outcome = NodeOutcome {
            points: known(points),
            brings: known(points::times(points, node.weight)),
            how,
        };
        self.nodes.insert(node.code.clone(), outcome);
        let weighted = |points| points::times(points, node.weight);
        Some(Account {
            main: weighted(account.main),
            bonus: weighted(account.bonus),
            deduction: weighted(account.deduction),
            max: weighted(account.max),
            is_open: account.is_open,
        })
    }

    /// Nobody can tell whether a node applies, nor what stands below it, unless that is left out by something else.
    fn leave_unclear(&mut self, node: &Node, unknown: Unclear) {
        self.unclear.insert(unknown);
        let outcome = NodeOutcome {
            points: None,
            brings: None,
            how: How::Unclear { unknown },
        };
        self.nodes.insert(node.code.clone(), outcome);
        for child in node.children() {
            if child.applies_to.includes(&self.profile) != Ok(false) {
                self.leave_unclear(child, unknown);
            }
        }
    }

    fn report(&mut self, criterion: &str, problems: Vec<(Layer, FactProblemKind)>) {
        self.problems
            .extend(problems.into_iter().map(|(layer, kind)| FactProblem {
                unit: self.id.to_owned(),
                criterion: criterion.to_owned(),
                layer,
                kind,
            }));
    }
}

/// What stands right below, added up and settled.
fn settled(accounts: &[Account], settling: &Settling) -> (Sums, Account) {
    let sum = |part: fn(&Account) -> Fixed4| points::sum(accounts.iter().map(part));
    let (main, bonus, deduction) = (sum(|one| one.main), sum(|one| one.bonus), sum(|one| one.deduction));
    let max = sum(|one| one.max);
    let scaled = settling
        .scale_to
        .filter(|to| *to != max && max > Fixed4::ZERO)
        .map(|to| Scaled {
            from: max,
            to,
            points: points::scaled(main, to, max),
        });
    let capped = |collected: Fixed4, cap: Option<Fixed4>| Capped {
        collected,
        cap,
        counted: points::capped(collected, cap),
    };
    let taken_in = settling.bonus.then(|| capped(bonus, settling.bonus_cap));
    let taken_away = settling.deduction.then(|| capped(deduction, settling.deduction_cap));
    let counted = |capped: &Option<Capped>| capped.as_ref().map_or(Fixed4::ZERO, |capped| capped.counted);
    let with_bonus = points::sum([scaled.as_ref().map_or(main, |scaled| scaled.points), counted(&taken_in)]);
    let points = points::minus(with_bonus, counted(&taken_away)).max(Fixed4::ZERO);
    let account = Account {
        main: points,
        bonus: if settling.bonus { Fixed4::ZERO } else { bonus },
        deduction: if settling.deduction { Fixed4::ZERO } else { deduction },
        max,
        is_open: accounts.iter().any(|one| one.is_open),
    };
    let sums = Sums {
        main,
        scaled,
        bonus: taken_in,
        deduction: taken_away,
        points,
    };
    (sums, account)
}
