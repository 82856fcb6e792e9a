//! The points of a figure against its target.

use thidua_entity::Fixed4;

use super::{Leaf, number, scored};
use crate::formula::Quotient;
use crate::reckoning::facts::UnitFacts;
use crate::reckoning::leading::excess;
use crate::reckoning::measure::TargetFrom;
use crate::reckoning::outcome::{Open, Scored};
use crate::reckoning::points;
use crate::reckoning::set::WhenMissing;
use crate::reckoning::working::{Leader, Working};

impl Leaf<'_> {
    pub(super) fn target(
        &self,
        unit: &UnitFacts,
        indicator: &str,
        target: &TargetFrom,
        share: Fixed4,
        leader: bool,
    ) -> Result<Scored, Open> {
        let actual = self.figure(unit, indicator)?;
        let target = match (target.of(unit, indicator), self.criterion.when_missing) {
            (Err(Open::NoTarget { .. } | Open::NoFigure { .. }), WhenMissing::Zero) => {
                return Ok(scored(Fixed4::ZERO, Working::NoTarget));
            }
            (target, _) => target?,
        };
        let number = number(&actual, indicator)?;
        let at_target = &Quotient::from(self.node.max) * &share.into();
        let rest = &Quotient::from(self.node.max) + &-&at_target;
        let worth = |actual: &Quotient| {
            let own = excess(actual, target);
            if own < Quotient::zero() {
                let inverse = Quotient::from(target).inverse().unwrap_or_else(Quotient::zero);
                return Ok(points::settle(&(&(&at_target * actual) * &inverse)));
            }
            if own.is_zero() || !leader {
                return Ok(points::settle(&at_target));
            }
            let best = self.leading.best(indicator)?;
            let part = best.excess.inverse().map(|inverse| &own * &inverse);
            let above = part.map_or_else(Quotient::zero, |part| &rest * &part);
            Ok(points::settle(&(&at_target + &above)))
        };
        let points = self.at_ends(&number, indicator, &worth)?;
        let result = number.exactly().map_or(Ok(points), worth)?;
        let own = number.exactly().map(|actual| excess(actual, target));
        let led = own.filter(|own| leader && *own > Quotient::zero());
        let leader = match led {
            Some(own) => {
                let best = self.leading.best(indicator)?;
                let (done, of) = &best.first;
                Some(Leader {
                    units: best.units.clone(),
                    excess: points::settle(&best.excess),
                    leads: own == best.excess,
                    own_excess: points::settle(&own),
                    done: points::settle(done),
                    target: *of,
                })
            }
            None => None,
        };
        let at_target = points::settle(&at_target);
        Ok(scored(
            points,
            Working::Target {
                actual,
                target,
                at_target,
                leader,
                result,
            },
        ))
    }
}
