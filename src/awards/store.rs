//! SQL of the award registry. Everything starts from [`seen`] and [`seen_decisions`]: what of it the caller sees.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Set};
use thidua_entity::enums::{AwardLevel, Named, RecipientKind};
use thidua_entity::{award, award_change, award_decision, award_type, name_key};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, ROWS_AT_ONCE, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Reach, Resource};
use crate::text;
use crate::units::store as units;

mod changes;
mod comparing;
mod facts;
mod imports;
mod merits;
mod objections;
mod proposals;
mod quotas;
mod registry;
mod terms;
mod whole;
pub use changes::*;
pub use comparing::*;
pub use facts::*;
pub use imports::*;
pub use merits::*;
pub use objections::*;
pub use proposals::*;
pub use quotas::*;
use registry::decided;
pub use registry::*;
pub use terms::*;
pub use whole::*;

/// The decisions that stand in a registry within reach, or were issued from within it. Units of a cluster do not count: what
/// a neighbour gives to its own people is no business of the cluster.
fn own_decisions(reach: &Reach, today: NaiveDate) -> Condition {
    let within = |column| units::within_subtree(reach, (award_decision::Entity, column), today);
    Condition::any()
        .add(within(award_decision::Column::OwnerId))
        .add(within(award_decision::Column::IssuerId))
}

/// The awards that the caller sees: those of units within reach and of what they came out of, and all that a decision of its own registry
/// gives.
fn seen(reach: &Reach, today: NaiveDate) -> Condition {
    if reach.everything {
        return Condition::all();
    }
    let own = Query::select()
        .column(award_decision::Column::Id)
        .from(award_decision::Entity)
        .cond_where(own_decisions(reach, today))
        .to_owned();
    of_units(reach, today).add(award::Column::DecisionId.in_subquery(own))
}

/// Awards of units within reach, and of those that they came out of.
fn of_units(reach: &Reach, today: NaiveDate) -> Condition {
    let unit = (award::Entity, award::Column::UnitId);
    Condition::any()
        .add(units::within(reach, unit, today))
        .add(Expr::col(unit).in_subquery(units::origins_within(reach, today)))
}

/// The decisions that the caller sees: those of its own registry, and those that give, revoke or correct an award it sees.
fn seen_decisions(reach: &Reach, today: NaiveDate) -> Condition {
    if reach.everything {
        return Condition::all();
    }
    let of_seen_units = |column| {
        Query::select()
            .column(column)
            .from(award::Entity)
            .cond_where(of_units(reach, today))
            .to_owned()
    };
    let giving = of_seen_units(award::Column::DecisionId);
    let seen_awards = of_seen_units(award::Column::Id);
    let changing = Query::select()
        .column(award_change::Column::DecisionId)
        .from(award_change::Entity)
        .and_where(award_change::Column::AwardId.in_subquery(seen_awards))
        .to_owned();
    own_decisions(reach, today)
        .add(award_decision::Column::Id.in_subquery(giving))
        .add(award_decision::Column::Id.in_subquery(changing))
}

fn visible(reach: &Reach, today: NaiveDate) -> Result<Select<award::Entity>> {
    reach.shows(Resource::Awards)?;
    Ok(award::Entity::find().filter(seen(reach, today)))
}

fn visible_decisions(reach: &Reach, today: NaiveDate) -> Result<Select<award_decision::Entity>> {
    reach.shows(Resource::Awards)?;
    Ok(award_decision::Entity::find().filter(seen_decisions(reach, today)))
}

/// One award, if it is seen.
pub async fn find(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<award::Model> {
    let found = find_many(connection, reach, &[id], today).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Awards by id, those that are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<award::Model>> {
    Ok(visible(reach, today)?
        .filter(award::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// One decision, if it is seen.
pub async fn find_decision(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<award_decision::Model> {
    let found = find_decisions(connection, reach, &[id], today).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Decisions by id, those that are seen.
pub async fn find_decisions(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<award_decision::Model>> {
    Ok(visible_decisions(reach, today)?
        .filter(award_decision::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// The awards of some decisions, those that are seen, in the order of the decision.
pub async fn awards_of(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    decisions: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<award::Model>> {
    Ok(visible(reach, today)?
        .filter(award::Column::DecisionId.is_in(decisions.iter().copied()))
        .order_by_asc(award::Column::Id)
        .all(connection)
        .await?)
}

/// What a list of decisions may ask for.
#[derive(Clone, Debug, Default)]
pub struct DecisionFilter {
    /// Only this number, or one that begins so.
    pub number: Option<String>,
    /// Only this year of achievement.
    pub year: Option<i32>,
    /// Only those of this issuing unit.
    pub issuer: Option<Uuid>,
    /// Only those that stand in the registry of this unit.
    pub owner: Option<Uuid>,
}

/// A page of the decisions that are seen, and how many there are when that is asked.
pub async fn list_decisions(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &DecisionFilter,
    (sort, order): (RegistrySort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<award_decision::Model>, Option<u64>)> {
    use award_decision::Column;
    let mut select = visible_decisions(reach, today)?.filter(decided(filter.number.as_deref(), filter.issuer));
    for named in [filter.issuer, filter.owner].into_iter().flatten() {
        select = select.filter(units::is_seen(reach, named, today));
    }
    if let Some(year) = filter.year {
        select = select.filter(Column::Year.eq(year));
    }
    if let Some(owner) = filter.owner {
        select = select.filter(Column::OwnerId.eq(owner));
    }
    let id = (award_decision::Entity, Column::Id);
    let sorting = match sort {
        RegistrySort::Year => Sorting::by(
            ((award_decision::Entity, Column::Year), SortValue::Integer(0)),
            id,
            order,
            |row: &award_decision::Model| vec![SortValue::Integer(row.year.into()), SortValue::Id(row.id)],
        ),
        RegistrySort::Created => Sorting::by_id(id, order, |row: &award_decision::Model| vec![SortValue::Id(row.id)]),
    };
    db::listed(connection, select, &sorting, args, count).await
}

/// What a list of kinds of award may ask for.
#[derive(Clone, Debug, Default)]
pub struct TypeFilter {
    /// Only those of this level.
    pub level: Option<AwardLevel>,
    /// Only those for these recipients.
    pub recipients: Option<Vec<RecipientKind>>,
    /// Also those that are not in force on the day.
    pub include_ended: bool,
    /// The day; today when not said.
    pub as_of: Option<NaiveDate>,
}

/// A page of the catalogue by name. Everybody who signs in sees it.
pub async fn list_types(
    connection: &impl ConnectionTrait,
    today: NaiveDate,
    filter: &TypeFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<award_type::Model>, Option<u64>)> {
    use award_type::Column;
    let mut select = award_type::Entity::find();
    if let Some(level) = filter.level {
        select = select.filter(Column::Level.eq(level));
    }
    if let Some(recipients) = &filter.recipients {
        select = select.filter(Column::Recipients.is_in(recipients.iter().copied()));
    }
    if !filter.include_ended {
        let day = filter.as_of.unwrap_or(today);
        select = select.filter(db::holds_on(Column::ValidFrom, Column::ValidTo, day));
    }
    let sorting = Sorting::by(
        (Column::SortKey, SortValue::Bytes(Vec::new())),
        Column::Id,
        Order::Asc,
        |row: &award_type::Model| vec![SortValue::Bytes(row.sort_key.clone()), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// Kinds of award by id.
pub async fn types(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, award_type::Model>> {
    let types = award_type::Entity::find()
        .filter(award_type::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(types.into_iter().map(|kind| (kind.id, kind)).collect())
}

/// Writes the awards of new decisions and makes their recipients' names findable.
pub async fn insert_awards(tx: &impl ConnectionTrait, awards: Vec<award::Model>) -> Result<()> {
    let named = awards.iter().map(|award| (award.id, award.recipient_name.clone()));
    let named: Vec<(Uuid, Option<String>)> = named.collect();
    for some in awards.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().cloned().map(|row| award::ActiveModel {
            id: Set(row.id),
            decision_id: Set(row.decision_id),
            award_type_id: Set(row.award_type_id),
            year: Set(row.year),
            recipient: Set(row.recipient),
            unit_id: Set(row.unit_id),
            recipient_name: Set(row.recipient_name),
            count: Set(row.count),
            note: Set(row.note),
            bonus: Set(row.bonus),
            bonus_raw: Set(row.bonus_raw),
            bonus_factor: Set(row.bonus_factor),
            base_salary: Set(row.base_salary),
            verify_code: Set(row.verify_code),
        });
        award::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let keys = named.iter().filter_map(|(id, name)| Some((*id, name.as_deref()?)));
    make_findable(tx, keys).await
}

/// Makes awards findable by names of their recipients, beside those by which they are found already. Names of units are indexed with the units.
async fn make_findable<'a>(tx: &impl ConnectionTrait, named: impl Iterator<Item = (Uuid, &'a str)>) -> Result<()> {
    let rows = named.flat_map(|(id, name)| {
        let keys: BTreeSet<Vec<u8>> = text::name_keys(name).into_iter().collect();
        keys.into_iter().map(move |key| name_key::ActiveModel {
            subject: Set(Named::Award),
            key: Set(key),
            subject_id: Set(id),
        })
    });
    let rows: Vec<name_key::ActiveModel> = rows.collect();
    let there = OnConflict::new().do_nothing().to_owned();
    for some in rows.chunks(ROWS_AT_ONCE) {
        name_key::Entity::insert_many(some.to_vec())
            .on_conflict(there.clone())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
