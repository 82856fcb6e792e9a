//! SQL of what units achieved in a year: in which emulation years they took part, and what the published results say of them. The units
//! were found before, by a case or a proposal that the caller sees.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use thidua_entity::enums::ResultState;
use thidua_entity::{emulation_participant, emulation_year, result, result_unit};
use uuid::Uuid;

use crate::error::Result;

/// A unit and an emulation year in which it takes part.
pub type TakesPart = (Uuid, Uuid);

/// In which emulation years that are called after a year some units take part.
pub async fn taking_part(connection: &impl ConnectionTrait, year: i32, units: &[Uuid]) -> Result<Vec<TakesPart>> {
    use emulation_participant::Column::{UnitId, WithdrawnOn, YearId};
    let year_of = emulation_participant::Entity::belongs_to(emulation_year::Entity)
        .from(YearId)
        .to(emulation_year::Column::Id);
    let found = emulation_participant::Entity::find()
        .select_only()
        .column(UnitId)
        .column(YearId)
        .join(JoinType::InnerJoin, year_of.into())
        .filter(UnitId.is_in(units.iter().copied()))
        .filter(WithdrawnOn.is_null())
        .filter(emulation_year::Column::Year.eq(year))
        .order_by_asc(YearId);
    Ok(found.into_tuple().all(connection).await?)
}

/// What each unit got in the result of its years that was published last, by two statements.
pub async fn merits(
    connection: &impl ConnectionTrait,
    taking_part: &[TakesPart],
) -> Result<HashMap<Uuid, result_unit::Model>> {
    if taking_part.is_empty() {
        return Ok(HashMap::new());
    }
    let mut years: Vec<Uuid> = taking_part.iter().map(|(_, year)| *year).collect();
    years.sort_unstable();
    years.dedup();
    // The last one first.
    let published = result::Entity::find()
        .filter(result::Column::YearId.is_in(years))
        .filter(result::Column::State.eq(ResultState::Published))
        .order_by_desc(result::Column::PublishedAt)
        .order_by_desc(result::Column::Number)
        .all(connection)
        .await?;
    let mut latest: HashMap<Uuid, Uuid> = HashMap::new();
    for result in &published {
        let theirs = taking_part.iter().filter(|(_, year)| *year == result.year_id);
        for (unit, _) in theirs {
            latest.entry(*unit).or_insert(result.id);
        }
    }
    if latest.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = result_unit::Entity::find()
        .filter(result_unit::Column::ResultId.is_in(latest.values().copied()))
        .filter(result_unit::Column::UnitId.is_in(latest.keys().copied()))
        .all(connection)
        .await?;
    let own = rows
        .into_iter()
        .filter(|row| latest.get(&row.unit_id) == Some(&row.result_id));
    Ok(own.map(|row| (row.unit_id, row)).collect())
}
