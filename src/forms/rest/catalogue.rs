//! Periods and indicators on REST.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use serde::Deserialize;
use thidua_entity::enums::NumberForm;
use utoipa::IntoParams;

use super::json::{self, IndicatorJson, PeriodJson};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::forms::store::{self, View};
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy;

/// Which periods a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeriodParams {
    /// Only these kinds, separated by commas.
    kind: Option<String>,
    /// Only the period with this code.
    code: Option<String>,
    /// Only periods that contain this day.
    contains: Option<NaiveDate>,
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

/// The periods that the caller's units use, the latest first.
#[utoipa::path(get, path = "/api/v1/periods", tag = "forms", params(PeriodParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<PeriodJson>)))]
#[get("/periods")]
pub async fn list_periods(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<PeriodParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let reach = policy::reach(&*http::actor(&env, &request).await?);
        let params = params.into_inner();
        let filter = store::PeriodFilter {
            kinds: http::codes("kind", params.kind.as_deref())?,
            code: params.code,
            contains: params.contains,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let view = View::new(&reach, env.today());
        let page = store::list_periods(&env.db, view, &filter, Order::Desc, &args, params.count).await?;
        Ok(http::shown(&PageJson::<PeriodJson>::of(page)))
    })
    .await
}

/// One period.
#[utoipa::path(get, path = "/api/v1/periods/{id}", tag = "forms", params(("id" = String, Path, description = "Id of the period")),
    security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PeriodJson)))]
#[get("/periods/{id}")]
pub async fn get_period(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let reach = policy::reach(&*http::actor(&env, &request).await?);
        let view = View::new(&reach, env.today());
        let period = store::find_period(&env.db, view, Kind::Period.parse(&id)?).await?;
        Ok(tags::versioned(&request, period.version, &PeriodJson::from(period)))
    })
    .await
}

/// Which page of the catalogue is shown.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IndicatorParams {
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

/// The common catalogue of indicators, by code. Everybody who signs in sees it.
#[utoipa::path(get, path = "/api/v1/indicators", tag = "forms", params(IndicatorParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<IndicatorJson>)))]
#[get("/indicators")]
pub async fn list_indicators(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<IndicatorParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        http::actor(&env, &request).await?;
        let params = params.into_inner();
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list_indicators(&env.db, &args, params.count).await?;
        let rows = page.0.rows.iter().map(|(_, row)| row);
        let choosing = rows
            .filter(|row| row.number_form == NumberForm::Choice)
            .map(|row| row.id);
        let choices = store::choices(&env.db, &choosing.collect::<Vec<_>>()).await?;
        let mut page = PageJson::<IndicatorJson>::of(page);
        json::with_choices(&mut page.items, choices);
        Ok(http::shown(&page))
    })
    .await
}

/// One indicator.
#[utoipa::path(get, path = "/api/v1/indicators/{id}", tag = "forms",
    params(("id" = String, Path, description = "Id of the indicator")), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = IndicatorJson)))]
#[get("/indicators/{id}")]
pub async fn get_indicator(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        http::actor(&env, &request).await?;
        let id = Kind::Indicator.parse(&id)?;
        let indicator = store::indicators(&env.db, &[id]).await?.into_iter().next();
        let indicator = indicator.ok_or(Error::NotFound)?;
        let version = indicator.version;
        let mut shown = [IndicatorJson::from(indicator)];
        json::with_choices(&mut shown, store::choices(&env.db, &[id]).await?);
        Ok(tags::versioned(&request, version, &shown[0]))
    })
    .await
}
