//! Service accounts: letting another system in at a place, with scopes, from some networks and until a day; changing that and
//! switching it off. Its secrets are in `services/secrets.rs`, the tokens that it gets in `services/tokens.rs`.
//!
//! Who manages accounts at the place does it. A place stays: what a system did is read by those above its place, so another place is
//! another service account.

use std::collections::HashSet;

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::ScopeKind;
use thidua_entity::{account, service_account};
use uuid::Uuid;

use super::{access_changed, places, scope_named};
use crate::accounts::passwords;
use crate::accounts::service_terms::{read_end, read_networks, read_scopes};
use crate::accounts::store::{self, ServiceAccount};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::Turn;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Scope};
use crate::version::Seen;
use crate::{db, input, text, units};

mod secrets;
mod tokens;
pub use secrets::{MadeSecret, SECRETS_MAX, add_secret, retire_secret};
pub use tokens::{ServiceToken, caller_by, token};

/// A service account to be made.
pub struct NewService {
    /// What it is called, in the audit too.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Whom to ask about it.
    pub contact: String,
    /// What kind of place.
    pub place_kind: ScopeKind,
    /// The province, unit or cluster.
    pub place_id: Option<Uuid>,
    /// Codes of its scopes.
    pub scopes: Vec<String>,
    /// Networks or addresses from which it may call; none is anywhere.
    pub networks: Vec<String>,
    /// First day on which it no longer works.
    pub valid_to: NaiveDate,
}

/// What changes of a service account; what is not said stays.
#[derive(Default)]
pub struct ServiceChange {
    /// What it is called.
    pub name: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// Whom to ask about it.
    pub contact: Option<String>,
    /// Codes of its scopes, all of them.
    pub scopes: Option<Vec<String>>,
    /// Networks or addresses from which it may call, all of them.
    pub networks: Option<Vec<String>>,
    /// First day on which it no longer works.
    pub valid_to: Option<NaiveDate>,
}

/// Makes a service account at a place where the caller manages accounts, and its first secret, which is shown this once.
pub async fn create_service(env: &Env, actor: &Actor, new: NewService) -> Result<MadeSecret> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let name = input::line("name", &new.name)?;
    let row = service_account::ActiveModel {
        purpose: Set(input::paragraph("purpose", &new.purpose)?),
        contact: Set(input::line("contact", &new.contact)?),
        place_kind: Set(new.place_kind),
        place_id: Set(new.place_id),
        scopes: Set(read_scopes(&new.scopes)?.written()),
        networks: Set(read_networks(&new.networks)?),
        valid_to: Set(read_end(new.valid_to, env.today())?),
        disabled_at: Set(None),
        last_used_at: Set(None),
        last_used_address: Set(None),
        version: Set(1),
        ..Default::default()
    };
    let place = scope_named(new.place_kind, new.place_id, "placeId")?;
    let tx = db::begin_write(&env.db).await?;
    // Two at once of one name: the second sees the first.
    db::wait_for_turn(&tx, Turn::Administrators).await?;
    if let Scope::Province(id) = place {
        units::store::province(&tx, id).await?;
    }
    manages_place(&tx, env, actor, place).await?;
    let id = env.new_id();
    name_is_free(&tx, (new.place_kind, new.place_id), &name, id).await?;
    let account = account::ActiveModel {
        id: Set(id),
        username: Set(Kind::ServiceAccount.id(id)),
        display_name: Set(name.clone()),
        service: Set(true),
        search_key: Set(text::query_words(&name).join(" ")),
        password_hash: Set(passwords::NONE.to_owned()),
        must_change_password: Set(false),
        password_chosen_at: Set(None),
        email: Set(None),
        email_verified_at: Set(None),
        locked_at: Set(None),
        access_changed_at: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
        created_by: Set(actor.recorded_as()),
    };
    let account = account.insert(&tx).await?;
    let row = service_account::ActiveModel {
        account_id: Set(id),
        ..row
    };
    let service = ServiceAccount {
        row: row.insert(&tx).await?,
        account,
    };
    let detail = json!({
        "name": name, "purpose": service.row.purpose, "contact": service.row.contact, "placeKind": new.place_kind,
        "placeId": new.place_id, "scopes": service.row.scopes, "networks": service.row.networks, "validTo": service.row.valid_to,
    });
    record(&tx, env, actor, Event("SERVICE_ACCOUNT_CREATED"), id, detail).await?;
    let made = secrets::make(&tx, env, actor, service).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes what is said of a service account. What it may do changes at once, for its tokens too.
pub async fn update_service(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    change: ServiceChange,
) -> Result<ServiceAccount> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let name = change.name.map(|name| input::line("name", &name)).transpose()?;
    let mut row: service_account::ActiveModel = Default::default();
    if let Some(purpose) = change.purpose {
        row.purpose = Set(input::paragraph("purpose", &purpose)?);
    }
    if let Some(contact) = change.contact {
        row.contact = Set(input::line("contact", &contact)?);
    }
    if let Some(scopes) = change.scopes {
        row.scopes = Set(read_scopes(&scopes)?.written());
    }
    if let Some(networks) = change.networks {
        row.networks = Set(read_networks(&networks)?);
    }
    if let Some(valid_to) = change.valid_to {
        row.valid_to = Set(read_end(valid_to, env.today())?);
    }
    let tx = db::begin_write(&env.db).await?;
    db::wait_for_turn(&tx, Turn::Administrators).await?;
    let before = managed(&tx, env, actor, id, seen).await?;
    if let Some(name) = &name {
        name_is_free(&tx, (before.row.place_kind, before.row.place_id), name, id).await?;
        store::rename_service(&tx, id, name).await?;
    }
    let after = changed(&tx, env, &before, row).await?;
    let told = |service: &ServiceAccount| {
        json!({
            "name": service.account.display_name, "purpose": service.row.purpose, "contact": service.row.contact,
            "scopes": service.row.scopes, "networks": service.row.networks, "validTo": service.row.valid_to,
        })
    };
    let detail = json!({ "before": told(&before), "after": told(&after) });
    record(&tx, env, actor, Event("SERVICE_ACCOUNT_CHANGED"), id, detail).await?;
    tx.commit().await?;
    Ok(after)
}

/// Switches a service account off, at once and for its tokens too; or on again.
pub async fn set_service_disabled(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    disabled: bool,
) -> Result<ServiceAccount> {
    let tx = db::begin_write(&env.db).await?;
    let before = managed(&tx, env, actor, id, seen).await?;
    if before.row.disabled_at.is_some() == disabled {
        return Err(Error::WrongState(if disabled {
            Text::new(
                "Tài khoản dịch vụ đã tắt từ trước.",
                "The service account is disabled already.",
            )
        } else {
            Text::new(
                "Tài khoản dịch vụ không bị tắt.",
                "The service account is not disabled.",
            )
        }));
    }
    let change = service_account::ActiveModel {
        disabled_at: Set(disabled.then(|| env.now())),
        ..Default::default()
    };
    let after = changed(&tx, env, &before, change).await?;
    let event = Event(if disabled {
        "SERVICE_ACCOUNT_DISABLED"
    } else {
        "SERVICE_ACCOUNT_ENABLED"
    });
    record(&tx, env, actor, event, id, json!({})).await?;
    tx.commit().await?;
    Ok(after)
}

/// A service account that the caller sees and manages, at the version that it saw. Its account is locked, so that two who change it
/// wait for each other.
async fn managed(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<ServiceAccount> {
    let reach = policy::reach_for(actor, Action::AccountManage);
    store::service_account(tx, &reach, id, env.today()).await?;
    store::lock(tx, id).await?;
    // Read again, now that nobody changes it meanwhile.
    let found = store::service_account(tx, &reach, id, env.today()).await?;
    manages_place(tx, env, actor, found.place()?).await?;
    seen.check(found.row.version)?;
    Ok(found)
}

/// A service account that the caller manages, to be asked about.
pub async fn managed_service(
    connection: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<ServiceAccount> {
    let reach = policy::reach_for(actor, Action::AccountManage);
    let found = store::service_account(connection, &reach, id, env.today()).await?;
    manages_place(connection, env, actor, found.place()?).await?;
    Ok(found)
}

/// Writes a change of what was read in this transaction, and tells every instance.
async fn changed(
    tx: &impl ConnectionTrait,
    env: &Env,
    before: &ServiceAccount,
    change: service_account::ActiveModel,
) -> Result<ServiceAccount> {
    store::update_service(tx, &before.row, before.row.version, change).await?;
    access_changed(tx, env, &[before.account.id]).await?;
    let everything = policy::Reach::everything();
    store::service_account(tx, &everything, before.account.id, env.today()).await
}

/// The caller manages accounts at a place that it sees: nobody lets a system in where they could let nobody in.
async fn manages_place(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, place: Scope) -> Result<()> {
    let places = places(tx, env, actor, &[place]).await?;
    let place = places.get(&place).ok_or(Error::NotFound)?;
    policy::check(actor, Action::AccountManage, place)
}

/// Those of some places where the caller manages accounts; a few statements, however many they are.
pub async fn managed_places(
    connection: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    scopes: &[Scope],
) -> Result<HashSet<Scope>> {
    let places = places(connection, env, actor, scopes).await?;
    let managed = places
        .iter()
        .filter(|(_, place)| policy::permits(actor, Action::AccountManage, place));
    Ok(managed.map(|(scope, _)| *scope).collect())
}

/// A name tells one system from another at its place, and a request that was sent twice.
async fn name_is_free(tx: &impl ConnectionTrait, place: (ScopeKind, Option<Uuid>), name: &str, id: Uuid) -> Result<()> {
    if store::same_service(tx, place, name, id).await? {
        return Err(Error::AlreadyExists("service_account".to_owned()));
    }
    Ok(())
}

async fn record(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    event: Event,
    id: Uuid,
    detail: serde_json::Value,
) -> Result<()> {
    audit::record(tx, env, actor, event, (Kind::ServiceAccount, id), detail).await
}
