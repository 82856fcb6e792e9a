//! The points of a formula.

use super::{Leaf, scored};
use crate::formula::{Answer, EvaluationProblem, MissingMeans, Quotient, Type, Value};
use crate::reckoning::facts::{Figure, UnitFacts};
use crate::reckoning::outcome::{Open, Scored};
use crate::reckoning::points;
use crate::reckoning::set::WhenMissing;
use crate::reckoning::working::{Input, Working};

impl Leaf<'_> {
    pub(super) fn formula(&self, unit: &UnitFacts) -> Result<Scored, Open> {
        // Checked sets have a formula for each criterion that needs one.
        let formula = self.formula.ok_or(Open::NoEntry)?;
        if let Some(waits) = &self.wholes.waits {
            return Err(waits.clone());
        }
        let figure = |name: &str| self.wholes.figure(self.names, name, unit);
        let missing = match self.criterion.when_missing {
            WhenMissing::Open => MissingMeans::Skip,
            WhenMissing::Zero => MissingMeans::Zero,
        };
        let inputs: Vec<Input> = formula
            .names()
            .map(|name| {
                let figure = figure(name);
                let is_number = self.names.of(name) == Some(Type::Number);
                Input {
                    name: name.to_owned(),
                    counts_as_zero: figure.is_none() && is_number && missing == MissingMeans::Zero,
                    figure,
                }
            })
            .collect();
        // Few names, and each is looked up in the facts only once.
        let input = |name: &str| inputs.iter().find(|input| input.name == name);
        let read = |name: &str| Some(input(name)?.figure.as_ref()?.for_formula());
        let answer = formula.evaluate(&read, missing);
        let number = match answer {
            Ok(Answer::Known(Value::Number(number))) => number,
            Ok(Answer::Missing { names }) => return Err(Open::NoFigure { names }),
            Ok(Answer::Known(_) | Answer::Open { .. }) => return Err(inexact(&inputs)),
            Err(EvaluationProblem::DivisionByZero { divisor }) => return Err(Open::DivisionByZero { divisor }),
            Err(EvaluationProblem::WrongType { name }) => return Err(Open::WrongForm { name }),
            Err(EvaluationProblem::NotARule) => return Err(Open::NoEntry),
        };
        let settled = |value: &Quotient| Ok(points::settle(value));
        let points = self.at_ends(&number, "", &settled).map_err(|_| inexact(&inputs))?;
        let working = Working::Formula {
            formula: formula.text().to_owned(),
            inputs,
            result: number.exactly().map_or(points, points::settle),
        };
        Ok(scored(points, working))
    }
}

fn inexact(inputs: &[Input]) -> Open {
    let is_inexact = |input: &&Input| {
        let number = input.figure.as_ref().and_then(Figure::number);
        number.is_some_and(|number| number.exactly().is_none())
    };
    Open::Inexact {
        names: inputs
            .iter()
            .filter(is_inexact)
            .map(|input| input.name.clone())
            .collect(),
    }
}
