//! SQL of terms of kinds of award and of base salaries. Both belong to the common catalogue, which everybody sees.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use thidua_entity::{award_terms, award_type, base_salary};
use uuid::Uuid;

use crate::db;
use crate::error::{Error, Result};
use crate::version::next;

/// Base salaries that a list shows: the State sets another every year or two.
pub const SALARIES_MAX: u64 = 100;

/// Every version of the terms of some kinds of award, the newest first.
pub async fn terms_of(connection: &impl ConnectionTrait, types: &[Uuid]) -> Result<Vec<award_terms::Model>> {
    let found = award_terms::Entity::find()
        .filter(award_terms::Column::AwardTypeId.is_in(types.iter().copied()))
        .order_by_desc(award_terms::Column::ValidFrom);
    Ok(found.all(connection).await?)
}

/// The terms of some kinds of award that hold on a day.
pub async fn terms_on(
    connection: &impl ConnectionTrait,
    types: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, award_terms::Model>> {
    let mut on = HashMap::new();
    for terms in terms_of(connection, types).await? {
        if terms.valid_from <= day {
            // The newest first: the first that holds is the one.
            on.entry(terms.award_type_id).or_insert(terms);
        }
    }
    Ok(on)
}

/// Terms by id.
pub async fn terms_by_id(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<award_terms::Model>> {
    let found = award_terms::Entity::find().filter(award_terms::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// Locks a kind of award until the transaction ends and reads it anew.
pub async fn lock_type(tx: &impl ConnectionTrait, id: Uuid) -> Result<award_type::Model> {
    locked_type(tx, id, LockType::NoKeyUpdate).await
}

/// Keeps a kind of award as it is until the transaction ends, beside others who do the same: whoever changes its terms or sets a quota waits.
pub async fn hold_type(tx: &impl ConnectionTrait, id: Uuid) -> Result<award_type::Model> {
    locked_type(tx, id, LockType::Share).await
}

async fn locked_type(tx: &impl ConnectionTrait, id: Uuid, how: LockType) -> Result<award_type::Model> {
    let row = award_type::Entity::find_by_id(id).lock(how).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Counts a change of a kind of award that is locked.
pub async fn touch_type(tx: &impl ConnectionTrait, read: &award_type::Model) -> Result<award_type::Model> {
    let row = award_type::ActiveModel {
        version: Set(next(read.version)),
        ..Default::default()
    };
    let changed = award_type::Entity::update_many()
        .set(row)
        .filter(award_type::Column::Id.eq(read.id))
        .filter(award_type::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    lock_type(tx, read.id).await
}

/// Writes a version of terms.
pub async fn add_terms(tx: &impl ConnectionTrait, row: award_terms::ActiveModel) -> Result<award_terms::Model> {
    Ok(row.insert(tx).await?)
}

/// Base salaries, the newest first.
pub async fn base_salaries(connection: &impl ConnectionTrait) -> Result<Vec<base_salary::Model>> {
    let found = base_salary::Entity::find()
        .order_by_desc(base_salary::Column::ValidFrom)
        .limit(SALARIES_MAX);
    Ok(found.all(connection).await?)
}

/// The base salary of a day.
pub async fn base_salary_on(connection: &impl ConnectionTrait, day: NaiveDate) -> Result<Option<base_salary::Model>> {
    let found = base_salary::Entity::find()
        .filter(base_salary::Column::ValidFrom.lte(day))
        .order_by_desc(base_salary::Column::ValidFrom);
    Ok(found.one(connection).await?)
}

/// Writes a base salary.
pub async fn add_base_salary(tx: &impl ConnectionTrait, row: base_salary::ActiveModel) -> Result<base_salary::Model> {
    Ok(row.insert(tx).await?)
}
