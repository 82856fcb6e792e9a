//! What holds for any formula: exactness, soundness of what is said of inexact figures, no matter the order, no panic.

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use thidua_entity::Fixed4;

use super::generated::{NAMES, rule, term};
use super::*;
use crate::numbers::{Qualifier, Reading};

/// A figure, and a number that it may be.
fn figure() -> impl Strategy<Value = (Reading, BigRational)> {
    let count = prop_oneof![
        (-3_i64..4).prop_map(|whole| whole * 10_000),
        -50_000_i64..50_000,
        -999_999_999_999_999_i64..999_999_999_999_999,
    ];
    (0..6, count, prop_oneof![Just(10_000_i64), 1_i64..100_000], 1_i64..1_000).prop_map(
        |(kind, count, width, below)| {
            let value = Fixed4::from_ten_thousandths(count).expect("small");
            let upper = Fixed4::from_ten_thousandths(count + width);
            let ten_thousandths = |count: i64| BigRational::new(count.into(), 10_000.into());
            let within = ten_thousandths(width) / BigRational::from(BigInt::from(below));
            let (qualifier, upper, point) = match kind {
                0 => (Qualifier::Exact, None, ten_thousandths(count)),
                1 => (Qualifier::MoreThan, None, ten_thousandths(count) + within),
                2 => (Qualifier::Nearly, None, ten_thousandths(count) - within),
                3 => (Qualifier::About, None, ten_thousandths(count) - within),
                4 => (Qualifier::Range, upper, ten_thousandths(count) + within),
                _ => (Qualifier::Range, upper, ten_thousandths(count)),
            };
            (
                Reading {
                    qualifier,
                    value,
                    upper,
                },
                point,
            )
        },
    )
}

fn look_up(readings: &[Option<Reading>; 4]) -> impl Fn(&str) -> Option<Figure> {
    let readings = *readings;
    move |name| {
        let index = NAMES.iter().position(|one| *one == name)?;
        readings[index].map(Figure::Number)
    }
}

fn exact(readings: &[(Reading, BigRational); 4]) -> ([Option<Reading>; 4], [BigRational; 4]) {
    let exact = readings.each_ref().map(|(reading, _)| {
        Some(Reading {
            qualifier: Qualifier::Exact,
            upper: None,
            ..*reading
        })
    });
    let values = readings
        .each_ref()
        .map(|(reading, _)| BigRational::new(reading.value.ten_thousandths().into(), 10_000.into()));
    (exact, values)
}

/// What the rules of the text leave out of what is generated: constant divisors of zero, no name at all.
fn accepted(text: &str, wanted: Type) -> Option<Formula> {
    match Formula::check(text, &catalogue(), wanted) {
        Ok(formula) => Some(formula),
        Err(problem) => {
            let left_out = [
                "DIVISION_BY_ZERO",
                "NO_FIGURE",
                "TOO_MANY_PARTS",
                "TOO_LONG",
                "TOO_DEEP",
            ];
            assert!(left_out.contains(&problem.code()), "{text}: {}", problem.text().en);
            None
        }
    }
}

fn outcome_kind(outcome: &Outcome) -> (u8, BTreeSet<String>) {
    match outcome {
        Outcome::Holds => (0, BTreeSet::new()),
        Outcome::Broken => (1, BTreeSet::new()),
        Outcome::Unknown(Reason::Inexact { figures }) => (2, figures.iter().cloned().collect()),
        // Of two such divisors either may be told.
        Outcome::Unknown(Reason::Problem(_)) => (3, BTreeSet::new()),
        Outcome::NotJudged { missing } => (4, missing.iter().cloned().collect()),
    }
}

/// Texts put together from what formulas are made of.
fn soup() -> impl Strategy<Value = String> {
    let bits = [
        "a", "b", "grade", "has_plan", "x", "1", "0.5", "0", "\"XS\"", "'", "\"", " ", "\n", "(", "((((", ")", "))))",
        " + ", " - ", "-", " * ", " / ", " % ", " < ", " <= ", " == ", " != ", " && ", " || ", "!", " ? ", " : ", ",",
        ", ", "min(", "round(", "given(", "sum(", "has(", ".", "[", "]", "{", "}", "in", "null", "true", "\\", "//",
        "đ", "≤", "\u{301}", "while", "1e9", "a.all(",
    ];
    prop::collection::vec(proptest::sample::select(bits.to_vec()), 0..120).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn a_number_is_what_another_library_gives(term in term(), figures in prop::array::uniform4(figure())) {
        let (readings, values) = exact(&figures);
        let text = term.text().0;
        if let Some(formula) = accepted(&text, Type::Number) {
            let expected = term.value(&values);
            match formula.evaluate(&look_up(&readings), MissingMeans::Skip) {
                Ok(Answer::Known(Value::Number(number))) => {
                    let expected = expected.as_ref().map(Quotient::from_reduced);
                    prop_assert_eq!(number.exactly(), expected.as_ref(), "{}", text);
                }
                Err(EvaluationProblem::DivisionByZero { .. }) => prop_assert_eq!(expected, None, "{}", text),
                other => prop_assert!(false, "{}: {:?}", text, other),
            }
        }
    }

    #[test]
    fn a_rule_is_what_another_library_gives(rule in rule(), figures in prop::array::uniform4(figure())) {
        let (readings, values) = exact(&figures);
        let text = rule.text();
        if let Some(formula) = accepted(&text, Type::YesNo) {
            let expected = match rule.value(&values) {
                Some(true) => 0,
                Some(false) => 1,
                None => 3,
            };
            let outcome = formula.judge(&look_up(&readings), MissingMeans::Skip);
            prop_assert_eq!(outcome_kind(&outcome).0, expected, "{}: {:?}", text, outcome);
        }
    }

    #[test]
    fn what_is_said_of_inexact_figures_is_true_of_every_number_they_may_be(
        term in term(), rule in rule(), figures in prop::array::uniform4(figure()),
    ) {
        let readings = figures.each_ref().map(|(reading, _)| Some(*reading));
        let points = figures.each_ref().map(|(_, point)| point.clone());
        for (reading, point) in &figures {
            prop_assert!(Number::from(*reading).may_be(&Quotient::from_reduced(point)));
        }
        if let (Some(formula), Some(value)) = (accepted(&term.text().0, Type::Number), term.value(&points))
            && let Ok(Answer::Known(Value::Number(number))) = formula.evaluate(&look_up(&readings), MissingMeans::Skip)
        {
            prop_assert!(number.may_be(&Quotient::from_reduced(&value)), "{}", term.text().0);
        }
        if let (Some(formula), Some(holds)) = (accepted(&rule.text(), Type::YesNo), rule.value(&points)) {
            let outcome = formula.judge(&look_up(&readings), MissingMeans::Skip);
            let wrong = if holds { Outcome::Broken } else { Outcome::Holds };
            prop_assert_ne!(&outcome, &wrong, "{}", rule.text());
        }
    }

    #[test]
    fn the_order_of_terms_does_not_matter(
        rule in rule(), figures in prop::array::uniform4(proptest::option::of(figure())),
    ) {
        let readings = figures.each_ref().map(|figure| figure.as_ref().map(|(reading, _)| *reading));
        if let (Some(one), Some(other)) = (accepted(&rule.text(), Type::YesNo), accepted(&rule.turned().text(), Type::YesNo)) {
            for missing in [MissingMeans::Skip, MissingMeans::Zero, MissingMeans::Fails] {
                let (one, other) = (one.judge(&look_up(&readings), missing), other.judge(&look_up(&readings), missing));
                let (mut one, mut other) = (outcome_kind(&one), outcome_kind(&other));
                if one.0 == 2 {
                    // Which of the open terms are told is a matter of order.
                    (one.1, other.1) = Default::default();
                }
                prop_assert_eq!(one, other, "{}", rule.text());
            }
        }
    }

    #[test]
    fn a_figure_that_arrives_later_changes_nothing_that_was_judged(
        rule in rule(), figures in prop::array::uniform4(figure()), absent in prop::array::uniform4(any::<bool>()),
    ) {
        // Only `given` looks at whether a figure is there.
        if let Some(formula) = accepted(&rule.text(), Type::YesNo).filter(|_| !rule.text().contains("given")) {
            let all = figures.each_ref().map(|(reading, _)| Some(*reading));
            let mut some = all;
            for (reading, absent) in some.iter_mut().zip(absent) {
                *reading = reading.filter(|_| !absent);
            }
            let before = formula.judge(&look_up(&some), MissingMeans::Skip);
            let after = formula.judge(&look_up(&all), MissingMeans::Skip);
            if matches!(before, Outcome::Holds | Outcome::Broken) {
                prop_assert_eq!(before, after, "{}", rule.text());
            }
        }
    }

    #[test]
    fn every_answer_is_explained(
        rule in rule(), figures in prop::array::uniform4(proptest::option::of(figure())),
    ) {
        let readings = figures.each_ref().map(|figure| figure.as_ref().map(|(reading, _)| *reading));
        if let Some(formula) = accepted(&rule.text(), Type::YesNo) {
            let figures = look_up(&readings);
            let told = formula.explain(&figures, MissingMeans::Skip, &|name| Some(format!("Chỉ tiêu {name}")));
            prop_assert_eq!(told.outcome.as_ref(), Some(&formula.judge(&figures, MissingMeans::Skip)));
            prop_assert_eq!(told.figures.len(), formula.names().count());
            prop_assert!(told.text.vi.ends_with('.') && told.text.en.ends_with('.'));
            prop_assert!(told.text.vi != told.text.en);
            for made in &told.deciding {
                let decided = matches!(told.outcome, Some(Outcome::Holds | Outcome::Broken));
                prop_assert_eq!(made.holds.is_some(), decided, "{}", rule.text());
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(
        text in prop_oneof![any::<String>(), soup(), "[-+*/%<>=!&|?:(),.a-d0-9 \"]{0,200}", "[(!?:a<-]{0,1000}"],
    ) {
        for wanted in [Type::Number, Type::YesNo, Type::Text] {
            match Formula::check(&text, &catalogue(), wanted) {
                Ok(formula) => {
                    let nothing = formula.explain(&|_| None, MissingMeans::Zero, &|_| None);
                    prop_assert!(!nothing.text.vi.is_empty());
                }
                Err(problem) => {
                    let length = crate::text::nfc(&text).chars().count();
                    prop_assert!(problem.place.is_none_or(|place| place.start <= place.end && place.end <= length));
                    prop_assert!(problem.text().vi != problem.text().en);
                    // A text that is refused for what stands in it is refused whatever it is for.
                    if problem.code() == "SYNTAX" {
                        prop_assert!(Formula::check(&text, &catalogue(), Type::YesNo).is_err());
                    }
                }
            }
        }
    }
}

#[test]
fn the_deepest_formula_that_is_let_through_is_read() {
    for (before, middle, behind) in [
        ("(", "a", ")"),
        ("-(", "a", ")"),
        ("abs(", "a", ")"),
        ("b + (", "a", ") * 2 - c"),
    ] {
        let text = before.repeat(DEPTH_MAX) + middle + &behind.repeat(DEPTH_MAX);
        assert_eq!(checked(&text, &catalogue()).gives(), Type::Number, "{text}");
    }
    let choices = "a > 1 ? b : ".repeat(DEPTH_MAX) + "c";
    assert_eq!(checked(&choices, &catalogue()).gives(), Type::Number);
    let both = "abs(a > 1 ? b : -".repeat(DEPTH_MAX) + "c" + &" + d".repeat(40) + &")".repeat(DEPTH_MAX);
    assert_eq!(checked(&both, &catalogue()).gives(), Type::Number);
}
