//! SQL of the names of units: those of a day, those to search by.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use thidua_entity::enums::{NameUse, Named};
use thidua_entity::{name_key, unit, unit_name};
use uuid::Uuid;

use crate::error::Result;
use crate::policy::Reach;
use crate::text;

/// Units under the names that they have on a day: a name that was given for a day to come does not show before. A row
/// holds its newest name, so a statement is only spent on those whose newest name has not begun.
pub async fn named_on(
    connection: &impl ConnectionTrait,
    mut units: Vec<unit::Model>,
    day: NaiveDate,
) -> Result<Vec<unit::Model>> {
    let early = |unit: &unit::Model| unit.name_from.is_some_and(|from| from > day);
    let ids: Vec<Uuid> = units.iter().filter(|unit| early(unit)).map(|unit| unit.id).collect();
    if ids.is_empty() {
        return Ok(units);
    }
    let mut names_of: HashMap<Uuid, Vec<unit_name::Model>> = HashMap::new();
    for name in names(connection, &ids).await? {
        names_of.entry(name.unit_id).or_default().push(name);
    }
    for unit in &mut units {
        if let Some(name) = names_of.get(&unit.id).and_then(|names| name_on(names, day)) {
            unit.name = name.to_owned();
        }
    }
    Ok(units)
}

/// Restricts a column to the things whose name matches: the query as a whole begins at one of the name's words, or each
/// word of the query does. Answered from the index of folded names.
pub fn named_like(subject: Named, column: impl IntoColumnRef, search: &str) -> Condition {
    let column = Expr::col(column.into_column_ref());
    let beginning = |key: &str| {
        let (from, to) = text::key_range(key);
        let found = Query::select()
            .column(name_key::Column::SubjectId)
            .from(name_key::Entity)
            .and_where(name_key::Column::Subject.eq(subject))
            .and_where(name_key::Column::Key.gte(from))
            .and_where(name_key::Column::Key.lt(to))
            .to_owned();
        column.clone().in_subquery(found)
    };
    let words = text::query_words(search);
    let mut each = Condition::all();
    for word in &words {
        each = each.add(beginning(word));
    }
    if words.is_empty() {
        each.add(Expr::val(1).eq(0))
    } else {
        Condition::any().add(beginning(&words.concat())).add(each)
    }
}

/// Writes the folded names of a thing anew.
pub async fn index_names(tx: &impl ConnectionTrait, subject: Named, id: Uuid, names: &[&str]) -> Result<()> {
    name_key::Entity::delete_many()
        .filter(name_key::Column::SubjectId.eq(id))
        .exec(tx)
        .await?;
    let mut keys: Vec<Vec<u8>> = names.iter().flat_map(|name| text::name_keys(name)).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Ok(());
    }
    let rows = keys.into_iter().map(|key| name_key::ActiveModel {
        subject: Set(subject),
        key: Set(key),
        subject_id: Set(id),
    });
    name_key::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Names of some units, the newest first.
pub async fn names(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit_name::Model>> {
    let names = unit_name::Entity::find().filter(unit_name::Column::UnitId.is_in(units.iter().copied()));
    Ok(names.order_by_desc(unit_name::Column::Id).all(connection).await?)
}

/// The official name on a day among names that are sorted newest first. Before the first known name, that one.
pub fn name_on(names: &[unit_name::Model], day: NaiveDate) -> Option<&str> {
    let official = || names.iter().filter(|name| name.name_use == NameUse::Official);
    official()
        .find(|name| name.valid_from.is_none_or(|from| from <= day) && name.valid_to.is_none_or(|to| to > day))
        .or_else(|| official().next_back())
        .map(|name| name.name.as_str())
}

/// What units may be called by: names in any spelling, codes, ids.
#[derive(Clone, Debug, Default)]
pub struct Called {
    /// Names, whether or not they are used today.
    pub names: Vec<String>,
    /// Codes, whoever gave them.
    pub codes: Vec<String>,
    /// The units themselves.
    pub ids: Vec<Uuid>,
}

/// Units of those that are seen which are called so or were once; also such whose name only ends so, which is for the caller to tell
/// apart. At most so many, with the newest names that they have.
pub async fn called(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    by: &Called,
    most: u64,
) -> Result<Vec<unit::Model>> {
    let keys = by
        .names
        .iter()
        .filter_map(|name| text::name_keys(name).into_iter().next());
    let named = Query::select()
        .column(name_key::Column::SubjectId)
        .from(name_key::Entity)
        .and_where(name_key::Column::Subject.eq(Named::Unit))
        .and_where(name_key::Column::Key.is_in(keys))
        .to_owned();
    let id = (unit::Entity, unit::Column::Id);
    let those = Condition::any()
        .add(Expr::col(id).is_in(by.ids.iter().copied()))
        .add(Expr::col(id).in_subquery(named))
        .add(Expr::col(id).in_subquery(super::coded(&by.codes)));
    let found = super::visible(reach, today)?
        .filter(those)
        .order_by_asc(unit::Column::Id)
        .limit(most);
    Ok(found.all(connection).await?)
}

/// Names in use of units by id, whoever asks: the name of a member of one's cluster, or of the unit above, is no secret.
pub async fn plain_names(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
    today: NaiveDate,
) -> Result<HashMap<Uuid, String>> {
    let found = unit::Entity::find().filter(unit::Column::Id.is_in(units.iter().copied()));
    let named = named_on(connection, found.all(connection).await?, today).await?;
    Ok(named.into_iter().map(|unit| (unit.id, unit.name)).collect())
}

/// Writes a name that begins on a day.
pub async fn add_name(
    tx: &impl ConnectionTrait,
    id: Uuid,
    unit: Uuid,
    name_use: NameUse,
    name: &str,
    from: Option<NaiveDate>,
) -> Result<()> {
    let row = unit_name::ActiveModel {
        id: Set(id),
        unit_id: Set(unit),
        name_use: Set(name_use),
        name: Set(name.to_owned()),
        valid_from: Set(from),
        valid_to: Set(None),
    };
    row.insert(tx).await?;
    let names = names(tx, &[unit]).await?;
    let all: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    index_names(tx, Named::Unit, unit, &all).await
}

/// Ends the official name in use.
pub async fn end_name(tx: &impl ConnectionTrait, unit: Uuid, on: NaiveDate) -> Result<()> {
    unit_name::Entity::update_many()
        .col_expr(unit_name::Column::ValidTo, Expr::val(on))
        .filter(unit_name::Column::UnitId.eq(unit))
        .filter(unit_name::Column::NameUse.eq(NameUse::Official))
        .filter(unit_name::Column::ValidTo.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
