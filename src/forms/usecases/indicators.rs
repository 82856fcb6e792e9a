//! Adding to the common catalogue of indicators.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{Aggregation, Dimension, HeadCount, NumberForm};
use thidua_entity::{indicator, indicator_choice};
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::forms::answer::{self, Choice};
use crate::forms::bounds::Bounds;
use crate::forms::{content, store};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::{db, input};

/// Most choices of an indicator.
const CHOICES_MAX: usize = 50;

/// An indicator to be added to the catalogue.
pub struct NewIndicator {
    /// Stable code, unique.
    pub code: String,
    /// Vietnamese name.
    pub name: String,
    /// Unit of measure.
    pub unit_of_measure: String,
    /// What its text may look like.
    pub number_form: NumberForm,
    /// How it adds up.
    pub aggregation: Aggregation,
    /// For a rate: code of the indicator above the line.
    pub numerator: Option<String>,
    /// For a rate: code of the indicator below the line.
    pub denominator: Option<String>,
    /// The least and the most that a figure may be.
    pub bounds: Bounds,
    /// By which dimensions it may be broken down.
    pub dimensions: Vec<Dimension>,
    /// For a choice: what can be chosen, in order.
    pub choices: Vec<Choice>,
    /// Which head count of a unit it is, if it is one.
    pub head_count: Option<HeadCount>,
    /// What is counted, and what is not.
    pub description: Option<String>,
}

/// Adds an indicator to the common catalogue. A rate names the two indicators it is computed from, a choice what can be chosen.
pub async fn create_indicator(env: &Env, actor: &Actor, new: NewIndicator) -> Result<indicator::Model> {
    let actor = &policy::authorize(actor, Action::IndicatorManage, &Place::COMMON)?;
    let code = input::code("code", &new.code)?;
    let name = input::line("name", &new.name)?;
    let unit_of_measure = input::line("unitOfMeasure", &new.unit_of_measure)?;
    let description = input::paragraph_or_none("description", new.description.as_deref())?;
    adds_up(&new)?;
    broken_down(&new)?;
    counts_heads(new.number_form, new.aggregation, new.head_count)?;
    let choices = choices(&new)?;
    let is_typed_number = content::is_number(new.number_form) && new.aggregation != Aggregation::Rate;
    if let Some(problem) = content::bounds_problem("", is_typed_number, new.bounds) {
        return Err(Error::Invalid(vec![problem]));
    }
    let tx = db::begin_write(&env.db).await?;
    let (numerator, denominator) = quotient(&tx, &new).await?;
    let scale = if new.number_form == NumberForm::Percentage && numerator.is_some() {
        100
    } else {
        1
    };
    let indicator = indicator::ActiveModel {
        id: Set(env.new_id()),
        code: Set(code.clone()),
        name: Set(name),
        unit_of_measure: Set(unit_of_measure),
        number_form: Set(new.number_form),
        aggregation: Set(new.aggregation),
        numerator_id: Set(numerator),
        denominator_id: Set(denominator),
        scale: Set(scale),
        lowest: Set(new.bounds.lowest),
        highest: Set(new.bounds.highest),
        by_women: Set(new.dimensions.contains(&Dimension::Women)),
        by_sector: Set(new.dimensions.contains(&Dimension::Sector)),
        head_count: Set(new.head_count),
        description: Set(description),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    let rows = (1..)
        .zip(choices)
        .map(|(position, choice)| indicator_choice::ActiveModel {
            indicator_id: Set(indicator.id),
            code: Set(choice.code),
            position: Set(position),
            label: Set(choice.label),
        });
    store::add_choices(&tx, rows.collect()).await?;
    let detail = json!({ "code": code, "aggregation": new.aggregation });
    let subject = (Kind::Indicator, indicator.id);
    audit::record(&tx, env, actor, Event("INDICATOR_CREATED"), subject, detail).await?;
    tx.commit().await?;
    Ok(indicator)
}

/// Says which head count of a unit an indicator is, or that it is none. What reports have said stays.
pub async fn set_head_count(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    counts: Option<HeadCount>,
) -> Result<indicator::Model> {
    let actor = &policy::authorize(actor, Action::IndicatorManage, &Place::COMMON)?;
    let tx = db::begin_write(&env.db).await?;
    let indicator = store::indicators(&tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    counts_heads(indicator.number_form, indicator.aggregation, counts)?;
    store::set_head_count(&tx, &indicator, version, counts).await?;
    let detail = json!({ "code": indicator.code, "before": indicator.head_count, "after": counts });
    let subject = (Kind::Indicator, id);
    audit::record(&tx, env, actor, Event("INDICATOR_HEAD_COUNT_SET"), subject, detail).await?;
    let changed = store::indicators(&tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(changed)
}

/// Choices and texts are not added up, and of answers with yes those are counted that say it.
fn adds_up(new: &NewIndicator) -> Result<()> {
    let possible = match new.number_form {
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage => true,
        NumberForm::YesNo => matches!(new.aggregation, Aggregation::Stock | Aggregation::Flow),
        NumberForm::Choice | NumberForm::Text => new.aggregation == Aggregation::None,
    };
    if possible {
        return Ok(());
    }
    Err(Error::invalid(
        "AGGREGATION_NOT_POSSIBLE",
        "aggregation",
        "Lựa chọn và văn bản dùng NONE (không cộng); có/không dùng STOCK hoặc FLOW.",
        "Choices and texts take NONE (not added up); yes or no takes STOCK or FLOW.",
    ))
}

/// People are counted in whole numbers and on a day.
fn counts_heads(form: NumberForm, aggregation: Aggregation, counts: Option<HeadCount>) -> Result<()> {
    let can_be = form == NumberForm::Integer && aggregation == Aggregation::Stock;
    if can_be || counts.is_none() {
        return Ok(());
    }
    Err(Error::invalid(
        "HEAD_COUNT_NOT_POSSIBLE",
        "headCount",
        "Số người của đơn vị phải là số nguyên (INTEGER) tại một thời điểm (STOCK).",
        "A head count of a unit takes INTEGER and STOCK.",
    ))
}

/// Only what is counted or measured and added up has parts.
fn broken_down(new: &NewIndicator) -> Result<()> {
    let has_parts = matches!(
        new.number_form,
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money
    ) && matches!(new.aggregation, Aggregation::Stock | Aggregation::Flow);
    if has_parts || new.dimensions.is_empty() {
        return Ok(());
    }
    Err(Error::invalid(
        "DIMENSION_NOT_POSSIBLE",
        "dimensions",
        "Chỉ số liệu cộng được (số nguyên, số thập phân, tiền) mới phân tổ được.",
        "Only figures that add up (integers, decimals, money) can be broken down.",
    ))
}

/// What can be chosen: at least two choices that can be told apart, and none for anything that is no choice.
fn choices(new: &NewIndicator) -> Result<Vec<Choice>> {
    input::list_size("choices", new.choices.len(), CHOICES_MAX)?;
    let mut choices = Vec::with_capacity(new.choices.len());
    for (index, choice) in new.choices.iter().enumerate() {
        choices.push(Choice {
            code: input::code(&format!("choices.{index}.code"), &choice.code)?,
            label: input::short_text(&format!("choices.{index}.label"), &choice.label)?,
        });
    }
    let as_many_as_needed = match new.number_form {
        NumberForm::Choice => choices.len() >= 2,
        _ => choices.is_empty(),
    };
    if !as_many_as_needed {
        return Err(Error::invalid(
            "CHOICES_NEEDED",
            "choices",
            "Chỉ tiêu dạng lựa chọn cần ít nhất hai phương án; chỉ tiêu khác không có phương án.",
            "A choice needs at least two choices; any other indicator has none.",
        ));
    }
    if !answer::are_distinct(&choices) {
        return Err(Error::invalid(
            "CHOICES_ALIKE",
            "choices",
            "Tên và mã của các phương án phải khác nhau, không phân biệt chữ hoa và chữ thường.",
            "The names and codes of the choices must differ from each other, whatever their case.",
        ));
    }
    Ok(choices)
}

/// The two indicators that a rate is computed from.
async fn quotient(tx: &impl ConnectionTrait, new: &NewIndicator) -> Result<(Option<Uuid>, Option<Uuid>)> {
    match (new.aggregation, &new.numerator, &new.denominator) {
        (Aggregation::Rate, Some(above), Some(below)) => Ok((
            Some(part(tx, "numerator", above).await?),
            Some(part(tx, "denominator", below).await?),
        )),
        (Aggregation::Stock | Aggregation::Flow | Aggregation::None, None, None) => Ok((None, None)),
        _ => Err(Error::invalid(
            "RATE_PARTS",
            "numerator",
            "Tỷ lệ phải có đủ tử số và mẫu số; chỉ tiêu khác thì không có.",
            "A rate has both a numerator and a denominator; other indicators have neither.",
        )),
    }
}

async fn part(tx: &impl ConnectionTrait, field: &'static str, code: &str) -> Result<Uuid> {
    match store::indicator_by_code(tx, code).await {
        Ok(found) if matches!(found.aggregation, Aggregation::Stock | Aggregation::Flow) => Ok(found.id),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid(
            "INDICATOR_UNKNOWN",
            field,
            format!("Không có chỉ tiêu cộng được mang mã `{code}`."),
            format!("There is no indicator with the code `{code}` that can be added up."),
        )),
        Err(error) => Err(error),
    }
}
