//! The stored enums. A variant is a code of the schema: never renamed, never translated, only added.

use crate::stored_enum::stored_enum;

stored_enum! {
    /// Kind of union organisation, from the confederation down to the group.
    pub enum UnitKind {
        /// Tổng Liên đoàn Lao động Việt Nam.
        Confederation,
        /// Liên đoàn Lao động tỉnh, thành phố.
        ProvincialFederation,
        /// Công đoàn ngành trung ương.
        CentralBranchUnion,
        /// Liên đoàn Lao động huyện (until 2025).
        DistrictFederation,
        /// Công đoàn xã, phường, đặc khu.
        CommuneUnion,
        /// Công đoàn Viên chức tỉnh and other local branch unions.
        LocalBranchUnion,
        /// Công đoàn các khu công nghiệp, khu kinh tế.
        IndustrialZoneUnion,
        /// Công đoàn cơ sở.
        Grassroots,
        /// Nghiệp đoàn cơ sở.
        OccupationalUnion,
        /// Công đoàn cơ sở thành viên.
        MemberUnion,
        /// Công đoàn bộ phận.
        Section,
        /// Tổ công đoàn.
        Group,
    }
}

impl UnitKind {
    /// Level in the organisation, 0 for the confederation to 5 for a group. Units of one level never stand
    /// above each other, so figures of one level can be added without counting anybody twice.
    pub const fn level(self) -> u8 {
        match self {
            Self::Confederation => 0,
            Self::ProvincialFederation | Self::CentralBranchUnion => 1,
            Self::DistrictFederation | Self::CommuneUnion | Self::LocalBranchUnion | Self::IndustrialZoneUnion => 2,
            Self::Grassroots | Self::OccupationalUnion => 3,
            Self::MemberUnion | Self::Section => 4,
            Self::Group => 5,
        }
    }
}

stored_enum! {
    /// Sector of the employer at which a grassroots union stands.
    pub enum Sector {
        /// Hành chính nhà nước: State administration.
        StateAdministration,
        /// Đơn vị sự nghiệp công lập: public service units other than schools.
        PublicService,
        /// Giáo dục: schools; they follow the school year.
        Education,
        /// Doanh nghiệp nhà nước: State enterprises.
        StateEnterprise,
        /// Doanh nghiệp ngoài nhà nước: non-State enterprises.
        PrivateEnterprise,
        /// Doanh nghiệp có vốn đầu tư nước ngoài: foreign-invested enterprises.
        ForeignInvestedEnterprise,
        /// Nghiệp đoàn: occupational unions without one employer.
        Occupational,
    }
}

stored_enum! {
    /// Whether a name is the official one or another by which people know the unit.
    pub enum NameUse {
        /// The official name; one at a time.
        Official,
        /// Another name in use: an abbreviation, a spelling, a nickname.
        Alias,
    }
}

stored_enum! {
    /// Khối or cụm.
    pub enum ClusterForm {
        /// Khối: usually units of one kind; may hold clusters.
        Bloc,
        /// Cụm: usually units of one area.
        Cluster,
    }
}

stored_enum! {
    /// What a cluster is for.
    pub enum ClusterPurpose {
        /// Emulation: pact, scores, votes, ranks. A unit is in one at a time per organiser.
        Emulation,
        /// Only an area of management with officials in charge.
        Management,
    }
}

stored_enum! {
    /// Office of a cluster.
    pub enum Office {
        /// Cụm trưởng, khối trưởng.
        Chair,
        /// Cụm phó, khối phó.
        Deputy,
    }
}

stored_enum! {
    /// How the holder of an office was chosen.
    pub enum ChosenBy {
        /// By vote of the members.
        Election,
        /// By last year's rank.
        Rank,
        /// By a fixed order.
        Order,
        /// By decision of the organiser.
        Appointment,
    }
}

stored_enum! {
    /// Kind of dated span.
    pub enum PeriodKind {
        /// Calendar year.
        Year,
        /// School year.
        SchoolYear,
        /// Half of a year.
        Half,
        /// Quarter of a year.
        Quarter,
        /// Month.
        Month,
        /// Term of office between two congresses.
        Term,
        /// A campaign, five months, or any other span.
        Custom,
    }
}

stored_enum! {
    /// What the text of a figure may look like.
    pub enum NumberForm {
        /// A whole number: people, turns, units.
        Integer,
        /// A number with up to four decimals.
        Decimal,
        /// Đồng, whole; `295 triệu` is understood.
        Money,
        /// Per cent.
        Percentage,
        /// Có hoặc không: yes counts as 1 and no as 0, so that a sum says how many said yes.
        YesNo,
        /// One of the choices of the indicator.
        Choice,
        /// A short text of at most 200 characters.
        Text,
    }
}

stored_enum! {
    /// How an indicator adds up.
    pub enum Aggregation {
        /// A state on the last day: added over units, not over time.
        Stock,
        /// What happened in the period: added over units and over periods that follow each other.
        Flow,
        /// A quotient of two other indicators: computed from their sums, never averaged.
        Rate,
        /// Not added up: texts, choices (which are counted), and numbers whose sum means nothing.
        None,
    }
}

stored_enum! {
    /// A dimension by which a figure may be broken down. There are only these.
    pub enum Dimension {
        /// How many of the total are women.
        Women,
        /// The total by sector of the employer.
        Sector,
    }
}

stored_enum! {
    /// Which part of what an indicator counts a figure tells: all of it, or one value of one dimension.
    pub enum FigurePart {
        /// All of it.
        Total,
        /// Of dimension `WOMEN`: women.
        Women,
        /// Of dimension `SECTOR`: State administration.
        SectorStateAdministration,
        /// Of dimension `SECTOR`: public service units other than schools.
        SectorPublicService,
        /// Of dimension `SECTOR`: schools.
        SectorEducation,
        /// Of dimension `SECTOR`: State enterprises.
        SectorStateEnterprise,
        /// Of dimension `SECTOR`: non-State enterprises.
        SectorPrivateEnterprise,
        /// Of dimension `SECTOR`: foreign-invested enterprises.
        SectorForeignInvestedEnterprise,
        /// Of dimension `SECTOR`: occupational unions without one employer.
        SectorOccupational,
    }
}

impl FigurePart {
    /// The dimension of which it is a value; `None` for the total.
    pub const fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Total => None,
            Self::Women => Some(Dimension::Women),
            Self::SectorStateAdministration
            | Self::SectorPublicService
            | Self::SectorEducation
            | Self::SectorStateEnterprise
            | Self::SectorPrivateEnterprise
            | Self::SectorForeignInvestedEnterprise
            | Self::SectorOccupational => Some(Dimension::Sector),
        }
    }

    /// The part that units of a sector are.
    pub const fn of_sector(sector: Sector) -> Self {
        match sector {
            Sector::StateAdministration => Self::SectorStateAdministration,
            Sector::PublicService => Self::SectorPublicService,
            Sector::Education => Self::SectorEducation,
            Sector::StateEnterprise => Self::SectorStateEnterprise,
            Sector::PrivateEnterprise => Self::SectorPrivateEnterprise,
            Sector::ForeignInvestedEnterprise => Self::SectorForeignInvestedEnterprise,
            Sector::Occupational => Self::SectorOccupational,
        }
    }
}

stored_enum! {
    /// What the size of a unit is measured by.
    pub enum SizeMeasure {
        /// Its workers, public employees and labourers.
        Workers,
        /// Its union members.
        Members,
    }
}

stored_enum! {
    /// Life of a form version.
    pub enum FormState {
        /// Being written; nobody fills it in yet.
        Draft,
        /// In use; never changed again.
        Published,
        /// No longer in use; reports keep it.
        Retired,
    }
}

stored_enum! {
    /// Life of a version of a criteria set.
    pub enum CriteriaSetState {
        /// Being written; only those who write it, and those above, see it.
        Draft,
        /// It can be chosen for a year; never changed again.
        Published,
        /// No longer to be chosen; the years that have it keep it.
        Retired,
    }
}

stored_enum! {
    /// What follows when a report breaks a rule of its form.
    pub enum RuleSeverity {
        /// The report cannot be sent.
        Block,
        /// It can be sent with an explanation, which those who review it read.
        Warn,
        /// It is told, and nothing follows.
        Inform,
    }
}

stored_enum! {
    /// What it means to a rule that a figure is missing which it needs.
    pub enum RuleMissing {
        /// The rule is not judged.
        Skip,
        /// A missing number counts as 0; a missing text or choice stays missing.
        Zero,
        /// The rule is broken.
        Fails,
    }
}

stored_enum! {
    /// Life of a report. Late is a mark, not a state.
    pub enum ReportStatus {
        /// Being written by the unit; only it and those above see it.
        Draft,
        /// Sent.
        Submitted,
        /// Sent back with a reason; the unit may change and send it again.
        Returned,
        /// Found complete and consistent.
        Verified,
        /// Approved; counts in the totals.
        Approved,
        /// Was approved, and an approved correction stands in its place.
        Replaced,
    }
}

stored_enum! {
    /// A step in the life of a report.
    pub enum ReportAction {
        /// Begin a draft.
        Create,
        /// Write figures.
        Save,
        /// Send.
        Submit,
        /// Send back with a reason.
        Return,
        /// Find complete and consistent.
        Verify,
        /// Approve.
        Approve,
        /// Begin a correction of what was approved.
        Correct,
    }
}

stored_enum! {
    /// What a figure as typed claims.
    pub enum Qualifier {
        /// Just this number.
        Exact,
        /// `trên`, `hơn`: more than this number.
        MoreThan,
        /// `gần`: not quite this number.
        Nearly,
        /// `khoảng`: about this number.
        About,
        /// `từ … đến …`: between two numbers.
        Range,
    }
}

stored_enum! {
    /// Whether a figure is known or foreseen, since a due day may lie before the end of the period.
    pub enum Nature {
        /// Thực hiện: as it was.
        Actual,
        /// Ước thực hiện: as expected by the end of the period.
        Estimate,
    }
}

stored_enum! {
    /// Level of the body that gives an award.
    pub enum AwardLevel {
        /// State: orders, flag of the Government.
        State,
        /// Tổng Liên đoàn.
        Confederation,
        /// Provincial federation, central branch union, province.
        Province,
        /// Union directly above the grassroots.
        Upper,
        /// Grassroots union.
        Grassroots,
        /// Emulation cluster or bloc.
        Cluster,
    }
}

impl AwardLevel {
    /// Whether a body of this level stands above one of another. A cluster stands beside the unions directly above the grassroots.
    pub const fn is_above(self, other: Self) -> bool {
        self.rank() < other.rank()
    }

    const fn rank(self) -> u8 {
        match self {
            Self::State => 0,
            Self::Confederation => 1,
            Self::Province => 2,
            Self::Upper | Self::Cluster => 3,
            Self::Grassroots => 4,
        }
    }
}

stored_enum! {
    /// Who may get a kind of award.
    pub enum RecipientKind {
        /// Only collectives.
        Collective,
        /// Only individuals.
        Individual,
        /// Both.
        Both,
    }
}

stored_enum! {
    /// Who got an award.
    pub enum Recipient {
        /// A unit or another collective.
        Collective,
        /// A person.
        Individual,
    }
}

stored_enum! {
    /// Role that a grant gives in a scope. Chair, deputy and cross-checker are not roles: they follow from
    /// the office or assignment that a unit holds on the day.
    pub enum Role {
        /// Quản trị: accounts, units, settings; no deciding.
        Admin,
        /// Chuyên viên: forms, periods, clusters, verifies reports, drafts decisions.
        Specialist,
        /// Ban Thường vụ: approves, decides, publishes.
        StandingCommittee,
        /// Cán bộ công đoàn của đơn vị: acts for its unit.
        UnitOfficer,
        /// Người xem: reads.
        Viewer,
        /// Integration: what its scopes name.
        Service,
    }
}

stored_enum! {
    /// What a grant covers.
    pub enum ScopeKind {
        /// Everything the service holds.
        Everything,
        /// The units of one province.
        Province,
        /// A unit and what is below it.
        Unit,
        /// A cluster and its members.
        Cluster,
    }
}

stored_enum! {
    /// What a link is for that works once.
    pub enum LinkPurpose {
        /// To choose the first password of an account.
        Invitation,
        /// To choose another password.
        PasswordReset,
    }
}

stored_enum! {
    /// Kinds of things that can be found by name.
    pub enum Named {
        /// A unit, by any of its names.
        Unit,
        /// A cluster.
        Cluster,
        /// An award, by its recipient's name as written.
        Award,
    }
}

stored_enum! {
    /// What others are told of: an event is written with the change itself.
    pub enum EventKind {
        /// A refresh token came back after use, and its session was ended.
        SessionReplayed,
        /// A report was sent.
        ReportSubmitted,
        /// A report was sent back with a reason.
        ReportReturned,
        /// A report was found complete and consistent.
        ReportVerified,
        /// A report was approved.
        ReportApproved,
        /// An emulation year came to its next phase.
        YearPhaseOpened,
        /// A pact may be signed.
        PactOpened,
        /// It was drawn or assigned who checks whom.
        CrossChecksAssigned,
        /// Findings of a cross-check were sent to the checked unit.
        FindingsSent,
        /// A score sheet was sent one step back.
        SheetReturned,
        /// A score sheet was appraised for the cluster; from then on the unit may object.
        SheetAppraised,
        /// A unit objected to the appraisal of its sheet.
        ObjectionRaised,
        /// An objection was answered.
        ObjectionAnswered,
        /// The result of a year was published.
        ResultPublished,
        /// The last member signed a pact.
        PactInForce,
        /// A unit was added to a year.
        ParticipantAdded,
        /// A unit takes part in a year no longer.
        ParticipantWithdrawn,
        /// Replies to findings were sent to the checker.
        RepliesSent,
        /// A cross-check goes on without the replies of the checked unit.
        RepliesWaived,
        /// A cross-check was taken one step back.
        CrossCheckReturned,
        /// A cross-check was taken away from its checker.
        CrossCheckWithdrawn,
        /// A conference was planned.
        ConferencePlanned,
        /// A conference has another day or another place.
        ConferenceMoved,
        /// A ballot was opened. Of votes there is no event.
        BallotOpened,
        /// The outcome of a ballot was confirmed.
        BallotConfirmed,
        /// Offices of a cluster were given after a conference.
        OfficesAppointed,
        /// An award was proposed.
        AwardProposed,
        /// The proposal of an award was endorsed.
        AwardEndorsed,
        /// The proposal of an award was appraised.
        AwardAppraised,
        /// The outcome of a proposal was told to the side that proposes.
        AwardOutcomeTold,
        /// After an objection a proposal is before its outcome again.
        AwardOutcomeReopened,
        /// What is to be granted was made known to the other units of a cluster.
        AwardMadeKnown,
        /// An award was given by a decision on proposals.
        AwardGiven,
        /// An award was revoked.
        AwardRevoked,
        /// The recipient's name of an award was corrected.
        AwardCorrected,
        /// An award was handed over.
        AwardHandedOver,
        /// A unit objected to the outcome of a proposal.
        AwardObjectionRaised,
        /// An objection to the outcome of a proposal was answered.
        AwardObjectionAnswered,
        /// The last day for written votes in a ballot is near.
        VoteDueSoon,
        /// The last day of the step for which a proposal waits is near.
        AwardStepDueSoon,
        /// The last day of the step for which a proposal waits is over.
        AwardStepOverdue,
    }
}

stored_enum! {
    /// What a notification is about.
    pub enum NotificationKind {
        /// A session of the account was ended, because a token of it had been copied.
        SessionReplayed,
        /// A report that the account wrote was sent back.
        ReportReturned,
        /// A report that the account wrote was approved.
        ReportApproved,
        /// A report of a unit for which the account sends reports is due soon and not sent.
        ReportDueSoon,
        /// A report of a unit for which the account sends reports is late and not sent.
        ReportOverdue,
        /// Reports of a period were sent and wait until the account verifies them.
        ReportToVerify,
        /// Reports of a period were verified and wait until the account approves them.
        ReportToApprove,
        /// A year in which a unit of the account takes part came to its next phase.
        YearPhaseOpened,
        /// A pact waits to be signed for a unit of the account.
        PactOpened,
        /// A unit of the account is to check another.
        CrossChecksAssigned,
        /// Findings of a cross-check wait for the reply of a unit of the account.
        FindingsSent,
        /// The score sheet of a unit of the account was sent one step back.
        SheetReturned,
        /// The score sheet of a unit of the account was appraised, and it may object for some days.
        SheetAppraised,
        /// An objection waits for the answer of chair and deputy.
        ObjectionRaised,
        /// An objection of a unit of the account was answered.
        ObjectionAnswered,
        /// The result of a year in which a unit of the account takes part was published.
        ResultPublished,
        /// A pact that a unit of the account signs is in force.
        PactInForce,
        /// A unit of the account takes part in a year from now on.
        ParticipantAdded,
        /// A unit of the account takes part in a year no longer.
        ParticipantWithdrawn,
        /// Replies to the findings of a unit of the account were sent; the minutes wait for it.
        RepliesSent,
        /// A cross-check of a unit of the account, or by it, goes on without replies.
        RepliesWaived,
        /// A cross-check of a unit of the account, or by it, was taken one step back.
        CrossCheckReturned,
        /// A cross-check of a unit of the account, or by it, was withdrawn.
        CrossCheckWithdrawn,
        /// A conference of a cluster to which a unit of the account belongs was planned.
        ConferencePlanned,
        /// A conference of a cluster to which a unit of the account belongs has another day or another place.
        ConferenceMoved,
        /// A ballot waits for the vote of a unit of the account.
        BallotOpened,
        /// The outcome of a ballot that concerns a unit of the account was confirmed.
        BallotConfirmed,
        /// A unit of the account holds an office of a cluster from a day on, or no longer.
        OfficesAppointed,
        /// Proposals of a kind of award wait until the account endorses them.
        AwardToEndorse,
        /// Proposals of a kind of award wait until the account appraises them.
        AwardToAppraise,
        /// Proposals of a kind of award wait for the council and the decision of the account.
        AwardToDecide,
        /// The outcome of a proposal of a unit of the account was told.
        AwardOutcomeTold,
        /// After an objection a proposal of a unit of the account is considered again.
        AwardOutcomeReopened,
        /// What is to be granted to another unit of the cluster was made known, and a unit of the account may object.
        AwardMadeKnown,
        /// A unit of the account, or somebody in it, was given awards by a decision.
        AwardGiven,
        /// An award of a unit of the account, or of somebody in it, was revoked.
        AwardRevoked,
        /// The recipient's name of such an award was corrected.
        AwardCorrected,
        /// Such an award was handed over.
        AwardHandedOver,
        /// An objection to the outcome of a proposal waits for the answer of the account.
        AwardObjectionRaised,
        /// An objection of a unit of the account to the outcome of a proposal was answered.
        AwardObjectionAnswered,
        /// The last day for voting in writing is near, for a unit of the account or for the account itself.
        VoteDueSoon,
        /// Proposals of a kind of award wait for a step of the account whose last day is near.
        AwardStepDueSoon,
        /// Proposals of a kind of award wait for a step of the account whose last day is over.
        AwardStepOverdue,
    }
}

stored_enum! {
    /// Which head count of a unit an indicator is.
    pub enum HeadCount {
        /// Workers, public employees and labourers.
        Workers,
        /// Union members; of its part by women, the women among them.
        Members,
        /// Women among the members.
        WomenMembers,
    }
}

stored_enum! {
    /// What of a report somebody is reminded of.
    pub enum ReminderKind {
        /// A report is due soon.
        DueSoon,
        /// A report is late.
        Overdue,
    }
}

stored_enum! {
    /// Which last day of a ballot or a proposal somebody is reminded of.
    pub enum DeadlineKind {
        /// That of written votes is near.
        VoteDueSoon,
        /// That of the step for which a proposal waits is near.
        AwardStepDueSoon,
        /// That of the step for which a proposal waits is over.
        AwardStepOverdue,
    }
}

stored_enum! {
    /// Of what kind something is that is open in a cluster when it is handed over. Not stored.
    pub enum HandoverKind {
        /// A year that is not published, with what stands in the way of its next phase.
        YearUnfinished,
        /// Units that have not signed the pact.
        PactUnsigned,
        /// Units that owe a report which was due.
        ReportsMissing,
        /// Reports that were sent and not verified.
        ReportsUnverified,
        /// Cross-checks without minutes.
        CrossChecksOpen,
        /// Findings that wait for the reply of the checked unit.
        FindingsUnanswered,
        /// Units whose score sheets are not decided.
        SheetsUndecided,
        /// Objections to appraisals that are not answered.
        ObjectionsUnanswered,
        /// Conferences that are not closed.
        ConferenceOpen,
        /// Conferences that were opened and have no minutes.
        MinutesMissing,
        /// Ballots whose outcome is neither confirmed nor void.
        BallotsUnconfirmed,
        /// Nobody is chair.
        OfficeVacant,
        /// An office ends soon and nobody follows.
        OfficeEnding,
        /// Proposals of awards that wait for endorsement.
        ProposalsUnendorsed,
    }
}

stored_enum! {
    /// How often somebody gets a letter with what they have not read.
    pub enum DigestRhythm {
        /// Never.
        Never,
        /// Every day on which there is something new.
        Daily,
        /// On Mondays, when there is something new.
        Weekly,
    }
}

stored_enum! {
    /// Where an emulation year is in its life.
    pub enum YearPhase {
        /// It is being prepared.
        Planned,
        /// Units register titles and targets and sign the pact.
        Registering,
        /// The year runs.
        Running,
        /// Units score themselves.
        SelfScoring,
        /// Units check each other.
        CrossChecking,
        /// Chair and deputy, then the organiser, appraise.
        Appraising,
        /// The conference votes.
        Voting,
        /// The council and the standing committee decide.
        Deciding,
        /// The result is published.
        Published,
    }
}

stored_enum! {
    /// By which calendar a unit is judged; both live in one cluster.
    pub enum YearCalendar {
        /// Năm dương lịch.
        Year,
        /// Năm học.
        SchoolYear,
    }
}

stored_enum! {
    /// What happened to a unit that bears on whether it is rated.
    pub enum UnitEventKind {
        /// Newly founded.
        Founded,
        /// It came out of a split.
        Split,
        /// It came out of a merger.
        Merged,
        /// It came out of a consolidation.
        Consolidated,
    }
}

stored_enum! {
    /// What a unit registers for.
    pub enum RegistrationKind {
        /// The grade that it aims at.
        Grade,
        /// A title or form of commendation for the unit or a collective of it.
        CollectiveTitle,
        /// A title for a person.
        IndividualTitle,
        /// A movement or theme that it takes part in.
        Movement,
    }
}

stored_enum! {
    /// Where a pact is in its life.
    pub enum PactState {
        /// It is being written.
        Draft,
        /// The members agreed on its text.
        Agreed,
        /// Members sign it.
        Signing,
        /// All have signed.
        InForce,
        /// It no longer holds.
        Ended,
    }
}

stored_enum! {
    /// Where a score sheet is in its life.
    pub enum SheetState {
        /// The unit scores itself.
        Draft,
        /// The unit has handed it in.
        SelfSubmitted,
        /// The cross-check is done.
        CrossChecked,
        /// Chair or deputy has appraised it.
        ClusterAppraised,
        /// The organiser has appraised it.
        ProvinceAppraised,
        /// The council has decided.
        Decided,
        /// Its result is published.
        Published,
    }
}

stored_enum! {
    /// Who scores, from the unit itself up to the council.
    pub enum ScoreLayer {
        /// The unit itself.
        Own,
        /// Who was assigned to check it.
        CrossCheck,
        /// Chair and deputy of the cluster.
        Cluster,
        /// The organiser of the cluster.
        Province,
        /// The council.
        Council,
    }
}

stored_enum! {
    /// What an entry of a score sheet is about.
    pub enum ScoreSubject {
        /// A criterion of the set.
        Criterion,
        /// Something that is declared of the unit, yes or no.
        Declaration,
    }
}

stored_enum! {
    /// What an entry of a score sheet says.
    pub enum ScoreKind {
        /// Points.
        Points,
        /// Yes or no: passed or failed, so or not so.
        Verdict,
        /// A count.
        Count,
        /// How many events of each kind there were.
        Events,
    }
}

stored_enum! {
    /// What came of an objection.
    pub enum ObjectionOutcome {
        /// It was right.
        Upheld,
        /// It was right in part.
        PartlyUpheld,
        /// It was not right.
        Refused,
    }
}

stored_enum! {
    /// Where a cross-check is in its life.
    pub enum CrossCheckState {
        /// The checker is to look.
        Assigned,
        /// The checked unit is to reply.
        FindingsSent,
        /// The minutes are to be written.
        Replied,
        /// It is done.
        Minuted,
    }
}

stored_enum! {
    /// Whether a result is published.
    pub enum ResultState {
        /// It was worked out, and nobody is bound by it.
        Computed,
        /// It is published and never changes.
        Published,
    }
}

stored_enum! {
    /// How a unit stands in a result. Not eligible and not rated are not grades.
    pub enum StandingKind {
        /// It has a grade.
        Rated,
        /// It has not worked long enough, or no longer exists.
        NotEligible,
        /// What is needed to rate it is missing.
        NotRated,
    }
}

stored_enum! {
    /// What a checked unit says to a finding.
    pub enum Reply {
        /// It agrees.
        Agreed,
        /// It does not.
        Disputed,
    }
}

stored_enum! {
    /// Where a conference is in its life.
    pub enum ConferenceState {
        /// It is being prepared.
        Planned,
        /// It is held: the roll is called, ballots are held.
        Open,
        /// It is over, and never changes.
        Closed,
    }
}

stored_enum! {
    /// Whether a member is there at a conference.
    pub enum Presence {
        /// It is there.
        Present,
        /// It is not there and is asked in writing.
        Written,
        /// It is not there.
        Absent,
    }
}

stored_enum! {
    /// How a ballot is answered.
    pub enum BallotKind {
        /// Yes, no or abstention for each option.
        Approve,
        /// Marks for as many options as are chosen at most; fewer may be chosen.
        Choose,
        /// Marks for as many options as there are seats; seats that stay empty call for a further round.
        Elect,
        /// All options in an order; counted by points of place, the first of n gets n.
        Rank,
    }
}

stored_enum! {
    /// The seat of a member in a council.
    pub enum CouncilSeat {
        /// The chair (chủ tịch hội đồng); one at a time.
        Chair,
        /// A vice-chair (phó chủ tịch).
        ViceChair,
        /// A standing member (ủy viên thường trực).
        StandingMember,
        /// The secretary (thư ký).
        Secretary,
        /// A member (ủy viên).
        Member,
    }
}

stored_enum! {
    /// What the outcome of a ballot is for.
    pub enum BallotPurpose {
        /// The report of the year is adopted.
        AdoptReport,
        /// The leading unit (đơn vị dẫn đầu).
        LeadingUnit,
        /// The excellent units (đơn vị xuất sắc).
        ExcellentUnits,
        /// The chair for the next year.
        Chair,
        /// The deputies for the next year.
        Deputy,
        /// Units that share a place are put in order.
        Tie,
        /// A council votes on proposals of awards.
        Awards,
        /// Anything else.
        Other,
    }
}

stored_enum! {
    /// Of what a threshold is a part.
    pub enum Denominator {
        /// Of all members, whether they are there or not; those who are recused left out.
        AllMembers,
        /// Of the members who may vote: those who are present and those who are asked in writing.
        Present,
        /// Of the votes cast, spoiled ones counted.
        VotesCast,
    }
}

stored_enum! {
    /// Where a ballot is in its life.
    pub enum BallotState {
        /// Its question and its rule are set.
        Drafted,
        /// Its roll is frozen and votes are cast.
        Open,
        /// No more votes are cast; passed on the way to the count, in the same moment.
        Closed,
        /// The votes are counted.
        Tallied,
        /// The outcome holds.
        Confirmed,
        /// It does not count, with a reason.
        Void,
    }
}

stored_enum! {
    /// What is known of a ballot that was held on paper.
    pub enum RecordedAs {
        /// The votes for each option.
        Counts,
        /// Only percentages.
        Percentages,
        /// Only what came of it.
        Outcome,
    }
}

stored_enum! {
    /// Where the proposal of an award is in its life.
    pub enum ProposalState {
        /// A unit proposed it; its place in the quota is taken.
        Proposed,
        /// The cluster, or the union above, endorsed it.
        Endorsed,
        /// The dossier was appraised.
        Appraised,
        /// The council voted on it.
        Voted,
        /// It was approved; a decision gives the award.
        Approved,
        /// It was refused, with a reason.
        Refused,
        /// It was approved for a lower award.
        Reduced,
        /// It was forwarded to a higher level.
        Forwarded,
    }
}

stored_enum! {
    /// A step in the life of a proposal.
    pub enum ProposalStep {
        /// Propose an award.
        Propose,
        /// Endorse it for the cluster or the union above.
        Endorse,
        /// Appraise its dossier.
        Appraise,
        /// Record the vote of the council.
        Vote,
        /// Approve it.
        Approve,
        /// Refuse it, with a reason.
        Refuse,
        /// Approve it for a lower award.
        Reduce,
        /// Forward it to a higher level.
        Forward,
    }
}

stored_enum! {
    /// What became of an award afterwards.
    pub enum AwardChangeKind {
        /// It was revoked.
        Revoked,
        /// The recipient's name was corrected.
        Corrected,
    }
}

stored_enum! {
    /// Whether the union itself gives a kind of award.
    pub enum AwardIssuer {
        /// A unit of the union gives it.
        Union,
        /// Somebody outside gives it: the State, a province, a ministry.
        Outside,
    }
}

stored_enum! {
    /// For what a kind of award is given. At one level a comprehensive one excludes a thematic one of the same year, and the reverse.
    pub enum AwardScope {
        /// Toàn diện: for the work of the year as a whole.
        Comprehensive,
        /// Chuyên đề: for one theme or movement.
        Thematic,
    }
}

stored_enum! {
    /// How a bonus is rounded.
    pub enum BonusRounding {
        /// Up to whole tens of thousands of đồng.
        UpToTenThousand,
        /// Up to whole đồng.
        UpToDong,
    }
}

stored_enum! {
    /// A rule by which a proposal is judged.
    pub enum EligibilityRule {
        /// The kind of award is given on the day.
        TypeValid,
        /// It is given to such recipients.
        RecipientKind,
        /// The unit has existed for long enough by the end of the year.
        Existence,
        /// The unit has a grade of the year that is good enough.
        Grade,
        /// It was registered at the start of the year.
        Registered,
        /// Enough years lie between this one and the last of its kind.
        YearsBetween,
        /// It is given once in a lifetime.
        OnceInLifetime,
        /// The titles that it asks for were given before.
        PriorTitles,
        /// At one level, comprehensive and thematic awards of one year exclude each other.
        Comprehensive,
        /// One merit, one award.
        OneMerit,
        /// There is a place in each quota.
        Quota,
    }
}

stored_enum! {
    /// What a rule of eligibility says.
    pub enum RuleOutcome {
        /// It is kept.
        Pass,
        /// It is not kept.
        Fail,
        /// The data do not tell.
        Unknown,
    }
}

stored_enum! {
    /// What a rule of eligibility was judged by.
    pub enum EvidenceOf {
        /// An award.
        Award,
        /// A published result.
        Result,
        /// A registration.
        Registration,
        /// What happened to the unit.
        UnitEvent,
        /// The unit itself.
        Unit,
        /// Another proposal.
        Proposal,
        /// A quota.
        Quota,
    }
}
