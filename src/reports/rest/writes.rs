//! Beginning reports and writing their figures on REST.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETag, LOCATION};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, patch, post};
use serde::Deserialize;
use thidua_entity::enums::{FigurePart, Nature};
use utoipa::ToSchema;

use super::steps::step;
use super::{ReportJson, read_id, whole};
use crate::env::Env;
use crate::http::json::SignedJson;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::reports::usecases::{self, NewReport, Saving, TypedFigure};

/// A report to be begun.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewReportJson {
    /// An id of your own: `report_` and a new UUID version 7, as an app gives that goes on offline. Begun again with the same id, the
    /// report begun first is the answer. Left out, the report is given one.
    id: Option<String>,
    /// The unit that reports.
    unit_id: String,
    /// The form; its published version is kept.
    form_id: String,
    /// The period, of the kind that the form is for.
    period_id: String,
}

/// Begins a report of a unit on a form for a period. Asked again with the same key, or with the same id of one's own, the report begun first is
/// the answer.
#[utoipa::path(post, path = "/api/v1/reports", tag = "reports", security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header,
        description = "A key of your own, at most 100 characters: asked again with it, the report begun first is the answer")),
    request_body = NewReportJson,
    responses((status = 201, description = "Begun; `Location` says where it is, its version is the `ETag`", body = ReportJson)))]
#[post("/reports")]
pub async fn create_report(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<NewReportJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let new = NewReport {
            id: read_id(Kind::ReportSubmission, body.id.as_ref())?,
            unit: Kind::Unit.parse(&body.unit_id)?,
            form: Kind::ReportForm.parse(&body.form_id)?,
            period: Kind::Period.parse(&body.period_id)?,
            key: http::idempotency_key(&request),
        };
        let report = usecases::create(&env, &actor, new).await?;
        let at = format!("/api/v1/reports/{}", Kind::ReportSubmission.id(report.id));
        Ok(http::own_answer(StatusCode::CREATED)
            .insert_header(ETag(tags::of_version(report.version)))
            .insert_header((LOCATION, at))
            .json(whole(&env.db, report).await?))
    })
    .await
}

/// What is to be written into a report. Figures that are not named stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportChangeJson {
    /// The version you saw, which may be an old one, as of a phone that was offline; send it with `If-Match: *`. What others have written
    /// since stays: of a figure that another has changed meanwhile theirs stands, and yours is among the `conflicts` of the answer. Left
    /// out, it is the version that is there.
    version: Option<i32>,
    /// The figures; all of them are written or none.
    #[serde(default)]
    figures: Vec<TypedFigureJson>,
    /// What the unit says beside its figures; left out it stays, null takes it out.
    #[serde(default, deserialize_with = "http::json::said")]
    #[schema(value_type = Option<String>)]
    note: Option<Option<String>>,
}

/// A figure as it stands on paper.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TypedFigureJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The total when left out, or which part of it; a part is written only where the form asks for it.
    part: Option<FigurePart>,
    /// The text as typed: `1.671`, `trên 295 triệu đồng`, `10-12`, `có`, the name or code of a choice. An empty text takes the figure
    /// out.
    text: String,
    /// Actual or estimate. Left out, a number is an estimate while the period still runs if the report is due before it ends,
    /// and actual otherwise.
    nature: Option<Nature>,
}

impl From<TypedFigureJson> for TypedFigure {
    fn from(figure: TypedFigureJson) -> Self {
        Self {
            indicator: figure.indicator_code,
            part: figure.part.unwrap_or(FigurePart::Total),
            text: figure.text,
            nature: figure.nature,
        }
    }
}

/// Writes figures of a report that is with its unit. A figure that cannot be read is told with its field, and nothing is stored.
///
/// `If-Match` with an `ETag` writes only what was changed from that very version: 412 when somebody was faster. Whoever was offline, or
/// was told 412, sends `If-Match: *` and in the body the `version` that was seen: then figures come together one by one, and where another
/// has changed the same figure, both are among `conflicts` until somebody who has seen both writes it again. `If-Match: *` without a `version`
/// writes over whatever is there.
#[utoipa::path(patch, path = "/api/v1/reports/{id}", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"),
        ("If-Match" = String, Header, description = "The `ETag` you read; or `*`, with the `version` you saw in the body to have figures put \
            together with what others wrote since"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, nothing is written twice")),
    request_body = ReportChangeJson,
    responses((status = 200, description = "As it is now, with `conflicts`", body = ReportJson)))]
#[patch("/reports/{id}")]
pub async fn save_report(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<ReportChangeJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let step = step(&request, &id)?;
        let figures: Vec<TypedFigure> = body.figures.into_iter().map(TypedFigure::from).collect();
        let saving = Saving {
            report: step.report,
            seen: &step.seen,
            version: body.version,
            figures: &figures,
            note: body.note.as_ref().map(Option::as_deref),
            key: step.key,
        };
        let report = usecases::save(&env, &actor, &saving).await?;
        Ok(tags::changed(report.version, &whole(&env.db, report).await?))
    })
    .await
}

/// Lets the unit change every figure of a report that was sent back for some of them.
#[utoipa::path(post, path = "/api/v1/reports/{id}/unlock", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    responses((status = 200, description = "As it is now", body = ReportJson)))]
#[post("/reports/{id}/unlock")]
pub async fn unlock_report(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let step = step(&request, &id)?;
        let report = usecases::unlock(&env, &actor, step.report, &step.seen).await?;
        Ok(tags::changed(report.version, &whole(&env.db, report).await?))
    })
    .await
}
