//! SQL of decisions that come in many at once: what stands in registries already, and writing what does not.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Set,
};
use thidua_entity::{award, award_decision, award_type};
use uuid::Uuid;

use super::{awards_of, visible, visible_decisions};
use crate::db::ROWS_AT_ONCE;
use crate::error::Result;
use crate::policy::Reach;

/// Most kinds of award that are gone through.
const KINDS_MAX: u64 = 2_000;
/// Most decisions of registries that are compared with those of one file.
const PAPERS_MAX: u64 = 5_000;

/// The whole catalogue of kinds of award by name, those that are no longer given too.
pub async fn catalogue(connection: &impl ConnectionTrait) -> Result<Vec<award_type::Model>> {
    let kinds = award_type::Entity::find()
        .order_by_asc(award_type::Column::SortKey)
        .order_by_asc(award_type::Column::Id)
        .limit(KINDS_MAX);
    Ok(kinds.all(connection).await?)
}

/// The decisions in some registries that have one of these numbers, or none and one of these years of achievement; those that are seen.
pub async fn papers(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    owners: &[Uuid],
    numbers: Vec<Vec<u8>>,
    years: Vec<i32>,
) -> Result<Vec<award_decision::Model>> {
    use award_decision::Column;
    let without = Condition::all()
        .add(Column::NumberKey.is_null())
        .add(Column::Year.is_in(years));
    let papers = visible_decisions(reach, today)?
        .filter(Column::OwnerId.is_in(owners.iter().copied()))
        .filter(Condition::any().add(Column::NumberKey.is_in(numbers)).add(without))
        .order_by_desc(Column::Id)
        .limit(PAPERS_MAX);
    Ok(papers.all(connection).await?)
}

#[derive(FromQueryResult)]
struct Many {
    decision_id: Uuid,
    awards: i64,
}

/// The awards of those decisions that give just as many as is said; of one that gives more or fewer none are read.
pub async fn awards_of_so_many(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    decisions: &HashMap<Uuid, usize>,
) -> Result<HashMap<Uuid, Vec<award::Model>>> {
    use award::Column;
    let counts = visible(reach, today)?
        .filter(Column::DecisionId.is_in(decisions.keys().copied()))
        .select_only()
        .column(Column::DecisionId)
        .column_as(Column::Id.count(), "awards")
        .group_by(Column::DecisionId)
        .into_model::<Many>()
        .all(connection)
        .await?;
    let is_so = |many: &Many| {
        let wanted = decisions.get(&many.decision_id).copied();
        wanted.is_some_and(|wanted| i64::try_from(wanted).is_ok_and(|wanted| wanted == many.awards))
    };
    let so_many: Vec<Uuid> = counts
        .iter()
        .filter(|many| is_so(many))
        .map(|many| many.decision_id)
        .collect();
    let mut found: HashMap<Uuid, Vec<award::Model>> = HashMap::new();
    for award in awards_of(connection, reach, &so_many, today).await? {
        found.entry(award.decision_id).or_default().push(award);
    }
    Ok(found)
}

/// Writes new decisions, without what they give.
pub async fn insert_decisions(tx: &impl ConnectionTrait, decisions: &[award_decision::Model]) -> Result<()> {
    for some in decisions.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().cloned().map(|row| award_decision::ActiveModel {
            id: Set(row.id),
            number: Set(row.number),
            number_key: Set(row.number_key),
            number_year: Set(row.number_year),
            year: Set(row.year),
            decided_on: Set(row.decided_on),
            issuer_id: Set(row.issuer_id),
            issuer_name: Set(row.issuer_name),
            issuer_key: Set(row.issuer_key),
            signer: Set(row.signer),
            legal_basis: Set(row.legal_basis),
            source: Set(row.source),
            owner_id: Set(row.owner_id),
            created_at: Set(row.created_at),
        });
        award_decision::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
