//! Somebody who may call the service.

use sea_orm::entity::prelude::*;

/// Somebody who may call the service.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Sign-in name, lower case, unique.
    pub username: String,
    /// Name shown to others, NFC.
    pub display_name: String,
    /// Whether it is a service account, of another system: nobody signs in to it, and `service_account` says what it is.
    pub service: bool,
    /// Folded words of both names, for search.
    pub search_key: String,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Whether somebody else knows or set the password: its owner can do nothing before choosing another.
    pub must_change_password: bool,
    /// When its owner last chose a password, as far as that was noted; `None` while only others have set one.
    pub password_chosen_at: Option<DateTimeUtc>,
    /// E-mail address, as somebody who manages the account gave it.
    pub email: Option<String>,
    /// When the owner used a link that was mailed to this very address.
    pub email_verified_at: Option<DateTimeUtc>,
    /// Since when it may not sign in.
    pub locked_at: Option<DateTimeUtc>,
    /// When its access last changed: its password, its lock, its sessions, its grants, the offices that its unit holds. Every
    /// instance looks for it. `None` while nothing has changed since the account was made.
    pub access_changed_at: Option<DateTimeUtc>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Who made it; `None` from the command line.
    pub created_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
