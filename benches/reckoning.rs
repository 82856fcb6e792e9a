//! What it costs to reckon whole clusters: forty units with sixty criteria each, computed, rated and ranked, beside plainly adding up the same
//! entries, on one thread and on all; and what it costs to explain one place. One run, units per second, ratios.
//!
//! `cargo bench --bench reckoning`; `CLUSTERS=30 cargo bench --bench reckoning` to try it quickly.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use thidua::reckoning::{
    AppliesTo, Band, BonusPlace, Calendar, CheckedSet, ClusterFacts, CriteriaSet, Criterion, Entry, Given, Layer,
    Measure, Node, Part, PointsRole, Section, Subject, TieBreak, TieBreakBy, Title, UnitFacts, WhenMissing, explain,
    reckon,
};
use thidua_entity::Fixed4;
use thidua_entity::enums::{SizeMeasure, UnitKind};

const CLUSTERS: usize = 3_000;
const UNITS: usize = 40;
const SECTIONS: usize = 6;
const CRITERIA: usize = 10;
const EXPLAINED: u32 = 100;

fn whole(number: usize) -> Fixed4 {
    i64::try_from(number)
        .ok()
        .and_then(Fixed4::from_integer)
        .unwrap_or_default()
}

fn title(text: &str) -> Title {
    Title {
        vi: text.to_owned(),
        en: None,
    }
}

fn node(code: String, max: usize, part: Part) -> Node {
    Node {
        title: title(&code),
        code,
        max: whole(max),
        weight: whole(1),
        applies_to: AppliesTo::default(),
        basis: None,
        adaptable: None,
        part,
    }
}

/// Six sections with ten criteria of ten points each.
fn set() -> Option<CheckedSet> {
    let criterion = |section: usize, index: usize| {
        let criterion = Criterion {
            role: PointsRole::Main,
            step: None,
            evidence_required: false,
            scored_by: Layer::ALL.into(),
            measure: Measure::Manual,
            when_missing: WhenMissing::Open,
        };
        node(format!("c{section}_{index}"), 10, Part::Criterion(criterion))
    };
    let section = |number: usize| {
        let section = Section {
            children: (0..CRITERIA).map(|index| criterion(number, index)).collect(),
            ..Section::default()
        };
        node(format!("s{number}"), 10 * CRITERIA, Part::Section(section))
    };
    let scale = 10 * CRITERIA * SECTIONS;
    let band = |grade: &str, from: usize| Band {
        grade: grade.to_owned(),
        title: title(grade),
        from: whole(from),
        basis: None,
    };
    let set = CriteriaSet {
        scale: whole(scale),
        bonus: BonusPlace::OnTop,
        bonus_cap: None,
        deduction_cap: None,
        total_cap: None,
        size_measure: SizeMeasure::Members,
        basis: None,
        nodes: (0..SECTIONS).map(section).collect(),
        bands: vec![
            band("XS", scale * 9 / 10),
            band("T", scale * 7 / 10),
            band("HT", scale / 2),
            band("KHT", 0),
        ],
        declarations: Vec::new(),
        gates: Vec::new(),
        eligibility: Vec::new(),
        quotas: Vec::new(),
        tie_breaks: vec![TieBreak {
            by: TieBreakBy::Points { node: "s0".to_owned() },
            basis: None,
        }],
        tie_breaks_adaptable: false,
    };
    CheckedSet::check(set, &BTreeMap::new()).ok()
}

/// A cluster whose units have points by two layers.
fn cluster(number: usize) -> ClusterFacts {
    let entry = |points: usize| Entry {
        given: Given::Points { points: whole(points) },
        reason: None,
    };
    let unit = |index: usize| {
        let mut entries = BTreeMap::new();
        for (section, criterion) in (0..SECTIONS).flat_map(|section| (0..CRITERIA).map(move |one| (section, one))) {
            let points = (number + index * 7 + section * 3 + criterion) % 11;
            let layers = [(Layer::Own, entry(10)), (Layer::Cluster, entry(points))];
            entries.insert(format!("c{section}_{criterion}"), BTreeMap::from(layers));
        }
        UnitFacts {
            name: format!("CĐCS số {index}"),
            kind: UnitKind::Grassroots,
            sector: None,
            size: None,
            calendar: Calendar::Year,
            period_end: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default(),
            events: Default::default(),
            ended_on: None,
            locked: true,
            figures: BTreeMap::new(),
            sources: BTreeMap::new(),
            targets: BTreeMap::new(),
            entries,
            declared: BTreeMap::new(),
        }
    };
    ClusterFacts {
        units: (0..UNITS)
            .map(|index| (format!("unit_{index:04}"), unit(index)))
            .collect(),
        ..ClusterFacts::default()
    }
}

/// The highest entry of each criterion, added up and sorted: what nobody could do without.
fn plainly(facts: &ClusterFacts) -> Vec<(i64, &str)> {
    let mut totals: Vec<(i64, &str)> = Vec::with_capacity(facts.units.len());
    for (id, unit) in &facts.units {
        let standing = unit.entries.values().filter_map(|layers| layers.values().next_back());
        let points = standing.map(|entry| match &entry.given {
            Given::Points { points } => points.ten_thousandths(),
            _ => 0,
        });
        totals.push((points.sum(), id));
    }
    totals.sort_unstable();
    totals
}

fn on_threads(threads: usize, clusters: &[ClusterFacts], work: &(dyn Fn(&ClusterFacts) + Sync)) -> Duration {
    let begun = Instant::now();
    let share = clusters.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        for part in clusters.chunks(share) {
            scope.spawn(move || part.iter().for_each(work));
        }
    });
    begun.elapsed()
}

#[allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() {
    let asked = std::env::var("CLUSTERS").ok().and_then(|text| text.parse().ok());
    let count: usize = asked.unwrap_or(CLUSTERS);
    let Some(set) = set() else {
        println!("The criteria set is not sound.");
        return;
    };
    let clusters: Vec<ClusterFacts> = (0..count).map(cluster).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let reckoned = |facts: &ClusterFacts| _ = black_box(reckon(&set, black_box(facts)));
    let added = |facts: &ClusterFacts| _ = black_box(plainly(black_box(facts)));
    println!(
        "{count} clusters of {UNITS} units with {} criteria; {threads} threads",
        SECTIONS * CRITERIA
    );
    let units = u128::try_from(count * UNITS).unwrap_or_default();
    let mut reference = None;
    for (name, threads, work) in [
        ("plain sums, one thread", 1, &added as &(dyn Fn(&ClusterFacts) + Sync)),
        ("reckoning, one thread", 1, &reckoned),
        ("reckoning, all threads", threads, &reckoned),
    ] {
        let taken = on_threads(threads, &clusters, work).as_micros().max(1);
        let first = *reference.get_or_insert(taken);
        let (rate, tenths) = (units * 1_000_000 / taken, taken * 10 / first);
        println!(
            "{name:<24} {rate:>10} units per second   {:>5}.{} times the plain sums",
            tenths / 10,
            tenths % 10
        );
    }
    let Some(facts) = clusters.first() else { return };
    let outcome = reckon(&set, facts);
    let begun = Instant::now();
    for index in 0..EXPLAINED {
        let subject = Subject::Place {
            unit: format!("unit_{:04}", index % 40),
        };
        black_box(explain(set.set(), &outcome, black_box(&subject), &|_| None));
    }
    println!("explaining one place     {:>10.1?}", begun.elapsed() / EXPLAINED);
}
