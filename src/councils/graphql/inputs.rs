//! What the queries and mutations of councils take.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use thidua_entity::enums::CouncilSeat;

use crate::councils::store::CouncilFilter;
use crate::councils::usecases::{NewCouncil, NewMember};
use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;

/// Which councils a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct CouncilWhere {
    /// Only those of this very unit.
    unit_id: Option<ID>,
    /// Also those that have ended, or had not begun, today.
    #[graphql(default = false)]
    include_ended: bool,
}

impl CouncilWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<CouncilFilter> {
        Ok(CouncilFilter {
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            include_ended: self.include_ended,
        })
    }
}

/// A council to be set up.
#[derive(InputObject)]
pub struct CreateCouncilInput {
    /// The unit to which it belongs.
    unit_id: ID,
    /// Name: `Hội đồng Thi đua - Khen thưởng LĐLĐ tỉnh Bến Tre`.
    name: String,
    /// The decision that sets it up, as written.
    decision: Option<String>,
    /// First day.
    valid_from: NaiveDate,
    /// A key of your own, at most 100 characters: asked again with it, the council set up first is the answer.
    pub idempotency_key: Option<String>,
}

impl CreateCouncilInput {
    /// The input as the use-case takes it.
    pub fn read(self) -> Result<NewCouncil> {
        Ok(NewCouncil {
            unit: Kind::Unit.parse(&self.unit_id)?,
            name: self.name,
            decision: self.decision,
            valid_from: self.valid_from,
        })
    }
}

/// The end of a council.
#[derive(InputObject)]
pub struct EndCouncilInput {
    /// The council.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// First day on which it no longer exists.
    pub on: NaiveDate,
}

/// Somebody who comes into a council.
#[derive(InputObject)]
pub struct AddCouncilMemberInput {
    /// The council.
    pub council_id: ID,
    /// The version of the council that you saw.
    pub version: i32,
    /// Name as written.
    name: String,
    /// In which seat. There is one chair at a time.
    #[graphql(default_with = "CouncilSeat::Member")]
    seat: CouncilSeat,
    /// Sign-in name of the account that is this member and casts the vote. Leave it out for who votes on paper only.
    username: Option<String>,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which they no longer sit; for what is entered of the past. Leave it out while no end is known.
    valid_to: Option<NaiveDate>,
}

impl AddCouncilMemberInput {
    /// The input as the use-case takes it.
    pub fn read(self) -> NewMember {
        NewMember {
            name: self.name,
            seat: self.seat,
            username: self.username,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }
}

/// The end of a member's time in a council.
#[derive(InputObject)]
pub struct EndCouncilMemberInput {
    /// The member.
    pub id: ID,
    /// The version of the member that you saw.
    pub version: i32,
    /// First day on which they no longer sit. One whose time has not begun is called off by a day that is not after its first.
    pub on: NaiveDate,
}
