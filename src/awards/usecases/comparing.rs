//! Who goes first at equal merit, read for proposals, and comparing the proposals of one award with each other.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use thidua_entity::award_proposal;
use thidua_entity::enums::Recipient;
use uuid::Uuid;

use super::ballots::Wanted;
use crate::auth::Actor;
use crate::awards::comparing::{self, Candidate, Heads, Nominee, Placed, Preference};
use crate::awards::store;
use crate::env::Env;
use crate::error::Result;
use crate::policy::{self, Resource};
use crate::units::store as units;

/// A proposal among those with which it is compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The proposal as the caller sees it.
    pub proposal: award_proposal::Model,
    /// Where it stands, and why.
    pub placed: Placed,
    /// The published result that its points are of.
    pub result: Option<Uuid>,
}

/// The proposals of one kind of award and year that a unit decides, as far as the caller sees them and they are not refused, in the order
/// of their merit; by a number of statements that does not grow with them. `NOT_FOUND` for who does not see that unit.
pub async fn compare(env: &Env, actor: &Actor, of: (Uuid, i32, Uuid)) -> Result<Vec<Compared>> {
    let reach = policy::reach(actor);
    reach.shows(Resource::Awards)?;
    units::find(&env.db, &reach.by_place(), of.2, env.today()).await?;
    let found = store::to_compare(&env.db, &reach, env.today(), of).await?;
    let collectives: Vec<Uuid> = found
        .iter()
        .filter(|row| row.recipient == Recipient::Collective)
        .map(|row| row.unit_id)
        .collect();
    let taking_part = store::taking_part(&env.db, of.1, &collectives).await?;
    let merits = store::merits(&env.db, &taking_part).await?;
    let names = names(&env.db, &found, env.today()).await?;
    let mut preferences = preferred(&env.db, env.today(), &found, &names).await?;
    let merit = |row: &award_proposal::Model| {
        let own = merits.get(&row.unit_id);
        own.filter(|_| row.recipient == Recipient::Collective)
    };
    let candidates = found.iter().map(|row| Candidate {
        id: row.id,
        name: name(row, &names),
        points: merit(row).and_then(|merit| merit.points),
        preference: preferences.remove(&row.id),
    });
    let placed = comparing::in_order(candidates.collect());
    let mut by_id: HashMap<Uuid, award_proposal::Model> = found.into_iter().map(|row| (row.id, row)).collect();
    let rows = placed.into_iter().filter_map(|placed| {
        let proposal = by_id.remove(&placed.candidate.id)?;
        let result = merit(&proposal).filter(|merit| merit.points.is_some());
        Some(Compared {
            result: result.map(|merit| merit.result_id),
            proposal,
            placed,
        })
    });
    Ok(rows.collect())
}

/// Whether each of some proposals goes first at equal merit, by identity; of those whose terms prefer nobody nothing. The proposals were
/// found before.
pub async fn preferences(
    connection: &impl ConnectionTrait,
    env: &Env,
    proposals: &[Uuid],
) -> Result<HashMap<Uuid, Preference>> {
    let found = store::plain_proposals(connection, proposals).await?;
    let names = names(connection, &found, env.today()).await?;
    preferred(connection, env.today(), &found, &names).await
}

async fn preferred(
    connection: &impl ConnectionTrait,
    today: NaiveDate,
    proposals: &[award_proposal::Model],
    names: &HashMap<Uuid, String>,
) -> Result<HashMap<Uuid, Preference>> {
    let terms = Wanted::of(connection, proposals).await?;
    let asked = proposals.iter().filter_map(|row| {
        let women_first = terms.terms(row)?.women_first?;
        Some((row, women_first, comparing::counted_on(row.year, today)))
    });
    let asked: Vec<_> = asked.collect();
    let mut on: HashMap<NaiveDate, Vec<Uuid>> = HashMap::new();
    for (row, _, day) in &asked {
        if row.recipient == Recipient::Collective {
            on.entry(*day).or_default().push(row.unit_id);
        }
    }
    let mut heads = HashMap::new();
    for (day, units) in on {
        for (unit, count) in units::heads_on(connection, &units, day).await? {
            let count = Heads {
                members: count.members,
                women: count.women_members,
                as_of: count.as_of,
            };
            heads.insert((unit, day), count);
        }
    }
    let each = asked.into_iter().map(|(row, women_first, day)| {
        let name = name(row, names);
        let nominee = match row.recipient {
            Recipient::Individual => Nominee::Person {
                name,
                woman: row.is_woman,
            },
            Recipient::Collective => Nominee::Collective {
                name,
                heads: heads.get(&(row.unit_id, day)).copied(),
                day,
            },
        };
        (row.id, Preference::of(&women_first, &nominee))
    });
    Ok(each.collect())
}

async fn names(
    connection: &impl ConnectionTrait,
    proposals: &[award_proposal::Model],
    today: NaiveDate,
) -> Result<HashMap<Uuid, String>> {
    let mut ids: Vec<Uuid> = proposals.iter().map(|row| row.unit_id).collect();
    ids.sort_unstable();
    ids.dedup();
    units::plain_names(connection, &ids, today).await
}

/// Who is proposed: the person, or the unit.
fn name(proposal: &award_proposal::Model, names: &HashMap<Uuid, String>) -> String {
    let unit = || names.get(&proposal.unit_id).cloned();
    proposal.person.clone().or_else(unit).unwrap_or_default()
}
