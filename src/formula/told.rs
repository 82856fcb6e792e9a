//! The sentence that tells how the answer of a formula comes about, in both languages. Pure.

use super::evaluate::{Figures, Gap};
use super::{
    Answer, Comparison, ComparisonMade, EvaluationProblem, FigureUsed, Formula, MissingMeans, Side, Type, Value, words,
};
use crate::error::Language::{self, English, Vietnamese};

/// What a sentence is made of.
pub(super) struct Told<'a> {
    pub formula: &'a Formula,
    pub figures: &'a Figures,
    pub used: &'a [FigureUsed],
    pub shown: &'a dyn Fn(usize) -> String,
    pub deciding: &'a [ComparisonMade],
    pub answer: &'a std::result::Result<Answer, EvaluationProblem>,
    pub missing: MissingMeans,
}

impl Told<'_> {
    pub fn sentence(&self, language: Language) -> String {
        let zeros = self
            .used
            .iter()
            .filter(|used| used.counts_as_zero)
            .map(|used| match language {
                Vietnamese => format!(" “{}” không có số liệu nên tính là 0.", used.label),
                English => format!(" There is no figure for “{}”, so it counts as 0.", used.label),
            });
        self.verdict(language) + &zeros.collect::<String>()
    }

    fn verdict(&self, language: Language) -> String {
        match (self.answer, language) {
            (Ok(Answer::Known(Value::YesNo(true))), _) => self.holds(language),
            (Ok(Answer::Known(Value::YesNo(false))), _) => self.broken(language),
            (Ok(Answer::Known(value)), Vietnamese) => format!("Kết quả là {}.", words::value(value, language)),
            (Ok(Answer::Known(value)), English) => format!("The result is {}.", words::value(value, language)),
            (Ok(Answer::Open { .. }), _) => self.open(language),
            (Ok(Answer::Missing { names }), _) => self.lacks(names, language),
            (Err(problem), _) => self.problem(problem, language),
        }
    }

    fn holds(&self, language: Language) -> String {
        let (yes, is) = match language {
            Vietnamese => ("Đúng", ""),
            English => ("It holds", "is "),
        };
        let list = self.comparisons(language, |made| {
            is.to_owned() + as_it_is(made, made.holds == Some(true)).in_words(language)
        });
        match list.as_slice() {
            [] => format!("{yes}."),
            list => format!("{yes}: {}.", list.join("; ")),
        }
    }

    /// What would have to be for the rule to hold.
    fn broken(&self, language: Language) -> String {
        let (must, or, no) = match language {
            Vietnamese => ("phải ", ", hoặc ", "Không đúng"),
            English => ("must be ", ", or ", "It does not hold"),
        };
        let list = self.comparisons(language, |made| {
            must.to_owned() + as_it_is(made, made.holds == Some(false)).in_words(language)
        });
        match list.as_slice() {
            [] => format!("{no}: {}.", self.formula.root.write(self.shown)),
            list => format!("{}.", list.join(or)),
        }
    }

    fn open(&self, language: Language) -> String {
        let (so, against) = match language {
            Vietnamese => ("Chưa kết luận được vì số liệu không chính xác", "so với"),
            English => ("Nobody can tell, because figures are not exact", "against"),
        };
        let list = self.comparisons(language, |_| against.to_owned());
        format!("{so}: {}.", list.join("; "))
    }

    /// The comparisons that decided, with words between their sides.
    fn comparisons(&self, language: Language, between: impl Fn(&ComparisonMade) -> String) -> Vec<String> {
        let made = self.deciding.iter().map(|made| {
            let (left, right) = (made.left.shown(language), made.right.shown(language));
            format!("{left} {} {right}", between(made))
        });
        made.collect()
    }

    fn lacks(&self, names: &[String], language: Language) -> String {
        let labels = self.used.iter().filter(|used| names.contains(&used.name));
        let list = labels
            .map(|used| words::quoted(&used.label))
            .collect::<Vec<_>>()
            .join(", ");
        let rule = self.formula.gives == Type::YesNo;
        let are = if names.len() > 1 { "are" } else { "is" };
        match (language, rule, self.missing == MissingMeans::Fails) {
            (Vietnamese, true, true) => format!("Không đạt vì thiếu {list}."),
            (English, true, true) => format!("Broken, because {list} {are} missing."),
            (Vietnamese, true, false) => format!("Chưa xét vì thiếu {list}."),
            (English, true, false) => format!("Not judged, because {list} {are} missing."),
            (Vietnamese, false, _) => format!("Chưa tính được vì thiếu {list}."),
            (English, false, _) => format!("Not worked out, because {list} {are} missing."),
        }
    }

    fn problem(&self, problem: &EvaluationProblem, language: Language) -> String {
        let label = |name: &str| {
            let used = self.used.iter().find(|used| used.name == name);
            words::quoted(used.map_or(name, |used| &used.label))
        };
        match (problem, language) {
            (EvaluationProblem::DivisionByZero { divisor }, _) => {
                let divisor = match self.figures.evaluate(&self.formula.root) {
                    Err(Gap::DivisionByZero(node)) => node.write(self.shown),
                    _ => divisor.clone(),
                };
                match language {
                    Vietnamese => format!("Không tính được vì số chia {divisor} bằng 0."),
                    English => format!("It cannot be worked out, because the divisor {divisor} is 0."),
                }
            }
            (EvaluationProblem::WrongType { name }, Vietnamese) => {
                format!("Không tính được vì số liệu {} không đúng loại.", label(name))
            }
            (EvaluationProblem::WrongType { name }, English) => {
                format!("It cannot be worked out, because {} is of another type.", label(name))
            }
            (EvaluationProblem::NotARule, Vietnamese) => "Công thức này không phải là quy tắc.".to_owned(),
            (EvaluationProblem::NotARule, English) => "This formula is not a rule.".to_owned(),
        }
    }
}

/// The comparison as it is written, or its opposite.
const fn as_it_is(made: &ComparisonMade, written: bool) -> Comparison {
    if written {
        made.comparison
    } else {
        made.comparison.opposite()
    }
}

impl Side {
    fn shown(&self, language: Language) -> String {
        match &self.written {
            Some(written) => format!("{} ({})", self.text, written.in_language(language)),
            None => self.text.clone(),
        }
    }
}
