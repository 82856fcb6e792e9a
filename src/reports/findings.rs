//! What there is to say of the figures of a report before anybody passes it: rules of its form that are broken or cannot be judged, and
//! figures that look like slips. Pure; the figures are read elsewhere.

use std::collections::HashMap;

use serde::Serialize;
use thidua_entity::Fixed4;
use thidua_entity::enums::{FigurePart, NumberForm, Qualifier, RuleSeverity};

use super::parts;
use super::unusual::{self, Bounds, Unusual, Verdict};
use crate::error::Text;
use crate::forms::content;
use crate::forms::rules::{Checked, Names, Rule};
use crate::formula::{self, Outcome};
use crate::numbers::Reading;

/// A figure as a report has it.
#[derive(Clone, Debug)]
pub struct Typed {
    /// As it was read; `None` for a choice and a text.
    pub reading: Option<Reading>,
    /// Of a choice: its code.
    pub choice: Option<String>,
    /// The text as typed.
    pub raw: String,
}

/// An indicator of a form, in the order of the form.
#[derive(Clone, Debug)]
pub struct Indicated {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What its figures look like.
    pub form: NumberForm,
}

/// The figures of a report and what they are of.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The indicators of its form, in order.
    pub indicators: Vec<Indicated>,
    /// Its figures, by the code of the indicator and the part.
    pub figures: HashMap<(String, FigurePart), Typed>,
}

impl Sheet {
    fn typed(&self, code: &str, part: FigurePart) -> Option<&Typed> {
        self.figures.get(&(code.to_owned(), part))
    }

    fn form(&self, code: &str) -> Option<NumberForm> {
        self.indicators.iter().find(|one| one.code == code).map(|one| one.form)
    }

    /// What the figure of an indicator is called for a person.
    fn label(&self, code: &str, part: FigurePart) -> Option<String> {
        let name = &self.indicators.iter().find(|one| one.code == code)?.name;
        Some(match part {
            FigurePart::Total => name.clone(),
            part => format!("{name}, {}", parts::called(part).vi),
        })
    }

    /// A figure as a formula is given it.
    fn given(&self, code: &str, part: FigurePart) -> Option<formula::Figure> {
        let typed = self.typed(code, part)?;
        Some(match self.form(code)? {
            NumberForm::YesNo => formula::Figure::YesNo(typed.reading?.value != Fixed4::ZERO),
            NumberForm::Choice => formula::Figure::Text(typed.choice.clone()?),
            NumberForm::Text => formula::Figure::Text(typed.raw.clone()),
            NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage => {
                formula::Figure::Number(typed.reading?)
            }
        })
    }
}

/// What came of a rule that does not hold for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleOutcome {
    /// It is broken.
    Broken,
    /// Figures are missing that it needs.
    NotJudged,
    /// Nobody can tell: figures are not exact, or it would divide by zero.
    Unknown,
}

/// A rule of the form that the report breaks, or that cannot be judged.
#[derive(Clone, Debug)]
pub struct RuleFinding {
    /// Order of the rule on the form, from 1.
    pub position: i32,
    /// The rule.
    pub rule: Rule,
    /// What came of it.
    pub outcome: RuleOutcome,
    /// How that comes about, with the figures.
    pub why: Text,
    /// The figures that the rule names, in its order.
    pub figures: Vec<FigureNamed>,
}

/// A figure that a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureNamed {
    /// Code of the indicator.
    pub indicator: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// What it is called for a person.
    pub label: String,
    /// The text as typed; `None` when the figure is missing.
    pub text: Option<String>,
}

impl RuleFinding {
    /// Whether the report cannot be sent.
    pub fn blocks(&self) -> bool {
        self.outcome == RuleOutcome::Broken && self.rule.severity == RuleSeverity::Block
    }

    /// Whether the report can only be sent with an explanation.
    pub fn wants_explanation(&self) -> bool {
        self.outcome == RuleOutcome::Broken && self.rule.severity == RuleSeverity::Warn
    }

    /// The message of the rule, and how its breaking comes about.
    pub fn text(&self) -> Text {
        let Rule { code, message, .. } = &self.rule;
        Text::new(
            format!("{message} {} (quy tắc `{code}`)", self.why.vi),
            format!("{message} {} (rule `{code}`)", self.why.en),
        )
    }
}

/// Those of the rules, in order, that the report breaks or that cannot be judged.
pub fn judge(rules: &[Checked], names: &Names, sheet: &Sheet) -> Vec<RuleFinding> {
    let figures = |name: &str| {
        names
            .get(name)
            .and_then(|named| sheet.given(&named.indicator, named.part))
    };
    let label = |name: &str| {
        names
            .get(name)
            .and_then(|named| sheet.label(&named.indicator, named.part))
    };
    let found = (1..).zip(rules).filter_map(|(position, checked)| {
        let Checked { rule, formula } = checked;
        let explained = formula.explain(&figures, rule.missing_means(), &label);
        let outcome = match explained.outcome? {
            Outcome::Holds => return None,
            Outcome::Broken => RuleOutcome::Broken,
            Outcome::NotJudged { .. } => RuleOutcome::NotJudged,
            Outcome::Unknown(_) => RuleOutcome::Unknown,
        };
        let named = explained.figures.into_iter().filter_map(|used| {
            let named = names.get(&used.name)?;
            Some(FigureNamed {
                indicator: named.indicator.clone(),
                part: named.part,
                label: used.label,
                text: sheet.typed(&named.indicator, named.part).map(|typed| typed.raw.clone()),
            })
        });
        Some(RuleFinding {
            position,
            rule: rule.clone(),
            outcome,
            why: explained.text,
            figures: named.collect(),
        })
    });
    found.collect()
}

/// Figures of others with which those of a report are compared, by the code of the indicator and the part.
pub type Others = HashMap<(String, FigurePart), Vec<Fixed4>>;

/// A figure that looks like a slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusualFigure {
    /// The figure.
    pub figure: FigureNamed,
    /// Beside what, by which numbers.
    pub unusual: Unusual,
}

/// The figures of a report that are not as the unit's own past, or not as those of the others in its clusters: in the order of the form.
/// Of a range it is not known what to compare, so none is looked at.
pub fn unusual(sheet: &Sheet, own_past: &Others, cluster: &Others, bounds: &Bounds) -> Vec<UnusualFigure> {
    let mut found = Vec::new();
    let numbers = sheet.indicators.iter().filter(|one| content::is_number(one.form));
    for (indicator, part) in numbers.flat_map(|one| FigurePart::ALL.iter().map(move |&part| (one, part))) {
        let key = (indicator.code.clone(), part);
        let Some(typed) = sheet.figures.get(&key) else {
            continue;
        };
        let Some(reading) = typed.reading.filter(|reading| reading.qualifier != Qualifier::Range) else {
            continue;
        };
        let [past, others] = [own_past, cluster].map(|others| others.get(&key).map_or(&[][..], Vec::as_slice));
        for verdict in unusual::look(reading.value, past, others, bounds) {
            if let Verdict::Unusual(unusual) = verdict {
                found.push(UnusualFigure {
                    figure: FigureNamed {
                        indicator: key.0.clone(),
                        part,
                        label: sheet.label(&key.0, part).unwrap_or_default(),
                        text: Some(typed.raw.clone()),
                    },
                    unusual,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use thidua_entity::enums::RuleMissing;

    use super::*;
    use crate::forms::rules;
    use crate::numbers;

    fn sheet(figures: &[(&str, FigurePart, &str)]) -> Sheet {
        let indicated = |code: &str, name: &str, form| Indicated {
            code: code.to_owned(),
            name: name.to_owned(),
            form,
        };
        let typed = |text: &str| Typed {
            reading: numbers::read(text, NumberForm::Integer).ok(),
            choice: None,
            raw: text.to_owned(),
        };
        Sheet {
            indicators: vec![
                indicated("members_total", "Số đoàn viên", NumberForm::Integer),
                indicated("clean", "Trong sạch, vững mạnh", NumberForm::YesNo),
            ],
            figures: figures
                .iter()
                .map(|&(code, part, text)| ((code.to_owned(), part), typed(text)))
                .collect(),
        }
    }

    fn judged(expression: &str, sheet: &Sheet) -> Option<RuleFinding> {
        let rule = Rule {
            code: "R".to_owned(),
            expression: expression.to_owned(),
            severity: RuleSeverity::Block,
            missing: RuleMissing::Skip,
            message: "Đoàn viên nữ không thể nhiều hơn đoàn viên.".to_owned(),
            basis: None,
        };
        let asked = sheet.indicators.iter().map(|one| {
            let dimensions = vec![thidua_entity::enums::Dimension::Women];
            (one.code.as_str(), one.form, dimensions)
        });
        let names = Names::of(asked);
        let rules = rules::check(vec![rule], &names).unwrap();
        judge(&rules, &names, sheet).pop()
    }

    #[test]
    fn a_broken_rule_is_told_with_the_part_and_both_figures() {
        use FigurePart::{Total, Women};
        let figures = sheet(&[("members_total", Total, "1.671"), ("members_total", Women, "1.700")]);
        let found = judged("members_total__women <= members_total", &figures).unwrap();
        assert!(found.blocks());
        assert_eq!(
            found.why.vi,
            "“Số đoàn viên, nữ” (1.700) phải nhỏ hơn hoặc bằng “Số đoàn viên” (1.671)."
        );
        assert_eq!(found.figures[0].part, Women);
        assert_eq!(found.figures[0].text.as_deref(), Some("1.700"));
        let missing = sheet(&[("members_total", Women, "1.700")]);
        let found = judged("members_total__women <= members_total", &missing).unwrap();
        assert_eq!((found.outcome, found.blocks()), (RuleOutcome::NotJudged, false));
        assert_eq!(found.figures[1].text, None);
    }

    #[test]
    fn yes_is_true_and_no_is_not() {
        let yes = sheet(&[("clean", FigurePart::Total, "1")]);
        assert!(judged("clean", &yes).is_none());
        let no = sheet(&[("clean", FigurePart::Total, "0")]);
        assert_eq!(
            judged("clean", &no).map(|found| found.outcome),
            Some(RuleOutcome::Broken)
        );
    }

    #[test]
    fn a_range_is_compared_with_nothing() {
        let others: Others = HashMap::from([(
            ("members_total".to_owned(), FigurePart::Total),
            [100, 101, 102, 104]
                .map(|one| Fixed4::from_integer(one).unwrap())
                .into(),
        )]);
        let found = |text: &str| {
            let sheet = sheet(&[("members_total", FigurePart::Total, text)]);
            unusual(&sheet, &others, &Others::new(), &Bounds::default()).len()
        };
        assert_eq!([found("1.020"), found("103"), found("1.000-1.020")], [1, 0, 0]);
    }
}
