//! Spreadsheets of reports opened, filled in and saved by a program that is not ours: openpyxl, for Python.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::house::ROOT;
use crate::reports::Reporting;
use crate::reports_figures::Everything;
use crate::sheets::sent;
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    a_sheet_with_sixty_indicators_goes_round,
    a_sheet_offers_what_can_be_chosen,
}

/// Where openpyxl is, put there when it is not.
static PACKAGES: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let script = Path::new(ROOT).join("scripts/python.sh");
    said(
        Command::new("bash").arg(script).arg(&folder).output(),
        "scripts/python.sh",
    );
    folder
});

/// What a program said, which must have ended well.
#[track_caller]
fn said(output: std::io::Result<Output>, program: &str) -> Vec<u8> {
    let output = output.unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
    assert!(
        output.status.success(),
        "{program} failed; this test needs python3 with pip and, once, the package registry:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Opens a workbook with openpyxl and fills in figures: code, heading, value. What it saw, and the workbook as it saved it.
fn opened(workbook: &[u8], figures: &Value) -> (Value, Vec<u8>) {
    opened_by("sheet.py", workbook, figures)
}

/// The same by one of the scripts in `tests/python`.
pub fn opened_by(script: &str, workbook: &[u8], figures: &Value) -> (Value, Vec<u8>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, target) = (folder.path().join("a.xlsx"), folder.path().join("b.xlsx"));
    std::fs::write(&source, workbook).expect("a file");
    let mut python = Command::new("python3")
        .arg(Path::new(ROOT).join("tests/python").join(script))
        .args([&source, &target])
        .env("PYTHONPATH", &*PACKAGES)
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3");
    let mut input = python.stdin.take().expect("an input");
    input.write_all(figures.to_string().as_bytes()).expect("written");
    drop(input);
    let seen = said(python.wait_with_output(), script);
    let seen = serde_json::from_slice(&seen).expect("JSON");
    (seen, std::fs::read(target).expect("a workbook"))
}

async fn a_sheet_with_sixty_indicators_goes_round(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let keeper = app.catalogue_keeper().await;
    let codes: Vec<String> = (1..=60).map(|number| format!("figure_{number:02}")).collect();
    for (number, code) in (1..).zip(&codes) {
        let form = if number % 3 == 0 { "MONEY" } else { "INTEGER" };
        let mut new = json!({
            "code": code, "name": format!("Chỉ tiêu số {number}: đoàn viên được chăm lo"), "unitOfMeasure": "người", "numberForm": form,
            "aggregation": "FLOW",
        });
        if number == 1 {
            new["dimensions"] = json!(["WOMEN"]);
        }
        keeper.does("createIndicator", new).await.thing();
    }
    let item = |code: &String| match code.as_str() {
        "figure_01" => json!({ "indicatorCode": code, "required": true, "dimensions": ["WOMEN"] }),
        _ => json!({ "indicatorCode": code }),
    };
    let section = |(title, codes): (&str, &[String])| json!({ "title": title, "items": codes.iter().map(item).collect::<Vec<_>>() });
    let sections = [("I. Tổ chức", &codes[..25]), ("II. Chăm lo", &codes[25..])].map(section);
    let draft = json!({ "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": sections });
    reporting.specialist.does("writeReportFormDraft", draft).await.thing();
    let publish = json!({ "formId": reporting.form, "number": 2, "version": 1 });
    reporting.specialist.does("publishReportForm", publish).await.thing();
    let library = &app.world()["Thư viện"];
    let officer = app.officer_of(library).await;
    let draft = reporting
        .draft(
            &officer,
            library,
            &[("figure_02", "295"), ("figure_03", "trên 240 triệu đồng")],
        )
        .await;

    let path = format!("/api/v1/reports/{}/sheet", draft.id);
    let figures: Vec<Value> = (1..)
        .zip(&codes)
        .map(|(number, code): (i64, _)| match number {
            1 => json!([code, "Tổng số", "1.671"]),
            3 => json!([code, "Tổng số", "trên 295 triệu"]),
            number if number % 3 == 0 => json!([code, "Tổng số", number * 1_000_003]),
            number => json!([code, "Tổng số", number * 7]),
        })
        .chain([json!(["figure_01", "Trong đó: nữ", 782])])
        .collect();
    let (seen, workbook) = opened(officer.get(&path).await.bytes(), &json!(figures));
    assert_eq!(seen["sheets"], json!(["TK-01"]));
    assert_eq!(seen["title"], "TK-01. Biểu thống kê hoạt động");
    assert_eq!(
        seen["headings"],
        json!([
            "STT",
            "Chỉ tiêu",
            "Mã chỉ tiêu",
            "Đơn vị tính",
            "Tổng số",
            "Trong đó: nữ"
        ])
    );
    assert_eq!(
        [
            &seen["protected"],
            &seen["password"],
            &seen["lockedAbove"],
            &seen["hiddenRows"],
            &seen["formulas"]
        ],
        [&json!(true), &Value::Null, &json!(true), &json!([1]), &json!([])]
    );
    assert_eq!(
        seen["unlocked"].as_array().map(Vec::len),
        Some(61),
        "a total for each, and women of one"
    );
    let rows = seen["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 62, "60 indicators in two sections");
    assert_eq!(rows[0], json!([null, "I. Tổ chức", null, null, null, null]));
    assert_eq!(
        rows[1],
        json!([
            "1",
            "Chỉ tiêu số 1: đoàn viên được chăm lo (*)",
            "figure_01",
            "người",
            null,
            null
        ])
    );
    assert_eq!((&rows[2][4], &rows[3][4]), (&json!(295), &json!("trên 240 triệu đồng")));
    assert_eq!(rows[27][0], "1", "each section is counted by itself");

    let dry = sent(&officer, &draft.id, "dryRun=true", "\"2\"", workbook.clone()).await;
    assert_eq!(
        (&dry.body()["conflicts"], &dry.body()["saved"]),
        (&json!([]), &json!(false)),
        "{dry}"
    );
    let answer = sent(&officer, &draft.id, "", "\"2\"", workbook.clone()).await;
    assert_eq!(answer.body()["taken"].as_array().map(Vec::len), Some(61), "{answer}");
    let rest = officer.get(&format!("/api/v1/reports/{}", draft.id)).await;
    let kept: Vec<Value> = rest.body()["figures"]
        .as_array()
        .expect("figures")
        .iter()
        .map(|one| json!([one["indicatorCode"], one["part"], one["value"], one["qualifier"]]))
        .collect();
    assert_eq!(kept.len(), 61);
    assert_eq!(
        kept[..4],
        [
            json!(["figure_01", "TOTAL", "1671", "EXACT"]),
            json!(["figure_01", "WOMEN", "782", "EXACT"]),
            json!(["figure_02", "TOTAL", "14", "EXACT"]),
            json!(["figure_03", "TOTAL", "295000000", "MORE_THAN"]),
        ]
    );
    assert_eq!(kept[60], json!(["figure_60", "TOTAL", "60000180", "EXACT"]));

    // Once more round: what is there is there already.
    let (_, workbook) = opened(officer.get(&path).await.bytes(), &json!([]));
    let answer = sent(&officer, &draft.id, "", "\"3\"", workbook).await;
    assert_eq!(
        (&answer.body()["saved"], &answer.body()["unchanged"]),
        (&json!(false), &json!(61)),
        "{answer}"
    );
}

async fn a_sheet_offers_what_can_be_chosen(app: TestApp) {
    let all = Everything::begin(&app).await;
    let library = &app.world()["Thư viện"];
    let officer = app.officer_of(library).await;
    let draft = all.reporting.draft(&officer, library, &[]).await;
    let path = format!("/api/v1/reports/{}/sheet", draft.id);
    let figures = json!([
        ["attendance", "Tổng số", 0.9335],
        ["heads", "Tổng số", "=1+1"],
        ["has_rules", "Tổng số", true],
        ["rating", "Tổng số", "XS"],
    ]);
    let (seen, workbook) = opened(officer.get(&path).await.bytes(), &figures);
    assert_eq!(
        seen["lists"],
        json!([
            "\"Có,Không\"",
            "\"Hoàn thành xuất sắc nhiệm vụ,Hoàn thành tốt nhiệm vụ,Hoàn thành nhiệm vụ\""
        ])
    );
    let answer = sent(&officer, &draft.id, "mode=BY_ROW", "\"1\"", workbook).await;
    let conflicts = answer.body()["conflicts"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"))
        .iter();
    let told: Vec<_> = conflicts
        .map(|one| json!([one["indicatorCode"], one["code"], one["suggestions"]]))
        .collect();
    assert_eq!(
        json!(told),
        json!([
            ["heads", "CELL_IS_FORMULA", []],
            ["attendance", "AMBIGUOUS", ["93,35%", "0,9335%"]]
        ])
    );
    let rest = officer.get(&format!("/api/v1/reports/{}", draft.id)).await;
    let kept: Vec<_> = rest.body()["figures"]
        .as_array()
        .expect("figures")
        .iter()
        .map(|one| json!([one["indicatorCode"], one["text"]]))
        .collect();
    assert_eq!(json!(kept), json!([["has_rules", "có"], ["rating", "XS"]]));
}
