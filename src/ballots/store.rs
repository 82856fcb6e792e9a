//! SQL of ballots: reading. A ballot is seen by who sees its conference, and by the units on its roll. What is written is in
//! `store/writing.rs`.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
};
use thidua_entity::enums::{BallotPurpose, BallotState};
use thidua_entity::{
    ballot, ballot_count, ballot_option, ballot_paper, ballot_receipt, ballot_recusal, ballot_roll, ballot_vote,
};
use uuid::Uuid;

use crate::conferences;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::Resource;
use crate::years::store::View;

mod writing;
pub use writing::*;

const CONFERENCE: (ballot::Entity, ballot::Column) = (ballot::Entity, ballot::Column::ConferenceId);

fn visible(view: &View) -> Result<Select<ballot::Entity>> {
    view.reach.shows(Resource::Emulation)?;
    let in_sight = Condition::any()
        .add(conferences::store::of_seen(view, CONFERENCE))
        .add(Expr::exists(on_the_roll(&view.reach.units)));
    Ok(ballot::Entity::find().filter(in_sight))
}

/// That one of some units is on the roll of the ballot. It keeps its vote when its membership turns out to have ended before, and so must
/// see what it votes on.
fn on_the_roll(units: &[Uuid]) -> SelectStatement {
    use ballot_roll::Column::{BallotId, VoterId};
    let of_ballot = Expr::col((ballot_roll::Entity, BallotId)).equals((ballot::Entity, ballot::Column::Id));
    Query::select()
        .expr(Expr::val(1))
        .from(ballot_roll::Entity)
        .and_where(of_ballot)
        .and_where(Expr::col((ballot_roll::Entity, VoterId)).is_in(units.iter().copied()))
        .to_owned()
}

/// One ballot, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<ballot::Model> {
    let found = visible(view)?.filter(ballot::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Ballots by id, those that are seen.
pub async fn find_many(connection: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<ballot::Model>> {
    let found = visible(view)?.filter(ballot::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// A secret ballot that was opened, whoever asks: who brings a vote to it does not say who it is.
pub async fn find_secret(connection: &impl ConnectionTrait, id: Uuid) -> Result<ballot::Model> {
    let found = ballot::Entity::find_by_id(id)
        .filter(ballot::Column::Secret.eq(true))
        .filter(ballot::Column::PublicKey.is_not_null());
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Which ballots a list shows.
#[derive(Clone, Debug, Default)]
pub struct BallotFilter {
    /// Only those of this conference.
    pub conference: Option<Uuid>,
    /// Only those for this.
    pub purpose: Option<BallotPurpose>,
    /// Only those in this state.
    pub state: Option<BallotState>,
}

/// A page of the ballots that are seen, as they were drafted, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    view: &View,
    filter: &BallotFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<ballot::Model>, Option<u64>)> {
    use ballot::Column::{ConferenceId, Id, Purpose, State};
    let mut select = visible(view)?;
    if let Some(conference) = filter.conference {
        // Of a conference that is not seen there is none here.
        select = select
            .filter(ConferenceId.eq(conference))
            .filter(conferences::store::of_seen(view, CONFERENCE));
    }
    if let Some(purpose) = filter.purpose {
        select = select.filter(Purpose.eq(purpose));
    }
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    let sorting = Sorting::by_id((ballot::Entity, Id), Order::Asc, |row: &ballot::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::listed(connection, select, &sorting, args, count).await
}

/// The ballots of some conferences that are seen and neither confirmed nor void, with the last day of written votes.
pub async fn unfinished(
    connection: &impl ConnectionTrait,
    view: &View,
    conferences: &[Uuid],
) -> Result<Vec<(Uuid, Option<NaiveDate>)>> {
    use ballot::Column::{ConferenceId, Id, State, WrittenUntil};
    let open = visible(view)?
        .select_only()
        .columns([Id, WrittenUntil])
        .filter(ConferenceId.is_in(conferences.iter().copied()))
        .filter(State.is_not_in([BallotState::Confirmed, BallotState::Void]))
        .order_by_asc(Id)
        .limit(db::OPEN_MAX);
    Ok(open.into_tuple().all(connection).await?)
}

/// Open ballots, whoever asks, in which one votes in writing until one of these days: some, in the order of their ids, after one of them.
pub async fn closing(
    connection: &impl ConnectionTrait,
    (from, to): (NaiveDate, NaiveDate),
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<ballot::Model>> {
    use ballot::Column::{Id, State, WrittenUntil};
    let mut closing = ballot::Entity::find()
        .filter(State.eq(BallotState::Open))
        .filter(WrittenUntil.between(from, to))
        .order_by_asc(Id)
        .limit(most);
    if let Some(after) = after {
        closing = closing.filter(Id.gt(after));
    }
    Ok(closing.all(connection).await?)
}

/// The confirmed ballots of a conference for a purpose, as they were drafted.
pub async fn confirmed(
    connection: &impl ConnectionTrait,
    conference: Uuid,
    purpose: BallotPurpose,
) -> Result<Vec<ballot::Model>> {
    use ballot::Column::{ConferenceId, Id, Purpose, State};
    let found = ballot::Entity::find()
        .filter(ConferenceId.eq(conference))
        .filter(Purpose.eq(purpose))
        .filter(State.eq(BallotState::Confirmed))
        .order_by_asc(Id);
    Ok(found.all(connection).await?)
}

/// Which of some proposals of awards stand in a ballot that is in one of these states.
pub async fn voted_on(
    connection: &impl ConnectionTrait,
    proposals: &[Uuid],
    states: &[BallotState],
) -> Result<Vec<Uuid>> {
    use ballot_option::Column::{BallotId, ProposalId};
    let of_ballots = ballot_option::Entity::belongs_to(ballot::Entity)
        .from(BallotId)
        .to(ballot::Column::Id);
    let found = ballot_option::Entity::find()
        .join(JoinType::InnerJoin, of_ballots.into())
        .filter(ProposalId.is_in(proposals.iter().copied()))
        .filter(ballot::Column::State.is_in(states.iter().copied()));
    let rows = found.all(connection).await?;
    Ok(rows.into_iter().filter_map(|row| row.proposal_id).collect())
}

/// Whether a further round of a ballot was drafted that is not void.
pub async fn has_further_round(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let found = ballot::Entity::find()
        .filter(ballot::Column::RoundOf.eq(id))
        .filter(ballot::Column::State.ne(BallotState::Void));
    Ok(found.one(connection).await?.is_some())
}

/// Locks a ballot until the transaction ends and reads it anew: whoever casts a vote in it waits.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<ballot::Model> {
    locked(tx, id, LockType::Update).await
}

/// Keeps a ballot as it is until the transaction ends, beside others who do the same: whoever closes it waits.
pub async fn hold(tx: &impl ConnectionTrait, id: Uuid) -> Result<ballot::Model> {
    locked(tx, id, LockType::Share).await
}

async fn locked(tx: &impl ConnectionTrait, id: Uuid, how: LockType) -> Result<ballot::Model> {
    let row = ballot::Entity::find_by_id(id).lock(how).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// The options of some ballots, in their order.
pub async fn options(connection: &impl ConnectionTrait, ballots: &[Uuid]) -> Result<Vec<ballot_option::Model>> {
    use ballot_option::Column::{BallotId, Position};
    let found = ballot_option::Entity::find()
        .filter(BallotId.is_in(ballots.iter().copied()))
        .order_by_asc(Position);
    Ok(found.all(connection).await?)
}

/// Who does not vote in some ballots, and why.
pub async fn recusals(connection: &impl ConnectionTrait, ballots: &[Uuid]) -> Result<Vec<ballot_recusal::Model>> {
    use ballot_recusal::Column::{BallotId, VoterId};
    let found = ballot_recusal::Entity::find()
        .filter(BallotId.is_in(ballots.iter().copied()))
        .order_by_asc(VoterId);
    Ok(found.all(connection).await?)
}

/// The rolls of some ballots, by member.
pub async fn roll(connection: &impl ConnectionTrait, ballots: &[Uuid]) -> Result<Vec<ballot_roll::Model>> {
    use ballot_roll::Column::{BallotId, VoterId};
    let found = ballot_roll::Entity::find()
        .filter(BallotId.is_in(ballots.iter().copied()))
        .order_by_asc(VoterId);
    Ok(found.all(connection).await?)
}

/// A member on the roll of a ballot.
pub async fn on_roll(connection: &impl ConnectionTrait, ballot: Uuid, voter: Uuid) -> Result<ballot_roll::Model> {
    let found = ballot_roll::Entity::find_by_id((ballot, voter));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// The named votes of some open ballots, by member. Whether they may be told is a matter of their ballots.
pub async fn votes(connection: &impl ConnectionTrait, ballots: &[Uuid]) -> Result<Vec<ballot_vote::Model>> {
    use ballot_vote::Column::{BallotId, VoterId};
    let found = ballot_vote::Entity::find()
        .filter(BallotId.is_in(ballots.iter().copied()))
        .order_by_asc(VoterId);
    Ok(found.all(connection).await?)
}

/// The sealed papers of a secret ballot that is open, in the order of their receipts.
pub async fn papers(tx: &impl ConnectionTrait, ballot: Uuid) -> Result<Vec<ballot_paper::Model>> {
    use ballot_paper::Column::{BallotId, Receipt};
    let found = ballot_paper::Entity::find()
        .filter(BallotId.eq(ballot))
        .order_by_asc(Receipt);
    Ok(found.all(tx).await?)
}

/// The paper with a receipt.
pub async fn paper(tx: &impl ConnectionTrait, ballot: Uuid, receipt: &str) -> Result<ballot_paper::Model> {
    let found = ballot_paper::Entity::find_by_id((ballot, receipt.to_owned()));
    found.one(tx).await?.ok_or(Error::NotFound)
}

/// The receipts of some secret ballots that were counted, in their own order.
pub async fn receipts(connection: &impl ConnectionTrait, ballots: &[Uuid]) -> Result<Vec<ballot_receipt::Model>> {
    use ballot_receipt::Column::{BallotId, Receipt};
    let found = ballot_receipt::Entity::find()
        .filter(BallotId.is_in(ballots.iter().copied()))
        .order_by_asc(Receipt);
    Ok(found.all(connection).await?)
}

/// What the options of some ballots got.
pub async fn counts(connection: &impl ConnectionTrait, ballots: &[Uuid]) -> Result<Vec<ballot_count::Model>> {
    let found = ballot_count::Entity::find().filter(ballot_count::Column::BallotId.is_in(ballots.iter().copied()));
    Ok(found.all(connection).await?)
}
