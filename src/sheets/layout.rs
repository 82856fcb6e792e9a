//! How a report is laid out: the rows and columns of the paper form, the same for every way of writing it.

use std::borrow::Cow;

use thidua_entity::enums::FigurePart;

use super::{FormSheet, Head, Item, Section, Shown};
use crate::text;

/// What the hidden first row begins with.
pub const MARK: &str = "thidua-report-1";
/// The heading of the column with the codes.
pub const CODE: &str = "Mã chỉ tiêu";
/// The columns before the figures, and how wide they are.
pub const BEFORE: [(&str, u16); 4] = [("STT", 6), ("Chỉ tiêu", 52), (CODE, 22), ("Đơn vị tính", 13)];
/// Width of a column with figures.
pub const FIGURE_WIDTH: u16 = 17;
/// What a compulsory indicator is marked with.
pub const COMPULSORY: &str = " (*)";
/// How to fill it in.
const HINT: &str = "Chỉ điền vào các ô để trống màu vàng. Chỉ tiêu có dấu (*) là bắt buộc; chưa có số liệu thì để trống, bằng không thì ghi 0. \
                    Dán dữ liệu bằng “Dán giá trị”, không dùng công thức.";

/// A cell as it is laid out.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    /// Nothing.
    Nothing,
    /// What the form does not ask for, or what is not filled in now.
    NotAsked,
    /// A text that is not filled in.
    Said(Cow<'a, str>),
    /// A cell to fill in.
    Figure(&'a Item, Option<&'a Shown>),
    /// A figure that cannot be changed now.
    Closed(&'a Item, &'a Shown),
}

impl<'a> Cell<'a> {
    /// A text that is not filled in.
    pub fn said(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Said(text.into())
    }
}

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For programs: of what the sheet is.
    Marker,
    /// What stands above all.
    Title,
    /// A word and what it is.
    About,
    /// How to fill it in.
    Hint,
    /// What stands above the headings.
    Above,
    /// What the columns are.
    Headings,
    /// The title of a section.
    Section,
    /// Figures.
    Figures,
}

/// A row as it is laid out.
#[derive(Debug)]
pub struct Row<'a> {
    /// What stands in it.
    pub kind: Kind,
    /// Its cells, from the left.
    pub cells: Vec<Cell<'a>>,
}

/// A column as it is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// How wide it is.
    pub width: u16,
    /// Whether it is only for programs.
    pub hidden: bool,
}

/// A sheet as it is laid out.
#[derive(Debug)]
pub struct Layout<'a> {
    /// What it is.
    pub head: &'a Head,
    /// Its columns, from the left.
    pub columns: Vec<Column>,
    /// How many of them stay in sight.
    pub staying: u16,
    /// Its rows, from the top.
    pub rows: Vec<Row<'a>>,
}

/// What a part is called on paper.
pub const fn heading(part: FigurePart) -> &'static str {
    match part {
        FigurePart::Total => "Tổng số",
        FigurePart::Women => "Trong đó: nữ",
        FigurePart::SectorStateAdministration => "Hành chính nhà nước",
        FigurePart::SectorPublicService => "Sự nghiệp công lập",
        FigurePart::SectorEducation => "Giáo dục",
        FigurePart::SectorStateEnterprise => "Doanh nghiệp nhà nước",
        FigurePart::SectorPrivateEnterprise => "Doanh nghiệp ngoài nhà nước",
        FigurePart::SectorForeignInvestedEnterprise => "Doanh nghiệp có vốn đầu tư nước ngoài",
        FigurePart::SectorOccupational => "Nghiệp đoàn",
    }
}

/// The part that a heading means.
pub fn part_of(heading_read: &str) -> Option<FigurePart> {
    let folded = text::fold(heading_read);
    let mut parts = FigurePart::ALL.iter().copied();
    parts.find(|part| text::fold(heading(*part)) == folded)
}

/// What an indicator is called: with its mark when it is compulsory.
pub fn name(item: &Item) -> String {
    let mark = if item.required { COMPULSORY } else { "" };
    format!("{}{mark}", item.name)
}

/// The rows above the figures and their headings: the marker, and what is told of the sheet.
pub fn above<'a>(marker: Vec<String>, head: &'a Head, hint: &'static str) -> Vec<Row<'a>> {
    let row = |kind, cells: Vec<&'a str>| Row {
        kind,
        cells: cells.into_iter().map(Cell::said).collect(),
    };
    let mut rows = vec![
        Row {
            kind: Kind::Marker,
            cells: marker.into_iter().map(Cell::said).collect(),
        },
        row(Kind::Title, vec![&head.title]),
    ];
    rows.extend(head.about.iter().map(|(word, what)| row(Kind::About, vec![word, what])));
    rows.push(row(Kind::Hint, vec![hint]));
    rows
}

/// A report, with a row for each indicator.
pub fn of_report(sheet: &FormSheet) -> Layout<'_> {
    let parts = parts(sheet);
    let before = BEFORE.iter().map(|(_, width)| *width);
    let widths = before.chain(parts.iter().map(|_| FIGURE_WIDTH));
    let marker = &sheet.marker;
    let marker = vec![
        MARK.to_owned(),
        marker.report.clone(),
        marker.form_version.clone(),
        marker.version.to_string(),
    ];
    let mut rows = above(marker, &sheet.head, HINT);
    let headings = BEFORE.iter().map(|(heading, _)| *heading);
    let headings = headings.chain(parts.iter().map(|part| heading(*part)));
    rows.push(Row {
        kind: Kind::Headings,
        cells: headings.map(Cell::said).collect(),
    });
    for Section { title, items } in &sheet.sections {
        rows.extend(title.as_deref().map(|title| Row {
            kind: Kind::Section,
            cells: vec![Cell::Nothing, Cell::said(title)],
        }));
        rows.extend((1..).zip(items).map(|(number, item): (u32, _)| Row {
            kind: Kind::Figures,
            cells: of_item(number, item, &parts),
        }));
    }
    Layout {
        head: &sheet.head,
        columns: widths.map(|width| Column { width, hidden: false }).collect(),
        staying: 3,
        rows,
    }
}

/// The parts for which there is a column: those that some indicator is asked by.
fn parts(sheet: &FormSheet) -> Vec<FigurePart> {
    let asked = |part: &FigurePart| {
        let mut items = sheet.sections.iter().flat_map(|section| &section.items);
        *part == FigurePart::Total || items.any(|item| item.parts.contains(part))
    };
    FigurePart::ALL.iter().copied().filter(asked).collect()
}

fn of_item<'a>(number: u32, item: &'a Item, parts: &[FigurePart]) -> Vec<Cell<'a>> {
    let mut cells = vec![
        Cell::said(number.to_string()),
        Cell::said(name(item)),
        Cell::said(&item.code),
        Cell::said(&item.measure),
    ];
    cells.extend(parts.iter().map(|part| {
        if item.parts.contains(part) {
            Cell::Figure(item, item.figures.get(part))
        } else {
            Cell::NotAsked
        }
    }));
    cells
}
