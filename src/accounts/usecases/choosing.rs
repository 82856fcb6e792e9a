//! Choosing a password: one's own anew, or by a link; and asking for a link because the password was forgotten.

use std::net::IpAddr;

use sea_orm::Set;
use serde_json::json;
use thidua_entity::account;
use thidua_entity::enums::LinkPurpose;
use uuid::Uuid;

use super::links::{mail, make, mark};
use super::{Sessions, USERNAME_MAX, access_changed, end_sessions, read_username, record};
use crate::accounts::passwords::{self, Choice};
use crate::accounts::store;
use crate::accounts::throttle::Tried;
use crate::audit::{self, Event};
use crate::auth::{self, Actor};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::{db, request};

/// Changes one's own password. Every other session of the account ends, and links by which it could be set are void.
pub async fn change_password(env: &Env, actor: &Actor, current: &str, new: &str) -> Result<account::Model> {
    let before = store::own(&env.db, actor.account_id).await?;
    let choice = Choice {
        field: "newPassword",
        username: &before.username,
        display_name: &before.display_name,
    };
    passwords::check(new, choice)?;
    let wrong = || {
        Error::invalid(
            "WRONG_PASSWORD",
            "currentPassword",
            "Mật khẩu hiện tại không đúng.",
            "The current password is wrong.",
        )
    };
    if current.len() > passwords::BYTES_MAX {
        return Err(wrong());
    }
    let (name, hash) = (&before.username, Some(before.password_hash.as_str()));
    if !env.passwords.verify(name, current, hash, env.now()).await? {
        return Err(wrong());
    }
    if passwords::are_the_same(current, new) {
        return Err(Error::invalid(
            "PASSWORD_UNCHANGED",
            "newPassword",
            "Mật khẩu mới phải khác mật khẩu hiện tại.",
            "The new password must be another than the current one.",
        ));
    }
    let hash = env.passwords.hash(new).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, actor.account_id).await?;
    // Hashing takes long enough for another change to come between.
    if account.password_hash != before.password_hash {
        return Err(wrong());
    }
    let change = account::ActiveModel {
        password_hash: Set(hash),
        must_change_password: Set(false),
        password_chosen_at: Set(Some(env.now())),
        ..Default::default()
    };
    let account = store::update(&tx, &account, account.version, change).await?;
    let others = Sessions::AllBut(actor.session_id);
    end_sessions(&tx, env, account.id, others, "PASSWORD_CHANGED").await?;
    // Also where no other session was: this one may do more than before.
    access_changed(&tx, env, &[account.id]).await?;
    store::supersede_links(&tx, account.id, None, env.now()).await?;
    record(&tx, env, actor, Event("PASSWORD_CHANGED"), account.id).await?;
    tx.commit().await?;
    Ok(account)
}

/// Somebody has forgotten the password of an account. The answer is the same, in text and in time, whether there is such an
/// account or not: what there is to do is done after it. A link is mailed only to an address that was shown to be its owner's.
pub fn forgotten(env: &Env, username: &str) -> Result<()> {
    let now = env.now();
    env.throttle.address(Tried::Forgotten, client_address(), now)?;
    let name = read_username(username);
    let counted = match &name {
        Ok(name) => name.clone(),
        Err(_) => username.chars().take(USERNAME_MAX).collect(),
    };
    env.throttle.name(Tried::Forgotten, &counted, now)?;
    let place = env.mail.place()?;
    let (Ok(name), true) = (name, env.mail.is_set_up()) else {
        return Ok(());
    };
    let env = env.clone();
    let work = async move {
        if let Err(error) = mail_to_who_forgot(&env, &name).await {
            tracing::warn!(cause = %error, "A link for a forgotten password could not be mailed");
        }
        drop(place);
    };
    match request::current() {
        Some(record) => tokio::spawn(request::scope(record, work)),
        None => tokio::spawn(work),
    };
    Ok(())
}

async fn mail_to_who_forgot(env: &Env, username: &str) -> Result<()> {
    let reachable = |account: &account::Model| account.locked_at.is_none() && account.email_verified_at.is_some();
    let Some(account) = store::by_username(&env.db, username).await?.filter(reachable) else {
        return Ok(());
    };
    let (actor, tx) = (Actor::unknown(), db::begin_write(&env.db).await?);
    let account = store::lock(&tx, account.id).await?;
    if !reachable(&account) {
        return Ok(());
    }
    let fresh = make(&tx, env, &actor, &account, LinkPurpose::PasswordReset).await?;
    record(&tx, env, &actor, Event("PASSWORD_RESET_ASKED"), account.id).await?;
    tx.commit().await?;
    mail(env, &account, &fresh).await?;
    Ok(())
}

fn client_address() -> Option<IpAddr> {
    request::current().and_then(|record| record.client.address)
}

/// Chooses a password by a link. Every session of the account ends, and every other link is void. Whatever is wrong with a link,
/// the answer is the same.
pub async fn choose_password(env: &Env, token: &str, new: &str) -> Result<()> {
    let now = env.now();
    env.throttle.address(Tried::PasswordByLink, client_address(), now)?;
    let purposes = LinkPurpose::ALL.iter().copied();
    let purpose = purposes.clone().find(|&purpose| token.starts_with(mark(purpose)));
    let (purpose, hash) = (purpose.ok_or_else(link_invalid)?, auth::hash_secret(token));
    // Looked at without the write lock first: guesses must not make those wait who have something to write.
    let link = store::open_link(&env.db, &hash, purpose, now)
        .await?
        .ok_or_else(link_invalid)?;
    let account = store::own(&env.db, link.account_id).await?;
    env.throttle.name(Tried::PasswordByLink, &account.username, now)?;
    let choice = Choice {
        field: "newPassword",
        username: &account.username,
        display_name: &account.display_name,
    };
    passwords::check(new, choice)?;
    let password_hash = env.passwords.hash(new).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, account.id).await?;
    let now = env.now();
    let link = store::open_link(&tx, &hash, purpose, now)
        .await?
        .ok_or_else(link_invalid)?;
    if account.locked_at.is_some() || !store::use_link(&tx, &hash, now).await? {
        return Err(link_invalid());
    }
    // Who has the link has the mail, so the address is theirs.
    let shown = link.mailed_to.is_some() && link.mailed_to == account.email;
    let verified = account.email_verified_at.or(shown.then_some(now));
    let change = account::ActiveModel {
        password_hash: Set(password_hash),
        must_change_password: Set(false),
        password_chosen_at: Set(Some(now)),
        email_verified_at: Set(verified),
        ..Default::default()
    };
    let account = store::update(&tx, &account, account.version, change).await?;
    store::supersede_links(&tx, account.id, None, now).await?;
    end_sessions(&tx, env, account.id, Sessions::All, "PASSWORD_CHANGED").await?;
    access_changed(&tx, env, &[account.id]).await?;
    let actor = Actor::new(account.id, account.username.clone(), Uuid::nil(), Vec::new());
    let detail = json!({ "by": purpose });
    let subject = (Kind::Account, account.id);
    audit::record(&tx, env, &actor, Event("PASSWORD_CHANGED"), subject, detail).await?;
    tx.commit().await?;
    env.passwords.forgive(&account.username);
    Ok(())
}

fn link_invalid() -> Error {
    Error::invalid(
        "LINK_INVALID",
        "token",
        "Liên kết không dùng được: đã dùng, đã hết hạn hoặc đã được thay. Hãy yêu cầu liên kết mới.",
        "The link does not work: it was used, has expired or was replaced. Ask for a new one.",
    )
}
