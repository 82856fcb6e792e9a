//! From the total of a unit to its grade before quotas: eligibility, bands, gates. Pure.

use std::collections::BTreeMap;

use chrono::{Days, Months};
use thidua_entity::Fixed4;

use super::facts::{Happened, UnitFacts};
use super::named;
use super::names::{Names, Wholes};
use super::outcome::{NodeOutcome, Open, Total, Unclear};
use super::rules::{Band, Condition, EligibilityRule, Gate, GateMissing, LifeEvent};
use super::set::CriteriaSet;
use super::verdict::{GateOutcome, Holds, HoldsUnknown, NotEligible, NotRated, Standing};
use crate::formula::{EvaluationProblem, Formula, MissingMeans, Outcome, Reason};

/// A gate with what is known of the cluster as a whole.
pub(super) struct GateAt<'a> {
    pub gate: &'a Gate,
    pub formula: Option<&'a Formula>,
    pub wholes: Wholes,
    /// Of a condition on nodes: the points that each must have.
    pub least: Vec<Fixed4>,
}

/// What a unit has before it is rated.
pub(super) struct Scored<'a> {
    pub unit: &'a UnitFacts,
    pub total: &'a Total,
    pub nodes: &'a BTreeMap<String, NodeOutcome>,
}

/// Where the grade of some points stands among the bands, 0 for the best.
pub(super) fn band_of(bands: &[Band], points: Fixed4) -> usize {
    let last = bands.len().saturating_sub(1);
    bands.iter().position(|band| points >= band.from).unwrap_or(last)
}

/// Where a grade stands among the bands.
pub(super) fn place_of(bands: &[Band], grade: &str) -> usize {
    let last = bands.len().saturating_sub(1);
    bands.iter().position(|band| band.grade == grade).unwrap_or(last)
}

/// The code of the grade at a place.
pub(super) fn grade_at(bands: &[Band], place: usize) -> String {
    bands.get(place).map(|band| band.grade.clone()).unwrap_or_default()
}

/// The standing of a unit before quotas, and what came of its gates.
pub(super) fn rate(
    set: &CriteriaSet,
    gates: &[GateAt],
    names: &Names,
    scored: &Scored,
) -> (Standing, Vec<GateOutcome>) {
    let by_points = scored.total.points.map(|points| band_of(&set.bands, points));
    let mut outcomes: Vec<GateOutcome> = Vec::with_capacity(gates.len());
    let (mut after_gates, mut unknown) = (by_points, Vec::new());
    for at in gates {
        let holds = at.holds(names, scored);
        let closed = match (&holds, at.gate.when_missing) {
            (Holds::Yes, _) | (Holds::Unknown { .. }, GateMissing::Open) => false,
            (Holds::No { .. }, _) | (Holds::Unknown { .. }, GateMissing::Closed) => true,
            (Holds::Unknown { .. }, GateMissing::NotRated) => {
                unknown.push(NotRated::GateUnknown {
                    gate: at.gate.code.clone(),
                });
                false
            }
        };
        let cap = place_of(&set.bands, &at.gate.otherwise_at_most);
        if closed {
            after_gates = after_gates.map(|place| place.max(cap));
        }
        outcomes.push(GateOutcome {
            gate: at.gate.code.clone(),
            holds,
            caps: closed && by_points.is_some_and(|place| place < cap),
        });
    }
    let reasons = not_eligible(&set.eligibility, scored.unit);
    if !reasons.is_empty() {
        return (Standing::NotEligible { reasons }, outcomes);
    }
    let mut reasons = Vec::new();
    if scored.nodes.is_empty() {
        reasons.push(NotRated::NothingApplies);
    }
    reasons.extend(scored.total.unclear.iter().map(|unknown| match unknown {
        Unclear::Size => NotRated::SizeUnknown,
        Unclear::Sector => NotRated::SectorUnknown,
    }));
    if !scored.total.open.is_empty() {
        reasons.push(NotRated::CriteriaOpen {
            criteria: scored.total.open.clone(),
        });
    }
    reasons.append(&mut unknown);
    let standing = match (by_points, after_gates) {
        (Some(by_points), Some(after_gates)) if reasons.is_empty() => Standing::Rated {
            grade: grade_at(&set.bands, after_gates),
            by_points: grade_at(&set.bands, by_points),
            after_gates: grade_at(&set.bands, after_gates),
            moves: Vec::new(),
        },
        _ => Standing::NotRated { reasons },
    };
    (standing, outcomes)
}

/// Why a unit is not rated for its period; nothing when it is.
pub(super) fn not_eligible(rules: &[EligibilityRule], unit: &UnitFacts) -> Vec<NotEligible> {
    let ended = unit.ended_on.filter(|day| *day <= unit.period_end);
    let mut reasons: Vec<NotEligible> = ended.map(|on| NotEligible::Ended { on }).into_iter().collect();
    // What became of a unit after its period is not a matter of that period; that it was only founded then is.
    let bears = |one: &&Happened| one.on <= unit.period_end || one.event == LifeEvent::Founded;
    for happened in unit.events.iter().filter(bears) {
        for rule in rules.iter().filter(|rule| rule.after.contains(&happened.event)) {
            // From 1 July six months have passed at the end of 31 December: both days count.
            let passed = happened.on.checked_add_months(Months::new(rule.months));
            let last = passed.and_then(|day| day.checked_sub_days(Days::new(1)));
            if let Some(eligible_on) = last.filter(|last| *last > unit.period_end) {
                reasons.push(NotEligible::TooYoung {
                    event: happened.event,
                    on: happened.on,
                    months: rule.months,
                    eligible_on,
                });
            }
        }
    }
    reasons
}

impl GateAt<'_> {
    fn holds(&self, names: &Names, scored: &Scored) -> Holds {
        match &self.gate.condition {
            Condition::Declared { declaration, wanted } => match scored.unit.declared.get(declaration) {
                Some(declared) if declared == wanted => Holds::Yes,
                Some(_) => Holds::No { nodes: Vec::new() },
                None => unknown(HoldsUnknown::Missing, vec![declaration.clone()]),
            },
            Condition::NodesReach { nodes, .. } => {
                let (mut short, mut open) = (Vec::new(), Vec::new());
                for (code, least) in nodes.iter().zip(&self.least) {
                    // What is not there does not apply to the unit.
                    let Some(node) = scored.nodes.get(code) else { continue };
                    match node.points {
                        Some(points) if points >= *least => {}
                        Some(_) => short.push(code.clone()),
                        None => open.push(code.clone()),
                    }
                }
                match (short.is_empty(), open.is_empty()) {
                    (false, _) => Holds::No {
                        nodes: named(short.into_iter()),
                    },
                    (true, false) => unknown(HoldsUnknown::Missing, named(open.into_iter())),
                    (true, true) => Holds::Yes,
                }
            }
            Condition::Formula { .. } => self.judged(names, scored.unit),
        }
    }

    fn judged(&self, names: &Names, unit: &UnitFacts) -> Holds {
        let Some(formula) = self.formula else {
            return unknown(HoldsUnknown::Missing, Vec::new());
        };
        match &self.wholes.waits {
            Some(Open::NotLocked { units }) => return unknown(HoldsUnknown::NotLocked, units.clone()),
            Some(Open::TooLarge { name }) => return unknown(HoldsUnknown::TooLarge, vec![name.clone()]),
            _ => {}
        }
        let figure = |name: &str| self.wholes.figure(names, name, unit).map(|figure| figure.for_formula());
        match formula.judge(&figure, MissingMeans::Skip) {
            Outcome::Holds => Holds::Yes,
            Outcome::Broken => Holds::No { nodes: Vec::new() },
            Outcome::NotJudged { missing } => unknown(HoldsUnknown::Missing, missing),
            Outcome::Unknown(Reason::Inexact { figures }) => unknown(HoldsUnknown::Inexact, figures),
            Outcome::Unknown(Reason::Problem(problem)) => match problem {
                EvaluationProblem::DivisionByZero { divisor } => unknown(HoldsUnknown::DivisionByZero, vec![divisor]),
                EvaluationProblem::WrongType { name } => unknown(HoldsUnknown::WrongForm, vec![name]),
                EvaluationProblem::NotARule => unknown(HoldsUnknown::WrongForm, Vec::new()),
            },
        }
    }
}

fn unknown(why: HoldsUnknown, of: Vec<String>) -> Holds {
    Holds::Unknown { why, of }
}
