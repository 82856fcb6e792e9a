//! A sheet of many units beside their reports: which figures differ, and what of them cannot be taken.

use std::collections::{HashMap, HashSet};

use thidua_entity::enums::{FigurePart, Nature};
use thidua_entity::{indicator, report_submission};
use uuid::Uuid;

use super::standing::{Standing, UnitStanding};
use super::{Outcome, UnitOutcome, Values};
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::reports::usecases::save::{Form, Written, figure_locked};
use crate::reports::usecases::sheets::around::Around;
use crate::reports::usecases::sheets::comparing::{Looking, Read};
use crate::reports::usecases::{TypedFigure, draft};
use crate::sheets::suggest;
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
    /// Code and name of the units that could be meant by what is none.
    pub known: Vec<(Option<String>, String)>,
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
        let columns: Vec<_> = filled
            .columns
            .iter()
            .map(|column| self.indicator(column, &mut compared.conflicts))
            .collect();
        let mut rows = Vec::new();
        let mut seen: HashMap<Uuid, u32> = HashMap::new();
        let mut doubled = HashSet::new();
        for row in &filled.rows {
            match self.unit(row) {
                Err(conflict) => compared.conflicts.push(*conflict),
                Ok(unit) => match seen.get(&unit.unit.id) {
                    Some(first) => {
                        doubled.insert(unit.unit.id);
                        compared.conflicts.push(twice(row, unit, *first));
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
        for (row, unit) in rows {
            match self.row(row, unit, &columns)? {
                Ok(Said::Nothing) => {}
                Ok(Said::Unchanged) => compared.unchanged = compared.unchanged.saturating_add(1),
                Ok(Said::Fill(fill)) => compared.fills.push(*fill),
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
    fn indicator(&self, column: &FilledColumn, conflicts: &mut Vec<Conflict>) -> Option<&indicator::Model> {
        let Some(indicator) = self.around.asked_for(&column.code) else {
            conflicts.push(self.around.unknown(column.at, &column.code, ""));
            return None;
        };
        if self.around.asks_by(&column.code, column.part) {
            return Some(indicator);
        }
        let code = &column.code;
        conflicts.push(Conflict {
            indicator: Some(code.clone()),
            part: Some(column.part),
            ..told(
                column.at,
                code,
                "PART_NOT_ASKED",
                Text::new(
                    format!("Biểu này không phân tổ chỉ tiêu `{code}` như vậy."),
                    format!("This form does not break the indicator `{code}` down like that."),
                ),
            )
        });
        None
    }

    /// The unit of a row: by its key, or by its code where somebody has added the row.
    pub fn unit(&self, row: &FilledUnit) -> Result<&UnitStanding, Box<Conflict>> {
        let has = |unit: &UnitStanding| self.codes_of(unit).contains(&row.code);
        let units = self.standing.units.iter();
        let unit = if !row.unit.is_empty() {
            let id = Kind::Unit.parse(&row.unit).ok();
            units.filter(|one| Some(one.unit.id) == id).collect::<Vec<_>>()
        } else if !row.code.is_empty() {
            units.filter(|one| has(one)).collect()
        } else {
            return Err(Box::new(told(
                row.at,
                &row.name,
                "UNIT_MISSING",
                Text::new(
                    "Dòng này có số liệu nhưng không ghi đơn vị nào; hãy ghi mã đơn vị, hoặc điền vào dòng có sẵn của đơn vị.",
                    "This row has figures and names no unit; write the unit's code, or fill in the row that the unit has.",
                ),
            )));
        };
        match unit.as_slice() {
            [] => Err(Box::new(self.unknown(row))),
            [unit] => {
                let other_name = !row.name.is_empty() && text::fold(&row.name) != text::fold(&unit.unit.name);
                if other_name || !(row.code.is_empty() || has(unit)) {
                    return Err(Box::new(unclear(row, vec![unit.unit.name.clone()])));
                }
                Ok(unit)
            }
            several => {
                let names = several.iter().map(|unit| unit.unit.name.clone());
                Err(Box::new(unclear(row, names.collect())))
            }
        }
    }

    fn codes_of(&self, unit: &UnitStanding) -> &[String] {
        self.codes.get(&unit.unit.id).map_or(&[], Vec::as_slice)
    }

    /// A unit that is none of those for which the caller may fill in the form: out of reach, not expected to report, or nothing at all.
    fn unknown(&self, row: &FilledUnit) -> Conflict {
        let named = |(_, name): &&(Option<String>, String)| text::fold(name) == text::fold(&row.name);
        let codes = || self.known.iter().filter_map(|(code, _)| code.as_deref());
        let (found, suggestions) = if row.unit.is_empty() {
            let same_name = self.known.iter().filter(named).filter_map(|(code, _)| code.clone());
            let mut suggestions: Vec<String> = same_name.collect();
            suggestions.extend(suggest::nearest(&row.code, codes()));
            suggestions.dedup();
            (&row.code, suggestions)
        } else {
            let names = self.known.iter().map(|(_, name)| name.as_str());
            (&row.name, suggest::nearest(&row.name, names))
        };
        Conflict {
            suggestions,
            ..told(
                row.at,
                found,
                "UNKNOWN_UNIT",
                Text::new(
                    format!(
                        "«{found}» không có trong các đơn vị phải báo cáo biểu này cho kỳ này mà bạn được nhập số liệu."
                    ),
                    format!(
                        "“{found}” is none of the units that report on this form for this period and whose reports you may write."
                    ),
                ),
            )
        }
    }

    /// What a row asks for, or all that is wrong with it.
    fn row(
        &self,
        row: &FilledUnit,
        unit: &UnitStanding,
        columns: &[Option<&indicator::Model>],
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
            match looking.read(indicator, cell)? {
                Ok(Read::Unchanged | Read::Nothing) => {}
                Ok(Read::Taken(figure)) if open.is_some_and(|open| !open.contains(&indicator.id)) => {
                    let why = figure_locked(&figure.indicator);
                    conflicts.push(Conflict {
                        indicator: Some(figure.indicator),
                        part: Some(figure.part),
                        ..told(cell.at, &figure.text, "FIGURE_LOCKED", why)
                    });
                }
                Ok(Read::Taken(figure)) => taken.push(figure.typed()),
                Err(conflict) => conflicts.push(*conflict),
            }
        }
        if taken.is_empty() && conflicts.is_empty() {
            return Ok(Ok(Said::Unchanged));
        }
        if !self.is_fresh(row, unit) {
            return Ok(Err(vec![stale(row.at, &unit.unit.name)]));
        }
        if let Err(why) = unit.may_fill_in(&self.standing) {
            return refusal(row.at, &unit.unit.name, why).map(|conflict| Err(vec![conflict]));
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

impl Around {
    /// Whether the form asks for a part of an indicator.
    fn asks_by(&self, code: &str, part: FigurePart) -> bool {
        let mut placed = self.content.placed();
        let item = placed.find(|placed| placed.item.indicator == code);
        item.is_some_and(|placed| part.dimension().is_none_or(|one| placed.item.dimensions.contains(&one)))
    }
}

/// What is wrong in a place.
fn told(at: Place, found: &str, code: &'static str, text: Text) -> Conflict {
    Conflict {
        at,
        found: found.to_owned(),
        code,
        text,
        suggestions: Vec::new(),
        indicator: None,
        part: None,
    }
}

/// Why the report of a unit cannot be filled in, told at its row.
pub fn refusal(at: Place, name: &str, why: Error) -> Result<Conflict> {
    match why {
        Error::WrongState(text) => Ok(told(at, name, "WRONG_STATE", text)),
        Error::Invalid(problems) => {
            let problem = problems.into_iter().next();
            problem
                .map(|one| told(at, name, one.code, one.text))
                .ok_or(Error::NotFound)
        }
        other => Err(other),
    }
}

/// A row that was made of another version of its report.
pub fn stale(at: Place, name: &str) -> Conflict {
    told(
        at,
        name,
        "STALE_VERSION",
        Text::new(
            format!(
                "Báo cáo của «{name}» đã được lập hoặc sửa sau khi tải biểu này; hãy tải lại biểu rồi điền dòng này."
            ),
            format!(
                "The report of “{name}” was begun or changed after this sheet was downloaded; download it anew and fill in this row."
            ),
        ),
    )
}

fn twice(row: &FilledUnit, unit: &UnitStanding, first: u32) -> Conflict {
    let (name, first) = (&unit.unit.name, first.saturating_add(1));
    told(
        row.at,
        name,
        "TWICE",
        Text::new(
            format!("«{name}» đã có ở dòng {first}; hãy chỉ để lại một dòng."),
            format!("“{name}” is in row {first} already; leave only one row."),
        ),
    )
}

fn unclear(row: &FilledUnit, suggestions: Vec<String>) -> Conflict {
    Conflict {
        suggestions,
        ..told(
            row.at,
            &row.name,
            "UNIT_UNCLEAR",
            Text::new(
                "Tên, mã và khóa đơn vị ở dòng này không cùng một đơn vị; có thể các cột đã bị sắp xếp lệch nhau. Hãy tải lại biểu rồi điền.",
                "Name, code and key in this row are not of one unit; columns may have been sorted apart. Download the sheet anew and fill it in.",
            ),
        )
    }
}
