//! Proposals, quotas and decisions in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, ID, Object};

use super::proposals::{
    AwardEligibility, AwardOutcomes, AwardOutcomesPayload, AwardProposalConnection, AwardProposalPayload,
};
use super::proposing::{
    AppraiseAwardProposalInput, AwardProposalWhere, ConcludeAwardProposalInput, CorrectAwardInput, DecideAwardsInput,
    EndorseAwardProposalInput, HandOverAwardInput, ProposeAwardInput, RecordAwardVoteInput, ReleaseAwardOutcomesInput,
    RevokeAwardInput, TickAwardDossierInput,
};
use super::quotas::{
    AwardQuotaConnection, AwardQuotaPayload, AwardQuotaWhere, BaseSalary, BaseSalaryPayload, ExceptFromAwardQuotaInput,
    SetAwardQuotaInput, SetBaseSalaryInput,
};
use super::setting::{SetAwardTermsInput, dong};
use super::types::{AwardDecisionPayload, AwardPayload, AwardTypePayload};
use crate::awards::store::{self, Batch};
use crate::awards::usecases::{self, NewBaseSalary, Question};
use crate::db::PageArgs;
use crate::graphql::{self, actor, env, reach, read_id, wants_count};
use crate::ids::Kind;
use crate::version::Seen;

/// Reads of proposals, quotas and base salaries.
#[derive(Default)]
pub struct AwardProposalQuery;

/// What judging a case costs against the bound of complexity: a dozen statements.
const JUDGING: usize = 200;

#[Object]
impl AwardProposalQuery {
    /// Whether an award may be proposed for a unit, or a person within it: every rule with its evidence, before anything is proposed. For
    /// who sees the unit otherwise than as a neighbour in a cluster.
    #[graphql(complexity = "JUDGING + child_complexity")]
    #[allow(clippy::too_many_arguments, reason = "what a case is made of")]
    async fn award_eligibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The kind of award.")] type_id: ID,
        #[graphql(desc = "Year of achievement.")] year: i32,
        #[graphql(desc = "The unit that would receive it, or within which the person stands.")] unit_id: ID,
        #[graphql(desc = "The person's name; leave it out for the unit itself.")] person: Option<String>,
        #[graphql(desc = "The unit that would propose; the unit itself when left out.")] proposer_id: Option<ID>,
        #[graphql(desc = "For what; without it only equal kinds of award count as the same merit.")] merit: Option<
            String,
        >,
    ) -> async_graphql::Result<Option<AwardEligibility>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let asked = Question {
            award_type: Kind::AwardType.parse(&type_id)?,
            year,
            unit: Kind::Unit.parse(&unit_id)?,
            person: person.as_deref(),
            proposer: read_id(Kind::Unit, proposer_id.as_ref())?,
            merit: merit.as_deref(),
        };
        Ok(Some(AwardEligibility(usecases::check(env, actor, &asked).await?)))
    }

    /// The proposals that the caller sees, the newest first: of its own units, of members of a cluster that it keeps, and those that its
    /// unit decides.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn award_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposals.")] r#where: Option<AwardProposalWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AwardProposalConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list_proposals(&env.db, &reach, env.today(), &filter, &args, wants_count(ctx)).await?;
        Ok(Some(AwardProposalConnection::of(page)))
    }

    /// The quotas that the caller sees, as they were set: those that its units set, and those that are for them.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn award_quotas(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which quotas.")] r#where: Option<AwardQuotaWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AwardQuotaConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list_quotas(&env.db, &reach, env.today(), &filter, &args, wants_count(ctx)).await?;
        Ok(Some(AwardQuotaConnection::of(page)))
    }

    /// How many proposals of a kind of award that a unit decides for a year came to what, told or not; for who decides.
    async fn award_outcomes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit that decides.")] decider_id: ID,
        #[graphql(desc = "The kind of award that was proposed.")] type_id: ID,
        #[graphql(desc = "Year of achievement.")] year: i32,
    ) -> async_graphql::Result<Option<AwardOutcomes>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let batch = Batch {
            decider: Kind::Unit.parse(&decider_id)?,
            year,
            types: vec![Kind::AwardType.parse(&type_id)?],
        };
        Ok(Some(usecases::outcomes(env, actor, &batch).await?.into()))
    }

    /// Base salaries, the newest first; at most 100. Everybody who signs in sees them.
    #[graphql(complexity = "20 * child_complexity + 1")]
    async fn base_salaries(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<BaseSalary>>> {
        actor(ctx)?;
        let rows = store::base_salaries(&env(ctx)?.db).await?;
        Ok(Some(rows.into_iter().map(BaseSalary).collect()))
    }
}

/// Writes of terms, quotas, proposals and decisions on them.
#[derive(Default)]
pub struct AwardProposalMutation;

#[Object]
impl AwardProposalMutation {
    /// Sets what a kind of award asks for and pays from a day on. Cases that began before keep the terms with which they began.
    async fn set_award_terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The terms.")] input: SetAwardTermsInput,
    ) -> async_graphql::Result<Option<AwardTypePayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let seen = Seen::from(input.version);
        let set = match input.read() {
            Ok(new) => usecases::set_terms(env, actor, new, &seen).await,
            Err(error) => Err(error),
        };
        AwardTypePayload::of(set)
    }

    /// Sets the base salary from a day on, by which bonuses of decisions from that day on are reckoned.
    async fn set_base_salary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The base salary.")] input: SetBaseSalaryInput,
    ) -> async_graphql::Result<Option<BaseSalaryPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let set = match dong("amount", input.amount) {
            Ok(amount) => {
                let new = NewBaseSalary {
                    valid_from: input.valid_from,
                    amount,
                    legal_basis: &input.legal_basis,
                };
                usecases::set_base_salary(env, actor, &new, input.idempotency_key.as_deref()).await
            }
            Err(error) => Err(error),
        };
        BaseSalaryPayload::of(set)
    }

    /// Sets how many of a kind of award may be proposed for a year from a unit and what is below it, or from a cluster. Every quota that
    /// concerns a proposal must have a place for it.
    async fn set_award_quota(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quota.")] input: SetAwardQuotaInput,
    ) -> async_graphql::Result<Option<AwardQuotaPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let seen = input.version.map(Seen::from);
        let key = input.idempotency_key.as_deref();
        AwardQuotaPayload::of(usecases::set_quota(env, actor, &input.read()?, seen.as_ref(), key).await)
    }

    /// Excepts a unit from a quota, with a reason: its proposals do not count, or so many of them do not.
    async fn except_from_award_quota(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which unit, and why.")] input: ExceptFromAwardQuotaInput,
    ) -> async_graphql::Result<Option<AwardQuotaPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::AwardQuota.parse(&input.id)?, Seen::from(input.version));
        let whom = (Kind::Unit.parse(&input.unit_id)?, input.extra, input.reason.as_str());
        AwardQuotaPayload::of(usecases::except(env, actor, id, &seen, whom).await)
    }

    /// Proposes an award for a unit or a person. Its places in the quotas are taken at once. Where a rule is not kept, it takes a reason.
    async fn propose_award(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ProposeAwardInput,
    ) -> async_graphql::Result<Option<AwardProposalPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let key = input.idempotency_key.as_deref();
        AwardProposalPayload::of(usecases::propose(env, actor, &input.read()?, key).await)
    }

    /// Ticks an item of the dossier with the document that is there, until the dossier is appraised. Ticked again, the last one stands.
    async fn tick_award_dossier(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document.")] input: TickAwardDossierInput,
    ) -> async_graphql::Result<Option<AwardProposalPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::AwardProposal.parse(&input.id)?, Seen::from(input.version));
        AwardProposalPayload::of(usecases::tick(env, actor, id, &seen, &input.read()).await)
    }

    /// Endorses a proposal for the cluster, or for the union above. Neither who proposed it nor officers of the unit that proposes.
    async fn endorse_award_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: EndorseAwardProposalInput,
    ) -> async_graphql::Result<Option<AwardProposalPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::AwardProposal.parse(&input.id)?, Seen::from(input.version));
        AwardProposalPayload::of(usecases::endorse(env, actor, id, &seen, input.note.as_deref()).await)
    }

    /// Appraises a proposal: the dossier must be complete, and every rule is judged anew.
    async fn appraise_award_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: AppraiseAwardProposalInput,
    ) -> async_graphql::Result<Option<AwardProposalPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::AwardProposal.parse(&input.id)?, Seen::from(input.version));
        let said = (input.note.as_deref(), input.exception_reason.as_deref());
        AwardProposalPayload::of(usecases::appraise(env, actor, id, &seen, said).await)
    }

    /// Records how the council voted on a proposal.
    async fn record_award_vote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The vote.")] input: RecordAwardVoteInput,
    ) -> async_graphql::Result<Option<AwardProposalPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::AwardProposal.parse(&input.id)?, Seen::from(input.version));
        AwardProposalPayload::of(usecases::vote(env, actor, id, &seen, &input.read()).await)
    }

    /// Concludes on a proposal: approved, refused, reduced to a lower award, forwarded. The side that proposes does not learn of it before
    /// outcomes are told together.
    async fn conclude_award_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conclusion.")] input: ConcludeAwardProposalInput,
    ) -> async_graphql::Result<Option<AwardProposalPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let (id, seen) = (Kind::AwardProposal.parse(&input.id)?, Seen::from(input.version));
        AwardProposalPayload::of(usecases::conclude(env, actor, id, &seen, &input.read()?).await)
    }

    /// Tells all outcomes of a kind of award that a unit decided for a year, together. Places in quotas of what was refused become free.
    async fn release_award_outcomes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which outcomes.")] input: ReleaseAwardOutcomesInput,
    ) -> async_graphql::Result<Option<AwardOutcomesPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let batch = Batch {
            decider: Kind::Unit.parse(&input.decider_id)?,
            year: input.year,
            types: vec![Kind::AwardType.parse(&input.type_id)?],
        };
        AwardOutcomesPayload::of(usecases::release(env, actor, &batch, input.idempotency_key.as_deref()).await)
    }

    /// Decides: proposals become awards by one signed decision, in one go or not at all, with names and bonuses of its day. Outcomes of the
    /// same kinds of award and year are told with it.
    async fn decide_awards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] mut input: DecideAwardsInput,
    ) -> async_graphql::Result<Option<AwardDecisionPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let key = input.idempotency_key.take();
        let new = input.read()?;
        AwardDecisionPayload::of(usecases::decide(env, actor, &new, key.as_deref()).await)
    }

    /// Revokes an award by another decision. It stays in the registry with a mark, and awards that rely on it are flagged.
    async fn revoke_award(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which award, and by which decision.")] input: RevokeAwardInput,
    ) -> async_graphql::Result<Option<AwardPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let key = input.idempotency_key.as_deref();
        AwardPayload::of(usecases::revoke(env, actor, &input.read()?, key).await)
    }

    /// Corrects the recipient's name of an award by another decision. What was written stays, with what is right beside it.
    async fn correct_award(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which award, and by which decision.")] input: CorrectAwardInput,
    ) -> async_graphql::Result<Option<AwardPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let key = input.idempotency_key.as_deref();
        AwardPayload::of(usecases::correct(env, actor, &input.read()?, key).await)
    }

    /// Records when, where and by whom an award was handed over.
    async fn hand_over_award(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The occasion.")] input: HandOverAwardInput,
    ) -> async_graphql::Result<Option<AwardPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let key = input.idempotency_key.as_deref();
        AwardPayload::of(usecases::hand_over(env, actor, &input.read()?, key).await)
    }
}
