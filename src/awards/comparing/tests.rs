//! Candidates in order, and who goes first among equals.

use proptest::prelude::*;

use super::*;
use crate::conferences::quorum::Fraction;

const TERMS: WomenFirst = WomenFirst {
    collective_share: Fraction {
        numerator: 70,
        denominator: 100,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn of_members(women: Option<i64>, members: Option<i64>) -> Preference {
    let heads = Heads {
        members,
        women,
        as_of: day("2025-12-31"),
    };
    let unit = Nominee::Collective {
        name: "CĐCS Thư viện tỉnh".to_owned(),
        heads: Some(heads),
        day: day("2025-12-31"),
    };
    Preference::of(&TERMS, &unit)
}

fn candidate(number: u128, points: Option<i64>, women: i64) -> Candidate {
    Candidate {
        id: Uuid::from_u128(number),
        name: format!("CĐCS {number}"),
        points: points.and_then(Fixed4::from_integer),
        preference: Some(of_members(Some(women), Some(100))),
    }
}

#[test]
fn seventy_in_a_hundred_are_enough_and_one_less_is_not() {
    assert_eq!(of_members(Some(7), Some(10)).outcome, RuleOutcome::Pass);
    assert_eq!(of_members(Some(699), Some(1_000)).outcome, RuleOutcome::Fail);
    let short = of_members(Some(69_999), Some(100_000));
    assert_eq!(short.outcome, RuleOutcome::Fail);
    let told = "CĐCS Thư viện tỉnh có 69999/100000 đoàn viên là nữ (69,99%) ngày 31/12/2025: dưới 70% nên không được xếp trước khi bằng thành tích.";
    assert_eq!(short.text.vi, told, "what falls short is never shown as 70%");
}

#[test]
fn what_was_not_counted_is_unknown() {
    for (women, members) in [(None, Some(10)), (Some(7), None), (None, None), (Some(0), Some(0))] {
        assert_eq!(of_members(women, members).outcome, RuleOutcome::Unknown);
    }
    let unsaid = Nominee::Person {
        name: "Nguyễn Thị Bưởi".to_owned(),
        woman: None,
    };
    assert_eq!(Preference::of(&TERMS, &unsaid).outcome, RuleOutcome::Unknown);
}

#[test]
fn at_equal_points_the_one_with_more_women_stands_before_and_says_why() {
    let rows = in_order(vec![
        candidate(1, Some(95), 40),
        candidate(2, Some(95), 72),
        candidate(3, Some(96), 10),
        candidate(4, None, 90),
    ]);
    let order: Vec<u128> = rows.iter().map(|row| row.candidate.id.as_u128()).collect();
    assert_eq!(order, [3, 2, 1, 4]);
    let positions: Vec<Option<usize>> = rows.iter().map(|row| row.position).collect();
    assert_eq!(positions, [Some(1), Some(2), Some(3), None]);
    let sentences: Vec<Option<&str>> = rows
        .iter()
        .map(|row| row.text.as_ref().map(|text| text.vi.as_str()))
        .collect();
    let told = "Bằng điểm với CĐCS 1; xếp trước vì 72% đoàn viên là nữ.";
    assert_eq!(sentences, [None, Some(told), None, None]);
}

#[test]
fn the_year_that_runs_is_counted_today() {
    let today = day("2026-03-10");
    assert_eq!(counted_on(2025, today), day("2025-12-31"));
    assert_eq!(counted_on(2026, today), today);
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (proptest::option::of(0_i64..4), 60_i64..80);
    proptest::collection::vec(one, 0..12).prop_map(|all| {
        let each = all.into_iter().zip(1..);
        each.map(|((points, women), number)| candidate(number, points, women))
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_does_not_depend_on_how_candidates_came(
        (all, shuffled) in candidates().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let told = |rows: Vec<Placed>| {
            rows.into_iter().map(|row| (row.candidate.id, row.position, row.text)).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(in_order(all)), told(in_order(shuffled)));
    }

    #[test]
    fn a_place_is_shared_by_those_who_are_even_and_by_nobody_else(all in candidates()) {
        let rows = in_order(all.clone());
        prop_assert_eq!(rows.len(), all.len());
        for (at, row) in rows.iter().enumerate() {
            let (merit, preferred) = (row.candidate.points, row.candidate.is_preferred());
            let before = all.iter().filter(|one| {
                one.points > merit || one.points == merit && one.is_preferred() && !preferred
            });
            prop_assert_eq!(row.position, merit.map(|_| before.count() + 1));
            for after in &rows[at + 1..] {
                // Whoever has points stands before whoever has none; nobody stands before who has more.
                prop_assert!(row.candidate.points >= after.candidate.points);
                let even = row.candidate.is_even_with(&after.candidate);
                prop_assert!(merit.is_none() || even == (row.position == after.position));
            }
        }
    }
}
