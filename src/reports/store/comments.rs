//! SQL of what is said of reports and of their figures.

use std::collections::HashSet;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use thidua_entity::report_comment::{self, ActiveModel, Column, Entity};
use uuid::Uuid;

use super::seen;
use crate::error::{Error, Result};
use crate::policy::Reach;

/// What is said of some reports, the oldest first. Give it only reports that are seen.
pub async fn comments(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<report_comment::Model>> {
    let comments = Entity::find()
        .filter(Column::SubmissionId.is_in(reports.iter().copied()))
        .order_by_asc(Column::Id);
    Ok(comments.all(connection).await?)
}

/// One of them, if its report is seen.
pub async fn find_comment(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<report_comment::Model> {
    let found = Entity::find_by_id(id).filter(Column::SubmissionId.in_subquery(seen(reach, today)?));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// How many there are of a report.
pub async fn count_comments(tx: &impl ConnectionTrait, report: Uuid) -> Result<u64> {
    Ok(Entity::find().filter(Column::SubmissionId.eq(report)).count(tx).await?)
}

/// Those of some reports of which something is said that is not settled.
pub async fn with_open_comments(tx: &impl ConnectionTrait, reports: &[Uuid]) -> Result<HashSet<Uuid>> {
    let open = Entity::find()
        .select_only()
        .column(Column::SubmissionId)
        .distinct()
        .filter(Column::SubmissionId.is_in(reports.iter().copied()))
        .filter(Column::ResolvedAt.is_null());
    Ok(open.into_tuple().all(tx).await?.into_iter().collect())
}

/// The remarks with which a report was sent back when it came to have this version.
pub async fn remarks_of(tx: &impl ConnectionTrait, report: Uuid, version: i32) -> Result<Vec<report_comment::Model>> {
    remarks_of_all(tx, vec![(report, version)]).await
}

/// The same of some reports, each with its version.
pub async fn remarks_of_all(
    tx: &impl ConnectionTrait,
    reports: Vec<(Uuid, i32)>,
) -> Result<Vec<report_comment::Model>> {
    let returned = Expr::tuple([Expr::col(Column::SubmissionId), Expr::col(Column::ReturnedVersion)]);
    let remarks = Entity::find()
        .filter(returned.in_tuples(reports))
        .order_by_asc(Column::Id);
    Ok(remarks.all(tx).await?)
}

/// Writes what is said.
pub async fn add_comments(tx: &impl ConnectionTrait, comments: Vec<ActiveModel>) -> Result<()> {
    if !comments.is_empty() {
        Entity::insert_many(comments).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Changes one of them that is not settled; `WRONG_STATE` would be told before.
pub async fn change_comment(tx: &impl ConnectionTrait, id: Uuid, change: ActiveModel) -> Result<report_comment::Model> {
    let changed = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::ResolvedAt.is_null())
        .exec(tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound)
}
