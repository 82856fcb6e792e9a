//! The council's vote held in the service, in the schema.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;

use crate::awards::usecases::{self, NewAwardBallot};
use crate::ballots::graphql::{BallotPayload, BallotRecusalInput, recused};
use crate::conferences::graphql::FractionInput;
use crate::error::Result;
use crate::graphql::{actor, env};
use crate::ids::Kind;
use crate::version::Seen;

/// Proposals to be put to a ballot of a council.
#[derive(InputObject)]
pub struct DraftAwardBallotInput {
    /// The meeting of a council of the unit that decides; not closed.
    conference_id: ID,
    /// The question.
    title: String,
    /// The proposals, appraised and waiting for the council, in the order in which they stand in the ballot; 1 to 100.
    proposal_ids: Vec<ID>,
    /// Whether nobody may know who chose what.
    secret: bool,
    /// The share of all members that a proposal needs; that of the terms when left out, where all ask for the same. Never less than the terms.
    threshold: Option<FractionInput>,
    /// Which part of the members must vote; that of the meeting when left out.
    quorum: Option<FractionInput>,
    /// Who does not vote because the matter concerns them; at most 500.
    #[graphql(default)]
    recused: Vec<BallotRecusalInput>,
    /// Until which day members that the roll call has as `WRITTEN` vote; without it they do not.
    written_until: Option<NaiveDate>,
    /// The text on which the rule rests, as written.
    legal_basis: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, it is drafted once.
    idempotency_key: Option<String>,
}

impl DraftAwardBallotInput {
    /// The ballot as the use-case takes it.
    pub fn read(&self) -> Result<NewAwardBallot<'_>> {
        let proposals = self.proposal_ids.iter().map(|id| Kind::AwardProposal.parse(id));
        let part = |field: &str, part: &Option<FractionInput>| part.as_ref().map(|part| part.read(field)).transpose();
        Ok(NewAwardBallot {
            conference: Kind::Conference.parse(&self.conference_id)?,
            title: &self.title,
            proposals: proposals.collect::<Result<_>>()?,
            secret: self.secret,
            threshold: part("threshold", &self.threshold)?,
            quorum: part("quorum", &self.quorum)?,
            recused: recused(&self.recused)?,
            written_until: self.written_until,
            legal_basis: self.legal_basis.as_deref(),
            key: self.idempotency_key.as_deref(),
        })
    }
}

/// A ballot whose votes are taken over.
#[derive(InputObject)]
pub struct TakeAwardVotesInput {
    /// The ballot; its outcome is confirmed.
    pub ballot_id: ID,
    /// The `version` you saw of the ballot.
    pub version: i32,
}

/// Writes of the council's ballots on proposals.
#[derive(Default)]
pub struct AwardBallotMutation;

#[Object]
impl AwardBallotMutation {
    /// Drafts the ballot in which a council votes on proposals: yes, no or another opinion on each, counted on all members. It is opened, voted,
    /// counted and confirmed as every ballot is.
    async fn draft_award_ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ballot.")] input: DraftAwardBallotInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let drafted = async { usecases::put_to_ballot(env, actor, &input.read()?).await };
        BallotPayload::of(drafted.await)
    }

    /// Takes over what a council voted in a ballot whose outcome is confirmed: all its proposals get their vote in one go, or none does. Not by
    /// who proposed one of them.
    async fn take_award_votes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which ballot.")] input: TakeAwardVotesInput,
    ) -> async_graphql::Result<Option<BallotPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::Ballot.parse(&input.ballot_id)?, Seen::from(input.version));
        BallotPayload::of(usecases::take_votes(env, actor, id, &seen).await)
    }
}
