//! The gap (độ chênh) between what a unit gives itself and what others give it: per criterion and in total, this year and in earlier ones,
//! beside the other units of the cluster. Pure and exact.
//!
//! - **What a layer gives** is its own word: its entry for a criterion, and in total what comes out by it (`reckoning::reckon_claimed`),
//!   also where approved reports stand above it. A layer that entered nothing gives nothing.
//! - **What is final** is what stands once the council has decided on a sheet; of a published year what its result says.
//! - **A gap is above 0 where the unit saw itself better**: own points less those of others, and of a deduction the other way round.
//! - **Criteria are joined over years by their code**, within one set, its versions and what clusters adapted from it; beyond that only where
//!   the name is the same too, since codes such as `c1` say nothing by themselves. The total is always joined.
//! - **Where maxima differ, points are not compared but shares of the maximum**: over several years gaps added up, by maxima added up.
//! - **Of others only aggregates are told**, from [`OTHERS_MIN`] of them on, by the measure by which unusual figures are found.

use std::collections::BTreeSet;
use std::sync::Arc;

use thidua_entity::Fixed4;
use uuid::Uuid;

use crate::reckoning::Layer;
use crate::reports::unusual::{self, Spread};
use crate::text;

mod given;
pub mod leniency;
mod sentences;
#[cfg(test)]
mod tests;

pub use given::{Given, Named, Progress, Scored, UnitGiven, scored};

/// Fewest others of whom anything is told, as for unusual figures: of fewer one could be guessed.
pub const OTHERS_MIN: usize = 4;
/// How many earlier years of the unit, and of the cluster, are looked at: what people still remember, and what an office is held for.
pub const YEARS_MAX: usize = 5;

/// One year of the cluster that a unit was in.
#[derive(Clone, Debug)]
pub struct Year {
    /// The emulation year.
    pub id: Uuid,
    /// The year it is called after.
    pub year: i32,
    /// The cluster.
    pub cluster: Uuid,
    /// The set from which its criteria come, before versions and adaptations.
    pub family: Option<Uuid>,
    /// Whether its result is published.
    pub is_published: bool,
    /// What was given.
    pub scored: Arc<Scored>,
}

/// What was given for one thing in one year, and how far it lies apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearGap {
    /// The emulation year.
    pub id: Uuid,
    /// The year it is called after.
    pub year: i32,
    /// The cluster.
    pub cluster: Uuid,
    /// Whether its result is published.
    pub is_published: bool,
    /// Most points; of the total the scale.
    pub max: Fixed4,
    /// What was given to the unit; nothing at all when it did not take part.
    pub given: Given,
    /// Own points less those of the cross-check.
    pub to_check: Option<Fixed4>,
    /// Own points less the final ones.
    pub to_settled: Option<Fixed4>,
    /// Own points less those that reports give.
    pub to_reports: Option<Fixed4>,
    /// Where the same gap of the other units lies: to the cross-check.
    pub others_to_check: Option<Spread>,
    /// And to the final points.
    pub others_to_settled: Option<Spread>,
}

/// One criterion, or the total, over the years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverYears {
    /// The criterion as it is this year; nothing of the total.
    pub criterion: Option<Named>,
    /// This year first, then earlier ones, the newest first.
    pub years: Vec<YearGap>,
    /// How far own points lay above final ones in earlier years.
    pub mean: Option<Mean>,
}

/// A gap over several years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mean {
    /// In how many years it is known.
    pub years: usize,
    /// In points, rounded to four decimals; nothing where the maxima were not all that of this year.
    pub points: Option<Fixed4>,
    /// In per cent of the maximum: the gaps added up, by the maxima added up.
    pub percent: Option<Fixed4>,
}

/// The gaps of a score sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetGap {
    /// In total.
    pub total: OverYears,
    /// By criterion, in reading order: those of this year that apply to the unit.
    pub criteria: Vec<OverYears>,
}

/// The gaps of a unit: of this year, beside earlier ones that are published.
pub fn over_years(unit: &str, present: &Year, mut earlier: Vec<&Year>) -> SheetGap {
    earlier.sort_by_key(|year| std::cmp::Reverse((year.year, year.id)));
    let years = || std::iter::once(present).chain(earlier.iter().copied());
    let total = years().map(|year| {
        let total = |given: &UnitGiven| Some(given.total.clone());
        gap(unit, year, (year.scored.scale, false), &total)
    });
    let applies = present.scored.units.get(unit);
    let named = present.scored.criteria.iter();
    let named = named.filter(|named| applies.is_some_and(|given| given.criteria.contains_key(&named.code)));
    let criteria = named.map(|named| {
        let of_year = |year: &Year| {
            let then = same(named, present, year)?;
            let of_unit = |given: &UnitGiven| given.criteria.get(&then.code).cloned();
            Some(gap(unit, year, (then.max, then.is_deduction), &of_unit))
        };
        OverYears::of(Some(named.clone()), years().filter_map(of_year).collect())
    });
    SheetGap {
        criteria: criteria.collect(),
        total: OverYears::of(None, total.collect()),
    }
}

/// The criterion of a year that is the same as one of the present.
fn same<'a>(named: &Named, present: &Year, year: &'a Year) -> Option<&'a Named> {
    let is_family = present.family.is_some() && present.family == year.family;
    let is_same = |then: &&Named| {
        let title = || text::fold(&then.title.vi) == text::fold(&named.title.vi);
        then.code == named.code && then.is_deduction == named.is_deduction && (is_family || title())
    };
    year.scored.criteria.iter().find(is_same)
}

fn gap(
    unit: &str,
    year: &Year,
    (max, is_deduction): (Fixed4, bool),
    of: &dyn Fn(&UnitGiven) -> Option<Given>,
) -> YearGap {
    let given = year.scored.units.get(unit).and_then(of).unwrap_or_default();
    let others = year.scored.units.iter().filter(|(id, _)| *id != unit);
    let others: Vec<Given> = others.filter_map(|(_, given)| of(given)).collect();
    let spread = |apart: fn(&Given, bool) -> Option<Fixed4>| {
        let gaps: Vec<Fixed4> = others.iter().filter_map(|given| apart(given, is_deduction)).collect();
        unusual::spread(&gaps, OTHERS_MIN)
    };
    YearGap {
        id: year.id,
        year: year.year,
        cluster: year.cluster,
        is_published: year.is_published,
        max,
        to_check: to_check(&given, is_deduction),
        to_settled: to_settled(&given, is_deduction),
        to_reports: above(own(&given), given.reports, is_deduction),
        others_to_check: spread(to_check),
        others_to_settled: spread(to_settled),
        given,
    }
}

fn own(given: &Given) -> Option<Fixed4> {
    given.layers.get(&Layer::Own).copied()
}

fn to_check(given: &Given, is_deduction: bool) -> Option<Fixed4> {
    let check = given.layers.get(&Layer::CrossCheck).copied();
    above(own(given), check, is_deduction)
}

fn to_settled(given: &Given, is_deduction: bool) -> Option<Fixed4> {
    above(own(given), given.settled, is_deduction)
}

/// How far the first stands above the second for the unit: of deductions it is better off with fewer.
fn above(first: Option<Fixed4>, second: Option<Fixed4>, is_deduction: bool) -> Option<Fixed4> {
    let (first, second) = (first?.ten_thousandths(), second?.ten_thousandths());
    let apart = if is_deduction { second - first } else { first - second };
    Fixed4::from_ten_thousandths(apart)
}

impl YearGap {
    /// A gap of this year in per cent of the maximum.
    pub fn percent(&self, gap: Option<Fixed4>) -> Option<Fixed4> {
        Fixed4::ratio(gap?, self.max, 100)
    }
}

impl OverYears {
    fn of(criterion: Option<Named>, years: Vec<YearGap>) -> Self {
        Self {
            mean: mean(&years),
            criterion,
            years,
        }
    }
}

/// The gap to the final points in all years but the first, which is the present one.
fn mean(years: &[YearGap]) -> Option<Mean> {
    let earlier = years.get(1..)?.iter();
    let known: Vec<(Fixed4, Fixed4)> = earlier.filter_map(|one| Some((one.to_settled?, one.max))).collect();
    let sum = |of: fn(&(Fixed4, Fixed4)) -> Fixed4| known.iter().map(|one| i128::from(of(one).ten_thousandths())).sum();
    let (gaps, maxima): (i128, i128) = (sum(|one| one.0), sum(|one| one.1));
    let whole = |sum: i128| Fixed4::try_from_ten_thousandths(sum);
    let count = i64::try_from(known.len()).ok().filter(|count| *count > 0)?;
    let alike: BTreeSet<Fixed4> = known
        .iter()
        .map(|one| one.1)
        .chain(years.first().map(|now| now.max))
        .collect();
    let points = || Fixed4::ratio(whole(gaps)?, Fixed4::from_integer(count)?, 1);
    Some(Mean {
        years: known.len(),
        points: if alike.len() == 1 { points() } else { None },
        percent: whole(gaps)
            .zip(whole(maxima))
            .and_then(|(gaps, maxima)| Fixed4::ratio(gaps, maxima, 100)),
    })
}
