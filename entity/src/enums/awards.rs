//! Codes of awards from proposal to registry.

use crate::stored_enum::stored_enum;

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
