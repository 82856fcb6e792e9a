//! Access tokens: which are ours, for how long they work, and the key by which others know them.

use actix_web::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use thidua::auth::Tokens;

use crate::accounts_signing_in::{PASSWORD, SignedIn, status};
use crate::support::{TestApp, moment, on_both_databases};

on_both_databases! {
    a_token_that_is_not_ours_is_refused,
    a_token_works_in_its_time,
    a_session_ends_with_its_days,
    the_public_key_is_told_and_no_other,
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
    let keys = app.env.tokens.jwks(app.env.now());
    let public = URL_SAFE_NO_PAD
        .decode(keys["keys"][1]["x"].as_str().expect("a key"))
        .expect("base64");
    let symmetric = |alg, key: &[u8]| {
        let header = Header {
            kid: Some(app.env.tokens.kid()),
            ..Header::new(alg)
        };
        encode(&header, &payload, &EncodingKey::from_secret(key)).expect("a token")
    };
    let key = app.settings.signing_keys_path();
    let ours = |issuer: &str, audience: &str| {
        let tokens = Tokens::open(&key, issuer, audience, 600, app.env.now()).expect("the same key");
        assert_eq!(tokens.kid(), app.env.tokens.kid());
        let session = payload["sid"].as_str().expect("a session").parse().expect("an id");
        let account = payload["sub"].as_str().expect("an account").parse().expect("an id");
        tokens.issue(account, session, app.env.now()).expect("a token").0
    };
    // Signed by our very key, but naming another or none.
    let stored: Value = serde_json::from_slice(&std::fs::read(&key).expect("the key")).expect("JSON");
    let stored = URL_SAFE_NO_PAD.decode(stored["keys"][1]["pkcs8"].as_str().expect("a key"));
    let stored = EncodingKey::from_ed_der(&stored.expect("base64"));
    let named = |kid: Option<&str>| {
        let header = Header {
            kid: kid.map(str::to_owned),
            ..Header::new(Algorithm::EdDSA)
        };
        encode(&header, &payload, &stored).expect("a token")
    };
    let stranger = tempfile::tempdir().expect("a folder");
    let stranger = Tokens::open(
        &stranger.path().join("key.json"),
        "thidua",
        "thidua-api",
        600,
        app.env.now(),
    )
    .expect("another key");
    let (foreign, _) = stranger
        .issue(admin.account(), admin.account(), app.env.now())
        .expect("a token");
    let (foreign_header, foreign_payload, foreign_signature) = parts(&foreign);
    let ours_by_name = with(&foreign_header, "kid", json!(app.env.tokens.kid()));
    let with_key = with(
        &with(&foreign_header, "jwk", stranger.jwks(app.env.now())["keys"][1].clone()),
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
    assert_eq!(status(&app, &named(Some(&app.env.tokens.kid()))).await, 200);
    for (forged, how) in [
        (named(Some("khác")), "our key by another name"),
        (named(None), "our key without a name"),
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
                keys["keys"][1]["x"].as_str().expect("a key").as_bytes(),
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
    assert_eq!(keys.header("cache-control"), "public, max-age=600");
    let key = keys.body()["keys"][0].as_object().expect("a key");
    let names: Vec<&str> = key.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["alg", "crv", "kid", "kty", "use", "x"],
        "nothing of the private key"
    );
    assert_eq!(
        keys.body()["keys"].as_array().map(Vec::len),
        Some(2),
        "the one that signs, and the next"
    );
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
