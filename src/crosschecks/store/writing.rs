//! SQL of writing cross-checks, findings, draws and recusals. What is found here was found within somebody's reach before.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use thidua_entity::enums::{ScoreLayer, SheetState};
use thidua_entity::{
    cross_check, cross_check_draw, cross_check_finding, cross_check_recusal, score_entry, score_sheet,
};
use uuid::Uuid;

use crate::db;
use crate::error::{Error, Result};
use crate::version::{self, next};

/// Locks a cross-check until the transaction ends and reads it anew, whole.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<cross_check::Model> {
    let row = cross_check::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Locks all cross-checks of a year until the transaction ends.
pub async fn lock_all(tx: &impl ConnectionTrait, year: Uuid) -> Result<Vec<cross_check::Model>> {
    let rows = cross_check::Entity::find()
        .filter(cross_check::Column::YearId.eq(year))
        .order_by_asc(cross_check::Column::Id)
        .lock_exclusive();
    Ok(rows.all(tx).await?)
}

/// How many findings some cross-checks have, seen or not.
pub async fn count_findings(tx: &impl ConnectionTrait, checks: &[Uuid]) -> Result<u64> {
    let found = cross_check_finding::Entity::find()
        .filter(cross_check_finding::Column::CrossCheckId.is_in(checks.iter().copied()));
    Ok(found.count(tx).await?)
}

/// How many findings of a cross-check have no reply.
pub async fn count_unanswered(tx: &impl ConnectionTrait, check: Uuid) -> Result<u64> {
    let found = cross_check_finding::Entity::find()
        .filter(cross_check_finding::Column::CrossCheckId.eq(check))
        .filter(cross_check_finding::Column::Accepted.is_null());
    Ok(found.count(tx).await?)
}

/// The number of the last draw of a year; 0 when there is none.
pub async fn last_draw(tx: &impl ConnectionTrait, year: Uuid) -> Result<i32> {
    let last = cross_check_draw::Entity::find()
        .filter(cross_check_draw::Column::YearId.eq(year))
        .order_by_desc(cross_check_draw::Column::Number);
    Ok(last.one(tx).await?.map_or(0, |draw| draw.number))
}

/// Writes a draw.
pub async fn add_draw(
    tx: &impl ConnectionTrait,
    row: cross_check_draw::ActiveModel,
) -> Result<cross_check_draw::Model> {
    Ok(row.insert(tx).await?)
}

/// Writes who checks whom.
pub async fn add_checks(tx: &impl ConnectionTrait, rows: Vec<cross_check::ActiveModel>) -> Result<()> {
    cross_check::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// A unit whose score sheet has passed its cross-check in a year.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Finished {
    /// The year.
    pub year_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
}

/// The units of some years whose score sheets have passed their cross-check, whoever asks: the years were found before.
pub async fn finished(connection: &impl ConnectionTrait, years: &[Uuid]) -> Result<Vec<Finished>> {
    use score_sheet::Column::{State, UnitId, YearId};
    let passed = score_sheet::Entity::find()
        .select_only()
        .columns([YearId, UnitId])
        .filter(YearId.is_in(years.iter().copied()))
        .filter(State.is_not_in([SheetState::Draft, SheetState::SelfSubmitted]));
    Ok(passed.into_model().all(connection).await?)
}

/// The points that checkers gave with some cross-checks of a year and that stand. The sheets are kept for this transaction: points are
/// written with the sheet locked, so nobody gives any meanwhile.
pub async fn points(
    tx: &impl ConnectionTrait,
    year: Uuid,
    checks: &[cross_check::Model],
) -> Result<Vec<score_entry::Model>> {
    use score_entry::Column::{Layer, SheetId, Standing};
    let sheets = score_sheet::Entity::find()
        .filter(score_sheet::Column::YearId.eq(year))
        .filter(score_sheet::Column::UnitId.is_in(checks.iter().map(|check| check.checked_id)))
        .order_by_asc(score_sheet::Column::Id)
        .lock_exclusive();
    let sheets = sheets.all(tx).await?;
    let given = score_entry::Entity::find()
        .filter(SheetId.is_in(sheets.iter().map(|sheet| sheet.id)))
        .filter(Layer.eq(ScoreLayer::CrossCheck))
        .filter(Standing.eq(true))
        .order_by_asc(score_entry::Column::Id);
    let mut given = given.all(tx).await?;
    given.retain(|entry| {
        let sheet = sheets.iter().find(|sheet| sheet.id == entry.sheet_id);
        let of = |check: &cross_check::Model| {
            Some(check.checker_id) == entry.unit_id && sheet.is_some_and(|sheet| sheet.unit_id == check.checked_id)
        };
        checks.iter().any(of)
    });
    Ok(given)
}

/// Lets points of a checker stand no longer, whose sheets are locked; each sheet counts it as a change.
pub async fn take_points_back(
    tx: &impl ConnectionTrait,
    entries: &[score_entry::Model],
    at: DateTime<Utc>,
) -> Result<()> {
    use score_sheet::Column::{Id, UpdatedAt, Version};
    if entries.is_empty() {
        return Ok(());
    }
    score_entry::Entity::update_many()
        .col_expr(score_entry::Column::Standing, Expr::val(false))
        .filter(score_entry::Column::Id.is_in(entries.iter().map(|entry| entry.id)))
        .exec(tx)
        .await?;
    score_sheet::Entity::update_many()
        .col_expr(Version, version::next_of(Version))
        .col_expr(UpdatedAt, Expr::val(at))
        .filter(Id.is_in(entries.iter().map(|entry| entry.sheet_id)))
        .exec(tx)
        .await?;
    Ok(())
}

/// The findings of a cross-check that is locked, whole, the oldest first.
pub async fn whole_findings(tx: &impl ConnectionTrait, check: Uuid) -> Result<Vec<cross_check_finding::Model>> {
    let found = cross_check_finding::Entity::find()
        .filter(cross_check_finding::Column::CrossCheckId.eq(check))
        .order_by_asc(cross_check_finding::Column::Id);
    Ok(found.all(tx).await?)
}

/// Takes away all findings of a cross-check that is withdrawn.
pub async fn remove_findings(tx: &impl ConnectionTrait, check: Uuid) -> Result<()> {
    let these = cross_check_finding::Entity::delete_many().filter(cross_check_finding::Column::CrossCheckId.eq(check));
    these.exec(tx).await?;
    Ok(())
}

/// Takes away cross-checks, whose findings went before.
pub async fn remove_checks(tx: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    let these = cross_check::Entity::delete_many().filter(cross_check::Column::Id.is_in(ids.iter().copied()));
    these.exec(tx).await?;
    Ok(())
}

/// Writes a changed cross-check, if it still has the version and the state that were read.
pub async fn update(
    tx: &impl ConnectionTrait,
    read: &cross_check::Model,
    change: cross_check::ActiveModel,
) -> Result<cross_check::Model> {
    let row = cross_check::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = cross_check::Entity::update_many()
        .set(row)
        .filter(cross_check::Column::Id.eq(read.id))
        .filter(cross_check::Column::State.eq(read.state))
        .filter(cross_check::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let row = cross_check::Entity::find_by_id(read.id).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Writes a finding.
pub async fn add_finding(
    tx: &impl ConnectionTrait,
    row: cross_check_finding::ActiveModel,
) -> Result<cross_check_finding::Model> {
    Ok(row.insert(tx).await?)
}

/// Writes a changed finding, if it still has the version that was read.
pub async fn update_finding(
    tx: &impl ConnectionTrait,
    read: &cross_check_finding::Model,
    change: cross_check_finding::ActiveModel,
) -> Result<cross_check_finding::Model> {
    let row = cross_check_finding::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = cross_check_finding::Entity::update_many()
        .set(row)
        .filter(cross_check_finding::Column::Id.eq(read.id))
        .filter(cross_check_finding::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let row = cross_check_finding::Entity::find_by_id(read.id).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Reads a finding anew, whole: its cross-check is locked.
pub async fn finding(tx: &impl ConnectionTrait, id: Uuid) -> Result<cross_check_finding::Model> {
    let row = cross_check_finding::Entity::find_by_id(id).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Takes a finding away that was not sent.
pub async fn remove_finding(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let this = cross_check_finding::Entity::delete_many().filter(cross_check_finding::Column::Id.eq(id));
    this.exec(tx).await?;
    Ok(())
}

/// Writes a recusal.
pub async fn add_recusal(
    tx: &impl ConnectionTrait,
    row: cross_check_recusal::ActiveModel,
) -> Result<cross_check_recusal::Model> {
    Ok(row.insert(tx).await?)
}

/// Takes a recusal away.
pub async fn remove_recusal(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let this = cross_check_recusal::Entity::delete_many().filter(cross_check_recusal::Column::Id.eq(id));
    if this.exec(tx).await?.rows_affected == 1 {
        return Ok(());
    }
    Err(Error::NotFound)
}
