//! Who sees criteria sets and their drafts, and who writes them: on GraphQL, by id, and on REST alike.

use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::accounts_services::System;
use crate::clusters::Cluster;
use crate::criteria::{Table, asked, hue, publish, written};
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    a_draft_is_seen_by_who_writes_it_and_who_stands_above,
    the_table_of_a_cluster_is_seen_by_who_sees_the_cluster,
    who_holds_an_office_writes_for_the_cluster_and_not_for_its_members,
    other_systems_read_what_they_were_given,
    an_administrator_is_told_why,
}

/// What somebody sees of a set: nothing, or the states of its versions.
async fn seen(who: &Person, set: &str, versions: &[&str]) -> String {
    let node = asked(who, "CriteriaSet", set, "versions { state }").await;
    let listed = who
        .graphql("{ criteriaSets(first: 100) { nodes { id } } }", json!({}))
        .await;
    let is_listed = listed.texts("/criteriaSets/nodes", "id").contains(&set);
    let on_rest = who.get(&format!("/api/v1/criteria-sets/{set}")).await;
    if node.code() == "NOT_FOUND" {
        assert_eq!((is_listed, on_rest.status()), (false, 404));
        return "nothing".to_owned();
    }
    let states = node.texts("/node/versions", "state").join(" ");
    let rest = on_rest.body()["versions"].as_array().expect("versions").iter();
    let rest: Vec<&str> = rest.map(|one| one["state"].as_str().expect("a state")).collect();
    assert_eq!((is_listed, rest.join(" ")), (true, states.clone()));
    for version in versions {
        let by_id = asked(who, "CriteriaSetVersion", version, "state content { scale }").await;
        let on_rest = who.get(&format!("/api/v1/criteria-set-versions/{version}")).await;
        match by_id.code() {
            "" => {
                assert!(states.contains(by_id.str("/node/state")), "{states}: {by_id}");
                assert_eq!(on_rest.status(), 200);
            }
            code => {
                assert_eq!((code, on_rest.status()), ("NOT_FOUND", 404));
                assert!(!states.contains("DRAFT"), "{states}: {by_id}");
            }
        }
    }
    states
}

async fn a_draft_is_seen_by_who_writes_it_and_who_stands_above(app: TestApp) {
    let world = app.world();
    let table = Table::begin(&app, &world["Kon Tum"], "BD-2026").await;
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    let people = [
        ("specialist", Role::Specialist, unit("Kon Tum"), "DRAFT PUBLISHED"),
        (
            "specialist above",
            Role::Specialist,
            unit("Tổng Liên đoàn"),
            "DRAFT PUBLISHED",
        ),
        ("committee", Role::StandingCommittee, unit("Kon Tum"), "DRAFT PUBLISHED"),
        ("viewer of all", Role::Viewer, Scope::Everything, "DRAFT PUBLISHED"),
        ("specialist below", Role::Specialist, unit("Đăk Tô"), "PUBLISHED"),
        ("officer below", Role::UnitOfficer, unit("Y tế Đăk Tô"), "PUBLISHED"),
        ("elsewhere", Role::Specialist, unit("Sóc Trăng"), "nothing"),
    ];
    let published = table.in_force(&hue()).await;
    let other = Table::begin(&app, &world["Kon Tum"], "BD-2027").await;
    let draft = table.written(&hue(), None).await.id().to_owned();
    let only = other.written(&hue(), None).await.id().to_owned();
    for (name, role, scope, states) in people {
        let who = app.person(&[(role, scope)]).await;
        assert_eq!(seen(&who, &table.id, &[&published, &draft]).await, states, "{name}");
        let alone = if states.starts_with("DRAFT") {
            "DRAFT"
        } else {
            "nothing"
        };
        assert_eq!(
            seen(&who, &other.id, &[&only]).await,
            alone,
            "{name} of a set that is only a draft"
        );
    }
    assert_eq!(seen(&app.stranger().await, &table.id, &[]).await, "nothing");
}

/// A cluster of Kon Tum with a chair, and a set of its own that is a draft.
async fn own_set(app: &TestApp) -> (Cluster, Person, String, Value) {
    let world = app.world();
    let cluster = Cluster::of(app, "Kon Tum", "Cụm II", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", &world["Ngọc Hồi"], "2026-01-01").await.thing();
    let chair = app.officer_of(&world["Ngọc Hồi"]).await;
    let new = json!({ "owner": { "clusterId": cluster.id }, "code": "BD", "name": "Bảng điểm cụm" });
    let set = chair.does("createCriteriaSet", new).await.id().to_owned();
    let draft = written(&chair, &set, &hue(), None).await.thing().clone();
    (cluster, chair, set, draft)
}

async fn the_table_of_a_cluster_is_seen_by_who_sees_the_cluster(app: TestApp) {
    let world = app.world();
    let (cluster, chair, set, draft) = own_set(&app).await;
    let scope = Scope::Cluster(thidua::ids::Kind::Cluster.parse(&cluster.id).expect("an id"));
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    let people = [
        ("specialist of the organiser", Role::Specialist, unit("Kon Tum"), true),
        (
            "committee of the organiser",
            Role::StandingCommittee,
            unit("Kon Tum"),
            true,
        ),
        ("specialist of the cluster", Role::Specialist, scope, true),
        ("viewer of the cluster", Role::Viewer, scope, false),
        ("member", Role::UnitOfficer, unit("Đăk Tô"), false),
    ];
    let id = draft["id"].as_str().expect("an id");
    for (name, role, scope, draft) in people {
        let who = app.person(&[(role, scope)]).await;
        assert_eq!(
            seen(&who, &set, &[id]).await,
            if draft { "DRAFT" } else { "nothing" },
            "{name}"
        );
    }
    publish(&chair, &draft).await.thing();
    for (name, role, scope, _) in people {
        let who = app.person(&[(role, scope)]).await;
        assert_eq!(seen(&who, &set, &[id]).await, "PUBLISHED", "{name}");
    }
    let outside = app.officer_of(&world["Đăk Glei"]).await;
    assert_eq!(seen(&outside, &set, &[id]).await, "nothing", "no member");
}

async fn who_holds_an_office_writes_for_the_cluster_and_not_for_its_members(app: TestApp) {
    let world = app.world();
    let (_, chair, set, draft) = own_set(&app).await;
    let own = Table::begin(&app, &world["Đăk Tô"], "BD-DT").await;
    own.in_force(&hue()).await;
    let can = "viewerCan { action allowed }";
    for (who, set, allowed) in [
        (&chair, &set, true),
        (&chair, &own.id, false),
        (&own.keeper, &own.id, true),
    ] {
        let told = asked(who, "CriteriaSet", set, can).await;
        assert_eq!(
            *told.at("/node/viewerCan"),
            json!([{ "action": "CRITERIA_MANAGE", "allowed": allowed }])
        );
    }
    assert_eq!(
        written(&chair, &own.id, &hue(), None).await.code(),
        "FORBIDDEN",
        "a member's own set"
    );
    let new = json!({ "owner": { "unitId": world["Đăk Tô"].id() }, "code": "X", "name": "Bảng điểm" });
    assert_eq!(chair.does("createCriteriaSet", new).await.code(), "FORBIDDEN");
    let member = app.officer_of(&world["Đăk Tô"]).await;
    let step = json!({ "id": draft["id"], "version": draft["version"] });
    assert_eq!(
        member.does("publishCriteriaSet", step).await.code(),
        "NOT_FOUND",
        "a draft that it does not see"
    );
    publish(&chair, &draft).await.thing();
    assert_eq!(written(&member, &set, &hue(), None).await.code(), "FORBIDDEN");
    app.it_is(crate::support::moment(2026, 3, 11, 8, 0));
    let committee = app.committee_of(&world["Kon Tum"]).await;
    assert_eq!(written(&committee, &set, &hue(), None).await.code(), "FORBIDDEN");
}

async fn other_systems_read_what_they_were_given(app: TestApp) {
    let world = app.world();
    let table = Table::begin(&app, &world["Kon Tum"], "BD-2026").await;
    table.in_force(&hue()).await;
    for (scopes, status) in [("criteria:read", 200), ("forms:read", 403)] {
        let mut terms = crate::accounts_services::terms("Kho dữ liệu", &world["Kon Tum"], scopes);
        terms["name"] = scopes.into();
        let system = System::on(&app, terms).await;
        let caller = app.bearer_of(&system.token(scopes).await);
        let read = caller.get("/api/v1/criteria-sets").await;
        assert_eq!(read.status(), status, "{read}");
        let wrote = written(&caller, &table.id, &hue(), None).await;
        assert_eq!(wrote.code(), "FORBIDDEN", "{wrote}");
    }
}

async fn an_administrator_is_told_why(app: TestApp) {
    let world = app.world();
    let table = Table::begin(&app, &world["Kon Tum"], "BD-2026").await;
    let admin = app.admin().await;
    let query = "query($account: ID!, $thing: ID) { whyMay(accountId: $account, action: \"CRITERIA_MANAGE\", subjectId: $thing) { rule } }";
    for (who, rule) in [
        (app.specialist_of(&world["Kon Tum"]).await, "PERMITTED"),
        (app.committee_of(&world["Kon Tum"]).await, "NO_CAPACITY"),
        (app.officer_of(&world["Đăk Tô"]).await, "NOT_SEEN"),
    ] {
        let account = thidua::ids::Kind::Account.id(who.account());
        let told = admin
            .graphql(query, json!({ "account": account, "thing": table.id }))
            .await;
        assert_eq!(told.str("/whyMay/rule"), rule);
    }
}
