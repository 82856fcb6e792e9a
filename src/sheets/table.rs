//! A table that was read: what stands where.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// Where a cell stands, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

impl Place {
    /// A place.
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// As people name it: `E12`.
    pub fn name(self) -> String {
        let mut letters = Vec::new();
        let mut left = self.column.saturating_add(1);
        while left > 0 {
            left = left.saturating_sub(1);
            let letter = u8::try_from(left % 26).unwrap_or_default();
            letters.push(char::from(b'A'.saturating_add(letter)));
            left /= 26;
        }
        letters.reverse();
        format!("{}{}", String::from_iter(letters), self.row.saturating_add(1))
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, as the shortest text with a point that means it.
    Number(String),
    /// A text.
    Text(String),
    /// True or false.
    Truth(bool),
    /// A day or a time: programs make one of `10-12`. The day, where it can be told.
    Day(Option<NaiveDate>),
    /// An error such as `#REF!`.
    Fault(String),
    /// A formula, with what it showed last when that can be told.
    Formula(Option<String>),
}

impl Value {
    /// The text of what stands there, for people.
    pub fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.replace('.', ","),
            Self::Text(text) | Self::Fault(text) => text.clone(),
            Self::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Day(day) => day.map(super::day::written).unwrap_or_default(),
            Self::Formula(last) => last.clone().unwrap_or_default(),
        }
    }
}

/// A table that was read: what stands where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// The cells that are not empty.
    pub cells: BTreeMap<Place, Value>,
}
