//! What the queries and mutations of emulation years take.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use thidua_entity::enums::YearPhase;

use crate::error::Result;
use crate::graphql::{Direction, read_id};
use crate::ids::Kind;
use crate::years::plan::{Days, Plan};
use crate::years::store::{YearFilter, YearSort};
use crate::years::usecases::{NewYear, YearChange};

/// Which emulation years a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct EmulationYearWhere {
    /// Only those of this cluster.
    cluster_id: Option<ID>,
    /// Only those called after this year.
    year: Option<i32>,
    /// Only those in one of these phases.
    phases: Option<Vec<YearPhase>>,
    /// Only those in which this unit takes part and has not withdrawn.
    unit_id: Option<ID>,
}

impl EmulationYearWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<YearFilter> {
        Ok(YearFilter {
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            year: self.year,
            phases: self.phases,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
        })
    }
}

/// How a list of emulation years is sorted.
#[derive(InputObject)]
pub struct EmulationYearOrder {
    /// What it is sorted by.
    field: EmulationYearOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: Direction,
}

/// What a list of emulation years can be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum EmulationYearOrderField {
    /// By the year it is called after.
    Year,
    /// By the time at which they were opened.
    Created,
}

impl EmulationYearOrder {
    /// Sort and direction as the store takes them; the latest year first when nothing is said.
    pub fn read(order: Option<Self>) -> (YearSort, Order) {
        let Some(Self { field, direction }) = order else {
            return (YearSort::Year, Order::Desc);
        };
        let sort = match field {
            EmulationYearOrderField::Year => YearSort::Year,
            EmulationYearOrderField::Created => YearSort::Created,
        };
        (sort, direction.into())
    }
}

/// When a phase is planned to begin.
#[derive(InputObject)]
pub struct PlannedPhaseInput {
    /// The phase.
    phase: YearPhase,
    /// The day on which it is to begin; not before the day of an earlier phase.
    starts_on: NaiveDate,
}

fn phases(phases: Vec<PlannedPhaseInput>) -> Vec<(YearPhase, NaiveDate)> {
    phases.into_iter().map(|one| (one.phase, one.starts_on)).collect()
}

/// An emulation year to be opened.
#[derive(InputObject)]
pub struct CreateEmulationYearInput {
    /// The cluster; one year of a name at most.
    cluster_id: ID,
    /// The year it is called after: 2026.
    year: i32,
    /// Its theme.
    theme: Option<String>,
    /// First day of the span for which units are judged; later than 1 January when the cluster begins in mid-year. Members on this day take
    /// part.
    starts_on: NaiveDate,
    /// Last day of that span, included.
    ends_on: NaiveDate,
    /// First day of the span for which schools are judged; left out, everybody follows the calendar year.
    school_starts_on: Option<NaiveDate>,
    /// Last day of that span; given together with its first day.
    school_ends_on: Option<NaiveDate>,
    /// Whether points of others are hidden from a scorer until its own are in: from checkers until the cross-check is
    /// done, and from whoever acts for a unit of the year until that unit has handed in its own points.
    #[graphql(default = false)]
    blind: bool,
    /// Days in which a unit may object after its sheet was appraised, 0 to 60.
    #[graphql(default = 7)]
    objection_days: i32,
    /// When phases are planned to begin. A plan, not a lock: somebody takes the year on.
    #[graphql(default)]
    phases: Vec<PlannedPhaseInput>,
    /// The version of the criteria set that it is scored by: in force, and of the cluster's own set, of its bloc's, or of one that the organiser
    /// or a unit above issues. It can be chosen later.
    criteria_version_id: Option<ID>,
    /// A key of your own, at most 100 characters: asked again with it, the first year is the answer.
    pub idempotency_key: Option<String>,
}

impl CreateEmulationYearInput {
    /// The year as the use-case takes it.
    pub fn read(&self) -> Result<NewYear<'_>> {
        let planned = self.phases.iter().map(|one| (one.phase, one.starts_on));
        Ok(NewYear {
            cluster: Kind::Cluster.parse(&self.cluster_id)?,
            theme: self.theme.as_deref(),
            plan: Plan {
                year: self.year,
                span: Days {
                    from: self.starts_on,
                    to: self.ends_on,
                },
                school: Plan::school((self.school_starts_on, self.school_ends_on))?,
                phases: planned.collect(),
                objection_days: self.objection_days,
            },
            blind: self.blind,
            criteria_version: read_id(Kind::CriteriaSetVersion, self.criteria_version_id.as_ref())?,
        })
    }
}

/// What is said anew of an emulation year. A field that is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateEmulationYearInput {
    /// The year.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Its theme; null says that there is none.
    theme: MaybeUndefined<String>,
    /// First day of the span.
    starts_on: Option<NaiveDate>,
    /// Last day of the span; brought forward when the cluster ends in mid-year.
    ends_on: Option<NaiveDate>,
    /// First day of the span of the school year; null, with the last day, says that there is none.
    school_starts_on: MaybeUndefined<NaiveDate>,
    /// Last day of the span of the school year.
    school_ends_on: MaybeUndefined<NaiveDate>,
    /// Whether points of others are hidden from a scorer until its own are in: from checkers until the cross-check is
    /// done, and from whoever acts for a unit of the year until that unit has handed in its own points.
    blind: Option<bool>,
    /// Days in which a unit may object, 0 to 60.
    objection_days: Option<i32>,
    /// When phases are planned to begin: all of them.
    phases: Option<Vec<PlannedPhaseInput>>,
    /// The version of the criteria set; null says that none is chosen any more.
    criteria_version_id: MaybeUndefined<ID>,
}

impl UpdateEmulationYearInput {
    /// The change as the use-case takes it.
    pub fn read(self) -> Result<YearChange> {
        let criteria = match self.criteria_version_id.as_opt_ref() {
            Some(id) => Some(read_id(Kind::CriteriaSetVersion, id)?),
            None => None,
        };
        let day = |day: MaybeUndefined<NaiveDate>| day.as_opt_ref().map(Option::<&_>::copied);
        Ok(YearChange {
            theme: self.theme.as_opt_ref().map(Option::<&_>::cloned),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            school_starts_on: day(self.school_starts_on),
            school_ends_on: day(self.school_ends_on),
            phases: self.phases.map(phases),
            blind: self.blind,
            objection_days: self.objection_days,
            criteria_version: criteria,
        })
    }
}

/// An emulation year that goes on to its next phase.
#[derive(InputObject)]
pub struct AdvanceEmulationYearInput {
    /// The year.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
}

/// An emulation year that goes back to the phase before.
#[derive(InputObject)]
pub struct StepBackEmulationYearInput {
    /// The year.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Why.
    pub reason: String,
}
