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
    let counts = points.into_iter().map(|one| i128::from(one.ten_thousandths()));
    within(counts.sum())
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
    if weight.ten_thousandths() == ONE {
        return points;
    }
    settle(&(&Quotient::from(points) * &weight.into()))
}

/// `points × part / whole`; the points themselves when the whole is zero.
pub fn scaled(points: Fixed4, part: Fixed4, whole: Fixed4) -> Fixed4 {
    match Quotient::from(whole).inverse() {
        Some(inverse) if part != whole => settle(&(&(&Quotient::from(points) * &part.into()) * &inverse)),
        _ => points,
    }
}

/// Rounded to a multiple of a step, where there is one.
pub fn in_steps(points: Fixed4, step: Option<Fixed4>) -> Fixed4 {
    let Some(step) = step.filter(|step| *step > Fixed4::ZERO) else {
        return points;
    };
    let inverse = Quotient::from(step).inverse().unwrap_or_else(Quotient::zero);
    let steps = (&Quotient::from(points) * &inverse).to_figure(0);
    steps.map_or(points, |steps| settle(&(&Quotient::from(steps) * &step.into())))
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

fn within(count: i128) -> Fixed4 {
    Fixed4::try_from_ten_thousandths(count).unwrap_or(if count < 0 { Fixed4::MIN } else { Fixed4::MAX })
}
