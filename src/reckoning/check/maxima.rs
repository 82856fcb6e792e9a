//! Whether maxima add up at every level, for all kinds of units that the filters of a set tell apart.

use std::collections::BTreeSet;

use thidua_entity::Fixed4;
use thidua_entity::enums::{Sector, UnitKind};

use super::Checking;
use super::tree::walk;
use crate::reckoning::problem::{Profile, SetProblemKind};
use crate::reckoning::set::{BonusPlace, Calendar, CriteriaSet, Node, Part, PointsRole};
use crate::reckoning::{SIZES_MAX, points};

/// What a node can bring at most.
#[derive(Clone, Copy, Default)]
struct Most {
    main: Fixed4,
    /// Bonus that a section has taken in already.
    bonus: Fixed4,
    /// Bonus that is still handed on.
    handed_on: Fixed4,
}

impl Most {
    fn times(self, weight: Fixed4) -> Self {
        Self {
            main: points::times(self.main, weight),
            bonus: points::times(self.bonus, weight),
            handed_on: points::times(self.handed_on, weight),
        }
    }

    fn together(all: &[Self]) -> Self {
        let sum = |part: fn(&Self) -> Fixed4| points::sum(all.iter().map(part));
        Self {
            main: sum(|one| one.main),
            bonus: sum(|one| one.bonus),
            handed_on: sum(|one| one.handed_on),
        }
    }

    /// The bonus that is handed on is taken in up to a cap.
    fn taken_in(self, cap: Option<Fixed4>) -> Self {
        Self {
            main: self.main,
            bonus: points::sum([self.bonus, points::capped(self.handed_on, cap)]),
            handed_on: Fixed4::ZERO,
        }
    }
}

impl Checking<'_> {
    pub(super) fn maxima(&mut self) {
        let set = self.set;
        let Some(profiles) = profiles(set) else {
            self.problem("nodes", SetProblemKind::TooMany { most: SIZES_MAX });
            return;
        };
        // One profile is enough to show what does not add up.
        let mut told = BTreeSet::new();
        for profile in profiles {
            let Some(most) = self.most(&set.nodes, "nodes", &profile, &mut told) else {
                // Nothing in the set is for such units.
                continue;
            };
            let most = most.taken_in(set.bonus_cap);
            let sum = match set.bonus {
                BonusPlace::OnTop => most.main,
                BonusPlace::WithinScale => points::sum([most.main, most.bonus]),
            };
            self.compare("scale".to_owned(), sum, set.scale, &profile, &mut told);
        }
    }

    fn most(&mut self, nodes: &[Node], path: &str, profile: &Profile, told: &mut BTreeSet<String>) -> Option<Most> {
        let mut all = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            if node.applies_to.includes(profile) == Ok(true) {
                all.extend(self.most_of(node, &format!("{path}[{index}]"), profile, told));
            }
        }
        (!all.is_empty()).then(|| Most::together(&all))
    }

    fn most_of(&mut self, node: &Node, path: &str, profile: &Profile, told: &mut BTreeSet<String>) -> Option<Most> {
        let most = match &node.part {
            Part::Criterion(criterion) => {
                let mut most = Most::default();
                match criterion.role {
                    PointsRole::Main => most.main = node.max,
                    PointsRole::Bonus => most.handed_on = node.max,
                    PointsRole::Deduction => {}
                }
                most
            }
            Part::Section(section) => {
                let below = self.most(&section.children, &format!("{path}.children"), profile, told)?;
                if !section.rescale {
                    self.compare(format!("{path}.max"), below.main, node.max, profile, told);
                } else if below.main == Fixed4::ZERO && node.max > Fixed4::ZERO && told.insert(path.to_owned()) {
                    let profile = profile.clone();
                    self.problem(path, SetProblemKind::NothingApplies { profile });
                }
                let most = Most {
                    main: node.max,
                    ..below
                };
                match section.bonus_cap {
                    Some(_) => most.taken_in(section.bonus_cap),
                    None => most,
                }
            }
        };
        Some(most.times(node.weight))
    }

    fn compare(&mut self, path: String, sum: Fixed4, wanted: Fixed4, profile: &Profile, told: &mut BTreeSet<String>) {
        if sum != wanted && told.insert(path.clone()) {
            let profile = profile.clone();
            self.problem(path, SetProblemKind::SumDiffers { profile, sum, wanted });
        }
    }
}

/// The most points that a set can bring to anybody.
pub(super) fn reach(set: &CriteriaSet) -> Fixed4 {
    fn bonus(nodes: &[Node]) -> Fixed4 {
        points::sum(nodes.iter().map(|node| {
            let below = match &node.part {
                Part::Criterion(criterion) if criterion.role == PointsRole::Bonus => node.max,
                Part::Criterion(_) => Fixed4::ZERO,
                Part::Section(section) => points::capped(bonus(&section.children), section.bonus_cap),
            };
            points::times(below, node.weight)
        }))
    }
    let reach = match set.bonus {
        BonusPlace::WithinScale => set.scale,
        BonusPlace::OnTop => points::sum([set.scale, bonus(&set.nodes)]),
    };
    points::capped(reach, set.total_cap)
}

/// One kind of unit for each way in which filters decide; nothing when they name too many sizes.
fn profiles(set: &CriteriaSet) -> Option<Vec<Profile>> {
    let mut nodes = Vec::new();
    walk(&set.nodes, "nodes", &mut nodes);
    let filters = || nodes.iter().map(|(_, node)| &node.applies_to);
    let named: BTreeSet<UnitKind> = filters().flat_map(|filter| filter.kinds.clone()).collect();
    // Most sets are about grassroots unions.
    let other = [UnitKind::Grassroots]
        .iter()
        .chain(UnitKind::ALL)
        .find(|kind| !named.contains(kind))
        .copied();
    let kinds: Vec<Option<UnitKind>> = if named.is_empty() {
        vec![None]
    } else {
        other.into_iter().chain(named).map(Some).collect()
    };
    let sectors: BTreeSet<Sector> = filters().flat_map(|filter| filter.sectors.clone()).collect();
    let sectors: Vec<Option<Sector>> = sectors.into_iter().map(Some).chain([None]).collect();
    let mut sizes: BTreeSet<Option<u32>> = filters().flat_map(|filter| filter.sizes()).map(Some).collect();
    if sizes.len() > SIZES_MAX {
        return None;
    }
    // Below the first size that makes a difference; any when none does.
    sizes.insert(if sizes.is_empty() { None } else { Some(0) });
    let calendars: &[Option<Calendar>] = if filters().all(|filter| filter.calendars.is_empty()) {
        &[None]
    } else {
        &[Some(Calendar::Year), Some(Calendar::SchoolYear)]
    };
    let mut profiles = Vec::new();
    for kind in &kinds {
        for sector in &sectors {
            for size in &sizes {
                for calendar in calendars {
                    profiles.push(Profile {
                        kind: *kind,
                        sector: *sector,
                        size: *size,
                        calendar: *calendar,
                    });
                }
            }
        }
    }
    Some(profiles)
}
