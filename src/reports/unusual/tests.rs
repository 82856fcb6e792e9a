//! Which figures are unusual, and what holds for all of them.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

use super::*;
use crate::numbers::NumberForm;

fn figure(text: &str) -> Fixed4 {
    numbers::read(text, NumberForm::Decimal).expect(text).value
}

fn figures(text: &str) -> Vec<Fixed4> {
    text.split_whitespace().map(figure).collect()
}

fn seen(text: &str, past: &str) -> Verdict {
    compare(figure(text), Others::OwnPast, &figures(past), &Bounds::default())
}

fn unusual(text: &str, past: &str) -> Unusual {
    match seen(text, past) {
        Verdict::Unusual(unusual) => unusual,
        other => panic!("{text} among {past}: {other:?}"),
    }
}

#[test]
fn a_digit_too_many_is_noticed_and_named() {
    let slip = unusual("16.710", "1.650 1.671 1.640 1.702 1.688");
    assert_eq!((slip.median, slip.deviation), (figure("1.671"), figure("21")));
    assert_eq!(
        (slip.by, slip.slip, slip.count),
        (Measure::Spread, Some(Slip::TooMany(1)), 5)
    );
    assert_eq!(
        slip.text().vi,
        "16.710 khác thường so với 5 kỳ trước của đơn vị: trung vị là 1.671, độ lệch thường gặp là 21. \
         Có thể gõ thừa 1 chữ số."
    );
    assert_eq!(
        slip.text().en,
        "16.710 is unusual beside the unit's 5 earlier periods: their median is 1.671, their median deviation 21. \
         Perhaps there is a digit too many."
    );
}

#[test]
fn millions_typed_where_dong_are_meant_are_noticed() {
    let slip = unusual("295", "240.000.000 310.000.000 275.000.000 290.000.000");
    assert_eq!(slip.slip, Some(Slip::TooFew(6)));
    assert_eq!(slip.median, figure("282.500.000"));
    assert!(
        slip.text()
            .vi
            .ends_with("Có thể gõ thiếu 6 chữ số, hoặc nhầm đồng với triệu đồng.")
    );
}

#[test]
fn where_nothing_ever_changes_a_jump_of_ten_times_is_noticed() {
    assert_eq!(unusual("71", "7 7 7 7").by, Measure::MoreThanTimes(10));
    assert_eq!(unusual("0", "7 7 7 8").by, Measure::LessThanPart(10));
    assert_eq!(unusual("-7", "7 7 7 7").by, Measure::LessThanPart(10));
    assert_eq!(unusual("0", "7 7 7 7").slip, None);
    for usual in ["70", "8", "1", "0,7"] {
        assert_eq!(seen(usual, "7 7 7 7"), Verdict::Usual, "{usual}");
    }
    assert_eq!(
        unusual("71", "7 7 7 7").text().vi,
        "71 khác thường so với 4 kỳ trước của đơn vị: lớn hơn 10 lần trung vị 7. Có thể gõ thừa 1 chữ số."
    );
}

#[test]
fn what_hardly_changes_may_change_a_little() {
    assert_eq!(seen("1.690", "1.671 1.672 1.673 1.674"), Verdict::Usual);
    assert_eq!(unusual("2.100", "1.671 1.672 1.673 1.674").by, Measure::Spread);
    // One slip in the past does not hide the next.
    assert_eq!(unusual("16.740", "1.671 16.720 1.673 1.674 1.680").by, Measure::Spread);
}

#[test]
fn too_few_or_nothing_but_zeros_are_no_measure() {
    assert_eq!(seen("1.000.000", "1 2 3"), Verdict::NotJudged);
    assert_eq!(seen("1.000.000", ""), Verdict::NotJudged);
    assert_eq!(seen("5", "0 0 0 1"), Verdict::NotJudged);
    let none = Bounds {
        count_min: 0,
        ..Bounds::default()
    };
    assert_eq!(compare(figure("5"), Others::Cluster, &[], &none), Verdict::NotJudged);
}

#[test]
fn own_past_and_cluster_are_two_questions() {
    let past = figures("10 11 12 11");
    let cluster = figures("400 500 450 470 520 480");
    let [own, others] = look(figure("12"), &past, &cluster, &Bounds::default());
    assert_eq!(own, Verdict::Usual);
    assert!(matches!(
        others,
        Verdict::Unusual(Unusual {
            others: Others::Cluster,
            ..
        })
    ));
}

/// The rule as it is written down, with another library.
fn is_unusual(figure: Fixed4, figures: &[Fixed4], bounds: &Bounds) -> Option<bool> {
    let whole = |number: i64| BigRational::from(BigInt::from(number));
    let exact = |one: &Fixed4| whole(one.ten_thousandths());
    let median = |mut values: Vec<BigRational>| {
        values.sort();
        let half = values.len() / 2;
        if values.len() % 2 == 1 {
            values[half].clone()
        } else {
            (&values[half - 1] + &values[half]) / whole(2)
        }
    };
    if figures.len() < bounds.count_min {
        return None;
    }
    let middle = median(figures.iter().map(exact).collect());
    let mad = median(figures.iter().map(|one| (exact(one) - &middle).abs()).collect());
    let distance = (exact(&figure) - &middle).abs();
    if !mad.is_zero() {
        let spread = whole(bounds.deviations.into()) * mad * whole(14_826) / whole(10_000);
        return Some(distance > spread && distance > middle.abs() * whole(bounds.percent.into()) / whole(100));
    }
    if middle.is_zero() {
        return None;
    }
    let times = exact(&figure) / middle;
    Some(times > whole(bounds.times.into()) || times < whole(1) / whole(bounds.times.into()))
}

fn any_figure() -> impl Strategy<Value = Fixed4> {
    let all = -999_999_999_999_999_999_i64..=999_999_999_999_999_999;
    prop_oneof![
        (0_i64..4).prop_map(|whole| whole * 10_000),
        -300_000_i64..300_000,
        1_600_i64..1_700,
        all
    ]
    .prop_map(|count| Fixed4::from_ten_thousandths(count).unwrap_or_default())
}

fn any_bounds() -> impl Strategy<Value = Bounds> {
    (1_usize..6, 0_u8..=255, 0_u8..=255, 1_u8..=255).prop_map(|(count_min, deviations, percent, times)| Bounds {
        count_min,
        deviations,
        percent,
        times,
    })
}

fn short(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::NotJudged => None,
        Verdict::Usual => Some(false),
        Verdict::Unusual(_) => Some(true),
    }
}

proptest! {
    #[test]
    fn the_verdict_is_that_of_the_rule(
        figure in any_figure(), others in prop::collection::vec(any_figure(), 0..9), any in any_bounds(),
    ) {
        for bounds in [Bounds::default(), any] {
            let verdict = compare(figure, Others::Cluster, &others, &bounds);
            prop_assert_eq!(short(verdict), is_unusual(figure, &others, &bounds));
        }
    }

    #[test]
    fn the_order_of_the_others_does_not_matter(
        figure in any_figure(), (others, shuffled) in prop::collection::vec(any_figure(), 0..9)
            .prop_flat_map(|others| (Just(others.clone()), Just(others).prop_shuffle())),
    ) {
        let bounds = Bounds::default();
        prop_assert_eq!(
            compare(figure, Others::OwnPast, &others, &bounds),
            compare(figure, Others::OwnPast, &shuffled, &bounds)
        );
    }

    #[test]
    fn the_median_itself_is_never_unusual(others in prop::collection::vec(any_figure(), 0..9), bounds in any_bounds()) {
        let mut sorted = others.clone();
        sorted.sort();
        // Of an odd number it is one of them.
        if let Some(median) = sorted.get(sorted.len() / 2).filter(|_| sorted.len() % 2 == 1) {
            let verdict = compare(*median, Others::OwnPast, &others, &bounds);
            prop_assert_ne!(short(verdict), Some(true));
        }
    }

    #[test]
    fn scaling_everything_changes_nothing(
        figure in -99_999_i64..99_999, others in prop::collection::vec(-99_999_i64..99_999, 0..9), factor in 1_i64..1_000_000,
    ) {
        let scaled = |count: i64, factor: i64| Fixed4::from_ten_thousandths(count * factor).expect("small");
        let verdict = |factor| {
            let others: Vec<Fixed4> = others.iter().map(|one| scaled(*one, factor)).collect();
            compare(scaled(figure, factor), Others::OwnPast, &others, &Bounds::default())
        };
        let (one, other) = (verdict(1), verdict(factor));
        prop_assert_eq!(short(one), short(other));
        if let (Verdict::Unusual(one), Verdict::Unusual(other)) = (one, other) {
            prop_assert_eq!((one.by, one.slip), (other.by, other.slip));
        }
    }

    #[test]
    fn every_unusual_figure_is_told_in_both_languages(
        figure in any_figure(), others in prop::collection::vec(any_figure(), 4..9),
    ) {
        if let Verdict::Unusual(unusual) = compare(figure, Others::Cluster, &others, &Bounds::default()) {
            let text = unusual.text();
            prop_assert!(text.vi.contains(&numbers::write(unusual.median)) && text.en.contains(&numbers::write(figure)));
            prop_assert_ne!(text.vi, text.en);
        }
    }
}

#[test]
fn where_figures_lie_is_told_of_enough_of_them() {
    let lie = |text: &str| spread(&figures(text), 4);
    assert_eq!(lie("1 2 3"), None);
    assert_eq!(spread(&[], 0), None);
    let four = lie("1 2 3 4").expect("four");
    assert_eq!(
        (four.count, four.median, four.deviation),
        (4, figure("2,5"), figure("1"))
    );
    let slip = lie("1.671 16.720 1.673 1.674 1.680").expect("five");
    assert_eq!((slip.median, slip.deviation), (figure("1.674"), figure("3")));
}
