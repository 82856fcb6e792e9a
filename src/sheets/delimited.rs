//! Tables as text with separators (RFC 4180, with semicolons: in Vietnamese the comma begins the decimals).

use super::layout::{Cell, Layout};
use super::{CELLS_MAX, Place, Shown, Table, Value, not_taken, too_large, within_bounds};
use crate::error::{Error, Result};
use crate::numbers;

/// Says to Excel that the text is in UTF-8.
const MARK_OF_UTF8: &[u8] = b"\xef\xbb\xbf";
/// What may stand between the cells of a table that comes in.
const SEPARATORS: [char; 3] = [';', ',', '\t'];

/// Writes a sheet.
pub fn write(layout: &Layout<'_>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(MARK_OF_UTF8.to_vec());
    for row in &layout.rows {
        writer
            .write_record(row.cells.iter().map(written))
            .map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

fn written(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Nothing | Cell::NotAsked | Cell::Figure(_, None) => String::new(),
        Cell::Said(text) => harmless(text),
        Cell::Figure(_, Some(Shown::Text(text))) | Cell::Closed(_, Shown::Text(text)) => harmless(text),
        Cell::Figure(_, Some(Shown::Number(number))) | Cell::Closed(_, Shown::Number(number)) => plain(*number),
    }
}

/// A number without dots between its thousands, which some programs would take for a point.
pub fn plain(number: thidua_entity::Fixed4) -> String {
    numbers::write(number).replace('.', "")
}

/// Whether a program for tables would take a text for a formula, or could be made to.
fn is_formula(text: &str) -> bool {
    let first = text.trim_start_matches([' ', '\u{a0}', '\n']).chars().next();
    first.is_some_and(|letter| matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'))
}

/// A text behind an apostrophe when it would be taken for a formula (OWASP, CSV injection), or already begins with one.
pub fn harmless(text: &str) -> String {
    if is_formula(text) || text.starts_with('\'') {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text without the apostrophe that [`harmless`] put before it.
pub fn without_apostrophe(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) || rest.starts_with('\'') => rest,
        _ => text,
    }
}

/// Reads a table: text in UTF-8, with the separator that stands first in it.
pub fn read(bytes: &[u8]) -> Result<Table> {
    let bytes = bytes.strip_prefix(MARK_OF_UTF8).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| not_taken())?;
    if text.contains(|letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')) {
        return Err(not_taken());
    }
    let separator = text.chars().find(|letter| SEPARATORS.contains(letter)).unwrap_or(';');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut table = Table::default();
    let mut record = csv::StringRecord::new();
    let mut left = CELLS_MAX;
    for row in 0.. {
        if !reader.read_record(&mut record).map_err(|_| not_taken())? {
            break;
        }
        for (column, text) in (0..).zip(&record) {
            let place = Place::new(row, column);
            let text = without_apostrophe(text);
            // Programs write as many separators as the widest row has cells.
            if text.trim().is_empty() {
                if column >= super::COLUMNS_MAX {
                    return Err(too_large());
                }
                continue;
            }
            let value = Value::Text(text.to_owned());
            within_bounds(place, &value)?;
            left = left.checked_sub(1).ok_or_else(too_large)?;
            table.cells.insert(place, value);
        }
        if row >= super::ROWS_MAX {
            return Err(too_large());
        }
    }
    Ok(table)
}
