//! Delegation (ủy quyền): who hands which role on to whom, how long it holds, what is done by it and who is named for it.

use chrono::Duration;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use thidua::accounts::usecases::{caller, hear_of_changes};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::account;
use thidua_entity::enums::Role;

use crate::accounts_seen::{admin_of, id, sees_units};
use crate::accounts_signing_in::SignedIn;
use crate::accounts_why::why;
use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    who_acts_on_behalf_of_another_is_named_beside_them,
    who_may_do_it_anyway_acts_on_behalf_of_nobody,
    a_delegation_holds_on_its_days_only,
    what_ends_a_delegation_before_its_days,
    what_ends_a_delegation_is_known_on_another_instance,
    neither_passes_what_either_of_them_wrote,
    what_is_not_ones_own_is_not_handed_on,
    a_part_of_the_scope_is_handed_on_and_no_more,
    a_part_that_moves_away_is_lost,
    an_officer_hands_the_offices_of_the_unit_on_too,
    bad_delegations_are_told_field_by_field,
    who_takes_a_delegation_back,
    a_delegation_is_told_to_both_and_explained_to_the_administrator,
    nobody_acts_for_two_at_once,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

async fn name_of(app: &TestApp, who: &Person) -> account::Model {
    let found = account::Entity::find_by_id(who.account()).one(&app.env.db).await;
    found.expect("an answer").expect("an account")
}

/// The first grant that somebody holds.
async fn grant_of(who: &Person) -> Value {
    let answer = who.graphql("{ viewer { grants { id } } }", json!({})).await;
    answer.at("/viewer/grants/0/id").clone()
}

/// Hands the first grant on until 1 April, or as `changes` say.
async fn delegates(app: &TestApp, from: &Person, to: &Person, changes: Value) -> Answer {
    let mut input = json!({
        "grantId": grant_of(from).await, "toUsername": name_of(app, to).await.username, "validTo": "2026-04-01",
        "reason": "Đi công tác, QĐ 12/QĐ-LĐLĐ",
    });
    for (field, value) in changes.as_object().into_iter().flatten() {
        input[field] = value.clone();
    }
    from.does("delegateRole", input).await
}

/// A verified report of a unit, which waits for approval at version 4.
async fn verified(app: &TestApp, reporting: &Reporting, unit: &str) -> Draft {
    let unit = &app.world()[unit];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, COMPLETE).await;
    report.step(&officer, "submitReport", 2).await.thing();
    report.step(&reporting.specialist, "verifyReport", 3).await.thing();
    report
}

async fn who_acts_on_behalf_of_another_is_named_beside_them(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let report = verified(&app, &reporting, "Sở Nội vụ").await;
    let deputy = app.stranger().await;
    assert_eq!(report.step(&deputy, "approveReport", 4).await.code(), "NOT_FOUND");
    let given = delegates(&app, &reporting.committee, &deputy, json!({})).await;
    assert_eq!(given.thing()["inForce"], true);
    report.step(&deputy, "approveReport", 4).await.thing();
    let (chief, deputy_row) = (name_of(&app, &reporting.committee).await, name_of(&app, &deputy).await);
    let seen = report
        .seen_by(&reporting.specialist, "steps { action by actedFor }")
        .await;
    let steps = seen.at("/node/steps").as_array().expect("a list");
    let last = steps.last().expect("a step");
    assert_eq!(
        (&last["by"], &last["actedFor"]),
        (&json!(deputy_row.display_name), &json!(chief.display_name))
    );
    assert!(
        steps[..steps.len() - 1].iter().all(|step| step["actedFor"].is_null()),
        "{seen}"
    );
    let entries = app
        .audit_of(Kind::ReportSubmission.parse(&report.id).expect("a report"))
        .await;
    let last = entries.last().expect("an entry");
    assert_eq!(
        (last.action.as_str(), last.account_id, last.on_behalf_of),
        (
            "REPORT_APPROVED",
            Some(deputy.account()),
            Some(reporting.committee.account())
        )
    );
    assert!(
        entries[..entries.len() - 1]
            .iter()
            .all(|entry| entry.on_behalf_of.is_none())
    );
    let query = "query($id: ID) { auditEntries(where: { subjectId: $id }) { nodes { action by { username } onBehalfOf { username } } } }";
    let told = app.admin().await.graphql(query, json!({ "id": report.id })).await;
    assert_eq!(
        told.at("/auditEntries/nodes/0")["onBehalfOf"]["username"],
        json!(chief.username),
        "{told}"
    );
    let small = admin_of(&app, "Kon Tum").await;
    let told = small.graphql(query, json!({ "id": report.id })).await;
    assert_eq!(*told.at("/auditEntries/nodes"), json!([]));
}

async fn who_may_do_it_anyway_acts_on_behalf_of_nobody(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let report = verified(&app, &reporting, "Sở Nội vụ").await;
    let other = app.committee_of(&world["Viên chức"]).await;
    delegates(&app, &reporting.committee, &other, json!({})).await.thing();
    report.step(&other, "approveReport", 4).await.thing();
    let entries = app
        .audit_of(Kind::ReportSubmission.parse(&report.id).expect("a report"))
        .await;
    assert_eq!(entries.last().expect("an entry").on_behalf_of, None);
    // Who signs in, changes a password or hands on does so for themselves.
    let seen = report.seen_by(&other, "steps { actedFor }").await;
    assert!(
        seen.texts("/node/steps", "actedFor").iter().all(|name| *name == "null"),
        "{seen}"
    );
}

async fn a_delegation_holds_on_its_days_only(app: TestApp) {
    let world = app.world();
    let (chief, deputy) = (app.committee_of(&world["Kon Tum"]).await, app.stranger().await);
    let days = json!({ "validFrom": "2026-03-15", "validTo": "2026-03-20" });
    let given = delegates(&app, &chief, &deputy, days).await;
    assert_eq!(given.thing()["inForce"], false, "not yet");
    for (day, hour, sees) in [
        (10, 9, 0),
        (14, 23, 0),
        (15, 0, 11),
        (19, 23, 11),
        (20, 0, 0),
        (25, 12, 0),
    ] {
        app.it_is(moment(2026, 3, day, hour, 30));
        hear_of_changes(&app.env).await.expect("changes are heard of");
        assert_eq!(sees_units(&deputy).await, sees, "on 2026-03-{day} at {hour}:30");
        assert_eq!(sees_units(&chief).await, 11, "who hands on keeps it");
    }
}

async fn what_ends_a_delegation_before_its_days(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let (chief, deputy) = (app.committee_of(&world["Kon Tum"]).await, app.stranger().await);
    let given = delegates(&app, &chief, &deputy, json!({})).await;
    // The service remembers who calls; what ends a delegation is known all the same.
    hear_of_changes(&app.env).await.expect("changes are heard of");
    assert_eq!((sees_units(&deputy).await, sees_units(&deputy).await), (11, 11));
    let locked = admin
        .does("lockAccount", json!({ "id": id(&chief), "version": 1 }))
        .await;
    assert_eq!(
        sees_units(&deputy).await,
        0,
        "who is locked has nothing done in their name"
    );
    let again = json!({ "id": id(&chief), "version": locked.thing()["version"] });
    admin.does("unlockAccount", again).await.thing();
    assert_eq!(sees_units(&deputy).await, 11);
    let revoked = json!({ "id": given.id(), "version": 1 });
    admin.does("revokeDelegation", revoked).await.thing();
    assert_eq!(sees_units(&deputy).await, 0, "revoked");
    let again = json!({ "id": given.id(), "version": 2 });
    assert_eq!(admin.does("revokeDelegation", again).await.code(), "WRONG_STATE");
    let other = app.committee_of(&world["Kon Tum"]).await;
    delegates(&app, &other, &deputy, json!({})).await.thing();
    assert_eq!(sees_units(&deputy).await, 11);
    let withdrawn = json!({ "id": grant_of(&other).await, "version": 1 });
    admin.does("withdrawRoleGrant", withdrawn).await.thing();
    assert_eq!(sees_units(&deputy).await, 0, "the grant has ended");
}

async fn what_ends_a_delegation_is_known_on_another_instance(app: TestApp) {
    let world = app.world();
    let (admin, chief) = (app.admin().await, app.committee_of(&world["Kon Tum"]).await);
    let hien = SignedIn::of(&app, "hien.tran").await;
    let input = json!({ "grantId": grant_of(&chief).await, "toUsername": "hien.tran", "validTo": "2026-04-01", "reason": "Nghỉ phép" });
    chief.does("delegateRole", input).await.thing();
    // It has not heard of anything but by asking who changed, and remembers who called.
    let other = app.another_instance().await;
    let held = async || {
        hear_of_changes(&other).await.expect("changes are heard of");
        let claims = other.tokens.verify(&hien.access, other.now()).expect("a token of ours");
        let caller = caller(&other, &claims).await.expect("a caller");
        caller.whoever().capacities().len()
    };
    assert_eq!(held().await, 1);
    app.it_is(moment(2026, 3, 10, 8, 1));
    let locked = admin
        .does("lockAccount", json!({ "id": id(&chief), "version": 1 }))
        .await;
    assert_eq!(held().await, 0, "who gave it is locked");
    app.it_is(moment(2026, 3, 10, 8, 2));
    let again = json!({ "id": id(&chief), "version": locked.thing()["version"] });
    admin.does("unlockAccount", again).await.thing();
    assert_eq!(held().await, 1, "and no longer");
    app.it_is(moment(2026, 3, 10, 8, 3));
    let seen = crate::accounts_seen::node(&admin, &id(&chief), "grants { id version }").await;
    admin
        .does("withdrawRoleGrant", seen.at("/node/grants/0").clone())
        .await
        .thing();
    assert_eq!(held().await, 0, "the grant has ended");
}

async fn neither_passes_what_either_of_them_wrote(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let (unit, above) = (&world["Sở Nội vụ"], Scope::Unit(world["Sóc Trăng"].uuid));
    // She writes for her unit and verifies for the province; he stands in for her.
    let chief = app
        .person(&[(Role::Specialist, above), (Role::UnitOfficer, Scope::Unit(unit.uuid))])
        .await;
    let deputy = app.stranger().await;
    let verify = async |report: &Draft, who: &Person, version: i32| {
        let seen = report.seen_by(who, "viewerCan { action code }").await;
        let can = seen.at("/node/viewerCan").as_array().expect("a list").iter();
        let told = can.clone().find(|step| step["action"] == "VERIFY").expect("a step")["code"].clone();
        let done = report.step(who, "verifyReport", version).await;
        let code = done.code().to_owned();
        assert_eq!(told.as_str().unwrap_or_default(), code, "{done}");
        code
    };
    let given = delegates(&app, &chief, &deputy, json!({})).await;
    let hers = reporting.draft(&chief, unit, COMPLETE).await;
    hers.step(&chief, "submitReport", 2).await.thing();
    assert_eq!(verify(&hers, &chief, 3).await, "FORBIDDEN", "her own work");
    assert_eq!(
        verify(&hers, &deputy, 3).await,
        "FORBIDDEN",
        "her own work, in her name"
    );
    // What he writes in his own right she does not pass either, as long as he stands in for her.
    let officer_too = app.officer_of(&world["Thư viện"]).await;
    delegates(&app, &chief, &officer_too, json!({})).await.thing();
    let his = reporting.draft(&officer_too, &world["Thư viện"], COMPLETE).await;
    his.step(&officer_too, "submitReport", 2).await.thing();
    assert_eq!(verify(&his, &officer_too, 3).await, "FORBIDDEN");
    assert_eq!(verify(&his, &chief, 3).await, "FORBIDDEN");
    // And what he writes on her behalf stays her work after the delegation has ended.
    let officer_grant = chief.graphql("{ viewer { grants { id role } } }", json!({})).await;
    let grants = officer_grant.at("/viewer/grants").as_array().expect("a list").iter();
    let officer_grant = grants
        .clone()
        .find(|grant| grant["role"] == "UNIT_OFFICER")
        .expect("a grant");
    let writer = app.stranger().await;
    let writing = delegates(&app, &chief, &writer, json!({ "grantId": officer_grant["id"] })).await;
    assert_eq!(
        hers.give_back(&reporting.specialist, 3, "Thiếu thuyết minh.")
            .await
            .thing()["version"],
        4
    );
    hers.save(&writer, 4, COMPLETE).await.thing();
    let ended = json!({ "id": writing.id(), "version": 1 });
    chief.does("revokeDelegation", ended).await.thing();
    let ended = json!({ "id": given.id(), "version": 1 });
    chief.does("revokeDelegation", ended).await.thing();
    hers.step(&chief, "submitReport", 5).await.thing();
    assert_eq!(verify(&hers, &chief, 6).await, "FORBIDDEN");
    assert_eq!(verify(&hers, &reporting.specialist, 6).await, "");
    let entries = app
        .audit_of(Kind::ReportSubmission.parse(&hers.id).expect("a report"))
        .await;
    let saved = entries
        .iter()
        .rfind(|entry| entry.action == "REPORT_SAVED")
        .expect("an entry");
    assert_eq!(
        (saved.account_id, saved.on_behalf_of),
        (Some(writer.account()), Some(chief.account()))
    );
}

async fn what_is_not_ones_own_is_not_handed_on(app: TestApp) {
    let world = app.world();
    let (chief, deputy, third) = (
        app.committee_of(&world["Kon Tum"]).await,
        app.stranger().await,
        app.stranger().await,
    );
    delegates(&app, &chief, &deputy, json!({})).await.thing();
    let of_chief = grant_of(&chief).await;
    let input = json!({
        "grantId": of_chief, "toUsername": name_of(&app, &third).await.username, "validTo": "2026-04-01", "reason": "Giúp",
    });
    assert_eq!(
        deputy.does("delegateRole", input.clone()).await.code(),
        "NOT_FOUND",
        "it goes no further"
    );
    assert_eq!(app.admin().await.does("delegateRole", input).await.code(), "NOT_FOUND");
    assert_eq!(
        *deputy
            .graphql("{ viewer { grants { id } } }", json!({}))
            .await
            .at("/viewer/grants"),
        json!([]),
        "it is no grant of the deputy"
    );
    let refused = delegates(&app, &app.admin().await, &third, json!({})).await;
    assert_eq!(refused.user_errors(), [("NOT_DELEGABLE", "grantId")]);
    let refused = delegates(&app, &admin_of(&app, "Kon Tum").await, &third, json!({})).await;
    assert_eq!(refused.user_errors(), [("NOT_DELEGABLE", "grantId")]);
}

async fn a_part_of_the_scope_is_handed_on_and_no_more(app: TestApp) {
    let world = app.world();
    let chief = app.specialist_of(&world["Kon Tum"]).await;
    let deputy = app.stranger().await;
    let part = json!({ "scopeId": world["Đăk Tô"].id() });
    delegates(&app, &chief, &deputy, part).await.thing();
    let query = "{ viewer { delegationsReceived { scope { kind id name } } } }";
    assert_eq!(
        *deputy
            .graphql(query, json!({}))
            .await
            .at("/viewer/delegationsReceived/0/scope"),
        json!({ "kind": "UNIT", "id": world["Đăk Tô"].id(), "name": "LĐLĐ huyện Đăk Tô" })
    );
    assert_eq!(sees_units(&deputy).await, 6);
    let rename = |unit: &str| json!({ "id": world[unit].id(), "version": 1, "name": "Tên khác", "from": "2026-03-01" });
    assert_eq!(deputy.does("renameUnit", rename("Ngọc Hồi")).await.code(), "NOT_FOUND");
    deputy.does("renameUnit", rename("Y tế Đăk Tô")).await.thing();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    for (scope, errors) in [
        (world["Tổng Liên đoàn"].id(), vec![]),
        (world["Thư viện"].id(), vec![]),
        // A cluster may reach beyond the unit.
        (cluster.id.clone(), vec![("NOT_INSIDE", "scopeId")]),
        (world.kon_tum.id(), vec![("NOT_INSIDE", "scopeId")]),
    ] {
        let refused = delegates(&app, &chief, &app.stranger().await, json!({ "scopeId": scope })).await;
        if errors.is_empty() {
            assert_eq!(refused.code(), "NOT_FOUND", "{scope}: {refused}");
        } else {
            assert_eq!(refused.user_errors(), errors, "{scope}");
        }
    }
    let keeper = app.catalogue_keeper().await;
    for (scope, sees) in [
        (world.kon_tum.id(), 11),
        (cluster.id.clone(), 1),
        (world["Kon Tum"].id(), 11),
    ] {
        let deputy = app.stranger().await;
        delegates(&app, &keeper, &deputy, json!({ "scopeId": scope }))
            .await
            .thing();
        assert_eq!(sees_units(&deputy).await, sees, "{scope}");
    }
    let officer = app.officer_of(&world["Đăk Tô"]).await;
    let below = json!({ "scopeId": world["Y tế Đăk Tô"].id() });
    let refused = delegates(&app, &officer, &deputy, below).await;
    assert_eq!(refused.user_errors(), [("NOT_DIVISIBLE", "scopeId")]);
}

async fn a_part_that_moves_away_is_lost(app: TestApp) {
    let world = app.world();
    let (chief, deputy) = (app.specialist_of(&world["Đăk Tô"]).await, app.stranger().await);
    let part = json!({ "scopeId": world["Xã Diên Bình"].id() });
    delegates(&app, &chief, &deputy, part).await.thing();
    assert_eq!(sees_units(&deputy).await, 1);
    let moved = json!({ "id": world["Xã Diên Bình"].id(), "version": 1, "parentId": world["Ngọc Hồi"].id(), "from": "2026-03-10" });
    app.specialist_of(&world["Kon Tum"])
        .await
        .does("moveUnit", moved)
        .await
        .thing();
    assert_eq!(sees_units(&chief).await, 5);
    assert_eq!(sees_units(&deputy).await, 0);
}

async fn an_officer_hands_the_offices_of_the_unit_on_too(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2025-01-01").await.thing();
    let (officer, deputy) = (app.officer_of(&world["Thư viện"]).await, app.stranger().await);
    assert_eq!(sees_units(&officer).await, 2);
    delegates(&app, &officer, &deputy, json!({})).await.thing();
    assert_eq!(sees_units(&deputy).await, 2);
    let me = deputy.get("/api/v1/auth/me").await;
    let held = me.body()["capacities"].as_array().expect("a list");
    let of = |held: &Value| {
        (
            held["capacity"].as_str().unwrap_or_default().to_owned(),
            held["onBehalfOf"].clone(),
        )
    };
    let officer_id = json!(id(&officer));
    assert_eq!(
        held.iter().map(of).collect::<Vec<_>>(),
        [
            ("UNIT_OFFICER".to_owned(), officer_id.clone()),
            ("CHAIR".to_owned(), officer_id)
        ]
    );
    cluster
        .lets_go("offices", &world["Thư viện"], "2026-03-10", "2026-03-10")
        .await
        .thing();
    assert_eq!(sees_units(&deputy).await, 1);
}

async fn bad_delegations_are_told_field_by_field(app: TestApp) {
    let world = app.world();
    let (chief, deputy) = (app.committee_of(&world["Kon Tum"]).await, app.stranger().await);
    let locked = app.stranger().await;
    let lock = json!({ "id": id(&locked), "version": 1 });
    app.admin().await.does("lockAccount", lock).await.thing();
    let before = app.contents().await;
    let (own, locked) = (
        name_of(&app, &chief).await.username,
        name_of(&app, &locked).await.username,
    );
    for (changes, error) in [
        (json!({ "toUsername": own }), ("OWN_ACCOUNT", "toUsername")),
        (
            json!({ "toUsername": "khong.co.ai" }),
            ("ACCOUNT_UNKNOWN", "toUsername"),
        ),
        (json!({ "toUsername": locked }), ("ACCOUNT_UNKNOWN", "toUsername")),
        (json!({ "validFrom": "2026-03-09" }), ("IN_THE_PAST", "validFrom")),
        (json!({ "validTo": "2027-03-11" }), ("TOO_LONG", "validTo")),
        (json!({ "reason": " " }), ("REQUIRED", "reason")),
    ] {
        let refused = delegates(&app, &chief, &deputy, changes.clone()).await;
        assert_eq!(refused.user_errors(), [error], "{changes}");
    }
    let backwards = delegates(&app, &chief, &deputy, json!({ "validTo": "2026-03-10" })).await;
    assert_eq!(backwards.user_errors().len(), 1, "{backwards}");
    assert_eq!(app.contents().await, before);
    delegates(&app, &chief, &deputy, json!({ "validTo": "2027-03-10" }))
        .await
        .thing();
    let twice = delegates(&app, &chief, &deputy, json!({})).await;
    assert_eq!(twice.code(), "ALREADY_EXISTS", "{twice}");
    let other = app.stranger().await;
    let first = json!({ "validTo": "2026-03-20" });
    delegates(&app, &chief, &other, first).await.thing();
    let after = json!({ "validFrom": "2026-03-20" });
    delegates(&app, &chief, &other, after).await.thing();
}

async fn who_takes_a_delegation_back(app: TestApp) {
    let world = app.world();
    let chief = app.committee_of(&world["Kon Tum"]).await;
    let (admin, small) = (admin_of(&app, "Kon Tum").await, admin_of(&app, "Đăk Tô").await);
    let (deputy, stranger) = (app.stranger().await, app.stranger().await);
    for who in [&chief, &deputy, &admin] {
        let given = delegates(&app, &chief, &deputy, json!({})).await;
        let of = json!({ "id": given.id(), "version": 1 });
        for (other, code) in [
            (&small, "NOT_FOUND"),
            (&stranger, "NOT_FOUND"),
            (&app.nobody(), "UNAUTHENTICATED"),
        ] {
            assert_eq!(other.does("revokeDelegation", of.clone()).await.code(), code);
        }
        let stale = json!({ "id": given.id(), "version": 3 });
        assert_eq!(who.does("revokeDelegation", stale).await.code(), "STALE_VERSION");
        let revoked = who.does("revokeDelegation", of).await;
        assert_eq!(revoked.thing()["inForce"], false);
        assert_eq!(sees_units(&deputy).await, 0);
        let entries = app.audit_of(Kind::Delegation.parse(given.id()).expect("an id")).await;
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (entry.action.as_str(), entry.account_id))
            .collect();
        assert_eq!(
            told,
            [
                ("ROLE_DELEGATED", Some(chief.account())),
                ("DELEGATION_REVOKED", Some(who.account()))
            ]
        );
    }
}

async fn a_delegation_is_told_to_both_and_explained_to_the_administrator(app: TestApp) {
    let world = app.world();
    let chief = app.committee_of(&world["Kon Tum"]).await;
    let deputy = app.officer_of(&world["Đăk Tô"]).await;
    delegates(&app, &chief, &deputy, json!({})).await.thing();
    let query =
        "{ viewer { delegationsGiven { from to role validTo reason inForce } delegationsReceived { from to role } } }";
    let (given, received) = (
        chief.graphql(query, json!({})).await,
        deputy.graphql(query, json!({})).await,
    );
    assert_eq!(*given.at("/viewer/delegationsReceived"), json!([]));
    assert_eq!(*received.at("/viewer/delegationsGiven"), json!([]));
    let (from, to) = (
        name_of(&app, &chief).await.display_name,
        name_of(&app, &deputy).await.display_name,
    );
    let told = json!({
        "from": from, "to": to, "role": "STANDING_COMMITTEE", "validTo": "2026-04-01", "reason": "Đi công tác, QĐ 12/QĐ-LĐLĐ",
        "inForce": true,
    });
    assert_eq!(*given.at("/viewer/delegationsGiven"), json!([told]));
    assert_eq!(received.str("/viewer/delegationsReceived/0/from"), from);
    let unit = world["Ngọc Hồi"].id();
    let reasons = why(&app.admin().await, &deputy, "AWARD_RECORD", Some(&unit)).await;
    assert_eq!(reasons.str("/whyMay/rule"), "PERMITTED");
    assert_eq!(
        reasons.texts("/whyMay/capacities", "onBehalfOf"),
        ["null", from.as_str()]
    );
    // Who manages the deputy, but not whoever delegated, is not told of roles elsewhere.
    let small = admin_of(&app, "Đăk Tô").await;
    let own = world["Đăk Tô"].id();
    assert_eq!(
        why(&small, &deputy, "REPORT_WRITE", Some(&own)).await.code(),
        "FORBIDDEN"
    );
    app.it_is(moment(2026, 3, 31, 12, 0) + Duration::days(1));
    let after = chief.graphql(query, json!({})).await;
    assert_eq!(*after.at("/viewer/delegationsGiven"), json!([]));
    assert_eq!(
        why(&small, &deputy, "REPORT_WRITE", Some(&own))
            .await
            .str("/whyMay/rule"),
        "PERMITTED"
    );
}

async fn nobody_acts_for_two_at_once(app: TestApp) {
    let world = app.world();
    let (an, binh) = (
        app.specialist_of(&world["Đăk Tô"]).await,
        app.specialist_of(&world["Ngọc Hồi"]).await,
    );
    let deputy = app.stranger().await;
    delegates(&app, &an, &deputy, json!({})).await.thing();
    delegates(&app, &binh, &deputy, json!({})).await.thing();
    // Moving needs the unit, which is of the one, and the unit above, which is of the other.
    let moved = json!({ "id": world["Xã Diên Bình"].id(), "version": 1, "parentId": world["Ngọc Hồi"].id(), "from": "2026-03-01" });
    assert_eq!(deputy.does("moveUnit", moved).await.code(), "FORBIDDEN");
}
