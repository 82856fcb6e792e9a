//! Which door asks for which action: every mutation of GraphQL, every operation of REST. From here come the line `Requires:` in
//! both descriptions; a test finds the door that is missing here, and another what is said here and not done.

use super::Action::{self, *};
use super::{Capacity, Carries, allows};

/// What a door asks of who comes through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requires {
    /// This action, at the place of the thing.
    Only(Action),
    /// One of these actions, depending on what is asked for.
    OneOf(&'static [Action]),
    /// To sign in, and to see the thing: what one sees is what one may read.
    Sight,
    /// To sign in and nothing more, and why.
    SignedIn(&'static str),
    /// Nothing at all, and why.
    Nothing(&'static str),
}

use Requires::{Nothing, OneOf, Only, Sight, SignedIn};

/// Every mutation and what it asks for.
pub const MUTATIONS: &[(&str, Requires)] = &[
    ("createAccount", Only(AccountManage)),
    ("inviteAccount", Only(AccountManage)),
    ("resetPassword", Only(AccountManage)),
    ("setAccountEmail", Only(AccountManage)),
    ("resetSecondFactor", Only(AccountManage)),
    ("lockAccount", Only(AccountManage)),
    ("unlockAccount", Only(AccountManage)),
    ("grantRole", Only(AccountManage)),
    ("withdrawRoleGrant", Only(AccountManage)),
    ("changePassword", SignedIn("a password is one's own")),
    ("enrolSecondFactor", SignedIn("a second factor is one's own")),
    ("confirmSecondFactor", SignedIn("a second factor is one's own")),
    ("renewRecoveryCodes", SignedIn("a second factor is one's own")),
    ("removeSecondFactor", SignedIn("a second factor is one's own")),
    ("confirmIdentity", SignedIn("it is about oneself")),
    ("endSession", SignedIn("sessions are one's own")),
    ("endOtherSessions", SignedIn("sessions are one's own")),
    ("correctOwnAccount", SignedIn("it is about oneself")),
    (
        "eraseContactData",
        SignedIn("one's own are one's own; those of others need `ACCOUNT_MANAGE` over the account as a whole"),
    ),
    (
        "delegateRole",
        SignedIn("one hands on only a role that one holds oneself"),
    ),
    (
        "revokeDelegation",
        SignedIn("who gave it or was given it takes it back; anybody else needs `ACCOUNT_MANAGE` over the grant"),
    ),
    ("createProvince", Only(ProvinceManage)),
    ("createUnit", Only(UnitManage)),
    ("renameUnit", Only(UnitManage)),
    ("addUnitAlias", Only(UnitManage)),
    ("addUnitCode", Only(UnitManage)),
    ("moveUnit", Only(UnitManage)),
    ("updateUnit", Only(UnitManage)),
    ("endUnit", Only(UnitManage)),
    ("recordUnitStatistics", Only(UnitStatisticsRecord)),
    ("createCluster", Only(ClusterManage)),
    ("updateCluster", Only(ClusterManage)),
    ("endCluster", Only(ClusterManage)),
    ("addClusterMember", Only(ClusterManage)),
    ("endClusterMembership", Only(ClusterManage)),
    ("setClusterOffice", Only(ClusterManage)),
    ("endClusterOffice", Only(ClusterManage)),
    ("createIndicator", Only(IndicatorManage)),
    ("createPeriod", Only(PeriodManage)),
    ("setPeriodDueDay", Only(PeriodManage)),
    ("createReportForm", Only(FormManage)),
    ("writeReportFormDraft", Only(FormManage)),
    ("publishReportForm", Only(FormManage)),
    ("retireReportForm", Only(FormManage)),
    ("createReport", Only(ReportWrite)),
    ("saveReport", Only(ReportWrite)),
    ("submitReport", Only(ReportSubmit)),
    ("returnReport", Only(ReportReturn)),
    ("verifyReport", Only(ReportVerify)),
    ("approveReport", Only(ReportApprove)),
    ("removeEvidence", Only(ReportWrite)),
    ("createEvidenceLink", Sight),
    ("createAwardType", Only(AwardTypeManage)),
    ("recordAwardDecision", Only(AwardRecord)),
    ("markNotificationsRead", SignedIn("what one is told is one's own")),
];

const SUMMARY: Requires = OneOf(&[SummaryRead, SummaryReadUnapproved, SummaryReadDrafts]);

/// Every operation of REST and what it asks for.
pub const ROUTES: &[(&str, Requires)] = &[
    ("POST /api/v1/auth/login", Nothing("it is how one signs in")),
    (
        "POST /api/v1/auth/refresh",
        Nothing("the refresh token shows who it is"),
    ),
    ("POST /api/v1/auth/logout", Nothing("the refresh token shows who it is")),
    ("POST /api/v1/auth/password", Nothing("the link shows who it is")),
    (
        "POST /api/v1/auth/forgotten",
        Nothing("who has forgotten the password must be able to"),
    ),
    ("POST /api/v1/auth/confirm", SignedIn("it is about oneself")),
    ("GET /.well-known/jwks.json", Nothing("the keys are public")),
    ("GET /api/v1/openapi.json", Nothing("it holds no data of anybody")),
    ("GET /api/v1/auth/me", SignedIn("it is about oneself")),
    ("GET /api/v1/auth/me/export", SignedIn("it is about oneself")),
    ("GET /api/v1/auth/sessions", SignedIn("sessions are one's own")),
    ("DELETE /api/v1/auth/sessions", SignedIn("sessions are one's own")),
    ("DELETE /api/v1/auth/sessions/{id}", SignedIn("sessions are one's own")),
    ("GET /api/v1/units", Sight),
    ("GET /api/v1/units/{id}", Sight),
    ("GET /api/v1/clusters", Sight),
    ("GET /api/v1/clusters/{id}", Sight),
    ("GET /api/v1/reports", Sight),
    ("GET /api/v1/reports/{id}", Sight),
    ("POST /api/v1/reports/{id}/submit", Only(ReportSubmit)),
    ("POST /api/v1/reports/{id}/return", Only(ReportReturn)),
    ("POST /api/v1/reports/{id}/verify", Only(ReportVerify)),
    ("POST /api/v1/reports/{id}/approve", Only(ReportApprove)),
    ("GET /api/v1/reports/{id}/evidence", Sight),
    ("POST /api/v1/reports/{id}/evidence", Only(ReportWrite)),
    ("GET /api/v1/evidence/{id}", Sight),
    ("DELETE /api/v1/evidence/{id}", Only(ReportWrite)),
    ("POST /api/v1/evidence/{id}/link", Sight),
    (
        "GET /api/v1/files/{token}",
        Nothing("the link shows for whom it was made"),
    ),
    ("GET /api/v1/summary", SUMMARY),
    ("GET /api/v1/summary/reports", SUMMARY),
    ("GET /api/v1/awards", Sight),
    ("GET /api/v1/awards/{id}", Sight),
    (
        "GET /api/v1/award-types",
        SignedIn("the common catalogue is for everybody"),
    ),
    ("GET /api/v1/notifications", SignedIn("what one is told is one's own")),
    (
        "POST /api/v1/notifications/read",
        SignedIn("what one is told is one's own"),
    ),
];

/// What a mutation asks for; `None` for one that is not in the list.
pub fn of_mutation(name: &str) -> Option<Requires> {
    find(MUTATIONS, name)
}

/// What an operation of REST asks for, by `GET /api/v1/units`; `None` for one that is not in the list.
pub fn of_route(operation: &str) -> Option<Requires> {
    find(ROUTES, operation)
}

fn find(doors: &[(&str, Requires)], name: &str) -> Option<Requires> {
    let door = doors.iter().find(|(door, _)| *door == name);
    door.map(|(_, requires)| *requires)
}

impl Requires {
    /// The actions it asks for, one of which must be permitted.
    pub fn actions(&self) -> &[Action] {
        match self {
            Only(action) => std::slice::from_ref(action),
            OneOf(actions) => actions,
            Sight | SignedIn(_) | Nothing(_) => &[],
        }
    }

    /// The line in the description of a door.
    pub fn line(&self) -> String {
        match self {
            Only(_) | OneOf(_) => {
                let actions: Vec<String> = self.actions().iter().map(|&action| with_holders(action)).collect();
                format!("Requires: {}.", actions.join(" or "))
            }
            Sight => "Requires: no action; who sees the thing may read it.".to_owned(),
            SignedIn(why) => format!("Requires: no action, only to be signed in; {why}."),
            Nothing(why) => format!("Requires: nothing; {why}."),
        }
    }
}

/// The code of an action and who holds it, how far: `REPORT_APPROVE` (STANDING_COMMITTEE: scope).
fn with_holders(action: Action) -> String {
    let holders = Capacity::ALL.iter().filter_map(|&capacity| {
        let far = allows(capacity, action);
        (far != Carries::No).then(|| format!("{}: {}", capacity.code(), far.word()))
    });
    format!("`{}` ({})", action.code(), holders.collect::<Vec<_>>().join(", "))
}
