//! Summaries on REST: what reports add up to, and the reports behind a total.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{FigurePart, Qualifier};
use thidua_entity::{Fixed4, indicator_choice};
use utoipa::{IntoParams, ToSchema};

use super::{ReportJson, read_id};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::{self, PageJson, Problem};
use crate::ids::Kind;
use crate::policy;
use crate::reports::store::summary::{SummaryScope, owing, reports_behind};
use crate::reports::usecases::summary::{Amount, Basis, Question, Summary, Total, summarize};
use crate::units::rest::UnitJson;

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
    /// For the reports behind, with an indicator: only those with this part of it; the total when left out.
    part: Option<FigurePart>,
    /// For the reports behind and the units that owe one: how many after `after`; 20 when left out, at most 100.
    first: Option<i32>,
    /// For the reports behind and the units that owe one: only what comes after this cursor.
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
    /// How many of these are expected only because the sector or the size of their unit is not known.
    expected_uncertain: i64,
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
            expected_uncertain: counts.expected_uncertain,
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
    /// What the totals add up to.
    #[serde(flatten)]
    amount: AmountJson,
    /// What the parts add up to, those that some report has.
    parts: Vec<PartJson>,
    /// For a choice: how many reports chose each, in the order of the choices.
    choice_counts: Vec<ChoiceCountJson>,
}

/// What figures add up to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AmountJson {
    /// The sum, a decimal as a string; null when no report has the figure, and for what is not added up.
    #[schema(value_type = Option<String>)]
    value: Option<Fixed4>,
    /// With ranges among the figures: the sum of their upper ends.
    #[schema(value_type = Option<String>)]
    upper: Option<Fixed4>,
    /// What the sum claims.
    qualifier: Option<Qualifier>,
    /// How many of the figures are estimates.
    estimates: i64,
    /// How many reports have the figure.
    reports: i64,
}

impl From<Amount> for AmountJson {
    fn from(amount: Amount) -> Self {
        Self {
            value: amount.value,
            upper: amount.upper,
            qualifier: amount.qualifier,
            estimates: amount.estimates,
            reports: amount.reports,
        }
    }
}

/// What one part of an indicator adds up to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartJson {
    /// Which part.
    part: FigurePart,
    /// What it adds up to.
    #[serde(flatten)]
    amount: AmountJson,
}

/// How many reports chose the same.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChoiceCountJson {
    /// Code of what they chose.
    choice: String,
    /// How many.
    reports: i64,
}

impl From<Total> for TotalJson {
    fn from(total: Total) -> Self {
        let part = |(part, amount): (FigurePart, Amount)| PartJson {
            part,
            amount: amount.into(),
        };
        let choice = |(choice, reports): (indicator_choice::Model, i64)| ChoiceCountJson {
            choice: choice.code,
            reports,
        };
        Self {
            indicator_code: total.indicator.code,
            amount: total.amount.into(),
            parts: total.parts.into_iter().map(part).collect(),
            choice_counts: total.choices.into_iter().map(choice).collect(),
        }
    }
}

/// What the reports of a scope on a form add up to for a period.
#[utoipa::path(get, path = "/api/v1/summary", tag = "reports", params(SummaryParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = SummaryJson)))]
#[get("/summary")]
pub async fn get_summary(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<SummaryParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let summary = summarize(&env, &actor, params.question()?).await?;
        Ok(http::shown(&SummaryJson::from(summary)))
    })
    .await
}

/// The reports behind a summary, or behind the total of one indicator: those that were added, and no others.
#[utoipa::path(get, path = "/api/v1/summary/reports", tag = "reports", params(SummaryParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ReportJson>)))]
#[get("/summary/reports")]
pub async fn list_summary_reports(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<SummaryParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let summary = summarize(&env, &actor, params.question()?).await?;
        let part = params.part.unwrap_or(FigurePart::Total);
        let total = summary
            .indicator(params.indicator_code.as_deref())?
            .map(|total| (total, part));
        let seen = (&policy::reach(&actor), env.today());
        let args = PageArgs::new(params.first, params.after.clone(), None, None);
        let page = reports_behind(&env.db, seen, &summary.selection, total, &args, false).await?;
        Ok(http::shown(&PageJson::<ReportJson>::of(page)))
    })
    .await
}

/// The units that still owe a report, by name, of those that the caller sees: one is expected of them for one of the periods, and none is
/// sent.
#[utoipa::path(get, path = "/api/v1/summary/owing", tag = "reports", params(SummaryParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<UnitJson>)))]
#[get("/summary/owing")]
pub async fn list_owing_units(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<SummaryParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let summary = summarize(&env, &actor, params.question()?).await?;
        let seen = (&policy::reach(&actor), env.today());
        let args = PageArgs::new(params.first, params.after.clone(), None, None);
        let owed = (&summary.selection, summary.form_version);
        let page = owing(&env.db, seen, owed, &args, false).await?;
        Ok(http::shown(&PageJson::<UnitJson>::of(page)))
    })
    .await
}
