//! Who votes in a ballot, and the named votes, as the schema shows them.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::enums::Presence;
use thidua_entity::{ballot_option, ballot_recusal, ballot_roll, ballot_vote};
use uuid::Uuid;

use super::inputs::BallotAnswer;
use crate::accounts::graphql::account_name;
use crate::ballots::choice::Choice;
use crate::councils::graphql::{CouncilMember, CouncilMemberId};
use crate::error::Error;
use crate::graphql::{loaded, loaders};
use crate::units::graphql::{NameOf, Unit, UnitId};

/// Name in use of a unit of the cluster, which everybody in it knows.
async fn name(ctx: &Context<'_>, voter: Uuid) -> async_graphql::Result<Option<String>> {
    loaded(loaders(ctx)?.load_one(NameOf(voter)).await)
}

/// A member of a council on a roll, which everybody knows who sees the roll.
async fn member(ctx: &Context<'_>, voter: Uuid) -> async_graphql::Result<Option<CouncilMember>> {
    Ok(loaded(loaders(ctx)?.load_one(CouncilMemberId(voter)).await)?.map(CouncilMember))
}

/// A member on the roll of a ballot.
pub struct BallotVoter {
    pub(super) row: ballot_roll::Model,
    pub(super) has_voted: Option<bool>,
    pub(super) secret: bool,
}

/// A member on the roll of a ballot.
#[Object]
impl BallotVoter {
    /// The unit; null when it is beyond what the caller sees, and at the meeting of a council.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.row.voter_id)).await)?.map(Unit))
    }
    /// Name in use of the unit, which the whole cluster knows; null at the meeting of a council.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        name(ctx, self.row.voter_id).await
    }
    /// The member of the council; null at the conference of a cluster.
    async fn member(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CouncilMember>> {
        member(ctx, self.row.voter_id).await
    }
    /// Whether it was there when the ballot was opened.
    async fn presence(&self) -> Presence {
        self.row.presence
    }
    /// Whether it does not vote because the matter concerns it.
    async fn recused(&self) -> bool {
        self.row.recused
    }
    /// Whether it may vote.
    async fn may_vote(&self) -> bool {
        self.row.may_vote
    }
    /// Whether it has voted; null of a secret ballot.
    async fn has_voted(&self) -> Option<bool> {
        self.has_voted
    }
    /// Whether its voting token was given; null of a ballot that is not secret.
    async fn token_given(&self) -> Option<bool> {
        self.secret.then_some(self.row.token_given)
    }
}

/// A member does not vote in a ballot, and why.
pub struct BallotRecusal(pub ballot_recusal::Model);

/// A member does not vote in a ballot, and why.
#[Object]
impl BallotRecusal {
    /// The unit; null when it is beyond what the caller sees, and at the meeting of a council.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.voter_id)).await)?.map(Unit))
    }
    /// Name in use of the unit, which the whole cluster knows; null at the meeting of a council.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        name(ctx, self.0.voter_id).await
    }
    /// The member of the council; null at the conference of a cluster.
    async fn member(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CouncilMember>> {
        member(ctx, self.0.voter_id).await
    }
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}

/// What a member chose in a ballot that is not secret.
pub struct NamedVote {
    row: ballot_vote::Model,
    choice: Choice,
    options: Vec<String>,
}

/// An answer of a named vote.
#[derive(SimpleObject)]
pub struct NamedAnswer {
    /// The option.
    option: String,
    /// The answer.
    answer: BallotAnswer,
}

impl NamedVote {
    /// The vote with what it chose.
    pub(super) fn of(row: &ballot_vote::Model, options: &[ballot_option::Model]) -> async_graphql::Result<Self> {
        Ok(Self {
            choice: serde_json::from_str(&row.choice).map_err(Error::internal)?,
            options: options.iter().map(|option| option.text.clone()).collect(),
            row: row.clone(),
        })
    }

    fn named(&self, places: &[usize]) -> Vec<String> {
        places
            .iter()
            .filter_map(|&place| self.options.get(place).cloned())
            .collect()
    }
}

/// What a member chose in a ballot that is not secret.
#[Object]
impl NamedVote {
    /// Name in use of the unit, which the whole cluster knows; null at the meeting of a council.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        name(ctx, self.row.voter_id).await
    }
    /// The member of the council; null at the conference of a cluster.
    async fn member(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CouncilMember>> {
        member(ctx, self.row.voter_id).await
    }
    /// With `APPROVE`: the answers; empty otherwise.
    async fn answers(&self) -> Vec<NamedAnswer> {
        let Choice::Answers(answers) = &self.choice else {
            return Vec::new();
        };
        let named = self.options.iter().zip(answers);
        named
            .map(|(option, &answer)| NamedAnswer {
                option: option.clone(),
                answer: answer.into(),
            })
            .collect()
    }
    /// With `CHOOSE` and `ELECT`: what is marked; empty otherwise.
    async fn marks(&self) -> Vec<String> {
        match &self.choice {
            Choice::Marks(marks) => self.named(marks),
            Choice::Answers(_) | Choice::Order(_) | Choice::Spoiled => Vec::new(),
        }
    }
    /// With `RANK`: the order, the best first; empty otherwise.
    async fn order(&self) -> Vec<String> {
        match &self.choice {
            Choice::Order(order) => self.named(order),
            Choice::Answers(_) | Choice::Marks(_) | Choice::Spoiled => Vec::new(),
        }
    }
    /// Whether the paper is spoiled.
    async fn spoiled(&self) -> bool {
        self.choice == Choice::Spoiled
    }
    /// Name of who cast it.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.row.cast_by).await
    }
    /// Name of on whose behalf it was cast; null when it was in one's own name.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.row.cast_for).await
    }
    /// When it was cast.
    async fn at(&self) -> DateTime<Utc> {
        self.row.cast_at
    }
}
