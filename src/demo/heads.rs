//! Head counts of units, from what they reported: of those that report and of those below them.

use chrono::NaiveDate;
use thidua_entity::unit_statistics;

use super::draw::{self, Draw};
use super::facts::Source;
use super::figures::Figures;
use super::plan::{Plan, PlannedUnit, day};
use super::reports::whole;
use crate::error::Result;

/// Said of head counts of single units.
const MADE_UP: &str = "Số liệu minh họa, theo báo cáo năm.";

/// Head counts of one unit; `None` where nothing was reported.
#[derive(Clone, Copy)]
pub struct Heads {
    workers: Option<i64>,
    members: Option<i64>,
    women: Option<i64>,
}

impl Heads {
    /// Those that a unit reported.
    pub fn of(figures: &Figures, index: usize) -> Self {
        let figure = |code: &str| figures.get(code).and_then(|parts| parts.get(index)).copied();
        Self {
            workers: figure("workers_total"),
            members: figure("members_total"),
            women: figure("members_female"),
        }
    }

    /// Records counts that no source gives.
    pub fn record_made_up(self, plan: &mut Plan, unit: &PlannedUnit, as_of: NaiveDate) {
        self.record(plan, unit, as_of, MADE_UP.to_owned());
    }

    fn record(self, plan: &mut Plan, unit: &PlannedUnit, as_of: NaiveDate, source: String) {
        let row = unit_statistics::Model {
            id: plan.id(),
            unit_id: unit.id,
            as_of,
            workers: self.workers,
            members: self.members,
            women_members: self.women,
            source: Some(source),
            version: 1,
        };
        plan.rows.unit_statistics.push(row);
    }

    /// Splits the heads of a unit over those directly below it.
    pub fn record_below(self, plan: &mut Plan, unit: &PlannedUnit, as_of: NaiveDate) -> Result<()> {
        let below = plan.units(&unit.below)?;
        let Some(members) = self.members.filter(|_| !below.is_empty()) else {
            return Ok(());
        };
        let mut draw = Draw::named(&unit.code);
        let sizes: Vec<i64> = below.iter().map(|_| draw.between(40, 160)).collect();
        let members = draw::split(members, &sizes);
        let workers = self
            .workers
            .and_then(|total| draw::split_above(total, &sizes, &members));
        let women = self
            .women
            .and_then(|total| draw::split_within(total, &members, &members));
        for (index, unit) in below.iter().enumerate() {
            let part = |parts: &Option<Vec<i64>>| parts.as_ref().and_then(|parts| parts.get(index)).copied();
            let heads = Self {
                workers: part(&workers),
                members: members.get(index).copied(),
                women: part(&women),
            };
            heads.record_made_up(plan, unit, as_of);
        }
        Ok(())
    }
}

/// Head counts of the unit above, where the source prints them.
pub fn of_upper(plan: &mut Plan, upper: &str, source: &Source, year: i32) -> Result<()> {
    let figure = |code: &str| {
        source
            .figures
            .iter()
            .find(|figure| figure.indicator == code)
            .map(|figure| whole(figure.value))
    };
    let heads = Heads {
        workers: figure("workers_total"),
        members: figure("members_total"),
        women: figure("members_female"),
    };
    let unit = plan.unit(upper)?.clone();
    // A cluster's figures are not those of the unit above it.
    if heads.members.is_some() && source.scope.name == unit.name {
        heads.record(plan, &unit, day(year, 12, 31), format!("Nguồn: “{}”", source.title));
    }
    Ok(())
}
