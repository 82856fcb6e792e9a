//! What is open: how much of a kind, since when, where to look; and which offices are vacant or end without a successor. Pure.

use chrono::{Days, NaiveDate};
use thidua_entity::enums::{HandoverKind, Office};
use uuid::Uuid;

use crate::clusters::rules::Span;
use crate::error::Text;
use crate::ids::Kind;

/// Most things that an item leads to: what is there besides is found in the lists.
pub const NODES_MAX: usize = 5;
/// How many days before its end an office is told of that nobody takes on.
const ENDING_DAYS: u64 = 60;

/// One kind of thing that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Of what kind.
    pub kind: HandoverKind,
    /// How much of it; at least 1.
    pub count: usize,
    /// The oldest day on which something of it is, or was, due.
    pub due_on: Option<NaiveDate>,
    /// The sentence to show.
    pub sentence: Text,
    /// The first things to open, those that are due earliest.
    pub nodes: Vec<(Kind, Uuid)>,
}

/// Things that are open, each with the day on which it is due, if it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// How many.
    pub count: usize,
    /// The oldest due day.
    pub due_on: Option<NaiveDate>,
    /// The first ones.
    pub first: Vec<Uuid>,
}

impl Open {
    /// Counts things and finds those that are due earliest; those without a day come last.
    pub fn of(things: impl IntoIterator<Item = (Uuid, Option<NaiveDate>)>) -> Self {
        let mut things: Vec<(Uuid, Option<NaiveDate>)> = things.into_iter().collect();
        things.sort_unstable_by_key(|(id, due)| (due.is_none(), *due, *id));
        Self {
            count: things.len(),
            due_on: things.first().and_then(|(_, due)| *due),
            first: things.into_iter().take(NODES_MAX).map(|(id, _)| id).collect(),
        }
    }

    /// The item of a kind, when there is anything.
    pub fn item(self, kind: HandoverKind, of: Kind, sentence: impl FnOnce(&Self) -> Text) -> Option<Item> {
        (self.count > 0).then(|| Item {
            kind,
            count: self.count,
            due_on: self.due_on,
            sentence: sentence(&self),
            nodes: self.first.into_iter().map(|id| (of, id)).collect(),
        })
    }
}

/// An office that nobody holds, or soon nobody will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nobody is chair today.
    Vacant,
    /// The office ends on a day, and nobody holds it then.
    Ending(Office, NaiveDate),
}

/// The gaps in the offices of a cluster on a day. A cluster may do without a deputy, so only the chair can be vacant.
pub fn gaps(offices: &[(Office, Span)], today: NaiveDate) -> Vec<Gap> {
    let held = |office: Office, day: NaiveDate| {
        let mut of = offices.iter().filter(move |(one, _)| *one == office);
        of.any(|(_, span)| span.holds_on(day))
    };
    let mut gaps = Vec::new();
    if !held(Office::Chair, today) {
        gaps.push(Gap::Vacant);
    }
    let soon = today.checked_add_days(Days::new(ENDING_DAYS)).unwrap_or(today);
    for (office, span) in offices {
        let ends = span.to.filter(|day| span.holds_on(today) && *day <= soon);
        let gap = ends
            .filter(|day| !held(*office, *day))
            .map(|day| Gap::Ending(*office, day));
        gaps.extend(gap.filter(|gap| !gaps.contains(gap)));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
    }

    fn span(from: NaiveDate, to: Option<NaiveDate>) -> Span {
        Span { from, to }
    }

    #[test]
    fn what_is_due_first_comes_first_and_what_has_no_day_last() {
        let thing = |number: u128, due| (Uuid::from_u128(number), due);
        let open = Open::of([thing(1, None), thing(2, Some(day(3, 2))), thing(3, Some(day(3, 1)))]);
        assert_eq!(open.first, [3, 2, 1].map(Uuid::from_u128));
        assert_eq!((open.count, open.due_on), (3, Some(day(3, 1))));
        let many = Open::of((0..20).map(|number| thing(number, None)));
        assert_eq!((many.count, many.first.len(), many.due_on), (20, NODES_MAX, None));
        let nothing = Open::of([]);
        let item = nothing.item(HandoverKind::CrossChecksOpen, Kind::CrossCheck, |_| Text::new("", ""));
        assert_eq!(item, None);
    }

    #[test]
    fn an_office_that_somebody_takes_on_is_no_gap() {
        let (chair, deputy) = (Office::Chair, Office::Deputy);
        let year = span(day(1, 1), Some(day(12, 31)));
        assert_eq!(gaps(&[(chair, year)], day(6, 1)), [], "it ends much later");
        assert_eq!(gaps(&[(chair, year)], day(12, 1)), [Gap::Ending(chair, day(12, 31))]);
        let taken_on = [(chair, year), (chair, span(day(12, 31), None))];
        assert_eq!(gaps(&taken_on, day(12, 1)), []);
        assert_eq!(gaps(&[(deputy, span(day(1, 1), None))], day(6, 1)), [Gap::Vacant]);
        let two = [(chair, span(day(1, 1), None)), (deputy, year), (deputy, year)];
        assert_eq!(gaps(&two, day(12, 1)), [Gap::Ending(deputy, day(12, 31))], "told once");
    }
}
