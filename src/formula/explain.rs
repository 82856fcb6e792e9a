//! How the answer of a formula comes about: the figures it read, the comparisons that decided, and a sentence. Pure.

use std::collections::BTreeSet;

use super::evaluate::{Figures, Result, Worth, truth};
use super::told::Told;
use super::tree::Node;
use super::{
    Answer, Comparison, EvaluationProblem, Figure, Formula, MissingMeans, Outcome, Type, Value, outcome, words,
};
use crate::error::Language::{English, Vietnamese};
use crate::error::Text;
use crate::numbers::Qualifier;

/// How an answer comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The text of the formula.
    pub formula: String,
    /// The figures it reads, in the order in which it names them.
    pub figures: Vec<FigureUsed>,
    /// The comparisons that decided a rule: of a broken `a && b` the first that does not hold, of a broken `a || b` all of them.
    /// Empty for a formula that gives a number.
    pub deciding: Vec<ComparisonMade>,
    /// What the formula gives.
    pub answer: std::result::Result<Answer, EvaluationProblem>,
    /// For a rule: what that means.
    pub outcome: Option<Outcome>,
    /// All of it in a sentence, with labels instead of names.
    pub text: Text,
}

/// A figure that a formula read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureUsed {
    /// Its name in the formula.
    pub name: String,
    /// Its name for a person.
    pub label: String,
    /// What was given; nothing when it is missing.
    pub figure: Option<Figure>,
    /// Whether it is missing and counted as 0.
    pub counts_as_zero: bool,
}

/// A comparison with the values of its sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonMade {
    /// What stands left.
    pub left: Side,
    /// How it is compared.
    pub comparison: Comparison,
    /// What stands right.
    pub right: Side,
    /// Whether it holds; nothing when nobody can tell.
    pub holds: Option<bool>,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// As the formula has it, with labels in quotation marks.
    pub text: String,
    /// What it came to; nothing when a figure is missing, a divisor is zero, or it is open.
    pub value: Option<Value>,
    /// The value as a person reads it, with the qualifier of a figure; nothing when there is none or the text says it already.
    pub written: Option<Text>,
}

pub(super) fn explain(
    formula: &Formula,
    figures: &dyn Fn(&str) -> Option<Figure>,
    missing: MissingMeans,
    label: &dyn Fn(&str) -> Option<String>,
) -> Explanation {
    let figures = Figures::ask(&formula.names, figures, missing);
    let answer = formula.answer(&figures);
    let used: Vec<FigureUsed> = formula
        .names
        .iter()
        .zip(&figures.seen)
        .map(|(name, seen)| FigureUsed {
            name: name.name.clone(),
            label: label(&name.name).unwrap_or_else(|| name.name.clone()),
            figure: seen.figure.clone(),
            counts_as_zero: seen.counts_as_zero,
        })
        .collect();
    let shown = |index: usize| words::quoted(used.get(index).map_or("", |used| used.label.as_str()));
    let rule = formula.gives == Type::YesNo;
    let decided = if rule {
        deciding(&formula.root, &figures)
    } else {
        Vec::new()
    };
    let deciding: Vec<ComparisonMade> = decided
        .into_iter()
        .filter_map(|node| made(node, &figures, &shown))
        .collect();
    let told = Told {
        formula,
        figures: &figures,
        used: &used,
        shown: &shown,
        deciding: &deciding,
        answer: &answer,
        missing,
    };
    let text = Text::new(told.sentence(Vietnamese), told.sentence(English));
    Explanation {
        formula: formula.text.clone(),
        outcome: rule.then(|| outcome(answer.clone(), missing)),
        figures: used,
        deciding,
        answer,
        text,
    }
}

/// The inexact figures on which an open answer hangs.
pub(super) fn inexact(root: &Node, figures: &Figures) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for node in deciding(root, figures) {
        gather_inexact(node, figures, &mut found);
    }
    found
}

fn gather_inexact(node: &Node, figures: &Figures, found: &mut BTreeSet<usize>) {
    if let Node::Figure(index) = node
        && let Some(Figure::Number(reading)) = figures.given(*index)
        && reading.qualifier != Qualifier::Exact
    {
        found.insert(*index);
    }
    for part in node.parts() {
        gather_inexact(part, figures, found);
    }
}

/// The comparisons from which a part has what it has.
fn deciding<'a>(node: &'a Node, figures: &Figures) -> Vec<&'a Node> {
    match node {
        Node::Compared(..) => vec![node],
        Node::Not(part) => deciding(part, figures),
        Node::All(parts) => deciding_terms(node, parts, false, figures),
        Node::Any(parts) => deciding_terms(node, parts, true, figures),
        Node::Choice(parts) => {
            let [condition, taken, otherwise] = parts.as_ref();
            let way = match figures.evaluate(condition) {
                Ok(worth) => truth(&worth).map(|holds| if holds { taken } else { otherwise }),
                Err(_) => None,
            };
            way.map(|way| deciding(way, figures))
                .filter(|found| !found.is_empty())
                .unwrap_or_else(|| deciding(condition, figures))
        }
        _ => Vec::new(),
    }
}

/// Of several terms: the first that settles the matter, else all that are as the whole is.
fn deciding_terms<'a>(node: &Node, terms: &'a [Node; 2], settles: bool, figures: &Figures) -> Vec<&'a Node> {
    let whole = figures.evaluate(node);
    let settled = whole.as_ref().is_ok_and(|worth| truth(worth) == Some(settles));
    let alike = terms.iter().filter(|term| is_alike(&figures.evaluate(term), &whole));
    alike
        .take(if settled { 1 } else { terms.len() })
        .flat_map(|term| deciding(term, figures))
        .collect()
}

fn is_alike(one: &Result, other: &Result) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => one == other,
        (Err(one), Err(other)) => std::mem::discriminant(one) == std::mem::discriminant(other),
        _ => false,
    }
}

fn made(node: &Node, figures: &Figures, shown: &dyn Fn(usize) -> String) -> Option<ComparisonMade> {
    let Node::Compared(comparison, parts) = node else {
        return None;
    };
    let [left, right] = parts.as_ref();
    Some(ComparisonMade {
        left: side(left, figures, shown),
        comparison: *comparison,
        right: side(right, figures, shown),
        holds: figures.evaluate(node).ok().as_ref().and_then(truth),
    })
}

fn side(node: &Node, figures: &Figures, shown: &dyn Fn(usize) -> String) -> Side {
    let value = match figures.evaluate(node) {
        Ok(Worth::Known(value)) => Some(value),
        _ => None,
    };
    let in_language = |language| match (node, &value) {
        (Node::Number(_) | Node::Text(_) | Node::YesNo(_), _) => None,
        (Node::Figure(index), _) if figures.given(*index).is_some() => {
            figures.given(*index).map(|figure| words::figure(figure, language))
        }
        (_, value) => value.as_ref().map(|value| words::value(value, language)),
    };
    Side {
        text: node.write(shown),
        written: in_language(Vietnamese)
            .zip(in_language(English))
            .map(|(vi, en)| Text { vi, en }),
        value,
    }
}
