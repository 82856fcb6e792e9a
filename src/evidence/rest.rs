//! Evidence on REST: adding a file by a form, the list, removing, making a link, and the content behind it.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::{Data, Path, Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::{account, evidence, indicator, stored_file};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::store;
use super::usecases::{self, MadeLink, NamedPart, NewEvidence, Subject};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::files::hex;
use crate::http::download::{self, Download};
use crate::http::upload::{self, UploadLimits};
use crate::http::{self, Problem};
use crate::ids::Kind;
use crate::{accounts, forms, policy, reports, request, scoring};

mod dossiers;

use dossiers::DossierEvidenceForm;

/// What REST tells of evidence.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_report_evidence,
        add_report_evidence,
        list_sheet_evidence,
        add_sheet_evidence,
        dossiers::list_dossier_evidence,
        dossiers::add_dossier_evidence,
        get_evidence,
        remove_evidence,
        create_evidence_link,
        download_file
    ),
    components(schemas(
        EvidenceJson,
        EvidenceListJson,
        EvidenceForm,
        SheetEvidenceForm,
        DossierEvidenceForm,
        EvidenceLinkJson
    ))
)]
pub struct Docs;

/// Routes of evidence, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_report_evidence)
        .service(add_report_evidence)
        .service(list_sheet_evidence)
        .service(add_sheet_evidence)
        .service(dossiers::list_dossier_evidence)
        .service(dossiers::add_dossier_evidence)
        .service(get_evidence)
        .service(remove_evidence)
        .service(create_evidence_link)
        .service(download_file);
}

/// A file that shows that a report or score sheet, or one part of it, is so, or a document of a dossier.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// Id of the report, score sheet or proposal to which it is attached.
    subject_id: String,
    /// Code of the indicator whose figure it proves; null when it proves the report as a whole, or stands beside a score sheet.
    indicator_code: Option<String>,
    /// Code of the criterion that it proves; null when it proves the score sheet as a whole, or stands beside a report.
    criterion_code: Option<String>,
    /// Code of the item of the checklist to which it belongs; null when it belongs to the dossier as a whole, or is no part of one.
    dossier_item_code: Option<String>,
    /// Name of the file. It ends as its kind does.
    file_name: String,
    /// What the file is, found in its content: `application/pdf`.
    media_type: String,
    /// Its size in bytes.
    bytes: i64,
    /// SHA-256 of its content, in hexadecimal digits.
    sha256: String,
    /// What whoever added it says of it.
    note: Option<String>,
    /// Name of who added it.
    added_by: Option<String>,
    /// Name of the one on whose behalf it was added, when only a role that they had delegated permitted it.
    added_for: Option<String>,
    /// When it was added.
    added_at: DateTime<Utc>,
}

/// The evidence of a report, score sheet or dossier.
#[derive(Serialize, ToSchema)]
pub struct EvidenceListJson {
    /// The files, the oldest first.
    items: Vec<EvidenceJson>,
}

/// What evidence is shown with, read for all of it together.
struct Around {
    files: HashMap<Uuid, stored_file::Model>,
    indicators: HashMap<Uuid, indicator::Model>,
    accounts: HashMap<Uuid, account::Model>,
}

impl Around {
    fn shown(&self, row: evidence::Model) -> Result<EvidenceJson> {
        let file = self.files.get(&row.file_id);
        let file = file.ok_or_else(|| Error::internal("evidence without its file"))?;
        let (kind, subject) = Subject::of(&row)?.key();
        let indicator = row.indicator_id.and_then(|id| self.indicators.get(&id));
        let name = |account: Option<Uuid>| Some(self.accounts.get(&account?)?.display_name.clone());
        Ok(EvidenceJson {
            id: Kind::Evidence.id(row.id),
            subject_id: kind.id(subject),
            indicator_code: indicator.map(|indicator| indicator.code.clone()),
            criterion_code: row.criterion,
            dossier_item_code: row.dossier_item,
            file_name: row.file_name,
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sha256: hex(&file.sha256),
            note: row.note,
            added_by: name(row.added_by),
            added_for: name(row.added_for),
            added_at: row.added_at,
        })
    }
}

async fn shown(env: &Env, rows: Vec<evidence::Model>) -> Result<Vec<EvidenceJson>> {
    let ids = |of: fn(&evidence::Model) -> Vec<Option<Uuid>>| {
        let mut ids: Vec<Uuid> = rows.iter().flat_map(of).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let files = store::files(&env.db, &ids(|row| vec![Some(row.file_id)])).await?;
    let indicators = forms::store::indicators(&env.db, &ids(|row| vec![row.indicator_id])).await?;
    let accounts = accounts::store::names(&env.db, &ids(|row| vec![row.added_by, row.added_for])).await?;
    let around = Around {
        files: files.into_iter().map(|row| (row.id, row)).collect(),
        indicators: indicators.into_iter().map(|row| (row.id, row)).collect(),
        accounts: accounts.into_iter().map(|row| (row.id, row)).collect(),
    };
    rows.into_iter().map(|row| around.shown(row)).collect()
}

async fn shown_alone(env: &Env, row: evidence::Model) -> Result<EvidenceJson> {
    let shown = shown(env, vec![row]).await?.pop();
    shown.ok_or_else(|| Error::internal("evidence that is not shown"))
}

/// The evidence of a report, the oldest first: of the report as a whole and of its figures.
#[utoipa::path(get, path = "/api/v1/reports/{id}/evidence", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report")),
    responses((status = 200, description = "As asked for", body = EvidenceListJson)))]
#[get("/reports/{id}/evidence")]
async fn list_report_evidence(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::ReportSubmission.parse(&id)?;
        let report = reports::store::find(&env.db, &policy::reach(&actor), id, env.today()).await?;
        let rows = store::of_reports(&env.db, &[report.id]).await?;
        let items = shown(&env, rows).await?;
        Ok(http::shown(&EvidenceListJson { items }))
    })
    .await
}

/// A form with a file.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes the form; fields are read as they come")]
struct EvidenceForm {
    /// The file: PDF, JPEG, PNG, WebP, HEIC, DOCX, XLSX, or text in UTF-8. What it is, is found in its content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Code of the indicator whose figure it proves; left out, it proves the report as a whole.
    indicator_code: Option<String>,
    /// What is to be said of it.
    note: Option<String>,
}

/// The fields of the form that are text.
const TEXTS: &[&str] = &["indicatorCode", "note"];

/// Adds a file to a report, or to one figure of it, while the report is with its unit.
///
/// What a form can mend: `FILE_TOO_LARGE` (413), `FILE_EMPTY`, `FILE_TYPE_REFUSED`, `FILE_HAS_MACROS`, `TOO_MANY_FILES`, `YEAR_FULL`,
/// `INDICATOR_NOT_ON_FORM`. The same content beside the same figure again: `ALREADY_EXISTS` (409).
#[utoipa::path(post, path = "/api/v1/reports/{id}/evidence", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, the file is added once")),
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Added", body = EvidenceJson)))]
#[post("/reports/{id}/evidence")]
async fn add_report_evidence(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let subject = Subject::Report(Kind::ReportSubmission.parse(&id)?);
        add(&env, &actor, &request, subject, payload, TEXTS).await
    })
    .await
}

/// The evidence of a score sheet, the oldest first: of the sheet as a whole and of its criteria; nothing for who sees the sheet only because
/// it is published.
#[utoipa::path(get, path = "/api/v1/score-sheets/{id}/evidence", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the score sheet")),
    responses((status = 200, description = "As asked for", body = EvidenceListJson)))]
#[get("/score-sheets/{id}/evidence")]
async fn list_sheet_evidence(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let view = scoring::store::View::of(&actor, env.today());
        let sheet = scoring::store::find(&env.db, &view, Kind::ScoreSheet.parse(&id)?).await?;
        let closely = scoring::store::closely(&env.db, &view, &[sheet.id]).await?;
        let rows = store::of_sheets(&env.db, &closely).await?;
        let items = shown(&env, rows).await?;
        Ok(http::shown(&EvidenceListJson { items }))
    })
    .await
}

/// A form with a file for a score sheet.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes the form; fields are read as they come")]
struct SheetEvidenceForm {
    /// The file: PDF, JPEG, PNG, WebP, HEIC, DOCX, XLSX, or text in UTF-8. What it is, is found in its content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Code of the criterion that it proves; left out, it proves the sheet as a whole.
    criterion_code: Option<String>,
    /// What is to be said of it.
    note: Option<String>,
}

/// The fields of that form that are text.
const SHEET_TEXTS: &[&str] = &["criterionCode", "note"];

/// Adds a file to the score sheet of a unit, or to one criterion of it, while the unit scores itself.
///
/// What a form can mend: `FILE_TOO_LARGE` (413), `FILE_EMPTY`, `FILE_TYPE_REFUSED`, `FILE_HAS_MACROS`, `TOO_MANY_FILES`, `YEAR_FULL`,
/// `UNKNOWN_CRITERION`. The same content beside the same criterion again: `ALREADY_EXISTS` (409).
#[utoipa::path(post, path = "/api/v1/score-sheets/{id}/evidence", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the score sheet"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, the file is added once")),
    request_body(content = SheetEvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Added", body = EvidenceJson)))]
#[post("/score-sheets/{id}/evidence")]
async fn add_sheet_evidence(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let subject = Subject::ScoreSheet(Kind::ScoreSheet.parse(&id)?);
        add(&env, &actor, &request, subject, payload, SHEET_TEXTS).await
    })
    .await
}

/// Adds the file of a form to a thing.
async fn add(
    env: &Env,
    actor: &Actor,
    request: &HttpRequest,
    subject: Subject,
    payload: Payload,
    texts: &[&'static str],
) -> Result<HttpResponse> {
    let key = http::idempotency_key(request);
    usecases::may_attach(env, actor, subject, key).await?;
    let limits = UploadLimits {
        bytes_max: env.evidence.bytes_max,
        time_max: env.evidence.upload_time_max,
    };
    let form = upload::read_form(request, payload.into_inner(), &env.files, limits, texts).await;
    let form = match form {
        Ok(form) => form,
        Err(refusal) => return Ok(refusal.problem(request)),
    };
    let new = NewEvidence {
        subject,
        part: NamedPart {
            indicator: form.texts.get("indicatorCode"),
            criterion: form.texts.get("criterionCode"),
            dossier_item: form.texts.get("dossierItemCode"),
        },
        note: form.texts.get("note"),
        file_name: form.file_name.as_deref(),
        file: form.file,
    };
    let row = usecases::attach(env, actor, new, key).await?;
    let added = shown_alone(env, row).await?;
    Ok(http::own_answer(StatusCode::CREATED)
        .insert_header((LOCATION, format!("/api/v1/evidence/{}", added.id)))
        .json(added))
}

/// What is known of one file, without its content.
#[utoipa::path(get, path = "/api/v1/evidence/{id}", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the evidence")),
    responses((status = 200, description = "As asked for", body = EvidenceJson)))]
#[get("/evidence/{id}")]
async fn get_evidence(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::Evidence.parse(&id)?;
        let row = store::find(&env.db, &store::View::of(&actor, env.today()), id).await?;
        Ok(http::shown(&shown_alone(&env, row).await?))
    })
    .await
}

/// Why a file is removed.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RemoveParams {
    /// Why. Needed when the report or sheet has been handed in, or the proposal endorsed, since the file was added: others may have seen it.
    reason: Option<String>,
}

/// Removes a file from its report while the report is with its unit, from a score sheet while the unit scores itself, from a dossier until it
/// is appraised. That it was there stays known.
#[utoipa::path(delete, path = "/api/v1/evidence/{id}", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the evidence"), RemoveParams),
    responses((status = 204, description = "Removed")))]
#[delete("/evidence/{id}")]
async fn remove_evidence(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<RemoveParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::Evidence.parse(&id)?;
        usecases::remove(&env, &actor, id, params.reason.as_deref()).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Where a file can be downloaded, for a short time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EvidenceLinkJson {
    /// Address below that of the service. It needs no token, so open it in a browser as it is; keep it to yourself. It works while the
    /// session lives in which it was made and the file is seen.
    url: String,
    /// Until when it works.
    expires_at: DateTime<Utc>,
}

/// The address of a link, below that of the service.
pub fn address(link: &MadeLink) -> String {
    format!("/api/v1/files/{}", link.token)
}

/// Makes a link by which the caller downloads a file within five minutes. That it was made is recorded.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/link", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the evidence")),
    responses((status = 201, description = "Made", body = EvidenceLinkJson)))]
#[post("/evidence/{id}/link")]
async fn create_evidence_link(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let link = usecases::create_link(&env, &actor, Kind::Evidence.parse(&id)?).await?;
        Ok(HttpResponse::Created()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(EvidenceLinkJson {
                url: address(&link),
                expires_at: link.expires_at,
            }))
    })
    .await
}

/// The content of a file, by a link. It comes as a file to be saved; a part of it can be asked for (`Range`), and with `If-Range` a
/// broken download goes on, also by a newer link.
#[utoipa::path(get, path = "/api/v1/files/{token}", tag = "evidence",
    params(("token" = String, Path, description = "What stands in the address of the link"),
        ("Range" = Option<String>, Header, description = "One range of bytes, `bytes=1048576-`"),
        ("If-Range" = Option<String>, Header, description = "The `ETag` of what is there already: the range is answered only if it is the same")),
    responses((status = 200, description = "The whole", content_type = "application/octet-stream"),
        (status = 206, description = "The part", content_type = "application/octet-stream")))]
#[get("/files/{token}")]
async fn download_file(env: Data<Env>, request: HttpRequest, token: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let link = usecases::read_link(&env, &token)?;
        http::admit(&env, &request, link.account)?;
        request::name_account(link.account);
        let (row, file) = usecases::open_link(&env, &link).await?;
        let file = Download {
            file_name: &row.file_name,
            media_type: &file.media_type,
            sha256: &file.sha256,
            bytes: u64::try_from(file.bytes).unwrap_or(0),
        };
        download::hand_out(&request, &env.files, &file).await
    })
    .await
}
