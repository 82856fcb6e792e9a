//! Spreadsheets of reports: downloaded, filled in, uploaded; what is in conflict is told and what is stale or another's is refused.

use actix_web::http::Method;
use serde_json::{Value, json};
use thidua::policy::Scope;

use crate::evidence::problem;
use crate::reports::Draft;
use crate::reports_figures::{Everything, typed};
use crate::support::{Answer, Person, TestApp, Upload, on_both_databases};

on_both_databases! {
    an_officer_fills_in_the_sheet_of_a_report,
    what_an_officer_did_not_change_is_not_written_again,
    a_dry_run_tells_conflicts_with_their_place_and_stores_nothing,
    all_figures_are_taken_or_none_unless_rows_are_asked_for,
    rows_and_columns_that_are_not_on_the_form_are_told,
    a_sheet_that_is_stale_is_taken_only_by_who_says_so,
    a_sheet_of_another_report_is_refused,
    others_reports_are_not_downloaded_nor_filled_in,
    a_report_that_was_sent_is_not_filled_in,
    what_begins_like_a_formula_goes_out_as_text,
    a_name_of_a_sheet_can_be_read,
}

/// Sends a sheet: what is asked (`dryRun=true`), the version seen, the file.
pub async fn sent(who: &Person, report: &str, asked: &str, seen: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/v1/reports/{report}/sheet?{asked}");
    let kind = Upload::content_type();
    let headers = [("Content-Type", kind.as_str()), ("If-Match", seen)];
    who.request(Method::POST, &path, &headers, Upload::of("bieu.bin", file).body())
        .await
}

/// The rows of a sheet that was downloaded as text.
pub fn rows(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status(), 200, "{answer}");
    let bytes = answer
        .bytes()
        .strip_prefix(b"\xef\xbb\xbf")
        .expect("text that says it is UTF-8");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .has_headers(false)
        .from_reader(bytes);
    let records = reader.records().map(|record| record.expect("a row"));
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

/// The file of rows, as text.
pub fn file(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("a row");
    }
    writer.into_inner().expect("a file")
}

/// A sheet as text, on the desk of somebody.
pub struct Sheet(Vec<Vec<String>>);

impl Sheet {
    /// What somebody downloads of a report.
    pub async fn of(who: &Person, report: &str) -> Self {
        let answer = who.get(&format!("/api/v1/reports/{report}/sheet?format=csv")).await;
        Self(rows(&answer))
    }

    fn row(&self, code: &str) -> usize {
        let row = self.0.iter().position(|row| row.get(2).is_some_and(|one| one == code));
        row.unwrap_or_else(|| panic!("no row of {code}"))
    }

    fn column(&self, heading: &str) -> usize {
        let headings = &self.0[self.row("Mã chỉ tiêu")];
        let column = headings.iter().position(|one| one == heading);
        column.unwrap_or_else(|| panic!("no column {heading} in {headings:?}"))
    }

    /// Types into a cell, found by the code of its row and the heading of its column.
    pub fn types(mut self, code: &str, heading: &str, text: &str) -> Self {
        let (row, column) = (self.row(code), self.column(heading));
        self.0[row][column] = text.to_owned();
        self
    }

    /// What stands in a cell.
    pub fn shows(&self, code: &str, heading: &str) -> &str {
        &self.0[self.row(code)][self.column(heading)]
    }

    /// The file.
    pub fn file(&self) -> Vec<u8> {
        file(&self.0)
    }
}

const TOTAL: &str = "Tổng số";
const WOMEN: &str = "Trong đó: nữ";

/// A form that asks for everything, and a draft of the library on it.
struct Begun {
    all: Everything,
    officer: Person,
    draft: Draft,
}

impl Begun {
    async fn of(app: &TestApp) -> Self {
        let all = Everything::begin(app).await;
        let library = &app.world()["Thư viện"];
        let officer = app.officer_of(library).await;
        let draft = all.reporting.draft(&officer, library, &[]).await;
        Self { all, officer, draft }
    }

    async fn sheet(&self) -> Sheet {
        Sheet::of(&self.officer, &self.draft.id).await
    }

    async fn sends(&self, asked: &str, seen: &str, sheet: &Sheet) -> Answer {
        sent(&self.officer, &self.draft.id, asked, seen, sheet.file()).await
    }

    /// The version of the report and its figures: code, part and text.
    async fn figures(&self) -> (i64, Vec<String>) {
        let seen = self
            .draft
            .seen_by(&self.officer, "version figures { part text indicator { code } }")
            .await;
        let node = seen.at("/node");
        let figures = node["figures"].as_array().expect("a list").iter();
        let text =
            |one: &Value| format!("{} {} {}", one["indicator"]["code"], one["part"], one["text"]).replace('"', "");
        (
            node["version"].as_i64().expect("a version"),
            figures.map(text).collect(),
        )
    }
}

async fn an_officer_fills_in_the_sheet_of_a_report(app: TestApp) {
    let begun = Begun::of(&app).await;
    let sheet = begun.sheet().await;
    let sheet = sheet
        .types("heads", TOTAL, "1.671 đoàn viên")
        .types("heads", WOMEN, "trên 900")
        .types("heads", "Giáo dục", "1.000")
        .types("attendance", TOTAL, "93,35%")
        .types("has_rules", TOTAL, "x")
        .types("rating", TOTAL, "hoan thanh tot nhiem vu")
        .types("remark", TOTAL, "Đã sáp nhập; xem biên bản");
    let answer = begun.sends("", "\"1\"", &sheet).await;
    assert_eq!(answer.status(), 200, "{answer}");
    assert_eq!(
        (answer.header("ETag"), &answer.body()["saved"]),
        ("\"2\"", &json!(true))
    );
    assert_eq!(answer.body()["taken"].as_array().map(Vec::len), Some(7));
    assert_eq!(
        begun.figures().await,
        (
            2,
            [
                "heads TOTAL 1.671 đoàn viên",
                "heads WOMEN trên 900",
                "heads SECTOR_EDUCATION 1.000",
                "attendance TOTAL 93,35%",
                "has_rules TOTAL x",
                "rating TOTAL hoan thanh tot nhiem vu",
                "remark TOTAL Đã sáp nhập; xem biên bản",
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
    let sheet = begun.sheet().await;
    for (code, heading, shown) in [
        ("heads", TOTAL, "1671"),
        ("heads", WOMEN, "trên 900"),
        ("attendance", TOTAL, "93,35"),
        ("has_rules", TOTAL, "Có"),
        ("rating", TOTAL, "Hoàn thành tốt nhiệm vụ"),
        ("new_members", TOTAL, ""),
    ] {
        assert_eq!(sheet.shows(code, heading), shown, "{code}");
    }
    // An empty cell takes its figure out, and a row that is missing leaves it.
    let mut sheet = sheet.types("heads", WOMEN, " ");
    sheet.0.retain(|row| row.get(2).is_none_or(|code| code != "rating"));
    let answer = begun.sends("", "\"2\"", &sheet).await;
    let taken = &answer.body()["taken"];
    assert_eq!(taken[0]["before"], "trên 900", "{answer}");
    assert_eq!((&taken[0]["text"], &taken[1]), (&json!(""), &Value::Null));
    let (version, figures) = begun.figures().await;
    assert_eq!((version, figures.len()), (3, 6));
    assert!(figures.iter().any(|one| one.starts_with("rating")));
}

async fn what_an_officer_did_not_change_is_not_written_again(app: TestApp) {
    let begun = Begun::of(&app).await;
    let figures = [
        ("heads", "TOTAL", "1.671 đoàn viên"),
        ("attendance", "TOTAL", "93,5%"),
        ("remark", "TOTAL", "'=1+1"),
        ("has_rules", "TOTAL", "chưa"),
    ];
    typed(&begun.draft, &begun.officer, 1, &figures).await.thing();
    let before = begun.figures().await;
    for format in ["csv", "xlsx"] {
        let path = format!("/api/v1/reports/{}/sheet?format={format}", begun.draft.id);
        let sheet = begun.officer.get(&path).await;
        assert_eq!(sheet.header("ETag"), "\"2\"");
        let answer = sent(&begun.officer, &begun.draft.id, "", "\"2\"", sheet.bytes()).await;
        let body = answer.body();
        assert_eq!(
            (&body["saved"], &body["unchanged"], &body["version"]),
            (&json!(false), &json!(4), &json!(2)),
            "{answer}"
        );
    }
    assert_eq!(begun.figures().await, before);
}

async fn a_dry_run_tells_conflicts_with_their_place_and_stores_nothing(app: TestApp) {
    let begun = Begun::of(&app).await;
    let sheet = begun.sheet().await;
    let sheet = sheet
        .types("heads", TOTAL, "390.777.00")
        .types("heads", WOMEN, "12")
        .types("attendance", TOTAL, "101%")
        .types("has_rules", TOTAL, "có lẽ")
        .types("rating", TOTAL, "hoàn thành tốt nhiệm")
        .types("new_members", TOTAL, "7");
    let before = app.contents().await;
    let answer = begun.sends("dryRun=true", "\"1\"", &sheet).await;
    assert_eq!(app.contents().await, before, "a dry run stores nothing");
    let body = answer.body();
    assert_eq!(
        (&body["saved"], &body["conflictCount"], &body["version"]),
        (&json!(false), &json!(4), &json!(1)),
        "{answer}"
    );
    let row = sheet.row("heads") + 1;
    let first = &body["conflicts"][0];
    assert_eq!(
        [
            &first["row"],
            &first["column"],
            &first["cell"],
            &first["found"],
            &first["code"],
            &first["suggestions"]
        ],
        [
            &json!(row),
            &json!(5),
            &json!(format!("E{row}")),
            &json!("390.777.00"),
            &json!("AMBIGUOUS"),
            &json!(["390777000", "39077700"])
        ]
    );
    let told: Vec<_> = body["conflicts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (&one["code"], &one["suggestions"][0]))
        .collect();
    assert_eq!(
        json!(told[1..]),
        json!([
            ["OUT_OF_BOUNDS", "100"],
            ["NEITHER_YES_NOR_NO", "Có"],
            ["NOT_A_CHOICE", "Hoàn thành tốt nhiệm vụ"]
        ])
    );
    let taken: Vec<_> = body["taken"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["indicatorCode"])
        .collect();
    assert_eq!(
        json!(taken),
        json!(["new_members"]),
        "of a row with a conflict nothing is taken"
    );
    let english = sent(
        &begun.officer.in_english(),
        &begun.draft.id,
        "dryRun=true",
        "*",
        sheet.file(),
    )
    .await;
    let message = english.body()["conflicts"][2]["message"].as_str().expect("a sentence");
    assert!(message.contains("Answer có (yes)"), "{message}");
}

async fn all_figures_are_taken_or_none_unless_rows_are_asked_for(app: TestApp) {
    let begun = Begun::of(&app).await;
    let sheet = begun.sheet().await;
    let sheet = sheet.types("heads", TOTAL, "120").types("new_members", TOTAL, "51");
    for asked in ["", "mode=ATOMIC"] {
        let answer = begun.sends(asked, "\"1\"", &sheet).await;
        assert_eq!(problem(&answer), (422, "SHEET_HAS_CONFLICTS", "file"));
        let conflict = &answer.body()["sheet"]["conflicts"][0];
        assert_eq!(
            (&conflict["indicatorCode"], &conflict["suggestions"]),
            (&json!("new_members"), &json!(["50"]))
        );
        assert_eq!(begun.figures().await, (1, Vec::new()));
    }
    let answer = begun.sends("mode=BY_ROW", "\"1\"", &sheet).await;
    assert_eq!(
        (&answer.body()["saved"], &answer.body()["conflictCount"]),
        (&json!(true), &json!(1)),
        "{answer}"
    );
    assert_eq!(begun.figures().await, (2, vec!["heads TOTAL 120".to_owned()]));
    let answer = begun.sends("mode=SOME", "\"2\"", &sheet).await;
    assert_eq!(answer.status(), 400, "{answer}");
}

async fn rows_and_columns_that_are_not_on_the_form_are_told(app: TestApp) {
    let begun = Begun::of(&app).await;
    let mut sheet = begun.sheet().await;
    let row = sheet.row("new_members");
    sheet.0[row][2] = "new_member".to_owned();
    let heading = sheet.row("Mã chỉ tiêu");
    let women = sheet.column(WOMEN);
    sheet.0[heading][women] = "Trong đó nữa".to_owned();
    let sheet = sheet.types("attendance", "Giáo dục", "5");
    let answer = begun.sends("dryRun=true", "\"1\"", &sheet).await;
    let told: Vec<_> = answer.body()["conflicts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| json!([one["cell"], one["code"], one["suggestions"]]))
        .collect();
    let attendance = sheet.row("attendance") + 1;
    assert_eq!(
        json!(told),
        json!([
            [format!("F{}", heading + 1), "UNKNOWN_COLUMN", [WOMEN]],
            [format!("I{attendance}"), "PART_NOT_ASKED", []],
            [format!("C{}", row + 1), "INDICATOR_NOT_ON_FORM", ["new_members"]],
        ])
    );
}

async fn a_sheet_that_is_stale_is_taken_only_by_who_says_so(app: TestApp) {
    let begun = Begun::of(&app).await;
    let sheet = begun.sheet().await.types("heads", TOTAL, "120");
    typed(&begun.draft, &begun.officer, 1, &[("new_members", "TOTAL", "3")])
        .await
        .thing();
    for seen in ["\"1\"", "\"2\""] {
        let answer = begun.sends("dryRun=true", seen, &sheet).await;
        assert_eq!((answer.status(), answer.code()), (412, "STALE_VERSION"), "{answer}");
    }
    let path = format!("/api/v1/reports/{}/sheet", begun.draft.id);
    let kind = Upload::content_type();
    let form = Upload::of("a.csv", sheet.file()).body();
    let answer = begun
        .officer
        .request(Method::POST, &path, &[("Content-Type", &kind)], form)
        .await;
    assert_eq!(answer.status(), 428, "{answer}");
    assert_eq!(begun.figures().await.0, 2);
    let answer = begun.sends("", "*", &sheet).await;
    assert_eq!(
        (&answer.body()["saved"], &answer.body()["version"]),
        (&json!(true), &json!(3)),
        "{answer}"
    );
    assert_eq!(
        begun.figures().await.1,
        ["heads TOTAL 120"],
        "the sheet knew nothing of the other figure"
    );
}

async fn a_sheet_of_another_report_is_refused(app: TestApp) {
    let begun = Begun::of(&app).await;
    let other = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(other).await;
    let draft = begun.all.reporting.draft(&officer, other, &[]).await;
    let sheet = Sheet::of(&officer, &draft.id).await.types("heads", TOTAL, "120");
    let answer = begun.sends("", "*", &sheet).await;
    assert_eq!(problem(&answer), (422, "SHEET_OF_ANOTHER_REPORT", "file"));
    let mut sheet = begun.sheet().await.types("heads", TOTAL, "120");
    sheet.0[0][2] = sheet.0[0][1].clone();
    assert_eq!(
        problem(&begun.sends("", "*", &sheet).await),
        (422, "SHEET_OF_ANOTHER_FORM", "file")
    );
    sheet.0[0].clear();
    assert_eq!(
        problem(&begun.sends("", "*", &sheet).await),
        (422, "SHEET_NOT_OURS", "file")
    );
    assert_eq!(begun.figures().await, (1, Vec::new()));
}

async fn others_reports_are_not_downloaded_nor_filled_in(app: TestApp) {
    let begun = Begun::of(&app).await;
    let file = begun.sheet().await.types("heads", TOTAL, "120").file();
    let path = format!("/api/v1/reports/{}/sheet", begun.draft.id);
    let other = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    assert_eq!(
        (other.get(&path).await.status(), other.get(&path).await.code()),
        (404, "NOT_FOUND")
    );
    assert_eq!(sent(&other, &begun.draft.id, "", "*", file.clone()).await.status(), 404);
    let viewer = app.viewer_of(Scope::Unit(app.world()["Thư viện"].uuid)).await;
    assert_eq!(
        viewer.get(&path).await.status(),
        200,
        "who sees a report may download it"
    );
    // Refused before the file is looked at.
    for file in [file, b"PK nothing".to_vec()] {
        for asked in ["", "dryRun=true"] {
            let answer = sent(&viewer, &begun.draft.id, asked, "*", file.clone()).await;
            assert_eq!((answer.status(), answer.code()), (403, "FORBIDDEN"), "{answer}");
        }
    }
    assert_eq!(begun.officer.get(&format!("{path}?format=ods")).await.status(), 400);
}

async fn a_report_that_was_sent_is_not_filled_in(app: TestApp) {
    let begun = Begun::of(&app).await;
    let sheet = begun.sheet().await.types("heads", TOTAL, "120");
    assert_eq!(begun.sends("", "\"1\"", &sheet).await.status(), 200);
    begun.draft.step(&begun.officer, "submitReport", 2).await.thing();
    let answer = begun.sends("", "*", &sheet.types("heads", TOTAL, "121")).await;
    assert_eq!((answer.status(), answer.code()), (409, "WRONG_STATE"), "{answer}");
}

async fn what_begins_like_a_formula_goes_out_as_text(app: TestApp) {
    let begun = Begun::of(&app).await;
    let library = &app.world()["Thư viện"];
    let name = "=HYPERLINK(\"http://ke-gian.vn\",\"CĐCS Thư viện\")";
    let rename = json!({ "id": library.id(), "version": 1, "name": name, "from": "2026-01-01" });
    app.specialist_of(&app.world()["Tổng Liên đoàn"])
        .await
        .does("renameUnit", rename)
        .await
        .thing();
    typed(&begun.draft, &begun.officer, 1, &[("remark", "TOTAL", "@SUM(A1:A9)")])
        .await
        .thing();
    let sheet = begun.sheet().await;
    let told: Vec<&str> = sheet
        .0
        .iter()
        .flatten()
        .map(String::as_str)
        .filter(|text| text.contains("HYPERLINK"))
        .collect();
    assert_eq!(told, [format!("'{name}")]);
    assert_eq!(sheet.shows("remark", TOTAL), "'@SUM(A1:A9)");
    let answer = begun.sends("", "\"2\"", &sheet).await;
    assert_eq!(
        answer.body()["unchanged"],
        1,
        "the apostrophe is taken off again: {answer}"
    );
}

async fn a_name_of_a_sheet_can_be_read(app: TestApp) {
    let begun = Begun::of(&app).await;
    let path = format!("/api/v1/reports/{}/sheet", begun.draft.id);
    let answer = begun.officer.get(&path).await;
    assert_eq!(
        answer.header("Content-Disposition"),
        "attachment; filename=\"tk-01-2026-cdcs-thu-vien-tinh.xlsx\"; \
         filename*=UTF-8''TK%2D01%202026%20C%C4%90CS%20Th%C6%B0%20vi%E1%BB%87n%20t%E1%BB%89nh.xlsx"
    );
    assert_eq!(
        answer.header("Content-Type"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    let answer = begun.officer.get(&format!("{path}?format=csv")).await;
    assert_eq!(answer.header("Content-Type"), "text/csv; charset=utf-8");
}
