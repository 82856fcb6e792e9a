//! Registers that cannot be taken as they are: what is wrong is told by its cell with what could stand there, and nothing is stored.

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::awards::{Registry, new_kind};
use crate::awards_imports::{at, conflicts, register, sent, told};
use crate::evidence::problem;
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    a_decision_that_stands_there_otherwise_is_in_conflict,
    a_name_that_two_units_bear_is_asked_back,
    what_is_not_understood_is_told_by_cell_and_nothing_is_stored,
    what_columns_are_not_known_is_told,
    nobody_writes_into_the_registry_of_units_they_do_not_see,
    who_may_not_record_is_refused_before_the_file_is_read,
    a_hostile_file_is_refused,
}

async fn a_decision_that_stands_there_otherwise_is_in_conflict(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let owner = &registry.owner;
    let row = "5/QĐ-CĐVC;15/01/2026;2025;;Bà Lan;CO_LDLD;CĐCS Thư viện tỉnh;;;;;";
    let first = sent(&registry.committee, owner, "", register(&[row])).await;
    assert_eq!(told(&first), (true, [1, 1, 0, 0]));
    let before = app.contents().await;
    let other = "6/QĐ-CĐVC;15/01/2026;2025;;;CO_LDLD;CĐCS Sở Nội vụ;;;;;";
    for changed in [
        row.replace("Thư viện tỉnh", "Sở Nội vụ"),
        row.replace("CO_LDLD", "GK_LDLD"),
        row.replace("15/01", "16/01"),
        row.replace(";2025;", ";2024;"),
        row.replace("Bà Lan", "Bà Mai"),
        row.replace(";;;;;", ";;;;Ghi thêm;"),
    ] {
        let answer = sent(&registry.committee, owner, "", register(&[other, &changed])).await;
        assert_eq!(problem(&answer), (422, "SHEET_HAS_CONFLICTS", "file"), "{changed}");
        assert_eq!(conflicts(&answer), [at("A3", "DECISION_DIFFERS")], "{changed}");
        let refused = &answer.body()["sheet"]["decisions"][1];
        assert_eq!(
            (&refused["outcome"], &refused["id"]),
            (&json!("REFUSED"), &first.body()["decisions"][0]["id"])
        );
    }
    assert_eq!(app.contents().await, before, "all or nothing");
    // Who signed need not be said again.
    let answer = sent(
        &registry.committee,
        owner,
        "",
        register(&[&row.replace("Bà Lan", ""), other]),
    )
    .await;
    assert_eq!(told(&answer), (true, [1, 1, 1, 0]));
}

async fn a_name_that_two_units_bear_is_asked_back(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Kon Tum").await;
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let mut founded = Vec::new();
    for above in ["Đăk Tô", "Ngọc Hồi"] {
        let school = json!({
            "kind": "GRASSROOTS", "name": "CĐCS Trường Mầm non Hoa Hồng", "parentId": world[above].id(), "sector": "EDUCATION",
            "foundedOn": "2010-09-05",
        });
        founded.push(specialist.does("createUnit", school).await.id().to_owned());
    }
    let code = json!({ "id": founded[0], "version": 1, "scheme": "VGCL", "value": "KT.DT.HH" });
    specialist.does("addUnitCode", code).await.thing();
    let row = "1/QĐ-LĐLĐ;15/01/2026;2025;;;CO_LDLD;CĐCS Trường Mầm non Hoa Hồng;;;;;";
    let answer = sent(&specialist, &registry.owner, "dryRun=true", register(&[row])).await;
    assert_eq!(conflicts(&answer), [at("G2", "UNIT_AMBIGUOUS")]);
    let asked = &answer.body()["conflicts"][0];
    assert_eq!(asked["found"], "CĐCS Trường Mầm non Hoa Hồng");
    let mut choices: Vec<&str> = asked["suggestions"]
        .as_array()
        .expect("choices")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    choices.sort_unstable();
    assert_eq!(choices, ["KT.DT.HH", &founded[1]]);
    // Each of the choices is understood.
    for (choice, unit) in [("KT.DT.HH", &founded[0]), (&founded[1], &founded[1])] {
        let row = row
            .replace("CĐCS Trường Mầm non Hoa Hồng", choice)
            .replace("1/QĐ", &format!("{}/QĐ", choice.len()));
        let answer = sent(&specialist, &registry.owner, "", register(&[&row])).await;
        assert_eq!(told(&answer), (true, [1, 1, 0, 0]));
        let seen = specialist.get(&format!("/api/v1/awards?unitId={unit}")).await;
        assert_eq!(seen.body()["items"][0]["recipientName"], "CĐCS Trường Mầm non Hoa Hồng");
    }
    // Two kinds of award with one name are asked back too.
    let keeper = app.catalogue_keeper().await;
    let twin = new_kind("CO_LDLD_MOI", "Cờ thi đua của Liên đoàn lao động Tỉnh", "COLLECTIVE");
    keeper.does("createAwardType", twin).await.thing();
    let row = "3/QĐ-LĐLĐ;15/01/2026;2025;;;Cờ thi đua của Liên đoàn Lao động tỉnh;KT.DT.HH;;;;;";
    let answer = sent(&specialist, &registry.owner, "dryRun=true", register(&[row])).await;
    assert_eq!(conflicts(&answer), [at("F2", "AWARD_TYPE_AMBIGUOUS")]);
    let mut codes: Vec<&str> = answer.body()["conflicts"][0]["suggestions"]
        .as_array()
        .expect("codes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["CO_LDLD", "CO_LDLD_MOI"]);
}

async fn what_is_not_understood_is_told_by_cell_and_nothing_is_stored(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let unit = "CĐCS Thư viện tỉnh";
    let rows = [
        format!("1/QĐ;31/02/2025;2024;;;CO_LDLD;{unit};;;;;"),
        format!("2/QĐ;15/01/2025;;;;CO_LDLD;{unit};;;;;"),
        format!("3/QĐ;15/01/2025;2024;;;Cờ thi đua của Liên đoàn Lao động;{unit};;;;;"),
        "4/QĐ;15/01/2025;2024;;;CO_LDLD;CĐCS Sở Nội vụụ;;;;;".to_owned(),
        format!("5/QĐ;15/01/2025;2024;;;GK_LDLD;{unit};;;5;;"),
        format!("6/QĐ;15/01/2025;2024;;;CSTD_CS;{unit};;;;;"),
        format!("7/QĐ;15/01/2025;2024;;;CO_LDLD;{unit};;;mười tám;;"),
        format!("8/QĐ;15/01/2025;2024;;;CSTD_CS;{unit};Nguyễn Thị Bưởi;;3;;"),
        format!("9/QĐ;15/01/2030;2024;;;CO_LDLD;{unit};;;;;"),
        format!("10/QĐ;15/01/2025;2024;;;CO_LDLD;{unit};;;;;"),
        "10/QĐ;15/01/2025;2023;;;CO_LDLD;CĐCS Sở Nội vụ;;Nhóm;;;".to_owned(),
        format!("10/QĐ;16/01/2025;2024;;;CO_LDLD;{unit};;;;;"),
        format!("11/QĐ;15/01/2025;2024;;;;{unit};;;;;"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let before = app.contents().await;
    let answer = sent(&registry.committee, &registry.owner, "", register(&rows)).await;
    assert_eq!(problem(&answer), (422, "SHEET_HAS_CONFLICTS", "file"));
    let expected = [
        at("B2", "DAY_UNREADABLE"),
        at("C3", "REQUIRED"),
        at("F4", "AWARD_TYPE_UNKNOWN"),
        at("G5", "UNIT_UNKNOWN"),
        at("I6", "RECIPIENT_UNCLEAR"),
        at("I7", "RECIPIENT_KIND"),
        at("J8", "COUNT_UNREADABLE"),
        at("J9", "NAME_AND_COUNT"),
        at("B10", "DAY_IN_FUTURE"),
        at("C12", "NOT_AS_ABOVE"),
        at("I12", "NOT_A_CHOICE"),
        at("A13", "NUMBER_TWICE"),
        at("F14", "REQUIRED"),
    ];
    assert_eq!(conflicts(&answer), expected);
    let told = answer.body()["sheet"]["conflicts"].as_array().expect("conflicts");
    assert_eq!(told[1]["suggestions"], json!(["2025", "2024"]));
    assert_eq!(
        told[2]["suggestions"],
        json!(["Cờ thi đua của Liên đoàn Lao động tỉnh"])
    );
    assert_eq!(told[3]["suggestions"][0], "CĐCS Sở Nội vụ");
    assert_eq!(told[3]["found"], "CĐCS Sở Nội vụụ");
    assert_eq!(
        (&told[3]["row"], &told[3]["column"], &told[3]["sheet"]),
        (&json!(5), &json!(7), &Value::Null)
    );
    assert!(answer.message().contains("13 ô"), "{answer}");
    let english = sent(
        &registry.committee.in_english(),
        &registry.owner,
        "dryRun=true",
        register(&rows),
    )
    .await;
    assert_eq!(conflicts(&english), expected, "a dry run tells the same");
    assert_eq!(
        english.body()["conflicts"][9]["message"],
        "The same decision, and row 11 says “2024”."
    );
    assert_eq!(app.contents().await, before);
}

async fn what_columns_are_not_known_is_told(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let file = "Năm;Hình thức;Đơn vị;Só lượng nhận;Đơn vị\n2025;CO_LDLD;CĐCS Thư viện tỉnh;;;;ghi ngoài lề\n";
    let answer = sent(&registry.committee, &registry.owner, "", file).await;
    assert_eq!(
        conflicts(&answer),
        [
            at("D1", "UNKNOWN_COLUMN"),
            at("E1", "TWICE"),
            at("G2", "UNKNOWN_COLUMN")
        ]
    );
    let nothing = sent(
        &registry.committee,
        &registry.owner,
        "",
        "Năm;Đơn vị\n2025;CĐCS Thư viện tỉnh\n",
    )
    .await;
    assert_eq!(problem(&nothing), (422, "SHEET_NOT_OURS", "file"));
    let row = "1/QĐ;15/01/2026;2025;;;GK_LDLD;CĐCS Thư viện tỉnh;Nguyễn Văn An;;;;";
    let long = sent(&registry.committee, &registry.owner, "", register(&vec![row; 1_001])).await;
    assert_eq!(problem(&long), (422, "TOO_MANY_ROWS", "file"));
    let many = sent(&registry.committee, &registry.owner, "", register(&vec![row; 501])).await;
    assert_eq!(
        conflicts(&many),
        [at("F2", "TOO_MANY")],
        "one decision gives at most 500 awards"
    );
}

async fn nobody_writes_into_the_registry_of_units_they_do_not_see(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let both = app
        .person(&[
            (Role::StandingCommittee, Scope::Unit(world["Viên chức"].uuid)),
            (Role::UnitOfficer, Scope::Unit(world["Sóc Trăng"].uuid)),
        ])
        .await;
    let before = app.contents().await;
    let rows = [
        "1/QĐ;15/01/2026;2025;;;CO_LDLD;CĐCS Trung tâm Y tế huyện Đăk Tô;;;;;",
        &format!("2/QĐ;15/01/2026;2025;;;CO_LDLD;{};;;;;", world["Đăk Tô"].id()),
    ];
    let answer = sent(&registry.committee, &registry.owner, "", register(&rows)).await;
    assert_eq!(conflicts(&answer), [at("G2", "UNIT_UNKNOWN"), at("G3", "UNIT_UNKNOWN")]);
    let suggested = answer.body()["sheet"]["conflicts"][0]["suggestions"].to_string();
    assert!(
        !suggested.contains("Đăk Tô"),
        "nothing is told of units that are not seen: {suggested}"
    );
    // Who sees a unit and may not record there cannot issue in its name.
    let row = "1/QĐ;15/01/2026;2025;Liên đoàn Lao động tỉnh Sóc Trăng;;CO_LDLD;CĐCS Thư viện tỉnh;;;;;";
    let answer = sent(&both, &registry.owner, "", register(&[row])).await;
    assert_eq!(conflicts(&answer), [at("D2", "REGISTRY_NOT_YOURS")]);
    // Whoever does not even see the federation writes its name as that of an outsider, into its own registry.
    let answer = sent(&registry.committee, &registry.owner, "dryRun=true", register(&[row])).await;
    let told = &answer.body()["decisions"][0];
    assert_eq!(
        (&told["issuerId"], &told["ownerId"]),
        (&Value::Null, &json!(registry.owner.id()))
    );
    assert_eq!(app.contents().await, before);
}

async fn who_may_not_record_is_refused_before_the_file_is_read(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    for (who, status) in [
        (app.officer_of(&world["Viên chức"]).await, 403),
        (app.admin().await, 403),
        (app.viewer_of(Scope::Everything).await, 403),
        (app.committee_of(&world["Thư viện"]).await, 404),
        (app.committee_of(&world["Kon Tum"]).await, 404),
        (app.stranger().await, 404),
        (app.nobody(), 401),
    ] {
        let answer = sent(&who, &registry.owner, "", "PK no archive").await;
        assert_eq!(answer.status(), status, "{answer}");
        let path = format!("/api/v1/award-decisions/sheet?ownerId={}", registry.owner.id());
        assert_eq!(who.get(&path).await.status(), status);
    }
}

async fn a_hostile_file_is_refused(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let before = app.contents().await;
    let long = "x".repeat(4_001);
    for (what, file, code) in [
        ("nothing", Vec::new(), "FILE_EMPTY"),
        (
            "no archive",
            b"PK\x03\x04 and nothing behind it".to_vec(),
            "FILE_TYPE_REFUSED",
        ),
        (
            "an old table",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
            "FILE_TYPE_REFUSED",
        ),
        (
            "a page",
            b"<!DOCTYPE html><script>alert(1)</script>".to_vec(),
            "SHEET_NOT_OURS",
        ),
        ("another encoding", b"S\0o\0;\0".to_vec(), "FILE_TYPE_REFUSED"),
        ("too many rows", register(&["x"; 2_001]), "SHEET_TOO_LARGE"),
        ("a cell without end", register(&[&long]), "SHEET_TOO_LARGE"),
        ("a row without end", register(&[&";x".repeat(501)]), "SHEET_TOO_LARGE"),
    ] {
        let answer = sent(&registry.committee, &registry.owner, "", file).await;
        assert_eq!(problem(&answer), (422, code, "file"), "{what}");
    }
    let large = sent(&registry.committee, &registry.owner, "", vec![b'x'; 4_194_305]).await;
    assert_eq!(problem(&large), (413, "FILE_TOO_LARGE", "file"));
    // A file full of nonsense is told without holding others up.
    let nonsense: Vec<String> = (0..1_000)
        .map(|row| format!("{row}/QĐ;x;2025;;;{};{};;;;;", "z".repeat(199), "ừ".repeat(199)))
        .collect();
    let nonsense: Vec<&str> = nonsense.iter().map(String::as_str).collect();
    let begins = std::time::Instant::now();
    let answer = sent(&registry.committee, &registry.owner, "", register(&nonsense)).await;
    assert_eq!(answer.body()["sheet"]["conflictCount"], 3_000, "{answer}");
    assert_eq!(answer.body()["sheet"]["conflicts"].as_array().map(Vec::len), Some(500));
    assert!(
        begins.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        begins.elapsed()
    );
    // What begins as a formula is text, and a formula is none.
    let formula = "=1+1;15/01/2026;2025;;;CO_LDLD;=HYPERLINK(\"x\");;;;;";
    let answer = sent(&registry.committee, &registry.owner, "", register(&[formula])).await;
    assert_eq!(conflicts(&answer), [at("G2", "UNIT_UNKNOWN")]);
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, heading) in (0..).zip(["Năm", "Hình thức", "Đơn vị"]) {
        page.write_string(0, column, heading).expect("a heading");
    }
    page.write_formula(1, 0, "=2000+25").expect("a formula");
    page.write_string(1, 1, "CO_LDLD").expect("a kind");
    page.write_string(1, 2, "CĐCS Thư viện tỉnh").expect("a unit");
    let file = book.save_to_buffer().expect("a workbook");
    let answer = sent(&registry.committee, &registry.owner, "", file).await;
    assert_eq!(conflicts(&answer), [at("A2", "CELL_IS_FORMULA")]);
    assert_eq!(app.contents().await, before);
}
