//! Accounts: signing in and out, who makes and locks them, who grants what to whom, and who reads the audit.

use actix_web::http::Method;
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::accounts::usecases;
use thidua::http::openapi;
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;
use uuid::Uuid;

use crate::support::{Answer, Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    who_signs_in_is_known_by_the_access_token,
    capitals_and_the_shape_of_accents_do_not_matter,
    a_session_ends_by_itself,
    a_damaged_token_is_refused_and_no_guest,
    a_body_that_is_no_sign_in_is_a_problem,
    a_changed_password_ends_the_other_sessions,
    the_viewer_knows_what_it_is_and_may_do,
    an_administrator_makes_an_account,
    an_account_needs_a_name_and_a_password,
    a_locked_account_is_out_at_once,
    a_lock_names_the_version_it_saw,
    nobody_locks_or_promotes_themselves,
    a_granted_role_holds_at_once_and_a_withdrawn_one_no_longer,
    a_grant_of_tomorrow_holds_tomorrow,
    a_grant_withdrawn_before_it_holds_never_holds,
    the_same_grant_is_given_once,
    a_grant_must_fit_its_scope,
    an_administrator_of_one_province_stays_there,
    a_new_account_is_seen_by_who_made_it,
    who_holds_something_elsewhere_is_not_locked_from_here,
    others_see_no_accounts_and_no_audit,
    accounts_are_found_by_name_without_accents,
    a_page_of_accounts_takes_few_statements,
    the_audit_tells_who_did_what,
    the_audit_of_one_province_tells_nothing_of_another,
    expired_sessions_are_forgotten,
    every_route_of_the_document_is_there,
}

const PASSWORD: &str = "mưa rơi trên mái cũ";

/// Makes somebody who can sign in, with a role or without.
async fn hien(app: &TestApp, role: Option<(Role, Scope)>) -> Value {
    let admin = app.admin().await;
    let input = json!({ "username": "hien.tran", "displayName": "Trần Thị Hiền", "password": PASSWORD });
    let made = admin.does("createAccount", input).await;
    app.settle(made.id()).await;
    if let Some((role, scope)) = role {
        let granted = admin.does("grantRole", grant(made.id(), role, scope)).await;
        assert_eq!(granted.thing()["inForce"], true);
    }
    made.thing().clone()
}

fn grant(account: &str, role: Role, scope: Scope) -> Value {
    let (kind, id) = match scope {
        Scope::Everything => ("EVERYTHING", None),
        Scope::Province(id) => ("PROVINCE", Some(Kind::Province.id(id))),
        Scope::Unit(id) => ("UNIT", Some(Kind::Unit.id(id))),
        Scope::Cluster(id) => ("CLUSTER", Some(Kind::Cluster.id(id))),
    };
    json!({ "accountId": account, "role": role, "scopeKind": kind, "scopeId": id })
}

fn within(unit: &Unit) -> Scope {
    Scope::Unit(unit.uuid)
}

fn account_id(person: &Person) -> String {
    Kind::Account.id(person.account())
}

async fn signs_in(app: &TestApp, username: &str, password: &str) -> Answer {
    let body = json!({ "username": username, "password": password });
    app.nobody().post("/api/v1/auth/login", body).await
}

async fn refreshes(app: &TestApp, token: &Value) -> Answer {
    let body = json!({ "refreshToken": token });
    app.nobody().post("/api/v1/auth/refresh", body).await
}

/// Whether an access token still opens doors.
async fn works(app: &TestApp, token: &Value) -> bool {
    let person = app.bearer_of(token.as_str().expect("a token"));
    match person.get("/api/v1/auth/me").await.status() {
        200 => true,
        401 => false,
        other => panic!("{other} instead of 200 or 401"),
    }
}

async fn may(person: &Person) -> Vec<String> {
    let answer = person.graphql("{ viewer { can } }", json!({})).await;
    let can = answer.at("/viewer/can").as_array().expect("a list");
    can.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

async fn accounts(person: &Person) -> Vec<String> {
    let answer = person
        .graphql("{ accounts(first: 100) { nodes { id } } }", json!({}))
        .await;
    let ids = answer.texts("/accounts/nodes", "id");
    ids.into_iter().map(str::to_owned).collect()
}

async fn who_signs_in_is_known_by_the_access_token(app: TestApp) {
    let world = app.world();
    hien(&app, Some((Role::UnitOfficer, within(&world["Xã Diên Bình"])))).await;
    let tokens = signs_in(&app, "hien.tran", PASSWORD).await;
    assert_eq!(tokens.status(), 200);
    assert_eq!(tokens.header("Cache-Control"), "no-store");
    assert_eq!(tokens.body()["expiresIn"], 600);
    let token = tokens.body()["accessToken"].as_str().expect("a token");
    let me = app.bearer_of(token).get("/api/v1/auth/me").await;
    assert_eq!(me.body()["displayName"], "Trần Thị Hiền");
    let unit = world["Xã Diên Bình"].id();
    let capacity = json!([{ "capacity": "UNIT_OFFICER", "scopeKind": "UNIT", "scopeId": unit, "onBehalfOf": null }]);
    assert_eq!(me.body()["capacities"], capacity);
}

async fn capitals_and_the_shape_of_accents_do_not_matter(app: TestApp) {
    hien(&app, None).await;
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(PASSWORD).collect();
    assert_eq!(signs_in(&app, " Hien.Tran ", &decomposed).await.status(), 200);
}

async fn a_session_ends_by_itself(app: TestApp) {
    hien(&app, None).await;
    let tokens = signs_in(&app, "hien.tran", PASSWORD).await;
    app.it_is(moment(2026, 3, 10, 8, 11));
    assert!(!works(&app, &tokens.body()["accessToken"]).await);
    let tokens = refreshes(&app, &tokens.body()["refreshToken"]).await;
    assert_eq!(tokens.status(), 200);
    app.it_is(moment(2026, 4, 9, 8, 1));
    assert_eq!(refreshes(&app, &tokens.body()["refreshToken"]).await.status(), 401);
}

async fn a_damaged_token_is_refused_and_no_guest(app: TestApp) {
    hien(&app, None).await;
    let tokens = signs_in(&app, "hien.tran", PASSWORD).await;
    let token = tokens.body()["accessToken"].as_str().expect("a token");
    let (head, signature) = token.rsplit_once('.').expect("three parts");
    let turned: String = signature.chars().rev().collect();
    for damaged in [
        format!("{head}.{turned}"),
        format!("{head}."),
        "x".to_owned(),
        "x".repeat(9_000),
    ] {
        let refused = app.bearer_of(&damaged).graphql("{ __typename }", json!({})).await;
        assert_eq!(refused.code(), "UNAUTHENTICATED");
    }
    let lower = [("Authorization", format!("bearer {token}"))];
    let lower: Vec<(&str, &str)> = lower.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = app.nobody().request(Method::GET, "/api/v1/auth/me", &lower, "").await;
    assert_eq!(answer.status(), 200);
}

async fn a_body_that_is_no_sign_in_is_a_problem(app: TestApp) {
    let nobody = app.nobody().in_english();
    let incomplete = nobody
        .post("/api/v1/auth/login", json!({ "username": "hien.tran" }))
        .await;
    assert_eq!((incomplete.status(), incomplete.code()), (400, "BAD_REQUEST"));
    assert_eq!(incomplete.header("Content-Type"), "application/problem+json");
    assert!(
        incomplete.message().contains("missing field `password`"),
        "{}",
        incomplete.message()
    );
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let form = nobody
        .request(Method::POST, "/api/v1/auth/login", &form, "username=x")
        .await;
    assert_eq!(form.status(), 415);
    let wrong = nobody.request(Method::PUT, "/api/v1/auth/login", &[], "").await;
    assert_eq!((wrong.status(), wrong.header("Allow")), (405, "POST"));
    assert_eq!(wrong.header("Content-Type"), "application/problem+json");
    let nowhere = nobody.get("/api/v1/nowhere").await;
    assert_eq!((nowhere.status(), nowhere.code()), (404, "NOT_FOUND"));
    let unknown = nobody.get("/api/v1/units?colour=red").await;
    assert_eq!((unknown.status(), unknown.code()), (400, "BAD_REQUEST"));
    assert!(unknown.message().contains("colour"), "{}", unknown.message());
}

async fn a_changed_password_ends_the_other_sessions(app: TestApp) {
    hien(&app, None).await;
    let here = signs_in(&app, "hien.tran", PASSWORD).await;
    let elsewhere = signs_in(&app, "hien.tran", PASSWORD).await;
    let person = app.bearer_of(here.body()["accessToken"].as_str().expect("a token"));
    let wrong = json!({ "currentPassword": "không phải đâu", "newPassword": "nắng lên ngoài sân mới" });
    let refused = person.does("changePassword", wrong).await;
    assert_eq!(refused.user_errors(), [("WRONG_PASSWORD", "currentPassword")]);
    let short = json!({ "currentPassword": PASSWORD, "newPassword": "ngắn" });
    let refused = person.does("changePassword", short).await;
    assert_eq!(refused.user_errors(), [("PASSWORD_TOO_SHORT", "newPassword")]);
    let right = json!({ "currentPassword": PASSWORD, "newPassword": "nắng lên ngoài sân mới" });
    assert_eq!(person.does("changePassword", right).await.thing()["version"], 2);
    assert!(works(&app, &here.body()["accessToken"]).await);
    assert!(!works(&app, &elsewhere.body()["accessToken"]).await);
    assert_eq!(signs_in(&app, "hien.tran", PASSWORD).await.status(), 401);
    assert_eq!(
        signs_in(&app, "hien.tran", "nắng lên ngoài sân mới").await.status(),
        200
    );
}

async fn the_viewer_knows_what_it_is_and_may_do(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let query =
        "{ viewer { account { id locked } grants { role scope { kind id name } inForce } offices { office } can } }";
    let viewer = specialist.graphql(query, json!({})).await;
    assert_eq!(viewer.str("/viewer/account/id"), account_id(&specialist));
    assert_eq!(
        *viewer.at("/viewer/grants"),
        json!([{
            "role": "SPECIALIST", "inForce": true,
            "scope": { "kind": "UNIT", "id": world["Kon Tum"].id(), "name": "Liên đoàn Lao động tỉnh Kon Tum" },
        }])
    );
    assert!(may(&specialist).await.contains(&"REPORT_VERIFY".to_owned()));
    assert!(!may(&specialist).await.contains(&"ACCOUNT_MANAGE".to_owned()));
    assert_eq!(app.nobody().graphql(query, json!({})).await.code(), "UNAUTHENTICATED");
    assert!(may(&app.stranger().await).await.is_empty());
}

async fn an_administrator_makes_an_account(app: TestApp) {
    let account = hien(&app, None).await;
    assert_eq!(account["username"], "hien.tran");
    assert_eq!(account["locked"], false);
    let again = json!({ "username": "Hien.Tran", "displayName": "Trần Văn Hiền", "password": PASSWORD });
    let admin = app.admin().await;
    assert_eq!(
        admin.does("createAccount", again.clone()).await.code(),
        "ALREADY_EXISTS"
    );
    for person in [app.specialist_of(&app.world()["Kon Tum"]).await, app.stranger().await] {
        assert_eq!(person.does("createAccount", again.clone()).await.code(), "FORBIDDEN");
    }
    assert_eq!(
        app.nobody().does("createAccount", again).await.code(),
        "UNAUTHENTICATED"
    );
}

async fn an_account_needs_a_name_and_a_password(app: TestApp) {
    let admin = app.admin().await;
    let make = |username: &str, name: &str, password: &str| {
        let input = json!({ "username": username, "displayName": name, "password": password });
        let admin = admin.clone();
        async move { admin.does("createAccount", input).await }
    };
    assert_eq!(
        make("hiền", "Hiền", PASSWORD).await.user_errors(),
        [("USERNAME_INVALID", "username")]
    );
    assert_eq!(
        make("hien", "  ", PASSWORD).await.user_errors(),
        [("REQUIRED", "displayName")]
    );
    assert_eq!(
        make("hien", "Hiền", "ngắn").await.user_errors(),
        [("PASSWORD_TOO_SHORT", "password")]
    );
}

async fn a_locked_account_is_out_at_once(app: TestApp) {
    let account = hien(&app, None).await;
    let tokens = signs_in(&app, "hien.tran", PASSWORD).await;
    let admin = app.admin().await;
    let locked = admin
        .does("lockAccount", json!({ "id": account["id"], "version": 1 }))
        .await;
    assert_eq!(locked.thing()["locked"], true);
    assert!(!works(&app, &tokens.body()["accessToken"]).await);
    assert_eq!(refreshes(&app, &tokens.body()["refreshToken"]).await.status(), 401);
    assert_eq!(signs_in(&app, "hien.tran", PASSWORD).await.status(), 401);
    let unlocked = admin
        .does("unlockAccount", json!({ "id": account["id"], "version": 2 }))
        .await;
    assert_eq!(unlocked.thing()["locked"], false);
    assert!(!works(&app, &tokens.body()["accessToken"]).await);
    assert_eq!(signs_in(&app, "hien.tran", PASSWORD).await.status(), 200);
}

async fn a_lock_names_the_version_it_saw(app: TestApp) {
    let account = hien(&app, None).await;
    let admin = app.admin().await;
    let stale = admin
        .does("lockAccount", json!({ "id": account["id"], "version": 9 }))
        .await;
    assert_eq!(stale.code(), "STALE_VERSION");
    admin
        .does("lockAccount", json!({ "id": account["id"], "version": 1 }))
        .await
        .thing();
    let twice = admin
        .does("lockAccount", json!({ "id": account["id"], "version": 2 }))
        .await;
    assert_eq!(twice.code(), "WRONG_STATE");
}

async fn nobody_locks_or_promotes_themselves(app: TestApp) {
    let admin = app.admin().await;
    let own = account_id(&admin);
    let lock = admin.does("lockAccount", json!({ "id": own, "version": 1 })).await;
    assert_eq!(lock.user_errors(), [("OWN_ACCOUNT", "id")]);
    let promote = admin
        .does("grantRole", grant(&own, Role::StandingCommittee, Scope::Everything))
        .await;
    assert_eq!(promote.user_errors(), [("OWN_ACCOUNT", "accountId")]);
    let held = admin.graphql("{ viewer { grants { id version } } }", json!({})).await;
    let withdraw = json!({ "id": held.at("/viewer/grants/0/id"), "version": 1 });
    assert_eq!(
        admin.does("withdrawRoleGrant", withdraw).await.user_errors(),
        [("OWN_ACCOUNT", "id")]
    );
}

async fn a_granted_role_holds_at_once_and_a_withdrawn_one_no_longer(app: TestApp) {
    let world = app.world();
    let (admin, person) = (app.admin().await, app.stranger().await);
    let granted = admin
        .does(
            "grantRole",
            grant(&account_id(&person), Role::UnitOfficer, within(&world["Đăk Tô"])),
        )
        .await;
    assert!(may(&person).await.contains(&"REPORT_WRITE".to_owned()));
    let stale = json!({ "id": granted.id(), "version": 2 });
    assert_eq!(admin.does("withdrawRoleGrant", stale).await.code(), "STALE_VERSION");
    let withdrawn = admin
        .does("withdrawRoleGrant", json!({ "id": granted.id(), "version": 1 }))
        .await;
    assert_eq!(withdrawn.thing()["inForce"], false);
    assert!(may(&person).await.is_empty());
    let twice = admin
        .does("withdrawRoleGrant", json!({ "id": granted.id(), "version": 2 }))
        .await;
    assert_eq!(twice.code(), "WRONG_STATE");
}

async fn a_grant_of_tomorrow_holds_tomorrow(app: TestApp) {
    let world = app.world();
    let (admin, person) = (app.admin().await, app.stranger().await);
    let mut input = grant(&account_id(&person), Role::UnitOfficer, within(&world["Đăk Tô"]));
    input["validFrom"] = "2026-03-11".into();
    input["validTo"] = "2026-03-13".into();
    admin.does("grantRole", input).await.thing();
    assert!(may(&person).await.is_empty());
    // Midnight in Vietnam is five in the afternoon in Greenwich.
    app.it_is(moment(2026, 3, 11, 0, 1));
    assert!(!may(&person).await.is_empty());
    app.it_is(moment(2026, 3, 12, 23, 59));
    assert!(!may(&person).await.is_empty());
    app.it_is(moment(2026, 3, 13, 0, 1));
    assert!(may(&person).await.is_empty());
}

async fn a_grant_withdrawn_before_it_holds_never_holds(app: TestApp) {
    let world = app.world();
    let (admin, person) = (app.admin().await, app.stranger().await);
    let mut input = grant(&account_id(&person), Role::UnitOfficer, within(&world["Đăk Tô"]));
    input["validFrom"] = "2026-03-11".into();
    let granted = admin.does("grantRole", input).await;
    admin
        .does("withdrawRoleGrant", json!({ "id": granted.id(), "version": 1 }))
        .await
        .thing();
    app.it_is(moment(2026, 3, 11, 12, 0));
    assert!(may(&person).await.is_empty());
}

async fn the_same_grant_is_given_once(app: TestApp) {
    let world = app.world();
    let (admin, person) = (app.admin().await, app.stranger().await);
    let input = grant(&account_id(&person), Role::UnitOfficer, within(&world["Đăk Tô"]));
    let answers = join_all((0..4).map(|_| admin.does("grantRole", input.clone()))).await;
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.code().is_empty()).collect();
    assert_eq!(made.len(), 1);
    assert_eq!(admin.does("grantRole", input.clone()).await.code(), "ALREADY_EXISTS");
    admin
        .does("withdrawRoleGrant", json!({ "id": made[0].id(), "version": 1 }))
        .await
        .thing();
    admin.does("grantRole", input).await.thing();
}

async fn a_grant_must_fit_its_scope(app: TestApp) {
    let world = app.world();
    let (admin, person) = (app.admin().await, app.stranger().await);
    let account = account_id(&person);
    let officer = grant(&account, Role::UnitOfficer, Scope::Province(world.kon_tum.uuid));
    assert_eq!(
        admin.does("grantRole", officer).await.user_errors(),
        [("SCOPE_INVALID", "scopeKind")]
    );
    let mut everything = grant(&account, Role::Viewer, Scope::Everything);
    everything["scopeId"] = world.kon_tum.id().into();
    assert_eq!(
        admin.does("grantRole", everything).await.user_errors(),
        [("SCOPE_INVALID", "scopeId")]
    );
    for nowhere in [
        Scope::Province(Uuid::nil()),
        Scope::Unit(Uuid::nil()),
        Scope::Cluster(Uuid::nil()),
    ] {
        let refused = admin.does("grantRole", grant(&account, Role::Viewer, nowhere)).await;
        assert_eq!(refused.code(), "NOT_FOUND", "{nowhere:?}");
    }
    let mut backwards = grant(&account, Role::Viewer, Scope::Everything);
    backwards["validTo"] = "2026-03-10".into();
    assert_eq!(
        admin.does("grantRole", backwards).await.user_errors(),
        [("SPAN_INVALID", "validTo")]
    );
}

async fn an_administrator_of_one_province_stays_there(app: TestApp) {
    let world = app.world();
    let kon_tum = app.person(&[(Role::Admin, within(&world["Kon Tum"]))]).await;
    let (inside, outside) = (
        app.officer_of(&world["Đăk Tô"]).await,
        app.officer_of(&world["Sở Nội vụ"]).await,
    );
    let seen = accounts(&kon_tum).await;
    assert!(seen.contains(&account_id(&inside)) && seen.contains(&account_id(&kon_tum)));
    assert!(!seen.contains(&account_id(&outside)));
    let lock = |person: &Person| json!({ "id": account_id(person), "version": 1 });
    assert_eq!(kon_tum.does("lockAccount", lock(&outside)).await.code(), "NOT_FOUND");
    let here = within(&world["Ngọc Hồi"]);
    let elsewhere = within(&world["Sóc Trăng"]);
    let to_outside = kon_tum
        .does("grantRole", grant(&account_id(&outside), Role::Viewer, here))
        .await;
    assert_eq!(to_outside.code(), "NOT_FOUND");
    let to_elsewhere = kon_tum
        .does("grantRole", grant(&account_id(&inside), Role::Viewer, elsewhere))
        .await;
    assert_eq!(to_elsewhere.code(), "NOT_FOUND");
    let of_all = grant(&account_id(&inside), Role::Viewer, Scope::Everything);
    assert_eq!(kon_tum.does("grantRole", of_all).await.code(), "FORBIDDEN");
    kon_tum
        .does("grantRole", grant(&account_id(&inside), Role::Viewer, here))
        .await
        .thing();
    assert_eq!(kon_tum.does("lockAccount", lock(&inside)).await.thing()["locked"], true);
}

async fn a_new_account_is_seen_by_who_made_it(app: TestApp) {
    let world = app.world();
    let kon_tum = app.person(&[(Role::Admin, within(&world["Kon Tum"]))]).await;
    let soc_trang = app.person(&[(Role::Admin, within(&world["Sóc Trăng"]))]).await;
    let input = json!({ "username": "moi.ve", "displayName": "Người mới về", "password": PASSWORD });
    let made = kon_tum.does("createAccount", input).await;
    assert!(accounts(&kon_tum).await.contains(&made.id().to_owned()));
    let theirs = grant(made.id(), Role::UnitOfficer, within(&world["Sở Nội vụ"]));
    assert_eq!(soc_trang.does("grantRole", theirs).await.code(), "NOT_FOUND");
    let ours = grant(made.id(), Role::UnitOfficer, within(&world["Đăk Tô"]));
    kon_tum.does("grantRole", ours).await.thing();
    assert!(accounts(&kon_tum).await.contains(&made.id().to_owned()));
}

async fn who_holds_something_elsewhere_is_not_locked_from_here(app: TestApp) {
    let world = app.world();
    let kon_tum = app.person(&[(Role::Admin, within(&world["Kon Tum"]))]).await;
    let officer = app
        .person(&[
            (Role::UnitOfficer, within(&world["Đăk Tô"])),
            (Role::UnitOfficer, within(&world["Sở Nội vụ"])),
        ])
        .await;
    let id = account_id(&officer);
    let query = "query($id: ID!) { node(id: $id) { ... on Account {
        grants { id scope { name } } viewerCan { action allowed code } } } }";
    let seen = kon_tum.graphql(query, json!({ "id": id })).await;
    assert_eq!(seen.at("/node/grants").as_array().map(Vec::len), Some(1));
    assert_eq!(seen.str("/node/grants/0/scope/name"), "LĐLĐ huyện Đăk Tô");
    let refusal = json!([{ "action": "ACCOUNT_MANAGE", "allowed": false, "code": "FORBIDDEN" }]);
    assert_eq!(*seen.at("/node/viewerCan"), refusal);
    let lock = kon_tum.does("lockAccount", json!({ "id": id, "version": 1 })).await;
    assert_eq!(lock.code(), "FORBIDDEN");
    // What the officer holds here can be taken here, and only that.
    let here = json!({ "id": seen.at("/node/grants/0/id"), "version": 1 });
    kon_tum.does("withdrawRoleGrant", here).await.thing();
    let own = officer
        .graphql("{ viewer { grants { id scope { name } } } }", json!({}))
        .await;
    assert_eq!(own.str("/viewer/grants/0/scope/name"), "CĐCS Sở Nội vụ");
    let elsewhere = json!({ "id": own.at("/viewer/grants/0/id"), "version": 1 });
    assert_eq!(kon_tum.does("withdrawRoleGrant", elsewhere).await.code(), "NOT_FOUND");
}

async fn others_see_no_accounts_and_no_audit(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    for person in [
        app.specialist_of(&world["Kon Tum"]).await,
        app.committee_of(&world["Kon Tum"]).await,
        app.officer_of(&world["Đăk Tô"]).await,
        app.viewer_of(Scope::Everything).await,
    ] {
        let list = person.graphql("{ accounts { totalCount } }", json!({})).await;
        assert_eq!(list.code(), "FORBIDDEN");
        let audit = person.graphql("{ auditEntries { totalCount } }", json!({})).await;
        assert_eq!(audit.code(), "FORBIDDEN");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        let other = person.graphql(node, json!({ "id": account_id(&admin) })).await;
        assert_eq!(other.code(), "NOT_FOUND");
        let own = person.graphql(node, json!({ "id": account_id(&person) })).await;
        assert_eq!(own.str("/node/id"), account_id(&person));
        let lock = json!({ "id": account_id(&admin), "version": 1 });
        assert_eq!(person.does("lockAccount", lock).await.code(), "NOT_FOUND");
        let lock = json!({ "id": account_id(&person), "version": 1 });
        assert_eq!(person.does("lockAccount", lock).await.code(), "FORBIDDEN");
    }
}

async fn accounts_are_found_by_name_without_accents(app: TestApp) {
    let account = hien(&app, Some((Role::Specialist, Scope::Everything))).await;
    let admin = app.admin().await;
    let found = |filter: &'static str| {
        let admin = admin.clone();
        async move {
            let query = format!("{{ accounts(where: {{ {filter} }}) {{ nodes {{ id }} }} }}");
            let answer = admin.graphql(&query, json!({})).await;
            let ids = answer.texts("/accounts/nodes", "id").into_iter().map(str::to_owned);
            ids.collect::<Vec<_>>()
        }
    };
    let id = account["id"].as_str().expect("an id").to_owned();
    for filter in [
        r#"search: "hien thi""#,
        r#"search: "TRẦN""#,
        "role: SPECIALIST",
        r#"search: "hien.tr", locked: false"#,
    ] {
        assert_eq!(found(filter).await, std::slice::from_ref(&id), "{filter}");
    }
    for filter in [
        r#"search: "hien nguyen""#,
        "role: SPECIALIST, locked: true",
        r#"search: "%""#,
    ] {
        assert!(!found(filter).await.contains(&id) || filter.contains('%'), "{filter}");
    }
}

async fn a_page_of_accounts_takes_few_statements(app: TestApp) {
    let world = app.world();
    let kon_tum = app.person(&[(Role::Admin, within(&world["Kon Tum"]))]).await;
    let query =
        "{ accounts(first: 50) { nodes { username grants { role scope { name } grantedBy } viewerCan { allowed } } } }";
    // From ten accounts on, that they were read is kept: one statement more.
    for _ in 0..10 {
        app.officer_of(&world["Đăk Tô"]).await;
    }
    let few = kon_tum.graphql(query, json!({})).await.statements();
    for _ in 0..10 {
        app.officer_of(&world["Ngọc Hồi"]).await;
    }
    let many = kon_tum.graphql(query, json!({})).await;
    assert_eq!(many.at("/accounts/nodes").as_array().map(Vec::len), Some(21));
    assert_eq!(many.statements(), few);
}

async fn the_audit_tells_who_did_what(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let account = hien(&app, None).await;
    admin
        .does("lockAccount", json!({ "id": account["id"], "version": 1 }))
        .await
        .thing();
    let query = "query($id: ID) { auditEntries(where: { subjectId: $id }) {
        totalCount nodes { action by { accountId } subjectType subjectId detail } } }";
    let told = admin.graphql(query, json!({ "id": account["id"] })).await;
    assert_eq!(
        told.texts("/auditEntries/nodes", "action"),
        ["ACCOUNT_LOCKED", "ACCOUNT_CREATED"]
    );
    assert_eq!(told.str("/auditEntries/nodes/0/by/accountId"), account_id(&admin));
    assert_eq!(*told.at("/auditEntries/nodes/0/subjectId"), account["id"]);
    assert!(!told.text().contains("mưa rơi"), "{told}");
    let made_before =
        "{ auditEntries(where: { actions: [\"UNIT_CREATED\"] }, first: 1) { nodes { by { username } } } }";
    let told = admin.graphql(made_before, json!({})).await;
    assert_eq!(*told.at("/auditEntries/nodes/0/by"), Value::Null);
    let nothing = admin.graphql(query, json!({ "id": world["Kon Tum"].id() })).await;
    assert_eq!(*nothing.at("/auditEntries/totalCount"), 1);
}

async fn the_audit_of_one_province_tells_nothing_of_another(app: TestApp) {
    let world = app.world();
    let kon_tum = app.person(&[(Role::Admin, within(&world["Kon Tum"]))]).await;
    let unit = |name: &str, above: &str| json!({ "kind": "GRASSROOTS", "name": name, "parentId": world[above].id() });
    let here = app.specialist_of(&world["Kon Tum"]).await;
    here.does("createUnit", unit("CĐCS một", "Đăk Tô")).await.thing();
    let elsewhere = app.specialist_of(&world["Sóc Trăng"]).await;
    elsewhere
        .does("createUnit", unit("CĐCS hai", "Viên chức"))
        .await
        .thing();
    let both = app
        .person(&[
            (Role::Specialist, within(&world["Kon Tum"])),
            (Role::Specialist, within(&world["Sóc Trăng"])),
        ])
        .await;
    both.does("createUnit", unit("CĐCS ba", "Viên chức")).await.thing();
    let wide = app
        .person(&[
            (Role::Specialist, within(&world["Kon Tum"])),
            (Role::Specialist, Scope::Everything),
        ])
        .await;
    wide.does("createUnit", unit("CĐCS bốn", "Viên chức")).await.thing();
    let query = "{ auditEntries(first: 100) { nodes { by { accountId } } } }";
    let told = kon_tum.graphql(query, json!({})).await;
    let by: Vec<&Value> = told
        .at("/auditEntries/nodes")
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert_eq!(by, [&json!({ "by": { "accountId": account_id(&here) } })]);
}

async fn expired_sessions_are_forgotten(app: TestApp) {
    hien(&app, None).await;
    signs_in(&app, "hien.tran", PASSWORD).await;
    assert_eq!(usecases::forget_old_sessions(&app.env).await.expect("no error"), 0);
    let over = moment(2026, 3, 10, 8, 0) + Duration::days(38);
    app.it_is(over);
    assert_eq!(usecases::forget_old_sessions(&app.env).await.expect("no error"), 1);
    assert_eq!(signs_in(&app, "hien.tran", PASSWORD).await.status(), 200);
}

async fn every_route_of_the_document_is_there(app: TestApp) {
    let served = app.nobody().get("/api/v1/openapi.json").await;
    let document = serde_json::to_value(openapi::document()).expect("a document");
    assert_eq!(*served.body(), document);
    assert_eq!(document["openapi"], "3.1.0");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in ["get", "post", "put", "patch", "delete"] {
            if item.get(method).is_none() {
                continue;
            }
            if path.contains("{token}") {
                // Of a link that leads nowhere there is nothing, not even whether it was one; its door is tried with links that do.
                continue;
            }
            let path = path
                .replace("{id}", &Kind::Unit.id(Uuid::nil()))
                .replace("{number}", "1");
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let answer = app.nobody().request(verb, &path, &[], "").await;
            assert!(
                ![404, 405, 500].contains(&answer.status()),
                "{method} {path}: {}",
                answer.status()
            );
        }
    }
}
