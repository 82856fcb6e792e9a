//! The registry: lists of awards, and how many there are of each kind.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use thidua_entity::enums::{AwardChangeKind, AwardLevel, Named, Recipient, Sector};
use thidua_entity::{award, award_change, award_decision, award_type, unit, unit_predecessor};
use uuid::Uuid;

use super::visible;
use crate::awards::number;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::Reach;
use crate::units::store as units;

/// Groups that a count answers with at most: some ten years of some twenty kinds, each for collectives and individuals.
pub const COUNTS_MAX: usize = 500;

/// What a search of the registry may ask for.
#[derive(Clone, Debug, Default)]
pub struct AwardFilter {
    /// Part of the recipient's name as written, or of any name of the unit.
    pub search: Option<String>,
    /// Only awards of this very unit.
    pub unit: Option<Uuid>,
    /// With `unit`: also those of the units that it came out of.
    pub with_predecessors: bool,
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
    /// Only awards of units of this sector.
    pub sector: Option<Sector>,
    /// Only awards that were revoked, or only those that were not.
    pub revoked: Option<bool>,
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
    let select = filtered(reach, today, filter)?;
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
    db::listed(connection, select, &sorting, args, count).await
}

/// The awards that are seen and that the filter lets through. A unit that the caller does not see finds nothing, as if it were
/// not there.
fn filtered(reach: &Reach, today: NaiveDate, filter: &AwardFilter) -> Result<Select<award::Entity>> {
    use award::Column;
    let mut select = visible(reach, today)?;
    if let Some(search) = &filter.search {
        let by_recipient = units::named_like(Named::Award, (award::Entity, Column::Id), search);
        let by_unit = units::named_like(Named::Unit, (award::Entity, Column::UnitId), search);
        select = select.filter(Condition::any().add(by_recipient).add(by_unit));
    }
    for named in [filter.unit, filter.under, filter.issuer].into_iter().flatten() {
        select = select.filter(units::is_seen(reach, named, today));
    }
    match filter.unit {
        Some(unit) if filter.with_predecessors => {
            let came_out = Condition::all().add(unit_predecessor::Column::UnitId.eq(unit));
            let origins = Column::UnitId.in_subquery(units::origins(came_out));
            select = select.filter(Condition::any().add(Column::UnitId.eq(unit)).add(origins));
        }
        Some(unit) => select = select.filter(Column::UnitId.eq(unit)),
        None if filter.with_predecessors => return Err(Error::Invalid(vec![crate::input::required("unitId")])),
        None => {}
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
    if let Some(sector) = filter.sector {
        let of_sector = Query::select()
            .column(unit::Column::Id)
            .from(unit::Entity)
            .and_where(unit::Column::Sector.eq(sector))
            .to_owned();
        select = select.filter(Column::UnitId.in_subquery(of_sector));
    }
    if let Some(revoked) = filter.revoked {
        let those = Column::Id.in_subquery(revoked_awards());
        select = select.filter(if revoked { those } else { those.not() });
    }
    Ok(match filter.named {
        Some(true) => select.filter(Column::RecipientName.is_not_null()),
        Some(false) => select.filter(Column::RecipientName.is_null()),
        None => select,
    })
}

/// The awards that were revoked.
fn revoked_awards() -> SelectStatement {
    Query::select()
        .column(award_change::Column::AwardId)
        .from(award_change::Entity)
        .and_where(award_change::Column::Kind.eq(AwardChangeKind::Revoked))
        .to_owned()
}

fn types_where(condition: sea_orm::sea_query::SimpleExpr) -> SelectStatement {
    Query::select()
        .column(award_type::Column::Id)
        .from(award_type::Entity)
        .and_where(condition)
        .to_owned()
}

pub(super) fn decided(number: Option<&str>, issuer: Option<Uuid>) -> Condition {
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
    let counts = filtered(reach, today, filter)?
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
