//! The schema put together from the concepts' slices, and what the slices share: the caller, the loaders of one request,
//! pages, payloads with user errors, ids.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, HashMapCache};
use async_graphql::runtime::Timer;
use async_graphql::{
    ComplexObject, Context, EmptySubscription, Enum, ID, Interface, Lookahead, MergedObject, Object, Request,
    SchemaBuilder, SimpleObject,
};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::task::{FutureObj, Spawn, SpawnError};

use crate::accounts::graphql as accounts;
use crate::auth::{self, Actor};
use crate::awards::graphql as awards;
use crate::ballots::graphql as ballots;
use crate::clusters::graphql as clusters;
use crate::conferences::graphql as conferences;
use crate::councils::graphql as councils;
use crate::criteria::graphql as criteria;
use crate::crosschecks::graphql as crosschecks;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Language, Problem, Result};
use crate::evidence::graphql as evidence;
use crate::forms::graphql as forms;
use crate::handover::graphql as handover;
use crate::ids::{self, Kind};
use crate::notifications::graphql as notifications;
use crate::policy::{self, Action, Place, Reach};
use crate::reports::graphql as reports;
use crate::request::{self, RequestRecord};
use crate::results::graphql as results;
use crate::scoring::graphql as scoring;
use crate::units::graphql as units;
use crate::years::graphql as years;

pub mod beside;
pub mod door;
pub mod limits;
pub mod nulls;
pub mod requires;

use beside::Beside;
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
    let spawner = RequestSpawner {
        record: request::current(),
    };
    let loader = DataLoader::with_cache(rows, spawner, NextTurn, HashMapCache::default()).delay(Duration::ZERO);
    loader.enable_all_cache(!changes);
    request
        .data(env.clone())
        .data(Caller(caller))
        .data(language)
        .data(loader)
}

/// Who asks, if anybody.
struct Caller(Option<auth::Caller>);

/// What the loaders of one request read with: the caller's reach is theirs too.
pub struct Rows {
    /// The environment.
    pub env: Env,
    /// How far the caller sees.
    pub reach: Reach,
    /// The caller, if anybody.
    pub actor: Option<Arc<Actor>>,
}

/// The loaders of one request. Each key type names one kind of row.
pub type Loaders = DataLoader<Rows, HashMapCache>;

/// Runs a loader's batch as part of the request that asked for it, so that its statements are counted there.
struct RequestSpawner {
    record: Option<Arc<RequestRecord>>,
}

impl Spawn for RequestSpawner {
    fn spawn_obj(&self, future: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        match self.record.clone() {
            Some(record) => tokio::spawn(request::scope(record, future)),
            None => tokio::spawn(future),
        };
        Ok(())
    }
}

/// Lets the resolvers that are ready ask first, then loads: a batch waits for its turn and not for a clock.
///
/// Who yields comes back when nothing else is ready, or when the runtime looks for input, which it does after every few dozen turns.
/// A long list asks in several turns, and the runtime may look for input between them; it does not do so twice. So after two yields
/// everybody has asked, and what a document costs does not depend on how busy the machine is.
struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        async {
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        }
        .boxed()
    }
}

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

/// The loaders of this request.
pub fn loaders<'a>(ctx: &Context<'a>) -> Result<&'a Loaders> {
    ctx.data::<Loaders>().map_err(|error| Error::internal(error.message))
}

/// The caller's language.
pub fn language(ctx: &Context<'_>) -> Language {
    ctx.data::<Language>().copied().unwrap_or_default()
}

/// A `DataLoader` shares one error among all that waited for it; this takes it out again.
pub fn loaded<T>(result: Result<T, Arc<Error>>) -> async_graphql::Result<T> {
    Ok(result?)
}

/// Whether the answer is asked for `totalCount`, which costs a statement of its own.
pub fn wants_count(ctx: &Context<'_>) -> bool {
    Lookahead::field(&ctx.look_ahead(), "totalCount").exists()
}

/// The id of a thing as the schema shows it.
pub fn id(kind: Kind, uuid: uuid::Uuid) -> ID {
    ID(kind.id(uuid))
}

/// Reads an optional id of a `where` or an input.
pub fn read_id(kind: Kind, id: Option<&ID>) -> Result<Option<uuid::Uuid>> {
    id.map(|id| kind.parse(id)).transpose()
}

/// Direction of a sorted list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Direction {
    /// Smallest, earliest or first in the Vietnamese alphabet at the start.
    #[default]
    Asc,
    /// Largest, latest or last at the start.
    Desc,
}

impl From<Direction> for sea_orm::sea_query::Order {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Asc => Self::Asc,
            Direction::Desc => Self::Desc,
        }
    }
}

/// Where a page stands in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether there are items after this page.
    pub has_next_page: bool,
    /// Whether there are items before this page.
    pub has_previous_page: bool,
    /// Cursor of the first item of the page; give it as `before` to page backwards.
    pub start_cursor: Option<String>,
    /// Cursor of the last item of the page; give it as `after` for the next page.
    pub end_cursor: Option<String>,
}

/// Declares the connection of a type: its page of edges, as Relay describes it.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// The items with their cursors.
            pub edges: Vec<$edge>,
            /// Where the page stands in the list.
            pub page_info: $crate::graphql::PageInfo,
            /// How many items the whole list has; counted only when asked for.
            pub total_count: Option<u64>,
        }

        #[doc = concat!("One of ", $what, ", with its cursor.")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Place in the list, for `after` and `before`. Opaque.
            pub cursor: String,
            /// The item.
            pub node: $node,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The items without their cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }
        }

        impl $connection {
            /// The connection of a page that the store read.
            pub fn of<M>((page, total): ($crate::db::Page<M>, Option<u64>)) -> Self
            where
                $node: From<M>,
            {
                Self {
                    page_info: $crate::graphql::PageInfo {
                        has_next_page: page.has_next,
                        has_previous_page: page.has_previous,
                        start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
                        end_cursor: page.rows.last().map(|(cursor, _)| cursor.clone()),
                    },
                    edges: page
                        .rows
                        .into_iter()
                        .map(|(cursor, row)| $edge {
                            cursor,
                            node: row.into(),
                        })
                        .collect(),
                    total_count: total,
                }
            }
        }
    };
}
pub(crate) use connection;

/// Declares the loader of the parts of a thing: a key type, and one statement for all things asked together.
macro_rules! parts_loader {
    ($key:ident, $row:ty, $read:path, $owner:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub uuid::Uuid);

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::Rows {
            type Value = std::sync::Arc<Vec<$row>>;
            type Error = std::sync::Arc<$crate::error::Error>;

            async fn load(
                &self,
                keys: &[$key],
            ) -> std::result::Result<std::collections::HashMap<$key, Self::Value>, Self::Error> {
                let ids: Vec<uuid::Uuid> = keys.iter().map(|key| key.0).collect();
                let mut parts: std::collections::HashMap<uuid::Uuid, Vec<$row>> = std::collections::HashMap::new();
                for row in $read(&self.env.db, &ids).await? {
                    parts.entry(row.$owner).or_default().push(row);
                }
                Ok(parts
                    .into_iter()
                    .map(|(owner, rows)| ($key(owner), std::sync::Arc::new(rows)))
                    .collect())
            }
        }
    };
}
pub(crate) use parts_loader;

/// Declares the loader of things by id, whoever asks: a key type, and one statement for all things asked together.
macro_rules! row_loader {
    ($key:ident, $row:ty, $read:path, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub uuid::Uuid);

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::Rows {
            type Value = $row;
            type Error = std::sync::Arc<$crate::error::Error>;

            async fn load(
                &self,
                keys: &[$key],
            ) -> std::result::Result<std::collections::HashMap<$key, $row>, Self::Error> {
                let ids: Vec<uuid::Uuid> = keys.iter().map(|key| key.0).collect();
                Ok($read(&self.env.db, &ids)
                    .await?
                    .into_iter()
                    .map(|row| ($key(row.id), row))
                    .collect())
            }
        }
    };
}
pub(crate) use row_loader;

/// What a list costs against the bound of complexity: each of its items as much as is asked of one. It stays well below the
/// largest number, because the engine adds costs without looking whether they still fit.
pub fn list_cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let wanted = first
        .or(last)
        .map_or(db::PAGE_DEFAULT, |wanted| u64::try_from(wanted).unwrap_or(0));
    let items = usize::try_from(wanted.min(db::PAGE_MAX)).unwrap_or(usize::MAX);
    items
        .saturating_mul(child)
        .saturating_add(1)
        .min(door::COMPLEXITY_MAX * 100)
}

/// Something about the input that a form can mend.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct UserError {
    /// Stable code, never translated.
    pub code: String,
    /// Path of the field within `input`, `figures.3.text`.
    pub field: String,
    #[graphql(skip)]
    problem: Problem,
}

#[ComplexObject]
impl UserError {
    /// What is wrong and how to mend it, in the caller's language.
    async fn message(&self, ctx: &Context<'_>) -> String {
        self.problem.text.in_language(language(ctx)).to_owned()
    }
}

impl From<Problem> for UserError {
    fn from(problem: Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            field: problem.field.clone(),
            problem,
        }
    }
}

/// Splits the outcome of a use-case into what a payload shows: the thing, or what a form can mend. All else is an error.
pub fn outcome<T>(result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(thing) => Ok((Some(thing), Vec::new())),
        Err(Error::Invalid(problems)) => Ok((None, problems.into_iter().map(UserError::from).collect())),
        Err(error) => Err(error),
    }
}

/// Declares the payload of the mutations of a type.
macro_rules! payload {
    ($payload:ident, $field:ident: $node:ident, $what:literal) => {
        #[doc = concat!("What came of changing ", $what, ".")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $payload {
            /// The thing as it is now; null when `userErrors` says what to mend.
            pub $field: Option<$node>,
            /// What a form can mend; empty when the change was made.
            pub user_errors: Vec<$crate::graphql::UserError>,
        }

        impl $payload {
            /// The payload of a use-case's outcome.
            pub fn of<M>(result: $crate::error::Result<M>) -> async_graphql::Result<Option<Self>>
            where
                $node: From<M>,
            {
                let (thing, user_errors) = $crate::graphql::outcome(result)?;
                Ok(Some(Self {
                    $field: thing.map($node::from),
                    user_errors,
                }))
            }
        }
    };
}
pub(crate) use payload;

/// What the caller may do with a thing now and, for what is refused, why.
#[derive(Clone, Debug, SimpleObject)]
pub struct ViewerCan {
    /// Code of the action.
    pub action: String,
    /// Whether the caller may do it now.
    pub allowed: bool,
    /// Code of the error that trying would give; null when allowed.
    pub code: Option<String>,
    /// Why not, in the caller's language; null when allowed.
    pub reason: Option<String>,
}

impl ViewerCan {
    /// The answer for one action, from the same checks that the use-case makes.
    pub fn of(ctx: &Context<'_>, action: Action, check: Result<()>) -> Self {
        Self::step(ctx, action.code(), check)
    }

    /// The answer for a step in a life, which may ask for more than one permission.
    pub fn step(ctx: &Context<'_>, action: impl Into<String>, check: Result<()>) -> Self {
        let refusal = check.err();
        Self {
            action: action.into(),
            allowed: refusal.is_none(),
            code: refusal.as_ref().map(|error| error.code().to_owned()),
            reason: refusal.map(|error| error.text().in_language(language(ctx)).to_owned()),
        }
    }

    /// The answer for a step that asks for an action at a place and for the right moment besides. Who may not do it at all is told that.
    pub fn when(
        ctx: &Context<'_>,
        step: impl Into<String>,
        (action, place): (Action, &Place),
        moment: Result<()>,
    ) -> Result<Self> {
        let check = policy::check(actor(ctx)?, action, place);
        Ok(Self::step(ctx, step, check.and(moment)))
    }

    /// The answers for actions that depend on nothing but the place.
    pub fn at(ctx: &Context<'_>, place: &Place, actions: &[Action]) -> Result<Vec<Self>> {
        let actor = actor(ctx)?;
        Ok(actions
            .iter()
            .map(|&action| Self::of(ctx, action, policy::check(actor, action, place)))
            .collect())
    }
}

/// Anything that has an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque id, the same on GraphQL and REST."))]
#[allow(clippy::large_enum_variant, reason = "one node at a time")]
pub enum Node {
    /// A province.
    Province(units::Province),
    /// A unit.
    Unit(units::Unit),
    /// A cluster or bloc.
    Cluster(clusters::Cluster),
    /// A period.
    Period(forms::Period),
    /// An indicator.
    Indicator(forms::Indicator),
    /// A report form.
    ReportForm(forms::ReportForm),
    /// A criteria set.
    CriteriaSet(criteria::CriteriaSet),
    /// A version of a criteria set.
    CriteriaSetVersion(criteria::CriteriaSetVersion),
    /// An emulation year of a cluster.
    EmulationYear(years::EmulationYear),
    /// A unit that takes part in an emulation year.
    Participant(years::Participant),
    /// A pact.
    Pact(years::Pact),
    /// A report.
    ReportSubmission(reports::ReportSubmission),
    /// What is said of a report.
    ReportComment(reports::comments::ReportComment),
    /// A score sheet.
    ScoreSheet(scoring::ScoreSheet),
    /// An objection to an appraisal.
    Objection(scoring::Objection),
    /// A cross-check of one unit by another.
    CrossCheck(crosschecks::CrossCheck),
    /// A draw of who checks whom.
    CrossCheckDraw(crosschecks::CrossCheckDraw),
    /// What a checker found.
    CrossCheckFinding(crosschecks::CrossCheckFinding),
    /// A file beside a report, a score sheet, or a part of it.
    Evidence(evidence::Evidence),
    /// A result of an emulation year.
    EmulationResult(results::EmulationResult),
    /// A council.
    Council(councils::Council),
    /// A conference of a cluster or a council.
    Conference(conferences::Conference),
    /// A ballot of a conference.
    Ballot(ballots::Ballot),
    /// A kind of award.
    AwardType(awards::AwardType),
    /// A decision that gives awards.
    AwardDecision(awards::AwardDecision),
    /// An entry of the award registry.
    Award(awards::Award),
    /// The proposal of an award.
    AwardProposal(awards::AwardProposal),
    /// An objection to the outcome of a proposal.
    AwardObjection(awards::AwardObjection),
    /// An account.
    Account(accounts::Account),
    /// An account of another system.
    ServiceAccount(accounts::ServiceAccount),
}

/// Look-up of anything by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing with this id. What the caller may not see does not exist for it: `NOT_FOUND`.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of anything, as a query or REST returned it.")] id: ID,
    ) -> async_graphql::Result<Option<Node>> {
        let (kind, uuid) = ids::parse(&id).ok_or(Error::NotFound)?;
        actor(ctx)?;
        Ok(Some(match kind {
            Kind::Province => units::province(ctx, uuid).await?.into(),
            Kind::Unit => units::unit(ctx, uuid).await?.into(),
            Kind::Cluster => clusters::cluster(ctx, uuid).await?.into(),
            Kind::Period => forms::period(ctx, uuid).await?.into(),
            Kind::Indicator => forms::indicator(ctx, uuid).await?.into(),
            Kind::ReportForm => forms::form(ctx, uuid).await?.into(),
            Kind::CriteriaSet => criteria::set(ctx, uuid).await?.into(),
            Kind::CriteriaSetVersion => criteria::version(ctx, uuid).await?.into(),
            Kind::EmulationYear => years::year(ctx, uuid).await?.into(),
            Kind::Participant => years::participant(ctx, uuid).await?.into(),
            Kind::Pact => years::pact(ctx, uuid).await?.into(),
            Kind::ReportSubmission => reports::submission(ctx, uuid).await?.into(),
            Kind::ReportComment => reports::comments::comment(ctx, uuid).await?.into(),
            Kind::ScoreSheet => scoring::sheet(ctx, uuid).await?.into(),
            Kind::Objection => scoring::objection(ctx, uuid).await?.into(),
            Kind::CrossCheck => crosschecks::cross_check(ctx, uuid).await?.into(),
            Kind::CrossCheckDraw => crosschecks::cross_check_draw(ctx, uuid).await?.into(),
            Kind::Finding => crosschecks::finding(ctx, uuid).await?.into(),
            Kind::Evidence => evidence::evidence(ctx, uuid).await?.into(),
            Kind::EmulationResult => results::result(ctx, uuid).await?.into(),
            Kind::Council => councils::council(ctx, uuid).await?.into(),
            Kind::Conference => conferences::conference(ctx, uuid).await?.into(),
            Kind::Ballot => ballots::ballot(ctx, uuid).await?.into(),
            Kind::AwardType => awards::award_type(ctx, uuid).await?.into(),
            Kind::AwardDecision => awards::decision(ctx, uuid).await?.into(),
            Kind::Award => awards::award(ctx, uuid).await?.into(),
            Kind::AwardProposal => awards::proposal(ctx, uuid).await?.into(),
            Kind::AwardObjection => awards::award_objection(ctx, uuid).await?.into(),
            Kind::Account => accounts::account(ctx, uuid).await?.into(),
            Kind::ServiceAccount => accounts::service_account(ctx, uuid).await?.into(),
            // Parts of other things are reached through them.
            Kind::ClusterMembership
            | Kind::ClusterOffice
            | Kind::CouncilMember
            | Kind::ReportFormVersion
            | Kind::RoleGrant
            | Kind::Delegation
            | Kind::ServiceSecret
            | Kind::ProviderLink
            | Kind::Session
            | Kind::AuditEntry
            | Kind::Registration
            | Kind::Target
            | Kind::CrossCheckRecusal
            | Kind::ScoreEntry
            | Kind::QuotaRuling
            | Kind::BallotOption
            | Kind::UnitEvent
            | Kind::AwardQuota
            | Kind::BaseSalary
            | Kind::Notification => return Err(Error::NotFound.into()),
        }))
    }
}
