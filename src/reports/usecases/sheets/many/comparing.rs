//! A sheet of many units beside their reports: which figures differ, and what of them cannot be taken.

use std::collections::{HashMap, HashSet};

use thidua_entity::enums::Nature;
use thidua_entity::{indicator, report_submission};
use uuid::Uuid;

use super::known::KnownUnits;
use super::standing::{Standing, UnitStanding};
use super::told;
use super::{Outcome, UnitOutcome, Values};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::reports::usecases::save::{Form, Written};
use crate::reports::usecases::sheets::around::Around;
use crate::reports::usecases::sheets::comparing::{Looking, Read};
use crate::reports::usecases::{TypedFigure, draft};
use crate::sheets::suggest::Guesses;
use crate::sheets::{Conflict, FilledColumn, FilledUnit, FilledUnits, Place};
use crate::{text, version};

/// What a sheet of many units is compared with.
pub struct Beside {
    pub env: Env,
    pub form: Form,
    pub around: Around,
    pub standing: Standing,
    /// The figures of the reports that are there.
    pub values: Values,
    /// Of reports that were sent back for some figures only: which indicators are open.
    pub unlocked: HashMap<Uuid, HashSet<Uuid>>,
    /// The codes of the units.
    pub codes: HashMap<Uuid, Vec<String>>,
    /// What a number is that nobody calls actual or an estimate.
    pub nature: Nature,
    /// The units that could be meant by what is none.
    pub known: KnownUnits,
}

/// What a row asks to be written into the report of its unit.
pub struct Fill {
    /// Where its name stands.
    pub at: Place,
    /// The unit.
    pub unit: Uuid,
    name: String,
    /// The report as it was when the sheet was compared, or that is to be begun.
    pub report: report_submission::Model,
    /// Whether it is to be begun.
    pub begun: bool,
    /// The caller as it acts there.
    pub actor: Actor,
    /// What was typed.
    pub typed: Vec<TypedFigure>,
    /// The same, as it will stand.
    pub written: Written,
}

impl Fill {
    /// The version that the report comes to have.
    pub const fn version(&self) -> i32 {
        version::next(self.report.version)
    }

    /// What comes of it.
    pub fn outcome(&self) -> UnitOutcome {
        UnitOutcome {
            at: self.at,
            unit: self.unit,
            name: self.name.clone(),
            outcome: Outcome::Changed,
            report: None,
            figures: self.typed.len(),
        }
    }
}

/// What was found.
#[derive(Default)]
pub struct Compared {
    /// What is to be written.
    pub fills: Vec<Fill>,
    /// The units of whose rows nothing is taken.
    pub refused: Vec<UnitOutcome>,
    /// How many rows say what their reports have already.
    pub unchanged: usize,
    /// What is not taken.
    pub conflicts: Vec<Conflict>,
}

/// What a row says of its unit's report.
enum Said {
    Nothing,
    Unchanged,
    Fill(Box<Fill>),
}

impl Beside {
    /// What is to be written, and what cannot be. Of a row with a conflict nothing is taken.
    pub fn compare(&self, filled: FilledUnits) -> Result<Compared> {
        let mut compared = Compared {
            conflicts: filled.conflicts,
            ..Compared::default()
        };
        // Columns, units and cells are each looked at from the top, so that what is told is what is guessed at.
        let [mut of_columns, mut of_units, mut of_cells] = <[Guesses; 3]>::default();
        let columns: Vec<_> = filled
            .columns
            .iter()
            .map(|column| self.indicator(column, &mut compared.conflicts, &mut of_columns))
            .collect();
        let mut rows = Vec::new();
        let mut seen: HashMap<Uuid, u32> = HashMap::new();
        let mut doubled = HashSet::new();
        for row in &filled.rows {
            match self.unit(row, &mut of_units) {
                Err(conflict) => compared.conflicts.push(*conflict),
                Ok(unit) => match seen.get(&unit.unit.id) {
                    Some(first) => {
                        doubled.insert(unit.unit.id);
                        compared.conflicts.push(told::twice(row, unit, *first));
                    }
                    None => {
                        seen.insert(unit.unit.id, row.at.row);
                        rows.push((row, unit));
                    }
                },
            }
        }
        // Of two rows of one unit neither is taken.
        rows.retain(|(_, unit)| !doubled.contains(&unit.unit.id));
        let mut figures = 0_usize;
        for (row, unit) in rows {
            match self.row(row, unit, &columns, &mut of_cells)? {
                Ok(Said::Nothing) => {}
                Ok(Said::Unchanged) => compared.unchanged = compared.unchanged.saturating_add(1),
                Ok(Said::Fill(fill)) => {
                    figures = figures.saturating_add(fill.typed.len());
                    told::not_too_many(figures)?;
                    compared.fills.push(*fill);
                }
                Err(conflicts) => {
                    let report = unit.report.as_ref();
                    compared.refused.push(UnitOutcome {
                        at: row.at,
                        unit: unit.unit.id,
                        name: unit.unit.name.clone(),
                        outcome: Outcome::Refused,
                        report: report.map(|report| (report.id, report.version)),
                        figures: 0,
                    });
                    compared.conflicts.extend(conflicts);
                }
            }
        }
        Ok(compared)
    }

    /// What a column is of, when the form asks for it.
    fn indicator(
        &self,
        column: &FilledColumn,
        conflicts: &mut Vec<Conflict>,
        guesses: &mut Guesses,
    ) -> Option<&indicator::Model> {
        let Some(indicator) = self.around.asked_for(&column.code) else {
            conflicts.push(self.around.unknown(column.at, (&column.code, ""), guesses));
            return None;
        };
        if self.around.asks_by(&column.code, column.part) {
            return Some(indicator);
        }
        conflicts.push(told::part_not_asked(column));
        None
    }

    /// The unit of a row: by its key, or by its code where somebody has added the row.
    pub fn unit(&self, row: &FilledUnit, guesses: &mut Guesses) -> Result<&UnitStanding, Box<Conflict>> {
        let has = |unit: &UnitStanding| self.codes_of(unit).contains(&row.code);
        let units = self.standing.units.iter();
        let unit = if !row.unit.is_empty() {
            let id = Kind::Unit.parse(&row.unit).ok();
            units.filter(|one| Some(one.unit.id) == id).collect::<Vec<_>>()
        } else if !row.code.is_empty() {
            units.filter(|one| has(one)).collect()
        } else {
            return Err(Box::new(told::unit_missing(row)));
        };
        match unit.as_slice() {
            [] => Err(Box::new(self.known.unknown(row, guesses))),
            [unit] => {
                let other_name = !row.name.is_empty() && text::fold(&row.name) != text::fold(&unit.unit.name);
                if other_name || !(row.code.is_empty() || has(unit)) {
                    return Err(Box::new(told::unclear(row, vec![unit.unit.name.clone()])));
                }
                Ok(unit)
            }
            several => {
                let names = several.iter().map(|unit| unit.unit.name.clone());
                Err(Box::new(told::unclear(row, names.collect())))
            }
        }
    }

    fn codes_of(&self, unit: &UnitStanding) -> &[String] {
        self.codes.get(&unit.unit.id).map_or(&[], Vec::as_slice)
    }

    /// What a row asks for, or all that is wrong with it.
    fn row(
        &self,
        row: &FilledUnit,
        unit: &UnitStanding,
        columns: &[Option<&indicator::Model>],
        guesses: &mut Guesses,
    ) -> Result<Result<Said, Vec<Conflict>>> {
        // Whoever left the row of a unit empty, while the unit itself began its report, says nothing about that.
        if row.says_nothing() && row.report.is_empty() {
            return Ok(Ok(Said::Nothing));
        }
        let begun = unit.report.is_none();
        let report = unit.report.clone().unwrap_or_else(|| {
            draft(
                &self.env,
                self.env.new_id(),
                &unit.unit,
                &self.standing.period,
                &self.standing.version,
            )
        });
        let looking = Looking {
            env: &self.env,
            form: &self.form,
            around: &self.around,
            values: self.values.get(&report.id).map_or(&[], Vec::as_slice),
            report: &report,
        };
        let open = self.unlocked.get(&report.id);
        let (mut taken, mut conflicts) = (Vec::new(), Vec::new());
        let cells = columns.iter().zip(&row.cells);
        for (indicator, cell) in cells.filter_map(|(indicator, cell)| Some(((*indicator)?, cell))) {
            match looking.read(indicator, cell, guesses)? {
                Ok(Read::Unchanged | Read::Nothing) => {}
                Ok(Read::Taken(figure)) if open.is_some_and(|open| !open.contains(&indicator.id)) => {
                    conflicts.push(told::figure_is_locked(figure));
                }
                Ok(Read::Taken(figure)) => taken.push(figure.typed()),
                Err(conflict) => conflicts.push(*conflict),
            }
        }
        if taken.is_empty() && conflicts.is_empty() {
            return Ok(Ok(Said::Unchanged));
        }
        if !self.is_fresh(row, unit) {
            return Ok(Err(vec![told::stale(row.at, &unit.unit.name)]));
        }
        if let Err(why) = unit.may_fill_in(&self.standing) {
            return told::refusal(row.at, &unit.unit.name, why).map(|conflict| Err(vec![conflict]));
        }
        if !conflicts.is_empty() {
            return Ok(Err(conflicts));
        }
        let mut written = Written::default();
        for figure in self.form.read(&self.env, &report, &taken, self.nature)? {
            written.touched.push(figure.place);
            written.rows.extend(figure.row);
        }
        Ok(Ok(Said::Fill(Box::new(Fill {
            at: row.at,
            unit: unit.unit.id,
            name: unit.unit.name.clone(),
            begun,
            actor: unit.actor.clone(),
            typed: taken,
            written,
            report,
        }))))
    }

    /// Whether a row was made of the report as it is: an old sheet does not undo what was written since.
    fn is_fresh(&self, row: &FilledUnit, unit: &UnitStanding) -> bool {
        match &unit.report {
            None => row.report.is_empty(),
            Some(report) => row.report == Kind::ReportSubmission.id(report.id) && row.version == Some(report.version),
        }
    }
}
