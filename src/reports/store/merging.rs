//! SQL of who says what stands for which figure, and of what was typed for figures that another had changed meanwhile.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use thidua_entity::{report_mark, report_rival};
use uuid::Uuid;

use super::at;
use crate::error::Result;
use crate::reports::merging::{Place, Writer};

/// Who says what stands for figures of a report since the writer saw it.
pub async fn said_since(tx: &impl ConnectionTrait, report: Uuid, writer: Writer) -> Result<Vec<report_mark::Model>> {
    use report_mark::{Column, Entity};
    let said = Entity::find()
        .filter(Column::SubmissionId.eq(report))
        .filter(Column::Version.gt(writer.seen));
    Ok(said.all(tx).await?)
}

/// Who says what stands for figures of some reports, the first first. Give it only reports that are seen.
pub async fn marks(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<report_mark::Model>> {
    use report_mark::{Column, Entity};
    let marks = Entity::find()
        .filter(Column::SubmissionId.is_in(reports.iter().copied()))
        .order_by_asc(Column::Version);
    Ok(marks.all(connection).await?)
}

/// Writes who says what stands: of figures that were written nobody but the writer any more, of the others that it named the writer
/// only where it agrees. Three statements at most, however many figures there are.
pub async fn put_marks(
    tx: &impl ConnectionTrait,
    report: Uuid,
    (written, others): (&[Place], &[Place]),
    writer: Writer,
    marks: Vec<report_mark::ActiveModel>,
) -> Result<()> {
    use report_mark::{Column, Entity};
    let of = |places: &[Place]| {
        Entity::delete_many()
            .filter(Column::SubmissionId.eq(report))
            .filter(at((Column::IndicatorId, Column::Part), places))
    };
    if !written.is_empty() {
        of(written).exec(tx).await?;
    }
    if !others.is_empty() {
        of(others).filter(Column::AccountId.eq(writer.account)).exec(tx).await?;
    }
    if !marks.is_empty() {
        Entity::insert_many(marks).exec_without_returning(tx).await?;
    }
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
