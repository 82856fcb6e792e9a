//! SQL of letters that gather what somebody has not read: to whom one is due, whose turn it is to write it, how far it has come.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Set,
};
use thidua_entity::enums::DigestRhythm;
use thidua_entity::{account, mail_digest, notification};
use uuid::Uuid;

use crate::db;
use crate::error::Result;

/// What is known of the letters of an account; without a row the default.
pub async fn digest(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<mail_digest::Model>> {
    Ok(mail_digest::Entity::find_by_id(account).one(connection).await?)
}

/// Chooses how often an account gets a letter.
pub async fn set_rhythm(
    tx: &impl ConnectionTrait,
    account: Uuid,
    rhythm: DigestRhythm,
    now: DateTime<Utc>,
) -> Result<mail_digest::Model> {
    let row = mail_digest::ActiveModel {
        rhythm: Set(rhythm),
        ..first(account, now)
    };
    let changed = OnConflict::column(mail_digest::Column::AccountId)
        .update_column(mail_digest::Column::Rhythm)
        .to_owned();
    Ok(mail_digest::Entity::insert(row)
        .on_conflict(changed)
        .exec_with_returning(tx)
        .await?)
}

fn first(account: Uuid, due_at: DateTime<Utc>) -> mail_digest::ActiveModel {
    mail_digest::ActiveModel {
        account_id: Set(account),
        rhythm: Set(DigestRhythm::Daily),
        sent_on: Set(None),
        due_at: Set(due_at),
        failures: Set(0),
    }
}

/// Whose letter is due: who has an address that is theirs, has not read something that no letter has told, and has had no letter today
/// or is one for Mondays.
pub async fn due(
    connection: &impl ConnectionTrait,
    (now, today): (DateTime<Utc>, NaiveDate),
    rhythms: &[DigestRhythm],
    most: u64,
) -> Result<Vec<account::Model>> {
    use mail_digest::Column;
    let new = Query::select()
        .expr(Expr::val(1))
        .from(notification::Entity)
        .and_where(
            Expr::col((notification::Entity, notification::Column::AccountId))
                .equals((account::Entity, account::Column::Id)),
        )
        .and_where(notification::Column::ReadAt.is_null())
        .and_where(notification::Column::MailedAt.is_null())
        .to_owned();
    let mut rhythm = Condition::any().add(Column::Rhythm.is_in(rhythms.iter().copied()));
    if rhythms.contains(&DigestRhythm::Daily) {
        rhythm = rhythm.add(Column::Rhythm.is_null());
    }
    let due = account::Entity::find()
        .join(JoinType::LeftJoin, of_account())
        .filter(account::Column::Service.eq(false))
        .filter(account::Column::LockedAt.is_null())
        .filter(account::Column::Email.is_not_null())
        .filter(account::Column::EmailVerifiedAt.is_not_null())
        .filter(rhythm)
        .filter(
            Condition::any()
                .add(Column::SentOn.is_null())
                .add(Column::SentOn.lt(today)),
        )
        .filter(
            Condition::any()
                .add(Column::DueAt.is_null())
                .add(Column::DueAt.lte(now)),
        )
        .filter(Expr::exists(new))
        .order_by_asc(account::Column::Id)
        .limit(most);
    Ok(due.all(connection).await?)
}

fn of_account() -> sea_orm::RelationDef {
    account::Entity::belongs_to(mail_digest::Entity)
        .from(account::Column::Id)
        .to(mail_digest::Column::AccountId)
        .into()
}

/// Takes the turn of writing to an account until an instant; false when another instance has it.
pub async fn take_turn(
    tx: &impl ConnectionTrait,
    account: Uuid,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool> {
    let mine = OnConflict::column(mail_digest::Column::AccountId)
        .update_column(mail_digest::Column::DueAt)
        .action_and_where(Expr::col((mail_digest::Entity, mail_digest::Column::DueAt)).lte(now))
        .to_owned();
    let taken = mail_digest::Entity::insert(first(account, until))
        .on_conflict(mine)
        .exec_without_returning(tx)
        .await?;
    Ok(taken == 1)
}

/// What is neither read nor mailed, the newest first.
pub async fn unmailed(connection: &impl ConnectionTrait, account: Uuid, most: u64) -> Result<Vec<notification::Model>> {
    let unmailed = super::visible(account)
        .filter(notification::Column::ReadAt.is_null())
        .filter(notification::Column::MailedAt.is_null())
        .order_by_desc(notification::Column::At)
        .order_by_desc(notification::Column::Id)
        .limit(most);
    Ok(unmailed.all(connection).await?)
}

/// Marks as mailed what a letter told, unless it has happened again meanwhile: then the next letter tells it.
async fn mark_mailed(tx: &impl ConnectionTrait, told: &[notification::Model], now: DateTime<Utc>) -> Result<()> {
    use notification::Column;
    for some in told.chunks(db::ROWS_AT_ONCE / 10) {
        let as_told = some.iter().fold(Condition::any(), |any, row| {
            let this = Condition::all()
                .add(Column::Id.eq(row.id))
                .add(Column::Count.eq(row.count))
                .add(Column::At.eq(row.at));
            any.add(this)
        });
        notification::Entity::update_many()
            .col_expr(Column::MailedAt, Expr::val(now))
            .filter(as_told)
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// What became of a letter.
#[derive(Debug)]
pub enum Mailed {
    /// It is sent, and told these.
    Sent(Vec<notification::Model>),
    /// There is nothing to tell any more, or it is not wanted any more.
    NotNeeded,
    /// It is tried again at an instant.
    Again(DateTime<Utc>),
    /// It is given up for the day; what it would have told goes into the next one.
    GivenUp,
}

/// Writes down what became of the letter of a day.
pub async fn mailed(
    tx: &impl ConnectionTrait,
    account: Uuid,
    (now, day): (DateTime<Utc>, NaiveDate),
    mailed: Mailed,
) -> Result<()> {
    use mail_digest::Column;
    let update = mail_digest::Entity::update_many().filter(Column::AccountId.eq(account));
    let update = match mailed {
        Mailed::NotNeeded => return Ok(()),
        Mailed::Again(at) => update
            .col_expr(Column::DueAt, Expr::val(at))
            .col_expr(Column::Failures, Expr::col(Column::Failures).add(1)),
        Mailed::Sent(told) => {
            mark_mailed(tx, &told, now).await?;
            update
                .col_expr(Column::SentOn, Expr::val(day))
                .col_expr(Column::Failures, Expr::val(0))
        }
        Mailed::GivenUp => update
            .col_expr(Column::SentOn, Expr::val(day))
            .col_expr(Column::Failures, Expr::val(0)),
    };
    update.exec(tx).await?;
    Ok(())
}
