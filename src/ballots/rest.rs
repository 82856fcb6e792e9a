//! Ballots on REST: list, get, receipts, and the one door for secret votes, at which nobody says who they are.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{BallotPurpose, BallotState};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::choice::{Answer, Said};
use super::store::{self, BallotFilter};
use super::usecases;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::json::Json;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::years::store::View;

mod shown;

use shown::{BallotJson, OptionJson, OutcomeJson, VoterJson, WholeBallotJson};

/// What REST tells of ballots.
#[derive(OpenApi)]
#[openapi(
    paths(list_ballots, get_ballot, get_receipts, cast_vote),
    components(schemas(
        BallotJson,
        WholeBallotJson,
        OptionJson,
        OutcomeJson,
        VoterJson,
        ReceiptsJson,
        SecretVoteJson,
        ChoiceJson,
        AnswerJson,
        AnswerCode,
        ReceiptJson
    ))
)]
pub struct Docs;

/// Routes of ballots, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_ballots)
        .service(get_ballot)
        .service(get_receipts)
        .service(cast_vote);
}

/// Which ballots a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BallotParams {
    /// Only those of this conference.
    conference_id: Option<String>,
    /// Only those for this.
    purpose: Option<BallotPurpose>,
    /// Only those in this state.
    state: Option<BallotState>,
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

/// The ballots of the conferences that the caller sees, as they were drafted.
#[utoipa::path(get, path = "/api/v1/ballots", tag = "ballots", params(BallotParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<BallotJson>)))]
#[get("/ballots")]
async fn list_ballots(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<BallotParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let conference = params.conference_id.as_ref();
        let filter = BallotFilter {
            conference: conference.map(|id| Kind::Conference.parse(id)).transpose()?,
            purpose: params.purpose,
            state: params.state,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list(&env.db, &view, &filter, &args, params.count).await?;
        Ok(http::shown(&PageJson::<BallotJson>::of(page)))
    })
    .await
}

/// One ballot with its options, its roll, and what came of it.
#[utoipa::path(get, path = "/api/v1/ballots/{id}", tag = "ballots", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the ballot")),
    responses((status = 200, description = "As asked for", body = WholeBallotJson)))]
#[get("/ballots/{id}")]
async fn get_ballot(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let ballot = store::find(&env.db, &view, Kind::Ballot.parse(&id)?).await?;
        let whole = shown::whole(&env, ballot, http::language(request.headers())).await?;
        tags::digested(&request, &whole)
    })
    .await
}

/// The receipts of a ballot.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReceiptsJson {
    /// SHA-256 of the token of each vote that was counted, in hexadecimal, in their own order; at most 500. Empty before the count.
    items: Vec<String>,
}

/// The receipts of a secret ballot that was counted. Whoever finds theirs knows that their vote was counted; it says nothing of the choice.
#[utoipa::path(get, path = "/api/v1/ballots/{id}/receipts", tag = "ballots", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the ballot")),
    responses((status = 200, description = "As asked for", body = ReceiptsJson)))]
#[get("/ballots/{id}/receipts")]
async fn get_receipts(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let ballot = store::find(&env.db, &view, Kind::Ballot.parse(&id)?).await?;
        let rows = store::receipts(&env.db, &[ballot.id]).await?;
        Ok(http::shown(&ReceiptsJson {
            items: rows.into_iter().map(|row| row.receipt).collect(),
        }))
    })
    .await
}

/// A secret vote.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SecretVoteJson {
    /// The voting token: the 32 random bytes that you made up, in base64url without padding.
    token: String,
    /// Its signature, unblinded: 256 bytes in base64url without padding.
    signature: String,
    /// What is chosen.
    choice: ChoiceJson,
}

/// A choice: exactly one of the four.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChoiceJson {
    /// With `APPROVE`: an answer to each option.
    answers: Option<Vec<AnswerJson>>,
    /// With `CHOOSE` and `ELECT`: the options that are marked, at most as many as there are seats.
    marks: Option<Vec<String>>,
    /// With `RANK`: all options, the best first.
    order: Option<Vec<String>>,
    /// Whether the paper is spoiled on purpose: it counts as cast and for nothing.
    #[serde(default)]
    spoiled: bool,
}

/// An answer to one option.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AnswerJson {
    /// The option.
    option_id: String,
    /// The answer.
    answer: AnswerCode,
}

/// An answer to an option.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AnswerCode {
    /// Agreed.
    Yes,
    /// Not agreed.
    No,
    /// Another opinion, or none.
    Abstain,
}

impl From<AnswerCode> for Answer {
    fn from(code: AnswerCode) -> Self {
        match code {
            AnswerCode::Yes => Self::Yes,
            AnswerCode::No => Self::No,
            AnswerCode::Abstain => Self::Abstain,
        }
    }
}

impl ChoiceJson {
    fn read(&self) -> Result<Said> {
        let ids = |ids: &Option<Vec<String>>| -> Result<Option<Vec<Uuid>>> {
            let ids = ids
                .as_ref()
                .map(|ids| ids.iter().map(|id| Kind::BallotOption.parse(id)).collect());
            ids.transpose()
        };
        let answer = |one: &AnswerJson| -> Result<(Uuid, Answer)> {
            Ok((Kind::BallotOption.parse(&one.option_id)?, one.answer.into()))
        };
        let answers: Option<Result<Vec<_>>> = self.answers.as_ref().map(|each| each.iter().map(answer).collect());
        Ok(Said {
            answers: answers.transpose()?,
            marks: ids(&self.marks)?,
            order: ids(&self.order)?,
            spoiled: self.spoiled,
        })
    }
}

/// The receipt of a vote.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReceiptJson {
    /// SHA-256 of the token, in hexadecimal: it is found among `GET /api/v1/ballots/{id}/receipts` when the ballot was counted.
    receipt: String,
}

/// Casts a secret vote with a token that `takeBallotToken` had signed blindly. Without `Authorization`: a request that says who sends it is
/// refused, so that nobody joins vote and voter by accident. A token counts once; the same vote sent again gives the same receipt, another is
/// `ALREADY_EXISTS`. The log has neither the ballot nor the address of this request.
#[utoipa::path(post, path = "/api/v1/ballots/{id}/votes", tag = "ballots",
    params(("id" = String, Path, description = "Id of the ballot")), request_body = SecretVoteJson,
    responses((status = 201, description = "The receipt", body = ReceiptJson)))]
#[post("/ballots/{id}/votes")]
async fn cast_vote(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    Json(vote): Json<SecretVoteJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        if request.headers().contains_key(header::AUTHORIZATION) {
            return Err(Error::bad_request(
                "Phiếu kín gửi không kèm Authorization: hệ thống không được biết ai gửi.",
                "A secret vote is sent without Authorization: the service must not know who sends it.",
            ));
        }
        let ballot = Kind::Ballot.parse(&id)?;
        let said = vote.choice.read()?;
        let receipt = usecases::cast_paper(&env, ballot, &vote.token, &vote.signature, &said).await?;
        Ok(HttpResponse::build(StatusCode::CREATED)
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(ReceiptJson { receipt }))
    })
    .await
}
