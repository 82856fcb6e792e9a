//! The points of one criterion for one unit: from figures of its reports, or from what a scorer entered. Pure.
//!
//! Of a figure that is not exact (`trên 24.500`) the points are worked out at both of its ends; when they agree they are the points,
//! and else they are open. That is right because points never fall when a figure rises.

mod formula;
mod target;

use std::collections::BTreeMap;

use thidua_entity::Fixed4;

use super::crowd::Crowd;
use super::facts::{Figure, Given, UnitFacts};
use super::leading::Leading;
use super::measure::{CountFrom, Measure};
use super::names::{Names, Wholes};
use super::outcome::{Open, Scored};
use super::points;
use super::problem::FactProblemKind;
use super::set::{Criterion, Node, PointsRole, WhenMissing};
use super::working::{EventsCounted, Working};
use crate::formula::{Formula, Number, Quotient};

/// A criterion with what is known of the cluster as a whole.
pub(super) struct Leaf<'a> {
    pub node: &'a Node,
    pub criterion: &'a Criterion,
    formula: Option<&'a Formula>,
    names: &'a Names,
    wholes: Wholes,
    leading: Leading,
}

impl<'a> Leaf<'a> {
    /// A criterion that applies to a crowd of units.
    pub fn new(
        node: &'a Node,
        criterion: &'a Criterion,
        formula: Option<&'a Formula>,
        names: &'a Names,
        crowd: &Crowd,
    ) -> Self {
        let leading = match &criterion.measure {
            Measure::Target {
                indicator,
                target,
                leader: true,
                ..
            } => Leading::among(crowd, indicator, target),
            _ => Leading::default(),
        };
        let wholes = formula.map_or_else(Wholes::default, |formula| Wholes::of(formula.names(), names, crowd));
        Self {
            node,
            criterion,
            formula,
            names,
            wholes,
            leading,
        }
    }

    /// The points from reports; nothing when the criterion needs an entry.
    pub fn reported(&self, unit: &UnitFacts) -> Option<Result<Scored, Open>> {
        let points = match &self.criterion.measure {
            Measure::Target {
                indicator,
                target,
                share,
                leader,
            } => self.target(unit, indicator, target, *share, *leader),
            Measure::PerCount {
                count: CountFrom::Figure { indicator },
                each,
            } => self.per_count(&self.figure(unit, indicator), indicator, *each),
            Measure::Formula { .. } => self.formula(unit),
            Measure::Events { .. } if !self.criterion.measure.is_entered() => self.events(&BTreeMap::new(), unit),
            _ => return None,
        };
        Some(points)
    }

    /// The points of an entry, which may still be open when it needs figures besides.
    pub fn entered(&self, given: &Given, unit: &UnitFacts) -> Result<Result<Scored, Open>, FactProblemKind> {
        let measure = &self.criterion.measure;
        match (given, measure) {
            (Given::Points { points }, Measure::Manual) => self.given(*points).map(Ok),
            (Given::Points { points }, measure) if !measure.is_entered() => self.given(*points).map(Ok),
            (Given::Verdict { passed }, Measure::PassFail) => {
                let points = if *passed { self.node.max } else { Fixed4::ZERO };
                Ok(Ok(scored(points, Working::Verdict { passed: *passed })))
            }
            (
                Given::Count { count },
                Measure::PerCount {
                    count: CountFrom::Entered,
                    each,
                },
            ) => Ok(self.per_count(&Ok(counted(*count)), &self.node.code, *each)),
            (Given::Events { counts }, Measure::Events { events, .. }) if measure.is_entered() => {
                let is_known = |code: &String| {
                    let mut entered = events.iter().filter(|event| event.count == CountFrom::Entered);
                    entered.any(|event| event.code == *code)
                };
                match counts.keys().find(|code| !is_known(code)) {
                    Some(code) => Err(FactProblemKind::UnknownEvent { code: code.clone() }),
                    None => Ok(self.events(counts, unit)),
                }
            }
            _ => Err(FactProblemKind::WrongKind),
        }
    }

    /// The points when nobody entered anything.
    pub fn nothing_entered(&self, unit: &UnitFacts) -> Result<Scored, Open> {
        match (self.criterion.when_missing, &self.criterion.measure) {
            (WhenMissing::Open, _) => Err(Open::NoEntry),
            (WhenMissing::Zero, Measure::Events { .. }) => self.events(&BTreeMap::new(), unit),
            (WhenMissing::Zero, _) => Ok(scored(Fixed4::ZERO, Working::Given)),
        }
    }

    fn given(&self, given: Fixed4) -> Result<Scored, FactProblemKind> {
        let (least, most) = self.node.bounds(self.criterion);
        if given < least || given > most {
            return Err(FactProblemKind::OutOfBounds { least, most });
        }
        match self.criterion.step {
            Some(step) if !points::is_multiple(given, step) => Err(FactProblemKind::OffStep { step }),
            _ => Ok(scored(given, Working::Given)),
        }
    }

    /// In steps and within bounds.
    fn finished(&self, points: Fixed4) -> Fixed4 {
        let (least, most) = self.node.bounds(self.criterion);
        points::in_steps(points, self.criterion.step).clamp(least, most)
    }

    fn figure(&self, unit: &UnitFacts, indicator: &str) -> Result<Figure, Open> {
        match (unit.figures.get(indicator), self.criterion.when_missing) {
            (Some(figure), _) => Ok(figure.clone()),
            (None, WhenMissing::Zero) => Ok(Figure::exact(Fixed4::ZERO)),
            (None, WhenMissing::Open) => Err(Open::NoFigure {
                names: vec![indicator.to_owned()],
            }),
        }
    }

    /// The points of a number, by how points follow from it; they never fall when it rises.
    fn at_ends(
        &self,
        number: &Number,
        name: &str,
        points: &dyn Fn(&Quotient) -> Result<Fixed4, Open>,
    ) -> Result<Fixed4, Open> {
        let (least, most) = self.node.bounds(self.criterion);
        let low = number.lowest().map_or(Ok(least), points)?;
        let high = number.highest().map_or(Ok(most), points)?;
        let (low, high) = (self.finished(low), self.finished(high));
        if low == high {
            return Ok(low);
        }
        Err(Open::Inexact {
            names: vec![name.to_owned()],
        })
    }

    fn per_count(&self, count: &Result<Figure, Open>, name: &str, each: Fixed4) -> Result<Scored, Open> {
        let count = count.clone()?;
        let number = number(&count, name)?;
        let points = self.at_ends(&number, name, &|count| Ok(points::settle(&(count * &each.into()))))?;
        Ok(scored(points, Working::Count { count, each }))
    }

    fn events(&self, entered: &BTreeMap<String, u32>, unit: &UnitFacts) -> Result<Scored, Open> {
        let Measure::Events { start, events, .. } = &self.criterion.measure else {
            return Err(Open::NoEntry);
        };
        let mut counted_events = Vec::new();
        for event in events {
            let figure = match &event.count {
                CountFrom::Entered => counted(entered.get(&event.code).copied().unwrap_or_default()),
                CountFrom::Figure { indicator } => self.figure(unit, indicator)?,
            };
            let number = number(&figure, &event.code)?;
            let count = number.exactly().ok_or_else(|| Open::Inexact {
                names: vec![event.code.clone()],
            })?;
            counted_events.push(EventsCounted {
                code: event.code.clone(),
                count: points::settle(count),
                points: points::settle(&(count * &event.each.into())),
            });
        }
        let brought = counted_events.iter().map(|event| event.points);
        let sum = points::sum(brought.chain([*start]));
        let working = Working::Events {
            start: *start,
            events: counted_events,
            sum,
        };
        Ok(scored(self.finished(sum), working))
    }
}

impl Measure {
    /// Whether points need an entry, rather than come from reports alone.
    pub(super) fn is_entered(&self) -> bool {
        match self {
            Self::Manual | Self::PassFail => true,
            Self::Target { .. } | Self::Formula { .. } => false,
            Self::PerCount { count, .. } => *count == CountFrom::Entered,
            Self::Events { events, .. } => events.iter().any(|event| event.count == CountFrom::Entered),
        }
    }
}

impl Node {
    /// The least and the most points of a criterion.
    pub(super) fn bounds(&self, criterion: &Criterion) -> (Fixed4, Fixed4) {
        match &criterion.measure {
            Measure::Events { floor, ceiling, .. } => {
                let least = match criterion.role {
                    PointsRole::Main => *floor,
                    PointsRole::Bonus | PointsRole::Deduction => Fixed4::ZERO.max(*floor),
                };
                // A set that was checked has its floor below its ceiling.
                (least, (*ceiling).max(least))
            }
            _ => (Fixed4::ZERO, self.max.max(Fixed4::ZERO)),
        }
    }
}

fn scored(points: Fixed4, working: Working) -> Scored {
    Scored {
        points,
        working,
        reason: None,
    }
}

fn counted(count: u32) -> Figure {
    Figure::exact(Fixed4::from_integer(count.into()).unwrap_or(Fixed4::MAX))
}

fn number(figure: &Figure, name: &str) -> Result<Number, Open> {
    figure.number().ok_or_else(|| Open::WrongForm { name: name.to_owned() })
}
