//! Awards with all that is told of them, read by a few statements.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use thidua_entity::{award, award_change, award_decision, award_type, unit_name};
use uuid::Uuid;

use super::{changes_of, find_decisions, types};
use crate::awards::decision::naming_day;
use crate::db::Page;
use crate::error::{Error, Result};
use crate::policy::Reach;
use crate::units::store as units;

/// An award with what is told beside it where nothing can be asked for one by one.
#[derive(Clone, Debug)]
pub struct WholeAward {
    /// The award.
    pub award: award::Model,
    /// Its kind.
    pub kind: award_type::Model,
    /// Its decision.
    pub decision: award_decision::Model,
    /// Official name of the unit at the time of the decision.
    pub unit_name: String,
    /// Whether the caller sees the unit itself.
    pub unit_seen: bool,
    /// What became of it, the oldest first.
    pub changes: Vec<award_change::Model>,
}

/// A page of awards with their kinds, decisions and units, by a fixed number of statements however many they are.
pub async fn whole(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    page: Page<award::Model>,
    today: NaiveDate,
) -> Result<Page<WholeAward>> {
    let (awards, page) = page.taken_apart();
    Ok(page.with(whole_all(connection, reach, awards, today).await?))
}

/// The same of one award.
pub async fn whole_one(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    award: award::Model,
    today: NaiveDate,
) -> Result<WholeAward> {
    let awards = whole_all(connection, reach, vec![award], today).await?;
    awards.into_iter().next().ok_or(Error::NotFound)
}

/// The same of several.
pub async fn whole_all(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    awards: Vec<award::Model>,
    today: NaiveDate,
) -> Result<Vec<WholeAward>> {
    let ids = |of: fn(&award::Model) -> Uuid| -> Vec<Uuid> {
        awards.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let unit_ids = ids(|award| award.unit_id);
    let types = types(connection, &ids(|award| award.award_type_id)).await?;
    let decisions = find_decisions(connection, reach, &ids(|award| award.decision_id), today).await?;
    let decisions: HashMap<Uuid, award_decision::Model> =
        decisions.into_iter().map(|decision| (decision.id, decision)).collect();
    let units_seen = units::find_many(connection, &reach.by_place(), &unit_ids, today).await?;
    let mut names: HashMap<Uuid, Vec<unit_name::Model>> = HashMap::new();
    for name in units::names(connection, &unit_ids).await? {
        names.entry(name.unit_id).or_default().push(name);
    }
    let mut changes: HashMap<Uuid, Vec<award_change::Model>> = HashMap::new();
    for change in changes_of(connection, &ids(|award| award.id)).await? {
        changes.entry(change.award_id).or_default().push(change);
    }
    let mut whole = |award: award::Model| {
        let kind = types.get(&award.award_type_id).cloned().ok_or(Error::NotFound)?;
        // Whoever sees an award sees its decision.
        let decision = decisions.get(&award.decision_id).cloned().ok_or(Error::NotFound)?;
        let day = naming_day(decision.year, decision.decided_on);
        let unit_name = names.get(&award.unit_id).and_then(|names| units::name_on(names, day));
        Ok(WholeAward {
            unit_name: unit_name.unwrap_or_default().to_owned(),
            changes: changes.remove(&award.id).unwrap_or_default(),
            unit_seen: units_seen.iter().any(|unit| unit.id == award.unit_id),
            award,
            kind,
            decision,
        })
    };
    awards.into_iter().map(&mut whole).collect()
}
