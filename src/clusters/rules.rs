//! Rules of clusters that need no database: spans of days, and which clusters a unit may be in at the same time. Pure.

use chrono::NaiveDate;
use thidua_entity::enums::ClusterPurpose;
use thidua_entity::{cluster, cluster_membership, cluster_office, unit};

use crate::units::ancestry::BEGINNING;

/// Most members of a cluster at once. Clusters of emulation have 5 to 15; areas of management are known with 104.
pub const MEMBERS_MAX: usize = 500;
/// Most clusters of a bloc at once.
pub const CLUSTERS_MAX: usize = 100;
/// Most deputies of a cluster at once.
pub const DEPUTIES_MAX: usize = 20;

/// Days from one on until before another, or without an end. It has at least one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// First day on which it no longer holds; `None` while there is no end.
    pub to: Option<NaiveDate>,
}

impl Span {
    /// Whether the day is one of them.
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.to.is_none_or(|to| other.from < to) && other.to.is_none_or(|to| self.from < to)
    }

    /// The span as part of a life: one without an end ends with the life, if that has an end. `None` when the span begins
    /// outside the life or outlasts it.
    pub fn fitted(self, life: Self) -> Option<Self> {
        if !life.holds_on(self.from) {
            return None;
        }
        match (self.to, life.to) {
            (Some(to), Some(end)) if to > end => None,
            (to, end) => Some(Self {
                from: self.from,
                to: to.or(end),
            }),
        }
    }
}

impl From<&cluster::Model> for Span {
    fn from(row: &cluster::Model) -> Self {
        Self {
            from: row.valid_from,
            to: row.valid_to,
        }
    }
}

impl From<&cluster_membership::Model> for Span {
    fn from(row: &cluster_membership::Model) -> Self {
        Self {
            from: row.valid_from,
            to: row.valid_to,
        }
    }
}

impl From<&cluster_office::Model> for Span {
    fn from(row: &cluster_office::Model) -> Self {
        Self {
            from: row.valid_from,
            to: row.valid_to,
        }
    }
}

impl From<&unit::Model> for Span {
    fn from(row: &unit::Model) -> Self {
        Self {
            from: row.founded_on.unwrap_or(BEGINNING),
            to: row.ended_on,
        }
    }
}

/// The days from one on without a gap, as covered by any of the spans. `None` when no span holds on the day.
pub fn covered_from(day: NaiveDate, spans: &[Span]) -> Option<Span> {
    let mut to = day;
    while let Some(span) = spans.iter().find(|span| span.holds_on(to)) {
        match span.to {
            None => return Some(Span { from: day, to: None }),
            Some(end) => to = end,
        }
    }
    (to > day).then_some(Span {
        from: day,
        to: Some(to),
    })
}

/// What comes of ending a span on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It ends on the day.
    Ends,
    /// It had not begun and never will.
    CalledOff,
    /// It ended before, or will: an end may be brought forward, not put off.
    EndedBefore(NaiveDate),
    /// It began on that day or later, so it cannot have ended by then.
    BeganLater,
}

/// What comes of ending a span on a day, as seen from today.
pub fn ending(span: Span, on: NaiveDate, today: NaiveDate) -> Ending {
    match span.to {
        Some(to) if to <= on => Ending::EndedBefore(to),
        _ if on > span.from => Ending::Ends,
        _ if span.from > today => Ending::CalledOff,
        _ => Ending::BeganLater,
    }
}

/// A membership with its cluster.
pub type Held = (cluster_membership::Model, cluster::Model);

/// Why a unit cannot be in a cluster for some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict<'a> {
    /// It is in this very cluster on one of these days.
    SameCluster(&'a Held),
    /// It is in another emulation cluster of the same organiser on one of these days.
    OtherCluster(&'a Held),
}

/// What of the memberships that a unit has keeps it out of a cluster for a span.
///
/// A unit is in one emulation cluster at a time per organiser: its figures and its place count once in the organiser's
/// year, and two clusters cannot both be led by it. A bloc and a cluster inside that bloc are one place, not two ("Cụm II -
/// Khối Giao ước thi đua LĐLĐ huyện, thành phố"). Areas of management are free.
pub fn conflict<'a>(cluster: &cluster::Model, span: Span, held: &'a [Held]) -> Option<Conflict<'a>> {
    let meanwhile = || held.iter().filter(|(membership, _)| span.overlaps(membership.into()));
    let same = meanwhile().find(|(_, other)| other.id == cluster.id);
    let second = || meanwhile().find(|(_, other)| excludes(cluster, other));
    same.map(Conflict::SameCluster)
        .or_else(|| second().map(Conflict::OtherCluster))
}

/// Whether a unit can be in only one of the two at a time.
fn excludes(one: &cluster::Model, other: &cluster::Model) -> bool {
    let emulation = |cluster: &cluster::Model| cluster.purpose == ClusterPurpose::Emulation;
    let one_inside_other = one.parent_id == Some(other.id) || other.parent_id == Some(one.id);
    emulation(one) && emulation(other) && one.organiser_id == other.organiser_id && !one_inside_other
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;
    use thidua_entity::enums::ClusterForm;
    use uuid::Uuid;

    use super::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + Days::new(number)
    }

    fn span(from: u64, to: Option<u64>) -> Span {
        Span {
            from: day(from),
            to: to.map(day),
        }
    }

    fn cluster(id: u128, organiser: u128, parent: Option<u128>, purpose: ClusterPurpose) -> cluster::Model {
        cluster::Model {
            id: Uuid::from_u128(id),
            form: ClusterForm::Cluster,
            purpose,
            organiser_id: Uuid::from_u128(organiser),
            parent_id: parent.map(Uuid::from_u128),
            name: format!("Cụm {id}"),
            sort_key: Vec::new(),
            decision: None,
            valid_from: day(0),
            valid_to: None,
            version: 1,
            created_at: Default::default(),
        }
    }

    fn emulation(id: u128, parent: Option<u128>) -> cluster::Model {
        cluster(id, 900, parent, ClusterPurpose::Emulation)
    }

    fn held(cluster: cluster::Model, span: Span) -> Held {
        let membership = cluster_membership::Model {
            id: Uuid::nil(),
            cluster_id: cluster.id,
            unit_id: Uuid::nil(),
            valid_from: span.from,
            valid_to: span.to,
            version: 1,
        };
        (membership, cluster)
    }

    #[test]
    fn one_emulation_cluster_at_a_time_per_organiser() {
        let held = [held(emulation(1, None), span(0, Some(10)))];
        assert_eq!(
            conflict(&emulation(2, None), span(9, None), &held),
            Some(Conflict::OtherCluster(&held[0]))
        );
        // The last day of the one is the day before the first of the other.
        assert_eq!(conflict(&emulation(2, None), span(10, None), &held), None);
    }

    #[test]
    fn another_organiser_and_areas_of_management_are_free() {
        let held = [held(emulation(1, None), span(0, None))];
        let elsewhere = cluster(2, 901, None, ClusterPurpose::Emulation);
        let area = cluster(3, 900, None, ClusterPurpose::Management);
        assert_eq!(conflict(&elsewhere, span(0, None), &held), None);
        assert_eq!(conflict(&area, span(0, None), &held), None);
    }

    #[test]
    fn a_bloc_and_a_cluster_inside_it_are_one_place() {
        let (bloc, inside, beside) = (emulation(1, None), emulation(2, Some(1)), emulation(3, Some(1)));
        let in_bloc = [held(bloc.clone(), span(0, None))];
        let in_cluster = [held(inside.clone(), span(0, None))];
        assert_eq!(conflict(&inside, span(5, None), &in_bloc), None);
        assert_eq!(conflict(&bloc, span(5, None), &in_cluster), None);
        assert_eq!(
            conflict(&beside, span(5, None), &in_cluster),
            Some(Conflict::OtherCluster(&in_cluster[0]))
        );
    }

    #[test]
    fn nobody_is_twice_in_the_same_cluster() {
        let area = cluster(3, 900, None, ClusterPurpose::Management);
        let held = [held(area.clone(), span(0, Some(5)))];
        assert_eq!(
            conflict(&area, span(4, Some(6)), &held),
            Some(Conflict::SameCluster(&held[0]))
        );
        assert_eq!(conflict(&area, span(5, Some(6)), &held), None);
    }

    #[test]
    fn what_has_begun_ends_and_what_has_not_is_called_off() {
        let today = day(10);
        assert_eq!(ending(span(0, None), day(5), today), Ending::Ends);
        assert_eq!(ending(span(0, None), day(20), today), Ending::Ends);
        assert_eq!(ending(span(0, None), day(0), today), Ending::BeganLater);
        assert_eq!(ending(span(10, None), day(10), today), Ending::BeganLater);
        assert_eq!(ending(span(11, None), day(11), today), Ending::CalledOff);
        assert_eq!(ending(span(0, Some(15)), day(12), today), Ending::Ends);
        assert_eq!(ending(span(0, Some(15)), day(15), today), Ending::EndedBefore(day(15)));
    }

    #[test]
    fn memberships_that_follow_each_other_cover_as_one() {
        let spans = [span(5, Some(9)), span(0, Some(5)), span(10, None)];
        assert_eq!(covered_from(day(2), &spans), Some(span(2, Some(9))));
        assert_eq!(covered_from(day(9), &spans), None);
        assert_eq!(covered_from(day(12), &spans), Some(span(12, None)));
    }

    fn any_span() -> impl Strategy<Value = Span> {
        (0_u64..40, proptest::option::of(1_u64..40)).prop_map(|(from, length)| span(from, length.map(|l| from + l)))
    }

    proptest! {
        #[test]
        fn spans_overlap_when_they_share_a_day(one in any_span(), other in any_span()) {
            let shared = (0..90).map(day).any(|day| one.holds_on(day) && other.holds_on(day));
            prop_assert_eq!(one.overlaps(other), shared);
            prop_assert_eq!(one.overlaps(other), other.overlaps(one));
        }

        #[test]
        fn covered_days_are_covered(spans in proptest::collection::vec(any_span(), 0..5), start in 0_u64..60) {
            let holds = |day: NaiveDate| spans.iter().any(|span| span.holds_on(day));
            match covered_from(day(start), &spans) {
                None => prop_assert!(!holds(day(start))),
                Some(covered) => {
                    prop_assert!((start..90).map(day).filter(|day| covered.holds_on(*day)).all(holds));
                    prop_assert!(covered.to.is_none_or(|to| !holds(to)));
                }
            }
        }

        #[test]
        fn a_fitted_span_lies_within_the_life(one in any_span(), life in any_span()) {
            let days = |span: Span| (0..90).map(day).filter(|day| span.holds_on(*day)).collect::<Vec<_>>();
            match one.fitted(life) {
                Some(fitted) => {
                    prop_assert!(days(fitted).iter().all(|day| life.holds_on(*day) && one.holds_on(*day)));
                    prop_assert!(one.to.is_none() || fitted == one);
                }
                None => {
                    let outlasts = one.to.is_some() && !days(one).iter().all(|day| life.holds_on(*day));
                    prop_assert!(!life.holds_on(one.from) || outlasts);
                }
            }
        }
    }
}
