//! Whether maxima add up at every level, for all kinds of units that the filters of a set tell apart.

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::Fixed4;
use thidua_entity::enums::{Sector, UnitKind};

use super::Checking;
use super::tree::walk;
use crate::reckoning::problem::{Profile, SetProblemKind};
use crate::reckoning::set::{AppliesTo, BonusPlace, Calendar, CriteriaSet, Node, Part, PointsRole};
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
            self.problem("nodes", SetProblemKind::TooManySizes);
            return;
        };
        let (mut faults, mut caps) = (BTreeMap::new(), BTreeMap::new());
        for profile in &profiles {
            let mut looking = Looking {
                profile,
                trail: Vec::new(),
                faults: &mut faults,
                caps: &mut caps,
            };
            let Some(most) = looking.below(&set.nodes) else {
                // Nothing in the set is for such units, so they are not rated.
                continue;
            };
            looking.collects(set.bonus_cap, most.handed_on);
            let most = most.taken_in(set.bonus_cap);
            let all = points::sum([most.main, most.bonus]);
            let sum = match set.bonus {
                BonusPlace::OnTop => most.main,
                BonusPlace::WithinScale => all,
            };
            looking.compare(sum, set.scale);
            self.reach = self.reach.max(points::capped(all, set.total_cap));
        }
        for (trail, kind) in faults {
            self.problem(path(&trail, "max", "scale"), kind);
        }
        for (trail, (cap, reach)) in caps {
            // That there is nothing at all to collect is told by itself.
            if reach > Fixed4::ZERO && cap > reach {
                let path = path(&trail, "bonusCap", "bonusCap");
                self.problem(path, SetProblemKind::CapOutOfReach { reach });
            }
        }
    }
}

/// The maxima as they are for one kind of units.
struct Looking<'a> {
    profile: &'a Profile,
    /// Where we are: the places from the top down.
    trail: Vec<usize>,
    /// By their places; one profile is enough to show what does not add up.
    faults: &'a mut BTreeMap<Vec<usize>, SetProblemKind>,
    /// Bonus caps by their places, with the most that the units of any profile can collect below them.
    caps: &'a mut BTreeMap<Vec<usize>, (Fixed4, Fixed4)>,
}

impl Looking<'_> {
    fn below(&mut self, nodes: &[Node]) -> Option<Most> {
        let mut all = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            if node.applies_to.includes(self.profile) == Ok(true) {
                self.trail.push(index);
                all.extend(self.of(node));
                self.trail.pop();
            }
        }
        (!all.is_empty()).then(|| Most::together(&all))
    }

    fn of(&mut self, node: &Node) -> Option<Most> {
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
                let below = self.below(&section.children)?;
                let applies = |child: &Node| child.applies_to.includes(self.profile) == Ok(true);
                // Only where something is left out there is less to scale up, and never is there more.
                if !section.rescale || below.main > node.max || section.children.iter().all(applies) {
                    self.compare(below.main, node.max);
                } else if below.main == Fixed4::ZERO && node.max > Fixed4::ZERO {
                    let profile = self.profile.clone();
                    self.fault(SetProblemKind::NothingApplies { profile });
                }
                let most = Most {
                    main: node.max,
                    ..below
                };
                self.collects(section.bonus_cap, most.handed_on);
                match section.bonus_cap {
                    Some(_) => most.taken_in(section.bonus_cap),
                    None => most,
                }
            }
        };
        Some(most.times(node.weight))
    }

    fn collects(&mut self, cap: Option<Fixed4>, most: Fixed4) {
        if let Some(cap) = cap {
            let (_, reach) = self.caps.entry(self.trail.clone()).or_insert((cap, most));
            *reach = (*reach).max(most);
        }
    }

    fn compare(&mut self, sum: Fixed4, wanted: Fixed4) {
        if sum != wanted {
            let profile = self.profile.clone();
            self.fault(SetProblemKind::SumDiffers { profile, sum, wanted });
        }
    }

    fn fault(&mut self, kind: SetProblemKind) {
        self.faults.entry(self.trail.clone()).or_insert(kind);
    }
}

/// `nodes[2].children[0].max`, and what it is called at the top.
fn path(trail: &[usize], part: &str, at_top: &str) -> String {
    let steps = trail.iter().map(|index| format!("[{index}]")).collect::<Vec<_>>();
    match steps.as_slice() {
        [] => at_top.to_owned(),
        steps => format!("nodes{}.{part}", steps.join(".children")),
    }
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
    let named: BTreeSet<Sector> = filters().flat_map(|filter| filter.sectors.clone()).collect();
    // Of a unit whose sector is not known nobody can tell what applies, so its maxima need not add up.
    let other = Sector::ALL.iter().find(|sector| !named.contains(sector)).copied();
    let sectors: Vec<Option<Sector>> = if named.is_empty() {
        vec![None]
    } else {
        other.into_iter().chain(named).map(Some).collect()
    };
    let mut sizes: BTreeSet<Option<u32>> = filters().flat_map(AppliesTo::sizes).map(Some).collect();
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
