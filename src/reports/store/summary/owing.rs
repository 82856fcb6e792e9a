//! SQL of who owes a report: one is expected, and none is sent.

use chrono::NaiveDate;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, DbErr, QueryResult};
use thidua_entity::enums::ReportStatus;
use thidua_entity::{period, report_form, report_form_version, report_submission, unit};
use uuid::Uuid;

use super::{Selection, SummaryScope, ever_members, in_scope};
use crate::db::{Page, PageArgs};
use crate::error::Result;
use crate::forms::store::filling;
use crate::policy::Reach;
use crate::units;

const UNIT: (unit::Entity, unit::Column) = (unit::Entity, unit::Column::Id);

fn status() -> Expr {
    Expr::col((report_submission::Entity, report_submission::Column::Status))
}

/// The report of a unit on a form, known or in a column, for a period; for a query over `unit` and `period`.
fn of_form(form: Expr) -> SelectStatement {
    use report_submission::{Column, Entity};
    let report = |column: Column| Expr::col((Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(report(Column::UnitId).eq(Expr::col(UNIT)))
        .and_where(report(Column::FormId).eq(form))
        .and_where(report(Column::PeriodId).eq(Expr::col((period::Entity, period::Column::Id))))
        .to_owned()
}

/// The same when it is sent.
fn sent(form: Expr) -> SelectStatement {
    of_form(form)
        .and_where(status().is_not_in([ReportStatus::Draft, ReportStatus::Returned]))
        .to_owned()
}

/// A page of the units that are seen and owe a report: one is expected of them for one of the periods, and none is sent.
pub async fn owing(
    connection: &impl ConnectionTrait,
    seen: (&Reach, NaiveDate),
    (selection, form_version): (&Selection, Uuid),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<unit::Model>, Option<u64>)> {
    let ends_on = (period::Entity, period::Column::EndsOn);
    let owed = filling::to_fill(form_version, &selection.periods)
        .expr(Expr::val(1))
        .cond_where(in_scope(selection.scope, UNIT, ends_on))
        .and_where(Expr::exists(sent(Expr::val(selection.form))).not())
        .to_owned();
    let these = Condition::all().add(Expr::exists(owed));
    units::store::list_of(connection, seen, these, args, count).await
}

/// The versions of forms, of some, on which somebody owes a report for one of some periods among those who were members of a cluster, or of
/// one inside it, when that ended; whoever asks.
pub async fn owed_in_cluster(
    connection: &impl ConnectionTrait,
    cluster: Uuid,
    form_versions: &[Uuid],
    periods: &[Uuid],
) -> Result<Vec<Uuid>> {
    let version = (report_form_version::Entity, report_form_version::Column::Id);
    let form = |column: report_form::Column| Expr::col((report_form::Entity, column));
    let set_by = Expr::col((period::Entity, period::Column::OwnerId));
    // What follows from the rest is said first, so that most forms and periods of the service are left out at once.
    let members = ever_members(cluster);
    let above = units::store::ever_above(members.clone());
    let query = filling::candidates_of(form_versions, periods)
        .distinct()
        .column(version)
        .and_where(Expr::col(UNIT).in_subquery(members))
        .and_where(form(report_form::Column::OwnerId).in_subquery(above.clone()))
        .and_where(set_by.in_subquery(above))
        .cond_where(filling::expected())
        .cond_where(in_scope(
            SummaryScope::Cluster(cluster),
            UNIT,
            (period::Entity, period::Column::EndsOn),
        ))
        .and_where(Expr::exists(sent(form(report_form::Column::Id))).not())
        .to_owned();
    let rows = connection.query_all(&query).await?;
    let ids = rows.iter().map(|row| row.try_get("", "id"));
    Ok(ids.collect::<Result<_, DbErr>>()?)
}

/// A unit that owes a report.
#[derive(Clone, Copy, Debug)]
pub struct Owes {
    /// The unit.
    pub unit: Uuid,
    /// Whether it has sent the report and got it back: then it was told so, and the report is not late for that.
    pub returned: bool,
}

/// Every unit that owes a report on a form, of this version, for a period, whoever asks: for reminding them.
pub async fn owing_units(
    connection: &impl ConnectionTrait,
    form: Uuid,
    (form_version, period): (Uuid, Uuid),
) -> Result<Vec<Owes>> {
    let returned = of_form(Expr::val(form))
        .and_where(status().eq(ReportStatus::Returned))
        .to_owned();
    let is_returned = CaseStatement::new().case(Expr::exists(returned), 1).finally(0);
    let query = filling::candidates(form_version, &[period])
        .column(UNIT)
        .expr_as(is_returned, "returned")
        .cond_where(filling::expected())
        .and_where(Expr::exists(sent(Expr::val(form))).not())
        .order_by(UNIT, Order::Asc)
        .to_owned();
    let rows = connection.query_all(&query).await?;
    let owes = |row: &QueryResult| -> Result<Owes, DbErr> {
        Ok(Owes {
            unit: row.try_get("", "id")?,
            returned: row.try_get::<i32>("", "returned")? == 1,
        })
    };
    Ok(rows.iter().map(owes).collect::<Result<_, _>>()?)
}
