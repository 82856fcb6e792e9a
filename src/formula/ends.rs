//! The ends of the intervals of [`super::Number`]: how they are ordered and what becomes of them when numbers are added and
//! multiplied. Pure.

use std::cmp::Ordering;

use super::quotient::Quotient;

/// One end of a [`Number`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// No lowest.
    Below,
    /// The value, and whether the number may be just that.
    At(Quotient, bool),
    /// No highest.
    Above,
}

impl End {
    /// Order of the values; whether they are included is not looked at.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Below, Self::Below) | (Self::Above, Self::Above) => Ordering::Equal,
            (Self::Below, _) | (_, Self::Above) => Ordering::Less,
            (_, Self::Below) | (Self::Above, _) => Ordering::Greater,
            (Self::At(value, _), Self::At(other, _)) => value.cmp(other),
        }
    }

    pub const fn is_included(&self) -> bool {
        matches!(self, Self::At(_, true))
    }

    /// Where two numbers meet at this value, both of them may be it.
    pub const fn meets(&self, other: &Self) -> bool {
        self.is_included() && other.is_included()
    }

    /// The lower of two ends; of the same value the one that lets in more (`wide`) or less.
    pub fn lower(self, other: Self, wide: bool) -> Self {
        match self.order(&other) {
            Ordering::Less => self,
            Ordering::Greater => other,
            Ordering::Equal if self.is_included() == wide => self,
            Ordering::Equal => other,
        }
    }

    /// As [`Self::lower`], the upper of two ends.
    pub fn upper(self, other: Self, wide: bool) -> Self {
        match self.order(&other) {
            Ordering::Greater => self,
            Ordering::Less => other,
            Ordering::Equal if self.is_included() == wide => self,
            Ordering::Equal => other,
        }
    }

    pub fn map(&self, change: impl FnOnce(&Quotient) -> Quotient, included: impl FnOnce(bool) -> bool) -> Self {
        match self {
            Self::At(value, was) => Self::At(change(value), included(*was)),
            end => end.clone(),
        }
    }

    pub fn negated(&self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::Above => Self::Below,
            Self::At(value, included) => Self::At(-value, *included),
        }
    }

    /// The sum of two lower or of two upper ends.
    pub fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::At(value, included), Self::At(more, also)) => Self::At(value + more, *included && *also),
            (Self::At(..), end) | (end, _) => end.clone(),
        }
    }

    pub fn sign(&self) -> Ordering {
        self.order(&Self::At(Quotient::zero(), true))
    }

    /// A corner of a product. A zero that may be reached makes the product zero whatever the other is.
    pub fn times(&self, other: &Self) -> Self {
        if let (Self::At(value, included), Self::At(more, also)) = (self, other) {
            let zero = (*included && value.is_zero()) || (*also && more.is_zero());
            return Self::At(value * more, (*included && *also) || zero);
        }
        match (self.sign(), other.sign()) {
            (Ordering::Equal, _) => Self::At(Quotient::zero(), self.is_included()),
            (_, Ordering::Equal) => Self::At(Quotient::zero(), other.is_included()),
            (sign, same) if sign == same => Self::Above,
            _ => Self::Below,
        }
    }
}
