//! The emulation years of the demonstration.

use std::collections::BTreeSet;

use thidua_entity::enums::{PactState, SheetState, YearPhase};

use super::planned;

#[test]
fn there_is_a_year_in_each_phase() {
    let plan = planned();
    let phases: BTreeSet<YearPhase> = plan.rows.emulation_years.iter().map(|year| year.phase).collect();
    assert_eq!(phases, YearPhase::ALL.iter().copied().collect());
    let sheets: BTreeSet<SheetState> = plan.rows.score_sheets.iter().map(|sheet| sheet.state).collect();
    assert_eq!(sheets, SheetState::ALL.iter().copied().collect());
}

#[test]
fn a_year_that_runs_has_a_pact_that_all_have_signed() {
    let plan = planned();
    let running = plan
        .rows
        .emulation_years
        .iter()
        .filter(|year| year.phase >= YearPhase::Running);
    for year in running {
        let pact = plan
            .rows
            .pacts
            .iter()
            .find(|pact| pact.year_id == year.id)
            .expect("a pact");
        assert_eq!(pact.state, PactState::InForce);
        let signed = plan.rows.pact_signatures.iter().filter(|one| one.pact_id == pact.id);
        let units: BTreeSet<_> = signed.map(|one| one.unit_id).collect();
        let participants = plan
            .rows
            .emulation_participants
            .iter()
            .filter(|one| one.year_id == year.id);
        assert_eq!(units, participants.map(|one| one.unit_id).collect());
    }
}
