//! What is noticed about reports: rules of their forms that they break, and figures that look like slips. Looking changes nothing; sending
//! settles what was found.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::ReportStatus;
use thidua_entity::{indicator, report_explanation, report_form_item, report_submission, report_value};
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::forms::rules::{RULES_MAX, Rule};
use crate::forms::{self, usecases as form_usecases};
use crate::ids::Kind;
use crate::input;
use crate::reports::findings::{self, Indicated, Others, RuleFinding, Sheet, Typed, UnusualFigure};
use crate::reports::store;
use crate::reports::unusual::Bounds;

/// A report to be looked at, and the version of its form.
pub type Looked = (Uuid, Uuid);

/// What was found about a rule, and what the unit says to it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was found.
    pub found: RuleFinding,
    /// What the unit says, if it did.
    pub explanation: Option<report_explanation::Model>,
}

impl Finding {
    /// Whether this keeps the report from being sent as long as nothing more is said to it.
    pub fn keeps_from_sending(&self) -> bool {
        self.found.blocks() || self.found.wants_explanation() && self.explanation.is_none()
    }
}

/// What a unit says to a rule that its report breaks.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// Code of the rule.
    pub rule: String,
    /// Why the figures are right all the same.
    pub text: String,
}

/// Reports with what is needed to look at them: three statements, however many.
struct Sheets {
    items: Vec<report_form_item::Model>,
    indicators: Vec<indicator::Model>,
    values: Vec<report_value::Model>,
}

impl Sheets {
    async fn of(connection: &impl ConnectionTrait, reports: &[Looked]) -> Result<Self> {
        let (reports, versions): (Vec<Uuid>, Vec<Uuid>) = reports.iter().copied().unzip();
        let items = forms::store::items(connection, &versions).await?;
        let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
        Ok(Self {
            indicators: forms::store::indicators(connection, &ids).await?,
            values: store::values(connection, &reports).await?,
            items,
        })
    }

    fn items_of(&self, version: Uuid) -> Vec<report_form_item::Model> {
        let of_it = |item: &&report_form_item::Model| item.form_version_id == version;
        self.items.iter().filter(of_it).cloned().collect()
    }

    fn code(&self, indicator: Uuid) -> Option<&str> {
        let row = self.indicators.iter().find(|row| row.id == indicator)?;
        Some(row.code.as_str())
    }

    fn sheet(&self, (report, version): Looked) -> Sheet {
        let indicated = |item: report_form_item::Model| {
            let row = self.indicators.iter().find(|row| row.id == item.indicator_id)?;
            Some(Indicated {
                code: row.code.clone(),
                name: row.name.clone(),
                form: row.number_form,
            })
        };
        let typed = |value: &report_value::Model| {
            let typed = Typed {
                reading: store::reading(value),
                choice: value.choice.clone(),
                raw: value.raw.clone(),
            };
            Some(((self.code(value.indicator_id)?.to_owned(), value.part), typed))
        };
        let own = self.values.iter().filter(|value| value.submission_id == report);
        Sheet {
            indicators: self.items_of(version).into_iter().filter_map(indicated).collect(),
            figures: own.filter_map(typed).collect(),
        }
    }
}

/// The rules that some reports break or that cannot be judged, by report. Give it only reports that are seen.
pub async fn broken_rules(
    connection: &impl ConnectionTrait,
    reports: &[Looked],
) -> Result<HashMap<Uuid, Vec<Finding>>> {
    let mut versions: Vec<Uuid> = reports.iter().map(|(_, version)| *version).collect();
    versions.sort_unstable();
    versions.dedup();
    let rows = forms::store::rules(connection, &versions).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let sheets = Sheets::of(connection, reports).await?;
    let ids: Vec<Uuid> = reports.iter().map(|(report, _)| *report).collect();
    let explanations = store::explanations(connection, &ids).await?;
    let mut found = HashMap::new();
    for version in versions {
        let of_it = rows.iter().filter(|row| row.form_version_id == version);
        let rules: Vec<Rule> = of_it.map(forms::store::rule).collect();
        let names = form_usecases::names(&sheets.items_of(version), &sheets.indicators);
        let rules = form_usecases::read_rules(rules, names.clone()).await?;
        for &looked in reports.iter().filter(|(_, of)| *of == version) {
            let explained = |rule: &RuleFinding| {
                let is_it = |row: &&report_explanation::Model| {
                    (row.submission_id, row.rule_code.as_str()) == (looked.0, rule.rule.code.as_str())
                };
                explanations.iter().find(is_it).cloned()
            };
            let judged = findings::judge(&rules, &names, &sheets.sheet(looked)).into_iter();
            let told = judged.map(|found| Finding {
                explanation: explained(&found),
                found,
            });
            found.insert(looked.0, told.collect());
        }
    }
    Ok(found)
}

/// Whether unusual figures of a report are pointed out: while it is with its unit, and never after. Who sees it then may learn of them.
pub const fn is_looked_over(status: ReportStatus) -> bool {
    matches!(status, ReportStatus::Draft | ReportStatus::Returned)
}

/// The figures of some reports that look like slips, by report. Give it only reports that are seen and that [`is_looked_over`].
pub async fn unusual_figures(
    connection: &impl ConnectionTrait,
    reports: &[Looked],
) -> Result<HashMap<Uuid, Vec<UnusualFigure>>> {
    let sheets = Sheets::of(connection, reports).await?;
    let ids: Vec<Uuid> = reports.iter().map(|(report, _)| *report).collect();
    let past = store::own_past(connection, &ids).await?;
    let clusters = store::of_clusters(connection, &ids).await?;
    let by_report = |figures: Vec<store::OtherFigure>| {
        let mut others: HashMap<Uuid, Others> = HashMap::new();
        for figure in figures {
            let Some(code) = sheets.code(figure.indicator) else {
                continue;
            };
            let of_report = others.entry(figure.report).or_default();
            let of_figure = of_report.entry((code.to_owned(), figure.part)).or_default();
            of_figure.push(figure.value);
        }
        others
    };
    let (past, clusters) = (by_report(past), by_report(clusters));
    let nothing = Others::new();
    let looked = reports.iter().map(|&looked| {
        let [past, clusters] = [&past, &clusters].map(|others| others.get(&looked.0).unwrap_or(&nothing));
        let found = findings::unusual(&sheets.sheet(looked), past, clusters, &Bounds::default());
        (looked.0, found)
    });
    Ok(looked.collect())
}

/// Explanations as they can be kept: each of a rule once.
pub fn tidied(given: Vec<Explained>) -> Result<Vec<Explained>> {
    input::list_size("explanations", given.len(), RULES_MAX)?;
    let mut tidied: Vec<Explained> = Vec::with_capacity(given.len());
    for (index, one) in given.into_iter().enumerate() {
        let rule = one.rule.trim().to_owned();
        if tidied.iter().any(|other| other.rule == rule) {
            return Err(Error::invalid(
                "TWICE",
                format!("explanations.{index}.ruleCode"),
                format!("Quy tắc `{rule}` được giải trình hai lần."),
                format!("The rule `{rule}` is explained twice."),
            ));
        }
        let text = input::explanation(&format!("explanations.{index}.text"), &one.text)?;
        tidied.push(Explained { rule, text });
    }
    Ok(tidied)
}

/// What keeps a report from being sent by the rules of its form. Keeps what the unit says to those that it breaks; what it says to rules
/// that hold is not needed and not kept.
pub(super) async fn settle(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    report: &report_submission::Model,
    given: &[Explained],
) -> Result<Vec<Problem>> {
    let looked = (report.id, report.form_version_id);
    let found = broken_rules(tx, &[looked])
        .await?
        .remove(&report.id)
        .unwrap_or_default();
    let mut problems = unknown(tx, report, given).await?;
    let said = |code: &str| given.iter().find(|one| one.rule == code);
    for Finding { found, explanation } in &found {
        let code = &found.rule.code;
        let text = found.text();
        if found.blocks() {
            problems.push(Problem {
                code: "RULE_BROKEN",
                field: field(found),
                text,
            });
        } else if found.wants_explanation() && explanation.is_none() && said(code).is_none() {
            problems.push(Problem::new(
                "EXPLANATION_NEEDED",
                format!("explanations.{code}"),
                format!("{} Hãy giải trình hoặc sửa số liệu.", text.vi),
                format!("{} Explain it, or mend the figures.", text.en),
            ));
        }
    }
    if !problems.is_empty() {
        return Ok(problems);
    }
    let broken: Vec<&str> = found.iter().map(|one| one.found.rule.code.as_str()).collect();
    store::drop_explanations(tx, report.id, &broken).await?;
    let kept: Vec<&Explained> = found.iter().filter_map(|one| said(&one.found.rule.code)).collect();
    if kept.is_empty() {
        return Ok(problems);
    }
    let now = env.now();
    let rows = kept.iter().map(|one| report_explanation::Model {
        submission_id: report.id,
        rule_code: one.rule.clone(),
        text: one.text.clone(),
        account_id: actor.recorded_as(),
        acted_for: actor.acting_for(),
        at: now,
    });
    store::put_explanations(tx, rows.collect()).await?;
    let subject = (Kind::ReportSubmission, report.id);
    let detail = json!({ "explanations": kept });
    audit::record(tx, env, actor, Event("REPORT_EXPLAINED"), subject, detail).await?;
    Ok(problems)
}

/// The first figure of a broken rule, as the field of a problem.
fn field(found: &RuleFinding) -> String {
    use thidua_entity::enums::FigurePart::Total;
    match found.figures.first() {
        Some(figure) if figure.part == Total => format!("figures.{}", figure.indicator),
        Some(figure) => format!("figures.{}.{}", figure.indicator, figure.part.code()),
        None => "figures".to_owned(),
    }
}

/// What is said to rules that the form does not have.
async fn unknown(
    tx: &impl ConnectionTrait,
    report: &report_submission::Model,
    given: &[Explained],
) -> Result<Vec<Problem>> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let rules = forms::store::rules(tx, &[report.form_version_id]).await?;
    let is_known = |one: &Explained| rules.iter().any(|rule| rule.code == one.rule);
    let unknown = given.iter().enumerate().filter(|(_, one)| !is_known(one));
    let problem = |(index, one): (usize, &Explained)| {
        let code = &one.rule;
        Problem::new(
            "RULE_UNKNOWN",
            format!("explanations.{index}.ruleCode"),
            format!("Biểu này không có quy tắc `{code}`."),
            format!("This form has no rule `{code}`."),
        )
    };
    Ok(unknown.map(problem).collect())
}
