//! Codes of accounts, roles and links.

use crate::stored_enum::stored_enum;

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
