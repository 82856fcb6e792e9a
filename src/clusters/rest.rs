//! Clusters on REST: list and get, by the same store that GraphQL reads.

use std::collections::{HashMap, HashSet};

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{ChosenBy, ClusterForm, ClusterPurpose, Office};
use thidua_entity::{cluster, unit_name};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::rules::Span;
use super::store;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy::{self, Reach};
use crate::units;

/// What REST tells of clusters.
#[derive(OpenApi)]
#[openapi(
    paths(list_clusters, get_cluster),
    components(schemas(ClusterJson, ClusterWithMembersJson, ClusterMembershipJson, ClusterOfficeJson))
)]
pub struct Docs;

/// Routes of clusters, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_clusters).service(get_cluster);
}

/// An emulation cluster (cụm) or bloc (khối); a bloc may hold clusters.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// Bloc or cluster.
    form: ClusterForm,
    /// Emulation, or only an area of management.
    purpose: ClusterPurpose,
    /// Name as written.
    name: String,
    /// The unit that set it up; null when it is beyond what the caller sees.
    organiser_id: Option<String>,
    /// Name in use of the unit that set it up.
    organiser_name: String,
    /// The bloc that holds it; null when there is none, and when it is beyond what the caller sees.
    bloc_id: Option<String>,
    /// Name of the bloc that holds it; null when there is none.
    bloc_name: Option<String>,
    /// The decision that set it up, as written; null when unknown.
    decision: Option<String>,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer exists; null while it does.
    valid_to: Option<NaiveDate>,
    /// Counts changes, those of members and offices too.
    version: i32,
}

/// A cluster with its members and offices on a day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterWithMembersJson {
    /// The cluster.
    #[serde(flatten)]
    cluster: ClusterJson,
    /// The units that belong to it on the day, by name. Members of the clusters of a bloc are found there.
    members: Vec<ClusterMembershipJson>,
    /// Its offices on the day: the chair, then the deputies.
    offices: Vec<ClusterOfficeJson>,
}

/// A unit belongs to a cluster, from when to when.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterMembershipJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The member; null when it is beyond what the caller sees.
    unit_id: Option<String>,
    /// Official name of the member on the day.
    unit_name: String,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer belongs; null while no end is known.
    valid_to: Option<NaiveDate>,
    /// Counts changes.
    version: i32,
}

/// A unit holds an office of a cluster. Offices belong to units, not to persons: officers of the unit have the powers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterOfficeJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// Chair or deputy.
    office: Office,
    /// The unit that holds it; null when it is beyond what the caller sees.
    unit_id: Option<String>,
    /// Official name of the unit on the day.
    unit_name: String,
    /// How it was chosen; null when unknown.
    chosen_by: Option<ChosenBy>,
    /// Who acts for the unit, as written; null when nobody is named.
    acting_person: Option<String>,
    /// The decision that recognises it, as written; null when unknown.
    decision: Option<String>,
    /// First day; powers begin on it.
    valid_from: NaiveDate,
    /// First day on which it is no longer held; null while no end is known.
    valid_to: Option<NaiveDate>,
    /// Counts changes.
    version: i32,
}

/// What is shown beside some clusters: which units and clusters the caller sees, and what they are called.
struct Beside {
    units: HashSet<Uuid>,
    unit_names: HashMap<Uuid, String>,
    clusters: HashSet<Uuid>,
    cluster_names: HashMap<Uuid, String>,
}

impl Beside {
    /// Reads for some clusters at once what is shown beside them.
    async fn read(env: &Env, reach: &Reach, clusters: &[cluster::Model]) -> Result<Self> {
        let (db, today) = (&env.db, env.today());
        let organisers: Vec<Uuid> = clusters.iter().map(|row| row.organiser_id).collect();
        let blocs: Vec<Uuid> = clusters.iter().filter_map(|row| row.parent_id).collect();
        let units = units::store::find_many(db, &reach.by_place(), &organisers, today).await?;
        let unit_names = units::store::plain_names(db, &organisers, today).await?;
        let (mut seen, mut cluster_names) = (Vec::new(), HashMap::new());
        if !blocs.is_empty() {
            seen = store::find_many(db, reach, &blocs, today).await?;
            cluster_names = store::plain_names(db, &blocs).await?;
        }
        Ok(Self {
            units: units.into_iter().map(|unit| unit.id).collect(),
            unit_names,
            clusters: seen.into_iter().map(|cluster| cluster.id).collect(),
            cluster_names,
        })
    }

    fn show(&self, row: cluster::Model) -> ClusterJson {
        let organiser = Some(row.organiser_id).filter(|id| self.units.contains(id));
        let bloc = row.parent_id.filter(|id| self.clusters.contains(id));
        ClusterJson {
            id: Kind::Cluster.id(row.id),
            form: row.form,
            purpose: row.purpose,
            name: row.name,
            organiser_id: organiser.map(|id| Kind::Unit.id(id)),
            organiser_name: self.unit_names.get(&row.organiser_id).cloned().unwrap_or_default(),
            bloc_id: bloc.map(|id| Kind::Cluster.id(id)),
            bloc_name: row.parent_id.and_then(|id| self.cluster_names.get(&id).cloned()),
            decision: row.decision,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        }
    }
}

/// A cluster with its members and offices on a day, as the caller sees them.
async fn with_members(
    env: &Env,
    reach: &Reach,
    cluster: cluster::Model,
    day: NaiveDate,
) -> Result<ClusterWithMembersJson> {
    let mut members = store::memberships(&env.db, &[cluster.id]).await?;
    members.retain(|row| Span::from(row).holds_on(day));
    let mut offices = store::offices(&env.db, &[cluster.id]).await?;
    offices.retain(|row| Span::from(row).holds_on(day));
    let in_offices = offices.iter().map(|row| row.unit_id);
    let units: Vec<Uuid> = members.iter().map(|row| row.unit_id).chain(in_offices).collect();
    let seen = units::store::find_many(&env.db, &reach.by_place(), &units, env.today()).await?;
    let seen: HashSet<Uuid> = seen.into_iter().map(|unit| unit.id).collect();
    let mut names: HashMap<Uuid, Vec<unit_name::Model>> = HashMap::new();
    for name in units::store::names(&env.db, &units).await? {
        names.entry(name.unit_id).or_default().push(name);
    }
    let shown = |unit: Uuid| seen.contains(&unit).then(|| Kind::Unit.id(unit));
    let name_of = |unit: Uuid| {
        let names = names.get(&unit).map(Vec::as_slice).unwrap_or_default();
        units::store::name_on(names, day).unwrap_or_default().to_owned()
    };
    let members = members.into_iter().map(|row| ClusterMembershipJson {
        id: Kind::ClusterMembership.id(row.id),
        unit_id: shown(row.unit_id),
        unit_name: name_of(row.unit_id),
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        version: row.version,
    });
    let offices = offices.into_iter().map(|row| ClusterOfficeJson {
        id: Kind::ClusterOffice.id(row.id),
        office: row.office,
        unit_id: shown(row.unit_id),
        unit_name: name_of(row.unit_id),
        chosen_by: row.chosen_by,
        acting_person: row.acting_person,
        decision: row.decision,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        version: row.version,
    });
    let (members, offices) = (members.collect(), offices.collect());
    let beside = Beside::read(env, reach, std::slice::from_ref(&cluster)).await?;
    Ok(ClusterWithMembersJson {
        cluster: beside.show(cluster),
        members,
        offices,
    })
}

/// Which clusters a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ClusterParams {
    /// Part of a name, without regard to case, accents, blanks and apostrophes.
    search: Option<String>,
    /// Only blocs, or only clusters.
    form: Option<ClusterForm>,
    /// Only those of emulation, or only areas of management.
    purpose: Option<ClusterPurpose>,
    /// Only those that this unit set up.
    organiser_id: Option<String>,
    /// Only those inside this bloc.
    bloc_id: Option<String>,
    /// Only those of which this unit itself is a member on the day.
    member_id: Option<String>,
    /// Also those that have ended, or had not begun, on the day.
    #[serde(default)]
    include_ended: bool,
    /// The day that counts for life and membership; today when left out.
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

impl ClusterParams {
    fn filter(&self) -> Result<store::ClusterFilter> {
        let read = |kind: Kind, id: &Option<String>| id.as_deref().map(|id| kind.parse(id)).transpose();
        Ok(store::ClusterFilter {
            search: self.search.clone(),
            form: self.form,
            purpose: self.purpose,
            organiser: read(Kind::Unit, &self.organiser_id)?,
            bloc: read(Kind::Cluster, &self.bloc_id)?,
            member: read(Kind::Unit, &self.member_id)?,
            include_ended: self.include_ended,
            as_of: self.as_of,
        })
    }
}

/// For which day a cluster is shown.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DayParams {
    /// The day that counts for members, offices and names; today when left out.
    as_of: Option<NaiveDate>,
}

/// The clusters and blocs that the caller sees, by name.
#[utoipa::path(get, path = "/api/v1/clusters", tag = "clusters", params(ClusterParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ClusterJson>)))]
#[get("/clusters")]
async fn list_clusters(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<ClusterParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (reach, filter) = (policy::reach(&actor), params.filter()?);
        let params = params.into_inner();
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let order = (store::ClusterSort::Name, Order::Asc);
        let (page, total) = store::list(&env.db, &reach, env.today(), &filter, order, &args, params.count).await?;
        let rows: Vec<cluster::Model> = page.rows.iter().map(|(_, row)| row.clone()).collect();
        let beside = Beside::read(&env, &reach, &rows).await?;
        let page = page.map(|row| beside.show(row));
        Ok(http::shown(&PageJson::<ClusterJson>::of((page, total))))
    })
    .await
}

/// One cluster with its members and offices.
#[utoipa::path(get, path = "/api/v1/clusters/{id}", tag = "clusters",
    params(("id" = String, Path, description = "Id of the cluster"), DayParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = ClusterWithMembersJson)))]
#[get("/clusters/{id}")]
async fn get_cluster(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<DayParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, reach, today) = (Kind::Cluster.parse(&id)?, policy::reach(&actor), env.today());
        let cluster = store::find(&env.db, &reach, id, today).await?;
        let shown = with_members(&env, &reach, cluster, params.as_of.unwrap_or(today)).await?;
        tags::digested(&request, &shown)
    })
    .await
}
