//! One spreadsheet for many units: whose reports are on it, what is begun and changed by it, and what is refused row by row.

use actix_web::http::Method;
use futures_util::future::join;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua::text::sort_key;
use thidua_entity::enums::{Role, Sector, UnitKind};
use thidua_entity::{report_submission, unit, unit_ancestry};
use uuid::Uuid;

use crate::accounts_services::System;
use crate::evidence::problem;
use crate::reports::{Draft, Reporting};
use crate::sheets;
use crate::sheets_opened::opened_by;
use crate::support::{Answer, Person, TestApp, Unit, Upload, on_both_databases};

on_both_databases! {
    a_clerk_of_forty_units_fills_them_in_with_a_program_that_is_not_ours,
    a_report_begun_by_a_sheet_is_as_one_begun_by_hand,
    all_units_are_taken_or_none_unless_rows_are_asked_for,
    a_dry_run_tells_the_same_and_stores_nothing,
    rows_that_are_of_no_unit_are_told,
    a_row_that_is_stale_does_not_undo_what_was_written_since,
    an_empty_row_says_nothing_of_a_report_that_the_unit_began_itself,
    a_report_that_was_sent_is_shown_and_not_changed,
    of_a_report_sent_back_for_some_figures_only_these_are_taken,
    columns_that_are_not_on_the_form_are_told,
    a_report_on_another_version_of_the_form_is_left_alone,
    who_may_not_write_is_refused_before_the_file_is_read,
    a_system_fills_in_what_its_scopes_name,
    of_two_who_send_the_same_sheet_at_once_one_begins_the_reports,
    a_sheet_holds_the_units_below_one_that_is_named,
    a_sheet_of_something_else_is_refused,
    a_form_that_is_too_wide_is_filled_in_report_by_report,
    a_sheet_full_of_nonsense_is_told_without_guesses,
    more_figures_take_no_more_statements,
    a_thousand_units_take_a_bounded_number_of_statements,
}

const TOTAL: &str = "Tổng số";

/// A sheet as text, on the desk of somebody.
#[derive(Clone)]
struct Sheet(Vec<Vec<String>>);

impl Sheet {
    /// What somebody downloads for a form and a period.
    async fn of(who: &Person, reporting: &Reporting) -> Self {
        Self::read(&who.get(&address(reporting, "format=csv")).await)
    }

    fn read(answer: &Answer) -> Self {
        Self(sheets::rows(answer))
    }

    /// The row whose second cell says this.
    fn row(&self, name: &str) -> usize {
        let row = self.0.iter().position(|row| row.get(1).is_some_and(|one| one == name));
        row.unwrap_or_else(|| panic!("no row of {name}"))
    }

    fn column(&self, code: &str, heading: &str) -> usize {
        let (codes, headings) = (&self.0[self.row("Mã chỉ tiêu")], &self.0[self.row("Đơn vị")]);
        let is_it = |column: &usize| codes[*column] == code && headings[*column] == heading;
        let found = (0..headings.len().min(codes.len())).find(is_it);
        found.unwrap_or_else(|| panic!("no column of {code}, {heading}"))
    }

    fn types(mut self, unit: &Unit, code: &str, text: &str) -> Self {
        let (row, column) = (self.row(&unit.name), self.column(code, TOTAL));
        self.0[row][column] = text.to_owned();
        self
    }

    fn shows(&self, unit: &Unit, code: &str) -> &str {
        &self.0[self.row(&unit.name)][self.column(code, TOTAL)]
    }

    /// The names of the units.
    fn units(&self) -> Vec<&str> {
        let rows = self.0.iter().skip(self.row("Đơn vị") + 1);
        rows.map(|row| row[1].as_str()).collect()
    }

    fn file(&self) -> Vec<u8> {
        sheets::file(&self.0)
    }

    /// Sends it.
    async fn sent(&self, who: &Person, reporting: &Reporting, asked: &str) -> Answer {
        sent(who, reporting, asked, self.file()).await
    }
}

fn address(reporting: &Reporting, asked: &str) -> String {
    let (form, period) = (&reporting.form, &reporting.period);
    format!("/api/v1/report-forms/{form}/sheet?periodId={period}&{asked}")
}

async fn sent(who: &Person, reporting: &Reporting, asked: &str, file: impl Into<Vec<u8>>) -> Answer {
    let kind = Upload::content_type();
    let headers = [("Content-Type", kind.as_str())];
    let body = Upload::of("bieu.bin", file).body();
    who.request(Method::POST, &address(reporting, asked), &headers, body)
        .await
}

/// An officer of several units at once: who keeps the books of them all.
async fn clerk_of(app: &TestApp, units: &[&Unit]) -> Person {
    let grants = units.iter().map(|unit| (Role::UnitOfficer, Scope::Unit(unit.uuid)));
    app.person(&grants.collect::<Vec<_>>()).await
}

/// Grassroots unions of a unit, put there in a few statements.
async fn found(app: &TestApp, above: &Unit, count: usize) -> Vec<Unit> {
    let db = &app.env.db;
    let lineage = unit_ancestry::Entity::find().filter(unit_ancestry::Column::UnitId.eq(above.uuid));
    let lineage = lineage.all(db).await.expect("those above");
    let (mut units, mut rows, mut ancestry) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=count {
        let (id, name) = (app.env.new_id(), format!("CĐCS Trường Tiểu học số {number:04}"));
        rows.push(unit::ActiveModel {
            id: Set(id),
            kind: Set(UnitKind::Grassroots),
            sector: Set(Some(Sector::Education)),
            province_id: Set(None),
            name: Set(name.clone()),
            name_from: Set(None),
            sort_key: Set(sort_key(&name)),
            founded_on: Set(None),
            ended_on: Set(None),
            end_reason: Set(None),
            version: Set(1),
            created_at: Set(app.env.now()),
        });
        let link = |ancestor: Uuid, depth: i32, like: &unit_ancestry::Model| unit_ancestry::ActiveModel {
            ancestor_id: Set(ancestor),
            unit_id: Set(id),
            valid_from: Set(like.valid_from),
            valid_to: Set(like.valid_to),
            depth: Set(depth),
        };
        ancestry.push(link(id, 0, &lineage[0]));
        ancestry.extend(lineage.iter().map(|one| link(one.ancestor_id, one.depth + 1, one)));
        units.push(Unit { uuid: id, name });
    }
    for some in rows.chunks(500) {
        let insert = unit::Entity::insert_many(some.to_vec());
        insert.exec_without_returning(db).await.expect("units");
    }
    for some in ancestry.chunks(500) {
        let insert = unit_ancestry::Entity::insert_many(some.to_vec());
        insert.exec_without_returning(db).await.expect("those above");
    }
    units
}

/// Three unions of the public employees, and the clerk who keeps their books.
struct Begun {
    reporting: Reporting,
    clerk: Person,
    units: [Unit; 3],
}

impl Begun {
    async fn of(app: &TestApp) -> Self {
        let world = app.world();
        let units = ["Thư viện", "Sở Nội vụ", "Sở Tài chính"].map(|name| world[name].clone());
        Self {
            reporting: Reporting::begin(app).await,
            clerk: clerk_of(app, &units.each_ref()).await,
            units,
        }
    }

    async fn sheet(&self) -> Sheet {
        Sheet::of(&self.clerk, &self.reporting).await
    }

    async fn sends(&self, asked: &str, sheet: &Sheet) -> Answer {
        sheet.sent(&self.clerk, &self.reporting, asked).await
    }

    /// The figures of a unit's report, and its version; nothing when there is none.
    async fn figures(&self, unit: &Unit) -> Value {
        let path = format!("/api/v1/reports?unitId={}", unit.id());
        let list = self.clerk.get(&path).await;
        let Some(id) = list.body()["items"][0]["id"].as_str() else {
            return Value::Null;
        };
        let report = self.clerk.get(&format!("/api/v1/reports/{id}")).await;
        let figures = report.body()["figures"].as_array().expect("figures").iter();
        let text = |one: &Value| json!([one["indicatorCode"], one["text"]]);
        json!({ "version": report.body()["version"], "figures": figures.map(text).collect::<Vec<_>>() })
    }
}

fn conflicts(of: &Value) -> Value {
    let all = of["conflicts"].as_array().unwrap_or_else(|| panic!("{of}")).iter();
    all.map(|one| json!([one["cell"], one["code"], one["suggestions"]]))
        .collect()
}

fn outcomes(of: &Value) -> Value {
    let all = of["units"].as_array().unwrap_or_else(|| panic!("{of}")).iter();
    all.map(|one| json!([one["unitName"], one["outcome"], one["figures"]]))
        .collect()
}

async fn a_clerk_of_forty_units_fills_them_in_with_a_program_that_is_not_ours(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let units = found(&app, &app.world()["Viên chức"], 40).await;
    let clerk = clerk_of(&app, &units.iter().collect::<Vec<_>>()).await;
    let path = address(&reporting, "format=xlsx");
    let answer = clerk.get(&path).await;
    assert!(
        answer.header("Content-Disposition").contains("tk-01-2026.xlsx"),
        "{answer}"
    );
    let figures: Vec<Value> = (1..)
        .zip(&units)
        .flat_map(|(number, unit): (i64, _)| {
            [
                json!([unit.name, "members_total", TOTAL, number * 10]),
                json!([unit.name, "workers_total", TOTAL, format!("1.{number:03}")]),
                json!([unit.name, "welfare_amount", TOTAL, "trên 295 triệu đồng"]),
            ]
        })
        .collect();
    let (seen, workbook) = opened_by("units.py", answer.bytes(), &json!(figures));
    let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(
        (&seen["units"], &seen["title"], &seen["sheets"]),
        (
            &json!(names),
            &json!("TK-01. Biểu thống kê hoạt động"),
            &json!(["TK-01"])
        )
    );
    assert_eq!(
        seen["headings"],
        json!([
            "STT",
            "Đơn vị",
            "Mã đơn vị",
            "Trạng thái",
            "Khóa đơn vị",
            "Khóa báo cáo",
            "Phiên bản",
            TOTAL,
            TOTAL,
            TOTAL,
            TOTAL
        ])
    );
    assert_eq!(seen["names"][7], "Số đoàn viên (*)");
    assert_eq!(
        [
            &seen["protected"],
            &seen["lockedAbove"],
            &seen["hiddenRows"],
            &seen["hiddenColumns"],
            &seen["formulas"]
        ],
        [
            &json!(true),
            &json!(true),
            &json!([1]),
            &json!(["E", "F", "G"]),
            &json!([])
        ]
    );
    assert_eq!(
        (&seen["unlocked"], &seen["unlockedColumns"]),
        (&json!(160), &json!([8, 9, 10, 11])),
        "only the figures are filled in"
    );

    let before = app.contents().await;
    let dry = sent(&clerk, &reporting, "dryRun=true", workbook.clone()).await;
    assert_eq!(app.contents().await, before, "a dry run stores nothing");
    assert_eq!(
        (&dry.body()["saved"], &dry.body()["conflicts"]),
        (&json!(false), &json!([])),
        "{dry}"
    );
    let answer = sent(&clerk, &reporting, "", workbook.clone()).await;
    assert_eq!(
        (answer.status(), &answer.body()["saved"]),
        (200, &json!(true)),
        "{answer}"
    );
    let begun = answer.body()["units"].as_array().expect("units");
    assert_eq!(begun.len(), 40);
    assert!(
        begun
            .iter()
            .all(|one| one["outcome"] == "BEGUN" && one["figures"] == 3 && one["version"] == 2)
    );
    let third = begun[2]["reportId"].as_str().expect("a report");
    let report = clerk.get(&format!("/api/v1/reports/{third}")).await;
    let kept: Vec<Value> = report.body()["figures"]
        .as_array()
        .expect("figures")
        .iter()
        .map(|one| json!([one["indicatorCode"], one["value"], one["qualifier"]]))
        .collect();
    assert_eq!(
        (&report.body()["unitId"], &report.body()["status"], json!(kept)),
        (
            &json!(units[2].id()),
            &json!("DRAFT"),
            json!([
                ["members_total", "30", "EXACT"],
                ["workers_total", "1003", "EXACT"],
                ["welfare_amount", "295000000", "MORE_THAN"]
            ])
        )
    );

    // The same workbook once more, as after a lost answer, and a new one that nobody has changed.
    let (seen, again) = opened_by("units.py", clerk.get(&path).await.bytes(), &json!([]));
    assert_eq!(seen["unlocked"], 160);
    for workbook in [workbook, again] {
        let answer = sent(&clerk, &reporting, "", workbook).await;
        assert_eq!(
            (&answer.body()["saved"], &answer.body()["unchanged"]),
            (&json!(false), &json!(40)),
            "{answer}"
        );
    }
}

async fn a_report_begun_by_a_sheet_is_as_one_begun_by_hand(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, _, finance] = &begun.units;
    let by_hand = begun
        .reporting
        .draft(
            &begun.clerk,
            finance,
            &[("members_total", "1.671"), ("new_members", "từ 10-12")],
        )
        .await;
    let sheet = begun.sheet().await;
    let sheet = sheet
        .types(library, "members_total", "1.671")
        .types(library, "new_members", "từ 10-12");
    let answer = begun.sends("", &sheet).await;
    let by_sheet = Draft {
        id: answer.body()["units"][0]["reportId"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned(),
    };
    let fields = "status late version note steps { action status } figures { part text value upper qualifier nature indicator { code } }
        missing { code } viewerCan { action allowed }";
    let mut seen = Vec::new();
    let mut traces = Vec::new();
    for report in [&by_hand, &by_sheet] {
        seen.push(report.seen_by(&begun.clerk, fields).await.at("/node").clone());
        let id = Kind::ReportSubmission.parse(&report.id).expect("a report");
        let trace = app.audit_of(id).await.into_iter();
        let trace = trace.map(|one| (one.action, one.account_id, one.detail.contains("1.671")));
        traces.push(trace.collect::<Vec<_>>());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(traces[0], traces[1]);
    assert_eq!(traces[1].len(), 2, "begun and written");

    // Who wrote into it offline meanwhile is not undone, and does not undo: as by hand.
    let other = app.officer_of(library).await;
    by_sheet.save(&other, 1, &[("members_total", "1.700")]).await.thing();
    let seen = by_sheet
        .seen_by(&begun.clerk, "figures { text } conflicts { standing text }")
        .await;
    assert_eq!(seen.texts("/node/figures", "text")[0], "1.671");
    assert_eq!(
        *seen.at("/node/conflicts"),
        json!([{ "standing": "1.671", "text": "1.700" }])
    );
}

async fn all_units_are_taken_or_none_unless_rows_are_asked_for(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, interior, finance] = &begun.units;
    begun
        .reporting
        .draft(&begun.clerk, finance, &[("members_total", "7"), ("new_members", "5")])
        .await;
    let sheet = begun.sheet().await;
    let sheet = sheet
        .types(library, "members_total", "120")
        .types(interior, "members_total", "390.777.00")
        .types(interior, "workers_total", "nhiều")
        .types(finance, "members_total", "8")
        .types(finance, "new_members", "");
    let before = app.contents().await;
    for asked in ["", "mode=ATOMIC"] {
        let answer = begun.sends(asked, &sheet).await;
        assert_eq!(problem(&answer), (422, "SHEET_HAS_CONFLICTS", "file"));
        let told = &answer.body()["sheet"];
        let first = &told["conflicts"][0];
        let row = sheet.row(&interior.name) + 1;
        assert_eq!(
            [
                &first["row"],
                &first["cell"],
                &first["code"],
                &first["indicatorCode"],
                &first["suggestions"][0]
            ],
            [
                &json!(row),
                &json!(format!("H{row}")),
                &json!("AMBIGUOUS"),
                &json!("members_total"),
                &json!("390777000")
            ]
        );
        assert_eq!((&told["conflictCount"], &told["saved"]), (&json!(2), &json!(false)));
        assert_eq!(app.contents().await, before, "nothing is half taken");
    }
    let answer = begun.sends("mode=BY_ROW", &sheet).await;
    assert_eq!(
        (answer.status(), outcomes(answer.body())),
        (
            200,
            json!([
                [interior.name, "REFUSED", 0],
                [finance.name, "CHANGED", 2],
                [library.name, "BEGUN", 1]
            ])
        ),
        "{answer}"
    );
    assert_eq!(
        begun.figures(library).await,
        json!({ "version": 2, "figures": [["members_total", "120"]] })
    );
    assert_eq!(
        begun.figures(finance).await,
        json!({ "version": 3, "figures": [["members_total", "8"]] })
    );
    assert_eq!(begun.figures(interior).await, Value::Null);
}

async fn a_dry_run_tells_the_same_and_stores_nothing(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, interior, _] = &begun.units;
    let sheet = begun.sheet().await;
    let sheet = sheet
        .types(library, "members_total", "120")
        .types(interior, "members_total", "12,5");
    let before = app.contents().await;
    for mode in ["ATOMIC", "BY_ROW"] {
        let answer = begun.sends(&format!("dryRun=true&mode={mode}"), &sheet).await;
        let body = answer.body();
        assert_eq!((answer.status(), &body["saved"]), (200, &json!(false)), "{answer}");
        assert_eq!(
            outcomes(body),
            json!([[interior.name, "REFUSED", 0], [library.name, "BEGUN", 1]])
        );
        assert_eq!(body["units"][1]["reportId"], Value::Null, "there is none yet");
        assert_eq!(body["conflicts"][0]["suggestions"], json!(["13"]));
    }
    assert_eq!(app.contents().await, before);
    let kind = Upload::content_type();
    let english = begun
        .clerk
        .in_english()
        .request(
            Method::POST,
            &address(&begun.reporting, "dryRun=true"),
            &[("Content-Type", &kind)],
            Upload::of("a.csv", sheet.file()).body(),
        )
        .await;
    let message = english.body()["conflicts"][0]["message"].as_str().expect("a sentence");
    assert!(message.is_ascii(), "{message}");
}

async fn rows_that_are_of_no_unit_are_told(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, interior, finance] = &begun.units;
    let keeper = app.specialist_of(&app.world()["Sóc Trăng"]).await;
    for (unit, code) in [(library, "TV.01"), (finance, "TC.07")] {
        let input = json!({ "id": unit.id(), "scheme": "QD20_2020", "value": code, "version": 1 });
        keeper.does("addUnitCode", input).await.thing();
    }
    let blank = begun.sheet().await;
    let (row, width) = (blank.row(&library.name), blank.0[blank.row(&library.name)].len());
    assert_eq!(blank.0[row][2], "TV.01");
    let mut sheet = Sheet(blank.0[..=blank.row("Đơn vị")].to_vec());
    // Rows that somebody has added have no keys.
    let added = |name: &str, code: &str, key: &str, figure: &str| {
        let mut cells = vec![String::new(); width];
        (cells[1], cells[2], cells[4], cells[7]) = (name.into(), code.into(), key.into(), figure.into());
        cells
    };
    let foreign = &app.world()["Sở Ngoại vụ"];
    let school = &app.world()["Trường Nguyễn Văn Cừ"];
    let at = sheet.0.len();
    sheet.0.extend([
        added("", "TV.01", "", "11"),
        added("", "TC.70", "", "12"),
        added(&foreign.name, "", &foreign.id(), "13"),
        added(&school.name, "", &school.id(), "13"),
        added("", "", "unit_khong_co", "14"),
        added("", "", "", "15"),
        added(&finance.name, "", &interior.id(), "16"),
        added("", "", "", ""),
        added(&interior.name, "", &interior.id(), "17"),
        added(&interior.name, "", &interior.id(), "18"),
    ]);
    let answer = begun.sends("mode=BY_ROW", &sheet).await;
    let cell = |row: usize| format!("B{}", at + row);
    assert_eq!(
        conflicts(answer.body()),
        json!([
            [cell(2), "UNKNOWN_UNIT", ["TC.07"]],
            // The nearest of the clerk's own.
            [cell(3), "UNKNOWN_UNIT", [interior.name]],
            [cell(4), "UNKNOWN_UNIT", []],
            [cell(5), "UNKNOWN_UNIT", []],
            [cell(6), "UNIT_MISSING", []],
            [cell(7), "UNIT_UNCLEAR", [interior.name]],
            [cell(10), "TWICE", []],
        ]),
        "who is out of reach is told as who never was: {answer}"
    );
    assert_eq!(outcomes(answer.body()), json!([[library.name, "BEGUN", 1]]));
    assert_eq!(
        begun.figures(interior).await,
        Value::Null,
        "of two rows of one unit neither is taken"
    );
}

async fn a_row_that_is_stale_does_not_undo_what_was_written_since(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, interior, finance] = &begun.units;
    let draft = begun
        .reporting
        .draft(&begun.clerk, library, &[("members_total", "7")])
        .await;
    let sheet = begun.sheet().await;
    let sheet = sheet
        .types(library, "new_members", "3")
        .types(interior, "new_members", "4")
        .types(finance, "new_members", "5");
    let officer = app.officer_of(library).await;
    draft.save(&officer, 2, &[("members_total", "9")]).await.thing();
    begun.reporting.draft(&begun.clerk, interior, &[]).await;
    let row = |unit: &Unit| format!("B{}", sheet.row(&unit.name) + 1);
    let answer = begun.sends("", &sheet).await;
    assert_eq!(
        conflicts(&answer.body()["sheet"]),
        json!([
            [row(interior), "STALE_VERSION", []],
            [row(library), "STALE_VERSION", []]
        ]),
        "{answer}"
    );
    assert_eq!(begun.figures(finance).await, Value::Null);
    begun.sends("mode=BY_ROW", &sheet).await;
    assert_eq!(
        begun.figures(library).await,
        json!({ "version": 3, "figures": [["members_total", "9"]] })
    );
    assert_eq!(begun.figures(finance).await["version"], 2);
}

async fn an_empty_row_says_nothing_of_a_report_that_the_unit_began_itself(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, interior, _] = &begun.units;
    let sheet = begun.sheet().await.types(interior, "members_total", "4");
    begun
        .reporting
        .draft(&begun.clerk, library, &[("members_total", "7")])
        .await;
    let answer = begun.sends("", &sheet).await;
    assert_eq!(
        outcomes(answer.body()),
        json!([[interior.name, "BEGUN", 1]]),
        "{answer}"
    );
    assert_eq!(
        begun.figures(library).await,
        json!({ "version": 2, "figures": [["members_total", "7"]] })
    );
}

async fn a_report_that_was_sent_is_shown_and_not_changed(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, interior, _] = &begun.units;
    let draft = begun
        .reporting
        .draft(&begun.clerk, library, &[("members_total", "7"), ("workers_total", "8")])
        .await;
    draft.step(&begun.clerk, "submitReport", 2).await.thing();
    let (seen, _) = opened_by(
        "units.py",
        begun.clerk.get(&address(&begun.reporting, "")).await.bytes(),
        &json!([]),
    );
    assert_eq!(seen["unlocked"], 8, "the figures of two of three units");
    let sheet = begun.sheet().await.types(interior, "members_total", "4");
    assert_eq!(sheet.shows(library, "members_total"), "7");
    assert_eq!(sheet.0[sheet.row(&library.name)][3], "đã gửi");
    let changed = sheet.clone().types(library, "members_total", "9");
    let answer = begun.sends("", &changed).await;
    assert_eq!(
        conflicts(&answer.body()["sheet"]),
        json!([[format!("B{}", changed.row(&library.name) + 1), "WRONG_STATE", []]]),
        "{answer}"
    );
    let answer = begun.sends("", &sheet).await;
    assert_eq!(
        (&answer.body()["saved"], &answer.body()["unchanged"]),
        (&json!(true), &json!(1)),
        "who left it as it is, is not held up: {answer}"
    );
}

async fn of_a_report_sent_back_for_some_figures_only_these_are_taken(app: TestApp) {
    let begun = Begun::of(&app).await;
    let library = &begun.units[0];
    let figures = [("members_total", "7"), ("workers_total", "8")];
    let draft = begun.reporting.draft(&begun.clerk, library, &figures).await;
    draft.step(&begun.clerk, "submitReport", 2).await.thing();
    let remark = json!({ "indicatorCode": "members_total", "text": "Xem lại số đoàn viên." });
    let back = json!({ "id": draft.id, "version": 3, "reason": "Sai số", "figures": [remark] });
    begun.reporting.specialist.does("returnReport", back).await.thing();
    let sheet = begun.sheet().await.types(library, "members_total", "6");
    let both = sheet.clone().types(library, "workers_total", "9");
    let answer = begun.sends("", &both).await;
    let told = &answer.body()["sheet"]["conflicts"][0];
    assert_eq!(
        (&told["code"], &told["indicatorCode"]),
        (&json!("FIGURE_LOCKED"), &json!("workers_total")),
        "{answer}"
    );
    let answer = begun.sends("", &sheet).await;
    assert_eq!(
        outcomes(answer.body()),
        json!([[library.name, "CHANGED", 1]]),
        "{answer}"
    );
    assert_eq!(
        begun.figures(library).await,
        json!({ "version": 5, "figures": [["members_total", "6"], ["workers_total", "8"]] })
    );
}

async fn columns_that_are_not_on_the_form_are_told(app: TestApp) {
    let begun = Begun::of(&app).await;
    let library = &begun.units[0];
    let mut sheet = begun.sheet().await.types(library, "welfare_amount", "5");
    let (codes, headings) = (sheet.row("Mã chỉ tiêu"), sheet.row("Đơn vị"));
    sheet.0[codes][7] = "member_total".to_owned();
    sheet.0[headings][8] = "Tông cộng".to_owned();
    sheet.0[headings][9] = "Trong đó: nữ".to_owned();
    let answer = begun.sends("mode=BY_ROW", &sheet).await;
    assert_eq!(
        conflicts(answer.body()),
        json!([
            [format!("H{}", codes + 1), "INDICATOR_NOT_ON_FORM", ["members_total"]],
            [format!("J{}", codes + 1), "PART_NOT_ASKED", []],
            [format!("I{}", headings + 1), "UNKNOWN_COLUMN", [TOTAL]],
        ]),
        "{answer}"
    );
    assert_eq!(
        begun.figures(library).await["figures"],
        json!([["welfare_amount", "5"]])
    );
    assert_eq!(begun.sends("", &sheet).await.status(), 422);
}

async fn a_report_on_another_version_of_the_form_is_left_alone(app: TestApp) {
    let begun = Begun::of(&app).await;
    let [library, interior, _] = &begun.units;
    begun
        .reporting
        .draft(&begun.clerk, library, &[("members_total", "7")])
        .await;
    let old = begun.sheet().await.types(interior, "members_total", "4");
    let (form, specialist) = (&begun.reporting.form, &begun.reporting.specialist);
    let items = json!([{ "indicatorCode": "members_total" }, { "indicatorCode": "new_members" }]);
    let draft = json!({ "formId": form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
    specialist.does("writeReportFormDraft", draft).await.thing();
    let publish = json!({ "formId": form, "number": 2, "version": 1 });
    specialist.does("publishReportForm", publish).await.thing();
    let answer = begun.sends("", &old).await;
    assert_eq!(problem(&answer), (422, "SHEET_OF_ANOTHER_FORM", "file"));
    let sheet = begun.sheet().await.types(interior, "members_total", "4");
    assert_eq!(sheet.shows(library, "members_total"), "7");
    assert_eq!(begun.sends("", &sheet).await.body()["saved"], json!(true));
    let answer = begun
        .sends("", &begun.sheet().await.types(library, "members_total", "5"))
        .await;
    let told = &answer.body()["sheet"]["conflicts"][0]["code"];
    assert_eq!(told, "REPORT_ON_ANOTHER_VERSION", "{answer}");
}

async fn who_may_not_write_is_refused_before_the_file_is_read(app: TestApp) {
    let begun = Begun::of(&app).await;
    let path = address(&begun.reporting, "");
    let file = begun.sheet().await.types(&begun.units[0], "members_total", "4").file();
    for (who, status) in [
        (app.viewer_of(Scope::Everything).await, 403),
        (begun.reporting.specialist.clone(), 403),
        (app.stranger().await, 403),
    ] {
        assert_eq!(who.get(&path).await.status(), status);
        for file in [file.clone(), b"PK nothing".to_vec()] {
            assert_eq!(sent(&who, &begun.reporting, "", file).await.status(), status);
        }
    }
    // Whose units do not use the form sees none.
    let elsewhere = app.officer_of(&app.world()["Trường Nguyễn Văn Cừ"]).await;
    assert_eq!(elsewhere.get(&path).await.status(), 404);
    assert_eq!(sent(&elsewhere, &begun.reporting, "", file.clone()).await.status(), 404);
    // An officer of the unit above writes for that unit, not for those below: they have their own.
    let above = app.officer_of(&app.world()["Viên chức"]).await;
    assert_eq!(
        problem(&above.get(&path).await),
        (422, "NO_UNIT_TO_FILL_IN", "periodId")
    );
    let answer = sent(&above, &begun.reporting, "", file).await;
    assert_eq!(
        answer.body()["sheet"]["conflicts"][0]["code"],
        "UNKNOWN_UNIT",
        "{answer}"
    );
    assert_eq!(begun.figures(&begun.units[0]).await, Value::Null);
}

async fn a_system_fills_in_what_its_scopes_name(app: TestApp) {
    let begun = Begun::of(&app).await;
    let union = &app.world()["Viên chức"];
    let reads = System::of(&app, union, "reports:read units:read").await.calls().await;
    let path = address(&begun.reporting, "format=csv");
    assert_eq!(reads.get(&path).await.code(), "INSUFFICIENT_SCOPE");
    let on = |name: &str, scopes: &str| {
        let mut terms = crate::accounts_services::terms(name, union, scopes);
        terms["contact"] = json!("Tổ CNTT");
        terms
    };
    let writes = System::on(&app, on("Phần mềm nhân sự", "reports:write"))
        .await
        .calls()
        .await;
    assert_eq!(
        writes.get(&path).await.code(),
        "INSUFFICIENT_SCOPE",
        "a list of units takes a scope of its own"
    );
    let both = System::on(&app, on("Cổng tỉnh", "reports:write units:read"))
        .await
        .calls()
        .await;
    let sheet = Sheet::read(&both.get(&path).await);
    assert_eq!(sheet.units().len(), 5, "all that report below its place");
    let sheet = sheet.types(&begun.units[0], "members_total", "4");
    let refused = sheet.sent(&reads, &begun.reporting, "").await;
    assert_eq!((refused.status(), refused.code()), (403, "INSUFFICIENT_SCOPE"));
    let answer = sheet.sent(&writes, &begun.reporting, "").await;
    assert_eq!(
        outcomes(answer.body()),
        json!([[begun.units[0].name, "BEGUN", 1]]),
        "{answer}"
    );
}

async fn of_two_who_send_the_same_sheet_at_once_one_begins_the_reports(app: TestApp) {
    let begun = Begun::of(&app).await;
    let mut sheet = begun.sheet().await;
    for unit in &begun.units {
        sheet = sheet.types(unit, "members_total", "4");
    }
    let (one, other) = join(begun.sends("", &sheet), begun.sends("", &sheet)).await;
    let saved = [&one, &other].map(|answer| answer.status() == 200 && answer.body()["saved"] == json!(true));
    assert_eq!(saved.iter().filter(|saved| **saved).count(), 1, "{one}\n{other}");
    let reports = report_submission::Entity::find().count(&app.env.db).await;
    assert_eq!(reports.expect("reports"), 3);
    for unit in &begun.units {
        assert_eq!(begun.figures(unit).await["version"], 2);
    }
}

async fn a_sheet_holds_the_units_below_one_that_is_named(app: TestApp) {
    let begun = Begun::of(&app).await;
    let world = app.world();
    let under = |unit: &Unit| address(&begun.reporting, &format!("format=csv&underId={}", unit.id()));
    let own = Sheet::read(&begun.clerk.get(&under(&begun.units[0])).await);
    assert_eq!(own.units(), [begun.units[0].name.as_str()]);
    for hidden in ["Viên chức", "Sở Ngoại vụ", "Đăk Tô"] {
        let answer = begun.clerk.get(&under(&world[hidden])).await;
        assert_eq!(
            problem(&answer),
            (422, "NO_UNIT_TO_FILL_IN", "periodId"),
            "{hidden} is not seen"
        );
    }
}

async fn a_sheet_of_something_else_is_refused(app: TestApp) {
    let begun = Begun::of(&app).await;
    let library = &begun.units[0];
    let draft = begun.reporting.draft(&begun.clerk, library, &[]).await;
    let single = begun
        .clerk
        .get(&format!("/api/v1/reports/{}/sheet?format=csv", draft.id))
        .await;
    let answer = sent(&begun.clerk, &begun.reporting, "", single.bytes()).await;
    assert_eq!(problem(&answer), (422, "SHEET_NOT_OURS", "file"));
    let sheet = begun.sheet().await.types(library, "members_total", "4");
    let answer = crate::sheets::sent(&begun.clerk, &draft.id, "", "*", sheet.file()).await;
    assert_eq!(problem(&answer), (422, "SHEET_NOT_OURS", "file"));
    let mut other = sheet.clone();
    other.0[0][2] = other.0[0][1].clone();
    let answer = begun.sends("", &other).await;
    assert_eq!(problem(&answer), (422, "SHEET_OF_ANOTHER_PERIOD", "file"));
    let quarter = Reporting {
        specialist: begun.reporting.specialist.clone(),
        committee: begun.reporting.committee.clone(),
        form: begun.reporting.form.clone(),
        period: Reporting::period(
            &app.specialist_of(&app.world()["Tổng Liên đoàn"]).await,
            &app.world()["Tổng Liên đoàn"],
            ("2026-Q1", "QUARTER"),
            ("2026-01-01", "2026-03-31"),
        )
        .await,
    };
    let answer = sheet.sent(&begun.clerk, &quarter, "").await;
    assert_eq!(problem(&answer), (422, "PERIOD_KIND", "periodId"));
    let mut long = sheet.clone();
    let row = long.0[long.row(&library.name)].clone();
    long.0.extend(std::iter::repeat_n(row, 1_000));
    let answer = begun.sends("", &long).await;
    assert_eq!(problem(&answer), (422, "TOO_MANY_UNITS", "file"));
    assert_eq!(begun.figures(library).await["version"], 1);
}

/// A form with sixty indicators in the place of that of a [`Reporting`]; their codes.
async fn sixty(app: &TestApp, reporting: &Reporting) -> Vec<String> {
    let keeper = app.catalogue_keeper().await;
    let codes: Vec<String> = (1..=60).map(|number| format!("figure_{number:02}")).collect();
    for code in &codes {
        let new = json!({ "code": code, "name": code, "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "FLOW",
            "dimensions": ["WOMEN", "SECTOR"] });
        keeper.does("createIndicator", new).await.thing();
    }
    let items: Vec<Value> = codes.iter().map(|code| json!({ "indicatorCode": code })).collect();
    let draft = json!({ "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
    reporting.specialist.does("writeReportFormDraft", draft).await.thing();
    let publish = json!({ "formId": reporting.form, "number": 2, "version": 1 });
    reporting.specialist.does("publishReportForm", publish).await.thing();
    codes
}

async fn a_form_that_is_too_wide_is_filled_in_report_by_report(app: TestApp) {
    let begun = Begun::of(&app).await;
    let codes = sixty(&app, &begun.reporting).await;
    let items: Vec<Value> = codes
        .iter()
        .map(|code| json!({ "indicatorCode": code, "dimensions": ["WOMEN", "SECTOR"] }))
        .collect();
    let draft =
        json!({ "formId": begun.reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
    begun
        .reporting
        .specialist
        .does("writeReportFormDraft", draft)
        .await
        .thing();
    let publish = json!({ "formId": begun.reporting.form, "number": 3, "version": 1 });
    begun
        .reporting
        .specialist
        .does("publishReportForm", publish)
        .await
        .thing();
    let answer = begun.clerk.get(&address(&begun.reporting, "format=csv")).await;
    assert_eq!(
        problem(&answer),
        (422, "FORM_TOO_WIDE", "id"),
        "540 columns, three units"
    );
}

async fn a_sheet_full_of_nonsense_is_told_without_guesses(app: TestApp) {
    let begun = Begun::of(&app).await;
    let blank = begun.sheet().await;
    let mut row = blank.0[blank.row(&begun.units[0].name)].clone();
    let mut sheet = Sheet(blank.0[..=blank.row("Đơn vị")].to_vec());
    for number in 0..1_000 {
        (row[1], row[4]) = (format!("{number} {}", "x".repeat(3_900)), format!("unit_{number}"));
        sheet.0.push(row.clone());
    }
    let answer = begun.sends("dryRun=true", &sheet).await;
    assert_eq!(answer.body()["conflictCount"], json!(1_000));
    let told = answer.body()["conflicts"].as_array().expect("conflicts");
    assert_eq!(told.len(), 500);
    assert!(
        told.iter()
            .all(|one| one["code"] == "UNKNOWN_UNIT" && one["suggestions"] == json!([]))
    );
}

async fn more_figures_take_no_more_statements(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let codes = sixty(&app, &reporting).await;
    let units = found(&app, &app.world()["Viên chức"], 60).await;
    let mut counts = Vec::new();
    for (group, figures) in [(&units[..30], 5), (&units[30..], 60)] {
        let clerk = clerk_of(&app, &group.iter().collect::<Vec<_>>()).await;
        for text in ["1", "2"] {
            let mut sheet = Sheet::of(&clerk, &reporting).await;
            for unit in group {
                for code in &codes[..figures] {
                    sheet = sheet.types(unit, code, text);
                }
            }
            let answer = sheet.sent(&clerk, &reporting, "").await;
            assert_eq!(answer.body()["saved"], json!(true), "{answer}");
            assert_eq!(answer.body()["units"][29]["figures"], json!(figures));
            counts.push(answer.statements());
        }
    }
    assert_eq!(
        counts[..2],
        counts[2..],
        "begun and changed, with 5 figures and with 60"
    );
    assert!(counts.iter().all(|count| *count <= 45), "{counts:?}");
}

async fn a_thousand_units_take_a_bounded_number_of_statements(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let union = &app.world()["Viên chức"];
    let units = found(&app, union, 995).await;
    let system = System::of(&app, union, "reports:write units:read").await.calls().await;
    let answer = system.get(&address(&reporting, "format=csv")).await;
    assert!(answer.statements() <= 25, "{}", answer.statements());
    let mut sheet = Sheet::read(&answer);
    assert_eq!(sheet.units().len(), 1_000, "with those that were there");
    let first = sheet.row("Đơn vị") + 1;
    let fill = |sheet: &mut Sheet, figure: &str| {
        for row in &mut sheet.0[first..] {
            (row[7], row[8]) = (figure.to_owned(), figure.to_owned());
        }
    };
    fill(&mut sheet, "12");
    let answer = sheet.sent(&system, &reporting, "").await;
    assert_eq!(answer.body()["units"].as_array().map(Vec::len), Some(1_000), "{answer}");
    assert!(answer.statements() <= 90, "{}", answer.statements());
    let mut sheet = Sheet::read(&system.get(&address(&reporting, "format=csv")).await);
    fill(&mut sheet, "13");
    let answer = sheet.sent(&system, &reporting, "").await;
    assert_eq!(answer.body()["saved"], json!(true), "{answer}");
    assert!(answer.statements() <= 150, "{}", answer.statements());
    // One more does not fit: they are divided by the units above them.
    found(&app, &units[0], 1).await;
    let answer = system.get(&address(&reporting, "format=csv")).await;
    assert_eq!(problem(&answer), (422, "TOO_MANY_UNITS", "underId"));
}
