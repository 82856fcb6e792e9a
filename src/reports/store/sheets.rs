//! SQL of the reports of many units on one form for one period: whose they are, which there are, and beginning those that are not.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use thidua_entity::{report_submission, unit};
use uuid::Uuid;

use super::visible;
use crate::error::Result;
use crate::forms::store::filling;
use crate::policy::Reach;
use crate::units;

/// Whose reports are wanted.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// All that there are, or those of a unit and of what stands below it today.
    Below(Option<Uuid>),
    /// Those of these units, and of units with these codes.
    Named(&'a [Uuid], &'a [String]),
}

/// Units that are seen, from which a report on a form version is expected for a period, and which lie in a reach or are among some
/// units; by name. `reach` is what is seen, `within` and `own` where something may be done.
pub async fn units_to_fill_in(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    (within, own): (&Reach, &[Uuid]),
    (form_version, period): (Uuid, Uuid),
    (whose, most): (Whose<'_>, usize),
) -> Result<Vec<unit::Model>> {
    let id = (unit::Entity, unit::Column::Id);
    let may = Condition::any()
        .add(units::store::within(within, id, today))
        .add(Expr::col(id).is_in(own.iter().copied()));
    let whose = match whose {
        Whose::Below(None) => Condition::all(),
        Whose::Below(Some(above)) => Condition::all()
            .add(units::store::is_seen(reach, above, today))
            .add(Expr::col(id).in_subquery(units::store::below(&[above], today))),
        Whose::Named(ids, codes) => Condition::any()
            .add(Expr::col(id).is_in(ids.iter().copied()))
            .add(Expr::col(id).in_subquery(units::store::coded(codes))),
    };
    let expected = filling::to_fill(form_version, &[period]).expr(Expr::val(1)).to_owned();
    let these = Condition::all().add(may).add(whose).add(Expr::exists(expected));
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    units::store::some_of(connection, (reach, today), these, most).await
}

/// The newest report of each of some units on a form for a period, of those that are seen. Kept for this transaction when that is
/// asked, always in the same order, as by [`lock_many`](super::lock_many).
pub async fn newest(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    (form, period): (Uuid, Uuid),
    units: &[Uuid],
    keep: bool,
) -> Result<HashMap<Uuid, report_submission::Model>> {
    use report_submission::Column;
    let mut found = visible(reach, today)?
        .filter(Column::FormId.eq(form))
        .filter(Column::PeriodId.eq(period))
        .filter(Column::UnitId.is_in(units.iter().copied()))
        .order_by_asc(Column::Id);
    if keep {
        found = found.lock_exclusive();
    }
    let mut newest: HashMap<Uuid, report_submission::Model> = HashMap::new();
    for report in found.all(connection).await? {
        let known = newest.get(&report.unit_id);
        if known.is_none_or(|known| known.revision < report.revision) {
            newest.insert(report.unit_id, report);
        }
    }
    Ok(newest)
}

/// Begins reports, and tells which: a unit for which somebody else has just begun one keeps that. Give them in the order of their units,
/// so that two who begin the same ones do not wait for each other.
pub async fn begin_all(tx: &impl ConnectionTrait, reports: &[report_submission::Model]) -> Result<HashSet<Uuid>> {
    use report_submission::{Column, Entity};
    if reports.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = reports
        .iter()
        .map(|report| report_submission::ActiveModel::from(report.clone()).reset_all());
    let same = [Column::FormId, Column::PeriodId, Column::UnitId, Column::Revision];
    let inserted = Entity::insert_many(rows)
        .on_conflict(OnConflict::columns(same).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let ids = reports.iter().map(|report| report.id);
    if usize::try_from(inserted).is_ok_and(|inserted| inserted == reports.len()) {
        return Ok(ids.collect());
    }
    let begun = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids));
    Ok(begun.into_tuple().all(tx).await?.into_iter().collect())
}
