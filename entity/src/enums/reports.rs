//! Codes of reports and their figures.

use crate::stored_enum::stored_enum;

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
