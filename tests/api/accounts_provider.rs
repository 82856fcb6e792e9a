//! Signing in through the province's identity provider: who gets in, and who does not. What a provider that lies, or is away, achieves
//! is told in `accounts_provider_lies.rs`; who is linked to whom in `accounts_provider_links.rs`.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::accounts::usecases;

use crate::accounts_second_factor::WithPhone;
use crate::accounts_signing_in::{PASSWORD, SignedIn, actions, login, make};
use crate::support::{Answer, Back, CLIENT_SECRET, Person, Provider, REDIRECT, TestApp, on_both_databases};

on_both_databases! {
    a_page_knows_whether_a_provider_is_offered_and_by_which_name,
    somebody_signs_in_through_the_provider,
    the_browser_is_sent_with_everything_that_binds_the_answer,
    a_public_client_has_no_secret_to_show,
    a_code_and_its_flow_work_once,
    of_many_who_finish_at_once_one_is_let_in,
    only_the_front_end_that_began_can_finish,
    a_flow_works_for_its_time,
    nobody_is_sent_back_to_an_address_of_their_own,
    an_unlinked_person_is_told_what_to_do_and_nothing_is_made,
    the_same_address_opens_nobodys_account,
    a_locked_account_is_closed,
    a_second_factor_is_asked_for_here_too,
    who_guesses_codes_after_the_provider_waits,
    no_password_needs_to_be_changed_by_who_comes_without,
    a_sign_in_there_long_ago_is_no_fresh_proof_here,
    a_session_is_like_any_other,
    nothing_secret_is_kept,
    trying_too_often_is_refused,
}

/// Begins a sign-in.
pub async fn starts(app: &TestApp) -> Value {
    let answer = app
        .nobody()
        .post("/api/v1/auth/oidc/start", json!({ "redirectUri": REDIRECT }))
        .await;
    assert_eq!(
        (answer.status(), answer.header("cache-control")),
        (200, "no-store"),
        "{answer}"
    );
    answer.body().clone()
}

/// The address at the provider of what was begun.
pub fn address(begun: &Value) -> &str {
    begun["authorizationUrl"].as_str().expect("an address")
}

/// Finishes a sign-in.
pub async fn finishes(app: &TestApp, begun: &Value, back: &Back) -> Answer {
    finishes_with(app, begun, back, None).await
}

async fn finishes_with(app: &TestApp, begun: &Value, back: &Back, code: Option<&str>) -> Answer {
    let mut body = json!({ "flow": begun["flow"], "state": back.state, "code": back.code });
    if let Some(code) = code {
        body["secondFactorCode"] = code.into();
    }
    app.nobody().post("/api/v1/auth/oidc/finish", body).await
}

/// Goes the whole way.
pub async fn comes(app: &TestApp, provider: &Provider, subject: &str) -> Answer {
    let begun = starts(app).await;
    let back = provider.signs_in(subject, address(&begun)).await;
    finishes(app, &begun, &back).await
}

/// An administrator links an account to somebody at the provider.
pub async fn links(admin: &Person, account: &str, subject: &str) -> Answer {
    let query = "query($id: ID!) { node(id: $id) { ... on Account { version } } }";
    let version = admin.graphql(query, json!({ "id": account })).await;
    let input = json!({ "id": account, "version": version.at("/node/version"), "subject": subject });
    admin.does("linkAccountToProvider", input).await
}

/// An account that is linked to somebody at the provider.
pub async fn linked(app: &TestApp, username: &str, subject: &str) -> String {
    let account = make(app, username).await;
    links(&app.admin().await, &account, subject).await.thing();
    account
}

/// The code of the only thing that is to be mended.
#[track_caller]
pub fn problem(answer: &Answer) -> (&str, &str) {
    assert_eq!(answer.status(), 422, "{answer}");
    let one = &answer.body()["errors"][0];
    (
        one["code"].as_str().expect("a code"),
        one["field"].as_str().expect("a field"),
    )
}

async fn rows_of(app: &TestApp, table: &str) -> Vec<String> {
    app.contents().await.remove(table).expect("a table")
}

fn later(app: &TestApp, time: Duration) {
    app.it_is((app.env.now() + time).fixed_offset());
}

async fn a_page_knows_whether_a_provider_is_offered_and_by_which_name(app: TestApp) {
    let with = Provider::open(&app).await.serves(&app).await;
    for (app, name) in [(&app, Value::Null), (&with, json!("Tài khoản cán bộ tỉnh Lào Cai"))] {
        let rest = app.nobody().get("/api/v1/auth/ways").await;
        assert_eq!((rest.status(), &rest.body()["provider"]["name"]), (200, &name));
        let graphql = app
            .nobody()
            .graphql("{ signInWays { provider { name } } }", json!({}))
            .await;
        assert_eq!(
            graphql.at("/signInWays/provider").get("name").unwrap_or(&Value::Null),
            &name
        );
    }
    let none = app.nobody().in_english();
    let none = none
        .post("/api/v1/auth/oidc/start", json!({ "redirectUri": REDIRECT }))
        .await;
    assert_eq!((none.status(), none.code()), (409, "WRONG_STATE"));
    assert!(none.message().contains("sign in by password"), "{none}");
}

async fn somebody_signs_in_through_the_provider(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let account = linked(&app, "hien.tran", "nguoi-7").await;
    let answer = comes(&app, &provider, "nguoi-7").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.body().as_object().map(serde_json::Map::len),
        Some(3),
        "no more is told: {answer}"
    );
    let signed_in = SignedIn::from(&app, answer);
    let me = app.bearer_of(&signed_in.access).get("/api/v1/auth/me").await;
    assert_eq!(
        (&me.body()["id"], &me.body()["username"]),
        (&json!(account), &json!("hien.tran"))
    );
    assert_eq!(signed_in.refreshes().await.status(), 200);
    assert_eq!(
        actions(&app, &account).await,
        ["ACCOUNT_CREATED", "PROVIDER_LINKED", "SIGNED_IN"]
    );
    let entries = app
        .audit_of(thidua::ids::Kind::Account.parse(&account).expect("an id"))
        .await;
    assert_eq!(entries[2].detail, json!({ "provider": provider.issuer() }).to_string());
    // Its documents are remembered.
    comes(&app, &provider, "nguoi-7").await;
    assert_eq!(
        (
            provider.asked("document"),
            provider.asked("keys"),
            provider.asked("token")
        ),
        (1, 1, 2)
    );
    // A provider may sign by RSA, and names nobody else's claims as we would.
    provider.signs_by_rsa();
    later(&app, Duration::hours(2));
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
}

async fn the_browser_is_sent_with_everything_that_binds_the_answer(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider
        .serves_with(&app, |settings| {
            settings.oidc_scopes = vec!["openid".to_owned(), "profile".to_owned()];
        })
        .await;
    let (one, other) = (starts(&app).await, starts(&app).await);
    let parts = |begun: &Value| {
        let url = reqwest::Url::parse(address(begun)).expect("an address");
        let pairs = url.query_pairs().into_owned();
        pairs.collect::<std::collections::BTreeMap<String, String>>()
    };
    let (first, second) = (parts(&one), parts(&other));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "thidua"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid profile"),
        ("code_challenge_method", "S256"),
        ("max_age", "43200"),
    ] {
        assert_eq!(first[name], value);
    }
    assert_eq!(first["state"], one["state"].as_str().expect("a state"));
    for name in ["state", "nonce", "code_challenge"] {
        assert!(first[name].len() >= 22 && first[name] != second[name], "{name}");
    }
    assert!(!first.contains_key("prompt"));
    let flow = one["flow"].as_str().expect("a flow");
    assert!(
        flow.len() > 40 && !address(&one).contains(flow),
        "the flow goes with no browser"
    );
    assert_eq!(one["expiresIn"], 600);
    let anew = json!({ "redirectUri": REDIRECT, "anew": true });
    let anew = app.nobody().post("/api/v1/auth/oidc/start", anew).await;
    assert_eq!(parts(anew.body())["prompt"], "login");
}

async fn a_public_client_has_no_secret_to_show(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider
        .serves_with(&app, |settings| {
            settings.oidc_client_secret = thidua::settings::Secret::default();
        })
        .await;
    linked(&app, "hien.tran", "nguoi-7").await;
    // This provider knows the client as one with a secret.
    let refused = comes(&app, &provider, "nguoi-7").await;
    assert_eq!(problem(&refused), ("PROVIDER_REFUSED", "code"));
    assert_eq!(provider.asked("token"), 1);
}

async fn a_code_and_its_flow_work_once(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    SignedIn::from(&app, finishes(&app, &begun, &back).await);
    let again = finishes(&app, &begun, &back).await;
    assert_eq!(problem(&again), ("FLOW_INVALID", "flow"));
    // The code in another flow: the provider takes each once.
    let other = starts(&app).await;
    let state = other["state"].as_str().expect("a state").to_owned();
    let replayed = finishes(&app, &other, &Back { state, ..back }).await;
    assert_eq!(problem(&replayed), ("PROVIDER_REFUSED", "code"));
    // And nothing is to be had from a flow whose code was refused.
    let state = other["state"].as_str().expect("a state").to_owned();
    let code = provider.signs_in("nguoi-7", address(&other)).await.code;
    assert_eq!(
        problem(&finishes(&app, &other, &Back { code, state }).await),
        ("FLOW_INVALID", "flow")
    );
    assert_eq!(provider.asked("token"), 2);
}

async fn of_many_who_finish_at_once_one_is_let_in(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    let all = join_all((0..6).map(|_| finishes(&app, &begun, &back))).await;
    let let_in = all.iter().filter(|answer| answer.status() == 200).count();
    assert_eq!((let_in, provider.asked("token")), (1, 1));
    for answer in all.iter().filter(|answer| answer.status() != 200) {
        assert_eq!(problem(answer), ("FLOW_INVALID", "flow"));
    }
}

async fn only_the_front_end_that_began_can_finish(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "ke.gian", "ke-gian").await;
    linked(&app, "hien.tran", "nguoi-7").await;
    // Somebody makes the victim's browser come back with their own code: the front end has begun nothing of this state.
    let theirs = starts(&app).await;
    let slipped = provider.signs_in("ke-gian", address(&theirs)).await;
    let own = starts(&app).await;
    assert_eq!(problem(&finishes(&app, &own, &slipped).await), ("FLOW_INVALID", "flow"));
    // Somebody has seen the address at which the victim came back, and has no flow that fits.
    let seen = provider.signs_in("nguoi-7", address(&own)).await;
    assert_eq!(problem(&finishes(&app, &theirs, &seen).await), ("FLOW_INVALID", "flow"));
    for flow in [json!(""), own["state"].clone(), json!("oidc-AAAA")] {
        let guessed = finishes(&app, &json!({ "flow": flow }), &seen).await;
        assert_eq!(problem(&guessed), ("FLOW_INVALID", "flow"));
    }
    let without = json!({ "state": seen.state, "code": seen.code });
    let without = app.nobody().post("/api/v1/auth/oidc/finish", without).await;
    assert_eq!((without.status(), without.code()), (400, "BAD_REQUEST"));
    // The same code, with a state and a flow of somebody else: its challenge does not fit their verifier.
    let state = theirs["state"].as_str().expect("a state").to_owned();
    let mixed = finishes(
        &app,
        &theirs,
        &Back {
            state,
            code: seen.code.clone(),
        },
    )
    .await;
    assert_eq!(
        problem(&mixed),
        ("PROVIDER_REFUSED", "code"),
        "the provider refuses the verifier"
    );
    assert_eq!(provider.asked("token"), 1, "nothing else was worth asking the provider");
}

async fn a_flow_works_for_its_time(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let (early, late) = (starts(&app).await, starts(&app).await);
    later(&app, Duration::seconds(590));
    let back = provider.signs_in("nguoi-7", address(&early)).await;
    SignedIn::from(&app, finishes(&app, &early, &back).await);
    let back = provider.signs_in("nguoi-7", address(&late)).await;
    later(&app, Duration::seconds(11));
    assert_eq!(problem(&finishes(&app, &late, &back).await), ("FLOW_INVALID", "flow"));
    assert_eq!(rows_of(&app, "provider_flow").await.len(), 2);
    assert_eq!(
        usecases::provider::forget_old_flows(&app.env).await.expect("tidying"),
        2
    );
    assert_eq!(rows_of(&app, "provider_flow").await.len(), 0);
}

async fn nobody_is_sent_back_to_an_address_of_their_own(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    for other in [
        "",
        "https://ke-gian.example/dang-nhap",
        "https://thidua.laocai.gov.vn/dang-nhap/",
        "https://thidua.laocai.gov.vn/dang-nhap?x=1",
        "https://THIDUA.laocai.gov.vn/dang-nhap",
        "https://thidua.laocai.gov.vn/dang-nhap/../x",
        "https://thidua.laocai.gov.vn@ke-gian.example/dang-nhap",
        "javascript:alert(1)",
    ] {
        let answer = app
            .nobody()
            .post("/api/v1/auth/oidc/start", json!({ "redirectUri": other }))
            .await;
        assert_eq!(problem(&answer), ("REDIRECT_NOT_ALLOWED", "redirectUri"), "{other:?}");
    }
    assert_eq!(rows_of(&app, "provider_flow").await.len(), 0);
    assert_eq!(provider.asked("document"), 0);
}

async fn an_unlinked_person_is_told_what_to_do_and_nothing_is_made(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let tables = async || {
        let mut contents = app.contents().await;
        contents.remove("provider_flow");
        contents
    };
    let before = tables().await;
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-moi", address(&begun)).await;
    let refused = finishes(&app, &begun, &back).await;
    assert_eq!(problem(&refused), ("PROVIDER_NOT_LINKED", "code"));
    assert!(
        refused.message().contains("tự liên kết") && refused.message().ends_with(": nguoi-moi"),
        "{refused}"
    );
    assert_eq!(tables().await, before, "nothing was made");
    // An administrator hears of it in time, and the person need not go to the provider again.
    linked(&app, "an.le", "nguoi-moi").await;
    SignedIn::from(&app, finishes(&app, &begun, &back).await);
    assert_eq!(provider.asked("token"), 1);
}

async fn the_same_address_opens_nobodys_account(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let account = make(&app, "hien.tran").await;
    let admin = app.admin().await;
    let email = json!({ "id": account, "version": 1, "email": "hien.tran@congdoan.vn" });
    admin.does("setAccountEmail", email).await.thing();
    // The provider tells of everybody that this is their address, and even that it is verified.
    let taken_for = comes(&app, &provider, "ke-gian").await;
    assert_eq!(problem(&taken_for), ("PROVIDER_NOT_LINKED", "code"));
    for name in ["hien.tran", "hien.tran@congdoan.vn", account.as_str()] {
        let named = comes(&app, &provider, name).await;
        assert_eq!(problem(&named), ("PROVIDER_NOT_LINKED", "code"), "a name is no subject");
    }
    links(&admin, &account, "nguoi-7").await.thing();
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    for other in ["ke-gian", "Nguoi-7", "nguoi-7x", "nguoi"] {
        assert_eq!(
            problem(&comes(&app, &provider, other).await),
            ("PROVIDER_NOT_LINKED", "code"),
            "{other}"
        );
    }
}

async fn a_locked_account_is_closed(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let account = linked(&app, "hien.tran", "nguoi-7").await;
    let signed_in = SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    let admin = app.admin().await;
    let locked = admin.does("lockAccount", json!({ "id": account, "version": 2 })).await;
    assert_eq!(signed_in.status().await, 401, "its session is over");
    let refused = comes(&app, &provider, "nguoi-7").await;
    assert_eq!(problem(&refused), ("ACCOUNT_LOCKED", "code"));
    let unlock = json!({ "id": account, "version": locked.thing()["version"] });
    admin.does("unlockAccount", unlock).await.thing();
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
}

async fn a_second_factor_is_asked_for_here_too(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let hien = WithPhone::of(&app, "hien.tran").await;
    let account = hien.person.get("/api/v1/auth/me").await.body()["id"].clone();
    links(&app.admin().await, account.as_str().expect("an id"), "nguoi-7")
        .await
        .thing();
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    // The provider says that it has asked for one (amr); it is not the one that is known here.
    let without = finishes(&app, &begun, &back).await;
    assert_eq!((without.status(), without.code()), (401, "SECOND_FACTOR_REQUIRED"));
    let wrong = finishes_with(&app, &begun, &back, Some("000000")).await;
    assert_eq!(problem(&wrong), ("WRONG_CODE", "secondFactorCode"));
    let forged = Back {
        state: "x".repeat(43),
        ..back.clone()
    };
    let forged = finishes_with(&app, &begun, &forged, Some(&hien.code())).await;
    assert_eq!(problem(&forged), ("FLOW_INVALID", "flow"));
    SignedIn::from(&app, finishes_with(&app, &begun, &back, Some(&hien.code())).await);
    assert_eq!(provider.asked("token"), 1, "the code of the provider was sent once");
    hien.later(30);
    let again = finishes_with(&app, &begun, &back, Some(&hien.code())).await;
    assert_eq!(problem(&again), ("FLOW_INVALID", "flow"));
}

async fn who_guesses_codes_after_the_provider_waits(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let hien = WithPhone::of(&app, "hien.tran").await;
    let account = hien.person.get("/api/v1/auth/me").await.body()["id"].clone();
    links(&app.admin().await, account.as_str().expect("an id"), "nguoi-7")
        .await
        .thing();
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    for _ in 0..10 {
        let wrong = finishes_with(&app, &begun, &back, Some("000000")).await;
        assert_eq!(problem(&wrong), ("WRONG_CODE", "secondFactorCode"));
    }
    let waits = finishes_with(&app, &begun, &back, Some(&hien.code())).await;
    assert_eq!((waits.status(), waits.code()), (429, "RATE_LIMITED"));
}

async fn no_password_needs_to_be_changed_by_who_comes_without(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let admin = app.admin().await;
    let invited = json!({ "username": "lan.pham", "displayName": "Phạm Thị Lan" });
    let account = admin.does("inviteAccount", invited).await.id().to_owned();
    links(&admin, &account, "nguoi-9").await.thing();
    let signed_in = SignedIn::from(&app, comes(&app, &provider, "nguoi-9").await);
    let lan = app.bearer_of(&signed_in.access);
    assert_eq!(lan.get("/api/v1/auth/me").await.body()["mustChangePassword"], false);
    assert_eq!(lan.get("/api/v1/units").await.status(), 200);
    let viewer = lan
        .graphql(
            "{ viewer { mustChangePassword account { mustChangePassword } } }",
            json!({}),
        )
        .await;
    assert_eq!(*viewer.at("/viewer/mustChangePassword"), false);
    assert_eq!(
        *viewer.at("/viewer/account/mustChangePassword"),
        true,
        "others see that there is no password yet"
    );
    // By a password that somebody else has set one gets no further than before.
    let new = json!({ "username": "an.le", "displayName": "Lê An", "password": PASSWORD });
    let other = admin.does("createAccount", new).await.id().to_owned();
    links(&admin, &other, "nguoi-10").await.thing();
    let by_password = SignedIn::from(&app, login(&app, "an.le", PASSWORD).await);
    let barred = app.bearer_of(&by_password.access).get("/api/v1/units").await;
    assert_eq!(barred.code(), "PASSWORD_CHANGE_REQUIRED");
    let by_provider = SignedIn::from(&app, comes(&app, &provider, "nguoi-10").await);
    assert_eq!(
        app.bearer_of(&by_provider.access).get("/api/v1/units").await.status(),
        200
    );
}

async fn a_sign_in_there_long_ago_is_no_fresh_proof_here(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider
        .serves_with(&app, |settings| settings.deciding_fresh_minutes = 15)
        .await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let proof = async |answer: Answer| {
        let signed_in = SignedIn::from(&app, answer);
        let viewer = app
            .bearer_of(&signed_in.access)
            .graphql("{ viewer { proof } }", json!({}))
            .await;
        viewer.str("/viewer/proof").to_owned()
    };
    provider.manner().signed_in_ago = 14 * 60;
    assert_eq!(proof(comes(&app, &provider, "nguoi-7").await).await, "FRESH");
    provider.manner().signed_in_ago = 16 * 60;
    assert_eq!(proof(comes(&app, &provider, "nguoi-7").await).await, "STALE");
    // Longer ago than twelve hours it is no sign-in at all.
    provider.manner().signed_in_ago = 13 * 3_600;
    assert_eq!(
        problem(&comes(&app, &provider, "nguoi-7").await),
        ("PROVIDER_REFUSED", "code")
    );
    let anew = json!({ "redirectUri": REDIRECT, "anew": true });
    let anew = app.nobody().post("/api/v1/auth/oidc/start", anew).await.body().clone();
    let back = provider.signs_in("nguoi-7", address(&anew)).await;
    assert_eq!(proof(finishes(&app, &anew, &back).await).await, "FRESH");
}

async fn a_session_is_like_any_other(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let by_password = SignedIn::from(&app, login(&app, "hien.tran", PASSWORD).await);
    let by_provider = SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    let hien = app.bearer_of(&by_provider.access);
    let listed = hien.get("/api/v1/auth/sessions").await;
    assert_eq!(listed.body()["items"].as_array().map(Vec::len), Some(2));
    let changed = json!({ "currentPassword": PASSWORD, "newPassword": "nắng lên ngoài sân mới" });
    hien.does("changePassword", changed).await.thing();
    assert_eq!((by_password.status().await, by_provider.status().await), (401, 200));
    let out = app
        .nobody()
        .post("/api/v1/auth/logout", json!({ "refreshToken": by_provider.refresh }))
        .await;
    assert_eq!((out.status(), by_provider.status().await), (204, 401));
}

async fn nothing_secret_is_kept(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let (done, open) = (starts(&app).await, starts(&app).await);
    let back = provider.signs_in("nguoi-7", address(&done)).await;
    let signed_in = SignedIn::from(&app, finishes(&app, &done, &back).await);
    let mut secrets = vec![back.code, signed_in.refresh.clone(), CLIENT_SECRET.to_owned()];
    for begun in [&done, &open] {
        let url = reqwest::Url::parse(address(begun)).expect("an address");
        let nonce = url
            .query_pairs()
            .find(|(name, _)| name == "nonce")
            .expect("a nonce")
            .1
            .into_owned();
        secrets.extend([nonce, begun["flow"].as_str().expect("a flow").to_owned()]);
        secrets.push(begun["state"].as_str().expect("a state").to_owned());
    }
    // The verifier was told to the provider alone; its name in the row would give it away.
    secrets.push("verifier".to_owned());
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (table, rows) in app.contents().await {
        let text = rows.join("\n").to_lowercase();
        for secret in &secrets {
            let held = text.contains(&secret.to_lowercase()) || text.contains(&hex(secret));
            assert!(!held, "{table} holds {secret}");
        }
    }
}

async fn trying_too_often_is_refused(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider
        .serves_with(&app, |settings| settings.sign_ins_per_minute_per_address = 2)
        .await;
    let from_one_address = async |path: &str, body: Value| {
        let request = actix_web::test::TestRequest::post()
            .uri(path)
            .peer_addr(([203, 0, 113, 7], 443).into())
            .set_json(body);
        app.call(request).await.status().as_u16()
    };
    let start = json!({ "redirectUri": REDIRECT });
    let finish = json!({ "flow": "x", "state": "x", "code": "x" });
    assert_eq!(from_one_address("/api/v1/auth/oidc/start", start.clone()).await, 200);
    assert_eq!(from_one_address("/api/v1/auth/oidc/finish", finish.clone()).await, 422);
    assert_eq!(from_one_address("/api/v1/auth/oidc/finish", finish).await, 429);
    assert_eq!(from_one_address("/api/v1/auth/oidc/start", start).await, 429);
    assert_eq!(
        app.nobody().get("/api/v1/auth/ways").await.status(),
        200,
        "the page itself goes on"
    );
}
