//! Units from the best to the lowest, by a chain of comparisons, with what separated each from the one before. Pure.
//!
//! The chain splits units that are even into smaller and smaller groups. A comparison for which something is unknown of one of a group
//! separates none of that group: to put the one with the missing figure last would be to take missing for least. So the result hangs
//! neither on the order in which units came nor on ids; these only say who of those who are even is named first.

use std::rc::Rc;

use thidua_entity::Fixed4;

use super::named;
use super::rules::Better;

/// A unit with what it is compared by, one for each comparison of the chain.
#[derive(Clone, Debug)]
pub(super) struct Contender {
    pub unit: String,
    pub keys: Vec<Option<Fixed4>>,
}

/// A unit in the order.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub contender: Contender,
    /// Which comparison separated it from the one before; nothing when they are even. Of the first it means nothing.
    pub cut: Option<usize>,
    /// Comparisons that did not separate it from the one before, and units of which they were unknown.
    pub passed: Vec<Passed>,
}

/// The units in order.
pub(super) fn order(mut contenders: Vec<Contender>, chain: &[Better]) -> Vec<Slot> {
    contenders.sort_by(|one, other| one.unit.cmp(&other.unit));
    let mut slots = Vec::with_capacity(contenders.len());
    split(contenders, chain, 0, None, &[], &mut slots);
    slots
}

/// The groups of units that nothing separated, the best first.
pub(super) fn groups(slots: &[Slot]) -> Vec<Vec<&str>> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for (index, slot) in slots.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if index > 0 && slot.cut.is_none() => group.push(&slot.contender.unit),
            _ => groups.push(vec![&slot.contender.unit]),
        }
    }
    groups
}

/// Which comparison, and units of which it was unknown; shared, since many units pass the same ones.
pub(super) type Passed = (usize, Rc<[String]>);

/// Splits a group that is even in all comparisons before this one. `before` is how its first is separated from who stands before.
fn split(
    mut group: Vec<Contender>,
    chain: &[Better],
    at: usize,
    before: Option<(usize, Vec<Passed>)>,
    passed: &[Passed],
    slots: &mut Vec<Slot>,
) {
    let Some(better) = chain.get(at).filter(|_| group.len() > 1) else {
        for (index, contender) in group.into_iter().enumerate() {
            let (cut, passed) = match &before {
                Some((cut, before)) if index == 0 => (Some(*cut), before.clone()),
                _ => (None, passed.to_vec()),
            };
            slots.push(Slot { contender, cut, passed });
        }
        return;
    };
    let key = |contender: &Contender| contender.keys.get(at).copied().flatten();
    let lacks = group.iter().filter(|contender| key(contender).is_none());
    let unknown = named(lacks.map(|contender| contender.unit.clone()));
    let with = |unknown: Vec<String>| [passed, &[(at, unknown.into())]].concat();
    if !unknown.is_empty() {
        return split(group, chain, at + 1, before, &with(unknown), slots);
    }
    group.sort_by(|one, other| match better {
        Better::Higher => key(other).cmp(&key(one)),
        Better::Lower => key(one).cmp(&key(other)),
    });
    let mut rest = group.into_iter().peekable();
    let mut before = before;
    while let Some(first) = rest.next() {
        let mut even = vec![first];
        while let Some(next) = rest.next_if(|next| even.first().is_some_and(|first| key(first) == key(next))) {
            even.push(next);
        }
        split(even, chain, at + 1, before.take(), &with(Vec::new()), slots);
        before = Some((at, passed.to_vec()));
    }
}
