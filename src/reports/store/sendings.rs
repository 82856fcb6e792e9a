//! SQL of what reports said each time they were sent: kept at the sending, never changed. A fixed number of statements, however many
//! figures.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic as _, Iterable as _, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use thidua_entity::{
    report_explanation, report_sending, report_sent_explanation, report_sent_value, report_submission, report_value,
};
use uuid::Uuid;

use super::seen_by_place;
use crate::auth::Actor;
use crate::error::Result;
use crate::policy::Reach;
use crate::version;

/// Keeps what a report says at the moment at which it is sent. Nobody else may send it meanwhile.
pub async fn keep_sending(
    tx: &impl ConnectionTrait,
    id: Uuid,
    report: &report_submission::Model,
    actor: &Actor,
    at: DateTime<Utc>,
) -> Result<()> {
    use report_sending::{Column, Entity};
    let last: Option<Option<i32>> = Entity::find()
        .select_only()
        .column_as(Column::Number.max(), "last")
        .filter(Column::SubmissionId.eq(report.id))
        .into_tuple()
        .one(tx)
        .await?;
    let sending = report_sending::ActiveModel {
        id: Set(id),
        submission_id: Set(report.id),
        number: Set(version::next(last.flatten().unwrap_or_default())),
        note: Set(report.note.clone()),
        account_id: Set(actor.recorded_as()),
        acted_for: Set(actor.acting_for()),
        at: Set(at),
    };
    Entity::insert(sending).exec_without_returning(tx).await?;
    copy::<report_value::Entity, report_sent_value::Entity>(
        tx,
        (report_value::Column::SubmissionId, report.id),
        (report_sent_value::Column::SendingId, id),
    )
    .await?;
    copy::<report_explanation::Entity, report_sent_explanation::Entity>(
        tx,
        (report_explanation::Column::SubmissionId, report.id),
        (report_sent_explanation::Column::SendingId, id),
    )
    .await
}

/// Copies what belongs to a report into the table beside, whose columns have the same names, for a sending.
async fn copy<Of: EntityTrait, Kept: EntityTrait>(
    tx: &impl ConnectionTrait,
    (owner, report): (Of::Column, Uuid),
    (keeper, sending): (Kept::Column, Uuid),
) -> Result<()> {
    let mut rows = Query::select();
    for column in Kept::Column::iter() {
        if column.as_str() == keeper.as_str() {
            rows.expr(Expr::val(sending));
        } else {
            rows.column(Alias::new(column.as_str()));
        }
    }
    rows.from(Of::default()).and_where(owner.eq(report));
    let mut copies = Query::insert();
    copies.into_table(Kept::default()).columns(Kept::Column::iter());
    copies.select_from(rows).map_err(crate::error::Error::internal)?;
    tx.execute(&copies).await?;
    Ok(())
}

/// The last sendings of each of some reports, the last first: of those whose units the caller sees. Who sees a report only because it was
/// handed in in a cluster sees what stands in it, and not what was sent back before.
pub async fn last_sendings(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    reports: &[Uuid],
    most: i32,
) -> Result<Vec<report_sending::Model>> {
    use report_sending::{Column, Entity};
    let later = Alias::new("later");
    let number = |of: Alias| Expr::col((of, Column::Number));
    let last = Query::select()
        .expr(number(later.clone()).max())
        .from_as(Entity, later.clone())
        .and_where(Expr::col((later, Column::SubmissionId)).eq(Expr::col((Entity, Column::SubmissionId))))
        .to_owned();
    let sendings = Entity::find()
        .filter(Column::SubmissionId.is_in(reports.iter().copied()))
        .filter(Column::SubmissionId.in_subquery(seen_by_place(reach, today)?))
        .filter(Expr::col((Entity, Column::Number)).add(most).gt(Expr::from(last)))
        .order_by_desc(Column::Number);
    Ok(sendings.all(connection).await?)
}

/// One sending of a report, under the same terms.
pub async fn sending(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    (report, number): (Uuid, i32),
) -> Result<Option<report_sending::Model>> {
    use report_sending::{Column, Entity};
    let found = Entity::find()
        .filter(Column::SubmissionId.eq(report))
        .filter(Column::Number.eq(number))
        .filter(Column::SubmissionId.in_subquery(seen_by_place(reach, today)?));
    Ok(found.one(connection).await?)
}

/// Figures with which reports were sent, in the shape of a report's own; in the place of the report stands the sending. Give it only sendings
/// that are seen.
pub async fn sent_values(connection: &impl ConnectionTrait, sendings: &[Uuid]) -> Result<Vec<report_value::Model>> {
    use report_sent_value::{Column, Entity, Model};
    let values = Entity::find().filter(Column::SendingId.is_in(sendings.iter().copied()));
    let shaped = |value: Model| report_value::Model {
        submission_id: value.sending_id,
        indicator_id: value.indicator_id,
        part: value.part,
        value: value.value,
        upper: value.upper,
        choice: value.choice,
        qualifier: value.qualifier,
        nature: value.nature,
        raw: value.raw,
        updated_at: value.updated_at,
    };
    Ok(values.all(connection).await?.into_iter().map(shaped).collect())
}

/// What units said to rules that their reports broke when they were sent. Give it only sendings that are seen.
pub async fn sent_explanations(
    connection: &impl ConnectionTrait,
    sendings: &[Uuid],
) -> Result<Vec<report_sent_explanation::Model>> {
    use report_sent_explanation::{Column, Entity};
    let explanations = Entity::find().filter(Column::SendingId.is_in(sendings.iter().copied()));
    Ok(explanations.all(connection).await?)
}
