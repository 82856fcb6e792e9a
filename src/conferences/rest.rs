//! Conferences on REST: list and get. What is done with them is GraphQL's.

use std::collections::HashMap;

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::conference;
use thidua_entity::enums::{ChosenBy, ConferenceState, Presence};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::quorum::Fraction;
use super::store::{self, ConferenceFilter};
use super::usecases;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Language, Result};
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::years::store::View;
use crate::{councils, units};

/// What REST tells of conferences.
#[derive(OpenApi)]
#[openapi(
    paths(list_conferences, get_conference),
    components(schemas(ConferenceJson, WholeConferenceJson, FractionJson, QuorumJson, AttendanceJson))
)]
pub struct Docs;

/// Routes of conferences, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_conferences).service(get_conference);
}

/// A part of a number.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Fraction)]
pub struct FractionJson {
    /// How many parts.
    numerator: i32,
    /// Of how many.
    denominator: i32,
}

impl From<Fraction> for FractionJson {
    fn from(fraction: Fraction) -> Self {
        let (numerator, denominator) = fraction.to_store();
        Self { numerator, denominator }
    }
}

/// A conference.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConferenceJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The cluster; null of a council.
    cluster_id: Option<String>,
    /// The council that meets; null of a cluster.
    council_id: Option<String>,
    /// The emulation year that it is about; null when it is about none.
    year_id: Option<String>,
    /// What it is called.
    title: String,
    /// The day.
    held_on: NaiveDate,
    /// Where.
    place: String,
    /// Which part of the members must be present.
    quorum: FractionJson,
    /// How chair and deputies of the cluster are found for the next year; null of a council.
    offices_by: Option<ChosenBy>,
    /// Where it is in its life.
    state: ConferenceState,
    /// Counts changes.
    version: i32,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

impl From<conference::Model> for ConferenceJson {
    fn from(row: conference::Model) -> Self {
        Self {
            id: Kind::Conference.id(row.id),
            cluster_id: row.cluster_id.map(|cluster| Kind::Cluster.id(cluster)),
            council_id: row.council_id.map(|council| Kind::Council.id(council)),
            year_id: row.year_id.map(|year| Kind::EmulationYear.id(year)),
            quorum: usecases::quorum_of(&row).into(),
            title: row.title,
            held_on: row.held_on,
            place: row.place,
            offices_by: row.offices_by,
            state: row.state,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

/// A conference with its agenda, its roll and its minutes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeConferenceJson {
    /// The conference.
    #[serde(flatten)]
    conference: ConferenceJson,
    /// What is dealt with, in its order.
    agenda: Vec<String>,
    /// The members of the cluster or the council on the day, and whether each is there; empty before it is opened.
    attendance: Vec<AttendanceJson>,
    /// Whether enough are there; null before it is opened.
    quorum_status: Option<QuorumJson>,
    /// The minutes; null before they are written.
    minutes: Option<String>,
}

/// Whether enough members are there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QuorumJson {
    /// Members of the cluster or the council on the day.
    members: u64,
    /// Those who are present.
    present: u64,
    /// Those who are asked in writing.
    written: u64,
    /// Whether the conference may proceed.
    reached: bool,
    /// The same in a sentence, in the caller's language.
    sentence: String,
}

/// Whether a member is there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AttendanceJson {
    /// The unit; null at the meeting of a council.
    unit_id: Option<String>,
    /// Its name in use; null likewise.
    unit_name: Option<String>,
    /// The member of the council; null at the conference of a cluster.
    member_id: Option<String>,
    /// The member's name as written; null likewise.
    member_name: Option<String>,
    /// Whether it is there.
    presence: Presence,
    /// Who is there for it, as written.
    attended_by: Option<String>,
}

/// What those on a roll are called: units by their names in use, members of a council as written.
pub struct VoterNames {
    units: HashMap<Uuid, String>,
    members: HashMap<Uuid, String>,
}

/// One on a roll, as REST names it.
#[derive(Default)]
pub struct NamedVoter {
    /// The unit.
    pub unit_id: Option<String>,
    /// Its name in use.
    pub unit_name: Option<String>,
    /// The member of a council.
    pub member_id: Option<String>,
    /// The member's name.
    pub member_name: Option<String>,
}

impl VoterNames {
    /// Reads what some on a roll are called.
    pub async fn read(env: &Env, voters: &[Uuid]) -> Result<Self> {
        let members = councils::store::plain_members(&env.db, voters).await?;
        Ok(Self {
            units: units::store::plain_names(&env.db, voters, env.today()).await?,
            members: members.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    /// One of them.
    pub fn of(&self, voter: Uuid) -> NamedVoter {
        match self.members.get(&voter) {
            Some(name) => NamedVoter {
                member_id: Some(Kind::CouncilMember.id(voter)),
                member_name: Some(name.clone()),
                ..NamedVoter::default()
            },
            None => NamedVoter {
                unit_id: Some(Kind::Unit.id(voter)),
                unit_name: self.units.get(&voter).cloned(),
                ..NamedVoter::default()
            },
        }
    }
}

/// Which conferences a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConferenceParams {
    /// Only those of this cluster.
    cluster_id: Option<String>,
    /// Only those of this council.
    council_id: Option<String>,
    /// Only those about this emulation year.
    year_id: Option<String>,
    /// Only those in this state.
    state: Option<ConferenceState>,
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

/// The conferences of the clusters and councils that the caller sees, the latest day first.
#[utoipa::path(get, path = "/api/v1/conferences", tag = "conferences", params(ConferenceParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ConferenceJson>)))]
#[get("/conferences")]
async fn list_conferences(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<ConferenceParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let read = |kind: Kind, id: &Option<String>| id.as_ref().map(|id| kind.parse(id)).transpose();
        let filter = ConferenceFilter {
            cluster: read(Kind::Cluster, &params.cluster_id)?,
            council: read(Kind::Council, &params.council_id)?,
            year: read(Kind::EmulationYear, &params.year_id)?,
            state: params.state,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list(&env.db, &view, &filter, &args, params.count).await?;
        Ok(http::shown(&PageJson::<ConferenceJson>::of(page)))
    })
    .await
}

/// One conference with its agenda, its roll and its minutes.
#[utoipa::path(get, path = "/api/v1/conferences/{id}", tag = "conferences", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the conference")),
    responses((status = 200, description = "As asked for", body = WholeConferenceJson)))]
#[get("/conferences/{id}")]
async fn get_conference(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let conference = store::find(&env.db, &view, Kind::Conference.parse(&id)?).await?;
        let whole = whole(&env, conference, http::language(request.headers())).await?;
        tags::digested(&request, &whole)
    })
    .await
}

async fn whole(env: &Env, row: conference::Model, language: Language) -> Result<WholeConferenceJson> {
    let rows = store::attendance(&env.db, &[row.id]).await?;
    let voters: Vec<Uuid> = rows.iter().map(|row| row.voter_id).collect();
    let names = VoterNames::read(env, &voters).await?;
    let agenda = store::items(&env.db, &[row.id]).await?;
    let (counted, quorum) = (usecases::counted(&rows), usecases::quorum_of(&row));
    let opened = row.state != ConferenceState::Planned;
    Ok(WholeConferenceJson {
        agenda: agenda.into_iter().map(|item| item.text).collect(),
        attendance: rows
            .into_iter()
            .map(|row| {
                let voter = names.of(row.voter_id);
                AttendanceJson {
                    unit_id: voter.unit_id,
                    unit_name: voter.unit_name,
                    member_id: voter.member_id,
                    member_name: voter.member_name,
                    presence: row.presence,
                    attended_by: row.attended_by,
                }
            })
            .collect(),
        quorum_status: opened.then(|| QuorumJson {
            members: counted.members,
            present: counted.present,
            written: counted.written,
            reached: counted.has_quorum(quorum),
            sentence: counted.told(quorum).in_language(language).to_owned(),
        }),
        minutes: row.minutes.clone(),
        conference: row.into(),
    })
}
