//! What somebody may want to do that not everybody may.

/// Declares the actions once: the variant, its code and what it is for.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $action:ident = $code:literal,)+) => {
        /// What somebody may want to do that not everybody may. Reading has no action: what one sees is what one may read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $doc])+ $action,)+
        }

        impl Action {
            /// Every action, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$action),+];

            /// The code in the audit and in `viewerCan`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$action => $code,)+ }
            }

            /// What it is for.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$action => concat!($($doc),+),)+ }
            }
        }
    };
}

actions! {
    /// Make, lock and unlock accounts; grant and withdraw roles; let other systems in.
    AccountManage = "ACCOUNT_MANAGE",
    /// Read the audit.
    AuditRead = "AUDIT_READ",
    /// Add provinces to the list.
    ProvinceManage = "PROVINCE_MANAGE",
    /// Found, rename, move, end and describe units.
    UnitManage = "UNIT_MANAGE",
    /// Record head counts of a unit.
    UnitStatisticsRecord = "UNIT_STATISTICS_RECORD",
    /// Set up and end clusters, their members and offices.
    ClusterManage = "CLUSTER_MANAGE",
    /// Set periods.
    PeriodManage = "PERIOD_MANAGE",
    /// Add indicators to the common catalogue.
    IndicatorManage = "INDICATOR_MANAGE",
    /// Write, publish and retire report forms.
    FormManage = "FORM_MANAGE",
    /// Write, publish and retire criteria sets, and adapt those of units above for a cluster.
    CriteriaManage = "CRITERIA_MANAGE",
    /// Begin a report and write its figures.
    ReportWrite = "REPORT_WRITE",
    /// Send a report.
    ReportSubmit = "REPORT_SUBMIT",
    /// Send a report back with a reason.
    ReportReturn = "REPORT_RETURN",
    /// Find a report complete and consistent.
    ReportVerify = "REPORT_VERIFY",
    /// Approve a report, so that it counts.
    ReportApprove = "REPORT_APPROVE",
    /// Begin a correction of an approved report.
    ReportCorrect = "REPORT_CORRECT",
    /// Say something of a report or of one of its figures, and answer.
    ReportComment = "REPORT_COMMENT",
    /// Give a unit more time for its report.
    ReportExtend = "REPORT_EXTEND",
    /// Open emulation years, set their days, participants and criteria, and take steps back.
    YearManage = "YEAR_MANAGE",
    /// Take an emulation year on to its next phase.
    YearAdvance = "YEAR_ADVANCE",
    /// Write the pact of a year, have it agreed and signed, and end it.
    PactManage = "PACT_MANAGE",
    /// Sign the pact for a unit.
    PactSign = "PACT_SIGN",
    /// Register a unit for titles and promise targets.
    PledgeWrite = "PLEDGE_WRITE",
    /// Draw and assign who checks whom, and record who does not.
    CrossCheckManage = "CROSS_CHECK_MANAGE",
    /// Check another unit: points, findings, minutes.
    CrossCheckWrite = "CROSS_CHECK_WRITE",
    /// Reply to the findings of a cross-check.
    CrossCheckReply = "CROSS_CHECK_REPLY",
    /// Score a unit itself and hand its sheet in.
    ScoreSelf = "SCORE_SELF",
    /// Appraise score sheets for the cluster.
    ScoreAppraise = "SCORE_APPRAISE",
    /// Appraise score sheets for the organiser.
    ScoreProvince = "SCORE_PROVINCE",
    /// Decide on score sheets for the council.
    ScoreCouncil = "SCORE_COUNCIL",
    /// Send a score sheet one step back with a reason.
    ScoreReturn = "SCORE_RETURN",
    /// Object to the appraisal of a unit's sheet.
    ObjectionRaise = "OBJECTION_RAISE",
    /// Answer objections.
    ObjectionAnswer = "OBJECTION_ANSWER",
    /// Read how lenient the checkers of a cluster are.
    LeniencyRead = "LENIENCY_READ",
    /// Read what is open in a cluster, to hand it over.
    HandoverRead = "HANDOVER_READ",
    /// Have results worked out.
    ResultCompute = "RESULT_COMPUTE",
    /// Publish results, and correct published ones.
    ResultPublish = "RESULT_PUBLISH",
    /// Hold a quota across several clusters.
    QuotaRule = "QUOTA_RULE",
    /// Set up and end councils, and their members.
    CouncilManage = "COUNCIL_MANAGE",
    /// Plan, open and close conferences, call the roll, write the minutes; draft, open and close ballots.
    ConferenceManage = "CONFERENCE_MANAGE",
    /// Vote for a unit.
    VoteCast = "VOTE_CAST",
    /// Confirm the outcome of ballots, and give the offices that follow from it.
    OutcomeConfirm = "OUTCOME_CONFIRM",
    /// Read totals of approved reports.
    SummaryRead = "SUMMARY_READ",
    /// Read totals that contain reports not yet approved.
    SummaryReadUnapproved = "SUMMARY_READ_UNAPPROVED",
    /// Read totals that contain drafts.
    SummaryReadDrafts = "SUMMARY_READ_DRAFTS",
    /// Add kinds of award to the common catalogue.
    AwardTypeManage = "AWARD_TYPE_MANAGE",
    /// Record decisions and the awards that they give.
    AwardRecord = "AWARD_RECORD",
    /// Say how many of a kind of award may be proposed.
    AwardQuotaManage = "AWARD_QUOTA_MANAGE",
    /// Propose an award, and put its dossier together.
    AwardPropose = "AWARD_PROPOSE",
    /// Endorse the proposal of an award for the cluster or the union above.
    AwardEndorse = "AWARD_ENDORSE",
    /// Appraise the dossier of a proposal.
    AwardAppraise = "AWARD_APPRAISE",
    /// Decide on proposals for the council and the standing committee; give, revoke and correct awards by decision.
    AwardDecide = "AWARD_DECIDE",
}

impl Action {
    /// The action of a code, `REPORT_APPROVE`.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.code() == code)
    }
}
