//! Cross-checks of the demonstration: drawn as the service draws, and done as far as the phase of their year lets them be.

use std::collections::BTreeSet;

use chrono::Days;
use thidua_entity::enums::{CrossCheckState, Reply, YearPhase};
use thidua_entity::{cross_check, cross_check_draw, cross_check_finding};
use uuid::Uuid;

use super::plan::{Plan, broken};
use super::years::{PlannedYear, begins};
use crate::crosschecks::pairing::{self, Inputs, METHOD};
use crate::error::{Error, Result};

/// Plans the draw of a year whose units check each other, or have.
pub fn plan(plan: &mut Plan, year: &PlannedYear) -> Result<()> {
    if year.row.phase < YearPhase::CrossChecking {
        return Ok(());
    }
    let drawn_on = begins(year.row.year, YearPhase::CrossChecking);
    let drawn_at = plan.instant(drawn_on, 9 * 60);
    let seed = format!("minh-hoa-{}", year.row.year);
    let inputs = Inputs {
        units: year.units.iter().copied().collect(),
        checks_per_unit: 1,
        recusals: BTreeSet::new(),
        assigned: BTreeSet::new(),
        last_year: BTreeSet::new(),
        left_out: BTreeSet::new(),
    };
    let drawn = pairing::draw(&inputs, &seed, METHOD).map_err(|_| broken("a draw that is impossible"))?;
    let draw = cross_check_draw::Model {
        id: plan.id_at(drawn_at),
        year_id: year.row.id,
        number: 1,
        seed,
        method: METHOD,
        inputs: serde_json::to_string(&inputs).map_err(Error::internal)?,
        outcome: serde_json::to_string(&drawn).map_err(Error::internal)?,
        drawn_by: Some(year.organiser),
        drawn_for: None,
        drawn_at,
    };
    for &pair in &drawn.pairs {
        check(plan, year, draw.id, pair);
    }
    plan.rows.draws.push(draw);
    Ok(())
}

/// While the units check each other, every second sheet has been looked at, and of the others one waits for its reply.
fn state(year: &PlannedYear, checked: Uuid) -> CrossCheckState {
    let place = year.units.iter().position(|unit| *unit == checked).unwrap_or_default();
    match year.row.phase {
        YearPhase::CrossChecking if place % 4 == 1 => CrossCheckState::FindingsSent,
        YearPhase::CrossChecking if place % 4 == 3 => CrossCheckState::Assigned,
        _ => CrossCheckState::Minuted,
    }
}

fn check(plan: &mut Plan, year: &PlannedYear, draw: Uuid, (checker, checked): (Uuid, Uuid)) {
    let state = state(year, checked);
    let drawn_on = begins(year.row.year, YearPhase::CrossChecking);
    let (visit, created_at) = (drawn_on + Days::new(2), plan.instant(drawn_on, 9 * 60));
    let is_done = state == CrossCheckState::Minuted;
    let row = cross_check::Model {
        id: plan.id_at(created_at),
        year_id: year.row.id,
        draw_id: Some(draw),
        checker_id: checker,
        checked_id: checked,
        reason: None,
        state,
        held_on: is_done.then_some(visit),
        place: is_done.then(|| "Trụ sở công đoàn đơn vị được kiểm tra".to_owned()),
        attendance: is_done.then(|| "Đại diện Ban Chấp hành hai đơn vị".to_owned()),
        minutes: is_done.then(|| "Hai bên đối chiếu sổ sách, thống nhất nhận xét và số điểm kiểm tra.".to_owned()),
        return_reason: None,
        waived_reason: None,
        version: 1,
        created_at,
        updated_at: plan.instant(visit, 15 * 60),
    };
    if state != CrossCheckState::Assigned {
        let officer = |unit: Uuid| plan.officers.get(&unit).copied();
        let (by, replied_by) = (officer(checker), officer(checked).filter(|_| is_done));
        let (written_at, replied_at) = (plan.instant(visit, 10 * 60), plan.instant(visit, 14 * 60));
        let finding = cross_check_finding::Model {
            id: plan.id_at(written_at),
            cross_check_id: row.id,
            criterion: None,
            text: "Sổ họp Ban Chấp hành ghi đủ; minh chứng của phong trào còn thiếu ảnh và danh sách.".to_owned(),
            evidence_seen: Some("Sổ họp, kế hoạch, danh sách đoàn viên".to_owned()),
            written_by: by,
            written_for: None,
            written_at,
            accepted: is_done.then_some(Reply::Agreed),
            reply: is_done.then(|| "Đơn vị tiếp thu và bổ sung.".to_owned()),
            replied_by,
            replied_for: None,
            replied_at: is_done.then_some(replied_at),
            version: 1,
        };
        plan.rows.findings.push(finding);
    }
    plan.rows.cross_checks.push(row);
}
