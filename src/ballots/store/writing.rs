//! SQL of writing ballots. What is found here was found within somebody's reach before, or is brought by a token.

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use thidua_entity::{
    ballot, ballot_count, ballot_option, ballot_paper, ballot_receipt, ballot_recusal, ballot_roll, ballot_vote,
};
use uuid::Uuid;

use crate::db;
use crate::error::{Error, Result};
use crate::version::next;

/// Writes a ballot with its options and who does not vote in it.
pub async fn add(
    tx: &impl ConnectionTrait,
    row: ballot::ActiveModel,
    options: Vec<ballot_option::ActiveModel>,
    recusals: Vec<ballot_recusal::ActiveModel>,
) -> Result<ballot::Model> {
    let ballot = row.insert(tx).await?;
    ballot_option::Entity::insert_many(options)
        .exec_without_returning(tx)
        .await?;
    if !recusals.is_empty() {
        ballot_recusal::Entity::insert_many(recusals)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(ballot)
}

/// Writes a changed ballot, if it still has the version and the state that were read.
pub async fn update(
    tx: &impl ConnectionTrait,
    read: &ballot::Model,
    change: ballot::ActiveModel,
) -> Result<ballot::Model> {
    let row = ballot::ActiveModel {
        version: Set(next(read.version)),
        ..change
    };
    let changed = ballot::Entity::update_many()
        .set(row)
        .filter(ballot::Column::Id.eq(read.id))
        .filter(ballot::Column::State.eq(read.state))
        .filter(ballot::Column::Version.eq(read.version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)?;
    let row = ballot::Entity::find_by_id(read.id).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// Writes the roll of a ballot.
pub async fn add_roll(tx: &impl ConnectionTrait, rows: Vec<ballot_roll::ActiveModel>) -> Result<()> {
    ballot_roll::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Notes that the token of a member is given. The ballot must be locked, and the member have none.
///
/// All rows of the roll are written, by one statement: PostgreSQL notes on each row the transaction that wrote it last, and numbers those in
/// their order, so that a row which alone was written would tell after which votes its member came.
pub async fn give_token(tx: &impl ConnectionTrait, ballot: Uuid, voter: Uuid, blinded_hash: &str) -> Result<()> {
    use ballot_roll::Column::{BallotId, BlindedHash, TokenGiven, VoterId};
    let hash = CaseStatement::new()
        .case(VoterId.eq(voter), blinded_hash)
        .finally(Expr::col(BlindedHash));
    ballot_roll::Entity::update_many()
        .col_expr(TokenGiven, Expr::col(TokenGiven).or(VoterId.eq(voter)))
        .col_expr(BlindedHash, hash.into())
        .filter(BallotId.eq(ballot))
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes a named vote; `ALREADY_EXISTS` when the member has voted.
pub async fn add_vote(tx: &impl ConnectionTrait, row: ballot_vote::ActiveModel) -> Result<()> {
    ballot_vote::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes a sealed paper unless there is one with its receipt: whether it was written now. The ballot must be locked.
///
/// All papers of the ballot are written anew with it, by one statement and in the order of their receipts: so PostgreSQL notes the same
/// transaction on all of them, and where each lies in the table follows from its receipt and not from when it came.
pub async fn add_paper(tx: &impl ConnectionTrait, paper: ballot_paper::Model) -> Result<bool> {
    let ballot = paper.ballot_id;
    let mut papers = super::papers(tx, ballot).await?;
    if papers.iter().any(|there| there.receipt == paper.receipt) {
        return Ok(false);
    }
    papers.push(paper);
    papers.sort_unstable_by(|one, other| one.receipt.cmp(&other.receipt));
    let former = ballot_paper::Entity::delete_many().filter(ballot_paper::Column::BallotId.eq(ballot));
    former.exec(tx).await?;
    let rows = papers.into_iter().map(ballot_paper::ActiveModel::from);
    ballot_paper::Entity::insert_many(rows.map(ActiveModelTrait::reset_all))
        .exec_without_returning(tx)
        .await?;
    Ok(true)
}

/// Writes the receipts of a ballot that is counted, in their own order.
pub async fn add_receipts(tx: &impl ConnectionTrait, rows: Vec<ballot_receipt::ActiveModel>) -> Result<()> {
    if !rows.is_empty() {
        ballot_receipt::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Takes away what could be joined or opened: the sealed papers of a ballot, and what was signed blindly.
pub async fn remove_papers(tx: &impl ConnectionTrait, ballot: Uuid) -> Result<()> {
    let papers = ballot_paper::Entity::delete_many().filter(ballot_paper::Column::BallotId.eq(ballot));
    papers.exec(tx).await?;
    ballot_roll::Entity::update_many()
        .col_expr(ballot_roll::Column::BlindedHash, Expr::val(Option::<String>::None))
        .filter(ballot_roll::Column::BallotId.eq(ballot))
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes what each option got.
pub async fn add_counts(tx: &impl ConnectionTrait, rows: Vec<ballot_count::ActiveModel>) -> Result<()> {
    ballot_count::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
