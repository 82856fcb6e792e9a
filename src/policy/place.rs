//! Where a capacity is held, and where something is done.

use uuid::Uuid;

/// Where a grant or an office holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything the service holds.
    Everything,
    /// The units of a province.
    Province(Uuid),
    /// A unit and what is below it.
    Unit(Uuid),
    /// A cluster and its members.
    Cluster(Uuid),
}

/// Where something is done: the unit it concerns with those above it, its province and its clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The unit itself, then those above it today. Empty for what belongs to the whole service.
    pub lineage: Vec<Uuid>,
    /// Its province.
    pub province: Option<Uuid>,
    /// The clusters it concerns.
    pub clusters: Vec<Uuid>,
}

impl Place {
    /// What belongs to no unit: the common catalogue, the list of provinces.
    pub const COMMON: Self = Self {
        lineage: Vec::new(),
        province: None,
        clusters: Vec::new(),
    };

    /// Whether it lies within a scope.
    pub fn lies_in(&self, scope: Scope) -> bool {
        match scope {
            Scope::Everything => true,
            Scope::Province(province) => self.province == Some(province),
            Scope::Unit(unit) => self.lineage.contains(&unit),
            Scope::Cluster(cluster) => self.clusters.contains(&cluster),
        }
    }
}
