//! SQL of due days: the period's own, and that of one form for one period where it is another.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use thidua_entity::enums::FormState;
use thidua_entity::{period, report_extension, report_form, report_form_due_day, report_form_version};
use uuid::Uuid;

use super::View;
use crate::error::Result;
use crate::forms::deadline::Deadline;
use crate::units;
use crate::version;
use crate::{db, env};

/// Due days of their own that some forms have for some periods.
pub async fn due_days(
    connection: &impl ConnectionTrait,
    forms: &[Uuid],
    periods: &[Uuid],
) -> Result<Vec<report_form_due_day::Model>> {
    let days = report_form_due_day::Entity::find()
        .filter(report_form_due_day::Column::FormId.is_in(forms.iter().copied()))
        .filter(report_form_due_day::Column::PeriodId.is_in(periods.iter().copied()));
    Ok(days.all(connection).await?)
}

/// The due day of its own that a form has for a period.
pub async fn due_day_of(
    connection: &impl ConnectionTrait,
    form: Uuid,
    period: Uuid,
) -> Result<Option<report_form_due_day::Model>> {
    Ok(due_days(connection, &[form], &[period]).await?.into_iter().next())
}

/// The last day on which a report on a form for a period is in time: the form's own, else the period's.
pub async fn due_on(
    connection: &impl ConnectionTrait,
    form: Uuid,
    period: &period::Model,
) -> Result<Option<NaiveDate>> {
    let own = due_day_of(connection, form, period.id).await?;
    Ok(own.map_or(period.due_on, |own| Some(own.due_on)))
}

/// Until when the report of a unit on a form for a period is in time.
pub async fn deadline(
    connection: &impl ConnectionTrait,
    form: Uuid,
    period: &period::Model,
    unit: Uuid,
) -> Result<Deadline> {
    let own = due_day_of(connection, form, period.id).await?;
    let extended = extensions(connection, &[(form, period.id, unit)]).await?;
    Ok(deadline_of(period, own.as_ref(), extended.first()))
}

/// The due day of its own that a form has for a period, and the extension of a unit that the caller sees.
pub async fn due_day_for(
    connection: &impl ConnectionTrait,
    view: View<'_>,
    form: &report_form::Model,
    period: &period::Model,
    unit: Option<Uuid>,
) -> Result<(Option<report_form_due_day::Model>, Option<report_extension::Model>)> {
    let own = due_day_of(connection, form.id, period.id).await?;
    let Some(unit) = unit else {
        return Ok((own, None));
    };
    let unit = units::store::find(connection, view.reach, unit, view.today).await?;
    let extended = extensions(connection, &[(form.id, period.id, unit.id)]).await?;
    Ok((own, extended.into_iter().next()))
}

/// The same of what is read already.
pub fn deadline_of(
    period: &period::Model,
    own: Option<&report_form_due_day::Model>,
    extended: Option<&report_extension::Model>,
) -> Deadline {
    Deadline {
        opens_on: own.and_then(|own| own.opens_on),
        due_on: own.map_or(period.due_on, |own| Some(own.due_on)),
        grace_days: own.map_or(0, |own| own.grace_days),
        extended_until: extended.map(|extension| extension.until),
    }
}

/// The extensions that hold, of forms, periods and units: of each the last that was given.
pub async fn extensions(
    connection: &impl ConnectionTrait,
    of: &[(Uuid, Uuid, Uuid)],
) -> Result<Vec<report_extension::Model>> {
    use report_extension::{Column, Entity};
    let all = Entity::find()
        .filter(Column::UnitId.is_in(of.iter().map(|(.., unit)| *unit)))
        .filter(Column::FormId.is_in(of.iter().map(|(form, ..)| *form)))
        .filter(Column::PeriodId.is_in(of.iter().map(|(_, period, _)| *period)))
        .order_by_desc(Column::Id)
        .all(connection)
        .await?;
    let mut seen = HashSet::new();
    let holds = |row: &report_extension::Model| seen.insert((row.form_id, row.period_id, row.unit_id));
    Ok(all.into_iter().filter(holds).collect())
}

/// The extensions that hold, of whichever units, for a form and a period.
pub async fn extensions_for(
    connection: &impl ConnectionTrait,
    form: Uuid,
    period: Uuid,
) -> Result<Vec<report_extension::Model>> {
    use report_extension::{Column, Entity};
    let all = Entity::find()
        .filter(Column::FormId.eq(form))
        .filter(Column::PeriodId.eq(period))
        .order_by_desc(Column::Id)
        .all(connection)
        .await?;
    let mut seen = HashSet::new();
    Ok(all.into_iter().filter(|row| seen.insert(row.unit_id)).collect())
}

/// A form that is filled in for a period, and its due day.
#[derive(Clone, Debug)]
pub struct Due {
    /// The form.
    pub form: report_form::Model,
    /// Its published version.
    pub form_version: Uuid,
    /// The period.
    pub period: period::Model,
    /// The due day of its own that the form has for the period.
    pub own: Option<report_form_due_day::Model>,
    /// The day on which its first version was published, in Asia/Ho_Chi_Minh: before it nobody could fill it in.
    pub first_asked_on: NaiveDate,
}

/// What is due on a day between two, both included: published forms and the periods of their kind, whoever asks.
pub async fn due_between(connection: &impl ConnectionTrait, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<Due>> {
    let own_days = report_form_due_day::Entity::find()
        .filter(report_form_due_day::Column::DueOn.between(from, to))
        .all(connection)
        .await?;
    let due = Condition::any()
        .add(period::Column::DueOn.between(from, to))
        .add(period::Column::Id.is_in(own_days.iter().map(|day| day.period_id)));
    let periods = period::Entity::find().filter(due).all(connection).await?;
    let forms = report_form::Entity::find()
        .filter(report_form::Column::Periodicity.is_in(periods.iter().map(|period| period.kind)))
        .all(connection)
        .await?;
    let forms: HashMap<Uuid, report_form::Model> = forms.into_iter().map(|form| (form.id, form)).collect();
    let versions = report_form_version::Entity::find()
        .filter(report_form_version::Column::PublishedAt.is_not_null())
        .filter(report_form_version::Column::FormId.is_in(forms.keys().copied()))
        .order_by_asc(report_form_version::Column::Id)
        .all(connection)
        .await?;
    // A form's own day may lie elsewhere, though the period's lies here.
    let (ids, of): (Vec<Uuid>, Vec<Uuid>) = (
        forms.keys().copied().collect(),
        periods.iter().map(|period| period.id).collect(),
    );
    let own_days = due_days(connection, &ids, &of).await?;
    let own_day = |form: Uuid, period: Uuid| {
        let mut days = own_days.iter();
        days.find(|day| day.form_id == form && day.period_id == period)
    };
    let mut due = Vec::new();
    for version in versions.iter().filter(|version| version.state == FormState::Published) {
        let of_form = versions.iter().filter(|other| other.form_id == version.form_id);
        let first = of_form.filter_map(|other| other.published_at).min();
        let (Some(form), Some(first)) = (forms.get(&version.form_id), first) else {
            continue;
        };
        for period in periods.iter().filter(|period| period.kind == form.periodicity) {
            let own = own_day(form.id, period.id);
            let day = own.map_or(period.due_on, |own| Some(own.due_on));
            if day.is_some_and(|day| (from..=to).contains(&day)) {
                due.push(Due {
                    form: form.clone(),
                    form_version: version.id,
                    period: period.clone(),
                    own: own.cloned(),
                    first_asked_on: env::day_of(first),
                });
            }
        }
    }
    Ok(due)
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

/// A due day of its own that a form has for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormDueDay {
    /// Last day on which a report is in time.
    pub due_on: NaiveDate,
    /// First day on which one can be begun.
    pub opens_on: Option<NaiveDate>,
    /// Days after the due day on which a report is not marked late.
    pub grace_days: i32,
}

impl From<&report_form_due_day::Model> for FormDueDay {
    fn from(row: &report_form_due_day::Model) -> Self {
        Self {
            due_on: row.due_on,
            opens_on: row.opens_on,
            grace_days: row.grace_days,
        }
    }
}

/// Gives a form a due day of its own for a period; `before` is the one that the caller saw. The form's row is locked.
pub async fn put_due_day(
    tx: &impl ConnectionTrait,
    (form, period): (Uuid, Uuid),
    before: Option<&report_form_due_day::Model>,
    day: FormDueDay,
) -> Result<()> {
    use report_form_due_day::Column;
    let Some(before) = before else {
        let row = report_form_due_day::ActiveModel {
            form_id: Set(form),
            period_id: Set(period),
            due_on: Set(day.due_on),
            opens_on: Set(day.opens_on),
            grace_days: Set(day.grace_days),
            version: Set(1),
        };
        row.insert(tx).await?;
        return Ok(());
    };
    let changed = report_form_due_day::Entity::update_many()
        .col_expr(Column::DueOn, Expr::val(day.due_on))
        .col_expr(Column::OpensOn, Expr::val(day.opens_on))
        .col_expr(Column::GraceDays, Expr::val(day.grace_days))
        .col_expr(Column::Version, Expr::val(version::next(before.version)))
        .filter(Column::FormId.eq(form))
        .filter(Column::PeriodId.eq(period))
        .filter(Column::Version.eq(before.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, before.version)
}

/// Takes the due day of its own from a form: the period's holds again.
pub async fn delete_due_day(tx: &impl ConnectionTrait, before: &report_form_due_day::Model) -> Result<()> {
    use report_form_due_day::Column;
    let deleted = report_form_due_day::Entity::delete_many()
        .filter(Column::FormId.eq(before.form_id))
        .filter(Column::PeriodId.eq(before.period_id))
        .filter(Column::Version.eq(before.version))
        .exec(tx)
        .await?;
    db::one_changed(deleted.rows_affected, before.version)
}
