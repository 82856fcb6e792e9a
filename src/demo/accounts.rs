//! Accounts of the demonstration: at least one of each role in each organisation.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, role_grant};

use super::plan::{self, Plan};
use super::{DemoAccount, PASSWORD};
use crate::error::Result;
use crate::text;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    valid_from: NaiveDate,
    accounts: Vec<NewAccount>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewAccount {
    username: String,
    display_name: String,
    role: Role,
    scope: NewScope,
}

/// Where the role is held; nothing named is everything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewScope {
    unit: Option<String>,
    cluster: Option<String>,
    province: Option<String>,
}

/// Plans accounts and grants, and tells how to sign in. Officers are remembered as those who send their unit's reports.
pub fn plan(plan: &mut Plan) -> Result<Vec<DemoAccount>> {
    let file: File = plan::read("accounts.json", include_str!("accounts.json"))?;
    let mut shown = Vec::new();
    for new in file.accounts {
        let id = plan.id();
        let (scope_kind, scope_id, scope) = match &new.scope {
            NewScope { unit: Some(code), .. } => {
                let unit = plan.unit(code)?;
                (ScopeKind::Unit, Some(unit.id), unit.name.clone())
            }
            NewScope {
                cluster: Some(code), ..
            } => {
                let (id, name) = plan.cluster(code)?;
                (ScopeKind::Cluster, Some(*id), name.clone())
            }
            NewScope {
                province: Some(code), ..
            } => {
                let (id, name) = plan.province(code)?;
                (ScopeKind::Province, Some(*id), name.clone())
            }
            _ => (ScopeKind::Everything, None, ScopeKind::Everything.code()),
        };
        let row = account::Model {
            id,
            search_key: text::query_words(&format!("{} {}", new.username, new.display_name)).join(" "),
            username: new.username.clone(),
            display_name: new.display_name,
            service: false,
            password_hash: String::new(),
            must_change_password: false,
            password_chosen_at: None,
            email: None,
            email_verified_at: None,
            locked_at: None,
            access_changed_at: None,
            created_by: None,
            version: 1,
            created_at: plan.now,
        };
        plan.add_account(row);
        let grant = role_grant::Model {
            id: plan.id(),
            account_id: id,
            role: new.role,
            scope_kind,
            scope_id,
            valid_from: file.valid_from,
            valid_to: None,
            granted_by: None,
            version: 1,
        };
        plan.rows.role_grants.push(grant);
        if let (Role::UnitOfficer, Some(unit)) = (new.role, scope_id) {
            plan.officers.entry(unit).or_insert(id);
        }
        shown.push(DemoAccount {
            username: new.username,
            password: PASSWORD.to_owned(),
            role: new.role,
            scope,
        });
    }
    Ok(shown)
}
