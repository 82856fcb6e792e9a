//! The comparison of proposals on REST, by the use-case that GraphQL calls.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;
use thidua_entity::enums::{ProposalState, RuleOutcome};
use utoipa::{IntoParams, ToSchema};

use crate::awards::comparing::Preference;
use crate::awards::usecases::{self, Compared};
use crate::env::Env;
use crate::error::Language;
use crate::http::{self, Problem};
use crate::ids::Kind;

/// The proposals for one award in one year, side by side.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardComparisonJson {
    /// The proposals, in the order of their merit; at most 500.
    items: Vec<AwardComparisonRowJson>,
}

/// A proposal among those with which it is compared.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AwardComparisonRowJson {
    /// The proposal.
    proposal_id: String,
    /// Who is proposed: the person, or the unit.
    name: String,
    /// Where it is in its life, as far as that was told.
    state: ProposalState,
    /// The place among those that the caller sees, from 1; those who are even in points and preference share it. Null without points.
    position: Option<usize>,
    /// The points of the unit in the published result of the year; null for a person, and for a unit without them.
    #[schema(value_type = Option<String>)]
    points: Option<Fixed4>,
    /// Whether it goes first at equal points; null where the terms prefer nobody.
    preference: Option<AwardTiePreferenceJson>,
    /// Why it stands before, or beside, those with as many points, in the caller's language; null when nobody has as many.
    sentence: Option<String>,
}

/// Whether somebody goes first at equal merit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AwardTiePreferenceJson {
    /// PASS for who goes first, FAIL for who does not, UNKNOWN where it is not said or not counted.
    outcome: RuleOutcome,
    /// How many members the unit had; null for a person, and when not counted.
    members: Option<i64>,
    /// How many of them were women; null as `members` is.
    women: Option<i64>,
    /// The day of that count; null without one.
    as_of: Option<NaiveDate>,
    /// Why, in the caller's language.
    sentence: String,
}

impl AwardTiePreferenceJson {
    fn of(given: &Preference, language: Language) -> Self {
        Self {
            outcome: given.outcome,
            members: given.heads.and_then(|heads| heads.members),
            women: given.heads.and_then(|heads| heads.women),
            as_of: given.heads.map(|heads| heads.as_of),
            sentence: given.text.in_language(language).to_owned(),
        }
    }
}

impl AwardComparisonRowJson {
    fn of(row: Compared, language: Language) -> Self {
        let (candidate, text) = (row.placed.candidate, row.placed.text);
        let preference = candidate.preference.as_ref();
        Self {
            proposal_id: Kind::AwardProposal.id(row.proposal.id),
            state: row.proposal.state,
            position: row.placed.position,
            points: candidate.points,
            preference: preference.map(|given| AwardTiePreferenceJson::of(given, language)),
            sentence: text.map(|text| text.in_language(language).to_owned()),
            name: candidate.name,
        }
    }
}

/// Which proposals are compared.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AwardComparisonParams {
    /// The kind of award that is proposed.
    type_id: String,
    /// Year of achievement.
    year: i32,
    /// The unit that decides.
    decider_id: String,
}

/// The proposals for one award in one year that a unit decides, as far as the caller sees them: by the points of the published result of
/// the year, at equal points those first whom the terms prefer, then by name; those without points at the end.
#[utoipa::path(get, path = "/api/v1/award-proposals/comparison", tag = "awards", params(AwardComparisonParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = AwardComparisonJson)))]
#[get("/award-proposals/comparison")]
pub async fn compare_award_proposals(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<AwardComparisonParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let of = (
            Kind::AwardType.parse(&params.type_id)?,
            params.year,
            Kind::Unit.parse(&params.decider_id)?,
        );
        let language = http::language(request.headers());
        let rows = usecases::compare(&env, &actor, of).await?.into_iter();
        let items = rows.map(|row| AwardComparisonRowJson::of(row, language)).collect();
        Ok(http::shown(&AwardComparisonJson { items }))
    })
    .await
}
