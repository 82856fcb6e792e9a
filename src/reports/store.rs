//! SQL of reports and their figures. Everything starts from [`visible`].

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, OnConflict, Order, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, Set,
};
use thidua_entity::enums::{ReportAction, ReportStatus};
use thidua_entity::{report_step, report_submission, report_value, report_writer, unit_ancestry};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::forms::store::View;
use crate::policy::Reach;
use crate::{clusters, forms, units, version};

pub mod summary;

/// What of the reports a caller sees: those of the units it sees today, those of units that stood below its units when the
/// period ended, and of those that were members of its clusters then what they handed in:
/// not their drafts, nor what was sent back to them.
fn visible(reach: &Reach, today: NaiveDate) -> Select<report_submission::Entity> {
    use report_submission::Column;
    if reach.everything {
        return report_submission::Entity::find();
    }
    let unit = (report_submission::Entity, Column::UnitId);
    let ends_on = (report_submission::Entity, Column::PeriodEndsOn);
    let mut seen = Condition::any()
        .add(units::store::within_subtree(reach, unit, today))
        .add(Expr::exists(stood_below(&reach.units, unit, ends_on)));
    if !reach.clusters.is_empty() {
        let handed_in = Condition::all()
            .add(Expr::exists(summary::were_members(&reach.clusters, unit, ends_on)))
            .add(Column::Status.is_not_in([ReportStatus::Draft, ReportStatus::Returned]));
        seen = seen.add(handed_in);
    }
    report_submission::Entity::find().filter(seen)
}

/// The ids of the reports that are seen: who sees a report sees what belongs to it.
pub fn seen(reach: &Reach, today: NaiveDate) -> SelectStatement {
    let ids = visible(reach, today).select_only();
    ids.column(report_submission::Column::Id).into_query()
}

/// Whether the unit in one column stood below some units on the day in another.
pub fn stood_below(uppers: &[Uuid], unit: impl IntoColumnRef, day: impl IntoColumnRef) -> SelectStatement {
    use unit_ancestry::Column;
    let (unit, day) = (Expr::col(unit.into_column_ref()), Expr::col(day.into_column_ref()));
    Query::select()
        .expr(Expr::val(1))
        .from(unit_ancestry::Entity)
        .and_where(Expr::col((unit_ancestry::Entity, Column::UnitId)).eq(unit))
        .and_where(Expr::col((unit_ancestry::Entity, Column::AncestorId)).is_in(uppers.iter().copied()))
        .and_where(Expr::col((unit_ancestry::Entity, Column::ValidFrom)).lte(day.clone()))
        .and_where(Expr::col((unit_ancestry::Entity, Column::ValidTo)).gt(day))
        .to_owned()
}

/// One report, if it is seen.
pub async fn find(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<report_submission::Model> {
    let found = visible(reach, today)
        .filter(report_submission::Column::Id.eq(id))
        .one(connection)
        .await?;
    found.ok_or(Error::NotFound)
}

/// A report whose row is locked until the transaction ends, so that nobody takes a step with it meanwhile. Give it only one that
/// is seen.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<report_submission::Model> {
    let found = report_submission::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or(Error::NotFound)
}

/// Those of some reports that are seen.
pub async fn find_many(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<report_submission::Model>> {
    let found = visible(reach, today).filter(report_submission::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// What a list of reports may ask for.
#[derive(Clone, Debug, Default)]
pub struct ReportFilter {
    /// Only reports of this unit.
    pub unit: Option<Uuid>,
    /// Only reports of this unit and of those that stood below it when the period ended.
    pub under: Option<Uuid>,
    /// Only reports of units that were members of this cluster when the period ended.
    pub cluster: Option<Uuid>,
    /// Only reports of units of this province.
    pub province: Option<Uuid>,
    /// Only reports for this period.
    pub period: Option<Uuid>,
    /// Only reports on this form.
    pub form: Option<Uuid>,
    /// Only these statuses.
    pub statuses: Option<Vec<ReportStatus>>,
    /// Only late ones, or only those in time.
    pub late: Option<bool>,
}

/// How a list of reports is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportSort {
    /// By the time of the last change.
    Updated,
    /// By the time at which they were begun.
    Created,
}

/// A page of the reports that are seen, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &ReportFilter,
    (sort, order): (ReportSort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<report_submission::Model>, Option<u64>)> {
    use report_submission::Column;
    let mut select = filtered(visible(reach, today), filter);
    for named in [filter.unit, filter.under].into_iter().flatten() {
        select = select.filter(units::store::is_seen(reach, named, today));
    }
    if let Some(cluster) = filter.cluster {
        select = select.filter(clusters::store::is_seen(reach, cluster, today));
    }
    let view = View { reach, today };
    if let Some(period) = filter.period {
        select = select.filter(forms::store::is_period_seen(view, period));
    }
    if let Some(form) = filter.form {
        select = select.filter(forms::store::is_form_seen(view, form));
    }
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = match sort {
        ReportSort::Updated => Sorting::by(
            (Column::UpdatedAt, SortValue::Instant(DateTime::<Utc>::MIN_UTC)),
            Column::Id,
            order,
            |row: &report_submission::Model| vec![SortValue::Instant(row.updated_at), SortValue::Id(row.id)],
        ),
        ReportSort::Created => Sorting::by_id(Column::Id, order, |row: &report_submission::Model| {
            vec![SortValue::Id(row.id)]
        }),
    };
    Ok((db::page(connection, select, &sorting, args).await?, total))
}

fn filtered(mut select: Select<report_submission::Entity>, filter: &ReportFilter) -> Select<report_submission::Entity> {
    use report_submission::{Column, Entity};
    let ends_on = (Entity, Column::PeriodEndsOn);
    if let Some(unit) = filter.unit {
        select = select.filter(Column::UnitId.eq(unit));
    }
    if let Some(under) = filter.under {
        select = select.filter(Expr::exists(stood_below(&[under], (Entity, Column::UnitId), ends_on)));
    }
    if let Some(cluster) = filter.cluster {
        select = select.filter(Expr::exists(summary::was_member(
            cluster,
            (Entity, Column::UnitId),
            ends_on,
        )));
    }
    if let Some(province) = filter.province {
        select = select.filter(Column::UnitId.in_subquery(units::store::located_in(&[province])));
    }
    if let Some(period) = filter.period {
        select = select.filter(Column::PeriodId.eq(period));
    }
    if let Some(form) = filter.form {
        select = select.filter(Column::FormId.eq(form));
    }
    if let Some(statuses) = &filter.statuses {
        select = select.filter(Column::Status.is_in(statuses.iter().copied()));
    }
    if let Some(late) = filter.late {
        select = select.filter(Column::Late.eq(late));
    }
    select
}

/// Figures of some reports. Give it only reports that are seen.
pub async fn values(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<report_value::Model>> {
    let values = report_value::Entity::find();
    Ok(values
        .filter(report_value::Column::SubmissionId.is_in(reports.iter().copied()))
        .all(connection)
        .await?)
}

/// Steps in the lives of some reports, the oldest first. Give it only reports that are seen.
pub async fn steps(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<report_step::Model>> {
    let steps = report_step::Entity::find()
        .filter(report_step::Column::SubmissionId.is_in(reports.iter().copied()))
        .order_by_asc(report_step::Column::Id);
    Ok(steps.all(connection).await?)
}

/// The report of a unit on a form for a period, whoever asks: to tell that there is one already.
pub async fn existing(
    connection: &impl ConnectionTrait,
    (unit, form, period): (Uuid, Uuid, Uuid),
) -> Result<Option<report_submission::Model>> {
    let same = report_submission::Entity::find()
        .filter(report_submission::Column::FormId.eq(form))
        .filter(report_submission::Column::PeriodId.eq(period))
        .filter(report_submission::Column::UnitId.eq(unit));
    Ok(same.one(connection).await?)
}

/// Writes a changed report, if it still has the status that was read and the version that the caller saw.
pub async fn update(
    tx: &impl ConnectionTrait,
    read: &report_submission::Model,
    version: i32,
    change: report_submission::ActiveModel,
) -> Result<report_submission::Model> {
    let row = report_submission::ActiveModel {
        version: Set(version::next(version)),
        ..change
    };
    let changed = report_submission::Entity::update_many()
        .set(row)
        .filter(report_submission::Column::Id.eq(read.id))
        .filter(report_submission::Column::Status.eq(read.status))
        .filter(report_submission::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    report_submission::Entity::find_by_id(read.id)
        .one(tx)
        .await?
        .ok_or(Error::NotFound)
}

/// Writes figures anew and takes out those that are gone: two statements, however many there are.
pub async fn put_values(
    tx: &impl ConnectionTrait,
    report: Uuid,
    values: Vec<report_value::ActiveModel>,
    touched: &[Uuid],
) -> Result<()> {
    if !touched.is_empty() {
        report_value::Entity::delete_many()
            .filter(report_value::Column::SubmissionId.eq(report))
            .filter(report_value::Column::IndicatorId.is_in(touched.iter().copied()))
            .exec(tx)
            .await?;
    }
    if !values.is_empty() {
        report_value::Entity::insert_many(values)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Who wrote some reports. Give it only reports that are seen.
pub async fn writers(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<report_writer::Model>> {
    let writers = report_writer::Entity::find();
    Ok(writers
        .filter(report_writer::Column::SubmissionId.is_in(reports.iter().copied()))
        .all(connection)
        .await?)
}

/// Keeps that somebody wrote a report, once.
pub async fn add_writers(tx: &impl ConnectionTrait, report: Uuid, accounts: impl Iterator<Item = Uuid>) -> Result<()> {
    use report_writer::Column;
    let rows: Vec<_> = accounts
        .map(|account| report_writer::ActiveModel {
            submission_id: Set(report),
            account_id: Set(account),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let once = OnConflict::columns([Column::SubmissionId, Column::AccountId])
        .do_nothing()
        .to_owned();
    report_writer::Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Writes a step in the life of a report.
pub async fn add_step(
    tx: &impl ConnectionTrait,
    id: Uuid,
    report: &report_submission::Model,
    action: ReportAction,
    (actor, reason): (&Actor, Option<String>),
    at: DateTime<Utc>,
) -> Result<()> {
    let row = report_step::ActiveModel {
        id: Set(id),
        submission_id: Set(report.id),
        action: Set(action),
        status: Set(report.status),
        account_id: Set(actor.recorded_as()),
        acted_for: Set(actor.acting_for()),
        reason: Set(reason),
        at: Set(at),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Figures grouped by report.
pub fn by_report(values: Vec<report_value::Model>) -> HashMap<Uuid, Vec<report_value::Model>> {
    let mut grouped: HashMap<Uuid, Vec<report_value::Model>> = HashMap::new();
    for value in values {
        grouped.entry(value.submission_id).or_default().push(value);
    }
    grouped
}
