//! SQL of results. A published one is seen by who sees its year; one that is only computed by who may compute or decide it, and by who
//! stands above.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use thidua_entity::enums::ResultState;
use thidua_entity::{
    emulation_year, quota_ruling, result, result_snapshot, result_unit, tie_settlement, tie_settlement_unit,
};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{self, Action, Reach, Resource};
use crate::results::ties::Settled;
use crate::{clusters, years};

mod counts;
mod writing;
pub use counts::*;
pub use writing::*;

/// Who sees, on which day.
#[derive(Clone, Debug)]
pub struct View {
    reach: Reach,
    /// Clusters whose results the caller computes or decides.
    computes: Vec<Uuid>,
    today: NaiveDate,
}

impl View {
    /// What a caller sees on a day.
    pub fn of(actor: &Actor, today: NaiveDate) -> Self {
        let clusters =
            [Action::ResultCompute, Action::ResultPublish].map(|action| policy::reach_for(actor, action).clusters);
        Self {
            reach: policy::reach(actor),
            computes: clusters.concat(),
            today,
        }
    }

    /// What nobody in particular sees: nothing.
    pub fn nobody(today: NaiveDate) -> Self {
        Self {
            reach: Reach::default(),
            computes: Vec::new(),
            today,
        }
    }

    /// The years that are seen.
    pub fn years(&self) -> years::store::View {
        years::store::View {
            reach: self.reach.clone(),
            today: self.today,
        }
    }

    fn in_sight(&self) -> Condition {
        use result::Column::{State, YearId};
        if self.reach.everything {
            return Condition::all();
        }
        let below = Query::select()
            .column(emulation_year::Column::Id)
            .from(emulation_year::Entity)
            .cond_where(clusters::store::of_those_below(
                &self.reach,
                &self.computes,
                (emulation_year::Entity, emulation_year::Column::ClusterId),
                self.today,
            ))
            .to_owned();
        let computed = Expr::col((result::Entity, YearId)).in_subquery(below);
        let published = Expr::col((result::Entity, State)).eq(ResultState::Published);
        Condition::all()
            .add(self.years().years((result::Entity, YearId)))
            .add(Condition::any().add(published).add(computed))
    }
}

fn visible(view: &View) -> Result<Select<result::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    Ok(result::Entity::find().filter(view.in_sight()))
}

/// One result, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<result::Model> {
    let found = visible(view)?.filter(result::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Results by id, those that are seen.
pub async fn find_many(connection: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<result::Model>> {
    let found = visible(view)?.filter(result::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Which results a list shows.
#[derive(Clone, Debug, Default)]
pub struct ResultFilter {
    /// Only those of this emulation year.
    pub year: Option<Uuid>,
    /// Only those of years of this cluster.
    pub cluster: Option<Uuid>,
    /// Only those of the year called so.
    pub called: Option<i32>,
    /// Only those in this state.
    pub state: Option<ResultState>,
}

/// A page of the results that are seen, the newest first, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &ResultFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<result::Model>, Option<u64>)> {
    use result::Column::{Id, State, YearId};
    // Years that are not seen have no results either.
    let mut select = visible(view)?;
    if let Some(year) = filter.year {
        select = select.filter(YearId.eq(year));
    }
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    if filter.cluster.is_some() || filter.called.is_some() {
        let mut years = Query::select();
        years.column(emulation_year::Column::Id).from(emulation_year::Entity);
        if let Some(cluster) = filter.cluster {
            years.and_where(emulation_year::Column::ClusterId.eq(cluster));
            years.cond_where(clusters::store::is_seen(&view.reach.by_place(), cluster, view.today)?);
        }
        if let Some(called) = filter.called {
            years.and_where(emulation_year::Column::Year.eq(called));
        }
        select = select.filter(YearId.in_subquery(years));
    }
    let sorting = Sorting::by_id((result::Entity, Id), Order::Desc, |row: &result::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::listed(connection, select, &sorting, args, count).await
}

/// A page of the units of a result that was found, in the order of the list of the result.
pub async fn list_units(
    connection: &impl ConnectionTrait,
    result: Uuid,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<result_unit::Model>, Option<u64>)> {
    use result_unit::Column::{Position, ResultId, UnitId};
    let select = result_unit::Entity::find().filter(ResultId.eq(result));
    let sorting = Sorting::by(
        ((result_unit::Entity, Position), SortValue::Integer(0)),
        (result_unit::Entity, UnitId),
        Order::Asc,
        |row: &result_unit::Model| vec![SortValue::Integer(row.position.into()), SortValue::Id(row.unit_id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// The snapshot of a result that was found.
pub async fn snapshot(connection: &impl ConnectionTrait, result: Uuid) -> Result<Vec<u8>> {
    let found = result_snapshot::Entity::find_by_id(result).one(connection).await?;
    Ok(found.ok_or(Error::NotFound)?.content)
}

/// The snapshots of some results that were found.
pub async fn snapshots(connection: &impl ConnectionTrait, results: &[Uuid]) -> Result<Vec<(Uuid, Vec<u8>)>> {
    let found =
        result_snapshot::Entity::find().filter(result_snapshot::Column::ResultId.is_in(results.iter().copied()));
    let rows = found.all(connection).await?.into_iter();
    Ok(rows.map(|row| (row.result_id, row.content)).collect())
}

/// The last result of each of some years, whoever asks.
pub async fn newest(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<result::Model>> {
    let mut found = result::Entity::find()
        .filter(result::Column::YearId.is_in(years.iter().copied()))
        .filter(is_last(None));
    found = found.order_by_asc(result::Column::YearId);
    Ok(found.all(connection).await?)
}

/// The result of a year that was published last, whoever asks.
pub async fn published(connection: &impl ConnectionTrait, year: Uuid) -> Result<Option<result::Model>> {
    let found = result::Entity::find()
        .filter(result::Column::YearId.eq(year))
        .filter(result::Column::State.eq(ResultState::Published))
        .order_by_desc(result::Column::Number);
    Ok(found.one(connection).await?)
}

/// Of some years the result that was published last, as far as results are seen.
pub async fn last_published(
    connection: &impl ConnectionTrait,
    view: &View,
    years: &[Uuid],
) -> Result<Vec<result::Model>> {
    let found = visible(view)?
        .filter(result::Column::YearId.is_in(years.iter().copied()))
        .filter(result::Column::State.eq(ResultState::Published))
        .filter(is_last(Some(ResultState::Published)));
    Ok(found.all(connection).await?)
}

/// Whether no later result of the same year is in a state, whichever when none is said.
fn is_last(state: Option<ResultState>) -> Condition {
    let later = sea_orm::sea_query::Alias::new("later");
    let of = |column: result::Column| Expr::col((later.clone(), column));
    let mut others: SelectStatement = Query::select()
        .expr(Expr::val(1))
        .from_as(result::Entity, later.clone())
        .and_where(of(result::Column::YearId).equals((result::Entity, result::Column::YearId)))
        .and_where(of(result::Column::Number).gt(Expr::col((result::Entity, result::Column::Number))))
        .to_owned();
    if let Some(state) = state {
        others.and_where(of(result::Column::State).eq(state));
    }
    Condition::all().add(Expr::exists(others).not())
}

/// Quotas ruled by some units for a year, in the order in which they were ruled.
pub async fn rulings(connection: &impl ConnectionTrait, units: &[Uuid], year: i32) -> Result<Vec<quota_ruling::Model>> {
    let found = quota_ruling::Entity::find()
        .filter(quota_ruling::Column::UnitId.is_in(units.iter().copied()))
        .filter(quota_ruling::Column::Year.eq(year))
        .order_by_asc(quota_ruling::Column::RuledAt)
        .order_by_asc(quota_ruling::Column::Id);
    Ok(found.all(connection).await?)
}

/// One ruling, whoever asks.
pub async fn ruling(connection: &impl ConnectionTrait, id: Uuid) -> Result<quota_ruling::Model> {
    let found = quota_ruling::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// The ids of all quotas ruled for a year, whoever ruled them.
pub async fn ruling_ids(connection: &impl ConnectionTrait, year: i32) -> Result<Vec<Uuid>> {
    let found = quota_ruling::Entity::find()
        .select_only()
        .column(quota_ruling::Column::Id)
        .filter(quota_ruling::Column::Year.eq(year))
        .order_by_asc(quota_ruling::Column::Id);
    Ok(found.into_tuple().all(connection).await?)
}

/// The orders given in a year to units that nothing else separated, in the order in which they were given.
pub async fn settlements(connection: &impl ConnectionTrait, year: Uuid) -> Result<Vec<Settled>> {
    let found = tie_settlement::Entity::find()
        .filter(tie_settlement::Column::YearId.eq(year))
        .order_by_asc(tie_settlement::Column::Number);
    let rows = found.all(connection).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let units = tie_settlement_unit::Entity::find()
        .filter(tie_settlement_unit::Column::SettlementId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(tie_settlement_unit::Column::Position);
    let mut ordered: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in units.all(connection).await? {
        ordered.entry(row.settlement_id).or_default().push(row.unit_id);
    }
    let settled = rows.into_iter().map(|row| Settled {
        units: ordered.remove(&row.id).unwrap_or_default(),
        reason: row.reason,
    });
    Ok(settled.collect())
}

/// The emulation years, called after one year, of the clusters whose organisers stand at or below a unit; at most so many and one more.
pub async fn years_below(
    connection: &impl ConnectionTrait,
    unit: Uuid,
    year: i32,
    today: NaiveDate,
    most: u64,
) -> Result<Vec<emulation_year::Model>> {
    let below = Reach {
        units: vec![unit],
        ..Reach::default()
    };
    let found = emulation_year::Entity::find()
        .filter(emulation_year::Column::Year.eq(year))
        .filter(clusters::store::of_those_below(
            &below,
            &[],
            (emulation_year::Entity, emulation_year::Column::ClusterId),
            today,
        ))
        .order_by_asc(emulation_year::Column::Id)
        .limit(most + 1);
    Ok(found.all(connection).await?)
}
