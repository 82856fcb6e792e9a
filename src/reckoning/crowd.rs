//! The units of a cluster that are looked at together, with what is asked of them as a whole, worked out once. Pure.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use thidua_entity::Fixed4;
use thidua_entity::enums::Qualifier;

use super::facts::{ClusterFacts, Figure, UnitFacts};
use super::named;
use super::names::Whole;
use super::problem::Profile;
use super::set::AppliesTo;
use crate::formula::Number;

/// A sum with more than 14 digits before the point.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooLarge;

/// A figure of all together; nothing when none of them has one.
type Together = Result<Option<Figure>, TooLarge>;

/// Some units of a cluster.
pub(super) struct Crowd<'a> {
    pub units: Vec<(&'a str, &'a UnitFacts)>,
    /// Those whose figures may still change.
    pub not_locked: Vec<String>,
    asked: RefCell<BTreeMap<(Whole, String), Together>>,
}

/// The units to which different parts of a set apply. Criteria with the same filters share theirs.
pub(super) struct Crowds<'a> {
    facts: &'a ClusterFacts,
    known: Vec<(Vec<&'a AppliesTo>, Rc<Crowd<'a>>)>,
}

impl<'a> Crowds<'a> {
    pub fn of(facts: &'a ClusterFacts) -> Self {
        Self {
            facts,
            known: Vec::new(),
        }
    }

    /// The units that some filters all let pass.
    pub fn passing(&mut self, filters: &[&'a AppliesTo]) -> Rc<Crowd<'a>> {
        let nobody_left_out = AppliesTo::default();
        let filters: Vec<&AppliesTo> = filters.iter().copied().filter(|one| **one != nobody_left_out).collect();
        if let Some((_, crowd)) = self.known.iter().find(|(known, _)| *known == filters) {
            return Rc::clone(crowd);
        }
        let passes = |unit: &UnitFacts| {
            let profile = Profile::from(unit);
            filters.iter().all(|filter| filter.includes(&profile) == Ok(true))
        };
        let units = self.facts.units.iter().filter(|(_, unit)| passes(unit));
        let crowd = Rc::new(Crowd::of(units.map(|(id, unit)| (id.as_str(), unit)).collect()));
        self.known.push((filters, Rc::clone(&crowd)));
        crowd
    }
}

impl<'a> Crowd<'a> {
    fn of(units: Vec<(&'a str, &'a UnitFacts)>) -> Self {
        let not_locked = units.iter().filter(|(_, unit)| !unit.locked);
        Self {
            not_locked: named(not_locked.map(|(id, _)| (*id).to_owned())),
            asked: RefCell::default(),
            units,
        }
    }

    /// One figure of all of them.
    pub fn together(&self, whole: Whole, code: &str) -> Together {
        let question = (whole, code.to_owned());
        if let Some(known) = self.asked.borrow().get(&question) {
            return known.clone();
        }
        let together = self.worked_out(whole, code);
        self.asked.borrow_mut().insert(question, together.clone());
        together
    }

    /// Every [`Whole`] follows each of its numbers, so that of inexact ones it lies between what it is of their lower and of their
    /// upper ends.
    fn worked_out(&self, whole: Whole, code: &str) -> Together {
        let figures = self
            .units
            .iter()
            .filter_map(|(_, unit)| unit.figures.get(code)?.number());
        let numbers: Vec<Number> = figures.collect();
        if numbers.is_empty() {
            return Ok(None);
        }
        let of_ends = |end: &dyn Fn(&Number) -> Option<Fixed4>| {
            let Some(mut ends) = numbers.iter().map(end).collect::<Option<Vec<_>>>() else {
                return Ok(None);
            };
            ends.sort_unstable();
            whole.of(&ends).map(Some).ok_or(TooLarge)
        };
        let low = of_ends(&|number| number.lowest()?.to_figure(4))?;
        let high = of_ends(&|number| number.highest()?.to_figure(4))?;
        Ok(Some(match (low, high) {
            (Some(low), Some(high)) if low == high => Figure::exact(low),
            (Some(low), Some(high)) => Figure::Number {
                qualifier: Qualifier::Range,
                value: low,
                upper: Some(high),
            },
            // Nobody said how far the inexact ones go.
            (one, other) => Figure::Number {
                qualifier: Qualifier::About,
                value: one.or(other).unwrap_or(Fixed4::ZERO),
                upper: None,
            },
        }))
    }
}
