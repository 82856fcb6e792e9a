//! What changed of reports since they were last sent, and since they were approved.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use thidua_entity::enums::ReportStatus;
use thidua_entity::{report_sending, report_submission, report_value};
use uuid::Uuid;

use crate::error::Result;
use crate::forms;
use crate::policy::Reach;
use crate::reports::difference::{self, Difference, Edition, Figure};
use crate::reports::store;

/// Since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Since {
    /// While a report is with its unit: since it was last sent. When it has been sent: since it was sent the time before.
    LastSubmission,
    /// Between an approved report and its correction.
    Approval,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The report.
    pub report: Uuid,
    /// Which sending of it, and when; `None` for what stands in it now.
    pub sent: Option<(i32, DateTime<Utc>)>,
}

/// What changed from one edition of a report to another.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What is compared with the other.
    pub before: Side,
    /// The other.
    pub after: Side,
    /// What changed.
    pub difference: Difference,
}

/// What one side is read from.
enum Read {
    Sent(report_sending::Model),
    Now(report_submission::Model),
}

/// What changed of some reports, by report; of a report for which there is nothing to compare with, nothing. A fixed number of
/// statements, however many reports and figures. Give it only reports that are seen.
pub async fn differences(
    connection: &impl ConnectionTrait,
    seen: (&Reach, NaiveDate),
    reports: &[report_submission::Model],
    since: Since,
) -> Result<HashMap<Uuid, Compared>> {
    let pairs = match since {
        Since::LastSubmission => since_sending(connection, seen, reports).await?,
        Since::Approval => since_approval(connection, seen, reports).await?,
    };
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let versions: Vec<Uuid> = reports.iter().map(|report| report.form_version_id).collect();
    let version_of: HashMap<Uuid, Uuid> = reports.iter().map(|one| (one.id, one.form_version_id)).collect();
    let mut orders: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for item in forms::store::items(connection, &versions).await? {
        orders.entry(item.form_version_id).or_default().push(item.indicator_id);
    }
    let editions = editions(connection, &pairs).await?;
    let nothing = Edition::default();
    let compared = pairs.into_iter().map(|(report, [before, after])| {
        let order = version_of.get(&report).and_then(|version| orders.get(version));
        let edition = |read: &Read| editions.get(&read.id()).unwrap_or(&nothing);
        let difference = difference::between(edition(&before), edition(&after), order.map_or(&[], Vec::as_slice));
        let compared = Compared {
            before: before.side(),
            after: after.side(),
            difference,
        };
        (report, compared)
    });
    Ok(compared.collect())
}

/// While a report is with its unit, its last sending and what stands in it; else its last two sendings.
async fn since_sending(
    connection: &impl ConnectionTrait,
    seen: (&Reach, NaiveDate),
    reports: &[report_submission::Model],
) -> Result<HashMap<Uuid, [Read; 2]>> {
    let ids: Vec<Uuid> = reports.iter().map(|report| report.id).collect();
    let mut sendings: HashMap<Uuid, Vec<report_sending::Model>> = HashMap::new();
    for sending in store::last_sendings(connection, seen, &ids, 2).await? {
        sendings.entry(sending.submission_id).or_default().push(sending);
    }
    let pair = |report: &report_submission::Model| {
        let mut sent = sendings.remove(&report.id)?.into_iter().map(Read::Sent);
        let last = sent.next()?;
        let pair = match report.status {
            ReportStatus::Draft | ReportStatus::Returned => [last, Read::Now(report.clone())],
            _ => [sent.next()?, last],
        };
        Some((report.id, pair))
    };
    Ok(reports.iter().filter_map(pair).collect())
}

/// A report and its correction, where the caller sees one; else what it corrects, and it.
async fn since_approval(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    reports: &[report_submission::Model],
) -> Result<HashMap<Uuid, [Read; 2]>> {
    let ids: Vec<Uuid> = reports.iter().map(|report| report.id).collect();
    let corrected: Vec<Uuid> = reports.iter().filter_map(|report| report.corrects_id).collect();
    let corrections = store::corrections(connection, reach, &ids, today).await?;
    let corrected = if corrected.is_empty() {
        Vec::new()
    } else {
        store::find_many(connection, reach, &corrected, today).await?
    };
    let pair = |report: &report_submission::Model| {
        let correction = corrections.iter().find(|one| one.corrects_id == Some(report.id));
        let pair = match correction {
            Some(correction) => [report, correction],
            None => [corrected.iter().find(|one| Some(one.id) == report.corrects_id)?, report],
        };
        Some((report.id, pair.map(|one| Read::Now(one.clone()))))
    };
    Ok(reports.iter().filter_map(pair).collect())
}

/// What each side says, by [`Read::id`].
async fn editions(
    connection: &impl ConnectionTrait,
    pairs: &HashMap<Uuid, [Read; 2]>,
) -> Result<HashMap<Uuid, Edition>> {
    let mut editions: HashMap<Uuid, Edition> = HashMap::new();
    let (mut sent, mut now) = (Vec::new(), Vec::new());
    for side in pairs.values().flatten() {
        let (ids, note) = match side {
            Read::Sent(sending) => (&mut sent, &sending.note),
            Read::Now(report) => (&mut now, &report.note),
        };
        ids.push(side.id());
        editions.entry(side.id()).or_default().note.clone_from(note);
    }
    let mut values = Vec::new();
    if !sent.is_empty() {
        values = store::sent_values(connection, &sent).await?;
        for said in store::sent_explanations(connection, &sent).await? {
            let edition = editions.entry(said.sending_id).or_default();
            edition.explanations.insert(said.rule_code, said.text);
        }
    }
    if !now.is_empty() {
        values.extend(store::values(connection, &now).await?);
        for said in store::explanations(connection, &now).await? {
            let edition = editions.entry(said.submission_id).or_default();
            edition.explanations.insert(said.rule_code, said.text);
        }
    }
    for value in values {
        let edition = editions.entry(value.submission_id).or_default();
        edition.figures.insert((value.indicator_id, value.part), figure(value));
    }
    Ok(editions)
}

fn figure(value: report_value::Model) -> Figure {
    Figure {
        value: value.value,
        upper: value.upper,
        choice: value.choice,
        qualifier: value.qualifier,
        nature: value.nature,
        raw: value.raw,
    }
}

impl Read {
    fn id(&self) -> Uuid {
        match self {
            Self::Sent(sending) => sending.id,
            Self::Now(report) => report.id,
        }
    }

    fn side(&self) -> Side {
        match self {
            Self::Sent(sending) => Side {
                report: sending.submission_id,
                sent: Some((sending.number, sending.at)),
            },
            Self::Now(report) => Side {
                report: report.id,
                sent: None,
            },
        }
    }
}
