//! What formulas give for figures that are exact, missing or not exact.

use super::*;

/// Checks lines of `formula | figures | what comes out`.
fn table(missing: MissingMeans, lines: &str) {
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [text, given, expected] = parts[..] else {
            panic!("three parts: {line}");
        };
        let formula = checked(text, &catalogue());
        assert_eq!(short(&formula, &figures(given), missing), expected, "{line}");
    }
}

#[test]
fn numbers_are_exact_and_division_keeps_the_rest() {
    table(
        MissingMeans::Skip,
        "a / b | a 7; b 2 | 3,5
         a / b | a 1; b 3 | ≈ 0,3333
         a / b * b == a | a 1; b 3 | holds
         a + 0.1 == 0.3 | a 0,2 | holds
         a * -0.25 | a 2 | -0,5
         -a - -1 | a 2 | -1
         a - b - c | a 9; b 3; c 2 | 4
         a / b / c | a 12; b 3; c 2 | 2
         a + b * c % d | a 1; b 5; c 3; d 4 | 4
         (a + b) * c | a 1; b 5; c 3 | 18
         a % b | a -7; b 3 | -1
         a % 0.5 | a 1,75 | 0,25
         --a + a | a 3 | 6
         a * b * c * d | a 99999999999999,9999; b 99999999999999,9999; c 99999999999999; d 99999999999999 | số có quá 14 chữ số
         a * b * c / b / c == a | a 99999999999999,9999; b 99999999999999,9999; c 0,0001 | holds",
    );
}

#[test]
fn functions_do_what_their_names_say() {
    table(
        MissingMeans::Skip,
        "min(a, b, 3) | a 5; b 4 | 3
         max(a, b) | a 5; b 4 | 5
         sum(a, b, c) | a 5; b 4; c 0,5 | 9,5
         abs(a - b) | a 4; b 5 | 1
         floor(a) | a -1,5 | -2
         ceil(a) | a -1,5 | -1
         round(a / b, 2) | a 2; b 3 | 0,67
         round(a, 0) | a 2,5 | 3
         round(a, 0) | a -2,5 | -3
         given(a) && !given(b) | a 5 | holds
         min(50 * a / b, 50) | a 12; b 10 | 50",
    );
}

#[test]
fn a_choice_looks_at_one_way_only() {
    table(
        MissingMeans::Skip,
        "b > 0 ? 50 * a / b : 0 | a 9; b 10 | 45
         b > 0 ? 50 * a / b : 0 | a 9; b 0 | 0
         given(b) ? a / b : a | a 9 | 9
         a > 90 ? 10 : a > 80 ? 8 : 5 | a 85 | 8
         b > 0 ? a : c | a 9; c 3 | missing: b
         grade == \"Tốt\" || grade == 'XS' | grade \"XS\" | holds
         has_plan ? a >= b : true | has_plan false | holds
         (a > b) == has_plan | a 1; b 2; has_plan false | holds
         has_plan != (a > b) | a 1; b 2; has_plan false | broken
         a > b ? \"cao\" : \"thấp\" | a 1; b 2 | “thấp”",
    );
}

#[test]
fn one_term_settles_whatever_is_missing_in_the_other() {
    table(
        MissingMeans::Skip,
        "a > b && c > 0 | a 1; b 2 | broken
         c > 0 && a > b | a 1; b 2 | broken
         c > 0 || a < b | a 1; b 2 | holds
         a > b || c > 0 | a 1; b 2 | not judged: c
         c > 0 && d > 0 || a > b | a 1; b 2 | not judged: c, d
         a / b > 1 || c > 0 | a 1; b 0; c 1 | holds
         a / b > 1 && c > 0 | a 1; b 0; c 0 | broken
         a / b > 1 && c > 0 | a 1; b 0 | not judged: c
         a / (b - 3) > 1 && c > 0 | a 1; b 3; c 1 | division by b - 3",
    );
}

#[test]
fn a_rule_says_what_a_missing_figure_means() {
    let cases = [
        (MissingMeans::Skip, "not judged: b"),
        (MissingMeans::Zero, "holds"),
        (MissingMeans::Fails, "broken"),
    ];
    for (missing, expected) in cases {
        let formula = checked("a >= b", &catalogue());
        assert_eq!(short(&formula, &figures("a 5"), missing), expected);
    }
    table(
        MissingMeans::Zero,
        "a + b | a 5 | 5
         a / b | a 5 | division by b
         given(b) | a 5 | broken
         grade == \"XS\" | a 5 | not judged: grade",
    );
    table(MissingMeans::Fails, "a + b | a 5 | missing: b");
}

#[test]
fn inexact_figures_leave_open_what_they_do_not_tell() {
    table(
        MissingMeans::Skip,
        "a > 24500 | a trên 24.500 | holds
         a >= 24500 | a trên 24.500 | holds
         a <= 24500 | a trên 24.500 | broken
         a == 24500 | a trên 24.500 | broken
         a > 24501 | a trên 24.500 | unknown: a
         a < 500 | a gần 500 | holds
         a < 499 | a gần 500 | unknown: a
         a >= 0 | a khoảng 500 | unknown: a
         a <= 12 && a >= 10 | a từ 10-12 | holds
         a < b | a từ 10-12; b 12 | unknown: a
         a < b | a từ 10-12; b trên 12 | holds
         a + b > 30 | a trên 10; b trên 20 | holds
         a * 2 <= b | a trên 10; b gần 20 | broken
         a < b && c > 0 | a khoảng 1; b 2; c 0 | broken
         a < b && c > 0 | a khoảng 1; b 2; c 1 | unknown: a
         a < b && c > 0 | a khoảng 1; b 2 | not judged: c
         a - b | a trên 10; b 4 | trên 6
         a * -1 | a trên 10 | dưới -10
         100 * a / b | a từ 10-12; b 20 | từ 50 đến 60
         a / b | a 1; b từ 2-4 | từ 0,25 đến 0,5
         a / b | a 1; b gần 5 | chưa rõ bao nhiêu
         1 / a | a trên 4 | từ 0 đến 0,25
         abs(a) | a gần 5 | từ 0 trở lên
         min(a, 3) | a trên 1 | từ 1 đến 3
         max(a, 3) | a khoảng 1 | từ 3 trở lên
         floor(a) | a từ 1,5-2,5 | từ 1 đến 2
         a > 2 ? 10 : 5 | a khoảng 2 | từ 5 đến 10
         (a > 2 ? \"x\" : \"y\") == \"x\" | a khoảng 2 | unknown: a
         (a > 2 ? \"x\" : \"x\") == \"x\" | a khoảng 2 | holds
         0 * a == 0 | a khoảng 2 | holds
         a * b > 0 | a từ 0-2; b trên 5 | unknown: a, b
         a / b > 0 | a từ 0-2; b trên 5 | unknown: a, b
         0 * a < 0 | a khoảng 2 | broken
         abs(a - 5) | a từ 1-8 | từ 0 đến 4
         abs(a - 3) | a từ 1-8 | từ 0 đến 5
         1 / a | a trên 0 | trên 0
         1 / a | a gần 0 | dưới 0
         a * b >= 0 | a từ 0-2; b trên 5 | holds
         a - a == 0 | a khoảng 2 | unknown: a
         floor(a) > 1 | a trên 1 | unknown: a
         max(a, b) > 3 | a trên 3; b 3 | holds
         min(a, b) < 3 | a gần 3; b 3 | holds",
    );
}

#[test]
fn a_formula_knows_its_text_and_names() {
    let formula = checked("given(c) && members_total > a || a < 0", &catalogue());
    assert_eq!(formula.names().collect::<Vec<_>>(), ["c", "members_total", "a"]);
    assert_eq!(formula.text(), "given(c) && members_total > a || a < 0");
    assert_eq!(formula.gives(), Type::YesNo);
    // Accents apart and blanks of other kinds, as copied from elsewhere.
    let copied = checked("grade\u{a0}==\t\"To\u{302}\u{301}t\"", &catalogue());
    assert_eq!(copied.text(), "grade == \"Tốt\"");
}

#[test]
fn a_figure_of_another_type_than_it_was_said_to_be_is_told() {
    let formula = checked("a > 1 || b > 1", &catalogue());
    let figures = figures("a 5; b \"năm\"");
    assert_eq!(
        formula.evaluate(&|name| figures.get(name).cloned(), MissingMeans::Zero),
        Err(EvaluationProblem::WrongType { name: "b".to_owned() })
    );
    assert_eq!(
        checked("a + 1", &catalogue()).judge(&|_| figures.get("a").cloned(), MissingMeans::Skip),
        Outcome::Unknown(Reason::Problem(EvaluationProblem::NotARule))
    );
}

#[test]
fn the_largest_formula_is_evaluated_on_half_the_usual_stack() {
    let text = "a".to_owned() + &" + a".repeat(99) + " > 0";
    let text = text.replacen(" + a", "", 1);
    let formula = checked(&text, &catalogue());
    let judged = std::thread::Builder::new().stack_size(1 << 20).spawn(move || {
        let figures = figures("a 0,0001");
        let figures = |name: &str| figures.get(name).cloned();
        let explained = formula.explain(&figures, MissingMeans::Skip, &|_| None);
        (formula.judge(&figures, MissingMeans::Skip), explained.text.vi.len())
    });
    let (outcome, length) = judged.expect("a thread").join().expect("no overflow");
    assert_eq!(outcome, Outcome::Holds);
    assert!(length > 500);
}

#[test]
fn a_result_is_stored_with_at_most_four_decimals() {
    let stored = |text: &str, places| {
        let answer = checked(text, &catalogue()).evaluate(&|_| figures("a 1").remove("a"), MissingMeans::Skip);
        match answer {
            Ok(Answer::Known(Value::Number(number))) => {
                number.exactly()?.to_figure(places).map(|figure| figure.to_string())
            }
            other => panic!("{text}: {other:?}"),
        }
    };
    assert_eq!(stored("a * 2 / 3", 4).as_deref(), Some("0.6667"));
    assert_eq!(stored("a * 2 / 3", 9).as_deref(), Some("0.6667"));
    assert_eq!(stored("-a / 2", 0).as_deref(), Some("-1"));
    assert_eq!(stored("a * 123.45", 1).as_deref(), Some("123.5"));
    assert_eq!(stored("a * -123.45", 1).as_deref(), Some("-123.5"));
    assert_eq!(stored("a / 20000", 4).as_deref(), Some("0.0001"));
    assert_eq!(
        stored("a * 99999999999999.9999", 4).as_deref(),
        Some("99999999999999.9999")
    );
    assert_eq!(stored("a * 99999999999999.9999", 0), None);
    assert_eq!(stored("a * 99999999999999 * 10", 4), None);
}
