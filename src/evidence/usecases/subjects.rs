//! What evidence is attached to: who may add to it and take from it, and which figures it has. A further kind of thing is a further
//! variant here and a further condition of `visible`; the rest does not ask.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use thidua_entity::enums::{ScoreLayer, SheetState};
use thidua_entity::{evidence, report_submission, score_sheet};
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Reach};
use crate::reckoning::Part;
use crate::{forms, reports, scoring, units, years};

/// A thing that evidence can be attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Subject {
    /// A report.
    Report(Uuid),
    /// A score sheet.
    ScoreSheet(Uuid),
}

impl Subject {
    /// The thing that a piece of evidence is attached to.
    pub fn of(evidence: &evidence::Model) -> Result<Self> {
        match Kind::named(&evidence.subject_kind) {
            Some(Kind::ReportSubmission) => Ok(Self::Report(evidence.subject_id)),
            Some(Kind::ScoreSheet) => Ok(Self::ScoreSheet(evidence.subject_id)),
            _ => Err(Error::internal("evidence of a thing that has none")),
        }
    }

    /// Its kind and identity.
    pub const fn key(self) -> (Kind, Uuid) {
        match self {
            Self::Report(id) => (Kind::ReportSubmission, id),
            Self::ScoreSheet(id) => (Kind::ScoreSheet, id),
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
    /// What says which parts it has.
    parts: Parts,
}

/// What says which parts of a thing evidence can be attached to.
enum Parts {
    /// The version of the form whose figures it has.
    Figures(Uuid),
    /// The year whose criteria it has.
    Criteria(Uuid),
}

/// The part of a thing that a piece of evidence proves; neither when it proves the thing as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProvenPart {
    /// The figure of a report.
    pub indicator: Option<Uuid>,
    /// The criterion of a score sheet.
    pub criterion: Option<String>,
}

impl Writable {
    /// Finds the thing (`NOT_FOUND`), asks whether the caller may write it (`FORBIDDEN`) and whether this is the moment
    /// (`WRONG_STATE`).
    pub async fn find(connection: &impl ConnectionTrait, env: &Env, actor: &Actor, subject: Subject) -> Result<Self> {
        match subject {
            Subject::Report(id) => Self::report(connection, env, actor, id).await,
            Subject::ScoreSheet(id) => {
                let view = scoring::store::View::of(actor, env.today());
                let sheet = scoring::store::find(connection, &view, id).await?;
                Self::sheet(connection, env, actor, sheet).await
            }
        }
    }

    /// The same, and until the transaction ends nobody else changes the thing or its evidence.
    pub async fn hold(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, subject: Subject) -> Result<Self> {
        match subject {
            Subject::Report(id) => {
                let found = Self::report(tx, env, actor, id).await?;
                let report = reports::store::lock(tx, id).await?;
                with_its_unit(&report)?;
                Ok(Self {
                    handed_in_at: report.submitted_at,
                    ..found
                })
            }
            Subject::ScoreSheet(id) => {
                let view = scoring::store::View::of(actor, env.today());
                let sheets = scoring::store::lock_many(tx, &view, &[id]).await?;
                let sheet = sheets.into_iter().next().ok_or(Error::NotFound)?;
                Self::sheet(tx, env, actor, sheet).await
            }
        }
    }

    async fn report(connection: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<Self> {
        let today = env.today();
        let report = reports::store::find(connection, &policy::reach(actor), id, today).await?;
        // The report is seen; its unit may have moved beyond the caller's reach since, and the policy then refuses.
        let everything = Reach::everything();
        let place = units::store::find_place(connection, &everything, report.unit_id, today).await?;
        let actor = policy::authorize(actor, Action::ReportWrite, &place)?;
        with_its_unit(&report)?;
        Ok(Self {
            actor,
            subject: Subject::Report(id),
            unit: report.unit_id,
            handed_in_at: report.submitted_at,
            parts: Parts::Figures(report.form_version_id),
        })
    }

    /// Evidence is the unit's own, so it is written as its own points are.
    async fn sheet(
        connection: &impl ConnectionTrait,
        env: &Env,
        actor: &Actor,
        sheet: score_sheet::Model,
    ) -> Result<Self> {
        let mut standings = scoring::usecases::standings(connection, env, std::slice::from_ref(&sheet)).await?;
        let standing = standings.remove(&sheet.id).ok_or(Error::NotFound)?;
        let (actor, _) = scoring::usecases::may_write(actor, &standing, sheet.state, ScoreLayer::Own)?;
        let steps = scoring::store::steps(connection, &[sheet.id]).await?;
        let handed_in = steps.iter().rev().find(|step| step.state == SheetState::SelfSubmitted);
        Ok(Self {
            actor,
            subject: Subject::ScoreSheet(sheet.id),
            unit: sheet.unit_id,
            handed_in_at: handed_in.map(|step| step.taken_at),
            parts: Parts::Criteria(sheet.year_id),
        })
    }

    /// The part that evidence proves: of a report the figure with the code of an indicator, of a score sheet the criterion with its code.
    pub async fn part(
        &self,
        connection: &impl ConnectionTrait,
        env: &Env,
        (indicator, criterion): (Option<&str>, Option<&str>),
    ) -> Result<ProvenPart> {
        let given = |code: Option<&str>| code.map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned);
        match (&self.parts, given(indicator), given(criterion)) {
            (_, None, None) => Ok(ProvenPart::default()),
            (Parts::Figures(version), Some(code), None) => {
                let indicator = figure(connection, *version, &code).await?;
                Ok(ProvenPart {
                    indicator: Some(indicator),
                    criterion: None,
                })
            }
            (Parts::Criteria(year), None, Some(code)) => {
                has_criterion(connection, env, *year, &code).await?;
                Ok(ProvenPart {
                    indicator: None,
                    criterion: Some(code),
                })
            }
            (Parts::Figures(_), _, Some(_)) => Err(Error::invalid(
                "CRITERION_NOT_TAKEN",
                "criterionCode",
                "Minh chứng của báo cáo gắn với chỉ tiêu, không gắn với tiêu chí.",
                "Evidence of a report stands beside an indicator, not beside a criterion.",
            )),
            (Parts::Criteria(_), Some(_), _) => Err(Error::invalid(
                "INDICATOR_NOT_TAKEN",
                "indicatorCode",
                "Minh chứng của phiếu chấm điểm gắn với tiêu chí, không gắn với chỉ tiêu.",
                "Evidence of a score sheet stands beside a criterion, not beside an indicator.",
            )),
        }
    }

    /// Notes who has a part in the thing: who wrote it may not pass it. A score sheet is passed by others than its unit anyway.
    pub async fn add_writers(&self, tx: &impl ConnectionTrait) -> Result<()> {
        match self.subject {
            Subject::Report(id) => reports::store::add_writers(tx, id, self.actor.authors()).await,
            Subject::ScoreSheet(_) => Ok(()),
        }
    }
}

async fn figure(connection: &impl ConnectionTrait, form_version: Uuid, code: &str) -> Result<Uuid> {
    let items = forms::store::items(connection, &[form_version]).await?;
    let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
    let indicators = forms::store::indicators(connection, &ids).await?;
    let found = indicators.iter().find(|indicator| indicator.code == code);
    found.map(|indicator| indicator.id).ok_or_else(|| {
        let shown: String = code.chars().take(60).collect();
        Error::invalid(
            "INDICATOR_NOT_ON_FORM",
            "indicatorCode",
            format!("Biểu này không có chỉ tiêu `{shown}`."),
            format!("This form has no indicator `{shown}`."),
        )
    })
}

async fn has_criterion(connection: &impl ConnectionTrait, env: &Env, year: Uuid, code: &str) -> Result<()> {
    let years = years::store::plain(connection, &[year]).await?;
    let year = years.get(&year).ok_or(Error::NotFound)?;
    let set = years::usecases::criteria(connection, env, year).await?;
    let nodes = set.set().all_nodes();
    let is_it = |part: &Part| matches!(part, Part::Criterion(_));
    if nodes.iter().any(|node| node.code == code && is_it(&node.part)) {
        return Ok(());
    }
    let shown: String = code.chars().take(60).collect();
    Err(Error::invalid(
        "UNKNOWN_CRITERION",
        "criterionCode",
        format!("Bảng điểm không có tiêu chí `{shown}`."),
        format!("The set has no criterion `{shown}`."),
    ))
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
