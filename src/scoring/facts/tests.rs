//! What is made of what is stored of a year.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{Qualifier, UnitKind, YearPhase};
use thidua_entity::{
    emulation_participant, emulation_year, score_entry, score_sheet, unit, unit_event, unit_statistics,
};
use uuid::Uuid;

use super::*;
use crate::reckoning::{
    AppliesTo, Band, BonusPlace, CriteriaSet, Criterion, Measure, Node, Part, PointsRole, TargetFrom, Title,
    WhenMissing,
};

const UNIT: Uuid = Uuid::from_u128(7);
const SHEET: Uuid = Uuid::from_u128(8);

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn whole(number: i64) -> Fixed4 {
    Fixed4::from_integer(number).expect("a number")
}

/// Ten points for visits against twenty.
fn set() -> CheckedSet {
    let title = |text: &str| Title {
        vi: text.to_owned(),
        en: None,
    };
    let criterion = Criterion {
        role: PointsRole::Main,
        step: None,
        evidence_required: false,
        scored_by: Layer::ALL.into(),
        measure: Measure::Target {
            indicator: "visits".to_owned(),
            target: TargetFrom::Fixed { value: whole(20) },
            share: whole(1),
            leader: false,
        },
        when_missing: WhenMissing::Open,
    };
    let node = Node {
        code: "visiting".to_owned(),
        title: title("Thăm hỏi"),
        max: whole(10),
        weight: whole(1),
        applies_to: AppliesTo::default(),
        basis: None,
        adaptable: None,
        part: Part::Criterion(criterion),
    };
    let band = Band {
        grade: "KHT".to_owned(),
        title: title("Không hoàn thành"),
        from: whole(0),
        basis: None,
    };
    let set = CriteriaSet {
        scale: whole(10),
        bonus: BonusPlace::OnTop,
        bonus_cap: None,
        deduction_cap: None,
        total_cap: None,
        size_measure: SizeMeasure::Members,
        basis: None,
        nodes: vec![node],
        bands: vec![band],
        declarations: Vec::new(),
        gates: Vec::new(),
        eligibility: Vec::new(),
        quotas: Vec::new(),
        tie_breaks: Vec::new(),
        tie_breaks_adaptable: false,
    };
    CheckedSet::check(set, &[("visits".to_owned(), NumberForm::Integer)].into()).expect("a sound set")
}

fn year() -> emulation_year::Model {
    emulation_year::Model {
        id: Uuid::from_u128(1),
        cluster_id: Uuid::from_u128(2),
        year: 2026,
        theme: None,
        starts_on: day("2026-01-01"),
        ends_on: day("2026-12-31"),
        school_starts_on: None,
        school_ends_on: None,
        phase: YearPhase::Appraising,
        criteria_version_id: None,
        criteria_digest: None,
        blind: false,
        objection_days: 5,
        version: 1,
        created_at: at("2026-01-01T00:00:00Z"),
    }
}

fn figure(report: u128, approved: &str, value: i64) -> ReportedFigure {
    ReportedFigure {
        unit: UNIT,
        span: (day("2026-01-01"), day("2026-12-31")),
        report: Uuid::from_u128(report),
        approved_at: Some(at(approved)),
        indicator: "visits".to_owned(),
        form: NumberForm::Integer,
        value: Some(whole(value)),
        upper: None,
        choice: None,
        qualifier: Qualifier::Exact,
        raw: value.to_string(),
    }
}

fn stored() -> Stored {
    let participant = emulation_participant::Model {
        id: Uuid::from_u128(3),
        year_id: Uuid::from_u128(1),
        unit_id: UNIT,
        calendar: YearCalendar::Year,
        note: None,
        withdrawn_on: None,
        withdrawn_reason: None,
        version: 1,
    };
    let row = unit::Model {
        id: UNIT,
        kind: UnitKind::Grassroots,
        sector: None,
        province_id: None,
        name: "CĐCS Thư viện tỉnh".to_owned(),
        name_from: None,
        sort_key: Vec::new(),
        founded_on: Some(day("2026-03-01")),
        ended_on: Some(day("2027-05-01")),
        end_reason: None,
        version: 1,
        created_at: at("2026-01-01T00:00:00Z"),
    };
    let count = |id, on: &str, members| unit_statistics::Model {
        id: Uuid::from_u128(id),
        unit_id: UNIT,
        as_of: day(on),
        workers: None,
        members,
        women_members: None,
        source: None,
        version: 1,
    };
    Stored {
        participants: vec![participant],
        units: HashMap::from([(UNIT, row)]),
        head_counts: HashMap::from([(
            UNIT,
            vec![
                count(1, "2027-01-31", Some(9)),
                count(2, "2026-06-30", None),
                count(3, "2026-01-31", Some(35)),
            ],
        )]),
        ..Stored::default()
    }
}

fn facts(stored: Stored) -> UnitFacts {
    let gathered = assemble(&year(), &set(), stored).expect("facts");
    gathered.facts.units.into_values().next().expect("a unit")
}

fn entry(layer: ScoreLayer, subject: ScoreSubject, verdict: bool) -> score_entry::Model {
    score_entry::Model {
        id: Uuid::now_v7(),
        sheet_id: SHEET,
        layer,
        subject,
        code: "clean".to_owned(),
        edition: 1,
        standing: true,
        kind: ScoreKind::Verdict,
        points: None,
        verdict,
        count: None,
        events: None,
        reason: None,
        unit_id: None,
        written_by: None,
        written_for: None,
        written_at: at("2026-12-01T00:00:00Z"),
    }
}

fn sheet(state: SheetState) -> score_sheet::Model {
    score_sheet::Model {
        id: SHEET,
        year_id: Uuid::from_u128(1),
        unit_id: UNIT,
        state,
        objections_until: None,
        version: 1,
        created_at: at("2026-12-01T00:00:00Z"),
        updated_at: at("2026-12-01T00:00:00Z"),
    }
}

#[test]
fn of_several_reports_for_the_span_the_one_approved_last_counts_whatever_their_order() {
    let mut reports = vec![
        figure(1, "2026-12-02T00:00:00Z", 7),
        figure(2, "2026-12-05T00:00:00Z", 12),
    ];
    let mut half = figure(3, "2026-12-09T00:00:00Z", 5);
    half.span.1 = day("2026-06-30");
    reports.push(half);
    for _ in 0..3 {
        reports.rotate_left(1);
        let stored = Stored {
            figures: reports.clone(),
            ..stored()
        };
        let gathered = assemble(&year(), &set(), stored).expect("facts");
        let unit = gathered.facts.units.values().next().expect("a unit");
        assert_eq!(unit.figures["visits"], Figure::exact(whole(12)));
        assert_eq!(gathered.reports[&UNIT]["visits"], Uuid::from_u128(2));
        assert!(unit.locked, "every figure that the criteria read is approved");
    }
}

#[test]
fn a_unit_is_as_large_as_it_was_and_what_happened_later_is_not_told() {
    let unit = facts(stored());
    assert_eq!((unit.size, unit.ended_on, unit.locked), (Some(35), None, false));
    assert_eq!(unit.name, "CĐCS Thư viện tỉnh");
    let founded = Happened {
        on: day("2026-03-01"),
        event: LifeEvent::Founded,
    };
    assert_eq!(unit.events, [founded].into());
    let event = |kind, on: &str| unit_event::Model {
        id: Uuid::now_v7(),
        unit_id: UNIT,
        kind,
        took_effect_on: day(on),
        decision: None,
        recorded_by: None,
        recorded_for: None,
        recorded_at: at("2026-12-01T00:00:00Z"),
    };
    let unit = facts(Stored {
        events: vec![
            event(UnitEventKind::Split, "2026-03-01"),
            event(UnitEventKind::Merged, "2027-02-01"),
        ],
        ..stored()
    });
    let split = Happened {
        on: day("2026-03-01"),
        event: LifeEvent::Split,
    };
    assert_eq!(unit.events, [split].into(), "it was not newly founded");
}

#[test]
fn an_appraised_sheet_locks_and_the_highest_layer_declares() {
    for (state, locked) in [(SheetState::CrossChecked, false), (SheetState::ClusterAppraised, true)] {
        let unit = facts(Stored {
            sheets: vec![sheet(state)],
            entries: vec![
                entry(ScoreLayer::Cluster, ScoreSubject::Declaration, false),
                entry(ScoreLayer::Own, ScoreSubject::Declaration, true),
                entry(ScoreLayer::Own, ScoreSubject::Criterion, true),
            ],
            ..stored()
        });
        assert_eq!((unit.locked, unit.declared["clean"]), (locked, false));
        assert_eq!(
            unit.entries["clean"][&Layer::Own].given,
            Given::Verdict { passed: true }
        );
    }
}

#[test]
fn who_follows_the_school_year_needs_to_know_when_that_is() {
    let mut stored = stored();
    stored.participants[0].calendar = YearCalendar::SchoolYear;
    let refused = assemble(&year(), &set(), stored).expect_err("no school year");
    assert!(matches!(refused, Error::Invalid(problems) if problems[0].code == "SCHOOL_YEAR_MISSING"));
}
