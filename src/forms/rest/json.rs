//! Periods and indicators as REST shows them.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use thidua_entity::enums::{Aggregation, Dimension, HeadCount, NumberForm, PeriodKind};
use thidua_entity::{Fixed4, indicator, indicator_choice, period};
use utoipa::ToSchema;

use crate::forms::content;
use crate::ids::Kind;

/// A dated span for which reports are given.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeriodJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit that set it, for the units below.
    owner_id: String,
    /// Short code, unique for the unit that set it.
    code: String,
    /// Name as written.
    name: String,
    /// What kind of span.
    kind: PeriodKind,
    /// First day.
    starts_on: NaiveDate,
    /// Last day, included.
    ends_on: NaiveDate,
    /// Last day on which a report is in time, where its form has no due day of its own.
    due_on: Option<NaiveDate>,
    /// Counts changes; the `ETag`.
    version: i32,
}

impl From<period::Model> for PeriodJson {
    fn from(row: period::Model) -> Self {
        Self {
            id: Kind::Period.id(row.id),
            owner_id: Kind::Unit.id(row.owner_id),
            code: row.code,
            name: row.name,
            kind: row.kind,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            due_on: row.due_on,
            version: row.version,
        }
    }
}

/// One figure that is reported.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// Stable code.
    code: String,
    /// Vietnamese name.
    name: String,
    /// Unit of measure.
    unit_of_measure: String,
    /// What its text may look like.
    number_form: NumberForm,
    /// Stock, flow, rate, or not added up.
    aggregation: Aggregation,
    /// For a rate: id of the indicator above the line.
    numerator_id: Option<String>,
    /// For a rate: id of the indicator below the line.
    denominator_id: Option<String>,
    /// The least that a figure may be, a decimal as a string.
    #[schema(value_type = Option<String>)]
    lowest: Option<Fixed4>,
    /// The most that a figure may be, a decimal as a string.
    #[schema(value_type = Option<String>)]
    highest: Option<Fixed4>,
    /// Which head count of a unit it is; null for anything else.
    head_count: Option<HeadCount>,
    /// By which dimensions a form may ask for it too.
    dimensions: Vec<Dimension>,
    /// For `CHOICE`: what can be chosen, in order.
    choices: Vec<ChoiceJson>,
    /// What is counted, and what is not.
    description: Option<String>,
}

/// A choice that an indicator offers.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChoiceJson {
    /// Stable code.
    code: String,
    /// Vietnamese name.
    label: String,
}

impl From<indicator::Model> for IndicatorJson {
    fn from(row: indicator::Model) -> Self {
        Self {
            id: Kind::Indicator.id(row.id),
            code: row.code,
            name: row.name,
            unit_of_measure: row.unit_of_measure,
            number_form: row.number_form,
            aggregation: row.aggregation,
            numerator_id: row.numerator_id.map(|id| Kind::Indicator.id(id)),
            denominator_id: row.denominator_id.map(|id| Kind::Indicator.id(id)),
            lowest: row.lowest,
            highest: row.highest,
            head_count: row.head_count,
            dimensions: content::dimensions(row.by_women, row.by_sector),
            choices: Vec::new(),
            description: row.description,
        }
    }
}

/// Puts what can be chosen into the indicators that ask for a choice.
pub fn with_choices(indicators: &mut [IndicatorJson], choices: Vec<indicator_choice::Model>) {
    let mut of: HashMap<String, Vec<ChoiceJson>> = HashMap::new();
    for row in choices {
        let choice = ChoiceJson {
            code: row.code,
            label: row.label,
        };
        of.entry(Kind::Indicator.id(row.indicator_id)).or_default().push(choice);
    }
    for indicator in indicators {
        indicator.choices = of.remove(&indicator.id).unwrap_or_default();
    }
}
