//! What a report could begin with: figures that are known from elsewhere, each with its origin. Nothing is written: the officer looks at a
//! figure and saves it, or does not.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use thidua_entity::Fixed4;
use thidua_entity::enums::{FigurePart, HeadCount, Nature, ReportStatus};
use thidua_entity::{report_form_item, report_value};
use uuid::Uuid;

use crate::error::Result;
use crate::forms::content;
use crate::numbers;
use crate::policy::{Reach, Resource};
use crate::reports::store;

/// Where a suggestion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The unit's approved report on the same form for the last period.
    LastPeriod(Uuid),
    /// A report that the unit has handed in on another form for the same period.
    OtherForm(Uuid),
    /// The approved reports of the units below.
    UnitsBelow {
        /// Their form.
        form: Uuid,
        /// How many they are.
        reports: i64,
    },
    /// What is recorded of the unit, as of a day.
    UnitStatistics(NaiveDate),
}

/// A figure that a report could begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// The indicator.
    pub indicator: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The text to be saved.
    pub text: String,
    /// Actual, or an estimate, as it is where it comes from; a sum with an estimate in it is one.
    pub nature: Nature,
    /// Where it comes from.
    pub origin: Origin,
}

/// Whether suggestions are made for a report: while it is with its unit.
pub const fn are_made(status: ReportStatus) -> bool {
    matches!(status, ReportStatus::Draft | ReportStatus::Returned)
}

/// What some reports could begin with, by report, whatever they have. Give it only reports that are seen and for which suggestions
/// [`are_made`].
pub async fn suggest(
    connection: &impl ConnectionTrait,
    seen: (&Reach, NaiveDate),
    reports: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Suggested>>> {
    let mut suggested: HashMap<Uuid, Vec<Suggested>> = HashMap::new();
    for below in store::sums_below(connection, reports).await? {
        // A sum of more digits than a figure may have rests on a slip; nobody is to begin with it.
        let Ok(sum) = below.sum.total() else {
            continue;
        };
        suggested.entry(below.report).or_default().push(Suggested {
            indicator: below.indicator,
            part: below.part,
            text: numbers::write(sum),
            nature: if below.estimates > 0 {
                Nature::Estimate
            } else {
                Nature::Actual
            },
            origin: Origin::UnitsBelow {
                form: below.form,
                reports: below.reports,
            },
        });
    }
    // What is recorded of units is theirs: another system that was given only reports is not told it this way.
    if seen.0.shows(Resource::Units).is_ok() {
        for heads in store::counted_heads(connection, reports).await? {
            let suggested = suggested.entry(heads.report).or_default();
            suggested.extend(recorded(&heads));
        }
    }
    let known = |figure: store::KnownFigure, origin: fn(Uuid) -> Origin| {
        let suggestion = Suggested {
            indicator: figure.indicator,
            part: figure.part,
            text: figure.text,
            nature: figure.nature,
            origin: origin(figure.source),
        };
        (figure.report, suggestion)
    };
    let beside = store::on_other_forms(connection, seen, reports).await?;
    let beside = beside.into_iter().map(|figure| known(figure, Origin::OtherForm));
    let before = store::last_stocks(connection, seen, reports).await?;
    let before = before.into_iter().map(|figure| known(figure, Origin::LastPeriod));
    for (report, suggestion) in beside.chain(before) {
        suggested.entry(report).or_default().push(suggestion);
    }
    Ok(suggested)
}

/// What a head count of the unit suggests: the figure, and of members also the women among them.
fn recorded(heads: &store::CountedHeads) -> Vec<Suggested> {
    let count = &heads.count;
    let figures = match heads.counts {
        HeadCount::Workers => vec![(FigurePart::Total, count.workers)],
        HeadCount::Members => vec![
            (FigurePart::Total, count.members),
            (FigurePart::Women, count.women_members),
        ],
        HeadCount::WomenMembers => vec![(FigurePart::Total, count.women_members)],
    };
    let suggestion = |(part, people): (FigurePart, Option<i64>)| {
        Some(Suggested {
            indicator: heads.indicator,
            part,
            text: numbers::write(Fixed4::from_integer(people?)?),
            nature: Nature::Actual,
            origin: Origin::UnitStatistics(count.as_of),
        })
    };
    figures.into_iter().filter_map(suggestion).collect()
}

/// Those for figures that a form asks for and a report does not have, in the order of the form.
pub fn fitting(
    suggested: &[Suggested],
    items: &[report_form_item::Model],
    values: &[report_value::Model],
) -> Vec<Suggested> {
    let asked = |one: &&Suggested, item: &report_form_item::Model| {
        let dimensions = content::dimensions(item.by_women, item.by_sector);
        one.indicator == item.indicator_id && one.part.dimension().is_none_or(|part| dimensions.contains(&part))
    };
    let has = |one: &&Suggested| {
        values
            .iter()
            .any(|value| (value.indicator_id, value.part) == (one.indicator, one.part))
    };
    let of_item = |item: &report_form_item::Model| {
        let mut fitting: Vec<Suggested> = suggested
            .iter()
            .filter(|one| asked(one, item) && !has(one))
            .cloned()
            .collect();
        fitting.sort_by_key(|one| one.part);
        fitting
    };
    items.iter().flat_map(of_item).collect()
}
