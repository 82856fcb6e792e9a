//! What is known of a person: they read all of it, correct it and have it erased; who reads that of many leaves a trace.

use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::accounts_links::{invite, token};
use crate::accounts_signing_in::SignedIn;
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    one_takes_along_all_that_is_known_of_one,
    one_corrects_ones_own_name_and_address,
    a_corrected_address_gets_no_link_before_it_is_shown_to_be_ones_own,
    nothing_else_of_ones_account_is_corrected,
    contact_data_are_erased_and_honours_stay,
    an_administrator_erases_only_where_it_manages_all,
    who_reads_many_accounts_leaves_a_trace,
}

async fn own(who: &Person) -> Value {
    let query = "{ viewer { account { id version displayName email emailVerified } sessions { address client } } }";
    who.graphql(query, json!({})).await.at("/viewer").clone()
}

async fn one_takes_along_all_that_is_known_of_one(app: TestApp) {
    let admin = app.admin().await;
    let lan = SignedIn::of(&app, "lan.pham").await;
    let person = app.bearer_of(&lan.access);
    let account = own(&person).await["account"]["id"].clone();
    let unit = app.world()["Sở Nội vụ"].id();
    let grant = json!({ "accountId": account, "role": "UNIT_OFFICER", "scopeKind": "UNIT", "scopeId": unit, "validFrom": "2026-01-01" });
    admin.does("grantRole", grant).await.thing();
    let answer = person.get("/api/v1/auth/me/export").await;
    assert_eq!(answer.status(), 200, "{answer}");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"thidua-du-lieu-ca-nhan.json\""
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let data = answer.body();
    assert_eq!((&data["id"], &data["username"]), (&account, &json!("lan.pham")));
    assert_eq!(
        data["grants"],
        json!([{ "role": "UNIT_OFFICER", "scopeKind": "UNIT", "scopeId": unit, "validFrom": "2026-01-01", "validTo": null }])
    );
    assert_eq!(data["sessions"].as_array().map(Vec::len), Some(1));
    let deeds: Vec<&str> = data["deeds"]
        .as_array()
        .expect("deeds")
        .iter()
        .filter_map(|deed| deed["action"].as_str())
        .collect();
    assert_eq!(deeds, ["PERSONAL_DATA_EXPORTED", "SIGNED_IN"]);
    assert_eq!(data["deedsTotal"], 2);
    for secret in ["passwordHash", "$argon2", &lan.refresh] {
        assert!(!answer.text().contains(secret), "{secret}");
    }
}

async fn one_corrects_ones_own_name_and_address(app: TestApp) {
    let lan = SignedIn::of(&app, "lan.pham").await;
    let person = app.bearer_of(&lan.access);
    let version = own(&person).await["account"]["version"].clone();
    let right = json!({ "version": version, "displayName": "  Phạm Thị Lan ", "email": "lan@congdoan.vn" });
    person.does("correctOwnAccount", right).await.thing();
    let account = own(&person).await["account"].clone();
    assert_eq!(
        (&account["displayName"], &account["email"]),
        (&json!("Phạm Thị Lan"), &json!("lan@congdoan.vn"))
    );
    // The address is left out and stays; then it is taken away.
    let name_only = json!({ "version": account["version"], "displayName": "Phạm Lan" });
    person.does("correctOwnAccount", name_only).await.thing();
    let account = own(&person).await["account"].clone();
    assert_eq!(account["email"], "lan@congdoan.vn");
    person
        .does(
            "correctOwnAccount",
            json!({ "version": account["version"], "email": null }),
        )
        .await
        .thing();
    assert_eq!(own(&person).await["account"]["email"], Value::Null);
    // Others find the account by the name as it is now.
    let found = app
        .admin()
        .await
        .graphql(
            "{ accounts(where: { search: \"pham lan\" }) { totalCount } }",
            json!({}),
        )
        .await;
    assert_eq!(found.at("/accounts/totalCount"), 1);
    for (input, code) in [
        (json!({ "displayName": " " }), "REQUIRED"),
        (json!({ "email": "lan tại công đoàn" }), "EMAIL_INVALID"),
    ] {
        let mut input = input;
        input["version"] = own(&person).await["account"]["version"].clone();
        let refused = person.does("correctOwnAccount", input).await;
        assert_eq!(refused.at("/correctOwnAccount/userErrors/0/code"), code, "{refused}");
    }
}

async fn a_corrected_address_gets_no_link_before_it_is_shown_to_be_ones_own(app: TestApp) {
    let lan = SignedIn::of(&app, "lan.pham").await;
    let person = app.bearer_of(&lan.access);
    let version = own(&person).await["account"]["version"].clone();
    person
        .does(
            "correctOwnAccount",
            json!({ "version": version, "email": "ke.trom@example.com" }),
        )
        .await
        .thing();
    assert_eq!(own(&person).await["account"]["emailVerified"], false);
    let before = app.contents().await["one_time_link"].clone();
    let heard = app
        .nobody()
        .post("/api/v1/auth/forgotten", json!({ "username": "lan.pham" }))
        .await;
    assert_eq!(heard.status(), 202);
    assert_eq!(app.contents().await["one_time_link"], before);
}

async fn nothing_else_of_ones_account_is_corrected(app: TestApp) {
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let before = app.contents().await;
    for (field, value) in [
        ("username", json!("admin")),
        ("emailVerifiedAt", json!("2026-03-10T00:00:00Z")),
        ("lockedAt", Value::Null),
        ("id", json!("account_1")),
        ("role", json!("ADMIN")),
    ] {
        let mut input = json!({ "version": 1 });
        input[field] = value;
        let refused = officer.does("correctOwnAccount", input).await;
        assert_eq!(refused.code(), "BAD_REQUEST", "{field}: {refused}");
    }
    assert_eq!(app.contents().await, before);
}

async fn contact_data_are_erased_and_honours_stay(app: TestApp) {
    let lan = SignedIn::of(&app, "lan.pham").await;
    let person = app.bearer_of(&lan.access);
    let account = own(&person).await["account"].clone();
    person
        .does(
            "correctOwnAccount",
            json!({ "version": account["version"], "email": "lan@congdoan.vn" }),
        )
        .await
        .thing();
    let invited = invite(&app.admin().await, "hoa.le", Some("hoa@congdoan.vn")).await;
    let honours = app.contents().await["award"].clone();
    let version = own(&person).await["account"]["version"].clone();
    let gone = json!({ "id": account["id"], "version": version });
    person.does("eraseContactData", gone).await.thing();
    let kept = own(&person).await;
    assert_eq!(kept["account"]["email"], Value::Null);
    assert_eq!(
        kept["account"]["displayName"], "Trần Thị Hiền",
        "the name beside what was done stays"
    );
    assert_eq!(kept["sessions"], json!([{ "address": null, "client": null }]));
    let contents = app.contents().await;
    assert_eq!(contents["award"], honours);
    for (table, rows) in &contents {
        assert!(!rows.join("\n").contains("lan@congdoan.vn"), "{table}");
    }
    // Somebody who never came: their address goes, and the link with it.
    let hoa = invited.thing().clone();
    let admin = app.admin().await;
    admin
        .does(
            "eraseContactData",
            json!({ "id": hoa["id"], "version": hoa["version"] }),
        )
        .await
        .thing();
    assert!(!format!("{:?}", app.contents().await).contains("hoa@congdoan.vn"));
    let link = token(&invited, "inviteAccount");
    let refused = app
        .nobody()
        .post(
            "/api/v1/auth/password",
            json!({ "token": link, "password": "Chim hót đầu cành sớm" }),
        )
        .await;
    assert!(refused.status() >= 400, "{refused}");
}

async fn an_administrator_erases_only_where_it_manages_all(app: TestApp) {
    let world = app.world();
    let small = app.person(&[(Role::Admin, Scope::Unit(world["Sở Nội vụ"].uuid))]).await;
    let both = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(world["Sở Nội vụ"].uuid)),
            (Role::UnitOfficer, Scope::Unit(world["Thư viện"].uuid)),
        ])
        .await;
    let elsewhere = app.officer_of(&world["Thư viện"]).await;
    let before = app.contents().await;
    for (who, code) in [(&both, "FORBIDDEN"), (&elsewhere, "NOT_FOUND")] {
        let id = thidua::ids::Kind::Account.id(who.account());
        let refused = small.does("eraseContactData", json!({ "id": id, "version": 1 })).await;
        assert_eq!(refused.code(), code, "{refused}");
    }
    assert_eq!(app.contents().await, before);
}

async fn who_reads_many_accounts_leaves_a_trace(app: TestApp) {
    let admin = app.admin().await;
    for _ in 0..9 {
        app.stranger().await;
    }
    let traces = || async {
        let all = app.contents().await["audit_entry"].clone();
        all.iter().filter(|row| row.contains("ACCOUNTS_READ")).count()
    };
    let read = |first: i32| format!("{{ accounts(first: {first}) {{ nodes {{ displayName email }} }} }}");
    admin.graphql(&read(9), json!({})).await.at("/accounts/nodes/8");
    assert_eq!(traces().await, 0, "nine are looked up one by one");
    admin.graphql(&read(10), json!({})).await.at("/accounts/nodes/9");
    assert_eq!(traces().await, 1);
    let refused = app.stranger().await.graphql(&read(100), json!({})).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert_eq!(traces().await, 1);
}
