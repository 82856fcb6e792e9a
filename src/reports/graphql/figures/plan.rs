//! What was asked of each figure of a list, read once, and the writing of a figure by it.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::{ContextSelectionSet, Name, Positioned, ServerError, ServerResult, Value};
use chrono::{DateTime, SecondsFormat, Utc};
use thidua_entity::{Fixed4, indicator, indicator_choice, report_value};

use super::FigureList;
use crate::forms::content;
use crate::ids::Kind;

/// Response keys in order, and what stands under each.
type Fields<T> = IndexMap<Name, T>;

/// What was asked of each figure.
#[derive(Default)]
pub(super) struct FigurePlan(Fields<FigureField>);

enum FigureField {
    TypeName,
    Indicator(Fields<IndicatorField>),
    Part,
    Value,
    Upper,
    Choice(Fields<ChoiceField>),
    Qualifier,
    Nature,
    Text,
    UpdatedAt,
}

enum IndicatorField {
    TypeName,
    Id,
    Code,
    Name,
    UnitOfMeasure,
    NumberForm,
    Aggregation,
    Lowest,
    Highest,
    HeadCount,
    Dimensions,
    Choices(Fields<ChoiceField>),
    Description,
    /// `numerator` or `denominator`: a rate is never on a form, so a figure's indicator has neither.
    PartOfRate,
}

enum ChoiceField {
    TypeName,
    Code,
    Label,
}

impl FigurePlan {
    /// Reads what is asked of each figure.
    pub(super) fn read(ctx: &ContextSelectionSet<'_>) -> ServerResult<Self> {
        let mut plan = Self::default();
        each_field(ctx, &ctx.item.node, &mut |field| plan.add(ctx, field))?;
        Ok(plan)
    }

    fn add(&mut self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<()> {
        let wanted = match field.node.name.node.as_str() {
            "__typename" => FigureField::TypeName,
            "part" => FigureField::Part,
            "value" => FigureField::Value,
            "upper" => FigureField::Upper,
            "qualifier" => FigureField::Qualifier,
            "nature" => FigureField::Nature,
            "text" => FigureField::Text,
            "updatedAt" => FigureField::UpdatedAt,
            "indicator" => FigureField::Indicator(Fields::new()),
            "choice" => FigureField::Choice(Fields::new()),
            other => return Err(unknown(field, other)),
        };
        // The same key may be asked for twice; what is asked of a thing is put together then.
        match self.0.entry(key(field)).or_insert(wanted) {
            FigureField::Indicator(fields) => {
                each_below(ctx, field, &mut |inner| IndicatorField::add(fields, ctx, inner))
            }
            FigureField::Choice(fields) => each_below(ctx, field, &mut |inner| ChoiceField::add(fields, inner)),
            _ => Ok(()),
        }
    }

    /// Writes what was asked of a figure.
    pub(super) fn write(&self, list: &FigureList, value: &report_value::Model, indicator: &indicator::Model) -> Value {
        written(&self.0, |field| match field {
            FigureField::TypeName => Value::String("ReportValue".to_owned()),
            FigureField::Part => Value::Enum(Name::new(value.part.code())),
            FigureField::Value => decimal(value.value),
            FigureField::Upper => decimal(value.upper),
            FigureField::Choice(fields) => list
                .chosen(value)
                .map_or(Value::Null, |choice| ChoiceField::write(fields, choice)),
            FigureField::Qualifier => Value::Enum(Name::new(value.qualifier.code())),
            FigureField::Nature => Value::Enum(Name::new(value.nature.code())),
            FigureField::Text => Value::String(value.raw.clone()),
            FigureField::UpdatedAt => Value::String(instant(value.updated_at)),
            FigureField::Indicator(fields) => IndicatorField::write(fields, list, indicator),
        })
    }
}

impl IndicatorField {
    fn add(fields: &mut Fields<Self>, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<()> {
        let wanted = match field.node.name.node.as_str() {
            "__typename" => Self::TypeName,
            "id" => Self::Id,
            "code" => Self::Code,
            "name" => Self::Name,
            "unitOfMeasure" => Self::UnitOfMeasure,
            "numberForm" => Self::NumberForm,
            "aggregation" => Self::Aggregation,
            "lowest" => Self::Lowest,
            "highest" => Self::Highest,
            "headCount" => Self::HeadCount,
            "dimensions" => Self::Dimensions,
            "choices" => Self::Choices(Fields::new()),
            "description" => Self::Description,
            "numerator" | "denominator" => Self::PartOfRate,
            other => return Err(unknown(field, other)),
        };
        match fields.entry(key(field)).or_insert(wanted) {
            Self::Choices(fields) => each_below(ctx, field, &mut |inner| ChoiceField::add(fields, inner)),
            _ => Ok(()),
        }
    }

    fn write(fields: &Fields<Self>, list: &FigureList, indicator: &indicator::Model) -> Value {
        written(fields, |field| match field {
            Self::TypeName => Value::String("Indicator".to_owned()),
            Self::Id => Value::String(Kind::Indicator.id(indicator.id)),
            Self::Code => Value::String(indicator.code.clone()),
            Self::Name => Value::String(indicator.name.clone()),
            Self::UnitOfMeasure => Value::String(indicator.unit_of_measure.clone()),
            Self::NumberForm => Value::Enum(Name::new(indicator.number_form.code())),
            Self::Aggregation => Value::Enum(Name::new(indicator.aggregation.code())),
            Self::Lowest => decimal(indicator.lowest),
            Self::Highest => decimal(indicator.highest),
            Self::HeadCount => {
                let counts = indicator.head_count;
                counts.map_or(Value::Null, |counts| Value::Enum(Name::new(counts.code())))
            }
            Self::Dimensions => Value::List(
                content::dimensions(indicator.by_women, indicator.by_sector)
                    .into_iter()
                    .map(|dimension| Value::Enum(Name::new(dimension.code())))
                    .collect(),
            ),
            Self::Choices(fields) => {
                let choices = list.choices_of(indicator.id).iter();
                Value::List(choices.map(|choice| ChoiceField::write(fields, choice)).collect())
            }
            Self::Description => indicator.description.clone().map_or(Value::Null, Value::String),
            Self::PartOfRate => Value::Null,
        })
    }
}

impl ChoiceField {
    fn add(fields: &mut Fields<Self>, field: &Positioned<Field>) -> ServerResult<()> {
        let wanted = match field.node.name.node.as_str() {
            "__typename" => Self::TypeName,
            "code" => Self::Code,
            "label" => Self::Label,
            other => return Err(unknown(field, other)),
        };
        fields.insert(key(field), wanted);
        Ok(())
    }

    fn write(fields: &Fields<Self>, choice: &indicator_choice::Model) -> Value {
        written(fields, |field| match field {
            Self::TypeName => Value::String("IndicatorChoice".to_owned()),
            Self::Code => Value::String(choice.code.clone()),
            Self::Label => Value::String(choice.label.clone()),
        })
    }
}

/// An object with what was asked for, each field written.
fn written<T>(fields: &Fields<T>, write: impl Fn(&T) -> Value) -> Value {
    Value::Object(fields.iter().map(|(key, field)| (key.clone(), write(field))).collect())
}

fn key(field: &Positioned<Field>) -> Name {
    field.node.response_key().node.clone()
}

fn decimal(value: Option<Fixed4>) -> Value {
    value.map_or(Value::Null, |value| Value::String(value.to_string()))
}

/// Visits what is asked of a field.
fn each_below(
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    visit: &mut dyn FnMut(&Positioned<Field>) -> ServerResult<()>,
) -> ServerResult<()> {
    each_field(ctx, &field.node.selection_set.node, visit)
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
