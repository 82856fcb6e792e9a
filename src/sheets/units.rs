//! The reports of many units on one sheet: a row for each unit, a column for each indicator and part, below the headings of the paper
//! form. Hidden columns hold the key of the unit and, where there is a report, its key and the version with which the sheet was made.

use thidua_entity::enums::FigurePart;

use super::layout::{self, CODE, Cell, Column, FIGURE_WIDTH, Kind, Layout, Row};
use super::{CELLS_MAX, COLUMNS_MAX, Head, Item, Section, Shown};
use crate::error::{Error, Result};

mod filled;

#[cfg(test)]
mod tests;

pub use filled::{FilledColumn, FilledUnit, FilledUnits, find_units};

/// What the hidden first row begins with.
pub const UNITS_MARK: &str = "thidua-reports-1";
/// Most units on a sheet: the unions of a large province in a few sheets.
pub const UNITS_MAX: usize = 1_000;

const NAME: &str = "Đơn vị";
const UNIT_CODE: &str = "Mã đơn vị";
const UNIT_KEY: &str = "Khóa đơn vị";
const REPORT_KEY: &str = "Khóa báo cáo";
const VERSION: &str = "Phiên bản";
/// The columns before the figures, how wide they are, and whether they are only for programs.
const BEFORE: [(&str, u16, bool); 7] = [
    ("STT", 6, false),
    (NAME, 46, false),
    (UNIT_CODE, 16, false),
    ("Trạng thái", 16, false),
    (UNIT_KEY, 34, true),
    (REPORT_KEY, 34, true),
    (VERSION, 11, true),
];
/// Most rows above those of the units.
const ROWS_ABOVE_MAX: usize = 20;
/// How to fill it in.
const HINT: &str = "Chỉ điền vào các ô màu vàng; dòng màu xám là báo cáo không sửa được lúc này. Chỉ tiêu có dấu (*) là bắt buộc; chưa có số liệu \
                    thì để trống, bằng không thì ghi 0. Dán dữ liệu bằng “Dán giá trị”, không dùng công thức; không sắp xếp lại các cột.";

/// Of which form and period a sheet of many units is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitsMarker {
    /// Opaque id of the version of the form.
    pub form_version: String,
    /// Opaque id of the period.
    pub period: String,
}

/// The reports of many units on a form for a period, as they are laid out.
#[derive(Clone, Debug)]
pub struct UnitsSheet {
    /// Of which form and period it is.
    pub marker: UnitsMarker,
    /// What stands above it.
    pub head: Head,
    /// The sections of the form, in order; their items hold no figures.
    pub sections: Vec<Section>,
    /// A row for each unit.
    pub rows: Vec<UnitRow>,
}

/// A unit on a sheet of many.
#[derive(Clone, Debug)]
pub struct UnitRow {
    /// Opaque id of the unit.
    pub unit: String,
    /// A code that it has.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// Opaque id and version of its report, once it is begun.
    pub report: Option<(String, i32)>,
    /// How its report stands, in a word for people.
    pub standing: &'static str,
    /// Whether its figures can be filled in now.
    pub open: bool,
    /// Its figures, one for each of the [`columns`].
    pub figures: Vec<Option<Shown>>,
}

/// What there is a column for: each indicator by each part that it is asked by.
pub fn columns(sections: &[Section]) -> impl Iterator<Item = (&Item, FigurePart)> {
    let items = sections.iter().flat_map(|section| &section.items);
    items.flat_map(|item| item.parts.iter().map(move |part| (item, *part)))
}

/// Lays out a sheet that is not too large to be read again.
pub fn laid_out(sheet: &UnitsSheet) -> Result<Layout<'_>> {
    let columns: Vec<(&Item, FigurePart)> = columns(&sheet.sections).collect();
    fits(sheet.rows.len(), columns.len())?;
    let marker = &sheet.marker;
    let marker = vec![
        UNITS_MARK.to_owned(),
        marker.form_version.clone(),
        marker.period.clone(),
    ];
    let mut rows = layout::above(marker, &sheet.head, HINT);
    rows.push(titles(&sheet.sections));
    let above = |label: &'static str, what: fn(&Item) -> String| Row {
        kind: Kind::Above,
        cells: labelled(label)
            .chain(columns.iter().map(|(item, _)| Cell::said(what(item))))
            .collect(),
    };
    rows.push(above("Chỉ tiêu", layout::name));
    rows.push(above("Đơn vị tính", |item| item.measure.clone()));
    rows.push(above(CODE, |item| item.code.clone()));
    let headings = BEFORE.iter().map(|(heading, ..)| *heading);
    let parts = columns.iter().map(|(_, part)| layout::heading(*part));
    rows.push(Row {
        kind: Kind::Headings,
        cells: headings.chain(parts).map(Cell::said).collect(),
    });
    rows.extend(
        (1..)
            .zip(&sheet.rows)
            .map(|(number, unit)| of_unit(number, unit, &columns)),
    );
    let before = BEFORE.iter().map(|&(_, width, hidden)| Column { width, hidden });
    let figures = columns.iter().map(|_| Column {
        width: FIGURE_WIDTH,
        hidden: false,
    });
    Ok(Layout {
        head: &sheet.head,
        columns: before.chain(figures).collect(),
        staying: 4,
        rows,
    })
}

/// The cells before the figures in a row above the headings: a label in the second.
fn labelled<'a>(label: &'static str) -> impl Iterator<Item = Cell<'a>> {
    (0..BEFORE.len()).map(move |column| match column {
        1 => Cell::said(label),
        _ => Cell::Nothing,
    })
}

/// The titles of the sections, each above its first column.
fn titles(sections: &[Section]) -> Row<'_> {
    let cells = sections.iter().flat_map(|section| {
        let columns = columns(std::slice::from_ref(section)).count();
        (0..columns).map(|column| match &section.title {
            Some(title) if column == 0 => Cell::said(title),
            _ => Cell::Nothing,
        })
    });
    Row {
        kind: Kind::Section,
        cells: labelled("").chain(cells).collect(),
    }
}

fn of_unit<'a>(number: u32, unit: &'a UnitRow, columns: &[(&'a Item, FigurePart)]) -> Row<'a> {
    let (report, version) = match &unit.report {
        Some((id, version)) => (Cell::said(id), Cell::said(version.to_string())),
        None => (Cell::Nothing, Cell::Nothing),
    };
    let mut cells = vec![
        Cell::said(number.to_string()),
        Cell::said(&unit.name),
        unit.code.as_ref().map_or(Cell::Nothing, Cell::said),
        Cell::said(unit.standing),
        Cell::said(&unit.unit),
        report,
        version,
    ];
    cells.extend(
        columns
            .iter()
            .zip(&unit.figures)
            .map(|((item, _), figure)| match (unit.open, figure) {
                (true, figure) => Cell::Figure(item, figure.as_ref()),
                (false, Some(figure)) => Cell::Closed(item, figure),
                (false, None) => Cell::NotAsked,
            }),
    );
    Row {
        kind: Kind::Figures,
        cells,
    }
}

/// Whether a sheet that goes out can be read when it comes back; asked before figures are read for it. `units`: how many there are, or
/// one more than fit; `columns`: how many of figures.
pub fn fits(units: usize, columns: usize) -> Result<()> {
    let most = |bound: u32| usize::try_from(bound).unwrap_or(usize::MAX);
    let wide = columns.saturating_add(BEFORE.len());
    if wide > most(COLUMNS_MAX) {
        let columns_max = most(COLUMNS_MAX).saturating_sub(BEFORE.len());
        return Err(Error::invalid(
            "FORM_TOO_WIDE",
            "id",
            format!(
                "Biểu này có {columns} cột số liệu, quá {columns_max} cột nên không lập được một bảng cho nhiều đơn vị; hãy dùng bảng tính riêng của \
                 từng báo cáo."
            ),
            format!(
                "This form has {columns} columns of figures, and one spreadsheet for many units takes {columns_max}; use the spreadsheet of each \
                 report."
            ),
        ));
    }
    let rows_max = most(CELLS_MAX).checked_div(wide).unwrap_or_default();
    let units_max = rows_max.saturating_sub(ROWS_ABOVE_MAX).min(UNITS_MAX);
    if units <= units_max {
        return Ok(());
    }
    Err(Error::invalid(
        "TOO_MANY_UNITS",
        "underId",
        format!(
            "Bảng quá lớn: với {columns} cột số liệu của biểu này, tối đa {units_max} đơn vị một bảng. Hãy tải riêng cho từng đơn vị cấp dưới (underId)."
        ),
        format!(
            "The sheet is too large: with the {columns} columns of figures of this form it takes at most {units_max} units. Download one for each \
             unit below (underId)."
        ),
    ))
}
