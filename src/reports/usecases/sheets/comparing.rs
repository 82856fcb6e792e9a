//! A sheet that came back beside the report that it is of.

use thidua_entity::enums::{Nature, Qualifier};
use thidua_entity::{indicator, report_submission, report_value};

use super::TakenFigure;
use super::around::Around;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::forms;
use crate::reports::usecases::TypedFigure;
use crate::reports::usecases::save::{Form, says_the_same};
use crate::sheets::suggest::{self, Asked, Guesses, SUGGESTED_MAX};
use crate::sheets::{COMPULSORY, Conflict, Filled, FilledCell, Place, Value};

/// A sheet beside a report that it is of.
#[derive(Clone, Copy)]
pub(super) struct Looking<'a> {
    pub(super) env: &'a Env,
    pub(super) form: &'a Form,
    pub(super) around: &'a Around,
    pub(super) values: &'a [report_value::Model],
    pub(super) report: &'a report_submission::Model,
}

/// What becomes of a cell.
pub(super) enum Read {
    Unchanged,
    Nothing,
    Taken(TakenFigure),
}

impl Looking<'_> {
    /// The figures that differ, how many do not, and what cannot be taken. Of a row with a conflict nothing is taken.
    pub(super) fn compare(&self, filled: Filled) -> Result<(Vec<TakenFigure>, usize, Vec<Conflict>)> {
        let (mut taken, mut unchanged, mut conflicts) = (Vec::new(), 0_usize, filled.conflicts);
        let mut guesses = Guesses::default();
        for row in &filled.rows {
            let Some(indicator) = self.around.asked_for(&row.code) else {
                conflicts.push(self.around.unknown(row.at, (&row.code, &row.name), &mut guesses));
                continue;
            };
            let (mut of_row, before) = (Vec::new(), conflicts.len());
            for cell in &row.cells {
                match self.read(indicator, cell, &mut guesses)? {
                    Ok(Read::Taken(figure)) => of_row.push(figure),
                    Ok(Read::Unchanged) => unchanged = unchanged.saturating_add(1),
                    Ok(Read::Nothing) => {}
                    Err(conflict) => conflicts.push(*conflict),
                }
            }
            if conflicts.len() == before {
                taken.append(&mut of_row);
            }
        }
        conflicts.sort_by_key(|conflict| conflict.at);
        Ok((taken, unchanged, conflicts))
    }

    /// What stands in a cell, read as if it had been typed.
    pub(super) fn read(
        &self,
        indicator: &indicator::Model,
        cell: &FilledCell,
        guesses: &mut Guesses,
    ) -> Result<Result<Read, Box<Conflict>>> {
        let mut values = self.values.iter();
        let before = values.find(|value| value.indicator_id == indicator.id && value.part == cell.part);
        let taken = |text: String| TakenFigure {
            at: cell.at,
            indicator: indicator.code.clone(),
            part: cell.part,
            text,
            before: before.map(|before| before.raw.clone()),
        };
        let Some(value) = &cell.value else {
            return Ok(Ok(before.map_or(Read::Nothing, |_| Read::Taken(taken(String::new())))));
        };
        if before.is_some_and(|before| is_that_number(value, before)) {
            return Ok(Ok(Read::Unchanged));
        }
        let conflict = |code, text, suggestions| {
            Box::new(Conflict {
                at: cell.at,
                found: value.shown(),
                code,
                text,
                suggestions,
                indicator: Some(indicator.code.clone()),
                part: Some(cell.part),
            })
        };
        let text = match suggest::typed(value, indicator.number_form) {
            Ok(text) => text,
            Err(unclear) => return Ok(Err(conflict(unclear.code, unclear.text, unclear.suggestions))),
        };
        let figure = taken(text);
        let typed = TypedFigure {
            indicator: figure.indicator.clone(),
            part: figure.part,
            text: figure.text.clone(),
            // A sheet says nothing of it.
            nature: before.map(|before| before.nature),
        };
        match self
            .form
            .read(self.env, self.report, std::slice::from_ref(&typed), Nature::Actual)
        {
            Ok(read) => Ok(Ok(
                match (read.first().and_then(|figure| figure.row.as_ref()), before) {
                    (Some(row), Some(before)) if says_the_same(before, row) => Read::Unchanged,
                    _ => Read::Taken(figure),
                },
            )),
            Err(Error::Invalid(problems)) => match problems.into_iter().next() {
                Some(Problem { code, text, .. }) => {
                    let suggestions = suggest::instead(guesses, &figure.text, self.asked(indicator));
                    Ok(Err(conflict(code, text, suggestions)))
                }
                None => Ok(Ok(Read::Nothing)),
            },
            Err(other) => Err(other),
        }
    }

    fn asked<'a>(&'a self, indicator: &'a indicator::Model) -> Asked<'a> {
        let item = self
            .around
            .content
            .placed()
            .find(|placed| placed.item.indicator == indicator.code);
        let bounds = forms::store::indicator_bounds(indicator);
        let bounds = item.map_or(bounds, |placed| bounds.and(placed.item.bounds));
        Asked {
            form: indicator.number_form,
            choices: self.around.labels.get(&indicator.id),
            lowest: bounds.lowest,
            highest: bounds.highest,
        }
    }
}

impl Around {
    /// The indicator of a code, when the form asks for it.
    pub(super) fn asked_for(&self, code: &str) -> Option<&indicator::Model> {
        let mut codes = self.content.placed().map(|placed| placed.item.indicator.as_str());
        codes
            .find(|known| *known == code)
            .and_then(|code| self.indicators.get(code))
    }

    /// A row or a column whose code is none of the form's, with the name that stands beside the code.
    pub(super) fn unknown(&self, at: Place, (code, name): (&str, &str), guesses: &mut Guesses) -> Conflict {
        let name = name.trim_end_matches(COMPULSORY);
        let named = self.indicators.values().filter(|indicator| indicator.name == name);
        let mut suggestions: Vec<String> = named
            .map(|indicator| indicator.code.clone())
            .take(SUGGESTED_MAX)
            .collect();
        suggestions.extend(guesses.nearest(code, &self.codes));
        suggestions.dedup();
        Conflict {
            at,
            found: code.to_owned(),
            code: "INDICATOR_NOT_ON_FORM",
            text: Text::new(
                format!("Biểu này không có chỉ tiêu `{code}`."),
                format!("This form has no indicator `{code}`."),
            ),
            suggestions,
            indicator: None,
            part: None,
        }
    }
}

/// Whether a cell holds the very number of a figure; how a program writes it then does not matter.
fn is_that_number(value: &Value, before: &report_value::Model) -> bool {
    match value {
        Value::Number(number) if before.qualifier == Qualifier::Exact => {
            before.value.is_some_and(|value| value.to_string() == *number)
        }
        _ => false,
    }
}
