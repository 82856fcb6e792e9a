//! SQL of criteria sets and their versions. A set of a unit is seen by who uses it: the units below, and those above; a set of a cluster
//! by who sees the cluster. A draft is seen by who writes it and by who stands above; a set that is nothing but a draft likewise.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select,
};
use thidua_entity::enums::CriteriaSetState;
use thidua_entity::{criteria_set, criteria_set_content, criteria_set_version};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{self, Action, Reach, Resource};
use crate::{clusters, text, units};

mod writing;
pub use writing::*;

/// Who sees, on which day.
#[derive(Clone, Debug)]
pub struct View {
    reach: Reach,
    /// Clusters whose sets the caller writes.
    writes: Vec<Uuid>,
    today: NaiveDate,
}

impl View {
    /// What a caller sees on a day.
    pub fn of(actor: &Actor, today: NaiveDate) -> Self {
        Self {
            reach: policy::reach(actor),
            writes: policy::reach_for(actor, Action::CriteriaManage).clusters,
            today,
        }
    }

    /// What nobody in particular sees: nothing.
    pub fn nobody(today: NaiveDate) -> Self {
        Self {
            reach: Reach::default(),
            writes: Vec::new(),
            today,
        }
    }

    /// Sets whose owner lets the caller see what is published.
    fn in_sight(&self) -> Condition {
        let unit = (criteria_set::Entity, criteria_set::Column::UnitId);
        let cluster = (criteria_set::Entity, criteria_set::Column::ClusterId);
        if self.reach.everything {
            return Condition::all();
        }
        Condition::any()
            .add(units::store::owners(&self.reach, unit, self.today))
            .add(clusters::store::of_seen(&self.reach, cluster, self.today))
    }

    /// Sets of which the caller sees the draft too: it writes them, or stands above their owner.
    fn drafts_in_sight(&self) -> Condition {
        let unit = (criteria_set::Entity, criteria_set::Column::UnitId);
        let cluster = (criteria_set::Entity, criteria_set::Column::ClusterId);
        if self.reach.everything {
            return Condition::all();
        }
        let clusters = clusters::store::of_those_below(&self.reach, &self.writes, cluster, self.today);
        Condition::any()
            .add(units::store::within_subtree(&self.reach, unit, self.today))
            .add(clusters)
    }
}

fn visible(view: &View) -> Result<Select<criteria_set::Entity>> {
    view.reach.shows(Resource::Criteria)?;
    let published = Query::select()
        .column(criteria_set_version::Column::SetId)
        .from(criteria_set_version::Entity)
        .and_where(criteria_set_version::Column::State.ne(CriteriaSetState::Draft))
        .to_owned();
    let id = Expr::col((criteria_set::Entity, criteria_set::Column::Id));
    Ok(criteria_set::Entity::find().filter(view.in_sight()).filter(
        Condition::any()
            .add(view.drafts_in_sight())
            .add(id.in_subquery(published)),
    ))
}

fn visible_versions(view: &View) -> Result<Select<criteria_set_version::Entity>> {
    view.reach.shows(Resource::Criteria)?;
    let sets = |which: Condition| -> SelectStatement {
        Query::select()
            .column(criteria_set::Column::Id)
            .from(criteria_set::Entity)
            .cond_where(which)
            .to_owned()
    };
    use criteria_set_version::Column::{SetId, State};
    let published = Condition::all()
        .add(State.ne(CriteriaSetState::Draft))
        .add(SetId.in_subquery(sets(view.in_sight())));
    let drafts = SetId.in_subquery(sets(view.drafts_in_sight()));
    Ok(criteria_set_version::Entity::find().filter(Condition::any().add(published).add(drafts)))
}

/// One set, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<criteria_set::Model> {
    let found = visible(view)?.filter(criteria_set::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Sets by id, those that are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<criteria_set::Model>> {
    let found = visible(view)?.filter(criteria_set::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// One version, if it is seen.
pub async fn find_version(
    connection: &impl ConnectionTrait,
    view: &View,
    id: Uuid,
) -> Result<criteria_set_version::Model> {
    let found = visible_versions(view)?.filter(criteria_set_version::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Versions by id, those that are seen.
pub async fn find_versions(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<criteria_set_version::Model>> {
    let found = visible_versions(view)?.filter(criteria_set_version::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Versions of some sets that are seen, the newest first.
pub async fn versions_of(
    connection: &impl ConnectionTrait,
    view: &View,
    sets: &[Uuid],
) -> Result<Vec<criteria_set_version::Model>> {
    let found = visible_versions(view)?
        .filter(criteria_set_version::Column::SetId.is_in(sets.iter().copied()))
        .order_by_desc(criteria_set_version::Column::Number);
    Ok(found.all(connection).await?)
}

/// What some versions hold, whoever asks: the versions were found before.
pub async fn contents(
    connection: &impl ConnectionTrait,
    versions: &[Uuid],
) -> Result<Vec<criteria_set_content::Model>> {
    let found = criteria_set_content::Entity::find()
        .filter(criteria_set_content::Column::VersionId.is_in(versions.iter().copied()));
    Ok(found.all(connection).await?)
}

/// From which set some versions come, whoever asks: the one that theirs adapts, else their own.
pub async fn families(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    let mut query = Query::select();
    query
        .expr_as(
            Expr::col((criteria_set_version::Entity, criteria_set_version::Column::Id)),
            "version_id",
        )
        .column((criteria_set::Entity, criteria_set::Column::Id))
        .column((criteria_set::Entity, criteria_set::Column::BaseId))
        .from(criteria_set_version::Entity)
        .join(
            JoinType::InnerJoin,
            criteria_set::Entity,
            Expr::col((criteria_set_version::Entity, criteria_set_version::Column::SetId))
                .equals((criteria_set::Entity, criteria_set::Column::Id)),
        )
        .and_where(
            Expr::col((criteria_set_version::Entity, criteria_set_version::Column::Id)).is_in(versions.iter().copied()),
        );
    let rows = connection.query_all(&query).await?;
    let family = |row: &QueryResult| -> Result<(Uuid, Uuid), sea_orm::DbErr> {
        let base: Option<Uuid> = row.try_get("", "base_id")?;
        Ok((
            row.try_get("", "version_id")?,
            base.map_or_else(|| row.try_get("", "id"), Ok)?,
        ))
    };
    Ok(rows.iter().map(family).collect::<Result<_, _>>()?)
}

/// Which sets a list shows.
#[derive(Clone, Debug, Default)]
pub struct CriteriaSetFilter {
    /// Part of the code or the name, without regard to case and accents.
    pub search: Option<String>,
    /// Only those with this code.
    pub code: Option<String>,
    /// Only those that this unit issues.
    pub unit: Option<Uuid>,
    /// Only those of this cluster.
    pub cluster: Option<Uuid>,
    /// Only those that adapt this set.
    pub base: Option<Uuid>,
}

/// A page of the sets that are seen, by code, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &CriteriaSetFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<criteria_set::Model>, Option<u64>)> {
    use criteria_set::Column::{BaseId, ClusterId, Code, Id, SearchKey, UnitId};
    let mut select = visible(view)?;
    if let Some(search) = &filter.search {
        for word in text::query_words(search) {
            select = select.filter(SearchKey.contains(word));
        }
    }
    if let Some(code) = &filter.code {
        select = select.filter(Code.eq(code));
    }
    if let Some(unit) = filter.unit {
        select = select
            .filter(UnitId.eq(unit))
            .filter(units::store::is_seen(&view.reach, unit, view.today));
    }
    if let Some(cluster) = filter.cluster {
        // Sets of clusters that are not seen are none either.
        select = select.filter(ClusterId.eq(cluster));
    }
    if let Some(base) = filter.base {
        let seen = visible(view)?.filter(Id.eq(base)).select_only().column(Id);
        select = select.filter(BaseId.in_subquery(seen.into_query()));
    }
    let sorting = Sorting::by(
        ((criteria_set::Entity, Code), SortValue::Text(String::new())),
        (criteria_set::Entity, Id),
        Order::Asc,
        |row: &criteria_set::Model| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}
