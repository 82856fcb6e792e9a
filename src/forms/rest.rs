//! Periods, indicators and forms on REST, for systems that prepare reports: list and get, by the same store that GraphQL reads.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use thidua_entity::enums::{FormState, UnitKind};
use utoipa::{IntoParams, OpenApi};
use uuid::Uuid;

use super::store::{self, View};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy;

mod catalogue;
mod difference;
mod extensions;
mod form;
mod json;
mod rules;

use difference::DifferenceJson;
use form::{DueDayJson, FormContentJson, FormJson, FormVersionJson, WholeFormJson};
use json::{IndicatorJson, PeriodJson};

/// What REST tells of periods, indicators and forms.
#[derive(OpenApi)]
#[openapi(
    paths(
        catalogue::list_periods,
        catalogue::get_period,
        catalogue::list_indicators,
        catalogue::get_indicator,
        list_report_forms,
        get_report_form,
        get_report_form_diff,
        get_report_form_due_day,
        extensions::extend_report
    ),
    components(schemas(
        PeriodJson,
        IndicatorJson,
        FormJson,
        WholeFormJson,
        DifferenceJson,
        DueDayJson,
        extensions::NewExtensionJson,
        extensions::ExtensionJson
    ))
)]
pub struct Docs;

/// Routes of periods, indicators and forms, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(catalogue::list_periods)
        .service(catalogue::get_period)
        .service(catalogue::list_indicators)
        .service(catalogue::get_indicator)
        .service(list_report_forms)
        .service(get_report_form)
        .service(get_report_form_diff)
        .service(get_report_form_due_day)
        .service(extensions::extend_report);
}

/// Which forms a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FormParams {
    /// Only the form with this code.
    code: Option<String>,
    /// Only forms that this kind of unit fills in now.
    filled_in_by: Option<UnitKind>,
    /// Only forms that this unit fills in now, by its kind, sector and size.
    for_unit_id: Option<String>,
    /// How many from the start or after `after`; 20 when left out, at most 100.
    first: Option<i32>,
    /// Only what comes after this cursor.
    after: Option<String>,
    /// How many from the end or before `before`; at most 100.
    last: Option<i32>,
    /// Only what comes before this cursor.
    before: Option<String>,
    /// Also count the whole list.
    #[serde(default)]
    count: bool,
}

/// The report forms that the caller's units use, by code.
#[utoipa::path(get, path = "/api/v1/report-forms", tag = "forms", params(FormParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<FormJson>)))]
#[get("/report-forms")]
async fn list_report_forms(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<FormParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let reach = policy::reach(&*http::actor(&env, &request).await?);
        let params = params.into_inner();
        let unit = params
            .for_unit_id
            .as_deref()
            .map(|id| Kind::Unit.parse(id))
            .transpose()?;
        let filter = store::FormFilter {
            code: params.code,
            filled_in_by: params.filled_in_by,
            unit,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let view = View::new(&reach, env.today());
        let page = store::list_forms(&env.db, view, &filter, &args, params.count).await?;
        Ok(http::shown(&PageJson::<FormJson>::of(page)))
    })
    .await
}

/// Which version of a form is shown.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VersionParams {
    /// Number of the version; the published one when left out.
    number: Option<i32>,
}

/// One form with the sections and items of its published version, or of the one that is asked for.
#[utoipa::path(get, path = "/api/v1/report-forms/{id}", tag = "forms",
    params(("id" = String, Path, description = "Id of the form"), VersionParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = WholeFormJson)))]
#[get("/report-forms/{id}")]
async fn get_report_form(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<VersionParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let reach = policy::reach(&*http::actor(&env, &request).await?);
        let view = View::new(&reach, env.today());
        let form = store::find_form(&env.db, view, Kind::ReportForm.parse(&id)?).await?;
        let versions = store::versions(&env.db, &[form.id]).await?;
        let wanted = match params.number {
            Some(number) => {
                let numbered = versions.iter().find(|version| version.number == number);
                Some(numbered.ok_or(Error::NotFound)?)
            }
            None => versions.iter().find(|version| version.state == FormState::Published),
        };
        let content = match wanted {
            Some(version) => {
                let (contents, indicators) = store::contents(&env.db, &[version]).await?;
                let content = contents.into_iter().next();
                content.map(|content| FormContentJson::of(version.clone(), content, &indicators))
            }
            None => None,
        };
        let shown = WholeFormJson {
            versions: versions.iter().map(FormVersionJson::from).collect(),
            form: form.into(),
            content,
        };
        tags::digested(&request, &shown)
    })
    .await
}

/// Which two versions of a form are compared.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DiffParams {
    /// Number of the version to begin with.
    from: i32,
    /// Number of the version to compare it with.
    to: i32,
}

/// What changed from one version of a form to another: who fills it in, sections, items, rules.
#[utoipa::path(get, path = "/api/v1/report-forms/{id}/diff", tag = "forms",
    params(("id" = String, Path, description = "Id of the form"), DiffParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = DifferenceJson)))]
#[get("/report-forms/{id}/diff")]
async fn get_report_form_diff(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<DiffParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let reach = policy::reach(&*http::actor(&env, &request).await?);
        let view = View::new(&reach, env.today());
        let form = Kind::ReportForm.parse(&id)?;
        let compared = store::compared(&env.db, view, form, (params.from, params.to)).await?;
        tags::digested(&request, &DifferenceJson::from(compared))
    })
    .await
}

/// For which period the due day is asked.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DueDayParams {
    /// The period.
    period_id: String,
    /// The unit that reports; with it, also until when it was given more time.
    unit_id: Option<String>,
}

/// Until when reports on a form for a period are in time: the form's own due day for the period, else the period's.
#[utoipa::path(get, path = "/api/v1/report-forms/{id}/due-day", tag = "forms",
    params(("id" = String, Path, description = "Id of the form"), DueDayParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = DueDayJson)))]
#[get("/report-forms/{id}/due-day")]
async fn get_report_form_due_day(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<DueDayParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let reach = policy::reach(&*http::actor(&env, &request).await?);
        let view = View::new(&reach, env.today());
        let form = store::find_form(&env.db, view, Kind::ReportForm.parse(&id)?).await?;
        let period = store::find_period(&env.db, view, Kind::Period.parse(&params.period_id)?).await?;
        let unit = params.unit_id.as_deref().map(|id| Kind::Unit.parse(id)).transpose()?;
        let (own, extension) = store::due_day_for(&env.db, view, &form, &period, unit).await?;
        let deadline = store::deadline_of(&period, own.as_ref(), extension.as_ref());
        let of: (Uuid, Uuid) = (form.id, period.id);
        tags::digested(&request, &DueDayJson::of(of, deadline, own.is_some()))
    })
    .await
}
