//! Finds the figures in a table that somebody filled in: by the codes in their rows and the headings of their columns.

use std::collections::{BTreeMap, HashMap};

use thidua_entity::enums::FigurePart;

use super::layout::{self, BEFORE, CODE, MARK, part_of};
use super::suggest::{Guesses, Known};
use super::{Marker, Place, Table, Value, refused};
use crate::error::{Result, Text};
use crate::text;

/// Something in a cell that is not taken, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Where it stands.
    pub at: Place,
    /// What stands there.
    pub found: String,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and how to mend it.
    pub text: Text,
    /// What could stand there instead, the likeliest first.
    pub suggestions: Vec<String>,
    /// Code of the indicator in whose row it is.
    pub indicator: Option<String>,
    /// The part in whose column it is.
    pub part: Option<FigurePart>,
}

/// What somebody filled in.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Of which report the table is.
    pub marker: Marker,
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// A row for each code, in order.
    pub rows: Vec<FilledRow>,
    /// What cannot be told apart.
    pub conflicts: Vec<Conflict>,
}

/// The figures of one indicator.
#[derive(Clone, Debug)]
pub struct FilledRow {
    /// Its code.
    pub code: String,
    /// Where the code stands.
    pub at: Place,
    /// Its name as it stands there.
    pub name: String,
    /// A cell for each column of figures.
    pub cells: Vec<FilledCell>,
}

/// A cell for a figure.
#[derive(Clone, Debug)]
pub struct FilledCell {
    /// The total, or which part of it.
    pub part: FigurePart,
    /// Where it stands.
    pub at: Place,
    /// What stands there; `None` when it is empty.
    pub value: Option<Value>,
}

/// Finds the figures in a table that was downloaded from here.
pub fn find(table: &Table) -> Result<Filled> {
    let rows = by_row(table);
    let marker = rows.values().find_map(marker).ok_or_else(not_ours)?;
    let is_code = |value: &Value| matches!(value, Value::Text(text) if text::fold(text) == text::fold(CODE));
    let headings = rows.iter().find_map(|(row, cells)| {
        let code = cells.iter().find(|(_, value)| is_code(value))?;
        Some((*row, *code.0, cells))
    });
    let (heading_row, code_column, headings) = headings.ok_or_else(not_ours)?;
    let mut filled = Filled {
        marker,
        sheet: table.sheet.clone(),
        rows: Vec::new(),
        conflicts: Vec::new(),
    };
    let parts = parts(heading_row, headings, &mut filled.conflicts);
    let name_column = headings
        .iter()
        .find(|(_, value)| value.shown() == BEFORE[1].0)
        .map(|(column, _)| *column);
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (&row, cells) in rows.range(heading_row.saturating_add(1)..) {
        let cell = |(column, part): (&u32, &FigurePart)| FilledCell {
            part: *part,
            at: Place::new(row, *column),
            value: cells.get(column).map(|value| (*value).clone()),
        };
        let found = FilledRow {
            code: cells
                .get(&code_column)
                .map(|code| text::tidy(&code.shown()))
                .unwrap_or_default(),
            at: Place::new(row, code_column),
            name: name_column
                .and_then(|name| Some(cells.get(&name)?.shown()))
                .unwrap_or_default(),
            cells: parts.iter().map(cell).collect(),
        };
        if found.code.is_empty() {
            filled.conflicts.extend(without_code(&found));
        } else if let Some(first) = seen.insert(found.code.clone(), row) {
            filled.conflicts.push(twice(&found, first));
        } else {
            filled.rows.push(found);
        }
    }
    // Of two rows with one code neither is taken.
    let doubled: Vec<String> = filled
        .conflicts
        .iter()
        .filter(|one| one.code == "TWICE")
        .filter_map(|one| one.indicator.clone())
        .collect();
    filled.rows.retain(|row| !doubled.contains(&row.code));
    Ok(filled)
}

pub(super) type Rows<'a> = BTreeMap<u32, BTreeMap<u32, &'a Value>>;

/// The cells of a table, row by row.
pub(super) fn by_row(table: &Table) -> Rows<'_> {
    let mut rows = Rows::new();
    for (place, value) in &table.cells {
        rows.entry(place.row).or_default().insert(place.column, value);
    }
    rows
}

/// What a row says of which report the table is.
fn marker(cells: &BTreeMap<u32, &Value>) -> Option<Marker> {
    let word = |column: u32| cells.get(&column).map(|value| value.shown());
    (word(0)? == MARK).then_some(())?;
    Some(Marker {
        report: word(1)?,
        form_version: word(2)?,
        version: word(3)?.trim().parse().ok()?,
    })
}

/// The columns with figures.
fn parts(row: u32, headings: &BTreeMap<u32, &Value>, conflicts: &mut Vec<Conflict>) -> BTreeMap<u32, FigurePart> {
    let (mut parts, mut guesses) = (BTreeMap::new(), Guesses::default());
    for (&column, value) in headings {
        let (heading, folded) = (value.shown(), text::fold(&value.shown()));
        let at = Place::new(row, column);
        match part_of(&heading) {
            Some(part) if parts.values().any(|other| *other == part) => conflicts.push(column_twice(at, heading)),
            Some(part) => _ = parts.insert(column, part),
            None if BEFORE.iter().any(|(known, _)| text::fold(known) == folded) => {}
            None => conflicts.push(unknown_column(at, heading, &mut guesses)),
        }
    }
    parts
}

/// A column that is there already.
pub(super) fn column_twice(at: Place, heading: String) -> Conflict {
    Conflict {
        at,
        code: "TWICE",
        text: Text::new(
            format!("Cột «{heading}» có hai lần."),
            format!("The column “{heading}” is there twice."),
        ),
        found: heading,
        suggestions: Vec::new(),
        indicator: None,
        part: None,
    }
}

/// A column that no form has.
pub(super) fn unknown_column(at: Place, heading: String, guesses: &mut Guesses) -> Conflict {
    let known = Known::of(FigurePart::ALL.iter().map(|part| layout::heading(*part)));
    Conflict {
        at,
        suggestions: guesses.nearest(&heading, &known),
        code: "UNKNOWN_COLUMN",
        text: Text::new(
            format!("Biểu không có cột «{heading}»; hãy giữ nguyên tiêu đề cột."),
            format!("The form has no column “{heading}”; leave headings as they are."),
        ),
        found: heading,
        indicator: None,
        part: None,
    }
}

/// Figures in a row that does not say of which indicator they are.
fn without_code(row: &FilledRow) -> Option<Conflict> {
    let first = row.cells.iter().find(|cell| cell.value.is_some())?;
    Some(Conflict {
        at: row.at,
        found: first.value.as_ref().map(Value::shown).unwrap_or_default(),
        code: "CODE_MISSING",
        text: Text::new(
            "Dòng này có số liệu nhưng thiếu mã chỉ tiêu.",
            "This row has figures and no code of an indicator.",
        ),
        suggestions: Vec::new(),
        indicator: None,
        part: Some(first.part),
    })
}

fn twice(row: &FilledRow, first: u32) -> Conflict {
    let (code, first) = (&row.code, first.saturating_add(1));
    Conflict {
        at: row.at,
        found: code.clone(),
        code: "TWICE",
        text: Text::new(
            format!("Chỉ tiêu `{code}` đã có ở dòng {first}; hãy chỉ để lại một dòng."),
            format!("The indicator `{code}` is in row {first} already; leave only one row."),
        ),
        suggestions: Vec::new(),
        indicator: Some(code.clone()),
        part: None,
    }
}

pub(super) fn not_ours() -> crate::error::Error {
    refused(
        "SHEET_NOT_OURS",
        "Không nhận ra bảng tính này: hãy tải biểu của báo cáo từ hệ thống (giữ nguyên dòng đầu bị ẩn và tiêu đề cột), điền rồi gửi lại.",
        "This spreadsheet is not known: download that of the report from here (with its hidden first row and its headings), fill it in and \
         send it again.",
    )
}
