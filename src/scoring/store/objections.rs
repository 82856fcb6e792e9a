//! SQL of objections. One is seen by who sees its sheet closely.

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use thidua_entity::{objection, score_sheet};
use uuid::Uuid;

use super::{View, ids_seen_closely};
use crate::error::{Error, Result};
use crate::{db, version};

/// One objection, if its sheet is seen closely.
pub async fn find_objection(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<objection::Model> {
    let found = find_objections(connection, view, &[id]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Objections by id, those whose sheets are seen closely.
pub async fn find_objections(
    connection: &impl ConnectionTrait,
    view: &View,
    ids: &[Uuid],
) -> Result<Vec<objection::Model>> {
    let found = objection::Entity::find()
        .filter(objection::Column::Id.is_in(ids.iter().copied()))
        .filter(objection::Column::SheetId.in_subquery(ids_seen_closely(view)?));
    Ok(found.all(connection).await?)
}

/// The objections to some sheets, the oldest first. Show them only to who sees the sheets closely.
pub async fn objections(connection: &impl ConnectionTrait, sheets: &[Uuid]) -> Result<Vec<objection::Model>> {
    let found = objection::Entity::find()
        .filter(objection::Column::SheetId.is_in(sheets.iter().copied()))
        .order_by_asc(objection::Column::Id);
    Ok(found.all(connection).await?)
}

/// The objections to sheets of some years that wait for an answer, those whose sheets are seen closely.
pub async fn unanswered(connection: &impl ConnectionTrait, view: &View, years: &[Uuid]) -> Result<Vec<Uuid>> {
    use objection::Column::{Id, Outcome, SheetId};
    let of_years = Query::select()
        .column(score_sheet::Column::Id)
        .from(score_sheet::Entity)
        .and_where(score_sheet::Column::YearId.is_in(years.iter().copied()))
        .to_owned();
    let ids = objection::Entity::find()
        .select_only()
        .column(Id)
        .filter(SheetId.in_subquery(ids_seen_closely(view)?))
        .filter(SheetId.in_subquery(of_years))
        .filter(Outcome.is_null())
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(ids.into_tuple().all(connection).await?)
}

/// Writes an objection that has the version that was read.
pub async fn update_objection(
    tx: &impl ConnectionTrait,
    read: &objection::Model,
    change: objection::ActiveModel,
) -> Result<objection::Model> {
    let change = objection::ActiveModel {
        version: Set(version::next(read.version)),
        ..change
    };
    let changed = objection::Entity::update_many()
        .set(change)
        .filter(objection::Column::Id.eq(read.id))
        .filter(objection::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let found = objection::Entity::find_by_id(read.id).one(tx).await?;
    found.ok_or(Error::NotFound)
}
