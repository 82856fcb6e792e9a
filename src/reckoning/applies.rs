//! Which units a node is for. Pure.

use std::collections::BTreeSet;

use super::facts::UnitFacts;
use super::outcome::Unclear;
use super::problem::Profile;
use super::set::AppliesTo;

impl From<&UnitFacts> for Profile {
    fn from(unit: &UnitFacts) -> Self {
        Self {
            kind: Some(unit.kind),
            sector: unit.sector,
            size: unit.size,
            calendar: Some(unit.calendar),
        }
    }
}

impl AppliesTo {
    /// Whether units of a profile are among those meant; nobody can tell when it hangs on something that is not known of them.
    pub(super) fn includes(&self, profile: &Profile) -> Result<bool, Unclear> {
        let kind = is_among(&self.kinds, profile.kind);
        let calendar = is_among(&self.calendars, profile.calendar);
        let sector = self.sectors.is_empty() || profile.sector.is_none_or(|sector| self.sectors.contains(&sector));
        let is_size =
            |size| self.size_from.is_none_or(|from| size >= from) && self.size_below.is_none_or(|below| size < below);
        // What is known may be enough to leave it out.
        if !(kind && calendar && sector && profile.size.is_none_or(is_size)) {
            return Ok(false);
        }
        if profile.sector.is_none() && !self.sectors.is_empty() {
            return Err(Unclear::Sector);
        }
        if profile.size.is_none() && self.sizes().next().is_some() {
            return Err(Unclear::Size);
        }
        Ok(true)
    }

    /// Sizes at which it begins or ends.
    pub(super) fn sizes(&self) -> impl Iterator<Item = u32> {
        [self.size_from, self.size_below].into_iter().flatten()
    }
}

/// An empty list leaves nobody out.
fn is_among<T: Ord>(meant: &BTreeSet<T>, one: Option<T>) -> bool {
    meant.is_empty() || one.is_some_and(|one| meant.contains(&one))
}
