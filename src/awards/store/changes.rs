//! SQL of what becomes of awards: corrections and revocations, handing over, what relies on what, and verification by code.

use chrono::NaiveDate;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use thidua_entity::enums::AwardChangeKind;
use thidua_entity::{award, award_change, award_decision, award_handover, award_reliance, award_type};
use uuid::Uuid;

use super::{make_findable, visible};
use crate::db::ROWS_AT_ONCE;
use crate::error::{Error, Result};
use crate::policy::Reach;

/// What became of some awards, the oldest first, whoever asks: the awards were found before.
pub async fn changes_of(connection: &impl ConnectionTrait, awards: &[Uuid]) -> Result<Vec<award_change::Model>> {
    let found = award_change::Entity::find()
        .filter(award_change::Column::AwardId.is_in(awards.iter().copied()))
        .order_by_asc(award_change::Column::Id);
    Ok(found.all(connection).await?)
}

/// When some awards were handed over, whoever asks: the awards were found before.
pub async fn handovers_of(connection: &impl ConnectionTrait, awards: &[Uuid]) -> Result<Vec<award_handover::Model>> {
    let found = award_handover::Entity::find()
        .filter(award_handover::Column::AwardId.is_in(awards.iter().copied()))
        .order_by_asc(award_handover::Column::Id);
    Ok(found.all(connection).await?)
}

/// Of some awards those on which they rely and that were revoked since; which relies, and on which. Only what is seen.
pub async fn shaken(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    awards: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<(Uuid, award::Model)>> {
    use award_reliance::Column::{AwardId, ReliedOnId};
    let revoked: SelectStatement = Query::select()
        .column(award_change::Column::AwardId)
        .from(award_change::Entity)
        .and_where(award_change::Column::Kind.eq(AwardChangeKind::Revoked))
        .to_owned();
    let pairs = award_reliance::Entity::find()
        .select_only()
        .columns([AwardId, ReliedOnId])
        .filter(AwardId.is_in(awards.iter().copied()))
        .filter(ReliedOnId.in_subquery(revoked));
    let pairs: Vec<(Uuid, Uuid)> = pairs.into_tuple().all(connection).await?;
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let grounds = visible(reach, today)?.filter(award::Column::Id.is_in(pairs.iter().map(|(_, ground)| *ground)));
    let grounds = grounds.all(connection).await?;
    let of = |(relying, ground): (Uuid, Uuid)| {
        let ground = grounds.iter().find(|award| award.id == ground).cloned();
        ground.map(|ground| (relying, ground))
    };
    Ok(pairs.into_iter().filter_map(of).collect())
}

/// Writes on which awards some awards rely: pairs of who relies and on what.
pub async fn add_reliances(tx: &impl ConnectionTrait, pairs: &[(Uuid, Uuid)]) -> Result<()> {
    for some in pairs.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(|(relying, ground)| award_reliance::ActiveModel {
            award_id: Set(*relying),
            relied_on_id: Set(*ground),
        });
        award_reliance::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Locks an award until the transaction ends and reads it anew.
pub async fn lock_award(tx: &impl ConnectionTrait, id: Uuid) -> Result<award::Model> {
    let row = award::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Writes what became of an award, and makes it findable by the name as corrected.
pub async fn add_change(tx: &impl ConnectionTrait, row: award_change::ActiveModel) -> Result<()> {
    let change = row.insert(tx).await?;
    let named = change
        .recipient_name
        .iter()
        .map(|name| (change.award_id, name.as_str()));
    make_findable(tx, named).await
}

/// Writes when an award was handed over; `ALREADY_EXISTS` when it was before.
pub async fn add_handover(tx: &impl ConnectionTrait, row: award_handover::ActiveModel) -> Result<()> {
    row.insert(tx).await?;
    Ok(())
}

/// An award as whoever holds its code may know it: no more than the certificate shows.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The award.
    pub award: award::Model,
    /// Its kind.
    pub kind: award_type::Model,
    /// Its decision.
    pub decision: award_decision::Model,
    /// What became of it, the oldest first.
    pub changes: Vec<award_change::Model>,
}

/// The award with a code, whoever asks: who has the code holds the certificate.
pub async fn certificate(connection: &impl ConnectionTrait, code: &str) -> Result<Option<Certificate>> {
    let award = award::Entity::find().filter(award::Column::VerifyCode.eq(code));
    let Some(award) = award.one(connection).await? else {
        return Ok(None);
    };
    let kind = award_type::Entity::find_by_id(award.award_type_id)
        .one(connection)
        .await?;
    let decision = award_decision::Entity::find_by_id(award.decision_id)
        .one(connection)
        .await?;
    let changes = changes_of(connection, &[award.id]).await?;
    Ok(kind.zip(decision).map(|(kind, decision)| Certificate {
        award,
        kind,
        decision,
        changes,
    }))
}
