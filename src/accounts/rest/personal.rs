//! All that is known of the caller, in one file.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{audit_entry, role_grant, session};
use utoipa::ToSchema;

use super::provider::LinkJson;
use super::told_scope;
use crate::accounts::store::{self, Delegation};
use crate::accounts::usecases::personal as usecases;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::{self, Problem};
use crate::ids::Kind;

/// All that is known of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonalDataJson {
    /// When this was put together.
    exported_at: DateTime<Utc>,
    /// Id of the account.
    id: String,
    /// Sign-in name.
    username: String,
    /// Name shown to others.
    display_name: String,
    /// E-mail address; null when none is known.
    email: Option<String>,
    /// Since when the address is known to be the caller's; null when that is not known.
    email_verified_at: Option<DateTime<Utc>>,
    /// When the account was made.
    created_at: DateTime<Utc>,
    /// When its owner last chose a password; null when never.
    password_chosen_at: Option<DateTime<Utc>>,
    /// Roles that it holds, held or will hold.
    grants: Vec<GrantJson>,
    /// Roles handed on by it or to it, unless they have ended by their days.
    delegations: Vec<DelegationJson>,
    /// Who it is at the identity provider.
    provider_links: Vec<LinkJson>,
    /// Its sessions that are kept: those that are over are deleted after some days.
    sessions: Vec<KeptSessionJson>,
    /// What was done with the account, the newest first, at most 10,000.
    deeds: Vec<DeedJson>,
    /// How much was done in all.
    deeds_total: u64,
}

/// A role in a scope, from one day to another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GrantJson {
    /// The role.
    role: Role,
    /// Kind of scope.
    scope_kind: ScopeKind,
    /// The scope; null for everything.
    scope_id: Option<String>,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer holds; null while no end is known.
    valid_to: Option<NaiveDate>,
}

impl From<role_grant::Model> for GrantJson {
    fn from(row: role_grant::Model) -> Self {
        Self {
            role: row.role,
            scope_kind: row.scope_kind,
            scope_id: store::scope_of(row.scope_kind, row.scope_id).and_then(|scope| told_scope(scope).1),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

/// A role handed on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DelegationJson {
    /// The role.
    role: Role,
    /// Sign-in name of who handed it on.
    from: String,
    /// Sign-in name of who was given it.
    to: String,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer holds.
    valid_to: NaiveDate,
}

impl From<Delegation> for DelegationJson {
    fn from(one: Delegation) -> Self {
        Self {
            role: one.role(),
            valid_from: one.row.valid_from,
            valid_to: one.row.valid_to,
            from: one.from.username,
            to: one.to.username,
        }
    }
}

/// A sign-in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptSessionJson {
    /// When it began.
    created_at: DateTime<Utc>,
    /// When its tokens were last exchanged.
    last_used_at: Option<DateTime<Utc>>,
    /// When it ended before its time.
    ended_at: Option<DateTime<Utc>>,
    /// Address from which it was last used.
    address: Option<String>,
    /// What the program called itself.
    client: Option<String>,
}

impl From<session::Model> for KeptSessionJson {
    fn from(row: session::Model) -> Self {
        Self {
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            ended_at: row.ended_at,
            address: row.address,
            client: row.client,
        }
    }
}

/// Something that was done with the account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeedJson {
    /// When.
    at: DateTime<Utc>,
    /// What: `REPORT_SUBMITTED`.
    action: String,
    /// To which thing.
    subject_id: Option<String>,
    /// What changed.
    #[schema(value_type = Object)]
    detail: Value,
}

impl DeedJson {
    fn of(row: audit_entry::Model) -> Result<Self> {
        Ok(Self {
            at: row.at,
            action: row.action,
            subject_id: Kind::named(&row.subject_kind).map(|kind| kind.id(row.subject_id)),
            detail: serde_json::from_str(&row.detail).map_err(Error::internal)?,
        })
    }
}

/// All that the service knows of the caller, as a file: the account, its roles, sessions and deeds. That it was asked for is recorded.
#[utoipa::path(get, path = "/api/v1/auth/me/export", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "As a file", body = PersonalDataJson)))]
#[get("/auth/me/export")]
pub(super) async fn export(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let data = usecases::export(&env, &actor).await?;
        let deeds: Result<Vec<_>> = data.deeds.into_iter().map(DeedJson::of).collect();
        Ok(HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((
                CONTENT_DISPOSITION,
                "attachment; filename=\"thidua-du-lieu-ca-nhan.json\"",
            ))
            .json(PersonalDataJson {
                exported_at: env.now(),
                id: Kind::Account.id(data.account.id),
                username: data.account.username,
                display_name: data.account.display_name,
                email: data.account.email,
                email_verified_at: data.account.email_verified_at,
                created_at: data.account.created_at,
                password_chosen_at: data.account.password_chosen_at,
                grants: data.grants.into_iter().map(GrantJson::from).collect(),
                delegations: data.delegations.into_iter().map(DelegationJson::from).collect(),
                provider_links: data.links.into_iter().map(LinkJson::from).collect(),
                sessions: data.sessions.into_iter().map(KeptSessionJson::from).collect(),
                deeds: deeds?,
                deeds_total: data.deeds_total,
            }))
    })
    .await
}
