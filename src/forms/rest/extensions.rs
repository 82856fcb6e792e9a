//! Giving a unit more time, on REST.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accounts;
use crate::env::Env;
use crate::forms::usecases::{self, NewExtension};
use crate::http::json::SignedJson;
use crate::http::{self, Problem};
use crate::ids::Kind;

/// More time for the report of a unit.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewExtensionJson {
    /// The unit.
    unit_id: String,
    /// The period.
    period_id: String,
    /// Last day on which its report is in time.
    until: NaiveDate,
    /// Why; the unit reads it.
    reason: String,
}

/// More time that a unit was given for its report on a form for a period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExtensionJson {
    /// The form.
    form_id: String,
    /// The period.
    period_id: String,
    /// The unit.
    unit_id: String,
    /// Last day on which its report is in time.
    until: NaiveDate,
    /// Why.
    reason: String,
    /// Name of who gave it.
    granted_by: Option<String>,
    /// Name of the one on whose behalf it was given, when only a role that they had delegated permitted it; else null.
    acted_for: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// Gives a unit more time for its report on a form for a period. The last that was given holds; asked again with the same day it is refused, for
/// that day gives no more time.
#[utoipa::path(post, path = "/api/v1/report-forms/{id}/extensions", tag = "forms", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the form")),
    request_body = NewExtensionJson,
    responses((status = 201, description = "Given", body = ExtensionJson)))]
#[post("/report-forms/{id}/extensions")]
pub async fn extend_report(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewExtensionJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let new = NewExtension {
            unit: Kind::Unit.parse(&body.unit_id)?,
            form: Kind::ReportForm.parse(&id)?,
            period: Kind::Period.parse(&body.period_id)?,
            until: body.until,
            reason: &body.reason,
        };
        let given = usecases::extend(&env, &actor, new).await?;
        let accounts: Vec<Uuid> = [given.granted_by, given.granted_for].into_iter().flatten().collect();
        let names = accounts::store::names(&env.db, &accounts).await?;
        let name = |id: Option<Uuid>| Some(names.iter().find(|row| Some(row.id) == id)?.display_name.clone());
        let shown = ExtensionJson {
            form_id: Kind::ReportForm.id(given.form_id),
            period_id: Kind::Period.id(given.period_id),
            unit_id: Kind::Unit.id(given.unit_id),
            until: given.until,
            reason: given.reason,
            granted_by: name(given.granted_by),
            acted_for: name(given.granted_for),
            at: given.at,
        };
        Ok(http::own_answer(StatusCode::CREATED).json(shown))
    })
    .await
}
