//! A register of honours that were given over the years, as somebody keeps it in a spreadsheet: each row is an award, and rows with the
//! same issuer, number and date are one decision. Here a row is read; which units and kinds of award it means is told in
//! `register/known.rs`, and what decisions come of the rows in `register/decisions.rs`. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;
use thidua_entity::enums::{NumberForm, Recipient};

use crate::error::{Result, Text};
use crate::sheets::register::{self, Entry, FilledRegister};
use crate::sheets::suggest::{self, Unclear};
use crate::sheets::{Conflict, Place, Table, Value, day};
use crate::text;

mod columns;
pub mod decisions;
pub mod known;
pub mod standing;
mod words;

use columns::RECIPIENTS;
pub use columns::{COLUMNS, Field, HINT};

/// A register that was read row by row.
#[derive(Clone, Debug)]
pub struct Register {
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// Its rows, from the top.
    pub lines: Vec<Line>,
    /// What cannot be read.
    pub conflicts: Vec<Conflict>,
    columns: Vec<Option<u32>>,
}

/// A row, as far as it can be read by itself.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Where it stands.
    pub row: u32,
    /// Number of the decision.
    pub number: Option<String>,
    /// Date of signing.
    pub day: Option<NaiveDate>,
    /// Year of achievement.
    pub year: Option<i32>,
    /// Who issued the decision.
    pub issuer: Option<String>,
    /// Who signed it.
    pub signer: Option<String>,
    /// The kind of award.
    pub kind: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// The recipient's name.
    pub name: Option<String>,
    /// Collective or individual.
    pub recipient: Option<Recipient>,
    /// How many.
    pub count: Option<i32>,
    /// What else is said.
    pub note: Option<String>,
    /// Where it is known from.
    pub source: Option<String>,
    /// What could not be read, and is not asked for again.
    unread: HashSet<Field>,
}

impl Line {
    /// Whether nothing that says of which decision the row is was left unread.
    fn says_its_decision(&self) -> bool {
        let head = [Field::Number, Field::Day, Field::Year, Field::Issuer, Field::Source];
        !head.iter().any(|field| self.unread.contains(field))
    }
}

/// Whether a table is such a register.
pub fn is_one(table: &Table) -> bool {
    register::is_one(table, COLUMNS)
}

/// Reads a file with a register. What cannot be read is told in the register itself, each by its cell.
pub fn read(bytes: &[u8]) -> Result<Register> {
    let table = register::read(bytes, is_one)?;
    Ok(Register::of(register::find(&table, COLUMNS)?))
}

impl Register {
    fn of(filled: FilledRegister) -> Self {
        let mut register = Self {
            sheet: filled.sheet,
            lines: Vec::with_capacity(filled.entries.len()),
            conflicts: filled.conflicts,
            columns: filled.columns,
        };
        for entry in &filled.entries {
            let line = register.line(entry);
            register.lines.push(line);
        }
        register
    }

    /// Where something of a row stands, or would stand.
    fn place(&self, row: u32, field: Field) -> Place {
        let own = self.columns.get(field as usize).copied().flatten();
        let first = || self.columns.iter().flatten().min().copied();
        Place::new(row, own.or_else(first).unwrap_or_default())
    }

    fn line(&mut self, entry: &Entry) -> Line {
        let mut line = Line {
            row: entry.row,
            ..Line::default()
        };
        let mut cell = Cells {
            register: self,
            entry,
            unread: HashSet::new(),
        };
        line.number = cell.read(Field::Number, said);
        line.day = cell.read(Field::Day, |value| day::read(value).map(Some));
        line.year = cell.read(Field::Year, year);
        line.issuer = cell.read(Field::Issuer, said);
        line.signer = cell.read(Field::Signer, said);
        line.kind = cell.read(Field::Kind, said);
        line.unit = cell.read(Field::Unit, said);
        line.name = cell.read(Field::Name, said);
        line.recipient = cell.read(Field::Recipient, recipient);
        line.count = cell.read(Field::Count, count);
        line.note = cell.read(Field::Note, said);
        line.source = cell.read(Field::Source, said);
        line.unread = cell.unread;
        line
    }
}

/// The cells of a row, each to be read in its way.
struct Cells<'a> {
    register: &'a mut Register,
    entry: &'a Entry,
    unread: HashSet<Field>,
}

impl Cells<'_> {
    /// What stands in a cell; what cannot be read is told, and counts as nothing.
    fn read<T>(&mut self, field: Field, read: fn(&Value) -> Result<Option<T>, Unclear>) -> Option<T> {
        let value = self.entry.cells.get(field as usize)?.as_ref()?;
        match read(value) {
            Ok(found) => found,
            Err(unclear) => {
                self.unread.insert(field);
                let at = self.register.place(self.entry.row, field);
                self.register
                    .conflicts
                    .push(words::conflict(at, value.shown(), unclear));
                None
            }
        }
    }
}

fn said(value: &Value) -> Result<Option<String>, Unclear> {
    let said = text::tidy(&suggest::typed(value, NumberForm::Text)?);
    Ok(Some(said).filter(|said| !said.is_empty()))
}

fn year(value: &Value) -> Result<Option<i32>, Unclear> {
    let Some(said) = said(value)? else { return Ok(None) };
    let digits = said.strip_prefix("Năm ").unwrap_or(&said);
    let is_year = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let year = digits.parse().ok().filter(|_| is_year);
    year.map(Some).ok_or_else(words::no_year)
}

fn count(value: &Value) -> Result<Option<i32>, Unclear> {
    let Some(said) = said(value)? else { return Ok(None) };
    let is_count = said.len() <= 9 && said.bytes().all(|byte| byte.is_ascii_digit());
    let count = said.parse().ok().filter(|_| is_count);
    count.map(Some).ok_or_else(words::no_count)
}

fn recipient(value: &Value) -> Result<Option<Recipient>, Unclear> {
    let Some(said) = said(value)? else { return Ok(None) };
    match text::fold(&said).as_str() {
        "tap the" | "tt" => Ok(Some(Recipient::Collective)),
        "ca nhan" | "cn" => Ok(Some(Recipient::Individual)),
        _ => Err(Unclear {
            code: "NOT_A_CHOICE",
            text: Text::new(
                "Hãy ghi Tập thể hoặc Cá nhân.",
                "Write Tập thể (collective) or Cá nhân (individual).",
            ),
            suggestions: RECIPIENTS.map(str::to_owned).to_vec(),
        }),
    }
}

#[cfg(test)]
mod tests;
