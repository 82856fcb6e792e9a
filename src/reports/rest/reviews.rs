//! Reviewing many reports at once, on REST.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{ReportAction, ReportStatus};
use utoipa::ToSchema;

use crate::env::Env;
use crate::error::{Error, Language, Result};
use crate::http::json::SignedJson;
use crate::http::{self, Problem};
use crate::ids::Kind;
use crate::reports::usecases::{self, Reviewed};

/// What is done with many reports at once.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ReviewStepJson {
    /// Find complete and consistent.
    Verify,
    /// Approve.
    Approve,
    /// Send back with a reason.
    Return,
}

/// A report that is to be reviewed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReviewItemJson {
    /// The report.
    id: String,
    /// The version you saw.
    version: i32,
}

/// A step that is to be taken with many reports.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReviewJson {
    /// What is done with them.
    #[schema(inline)]
    step: ReviewStepJson,
    /// The reports, at most 250, each once.
    #[schema(inline)]
    items: Vec<ReviewItemJson>,
    /// Why, when they are sent back; the units read it.
    reason: Option<String>,
    /// Only tell what would come of it; nothing is changed.
    #[serde(default)]
    dry_run: bool,
}

/// What came of a review, report by report.
#[derive(Serialize, ToSchema)]
pub(super) struct ReviewedJson {
    /// One for each report, in the order given.
    #[schema(inline)]
    results: Vec<ReviewResultJson>,
    /// With how many the step was taken, or would be.
    taken: usize,
}

/// What came of it for one report.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReviewResultJson {
    /// The report.
    id: String,
    /// Whether the step was taken, or would be.
    taken: bool,
    /// Where the report is now, or would be; null when the step was not taken.
    status: Option<ReportStatus>,
    /// Its version now, or as it would be; null when the step was not taken.
    version: Option<i32>,
    /// Code of the error that kept the step from being taken; null when it was.
    code: Option<&'static str>,
    /// Why not, in the caller's language; null when it was taken.
    reason: Option<String>,
}

impl ReviewResultJson {
    fn of(reviewed: Reviewed, language: Language) -> Self {
        let (report, refusal) = match reviewed.outcome {
            Ok(report) => (Some(report), None),
            Err(error) => (None, Some(error)),
        };
        Self {
            id: Kind::ReportSubmission.id(reviewed.id),
            taken: refusal.is_none(),
            status: report.as_ref().map(|report| report.status),
            version: report.map(|report| report.version),
            code: refusal.as_ref().map(Error::code),
            reason: refusal.map(|error| error.text().in_language(language).to_owned()),
        }
    }
}

/// Verifies, approves or sends back up to 250 reports. Each is judged by itself; those that pass are taken together, the others stay as
/// they are and say why. Asked again it changes nothing more, since every item names its version.
#[utoipa::path(post, path = "/api/v1/reports/review", tag = "reports", security(("bearer" = [])), request_body = ReviewJson,
    responses((status = 200, description = "What came of it for each", body = ReviewedJson)))]
#[post("/reports/review")]
pub(super) async fn review_reports(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<ReviewJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let read = |item: &ReviewItemJson| Ok((Kind::ReportSubmission.parse(&item.id)?, item.version));
        let reports: Result<Vec<_>> = body.items.iter().map(read).collect();
        let review = usecases::Review {
            action: match body.step {
                ReviewStepJson::Verify => ReportAction::Verify,
                ReviewStepJson::Approve => ReportAction::Approve,
                ReviewStepJson::Return => ReportAction::Return,
            },
            reports: &reports?,
            reason: body.reason.as_deref(),
            dry_run: body.dry_run,
        };
        let language = http::language(request.headers());
        let reviewed = usecases::review(&env, &actor, &review).await?;
        let results: Vec<_> = reviewed
            .into_iter()
            .map(|one| ReviewResultJson::of(one, language))
            .collect();
        let taken = results.iter().filter(|result| result.taken).count();
        Ok(http::shown(&ReviewedJson { results, taken }))
    })
    .await
}
