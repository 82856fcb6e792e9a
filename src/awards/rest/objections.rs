//! Objections to outcomes on REST: the list, by the same store that GraphQL reads. Raising and answering is GraphQL's.

use std::collections::HashMap;

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use thidua_entity::award_objection;
use thidua_entity::enums::ObjectionOutcome;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::awards::store::{self, ObjectionFilter};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::{self, PageJson, Problem};
use crate::ids::Kind;
use crate::policy;
use crate::units::store as units;

/// What a unit holds against the outcome of a proposal before it is decided, and the answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardObjectionJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The proposal, which is itself seen by fewer.
    proposal_id: String,
    /// Name in use of the unit that objects.
    unit_name: String,
    /// What the unit says.
    text: String,
    /// When it was raised.
    raised_at: DateTime<Utc>,
    /// What came of it; null while it is open.
    outcome: Option<ObjectionOutcome>,
    /// The answer; null while it is open.
    answer: Option<String>,
    /// When it was answered; null while it is open.
    answered_at: Option<DateTime<Utc>>,
    /// Counts changes.
    version: i32,
}

async fn shown(
    connection: &impl ConnectionTrait,
    env: &Env,
    rows: Vec<award_objection::Model>,
) -> Result<Vec<AwardObjectionJson>> {
    let named: Vec<Uuid> = rows.iter().map(|row| row.unit_id).collect();
    let names: HashMap<Uuid, String> = units::plain_names(connection, &named, env.today())
        .await?
        .into_iter()
        .collect();
    let shown = |row: award_objection::Model| AwardObjectionJson {
        id: Kind::AwardObjection.id(row.id),
        proposal_id: Kind::AwardProposal.id(row.proposal_id),
        unit_name: names.get(&row.unit_id).cloned().unwrap_or_default(),
        text: row.text,
        raised_at: row.raised_at,
        outcome: row.outcome,
        answer: row.answer,
        answered_at: row.answered_at,
        version: row.version,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Which objections a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AwardObjectionParams {
    /// Only those that are answered, or only those that are not.
    answered: Option<bool>,
    /// Only those that this unit raised.
    unit_id: Option<String>,
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

/// The objections to outcomes of proposals that the caller sees, the oldest first: those of its own units, and those against what its unit
/// decides.
#[utoipa::path(get, path = "/api/v1/award-objections", tag = "awards", params(AwardObjectionParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<AwardObjectionJson>)))]
#[get("/award-objections")]
pub async fn list_award_objections(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<AwardObjectionParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let params = params.into_inner();
        let filter = ObjectionFilter {
            answered: params.answered,
            unit: params.unit_id.as_deref().map(|id| Kind::Unit.parse(id)).transpose()?,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let (reach, today) = (policy::reach(&actor), env.today());
        let (page, total) = store::list_objections(&env.db, &reach, today, &filter, &args, params.count).await?;
        let (rows, page) = page.taken_apart();
        let page = page.with(shown(&env.db, &env, rows).await?);
        Ok(http::shown(&PageJson::<AwardObjectionJson>::of((page, total))))
    })
    .await
}
