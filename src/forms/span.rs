//! Spans of days with both ends included, as periods are. Pure.

use chrono::NaiveDate;

/// A span of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Span {
    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// Whether no two of the spans have a day in common, so that flows in them may be added.
pub fn disjoint(spans: &[Span]) -> bool {
    let mut sorted = spans.to_vec();
    sorted.sort_by_key(|span| span.from);
    sorted.windows(2).all(|pair| !pair[0].overlaps(pair[1]))
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn day(offset: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 1, 1)
            .and_then(|first| first.checked_add_days(Days::new(offset)))
            .unwrap()
    }

    fn span(from: u64, length: u64) -> Span {
        Span {
            from: day(from),
            to: day(from + length),
        }
    }

    #[test]
    fn a_quarter_and_the_month_in_it_overlap_but_two_quarters_do_not() {
        assert!(span(0, 90).overlaps(span(31, 28)));
        assert!(disjoint(&[span(91, 90), span(0, 90)]));
        assert!(!disjoint(&[span(0, 90), span(90, 90)]), "they share a day");
    }

    proptest! {
        #[test]
        fn disjoint_means_that_no_two_overlap(spans in prop::collection::vec((0_u64..300, 0_u64..40), 0..12)) {
            let spans: Vec<Span> = spans.into_iter().map(|(from, length)| span(from, length)).collect();
            let pairs = (0..spans.len()).flat_map(|a| (a + 1..spans.len()).map(move |b| (a, b)));
            let clash = pairs.into_iter().any(|(a, b)| spans[a].overlaps(spans[b]));
            prop_assert_eq!(disjoint(&spans), !clash);
        }
    }
}
