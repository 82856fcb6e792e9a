//! Reports on REST: list, get, the steps of the life, and summaries; by the same use-cases as GraphQL.

use std::collections::HashMap;

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Order;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{Nature, Qualifier, ReportStatus};
use thidua_entity::{Fixed4, indicator, report_submission, report_value};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::store::summary::{SummaryScope, reports_behind};
use super::usecases::summary::{Basis, Question, Summary, Total, summarize};
use super::{store, usecases};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::body::Json;
use crate::http::{self, PageJson, Problem};
use crate::ids::Kind;
use crate::{forms, policy};

/// What REST tells of reports and summaries.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_reports,
        get_report,
        submit_report,
        return_report,
        verify_report,
        approve_report,
        get_summary,
        list_summary_reports
    ),
    components(schemas(ReportJson, FigureJson, SummaryJson, TotalJson, ReturnJson))
)]
pub struct Docs;

/// Routes of reports, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_reports)
        .service(get_report)
        .service(submit_report)
        .service(return_report)
        .service(verify_report)
        .service(approve_report)
        .service(get_summary)
        .service(list_summary_reports);
}

/// One unit's report on one form for one period. Lists leave out the figures.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit that reports.
    unit_id: String,
    /// The period reported on.
    period_id: String,
    /// The form.
    form_id: String,
    /// Where it is in its life.
    status: ReportStatus,
    /// Whether it was first sent after the due day.
    late: bool,
    /// What the unit says beside its figures.
    note: Option<String>,
    /// When it was last sent.
    submitted_at: Option<DateTime<Utc>>,
    /// When it was approved.
    approved_at: Option<DateTime<Utc>>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// Counts changes; the `ETag`, to be sent back as `If-Match` with the next step.
    version: i32,
    /// Its figures, in the order of the form. A missing figure is not in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<Vec<FigureJson>>,
}

impl From<report_submission::Model> for ReportJson {
    fn from(row: report_submission::Model) -> Self {
        Self {
            id: Kind::ReportSubmission.id(row.id),
            unit_id: Kind::Unit.id(row.unit_id),
            period_id: Kind::Period.id(row.period_id),
            form_id: Kind::ReportForm.id(row.form_id),
            status: row.status,
            late: row.late,
            note: row.note,
            submitted_at: row.submitted_at,
            approved_at: row.approved_at,
            updated_at: row.updated_at,
            version: row.version,
            figures: None,
        }
    }
}

/// One figure of a report.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FigureJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The figure, a decimal as a string; the lower end of a range.
    #[schema(value_type = String)]
    value: Fixed4,
    /// The upper end of a range.
    #[schema(value_type = Option<String>)]
    upper: Option<Fixed4>,
    /// What the text claims.
    qualifier: Qualifier,
    /// Actual or estimate.
    nature: Nature,
    /// The text as typed.
    text: String,
}

impl FigureJson {
    fn of(value: &report_value::Model, indicator: &indicator::Model) -> Self {
        Self {
            indicator_code: indicator.code.clone(),
            value: value.value,
            upper: value.upper,
            qualifier: value.qualifier,
            nature: value.nature,
            text: value.raw.clone(),
        }
    }
}

/// A report with its figures.
async fn whole(connection: &impl ConnectionTrait, report: report_submission::Model) -> Result<ReportJson> {
    let items = forms::store::items(connection, &[report.form_version_id]).await?;
    let ids: Vec<_> = items.iter().map(|item| item.indicator_id).collect();
    let indicators: HashMap<_, _> = forms::store::indicators(connection, &ids)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let values: HashMap<_, _> = store::values(connection, &[report.id])
        .await?
        .into_iter()
        .map(|row| (row.indicator_id, row))
        .collect();
    let figures = ids
        .iter()
        .filter_map(|id| Some(FigureJson::of(values.get(id)?, indicators.get(id)?)));
    let figures = Some(figures.collect());
    Ok(ReportJson {
        figures,
        ..report.into()
    })
}

/// Which reports a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportParams {
    /// Only reports of this unit.
    unit_id: Option<String>,
    /// Only reports of this unit and of those that stood below it when the period ended.
    under_id: Option<String>,
    /// Only reports of units that were members of this cluster, or of one inside this bloc, when the period ended.
    cluster_id: Option<String>,
    /// Only reports of units of this province.
    province_id: Option<String>,
    /// Only reports for this period.
    period_id: Option<String>,
    /// Only reports on this form.
    form_id: Option<String>,
    /// Only these statuses, separated by commas.
    status: Option<String>,
    /// Only late ones, or only those in time.
    late: Option<bool>,
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

fn read_id(kind: Kind, id: Option<&String>) -> Result<Option<uuid::Uuid>> {
    id.map(|id| kind.parse(id)).transpose()
}

impl ReportParams {
    fn filter(&self) -> Result<store::ReportFilter> {
        Ok(store::ReportFilter {
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            under: read_id(Kind::Unit, self.under_id.as_ref())?,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            province: read_id(Kind::Province, self.province_id.as_ref())?,
            period: read_id(Kind::Period, self.period_id.as_ref())?,
            form: read_id(Kind::ReportForm, self.form_id.as_ref())?,
            statuses: http::codes("status", self.status.as_deref())?,
            late: self.late,
        })
    }
}

/// The reports that the caller sees, the last changed first, without their figures.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", params(ReportParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ReportJson>), (status = "default", description = "A problem, RFC 9457")))]
#[get("/reports")]
async fn list_reports(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<ReportParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (reach, filter) = (policy::reach(&actor), params.filter()?);
        let params = params.into_inner();
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let order = (store::ReportSort::Updated, Order::Desc);
        let page = store::list(&env.db, &reach, env.today(), &filter, order, &args, params.count).await?;
        Ok(HttpResponse::Ok().json(PageJson::<ReportJson>::of(page)))
    })
    .await
}

/// One report with its figures. Its version is the `ETag`.
#[utoipa::path(get, path = "/api/v1/reports/{id}", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report")),
    responses((status = 200, description = "As asked for", body = ReportJson), (status = "default", description = "A problem, RFC 9457")))]
#[get("/reports/{id}")]
async fn get_report(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::ReportSubmission.parse(&id)?;
        let report = store::find(&env.db, &policy::reach(&actor), id, env.today()).await?;
        Ok(http::versioned(
            &request,
            report.version,
            &whole(&env.db, report).await?,
        ))
    })
    .await
}

/// Takes a step with a report at the version that `If-Match` names, and answers with the report as it is then.
macro_rules! step {
    ($name:ident, $path:literal, $what:literal, $usecase:ident) => {
        #[doc = $what]
        #[utoipa::path(post, path = concat!("/api/v1", $path), tag = "reports", security(("bearer" = [])),
                                            params(("id" = String, Path, description = "Id of the report"),
                                                ("If-Match" = String, Header, description = "The `ETag` you read")),
                                            responses((status = 200, description = "As asked for", body = ReportJson),
                                                (status = "default", description = "A problem, RFC 9457")))]
        #[post($path)]
        async fn $name(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
            http::answer(&request, async {
                let actor = http::actor(&env, &request).await?;
                let (id, version) = (Kind::ReportSubmission.parse(&id)?, http::if_match(&request)?);
                let report = usecases::$usecase(&env, &actor, id, version).await?;
                Ok(http::changed(report.version, &whole(&env.db, report).await?))
            })
            .await
        }
    };
}

step!(
    submit_report,
    "/reports/{id}/submit",
    "Sends a report. Every compulsory figure must be there.",
    submit
);
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

/// Why a report is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnJson {
    /// The reason; the unit reads it.
    reason: String,
}

/// Sends a report back with a reason that the unit reads.
#[utoipa::path(post, path = "/api/v1/reports/{id}/return", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"),
        ("If-Match" = String, Header, description = "The `ETag` you read")),
    request_body = ReturnJson,
    responses((status = 200, description = "As asked for", body = ReportJson), (status = "default", description = "A problem, RFC 9457")))]
#[post("/reports/{id}/return")]
async fn return_report(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    body: Json<ReturnJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, version) = (Kind::ReportSubmission.parse(&id)?, http::if_match(&request)?);
        let report = usecases::send_back(&env, &actor, id, version, &body.0.reason).await?;
        Ok(http::changed(report.version, &whole(&env.db, report).await?))
    })
    .await
}

/// Which reports are added up, on which form and for which span. Exactly one of the four scopes.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SummaryParams {
    /// Members of this cluster, or of those inside this bloc, when the period ended.
    cluster_id: Option<String>,
    /// This unit and what stood below it when the period ended.
    unit_id: Option<String>,
    /// Units of this province.
    province_id: Option<String>,
    /// Everybody.
    everything: Option<bool>,
    /// The form.
    form_id: String,
    /// The span: a period of the form's kind, or a longer one that contains such periods.
    period_id: String,
    /// Which reports count: `APPROVED` (when left out), `SUBMITTED` or `ALL`.
    basis: Option<String>,
    /// For the reports behind: only those with a figure for this indicator.
    indicator_code: Option<String>,
    /// For the reports behind: how many after `after`; 20 when left out, at most 100.
    first: Option<i32>,
    /// For the reports behind: only what comes after this cursor.
    after: Option<String>,
}

impl SummaryParams {
    fn question(&self) -> Result<Question> {
        let cluster = read_id(Kind::Cluster, self.cluster_id.as_ref())?.map(SummaryScope::Cluster);
        let unit = read_id(Kind::Unit, self.unit_id.as_ref())?.map(SummaryScope::Unit);
        let province = read_id(Kind::Province, self.province_id.as_ref())?.map(SummaryScope::Province);
        let everything = (self.everything == Some(true)).then_some(SummaryScope::Everything);
        let mut scopes = [cluster, unit, province, everything].into_iter().flatten();
        let (Some(scope), None) = (scopes.next(), scopes.next()) else {
            return Err(Error::bad_request(
                "Hãy chọn đúng một phạm vi: clusterId, unitId, provinceId hoặc everything=true.",
                "Choose exactly one scope: clusterId, unitId, provinceId or everything=true.",
            ));
        };
        let basis = match self.basis.as_deref() {
            None | Some("APPROVED") => Basis::Approved,
            Some("SUBMITTED") => Basis::Submitted,
            Some("ALL") => Basis::All,
            Some(_) => {
                return Err(Error::bad_request(
                    "`basis` là APPROVED, SUBMITTED hoặc ALL.",
                    "`basis` is APPROVED, SUBMITTED or ALL.",
                ));
            }
        };
        let (form, period) = (
            Kind::ReportForm.parse(&self.form_id)?,
            Kind::Period.parse(&self.period_id)?,
        );
        Ok(Question {
            scope,
            form,
            period,
            basis,
        })
    }
}

/// What the reports of a scope on a form add up to for a period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryJson {
    /// The form.
    form_id: String,
    /// The period asked for.
    period_id: String,
    /// The periods that were added.
    period_ids: Vec<String>,
    /// How many reports there should be.
    expected: i64,
    /// How many are sent: submitted, verified or approved.
    reported: i64,
    /// How many were first sent after the due day; who may not know of drafts is told only of those that are sent now.
    late: i64,
    /// How many are approved.
    approved: i64,
    /// How many are begun but not sent; null for who may not know of drafts.
    draft: Option<i64>,
    /// How many were sent back and are not yet sent again; null for who may not know of drafts.
    returned: Option<i64>,
    /// A total for each indicator of the form, then the rates that follow from them.
    totals: Vec<TotalJson>,
}

impl From<Summary> for SummaryJson {
    fn from(summary: Summary) -> Self {
        let counts = summary.completeness;
        Self {
            form_id: Kind::ReportForm.id(summary.form.id),
            period_id: Kind::Period.id(summary.period.id),
            period_ids: summary
                .periods
                .iter()
                .map(|period| Kind::Period.id(period.id))
                .collect(),
            expected: counts.expected,
            reported: counts.reported,
            late: counts.late,
            approved: counts.approved,
            draft: counts.draft,
            returned: counts.returned,
            totals: summary.totals.into_iter().map(TotalJson::from).collect(),
        }
    }
}

/// What the figures of one indicator add up to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotalJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The total, a decimal as a string; null when no report has the figure.
    #[schema(value_type = Option<String>)]
    value: Option<Fixed4>,
    /// With ranges among the figures: the total of their upper ends.
    #[schema(value_type = Option<String>)]
    upper: Option<Fixed4>,
    /// What the total claims.
    qualifier: Option<Qualifier>,
    /// How many of the figures are estimates.
    estimates: i64,
    /// How many reports have the figure.
    reports: i64,
}

impl From<Total> for TotalJson {
    fn from(total: Total) -> Self {
        Self {
            indicator_code: total.indicator.code,
            value: total.value,
            upper: total.upper,
            qualifier: total.qualifier,
            estimates: total.estimates,
            reports: total.reports,
        }
    }
}

/// What the reports of a scope on a form add up to for a period.
#[utoipa::path(get, path = "/api/v1/summary", tag = "reports", params(SummaryParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = SummaryJson), (status = "default", description = "A problem, RFC 9457")))]
#[get("/summary")]
async fn get_summary(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<SummaryParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let summary = summarize(&env, &actor, params.question()?).await?;
        Ok(HttpResponse::Ok().json(SummaryJson::from(summary)))
    })
    .await
}

/// The reports behind a summary, or behind the total of one indicator: those that were added, and no others.
#[utoipa::path(get, path = "/api/v1/summary/reports", tag = "reports", params(SummaryParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ReportJson>), (status = "default", description = "A problem, RFC 9457")))]
#[get("/summary/reports")]
async fn list_summary_reports(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<SummaryParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let summary = summarize(&env, &actor, params.question()?).await?;
        let total = summary.indicator(params.indicator_code.as_deref())?;
        let seen = (&policy::reach(&actor), env.today());
        let args = PageArgs::new(params.first, params.after.clone(), None, None);
        let page = reports_behind(&env.db, seen, &summary.selection, total, &args, false).await?;
        Ok(HttpResponse::Ok().json(PageJson::<ReportJson>::of(page)))
    })
    .await
}
