//! The second factor: setting it up, giving it, losing it; and showing again who one is before one decides something.

use sea_orm::ConnectionTrait;
use serde_json::json;
use thidua_entity::{account, second_factor};
use uuid::Uuid;

use super::{Sessions, access_changed, end_sessions, find_managed, manageable, not_oneself};
use crate::accounts::{passwords, second_factor as codes, store};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::Action;

/// What is shown once, so that a phone can be set up.
pub struct Enrolment {
    /// The secret as letters and digits.
    pub secret: String,
    /// The address for a square code.
    pub address: String,
}

/// Begins a second factor: the phone gets its secret, and nothing is asked for until a code confirms that it has it.
pub async fn enrol(env: &Env, actor: &Actor, password: &str) -> Result<Enrolment> {
    let account = right_password(env, actor, password).await?;
    let secret = codes::new_secret();
    let address = codes::address(&secret, &account.username).ok_or_else(|| Error::internal("no otpauth address"))?;
    let row = second_factor::Model {
        account_id: account.id,
        sealed_secret: env.sealer.seal(account.id, &secret)?,
        made_at: env.now(),
        confirmed_at: None,
        last_step: codes::first_step(env.now()),
    };
    let tx = db::begin_write(&env.db).await?;
    store::lock(&tx, account.id).await?;
    if confirmed(&tx, account.id).await?.is_some() {
        return Err(Error::WrongState(Text::new(
            "Tài khoản đã có xác thực hai lớp; hãy gỡ (removeSecondFactor) trước khi cài lại.",
            "The account has a second factor already; remove it (removeSecondFactor) before you set up another.",
        )));
    }
    store::begin_second_factor(&tx, row).await?;
    record(&tx, env, actor, "SECOND_FACTOR_BEGUN", account.id).await?;
    tx.commit().await?;
    Ok(Enrolment {
        secret: codes::shown(&secret),
        address,
    })
}

/// Confirms a second factor with its first code: from now on it is asked for at sign-in. Shows the recovery codes, once.
pub async fn confirm(env: &Env, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, actor.account_id).await?;
    let begun = store::second_factor(&tx, account.id).await?;
    let Some(begun) = begun.filter(|factor| factor.confirmed_at.is_none()) else {
        return Err(Error::WrongState(Text::new(
            "Không có xác thực hai lớp nào đang chờ xác nhận; hãy bắt đầu bằng enrolSecondFactor.",
            "No second factor waits to be confirmed; begin with enrolSecondFactor.",
        )));
    };
    if !takes_code(&tx, env, &begun, code).await? {
        return Err(wrong_code("code"));
    }
    store::confirm_second_factor(&tx, account.id, env.now()).await?;
    let shown = give_codes(&tx, account.id).await?;
    store::session_confirmed(&tx, actor.session_id, true, env.now()).await?;
    // Who signed in elsewhere has not given it there.
    end_sessions(
        &tx,
        env,
        account.id,
        Sessions::AllBut(actor.session_id),
        "SECOND_FACTOR",
    )
    .await?;
    access_changed(&tx, env, &[account.id]).await?;
    record(&tx, env, actor, "SECOND_FACTOR_CONFIRMED", account.id).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Puts new recovery codes in place of the old ones and shows them, once.
pub async fn renew_recovery_codes(env: &Env, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, actor.account_id).await?;
    let factor = confirmed(&tx, account.id).await?.ok_or_else(none)?;
    if !takes_code(&tx, env, &factor, code).await? {
        return Err(wrong_code("code"));
    }
    let shown = give_codes(&tx, account.id).await?;
    record(&tx, env, actor, "RECOVERY_CODES_RENEWED", account.id).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Takes one's own second factor away, which needs the password and a code.
pub async fn remove(env: &Env, actor: &Actor, password: &str, code: &str) -> Result<account::Model> {
    right_password(env, actor, password).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, actor.account_id).await?;
    let factor = confirmed(&tx, account.id).await?.ok_or_else(none)?;
    if !takes_code(&tx, env, &factor, code).await? {
        return Err(wrong_code("code"));
    }
    store::remove_second_factor(&tx, account.id).await?;
    record(&tx, env, actor, "SECOND_FACTOR_REMOVED", account.id).await?;
    tx.commit().await?;
    Ok(account)
}

/// Takes the second factor of an account away whose owner has lost phone and codes. All its sessions end.
pub async fn reset_second_factor(env: &Env, actor: &Actor, id: Uuid, version: i32) -> Result<account::Model> {
    let tx = db::begin_write(&env.db).await?;
    let account = find_managed(&tx, env, actor, id).await?;
    if !manageable(&tx, env, actor, &[id]).await?.contains(&id) {
        return Err(Error::Forbidden(Action::AccountManage));
    }
    not_oneself(actor, id, "id")?;
    let changed = store::update(&tx, &account, version, account::ActiveModel::default()).await?;
    if !store::remove_second_factor(&tx, id).await? {
        return Err(none());
    }
    end_sessions(&tx, env, id, Sessions::All, "SECOND_FACTOR").await?;
    record(&tx, env, actor, "SECOND_FACTOR_RESET", id).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Shows again who one is, so that one may decide: with a code where there is a second factor, else with the password.
pub async fn confirm_identity(env: &Env, actor: &Actor, password: Option<&str>, code: Option<&str>) -> Result<()> {
    let has_factor = confirmed(&env.db, actor.account_id).await?.is_some();
    if !has_factor {
        right_password(env, actor, password.unwrap_or_default()).await?;
    }
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, actor.account_id).await?;
    let given = asked_for(&tx, env, account.id, code, || wrong_code("code")).await?;
    store::session_confirmed(&tx, actor.session_id, given, env.now()).await?;
    access_changed(&tx, env, &[account.id]).await?;
    record(&tx, env, actor, "IDENTITY_CONFIRMED", account.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks for the code of the second factor where the account has one; tells whether it has. A code that is not taken is `wrong`.
pub async fn asked_for(
    tx: &impl ConnectionTrait,
    env: &Env,
    account: Uuid,
    code: Option<&str>,
    wrong: fn() -> Error,
) -> Result<bool> {
    let Some(factor) = confirmed(tx, account).await? else {
        return Ok(false);
    };
    let code = code.ok_or(Error::SecondFactorRequired)?;
    if takes_code(tx, env, &factor, code).await? {
        Ok(true)
    } else {
        Err(wrong())
    }
}

/// The second factor that is asked for at sign-in.
pub async fn confirmed(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<second_factor::Model>> {
    let factor = store::second_factor(connection, account).await?;
    Ok(factor.filter(|factor| factor.confirmed_at.is_some()))
}

/// Takes a code of the phone or, once the factor is confirmed, a recovery code. Each is taken once; after many wrong ones the
/// account waits, as for passwords.
pub async fn takes_code(
    tx: &impl ConnectionTrait,
    env: &Env,
    factor: &second_factor::Model,
    code: &str,
) -> Result<bool> {
    let (account, now) = (factor.account_id, env.now());
    let name = format!("second factor of {account}");
    env.passwords.may_try(&name, now)?;
    let secret = env.sealer.open(account, &factor.sealed_secret)?;
    let taken = match codes::step_of(&secret, code, now) {
        Some(step) => store::take_step(tx, account, step).await?,
        None if factor.confirmed_at.is_some() => {
            store::take_recovery_code(tx, account, codes::recovery_hash(code), now).await?
        }
        None => false,
    };
    env.passwords.count(&name, taken, now);
    Ok(taken)
}

async fn give_codes(tx: &impl ConnectionTrait, account: Uuid) -> Result<Vec<String>> {
    let shown = codes::new_recovery_codes();
    let hashes = shown.iter().map(|code| codes::recovery_hash(code)).collect();
    store::replace_recovery_codes(tx, account, hashes).await?;
    Ok(shown)
}

async fn right_password(env: &Env, actor: &Actor, password: &str) -> Result<account::Model> {
    let wrong = || {
        Error::invalid(
            "WRONG_PASSWORD",
            "password",
            "Mật khẩu không đúng.",
            "The password is wrong.",
        )
    };
    if password.len() > passwords::BYTES_MAX {
        return Err(wrong());
    }
    let account = store::own(&env.db, actor.account_id).await?;
    let hash = Some(account.password_hash.as_str());
    let right = env
        .passwords
        .verify(&account.username, password, hash, env.now())
        .await?;
    if right { Ok(account) } else { Err(wrong()) }
}

/// The problem of a code that is not taken, in its field.
pub fn wrong_code(field: &str) -> Error {
    Error::invalid(
        "WRONG_CODE",
        field,
        "Mã xác thực không đúng, đã dùng rồi, hoặc đã hết hạn; hãy nhập mã mới nhất.",
        "The code is wrong, was used already, or is too old; give the one shown now.",
    )
}

fn none() -> Error {
    Error::WrongState(Text::new(
        "Tài khoản chưa cài xác thực hai lớp.",
        "The account has no second factor.",
    ))
}

async fn record(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, event: &'static str, account: Uuid) -> Result<()> {
    audit::record(tx, env, actor, Event(event), (Kind::Account, account), json!({})).await
}
