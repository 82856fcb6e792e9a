//! Workbooks of Excel: writing one of a sheet that is laid out. Reading one is in a file of its own.

use std::collections::HashMap;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, ProtectionOptions, Workbook, Worksheet, XlsxError,
};
use thidua_entity::Fixed4;
use thidua_entity::enums::NumberForm;

use super::layout::{Cell, Kind, Layout};
use super::{Item, Shown};
use crate::numbers;

mod reading;

pub use reading::read;

/// Most significant digits of a number that programs for tables keep.
const DIGITS_MAX: usize = 15;
/// Most characters of a sheet's name, and of what is told beside a cell.
const NAME_MAX: usize = 31;
const TOLD_MAX: usize = 255;

/// How cells look.
struct Looks {
    title: Format,
    about: Format,
    hint: Format,
    heading: Format,
    section: Format,
    label: Format,
    middle: Format,
    not_asked: Format,
    number: Format,
    text: Format,
    closed_number: Format,
    closed_text: Format,
}

impl Looks {
    fn new() -> Self {
        let boxed = || {
            Format::new()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
        };
        let to_fill_in = || boxed().set_unlocked().set_background_color(Color::RGB(0x00FF_F9DB));
        let closed = || boxed().set_background_color(Color::RGB(0x00D9_D9D9));
        let as_number = |format: Format| format.set_num_format("#,##0.####").set_align(FormatAlign::Right);
        // Kept as it is typed: `10-12` becomes no day, and `93,35%` no 0,9335.
        let as_text = |format: Format| format.set_num_format("@").set_align(FormatAlign::Right);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            about: Format::new(),
            hint: Format::new().set_italic(),
            heading: boxed().set_bold().set_text_wrap().set_align(FormatAlign::Center),
            section: boxed().set_bold().set_text_wrap(),
            label: boxed().set_text_wrap(),
            middle: boxed().set_align(FormatAlign::Center),
            not_asked: closed(),
            number: as_number(to_fill_in()),
            text: as_text(to_fill_in()),
            closed_number: as_number(closed()),
            closed_text: as_text(closed()),
        }
    }

    /// How a figure looks, in a cell to fill in or in one that is closed.
    const fn of(&self, form: NumberForm, open: bool) -> &Format {
        match (is_number(form), open) {
            (true, true) => &self.number,
            (false, true) => &self.text,
            (true, false) => &self.closed_number,
            (false, false) => &self.closed_text,
        }
    }
}

/// Whether programs for tables may keep a figure as a number.
const fn is_number(form: NumberForm) -> bool {
    match form {
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money => true,
        NumberForm::Percentage | NumberForm::YesNo | NumberForm::Choice | NumberForm::Text => false,
    }
}

/// Writes sheets into a workbook, which is called as the first of them.
pub fn write(layouts: &[Layout<'_>]) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    if let Some(Layout { head, .. }) = layouts.first() {
        let made = ExcelDateTime::from_timestamp(head.changed_at.timestamp())?;
        workbook.set_properties(&DocProperties::new().set_title(&head.title).set_creation_datetime(&made));
    }
    for layout in layouts {
        write_page(workbook.add_worksheet(), layout, &looks)?;
    }
    workbook.save_to_buffer()
}

fn write_page(page: &mut Worksheet, layout: &Layout<'_>, looks: &Looks) -> Result<(), XlsxError> {
    page.set_name(sheet_name(&layout.head.code))?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    for (at, column) in (0..).zip(&layout.columns) {
        page.set_column_width(at, column.width)?;
        if column.hidden {
            page.set_column_hidden(at)?;
        }
    }
    for (at, row) in (0..).zip(&layout.rows) {
        if row.kind == Kind::Marker {
            page.set_row_hidden(at)?;
        }
        if row.kind == Kind::Headings {
            page.set_freeze_panes(at.saturating_add(1), layout.staying)?
                .set_repeat_rows(at, at)?;
        }
        for (column, cell) in (0..).zip(&row.cells) {
            write_cell(page, (at, column), (row.kind, cell), looks)?;
        }
    }
    for (item, column, first, last) in runs(layout) {
        if let Some(rule) = validation(item)? {
            page.add_data_validation(first, column, last, column, &rule)?;
        }
    }
    page.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}

/// Cells to fill in with the same indicator that stand below each other: it, its column, the first row and the last. A rule is
/// written for all of them together.
fn runs<'a>(layout: &Layout<'a>) -> Vec<(&'a Item, u16, u32, u32)> {
    let mut runs: Vec<(&Item, u16, u32, u32)> = Vec::new();
    let mut open: HashMap<u16, usize> = HashMap::new();
    for (at, row) in (0..).zip(&layout.rows) {
        for (column, cell) in (0..).zip(&row.cells) {
            let Cell::Figure(item, _) = cell else { continue };
            let before = open.get(&column).and_then(|run| runs.get_mut(*run));
            match before {
                Some((of, _, _, last)) if std::ptr::eq(*of, *item) && last.saturating_add(1) == at => *last = at,
                _ => {
                    open.insert(column, runs.len());
                    runs.push((item, column, at, at));
                }
            }
        }
    }
    runs
}

fn write_cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    (of, cell): (Kind, &Cell<'_>),
    looks: &Looks,
) -> Result<(), XlsxError> {
    let label = match of {
        Kind::Marker | Kind::About => &looks.about,
        Kind::Title => &looks.title,
        Kind::Hint => &looks.hint,
        Kind::Above | Kind::Headings => &looks.heading,
        Kind::Section => &looks.section,
        Kind::Figures if column == 1 => &looks.label,
        Kind::Figures => &looks.middle,
    };
    let (item, figure, open) = match cell {
        Cell::Nothing => return page.write_blank(row, column, label).map(drop),
        Cell::NotAsked => return page.write_blank(row, column, &looks.not_asked).map(drop),
        // Always as text: whatever it begins with, it is no formula.
        Cell::Said(text) => return page.write_string_with_format(row, column, &**text, label).map(drop),
        Cell::Figure(item, figure) => (item, *figure, true),
        Cell::Closed(item, figure) => (item, Some(*figure), false),
    };
    let look = looks.of(item.form, open);
    match figure {
        None => page.write_blank(row, column, look)?,
        Some(Shown::Text(text)) => page.write_string_with_format(row, column, text, look)?,
        Some(Shown::Number(number)) => match float(*number) {
            Some(float) if is_number(item.form) => page.write_number_with_format(row, column, float, look)?,
            _ => page.write_string_with_format(row, column, super::delimited::plain(*number), look)?,
        },
    };
    Ok(())
}

/// The float that means a number, when programs for tables keep all its digits.
fn float(number: Fixed4) -> Option<f64> {
    let text = number.to_string();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let float: f64 = text.parse().ok()?;
    (digits <= DIGITS_MAX && float.to_string() == text).then_some(float)
}

/// What a program for tables says of a cell while it is filled in. It warns and lets through: `trên 295 triệu` is a figure too.
fn validation(item: &Item) -> Result<Option<DataValidation>, XlsxError> {
    let rule = match item.form {
        NumberForm::YesNo => Some(DataValidation::new().allow_list_strings(&["Có", "Không"])?),
        NumberForm::Choice => {
            // The list is one text with commas, of at most 255 characters.
            let letters: usize = item
                .choices
                .iter()
                .map(|choice| choice.encode_utf16().count() + 1)
                .sum();
            let fits = letters <= TOLD_MAX && !item.choices.iter().any(|choice| choice.contains([',', '"']));
            fits.then(|| DataValidation::new().allow_list_strings(&item.choices))
                .transpose()?
        }
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money => bounds(item),
        NumberForm::Percentage | NumberForm::Text => None,
    };
    let help: String = item.help.iter().flat_map(|help| help.chars()).take(TOLD_MAX).collect();
    let rule = match rule {
        None if help.is_empty() => return Ok(None),
        None => DataValidation::new().allow_any_value(),
        Some(rule) => rule,
    };
    let rule = rule
        .ignore_blank(true)
        .set_error_style(DataValidationErrorStyle::Warning);
    Ok(Some(if help.encode_utf16().count() > TOLD_MAX {
        rule
    } else {
        rule.set_input_message(help)?
    }))
}

fn bounds(item: &Item) -> Option<DataValidation> {
    let rule = match (item.lowest.and_then(float), item.highest.and_then(float)) {
        (Some(lowest), Some(highest)) => DataValidationRule::Between(lowest, highest),
        (Some(lowest), None) => DataValidationRule::GreaterThanOrEqualTo(lowest),
        (None, Some(highest)) => DataValidationRule::LessThanOrEqualTo(highest),
        (None, None) => return None,
    };
    let most = [(item.lowest, "từ"), (item.highest, "đến")];
    let said: Vec<String> = most
        .iter()
        .filter_map(|(end, word)| Some(format!("{word} {}", numbers::write((*end)?))))
        .collect();
    let rule = DataValidation::new().allow_decimal_number(rule);
    rule.set_error_message(format!("Số liệu thường {}.", said.join(" ")))
        .ok()
}

/// A name that programs for tables take for a sheet.
fn sheet_name(code: &str) -> String {
    let harmless = |letter: char| match letter {
        '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => '-',
        letter => letter,
    };
    let name: String = code.chars().map(harmless).take(NAME_MAX).collect();
    match name.trim() {
        "" => "Báo cáo".to_owned(),
        name => name.to_owned(),
    }
}
