//! Signing in and out over REST: who gets in, and what ends a session. Tokens are told in
//! `accounts_tokens.rs`.

use actix_web::http::Method;
use chrono::Duration;
use futures_util::future::join_all;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua_entity::audit_entry;

use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    signing_in_gives_tokens_that_work,
    a_wrong_password_and_an_unknown_name_have_the_same_answer,
    who_guesses_too_often_waits,
    a_refresh_token_works_once,
    of_fifty_refreshes_at_once_one_wins,
    who_signs_out_is_out_at_once,
    of_eight_who_change_a_password_at_once_one_does,
    no_secret_is_in_the_audit,
}

pub const PASSWORD: &str = "Mưa rơi trên mái cũ";

/// What somebody has who signed in.
pub struct SignedIn {
    app: TestApp,
    pub access: String,
    pub refresh: String,
}

impl SignedIn {
    /// An account is made by an administrator, and its owner signs in.
    pub async fn of(app: &TestApp, username: &str) -> Self {
        make(app, username).await;
        Self::again(app, username, PASSWORD).await
    }

    pub async fn again(app: &TestApp, username: &str, password: &str) -> Self {
        Self::from(app, login(app, username, password).await)
    }

    pub fn from(app: &TestApp, answer: Answer) -> Self {
        assert_eq!(answer.status(), 200, "{answer}");
        let token = |name: &str| answer.body()[name].as_str().expect("a token").to_owned();
        Self {
            app: app.clone(),
            access: token("accessToken"),
            refresh: token("refreshToken"),
        }
    }

    /// The status of a question with the access token, the same on both doors.
    pub async fn status(&self) -> u16 {
        status(&self.app, &self.access).await
    }

    pub async fn refreshes(&self) -> Answer {
        refresh(&self.app, &self.refresh).await
    }
}

/// The status of a question with an access token, the same on both doors.
pub async fn status(app: &TestApp, access: &str) -> u16 {
    let person = app.bearer_of(access);
    let (rest, graphql) = (
        person.get("/api/v1/auth/me").await,
        person.graphql("{ viewer { can } }", json!({})).await,
    );
    let expected = if rest.status() == 200 { "" } else { "UNAUTHENTICATED" };
    assert_eq!((rest.code(), graphql.code()), (expected, expected), "{rest}");
    rest.status()
}

pub async fn make(app: &TestApp, username: &str) -> String {
    let input = json!({ "username": username, "displayName": "Trần Thị Hiền", "password": PASSWORD });
    let id = app.admin().await.does("createAccount", input).await.id().to_owned();
    app.settle(&id).await;
    id
}

pub async fn login(app: &TestApp, username: &str, password: &str) -> Answer {
    app.nobody()
        .post(
            "/api/v1/auth/login",
            json!({ "username": username, "password": password }),
        )
        .await
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.nobody()
        .post("/api/v1/auth/refresh", json!({ "refreshToken": token }))
        .await
}

async fn logout(app: &TestApp, token: &str) -> u16 {
    app.nobody()
        .post("/api/v1/auth/logout", json!({ "refreshToken": token }))
        .await
        .status()
}

/// All that an answer tells, but for the id of the request.
fn told(answer: &Answer) -> (u16, Value, Vec<String>) {
    let mut body = answer.body().clone();
    body.as_object_mut().expect("an object").remove("requestId");
    let headers = [
        "content-type",
        "content-language",
        "cache-control",
        "www-authenticate",
        "retry-after",
    ];
    (
        answer.status(),
        body,
        headers.map(|name| answer.header(name).to_owned()).to_vec(),
    )
}

pub async fn actions(app: &TestApp, account: &str) -> Vec<String> {
    let entries = app.audit_of(Kind::Account.parse(account).expect("an id")).await;
    entries.into_iter().map(|entry| entry.action).collect()
}

async fn signing_in_gives_tokens_that_work(app: TestApp) {
    let id = make(&app, "hien.tran").await;
    let answer = login(&app, " Hien.TRAN ", PASSWORD).await;
    assert_eq!((answer.status(), answer.header("cache-control")), (200, "no-store"));
    assert_eq!(answer.body()["expiresIn"], 600);
    assert_eq!(
        answer.body().as_object().map(serde_json::Map::len),
        Some(3),
        "no more is told: {answer}"
    );
    let first = SignedIn::from(&app, answer);
    assert_eq!(first.status().await, 200);
    let me = app.bearer_of(&first.access).get("/api/v1/auth/me").await;
    assert_eq!(
        (&me.body()["id"], &me.body()["username"]),
        (&json!(id), &json!("hien.tran"))
    );
    for header in ["bearer", "BEARER"] {
        let header = format!("{header} {}", first.access);
        let me = app
            .nobody()
            .request(Method::GET, "/api/v1/auth/me", &[("Authorization", &header)], "")
            .await;
        assert_eq!(me.status(), 200, "the scheme's case does not matter");
    }
    for header in [
        first.access.clone(),
        format!("Basic {}", first.access),
        "Bearer".to_owned(),
        "Bearer  ".to_owned(),
    ] {
        let me = app
            .nobody()
            .request(Method::GET, "/api/v1/auth/me", &[("Authorization", &header)], "")
            .await;
        assert_eq!((me.status(), me.code()), (401, "UNAUTHENTICATED"), "{header}");
    }
    assert_eq!(actions(&app, &id).await, ["ACCOUNT_CREATED", "SIGNED_IN"]);
    let wrong = json!({ "username": "hien.tran", "password": PASSWORD, "role": "ADMIN" });
    assert_eq!(
        app.nobody().post("/api/v1/auth/login", wrong).await.code(),
        "BAD_REQUEST",
        "what is not known is not ignored"
    );
}

async fn a_wrong_password_and_an_unknown_name_have_the_same_answer(app: TestApp) {
    let id = make(&app, "hien.tran").await;
    let locked = make(&app, "bi.khoa").await;
    app.admin()
        .await
        .does("lockAccount", json!({ "id": locked, "version": 1 }))
        .await
        .thing();
    let refused = told(&login(&app, "hien.tran", "không phải mật khẩu").await);
    assert_eq!((refused.0, &refused.1["code"]), (401, &json!("UNAUTHENTICATED")));
    assert_eq!(refused.1["detail"], "Tên đăng nhập hoặc mật khẩu không đúng.");
    for (username, password) in [
        ("khong.co.ai", PASSWORD),
        ("bi.khoa", PASSWORD),
        ("bi.khoa", "không phải mật khẩu"),
        ("hien.tran", ""),
        ("hien.tran", &PASSWORD.to_uppercase()),
        ("hien.tran", &"x".repeat(1_000)),
        ("", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("Trần Thị Hiền", PASSWORD),
        (&"a".repeat(10_000), PASSWORD),
    ] {
        assert_eq!(told(&login(&app, username, password).await), refused, "{username:.20}");
    }
    let english = app
        .nobody()
        .in_english()
        .post(
            "/api/v1/auth/login",
            json!({ "username": "hien.tran", "password": "x" }),
        )
        .await;
    assert_eq!(english.message(), "The user name or password is wrong.");
    assert_eq!(actions(&app, &id).await, ["ACCOUNT_CREATED"], "nobody has signed in");
}

async fn who_guesses_too_often_waits(app: TestApp) {
    make(&app, "hien.tran").await;
    for name in ["hien.tran", "khong.co.ai"] {
        for _ in 0..10 {
            assert_eq!(login(&app, name, "đoán thử một lần").await.status(), 401);
        }
        let refused = login(&app, name, PASSWORD).await;
        assert_eq!((refused.status(), refused.code()), (429, "RATE_LIMITED"));
        let wait: u32 = refused.header("retry-after").parse().expect("seconds");
        assert!((290..=300).contains(&wait), "{wait}");
    }
    app.it_is(moment(2026, 3, 10, 8, 6));
    assert_eq!(login(&app, "hien.tran", PASSWORD).await.status(), 200);
}

async fn a_refresh_token_works_once(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let other = SignedIn::again(&app, "hien.tran", PASSWORD).await;
    let answer = first.refreshes().await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let second = SignedIn::from(&app, answer);
    assert_ne!(second.refresh, first.refresh);
    let third = SignedIn::from(&app, second.refreshes().await);
    assert_eq!(
        (first.status().await, third.status().await),
        (200, 200),
        "access tokens live on"
    );
    // A copy comes back: the session ends, of the thief and of the owner, and no other.
    let replayed = first.refreshes().await;
    assert_eq!((replayed.status(), replayed.code()), (401, "UNAUTHENTICATED"));
    for gone in [&first, &second, &third] {
        assert_eq!(gone.status().await, 401);
        assert_eq!(gone.refreshes().await.status(), 401);
    }
    assert_eq!(other.status().await, 200);
    SignedIn::from(&app, other.refreshes().await);
    let me = app.bearer_of(&other.access).get("/api/v1/auth/me").await;
    let account = me.body()["id"].as_str().expect("an id");
    assert_eq!(
        actions(&app, account).await,
        ["ACCOUNT_CREATED", "SIGNED_IN", "SIGNED_IN", "REFRESH_REPLAYED"]
    );
    for unknown in ["", "x", &first.access, &"x".repeat(100_000)] {
        assert_eq!(refresh(&app, unknown).await.status(), 401);
    }
}

async fn of_fifty_refreshes_at_once_one_wins(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let answers = join_all((0..50).map(|_| first.refreshes())).await;
    let (won, lost): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status() == 200);
    assert_eq!(won.len(), 1);
    for answer in &lost {
        assert_eq!((answer.status(), answer.code()), (429, "RATE_LIMITED"), "{answer}");
        assert_eq!(answer.header("retry-after"), "5");
    }
    // Two windows of one app are no thief: the session goes on.
    let winner = SignedIn::from(&app, won.into_iter().next().expect("a winner"));
    assert_eq!((first.status().await, winner.status().await), (200, 200));
    SignedIn::from(&app, winner.refreshes().await);
}

async fn who_signs_out_is_out_at_once(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let second = SignedIn::from(&app, first.refreshes().await);
    let other = SignedIn::again(&app, "hien.tran", PASSWORD).await;
    assert_eq!(logout(&app, &second.refresh).await, 204);
    for gone in [&first, &second] {
        assert_eq!(gone.status().await, 401);
        assert_eq!(gone.refreshes().await.status(), 401);
    }
    assert_eq!(other.status().await, 200);
    for again in [second.refresh.as_str(), "", "x", &other.access] {
        assert_eq!(logout(&app, again).await, 204, "a token that nobody knows is no error");
    }
    assert_eq!(other.status().await, 200);
    let me = app.bearer_of(&other.access).get("/api/v1/auth/me").await;
    let account = me.body()["id"].as_str().expect("an id");
    assert_eq!(
        actions(&app, account).await,
        ["ACCOUNT_CREATED", "SIGNED_IN", "SIGNED_IN", "SIGNED_OUT"],
        "signed out once"
    );
}

async fn changes(person: &Person, current: &str, new: &str) -> Answer {
    person
        .does(
            "changePassword",
            json!({ "currentPassword": current, "newPassword": new }),
        )
        .await
}

async fn of_eight_who_change_a_password_at_once_one_does(app: TestApp) {
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let hien = app.bearer_of(&signed_in.access);
    let change = |number: usize| {
        let (hien, new) = (hien.clone(), format!("sân trường mùa hạ {number}"));
        async move { (changes(&hien, PASSWORD, &new).await, new) }
    };
    let answers = join_all((0..8).map(change)).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|(answer, _)| answer.user_errors().is_empty());
    assert_eq!(won.len(), 1);
    for (answer, new) in lost {
        assert_eq!(answer.user_errors(), [("WRONG_PASSWORD", "currentPassword")]);
        assert_eq!(login(&app, "hien.tran", &new).await.status(), 401);
        app.it_is(app.env.now().fixed_offset() + Duration::minutes(6));
    }
    assert_eq!(login(&app, "hien.tran", &won[0].1).await.status(), 200);
}

async fn no_secret_is_in_the_audit(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let second = SignedIn::from(&app, first.refreshes().await);
    let hien = app.bearer_of(&second.access);
    changes(&hien, PASSWORD, "nắng lên ngoài sân mới").await.thing();
    first.refreshes().await;
    let third = SignedIn::again(&app, "hien.tran", "nắng lên ngoài sân mới").await;
    login(&app, "hien.tran", "nắng xuống ngoài sân").await;
    logout(&app, &third.refresh).await;
    let entries = audit_entry::Entity::find().all(&app.env.db).await.expect("the audit");
    assert!(entries.len() >= 6, "{entries:?}");
    let secrets = [
        "mái cũ",
        "ngoài sân",
        "argon2",
        "eyJ",
        &first.refresh,
        &second.refresh,
        &third.refresh,
    ];
    for entry in &entries {
        let text = format!("{entry:?}");
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        for token in [&first, &second, &third] {
            let signature = token.access.rsplit('.').next().expect("a signature");
            assert!(!text.contains(signature), "{text}");
        }
    }
}
