//! SQL of sums. The adding is done here, in the database, in exact halves (see `totals`).

use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoIden, JoinType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use thidua_entity::enums::{FigurePart, Qualifier};
use thidua_entity::{indicator, report_submission, report_value};
use uuid::Uuid;

use super::{Figure, Selection};
use crate::error::Result;
use crate::reports::totals::{Claims, HALF_BITS, Halves};

/// What the figures of one indicator add up to: the totals, or one part; of choices, those that chose the same.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The indicator.
    pub indicator_id: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// Of a choice: what was chosen.
    pub choice: Option<String>,
    /// Sum of the figures; of ranges, the lower ends.
    pub value: Halves,
    /// The same with the upper ends of ranges.
    pub upper: Halves,
    /// What the figures claim.
    pub claims: Claims,
    /// How many are estimates.
    pub estimates: i64,
    /// How many figures there are.
    pub reports: i64,
}

/// The sum of one half of an expression, as an exact 64-bit integer on both databases.
pub fn half(expression: &str, upper: bool) -> Expr {
    let part = if upper {
        format!("{expression} >> {HALF_BITS}")
    } else {
        format!("{expression} & {}", (1_i64 << HALF_BITS) - 1)
    };
    Expr::cust(format!("CAST(COALESCE(SUM({part}), 0) AS BIGINT)"))
}

/// Counts the rows that meet a condition, as a 64-bit integer on both databases.
pub fn count_where(condition: &str) -> Expr {
    Expr::cust(format!(
        "CAST(COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT)"
    ))
}

fn claims_of(qualifier: Qualifier) -> Expr {
    count_where(&format!("report_value.qualifier = '{}'", qualifier.code()))
}

#[derive(FromQueryResult)]
struct SumRow {
    indicator_id: Uuid,
    part: FigurePart,
    choice: Option<String>,
    high: i64,
    low: i64,
    upper_high: i64,
    upper_low: i64,
    exact: i64,
    more_than: i64,
    nearly: i64,
    about: i64,
    range: i64,
    estimates: i64,
    reports: i64,
}

/// Adds up the figures of a selection by indicator, part and choice. Flows are added over periods that follow each other, stocks
/// are not.
pub async fn sums(connection: &impl ConnectionTrait, selection: &Selection) -> Result<Vec<Sum>> {
    const VALUE: &str = "report_value.value";
    const UPPER: &str = "COALESCE(report_value.upper, report_value.value)";
    let mut figures = report_value::Entity::find()
        .select_only()
        .column(report_value::Column::IndicatorId)
        .column(report_value::Column::Part)
        .column(report_value::Column::Choice)
        .expr_as(half(VALUE, true), "high")
        .expr_as(half(VALUE, false), "low")
        .expr_as(half(UPPER, true), "upper_high")
        .expr_as(half(UPPER, false), "upper_low")
        .expr_as(claims_of(Qualifier::Exact), "exact")
        .expr_as(claims_of(Qualifier::MoreThan), "more_than")
        .expr_as(claims_of(Qualifier::Nearly), "nearly")
        .expr_as(claims_of(Qualifier::About), "about")
        .expr_as(claims_of(Qualifier::Range), "range")
        .expr_as(count_where("report_value.nature = 'ESTIMATE'"), "estimates")
        .column_as(report_value::Column::SubmissionId.count(), "reports")
        .join(
            sea_orm::JoinType::InnerJoin,
            report_value::Entity::belongs_to(report_submission::Entity)
                .from(report_value::Column::SubmissionId)
                .to(report_submission::Column::Id)
                .into(),
        )
        .filter(selection.counted())
        .group_by(report_value::Column::IndicatorId)
        .group_by(report_value::Column::Part)
        .group_by(report_value::Column::Choice);
    let this = Figure {
        indicator: Expr::col((report_value::Entity, report_value::Column::IndicatorId)),
        part: Expr::col((report_value::Entity, report_value::Column::Part)),
    };
    figures = figures.filter(selection.over_time(&[this]));
    let rows: Vec<SumRow> = figures.into_model().all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Sum {
            indicator_id: row.indicator_id,
            part: row.part,
            choice: row.choice,
            value: Halves {
                high: row.high,
                low: row.low,
            },
            upper: Halves {
                high: row.upper_high,
                low: row.upper_low,
            },
            claims: Claims {
                exact: row.exact,
                more_than: row.more_than,
                nearly: row.nearly,
                about: row.about,
                range: row.range,
            },
            estimates: row.estimates,
            reports: row.reports,
        })
        .collect())
}

/// The two sums of a rate, over the reports that have both figures.
#[derive(Clone, Copy, Debug)]
pub struct RateSums {
    /// The rate's indicator.
    pub indicator_id: Uuid,
    /// Sum above the line.
    pub numerator: Halves,
    /// Sum below the line.
    pub denominator: Halves,
    /// Figures, of either kind, that are not exact.
    pub inexact: i64,
    /// How many reports have both figures.
    pub reports: i64,
}

/// Adds up what rates are computed from, each over the reports that have both figures, so that a unit that tells only one of
/// them does not bend the rate.
pub async fn rate_sums(connection: &impl ConnectionTrait, selection: &Selection) -> Result<Vec<RateSums>> {
    let (above, below) = (Alias::new("above"), Alias::new("below"));
    let submission = || Expr::col((report_submission::Entity, report_submission::Column::Id));
    let figure = |alias: &Alias, column: report_value::Column| Expr::col((alias.clone(), column.into_iden()));
    let mut query = Query::select()
        .column((indicator::Entity, indicator::Column::Id))
        .expr_as(half("above.value", true), "numerator_high")
        .expr_as(half("above.value", false), "numerator_low")
        .expr_as(half("below.value", true), "denominator_high")
        .expr_as(half("below.value", false), "denominator_low")
        .expr_as(
            count_where("above.qualifier <> 'EXACT' OR below.qualifier <> 'EXACT'"),
            "inexact",
        )
        .expr_as(submission().count(), "reports")
        .from(report_submission::Entity)
        .join_as(
            JoinType::InnerJoin,
            report_value::Entity,
            above.clone(),
            figure(&above, report_value::Column::SubmissionId).eq(submission()),
        )
        .join(
            JoinType::InnerJoin,
            indicator::Entity,
            Expr::col((indicator::Entity, indicator::Column::NumeratorId))
                .eq(figure(&above, report_value::Column::IndicatorId)),
        )
        .join_as(
            JoinType::InnerJoin,
            report_value::Entity,
            below.clone(),
            figure(&below, report_value::Column::SubmissionId).eq(submission()).and(
                figure(&below, report_value::Column::IndicatorId)
                    .eq(Expr::col((indicator::Entity, indicator::Column::DenominatorId))),
            ),
        )
        .cond_where(selection.counted())
        .group_by_col((indicator::Entity, indicator::Column::Id))
        .to_owned();
    for alias in [&above, &below] {
        query.and_where(figure(alias, report_value::Column::Part).eq(FigurePart::Total));
    }
    let figures = [&above, &below].map(|alias| Figure {
        indicator: figure(alias, report_value::Column::IndicatorId),
        part: Expr::val(FigurePart::Total),
    });
    query.cond_where(selection.over_time(&figures));
    let rows = connection.query_all(&query).await?;
    let read = |row: &sea_orm::QueryResult| -> Result<RateSums, sea_orm::DbErr> {
        let number = |name| row.try_get::<i64>("", name);
        Ok(RateSums {
            indicator_id: row.try_get("", "id")?,
            numerator: Halves {
                high: number("numerator_high")?,
                low: number("numerator_low")?,
            },
            denominator: Halves {
                high: number("denominator_high")?,
                low: number("denominator_low")?,
            },
            inexact: number("inexact")?,
            reports: number("reports")?,
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}
