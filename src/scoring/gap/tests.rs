//! Gaps by hand, and what holds for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use thidua_entity::Fixed4;
use uuid::Uuid;

use super::leniency::{self, Checked};
use super::*;
use crate::reckoning::Title;

fn n(text: &str) -> Fixed4 {
    text.parse().expect(text)
}

fn some(text: &str) -> Option<Fixed4> {
    (!text.is_empty()).then(|| n(text))
}

fn given(own: &str, check: &str, settled: &str) -> Given {
    let layers = [(Layer::Own, some(own)), (Layer::CrossCheck, some(check))];
    Given {
        layers: layers
            .into_iter()
            .filter_map(|(layer, points)| Some((layer, points?)))
            .collect(),
        reports: None,
        settled: some(settled),
    }
}

fn criterion(code: &str, title: &str, max: &str, is_deduction: bool) -> Named {
    Named {
        code: code.to_owned(),
        title: Title {
            vi: title.to_owned(),
            en: None,
        },
        max: n(max),
        is_deduction,
    }
}

/// A year of one criterion, which is the total too.
fn year(called: i32, named: Named, units: &[(&str, Given)]) -> Year {
    let unit = |(id, given): &(&str, Given)| {
        let criteria = BTreeMap::from([(named.code.clone(), given.clone())]);
        let total = given.clone();
        ((*id).to_owned(), UnitGiven { total, criteria })
    };
    Year {
        id: Uuid::from_u128(u128::from(called.unsigned_abs())),
        year: called,
        cluster: Uuid::nil(),
        family: None,
        is_published: true,
        scored: Arc::new(Scored {
            scale: named.max,
            units: units.iter().map(unit).collect(),
            criteria: vec![named],
        }),
    }
}

fn care(called: i32, max: &str, units: &[(&str, Given)]) -> Year {
    year(called, criterion("care", "Chăm lo", max, false), units)
}

fn vi(told: &[crate::error::Text]) -> Vec<&str> {
    told.iter().map(|text| text.vi.as_str()).collect()
}

#[test]
fn where_maxima_differ_shares_of_them_are_compared() {
    let present = care(2026, "100", &[("a", given("90", "", ""))]);
    let (last, before) = (
        care(2025, "1000", &[("a", given("900", "880", "870"))]),
        care(2024, "100", &[("a", given("95", "90", "87"))]),
    );
    let gap = over_years("a", &present, vec![&before, &last]);
    let called: Vec<i32> = gap.total.years.iter().map(|year| year.year).collect();
    assert_eq!(called, [2026, 2025, 2024]);
    // 30 of 1.000 and 8 of 100: 38 of 1.100.
    let mean = gap.total.mean.expect("two years");
    assert_eq!((mean.years, mean.points, mean.percent), (2, None, some("3.4545")));
    let shares: Vec<_> = gap
        .total
        .years
        .iter()
        .map(|year| year.percent(year.to_settled))
        .collect();
    assert_eq!(shares, [None, some("3"), some("8")]);
    assert_eq!(
        vi(&gap.total.sentences()),
        [
            "Hai năm gần đây, điểm tự chấm của đơn vị cao hơn điểm kết luận trung bình 3,45% điểm tối đa.",
            "Năm 2026, điểm tự chấm: 90; kết luận năm 2024: 87."
        ]
    );
}

#[test]
fn a_deduction_is_turned_round_so_that_above_is_always_better_for_the_unit() {
    let deduction = || criterion("late", "Báo cáo chậm", "10", true);
    let present = year(2026, deduction(), &[("a", given("1", "3", ""))]);
    let last = year(2025, deduction(), &[("a", given("0", "2", "4"))]);
    let gap = over_years("a", &present, vec![&last]);
    let late = &gap.criteria[0];
    assert_eq!(late.years[0].to_check, some("2"));
    assert_eq!(
        (late.years[1].to_check, late.years[1].to_settled),
        (some("2"), some("4"))
    );
    assert_eq!(
        vi(&late.sentences())[0],
        "Tiêu chí “Báo cáo chậm”: năm 2025, điểm đơn vị tự trừ ít hơn điểm kết luận 4 điểm."
    );
}

#[test]
fn criteria_are_joined_by_code_within_a_set_and_by_code_and_name_beyond() {
    let joined = |family: Option<u128>, code: &str, title: &str, is_deduction: bool| {
        let mut present = care(2026, "10", &[("a", given("9", "", ""))]);
        let mut last = year(
            2025,
            criterion(code, title, "10", is_deduction),
            &[("a", given("9", "", "8"))],
        );
        (present.family, last.family) = (Some(Uuid::from_u128(1)), family.map(Uuid::from_u128));
        let gap = over_years("a", &present, vec![&last]);
        assert_eq!(gap.total.years.len(), 2, "the total is always joined");
        gap.criteria[0].years.len() == 2
    };
    assert!(joined(Some(1), "care", "Chăm lo đời sống", false));
    assert!(joined(Some(2), "care", "CHĂM LO", false));
    assert!(joined(None, "care", "chăm lo", false));
    assert!(!joined(Some(2), "care", "Tuyên truyền", false));
    assert!(!joined(Some(1), "movement", "Chăm lo", false));
    assert!(!joined(Some(1), "care", "Chăm lo", true));
}

#[test]
fn of_fewer_than_four_others_nothing_is_told() {
    let gaps = [("a", "9"), ("b", "9"), ("c", "8"), ("d", "7"), ("e", "5")];
    for count in 1..=gaps.len() {
        let units = gaps.map(|(id, own)| (id, given(own, "5", "4")));
        let present = care(2026, "10", &units[..count]);
        let gap = over_years("a", &present, Vec::new());
        let spread = gap.total.years[0].others_to_settled;
        assert_eq!(spread.is_some(), count == 5, "{count}");
        if let Some(spread) = spread {
            // 5, 4, 3 and 1: between 4 and 3; away from there 1,5, 0,5, 0,5 and 2,5.
            assert_eq!((spread.count, spread.median, spread.deviation), (4, n("3.5"), n("1")));
        }
    }
}

#[test]
fn a_year_without_the_unit_tells_of_the_others_alone() {
    let present = care(2026, "10", &[("a", given("9", "", ""))]);
    let others = ["b", "c", "d", "e"].map(|id| (id, given("9", "8", "7")));
    let last = care(2025, "10", &others);
    let gap = over_years("a", &present, vec![&last]);
    let then = &gap.total.years[1];
    assert_eq!((then.to_settled, then.given.layers.len()), (None, 0));
    assert_eq!(then.others_to_settled.map(|spread| spread.median), some("2"));
    assert_eq!(gap.total.mean, None);
}

fn checked(year: i32, checker: u128, unit: u128, check: &str, settled: &str, scale: &str) -> Checked {
    Checked {
        year,
        checker: Uuid::from_u128(checker),
        unit: Uuid::from_u128(unit),
        check: n(check),
        settled: n(settled),
        scale: n(scale),
    }
}

#[test]
fn a_checker_is_judged_by_three_sheets_and_beside_four_of_others() {
    let mut sheets = vec![
        checked(2024, 1, 11, "90", "86", "100"),
        checked(2025, 1, 12, "90", "91", "100"),
        checked(2024, 2, 13, "80", "80", "100"),
        checked(2024, 2, 14, "80", "80", "100"),
        checked(2025, 2, 13, "80", "81", "100"),
    ];
    let told = leniency::of(&sheets);
    let own: Vec<_> = told
        .iter()
        .map(|one| (one.sheets, one.own.map(|own| own.percent)))
        .collect();
    assert_eq!(own, [(3, some("0")), (2, None)]);
    assert_eq!(told[0].others, None, "of two others nothing is told");
    assert_eq!(
        told[1].text().vi,
        "Mới có 2 phiếu đã quyết định, chưa đủ 3 phiếu để nhận xét."
    );
    // Checked by both, and on another scale: it counts for both, and for nobody as one of others.
    for checker in [1, 2] {
        sheets.push(checked(2026, checker, 15, "800", "780", "1000"));
    }
    let told = leniency::of(&sheets);
    assert_eq!(told[0].checker, Uuid::from_u128(1));
    let own = told[0].own.expect("three sheets");
    assert_eq!((own.sheets, own.points, own.percent), (3, None, n("2")));
    assert_eq!((told[1].own.map(|own| own.percent), told[1].others), (some("0"), None));
    assert_eq!(told[0].years, [2026, 2025, 2024]);
    assert_eq!(
        told[0].text().vi,
        "Trung vị của 3 phiếu: điểm kiểm tra chéo cao hơn điểm kết luận 2% thang điểm."
    );
}

fn points() -> impl Strategy<Value = Fixed4> {
    (0_i64..1_000_000).prop_map(|count| Fixed4::from_ten_thousandths(count).expect("small"))
}

fn some_given() -> impl Strategy<Value = Given> {
    let optional = || proptest::option::of(points());
    (optional(), optional(), optional()).prop_map(|(own, check, settled)| Given {
        layers: [(Layer::Own, own), (Layer::CrossCheck, check)]
            .into_iter()
            .filter_map(|(layer, points)| Some((layer, points?)))
            .collect(),
        reports: None,
        settled,
    })
}

proptest! {
    #[test]
    fn what_others_are_told_does_not_hang_on_who_they_are(all in proptest::collection::vec(some_given(), 1..12), turn in 0_usize..12) {
        let named = |ids: Vec<usize>| -> Vec<(String, Given)> {
            let others = ids.into_iter().zip(&all).map(|(id, given)| (format!("u{id}"), given.clone()));
            std::iter::once(("a".to_owned(), given("9", "8", "7"))).chain(others).collect()
        };
        let of = |units: Vec<(String, Given)>| {
            let units: Vec<(&str, Given)> = units.iter().map(|(id, given)| (id.as_str(), given.clone())).collect();
            over_years("a", &care(2026, "100", &units), Vec::new())
        };
        let mut turned: Vec<usize> = (0..all.len()).collect();
        let by = turn % turned.len();
        let gap = of(named(turned.clone()));
        turned.rotate_left(by);
        prop_assert_eq!(&gap, &of(named(turned)));
        let known = all.iter().filter(|given| given.settled.is_some() && given.layers.contains_key(&Layer::Own)).count();
        let told = gap.total.years[0].others_to_settled;
        prop_assert_eq!(told.map(|spread| spread.count), (known >= OTHERS_MIN).then_some(known));
    }

    #[test]
    fn own_points_are_the_final_ones_and_the_gap(all in proptest::collection::vec(some_given(), 1..6), is_deduction: bool) {
        let named = || criterion("care", "Chăm lo", "100", is_deduction);
        let years: Vec<Year> = (2019..).zip(&all).map(|(called, given)| year(called, named(), &[("a", given.clone())])).collect();
        let present = year(2026, named(), &[("a", given("50", "", ""))]);
        let gap = over_years("a", &present, years.iter().collect());
        let (mut sum, mut known) = (0, 0);
        for one in &gap.criteria[0].years {
            let own = one.given.layers.get(&Layer::Own);
            prop_assert_eq!(one.to_settled.is_some(), own.is_some() && one.given.settled.is_some());
            if let (Some(own), Some(settled), Some(gap)) = (own, one.given.settled, one.to_settled) {
                let sign = if is_deduction { -1 } else { 1 };
                prop_assert_eq!(own.ten_thousandths(), settled.ten_thousandths() + sign * gap.ten_thousandths());
                (sum, known) = (sum + gap.ten_thousandths(), known + 1);
            }
        }
        let mean = gap.criteria[0].mean;
        prop_assert_eq!(mean.map_or(0, |mean| mean.years), usize::try_from(known).expect("few"));
        if let Some(points) = mean.and_then(|mean| mean.points) {
            // Rounded to the nearest ten-thousandth.
            prop_assert!((points.ten_thousandths() * known - sum).abs() * 2 <= known);
        }
        for text in gap.sentences().iter().chain(&gap.criteria[0].sentences()) {
            prop_assert!(text.vi.ends_with('.') && text.en.ends_with('.') && !text.vi.contains("  "));
        }
    }
}
