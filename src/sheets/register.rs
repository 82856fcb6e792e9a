//! A register to be filled in line by line: headings, and below them a row for each entry. Columns are found by their headings, wherever
//! they stand, so that a list which somebody keeps anyway is taken as it is. What the columns mean is known elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::enums::NumberForm;

use super::filled::{Rows, by_row, column_twice};
use super::layout::{self, Cell, Kind, Layout, Row};
use super::suggest::{Guesses, Known};
use super::{Conflict, Format, Head, Item, Place, Table, Value, refused};
use crate::error::{Error, Result, Text};
use crate::text;

/// Most entries of a register.
pub const ENTRIES_MAX: usize = 1_000;
/// Most codes that are told above a register in text: as many as one reads.
const CODES_MAX: usize = 60;
/// What a column is called that only counts the rows.
const COUNTING: [&str; 3] = ["STT", "TT", "Số TT"];

/// A column of a register.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What stands above it.
    pub heading: &'static str,
    /// What people also write above it.
    pub also: &'static [&'static str],
    /// How wide it is.
    pub width: u16,
    /// What its cells may look like.
    pub form: NumberForm,
    /// What can be chosen in it.
    pub choices: &'static [&'static str],
    /// Whether a register cannot be without it: by these columns it is known.
    pub required: bool,
    /// How to fill it in.
    pub help: &'static str,
}

impl Column {
    fn is_called(&self, folded: &str) -> bool {
        let names = std::iter::once(&self.heading).chain(self.also);
        names.into_iter().any(|name| text::fold(name) == folded)
    }
}

/// A register as it is laid out, to be filled in.
#[derive(Clone, Debug)]
pub struct RegisterSheet {
    /// What stands above it.
    pub head: Head,
    /// How to fill it in.
    pub hint: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// What is looked up while it is filled in, on a sheet beside it; in text only what stands in its first column.
    pub beside: List,
}

/// A list to look things up in.
#[derive(Clone, Debug)]
pub struct List {
    /// What stands above it.
    pub head: Head,
    /// Its headings, and how wide its columns are.
    pub headings: Vec<(&'static str, u16)>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// Writes an empty register.
pub fn write(sheet: &RegisterSheet, format: Format) -> Result<Vec<u8>> {
    let items: Vec<Item> = sheet.columns.iter().map(item).collect();
    let mut rows = above(&sheet.head, Some(sheet.hint));
    let codes = sheet.beside.rows.iter().filter_map(|row| row.first());
    let codes: Vec<&str> = codes.take(CODES_MAX).map(String::as_str).collect();
    if format == Format::Csv {
        rows.push(Row {
            kind: Kind::About,
            cells: vec![Cell::said(&sheet.beside.head.title), Cell::said(codes.join(", "))],
        });
    }
    rows.push(Row {
        kind: Kind::Headings,
        cells: items.iter().map(|item| Cell::said(layout::name(item))).collect(),
    });
    // In text there are no cells to fill in, only lines to be added.
    let blank = match format {
        Format::Xlsx => ENTRIES_MAX,
        Format::Csv => 0,
    };
    rows.extend((0..blank).map(|_| Row {
        kind: Kind::Figures,
        cells: items.iter().map(|item| Cell::Figure(item, None)).collect(),
    }));
    let register = Layout {
        head: &sheet.head,
        columns: sheet.columns.iter().map(|column| shown(column.width)).collect(),
        staying: 1,
        rows,
    };
    super::write_layouts(&[register, laid_out(&sheet.beside)], format)
}

fn laid_out(list: &List) -> Layout<'_> {
    let mut rows = above(&list.head, None);
    rows.push(Row {
        kind: Kind::Headings,
        cells: list.headings.iter().map(|(heading, _)| Cell::said(*heading)).collect(),
    });
    rows.extend(list.rows.iter().map(|row| Row {
        kind: Kind::Figures,
        cells: row.iter().map(Cell::said).collect(),
    }));
    Layout {
        head: &list.head,
        columns: list.headings.iter().map(|(_, width)| shown(*width)).collect(),
        staying: 1,
        rows,
    }
}

fn above<'a>(head: &'a Head, hint: Option<&'static str>) -> Vec<Row<'a>> {
    let row = |kind, cells: Vec<&'a str>| Row {
        kind,
        cells: cells.into_iter().map(Cell::said).collect(),
    };
    let mut rows = vec![row(Kind::Title, vec![&head.title])];
    rows.extend(head.about.iter().map(|(word, what)| row(Kind::About, vec![word, what])));
    rows.extend(hint.map(|hint| row(Kind::Hint, vec![hint])));
    rows
}

const fn shown(width: u16) -> layout::Column {
    layout::Column { width, hidden: false }
}

fn item(column: &Column) -> Item {
    Item {
        code: String::new(),
        name: column.heading.to_owned(),
        measure: String::new(),
        help: Some(column.help.to_owned()),
        required: column.required,
        form: column.form,
        lowest: None,
        highest: None,
        choices: column.choices.iter().map(|choice| (*choice).to_owned()).collect(),
        parts: Vec::new(),
        figures: BTreeMap::new(),
    }
}

/// What somebody entered into a register.
#[derive(Clone, Debug)]
pub struct FilledRegister {
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// Where each of the columns stands; `None` for one that is not there.
    pub columns: Vec<Option<u32>>,
    /// The entries, from the top; empty rows are none.
    pub entries: Vec<Entry>,
    /// Columns that are not known, or there twice.
    pub conflicts: Vec<Conflict>,
}

/// An entry of a register.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its row.
    pub row: u32,
    /// A cell for each of the columns.
    pub cells: Vec<Option<Value>>,
}

/// Reads a table; of a workbook the sheet that is such a register.
pub fn read(bytes: &[u8], is_wanted: fn(&Table) -> bool) -> Result<Table> {
    super::read_wanted(bytes, is_wanted)
}

/// Whether a table has a row with the headings that a register cannot be without.
pub fn is_one(table: &Table, columns: &[Column]) -> bool {
    heading_row(&by_row(table), columns).is_some()
}

fn heading_row(rows: &Rows<'_>, columns: &[Column]) -> Option<u32> {
    let has_all = |cells: &BTreeMap<u32, &Value>| {
        let folded: Vec<String> = cells.values().map(|value| text::fold(&value.shown())).collect();
        let mut required = columns.iter().filter(|column| column.required);
        required.all(|column| folded.iter().any(|one| column.is_called(one)))
    };
    rows.iter().find(|(_, cells)| has_all(cells)).map(|(row, _)| *row)
}

/// Finds the entries of a register in a table.
pub fn find(table: &Table, columns: &[Column]) -> Result<FilledRegister> {
    let rows = by_row(table);
    let heading_row = heading_row(&rows, columns).ok_or_else(|| no_register(columns))?;
    let mut filled = FilledRegister {
        sheet: table.sheet.clone(),
        columns: vec![None; columns.len()],
        entries: Vec::new(),
        conflicts: Vec::new(),
    };
    let headings = rows.get(&heading_row).into_iter().flatten();
    let known = Known::of(columns.iter().map(|column| column.heading));
    let (mut guesses, mut headed) = (Guesses::default(), BTreeSet::new());
    for (&at, value) in headings {
        let (heading, folded) = (text::tidy(&value.shown()), text::fold(&value.shown()));
        headed.insert(at);
        let found = columns.iter().position(|column| column.is_called(&folded));
        let place = Place::new(heading_row, at);
        match found.and_then(|index| filled.columns.get_mut(index)) {
            Some(taken @ None) => *taken = Some(at),
            Some(Some(_)) => filled.conflicts.push(column_twice(place, heading)),
            None if COUNTING.iter().any(|counting| text::fold(counting) == folded) => {}
            None => filled.conflicts.push(unknown(place, heading, &known, &mut guesses)),
        }
    }
    for (&row, cells) in rows.range(heading_row.saturating_add(1)..) {
        for (&at, value) in cells {
            if headed.insert(at) {
                filled.conflicts.push(without_heading(Place::new(row, at), value));
            }
        }
        let cell = |column: &Option<u32>| column.and_then(|at| cells.get(&at)).map(|value| (*value).clone());
        let cells: Vec<Option<Value>> = filled.columns.iter().map(cell).collect();
        if cells.iter().any(Option::is_some) {
            filled.entries.push(Entry { row, cells });
        }
        if filled.entries.len() > ENTRIES_MAX {
            return Err(refused(
                "TOO_MANY_ROWS",
                format!("Bảng có quá {ENTRIES_MAX} dòng khen thưởng; hãy chia thành nhiều tệp."),
                format!("The register has more than {ENTRIES_MAX} rows; divide it into several files."),
            ));
        }
    }
    Ok(filled)
}

fn unknown(at: Place, heading: String, known: &Known, guesses: &mut Guesses) -> Conflict {
    Conflict {
        at,
        suggestions: guesses.nearest(&heading, known),
        code: "UNKNOWN_COLUMN",
        text: Text::new(
            format!("Không biết cột «{heading}»; hãy sửa tiêu đề hoặc bỏ cột này."),
            format!("There is no column “{heading}”; mend its heading or take the column out."),
        ),
        found: heading,
        indicator: None,
        part: None,
    }
}

fn without_heading(at: Place, value: &Value) -> Conflict {
    Conflict {
        at,
        found: value.shown(),
        code: "UNKNOWN_COLUMN",
        text: Text::new(
            "Cột này không có tiêu đề; hãy ghi tiêu đề hoặc xóa các ô của cột.",
            "This column has no heading; write one, or empty its cells.",
        ),
        suggestions: Vec::new(),
        indicator: None,
        part: None,
    }
}

fn no_register(columns: &[Column]) -> Error {
    let required: Vec<String> = columns
        .iter()
        .filter(|column| column.required)
        .map(|column| format!("«{}»", column.heading))
        .collect();
    let required = required.join(", ");
    refused(
        "SHEET_NOT_OURS",
        format!(
            "Không tìm thấy dòng tiêu đề có đủ các cột {required}. Hãy tải mẫu từ hệ thống, hoặc ghi tiêu đề như trong mẫu."
        ),
        format!(
            "There is no row of headings with the columns {required}. Download the empty register, or write the headings as they are in it."
        ),
    )
}
