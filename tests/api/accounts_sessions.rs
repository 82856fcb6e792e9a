//! Sessions: what a lost answer may do, how one sees and ends one's own, and how soon every instance knows that somebody is out.

use actix_web::http::Method;
use chrono::Duration;
use serde_json::{Value, json};
use thidua::accounts::usecases::{caller, hear_of_changes, keep_hearing};
use thidua::auth::{Presented, keys};
use thidua::env::Env;

use crate::accounts_signing_in::{PASSWORD, SignedIn, actions, status};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    a_lost_answer_may_be_asked_for_again_while_its_token_is_unused,
    a_token_that_took_the_place_of_a_lost_one_leaves_the_lost_one_dead,
    one_sees_where_one_is_signed_in,
    one_ends_one_of_ones_sessions,
    one_ends_all_other_sessions,
    the_sessions_of_others_do_not_exist,
    more_than_twenty_sessions_end_the_oldest,
    who_called_lately_is_known_without_asking_the_database,
    a_change_is_known_at_once_where_it_is_made,
    a_change_is_known_on_another_instance,
    a_running_instance_hears_of_a_change_by_itself,
    an_instance_that_hears_nothing_asks_the_database,
    keys_turn_and_nobody_is_signed_out,
}

async fn later(app: &TestApp, seconds: i64) {
    app.it_is((app.env.now() + Duration::seconds(seconds)).fixed_offset());
}

async fn a_lost_answer_may_be_asked_for_again_while_its_token_is_unused(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let _lost = SignedIn::from(&app, first.refreshes().await);
    assert_eq!(first.refreshes().await.header("retry-after"), "5");
    later(&app, 5).await;
    let again = SignedIn::from(&app, first.refreshes().await);
    assert_eq!(again.status().await, 200);
    let next = SignedIn::from(&app, again.refreshes().await);
    // Now its successor has been used: who comes with the first one has copied it.
    assert_eq!(first.refreshes().await.status(), 401);
    assert_eq!((next.status().await, next.refreshes().await.status()), (401, 401));
}

async fn a_token_that_took_the_place_of_a_lost_one_leaves_the_lost_one_dead(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let lost = SignedIn::from(&app, first.refreshes().await);
    later(&app, 6).await;
    let again = SignedIn::from(&app, first.refreshes().await);
    // Two hold the answers, so one of them is not the owner.
    assert_eq!(lost.refreshes().await.status(), 401);
    assert_eq!((again.status().await, again.refreshes().await.status()), (401, 401));
}

async fn one_sees_where_one_is_signed_in(app: TestApp) {
    let phone = SignedIn::of(&app, "hien.tran").await;
    let body = json!({ "username": "hien.tran", "password": PASSWORD }).to_string();
    let headers = [
        ("Content-Type", "application/json"),
        ("User-Agent", "Máy tính ở cơ quan"),
    ];
    let office = app
        .nobody()
        .request(Method::POST, "/api/v1/auth/login", &headers, body)
        .await;
    let office = SignedIn::from(&app, office);
    later(&app, 60).await;
    let phone = SignedIn::from(&app, phone.refreshes().await);
    let hien = app.bearer_of(&phone.access);
    let listed = hien.get("/api/v1/auth/sessions").await;
    let items = listed.body()["items"].as_array().expect("a list").clone();
    let of = |field: &str| items.iter().map(|item| item[field].clone()).collect::<Vec<Value>>();
    assert_eq!(of("current"), [json!(false), json!(true)], "the newest first");
    let (never, used) = (&of("lastUsedAt")[0], of("lastUsedAt")[1].clone());
    assert!(
        never.is_null() && used.as_str().is_some_and(|at| at.starts_with("2026-03-10T01:01:00")),
        "{listed}"
    );
    let fields = "id createdAt lastUsedAt expiresAt address client current";
    let viewer = hien
        .graphql(&format!("{{ viewer {{ sessions {{ {fields} }} }} }}"), json!({}))
        .await;
    let client = |number: usize| viewer.at(&format!("/viewer/sessions/{number}/client")).clone();
    assert_eq!(
        (client(0), of("client")[0].clone()),
        (json!("Máy tính ở cơ quan"), json!("Máy tính ở cơ quan"))
    );
    assert_eq!(of("id")[1], *viewer.at("/viewer/sessions/1/id"));
    assert_eq!(
        app.bearer_of(&office.access).get("/api/v1/auth/sessions").await.body()["items"][0]["current"],
        true
    );
}

async fn one_ends_one_of_ones_sessions(app: TestApp) {
    let phone = SignedIn::of(&app, "hien.tran").await;
    let office = SignedIn::again(&app, "hien.tran", PASSWORD).await;
    let hien = app.bearer_of(&office.access);
    let listed = hien.get("/api/v1/auth/sessions").await;
    let lost_phone = listed.body()["items"][1]["id"].as_str().expect("an id").to_owned();
    hien.does("endSession", json!({ "id": lost_phone })).await.thing();
    assert_eq!((phone.status().await, phone.refreshes().await.status()), (401, 401));
    assert_eq!(office.status().await, 200);
    let again = hien.does("endSession", json!({ "id": lost_phone })).await;
    assert_eq!(again.code(), "NOT_FOUND", "it has ended already");
    let account = hien.get("/api/v1/auth/me").await.body()["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_eq!(
        actions(&app, &account).await,
        ["ACCOUNT_CREATED", "SIGNED_IN", "SIGNED_IN"]
    );
}

async fn one_ends_all_other_sessions(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let second = SignedIn::again(&app, "hien.tran", PASSWORD).await;
    let third = SignedIn::again(&app, "hien.tran", PASSWORD).await;
    let hien = app.bearer_of(&third.access);
    let listed = hien.get("/api/v1/auth/sessions").await;
    let this = &listed.body()["items"][0]["id"];
    let kept = hien.does("endOtherSessions", json!({ "id": this })).await;
    assert_eq!(kept.thing()["current"], true);
    assert_eq!(
        (first.status().await, second.status().await, third.status().await),
        (401, 401, 200)
    );
    let alone = hien.request(Method::DELETE, "/api/v1/auth/sessions", &[], "").await;
    assert_eq!(alone.status(), 204);
    assert_eq!(third.status().await, 200);
}

async fn the_sessions_of_others_do_not_exist(app: TestApp) {
    let hien = SignedIn::of(&app, "hien.tran").await;
    let listed = app.bearer_of(&hien.access).get("/api/v1/auth/sessions").await;
    let session = listed.body()["items"][0]["id"].as_str().expect("an id").to_owned();
    let admin = app.admin().await;
    assert_eq!(
        admin.does("endSession", json!({ "id": session })).await.code(),
        "NOT_FOUND"
    );
    let path = format!("/api/v1/auth/sessions/{session}");
    assert_eq!(admin.request(Method::DELETE, &path, &[], "").await.code(), "NOT_FOUND");
    let node = admin
        .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": session }))
        .await;
    assert_eq!(node.code(), "NOT_FOUND");
    assert_eq!(hien.status().await, 200);
}

async fn more_than_twenty_sessions_end_the_oldest(app: TestApp) {
    let first = SignedIn::of(&app, "hien.tran").await;
    let second = SignedIn::again(&app, "hien.tran", PASSWORD).await;
    for _ in 0..19 {
        SignedIn::again(&app, "hien.tran", PASSWORD).await;
    }
    assert_eq!((first.status().await, second.status().await), (401, 200));
}

async fn knows(env: &Env, token: &str) -> bool {
    let claims = env.tokens.verify(token, env.now()).expect("a token of ours");
    caller(env, &claims).await.is_ok()
}

/// Whether an instance need not ask the database who that is.
fn remembers(env: &Env, token: &str) -> bool {
    let Ok(Presented::Person(claims)) = env.tokens.verify(token, env.now()) else {
        panic!("it is a token of a person");
    };
    env.callers.get(claims.sid, env.now(), env.today()).is_some()
}

async fn who_called_lately_is_known_without_asking_the_database(app: TestApp) {
    let hien = SignedIn::of(&app, "hien.tran").await;
    let statements = async || {
        let me = app.bearer_of(&hien.access).get("/api/v1/auth/sessions").await;
        assert_eq!(me.status(), 200);
        me.statements()
    };
    let asking = statements().await;
    hear_of_changes(&app.env).await.expect("changes are heard of");
    assert_eq!(statements().await, asking - 1);
    // At midnight in Vietnam, grants and offices begin and end.
    later(&app, 17 * 3600).await;
    hear_of_changes(&app.env).await.expect("changes are heard of");
    let hien = SignedIn::from(&app, hien.refreshes().await);
    assert_eq!(hien.status().await, 200);
}

async fn a_change_is_known_at_once_where_it_is_made(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let hien = SignedIn::of(&app, "hien.tran").await;
    let me = async || app.bearer_of(&hien.access).get("/api/v1/auth/me").await;
    hear_of_changes(&app.env).await.expect("changes are heard of");
    let account = me().await.body()["id"].as_str().expect("an id").to_owned();
    assert_eq!(me().await.body()["capacities"], json!([]));
    let unit = world["Xã Diên Bình"].id();
    let grant = json!({ "accountId": account, "role": "UNIT_OFFICER", "scopeKind": "UNIT", "scopeId": unit });
    let grant = admin.does("grantRole", grant).await;
    assert_eq!(me().await.body()["capacities"][0]["capacity"], "UNIT_OFFICER");
    let withdrawn = json!({ "id": grant.id(), "version": 1 });
    admin.does("withdrawRoleGrant", withdrawn).await.thing();
    assert_eq!(me().await.body()["capacities"], json!([]));
    admin
        .does("lockAccount", json!({ "id": account, "version": 1 }))
        .await
        .thing();
    assert_eq!(me().await.status(), 401);
}

async fn a_change_is_known_on_another_instance(app: TestApp) {
    let (admin, other) = (app.admin().await, app.another_instance().await);
    let (hien, an) = (SignedIn::of(&app, "hien.tran").await, SignedIn::of(&app, "an.le").await);
    hear_of_changes(&other).await.expect("changes are heard of");
    for token in [&hien.access, &an.access] {
        assert!(knows(&other, token).await);
    }
    assert!(remembers(&other, &hien.access) && remembers(&other, &an.access));
    let account = app.bearer_of(&hien.access).get("/api/v1/auth/me").await;
    let account = account.body()["id"].as_str().expect("an id").to_owned();
    admin
        .does("lockAccount", json!({ "id": account, "version": 1 }))
        .await
        .thing();
    hear_of_changes(&other).await.expect("changes are heard of");
    assert!(!knows(&other, &hien.access).await);
    assert!(knows(&other, &an.access).await);
    assert!(remembers(&other, &an.access), "only who changed is asked about again");
}

async fn a_running_instance_hears_of_a_change_by_itself(app: TestApp) {
    let (admin, other) = (app.admin().await, app.another_instance().await);
    let hien = SignedIn::of(&app, "hien.tran").await;
    let hearing = actix_web::rt::spawn(keep_hearing(other.clone(), app.settings.database()));
    while !remembers(&other, &hien.access) {
        assert!(knows(&other, &hien.access).await);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let account = app.bearer_of(&hien.access).get("/api/v1/auth/me").await;
    let account = account.body()["id"].as_str().expect("an id").to_owned();
    admin
        .does("lockAccount", json!({ "id": account, "version": 1 }))
        .await
        .thing();
    let told = std::time::Instant::now();
    while knows(&other, &hien.access).await {
        assert!(
            told.elapsed() < std::time::Duration::from_secs(20),
            "nobody told the other instance"
        );
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    hearing.abort();
}

async fn an_instance_that_hears_nothing_asks_the_database(app: TestApp) {
    let (admin, other) = (app.admin().await, app.another_instance().await);
    let hien = SignedIn::of(&app, "hien.tran").await;
    hear_of_changes(&other).await.expect("changes are heard of");
    assert!(knows(&other, &hien.access).await);
    let account = app.bearer_of(&hien.access).get("/api/v1/auth/me").await;
    let account = account.body()["id"].as_str().expect("an id").to_owned();
    admin
        .does("lockAccount", json!({ "id": account, "version": 1 }))
        .await
        .thing();
    // Nobody has told it, and it could not ask for some seconds.
    later(&app, 4).await;
    assert!(!knows(&other, &hien.access).await);
}

async fn keys_turn_and_nobody_is_signed_out(app: TestApp) {
    let hien = SignedIn::of(&app, "hien.tran").await;
    let file = app.settings.signing_keys_path();
    let shown = |app: &TestApp| {
        app.env.tokens.jwks(app.env.now())["keys"]
            .as_array()
            .expect("keys")
            .len()
    };
    assert_eq!(shown(&app), 2, "the next key is told before it signs");
    let before = app.env.tokens.kid();
    let life = thidua::auth::Tokens::verify_for(app.settings.access_token_seconds);
    keys::turn(&file, app.env.now(), life).expect("a turn");
    assert!(app.env.tokens.reread(app.env.now()).expect("keys"));
    assert_ne!(app.env.tokens.kid(), before);
    assert_eq!(shown(&app), 3);
    assert_eq!(
        status(&app, &hien.access).await,
        200,
        "the retired key verifies what it signed"
    );
    let next = SignedIn::from(&app, hien.refreshes().await);
    assert_eq!(next.status().await, 200);
    later(&app, 631).await;
    assert_eq!(shown(&app), 2, "a retired key is told no longer than it verifies");
    assert_eq!(status(&app, &hien.access).await, 401);
    // What cannot be read leaves the keys as they are.
    std::fs::write(&file, "không phải khóa").expect("a damaged file");
    assert!(app.env.tokens.reread(app.env.now()).is_err());
    let next = SignedIn::from(&app, next.refreshes().await);
    assert_eq!(next.status().await, 200);
}
