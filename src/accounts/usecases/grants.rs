//! Granting and withdrawing roles.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, role_grant};
use uuid::Uuid;

use super::{access_changed, find_managed, manageable, not_oneself};
use crate::accounts::store;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::Turn;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Place, Scope};
use crate::{clusters, db, input, units};

/// Whether one of these grants makes its holder administer everything today.
pub(super) fn administers_everything(grants: &[role_grant::Model], env: &Env) -> bool {
    let today = env.today();
    grants.iter().any(|grant| {
        (grant.role, grant.scope_kind) == (policy::ADMINISTRATOR, ScopeKind::Everything)
            && grant.valid_from <= today
            && grant.valid_to.is_none_or(|to| to > today)
    })
}

/// Somebody must be left who administers everything without an end in sight: else nobody could ever let anybody in again, but
/// from the machine of the service. The caller has waited for its turn, so that two do not take it from each other at once.
pub(super) async fn not_the_last(tx: &impl ConnectionTrait, env: &Env, account: Uuid) -> Result<()> {
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

pub(super) fn scope(grant: &role_grant::Model) -> Option<Scope> {
    store::scope_of(grant.scope_kind, grant.scope_id)
}

/// The places of scopes, of those that the caller sees.
pub(super) async fn places(
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

/// Reads the id of a scope of some kind as clients write it.
pub fn read_scope_id(kind: ScopeKind, id: Option<&str>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let id = match kind {
        // Refused by the use-case, whatever it names.
        ScopeKind::Everything => Uuid::nil(),
        ScopeKind::Province => Kind::Province.parse(id)?,
        ScopeKind::Unit => Kind::Unit.parse(id)?,
        ScopeKind::Cluster => Kind::Cluster.parse(id)?,
    };
    Ok(Some(id))
}

/// The scope that a kind and an id name together.
pub(super) fn scope_named(kind: ScopeKind, id: Option<Uuid>, field: &str) -> Result<Scope> {
    let scope = store::scope_of(kind, id).filter(|_| (kind == ScopeKind::Everything) == id.is_none());
    scope.ok_or_else(|| {
        Error::invalid(
            "SCOPE_INVALID",
            field,
            "Phạm vi EVERYTHING không có mã; các phạm vi khác phải chỉ rõ tỉnh, đơn vị hoặc cụm.",
            "The scope EVERYTHING has no id; every other scope names its province, unit or cluster.",
        )
    })
}

/// The scope of a new grant, if role and scope fit together.
fn read_scope(new: &NewGrant) -> Result<Scope> {
    let scope = scope_named(new.scope_kind, new.scope_id, "scopeId")?;
    if policy::is_of_services(new.role) {
        return Err(Error::invalid(
            "ROLE_OF_SERVICES",
            "role",
            "Vai trò SERVICE không giao cho người dùng; hãy tạo tài khoản dịch vụ.",
            "The role SERVICE is not for people; make a service account.",
        ));
    }
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

pub(super) async fn insert_grant(
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
