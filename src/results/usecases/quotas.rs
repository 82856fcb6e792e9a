//! Holding a quota over the units of several clusters. The ruling is kept; each cluster's result is stale then, and has the moves in it
//! when it is computed again.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::ResultState;
use thidua_entity::{Fixed4, emulation_year, quota_ruling, result};
use uuid::Uuid;

use super::{Basis, basis};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::ids::Kind;
use crate::input;
use crate::policy::{self, Action};
use crate::reckoning::{
    Enforcement, Graded, NAMED_MAX, PARTS_MAX, Quota, QuotaOutcome, QuotaScope, Rounding, Standing, Title, hold_quota,
    reckon, snapshot,
};
use crate::results::ruled::{Looked, Ruled};
use crate::results::store;
use crate::{clusters, units};

/// Most clusters over which a quota is held.
const CLUSTERS_MAX: u64 = 500;

/// A quota to be held.
#[derive(Clone, Debug)]
pub struct NewRuling {
    /// The unit that organises the clusters, or stands above their organisers.
    pub unit: Uuid,
    /// The year.
    pub year: i32,
    /// What it is called.
    pub title: String,
    /// The grade that is limited.
    pub grade: String,
    /// Units of which grades are counted.
    pub base: Vec<String>,
    /// So many per cent of them.
    pub percent: Fixed4,
    /// How the number is made whole.
    pub rounding: Rounding,
    /// The text it rests on.
    pub basis: Option<String>,
}

/// What came of holding a quota.
#[derive(Clone, Debug)]
pub struct Held {
    /// The ruling; nothing when it was only tried.
    pub ruling: Option<quota_ruling::Model>,
    /// What came of it.
    pub outcome: QuotaOutcome,
    /// The names of the units that are over it, in its order.
    pub names: Vec<String>,
}

/// What a quota would do, for who may rule it. Nothing is stored.
pub async fn hold(env: &Env, actor: &Actor, new: NewRuling) -> Result<Held> {
    let place = units::store::find_place(&env.db, &policy::reach(actor).by_place(), new.unit, env.today()).await?;
    policy::check(actor, Action::QuotaRule, &place)?;
    let (ruled, names) = held(&env.db, env, &new).await?;
    Ok(Held {
        ruling: None,
        outcome: ruled.outcome,
        names,
    })
}

/// Holds a quota and keeps whom it moves. One that was ruled before by the same unit for the same year and grade holds no more.
pub async fn rule(env: &Env, actor: &Actor, new: NewRuling) -> Result<Held> {
    let tx = db::begin_write(&env.db).await?;
    let place = units::store::find_place(&tx, &policy::reach(actor).by_place(), new.unit, env.today()).await?;
    let actor = &policy::authorize(actor, Action::QuotaRule, &place)?;
    units::store::lock(&tx, new.unit).await?;
    let (ruled, names) = held(&tx, env, &new).await?;
    let made = store::count_rulings(&tx, new.unit, new.year).await?;
    let row = quota_ruling::ActiveModel {
        id: Set(env.new_id()),
        unit_id: Set(new.unit),
        year: Set(new.year),
        number: Set(i32::try_from(made + 1).map_err(Error::internal)?),
        grade: Set(new.grade),
        content: Set(serde_json::to_string(&ruled).map_err(Error::internal)?),
        ruled_by: Set(actor.recorded_as()),
        ruled_for: Set(actor.acting_for()),
        ruled_at: Set(env.now()),
    };
    let row = row.insert(&tx).await?;
    let detail = json!({
        "unitId": row.unit_id, "year": row.year, "grade": row.grade,
        "base": ruled.outcome.base, "allowed": ruled.outcome.allowed, "moved": ruled.outcome.over.len(),
    });
    let event = Event("QUOTA_RULED");
    audit::record(&tx, env, actor, event, (Kind::QuotaRuling, row.id), detail).await?;
    tx.commit().await?;
    Ok(Held {
        ruling: Some(row),
        outcome: ruled.outcome,
        names,
    })
}

/// Holds a quota over all clusters of a year whose organisers stand at or below a unit. Each must have a computed result that is not
/// stale; who was moved by a ruling that this one replaces is counted as it stood before.
async fn held(connection: &impl ConnectionTrait, env: &Env, new: &NewRuling) -> Result<(Ruled, Vec<String>)> {
    let quota = read(new)?;
    let years = store::years_below(connection, new.unit, new.year, env.today(), CLUSTERS_MAX).await?;
    if years.is_empty() {
        return Err(Error::invalid(
            "NO_YEARS",
            "year",
            "Không có năm thi đua nào của các cụm thuộc đơn vị này.",
            "No cluster of this unit has an emulation year called so.",
        ));
    }
    input::list_size(
        "year",
        years.len(),
        usize::try_from(CLUSTERS_MAX).map_err(Error::internal)?,
    )?;
    let ids: Vec<Uuid> = years.iter().map(|year| year.id).collect();
    let newest = store::newest(connection, &ids).await?;
    let replaced: BTreeSet<String> = store::rulings(connection, &[new.unit], new.year)
        .await?
        .iter()
        .filter(|one| one.grade == new.grade)
        .map(|one| Kind::QuotaRuling.id(one.id))
        .collect();
    let (mut graded, mut looked, mut behind) = (Vec::new(), Vec::new(), Vec::new());
    let (mut names, mut scales, mut grades) = (HashMap::new(), BTreeSet::new(), BTreeSet::new());
    for year in &years {
        let of_year = newest.iter().find(|one| one.year_id == year.id);
        let Some(result) = of_year.filter(|one| one.state == ResultState::Computed) else {
            behind.push(year.cluster_id);
            continue;
        };
        let Some(basis) = fresh(connection, env, year, result).await? else {
            behind.push(year.cluster_id);
            continue;
        };
        let Basis { set, mut gathered } = basis;
        gathered.facts.rulings.retain(|one| !replaced.contains(&one.code));
        scales.insert(set.set().scale);
        grades.extend(set.set().bands.iter().rev().skip(1).map(|band| band.grade.clone()));
        let facts = gathered.facts;
        let outcome = tokio::task::spawn_blocking(move || reckon(&set, &facts))
            .await
            .map_err(Error::internal)?;
        for (id, unit) in outcome.units {
            if let (Standing::Rated { grade, .. }, Some(points)) = (unit.standing, unit.total.points) {
                names.insert(id.clone(), unit.name);
                graded.push(Graded {
                    unit: id,
                    grade,
                    points,
                });
            }
        }
        looked.push(Looked {
            result: result.id,
            hash: result.hash.clone(),
        });
    }
    if !behind.is_empty() {
        return Err(results_missing(connection, &behind).await?);
    }
    if scales.len() > 1 {
        return Err(Error::invalid(
            "SCALES_DIFFER",
            "year",
            "Các cụm chấm theo thang điểm khác nhau nên không so điểm của các đơn vị với nhau được.",
            "The clusters are scored on different scales, so points of their units cannot be compared.",
        ));
    }
    if !grades.contains(&quota.grade) {
        return Err(Error::invalid(
            "GRADE_UNKNOWN",
            "grade",
            "Không bảng điểm nào có mức này, hoặc không có mức nào thấp hơn.",
            "No criteria set has this grade with another below it.",
        ));
    }
    let outcome = hold_quota(&quota, &graded);
    let over = outcome
        .over
        .iter()
        .map(|one| names.get(&one.unit).cloned().unwrap_or_default());
    let names = over.collect();
    let ruled = Ruled {
        title: Title {
            vi: input::line("title", &new.title)?,
            en: None,
        },
        base: quota.base,
        percent: quota.percent,
        rounding: quota.rounding,
        basis: quota.basis,
        outcome,
        results: looked,
    };
    Ok((ruled, names))
}

/// What a year is reckoned with now, if its result is not stale.
async fn fresh(
    connection: &impl ConnectionTrait,
    env: &Env,
    year: &emulation_year::Model,
    result: &result::Model,
) -> Result<Option<Basis>> {
    let basis = basis(connection, env, year).await?;
    let facts = snapshot::hash_of_facts(&basis.gathered.facts).map_err(super::unsound)?;
    let rules = snapshot::hash_of_rules(basis.set.set()).map_err(super::unsound)?;
    let is_fresh = facts == result.facts_hash && rules == result.rules_hash;
    Ok(is_fresh.then_some(basis))
}

async fn results_missing(connection: &impl ConnectionTrait, behind: &[Uuid]) -> Result<Error> {
    let names = clusters::store::plain_names(connection, behind).await?;
    let mut named: Vec<&str> = names.values().map(String::as_str).collect();
    named.sort_unstable();
    let (count, some) = (
        behind.len(),
        named.into_iter().take(NAMED_MAX).collect::<Vec<_>>().join("; "),
    );
    Ok(Error::invalid(
        "RESULTS_MISSING",
        "year",
        format!("Còn {count} cụm chưa có kết quả tính, kết quả đã cũ hoặc đã công bố: {some}."),
        format!("{count} clusters have no computed result, a stale one, or a published one: {some}."),
    ))
}

fn read(new: &NewRuling) -> Result<Quota> {
    let hundred = Fixed4::from_integer(100).unwrap_or(Fixed4::MAX);
    let mut problems = Vec::new();
    if new.percent < Fixed4::ZERO || new.percent > hundred {
        problems.push(Problem::new(
            "PERCENT_OUT_OF_BOUNDS",
            "percent",
            "Tỷ lệ phải từ 0 đến 100.",
            "The percentage is from 0 to 100.",
        ));
    }
    if new.base.is_empty() || new.base.len() > PARTS_MAX {
        problems.push(Problem::new(
            "BASE_UNCLEAR",
            "base",
            "Cần ghi tỷ lệ tính trên những mức nào (1 đến 50 mức).",
            "Say of which grades the percentage is counted, 1 to 50.",
        ));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let base = new
        .base
        .iter()
        .map(|code| input::code("base", code))
        .collect::<Result<_>>()?;
    Ok(Quota {
        code: "ruling".to_owned(),
        scope: QuotaScope::UpperUnion,
        grade: input::code("grade", &new.grade)?,
        base,
        percent: new.percent,
        rounding: new.rounding,
        enforcement: Enforcement::Block,
        basis: input::paragraph_or_none("basis", new.basis.as_deref())?,
    })
}
