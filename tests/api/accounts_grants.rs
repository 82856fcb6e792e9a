//! Grants of roles: who gives which to whom, how wide, from when they hold and until when.

use serde_json::{Value, json};
use thidua::accounts::usecases;
use thidua::auth::Actor;
use thidua::error::Error;
use thidua::ids::Kind;
use thidua::policy::{Capacity, Scope};
use thidua_entity::enums::Role;

use crate::accounts_seen::{admin_of, id, new, node, sees_units};
use crate::clusters::Cluster;
use crate::support::{Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    nobody_grants_wider_than_they_administer,
    who_grants_and_who_does_not,
    a_small_administrator_does_not_touch_a_large_one,
    a_withdrawn_grant_has_no_power_from_that_moment,
    a_grant_has_no_power_before_its_first_day,
    somebody_is_left_who_administers_everything,
}

/// A grant of a role in a unit.
fn grant(who: &Person, role: &str, unit: &Unit) -> Value {
    json!({ "accountId": id(who), "role": role, "scopeKind": "UNIT", "scopeId": unit.id() })
}

async fn somebody_is_left_who_administers_everything(app: TestApp) {
    let (an, binh) = (app.admin().await, app.admin().await);
    let until_june = json!({
        "accountId": id(&app.stranger().await), "role": "ADMIN", "scopeKind": "EVERYTHING", "validTo": "2026-06-01",
    });
    let until_june = an.does("grantRole", until_june).await.id().to_owned();
    // Both had begun before either was done: each acts as the administrator that it was.
    let as_administrator = |person: &Person| {
        let everything = (Capacity::Role(Role::Admin), Scope::Everything);
        Actor::new(person.account(), String::new(), person.account(), vec![everything])
    };
    let lock = async |who: &Person, whom: &Person| {
        usecases::set_locked(&app.env, &as_administrator(who), whom.account(), 1, true).await
    };
    let (first, second) = tokio::join!(lock(&an, &binh), lock(&binh, &an));
    let refused = match (&first, &second) {
        (Ok(_), Err(Error::Invalid(problems))) | (Err(Error::Invalid(problems)), Ok(_)) => problems,
        other => panic!("one is locked and one is left: {other:?}"),
    };
    assert_eq!(refused[0].code, "LAST_ADMINISTRATOR");
    let left = if first.is_ok() { &an } else { &binh };
    let grants = "{ viewer { grants { id version } } }";
    let grant = left.graphql(grants, json!({})).await.at("/viewer/grants/0/id").clone();
    let grant = Kind::RoleGrant.parse(grant.as_str().expect("an id")).expect("a grant");
    let other = if first.is_ok() { &binh } else { &an };
    let withdrawn = usecases::withdraw_grant(&app.env, &as_administrator(other), grant, 1).await;
    assert!(matches!(withdrawn, Err(Error::Invalid(problems)) if problems[0].code == "LAST_ADMINISTRATOR"));
    let one_of_two = json!({ "id": until_june, "version": 1 });
    let refused = left.does("withdrawRoleGrant", one_of_two.clone()).await;
    assert!(refused.user_errors().is_empty(), "{refused}");
}

async fn nobody_grants_wider_than_they_administer(app: TestApp) {
    let world = app.world();
    let small = admin_of(&app, "Kon Tum").await;
    let low = admin_of(&app, "Đăk Tô").await;
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    let other = Cluster::begin(&app, &world["Sóc Trăng"], "Cụm khác").await;
    let scope = |kind: &str, id: &str| json!({ "scopeKind": kind, "scopeId": id });
    let unit = |name: &str| scope("UNIT", &world[name].id());
    for (who, scope, code) in [
        (&small, json!({ "scopeKind": "EVERYTHING" }), "FORBIDDEN"),
        (&small, scope("PROVINCE", &world.kon_tum.id()), "FORBIDDEN"),
        (&small, unit("Tổng Liên đoàn"), "NOT_FOUND"),
        (&small, unit("Thư viện"), "NOT_FOUND"),
        (&small, scope("CLUSTER", &other.id), "NOT_FOUND"),
        (&small, unit("Kon Tum"), ""),
        (&small, unit("Y tế Đăk Tô"), ""),
        (&small, scope("CLUSTER", &cluster.id), ""),
        (&low, scope("CLUSTER", &cluster.id), "FORBIDDEN"),
        (&low, unit("Ngọc Hồi"), "NOT_FOUND"),
        (&low, unit("Kon Tum"), "NOT_FOUND"),
        (&low, unit("Đăk Tô"), ""),
    ] {
        let made = who
            .does("createAccount", new(&format!("nguoi.{}", app.env.new_id())))
            .await
            .id()
            .to_owned();
        for role in ["VIEWER", "ADMIN"] {
            let mut input = scope.clone();
            input["accountId"] = made.clone().into();
            input["role"] = role.into();
            let answer = who.does("grantRole", input).await;
            assert_eq!(answer.code(), code, "{role} in {scope}: {answer}");
        }
    }
    let made = app
        .admin()
        .await
        .does("createAccount", new("toan.quyen"))
        .await
        .id()
        .to_owned();
    for scope in [
        json!({ "scopeKind": "EVERYTHING" }),
        scope("PROVINCE", &world.kon_tum.id()),
    ] {
        let mut input = scope;
        input["accountId"] = made.clone().into();
        input["role"] = "SPECIALIST".into();
        app.admin().await.does("grantRole", input).await.thing();
    }
}

async fn who_grants_and_who_does_not(app: TestApp) {
    let world = app.world();
    let target = app.officer_of(&world["Y tế Đăk Tô"]).await;
    let input = grant(&target, "VIEWER", &world["Đăk Tô"]);
    let held = node(&target, &id(&target), "grants { id version }")
        .await
        .at("/node/grants/0")
        .clone();
    let everything = app.viewer_of(Scope::Everything).await;
    for (who, code) in [
        (app.specialist_of(&world["Kon Tum"]).await, "FORBIDDEN"),
        (app.committee_of(&world["Kon Tum"]).await, "FORBIDDEN"),
        (app.officer_of(&world["Đăk Tô"]).await, "FORBIDDEN"),
        (everything, "FORBIDDEN"),
        (app.stranger().await, "FORBIDDEN"),
        (admin_of(&app, "Sóc Trăng").await, "NOT_FOUND"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        assert_eq!(who.does("grantRole", input.clone()).await.code(), code);
        // Whoever does not see the account learns nothing of its grants.
        let hidden = if code == "UNAUTHENTICATED" { code } else { "NOT_FOUND" };
        assert_eq!(who.does("withdrawRoleGrant", held.clone()).await.code(), hidden);
        let lock = json!({ "id": id(&target), "version": 1 });
        assert_eq!(who.does("lockAccount", lock.clone()).await.code(), hidden);
        assert_eq!(who.does("unlockAccount", lock).await.code(), hidden);
    }
    assert_eq!(sees_units(&target).await, 1);
    admin_of(&app, "Kon Tum").await.does("grantRole", input).await.thing();
    assert_eq!(sees_units(&target).await, 6);
}

async fn a_small_administrator_does_not_touch_a_large_one(app: TestApp) {
    let world = app.world();
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    let small = admin_of(&app, "Kon Tum").await;
    let large = app
        .person(&[(Role::Admin, Scope::Everything), (Role::UnitOfficer, unit("Đăk Tô"))])
        .await;
    let wide = app
        .person(&[(Role::UnitOfficer, unit("Đăk Tô")), (Role::Viewer, unit("Thư viện"))])
        .await;
    for other in [&large, &wide] {
        let lock = json!({ "id": id(other), "version": 1 });
        assert_eq!(small.does("lockAccount", lock).await.code(), "FORBIDDEN");
        assert_eq!(
            small
                .does("grantRole", grant(other, "VIEWER", &world["Kon Tum"]))
                .await
                .code(),
            "FORBIDDEN"
        );
        // The role within its own hands it may take away: that of others stays.
        let seen = node(&small, &id(other), "grants { id version }").await;
        assert_eq!(seen.at("/node/grants").as_array().map(Vec::len), Some(1));
        small
            .does("withdrawRoleGrant", seen.at("/node/grants/0").clone())
            .await
            .thing();
        assert!(sees_units(other).await > 0);
        let own = node(other, &id(other), "grants { id version }").await;
        let elsewhere = own
            .at("/node/grants")
            .as_array()
            .expect("a list")
            .iter()
            .find(|one| one["id"] != seen.at("/node/grants/0")["id"]);
        let refused = small
            .does("withdrawRoleGrant", elsewhere.expect("a grant").clone())
            .await;
        assert!(matches!(refused.code(), "NOT_FOUND" | "FORBIDDEN"), "{refused}");
    }
    let own = app.officer_of(&world["Đăk Tô"]).await;
    small
        .does("lockAccount", json!({ "id": id(&own), "version": 1 }))
        .await
        .thing();
}

async fn a_withdrawn_grant_has_no_power_from_that_moment(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let target = app.stranger().await;
    let made = admin
        .does("grantRole", grant(&target, "SPECIALIST", &world["Kon Tum"]))
        .await;
    assert_eq!(sees_units(&target).await, 11);
    let rename = json!({ "id": world["Đăk Tô"].id(), "version": 1, "name": "Tên khác", "from": "2026-03-01" });
    let stale = json!({ "id": made.id(), "version": 7 });
    assert_eq!(admin.does("withdrawRoleGrant", stale).await.code(), "STALE_VERSION");
    let withdraw = json!({ "id": made.id(), "version": 1 });
    assert_eq!(
        admin.does("withdrawRoleGrant", withdraw).await.thing()["inForce"],
        false
    );
    assert_eq!(sees_units(&target).await, 0);
    assert_eq!(target.does("renameUnit", rename).await.code(), "NOT_FOUND");
    assert_eq!(target.get("/api/v1/auth/me").await.body()["capacities"], json!([]));
    let again = json!({ "id": made.id(), "version": 2 });
    assert_eq!(admin.does("withdrawRoleGrant", again).await.code(), "WRONG_STATE");
    admin
        .does("grantRole", grant(&target, "SPECIALIST", &world["Kon Tum"]))
        .await
        .thing();
    assert_eq!(sees_units(&target).await, 11, "given anew");
    let actions = app.audit_of(Kind::RoleGrant.parse(made.id()).expect("an id")).await;
    assert_eq!(
        actions.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(),
        ["ROLE_GRANTED", "ROLE_WITHDRAWN"]
    );
}

async fn a_grant_has_no_power_before_its_first_day(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let (target, never) = (app.stranger().await, app.stranger().await);
    let later = |who: &Person| {
        let mut input = grant(who, "ADMIN", &world["Kon Tum"]);
        input["validFrom"] = "2026-04-01".into();
        input["validTo"] = "2026-05-01".into();
        input
    };
    admin.does("grantRole", later(&target)).await.thing();
    let off = admin.does("grantRole", later(&never)).await.id().to_owned();
    admin
        .does("withdrawRoleGrant", json!({ "id": off, "version": 1 }))
        .await
        .thing();
    for (at, units) in [
        (moment(2026, 3, 31, 23, 59), 0),
        (moment(2026, 4, 1, 0, 0), 11),
        (moment(2026, 4, 30, 23, 59), 11),
        (moment(2026, 5, 1, 0, 0), 0),
    ] {
        app.it_is(at);
        assert_eq!(
            (sees_units(&target).await, sees_units(&never).await),
            (units, 0),
            "{at}"
        );
        let can = target.graphql("{ viewer { grants { role } can } }", json!({})).await;
        assert_eq!(can.texts("/viewer/grants", "role").len(), usize::from(units > 0));
        let code = if units > 0 { "" } else { "FORBIDDEN" };
        assert_eq!(
            target.graphql("{ accounts { totalCount } }", json!({})).await.code(),
            code,
            "{at}"
        );
        assert_eq!(
            target
                .graphql("{ auditEntries { totalCount } }", json!({}))
                .await
                .code(),
            code,
            "{at}"
        );
    }
}
