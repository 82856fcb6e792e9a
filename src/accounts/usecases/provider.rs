//! Signing in through the province's identity provider, and what every way through it shares; linking accounts to people there is in
//! `provider/links.rs`.
//!
//! A front end begins, sends the person to the provider, and finishes with what they bring back. It begins with an address out of the
//! settings and gets a secret, `flow`, that it keeps for itself; the browser gets a `state`. Both are asked for again: a code that
//! somebody else has begun to fetch, and slipped to this person's browser, finds no `flow` that fits. What is under way is a row,
//! found by hashes, so that it is finished once, on whichever instance; the PKCE verifier and the nonce are in it, sealed.
//!
//! Who it is, the provider tells: its `sub`, and nothing else. An e-mail address, which people may choose there, is never looked at.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveModelTrait, Set};
use thidua_entity::provider_flow;
use uuid::Uuid;

use super::sessions::{By, open};
use super::{SignedIn, second_factor};
use crate::accounts::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::provider::{self, Failure, Secrets};
use crate::{auth, db};

mod links;
pub use links::{finish_link, link, start_link, unlink};

/// How long a person may take at the provider: to find the password, and the phone.
const FLOW_LIFE: Duration = Duration::minutes(10);
/// What a `flow` begins with; it is hashed with it, so that no other secret can stand in for one.
const MARK: &str = "oidc-";
/// Most bytes of a code.
const CODE_BYTES_MAX: usize = 4_096;

/// What a front end needs to send somebody to the provider.
pub struct FlowBegun {
    /// Where to.
    pub authorization_url: String,
    /// What comes back with the person.
    pub state: String,
    /// What the front end keeps for itself until then.
    pub flow: String,
    /// Seconds until it is too late.
    pub expires_in: i64,
}

/// What a front end has when the person is back.
#[derive(Clone, Copy)]
pub struct CameBack<'a> {
    /// What it kept for itself.
    pub flow: &'a str,
    /// What came back.
    pub state: &'a str,
    /// The code of the provider, which works once.
    pub code: &'a str,
}

/// Begins a sign-in of somebody who comes back at `redirect`.
pub async fn start_sign_in(env: &Env, redirect: &str, anew: bool) -> Result<FlowBegun> {
    begin(env, None, redirect, anew).await
}

/// Begins what is finished by signing in or, for `account`, by linking it.
async fn begin(env: &Env, account: Option<Uuid>, redirect: &str, anew: bool) -> Result<FlowBegun> {
    let issuer = env.provider.issuer()?;
    if !env.provider.leads_back_to(redirect) {
        return Err(Error::invalid(
            "REDIRECT_NOT_ALLOWED",
            "redirectUri",
            "Địa chỉ quay về này không có trong cấu hình (oidc_redirects); phải trùng từng ký tự.",
            "This address to come back to is not in the settings (oidc_redirects); it must be the same letter by letter.",
        ));
    }
    let begun = env.provider.begin(redirect, anew).await?;
    let (id, now) = (env.new_id(), env.now());
    let flow = format!("{MARK}{}", auth::new_secret().0);
    let secrets = serde_json::to_vec(&begun.secrets).map_err(Error::internal)?;
    let row = provider_flow::ActiveModel {
        id: Set(id),
        flow_hash: Set(auth::hash_secret(&flow)),
        state_hash: Set(auth::hash_secret(&begun.state)),
        issuer: Set(issuer.to_owned()),
        redirect_uri: Set(redirect.to_owned()),
        sealed_secrets: Set(env.sealer.seal(id, &secrets)?),
        account_id: Set(account),
        made_at: Set(now),
        expires_at: Set(now + FLOW_LIFE),
        code_taken_at: Set(None),
        subject: Set(None),
        authenticated_at: Set(None),
        used_at: Set(None),
    };
    let tx = db::begin_write(&env.db).await?;
    row.insert(&tx).await?;
    tx.commit().await?;
    Ok(FlowBegun {
        authorization_url: begun.url,
        state: begun.state,
        flow,
        expires_in: FLOW_LIFE.num_seconds(),
    })
}

/// Finishes a sign-in: opens a session of the account that is linked to the person whom the provider has proven, and to nobody else's.
/// Where the account has a second factor its code is asked for, as after a password: what the provider may have asked for besides
/// (`amr`, `acr`) shows nothing of the phone that is known here. Then the same is sent again with the code.
pub async fn finish_sign_in(env: &Env, came: CameBack<'_>, code: Option<&str>) -> Result<SignedIn> {
    let proven = prove(env, came, None).await?;
    let found = store::link_of_subject(&env.db, &proven.issuer, &proven.subject).await?;
    let found = found.ok_or_else(|| not_linked(&proven.subject))?;
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, found.account_id).await?;
    // Read again, now that nobody takes it away meanwhile.
    let link = store::link_of_subject(&tx, &proven.issuer, &proven.subject).await?;
    let link = link
        .filter(|link| *link == found)
        .ok_or_else(|| not_linked(&proven.subject))?;
    if account.locked_at.is_some() {
        return Err(locked());
    }
    let wrong = || second_factor::wrong_code("secondFactorCode");
    let second_factor = second_factor::asked_for(&tx, env, account.id, code, wrong).await?;
    if !store::use_flow(&tx, proven.flow, env.now()).await? {
        return Err(flow_invalid());
    }
    let by = By::Provider {
        link,
        authenticated_at: proven.authenticated_at,
    };
    let signed_in = open(&tx, env, &account, by, second_factor).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Somebody whom the provider has proven, in a flow that is not yet used.
struct Proven {
    flow: Uuid,
    issuer: String,
    subject: String,
    authenticated_at: Option<DateTime<Utc>>,
}

/// Who has come back, in a flow that was begun for signing in or, with `account`, for linking it. The code is sent to the provider
/// once; who it is stays noted until the flow is used or over, so that a second factor may follow.
async fn prove(env: &Env, came: CameBack<'_>, account: Option<Uuid>) -> Result<Proven> {
    let (issuer, now) = (env.provider.issuer()?, env.now());
    // Looked at without the write lock first: guesses must not make those wait who have something to write.
    let found = store::open_flow(&env.db, &auth::hash_secret(came.flow), now).await?;
    let state_hash = auth::hash_secret(came.state);
    let begun_here = |flow: &provider_flow::Model| {
        (flow.account_id, flow.issuer.as_str()) == (account, issuer) && flow.state_hash == state_hash
    };
    let flow = found.filter(begun_here).ok_or_else(flow_invalid)?;
    let (subject, authenticated_at) = match flow.subject {
        Some(subject) => (subject, flow.authenticated_at),
        None => ask(env, &flow, came.code).await?,
    };
    Ok(Proven {
        flow: flow.id,
        issuer: flow.issuer,
        subject,
        authenticated_at,
    })
}

type SubjectAndTime = (String, Option<DateTime<Utc>>);

/// Sends the code to the provider, not within a transaction: it may take seconds.
async fn ask(env: &Env, flow: &provider_flow::Model, code: &str) -> Result<SubjectAndTime> {
    if code.is_empty() || code.len() > CODE_BYTES_MAX {
        return Err(refused());
    }
    let secrets: Secrets =
        serde_json::from_slice(&env.sealer.open(flow.id, &flow.sealed_secrets)?).map_err(Error::internal)?;
    let tx = db::begin_write(&env.db).await?;
    if !store::take_flow_code(&tx, flow.id, env.now()).await? {
        return Err(flow_invalid());
    }
    tx.commit().await?;
    let came = provider::CameBack {
        code,
        redirect: &flow.redirect_uri,
        secrets,
        sent_at: flow.made_at,
    };
    match env.provider.prove(came).await {
        Ok(proven) => {
            let tx = db::begin_write(&env.db).await?;
            store::flow_proven(&tx, flow.id, &proven.subject, proven.authenticated_at).await?;
            tx.commit().await?;
            Ok((proven.subject, proven.authenticated_at))
        }
        Err(Failure::Away(cause)) => {
            let tx = db::begin_write(&env.db).await?;
            store::give_flow_code_back(&tx, flow.id).await?;
            tx.commit().await?;
            Err(Error::ProviderUnavailable(cause))
        }
        Err(Failure::Refused(cause)) => {
            tracing::warn!(cause, "The identity provider has not proven who somebody is");
            Err(refused())
        }
    }
}

/// Deletes what was begun and cannot be finished any more. The service does it now and then by itself.
pub async fn forget_old_flows(env: &Env) -> Result<u64> {
    let tx = db::begin_write(&env.db).await?;
    let forgotten = store::forget_flows(&tx, env.now()).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn flow_invalid() -> Error {
    Error::invalid(
        "FLOW_INVALID",
        "flow",
        "Lượt đăng nhập này không dùng được: đã dùng, đã hết hạn, hoặc không phải do ứng dụng này bắt đầu. Hãy bắt đầu lại.",
        "This sign-in does not work: it was used, has expired, or was not begun by this app. Begin again.",
    )
}

fn refused() -> Error {
    Error::invalid(
        "PROVIDER_REFUSED",
        "code",
        "Nhà cung cấp danh tính không xác nhận được người đăng nhập. Hãy bắt đầu lại; nếu vẫn không được, hãy báo quản trị viên.",
        "The identity provider has not proven who you are. Begin again; if it goes on, tell an administrator.",
    )
}

fn not_linked(subject: &str) -> Error {
    Error::invalid(
        "PROVIDER_NOT_LINKED",
        "code",
        format!(
            "Chưa có tài khoản nào ở đây được liên kết với người dùng này của nhà cung cấp danh tính. Hãy đăng nhập bằng mật khẩu rồi tự liên kết, \
             hoặc gửi quản trị viên mã định danh này: {subject}"
        ),
        format!(
            "No account here is linked to this person of the identity provider. Sign in by password and link it yourself, or send an \
             administrator this identifier: {subject}"
        ),
    )
}

fn locked() -> Error {
    Error::invalid(
        "ACCOUNT_LOCKED",
        "code",
        "Tài khoản đang bị khóa; hãy liên hệ quản trị viên.",
        "The account is locked; ask an administrator.",
    )
}
