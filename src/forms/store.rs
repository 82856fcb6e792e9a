//! SQL of periods, indicators and forms. Periods and forms are seen by the units that use them: those below the owner, and
//! those above.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use thidua_entity::enums::{Aggregation, FormState, HeadCount, NumberForm, PeriodKind, UnitKind};
use thidua_entity::{
    indicator, indicator_choice, period, report_form, report_form_kind, report_form_version, unit, unit_ancestry,
};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Reach, Resource};
use crate::{units, version};

mod due_days;
pub mod filling;
mod rules;
mod versions;
pub use due_days::*;
pub use rules::{rule, rules};
pub use versions::*;

/// Who sees, and on which day.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// How far the caller sees.
    pub reach: &'a Reach,
    /// Today in Asia/Ho_Chi_Minh.
    pub today: NaiveDate,
}

impl<'a> View<'a> {
    /// What a caller who reaches so far sees today.
    pub const fn new(reach: &'a Reach, today: NaiveDate) -> Self {
        Self { reach, today }
    }
}

fn visible_periods(view: View<'_>) -> Result<Select<period::Entity>> {
    view.reach.shows(Resource::Forms)?;
    let owners = units::store::owners(view.reach, period::Column::OwnerId, view.today);
    Ok(period::Entity::find().filter(owners))
}

fn visible_forms(view: View<'_>) -> Result<Select<report_form::Entity>> {
    view.reach.shows(Resource::Forms)?;
    let owners = units::store::owners(view.reach, report_form::Column::OwnerId, view.today);
    Ok(report_form::Entity::find().filter(owners))
}

/// True when the caller sees this period. A filter by one that is not seen finds nothing, as by one that never was.
pub fn is_period_seen(view: View<'_>, id: Uuid) -> Result<Condition> {
    let this = visible_periods(view)?.filter(period::Column::Id.eq(id));
    Ok(Condition::all().add(Expr::exists(this.into_query())))
}

/// True when the caller sees this form. A filter by one that is not seen finds nothing, as by one that never was.
pub fn is_form_seen(view: View<'_>, id: Uuid) -> Result<Condition> {
    let this = visible_forms(view)?.filter(report_form::Column::Id.eq(id));
    Ok(Condition::all().add(Expr::exists(this.into_query())))
}

/// One period, if it is seen.
pub async fn find_period(connection: &impl ConnectionTrait, view: View<'_>, id: Uuid) -> Result<period::Model> {
    visible_periods(view)?
        .filter(period::Column::Id.eq(id))
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// Periods by id, whoever asks: what a visible report tells of its period is no secret.
pub async fn periods(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<period::Model>> {
    Ok(period::Entity::find()
        .filter(period::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// Which periods a list shows.
#[derive(Clone, Debug, Default)]
pub struct PeriodFilter {
    /// Only these kinds.
    pub kinds: Option<Vec<PeriodKind>>,
    /// Only the period with this code.
    pub code: Option<String>,
    /// Only periods that contain this day.
    pub contains: Option<NaiveDate>,
}

/// A page of periods by their first day.
pub async fn list_periods(
    connection: &impl ConnectionTrait,
    view: View<'_>,
    filter: &PeriodFilter,
    order: Order,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<period::Model>, Option<u64>)> {
    let mut select = visible_periods(view)?;
    if let Some(kinds) = &filter.kinds {
        select = select.filter(period::Column::Kind.is_in(kinds.iter().copied()));
    }
    if let Some(code) = &filter.code {
        select = select.filter(period::Column::Code.eq(code));
    }
    if let Some(day) = filter.contains.map(db::comparable) {
        select = select
            .filter(period::Column::StartsOn.lte(day))
            .filter(period::Column::EndsOn.gte(day));
    }
    let sorting = Sorting::by(
        (period::Column::StartsOn, SortValue::Day(NaiveDate::MIN)),
        period::Column::Id,
        order,
        |row: &period::Model| vec![SortValue::Day(row.starts_on), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// Periods of one kind, set by a unit or by one above it, that share days with a span: those that the unit uses.
pub async fn periods_touching(
    connection: &impl ConnectionTrait,
    owner: Uuid,
    kind: PeriodKind,
    span: (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<period::Model>> {
    let touching = touching(kind, span).filter(period::Column::OwnerId.in_subquery(above(owner, today)));
    Ok(touching.all(connection).await?)
}

/// The same with periods of the units below: those that some unit would use beside a new period of the owner.
pub async fn periods_in_the_way(
    connection: &impl ConnectionTrait,
    owner: Uuid,
    kind: PeriodKind,
    span: (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<period::Model>> {
    let owners = Condition::any()
        .add(period::Column::OwnerId.in_subquery(above(owner, today)))
        .add(period::Column::OwnerId.in_subquery(units::store::below(&[owner], today)));
    Ok(touching(kind, span).filter(owners).all(connection).await?)
}

fn touching(kind: PeriodKind, (from, to): (NaiveDate, NaiveDate)) -> Select<period::Entity> {
    period::Entity::find()
        .filter(period::Column::Kind.eq(kind))
        .filter(period::Column::StartsOn.lte(to))
        .filter(period::Column::EndsOn.gte(from))
        .order_by_asc(period::Column::StartsOn)
}

/// A unit and those above it on a day.
fn above(unit: Uuid, day: NaiveDate) -> SelectStatement {
    Query::select()
        .column(unit_ancestry::Column::AncestorId)
        .from(unit_ancestry::Entity)
        .and_where(unit_ancestry::Column::UnitId.eq(unit))
        .and_where(unit_ancestry::Column::ValidFrom.lte(day))
        .and_where(unit_ancestry::Column::ValidTo.gt(day))
        .to_owned()
}

/// Indicators by id. The catalogue is common: everybody who signs in sees it.
pub async fn indicators(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<indicator::Model>> {
    Ok(indicator::Entity::find()
        .filter(indicator::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// Writes which head count an indicator is, if it still has the version that the caller saw.
pub async fn set_head_count(
    tx: &impl ConnectionTrait,
    read: &indicator::Model,
    version: i32,
    counts: Option<HeadCount>,
) -> Result<()> {
    let changed = indicator::Entity::update_many()
        .col_expr(indicator::Column::HeadCount, Expr::val(counts))
        .col_expr(indicator::Column::Version, version::next_of(indicator::Column::Version))
        .filter(indicator::Column::Id.eq(read.id))
        .filter(indicator::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)
}

/// One indicator by its code.
pub async fn indicator_by_code(connection: &impl ConnectionTrait, code: &str) -> Result<indicator::Model> {
    let found = indicator::Entity::find()
        .filter(indicator::Column::Code.eq(code))
        .one(connection)
        .await?;
    found.ok_or(Error::NotFound)
}

/// Indicators by their codes.
pub async fn indicators_by_code(connection: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<indicator::Model>> {
    Ok(indicator::Entity::find()
        .filter(indicator::Column::Code.is_in(codes.iter().copied()))
        .all(connection)
        .await?)
}

/// What every indicator of the catalogue is to those who reckon with its figures: code, what its text may look like, how it adds up.
pub async fn catalogue(connection: &impl ConnectionTrait) -> Result<Vec<(String, NumberForm, Aggregation)>> {
    use indicator::Column::{Aggregation, Code, NumberForm};
    let catalogue = indicator::Entity::find()
        .select_only()
        .columns([Code, NumberForm, Aggregation]);
    Ok(catalogue.into_tuple().all(connection).await?)
}

/// Indicators with these codes.
pub async fn indicators_coded(connection: &impl ConnectionTrait, codes: &[String]) -> Result<Vec<indicator::Model>> {
    let found = indicator::Entity::find().filter(indicator::Column::Code.is_in(codes.iter().cloned()));
    Ok(found.all(connection).await?)
}

/// A page of indicators by code.
pub async fn list_indicators(
    connection: &impl ConnectionTrait,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<indicator::Model>, Option<u64>)> {
    let select = indicator::Entity::find();
    let sorting = Sorting::by(
        (indicator::Column::Code, SortValue::Text(String::new())),
        indicator::Column::Id,
        Order::Asc,
        |row: &indicator::Model| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// Choices that some indicators offer, in order.
pub async fn choices(connection: &impl ConnectionTrait, indicators: &[Uuid]) -> Result<Vec<indicator_choice::Model>> {
    let choices = indicator_choice::Entity::find()
        .filter(indicator_choice::Column::IndicatorId.is_in(indicators.iter().copied()))
        .order_by_asc(indicator_choice::Column::Position);
    Ok(choices.all(connection).await?)
}

/// Writes the choices of an indicator.
pub async fn add_choices(tx: &impl ConnectionTrait, choices: Vec<indicator_choice::ActiveModel>) -> Result<()> {
    if !choices.is_empty() {
        indicator_choice::Entity::insert_many(choices)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// One form, if it is seen.
pub async fn find_form(connection: &impl ConnectionTrait, view: View<'_>, id: Uuid) -> Result<report_form::Model> {
    visible_forms(view)?
        .filter(report_form::Column::Id.eq(id))
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// Forms by id, whoever asks: what a visible report tells of its form is no secret.
pub async fn forms(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<report_form::Model>> {
    Ok(report_form::Entity::find()
        .filter(report_form::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// Which forms a list shows.
#[derive(Clone, Debug, Default)]
pub struct FormFilter {
    /// Only the form with this code.
    pub code: Option<String>,
    /// Only forms with a published version that this kind of unit fills in.
    pub filled_in_by: Option<UnitKind>,
    /// Only forms with a published version that this unit fills in today.
    pub unit: Option<Uuid>,
}

/// Forms with a published version that a unit fills in on a day.
fn filled_in_by(id: Uuid, day: NaiveDate) -> SelectStatement {
    let form = Expr::col((report_form_version::Entity, report_form_version::Column::FormId));
    Query::select()
        .expr(Expr::val(1))
        .from(report_form_version::Entity)
        .join(
            JoinType::InnerJoin,
            unit::Entity,
            Expr::col((unit::Entity, unit::Column::Id)).eq(id),
        )
        .and_where(form.eq(Expr::col((report_form::Entity, report_form::Column::Id))))
        .and_where(report_form_version::Column::State.eq(FormState::Published))
        .cond_where(filling::suits(&Expr::val(day)))
        .to_owned()
}

/// A page of forms by code.
pub async fn list_forms(
    connection: &impl ConnectionTrait,
    view: View<'_>,
    filter: &FormFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<report_form::Model>, Option<u64>)> {
    let mut select = visible_forms(view)?;
    if let Some(code) = &filter.code {
        select = select.filter(report_form::Column::Code.eq(code));
    }
    if let Some(kind) = filter.filled_in_by {
        let of_kind = Query::select()
            .column(report_form_kind::Column::FormVersionId)
            .from(report_form_kind::Entity)
            .and_where(report_form_kind::Column::UnitKind.eq(kind))
            .to_owned();
        let published = Query::select()
            .column(report_form_version::Column::FormId)
            .from(report_form_version::Entity)
            .and_where(report_form_version::Column::State.eq(FormState::Published))
            .and_where(report_form_version::Column::Id.in_subquery(of_kind))
            .to_owned();
        select = select.filter(report_form::Column::Id.in_subquery(published));
    }
    if let Some(unit) = filter.unit {
        select = select
            .filter(units::store::is_seen(view.reach, unit, view.today))
            .filter(Expr::exists(filled_in_by(unit, view.today)));
    }
    let sorting = Sorting::by(
        (report_form::Column::Code, SortValue::Text(String::new())),
        report_form::Column::Id,
        Order::Asc,
        |row: &report_form::Model| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id)],
    );
    db::listed(connection, select, &sorting, args, count).await
}

/// Names of indicators by code. The catalogue is common.
pub async fn indicator_names(connection: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<(String, String)>> {
    use indicator::Column::{Code, Name};
    let named = indicator::Entity::find()
        .select_only()
        .columns([Code, Name])
        .filter(Code.is_in(codes.iter().copied()));
    Ok(named.into_tuple().all(connection).await?)
}
