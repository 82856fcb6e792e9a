//! Terms of kinds of award as the schema shows them.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{AwardIssuer, AwardScope, BonusRounding};
use thidua_entity::{Fixed4, award_terms};
use uuid::Uuid;

use super::loaders::AwardTypeId;
use super::types::AwardType;
use crate::accounts::graphql::account_name;
use crate::awards::bonus::Bonus;
use crate::awards::store;
use crate::awards::terms::{DossierTerm, PriorTitle, StepDays, Terms};
use crate::conferences::graphql::FractionShown;
use crate::error::Result;
use crate::graphql::{loaded, loaders};
use crate::reports::graphql::figures::Decimal;

/// One version of what a kind of award asks for and pays. It holds from its day until the next one's; a case keeps the version with which
/// it began.
#[derive(Clone)]
pub struct AwardTerms(pub award_terms::Model);

impl AwardTerms {
    fn content(&self) -> Result<Terms> {
        store::content(&self.0)
    }
}

/// One version of what a kind of award asks for and pays. It holds from its day until the next one's; a case keeps the version with which
/// it began.
#[Object]
impl AwardTerms {
    /// 1, and one more for each that followed.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// First day on which a case begins with it.
    async fn valid_from(&self) -> NaiveDate {
        self.0.valid_from
    }
    /// The text it rests on, as written.
    async fn legal_basis(&self) -> &str {
        &self.0.legal_basis
    }
    /// Who gives it.
    async fn issuer(&self) -> async_graphql::Result<AwardIssuer> {
        Ok(self.content()?.issuer)
    }
    /// For what it is given; null where it excludes nothing.
    async fn scope(&self) -> async_graphql::Result<Option<AwardScope>> {
        Ok(self.content()?.scope)
    }
    /// Codes of grades of the year that are good enough; empty when it asks for none.
    async fn grades(&self) -> async_graphql::Result<Vec<String>> {
        Ok(self.content()?.grades)
    }
    /// Titles that it asks for.
    async fn prior_titles(&self) -> async_graphql::Result<Vec<AwardPriorTitle>> {
        Ok(self.content()?.prior.into_iter().map(AwardPriorTitle).collect())
    }
    /// At least so many years after the last of its kind; null when that does not matter.
    async fn years_between(&self) -> async_graphql::Result<Option<i32>> {
        Ok(self.content()?.years_between)
    }
    /// Whether it is given to one recipient once.
    async fn once_in_lifetime(&self) -> async_graphql::Result<bool> {
        Ok(self.content()?.once)
    }
    /// Whether it must have been registered at the start of the year.
    async fn registered(&self) -> async_graphql::Result<bool> {
        Ok(self.content()?.registered)
    }
    /// Months for which a newly founded unit has existed by the end of the year; null when that does not matter.
    async fn months_founded(&self) -> async_graphql::Result<Option<i32>> {
        Ok(self.content()?.months_founded)
    }
    /// The same for a unit that came out of a merger, split or consolidation.
    async fn months_reorganised(&self) -> async_graphql::Result<Option<i32>> {
        Ok(self.content()?.months_reorganised)
    }
    /// The share of all members of the council that must be in favour; null where no council votes.
    async fn threshold(&self) -> async_graphql::Result<Option<FractionShown>> {
        Ok(self.content()?.threshold.map(FractionShown::from))
    }
    /// Who goes first at equal merit; null where nobody does.
    async fn women_first(&self) -> async_graphql::Result<Option<AwardWomenFirst>> {
        let first = self.content()?.women_first;
        Ok(first.map(|first| AwardWomenFirst {
            collective_share: first.collective_share.into(),
        }))
    }
    /// The documents of the dossier.
    async fn dossier(&self) -> async_graphql::Result<Vec<AwardDossierTerm>> {
        let each = self.content()?.dossier.into_iter();
        Ok(each
            .map(|DossierTerm { code, name, signer }| AwardDossierTerm { code, name, signer })
            .collect())
    }
    /// What a collective is paid; null for nothing.
    async fn collective_bonus(&self) -> async_graphql::Result<Option<AwardBonusTerm>> {
        Ok(self
            .content()?
            .collective_bonus
            .and_then(|bonus| AwardBonusTerm::of(&bonus)))
    }
    /// What an individual is paid; null for nothing.
    async fn individual_bonus(&self) -> async_graphql::Result<Option<AwardBonusTerm>> {
        Ok(self
            .content()?
            .individual_bonus
            .and_then(|bonus| AwardBonusTerm::of(&bonus)))
    }
    /// Days for each step.
    async fn days(&self) -> async_graphql::Result<AwardStepDays> {
        let StepDays {
            endorse,
            appraise,
            vote,
            decide,
        } = self.content()?.days;
        Ok(AwardStepDays {
            endorse,
            appraise,
            vote,
            decide,
        })
    }
    /// Days in which units may object to an outcome from the day on which it is told; only then it is decided. Null where nobody is asked.
    async fn objection_days(&self) -> async_graphql::Result<Option<i32>> {
        Ok(self.content()?.objection_days)
    }
    /// Name of who set it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.set_by).await
    }
    /// When it was set.
    async fn at(&self) -> DateTime<Utc> {
        self.0.set_at
    }
}

/// A title that an award asks for.
pub struct AwardPriorTitle(PriorTitle);

/// A title that an award asks for.
#[Object]
impl AwardPriorTitle {
    /// The kind of award.
    #[graphql(name = "type")]
    async fn award_type(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardType>> {
        Ok(loaded(loaders(ctx)?.load_one(AwardTypeId(self.0.award_type)).await)?.map(AwardType))
    }
    /// In how many years it was given, at least.
    async fn count(&self) -> i32 {
        self.0.count
    }
    /// Within so many years up to that of the proposal, its own included.
    async fn within_years(&self) -> i32 {
        self.0.within_years
    }
    /// Whether in years that follow each other, up to that of the proposal or the one before.
    async fn consecutive(&self) -> bool {
        self.0.consecutive
    }
}

/// At equal merit women go first, and collectives with enough women among their members.
#[derive(SimpleObject)]
pub struct AwardWomenFirst {
    /// The share of women among the members from which on a collective goes first.
    collective_share: FractionShown,
}

/// A document that a dossier must hold.
#[derive(SimpleObject)]
pub struct AwardDossierTerm {
    /// Stable code.
    code: String,
    /// What it is, Vietnamese.
    name: String,
    /// Who signs it; null when not said.
    signer: Option<String>,
}

/// What is paid with an award: a factor of the base salary of the day of the decision, or a fixed amount.
#[derive(SimpleObject)]
pub struct AwardBonusTerm {
    /// How many base salaries; null for a fixed amount.
    factor: Option<Decimal>,
    /// How that is rounded; null for a fixed amount.
    rounding: Option<BonusRounding>,
    /// The fixed amount in đồng; null for a factor.
    amount: Option<Decimal>,
}

impl AwardBonusTerm {
    fn of(bonus: &Bonus) -> Option<Self> {
        Some(match *bonus {
            Bonus::Factor { factor, rounding } => Self {
                factor: Some(Decimal(factor)),
                rounding: Some(rounding),
                amount: None,
            },
            Bonus::Amount(dong) => Self {
                factor: None,
                rounding: None,
                amount: Some(Decimal(Fixed4::from_integer(dong)?)),
            },
        })
    }
}

/// Days for each step, counted from the one before; null for any time.
#[derive(SimpleObject)]
pub struct AwardStepDays {
    /// To endorse.
    endorse: Option<i32>,
    /// To appraise.
    appraise: Option<i32>,
    /// For the council to vote.
    vote: Option<i32>,
    /// To decide.
    decide: Option<i32>,
}

/// The terms of a kind of award that hold on a day, of all versions, the newest first.
pub fn holding(versions: &[award_terms::Model], day: NaiveDate) -> Option<AwardTerms> {
    let mut versions = versions.iter();
    versions.find(|one| one.valid_from <= day).cloned().map(AwardTerms)
}

/// The terms with which a case began.
pub async fn terms(ctx: &Context<'_>, id: Option<Uuid>) -> async_graphql::Result<Option<AwardTerms>> {
    let Some(id) = id else { return Ok(None) };
    Ok(loaded(loaders(ctx)?.load_one(super::loaders::AwardTermsId(id)).await)?.map(AwardTerms))
}
