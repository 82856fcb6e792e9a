//! What units registered for, promised and signed, as REST shows it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use thidua_entity::enums::{PactState, RegistrationKind};
use thidua_entity::{pact, pact_signature, registration, target};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accounts;
use crate::criteria::content::hex;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::years::store;

/// What a unit registered for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit.
    unit_id: String,
    /// What it is for.
    kind: RegistrationKind,
    /// The grade by its code, the title or the movement as written.
    title: String,
    /// The kind of award, when it is in the catalogue.
    award_type_id: Option<String>,
    /// For whom, when it is for a person.
    person: Option<String>,
    /// Why it came after the phase of registering; null when it came in time.
    late_reason: Option<String>,
    /// Name of who registered; null for recorded data.
    registered_by: Option<String>,
    /// Name of on whose behalf it was registered; null when it was in one's own name.
    registered_on_behalf_of: Option<String>,
    /// When.
    registered_at: DateTime<Utc>,
    /// When it was withdrawn; null while it holds.
    withdrawn_at: Option<DateTime<Utc>>,
    /// Why it was withdrawn.
    withdrawn_reason: Option<String>,
    /// Counts changes.
    version: i32,
}

/// Names of people beside what they wrote.
pub struct People(HashMap<Uuid, String>);

impl People {
    /// The names of some accounts, by one statement.
    pub async fn of(env: &Env, accounts: impl IntoIterator<Item = Option<Uuid>>) -> Result<Self> {
        let mut ids: Vec<Uuid> = accounts.into_iter().flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        let found = accounts::store::names(&env.db, &ids).await?;
        Ok(Self(found.into_iter().map(|row| (row.id, row.display_name)).collect()))
    }

    fn name(&self, account: Option<Uuid>) -> Option<String> {
        self.0.get(&account?).cloned()
    }
}

impl RegistrationJson {
    /// One registration.
    pub async fn read(env: &Env, row: registration::Model) -> Result<Self> {
        let people = People::of(env, [row.registered_by, row.registered_for]).await?;
        Ok(Self::of(row, &people))
    }

    /// The same with the names of people.
    pub fn of(row: registration::Model, people: &People) -> Self {
        Self {
            registered_by: people.name(row.registered_by),
            registered_on_behalf_of: people.name(row.registered_for),
            id: Kind::Registration.id(row.id),
            unit_id: Kind::Unit.id(row.unit_id),
            kind: row.kind,
            title: row.title,
            award_type_id: row.award_type_id.map(|id| Kind::AwardType.id(id)),
            person: row.person,
            late_reason: row.late_reason,
            registered_at: row.registered_at,
            withdrawn_at: row.withdrawn_at,
            withdrawn_reason: row.withdrawn_reason,
            version: row.version,
        }
    }
}

/// What a unit promised.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit.
    unit_id: String,
    /// Code of the indicator.
    indicator_code: String,
    /// What it promised: an exact decimal, as text.
    value: String,
    /// As it was typed.
    text: String,
    /// Why it was set after the phase of registering; null when it was in time.
    late_reason: Option<String>,
    /// When it was set.
    set_at: DateTime<Utc>,
    /// Counts changes.
    version: i32,
}

impl TargetJson {
    /// A target of an indicator with this code.
    pub fn of(row: target::Model, code: &str) -> Self {
        Self {
            id: Kind::Target.id(row.id),
            unit_id: Kind::Unit.id(row.unit_id),
            indicator_code: code.to_owned(),
            value: row.value.to_string(),
            text: row.text,
            late_reason: row.late_reason,
            set_at: row.set_at,
            version: row.version,
        }
    }
}

/// What the members of a cluster sign for a year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PactJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// 1, and one more for each that follows one that ended.
    number: i32,
    /// Where it is in its life.
    state: PactState,
    /// Its text.
    text: String,
    /// SHA-256 of what is signed: the text, the criteria, the targets. Null of a draft.
    sha256: Option<String>,
    /// When the last member signed; null before.
    in_force_at: Option<DateTime<Utc>>,
    /// The day on which it ended; null while it holds.
    ended_on: Option<NaiveDate>,
    /// Why it ended.
    end_reason: Option<String>,
    /// Who has signed, the first first.
    signatures: Vec<SignatureJson>,
    /// Counts changes, signatures not among them.
    version: i32,
}

impl PactJson {
    /// A pact with its signatures.
    pub async fn read(env: &Env, row: pact::Model) -> Result<Self> {
        let signatures = store::signatures(&env.db, &[row.id]).await?;
        let people = signatures.iter().flat_map(|one| [one.signed_by, one.signed_for]);
        let people = People::of(env, people).await?;
        Ok(Self {
            id: Kind::Pact.id(row.id),
            number: row.number,
            state: row.state,
            text: row.text,
            sha256: row.digest.as_deref().map(hex),
            in_force_at: row.in_force_at,
            ended_on: row.ended_on,
            end_reason: row.end_reason,
            signatures: signatures
                .into_iter()
                .map(|one| SignatureJson::of(one, &people))
                .collect(),
            version: row.version,
        })
    }
}

/// A signature under a pact.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignatureJson {
    /// The unit.
    unit_id: String,
    /// Who signed for it, as written.
    signer_name: String,
    /// As what.
    signer_title: Option<String>,
    /// Name of the account that signed; null for recorded data.
    by: Option<String>,
    /// Name of on whose behalf it was signed; null when it was in one's own name.
    on_behalf_of: Option<String>,
    /// When.
    signed_at: DateTime<Utc>,
}

impl SignatureJson {
    fn of(row: pact_signature::Model, people: &People) -> Self {
        Self {
            by: people.name(row.signed_by),
            on_behalf_of: people.name(row.signed_for),
            unit_id: Kind::Unit.id(row.unit_id),
            signer_name: row.signer_name,
            signer_title: row.signer_title,
            signed_at: row.signed_at,
        }
    }
}
