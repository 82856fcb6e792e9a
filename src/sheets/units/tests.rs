//! Whatever the reports of many units hold, their sheet reads back to the same, in both ways of writing; and no damaged one stops us.

use std::collections::BTreeMap;

use chrono::DateTime;
use proptest::prelude::*;
use thidua_entity::Fixed4;
use thidua_entity::enums::NumberForm;

use super::*;
use crate::sheets::suggest::typed;
use crate::sheets::{Format, read, write_units};

fn item(code: &str, form: NumberForm, parts: &[FigurePart]) -> Item {
    Item {
        code: code.to_owned(),
        name: format!("Chỉ tiêu {code}"),
        measure: "người".to_owned(),
        help: None,
        required: true,
        form,
        lowest: None,
        highest: None,
        choices: Vec::new(),
        parts: parts.to_vec(),
        figures: BTreeMap::new(),
    }
}

fn sheet_of(rows: Vec<UnitRow>) -> UnitsSheet {
    let section = |title: &str, items| Section {
        title: Some(title.to_owned()),
        items,
    };
    UnitsSheet {
        marker: UnitsMarker {
            form_version: "formversion_1".to_owned(),
            period: "period_2".to_owned(),
        },
        head: Head {
            code: "TK-01".to_owned(),
            title: "TK-01. Biểu thống kê".to_owned(),
            about: vec![("Kỳ báo cáo".to_owned(), "=1+1".to_owned())],
            changed_at: DateTime::UNIX_EPOCH,
        },
        sections: vec![
            section(
                "I",
                vec![item(
                    "heads",
                    NumberForm::Decimal,
                    &[FigurePart::Total, FigurePart::Women],
                )],
            ),
            section("II", vec![item("note", NumberForm::Text, &[FigurePart::Total])]),
        ],
        rows,
    }
}

fn row(number: usize, open: bool, figures: Vec<Option<Shown>>) -> UnitRow {
    UnitRow {
        unit: format!("unit_{number}"),
        code: number.is_multiple_of(2).then(|| format!("{number:02}")),
        name: format!("=CĐCS số {number}"),
        report: number.is_multiple_of(3).then(|| (format!("report_{number}"), 7)),
        standing: "bản nháp",
        open,
        figures,
    }
}

#[test]
fn what_is_too_large_to_be_read_again_does_not_go_out() {
    let many = |count: usize| (0..count).map(|number| row(number, true, vec![None; 3])).collect();
    assert!(write_units(&sheet_of(many(UNITS_MAX)), Format::Csv).is_ok());
    assert!(write_units(&sheet_of(many(UNITS_MAX + 1)), Format::Csv).is_err());
    let told = |units: usize, columns: usize| match fits(units, columns) {
        Err(Error::Invalid(problems)) => {
            Some((problems[0].code, problems[0].field.clone(), problems[0].text.en.clone()))
        }
        _ => None,
    };
    assert_eq!(told(UNITS_MAX, 189), None);
    assert_eq!(told(380, 493), None);
    let (code, field, text) = told(381, 493).unwrap();
    assert_eq!((code, field.as_str()), ("TOO_MANY_UNITS", "underId"));
    assert!(text.contains("at most 380 units"), "{text}");
    // However few units there are, dividing them does not help.
    let (code, field, text) = told(1, 494).unwrap();
    assert_eq!((code, field.as_str()), ("FORM_TOO_WIDE", "id"));
    assert!(text.contains("494") && text.contains("of each report"), "{text}");
}

fn figures() -> impl Strategy<Value = Vec<Option<Shown>>> {
    let number = (-999_999_999_999_i64..=999_999_999_999)
        .prop_map(|count| Shown::Number(Fixed4::from_ten_thousandths(count).unwrap()));
    let text = "[^\\p{C}\\s\u{feff}]([^\\p{C}]{0,40}[^\\p{C}\\s])?".prop_map(Shown::Text);
    (
        prop::option::of(number.clone()),
        prop::option::of(number),
        prop::option::of(text),
    )
        .prop_map(|(heads, women, note)| vec![heads, women, note])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_reports_of_many_units_hold_their_sheet_reads_back_to_the_same(
        held in prop::collection::vec((any::<bool>(), figures()), 1..12),
    ) {
        let rows = held.iter().enumerate().map(|(number, (open, figures))| row(number, *open, figures.clone()));
        let sheet = sheet_of(rows.collect());
        for format in [Format::Xlsx, Format::Csv] {
            let filled = find_units(&read(&write_units(&sheet, format).unwrap()).unwrap()).unwrap();
            prop_assert_eq!((&filled.marker, &filled.conflicts), (&sheet.marker, &Vec::new()));
            let columns: Vec<_> = filled.columns.iter().map(|column| (column.code.as_str(), column.part)).collect();
            prop_assert_eq!(columns, [("heads", FigurePart::Total), ("heads", FigurePart::Women), ("note", FigurePart::Total)]);
            prop_assert_eq!(filled.rows.len(), sheet.rows.len());
            for (read, row) in filled.rows.iter().zip(&sheet.rows) {
                let report = row.report.clone().unwrap_or_default();
                prop_assert_eq!((&read.unit, &read.name, &read.report), (&row.unit, &row.name, &report.0));
                prop_assert_eq!(read.version, row.report.as_ref().map(|(_, version)| *version));
                prop_assert_eq!(&read.code, &row.code.clone().unwrap_or_default());
                for (cell, figure) in read.cells.iter().zip(&row.figures) {
                    let text = cell.value.as_ref().map(|value| typed(value, NumberForm::Decimal).unwrap().replace(',', "."));
                    let expected = figure.as_ref().map(|figure| match figure {
                        Shown::Number(number) => number.to_string(),
                        Shown::Text(text) => text.replace(',', "."),
                    });
                    prop_assert_eq!(text, expected);
                }
            }
        }
    }

    #[test]
    fn a_sheet_of_many_units_that_is_damaged_anywhere_is_refused_or_read_and_nothing_else(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let sheet = sheet_of(vec![row(0, true, vec![None; 3])]);
        for format in [Format::Xlsx, Format::Csv] {
            let mut bytes = write_units(&sheet, format).unwrap();
            for (at, byte) in &hits {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            if let Err(error) = read(&bytes).and_then(|table| find_units(&table)) {
                prop_assert!(matches!(error, Error::Invalid(_)), "{}", error);
            }
        }
    }
}
