//! The edges: how often one may ask, whose word on the client's address is believed, which web apps may call, and what answers tell
//! browsers.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use serde_json::json;
use thidua::server::{self, Shared};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::accounts_signing_in::{PASSWORD, SignedIn};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    who_asks_too_often_waits_for_the_next_minute,
    at_the_door_one_waits_sooner,
    an_account_waits_wherever_it_calls_from,
    a_trusted_proxy_tells_who_asks_and_nobody_else_does,
    only_allowed_web_apps_read_answers,
    every_answer_tells_browsers_not_to_guess,
    a_head_or_a_body_that_comes_too_slowly_is_cut_off,
}

fn header<'a>(response: &'a ServiceResponse<BoxBody>, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// A request from an address.
fn from(address: &str, path: &str) -> TestRequest {
    let address = format!("{address}:4711").parse().expect("an address");
    TestRequest::get().uri(path).peer_addr(address)
}

async fn who_asks_too_often_waits_for_the_next_minute(app: TestApp) {
    let app = app.with(|settings| settings.requests_per_minute_per_address = 3).await;
    let keys = "/.well-known/jwks.json";
    for left in [2, 1, 0] {
        let answer = app.call(from("203.0.113.7", keys)).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "ratelimit-policy"), "\"address\";q=3;w=60");
        assert!(header(&answer, "ratelimit").starts_with(&format!("\"address\";r={left};t=")));
    }
    let refused = app.call(from("203.0.113.7", keys)).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "content-type"), "application/problem+json");
    let wait: u32 = header(&refused, "retry-after").parse().expect("seconds");
    assert!((55..=60).contains(&wait), "{wait}");
    assert_eq!(
        app.call(from("203.0.113.8", keys)).await.status(),
        200,
        "others do not wait"
    );
    assert_eq!(
        app.call(from("203.0.113.7", "/healthz")).await.status(),
        200,
        "nor do those who watch the service"
    );
    app.it_is((app.env.now() + Duration::seconds(60)).fixed_offset());
    assert_eq!(app.call(from("203.0.113.7", keys)).await.status(), 200);
}

async fn at_the_door_one_waits_sooner(app: TestApp) {
    let app = app.with(|settings| settings.sign_ins_per_minute_per_address = 2).await;
    SignedIn::of(&app, "hien.tran").await;
    let signs_in = async |name: &str| {
        let body = json!({ "username": name, "password": PASSWORD });
        let request = from("203.0.113.7", "/api/v1/auth/login")
            .method(Method::POST)
            .set_json(body);
        app.call(request).await.status().as_u16()
    };
    // Many names from one address: no account is guessed at often enough to wait by itself.
    assert_eq!((signs_in("an.le").await, signs_in("binh.vo").await), (401, 401));
    assert_eq!(signs_in("hien.tran").await, 429);
    assert_eq!(
        app.call(from("203.0.113.7", "/api/v1/units")).await.status(),
        401,
        "elsewhere it goes on"
    );
}

async fn an_account_waits_wherever_it_calls_from(app: TestApp) {
    let app = app.with(|settings| settings.requests_per_minute_per_account = 2).await;
    let hien = SignedIn::of(&app, "hien.tran").await;
    let asks = async |address: &str, token: &str| {
        let bearer = ("Authorization", format!("Bearer {token}"));
        app.call(from(address, "/api/v1/auth/me").insert_header(bearer)).await
    };
    assert_eq!(
        header(&asks("203.0.113.7", &hien.access).await, "ratelimit-policy"),
        "\"account\";q=2;w=60"
    );
    assert_eq!(asks("203.0.113.8", &hien.access).await.status(), 200);
    assert_eq!(asks("203.0.113.9", &hien.access).await.status(), 429);
    let other = SignedIn::of(&app, "an.le").await;
    assert_eq!(asks("203.0.113.9", &other.access).await.status(), 200);
}

async fn a_trusted_proxy_tells_who_asks_and_nobody_else_does(app: TestApp) {
    let app = app
        .with(|settings| {
            settings.requests_per_minute_per_address = 1;
            settings.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
        })
        .await;
    let asks = async |peer: &str, said: &str| {
        let request = from(peer, "/.well-known/jwks.json").insert_header(("X-Forwarded-For", said));
        app.call(request).await.status().as_u16()
    };
    assert_eq!(asks("10.0.0.1", "203.0.113.7").await, 200);
    assert_eq!(
        asks("10.0.0.1", "203.0.113.8").await,
        200,
        "each client behind the proxy has its own count"
    );
    assert_eq!(
        asks("10.0.0.1", "1.2.3.4, 203.0.113.7").await,
        429,
        "what the client wrote itself is not believed"
    );
    assert_eq!(asks("198.51.100.1", "203.0.113.9").await, 200);
    assert_eq!(
        asks("198.51.100.1", "203.0.113.10").await,
        429,
        "who is no proxy of ours speaks for itself"
    );
}

async fn only_allowed_web_apps_read_answers(app: TestApp) {
    let ours = "https://thidua.example.vn";
    let app = app.with(|settings| settings.cors_origins = vec![ours.to_owned()]).await;
    let asks_first = async |origin: &str| {
        let request = TestRequest::with_uri("/graphql")
            .method(Method::OPTIONS)
            .insert_header(("Origin", origin))
            .insert_header(("Access-Control-Request-Method", "POST"))
            .insert_header((
                "Access-Control-Request-Headers",
                "authorization, content-type, idempotency-key",
            ));
        let answer = app.call(request).await;
        header(&answer, "access-control-allow-origin").to_owned()
    };
    assert_eq!(asks_first(ours).await, ours);
    for other in [
        "https://kẻ-gian.example",
        "https://thidua.example.vn.evil.example",
        "null",
        "http://thidua.example.vn",
    ] {
        assert_eq!(asks_first(other).await, "", "{other}");
    }
    let answer = app
        .call(
            TestRequest::get()
                .uri("/.well-known/jwks.json")
                .insert_header(("Origin", ours)),
        )
        .await;
    assert_eq!(header(&answer, "access-control-allow-origin"), ours);
    assert!(
        header(&answer, "access-control-expose-headers")
            .to_lowercase()
            .contains("etag")
    );
}

async fn every_answer_tells_browsers_not_to_guess(app: TestApp) {
    for path in [
        "/api/v1/units",
        "/graphql",
        "/.well-known/jwks.json",
        "/khong-co",
        "/healthz",
    ] {
        let answer = app.call(TestRequest::get().uri(path)).await;
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "no-referrer", "{path}");
        assert!(
            header(&answer, "content-security-policy").contains("default-src 'none'"),
            "{path}"
        );
        assert_eq!(header(&answer, "access-control-allow-origin"), "", "{path}");
    }
}

async fn a_head_or_a_body_that_comes_too_slowly_is_cut_off(app: TestApp) {
    let mut settings = app.settings.clone();
    (settings.request_timeout_seconds, settings.workers) = (1, 1);
    let listener = server::listen("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let address = listener.local_addr().expect("an address");
    let shared = Shared::new(app.env.clone(), &settings);
    let serving = actix_web::rt::spawn(async move { server::run(&settings, shared, listener).await });
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    for begun in [
        head.to_owned(),
        format!("{head}Content-Length: 60\r\n\r\n{{\"username\""),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"use\r\n"),
    ] {
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(begun.as_bytes()).await.expect("some of it");
        // The client waits for ever; the service must not. Ten seconds are many times what it allows.
        let mut answer = Vec::new();
        let closed = tokio::time::timeout(std::time::Duration::from_secs(10), client.read_to_end(&mut answer)).await;
        closed.expect("the service hangs up").expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 408"), "{begun:?}: {answer}");
    }
    serving.abort();
}
