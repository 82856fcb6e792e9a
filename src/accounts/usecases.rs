//! What is done with accounts: making and locking them. Roles are in `usecases/grants.rs`, signing in and out in
//! `usecases/sessions.rs`, links by which a password is chosen in `usecases/links.rs`, choosing it in `usecases/choosing.rs`.

use std::collections::HashSet;

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::account;
use thidua_entity::enums::ScopeKind;
use uuid::Uuid;

use super::passwords::{self, Choice};
use super::store;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::Turn;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Place, Scope};
use crate::{db, input, text};

mod access;
mod choosing;
mod delegations;
mod grants;
mod links;
pub mod personal;
pub mod provider;
pub mod second_factor;
mod services;
mod sessions;
pub use access::{access_changed, caller, caller_of, hear_of_changes, keep_hearing, officers_changed};
pub use choosing::{change_password, choose_password, forgotten};
pub use delegations::*;
pub use grants::{NewGrant, grant_role, read_scope_id, withdraw_grant};
use grants::{administers_everything, insert_grant, not_the_last, places, scope, scope_named};
pub use links::{Delivery, LinkMade, forget_old_links, invite, reset_password, set_email};
pub use services::{
    MadeSecret, NewService, ServiceChange, ServiceToken, add_secret, create_service, managed_places, managed_service,
    retire_secret, set_service_disabled, token, update_service,
};
pub use sessions::*;

/// An account to be made.
struct NewAccount<'a> {
    username: &'a str,
    display_name: &'a str,
    email: Option<&'a str>,
    /// `None` when its owner will choose one by a link.
    password: Option<&'a str>,
    /// Whether the password must be changed.
    temporary: bool,
}

/// Makes an account without any role yet. Its owner must change the password, which another knows, before anything else.
pub async fn create(
    env: &Env,
    actor: &Actor,
    username: &str,
    display_name: &str,
    password: &str,
) -> Result<account::Model> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let new = NewAccount {
        username,
        display_name,
        email: None,
        password: Some(password),
        temporary: true,
    };
    let row = prepare(env, actor, new).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = insert(&tx, env, actor, row).await?;
    tx.commit().await?;
    Ok(account)
}

/// Reads what is said of a new account and hashes its password, before any transaction begins.
async fn prepare(env: &Env, actor: &Actor, new: NewAccount<'_>) -> Result<account::ActiveModel> {
    let username = read_username(new.username)?;
    let display_name = input::line("displayName", new.display_name)?;
    let email = links::read_email(new.email)?;
    let password_hash = match new.password {
        Some(password) => {
            let choice = Choice {
                field: "password",
                username: &username,
                display_name: &display_name,
            };
            passwords::check(password, choice)?;
            env.passwords.hash(password).await?
        }
        None => passwords::NONE.to_owned(),
    };
    Ok(account::ActiveModel {
        id: Set(env.new_id()),
        search_key: Set(text::query_words(&format!("{username} {display_name}")).join(" ")),
        username: Set(username),
        display_name: Set(display_name),
        service: Set(false),
        password_hash: Set(password_hash),
        must_change_password: Set(new.temporary),
        password_chosen_at: Set(None),
        email: Set(email),
        email_verified_at: Set(None),
        locked_at: Set(None),
        access_changed_at: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
        created_by: Set(actor.recorded_as()),
    })
}

async fn insert(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    row: account::ActiveModel,
) -> Result<account::Model> {
    let account = row.insert(tx).await?;
    let detail = json!({ "username": account.username });
    audit::record(
        tx,
        env,
        actor,
        Event("ACCOUNT_CREATED"),
        (Kind::Account, account.id),
        detail,
    )
    .await?;
    Ok(account)
}

/// Most characters of a sign-in name: an e-mail address fits.
const USERNAME_MAX: usize = 100;

fn read_username(username: &str) -> Result<String> {
    let username = username.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    if (3..=USERNAME_MAX).contains(&username.len()) && username.chars().all(allowed) {
        Ok(username.to_ascii_lowercase())
    } else {
        Err(Error::invalid(
            "USERNAME_INVALID",
            "username",
            format!("Tên đăng nhập gồm 3 đến {USERNAME_MAX} ký tự a-z, 0-9, dấu chấm, gạch ngang, gạch dưới, @."),
            format!("A user name has 3 to {USERNAME_MAX} characters out of a-z, 0-9, dot, hyphen, underscore, @."),
        ))
    }
}

/// Locks an account: it cannot sign in and its sessions end at once. Or unlocks it.
pub async fn set_locked(env: &Env, actor: &Actor, id: Uuid, version: i32, locked: bool) -> Result<account::Model> {
    let tx = db::begin_write(&env.db).await?;
    db::wait_for_turn(&tx, Turn::Administrators).await?;
    let account = find_managed(&tx, env, actor, id).await?;
    if !manageable(&tx, env, actor, &[id]).await?.contains(&id) {
        return Err(Error::Forbidden(Action::AccountManage));
    }
    not_oneself(actor, id, "id")?;
    if account.locked_at.is_some() == locked {
        return Err(Error::WrongState(if locked {
            Text::new("Tài khoản đã bị khóa từ trước.", "The account is locked already.")
        } else {
            Text::new("Tài khoản không bị khóa.", "The account is not locked.")
        }));
    }
    if locked && administers_everything(&store::grants(&tx, &[id]).await?, env) {
        not_the_last(&tx, env, id).await?;
    }
    let change = account::ActiveModel {
        locked_at: Set(locked.then(|| env.now())),
        ..Default::default()
    };
    let account = store::update(&tx, &account, version, change).await?;
    if locked {
        end_sessions(&tx, env, id, Sessions::All, "LOCKED").await?;
    }
    // What it delegated holds no longer, or again.
    access_changed(&tx, env, &store::bound_to(&tx, &[id], env.today()).await?).await?;
    let event = Event(if locked { "ACCOUNT_LOCKED" } else { "ACCOUNT_UNLOCKED" });
    record(&tx, env, actor, event, id).await?;
    tx.commit().await?;
    Ok(account)
}

/// An account that the caller sees as one who manages accounts. Its row is locked, so that two who change its grants wait
/// for each other.
async fn find_managed(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<account::Model> {
    let reach = policy::reach_for(actor, Action::AccountManage);
    store::find(tx, &reach, actor.account_id, env.today(), id).await?;
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    store::lock(tx, id).await
}

/// An account of which the caller may know everything that it holds: one that it manages as a whole.
pub async fn asked_about(
    connection: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<account::Model> {
    let reach = policy::reach_for(actor, Action::AccountManage);
    let account = store::find(connection, &reach, actor.account_id, env.today(), id).await?;
    if manageable(connection, env, actor, &[id]).await?.contains(&id) {
        Ok(account)
    } else {
        Err(Error::Forbidden(Action::AccountManage))
    }
}

/// Whether some scopes lie in the hands of the caller as one who manages accounts.
pub async fn manages(connection: &impl ConnectionTrait, env: &Env, actor: &Actor, scopes: &[Scope]) -> Result<bool> {
    let managed = managed_places(connection, env, actor, scopes).await?;
    Ok(scopes.iter().all(|scope| managed.contains(scope)))
}

/// Nobody widens, narrows or locks their own account: what somebody may do is for another to say.
pub fn not_oneself(actor: &Actor, id: Uuid, field: &str) -> Result<()> {
    if actor.recorded_as() != Some(id) {
        return Ok(());
    }
    Err(Error::invalid(
        "OWN_ACCOUNT",
        field,
        "Không thể tự khóa, tự phân quyền hay tự đặt lại mật khẩu cho tài khoản của mình; hãy nhờ một quản trị viên khác.",
        "Nobody locks, grants roles to or resets their own account; ask another administrator.",
    ))
}

/// Those of some accounts that the caller may change as a whole: all that they hold, today or later, lies in its hands. Else
/// a small administrator could lock or take over a large one. A few statements, however many accounts.
pub async fn manageable(
    connection: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    accounts: &[Uuid],
) -> Result<HashSet<Uuid>> {
    let mut rest: HashSet<Uuid> = accounts.iter().copied().collect();
    if policy::permits(actor, Action::AccountManage, &Place::COMMON) {
        return Ok(rest);
    }
    if policy::authorize_anywhere(actor, Action::AccountManage).is_err() {
        return Ok(HashSet::new());
    }
    let today = env.today();
    let mut held = store::grants(connection, accounts).await?;
    held.retain(|grant| grant.valid_to.is_none_or(|to| to > today));
    let scopes: Vec<Scope> = held.iter().filter_map(scope).collect();
    let places = places(connection, env, actor, &scopes).await?;
    for grant in &held {
        let place = scope(grant).and_then(|scope| places.get(&scope));
        if !place.is_some_and(|place| policy::permits(actor, Action::AccountManage, place)) {
            rest.remove(&grant.account_id);
        }
    }
    Ok(rest)
}

/// Makes the first administrator, or another, from the command line: account and role at once, or neither. A `temporary` password
/// must be changed.
pub async fn create_admin(
    env: &Env,
    username: &str,
    display_name: &str,
    password: &str,
    temporary: bool,
) -> Result<account::Model> {
    let actor = Actor::command_line();
    let new = NewAccount {
        username,
        display_name,
        email: None,
        password: Some(password),
        temporary,
    };
    let row = prepare(env, &actor, new).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = insert(&tx, env, &actor, row).await?;
    let everything = NewGrant {
        account_id: account.id,
        role: policy::ADMINISTRATOR,
        scope_kind: ScopeKind::Everything,
        scope_id: None,
        valid_from: None,
        valid_to: None,
    };
    insert_grant(&tx, env, &actor, &account, everything, env.today()).await?;
    tx.commit().await?;
    Ok(account)
}

async fn record(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, event: Event, account: Uuid) -> Result<()> {
    audit::record(tx, env, actor, event, (Kind::Account, account), json!({})).await
}
