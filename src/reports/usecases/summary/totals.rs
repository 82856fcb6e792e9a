//! What sums come to: totals, parts, counts of choices, rates.

use std::collections::{BTreeMap, HashMap};

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{Aggregation, FigurePart, NumberForm, Qualifier};
use thidua_entity::{Fixed4, indicator, indicator_choice};
use uuid::Uuid;

use crate::error::Result;
use crate::forms;
use crate::reports::store::summary::{self as sql, Selection};
use crate::reports::totals::{self, Claims};

/// What figures add up to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Amount {
    /// The sum; `None` when no report has the figure, and where figures are not added up. Missing is not zero.
    pub value: Option<Fixed4>,
    /// With ranges among the figures: the sum of their upper ends.
    pub upper: Option<Fixed4>,
    /// What the sum claims.
    pub qualifier: Option<Qualifier>,
    /// What the figures claim.
    pub claims: Claims,
    /// How many of the figures are estimates.
    pub estimates: i64,
    /// How many reports have the figure; for a rate, both figures.
    pub reports: i64,
}

/// What the figures of one indicator add up to.
#[derive(Clone, Debug)]
pub struct Total {
    /// The indicator.
    pub indicator: indicator::Model,
    /// What the totals add up to.
    pub amount: Amount,
    /// What the parts add up to, those that some report has.
    pub parts: Vec<(FigurePart, Amount)>,
    /// For a choice: how many chose each, in the order of the choices.
    pub choices: Vec<(indicator_choice::Model, i64)>,
    /// For a rate: the sums above and below the line, over the reports that have both figures.
    pub quotient: Option<(Fixed4, Fixed4)>,
}

/// A total for each indicator of a form, in its order, then the rates that can be computed from them.
pub async fn all(db: &impl ConnectionTrait, selection: &Selection, order: &[Uuid]) -> Result<Vec<Total>> {
    let mut sums: HashMap<Uuid, Vec<sql::Sum>> = HashMap::new();
    for sum in sql::sums(db, selection).await? {
        sums.entry(sum.indicator_id).or_default().push(sum);
    }
    let rates: HashMap<Uuid, sql::RateSums> = sql::rate_sums(db, selection)
        .await?
        .into_iter()
        .map(|sum| (sum.indicator_id, sum))
        .collect();
    let mut indicators = sql::indicators(db, order).await?;
    // Rates are not on the form; they come after what is, by code.
    let rank = |row: &indicator::Model| order.iter().position(|id| *id == row.id).unwrap_or(order.len());
    indicators.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.code.cmp(&b.code)));
    let choosing = indicators.iter().filter(|row| row.number_form == NumberForm::Choice);
    let choosing: Vec<Uuid> = choosing.map(|row| row.id).collect();
    let choices = if choosing.is_empty() {
        Vec::new()
    } else {
        forms::store::choices(db, &choosing).await?
    };
    indicators
        .into_iter()
        .map(|indicator| match indicator.aggregation {
            Aggregation::Rate => rate_total(rates.get(&indicator.id), indicator),
            Aggregation::Stock | Aggregation::Flow | Aggregation::None => {
                let sums = sums.get(&indicator.id).map_or(&[][..], Vec::as_slice);
                let choices = choices.iter().filter(|choice| choice.indicator_id == indicator.id);
                sum_total(sums, choices.cloned().collect(), indicator)
            }
        })
        .collect()
}

fn sum_total(sums: &[sql::Sum], choices: Vec<indicator_choice::Model>, indicator: indicator::Model) -> Result<Total> {
    let adds_up = indicator.aggregation != Aggregation::None;
    let mut amounts: BTreeMap<FigurePart, Amount> = BTreeMap::new();
    for sum in sums {
        let amount = amount(sum, adds_up)?;
        // Of choices there is a sum for each; together they tell how many reports there are.
        amounts
            .entry(sum.part)
            .and_modify(|all| {
                all.reports += amount.reports;
                all.estimates += amount.estimates;
            })
            .or_insert(amount);
    }
    let chosen = |choice: &indicator_choice::Model| {
        let is_it = |sum: &&sql::Sum| sum.choice.as_ref() == Some(&choice.code);
        sums.iter().filter(is_it).map(|sum| sum.reports).sum()
    };
    Ok(Total {
        amount: amounts.remove(&FigurePart::Total).unwrap_or_default(),
        parts: amounts.into_iter().collect(),
        choices: choices
            .into_iter()
            .map(|choice| {
                let reports = chosen(&choice);
                (choice, reports)
            })
            .collect(),
        indicator,
        quotient: None,
    })
}

/// What a sum comes to; of figures that are not added up, only how many there are.
fn amount(sum: &sql::Sum, adds_up: bool) -> Result<Amount> {
    let counted = Amount {
        estimates: sum.estimates,
        reports: sum.reports,
        ..Amount::default()
    };
    if !adds_up {
        return Ok(counted);
    }
    let upper = (sum.claims.range > 0).then(|| sum.upper.total()).transpose()?;
    Ok(Amount {
        value: Some(sum.value.total()?),
        upper,
        qualifier: Some(sum.claims.of_total()),
        claims: sum.claims,
        ..counted
    })
}

fn rate_total(sums: Option<&sql::RateSums>, indicator: indicator::Model) -> Result<Total> {
    let mut total = Total {
        amount: Amount::default(),
        parts: Vec::new(),
        choices: Vec::new(),
        quotient: None,
        indicator,
    };
    let Some(sums) = sums else { return Ok(total) };
    let (above, below) = (sums.numerator.total()?, sums.denominator.total()?);
    let value = totals::rate(above, below, total.indicator.scale);
    let qualifier = if sums.inexact == 0 {
        Qualifier::Exact
    } else {
        Qualifier::About
    };
    total.amount = Amount {
        value,
        qualifier: value.map(|_| qualifier),
        claims: Claims {
            exact: sums.reports - sums.inexact,
            about: sums.inexact,
            ..Claims::default()
        },
        reports: sums.reports,
        ..Amount::default()
    };
    total.quotient = Some((above, below));
    Ok(total)
}
