//! Proposals on REST: list and get, by the same store that GraphQL reads. Proposing and deciding is GraphQL's.

use std::collections::HashMap;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use thidua_entity::award_proposal;
use thidua_entity::enums::{ProposalState, Recipient, RuleOutcome};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::awards::store::{self, ProposalFilter};
use crate::awards::usecases;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy;
use crate::units::store as units;

/// A case: an award is proposed for a unit or a person. The side that proposes sees no outcome before outcomes are told together.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardProposalJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The kind of award.
    type_id: String,
    /// Its stable code.
    type_code: String,
    /// Its Vietnamese name.
    type_name: String,
    /// Year of achievement.
    year: i32,
    /// Whether it is for a collective or an individual.
    recipient: Recipient,
    /// Name in use of the unit that is to receive it, or within which the person stands.
    unit_name: String,
    /// The person's name; null for a collective.
    person: Option<String>,
    /// Name in use of the unit that proposes.
    proposer_name: String,
    /// Name in use of the unit that decides.
    decider_name: String,
    /// For what.
    merit: String,
    /// Where it is in its life, as far as that was told.
    state: ProposalState,
    /// What the rules say together, as it was judged at its last step.
    eligibility: RuleOutcome,
    /// Why it goes on although a rule is not kept.
    exception_reason: Option<String>,
    /// When the outcome was told to the side that proposes; null before.
    told_at: Option<DateTime<Utc>>,
    /// When it was proposed.
    created_at: DateTime<Utc>,
    /// Counts changes.
    version: i32,
}

async fn shown(
    connection: &impl ConnectionTrait,
    env: &Env,
    rows: Vec<award_proposal::Model>,
) -> Result<Vec<AwardProposalJson>> {
    let kinds: Vec<Uuid> = rows.iter().map(|row| row.award_type_id).collect();
    let kinds = store::types(connection, &kinds).await?;
    let named: Vec<Uuid> = rows
        .iter()
        .flat_map(|row| [row.unit_id, row.proposer_id, row.decider_id])
        .collect();
    let names: HashMap<Uuid, String> = units::plain_names(connection, &named, env.today())
        .await?
        .into_iter()
        .collect();
    let name = |unit: Uuid| names.get(&unit).cloned().unwrap_or_default();
    let shown = |row: award_proposal::Model| {
        let kind = kinds.get(&row.award_type_id).ok_or(Error::NotFound)?;
        Ok(AwardProposalJson {
            id: Kind::AwardProposal.id(row.id),
            type_id: Kind::AwardType.id(kind.id),
            type_code: kind.code.clone(),
            type_name: kind.name.clone(),
            year: row.year,
            recipient: row.recipient,
            unit_name: name(row.unit_id),
            proposer_name: name(row.proposer_id),
            decider_name: name(row.decider_id),
            eligibility: usecases::read(&row.eligibility)?.outcome(),
            person: row.person,
            merit: row.merit,
            state: row.state,
            exception_reason: row.exception_reason,
            told_at: row.released_at,
            created_at: row.created_at,
            version: row.version,
        })
    };
    rows.into_iter().map(shown).collect()
}

/// Which proposals a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AwardProposalParams {
    /// Only those of this kind of award.
    type_id: Option<String>,
    /// Only those of this year of achievement.
    year: Option<i32>,
    /// Only those for this very unit, or for a person of it.
    unit_id: Option<String>,
    /// Only those that this unit proposes.
    proposer_id: Option<String>,
    /// Only those that this unit decides.
    decider_id: Option<String>,
    /// Only those in this state, as far as it was told.
    state: Option<ProposalState>,
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

/// The proposals that the caller sees, the newest first.
#[utoipa::path(get, path = "/api/v1/award-proposals", tag = "awards", params(AwardProposalParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<AwardProposalJson>)))]
#[get("/award-proposals")]
pub async fn list_award_proposals(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<AwardProposalParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let params = params.into_inner();
        let read = |kind: Kind, id: &Option<String>| id.as_deref().map(|id| kind.parse(id)).transpose();
        let filter = ProposalFilter {
            award_type: read(Kind::AwardType, &params.type_id)?,
            year: params.year,
            unit: read(Kind::Unit, &params.unit_id)?,
            proposer: read(Kind::Unit, &params.proposer_id)?,
            decider: read(Kind::Unit, &params.decider_id)?,
            state: params.state,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let (reach, today) = (policy::reach(&actor), env.today());
        let (page, total) = store::list_proposals(&env.db, &reach, today, &filter, &args, params.count).await?;
        let (rows, page) = page.taken_apart();
        let page = page.with(shown(&env.db, &env, rows).await?);
        Ok(http::shown(&PageJson::<AwardProposalJson>::of((page, total))))
    })
    .await
}

/// One proposal.
#[utoipa::path(get, path = "/api/v1/award-proposals/{id}", tag = "awards", params(("id" = String, Path, description = "Id of the proposal")),
    security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = AwardProposalJson)))]
#[get("/award-proposals/{id}")]
pub async fn get_award_proposal(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::AwardProposal.parse(&id)?;
        let row = store::find_proposal(&env.db, &policy::reach(&actor), id, env.today()).await?;
        let body = shown(&env.db, &env, vec![row])
            .await?
            .into_iter()
            .next()
            .ok_or(Error::NotFound)?;
        tags::digested(&request, &body)
    })
    .await
}
