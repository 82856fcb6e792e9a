//! What the schema shows of links by which passwords are chosen.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};

use super::Account;
use crate::accounts::usecases;
use crate::error::Result;
use crate::graphql::{UserError, outcome};

/// How a link got to its person.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum LinkDelivery {
    /// It was mailed to the address of the account.
    Mailed,
    /// There is no mail server or no address: hand `link` over.
    HandedOver,
    /// The mail server did not take it: hand `link` over, or try again later.
    Failed,
}

/// What came of making a link by which somebody chooses a password.
#[derive(SimpleObject)]
pub struct AccountLinkPayload {
    /// The account as it is now; null when `userErrors` says what to mend.
    account: Option<Account>,
    /// The link, to be handed to its person and nobody else; null when it was mailed. It works once.
    link: Option<String>,
    /// Until when the link works.
    link_expires_at: Option<DateTime<Utc>>,
    /// How the link got to its person.
    delivery: Option<LinkDelivery>,
    /// What a form can mend; empty when the change was made.
    user_errors: Vec<UserError>,
}

impl AccountLinkPayload {
    /// The payload of a use-case's outcome.
    pub(super) fn of(result: Result<usecases::LinkMade>) -> async_graphql::Result<Option<Self>> {
        let (made, user_errors) = outcome(result)?;
        let delivery = made.as_ref().map(|made| match made.delivery {
            usecases::Delivery::Mailed => LinkDelivery::Mailed,
            usecases::Delivery::HandedOver => LinkDelivery::HandedOver,
            usecases::Delivery::Failed => LinkDelivery::Failed,
        });
        let link_expires_at = made.as_ref().map(|made| made.expires_at);
        let (account, link) = made.map_or((None, None), |made| (Some(made.account.into()), made.link));
        Ok(Some(Self {
            account,
            link,
            link_expires_at,
            delivery,
            user_errors,
        }))
    }
}
