//! Units to which nothing applies, and units of which it is not known whether something does.

use thidua_entity::enums::Sector;

use super::*;
use Layer::Own;

fn for_schools(set: &mut CriteriaSet) {
    set.nodes = vec![
        section(
            "school",
            "100",
            vec![
                manual("teaching", "60"),
                manual("care", "40").for_units(|units| units.size_from = Some(1)),
            ],
        )
        .but(|one| one.rescale = true)
        .for_units(|units| units.sectors = [Sector::Education].into()),
    ];
}

fn scored(sector: Option<Sector>) -> UnitFacts {
    let mut unit = unit("CĐCS").gets(Own, "teaching", "60").gets(Own, "care", "30");
    unit.sector = sector;
    unit
}

fn reckoned(units: impl IntoIterator<Item = UnitFacts>) -> (CheckedSet, Outcome) {
    let mut table = set("100", Vec::new());
    for_schools(&mut table);
    let set = checked(table);
    let outcome = reckon(&set, &cluster(units));
    (set, outcome)
}

#[test]
fn a_unit_to_which_nothing_applies_has_no_total_no_grade_and_no_place() {
    let mut other = unit("CĐCS");
    other.sector = Some(Sector::StateAdministration);
    let (set, outcome) = reckoned([scored(Some(Sector::Education)), other]);
    assert_eq!(
        outcome.units["b"].standing,
        Standing::NotRated {
            reasons: vec![NotRated::NothingApplies]
        }
    );
    assert_eq!((outcome.total("b").as_str(), outcome.units["b"].place), ("open", None));
    assert_eq!((outcome.places().as_str(), outcome.not_rated), ("a1", 1));
    let told = |subject| {
        explain(set.set(), &outcome, &subject, &|_| None).unwrap().sentences[0]
            .vi
            .clone()
    };
    let text = "Bảng điểm không có phần nào áp dụng cho đơn vị này.";
    assert_eq!(told(Subject::Total { unit: "b".to_owned() }), text);
}

#[test]
fn what_hangs_on_an_unknown_sector_is_open_and_so_is_what_stands_above() {
    let (set, outcome) = reckoned([scored(None)]);
    assert_eq!(outcome.problems, [], "nobody can tell that the entries are stray");
    assert_eq!(
        outcome.units["a"].standing,
        Standing::NotRated {
            reasons: vec![NotRated::SectorUnknown]
        }
    );
    for code in ["school", "teaching", "care"] {
        let unknown = Unclear::Sector;
        assert_eq!(outcome.units["a"].nodes[code].how, How::Unclear { unknown });
    }
    let told = |subject| {
        let told = explain(set.set(), &outcome, &subject, &|_| None).unwrap().sentences;
        told.iter().map(|text| text.vi.clone()).collect::<Vec<_>>().join(" ")
    };
    let why = "Có phần chỉ áp dụng theo khu vực, mà chưa biết khu vực của đơn vị nên chưa rõ có áp dụng hay không.";
    let unit = || "a".to_owned();
    let node = "teaching".to_owned();
    assert_eq!(
        told(Subject::Points { unit: unit(), node }),
        format!("“Mục teaching” chưa có điểm. {why}")
    );
    assert!(told(Subject::Total { unit: unit() }).starts_with(why));
}

#[test]
fn a_section_is_open_when_a_part_of_it_hangs_on_an_unknown_size() {
    let mut unit = scored(Some(Sector::Education));
    unit.size = None;
    let (_, outcome) = reckoned([unit]);
    let points = ["school", "teaching", "care"].map(|code| outcome.points("a", code));
    assert_eq!(points, ["open", "60", "open"]);
    assert_eq!(outcome.units["a"].total.unclear, [Unclear::Size].into());
}
