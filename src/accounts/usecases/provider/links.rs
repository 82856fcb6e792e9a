//! Which person at the identity provider an account is: linked by its owner, who signs in there, or by an administrator, who records
//! the subject; and taken apart again.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::{account, provider_link};
use uuid::Uuid;

use super::super::links::find_in_hand;
use super::super::{Sessions, end_sessions, find_managed, manageable, second_factor};
use super::{CameBack, FlowBegun, begin, flow_invalid, prove};
use crate::accounts::{passwords, store};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::provider;

/// Begins to link the caller's own account. It is a way in for ever after, so the caller shows again who they are.
pub async fn start_link(
    env: &Env,
    actor: &Actor,
    redirect: &str,
    (password, code): (Option<&str>, Option<&str>),
) -> Result<FlowBegun> {
    env.provider.issuer()?;
    second_factor::confirm_identity(env, actor, password, code).await?;
    // Anew: else whoever sits at the desk links whoever last signed in there.
    begin(env, Some(actor.account_id), redirect, true).await
}

/// Links the caller's own account to the person whom the provider has proven. One that is linked already is `ALREADY_EXISTS`, whether
/// the person is or the account.
pub async fn finish_link(env: &Env, actor: &Actor, came: CameBack<'_>) -> Result<provider_link::Model> {
    let proven = prove(env, came, Some(actor.account_id)).await?;
    let tx = db::begin_write(&env.db).await?;
    let account = store::lock(&tx, actor.account_id).await?;
    if !store::use_flow(&tx, proven.flow, env.now()).await? {
        return Err(flow_invalid());
    }
    let link = insert(&tx, env, actor, &account, proven.issuer, proven.subject).await?;
    tx.commit().await?;
    Ok(link)
}

/// Links an account that the caller manages to the person of a subject, which the caller has learnt otherwise.
pub async fn link(env: &Env, actor: &Actor, id: Uuid, version: i32, subject: &str) -> Result<provider_link::Model> {
    policy::authorize_anywhere(actor, Action::AccountManage)?;
    let issuer = env.provider.issuer()?.to_owned();
    let subject = provider::read_subject(subject.trim()).ok_or_else(|| {
        Error::invalid(
            "SUBJECT_INVALID",
            "subject",
            "Mã định danh (sub) gồm 1 đến 255 chữ không dấu, chữ số và dấu, không có khoảng trắng, như nhà cung cấp danh tính ghi.",
            "A subject (sub) has 1 to 255 letters, digits and signs of ASCII without blanks, as the identity provider writes it.",
        )
    })?;
    let tx = db::begin_write(&env.db).await?;
    let account = find_in_hand(&tx, env, actor, id).await?;
    // It is a power over the account, as a role is.
    policy::check_proof(actor, Action::AccountManage)?;
    let unchanged = account::ActiveModel { ..Default::default() };
    let account = store::update(&tx, &account, version, unchanged).await?;
    let link = insert(&tx, env, actor, &account, issuer, subject).await?;
    tx.commit().await?;
    Ok(link)
}

async fn insert(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    account: &account::Model,
    issuer: String,
    subject: String,
) -> Result<provider_link::Model> {
    let row = provider_link::ActiveModel {
        id: Set(env.new_id()),
        account_id: Set(account.id),
        issuer: Set(issuer),
        subject: Set(subject),
        linked_at: Set(env.now()),
        linked_by: Set(actor.account_id),
    };
    let link = row.insert(tx).await?;
    record(tx, env, actor, Event("PROVIDER_LINKED"), &link).await?;
    Ok(link)
}

/// Takes a link away: of the caller's own account, or of one that it manages. The sessions that came by it end, but that of this request.
pub async fn unlink(env: &Env, actor: &Actor, id: Uuid) -> Result<provider_link::Model> {
    let tx = db::begin_write(&env.db).await?;
    let link = store::provider_link(&tx, id).await?;
    if actor.recorded_as() == Some(link.account_id) {
        let account = store::lock(&tx, link.account_id).await?;
        if account.must_change_password || account.password_hash == passwords::NONE {
            return Err(Error::WrongState(Text::new(
                "Tài khoản chưa có mật khẩu riêng nên đây là cách đăng nhập duy nhất; hãy nhờ quản trị viên gửi liên kết đặt mật khẩu trước.",
                "The account has no password of its own, so this is its only way in; ask an administrator for a link to choose one first.",
            )));
        }
    } else {
        find_managed(&tx, env, actor, link.account_id).await?;
        // Links of an account are shown to who manages it as a whole; for others there is none.
        if !manageable(&tx, env, actor, &[link.account_id])
            .await?
            .contains(&link.account_id)
        {
            return Err(Error::NotFound);
        }
    }
    if !store::remove_provider_link(&tx, id).await? {
        return Err(Error::NotFound);
    }
    let came_by_it = Sessions::ByLink {
        link: id,
        but: actor.session_id,
    };
    end_sessions(&tx, env, link.account_id, came_by_it, "UNLINKED").await?;
    record(&tx, env, actor, Event("PROVIDER_UNLINKED"), &link).await?;
    tx.commit().await?;
    Ok(link)
}

/// The subject is not told: at some providers it is the number of an identity card.
async fn record(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    event: Event,
    link: &provider_link::Model,
) -> Result<()> {
    let detail = json!({ "link": Kind::ProviderLink.id(link.id), "provider": link.issuer });
    audit::record(tx, env, actor, event, (Kind::Account, link.account_id), detail).await
}
