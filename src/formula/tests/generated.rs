//! Formulas that are made up, with what another library says they give.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use proptest::prelude::*;
use thidua_entity::Fixed4;

pub(super) const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// A formula by itself, without any of the code that is tested. What it gives is worked out by another
/// library.
#[derive(Clone, Debug)]
pub(super) enum Term {
    Literal(i64),
    Name(usize),
    Negated(Box<Term>),
    Two(char, Box<Term>, Box<Term>),
    Several(&'static str, Vec<Term>),
    Rounded(Box<Term>, u32),
    Choice(Box<Rule>, Box<Term>, Box<Term>),
}

#[derive(Clone, Debug)]
pub(super) enum Rule {
    Compared(&'static str, Term, Term),
    Given(usize),
    Not(Box<Rule>),
    Two(&'static str, Box<Rule>, Box<Rule>),
}

impl Term {
    /// With no more brackets than needed, to see that the signs bind as they should.
    pub fn text(&self) -> (String, u8) {
        let bound = |term: &Self, least: u8| {
            let (text, binding) = term.text();
            if binding < least { format!("({text})") } else { text }
        };
        match self {
            Self::Literal(count) => {
                let text = Fixed4::from_ten_thousandths(*count).expect("small").to_string();
                (text, if *count < 0 { 3 } else { 4 })
            }
            Self::Name(index) => (NAMES[*index].to_owned(), 4),
            Self::Negated(term) => (format!("-{}", bound(term, 4)), 3),
            Self::Two(sign, left, right) => {
                let own = if matches!(sign, '+' | '-') { 1 } else { 2 };
                (format!("{} {sign} {}", bound(left, own), bound(right, own + 1)), own)
            }
            Self::Several(name, terms) => {
                let list: Vec<String> = terms.iter().map(|term| term.text().0).collect();
                (format!("{name}({})", list.join(", ")), 4)
            }
            Self::Rounded(term, places) => (format!("round({}, {places})", term.text().0), 4),
            Self::Choice(rule, left, right) => {
                (format!("{} ? {} : {}", rule.text(), bound(left, 1), right.text().0), 0)
            }
        }
    }

    /// Nothing where a divisor is zero.
    pub fn value(&self, figures: &[BigRational; 4]) -> Option<BigRational> {
        let of = |term: &Self| term.value(figures);
        Some(match self {
            Self::Literal(count) => BigRational::new((*count).into(), 10_000.into()),
            Self::Name(index) => figures[*index].clone(),
            Self::Negated(term) => -of(term)?,
            Self::Two(sign, left, right) => {
                let (left, right) = (of(left)?, of(right)?);
                match sign {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    _ if right.is_zero() => return None,
                    '/' => left / right,
                    _ => left % right,
                }
            }
            Self::Several(name, terms) => {
                let values: Vec<BigRational> = terms.iter().map(of).collect::<Option<_>>()?;
                match *name {
                    "min" => values.into_iter().min()?,
                    "max" => values.into_iter().max()?,
                    "sum" => values.into_iter().sum(),
                    "abs" => values.first()?.abs(),
                    "floor" => values.first()?.floor(),
                    _ => values.first()?.ceil(),
                }
            }
            Self::Rounded(term, places) => {
                let scale = BigRational::from(BigInt::from(10).pow(*places));
                (of(term)? * &scale).round() / scale
            }
            Self::Choice(rule, left, right) => of(if rule.value(figures)? { left } else { right })?,
        })
    }
}

impl Rule {
    pub fn text(&self) -> String {
        match self {
            Self::Compared(sign, left, right) => {
                let bound = |term: &Term| match term.text() {
                    (text, 0) => format!("({text})"),
                    (text, _) => text,
                };
                format!("{} {sign} {}", bound(left), bound(right))
            }
            Self::Given(index) => format!("given({})", NAMES[*index]),
            Self::Not(rule) => format!("!({})", rule.text()),
            Self::Two("||", left, right) => format!("{} || {}", left.text(), right.text()),
            Self::Two(sign, left, right) => {
                let bound = |rule: &Self| match rule {
                    Self::Two("||", ..) => format!("({})", rule.text()),
                    _ => rule.text(),
                };
                format!("{} {sign} {}", bound(left), bound(right))
            }
        }
    }

    /// Nothing where it hangs on a division by zero.
    pub fn value(&self, figures: &[BigRational; 4]) -> Option<bool> {
        match self {
            Self::Compared(sign, left, right) => {
                let (left, right) = (left.value(figures)?, right.value(figures)?);
                Some(match *sign {
                    "<" => left < right,
                    "<=" => left <= right,
                    ">" => left > right,
                    ">=" => left >= right,
                    "==" => left == right,
                    _ => left != right,
                })
            }
            Self::Given(_) => Some(true),
            Self::Not(rule) => rule.value(figures).map(|holds| !holds),
            Self::Two(sign, left, right) => {
                let settles = *sign == "||";
                match (left.value(figures), right.value(figures)) {
                    (Some(holds), _) | (_, Some(holds)) if holds == settles => Some(settles),
                    (Some(_), Some(_)) => Some(!settles),
                    _ => None,
                }
            }
        }
    }

    /// The same terms the other way round.
    pub fn turned(&self) -> Self {
        match self {
            Self::Two(sign, left, right) => Self::Two(sign, Box::new(right.turned()), Box::new(left.turned())),
            Self::Not(rule) => Self::Not(Box::new(rule.turned())),
            rule => rule.clone(),
        }
    }
}

pub(super) fn term() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        prop_oneof![
            (-3_i64..4).prop_map(|whole| whole * 10_000),
            -99_999_999_i64..99_999_999
        ]
        .prop_map(Term::Literal),
        (0_usize..4).prop_map(Term::Name),
        (0_usize..4).prop_map(Term::Name),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed().prop_map(Term::Negated),
            (
                proptest::sample::select(vec!['+', '-', '*', '/', '%']),
                boxed(),
                boxed()
            )
                .prop_map(|(sign, left, right)| Term::Two(sign, left, right)),
            (
                proptest::sample::select(vec!["min", "max", "sum"]),
                prop::collection::vec(inner.clone(), 1..4)
            )
                .prop_map(|(name, terms)| Term::Several(name, terms)),
            (proptest::sample::select(vec!["abs", "floor", "ceil"]), inner.clone())
                .prop_map(|(name, term)| Term::Several(name, vec![term])),
            (boxed(), 0_u32..=4).prop_map(|(term, places)| Term::Rounded(term, places)),
            (comparison(inner.clone()), boxed(), boxed()).prop_map(|(rule, left, right)| Term::Choice(
                Box::new(rule),
                left,
                right
            )),
        ]
    })
}

fn comparison(term: impl Strategy<Value = Term> + Clone) -> impl Strategy<Value = Rule> {
    let signs = vec!["<", "<=", ">", ">=", "==", "!="];
    (proptest::sample::select(signs), term.clone(), term)
        .prop_map(|(sign, left, right)| Rule::Compared(sign, left, right))
}

pub(super) fn rule() -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![
        4 => comparison(term().boxed()),
        1 => (0_usize..4).prop_map(Rule::Given),
    ];
    leaf.prop_recursive(3, 6, 2, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed().prop_map(Rule::Not),
            (proptest::sample::select(vec!["&&", "||"]), boxed(), boxed())
                .prop_map(|(sign, left, right)| Rule::Two(sign, left, right)),
        ]
    })
}
