//! Runs every example of `docs/formula.md`.

use super::*;

const GUIDE: &str = include_str!("../../../docs/formula.md");

/// The figures of the examples, with the names a person knows them by.
const FIGURES: &[(&str, Type, &str)] = &[
    ("workers_total", Type::Number, "Tổng số CNVCLĐ"),
    ("members_total", Type::Number, "Tổng số đoàn viên"),
    ("members_female", Type::Number, "Số đoàn viên nữ"),
    ("members_total__women", Type::Number, "Số đoàn viên, nữ"),
    ("grassroots_unions", Type::Number, "Số CĐCS"),
    ("rating_outstanding", Type::Number, "Số CĐCS xuất sắc"),
    ("rating_good", Type::Number, "Số CĐCS tốt"),
    ("rating_completed", Type::Number, "Số CĐCS hoàn thành"),
    ("rating_not_completed", Type::Number, "Số CĐCS không hoàn thành"),
    ("welfare_visits", Type::Number, "Số lượt thăm hỏi"),
    ("welfare_visit_amount", Type::Number, "Số tiền thăm hỏi"),
    ("policy_sessions", Type::Number, "Số cuộc tuyên truyền"),
    ("policy_attendances", Type::Number, "Số lượt người nghe"),
    ("actual", Type::Number, "Thực hiện"),
    ("target", Type::Number, "Chỉ tiêu"),
    ("best", Type::Number, "Cao nhất cụm"),
    ("rank", Type::Text, "Xếp loại"),
];

fn names() -> BTreeMap<String, Type> {
    FIGURES.iter().map(|(name, of, _)| ((*name).to_owned(), *of)).collect()
}

/// The lines of the blocks with this mark.
fn blocks(mark: &str) -> Vec<Vec<&'static str>> {
    let fence = format!("```{mark}\n");
    let parts = GUIDE.split(&fence).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap_or_default().lines().collect())
        .collect()
}

#[test]
fn every_rule_of_the_guide_gives_what_the_guide_says() {
    let mut examples = 0;
    for block in blocks("rule") {
        let (text, lines) = block.split_first().expect("a formula");
        let formula = checked(text, &names());
        let mut told = Vec::new();
        for line in lines {
            if let Some(sentence) = line.trim().strip_prefix("» ") {
                assert!(told.contains(&sentence.to_owned()), "{line}\nis not among\n{told:#?}");
                continue;
            }
            let (given, expected) = line.trim().split_once(" → ").expect(line);
            let (missing, given) = match given.split_once(' ') {
                Some(("ZERO", given)) => (MissingMeans::Zero, given),
                Some(("FAILS", given)) => (MissingMeans::Fails, given),
                _ => (MissingMeans::Skip, given),
            };
            let given = figures(given);
            assert_eq!(short(&formula, &given, missing), expected, "{text}\n{line}");
            let label = |name: &str| FIGURES.iter().find(|one| one.0 == name).map(|one| one.2.to_owned());
            let explained = formula.explain(&|name| given.get(name).cloned(), missing, &label);
            told = vec![explained.text.vi, explained.text.en];
            examples += 1;
        }
    }
    assert!(examples > 20, "the guide is read");
}

#[test]
fn every_refusal_of_the_guide_is_one() {
    let lines: Vec<&str> = blocks("refused").concat();
    assert!(lines.len() > 10, "the guide is read");
    for line in lines {
        let (text, code) = line.split_once(" → ").expect(line);
        let refused = Formula::check(text, &names(), Type::YesNo).expect_err(text);
        assert_eq!(refused.code(), code, "{text}");
    }
}

#[test]
fn the_guide_names_every_bound_and_function() {
    for (name, _) in scan::USAGES {
        assert!(GUIDE.contains(&format!("`{name}(")), "{name}");
    }
    assert!(GUIDE.contains("at most 1.000 characters and 200 names") && GUIDE.contains("at most 16 inside each other"));
    assert_eq!((TEXT_MAX, PARTS_MAX, DEPTH_MAX), (1_000, 200, 16));
}
