//! SQL of quotas and of the places that proposals take in them. Everything that is shown starts from [`visible_quotas`].

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{OnConflict, Order, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};
use thidua_entity::enums::ProposalState;
use thidua_entity::{award_proposal, award_quota, award_quota_exception, award_reservation};
use uuid::Uuid;

use crate::awards::quota::{Exception, Seat, Standing};
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Reach, Resource};
use crate::units::store as units;
use crate::version::next;

/// A quota is seen from the unit that set it, from the unit that it is for, and from the cluster that it is for.
fn visible_quotas(reach: &Reach, today: NaiveDate) -> Result<Select<award_quota::Entity>> {
    use award_quota::Column::{ClusterId, SetterId, UnitId};
    reach.shows(Resource::Awards)?;
    if reach.everything {
        return Ok(award_quota::Entity::find());
    }
    let within = |column| units::within_subtree(reach, (award_quota::Entity, column), today);
    let mut seen = Condition::any().add(within(SetterId)).add(within(UnitId));
    if !reach.clusters.is_empty() {
        seen = seen.add(ClusterId.is_in(reach.clusters.iter().copied()));
    }
    Ok(award_quota::Entity::find().filter(seen))
}

/// One quota, if it is seen.
pub async fn find_quota(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<award_quota::Model> {
    let found = visible_quotas(reach, today)?.filter(award_quota::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Which quotas a list shows.
#[derive(Clone, Debug, Default)]
pub struct QuotaFilter {
    /// Only those of this kind of award.
    pub award_type: Option<Uuid>,
    /// Only those of this year.
    pub year: Option<i32>,
    /// Only those for this unit.
    pub unit: Option<Uuid>,
}

/// A page of the quotas that are seen, as they were set, and how many there are when that is asked.
pub async fn list_quotas(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &QuotaFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<award_quota::Model>, Option<u64>)> {
    use award_quota::Column::{AwardTypeId, Id, UnitId, Year};
    let mut select = visible_quotas(reach, today)?;
    if let Some(kind) = filter.award_type {
        select = select.filter(AwardTypeId.eq(kind));
    }
    if let Some(year) = filter.year {
        select = select.filter(Year.eq(year));
    }
    if let Some(unit) = filter.unit {
        select = select
            .filter(UnitId.eq(unit))
            .filter(units::is_seen(reach, unit, today));
    }
    let sorting = Sorting::by_id((award_quota::Entity, Id), Order::Asc, |row: &award_quota::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::listed(connection, select, &sorting, args, count).await
}

/// The quota of a setter for a subject, if there is one, locked.
pub async fn lock_quota_of(
    tx: &impl ConnectionTrait,
    (kind, year): (Uuid, i32),
    (setter, subject): (Uuid, Uuid),
) -> Result<Option<award_quota::Model>> {
    use award_quota::Column::{AwardTypeId, SetterId, SubjectId, Year};
    let found = award_quota::Entity::find()
        .filter(AwardTypeId.eq(kind))
        .filter(Year.eq(year))
        .filter(SetterId.eq(setter))
        .filter(SubjectId.eq(subject))
        .lock_exclusive();
    Ok(found.one(tx).await?)
}

/// Locks a quota until the transaction ends and reads it anew.
pub async fn lock_quota(tx: &impl ConnectionTrait, id: Uuid) -> Result<award_quota::Model> {
    let row = award_quota::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound)
}

fn against(kind: Uuid, year: i32, lineage: &[Uuid], clusters: &[Uuid]) -> Select<award_quota::Entity> {
    use award_quota::Column::{AwardTypeId, ClusterId, Id, UnitId, Year};
    let subjects = Condition::any()
        .add(UnitId.is_in(lineage.iter().copied()))
        .add(ClusterId.is_in(clusters.iter().copied()));
    award_quota::Entity::find()
        .filter(AwardTypeId.eq(kind))
        .filter(Year.eq(year))
        .filter(subjects)
        .order_by_asc(Id)
}

/// The quotas that a proposal counts against: those of the unit that proposes, of the units above it, and of its clusters.
pub async fn quotas_against(
    connection: &impl ConnectionTrait,
    (kind, year): (Uuid, i32),
    (lineage, clusters): (&[Uuid], &[Uuid]),
) -> Result<Vec<award_quota::Model>> {
    Ok(against(kind, year, lineage, clusters).all(connection).await?)
}

/// The same, locked in one order, so that of many who propose at once each sees what the others took.
pub async fn lock_quotas_against(
    tx: &impl ConnectionTrait,
    (kind, year): (Uuid, i32),
    (lineage, clusters): (&[Uuid], &[Uuid]),
) -> Result<Vec<award_quota::Model>> {
    Ok(against(kind, year, lineage, clusters).lock_exclusive().all(tx).await?)
}

/// How many places of some quotas are taken, by proposals that count.
pub async fn taken(connection: &impl ConnectionTrait, quotas: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use award_reservation::Column::{Counted, Id, QuotaId, ReleasedAt};
    let counts = award_reservation::Entity::find()
        .select_only()
        .column(QuotaId)
        .column_as(Id.count(), "taken")
        .filter(QuotaId.is_in(quotas.iter().copied()))
        .filter(Counted.eq(true))
        .filter(ReleasedAt.is_null())
        .group_by(QuotaId);
    let counts: Vec<(Uuid, i64)> = counts.into_tuple().all(connection).await?;
    Ok(counts.into_iter().collect())
}

/// The exceptions of some quotas, as they were made.
pub async fn exceptions(
    connection: &impl ConnectionTrait,
    quotas: &[Uuid],
) -> Result<Vec<award_quota_exception::Model>> {
    let found = award_quota_exception::Entity::find()
        .filter(award_quota_exception::Column::QuotaId.is_in(quotas.iter().copied()))
        .order_by_asc(award_quota_exception::Column::Id);
    Ok(found.all(connection).await?)
}

/// How some quotas stand for a proposal of a unit for another, in their order.
pub async fn standings(
    connection: &impl ConnectionTrait,
    quotas: &[award_quota::Model],
    (proposer, unit): (Uuid, Uuid),
) -> Result<Vec<Standing>> {
    if quotas.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = quotas.iter().map(|quota| quota.id).collect();
    let taken = taken(connection, &ids).await?;
    let mut excepted = exceptions(connection, &ids).await?;
    excepted.retain(|one| one.unit_id == proposer || one.unit_id == unit);
    let used = if excepted.iter().any(|one| one.extra.is_some()) {
        used_exceptions(connection, &ids).await?
    } else {
        Vec::new()
    };
    let standing = |quota: &award_quota::Model| {
        let exception = excepted.iter().find(|one| one.quota_id == quota.id);
        let of = |one: &award_quota_exception::Model| {
            let by = |row: &&(Uuid, Uuid, Uuid)| row.0 == quota.id && (row.1 == one.unit_id || row.2 == one.unit_id);
            i32::try_from(used.iter().filter(by).count()).unwrap_or(i32::MAX)
        };
        Standing {
            most: quota.most,
            taken: taken
                .get(&quota.id)
                .map_or(0, |taken| i32::try_from(*taken).unwrap_or(i32::MAX)),
            exception: exception.map(|one| match one.extra {
                None => Exception::All,
                Some(extra) => Exception::Some { extra, used: of(one) },
            }),
        }
    };
    Ok(quotas.iter().map(standing).collect())
}

/// The places by exception that are held: of which quota, proposed by whom, for whom.
async fn used_exceptions(connection: &impl ConnectionTrait, quotas: &[Uuid]) -> Result<Vec<(Uuid, Uuid, Uuid)>> {
    use award_reservation::Column::{Counted, ProposalId, QuotaId, ReleasedAt};
    let used = award_reservation::Entity::find()
        .select_only()
        .column(QuotaId)
        .column(award_proposal::Column::ProposerId)
        .column(award_proposal::Column::UnitId)
        .join(
            JoinType::InnerJoin,
            award_reservation::Entity::belongs_to(award_proposal::Entity)
                .from(ProposalId)
                .to(award_proposal::Column::Id)
                .into(),
        )
        .filter(QuotaId.is_in(quotas.iter().copied()))
        .filter(Counted.eq(false))
        .filter(ReleasedAt.is_null());
    Ok(used.into_tuple().all(connection).await?)
}

/// Takes a place in each quota for a proposal, be it one that it gave free before.
pub async fn reserve(
    tx: &impl ConnectionTrait,
    proposal: Uuid,
    seats: &[(Uuid, Seat)],
    new_id: impl Fn() -> Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    if seats.is_empty() {
        return Ok(());
    }
    let rows = seats.iter().map(|(quota, seat)| award_reservation::ActiveModel {
        id: Set(new_id()),
        quota_id: Set(*quota),
        proposal_id: Set(proposal),
        counted: Set(*seat == Seat::Counted),
        taken_at: Set(now),
        released_at: Set(None),
    });
    use award_reservation::Column::{Counted, ProposalId, QuotaId, ReleasedAt, TakenAt};
    let again = OnConflict::columns([QuotaId, ProposalId])
        .update_columns([Counted, TakenAt, ReleasedAt])
        .to_owned();
    award_reservation::Entity::insert_many(rows)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The proposals that count against a quota which is set only now: for that award, or reduced to it, and neither refused nor reduced from it as
/// was told; of the unit and what is below it today, or of the members of the cluster.
pub async fn proposed_against(
    tx: &impl ConnectionTrait,
    quota: &award_quota::Model,
    today: NaiveDate,
) -> Result<Vec<Uuid>> {
    use award_proposal::Column::{AwardTypeId, Id, ProposerId, ReducedToId, ReleasedAt, State, Year};
    let subject = [quota.subject_id];
    let from = match quota.unit_id {
        Some(unit) => Condition::any()
            .add(ProposerId.eq(unit))
            .add(ProposerId.in_subquery(units::below(&subject, today))),
        None => Condition::any().add(ProposerId.in_subquery(units::members_of(&subject, today))),
    };
    let given_up = Condition::all()
        .add(State.is_in([ProposalState::Refused, ProposalState::Reduced]))
        .add(ReleasedAt.is_not_null());
    let asked = Condition::all()
        .add(AwardTypeId.eq(quota.award_type_id))
        .add(given_up.not());
    let found = award_proposal::Entity::find()
        .select_only()
        .column(Id)
        .filter(Year.eq(quota.year))
        .filter(Condition::any().add(asked).add(ReducedToId.eq(quota.award_type_id)))
        .filter(from)
        .order_by_asc(Id);
    Ok(found.into_tuple().all(tx).await?)
}

/// Takes a place that counts in one quota for each of some proposals.
pub async fn take_in(
    tx: &impl ConnectionTrait,
    quota: Uuid,
    proposals: &[Uuid],
    new_id: impl Fn() -> Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    for some in proposals.chunks(db::ROWS_AT_ONCE) {
        let rows = some.iter().map(|proposal| award_reservation::ActiveModel {
            id: Set(new_id()),
            quota_id: Set(quota),
            proposal_id: Set(*proposal),
            counted: Set(true),
            taken_at: Set(now),
            released_at: Set(None),
        });
        award_reservation::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Gives the places of some proposals in the quotas of a kind of award free.
pub async fn release_seats(
    tx: &impl ConnectionTrait,
    proposals: &[Uuid],
    kind: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    use award_reservation::Column::{ProposalId, QuotaId, ReleasedAt};
    let of_kind = Query::select()
        .column(award_quota::Column::Id)
        .from(award_quota::Entity)
        .and_where(award_quota::Column::AwardTypeId.eq(kind))
        .to_owned();
    let row = award_reservation::ActiveModel {
        released_at: Set(Some(now)),
        ..Default::default()
    };
    award_reservation::Entity::update_many()
        .set(row)
        .filter(ProposalId.is_in(proposals.iter().copied()))
        .filter(QuotaId.in_subquery(of_kind))
        .filter(ReleasedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes a new quota.
pub async fn add_quota(tx: &impl ConnectionTrait, row: award_quota::ActiveModel) -> Result<award_quota::Model> {
    Ok(row.insert(tx).await?)
}

/// Writes a changed quota that is locked.
pub async fn update_quota(
    tx: &impl ConnectionTrait,
    read: &award_quota::Model,
    change: award_quota::ActiveModel,
) -> Result<award_quota::Model> {
    let row = award_quota::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = award_quota::Entity::update_many()
        .set(row)
        .filter(award_quota::Column::Id.eq(read.id))
        .filter(award_quota::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    lock_quota(tx, read.id).await
}

/// Writes an exception.
pub async fn add_exception(tx: &impl ConnectionTrait, row: award_quota_exception::ActiveModel) -> Result<()> {
    row.insert(tx).await?;
    Ok(())
}
