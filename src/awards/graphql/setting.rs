//! Terms of a kind of award as they are set over the schema.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use thidua_entity::enums::{AwardIssuer, AwardScope, BonusRounding};

use crate::awards::bonus::Bonus;
use crate::awards::terms::{DossierTerm, PriorTitle, StepDays, Terms, WomenFirst};
use crate::awards::usecases::NewTerms;
use crate::conferences::graphql::FractionInput;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;

/// A version of what a kind of award asks for and pays. What is left out it does not ask for.
#[derive(InputObject)]
pub struct SetAwardTermsInput {
    /// The kind of award.
    type_id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// First day on which a case begins with it; after that of the terms that there are.
    valid_from: NaiveDate,
    /// The text it rests on, as written.
    legal_basis: String,
    /// Who gives it.
    #[graphql(default_with = "AwardIssuer::Union")]
    issuer: AwardIssuer,
    /// For what it is given: at one level, comprehensive and thematic awards of one year exclude each other.
    scope: Option<AwardScope>,
    /// Codes of grades of the year that are good enough, at most 30. Asked of units, not of persons.
    #[graphql(default)]
    grades: Vec<String>,
    /// Titles that it asks for, at most 30.
    #[graphql(default)]
    prior_titles: Vec<AwardPriorTitleInput>,
    /// At least so many years after the last of its kind, 1 to 100.
    years_between: Option<i32>,
    /// Given to one recipient once.
    #[graphql(default)]
    once_in_lifetime: bool,
    /// Must have been registered at the start of the year.
    #[graphql(default)]
    registered: bool,
    /// Months for which a newly founded unit has existed by the end of the year, 1 to 100.
    months_founded: Option<i32>,
    /// The same for a unit that came out of a merger, split or consolidation.
    months_reorganised: Option<i32>,
    /// The share of all members of the council that must be in favour, more than 0; leave it out where no council votes.
    threshold: Option<FractionInput>,
    /// The documents of the dossier, at most 30.
    #[graphql(default)]
    dossier: Vec<AwardDossierTermInput>,
    /// What a collective is paid.
    collective_bonus: Option<AwardBonusInput>,
    /// What an individual is paid.
    individual_bonus: Option<AwardBonusInput>,
    /// Days for each step.
    days: Option<AwardStepDaysInput>,
    /// Who goes first at equal merit; leave it out where nobody does.
    women_first: Option<AwardWomenFirstInput>,
    /// Days in which units may object to an outcome from the day on which it is told, 1 to 60; only then it is decided. Leave it out where
    /// nobody is asked.
    objection_days: Option<i32>,
}

/// A title that an award asks for.
#[derive(InputObject)]
pub struct AwardPriorTitleInput {
    /// The kind of award.
    type_id: ID,
    /// In how many years it was given, at least.
    #[graphql(default = 1)]
    count: i32,
    /// Within so many years up to that of the proposal, its own included, 1 to 100.
    within_years: i32,
    /// In years that follow each other, up to that of the proposal or the one before.
    #[graphql(default)]
    consecutive: bool,
}

/// At equal merit women go first, and collectives with enough women among their members.
#[derive(InputObject)]
pub struct AwardWomenFirstInput {
    /// The share of women among the members from which on a collective goes first, more than 0: 70 of 100.
    collective_share: FractionInput,
}

impl AwardWomenFirstInput {
    fn read(&self) -> Result<WomenFirst> {
        let collective_share = self.collective_share.read("womenFirst.collectiveShare")?;
        Ok(WomenFirst { collective_share })
    }
}

/// A document that a dossier must hold.
#[derive(InputObject)]
pub struct AwardDossierTermInput {
    /// Stable code: letters without accents, digits, underscore, hyphen, dot.
    code: String,
    /// What it is, Vietnamese.
    name: String,
    /// Who signs it.
    signer: Option<String>,
}

/// What is paid with an award: a factor of the base salary of the day of the decision, or a fixed amount.
#[derive(InputObject)]
pub struct AwardBonusInput {
    /// How many base salaries. Either this or `amount`.
    factor: Option<Decimal>,
    /// How that is rounded.
    #[graphql(default_with = "BonusRounding::UpToTenThousand")]
    rounding: BonusRounding,
    /// A fixed amount in whole đồng, paid as it is. Either this or `factor`.
    amount: Option<Decimal>,
}

/// Days for each step, counted from the one before, 1 to 365; what is left out may take any time.
#[derive(InputObject)]
pub struct AwardStepDaysInput {
    /// To endorse.
    endorse: Option<i32>,
    /// To appraise.
    appraise: Option<i32>,
    /// For the council to vote.
    vote: Option<i32>,
    /// To decide.
    decide: Option<i32>,
}

/// Whole đồng.
pub fn dong(field: &str, amount: Decimal) -> Result<i64> {
    let whole = amount.0.is_whole().then(|| amount.0.ten_thousandths() / 10_000);
    whole.ok_or_else(|| {
        Error::invalid(
            "NOT_WHOLE",
            field,
            "Số tiền phải là số đồng nguyên.",
            "An amount is in whole đồng.",
        )
    })
}

fn read_bonus(field: &str, input: Option<AwardBonusInput>) -> Result<Option<Bonus>> {
    let Some(AwardBonusInput {
        factor,
        rounding,
        amount,
    }) = input
    else {
        return Ok(None);
    };
    match (factor, amount) {
        (Some(factor), None) => Ok(Some(Bonus::Factor {
            factor: factor.0,
            rounding,
        })),
        (None, Some(amount)) => Ok(Some(Bonus::Amount(dong(field, amount)?))),
        _ => Err(Error::invalid(
            "FACTOR_OR_AMOUNT",
            field,
            "Hãy ghi hệ số hoặc số tiền cố định, chỉ một trong hai.",
            "Give either a factor or a fixed amount.",
        )),
    }
}

impl SetAwardTermsInput {
    /// The terms as the use-case takes them.
    pub fn read(self) -> Result<NewTerms> {
        let prior = self.prior_titles.into_iter().map(|title| {
            Ok(PriorTitle {
                award_type: Kind::AwardType.parse(&title.type_id)?,
                count: title.count,
                within_years: title.within_years,
                consecutive: title.consecutive,
            })
        });
        let dossier = self.dossier.into_iter();
        let dossier = dossier.map(|AwardDossierTermInput { code, name, signer }| DossierTerm { code, name, signer });
        let days = self.days.map(
            |AwardStepDaysInput {
                 endorse,
                 appraise,
                 vote,
                 decide,
             }| StepDays {
                endorse,
                appraise,
                vote,
                decide,
            },
        );
        let threshold = self.threshold;
        Ok(NewTerms {
            award_type: Kind::AwardType.parse(&self.type_id)?,
            valid_from: self.valid_from,
            legal_basis: self.legal_basis,
            terms: Terms {
                issuer: self.issuer,
                scope: self.scope,
                grades: self.grades,
                prior: prior.collect::<Result<_>>()?,
                years_between: self.years_between,
                once: self.once_in_lifetime,
                registered: self.registered,
                months_founded: self.months_founded,
                months_reorganised: self.months_reorganised,
                threshold: threshold.map(|share| share.read("threshold")).transpose()?,
                dossier: dossier.collect(),
                collective_bonus: read_bonus("collectiveBonus", self.collective_bonus)?,
                individual_bonus: read_bonus("individualBonus", self.individual_bonus)?,
                days: days.unwrap_or_default(),
                objection_days: self.objection_days,
                women_first: self.women_first.map(|first| first.read()).transpose()?,
            },
        })
    }
}
