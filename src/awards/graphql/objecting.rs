//! Objections to outcomes in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, ID, InputObject, Object};
use thidua_entity::enums::ObjectionOutcome;

use super::objections::{AwardCandidateConnection, AwardObjectionConnection, AwardObjectionPayload};
use crate::awards::store::{self, CandidateFilter, ObjectionFilter};
use crate::awards::usecases::{self, Answer, NewObjection};
use crate::db::PageArgs;
use crate::graphql::{self, actor, env, reach, read_id, wants_count};
use crate::ids::Kind;
use crate::version::Seen;

/// Which outcomes that were made known a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AwardCandidateWhere {
    /// Only those of this kind of award.
    type_id: Option<ID>,
    /// Only those of this year of achievement.
    year: Option<i32>,
    /// Only those to which units may object today.
    #[graphql(default)]
    open: bool,
}

/// Which objections a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AwardObjectionWhere {
    /// Only those that are answered, or only those that are not.
    answered: Option<bool>,
    /// Only those that this unit raised.
    unit_id: Option<ID>,
}

/// An objection to an outcome that was told.
#[derive(InputObject)]
pub struct RaiseAwardObjectionInput {
    /// The proposal.
    proposal_id: ID,
    /// The unit that objects: the one that proposes, the one that it is for, or another of a cluster of the one that proposes.
    unit_id: ID,
    /// What it says. The same again, while it is open, is the same objection.
    text: String,
}

/// The answer to an objection.
#[derive(InputObject)]
pub struct AnswerAwardObjectionInput {
    /// The objection.
    id: ID,
    /// The `version` you saw of it.
    version: i32,
    /// What comes of it. UPHELD takes the proposal back before its outcome, so that it is concluded anew.
    outcome: ObjectionOutcome,
    /// Why.
    answer: String,
}

/// Reads of outcomes that were made known and of objections to them.
#[derive(Default)]
pub struct AwardObjectionQuery;

#[Object]
impl AwardObjectionQuery {
    /// The outcomes that were made known to the caller, the newest first: those of its own proposals, those that it decides, and what is
    /// to be granted to the other units of its clusters.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn award_candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which outcomes.")] r#where: Option<AwardCandidateWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AwardCandidateConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let asked = r#where.unwrap_or_default();
        let filter = CandidateFilter {
            award_type: read_id(Kind::AwardType, asked.type_id.as_ref())?,
            year: asked.year,
            open_on: asked.open.then(|| env.today()),
        };
        let args = PageArgs::new(first, after, last, before);
        let page = store::list_candidates(&env.db, &reach, env.today(), &filter, &args, wants_count(ctx)).await?;
        Ok(Some(AwardCandidateConnection::of(page)))
    }

    /// The objections that the caller sees, the oldest first: those of its own units, and those against what its unit decides.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn award_objections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which objections.")] r#where: Option<AwardObjectionWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AwardObjectionConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let asked = r#where.unwrap_or_default();
        let filter = ObjectionFilter {
            answered: asked.answered,
            unit: read_id(Kind::Unit, asked.unit_id.as_ref())?,
        };
        let args = PageArgs::new(first, after, last, before);
        let page = store::list_objections(&env.db, &reach, env.today(), &filter, &args, wants_count(ctx)).await?;
        Ok(Some(AwardObjectionConnection::of(page)))
    }
}

/// Writes of objections to outcomes.
#[derive(Default)]
pub struct AwardObjectionMutation;

#[Object]
impl AwardObjectionMutation {
    /// Objects, for a unit, to an outcome that was told, within the days that the terms of the award give for it.
    async fn raise_award_objection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Against what.")] input: RaiseAwardObjectionInput,
    ) -> async_graphql::Result<Option<AwardObjectionPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let new = NewObjection {
            proposal: Kind::AwardProposal.parse(&input.proposal_id)?,
            unit: Kind::Unit.parse(&input.unit_id)?,
            text: &input.text,
        };
        AwardObjectionPayload::of(usecases::raise(env, actor, &new).await)
    }

    /// Answers an objection at the side that decides. Neither who proposed or appraised does it nor who raised it.
    async fn answer_award_objection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: AnswerAwardObjectionInput,
    ) -> async_graphql::Result<Option<AwardObjectionPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let given = Answer {
            objection: Kind::AwardObjection.parse(&input.id)?,
            seen: Seen::from(input.version),
            outcome: input.outcome,
            text: &input.answer,
        };
        AwardObjectionPayload::of(usecases::answer(env, actor, &given).await)
    }
}
