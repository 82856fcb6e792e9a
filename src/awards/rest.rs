//! Awards on REST: the registry and proposals, list and get, by the same store that GraphQL reads; recording decisions that were made
//! elsewhere, one or a spreadsheet of them; and verification for everybody. What is decided here is decided over GraphQL.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use serde::{Deserialize, Serialize};
use thidua_entity::award_type;
use thidua_entity::enums::{AwardChangeKind, AwardLevel, Recipient, RecipientKind, Sector};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::store::{self, RegistrySort, WholeAward};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::{input, policy};

mod comparing;
mod decisions;
mod imports;
mod objections;
mod proposals;
mod verify;

use comparing::AwardComparisonJson;
use decisions::AwardDecisionJson;
use imports::RegisterJson;
use objections::AwardObjectionJson;
use proposals::AwardProposalJson;
use verify::VerifiedJson;

/// What REST tells of the award registry.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_awards,
        get_award,
        list_award_types,
        decisions::list_award_decisions,
        decisions::get_award_decision,
        decisions::record_award_decision,
        imports::get_award_register,
        imports::import_award_register,
        proposals::list_award_proposals,
        proposals::get_award_proposal,
        comparing::compare_award_proposals,
        objections::list_award_objections,
        verify::verify
    ),
    components(schemas(
        AwardJson,
        AwardTypeJson,
        AwardDecisionJson,
        RegisterJson,
        AwardProposalJson,
        AwardComparisonJson,
        AwardObjectionJson,
        VerifiedJson
    ))
)]
pub struct Docs;

/// Routes of the award registry, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_awards)
        .service(get_award)
        .service(list_award_types)
        .service(imports::get_award_register)
        .service(imports::import_award_register)
        .service(decisions::list_award_decisions)
        .service(decisions::get_award_decision)
        .service(decisions::record_award_decision)
        .service(proposals::list_award_proposals)
        // Before one proposal, whose id it would be taken for.
        .service(comparing::compare_award_proposals)
        .service(proposals::get_award_proposal)
        .service(objections::list_award_objections);
}

/// Verification, at an address that is short enough to be printed.
pub fn public(config: &mut ServiceConfig) {
    config.service(verify::verify);
}

/// An entry of the award registry: one named recipient, or a number of unnamed ones.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The kind of award.
    type_id: String,
    /// Its stable code.
    type_code: String,
    /// Its Vietnamese name.
    type_name: String,
    /// Level of the body that gives it.
    level: AwardLevel,
    /// Year of achievement.
    year: i32,
    /// Whether a collective or individuals got it.
    recipient: Recipient,
    /// The unit that received it, or within which the recipients stand; null when it is beyond what the caller sees.
    unit_id: Option<String>,
    /// Official name of that unit on the day of the decision; at the end of the year where the day is unknown.
    unit_name: String,
    /// The recipient's name as written then; null when only the number of recipients is known.
    recipient_name: Option<String>,
    /// The recipient's name as a later decision corrected it; null when none did.
    corrected_name: Option<String>,
    /// Whether a later decision revoked it. It stays in the registry all the same.
    revoked: bool,
    /// How many recipients: 1 for a named one.
    count: i32,
    /// What else the source says.
    note: Option<String>,
    /// The decision that gave it.
    decision_id: String,
    /// Number of the decision as written; null when unknown.
    decision_number: Option<String>,
    /// Date of signing; null when unknown.
    decided_on: Option<NaiveDate>,
    /// The issuer as written then.
    issuer_name: String,
}

impl From<WholeAward> for AwardJson {
    fn from(whole: WholeAward) -> Self {
        let WholeAward {
            award,
            kind,
            decision,
            unit_name,
            unit_seen,
            changes,
        } = whole;
        let revoked = changes.iter().any(|change| change.kind == AwardChangeKind::Revoked);
        Self {
            id: Kind::Award.id(award.id),
            type_id: Kind::AwardType.id(kind.id),
            type_code: kind.code,
            type_name: kind.name,
            level: kind.level,
            year: award.year,
            recipient: award.recipient,
            unit_id: unit_seen.then(|| Kind::Unit.id(award.unit_id)),
            unit_name,
            recipient_name: award.recipient_name,
            corrected_name: changes.into_iter().rev().find_map(|change| change.recipient_name),
            revoked,
            count: award.count,
            note: award.note,
            decision_id: Kind::AwardDecision.id(decision.id),
            decision_number: decision.number,
            decided_on: decision.decided_on,
            issuer_name: decision.issuer_name,
        }
    }
}

/// A kind of award of the common catalogue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardTypeJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// Stable code.
    code: String,
    /// Vietnamese name.
    name: String,
    /// Level of the body that gives it.
    level: AwardLevel,
    /// Who may get it.
    recipients: RecipientKind,
    /// The text it rests on, as written; null when unknown.
    legal_basis: Option<String>,
    /// First day on which it may be given; null when unknown.
    valid_from: Option<NaiveDate>,
    /// First day on which it may no longer be given; null while it may.
    valid_to: Option<NaiveDate>,
    /// Counts changes.
    version: i32,
}

impl From<award_type::Model> for AwardTypeJson {
    fn from(row: award_type::Model) -> Self {
        Self {
            id: Kind::AwardType.id(row.id),
            code: row.code,
            name: row.name,
            level: row.level,
            recipients: row.recipients,
            legal_basis: row.legal_basis,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        }
    }
}

/// What the list of awards can be sorted by.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AwardSort {
    /// By year of achievement, the latest first.
    #[default]
    Year,
    /// By the time at which they were recorded, the latest first.
    Created,
}

/// Which awards a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AwardParams {
    /// Part of the recipient's name as written then, or of any name of the unit, without regard to case and accents.
    search: Option<String>,
    /// Only awards of this very unit.
    unit_id: Option<String>,
    /// With `unitId`: also awards of the units that it came out of by mergers, splits and consolidations, as far back as is recorded.
    #[serde(default)]
    with_predecessors: bool,
    /// Only awards of this unit and of what is below it today, at any depth.
    under_id: Option<String>,
    /// Only this kind of award.
    type_id: Option<String>,
    /// Only the kind of award with this code.
    type_code: Option<String>,
    /// Only kinds of award that bodies of this level give.
    level: Option<AwardLevel>,
    /// Only collectives or only individuals.
    recipient: Option<Recipient>,
    /// Only this year of achievement.
    year: Option<i32>,
    /// Only this year of achievement and later ones.
    year_from: Option<i32>,
    /// Only this year of achievement and earlier ones.
    year_to: Option<i32>,
    /// Only decisions with this number, or whose number begins with these words.
    decision_number: Option<String>,
    /// Only decisions that this unit issued.
    issuer_id: Option<String>,
    /// True for named recipients only, false for those of whom only the number is known.
    named: Option<bool>,
    /// Only awards of units of this sector.
    sector: Option<Sector>,
    /// True for revoked awards only, false for those that stand.
    revoked: Option<bool>,
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
    /// Also count the whole list: entries, not recipients.
    #[serde(default)]
    count: bool,
}

impl AwardParams {
    fn filter(&self) -> Result<store::AwardFilter> {
        let read = |kind: Kind, id: &Option<String>| id.as_deref().map(|id| kind.parse(id)).transpose();
        Ok(store::AwardFilter {
            search: self.search.clone(),
            unit: read(Kind::Unit, &self.unit_id)?,
            with_predecessors: self.with_predecessors,
            under: read(Kind::Unit, &self.under_id)?,
            award_type: read(Kind::AwardType, &self.type_id)?,
            type_code: self
                .type_code
                .as_deref()
                .map(|code| input::code("typeCode", code))
                .transpose()?,
            level: self.level,
            recipient: self.recipient,
            year: self.year,
            year_from: self.year_from,
            year_to: self.year_to,
            decision_number: self.decision_number.clone(),
            issuer: read(Kind::Unit, &self.issuer_id)?,
            named: self.named,
            sector: self.sector,
            revoked: self.revoked,
        })
    }
}

/// The awards that the caller sees, the latest years first.
#[utoipa::path(get, path = "/api/v1/awards", tag = "awards", params(AwardParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<AwardJson>)))]
#[get("/awards")]
async fn list_awards(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<AwardParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (reach, filter, today) = (policy::reach(&actor), params.filter()?, env.today());
        let params = params.into_inner();
        let sort = match params.order {
            AwardSort::Year => RegistrySort::Year,
            AwardSort::Created => RegistrySort::Created,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let order = (sort, Order::Desc);
        let (page, total) = store::list(&env.db, &reach, today, &filter, order, &args, params.count).await?;
        let page = store::whole(&env.db, &reach, page, today).await?;
        Ok(http::shown(&PageJson::<AwardJson>::of((page, total))))
    })
    .await
}

/// One award.
#[utoipa::path(get, path = "/api/v1/awards/{id}", tag = "awards", params(("id" = String, Path, description = "Id of the award")),
    security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = AwardJson)))]
#[get("/awards/{id}")]
async fn get_award(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (reach, today) = (policy::reach(&actor), env.today());
        let award = store::find(&env.db, &reach, Kind::Award.parse(&id)?, today).await?;
        let whole = store::whole_one(&env.db, &reach, award, today).await?;
        tags::digested(&request, &AwardJson::from(whole))
    })
    .await
}

/// Which kinds of award a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AwardTypeParams {
    /// Only those that bodies of this level give.
    level: Option<AwardLevel>,
    /// Only those for these recipients, separated by commas.
    recipients: Option<String>,
    /// Also kinds of award that are no longer, or not yet, given on the day.
    #[serde(default)]
    include_ended: bool,
    /// The day on which they may be given; today when left out.
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

/// The catalogue of kinds of award, by name. Everybody who signs in sees it.
#[utoipa::path(get, path = "/api/v1/award-types", tag = "awards", params(AwardTypeParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<AwardTypeJson>)))]
#[get("/award-types")]
async fn list_award_types(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<AwardTypeParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        http::actor(&env, &request).await?;
        let params = params.into_inner();
        let filter = store::TypeFilter {
            level: params.level,
            recipients: http::codes("recipients", params.recipients.as_deref())?,
            include_ended: params.include_ended,
            as_of: params.as_of,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list_types(&env.db, env.today(), &filter, &args, params.count).await?;
        Ok(http::shown(&PageJson::<AwardTypeJson>::of(page)))
    })
    .await
}
