//! Codes of what people are told, reminded of and hand over.

use crate::stored_enum::stored_enum;

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
