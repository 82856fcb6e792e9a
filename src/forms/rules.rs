//! Rules between the figures of a form: by which names they call figures, and whether they can be carried out. Pure; the language
//! is that of [`crate::formula`], and `docs/formula.md` is for those who write them.

use std::collections::BTreeMap;

use thidua_entity::enums::{Dimension, FigurePart, NumberForm, RuleMissing, RuleSeverity};

use crate::error::{Error, Problem, Result};
use crate::formula::{Formula, MissingMeans, Type};
use crate::input;

/// Most rules of a form.
pub const RULES_MAX: usize = 100;

/// A rule of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code, unique on the form.
    pub code: String,
    /// The formula that should hold.
    pub expression: String,
    /// What follows when it does not.
    pub severity: RuleSeverity,
    /// What it means that a figure is missing.
    pub missing: RuleMissing,
    /// What the officer reads when it is broken.
    pub message: String,
    /// The text or the reason it rests on.
    pub basis: Option<String>,
}

/// A rule whose formula was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The rule.
    pub rule: Rule,
    /// Its formula.
    pub formula: Formula,
}

/// A figure that rules of a form may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Code of the indicator.
    pub indicator: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// What its figures are to a formula.
    pub of: Type,
}

/// The figures of a form by the names by which its rules call them.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, Named>);

impl Names {
    /// The names on a form that asks for these indicators: code, form of the figures, and by which dimensions it asks for it too. The
    /// total is called by the code, a part by the code, two underscores and the part: `members_total__women`. An indicator whose own code
    /// is such a name keeps it.
    pub fn of<'a>(asked: impl Iterator<Item = (&'a str, NumberForm, Vec<Dimension>)>) -> Self {
        let (mut totals, mut names) = (Vec::new(), BTreeMap::new());
        for (code, form, dimensions) in asked {
            let of = Type::from(form);
            let named = |part| Named {
                indicator: code.to_owned(),
                part,
                of,
            };
            let asked_for = |part: &FigurePart| part.dimension().is_some_and(|one| dimensions.contains(&one));
            for &part in FigurePart::ALL.iter().filter(|part| asked_for(part)) {
                names.insert(format!("{code}__{}", part.code().to_lowercase()), named(part));
            }
            totals.push((code.to_owned(), named(FigurePart::Total)));
        }
        names.extend(totals);
        Self(names)
    }

    /// The figure that a name stands for.
    pub fn get(&self, name: &str) -> Option<&Named> {
        self.0.get(name)
    }

    fn types(&self) -> BTreeMap<String, Type> {
        self.0.iter().map(|(name, named)| (name.clone(), named.of)).collect()
    }
}

impl Rule {
    /// What it means to its formula that a figure is missing.
    pub const fn missing_means(&self) -> MissingMeans {
        match self.missing {
            RuleMissing::Skip => MissingMeans::Skip,
            RuleMissing::Zero => MissingMeans::Zero,
            RuleMissing::Fails => MissingMeans::Fails,
        }
    }

    fn tidied(self, path: &str) -> Result<Self> {
        let field = |name: &str| format!("{path}.{name}");
        Ok(Self {
            code: input::code(&field("code"), &self.code)?,
            message: input::line(&field("message"), &self.message)?,
            basis: input::paragraph_or_none(&field("basis"), self.basis.as_deref())?,
            ..self
        })
    }
}

/// Rules as they can be kept: texts tidied, each code once. Whether their formulas can be carried out is asked by [`check`].
pub fn tidied(rules: Vec<Rule>) -> Result<Vec<Rule>> {
    input::list_size("rules", rules.len(), RULES_MAX)?;
    let mut tidied: Vec<Rule> = Vec::with_capacity(rules.len());
    for (index, rule) in rules.into_iter().enumerate() {
        let rule = rule.tidied(&format!("rules.{index}"))?;
        if tidied.iter().any(|other| other.code == rule.code) {
            let code = &rule.code;
            return Err(Error::invalid(
                "TWICE",
                format!("rules.{index}.code"),
                format!("Mã quy tắc `{code}` có hai lần trong biểu."),
                format!("The code `{code}` is that of two rules of the form."),
            ));
        }
        tidied.push(rule);
    }
    Ok(tidied)
}

/// Rules with their formulas, in the order given; else what is wrong with each formula that cannot be carried out on the form.
pub fn check(rules: Vec<Rule>, names: &Names) -> Result<Vec<Checked>, Vec<Problem>> {
    let types = names.types();
    let (mut checked, mut problems) = (Vec::with_capacity(rules.len()), Vec::new());
    for (index, rule) in rules.into_iter().enumerate() {
        match Formula::check(&rule.expression, &types, Type::YesNo) {
            Ok(formula) => {
                let expression = formula.text().to_owned();
                let rule = Rule { expression, ..rule };
                checked.push(Checked { rule, formula });
            }
            Err(problem) => problems.push(Problem {
                code: problem.code(),
                field: format!("rules.{index}.expression"),
                text: problem.text(),
            }),
        }
    }
    if problems.is_empty() {
        Ok(checked)
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &str, expression: &str) -> Rule {
        Rule {
            code: code.to_owned(),
            expression: expression.to_owned(),
            severity: RuleSeverity::Block,
            missing: RuleMissing::Skip,
            message: "Số đoàn viên nữ không thể nhiều hơn số đoàn viên.".to_owned(),
            basis: None,
        }
    }

    fn names() -> Names {
        let asked = [
            (
                "members_total",
                NumberForm::Integer,
                vec![Dimension::Women, Dimension::Sector],
            ),
            ("workers_total", NumberForm::Integer, vec![]),
            ("clean", NumberForm::YesNo, vec![]),
            ("rank", NumberForm::Choice, vec![]),
        ];
        Names::of(asked.into_iter())
    }

    #[test]
    fn a_part_is_called_by_its_indicator_and_two_underscores() {
        let rules = [
            "members_total__women <= members_total",
            "members_total__sector_education + members_total__sector_occupational <= members_total",
            "clean && rank == \"XS\" ? workers_total > 0 : true",
        ];
        let rules = rules.iter().map(|text| rule("r", text)).collect();
        assert_eq!(check(rules, &names()).map(|checked| checked.len()), Ok(3));
        let women = names().get("members_total__women").map(|named| named.part);
        assert_eq!(women, Some(FigurePart::Women));
        let unasked = check(vec![rule("r", "workers_total__women <= workers_total")], &names());
        assert_eq!(unasked.map_err(|problems| problems[0].code).err(), Some("UNKNOWN_NAME"));
    }

    #[test]
    fn an_indicator_keeps_its_own_code_whatever_a_part_is_called() {
        let asked = [
            ("members__women", NumberForm::Money, vec![]),
            ("members", NumberForm::Integer, vec![Dimension::Women]),
        ];
        let names = Names::of(asked.into_iter());
        let named = names.get("members__women").expect("a figure");
        assert_eq!(
            (named.indicator.as_str(), named.part),
            ("members__women", FigurePart::Total)
        );
    }

    #[test]
    fn what_is_wrong_is_told_rule_by_rule() {
        let rules = vec![
            rule("a", "members_total <= workers_total"),
            rule("b", "members_total <= worker_total"),
            rule("c", "members_total + workers_total"),
        ];
        let problems = check(rules, &names()).expect_err("problems");
        let told: Vec<_> = problems.iter().map(|one| (one.code, one.field.as_str())).collect();
        assert_eq!(
            told,
            [
                ("UNKNOWN_NAME", "rules.1.expression"),
                ("WRONG_RESULT", "rules.2.expression")
            ]
        );
        let twice = tidied(vec![rule("a", "x"), rule(" a ", "y")]).expect_err("twice");
        assert!(matches!(twice, Error::Invalid(problems) if problems[0].field == "rules.1.code"));
    }
}
