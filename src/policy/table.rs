//! The one table: what each capacity may do, how far, in which state, and what no capacity may do. The only file that names roles.

use thidua_entity::enums::{Office, ReportStatus, Role};

use super::Action;

/// In what capacity somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capacity {
    /// By a role grant.
    Role(Role),
    /// As officer of the unit that holds an office of a cluster on the day.
    Office(Office),
}

impl Capacity {
    /// Every capacity, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::Role(Role::Admin),
        Self::Role(Role::Specialist),
        Self::Role(Role::StandingCommittee),
        Self::Role(Role::UnitOfficer),
        Self::Office(Office::Chair),
        Self::Office(Office::Deputy),
        Self::Role(Role::Viewer),
        Self::Role(Role::Service),
    ];

    /// The name in the table.
    pub fn code(self) -> String {
        match self {
            Self::Role(role) => role.code(),
            Self::Office(office) => office.code(),
        }
    }
}

/// How far a permission carries from the scope it is held in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Not at all: not permitted.
    No,
    /// Only to the very unit of the scope.
    Own,
    /// To everything within the scope.
    Within,
}

impl Carries {
    /// The word in the printed table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => ".",
            Self::Own => "own unit",
            Self::Within => "scope",
        }
    }
}

/// What a capacity may do, and how far. The table of `design`: section 5.
pub const fn allows(capacity: Capacity, action: Action) -> Carries {
    use Action::*;
    use Carries::{No, Own, Within};
    match capacity {
        Capacity::Role(Role::Admin) => match action {
            YearManage | YearAdvance | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite
            | CrossCheckReply | ScoreSelf | ScoreAppraise | ScoreProvince | ScoreCouncil | ScoreReturn
            | ObjectionRaise | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish
            | QuotaRule | ConferenceManage | VoteCast | OutcomeConfirm => No,
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => Within,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts => Within,
            PeriodManage | IndicatorManage | FormManage | CriteriaManage | CouncilManage => No,
            ReportWrite | ReportSubmit | ReportReturn | ReportVerify | ReportApprove | ReportCorrect => No,
            ReportExtend | ReportComment => No,
            AwardTypeManage | AwardRecord => No,
            AwardQuotaManage | AwardPropose | AwardEndorse | AwardAppraise | AwardDecide => No,
        },
        Capacity::Role(Role::Specialist) => match action {
            YearManage | YearAdvance | PactManage | CrossCheckManage | ScoreAppraise | ScoreProvince | ScoreReturn
            | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ConferenceManage | OutcomeConfirm => {
                Within
            }
            PactSign | PledgeWrite | CrossCheckWrite | CrossCheckReply | ScoreSelf | ScoreCouncil | ObjectionRaise
            | ResultPublish | QuotaRule | VoteCast => No,
            UnitManage | UnitStatisticsRecord | ClusterManage | PeriodManage | IndicatorManage | FormManage => Within,
            CriteriaManage | CouncilManage => Within,
            ReportReturn | ReportVerify | ReportExtend | ReportComment => Within,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts => Within,
            AwardTypeManage | AwardRecord => Within,
            AccountManage | AuditRead | ProvinceManage | ReportWrite | ReportSubmit | ReportApprove => No,
            ReportCorrect => No,
            AwardQuotaManage | AwardEndorse | AwardAppraise => Within,
            AwardPropose | AwardDecide => No,
        },
        Capacity::Role(Role::StandingCommittee) => match action {
            YearAdvance | ScoreCouncil | ScoreReturn | ObjectionAnswer | LeniencyRead | HandoverRead
            | ResultCompute | ResultPublish | QuotaRule | OutcomeConfirm => Within,
            YearManage | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite | CrossCheckReply
            | ScoreSelf | ScoreAppraise | ScoreProvince | ObjectionRaise | ConferenceManage | VoteCast => No,
            ReportReturn | ReportApprove | ReportExtend | ReportComment => Within,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts | AwardRecord => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage | ReportWrite | ReportSubmit | ReportVerify => No,
            ReportCorrect | CriteriaManage => No,
            AwardTypeManage => No,
            AwardQuotaManage | AwardDecide | CouncilManage => Within,
            AwardPropose | AwardEndorse | AwardAppraise => No,
        },
        Capacity::Role(Role::UnitOfficer) => match action {
            PactSign | PledgeWrite | CrossCheckWrite | CrossCheckReply | ScoreSelf | ObjectionRaise | VoteCast => Own,
            YearManage | YearAdvance | PactManage | CrossCheckManage | ScoreAppraise | ScoreProvince | ScoreCouncil
            | ScoreReturn | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish
            | QuotaRule | ConferenceManage | OutcomeConfirm => No,
            ReportWrite | ReportSubmit | ReportCorrect | ReportComment | UnitStatisticsRecord => Own,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage | ReportReturn | ReportVerify | ReportApprove => No,
            ReportExtend | CriteriaManage | CouncilManage => No,
            AwardTypeManage | AwardRecord => No,
            AwardPropose => Own,
            AwardQuotaManage | AwardEndorse | AwardAppraise | AwardDecide => No,
        },
        Capacity::Office(Office::Chair | Office::Deputy) => match action {
            YearAdvance | PactManage | CrossCheckManage | ScoreAppraise | ScoreReturn | ObjectionAnswer
            | LeniencyRead | HandoverRead | ResultCompute | ConferenceManage | OutcomeConfirm => Within,
            YearManage | PactSign | PledgeWrite | CrossCheckWrite | CrossCheckReply | ScoreSelf | ScoreProvince
            | ScoreCouncil | ObjectionRaise | ResultPublish | QuotaRule | VoteCast => No,
            SummaryRead | SummaryReadUnapproved | ReportComment | CriteriaManage => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage => No,
            ReportWrite | ReportSubmit | ReportReturn | ReportVerify | ReportApprove | ReportCorrect => No,
            ReportExtend | CouncilManage => No,
            SummaryReadDrafts | AwardTypeManage | AwardRecord => No,
            AwardEndorse => Within,
            AwardQuotaManage | AwardPropose | AwardAppraise | AwardDecide => No,
        },
        Capacity::Role(Role::Viewer) => match action {
            YearManage | YearAdvance | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite
            | CrossCheckReply | ScoreSelf | ScoreAppraise | ScoreProvince | ScoreCouncil | ScoreReturn
            | ObjectionRaise | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish
            | QuotaRule | ConferenceManage | VoteCast | OutcomeConfirm => No,
            SummaryRead | SummaryReadUnapproved => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage => No,
            ReportWrite | ReportSubmit | ReportReturn | ReportVerify | ReportApprove | ReportCorrect => No,
            ReportExtend | ReportComment | CriteriaManage | CouncilManage => No,
            SummaryReadDrafts | AwardTypeManage | AwardRecord => No,
            AwardQuotaManage | AwardPropose | AwardEndorse | AwardAppraise | AwardDecide => No,
        },
        // As far as the scopes of the service account name it: `services.rs`.
        Capacity::Role(Role::Service) => match action {
            YearManage | YearAdvance | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite
            | CrossCheckReply | ScoreSelf | ScoreAppraise | ScoreProvince | ScoreCouncil | ScoreReturn
            | ObjectionRaise | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish
            | QuotaRule | ConferenceManage | VoteCast | OutcomeConfirm => No,
            AuditRead | UnitManage | UnitStatisticsRecord | ClusterManage | ReportWrite | ReportSubmit => Within,
            SummaryRead | SummaryReadUnapproved | ReportCorrect => Within,
            AccountManage | ProvinceManage | PeriodManage | IndicatorManage | FormManage | CriteriaManage => No,
            ReportReturn | ReportVerify | ReportApprove | ReportExtend | ReportComment | CouncilManage => No,
            SummaryReadDrafts | AwardTypeManage | AwardRecord => No,
            AwardQuotaManage | AwardPropose | AwardEndorse | AwardAppraise | AwardDecide => No,
        },
    }
}

/// What cannot be taken back quietly, and so is worth a phone left on a desk: approving, recording decisions and awards, giving and
/// withdrawing powers.
pub const fn decides(action: Action) -> bool {
    use Action::*;
    match action {
        ScoreCouncil | ResultPublish | QuotaRule | OutcomeConfirm => true,
        YearManage | YearAdvance | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite
        | CrossCheckReply | ScoreSelf | ScoreAppraise | ScoreProvince | ScoreReturn | ObjectionRaise
        | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ConferenceManage | VoteCast => false,
        ReportApprove | AwardRecord | AccountManage => true,
        AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => false,
        PeriodManage | IndicatorManage | FormManage | ReportWrite | ReportSubmit | ReportReturn | ReportVerify => false,
        ReportCorrect | ReportExtend | ReportComment | CriteriaManage | CouncilManage => false,
        SummaryRead | SummaryReadUnapproved | SummaryReadDrafts | AwardTypeManage => false,
        AwardDecide => true,
        AwardQuotaManage | AwardPropose | AwardEndorse | AwardAppraise => false,
    }
}

/// What a grant or office in a cluster carries to its members: what concerns the cluster and what they hand in. Not their
/// accounts, their units or what they issue, for those reach below the members and so beyond the cluster.
pub(super) const fn in_cluster(action: Action) -> bool {
    use Action::*;
    match action {
        YearManage | YearAdvance | PactManage | CrossCheckManage | ScoreAppraise | ScoreProvince | ScoreCouncil
        | ScoreReturn | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish
        | ConferenceManage | OutcomeConfirm => true,
        PactSign | PledgeWrite | CrossCheckWrite | CrossCheckReply | ScoreSelf | ObjectionRaise | QuotaRule
        | VoteCast => false,
        ClusterManage | ReportReturn | ReportVerify | ReportApprove | ReportExtend | ReportComment => true,
        SummaryRead | SummaryReadUnapproved => true,
        // Of the cluster's own set; what a member issues for units below it has no cluster in its place.
        CriteriaManage => true,
        // Drafts of members are not seen from the cluster, so no total tells of them either.
        SummaryReadDrafts => false,
        AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord => false,
        PeriodManage | IndicatorManage | FormManage | ReportWrite | ReportSubmit | ReportCorrect => false,
        AwardTypeManage | AwardRecord | CouncilManage => false,
        AwardEndorse => true,
        AwardQuotaManage | AwardPropose | AwardAppraise | AwardDecide => false,
    }
}

/// When an action is possible: the part of the table that depends on the state of the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// In every state, as far as the policy knows.
    Any,
    /// Only while a report is in one of these states. A report that is not there yet has none, so it may be begun.
    While(&'static [ReportStatus]),
}

/// In which states of its thing an action is possible. The life of a report is taken from here.
pub const fn moment(action: Action) -> Moment {
    use Action::*;
    use ReportStatus::{Approved, Draft, Returned, Submitted, Verified};
    match action {
        YearManage | YearAdvance | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite
        | CrossCheckReply | ScoreSelf | ScoreAppraise | ScoreProvince | ScoreCouncil | ScoreReturn | ObjectionRaise
        | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish | QuotaRule
        | ConferenceManage | VoteCast | OutcomeConfirm => Moment::Any,
        ReportWrite | ReportSubmit => Moment::While(&[Draft, Returned]),
        ReportReturn => Moment::While(&[Submitted, Verified]),
        ReportVerify => Moment::While(&[Submitted]),
        ReportApprove => Moment::While(&[Verified]),
        ReportCorrect => Moment::While(&[Approved]),
        ReportComment => Moment::While(&[Draft, Submitted, Returned, Verified]),
        AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => Moment::Any,
        PeriodManage | IndicatorManage | FormManage | CriteriaManage | ReportExtend | CouncilManage => Moment::Any,
        SummaryRead | SummaryReadUnapproved | SummaryReadDrafts => Moment::Any,
        AwardTypeManage | AwardRecord => Moment::Any,
        AwardQuotaManage | AwardPropose | AwardEndorse | AwardAppraise | AwardDecide => Moment::Any,
    }
}

/// Whether an action passes somebody's work: whoever wrote it may not.
pub const fn passes_work(action: Action) -> bool {
    use Action::*;
    match action {
        YearManage | YearAdvance | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite
        | CrossCheckReply | ScoreSelf | ScoreAppraise | ScoreProvince | ScoreCouncil | ScoreReturn | ObjectionRaise
        | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish | QuotaRule
        | ConferenceManage | VoteCast | OutcomeConfirm => false,
        ReportVerify | ReportApprove => true,
        AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => false,
        PeriodManage | IndicatorManage | FormManage | ReportWrite | ReportSubmit | ReportReturn => false,
        ReportCorrect | ReportExtend | ReportComment | CriteriaManage | CouncilManage => false,
        SummaryRead | SummaryReadUnapproved | SummaryReadDrafts | AwardTypeManage | AwardRecord => false,
        AwardEndorse | AwardAppraise | AwardDecide => true,
        AwardQuotaManage | AwardPropose => false,
    }
}

/// Whether an action is done to what belongs to the whole service and to no unit.
pub const fn is_common(action: Action) -> bool {
    use Action::*;
    match action {
        YearManage | YearAdvance | PactManage | PactSign | PledgeWrite | CrossCheckManage | CrossCheckWrite
        | CrossCheckReply | ScoreSelf | ScoreAppraise | ScoreProvince | ScoreCouncil | ScoreReturn | ObjectionRaise
        | ObjectionAnswer | LeniencyRead | HandoverRead | ResultCompute | ResultPublish | QuotaRule
        | ConferenceManage | VoteCast | OutcomeConfirm => false,
        ProvinceManage | IndicatorManage | AwardTypeManage => true,
        AccountManage | AuditRead | UnitManage | UnitStatisticsRecord | ClusterManage | PeriodManage => false,
        FormManage | ReportWrite | ReportSubmit | ReportReturn | ReportVerify | ReportApprove | ReportCorrect => false,
        ReportExtend | ReportComment | CriteriaManage | CouncilManage => false,
        SummaryRead | SummaryReadUnapproved | SummaryReadDrafts | AwardRecord => false,
        AwardQuotaManage | AwardPropose | AwardEndorse | AwardAppraise | AwardDecide => false,
    }
}

/// The role of whoever sets the service up: granted by the command line, from which every other grant comes.
pub const ADMINISTRATOR: Role = Role::Admin;

/// What a service account is, at its place. No grant gives it: it comes with scopes, addresses and an end.
pub const SERVICE: Capacity = Capacity::Role(Role::Service);

/// Whether a role is held by service accounts and by nobody else.
pub const fn is_of_services(role: Role) -> bool {
    matches!(role, Role::Service)
}

/// Whether an officer of a unit holds the office that the unit holds: only officers do. They act for one unit, so a grant
/// of the role names one.
pub const fn exercises_offices(role: Role) -> bool {
    matches!(role, Role::UnitOfficer)
}

/// Whether an action may be done on behalf of another. Who may call, and who reads what others did, is never handed on: it would
/// let somebody give themselves more, or watch in another's name.
pub const fn is_delegable(action: Action) -> bool {
    !matches!(action, Action::AccountManage | Action::AuditRead)
}

/// Whether a grant of the role may be delegated: not one that holds what is never handed on.
pub fn may_be_delegated(role: Role) -> bool {
    let capacity = Capacity::Role(role);
    let mut kept_back = Action::ALL.iter().filter(|&&action| !is_delegable(action));
    kept_back.all(|&action| matches!(allows(capacity, action), Carries::No))
}

/// Whether a grant of the role may be delegated for a part of its scope. Not one that does something only for the very unit of
/// its scope: for a unit below it would do what the grant itself does not.
pub fn may_be_narrowed(role: Role) -> bool {
    let capacity = Capacity::Role(role);
    let mut actions = Action::ALL.iter();
    actions.all(|&action| !matches!(allows(capacity, action), Carries::Own))
}
