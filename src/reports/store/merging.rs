//! SQL of who last touched which figure, and of what was typed for figures that another had changed meanwhile.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use thidua_entity::{report_mark, report_rival};
use uuid::Uuid;

use super::at;
use crate::error::Result;
use crate::reports::merging::{Place, Writer};

/// Which figures of a report others have touched since the writer saw it.
pub async fn touched_since(tx: &impl ConnectionTrait, report: Uuid, writer: Writer) -> Result<Vec<report_mark::Model>> {
    use report_mark::{Column, Entity};
    let touched = Entity::find()
        .filter(Column::SubmissionId.eq(report))
        .filter(Column::Version.gt(writer.seen));
    Ok(touched.all(tx).await?)
}

/// Who last touched the figures of some reports. Give it only reports that are seen.
pub async fn marks(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<report_mark::Model>> {
    let marks = report_mark::Entity::find();
    Ok(marks
        .filter(report_mark::Column::SubmissionId.is_in(reports.iter().copied()))
        .all(connection)
        .await?)
}

/// Says who last touched figures: one statement, however many there are.
pub async fn put_marks(tx: &impl ConnectionTrait, marks: Vec<report_mark::ActiveModel>) -> Result<()> {
    use report_mark::{Column, Entity};
    if marks.is_empty() {
        return Ok(());
    }
    let anew = OnConflict::columns([Column::SubmissionId, Column::IndicatorId, Column::Part])
        .update_columns([Column::Version, Column::AccountId, Column::At])
        .to_owned();
    Entity::insert_many(marks)
        .on_conflict(anew)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// What was typed for figures of some reports that others had changed, the oldest first. Give it only reports that are seen.
pub async fn rivals(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<report_rival::Model>> {
    use report_rival::{Column, Entity};
    let rivals = Entity::find()
        .filter(Column::SubmissionId.is_in(reports.iter().copied()))
        .order_by_asc(Column::Id);
    Ok(rivals.all(connection).await?)
}

/// Lets go of the rivals of these figures that are settled by writing them; see [`settles`](crate::reports::merging::settles).
pub async fn settle_rivals(tx: &impl ConnectionTrait, report: Uuid, places: &[Place], writer: Writer) -> Result<()> {
    use report_rival::{Column, Entity};
    if places.is_empty() {
        return Ok(());
    }
    let settled = Condition::any()
        .add(Column::Version.lte(writer.seen))
        .add(Column::AccountId.eq(writer.account));
    Entity::delete_many()
        .filter(Column::SubmissionId.eq(report))
        .filter(at((Column::IndicatorId, Column::Part), places))
        .filter(settled)
        .exec(tx)
        .await?;
    Ok(())
}

/// Keeps what was typed beside what stands.
pub async fn add_rivals(tx: &impl ConnectionTrait, rivals: Vec<report_rival::ActiveModel>) -> Result<()> {
    if !rivals.is_empty() {
        report_rival::Entity::insert_many(rivals)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
