//! Codes of clusters and their offices.

use crate::stored_enum::stored_enum;

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
