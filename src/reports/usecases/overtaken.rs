//! Figures that what was approved below has overtaken: a report that was begun from the sum of the units below does not follow it by
//! itself, so it says where it no longer agrees.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use thidua_entity::Fixed4;
use thidua_entity::enums::FigurePart;
use uuid::Uuid;

use crate::error::Result;
use crate::policy::Reach;
use crate::reports::store::{self, ApprovedSince};

/// A figure that no longer agrees with the sum of the units below.
#[derive(Clone, Debug)]
pub struct Overtaken {
    /// The indicator.
    pub indicator: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The figure of the report, an exact one.
    pub value: Fixed4,
    /// Its text as typed.
    pub text: String,
    /// What the approved reports of the units below add up to now.
    pub sum: Fixed4,
    /// The form of these reports.
    pub form: Uuid,
    /// How many they are.
    pub reports: i64,
    /// Of how many units a report or a correction was approved since the figure was written.
    pub units: i64,
    /// When the first of them was.
    pub since: DateTime<Utc>,
}

/// Figures of some reports that are overtaken, by report: exact ones for which, since they were last written, a report of a unit below that
/// has the figure was approved, or a correction of one that had it, and which are now not the sum of the units below, on whichever form
/// these report. Two statements, however many reports. Nothing of reports that were replaced, nor of those whose units the caller does not
/// see: the sum of the units below is not for neighbours in a cluster.
pub async fn overtaken(
    connection: &impl ConnectionTrait,
    seen: (&Reach, NaiveDate),
    reports: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Overtaken>>> {
    let approved = store::approved_since(connection, seen, reports).await?;
    let mut overtaken: HashMap<Uuid, Vec<Overtaken>> = HashMap::new();
    if approved.is_empty() {
        return Ok(overtaken);
    }
    let place = |one: &ApprovedSince| (one.report, one.indicator, one.part);
    let mut reports: Vec<Uuid> = approved.iter().map(|one| one.report).collect();
    reports.sort_unstable();
    reports.dedup();
    let mut sums: HashMap<_, Vec<(Uuid, Fixed4, i64)>> = HashMap::new();
    for below in store::sums_below(connection, &reports).await? {
        // A sum of more digits than a figure may have rests on a slip below; no figure is held against it.
        if let Ok(sum) = below.sum.total() {
            let of = sums.entry((below.report, below.indicator, below.part)).or_default();
            of.push((below.form, sum, below.reports));
        }
    }
    for one in approved {
        let sums = sums.get(&place(&one)).map_or(&[][..], Vec::as_slice);
        let present = sums.iter().find(|(form, ..)| *form == one.form);
        // Whoever reports on two forms below gives two sums; a figure that is one of them is right.
        let (Some(&(form, sum, reports)), false) = (present, sums.iter().any(|(_, sum, _)| *sum == one.value)) else {
            continue;
        };
        overtaken.entry(one.report).or_default().push(Overtaken {
            indicator: one.indicator,
            part: one.part,
            value: one.value,
            text: one.text,
            sum,
            form,
            reports,
            units: one.units,
            since: one.since,
        });
    }
    Ok(overtaken)
}

/// Those of a report in the order of the indicators of its form, of each the total first.
pub fn in_order(mut overtaken: Vec<Overtaken>, order: &[Uuid]) -> Vec<Overtaken> {
    let rank = |indicator: Uuid| order.iter().position(|one| *one == indicator);
    overtaken.sort_by_key(|one| (rank(one.indicator), one.part, one.form));
    overtaken
}
