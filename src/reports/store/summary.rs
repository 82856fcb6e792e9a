//! SQL of summaries: how many reports there are and should be, and what their figures add up to. The adding is done here, in
//! the database, in exact halves (see `totals`).

use chrono::NaiveDate;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, IntoIden, JoinType, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
};
use thidua_entity::enums::{Aggregation, Qualifier, ReportStatus};
use thidua_entity::{
    cluster, cluster_membership, indicator, period, report_form_kind, report_submission, report_value, unit,
};
use uuid::Uuid;

use super::stood_below;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::Result;
use crate::policy::Reach;
use crate::reports::totals::{Claims, HALF_BITS, Halves};
use crate::units;

/// Whose reports are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummaryScope {
    /// Everybody's.
    Everything,
    /// Units of a province.
    Province(Uuid),
    /// A unit and what stood below it when the period ended.
    Unit(Uuid),
    /// Members of a cluster when the period ended.
    Cluster(Uuid),
}

/// Whether the unit in one column was a member of a cluster, or of one inside it, on the day in another.
pub fn was_member(bloc_or_cluster: Uuid, unit: impl IntoColumnRef, day: impl IntoColumnRef) -> SelectStatement {
    were_members(&[bloc_or_cluster], unit, day)
}

/// The same for any of several clusters.
pub fn were_members(clusters: &[Uuid], unit: impl IntoColumnRef, day: impl IntoColumnRef) -> SelectStatement {
    use cluster_membership::{Column, Entity};
    let (unit, day) = (Expr::col(unit.into_column_ref()), Expr::col(day.into_column_ref()));
    let inside = Query::select()
        .column(cluster::Column::Id)
        .from(cluster::Entity)
        .and_where(cluster::Column::ParentId.is_in(clusters.iter().copied()))
        .to_owned();
    let these = Condition::any()
        .add(Expr::col((Entity, Column::ClusterId)).is_in(clusters.iter().copied()))
        .add(Expr::col((Entity, Column::ClusterId)).in_subquery(inside));
    let ends = Condition::any()
        .add(Expr::col((Entity, Column::ValidTo)).is_null())
        .add(Expr::col((Entity, Column::ValidTo)).gt(day.clone()));
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::UnitId)).eq(unit))
        .and_where(Expr::col((Entity, Column::ValidFrom)).lte(day))
        .cond_where(these)
        .cond_where(ends)
        .to_owned()
}

/// Restricts units, in a column, to the scope as it was on the day in another column.
pub fn in_scope(scope: SummaryScope, unit: impl IntoColumnRef, day: impl IntoColumnRef) -> Condition {
    let all = Condition::all();
    match scope {
        SummaryScope::Everything => all,
        SummaryScope::Province(id) => {
            all.add(Expr::col(unit.into_column_ref()).in_subquery(units::store::located_in(&[id])))
        }
        SummaryScope::Unit(id) => all.add(Expr::exists(stood_below(&[id], unit, day))),
        SummaryScope::Cluster(id) => all.add(Expr::exists(was_member(id, unit, day))),
    }
}

/// Which reports are added up.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Whose.
    pub scope: SummaryScope,
    /// On which form.
    pub form: Uuid,
    /// For which periods; they do not overlap.
    pub periods: Vec<Uuid>,
    /// In which statuses.
    pub statuses: Vec<ReportStatus>,
}

impl Selection {
    /// Reports on the form, for the periods, in the scope; in any status. Of a report and its correction the one that stands:
    /// the correction as soon as it is approved.
    fn anywhere(&self) -> Condition {
        use report_submission::{Column, Entity};
        let stands = Condition::any()
            .add(Expr::col((Entity, Column::CorrectsId)).is_null())
            .add(Expr::col((Entity, Column::Status)).eq(ReportStatus::Approved));
        Condition::all()
            .add(Expr::col((Entity, Column::FormId)).eq(self.form))
            .add(Expr::col((Entity, Column::PeriodId)).is_in(self.periods.iter().copied()))
            .add(in_scope(
                self.scope,
                (Entity, Column::UnitId),
                (Entity, Column::PeriodEndsOn),
            ))
            .add(Expr::col((Entity, Column::Status)).ne(ReportStatus::Replaced))
            .add(stands)
    }

    fn counted(&self) -> Condition {
        use report_submission::{Column, Entity};
        self.anywhere()
            .add(Expr::col((Entity, Column::Status)).is_in(self.statuses.iter().copied()))
    }

    /// What of the counted reports goes into a total of several periods: flows of all of them; of stocks, which are not
    /// added over time, each unit's latest report that has all the figures the total rests on.
    fn over_time(&self, figures: &[Expr]) -> Condition {
        if self.periods.len() < 2 {
            return Condition::all();
        }
        let stock = Query::select()
            .expr(Expr::val(1))
            .from(indicator::Entity)
            .and_where(Expr::col((indicator::Entity, indicator::Column::Id)).is_in(figures.iter().cloned()))
            .and_where(Expr::col((indicator::Entity, indicator::Column::Aggregation)).eq(Aggregation::Stock))
            .to_owned();
        Condition::any()
            .add(Expr::exists(stock).not())
            .add(self.latest(figures))
    }

    /// True when there is no later counted report of the unit with all of these figures.
    fn latest(&self, figures: &[Expr]) -> Expr {
        use report_submission::{Column, Entity};
        let later = Alias::new("later");
        let this = |column: Column| Expr::col((Entity, column));
        let that = |column: Column| Expr::col((later.clone(), column.into_iden()));
        let mut none_later = Query::select()
            .expr(Expr::val(1))
            .from_as(Entity, later.clone())
            .and_where(that(Column::UnitId).eq(this(Column::UnitId)))
            .and_where(that(Column::FormId).eq(self.form))
            .and_where(that(Column::PeriodId).is_in(self.periods.iter().copied()))
            .and_where(that(Column::Status).is_in(self.statuses.iter().copied()))
            .and_where(that(Column::PeriodEndsOn).gt(this(Column::PeriodEndsOn)))
            .to_owned();
        for (number, figure) in figures.iter().enumerate() {
            let value = Alias::new(format!("later_value_{number}"));
            let there = Query::select()
                .column((value.clone(), report_value::Column::SubmissionId))
                .from_as(report_value::Entity, value.clone())
                .and_where(Expr::col((value, report_value::Column::IndicatorId)).eq(figure.clone()))
                .to_owned();
            none_later.and_where(that(Column::Id).in_subquery(there));
        }
        Expr::exists(none_later).not()
    }
}

/// How many reports there are of one status, in time or late.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct StatusCount {
    /// The status.
    pub status: ReportStatus,
    /// Late or not.
    pub late: bool,
    /// How many.
    pub reports: i64,
}

/// Counts the reports of a selection by status, whatever the basis.
pub async fn counts(connection: &impl ConnectionTrait, selection: &Selection) -> Result<Vec<StatusCount>> {
    use report_submission::{Column, Entity};
    let counts = Entity::find()
        .select_only()
        .column(Column::Status)
        .column(Column::Late)
        .column_as(Column::Id.count(), "reports")
        .filter(selection.anywhere())
        .group_by(Column::Status)
        .group_by(Column::Late);
    Ok(counts.into_model().all(connection).await?)
}

/// Counts the reports that there should be: one for each period and each unit that fills in the form version, was alive when
/// the period ended, stood below the form's owner and in the scope.
pub async fn expected(
    connection: &impl ConnectionTrait,
    selection: &Selection,
    (form_version, owner): (Uuid, Uuid),
) -> Result<i64> {
    let ends_on = (period::Entity, period::Column::EndsOn);
    let day = || Expr::col(ends_on);
    let kinds = Query::select()
        .column(report_form_kind::Column::UnitKind)
        .from(report_form_kind::Entity)
        .and_where(report_form_kind::Column::FormVersionId.eq(form_version))
        .to_owned();
    let column = |column: unit::Column| Expr::col((unit::Entity, column));
    let founded = Condition::any()
        .add(column(unit::Column::FoundedOn).is_null())
        .add(column(unit::Column::FoundedOn).lte(day()));
    let ended = Condition::any()
        .add(column(unit::Column::EndedOn).is_null())
        .add(column(unit::Column::EndedOn).gt(day()));
    let query = Query::select()
        .expr_as(Expr::col((unit::Entity, unit::Column::Id)).count(), "expected")
        .from(unit::Entity)
        .join(
            JoinType::InnerJoin,
            period::Entity,
            Expr::col((period::Entity, period::Column::Id)).is_in(selection.periods.iter().copied()),
        )
        .and_where(column(unit::Column::Kind).in_subquery(kinds))
        .cond_where(founded)
        .cond_where(ended)
        .and_where(Expr::exists(stood_below(
            &[owner],
            (unit::Entity, unit::Column::Id),
            ends_on,
        )))
        .cond_where(in_scope(selection.scope, (unit::Entity, unit::Column::Id), ends_on))
        .to_owned();
    let row = connection.query_one(&query).await?;
    Ok(row
        .map(|row| row.try_get("", "expected"))
        .transpose()?
        .unwrap_or_default())
}

/// What the figures of one indicator add up to.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    /// The indicator.
    pub indicator_id: Uuid,
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
fn half(expression: &str, upper: bool) -> Expr {
    let part = if upper {
        format!("{expression} >> {HALF_BITS}")
    } else {
        format!("{expression} & {}", (1_i64 << HALF_BITS) - 1)
    };
    Expr::cust(format!("CAST(COALESCE(SUM({part}), 0) AS BIGINT)"))
}

/// Counts the rows that meet a condition, as a 64-bit integer on both databases.
fn count_where(condition: &str) -> Expr {
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

/// Adds up the figures of a selection by indicator. Flows are added over periods that follow each other, stocks are not.
pub async fn sums(connection: &impl ConnectionTrait, selection: &Selection) -> Result<Vec<Sum>> {
    const VALUE: &str = "report_value.value";
    const UPPER: &str = "COALESCE(report_value.upper, report_value.value)";
    let mut figures = report_value::Entity::find()
        .select_only()
        .column(report_value::Column::IndicatorId)
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
        .group_by(report_value::Column::IndicatorId);
    let this = Expr::col((report_value::Entity, report_value::Column::IndicatorId));
    figures = figures.filter(selection.over_time(&[this]));
    let rows: Vec<SumRow> = figures.into_model().all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Sum {
            indicator_id: row.indicator_id,
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
    let parts = [&above, &below].map(|alias| figure(alias, report_value::Column::IndicatorId));
    query.cond_where(selection.over_time(&parts));
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

/// The indicators of a form version and the rates that can be computed from them.
pub async fn indicators(connection: &impl ConnectionTrait, items: &[Uuid]) -> Result<Vec<indicator::Model>> {
    use indicator::Column;
    let computable = Condition::all()
        .add(Column::NumeratorId.is_in(items.iter().copied()))
        .add(Column::DenominatorId.is_in(items.iter().copied()));
    let wanted = Condition::any()
        .add(Column::Id.is_in(items.iter().copied()))
        .add(computable);
    Ok(indicator::Entity::find().filter(wanted).all(connection).await?)
}

/// A page of the reports behind a summary, or behind the total of one indicator: those that were added, and no others.
pub async fn reports_behind(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    selection: &Selection,
    total: Option<&indicator::Model>,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<report_submission::Model>, Option<u64>)> {
    use report_submission::{Column, Entity};
    let mut select = super::visible(reach, today)?.filter(selection.counted());
    if let Some(total) = total {
        // A rate rests on the reports that have both figures, any other total on those that have its own.
        let figures = match (total.numerator_id, total.denominator_id) {
            (Some(above), Some(below)) => vec![above, below],
            _ => vec![total.id],
        };
        for figure in &figures {
            let with_figure = Query::select()
                .column(report_value::Column::SubmissionId)
                .from(report_value::Entity)
                .and_where(report_value::Column::IndicatorId.eq(*figure))
                .to_owned();
            select = select.filter(Expr::col((Entity, Column::Id)).in_subquery(with_figure));
        }
        let figures: Vec<Expr> = figures.into_iter().map(Expr::val).collect();
        select = select.filter(selection.over_time(&figures));
    }
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = Sorting::by_id((Entity, Column::Id), Order::Asc, |row: &report_submission::Model| {
        vec![SortValue::Id(row.id)]
    });
    Ok((db::page(connection, select, &sorting, args).await?, total))
}
