//! SQL of cross-checks, findings, draws and recusals. That a pair exists is seen by who sees the year; what was found by fewer:
//! `store/sight.rs`.

use sea_orm::sea_query::Order;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use thidua_entity::enums::CrossCheckState;
use thidua_entity::{cross_check, cross_check_draw, cross_check_finding, cross_check_recusal, emulation_year};
use uuid::Uuid;

use super::pairing::Pair;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::Resource;
use crate::units;
use crate::years::store::View;

mod sight;
mod writing;

pub use sight::{Sight, shown_version, sights};
pub use writing::*;

fn visible(view: &View) -> Result<Select<cross_check::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    let year = (cross_check::Entity, cross_check::Column::YearId);
    Ok(cross_check::Entity::find().filter(view.years(year)))
}

fn visible_draws(view: &View) -> Result<Select<cross_check_draw::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    let year = (cross_check_draw::Entity, cross_check_draw::Column::YearId);
    Ok(cross_check_draw::Entity::find().filter(view.years(year)))
}

fn visible_findings(view: &View) -> Result<Select<cross_check_finding::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    let shown = visible(view)?.filter(sight::shows_findings(view));
    let shown = shown.select_only().column(cross_check::Column::Id).into_query();
    Ok(cross_check_finding::Entity::find().filter(cross_check_finding::Column::CrossCheckId.in_subquery(shown)))
}

fn visible_recusals(view: &View) -> Result<Select<cross_check_recusal::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    Ok(cross_check_recusal::Entity::find().filter(sight::shows_recusals(view)))
}

/// One cross-check, if its year is seen; without what was found and written down where the caller does not see that.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<cross_check::Model> {
    let found = find_many(connection, view, &[id]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Cross-checks by id, those whose years are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<cross_check::Model>> {
    let found = visible(view)?.filter(cross_check::Column::Id.is_in(ids.iter().copied()));
    sight::masked(connection, view, found.all(connection).await?).await
}

/// The cross-checks of some years that are seen and have no minutes yet.
pub async fn unfinished(connection: &impl ConnectionTrait, view: &View, years: &[Uuid]) -> Result<Vec<Uuid>> {
    use cross_check::Column::{Id, State, YearId};
    let ids = visible(view)?
        .select_only()
        .column(Id)
        .filter(YearId.is_in(years.iter().copied()))
        .filter(State.ne(CrossCheckState::Minuted))
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(ids.into_tuple().all(connection).await?)
}

/// The findings of some years that are seen and wait for replies. A reply that is drafted and not sent does not show.
pub async fn awaiting_reply(connection: &impl ConnectionTrait, view: &View, years: &[Uuid]) -> Result<Vec<Uuid>> {
    use cross_check::Column::{State, YearId};
    use cross_check_finding::Column::{CrossCheckId, Id};
    let waiting = cross_check::Entity::find()
        .select_only()
        .column(cross_check::Column::Id)
        .filter(YearId.is_in(years.iter().copied()))
        .filter(State.eq(CrossCheckState::FindingsSent));
    let ids = visible_findings(view)?
        .select_only()
        .column(Id)
        .filter(CrossCheckId.in_subquery(waiting.into_query()))
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(ids.into_tuple().all(connection).await?)
}

/// Which cross-checks a list shows.
#[derive(Clone, Debug, Default)]
pub struct CrossCheckFilter {
    /// Only those of this year.
    pub year: Option<Uuid>,
    /// Only those that this unit makes.
    pub checker: Option<Uuid>,
    /// Only those in which this unit is checked.
    pub checked: Option<Uuid>,
    /// Only those in this state.
    pub state: Option<CrossCheckState>,
}

/// A page of the cross-checks whose years are seen, as they were assigned, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &CrossCheckFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<cross_check::Model>, Option<u64>)> {
    use cross_check::Column::{CheckedId, CheckerId, Id, State, YearId};
    let mut select = visible(view)?;
    if let Some(year) = filter.year {
        // Of a year that is not seen there is none here.
        select = select.filter(YearId.eq(year));
    }
    for (column, unit) in [(CheckerId, filter.checker), (CheckedId, filter.checked)] {
        if let Some(unit) = unit {
            select = select
                .filter(column.eq(unit))
                .filter(units::store::is_seen(&view.reach, unit, view.today));
        }
    }
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    let sorting = Sorting::by_id((cross_check::Entity, Id), Order::Asc, |row: &cross_check::Model| {
        vec![SortValue::Id(row.id)]
    });
    let (page, total) = db::listed(connection, select, &sorting, args, count).await?;
    let (rows, page) = page.taken_apart();
    Ok((page.with(sight::masked(connection, view, rows).await?), total))
}

/// The findings of some cross-checks that are seen, the oldest first; replies only where they are seen too.
pub async fn findings(
    connection: &impl ConnectionTrait,
    view: &View,
    checks: &[Uuid],
) -> Result<Vec<cross_check_finding::Model>> {
    let found = visible_findings(view)?
        .filter(cross_check_finding::Column::CrossCheckId.is_in(checks.iter().copied()))
        .order_by_asc(cross_check_finding::Column::Id);
    sight::without_hidden_replies(connection, view, found.all(connection).await?).await
}

/// One finding, if it is seen.
pub async fn find_finding(
    connection: &impl ConnectionTrait,
    view: &View,
    id: Uuid,
) -> Result<cross_check_finding::Model> {
    let found = visible_findings(view)?.filter(cross_check_finding::Column::Id.eq(id));
    let found = sight::without_hidden_replies(connection, view, found.all(connection).await?).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// One draw, if its year is seen.
pub async fn find_draw(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<cross_check_draw::Model> {
    let found = visible_draws(view)?.filter(cross_check_draw::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Draws by id, those whose years are seen.
pub async fn find_draws(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<cross_check_draw::Model>> {
    let found = visible_draws(view)?.filter(cross_check_draw::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The draws of a year, the newest first, if the year is seen.
pub async fn draws(connection: &impl ConnectionTrait, view: &View, year: Uuid) -> Result<Vec<cross_check_draw::Model>> {
    let found = visible_draws(view)?
        .filter(cross_check_draw::Column::YearId.eq(year))
        .order_by_desc(cross_check_draw::Column::Number);
    Ok(found.all(connection).await?)
}

/// The recusals of a year that are seen, as they were recorded.
pub async fn recusals(
    connection: &impl ConnectionTrait,
    view: &View,
    year: Uuid,
) -> Result<Vec<cross_check_recusal::Model>> {
    let found = visible_recusals(view)?
        .filter(cross_check_recusal::Column::YearId.eq(year))
        .order_by_asc(cross_check_recusal::Column::Id);
    Ok(found.all(connection).await?)
}

/// One recusal, if it is seen.
pub async fn find_recusal(
    connection: &impl ConnectionTrait,
    view: &View,
    id: Uuid,
) -> Result<cross_check_recusal::Model> {
    let found = visible_recusals(view)?.filter(cross_check_recusal::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// The cross-checks that some units make in a year, whoever asks: the year was found before.
pub async fn assigned(
    connection: &impl ConnectionTrait,
    year: Uuid,
    checkers: &[Uuid],
) -> Result<Vec<cross_check::Model>> {
    use cross_check::Column::{CheckerId, Id, YearId};
    let found = cross_check::Entity::find()
        .filter(YearId.eq(year))
        .filter(CheckerId.is_in(checkers.iter().copied()))
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// The cross-checks in which some units are checked in a year, whoever asks: the year was found before.
pub async fn of_checked(
    connection: &impl ConnectionTrait,
    year: Uuid,
    checked: &[Uuid],
) -> Result<Vec<cross_check::Model>> {
    use cross_check::Column::{CheckedId, Id, YearId};
    let found = cross_check::Entity::find()
        .filter(YearId.eq(year))
        .filter(CheckedId.is_in(checked.iter().copied()))
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// Who checked whom in the year of a cluster that is called after this number, whoever asks.
pub async fn pairs_of(connection: &impl ConnectionTrait, cluster: Uuid, year: i32) -> Result<Vec<Pair>> {
    use cross_check::Column::{CheckedId, CheckerId, YearId};
    let of_cluster = emulation_year::Entity::find()
        .select_only()
        .column(emulation_year::Column::Id)
        .filter(emulation_year::Column::ClusterId.eq(cluster))
        .filter(emulation_year::Column::Year.eq(year));
    let pairs = cross_check::Entity::find()
        .select_only()
        .columns([CheckerId, CheckedId])
        .filter(YearId.in_subquery(of_cluster.into_query()));
    Ok(pairs.into_tuple().all(connection).await?)
}

/// Who does not check whom in a year, whoever asks: the year was found before.
pub async fn recused(connection: &impl ConnectionTrait, year: Uuid) -> Result<Vec<Pair>> {
    use cross_check_recusal::Column::{CheckedId, CheckerId, YearId};
    let pairs = cross_check_recusal::Entity::find()
        .select_only()
        .columns([CheckerId, CheckedId])
        .filter(YearId.eq(year));
    Ok(pairs.into_tuple().all(connection).await?)
}

/// Who was assigned to check whom by hand in a year, whoever asks: the year was found before.
pub async fn assigned_by_hand(connection: &impl ConnectionTrait, year: Uuid) -> Result<Vec<Pair>> {
    use cross_check::Column::{CheckedId, CheckerId, DrawId, YearId};
    let pairs = cross_check::Entity::find()
        .select_only()
        .columns([CheckerId, CheckedId])
        .filter(YearId.eq(year))
        .filter(DrawId.is_null());
    Ok(pairs.into_tuple().all(connection).await?)
}
