//! Passwords that must be changed, the e-mail address of an account, and links that work once, by which somebody chooses a
//! password.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_columns, drop_tables};

/// Passwords that must be changed, the e-mail address of an account, and links that work once, by which somebody chooses a
/// password.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("account")
            .boolean_no("must_change_password")
            .instant_or_null("password_chosen_at")
            .text_or_null("email")
            .instant_or_null("email_verified_at")
            .add(manager)
            .await?;
        NewTable::named("one_time_link")
            .bytes("hash")
            .reference("account_id", "account")
            .one_of("purpose", &["INVITATION", "PASSWORD_RESET"])
            .text_or_null("mailed_to")
            .instant("made_at")
            .reference_or_null("made_by", "account")
            .instant("expires_at")
            .instant_or_null("used_at")
            .instant_or_null("superseded_at")
            .primary_key(&["hash"])
            .index(&["account_id"])
            .index(&["expires_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["one_time_link"]).await?;
        let columns = [
            "must_change_password",
            "password_chosen_at",
            "email",
            "email_verified_at",
        ];
        drop_columns(manager, "account", &columns, &[]).await
    }
}
