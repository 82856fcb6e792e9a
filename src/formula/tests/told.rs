//! How answers are explained, in data and in sentences.

use thidua_entity::Fixed4;

use super::*;

/// The sentences for a formula, its figures and what missing ones mean.
fn told(text: &str, given: &str, missing: MissingMeans) -> [String; 2] {
    let figures = figures(given);
    let label = |name: &str| Some(name.to_uppercase());
    let told = checked(text, &catalogue()).explain(&|name| figures.get(name).cloned(), missing, &label);
    [told.text.vi, told.text.en]
}

#[test]
fn a_sentence_tells_what_decided() {
    for (text, given, vi, en) in [
        (
            "a <= b || c == 0",
            "a 1.671; b 1.000; c 3",
            "“A” (1.671) phải nhỏ hơn hoặc bằng “B” (1.000), hoặc “C” (3) phải bằng 0.",
            "“A” (1.671) must be at most “B” (1.000), or “C” (3) must be equal to 0.",
        ),
        (
            "!(a > b)",
            "a 2; b 1",
            "“A” (2) phải nhỏ hơn hoặc bằng “B” (1).",
            "“A” (2) must be at most “B” (1).",
        ),
        (
            "!(a > b)",
            "a 1; b 2",
            "Đúng: “A” (1) nhỏ hơn hoặc bằng “B” (2).",
            "It holds: “A” (1) is at most “B” (2).",
        ),
        (
            "a > b && c > d",
            "a 1; b 2; c 1; d 2",
            "“A” (1) phải lớn hơn “B” (2).",
            "“A” (1) must be greater than “B” (2).",
        ),
        (
            "a < b && c < d",
            "a 1; b 2; c 1; d 2",
            "Đúng: “A” (1) nhỏ hơn “B” (2); “C” (1) nhỏ hơn “D” (2).",
            "It holds: “A” (1) is less than “B” (2); “C” (1) is less than “D” (2).",
        ),
        (
            "has_plan",
            "has_plan false",
            "Không đúng: “HAS_PLAN”.",
            "It does not hold: “HAS_PLAN”.",
        ),
        ("has_plan", "has_plan true", "Đúng.", "It holds."),
        (
            "grade == \"XS\"",
            "grade \"T\"",
            "“GRADE” (“T”) phải bằng “XS”.",
            "“GRADE” (“T”) must be equal to “XS”.",
        ),
        (
            "a > 0 ? b > 0 : true",
            "a 1; b 0",
            "“B” (0) phải lớn hơn 0.",
            "“B” (0) must be greater than 0.",
        ),
        (
            "-(a - 0.5) * (b + c) < min(a, b, 2)",
            "a -9; b 1; c 1",
            "-(“A” - 0,5) * (“B” + “C”) (19) phải nhỏ hơn min(“A”; “B”; 2) (-9).",
            "-(“A” - 0,5) * (“B” + “C”) (19) must be less than min(“A”; “B”; 2) (-9).",
        ),
        (
            "a < b",
            "a khoảng 5; b từ 3-6",
            "Chưa kết luận được vì số liệu không chính xác: “A” (khoảng 5) so với “B” (từ 3 đến 6).",
            "Nobody can tell, because figures are not exact: “A” (about 5) against “B” (from 3 to 6).",
        ),
        (
            "a > 0 ? b : c",
            "a 1; c 1",
            "Chưa tính được vì thiếu “B”.",
            "Not worked out, because “B” is missing.",
        ),
        (
            "a / (b - c) > 1",
            "a 1; b 2; c 2",
            "Không tính được vì số chia “B” - “C” bằng 0.",
            "It cannot be worked out, because the divisor “B” - “C” is 0.",
        ),
        ("a / 3", "a 1", "Kết quả là ≈ 0,3333.", "The result is ≈ 0,3333."),
        (
            "a * 2",
            "a trên 5",
            "Kết quả là trên 10.",
            "The result is more than 10.",
        ),
        (
            "a > 1",
            "a true",
            "Không tính được vì số liệu “A” không đúng loại.",
            "It cannot be worked out, because “A” is of another type.",
        ),
    ] {
        assert_eq!(told(text, given, MissingMeans::Skip), [vi, en], "{text} with {given}");
    }
    assert_eq!(
        told("a + b > 0", "a -1", MissingMeans::Zero)[1],
        "“A” + “B” (-1) must be greater than 0. There is no figure for “B”, so it counts as 0."
    );
    assert_eq!(
        told("a + b > 0", "c 1", MissingMeans::Fails)[1],
        "Broken, because “A”, “B” are missing."
    );
}

#[test]
fn an_explanation_has_the_figures_and_sides_as_data() {
    let given = figures("a trên 2; b 3");
    let told = checked("a * 2 > b && given(c)", &catalogue()).explain(
        &|name| given.get(name).cloned(),
        MissingMeans::Skip,
        &|name| (name == "a").then(|| "Số đoàn viên".to_owned()),
    );
    assert_eq!(told.outcome, Some(Outcome::Broken));
    assert_eq!(told.answer, Ok(Answer::Known(Value::YesNo(false))));
    let figures: Vec<_> = told
        .figures
        .iter()
        .map(|used| (used.name.as_str(), used.label.as_str(), used.figure.is_some()))
        .collect();
    assert_eq!(
        figures,
        [("a", "Số đoàn viên", true), ("b", "b", true), ("c", "c", false)]
    );
    assert!(told.deciding.is_empty(), "what decides is that there is no c");
    let told = checked("a * 2 > b && given(b)", &catalogue()).explain(
        &|name| given.get(name).cloned(),
        MissingMeans::Skip,
        &|_| None,
    );
    let [made] = told.deciding.as_slice() else {
        panic!("one comparison: {:?}", told.deciding);
    };
    assert_eq!((made.comparison, made.holds), (Comparison::Greater, Some(true)));
    assert_eq!((made.left.text.as_str(), made.right.text.as_str()), ("“a” * 2", "“b”"));
    assert_eq!(made.left.written.as_ref().map(|text| text.vi.as_str()), Some("trên 4"));
    assert_eq!(
        made.right.value,
        Some(Value::Number(Fixed4::from_integer(3).expect("small").into()))
    );
}
