//! Results of the demonstration. They are not planned but computed by the service itself, out of the sheets that are there, so that each of
//! them explains itself and comes out again.

use chrono::Days;
use sea_orm::ConnectionTrait;
use thidua_entity::emulation_year;
use thidua_entity::enums::YearPhase;
use uuid::Uuid;

use super::plan::{Plan, at};
use super::years::{PlannedYear, begins};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::Result;
use crate::results::{store, usecases};

/// A year whose result is computed.
pub struct PlannedResult {
    year: emulation_year::Model,
    organiser: Uuid,
    council: Uuid,
}

/// Plans the result of a year that has come to the vote.
pub fn plan(plan: &mut Plan, year: &PlannedYear) {
    if year.row.phase >= YearPhase::Voting {
        plan.results.push(PlannedResult {
            year: year.row.clone(),
            organiser: year.organiser,
            council: year.council,
        });
    }
}

/// Computes the results, each after the last entries of its sheets, and publishes those of published years.
pub async fn compute(tx: &impl ConnectionTrait, env: &Env, planned: &[PlannedResult]) -> Result<()> {
    for one in planned {
        let by = |account| Actor::new(account, String::new(), Uuid::nil(), Vec::new());
        let written = begins(one.year.year, one.year.phase.min(YearPhase::Deciding)) + Days::new(4);
        let then = env.showing(at(written, 10 * 60).min(env.now()));
        let result = usecases::keep(tx, &then, &by(one.organiser), &one.year, None).await?;
        if one.year.phase == YearPhase::Published {
            let on = at(begins(one.year.year, YearPhase::Published), 10 * 60);
            store::publish(tx, &result, &by(one.council), on).await?;
        }
    }
    Ok(())
}
