//! Finds the figures in a sheet of many units that somebody filled in: by the keys or codes in their rows, and by the codes and headings
//! of their columns.

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::enums::FigurePart;

use super::{BEFORE, NAME, REPORT_KEY, UNIT_CODE, UNIT_KEY, UNITS_MARK, UNITS_MAX, UnitsMarker, VERSION};
use crate::error::{Result, Text};
use crate::sheets::filled::{by_row, column_twice, not_ours, unknown_column};
use crate::sheets::layout::{CODE, part_of};
use crate::sheets::suggest::Guesses;
use crate::sheets::{CELLS_MAX, Conflict, FilledCell, Place, Table, Value, refused};
use crate::text;

/// What somebody filled in for many units.
#[derive(Clone, Debug)]
pub struct FilledUnits {
    /// Of which form and period the table is.
    pub marker: UnitsMarker,
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// What its columns of figures are.
    pub columns: Vec<FilledColumn>,
    /// A row for each unit that is named, or that has figures, in order.
    pub rows: Vec<FilledUnit>,
    /// Columns that cannot be told apart.
    pub conflicts: Vec<Conflict>,
}

/// A column of figures.
#[derive(Clone, Debug)]
pub struct FilledColumn {
    /// Code of the indicator.
    pub code: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// Where the code stands.
    pub at: Place,
}

/// The figures of one unit.
#[derive(Clone, Debug)]
pub struct FilledUnit {
    /// Where its name stands.
    pub at: Place,
    /// Its name.
    pub name: String,
    /// Its code; empty where there is none.
    pub code: String,
    /// Its opaque id; empty where somebody has added the row.
    pub unit: String,
    /// The opaque id of its report; empty when there was none.
    pub report: String,
    /// The version of the report with which the sheet was made.
    pub version: Option<i32>,
    /// A cell for each of the columns.
    pub cells: Vec<FilledCell>,
}

impl FilledUnit {
    /// Whether no figure stands in the row.
    pub fn says_nothing(&self) -> bool {
        self.cells.iter().all(|cell| cell.value.is_none())
    }
}

/// Finds the figures in a table of many units that was downloaded from here.
pub fn find_units(table: &Table) -> Result<FilledUnits> {
    let rows = by_row(table);
    let marker = rows.values().find_map(marker).ok_or_else(not_ours)?;
    let row_of = |heading: &str| {
        let folded = text::fold(heading);
        let is_it = |value: &&Value| matches!(value, Value::Text(text) if text::fold(text) == folded);
        rows.iter().find(|(_, cells)| cells.values().any(is_it))
    };
    let (Some((&heading_row, headings)), Some((&code_row, codes))) = (row_of(UNIT_CODE), row_of(CODE)) else {
        return Err(not_ours());
    };
    let column = |heading: &str| {
        let folded = text::fold(heading);
        let mut found = headings
            .iter()
            .filter(|(_, value)| text::fold(&value.shown()) == folded);
        found.next().map(|(column, _)| *column)
    };
    let mut conflicts = Vec::new();
    let columns = figure_columns((heading_row, headings), (code_row, codes), &mut conflicts);
    let [name, code, unit, report, version] = [NAME, UNIT_CODE, UNIT_KEY, REPORT_KEY, VERSION].map(column);
    let mut filled = Vec::new();
    let cells_max = usize::try_from(CELLS_MAX).unwrap_or(usize::MAX);
    let units_max = cells_max
        .checked_div(columns.len())
        .map_or(UNITS_MAX, |rows| rows.min(UNITS_MAX));
    for (&row, cells) in rows.range(heading_row.saturating_add(1)..) {
        let said = |column: Option<u32>| {
            let cell = column.and_then(|column| cells.get(&column));
            cell.map(|value| text::tidy(&value.shown())).unwrap_or_default()
        };
        let figure = |column: &FilledColumn| FilledCell {
            part: column.part,
            at: Place::new(row, column.at.column),
            value: cells.get(&column.at.column).map(|value| (*value).clone()),
        };
        let one = FilledUnit {
            at: Place::new(row, name.or(code).unwrap_or_default()),
            name: said(name),
            code: said(code),
            unit: said(unit),
            report: said(report),
            version: said(version).parse().ok(),
            cells: columns.iter().map(figure).collect(),
        };
        if !(one.unit.is_empty() && one.code.is_empty() && one.says_nothing()) {
            filled.push(one);
        }
        // An empty cell takes a figure out, so that it counts as one that is filled in.
        if filled.len() > units_max {
            return Err(refused(
                "TOO_MANY_UNITS",
                format!("Bảng tính có quá {units_max} đơn vị với từng ấy cột; hãy chia thành nhiều tệp."),
                format!(
                    "The spreadsheet has more than {units_max} units with as many columns; divide it into several files."
                ),
            ));
        }
    }
    Ok(FilledUnits {
        marker,
        sheet: table.sheet.clone(),
        columns,
        rows: filled,
        conflicts,
    })
}

/// What a row says of which form and period the table is.
fn marker(cells: &BTreeMap<u32, &Value>) -> Option<UnitsMarker> {
    let word = |column: u32| cells.get(&column).map(|value| value.shown());
    (word(0)? == UNITS_MARK).then_some(())?;
    Some(UnitsMarker {
        form_version: word(1)?,
        period: word(2)?,
    })
}

/// The columns with figures. Of two that are the same neither is taken.
fn figure_columns(
    (heading_row, headings): (u32, &BTreeMap<u32, &Value>),
    (code_row, codes): (u32, &BTreeMap<u32, &Value>),
    conflicts: &mut Vec<Conflict>,
) -> Vec<FilledColumn> {
    let is_before = |heading: &str| {
        let folded = text::fold(heading);
        BEFORE.iter().any(|(known, ..)| text::fold(known) == folded)
    };
    let shown = |cells: &BTreeMap<u32, &Value>, column: &u32| {
        let cell = cells.get(column).map(|value| text::tidy(&value.shown()));
        cell.unwrap_or_default()
    };
    let (mut columns, mut guesses) = (Vec::<FilledColumn>::new(), Guesses::default());
    let mut doubled = BTreeSet::new();
    let all: BTreeSet<u32> = headings.keys().chain(codes.keys()).copied().collect();
    for column in &all {
        let (heading, code) = (shown(headings, column), shown(codes, column));
        let at = Place::new(code_row, *column);
        // The label of the row of codes stands above a column that holds no figures.
        if is_before(&heading) {
            continue;
        }
        let Some(part) = part_of(&heading) else {
            conflicts.push(unknown_column(Place::new(heading_row, *column), heading, &mut guesses));
            continue;
        };
        if code.is_empty() {
            conflicts.push(without_code(at, heading, part));
            continue;
        }
        if columns.iter().any(|other| other.code == code && other.part == part) {
            conflicts.push(Conflict {
                indicator: Some(code.clone()),
                part: Some(part),
                ..column_twice(at, format!("{code}, {heading}"))
            });
            doubled.insert((code, part));
            continue;
        }
        columns.push(FilledColumn { code, part, at });
    }
    columns.retain(|column| !doubled.contains(&(column.code.clone(), column.part)));
    columns
}

fn without_code(at: Place, heading: String, part: FigurePart) -> Conflict {
    Conflict {
        at,
        found: heading,
        code: "CODE_MISSING",
        text: Text::new(
            "Cột này có tiêu đề nhưng thiếu mã chỉ tiêu ở trên.",
            "This column has a heading and no code of an indicator above it.",
        ),
        suggestions: Vec::new(),
        indicator: None,
        part: Some(part),
    }
}
