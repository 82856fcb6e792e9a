//! Codes of councils, conferences and ballots.

use crate::stored_enum::stored_enum;

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
