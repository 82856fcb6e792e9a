//! SQL of who owes a report: one is expected, and none is sent.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait};
use thidua_entity::enums::ReportStatus;
use thidua_entity::{period, report_submission, unit};
use uuid::Uuid;

use super::{Selection, in_scope};
use crate::db::{Page, PageArgs};
use crate::error::Result;
use crate::forms::store::filling;
use crate::policy::Reach;
use crate::units;

const UNIT: (unit::Entity, unit::Column) = (unit::Entity, unit::Column::Id);

/// The report of a unit on a form for a period that is sent, for a query over `unit` and `period`.
fn sent(form: Uuid) -> SelectStatement {
    use report_submission::{Column, Entity};
    let report = |column: Column| Expr::col((Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(report(Column::UnitId).eq(Expr::col(UNIT)))
        .and_where(report(Column::FormId).eq(form))
        .and_where(report(Column::PeriodId).eq(Expr::col((period::Entity, period::Column::Id))))
        .and_where(report(Column::Status).is_not_in([ReportStatus::Draft, ReportStatus::Returned]))
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
        .and_where(Expr::exists(sent(selection.form)).not())
        .to_owned();
    let these = Condition::all().add(Expr::exists(owed));
    units::store::list_of(connection, seen, these, args, count).await
}

/// Every unit that owes a report on a form, of this version, for a period, whoever asks: for reminding them.
pub async fn owing_units(
    connection: &impl ConnectionTrait,
    form: Uuid,
    (form_version, period): (Uuid, Uuid),
) -> Result<Vec<Uuid>> {
    let query = filling::candidates(form_version, &[period])
        .column(UNIT)
        .cond_where(filling::expected())
        .and_where(Expr::exists(sent(form)).not())
        .to_owned();
    let rows = connection.query_all(&query).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}
