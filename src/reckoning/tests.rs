//! What the tests of the reckoning share: small words for sets and facts. The tests themselves are below.

mod adapting;
mod copies;
mod crowds;
mod entries;
mod faults;
mod measures;
mod properties;
mod quotas;
mod rating;
mod reach;
mod shapes;
mod tables;
mod told;
mod unclear;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use thidua_entity::Fixed4;
use thidua_entity::enums::{NumberForm, SizeMeasure, UnitKind};

use super::*;
use crate::numbers;

pub(super) fn n(text: &str) -> Fixed4 {
    text.parse().unwrap()
}

pub(super) fn title(vi: &str) -> Title {
    Title {
        vi: vi.to_owned(),
        en: None,
    }
}

/// 1.000 points, four grades, nothing else.
pub(super) fn set(scale: &str, nodes: Vec<Node>) -> CriteriaSet {
    CriteriaSet {
        scale: n(scale),
        bonus: BonusPlace::OnTop,
        bonus_cap: None,
        deduction_cap: None,
        total_cap: None,
        size_measure: SizeMeasure::Members,
        basis: None,
        nodes,
        bands: bands(&[("XS", "90"), ("T", "70"), ("HT", "50"), ("KHT", "0")]),
        declarations: Vec::new(),
        gates: Vec::new(),
        eligibility: Vec::new(),
        quotas: Vec::new(),
        tie_breaks: Vec::new(),
        tie_breaks_adaptable: false,
    }
}

pub(super) fn bands(all: &[(&str, &str)]) -> Vec<Band> {
    all.iter()
        .map(|(grade, from)| Band {
            grade: (*grade).to_owned(),
            title: title(match *grade {
                "XS" => "Hoàn thành xuất sắc nhiệm vụ",
                "T" => "Hoàn thành tốt nhiệm vụ",
                "HT" => "Hoàn thành nhiệm vụ",
                "KHT" => "Không hoàn thành nhiệm vụ",
                "VM" => "Vững mạnh",
                "K" => "Khá",
                "TB" => "Trung bình",
                _ => "Yếu",
            }),
            from: n(from),
            basis: None,
        })
        .collect()
}

pub(super) fn node(code: &str, max: &str, part: Part) -> Node {
    Node {
        code: code.to_owned(),
        title: title(&format!("Mục {code}")),
        max: n(max),
        weight: n("1"),
        applies_to: AppliesTo::default(),
        basis: None,
        adaptable: None,
        part,
    }
}

pub(super) fn section(code: &str, max: &str, children: Vec<Node>) -> Node {
    let section = Section {
        children,
        ..Section::default()
    };
    node(code, max, Part::Section(section))
}

pub(super) fn criterion(code: &str, max: &str, measure: Measure) -> Node {
    let criterion = Criterion {
        role: PointsRole::Main,
        step: None,
        evidence_required: false,
        scored_by: Layer::ALL.into(),
        measure,
        when_missing: WhenMissing::Open,
    };
    node(code, max, Part::Criterion(criterion))
}

pub(super) fn manual(code: &str, max: &str) -> Node {
    criterion(code, max, Measure::Manual)
}

pub(super) fn formula(code: &str, max: &str, text: &str) -> Node {
    criterion(code, max, Measure::Formula { text: text.to_owned() })
}

impl Node {
    pub(super) fn with(mut self, change: impl FnOnce(&mut Criterion)) -> Self {
        if let Part::Criterion(criterion) = &mut self.part {
            change(criterion);
        }
        self
    }

    pub(super) fn but(mut self, change: impl FnOnce(&mut Section)) -> Self {
        if let Part::Section(section) = &mut self.part {
            change(section);
        }
        self
    }

    pub(super) fn for_units(mut self, change: impl FnOnce(&mut AppliesTo)) -> Self {
        change(&mut self.applies_to);
        self
    }

    pub(super) fn bonus(self) -> Self {
        self.with(|one| (one.role, one.when_missing) = (PointsRole::Bonus, WhenMissing::Zero))
    }

    pub(super) fn deduction(self) -> Self {
        self.with(|one| (one.role, one.when_missing) = (PointsRole::Deduction, WhenMissing::Zero))
    }

    pub(super) fn only(self, layer: Layer) -> Self {
        self.with(|one| one.scored_by = BTreeSet::from([layer]))
    }
}

pub(super) fn indicators() -> BTreeMap<String, NumberForm> {
    [
        ("visits", NumberForm::Integer),
        ("women", NumberForm::Percentage),
        ("fund", NumberForm::Money),
        ("violations", NumberForm::Integer),
        ("has_plan", NumberForm::YesNo),
        ("remark", NumberForm::Text),
    ]
    .map(|(code, form)| (code.to_owned(), form))
    .into()
}

pub(super) fn checked(set: CriteriaSet) -> CheckedSet {
    CheckedSet::check(set, &indicators()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// `path CODE` of each problem.
pub(super) fn faults(set: CriteriaSet) -> Vec<String> {
    match CheckedSet::check(set, &indicators()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|one| format!("{} {}", one.path, one.kind.code()))
            .collect(),
    }
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn unit(name: &str) -> UnitFacts {
    UnitFacts {
        name: name.to_owned(),
        kind: UnitKind::Grassroots,
        sector: None,
        size: Some(100),
        calendar: Calendar::Year,
        period_end: day("2025-12-31"),
        events: BTreeSet::new(),
        ended_on: None,
        locked: true,
        figures: BTreeMap::new(),
        sources: BTreeMap::new(),
        targets: BTreeMap::new(),
        entries: BTreeMap::new(),
        declared: BTreeMap::new(),
    }
}

impl UnitFacts {
    /// Points that a layer gave.
    pub(super) fn gets(self, layer: Layer, code: &str, points: &str) -> Self {
        self.enters(layer, code, Given::Points { points: n(points) }, None)
    }

    pub(super) fn enters(mut self, layer: Layer, code: &str, given: Given, reason: Option<&str>) -> Self {
        let entry = Entry {
            given,
            reason: reason.map(str::to_owned),
        };
        self.entries.entry(code.to_owned()).or_default().insert(layer, entry);
        self
    }

    /// A figure as an officer would type it.
    pub(super) fn has(mut self, indicator: &str, typed: &str) -> Self {
        let reading = numbers::read(typed, NumberForm::Decimal).unwrap();
        self.figures.insert(indicator.to_owned(), reading.into());
        self
    }

    pub(super) fn promised(mut self, indicator: &str, target: &str) -> Self {
        self.targets.insert(indicator.to_owned(), n(target));
        self
    }

    pub(super) fn declares(mut self, code: &str, value: bool) -> Self {
        self.declared.insert(code.to_owned(), value);
        self
    }
}

/// Units under the ids `a`, `b`, `c` …
pub(super) fn cluster(units: impl IntoIterator<Item = UnitFacts>) -> ClusterFacts {
    let ids = ('a'..='z').map(String::from);
    ClusterFacts {
        units: ids.zip(units).collect(),
        ballot: BTreeMap::new(),
        ballot_basis: BTreeMap::new(),
        rulings: Vec::new(),
    }
}

impl Outcome {
    /// The total of a unit, or `open`.
    pub(super) fn total(&self, id: &str) -> String {
        shown(self.units[id].total.points)
    }

    /// The points of a node, `open`, or `-` when it does not apply.
    pub(super) fn points(&self, id: &str, code: &str) -> String {
        self.units[id]
            .nodes
            .get(code)
            .map_or("-".to_owned(), |node| shown(node.points))
    }

    /// Why a criterion is open.
    pub(super) fn why(&self, id: &str, code: &str) -> Open {
        match &self.units[id].nodes[code].how {
            How::Criterion(Scoring {
                stands: Stands::Open { why },
                ..
            }) => why.clone(),
            how => panic!("not open: {how:?}"),
        }
    }

    /// The grade, `NOT_ELIGIBLE` or `NOT_RATED`.
    pub(super) fn grade(&self, id: &str) -> &str {
        match &self.units[id].standing {
            Standing::Rated { grade, .. } => grade,
            Standing::NotEligible { .. } => "NOT_ELIGIBLE",
            Standing::NotRated { .. } => "NOT_RATED",
        }
    }

    /// `a1 b2 c2 d4`
    pub(super) fn places(&self) -> String {
        let places = self
            .ranking
            .places
            .iter()
            .map(|one| format!("{}{}", one.unit, one.place));
        places.collect::<Vec<_>>().join(" ")
    }
}

fn shown(points: Option<Fixed4>) -> String {
    points.map_or("open".to_owned(), |points| points.to_string())
}
