//! SQL of corrections: what is copied into them, and what they replace.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic as _, Iterable as _, QueryFilter, QuerySelect as _,
    QueryTrait as _, Set,
};
use thidua_entity::enums::ReportStatus;
use thidua_entity::{report_submission, report_value, report_writer};
use uuid::Uuid;

use super::visible;
use crate::error::{Error, Result};
use crate::policy::Reach;
use crate::version;

/// Approved reports are replaced by their corrections, which are approved at this moment.
pub async fn replace(tx: &impl ConnectionTrait, corrected: &[Uuid], now: DateTime<Utc>) -> Result<()> {
    use report_submission::{Column, Entity};
    if corrected.is_empty() {
        return Ok(());
    }
    let change = report_submission::ActiveModel {
        status: Set(ReportStatus::Replaced),
        updated_at: Set(now),
        ..Default::default()
    };
    let replaced = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, version::next_of(Column::Version))
        .filter(Column::Id.is_in(corrected.iter().copied()))
        .filter(Column::Status.eq(ReportStatus::Approved))
        .exec(tx)
        .await?;
    if replaced.rows_affected == corrected.len() as u64 {
        Ok(())
    } else {
        Err(Error::internal("a report that is corrected was not approved"))
    }
}

/// Gives a report the figures of another, in one statement.
pub async fn copy_figures(tx: &impl ConnectionTrait, from: Uuid, to: Uuid) -> Result<()> {
    use report_value::Column;
    copy::<report_value::Entity>(tx, Column::SubmissionId, from, to).await
}

/// Makes who wrote a report a writer of another, in one statement.
pub async fn copy_writers(tx: &impl ConnectionTrait, from: Uuid, to: Uuid) -> Result<()> {
    use report_writer::Column;
    copy::<report_writer::Entity>(tx, Column::SubmissionId, from, to).await
}

/// Copies the rows that belong to one thing, for another.
async fn copy<E: EntityTrait>(tx: &impl ConnectionTrait, owner: E::Column, from: Uuid, to: Uuid) -> Result<()> {
    let mut rows = Query::select();
    for column in E::Column::iter() {
        if column.as_str() == owner.as_str() {
            rows.expr(Expr::val(to));
        } else {
            rows.column(column);
        }
    }
    rows.from(E::default()).and_where(owner.eq(from));
    let mut copies = Query::insert();
    copies.into_table(E::default()).columns(E::Column::iter());
    copies.select_from(rows).map_err(Error::internal)?;
    tx.execute(&copies).await?;
    Ok(())
}

/// The ids of the reports of which a correction is seen.
pub(super) fn corrected(reach: &Reach, today: NaiveDate) -> Result<SelectStatement> {
    let corrected = report_submission::Column::CorrectsId;
    let corrections = visible(reach, today)?.filter(corrected.is_not_null()).select_only();
    Ok(corrections.column(corrected).into_query())
}

/// The corrections of some reports that are seen.
pub async fn corrections(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    reports: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<report_submission::Model>> {
    let corrections =
        visible(reach, today)?.filter(report_submission::Column::CorrectsId.is_in(reports.iter().copied()));
    Ok(corrections.all(connection).await?)
}
