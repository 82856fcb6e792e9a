//! Which person at an identity provider is which account here. The one thing by which a sign-in through a provider finds its account.

use sea_orm::entity::prelude::*;

/// Which person at an identity provider is which account here. The one thing by which a sign-in through a provider finds its account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_link")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The provider, by the address that it calls itself.
    pub issuer: String,
    /// The person there: the claim `sub`, which the provider never gives to anybody else.
    pub subject: String,
    /// When they were linked.
    pub linked_at: DateTimeUtc,
    /// Who linked them: the owner of the account, who signed in there, or an administrator, who recorded the subject.
    pub linked_by: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
