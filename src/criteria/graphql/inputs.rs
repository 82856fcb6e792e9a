//! What the queries and mutations of criteria sets take.

use async_graphql::{ID, InputObject, OneofObject};

use super::rules::CriteriaSetContent;
use crate::criteria::store::CriteriaSetFilter;
use crate::criteria::usecases::Owner;
use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;

/// Which criteria sets a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct CriteriaSetWhere {
    /// Words of the code or the name, without regard to case and accents; each must be found.
    search: Option<String>,
    /// Only those with this code.
    code: Option<String>,
    /// Only those that this unit issues.
    unit_id: Option<ID>,
    /// Only those of this cluster.
    cluster_id: Option<ID>,
    /// Only those that adapt this set.
    base_id: Option<ID>,
}

impl CriteriaSetWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<CriteriaSetFilter> {
        Ok(CriteriaSetFilter {
            search: self.search,
            code: self.code,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            base: read_id(Kind::CriteriaSet, self.base_id.as_ref())?,
        })
    }
}

/// Whose a criteria set is.
#[derive(OneofObject)]
pub enum CriteriaSetOwnerInput {
    /// This unit issues it, for clusters of units below.
    UnitId(ID),
    /// It is this cluster's own.
    ClusterId(ID),
}

impl CriteriaSetOwnerInput {
    /// The owner as the use-case takes it.
    pub fn read(&self) -> Result<Owner> {
        Ok(match self {
            Self::UnitId(id) => Owner::Unit(Kind::Unit.parse(id)?),
            Self::ClusterId(id) => Owner::Cluster(Kind::Cluster.parse(id)?),
        })
    }
}

/// A criteria set to be begun.
#[derive(InputObject)]
pub struct CreateCriteriaSetInput {
    /// Whose it will be.
    pub owner: CriteriaSetOwnerInput,
    /// Short code, unique for its owner.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A criteria set of a unit to be adapted by a cluster.
#[derive(InputObject)]
pub struct AdaptCriteriaSetInput {
    /// The cluster.
    pub cluster_id: ID,
    /// A version in force of a set that the cluster's organiser or a unit above it issues.
    pub base_version_id: ID,
    /// Short code, unique for the cluster.
    pub code: String,
    /// Name.
    pub name: String,
}

/// What the next version of a criteria set holds.
#[derive(InputObject)]
pub struct WriteCriteriaSetDraftInput {
    /// The set.
    pub set_id: ID,
    /// The `version` of the draft that you saw; leave it out when there is no draft yet.
    pub version: Option<i32>,
    /// Of a set that adapts another: a newer version in force of that, to adapt from now on. Left out, it stays.
    pub base_version_id: Option<ID>,
    /// All that it holds; what is left out is in the draft no more.
    pub content: CriteriaSetContent,
}

/// A set to be checked and not stored.
#[derive(InputObject)]
pub struct CheckCriteriaSetInput {
    /// The set.
    pub content: CriteriaSetContent,
    /// The version that it adapts, if it adapts one.
    pub base_version_id: Option<ID>,
}

/// A version of a criteria set that takes a step in its life.
#[derive(InputObject)]
pub struct CriteriaSetVersionStepInput {
    /// The version of the set.
    pub id: ID,
    /// The `version` you saw of it: how often it had been changed.
    pub version: i32,
}
