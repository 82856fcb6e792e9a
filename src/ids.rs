//! Ids as clients see them: opaque, typed, the same on GraphQL and REST. `unit_0192f3…` names a unit and nothing else.

use std::str::FromStr;

use uuid::Uuid;

use crate::error::{Error, Result};

/// Kinds of things that have an id. The prefix is part of every id ever given out, so it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A province.
    Province,
    /// A unit.
    Unit,
    /// A cluster or bloc.
    Cluster,
    /// A membership of a unit in a cluster.
    ClusterMembership,
    /// An office of a cluster held by a unit.
    ClusterOffice,
    /// A period.
    Period,
    /// An indicator.
    Indicator,
    /// A report form.
    ReportForm,
    /// A version of a report form.
    ReportFormVersion,
    /// A criteria set.
    CriteriaSet,
    /// A version of a criteria set.
    CriteriaSetVersion,
    /// An emulation year of a cluster.
    EmulationYear,
    /// A unit that takes part in an emulation year.
    Participant,
    /// What a unit registered for.
    Registration,
    /// What a unit promised.
    Target,
    /// A pact.
    Pact,
    /// A cross-check of one unit by another.
    CrossCheck,
    /// A draw of who checks whom.
    CrossCheckDraw,
    /// That a unit does not check another.
    CrossCheckRecusal,
    /// What a checker found.
    Finding,
    /// The score sheet of a unit.
    ScoreSheet,
    /// An entry of a score sheet.
    ScoreEntry,
    /// An objection to an appraisal.
    Objection,
    /// A result of an emulation year.
    EmulationResult,
    /// A quota held across clusters.
    QuotaRuling,
    /// A council.
    Council,
    /// A member of a council.
    CouncilMember,
    /// A conference of a cluster or a council.
    Conference,
    /// A ballot of a conference.
    Ballot,
    /// What can be chosen in a ballot.
    BallotOption,
    /// What happened to a unit.
    UnitEvent,
    /// A report submission.
    ReportSubmission,
    /// What is said of a report or of one of its figures.
    ReportComment,
    /// A file beside a report or one of its figures.
    Evidence,
    /// A kind of award.
    AwardType,
    /// A decision that gives awards.
    AwardDecision,
    /// An entry of the award registry.
    Award,
    /// The proposal of an award.
    AwardProposal,
    /// An objection to the outcome of a proposal.
    AwardObjection,
    /// A quota of awards.
    AwardQuota,
    /// A base salary.
    BaseSalary,
    /// An account.
    Account,
    /// A role grant.
    RoleGrant,
    /// A role grant handed on to another.
    Delegation,
    /// An account of another system.
    ServiceAccount,
    /// A secret of a service account.
    ServiceSecret,
    /// Which person at an identity provider an account is.
    ProviderLink,
    /// A sign-in that has not ended.
    Session,
    /// An audit entry.
    AuditEntry,
    /// What an account is told.
    Notification,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Province,
        Self::Unit,
        Self::Cluster,
        Self::ClusterMembership,
        Self::ClusterOffice,
        Self::Period,
        Self::Indicator,
        Self::ReportForm,
        Self::ReportFormVersion,
        Self::CriteriaSet,
        Self::CriteriaSetVersion,
        Self::EmulationYear,
        Self::Participant,
        Self::Registration,
        Self::Target,
        Self::Pact,
        Self::CrossCheck,
        Self::CrossCheckDraw,
        Self::CrossCheckRecusal,
        Self::Finding,
        Self::ScoreSheet,
        Self::ScoreEntry,
        Self::Objection,
        Self::EmulationResult,
        Self::QuotaRuling,
        Self::Council,
        Self::CouncilMember,
        Self::Conference,
        Self::Ballot,
        Self::BallotOption,
        Self::UnitEvent,
        Self::ReportSubmission,
        Self::ReportComment,
        Self::Evidence,
        Self::AwardType,
        Self::AwardDecision,
        Self::Award,
        Self::AwardProposal,
        Self::AwardObjection,
        Self::AwardQuota,
        Self::BaseSalary,
        Self::Account,
        Self::RoleGrant,
        Self::Delegation,
        Self::ServiceAccount,
        Self::ServiceSecret,
        Self::ProviderLink,
        Self::Session,
        Self::AuditEntry,
        Self::Notification,
    ];

    /// What an id of this kind begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Unit => "unit",
            Self::Cluster => "cluster",
            Self::ClusterMembership => "membership",
            Self::ClusterOffice => "office",
            Self::Period => "period",
            Self::Indicator => "indicator",
            Self::ReportForm => "form",
            Self::ReportFormVersion => "formversion",
            Self::CriteriaSet => "criteria",
            Self::CriteriaSetVersion => "criteriaversion",
            Self::EmulationYear => "year",
            Self::Participant => "participant",
            Self::Registration => "registration",
            Self::Target => "target",
            Self::Pact => "pact",
            Self::CrossCheck => "crosscheck",
            Self::CrossCheckDraw => "draw",
            Self::CrossCheckRecusal => "recusal",
            Self::Finding => "finding",
            Self::ScoreSheet => "sheet",
            Self::ScoreEntry => "entry",
            Self::Objection => "objection",
            Self::EmulationResult => "result",
            Self::QuotaRuling => "quotaruling",
            Self::Council => "council",
            Self::CouncilMember => "councilmember",
            Self::Conference => "conference",
            Self::Ballot => "ballot",
            Self::BallotOption => "option",
            Self::UnitEvent => "unitevent",
            Self::ReportSubmission => "report",
            Self::ReportComment => "comment",
            Self::Evidence => "evidence",
            Self::AwardType => "awardtype",
            Self::AwardDecision => "decision",
            Self::Award => "award",
            Self::AwardProposal => "proposal",
            Self::AwardObjection => "awardobjection",
            Self::AwardQuota => "awardquota",
            Self::BaseSalary => "basesalary",
            Self::Account => "account",
            Self::RoleGrant => "grant",
            Self::Delegation => "delegation",
            Self::ServiceAccount => "service",
            Self::ServiceSecret => "servicesecret",
            Self::ProviderLink => "providerlink",
            Self::Session => "session",
            Self::AuditEntry => "audit",
            Self::Notification => "notification",
        }
    }

    /// The name of the type in the schema and in the audit.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Province => "Province",
            Self::Unit => "Unit",
            Self::Cluster => "Cluster",
            Self::ClusterMembership => "ClusterMembership",
            Self::ClusterOffice => "ClusterOffice",
            Self::Period => "Period",
            Self::Indicator => "Indicator",
            Self::ReportForm => "ReportForm",
            Self::ReportFormVersion => "ReportFormVersion",
            Self::CriteriaSet => "CriteriaSet",
            Self::CriteriaSetVersion => "CriteriaSetVersion",
            Self::EmulationYear => "EmulationYear",
            Self::Participant => "Participant",
            Self::Registration => "Registration",
            Self::Target => "Target",
            Self::Pact => "Pact",
            Self::CrossCheck => "CrossCheck",
            Self::CrossCheckDraw => "CrossCheckDraw",
            Self::CrossCheckRecusal => "CrossCheckRecusal",
            Self::Finding => "CrossCheckFinding",
            Self::ScoreSheet => "ScoreSheet",
            Self::ScoreEntry => "ScoreEntry",
            Self::Objection => "Objection",
            Self::EmulationResult => "EmulationResult",
            Self::QuotaRuling => "QuotaRuling",
            Self::Council => "Council",
            Self::CouncilMember => "CouncilMember",
            Self::Conference => "Conference",
            Self::Ballot => "Ballot",
            Self::BallotOption => "BallotOption",
            Self::UnitEvent => "UnitEvent",
            Self::ReportSubmission => "ReportSubmission",
            Self::ReportComment => "ReportComment",
            Self::Evidence => "Evidence",
            Self::AwardType => "AwardType",
            Self::AwardDecision => "AwardDecision",
            Self::Award => "Award",
            Self::AwardProposal => "AwardProposal",
            Self::AwardObjection => "AwardObjection",
            Self::AwardQuota => "AwardQuota",
            Self::BaseSalary => "BaseSalary",
            Self::Account => "Account",
            Self::RoleGrant => "RoleGrant",
            Self::Delegation => "Delegation",
            Self::ServiceAccount => "ServiceAccount",
            Self::ServiceSecret => "ServiceSecret",
            Self::ProviderLink => "ProviderLink",
            Self::Session => "Session",
            Self::AuditEntry => "AuditEntry",
            Self::Notification => "Notification",
        }
    }

    /// The kind with this name of the type.
    pub fn named(type_name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.type_name() == type_name)
    }

    /// The id of one thing of this kind.
    pub fn id(self, uuid: Uuid) -> String {
        format!("{}_{}", self.prefix(), uuid.simple())
    }

    /// Reads an id of this kind. An id of another kind, or no id at all, names nothing: `NOT_FOUND`.
    pub fn parse(self, id: &str) -> Result<Uuid> {
        match parse(id) {
            Some((kind, uuid)) if kind == self => Ok(uuid),
            _ => Err(Error::NotFound),
        }
    }
}

/// Reads an id of any kind; `None` when it is none of ours.
pub fn parse(id: &str) -> Option<(Kind, Uuid)> {
    let (prefix, digits) = id.split_once('_')?;
    let kind = *Kind::ALL.iter().find(|kind| kind.prefix() == prefix)?;
    let canonical = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    canonical
        .then(|| Uuid::from_str(digits).ok())
        .flatten()
        .map(|uuid| (kind, uuid))
}
