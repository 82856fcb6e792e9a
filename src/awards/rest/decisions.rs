//! Decisions on REST: recording one that was made elsewhere, listing and reading them.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::Order;
use serde::{Deserialize, Serialize};
use thidua_entity::award_decision;
use thidua_entity::enums::Recipient;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{AwardJson, AwardSort};
use crate::awards::decision::{NewAward, NewDecision};
use crate::awards::store::{self, RegistrySort};
use crate::awards::usecases;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::json::SignedJson;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy::{self, Reach};
use crate::units::store as units;

/// A signed decision of the award registry. Recorded once, never changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardDecisionJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// Number as written; null when unknown.
    number: Option<String>,
    /// Year of achievement.
    year: i32,
    /// Date of signing; null when unknown.
    decided_on: Option<NaiveDate>,
    /// The issuing unit; null for an issuer outside the union, and when it is beyond what the caller sees.
    issuer_id: Option<String>,
    /// The issuer as written then.
    issuer_name: String,
    /// Who signed, as written; null when unknown.
    signer: Option<String>,
    /// The text it rests on, as written; null when unknown.
    legal_basis: Option<String>,
    /// Where we know it from; null when not said.
    source: Option<String>,
    /// The unit in whose registry it stands; null when it is beyond what the caller sees.
    owner_id: Option<String>,
    /// When it was recorded here.
    recorded_at: DateTime<Utc>,
    /// What it gives, as far as the caller sees, in the order of the decision; at most 500. Only of a decision that is asked for by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    awards: Option<Vec<AwardJson>>,
}

impl AwardDecisionJson {
    fn of(row: award_decision::Model, seen: &[Uuid], awards: Option<Vec<AwardJson>>) -> Self {
        let unit = |id: Uuid| seen.contains(&id).then(|| Kind::Unit.id(id));
        Self {
            id: Kind::AwardDecision.id(row.id),
            number: row.number,
            year: row.year,
            decided_on: row.decided_on,
            issuer_id: row.issuer_id.and_then(unit),
            issuer_name: row.issuer_name,
            signer: row.signer,
            legal_basis: row.legal_basis,
            source: row.source,
            owner_id: unit(row.owner_id),
            recorded_at: row.created_at,
            awards,
        }
    }
}

/// The issuers and owners of some decisions that the caller sees.
async fn units_seen(env: &Env, reach: &Reach, decisions: &[award_decision::Model]) -> Result<Vec<Uuid>> {
    let ids = decisions
        .iter()
        .flat_map(|row| row.issuer_id.into_iter().chain([row.owner_id]));
    let ids: Vec<Uuid> = ids.collect();
    let seen = units::find_many(&env.db, &reach.by_place(), &ids, env.today()).await?;
    Ok(seen.into_iter().map(|unit| unit.id).collect())
}

/// One decision with what it gives, as far as it is seen.
async fn whole(env: &Env, reach: &Reach, decision: award_decision::Model) -> Result<AwardDecisionJson> {
    let today = env.today();
    let awards = store::awards_of(&env.db, reach, &[decision.id], today).await?;
    let awards = store::whole_all(&env.db, reach, awards, today).await?;
    let seen = units_seen(env, reach, std::slice::from_ref(&decision)).await?;
    let awards = awards.into_iter().map(AwardJson::from).collect();
    Ok(AwardDecisionJson::of(decision, &seen, Some(awards)))
}

/// Which decisions a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DecisionParams {
    /// Only decisions with this number, or whose number begins with these words, however it is spelled.
    number: Option<String>,
    /// Only this year of achievement.
    year: Option<i32>,
    /// Only decisions that this unit issued.
    issuer_id: Option<String>,
    /// Only decisions in the registry of this unit.
    owner_id: Option<String>,
    /// What the list is sorted by.
    #[serde(default)]
    #[param(inline)]
    order: AwardSort,
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

/// The decisions that the caller sees, without what they give: those of its own registries, and those that give an award it sees. The
/// latest first.
#[utoipa::path(get, path = "/api/v1/award-decisions", tag = "awards", params(DecisionParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<AwardDecisionJson>)))]
#[get("/award-decisions")]
pub async fn list_award_decisions(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<DecisionParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let reach = policy::reach(&actor);
        let params = params.into_inner();
        let unit = |id: &Option<String>| id.as_deref().map(|id| Kind::Unit.parse(id)).transpose();
        let filter = store::DecisionFilter {
            number: params.number,
            year: params.year,
            issuer: unit(&params.issuer_id)?,
            owner: unit(&params.owner_id)?,
        };
        let sort = match params.order {
            AwardSort::Year => RegistrySort::Year,
            AwardSort::Created => RegistrySort::Created,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let order = (sort, Order::Desc);
        let (page, total) =
            store::list_decisions(&env.db, &reach, env.today(), &filter, order, &args, params.count).await?;
        let (rows, page) = page.taken_apart();
        let seen = units_seen(&env, &reach, &rows).await?;
        let rows = rows.into_iter().map(|row| AwardDecisionJson::of(row, &seen, None));
        let page = page.with(rows);
        Ok(http::shown(&PageJson::<AwardDecisionJson>::of((page, total))))
    })
    .await
}

/// One decision with what it gives.
#[utoipa::path(get, path = "/api/v1/award-decisions/{id}", tag = "awards", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the decision")),
    responses((status = 200, description = "As asked for", body = AwardDecisionJson)))]
#[get("/award-decisions/{id}")]
pub async fn get_award_decision(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let reach = policy::reach(&actor);
        let id = Kind::AwardDecision.parse(&id)?;
        let decision = store::find_decision(&env.db, &reach, id, env.today()).await?;
        tags::digested(&request, &whole(&env, &reach, decision).await?)
    })
    .await
}

/// A signed decision with all that it gives. What the source does not tell is left out.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDecisionJson {
    /// Number as written, `737/QĐ-LĐLĐ`; an issuer gives it once a year.
    number: Option<String>,
    /// Year of achievement, 1945 to this year; not after the year of signing.
    year: i32,
    /// Date of signing; not after today.
    decided_on: Option<NaiveDate>,
    /// The issuing unit. Leave it out for an issuer outside the union, and give `issuerName` and `ownerId` instead.
    issuer_id: Option<String>,
    /// The issuer as written; the unit's name on the date of signing when left out.
    issuer_name: Option<String>,
    /// Who signed, as written.
    signer: Option<String>,
    /// The text it rests on, as written.
    legal_basis: Option<String>,
    /// Where you know it from: a file, a page, a paper.
    source: Option<String>,
    /// The unit in whose registry it stands, for an issuer outside the union; otherwise that is the issuer.
    owner_id: Option<String>,
    /// What it gives: 1 to 500 entries.
    awards: Vec<NewAwardJson>,
}

/// An award of a decision: one named recipient, or a number of recipients without names.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAwardJson {
    /// The kind of award, one that could be given at the time of the decision.
    type_id: String,
    /// Whether a collective or individuals get it.
    recipient: Recipient,
    /// The unit that receives it, or within which the recipients stand.
    unit_id: String,
    /// The recipient's name as written. Either this or `count`.
    recipient_name: Option<String>,
    /// How many recipients, where there are no names: 1 to 100,000. Either this or `recipientName`.
    count: Option<i32>,
    /// What else the source says.
    note: Option<String>,
}

impl TryFrom<NewDecisionJson> for NewDecision {
    type Error = Error;

    fn try_from(new: NewDecisionJson) -> Result<Self> {
        let unit = |id: Option<String>| id.map(|id| Kind::Unit.parse(&id)).transpose();
        let awards = new.awards.into_iter().map(|award| {
            Ok(NewAward {
                award_type: Kind::AwardType.parse(&award.type_id)?,
                recipient: award.recipient,
                unit: Kind::Unit.parse(&award.unit_id)?,
                recipient_name: award.recipient_name,
                count: award.count,
                note: award.note,
            })
        });
        Ok(Self {
            number: new.number,
            year: new.year,
            decided_on: new.decided_on,
            issuer: unit(new.issuer_id)?,
            issuer_name: new.issuer_name,
            signer: new.signer,
            legal_basis: new.legal_basis,
            source: new.source,
            owner: unit(new.owner_id)?,
            awards: awards.collect::<Result<_>>()?,
        })
    }
}

/// Records a signed decision that was made elsewhere, with all that it gives, in one go or not at all. It cannot be changed afterwards.
/// Many of them come in by a spreadsheet: `POST /api/v1/award-decisions/sheet`.
#[utoipa::path(post, path = "/api/v1/award-decisions", tag = "awards", security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header,
        description = "A key of your own, at most 100 characters: asked again with it, the decision recorded first is the answer")),
    request_body = NewDecisionJson,
    responses((status = 201, description = "Recorded; `Location` says where it is", body = AwardDecisionJson)))]
#[post("/award-decisions")]
pub async fn record_award_decision(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<NewDecisionJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let key = http::idempotency_key(&request);
        let decision = usecases::record_decision(&env, &actor, body.try_into()?, key).await?;
        let at = format!("/api/v1/award-decisions/{}", Kind::AwardDecision.id(decision.id));
        Ok(http::own_answer(StatusCode::CREATED)
            .insert_header((LOCATION, at))
            .json(whole(&env, &policy::reach(&actor), decision).await?))
    })
    .await
}
