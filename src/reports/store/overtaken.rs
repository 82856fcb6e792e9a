//! SQL of figures beside which reports of units below have been approved since.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoIden, JoinType, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait};
use thidua_entity::enums::{FigurePart, Qualifier, ReportStatus};
use thidua_entity::{Fixed4, report_submission, report_value};
use uuid::Uuid;

use super::seen_by_place;
use super::suggestions::of;
use crate::error::Result;
use crate::policy::Reach;
use crate::units;

/// A figure of a report, and what was approved below since it was written.
#[derive(Clone, Debug)]
pub struct ApprovedSince {
    /// The report.
    pub report: Uuid,
    /// The form on which the units below report.
    pub form: Uuid,
    /// The indicator.
    pub indicator: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The figure, an exact one.
    pub value: Fixed4,
    /// The text as typed.
    pub text: String,
    /// Of how many units below a report with the figure, or a correction of one, was approved since.
    pub units: i64,
    /// When the first of them was.
    pub since: DateTime<Utc>,
}

/// Exact figures of some reports for which, since they were written, reports of units that stood below when the period ended have been
/// approved that have the figure, or that correct one which had it. Only of reports that are seen because their units are, and of none
/// that was replaced.
pub async fn approved_since(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    reports: &[Uuid],
) -> Result<Vec<ApprovedSince>> {
    use report_submission::Column::{ApprovedAt, CorrectsId, FormId, Id, UnitId};
    use report_value::Column::{IndicatorId, Part, Qualifier as Claim, Raw, SubmissionId, UpdatedAt, Value};
    let approved = |column: report_submission::Column| of(APPROVED, column);
    let theirs = Condition::any()
        .add(figure("theirs", SubmissionId).eq(approved(Id)))
        .add(figure("theirs", SubmissionId).eq(approved(CorrectsId)));
    let told = Query::select()
        .expr(Expr::val(1))
        .from_as(report_value::Entity, Alias::new("theirs"))
        .cond_where(theirs)
        .and_where(figure("theirs", IndicatorId).eq(figure("own", IndicatorId)))
        .and_where(figure("theirs", Part).eq(figure("own", Part)))
        .to_owned();
    let grouped = [SubmissionId, IndicatorId, Part, Value, Raw];
    let since_written = Condition::all()
        .add(figure("own", SubmissionId).eq(Expr::col((Alias::new(APPROVED), Alias::new("report")))))
        .add(figure("own", UpdatedAt).lt(approved(ApprovedAt)));
    let query = Query::select()
        .expr_as(approved(FormId), "form")
        .exprs(grouped.map(|column| figure("own", column)))
        .expr_as(approved(UnitId).count_distinct(), "units")
        .expr_as(approved(ApprovedAt).min(), "since")
        .from_subquery(approved_below((reach, today), reports)?, Alias::new(APPROVED))
        .join_as(
            JoinType::InnerJoin,
            report_value::Entity,
            Alias::new("own"),
            since_written,
        )
        .and_where(figure("own", Value).is_not_null())
        .and_where(figure("own", Claim).eq(Qualifier::Exact))
        .and_where(Expr::exists(told))
        .add_group_by([approved(FormId)])
        .add_group_by(grouped.map(|column| figure("own", column)))
        .to_owned();
    let rows = connection.query_all(&query).await?;
    let read = |row: &sea_orm::QueryResult| -> Result<ApprovedSince, sea_orm::DbErr> {
        Ok(ApprovedSince {
            report: row.try_get("", "submission_id")?,
            form: row.try_get("", "form")?,
            indicator: row.try_get("", "indicator_id")?,
            part: row.try_get("", "part")?,
            value: row.try_get("", "value")?,
            text: row.try_get("", "raw")?,
            units: row.try_get("", "units")?,
            since: row.try_get("", "since")?,
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

const APPROVED: &str = "approved";

fn figure(of: &'static str, column: report_value::Column) -> Expr {
    Expr::col((Alias::new(of), column.into_iden()))
}

/// For each of these reports those of units below that were approved after its oldest figure was written. `DISTINCT`, so that both
/// databases look for these first, and only then at each figure.
fn approved_below((reach, today): (&Reach, NaiveDate), reports: &[Uuid]) -> Result<SelectStatement> {
    use report_submission::Column::{ApprovedAt, CorrectsId, FormId, Id, PeriodEndsOn, PeriodId, Status, UnitId};
    use report_value::Column::{SubmissionId, UpdatedAt};
    let below = units::store::stood_below_one(of("report", UnitId), of("other", UnitId), &of("report", PeriodEndsOn));
    let oldest = Query::select()
        .expr(figure("oldest", UpdatedAt).min())
        .from_as(report_value::Entity, Alias::new("oldest"))
        .and_where(figure("oldest", SubmissionId).eq(of("report", Id)))
        .to_owned();
    let approved = Condition::all()
        .add(of("other", PeriodId).eq(of("report", PeriodId)))
        .add(of("other", UnitId).ne(of("report", UnitId)))
        .add(of("other", Status).is_in([ReportStatus::Approved, ReportStatus::Replaced]))
        .add(of("other", ApprovedAt).gt(Expr::from(oldest)));
    Ok(Query::select()
        .distinct()
        .expr_as(of("report", Id), "report")
        .exprs([Id, CorrectsId, UnitId, FormId, ApprovedAt].map(|column| of("other", column)))
        .from_as(report_submission::Entity, Alias::new("report"))
        .join_as(
            JoinType::InnerJoin,
            report_submission::Entity,
            Alias::new("other"),
            approved,
        )
        .and_where(of("report", Id).is_in(reports.iter().copied()))
        .and_where(of("report", Id).in_subquery(seen_by_place(reach, today)?))
        .and_where(of("report", Status).ne(ReportStatus::Replaced))
        .and_where(Expr::exists(below))
        .to_owned())
}
