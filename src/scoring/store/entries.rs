//! SQL of entries of score sheets. An entry is never changed: what takes its place is another edition.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
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

/// Most editions of one thing that are shown.
const EDITIONS_SHOWN: i32 = 100;

/// What each layer wrote lately about some criteria or declarations of sheets, each by sheet and code, the oldest first. Give it only
/// sheets that are seen, and show of them only what `sight` lets.
pub async fn editions(connection: &impl ConnectionTrait, of: &[(Uuid, String)]) -> Result<Vec<score_entry::Model>> {
    use score_entry::Column::{Code, Edition, Id, Layer, SheetId, Subject};
    let later = Alias::new("later");
    let this = |column: score_entry::Column| Expr::col((score_entry::Entity, column));
    let other = |column: score_entry::Column| Expr::col((later.clone(), column));
    let mut hundredth = Query::select();
    hundredth
        .expr(Expr::val(1))
        .from_as(score_entry::Entity, later.clone())
        .and_where(other(Edition).gte(this(Edition).add(EDITIONS_SHOWN)));
    for column in [SheetId, Layer, Subject, Code] {
        hundredth.and_where(other(column).equals((score_entry::Entity, column)));
    }
    let these = Expr::tuple([this(SheetId), this(Code)]).in_tuples(of.iter().cloned());
    let found = score_entry::Entity::find()
        .filter(these)
        .filter(Expr::exists(hundredth).not())
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// Who wrote what stands in some sheets: sheet, layer, and the accounts that did it and for whom.
pub async fn writers(
    connection: &impl ConnectionTrait,
    sheets: &[Uuid],
) -> Result<Vec<(Uuid, ScoreLayer, Option<Uuid>, Option<Uuid>)>> {
    use score_entry::Column::{Layer, SheetId, Standing, WrittenBy, WrittenFor};
    let found = score_entry::Entity::find()
        .select_only()
        .columns([SheetId, Layer, WrittenBy, WrittenFor])
        .filter(SheetId.is_in(sheets.iter().copied()))
        .filter(Standing.eq(true))
        .distinct();
    Ok(found.into_tuple().all(connection).await?)
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
