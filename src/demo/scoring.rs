//! Score sheets of the demonstration, as far as the phase of their year lets them be: what units gave themselves, what others made of it.

use chrono::{Days, NaiveDate};
use thidua_entity::enums::{ObjectionOutcome, Office, ScoreKind, ScoreLayer, ScoreSubject, SheetState, YearPhase};
use thidua_entity::{Fixed4, objection, score_entry, score_sheet, score_step};
use uuid::Uuid;

use super::draw::Draw;
use super::plan::Plan;
use super::years::{PlannedYear, begins};
use crate::error::Result;
use crate::reckoning::{CountFrom, Criterion, Layer, Measure, Node, Part};

/// How far a sheet has come, and who writes on the way there.
const WAY: &[(SheetState, Option<ScoreLayer>, YearPhase)] = &[
    (SheetState::Draft, Some(ScoreLayer::Own), YearPhase::SelfScoring),
    (SheetState::SelfSubmitted, None, YearPhase::SelfScoring),
    (
        SheetState::CrossChecked,
        Some(ScoreLayer::CrossCheck),
        YearPhase::CrossChecking,
    ),
    (
        SheetState::ClusterAppraised,
        Some(ScoreLayer::Cluster),
        YearPhase::Appraising,
    ),
    (
        SheetState::ProvinceAppraised,
        Some(ScoreLayer::Province),
        YearPhase::Appraising,
    ),
    (SheetState::Decided, Some(ScoreLayer::Council), YearPhase::Deciding),
    (SheetState::Published, None, YearPhase::Published),
];

/// Plans the sheets of a year.
pub fn plan(plan: &mut Plan, year: &PlannedYear) -> Result<()> {
    for index in 0..year.units.len() {
        if let Some(state) = state(year.row.phase, index) {
            sheet(plan, year, index, state);
        }
    }
    Ok(())
}

/// How far a unit's sheet has come in a phase; nothing where it has not been begun.
fn state(phase: YearPhase, index: usize) -> Option<SheetState> {
    use SheetState::{ClusterAppraised, CrossChecked, Decided, Draft, ProvinceAppraised, Published, SelfSubmitted};
    Some(match phase {
        YearPhase::Planned | YearPhase::Registering | YearPhase::Running => return None,
        YearPhase::SelfScoring => match index % 4 {
            0 | 1 => SelfSubmitted,
            2 => Draft,
            _ => return None,
        },
        YearPhase::CrossChecking if index.is_multiple_of(2) => CrossChecked,
        YearPhase::CrossChecking => SelfSubmitted,
        YearPhase::Appraising if index.is_multiple_of(3) => CrossChecked,
        YearPhase::Appraising => ClusterAppraised,
        YearPhase::Voting => ProvinceAppraised,
        YearPhase::Deciding if index.is_multiple_of(2) => Decided,
        YearPhase::Deciding => ProvinceAppraised,
        YearPhase::Published => Published,
    })
}

fn sheet(plan: &mut Plan, year: &PlannedYear, index: usize, state: SheetState) {
    let Some(&unit) = year.units.get(index) else { return };
    let begun = begins(year.row.year, YearPhase::SelfScoring);
    let created_at = plan.instant(begun, 8 * 60);
    let id = plan.id_at(created_at);
    let mut draw = Draw::named(&format!("sheet {unit} {}", year.row.year));
    let mut given = Given::default();
    let mut version = 1;
    for &(reached, layer, phase) in WAY.iter().filter(|(reached, _, _)| *reached <= state) {
        let on = begins(year.row.year, phase) + Days::new(3);
        if let Some(layer) = layer {
            version += 1;
            let by = author(plan, year, index, layer);
            layer_entries(
                plan,
                year,
                id,
                (layer, by),
                on,
                (&mut draw, &mut given),
                reached == SheetState::Draft && state == reached,
            );
        }
        if reached != SheetState::Draft {
            version += 1;
            let by = taker(plan, year, index, reached);
            let taken_at = plan.instant(on, 16 * 60);
            let step = score_step::Model {
                id: plan.id_at(taken_at),
                sheet_id: id,
                state: reached,
                reason: None,
                taken_by: by,
                taken_for: None,
                taken_at,
            };
            plan.rows.score_steps.push(step);
        }
    }
    let appraised = begins(year.row.year, YearPhase::Appraising) + Days::new(3);
    let is_appraised = state >= SheetState::ClusterAppraised;
    plan.rows.score_sheets.push(score_sheet::Model {
        id,
        year_id: year.row.id,
        unit_id: unit,
        state,
        objections_until: is_appraised.then(|| appraised + Days::new(7)),
        version,
        created_at,
        updated_at: created_at,
    });
    if is_appraised && index == 4 {
        objection(plan, year, (id, unit), appraised);
    }
}

fn objection(plan: &mut Plan, year: &PlannedYear, (sheet, unit): (Uuid, Uuid), appraised: NaiveDate) {
    let raised_at = plan.instant(appraised + Days::new(2), 9 * 60);
    let is_answered = year.row.phase > YearPhase::Appraising;
    let answered_at = is_answered.then(|| plan.instant(appraised + Days::new(6), 10 * 60));
    let criterion = year
        .set
        .all_nodes()
        .into_iter()
        .find(|node| matches!(&node.part, Part::Criterion(_)));
    let row = objection::Model {
        id: plan.id_at(raised_at),
        sheet_id: sheet,
        criterion: criterion.map(|node| node.code.clone()),
        text: "Đơn vị đã bổ sung minh chứng sau buổi kiểm tra chéo, đề nghị xem lại điểm.".to_owned(),
        raised_by: plan.officers.get(&unit).copied(),
        raised_for: None,
        raised_at,
        outcome: is_answered.then_some(ObjectionOutcome::Refused),
        answer: is_answered.then(|| "Minh chứng bổ sung thuộc năm trước nên giữ nguyên điểm thẩm định.".to_owned()),
        answered_by: answered_at.map(|_| year.organiser),
        answered_for: None,
        answered_at,
        version: if is_answered { 2 } else { 1 },
    };
    plan.rows.objections.push(row);
}

/// The unit for which a layer is written, and the account that writes.
fn author(plan: &Plan, year: &PlannedYear, index: usize, layer: ScoreLayer) -> (Option<Uuid>, Option<Uuid>) {
    let officer = |unit: Option<&Uuid>| unit.and_then(|unit| plan.officers.get(unit).copied());
    let own = year.units.get(index);
    match layer {
        ScoreLayer::Own => (own.copied(), officer(own)),
        ScoreLayer::CrossCheck => {
            let checker = checker_of(plan, year, index);
            (checker, officer(checker.as_ref()))
        }
        ScoreLayer::Cluster => {
            let appraiser = appraiser_of(plan, year, own);
            (appraiser, officer(appraiser.as_ref()))
        }
        ScoreLayer::Province => (None, Some(year.organiser)),
        ScoreLayer::Council => (None, Some(year.council)),
    }
}

/// Who appraises a unit: the chair of the day, and the deputy where it is the chair's own.
fn appraiser_of(plan: &Plan, year: &PlannedYear, unit: Option<&Uuid>) -> Option<Uuid> {
    let on = begins(year.row.year, YearPhase::Appraising);
    let holder = |office: Office| {
        let mut offices = plan.rows.offices.iter();
        let found = offices.find(|row| {
            let is_held = row.valid_from <= on && row.valid_to.is_none_or(|end| on < end);
            row.cluster_id == year.row.cluster_id && row.office == office && is_held
        });
        found.map(|row| row.unit_id)
    };
    let chair = holder(Office::Chair);
    if chair.as_ref() == unit {
        holder(Office::Deputy)
    } else {
        chair
    }
}

/// Who checks a unit, by the draw of the year.
fn checker_of(plan: &Plan, year: &PlannedYear, index: usize) -> Option<Uuid> {
    let unit = year.units.get(index)?;
    let mut checks = plan.rows.cross_checks.iter();
    let found = checks.find(|check| check.year_id == year.row.id && check.checked_id == *unit)?;
    Some(found.checker_id)
}

fn taker(plan: &Plan, year: &PlannedYear, index: usize, state: SheetState) -> Option<Uuid> {
    let layer = match state {
        SheetState::Draft | SheetState::SelfSubmitted => ScoreLayer::Own,
        SheetState::CrossChecked => ScoreLayer::CrossCheck,
        SheetState::ClusterAppraised => ScoreLayer::Cluster,
        SheetState::ProvinceAppraised => ScoreLayer::Province,
        SheetState::Decided | SheetState::Published => ScoreLayer::Council,
    };
    author(plan, year, index, layer).1
}

/// What was said of a unit so far, by criteria.
#[derive(Default)]
struct Given {
    points: std::collections::BTreeMap<String, Fixed4>,
}

/// Writes what one layer says. `half` leaves out what a unit has not got to yet.
fn layer_entries(
    plan: &mut Plan,
    year: &PlannedYear,
    sheet: Uuid,
    (layer, (unit, by)): (ScoreLayer, (Option<Uuid>, Option<Uuid>)),
    on: NaiveDate,
    (draw, given): (&mut Draw, &mut Given),
    half: bool,
) {
    let nodes = year.set.all_nodes();
    let may = |criterion: &Criterion| criterion.scored_by.contains(&scorer(layer));
    let mut minutes = 8 * 60;
    let mut entries = Vec::new();
    for node in nodes {
        let Part::Criterion(criterion) = &node.part else {
            continue;
        };
        if may(criterion)
            && (!half || draw.between(0, 1) == 0)
            && let Some(said) = said(node, criterion, layer, draw, given)
        {
            entries.push((ScoreSubject::Criterion, node.code.clone(), said));
        }
    }
    if layer == ScoreLayer::Own && !half {
        for declaration in &year.set.declarations {
            let said = Said {
                kind: ScoreKind::Verdict,
                verdict: draw.between(1, 100) > 8,
                ..Said::default()
            };
            entries.push((ScoreSubject::Declaration, declaration.code.clone(), said));
        }
    }
    for (subject, code, said) in entries {
        minutes += 1;
        let written_at = plan.instant(on, minutes);
        let row = score_entry::Model {
            id: plan.id_at(written_at),
            sheet_id: sheet,
            layer,
            subject,
            code,
            edition: 1,
            standing: true,
            kind: said.kind,
            points: said.points,
            verdict: said.verdict,
            count: said.count,
            events: said.events,
            reason: said.reason,
            unit_id: unit,
            written_by: by,
            written_for: None,
            written_at,
        };
        plan.rows.score_entries.push(row);
    }
}

/// What an entry says.
struct Said {
    kind: ScoreKind,
    points: Option<Fixed4>,
    verdict: bool,
    count: Option<i32>,
    events: Option<String>,
    reason: Option<String>,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            kind: ScoreKind::Points,
            points: None,
            verdict: false,
            count: None,
            events: None,
            reason: None,
        }
    }
}

/// What a layer says to a criterion. Those above the unit speak up where they see it otherwise, and say why.
fn said(node: &Node, criterion: &Criterion, layer: ScoreLayer, draw: &mut Draw, given: &mut Given) -> Option<Said> {
    let alone = !criterion.scored_by.contains(&Layer::Own);
    let speaks = match layer {
        ScoreLayer::Own => true,
        ScoreLayer::CrossCheck => draw.between(1, 100) <= 40,
        ScoreLayer::Cluster => draw.between(1, 100) <= 25,
        ScoreLayer::Province => draw.between(1, 100) <= if alone { 50 } else { 8 },
        ScoreLayer::Council => draw.between(1, 100) <= if alone { 60 } else { 0 },
    };
    if !speaks {
        return None;
    }
    let reason = (layer != ScoreLayer::Own).then(|| reason(layer).to_owned());
    let said = match &criterion.measure {
        Measure::Manual => {
            let before = given.points.get(&node.code).copied();
            let part = if layer == ScoreLayer::Own {
                draw.between(80, 100)
            } else {
                draw.between(75, 95)
            };
            let points = before.unwrap_or(node.max);
            let points = half_steps(points, part);
            given.points.insert(node.code.clone(), points);
            Said {
                points: Some(points),
                ..Said::default()
            }
        }
        Measure::PassFail => Said {
            kind: ScoreKind::Verdict,
            verdict: draw.between(1, 100) > 6,
            ..Said::default()
        },
        Measure::PerCount {
            count: CountFrom::Entered,
            ..
        } => Said {
            kind: ScoreKind::Count,
            count: i32::try_from(draw.between(2, 22)).ok(),
            ..Said::default()
        },
        Measure::Events { events, .. } if events.iter().all(|event| event.count == CountFrom::Entered) => {
            let counts: std::collections::BTreeMap<&str, i64> = events
                .iter()
                .map(|event| (event.code.as_str(), i64::from(draw.between(1, 100) > 80)))
                .collect();
            Said {
                kind: ScoreKind::Events,
                events: serde_json::to_string(&counts).ok(),
                ..Said::default()
            }
        }
        Measure::Target { .. } | Measure::PerCount { .. } | Measure::Events { .. } | Measure::Formula { .. } => {
            return None;
        }
    };
    Some(Said { reason, ..said })
}

/// So many per cent, in steps of half a point.
fn half_steps(points: Fixed4, percent: i64) -> Fixed4 {
    let exact = points.ten_thousandths() * percent / 100;
    Fixed4::from_ten_thousandths(exact - exact % 5_000).unwrap_or(points)
}

const fn scorer(layer: ScoreLayer) -> Layer {
    match layer {
        ScoreLayer::Own => Layer::Own,
        ScoreLayer::CrossCheck => Layer::CrossCheck,
        ScoreLayer::Cluster => Layer::Cluster,
        ScoreLayer::Province => Layer::Province,
        ScoreLayer::Council => Layer::Council,
    }
}

const fn reason(layer: ScoreLayer) -> &'static str {
    match layer {
        ScoreLayer::Own => "",
        ScoreLayer::CrossCheck => "Đoàn kiểm tra chéo: minh chứng chưa đủ cho số điểm tự chấm.",
        ScoreLayer::Cluster => "Cụm thẩm định: đối chiếu với mặt bằng chung của cụm.",
        ScoreLayer::Province => "Công đoàn cấp trên: theo số liệu theo dõi trong năm.",
        ScoreLayer::Council => "Hội đồng: xét theo thành tích nổi bật.",
    }
}
