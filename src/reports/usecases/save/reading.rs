//! What was typed into a report, read against its form.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, Set};
use thidua_entity::enums::{Nature, NumberForm};
use thidua_entity::{indicator, period, report_form_item, report_submission, report_value};
use uuid::Uuid;

use super::TypedFigure;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::forms::answer::{self, Answer, Choice};
use crate::forms::content;
use crate::numbers::Reading;
use crate::reports::merging::Place;
use crate::{forms, text};

/// A figure that was typed, as it will stand.
pub(in crate::reports::usecases) struct ReadFigure<'a> {
    /// Which figure.
    pub(in crate::reports::usecases) place: Place,
    /// As it was typed.
    pub(super) typed: &'a TypedFigure,
    /// The row to write; `None` to take the figure out.
    pub(in crate::reports::usecases) row: Option<report_value::ActiveModel>,
}

/// What a number is that nobody calls actual or an estimate: an estimate while a period still runs before the end of which the
/// report is due, for nobody can know it yet.
pub(in crate::reports::usecases) async fn usual_nature(
    tx: &impl ConnectionTrait,
    env: &Env,
    (form, period): (Uuid, &period::Model),
) -> Result<Nature> {
    let due_on = forms::store::due_on(tx, form, period).await?;
    let foreseen = due_on.is_some_and(|due| due < period.ends_on) && env.today() <= period.ends_on;
    Ok(if foreseen { Nature::Estimate } else { Nature::Actual })
}

/// A version of a form, as figures are read against it.
pub(in crate::reports::usecases) struct Form {
    items: HashMap<Uuid, report_form_item::Model>,
    indicators: HashMap<String, indicator::Model>,
    choices: HashMap<Uuid, Vec<Choice>>,
}

impl Form {
    pub(in crate::reports::usecases) async fn of(tx: &impl ConnectionTrait, form_version: Uuid) -> Result<Self> {
        let items = forms::store::items(tx, &[form_version]).await?;
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

    /// Reads typed figures, all of them or none.
    pub(in crate::reports::usecases) fn read<'a>(
        &self,
        env: &Env,
        report: &report_submission::Model,
        figures: &'a [TypedFigure],
        nature: Nature,
    ) -> Result<Vec<ReadFigure<'a>>> {
        let (mut read, mut problems) = (Vec::<ReadFigure<'a>>::new(), Vec::new());
        for (index, typed) in figures.iter().enumerate() {
            let path = format!("figures.{index}");
            let (indicator, item) = match self.place(&path, typed, &read) {
                Ok(place) => place,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            let place = (indicator.id, typed.part);
            let answer = if typed.text.trim().is_empty() {
                None
            } else {
                match self.answer(&path, typed, indicator, item) {
                    Ok(answer) => Some(answer),
                    Err(Error::Invalid(some)) => {
                        problems.extend(some);
                        continue;
                    }
                    Err(other) => return Err(other),
                }
            };
            let row = answer.map(|answer| report_value::ActiveModel {
                submission_id: Set(report.id),
                indicator_id: Set(indicator.id),
                part: Set(typed.part),
                nature: Set(typed.nature.unwrap_or(match answer {
                    Answer::Number(_) => nature,
                    Answer::Choice(_) | Answer::Text => Nature::Actual,
                })),
                raw: Set(text::tidy(&typed.text)),
                updated_at: Set(env.now()),
                ..columns(answer)
            });
            read.push(ReadFigure { place, typed, row });
        }
        Problem::none(problems)?;
        Ok(read)
    }

    /// The indicator and item for which a figure is typed: one that the form asks for, and that is not typed already.
    fn place(
        &self,
        path: &str,
        figure: &TypedFigure,
        read: &[ReadFigure<'_>],
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
        if read.iter().any(|one| one.place == (indicator.id, figure.part)) {
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
