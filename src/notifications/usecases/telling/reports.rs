//! What is told of reports, and whom.

use sea_orm::ConnectionTrait;
use serde::Deserialize;
use thidua_entity::enums::NotificationKind;
use thidua_entity::{event, report_submission, unit};
use uuid::Uuid;

use super::{Telling, news};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::notifications::store::{self, News};
use crate::notifications::wording::{About, Told};
use crate::policy::{self, Action, Reach};
use crate::{forms, reports, units};

/// What an event says beside its thing.
#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    reason: Option<String>,
}

/// The report of an event, its unit, what is told of it, and who wrote it.
struct OfReport {
    report: report_submission::Model,
    unit: unit::Model,
    told: Told,
    writers: Vec<Uuid>,
}

async fn of_report(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<OfReport> {
    // Nobody asks here: what is told was seen, or can be seen, by those whom it is told.
    let everything = Reach::everything();
    let said: Said = serde_json::from_str(&event.detail).map_err(Error::internal)?;
    let report = reports::store::find(tx, &everything, event.subject_id, env.today()).await?;
    let unit = units::store::find(tx, &everything, report.unit_id, env.today()).await?;
    let period = forms::store::periods(tx, &[report.period_id]).await?.pop();
    let form = forms::store::forms(tx, &[report.form_id]).await?.pop();
    let writers = reports::store::writers(tx, &[report.id]).await?;
    Ok(OfReport {
        told: Told {
            unit: unit.name.clone(),
            form: form.map(|form| form.name).unwrap_or_default(),
            period: period.map(|period| period.name).unwrap_or_default(),
            reason: said.reason,
            about: Some(About {
                unit: report.unit_id,
                form: report.form_id,
                period: report.period_id,
            }),
            ..Told::default()
        },
        report,
        unit,
        writers: writers.into_iter().map(|row| row.account_id).collect(),
    })
}

/// Those who wrote a report are told of it, but not of what they did themselves.
pub(super) async fn to_writers(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Telling> {
    let OfReport { told, writers, .. } = of_report(tx, env, event).await?;
    Ok(Telling {
        whom: writers,
        news: news(kind, event, &told)?,
    })
}

/// Those who may do the next step are told that it waits for them: the nearest above the unit, and nobody who wrote the report, since
/// nobody passes their own work. What waits of one period is told once, with how much it is.
pub(super) async fn to_who_goes_on(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    (step, kind): (Action, NotificationKind),
) -> Result<Telling> {
    let OfReport {
        report,
        unit,
        told,
        writers,
    } = of_report(tx, env, event).await?;
    let whom = store::nearest_holders(tx, &policy::roles_that(step), &unit, &writers, env.today()).await?;
    let news = news(kind, event, &told)?;
    Ok(Telling {
        whom,
        news: News {
            subject: (Kind::Period.type_name().to_owned(), report.period_id),
            ..news
        },
    })
}
