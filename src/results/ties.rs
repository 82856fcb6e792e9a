//! Orders given to units that nothing else separates: which of them hold, and to whom one may be given. Pure.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::error::{Error, Result};

/// An order that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The units, the one that stands before the others first.
    pub units: Vec<Uuid>,
    /// What it rests on.
    pub reason: String,
}

/// Of orders as they were given one after the other those that hold: a later one undoes whatever it has units in common with, since a part of an
/// order is none.
pub fn holding(given: Vec<Settled>) -> Vec<Settled> {
    let mut hold: Vec<Settled> = Vec::new();
    for one in given {
        hold.retain(|former| !former.units.iter().any(|unit| one.units.contains(unit)));
        hold.push(one);
    }
    hold
}

/// Units come in an order, each once, all of those that share a place and nobody else; or all of one that was given before, to mend it.
pub fn demand_all_tied(order: &[Uuid], tied: &BTreeMap<i32, BTreeSet<Uuid>>, settled: &[Settled]) -> Result<()> {
    let units: BTreeSet<Uuid> = order.iter().copied().collect();
    let before = settled
        .iter()
        .map(|one| one.units.iter().copied().collect::<BTreeSet<Uuid>>());
    let is_group = tied.values().cloned().chain(before).any(|group| group == units);
    if is_group && units.len() == order.len() {
        return Ok(());
    }
    Err(Error::invalid(
        "NOT_TIED",
        "unitIds",
        "Hãy ghi đủ các đơn vị đang đồng hạng với nhau, mỗi đơn vị một lần, và không ghi đơn vị nào khác; xem `needsBallot` của kết quả.",
        "Name all units that share one place, each once, and no other; see `needsBallot` of the result.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn order(units: &[u128], reason: &str) -> Settled {
        Settled {
            units: units.iter().map(|one| unit(*one)).collect(),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn a_later_order_undoes_those_it_shares_units_with() {
        let given = vec![
            order(&[1, 2], "Lần một"),
            order(&[3, 4], "Nhóm khác"),
            order(&[2, 1, 5], "Lần hai"),
        ];
        let hold = holding(given);
        assert_eq!(hold, [order(&[3, 4], "Nhóm khác"), order(&[2, 1, 5], "Lần hai")]);
    }

    #[test]
    fn an_order_names_all_who_share_a_place_and_nobody_else() {
        let tied = BTreeMap::from([(2, BTreeSet::from([unit(1), unit(2), unit(3)]))]);
        let given = |units: &[u128]| order(units, "").units;
        let settled = [order(&[7, 8], "Lần trước")];
        for good in [&[3, 1, 2][..], &[8, 7]] {
            demand_all_tied(&given(good), &tied, &settled).expect("all of them");
        }
        for wrong in [&[1, 2][..], &[1, 2, 3, 4], &[1, 2, 3, 3], &[7], &[]] {
            let refused = demand_all_tied(&given(wrong), &tied, &settled);
            assert!(matches!(refused, Err(Error::Invalid(_))), "{wrong:?}");
        }
    }
}
