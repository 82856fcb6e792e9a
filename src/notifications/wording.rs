//! What notifications say, in both languages. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{BallotKind, NotificationKind, ProposalState, ProposalStep, YearPhase};
use thidua_entity::notification;
use uuid::Uuid;

use crate::error::{Error, Result, Text};

mod awards;
mod conferences;
mod reports;
#[cfg(test)]
mod tests;
mod years;

/// What the sentence is made of: names as they were when it happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The unit that it concerns.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The form of the report.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// The period of the report.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// Why it was done, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Last day on which the report is, or was, in time; on which one votes in writing; of a step that is due; on which one may object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Which report it is about, for who sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// Which emulation year it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_year: Option<AboutYear>,
    /// Which conference it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_conference: Option<AboutConference>,
    /// Which award or proposal it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_award: Option<AboutAward>,
}

impl Told {
    /// The unit that it is about, when it is about one.
    pub fn unit(&self) -> Option<Uuid> {
        let of_year = self.of_year.as_ref().and_then(|year| year.unit);
        let of_award = self.of_award.as_ref().map(|award| award.unit);
        self.about.map(|about| about.unit).or(of_year).or(of_award)
    }
}

/// Which emulation year a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutYear {
    /// The year.
    pub id: Uuid,
    /// What it is called after: 2026.
    pub year: i32,
    /// Name of the cluster.
    pub cluster: String,
    /// The phase that was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<YearPhase>,
    /// The unit that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Uuid>,
}

/// Which report a notification is about, whether it is there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Whose.
    pub unit: Uuid,
    /// On which form.
    pub form: Uuid,
    /// For which period.
    pub period: Uuid,
}

/// Which conference a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutConference {
    /// Name of the cluster or council that holds it.
    pub holder: String,
    /// What the conference is called.
    pub title: String,
    /// Its day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
    /// The ballot that it is about, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ballot: Option<AboutBallot>,
    /// The offices that it is about, when it is about some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offices: Option<AboutOffices>,
}

/// Which ballot a notification is about. No vote, and no number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutBallot {
    /// The question.
    pub title: String,
    /// Which round it is, from 1.
    pub round: i32,
    /// Whether nobody may know who chose what.
    pub secret: bool,
    /// How it is answered.
    pub kind: BallotKind,
    /// What was chosen, once that is confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<String>,
}

/// Which offices of a cluster a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutOffices {
    /// First day.
    pub from: NaiveDate,
    /// Name of the chair, when one was found.
    pub chair: Option<String>,
    /// Names of the deputies.
    pub deputies: Vec<String>,
}

/// Which award, or proposal of one, a notification is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutAward {
    /// Name of the kind of award.
    pub award: String,
    /// Year of achievement.
    pub year: i32,
    /// Who receives it.
    pub recipient: String,
    /// The unit that receives it, or within which the recipient stands.
    pub unit: Uuid,
    /// The step for which a proposal waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<ProposalStep>,
    /// The outcome that was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ProposalState>,
    /// Name of the lower kind of award.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<String>,
    /// To whom it was forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_to: Option<String>,
    /// The decision that gave, revoked or corrected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<AboutDecision>,
    /// The recipient's name as corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
    /// The day on which it was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_on: Option<NaiveDate>,
    /// Where it was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// Which decision a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutDecision {
    /// Its number as written.
    pub number: String,
    /// Its date of signing.
    pub day: Option<NaiveDate>,
    /// Who issued it, as written.
    pub issuer: String,
}

/// What the sentence of a notification is made of.
pub fn told(row: &notification::Model) -> Result<Told> {
    serde_json::from_str(&row.detail).map_err(Error::internal)
}

/// The sentence of a notification.
pub fn of(row: &notification::Model) -> Result<Text> {
    Ok(sentence(row.kind, &told(row)?, row.count))
}

/// A day as Vietnamese sentences tell it; nothing where there is none.
fn in_vietnamese(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default()
}

/// The same in English.
fn in_english(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The sentence that a person reads. `count` is how often it has happened since it was last read.
pub fn sentence(kind: NotificationKind, told: &Told, count: i32) -> Text {
    match kind {
        NotificationKind::SessionReplayed => Text::new(
            "Một phiên đăng nhập của bạn đã bị kết thúc vì mã của nó được dùng lại ở nơi khác. Nếu không phải do bạn, hãy đổi mật khẩu.",
            "One of your sessions was ended, because a token of it was used again elsewhere. If that was not you, change your password.",
        ),
        NotificationKind::ReportReturned
        | NotificationKind::ReportApproved
        | NotificationKind::ReportDueSoon
        | NotificationKind::ReportOverdue
        | NotificationKind::ReportToVerify
        | NotificationKind::ReportToApprove => reports::of_report(kind, told, count),
        NotificationKind::YearPhaseOpened
        | NotificationKind::PactOpened
        | NotificationKind::CrossChecksAssigned
        | NotificationKind::FindingsSent
        | NotificationKind::SheetReturned
        | NotificationKind::SheetAppraised
        | NotificationKind::ObjectionRaised
        | NotificationKind::ObjectionAnswered
        | NotificationKind::ResultPublished
        | NotificationKind::PactInForce
        | NotificationKind::ParticipantAdded
        | NotificationKind::ParticipantWithdrawn
        | NotificationKind::RepliesSent
        | NotificationKind::RepliesWaived
        | NotificationKind::CrossCheckReturned
        | NotificationKind::CrossCheckWithdrawn => years::of_year(kind, told),
        NotificationKind::ConferencePlanned
        | NotificationKind::ConferenceMoved
        | NotificationKind::BallotOpened
        | NotificationKind::VoteDueSoon
        | NotificationKind::BallotConfirmed
        | NotificationKind::OfficesAppointed => conferences::of_conference(kind, told),
        NotificationKind::AwardToEndorse
        | NotificationKind::AwardToAppraise
        | NotificationKind::AwardToDecide
        | NotificationKind::AwardStepDueSoon
        | NotificationKind::AwardStepOverdue
        | NotificationKind::AwardOutcomeTold
        | NotificationKind::AwardOutcomeReopened
        | NotificationKind::AwardMadeKnown
        | NotificationKind::AwardGiven
        | NotificationKind::AwardRevoked
        | NotificationKind::AwardCorrected
        | NotificationKind::AwardHandedOver
        | NotificationKind::AwardObjectionRaised
        | NotificationKind::AwardObjectionAnswered => awards::of_award(kind, told, count),
    }
}
