//! SQL of conferences. A conference of a cluster is seen by who sees the cluster; of a unit that has left the cluster, only those of days on
//! which it belonged to it. One of a council is seen by who sees the council.

use sea_orm::sea_query::Expr;
use sea_orm::sea_query::{IntoColumnRef, Order, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, Set,
};
use thidua_entity::enums::{BallotState, ConferenceState};
use thidua_entity::{ballot, conference, conference_attendance, conference_item};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::Resource;
use crate::version::next;
use crate::years::store::View;
use crate::{clusters, councils};

fn in_sight(view: &View) -> Condition {
    use conference::Column::{ClusterId, CouncilId, HeldOn};
    if view.reach.everything {
        return Condition::all();
    }
    let day = (conference::Entity, HeldOn);
    let of_cluster = clusters::store::of_seen_in(&view.reach, (conference::Entity, ClusterId), (day, day), view.today);
    Condition::any()
        .add(of_cluster)
        .add(councils::store::of_seen(view, (conference::Entity, CouncilId)))
}

fn visible(view: &View) -> Result<Select<conference::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    Ok(conference::Entity::find().filter(in_sight(view)))
}

/// Restricts a column that holds a conference to those that are seen.
pub fn of_seen(view: &View, column: impl IntoColumnRef) -> Condition {
    let seen = Query::select()
        .column(conference::Column::Id)
        .from(conference::Entity)
        .cond_where(in_sight(view))
        .to_owned();
    Condition::all().add(Expr::col(column.into_column_ref()).in_subquery(seen))
}

/// One conference, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<conference::Model> {
    let found = visible(view)?.filter(conference::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Conferences by id, those that are seen.
pub async fn find_many(connection: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<conference::Model>> {
    let found = visible(view)?.filter(conference::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Conferences by id, whoever asks: what was found before names them.
pub async fn plain(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<conference::Model>> {
    let found = conference::Entity::find().filter(conference::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The conferences of a cluster that are seen and not closed, the earliest day first.
pub async fn unfinished(
    connection: &impl ConnectionTrait,
    view: &View,
    cluster: Uuid,
) -> Result<Vec<conference::Model>> {
    use conference::Column::{ClusterId, HeldOn, Id, State};
    let found = visible(view)?
        .filter(ClusterId.eq(cluster))
        .filter(State.ne(ConferenceState::Closed))
        .order_by_asc(HeldOn)
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(found.all(connection).await?)
}

/// Which conferences a list shows.
#[derive(Clone, Debug, Default)]
pub struct ConferenceFilter {
    /// Only those of this cluster.
    pub cluster: Option<Uuid>,
    /// Only those of this council.
    pub council: Option<Uuid>,
    /// Only those about this emulation year.
    pub year: Option<Uuid>,
    /// Only those in this state.
    pub state: Option<ConferenceState>,
}

/// A page of the conferences that are seen, the latest day first, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &ConferenceFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<conference::Model>, Option<u64>)> {
    use conference::Column::{ClusterId, CouncilId, HeldOn, Id, State, YearId};
    let mut select = visible(view)?;
    if let Some(cluster) = filter.cluster {
        let seen = clusters::store::is_seen(&view.reach.by_place(), cluster, view.today)?;
        select = select.filter(ClusterId.eq(cluster)).filter(seen);
    }
    if let Some(council) = filter.council {
        let seen = councils::store::is_seen(view, council);
        select = select.filter(CouncilId.eq(council)).filter(seen);
    }
    if let Some(year) = filter.year {
        select = select
            .filter(YearId.eq(year))
            .filter(view.years((conference::Entity, YearId)));
    }
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    let day = (conference::Entity, HeldOn);
    let sorting = Sorting::by(
        (day, SortValue::Day(view.today)),
        (conference::Entity, Id),
        Order::Desc,
        |row: &conference::Model| vec![SortValue::Day(row.held_on), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// The agendas of some conferences, in their order.
pub async fn items(connection: &impl ConnectionTrait, conferences: &[Uuid]) -> Result<Vec<conference_item::Model>> {
    use conference_item::Column::{ConferenceId, Position};
    let found = conference_item::Entity::find()
        .filter(ConferenceId.is_in(conferences.iter().copied()))
        .order_by_asc(Position);
    Ok(found.all(connection).await?)
}

/// Who is there at some conferences, as far as they were opened.
pub async fn attendance(
    connection: &impl ConnectionTrait,
    conferences: &[Uuid],
) -> Result<Vec<conference_attendance::Model>> {
    use conference_attendance::Column::{ConferenceId, VoterId};
    let found = conference_attendance::Entity::find()
        .filter(ConferenceId.is_in(conferences.iter().copied()))
        .order_by_asc(VoterId);
    Ok(found.all(connection).await?)
}

/// Locks a conference until the transaction ends and reads it anew, so that its roll and its ballots are written one after the other.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<conference::Model> {
    let row = conference::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Writes a conference.
pub async fn add(tx: &impl ConnectionTrait, row: conference::ActiveModel) -> Result<conference::Model> {
    Ok(row.insert(tx).await?)
}

/// Writes a changed conference, if it still has the version that was read.
pub async fn update(
    tx: &impl ConnectionTrait,
    read: &conference::Model,
    change: conference::ActiveModel,
) -> Result<conference::Model> {
    let row = conference::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = conference::Entity::update_many()
        .set(row)
        .filter(conference::Column::Id.eq(read.id))
        .filter(conference::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let row = conference::Entity::find_by_id(read.id).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Writes the agenda of a conference in the place of what was written before.
pub async fn put_items(tx: &impl ConnectionTrait, conference: Uuid, items: &[String]) -> Result<()> {
    use conference_item::Column::ConferenceId;
    let former = conference_item::Entity::delete_many().filter(ConferenceId.eq(conference));
    former.exec(tx).await?;
    let rows = (1..).zip(items).map(|(position, text)| conference_item::ActiveModel {
        conference_id: Set(conference),
        position: Set(position),
        text: Set(text.clone()),
    });
    if !items.is_empty() {
        conference_item::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Writes who is there at a conference in the place of what was written of the same members before.
pub async fn put_attendance(
    tx: &impl ConnectionTrait,
    conference: Uuid,
    rows: Vec<conference_attendance::ActiveModel>,
    voters: &[Uuid],
) -> Result<()> {
    use conference_attendance::Column::{ConferenceId, VoterId};
    let former = conference_attendance::Entity::delete_many()
        .filter(ConferenceId.eq(conference))
        .filter(VoterId.is_in(voters.iter().copied()));
    former.exec(tx).await?;
    if !rows.is_empty() {
        conference_attendance::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// How many ballots of a conference are in one of these states.
pub async fn count_ballots(tx: &impl ConnectionTrait, conference: Uuid, states: &[BallotState]) -> Result<u64> {
    let found = ballot::Entity::find()
        .filter(ballot::Column::ConferenceId.eq(conference))
        .filter(ballot::Column::State.is_in(states.iter().copied()));
    Ok(found.count(tx).await?)
}
