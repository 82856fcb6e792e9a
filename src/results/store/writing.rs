//! Writes of results and rulings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use thidua_entity::enums::ResultState;
use thidua_entity::{
    quota_ruling, result, result_grade, result_snapshot, result_unit, tie_settlement, tie_settlement_unit, unit,
};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::reckoning::Band;
use crate::results::rows::Row;
use crate::version::next;

/// Rows that are written with one statement.
const CHUNK: usize = 500;

/// Writes a result with its snapshot, the grades that there are, the best first, and the rows of its units.
pub async fn insert(
    tx: &impl ConnectionTrait,
    result: result::ActiveModel,
    snapshot: Vec<u8>,
    bands: &[Band],
    rows: &[Row],
    units: &HashMap<Uuid, unit::Model>,
) -> Result<result::Model> {
    let result = result.insert(tx).await?;
    let content = result_snapshot::ActiveModel {
        result_id: Set(result.id),
        content: Set(snapshot),
    };
    result_snapshot::Entity::insert(content)
        .exec_without_returning(tx)
        .await?;
    let grades = (1..).zip(bands).map(|(order, band)| result_grade::ActiveModel {
        result_id: Set(result.id),
        grade: Set(band.grade.clone()),
        title: Set(band.title.vi.clone()),
        grade_order: Set(order),
    });
    result_grade::Entity::insert_many(grades)
        .exec_without_returning(tx)
        .await?;
    let mut written = Vec::with_capacity(rows.len());
    for row in rows {
        let id = Kind::Unit.parse(&row.unit)?;
        let unit = units
            .get(&id)
            .ok_or_else(|| Error::internal("a unit of a result is not there"))?;
        let (grade, title, order) = match row.grade.clone() {
            Some((grade, title, order)) => (Some(grade), Some(title), Some(order)),
            None => (None, None, None),
        };
        written.push(result_unit::ActiveModel {
            result_id: Set(result.id),
            unit_id: Set(id),
            name: Set(row.name.clone()),
            sector: Set(unit.sector),
            province_id: Set(unit.province_id),
            standing: Set(row.standing),
            grade: Set(grade),
            grade_title: Set(title),
            grade_order: Set(order),
            points: Set(row.points),
            place: Set(row.place),
            position: Set(row.position),
            moved: Set(row.moved),
        });
    }
    for chunk in written.chunks(CHUNK) {
        result_unit::Entity::insert_many(chunk.iter().cloned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(result)
}

/// The number of the next result of a year, which is locked.
pub async fn next_number(tx: &impl ConnectionTrait, year: Uuid) -> Result<i32> {
    let last: Option<Option<i32>> = result::Entity::find()
        .filter(result::Column::YearId.eq(year))
        .select_only()
        .column_as(result::Column::Number.max(), "last")
        .into_tuple()
        .one(tx)
        .await?;
    Ok(next(last.flatten().unwrap_or_default()))
}

/// Publishes a result, if it still has the version that was read and is not published. It is never written again.
pub async fn publish(
    tx: &impl ConnectionTrait,
    read: &result::Model,
    actor: &Actor,
    at: DateTime<Utc>,
) -> Result<result::Model> {
    use result::Column::{Id, PublishedAt, PublishedBy, PublishedFor, State, Version};
    let changed = result::Entity::update_many()
        .col_expr(State, Expr::val(ResultState::Published))
        .col_expr(PublishedAt, Expr::val(at))
        .col_expr(PublishedBy, Expr::val(actor.recorded_as()))
        .col_expr(PublishedFor, Expr::val(actor.acting_for()))
        .col_expr(Version, Expr::val(next(read.version)))
        .filter(Id.eq(read.id))
        .filter(State.eq(ResultState::Computed))
        .filter(Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let published = result::Entity::find_by_id(read.id).one(tx).await?;
    published.ok_or(Error::NotFound)
}

/// How many rulings a unit has made for a year; the unit is locked.
pub async fn count_rulings(tx: &impl ConnectionTrait, unit: Uuid, year: i32) -> Result<u64> {
    let made = quota_ruling::Entity::find()
        .filter(quota_ruling::Column::UnitId.eq(unit))
        .filter(quota_ruling::Column::Year.eq(year));
    Ok(made.count(tx).await?)
}

/// Writes an order given to units, the first of which stands before the others.
pub async fn settle(
    tx: &impl ConnectionTrait,
    row: tie_settlement::ActiveModel,
    units: &[Uuid],
) -> Result<tie_settlement::Model> {
    let row = row.insert(tx).await?;
    let ordered = (1..)
        .zip(units)
        .map(|(position, unit)| tie_settlement_unit::ActiveModel {
            settlement_id: Set(row.id),
            unit_id: Set(*unit),
            position: Set(position),
        });
    tie_settlement_unit::Entity::insert_many(ordered)
        .exec_without_returning(tx)
        .await?;
    Ok(row)
}
