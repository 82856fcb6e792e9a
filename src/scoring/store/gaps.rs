//! SQL of what gaps over years are made of.

use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryResult};
use thidua_entity::enums::{ScoreLayer, SheetState};
use thidua_entity::{score_entry, score_sheet};
use uuid::Uuid;

use super::{View, visible};
use crate::error::Result;

/// The sheets of some years that are seen.
pub async fn of_years(
    connection: &impl ConnectionTrait,
    view: &View,
    years: &[Uuid],
) -> Result<Vec<score_sheet::Model>> {
    let found = visible(view)?.filter(score_sheet::Column::YearId.is_in(years.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The published sheets of some units, of whichever year, that are seen.
pub async fn published_of(
    connection: &impl ConnectionTrait,
    view: &View,
    units: &[Uuid],
) -> Result<Vec<score_sheet::Model>> {
    use score_sheet::Column::{State, UnitId};
    let found = visible(view)?
        .filter(State.eq(SheetState::Published))
        .filter(UnitId.is_in(units.iter().copied()));
    Ok(found.all(connection).await?)
}

/// That one unit checked the sheet of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedBy {
    /// The year.
    pub year: Uuid,
    /// Whose sheet it is.
    pub unit: Uuid,
    /// For which unit an entry of the cross-check was written that stands.
    pub checker: Uuid,
}

/// Who wrote the cross-checks of some years, once for each sheet and checker. The years were found before.
pub async fn checkers(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<CheckedBy>> {
    let entry = |column: score_entry::Column| Expr::col((score_entry::Entity, column));
    let sheet = |column: score_sheet::Column| Expr::col((score_sheet::Entity, column));
    let mut query = Query::select();
    query
        .distinct()
        .expr_as(sheet(score_sheet::Column::YearId), "year_id")
        .expr_as(sheet(score_sheet::Column::UnitId), "checked_id")
        .expr_as(entry(score_entry::Column::UnitId), "checker_id")
        .from(score_entry::Entity)
        .join(
            JoinType::InnerJoin,
            score_sheet::Entity,
            entry(score_entry::Column::SheetId).equals((score_sheet::Entity, score_sheet::Column::Id)),
        )
        .and_where(sheet(score_sheet::Column::YearId).is_in(years.iter().copied()))
        .and_where(entry(score_entry::Column::Layer).eq(ScoreLayer::CrossCheck))
        .and_where(entry(score_entry::Column::Standing).eq(true))
        .and_where(entry(score_entry::Column::UnitId).is_not_null());
    let rows = connection.query_all(&query).await?;
    let one = |row: &QueryResult| -> Result<CheckedBy, sea_orm::DbErr> {
        Ok(CheckedBy {
            year: row.try_get("", "year_id")?,
            unit: row.try_get("", "checked_id")?,
            checker: row.try_get("", "checker_id")?,
        })
    };
    Ok(rows.iter().map(one).collect::<Result<_, _>>()?)
}
