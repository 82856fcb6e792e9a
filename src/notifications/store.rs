//! SQL of events and notifications. A notification is seen by the account that it tells, and by nobody else.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Order};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    Set,
};
use thidua_entity::enums::NotificationKind;
use thidua_entity::{event, notification};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::Result;

mod digests;
pub mod reminders;
mod whom;

pub use digests::{Mailed, digest, due, mailed, set_rhythm, take_turn, unmailed};
pub use whom::{holders, nearest_holders, unlocked_among};

/// The oldest events that are to be handled now.
pub async fn waiting(connection: &impl ConnectionTrait, now: DateTime<Utc>, most: u64) -> Result<Vec<event::Model>> {
    let waiting = event::Entity::find()
        .filter(event::Column::HandledAt.is_null())
        .filter(event::Column::DueAt.lte(now))
        .order_by_asc(event::Column::DueAt)
        .order_by_asc(event::Column::Id)
        .limit(most);
    Ok(waiting.all(connection).await?)
}

/// Takes an event; false when another instance has it.
pub async fn take(tx: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let taken = event::Entity::update_many()
        .col_expr(event::Column::HandledAt, Expr::val(now))
        .filter(event::Column::Id.eq(id))
        .filter(event::Column::HandledAt.is_null())
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Leaves an event that could not be handled for later.
pub async fn postpone(tx: &impl ConnectionTrait, id: Uuid, until: DateTime<Utc>) -> Result<()> {
    event::Entity::update_many()
        .col_expr(event::Column::DueAt, Expr::val(until))
        .col_expr(event::Column::Failures, Expr::col(event::Column::Failures).add(1))
        .filter(event::Column::Id.eq(id))
        .filter(event::Column::HandledAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Tells accounts of a thing. Who has not read yet what they were told of it is told once more in the same entry.
pub async fn put(tx: &impl ConnectionTrait, rows: Vec<notification::ActiveModel>) -> Result<()> {
    use notification::Column;
    if rows.is_empty() {
        return Ok(());
    }
    let unread = Expr::col((notification::Entity, Column::ReadAt)).is_null();
    let once_more = Expr::col((notification::Entity, Column::Count)).add(1);
    let again = OnConflict::columns([Column::AccountId, Column::Kind, Column::SubjectId])
        .update_columns([Column::Detail, Column::At])
        .value(Column::Count, CaseStatement::new().case(unread, once_more).finally(1))
        .value(Column::ReadAt, Expr::val(Option::<DateTime<Utc>>::None))
        .value(Column::MailedAt, Expr::val(Option::<DateTime<Utc>>::None))
        .to_owned();
    for some in rows.chunks(db::ROWS_AT_ONCE / 10) {
        notification::Entity::insert_many(some.to_vec())
            .on_conflict(again.clone())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// What an account is told.
fn visible(account: Uuid) -> Select<notification::Entity> {
    notification::Entity::find().filter(notification::Column::AccountId.eq(account))
}

/// Which notifications a list shows.
#[derive(Clone, Debug, Default)]
pub struct NotificationFilter {
    /// Only those that are new, or only those that were read.
    pub unread: Option<bool>,
    /// Only these kinds.
    pub kinds: Option<Vec<NotificationKind>>,
}

/// A page of what an account is told, the newest first, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    account: Uuid,
    filter: &NotificationFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<notification::Model>, Option<u64>)> {
    use notification::Column;
    let mut select = visible(account);
    if let Some(unread) = filter.unread {
        select = select.filter(if unread {
            Column::ReadAt.is_null()
        } else {
            Column::ReadAt.is_not_null()
        });
    }
    if let Some(kinds) = &filter.kinds {
        select = select.filter(Column::Kind.is_in(kinds.iter().copied()));
    }
    let sorting = Sorting::by(
        (Column::At, SortValue::Instant(DateTime::<Utc>::MIN_UTC)),
        Column::Id,
        Order::Desc,
        |row: &notification::Model| vec![SortValue::Instant(row.at), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// How much is new for an account.
pub async fn unread(connection: &impl ConnectionTrait, account: Uuid) -> Result<u64> {
    let unread = visible(account).filter(notification::Column::ReadAt.is_null());
    Ok(unread.count(connection).await?)
}

/// Which notifications are marked as read.
#[derive(Clone, Debug)]
pub enum Which {
    /// These. Those of others are passed over.
    These(Vec<Uuid>),
    /// All that happened up to this instant: what came while the list was being read stays new.
    UpTo(DateTime<Utc>),
}

/// Marks notifications of an account as read.
pub async fn mark_read(tx: &impl ConnectionTrait, account: Uuid, which: &Which, now: DateTime<Utc>) -> Result<()> {
    use notification::Column;
    let which = match which {
        Which::These(ids) => Column::Id.is_in(ids.iter().copied()),
        Which::UpTo(instant) => Column::At.lte(*instant),
    };
    notification::Entity::update_many()
        .col_expr(Column::ReadAt, Expr::val(now))
        .filter(Condition::all().add(Column::AccountId.eq(account)).add(which))
        .filter(Column::ReadAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes what was handled or last happened before an instant.
pub async fn forget(tx: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64> {
    let events = event::Entity::delete_many().filter(event::Column::HandledAt.lt(before));
    let notifications = notification::Entity::delete_many().filter(notification::Column::At.lt(before));
    Ok(events.exec(tx).await?.rows_affected + notifications.exec(tx).await?.rows_affected)
}

/// What accounts are to be told of a thing.
pub struct News {
    /// What of.
    pub kind: NotificationKind,
    /// The thing: its kind and its id. The same kind of news of the same thing is counted until it is read.
    pub subject: (String, Uuid),
    /// What the sentence is made of, a JSON object.
    pub detail: String,
    /// When it happened.
    pub at: DateTime<Utc>,
}

impl News {
    /// The notification of one account.
    pub fn of(&self, account: Uuid, id: Uuid) -> notification::ActiveModel {
        let (subject_kind, subject_id) = self.subject.clone();
        notification::ActiveModel {
            id: Set(id),
            account_id: Set(account),
            kind: Set(self.kind),
            subject_kind: Set(subject_kind),
            subject_id: Set(subject_id),
            detail: Set(self.detail.clone()),
            count: Set(1),
            at: Set(self.at),
            read_at: Set(None),
            mailed_at: Set(None),
        }
    }
}
