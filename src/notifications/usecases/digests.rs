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
/// Notifications that one letter counts; whoever has more unread gets them with the next.
const NEWS_MAX: u64 = 500;
/// Notifications that one letter tells in sentences, the newest; of the others it says how many they are.
const TOLD_MAX: usize = 30;

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
    let local = env::in_vietnam(env.now());
    if local.hour() < env.telling.digest_hour {
        return Ok(0);
    }
    let mut rhythms = vec![DigestRhythm::Daily];
    if local.weekday() == Weekday::Mon {
        rhythms.push(DigestRhythm::Weekly);
    }
    let day = local.date_naive();
    let mut tried = 0;
    for account in store::due(&env.db, (env.now(), day), &rhythms, AT_ONCE).await? {
        let Some(row) = take_turn(env, &account).await? else {
            continue;
        };
        // Since the round was listed another instance may have mailed, or the owner may have chosen otherwise.
        let wanted = rhythms.contains(&row.rhythm) && row.sent_on.is_none_or(|sent_on| sent_on < day);
        if !wanted {
            continue;
        }
        tried += 1;
        let mailed = write(env, &account).await.unwrap_or_else(|error| {
            tracing::warn!(account.id = %account.id, cause = %error, "A letter could not be mailed; trying again later");
            again(env, &row)
        });
        let tx = db::begin_write(&env.db).await?;
        store::mailed(&tx, account.id, (env.now(), day), mailed).await?;
        tx.commit().await?;
    }
    Ok(tried)
}

/// Takes the turn of writing to an account, and tells how far its letters have come; `None` when another instance has the turn.
async fn take_turn(env: &Env, account: &account::Model) -> Result<Option<mail_digest::Model>> {
    let now = env.now();
    let tx = db::begin_write(&env.db).await?;
    let mine = store::take_turn(&tx, account.id, (now, now + TURN)).await?;
    let row = if mine {
        store::digest(&tx, account.id).await?
    } else {
        None
    };
    tx.commit().await?;
    Ok(row)
}

/// Writes the letter and hands it to the mail server.
async fn write(env: &Env, account: &account::Model) -> Result<Mailed> {
    let news = store::unmailed(&env.db, account.id, NEWS_MAX).await?;
    if news.is_empty() {
        return Ok(Mailed::NotNeeded);
    }
    let told: Result<Vec<_>> = news.iter().take(TOLD_MAX).map(wording::of).collect();
    let address = account.email.as_deref().unwrap_or_default();
    let letter = letters::digest(&account.display_name, address, &told?, news.len());
    env.mail.send(letter).await?;
    Ok(Mailed::Sent(news))
}

/// When a letter is tried again: after 2, 4, 8 … minutes, a few times a day.
fn again(env: &Env, row: &mail_digest::Model) -> Mailed {
    let failures = row.failures.clamp(0, TRIES_MAX);
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

/// Chooses how often the caller gets a letter.
pub async fn choose_rhythm(env: &Env, actor: &Actor, rhythm: DigestRhythm) -> Result<DigestRhythm> {
    let tx = db::begin_write(&env.db).await?;
    let row = store::set_rhythm(&tx, actor.account_id, rhythm, env.now()).await?;
    tx.commit().await?;
    Ok(row.rhythm)
}
