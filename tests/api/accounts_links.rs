//! Links that work once: whoever is invited or has lost a password chooses one by them. What is mailed is told of in
//! `accounts_mail.rs`.

use actix_web::test::TestRequest;
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::accounts::usecases;
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::accounts_signing_in::{PASSWORD, SignedIn, actions, login};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    who_is_invited_chooses_a_password_and_signs_in,
    a_link_works_once,
    of_many_who_use_a_link_at_once_one_does,
    a_link_works_for_its_time,
    a_token_is_for_its_own_purpose,
    a_newer_link_takes_the_place_of_the_older,
    a_refused_password_leaves_the_link_as_it_is,
    a_reset_takes_the_password_away_at_once,
    who_changes_the_password_voids_its_links,
    nobody_resets_whom_they_do_not_manage,
    an_address_is_shown_to_who_owns_or_manages_the_account,
    what_is_not_asked_for_is_refused,
    who_tries_too_often_waits,
    no_link_is_kept_in_clear_nor_for_ever,
}

pub const NEW: &str = "nắng lên ngoài sân mới";

/// Invites somebody, and tells what the administrator is told.
pub async fn invite(admin: &Person, username: &str, email: Option<&str>) -> Answer {
    let input = json!({ "username": username, "displayName": "Phạm Thị Lan", "email": email });
    admin.does("inviteAccount", input).await
}

pub async fn reset(admin: &Person, id: &str, version: i64) -> Answer {
    admin
        .does("resetPassword", json!({ "id": id, "version": version }))
        .await
}

/// The token of a link that was handed over.
pub fn token(answer: &Answer, mutation: &str) -> String {
    assert_eq!(answer.str(&format!("/{mutation}/delivery")), "HANDED_OVER", "{answer}");
    let link = answer.str(&format!("/{mutation}/link"));
    let (page, token) = link.split_once("#token=").expect("a link");
    assert!(page.is_empty() && token.len() > 40, "{link}");
    token.to_owned()
}

pub async fn choose(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "newPassword": password });
    app.nobody().post("/api/v1/auth/password", body).await
}

/// What REST names as to be mended.
pub fn problem(answer: &Answer) -> (u16, &str, &str) {
    let first = &answer.body()["errors"][0];
    let text = |name: &str| first[name].as_str().unwrap_or_default();
    (answer.status(), text("code"), text("field"))
}

const INVALID: (u16, &str, &str) = (422, "LINK_INVALID", "token");

async fn later(app: &TestApp, duration: Duration) {
    app.it_is((app.env.now() + duration).fixed_offset());
}

async fn who_is_invited_chooses_a_password_and_signs_in(app: TestApp) {
    let admin = app.admin().await;
    let invited = invite(&admin, "lan.pham", Some("lan@congdoan.vn")).await;
    let account = invited.thing().clone();
    assert_eq!(
        (&account["mustChangePassword"], &account["email"]),
        (&json!(true), &json!("lan@congdoan.vn"))
    );
    let until = invited.str("/inviteAccount/linkExpiresAt");
    assert!(until.starts_with("2026-03-13T01:00:0"), "after three days: {until}");
    for guess in ["", PASSWORD, NEW] {
        assert_eq!(
            login(&app, "lan.pham", guess).await.status(),
            401,
            "there is no password yet"
        );
    }
    let chosen = choose(&app, &token(&invited, "inviteAccount"), NEW).await;
    assert_eq!(
        (chosen.status(), chosen.header("cache-control")),
        (204, "no-store"),
        "{chosen}"
    );
    let lan = SignedIn::again(&app, "lan.pham", NEW).await;
    let query = "{ viewer { mustChangePassword account { email emailVerified } } }";
    let viewer = app.bearer_of(&lan.access).graphql(query, json!({})).await;
    assert_eq!(*viewer.at("/viewer/mustChangePassword"), json!(false));
    // The administrator handed the link over: nobody has shown that the address is right.
    assert_eq!(
        *viewer.at("/viewer/account"),
        json!({ "email": "lan@congdoan.vn", "emailVerified": false })
    );
    let told = actions(&app, account["id"].as_str().expect("an id")).await;
    assert_eq!(
        told,
        ["ACCOUNT_CREATED", "ACCOUNT_INVITED", "PASSWORD_CHANGED", "SIGNED_IN"]
    );
}

async fn a_link_works_once(app: TestApp) {
    let invited = invite(&app.admin().await, "lan.pham", None).await;
    let token = token(&invited, "inviteAccount");
    assert_eq!(choose(&app, &token, NEW).await.status(), 204);
    assert_eq!(problem(&choose(&app, &token, PASSWORD).await), INVALID);
    assert_eq!(login(&app, "lan.pham", PASSWORD).await.status(), 401);
    assert_eq!(login(&app, "lan.pham", NEW).await.status(), 200);
}

async fn of_many_who_use_a_link_at_once_one_does(app: TestApp) {
    let invited = invite(&app.admin().await, "lan.pham", None).await;
    let token = token(&invited, "inviteAccount");
    let (app, token) = (&app, &token);
    let use_it = |number: usize| async move {
        let new = format!("sân trường mùa hạ {number}");
        (choose(app, token, &new).await, new)
    };
    let answers = join_all((0..6).map(use_it)).await;
    let won: Vec<_> = answers.iter().filter(|(answer, _)| answer.status() == 204).collect();
    assert_eq!(won.len(), 1);
    let lost = answers.iter().filter(|(answer, _)| answer.status() != 204);
    for (answer, _) in lost {
        assert_eq!(problem(answer), INVALID);
    }
    assert_eq!(login(app, "lan.pham", &won[0].1).await.status(), 200);
}

async fn a_link_works_for_its_time(app: TestApp) {
    let admin = app.admin().await;
    let invited = invite(&admin, "lan.pham", None).await;
    let first = token(&invited, "inviteAccount");
    later(&app, Duration::hours(72)).await;
    assert_eq!(problem(&choose(&app, &first, NEW).await), INVALID);
    let again = reset(&admin, invited.id(), 1).await;
    let until = again.str("/resetPassword/linkExpiresAt");
    assert!(until.starts_with("2026-03-16T01:00:0"), "invited anew: {until}");
    assert_eq!(choose(&app, &token(&again, "resetPassword"), NEW).await.status(), 204);
    let lost = reset(&admin, invited.id(), 3).await;
    later(&app, Duration::minutes(30)).await;
    assert_eq!(
        problem(&choose(&app, &token(&lost, "resetPassword"), PASSWORD).await),
        INVALID
    );
    let lost = reset(&admin, invited.id(), 4).await;
    later(&app, Duration::minutes(29)).await;
    assert_eq!(
        choose(&app, &token(&lost, "resetPassword"), PASSWORD).await.status(),
        204
    );
}

async fn a_token_is_for_its_own_purpose(app: TestApp) {
    let admin = app.admin().await;
    let lan = invite(&admin, "lan.pham", None).await;
    let invitation = token(&lan, "inviteAccount");
    let hien = SignedIn::of(&app, "hien.tran").await;
    let secret = invitation.strip_prefix("inv-").expect("it tells what it is for");
    let other = format!("pwr-{secret}");
    let mut refusals = Vec::new();
    for wrong in [
        &other,
        secret,
        &hien.refresh,
        &hien.access,
        "",
        "inv-",
        &"inv-x".repeat(5_000),
    ] {
        let refused = choose(&app, wrong, NEW).await;
        assert_eq!(problem(&refused), INVALID, "{wrong}");
        refusals.push(refused.message().to_owned());
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "nobody learns what was wrong");
    let as_refresh = app
        .nobody()
        .post("/api/v1/auth/refresh", json!({ "refreshToken": invitation }))
        .await;
    assert_eq!(as_refresh.status(), 401);
    assert_eq!(app.bearer_of(&invitation).get("/api/v1/auth/me").await.status(), 401);
    assert_eq!(
        choose(&app, &invitation, NEW).await.status(),
        204,
        "all that has not spent it"
    );
}

async fn a_newer_link_takes_the_place_of_the_older(app: TestApp) {
    let admin = app.admin().await;
    let invited = invite(&admin, "lan.pham", None).await;
    let (id, first) = (invited.id(), token(&invited, "inviteAccount"));
    let second = token(&reset(&admin, id, 1).await, "resetPassword");
    assert_eq!(problem(&choose(&app, &first, NEW).await), INVALID);
    let address = json!({ "id": id, "version": 2, "email": "lan@congdoan.vn" });
    admin.does("setAccountEmail", address).await.thing();
    let other_address = problem(&choose(&app, &second, NEW).await).1.to_owned();
    assert_eq!(other_address, "LINK_INVALID", "it may have gone to the old address");
    let third = token(&reset(&admin, id, 3).await, "resetPassword");
    admin
        .does("lockAccount", json!({ "id": id, "version": 4 }))
        .await
        .thing();
    assert_eq!(
        problem(&choose(&app, &third, NEW).await),
        INVALID,
        "a locked account has no way in"
    );
    assert_eq!(reset(&admin, id, 5).await.code(), "WRONG_STATE");
}

async fn a_refused_password_leaves_the_link_as_it_is(app: TestApp) {
    let invited = invite(&app.admin().await, "lan.pham", None).await;
    let token = token(&invited, "inviteAccount");
    for (password, code) in [
        ("ngắn", "PASSWORD_TOO_SHORT"),
        ("matkhau12345678", "PASSWORD_TOO_COMMON"),
        ("lan.pham ở cơ quan", "PASSWORD_TOO_COMMON"),
        (&"x".repeat(600), "TOO_LONG"),
    ] {
        let before = app.contents().await;
        assert_eq!(
            problem(&choose(&app, &token, password).await),
            (422, code, "newPassword")
        );
        assert_eq!(app.contents().await, before);
    }
    assert_eq!(choose(&app, &token, NEW).await.status(), 204);
}

async fn a_reset_takes_the_password_away_at_once(app: TestApp) {
    let hien = SignedIn::of(&app, "hien.tran").await;
    let me = app.bearer_of(&hien.access);
    let id = me.get("/api/v1/auth/me").await.body()["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let admin = app.admin().await;
    let done = reset(&admin, &id, 1).await;
    assert_eq!(done.thing()["mustChangePassword"], true);
    assert_eq!((hien.status().await, hien.refreshes().await.status()), (401, 401));
    assert_eq!(login(&app, "hien.tran", PASSWORD).await.status(), 401);
    assert_eq!(choose(&app, &token(&done, "resetPassword"), NEW).await.status(), 204);
    let hien = SignedIn::again(&app, "hien.tran", NEW).await;
    let units = app
        .bearer_of(&hien.access)
        .graphql("{ units { totalCount } }", json!({}))
        .await;
    assert_eq!(*units.at("/units/totalCount"), json!(0));
    assert!(actions(&app, &id).await.contains(&"PASSWORD_RESET_ORDERED".to_owned()));
}

async fn who_changes_the_password_voids_its_links(app: TestApp) {
    let admin = app.admin().await;
    let invited = invite(&admin, "lan.pham", None).await;
    choose(&app, &token(&invited, "inviteAccount"), NEW).await;
    let (one, other) = (
        reset(&admin, invited.id(), 2).await,
        SignedIn::of(&app, "hien.tran").await,
    );
    assert_eq!(
        choose(&app, &token(&one, "resetPassword"), PASSWORD).await.status(),
        204
    );
    let lan = SignedIn::again(&app, "lan.pham", PASSWORD).await;
    let change = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
    app.bearer_of(&lan.access).does("changePassword", change).await.thing();
    assert_eq!(other.status().await, 200, "others do not notice");
    let open = "SELECT COUNT(*) AS number FROM one_time_link WHERE used_at IS NULL AND superseded_at IS NULL";
    let left = app.rows(open).await[0].try_get::<i64>("", "number").expect("a number");
    assert_eq!(left, 0);
}

async fn nobody_resets_whom_they_do_not_manage(app: TestApp) {
    let world = app.world();
    let within = |name: &str| Scope::Unit(world[name].uuid);
    let kon_tum = app.person(&[(Role::Admin, within("Kon Tum"))]).await;
    let outside = app.officer_of(&world["Sở Nội vụ"]).await;
    let both = app
        .person(&[
            (Role::UnitOfficer, within("Đăk Tô")),
            (Role::Viewer, within("Sóc Trăng")),
        ])
        .await;
    let inside = app.officer_of(&world["Đăk Tô"]).await;
    let id = |person: &Person| Kind::Account.id(person.account());
    let before = app.contents().await;
    for (who, whom, code) in [
        (&kon_tum, &outside, "NOT_FOUND"),
        (&kon_tum, &both, "FORBIDDEN"),
        (&inside, &outside, "NOT_FOUND"),
        (&inside, &inside, "FORBIDDEN"),
        (&app.nobody(), &inside, "UNAUTHENTICATED"),
    ] {
        assert_eq!(reset(who, &id(whom), 1).await.code(), code);
        let address = json!({ "id": id(whom), "version": 1, "email": "toi@congdoan.vn" });
        assert_eq!(who.does("setAccountEmail", address).await.code(), code);
    }
    let own = reset(&kon_tum, &id(&kon_tum), 1).await;
    assert_eq!(own.user_errors(), [("OWN_ACCOUNT", "id")]);
    assert_eq!(app.contents().await, before);
    assert_eq!(reset(&kon_tum, &id(&inside), 9).await.code(), "STALE_VERSION");
    reset(&kon_tum, &id(&inside), 1).await.thing();
}

async fn an_address_is_shown_to_who_owns_or_manages_the_account(app: TestApp) {
    let world = app.world();
    let within = |name: &str| Scope::Unit(world[name].uuid);
    let kon_tum = app.person(&[(Role::Admin, within("Kon Tum"))]).await;
    let both = app
        .person(&[
            (Role::UnitOfficer, within("Đăk Tô")),
            (Role::Viewer, within("Sóc Trăng")),
        ])
        .await;
    let admin = app.admin().await;
    let id = Kind::Account.id(both.account());
    let wrong = json!({ "id": id, "version": 1, "email": "both@" });
    assert_eq!(
        admin.does("setAccountEmail", wrong).await.user_errors(),
        [("EMAIL_INVALID", "email")]
    );
    let set = json!({ "id": id, "version": 1, "email": " Both@CongDoan.vn " });
    assert_eq!(
        admin.does("setAccountEmail", set).await.thing()["email"],
        "Both@congdoan.vn"
    );
    let query = "query($id: ID!) { node(id: $id) { ... on Account { username email emailVerified } } }";
    for (who, shown) in [(&admin, true), (&both, true), (&kon_tum, false)] {
        let seen = who.graphql(query, json!({ "id": id })).await;
        let address = if shown { json!("Both@congdoan.vn") } else { Value::Null };
        assert_eq!(*seen.at("/node/email"), address);
        assert_eq!(seen.at("/node/emailVerified").is_null(), !shown);
    }
    let taken = json!({ "id": id, "version": 2, "email": null });
    assert!(admin.does("setAccountEmail", taken).await.thing()["email"].is_null());
}

async fn what_is_not_asked_for_is_refused(app: TestApp) {
    let admin = app.admin().await;
    let invited = invite(&admin, "lan.pham", None).await;
    let token = token(&invited, "inviteAccount");
    let before = app.contents().await;
    for (path, body) in [
        (
            "password",
            json!({ "token": token, "newPassword": NEW, "username": "can.bo.1" }),
        ),
        (
            "password",
            json!({ "token": token, "newPassword": NEW, "accountId": invited.id() }),
        ),
        ("password", json!({ "token": token })),
        (
            "forgotten",
            json!({ "username": "lan.pham", "email": "toi@congdoan.vn" }),
        ),
        ("forgotten", json!({})),
    ] {
        let refused = app.nobody().post(&format!("/api/v1/auth/{path}"), body).await;
        assert_eq!((refused.status(), refused.code()), (400, "BAD_REQUEST"), "{refused}");
    }
    for more in [
        json!({ "password": NEW }),
        json!({ "mustChangePassword": false }),
        json!({ "role": "ADMIN" }),
    ] {
        let mut input = json!({ "username": "them.nua", "displayName": "Thêm" });
        input
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().expect("an object"));
        assert_eq!(admin.does("inviteAccount", input).await.code(), "BAD_REQUEST");
    }
    assert_eq!(app.contents().await, before);
}

async fn who_tries_too_often_waits(app: TestApp) {
    let forgets = |name: &str| {
        let (nobody, body) = (app.nobody(), json!({ "username": name }));
        async move { nobody.post("/api/v1/auth/forgotten", body).await }
    };
    SignedIn::of(&app, "hien.tran").await;
    for name in ["hien.tran", "khong.co.ai", "Trần Thị Hiền"] {
        for _ in 0..3 {
            assert_eq!(forgets(name).await.status(), 202);
        }
        let waits = forgets(name).await;
        assert_eq!((waits.status(), waits.code()), (429, "RATE_LIMITED"), "{name}");
        let seconds: u32 = waits.header("retry-after").parse().expect("seconds");
        assert!((890..=900).contains(&seconds), "{seconds}");
    }
    assert_eq!(forgets("HIEN.TRAN ").await.status(), 429, "it is the same name");
    later(&app, Duration::minutes(15)).await;
    assert_eq!(forgets("hien.tran").await.status(), 202);
    let invited = invite(&app.admin().await, "lan.pham", None).await;
    let token = token(&invited, "inviteAccount");
    for _ in 0..10 {
        assert_eq!(choose(&app, &token, "ngắn").await.status(), 422);
    }
    assert_eq!(choose(&app, &token, NEW).await.status(), 429);
    let from = |number: u32, last: u8| {
        let body = json!({ "token": format!("inv-{number}"), "newPassword": NEW });
        let address = std::net::SocketAddr::from(([192, 0, 2, last], 40_000));
        let request = TestRequest::post().uri("/api/v1/auth/password").peer_addr(address);
        app.call(request.set_json(body))
    };
    for number in 0..60 {
        assert_eq!(from(number, 1).await.status(), 422);
    }
    let waits = from(60, 1).await;
    assert_eq!(waits.status(), 429);
    assert!(waits.headers().contains_key("retry-after"));
    assert_eq!(from(61, 2).await.status(), 422, "another address does not wait");
}

async fn no_link_is_kept_in_clear_nor_for_ever(app: TestApp) {
    let admin = app.admin().await;
    let invited = invite(&admin, "lan.pham", Some("lan@congdoan.vn")).await;
    let again = reset(&admin, invited.id(), 1).await;
    for (answer, mutation) in [(&invited, "inviteAccount"), (&again, "resetPassword")] {
        let token = token(answer, mutation);
        let secret = token.split_once('-').expect("a mark").1;
        for (table, lines) in app.contents().await {
            assert!(!lines.iter().any(|line| line.contains(secret)), "a token is in {table}");
            let audit = table == "audit_entry" && lines.iter().any(|line| line.contains("lan@"));
            assert!(!audit, "an address is in the audit, which others read");
        }
    }
    later(&app, Duration::days(9)).await;
    assert_eq!(usecases::forget_old_links(&app.env).await.expect("no error"), 0);
    later(&app, Duration::days(2)).await;
    assert_eq!(usecases::forget_old_links(&app.env).await.expect("no error"), 2);
}
