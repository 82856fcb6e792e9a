//! A snapshot of a reckoning: the rules, the facts and what came of them, as bytes that can be hashed, kept, and worked out again by
//! anybody who has the service.
//!
//! The bytes are JSON without blanks, with the fields in a fixed order and maps ordered by their keys, so equal snapshots are equal
//! bytes. Points, grades and places never hang on anything else than what stands in it.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thidua_entity::enums::NumberForm;

use super::{CheckedSet, ClusterFacts, CriteriaSet, ENGINE, Outcome, SetProblem, reckon};
use crate::files::hex;

/// Everything that a published result rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// Which [`ENGINE`] made it.
    pub engine: u32,
    /// Hashes of its parts.
    pub hashes: Hashes,
    /// The criteria set.
    pub rules: CriteriaSet,
    /// Forms of the figures that the set reads, by the codes of their indicators.
    pub indicators: BTreeMap<String, NumberForm>,
    /// The facts.
    pub facts: ClusterFacts,
    /// What came of them.
    pub outcome: Outcome,
}

/// Hashes of the parts of a snapshot: SHA-256 of their bytes, in small hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hashes {
    /// Of the set; the same as when it was agreed.
    pub rules: String,
    /// Of the forms of the figures.
    pub indicators: String,
    /// Of the facts.
    pub facts: String,
    /// Of what came of them.
    pub outcome: String,
}

/// A snapshot as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, in small hexadecimal digits.
    pub hash: String,
}

/// Why bytes cannot be worked out again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotProblem {
    /// They are no snapshot.
    Unreadable {
        /// What the reader says.
        reason: String,
    },
    /// They were made by another engine, which may have reckoned otherwise.
    OtherEngine {
        /// By which.
        engine: u32,
    },
    /// A part is not what its hash says: somebody changed it.
    Altered {
        /// `rules`, `indicators`, `facts` or `outcome`.
        part: &'static str,
    },
    /// The set in it cannot be reckoned with.
    Rules(Vec<SetProblem>),
    /// Something could not be written as JSON.
    Unwritable,
}

/// Reckons, and seals what came of it together with all it rests on.
///
/// # Errors
/// Only [`SnapshotProblem::Unwritable`].
pub fn seal(set: &CheckedSet, facts: &ClusterFacts) -> Result<Sealed, SnapshotProblem> {
    let outcome = reckon(set, facts);
    let hashes = Hashes {
        rules: hash(&bytes(set.set())?),
        indicators: hash(&bytes(set.indicators())?),
        facts: hash(&bytes(facts)?),
        outcome: hash(&bytes(&outcome)?),
    };
    let bytes = bytes(&Snapshot {
        engine: ENGINE,
        hashes,
        rules: set.set().clone(),
        indicators: set.indicators().clone(),
        facts: facts.clone(),
        outcome,
    })?;
    Ok(Sealed {
        hash: hash(&bytes),
        bytes,
    })
}

/// Reads a snapshot and sees that no part was changed: the hashes are those of the bytes as they stand, not of what a reader makes of
/// them.
///
/// # Errors
/// The bytes are no snapshot of this engine, or somebody changed them.
pub fn open(sealed: &[u8]) -> Result<Snapshot, SnapshotProblem> {
    let mut reading = Reading { rest: sealed };
    // What else there is to read hangs on who wrote it.
    let engine = read(reading.part("{\"engine\":")?)?;
    if engine != ENGINE {
        return Err(SnapshotProblem::OtherEngine { engine });
    }
    let hashes: Hashes = read(reading.part(",\"hashes\":")?)?;
    let mut part = |name: &'static str, said: &str| {
        let bytes = reading.part(&format!(",\"{name}\":"))?;
        let is_so = hash(bytes) == *said;
        is_so.then_some(bytes).ok_or(SnapshotProblem::Altered { part: name })
    };
    let snapshot = Snapshot {
        engine,
        rules: read(part("rules", &hashes.rules)?)?,
        indicators: read(part("indicators", &hashes.indicators)?)?,
        facts: read(part("facts", &hashes.facts)?)?,
        outcome: read(part("outcome", &hashes.outcome)?)?,
        hashes,
    };
    match reading.rest {
        b"}" => Ok(snapshot),
        _ => Err(unreadable("something stands after the last part")),
    }
}

/// The parts of a snapshot as bytes, one after the other.
struct Reading<'a> {
    rest: &'a [u8],
}

impl<'a> Reading<'a> {
    /// The next part, which must come after this text.
    fn part(&mut self, before: &str) -> Result<&'a [u8], SnapshotProblem> {
        let rest = self.rest.strip_prefix(before.as_bytes());
        let rest = rest.ok_or_else(|| unreadable(format!("`{before}` is not where it should be")))?;
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Ok(IgnoredAny)) => {}
            Some(Err(error)) => return Err(unreadable(error)),
            None => return Err(unreadable("it ends too early")),
        }
        let end = values.byte_offset();
        let (part, after) = rest
            .split_at_checked(end)
            .ok_or_else(|| unreadable("it ends too early"))?;
        self.rest = after;
        Ok(part)
    }
}

fn read<T: DeserializeOwned>(part: &[u8]) -> Result<T, SnapshotProblem> {
    serde_json::from_slice(part).map_err(unreadable)
}

fn unreadable(reason: impl ToString) -> SnapshotProblem {
    SnapshotProblem::Unreadable {
        reason: reason.to_string(),
    }
}

/// The bytes that the rules and facts of a snapshot give now: the same, unless it is not what the service made.
///
/// # Errors
/// As [`open`]; also when its set cannot be reckoned with.
pub fn recompute(sealed: &[u8]) -> Result<Vec<u8>, SnapshotProblem> {
    let snapshot = open(sealed)?;
    let set = CheckedSet::check(snapshot.rules, &snapshot.indicators).map_err(SnapshotProblem::Rules)?;
    Ok(seal(&set, &snapshot.facts)?.bytes)
}

/// The hash of a set, as snapshots have it: what was agreed is what was reckoned with.
///
/// # Errors
/// Only [`SnapshotProblem::Unwritable`].
pub fn hash_of_rules(set: &CriteriaSet) -> Result<String, SnapshotProblem> {
    Ok(hash(&bytes(set)?))
}

/// The hash of facts, as snapshots have it: a result is stale once they are others.
///
/// # Errors
/// Only [`SnapshotProblem::Unwritable`].
pub fn hash_of_facts(facts: &ClusterFacts) -> Result<String, SnapshotProblem> {
    Ok(hash(&bytes(facts)?))
}

/// The hash of a snapshot's bytes.
pub fn hash_of(sealed: &[u8]) -> String {
    hash(sealed)
}

fn bytes(part: &impl Serialize) -> Result<Vec<u8>, SnapshotProblem> {
    serde_json::to_vec(part).map_err(|_| SnapshotProblem::Unwritable)
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
