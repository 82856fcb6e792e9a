//! Opening a session, by whatever its owner has shown who they are.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::{account, provider_link, session};

use super::{Sessions, SignedIn, client, end_sessions, hand_out, record};
use crate::accounts::store;
use crate::audit::Event;
use crate::env::Env;
use crate::error::Result;

/// Most sessions of one account; a sign-in beyond them ends the oldest.
pub const SESSIONS_MAX: usize = 20;

/// By what somebody has shown who they are.
pub enum By {
    /// By the password.
    Password,
    /// By an identity provider.
    Provider {
        /// The link to the person there.
        link: provider_link::Model,
        /// When they signed in there, where it tells.
        authenticated_at: Option<DateTime<Utc>>,
    },
}

/// Opens a session of somebody who has shown who they are, with or without a second factor. The row of the account is locked.
pub async fn open(
    tx: &impl ConnectionTrait,
    env: &Env,
    account: &account::Model,
    by: By,
    second_factor: bool,
) -> Result<SignedIn> {
    let now = env.now();
    let (address, client) = client();
    let (link, shown_at, detail) = match by {
        By::Password => (None, None, json!({})),
        // Who has long been signed in there has not shown just now who they are.
        By::Provider { link, authenticated_at } => {
            (Some(link.id), authenticated_at, json!({ "provider": link.issuer }))
        }
    };
    let session = session::ActiveModel {
        id: Set(env.new_id()),
        account_id: Set(account.id),
        created_at: Set(now),
        expires_at: Set(now + env.session_life),
        last_used_at: Set(None),
        address: Set(address),
        client: Set(client),
        confirmed_at: Set(shown_at.filter(|_| !second_factor)),
        second_factor_at: Set(second_factor.then_some(now)),
        provider_link_id: Set(link),
        ended_at: Set(None),
        end_reason: Set(None),
    }
    .insert(tx)
    .await?;
    // The list of one's sessions stays one that a person can read; a program that signs in for each call ends its own old ones.
    for old in store::live_sessions(tx, account.id, now)
        .await?
        .iter()
        .skip(SESSIONS_MAX)
    {
        end_sessions(tx, env, account.id, Sessions::This(old.id), "TOO_MANY").await?;
    }
    record(tx, env, account, session.id, (Event("SIGNED_IN"), detail)).await?;
    hand_out(tx, env, account.id, session.id, None).await
}
