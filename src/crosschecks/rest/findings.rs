//! Findings and replies on REST.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, post, put};
use serde::Deserialize;
use thidua_entity::enums::Reply;
use utoipa::ToSchema;

use super::shown::{self, CrossCheckJson, FindingJson};
use crate::crosschecks::usecases::{self, Finding, NewFinding};
use crate::env::Env;
use crate::error::Result;
use crate::http::json::SignedJson;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::years::store::View;

/// What a checker found.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFindingJson {
    /// Code of the section or criterion of the year's criteria; left out when it is about the unit as a whole.
    criterion: Option<String>,
    /// What was found.
    text: String,
    /// What was looked at: papers, books, premises.
    evidence_seen: Option<String>,
}

impl NewFindingJson {
    fn read(&self) -> Finding<'_> {
        Finding {
            criterion: self.criterion.as_deref(),
            text: &self.text,
            evidence_seen: self.evidence_seen.as_deref(),
        }
    }
}

/// Writes what the checker found. The checked unit sees it when the findings are sent.
#[utoipa::path(post, path = "/api/v1/cross-checks/{id}/findings", tag = "cross-checks", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the cross-check"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, it is written once")),
    request_body = NewFindingJson,
    responses((status = 201, description = "Written", body = FindingJson)))]
#[post("/cross-checks/{id}/findings")]
pub async fn write_finding(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewFindingJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let new = NewFinding {
            check: Kind::CrossCheck.parse(&id)?,
            finding: body.read(),
            key: http::idempotency_key(&request),
        };
        let finding = usecases::write_finding(&env, &actor, &new).await?;
        Ok(http::own_answer(StatusCode::CREATED).json(shown::finding(&env, finding).await?))
    })
    .await
}

/// Writes a finding anew, while nothing was sent.
#[utoipa::path(put, path = "/api/v1/cross-check-findings/{id}", tag = "cross-checks", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the finding"),
        ("If-Match" = String, Header, description = "Its `version` in quotes, or `*` for whichever it is")),
    request_body = NewFindingJson,
    responses((status = 200, description = "As it is now", body = FindingJson)))]
#[put("/cross-check-findings/{id}")]
pub async fn change_finding(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewFindingJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (id, seen) = (Kind::Finding.parse(&id)?, tags::if_match(&request)?);
        let finding = usecases::change_finding(&env, &actor, id, &seen, &body.read()).await?;
        Ok(tags::changed(finding.version, &shown::finding(&env, finding).await?))
    })
    .await
}

/// Takes a finding away, while nothing was sent.
#[utoipa::path(delete, path = "/api/v1/cross-check-findings/{id}", tag = "cross-checks", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the finding"),
        ("If-Match" = String, Header, description = "Its `version` in quotes, or `*` for whichever it is")),
    responses((status = 200, description = "The cross-check as it is now", body = CrossCheckJson)))]
#[delete("/cross-check-findings/{id}")]
pub async fn remove_finding(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, seen) = (Kind::Finding.parse(&id)?, tags::if_match(&request)?);
        let check = usecases::remove_finding(&env, &actor, id, &seen).await?;
        let view = View::of(&actor, env.today());
        Ok(tags::changed(check.version, &shown::whole(&env, &view, check).await?))
    })
    .await
}

/// A reply to a finding.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplyJson {
    /// Whether the unit agrees.
    reply: Reply,
    /// What it says to it; who disputes a finding says why.
    text: Option<String>,
}

/// Replies to a finding for the checked unit; the last reply stands until the replies are sent.
#[utoipa::path(put, path = "/api/v1/cross-check-findings/{id}/reply", tag = "cross-checks", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the finding"),
        ("If-Match" = String, Header, description = "Its `version` in quotes, or `*` for whichever it is")),
    request_body = ReplyJson,
    responses((status = 200, description = "As it is now", body = FindingJson)))]
#[put("/cross-check-findings/{id}/reply")]
pub async fn reply_to_finding(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<ReplyJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (id, seen) = (Kind::Finding.parse(&id)?, tags::if_match(&request)?);
        let finding = usecases::reply(&env, &actor, id, &seen, (body.reply, body.text.as_deref())).await?;
        Ok(tags::changed(finding.version, &shown::finding(&env, finding).await?))
    })
    .await
}
