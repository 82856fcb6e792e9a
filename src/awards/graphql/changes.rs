//! What is paid with an award and what became of it, in the schema.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::AwardChangeKind;
use thidua_entity::{Fixed4, award, award_change, award_handover};

use super::loaders::AwardDecisionId;
use super::types::AwardDecision;
use crate::accounts::graphql::account_name;
use crate::graphql::{loaded, loaders};
use crate::reports::graphql::figures::Decimal;

/// What is paid with an award.
#[derive(SimpleObject)]
pub struct AwardBonus {
    /// What is paid, in đồng.
    paid: Decimal,
    /// What it came to before it was rounded, in đồng.
    raw: Decimal,
    /// The factor of the base salary; null for a fixed amount.
    factor: Option<Decimal>,
    /// The base salary on the day of the decision, in đồng; null for a fixed amount.
    base_salary: Option<Decimal>,
}

impl AwardBonus {
    /// The bonus of an award, where there is one.
    pub fn of(award: &award::Model) -> Option<Self> {
        let dong = |amount: i64| Fixed4::from_integer(amount).map(Decimal);
        Some(Self {
            paid: dong(award.bonus?)?,
            raw: Decimal(award.bonus_raw?),
            factor: award.bonus_factor.map(Decimal),
            base_salary: award.base_salary.and_then(dong),
        })
    }
}

/// An award was revoked or corrected by another decision.
pub struct AwardChange(pub award_change::Model);

/// An award was revoked or corrected by another decision.
#[Object]
impl AwardChange {
    /// Revoked or corrected.
    async fn kind(&self) -> AwardChangeKind {
        self.0.kind
    }
    /// The decision that did it; null when it is beyond what the caller sees.
    async fn decision(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardDecision>> {
        Ok(loaded(loaders(ctx)?.load_one(AwardDecisionId(self.0.decision_id)).await)?.map(AwardDecision))
    }
    /// Why, as written.
    async fn ground(&self) -> &str {
        &self.0.ground
    }
    /// The recipient's name as corrected; null for a revocation.
    async fn recipient_name(&self) -> Option<&str> {
        self.0.recipient_name.as_deref()
    }
    /// Name of who recorded it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.recorded_by).await
    }
    /// When it was recorded.
    async fn at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }
}

/// When, where and by whom an award was handed over.
pub struct AwardHandover(pub award_handover::Model);

/// When, where and by whom an award was handed over.
#[Object]
impl AwardHandover {
    /// The day.
    async fn held_on(&self) -> NaiveDate {
        self.0.held_on
    }
    /// Where.
    async fn place(&self) -> &str {
        &self.0.place
    }
    /// By whom, as written.
    async fn handed_by(&self) -> &str {
        &self.0.handed_by
    }
    /// What else was said; null when nothing.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
}
