//! Reports on REST: list and get; the steps of the life and summaries in files of their own. By the same use-cases as GraphQL.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Order;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{FigurePart, Nature, Qualifier, ReportStatus};
use thidua_entity::{Fixed4, indicator, report_submission, report_value};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::store;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy;

mod comments;
mod difference;
mod findings;
mod form;
mod reviews;
mod sheets;
mod steps;
mod summaries;
mod writes;

use form::OnForm;
use steps::ReasonJson;
use summaries::{SummaryJson, TotalJson};

/// What REST tells of reports and summaries.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_reports,
        get_report,
        writes::create_report,
        writes::save_report,
        writes::unlock_report,
        difference::get_report_difference,
        difference::get_report_sending,
        comments::list_report_comments,
        comments::comment_on_report,
        comments::answer_report_comment,
        comments::resolve_report_comment,
        findings::get_report_findings,
        findings::submit_report,
        steps::return_report,
        steps::verify_report,
        steps::approve_report,
        steps::correct_report,
        reviews::review_reports,
        sheets::get_report_sheet,
        sheets::fill_in_report,
        sheets::get_report_form_sheet,
        sheets::fill_in_report_form,
        summaries::get_summary,
        summaries::list_summary_reports,
        summaries::list_owing_units
    ),
    components(schemas(
        ReportJson,
        FigureJson,
        SummaryJson,
        TotalJson,
        ReasonJson,
        FigureConflictJson,
        writes::NewReportJson,
        writes::ReportChangeJson,
        difference::ReportDifferenceJson,
        difference::SendingJson,
        comments::CommentsJson,
        comments::CommentJson,
        comments::NewCommentJson,
        comments::AnswerJson,
        findings::FindingsJson,
        findings::SubmitJson,
        reviews::ReviewJson,
        reviews::ReviewedJson,
        crate::http::sheets::SheetForm,
        sheets::SheetJson,
        sheets::UnitsSheetJson
    ))
)]
pub struct Docs;

/// Routes of reports, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_reports)
        .service(get_report)
        .service(writes::create_report)
        .service(writes::save_report)
        .service(writes::unlock_report)
        .service(difference::get_report_difference)
        .service(difference::get_report_sending)
        .service(comments::list_report_comments)
        .service(comments::comment_on_report)
        .service(comments::answer_report_comment)
        .service(comments::resolve_report_comment)
        .service(findings::get_report_findings)
        .service(findings::submit_report)
        .service(steps::return_report)
        .service(steps::verify_report)
        .service(steps::approve_report)
        .service(steps::correct_report)
        .service(reviews::review_reports)
        .service(sheets::get_report_sheet)
        .service(sheets::fill_in_report)
        .service(sheets::get_report_form_sheet)
        .service(sheets::fill_in_report_form)
        .service(summaries::get_summary)
        .service(summaries::list_summary_reports)
        .service(summaries::list_owing_units);
}

/// One unit's report on one form for one period. Lists leave out the figures and what follows from them.
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
    /// The version of the form that the report keeps.
    form_version_id: String,
    /// 1, and one more for each correction after an approval.
    revision: i32,
    /// The approved report that this one corrects; null for the first.
    corrects_id: Option<String>,
    /// Why it corrects another; null for the first.
    correction_reason: Option<String>,
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
    /// The version that it came to have when it was last sent back with remarks on figures; null when it was sent back without, or never.
    returned_version: Option<i32>,
    /// Whether only the figures remarked on then may be changed.
    figures_locked: bool,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// Counts changes; the `ETag`, to be sent back as `If-Match` with the next step.
    version: i32,
    /// Whether some of its figures are estimates, made because it is due before its period ends: to be confirmed after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    awaits_confirmation: Option<bool>,
    /// Its figures, in the order of the form, of each indicator the total first and then its parts. A missing figure is not in
    /// the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<Vec<FigureJson>>,
    /// What was typed for figures that another had changed meanwhile, the oldest first. While there is any, the report cannot be sent: write
    /// the figure again, having seen both.
    #[serde(skip_serializing_if = "Option::is_none")]
    conflicts: Option<Vec<FigureConflictJson>>,
}

impl From<report_submission::Model> for ReportJson {
    fn from(row: report_submission::Model) -> Self {
        Self {
            id: Kind::ReportSubmission.id(row.id),
            unit_id: Kind::Unit.id(row.unit_id),
            period_id: Kind::Period.id(row.period_id),
            form_id: Kind::ReportForm.id(row.form_id),
            form_version_id: Kind::ReportFormVersion.id(row.form_version_id),
            revision: row.revision,
            corrects_id: row.corrects_id.map(|corrected| Kind::ReportSubmission.id(corrected)),
            correction_reason: row.correction_reason,
            status: row.status,
            late: row.late,
            note: row.note,
            submitted_at: row.submitted_at,
            approved_at: row.approved_at,
            returned_version: row.returned_version,
            figures_locked: row.figures_locked,
            updated_at: row.updated_at,
            version: row.version,
            awaits_confirmation: None,
            figures: None,
            conflicts: None,
        }
    }
}

/// One figure of a report.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FigureJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The total, or which part of it.
    part: FigurePart,
    /// The figure, a decimal as a string; the lower end of a range; 1 for yes and 0 for no. Null for a choice and a text.
    #[schema(value_type = Option<String>)]
    value: Option<Fixed4>,
    /// The upper end of a range.
    #[schema(value_type = Option<String>)]
    upper: Option<Fixed4>,
    /// Code of what was chosen; null for what is no choice.
    choice: Option<String>,
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
            part: value.part,
            value: value.value,
            upper: value.upper,
            choice: value.choice.clone(),
            qualifier: value.qualifier,
            nature: value.nature,
            text: value.raw.clone(),
        }
    }
}

/// What somebody typed for a figure that another had changed meanwhile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FigureConflictJson {
    /// Code of the indicator; null for the note of the report.
    indicator_code: Option<String>,
    /// The total, or which part of it.
    part: FigurePart,
    /// What stands in the report, as typed; empty when it was taken out.
    standing: String,
    /// What was typed beside it; empty when the figure was to be taken out.
    text: String,
    /// Actual or estimate, where that was said.
    nature: Option<Nature>,
    /// Name of who typed it.
    by: Option<String>,
    /// When it arrived.
    at: DateTime<Utc>,
}

/// A report with its figures and what is open between those who write it.
async fn whole(connection: &impl ConnectionTrait, report: report_submission::Model) -> Result<ReportJson> {
    let form = OnForm::of(connection, report.form_version_id).await?;
    let values = store::values(connection, &[report.id]).await?;
    let conflicts = form.conflicts(connection, &report, &values).await?;
    Ok(ReportJson {
        awaits_confirmation: Some(values.iter().any(|value| value.nature == Nature::Estimate)),
        figures: Some(form.figures(values)),
        conflicts: Some(conflicts),
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
    /// Only these statuses, separated by commas; when left out, all but `REPLACED`.
    status: Option<String>,
    /// Only late ones, or only those in time.
    late: Option<bool>,
    /// True for corrections of approved reports only, false for first reports only.
    corrections: Option<bool>,
    /// True for reports that were changed since they were approved: that have a correction which the caller sees, whether it is still under
    /// way (the report is `APPROVED` and counts) or approved itself (the report is `REPLACED`; such are listed too when `status` is left
    /// out). False for all others. What changed is told at `/api/v1/reports/{id}/difference?since=APPROVAL`.
    changed_since_approval: Option<bool>,
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
            corrections: self.corrections,
            changed_since_approval: self.changed_since_approval,
        })
    }
}

/// The reports that the caller sees, the last changed first, without their figures.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", params(ReportParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ReportJson>)))]
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
        Ok(http::shown(&PageJson::<ReportJson>::of(page)))
    })
    .await
}

/// One report with its figures. Its version is the `ETag`.
#[utoipa::path(get, path = "/api/v1/reports/{id}", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report")),
    responses((status = 200, description = "As asked for", body = ReportJson)))]
#[get("/reports/{id}")]
async fn get_report(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::ReportSubmission.parse(&id)?;
        let report = store::find(&env.db, &policy::reach(&actor), id, env.today()).await?;
        Ok(tags::versioned(
            &request,
            report.version,
            &whole(&env.db, report).await?,
        ))
    })
    .await
}
