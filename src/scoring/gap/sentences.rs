//! Gaps in sentences, in both languages. Pure.

use std::cmp::{Ordering, Reverse};

use thidua_entity::Fixed4;

use super::{Mean, OverYears, SheetGap, YearGap};
use crate::error::Text;
use crate::numbers;
use crate::reckoning::Layer;

/// Of how many criteria the sheet itself tells; all of them tell by themselves.
const CRITERIA_TOLD: usize = 3;

impl SheetGap {
    /// What is to be known before the sheet is sent, or decided: the total, and the criteria that were furthest apart in earlier years.
    pub fn sentences(&self) -> Vec<Text> {
        let mut told = self.total.sentences();
        let criteria = self.criteria.iter();
        let mut apart: Vec<(Fixed4, &OverYears)> = criteria.filter_map(|one| Some((one.above()?, one))).collect();
        // Equal ones stay in reading order.
        apart.sort_by_key(|(percent, _)| Reverse(*percent));
        told.extend(apart.iter().take(CRITERIA_TOLD).filter_map(|(_, one)| one.past()));
        told
    }
}

impl OverYears {
    /// What is to be known of it.
    pub fn sentences(&self) -> Vec<Text> {
        let told = [self.past(), self.others(), self.now()];
        told.into_iter().flatten().collect()
    }

    /// How far own points lay above final ones, in per cent; nothing when they did not.
    fn above(&self) -> Option<Fixed4> {
        self.mean?.percent.filter(|percent| *percent > Fixed4::ZERO)
    }

    fn is_deduction(&self) -> bool {
        self.criterion.as_ref().is_some_and(|named| named.is_deduction)
    }

    /// A sentence with the criterion that it is about, or with a capital when it is about the total.
    fn said(&self, vi: &str, en: &str) -> Text {
        match &self.criterion {
            Some(named) => {
                let (title, in_english) = (&named.title.vi, named.title.en.as_ref());
                Text::new(
                    format!("Tiêu chí “{title}”: {vi}"),
                    format!("“{}”: {en}", in_english.unwrap_or(title)),
                )
            }
            None => Text::new(capital(vi), capital(en)),
        }
    }

    /// How own points lay beside final ones in earlier years.
    fn past(&self) -> Option<Text> {
        let mean = self.mean?;
        let in_percent = || mean.percent.map(|gap| (gap, ("% điểm tối đa", "% of the maximum")));
        let in_points = mean.points.map(|gap| (gap, (" điểm", " points")));
        let (gap, unit) = in_points.or_else(in_percent)?;
        let (when_vi, when_en) = self.when(&mean);
        let (lies_vi, lies_en) = lies(gap, self.is_deduction());
        let (by_vi, by_en) = by(gap, unit);
        let (mean_vi, mean_en) = if mean.years > 1 {
            (" trung bình", " on average")
        } else {
            ("", "")
        };
        let (own_vi, own_en) = if self.is_deduction() {
            ("điểm đơn vị tự trừ", "what the unit deducted from itself was")
        } else {
            ("điểm tự chấm của đơn vị", "the unit’s own points were")
        };
        Some(self.said(
            &format!("{when_vi}, {own_vi} {lies_vi} điểm kết luận{mean_vi}{by_vi}."),
            &format!("{when_en}, {own_en} {lies_en} the final points{mean_en}{by_en}."),
        ))
    }

    fn when(&self, mean: &Mean) -> (String, String) {
        let only = self.years.iter().skip(1).find(|one| one.to_settled.is_some());
        match (mean.years, only) {
            (1, Some(only)) => (format!("năm {}", only.year), format!("in {}", only.year)),
            (years, _) => {
                let word = ["hai", "ba", "bốn", "năm"].get(years.saturating_sub(2));
                let word = word.map_or_else(|| years.to_string(), |word| (*word).to_owned());
                (format!("{word} năm gần đây"), format!("in the last {years} years"))
            }
        }
    }

    /// Where the others of the cluster lay, in the newest year in which that can be told.
    fn others(&self) -> Option<Text> {
        let told = |one: &&YearGap| one.others_to_settled.is_some();
        let year = self.years.iter().find(told)?;
        let spread = year.others_to_settled?;
        let (lies_vi, lies_en) = lies(spread.median, self.is_deduction());
        let (by_vi, by_en) = by(spread.median, (" điểm", " points"));
        let (own_vi, own_en) = if self.is_deduction() {
            ("tự trừ", "deducted from themselves")
        } else {
            ("tự chấm", "gave themselves")
        };
        let (count, year, deviation) = (spread.count, year.year, numbers::write(rounded(spread.deviation)));
        Some(self.said(
            &format!(
                "năm {year}, {count} đơn vị khác trong cụm {own_vi} {lies_vi} kết luận{by_vi} (trung vị; độ lệch thường gặp {deviation} điểm)."
            ),
            &format!(
                "in {year}, what {count} other units of the cluster {own_en} was {lies_en} the final points{by_en} (median; median \
                 deviation {deviation} points)."
            ),
        ))
    }

    /// How own points lie now beside the final ones, the cross-check, the reports, and what was final last.
    fn now(&self) -> Option<Text> {
        let now = self.years.first()?;
        let own = numbers::write(*now.given.layers.get(&Layer::Own)?);
        let mut beside = vec![
            (now.given.settled, ("kết luận".to_owned(), "final".to_owned())),
            (
                now.given.layers.get(&Layer::CrossCheck).copied(),
                ("kiểm tra chéo".to_owned(), "cross-check".to_owned()),
            ),
            (
                now.given.reports,
                ("theo báo cáo đã duyệt".to_owned(), "by approved reports".to_owned()),
            ),
        ];
        // Points of another maximum say nothing beside these.
        let comparable = self.years.iter().skip(1).filter(|one| one.max == now.max);
        let last = comparable.filter(|one| one.given.settled.is_some()).map(|one| {
            let name = (format!("kết luận năm {}", one.year), format!("final in {}", one.year));
            (one.given.settled, name)
        });
        beside.extend(last.take(1));
        let beside = beside.into_iter().filter_map(|(points, (vi, en))| {
            let points = numbers::write(points?);
            Some((format!("{vi}: {points}"), format!("{en}: {points}")))
        });
        let (vi, en): (Vec<String>, Vec<String>) = beside.unzip();
        if vi.is_empty() {
            return None;
        }
        let year = now.year;
        Some(self.said(
            &format!("năm {year}, điểm tự chấm: {own}; {}.", vi.join("; ")),
            &format!("in {year}, the unit’s own points: {own}; {}.", en.join("; ")),
        ))
    }
}

/// How the first lies beside the second by their gap. Of a deduction a gap above 0 means that less was subtracted.
pub(super) fn lies(gap: Fixed4, is_deduction: bool) -> (&'static str, &'static str) {
    match (rounded(gap).cmp(&Fixed4::ZERO), is_deduction) {
        (Ordering::Greater, false) => ("cao hơn", "above"),
        (Ordering::Less, false) => ("thấp hơn", "below"),
        (Ordering::Greater, true) => ("ít hơn", "less than"),
        (Ordering::Less, true) => ("nhiều hơn", "more than"),
        (Ordering::Equal, _) => ("bằng", "the same as"),
    }
}

/// By how much, in a unit of measure; nothing when there is no gap.
pub(super) fn by(gap: Fixed4, (unit_vi, unit_en): (&str, &str)) -> (String, String) {
    let size = match rounded(gap).ten_thousandths().abs() {
        0 => return Default::default(),
        size => numbers::write(Fixed4::from_ten_thousandths(size).unwrap_or(gap)),
    };
    (format!(" {size}{unit_vi}"), format!(" by {size}{unit_en}"))
}

/// A gap as a sentence tells it: rounded to hundredths, halves away from zero.
fn rounded(gap: Fixed4) -> Fixed4 {
    let count = gap.ten_thousandths();
    let hundredths = (count.abs() + 50) / 100;
    Fixed4::from_ten_thousandths(hundredths * 100 * count.signum()).unwrap_or(gap)
}

fn capital(said: &str) -> String {
    let mut letters = said.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
