//! A form and the figures of a report on it, as a sheet is laid out of them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use thidua_entity::enums::{FigurePart, NumberForm, Qualifier};
use thidua_entity::{indicator, period, report_form, report_value};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::forms;
use crate::forms::content::{self, FormContent};
use crate::sheets::suggest::Known;
use crate::sheets::{Head, Item, Section, Shown};

/// What is on a version of a form.
pub(super) struct Around {
    pub(super) number: i32,
    pub(super) content: FormContent,
    pub(super) indicators: HashMap<String, indicator::Model>,
    pub(super) choices: HashMap<Uuid, Vec<(String, String)>>,
    /// The names of the same choices, to guess which one was meant.
    pub(super) labels: HashMap<Uuid, Known>,
    /// The codes that the form asks for, to guess which one was meant.
    pub(super) codes: Known,
}

impl Around {
    pub(super) async fn of(connection: &impl ConnectionTrait, form_version: Uuid) -> Result<Self> {
        let version = forms::store::versions_by_id(connection, &[form_version]).await?.pop();
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
        let content = contents.pop().ok_or(Error::NotFound)?;
        Ok(Self {
            number: version.number,
            labels: choices
                .iter()
                .map(|(id, choices)| (*id, Known::of(choices.iter().map(|(_, label)| label.as_str()))))
                .collect(),
            codes: Known::of(content.placed().map(|placed| placed.item.indicator.as_str())),
            content,
            indicators: indicators.into_iter().map(|row| (row.code.clone(), row)).collect(),
            choices,
        })
    }

    /// What stands above the figures.
    pub(super) fn head(
        &self,
        (form, period): (&report_form::Model, &period::Model),
        own: Option<(&'static str, String)>,
        changed_at: DateTime<Utc>,
    ) -> Head {
        let day = |day: NaiveDate| day.format("%d/%m/%Y");
        let days = format!("{} – {}", day(period.starts_on), day(period.ends_on));
        let about = [
            ("Kỳ báo cáo", format!("{} ({days})", period.name)),
            ("Phiên bản biểu", self.number.to_string()),
            ("Căn cứ", self.content.legal_basis.clone().unwrap_or_default()),
        ];
        let told = own.into_iter().chain(about).filter(|(_, what)| !what.is_empty());
        Head {
            code: form.code.clone(),
            title: format!("{}. {}", form.code, form.name),
            about: told.map(|(word, what)| (word.to_owned(), what)).collect(),
            changed_at,
        }
    }

    /// The sections with the figures of a report, as they are laid out.
    pub(super) fn sections(&self, values: &[report_value::Model]) -> Vec<Section> {
        let section = |section: &content::Section| Section {
            title: section.title.clone(),
            items: section
                .items
                .iter()
                .filter_map(|item| self.item(item, values))
                .collect(),
        };
        self.content.sections.iter().map(section).collect()
    }

    /// The figures of a report, as they are shown: of which indicator, which part, and what.
    pub(super) fn shown(&self, values: &[report_value::Model]) -> Vec<((Uuid, FigurePart), Shown)> {
        let by_id: HashMap<Uuid, &indicator::Model> = self.indicators.values().map(|row| (row.id, row)).collect();
        let figures = values.iter().filter_map(|value| {
            let indicator = by_id.get(&value.indicator_id)?;
            let place = (value.indicator_id, value.part);
            Some((place, shown(value, indicator, self.choices_of(indicator))))
        });
        figures.collect()
    }

    /// Whether the form asks for a part of an indicator.
    pub(super) fn asks_by(&self, code: &str, part: FigurePart) -> bool {
        let mut placed = self.content.placed();
        let item = placed.find(|placed| placed.item.indicator == code);
        item.is_some_and(|placed| part.dimension().is_none_or(|one| placed.item.dimensions.contains(&one)))
    }

    fn choices_of(&self, indicator: &indicator::Model) -> &[(String, String)] {
        self.choices.get(&indicator.id).map_or(&[][..], Vec::as_slice)
    }

    /// An indicator with its figures, as it is laid out.
    fn item(&self, item: &content::Item, values: &[report_value::Model]) -> Option<Item> {
        let indicator = self.indicators.get(&item.indicator)?;
        let choices = self.choices_of(indicator);
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
