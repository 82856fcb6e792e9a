//! Tokens of service accounts: how one is got (RFC 6749, section 4.4), what it is taken for, and what ends it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use thidua::accounts::usecases::{caller, hear_of_changes};
use thidua::auth::{Presented, Tokens};
use thidua::env::Env;

use crate::accounts_services::{System, ask, basic, terms, token_in};
use crate::accounts_signing_in::{PASSWORD, SignedIn};
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    a_system_shows_its_secret_in_the_header_or_in_the_body,
    what_is_not_as_the_rfc_has_it_is_refused_as_it_says,
    an_unknown_system_and_a_wrong_secret_have_the_same_answer,
    who_guesses_at_a_system_does_not_keep_it_out,
    a_service_token_is_no_token_of_a_person_and_the_other_way_round,
    a_token_is_never_widened,
    a_service_token_is_never_a_session,
    a_system_calls_from_its_networks_only,
    what_ends_a_token_ends_it_on_every_instance,
    a_token_ends_with_its_minutes_and_its_account_with_its_day,
    a_system_that_called_lately_is_known_without_asking_the_database,
}

const GRANT: &str = "grant_type=client_credentials";

fn error(answer: &Answer) -> (u16, &str) {
    (answer.status(), answer.body()["error"].as_str().unwrap_or(""))
}

async fn a_system_shows_its_secret_in_the_header_or_in_the_body(app: TestApp) {
    let system = System::of(&app, &app.world()["Kon Tum"], "reports:read units:read").await;
    let header = basic(&system.id, &system.secret);
    let in_header = ask(&app.nobody(), Some(&header), GRANT).await;
    let in_body = system.asks(&app.nobody(), "").await;
    for answer in [&in_header, &in_body] {
        let body = answer.body().as_object().expect("an object");
        assert_eq!(
            body.keys().collect::<Vec<_>>(),
            ["access_token", "expires_in", "scope", "token_type"]
        );
        assert_eq!(
            (&body["token_type"], &body["expires_in"], &body["scope"]),
            (&json!("Bearer"), &json!(600), &json!("units:read reports:read"))
        );
        assert_eq!(
            (answer.header("cache-control"), answer.header("pragma")),
            ("no-store", "no-cache")
        );
        assert_eq!(answer.header("content-type"), "application/json");
        let person = app.bearer_of(&token_in(answer));
        assert_eq!(person.get("/api/v1/units?count=true").await.body()["totalCount"], 11);
        let graphql = person
            .graphql("{ units { totalCount } reports { totalCount } }", json!({}))
            .await;
        assert_eq!(
            (graphql.at("/units/totalCount"), graphql.at("/reports/totalCount")),
            (&json!(11), &json!(0))
        );
    }
    let less = ask(&app.nobody(), Some(&header), &format!("{GRANT}&scope=units%3Aread")).await;
    assert_eq!(less.body()["scope"], "units:read");
    let person = app.bearer_of(&token_in(&less));
    assert_eq!(person.get("/api/v1/units").await.status(), 200);
    let refused = person.get("/api/v1/reports").await;
    assert_eq!(
        (refused.status(), refused.code()),
        (403, "INSUFFICIENT_SCOPE"),
        "{refused}"
    );
    assert_eq!(
        refused.header("www-authenticate"),
        "Bearer error=\"insufficient_scope\", scope=\"reports:read\""
    );
    let refused = person.graphql("{ reports { totalCount } }", json!({})).await;
    assert_eq!(refused.code(), "INSUFFICIENT_SCOPE");
}

async fn what_is_not_as_the_rfc_has_it_is_refused_as_it_says(app: TestApp) {
    let system = System::of(&app, &app.world()["Kon Tum"], "units:read").await;
    let header = basic(&system.id, &system.secret);
    let (header, nobody) = (Some(header.as_str()), app.nobody());
    let credentials = format!("client_id={}&client_secret={}", system.id, system.secret);
    for (authorization, body, expected) in [
        (header, String::new(), (400, "invalid_request")),
        (header, format!("{GRANT}&{GRANT}"), (400, "invalid_request")),
        (header, format!("{GRANT}&{credentials}"), (400, "invalid_request")),
        (None, GRANT.to_owned(), (401, "invalid_client")),
        (Some("Bearer abc"), GRANT.to_owned(), (401, "invalid_client")),
        (Some("Basic abc"), GRANT.to_owned(), (401, "invalid_client")),
        (
            header,
            format!("grant_type=password&username=hien.tran&password={PASSWORD}"),
            (400, "unsupported_grant_type"),
        ),
        (
            header,
            "grant_type=refresh_token&refresh_token=x".to_owned(),
            (400, "unsupported_grant_type"),
        ),
        (
            header,
            "grant_type=authorization_code&code=x".to_owned(),
            (400, "unsupported_grant_type"),
        ),
        (header, format!("{GRANT}&scope=reports:read"), (400, "invalid_scope")),
        (
            header,
            format!("{GRANT}&scope=units:read%20units:write"),
            (400, "invalid_scope"),
        ),
        (header, format!("{GRANT}&scope=reports:approve"), (400, "invalid_scope")),
        (
            header,
            format!("{GRANT}&x={}", "y".repeat(9_000)),
            (400, "invalid_request"),
        ),
    ] {
        let refused = ask(&nobody, authorization, &body).await;
        assert_eq!(error(&refused), expected, "{authorization:?} {body}");
        assert_eq!(refused.header("cache-control"), "no-store");
        assert!(
            refused.body()["error_description"]
                .as_str()
                .is_some_and(|said| !said.is_empty())
        );
        let challenge = if expected.0 == 401 {
            "Basic realm=\"thidua\""
        } else {
            ""
        };
        assert_eq!(refused.header("www-authenticate"), challenge);
    }
    // What is unknown is left aside, and an empty scope is none.
    let taken = ask(&nobody, header, &format!("{GRANT}&scope=&resource=thidua")).await;
    assert_eq!(taken.body()["scope"], "units:read");
    let as_json = nobody
        .post(
            "/api/v1/auth/token",
            json!({ "grant_type": "client_credentials", "client_id": system.id, "client_secret": system.secret }),
        )
        .await;
    assert_eq!(error(&as_json), (400, "invalid_request"));
    let got = nobody.get(&format!("/api/v1/auth/token?{GRANT}&{credentials}")).await;
    assert_eq!(got.status(), 405, "a secret in an address would be logged on the way");
}

async fn an_unknown_system_and_a_wrong_secret_have_the_same_answer(app: TestApp) {
    let world = app.world();
    let (one, other) = (
        System::of(&app, &world["Kon Tum"], "units:read").await,
        System::of(&app, &world["Sóc Trăng"], "units:read").await,
    );
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let nobody = app.nobody();
    let unknown = "service_0192f3a07c1e70008000000000000001";
    let mut told = Vec::new();
    for (id, secret) in [
        (unknown, one.secret.as_str()),
        (&one.id, &other.secret),
        (&one.id, "thidua_service_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        (&one.id, &one.secret[..57]),
        (&one.id, &signed_in.access),
        (&one.id, &signed_in.refresh),
        ("hien.tran", PASSWORD),
        ("", ""),
    ] {
        let refused = ask(&nobody, Some(&basic(id, secret)), GRANT).await;
        assert_eq!(error(&refused), (401, "invalid_client"), "{id}");
        if id == unknown || id == one.id && secret.starts_with("thidua") {
            told.push((refused.text().to_owned(), refused.statements()));
        }
    }
    told.dedup();
    assert_eq!(told.len(), 1, "the same after the same work: {told:?}");
    // A secret opens only its own account, and a token of it only that one's place.
    assert_eq!(
        one.calls().await.get("/api/v1/units?count=true").await.body()["totalCount"],
        11
    );
    assert_eq!(
        other.calls().await.get("/api/v1/units?count=true").await.body()["totalCount"],
        7
    );
}

async fn who_guesses_at_a_system_does_not_keep_it_out(app: TestApp) {
    let app = app.with(|settings| settings.sign_ins_per_minute_per_address = 0).await;
    let world = app.world();
    let system = System::of(&app, &world["Kon Tum"], "units:read").await;
    let stranger = app.nobody().calling_from("198.51.100.1");
    let guess = async |id: &str| ask(&stranger, Some(&basic(id, "thidua_service_guess")), GRANT).await;
    for _ in 0..30 {
        assert_eq!(error(&guess(&system.id).await), (401, "invalid_client"));
    }
    let waits = guess(&system.id).await;
    assert_eq!(error(&waits), (429, "temporarily_unavailable"));
    assert!(
        waits
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds > 600)
    );
    assert_eq!(
        system
            .asks(&app.nobody().calling_from("203.0.113.7"), "")
            .await
            .status(),
        200,
        "itself it still gets in"
    );
    // Whoever goes on guessing, at others too, is no longer listened to at that address, and only there.
    for _ in 0..29 {
        guess("service_0192f3a07c1e70008000000000000001").await;
    }
    let refused = system.asks(&stranger, "").await;
    assert_eq!(error(&refused), (429, "temporarily_unavailable"));
    assert_eq!(refused.statements(), 0, "the database is not asked");
    assert_eq!(
        system
            .asks(&app.nobody().calling_from("203.0.113.7"), "")
            .await
            .status(),
        200
    );
    app.it_is((app.env.now() + Duration::minutes(15)).fixed_offset());
    assert_eq!(system.asks(&stranger, "").await.status(), 200);
}

/// The parts of a token: header and payload read, signature as it stands.
fn parts(token: &str) -> (Value, Value, String) {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON");
    (read(parts[0]), read(parts[1]), parts[2].to_owned())
}

/// A token that says something else over the same signature.
fn tampered(token: &str, claim: &str, value: Value) -> String {
    let (header, mut payload, signature) = parts(token);
    payload[claim] = value;
    let written = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", written(&header), written(&payload))
}

/// A token that our very key signed, whatever it says: what no attacker has.
fn signed(app: &TestApp, kind: &str, payload: &Value) -> String {
    let stored: Value =
        serde_json::from_slice(&std::fs::read(app.settings.signing_keys_path()).expect("the keys")).expect("JSON");
    let keys = stored["keys"].as_array().expect("keys");
    let key = keys
        .iter()
        .find(|key| key["kid"] == app.env.tokens.kid().as_str())
        .expect("the active key");
    let key = URL_SAFE_NO_PAD
        .decode(key["pkcs8"].as_str().expect("a key"))
        .expect("base64");
    let header = Header {
        typ: Some(kind.to_owned()),
        kid: Some(app.env.tokens.kid()),
        ..Header::new(Algorithm::EdDSA)
    };
    encode(&header, payload, &EncodingKey::from_ed_der(&key)).expect("a token")
}

async fn units(app: &TestApp, token: &str) -> u16 {
    app.bearer_of(token).get("/api/v1/units").await.status()
}

async fn a_service_token_is_no_token_of_a_person_and_the_other_way_round(app: TestApp) {
    let system = System::of(&app, &app.world()["Kon Tum"], "units:read").await;
    let (service, person) = (system.token("").await, SignedIn::of(&app, "hien.tran").await);
    let (header, of_service, _) = parts(&service);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    let known: Vec<&String> = of_service.as_object().expect("an object").keys().collect();
    assert_eq!(
        known,
        [
            "aud",
            "client_id",
            "exp",
            "iat",
            "iss",
            "jti",
            "nbf",
            "scope",
            "secret",
            "sub"
        ]
    );
    assert_eq!(of_service["client_id"], system.id.as_str());
    let (_, of_person, _) = parts(&person.access);
    assert_eq!(
        units(&app, &signed(&app, "at+jwt", &of_service)).await,
        200,
        "what is made in the same way works"
    );
    assert_eq!(units(&app, &signed(&app, "JWT", &of_person)).await, 200);
    let mut both = of_service.clone();
    both["sid"] = of_person["sid"].clone();
    for (kind, payload) in [
        ("JWT", &of_service),
        ("at+jwt", &of_person),
        ("application/at+jwt", &of_service),
        ("", &of_service),
        // Of a service account by what is said, with the session of a person beside it: the person's session is not the account's.
        (
            "JWT",
            &json!({ "sid": of_service["secret"], "sub": of_service["sub"], "iss": "thidua", "aud": "thidua-api",
            "jti": of_service["jti"], "iat": of_service["iat"], "nbf": of_service["nbf"], "exp": of_service["exp"] }),
        ),
    ] {
        assert_eq!(units(&app, &signed(&app, kind, payload)).await, 401, "{kind} {payload}");
    }
    // With both it is what its kind says.
    let viewer = app
        .bearer_of(&signed(&app, "at+jwt", &both))
        .graphql("{ viewer { can } }", json!({}))
        .await;
    assert_eq!(viewer.code(), "FORBIDDEN");
    let stranger = tempfile::tempdir().expect("a folder");
    let stranger = Tokens::open(
        &stranger.path().join("keys.json"),
        "thidua",
        "thidua-api",
        600,
        app.env.now(),
    )
    .expect("keys");
    let Ok(Presented::Service(claims)) = app.env.tokens.verify(&service, app.env.now()) else {
        panic!("it is a token of a service account");
    };
    let all = thidua::policy::ServiceScopes::read(&claims.scope);
    let (forged, _) = stranger
        .issue_to_service((claims.sub, claims.client_id), claims.secret, all, app.env.now())
        .expect("a token");
    assert_eq!(units(&app, &forged).await, 401);
}

async fn a_token_is_never_widened(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let system = System::of(&app, &world["Kon Tum"], "units:read reports:read").await;
    let narrow = system.token("units:read").await;
    for (claim, value) in [
        ("scope", json!("units:read reports:read")),
        ("sub", json!(admin.account())),
        ("secret", json!(admin.account())),
        ("exp", json!(4_000_000_000_i64)),
        ("client_id", json!("service_1")),
    ] {
        assert_eq!(units(&app, &tampered(&narrow, claim, value)).await, 401, "{claim}");
    }
    // Not even one that we signed has more than its account.
    let (_, mut payload, _) = parts(&narrow);
    payload["scope"] = "units:read units:write reports:write audit:read moon:read".into();
    let wide = app.bearer_of(&signed(&app, "at+jwt", &payload));
    assert_eq!(wide.get("/api/v1/units").await.status(), 200);
    for (mutation, input) in [
        (
            "addUnitAlias",
            json!({ "id": world["Đăk Tô"].id(), "version": 1, "alias": "Đắc Tô" }),
        ),
        (
            "submitReport",
            json!({ "id": "report_0192f3a07c1e70008000000000000001", "version": 1 }),
        ),
    ] {
        assert_eq!(
            wide.does(mutation, input).await.code(),
            "INSUFFICIENT_SCOPE",
            "{mutation}"
        );
    }
    assert_eq!(
        wide.graphql("{ auditEntries { totalCount } }", json!({})).await.code(),
        "INSUFFICIENT_SCOPE"
    );
    payload["sub"] = json!(admin.account());
    assert_eq!(
        units(&app, &signed(&app, "at+jwt", &payload)).await,
        401,
        "another's secret"
    );
    // A token is not asked for with a token.
    let with_token = ask(&app.bearer_of(&narrow), None, &format!("{GRANT}&scope=reports:read")).await;
    assert_eq!(error(&with_token), (401, "invalid_client"));
}

async fn a_service_token_is_never_a_session(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let all: Vec<&str> = thidua::policy::ServiceScope::ALL
        .iter()
        .map(|scope| scope.code())
        .collect();
    let mut of_everything = terms("Mọi thứ", &world["Kon Tum"], &all.join(" "));
    of_everything["placeKind"] = "EVERYTHING".into();
    of_everything["placeId"] = Value::Null;
    let system = System::on(&app, of_everything.clone()).await;
    let token = system.token("").await;
    let service = app.bearer_of(&token);
    let grants = admin.graphql("{ viewer { grants { id } } }", json!({})).await;
    let (grant, own) = (
        grants.at("/viewer/grants/0/id").clone(),
        json!({ "id": system.id, "version": 1 }),
    );
    let before = app.contents().await;
    let password = json!({ "currentPassword": PASSWORD, "newPassword": "một mật khẩu khác hẳn" });
    let delegation =
        json!({ "grantId": grant, "toUsername": "can.bo.1", "validTo": "2026-04-01", "reason": "Đi công tác" });
    let role = json!({ "accountId": system.id, "role": "ADMIN", "scopeKind": "EVERYTHING" });
    let account = json!({ "username": "moi.tao", "displayName": "Mới", "password": PASSWORD });
    let more = json!({ "id": system.id, "version": 1, "scopes": ["units:write"], "validTo": "2027-03-01" });
    let session = json!({ "id": "session_0192f3a07c1e70008000000000000001" });
    let report = json!({ "id": "report_0192f3a07c1e70008000000000000001", "version": 1 });
    let decision = json!({ "issuerId": world["Kon Tum"].id(), "year": 2025, "awards": [] });
    for (mutation, input) in [
        ("changePassword", password),
        ("enrolSecondFactor", json!({ "password": PASSWORD })),
        ("confirmSecondFactor", json!({ "code": "123456" })),
        ("renewRecoveryCodes", json!({ "code": "123456" })),
        ("removeSecondFactor", json!({ "password": PASSWORD, "code": "123456" })),
        ("confirmIdentity", json!({ "password": PASSWORD })),
        ("endSession", session.clone()),
        ("endOtherSessions", session),
        ("delegateRole", delegation),
        (
            "revokeDelegation",
            json!({ "id": "delegation_0192f3a07c1e70008000000000000001", "version": 1 }),
        ),
        ("createAccount", account),
        ("inviteAccount", json!({ "username": "moi.tao", "displayName": "Mới" })),
        ("grantRole", role),
        ("createServiceAccount", of_everything),
        ("updateServiceAccount", more),
        ("addServiceSecret", own.clone()),
        ("disableServiceAccount", own),
        ("verifyReport", report.clone()),
        ("approveReport", report.clone()),
        (
            "returnReport",
            json!({ "id": report["id"], "version": 1, "reason": "Thiếu" }),
        ),
        ("recordAwardDecision", decision),
        ("createProvince", json!({ "code": "X", "name": "X" })),
    ] {
        let refused = service.does(mutation, input).await;
        assert_eq!(refused.code(), "FORBIDDEN", "{mutation}: {refused}");
    }
    for query in [
        "{ viewer { can } }",
        "{ accounts { totalCount } }",
        "{ serviceAccounts { totalCount } }",
    ] {
        assert_eq!(service.graphql(query, json!({})).await.code(), "FORBIDDEN", "{query}");
    }
    let why = "query($id: ID!) { whyMay(accountId: $id, action: \"UNIT_MANAGE\") { allowed } }";
    assert_eq!(
        service.graphql(why, json!({ "id": system.id })).await.code(),
        "FORBIDDEN"
    );
    for path in ["/api/v1/auth/me", "/api/v1/auth/sessions", "/api/v1/service-accounts"] {
        let refused = service.get(path).await;
        assert_eq!((refused.status(), refused.code()), (403, "FORBIDDEN"), "{path}");
    }
    let confirm = service
        .post("/api/v1/auth/confirm", json!({ "password": PASSWORD }))
        .await;
    assert_eq!((confirm.status(), confirm.code()), (403, "FORBIDDEN"));
    for (path, status) in [("/api/v1/auth/refresh", 401), ("/api/v1/auth/logout", 204)] {
        for given in [&token, &system.secret] {
            let answer = app.nobody().post(path, json!({ "refreshToken": given })).await;
            assert_eq!(answer.status(), status, "{path}");
        }
    }
    let chosen = json!({ "token": system.secret, "newPassword": "một mật khẩu khác hẳn" });
    assert_eq!(app.nobody().post("/api/v1/auth/password", chosen).await.status(), 422);
    assert_eq!(app.contents().await, before, "nothing was stored");
    let node = |id: String| {
        let service = service.clone();
        async move {
            service
                .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }))
                .await
        }
    };
    for id in [system.id.clone(), thidua::ids::Kind::Account.id(admin.account())] {
        assert_eq!(node(id).await.code(), "NOT_FOUND");
    }
}

async fn a_system_calls_from_its_networks_only(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let mut bound = terms("Kho dữ liệu", &world["Kon Tum"], "units:read");
    bound["networks"] = json!(["203.0.113.0/28", "2001:db8:7::/48"]);
    let system = System::on(&app, bound).await;
    let from = |address: &str| app.nobody().calling_from(address);
    for inside in ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8:7:1::5"] {
        assert_eq!(system.asks(&from(inside), "").await.status(), 200, "{inside}");
    }
    for outside in [from("203.0.113.16"), from("2001:db8:8::1"), app.nobody()] {
        assert_eq!(error(&system.asks(&outside, "").await), (400, "unauthorized_client"));
    }
    let wrong = basic(&system.id, "thidua_service_wrong");
    assert_eq!(
        error(&ask(&from("203.0.113.16"), Some(&wrong), GRANT).await),
        (401, "invalid_client"),
        "only who has the secret is told more"
    );
    let token = token_in(&system.asks(&from("203.0.113.7"), "").await);
    let calls = async |person: &Person, headers: &[(&str, &str)]| {
        let (rest, graphql) = (
            person
                .request(actix_web::http::Method::GET, "/api/v1/units", headers, "")
                .await,
            person.graphql("{ units { totalCount } }", json!({})).await,
        );
        assert_eq!(rest.code(), graphql.code());
        rest.status()
    };
    let holder = app.bearer_of(&token);
    assert_eq!(calls(&holder.calling_from("203.0.113.9"), &[]).await, 200);
    assert_eq!(
        calls(&holder.calling_from("198.51.100.1"), &[]).await,
        401,
        "a token is not carried away"
    );
    assert_eq!(
        calls(&holder, &[]).await,
        401,
        "an address that nobody knows is none of them"
    );
    // Nobody says themselves where they call from.
    let spoofed = [
        ("X-Forwarded-For", "203.0.113.7"),
        ("Forwarded", "for=203.0.113.7"),
        ("X-Real-IP", "203.0.113.7"),
    ];
    assert_eq!(
        holder
            .calling_from("198.51.100.1")
            .request(actix_web::http::Method::GET, "/api/v1/units", &spoofed, "")
            .await
            .status(),
        401
    );
    let behind = app
        .with(|settings| settings.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")])
        .await;
    let through = behind.bearer_of(&token).calling_from("10.0.0.1");
    for (said, status) in [
        ("203.0.113.7", 200),
        ("203.0.113.7, 198.51.100.1", 401),
        ("198.51.100.1, 203.0.113.7", 200),
    ] {
        let answer = through
            .request(
                actix_web::http::Method::GET,
                "/api/v1/units",
                &[("X-Forwarded-For", said)],
                "",
            )
            .await;
        assert_eq!(answer.status(), status, "{said}");
    }
    // Other networks count at once, for the token that is there too.
    let moved = json!({ "id": system.id, "version": 1, "networks": ["198.51.100.1"] });
    admin.does("updateServiceAccount", moved).await.thing();
    assert_eq!(calls(&holder.calling_from("203.0.113.7"), &[]).await, 401);
    assert_eq!(calls(&holder.calling_from("198.51.100.1"), &[]).await, 200);
}

async fn works(env: &Env, token: &str) -> bool {
    let claims = env.tokens.verify(token, env.now()).expect("a token of ours");
    caller(env, &claims).await.is_ok()
}

async fn what_ends_a_token_ends_it_on_every_instance(app: TestApp) {
    let (admin, world, other) = (app.admin().await, app.world(), app.another_instance().await);
    let system = System::of(&app, &world["Kon Tum"], "units:read units:write").await;
    let bystander = System::of(&app, &world["Sóc Trăng"], "units:read")
        .await
        .token("")
        .await;
    let mut version = 1;
    let mut step = async |mutation: &str, more: Value| {
        let mut input = json!({ "id": system.id, "version": version });
        for (field, value) in more.as_object().into_iter().flatten() {
            input[field] = value.clone();
        }
        admin.does(mutation, input).await.thing();
        version += 1;
    };
    let remembered = async |token: &str| {
        hear_of_changes(&other).await.expect("changes are heard of");
        hear_of_changes(&app.env).await.expect("changes are heard of");
        assert!(works(&other, token).await && works(&app.env, token).await);
    };
    let ended = async |token: &str| {
        assert!(!works(&app.env, token).await, "where it was done, at once");
        hear_of_changes(&other).await.expect("changes are heard of");
        assert!(!works(&other, token).await, "and elsewhere as soon as it is heard");
        assert!(works(&other, &bystander).await);
    };
    let token = system.token("").await;
    remembered(&token).await;
    step("disableServiceAccount", json!({})).await;
    ended(&token).await;
    assert_eq!(
        error(&system.asks(&app.nobody(), "").await),
        (400, "unauthorized_client")
    );
    step("enableServiceAccount", json!({})).await;
    remembered(&token).await;
    let secret = system.seen_by(&admin).await["secrets"][0]["id"].clone();
    step("addServiceSecret", json!({})).await;
    remembered(&token).await;
    step("retireServiceSecret", json!({ "id": secret })).await;
    ended(&token).await;
    // Fewer scopes: the token lives and does less, at once.
    let system = System::of(&app, &world["Ngọc Hồi"], "units:read units:write").await;
    let token = system.token("").await;
    let alias = json!({ "id": world["Ngọc Hồi"].id(), "version": 1, "alias": "Ngọc Hồi cũ" });
    assert_eq!(app.bearer_of(&token).get("/api/v1/units").await.status(), 200);
    let less = json!({ "id": system.id, "version": 1, "scopes": ["units:read"] });
    admin.does("updateServiceAccount", less).await.thing();
    assert_eq!(
        app.bearer_of(&token).does("addUnitAlias", alias).await.code(),
        "INSUFFICIENT_SCOPE"
    );
    assert_eq!(app.bearer_of(&token).get("/api/v1/units").await.status(), 200);
}

async fn a_token_ends_with_its_minutes_and_its_account_with_its_day(app: TestApp) {
    let mut short = terms("Kho dữ liệu", &app.world()["Kon Tum"], "units:read");
    short["validTo"] = "2026-03-11".into();
    let system = System::on(&app, short).await;
    let token = system.token("").await;
    app.it_is(moment(2026, 3, 10, 8, 10));
    assert_eq!(units(&app, &token).await, 200);
    app.it_is(moment(2026, 3, 10, 8, 11));
    assert_eq!(units(&app, &token).await, 401, "ten minutes, as for people");
    app.it_is(moment(2026, 3, 10, 23, 58));
    let token = system.token("").await;
    hear_of_changes(&app.env).await.expect("changes are heard of");
    assert_eq!(units(&app, &token).await, 200);
    app.it_is(moment(2026, 3, 11, 0, 0));
    hear_of_changes(&app.env).await.expect("changes are heard of");
    assert_eq!(
        units(&app, &token).await,
        401,
        "its day has come in Vietnam, in the middle of a token's life"
    );
    assert_eq!(
        error(&system.asks(&app.nobody(), "").await),
        (400, "unauthorized_client")
    );
}

async fn a_system_that_called_lately_is_known_without_asking_the_database(app: TestApp) {
    let system = System::of(&app, &app.world()["Kon Tum"], "units:read").await;
    let asked = system.asks(&app.nobody(), "").await;
    let again = system.asks(&app.nobody(), "").await;
    assert_eq!(again.statements(), 1, "a use is noted each minute and not each time");
    assert!(asked.statements() > 1);
    let person = system.calls().await;
    let statements = async || person.get("/api/v1/units").await.statements();
    let asking = statements().await;
    hear_of_changes(&app.env).await.expect("changes are heard of");
    statements().await;
    assert_eq!(statements().await, asking - 1);
    let narrow = app.bearer_of(&system.token("units:read").await);
    assert_eq!(
        narrow.get("/api/v1/units").await.statements(),
        asking - 1,
        "one secret is one memory"
    );
}
