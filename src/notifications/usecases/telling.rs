//! Who is told of an event, and what.

use sea_orm::ConnectionTrait;
use serde::Deserialize;
use thidua_entity::enums::{EventKind, NotificationKind};
use thidua_entity::{event, report_submission, unit};
use uuid::Uuid;

use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::OfYear;
use crate::ids::Kind;
use crate::notifications::store::{self, News};
use crate::notifications::wording::{About, AboutYear, Told};
use crate::policy::{self, Action, Reach};
use crate::{clusters, forms, reports, units, years};

/// Who is told, and of what.
pub(super) struct Telling {
    pub(super) whom: Vec<Uuid>,
    pub(super) news: News,
}

/// Who is told of an event, if anybody is.
pub(super) async fn telling(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Option<Telling>> {
    Ok(Some(match event.kind {
        // Whoever used the copied token did it in the name of the account, which is why the account is told.
        EventKind::SessionReplayed => Telling {
            whom: event.account_id.into_iter().collect(),
            news: news(NotificationKind::SessionReplayed, event, &Told::default())?,
        },
        EventKind::ReportReturned => to_writers(tx, env, event, NotificationKind::ReportReturned).await?,
        EventKind::ReportApproved => to_writers(tx, env, event, NotificationKind::ReportApproved).await?,
        EventKind::ReportSubmitted => {
            let waits = (Action::ReportVerify, NotificationKind::ReportToVerify);
            to_who_goes_on(tx, env, event, waits).await?
        }
        EventKind::ReportVerified => {
            let waits = (Action::ReportApprove, NotificationKind::ReportToApprove);
            to_who_goes_on(tx, env, event, waits).await?
        }
        EventKind::YearPhaseOpened => to_units(tx, env, event, NotificationKind::YearPhaseOpened).await?,
        EventKind::PactOpened => to_units(tx, env, event, NotificationKind::PactOpened).await?,
        EventKind::CrossChecksAssigned => to_units(tx, env, event, NotificationKind::CrossChecksAssigned).await?,
        EventKind::FindingsSent => to_units(tx, env, event, NotificationKind::FindingsSent).await?,
        EventKind::SheetReturned => to_units(tx, env, event, NotificationKind::SheetReturned).await?,
        EventKind::SheetAppraised => to_units(tx, env, event, NotificationKind::SheetAppraised).await?,
        EventKind::ObjectionRaised => to_units(tx, env, event, NotificationKind::ObjectionRaised).await?,
        EventKind::ObjectionAnswered => to_units(tx, env, event, NotificationKind::ObjectionAnswered).await?,
        EventKind::ResultPublished => to_units(tx, env, event, NotificationKind::ResultPublished).await?,
        EventKind::PactInForce => to_units(tx, env, event, NotificationKind::PactInForce).await?,
        EventKind::ParticipantAdded => to_units(tx, env, event, NotificationKind::ParticipantAdded).await?,
        EventKind::ParticipantWithdrawn => to_units(tx, env, event, NotificationKind::ParticipantWithdrawn).await?,
        EventKind::RepliesSent => to_units(tx, env, event, NotificationKind::RepliesSent).await?,
        EventKind::RepliesWaived => to_units(tx, env, event, NotificationKind::RepliesWaived).await?,
        EventKind::CrossCheckReturned => to_units(tx, env, event, NotificationKind::CrossCheckReturned).await?,
        EventKind::CrossCheckWithdrawn => to_units(tx, env, event, NotificationKind::CrossCheckWithdrawn).await?,
    }))
}

/// The officers of the units that something in an emulation year concerns, but not whoever did it.
async fn to_units(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Telling> {
    let (everything, today) = (Reach::everything(), env.today());
    let said: OfYear = serde_json::from_str(&event.detail).map_err(Error::internal)?;
    let year = years::store::plain(tx, &[said.year])
        .await?
        .remove(&said.year)
        .ok_or(Error::NotFound)?;
    let cluster = clusters::store::plain_names(tx, &[year.cluster_id])
        .await?
        .remove(&year.cluster_id);
    let unit = match said.about {
        Some(unit) => Some(units::store::find(tx, &everything, unit, today).await?),
        None => None,
    };
    let officers = store::holders(tx, &policy::roles_that(Action::ScoreSelf), &said.units, today).await?;
    let mut whom: Vec<Uuid> = officers.into_iter().map(|(_, account)| account).collect();
    whom.retain(|&account| Some(account) != event.account_id);
    whom.sort_unstable();
    whom.dedup();
    let told = Told {
        of_year: Some(AboutYear {
            id: year.id,
            year: year.year,
            cluster: cluster.unwrap_or_default(),
            phase: said.phase,
            unit: said.about,
        }),
        unit: unit.map(|unit| unit.name).unwrap_or_default(),
        reason: said.reason,
        ..Told::default()
    };
    Ok(Telling {
        whom,
        news: news(kind, event, &told)?,
    })
}

/// News of the thing of an event.
fn news(kind: NotificationKind, event: &event::Model, told: &Told) -> Result<News> {
    Ok(News {
        kind,
        subject: (event.subject_kind.clone(), event.subject_id),
        detail: serde_json::to_string(told).map_err(Error::internal)?,
        at: event.at,
    })
}

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
async fn to_writers(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Telling> {
    let OfReport { told, writers, .. } = of_report(tx, env, event).await?;
    Ok(Telling {
        whom: writers
            .into_iter()
            .filter(|&one| Some(one) != event.account_id)
            .collect(),
        news: news(kind, event, &told)?,
    })
}

/// Those who may do the next step are told that it waits for them: the nearest above the unit, and nobody who wrote the report, since
/// nobody passes their own work. What waits of one period is told once, with how much it is.
async fn to_who_goes_on(
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
        whom: whom.into_iter().filter(|&one| Some(one) != event.account_id).collect(),
        news: News {
            subject: (Kind::Period.type_name().to_owned(), report.period_id),
            ..news
        },
    })
}
