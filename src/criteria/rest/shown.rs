//! Criteria sets and their versions as REST shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use thidua_entity::enums::CriteriaSetState;
use thidua_entity::{criteria_set, criteria_set_version};
use utoipa::ToSchema;

use crate::criteria::content;
use crate::criteria::paths::Shape;
use crate::criteria::usecases::{self, Compared};
use crate::env::Env;
use crate::error::{Language, Problem, Result};
use crate::ids::Kind;
use crate::reckoning::{CriteriaSet, SetDifference};

/// A criteria set under one code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CriteriaSetJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit that issues it; null when a cluster owns it.
    unit_id: Option<String>,
    /// The cluster whose own it is; null when a unit issues it.
    cluster_id: Option<String>,
    /// The set that the cluster adapts.
    base_id: Option<String>,
    /// Short code, unique for its owner.
    code: String,
    /// Name as written.
    name: String,
}

impl From<criteria_set::Model> for CriteriaSetJson {
    fn from(row: criteria_set::Model) -> Self {
        Self {
            id: Kind::CriteriaSet.id(row.id),
            unit_id: row.unit_id.map(|id| Kind::Unit.id(id)),
            cluster_id: row.cluster_id.map(|id| Kind::Cluster.id(id)),
            base_id: row.base_id.map(|id| Kind::CriteriaSet.id(id)),
            code: row.code,
            name: row.name,
        }
    }
}

/// A criteria set with its versions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeSetJson {
    /// The set.
    #[serde(flatten)]
    set: CriteriaSetJson,
    /// Its versions that the caller sees, the newest first.
    versions: Vec<VersionJson>,
}

impl WholeSetJson {
    /// A set with its versions.
    pub fn of(set: criteria_set::Model, versions: Vec<criteria_set_version::Model>) -> Self {
        Self {
            set: set.into(),
            versions: versions.into_iter().map(VersionJson::from).collect(),
        }
    }
}

/// One version of a criteria set, without what it holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The set.
    set_id: String,
    /// 1, 2, 3 …
    number: i32,
    /// Draft, published, retired.
    state: CriteriaSetState,
    /// The version of the base set that it adapts.
    base_version_id: Option<String>,
    /// The text it rests on.
    legal_basis: Option<String>,
    /// SHA-256 of what it holds, as the service writes it. Of a published version it never changes.
    sha256: String,
    /// When it was published.
    published_at: Option<DateTime<Utc>>,
    /// Counts changes; the `ETag` of the version.
    version: i32,
}

impl From<criteria_set_version::Model> for VersionJson {
    fn from(row: criteria_set_version::Model) -> Self {
        Self {
            id: Kind::CriteriaSetVersion.id(row.id),
            set_id: Kind::CriteriaSet.id(row.set_id),
            number: row.number,
            state: row.state,
            base_version_id: row.base_version_id.map(|id| Kind::CriteriaSetVersion.id(id)),
            legal_basis: row.legal_basis,
            sha256: content::hex(&row.digest),
            published_at: row.published_at,
            version: row.version,
        }
    }
}

/// One version of a criteria set with what it holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeVersionJson {
    /// The version.
    #[serde(flatten)]
    version: VersionJson,
    /// What it holds: a tree, whose sections have `children`. What the parts mean is said at `CriteriaSetContent` of GraphQL.
    #[schema(value_type = Object)]
    content: CriteriaSet,
    /// Everything that keeps a draft from being published.
    problems: Vec<SetProblemJson>,
}

impl WholeVersionJson {
    /// A version that was found, with what it holds.
    pub async fn read(env: &Env, version: criteria_set_version::Model, language: Language) -> Result<Self> {
        let found = usecases::judged(&env.db, &version, Shape::Tree).await?;
        Ok(Self {
            content: usecases::read_content(&env.db, version.id).await?,
            problems: problems(found, language),
            version: version.into(),
        })
    }
}

/// What would keep a set from being published.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedJson {
    /// Everything; empty when nothing is wrong.
    pub problems: Vec<SetProblemJson>,
}

/// Something that is wrong with a criteria set.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetProblemJson {
    /// Stable code, never translated.
    code: &'static str,
    /// Path of the field, `content.nodes.2.children.0.max`.
    field: String,
    /// What is wrong and how to mend it, in the caller's language.
    message: String,
}

/// Problems in the caller's language.
pub fn problems(found: Vec<Problem>, language: Language) -> Vec<SetProblemJson> {
    let shown = found.into_iter().map(|problem| SetProblemJson {
        code: problem.code,
        message: problem.text.in_language(language).to_owned(),
        field: problem.field,
    });
    shown.collect()
}

/// What changed from one version to another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceJson {
    /// The version that is compared with the other.
    from: VersionJson,
    /// The other version.
    to: VersionJson,
    /// What changed, as `CriteriaSetDiff` of GraphQL tells it: `head`, `nodes`, `bands`, `declarations`, `gates`, `quotas`, `eligibility`,
    /// `tieBreaks`, each part as it was (`before`) and as it is (`after`).
    #[schema(value_type = Object)]
    difference: SetDifference,
}

impl From<Compared> for DifferenceJson {
    fn from(compared: Compared) -> Self {
        Self {
            from: compared.from.0.into(),
            to: compared.to.0.into(),
            difference: compared.difference,
        }
    }
}
