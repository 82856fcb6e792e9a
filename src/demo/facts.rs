//! The five printed reports: their figures and named facts as printed, with what they mean. `facts.json` is the one place
//! where they stand; the demonstration is made from it and tests compare the service's own totals with it.

use chrono::NaiveDate;
use serde::Deserialize;
use thidua_entity::Fixed4;
use thidua_entity::enums::Qualifier;

use super::plan;
use crate::error::Result;

/// Everything that the sources say.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The sources.
    pub sources: Vec<Source>,
}

/// One printed report.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    /// Short name: province and year.
    pub key: String,
    /// What was reported on.
    pub title: String,
    /// Province; `None` when the text does not name it.
    pub province: Option<String>,
    /// The union above those that report.
    pub upper_union: String,
    /// Code of the period for which the figures are.
    pub period: String,
    /// Whose reports add up to the figures.
    pub scope: FactScope,
    /// Code of the form on which the demonstration has the figures.
    pub form: String,
    /// The sentence with the figures, as printed; `[…]` where something is left out.
    pub sentence: String,
    /// Figures that can be compared with totals and rates.
    pub figures: Vec<Figure>,
    /// Figures that cannot be read as they are printed.
    pub refused: Vec<Refused>,
    /// Figures that can be compared with the number of units or clusters.
    pub counts: Vec<Count>,
    /// Members of the cluster that the text lists.
    pub members: Vec<Member>,
    /// Days, people, offices, awards, documents, targets and whatever else is named.
    pub named: Vec<Named>,
}

/// Whose reports add up to the figures of a source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactScope {
    /// A cluster, or a unit and what is below it.
    pub kind: FactScopeKind,
    /// Its name.
    pub name: String,
}

/// What kind of scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FactScopeKind {
    /// A cluster or bloc.
    Cluster,
    /// A unit.
    Unit,
}

/// A printed figure that is a total, or a rate, of an indicator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Code of the indicator.
    pub indicator: String,
    /// As printed.
    pub printed: String,
    /// What the approved reports of the scope come to, to the digit; of a range the lower end.
    pub value: Fixed4,
    /// The upper end of a range.
    pub upper: Option<Fixed4>,
    /// What the text claims.
    pub qualifier: Qualifier,
    /// Whether the text claims just this number.
    pub exact: bool,
    /// What else is to be known.
    pub note: Option<String>,
}

/// A printed figure that no careful reader takes for a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// Code of the indicator.
    pub indicator: String,
    /// Code of the form on which the demonstration has the returned report.
    pub form: String,
    /// Name of the unit that sent it.
    pub unit: String,
    /// As printed.
    pub printed: String,
    /// What it could mean.
    pub readings: Vec<Fixed4>,
    /// The sentence with the figure.
    pub sentence: String,
    /// What else is to be known.
    pub note: String,
}

/// A printed number of units or clusters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// What is counted.
    pub of: Counted,
    /// As printed.
    pub printed: String,
    /// The number.
    pub value: Fixed4,
    /// What else is to be known.
    pub note: Option<String>,
}

/// What a printed number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Counted {
    /// Members of the scope, a cluster.
    ClusterMembers,
    /// Units directly below the members of the scope, a cluster.
    UnitsBelowMembers,
    /// Units directly below the scope, a unit.
    UnitsBelow,
    /// Clusters of the scope, a unit.
    Clusters,
}

/// A member of a cluster as the text calls it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Official name in the demonstration.
    pub unit: String,
    /// As printed.
    pub printed: String,
}

/// Something else that the text names.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Named {
    /// What kind of thing: `CHAIR`, `AWARD`, `PERSON`, `TARGET`, `NOISE` …
    pub kind: String,
    /// As printed; ` ... ` where something is left out.
    pub printed: String,
    /// What it means.
    pub meaning: String,
    /// The day it names.
    pub day: Option<NaiveDate>,
    /// Whether the year of the day is not printed.
    #[serde(default)]
    pub day_inferred: bool,
    /// The year it concerns.
    pub year: Option<i32>,
    /// The number it names.
    pub count: Option<i64>,
    /// Where the demonstration holds it: `CLUSTER_OFFICE`, `AWARD` …; `None` when the service has no place for it.
    pub stored: Option<String>,
}

/// Reads the facts.
pub fn read() -> Result<Facts> {
    plan::read("facts.json", include_str!("facts.json"))
}
