//! Which units a node is for. Pure.

use std::collections::BTreeSet;

use super::facts::UnitFacts;
use super::problem::Profile;
use super::set::AppliesTo;

/// Nobody can tell whether a node applies: it is for some sizes, and that of the unit is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SizeUnknown;

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
    /// Whether units of a profile are among those meant.
    pub(super) fn includes(&self, profile: &Profile) -> Result<bool, SizeUnknown> {
        let kind = is_among(&self.kinds, profile.kind);
        let sector = is_among(&self.sectors, profile.sector);
        let calendar = is_among(&self.calendars, profile.calendar);
        if !(kind && sector && calendar) {
            return Ok(false);
        }
        match (self.size_from, self.size_below, profile.size) {
            (None, None, _) => Ok(true),
            (_, _, None) => Err(SizeUnknown),
            (from, below, Some(size)) => {
                Ok(from.is_none_or(|from| size >= from) && below.is_none_or(|below| size < below))
            }
        }
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
