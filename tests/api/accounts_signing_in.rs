//! Signing in and out over REST: who gets in, which tokens work and for how long, and what ends them.

use actix_web::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use thidua::auth::Tokens;
use thidua::ids::Kind;
use thidua_entity::audit_entry;

use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    signing_in_gives_tokens_that_work,
    a_wrong_password_and_an_unknown_name_have_the_same_answer,
    who_guesses_too_often_waits,
    a_locked_account_is_out_at_once,
    a_refresh_token_works_once,
    of_twenty_refreshes_at_once_one_wins,
    who_signs_out_is_out_at_once,
    a_token_that_is_not_ours_is_refused,
    a_token_works_in_its_time,
    a_session_ends_with_its_days,
    the_public_key_is_told_and_no_other,
    another_password_ends_other_sessions,
    of_eight_who_change_a_password_at_once_one_does,
    no_secret_is_in_the_audit,
}

const PASSWORD: &str = "Mật khẩu của Hiền";

/// What somebody has who signed in.
struct SignedIn {
    app: TestApp,
    access: String,
    refresh: String,
}

impl SignedIn {
    /// An account is made by an administrator, and its owner signs in.
    async fn of(app: &TestApp, username: &str) -> Self {
        make(app, username).await;
        Self::again(app, username, PASSWORD).await
    }

    async fn again(app: &TestApp, username: &str, password: &str) -> Self {
        Self::from(app, login(app, username, password).await)
    }

    fn from(app: &TestApp, answer: Answer) -> Self {
        assert_eq!(answer.status(), 200, "{answer}");
        let token = |name: &str| answer.body()[name].as_str().expect("a token").to_owned();
        Self {
            app: app.clone(),
            access: token("accessToken"),
            refresh: token("refreshToken"),
        }
    }

    /// The status of a question with the access token, the same on both doors.
    async fn status(&self) -> u16 {
        status(&self.app, &self.access).await
    }

    async fn refreshes(&self) -> Answer {
        refresh(&self.app, &self.refresh).await
    }
}

/// The status of a question with an access token, the same on both doors.
async fn status(app: &TestApp, access: &str) -> u16 {
    let person = app.bearer_of(access);
    let (rest, graphql) = (
        person.get("/api/v1/auth/me").await,
        person.graphql("{ viewer { can } }", json!({})).await,
    );
    let expected = if rest.status() == 200 { "" } else { "UNAUTHENTICATED" };
    assert_eq!((rest.code(), graphql.code()), (expected, expected), "{rest}");
    rest.status()
}

async fn make(app: &TestApp, username: &str) -> String {
    let input = json!({ "username": username, "displayName": "Trần Thị Hiền", "password": PASSWORD });
    app.admin().await.does("createAccount", input).await.id().to_owned()
}

async fn login(app: &TestApp, username: &str, password: &str) -> Answer {
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

async fn actions(app: &TestApp, account: &str) -> Vec<String> {
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

async fn a_locked_account_is_out_at_once(app: TestApp) {
    let id = make(&app, "hien.tran").await;
    let (one, two) = (
        SignedIn::again(&app, "hien.tran", PASSWORD).await,
        SignedIn::again(&app, "hien.tran", PASSWORD).await,
    );
    let admin = app.admin().await;
    admin
        .does("lockAccount", json!({ "id": id, "version": 1 }))
        .await
        .thing();
    for session in [&one, &two] {
        assert_eq!(session.status().await, 401);
        assert_eq!(session.refreshes().await.status(), 401);
    }
    assert_eq!(login(&app, "hien.tran", PASSWORD).await.status(), 401);
    admin
        .does("unlockAccount", json!({ "id": id, "version": 2 }))
        .await
        .thing();
    assert_eq!(
        (one.status().await, two.refreshes().await.status()),
        (401, 401),
        "what has ended does not begin again"
    );
    assert_eq!(SignedIn::again(&app, "hien.tran", PASSWORD).await.status().await, 200);
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

async fn of_twenty_refreshes_at_once_one_wins(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let answers = join_all((0..20).map(|_| first.refreshes())).await;
    let (won, lost): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status() == 200);
    assert_eq!(won.len(), 1);
    for answer in &lost {
        assert_eq!((answer.status(), answer.code()), (401, "UNAUTHENTICATED"), "{answer}");
    }
    // Nineteen copies came back, so the session has ended, of the winner too.
    let winner = SignedIn::from(&app, won.into_iter().next().expect("a winner"));
    assert_eq!(
        (
            first.status().await,
            winner.status().await,
            winner.refreshes().await.status()
        ),
        (401, 401, 401)
    );
    let replays = audit_entry::Entity::find().all(&app.env.db).await.expect("the audit");
    assert_eq!(
        replays
            .iter()
            .filter(|entry| entry.action == "REFRESH_REPLAYED")
            .count(),
        1,
        "a session ends once"
    );
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

/// The parts of a token: header and payload read, signature as it stands.
fn parts(token: &str) -> (Value, Value, String) {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    (read(parts[0]), read(parts[1]), parts[2].to_owned())
}

fn joined(header: &Value, payload: &Value, signature: &str) -> String {
    let written = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", written(header), written(payload))
}

fn with(value: &Value, field: &str, other: Value) -> Value {
    let mut value = value.clone();
    value[field] = other;
    value
}

async fn a_token_that_is_not_ours_is_refused(app: TestApp) {
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let admin = app.admin().await;
    let (header, payload, signature) = parts(&signed_in.access);
    assert_eq!(
        (&header["alg"], &header["kid"]),
        (&json!("EdDSA"), &json!(app.env.tokens.kid()))
    );
    let known: Vec<&str> = payload
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        known,
        ["aud", "exp", "iat", "iss", "jti", "nbf", "sid", "sub"],
        "no role and no name is in a token"
    );
    let keys = app.env.tokens.jwks();
    let public = URL_SAFE_NO_PAD
        .decode(keys["keys"][0]["x"].as_str().expect("a key"))
        .expect("base64");
    let symmetric = |alg, key: &[u8]| {
        let header = Header {
            kid: Some(app.env.tokens.kid().to_owned()),
            ..Header::new(alg)
        };
        encode(&header, &payload, &EncodingKey::from_secret(key)).expect("a token")
    };
    let key = app.settings.signing_key_path();
    let ours = |issuer: &str, audience: &str| {
        let tokens = Tokens::open(&key, issuer, audience, 600).expect("the same key");
        assert_eq!(tokens.kid(), app.env.tokens.kid());
        let (_, session) = (0, payload["sid"].as_str().expect("a session").parse().expect("an id"));
        let account = payload["sub"].as_str().expect("an account").parse().expect("an id");
        tokens.issue(account, session, app.env.now()).expect("a token").0
    };
    let stranger = tempfile::tempdir().expect("a folder");
    let stranger = Tokens::open(&stranger.path().join("key.json"), "thidua", "thidua-api", 600).expect("another key");
    let (foreign, _) = stranger
        .issue(admin.account(), admin.account(), app.env.now())
        .expect("a token");
    let (foreign_header, foreign_payload, foreign_signature) = parts(&foreign);
    let ours_by_name = with(&foreign_header, "kid", json!(app.env.tokens.kid()));
    let with_key = with(
        &with(&foreign_header, "jwk", stranger.jwks()["keys"][0].clone()),
        "jku",
        json!("https://kẻ.gian/jwks"),
    );
    let mut shorter = signature.clone();
    shorter.pop();
    assert_eq!(
        status(&app, &ours("thidua", "thidua-api")).await,
        200,
        "what is made in the same way works"
    );
    for (forged, how) in [
        (
            joined(&with(&header, "kid", json!("khác")), &payload, &signature),
            "another kid",
        ),
        (
            joined(&with(&header, "kid", Value::Null), &payload, &signature),
            "no kid",
        ),
        (
            joined(&with(&header, "alg", json!("none")), &payload, ""),
            "no algorithm",
        ),
        (
            joined(&with(&header, "alg", json!("None")), &payload, &signature),
            "no algorithm, with a signature",
        ),
        (symmetric(Algorithm::HS256, &public), "the public key as a secret"),
        (
            symmetric(
                Algorithm::HS512,
                keys["keys"][0]["x"].as_str().expect("a key").as_bytes(),
            ),
            "its text as a secret",
        ),
        (
            joined(&header, &with(&payload, "sub", json!(admin.account())), &signature),
            "another account",
        ),
        (
            joined(&header, &with(&payload, "sid", json!(app.env.new_id())), &signature),
            "another session",
        ),
        (
            joined(&header, &with(&payload, "exp", json!(9_999_999_999_i64)), &signature),
            "a longer life",
        ),
        (joined(&header, &payload, &shorter), "half a signature"),
        (joined(&header, &payload, ""), "no signature"),
        (foreign, "another key"),
        (
            joined(&ours_by_name, &foreign_payload, &foreign_signature),
            "another key by our name",
        ),
        (
            joined(&with_key, &foreign_payload, &foreign_signature),
            "a key that it brings along",
        ),
        (ours("thidua", "kho-khac"), "another audience"),
        (ours("ai-do", "thidua-api"), "another issuer"),
        (signed_in.refresh.clone(), "a refresh token"),
        (format!("{}.", signed_in.access), "a fourth part"),
        ("x".repeat(5_000), "a long word"),
        (String::new(), "nothing"),
    ] {
        assert_eq!(status(&app, &forged).await, 401, "{how}");
    }
    assert_eq!(signed_in.status().await, 200);
}

async fn a_token_works_in_its_time(app: TestApp) {
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let begun = app.env.now();
    let after = |seconds: i64| (begun + Duration::seconds(seconds)).fixed_offset();
    // Ten minutes, and half a minute in which clocks may differ.
    for (seconds, status) in [
        (0, 200),
        (620, 200),
        (640, 401),
        (86_400, 401),
        (0, 200),
        (-20, 200),
        (-60, 401),
    ] {
        app.it_is(after(seconds));
        assert_eq!(signed_in.status().await, status, "after {seconds} seconds");
    }
    app.it_is(after(640));
    let next = SignedIn::from(&app, signed_in.refreshes().await);
    assert_eq!((signed_in.status().await, next.status().await), (401, 200));
}

async fn a_session_ends_with_its_days(app: TestApp) {
    let mut signed_in = SignedIn::of(&app, "hien.tran").await;
    // Refreshing does not make it longer.
    for day in [20, 30, 39] {
        app.it_is(moment(2026, 3, 1, 7, 0) + Duration::days(day));
        let answer = signed_in.refreshes().await;
        if day < 39 {
            signed_in = SignedIn::from(&app, answer);
        } else {
            signed_in = SignedIn::from(&app, answer);
            app.it_is(moment(2026, 4, 9, 8, 2));
            assert_eq!(signed_in.refreshes().await.status(), 401);
            assert_eq!(
                signed_in.status().await,
                401,
                "nor does its last access token outlive it"
            );
        }
    }
    assert_eq!(
        thidua::accounts::usecases::forget_old_sessions(&app.env).await.ok(),
        Some(0),
        "kept for some days"
    );
    app.it_is(moment(2026, 4, 17, 8, 0));
    assert_eq!(
        thidua::accounts::usecases::forget_old_sessions(&app.env).await.ok(),
        Some(1)
    );
    assert_eq!(signed_in.refreshes().await.status(), 401);
    assert_eq!(SignedIn::again(&app, "hien.tran", PASSWORD).await.status().await, 200);
}

async fn the_public_key_is_told_and_no_other(app: TestApp) {
    let nobody = app.nobody();
    let keys = nobody.get("/.well-known/jwks.json").await;
    assert_eq!(
        (keys.status(), keys.header("content-type")),
        (200, "application/jwk-set+json")
    );
    assert_eq!(keys.header("cache-control"), "public, max-age=3600");
    let key = keys.body()["keys"][0].as_object().expect("a key");
    let names: Vec<&str> = key.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["alg", "crv", "kid", "kty", "use", "x"],
        "nothing of the private key"
    );
    assert_eq!(keys.body()["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&key["alg"], &key["crv"], &key["kty"], &key["use"]),
        (&json!("EdDSA"), &json!("Ed25519"), &json!("OKP"), &json!("sig"))
    );
    assert_eq!(
        URL_SAFE_NO_PAD
            .decode(key["x"].as_str().expect("a key"))
            .map(|bytes| bytes.len()),
        Ok(32)
    );
    let unchanged = [("If-None-Match", keys.header("etag"))];
    let again = nobody
        .request(Method::GET, "/.well-known/jwks.json", &unchanged, "")
        .await;
    assert_eq!((again.status(), again.text()), (304, ""));
    // Whoever has the key can tell our tokens from others.
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let set: jsonwebtoken::jwk::JwkSet = serde_json::from_value(keys.body().clone()).expect("a key set");
    let (header, payload, _) = parts(&signed_in.access);
    let found = set
        .find(header["kid"].as_str().expect("a kid"))
        .expect("the key by its name");
    let decoding = jsonwebtoken::DecodingKey::from_jwk(found).expect("a key");
    let mut validation = jsonwebtoken::Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["thidua-api"]);
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(&signed_in.access, &decoding, &validation)
        .expect("a token of ours")
        .claims;
    assert_eq!(claims, payload);
}

async fn changes(person: &Person, current: &str, new: &str) -> Answer {
    person
        .does(
            "changePassword",
            json!({ "currentPassword": current, "newPassword": new }),
        )
        .await
}

async fn another_password_ends_other_sessions(app: TestApp) {
    let here = SignedIn::of(&app, "hien.tran").await;
    let elsewhere = SignedIn::again(&app, "hien.tran", PASSWORD).await;
    let neighbour = SignedIn::of(&app, "binh.le").await;
    let hien = app.bearer_of(&here.access);
    for (current, new, errors) in [
        (
            "không phải mật khẩu",
            "một mật khẩu khác",
            ("WRONG_PASSWORD", "currentPassword"),
        ),
        (PASSWORD, "ngắn quá", ("PASSWORD_TOO_SHORT", "newPassword")),
        (PASSWORD, &"x".repeat(600), ("TOO_LONG", "newPassword")),
        (
            &"x".repeat(600),
            "một mật khẩu khác",
            ("WRONG_PASSWORD", "currentPassword"),
        ),
    ] {
        assert_eq!(changes(&hien, current, new).await.user_errors(), [errors]);
    }
    assert_eq!(elsewhere.status().await, 200);
    assert_eq!(
        changes(&app.nobody(), PASSWORD, "một mật khẩu khác").await.code(),
        "UNAUTHENTICATED"
    );
    changes(&hien, PASSWORD, "một mật khẩu khác").await.thing();
    assert_eq!(
        (here.status().await, elsewhere.status().await, neighbour.status().await),
        (200, 401, 200)
    );
    assert_eq!(elsewhere.refreshes().await.status(), 401);
    assert_eq!(here.refreshes().await.status(), 200);
    assert_eq!(login(&app, "hien.tran", PASSWORD).await.status(), 401);
    assert_eq!(
        SignedIn::again(&app, "hien.tran", "một mật khẩu khác")
            .await
            .status()
            .await,
        200
    );
    let me = hien.get("/api/v1/auth/me").await;
    let actions = actions(&app, me.body()["id"].as_str().expect("an id")).await;
    assert_eq!(actions.iter().filter(|action| *action == "PASSWORD_CHANGED").count(), 1);
}

async fn of_eight_who_change_a_password_at_once_one_does(app: TestApp) {
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let hien = app.bearer_of(&signed_in.access);
    let change = |number: usize| {
        let (hien, new) = (hien.clone(), format!("mật khẩu mới số {number}"));
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
    changes(&hien, PASSWORD, "một mật khẩu khác").await.thing();
    first.refreshes().await;
    let third = SignedIn::again(&app, "hien.tran", "một mật khẩu khác").await;
    login(&app, "hien.tran", "một mật khẩu sai").await;
    logout(&app, &third.refresh).await;
    let entries = audit_entry::Entity::find().all(&app.env.db).await.expect("the audit");
    assert!(entries.len() >= 6, "{entries:?}");
    let secrets = [
        "mật khẩu",
        "Mật khẩu",
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
