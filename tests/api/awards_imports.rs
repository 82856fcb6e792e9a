//! Decisions that were made elsewhere come into the registry by a spreadsheet: what is taken and what is left alone. What is asked back and
//! refused is in `awards_imports_told.rs`.

use std::io::Cursor;

use actix_web::http::Method;
use calamine::{Reader as _, Xlsx};
use futures_util::future::{join, join_all};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::awards::Registry;
use crate::evidence::problem;
use crate::support::{Answer, Person, TestApp, Unit, Upload, fewest_statements, no_more_statements, on_both_databases};

on_both_databases! {
    a_specialist_takes_over_the_honours_of_five_years_from_a_spreadsheet,
    an_empty_register_is_downloaded_filled_in_and_taken,
    a_list_of_ones_own_is_taken_by_its_headings,
    a_date_that_excel_made_is_read,
    a_file_sent_twice_changes_nothing,
    a_dry_run_tells_what_would_come_in_and_stores_nothing,
    a_unit_is_found_under_the_name_that_it_had_then,
    of_four_who_send_the_same_file_at_once_one_records_it,
    a_file_beside_a_decision_recorded_by_hand_is_told_what_stands_there,
    every_imported_decision_is_in_the_audit,
    more_rows_take_no_more_statements,
    a_decision_is_recorded_and_read_over_rest,
}

const HEAD: &str = "Số quyết định;Ngày ký;Năm thành tích;Cơ quan ban hành;Người ký;Hình thức khen thưởng;Đơn vị;Họ và tên;\
                    Đối tượng;Số lượng;Ghi chú;Nguồn";

/// A register as text: the headings of the empty one, and these rows.
pub fn register(rows: &[&str]) -> Vec<u8> {
    let lines: Vec<&str> = std::iter::once(HEAD).chain(rows.iter().copied()).collect();
    lines.join("\r\n").into_bytes()
}

/// Sends a register into the registry of a unit.
pub async fn sent(who: &Person, owner: &Unit, asked: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/v1/award-decisions/sheet?ownerId={}&{asked}", owner.id());
    let kind = Upload::content_type();
    let headers = [("Content-Type", kind.as_str())];
    let body = Upload::of("khen-thuong.csv", file).body();
    who.request(Method::POST, &path, &headers, body).await
}

/// How many decisions are recorded, how many awards they give, how many stand there already, how many cells are in conflict.
#[track_caller]
pub fn told(answer: &Answer) -> (bool, [u64; 4]) {
    assert_eq!(answer.status(), 200, "{answer}");
    let number = |name: &str| {
        answer.body()[name]
            .as_u64()
            .unwrap_or_else(|| panic!("{name} of {answer}"))
    };
    let numbers = ["recorded", "awards", "unchanged", "conflictCount"].map(number);
    (answer.body()["saved"] == json!(true), numbers)
}

/// Cell and code of each conflict, of a dry run or of a refusal.
pub fn conflicts(answer: &Answer) -> Vec<(String, String)> {
    let body = match answer.status() {
        200 => answer.body(),
        422 => &answer.body()["sheet"],
        _ => panic!("{answer}"),
    };
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or("?").to_owned();
    let all = body["conflicts"].as_array().unwrap_or_else(|| panic!("{answer}"));
    all.iter().map(|one| (text(one, "cell"), text(one, "code"))).collect()
}

pub fn at(cell: &str, code: &str) -> (String, String) {
    (cell.to_owned(), code.to_owned())
}

/// The decisions that somebody sees, the latest years first.
async fn decisions(who: &Person, fields: &str) -> Value {
    let query = format!("{{ awardDecisions(first: 6) {{ nodes {{ {fields} }} }} }}");
    who.graphql(&query, json!({})).await.at("/awardDecisions/nodes").clone()
}

/// The flags and certificates of a federation over five years, as a specialist keeps them in a list.
const FIVE_YEARS: &[&str] = &[
    "15/QĐ-UBND;05/02/2025;2024;Ủy ban nhân dân tỉnh Sóc Trăng;;Giấy khen của Liên đoàn Lao động tỉnh;CĐCS Sở Tài chính;Trần Văn Sáu;;;;",
    "737/QĐ-LĐLĐ;15/01/2022;2021;;Nguyễn Thanh Sơn, Chủ tịch;Cờ thi đua của Liên đoàn Lao động tỉnh;CĐCS Sở Nội vụ;;;;;",
    "0737/QĐ–LĐLĐ;15/1/2022;2021;;;CO_LDLD;Công đoàn Viên chức tỉnh Sóc Trăng;;;7;Nguồn chỉ nêu tên một tập thể;",
    "12/QĐ-LĐLĐ;12/01/2023;2022;LĐLĐ tỉnh Sóc Trăng;;giay khen cua lien doan lao dong tinh;Công đoàn Viên chức tỉnh Sóc Trăng;;Tập thể;8;;",
    "12/QĐ-LĐLĐ;12/01/2023;2022;Liên đoàn Lao động tỉnh Sóc Trăng;;GK_LDLD;Công đoàn Viên chức tỉnh Sóc Trăng;;Cá nhân;18;;",
    "06/QĐ-CĐVC;20/12/2023;2023;Công đoàn Viên chức tỉnh Sóc Trăng;;Chiến sĩ thi đua cơ sở;Công đoàn cơ sở Thư viện tỉnh;Nguyễn Thị Bưởi;;1;;",
    ";;2020;;;CO_LDLD;CĐCS Sở Ngoại vụ;;;;;Báo cáo tổng kết năm 2020",
];

async fn a_specialist_takes_over_the_honours_of_five_years_from_a_spreadsheet(app: TestApp) {
    let world = app.world();
    Registry::of(&app, "Sóc Trăng").await;
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let answer = sent(&specialist, &world["Sóc Trăng"], "", register(FIVE_YEARS)).await;
    assert_eq!(told(&answer), (true, [5, 7, 0, 0]));
    let fields = "number year decidedOn issuer { name } issuerName signer source owner { name }
        awards { type { code } recipient unit { name } recipientName count note }";
    let award = |kind: &str, recipient: &str, unit: &str, name: Option<&str>, count: i32, note: Option<&str>| {
        json!({
            "type": { "code": kind }, "recipient": recipient, "unit": { "name": world[unit].name }, "recipientName": name,
            "count": count, "note": note,
        })
    };
    let (federation, branch) = (&world["Sóc Trăng"].name, &world["Viên chức"].name);
    let outside = "Ủy ban nhân dân tỉnh Sóc Trăng";
    let office = Some("CĐCS Sở Nội vụ");
    let expected = json!([
        {
            "number": "15/QĐ-UBND", "year": 2024, "decidedOn": "2025-02-05", "issuer": null, "issuerName": outside, "signer": null,
            "source": null, "owner": { "name": federation },
            "awards": [award("GK_LDLD", "INDIVIDUAL", "Sở Tài chính", Some("Trần Văn Sáu"), 1, None)],
        },
        {
            "number": "06/QĐ-CĐVC", "year": 2023, "decidedOn": "2023-12-20", "issuer": { "name": branch }, "issuerName": branch,
            "signer": null, "source": null, "owner": { "name": branch },
            "awards": [award("CSTD_CS", "INDIVIDUAL", "Thư viện", Some("Nguyễn Thị Bưởi"), 1, None)],
        },
        {
            "number": "12/QĐ-LĐLĐ", "year": 2022, "decidedOn": "2023-01-12", "issuer": { "name": federation }, "issuerName": federation,
            "signer": null, "source": null, "owner": { "name": federation },
            "awards": [
                award("GK_LDLD", "COLLECTIVE", "Viên chức", None, 8, None), award("GK_LDLD", "INDIVIDUAL", "Viên chức", None, 18, None),
            ],
        },
        {
            "number": "737/QĐ-LĐLĐ", "year": 2021, "decidedOn": "2022-01-15", "issuer": { "name": federation }, "issuerName": federation,
            "signer": "Nguyễn Thanh Sơn, Chủ tịch", "source": null, "owner": { "name": federation },
            "awards": [
                award("CO_LDLD", "COLLECTIVE", "Sở Nội vụ", office, 1, None),
                award("CO_LDLD", "COLLECTIVE", "Viên chức", None, 7, Some("Nguồn chỉ nêu tên một tập thể")),
            ],
        },
        {
            "number": null, "year": 2020, "decidedOn": null, "issuer": { "name": federation }, "issuerName": federation, "signer": null,
            "source": "Báo cáo tổng kết năm 2020", "owner": { "name": federation },
            "awards": [award("CO_LDLD", "COLLECTIVE", "Sở Ngoại vụ", Some("CĐCS Sở Ngoại vụ"), 1, None)],
        },
    ]);
    assert_eq!(decisions(&specialist, fields).await, expected);
    let first = &answer.body()["decisions"][0];
    let seen = specialist
        .get(&format!(
            "/api/v1/award-decisions/{}",
            first["id"].as_str().expect("an id")
        ))
        .await;
    assert_eq!(
        (&first["row"], &seen.body()["number"]),
        (&json!(2), &json!("15/QĐ-UBND"))
    );
    // What came in is found, counted and verified as everything else.
    let found = specialist.get("/api/v1/awards?search=buoi").await;
    assert_eq!(found.body()["items"][0]["recipientName"], "Nguyễn Thị Bưởi");
    let counted = specialist
        .graphql("{ awardCounts(where: { year: 2022 }) { recipient count } }", json!({}))
        .await;
    assert_eq!(
        *counted.at("/awardCounts"),
        json!([{ "recipient": "COLLECTIVE", "count": 8 }, { "recipient": "INDIVIDUAL", "count": 18 }])
    );
}

async fn an_empty_register_is_downloaded_filled_in_and_taken(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let path = format!("/api/v1/award-decisions/sheet?ownerId={}", registry.owner.id());
    let empty = registry.committee.get(&format!("{path}&format=csv")).await;
    assert_eq!(empty.status(), 200, "{empty}");
    for said in [
        HEAD.split(';').next().expect("a heading"),
        "Đơn vị (*)",
        &registry.owner.name,
        "CO_LDLD, GK_LDLD",
    ] {
        assert!(empty.text().contains(said), "{said} in {empty}");
    }
    let nothing = sent(&registry.committee, &registry.owner, "", empty.bytes()).await;
    assert_eq!(told(&nothing), (false, [0, 0, 0, 0]));
    let filled = format!(
        "{}1/QĐ-CĐVC;15/01/2026;2025;;;CO_LDLD;{};;;;;\r\n",
        empty.text(),
        world["Thư viện"].name
    );
    let taken = sent(&registry.committee, &registry.owner, "", filled).await;
    assert_eq!(told(&taken), (true, [1, 1, 0, 0]));
    // A workbook has a row for each award that fits, and the catalogue beside it.
    let empty = registry.committee.get(&path).await;
    assert!(empty.header("content-disposition").contains(".xlsx"), "{empty}");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(empty.bytes().to_vec())).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Khen thưởng", "Danh mục"]);
    let listed = book.worksheet_range("Danh mục").expect("a sheet");
    let codes: Vec<String> = listed.rows().skip(2).map(|row| row[0].to_string()).collect();
    assert_eq!(codes, ["CSTD_CS", "CO_LDLD", "GK_LDLD"]);
    let nothing = sent(&registry.committee, &registry.owner, "", empty.bytes()).await;
    assert_eq!(told(&nothing), (false, [0, 0, 0, 0]));
}

async fn a_list_of_ones_own_is_taken_by_its_headings(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    // Other columns, in another order, below a title, with commas between them.
    let list = "Danh sách khen thưởng\n\
                STT,Đơn vị công tác,Họ tên,Hình thức,Năm,Số QĐ\n\
                1,CĐCS Thư viện tỉnh,Nguyễn Thị Bưởi,CSTD_CS,2025,02/QĐ-CĐVC\n\
                2,CĐCS Sở Nội vụ,Trần Văn Cam,CSTD_CS,2025,02/QĐ-CĐVC\n";
    let answer = sent(&registry.committee, &registry.owner, "", list).await;
    assert_eq!(told(&answer), (true, [1, 2, 0, 0]));
    let seen = decisions(&registry.committee, "number decidedOn awards { recipientName }").await;
    let names = json!([{ "recipientName": "Nguyễn Thị Bưởi" }, { "recipientName": "Trần Văn Cam" }]);
    assert_eq!(
        seen,
        json!([{ "number": "02/QĐ-CĐVC", "decidedOn": null, "awards": names }])
    );
}

/// A workbook with the headings of the register, and one award signed on a day that the program made.
fn workbook(day: &str, format: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, heading) in (0..).zip(HEAD.split(';')) {
        page.write_string(0, column, heading).expect("a heading");
    }
    let day = ExcelDateTime::parse_from_str(day).expect("a day");
    page.write_datetime_with_format(1, 1, day, &Format::new().set_num_format(format))
        .expect("a day");
    page.write_string(1, 0, "3/QĐ-CĐVC").expect("a number");
    page.write_number(1, 2, 2025).expect("a year");
    page.write_string(1, 5, "GK_LDLD").expect("a kind");
    page.write_string(1, 6, "CĐCS Thư viện tỉnh").expect("a unit");
    page.write_string(1, 8, "Cá nhân").expect("a recipient");
    page.write_number(1, 9, 18).expect("a count");
    book.save_to_buffer().expect("a workbook")
}

async fn a_date_that_excel_made_is_read(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let file = workbook("2026-01-15", "dd/mm/yyyy");
    let answer = sent(&registry.committee, &registry.owner, "", file).await;
    assert_eq!(told(&answer), (true, [1, 1, 0, 0]));
    let seen = decisions(&registry.committee, "decidedOn year awards { recipient count }").await;
    assert_eq!(
        seen,
        json!([{ "decidedOn": "2026-01-15", "year": 2025, "awards": [{ "recipient": "INDIVIDUAL", "count": 18 }] }])
    );
    // A day where none is asked for is what a program made of something else.
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, heading) in (0..).zip(["Năm thành tích", "Hình thức khen thưởng", "Đơn vị", "Số quyết định"])
    {
        page.write_string(0, column, heading).expect("a heading");
        page.write_string(
            1,
            column,
            ["2025", "CO_LDLD", "CĐCS Thư viện tỉnh", ""][usize::from(column)],
        )
        .expect("a cell");
    }
    let day = ExcelDateTime::parse_from_str("2026-12-10").expect("a day");
    page.write_datetime_with_format(1, 3, day, &Format::new().set_num_format("d-m"))
        .expect("a day");
    let file = book.save_to_buffer().expect("a workbook");
    let answer = sent(&registry.committee, &registry.owner, "dryRun=true", file).await;
    assert_eq!(conflicts(&answer), [at("D2", "CELL_IS_DATE")]);
}

async fn a_file_sent_twice_changes_nothing(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Sóc Trăng").await;
    let owner = &registry.owner;
    let first = sent(&registry.committee, owner, "", register(FIVE_YEARS)).await;
    assert_eq!(told(&first), (true, [5, 7, 0, 0]));
    let before = app.contents().await;
    let again = sent(&registry.committee, owner, "", register(FIVE_YEARS)).await;
    assert_eq!(told(&again), (false, [0, 0, 5, 0]));
    let ids = |answer: &Answer| {
        answer.body()["decisions"]
            .as_array()
            .map(|all| all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(ids(&again), ids(&first));
    // The rows of a decision in another order are the same decision.
    let mut turned = FIVE_YEARS.to_vec();
    turned.reverse();
    let again = sent(&registry.committee, owner, "", register(&turned)).await;
    assert_eq!(told(&again), (false, [0, 0, 5, 0]));
    assert_eq!(app.contents().await, before);
    // What is new in it comes in.
    let more = [
        FIVE_YEARS,
        &["99/QĐ-LĐLĐ;10/02/2026;2025;;;CO_LDLD;CĐCS Thư viện tỉnh;;;;;"],
    ]
    .concat();
    let more = sent(&registry.committee, owner, "", register(&more)).await;
    assert_eq!(told(&more), (true, [1, 1, 5, 0]));
    let seen = registry
        .committee
        .get(&format!("/api/v1/awards?unitId={}", world["Thư viện"].id()))
        .await;
    assert_eq!(seen.body()["items"].as_array().map(Vec::len), Some(2), "{seen}");
}

async fn a_dry_run_tells_what_would_come_in_and_stores_nothing(app: TestApp) {
    let registry = Registry::of(&app, "Sóc Trăng").await;
    sent(&registry.committee, &registry.owner, "", register(&FIVE_YEARS[1..3])).await;
    let before = app.contents().await;
    let answer = sent(
        &registry.committee,
        &registry.owner,
        "dryRun=true",
        register(FIVE_YEARS),
    )
    .await;
    assert_eq!(told(&answer), (false, [4, 5, 1, 0]));
    let decisions = answer.body()["decisions"].as_array().expect("decisions");
    let told: Vec<Value> = decisions
        .iter()
        .map(|one| {
            json!([
                one["row"],
                one["number"],
                one["outcome"],
                one["id"].is_null(),
                one["issuerId"].is_null(),
                one["awards"]
            ])
        })
        .collect();
    assert_eq!(
        json!(told),
        json!([
            [2, "15/QĐ-UBND", "RECORDED", true, true, 1],
            [3, "737/QĐ-LĐLĐ", "UNCHANGED", false, false, 2],
            [5, "12/QĐ-LĐLĐ", "RECORDED", true, false, 2],
            [7, "06/QĐ-CĐVC", "RECORDED", true, false, 1],
            [8, null, "RECORDED", true, false, 1],
        ])
    );
    assert_eq!(app.contents().await, before);
}

async fn a_unit_is_found_under_the_name_that_it_had_then(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Kon Tum").await;
    let district = &world["Tu Mơ Rông"];
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let rename = json!({ "id": district.id(), "version": 1, "name": "Công đoàn xã Tu Mơ Rông", "from": "2025-07-01" });
    specialist.does("renameUnit", rename).await.thing();
    let code = json!({ "id": district.id(), "version": 2, "scheme": "VGCL", "value": "KT.TMR" });
    specialist.does("addUnitCode", code).await.thing();
    let rows = [
        "1/QĐ-LĐLĐ;15/01/2021;2020;;;CO_LDLD;Liên đoàn Lao động huyện Tu Mơ Rông;;;;;",
        "2/QĐ-LĐLĐ;15/01/2026;2025;;;CO_LDLD;công đoàn xã tu mơ rông;;;;;",
        "3/QĐ-LĐLĐ;;2019;;;CO_LDLD;kt.tmr;;;;;",
    ];
    let answer = sent(&specialist, &registry.owner, "", register(&rows)).await;
    assert_eq!(told(&answer), (true, [3, 3, 0, 0]));
    let seen = decisions(&specialist, "number awards { recipientName unit { name } }").await;
    let award = |name: &str| json!([{ "recipientName": name, "unit": { "name": "Công đoàn xã Tu Mơ Rông" } }]);
    assert_eq!(
        seen,
        json!([
            { "number": "2/QĐ-LĐLĐ", "awards": award("Công đoàn xã Tu Mơ Rông") },
            { "number": "1/QĐ-LĐLĐ", "awards": award("LĐLĐ huyện Tu Mơ Rông") },
            { "number": "3/QĐ-LĐLĐ", "awards": award("LĐLĐ huyện Tu Mơ Rông") },
        ])
    );
    // Under the name of another time it is asked whether it is meant.
    let rows = [
        "4/QĐ-LĐLĐ;15/01/2021;2020;;;CO_LDLD;Công đoàn xã Tu Mơ Rông;;;;;",
        "5/QĐ-LĐLĐ;15/01/2026;2025;;;CO_LDLD;LĐLĐ huyện Tu Mơ Rông;;;;;",
    ];
    let answer = sent(&specialist, &registry.owner, "", register(&rows)).await;
    let other_time = "UNIT_NAME_OF_ANOTHER_TIME";
    assert_eq!(conflicts(&answer), [at("G2", other_time), at("G3", other_time)]);
    let first = &answer.body()["sheet"]["conflicts"][0];
    assert_eq!(first["suggestions"], json!(["LĐLĐ huyện Tu Mơ Rông", "KT.TMR"]));
    assert_eq!(
        first["message"],
        "Ngày 15/01/2021 đơn vị này mang tên «LĐLĐ huyện Tu Mơ Rông»; hãy ghi tên đó hoặc mã, để chắc là đúng đơn vị."
    );
}

async fn of_four_who_send_the_same_file_at_once_one_records_it(app: TestApp) {
    let registry = Registry::of(&app, "Sóc Trăng").await;
    let send = |_| sent(&registry.committee, &registry.owner, "", register(FIVE_YEARS));
    let answers = join_all((0..4).map(send)).await;
    let mut outcomes: Vec<_> = answers.iter().map(told).collect();
    outcomes.sort_unstable();
    let unchanged = (false, [0, 0, 5, 0]);
    assert_eq!(outcomes, [unchanged, unchanged, unchanged, (true, [5, 7, 0, 0])]);
    let seen = decisions(&registry.committee, "awards { id }").await;
    assert_eq!(seen.as_array().map(Vec::len), Some(5));
}

async fn a_file_beside_a_decision_recorded_by_hand_is_told_what_stands_there(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let row = "8/QĐ-CĐVC;;2025;;;CO_LDLD;CĐCS Thư viện tỉnh;;;;;";
    let by_hand = registry.decision("8/QĐ-CĐVC", 2025, vec![registry.flag_for(&world["Thư viện"])]);
    let (hand, file) = join(
        registry.committee.does("recordAwardDecision", by_hand),
        sent(&registry.committee, &registry.owner, "", register(&[row])),
    )
    .await;
    let by_hand = hand.code().is_empty();
    assert!(by_hand || hand.code() == "ALREADY_EXISTS", "{hand}");
    let unchanged = (false, [0, 0, 1, 0]);
    assert_eq!(told(&file), if by_hand { unchanged } else { (true, [1, 1, 0, 0]) });
    assert_eq!(
        decisions(&registry.committee, "number").await,
        json!([{ "number": "8/QĐ-CĐVC" }])
    );
    let again = sent(&registry.committee, &registry.owner, "", register(&[row])).await;
    assert_eq!(told(&again), unchanged);
}

async fn every_imported_decision_is_in_the_audit(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Sóc Trăng").await;
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let answer = sent(&specialist, &registry.owner, "", register(FIVE_YEARS)).await;
    for one in answer.body()["decisions"].as_array().expect("decisions") {
        let id = thidua::ids::Kind::AwardDecision
            .parse(one["id"].as_str().expect("an id"))
            .expect("an id");
        let entries = app.audit_of(id).await;
        let [entry] = entries.as_slice() else {
            panic!("{entries:?}")
        };
        assert_eq!(
            (entry.action.as_str(), entry.account_id),
            ("AWARD_DECISION_RECORDED", Some(specialist.account()))
        );
        let detail: Value = serde_json::from_str(&entry.detail).expect("JSON");
        assert_eq!((&detail["number"], &detail["awards"]), (&one["number"], &one["awards"]));
    }
}

async fn more_rows_take_no_more_statements(app: TestApp) {
    let registry = Registry::of(&app, "Sóc Trăng").await;
    let units = [
        "CĐCS Sở Nội vụ",
        "CĐCS Sở Tài chính",
        "CĐCS Sở Ngoại vụ",
        "CĐCS Thư viện tỉnh",
    ];
    let rows = |first: usize, count: usize| {
        let row = |number: usize| {
            let (kind, unit) = (["CO_LDLD", "GK_LDLD"][number % 2], units[number % units.len()]);
            let issuer = ["", "Công đoàn Viên chức tỉnh Sóc Trăng", "Ủy ban nhân dân tỉnh"][number % 3];
            format!("{number}/QĐ;15/01/2026;2025;{issuer};;{kind};{unit};;;;;")
        };
        let rows: Vec<String> = (first..first + count).map(row).collect();
        register(&rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let few = sent(&registry.committee, &registry.owner, "", rows(1, 6)).await;
    assert_eq!(told(&few), (true, [6, 6, 0, 0]));
    let many = sent(&registry.committee, &registry.owner, "", rows(101, 200)).await;
    assert_eq!(told(&many), (true, [200, 200, 0, 0]));
    no_more_statements(few.statements(), many.statements());
    let dry = async |first, count| {
        let ask = async || sent(&registry.committee, &registry.owner, "dryRun=true", rows(first, count)).await;
        fewest_statements(ask).await
    };
    no_more_statements(dry(1, 6).await, dry(101, 200).await);
    let list = async |first: usize| {
        let path = format!("/api/v1/award-decisions?first={first}");
        fewest_statements(async || registry.committee.get(&path).await).await
    };
    no_more_statements(list(2).await, list(100).await);
}

async fn a_decision_is_recorded_and_read_over_rest(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let awards = vec![
        registry.flag_for(&world["Sở Nội vụ"]),
        registry.letters_for(&world["Thư viện"], 12),
    ];
    let mut new = registry.decision("02/QĐ-CĐVC", 2025, awards);
    new["decidedOn"] = "2026-01-15".into();
    new["signer"] = "Trần Văn Sáu, Chủ tịch".into();
    let path = "/api/v1/award-decisions";
    let record = async |new: &Value, key: &str| {
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)];
        registry
            .committee
            .request(Method::POST, path, &headers, new.to_string())
            .await
    };
    let made = record(&new, "k-1").await;
    assert_eq!(made.status(), 201, "{made}");
    let id = made.body()["id"].as_str().expect("an id");
    assert_eq!(made.header("location"), format!("{path}/{id}"));
    let expected = json!({
        "id": id, "number": "02/QĐ-CĐVC", "year": 2025, "decidedOn": "2026-01-15", "issuerId": registry.owner.id(),
        "issuerName": registry.owner.name, "signer": "Trần Văn Sáu, Chủ tịch", "legalBasis": null, "source": null,
        "ownerId": registry.owner.id(), "recordedAt": made.body()["recordedAt"], "awards": made.body()["awards"],
    });
    assert_eq!(*made.body(), expected);
    assert_eq!(made.body()["awards"][1]["count"], 12);
    // Asked again with the key it is the same; without it, or with another, the number is taken.
    assert_eq!(record(&new, "k-1").await.body(), made.body());
    let taken = record(&new, "k-2").await;
    assert_eq!((taken.status(), taken.code()), (409, "ALREADY_EXISTS"));
    let mut wrong = new.clone();
    wrong["year"] = 2030.into();
    let refused = record(&wrong, "k-3").await;
    assert_eq!(problem(&refused), (422, "YEAR_AFTER_DECISION", "year"));
    wrong["colour"] = "đỏ".into();
    assert_eq!(record(&wrong, "k-3").await.status(), 400);
    // It is read as GraphQL reads it, and asked about again.
    let one = format!("{path}/{id}");
    let seen = registry.committee.get(&one).await;
    assert_eq!(*seen.body(), expected);
    let tag = seen.header("etag").to_owned();
    let known = registry
        .committee
        .request(Method::GET, &one, &[("If-None-Match", &tag)], "")
        .await;
    assert_eq!(known.status(), 304);
    // Each sees of it what they may see.
    let library = app.officer_of(&world["Thư viện"]).await.get(&one).await;
    assert_eq!(library.body()["awards"].as_array().map(Vec::len), Some(1), "{library}");
    assert_eq!(
        (&library.body()["issuerId"], &library.body()["ownerId"]),
        (&Value::Null, &Value::Null)
    );
    for (who, status) in [(app.committee_of(&world["Kon Tum"]).await, 404), (app.nobody(), 401)] {
        assert_eq!(who.get(&one).await.status(), status);
        assert_eq!(who.post(path, new.clone()).await.status(), status);
    }
    let officer = app.officer_of(&world["Viên chức"]).await;
    assert_eq!(officer.post(path, new.clone()).await.status(), 403);
    // And found in the list.
    for number in 3..8 {
        registry
            .records(
                &format!("{number}/QĐ-CĐVC"),
                2018 + number,
                vec![registry.flag_for(&world["Thư viện"])],
            )
            .await;
    }
    let numbers = async |asked: &str| {
        let page = registry.committee.get(&format!("{path}?{asked}")).await;
        let items = page.body()["items"]
            .as_array()
            .unwrap_or_else(|| panic!("{page}"))
            .clone();
        assert!(
            items.iter().all(|item| item.get("awards").is_none()),
            "a list does not hold what each gives"
        );
        let numbers: Vec<String> = items
            .iter()
            .map(|item| item["number"].as_str().unwrap_or("?").replace("/QĐ-CĐVC", ""))
            .collect();
        (numbers.join(" "), page)
    };
    assert_eq!(numbers("year=2024").await.0, "6");
    assert_eq!(numbers("number=2").await.0, "02");
    assert_eq!(
        numbers(&format!("ownerId={}&year=2025", registry.owner.id())).await.0,
        "7 02"
    );
    assert_eq!(numbers("order=CREATED&first=2").await.0, "7 6");
    let (first, page) = numbers("first=4&count=true").await;
    assert_eq!((first.as_str(), &page.body()["totalCount"]), ("7 02 6 5", &json!(6)));
    let after = page.body()["pageInfo"]["endCursor"].as_str().expect("a cursor");
    assert_eq!(numbers(&format!("first=4&after={after}")).await.0, "4 3");
}
