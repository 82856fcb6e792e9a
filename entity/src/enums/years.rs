//! Codes of emulation years, pacts, score sheets, cross-checks and results.

use crate::stored_enum::stored_enum;

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
    /// What a checked unit says to a finding.
    pub enum Reply {
        /// It agrees.
        Agreed,
        /// It does not.
        Disputed,
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
