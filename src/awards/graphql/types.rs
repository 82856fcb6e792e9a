//! The types of the award registry, their pages and payloads.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{AwardChangeKind, AwardLevel, Recipient, RecipientKind};
use thidua_entity::{award, award_decision, award_type};

use super::changes::{AwardBonus, AwardChange, AwardHandover};
use super::loaders::{AwardDecisionId, AwardTypeId, AwardsOf, ChangesOf, HandoversOf, ShakenOf, TermsOf};
use super::terms::{self, AwardTerms};
use crate::awards::{decision, store, verifying};
use crate::error::Error;
use crate::graphql::{self, connection, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::units::graphql::{NameOf, NamesOf, Unit, UnitId};
use crate::units::store::name_on;

/// A kind of award of the common catalogue: what may be given, by which level, to whom, and by what text.
#[derive(Clone)]
pub struct AwardType(pub award_type::Model);

impl From<award_type::Model> for AwardType {
    fn from(row: award_type::Model) -> Self {
        Self(row)
    }
}

/// A kind of award of the common catalogue: what may be given, by which level, to whom, and by what text.
#[Object]
impl AwardType {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::AwardType, self.0.id)
    }
    /// Stable code, `CO_LDLD`. Tell kinds apart by it: English names of Bằng khen and Giấy khen are often the same.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Vietnamese name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Level of the body that gives it.
    async fn level(&self) -> AwardLevel {
        self.0.level
    }
    /// Who may get it.
    async fn recipients(&self) -> RecipientKind {
        self.0.recipients
    }
    /// The text it rests on, as written; null when unknown.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }
    /// First day on which it may be given; null when unknown.
    async fn valid_from(&self) -> Option<NaiveDate> {
        self.0.valid_from
    }
    /// First day on which it may no longer be given; null while it may.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.0.valid_to
    }
    /// What it asks for and pays on a day; null where nothing was set.
    async fn terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Option<AwardTerms>> {
        let day = as_of.unwrap_or(graphql::env(ctx)?.today());
        let versions = loaded(loaders(ctx)?.load_one(TermsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(terms::holding(&versions, day))
    }
    /// Every version of what it asks for and pays, the newest first.
    #[graphql(complexity = "TERMS_CHARGED * child_complexity + 1")]
    async fn terms_history(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AwardTerms>> {
        let versions = loaded(loaders(ctx)?.load_one(TermsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(versions.iter().cloned().map(AwardTerms).collect())
    }
    /// Counts changes.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// For how many versions of terms a query is charged.
const TERMS_CHARGED: usize = 3;

/// A signed decision that gives awards. Recorded once, with all that it gives, and never changed.
#[derive(Clone)]
pub struct AwardDecision(pub award_decision::Model);

impl From<award_decision::Model> for AwardDecision {
    fn from(row: award_decision::Model) -> Self {
        Self(row)
    }
}

/// A signed decision that gives awards. Recorded once, with all that it gives, and never changed.
#[Object]
impl AwardDecision {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::AwardDecision, self.0.id)
    }
    /// Number as written, `737/QĐ-LĐLĐ`; null when the source does not tell.
    async fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }
    /// Year of achievement; often the year before that of signing.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Date of signing; null when unknown.
    async fn decided_on(&self) -> Option<NaiveDate> {
        self.0.decided_on
    }
    /// The issuing unit; null for an issuer outside the union, and when it is beyond what the caller sees.
    async fn issuer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        let Some(issuer) = self.0.issuer_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(UnitId(issuer)).await)?.map(Unit))
    }
    /// The issuer as written then.
    async fn issuer_name(&self) -> &str {
        &self.0.issuer_name
    }
    /// Who signed, as written; null when unknown.
    async fn signer(&self) -> Option<&str> {
        self.0.signer.as_deref()
    }
    /// The text it rests on, as written; null when unknown.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }
    /// Where we know it from; null when not said.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }
    /// The unit in whose registry it stands; null when it is beyond what the caller sees.
    async fn owner(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.owner_id)).await)?.map(Unit))
    }
    /// What it gives, as far as the caller sees, in the order of the decision; at most 500.
    #[graphql(complexity = "AWARDS_COST * child_complexity + 1")]
    async fn awards(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Award>> {
        let awards = loaded(loaders(ctx)?.load_one(AwardsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(awards.iter().cloned().map(Award).collect())
    }
    /// When it was recorded here.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// What the awards of a decision cost against the bound of complexity: few lists are as long as they may be, so a page of
/// decisions with their awards stays possible.
const AWARDS_COST: usize = 100;

/// An entry of the award registry: one named recipient, or a number of unnamed ones.
#[derive(Clone)]
pub struct Award(pub award::Model);

impl From<award::Model> for Award {
    fn from(row: award::Model) -> Self {
        Self(row)
    }
}

/// An entry of the award registry: one named recipient, or a number of unnamed ones.
#[Object]
impl Award {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Award, self.0.id)
    }
    /// The kind of award.
    #[graphql(name = "type")]
    async fn award_type(&self, ctx: &Context<'_>) -> async_graphql::Result<AwardType> {
        award_type(ctx, self.0.award_type_id).await
    }
    /// The decision that gave it.
    async fn decision(&self, ctx: &Context<'_>) -> async_graphql::Result<AwardDecision> {
        decision(ctx, self.0.decision_id).await
    }
    /// Year of achievement.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Whether a collective or individuals got it.
    async fn recipient(&self) -> Recipient {
        self.0.recipient
    }
    /// The unit that received it, or within which the recipients stand; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Official name of that unit on the day of the decision; at the end of the year of achievement where the day is unknown.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let decision = decision(ctx, self.0.decision_id).await?.0;
        let names = loaded(loaders(ctx)?.load_one(NamesOf(self.0.unit_id)).await)?.unwrap_or_default();
        let day = decision::naming_day(decision.year, decision.decided_on);
        if let Some(name) = name_on(&names, day) {
            return Ok(name.to_owned());
        }
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// The recipient's name as written then; null when only the number of recipients is known.
    async fn recipient_name(&self) -> Option<&str> {
        self.0.recipient_name.as_deref()
    }
    /// How many recipients: 1 for a named one.
    async fn count(&self) -> i32 {
        self.0.count
    }
    /// What else the source says; null when nothing.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
    /// What is paid with it, reckoned at the decision and kept; null where nothing is.
    async fn bonus(&self) -> Option<AwardBonus> {
        AwardBonus::of(&self.0)
    }
    /// The code by which anybody verifies it at `/verify/{code}`: `7KQ2-M9XB-4TRC-0HZW`. Null for awards of before there were codes.
    async fn verify_code(&self) -> Option<String> {
        self.0.verify_code.as_deref().map(verifying::printed)
    }
    /// Corrections and the revocation, the oldest first.
    async fn changes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AwardChange>> {
        let changes = loaded(loaders(ctx)?.load_one(ChangesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(changes.iter().cloned().map(AwardChange).collect())
    }
    /// Whether it was revoked. It stays in the registry all the same.
    async fn revoked(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let changes = loaded(loaders(ctx)?.load_one(ChangesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(changes.iter().any(|change| change.kind == AwardChangeKind::Revoked))
    }
    /// When, where and by whom it was handed over; null while it was not.
    async fn handover(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardHandover>> {
        let rows = loaded(loaders(ctx)?.load_one(HandoversOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.first().cloned().map(AwardHandover))
    }
    /// Awards because of which this one was given and that were revoked since: a flag that it must be looked at again.
    async fn relies_on_revoked(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Award>> {
        let grounds = loaded(loaders(ctx)?.load_one(ShakenOf(self.0.id)).await)?.unwrap_or_default();
        Ok(grounds.iter().cloned().map(Award).collect())
    }
}

/// How many recipients of one kind of award there are in one year.
pub struct AwardCount(pub store::AwardCount);

/// How many recipients of one kind of award there are in one year.
#[Object]
impl AwardCount {
    /// The kind of award.
    #[graphql(name = "type")]
    async fn award_type(&self, ctx: &Context<'_>) -> async_graphql::Result<AwardType> {
        award_type(ctx, self.0.award_type_id).await
    }
    /// Year of achievement.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Whether these are collectives or individuals.
    async fn recipient(&self) -> Recipient {
        self.0.recipient
    }
    /// How many recipients, named and unnamed together.
    async fn count(&self) -> i64 {
        self.0.recipients
    }
}

connection!(AwardTypeConnection, AwardTypeEdge, AwardType, "kinds of award");
connection!(
    AwardDecisionConnection,
    AwardDecisionEdge,
    AwardDecision,
    "award decisions"
);
connection!(AwardConnection, AwardEdge, Award, "awards");
payload!(AwardTypePayload, award_type: AwardType, "a kind of award");
payload!(AwardPayload, award: Award, "an award");
payload!(AwardDecisionPayload, decision: AwardDecision, "the award registry");

/// One kind of award for `node`; everybody who signs in sees the catalogue.
pub async fn award_type(ctx: &Context<'_>, id: uuid::Uuid) -> async_graphql::Result<AwardType> {
    graphql::actor(ctx)?;
    let kind = loaded(loaders(ctx)?.load_one(AwardTypeId(id)).await)?;
    Ok(kind.map(AwardType).ok_or(Error::NotFound)?)
}

/// One decision for `node`.
pub async fn decision(ctx: &Context<'_>, id: uuid::Uuid) -> async_graphql::Result<AwardDecision> {
    let decision = loaded(loaders(ctx)?.load_one(AwardDecisionId(id)).await)?;
    Ok(decision.map(AwardDecision).ok_or(Error::NotFound)?)
}
