//! Codes of periods, indicators and report forms.

use super::Sector;
use crate::stored_enum::stored_enum;

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
