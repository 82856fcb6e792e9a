//! Files in the dossiers of proposals: adding one by a form, and the list.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use utoipa::ToSchema;

use super::{EvidenceJson, EvidenceListJson, add, shown};
use crate::env::Env;
use crate::evidence::store;
use crate::evidence::usecases::Subject;
use crate::http::{self, Problem};
use crate::ids::Kind;
use crate::{awards, policy};

/// The files in the dossier of a proposal, the oldest first: of its items and of the whole.
#[utoipa::path(get, path = "/api/v1/award-proposals/{id}/evidence", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the proposal")),
    responses((status = 200, description = "As asked for", body = EvidenceListJson)))]
#[get("/award-proposals/{id}/evidence")]
pub async fn list_dossier_evidence(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::AwardProposal.parse(&id)?;
        let proposal = awards::store::find_proposal(&env.db, &policy::reach(&actor), id, env.today()).await?;
        let rows = store::of_proposals(&env.db, &[proposal.id]).await?;
        let items = shown(&env, rows).await?;
        Ok(http::shown(&EvidenceListJson { items }))
    })
    .await
}

/// A form with a file for a dossier.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes the form; fields are read as they come")]
pub struct DossierEvidenceForm {
    /// The file: PDF, JPEG, PNG, WebP, HEIC, DOCX, XLSX, or text in UTF-8. What it is, is found in its content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Code of the item of the checklist to which it belongs; left out, it belongs to the dossier as a whole.
    dossier_item_code: Option<String>,
    /// What is to be said of it.
    note: Option<String>,
}

/// The fields of that form that are text.
const TEXTS: &[&str] = &["dossierItemCode", "note"];

/// Adds a file to the dossier of a proposal, or to one item of its checklist, until it is appraised. It does not tick the item: that takes the
/// document with number, day and signer (`tickAwardDossier`).
///
/// What a form can mend: `FILE_TOO_LARGE` (413), `FILE_EMPTY`, `FILE_TYPE_REFUSED`, `FILE_HAS_MACROS`, `TOO_MANY_FILES`, `YEAR_FULL`,
/// `DOSSIER_ITEM_UNKNOWN`. The same content beside the same item again: `ALREADY_EXISTS` (409).
#[utoipa::path(post, path = "/api/v1/award-proposals/{id}/evidence", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the proposal"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, the file is added once")),
    request_body(content = DossierEvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Added", body = EvidenceJson)))]
#[post("/award-proposals/{id}/evidence")]
pub async fn add_dossier_evidence(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let subject = Subject::AwardProposal(Kind::AwardProposal.parse(&id)?);
        add(&env, &actor, &request, subject, payload, TEXTS).await
    })
    .await
}
