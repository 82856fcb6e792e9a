//! Links that are mailed: who gets a letter, what it says, and what those learn who ask for one.

use serde_json::{Value, json};

use crate::accounts_links::{NEW, choose, invite, problem, reset};
use crate::accounts_signing_in::{PASSWORD, SignedIn, login};
use crate::support::{Answer, Manner, Postbox, TestApp, on_both_databases};

on_both_databases! {
    an_invitation_comes_by_mail_in_both_languages,
    who_forgot_a_password_gets_a_link,
    whoever_asks_learns_nothing_of_the_account,
    a_mail_server_that_takes_nothing_is_told_of,
}

fn token(letter: &str) -> String {
    let link = letter
        .lines()
        .find_map(|line| line.strip_prefix("https://thidua.congdoan.vn/mat-khau#token="));
    link.unwrap_or_else(|| panic!("no link in {letter}")).to_owned()
}

async fn forgets(app: &TestApp, username: &str) -> Answer {
    let body = json!({ "username": username });
    app.nobody().post("/api/v1/auth/forgotten", body).await
}

/// Somebody who was invited by mail and has chosen a password.
async fn lan(app: &TestApp, postbox: &Postbox) -> String {
    let before = postbox.letters().len();
    let invited = invite(&app.admin().await, "lan.pham", Some("lan@congdoan.vn")).await;
    let letter = postbox.letter(before + 1).await;
    assert_eq!(choose(app, &token(&letter), PASSWORD).await.status(), 204);
    invited.id().to_owned()
}

async fn an_invitation_comes_by_mail_in_both_languages(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let app = postbox.serves(&app).await;
    let invited = invite(&app.admin().await, "lan.pham", Some("lan@congdoan.vn")).await;
    assert_eq!(invited.str("/inviteAccount/delivery"), "MAILED");
    assert_eq!(*invited.at("/inviteAccount/link"), Value::Null, "nobody else needs it");
    let letter = postbox.letter(1).await;
    for said in [
        "<lan@congdoan.vn>",
        "<thidua@congdoan.vn>",
        "Auto-Submitted: auto-generated",
        "Kính gửi Phạm Thị Lan,",
        "tên đăng nhập lan.pham",
        "đến 08:00 ngày 13/03/2026 (giờ Việt Nam)",
        "Dear Phạm Thị Lan,",
        "until 2026-03-13 08:00",
    ] {
        assert!(letter.contains(said), "{said:?} is not in {letter}");
    }
    assert!(letter.find("Kính gửi") < letter.find("Dear"), "{letter}");
    assert_eq!(choose(&app, &token(&letter), NEW).await.status(), 204);
    let lan = SignedIn::again(&app, "lan.pham", NEW).await;
    let query = "{ viewer { account { email emailVerified } } }";
    let own = app.bearer_of(&lan.access).graphql(query, json!({})).await;
    assert_eq!(
        *own.at("/viewer/account"),
        json!({ "email": "lan@congdoan.vn", "emailVerified": true })
    );
    assert_eq!(postbox.letters().len(), 1);
    let unaddressed = invite(&app.admin().await, "khong.thu", None).await;
    assert_eq!(unaddressed.str("/inviteAccount/delivery"), "HANDED_OVER");
    assert!(
        unaddressed
            .str("/inviteAccount/link")
            .starts_with("https://thidua.congdoan.vn/mat-khau#token=")
    );
}

async fn who_forgot_a_password_gets_a_link(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let app = postbox.serves(&app).await;
    let id = lan(&app, &postbox).await;
    let signed_in = SignedIn::again(&app, "lan.pham", PASSWORD).await;
    assert_eq!(forgets(&app, "Lan.Pham").await.status(), 202);
    let letter = postbox.letter(2).await;
    assert!(letter.contains("đặt mật khẩu mới cho tài khoản lan.pham"), "{letter}");
    assert!(letter.contains("08:30 ngày 10/03/2026"), "{letter}");
    assert_eq!(
        signed_in.status().await,
        200,
        "anybody can ask; nothing has changed yet"
    );
    forgets(&app, "lan.pham").await;
    let newer = postbox.letter(3).await;
    assert_eq!(problem(&choose(&app, &token(&letter), NEW).await).1, "LINK_INVALID");
    assert_eq!(choose(&app, &token(&newer), NEW).await.status(), 204);
    assert_eq!(
        (signed_in.status().await, signed_in.refreshes().await.status()),
        (401, 401)
    );
    assert_eq!(login(&app, "lan.pham", PASSWORD).await.status(), 401);
    assert_eq!(login(&app, "lan.pham", NEW).await.status(), 200);
    let ended = "SELECT end_reason AS reason FROM session WHERE ended_at IS NOT NULL";
    let reason = app.rows(ended).await[0]
        .try_get::<String>("", "reason")
        .expect("a reason");
    assert_eq!(reason, "PASSWORD_CHANGED");
    let asked = app
        .audit_of(thidua::ids::Kind::Account.parse(&id).expect("an id"))
        .await;
    let asked = asked
        .iter()
        .find(|entry| entry.action == "PASSWORD_RESET_ASKED")
        .expect("an entry");
    assert_eq!(asked.account_id, None, "nobody knows who asked");
    assert!(asked.request_id.is_some());
}

async fn whoever_asks_learns_nothing_of_the_account(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let app = postbox.serves(&app).await;
    lan(&app, &postbox).await;
    let admin = app.admin().await;
    SignedIn::of(&app, "hien.tran").await;
    let unverified = invite(&admin, "chua.xac.nhan", Some("chua@congdoan.vn")).await;
    postbox.letter(2).await;
    let locked = invite(&admin, "bi.khoa", Some("khoa@congdoan.vn")).await;
    choose(&app, &token(&postbox.letter(3).await), NEW).await;
    let lock = json!({ "id": locked.id(), "version": 2 });
    admin.does("lockAccount", lock).await.thing();
    let mut answers = Vec::new();
    for name in [
        "lan.pham",
        "hien.tran",
        "khong.co.ai",
        "bi.khoa",
        "chua.xac.nhan",
        "Trần Thị Lan",
        "",
    ] {
        let answer = forgets(&app, name).await;
        assert_eq!(answer.statements(), 0, "{name}: what takes time comes after the answer");
        let headers = ["content-type", "cache-control", "retry-after"].map(|name| answer.header(name).to_owned());
        answers.push((answer.status(), answer.text().to_owned(), headers));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 202);
    let letter = postbox.letter(4).await;
    assert!(letter.contains("<lan@congdoan.vn>"), "{letter}");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(
        postbox.letters().len(),
        4,
        "only who has a verified address gets a letter"
    );
    // An administrator may mail to an address that is not verified yet, and that verifies it.
    let again = reset(&admin, unverified.id(), 1).await;
    assert_eq!(again.str("/resetPassword/delivery"), "MAILED");
    assert_eq!(choose(&app, &token(&postbox.letter(5).await), NEW).await.status(), 204);
    forgets(&app, "chua.xac.nhan").await;
    postbox.letter(6).await;
}

async fn a_mail_server_that_takes_nothing_is_told_of(app: TestApp) {
    let postbox = Postbox::open(Manner::Refuses).await;
    let app = postbox.serves(&app).await;
    let admin = app.admin().await;
    let invited = invite(&admin, "lan.pham", Some("lan@congdoan.vn")).await;
    assert_eq!(invited.str("/inviteAccount/delivery"), "FAILED");
    let link = invited.str("/inviteAccount/link");
    assert_eq!(
        choose(&app, &token(link), NEW).await.status(),
        204,
        "it can be handed over"
    );
    let query = "query($id: ID!) { node(id: $id) { ... on Account { emailVerified } } }";
    let seen = admin.graphql(query, json!({ "id": invited.id() })).await;
    assert_eq!(
        *seen.at("/node/emailVerified"),
        json!(false),
        "no letter came to the address"
    );
    assert_eq!(forgets(&app, "lan.pham").await.status(), 202);
}
