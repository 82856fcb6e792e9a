//! Links that work once, by which the owner of an account chooses a password: how they are made and handed out, invitations, and
//! resets by an administrator.
//!
//! Only the hash of a link is stored. A link is mailed after the commit; where there is no mail server, no address, or the server
//! fails, the administrator who made it gets it to hand it over.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::LinkPurpose;
use thidua_entity::{account, one_time_link};
use uuid::Uuid;

use super::{
    NewAccount, Sessions, access_changed, end_sessions, find_managed, insert, manageable, not_oneself, prepare, record,
};
use crate::accounts::letters::{self, Link};
use crate::accounts::{passwords, store};
use crate::audit::{self, Event};
use crate::auth::{self, Actor};
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::{db, mail as mails};

/// How long links that are over are kept.
const KEPT: Duration = Duration::days(7);

/// How a link got to its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It was mailed.
    Mailed,
    /// There is no mail server or no address: who made it hands it over.
    HandedOver,
    /// The mail server did not take it: who made it hands it over, or tries again.
    Failed,
}

/// A link that an administrator made.
pub struct LinkMade {
    /// For whom.
    pub account: account::Model,
    /// The link, unless it was mailed: then nobody else needs to know it.
    pub link: Option<String>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// How it got to its person.
    pub delivery: Delivery,
}

/// A link that was made and not yet told to anybody.
pub(super) struct Fresh {
    token: String,
    hash: Vec<u8>,
    purpose: LinkPurpose,
    mailed_to: Option<String>,
    expires_at: DateTime<Utc>,
}

/// What a token begins with. It is hashed with it, so that no token can be used for another purpose.
pub(super) const fn mark(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::Invitation => "inv-",
        LinkPurpose::PasswordReset => "pwr-",
    }
}

/// Makes a link for an account in the transaction at hand; those of the same purpose that are still open are void.
pub(super) async fn make(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    account: &account::Model,
    purpose: LinkPurpose,
) -> Result<Fresh> {
    let now = env.now();
    let token = format!("{}{}", mark(purpose), auth::new_secret().0);
    let life = match purpose {
        LinkPurpose::Invitation => env.links.invitation,
        LinkPurpose::PasswordReset => env.links.password_reset,
    };
    let fresh = Fresh {
        hash: auth::hash_secret(&token),
        token,
        purpose,
        mailed_to: account.email.clone().filter(|_| env.mail.is_set_up()),
        expires_at: now + life,
    };
    store::supersede_links(tx, account.id, Some(purpose), now).await?;
    one_time_link::ActiveModel {
        hash: Set(fresh.hash.clone()),
        account_id: Set(account.id),
        purpose: Set(purpose),
        mailed_to: Set(fresh.mailed_to.clone()),
        made_at: Set(now),
        made_by: Set(actor.recorded_as()),
        expires_at: Set(fresh.expires_at),
        used_at: Set(None),
        superseded_at: Set(None),
    }
    .insert(tx)
    .await?;
    Ok(fresh)
}

/// Mails a fresh link; says so when there is nowhere to mail it.
pub(super) async fn mail(env: &Env, account: &account::Model, fresh: &Fresh) -> Result<bool> {
    let Some(address) = &fresh.mailed_to else {
        return Ok(false);
    };
    let letter = letters::link(&Link {
        purpose: fresh.purpose,
        name: &account.display_name,
        username: &account.username,
        address,
        link: &env.links.to(&fresh.token),
        expires_at: fresh.expires_at,
    });
    env.mail.send(letter).await?;
    Ok(true)
}

/// Mails a committed link or hands it to who made it.
async fn deliver(env: &Env, account: account::Model, fresh: Fresh) -> Result<LinkMade> {
    let delivery = match mail(env, &account, &fresh).await {
        Ok(true) => Delivery::Mailed,
        Ok(false) => Delivery::HandedOver,
        Err(error) => {
            tracing::warn!(account.id = %account.id, cause = %error, "A link could not be mailed; its maker was told");
            let tx = db::begin_write(&env.db).await?;
            store::link_not_mailed(&tx, &fresh.hash).await?;
            tx.commit().await?;
            Delivery::Failed
        }
    };
    Ok(LinkMade {
        link: (delivery != Delivery::Mailed).then(|| env.links.to(&fresh.token)),
        expires_at: fresh.expires_at,
        account,
        delivery,
    })
}

/// Makes an account whose owner chooses the first password by a link. Until then nobody can sign in to it.
pub async fn invite(
    env: &Env,
    actor: &Actor,
    username: &str,
    display_name: &str,
    email: Option<&str>,
) -> Result<LinkMade> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let new = NewAccount {
        username,
        display_name,
        email,
        password: None,
        temporary: true,
    };
    let row = prepare(env, actor, new).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = insert(&tx, env, actor, row).await?;
    let fresh = make(&tx, env, actor, &account, LinkPurpose::Invitation).await?;
    record(&tx, env, actor, Event("ACCOUNT_INVITED"), account.id).await?;
    tx.commit().await?;
    deliver(env, account, fresh).await
}

/// An account that the caller may take in hand as a whole, its own excepted, with its row locked.
pub(super) async fn find_in_hand(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<account::Model> {
    let account = find_managed(tx, env, actor, id).await?;
    if !manageable(tx, env, actor, &[id]).await?.contains(&id) {
        return Err(Error::Forbidden(Action::AccountManage));
    }
    not_oneself(actor, id, "id")?;
    Ok(account)
}

/// Takes the password of an account away, ends its sessions, and makes a link by which its owner chooses another. Who was invited
/// and has not chosen a password yet is invited anew.
pub async fn reset_password(env: &Env, actor: &Actor, id: Uuid, version: i32) -> Result<LinkMade> {
    let tx = db::begin_write(&env.db).await?;
    let account = find_in_hand(&tx, env, actor, id).await?;
    if account.locked_at.is_some() {
        return Err(Error::WrongState(Text::new(
            "Tài khoản đang bị khóa; hãy mở khóa trước.",
            "The account is locked; unlock it first.",
        )));
    }
    let invited = account.password_chosen_at.is_none() && account.password_hash == passwords::NONE;
    let purpose = if invited {
        LinkPurpose::Invitation
    } else {
        LinkPurpose::PasswordReset
    };
    let change = account::ActiveModel {
        password_hash: Set(passwords::NONE.to_owned()),
        must_change_password: Set(true),
        ..Default::default()
    };
    let account = store::update(&tx, &account, version, change).await?;
    end_sessions(&tx, env, id, Sessions::All, "PASSWORD_RESET").await?;
    access_changed(&tx, env, &[id]).await?;
    store::supersede_links(&tx, id, None, env.now()).await?;
    let fresh = make(&tx, env, actor, &account, purpose).await?;
    let detail = json!({ "purpose": purpose });
    let subject = (Kind::Account, id);
    audit::record(&tx, env, actor, Event("PASSWORD_RESET_ORDERED"), subject, detail).await?;
    tx.commit().await?;
    deliver(env, account, fresh).await
}

/// Sets or takes away the address of an account. Links that are still open are void: they may have gone to the old address.
pub async fn set_email(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    email: Option<&str>,
) -> Result<account::Model> {
    let email = read_email(email)?;
    let tx = db::begin_write(&env.db).await?;
    let account = find_in_hand(&tx, env, actor, id).await?;
    let verified = account.email_verified_at.filter(|_| account.email == email);
    let detail = json!({ "known": email.is_some() });
    let change = account::ActiveModel {
        email: Set(email),
        email_verified_at: Set(verified),
        ..Default::default()
    };
    let account = store::update(&tx, &account, version, change).await?;
    store::supersede_links(&tx, id, None, env.now()).await?;
    audit::record(&tx, env, actor, Event("EMAIL_SET"), (Kind::Account, id), detail).await?;
    tx.commit().await?;
    Ok(account)
}

/// An address that may be missing; an empty one counts as missing.
pub(super) fn read_email(email: Option<&str>) -> Result<Option<String>> {
    let email = email.filter(|email| !email.trim().is_empty());
    email.map(|email| mails::address("email", email)).transpose()
}

/// Deletes links that have long been over. The service does it now and then by itself.
pub async fn forget_old_links(env: &Env) -> Result<u64> {
    let tx = db::begin_write(&env.db).await?;
    let forgotten = store::forget_links(&tx, env.now() - KEPT).await?;
    tx.commit().await?;
    Ok(forgotten)
}
