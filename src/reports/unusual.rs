//! Figures that look like slips: compared with the unit's own past and with the cluster, by median and median absolute deviation.
//! Pure and exact.
//!
//! An unusual figure is not a wrong one. Whoever sends or verifies the report is asked to look at it again, nothing more.
//!
//! The median and the median absolute deviation (MAD: the median of how far the others lie from their median) are not moved by the
//! one figure of the past that was itself a slip, as an average and a standard deviation would be. `1.4826 × MAD` is what a standard
//! deviation would be if the figures were spread normally (Hampel's identifier).

use serde::Serialize;
use thidua_entity::Fixed4;

use crate::error::Text;
use crate::numbers;

/// From when on a figure is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Fewest figures to compare with. Of three, one slip among them already moves the median's neighbours.
    pub count_min: usize,
    /// How many times `1.4826 × MAD` a figure may lie from the median. 3 to 3,5 is usual for many figures spread normally; those of
    /// a cluster are few and lopsided, and a warning that comes too often is not read. A digit too many is found with 5 too.
    pub deviations: u8,
    /// How far from the median, in per cent of it, a figure may lie in any case. Where figures hardly change (1.671, 1.672, 1.674
    /// members) the MAD is tiny, and 1.690 is no slip.
    pub percent: u8,
    /// How many times the median, or which part of it, a figure may be when most of the others are all the same, so that the MAD
    /// is zero and measures nothing.
    pub times: u8,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            count_min: 4,
            deviations: 5,
            percent: 20,
            times: 10,
        }
    }
}

/// What a figure is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Others {
    /// The unit's own figures for the same indicator in earlier periods of the same kind.
    OwnPast,
    /// The figures of the other members of the cluster for the same period.
    Cluster,
}

/// What came of comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There are too few others, or most of them are zero, which gives no measure.
    NotJudged,
    /// As the others.
    Usual,
    /// Not as the others.
    Unusual(Unusual),
}

/// A figure that is not as the others, with the numbers that say why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unusual {
    /// The figure.
    pub figure: Fixed4,
    /// What it was compared with.
    pub others: Others,
    /// How many others there are.
    pub count: usize,
    /// Their median, rounded to four decimals.
    pub median: Fixed4,
    /// Their median absolute deviation, rounded to four decimals.
    pub deviation: Fixed4,
    /// By which measure.
    pub by: Measure,
    /// A slip of the keyboard or of the unit of measure that would explain it.
    pub slip: Option<Slip>,
}

/// The measure by which a figure is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Too many times the deviation of the others.
    Spread,
    /// More than so many times the median; most of the others are the same.
    MoreThanTimes(u8),
    /// Less than such a part of the median; most of the others are the same.
    LessThanPart(u8),
}

/// So many digits too many or too few, with which the figure would be as the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// `16.710` for `1.671`; three or six: đồng where thousands or millions were meant.
    TooMany(u8),
    /// `167` for `1.671`; three or six: thousands or millions where đồng were meant.
    TooFew(u8),
}

/// The slips that are looked for: a digit or two of the keyboard, thousands and millions of the unit of measure.
const SLIPS: [(u8, i128); 4] = [(1, 10), (2, 100), (3, 1_000), (6, 1_000_000)];

/// What two such comparisons say of a figure: with the unit's own past, and with the others of the cluster (without the unit itself).
pub fn look(figure: Fixed4, own_past: &[Fixed4], cluster: &[Fixed4], bounds: &Bounds) -> [Verdict; 2] {
    [(Others::OwnPast, own_past), (Others::Cluster, cluster)]
        .map(|(others, figures)| compare(figure, others, figures, bounds))
}

/// Whether a figure is as these others. Their order does not matter.
pub fn compare(figure: Fixed4, others: Others, figures: &[Fixed4], bounds: &Bounds) -> Verdict {
    if figures.is_empty() || figures.len() < bounds.count_min {
        return Verdict::NotJudged;
    }
    let (median, deviation) = middle(figures);
    let place = Place {
        figure: 4 * i128::from(figure.ten_thousandths()),
        median,
        deviation,
    };
    if place.median == 0 && place.deviation == 0 {
        return Verdict::NotJudged;
    }
    let Some(by) = place.measure(bounds) else {
        return Verdict::Usual;
    };
    Verdict::Unusual(Unusual {
        figure,
        others,
        count: figures.len(),
        median: quarter(place.median),
        deviation: quarter(place.deviation),
        by,
        slip: place.slip(bounds),
    })
}

/// Where some figures lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub count: usize,
    /// Their median, rounded to four decimals.
    pub median: Fixed4,
    /// Their median absolute deviation, rounded to four decimals.
    pub deviation: Fixed4,
}

/// Where some figures lie; nothing of fewer than so many, or of none.
pub fn spread(figures: &[Fixed4], count_min: usize) -> Option<Spread> {
    let (median, deviation) = middle(figures);
    (figures.len() >= count_min.max(1)).then(|| Spread {
        count: figures.len(),
        median: quarter(median),
        deviation: quarter(deviation),
    })
}

/// Four times the median of figures and four times their median absolute deviation. Whole numbers all the way: ten-thousandths,
/// doubled by each of the two medians.
fn middle(figures: &[Fixed4]) -> (i128, i128) {
    let count = |figure: &Fixed4| i128::from(figure.ten_thousandths());
    let median = double_median(figures.iter().map(count));
    let deviation = double_median(figures.iter().map(|one| (2 * count(one) - median).abs()));
    (2 * median, deviation)
}

/// Twice the median, which is whole.
fn double_median(figures: impl Iterator<Item = i128>) -> i128 {
    let mut sorted: Vec<i128> = figures.collect();
    sorted.sort_unstable();
    let middle = |place: usize| sorted.get(place).copied().unwrap_or_default();
    middle(sorted.len().saturating_sub(1) / 2) + middle(sorted.len() / 2)
}

/// A number from four times its ten-thousandths, halves away from zero. Only a deviation between figures of 14 digits can be too
/// large for one; it is told as the largest.
fn quarter(four_times: i128) -> Fixed4 {
    let size = (four_times.abs() + 2) / 4;
    Fixed4::try_from_ten_thousandths(size * four_times.signum()).unwrap_or(Fixed4::MAX)
}

/// A figure among others, all four times as large.
#[derive(Clone, Copy)]
struct Place {
    figure: i128,
    median: i128,
    deviation: i128,
}

impl Place {
    /// By what measure it is unusual. The same for all three multiplied by the same.
    fn measure(self, bounds: &Bounds) -> Option<Measure> {
        let [deviations, percent, times] = [bounds.deviations, bounds.percent, bounds.times].map(i128::from);
        if self.deviation == 0 {
            // As seen from zero towards the median, so that a figure on the other side is less than any part of it.
            let (figure, median) = (self.figure * self.median.signum(), self.median.abs());
            if figure > times * median {
                return Some(Measure::MoreThanTimes(bounds.times));
            }
            return (figure * times < median).then_some(Measure::LessThanPart(bounds.times));
        }
        let distance = (self.figure - self.median).abs();
        let far = distance * 10_000 > deviations * 14_826 * self.deviation;
        let matters = distance * 100 > percent * self.median.abs();
        (far && matters).then_some(Measure::Spread)
    }

    /// The first slip without which it would be usual.
    fn slip(self, bounds: &Bounds) -> Option<Slip> {
        SLIPS.into_iter().find_map(|(digits, factor)| {
            let smaller = Self {
                median: self.median * factor,
                deviation: self.deviation * factor,
                ..self
            };
            let larger = Self {
                figure: self.figure * factor,
                ..self
            };
            if self.figure == 0 {
                None
            } else if smaller.measure(bounds).is_none() {
                Some(Slip::TooMany(digits))
            } else {
                larger.measure(bounds).is_none().then_some(Slip::TooFew(digits))
            }
        })
    }
}

impl Unusual {
    /// What is unusual, and why, for whoever is to look at the figure again.
    pub fn text(&self) -> Text {
        let [figure, median, deviation] = [self.figure, self.median, self.deviation].map(numbers::write);
        let count = self.count;
        let (than_vi, than_en) = match self.others {
            Others::OwnPast => (
                format!("{count} kỳ trước của đơn vị"),
                format!("the unit's {count} earlier periods"),
            ),
            Others::Cluster => (
                format!("{count} đơn vị khác trong cụm"),
                format!("the {count} other units of the cluster"),
            ),
        };
        let (why_vi, why_en) = match self.by {
            Measure::Spread => (
                format!("trung vị là {median}, độ lệch thường gặp là {deviation}"),
                format!("their median is {median}, their median deviation {deviation}"),
            ),
            Measure::MoreThanTimes(times) => (
                format!("lớn hơn {times} lần trung vị {median}"),
                format!("it is more than {times} times their median {median}"),
            ),
            Measure::LessThanPart(times) => (
                format!("nhỏ hơn một phần {times} trung vị {median}"),
                format!("it is less than one part in {times} of their median {median}"),
            ),
        };
        let (slip_vi, slip_en) = self.slip.map(Slip::sentences).unwrap_or_default();
        Text::new(
            format!("{figure} khác thường so với {than_vi}: {why_vi}.{slip_vi}"),
            format!("{figure} is unusual beside {than_en}: {why_en}.{slip_en}"),
        )
    }
}

impl Slip {
    fn sentences(self) -> (String, String) {
        let (digits, vi, en) = match self {
            Self::TooMany(digits) => (digits, "thừa", "too many"),
            Self::TooFew(digits) => (digits, "thiếu", "too few"),
        };
        let (unit_vi, unit_en) = match digits {
            3 => (
                ", hoặc nhầm đồng với nghìn đồng",
                ", or đồng were mistaken for thousands",
            ),
            6 => (
                ", hoặc nhầm đồng với triệu đồng",
                ", or đồng were mistaken for millions",
            ),
            _ => ("", ""),
        };
        let there = match digits {
            1 => "there is a digit".to_owned(),
            several => format!("there are {several} digits"),
        };
        (
            format!(" Có thể gõ {vi} {digits} chữ số{unit_vi}."),
            format!(" Perhaps {there} {en}{unit_en}."),
        )
    }
}

#[cfg(test)]
mod tests;
