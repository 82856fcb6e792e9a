//! The steps in the life of a report on REST.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use thidua_entity::enums::FigurePart;
use utoipa::ToSchema;

use super::{ReportJson, whole};
use crate::env::Env;
use crate::error::Result;
use crate::http::json::SignedJson;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::reports::usecases::{self, Remark, SendBack, Step};

/// The step that a request asks for: which report, the versions of `If-Match`, and the key of the client's own.
pub fn step<'a>(request: &'a HttpRequest, id: &str) -> Result<Step<'a>> {
    Ok(Step {
        report: Kind::ReportSubmission.parse(id)?,
        seen: tags::if_match(request)?,
        key: http::idempotency_key(request),
    })
}

/// Takes a step with a report at the version that `If-Match` names, and answers with the report as it is then.
macro_rules! step {
    ($name:ident, $path:literal, $what:literal, $usecase:ident) => {
        #[doc = $what]
        #[utoipa::path(post, path = concat!("/api/v1", $path), tag = "reports", security(("bearer" = [])),
            params(("id" = String, Path, description = "Id of the report"),
                ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is"),
                ("Idempotency-Key" = Option<String>, Header,
                    description = "A key of your own, at most 100 characters: asked again with it, the step is taken once")),
            responses((status = 200, description = "As asked for", body = ReportJson)))]
        #[post($path)]
        pub async fn $name(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
            http::answer(&request, async {
                let actor = http::actor(&env, &request).await?;
                let report = usecases::$usecase(&env, &actor, &step(&request, &id)?).await?;
                Ok(tags::changed(report.version, &whole(&env.db, report).await?))
            })
            .await
        }
    };
}

step!(
    verify_report,
    "/reports/{id}/verify",
    "Finds a report complete and consistent. Not by who sent it.",
    verify
);
step!(
    approve_report,
    "/reports/{id}/approve",
    "Approves a report: from now on it counts. Not by who sent it.",
    approve
);

/// Why a step is taken.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonJson {
    /// The reason; who sees the report reads it.
    reason: String,
}

/// Takes a step that needs a reason.
macro_rules! step_with_reason {
    ($name:ident, $path:literal, $what:literal, $usecase:ident) => {
        #[doc = $what]
        #[utoipa::path(post, path = concat!("/api/v1", $path), tag = "reports", security(("bearer" = [])),
            params(("id" = String, Path, description = "Id of the report"),
                ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is"),
                ("Idempotency-Key" = Option<String>, Header,
                    description = "A key of your own, at most 100 characters: asked again with it, the step is taken once")),
            request_body = ReasonJson,
            responses((status = 200, description = "As asked for", body = ReportJson)))]
        #[post($path)]
        pub async fn $name(
            env: Data<Env>,
            request: HttpRequest,
            id: Path<String>,
            SignedJson(actor, body): SignedJson<ReasonJson>,
        ) -> Result<HttpResponse, Problem> {
            http::answer(&request, async {
                let report = usecases::$usecase(&env, &actor, &step(&request, &id)?, &body.reason).await?;
                Ok(tags::changed(report.version, &whole(&env.db, report).await?))
            })
            .await
        }
    };
}

/// Why a report is sent back, and what is to be mended of single figures.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnJson {
    /// The reason; the unit reads it.
    reason: String,
    /// What is said of single figures, at most 300: only these may then be changed, and each is answered before the report is sent again.
    #[serde(default)]
    figures: Vec<FigureRemarkJson>,
    /// Whether the unit may change the other figures too.
    #[serde(default)]
    all_open: bool,
}

/// What is said of one figure of a report that is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FigureRemarkJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The total when left out, or which part of it.
    part: Option<FigurePart>,
    /// What is to be mended.
    text: String,
}

/// Sends a report back with a reason that the unit reads, and with what is to be mended of single figures: then only these may be changed.
#[utoipa::path(post, path = "/api/v1/reports/{id}/return", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, the step is taken once")),
    request_body = ReturnJson,
    responses((status = 200, description = "As asked for", body = ReportJson)))]
#[post("/reports/{id}/return")]
pub async fn return_report(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<ReturnJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let remark = |figure: FigureRemarkJson| Remark {
            indicator: figure.indicator_code,
            part: figure.part.unwrap_or(FigurePart::Total),
            text: figure.text,
        };
        let remarks: Vec<Remark> = body.figures.into_iter().map(remark).collect();
        let why = SendBack {
            reason: &body.reason,
            remarks: &remarks,
            all_open: body.all_open,
        };
        let report = usecases::send_back(&env, &actor, &step(&request, &id)?, &why).await?;
        Ok(tags::changed(report.version, &whole(&env.db, report).await?))
    })
    .await
}

step_with_reason!(
    correct_report,
    "/reports/{id}/correct",
    "Begins a correction of an approved report, and answers with it: a draft with the same figures, changed, sent and approved like any \
     other. Until then the corrected report counts.",
    correct
);
