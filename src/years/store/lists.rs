//! SQL of lists of emulation years.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};
use thidua_entity::enums::YearPhase;
use thidua_entity::{emulation_participant, emulation_year};
use uuid::Uuid;

use super::{View, visible};
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::Result;
use crate::{clusters, units};

/// Which years a list shows.
#[derive(Clone, Debug, Default)]
pub struct YearFilter {
    /// Only those of this cluster.
    pub cluster: Option<Uuid>,
    /// Only those called after this year.
    pub year: Option<i32>,
    /// Only those in one of these phases.
    pub phases: Option<Vec<YearPhase>>,
    /// Only those in which this unit takes part.
    pub unit: Option<Uuid>,
}

/// How a list of years is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum YearSort {
    /// By the year it is called after.
    #[default]
    Year,
    /// By the time at which they were opened.
    Created,
}

/// A page of the years that are seen, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &YearFilter,
    (sort, order): (YearSort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<emulation_year::Model>, Option<u64>)> {
    use emulation_year::Column::{ClusterId, Id, Phase, Year};
    let mut select = visible(view)?;
    if let Some(cluster) = filter.cluster {
        select = select.filter(ClusterId.eq(cluster)).filter(clusters::store::is_seen(
            &view.reach.by_place(),
            cluster,
            view.today,
        )?);
    }
    if let Some(year) = filter.year {
        select = select.filter(Year.eq(year));
    }
    if let Some(phases) = &filter.phases {
        select = select.filter(Phase.is_in(phases.iter().copied()));
    }
    if let Some(unit) = filter.unit {
        use emulation_participant::Column::{UnitId, WithdrawnOn, YearId};
        let taking_part = Query::select()
            .column(YearId)
            .from(emulation_participant::Entity)
            .and_where(UnitId.eq(unit))
            .and_where(WithdrawnOn.is_null())
            .to_owned();
        select = select
            .filter(Expr::col((emulation_year::Entity, Id)).in_subquery(taking_part))
            .filter(units::store::is_seen(&view.reach, unit, view.today));
    }
    let id = (emulation_year::Entity, Id);
    let sorting = match sort {
        YearSort::Year => Sorting::by(
            ((emulation_year::Entity, Year), SortValue::Integer(0)),
            id,
            order,
            |row: &emulation_year::Model| vec![SortValue::Integer(row.year.into()), SortValue::Id(row.id)],
        ),
        YearSort::Created => Sorting::by_id(id, order, |row: &emulation_year::Model| vec![SortValue::Id(row.id)]),
    };
    db::listed(connection, select, &sorting, args, count).await
}

/// The published years of some clusters that are seen, the latest first.
pub async fn published(
    connection: &impl ConnectionTrait,
    view: &View,
    clusters: &[Uuid],
) -> Result<Vec<emulation_year::Model>> {
    use emulation_year::Column::{ClusterId, Phase, Year};
    let found = visible(view)?
        .filter(ClusterId.is_in(clusters.iter().copied()))
        .filter(Phase.eq(YearPhase::Published))
        .order_by_desc(Year);
    Ok(found.all(connection).await?)
}

/// Most years of one cluster that are under way at once: the one that is ending, the one that begins, and one that was forgotten.
const UNFINISHED_MAX: u64 = 3;

/// The years of a cluster that are seen and not published, the oldest first.
pub async fn unfinished(
    connection: &impl ConnectionTrait,
    view: &View,
    cluster: Uuid,
) -> Result<Vec<emulation_year::Model>> {
    use emulation_year::Column::{ClusterId, Phase, Year};
    let found = visible(view)?
        .filter(ClusterId.eq(cluster))
        .filter(Phase.ne(YearPhase::Published))
        .order_by_asc(Year)
        .limit(UNFINISHED_MAX);
    Ok(found.all(connection).await?)
}
