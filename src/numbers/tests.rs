//! What officers type, rule by rule; printed figures and what holds for any text are beside this file.

use unicode_normalization::UnicodeNormalization;

use super::NumberForm::{Decimal, Integer, Money, Percentage};
use super::*;
use crate::error::Language;

const FORMS: [NumberForm; 4] = [Integer, Decimal, Money, Percentage];

/// The reading in a short form: `>295000000`, `<500`, `~500`, `10..12`, `? 1500 1.5`, or the code of the refusal.
fn short(text: &str, form: NumberForm) -> String {
    match read(text, form) {
        Err(Unreadable::Ambiguous { readings }) => readings
            .iter()
            .fold("?".to_owned(), |line, reading| format!("{line} {reading}")),
        Err(unreadable) => unreadable.code().to_owned(),
        Ok(Reading {
            qualifier,
            value,
            upper,
        }) => match (qualifier, upper) {
            (Qualifier::Exact, None) => value.to_string(),
            (Qualifier::MoreThan, None) => format!(">{value}"),
            (Qualifier::Nearly, None) => format!("<{value}"),
            (Qualifier::About, None) => format!("~{value}"),
            (Qualifier::Range, Some(upper)) => format!("{value}..{upper}"),
            other => format!("{other:?}"),
        },
    }
}

/// Checks a table of lines with `text → reading`, several of them in a line parted by `|`.
pub(super) fn check(form: NumberForm, table: &str) {
    for case in table.lines().flat_map(|line| line.split('|')) {
        let Some((text, expected)) = case
            .split_once('→')
            .map(|(text, reading)| (text.trim(), reading.trim()))
        else {
            assert!(case.trim().is_empty(), "no reading for {case}");
            continue;
        };
        let apart: String = text.nfd().collect();
        for spelling in [text, &apart, &text.to_uppercase(), &format!(" \u{a0}{text}\n")] {
            assert_eq!(short(spelling, form), expected, "{spelling:?} as {form:?}");
        }
    }
}

#[test]
fn thousands_are_parted_by_dots_or_any_blank() {
    for text in ["7842", "7.842", "7 842", "7\u{a0}842", "7\u{202f}842", "7\u{2009}842"] {
        assert_eq!(short(text, Integer), "7842", "{text:?}");
    }
    check(
        Integer,
        "hơn 43.800 → >43800 | 1 000 000 → 1000000 | 10 12 → SEVERAL_FIGURES | 48, 224, 16 → SEVERAL_FIGURES
         390 777 00 → ? 390777000 39077700 | 1. 671 → SEVERAL_FIGURES",
    );
}

#[test]
fn money_is_understood_with_every_name_of_the_currency() {
    check(
        Money,
        "390.777.000đ → 390777000 | 390.777.000 đồng → 390777000 | 390.777.000 VNĐ → 390777000
         390777000 vnd → 390777000 | 390.777.000₫ → 390777000 | 390.777.000 → 390777000 | 0 đồng → 0
         12,5 đồng → FRACTION_NOT_ALLOWED | 100 USD → UNKNOWN_WORD | 500 lượt → UNIT_NOT_ALLOWED
         5% → UNIT_NOT_ALLOWED | 7 đồng chí → UNIT_NOT_ALLOWED | 5 triệu đồng/người → UNKNOWN_WORD",
    );
}

#[test]
fn multipliers_are_exact() {
    check(
        Money,
        "295 triệu → 295000000 | 295tr → 295000000 | 295 trieu dong → 295000000 | 1,5 tỷ → 1500000000
         1,5 tỉ đồng → 1500000000 | 2 nghìn → 2000 | 2 ngàn → 2000 | 500k → 500000 | 3 chục → 30
         5 trăm triệu → 500000000 | 1,2 nghìn tỷ đồng → 1200000000000 | 2 tỷ triệu → NOT_A_NUMBER
         0,0001 triệu → 100 | 0,0001 nghìn → FRACTION_NOT_ALLOWED",
    );
    check(
        Integer,
        "1,5 nghìn lượt người → 1500 | 1,0005 nghìn → FRACTION_NOT_ALLOWED",
    );
    check(Percentage, "5 nghìn → UNIT_NOT_ALLOWED");
}

#[test]
fn amounts_in_several_parts_are_added_unless_speech_leaves_them_open() {
    check(
        Money,
        "2 tỷ 300 triệu đồng → 2300000000 | 1 tỷ 250 triệu 500 nghìn → 1250500000
         1 triệu 200 nghìn 500 đồng → 1200500 | 1 triệu 200 → ? 1200000 1000200 | 1tr5 → ? 1500000 1000005
         2 tỷ 3000 triệu → SEVERAL_FIGURES | 300 triệu 2 tỷ → SEVERAL_FIGURES | 1,5 tỷ 300 triệu → SEVERAL_FIGURES
         1.5 tỷ → ? 1500000000 1500000000000 15000000000 | 1,250 tỷ → ? 1250000000000 1250000000
         2 triệu rưỡi → UNKNOWN_WORD",
    );
}

#[test]
fn a_misspelt_multiplier_never_passes_for_a_counting_word() {
    for text in [
        "295 triêu",
        "295 triẹu đồng",
        "295 trịu",
        "295 nghỉn",
        "5 tram",
        "5 van",
        "5 suất quà triệu đồng",
    ] {
        for form in FORMS {
            assert!(read(text, form).is_err(), "{text} as {form:?}");
        }
    }
    check(
        Integer,
        "5 công ty → 5 | 5 văn bản → 5 | 5 ngân hàng → UNKNOWN_WORD | 500 suất mỗi huyện → UNKNOWN_WORD
         10 người/ngày → UNKNOWN_WORD",
    );
}

#[test]
fn what_is_not_vietnamese_grouping_is_refused_with_its_readings() {
    for form in FORMS {
        check(
            form,
            "1.5 → ? 1.5 1500 15 | 12.50 → ? 12.5 12500 1250 | 0.5 → ? 0.5 5 | 1.67105 → ? 167105
             1,500 → ? 1500 1.5 | 0.500 → ? 0.5 500 | 1671.000 → ? 1671 1671000 | 1,671.5 → ? 1671.5
             390.777.00 → ? 390777000 39077700 | 390.777.0 → ? 390777000 3907770 | 390,777,000 → ? 390777000
             39.0777.000 → ? 390777000 | 39.07,5 → ? 3907.5
             1..5 → NOT_A_NUMBER | .5 → NOT_A_NUMBER | 1.2,3.4 → NOT_A_NUMBER | 1.671. → UNKNOWN_WORD",
        );
    }
    check(
        Percentage,
        "93.125 → ? 93.125 93125 | 93125 → 93125 | 93,125% → ? 93125 93.125 | 1.000.000 → 1000000",
    );
}

#[test]
fn decimals_follow_a_comma() {
    check(
        Percentage,
        "93,35% → 93.35 | 93,35 % → 93.35 | 46,8 phần trăm → 46.8 | 46,8 phan tram → 46.8 | > 90 → >90",
    );
    check(Percentage, "90 người → UNIT_NOT_ALLOWED | 90đ → UNIT_NOT_ALLOWED");
    check(
        Decimal,
        "1.671,5 → 1671.5 | 1 671,125 → 1671.125 | 0,125 → 0.125 | 12,5 điểm → 12.5 | 1,12345 → TOO_MANY_DECIMALS
         1.671,00000 → TOO_MANY_DECIMALS | 5% → UNIT_NOT_ALLOWED | 5 đồng → UNIT_NOT_ALLOWED",
    );
    check(
        Integer,
        "12,0 → 12 | 12,5 → FRACTION_NOT_ALLOWED | 93,35% → UNIT_NOT_ALLOWED",
    );
}

#[test]
fn qualifiers_are_kept_and_bounds_without_one_refused() {
    check(
        Integer,
        "khoảng 500 → ~500 | xấp xỉ 500 → ~500 | trên dưới 500 → ~500 | ~500 → ~500 | khoang 500 nguoi → ~500
         tren 500 → >500 | >500 → >500 | ngót 500 → <500 | gan 500 luot → <500
         ≥ 90 → BOUND_NOT_KEPT | >= 90 → BOUND_NOT_KEPT | ≤90 → BOUND_NOT_KEPT | < 90 → BOUND_NOT_KEPT
         dưới 90 → BOUND_NOT_KEPT | ít nhất 90 → BOUND_NOT_KEPT | từ 90 → BOUND_NOT_KEPT
         từ 90 trở lên → BOUND_NOT_KEPT | 90 người trở lên → BOUND_NOT_KEPT
         tổng số 90 → NOT_A_NUMBER | chín mươi → NOT_A_NUMBER | 500+ → UNKNOWN_WORD",
    );
}

#[test]
fn a_range_has_a_lower_and_an_upper_end() {
    check(
        Integer,
        "10-12 → 10..12 | 10 - 12 → 10..12 | 10–12 → 10..12 | 10 -12 → 10..12 | từ 10-12 → 10..12
         từ 10 đến 12 → 10..12 | 10 đến 12 người → 10..12 | khoảng 10-12 → 10..12 | 10-12 CNVC-LĐ → 10..12
         12-10 → RANGE_UNCLEAR | 10-10 → RANGE_UNCLEAR | trên 10-12 → RANGE_UNCLEAR | 10-12-15 → SEVERAL_FIGURES",
    );
    check(
        Money,
        "1-2 triệu đồng → 1000000..2000000 | 500.000đ - 1 triệu đồng → 500000..1000000
         500 nghìn - 1 triệu → 500000..1000000 | 500-1 triệu → RANGE_UNCLEAR | 1 triệu - 2 → RANGE_UNCLEAR
         10đ - 12 triệu → RANGE_UNCLEAR | 1-2 tỷ 300 triệu → RANGE_UNCLEAR",
    );
    check(
        Percentage,
        "90-95% → 90..95 | 90% - 95% → 90..95 | 90% - 95 → RANGE_UNCLEAR",
    );
    check(
        Decimal,
        "1,5-2,5 → 1.5..2.5 | 1,5-2.5 → ? 2.5 2500 25 | -5-10 → RANGE_UNCLEAR",
    );
}

#[test]
fn a_minus_must_stand_at_its_figure() {
    check(Integer, "-5 → -5 | −5 → -5 | –1.671 → -1671 | -0 → 0 | - 5 → ? -5 5");
    check(
        Integer,
        "--5 → NOT_A_NUMBER | +5 → NOT_A_NUMBER | trên -5 → NOT_A_NUMBER",
    );
}

#[test]
fn none_is_zero_but_missing_is_not() {
    for form in FORMS {
        check(
            form,
            "không → 0 | khong co → 0 | Không phát sinh → 0 | 0 → 0 | - → NOT_A_NUMBER",
        );
        check(
            form,
            "chưa có → NOT_A_NUMBER | không có số liệu → NOT_A_NUMBER | khong co so lieu → NOT_A_NUMBER",
        );
        check(
            form,
            "không có hồ sơ → NOT_A_NUMBER | không có cơ sở → NOT_A_NUMBER | không có cuộc nào → 0",
        );
        assert_eq!(read(" \u{200b}\n", form), Err(Unreadable::Empty));
    }
}

#[test]
fn limits_hold() {
    check(
        Decimal,
        "99.999.999.999.999,9999 → 99999999999999.9999 | 100.000.000.000.000 → TOO_LARGE",
    );
    check(Money, "100 nghìn tỷ → TOO_LARGE | 99 nghìn tỷ → 99000000000000");
    for text in [
        "9".repeat(200),
        "9".repeat(38) + " tỷ",
        "9".repeat(34) + "-" + &"9".repeat(34) + " nghìn tỷ",
    ] {
        for form in FORMS {
            assert!(read(&text, form).is_err(), "{text}");
        }
    }
    assert_eq!(short(&"9".repeat(201), Integer), "TOO_LONG");
    assert_eq!(short(&("0".repeat(199) + "7"), Integer), "7");
}

#[test]
fn a_refusal_says_what_was_wrong_and_how_to_mend_it() {
    let said = |text: &str, language: Language| {
        read(text, Money)
            .err()
            .map(|refusal| refusal.text().in_language(language).to_owned())
    };
    let vietnamese =
        "Cách viết này chưa rõ: có thể hiểu là 390.777.000 hoặc 39.077.700. Hãy nhập lại đúng con số cần báo cáo.";
    let english =
        "This is not clear: it could be read as 390.777.000 or 39.077.700. Type again the figure that is meant.";
    assert_eq!(said("390.777.00đ", Language::Vietnamese).as_deref(), Some(vietnamese));
    assert_eq!(said("390.777.00đ", Language::English).as_deref(), Some(english));
    let unknown = "Không hiểu “trịu” đi kèm con số. Hãy chỉ nhập con số và, nếu cần, đơn vị như người, lượt, triệu.";
    assert_eq!(said("295 trịu", Language::Vietnamese).as_deref(), Some(unknown));
}

#[test]
fn figures_are_written_in_the_vietnamese_way() {
    let cases = [
        ("1671", "1.671"),
        ("93.35", "93,35"),
        ("390777000", "390.777.000"),
        ("-0.5", "-0,5"),
        ("0", "0"),
        ("100", "100"),
        ("1.125", "1,1250"),
        ("0.125", "0,125"),
        ("1671.125", "1.671,125"),
        ("-99999999999999.9999", "-99.999.999.999.999,9999"),
    ];
    for (machine, expected) in cases {
        assert_eq!(machine.parse().map(write), Ok(expected.to_owned()));
    }
}
