//! How lenient checkers are (nể nang): how far the points of the cross-check lay above the final ones, per checking unit, beside those of
//! the others. Pure and exact.
//!
//! A sheet that several checked counts for each of them. Nothing is said of a checker by fewer than [`SHEETS_MIN`] sheets: who reads this
//! sees the sheets themselves, so nothing is hidden by that, but of fewer one sheet alone would be the judgement. Of the others the median
//! is told from [`OTHERS_MIN`] sheets on, as everywhere.

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::Fixed4;
use uuid::Uuid;

use super::OTHERS_MIN;
use super::sentences::{by, lies};
use crate::error::Text;
use crate::reports::unusual::spread;

/// Fewest sheets by which something is said of a checker: the median of three is not moved by any one of them.
pub const SHEETS_MIN: usize = 3;

/// A sheet that was checked and decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The year it is of.
    pub year: i32,
    /// Who checked it.
    pub checker: Uuid,
    /// Whose sheet it is.
    pub unit: Uuid,
    /// Points of the cross-check.
    pub check: Fixed4,
    /// The final ones.
    pub settled: Fixed4,
    /// The scale of the year.
    pub scale: Fixed4,
}

/// How some sheets were checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Median {
    /// How many sheets.
    pub sheets: usize,
    /// Median of the points of the cross-check less the final ones; nothing where scales differ.
    pub points: Option<Fixed4>,
    /// The same in per cent of the scale.
    pub percent: Fixed4,
}

/// How one unit checked the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leniency {
    /// The checking unit.
    pub checker: Uuid,
    /// How many of the sheets that it checked are decided.
    pub sheets: usize,
    /// The years they are of, the newest first.
    pub years: Vec<i32>,
    /// How it checked them; nothing of fewer than [`SHEETS_MIN`].
    pub own: Option<Median>,
    /// How the sheets were checked that it had no part in; nothing of fewer than [`OTHERS_MIN`].
    pub others: Option<Median>,
}

/// How lenient each checker is, the most lenient first; behind those of whom nothing can be said yet.
pub fn of(sheets: &[Checked]) -> Vec<Leniency> {
    let mut by_checker: BTreeMap<Uuid, Vec<&Checked>> = BTreeMap::new();
    for one in sheets {
        by_checker.entry(one.checker).or_default().push(one);
    }
    let told = by_checker.iter().map(|(checker, own)| {
        let checked: BTreeSet<(i32, Uuid)> = own.iter().map(|one| (one.year, one.unit)).collect();
        let others = sheets.iter().filter(|one| !checked.contains(&(one.year, one.unit)));
        // What two others checked together is one sheet.
        let others: BTreeMap<(i32, Uuid), &Checked> = others.map(|one| ((one.year, one.unit), one)).collect();
        let years: BTreeSet<i32> = own.iter().map(|one| one.year).collect();
        Leniency {
            checker: *checker,
            sheets: own.len(),
            years: years.into_iter().rev().collect(),
            own: median(own, SHEETS_MIN),
            others: median(&others.into_values().collect::<Vec<_>>(), OTHERS_MIN),
        }
    });
    let mut told: Vec<Leniency> = told.collect();
    told.sort_by_key(|one| std::cmp::Reverse(one.own.map(|own| own.percent)));
    told
}

fn median(sheets: &[&Checked], least: usize) -> Option<Median> {
    let apart = |one: &&Checked| {
        let apart = one.check.ten_thousandths() - one.settled.ten_thousandths();
        Fixed4::from_ten_thousandths(apart)
    };
    let points: Vec<Fixed4> = sheets.iter().filter_map(apart).collect();
    let percents = sheets
        .iter()
        .filter_map(|one| Fixed4::ratio(apart(one)?, one.scale, 100));
    let percents: Vec<Fixed4> = percents.collect();
    let scales: BTreeSet<Fixed4> = sheets.iter().map(|one| one.scale).collect();
    Some(Median {
        sheets: sheets.len(),
        points: spread(&points, least)
            .filter(|_| scales.len() == 1)
            .map(|spread| spread.median),
        percent: spread(&percents, least)?.median,
    })
}

impl Leniency {
    /// What can be said of it, for who decides.
    pub fn text(&self) -> Text {
        let sheets = self.sheets;
        let Some(own) = self.own else {
            return Text::new(
                format!("Mới có {sheets} phiếu đã quyết định, chưa đủ {SHEETS_MIN} phiếu để nhận xét."),
                format!("{sheets} sheets are decided, and {SHEETS_MIN} are needed to say anything."),
            );
        };
        let (vi, en) = apart(own.percent);
        let (beside_vi, beside_en) = self.others.map_or_else(Default::default, |others| {
            let (vi, en) = apart(others.percent);
            let count = others.sheets;
            (
                format!("; {count} phiếu do đơn vị khác kiểm tra: {vi}"),
                format!("; of {count} sheets that others checked: {en}"),
            )
        });
        Text::new(
            format!("Trung vị của {sheets} phiếu: điểm kiểm tra chéo {vi}{beside_vi}."),
            format!("Median of {sheets} sheets: the points of the cross-check are {en}{beside_en}."),
        )
    }
}

fn apart(percent: Fixed4) -> (String, String) {
    let ((lies_vi, lies_en), (by_vi, by_en)) = (lies(percent, false), by(percent, ("% thang điểm", "% of the scale")));
    (
        format!("{lies_vi} điểm kết luận{by_vi}"),
        format!("{lies_en} the final ones{by_en}"),
    )
}
