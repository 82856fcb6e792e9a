//! How a report is laid out: the rows and columns of the paper form, the same for every way of writing it.

use thidua_entity::enums::FigurePart;

use super::{FormSheet, Item, Section, Shown};

/// What the hidden first row begins with.
pub const MARK: &str = "thidua-report-1";
/// The heading of the column with the codes.
pub const CODE: &str = "Mã chỉ tiêu";
/// The columns before the figures, and how wide they are.
pub const BEFORE: [(&str, u16); 4] = [("STT", 6), ("Chỉ tiêu", 52), (CODE, 22), ("Đơn vị tính", 13)];
/// What a compulsory indicator is marked with.
const COMPULSORY: &str = " (*)";
/// How to fill it in.
const HINT: &str = "Chỉ điền vào các ô để trống màu vàng. Chỉ tiêu có dấu (*) là bắt buộc; chưa có số liệu thì để trống, bằng không thì ghi 0. \
                    Dán dữ liệu bằng “Dán giá trị”, không dùng công thức.";

/// A cell as it is laid out.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// Nothing.
    Nothing,
    /// A part of a figure that the form does not ask for.
    NotAsked,
    /// A text of the form.
    Label(&'a str),
    /// A text of the form that is made here.
    Said(&'a String),
    /// A cell to fill in.
    Figure(&'a Item, Option<&'a Shown>),
}

/// A row as it is laid out.
#[derive(Debug)]
pub enum Row<'a> {
    /// For programs: of which report it is.
    Marker([String; 4]),
    /// What stands above all.
    Title(&'a str),
    /// A word and what it is.
    About(&'a str, &'a str),
    /// How to fill it in.
    Hint(&'static str),
    /// What the columns are.
    Headings(Vec<&'static str>),
    /// The title of a section.
    Section(&'a str),
    /// An indicator: its number in the section, its name, and itself.
    Item(String, String, &'a Item),
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

/// The parts for which there is a column: those that some indicator is asked by.
pub fn columns(sheet: &FormSheet) -> Vec<FigurePart> {
    let asked = |part: &FigurePart| {
        let mut items = sheet.sections.iter().flat_map(|section| &section.items);
        *part == FigurePart::Total || items.any(|item| item.parts.contains(part))
    };
    FigurePart::ALL.iter().copied().filter(asked).collect()
}

/// The rows, from the top.
pub fn rows<'a>(sheet: &'a FormSheet, columns: &[FigurePart]) -> Vec<Row<'a>> {
    let marker = &sheet.marker;
    let mut rows = vec![
        Row::Marker([
            MARK.to_owned(),
            marker.report.clone(),
            marker.form_version.clone(),
            marker.version.to_string(),
        ]),
        Row::Title(&sheet.title),
    ];
    rows.extend(sheet.about.iter().map(|(word, what)| Row::About(word, what)));
    rows.push(Row::Hint(HINT));
    let before = BEFORE.iter().map(|(heading, _)| *heading);
    rows.push(Row::Headings(
        before.chain(columns.iter().map(|part| heading(*part))).collect(),
    ));
    for Section { title, items } in &sheet.sections {
        rows.extend(title.as_deref().map(Row::Section));
        rows.extend((1..).zip(items).map(|(number, item): (u32, _)| {
            let mark = if item.required { COMPULSORY } else { "" };
            Row::Item(number.to_string(), format!("{}{mark}", item.name), item)
        }));
    }
    rows
}

impl Row<'_> {
    /// Its cells, from the left.
    pub fn cells(&self, columns: &[FigurePart]) -> Vec<Cell<'_>> {
        match self {
            Self::Marker(words) => words.iter().map(Cell::Said).collect(),
            Self::Title(text) | Self::Hint(text) => vec![Cell::Label(text)],
            Self::About(word, what) => vec![Cell::Label(word), Cell::Label(what)],
            Self::Headings(headings) => headings.iter().map(|heading| Cell::Label(heading)).collect(),
            Self::Section(title) => vec![Cell::Nothing, Cell::Label(title)],
            Self::Item(number, name, item) => {
                let mut cells = vec![
                    Cell::Said(number),
                    Cell::Said(name),
                    Cell::Said(&item.code),
                    Cell::Said(&item.measure),
                ];
                cells.extend(columns.iter().map(|part| {
                    if item.parts.contains(part) {
                        Cell::Figure(item, item.figures.get(part))
                    } else {
                        Cell::NotAsked
                    }
                }));
                cells
            }
        }
    }
}
