//! Chance that is the same every time: a small generator seeded by a name, and how a total is split so that nothing is lost.

/// A sequence of numbers that look drawn and are the same for the same name (SplitMix64, seeded by FNV-1a).
pub struct Draw(u64);

impl Draw {
    /// The sequence of a name.
    pub fn named(name: &str) -> Self {
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(i128::from(high) - i128::from(low) + 1)
            .unwrap_or(1)
            .max(1);
        low + i64::try_from(self.next() % span).unwrap_or_default()
    }

    /// One of some things; `None` of none.
    pub fn one_of<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(things.len()).ok()? - 1;
        things.get(usize::try_from(self.between(0, last)).ok()?)
    }
}

/// Splits a total by weights: the parts add up to it, each within one of its exact share (largest remainders). Without any
/// weight all weigh the same. A total that is not positive, or nobody to take it, gives zeros.
pub fn split(total: i64, weights: &[i64]) -> Vec<i64> {
    let weights: Vec<i128> = match weights.iter().any(|&weight| weight > 0) {
        true => weights.iter().map(|&weight| i128::from(weight.max(0))).collect(),
        false => vec![1; weights.len()],
    };
    let (total, sum) = (i128::from(total.max(0)), weights.iter().sum::<i128>().max(1));
    let mut parts: Vec<i128> = weights.iter().map(|weight| total * weight / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(weights.get(index).map(|weight| total * weight % sum)));
    let mut rest = total - parts.iter().sum::<i128>();
    for index in order {
        if rest > 0
            && let Some(part) = parts.get_mut(index)
        {
            *part += 1;
            rest -= 1;
        }
    }
    parts
        .into_iter()
        .map(|part| i64::try_from(part).unwrap_or_default())
        .collect()
}

/// The same, but nobody gets less than its floor. `None` when the total is too small for that.
pub fn split_above(total: i64, weights: &[i64], floors: &[i64]) -> Option<Vec<i64>> {
    let rest = total.checked_sub(floors.iter().sum())?;
    (rest >= 0).then(|| {
        split(rest, weights)
            .into_iter()
            .zip(floors)
            .map(|(part, floor)| part + floor)
            .collect()
    })
}

/// The same, but nobody gets more than its cap. `None` when the total is too large for that.
pub fn split_within(total: i64, weights: &[i64], caps: &[i64]) -> Option<Vec<i64>> {
    let mut parts = vec![0; weights.len()];
    let mut rest = total;
    while rest > 0 {
        let room: Vec<i64> = caps.iter().zip(&parts).map(|(cap, part)| (cap - part).max(0)).collect();
        if room.iter().sum::<i64>() < rest {
            return None;
        }
        // Only who has room takes part; a weight of at least one keeps every round moving.
        let open: Vec<i64> = weights
            .iter()
            .zip(&room)
            .map(|(&weight, &room)| if room > 0 { weight.max(1) } else { 0 })
            .collect();
        for ((part, share), room) in parts.iter_mut().zip(split(rest, &open)).zip(room) {
            let taken = share.min(room);
            *part += taken;
            rest -= taken;
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_split_loses_nothing(total in 0_i64..=2_000_000_000, weights in prop::collection::vec(0_i64..=10_000, 1..80)) {
            let parts = split(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            prop_assert!(parts.iter().all(|&part| part >= 0));
            let sum: i64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights).filter(|_| sum > 0) {
                prop_assert!((i128::from(*part) * i128::from(sum) - i128::from(total) * i128::from(*weight)).abs() < i128::from(sum));
            }
            prop_assert_eq!(split(total, &weights), parts);
        }

        #[test]
        fn caps_and_floors_hold_and_nothing_is_lost(
            total in 0_i64..=20_000,
            units in prop::collection::vec((0_i64..=1_000, 0_i64..=500), 1..80),
        ) {
            let (weights, bounds): (Vec<i64>, Vec<i64>) = units.into_iter().unzip();
            let room: i64 = bounds.iter().sum();
            match split_within(total, &weights, &bounds) {
                Some(parts) => {
                    prop_assert_eq!(parts.iter().sum::<i64>(), total);
                    prop_assert!(parts.iter().zip(&bounds).all(|(part, cap)| (0..=*cap).contains(part)));
                }
                None => prop_assert!(total > room),
            }
            match split_above(total, &weights, &bounds) {
                Some(parts) => {
                    prop_assert_eq!(parts.iter().sum::<i64>(), total);
                    prop_assert!(parts.iter().zip(&bounds).all(|(part, floor)| part >= floor));
                }
                None => prop_assert!(total < room),
            }
        }

        #[test]
        fn what_is_drawn_lies_between_the_bounds(name in ".{0,12}", low in -1_000_i64..=1_000, span in 0_i64..=5_000) {
            let mut draw = Draw::named(&name);
            let again = Draw::named(&name).between(low, low + span);
            prop_assert_eq!(draw.between(low, low + span), again);
            for _ in 0..20 {
                prop_assert!((low..=low + span).contains(&draw.between(low, low + span)));
            }
        }
    }

    #[test]
    fn with_nothing_to_weigh_by_all_are_alike() {
        assert_eq!(split(7, &[0, 0, 0]), [3, 2, 2]);
        assert_eq!(split(7, &[]), Vec::<i64>::new());
        assert_eq!(Draw::named("").one_of::<u8>(&[]), None);
    }
}
