//! What evidence is attached to: who may add to it and take from it, and which figures it has. A further kind of thing is a further
//! variant here and a further condition of `visible`; the rest does not ask.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use thidua_entity::{evidence, report_submission};
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Reach};
use crate::{forms, reports, units};

/// A thing that evidence can be attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Subject {
    /// A report.
    Report(Uuid),
}

impl Subject {
    /// The thing that a piece of evidence is attached to.
    pub fn of(evidence: &evidence::Model) -> Result<Self> {
        match Kind::named(&evidence.subject_kind) {
            Some(Kind::ReportSubmission) => Ok(Self::Report(evidence.subject_id)),
            _ => Err(Error::internal("evidence of a thing that has none")),
        }
    }

    /// Its kind and identity.
    pub const fn key(self) -> (Kind, Uuid) {
        match self {
            Self::Report(id) => (Kind::ReportSubmission, id),
        }
    }
}

/// A thing whose evidence the caller may change now.
pub struct Writable {
    /// The caller as it acts.
    pub actor: Actor,
    /// The thing.
    pub subject: Subject,
    /// The unit whose thing it is.
    pub unit: Uuid,
    /// When others last got to see it; what they have seen is not taken away without a reason.
    pub handed_in_at: Option<DateTime<Utc>>,
    /// The version of the form whose figures it has.
    form_version: Uuid,
}

impl Writable {
    /// Finds the thing (`NOT_FOUND`), asks whether the caller may write it (`FORBIDDEN`) and whether this is the moment
    /// (`WRONG_STATE`).
    pub async fn find(connection: &impl ConnectionTrait, env: &Env, actor: &Actor, subject: Subject) -> Result<Self> {
        let (Subject::Report(id), today) = (subject, env.today());
        let report = reports::store::find(connection, &policy::reach(actor), id, today).await?;
        // The report is seen; its unit may have moved beyond the caller's reach since, and the policy then refuses.
        let everything = Reach::everything();
        let place = units::store::find_place(connection, &everything, report.unit_id, today).await?;
        let actor = policy::authorize(actor, Action::ReportWrite, &place)?;
        with_its_unit(&report)?;
        Ok(Self {
            actor,
            subject,
            unit: report.unit_id,
            handed_in_at: report.submitted_at,
            form_version: report.form_version_id,
        })
    }

    /// The same, and until the transaction ends nobody else changes the thing or its evidence.
    pub async fn hold(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, subject: Subject) -> Result<Self> {
        let found = Self::find(tx, env, actor, subject).await?;
        let Subject::Report(id) = subject;
        let report = reports::store::lock(tx, id).await?;
        with_its_unit(&report)?;
        Ok(Self {
            handed_in_at: report.submitted_at,
            ..found
        })
    }

    /// The figure with the code of an indicator.
    pub async fn figure(&self, connection: &impl ConnectionTrait, code: Option<&str>) -> Result<Option<Uuid>> {
        let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
            return Ok(None);
        };
        let items = forms::store::items(connection, &[self.form_version]).await?;
        let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
        let indicators = forms::store::indicators(connection, &ids).await?;
        let found = indicators.iter().find(|indicator| indicator.code == code);
        found.map(|indicator| Some(indicator.id)).ok_or_else(|| {
            let shown: String = code.chars().take(60).collect();
            Error::invalid(
                "INDICATOR_NOT_ON_FORM",
                "indicatorCode",
                format!("Biểu này không có chỉ tiêu `{shown}`."),
                format!("This form has no indicator `{shown}`."),
            )
        })
    }

    /// Notes who has a part in the thing: who wrote it may not pass it.
    pub async fn add_writers(&self, tx: &impl ConnectionTrait) -> Result<()> {
        let Subject::Report(id) = self.subject;
        reports::store::add_writers(tx, id, self.actor.authors()).await
    }
}

/// The same states in which its figures are written.
fn with_its_unit(report: &report_submission::Model) -> Result<()> {
    if policy::possible_in(report.status, Action::ReportWrite) {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Chỉ thêm hoặc gỡ minh chứng khi báo cáo còn ở đơn vị (bản nháp hoặc bị trả lại).",
        "Evidence is added and removed only while the report is with its unit (a draft, or sent back).",
    )))
}
