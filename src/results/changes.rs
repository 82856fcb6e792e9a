//! What has changed since a result was computed, told part by part. Pure.

use std::collections::BTreeMap;

use crate::error::Text;
use crate::reckoning::{ClusterFacts, NAMED_MAX, UnitFacts};

/// A part of what a result rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The criteria set.
    Rules,
    /// Who takes part.
    Participants,
    /// What the units are: names, kinds, sectors, sizes, calendars, periods, events.
    Units,
    /// Figures of approved reports.
    Figures,
    /// The reports in which the figures stand, with the same figures.
    Sources,
    /// What was promised.
    Targets,
    /// Points and other entries of score sheets.
    Entries,
    /// What is declared of units.
    Declarations,
    /// Whether sheets are appraised and figures final.
    Locks,
    /// Places given by a ballot.
    Ballot,
    /// Quotas held over several clusters.
    Rulings,
}

/// A part that is otherwise now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which part.
    pub part: Part,
    /// Names of the units it concerns, at most [`NAMED_MAX`]; none of what concerns all.
    pub units: Vec<String>,
    /// How many units it concerns.
    pub count: usize,
}

/// What is otherwise now than when a result was computed.
pub fn between(rules_differ: bool, then: &ClusterFacts, now: &ClusterFacts) -> Vec<Change> {
    let mut changed: BTreeMap<Part, Vec<String>> = BTreeMap::new();
    let mut of_all = Vec::new();
    if rules_differ {
        of_all.push(Part::Rules);
    }
    if (&then.ballot, &then.ballot_basis) != (&now.ballot, &now.ballot_basis) {
        of_all.push(Part::Ballot);
    }
    if then.rulings != now.rulings {
        of_all.push(Part::Rulings);
    }
    for part in of_all {
        changed.entry(part).or_default();
    }
    for (id, unit) in &then.units {
        match now.units.get(id) {
            None => changed.entry(Part::Participants).or_default().push(unit.name.clone()),
            Some(present) => {
                for part in parts(unit, present) {
                    changed.entry(part).or_default().push(present.name.clone());
                }
            }
        }
    }
    let new = now.units.iter().filter(|(id, _)| !then.units.contains_key(*id));
    for (_, unit) in new {
        changed.entry(Part::Participants).or_default().push(unit.name.clone());
    }
    changed
        .into_iter()
        .map(|(part, names)| Change {
            part,
            count: names.len(),
            units: names.into_iter().take(NAMED_MAX).collect(),
        })
        .collect()
}

fn parts(then: &UnitFacts, now: &UnitFacts) -> Vec<Part> {
    let is = |unit: &UnitFacts| {
        let what = (unit.name.clone(), unit.kind, unit.sector, unit.size);
        (what, unit.calendar, unit.period_end, unit.events.clone(), unit.ended_on)
    };
    [
        (Part::Units, is(then) != is(now)),
        (Part::Figures, then.figures != now.figures),
        // The figures are the same and stand in another report: a total comes apart into others.
        (
            Part::Sources,
            then.figures == now.figures && then.sources != now.sources,
        ),
        (Part::Targets, then.targets != now.targets),
        (Part::Entries, then.entries != now.entries),
        (Part::Declarations, then.declared != now.declared),
        (Part::Locks, then.locked != now.locked),
    ]
    .into_iter()
    .filter_map(|(part, differs)| differs.then_some(part))
    .collect()
}

impl Part {
    /// Code, never translated.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rules => "RULES",
            Self::Participants => "PARTICIPANTS",
            Self::Units => "UNITS",
            Self::Figures => "FIGURES",
            Self::Sources => "SOURCES",
            Self::Targets => "TARGETS",
            Self::Entries => "ENTRIES",
            Self::Declarations => "DECLARATIONS",
            Self::Locks => "LOCKS",
            Self::Ballot => "BALLOT",
            Self::Rulings => "RULINGS",
        }
    }

    fn words(self) -> Text {
        let (vi, en) = match self {
            Self::Rules => ("Bảng điểm đã khác", "The criteria set is another"),
            Self::Participants => ("Danh sách đơn vị tham gia đã khác", "Other units take part"),
            Self::Units => ("Thông tin của đơn vị đã khác", "What units are has changed"),
            Self::Figures => (
                "Số liệu báo cáo đã duyệt đã khác",
                "Figures of approved reports have changed",
            ),
            Self::Sources => (
                "Số liệu như cũ nhưng lấy từ báo cáo khác",
                "Figures: other reports, with the same figures",
            ),
            Self::Targets => ("Chỉ tiêu giao ước đã khác", "Targets have changed"),
            Self::Entries => ("Điểm trên phiếu chấm đã khác", "Entries of score sheets have changed"),
            Self::Declarations => ("Nội dung xác nhận đã khác", "Declarations have changed"),
            Self::Locks => (
                "Việc thẩm định, khóa số liệu đã khác",
                "What is appraised or final has changed",
            ),
            Self::Ballot => (
                "Kết quả bỏ phiếu xếp hạng đã khác",
                "Places given by a ballot have changed",
            ),
            Self::Rulings => (
                "Tỷ lệ xét chung nhiều cụm đã khác",
                "Quotas over several clusters have changed",
            ),
        };
        Text::new(vi, en)
    }
}

impl Change {
    /// The sentence.
    pub fn text(&self) -> Text {
        let words = self.part.words();
        if self.units.is_empty() {
            return Text::new(format!("{}.", words.vi), format!("{}.", words.en));
        }
        let (names, rest) = (self.units.join("; "), self.count - self.units.len());
        if rest == 0 {
            return Text::new(format!("{}: {names}.", words.vi), format!("{}: {names}.", words.en));
        }
        Text::new(
            format!("{}: {names} và {rest} đơn vị khác.", words.vi),
            format!("{}: {names} and {rest} more.", words.en),
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use thidua_entity::enums::UnitKind;

    use super::*;
    use crate::reckoning::{Calendar, Figure};

    fn unit(name: &str) -> UnitFacts {
        UnitFacts {
            name: name.to_owned(),
            kind: UnitKind::Grassroots,
            sector: None,
            size: None,
            calendar: Calendar::Year,
            period_end: NaiveDate::MAX,
            events: Default::default(),
            ended_on: None,
            locked: true,
            figures: BTreeMap::new(),
            sources: BTreeMap::new(),
            targets: BTreeMap::new(),
            entries: BTreeMap::new(),
            declared: BTreeMap::new(),
        }
    }

    #[test]
    fn what_has_changed_is_told_part_by_part_with_the_units_it_concerns() {
        let then = ClusterFacts {
            units: [("a".to_owned(), unit("Một")), ("b".to_owned(), unit("Hai"))].into(),
            ..ClusterFacts::default()
        };
        assert_eq!(between(false, &then, &then), []);
        let mut now = then.clone();
        now.units.remove("b");
        let one = now.units.get_mut("a").expect("a unit");
        one.figures.insert("visits".to_owned(), Figure::YesNo { value: true });
        one.locked = false;
        let changes = between(true, &then, &now);
        let parts: Vec<_> = changes
            .iter()
            .map(|one| (one.part.code(), one.units.join(",")))
            .collect();
        let expected = [
            ("RULES", ""),
            ("PARTICIPANTS", "Hai"),
            ("FIGURES", "Một"),
            ("LOCKS", "Một"),
        ];
        assert_eq!(parts, expected.map(|(part, units)| (part, units.to_owned())));
        assert_eq!(changes[2].text().vi, "Số liệu báo cáo đã duyệt đã khác: Một.");
    }

    #[test]
    fn the_same_figures_out_of_another_report_are_told_as_such() {
        let with = |report: &str| {
            let mut one = unit("Một");
            one.sources.insert("visits".to_owned(), report.to_owned());
            ClusterFacts {
                units: [("a".to_owned(), one)].into(),
                ..ClusterFacts::default()
            }
        };
        let changes = between(false, &with("r1"), &with("r2"));
        assert_eq!(
            changes.iter().map(|one| one.part.code()).collect::<Vec<_>>(),
            ["SOURCES"]
        );
        assert_eq!(
            changes[0].text().en,
            "Figures: other reports, with the same figures: Một."
        );
    }

    #[test]
    fn many_units_are_counted_and_not_all_named() {
        let names = (0..25).map(|index| (format!("{index:02}"), unit("CĐCS")));
        let now = ClusterFacts {
            units: names.collect(),
            ..ClusterFacts::default()
        };
        let changes = between(false, &ClusterFacts::default(), &now);
        assert_eq!((changes[0].count, changes[0].units.len()), (25, NAMED_MAX));
        assert!(changes[0].text().vi.ends_with("và 5 đơn vị khác."));
    }
}
