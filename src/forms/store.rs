//! SQL of periods, indicators and forms. Periods and forms are seen by the units that use them: those below the owner, and
//! those above.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Set,
};
use thidua_entity::enums::{FormState, PeriodKind, UnitKind};
use thidua_entity::{
    indicator, period, report_form, report_form_item, report_form_kind, report_form_version, unit_ancestry,
};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Reach, Resource};
use crate::{units, version};

/// Who sees, and on which day.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// How far the caller sees.
    pub reach: &'a Reach,
    /// Today in Asia/Ho_Chi_Minh.
    pub today: NaiveDate,
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
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = Sorting::by(
        (period::Column::StartsOn, SortValue::Day(NaiveDate::MIN)),
        period::Column::Id,
        order,
        |row: &period::Model| vec![SortValue::Day(row.starts_on), SortValue::Id(row.id)],
    );
    Ok((db::page(connection, select, &sorting, args).await?, total))
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

/// A page of indicators by code.
pub async fn list_indicators(
    connection: &impl ConnectionTrait,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<indicator::Model>, Option<u64>)> {
    let select = indicator::Entity::find();
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = Sorting::by(
        (indicator::Column::Code, SortValue::Text(String::new())),
        indicator::Column::Id,
        Order::Asc,
        |row: &indicator::Model| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id)],
    );
    Ok((db::page(connection, select, &sorting, args).await?, total))
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
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = Sorting::by(
        (report_form::Column::Code, SortValue::Text(String::new())),
        report_form::Column::Id,
        Order::Asc,
        |row: &report_form::Model| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id)],
    );
    Ok((db::page(connection, select, &sorting, args).await?, total))
}

/// Versions of some forms, the newest first.
pub async fn versions(connection: &impl ConnectionTrait, forms: &[Uuid]) -> Result<Vec<report_form_version::Model>> {
    let versions = report_form_version::Entity::find()
        .filter(report_form_version::Column::FormId.is_in(forms.iter().copied()))
        .order_by_desc(report_form_version::Column::Number);
    Ok(versions.all(connection).await?)
}

/// Versions by id.
pub async fn versions_by_id(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<report_form_version::Model>> {
    let versions = report_form_version::Entity::find();
    Ok(versions
        .filter(report_form_version::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// The version in which a form is filled in now.
pub async fn published(connection: &impl ConnectionTrait, form: Uuid) -> Result<Option<report_form_version::Model>> {
    let published = report_form_version::Entity::find()
        .filter(report_form_version::Column::FormId.eq(form))
        .filter(report_form_version::Column::State.eq(FormState::Published));
    Ok(published
        .order_by_desc(report_form_version::Column::Number)
        .one(connection)
        .await?)
}

/// Indicators on some versions, in the order of the form.
pub async fn items(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<report_form_item::Model>> {
    let items = report_form_item::Entity::find()
        .filter(report_form_item::Column::FormVersionId.is_in(versions.iter().copied()))
        .order_by_asc(report_form_item::Column::Position);
    Ok(items.all(connection).await?)
}

/// Kinds of unit that fill in some versions.
pub async fn kinds(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<report_form_kind::Model>> {
    let kinds = report_form_kind::Entity::find();
    Ok(kinds
        .filter(report_form_kind::Column::FormVersionId.is_in(versions.iter().copied()))
        .all(connection)
        .await?)
}

/// Writes what a draft version holds anew.
pub async fn put_content(
    tx: &impl ConnectionTrait,
    version: Uuid,
    unit_kinds: &[UnitKind],
    items: &[(Uuid, bool)],
) -> Result<()> {
    report_form_kind::Entity::delete_many()
        .filter(report_form_kind::Column::FormVersionId.eq(version))
        .exec(tx)
        .await?;
    report_form_item::Entity::delete_many()
        .filter(report_form_item::Column::FormVersionId.eq(version))
        .exec(tx)
        .await?;
    let kinds = unit_kinds.iter().map(|&unit_kind| report_form_kind::ActiveModel {
        form_version_id: Set(version),
        unit_kind: Set(unit_kind),
    });
    report_form_kind::Entity::insert_many(kinds)
        .exec_without_returning(tx)
        .await?;
    let rows = items
        .iter()
        .zip(1_i32..)
        .map(|(&(indicator, required), position)| report_form_item::ActiveModel {
            form_version_id: Set(version),
            indicator_id: Set(indicator),
            position: Set(position),
            required: Set(required),
        });
    report_form_item::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Moves a version to another state, if it still has the state and version that were read.
pub async fn set_state(
    tx: &impl ConnectionTrait,
    read: &report_form_version::Model,
    version: i32,
    state: FormState,
    published_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let mut update = report_form_version::Entity::update_many()
        .col_expr(report_form_version::Column::State, Expr::val(state))
        .col_expr(report_form_version::Column::Version, Expr::val(version::next(version)))
        .filter(report_form_version::Column::Id.eq(read.id))
        .filter(report_form_version::Column::State.eq(read.state))
        .filter(report_form_version::Column::Version.eq(version));
    if let Some(at) = published_at {
        update = update.col_expr(report_form_version::Column::PublishedAt, Expr::val(at));
    }
    db::one_changed(update.exec(tx).await?.rows_affected, read.version)
}

/// Writes the last day on which reports of a period are in time, if the period still has this version. Tells how many
/// rows that were.
pub async fn set_due_day(tx: &impl ConnectionTrait, id: Uuid, version: i32, due_on: Option<NaiveDate>) -> Result<u64> {
    let changed = period::Entity::update_many()
        .col_expr(period::Column::DueOn, Expr::val(due_on))
        .col_expr(period::Column::Version, Expr::val(version::next(version)))
        .filter(period::Column::Id.eq(id))
        .filter(period::Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Writes on what text a draft rests, if it still has this version. Tells how many rows that were.
pub async fn set_legal_basis(
    tx: &impl ConnectionTrait,
    draft: &report_form_version::Model,
    legal_basis: Option<String>,
) -> Result<u64> {
    let changed = report_form_version::Entity::update_many()
        .col_expr(report_form_version::Column::LegalBasis, Expr::val(legal_basis))
        .col_expr(
            report_form_version::Column::Version,
            Expr::val(version::next(draft.version)),
        )
        .filter(report_form_version::Column::Id.eq(draft.id))
        .filter(report_form_version::Column::Version.eq(draft.version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Locks a form's row until the transaction ends, so that two writers of its versions wait for each other.
pub async fn lock_form(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    report_form::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(())
}
