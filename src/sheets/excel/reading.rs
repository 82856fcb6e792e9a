//! Reads a workbook cell by cell, within bounds.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, Xlsx, XlsxFormulaMetadata};

use chrono::NaiveDate;

use crate::error::Result;
use crate::sheets::{CELLS_MAX, Place, Table, Value, damaged, refused, too_large, within_bounds};

/// Most sheets of a workbook that are looked at.
const SHEETS_MAX: usize = 10;

/// Reads the sheet of a workbook that is one of those that are looked for.
pub fn read(bytes: Vec<u8>, is_wanted: fn(&Table) -> bool) -> Result<Table> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let sheets = workbook.sheets_metadata().iter();
    let names: Vec<String> = sheets
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .take(SHEETS_MAX)
        .collect();
    let (mut found, mut left) = (None, CELLS_MAX);
    for name in names {
        let table = read_sheet(&mut workbook, name, &mut left)?;
        if is_wanted(&table) && found.replace(table).is_some() {
            return Err(refused(
                "SEVERAL_SHEETS",
                "Tệp có nhiều trang tính cùng loại; hãy chỉ để lại một trang.",
                "The file has several sheets of this kind; leave only one in it.",
            ));
        }
    }
    Ok(found.unwrap_or_default())
}

fn read_sheet(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: String, left: &mut u32) -> Result<Table> {
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| damaged())?;
    // What it says of its size may be wrong; it is believed when it is too much.
    let end = cells.dimensions().end;
    within_bounds(Place::new(end.0, end.1), &Value::Day(None))?;
    let mut table = Table {
        sheet: Some(name),
        ..Table::default()
    };
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| damaged())? {
        *left = left.checked_sub(1).ok_or_else(too_large)?;
        let place = Place::new(cell.pos.0, cell.pos.1);
        let value = value(cell.value);
        let value = match cell.formula {
            Some(XlsxFormulaMetadata::Normal { formula }) if formula.is_empty() => value,
            Some(_) => Some(Value::Formula(value.map(|value| value.shown()))),
            None => value,
        };
        // Beyond the bounds there may be a border, and nothing else.
        let Some(value) = value else { continue };
        within_bounds(place, &value)?;
        table.cells.insert(place, value);
    }
    Ok(table)
}

fn value(data: DataRef<'_>) -> Option<Value> {
    match data {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(Value::Number(number.to_string())),
        // The shortest text that means this float and no other: what somebody typed who typed at most fifteen digits.
        DataRef::Float(number) if number.is_finite() => Some(Value::Number(number.to_string())),
        DataRef::Float(number) => Some(Value::Fault(number.to_string())),
        DataRef::String(text) => some_text(&text),
        DataRef::SharedString(text) => some_text(text),
        DataRef::Bool(truth) => Some(Value::Truth(truth)),
        DataRef::DateTime(moment) => Some(Value::Day(day(&moment))),
        DataRef::DateTimeIso(moment) => Some(Value::Day(moment.get(..10).and_then(|day| day.parse().ok()))),
        DataRef::DurationIso(_) => Some(Value::Day(None)),
        DataRef::Error(error) => Some(Value::Fault(error.to_string())),
    }
}

/// The day of a moment as a program counts days; `None` for a span of time, or a day that never was.
fn day(moment: &ExcelDateTime) -> Option<NaiveDate> {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    day.filter(|_| moment.is_datetime())
}

fn some_text(text: &str) -> Option<Value> {
    (!text.trim().is_empty()).then(|| Value::Text(text.to_owned()))
}
