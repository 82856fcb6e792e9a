//! Proposals and their eligibility as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{EligibilityRule, EvidenceOf, ProposalState, ProposalStep, Recipient, RuleOutcome};
use thidua_entity::{award_proposal, award_proposal_step};

use super::comparing::{self, AwardTiePreference};
use super::dossiers::{self, AwardDossierItem};
use super::loaders::{AwardDecisionId, AwardId, AwardTermsId, AwardTypeId, StepsOf};
use super::objections::{self, AwardObjection};
use super::terms::{self, AwardTerms};
use super::types::{Award, AwardDecision, AwardType};
use crate::accounts::graphql::account_name;
use crate::awards::eligibility::{self, Eligibility, Judged};
use crate::awards::usecases::{self, Places};
use crate::awards::{state, store};
use crate::ballots::graphql::{Ballot, BallotId};
use crate::error::Error;
use crate::evidence::graphql::{self as evidence, Evidence};
use crate::graphql::{ViewerCan, actor, connection, id, language, loaded, loaders, payload};
use crate::ids::Kind;
use crate::units::graphql::{NameOf, Unit, UnitId, place};

/// A case: an award is proposed for a unit or a person, and goes through its steps until it is decided. The side that proposes sees no
/// outcome, and not how the council voted, before outcomes are told together.
#[derive(Clone)]
pub struct AwardProposal(pub award_proposal::Model);

impl From<award_proposal::Model> for AwardProposal {
    fn from(row: award_proposal::Model) -> Self {
        Self(row)
    }
}

impl AwardProposal {
    /// Whether the council votes on it.
    async fn council(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let Some(id) = self.0.terms_id else { return Ok(false) };
        let terms = loaded(loaders(ctx)?.load_one(AwardTermsId(id)).await)?;
        let content = terms.as_ref().map(store::content).transpose()?;
        Ok(content.is_some_and(|terms| terms.threshold.is_some()))
    }
}

/// For how many items of a proposal's parts a query is charged.
const PARTS_CHARGED: usize = 5;

/// A case: an award is proposed for a unit or a person, and goes through its steps until it is decided. The side that proposes sees no
/// outcome, and not how the council voted, before outcomes are told together.
#[Object]
impl AwardProposal {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::AwardProposal, self.0.id)
    }
    /// The kind of award.
    #[graphql(name = "type")]
    async fn award_type(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardType>> {
        Ok(loaded(loaders(ctx)?.load_one(AwardTypeId(self.0.award_type_id)).await)?.map(AwardType))
    }
    /// The terms with which the case began, and which it keeps; null where the kind of award had none.
    async fn terms(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardTerms>> {
        terms::terms(ctx, self.0.terms_id).await
    }
    /// Year of achievement.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Whether it is for a collective or an individual.
    async fn recipient(&self) -> Recipient {
        self.0.recipient
    }
    /// The unit that is to receive it, or within which the person stands; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of that unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// The person's name; null for a collective.
    async fn person(&self) -> Option<&str> {
        self.0.person.as_deref()
    }
    /// Whether that person is a woman; null for a collective, and when it was not said.
    async fn is_woman(&self) -> Option<bool> {
        self.0.is_woman
    }
    /// Whether it goes first at equal merit, as it is known now; null where the terms prefer nobody. No rule that admits or refuses.
    #[graphql(complexity = "PARTS_CHARGED * child_complexity + 1")]
    async fn preference_in_ties(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardTiePreference>> {
        comparing::preference(ctx, self.0.id).await
    }
    /// Name in use of the unit that proposes.
    async fn proposer_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.proposer_id)).await)?.unwrap_or_default())
    }
    /// Name in use of the unit whose council and standing committee decide.
    async fn decider_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.decider_id)).await)?.unwrap_or_default())
    }
    /// For what.
    async fn merit(&self) -> &str {
        &self.0.merit
    }
    /// Where it is in its life, as far as that was told.
    async fn state(&self) -> ProposalState {
        self.0.state
    }
    /// When the outcome was told to the side that proposes; null before.
    async fn told_at(&self) -> Option<DateTime<Utc>> {
        self.0.released_at
    }
    /// How it was judged at its last step, rule by rule with the evidence.
    #[graphql(complexity = "PARTS_CHARGED * child_complexity + 1")]
    async fn eligibility(&self) -> async_graphql::Result<AwardEligibility> {
        Ok(AwardEligibility(usecases::read(&self.0.eligibility)?))
    }
    /// Why it goes on although a rule is not kept; null when all are.
    async fn exception_reason(&self) -> Option<&str> {
        self.0.exception_reason.as_deref()
    }
    /// The step for which it waits; null once it has an outcome that the caller sees.
    async fn waits_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProposalStep>> {
        Ok(state::awaited(self.0.state, self.council(ctx).await?))
    }
    /// The last day of that step; null when it has none.
    async fn due_on(&self) -> Option<NaiveDate> {
        self.0.due_on.filter(|_| !state::is_outcome(self.0.state))
    }
    /// How many of the council were in favour; null before the vote, for the side that proposes before the outcome is told, and where a small
    /// secret ballot does not tell.
    async fn in_favour(&self) -> Option<i32> {
        self.0.in_favour
    }
    /// How many members the council has; null as `inFavour` is.
    async fn council_members(&self) -> Option<i32> {
        self.0.council_members
    }
    /// How many of them were present; the others are asked in writing. Null as `inFavour` is.
    async fn council_present(&self) -> Option<i32> {
        self.0.council_present
    }
    /// The day of the vote; null as `inFavour` is.
    async fn voted_on(&self) -> Option<NaiveDate> {
        self.0.voted_on
    }
    /// The ballot of the council, where it voted here; null as `inFavour` is, and when it is beyond what the caller sees.
    async fn ballot(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Ballot>> {
        let Some(ballot) = self.0.ballot_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(BallotId(ballot)).await)?.map(Ballot))
    }
    /// Whether that ballot chose it: what approving it takes. Of a small secret ballot this is all that is known. Null as `inFavour` is, and
    /// where the council voted on paper.
    async fn ballot_chose(&self) -> Option<bool> {
        self.0.ballot_chose
    }
    /// The lower kind of award to which it was reduced; null when it was not.
    async fn reduced_to(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardType>> {
        let Some(lower) = self.0.reduced_to_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(AwardTypeId(lower)).await)?.map(AwardType))
    }
    /// To whom it was forwarded, as written; null when it was not.
    async fn forwarded_to(&self) -> Option<&str> {
        self.0.forwarded_to.as_deref()
    }
    /// The decision that gave the award; null before.
    async fn decision(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardDecision>> {
        let Some(decision) = self.0.decision_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(AwardDecisionId(decision)).await)?.map(AwardDecision))
    }
    /// The award that came of it; null before.
    async fn award(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Award>> {
        let Some(award) = self.0.award_id else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(AwardId(award)).await)?.map(Award))
    }
    /// The checklist of the dossier with the documents that are there; at most 30.
    #[graphql(complexity = "PARTS_CHARGED * child_complexity + 1")]
    async fn dossier(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AwardDossierItem>> {
        dossiers::of_proposal(ctx, &self.0).await
    }
    /// Files of the dossier, of its items and of the whole, the oldest first, as many as a setting allows; 50 unless it says otherwise. Add one
    /// by `POST /api/v1/award-proposals/{id}/evidence`. A file does not tick an item by itself.
    #[graphql(complexity = "PARTS_CHARGED * child_complexity + 1")]
    async fn evidence(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Evidence>> {
        evidence::of_proposal(ctx, self.0.id).await
    }
    /// The steps that were taken, the oldest first; outcomes once they are told.
    #[graphql(complexity = "PARTS_CHARGED * child_complexity + 1")]
    async fn steps(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AwardProposalStep>> {
        let steps = loaded(loaders(ctx)?.load_one(StepsOf(self.0.id)).await)?.unwrap_or_default();
        let shown = steps
            .iter()
            .filter(|row| state::is_outcome(self.0.state) || !store::tells_outcome(row.step));
        let voted = self.0.voted_on.is_some();
        let shown = shown.map(|row| AwardProposalStep {
            row: row.clone(),
            said: voted || row.step != ProposalStep::Vote,
        });
        Ok(shown.collect())
    }
    /// The last day on which units may object to the outcome; null before it is told, and where nobody is asked.
    async fn objections_until(&self) -> Option<NaiveDate> {
        self.0.objections_until
    }
    /// The objections to its outcome that the caller sees, the oldest first; at most 100. Those of other units only at the side that decides.
    #[graphql(complexity = "PARTS_CHARGED * child_complexity + 1")]
    async fn objections(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AwardObjection>> {
        objections::of_proposal(ctx, self.0.id).await
    }
    /// Name of who proposed; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.created_by).await
    }
    /// When it was proposed.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// Counts changes; give it back as `version` when you take a step with it.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why: `ENDORSE`, `APPRAISE`, `VOTE`, `APPROVE`, `REFUSE`, `REDUCE`,
    /// `FORWARD`.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let actor = actor(ctx)?;
        let (proposer, decider) = tokio::try_join!(place(ctx, self.0.proposer_id), place(ctx, self.0.decider_id))?;
        let (places, council) = (Places { proposer, decider }, self.council(ctx).await?);
        let steps = ProposalStep::ALL
            .iter()
            .copied()
            .filter(|&step| step != ProposalStep::Propose);
        let can = |step: ProposalStep| {
            let check = usecases::may(actor, &places, &self.0, council, step);
            ViewerCan::step(ctx, step.code(), check)
        };
        Ok(steps.map(can).collect())
    }
}

/// A step that was taken with a proposal.
pub struct AwardProposalStep {
    row: award_proposal_step::Model,
    /// Whether what was said with it is shown.
    said: bool,
}

/// A step that was taken with a proposal.
#[Object]
impl AwardProposalStep {
    /// Which step.
    async fn step(&self) -> ProposalStep {
        self.row.step
    }
    /// What was said with it; null when nothing.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref().filter(|_| self.said)
    }
    /// The last day on which it was to be taken; null when there was none.
    async fn due_on(&self) -> Option<NaiveDate> {
        self.row.due_on
    }
    /// Whether it was taken after that day.
    async fn late(&self) -> bool {
        self.row.late
    }
    /// Name of who took it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.row.taken_by).await
    }
    /// Name of on whose behalf it was taken; null when it was in one's own name.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.row.taken_for).await
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.row.taken_at
    }
}

/// Whether an award may be proposed for somebody: every rule that concerns the case, with what it was judged by.
pub struct AwardEligibility(pub Eligibility);

/// Whether an award may be proposed for somebody: every rule that concerns the case, with what it was judged by.
#[Object]
impl AwardEligibility {
    /// The day on which it was judged.
    async fn judged_on(&self) -> NaiveDate {
        self.0.judged_on
    }
    /// The number of the terms by which it was judged; null where the kind of award has none.
    async fn terms_number(&self) -> Option<i32> {
        self.0.terms
    }
    /// FAIL when one rule is not kept, else UNKNOWN when the data do not tell of one.
    async fn outcome(&self) -> RuleOutcome {
        self.0.outcome()
    }
    /// The rules.
    async fn rules(&self) -> Vec<AwardRule> {
        self.0.rules.iter().cloned().map(AwardRule).collect()
    }
}

/// A rule of eligibility as it was judged.
pub struct AwardRule(Judged);

/// A rule of eligibility as it was judged.
#[Object]
impl AwardRule {
    /// The rule.
    async fn rule(&self) -> EligibilityRule {
        self.0.rule
    }
    /// What it says.
    async fn outcome(&self) -> RuleOutcome {
        self.0.outcome
    }
    /// Why, in the caller's language.
    async fn sentence(&self, ctx: &Context<'_>) -> &str {
        match language(ctx) {
            crate::error::Language::Vietnamese => &self.0.vi,
            crate::error::Language::English => &self.0.en,
        }
    }
    /// What it was judged by.
    async fn evidence(&self) -> Vec<AwardEvidence> {
        self.0.evidence.iter().cloned().map(AwardEvidence).collect()
    }
}

/// What a rule of eligibility was judged by.
pub struct AwardEvidence(eligibility::Evidence);

/// What a rule of eligibility was judged by.
#[Object]
impl AwardEvidence {
    /// What it is.
    async fn of(&self) -> EvidenceOf {
        self.0.of
    }
    /// Its id, for `node` where such a thing is reached by it.
    async fn id(&self) -> ID {
        let kind = match self.0.of {
            EvidenceOf::Award => Kind::Award,
            EvidenceOf::Result => Kind::EmulationResult,
            EvidenceOf::Registration => Kind::Registration,
            EvidenceOf::UnitEvent => Kind::UnitEvent,
            EvidenceOf::Unit => Kind::Unit,
            EvidenceOf::Proposal => Kind::AwardProposal,
            EvidenceOf::Quota => Kind::AwardQuota,
        };
        id(kind, self.0.id)
    }
    /// What it says, in the caller's language.
    async fn label(&self, ctx: &Context<'_>) -> &str {
        match language(ctx) {
            crate::error::Language::Vietnamese => &self.0.vi,
            crate::error::Language::English => &self.0.en,
        }
    }
}

/// How many proposals of a kind of award that a unit decides for a year came to what.
pub struct AwardOutcomes(pub usecases::Outcomes);

impl From<usecases::Outcomes> for AwardOutcomes {
    fn from(outcomes: usecases::Outcomes) -> Self {
        Self(outcomes)
    }
}

/// How many proposals of a kind of award that a unit decides for a year came to what.
#[Object]
impl AwardOutcomes {
    /// Name in use of the unit that decides.
    async fn decider_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.decider)).await)?.unwrap_or_default())
    }
    /// How many were proposed.
    async fn proposed(&self) -> i64 {
        self.0.proposed
    }
    /// How many were approved.
    async fn approved(&self) -> i64 {
        self.0.approved
    }
    /// How many were refused.
    async fn refused(&self) -> i64 {
        self.0.refused
    }
    /// How many were reduced to a lower award.
    async fn reduced(&self) -> i64 {
        self.0.reduced
    }
    /// How many were forwarded to a higher level.
    async fn forwarded(&self) -> i64 {
        self.0.forwarded
    }
    /// How many have no outcome yet.
    async fn open(&self) -> i64 {
        self.0.open
    }
}

connection!(
    AwardProposalConnection,
    AwardProposalEdge,
    AwardProposal,
    "proposals of awards"
);
payload!(AwardProposalPayload, proposal: AwardProposal, "the proposal of an award");
payload!(AwardOutcomesPayload, outcomes: AwardOutcomes, "outcomes of proposals");

/// One proposal for `node`.
pub async fn proposal(ctx: &Context<'_>, id: uuid::Uuid) -> async_graphql::Result<AwardProposal> {
    let found = loaded(loaders(ctx)?.load_one(super::loaders::AwardProposalId(id)).await)?;
    Ok(found.map(AwardProposal).ok_or(Error::NotFound)?)
}
