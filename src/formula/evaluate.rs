//! What a formula gives for the figures of a report. Every part is looked at, so that neither the order of terms nor of figures
//! matters. Pure; no loop but the one over the parts of the formula.

use std::collections::BTreeSet;

use super::number::Number;
use super::quotient::Quotient;
use super::tree::{Arithmetic, Comparison, Function, Node};
use super::{Figure, MissingMeans, Name, Type, Value};
use thidua_entity::Fixed4;

/// What a part gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    Known(Value),
    /// True or false, or a text, and inexact figures do not tell which.
    Open,
}

/// Why a part gives nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gap<'a> {
    /// These figures would be needed; places in the list of names.
    Missing(BTreeSet<usize>),
    /// This divisor is zero.
    DivisionByZero(&'a Node),
}

/// A part's worth, or why it has none.
pub(super) type Result<'a, T = Worth> = std::result::Result<T, Gap<'a>>;

/// The figures of a formula, each asked for once.
pub(super) struct Figures {
    /// In the order of the names.
    pub seen: Vec<Seen>,
    /// The first that was of another type than its name, and was left out for that.
    pub mistyped: Option<usize>,
}

/// A figure as a formula sees it.
pub(super) struct Seen {
    /// As it was given.
    pub figure: Option<Figure>,
    /// It is not there, and counts as zero.
    pub counts_as_zero: bool,
}

impl Figures {
    /// Asks for the figures.
    pub fn ask(names: &[Name], figures: &dyn Fn(&str) -> Option<Figure>, missing: MissingMeans) -> Self {
        let mut mistyped = None;
        let mut seen = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let figure = figures(&name.name);
            let fits = figure.as_ref().is_none_or(|figure| figure.of() == name.of);
            if !fits {
                mistyped = mistyped.or(Some(index));
            }
            seen.push(Seen {
                counts_as_zero: figure.is_none() && name.of == Type::Number && missing == MissingMeans::Zero,
                figure: figure.filter(|_| fits),
            });
        }
        Self { seen, mistyped }
    }

    /// The figure as it was given.
    pub fn given(&self, index: usize) -> Option<&Figure> {
        self.seen.get(index)?.figure.as_ref()
    }

    fn worth(&self, index: usize) -> Option<Value> {
        let seen = self.seen.get(index)?;
        match &seen.figure {
            Some(Figure::Number(reading)) => Some(Value::Number((*reading).into())),
            Some(Figure::YesNo(value)) => Some(Value::YesNo(*value)),
            Some(Figure::Text(value)) => Some(Value::Text(value.clone())),
            None => seen.counts_as_zero.then(|| Value::Number(Fixed4::ZERO.into())),
        }
    }

    /// What a part of the formula gives.
    pub fn evaluate<'a>(&self, node: &'a Node) -> Result<'a> {
        match node {
            Node::Number(value) => number((*value).into()),
            Node::YesNo(value) => yes_no(Some(*value)),
            Node::Text(value) => Ok(Worth::Known(Value::Text(value.clone()))),
            Node::Figure(index) => match self.worth(*index) {
                Some(value) => Ok(Worth::Known(value)),
                None => Err(Gap::Missing(BTreeSet::from([*index]))),
            },
            Node::Given(index) => yes_no(Some(self.given(*index).is_some())),
            Node::Negated(part) => number(self.number(part)?.negated()),
            Node::Not(part) => yes_no(truth(&self.evaluate(part)?).map(|holds| !holds)),
            Node::Arithmetic(sign, parts) => self.arithmetic(*sign, parts),
            Node::Compared(sign, parts) => self.compared(*sign, parts),
            Node::All(parts) => self.terms(parts, false),
            Node::Any(parts) => self.terms(parts, true),
            Node::Choice(parts) => self.choice(parts),
            Node::Call(function, parts) => self.call(*function, parts),
            Node::Rounded(part, places) => number(self.number(part)?.round(*places)),
        }
    }

    fn number<'a>(&self, node: &'a Node) -> Result<'a, Number> {
        Ok(match self.evaluate(node)? {
            Worth::Known(Value::Number(number)) => number,
            // Checked formulas have numbers here.
            _ => Number::anything(),
        })
    }

    fn arithmetic<'a>(&self, sign: Arithmetic, [left, right]: &'a [Node; 2]) -> Result<'a> {
        let (one, other) = both(self.number(left), self.number(right))?;
        let result = match sign {
            Arithmetic::Plus => Some(one.plus(&other)),
            Arithmetic::Minus => Some(one.minus(&other)),
            Arithmetic::Times => Some(one.times(&other)),
            Arithmetic::Over => one.over(&other),
            Arithmetic::Remainder => one.remainder(&other),
        };
        result.map_or(Err(Gap::DivisionByZero(right)), number)
    }

    fn compared<'a>(&self, sign: Comparison, [left, right]: &'a [Node; 2]) -> Result<'a> {
        let (one, other) = both(self.evaluate(left), self.evaluate(right))?;
        let same = match (&one, &other) {
            (Worth::Known(Value::Number(one)), Worth::Known(Value::Number(other))) => {
                return yes_no(match sign {
                    Comparison::Equal => one.equals(other),
                    Comparison::Different => one.equals(other).map(|same| !same),
                    Comparison::Less => one.is_below(other),
                    Comparison::Greater => other.is_below(one),
                    Comparison::AtMost => other.is_below(one).map(|above| !above),
                    Comparison::AtLeast => one.is_below(other).map(|below| !below),
                });
            }
            (Worth::Known(one), Worth::Known(other)) => Some(one == other),
            _ => None,
        };
        yes_no(same.map(|same| same == (sign == Comparison::Equal)))
    }

    /// Several terms, one of which settles the matter when it has the worth `settles`, whatever is with the other. A missing
    /// figure weighs more than a division by zero, which weighs more than what is open.
    fn terms<'a>(&self, [left, right]: &'a [Node; 2], settles: bool) -> Result<'a> {
        let worths = [self.evaluate(left), self.evaluate(right)];
        let settled = worths.iter().flatten().any(|worth| truth(worth) == Some(settles));
        if settled {
            return yes_no(Some(settles));
        }
        let [left, right] = worths;
        let (one, other) = both(left, right)?;
        yes_no(truth(&one).and(truth(&other)))
    }

    fn choice<'a>(&self, [condition, taken, otherwise]: &'a [Node; 3]) -> Result<'a> {
        match truth(&self.evaluate(condition)?) {
            Some(true) => self.evaluate(taken),
            Some(false) => self.evaluate(otherwise),
            None => Ok(match both(self.evaluate(taken), self.evaluate(otherwise))? {
                (Worth::Known(Value::Number(one)), Worth::Known(Value::Number(other))) => {
                    Worth::Known(Value::Number(one.or(&other)))
                }
                (one, other) if one == other => one,
                _ => Worth::Open,
            }),
        }
    }

    fn call<'a>(&self, function: Function, parts: &'a [Node]) -> Result<'a> {
        let join = match function {
            Function::Min => Number::smaller,
            Function::Max => Number::larger,
            Function::Sum | Function::Abs | Function::Floor | Function::Ceil => Number::plus,
        };
        let mut joined: Option<Result<'a, Number>> = None;
        for part in parts {
            let next = self.number(part);
            joined = Some(match joined {
                Some(before) => both(before, next).map(|(one, other)| join(&one, &other)),
                None => next,
            });
        }
        let value = joined.unwrap_or_else(|| Ok(Fixed4::ZERO.into()))?;
        number(match function {
            Function::Min | Function::Max | Function::Sum => value,
            Function::Abs => value.size(),
            Function::Floor => value.floor(),
            Function::Ceil => value.ceil(),
        })
    }
}

/// The worth of a part in which no figure stands; nothing when it is no number or has none.
pub(super) fn constant(node: &Node) -> Option<Quotient> {
    if node.reads_figures() {
        return None;
    }
    let none = Figures {
        seen: Vec::new(),
        mistyped: None,
    };
    match none.evaluate(node) {
        Ok(Worth::Known(Value::Number(number))) => number.exactly().cloned(),
        _ => None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "reads as what a part gives")]
fn number<'a>(number: Number) -> Result<'a> {
    Ok(Worth::Known(Value::Number(number)))
}

#[expect(clippy::unnecessary_wraps, reason = "reads as what a part gives")]
fn yes_no<'a>(holds: Option<bool>) -> Result<'a> {
    Ok(holds.map_or(Worth::Open, |holds| Worth::Known(Value::YesNo(holds))))
}

/// Whether it holds, when that is known.
pub(super) const fn truth(worth: &Worth) -> Option<bool> {
    match worth {
        Worth::Known(Value::YesNo(holds)) => Some(*holds),
        _ => None,
    }
}

/// Both parts, or what is missing for either of them.
fn both<'a, T>(one: Result<'a, T>, other: Result<'a, T>) -> Result<'a, (T, T)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(Gap::Missing(mut names)), Err(Gap::Missing(more))) => {
            names.extend(more);
            Err(Gap::Missing(names))
        }
        (Err(Gap::Missing(names)), _) | (_, Err(Gap::Missing(names))) => Err(Gap::Missing(names)),
        (Err(gap), _) | (_, Err(gap)) => Err(gap),
    }
}
