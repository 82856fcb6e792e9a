//! Files that somebody made to harm whoever opens them are refused as sheets, each for a reason that is told, and quickly.

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::evidence::{Begun, problem};
use crate::sheets::sent;
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    what_is_made_to_harm_is_refused,
    a_formula_a_day_and_an_error_are_told_in_their_cells,
    a_file_that_is_too_large_is_not_taken_in,
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="TK-01" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const OF_BOOK: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const BOMB: &str = r#"<!DOCTYPE lolz [<!ENTITY a "lollollol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#;

/// A workbook made by hand: the content of its sheet, and parts besides.
struct Workbook {
    sheet: String,
    more: Vec<(&'static str, Vec<u8>)>,
}

impl Workbook {
    fn of(head: &str, rows: &str) -> Self {
        let space = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
        Self {
            sheet: format!("<?xml version=\"1.0\"?>{head}<worksheet {space}>{rows}</worksheet>"),
            more: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, content: impl Into<Vec<u8>>) -> Self {
        self.more.push((name, content.into()));
        self
    }

    fn file(&self) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let parts = [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", OF_BOOK),
            ("xl/worksheets/sheet1.xml", &self.sheet),
        ];
        let parts = parts.map(|(name, text)| (name, text.as_bytes()));
        for (name, content) in parts
            .into_iter()
            .chain(self.more.iter().map(|(name, content)| (*name, content.as_slice())))
        {
            archive.start_file(name, SimpleFileOptions::default()).expect("a part");
            archive.write_all(content).expect("a part");
        }
        archive.finish().expect("an archive").into_inner()
    }
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A sheet of a report with these cells in the row of `members_total`.
fn filled(report: &str, form: &str, figures: &str) -> Workbook {
    let mark: String = [("A1", "thidua-report-1"), ("B1", report), ("C1", form), ("D1", "2")]
        .iter()
        .map(|(place, text)| cell(place, text))
        .collect();
    let head: String = [("A2", "Mã chỉ tiêu"), ("B2", "Tổng số")]
        .iter()
        .map(|(place, text)| cell(place, text))
        .collect();
    Workbook::of(
        "",
        &format!("<sheetData><row r=\"1\">{mark}</row><row r=\"2\">{head}</row>{figures}</sheetData>"),
    )
}

async fn what_is_made_to_harm_is_refused(app: TestApp) {
    let begun = Begun::of(&app).await;
    let zeros = || vec![b' '; 40_000_000];
    let rows = |rows: &str| Workbook::of("", &format!("<sheetData>{rows}</sheetData>"));
    let lying = {
        // The directory says that the bomb is small.
        let mut file = rows("").with("xl/theme/theme1.xml", zeros()).file();
        let size = 40_000_000_u32.to_le_bytes();
        let places: Vec<usize> = file
            .windows(4)
            .enumerate()
            .filter(|(_, four)| *four == size)
            .map(|(at, _)| at)
            .collect();
        assert!(!places.is_empty());
        for at in places {
            file[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
        }
        file
    };
    let many = |count: u32| {
        (1..=count)
            .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>"))
            .collect::<String>()
    };
    let wide: String = (0..10_000).map(|_| "<c><v>1</v></c>").collect();
    let shared = |count: &str| {
        format!(
            "<?xml version=\"1.0\"?><sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" {count}><si><t>a</t></si></sst>"
        )
    };
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.resize(5_000, 0);
    let before = app.contents().await;
    for (what, file, code) in [
        (
            "no archive",
            b"PK\x03\x04 and nothing behind it".to_vec(),
            "FILE_TYPE_REFUSED",
        ),
        ("an old table", old, "FILE_TYPE_REFUSED"),
        ("nothing", Vec::new(), "FILE_EMPTY"),
        (
            "a page",
            b"<!DOCTYPE html><script>alert(1)</script>".to_vec(),
            "SHEET_NOT_OURS",
        ),
        (
            "a bomb",
            rows("").with("xl/theme/theme1.xml", zeros()).file(),
            "SHEET_TOO_LARGE",
        ),
        (
            "a bomb that is no XML",
            rows("").with("xl/media/image1.png", zeros()).file(),
            "SHEET_TOO_LARGE",
        ),
        ("a bomb that lies", lying, "SHEET_DAMAGED"),
        (
            "a million rows declared",
            Workbook::of("", "<dimension ref=\"A1:E1048576\"/><sheetData/>").file(),
            "SHEET_TOO_LARGE",
        ),
        (
            "a cell at the very end",
            rows("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>").file(),
            "SHEET_TOO_LARGE",
        ),
        ("many rows", rows(&many(2_001)).file(), "SHEET_TOO_LARGE"),
        (
            "many columns",
            rows(&format!("<row r=\"1\">{wide}</row>")).file(),
            "SHEET_TOO_LARGE",
        ),
        (
            "a long text",
            rows(&format!("<row r=\"1\">{}</row>", cell("A1", &"a".repeat(40_000)))).file(),
            "SHEET_TOO_LARGE",
        ),
        (
            "entities that expand",
            Workbook::of(
                BOMB,
                &format!("<sheetData><row r=\"1\">{}</row></sheetData>", cell("A1", "&b;")),
            )
            .file(),
            "SHEET_DAMAGED",
        ),
        (
            "texts without number",
            rows("")
                .with("xl/sharedStrings.xml", shared("uniqueCount=\"99999999999\""))
                .file(),
            "SHEET_TOO_LARGE",
        ),
        (
            "texts beyond all numbers",
            rows("")
                .with("xl/sharedStrings.xml", shared("uniqueCount = '18446744073709551615'"))
                .file(),
            "SHEET_TOO_LARGE",
        ),
        (
            "another encoding",
            rows("")
                .with("xl/sharedStrings.xml", b"\xff\xfe<\0s\0s\0t\0>\0".to_vec())
                .file(),
            "SHEET_DAMAGED",
        ),
        (
            "macros",
            rows("").with("xl/vbaProject.bin", "x").file(),
            "FILE_HAS_MACROS",
        ),
        (
            "macros in other letters",
            rows("").with("xl/VBAPROJECT.BIN", "x").file(),
            "FILE_HAS_MACROS",
        ),
        (
            "a sheet of macros",
            rows("").with("xl/macrosheets/sheet1.xml", "<x/>").file(),
            "FILE_HAS_MACROS",
        ),
        (
            "links to other files",
            rows("").with("xl/externalLinks/externalLink1.xml", "<x/>").file(),
            "SHEET_HAS_LINKS",
        ),
        (
            "a path that leads out",
            rows("").with("../../etc/cron.d/x", "x").file(),
            "SHEET_DAMAGED",
        ),
        (
            "a path from the root",
            rows("").with("/etc/passwd", "x").file(),
            "SHEET_DAMAGED",
        ),
        (
            "a path of another system",
            rows("").with("..\\..\\x.xml", "x").file(),
            "SHEET_DAMAGED",
        ),
        (
            "two parts with one name",
            rows("").with("XL/worksheets/sheet1.xml", "<x/>").file(),
            "SHEET_DAMAGED",
        ),
        (
            "XML that ends too soon",
            Workbook::of("", "<sheetData><row r=\"1\"><c r=\"A1\">").file(),
            "SHEET_DAMAGED",
        ),
        (
            "no sheet of ours",
            rows("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>").file(),
            "SHEET_NOT_OURS",
        ),
    ] {
        let begins = Instant::now();
        let answer = sent(&begun.officer, &begun.draft.id, "dryRun=true", "*", file).await;
        assert_eq!(problem(&answer), (422, code, "file"), "{what}");
        assert!(
            begins.elapsed() < Duration::from_secs(20),
            "{what} took {:?}",
            begins.elapsed()
        );
    }
    assert_eq!(app.contents().await, before);
}

async fn a_formula_a_day_and_an_error_are_told_in_their_cells(app: TestApp) {
    let begun = Begun::of(&app).await;
    let seen = begun.draft.seen_by(&begun.officer, "formVersion { id }").await;
    let form = seen.str("/node/formVersion/id");
    let row = |number: u32, code: &str, figure: &str| {
        format!(
            "<row r=\"{number}\">{}{figure}</row>",
            cell(&format!("A{number}"), code)
        )
    };
    let figures = [
        row(3, "members_total", "<c r=\"B3\"><f>SUM(D1:D9)</f><v>61</v></c>"),
        row(4, "workers_total", "<c r=\"B4\" t=\"e\"><v>#REF!</v></c>"),
        row(5, "new_members", "<c r=\"B5\" t=\"d\"><v>2026-10-12</v></c>"),
        row(6, "welfare_amount", "<c r=\"B6\"><v>390777000</v></c>"),
    ];
    let file = filled(&begun.draft.id, form, &figures.concat()).file();
    let answer = sent(&begun.officer, &begun.draft.id, "dryRun=true", "\"2\"", file).await;
    let conflicts = answer.body()["conflicts"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"))
        .iter();
    let told: Vec<_> = conflicts
        .map(|one| serde_json::json!([one["sheet"], one["cell"], one["code"], one["suggestions"]]))
        .collect();
    assert_eq!(
        serde_json::json!(told),
        serde_json::json!([
            ["TK-01", "B3", "CELL_IS_FORMULA", ["61"]],
            ["TK-01", "B4", "CELL_IS_ERROR", []],
            ["TK-01", "B5", "CELL_IS_DATE", []],
        ])
    );
    assert_eq!(answer.body()["taken"][0]["text"], "390777000");
}

async fn a_file_that_is_too_large_is_not_taken_in(app: TestApp) {
    let begun = Begun::of(&app).await;
    let answer = sent(
        &begun.officer,
        &begun.draft.id,
        "dryRun=true",
        "*",
        vec![b'x'; 4_194_305],
    )
    .await;
    assert_eq!(problem(&answer), (413, "FILE_TOO_LARGE", "file"));
}
