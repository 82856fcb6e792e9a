//! Quotas of awards and base salaries in the schema.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use thidua_entity::{Fixed4, award_quota, award_quota_exception, base_salary};

use super::loaders::{AwardTypeId, ExceptionsOf, TakenOf};
use super::types::AwardType;
use crate::accounts::graphql::account_name;
use crate::awards::store::QuotaFilter;
use crate::awards::usecases::NewQuota;
use crate::clusters::graphql::{Cluster, ClusterId};
use crate::error::Result;
use crate::graphql::{connection, id, loaded, loaders, payload, read_id};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;
use crate::units::graphql::{NameOf, Unit, UnitId};

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
