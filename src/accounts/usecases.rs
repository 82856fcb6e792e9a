//! What is done with accounts: making and locking them, granting and withdrawing roles, changing one's password. Signing in
//! and out is in `usecases/sessions.rs`.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, role_grant};
use uuid::Uuid;

use super::{passwords, store};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::Turn;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Place, Scope};
use crate::{clusters, db, input, text, units};

mod access;
mod delegations;
mod sessions;
pub use access::{access_changed, actor, hear_of_changes, keep_hearing, officers_changed};
pub use delegations::*;
pub use sessions::*;

/// Changes one's own password. Every other session of the account ends.
pub async fn change_password(env: &Env, actor: &Actor, current: &str, new: &str) -> Result<account::Model> {
    passwords::check(new, "newPassword")?;
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
    let before = store::own(&env.db, actor.account_id).await?;
    let (name, hash) = (&before.username, Some(before.password_hash.as_str()));
    if !env.passwords.verify(name, current, hash, env.now()).await? {
        return Err(wrong());
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
        ..Default::default()
    };
    let account = store::update(&tx, &account, account.version, change).await?;
    let others = Sessions::AllBut(actor.session_id);
    end_sessions(&tx, env, account.id, others, "PASSWORD_CHANGED").await?;
    record(&tx, env, actor, Event("PASSWORD_CHANGED"), account.id).await?;
    tx.commit().await?;
    Ok(account)
}

/// Makes an account without any role yet. Its owner changes the password.
pub async fn create(
    env: &Env,
    actor: &Actor,
    username: &str,
    display_name: &str,
    password: &str,
) -> Result<account::Model> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let row = prepare(env, actor, username, display_name, password).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = insert(&tx, env, actor, row).await?;
    tx.commit().await?;
    Ok(account)
}

/// Reads what is said of a new account and hashes its password, before any transaction begins.
async fn prepare(
    env: &Env,
    actor: &Actor,
    username: &str,
    display_name: &str,
    password: &str,
) -> Result<account::ActiveModel> {
    let username = read_username(username)?;
    let display_name = input::line("displayName", display_name)?;
    passwords::check(password, "password")?;
    Ok(account::ActiveModel {
        id: Set(env.new_id()),
        search_key: Set(text::query_words(&format!("{username} {display_name}")).join(" ")),
        username: Set(username),
        display_name: Set(display_name),
        password_hash: Set(env.passwords.hash(password).await?),
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

/// Whether one of these grants makes its holder administer everything today.
fn administers_everything(grants: &[role_grant::Model], env: &Env) -> bool {
    let today = env.today();
    grants.iter().any(|grant| {
        (grant.role, grant.scope_kind) == (policy::ADMINISTRATOR, ScopeKind::Everything)
            && grant.valid_from <= today
            && grant.valid_to.is_none_or(|to| to > today)
    })
}

/// Somebody must be left who administers everything without an end in sight: else nobody could ever let anybody in again, but
/// from the machine of the service. The caller has waited for its turn, so that two do not take it from each other at once.
async fn not_the_last(tx: &impl ConnectionTrait, env: &Env, account: Uuid) -> Result<()> {
    if store::another_administrator(tx, account, env.today()).await? {
        return Ok(());
    }
    Err(Error::invalid(
        "LAST_ADMINISTRATOR",
        "id",
        "Đây là người cuối cùng quản trị toàn hệ thống; hãy giao quyền này cho một người khác trước.",
        "This is the last one who administers everything; give that role to somebody else first.",
    ))
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
    let places = places(connection, env, actor, scopes).await?;
    let managed = |scope: &Scope| {
        let place = places.get(scope);
        place.is_some_and(|place| policy::permits(actor, Action::AccountManage, place))
    };
    Ok(scopes.iter().all(managed))
}

/// Nobody widens, narrows or locks their own account: what somebody may do is for another to say.
pub fn not_oneself(actor: &Actor, id: Uuid, field: &str) -> Result<()> {
    if actor.recorded_as() != Some(id) {
        return Ok(());
    }
    Err(Error::invalid(
        "OWN_ACCOUNT",
        field,
        "Không thể tự khóa hoặc tự phân quyền cho tài khoản của mình; hãy nhờ một quản trị viên khác.",
        "Nobody locks or grants roles to their own account; ask another administrator.",
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

fn scope(grant: &role_grant::Model) -> Option<Scope> {
    store::scope_of(grant.scope_kind, grant.scope_id)
}

/// The places of scopes, of those that the caller sees.
async fn places(
    connection: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    scopes: &[Scope],
) -> Result<HashMap<Scope, Place>> {
    let (reach, today) = (policy::reach(actor), env.today());
    let mut places = HashMap::new();
    let (mut unit_ids, mut cluster_ids) = (Vec::new(), Vec::new());
    let distinct: HashSet<Scope> = scopes.iter().copied().collect();
    for scope in distinct {
        match scope {
            Scope::Unit(id) => unit_ids.push(id),
            Scope::Cluster(id) => cluster_ids.push(id),
            Scope::Everything => places.extend([(scope, Place::COMMON)]),
            Scope::Province(id) => {
                let province = Some(id);
                places.extend([(
                    scope,
                    Place {
                        province,
                        ..Place::COMMON
                    },
                )]);
            }
        }
    }
    if !unit_ids.is_empty() {
        let units = units::store::find_many(connection, &reach, &unit_ids, today).await?;
        let found = units::store::places(connection, &units, today).await?;
        places.extend(found.into_iter().map(|(id, place)| (Scope::Unit(id), place)));
    }
    if !cluster_ids.is_empty() {
        let clusters = clusters::store::find_many(connection, &reach, &cluster_ids, today).await?;
        let found = clusters::store::places(connection, &clusters, today).await?;
        places.extend(found.into_iter().map(|(id, place)| (Scope::Cluster(id), place)));
    }
    Ok(places)
}

/// A grant to be made.
pub struct NewGrant {
    /// Who gets it.
    pub account_id: Uuid,
    /// The role.
    pub role: Role,
    /// What kind of scope.
    pub scope_kind: ScopeKind,
    /// The province, unit or cluster.
    pub scope_id: Option<Uuid>,
    /// First day; today when not said.
    pub valid_from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
}

/// Grants a role in a scope that the caller administers, to an account that it sees.
pub async fn grant_role(env: &Env, actor: &Actor, new: NewGrant) -> Result<role_grant::Model> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let valid_from = new.valid_from.unwrap_or_else(|| env.today());
    input::validity(Some(valid_from), new.valid_to)?;
    let scope = read_scope(&new)?;
    let tx = db::begin_write(&env.db).await?;
    let account = find_managed(&tx, env, actor, new.account_id).await?;
    if let Scope::Province(id) = scope {
        units::store::province(&tx, id).await?;
    }
    let places = places(&tx, env, actor, &[scope]).await?;
    let place = places.get(&scope).ok_or(Error::NotFound)?;
    policy::check(actor, Action::AccountManage, place)?;
    if !manageable(&tx, env, actor, &[account.id]).await?.contains(&account.id) {
        return Err(Error::Forbidden(Action::AccountManage));
    }
    not_oneself(actor, account.id, "accountId")?;
    let held = store::grants(&tx, &[account.id]).await?;
    if held.iter().any(|held| repeats(held, &new, valid_from)) {
        return Err(Error::AlreadyExists("role_grant".to_owned()));
    }
    let grant = insert_grant(&tx, env, actor, &account, new, valid_from).await?;
    tx.commit().await?;
    Ok(grant)
}

/// The scope of a new grant, if role and scope fit together.
fn read_scope(new: &NewGrant) -> Result<Scope> {
    let scope = store::scope_of(new.scope_kind, new.scope_id);
    let Some(scope) = scope.filter(|_| (new.scope_kind == ScopeKind::Everything) == new.scope_id.is_none()) else {
        return Err(Error::invalid(
            "SCOPE_INVALID",
            "scopeId",
            "Phạm vi EVERYTHING không có mã; các phạm vi khác phải chỉ rõ tỉnh, đơn vị hoặc cụm.",
            "The scope EVERYTHING has no id; every other scope names its province, unit or cluster.",
        ));
    };
    if policy::exercises_offices(new.role) && !matches!(scope, Scope::Unit(_)) {
        return Err(Error::invalid(
            "SCOPE_INVALID",
            "scopeKind",
            "Cán bộ công đoàn hoạt động cho một đơn vị: phạm vi phải là UNIT.",
            "An officer acts for one unit: the scope must be UNIT.",
        ));
    }
    Ok(scope)
}

/// Whether a grant says already, for some day, what the new one would say: a request that was sent twice.
fn repeats(held: &role_grant::Model, new: &NewGrant, valid_from: NaiveDate) -> bool {
    let begins_before_end = |from: NaiveDate, to: Option<NaiveDate>| to.is_none_or(|to| from < to);
    (held.role, held.scope_kind, held.scope_id) == (new.role, new.scope_kind, new.scope_id)
        && held.valid_to != Some(held.valid_from)
        && begins_before_end(held.valid_from, new.valid_to)
        && begins_before_end(valid_from, held.valid_to)
}

async fn insert_grant(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    account: &account::Model,
    new: NewGrant,
    valid_from: NaiveDate,
) -> Result<role_grant::Model> {
    let grant = role_grant::ActiveModel {
        id: Set(env.new_id()),
        account_id: Set(account.id),
        role: Set(new.role),
        scope_kind: Set(new.scope_kind),
        scope_id: Set(new.scope_id),
        valid_from: Set(valid_from),
        valid_to: Set(new.valid_to),
        granted_by: Set(actor.recorded_as()),
        version: Set(1),
    }
    .insert(tx)
    .await?;
    access_changed(tx, env, &[account.id]).await?;
    let detail = json!({
        "account": account.username, "role": new.role, "scopeKind": new.scope_kind, "scopeId": new.scope_id,
        "validFrom": valid_from, "validTo": new.valid_to,
    });
    let subject = (Kind::RoleGrant, grant.id);
    audit::record(tx, env, actor, Event("ROLE_GRANTED"), subject, detail).await?;
    Ok(grant)
}

/// Withdraws a grant: from this moment it no longer holds. One that has not begun yet will hold on no day. It needs only the
/// scope of the grant itself: what the account holds elsewhere stays.
pub async fn withdraw_grant(env: &Env, actor: &Actor, id: Uuid, version: i32) -> Result<role_grant::Model> {
    let tx = db::begin_write(&env.db).await?;
    db::wait_for_turn(&tx, Turn::Administrators).await?;
    let grant = store::grant(&tx, id).await?;
    let account = find_managed(&tx, env, actor, grant.account_id).await?;
    let scope = scope(&grant).ok_or(Error::NotFound)?;
    let places = places(&tx, env, actor, &[scope]).await?;
    let place = places.get(&scope).ok_or(Error::NotFound)?;
    policy::check(actor, Action::AccountManage, place)?;
    not_oneself(actor, account.id, "id")?;
    let end = grant.valid_from.max(env.today());
    if grant.valid_to.is_some_and(|to| to <= end) {
        return Err(Error::WrongState(Text::new(
            "Quyền này đã hết hiệu lực.",
            "The grant has ended already.",
        )));
    }
    if administers_everything(std::slice::from_ref(&grant), env) {
        not_the_last(&tx, env, account.id).await?;
    }
    let grant = store::end_grant(&tx, &grant, version, end).await?;
    let mut concerned = store::bound_to(&tx, &[account.id], env.today()).await?;
    concerned.push(account.id);
    access_changed(&tx, env, &concerned).await?;
    let detail = json!({ "account": account.username, "role": grant.role, "validTo": end });
    let subject = (Kind::RoleGrant, id);
    audit::record(&tx, env, actor, Event("ROLE_WITHDRAWN"), subject, detail).await?;
    tx.commit().await?;
    Ok(grant)
}

/// Makes the first administrator, or another, from the command line: account and role at once, or neither.
pub async fn create_admin(env: &Env, username: &str, display_name: &str, password: &str) -> Result<account::Model> {
    let actor = Actor::command_line();
    let row = prepare(env, &actor, username, display_name, password).await?;
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
