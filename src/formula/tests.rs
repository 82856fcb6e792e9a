//! What the tests of formulas share: figures and results in short forms.

mod generated;
mod giving;
mod guide;
mod properties;
mod refused;
mod told;

use super::*;
use crate::numbers::{self, NumberForm};

/// Some figures: numbers, and of the other types one each.
fn catalogue() -> BTreeMap<String, Type> {
    let numbers = ["a", "b", "c", "d", "members_total", "members_female", "workers_total"];
    let mut names: BTreeMap<_, _> = numbers.map(|name| (name.to_owned(), Type::Number)).into();
    names.insert("grade".to_owned(), Type::Text);
    names.insert("has_plan".to_owned(), Type::YesNo);
    names
}

/// Reads `a 5; b trên 24.500; grade "XS"; has_plan true`.
fn figures(text: &str) -> BTreeMap<String, Figure> {
    let pieces = text.split(';').map(str::trim).filter(|piece| !piece.is_empty());
    let read = |piece: &str| {
        let (name, value) = piece.split_once(' ').expect("a name and a value");
        let figure = match value.trim() {
            "true" => Figure::YesNo(true),
            "false" => Figure::YesNo(false),
            quoted if quoted.starts_with('"') => Figure::Text(quoted.trim_matches('"').to_owned()),
            number => Figure::Number(numbers::read(number, NumberForm::Decimal).expect(number)),
        };
        (name.to_owned(), figure)
    };
    pieces.map(read).collect()
}

fn checked(text: &str, names: &BTreeMap<String, Type>) -> Formula {
    let readings = [Type::YesNo, Type::Number, Type::Text].map(|wanted| Formula::check(text, names, wanted));
    let first = readings[0].clone();
    readings
        .into_iter()
        .find_map(Result::ok)
        .unwrap_or_else(|| panic!("{text}: {:?}", first.map_err(|problem| problem.text().en)))
}

/// What comes out, in short: `holds`, `broken`, `unknown`, `not judged: a`, `12,5`, `missing: a`, `"XS"`, `division by b`.
fn short(formula: &Formula, figures: &BTreeMap<String, Figure>, missing: MissingMeans) -> String {
    let figures = |name: &str| figures.get(name).cloned();
    if formula.gives() == Type::YesNo {
        return match formula.judge(&figures, missing) {
            Outcome::Holds => "holds".to_owned(),
            Outcome::Broken => "broken".to_owned(),
            Outcome::NotJudged { missing } => format!("not judged: {}", missing.join(", ")),
            Outcome::Unknown(Reason::Inexact { figures }) => format!("unknown: {}", figures.join(", ")),
            Outcome::Unknown(Reason::Problem(EvaluationProblem::DivisionByZero { divisor })) => {
                format!("division by {divisor}")
            }
            Outcome::Unknown(other) => format!("{other:?}"),
        };
    }
    match formula.evaluate(&figures, missing) {
        Ok(Answer::Known(value)) => words::value(&value, crate::error::Language::Vietnamese),
        Ok(Answer::Open { inexact }) => format!("open: {}", inexact.join(", ")),
        Ok(Answer::Missing { names }) => format!("missing: {}", names.join(", ")),
        Err(EvaluationProblem::DivisionByZero { divisor }) => format!("division by {divisor}"),
        Err(other) => format!("{other:?}"),
    }
}
