//! Formulas over figures: rules between the figures of a report (`women_members <= members_total`) and points worked out from
//! them (`target > 0 ? 50 * actual / target : 0`). Pure; for those who write formulas there is `docs/formula.md`.
//!
//! The language is the Common Expression Language, of which formulas have the part without lists, members and loops. Its parser
//! is taken, its evaluation is not: numbers here are exact quotients, so `7 / 2` is three and a half and `0.1 + 0.2 == 0.3` holds.
//!
//! A text is checked once, against the figures there are and their types; what passes can be evaluated for any figures without
//! any other trouble than a division by zero. A formula has at most [`PARTS_MAX`] parts, each is looked at once, and nothing but
//! the figures it names is read.
//!
//! - **Inexact figures** (`trên 24.500`) are intervals, see [`Number`]. A comparison holds, does not hold, or is open.
//! - **Missing figures**: what needs one has none; [`MissingMeans`] says what follows. `&&` is false if one term is, `||` is true
//!   if one term is, whatever is missing or open in the others and in whatever order they stand (Kleene's logic). `given(x)` is
//!   always known.

mod check;
mod ends;
mod evaluate;
mod explain;
mod number;
mod parse;
mod problem;
mod quotient;
mod scan;
mod sentences;
mod told;
mod tree;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::evaluate::{Figures, Gap, Worth};
pub use self::explain::{ComparisonMade, Explanation, FigureUsed, Side};
pub use self::number::Number;
pub use self::problem::{Fault, FormulaProblem, NotOffered, Place};
pub use self::quotient::Quotient;
pub use self::tree::Comparison;
use self::tree::Node;
use crate::error::{Language, Text};
use crate::numbers::{NumberForm, Reading};

/// Most characters of a formula.
pub const TEXT_MAX: usize = 1_000;
/// Most names, numbers, signs and functions of a formula.
pub const PARTS_MAX: usize = 200;
/// Most brackets inside each other, and most `? :`.
pub const DEPTH_MAX: usize = 16;

/// What a name stands for, and what a formula gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A figure.
    Number,
    /// True or false; what a rule gives.
    YesNo,
    /// A text or the code of a choice, which can only be compared for equality.
    Text,
}

impl From<NumberForm> for Type {
    /// What figures of a form are to a formula.
    fn from(form: NumberForm) -> Self {
        match form {
            NumberForm::YesNo => Self::YesNo,
            NumberForm::Choice | NumberForm::Text => Self::Text,
            NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage => Self::Number,
        }
    }
}

/// A figure as a formula is given it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A number with its qualifier.
    Number(Reading),
    /// True or false.
    YesNo(bool),
    /// A text in NFC or the code of a choice.
    Text(String),
}

impl Figure {
    /// Its type.
    pub const fn of(&self) -> Type {
        match self {
            Self::Number(_) => Type::Number,
            Self::YesNo(_) => Type::YesNo,
            Self::Text(_) => Type::Text,
        }
    }

    /// As a person reads it, with its qualifier.
    pub fn written(&self) -> Text {
        let written = |language| words::figure(self, language);
        Text::new(written(Language::Vietnamese), written(Language::English))
    }
}

/// What a formula gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, or an interval when it comes from inexact figures.
    Number(Number),
    /// True or false.
    YesNo(bool),
    /// A text.
    Text(String),
}

/// What a missing figure means to a formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingMeans {
    /// A rule that needs it is not judged; a number that needs it is not worked out.
    #[default]
    Skip,
    /// A number that is missing counts as 0. What is not a number stays missing, and `given` still tells the truth.
    Zero,
    /// A rule that needs it is broken. For a number the same as [`Self::Skip`].
    Fails,
}

/// What came of evaluating a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This.
    Known(Value),
    /// True or false, or a text, and these inexact figures do not tell which.
    Open {
        /// Names in the order in which the formula names them.
        inexact: Vec<String>,
    },
    /// These figures would be needed.
    Missing {
        /// Names in the order in which the formula names them.
        names: Vec<String>,
    },
}

/// Why a checked formula could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvaluationProblem {
    /// A divisor is zero.
    DivisionByZero {
        /// The divisor, as the formula has it.
        divisor: String,
    },
    /// A figure is not of the type it was said to be when the formula was checked.
    WrongType {
        /// Its name.
        name: String,
    },
    /// It was to be judged as a rule and gives no truth.
    NotARule,
}

/// What came of judging a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not hold, or a figure is missing that [`MissingMeans::Fails`].
    Broken,
    /// Nobody can tell. Never a reason to refuse a report.
    Unknown(Reason),
    /// Figures are missing that would be needed.
    NotJudged {
        /// Names in the order in which the rule names them.
        missing: Vec<String>,
    },
}

/// Why nobody can tell whether a rule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It hangs on figures that are not exact.
    Inexact {
        /// Names in the order in which the rule names them.
        figures: Vec<String>,
    },
    /// It could not be worked out.
    Problem(EvaluationProblem),
}

/// A formula whose text was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    text: String,
    root: Node,
    names: Vec<Name>,
    gives: Type,
}

/// A figure that a formula reads.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    name: String,
    of: Type,
}

impl Formula {
    /// Reads a text as a formula over these names that gives this type.
    ///
    /// A name is letters without accents, digits and underscores, not beginning with a digit; a code with a hyphen or a point in it
    /// cannot stand in a formula. The parser runs on a thread of its own and takes about a tenth of a millisecond.
    ///
    /// # Errors
    /// Says what is wrong, where, and how to mend it.
    pub fn check(text: &str, names: &BTreeMap<String, Type>, wanted: Type) -> Result<Self, FormulaProblem> {
        check::check(text, names, wanted)
    }

    /// The text that was checked, in NFC.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it gives.
    pub const fn gives(&self) -> Type {
        self.gives
    }

    /// The names it reads, each once, in the order in which they first stand in the text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.name.as_str())
    }

    /// What it gives for these figures. The same figures always give the same answer.
    ///
    /// # Errors
    /// A divisor is zero, or a figure is of another type than it was said to be.
    pub fn evaluate(
        &self,
        figures: &dyn Fn(&str) -> Option<Figure>,
        missing: MissingMeans,
    ) -> Result<Answer, EvaluationProblem> {
        self.answer(&Figures::ask(&self.names, figures, missing))
    }

    /// Whether a rule holds for these figures.
    pub fn judge(&self, figures: &dyn Fn(&str) -> Option<Figure>, missing: MissingMeans) -> Outcome {
        outcome(self.evaluate(figures, missing), missing)
    }

    /// How the answer comes about, for a person: `label` gives the name under which a figure is known to them, if it has one.
    pub fn explain(
        &self,
        figures: &dyn Fn(&str) -> Option<Figure>,
        missing: MissingMeans,
        label: &dyn Fn(&str) -> Option<String>,
    ) -> Explanation {
        explain::explain(self, figures, missing, label)
    }

    fn answer(&self, figures: &Figures) -> Result<Answer, EvaluationProblem> {
        if let Some(index) = figures.mistyped {
            return Err(EvaluationProblem::WrongType { name: self.name(index) });
        }
        let names = |indexes: BTreeSet<usize>| indexes.into_iter().map(|index| self.name(index)).collect();
        match figures.evaluate(&self.root) {
            Ok(Worth::Known(value)) => Ok(Answer::Known(value)),
            Ok(Worth::Open) => Ok(Answer::Open {
                inexact: names(explain::inexact(&self.root, figures)),
            }),
            Err(Gap::Missing(missing)) => Ok(Answer::Missing { names: names(missing) }),
            Err(Gap::DivisionByZero(divisor)) => Err(EvaluationProblem::DivisionByZero {
                divisor: divisor.write(&|index| self.name(index)),
            }),
        }
    }

    fn name(&self, index: usize) -> String {
        self.names.get(index).map(|name| name.name.clone()).unwrap_or_default()
    }
}

fn outcome(answer: Result<Answer, EvaluationProblem>, missing: MissingMeans) -> Outcome {
    match answer {
        Ok(Answer::Known(Value::YesNo(true))) => Outcome::Holds,
        Ok(Answer::Known(Value::YesNo(false))) => Outcome::Broken,
        Ok(Answer::Known(_)) => Outcome::Unknown(Reason::Problem(EvaluationProblem::NotARule)),
        Ok(Answer::Open { inexact }) => Outcome::Unknown(Reason::Inexact { figures: inexact }),
        Ok(Answer::Missing { .. }) if missing == MissingMeans::Fails => Outcome::Broken,
        Ok(Answer::Missing { names }) => Outcome::NotJudged { missing: names },
        Err(problem) => Outcome::Unknown(Reason::Problem(problem)),
    }
}

/// The known word that looks most like one that is not known, if one does.
fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // A letter in three may be wrong; more is another word.
    let allowed = word.chars().count() / 3;
    let small = word.to_lowercase();
    known
        .map(|one| (strsim::osa_distance(&small, &one.to_lowercase()), one))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, one)| one)
}
