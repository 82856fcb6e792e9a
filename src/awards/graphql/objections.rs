//! Outcomes that were made known and objections to them, as the schema shows them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{ObjectionOutcome, ProposalState, Recipient};
use thidua_entity::{award_objection, award_proposal};
use uuid::Uuid;

use super::loaders::{AwardTypeId, StepsOf};
use super::types::AwardType;
use crate::accounts::graphql::account_name;
use crate::awards::{store, usecases};
use crate::error::{Error, Result};
use crate::graphql::{self, Rows, ViewerCan, actor, connection, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::scoring::usecases::still_open;
use crate::units::graphql::{NameOf, Unit, UnitId, place};

/// The outcome of a proposal as it was made known, so that units may object before it is decided. It shows no more than who is to
/// receive what, and for what.
#[derive(Clone)]
pub struct AwardCandidate(award_proposal::Model);

impl From<award_proposal::Model> for AwardCandidate {
    fn from(row: award_proposal::Model) -> Self {
        Self(row)
    }
}

/// The outcome of a proposal as it was made known, so that units may object before it is decided. It shows no more than who is to
/// receive what, and for what.
#[Object]
impl AwardCandidate {
    /// Opaque id of the proposal, for `raiseAwardObjection`. The proposal itself is seen by fewer.
    async fn proposal_id(&self) -> ID {
        id(Kind::AwardProposal, self.0.id)
    }
    /// The kind of award that was proposed.
    #[graphql(name = "type")]
    async fn award_type(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardType>> {
        Ok(loaded(loaders(ctx)?.load_one(AwardTypeId(self.0.award_type_id)).await)?.map(AwardType))
    }
    /// Year of achievement.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Whether it is for a collective or an individual.
    async fn recipient(&self) -> Recipient {
        self.0.recipient
    }
    /// Name in use of the unit that is to receive it, or within which the person stands.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// The person's name; null for a collective.
    async fn person(&self) -> Option<&str> {
        self.0.person.as_deref()
    }
    /// Name in use of the unit that proposes.
    async fn proposer_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.proposer_id)).await)?.unwrap_or_default())
    }
    /// Name in use of the unit that decides.
    async fn decider_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.decider_id)).await)?.unwrap_or_default())
    }
    /// For what.
    async fn merit(&self) -> &str {
        &self.0.merit
    }
    /// The outcome. Neighbours in a cluster see only what is to be granted.
    async fn outcome(&self) -> ProposalState {
        self.0.state
    }
    /// The lower kind of award to which it was reduced; null when it was not.
    async fn reduced_to(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardType>> {
        let Some(lower) = self.0.reduced_to_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(AwardTypeId(lower)).await)?.map(AwardType))
    }
    /// The last day on which units may object.
    async fn objections_until(&self) -> Option<NaiveDate> {
        self.0.objections_until
    }
    /// The objections to it that the caller sees, the oldest first; at most 100.
    #[graphql(complexity = "5 * child_complexity + 1")]
    async fn objections(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AwardObjection>> {
        of_proposal(ctx, self.0.id).await
    }
}

/// What a unit holds against the outcome of a proposal, and the answer.
#[derive(Clone)]
pub struct AwardObjection(pub award_objection::Model);

impl From<award_objection::Model> for AwardObjection {
    fn from(row: award_objection::Model) -> Self {
        Self(row)
    }
}

/// What a unit holds against the outcome of a proposal before it is decided (khiếu nại), and the answer. It is seen by the unit that
/// raised it, those above it, and the side that decides.
#[Object]
impl AwardObjection {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::AwardObjection, self.0.id)
    }
    /// The outcome that it is against; null once that was taken back, or for who does not see it.
    async fn candidate(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardCandidate>> {
        let found = loaded(loaders(ctx)?.load_one(AwardCandidateId(self.0.proposal_id)).await)?;
        Ok(found.map(AwardCandidate))
    }
    /// The unit that objects; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of the unit that objects.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// What the unit says.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// Name of who raised it.
    async fn raised_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.raised_by).await
    }
    /// When it was raised.
    async fn raised_at(&self) -> DateTime<Utc> {
        self.0.raised_at
    }
    /// What came of it; null while it is open. UPHELD takes the proposal back before its outcome.
    async fn outcome(&self) -> Option<ObjectionOutcome> {
        self.0.outcome
    }
    /// The answer; null while it is open.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }
    /// Name of who answered it.
    async fn answered_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.answered_by).await
    }
    /// When it was answered; null while it is open.
    async fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.0.answered_at
    }
    /// Counts changes; name it when you answer.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// Whether the caller may answer it and, if not, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let loaders = loaders(ctx)?;
        let proposal = loaded(loaders.load_one(PlainProposal(self.0.proposal_id)).await)?;
        let Some(proposal) = proposal else {
            return Ok(Vec::new());
        };
        let steps = loaded(loaders.load_one(StepsOf(proposal.id)).await)?.unwrap_or_default();
        let decider = place(ctx, proposal.decider_id).await?;
        let may = usecases::may_answer(actor(ctx)?, &decider, (&proposal, &self.0), &steps);
        let may = may.and_then(|_| still_open(self.0.outcome));
        Ok(vec![ViewerCan::of(ctx, Action::ObjectionAnswer, may)])
    }
}

connection!(
    AwardCandidateConnection,
    AwardCandidateEdge,
    AwardCandidate,
    "outcomes that were made known"
);
connection!(
    AwardObjectionConnection,
    AwardObjectionEdge,
    AwardObjection,
    "objections to outcomes of proposals"
);
payload!(AwardObjectionPayload, objection: AwardObjection, "an objection to the outcome of a proposal");

/// An outcome that is made known to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct AwardCandidateId(Uuid);

impl Loader<AwardCandidateId> for Rows {
    type Value = award_proposal::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AwardCandidateId]) -> Result<HashMap<AwardCandidateId, Self::Value>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::find_candidates(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(rows.into_iter().map(|row| (AwardCandidateId(row.id), row)).collect())
    }
}

graphql::row_loader!(
    PlainProposal,
    award_proposal::Model,
    store::plain_proposals,
    "A proposal whose objection is seen, for what the caller may do with that; of it nothing is shown."
);

/// An objection that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct AwardObjectionId(Uuid);

impl Loader<AwardObjectionId> for Rows {
    type Value = award_objection::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AwardObjectionId]) -> Result<HashMap<AwardObjectionId, Self::Value>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::find_objections(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(rows.into_iter().map(|row| (AwardObjectionId(row.id), row)).collect())
    }
}

/// The objections to the outcome of a proposal that are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct ObjectionsTo(Uuid);

impl Loader<ObjectionsTo> for Rows {
    type Value = Arc<Vec<award_objection::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ObjectionsTo]) -> Result<HashMap<ObjectionsTo, Self::Value>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut rows: HashMap<Uuid, Vec<award_objection::Model>> = HashMap::new();
        for row in store::objections_seen(&self.env.db, &self.reach, &ids, self.env.today()).await? {
            rows.entry(row.proposal_id).or_default().push(row);
        }
        Ok(rows
            .into_iter()
            .map(|(proposal, rows)| (ObjectionsTo(proposal), Arc::new(rows)))
            .collect())
    }
}

/// The objections to the outcome of a proposal that the caller sees.
pub async fn of_proposal(ctx: &Context<'_>, proposal: Uuid) -> async_graphql::Result<Vec<AwardObjection>> {
    let rows = loaded(loaders(ctx)?.load_one(ObjectionsTo(proposal)).await)?.unwrap_or_default();
    Ok(rows.iter().cloned().map(AwardObjection).collect())
}

/// One objection for `node`.
pub async fn award_objection(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<AwardObjection> {
    let found = loaded(loaders(ctx)?.load_one(AwardObjectionId(id)).await)?;
    Ok(found.map(AwardObjection).ok_or(Error::NotFound)?)
}
