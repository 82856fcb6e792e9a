//! What evidence is attached to: who may add to it and take from it, and which figures it has. A further kind of thing is a further
//! variant here and a further condition of `visible`; the rest does not ask.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use thidua_entity::enums::{ScoreLayer, SheetState};
use thidua_entity::{evidence, report_submission, score_sheet};
use uuid::Uuid;

use crate::auth::Actor;
use crate::awards::usecases::OpenDossier;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::evidence::store::ProvenPart;
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
    /// The dossier of the proposal of an award.
    AwardProposal(Uuid),
}

impl Subject {
    /// The thing that a piece of evidence is attached to.
    pub fn of(evidence: &evidence::Model) -> Result<Self> {
        match Kind::named(&evidence.subject_kind) {
            Some(Kind::ReportSubmission) => Ok(Self::Report(evidence.subject_id)),
            Some(Kind::ScoreSheet) => Ok(Self::ScoreSheet(evidence.subject_id)),
            Some(Kind::AwardProposal) => Ok(Self::AwardProposal(evidence.subject_id)),
            _ => Err(Error::internal("evidence of a thing that has none")),
        }
    }

    /// Its kind and identity.
    pub const fn key(self) -> (Kind, Uuid) {
        match self {
            Self::Report(id) => (Kind::ReportSubmission, id),
            Self::ScoreSheet(id) => (Kind::ScoreSheet, id),
            Self::AwardProposal(id) => (Kind::AwardProposal, id),
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
    /// The proposal whose checklist it has.
    Dossier(Box<OpenDossier>),
}

/// The codes by which somebody names the part of a thing that a file proves; one of them at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedPart<'a> {
    /// Code of the indicator whose figure of a report it is.
    pub indicator: Option<&'a str>,
    /// Code of the criterion of a score sheet.
    pub criterion: Option<&'a str>,
    /// Code of the item of a dossier.
    pub dossier_item: Option<&'a str>,
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
            Subject::AwardProposal(id) => {
                let dossier = OpenDossier::find(connection, env, actor, id).await?;
                Self::dossier(connection, dossier).await
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
            Subject::AwardProposal(id) => {
                let dossier = OpenDossier::hold(tx, env, actor, id).await?;
                Self::dossier(tx, dossier).await
            }
        }
    }

    /// Files are added to a dossier by who ticks its items, and count as files of the unit that proposes.
    async fn dossier(connection: &impl ConnectionTrait, dossier: OpenDossier) -> Result<Self> {
        Ok(Self {
            actor: dossier.actor.clone(),
            subject: Subject::AwardProposal(dossier.proposal.id),
            unit: dossier.proposal.proposer_id,
            handed_in_at: dossier.handed_in_at(connection).await?,
            parts: Parts::Dossier(Box::new(dossier)),
        })
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

    /// The part that evidence proves: of a report the figure with the code of an indicator, of a score sheet the criterion with its code,
    /// of a dossier the item with its code.
    pub async fn part(&self, connection: &impl ConnectionTrait, env: &Env, named: NamedPart<'_>) -> Result<ProvenPart> {
        let given = |code: Option<&str>| code.map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned);
        let mut part = ProvenPart::default();
        let codes = [named.indicator, named.criterion, named.dossier_item].map(given);
        match (&self.parts, codes) {
            (_, [None, None, None]) => {}
            (Parts::Figures(version), [Some(code), None, None]) => {
                part.indicator = Some(figure(connection, *version, &code).await?);
            }
            (Parts::Criteria(year), [None, Some(code), None]) => {
                has_criterion(connection, env, *year, &code).await?;
                part.criterion = Some(code);
            }
            (Parts::Dossier(dossier), [None, None, Some(code)]) => {
                part.dossier_item = Some(dossier.item(connection, ("dossierItemCode", &code)).await?);
            }
            (_, [indicator, criterion, _]) => return Err(self.not_taken(indicator.is_some(), criterion.is_some())),
        }
        Ok(part)
    }

    /// The refusal of a code that names a part which such a thing does not have.
    fn not_taken(&self, indicator: bool, criterion: bool) -> Error {
        let (beside_vi, beside_en) = match self.parts {
            Parts::Figures(_) => (
                "Minh chứng của báo cáo gắn với chỉ tiêu.",
                "Evidence of a report stands beside an indicator.",
            ),
            Parts::Criteria(_) => (
                "Minh chứng của phiếu chấm điểm gắn với tiêu chí.",
                "Evidence of a score sheet stands beside a criterion.",
            ),
            Parts::Dossier(_) => (
                "Tệp của hồ sơ khen thưởng gắn với mục của danh mục hồ sơ.",
                "A file of a dossier stands beside an item of its checklist.",
            ),
        };
        let takes_criteria = matches!(self.parts, Parts::Criteria(_));
        let takes_figures = matches!(self.parts, Parts::Figures(_));
        let (code, field) = if criterion && !takes_criteria {
            ("CRITERION_NOT_TAKEN", "criterionCode")
        } else if indicator && !takes_figures {
            ("INDICATOR_NOT_TAKEN", "indicatorCode")
        } else {
            ("DOSSIER_ITEM_NOT_TAKEN", "dossierItemCode")
        };
        Error::invalid(code, field, beside_vi, beside_en)
    }

    /// Notes who has a part in the thing: who wrote it may not pass it. A score sheet is passed by others than its unit anyway, and a proposal not
    /// by who made it.
    pub async fn add_writers(&self, tx: &impl ConnectionTrait) -> Result<()> {
        match self.subject {
            Subject::Report(id) => reports::store::add_writers(tx, id, self.actor.authors()).await,
            Subject::ScoreSheet(_) | Subject::AwardProposal(_) => Ok(()),
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
