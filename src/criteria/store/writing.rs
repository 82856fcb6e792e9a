//! SQL of writing criteria sets.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use thidua_entity::enums::CriteriaSetState;
use thidua_entity::{criteria_set, criteria_set_content, criteria_set_version};
use uuid::Uuid;

use crate::db;
use crate::error::{Error, Result};
use crate::version::next;

/// Locks a set's row until the transaction ends, so that two writers of its versions wait for each other.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    criteria_set::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(())
}

/// All versions of a set, the newest first, for who writes it.
pub async fn all_versions(tx: &impl ConnectionTrait, set: Uuid) -> Result<Vec<criteria_set_version::Model>> {
    let versions = criteria_set_version::Entity::find()
        .filter(criteria_set_version::Column::SetId.eq(set))
        .order_by_desc(criteria_set_version::Column::Number);
    Ok(versions.all(tx).await?)
}

/// One version, whoever asks: what a version found before names.
pub async fn version(connection: &impl ConnectionTrait, id: Uuid) -> Result<criteria_set_version::Model> {
    let found = criteria_set_version::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// Writes what the row of a draft tells, if it still has the version that was read.
pub async fn update_draft(
    tx: &impl ConnectionTrait,
    read: &criteria_set_version::Model,
    change: criteria_set_version::ActiveModel,
) -> Result<()> {
    let row = criteria_set_version::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = criteria_set_version::Entity::update_many()
        .set(row)
        .filter(criteria_set_version::Column::Id.eq(read.id))
        .filter(criteria_set_version::Column::State.eq(CriteriaSetState::Draft))
        .filter(criteria_set_version::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)
}

/// Writes what a draft holds, in the place of what it held.
pub async fn put_content(tx: &impl ConnectionTrait, draft: Uuid, content: String) -> Result<()> {
    use criteria_set_content::Column::{Content, VersionId};
    let row = criteria_set_content::ActiveModel {
        version_id: Set(draft),
        content: Set(content),
    };
    criteria_set_content::Entity::insert(row)
        .on_conflict(OnConflict::column(VersionId).update_column(Content).to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Moves a version to another state, if it still has the state and the version that were read; with when and by whom it is published.
pub async fn set_state(
    tx: &impl ConnectionTrait,
    read: &criteria_set_version::Model,
    state: CriteriaSetState,
    published: Option<(DateTime<Utc>, Option<Uuid>)>,
) -> Result<criteria_set_version::Model> {
    use criteria_set_version::Column::{Id, PublishedAt, PublishedBy, State, Version};
    let mut update = criteria_set_version::Entity::update_many()
        .col_expr(State, Expr::val(state))
        .col_expr(Version, Expr::val(next(read.version)))
        .filter(Id.eq(read.id))
        .filter(State.eq(read.state))
        .filter(Version.eq(read.version));
    if let Some((at, by)) = published {
        update = update
            .col_expr(PublishedAt, Expr::val(at))
            .col_expr(PublishedBy, Expr::val(by));
    }
    db::one_changed(update.exec(tx).await?.rows_affected, read.version)?;
    version(tx, read.id).await
}
