//! Councils on REST: list and get, by the same store that GraphQL reads. What is done with them is GraphQL's.

use std::collections::{HashMap, HashSet};

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::council;
use thidua_entity::enums::CouncilSeat;
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::store::{self, CouncilFilter};
use super::usecases::days_of_member;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::units;
use crate::years::store::View;

/// What REST tells of councils.
#[derive(OpenApi)]
#[openapi(
    paths(list_councils, get_council),
    components(schemas(CouncilJson, WholeCouncilJson, CouncilMemberJson))
)]
pub struct Docs;

/// Routes of councils, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_councils).service(get_council);
}

/// A council of emulation and commendation of a unit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CouncilJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit to which it belongs; null when it is beyond what the caller sees.
    unit_id: Option<String>,
    /// Name in use of that unit.
    unit_name: String,
    /// Name as written.
    name: String,
    /// The decision that set it up, as written; null when unknown.
    decision: Option<String>,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer exists; null while it does.
    valid_to: Option<NaiveDate>,
    /// Counts changes, those of members too.
    version: i32,
}

/// A council with who sits in it today.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeCouncilJson {
    /// The council.
    #[serde(flatten)]
    council: CouncilJson,
    /// Who sits in it today: the chair first, then by seat; at most 100.
    members: Vec<CouncilMemberJson>,
}

/// Somebody sits in a council, from when to when.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CouncilMemberJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// Name as written.
    name: String,
    /// In which seat.
    seat: CouncilSeat,
    /// Whether an account is this member and can vote here; otherwise the vote is cast on paper.
    has_account: bool,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which they no longer sit; null while no end is known.
    valid_to: Option<NaiveDate>,
    /// Counts changes.
    version: i32,
}

/// The units of some councils: which of them the caller sees, and what they are called.
struct Beside {
    seen: HashSet<Uuid>,
    names: HashMap<Uuid, String>,
}

impl Beside {
    async fn read(env: &Env, view: &View, councils: &[council::Model]) -> Result<Self> {
        let units: Vec<Uuid> = councils.iter().map(|row| row.unit_id).collect();
        let seen = units::store::find_many(&env.db, &view.reach.by_place(), &units, view.today).await?;
        Ok(Self {
            seen: seen.into_iter().map(|unit| unit.id).collect(),
            names: units::store::plain_names(&env.db, &units, view.today).await?,
        })
    }

    fn show(&self, row: council::Model) -> CouncilJson {
        let unit = Some(row.unit_id).filter(|unit| self.seen.contains(unit));
        CouncilJson {
            id: Kind::Council.id(row.id),
            unit_id: unit.map(|unit| Kind::Unit.id(unit)),
            unit_name: self.names.get(&row.unit_id).cloned().unwrap_or_default(),
            name: row.name,
            decision: row.decision,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        }
    }
}

/// Which councils a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CouncilParams {
    /// Only those of this very unit.
    unit_id: Option<String>,
    /// Also those that have ended, or had not begun, today.
    #[serde(default)]
    include_ended: bool,
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

/// The councils that the caller sees, as they were set up.
#[utoipa::path(get, path = "/api/v1/councils", tag = "councils", params(CouncilParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<CouncilJson>)))]
#[get("/councils")]
async fn list_councils(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<CouncilParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let unit = params.unit_id.as_deref();
        let filter = CouncilFilter {
            unit: unit.map(|id| Kind::Unit.parse(id)).transpose()?,
            include_ended: params.include_ended,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let (page, total) = store::list(&env.db, &view, &filter, &args, params.count).await?;
        let rows: Vec<council::Model> = page.rows.iter().map(|(_, row)| row.clone()).collect();
        let beside = Beside::read(&env, &view, &rows).await?;
        let page = page.map(|row| beside.show(row));
        Ok(http::shown(&PageJson::<CouncilJson>::of((page, total))))
    })
    .await
}

/// One council with who sits in it today.
#[utoipa::path(get, path = "/api/v1/councils/{id}", tag = "councils", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the council")),
    responses((status = 200, description = "As asked for", body = WholeCouncilJson)))]
#[get("/councils/{id}")]
async fn get_council(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let council = store::find(&env.db, &view, Kind::Council.parse(&id)?).await?;
        let members = store::members(&env.db, &[council.id]).await?;
        let today = members
            .into_iter()
            .filter(|row| days_of_member(row).holds_on(view.today));
        let members = today.map(|row| CouncilMemberJson {
            id: Kind::CouncilMember.id(row.id),
            name: row.name,
            seat: row.seat,
            has_account: row.account_id.is_some(),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        });
        let members = members.collect();
        let beside = Beside::read(&env, &view, std::slice::from_ref(&council)).await?;
        let whole = WholeCouncilJson {
            council: beside.show(council),
            members,
        };
        tags::digested(&request, &whole)
    })
    .await
}
