//! Who stands above whom, and on which days, worked out from the dated links to parents. Pure.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

/// The first day there is: a beginning that is not known.
pub const BEGINNING: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The day after all days: an end that has not come.
pub const END: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// A unit stands directly below a parent from one day until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The lower unit.
    pub unit: Uuid,
    /// The unit directly above.
    pub parent: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// First day on which it no longer holds; [`END`] while it does.
    pub to: NaiveDate,
}

/// A unit stands somewhere below an ancestor from one day until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Above {
    /// The upper unit.
    pub ancestor: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// First day on which it no longer holds.
    pub to: NaiveDate,
    /// Steps between the two, 0 for the unit itself.
    pub depth: i32,
}

/// Works out everything above each of `units` from their links. `known` holds what is above the parents that are not
/// among `units` themselves. Links must not form a circle on any day; a circle is cut off where it closes.
pub fn above(units: &[Uuid], links: &[Link], known: &HashMap<Uuid, Vec<Above>>) -> HashMap<Uuid, Vec<Above>> {
    let mut of_unit: HashMap<Uuid, Vec<Link>> = HashMap::new();
    for link in links {
        of_unit.entry(link.unit).or_default().push(*link);
    }
    let mut done = HashMap::new();
    for &unit in units {
        visit(unit, &of_unit, known, &mut done, &mut Vec::new());
    }
    done.retain(|unit, _| units.contains(unit));
    done
}

fn visit(
    unit: Uuid,
    links: &HashMap<Uuid, Vec<Link>>,
    known: &HashMap<Uuid, Vec<Above>>,
    done: &mut HashMap<Uuid, Vec<Above>>,
    path: &mut Vec<Uuid>,
) {
    if done.contains_key(&unit) || path.contains(&unit) {
        return;
    }
    path.push(unit);
    let mut rows = vec![Above {
        ancestor: unit,
        from: BEGINNING,
        to: END,
        depth: 0,
    }];
    for link in links.get(&unit).into_iter().flatten() {
        if !known.contains_key(&link.parent) {
            visit(link.parent, links, known, done, path);
        }
        for upper in known
            .get(&link.parent)
            .or_else(|| done.get(&link.parent))
            .into_iter()
            .flatten()
        {
            let (from, to) = (link.from.max(upper.from), link.to.min(upper.to));
            if from < to {
                rows.push(Above {
                    ancestor: upper.ancestor,
                    from,
                    to,
                    depth: upper.depth + 1,
                });
            }
        }
    }
    path.pop();
    rows.sort_unstable();
    done.insert(unit, rows);
}
