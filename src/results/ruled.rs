//! A quota that was held over the units of several clusters, as it is kept, and what it is to one of them. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;
use thidua_entity::quota_ruling;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::reckoning::{ClusterFacts, CriteriaSet, QuotaOutcome, Rounding, Ruling, Title};

/// What is kept of a ruling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ruled {
    /// What it is called.
    pub title: Title,
    /// Units of which grades were counted.
    pub base: BTreeSet<String>,
    /// So many per cent of them.
    pub percent: Fixed4,
    /// How the number was made whole.
    pub rounding: Rounding,
    /// The text it rests on.
    pub basis: Option<String>,
    /// What came of it; units by their public ids.
    pub outcome: QuotaOutcome,
    /// Which results were looked at.
    pub results: Vec<Looked>,
}

/// A result that a ruling looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Looked {
    /// The result.
    pub result: Uuid,
    /// The hash of its snapshot.
    pub hash: String,
}

/// Reads what is kept of a ruling.
pub fn read(row: &quota_ruling::Model) -> Result<Ruled> {
    serde_json::from_str(&row.content).map_err(Error::internal)
}

/// Of rulings in the order in which they were made those that hold: of each unit and grade the last.
pub fn holding(rows: Vec<quota_ruling::Model>) -> Vec<quota_ruling::Model> {
    let mut last: Vec<quota_ruling::Model> = Vec::with_capacity(rows.len());
    for row in rows {
        last.retain(|one| (one.unit_id, &one.grade) != (row.unit_id, &row.grade));
        last.push(row);
    }
    last
}

/// What a ruling is to one cluster; nothing where the set does not have the grade, or nothing below it.
pub fn to_cluster(row: &quota_ruling::Model, set: &CriteriaSet, facts: &ClusterFacts) -> Result<Option<Ruling>> {
    let ruled = read(row)?;
    let mut bands = set.bands.iter().skip_while(|band| band.grade != row.grade);
    let (Some(_), Some(next)) = (bands.next(), bands.next()) else {
        return Ok(None);
    };
    let here = ruled
        .outcome
        .over
        .iter()
        .filter(|one| facts.units.contains_key(&one.unit));
    let even = here.clone().filter(|one| !one.even_with.is_empty());
    Ok(Some(Ruling {
        code: Kind::QuotaRuling.id(row.id),
        title: ruled.title,
        grade: row.grade.clone(),
        base: ruled.outcome.base,
        allowed: ruled.outcome.allowed,
        to: next.grade.clone(),
        basis: ruled.basis,
        even: even.map(|one| one.unit.clone()).collect(),
        units: here.map(|one| one.unit.clone()).collect(),
    }))
}
