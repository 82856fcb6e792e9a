//! Versions: every changeable thing counts its changes, and a write names the version that its writer saw. So nobody
//! overwrites what they have not seen.

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, IntoColumnRef, SimpleExpr};
use serde::Serialize;

use crate::error::{Error, Result};

/// The version after this one. The last one there is stays: whatever is counted, an answer is never a fault of arithmetic.
pub const fn next(version: i32) -> i32 {
    version.saturating_add(1)
}

/// The same of a column, for rows that are changed together.
pub fn next_of(column: impl IntoColumnRef) -> SimpleExpr {
    let column = Expr::col(column.into_column_ref());
    CaseStatement::new()
        .case(column.clone().lt(i32::MAX), column.clone().add(1))
        .finally(column)
        .into()
}

/// What a writer says of the version that it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Seen {
    /// Whichever it is: the writer wants the change all the same.
    Any,
    /// One of these; none of them, when what the writer named can be no version.
    OneOf(Vec<i32>),
}

impl Seen {
    /// Whether the writer wants the change whichever version it is.
    pub const fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// Lets a write through that saw the present version, else tells which it is.
    pub fn check(&self, current: i32) -> Result<()> {
        match self {
            Self::OneOf(versions) if !versions.contains(&current) => Err(Error::StaleVersion { current }),
            Self::OneOf(_) | Self::Any => Ok(()),
        }
    }
}

impl From<i32> for Seen {
    fn from(version: i32) -> Self {
        Self::OneOf(vec![version])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_never_overflows() {
        assert_eq!((next(1), next(i32::MAX)), (2, i32::MAX));
    }

    #[test]
    fn only_the_present_version_may_be_changed() {
        assert!(Seen::from(3).check(3).is_ok());
        assert!(Seen::OneOf(vec![1, 3]).check(3).is_ok());
        assert!(Seen::Any.check(3).is_ok());
        for stale in [Seen::from(2), Seen::OneOf(Vec::new())] {
            assert!(matches!(stale.check(3), Err(Error::StaleVersion { current: 3 })));
        }
    }
}
