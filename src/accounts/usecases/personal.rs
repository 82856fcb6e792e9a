//! What is known of a person: reading all of one's own, correcting it, having it erased, and the trace of who read that of many.
//! Rests on Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 (in force from 1 January 2026), by which whom data concern may see them, have
//! them corrected and have them deleted. Honours stay, and who decided what: both are records of the union.

use sea_orm::Set;
use sea_orm::sea_query::Order;
use serde_json::json;
use thidua_entity::{account, audit_entry, role_grant, session};
use uuid::Uuid;

use super::links::{find_in_hand, read_email};
use super::record;
use crate::accounts::store::{self, AccountFilter, AccountSort, Delegation};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::{self, Page, PageArgs};
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::{input, text};

/// Most of one's own deeds that an export holds, the newest: years of work.
pub const DEEDS_MAX: u64 = 10_000;

/// From so many accounts on, reading a list of them leaves a trace: fewer are looked up one by one.
const MANY: usize = 10;

/// All that is known of the owner of an account.
pub struct PersonalData {
    /// The account.
    pub account: account::Model,
    /// Roles that it holds, held or will hold.
    pub grants: Vec<role_grant::Model>,
    /// Delegations from it and to it that have not ended by their days.
    pub delegations: Vec<Delegation>,
    /// Its sessions that are kept, those that ended too.
    pub sessions: Vec<session::Model>,
    /// What it did, the newest first, at most [`DEEDS_MAX`].
    pub deeds: Vec<audit_entry::Model>,
    /// How much it did in all.
    pub deeds_total: u64,
}

/// All that is known of the caller. That it was asked for is recorded.
pub async fn export(env: &Env, actor: &Actor) -> Result<PersonalData> {
    let own = actor.account_id;
    let tx = db::begin_write(&env.db).await?;
    record(&tx, env, actor, Event("PERSONAL_DATA_EXPORTED"), own).await?;
    let (deeds, deeds_total) = store::deeds(&tx, own, DEEDS_MAX).await?;
    let data = PersonalData {
        account: store::own(&tx, own).await?,
        grants: store::grants(&tx, &[own]).await?,
        delegations: store::delegations_of(&tx, own, env.today()).await?,
        sessions: store::all_sessions(&tx, own).await?,
        deeds,
        deeds_total,
    };
    tx.commit().await?;
    Ok(data)
}

/// What somebody corrects of their own account; what is `None` stays.
#[derive(Default)]
pub struct Correction<'a> {
    /// Name shown to others.
    pub display_name: Option<&'a str>,
    /// E-mail address; `Some(None)` takes it away.
    pub email: Option<Option<&'a str>>,
}

/// Corrects what is known of the caller. A new address is not verified: until a link that was mailed there has been used, no
/// password is reset by it. So whoever finds a phone on a desk gains nothing.
pub async fn correct(env: &Env, actor: &Actor, version: i32, correction: Correction<'_>) -> Result<account::Model> {
    let own = actor.account_id;
    let display_name = correction
        .display_name
        .map(|name| input::line("displayName", name))
        .transpose()?;
    let email = correction.email.map(read_email).transpose()?;
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, own).await?;
    let mut change = account::ActiveModel::default();
    let mut corrected = Vec::new();
    if let Some(name) = display_name {
        corrected.push("displayName");
        change.search_key = Set(text::query_words(&format!("{} {name}", account.username)).join(" "));
        change.display_name = Set(name);
    }
    if let Some(email) = email {
        corrected.push("email");
        change.email_verified_at = Set(account.email_verified_at.filter(|_| account.email == email));
        change.email = Set(email);
    }
    let account = store::update(&tx, &account, version, change).await?;
    if corrected.contains(&"email") {
        // They may have gone to the old address.
        store::supersede_links(&tx, own, None, env.now()).await?;
    }
    let (subject, detail) = ((Kind::Account, own), json!({ "corrected": corrected }));
    audit::record(&tx, env, actor, Event("ACCOUNT_CORRECTED"), subject, detail).await?;
    tx.commit().await?;
    Ok(account)
}

/// Erases how the owner of an account can be reached and where they were: address, and where sessions came from. By the owner, or by
/// who manages the account as a whole. The name stays beside what was done, and honours stay.
pub async fn erase_contact(env: &Env, actor: &Actor, id: Uuid, version: i32) -> Result<account::Model> {
    let tx = db::begin_write(&env.db).await?;
    let account = if actor.recorded_as() == Some(id) {
        store::lock(&tx, id).await?
    } else {
        find_in_hand(&tx, env, actor, id).await?
    };
    let change = account::ActiveModel {
        email: Set(None),
        email_verified_at: Set(None),
        ..Default::default()
    };
    let account = store::update(&tx, &account, version, change).await?;
    store::supersede_links(&tx, id, None, env.now()).await?;
    store::forget_addresses(&tx, id).await?;
    record(&tx, env, actor, Event("CONTACT_ERASED"), id).await?;
    tx.commit().await?;
    Ok(account)
}

/// A page of the accounts that the caller manages, and how many there are when that is asked. A page of many leaves a trace, since it
/// shows how many people can be reached.
pub async fn list(
    env: &Env,
    actor: &Actor,
    filter: &AccountFilter,
    order: (AccountSort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<account::Model>, Option<u64>)> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let (reach, today) = (policy::reach_for(actor, Action::AccountManage), env.today());
    let whose = (&reach, actor.account_id);
    let read = store::list(&env.db, whose, today, filter, order, args, count).await?;
    let shown = read.0.rows.len();
    if shown >= MANY {
        let tx = db::begin_write(&env.db).await?;
        let (subject, detail) = ((Kind::Account, actor.account_id), json!({ "accounts": shown }));
        audit::record(&tx, env, actor, Event("ACCOUNTS_READ"), subject, detail).await?;
        tx.commit().await?;
    }
    Ok(read)
}
