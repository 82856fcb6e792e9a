//! Writing figures of a report: what was typed is read against the form, all of it or nothing.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{FigurePart, Nature, NumberForm, ReportAction};
use thidua_entity::{indicator, report_form_item, report_submission, report_value};
use uuid::Uuid;

use super::taking::{event, found};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::forms::answer::{self, Answer, Choice};
use crate::forms::content::{self, ITEMS_MAX};
use crate::ids::Kind;
use crate::numbers::Reading;
use crate::reports::store;
use crate::{audit, db, forms, input, text};

/// Most figures in one writing: every part of every indicator.
const FIGURES_MAX: usize = ITEMS_MAX * FigurePart::ALL.len();

/// A figure as it was typed. An empty text takes the figure out: missing is not zero.
pub struct TypedFigure {
    /// Code of the indicator.
    pub indicator: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The text as typed.
    pub text: String,
    /// Actual or estimate; `None` when that is left to the due day.
    pub nature: Option<Nature>,
}

/// Writes figures of a report that is with its unit. All of them or none: a figure that cannot be read is told with its
/// field, and nothing is stored. Figures that are not named stay as they are.
pub async fn save(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    figures: &[TypedFigure],
    note: Option<Option<&str>>,
) -> Result<report_submission::Model> {
    input::list_size("figures", figures.len(), FIGURES_MAX)?;
    let note = note.map(|note| input::paragraph_or_none("note", note)).transpose()?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, report) = found(&tx, env, actor, (id, &version.into()), ReportAction::Save).await?;
    let form = Form::of(&tx, &report).await?;
    let nature = usual_nature(&tx, env, &report).await?;
    let (touched, rows) = form.read(env, &report, figures, nature)?;
    let mut change = report_submission::ActiveModel {
        updated_at: Set(env.now()),
        ..Default::default()
    };
    if let Some(note) = note {
        change.note = Set(note);
    }
    // The report's row first: whoever is too late waits there and learns it before a figure is touched.
    let saved = store::update(&tx, &report, version, change).await?;
    store::put_values(&tx, report.id, rows, &touched).await?;
    store::add_writers(&tx, report.id, actor.authors()).await?;
    let typed: Vec<_> = figures.iter().map(traced).collect();
    let detail = json!({ "figures": typed });
    let subject = (Kind::ReportSubmission, id);
    audit::record(&tx, env, actor, event(ReportAction::Save), subject, detail).await?;
    tx.commit().await?;
    Ok(saved)
}

/// A figure in the audit: the code, with the part behind it, and the text.
fn traced(figure: &TypedFigure) -> serde_json::Value {
    let what = match figure.part {
        FigurePart::Total => figure.indicator.clone(),
        part => format!("{}:{}", figure.indicator, part.code()),
    };
    json!({ what: figure.text })
}

/// What a number is that nobody calls actual or an estimate: an estimate while a period still runs before the end of which the
/// report is due, for nobody can know it yet.
async fn usual_nature(tx: &impl ConnectionTrait, env: &Env, report: &report_submission::Model) -> Result<Nature> {
    let periods = forms::store::periods(tx, &[report.period_id]).await?;
    let period = periods.into_iter().next().ok_or(Error::NotFound)?;
    let due_on = forms::store::due_on(tx, report.form_id, &period).await?;
    let foreseen = due_on.is_some_and(|due| due < period.ends_on) && env.today() <= period.ends_on;
    Ok(if foreseen { Nature::Estimate } else { Nature::Actual })
}

/// The form of a report, as figures are read against it.
pub(super) struct Form {
    items: HashMap<Uuid, report_form_item::Model>,
    indicators: HashMap<String, indicator::Model>,
    choices: HashMap<Uuid, Vec<Choice>>,
}

impl Form {
    pub(super) async fn of(tx: &impl ConnectionTrait, report: &report_submission::Model) -> Result<Self> {
        let items = forms::store::items(tx, &[report.form_version_id]).await?;
        let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
        let indicators = forms::store::indicators(tx, &ids).await?;
        let choosing = indicators.iter().filter(|row| row.number_form == NumberForm::Choice);
        let choosing: Vec<Uuid> = choosing.map(|row| row.id).collect();
        let mut choices: HashMap<Uuid, Vec<Choice>> = HashMap::new();
        if !choosing.is_empty() {
            for row in forms::store::choices(tx, &choosing).await? {
                let (code, label) = (row.code, row.label);
                choices
                    .entry(row.indicator_id)
                    .or_default()
                    .push(Choice { code, label });
            }
        }
        Ok(Self {
            items: items.into_iter().map(|item| (item.indicator_id, item)).collect(),
            indicators: indicators.into_iter().map(|row| (row.code.clone(), row)).collect(),
            choices,
        })
    }

    /// Reads typed figures: what they touch, and the rows to write.
    pub(super) fn read(
        &self,
        env: &Env,
        report: &report_submission::Model,
        figures: &[TypedFigure],
        nature: Nature,
    ) -> Result<(Vec<(Uuid, FigurePart)>, Vec<report_value::ActiveModel>)> {
        let (mut touched, mut rows, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for (index, figure) in figures.iter().enumerate() {
            let path = format!("figures.{index}");
            let (indicator, item) = match self.place(&path, figure, &touched) {
                Ok(place) => place,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            touched.push((indicator.id, figure.part));
            if figure.text.trim().is_empty() {
                continue;
            }
            match self.answer(&path, figure, indicator, item) {
                Ok(answer) => rows.push(report_value::ActiveModel {
                    submission_id: Set(report.id),
                    indicator_id: Set(indicator.id),
                    part: Set(figure.part),
                    nature: Set(figure.nature.unwrap_or(match answer {
                        Answer::Number(_) => nature,
                        Answer::Choice(_) | Answer::Text => Nature::Actual,
                    })),
                    raw: Set(text::tidy(&figure.text)),
                    updated_at: Set(env.now()),
                    ..columns(answer)
                }),
                Err(Error::Invalid(some)) => problems.extend(some),
                Err(other) => return Err(other),
            }
        }
        if problems.is_empty() {
            Ok((touched, rows))
        } else {
            Err(Error::Invalid(problems))
        }
    }

    /// The indicator and item for which a figure is typed: one that the form asks for, and that is not typed already.
    fn place(
        &self,
        path: &str,
        figure: &TypedFigure,
        touched: &[(Uuid, FigurePart)],
    ) -> Result<(&indicator::Model, &report_form_item::Model), Problem> {
        let code = &figure.indicator;
        let indicator = self.indicators.get(code);
        let item = indicator.and_then(|indicator| self.items.get(&indicator.id));
        let (Some(indicator), Some(item)) = (indicator, item) else {
            return Err(Problem::new(
                "INDICATOR_NOT_ON_FORM",
                format!("{path}.indicatorCode"),
                format!("Biểu này không có chỉ tiêu `{code}`."),
                format!("This form has no indicator `{code}`."),
            ));
        };
        let asked = content::dimensions(item.by_women, item.by_sector);
        if figure.part.dimension().is_some_and(|one| !asked.contains(&one)) {
            return Err(Problem::new(
                "PART_NOT_ASKED",
                format!("{path}.part"),
                format!("Biểu này không phân tổ chỉ tiêu `{code}` như vậy."),
                format!("This form does not break the indicator `{code}` down like that."),
            ));
        }
        if touched.contains(&(indicator.id, figure.part)) {
            return Err(Problem::new(
                "TWICE",
                format!("{path}.indicatorCode"),
                format!("Chỉ tiêu `{code}` được gửi hai lần."),
                format!("The indicator `{code}` is sent twice."),
            ));
        }
        Ok((indicator, item))
    }

    /// What was typed, within the bounds of the indicator and of the form.
    fn answer(
        &self,
        path: &str,
        figure: &TypedFigure,
        indicator: &indicator::Model,
        item: &report_form_item::Model,
    ) -> Result<Answer> {
        let field = format!("{path}.text");
        let choices = self.choices.get(&indicator.id).map_or(&[][..], Vec::as_slice);
        let answer = answer::read(&field, &figure.text, indicator.number_form, choices)?;
        let bounds = forms::store::indicator_bounds(indicator).and(forms::store::item_bounds(item));
        match answer {
            Answer::Number(reading) if bounds.surely_exclude(&reading) => {
                let (typed, bounds) = (text::tidy(&figure.text), bounds.text());
                Err(Error::invalid(
                    "OUT_OF_BOUNDS",
                    field,
                    format!("«{}»: {typed} nằm ngoài giới hạn ({}).", indicator.name, bounds.vi),
                    format!("“{}”: {typed} is out of bounds ({}).", indicator.name, bounds.en),
                ))
            }
            answer => Ok(answer),
        }
    }
}

/// The columns in which an answer is kept: a number with what it claims, a choice by its code, a text only as it was typed.
fn columns(answer: Answer) -> report_value::ActiveModel {
    let (reading, choice) = match answer {
        Answer::Number(reading) => (Some(reading), None),
        Answer::Choice(code) => (None, Some(code)),
        Answer::Text => (None, None),
    };
    let Reading { qualifier, upper, .. } = reading.unwrap_or(Reading::exact(Default::default()));
    report_value::ActiveModel {
        value: Set(reading.map(|reading| reading.value)),
        upper: Set(upper),
        qualifier: Set(qualifier),
        choice: Set(choice),
        ..Default::default()
    }
}
