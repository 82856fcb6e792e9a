//! SQL of figures that a report could begin with, because they are known from elsewhere. A fixed number of statements, however many
//! reports and figures.

use chrono::NaiveDate;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoIden, JoinType, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, FromQueryResult as _, Iterable as _};
use thidua_entity::enums::{Aggregation, FigurePart, HeadCount, Nature, NumberForm, ReportStatus};
use thidua_entity::{indicator, report_form_item, report_submission, report_value, unit_statistics};
use uuid::Uuid;

use super::seen;
use super::summary::{count_where, half};
use crate::error::Result;
use crate::policy::Reach;
use crate::reports::totals::Halves;
use crate::units;

/// A figure of another report of the same unit.
#[derive(Clone, Debug)]
pub struct KnownFigure {
    /// The report that could begin with it.
    pub report: Uuid,
    /// The indicator.
    pub indicator: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The text as it was typed there.
    pub text: String,
    /// Actual or estimate.
    pub nature: Nature,
    /// The other report.
    pub source: Uuid,
}

/// What the figures of the units below add up to, on one form.
#[derive(Clone, Debug)]
pub struct SumBelow {
    /// The report that could begin with it.
    pub report: Uuid,
    /// The form on which the units below report.
    pub form: Uuid,
    /// The indicator.
    pub indicator: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The sum.
    pub sum: Halves,
    /// Of how many reports.
    pub reports: i64,
    /// How many of the figures are estimates.
    pub estimates: i64,
}

/// Stocks of the approved report of the same unit on the same form for the last period before that of each report, as far as the
/// caller sees it.
pub async fn last_stocks(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    reports: &[Uuid],
) -> Result<Vec<KnownFigure>> {
    use report_submission::Column::{FormId, PeriodEndsOn, Status, UnitId};
    let earlier = |one: &'static str| {
        Condition::all()
            .add(of(one, UnitId).eq(of("report", UnitId)))
            .add(of(one, FormId).eq(of("report", FormId)))
            .add(of(one, Status).eq(ReportStatus::Approved))
            .add(of(one, PeriodEndsOn).lt(of("report", PeriodEndsOn)))
    };
    let between = Query::select()
        .expr(Expr::val(1))
        .from_as(report_submission::Entity, Alias::new("between"))
        .cond_where(earlier("between"))
        .and_where(of("between", PeriodEndsOn).gt(of("other", PeriodEndsOn)))
        .to_owned();
    let mut query = known(reports, earlier("other"));
    query
        .and_where(Expr::exists(between).not())
        .and_where(aggregation().eq(Aggregation::Stock))
        .and_where(of("other", report_submission::Column::Id).in_subquery(seen(reach, today)?));
    read(connection, &query).await
}

/// Figures that the same unit has handed in on other forms for the same period, as far as the caller sees them.
pub async fn on_other_forms(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    reports: &[Uuid],
) -> Result<Vec<KnownFigure>> {
    use report_submission::Column::{FormId, Id, PeriodId, Status, UnitId};
    let handed_in = [ReportStatus::Submitted, ReportStatus::Verified, ReportStatus::Approved];
    let beside = Condition::all()
        .add(of("other", UnitId).eq(of("report", UnitId)))
        .add(of("other", PeriodId).eq(of("report", PeriodId)))
        .add(of("other", FormId).ne(of("report", FormId)))
        .add(of("other", Status).is_in(handed_in));
    let mut query = known(reports, beside);
    query.and_where(of("other", Id).in_subquery(seen(reach, today)?));
    read(connection, &query).await
}

/// What the approved reports of the units that stood below when the period ended add up to, by form: flows and stocks of which every
/// figure is exact. A form is filled in by units of one level, so nobody is counted twice.
pub async fn sums_below(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<SumBelow>> {
    use report_submission::Column::{FormId, Id, PeriodEndsOn, PeriodId, Status, UnitId};
    use report_value::Column::{IndicatorId, Part, Value};
    let below = units::store::stood_below_one(of("report", UnitId), of("other", UnitId), &of("report", PeriodEndsOn));
    let under = Condition::all()
        .add(of("other", PeriodId).eq(of("report", PeriodId)))
        .add(of("other", UnitId).ne(of("report", UnitId)))
        .add(of("other", Status).eq(ReportStatus::Approved));
    let inexact = "SUM(CASE WHEN report_value.qualifier = 'EXACT' THEN 0 ELSE 1 END) = 0";
    let mut query = joined(reports, under);
    query
        .column((Alias::new("other"), FormId.into_iden()))
        .expr_as(half("report_value.value", true), "high")
        .expr_as(half("report_value.value", false), "low")
        .expr_as(Expr::col((report_value::Entity, Value)).count(), "reports")
        .expr_as(count_where("report_value.nature = 'ESTIMATE'"), "estimates")
        .and_where(Expr::exists(below))
        .and_where(aggregation().is_in([Aggregation::Stock, Aggregation::Flow]))
        // How many said yes is no yes and no no.
        .and_where(Expr::col((indicator::Entity, indicator::Column::NumberForm)).ne(NumberForm::YesNo))
        .and_where(Expr::col((report_value::Entity, Value)).is_not_null())
        .group_by_columns([
            (Alias::new("report"), Id.into_iden()),
            (Alias::new("other"), FormId.into_iden()),
        ])
        .group_by_columns([(report_value::Entity, IndicatorId), (report_value::Entity, Part)])
        .and_having(Expr::cust(inexact));
    let rows = connection.query_all(&query).await?;
    let sum = |row: &sea_orm::QueryResult| -> Result<SumBelow, sea_orm::DbErr> {
        Ok(SumBelow {
            report: row.try_get("", "report")?,
            form: row.try_get("", "form_id")?,
            indicator: row.try_get("", "indicator_id")?,
            part: row.try_get("", "part")?,
            sum: Halves {
                high: row.try_get("", "high")?,
                low: row.try_get("", "low")?,
            },
            reports: row.try_get("", "reports")?,
            estimates: row.try_get("", "estimates")?,
        })
    };
    Ok(rows.iter().map(sum).collect::<Result<_, _>>()?)
}

/// A head count of the unit that is recorded apart from reports.
#[derive(Clone, Debug)]
pub struct CountedHeads {
    /// The report that could begin with it.
    pub report: Uuid,
    /// The indicator.
    pub indicator: Uuid,
    /// Which head count the indicator is.
    pub counts: HeadCount,
    /// The newest count of the unit on or before the end of the period.
    pub count: unit_statistics::Model,
}

/// The newest head counts of the unit on or before the end of the period, for each indicator on the form that is one.
pub async fn counted_heads(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<CountedHeads>> {
    use report_submission::Column::{FormVersionId, Id, PeriodEndsOn, UnitId};
    use unit_statistics::Column::AsOf;
    let count =
        |alias: &'static str, column: unit_statistics::Column| Expr::col((Alias::new(alias), column.into_iden()));
    let until_then = |alias: &'static str| {
        Condition::all()
            .add(count(alias, unit_statistics::Column::UnitId).eq(of("report", UnitId)))
            .add(count(alias, AsOf).lte(of("report", PeriodEndsOn)))
    };
    let later = Query::select()
        .expr(Expr::val(1))
        .from_as(unit_statistics::Entity, Alias::new("later"))
        .cond_where(until_then("later"))
        .and_where(count("later", AsOf).gt(count("newest", AsOf)))
        .to_owned();
    let item = |column: report_form_item::Column| Expr::col((report_form_item::Entity, column));
    let asked = item(report_form_item::Column::FormVersionId).eq(of("report", FormVersionId));
    let what = |column: indicator::Column| Expr::col((indicator::Entity, column));
    let mut query = Query::select()
        .expr_as(of("report", Id), "report")
        .expr_as(what(indicator::Column::Id), "indicator")
        .expr_as(what(indicator::Column::HeadCount), "counts")
        .from_as(report_submission::Entity, Alias::new("report"))
        .join_as(
            JoinType::InnerJoin,
            unit_statistics::Entity,
            Alias::new("newest"),
            until_then("newest"),
        )
        .join(JoinType::InnerJoin, report_form_item::Entity, asked)
        .join(
            JoinType::InnerJoin,
            indicator::Entity,
            what(indicator::Column::Id).eq(item(report_form_item::Column::IndicatorId)),
        )
        .and_where(of("report", Id).is_in(reports.iter().copied()))
        .and_where(what(indicator::Column::HeadCount).is_not_null())
        .and_where(Expr::exists(later).not())
        .to_owned();
    for column in unit_statistics::Column::iter() {
        query.column((Alias::new("newest"), column.into_iden()));
    }
    let rows = connection.query_all(&query).await?;
    let counted = |row: &sea_orm::QueryResult| -> Result<CountedHeads, sea_orm::DbErr> {
        Ok(CountedHeads {
            report: row.try_get("", "report")?,
            indicator: row.try_get("", "indicator")?,
            counts: row.try_get("", "counts")?,
            count: unit_statistics::Model::from_query_result(row, "")?,
        })
    };
    Ok(rows.iter().map(counted).collect::<Result<_, _>>()?)
}

/// A column of the reports called so.
pub(super) fn of(report: &'static str, column: report_submission::Column) -> Expr {
    Expr::col((Alias::new(report), column.into_iden()))
}

fn aggregation() -> Expr {
    Expr::col((indicator::Entity, indicator::Column::Aggregation))
}

/// The figures of reports called `other` beside the reports called `report`, which are these.
fn joined(reports: &[Uuid], others: Condition) -> SelectStatement {
    use report_value::{Column, Entity};
    let value = |column: Column| Expr::col((Entity, column));
    Query::select()
        .expr_as(of("report", report_submission::Column::Id), "report")
        .column((Entity, Column::IndicatorId))
        .column((Entity, Column::Part))
        .from_as(report_submission::Entity, Alias::new("report"))
        .join_as(
            JoinType::InnerJoin,
            report_submission::Entity,
            Alias::new("other"),
            others,
        )
        .join(
            JoinType::InnerJoin,
            Entity,
            value(Column::SubmissionId).eq(of("other", report_submission::Column::Id)),
        )
        .join(
            JoinType::InnerJoin,
            indicator::Entity,
            Expr::col((indicator::Entity, indicator::Column::Id)).eq(value(Column::IndicatorId)),
        )
        .and_where(of("report", report_submission::Column::Id).is_in(reports.iter().copied()))
        .to_owned()
}

fn known(reports: &[Uuid], others: Condition) -> SelectStatement {
    joined(reports, others)
        .column((report_value::Entity, report_value::Column::Raw))
        .column((report_value::Entity, report_value::Column::Nature))
        .expr_as(of("other", report_submission::Column::Id), "source")
        .to_owned()
}

async fn read(connection: &impl ConnectionTrait, query: &SelectStatement) -> Result<Vec<KnownFigure>> {
    let rows = connection.query_all(query).await?;
    let figure = |row: &sea_orm::QueryResult| -> Result<KnownFigure, sea_orm::DbErr> {
        Ok(KnownFigure {
            report: row.try_get("", "report")?,
            indicator: row.try_get("", "indicator_id")?,
            part: row.try_get("", "part")?,
            text: row.try_get("", "raw")?,
            nature: row.try_get("", "nature")?,
            source: row.try_get("", "source")?,
        })
    };
    Ok(rows.iter().map(figure).collect::<Result<_, _>>()?)
}
