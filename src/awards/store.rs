//! SQL of the award registry. Everything starts from [`seen`] and [`seen_decisions`]: what of it the caller sees.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};
use thidua_entity::enums::{AwardLevel, Named, Recipient, RecipientKind};
use thidua_entity::{award, award_decision, award_type, name_key, unit_name};
use uuid::Uuid;

use super::decision::naming_day;
use super::number;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::Reach;
use crate::text;
use crate::units::store as units;

/// Rows written by one statement: well under the bound of variables of either database.
const ROWS_AT_ONCE: usize = 1_000;

/// The decisions that stand in a registry within reach, or were issued from within it. Units of a cluster do not count: what
/// a neighbour gives to its own people is no business of the cluster.
fn own_decisions(reach: &Reach, today: NaiveDate) -> Condition {
    let within = |column| units::within_subtree(reach, (award_decision::Entity, column), today);
    Condition::any()
        .add(within(award_decision::Column::OwnerId))
        .add(within(award_decision::Column::IssuerId))
}

/// The awards that the caller sees: those of units within reach, and all that a decision of its own registry gives.
fn seen(reach: &Reach, today: NaiveDate) -> Condition {
    if reach.everything {
        return Condition::all();
    }
    let own = Query::select()
        .column(award_decision::Column::Id)
        .from(award_decision::Entity)
        .cond_where(own_decisions(reach, today))
        .to_owned();
    Condition::any()
        .add(units::within(reach, (award::Entity, award::Column::UnitId), today))
        .add(award::Column::DecisionId.in_subquery(own))
}

/// The decisions that the caller sees: those of its own registry, and those that give an award it sees.
fn seen_decisions(reach: &Reach, today: NaiveDate) -> Condition {
    if reach.everything {
        return Condition::all();
    }
    let giving = Query::select()
        .column(award::Column::DecisionId)
        .from(award::Entity)
        .cond_where(units::within(reach, (award::Entity, award::Column::UnitId), today))
        .to_owned();
    own_decisions(reach, today).add(award_decision::Column::Id.in_subquery(giving))
}

fn visible(reach: &Reach, today: NaiveDate) -> Select<award::Entity> {
    award::Entity::find().filter(seen(reach, today))
}

fn visible_decisions(reach: &Reach, today: NaiveDate) -> Select<award_decision::Entity> {
    award_decision::Entity::find().filter(seen_decisions(reach, today))
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
    Ok(visible(reach, today)
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
    Ok(visible_decisions(reach, today)
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
    Ok(visible(reach, today)
        .filter(award::Column::DecisionId.is_in(decisions.iter().copied()))
        .order_by_asc(award::Column::Id)
        .all(connection)
        .await?)
}

/// What a search of the registry may ask for.
#[derive(Clone, Debug, Default)]
pub struct AwardFilter {
    /// Part of the recipient's name as written, or of any name of the unit.
    pub search: Option<String>,
    /// Only awards of this very unit.
    pub unit: Option<Uuid>,
    /// Only awards of this unit and of what is below it today.
    pub under: Option<Uuid>,
    /// Only this kind of award.
    pub award_type: Option<Uuid>,
    /// Only the kind of award with this code.
    pub type_code: Option<String>,
    /// Only kinds of award of this level.
    pub level: Option<AwardLevel>,
    /// Only collectives or only individuals.
    pub recipient: Option<Recipient>,
    /// Only this year of achievement.
    pub year: Option<i32>,
    /// Only this year of achievement and later ones.
    pub year_from: Option<i32>,
    /// Only this year of achievement and earlier ones.
    pub year_to: Option<i32>,
    /// Only decisions with this number, or one that begins so.
    pub decision_number: Option<String>,
    /// Only decisions of this issuing unit.
    pub issuer: Option<Uuid>,
    /// Only named recipients, or only those without names.
    pub named: Option<bool>,
}

/// How a list of awards or decisions is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrySort {
    /// By year of achievement.
    Year,
    /// By the time at which they were recorded.
    Created,
}

/// A page of the awards that are seen, and how many entries there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &AwardFilter,
    (sort, order): (RegistrySort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<award::Model>, Option<u64>)> {
    let select = filtered(reach, today, filter);
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let id = (award::Entity, award::Column::Id);
    let sorting = match sort {
        RegistrySort::Year => Sorting::by(
            ((award::Entity, award::Column::Year), SortValue::Integer(0)),
            id,
            order,
            |row: &award::Model| vec![SortValue::Integer(row.year.into()), SortValue::Id(row.id)],
        ),
        RegistrySort::Created => Sorting::by_id(id, order, |row: &award::Model| vec![SortValue::Id(row.id)]),
    };
    Ok((db::page(connection, select, &sorting, args).await?, total))
}

/// The awards that are seen and that the filter lets through. A unit that the caller does not see finds nothing, as if it were
/// not there.
fn filtered(reach: &Reach, today: NaiveDate, filter: &AwardFilter) -> Select<award::Entity> {
    use award::Column;
    let mut select = visible(reach, today);
    if let Some(search) = &filter.search {
        let by_recipient = units::named_like(Named::Award, (award::Entity, Column::Id), search);
        let by_unit = units::named_like(Named::Unit, (award::Entity, Column::UnitId), search);
        select = select.filter(Condition::any().add(by_recipient).add(by_unit));
    }
    for named in [filter.unit, filter.under, filter.issuer].into_iter().flatten() {
        select = select.filter(units::is_seen(reach, named, today));
    }
    if let Some(unit) = filter.unit {
        select = select.filter(Column::UnitId.eq(unit));
    }
    if let Some(under) = filter.under {
        select = select.filter(Column::UnitId.in_subquery(units::below(&[under], today)));
    }
    if let Some(kind) = filter.award_type {
        select = select.filter(Column::AwardTypeId.eq(kind));
    }
    if let Some(code) = &filter.type_code {
        let coded = types_where(award_type::Column::Code.eq(code));
        select = select.filter(Column::AwardTypeId.in_subquery(coded));
    }
    if let Some(level) = filter.level {
        let levelled = types_where(award_type::Column::Level.eq(level));
        select = select.filter(Column::AwardTypeId.in_subquery(levelled));
    }
    if let Some(recipient) = filter.recipient {
        select = select.filter(Column::Recipient.eq(recipient));
    }
    if let Some(year) = filter.year {
        select = select.filter(Column::Year.eq(year));
    }
    if let Some(year) = filter.year_from {
        select = select.filter(Column::Year.gte(year));
    }
    if let Some(year) = filter.year_to {
        select = select.filter(Column::Year.lte(year));
    }
    if filter.decision_number.is_some() || filter.issuer.is_some() {
        let deciding = Query::select()
            .column(award_decision::Column::Id)
            .from(award_decision::Entity)
            .cond_where(decided(filter.decision_number.as_deref(), filter.issuer))
            .to_owned();
        select = select.filter(Column::DecisionId.in_subquery(deciding));
    }
    match filter.named {
        Some(true) => select.filter(Column::RecipientName.is_not_null()),
        Some(false) => select.filter(Column::RecipientName.is_null()),
        None => select,
    }
}

fn types_where(condition: sea_orm::sea_query::SimpleExpr) -> SelectStatement {
    Query::select()
        .column(award_type::Column::Id)
        .from(award_type::Entity)
        .and_where(condition)
        .to_owned()
}

fn decided(number: Option<&str>, issuer: Option<Uuid>) -> Condition {
    use award_decision::Column;
    let mut all = Condition::all();
    if let Some(number) = number {
        let (exact, from, to) = number::beginning(number);
        let longer = Condition::all()
            .add(Column::NumberKey.gte(from))
            .add(Column::NumberKey.lt(to));
        all = all.add(Condition::any().add(Column::NumberKey.eq(exact)).add(longer));
    }
    if let Some(issuer) = issuer {
        all = all.add(Column::IssuerId.eq(issuer));
    }
    all
}

/// Groups that a count answers with at most: some ten years of some twenty kinds, each for collectives and individuals.
pub const COUNTS_MAX: usize = 500;

/// How many recipients of one kind of award there are in one year, named and unnamed together.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AwardCount {
    /// The kind of award.
    pub award_type_id: Uuid,
    /// Year of achievement.
    pub year: i32,
    /// Collectives or individuals.
    pub recipient: Recipient,
    /// How many recipients.
    pub recipients: i64,
}

/// Recipients by kind of award, year and recipient among the awards that are seen, the latest years first.
pub async fn counts(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &AwardFilter,
) -> Result<Vec<AwardCount>> {
    use award::Column;
    let recipients = Expr::col((award::Entity, Column::Count)).sum().cast_as("bigint");
    let counts = filtered(reach, today, filter)
        .select_only()
        .column(Column::AwardTypeId)
        .column(Column::Year)
        .column(Column::Recipient)
        .column_as(recipients, "recipients")
        .group_by(Column::Year)
        .group_by(Column::AwardTypeId)
        .group_by(Column::Recipient)
        .order_by_desc(Column::Year)
        .order_by_asc(Column::AwardTypeId)
        .order_by_asc(Column::Recipient)
        .limit(COUNTS_MAX as u64 + 1)
        .into_model::<AwardCount>()
        .all(connection)
        .await?;
    if counts.len() > COUNTS_MAX {
        // A cut answer would look like a whole one.
        return Err(Error::TooComplex(crate::error::Text::new(
            format!("Thống kê có hơn {COUNTS_MAX} nhóm; hãy thu hẹp theo năm, hình thức hoặc đơn vị."),
            format!("The count has more than {COUNTS_MAX} groups; narrow it by year, kind or unit."),
        )));
    }
    Ok(counts)
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
    let mut select = visible_decisions(reach, today).filter(decided(filter.number.as_deref(), filter.issuer));
    for named in [filter.issuer, filter.owner].into_iter().flatten() {
        select = select.filter(units::is_seen(reach, named, today));
    }
    if let Some(year) = filter.year {
        select = select.filter(Column::Year.eq(year));
    }
    if let Some(owner) = filter.owner {
        select = select.filter(Column::OwnerId.eq(owner));
    }
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
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
    Ok((db::page(connection, select, &sorting, args).await?, total))
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
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = Sorting::by(
        (Column::SortKey, SortValue::Bytes(Vec::new())),
        Column::Id,
        Order::Asc,
        |row: &award_type::Model| vec![SortValue::Bytes(row.sort_key.clone()), SortValue::Id(row.id)],
    );
    Ok((db::page(connection, select, &sorting, args).await?, total))
}

/// Kinds of award by id.
pub async fn types(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, award_type::Model>> {
    let types = award_type::Entity::find()
        .filter(award_type::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(types.into_iter().map(|kind| (kind.id, kind)).collect())
}

/// Writes the awards of a new decision and makes their recipients' names findable.
pub async fn insert_awards(tx: &impl ConnectionTrait, awards: Vec<award::Model>) -> Result<()> {
    let keys: Vec<name_key::ActiveModel> = awards.iter().flat_map(name_keys).collect();
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
        });
        award::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    for some in keys.chunks(ROWS_AT_ONCE) {
        name_key::Entity::insert_many(some.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// The index rows of a recipient's name. Names of the unit are indexed with the unit.
fn name_keys(award: &award::Model) -> Vec<name_key::ActiveModel> {
    let mut keys = text::name_keys(award.recipient_name.as_deref().unwrap_or_default());
    keys.sort_unstable();
    keys.dedup();
    let row = |key| name_key::ActiveModel {
        subject: Set(Named::Award),
        key: Set(key),
        subject_id: Set(award.id),
    };
    keys.into_iter().map(row).collect()
}

/// An award with what is told beside it where nothing can be asked for one by one.
#[derive(Clone, Debug)]
pub struct WholeAward {
    /// The award.
    pub award: award::Model,
    /// Its kind.
    pub kind: award_type::Model,
    /// Its decision.
    pub decision: award_decision::Model,
    /// Official name of the unit at the time of the decision.
    pub unit_name: String,
    /// Whether the caller sees the unit itself.
    pub unit_seen: bool,
}

/// A page of awards with their kinds, decisions and units, by four statements however many they are.
pub async fn whole(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    page: Page<award::Model>,
    today: NaiveDate,
) -> Result<Page<WholeAward>> {
    let (cursors, awards): (Vec<String>, Vec<award::Model>) = page.rows.into_iter().unzip();
    let awards = whole_all(connection, reach, awards, today).await?;
    Ok(Page {
        rows: cursors.into_iter().zip(awards).collect(),
        has_next: page.has_next,
        has_previous: page.has_previous,
    })
}

/// The same of one award.
pub async fn whole_one(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    award: award::Model,
    today: NaiveDate,
) -> Result<WholeAward> {
    let awards = whole_all(connection, reach, vec![award], today).await?;
    awards.into_iter().next().ok_or(Error::NotFound)
}

async fn whole_all(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    awards: Vec<award::Model>,
    today: NaiveDate,
) -> Result<Vec<WholeAward>> {
    let ids = |of: fn(&award::Model) -> Uuid| -> Vec<Uuid> {
        awards.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let unit_ids = ids(|award| award.unit_id);
    let types = types(connection, &ids(|award| award.award_type_id)).await?;
    let decisions = find_decisions(connection, reach, &ids(|award| award.decision_id), today).await?;
    let decisions: HashMap<Uuid, award_decision::Model> =
        decisions.into_iter().map(|decision| (decision.id, decision)).collect();
    let units_seen = units::find_many(connection, reach, &unit_ids, today).await?;
    let mut names: HashMap<Uuid, Vec<unit_name::Model>> = HashMap::new();
    for name in units::names(connection, &unit_ids).await? {
        names.entry(name.unit_id).or_default().push(name);
    }
    let whole = |award: award::Model| {
        let kind = types.get(&award.award_type_id).cloned().ok_or(Error::NotFound)?;
        // Whoever sees an award sees its decision.
        let decision = decisions.get(&award.decision_id).cloned().ok_or(Error::NotFound)?;
        let day = naming_day(decision.year, decision.decided_on);
        let unit_name = names.get(&award.unit_id).and_then(|names| units::name_on(names, day));
        Ok(WholeAward {
            unit_name: unit_name.unwrap_or_default().to_owned(),
            unit_seen: units_seen.iter().any(|unit| unit.id == award.unit_id),
            award,
            kind,
            decision,
        })
    };
    awards.into_iter().map(whole).collect()
}
