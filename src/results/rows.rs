//! What lists and counts keep of a result: one row for each unit, taken from what came out. Pure.

use std::collections::BTreeMap;

use thidua_entity::Fixed4;
use thidua_entity::enums::StandingKind;

use crate::reckoning::{CriteriaSet, Outcome, Standing};
use crate::text;

/// How one unit stands, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its public id.
    pub unit: String,
    /// Its name in the result.
    pub name: String,
    /// How it stands.
    pub standing: StandingKind,
    /// Its grade: code, name, and place among the grades from 1.
    pub grade: Option<(String, String, i32)>,
    /// Its total.
    pub points: Option<Fixed4>,
    /// Its place.
    pub place: Option<i32>,
    /// Where it stands in the list, from 1.
    pub position: i32,
    /// Whether a quota moved it.
    pub moved: bool,
}

/// The rows of a result: by place, then by name; those without a place behind.
pub fn of(set: &CriteriaSet, outcome: &Outcome) -> Vec<Row> {
    let grades: BTreeMap<&str, (String, i32)> = (1..)
        .zip(&set.bands)
        .map(|(order, band)| (band.grade.as_str(), (band.title.vi.clone(), order)))
        .collect();
    let mut rows: Vec<Row> = outcome
        .units
        .iter()
        .map(|(id, unit)| {
            let (standing, grade, moved) = match &unit.standing {
                Standing::Rated { grade, moves, .. } => {
                    let (title, order) = grades.get(grade.as_str()).cloned().unwrap_or_default();
                    let grade = Some((grade.clone(), title, order));
                    (StandingKind::Rated, grade, !moves.is_empty())
                }
                Standing::NotEligible { .. } => (StandingKind::NotEligible, None, false),
                Standing::NotRated { .. } => (StandingKind::NotRated, None, false),
            };
            Row {
                unit: id.clone(),
                name: unit.name.clone(),
                standing,
                grade,
                points: unit.total.points,
                place: unit.place.and_then(|place| i32::try_from(place).ok()),
                position: 0,
                moved,
            }
        })
        .collect();
    rows.sort_by_cached_key(key);
    for (position, row) in (1..).zip(&mut rows) {
        row.position = position;
    }
    rows
}

/// Names in the order of the Vietnamese alphabet.
fn key(row: &Row) -> (bool, Option<i32>, Vec<u8>, String) {
    (
        row.place.is_none(),
        row.place,
        text::sort_key(&row.name),
        row.unit.clone(),
    )
}
