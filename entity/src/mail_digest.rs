//! How often an account gets a letter with what it has not read, and how far that has come.

use sea_orm::entity::prelude::*;

use crate::enums::DigestRhythm;

/// How often an account gets a letter with what it has not read, and how far that has come. An account without a row gets one daily
/// and has had none.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_digest")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// How often.
    pub rhythm: DigestRhythm,
    /// Day of the last letter, or on which it was given up, in Asia/Ho_Chi_Minh.
    pub sent_on: Option<Date>,
    /// From when on a letter may be tried; whoever is writing one has put it off.
    pub due_at: DateTimeUtc,
    /// How often in a row mailing has failed.
    pub failures: i32,
}

impl ActiveModelBehavior for ActiveModel {}
