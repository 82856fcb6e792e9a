//! Service accounts of the demonstration: another system that reads a province's reports.

use chrono::Days;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, service_account, service_secret};
use uuid::Uuid;

use super::DemoAccount;
use super::plan::{self, Plan};
use crate::accounts::passwords;
use crate::auth;
use crate::env;
use crate::error::Result;
use crate::ids::Kind;
use crate::text;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    services: Vec<NewService>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewService {
    id: Uuid,
    secret_id: Uuid,
    secret: String,
    name: String,
    purpose: String,
    contact: String,
    unit: String,
    scopes: Vec<String>,
}

/// Plans service accounts with a secret each, and tells how they get tokens: the id in the place of a name, the secret in that of a
/// password.
pub fn plan(plan: &mut Plan) -> Result<Vec<DemoAccount>> {
    let file: File = plan::read("services.json", include_str!("services.json"))?;
    let mut shown = Vec::new();
    for new in file.services {
        let unit = plan.unit(&new.unit)?;
        let (unit, scope) = (unit.id, unit.name.clone());
        let username = Kind::ServiceAccount.id(new.id);
        plan.add_account(account::Model {
            id: new.id,
            search_key: text::query_words(&new.name).join(" "),
            username: username.clone(),
            display_name: new.name,
            service: true,
            password_hash: passwords::NONE.to_owned(),
            must_change_password: false,
            password_chosen_at: None,
            email: None,
            email_verified_at: None,
            locked_at: None,
            access_changed_at: None,
            created_by: None,
            version: 1,
            created_at: plan.now,
        });
        let today = env::day_of(plan.now);
        plan.rows.service_accounts.push(service_account::Model {
            account_id: new.id,
            purpose: new.purpose,
            contact: new.contact,
            place_kind: ScopeKind::Unit,
            place_id: Some(unit),
            scopes: new.scopes.join(" "),
            networks: String::new(),
            valid_to: today.checked_add_days(Days::new(366)).unwrap_or(today),
            disabled_at: None,
            last_used_at: None,
            last_used_address: None,
            version: 1,
        });
        plan.rows.service_secrets.push(service_secret::Model {
            id: new.secret_id,
            account_id: new.id,
            hash: auth::hash_secret(&new.secret),
            hint: new.secret.chars().skip(new.secret.len().saturating_sub(4)).collect(),
            created_at: plan.now,
            last_used_at: None,
            last_used_address: None,
            retired_at: None,
        });
        shown.push(DemoAccount {
            username,
            password: new.secret,
            role: Role::Service,
            scope,
        });
    }
    Ok(shown)
}
