//! SQL of entries of score sheets. An entry is never changed: what takes its place is another edition.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use thidua_entity::enums::{ScoreLayer, ScoreSubject};
use thidua_entity::{score_entry, score_sheet};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::version;

/// Entries of some sheets that stand. Give it only sheets that are seen, and show of them only what `sight` lets.
pub async fn standing(connection: &impl ConnectionTrait, sheets: &[Uuid]) -> Result<Vec<score_entry::Model>> {
    let found = score_entry::Entity::find()
        .filter(score_entry::Column::SheetId.is_in(sheets.iter().copied()))
        .filter(score_entry::Column::Standing.eq(true))
        .order_by_asc(score_entry::Column::Id);
    Ok(found.all(connection).await?)
}

/// Entries of some sheets with all editions, the oldest first. Give it only sheets that are seen, and show of them only what `sight`
/// lets.
pub async fn editions(connection: &impl ConnectionTrait, sheets: &[Uuid]) -> Result<Vec<score_entry::Model>> {
    let found = score_entry::Entity::find()
        .filter(score_entry::Column::SheetId.is_in(sheets.iter().copied()))
        .order_by_asc(score_entry::Column::Id);
    Ok(found.all(connection).await?)
}

/// The last edition of everything that a layer wrote in a sheet, those taken back included.
pub async fn last_editions(
    connection: &impl ConnectionTrait,
    sheet: Uuid,
    layer: ScoreLayer,
) -> Result<Vec<(ScoreSubject, String, i32)>> {
    use score_entry::Column::{Code, Edition, Layer, SheetId, Subject};
    let found = score_entry::Entity::find()
        .select_only()
        .columns([Subject, Code])
        .column_as(Edition.max(), "edition")
        .filter(SheetId.eq(sheet))
        .filter(Layer.eq(layer))
        .group_by(Subject)
        .group_by(Code);
    Ok(found.into_tuple().all(connection).await?)
}

/// Lets some entries stand no longer; each must have stood.
pub async fn withdraw(tx: &impl ConnectionTrait, entries: &[Uuid]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let changed = score_entry::Entity::update_many()
        .col_expr(score_entry::Column::Standing, Expr::val(false))
        .filter(score_entry::Column::Id.is_in(entries.iter().copied()))
        .filter(score_entry::Column::Standing.eq(true))
        .exec(tx)
        .await?;
    if changed.rows_affected == entries.len() as u64 {
        return Ok(());
    }
    // The sheet is locked while its entries are written, so nobody was faster.
    Err(Error::internal("an entry was withdrawn twice"))
}

/// Writes entries.
pub async fn insert(tx: &impl ConnectionTrait, entries: Vec<score_entry::ActiveModel>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    score_entry::Entity::insert_many(entries)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Counts a change of the entries of a sheet.
pub async fn touched(
    tx: &impl ConnectionTrait,
    sheet: &score_sheet::Model,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<score_sheet::Model> {
    use score_sheet::Column::{Id, UpdatedAt, Version};
    let changed = score_sheet::Entity::update_many()
        .col_expr(Version, Expr::val(version::next(sheet.version)))
        .col_expr(UpdatedAt, Expr::val(at))
        .filter(Id.eq(sheet.id))
        .filter(Version.eq(sheet.version))
        .exec(tx)
        .await?;
    crate::db::one_changed(changed.rows_affected, sheet.version)?;
    Ok(score_sheet::Model {
        version: version::next(sheet.version),
        updated_at: at,
        ..sheet.clone()
    })
}
