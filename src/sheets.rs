//! Spreadsheets of reports: a form as it stands on paper, to be filled in with Excel, LibreOffice or as text with separators, and read
//! back. Pure: what is on a form and what its figures may be comes from elsewhere, and so does what becomes of what is read.
//!
//! - A report ([`FormSheet`]), or the reports of many units with a row for each ([`UnitsSheet`]), is laid out once ([`layout`]) and
//!   written in two ways. Only the cells to fill in are unlocked. Nothing that was typed becomes a formula.
//! - What comes in is not trusted. An archive is unpacked within bounds and packed anew ([`unpack`]) before a parser sees it; a table is
//!   read cell by cell, within bounds; what runs, what leads elsewhere and what expands is refused.
//! - Figures are found by the code of their indicator, the heading of their column and the key of their unit, never by where they
//!   stand. A hidden first row says of which report and which version of it the table is, or of which form and period.
//! - A number of a table is a float. It is read as the shortest text that means it, and then as if that had been typed: what is not
//!   clear is told with what it could mean. A cell with a formula is refused, since what it shows was worked out elsewhere and may be
//!   old.

pub mod day;
mod delimited;
pub mod desk;
mod excel;
mod filled;
mod layout;
pub mod register;
pub mod suggest;
mod table;
mod units;
mod unpack;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use thidua_entity::Fixed4;
use thidua_entity::enums::{FigurePart, NumberForm};

pub use self::filled::{Conflict, Filled, FilledCell, FilledRow, find};
pub use self::layout::COMPULSORY;
use self::layout::Layout;
pub use self::table::{Place, Table, Value};
pub use self::units::{
    FilledColumn, FilledUnit, FilledUnits, UNITS_MAX, UnitRow, UnitsMarker, UnitsSheet, columns, find_units, fits,
};
use crate::error::{Error, Result};
use crate::text;

/// Most bytes of a table that comes in. One of a form with 200 indicators has about 30,000.
pub const BYTES_MAX: u64 = 4_194_304;
/// Most rows of a table.
const ROWS_MAX: u32 = 2_000;
/// Most columns of a table.
const COLUMNS_MAX: u32 = 500;
/// Most cells of a table; of a workbook, empty ones with a border included.
const CELLS_MAX: u32 = 200_000;
/// Most letters in a cell: those of a long title.
const LETTERS_MAX: usize = 4_000;
/// Most conflicts that are told at once; when these are mended, the rest is told. Only of as many is guessed what was meant.
pub const CONFLICTS_MAX: usize = 500;
/// Most characters of a file's name, without its ending.
const NAME_MAX: usize = 100;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook of Excel (ISO/IEC 29500).
    Xlsx,
    /// Text with semicolons, as Excel in Vietnamese reads and writes it, in UTF-8.
    Csv,
}

impl Format {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// What names of such files end in.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }
}

/// Of which report a table is, and what of it whoever fills it in saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Opaque id of the report.
    pub report: String,
    /// Opaque id of the version of its form.
    pub form_version: String,
    /// The version of the report with which the table was made.
    pub version: i32,
}

/// A report as it is laid out on a sheet.
#[derive(Clone, Debug)]
pub struct FormSheet {
    /// Of which report it is.
    pub marker: Marker,
    /// What stands above it.
    pub head: Head,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// What stands above the figures of a sheet.
#[derive(Clone, Debug)]
pub struct Head {
    /// What the sheet is called: the code of the form.
    pub code: String,
    /// What the form is called.
    pub title: String,
    /// What is told of it, line by line: a word and what it is.
    pub about: Vec<(String, String)>,
    /// When what is on it last changed.
    pub changed_at: DateTime<Utc>,
}

/// A section of a form.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Its indicators, in order.
    pub items: Vec<Item>,
}

/// An indicator on a form, with its figures.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its unit of measure.
    pub measure: String,
    /// How to fill it in.
    pub help: Option<String>,
    /// Whether a report cannot be sent without it.
    pub required: bool,
    /// What its text may look like.
    pub form: NumberForm,
    /// The least that a figure may be.
    pub lowest: Option<Fixed4>,
    /// The most that a figure may be.
    pub highest: Option<Fixed4>,
    /// Names of the choices that it offers.
    pub choices: Vec<String>,
    /// The total and the parts that are asked for.
    pub parts: Vec<FigurePart>,
    /// The figures that are there.
    pub figures: BTreeMap<FigurePart, Shown>,
}

/// A figure as a sheet shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// An exact number.
    Number(Fixed4),
    /// What is no exact number, or not only a number: as it was typed.
    Text(String),
}

/// Writes a report.
pub fn write(sheet: &FormSheet, format: Format) -> Result<Vec<u8>> {
    write_layouts(&[layout::of_report(sheet)], format)
}

/// Writes the reports of many units.
pub fn write_units(sheet: &UnitsSheet, format: Format) -> Result<Vec<u8>> {
    write_layouts(&[units::laid_out(sheet)?], format)
}

/// Writes sheets into one file; text holds only the first.
fn write_layouts(layouts: &[Layout<'_>], format: Format) -> Result<Vec<u8>> {
    match (format, layouts) {
        (Format::Xlsx, layouts) => excel::write(layouts).map_err(Error::internal),
        (Format::Csv, [first, ..]) => delimited::write(first),
        (Format::Csv, []) => Ok(Vec::new()),
    }
}

/// Reads a table of a report or of many, whichever way it is written: that is told by its content.
pub fn read(bytes: &[u8]) -> Result<Table> {
    read_wanted(bytes, is_of_reports)
}

/// Whether a sheet says in its first column that it is of reports.
fn is_of_reports(table: &Table) -> bool {
    let marked = |(place, value): (&Place, &Value)| {
        place.column == 0 && matches!(value, Value::Text(text) if text == layout::MARK || text == units::UNITS_MARK)
    };
    table.cells.iter().any(marked)
}

/// Reads a table; of a workbook the sheet that is wanted.
fn read_wanted(bytes: &[u8], is_wanted: fn(&Table) -> bool) -> Result<Table> {
    const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";
    if u64::try_from(bytes.len()).is_ok_and(|length| length > BYTES_MAX) {
        return Err(too_large());
    }
    if bytes.is_empty() {
        return Err(refused("FILE_EMPTY", "Tệp không có nội dung.", "The file is empty."));
    }
    if bytes.starts_with(b"PK") {
        excel::read(unpack::cleaned(bytes)?, is_wanted)
    } else if bytes.starts_with(OLD_OFFICE) {
        Err(not_taken())
    } else {
        delimited::read(bytes)
    }
}

/// The name of a file out of words, which everybody's system takes: letters, digits, blanks and dashes.
pub fn file_name(words: &[&str], format: Format) -> String {
    let harmless = |letter: char| match letter {
        letter if letter.is_alphanumeric() => letter,
        '-' | '_' | '(' | ')' => letter,
        _ => ' ',
    };
    let name = text::tidy(&words.join(" ").chars().map(harmless).collect::<String>());
    let name: String = name.chars().take(NAME_MAX).collect();
    format!("{}.{}", name.trim(), format.ending())
}

fn refused(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Error {
    Error::invalid(code, "file", vi, en)
}

fn not_taken() -> Error {
    refused(
        "FILE_TYPE_REFUSED",
        "Chỉ nhận bảng tính XLSX hoặc CSV mã hóa UTF-8 tải về từ hệ thống. Tệp XLS cũ, XLSM hoặc ODS hãy lưu thành XLSX; với CSV hãy chọn \
         “CSV UTF-8”.",
        "Only XLSX, or CSV in UTF-8, as downloaded from here, is taken. Save XLS, XLSM and ODS as XLSX; for CSV choose “CSV UTF-8”.",
    )
}

fn damaged() -> Error {
    refused(
        "SHEET_DAMAGED",
        "Bảng tính bị hỏng hoặc không đúng định dạng. Hãy tải lại biểu, điền rồi gửi lại.",
        "The spreadsheet is damaged or not as it should be. Download it anew, fill it in and send it again.",
    )
}

fn too_large() -> Error {
    refused(
        "SHEET_TOO_LARGE",
        format!(
            "Bảng tính quá lớn: tối đa {} MiB, {ROWS_MAX} dòng, {COLUMNS_MAX} cột, {LETTERS_MAX} ký tự một ô. Hãy xóa các dòng, cột và hình thừa, \
             hoặc tải lại biểu rồi điền.",
            BYTES_MAX / 1_048_576
        ),
        format!(
            "The spreadsheet is too large: at most {} MiB, {ROWS_MAX} rows, {COLUMNS_MAX} columns, {LETTERS_MAX} characters in a cell. Delete \
             what is not needed, or download it anew and fill it in.",
            BYTES_MAX / 1_048_576
        ),
    )
}

/// Lets through what stands in a cell when it is not too long and does not stand too far out.
fn within_bounds(place: Place, value: &Value) -> Result<()> {
    let long = match value {
        Value::Text(text) | Value::Number(text) | Value::Fault(text) => text.chars().nth(LETTERS_MAX).is_some(),
        Value::Formula(last) => last
            .as_ref()
            .is_some_and(|last| last.chars().nth(LETTERS_MAX).is_some()),
        Value::Truth(_) | Value::Day(_) => false,
    };
    if long || place.row >= ROWS_MAX || place.column >= COLUMNS_MAX {
        return Err(too_large());
    }
    Ok(())
}
