//! Which door asks for which action: every query and mutation of GraphQL, every operation of REST. From here come the line
//! `Requires:` in both descriptions, and what a service account may call at all; a test finds the door that is missing here, and
//! another what is said here and not done.

use super::Action::{self, *};
use super::Resource::{Awards, Clusters, Criteria, Emulation, Forms, Reports, Units};
use super::{Capacity, Carries, Resource, SERVICE, ServiceScope, allows};
use crate::auth::Actor;
use crate::error::{Error, Result};

/// What a door asks of who comes through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requires {
    /// This action, at the place of the thing.
    Only(Action),
    /// One of these actions, depending on what is asked for.
    OneOf(&'static [Action]),
    /// To call with a token, and to see the thing: what one sees is what one may read.
    Sight(Resource),
    /// To call with a token, of a person or of a service account, and nothing more, and why.
    SignedIn(&'static str),
    /// To sign in as a person and nothing more, and why. Closed to service accounts.
    Person(&'static str),
    /// Nothing at all, and why.
    Nothing(&'static str),
}

use Requires::{Nothing, OneOf, Only, Person, Sight, SignedIn};

const UNLINK: Requires = Person("a link is one's own; that of another account needs `ACCOUNT_MANAGE` over the account");

/// Every mutation and what it asks for.
pub const MUTATIONS: &[(&str, Requires)] = &[
    ("createAccount", Only(AccountManage)),
    ("inviteAccount", Only(AccountManage)),
    ("resetPassword", Only(AccountManage)),
    ("setAccountEmail", Only(AccountManage)),
    ("resetSecondFactor", Only(AccountManage)),
    ("linkAccountToProvider", Only(AccountManage)),
    ("lockAccount", Only(AccountManage)),
    ("unlockAccount", Only(AccountManage)),
    ("grantRole", Only(AccountManage)),
    ("withdrawRoleGrant", Only(AccountManage)),
    ("createServiceAccount", Only(AccountManage)),
    ("updateServiceAccount", Only(AccountManage)),
    ("disableServiceAccount", Only(AccountManage)),
    ("enableServiceAccount", Only(AccountManage)),
    ("addServiceSecret", Only(AccountManage)),
    ("retireServiceSecret", Only(AccountManage)),
    ("changePassword", Person("a password is one's own")),
    ("enrolSecondFactor", Person("a second factor is one's own")),
    ("confirmSecondFactor", Person("a second factor is one's own")),
    ("renewRecoveryCodes", Person("a second factor is one's own")),
    ("removeSecondFactor", Person("a second factor is one's own")),
    ("confirmIdentity", Person("it is about oneself")),
    ("startProviderLink", Person("one links one's own account")),
    ("finishProviderLink", Person("one links one's own account")),
    ("unlinkProvider", UNLINK),
    ("endSession", Person("sessions are one's own")),
    ("endOtherSessions", Person("sessions are one's own")),
    ("correctOwnAccount", Person("it is about oneself")),
    (
        "eraseContactData",
        Person("one's own are one's own; those of others need `ACCOUNT_MANAGE` over the account as a whole"),
    ),
    (
        "delegateRole",
        Person("one hands on only a role that one holds oneself"),
    ),
    (
        "revokeDelegation",
        Person("who gave it or was given it takes it back; anybody else needs `ACCOUNT_MANAGE` over the grant"),
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
    ("recordUnitEvent", Only(UnitManage)),
    ("removeUnitEvent", Only(UnitManage)),
    ("createCluster", Only(ClusterManage)),
    ("updateCluster", Only(ClusterManage)),
    ("endCluster", Only(ClusterManage)),
    ("addClusterMember", Only(ClusterManage)),
    ("endClusterMembership", Only(ClusterManage)),
    ("setClusterOffice", Only(ClusterManage)),
    ("endClusterOffice", Only(ClusterManage)),
    ("createIndicator", Only(IndicatorManage)),
    ("setIndicatorHeadCount", Only(IndicatorManage)),
    ("createPeriod", Only(PeriodManage)),
    ("setPeriodDueDay", Only(PeriodManage)),
    ("extendReport", Only(ReportExtend)),
    ("setReportFormDueDay", Only(FormManage)),
    ("createReportForm", Only(FormManage)),
    ("writeReportFormDraft", Only(FormManage)),
    ("publishReportForm", Only(FormManage)),
    ("retireReportForm", Only(FormManage)),
    ("createCriteriaSet", Only(CriteriaManage)),
    ("adaptCriteriaSet", Only(CriteriaManage)),
    ("writeCriteriaSetDraft", Only(CriteriaManage)),
    ("publishCriteriaSet", Only(CriteriaManage)),
    ("retireCriteriaSet", Only(CriteriaManage)),
    ("createEmulationYear", Only(YearManage)),
    ("updateEmulationYear", Only(YearManage)),
    ("advanceEmulationYear", Only(YearAdvance)),
    ("stepBackEmulationYear", Only(YearManage)),
    ("addParticipant", Only(YearManage)),
    ("updateParticipant", Only(YearManage)),
    ("withdrawParticipant", Only(YearManage)),
    ("register", Only(PledgeWrite)),
    ("withdrawRegistration", Only(PledgeWrite)),
    ("setTarget", Only(PledgeWrite)),
    ("removeTarget", Only(PledgeWrite)),
    ("beginPact", Only(PactManage)),
    ("writePact", Only(PactManage)),
    ("agreePact", Only(PactManage)),
    ("openPactSigning", Only(PactManage)),
    ("signPact", Only(PactSign)),
    ("endPact", Only(PactManage)),
    ("createReport", Only(ReportWrite)),
    ("saveReport", Only(ReportWrite)),
    ("submitReport", Only(ReportSubmit)),
    ("returnReport", Only(ReportReturn)),
    ("verifyReport", Only(ReportVerify)),
    ("approveReport", Only(ReportApprove)),
    ("correctReport", Only(ReportCorrect)),
    ("commentOnReport", Only(ReportComment)),
    ("answerReportComment", Only(ReportComment)),
    ("resolveReportComment", Only(ReportComment)),
    ("unlockReport", Only(ReportReturn)),
    ("reviewReports", REVIEW),
    (
        "writeScoreEntries",
        OneOf(&[ScoreSelf, CrossCheckWrite, ScoreAppraise, ScoreProvince, ScoreCouncil]),
    ),
    ("submitScoreSheet", Only(ScoreSelf)),
    ("finishCrossCheck", OneOf(&[CrossCheckWrite, CrossCheckManage])),
    ("appraiseScoreSheet", Only(ScoreAppraise)),
    ("appraiseScoreSheetForProvince", Only(ScoreProvince)),
    ("decideScoreSheet", Only(ScoreCouncil)),
    ("returnScoreSheet", OneOf(&[ScoreReturn, ScoreProvince, ScoreCouncil])),
    (
        "reviewScoreSheets",
        OneOf(&[
            CrossCheckWrite,
            CrossCheckManage,
            ScoreAppraise,
            ScoreProvince,
            ScoreCouncil,
            ScoreReturn,
        ]),
    ),
    ("raiseObjection", Only(ObjectionRaise)),
    ("answerObjection", Only(ObjectionAnswer)),
    ("removeEvidence", OneOf(&[ReportWrite, ScoreSelf, AwardPropose])),
    ("drawCrossChecks", Only(CrossCheckManage)),
    ("recordRecusal", Only(CrossCheckManage)),
    ("withdrawRecusal", Only(CrossCheckManage)),
    ("assignCrossCheck", Only(CrossCheckManage)),
    ("withdrawCrossCheck", Only(CrossCheckManage)),
    ("waiveReplies", Only(CrossCheckManage)),
    ("writeFinding", Only(CrossCheckWrite)),
    ("changeFinding", Only(CrossCheckWrite)),
    ("removeFinding", Only(CrossCheckWrite)),
    ("sendFindings", Only(CrossCheckWrite)),
    ("replyToFinding", Only(CrossCheckReply)),
    ("sendReplies", Only(CrossCheckReply)),
    ("writeMinutes", Only(CrossCheckWrite)),
    ("returnCrossCheck", Only(CrossCheckManage)),
    (
        "createEvidenceLink",
        Person("a link is bound to the person who asks for it"),
    ),
    ("computeResult", Only(ResultCompute)),
    ("publishResult", Only(ResultPublish)),
    ("correctResult", Only(ResultPublish)),
    ("settleTie", Only(ResultPublish)),
    ("ruleQuota", Only(QuotaRule)),
    ("createCouncil", Only(CouncilManage)),
    ("endCouncil", Only(CouncilManage)),
    ("addCouncilMember", Only(CouncilManage)),
    ("endCouncilMember", Only(CouncilManage)),
    ("planConference", Only(ConferenceManage)),
    ("changeConference", Only(ConferenceManage)),
    ("openConference", Only(ConferenceManage)),
    ("callRoll", Only(ConferenceManage)),
    ("writeConferenceMinutes", Only(ConferenceManage)),
    ("closeConference", Only(ConferenceManage)),
    ("draftBallot", Only(ConferenceManage)),
    ("openBallot", Only(ConferenceManage)),
    ("castVote", Only(VoteCast)),
    ("takeBallotToken", Only(VoteCast)),
    ("closeBallot", Only(ConferenceManage)),
    ("draftFurtherRound", Only(ConferenceManage)),
    ("recordBallotResult", Only(ConferenceManage)),
    ("confirmBallot", Only(OutcomeConfirm)),
    ("settleTieByBallot", Only(ResultPublish)),
    ("voidBallot", Only(ConferenceManage)),
    // Where units are only named and nobody voted, `ClusterManage` besides.
    ("appointFromConference", Only(OutcomeConfirm)),
    ("createAwardType", Only(AwardTypeManage)),
    ("recordAwardDecision", Only(AwardRecord)),
    ("setAwardTerms", Only(AwardTypeManage)),
    ("setBaseSalary", Only(AwardTypeManage)),
    ("setAwardQuota", Only(AwardQuotaManage)),
    ("exceptFromAwardQuota", Only(AwardQuotaManage)),
    ("proposeAward", Only(AwardPropose)),
    ("tickAwardDossier", Only(AwardPropose)),
    ("endorseAwardProposal", Only(AwardEndorse)),
    ("appraiseAwardProposal", Only(AwardAppraise)),
    ("recordAwardVote", Only(AwardDecide)),
    ("draftAwardBallot", Only(ConferenceManage)),
    ("takeAwardVotes", Only(AwardDecide)),
    ("concludeAwardProposal", Only(AwardDecide)),
    ("releaseAwardOutcomes", Only(AwardDecide)),
    ("decideAwards", Only(AwardDecide)),
    ("raiseAwardObjection", Only(ObjectionRaise)),
    ("answerAwardObjection", Only(ObjectionAnswer)),
    ("revokeAward", Only(AwardDecide)),
    ("correctAward", Only(AwardDecide)),
    ("handOverAward", Only(AwardRecord)),
    ("markNotificationsRead", Person("what one is told is one's own")),
    ("chooseDigestRhythm", Person("one's letters are one's own")),
];

const REVIEW: Requires = OneOf(&[ReportVerify, ReportApprove, ReportReturn]);

const SUMMARY: Requires = OneOf(&[SummaryRead, SummaryReadUnapproved, SummaryReadDrafts]);
const CATALOGUE: Requires = SignedIn("the common catalogue is for everybody");

/// Every query and what it asks for.
pub const QUERIES: &[(&str, Requires)] = &[
    (
        "node",
        SignedIn("who sees the thing may read it, by its id as elsewhere"),
    ),
    ("viewer", Person("it is about oneself")),
    ("signInWays", Nothing("it is for the page on which one signs in")),
    ("accounts", Only(AccountManage)),
    ("serviceAccounts", Only(AccountManage)),
    ("serviceScopes", SignedIn("it holds no data of anybody")),
    ("whyMay", Only(AccountManage)),
    ("auditEntries", Only(AuditRead)),
    ("units", Sight(Units)),
    ("provinces", CATALOGUE),
    ("clusters", Sight(Clusters)),
    ("periods", Sight(Forms)),
    ("reportForms", Sight(Forms)),
    ("reportFormDiff", Sight(Forms)),
    ("reportDueDay", Sight(Forms)),
    ("indicators", CATALOGUE),
    ("criteriaSets", Sight(Criteria)),
    ("criteriaSetDiff", Sight(Criteria)),
    ("checkCriteriaSet", Only(CriteriaManage)),
    ("emulationYears", Sight(Emulation)),
    ("scoreSheets", Sight(Emulation)),
    ("reports", Sight(Reports)),
    ("summary", SUMMARY),
    ("emulationResults", Sight(Emulation)),
    ("explainResult", Sight(Emulation)),
    ("whatIf", Sight(Emulation)),
    ("recomputeResult", Sight(Emulation)),
    ("gradeCounts", Sight(Emulation)),
    ("councils", Sight(Emulation)),
    ("conferences", Sight(Emulation)),
    ("ballots", Sight(Emulation)),
    ("holdQuota", Only(QuotaRule)),
    ("crossChecks", Sight(Emulation)),
    ("crossCheckDraws", Sight(Emulation)),
    ("crossCheckRecusals", Sight(Emulation)),
    ("awards", Sight(Awards)),
    ("awardDecisions", Sight(Awards)),
    ("awardCounts", Sight(Awards)),
    ("awardTypes", CATALOGUE),
    ("baseSalaries", CATALOGUE),
    ("awardEligibility", Sight(Awards)),
    ("awardProposals", Sight(Awards)),
    ("awardQuotas", Sight(Awards)),
    ("awardCandidates", Sight(Awards)),
    ("awardComparison", Sight(Awards)),
    ("awardObjections", Sight(Awards)),
    ("awardOutcomes", Only(AwardDecide)),
    ("clusterHandover", Only(HandoverRead)),
    ("notifications", Person("what one is told is one's own")),
    ("digestRhythm", Person("one's letters are one's own")),
    ("unreadNotificationCount", Person("what one is told is one's own")),
];

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
    (
        "POST /api/v1/auth/token",
        Nothing("the secret shows which service account it is"),
    ),
    (
        "GET /api/v1/auth/ways",
        Nothing("it is for the page on which one signs in"),
    ),
    ("POST /api/v1/auth/oidc/start", Nothing("it is how one signs in")),
    ("POST /api/v1/auth/oidc/finish", Nothing("it is how one signs in")),
    (
        "POST /api/v1/auth/oidc/links/start",
        Person("one links one's own account"),
    ),
    ("POST /api/v1/auth/oidc/links", Person("one links one's own account")),
    ("GET /api/v1/auth/oidc/links", Person("it is about oneself")),
    ("DELETE /api/v1/auth/oidc/links/{id}", UNLINK),
    ("POST /api/v1/auth/confirm", Person("it is about oneself")),
    ("GET /.well-known/jwks.json", Nothing("the keys are public")),
    ("GET /api/v1/openapi.json", Nothing("it holds no data of anybody")),
    ("GET /api/v1/auth/me", Person("it is about oneself")),
    ("GET /api/v1/auth/me/export", Person("it is about oneself")),
    ("GET /api/v1/auth/sessions", Person("sessions are one's own")),
    ("DELETE /api/v1/auth/sessions", Person("sessions are one's own")),
    ("DELETE /api/v1/auth/sessions/{id}", Person("sessions are one's own")),
    ("GET /api/v1/service-accounts", Only(AccountManage)),
    ("POST /api/v1/service-accounts", Only(AccountManage)),
    ("GET /api/v1/service-accounts/{id}", Only(AccountManage)),
    ("PATCH /api/v1/service-accounts/{id}", Only(AccountManage)),
    ("POST /api/v1/service-accounts/{id}/disable", Only(AccountManage)),
    ("POST /api/v1/service-accounts/{id}/enable", Only(AccountManage)),
    ("POST /api/v1/service-accounts/{id}/secrets", Only(AccountManage)),
    ("POST /api/v1/service-secrets/{id}/retire", Only(AccountManage)),
    ("GET /api/v1/units", Sight(Units)),
    ("GET /api/v1/units/{id}", Sight(Units)),
    ("GET /api/v1/clusters", Sight(Clusters)),
    ("GET /api/v1/clusters/{id}", Sight(Clusters)),
    ("GET /api/v1/clusters/{id}/handover", Only(HandoverRead)),
    ("GET /api/v1/periods", Sight(Forms)),
    ("GET /api/v1/periods/{id}", Sight(Forms)),
    ("GET /api/v1/indicators", CATALOGUE),
    ("GET /api/v1/indicators/{id}", CATALOGUE),
    ("GET /api/v1/report-forms", Sight(Forms)),
    ("GET /api/v1/report-forms/{id}", Sight(Forms)),
    ("GET /api/v1/report-forms/{id}/diff", Sight(Forms)),
    ("GET /api/v1/report-forms/{id}/due-day", Sight(Forms)),
    ("POST /api/v1/report-forms/{id}/extensions", Only(ReportExtend)),
    ("GET /api/v1/report-forms/{id}/sheet", Only(ReportWrite)),
    ("POST /api/v1/report-forms/{id}/sheet", Only(ReportWrite)),
    ("GET /api/v1/criteria-sets", Sight(Criteria)),
    ("POST /api/v1/criteria-sets", Only(CriteriaManage)),
    ("POST /api/v1/criteria-sets/check", Only(CriteriaManage)),
    ("GET /api/v1/criteria-sets/{id}", Sight(Criteria)),
    ("PUT /api/v1/criteria-sets/{id}/draft", Only(CriteriaManage)),
    ("GET /api/v1/criteria-set-versions/{id}", Sight(Criteria)),
    ("GET /api/v1/criteria-set-versions/{id}/diff", Sight(Criteria)),
    ("POST /api/v1/criteria-set-versions/{id}/publish", Only(CriteriaManage)),
    ("POST /api/v1/criteria-set-versions/{id}/retire", Only(CriteriaManage)),
    ("GET /api/v1/emulation-years", Sight(Emulation)),
    ("POST /api/v1/emulation-years", Only(YearManage)),
    ("GET /api/v1/emulation-years/{id}", Sight(Emulation)),
    ("PATCH /api/v1/emulation-years/{id}", Only(YearManage)),
    ("POST /api/v1/emulation-years/{id}/advance", Only(YearAdvance)),
    ("GET /api/v1/emulation-years/{id}/checker-leniency", Only(LeniencyRead)),
    ("POST /api/v1/emulation-years/{id}/registrations", Only(PledgeWrite)),
    ("PUT /api/v1/emulation-years/{id}/targets", Only(PledgeWrite)),
    ("POST /api/v1/pacts/{id}/sign", Only(PactSign)),
    ("GET /api/v1/reports", Sight(Reports)),
    ("POST /api/v1/reports", Only(ReportWrite)),
    ("GET /api/v1/reports/{id}", Sight(Reports)),
    ("PATCH /api/v1/reports/{id}", Only(ReportWrite)),
    ("POST /api/v1/reports/{id}/unlock", Only(ReportReturn)),
    ("GET /api/v1/reports/{id}/difference", Sight(Reports)),
    ("GET /api/v1/reports/{id}/sendings/{number}", Sight(Reports)),
    ("GET /api/v1/reports/{id}/comments", Sight(Reports)),
    ("POST /api/v1/reports/{id}/comments", Only(ReportComment)),
    ("POST /api/v1/report-comments/{id}/answer", Only(ReportComment)),
    ("POST /api/v1/report-comments/{id}/resolve", Only(ReportComment)),
    ("GET /api/v1/reports/{id}/findings", Sight(Reports)),
    ("POST /api/v1/reports/{id}/submit", Only(ReportSubmit)),
    ("POST /api/v1/reports/{id}/return", Only(ReportReturn)),
    ("POST /api/v1/reports/{id}/verify", Only(ReportVerify)),
    ("POST /api/v1/reports/{id}/approve", Only(ReportApprove)),
    ("POST /api/v1/reports/{id}/correct", Only(ReportCorrect)),
    ("POST /api/v1/reports/review", REVIEW),
    ("GET /api/v1/reports/{id}/sheet", Sight(Reports)),
    ("POST /api/v1/reports/{id}/sheet", Only(ReportWrite)),
    ("GET /api/v1/cross-checks", Sight(Emulation)),
    ("GET /api/v1/cross-checks/{id}", Sight(Emulation)),
    ("POST /api/v1/cross-checks/{id}/findings", Only(CrossCheckWrite)),
    ("PUT /api/v1/cross-check-findings/{id}", Only(CrossCheckWrite)),
    ("DELETE /api/v1/cross-check-findings/{id}", Only(CrossCheckWrite)),
    ("POST /api/v1/cross-checks/{id}/send-findings", Only(CrossCheckWrite)),
    ("PUT /api/v1/cross-check-findings/{id}/reply", Only(CrossCheckReply)),
    ("POST /api/v1/cross-checks/{id}/send-replies", Only(CrossCheckReply)),
    ("POST /api/v1/cross-checks/{id}/minutes", Only(CrossCheckWrite)),
    ("GET /api/v1/reports/{id}/evidence", Sight(Reports)),
    ("POST /api/v1/reports/{id}/evidence", Only(ReportWrite)),
    ("GET /api/v1/score-sheets", Sight(Emulation)),
    ("POST /api/v1/score-sheets", Only(ScoreSelf)),
    ("GET /api/v1/score-sheets/{id}", Sight(Emulation)),
    (
        "PATCH /api/v1/score-sheets/{id}/entries",
        OneOf(&[ScoreSelf, CrossCheckWrite, ScoreAppraise, ScoreProvince, ScoreCouncil]),
    ),
    ("POST /api/v1/score-sheets/{id}/submit", Only(ScoreSelf)),
    ("GET /api/v1/score-sheets/{id}/gap", Sight(Emulation)),
    ("GET /api/v1/score-sheets/{id}/objections", Sight(Emulation)),
    ("POST /api/v1/score-sheets/{id}/objections", Only(ObjectionRaise)),
    ("GET /api/v1/score-sheets/{id}/evidence", Sight(Emulation)),
    ("POST /api/v1/score-sheets/{id}/evidence", Only(ScoreSelf)),
    ("GET /api/v1/award-proposals/{id}/evidence", Sight(Awards)),
    ("POST /api/v1/award-proposals/{id}/evidence", Only(AwardPropose)),
    ("GET /api/v1/evidence/{id}", Sight(Reports)),
    (
        "DELETE /api/v1/evidence/{id}",
        OneOf(&[ReportWrite, ScoreSelf, AwardPropose]),
    ),
    (
        "POST /api/v1/evidence/{id}/link",
        Person("a link is bound to the person who asks for it"),
    ),
    (
        "GET /api/v1/files/{token}",
        Nothing("the link shows for whom it was made"),
    ),
    ("GET /api/v1/summary", SUMMARY),
    ("GET /api/v1/summary/reports", SUMMARY),
    ("GET /api/v1/summary/owing", SUMMARY),
    ("GET /api/v1/results", Sight(Emulation)),
    ("GET /api/v1/results/{id}", Sight(Emulation)),
    ("GET /api/v1/results/{id}/units", Sight(Emulation)),
    ("GET /api/v1/results/{id}/snapshot", Sight(Emulation)),
    ("GET /api/v1/results/{id}/explain", Sight(Emulation)),
    ("GET /api/v1/results/grade-counts", Sight(Emulation)),
    ("GET /api/v1/councils", Sight(Emulation)),
    ("GET /api/v1/councils/{id}", Sight(Emulation)),
    ("GET /api/v1/conferences", Sight(Emulation)),
    ("GET /api/v1/conferences/{id}", Sight(Emulation)),
    ("GET /api/v1/ballots", Sight(Emulation)),
    ("GET /api/v1/ballots/{id}", Sight(Emulation)),
    ("GET /api/v1/ballots/{id}/receipts", Sight(Emulation)),
    (
        "POST /api/v1/ballots/{id}/votes",
        Nothing("the token shows the right to vote, and nobody may know whose it is"),
    ),
    ("GET /api/v1/awards", Sight(Awards)),
    ("GET /api/v1/awards/{id}", Sight(Awards)),
    ("GET /api/v1/award-types", CATALOGUE),
    ("GET /api/v1/award-decisions", Sight(Awards)),
    ("POST /api/v1/award-decisions", Only(AwardRecord)),
    ("GET /api/v1/award-decisions/{id}", Sight(Awards)),
    ("GET /api/v1/award-decisions/sheet", Only(AwardRecord)),
    ("POST /api/v1/award-decisions/sheet", Only(AwardRecord)),
    ("GET /api/v1/award-proposals", Sight(Awards)),
    ("GET /api/v1/award-proposals/comparison", Sight(Awards)),
    ("GET /api/v1/award-proposals/{id}", Sight(Awards)),
    ("GET /api/v1/award-objections", Sight(Awards)),
    (
        "GET /verify/{code}",
        Nothing("whoever holds a certificate may ask whether it is valid"),
    ),
    ("GET /api/v1/notifications", Person("what one is told is one's own")),
    (
        "GET /api/v1/notifications/digest",
        Person("one's letters are one's own"),
    ),
    (
        "PUT /api/v1/notifications/digest",
        Person("one's letters are one's own"),
    ),
    (
        "POST /api/v1/notifications/read",
        Person("what one is told is one's own"),
    ),
];

/// What a mutation asks for; `None` for one that is not in the list.
pub fn of_mutation(name: &str) -> Option<Requires> {
    find(MUTATIONS, name)
}

/// What a query asks for; `None` for one that is not in the list.
pub fn of_query(name: &str) -> Option<Requires> {
    find(QUERIES, name)
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
            Sight(_) | SignedIn(_) | Person(_) | Nothing(_) => &[],
        }
    }

    /// The scopes with any of which a service account comes through; none where it needs none, and where no scope helps.
    pub fn scopes(&self) -> Vec<ServiceScope> {
        let all = ServiceScope::ALL.iter().copied();
        let opens = |scope: &ServiceScope| match self {
            Only(_) | OneOf(_) => self.actions().iter().any(|action| scope.allows().contains(action)),
            Sight(resource) => scope.shows().contains(resource),
            SignedIn(_) | Person(_) | Nothing(_) => false,
        };
        all.filter(opens).collect()
    }

    /// Whether a service account may come through with a token: with one of the scopes, or with any.
    pub fn admits_services(&self) -> bool {
        matches!(self, SignedIn(_)) || !self.scopes().is_empty()
    }

    /// The line in the description of a door.
    pub fn line(&self) -> String {
        match self {
            Only(_) | OneOf(_) => {
                let actions: Vec<String> = self.actions().iter().map(|&action| with_holders(action)).collect();
                format!("Requires: {}.", actions.join(" or "))
            }
            Sight(_) => format!(
                "Requires: no action; who sees the thing may read it, a service account with {}.",
                quoted(self.scopes())
            ),
            SignedIn(why) => format!("Requires: no action, only a token; {why}."),
            Person(why) => format!("Requires: no action, only to be signed in as a person; {why}."),
            Nothing(why) => format!("Requires: nothing; {why}."),
        }
    }
}

/// Lets a caller through a door before it says what it wants there. People come through every door; whether they may do what they
/// ask for is a question of the thing. A service account comes only where one of its scopes opens the door: a door that is not in
/// the lists above is closed to it.
pub fn admit(actor: &Actor, door: Option<Requires>) -> Result<()> {
    let Some(given) = actor.given() else {
        return Ok(());
    };
    match door {
        Some(SignedIn(_) | Nothing(_)) => Ok(()),
        Some(Person(_)) | None => Err(Error::PeopleOnly),
        Some(Sight(resource)) => given.show(resource),
        Some(Only(_) | OneOf(_)) => {
            let actions = door.as_ref().map(Requires::actions).unwrap_or_default();
            if actions.iter().any(|&action| given.allow(action)) {
                return Ok(());
            }
            Err(ServiceScope::allowing(actions).map_or(Error::PeopleOnly, Error::ScopeMissing))
        }
    }
}

fn quoted(scopes: Vec<ServiceScope>) -> String {
    let quoted: Vec<String> = scopes.iter().map(|scope| format!("`{}`", scope.code())).collect();
    quoted.join(" or ")
}

/// The code of an action and who holds it, how far: `REPORT_APPROVE` (STANDING_COMMITTEE: scope).
fn with_holders(action: Action) -> String {
    let holders = Capacity::ALL.iter().filter_map(|&capacity| {
        let far = allows(capacity, action);
        let with = if capacity == SERVICE {
            format!(" with {}", quoted(Only(action).scopes()))
        } else {
            String::new()
        };
        (far != Carries::No).then(|| format!("{}: {}{with}", capacity.code(), far.word()))
    });
    format!("`{}` ({})", action.code(), holders.collect::<Vec<_>>().join(", "))
}
