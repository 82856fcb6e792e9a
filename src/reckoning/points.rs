//! Sums and shares of points. Pure.
//!
//! **The one rule of rounding**: whatever is worked out is exact until it is somebody's points (of a criterion, of a section that is
//! scaled up, of a node times its weight), and these have four decimals, halves away from zero. What is added is what is shown, so every
//! total can be added up again on paper. Rounding never turns an order around, and nothing here does.

use thidua_entity::Fixed4;

use crate::formula::Quotient;

/// One.
pub const ONE: i64 = 10_000;

/// All of them together. Beyond 14 digits, which no checked set reaches, it stays at the largest number there is.
pub fn sum(points: impl IntoIterator<Item = Fixed4>) -> Fixed4 {
    within(total(points))
}

/// The first without the second.
pub fn minus(points: Fixed4, taken: Fixed4) -> Fixed4 {
    within(i128::from(points.ten_thousandths()) - i128::from(taken.ten_thousandths()))
}

/// With the other sign.
pub fn negated(points: Fixed4) -> Fixed4 {
    minus(Fixed4::ZERO, points)
}

/// Not more than a cap, where there is one.
pub fn capped(points: Fixed4, cap: Option<Fixed4>) -> Fixed4 {
    cap.map_or(points, |cap| points.min(cap))
}

/// Points times a weight or a share.
pub fn times(points: Fixed4, weight: Fixed4) -> Fixed4 {
    within(rounded(product(points, weight), ONE.into()))
}

/// `points × part / whole`; the points themselves when the whole is zero.
pub fn scaled(points: Fixed4, part: Fixed4, whole: Fixed4) -> Fixed4 {
    if whole == Fixed4::ZERO || part == whole {
        return points;
    }
    within(rounded(product(points, part), whole.ten_thousandths().into()))
}

/// The mean of some; nothing of none.
pub fn mean(points: &[Fixed4]) -> Option<Fixed4> {
    let count = i128::try_from(points.len()).ok().filter(|count| *count > 0)?;
    Fixed4::try_from_ten_thousandths(rounded(total(points.iter().copied()), count))
}

/// All of them together; nothing when it has more than 14 digits before the point.
pub fn exact_sum(points: &[Fixed4]) -> Option<Fixed4> {
    Fixed4::try_from_ten_thousandths(total(points.iter().copied()))
}

/// Rounded to a multiple of a step, where there is one.
pub fn in_steps(points: Fixed4, step: Option<Fixed4>) -> Fixed4 {
    let Some(step) = step.filter(|step| *step > Fixed4::ZERO) else {
        return points;
    };
    let step = i128::from(step.ten_thousandths());
    within(rounded(points.ten_thousandths().into(), step) * step)
}

/// Whether it is a multiple of a step.
pub fn is_multiple(points: Fixed4, step: Fixed4) -> bool {
    points.ten_thousandths().checked_rem(step.ten_thousandths()) == Some(0)
}

/// A quotient as points.
pub fn settle(value: &Quotient) -> Fixed4 {
    value.to_figure(4).unwrap_or(if *value < Quotient::zero() {
        Fixed4::MIN
    } else {
        Fixed4::MAX
    })
}

fn total(points: impl IntoIterator<Item = Fixed4>) -> i128 {
    points.into_iter().map(|one| i128::from(one.ten_thousandths())).sum()
}

/// At most 36 digits, so that twice as much fits too.
fn product(one: Fixed4, other: Fixed4) -> i128 {
    i128::from(one.ten_thousandths()) * i128::from(other.ten_thousandths())
}

/// One divided by the other, which is not zero, as a whole number, halves away from zero.
fn rounded(count: i128, divisor: i128) -> i128 {
    let (size, by) = (count.unsigned_abs(), divisor.unsigned_abs());
    let whole = i128::try_from((size * 2 + by).checked_div(by * 2).unwrap_or_default()).unwrap_or(i128::MAX);
    if (count < 0) == (divisor < 0) { whole } else { -whole }
}

fn within(count: i128) -> Fixed4 {
    Fixed4::try_from_ten_thousandths(count).unwrap_or(if count < 0 { Fixed4::MIN } else { Fixed4::MAX })
}
