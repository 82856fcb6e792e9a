//! What the queries and mutations of results take.

use async_graphql::{ID, InputObject, OneofObject};
use thidua_entity::enums::{ResultState, Sector};

use crate::criteria::graphql::{QuotaEnforcement, QuotaRounding};
use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;
use crate::reckoning::{Alteration, Enforcement, Rounding, Subject};
use crate::reports::graphql::figures::Decimal;
use crate::results::store::{CountsFilter, ResultFilter};
use crate::results::usecases::{NewRuling, NewSettlement};

/// Which results a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct EmulationResultWhere {
    /// Only those of this emulation year.
    year_id: Option<ID>,
    /// Only those of years of this cluster.
    cluster_id: Option<ID>,
    /// Only those of years called after this one: 2026.
    year: Option<i32>,
    /// Only those in this state.
    state: Option<ResultState>,
}

impl EmulationResultWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<ResultFilter> {
        Ok(ResultFilter {
            year: read_id(Kind::EmulationYear, self.year_id.as_ref())?,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            called: self.year,
            state: self.state,
        })
    }
}

/// An order for units that share a place.
#[derive(InputObject)]
pub struct SettleTieInput {
    /// Id of the computed result in which they share it.
    result_id: ID,
    /// The `version` of the result that was seen.
    pub version: i32,
    /// Ids of all units that share the place, the one that is to stand before the others first.
    unit_ids: Vec<ID>,
    /// What the order rests on, told with the places: the minutes of the ballot, or who decided and why.
    reason: String,
}

impl SettleTieInput {
    /// The order as the use-case takes it.
    pub fn read(self) -> Result<NewSettlement> {
        let units = self.unit_ids.iter().map(|id| Kind::Unit.parse(id));
        Ok(NewSettlement {
            result: Kind::EmulationResult.parse(&self.result_id)?,
            units: units.collect::<Result<_>>()?,
            reason: self.reason,
            ballot: None,
        })
    }
}

/// Over what grades are counted. What is named must be seen, else `NOT_FOUND`.
#[derive(InputObject)]
pub struct GradeCountsWhere {
    /// The year: 2026.
    year: i32,
    /// Only units of this cluster, or of the clusters of this bloc.
    cluster_id: Option<ID>,
    /// Only this unit and those that stand below it today.
    unit_id: Option<ID>,
    /// Only units of this province.
    province_id: Option<ID>,
    /// Only units of this sector.
    sector: Option<Sector>,
}

impl GradeCountsWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<CountsFilter> {
        Ok(CountsFilter {
            year: self.year,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            province: read_id(Kind::Province, self.province_id.as_ref())?,
            sector: self.sector,
        })
    }
}

/// What of a result is explained.
#[derive(OneofObject)]
pub enum ResultSubjectInput {
    /// The points of a section or criterion.
    Points(PointsOfInput),
    /// The total of the unit with this id.
    Total(ID),
    /// The grade of the unit with this id, or why it has none.
    Grade(ID),
    /// A gate.
    Gate(GateOfInput),
    /// A quota and all it moved: of the criteria set by its code, or held over several clusters by the id of the ruling.
    Quota(String),
    /// The place of the unit with this id.
    Place(ID),
}

/// The points of a section or criterion.
#[derive(InputObject)]
pub struct PointsOfInput {
    /// Id of the unit.
    unit_id: ID,
    /// Code of the section or criterion.
    node_code: String,
}

/// A gate for a unit.
#[derive(InputObject)]
pub struct GateOfInput {
    /// Id of the unit.
    unit_id: ID,
    /// Code of the gate.
    gate_code: String,
}

impl ResultSubjectInput {
    /// The subject as the reckoning takes it.
    pub fn read(self) -> Subject {
        match self {
            Self::Points(of) => Subject::Points {
                unit: of.unit_id.0,
                node: of.node_code,
            },
            Self::Total(unit) => Subject::Total { unit: unit.0 },
            Self::Grade(unit) => Subject::Grade { unit: unit.0 },
            Self::Gate(of) => Subject::Gate {
                unit: of.unit_id.0,
                gate: of.gate_code,
            },
            Self::Quota(quota) => Subject::Quota { quota },
            Self::Place(unit) => Subject::Place { unit: unit.0 },
        }
    }
}

/// Over what changes are tried: give one of the two.
#[derive(OneofObject)]
pub enum WhatIfOverInput {
    /// Over the facts of the result with this id.
    ResultId(ID),
    /// Over the facts of the emulation year with this id as they are now, for who may compute its result, as soon as it can be computed:
    /// before every sheet is appraised it is refused with `SHEETS_NOT_APPRAISED`.
    YearId(ID),
}

/// A change of the criteria to be tried.
#[derive(OneofObject)]
pub enum AlterationInput {
    /// Another weight of a section or criterion.
    Weight(WeightAlteration),
    /// Another maximum of a section or criterion; maxima still have to add up.
    Max(MaxAlteration),
    /// Other points from which a grade is reached.
    Band(BandAlteration),
    /// Another percentage, rounding or consequence of a quota.
    Quota(QuotaAlteration),
    /// Without the quota of this code.
    NoQuota(String),
    /// Without the gate of this code.
    NoGate(String),
}

/// Another weight.
#[derive(InputObject)]
pub struct WeightAlteration {
    /// Code of the section or criterion.
    node_code: String,
    /// The weight.
    weight: Decimal,
}

/// Another maximum.
#[derive(InputObject)]
pub struct MaxAlteration {
    /// Code of the section or criterion.
    node_code: String,
    /// The maximum.
    max: Decimal,
}

/// Other points from which a grade is reached.
#[derive(InputObject)]
pub struct BandAlteration {
    /// Code of the grade.
    grade: String,
    /// The points.
    from: Decimal,
}

/// Another quota.
#[derive(InputObject)]
pub struct QuotaAlteration {
    /// Its code.
    code: String,
    /// The percentage.
    percent: Decimal,
    /// How the number is made whole.
    rounding: QuotaRounding,
    /// What follows when there are more.
    enforcement: QuotaEnforcement,
}

impl AlterationInput {
    /// The change as the reckoning takes it.
    pub fn read(self) -> Alteration {
        match self {
            Self::Weight(one) => Alteration::Weight {
                node: one.node_code,
                weight: one.weight.0,
            },
            Self::Max(one) => Alteration::Max {
                node: one.node_code,
                max: one.max.0,
            },
            Self::Band(one) => Alteration::Band {
                grade: one.grade,
                from: one.from.0,
            },
            Self::Quota(one) => Alteration::Quota {
                quota: one.code,
                percent: one.percent.0,
                rounding: Rounding::from(one.rounding),
                enforcement: Enforcement::from(one.enforcement),
            },
            Self::NoQuota(quota) => Alteration::NoQuota { quota },
            Self::NoGate(gate) => Alteration::NoGate { gate },
        }
    }
}

/// The result of which year is to be computed.
#[derive(InputObject)]
pub struct ComputeResultInput {
    /// Id of the emulation year.
    pub year_id: ID,
}

/// A result to be published.
#[derive(InputObject)]
pub struct PublishResultInput {
    /// Id of the result.
    pub id: ID,
    /// The version that you saw.
    pub version: i32,
}

/// A published result to be corrected.
#[derive(InputObject)]
pub struct CorrectResultInput {
    /// Id of the result that was published last.
    pub id: ID,
    /// The version that you saw.
    pub version: i32,
    /// Why it is corrected; it stands at the new one for everybody to read.
    pub reason: String,
}

/// A quota to be held over the clusters of a unit.
#[derive(InputObject)]
pub struct RuleQuotaInput {
    /// The unit that organises the clusters, or stands above their organisers.
    unit_id: ID,
    /// The year: 2026.
    year: i32,
    /// What the quota is called, as it stands in explanations.
    title: String,
    /// Code of the grade that is limited.
    grade: String,
    /// Codes of the grades of which units are counted.
    base: Vec<String>,
    /// So many per cent of them may have the grade, 0 to 100.
    percent: Decimal,
    /// How the number is made whole.
    rounding: QuotaRounding,
    /// The text it rests on.
    basis: Option<String>,
    /// A key of the client's own under which it is ruled once, however often it is asked for; trying it (`holdQuota`) takes no notice of it.
    pub idempotency_key: Option<String>,
}

impl RuleQuotaInput {
    /// The quota as the use-case takes it.
    pub fn read(self) -> Result<NewRuling> {
        Ok(NewRuling {
            key: self.idempotency_key,
            unit: Kind::Unit.parse(&self.unit_id)?,
            year: self.year,
            title: self.title,
            grade: self.grade,
            base: self.base,
            percent: self.percent.0,
            rounding: self.rounding.into(),
            basis: self.basis,
        })
    }
}
