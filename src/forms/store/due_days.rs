//! SQL of due days: the period's own, and that of one form for one period where it is another.

use chrono::NaiveDate;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use thidua_entity::{period, report_form_due_day};
use uuid::Uuid;

use crate::db;
use crate::error::Result;
use crate::version;

/// Due days of their own that some forms have for some periods.
pub async fn due_days(
    connection: &impl ConnectionTrait,
    forms: &[Uuid],
    periods: &[Uuid],
) -> Result<Vec<report_form_due_day::Model>> {
    let days = report_form_due_day::Entity::find()
        .filter(report_form_due_day::Column::FormId.is_in(forms.iter().copied()))
        .filter(report_form_due_day::Column::PeriodId.is_in(periods.iter().copied()));
    Ok(days.all(connection).await?)
}

/// The due day of its own that a form has for a period.
pub async fn due_day_of(
    connection: &impl ConnectionTrait,
    form: Uuid,
    period: Uuid,
) -> Result<Option<report_form_due_day::Model>> {
    Ok(due_days(connection, &[form], &[period]).await?.into_iter().next())
}

/// The last day on which a report on a form for a period is in time: the form's own, else the period's.
pub async fn due_on(
    connection: &impl ConnectionTrait,
    form: Uuid,
    period: &period::Model,
) -> Result<Option<NaiveDate>> {
    let own = due_day_of(connection, form, period.id).await?;
    Ok(own.map_or(period.due_on, |own| Some(own.due_on)))
}

/// Writes the last day on which reports of a period are in time, if the period still has this version. Tells how many
/// rows that were.
pub async fn set_due_day(tx: &impl ConnectionTrait, id: Uuid, version: i32, due_on: Option<NaiveDate>) -> Result<u64> {
    let changed = period::Entity::update_many()
        .col_expr(period::Column::DueOn, Expr::val(due_on))
        .col_expr(period::Column::Version, Expr::val(version::next(version)))
        .filter(period::Column::Id.eq(id))
        .filter(period::Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Gives a form a due day of its own for a period; `before` is the one that the caller saw. The form's row is locked.
pub async fn put_due_day(
    tx: &impl ConnectionTrait,
    (form, period): (Uuid, Uuid),
    before: Option<&report_form_due_day::Model>,
    due_on: NaiveDate,
) -> Result<()> {
    use report_form_due_day::Column;
    let Some(before) = before else {
        let row = report_form_due_day::ActiveModel {
            form_id: Set(form),
            period_id: Set(period),
            due_on: Set(due_on),
            version: Set(1),
        };
        row.insert(tx).await?;
        return Ok(());
    };
    let changed = report_form_due_day::Entity::update_many()
        .col_expr(Column::DueOn, Expr::val(due_on))
        .col_expr(Column::Version, Expr::val(version::next(before.version)))
        .filter(Column::FormId.eq(form))
        .filter(Column::PeriodId.eq(period))
        .filter(Column::Version.eq(before.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, before.version)
}

/// Takes the due day of its own from a form: the period's holds again.
pub async fn delete_due_day(tx: &impl ConnectionTrait, before: &report_form_due_day::Model) -> Result<()> {
    use report_form_due_day::Column;
    let deleted = report_form_due_day::Entity::delete_many()
        .filter(Column::FormId.eq(before.form_id))
        .filter(Column::PeriodId.eq(before.period_id))
        .filter(Column::Version.eq(before.version))
        .exec(tx)
        .await?;
    db::one_changed(deleted.rows_affected, before.version)
}
