//! Ballots in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, Object};
use uuid::Uuid;

use super::{store, usecases};
use crate::conferences::graphql::ConferencePayload;
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, actor, env, loaded, outcome, wants_count};
use crate::ids::Kind;
use crate::results::graphql::EmulationResultPayload;
use crate::version::Seen;
use crate::years::store::View;

mod inputs;
mod loaders;
mod types;
mod voters;

use inputs::{
    AppointFromConferenceInput, BallotStepInput, BallotWhere, CastVoteInput, DraftBallotInput, DraftFurtherRoundInput,
    RecordBallotResultInput, SettleTieByBallotInput, TakeBallotTokenInput, VoidBallotInput,
};
pub use inputs::{BallotRecusalInput, recused};
pub use loaders::BallotId;
pub use types::{Ballot, BallotConnection, BallotOption, BallotPayload, BallotTokenPayload};

/// Reads of ballots.
#[derive(Default)]
pub struct BallotQuery;

#[Object]
impl BallotQuery {
    /// The ballots of the conferences that the caller sees, as they were drafted.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn ballots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ballots.")] r#where: Option<BallotWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<BallotConnection>> {
        let env = env(ctx)?;
        let view = View::of(actor(ctx)?, env.today());
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(BallotConnection::of(page)))
    }
}

/// Writes of ballots.
#[derive(Default)]
pub struct BallotMutation;

#[Object]
impl BallotMutation {
    /// Drafts a ballot of a conference that is not closed: the question, the options and the rule by which it is decided.
    async fn draft_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ballot.")] input: DraftBallotInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let drafted = async { usecases::draft(env, actor, &input.read()?).await };
        BallotPayload::of(drafted.await)
    }

    /// Opens a ballot of a conference that has its quorum. Its roll is frozen as the roll call has it, and a digest of it is shown; a secret
    /// ballot gets a key of its own.
    async fn open_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ballot.")] input: BallotStepInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (id, seen) = (Kind::Ballot.parse(&input.id)?, Seen::from(input.version));
        BallotPayload::of(usecases::open(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Casts the vote of a unit, or of a member of a council, in a ballot whose votes are named. It stands as cast: a second is
    /// `ALREADY_EXISTS`. A member of a council votes alone and needs no action for it.
    async fn cast_vote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The vote.")] input: CastVoteInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let cast = async { usecases::cast(env, actor, &input.read()?).await };
        BallotPayload::of(cast.await)
    }

    /// Signs the blinded voting token of a unit, or of a member of a council, in a secret ballot, once; asked again with the same blinded
    /// token, it gives the same. Make up 32 random bytes, blind them with `publicKey` (RFC 9474, RSABSSA-SHA384-PSS-Deterministic), unblind the
    /// answer, and bring token, signature and choice to `POST /api/v1/ballots/{id}/votes` without signing in: best some time later, and from wherever you like.
    async fn take_ballot_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For whom.")] input: TakeBallotTokenInput,
    ) -> async_graphql::Result<Option<BallotTokenPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let id = Kind::Ballot.parse(&input.ballot_id)?;
        let taken = async { usecases::take_token(env, actor, id, input.voter()?, &input.blinded_token).await };
        let (taken, user_errors) = outcome(taken.await)?;
        let (ballot, signature) = taken.map_or((None, None), |(ballot, signature)| (Some(ballot), Some(signature)));
        Ok(Some(BallotTokenPayload {
            ballot: ballot.map(Ballot),
            blind_signature: signature,
            user_errors,
        }))
    }

    /// Closes a ballot and counts it at once. Not while members that are asked in writing still have time and have not all voted.
    async fn close_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ballot.")] input: BallotStepInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (id, seen) = (Kind::Ballot.parse(&input.id)?, Seen::from(input.version));
        BallotPayload::of(usecases::close(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Drafts the further round that the outcome of a ballot calls for: by the same rule, for the seats that are left, between those who stand
    /// again.
    async fn draft_further_round(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which ballot.")] input: DraftFurtherRoundInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (env, actor, id) = (env(ctx)?, actor(ctx)?, Kind::Ballot.parse(&input.id)?);
        let key = input.idempotency_key.as_deref();
        BallotPayload::of(usecases::draft_further_round(env, actor, id, key).await)
    }

    /// Records a ballot that was held on paper, marked as recorded: its counts, by which it is decided, or only percentages, or only who was
    /// chosen.
    async fn record_ballot_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the paper says.")] input: RecordBallotResultInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::Ballot.parse(&input.id)?, Seen::from(input.version));
        let recorded = async { usecases::record(env, actor, id, &seen, &input.read()?).await };
        BallotPayload::of(recorded.await)
    }

    /// Confirms the outcome of a ballot that was counted. Seats that nobody got stay vacant, unless a further round fills them.
    async fn confirm_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ballot.")] input: BallotStepInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (id, seen) = (Kind::Ballot.parse(&input.id)?, Seen::from(input.version));
        BallotPayload::of(usecases::confirm(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Lets a ballot not count, with a reason that all read who see it. Secret votes that were not counted go unread. Not when its outcome is
    /// confirmed.
    async fn void_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: VoidBallotInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (id, seen) = (Kind::Ballot.parse(&input.id)?, Seen::from(input.version));
        BallotPayload::of(usecases::void(env(ctx)?, actor(ctx)?, id, &seen, &input.reason).await)
    }

    /// Puts units that share a place in the order in which a confirmed ballot (`purpose: TIE`) put them; what `settleTie` says holds here too.
    /// Refused where the ballot leaves units equal, or was secret and too small for its numbers to be kept.
    async fn settle_tie_by_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ballot, and of which result.")] input: SettleTieByBallotInput,
    ) -> async_graphql::Result<Option<EmulationResultPayload>> {
        let (env, actor, seen) = (env(ctx)?, actor(ctx)?, Seen::from(input.version));
        EmulationResultPayload::of(usecases::settle_tie(env, actor, input.read()?, &seen).await)
    }

    /// Gives the offices of the cluster as its conference found them (`officesBy`), from a day on, on which the former ones end: by election, the
    /// outcome of the confirmed ballots for chair and deputies; by rank, the leading and the excellent units; by order or appointment, the units
    /// that are named, for which one needs `CLUSTER_MANAGE` besides, as for `setClusterOffice`. Powers begin on that day. `WRONG_STATE` before the
    /// conference was opened.
    async fn appoint_from_conference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From which conference.")] input: AppointFromConferenceInput,
    ) -> async_graphql::Result<Option<ConferencePayload>> {
        let (env, actor, seen) = (env(ctx)?, actor(ctx)?, Seen::from(input.version));
        let appointed = async { usecases::appoint(env, actor, &seen, &input.read()?).await };
        ConferencePayload::of(appointed.await)
    }
}

/// One ballot for `node`.
pub async fn ballot(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Ballot> {
    let row = loaded(graphql::loaders(ctx)?.load_one(BallotId(id)).await)?;
    Ok(row.map(Ballot).ok_or(Error::NotFound)?)
}
