//! Delegation (ủy quyền): who holds a role hands it on to another for some days, and takes it back.
//!
//! As with signing by authorisation (ký thừa ủy quyền: Nghị định 30/2020/NĐ-CP, Điều 13, khoản 3): in writing, for a limited time and
//! for a limited matter, and who is authorised authorises nobody further.

use chrono::{Months, NaiveDate};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::ScopeKind;
use thidua_entity::{account, delegation, role_grant};
use uuid::Uuid;

use super::{access_changed, find_managed, places, scope};
use crate::accounts::store::{self, Delegation};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Scope};
use crate::{db, input};

/// Most delegations from one account, and most to one, that have not ended: more than anybody keeps in mind.
pub const DELEGATIONS_MAX: u64 = 20;
/// A delegation ends at the latest so many months after it begins.
const MONTHS_MAX: Months = Months::new(12);

/// A delegation to be made.
pub struct NewDelegation {
    /// The grant to be handed on; one of the caller's own.
    pub grant: Uuid,
    /// Sign-in name of who is to act on behalf of the caller.
    pub to: String,
    /// The part of the grant's scope to which it is kept; the whole when not said.
    pub part: Option<(ScopeKind, Uuid)>,
    /// First day; today when not said.
    pub valid_from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    pub valid_to: NaiveDate,
    /// Why, or the decision.
    pub reason: String,
}

/// Hands one's own grant, or a part of it, on to another from day to day. What was delegated to the caller is not the caller's own, so
/// it goes no further.
pub async fn delegate(env: &Env, actor: &Actor, new: NewDelegation) -> Result<Delegation> {
    let today = env.today();
    let reason = input::paragraph("reason", &new.reason)?;
    let valid_from = new.valid_from.unwrap_or(today);
    days(valid_from, new.valid_to, today)?;
    let tx = db::begin_write(&env.db).await?;
    let grant = store::grant(&tx, new.grant).await?;
    if actor.recorded_as() != Some(grant.account_id) {
        return Err(Error::NotFound);
    }
    let to = recipient(&tx, actor, &new.to).await?;
    lock_both(&tx, grant.account_id, to.id).await?;
    // Read again, now that nobody withdraws it meanwhile.
    let grant = store::grant(&tx, grant.id).await?;
    let whole = handed_on(&grant, valid_from, today)?;
    let part = match new.part {
        Some(part) => part_of(&tx, env, actor, (&grant, whole), part).await?,
        None => None,
    };
    let same = store::same_delegations(&tx, (grant.id, to.id), today).await?;
    if same
        .iter()
        .any(|one| one.valid_from < new.valid_to && valid_from < one.valid_to)
    {
        return Err(Error::AlreadyExists("delegation".to_owned()));
    }
    not_too_many(&tx, (grant.account_id, to.id), today).await?;
    let row = delegation::ActiveModel {
        id: Set(env.new_id()),
        grant_id: Set(grant.id),
        from_account_id: Set(grant.account_id),
        to_account_id: Set(to.id),
        scope_kind: Set(part.map(|(kind, _)| kind)),
        scope_id: Set(part.map(|(_, id)| id)),
        valid_from: Set(valid_from),
        valid_to: Set(new.valid_to),
        reason: Set(reason.clone()),
        revoked_at: Set(None),
        created_at: Set(env.now()),
        version: Set(1),
    };
    let row = row.insert(&tx).await?;
    access_changed(&tx, env, &[row.from_account_id, row.to_account_id]).await?;
    let detail = json!({
        "to": to.username, "grantId": grant.id, "role": grant.role, "scopeKind": row.scope_kind, "scopeId": row.scope_id,
        "validFrom": valid_from, "validTo": row.valid_to, "reason": reason,
    });
    let subject = (Kind::Delegation, row.id);
    audit::record(&tx, env, actor, Event("ROLE_DELEGATED"), subject, detail).await?;
    let made = store::delegation(&tx, row.id).await?;
    tx.commit().await?;
    Ok(made)
}

/// The days of a delegation: not before today, and a year at most, so that none is forgotten and goes on for ever.
fn days(from: NaiveDate, to: NaiveDate, today: NaiveDate) -> Result<()> {
    input::plausible_day("validFrom", from)?;
    input::validity(Some(from), Some(to))?;
    if from < today {
        return Err(Error::invalid(
            "IN_THE_PAST",
            "validFrom",
            "Ủy quyền không có hiệu lực lùi về trước.",
            "A delegation does not begin in the past.",
        ));
    }
    if from.checked_add_months(MONTHS_MAX).is_some_and(|last| to > last) {
        return Err(Error::invalid(
            "TOO_LONG",
            "validTo",
            "Ủy quyền có thời hạn tối đa một năm.",
            "A delegation holds for a year at most.",
        ));
    }
    Ok(())
}

/// Who is to act on behalf of the caller. A locked account is told like one that is not there.
async fn recipient(tx: &impl ConnectionTrait, actor: &Actor, username: &str) -> Result<account::Model> {
    let found = store::by_username(tx, &username.trim().to_lowercase()).await?;
    let found = found.filter(|account| account.locked_at.is_none()).ok_or_else(|| {
        Error::invalid(
            "ACCOUNT_UNKNOWN",
            "toUsername",
            "Không có tài khoản đang hoạt động với tên đăng nhập này.",
            "There is no active account of this sign-in name.",
        )
    })?;
    if found.id == actor.account_id {
        return Err(Error::invalid(
            "OWN_ACCOUNT",
            "toUsername",
            "Không thể tự ủy quyền cho chính mình.",
            "Nobody delegates to themselves.",
        ));
    }
    Ok(found)
}

/// In one order, so that two who delegate to each other wait and do not lock up.
async fn lock_both(tx: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<()> {
    for account in [one.min(other), one.max(other)] {
        store::lock(tx, account).await?;
    }
    Ok(())
}

/// The scope of a grant that may be handed on from a day.
fn handed_on(grant: &role_grant::Model, from: NaiveDate, today: NaiveDate) -> Result<Scope> {
    if grant.valid_to.is_some_and(|to| to <= today || to <= from) {
        return Err(Error::WrongState(Text::new(
            "Quyền này không còn hiệu lực vào những ngày đó.",
            "The grant does not hold any more on these days.",
        )));
    }
    if !policy::may_be_delegated(grant.role) {
        return Err(Error::invalid(
            "NOT_DELEGABLE",
            "grantId",
            "Vai trò này không được ủy quyền: quản lý tài khoản và đọc nhật ký không giao cho người khác.",
            "This role is not delegated: managing accounts and reading the audit are not handed on.",
        ));
    }
    scope(grant).ok_or(Error::NotFound)
}

/// A part of a grant's scope that the caller sees and that lies inside; `None` when it is the whole.
async fn part_of(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (grant, whole): (&role_grant::Model, Scope),
    (kind, id): (ScopeKind, Uuid),
) -> Result<Option<(ScopeKind, Uuid)>> {
    let part = store::scope_of(kind, Some(id)).ok_or(Error::NotFound)?;
    if part == whole {
        return Ok(None);
    }
    if !policy::may_be_narrowed(grant.role) {
        return Err(Error::invalid(
            "NOT_DIVISIBLE",
            "scopeId",
            "Vai trò này gắn với chính đơn vị được giao nên chỉ ủy quyền được toàn bộ.",
            "This role acts for the very unit of its grant, so it is delegated as a whole.",
        ));
    }
    if let Scope::Province(id) = part {
        crate::units::store::province(tx, id).await?;
    }
    let places = places(tx, env, actor, &[part]).await?;
    let place = places.get(&part).ok_or(Error::NotFound)?;
    // A cluster reaches its members, who may stand beyond a unit or a province, and a unit reaches below the members of a cluster.
    let kinds_fit = match whole {
        Scope::Everything => kind != ScopeKind::Everything,
        Scope::Province(_) | Scope::Unit(_) => kind == ScopeKind::Unit,
        Scope::Cluster(_) => false,
    };
    if kinds_fit && place.lies_in(whole) {
        return Ok(Some((kind, id)));
    }
    Err(Error::invalid(
        "NOT_INSIDE",
        "scopeId",
        "Phạm vi ủy quyền phải nằm trong phạm vi của quyền được giao.",
        "What is delegated must lie inside the scope of the grant.",
    ))
}

async fn not_too_many(tx: &impl ConnectionTrait, (from, to): (Uuid, Uuid), today: NaiveDate) -> Result<()> {
    let [given, _] = store::count_delegations(tx, from, today).await?;
    let [_, received] = store::count_delegations(tx, to, today).await?;
    if given.max(received) < DELEGATIONS_MAX {
        return Ok(());
    }
    Err(Error::invalid(
        "TOO_MANY",
        "toUsername",
        format!("Mỗi người giao và nhận tối đa {DELEGATIONS_MAX} ủy quyền còn hiệu lực."),
        format!("Nobody gives or receives more than {DELEGATIONS_MAX} delegations that have not ended."),
    ))
}

/// Takes a delegation back from this moment: who gave it, who was given it, or who may withdraw the grant itself.
pub async fn revoke_delegation(env: &Env, actor: &Actor, id: Uuid, version: i32) -> Result<Delegation> {
    let tx = db::begin_write(&env.db).await?;
    let found = store::delegation(&tx, id).await?;
    let parties = [found.row.from_account_id, found.row.to_account_id];
    lock_both(&tx, parties[0], parties[1]).await?;
    // Read again, now that nobody else revokes it meanwhile.
    let found = store::delegation(&tx, id).await?;
    if !parties.iter().any(|&party| actor.recorded_as() == Some(party)) {
        find_managed(&tx, env, actor, found.row.from_account_id).await?;
        let scope = found.whole_scope().ok_or(Error::NotFound)?;
        let places = places(&tx, env, actor, &[scope]).await?;
        let place = places.get(&scope).ok_or(Error::NotFound)?;
        policy::check(actor, Action::AccountManage, place)?;
    }
    if found.row.revoked_at.is_some() || found.row.valid_to <= env.today() {
        return Err(Error::WrongState(Text::new(
            "Ủy quyền này đã hết hiệu lực.",
            "The delegation has ended already.",
        )));
    }
    let revoked = store::revoke_delegation(&tx, &found.row, version, env.now()).await?;
    access_changed(&tx, env, &parties).await?;
    let detail = json!({ "from": revoked.from.username, "to": revoked.to.username, "role": revoked.role() });
    let subject = (Kind::Delegation, id);
    audit::record(&tx, env, actor, Event("DELEGATION_REVOKED"), subject, detail).await?;
    tx.commit().await?;
    Ok(revoked)
}
