//! The form of a report and its figures, as a sheet is laid out of them.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{FigurePart, NumberForm, Qualifier};
use thidua_entity::{indicator, report_submission, report_value};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::forms;
use crate::forms::content::{self, FormContent};
use crate::sheets::{Item, Shown};

/// What is on the form of a report.
pub(super) struct Around {
    pub(super) number: i32,
    pub(super) content: FormContent,
    pub(super) indicators: HashMap<String, indicator::Model>,
    pub(super) choices: HashMap<Uuid, Vec<(String, String)>>,
}

impl Around {
    pub(super) async fn of(connection: &impl ConnectionTrait, report: &report_submission::Model) -> Result<Self> {
        let version = forms::store::versions_by_id(connection, &[report.form_version_id])
            .await?
            .pop();
        let version = version.ok_or(Error::NotFound)?;
        let (mut contents, indicators) = forms::store::contents(connection, &[&version]).await?;
        let choosing = indicators.iter().filter(|row| row.number_form == NumberForm::Choice);
        let choosing: Vec<Uuid> = choosing.map(|row| row.id).collect();
        let mut choices: HashMap<Uuid, Vec<(String, String)>> = HashMap::new();
        if !choosing.is_empty() {
            for row in forms::store::choices(connection, &choosing).await? {
                choices.entry(row.indicator_id).or_default().push((row.code, row.label));
            }
        }
        Ok(Self {
            number: version.number,
            content: contents.pop().ok_or(Error::NotFound)?,
            indicators: indicators.into_iter().map(|row| (row.code.clone(), row)).collect(),
            choices,
        })
    }

    /// An indicator with its figures, as it is laid out.
    pub(super) fn item(&self, item: &content::Item, values: &[report_value::Model]) -> Option<Item> {
        let indicator = self.indicators.get(&item.indicator)?;
        let choices = self.choices.get(&indicator.id).map_or(&[][..], Vec::as_slice);
        let bounds = forms::store::indicator_bounds(indicator).and(item.bounds);
        let asked = |part: &FigurePart| part.dimension().is_none_or(|one| item.dimensions.contains(&one));
        let figures = values.iter().filter(|value| value.indicator_id == indicator.id);
        Some(Item {
            code: indicator.code.clone(),
            name: indicator.name.clone(),
            measure: indicator.unit_of_measure.clone(),
            help: item.help.clone(),
            required: item.required,
            form: indicator.number_form,
            lowest: bounds.lowest,
            highest: bounds.highest,
            choices: choices.iter().map(|(_, label)| label.clone()).collect(),
            parts: FigurePart::ALL.iter().copied().filter(asked).collect(),
            figures: figures
                .map(|value| (value.part, shown(value, indicator, choices)))
                .collect(),
        })
    }
}

/// A figure as a sheet shows it: a number where it is nothing but one, else what was typed.
fn shown(value: &report_value::Model, indicator: &indicator::Model, choices: &[(String, String)]) -> Shown {
    let exact = value.value.filter(|_| value.qualifier == Qualifier::Exact);
    let chosen = value
        .choice
        .as_ref()
        .and_then(|code| choices.iter().find(|(known, _)| known == code));
    match (indicator.number_form, exact, chosen) {
        (NumberForm::YesNo, Some(answer), _) => Shown::Text(
            if answer == thidua_entity::Fixed4::ZERO {
                "Không"
            } else {
                "Có"
            }
            .to_owned(),
        ),
        (NumberForm::Choice, _, Some((_, label))) => Shown::Text(label.clone()),
        (NumberForm::Choice | NumberForm::Text, ..) | (_, None, _) => Shown::Text(value.raw.clone()),
        (_, Some(number), _) => Shown::Number(number),
    }
}
