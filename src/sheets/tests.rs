//! Whatever a report holds, its sheet reads back to the same, in both ways of writing; what comes in is read like what is typed.

use chrono::DateTime;
use proptest::prelude::*;

use super::suggest::{Asked, Guesses, Known, instead, typed};
use super::*;
use crate::numbers;

fn item(code: &str, form: NumberForm, parts: &[FigurePart]) -> Item {
    Item {
        code: code.to_owned(),
        name: format!("Chỉ tiêu {code}"),
        measure: "người".to_owned(),
        help: Some("Theo sổ sách".to_owned()),
        required: true,
        form,
        lowest: None,
        highest: None,
        choices: vec!["Tốt".to_owned(), "Khá, có tiến bộ".to_owned()],
        parts: parts.to_vec(),
        figures: BTreeMap::new(),
    }
}

fn sheet_of(items: Vec<Item>) -> FormSheet {
    FormSheet {
        marker: Marker {
            report: "UmVwb3J0-_1".to_owned(),
            form_version: "Rm9ybQ".to_owned(),
            version: 3,
        },
        head: head(),
        sections: vec![Section {
            title: Some("I. Tổ chức".to_owned()),
            items,
        }],
    }
}

fn head() -> Head {
    Head {
        code: "TK-01/[a]".to_owned(),
        title: "TK-01. Biểu thống kê".to_owned(),
        about: vec![(
            "Đơn vị báo cáo".to_owned(),
            "=HYPERLINK(\"http://x\";\"CĐCS Sở Nội vụ\")".to_owned(),
        )],
        changed_at: DateTime::UNIX_EPOCH,
    }
}

fn back(sheet: &FormSheet, format: Format) -> Filled {
    find(&read(&write(sheet, format).unwrap()).unwrap()).unwrap()
}

/// What stands in the cells of a sheet that was written and read: code, part, text as if typed.
fn texts(sheet: &FormSheet, format: Format) -> Vec<(String, FigurePart, String)> {
    let items: Vec<&Item> = sheet.sections.iter().flat_map(|section| &section.items).collect();
    let rows = back(sheet, format).rows.into_iter().zip(items);
    let cells = rows.flat_map(|(row, item)| {
        assert_eq!(row.code, item.code);
        row.cells.into_iter().filter_map(move |cell| {
            let text = typed(&cell.value?, item.form).unwrap();
            Some((row.code.clone(), cell.part, text))
        })
    });
    cells.collect()
}

#[test]
fn places_are_named_as_in_programs_for_tables() {
    for (row, column, name) in [
        (0, 0, "A1"),
        (11, 4, "E12"),
        (0, 25, "Z1"),
        (1, 26, "AA2"),
        (2_000, 701, "ZZ2001"),
        (0, 702, "AAA1"),
    ] {
        assert_eq!(Place::new(row, column).name(), name);
    }
}

#[test]
fn a_sheet_tells_of_which_report_it_is_and_has_a_column_for_each_part_that_is_asked_for() {
    let women = [FigurePart::Total, FigurePart::Women];
    let sheet = sheet_of(vec![
        item("heads", NumberForm::Integer, &women),
        item("rules", NumberForm::YesNo, &[FigurePart::Total]),
    ]);
    for format in [Format::Xlsx, Format::Csv] {
        let filled = back(&sheet, format);
        assert_eq!((&filled.marker, filled.conflicts.len()), (&sheet.marker, 0));
        let codes: Vec<&str> = filled.rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, ["heads", "rules"]);
        let parts: Vec<FigurePart> = filled.rows[1].cells.iter().map(|cell| cell.part).collect();
        assert_eq!(parts, women);
    }
    assert_eq!(back(&sheet, Format::Xlsx).sheet.as_deref(), Some("TK-01--a-"));
    assert_eq!(back(&sheet, Format::Csv).sheet, None);
}

#[test]
fn nothing_that_was_typed_becomes_a_formula() {
    let bad = [
        "=1+1",
        "+84 912",
        "-2 người",
        "@SUM(A1)",
        " =1+1",
        "'=1",
        "'tám",
        "＝1",
        "\u{a0}=1",
    ];
    let items = (0..).zip(bad).map(|(number, text): (u32, _)| {
        let mut item = item(&format!("t{number}"), NumberForm::Text, &[FigurePart::Total]);
        item.name = text.to_owned();
        item.figures.insert(FigurePart::Total, Shown::Text(text.to_owned()));
        item
    });
    let sheet = sheet_of(items.collect());
    let table = read(&write(&sheet, Format::Xlsx).unwrap()).unwrap();
    assert!(!table.cells.values().any(|value| matches!(value, Value::Formula(_))));
    let csv = String::from_utf8(write(&sheet, Format::Csv).unwrap()).unwrap();
    assert!(csv.contains("'=HYPERLINK"), "{csv}");
    for cell in csv.lines().flat_map(|line| line.split(';')) {
        let first = cell.trim_start_matches(['"', ' ', '\u{a0}', '\u{feff}']).chars().next();
        assert!(!first.is_some_and(|letter| "=+-@＝".contains(letter)), "{cell}");
    }
    for format in [Format::Xlsx, Format::Csv] {
        let read: Vec<String> = texts(&sheet, format).into_iter().map(|(_, _, text)| text).collect();
        assert_eq!(read, bad, "{format:?}");
    }
}

#[test]
fn a_negative_number_stays_a_number() {
    let mut item = item("growth", NumberForm::Decimal, &[FigurePart::Total]);
    let number = Fixed4::parse("-12.5").unwrap();
    item.figures.insert(FigurePart::Total, Shown::Number(number));
    let sheet = sheet_of(vec![item]);
    let csv = String::from_utf8(write(&sheet, Format::Csv).unwrap()).unwrap();
    assert!(csv.contains(";-12,5\r\n"), "{csv}");
    assert_eq!(texts(&sheet, Format::Xlsx)[0].2, "-12,5");
}

#[test]
fn a_number_in_a_cell_is_read_as_its_shortest_text_and_percentages_are_not_guessed() {
    let number = |text: &str| Value::Number(text.to_owned());
    for (value, form, read) in [
        (number("1671"), NumberForm::Integer, "1671"),
        (number("93.35"), NumberForm::Decimal, "93,35"),
        (number("93.35"), NumberForm::Percentage, "93,35"),
        (number("0"), NumberForm::Percentage, "0"),
        (number("1"), NumberForm::YesNo, "1"),
        (number("2026"), NumberForm::Text, "2026"),
        (number("2.5"), NumberForm::Text, "2.5"),
        (Value::Truth(true), NumberForm::YesNo, "có"),
        (
            Value::Text("trên 295 triệu".to_owned()),
            NumberForm::Money,
            "trên 295 triệu",
        ),
    ] {
        assert_eq!(typed(&value, form).as_deref(), Ok(read), "{value:?}");
    }
    for (text, first) in [
        ("0.9335", "93,35%"),
        ("1", "100%"),
        ("0.05", "5%"),
        ("0.5", "50%"),
        ("0.00125", "0,125%"),
    ] {
        let unclear = typed(&number(text), NumberForm::Percentage).unwrap_err();
        assert_eq!((unclear.code, unclear.suggestions[0].as_str()), ("AMBIGUOUS", first));
    }
    let formula = typed(&Value::Formula(Some("12".to_owned())), NumberForm::Integer).unwrap_err();
    assert_eq!(
        (formula.code, formula.suggestions),
        ("CELL_IS_FORMULA", vec!["12".to_owned()])
    );
    assert_eq!(
        typed(&Value::Day(None), NumberForm::Integer).unwrap_err().code,
        "CELL_IS_DATE"
    );
}

#[test]
fn what_could_be_meant_is_told() {
    let choices = Known::of(["Tốt", "Khá"]);
    let asked = |form| Asked {
        form,
        choices: Some(&choices),
        lowest: Fixed4::from_integer(0),
        highest: Fixed4::from_integer(100),
    };
    for (typed, form, meant) in [
        ("390.777.00", NumberForm::Money, &["390777000", "39077700"][..]),
        ("0,30000000000000004", NumberForm::Decimal, &["0,3"]),
        ("-0,99996", NumberForm::Decimal, &["-1"]),
        ("12,5", NumberForm::Integer, &["13"]),
        ("101", NumberForm::Integer, &["100"]),
        ("-1", NumberForm::Integer, &["0"]),
        ("maybe", NumberForm::YesNo, &["Có", "Không"]),
        ("Kha kha", NumberForm::Choice, &["Khá", "Tốt"]),
        ("nhiều", NumberForm::Integer, &[]),
    ] {
        assert_eq!(instead(&mut Guesses::default(), typed, asked(form)), meant, "{typed}");
    }
    let codes = Known::of(["members_total", "workers_total", "new_members"]);
    let mut guesses = Guesses::default();
    assert_eq!(guesses.nearest("member_total", &codes), ["members_total"]);
    assert_eq!(guesses.nearest("xyz", &codes), [""; 0]);
    assert_eq!(
        guesses.distances, 3,
        "what has three letters is compared with none of them"
    );
}

#[test]
fn a_file_full_of_nonsense_is_guessed_at_within_bounds() {
    assert_eq!(Guesses::default().pairs, 100_000_000, "half a second");
    let fewer = || {
        let mut guesses = Guesses::default();
        guesses.pairs = 1_000_000;
        guesses
    };
    let told = |letters: usize, known: usize| {
        let name = |number: usize| format!("{number:0>letters$}");
        let (known, mut guesses) = (Known::of((0..known).map(name)), fewer());
        let guessed = (1_000..2_000).filter(|number| !guesses.nearest(&name(*number), &known).is_empty());
        (guessed.count(), guesses.distances)
    };
    assert_eq!(told(3_900, 1_000), (0, 0), "no name is that long");
    assert_eq!(told(10, 10), (CONFLICTS_MAX, CONFLICTS_MAX * 10), "as many as are told");
    assert_eq!(told(200, 1_000).1, 25, "of forty thousand pairs of letters each");
    let choices = Known::of((0..1_000).map(|number| "đ".repeat(number)));
    let asked = Asked {
        form: NumberForm::Choice,
        choices: Some(&choices),
        lowest: None,
        highest: None,
    };
    let mut guesses = fewer();
    for _ in 0..1_000 {
        assert_eq!(instead(&mut guesses, &"x".repeat(3_900), asked).len(), 5);
        assert_eq!(instead(&mut guesses, &"x".repeat(100), asked).len(), 5);
    }
    assert!((100..2_000).contains(&guesses.distances), "{}", guesses.distances);
}

#[test]
fn rows_and_columns_are_found_wherever_they_stand_and_what_is_unclear_is_told() {
    let text = |rows: &str| find(&read(rows.as_bytes()).unwrap());
    let head = "thidua-report-1,r,v,3\n";
    let filled = text(&format!(
        "{head}Tổng số,ghi thêm,MÃ CHỈ TIÊU,trong đó nữ\n7,x,b,3\n1,,a,\n5,,,\n,,c,\n2,,d,\n3,,d,"
    ))
    .unwrap();
    let codes: Vec<&str> = filled.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["b", "a", "c"], "of two rows with one code neither is taken");
    let told: Vec<_> = filled.conflicts.iter().map(|one| (one.at.name(), one.code)).collect();
    assert_eq!(
        told,
        [
            ("B2".to_owned(), "UNKNOWN_COLUMN"),
            ("C5".to_owned(), "CODE_MISSING"),
            ("C8".to_owned(), "TWICE")
        ]
    );
    let b: Vec<_> = filled.rows[0]
        .cells
        .iter()
        .map(|cell| (cell.part, cell.at.name()))
        .collect();
    assert_eq!(
        b,
        [
            (FigurePart::Total, "A3".to_owned()),
            (FigurePart::Women, "D3".to_owned())
        ]
    );
    for other in [
        "a;b\n1;2\n",
        "thidua-report-1;r;v;x\nMã chỉ tiêu;Tổng số",
        "thidua-report-1;r;v;3\nMã;Tổng số",
        "x",
    ] {
        assert_eq!(code(text(other).unwrap_err()), "SHEET_NOT_OURS", "{other}");
    }
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Invalid(problems) => problems[0].code,
        other => panic!("{other}"),
    }
}

#[test]
fn text_is_taken_only_in_utf_8_and_within_bounds() {
    for (bytes, expected) in [
        (b"".to_vec(), "FILE_EMPTY"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "FILE_TYPE_REFUSED"),
        (b"\xff\xfet\0h\0".to_vec(), "FILE_TYPE_REFUSED"),
        (b"a;b\0;c".to_vec(), "FILE_TYPE_REFUSED"),
        ("x\n".repeat(2_001).into_bytes(), "SHEET_TOO_LARGE"),
        (";".repeat(500).into_bytes(), "SHEET_TOO_LARGE"),
        ("x;".repeat(501).into_bytes(), "SHEET_TOO_LARGE"),
        ("ă".repeat(4_001).into_bytes(), "SHEET_TOO_LARGE"),
        (b"PK\x03\x04 nothing".to_vec(), "FILE_TYPE_REFUSED"),
    ] {
        assert_eq!(
            code(read(&bytes).unwrap_err()),
            expected,
            "{:?}",
            String::from_utf8_lossy(&bytes).get(..20)
        );
    }
    let quoted = read("\"thidua\nreport\";'=1;\"a\"\"b\"".as_bytes()).unwrap();
    let values: Vec<String> = quoted.cells.values().map(Value::shown).collect();
    assert_eq!(values, ["thidua\nreport", "=1", "a\"b"]);
}

#[test]
fn a_name_of_a_file_is_harmless() {
    assert_eq!(
        file_name(&["TK-01", "2026", "CĐCS «Sở Nội vụ»"], Format::Xlsx),
        "TK-01 2026 CĐCS Sở Nội vụ.xlsx"
    );
    assert_eq!(file_name(&["../../etc", "=1\r\nX: y"], Format::Csv), "etc 1 X y.csv");
}

/// Figures as reports keep them: exact numbers, and texts that somebody typed.
fn figures() -> impl Strategy<Value = (NumberForm, Shown)> {
    let number = (-999_999_999_999_999_999_i64..=999_999_999_999_999_999, 0_u32..18)
        .prop_map(|(count, less)| Shown::Number(Fixed4::from_ten_thousandths(count / 10_i64.pow(less)).unwrap()));
    let forms = prop::sample::select(vec![NumberForm::Decimal, NumberForm::Percentage]);
    let text = "[^\\p{C}\\s\u{feff}]([^\\p{C}]{0,40}[^\\p{C}\\s])?".prop_map(Shown::Text);
    prop_oneof![(forms, number), (Just(NumberForm::Text), text)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_figures_a_report_holds_its_sheet_reads_back_to_the_same(held in prop::collection::vec(figures(), 1..30)) {
        let items = (0..).zip(&held).map(|(number, (form, figure)): (u32, _)| {
            let mut item = item(&format!("code_{number}"), *form, &[FigurePart::Total, FigurePart::SectorEducation]);
            item.figures.insert(FigurePart::SectorEducation, figure.clone());
            item
        });
        let sheet = sheet_of(items.collect());
        for format in [Format::Xlsx, Format::Csv] {
            let read = texts(&sheet, format);
            prop_assert_eq!(read.len(), held.len());
            for ((_, part, text), (form, figure)) in read.into_iter().zip(&held) {
                prop_assert_eq!(part, FigurePart::SectorEducation);
                match figure {
                    Shown::Text(expected) => prop_assert_eq!(&text, expected),
                    // In a workbook the very float is compared before it is read (see `is_that_number`).
                    Shown::Number(number) => {
                        let same = text.replace(',', ".") == number.to_string();
                        let read = numbers::read(&text, *form).map(|reading| reading.value);
                        prop_assert!(same || read == Ok(*number), "{} of {}", text, number);
                    }
                }
            }
        }
    }

    #[test]
    fn a_sheet_that_is_damaged_anywhere_is_refused_or_read_and_nothing_else(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let sheet = sheet_of(vec![item("heads", NumberForm::Integer, &[FigurePart::Total])]);
        for format in [Format::Xlsx, Format::Csv] {
            let mut bytes = write(&sheet, format).unwrap();
            for (at, byte) in &hits {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            if let Err(error) = read(&bytes).and_then(|table| find(&table)) {
                prop_assert!(matches!(error, Error::Invalid(_)), "{}", error);
            }
        }
    }
}
