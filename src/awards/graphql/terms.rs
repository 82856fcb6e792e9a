//! Terms of kinds of award, base salaries and quotas in the schema.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{AwardIssuer, AwardScope, BonusRounding};
use thidua_entity::{Fixed4, award_quota, award_quota_exception, award_terms, base_salary};
use uuid::Uuid;

use super::loaders::{AwardTypeId, ExceptionsOf, TakenOf};
use super::types::AwardType;
use crate::accounts::graphql::account_name;
use crate::awards::bonus::Bonus;
use crate::awards::store::{self, QuotaFilter};
use crate::awards::terms::{DossierTerm, PriorTitle, StepDays, Terms, Threshold};
use crate::awards::usecases::{NewQuota, NewTerms};
use crate::clusters::graphql::{Cluster, ClusterId};
use crate::error::{Error, Result};
use crate::graphql::{connection, id, loaded, loaders, payload, read_id};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;
use crate::units::graphql::{NameOf, Unit, UnitId};

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
    async fn threshold(&self) -> async_graphql::Result<Option<AwardThreshold>> {
        let threshold = self.content()?.threshold;
        Ok(threshold.map(|Threshold { numerator, denominator }| AwardThreshold { numerator, denominator }))
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

/// A share of all members, as a fraction.
#[derive(SimpleObject)]
pub struct AwardThreshold {
    /// Above the line.
    numerator: i32,
    /// Below the line.
    denominator: i32,
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

/// The base salary (lương cơ sở) of the State, from a day on until the next.
#[derive(Clone)]
pub struct BaseSalary(pub base_salary::Model);

impl From<base_salary::Model> for BaseSalary {
    fn from(row: base_salary::Model) -> Self {
        Self(row)
    }
}

/// The base salary (lương cơ sở) of the State, from a day on until the next.
#[Object]
impl BaseSalary {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::BaseSalary, self.0.id)
    }
    /// First day on which it holds.
    async fn valid_from(&self) -> NaiveDate {
        self.0.valid_from
    }
    /// In đồng a month.
    async fn amount(&self) -> Option<Decimal> {
        Fixed4::from_integer(self.0.amount).map(Decimal)
    }
    /// The text it rests on, as written.
    async fn legal_basis(&self) -> &str {
        &self.0.legal_basis
    }
}

/// How many of a kind of award may be proposed for a year from below a unit, or from a cluster.
#[derive(Clone)]
pub struct AwardQuota(pub award_quota::Model);

impl From<award_quota::Model> for AwardQuota {
    fn from(row: award_quota::Model) -> Self {
        Self(row)
    }
}

/// For how many exceptions of a quota a query is charged.
const EXCEPTIONS_CHARGED: usize = 3;

/// How many of a kind of award may be proposed for a year from below a unit, or from a cluster.
#[Object]
impl AwardQuota {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::AwardQuota, self.0.id)
    }
    /// The kind of award.
    #[graphql(name = "type")]
    async fn award_type(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardType>> {
        Ok(loaded(loaders(ctx)?.load_one(AwardTypeId(self.0.award_type_id)).await)?.map(AwardType))
    }
    /// Year of achievement.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Name of the unit that set it.
    async fn setter_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.setter_id)).await)?.unwrap_or_default())
    }
    /// The unit from which, and from below which, proposals count; null for a cluster, and when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        let Some(unit) = self.0.unit_id else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(UnitId(unit)).await)?.map(Unit))
    }
    /// The cluster from whose members proposals count; null for a unit, and when it is beyond what the caller sees.
    async fn cluster(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Cluster>> {
        let Some(cluster) = self.0.cluster_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(ClusterId(cluster)).await)?.map(Cluster))
    }
    /// How many there are.
    async fn most(&self) -> i32 {
        self.0.most
    }
    /// How many are taken by proposals that count. A place is taken as soon as something is proposed; after a refusal it is free when the
    /// refusal is told.
    async fn taken(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        Ok(loaded(loaders(ctx)?.load_one(TakenOf(self.0.id)).await)?.unwrap_or_default())
    }
    /// Units that are excepted, as that was said; at most 200.
    #[graphql(complexity = "EXCEPTIONS_CHARGED * child_complexity + 1")]
    async fn exceptions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AwardQuotaException>> {
        let rows = loaded(loaders(ctx)?.load_one(ExceptionsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(AwardQuotaException).collect())
    }
    /// The text it rests on, as written; null when not said.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }
    /// Counts changes; give it back as `version` when you change it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A unit whose proposals, all or some more of them, do not count against a quota.
pub struct AwardQuotaException(award_quota_exception::Model);

/// A unit whose proposals, all or some more of them, do not count against a quota.
#[Object]
impl AwardQuotaException {
    /// Name in use of the unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// How many of its proposals do not count; null for all.
    async fn extra(&self) -> Option<i32> {
        self.0.extra
    }
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
    /// Name of who said so; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.set_by).await
    }
}

connection!(AwardQuotaConnection, AwardQuotaEdge, AwardQuota, "quotas of awards");
payload!(AwardQuotaPayload, quota: AwardQuota, "a quota of awards");
payload!(BaseSalaryPayload, base_salary: BaseSalary, "a base salary");

/// Which quotas a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AwardQuotaWhere {
    /// Only those of this kind of award.
    type_id: Option<ID>,
    /// Only those of this year of achievement.
    year: Option<i32>,
    /// Only those for this very unit.
    unit_id: Option<ID>,
}

impl AwardQuotaWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<QuotaFilter> {
        Ok(QuotaFilter {
            award_type: read_id(Kind::AwardType, self.type_id.as_ref())?,
            year: self.year,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
        })
    }
}

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
    /// The share of all members of the council that must be in favour; leave it out where no council votes.
    threshold: Option<AwardThresholdInput>,
    /// The documents of the dossier, at most 30.
    #[graphql(default)]
    dossier: Vec<AwardDossierTermInput>,
    /// What a collective is paid.
    collective_bonus: Option<AwardBonusInput>,
    /// What an individual is paid.
    individual_bonus: Option<AwardBonusInput>,
    /// Days for each step.
    days: Option<AwardStepDaysInput>,
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

/// A share of all members, as a fraction: 9 and 10 for 90%.
#[derive(InputObject)]
pub struct AwardThresholdInput {
    /// Above the line.
    numerator: i32,
    /// Below the line, at most 1000.
    denominator: i32,
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
                threshold: threshold
                    .map(|AwardThresholdInput { numerator, denominator }| Threshold { numerator, denominator }),
                dossier: dossier.collect(),
                collective_bonus: read_bonus("collectiveBonus", self.collective_bonus)?,
                individual_bonus: read_bonus("individualBonus", self.individual_bonus)?,
                days: days.unwrap_or_default(),
            },
        })
    }
}

/// A base salary to be set.
#[derive(InputObject)]
pub struct SetBaseSalaryInput {
    /// First day on which it holds.
    pub valid_from: NaiveDate,
    /// In whole đồng a month.
    pub amount: Decimal,
    /// The text it rests on, as written.
    pub legal_basis: String,
    /// A key of your own, at most 100 characters: asked again with it, it is set once.
    pub idempotency_key: Option<String>,
}

/// A quota to be set, for a unit and what is below it or for a cluster.
#[derive(InputObject)]
pub struct SetAwardQuotaInput {
    /// The kind of award.
    type_id: ID,
    /// Year of achievement.
    year: i32,
    /// The unit that sets it, in whose name you act. What others set holds besides.
    setter_id: ID,
    /// The unit from which, and from below which, proposals count; at or below the one that sets it. Either this or `clusterId`.
    unit_id: Option<ID>,
    /// The cluster from whose members proposals count. Either this or `unitId`.
    cluster_id: Option<ID>,
    /// How many, 0 to 100,000.
    most: i32,
    /// The text it rests on, as written.
    legal_basis: Option<String>,
    /// The `version` you saw of the quota; leave it out when there is none yet.
    pub version: Option<i32>,
    /// A key of your own, at most 100 characters: asked again with it, it is set once.
    pub idempotency_key: Option<String>,
}

impl SetAwardQuotaInput {
    /// The quota as the use-case takes it.
    pub fn read(&self) -> Result<NewQuota<'_>> {
        Ok(NewQuota {
            award_type: Kind::AwardType.parse(&self.type_id)?,
            year: self.year,
            setter: Kind::Unit.parse(&self.setter_id)?,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            most: self.most,
            legal_basis: self.legal_basis.as_deref(),
        })
    }
}

/// A unit to be excepted from a quota.
#[derive(InputObject)]
pub struct ExceptFromAwardQuotaInput {
    /// The quota.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// The unit that proposes, or that is to receive the award.
    pub unit_id: ID,
    /// How many of its proposals do not count; leave it out for all.
    pub extra: Option<i32>,
    /// Why.
    pub reason: String,
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
