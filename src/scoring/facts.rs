//! What is known of the units of an emulation year, put together for the reckoning from what the store read (`usecases::gather`). It does
//! not hang on the order of the rows.
//!
//! - **Name**: the official one on the last day of the period for which the unit is judged. **Size**: the newest head count until then.
//! - **Figures**: those of approved reports for a period with exactly the days of the unit's span. Where several have one, that of the
//!   report approved last counts.
//! - **Events**: those recorded of the unit; without any, that it was founded on the day its row says. What happened after the period
//!   is left out, so that it makes no result of that period stale.
//! - **Locked**: chair or deputy has appraised its sheet, or it has an approved figure for every indicator that the criteria read. Either
//!   way nothing of it changes any more by itself, and criteria that look at the whole cluster can be worked out. A unit that is not
//!   eligible (it was founded too late, or has ended) has no sheet to wait for: what it has reported so far counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{
    NumberForm, ScoreKind, ScoreLayer, ScoreSubject, SheetState, SizeMeasure, UnitEventKind, YearCalendar,
};
use thidua_entity::{Fixed4, emulation_participant, emulation_year, score_entry, score_sheet, unit};
use uuid::Uuid;

use super::store::{ReportedFigure, Stored};
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::numbers::Reading;
use crate::reckoning::{
    Calendar, CheckedSet, ClusterFacts, Entry, Figure, Given, Happened, Layer, LifeEvent, UnitFacts, is_eligible,
};
use crate::units;

/// What is known of the units of a year, and where it comes from.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// As the reckoning takes it; units by their public ids.
    pub facts: ClusterFacts,
    /// Reports behind the figures of each unit, by the codes of the indicators.
    pub reports: HashMap<Uuid, BTreeMap<String, Uuid>>,
    /// Score sheets by unit; one that has not begun its sheet has none.
    pub sheets: HashMap<Uuid, score_sheet::Model>,
    /// The rows of the units.
    pub units: HashMap<Uuid, unit::Model>,
}

/// First and last day of the span for which units on a calendar are judged; none when the year has no school year.
pub fn span(year: &emulation_year::Model, calendar: YearCalendar) -> Option<(NaiveDate, NaiveDate)> {
    match calendar {
        YearCalendar::Year => Some((year.starts_on, year.ends_on)),
        YearCalendar::SchoolYear => year.school_starts_on.zip(year.school_ends_on),
    }
}

/// A layer as the reckoning calls it.
pub const fn layer(stored: ScoreLayer) -> Layer {
    match stored {
        ScoreLayer::Own => Layer::Own,
        ScoreLayer::CrossCheck => Layer::CrossCheck,
        ScoreLayer::Cluster => Layer::Cluster,
        ScoreLayer::Province => Layer::Province,
        ScoreLayer::Council => Layer::Council,
    }
}

/// Whether chair or deputy has appraised a sheet in this state.
pub const fn is_appraised(state: SheetState) -> bool {
    match state {
        SheetState::Draft | SheetState::SelfSubmitted | SheetState::CrossChecked => false,
        SheetState::ClusterAppraised | SheetState::ProvinceAppraised | SheetState::Decided | SheetState::Published => {
            true
        }
    }
}

/// Puts together what was read.
pub fn assemble(year: &emulation_year::Model, set: &CheckedSet, stored: Stored) -> Result<Gathered> {
    let (mut gathered, measure) = (Gathered::default(), set.set().size_measure);
    let mut figures = by_unit(stored.figures.iter().map(|figure| (figure.unit, figure)));
    let mut events = by_unit(stored.events.iter().map(|event| (event.unit_id, event)));
    let mut promised = by_unit(stored.promised.iter().map(|one| (one.unit, one)));
    let sheets: HashMap<Uuid, _> = stored.sheets.into_iter().map(|sheet| (sheet.unit_id, sheet)).collect();
    let mut entries = by_unit(stored.entries.iter().map(|entry| (entry.sheet_id, entry)));
    for participant in &stored.participants {
        let id = participant.unit_id;
        let unit = stored
            .units
            .get(&id)
            .ok_or_else(|| Error::internal("a unit takes part that is not there"))?;
        let span = judged_for(year, participant)?;
        let names = stored.names.get(&id).map(Vec::as_slice).unwrap_or_default();
        let counts = stored.head_counts.get(&id).into_iter().flatten();
        let size = counts
            .filter(|count| count.as_of <= span.1)
            .find_map(|count| match measure {
                SizeMeasure::Workers => count.workers,
                SizeMeasure::Members => count.members,
            });
        let (figures, reports) = newest(figures.remove(&id).unwrap_or_default(), span);
        let mut happened: BTreeSet<Happened> = events
            .remove(&id)
            .unwrap_or_default()
            .into_iter()
            .map(|event| Happened {
                on: event.took_effect_on,
                event: life_event(event.kind),
            })
            .collect();
        if happened.is_empty() {
            happened.extend(unit.founded_on.map(|on| Happened {
                on,
                event: LifeEvent::Founded,
            }));
        }
        happened.retain(|one| one.on <= span.1 || one.event == LifeEvent::Founded);
        let sheet = sheets.get(&id);
        let written = sheet.and_then(|sheet| entries.remove(&sheet.id)).unwrap_or_default();
        let (entries, declared) = read_entries(written)?;
        let mut facts = UnitFacts {
            name: units::store::name_on(names, span.1).unwrap_or(&unit.name).to_owned(),
            kind: unit.kind,
            sector: unit.sector,
            size: size.map(|size| u32::try_from(size).unwrap_or(u32::MAX)),
            calendar: match participant.calendar {
                YearCalendar::Year => Calendar::Year,
                YearCalendar::SchoolYear => Calendar::SchoolYear,
            },
            period_end: span.1,
            events: happened,
            ended_on: unit.ended_on.filter(|day| *day <= span.1),
            locked: sheet.is_some_and(|sheet| is_appraised(sheet.state))
                || set.indicators().keys().all(|code| figures.contains_key(code)),
            figures,
            sources: reports
                .iter()
                .map(|(code, &report)| (code.clone(), Kind::ReportSubmission.id(report)))
                .collect(),
            targets: promised
                .remove(&id)
                .unwrap_or_default()
                .into_iter()
                .map(|one| (one.indicator.clone(), one.value))
                .collect(),
            entries,
            declared,
        };
        facts.locked |= !is_eligible(set.set(), &facts);
        gathered.facts.units.insert(Kind::Unit.id(id), facts);
        gathered.reports.insert(id, reports);
    }
    gathered.sheets = sheets;
    gathered.units = stored.units;
    Ok(gathered)
}

fn by_unit<T>(rows: impl Iterator<Item = (Uuid, T)>) -> HashMap<Uuid, Vec<T>> {
    let mut found: HashMap<Uuid, Vec<T>> = HashMap::new();
    for (unit, row) in rows {
        found.entry(unit).or_default().push(row);
    }
    found
}

fn judged_for(
    year: &emulation_year::Model,
    participant: &emulation_participant::Model,
) -> Result<(NaiveDate, NaiveDate)> {
    span(year, participant.calendar).ok_or_else(|| {
        Error::invalid(
            "SCHOOL_YEAR_MISSING",
            "yearId",
            "Có đơn vị tính theo năm học nhưng năm thi đua chưa ghi ngày của năm học.",
            "A unit follows the school year, and the emulation year does not say when that is.",
        )
    })
}

/// The figures that count, of reports for exactly this span: of each indicator that of the report approved last.
fn newest(
    figures: Vec<&ReportedFigure>,
    span: (NaiveDate, NaiveDate),
) -> (BTreeMap<String, Figure>, BTreeMap<String, Uuid>) {
    let mut last: BTreeMap<&str, &ReportedFigure> = BTreeMap::new();
    let rank = |figure: &ReportedFigure| -> (Option<DateTime<Utc>>, Uuid) { (figure.approved_at, figure.report) };
    for figure in figures.into_iter().filter(|figure| figure.span == span) {
        let kept = last.entry(&figure.indicator).or_insert(figure);
        if rank(figure) > rank(kept) {
            *kept = figure;
        }
    }
    let (mut read, mut reports) = (BTreeMap::new(), BTreeMap::new());
    for (code, figure) in last {
        if let Some(known) = known(figure) {
            read.insert(code.to_owned(), known);
            reports.insert(code.to_owned(), figure.report);
        }
    }
    (read, reports)
}

fn known(figure: &ReportedFigure) -> Option<Figure> {
    Some(match figure.form {
        NumberForm::YesNo => Figure::YesNo {
            value: figure.value? != Fixed4::ZERO,
        },
        NumberForm::Choice => Figure::Text {
            value: figure.choice.clone()?,
        },
        NumberForm::Text => Figure::Text {
            value: figure.raw.clone(),
        },
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage => Reading {
            qualifier: figure.qualifier,
            value: figure.value?,
            upper: figure.upper,
        }
        .into(),
    })
}

const fn life_event(kind: UnitEventKind) -> LifeEvent {
    match kind {
        UnitEventKind::Founded => LifeEvent::Founded,
        UnitEventKind::Split => LifeEvent::Split,
        UnitEventKind::Merged => LifeEvent::Merged,
        UnitEventKind::Consolidated => LifeEvent::Consolidated,
    }
}

type Entries = BTreeMap<String, BTreeMap<Layer, Entry>>;

/// The entries of a sheet by criterion and layer, and what is declared: what the highest layer says.
fn read_entries(rows: Vec<&score_entry::Model>) -> Result<(Entries, BTreeMap<String, bool>)> {
    let mut entries = Entries::new();
    let mut declared: BTreeMap<String, (Layer, bool)> = BTreeMap::new();
    for row in rows {
        let layer = layer(row.layer);
        match row.subject {
            ScoreSubject::Criterion => {
                let entry = Entry {
                    given: given(row)?,
                    reason: row.reason.clone(),
                };
                entries.entry(row.code.clone()).or_default().insert(layer, entry);
            }
            ScoreSubject::Declaration => {
                let says = declared.entry(row.code.clone()).or_insert((layer, row.verdict));
                *says = (*says).max((layer, row.verdict));
            }
        }
    }
    Ok((
        entries,
        declared.into_iter().map(|(code, (_, says))| (code, says)).collect(),
    ))
}

/// What an entry says, as the reckoning takes it.
///
/// # Errors
/// A stored entry that says nothing is a fault of ours.
pub fn given(row: &score_entry::Model) -> Result<Given> {
    let broken = || Error::internal("a score entry does not hold what its kind says");
    Ok(match row.kind {
        ScoreKind::Points => Given::Points {
            points: row.points.ok_or_else(broken)?,
        },
        ScoreKind::Verdict => Given::Verdict { passed: row.verdict },
        ScoreKind::Count => Given::Count {
            count: row
                .count
                .and_then(|count| u32::try_from(count).ok())
                .ok_or_else(broken)?,
        },
        ScoreKind::Events => Given::Events {
            counts: row
                .events
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok())
                .ok_or_else(broken)?,
        },
    })
}

#[cfg(test)]
mod tests;
