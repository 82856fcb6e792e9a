//! SQL of reports and their figures. Everything starts from [`visible`].

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Set,
};
use thidua_entity::enums::{FigurePart, ReportAction, ReportStatus};
use thidua_entity::{report_step, report_submission, report_value, report_writer};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::forms::store::View;
use crate::numbers::Reading;
use crate::policy::{Reach, Resource};
use crate::reports::merging::{Place, Writer};
use crate::{clusters, forms, units, version};

mod comments;
mod corrections;
mod findings;
mod merging;
mod overtaken;
mod sendings;
mod sheets;
mod suggestions;
pub mod summary;

pub use comments::*;
pub use corrections::*;
pub use findings::*;
pub use merging::*;
pub use overtaken::*;
pub use sendings::*;
pub use sheets::*;
pub use suggestions::*;

/// What of the reports a caller sees: those of the units it sees today, those of units that stood below its units when the
/// period ended, and of those that were members of its clusters then what they handed in: not their drafts, nor what was sent back to them.
fn visible(reach: &Reach, today: NaiveDate) -> Result<Select<report_submission::Entity>> {
    use report_submission::Column;
    reach.shows(Resource::Reports)?;
    if reach.everything {
        return Ok(report_submission::Entity::find());
    }
    let unit = (report_submission::Entity, Column::UnitId);
    let ends_on = (report_submission::Entity, Column::PeriodEndsOn);
    let mut seen = Condition::any()
        .add(units::store::within_subtree(reach, unit, today))
        .add(Expr::exists(units::store::stood_below(&reach.units, unit, ends_on)));
    if !reach.clusters.is_empty() {
        let handed_in = Condition::all()
            .add(Expr::exists(summary::were_members(&reach.clusters, unit, ends_on)))
            .add(Column::Status.is_not_in([ReportStatus::Draft, ReportStatus::Returned]));
        seen = seen.add(handed_in);
    }
    Ok(report_submission::Entity::find().filter(seen))
}

/// The ids of the reports that are seen: who sees a report sees what belongs to it.
pub fn seen(reach: &Reach, today: NaiveDate) -> Result<SelectStatement> {
    let ids = visible(reach, today)?.select_only();
    Ok(ids.column(report_submission::Column::Id).into_query())
}

/// The ids of the reports that are seen because their units are, and not only because they were handed in in a cluster.
fn seen_by_place(reach: &Reach, today: NaiveDate) -> Result<SelectStatement> {
    let place = Reach {
        clusters: Vec::new(),
        ..reach.clone()
    };
    seen(&place, today)
}

/// One report, if it is seen.
pub async fn find(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<report_submission::Model> {
    let found = visible(reach, today)?
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
    let found = visible(reach, today)?.filter(report_submission::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The reports of members of a cluster that are seen, were sent and wait for verification.
pub async fn unverified(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    cluster: Uuid,
) -> Result<Vec<Uuid>> {
    use report_submission::Column::{Id, PeriodEndsOn, Status, UnitId};
    let (unit, ends_on) = (
        (report_submission::Entity, UnitId),
        (report_submission::Entity, PeriodEndsOn),
    );
    let ids = visible(reach, today)?
        .select_only()
        .column(Id)
        .filter(Status.eq(ReportStatus::Submitted))
        .filter(Expr::exists(summary::was_member(cluster, unit, ends_on)))
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(ids.into_tuple().all(connection).await?)
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
    /// Only these statuses; all but replaced ones when nothing is said.
    pub statuses: Option<Vec<ReportStatus>>,
    /// Only late ones, or only those in time.
    pub late: Option<bool>,
    /// Only those that correct another, or only those that do not.
    pub corrections: Option<bool>,
    /// Only those that were approved and that have a correction which the caller sees, or only those that have none.
    pub changed_since_approval: Option<bool>,
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
    let mut select = filtered(visible(reach, today)?, filter);
    for named in [filter.unit, filter.under].into_iter().flatten() {
        select = select.filter(units::store::is_seen(reach, named, today));
    }
    if let Some(cluster) = filter.cluster {
        select = select.filter(clusters::store::is_seen(reach, cluster, today)?);
    }
    if let Some(changed) = filter.changed_since_approval {
        let corrected = corrected(reach, today)?;
        select = select.filter(if changed {
            report_submission::Column::Id.in_subquery(corrected)
        } else {
            report_submission::Column::Id.not_in_subquery(corrected)
        });
    }
    let view = View::new(reach, today);
    if let Some(period) = filter.period {
        select = select.filter(forms::store::is_period_seen(view, period)?);
    }
    if let Some(form) = filter.form {
        select = select.filter(forms::store::is_form_seen(view, form)?);
    }
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
    db::listed(connection, select, &sorting, args, count).await
}

fn filtered(mut select: Select<report_submission::Entity>, filter: &ReportFilter) -> Select<report_submission::Entity> {
    use report_submission::{Column, Entity};
    let ends_on = (Entity, Column::PeriodEndsOn);
    if let Some(unit) = filter.unit {
        select = select.filter(Column::UnitId.eq(unit));
    }
    if let Some(under) = filter.under {
        select = select.filter(Expr::exists(units::store::stood_below(
            &[under],
            (Entity, Column::UnitId),
            ends_on,
        )));
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
    select = match &filter.statuses {
        Some(statuses) => select.filter(Column::Status.is_in(statuses.iter().copied())),
        // A correction that was approved has replaced what is asked for.
        None if filter.changed_since_approval == Some(true) => select,
        // What was replaced is history, for who asks for it.
        None => select.filter(Column::Status.ne(ReportStatus::Replaced)),
    };
    if let Some(corrections) = filter.corrections {
        select = select.filter(if corrections {
            Column::CorrectsId.is_not_null()
        } else {
            Column::CorrectsId.is_null()
        });
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

/// Figures of some reports on some indicators only. Give it only reports that are seen.
pub async fn values_on(
    connection: &impl ConnectionTrait,
    reports: &[Uuid],
    indicators: &[Uuid],
) -> Result<Vec<report_value::Model>> {
    use report_value::Column;
    let values = report_value::Entity::find()
        .filter(Column::SubmissionId.is_in(reports.iter().copied()))
        .filter(Column::IndicatorId.is_in(indicators.iter().copied()));
    Ok(values.all(connection).await?)
}

/// A figure as it was read; `None` for a choice and a text.
pub fn reading(value: &report_value::Model) -> Option<Reading> {
    Some(Reading {
        qualifier: value.qualifier,
        value: value.value?,
        upper: value.upper,
    })
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

/// Writes a new report.
pub async fn insert(tx: &impl ConnectionTrait, report: &report_submission::Model) -> Result<()> {
    let row = report_submission::ActiveModel::from(report.clone()).reset_all();
    report_submission::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
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

/// Writes the same change to some reports, each of which must still have the status and the version that were read. One statement for
/// each status, and one that reads them again, in the order given.
pub async fn update_all(
    tx: &impl ConnectionTrait,
    read: &[report_submission::Model],
    change: report_submission::ActiveModel,
) -> Result<Vec<report_submission::Model>> {
    use report_submission::{Column, Entity};
    for &status in ReportStatus::ALL {
        let of_status: Vec<_> = read.iter().filter(|report| report.status == status).collect();
        let Some(first) = of_status.first() else {
            continue;
        };
        let as_read = of_status.iter().map(|report| (report.id, report.version));
        let changed = Entity::update_many()
            .set(change.clone())
            .col_expr(Column::Version, version::next_of(Column::Version))
            .filter(Column::Status.eq(status))
            .filter(Expr::tuple([Expr::col(Column::Id), Expr::col(Column::Version)]).in_tuples(as_read))
            .exec(tx)
            .await?;
        if changed.rows_affected != of_status.len() as u64 {
            return Err(Error::StaleVersion { current: first.version });
        }
    }
    let ids = read.iter().map(|report| report.id);
    let mut changed = Entity::find().filter(Column::Id.is_in(ids)).all(tx).await?;
    changed.sort_by_key(|report| read.iter().position(|one| one.id == report.id));
    Ok(changed)
}

/// Those of some reports that are seen, kept for this transaction: whoever else would change one waits. Always in the same order, so
/// that two who want the same ones do not wait for each other.
pub async fn lock_many(
    tx: &impl ConnectionTrait,
    reach: &Reach,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<report_submission::Model>> {
    let found = visible(reach, today)?
        .filter(report_submission::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(report_submission::Column::Id)
        .lock_exclusive();
    Ok(found.all(tx).await?)
}

/// Places of figures in one report.
#[derive(Clone, Debug)]
pub struct Touched {
    /// The report.
    pub report: Uuid,
    /// Who writes, and what they had seen.
    pub writer: Writer,
    /// The places.
    pub places: Vec<Place>,
}

/// Takes out the figures in these places: one statement, however many there are.
pub async fn take_values(tx: &impl ConnectionTrait, touched: &[Touched]) -> Result<()> {
    use report_value::Column;
    if let Some(these) = at(
        (Column::SubmissionId, Column::IndicatorId, Column::Part),
        touched,
        |_| None,
    ) {
        report_value::Entity::delete_many().filter(these).exec(tx).await?;
    }
    Ok(())
}

/// Writes figures where there are none: one statement for fifty reports with sixty figures.
pub async fn add_values(tx: &impl ConnectionTrait, values: Vec<report_value::ActiveModel>) -> Result<()> {
    for some in values.chunks(FIGURES_AT_ONCE) {
        report_value::Entity::insert_many(some.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Figures, or what is said of them, that are written by one statement: a figure has ten columns, and SQLite takes 32,766 variables.
const FIGURES_AT_ONCE: usize = 3_000;

/// The rows in these places for which, besides, holds what is said of their report; `None` when there is no place.
fn at<C: ColumnTrait>(
    (report, indicator, part): (C, C, C),
    touched: &[Touched],
    besides: impl Fn(&Touched) -> Option<Condition>,
) -> Option<Condition> {
    let mut any: Option<Condition> = None;
    for one in touched.iter().filter(|one| !one.places.is_empty()) {
        let mut by_part: HashMap<FigurePart, Vec<Uuid>> = HashMap::new();
        for &(indicator, part) in &one.places {
            by_part.entry(part).or_default().push(indicator);
        }
        let places = by_part.into_iter().fold(Condition::any(), |these, (of, indicators)| {
            these.add(Condition::all().add(part.eq(of)).add(indicator.is_in(indicators)))
        });
        let of_report = Condition::all()
            .add(report.eq(one.report))
            .add(places)
            .add_option(besides(one));
        any = Some(any.unwrap_or_else(Condition::any).add(of_report));
    }
    any
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
    add_all_writers(tx, accounts.map(|account| (report, account))).await
}

/// Keeps who wrote some reports, each once, in one statement: a report and an account.
pub async fn add_all_writers(tx: &impl ConnectionTrait, wrote: impl Iterator<Item = (Uuid, Uuid)>) -> Result<()> {
    use report_writer::Column;
    let rows: Vec<_> = wrote
        .map(|(report, account)| report_writer::ActiveModel {
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

/// A step in the life of a report.
pub fn step(
    id: Uuid,
    report: &report_submission::Model,
    action: ReportAction,
    (actor, reason): (&Actor, Option<&str>),
    at: DateTime<Utc>,
) -> report_step::ActiveModel {
    report_step::ActiveModel {
        id: Set(id),
        submission_id: Set(report.id),
        action: Set(action),
        status: Set(report.status),
        account_id: Set(actor.recorded_as()),
        acted_for: Set(actor.acting_for()),
        reason: Set(reason.map(str::to_owned)),
        at: Set(at),
    }
}

/// Writes steps in the lives of reports, in one statement.
pub async fn add_steps(tx: &impl ConnectionTrait, steps: Vec<report_step::ActiveModel>) -> Result<()> {
    report_step::Entity::insert_many(steps)
        .exec_without_returning(tx)
        .await?;
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
