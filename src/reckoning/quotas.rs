//! How many may have a grade, and who goes to the next one. Pure.
//!
//! Quotas are held one after the other, that of the best grade first, each on what the ones before left. Who is over goes to the next
//! grade, the lowest first by points and then by the tie-breaks. Units that are even across the border all go, so that a quota is never
//! exceeded, and it is told with whom they were even, since a ballot could decide.

use std::collections::BTreeMap;

use thidua_entity::Fixed4;

use super::order::{Contender, groups, order};
use super::rating::{grade_at, place_of};
use super::rules::{Band, Better, Enforcement, Quota, Rounding};
use super::verdict::{Move, Over, QuotaOutcome, Standing};
use crate::formula::Quotient;

/// Holds the quotas; `standings` are those of all units before, and after it what they are then.
pub(super) fn hold(
    quotas: &[Quota],
    bands: &[Band],
    chain: &[Better],
    contenders: &[Contender],
    standings: &mut BTreeMap<String, Standing>,
) -> Vec<QuotaOutcome> {
    let mut in_turn: Vec<&Quota> = quotas.iter().collect();
    in_turn.sort_by_key(|quota| (place_of(bands, &quota.grade), &quota.code));
    let mut outcomes = Vec::with_capacity(quotas.len());
    for quota in in_turn {
        let base = standings
            .values()
            .filter_map(grade)
            .filter(|grade| quota.base.contains(*grade));
        let base = u32::try_from(base.count()).unwrap_or(u32::MAX);
        let (exact, allowed) = quota.allows(base);
        let has_it =
            |contender: &&Contender| standings.get(&contender.unit).and_then(grade) == Some(quota.grade.as_str());
        let had: Vec<Contender> = contenders.iter().filter(has_it).cloned().collect();
        let had_count = u32::try_from(had.len()).unwrap_or(u32::MAX);
        let over = over(had, chain, allowed);
        if quota.enforcement == Enforcement::Block {
            let next = grade_at(bands, place_of(bands, &quota.grade) + 1);
            for one in &over {
                if let Some(Standing::Rated { grade, moves, .. }) = standings.get_mut(&one.unit) {
                    moves.push(Move {
                        quota: quota.code.clone(),
                        from: std::mem::replace(grade, next.clone()),
                        to: next.clone(),
                        even_with: one.even_with.clone(),
                    });
                }
            }
        }
        outcomes.push(QuotaOutcome {
            quota: quota.code.clone(),
            base,
            exact,
            allowed,
            had: had_count,
            over,
            enforcement: quota.enforcement,
        });
    }
    outcomes
}

/// The grade of a unit that has one.
pub(super) fn grade(standing: &Standing) -> Option<&str> {
    match standing {
        Standing::Rated { grade, .. } => Some(grade),
        Standing::NotEligible { .. } | Standing::NotRated { .. } => None,
    }
}

impl Quota {
    /// How many of a base it lets have the grade: the percentage as it is, and made whole.
    pub fn allows(&self, base: u32) -> (Fixed4, u32) {
        let hundredth = Quotient::from(Fixed4::from_ten_thousandths(100).unwrap_or_default());
        let base = Fixed4::from_integer(base.into()).unwrap_or(Fixed4::MAX);
        let exact = &(&Quotient::from(base) * &self.percent.into()) * &hundredth;
        let whole = match self.rounding {
            Rounding::Down => exact.floor(),
            Rounding::Up => exact.ceil(),
            Rounding::Nearest => exact.clone(),
        };
        let whole = whole.to_figure(0).unwrap_or(Fixed4::MAX);
        let count = u32::try_from(whole.ten_thousandths() / super::points::ONE).unwrap_or(u32::MAX);
        (super::points::settle(&exact), count)
    }
}

/// Who is over, the best first.
fn over(had: Vec<Contender>, chain: &[Better], allowed: u32) -> Vec<Over> {
    let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
    let slots = order(had, chain);
    let (mut kept, mut over) = (0, Vec::new());
    for group in groups(&slots) {
        let fits = over.is_empty() && kept + group.len() <= allowed;
        if fits {
            kept += group.len();
            continue;
        }
        // Across the border lie those for only some of whom there would have been room.
        let across = over.is_empty() && kept < allowed;
        over.extend(group.iter().map(|unit| {
            Over {
                unit: (*unit).to_owned(),
                even_with: group
                    .iter()
                    .filter(|other| across && other != &unit)
                    .map(|other| (*other).to_owned())
                    .collect(),
            }
        }));
    }
    over
}
