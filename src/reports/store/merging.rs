//! SQL of who says what stands for which figure, and of what was typed for figures that another had changed meanwhile.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use thidua_entity::{report_mark, report_rival};
use uuid::Uuid;

use super::{FIGURES_AT_ONCE, Touched, at};
use crate::error::Result;
use crate::reports::merging::Writer;

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

/// Lets go of who says what stands for figures that are written: `written` by whom it is said, of the others that the writer named
/// only the writer. Two statements at most, however many figures there are.
pub async fn take_marks(tx: &impl ConnectionTrait, written: &[Touched], others: &[Touched]) -> Result<()> {
    use report_mark::{Column, Entity};
    let columns = (Column::SubmissionId, Column::IndicatorId, Column::Part);
    if let Some(these) = at(columns, written, |_| None) {
        Entity::delete_many().filter(these).exec(tx).await?;
    }
    let own = |one: &Touched| Some(Condition::all().add(Column::AccountId.eq(one.writer.account)));
    if let Some(these) = at(columns, others, own) {
        Entity::delete_many().filter(these).exec(tx).await?;
    }
    Ok(())
}

/// Writes who says what stands: one statement for fifty reports with sixty figures.
pub async fn add_marks(tx: &impl ConnectionTrait, marks: Vec<report_mark::ActiveModel>) -> Result<()> {
    for some in marks.chunks(FIGURES_AT_ONCE) {
        report_mark::Entity::insert_many(some.to_vec())
            .exec_without_returning(tx)
            .await?;
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
pub async fn settle_rivals(tx: &impl ConnectionTrait, touched: &[Touched]) -> Result<()> {
    use report_rival::{Column, Entity};
    let settled = |one: &Touched| {
        let settled = Condition::any()
            .add(Column::Version.lte(one.writer.seen))
            .add(Column::AccountId.eq(one.writer.account));
        Some(settled)
    };
    if let Some(these) = at(
        (Column::SubmissionId, Column::IndicatorId, Column::Part),
        touched,
        settled,
    ) {
        Entity::delete_many().filter(these).exec(tx).await?;
    }
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
