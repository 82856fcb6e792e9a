//! Who leads a cluster in a figure against its target. Pure.

use thidua_entity::Fixed4;

use super::NAMED_MAX;
use super::crowd::Crowd;
use super::facts::{Figure, UnitFacts};
use super::measure::TargetFrom;
use super::outcome::Open;
use crate::formula::Quotient;

/// By how much those above their targets exceed them, and who does most. Excess is the part of the own target that is done beyond it,
/// so that a small unit can lead a large one.
#[derive(Clone, Debug, Default)]
pub(super) struct Leading {
    not_locked: Vec<String>,
    inexact: bool,
    best: Option<Best>,
}

/// The largest excess of a cluster.
#[derive(Clone, Debug)]
pub(super) struct Best {
    /// How large it is.
    pub excess: Quotient,
    /// Who has it.
    pub units: Vec<String>,
    /// What the first of them has done, and its target.
    pub first: (Quotient, Fixed4),
}

impl Leading {
    /// Among the units that count, rated or not. Those without a figure or a target take no part.
    pub fn among(crowd: &Crowd, indicator: &str, target: &TargetFrom) -> Self {
        let mut leading = Self {
            not_locked: crowd.not_locked.clone(),
            ..Self::default()
        };
        for (id, unit) in &crowd.units {
            let Some(actual) = unit.figures.get(indicator).and_then(Figure::number) else {
                continue;
            };
            let Ok(target) = target.of(unit, indicator) else {
                continue;
            };
            let Some(actual) = actual.exactly() else {
                leading.inexact = true;
                continue;
            };
            leading.take(id, actual, target);
        }
        leading
    }

    fn take(&mut self, id: &str, actual: &Quotient, target: Fixed4) {
        let excess = excess(actual, target);
        if excess <= Quotient::zero() {
            return;
        }
        match &mut self.best {
            Some(best) if best.excess == excess => {
                if best.units.len() < NAMED_MAX {
                    best.units.push(id.to_owned());
                }
            }
            Some(best) if best.excess > excess => {}
            best => {
                *best = Some(Best {
                    excess,
                    units: vec![id.to_owned()],
                    first: (actual.clone(), target),
                });
            }
        }
    }

    /// The largest excess and who has it, once it can be known. Asked only of a unit above its target, so there is one.
    pub fn best(&self, indicator: &str) -> Result<&Best, Open> {
        if !self.not_locked.is_empty() {
            return Err(Open::NotLocked {
                units: self.not_locked.clone(),
            });
        }
        match &self.best {
            Some(best) if !self.inexact => Ok(best),
            _ => Err(Open::Inexact {
                names: vec![indicator.to_owned()],
            }),
        }
    }
}

/// The part of the target that is done beyond it; below 0 for what is short of it.
pub(super) fn excess(actual: &Quotient, target: Fixed4) -> Quotient {
    let inverse = Quotient::from(target).inverse().unwrap_or_else(Quotient::zero);
    let one = Fixed4::from_integer(1).unwrap_or_default();
    &(actual * &inverse) + &-&Quotient::from(one)
}

impl TargetFrom {
    /// The target of a unit for the figure of an indicator, above 0.
    pub(super) fn of(&self, unit: &UnitFacts, measured: &str) -> Result<Fixed4, Open> {
        let target = match self {
            Self::Fixed { value } => *value,
            Self::Promised => *unit.targets.get(measured).ok_or_else(|| Open::NoTarget {
                indicator: measured.to_owned(),
            })?,
            Self::Figure { indicator } => {
                let names = || vec![indicator.clone()];
                let figure = unit.figures.get(indicator).and_then(Figure::number);
                let number = figure.ok_or_else(|| Open::NoFigure { names: names() })?;
                let exact = number.exactly().and_then(|value| value.to_figure(4));
                exact.ok_or_else(|| Open::Inexact { names: names() })?
            }
        };
        if target > Fixed4::ZERO {
            Ok(target)
        } else {
            Err(Open::TargetNotPositive { target })
        }
    }
}
