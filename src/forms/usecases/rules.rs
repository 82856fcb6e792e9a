//! Reading the rules of a form, apart from the threads that answer requests: a hundred formulas take some milliseconds.

use thidua_entity::{indicator, report_form_item};

use crate::error::{Error, Problem, Result};
use crate::forms::content::{self, FormContent};
use crate::forms::rules::{self, Checked, Names, Rule};

/// Refuses rules whose formulas cannot be carried out on the form, each with its place; gives them back as they are kept.
pub(super) async fn sound(content: &FormContent, indicators: &[indicator::Model]) -> Result<Vec<Rule>> {
    let asked = content.placed().filter_map(|placed| {
        let row = indicators.iter().find(|row| row.code == placed.item.indicator)?;
        Some((row.code.as_str(), row.number_form, placed.item.dimensions.clone()))
    });
    let read = read(content.rules.clone(), Names::of(asked)).await?;
    let checked = read.map_err(Error::Invalid)?;
    Ok(checked.into_iter().map(|checked| checked.rule).collect())
}

/// The figures that rules may name on a form with these items, out of these indicators.
pub fn names(items: &[report_form_item::Model], indicators: &[indicator::Model]) -> Names {
    Names::of(items.iter().filter_map(|item| {
        let row = indicators.iter().find(|row| row.id == item.indicator_id)?;
        let dimensions = content::dimensions(item.by_women, item.by_sector);
        Some((row.code.as_str(), row.number_form, dimensions))
    }))
}

/// Rules as they can be judged. They were checked when they were written, so a fault is ours.
pub async fn read_rules(rules: Vec<Rule>, names: Names) -> Result<Vec<Checked>> {
    read(rules, names).await?.map_err(|problems| {
        let told: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}: {}", problem.field, problem.text.en))
            .collect();
        Error::internal(format!("rules of a form cannot be read: {}", told.join("; ")))
    })
}

async fn read(rules: Vec<Rule>, names: Names) -> Result<Result<Vec<Checked>, Vec<Problem>>> {
    if rules.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let reading = tokio::task::spawn_blocking(move || rules::check(rules, &names));
    reading.await.map_err(Error::internal)
}
