//! What is done with accounts: signing in and out, making and locking accounts, granting and withdrawing roles.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, role_grant, session};
use uuid::Uuid;

use super::{passwords, store};
use crate::audit::{self, Event};
use crate::auth::{self, Actor};
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place, Scope};
use crate::{clusters, db, input, units};

/// What a client gets for signing in or refreshing.
pub struct SignedIn {
    /// Short-lived token for the `Authorization` header.
    pub access_token: String,
    /// One-time token for the next access token.
    pub refresh_token: String,
    /// Seconds the access token lives.
    pub expires_in: i64,
}

/// Signs in with name and password. An unknown name and a wrong password have the same answer and take the same time.
pub async fn sign_in(env: &Env, username: &str, password: &str) -> Result<SignedIn> {
    let username = username.trim().to_lowercase();
    if password.len() > passwords::BYTES_MAX {
        return Err(Error::WrongPassword);
    }
    let found = store::by_username(&env.db, &username).await?;
    let hash = found.as_ref().map(|account| account.password_hash.as_str());
    let matches = env.passwords.verify(password, hash).await?;
    let Some(account) = found.filter(|account| matches && account.locked_at.is_none()) else {
        return Err(Error::WrongPassword);
    };
    let tx = db::begin_write(&env.db).await?;
    let now = env.now();
    let session = session::ActiveModel {
        id: Set(env.new_id()),
        account_id: Set(account.id),
        created_at: Set(now),
        expires_at: Set(now + env.session_life),
        ended_at: Set(None),
        end_reason: Set(None),
    }
    .insert(&tx)
    .await?;
    let actor = Actor::new(account.id, account.username, session.id, Vec::new());
    audit::record(
        &tx,
        env,
        &actor,
        Event("SIGNED_IN"),
        (Kind::Account, account.id),
        json!({}),
    )
    .await?;
    let tokens = hand_out(&tx, env, account.id, session.id).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Exchanges a refresh token for the next pair. Each is used once: of many at the same moment one wins, and a token that
/// comes back after use has been copied, so its whole session ends.
pub async fn refresh(env: &Env, refresh_token: &str) -> Result<SignedIn> {
    let hash = auth::hash_secret(refresh_token);
    let tx = db::begin_write(&env.db).await?;
    let now = env.now();
    let Some((_, session, account)) = store::refresh_token(&tx, &hash).await? else {
        return Err(Error::Unauthenticated);
    };
    if session.ended_at.is_some() || session.expires_at <= now || account.locked_at.is_some() {
        return Err(Error::Unauthenticated);
    }
    if store::use_refresh_token(&tx, &hash, now).await? {
        let tokens = hand_out(&tx, env, account.id, session.id).await?;
        tx.commit().await?;
        return Ok(tokens);
    }
    store::end_sessions(&tx, session::Column::Id.eq(session.id).into(), "REPLAY", now).await?;
    let actor = Actor::new(account.id, account.username, session.id, Vec::new());
    audit::record(
        &tx,
        env,
        &actor,
        Event("REFRESH_REPLAYED"),
        (Kind::Account, account.id),
        json!({}),
    )
    .await?;
    tx.commit().await?;
    Err(Error::Unauthenticated)
}

async fn hand_out(tx: &impl ConnectionTrait, env: &Env, account: Uuid, session: Uuid) -> Result<SignedIn> {
    let (refresh_token, hash) = auth::new_secret();
    store::add_refresh_token(tx, session, hash, env.now()).await?;
    let (access_token, expires_in) = env.tokens.issue(account, session, env.now())?;
    Ok(SignedIn {
        access_token,
        refresh_token,
        expires_in,
    })
}

/// Signs out: the session ends at once, and with it every access token that names it. An unknown token is no error.
pub async fn sign_out(env: &Env, refresh_token: &str) -> Result<()> {
    let tx = db::begin_write(&env.db).await?;
    if let Some((_, session, account)) = store::refresh_token(&tx, &auth::hash_secret(refresh_token)).await? {
        if store::end_sessions(&tx, session::Column::Id.eq(session.id).into(), "LOGOUT", env.now()).await? > 0 {
            let actor = Actor::new(account.id, account.username, session.id, Vec::new());
            audit::record(
                &tx,
                env,
                &actor,
                Event("SIGNED_OUT"),
                (Kind::Account, account.id),
                json!({}),
            )
            .await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Who a session is today, for a request.
pub async fn actor(env: &Env, token: &str) -> Result<Actor> {
    let claims = env.tokens.verify(token, env.now())?;
    store::actor(&env.db, claims.sid, env.now(), env.today())
        .await?
        .ok_or(Error::Unauthenticated)
}

/// Changes one's own password. Every other session of the account ends.
pub async fn change_password(env: &Env, actor: &Actor, current: &str, new: &str) -> Result<account::Model> {
    passwords::check(new, "newPassword")?;
    let account = store::own(&env.db, actor.account_id).await?;
    if !env.passwords.verify(current, Some(&account.password_hash)).await? {
        return Err(Error::invalid(
            "WRONG_PASSWORD",
            "currentPassword",
            "Mật khẩu hiện tại không đúng.",
            "The current password is wrong.",
        ));
    }
    let hash = env.passwords.hash(new).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = update(&tx, account, |row| row.password_hash = Set(hash)).await?;
    let others = Condition::all()
        .add(session::Column::AccountId.eq(account.id))
        .add(session::Column::Id.ne(actor.session_id));
    store::end_sessions(&tx, others, "PASSWORD_CHANGED", env.now()).await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("PASSWORD_CHANGED"),
        (Kind::Account, account.id),
        json!({}),
    )
    .await?;
    tx.commit().await?;
    Ok(account)
}

/// Makes an account without any role yet.
pub async fn create(
    env: &Env,
    actor: &Actor,
    username: &str,
    display_name: &str,
    password: &str,
) -> Result<account::Model> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let username = read_username(username)?;
    let display_name = input::line("displayName", display_name)?;
    passwords::check(password, "password")?;
    let hash = env.passwords.hash(password).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = account::ActiveModel {
        id: Set(env.new_id()),
        username: Set(username.clone()),
        display_name: Set(display_name),
        password_hash: Set(hash),
        locked_at: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
    }
    .insert(&tx)
    .await?;
    let detail = json!({ "username": username });
    audit::record(
        &tx,
        env,
        actor,
        Event("ACCOUNT_CREATED"),
        (Kind::Account, account.id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(account)
}

fn read_username(username: &str) -> Result<String> {
    let username = username.trim().to_lowercase();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@');
    if (3..=100).contains(&username.len()) && username.chars().all(allowed) {
        Ok(username)
    } else {
        Err(Error::invalid(
            "USERNAME_INVALID",
            "username",
            "Tên đăng nhập gồm 3 đến 100 ký tự a-z, 0-9, dấu chấm, gạch ngang, gạch dưới, @.",
            "A user name has 3 to 100 characters out of a-z, 0-9, dot, hyphen, underscore, @.",
        ))
    }
}

/// Locks an account: it cannot sign in and its sessions end at once. Or unlocks it.
pub async fn set_locked(env: &Env, actor: &Actor, id: Uuid, version: i32, locked: bool) -> Result<account::Model> {
    let tx = db::begin_write(&env.db).await?;
    let account = administered(&tx, env, actor, id).await?;
    if account.version != version {
        return Err(Error::StaleVersion {
            current: account.version,
        });
    }
    if locked && account.id == actor.account_id {
        return Err(Error::invalid(
            "OWN_ACCOUNT",
            "id",
            "Không thể tự khóa tài khoản của mình; hãy nhờ một quản trị viên khác.",
            "Nobody locks their own account; ask another administrator.",
        ));
    }
    let since = locked.then(|| env.now());
    let account = update(&tx, account, |row| row.locked_at = Set(since)).await?;
    if locked {
        store::end_sessions(&tx, session::Column::AccountId.eq(id).into(), "LOCKED", env.now()).await?;
    }
    let event = Event(if locked { "ACCOUNT_LOCKED" } else { "ACCOUNT_UNLOCKED" });
    audit::record(&tx, env, actor, event, (Kind::Account, id), json!({})).await?;
    tx.commit().await?;
    Ok(account)
}

/// An account that the caller sees and administers.
async fn administered(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<account::Model> {
    let reach = policy::reach_for(actor, Action::AccountManage);
    let account = store::find(tx, &reach, actor.account_id, env.today(), id).await?;
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    for grant in store::grants(tx, &[id]).await? {
        may_manage_scope(tx, env, actor, grant.scope_kind, grant.scope_id).await?;
    }
    Ok(account)
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

/// Grants a role in a scope that the caller administers. A grant is added to an account that is new or seen.
pub async fn grant_role(env: &Env, actor: &Actor, new: NewGrant) -> Result<role_grant::Model> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let tx = db::begin_write(&env.db).await?;
    let account = store::own(&tx, new.account_id).await?;
    let valid_from = new.valid_from.unwrap_or_else(|| env.today());
    input::validity(Some(valid_from), new.valid_to)?;
    if store::scope_of(new.scope_kind, new.scope_id).is_none()
        || (new.scope_kind == ScopeKind::Everything) != new.scope_id.is_none()
    {
        return Err(Error::Invalid(vec![Problem::new(
            "SCOPE_INVALID",
            "scopeId",
            "Phạm vi EVERYTHING không có mã; các phạm vi khác phải chỉ rõ tỉnh, đơn vị hoặc cụm.",
            "The scope EVERYTHING has no id; every other scope names its province, unit or cluster.",
        )]));
    }
    may_manage_scope(&tx, env, actor, new.scope_kind, new.scope_id).await?;
    // What the account holds already must lie in the caller's hands too, or a small administrator could take a large one.
    for held in store::grants(&tx, &[account.id]).await? {
        may_manage_scope(&tx, env, actor, held.scope_kind, held.scope_id).await?;
    }
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
    .insert(&tx)
    .await?;
    let detail =
        json!({ "account": account.username, "role": new.role, "scopeKind": new.scope_kind, "scopeId": new.scope_id });
    audit::record(
        &tx,
        env,
        actor,
        Event("ROLE_GRANTED"),
        (Kind::RoleGrant, grant.id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(grant)
}

/// The caller must administer the scope of a grant.
async fn may_manage_scope(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    kind: ScopeKind,
    id: Option<Uuid>,
) -> Result<()> {
    let reach = policy::reach(actor);
    let place = match store::scope_of(kind, id) {
        Some(Scope::Unit(id)) => units::store::find_place(tx, &reach, id, env.today()).await?,
        Some(Scope::Cluster(id)) => clusters::store::find_place(tx, &reach, id, env.today()).await?,
        Some(Scope::Province(id)) => Place {
            province: Some(id),
            ..Place::COMMON
        },
        Some(Scope::Everything) | None => Place::COMMON,
    };
    policy::authorize(actor, Action::AccountManage, &place)
}

/// Withdraws a grant: it ends today. One that has not begun yet is ended before it begins.
pub async fn withdraw_grant(env: &Env, actor: &Actor, id: Uuid, version: i32) -> Result<role_grant::Model> {
    let tx = db::begin_write(&env.db).await?;
    let grant = store::grant(&tx, id).await?;
    administered(&tx, env, actor, grant.account_id).await?;
    let today = env.today();
    let end = if grant.valid_from < today {
        today
    } else {
        grant.valid_from.succ_opt().unwrap_or(today)
    };
    let changed = role_grant::Entity::update_many()
        .col_expr(role_grant::Column::ValidTo, Expr::val(end))
        .col_expr(
            role_grant::Column::Version,
            Expr::col(role_grant::Column::Version).add(1),
        )
        .filter(role_grant::Column::Id.eq(id))
        .filter(role_grant::Column::Version.eq(version))
        .exec(&tx)
        .await?;
    db::one_changed(changed.rows_affected, grant.version)?;
    audit::record(
        &tx,
        env,
        actor,
        Event("ROLE_WITHDRAWN"),
        (Kind::RoleGrant, id),
        json!({ "validTo": end }),
    )
    .await?;
    let grant = store::grant(&tx, id).await?;
    tx.commit().await?;
    Ok(grant)
}

/// Makes the first administrator, or another, from the command line.
pub async fn create_admin(env: &Env, username: &str, display_name: &str, password: &str) -> Result<account::Model> {
    let actor = Actor::command_line();
    let account = create(env, &actor, username, display_name, password).await?;
    let everything = NewGrant {
        account_id: account.id,
        role: Role::Admin,
        scope_kind: ScopeKind::Everything,
        scope_id: None,
        valid_from: None,
        valid_to: None,
    };
    grant_role(env, &actor, everything).await?;
    Ok(account)
}

/// Writes a changed account, if it still has the version that was read.
async fn update(
    tx: &impl ConnectionTrait,
    account: account::Model,
    change: impl FnOnce(&mut account::ActiveModel),
) -> Result<account::Model> {
    let mut row = account::ActiveModel {
        version: Set(account.version + 1),
        ..Default::default()
    };
    change(&mut row);
    let changed = account::Entity::update_many()
        .set(row)
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::Version.eq(account.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, account.version)?;
    store::own(tx, account.id).await
}
