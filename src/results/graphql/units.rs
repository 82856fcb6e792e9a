//! How units stand in a result, as the schema shows it.

use async_graphql::{Context, ID, Object, SimpleObject};
use thidua_entity::enums::{Sector, StandingKind};
use thidua_entity::result_unit;

use super::SnapshotOf;
use crate::graphql::{connection, id, loaded, loaders};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;
use crate::units::graphql::{Unit, UnitId};

/// What reading a snapshot costs, which may have a megabyte.
pub const SNAPSHOT_COST: usize = 50;
/// For how many sections and criteria of a unit a query is charged.
const NODES_CHARGED: usize = 60;

/// How one unit stands in a result.
pub struct ResultUnit(result_unit::Model);

impl From<result_unit::Model> for ResultUnit {
    fn from(row: result_unit::Model) -> Self {
        Self(row)
    }
}

/// How one unit stands in a result.
#[Object]
impl ResultUnit {
    /// Id of the unit.
    async fn unit_id(&self) -> ID {
        id(Kind::Unit, self.0.unit_id)
    }
    /// The unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Its name as it stands in the result.
    async fn unit_name(&self) -> &str {
        &self.0.name
    }
    /// Its sector when the result was computed; null when unknown.
    async fn sector(&self) -> Option<Sector> {
        self.0.sector
    }
    /// Whether it is rated, not eligible, or could not be rated. The latter two are no grades.
    async fn standing(&self) -> StandingKind {
        self.0.standing
    }
    /// Code of its grade (xếp loại); null when it is not rated.
    async fn grade(&self) -> Option<&str> {
        self.0.grade.as_deref()
    }
    /// Vietnamese name of its grade.
    async fn grade_title(&self) -> Option<&str> {
        self.0.grade_title.as_deref()
    }
    /// Its total; null while something is open.
    async fn points(&self) -> Option<Decimal> {
        self.0.points.map(Decimal)
    }
    /// Its place (xếp hạng); units that nothing separates share one: 1, 2, 2, 4.
    async fn place(&self) -> Option<i32> {
        self.0.place
    }
    /// Whether a quota moved it to a lower grade; `explain` of the grade says which and why.
    async fn moved(&self) -> bool {
        self.0.moved
    }
    /// Its points by section and criterion, in the order of the criteria; what does not apply to it is not there. At most 500.
    #[graphql(complexity = "SNAPSHOT_COST + NODES_CHARGED * child_complexity")]
    async fn scores(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<NodeScore>> {
        let Some(snapshot) = loaded(loaders(ctx)?.load_one(SnapshotOf(self.0.result_id)).await)? else {
            return Ok(Vec::new());
        };
        let unit = snapshot.outcome.units.get(&Kind::Unit.id(self.0.unit_id));
        let nodes = snapshot.rules.all_nodes().into_iter();
        let scores = nodes.filter_map(|node| {
            let outcome = unit?.nodes.get(&node.code)?;
            Some(NodeScore {
                code: node.code.clone(),
                title: node.title.vi.clone(),
                max: Decimal(node.max),
                points: outcome.points.map(Decimal),
                brings: outcome.brings.map(Decimal),
            })
        });
        Ok(scores.collect())
    }
}

connection!(ResultUnitConnection, ResultUnitEdge, ResultUnit, "units of a result");

/// The points of a section or criterion.
#[derive(SimpleObject)]
pub struct NodeScore {
    /// Its code.
    code: String,
    /// Its Vietnamese name.
    title: String,
    /// Its maximum.
    max: Decimal,
    /// The points; of a deduction without a minus. Null while it, or something below it, is open.
    points: Option<Decimal>,
    /// The points times the weight: what it brings to what stands above.
    brings: Option<Decimal>,
}

/// An entry of a score sheet that does not fit the criteria.
#[derive(SimpleObject)]
pub struct ResultProblem {
    /// Id of the unit.
    pub unit_id: ID,
    /// Code of the criterion.
    pub criterion_code: String,
    /// What is wrong: `UNKNOWN_CRITERION`, `DOES_NOT_APPLY`, `LAYER_MAY_NOT`, `WRONG_KIND`, `OUT_OF_BOUNDS`, `OFF_STEP`, `NO_REASON`,
    /// `UNKNOWN_EVENT`.
    pub kind: String,
}

/// Units that nothing separates.
pub struct TiedUnits(pub Vec<result_unit::Model>);

/// Units that nothing separates.
#[Object]
impl TiedUnits {
    /// The place that they share.
    async fn place(&self) -> i32 {
        self.0.first().and_then(|one| one.place).unwrap_or_default()
    }
    /// The units.
    #[graphql(complexity = "2 * child_complexity")]
    async fn units(&self) -> Vec<ResultUnit> {
        self.0.iter().cloned().map(ResultUnit).collect()
    }
}
