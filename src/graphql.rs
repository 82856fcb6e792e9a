//! The schema put together from the concepts' slices, and what the slices share: the caller, the loaders of one request,
//! pages, payloads with user errors, ids.

use async_graphql::{Context, EmptySubscription, ID, MergedObject, Request, SchemaBuilder};

use crate::accounts::graphql as accounts;
use crate::auth::{self, Actor};
use crate::awards::graphql as awards;
use crate::ballots::graphql as ballots;
use crate::clusters::graphql as clusters;
use crate::conferences::graphql as conferences;
use crate::councils::graphql as councils;
use crate::criteria::graphql as criteria;
use crate::crosschecks::graphql as crosschecks;
use crate::env::Env;
use crate::error::{Error, Language, Result};
use crate::evidence::graphql as evidence;
use crate::forms::graphql as forms;
use crate::handover::graphql as handover;
use crate::ids::Kind;
use crate::notifications::graphql as notifications;
use crate::policy::{self, Reach};
use crate::reports::graphql as reports;
use crate::results::graphql as results;
use crate::scoring::graphql as scoring;
use crate::units::graphql as units;
use crate::years::graphql as years;

pub mod beside;
pub mod door;
pub mod limits;
mod lists;
mod loading;
mod node;
pub mod nulls;
mod payloads;
pub mod requires;

use beside::Beside;
pub(crate) use lists::connection;
pub use lists::{Direction, PageInfo, list_cost, wants_count};
pub use loading::{Loaders, Rows, loaded, loaders};
pub(crate) use loading::{parts_loader, row_loader};
pub use node::{Node, NodeQuery};
pub(crate) use payloads::payload;
pub use payloads::{UserError, ViewerCan, outcome};
use requires::Requiring;

/// Reads of every concept.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    accounts::AccountQuery,
    accounts::ServiceQuery,
    accounts::ProviderQuery,
    accounts::WhyQuery,
    units::UnitQuery,
    clusters::ClusterQuery,
    forms::FormQuery,
    criteria::CriteriaQuery,
    years::YearQuery,
    reports::ReportQuery,
    scoring::ScoringQuery,
    results::ResultQuery,
    crosschecks::CrossCheckQuery,
    councils::CouncilQuery,
    conferences::ConferenceQuery,
    ballots::BallotQuery,
    awards::AwardQuery,
    awards::AwardProposalQuery,
    awards::AwardObjectionQuery,
    awards::AwardComparisonQuery,
    handover::HandoverQuery,
    notifications::NotificationQuery,
);

/// Writes of every concept.
#[derive(MergedObject, Default)]
pub struct Mutation(
    Beside<accounts::AccountMutation>,
    Beside<accounts::SecondFactorMutation>,
    Beside<accounts::ProviderMutation>,
    Beside<accounts::DelegationMutation>,
    Beside<accounts::PersonalMutation>,
    Beside<accounts::ServiceMutation>,
    Beside<units::UnitMutation>,
    Beside<units::UnitEventMutation>,
    Beside<clusters::ClusterMutation>,
    Beside<forms::FormMutation>,
    Beside<criteria::CriteriaMutation>,
    Beside<years::YearMutation>,
    Beside<years::PledgeMutation>,
    Beside<reports::ReportMutation>,
    Beside<reports::ReviewMutation>,
    Beside<reports::comments::CommentMutation>,
    Beside<scoring::ScoringMutation>,
    Beside<crosschecks::CrossCheckMutation>,
    Beside<evidence::EvidenceMutation>,
    Beside<results::ResultMutation>,
    Beside<councils::CouncilMutation>,
    Beside<conferences::ConferenceMutation>,
    Beside<ballots::BallotMutation>,
    Beside<awards::AwardMutation>,
    Beside<awards::AwardProposalMutation>,
    Beside<awards::AwardBallotMutation>,
    Beside<awards::AwardObjectionMutation>,
    Beside<notifications::NotificationMutation>,
);

/// The served schema.
pub type Schema = async_graphql::Schema<Requiring<Query>, Requiring<Mutation>, EmptySubscription>;

/// The schema with its limits. The door checks the size of a document before any of this looks at it.
pub fn schema() -> Schema {
    builder()
        .limit_depth(door::DEPTH_MAX)
        .limit_complexity(door::COMPLEXITY_MAX)
        .limit_recursive_depth(door::RECURSIVE_DEPTH_MAX)
        .limit_directives(door::DIRECTIVES_MAX)
        .extension(nulls::NullableErrors)
        .finish()
}

fn builder() -> SchemaBuilder<Requiring<Query>, Requiring<Mutation>, EmptySubscription> {
    Schema::build(Requiring::default(), Requiring::default(), EmptySubscription)
}

/// The schema as text, in a stable order: the content of `schema.graphql`.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

/// Gives a request what its resolvers need: the environment, the caller, the language and fresh loaders. What they have loaded
/// is remembered for a document that only reads; in one that `changes` something it would be old after the next change.
pub fn with_request(
    request: Request,
    env: &Env,
    caller: Option<auth::Caller>,
    language: Language,
    changes: bool,
) -> Request {
    let whoever = caller.as_ref().map(auth::Caller::whoever);
    let rows = Rows {
        env: env.clone(),
        reach: whoever.map(|actor| policy::reach(actor)).unwrap_or_default(),
        actor: whoever.cloned(),
    };
    request
        .data(env.clone())
        .data(Caller(caller))
        .data(language)
        .data(loading::fresh(rows, changes))
}

/// Who asks, if anybody.
struct Caller(Option<auth::Caller>);

/// The environment.
pub fn env<'a>(ctx: &Context<'a>) -> Result<&'a Env> {
    ctx.data::<Env>().map_err(|error| Error::internal(error.message))
}

/// The caller; `UNAUTHENTICATED` when there is none, `PASSWORD_CHANGE_REQUIRED` with a password that must be changed.
pub fn actor<'a>(ctx: &Context<'a>) -> Result<&'a Actor> {
    caller(ctx)?.actor().map(AsRef::as_ref)
}

/// The caller, also with a password that must be changed: it may see who it is and change the password.
pub fn whoever<'a>(ctx: &Context<'a>) -> Result<&'a Actor> {
    Ok(caller(ctx)?.whoever())
}

fn caller<'a>(ctx: &Context<'a>) -> Result<&'a auth::Caller> {
    asking(ctx).ok_or(Error::Unauthenticated)
}

/// The caller, if anybody.
fn asking<'a>(ctx: &Context<'a>) -> Option<&'a auth::Caller> {
    ctx.data::<Caller>().ok()?.0.as_ref()
}

/// How far the caller sees; `UNAUTHENTICATED` when there is none.
pub fn reach(ctx: &Context<'_>) -> Result<Reach> {
    Ok(policy::reach(actor(ctx)?))
}

/// The caller's language.
pub fn language(ctx: &Context<'_>) -> Language {
    ctx.data::<Language>().copied().unwrap_or_default()
}

/// The id of a thing as the schema shows it.
pub fn id(kind: Kind, uuid: uuid::Uuid) -> ID {
    ID(kind.id(uuid))
}

/// Reads an optional id of a `where` or an input.
pub fn read_id(kind: Kind, id: Option<&ID>) -> Result<Option<uuid::Uuid>> {
    id.map(|id| kind.parse(id)).transpose()
}
