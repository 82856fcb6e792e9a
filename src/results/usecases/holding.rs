//! What a quota over the units of several clusters comes to: their results gathered anew, reckoned with, and looked at together.

use std::collections::{BTreeSet, HashMap};

use sea_orm::ConnectionTrait;
use thidua_entity::enums::ResultState;
use thidua_entity::{Fixed4, emulation_year, result};
use uuid::Uuid;

use super::{Basis, NewRuling, basis};
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::ids::Kind;
use crate::reckoning::{
    Enforcement, Graded, NAMED_MAX, PARTS_MAX, Quota, QuotaScope, Standing, Title, hold_quota, reckon, snapshot,
};
use crate::results::ruled::{Looked, Ruled};
use crate::results::store;
use crate::{clusters, input, text};

/// Most clusters over which a quota is held.
pub(super) const CLUSTERS_MAX: u64 = 500;

/// Holds a quota over all clusters of a year whose organisers stand at or below a unit. Each must have a computed result that is not
/// stale; who was moved by a ruling that this one replaces is counted as it stood before.
pub(super) async fn held(
    connection: &impl ConnectionTrait,
    env: &Env,
    new: &NewRuling,
) -> Result<(Ruled, Vec<String>)> {
    let (quota, title) = read(new)?;
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
        title: Title { vi: title, en: None },
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
    named.sort_by_cached_key(|name| text::sort_key(name));
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

/// The quota and what it is called.
fn read(new: &NewRuling) -> Result<(Quota, String)> {
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
    Problem::none(problems)?;
    let base = new
        .base
        .iter()
        .map(|code| input::code("base", code))
        .collect::<Result<_>>()?;
    let quota = Quota {
        code: "ruling".to_owned(),
        scope: QuotaScope::UpperUnion,
        grade: input::code("grade", &new.grade)?,
        base,
        percent: new.percent,
        rounding: new.rounding,
        enforcement: Enforcement::Block,
        basis: input::paragraph_or_none("basis", new.basis.as_deref())?,
    };
    Ok((quota, input::line("title", &new.title)?))
}
