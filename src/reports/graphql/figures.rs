//! Figures of a report in the schema. Fifty reports with forty figures each are a normal answer; a future for each of their
//! ten thousand fields would cost ten times what writing the JSON does. So [`FigureList`] reads what was asked of one figure
//! once and then writes all figures by it, without a future for any of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::{
    Context, ContextSelectionSet, Name, OutputType, Positioned, Scalar, ScalarType, ServerError, ServerResult,
    SimpleObject, Value,
};
use chrono::{DateTime, SecondsFormat, Utc};
use thidua_entity::enums::{Nature, Qualifier};
use thidua_entity::{Fixed4, indicator, report_value};
use uuid::Uuid;

use crate::forms::graphql::{Indicator, IndicatorId, ItemsOf};
use crate::graphql::{self, loaded, loaders};
use crate::ids::Kind;
use crate::reports::store;

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

/// One figure of a report.
#[derive(Clone, SimpleObject)]
pub struct ReportValue {
    /// The indicator.
    indicator: Indicator,
    /// The figure; the lower end of a range.
    value: Decimal,
    /// The upper end of a range; null for any other figure.
    upper: Option<Decimal>,
    /// What the text claims: exact, more than, nearly, about, or a range.
    qualifier: Qualifier,
    /// Actual or estimate.
    nature: Nature,
    /// The text as typed.
    text: String,
    /// When it was last written.
    updated_at: DateTime<Utc>,
}

/// The figures of a report, in the order of the form. In the schema a plain list of `ReportValue`.
pub struct FigureList {
    values: Arc<Vec<report_value::Model>>,
    order: Vec<IndicatorId>,
    indicators: HashMap<IndicatorId, indicator::Model>,
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
        let loaders = loaders(ctx)?;
        let values = loaded(loaders.load_one(ValuesOf(report)).await)?.unwrap_or_default();
        let items = loaded(loaders.load_one(ItemsOf(form_version)).await)?.unwrap_or_default();
        let order: Vec<IndicatorId> = items.iter().map(|item| IndicatorId(item.indicator_id)).collect();
        let indicators = loaded(loaders.load_many(order.iter().copied()).await)?;
        Ok(Self::new(values, order, indicators))
    }

    /// Figures of one report with the indicators of its form, in the order of the form.
    pub fn new(
        values: Arc<Vec<report_value::Model>>,
        order: Vec<IndicatorId>,
        indicators: HashMap<IndicatorId, indicator::Model>,
    ) -> Self {
        Self {
            values,
            order,
            indicators,
        }
    }

    /// Every figure, for a field that resolves each by itself.
    pub fn all(&self) -> Vec<ReportValue> {
        self.in_order()
            .map(|(value, indicator)| ReportValue::of(value, indicator))
            .collect()
    }

    fn in_order(&self) -> impl Iterator<Item = (&report_value::Model, &indicator::Model)> {
        let by_indicator: HashMap<Uuid, &report_value::Model> =
            self.values.iter().map(|value| (value.indicator_id, value)).collect();
        self.order
            .iter()
            .filter_map(move |id| Some((*by_indicator.get(&id.0)?, self.indicators.get(id)?)))
    }

    /// One figure by the code of its indicator.
    pub fn one(&self, code: &str) -> Option<ReportValue> {
        let found = self.in_order().find(|(_, indicator)| indicator.code == code);
        found.map(|(value, indicator)| ReportValue::of(value, indicator))
    }
}

impl ReportValue {
    fn of(value: &report_value::Model, indicator: &indicator::Model) -> Self {
        Self {
            indicator: Indicator(indicator.clone()),
            value: Decimal(value.value),
            upper: value.upper.map(Decimal),
            qualifier: value.qualifier,
            nature: value.nature,
            text: value.raw.clone(),
            updated_at: value.updated_at,
        }
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
                .map(|(value, indicator)| plan.write(value, indicator))
                .collect(),
        ))
    }
}

/// What was asked of each figure: response keys in order, and what stands under each.
#[derive(Default)]
struct FigurePlan(IndexMap<Name, FigureField>);

enum FigureField {
    TypeName,
    Indicator(IndexMap<Name, IndicatorField>),
    Value,
    Upper,
    Qualifier,
    Nature,
    Text,
    UpdatedAt,
}

#[derive(Clone, Copy)]
enum IndicatorField {
    TypeName,
    Id,
    Code,
    Name,
    UnitOfMeasure,
    NumberForm,
    Aggregation,
    Description,
    /// `numerator` or `denominator`: a rate is never on a form, so a figure's indicator has neither.
    PartOfRate,
}

impl FigurePlan {
    fn read(ctx: &ContextSelectionSet<'_>) -> ServerResult<Self> {
        let mut plan = Self::default();
        each_field(ctx, &ctx.item.node, &mut |field| plan.add(ctx, field))?;
        Ok(plan)
    }

    fn add(&mut self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<()> {
        let key = field.node.response_key().node.clone();
        let wanted = match field.node.name.node.as_str() {
            "__typename" => FigureField::TypeName,
            "value" => FigureField::Value,
            "upper" => FigureField::Upper,
            "qualifier" => FigureField::Qualifier,
            "nature" => FigureField::Nature,
            "text" => FigureField::Text,
            "updatedAt" => FigureField::UpdatedAt,
            "indicator" => {
                let FigureField::Indicator(fields) = self
                    .0
                    .entry(key)
                    .or_insert_with(|| FigureField::Indicator(IndexMap::new()))
                else {
                    return Ok(());
                };
                return each_field(ctx, &field.node.selection_set.node, &mut |inner| {
                    let wanted = IndicatorField::read(inner)?;
                    fields.insert(inner.node.response_key().node.clone(), wanted);
                    Ok(())
                });
            }
            other => return Err(unknown(field, other)),
        };
        self.0.insert(key, wanted);
        Ok(())
    }

    fn write(&self, value: &report_value::Model, indicator: &indicator::Model) -> Value {
        let fields = self.0.iter().map(|(key, field)| {
            let shown = match field {
                FigureField::TypeName => Value::String("ReportValue".to_owned()),
                FigureField::Value => Value::String(value.value.to_string()),
                FigureField::Upper => value
                    .upper
                    .map_or(Value::Null, |upper| Value::String(upper.to_string())),
                FigureField::Qualifier => Value::Enum(Name::new(value.qualifier.code())),
                FigureField::Nature => Value::Enum(Name::new(value.nature.code())),
                FigureField::Text => Value::String(value.raw.clone()),
                FigureField::UpdatedAt => Value::String(instant(value.updated_at)),
                FigureField::Indicator(fields) => Value::Object(
                    fields
                        .iter()
                        .map(|(key, field)| (key.clone(), field.write(indicator)))
                        .collect(),
                ),
            };
            (key.clone(), shown)
        });
        Value::Object(fields.collect())
    }
}

impl IndicatorField {
    fn read(field: &Positioned<Field>) -> ServerResult<Self> {
        Ok(match field.node.name.node.as_str() {
            "__typename" => Self::TypeName,
            "id" => Self::Id,
            "code" => Self::Code,
            "name" => Self::Name,
            "unitOfMeasure" => Self::UnitOfMeasure,
            "numberForm" => Self::NumberForm,
            "aggregation" => Self::Aggregation,
            "description" => Self::Description,
            "numerator" | "denominator" => Self::PartOfRate,
            other => return Err(unknown(field, other)),
        })
    }

    fn write(self, indicator: &indicator::Model) -> Value {
        match self {
            Self::TypeName => Value::String("Indicator".to_owned()),
            Self::Id => Value::String(Kind::Indicator.id(indicator.id)),
            Self::Code => Value::String(indicator.code.clone()),
            Self::Name => Value::String(indicator.name.clone()),
            Self::UnitOfMeasure => Value::String(indicator.unit_of_measure.clone()),
            Self::NumberForm => Value::Enum(Name::new(indicator.number_form.code())),
            Self::Aggregation => Value::Enum(Name::new(indicator.aggregation.code())),
            Self::Description => indicator.description.clone().map_or(Value::Null, Value::String),
            Self::PartOfRate => Value::Null,
        }
    }
}

/// An instant as the engine's own scalar writes it.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Visits the fields of a selection, those of fragments included. The engine has validated the document and taken out what is
/// skipped; its types have no interfaces, so every fragment applies.
fn each_field(
    ctx: &ContextSelectionSet<'_>,
    set: &SelectionSet,
    visit: &mut dyn FnMut(&Positioned<Field>) -> ServerResult<()>,
) -> ServerResult<()> {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => visit(field)?,
            Selection::InlineFragment(fragment) => each_field(ctx, &fragment.node.selection_set.node, visit)?,
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                    each_field(ctx, &fragment.node.selection_set.node, visit)?;
                }
            }
        }
    }
    Ok(())
}

/// A field that the schema has and this list does not write: a fault of ours, which a test finds.
fn unknown(field: &Positioned<Field>, name: &str) -> ServerError {
    ServerError::new(
        format!("`{name}` is not available inside a list of figures"),
        Some(field.pos),
    )
}
