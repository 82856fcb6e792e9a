//! SQL of the proposals that a council compares with each other.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};
use thidua_entity::award_proposal;
use thidua_entity::enums::ProposalState;
use uuid::Uuid;

use super::proposals::{masked, shown_in, visible_proposals};
use crate::error::{Error, Result, Text};
use crate::policy::Reach;

/// Most proposals that are compared with each other.
pub const COMPARED_MAX: usize = 500;

/// The proposals of one kind of award and year that a unit decides and the caller sees, those left out that are refused as far as it was
/// told. That unit was found before. `TOO_COMPLEX` when there are more than [`COMPARED_MAX`].
pub async fn to_compare(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    (award_type, year, decider): (Uuid, i32, Uuid),
) -> Result<Vec<award_proposal::Model>> {
    use award_proposal::Column::{AwardTypeId, DeciderId, Id, Year};
    let found = visible_proposals(reach, today)?
        .filter(AwardTypeId.eq(award_type))
        .filter(Year.eq(year))
        .filter(DeciderId.eq(decider))
        .filter(shown_in(reach, today, ProposalState::Refused).not())
        .order_by_asc(Id)
        .limit(COMPARED_MAX as u64 + 1)
        .all(connection)
        .await?;
    if found.len() > COMPARED_MAX {
        // A cut comparison would look like a whole one.
        return Err(Error::TooComplex(Text::new(
            format!("Có hơn {COMPARED_MAX} đề nghị, nhiều hơn số có thể so sánh cùng lúc."),
            format!("There are more than {COMPARED_MAX} proposals, more than can be compared at once."),
        )));
    }
    masked(connection, reach, today, found).await
}
