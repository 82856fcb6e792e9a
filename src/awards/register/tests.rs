//! Rows of registers as people write them, read and gathered into decisions.

use proptest::prelude::*;
use thidua_entity::award_type;
use thidua_entity::enums::{AwardLevel, RecipientKind};
use uuid::Uuid;

use super::decisions::{Beside, Gathered, gather};
use super::known::{DatedName, Kinds, KnownUnit, Meant, Units, spellings};
use super::*;
use crate::error::Error;

const OWNER: Uuid = Uuid::from_u128(9);

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn kind(id: u128, code: &str, name: &str, recipients: RecipientKind) -> award_type::Model {
    award_type::Model {
        id: Uuid::from_u128(id),
        code: code.to_owned(),
        name: name.to_owned(),
        sort_key: Vec::new(),
        level: AwardLevel::Province,
        recipients,
        legal_basis: None,
        valid_from: None,
        valid_to: None,
        version: 1,
    }
}

fn unit(id: u128, names: &[(&str, &str)], codes: &[&str]) -> KnownUnit {
    let dated = |at: usize, (name, from): &(&str, &str)| DatedName {
        name: (*name).to_owned(),
        from: Some(on(from)),
        to: at.checked_sub(1).map(|newer| on(names[newer].1)),
    };
    KnownUnit {
        id: Uuid::from_u128(id),
        key: format!("unit_{id}"),
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        names: names.iter().enumerate().map(|(at, name)| dated(at, name)).collect(),
        from: Some(on("2001-01-01")),
        to: None,
    }
}

/// A federation, its branch, a unit that was renamed, and two with one name of which one has ended.
fn units() -> Units {
    let mut ended = unit(4, &[("CĐCS Sở Tài chính", "2001-01-01")], &["TC.CU"]);
    ended.to = Some(on("2025-03-01"));
    let mut began = unit(5, &[("CĐCS Sở Tài Chính", "2025-03-01")], &[]);
    began.from = Some(on("2025-03-01"));
    Units::of(vec![
        unit(9, &[("Liên đoàn Lao động tỉnh Lâm Đồng", "2001-01-01")], &["LD"]),
        unit(2, &[("Công đoàn Viên chức tỉnh Lâm Đồng", "2001-01-01")], &["LD.CDVC"]),
        unit(
            3,
            &[
                ("CĐCS Sở Nội vụ", "2025-03-01"),
                ("CĐCS Sở Lao động, Thương binh và Xã hội", "2001-01-01"),
            ],
            &["LD.SO-LDTBXH"],
        ),
        ended,
        began,
    ])
}

fn beside() -> Beside {
    Beside {
        units: units(),
        kinds: Kinds::of(vec![
            kind(
                21,
                "CO_LDLD",
                "Cờ thi đua của Liên đoàn Lao động tỉnh",
                RecipientKind::Collective,
            ),
            kind(
                22,
                "BK_LDLD",
                "Bằng khen của Liên đoàn Lao động tỉnh",
                RecipientKind::Both,
            ),
            kind(23, "CSTD_CS", "Chiến sĩ thi đua cơ sở", RecipientKind::Individual),
        ]),
        owner: OWNER,
        own: [OWNER, Uuid::from_u128(2)].into(),
        today: on("2026-03-10"),
    }
}

const HEAD: &str =
    "Số quyết định;Ngày ký;Năm;Cơ quan ban hành;Người ký;Hình thức;Đơn vị;Họ tên;Đối tượng;Số lượng;Ghi chú;Nguồn\n";

fn gathered(rows: &str) -> (Vec<Gathered>, Vec<(String, &'static str)>) {
    let mut register = read(format!("{HEAD}{rows}").as_bytes()).unwrap();
    let decisions = gather(&mut register, &mut beside()).unwrap();
    let told = register.conflicts.iter().map(|one| (one.at.name(), one.code));
    (decisions, told.collect())
}

#[test]
fn the_flags_and_certificates_of_lam_dong_are_two_decisions() {
    let (decisions, told) = gathered(
        "12/QĐ-LĐLĐ;12/01/2024;2023;;Nguyễn Văn A;CO_LDLD;CĐCS Sở Lao động, Thương binh và Xã hội;;;;;\n\
         12/QĐ-LĐLĐ;12/01/2024;2023;;;CO_LDLD;LD.CDVC;;;7;;\n\
         13/QĐ-LĐLĐ;12/01/2024;2023;LĐLĐ tỉnh Lâm Đồng;;BK_LDLD;LD.CDVC;;Tập thể;8;;\n\
         13/QĐ-LĐLĐ;12/01/2024;2023;LD;;BK_LDLD;LD.CDVC;;Cá nhân;18;;\n",
    );
    assert_eq!(told, []);
    let shown: Vec<_> = decisions
        .iter()
        .map(|one| {
            let awards = one.decision.awards.iter();
            let awards = awards
                .map(|award| (award.recipient_name.as_deref(), award.count))
                .collect::<Vec<_>>();
            (
                one.row,
                one.decision.number.as_deref(),
                one.decision.signer.as_deref(),
                awards,
            )
        })
        .collect();
    let named = Some("CĐCS Sở Lao động, Thương binh và Xã hội");
    assert_eq!(
        shown,
        [
            (1, Some("12/QĐ-LĐLĐ"), Some("Nguyễn Văn A"), vec![(named, 1), (None, 7)]),
            (3, Some("13/QĐ-LĐLĐ"), None, vec![(None, 8), (None, 18)]),
        ]
    );
    assert!(decisions.iter().all(|one| one.decision.issuer == Some(OWNER)));
}

#[test]
fn without_a_number_rows_of_one_source_are_one_decision() {
    let (decisions, told) = gathered(
        ";;2020;;;CO_LDLD;LD.CDVC;;;8;;Báo cáo năm 2020\n;;2020;;;BK_LDLD;LD.CDVC;;Cá nhân;18;;Báo cáo năm 2020\n\
         ;;2020;;;BK_LDLD;LD.CDVC;;Tập thể;8;;Trang tin\n;;2021;;;CO_LDLD;LD.CDVC;;;8;;Báo cáo năm 2020\n",
    );
    assert_eq!(told, []);
    let sizes: Vec<usize> = decisions.iter().map(|one| one.decision.awards.len()).collect();
    assert_eq!(sizes, [2, 1, 1]);
}

#[test]
fn an_issuer_that_no_unit_is_called_is_one_outside() {
    let (decisions, told) = gathered("1/QĐ-UBND;;2020;Ủy ban nhân dân tỉnh;;CO_LDLD;LD.CDVC;;;8;;\n");
    assert_eq!(told, []);
    let read = &decisions[0].decision;
    assert_eq!(
        (read.issuer, read.issuer_name.as_deref(), read.owner),
        (None, Some("Ủy ban nhân dân tỉnh"), OWNER)
    );
    let (none, told) = gathered("1/QĐ;;2020;CĐCS Sở Tài chính;;CO_LDLD;LD.CDVC;;;8;;\n");
    assert_eq!((none.len(), told), (0, vec![("D2".to_owned(), "REGISTRY_NOT_YOURS")]));
}

#[test]
fn a_name_means_who_bore_it_then() {
    let units = units();
    let meant = |word: &str, day: &str| match units.meant(word, on(day)) {
        Ok(Meant::Unit(unit)) => Ok(Some(unit.id.as_u128())),
        Ok(Meant::Nobody) => Ok(None),
        Err(unclear) => Err(unclear.code),
    };
    for (word, day, expected) in [
        ("CĐCS Sở Nội vụ", "2026-01-01", Ok(Some(3))),
        ("CĐCS Sở Nội vụ", "2020-01-01", Err("UNIT_NAME_OF_ANOTHER_TIME")),
        (
            "cong doan co so so lao dong thuong binh va xa hoi",
            "2020-01-01",
            Ok(Some(3)),
        ),
        // Before its first name that we know, a unit had that.
        ("CĐCS Sở Lao động, Thương binh và Xã hội", "1995-01-01", Ok(Some(3))),
        ("ld.so-ldtbxh", "1995-01-01", Ok(Some(3))),
        ("unit_3", "2026-01-01", Ok(Some(3))),
        // Of two with one name the one that lived.
        ("CĐCS Sở Tài chính", "2020-01-01", Ok(Some(4))),
        ("CĐCS Sở Tài chính", "2026-01-01", Ok(Some(5))),
        ("CĐCS Sở Ngoại vụ", "2026-01-01", Ok(None)),
    ] {
        assert_eq!(meant(word, day), expected, "{word} on {day}");
    }
}

#[test]
fn words_that_are_written_short_or_in_full_are_looked_for_in_both_ways() {
    let found = spellings("Liên đoàn Lao động huyện Đăk Tô");
    assert!(
        found.contains("ldld huyen dak to") && found.contains("lien doan lao dong huyen dak to"),
        "{found:?}"
    );
    let found = spellings("CĐCS Thư viện");
    assert!(
        found.contains("cdcs thu vien") && found.contains("cong doan co so thu vien"),
        "{found:?}"
    );
}

#[test]
fn a_number_that_counts_nobody_knows_whom_is_asked_back() {
    let (decisions, told) = gathered("1/QĐ;;2020;;;BK_LDLD;LD.CDVC;;;18;;\n2/QĐ;;2020;;;CSTD_CS;LD.CDVC;;;18;;\n");
    assert_eq!(told, [("I2".to_owned(), "RECIPIENT_UNCLEAR")]);
    assert_eq!(decisions[0].decision.awards[0].recipient, Recipient::Individual);
}

#[test]
fn an_award_that_stands_twice_is_told_where_its_recipient_is_named() {
    let (_, told) = gathered("1/QĐ;;2020;;;CO_LDLD;LD.CDVC;;;;;\n1/QĐ;;2020;;;CO_LDLD;LD.CDVC;;;;;\n");
    assert_eq!(told, [("G3".to_owned(), "GIVEN_TWICE")]);
}

#[test]
fn one_beside_a_name_says_nothing_new() {
    let (decisions, told) = gathered("1/QĐ;;2020;;;CSTD_CS;LD.CDVC;Nguyễn Thị Bưởi;;1;;\n");
    assert_eq!(told, []);
    assert_eq!(decisions[0].decision.awards[0].count, 1);
    let (_, told) = gathered("1/QĐ;;2020;;;CSTD_CS;LD.CDVC;Nguyễn Thị Bưởi;;2;;\n");
    assert_eq!(told, [("J2".to_owned(), "NAME_AND_COUNT")]);
}

#[test]
fn rows_of_one_decision_say_the_same_of_it() {
    let (_, told) = gathered(
        "1/QĐ;15/01/2021;2020;;Ông A;CO_LDLD;LD.CDVC;;;8;;Hồ sơ\n1/QĐ;15/01/2021;2019;;Ông B;BK_LDLD;LD.CDVC;;Tập thể;8;;Trang tin\n\
         01/QĐ;;2020;;;BK_LDLD;LD.CDVC;;Cá nhân;18;;\n1/qđ;20/12/2021;2020;;;BK_LDLD;LD.CDVC;;Cá nhân;1;;\n",
    );
    let at = |cell: &str, code| (cell.to_owned(), code);
    assert_eq!(
        told,
        [
            at("C3", "NOT_AS_ABOVE"),
            at("E3", "NOT_AS_ABOVE"),
            at("L3", "NOT_AS_ABOVE"),
            at("A4", "NUMBER_TWICE"),
            at("A5", "NUMBER_TWICE"),
        ]
    );
}

#[test]
fn what_is_missing_is_told_where_it_should_stand() {
    let mut register = read("Đơn vị;Hình thức;Năm\n;CO_LDLD;\nLD.CDVC;;2020\n".as_bytes()).unwrap();
    gather(&mut register, &mut beside()).unwrap();
    let told: Vec<_> = register.conflicts.iter().map(|one| (one.at.name(), one.code)).collect();
    let at = |cell: &str| (cell.to_owned(), "REQUIRED");
    assert_eq!(told, [at("A2"), at("C2"), at("B3")]);
    let refused = read("Đơn vị;Năm\nLD.CDVC;2020\n".as_bytes());
    assert!(matches!(refused, Err(Error::Invalid(problems)) if problems[0].code == "SHEET_NOT_OURS"));
}

#[test]
fn every_column_is_read_under_all_its_headings() {
    let mut seen = HashSet::new();
    for column in COLUMNS {
        for heading in std::iter::once(&column.heading).chain(column.also) {
            assert!(seen.insert(text::fold(heading)), "{heading} stands above two columns");
        }
    }
    assert_eq!(COLUMNS.len(), Field::Source as usize + 1);
}

proptest! {
    #[test]
    fn no_text_breaks_it(cells in proptest::collection::vec(any::<String>(), 0..40)) {
        let mut writer = csv_of(&cells);
        if let Ok(mut register) = read(&std::mem::take(&mut writer)) {
            let lines = register.lines.len();
            let decisions = gather(&mut register, &mut beside()).unwrap();
            prop_assert!(decisions.len() <= lines);
        }
    }

    #[test]
    fn each_row_that_is_whole_is_an_award_of_one_decision(numbers in proptest::collection::vec((1_u8..9, 2_i32..100), 1..60)) {
        let mut rows = String::new();
        for (number, count) in &numbers {
            rows.push_str(&format!("{number}/QĐ;15/01/2021;2020;;;CO_LDLD;LD.CDVC;;;{count};;\n"));
        }
        let (decisions, told) = gathered(&rows);
        prop_assert_eq!(told, []);
        let distinct: HashSet<u8> = numbers.iter().map(|(number, _)| *number).collect();
        prop_assert_eq!(decisions.len(), distinct.len());
        let awards: i32 = decisions.iter().flat_map(|one| &one.decision.awards).map(|award| award.count).sum();
        prop_assert_eq!(awards, numbers.iter().map(|(_, count)| count).sum::<i32>());
    }
}

/// Rows of twelve cells below the headings, quoted as text with separators is.
fn csv_of(cells: &[String]) -> Vec<u8> {
    let mut file = HEAD.to_owned();
    for row in cells.chunks(12) {
        let quoted: Vec<String> = row
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        file.push_str(&quoted.join(";"));
        file.push('\n');
    }
    file.into_bytes()
}
