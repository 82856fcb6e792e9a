//! An identity provider, or somebody in its place, that tells what is not so, tells nothing, or never ends: nobody gets in, nobody waits
//! for long, and who comes by password does not notice.

use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use serde_json::{Value, json};

use crate::accounts_provider::{address, comes, finishes, linked, problem, starts};
use crate::accounts_signing_in::{PASSWORD, SignedIn, login, make};
use crate::support::{Answer, Answers, Provider, REDIRECT, Signs, TestApp, on_both_databases};

on_both_databases! {
    claims_that_are_not_for_this_sign_in_prove_nothing,
    claims_that_are_only_unusual_are_taken,
    a_signature_that_anybody_could_make_proves_nothing,
    keys_that_were_turned_are_asked_for_once,
    a_challenge_that_was_changed_on_the_way_is_refused,
    a_provider_that_tells_of_another_is_not_asked,
    nobody_is_sent_where_others_can_listen,
    a_provider_that_is_away_stands_in_nobodys_way,
    who_has_come_back_when_it_is_away_may_try_again,
    what_it_told_before_goes_on_for_a_day,
    a_provider_that_never_answers_keeps_nobody_for_long,
    an_answer_without_end_is_cut_off,
    it_sends_us_nowhere_else,
}

fn later(app: &TestApp, time: Duration) {
    app.it_is((app.env.now() + time).fixed_offset());
}

/// The status and code of a provider that is away, and that one is told when to come again.
#[track_caller]
fn is_away(answer: &Answer) {
    assert_eq!(
        (answer.status(), answer.code(), answer.header("retry-after")),
        (503, "UNAVAILABLE", "10"),
        "{answer}"
    );
    assert!(answer.message().contains("Nhà cung cấp danh tính"), "{answer}");
}

async fn start(app: &TestApp) -> Answer {
    app.nobody()
        .post("/api/v1/auth/oidc/start", json!({ "redirectUri": REDIRECT }))
        .await
}

async fn claims_that_are_not_for_this_sign_in_prove_nothing(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let now = app.env.now().timestamp();
    let lies: [(&str, Value); 19] = [
        ("nonce", json!("nonce-cua-nguoi-khac-0123456789")),
        ("nonce", Value::Null),
        ("aud", json!("ung-dung-khac")),
        ("aud", json!([])),
        ("aud", json!(["thidua", "ung-dung-khac"])),
        ("azp", json!("ung-dung-khac")),
        ("iss", json!("https://id.ke-gian.example")),
        ("iss", Value::Null),
        ("exp", json!(now - 1)),
        ("exp", Value::Null),
        ("iat", json!(now + 3_600)),
        ("iat", json!(now - 3_600)),
        ("iat", Value::Null),
        ("auth_time", Value::Null),
        ("auth_time", json!(now + 3_600)),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("sub", json!("")),
        ("sub", json!("nguoi-7 ")),
        ("sub", json!("x".repeat(256))),
    ];
    for (claim, value) in lies {
        let shown = format!("{claim}: {value}");
        provider.manner().claims = Box::new(move |claims| claims[claim] = value.clone());
        let refused = comes(&app, &provider, "nguoi-7").await;
        assert_eq!(problem(&refused), ("PROVIDER_REFUSED", "code"), "{shown}");
    }
    provider.manner().claims = Box::new(|_| {});
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
}

async fn claims_that_are_only_unusual_are_taken(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    for claim in ["azp", "at_hash", "email", "amr"] {
        provider.manner().claims = Box::new(move |claims| _ = claims.as_object_mut().expect("claims").remove(claim));
        SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    }
    provider.manner().claims = Box::new(|claims| {
        claims["aud"] = json!(["thidua"]);
        claims["email_verified"] = json!(true);
        claims["updated_at"] = json!("2026-03-10T01:00:00Z");
        claims["don_vi"] = json!({ "ma": "LC-01" });
    });
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    // One that does not tell when somebody signed in there, where the settings say so.
    let app = provider
        .serves_with(&app, |settings| settings.oidc_max_age_minutes = 0)
        .await;
    provider.manner().claims = Box::new(|claims| _ = claims.as_object_mut().expect("claims").remove("auth_time"));
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
}

async fn a_signature_that_anybody_could_make_proves_nothing(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let ways = [Signs::ByNothing, Signs::ByPublicKey, Signs::ByAnotherKey];
    for signs in ways {
        provider.manner().signs = signs;
        let refused = comes(&app, &provider, "nguoi-7").await;
        assert_eq!(problem(&refused), ("PROVIDER_REFUSED", "code"), "{signs:?}");
    }
    // The same where its keys are of RSA, whose public one others have taken for the secret of an HMAC.
    provider.signs_by_rsa();
    later(&app, Duration::hours(2));
    for signs in ways {
        provider.manner().signs = signs;
        let refused = comes(&app, &provider, "nguoi-7").await;
        assert_eq!(problem(&refused), ("PROVIDER_REFUSED", "code"), "{signs:?}");
    }
    provider.manner().signs = Signs::Truly;
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
}

async fn keys_that_were_turned_are_asked_for_once(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    later(&app, Duration::minutes(5));
    provider.turns_keys("khoa-2");
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    assert_eq!((provider.asked("document"), provider.asked("keys")), (1, 2));
    // Whoever sends many tokens with made-up names of keys makes nobody ask each time.
    provider.turns_keys("khoa-3");
    for _ in 0..3 {
        assert_eq!(
            problem(&comes(&app, &provider, "nguoi-7").await),
            ("PROVIDER_REFUSED", "code")
        );
    }
    assert_eq!(provider.asked("keys"), 2);
    later(&app, Duration::seconds(31));
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    assert_eq!((provider.asked("document"), provider.asked("keys")), (1, 3));
}

async fn a_challenge_that_was_changed_on_the_way_is_refused(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    provider.manner().challenge = Some("A".repeat(43));
    assert_eq!(
        problem(&comes(&app, &provider, "nguoi-7").await),
        ("PROVIDER_REFUSED", "code")
    );
}

async fn a_provider_that_tells_of_another_is_not_asked(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    provider.manner().document = Box::new(|told| told["issuer"] = json!("https://id.ke-gian.example"));
    is_away(&start(&app).await);
    provider.manner().document = Box::new(|told| *told = json!({ "issuer": told["issuer"] }));
    later(&app, Duration::seconds(6));
    is_away(&start(&app).await);
    assert_eq!(provider.asked("document"), 2);
}

async fn nobody_is_sent_where_others_can_listen(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    for entrance in ["http://id.laocai.gov.vn/authorize", "ftp://127.0.0.1/authorize"] {
        provider.manner().document = Box::new(move |told| told["authorization_endpoint"] = json!(entrance));
        is_away(&start(&app).await);
        later(&app, Duration::seconds(6));
    }
    provider.manner().document = Box::new(|told| told["token_endpoint"] = json!("http://id.laocai.gov.vn/token"));
    is_away(&comes(&app, &provider, "nguoi-7").await);
}

async fn a_provider_that_is_away_stands_in_nobodys_way(app: TestApp) {
    // Nobody listens there any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let issuer = format!("http://{}", gone.local_addr().expect("an address"));
    drop(gone);
    let provider = Provider::open(&app).await;
    let app = provider
        .serves_with(&app, |settings| settings.oidc_issuer = issuer)
        .await;
    make(&app, "hien.tran").await;
    is_away(&start(&app).await);
    let english = app.nobody().in_english();
    let english = english
        .post("/api/v1/auth/oidc/start", json!({ "redirectUri": REDIRECT }))
        .await;
    assert!(english.message().contains("sign in by password"), "{english}");
    SignedIn::from(&app, login(&app, "hien.tran", PASSWORD).await);
    assert_eq!(app.nobody().get("/api/v1/auth/ways").await.status(), 200);
}

async fn who_has_come_back_when_it_is_away_may_try_again(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    provider.manner().answers = Answers::Broken;
    is_away(&finishes(&app, &begun, &back).await);
    is_away(&finishes(&app, &begun, &back).await);
    provider.manner().answers = Answers::Well;
    SignedIn::from(&app, finishes(&app, &begun, &back).await);
}

async fn what_it_told_before_goes_on_for_a_day(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    starts(&app).await;
    provider.manner().answers = Answers::Broken;
    later(&app, Duration::hours(2));
    starts(&app).await;
    starts(&app).await;
    assert_eq!(provider.asked("document"), 2, "it is left alone for a moment");
    later(&app, Duration::seconds(6));
    starts(&app).await;
    assert_eq!(provider.asked("document"), 3);
    later(&app, Duration::hours(23));
    is_away(&start(&app).await);
    is_away(&start(&app).await);
    assert_eq!(provider.asked("document"), 4);
    provider.manner().answers = Answers::Well;
    later(&app, Duration::seconds(6));
    starts(&app).await;
}

async fn a_provider_that_never_answers_keeps_nobody_for_long(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    make(&app, "hien.tran").await;
    provider.manner().answers = Answers::Never;
    let begun = Instant::now();
    let waiting = futures_util::future::join3(start(&app), start(&app), start(&app));
    let meanwhile = async {
        let since = Instant::now();
        SignedIn::from(&app, login(&app, "hien.tran", PASSWORD).await);
        since.elapsed()
    };
    let ((one, two, three), took) = tokio::join!(waiting, meanwhile);
    for answer in [one, two, three] {
        is_away(&answer);
    }
    let waited = begun.elapsed();
    assert!(waited < StdDuration::from_secs(14), "they waited together: {waited:?}");
    assert!(
        took < StdDuration::from_secs(8),
        "a password needs no provider: {took:?}"
    );
    is_away(&start(&app).await);
    assert_eq!(provider.asked("document"), 1, "one asked for all");
}

async fn an_answer_without_end_is_cut_off(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    provider.manner().answers = Answers::Endlessly;
    is_away(&finishes(&app, &begun, &back).await);
    later(&app, Duration::hours(25));
    is_away(&start(&app).await);
}

async fn it_sends_us_nowhere_else(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    provider.manner().answers = Answers::Elsewhere;
    is_away(&start(&app).await);
    assert_eq!(provider.asked("document"), 1, "where it points nobody goes");
}
