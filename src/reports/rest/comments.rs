//! What is said of reports on REST: reading, saying, answering, settling.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::FigurePart;
use thidua_entity::report_comment;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::json::SignedJson;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::reports::store;
use crate::reports::usecases::{self, NewComment};
use crate::{accounts, forms, policy};

/// What is said of a report or of one of its figures. While one is open, the report is not approved.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommentJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The report.
    report_id: String,
    /// Code of the indicator; null when it is about the report as a whole.
    indicator_code: Option<String>,
    /// The total, or which part of it.
    part: FigurePart,
    /// What is said.
    text: String,
    /// The version that the report came to have when it was sent back with this; null when it was not. Compare it with `returnedVersion` of
    /// the report: what it was last sent back with is answered before it is sent again.
    returned_version: Option<i32>,
    /// Name of who said it.
    by: Option<String>,
    /// Name of the one on whose behalf it was said, when only a role that they had delegated permitted it; else null.
    acted_for: Option<String>,
    /// When.
    at: DateTime<Utc>,
    /// What is answered; null while nothing is.
    answer: Option<String>,
    /// Name of who answered.
    answered_by: Option<String>,
    /// When it was answered.
    answered_at: Option<DateTime<Utc>>,
    /// Name of who found it settled.
    resolved_by: Option<String>,
    /// When it was found settled; null while it is open.
    resolved_at: Option<DateTime<Utc>>,
}

/// What is said of a report, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct CommentsJson {
    /// At most 300.
    items: Vec<CommentJson>,
}

async fn shown(env: &Env, rows: Vec<report_comment::Model>) -> Result<Vec<CommentJson>> {
    let people = |row: &report_comment::Model| [row.account_id, row.acted_for, row.answered_by, row.resolved_by];
    let each_once = |mut ids: Vec<Uuid>| {
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let accounts = each_once(rows.iter().flat_map(people).flatten().collect());
    let names = accounts::store::names(&env.db, &accounts).await?;
    let indicators = each_once(rows.iter().filter_map(|row| row.indicator_id).collect());
    let indicators = forms::store::indicators(&env.db, &indicators).await?;
    let name = |id: Option<Uuid>| Some(names.iter().find(|row| Some(row.id) == id)?.display_name.clone());
    let code = |id: Option<Uuid>| Some(indicators.iter().find(|row| Some(row.id) == id)?.code.clone());
    let comment = |row: report_comment::Model| CommentJson {
        id: Kind::ReportComment.id(row.id),
        report_id: Kind::ReportSubmission.id(row.submission_id),
        indicator_code: code(row.indicator_id),
        part: row.part,
        text: row.text,
        returned_version: row.returned_version,
        by: name(row.account_id),
        acted_for: name(row.acted_for),
        at: row.at,
        answer: row.answer,
        answered_by: name(row.answered_by),
        answered_at: row.answered_at,
        resolved_by: name(row.resolved_by),
        resolved_at: row.resolved_at,
    };
    Ok(rows.into_iter().map(comment).collect())
}

async fn shown_alone(env: &Env, row: report_comment::Model) -> Result<CommentJson> {
    let shown = shown(env, vec![row]).await?.pop();
    shown.ok_or_else(|| Error::internal("a comment that is not shown"))
}

/// What is said of a report and of its figures, the oldest first.
#[utoipa::path(get, path = "/api/v1/reports/{id}/comments", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report")),
    responses((status = 200, description = "As asked for", body = CommentsJson)))]
#[get("/reports/{id}/comments")]
pub async fn list_report_comments(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::ReportSubmission.parse(&id)?;
        let report = store::find(&env.db, &policy::reach(&actor), id, env.today()).await?;
        let items = shown(&env, store::comments(&env.db, &[report.id]).await?).await?;
        tags::digested(&request, &CommentsJson { items })
    })
    .await
}

/// Something to be said of a report.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCommentJson {
    /// Code of the indicator whose figure it is about; left out for the report as a whole.
    indicator_code: Option<String>,
    /// The total when left out, or which part of it.
    part: Option<FigurePart>,
    /// What is said.
    text: String,
}

/// Says something of a report or of one of its figures. While it is open, the report is not approved.
#[utoipa::path(post, path = "/api/v1/reports/{id}/comments", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, it is said once")),
    request_body = NewCommentJson,
    responses((status = 201, description = "Said", body = CommentJson)))]
#[post("/reports/{id}/comments")]
pub async fn comment_on_report(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewCommentJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let part = body.part.unwrap_or(FigurePart::Total);
        let new = NewComment {
            report: Kind::ReportSubmission.parse(&id)?,
            figure: body.indicator_code.as_deref().map(|code| (code, part)),
            text: &body.text,
            key: http::idempotency_key(&request),
        };
        let comment = usecases::comment(&env, &actor, &new).await?;
        Ok(http::own_answer(StatusCode::CREATED).json(shown_alone(&env, comment).await?))
    })
    .await
}

/// An answer to what was said.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerJson {
    /// What is answered; the last answer stands.
    text: String,
}

/// Answers what was said of a report. What a report was sent back with is answered before it is sent again. Asked again it changes nothing
/// but the time: the last answer stands.
#[utoipa::path(post, path = "/api/v1/report-comments/{id}/answer", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the comment")),
    request_body = AnswerJson,
    responses((status = 200, description = "As it is now", body = CommentJson)))]
#[post("/report-comments/{id}/answer")]
pub async fn answer_report_comment(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<AnswerJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let comment = usecases::answer(&env, &actor, Kind::ReportComment.parse(&id)?, &body.text).await?;
        Ok(http::shown(&shown_alone(&env, comment).await?))
    })
    .await
}

/// Finds what was said settled. Whoever said it does, or whoever may send the report back.
#[utoipa::path(post, path = "/api/v1/report-comments/{id}/resolve", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the comment")),
    responses((status = 200, description = "As it is now", body = CommentJson)))]
#[post("/report-comments/{id}/resolve")]
pub async fn resolve_report_comment(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let comment = usecases::resolve(&env, &actor, Kind::ReportComment.parse(&id)?).await?;
        Ok(http::shown(&shown_alone(&env, comment).await?))
    })
    .await
}
