//! What is read of results and worked out again: snapshots, staleness, what would be, grade counts.

use sea_orm::ConnectionTrait;
use serde::Serialize;
use thidua_entity::enums::StandingKind;
use thidua_entity::result;
use uuid::Uuid;

use super::{Basis, basis, unsound};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::policy::{self, Action};
use crate::reckoning::snapshot::{self, Snapshot};
use crate::reckoning::{self, Alteration, CheckedSet, ClusterFacts, ENGINE, WhatIf};
use crate::results::changes::{self, Change};
use crate::results::store::{self, Counted, CountsFilter, View};
use crate::{clusters, units, years};

/// Reads the snapshot of a result that was found, and sees that nobody changed it.
pub async fn open(connection: &impl ConnectionTrait, result: &result::Model) -> Result<Snapshot> {
    let bytes = store::snapshot(connection, result.id).await?;
    opened(bytes).await
}

/// The same of its bytes.
pub async fn opened(bytes: Vec<u8>) -> Result<Snapshot> {
    let opening = tokio::task::spawn_blocking(move || snapshot::open(&bytes));
    opening.await.map_err(Error::internal)?.map_err(unsound)
}

/// Whether a result is still what would come out now.
#[derive(Clone, Debug, Default)]
pub struct Staleness {
    /// What has changed since; empty when nothing has.
    pub changes: Vec<Change>,
    /// Whether another way of reckoning is in use by now.
    pub other_engine: bool,
}

impl Staleness {
    /// Whether something has changed.
    pub fn is_stale(&self) -> bool {
        self.other_engine || !self.changes.is_empty()
    }

    /// The sentence for who would publish it.
    pub fn text(&self) -> Text {
        let told: Vec<Text> = self.changes.iter().map(Change::text).collect();
        let join = |of: fn(&Text) -> &str| told.iter().map(of).collect::<Vec<_>>().join(" ");
        Text::new(
            format!("Kết quả đã cũ, cần tính lại. {}", join(|text| &text.vi))
                .trim()
                .to_owned(),
            format!(
                "The result is stale and must be computed again. {}",
                join(|text| &text.en)
            )
            .trim()
            .to_owned(),
        )
    }
}

/// What has changed since a result that was found was computed.
pub async fn staleness(env: &Env, result: &result::Model) -> Result<Staleness> {
    let years = years::store::plain(&env.db, &[result.year_id]).await?;
    let year = years.get(&result.year_id).ok_or(Error::NotFound)?;
    let Basis { set, gathered } = basis(&env.db, env, year).await?;
    since(&env.db, result, &set, &gathered.facts).await
}

/// The same, with what the year would be reckoned with now. What another engine made is not looked into.
pub(super) async fn since(
    connection: &impl ConnectionTrait,
    result: &result::Model,
    set: &CheckedSet,
    facts: &ClusterFacts,
) -> Result<Staleness> {
    if i64::from(result.engine) != i64::from(ENGINE) {
        return Ok(Staleness {
            other_engine: true,
            ..Staleness::default()
        });
    }
    let rules = snapshot::hash_of_rules(set.set()).map_err(unsound)?;
    let hash = snapshot::hash_of_facts(facts).map_err(unsound)?;
    if result.rules_hash == rules && result.facts_hash == hash {
        return Ok(Staleness::default());
    }
    let then = open(connection, result).await?.facts;
    Ok(Staleness {
        changes: changes::between(result.rules_hash != rules, &then, facts),
        other_engine: false,
    })
}

/// What came of working a result out again.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recomputed {
    /// SHA-256 of the bytes that its rules and facts give now.
    pub hash: String,
    /// Whether these are the bytes of its snapshot.
    pub equal: bool,
}

/// Works a result that was found out again from its snapshot.
pub async fn recompute(env: &Env, result: &result::Model) -> Result<Recomputed> {
    let bytes = store::snapshot(&env.db, result.id).await?;
    let stored = result.hash.clone();
    let again = tokio::task::spawn_blocking(move || {
        let again = snapshot::recompute(&bytes)?;
        let hash = snapshot::hash_of(&again);
        let equal = again == bytes && hash == stored;
        Ok(Recomputed { hash, equal })
    });
    again.await.map_err(Error::internal)?.map_err(unsound)
}

/// Tries changes on a copy: of the rules of a result that was found, over its facts. Nothing is stored.
pub async fn what_if(snapshot: Snapshot, alterations: Vec<Alteration>) -> Result<WhatIf> {
    let trying = tokio::task::spawn_blocking(move || {
        let set = CheckedSet::check(snapshot.rules, &snapshot.indicators)?;
        reckoning::what_if(&set, &snapshot.facts, &alterations)
    });
    trying.await.map_err(Error::internal)?.map_err(|problems| {
        let problem = |one: &reckoning::SetProblem| {
            let text = one.text();
            Problem::new("CRITERIA_UNSOUND", one.path.clone(), text.vi, text.en)
        };
        Error::Invalid(problems.iter().map(problem).collect())
    })
}

/// What a year would come to now, for who may compute it and as soon as it can be computed: as a snapshot, which is not stored.
pub async fn as_of_now(env: &Env, actor: &Actor, year: Uuid) -> Result<Snapshot> {
    let year = years::store::find(&env.db, &View::of(actor, env.today()).years(), year).await?;
    let place = years::usecases::place(&env.db, env, &year).await?;
    policy::check(actor, Action::ResultCompute, &place)?;
    let Basis { set, gathered } = basis(&env.db, env, &year).await?;
    // Before every sheet is appraised there are drafts and hidden points in the facts, which a trial would tell.
    super::all_at_least(&set, &gathered, super::SheetsNot::Appraised)?;
    Ok(super::seal(set, &gathered).await?.1)
}

/// How many units have each grade.
#[derive(Clone, Debug)]
pub struct GradeCounts {
    /// As counted.
    pub counted: Counted,
    /// Where the counts do not add up to the units that took part, in sentences.
    pub warnings: Vec<Text>,
}

/// Counts grades over the results published last. What is named must be seen.
pub async fn grade_counts(env: &Env, actor: &Actor, filter: &CountsFilter) -> Result<GradeCounts> {
    let (reach, today) = (policy::reach(actor).by_place(), env.today());
    if let Some(cluster) = filter.cluster {
        clusters::store::find(&env.db, &reach, cluster, today).await?;
    }
    if let Some(unit) = filter.unit {
        units::store::find(&env.db, &reach, unit, today).await?;
    }
    if let Some(province) = filter.province {
        units::store::province(&env.db, province).await?;
    }
    let counted = store::counted(&env.db, &View::of(actor, today), filter).await?;
    let rows: i64 = counted.counts.iter().map(|one| one.units).sum();
    let mut warnings = Vec::new();
    if rows != counted.units {
        let names = counted.twice.join("; ");
        warnings.push(Text::new(
            format!("Có đơn vị nằm trong kết quả của nhiều cụm nên được đếm nhiều lần: {names}."),
            format!("Units stand in the results of several clusters and are counted more than once: {names}."),
        ));
    }
    let missing = counted.missing;
    if missing > 0 {
        warnings.push(Text::new(
            format!("Có {missing} đơn vị tham gia năm thi đua mà không có trong kết quả."),
            format!("{missing} units take part and are in no result."),
        ));
    }
    Ok(GradeCounts { counted, warnings })
}

impl GradeCounts {
    /// How many units stand so, whatever their grade.
    pub fn standing(&self, standing: StandingKind) -> i64 {
        let these = self.counted.counts.iter().filter(|one| one.standing == standing);
        these.map(|one| one.units).sum()
    }
}
