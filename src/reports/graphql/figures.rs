//! Figures of a report in the schema. Fifty reports with forty figures each are a normal answer; a future for each of their
//! ten thousand fields would cost ten times what writing the JSON does. So [`FigureList`] reads what was asked of one figure
//! once (see `plan`) and then writes all figures by it, without a future for any of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, Scalar, ScalarType, ServerResult, SimpleObject, Value,
};
use chrono::{DateTime, Utc};
use thidua_entity::enums::{FigurePart, Nature, NumberForm, Qualifier};
use thidua_entity::{Fixed4, indicator, indicator_choice, report_value};
use uuid::Uuid;

use crate::forms::graphql::{ChoicesOf, Indicator, IndicatorChoice, IndicatorId, ItemsOf};
use crate::graphql::{self, loaded, loaders};
use crate::reports::store;

mod plan;

use plan::FigurePlan;

/// An exact decimal with at most 14 digits before the point and four after, as a string: `"1671"`, `"93.35"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal(pub Fixed4);

/// An exact decimal with at most 14 digits before the point and four after, as a string: `"1671"`, `"93.35"`.
#[Scalar(specified_by_url = "https://spec.graphql.org/draft/#sec-Scalars.Custom-Scalars")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> async_graphql::InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(Fixed4::parse(text)?)),
            _ => Err(async_graphql::InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// One figure of a report: the total of an indicator, or a part of it.
#[derive(Clone, SimpleObject)]
pub struct ReportValue {
    /// The indicator.
    indicator: Indicator,
    /// The total, or which part of it.
    part: FigurePart,
    /// The figure; the lower end of a range; 1 for yes and 0 for no. Null for a choice and a text.
    value: Option<Decimal>,
    /// The upper end of a range; null for any other figure.
    upper: Option<Decimal>,
    /// What was chosen; null for what is no choice.
    choice: Option<IndicatorChoice>,
    /// What the text claims: exact, more than, nearly, about, or a range.
    qualifier: Qualifier,
    /// Actual or estimate.
    nature: Nature,
    /// The text as typed.
    text: String,
    /// When it was last written.
    updated_at: DateTime<Utc>,
}

/// What can be chosen, by indicator.
pub type Choices = HashMap<ChoicesOf, Arc<Vec<indicator_choice::Model>>>;

/// The figures of a report, in the order of the form. In the schema a plain list of `ReportValue`.
pub struct FigureList {
    values: Arc<Vec<report_value::Model>>,
    order: Vec<IndicatorId>,
    indicators: HashMap<IndicatorId, indicator::Model>,
    choices: Choices,
}

graphql::parts_loader!(
    ValuesOf,
    report_value::Model,
    store::values,
    submission_id,
    "Figures of a report."
);

impl FigureList {
    /// The figures of a report on a version of a form. Loaded together with those of the other reports of the answer.
    pub async fn of(ctx: &Context<'_>, report: Uuid, form_version: Uuid) -> async_graphql::Result<Self> {
        let values = loaded(loaders(ctx)?.load_one(ValuesOf(report)).await)?.unwrap_or_default();
        Self::on(ctx, values, form_version).await
    }

    /// These figures on a version of a form.
    pub async fn on(
        ctx: &Context<'_>,
        values: Arc<Vec<report_value::Model>>,
        form_version: Uuid,
    ) -> async_graphql::Result<Self> {
        let loaders = loaders(ctx)?;
        let items = loaded(loaders.load_one(ItemsOf(form_version)).await)?.unwrap_or_default();
        let order: Vec<IndicatorId> = items.iter().map(|item| IndicatorId(item.indicator_id)).collect();
        let indicators = loaded(loaders.load_many(order.iter().copied()).await)?;
        let choosing = indicators.values().filter(|row| row.number_form == NumberForm::Choice);
        // Most forms ask for no choice: then nothing is loaded.
        let choices = loaded(loaders.load_many(choosing.map(|row| ChoicesOf(row.id))).await)?;
        Ok(Self::new(values, order, indicators, choices))
    }

    /// Figures of one report with the indicators of its form, in the order of the form, and what can be chosen for them.
    pub fn new(
        values: Arc<Vec<report_value::Model>>,
        order: Vec<IndicatorId>,
        indicators: HashMap<IndicatorId, indicator::Model>,
        choices: Choices,
    ) -> Self {
        Self {
            values,
            order,
            indicators,
            choices,
        }
    }

    /// Every figure, for a field that resolves each by itself.
    pub fn all(&self) -> Vec<ReportValue> {
        self.in_order()
            .into_iter()
            .map(|(value, indicator)| self.figure(value, indicator))
            .collect()
    }

    /// The figures by the order of their indicators on the form; of each indicator the total first.
    fn in_order(&self) -> Vec<(&report_value::Model, &indicator::Model)> {
        let places: HashMap<IndicatorId, usize> = self.order.iter().copied().zip(0..).collect();
        let placed = self.values.iter().filter_map(|value| {
            let id = IndicatorId(value.indicator_id);
            Some((*places.get(&id)?, value, self.indicators.get(&id)?))
        });
        let mut placed: Vec<_> = placed.collect();
        placed.sort_unstable_by_key(|(place, value, _)| (*place, value.part));
        placed
            .into_iter()
            .map(|(_, value, indicator)| (value, indicator))
            .collect()
    }

    /// One figure by the code of its indicator.
    pub fn one(&self, code: &str, part: FigurePart) -> Option<ReportValue> {
        let (_, indicator) = self.indicators.iter().find(|(_, indicator)| indicator.code == code)?;
        let is_it = |value: &&report_value::Model| value.indicator_id == indicator.id && value.part == part;
        let value = self.values.iter().find(is_it)?;
        Some(self.figure(value, indicator))
    }

    fn figure(&self, value: &report_value::Model, indicator: &indicator::Model) -> ReportValue {
        ReportValue {
            indicator: Indicator(indicator.clone()),
            part: value.part,
            value: value.value.map(Decimal),
            upper: value.upper.map(Decimal),
            choice: self.chosen(value).map(IndicatorChoice::from),
            qualifier: value.qualifier,
            nature: value.nature,
            text: value.raw.clone(),
            updated_at: value.updated_at,
        }
    }

    /// What was chosen, if the figure is a choice.
    fn chosen(&self, value: &report_value::Model) -> Option<&indicator_choice::Model> {
        let code = value.choice.as_ref()?;
        self.choices_of(value.indicator_id)
            .iter()
            .find(|choice| choice.code == *code)
    }

    /// What can be chosen for an indicator.
    fn choices_of(&self, indicator: Uuid) -> &[indicator_choice::Model] {
        self.choices
            .get(&ChoicesOf(indicator))
            .map_or(&[], |choices| choices.as_slice())
    }
}

impl OutputType for FigureList {
    fn type_name() -> Cow<'static, str> {
        <Vec<ReportValue> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<ReportValue> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<ReportValue> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let plan = FigurePlan::read(ctx)?;
        Ok(Value::List(
            self.in_order()
                .into_iter()
                .map(|(value, indicator)| plan.write(self, value, indicator))
                .collect(),
        ))
    }
}
