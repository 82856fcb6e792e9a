//! Which texts are refused, where, and with what words.

use super::*;

fn refused(text: &str, wanted: Type) -> FormulaProblem {
    Formula::check(text, &catalogue(), wanted).expect_err(text)
}

#[test]
fn what_is_refused_says_where() {
    for (text, code, start) in [
        ("a <= b +", "SYNTAX", Some(8)),
        ("a <= (b + c", "SYNTAX", Some(11)),
        ("a b", "SYNTAX", Some(2)),
        ("a\n<= while", "SYNTAX", Some(5)),
        ("a <= member_total", "UNKNOWN_NAME", Some(5)),
        ("a <= số_đoàn_viên", "UNKNOWN_NAME", Some(5)),
        ("grade == \"Đăk Tô\" && a > x1", "UNKNOWN_NAME", Some(25)),
        ("mim(a, b) > 1", "UNKNOWN_FUNCTION", Some(0)),
        ("a ≤ b", "CHARACTER", Some(2)),
        ("a = b", "CHARACTER", Some(2)),
        ("a > 1\u{200b}", "CHARACTER", Some(5)),
        ("a > 1,5", "COMMA_OUTSIDE", Some(5)),
        ("(a, b) > 1", "COMMA_OUTSIDE", Some(2)),
        ("a > 1e3", "NUMBER_UNCLEAR", Some(4)),
        ("a > 0x10", "NUMBER_UNCLEAR", Some(4)),
        ("a > 5u", "NUMBER_UNCLEAR", Some(4)),
        ("a > .5", "NUMBER_UNCLEAR", Some(4)),
        ("a > 1.00001", "NUMBER_UNCLEAR", Some(4)),
        ("a > 1.671.000", "NUMBER_UNCLEAR", Some(4)),
        ("a > 100000000000000", "NUMBER_UNCLEAR", Some(4)),
        ("grade == \"XS", "TEXT_OPEN", Some(9)),
        ("grade == r\"XS\"", "NOT_OFFERED", Some(9)),
        ("grade == \"\"\"XS\"\"\"", "NOT_OFFERED", Some(11)),
        ("grade == \"X\\u0053\"", "NOT_OFFERED", Some(11)),
        ("a in b", "NOT_OFFERED", Some(2)),
        ("a == null", "NOT_OFFERED", Some(5)),
        ("a > 1 // mười", "NOT_OFFERED", Some(6)),
        ("[a, b].all(x, x > 1)", "NOT_OFFERED", Some(0)),
        ("a.b > 1", "NOT_OFFERED", Some(1)),
        ("{\"a\": 1}", "NOT_OFFERED", Some(0)),
        ("exists(a, b)", "NOT_OFFERED", Some(0)),
        ("has(a)", "NOT_OFFERED", Some(0)),
        ("a < b < c", "COMPARISON_CHAIN", Some(6)),
        ("a == b == c", "COMPARISON_CHAIN", Some(7)),
        ("a == grade", "TYPES_DIFFER", Some(2)),
        ("(has_plan ? 1 : grade) == 1", "TYPES_DIFFER", Some(10)),
        ("grade < \"B\"", "WRONG_TYPE", Some(6)),
        ("a && b > 1", "WRONG_TYPE", Some(0)),
        ("!a", "WRONG_TYPE", Some(1)),
        ("a + has_plan > 1", "WRONG_TYPE", Some(4)),
        ("sum(a, grade) > 1", "WRONG_TYPE", Some(7)),
        ("abs(a, b) > 1", "WRONG_COUNT", Some(3)),
        ("sum() > a", "WRONG_COUNT", Some(3)),
        ("round(a) > 1", "WRONG_COUNT", Some(5)),
        ("round(a, b) > 1", "PLACES_UNCLEAR", Some(9)),
        ("round(a, 5) > 1", "PLACES_UNCLEAR", Some(9)),
        ("given(a + 1)", "GIVEN_NEEDS_NAME", Some(8)),
        ("a / 0 > 1", "DIVISION_BY_ZERO", Some(2)),
        ("a % (1 - max(1, 0)) > 1", "DIVISION_BY_ZERO", Some(2)),
        ("1 < 2", "NO_FIGURE", None),
        ("a + b", "WRONG_RESULT", None),
        (" \n ", "EMPTY", None),
    ] {
        let problem = refused(text, Type::YesNo);
        assert_eq!(
            (problem.code(), problem.place.map(|place| place.start)),
            (code, start),
            "{text}"
        );
        let said = problem.text();
        assert!(said.vi.ends_with('.') || said.vi.ends_with('?'), "{}", said.vi);
        assert_ne!(said.vi, said.en);
    }
}

#[test]
fn what_is_too_large_never_reaches_the_parser() {
    for (text, code) in [
        ("a > ".to_owned() + &"1".repeat(997), "TOO_LONG"),
        ("a > 1".to_owned() + &" + 1".repeat(100), "TOO_MANY_PARTS"),
        ("(".repeat(17) + "a" + &")".repeat(17), "TOO_DEEP"),
        ("a > 1 ? ".repeat(17) + "a > 1" + &" : a > 1".repeat(17), "TOO_DEEP"),
    ] {
        assert_eq!(refused(&text, Type::YesNo).code(), code, "{text}");
    }
    let largest = "a > 1".to_owned() + &" + 1".repeat(98);
    assert!(Formula::check(&largest, &catalogue(), Type::YesNo).is_ok());
    let deepest = "(".repeat(16) + "a > 1" + &")".repeat(16);
    assert!(Formula::check(&deepest, &catalogue(), Type::YesNo).is_ok());
}

#[test]
fn a_misspelt_word_is_told_the_one_that_is_meant() {
    let vi = |text: &str| refused(text, Type::YesNo).text().vi;
    assert_eq!(
        vi("member_total <= workers_total"),
        "Ký tự thứ 1: Ở đây không có chỉ tiêu “member_total”. Có phải là “members_total”?"
    );
    assert_eq!(
        vi("Mim(a, b) > 1"),
        "Ký tự thứ 1: Không có hàm “Mim”. Có phải là “min”?"
    );
    assert!(vi("hoi_phi > 1").ends_with("Hãy dùng mã của một chỉ tiêu trong biểu mẫu."));
    assert_eq!(vi("a ≥ b"), "Ký tự thứ 3: Không dùng “≥” trong công thức. Hãy viết >=.");
}
