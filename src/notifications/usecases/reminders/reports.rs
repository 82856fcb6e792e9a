//! Reminding officers of reports that are due soon or late, each time once.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, Set};
use thidua_entity::enums::{NotificationKind, ReminderKind};
use thidua_entity::report_reminder;
use uuid::Uuid;

use super::LATE_DAYS_MAX;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::forms::store::Due;
use crate::notifications::store::{self, News, reminders};
use crate::notifications::wording::{About, Told};
use crate::policy::{self, Action};
use crate::{db, forms, reports, units};

/// How far back a due day may lie of a form of which somebody has more time than others.
const LOOK_BACK_DAYS: u64 = 120;
/// Reminders that are given in one transaction.
const AT_ONCE: usize = 200;

/// Reminds the officers of every unit that owes a report which is due soon or late, and tells of how many reports.
pub(super) async fn remind(env: &Env) -> Result<usize> {
    let today = env.today();
    let soon = Days::new(u64::from(env.telling.reminder_days));
    let from = today.checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(today);
    let to = today.checked_add_days(soon).unwrap_or(today);
    let mut reminded = 0;
    for due in forms::store::due_between(&env.db, (from, to)).await? {
        // What goes wrong with one form does not keep others from being reminded of.
        match of_form(env, &due, (today, to)).await {
            Ok(given) => reminded += given,
            Err(error) => tracing::warn!(
                form.id = %due.form.id, period.id = %due.period.id, cause = %error,
                "Reminders of a form could not be given; trying again later"
            ),
        }
    }
    Ok(reminded)
}

async fn of_form(env: &Env, due: &Due, days: (NaiveDate, NaiveDate)) -> Result<usize> {
    let mut given = 0;
    for some in wanted(env, due, days).await?.chunks(AT_ONCE) {
        given += give(env, due, some).await?;
    }
    Ok(given)
}

/// One reminder: which unit, of what, for which last day.
type Wanted = (Uuid, ReminderKind, NaiveDate);

/// The officers of units, by unit.
type Officers = HashMap<Uuid, Vec<Uuid>>;

/// The reminders that are to be given of one form and period.
async fn wanted(env: &Env, due: &Due, (today, to): (NaiveDate, NaiveDate)) -> Result<Vec<Wanted>> {
    let (form, period) = (due.form.id, due.period.id);
    let owing = reports::store::summary::owing_units(&env.db, form, (due.form_version, period)).await?;
    if owing.is_empty() {
        return Ok(Vec::new());
    }
    let given = reminders::reports::reminded(&env.db, form, period).await?;
    let extended = forms::store::extensions_for(&env.db, form, period).await?;
    let extended: HashMap<Uuid, _> = extended.into_iter().map(|row| (row.unit_id, row)).collect();
    let last_of_all = today.checked_sub_days(Days::new(LATE_DAYS_MAX)).unwrap_or(today);
    let wanted = owing.into_iter().filter_map(|owes| {
        let deadline = forms::store::deadline_of(&due.period, due.own.as_ref(), extended.get(&owes.unit));
        let until = deadline.in_time_until()?;
        let is_late = until < today;
        // Who got a report back was told, and who got the form only afterwards was never in time to be late.
        let unasked = is_late && (owes.returned || due.first_asked_on > until);
        if unasked || until < last_of_all || until > to || !deadline.is_open_on(today) {
            return None;
        }
        let kind = if is_late {
            ReminderKind::Overdue
        } else {
            ReminderKind::DueSoon
        };
        Some((owes.unit, kind, until))
    });
    Ok(wanted.filter(|one| !given.contains(one)).collect())
}

async fn officers(tx: &impl ConnectionTrait, env: &Env, units: &[Uuid]) -> Result<Officers> {
    let roles = policy::roles_that(Action::ReportSubmit);
    let mut officers = Officers::new();
    for (unit, account) in store::holders(tx, &roles, units, env.today()).await? {
        officers.entry(unit).or_default().push(account);
    }
    Ok(officers)
}

/// Writes reminders down and tells the officers of their units, in one transaction; tells how many nobody had given before. A unit
/// without officers is not reminded: whoever becomes one will be.
async fn give(env: &Env, due: &Due, wanted: &[Wanted]) -> Result<usize> {
    let now = env.now();
    let row = |&(unit, kind, until): &Wanted| report_reminder::ActiveModel {
        id: Set(env.new_id()),
        kind: Set(kind),
        form_id: Set(due.form.id),
        period_id: Set(due.period.id),
        unit_id: Set(unit),
        until: Set(until),
        at: Set(now),
    };
    let tx = db::begin_write(&env.db).await?;
    let units: Vec<Uuid> = wanted.iter().map(|(unit, ..)| *unit).collect();
    let officers = officers(&tx, env, &units).await?;
    let rows: Vec<_> = wanted
        .iter()
        .filter(|(unit, ..)| officers.contains_key(unit))
        .map(row)
        .collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let given = reminders::reports::remind(&tx, rows).await?;
    let of: Vec<Uuid> = given.iter().map(|reminder| reminder.unit_id).collect();
    let names = units::store::plain_names(&tx, &of, env.today()).await?;
    let mut rows = Vec::new();
    for reminder in &given {
        let name = names.get(&reminder.unit_id).cloned().unwrap_or_default();
        let news = news(due, reminder, name)?;
        let whom = officers.get(&reminder.unit_id).into_iter().flatten();
        rows.extend(whom.map(|&account| news.of(account, env.new_id())));
    }
    store::put(&tx, rows).await?;
    tx.commit().await?;
    Ok(given.len())
}

fn news(due: &Due, reminder: &report_reminder::Model, unit: String) -> Result<News> {
    let told = Told {
        unit,
        form: due.form.name.clone(),
        period: due.period.name.clone(),
        until: Some(reminder.until),
        about: Some(About {
            unit: reminder.unit_id,
            form: reminder.form_id,
            period: reminder.period_id,
        }),
        ..Told::default()
    };
    Ok(News {
        kind: match reminder.kind {
            ReminderKind::DueSoon => NotificationKind::ReportDueSoon,
            ReminderKind::Overdue => NotificationKind::ReportOverdue,
        },
        subject: ("ReportReminder".to_owned(), reminder.id),
        detail: serde_json::to_string(&told).map_err(Error::internal)?,
        at: reminder.at,
    })
}
