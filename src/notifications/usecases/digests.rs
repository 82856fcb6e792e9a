//! Letters that gather what somebody has not read. The row of the account is the outbox: who writes a letter takes its turn in it, and
//! what became of the letter is written there. When an instance dies between sending and writing that down, the letter goes out twice;
//! it never gets lost.

use std::time::Duration as StdDuration;

use chrono::{Datelike as _, Duration, Timelike as _, Weekday};
use thidua_entity::enums::DigestRhythm;
use thidua_entity::{account, mail_digest};

use crate::auth::Actor;
use crate::db;
use crate::env::{self, Env};
use crate::error::Result;
use crate::notifications::store::{self, Mailed};
use crate::notifications::{letters, wording};

/// How long after a round the next begins, when nothing is left to do.
const REST: StdDuration = StdDuration::from_secs(60);
/// Letters of one round.
const AT_ONCE: u64 = 20;
/// How long who writes a letter keeps the turn: longer than the mail server may take.
const TURN: Duration = Duration::minutes(2);
/// How often a letter is tried on one day.
const TRIES_MAX: i32 = 6;
/// Notifications that one letter tells; of the rest it says how many they are.
const TOLD_MAX: u64 = 30;

/// Mails as long as the service runs, where there is a mail server.
pub async fn keep_mailing(env: Env) {
    if !env.mail.is_set_up() {
        return;
    }
    loop {
        match mail_digests(&env).await {
            Ok(0) => tokio::time::sleep(REST).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(cause = %error, "Letters could not be looked for; trying again soon");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Mails what is not read to those whose letter is due, and tells how many letters were tried. From `digest_hour` on, in
/// Asia/Ho_Chi_Minh; on Mondays also to those who want one in a week.
pub async fn mail_digests(env: &Env) -> Result<usize> {
    let (now, local) = (env.now(), env::in_vietnam(env.now()));
    if local.hour() < env.telling.digest_hour {
        return Ok(0);
    }
    let mut rhythms = vec![DigestRhythm::Daily];
    if local.weekday() == Weekday::Mon {
        rhythms.push(DigestRhythm::Weekly);
    }
    let mut tried = 0;
    for (account, before) in store::due(&env.db, (now, env.today()), &rhythms, AT_ONCE).await? {
        if take_turn(env, &account).await? {
            tried += 1;
            let mailed = write(env, &account, before.as_ref()).await;
            let mailed = mailed.unwrap_or_else(|error| {
                tracing::warn!(account.id = %account.id, cause = %error, "A letter could not be mailed; trying again later");
                again(env, before.as_ref())
            });
            let tx = db::begin_write(&env.db).await?;
            store::mailed(&tx, account.id, env.today(), mailed).await?;
            tx.commit().await?;
        }
    }
    Ok(tried)
}

async fn take_turn(env: &Env, account: &account::Model) -> Result<bool> {
    let now = env.now();
    let tx = db::begin_write(&env.db).await?;
    let mine = store::take_turn(&tx, account.id, (now, now + TURN)).await?;
    tx.commit().await?;
    Ok(mine)
}

/// Writes the letter and hands it to the mail server.
async fn write(env: &Env, account: &account::Model, before: Option<&mail_digest::Model>) -> Result<Mailed> {
    let told_until = before.and_then(|row| row.told_until);
    let (news, count) = store::untold(&env.db, account.id, told_until, TOLD_MAX).await?;
    let Some(newest) = news.first() else {
        // It was read meanwhile.
        return Ok(Mailed::GivenUp);
    };
    let until = newest.at;
    let sentences: Result<Vec<_>> = news.iter().map(wording::of).collect();
    let letter = letters::digest(
        &account.display_name,
        account.email.as_deref().unwrap_or_default(),
        &sentences?,
        count,
    );
    env.mail.send(letter).await?;
    Ok(Mailed::Sent(until))
}

/// When a letter is tried again: after 2, 4, 8 … minutes, a few times a day.
fn again(env: &Env, before: Option<&mail_digest::Model>) -> Mailed {
    let failures = before.map_or(0, |row| row.failures).clamp(0, TRIES_MAX);
    if failures + 1 >= TRIES_MAX {
        return Mailed::GivenUp;
    }
    Mailed::Again(env.now() + Duration::minutes(2 << failures))
}

/// How often the caller gets a letter.
pub async fn rhythm(env: &Env, actor: &Actor) -> Result<DigestRhythm> {
    let row = store::digest(&env.db, actor.account_id).await?;
    Ok(row.map_or(DigestRhythm::Daily, |row| row.rhythm))
}

/// Chooses how often the caller gets a letter. Whoever was told by one is not told the same by the next, whatever was chosen between.
pub async fn choose_rhythm(env: &Env, actor: &Actor, rhythm: DigestRhythm) -> Result<DigestRhythm> {
    let tx = db::begin_write(&env.db).await?;
    let row = store::set_rhythm(&tx, actor.account_id, rhythm, env.now()).await?;
    tx.commit().await?;
    Ok(row.rhythm)
}
