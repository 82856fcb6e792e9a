//! Gathering what is known of the units of a year, for whoever reckons with it.

use sea_orm::ConnectionTrait;
use thidua_entity::emulation_year;
use thidua_entity::enums::YearCalendar;

use crate::error::Result;
use crate::reckoning::CheckedSet;
use crate::scoring::facts::{self, Gathered, span};
use crate::scoring::store::{self, Wanted};

/// Gathers what is known of the units of a year; a fixed number of statements, however many units. The year was found before.
pub async fn gather(
    connection: &impl ConnectionTrait,
    year: &emulation_year::Model,
    set: &CheckedSet,
) -> Result<Gathered> {
    let spans: Vec<_> = [YearCalendar::Year, YearCalendar::SchoolYear]
        .into_iter()
        .filter_map(|calendar| span(year, calendar))
        .collect();
    let wanted = Wanted {
        year: year.id,
        spans: &spans,
        indicators: set.indicators().keys().map(String::as_str).collect(),
    };
    let stored = store::stored_facts(connection, &wanted).await?;
    facts::assemble(year, set, stored)
}
