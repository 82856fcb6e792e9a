//! Registrations, targets and signatures on REST.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, post, put};
use serde::Deserialize;
use thidua_entity::enums::RegistrationKind;
use utoipa::ToSchema;

use super::pledged::{PactJson, RegistrationJson, TargetJson};
use crate::env::Env;
use crate::error::Result;
use crate::http::json::SignedJson;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::years::usecases::{self, NewRegistration, NewTarget, Signer};

/// What a unit registers for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRegistrationJson {
    /// The unit.
    unit_id: String,
    /// What it is for. A unit has one grade that it aims at.
    kind: RegistrationKind,
    /// The grade by its code in the criteria set, the title or the movement as written.
    title: String,
    /// The kind of award, when it is in the catalogue; for titles only.
    award_type_id: Option<String>,
    /// For whom; for `INDIVIDUAL_TITLE`, and only there.
    person: Option<String>,
    /// Why it comes late; needed after the phase `REGISTERING`.
    late_reason: Option<String>,
}

/// Registers a unit for a grade, a title or a movement; after the phase `REGISTERING` only with a reason.
#[utoipa::path(post, path = "/api/v1/emulation-years/{id}/registrations", tag = "emulation-years", security(("bearer" = [])),
    request_body = NewRegistrationJson,
    params(("id" = String, Path, description = "Id of the year"),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of your own: asked again with it, the first registration is the answer")),
    responses((status = 201, description = "Registered", body = RegistrationJson)))]
#[post("/emulation-years/{id}/registrations")]
pub async fn register(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewRegistrationJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let award = body.award_type_id.as_ref();
        let new = NewRegistration {
            year: Kind::EmulationYear.parse(&id)?,
            unit: Kind::Unit.parse(&body.unit_id)?,
            kind: body.kind,
            title: body.title,
            award_type: award.map(|id| Kind::AwardType.parse(id)).transpose()?,
            person: body.person,
            late_reason: body.late_reason,
        };
        let row = usecases::register(&env, &actor, new, http::idempotency_key(&request)).await?;
        Ok(http::own_answer(StatusCode::CREATED).json(RegistrationJson::read(&env, row).await?))
    })
    .await
}

/// What a unit promises.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTargetJson {
    /// The unit.
    unit_id: String,
    /// Code of the indicator.
    indicator_code: String,
    /// The figure as people write it: `1.671`, `295 triệu đồng`, `93,35%`.
    text: String,
    /// Why it comes late; needed after the phase `REGISTERING`.
    late_reason: Option<String>,
}

/// Sets what a unit promises for an indicator, until a pact is agreed that covers the unit; after the phase `REGISTERING` only with a reason.
#[utoipa::path(put, path = "/api/v1/emulation-years/{id}/targets", tag = "emulation-years", security(("bearer" = [])), request_body = NewTargetJson,
    params(("id" = String, Path, description = "Id of the year"),
        ("If-Match" = Option<String>, Header, description = "The version of the target that you read, as a tag, or `*` for whichever it is"),
        ("If-None-Match" = Option<String>, Header, description = "`*` in the place of `If-Match`, when there is no target yet")),
    responses((status = 200, description = "As asked for", body = TargetJson)))]
#[put("/emulation-years/{id}/targets")]
pub async fn set_target(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewTargetJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let seen = tags::if_match_or_new(&request)?;
        let new = NewTarget {
            year: Kind::EmulationYear.parse(&id)?,
            unit: Kind::Unit.parse(&body.unit_id)?,
            indicator: &body.indicator_code,
            text: &body.text,
            late_reason: body.late_reason.as_deref(),
        };
        let row = usecases::set_target(&env, &actor, new, seen).await?;
        Ok(tags::changed(row.version, &TargetJson::of(row, &body.indicator_code)))
    })
    .await
}

/// Who signs a pact for a unit.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignerJson {
    /// The `sha256` of the pact as you saw it: what is signed. `STALE_VERSION` when it is another by now.
    sha256: String,
    /// The unit that signs.
    unit_id: String,
    /// Who signs for it.
    signer_name: String,
    /// As what: Chủ tịch.
    signer_title: Option<String>,
}

/// Signs a pact for a unit, once: what has the `sha256` that you name. With the last signature the pact is in force.
#[utoipa::path(post, path = "/api/v1/pacts/{id}/sign", tag = "emulation-years", security(("bearer" = [])), request_body = SignerJson,
    params(("id" = String, Path, description = "Id of the pact"),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of your own, at most 100 characters: asked again with it, it is signed once")),
    responses((status = 200, description = "As asked for", body = PactJson)))]
#[post("/pacts/{id}/sign")]
pub async fn sign_pact(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<SignerJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let signer = Signer {
            pact: Kind::Pact.parse(&id)?,
            sha256: &body.sha256,
            unit: Kind::Unit.parse(&body.unit_id)?,
            name: &body.signer_name,
            title: body.signer_title.as_deref(),
        };
        let signed = usecases::sign_pact(&env, &actor, &signer, http::idempotency_key(&request)).await?;
        Ok(tags::changed(signed.version, &PactJson::read(&env, signed).await?))
    })
    .await
}
