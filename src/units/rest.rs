//! Units on REST: list and get, by the same store that GraphQL reads.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{Sector, UnitKind};
use thidua_entity::unit;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::store;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy;

/// What REST tells of units.
#[derive(OpenApi)]
#[openapi(paths(list_units, get_unit), components(schemas(UnitJson)))]
pub struct Docs;

/// Routes of units, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_units).service(get_unit);
}

/// A union organisation of any kind, from section to confederation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// What kind of organisation it is.
    kind: UnitKind,
    /// Sector of the employer; null when unknown or not applicable.
    sector: Option<Sector>,
    /// Official name in use.
    name: String,
    /// Province; null when unknown.
    province_id: Option<String>,
    /// Day of founding; null when unknown.
    founded_on: Option<NaiveDate>,
    /// First day on which it no longer exists; null while it lives.
    ended_on: Option<NaiveDate>,
    /// Counts changes.
    version: i32,
}

impl From<unit::Model> for UnitJson {
    fn from(row: unit::Model) -> Self {
        Self {
            id: Kind::Unit.id(row.id),
            kind: row.kind,
            sector: row.sector,
            name: row.name,
            province_id: row.province_id.map(|id| Kind::Province.id(id)),
            founded_on: row.founded_on,
            ended_on: row.ended_on,
            version: row.version,
        }
    }
}

/// Which units a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UnitParams {
    /// Part of a name, without regard to case, accents, blanks and apostrophes.
    search: Option<String>,
    /// Only these kinds, separated by commas.
    kind: Option<String>,
    /// Only these sectors, separated by commas.
    sector: Option<String>,
    /// Only units of this province.
    province_id: Option<String>,
    /// Only units directly below this one.
    parent_id: Option<String>,
    /// Only this unit and what is below it at any depth.
    under_id: Option<String>,
    /// Only members of this cluster.
    cluster_id: Option<String>,
    /// Also units that have ended, or were not yet founded, on the day.
    #[serde(default)]
    include_ended: bool,
    /// The day that counts for life, parents and membership; today when left out.
    as_of: Option<NaiveDate>,
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

impl UnitParams {
    fn filter(&self) -> Result<store::UnitFilter> {
        let unit = |id: &Option<String>| id.as_deref().map(|id| Kind::Unit.parse(id)).transpose();
        Ok(store::UnitFilter {
            search: self.search.clone(),
            kinds: http::codes("kind", self.kind.as_deref())?,
            sectors: http::codes("sector", self.sector.as_deref())?,
            province: self
                .province_id
                .as_deref()
                .map(|id| Kind::Province.parse(id))
                .transpose()?,
            parent: unit(&self.parent_id)?,
            under: unit(&self.under_id)?,
            cluster: self
                .cluster_id
                .as_deref()
                .map(|id| Kind::Cluster.parse(id))
                .transpose()?,
            code: None,
            include_ended: self.include_ended,
            as_of: self.as_of,
        })
    }
}

/// The units that the caller sees, by name.
#[utoipa::path(get, path = "/api/v1/units", tag = "units", params(UnitParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<UnitJson>)))]
#[get("/units")]
async fn list_units(env: Data<Env>, request: HttpRequest, params: Query<UnitParams>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (reach, filter) = (policy::reach(&actor), params.filter()?);
        let params = params.into_inner();
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let order = (store::UnitSort::Name, Order::Asc);
        let page = store::list(&env.db, &reach, env.today(), &filter, order, &args, params.count).await?;
        Ok(http::shown(&PageJson::<UnitJson>::of(page)))
    })
    .await
}

/// One unit.
#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "units", params(("id" = String, Path, description = "Id of the unit")),
    security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = UnitJson)))]
#[get("/units/{id}")]
async fn get_unit(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::Unit.parse(&id)?;
        let unit = store::find(&env.db, &policy::reach(&actor), id, env.today()).await?;
        // Not the version: a new name begins on its day without a change of the row.
        tags::digested(&request, &UnitJson::from(unit))
    })
    .await
}
