//! Voting secretly: the token by name, the vote without.
//!
//! Neither leaves an entry in the audit nor a time in a row, since a time here and a time there would be what joins the two. Nor the number
//! of a transaction, of which PostgreSQL notes the last one on every row: both write all rows of the ballot at once (`store/writing.rs`), for
//! which they lock it, one after the other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};
use thidua_entity::{ballot, ballot_paper};
use uuid::Uuid;

use super::voting;
use crate::auth::Actor;
use crate::ballots::choice::{Choice, Said};
use crate::ballots::state::{self, Step};
use crate::ballots::{paper, store, tokens};
use crate::conferences::voters::Voter;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::files::hex;

/// Signs the blinded token of a member, once: the same blinded token gets the same signature again, another gets none. The signature, in
/// base64url. That the token was given is noted, and not when.
pub async fn take_token(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    voter: Voter,
    blinded: &str,
) -> Result<(ballot::Model, String)> {
    let tx = db::begin_write(&env.db).await?;
    // Nobody acts on: no row and no entry names who asked.
    let (_acting, ballot, row) = voting::voter(&tx, env, actor, (id, voter), true).await?;
    let blinded = URL_SAFE_NO_PAD.decode(blinded).unwrap_or_default();
    let hash = hex(&Sha256::digest(&blinded));
    let signature = signed(env, &ballot, blinded).await?;
    if !row.token_given {
        store::give_token(&tx, id, row.voter_id, &hash).await?;
    } else if row.blinded_hash.as_deref() != Some(hash.as_str()) {
        return Err(Error::AlreadyExists("ballot_roll_token_given".to_owned()));
    }
    tx.commit().await?;
    Ok((ballot, URL_SAFE_NO_PAD.encode(signature)))
}

async fn signed(env: &Env, ballot: &ballot::Model, blinded: Vec<u8>) -> Result<Vec<u8>> {
    let sealed = ballot.sealed_key.as_deref();
    let sealed = sealed.ok_or_else(|| Error::internal("an open secret ballot has no key"))?;
    let key = env.sealer.open(ballot.id, sealed)?;
    let signing = tokio::task::spawn_blocking(move || tokens::sign(&key, &blinded));
    signing.await.map_err(Error::internal)?
}

/// Takes a vote with a token, from whoever brings it, and gives the receipt. A token counts once: with the same choice it gives the same
/// receipt again, with another it is refused.
pub async fn cast_paper(env: &Env, id: Uuid, token: &str, signature: &str, said: &Said) -> Result<String> {
    let ballot = store::find_secret(&env.db, id).await?;
    let read = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let (token, signature) = (read(token), read(signature));
    let public = ballot.public_key.clone().unwrap_or_default();
    if !tokens::is_signed(&public, &token, &signature) {
        return Err(Error::invalid(
            "TOKEN_INVALID",
            "signature",
            "Mã bỏ phiếu không hợp lệ cho cuộc bỏ phiếu này.",
            "The token is not one of this ballot.",
        ));
    }
    let receipt = tokens::receipt(&token);
    let tx = db::begin_write(&env.db).await?;
    let ballot = store::lock(&tx, id).await?;
    state::next(ballot.state, Step::Vote)?;
    let options = store::options(&tx, &[id]).await?;
    let choice = voting::chosen(&ballot, &options, said)?;
    let sealed = env.sealer.seal(id, &paper::written(&choice, options.len())?)?;
    let paper = ballot_paper::Model {
        ballot_id: id,
        receipt: receipt.clone(),
        sealed,
    };
    if !store::add_paper(&tx, paper).await? {
        same(&tx, env, id, &receipt, &choice).await?;
    }
    tx.commit().await?;
    Ok(receipt)
}

/// Lets through who sends the same again because an answer was lost.
async fn same(tx: &impl ConnectionTrait, env: &Env, id: Uuid, receipt: &str, choice: &Choice) -> Result<()> {
    let there = store::paper(tx, id, receipt).await?;
    if opened(env, id, &there.sealed)? == *choice {
        return Ok(());
    }
    Err(Error::AlreadyExists("ballot_paper_ballot_id_receipt".to_owned()))
}

/// The choice on a sealed paper.
pub(super) fn opened(env: &Env, ballot: Uuid, sealed: &[u8]) -> Result<Choice> {
    paper::read(&env.sealer.open(ballot, sealed)?)
}
