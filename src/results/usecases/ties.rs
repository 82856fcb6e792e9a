//! Settling a tie: an order for units that nothing else separates. It is a fact like others, so the result is computed again with it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::ResultState;
use thidua_entity::{result, tie_settlement};
use uuid::Uuid;

use super::{deciding, is_last};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::reckoning::{ClusterFacts, CriteriaSet, TieBreakBy};
use crate::results::store::{self, View};
use crate::results::ties;
use crate::version::Seen;
use crate::{db, input, years};

/// Most units that share a place and are put in order: a cluster has no more.
const UNITS_MAX: usize = crate::clusters::rules::MEMBERS_MAX;

/// An order for units that share a place.
pub struct NewSettlement {
    /// The computed result in which they share it.
    pub result: Uuid,
    /// The units, the one that stands before the others first.
    pub units: Vec<Uuid>,
    /// What it rests on: the minutes of a ballot, or who decided and why.
    pub reason: String,
    /// The ballot that put them in order, where it was held here.
    pub ballot: Option<Uuid>,
}

/// Puts units that share a place in order. The criteria must leave that to a ballot, the result be the last of its year and not published. It
/// is stale then, and has the order in it when it is computed again; an order given later to the same units takes the place of this one.
pub async fn settle_tie(env: &Env, actor: &Actor, new: NewSettlement, seen: &Seen) -> Result<result::Model> {
    let reason = input::explanation("reason", &new.reason)?;
    input::list_size("unitIds", new.units.len(), UNITS_MAX)?;
    let tx = db::begin_write(&env.db).await?;
    let view = View::of(actor, env.today());
    let found = store::find(&tx, &view, new.result).await?;
    let (ref actor, year) = deciding(&tx, env, actor, &found).await?;
    // Read again, now that nobody else writes results of the year.
    let found = store::find(&tx, &view, new.result).await?;
    if found.state != ResultState::Computed {
        return Err(Error::WrongState(Text::new(
            "Kết quả này đã công bố; muốn sửa thì đính chính.",
            "The result is published already; it can only be corrected.",
        )));
    }
    seen.check(found.version)?;
    is_last(&store::newest(&tx, &[year.id]).await?, &found)?;
    leaves_it_to_a_ballot(years::usecases::criteria(&tx, env, &year).await?.set())?;
    let given = store::settlements(&tx, year.id).await?;
    let number = i32::try_from(given.len() + 1).map_err(Error::internal)?;
    ties::demand_all_tied(&new.units, &tied(&tx, &found).await?, &ties::holding(given))?;
    let row = tie_settlement::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        result_id: Set(found.id),
        number: Set(number),
        reason: Set(reason),
        settled_by: Set(actor.recorded_as()),
        settled_for: Set(actor.acting_for()),
        settled_at: Set(env.now()),
    };
    let row = store::settle(&tx, row, &new.units).await?;
    let detail = json!({
        "yearId": year.id, "resultId": found.id, "unitIds": new.units, "reason": row.reason, "ballotId": new.ballot,
    });
    let event = Event("TIE_SETTLED");
    audit::record(&tx, env, actor, event, (Kind::EmulationResult, found.id), detail).await?;
    tx.commit().await?;
    Ok(found)
}

/// The units of a result that share places, by their place.
async fn tied(tx: &impl ConnectionTrait, result: &result::Model) -> Result<BTreeMap<i32, BTreeSet<Uuid>>> {
    let mut groups: BTreeMap<i32, BTreeSet<Uuid>> = BTreeMap::new();
    for row in store::tied(tx, &[result.id]).await? {
        if let Some(place) = row.place {
            groups.entry(place).or_default().insert(row.unit_id);
        }
    }
    Ok(groups)
}

fn leaves_it_to_a_ballot(set: &CriteriaSet) -> Result<()> {
    if set.tie_breaks.iter().any(|one| one.by == TieBreakBy::Ballot) {
        return Ok(());
    }
    Err(Error::invalid(
        "NO_BALLOT_IN_CRITERIA",
        "resultId",
        "Bảng điểm của năm thi đua không giao việc phân định đồng hạng cho bỏ phiếu; các đơn vị bằng nhau thì đồng hạng.",
        "The criteria of the year leave no tie to a ballot; units that are even share their place.",
    ))
}

/// Puts the orders that hold into the facts.
pub fn into_facts(given: Vec<ties::Settled>, facts: &mut ClusterFacts) {
    for settled in ties::holding(given) {
        for (place, unit) in (1..).zip(&settled.units) {
            let unit = Kind::Unit.id(*unit);
            facts.ballot.insert(unit.clone(), place);
            facts.ballot_basis.insert(unit, settled.reason.clone());
        }
    }
}
