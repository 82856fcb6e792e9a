//! What is known of the units of a cluster when it is reckoned: everything that comes from approved reports, pacts, score sheets and
//! unit events. Kept in ordered maps, so that the order in which facts arrived is nowhere to be found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;
use thidua_entity::enums::{Qualifier, Sector, UnitKind};

use super::rules::LifeEvent;
use super::set::{Calendar, Layer, Title};
use crate::formula;
use crate::numbers::Reading;

/// What is known of the units of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterFacts {
    /// The units by their ids. Ids are opaque; they only have to differ.
    pub units: BTreeMap<String, UnitFacts>,
    /// Places that a ballot gave to units that were tied, 1 the best, by their ids.
    pub ballot: BTreeMap<String, u32>,
    /// What these places rest on, by the ids of the units: the minutes of the ballot, say. It bears on no place; it is told with them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ballot_basis: BTreeMap<String, String>,
    /// Quotas that were held over the units of several clusters, and whom of these units they moved, in the order in which they were ruled.
    #[serde(default)]
    pub rulings: Vec<Ruling>,
}

/// A quota that was held over the units of several clusters: who organises them decided it, so to one cluster it is a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ruling {
    /// What names it, once among the rulings and the quotas of the set.
    pub code: String,
    /// What it is called.
    pub title: Title,
    /// The grade that is limited.
    pub grade: String,
    /// How many units of all those clusters it was counted from.
    pub base: u32,
    /// How many of them may have the grade.
    pub allowed: u32,
    /// The grade to which those go who are over it.
    pub to: String,
    /// The text it rests on.
    pub basis: Option<String>,
    /// Ids of those of this cluster who are over it. One that does not have the grade is not moved.
    pub units: BTreeSet<String>,
    /// Ids of those of them who were even across the border; a ballot could decide between them.
    pub even: BTreeSet<String>,
}

/// What is known of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitFacts {
    /// Its name as it is written in the result.
    pub name: String,
    /// What kind of organisation it is.
    pub kind: UnitKind,
    /// Sector of the employer; `None` when unknown: what is for some sectors is open then.
    pub sector: Option<Sector>,
    /// Its size by the measure of the set; `None` when unknown.
    pub size: Option<u32>,
    /// Its calendar.
    pub calendar: Calendar,
    /// Last day of the period for which it is judged.
    pub period_end: NaiveDate,
    /// What happened to it that bears on whether it is rated.
    pub events: BTreeSet<Happened>,
    /// First day on which it no longer exists.
    pub ended_on: Option<NaiveDate>,
    /// Whether its figures can no longer change. Points that look at the whole cluster wait for all its units.
    pub locked: bool,
    /// Figures of its approved reports by the codes of their indicators. A missing figure is not there.
    pub figures: BTreeMap<String, Figure>,
    /// The reports in which these figures stand, as opaque ids, by the codes of the indicators. They bear on no points: by them a total comes
    /// apart down to what was reported. So they are part of the facts: a report that takes the place of another makes a result stale, be its
    /// figures the same.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<String, String>,
    /// What it promised in the pact, by the codes of indicators.
    pub targets: BTreeMap<String, Fixed4>,
    /// Entries of its score sheets by the codes of criteria.
    pub entries: BTreeMap<String, BTreeMap<Layer, Entry>>,
    /// What is declared of it, by the codes of declarations.
    pub declared: BTreeMap<String, bool>,
}

/// What happened to a unit, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Happened {
    /// The day on which it took effect.
    pub on: NaiveDate,
    /// What.
    pub event: LifeEvent,
}

/// A figure of an approved report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "form",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Figure {
    /// A number with its qualifier.
    Number {
        /// How far the value says what was counted.
        qualifier: Qualifier,
        /// The figure; of a range the lower end.
        value: Fixed4,
        /// The upper end of a range.
        upper: Option<Fixed4>,
    },
    /// Yes or no.
    YesNo {
        /// Which.
        value: bool,
    },
    /// A text or the code of a choice.
    Text {
        /// Which.
        value: String,
    },
}

/// An entry of a score sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// What was entered.
    pub given: Given,
    /// Why.
    pub reason: Option<String>,
}

/// What an entry of a score sheet says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Given {
    /// Points: for a manual criterion, or in place of those worked out from reports.
    Points {
        /// How many.
        points: Fixed4,
    },
    /// Passed or failed.
    Verdict {
        /// Whether it passed.
        passed: bool,
    },
    /// A count, for a criterion with points for each.
    Count {
        /// How many.
        count: u32,
    },
    /// How many events of each kind there were, by their codes. A kind that is not named had none.
    Events {
        /// How many of each.
        counts: BTreeMap<String, u32>,
    },
}

impl Figure {
    /// Just this number.
    pub const fn exact(value: Fixed4) -> Self {
        Self::Number {
            qualifier: Qualifier::Exact,
            value,
            upper: None,
        }
    }

    /// As formulas take it.
    pub(super) fn for_formula(&self) -> formula::Figure {
        match self {
            Self::Number {
                qualifier,
                value,
                upper,
            } => formula::Figure::Number(Reading {
                qualifier: *qualifier,
                value: *value,
                upper: *upper,
            }),
            Self::YesNo { value } => formula::Figure::YesNo(*value),
            Self::Text { value } => formula::Figure::Text(value.clone()),
        }
    }

    /// The number it may be, when it is one; yes and no are 1 and 0.
    pub(super) fn number(&self) -> Option<formula::Number> {
        match self.for_formula() {
            formula::Figure::Number(reading) => Some(reading.into()),
            formula::Figure::YesNo(value) => Fixed4::from_integer(value.into()).map(Into::into),
            formula::Figure::Text(_) => None,
        }
    }
}

impl From<Reading> for Figure {
    fn from(reading: Reading) -> Self {
        Self::Number {
            qualifier: reading.qualifier,
            value: reading.value,
            upper: reading.upper,
        }
    }
}
