//! Service accounts: who makes them, on what terms, with which secrets. How they get tokens is told in
//! `accounts_services_tokens.rs`, what they see and do in `accounts_services_given.rs`.

use actix_web::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::accounts_seen::admin_of;
use crate::accounts_signing_in::login;
use crate::support::{Answer, Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    who_lets_systems_in_and_where,
    terms_that_cannot_be_are_told_field_by_field,
    a_secret_is_shown_once_and_another_takes_its_place_without_a_pause,
    a_service_account_is_changed_at_the_version_that_was_seen,
    of_two_who_make_the_same_at_once_one_does,
    nobody_signs_in_as_a_service_account,
    rest_does_the_same,
    what_a_system_did_is_read_by_those_above_its_place,
    a_role_of_services_is_granted_to_nobody,
}

/// What a service account is asked for with; `scopes` by blanks.
pub fn terms(name: &str, place: &Unit, scopes: &str) -> Value {
    json!({
        "name": name, "purpose": "Kho dữ liệu của tỉnh", "contact": "Tổ CNTT, 0260 123 456", "placeKind": "UNIT", "placeId": place.id(),
        "scopes": scopes.split(' ').collect::<Vec<_>>(), "validTo": "2026-12-31",
    })
}

fn with(terms: &Value, field: &str, value: Value) -> Value {
    let mut terms = terms.clone();
    terms[field] = value;
    terms
}

/// Another system, as those who run it know it.
#[derive(Clone)]
pub struct System {
    app: TestApp,
    /// The id with which it asks for tokens.
    pub id: String,
    /// The secret with which it does.
    pub secret: String,
}

impl System {
    /// An administrator of everything lets it in at a unit.
    pub async fn of(app: &TestApp, place: &Unit, scopes: &str) -> Self {
        Self::on(app, terms("Kho dữ liệu", place, scopes)).await
    }

    /// The same on terms that are said.
    pub async fn on(app: &TestApp, terms: Value) -> Self {
        let made = app.admin().await.does("createServiceAccount", terms).await;
        Self::from(app, &made, "createServiceAccount")
    }

    fn from(app: &TestApp, made: &Answer, mutation: &str) -> Self {
        Self {
            app: app.clone(),
            id: made.id().to_owned(),
            secret: made.str(&format!("/{mutation}/clientSecret")).to_owned(),
        }
    }

    /// Asks for a token in the body, with what else stands there.
    pub async fn asks(&self, from: &Person, more: &str) -> Answer {
        let body = format!("client_id={}&client_secret={}&{more}", self.id, self.secret);
        ask(from, None, &format!("grant_type=client_credentials&{body}")).await
    }

    /// A token, asked for with a scope or with all.
    pub async fn token(&self, scope: &str) -> String {
        let answer = self.asks(&self.app.nobody(), &format!("scope={scope}")).await;
        token_in(&answer)
    }

    /// Who calls with a new token that has all scopes.
    pub async fn calls(&self) -> Person {
        self.app.bearer_of(&self.token("").await)
    }

    /// What an administrator reads of it.
    pub async fn seen_by(&self, admin: &Person) -> Value {
        let query = "query($id: ID!) { node(id: $id) { ... on ServiceAccount {
            name purpose contact scopes networks validTo inForce disabledAt lastUsedAt lastUsedAddress version
            place { kind name } secrets { id hint lastUsedAt lastUsedAddress } viewerCan { action allowed } } } }";
        admin.graphql(query, json!({ "id": self.id })).await.at("/node").clone()
    }
}

/// A token in an answer.
#[track_caller]
pub fn token_in(answer: &Answer) -> String {
    assert_eq!(answer.status(), 200, "{answer}");
    answer.body()["access_token"].as_str().expect("a token").to_owned()
}

/// The header of RFC 6749, section 2.3.1.
pub fn basic(id: &str, secret: &str) -> String {
    let encoded = |part: &str| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)))
    )
}

/// Asks for a token.
pub async fn ask(from: &Person, authorization: Option<&str>, body: &str) -> Answer {
    let mut headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
    headers.extend(authorization.map(|header| ("Authorization", header)));
    from.request(Method::POST, "/api/v1/auth/token", &headers, body).await
}

async fn who_lets_systems_in_and_where(app: TestApp) {
    let world = app.world();
    let small = admin_of(&app, "Đăk Tô").await;
    let reads = |place: &str| terms("Kho dữ liệu", &world[place], "reports:read");
    for (who, code) in [
        (app.specialist_of(&world["Đăk Tô"]).await, "FORBIDDEN"),
        (app.committee_of(&world["Đăk Tô"]).await, "FORBIDDEN"),
        (app.officer_of(&world["Đăk Tô"]).await, "FORBIDDEN"),
        (app.viewer_of(Scope::Everything).await, "FORBIDDEN"),
        (app.stranger().await, "FORBIDDEN"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        assert_eq!(who.does("createServiceAccount", reads("Đăk Tô")).await.code(), code);
        let bad = with(&reads("Đăk Tô"), "scopes", json!(["moon:read"]));
        assert_eq!(
            who.does("createServiceAccount", bad).await.code(),
            code,
            "what is wrong is told to who may"
        );
        let listed = who.graphql("{ serviceAccounts { totalCount } }", json!({})).await;
        assert_eq!(listed.code(), code);
    }
    let own = System::from(
        &app,
        &small.does("createServiceAccount", reads("Trường Nguyễn Văn Cừ")).await,
        "createServiceAccount",
    );
    let everything = json!({ "placeKind": "EVERYTHING", "placeId": null });
    let mut of_everything = reads("Đăk Tô");
    for (field, value) in everything.as_object().expect("fields") {
        of_everything[field] = value.clone();
    }
    let mut of_province = of_everything.clone();
    of_province["placeKind"] = "PROVINCE".into();
    of_province["placeId"] = world.kon_tum.id().into();
    for (outside, code) in [
        (reads("Kon Tum"), "NOT_FOUND"),
        (reads("Ngọc Hồi"), "NOT_FOUND"),
        (reads("Sở Nội vụ"), "NOT_FOUND"),
        (of_everything.clone(), "FORBIDDEN"),
        (of_province.clone(), "FORBIDDEN"),
        (
            with(
                &of_province,
                "placeId",
                json!("province_0192f3a07c1e70008000000000000001"),
            ),
            "NOT_FOUND",
        ),
        (
            with(
                &reads("Đăk Tô"),
                "placeId",
                json!("unit_0192f3a07c1e70008000000000000001"),
            ),
            "NOT_FOUND",
        ),
        (
            with(&reads("Đăk Tô"), "placeId", json!(world.kon_tum.id())),
            "NOT_FOUND",
        ),
    ] {
        let refused = small.does("createServiceAccount", outside.clone()).await;
        assert_eq!(refused.code(), code, "{outside}: {refused}");
    }
    let admin = app.admin().await;
    admin.does("createServiceAccount", of_everything).await.thing();
    admin.does("createServiceAccount", of_province).await.thing();
    let far = System::of(&app, &world["Sở Nội vụ"], "reports:read").await;
    let listed = async |who: &Person| {
        let answer = who
            .graphql("{ serviceAccounts { totalCount nodes { id } } }", json!({}))
            .await;
        let rest = who.get("/api/v1/service-accounts?count=true").await;
        let count = answer.at("/serviceAccounts/totalCount");
        assert_eq!(rest.body()["totalCount"], *count);
        count.as_u64().expect("a number")
    };
    assert_eq!((listed(&small).await, listed(&admin).await), (1, 4));
    // Of another's place nothing is seen and nothing is done; the version does not matter.
    let (secret, step) = (
        far.seen_by(&admin).await["secrets"][0]["id"].clone(),
        json!({ "id": far.id, "version": 1 }),
    );
    for mutation in [
        "disableServiceAccount",
        "enableServiceAccount",
        "addServiceSecret",
        "updateServiceAccount",
    ] {
        assert_eq!(
            small.does(mutation, step.clone()).await.code(),
            "NOT_FOUND",
            "{mutation}"
        );
    }
    let retire = json!({ "id": secret, "version": 1 });
    assert_eq!(small.does("retireServiceSecret", retire).await.code(), "NOT_FOUND");
    let node = small
        .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": far.id }))
        .await;
    assert_eq!(node.code(), "NOT_FOUND");
    assert_eq!(
        small
            .get(&format!("/api/v1/service-accounts/{}", far.id))
            .await
            .status(),
        404
    );
    assert_eq!(own.seen_by(&small).await["viewerCan"][0]["allowed"], true);
    // Who sees the place but administers below it only.
    let both = app
        .person(&[
            (Role::Viewer, Scope::Unit(world["Kon Tum"].uuid)),
            (Role::Admin, Scope::Unit(world["Đăk Tô"].uuid)),
        ])
        .await;
    assert_eq!(
        both.does("createServiceAccount", reads("Kon Tum")).await.code(),
        "FORBIDDEN"
    );
}

async fn terms_that_cannot_be_are_told_field_by_field(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let good = terms("Kho dữ liệu", &world["Kon Tum"], "reports:read");
    let networks: Vec<String> = (0..21).map(|number| format!("10.0.{number}.0/24")).collect();
    let cases = [
        ("name", json!("  "), "REQUIRED", "name"),
        ("purpose", json!(""), "REQUIRED", "purpose"),
        ("contact", json!("x".repeat(301)), "TOO_LONG", "contact"),
        ("scopes", json!([]), "REQUIRED", "scopes"),
        (
            "scopes",
            json!(["reports:read", "reports:approve"]),
            "SCOPE_UNKNOWN",
            "scopes.1",
        ),
        ("scopes", json!(["accounts:write"]), "SCOPE_UNKNOWN", "scopes.0"),
        ("scopes", json!(["awards:record"]), "SCOPE_UNKNOWN", "scopes.0"),
        ("scopes", json!(["*"]), "SCOPE_UNKNOWN", "scopes.0"),
        (
            "networks",
            json!(["203.0.113.7", "nhà máy"]),
            "NETWORK_INVALID",
            "networks.1",
        ),
        ("networks", json!(networks), "TOO_MANY", "networks"),
        ("validTo", json!("2026-03-10"), "IN_THE_PAST", "validTo"),
        ("validTo", json!("2025-03-10"), "IN_THE_PAST", "validTo"),
        ("validTo", json!("2027-03-12"), "TOO_LONG", "validTo"),
        ("validTo", json!("9999-12-31"), "TOO_LONG", "validTo"),
    ];
    let before = app.contents().await;
    for (field, value, code, path) in &cases {
        let refused = admin
            .does("createServiceAccount", with(&good, field, value.clone()))
            .await;
        assert_eq!(refused.user_errors(), [(*code, *path)], "{field} {value}");
    }
    for (kind, id) in [("EVERYTHING", json!(world["Kon Tum"].id())), ("UNIT", Value::Null)] {
        let refused = with(&with(&good, "placeKind", json!(kind)), "placeId", id);
        let refused = admin.does("createServiceAccount", refused).await;
        assert_eq!(refused.user_errors(), [("SCOPE_INVALID", "placeId")]);
    }
    assert_eq!(app.contents().await, before, "nothing was stored");
    let made = admin
        .does("createServiceAccount", with(&good, "validTo", json!("2027-03-11")))
        .await;
    for (field, value, code, path) in &cases {
        let mut change = json!({ "id": made.id(), "version": 1 });
        change[*field] = value.clone();
        let refused = admin.does("updateServiceAccount", change).await;
        assert_eq!(refused.user_errors(), [(*code, *path)], "{field} {value}");
    }
}

async fn a_secret_is_shown_once_and_another_takes_its_place_without_a_pause(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let first = System::of(&app, &world["Kon Tum"], "units:read").await;
    assert!(
        first.secret.starts_with("thidua_service_") && first.secret.len() == 58,
        "{}",
        first.secret
    );
    let shown = first.seen_by(&admin).await;
    assert_eq!(shown["secrets"][0]["hint"], first.secret[54..]);
    assert!(!shown.to_string().contains(&first.secret));
    assert_eq!(
        (&shown["lastUsedAt"], &shown["secrets"][0]["lastUsedAt"]),
        (&Value::Null, &Value::Null)
    );
    let old_token = token_in(&first.asks(&app.nobody().calling_from("203.0.113.7"), "").await);
    let used = first.seen_by(&admin).await;
    assert_eq!(used["lastUsedAddress"], "203.0.113.7");
    assert_eq!(
        (&used["secrets"][0]["lastUsedAt"], &used["version"]),
        (&used["lastUsedAt"], &json!(1))
    );
    let step = |version: i32| json!({ "id": first.id, "version": version });
    let made = admin.does("addServiceSecret", step(1)).await;
    let second = System::from(&app, &made, "addServiceSecret");
    assert_ne!(second.secret, first.secret);
    let third = admin.does("addServiceSecret", step(2)).await;
    assert_eq!(third.code(), "WRONG_STATE", "two at most");
    // Both work, until the old one is seen to be used no more.
    for system in [&first, &second] {
        assert_eq!(system.calls().await.get("/api/v1/units").await.status(), 200);
    }
    app.it_is(moment(2026, 3, 10, 8, 5));
    let new_token = second.token("").await;
    let shown = first.seen_by(&admin).await;
    let last = |index: usize| {
        shown["secrets"][index]["lastUsedAt"]
            .as_str()
            .expect("a time")
            .to_owned()
    };
    assert!(last(0) < last(1) && shown["lastUsedAt"] == last(1).as_str(), "{shown}");
    let retire = json!({ "id": shown["secrets"][0]["id"], "version": 2 });
    admin.does("retireServiceSecret", retire.clone()).await.thing();
    assert_eq!(
        admin
            .does("retireServiceSecret", with(&retire, "version", json!(3)))
            .await
            .code(),
        "WRONG_STATE"
    );
    let refused = first.asks(&app.nobody(), "").await;
    assert_eq!(
        (refused.status(), &refused.body()["error"]),
        (401, &json!("invalid_client"))
    );
    let status = async |token: &str| app.bearer_of(token).get("/api/v1/units").await.status();
    assert_eq!((status(&old_token).await, status(&new_token).await), (401, 200));
    assert_eq!(first.seen_by(&admin).await["secrets"].as_array().map(Vec::len), Some(1));
    // A third takes the place of the first.
    let made = admin.does("addServiceSecret", step(3)).await;
    assert_eq!(
        System::from(&app, &made, "addServiceSecret")
            .calls()
            .await
            .get("/api/v1/units")
            .await
            .status(),
        200
    );
    let events: Vec<String> = app
        .audit_of(Kind::ServiceAccount.parse(&first.id).expect("an id"))
        .await
        .into_iter()
        .map(|row| row.action)
        .collect();
    assert_eq!(
        events,
        [
            "SERVICE_ACCOUNT_CREATED",
            "SERVICE_SECRET_ADDED",
            "SERVICE_SECRET_ADDED",
            "SERVICE_SECRET_RETIRED",
            "SERVICE_SECRET_ADDED"
        ]
    );
}

async fn a_service_account_is_changed_at_the_version_that_was_seen(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let system = System::of(&app, &world["Kon Tum"], "units:read").await;
    let change = json!({
        "id": system.id, "version": 1, "name": "Cổng dữ liệu", "purpose": "Cổng của tỉnh", "contact": "Ông Bình",
        "scopes": ["reports:read", "units:read", "units:read"], "networks": ["203.0.113.7", "10.1.2.3/8"], "validTo": "2027-03-01",
    });
    admin.does("updateServiceAccount", change.clone()).await.thing();
    let shown = system.seen_by(&admin).await;
    assert_eq!(
        (
            &shown["name"],
            &shown["scopes"],
            &shown["networks"],
            &shown["validTo"],
            &shown["version"]
        ),
        (
            &json!("Cổng dữ liệu"),
            &json!(["units:read", "reports:read"]),
            &json!(["10.0.0.0/8", "203.0.113.7/32"]),
            &json!("2027-03-01"),
            &json!(2)
        )
    );
    assert_eq!(
        shown["place"],
        json!({ "kind": "UNIT", "name": "Liên đoàn Lao động tỉnh Kon Tum" })
    );
    assert_eq!(admin.does("updateServiceAccount", change).await.code(), "STALE_VERSION");
    // What is left out stays.
    let part = json!({ "id": system.id, "version": 2, "contact": "Bà Lan" });
    admin.does("updateServiceAccount", part).await.thing();
    let after = system.seen_by(&admin).await;
    assert_eq!(
        (&after["contact"], &after["name"], &after["scopes"]),
        (&json!("Bà Lan"), &shown["name"], &shown["scopes"])
    );
    let off = json!({ "id": system.id, "version": 3 });
    admin.does("disableServiceAccount", off).await.thing();
    assert_eq!(
        admin
            .does("disableServiceAccount", json!({ "id": system.id, "version": 4 }))
            .await
            .code(),
        "WRONG_STATE"
    );
    let in_force = async |wanted: bool| {
        let query =
            "query($in: Boolean) { serviceAccounts(where: { search: \"CONG du lieu\", inForce: $in }) { totalCount } }";
        let answer = admin.graphql(query, json!({ "in": wanted })).await;
        answer.at("/serviceAccounts/totalCount").as_u64().expect("a number")
    };
    assert_eq!((in_force(true).await, in_force(false).await), (0, 1));
    admin
        .does("enableServiceAccount", json!({ "id": system.id, "version": 4 }))
        .await
        .thing();
    assert_eq!((in_force(true).await, in_force(false).await), (1, 0));
    app.it_is(moment(2027, 3, 1, 0, 0));
    assert_eq!((in_force(true).await, in_force(false).await), (0, 1), "at its end");
    // Renewed, it works again with the secret that it had.
    let renewed = json!({ "id": system.id, "version": 5, "validTo": "2028-03-01", "networks": [] });
    admin.does("updateServiceAccount", renewed).await.thing();
    assert_eq!(system.calls().await.get("/api/v1/units").await.status(), 200);
}

async fn of_two_who_make_the_same_at_once_one_does(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let same = terms("Kho dữ liệu", &world["Kon Tum"], "units:read");
    let made = join_all((0..4).map(|_| admin.does("createServiceAccount", same.clone()))).await;
    let mut codes: Vec<&str> = made.iter().map(Answer::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["", "ALREADY_EXISTS", "ALREADY_EXISTS", "ALREADY_EXISTS"]);
    // Elsewhere it is another.
    let other = System::of(&app, &world["Sóc Trăng"], "units:read").await;
    let moved = json!({ "id": other.id, "version": 1, "name": "Kho dữ liệu" });
    admin.does("updateServiceAccount", moved).await.thing();
    let step = json!({ "id": other.id, "version": 2 });
    let secrets = join_all((0..4).map(|_| admin.does("addServiceSecret", step.clone()))).await;
    let added = secrets.iter().filter(|answer| answer.code().is_empty()).count();
    assert_eq!(added, 1);
    assert_eq!(other.seen_by(&admin).await["secrets"].as_array().map(Vec::len), Some(2));
}

async fn nobody_signs_in_as_a_service_account(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let system = System::of(&app, &world["Kon Tum"], "units:read").await;
    let as_account = Kind::Account.id(Kind::ServiceAccount.parse(&system.id).expect("an id"));
    for password in [system.secret.as_str(), "", "Thi-dua-2026!"] {
        assert_eq!(login(&app, &system.id, password).await.status(), 401);
    }
    let officer = app.officer_of(&world["Kon Tum"]).await;
    let before = app.contents().await;
    for (mutation, input) in [
        ("lockAccount", json!({ "id": as_account, "version": 1 })),
        ("resetPassword", json!({ "id": as_account, "version": 1 })),
        ("resetSecondFactor", json!({ "id": as_account, "version": 1 })),
        (
            "setAccountEmail",
            json!({ "id": as_account, "version": 1, "email": "a@congdoan.vn" }),
        ),
        (
            "grantRole",
            json!({ "accountId": as_account, "role": "ADMIN", "scopeKind": "EVERYTHING" }),
        ),
        ("lockAccount", json!({ "id": system.id, "version": 1 })),
        (
            "grantRole",
            json!({ "accountId": system.id, "role": "ADMIN", "scopeKind": "EVERYTHING" }),
        ),
    ] {
        assert_eq!(admin.does(mutation, input).await.code(), "NOT_FOUND", "{mutation}");
    }
    let grants = officer.graphql("{ viewer { grants { id } } }", json!({})).await;
    let delegation = json!({
        "grantId": grants.at("/viewer/grants/0/id"), "toUsername": system.id, "validTo": "2026-04-01", "reason": "Đi công tác",
    });
    let refused = officer.does("delegateRole", delegation).await;
    assert_eq!(refused.user_errors(), [("ACCOUNT_UNKNOWN", "toUsername")]);
    assert_eq!(app.contents().await, before);
    let accounts = admin
        .graphql(
            "{ accounts(where: { search: \"kho du lieu\" }) { totalCount } }",
            json!({}),
        )
        .await;
    assert_eq!(accounts.at("/accounts/totalCount"), 0);
    let node = admin
        .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": as_account }))
        .await;
    assert_eq!(node.code(), "NOT_FOUND");
}

async fn rest_does_the_same(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let (path, json_type) = ("/api/v1/service-accounts", ("Content-Type", "application/json"));
    let good = terms("Kho dữ liệu", &world["Kon Tum"], "units:read");
    for field in [
        "id",
        "version",
        "disabledAt",
        "lastUsedAt",
        "secrets",
        "service",
        "account",
        "role",
        "clientSecret",
    ] {
        let refused = admin.post(path, with(&good, field, json!("x"))).await;
        assert_eq!((refused.status(), refused.code()), (400, "BAD_REQUEST"), "{field}");
    }
    let wrong = admin.post(path, with(&good, "scopes", json!(["moon:read"]))).await;
    assert_eq!(
        (wrong.status(), &wrong.body()["errors"][0]["field"]),
        (422, &json!("scopes.0"))
    );
    let made = admin.post(path, good.clone()).await;
    assert_eq!(
        (made.status(), made.header("etag"), made.header("cache-control")),
        (201, "\"1\"", "no-store"),
        "{made}"
    );
    assert_eq!(admin.post(path, good).await.status(), 409);
    let id = made.body()["account"]["id"].as_str().expect("an id").to_owned();
    let system = System {
        app: app.clone(),
        secret: made.body()["clientSecret"].as_str().expect("a secret").to_owned(),
        id: id.clone(),
    };
    let one = format!("{path}/{id}");
    let shown = admin.get(&one).await;
    assert_eq!((shown.status(), shown.header("etag")), (200, "\"1\""));
    assert!(!shown.text().contains(&system.secret), "{shown}");
    let change = async |tag: &str, body: &str| {
        admin
            .request(Method::PATCH, &one, &[json_type, ("If-Match", tag)], body)
            .await
    };
    assert_eq!(change("\"7\"", "{}").await.status(), 412);
    assert_eq!(
        admin.request(Method::PATCH, &one, &[json_type], "{}").await.status(),
        428
    );
    assert_eq!(
        change("\"1\"", "{\"placeKind\":\"EVERYTHING\"}").await.status(),
        400,
        "a place stays"
    );
    let changed = change("\"1\"", "{\"networks\":[\"203.0.113.0/24\"],\"name\":\"Cổng\"}").await;
    assert_eq!(
        (changed.status(), changed.header("etag"), &changed.body()["networks"]),
        (200, "\"2\"", &json!(["203.0.113.0/24"]))
    );
    let post = |path: String, tag: &'static str| {
        let admin = admin.clone();
        async move { admin.request(Method::POST, &path, &[("If-Match", tag)], "").await }
    };
    assert_eq!(post(format!("{one}/disable"), "\"2\"").await.body()["inForce"], false);
    assert_eq!(post(format!("{one}/enable"), "\"3\"").await.body()["inForce"], true);
    let second = post(format!("{one}/secrets"), "\"4\"").await;
    assert_eq!((second.status(), second.header("cache-control")), (201, "no-store"));
    let first = second.body()["account"]["secrets"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let retired = post(format!("/api/v1/service-secrets/{first}/retire"), "\"5\"").await;
    assert_eq!(
        (retired.status(), retired.body()["secrets"].as_array().map(Vec::len)),
        (200, Some(1)),
        "{retired}"
    );
    assert_eq!(
        system
            .asks(&app.nobody().calling_from("203.0.113.7"), "")
            .await
            .status(),
        401
    );
    let listed = admin.get(&format!("{path}?search=cong&inForce=true")).await;
    assert_eq!(listed.body()["items"][0]["secrets"][0]["id"], second.body()["secretId"]);
    assert_eq!(
        admin.get(&format!("{path}?search=khong%20co")).await.body()["items"],
        json!([])
    );
}

async fn what_a_system_did_is_read_by_those_above_its_place(app: TestApp) {
    let world = app.world();
    let (kon_tum, dak_to, far) = (
        admin_of(&app, "Kon Tum").await,
        admin_of(&app, "Đăk Tô").await,
        admin_of(&app, "Sóc Trăng").await,
    );
    let system = System::of(&app, &world["Đăk Tô"], "units:write").await;
    let school = &world["Trường Nguyễn Văn Cừ"];
    let alias = json!({ "id": school.id(), "version": 1, "alias": "Trường Cừ" });
    system.calls().await.does("addUnitAlias", alias).await.thing();
    let query = "query($of: ID!, $by: ID!) { auditEntries(where: { subjectId: $of, accountId: $by }) {
        nodes { action by { kind accountId username displayName } } } }";
    let read = async |who: &Person| {
        let answer = who.graphql(query, json!({ "of": school.id(), "by": system.id })).await;
        answer.at("/auditEntries/nodes").clone()
    };
    let expected = json!([{
        "action": "UNIT_ALIAS_ADDED",
        "by": { "kind": "SERVICE", "accountId": system.id, "username": system.id, "displayName": "Kho dữ liệu" },
    }]);
    assert_eq!(
        (read(&kon_tum).await, read(&dak_to).await),
        (expected.clone(), expected)
    );
    assert_eq!(read(&far).await, json!([]));
    assert_eq!(
        read(&admin_of(&app, "Trường Nguyễn Văn Cừ").await).await,
        json!([]),
        "its place lies above"
    );
}

async fn a_role_of_services_is_granted_to_nobody(app: TestApp) {
    let (admin, world) = (app.admin().await, app.world());
    let stranger = app.stranger().await;
    let grant = json!({
        "accountId": Kind::Account.id(stranger.account()), "role": "SERVICE", "scopeKind": "UNIT", "scopeId": world["Kon Tum"].id(),
    });
    assert_eq!(
        admin.does("grantRole", grant).await.user_errors(),
        [("ROLE_OF_SERVICES", "role")]
    );
    // Who was granted it before is nothing by it.
    let before = app.person(&[(Role::Service, Scope::Everything)]).await;
    let seen = before
        .graphql("{ units { totalCount } viewer { can } }", json!({}))
        .await;
    assert_eq!(
        (seen.at("/units/totalCount"), seen.at("/viewer/can")),
        (&json!(0), &json!([]))
    );
}
