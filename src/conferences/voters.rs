//! Who is on the roll of a conference and votes there: the member units of a cluster, or the members of a council. Pure.

use serde::Serialize;
use uuid::Uuid;

use crate::error::{Error, Result, Text};

/// One who has a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Voter {
    /// A member unit of a cluster, for which its officers act.
    Unit(Uuid),
    /// A member of a council, who acts alone.
    Member(Uuid),
}

impl Voter {
    /// The one of the two that somebody named. Neither, or both, is told as a problem of the field.
    pub fn named(field: &str, unit: Option<Uuid>, member: Option<Uuid>) -> Result<Self> {
        match (unit, member) {
            (Some(unit), None) => Ok(Self::Unit(unit)),
            (None, Some(member)) => Ok(Self::Member(member)),
            _ => Err(Error::invalid(
                "VOTER_AMBIGUOUS",
                field,
                "Nêu đúng một trong hai: đơn vị (hội nghị cụm), hoặc thành viên hội đồng.",
                "Name exactly one of the two: a unit, at the conference of a cluster, or a member of a council.",
            )),
        }
    }

    /// Its identity on rolls.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Unit(id) | Self::Member(id) => id,
        }
    }

    /// The field in which it is named.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Unit(_) => "unitId",
            Self::Member(_) => "memberId",
        }
    }

    /// That it belongs to those who are on the roll.
    pub fn belongs(self, field: &str, members: &[Uuid]) -> Result<()> {
        if members.contains(&self.id()) {
            return Ok(());
        }
        let told = match self {
            Self::Unit(_) => Text::new(
                "Đơn vị không phải thành viên của cụm vào ngày họp.",
                "The unit is not a member of the cluster on the day of the conference.",
            ),
            Self::Member(_) => Text::new(
                "Người này không phải thành viên hội đồng vào ngày họp.",
                "This is no member of the council on the day of the conference.",
            ),
        };
        Err(Error::invalid("NOT_A_MEMBER", field, told.vi, told.en))
    }

    /// That it is not named twice in a list.
    pub fn named_once(self, field: &str, before: &[Uuid]) -> Result<()> {
        if !before.contains(&self.id()) {
            return Ok(());
        }
        Err(Error::invalid(
            "NAMED_TWICE",
            field,
            "Thành viên này được nêu hai lần.",
            "This member is named twice.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vote_is_that_of_a_unit_or_of_a_member_and_never_of_both() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let named = |unit, member| Voter::named("unitId", unit, member).ok();
        assert_eq!(named(Some(one), None), Some(Voter::Unit(one)));
        assert_eq!(named(None, Some(other)), Some(Voter::Member(other)));
        assert_eq!((named(None, None), named(Some(one), Some(other))), (None, None));
        assert!(Voter::Member(other).belongs("memberId", &[other]).is_ok());
        assert!(Voter::Unit(one).belongs("unitId", &[other]).is_err());
        assert!(Voter::Unit(one).named_once("unitId", &[one]).is_err());
    }
}
