//! Codes of units, their names and what happens to them.

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
