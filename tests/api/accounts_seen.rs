//! Accounts in lists: who sees which, what is told of roles elsewhere, and who reads which part of the audit.

use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::account;
use thidua_entity::enums::Role;

use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    who_makes_accounts_and_who_does_not,
    who_sees_which_accounts,
    roles_elsewhere_are_not_told,
    who_reads_which_audit,
    the_viewer_tells_what_one_is,
    accounts_are_searched_and_filtered,
    accounts_take_few_statements,
}

const PASSWORD: &str = "một mật khẩu đủ dài";

/// An account to be made.
pub fn new(username: &str) -> Value {
    json!({ "username": username, "displayName": format!("Người {username}"), "password": PASSWORD })
}

pub fn id(person: &Person) -> String {
    Kind::Account.id(person.account())
}

pub async fn admin_of(app: &TestApp, unit: &str) -> Person {
    app.person(&[(Role::Admin, Scope::Unit(app.world()[unit].uuid))]).await
}

pub async fn node(person: &Person, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Account {{ {fields} }} }} }}");
    person.graphql(&query, json!({ "id": id })).await
}

/// Ids of the accounts in a list, which must be as long as its count.
async fn listed(person: &Person, arguments: &str) -> Vec<String> {
    let query = format!("{{ accounts({arguments}) {{ nodes {{ id }} totalCount }} }}");
    let answer = person.graphql(&query, json!({})).await;
    let ids: Vec<String> = answer
        .texts("/accounts/nodes", "id")
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        *answer.at("/accounts/totalCount"),
        json!(ids.len()),
        "a count is that of its list"
    );
    ids
}

pub async fn sees_units(person: &Person) -> u64 {
    let answer = person.graphql("{ units { totalCount } }", json!({})).await;
    answer.at("/units/totalCount").as_u64().expect("a number")
}

async fn who_makes_accounts_and_who_does_not(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2025-01-01").await.thing();
    for (who, code) in [
        (app.specialist_of(&world["Tổng Liên đoàn"]).await, "FORBIDDEN"),
        (app.committee_of(&world["Kon Tum"]).await, "FORBIDDEN"),
        (app.officer_of(&world["Đăk Tô"]).await, "FORBIDDEN"),
        (app.viewer_of(Scope::Everything).await, "FORBIDDEN"),
        (app.stranger().await, "FORBIDDEN"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        assert_eq!(who.does("createAccount", new("moi.tao")).await.code(), code);
        assert_eq!(
            who.graphql("{ accounts { totalCount } }", json!({})).await.code(),
            code,
            "nor sees others"
        );
        let password = who
            .does(
                "createAccount",
                json!({ "username": "", "displayName": "", "password": "" }),
            )
            .await;
        assert_eq!(password.code(), code, "what is wrong is told to who may");
    }
    for (number, who) in [app.admin().await, admin_of(&app, "Đăk Tô").await].iter().enumerate() {
        who.does("createAccount", new(&format!("moi.tao.{number}")))
            .await
            .thing();
    }
}

async fn who_sees_which_accounts(app: TestApp) {
    let world = app.world();
    let inside = app.officer_of(&world["Đăk Tô"]).await;
    let below = app.officer_of(&world["Y tế Đăk Tô"]).await;
    let outside = app.officer_of(&world["Thư viện"]).await;
    let above = app.committee_of(&world["Tổng Liên đoàn"]).await;
    let unused = app.stranger().await;
    let everyone = app.admin().await;
    let small = admin_of(&app, "Kon Tum").await;
    let province = app.person(&[(Role::Admin, Scope::Province(world.kon_tum.uuid))]).await;
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    let cluster = Scope::Cluster(Kind::Cluster.parse(&cluster.id).expect("an id"));
    let guest = app.viewer_of(cluster).await;
    let everything = [&inside, &below, &outside, &above, &unused, &guest];
    for (who, sees) in [
        (&everyone, everything.to_vec()),
        (&small, vec![&inside, &below, &guest]),
        (&province, vec![&inside, &below, &guest]),
        (&admin_of(&app, "Đăk Tô").await, vec![&inside, &below]),
        (&admin_of(&app, "Sóc Trăng").await, vec![&outside]),
    ] {
        let list = listed(who, "first: 100").await;
        assert!(list.contains(&id(who)), "one's own account is always seen");
        for other in everything {
            let seen = sees.iter().any(|one| one.account() == other.account());
            assert_eq!(list.contains(&id(other)), seen);
            assert_eq!(
                node(who, &id(other), "username").await.code(),
                if seen { "" } else { "NOT_FOUND" }
            );
        }
    }
    for who in everything {
        assert_eq!(
            node(who, &id(who), "username").await.code(),
            "",
            "everybody sees their own"
        );
        assert_eq!(node(who, &id(&everyone), "username").await.code(), "NOT_FOUND");
    }
    assert_eq!(
        node(&app.nobody(), &id(&inside), "username").await.code(),
        "UNAUTHENTICATED"
    );
    // Who made an account sees it until somebody gives it a role elsewhere.
    let made = small.does("createAccount", new("vua.tao")).await.id().to_owned();
    assert_eq!(node(&small, &made, "username").await.code(), "");
    assert_eq!(node(&province, &made, "username").await.code(), "NOT_FOUND");
    let elsewhere =
        json!({ "accountId": made, "role": "VIEWER", "scopeKind": "UNIT", "scopeId": world["Thư viện"].id() });
    everyone.does("grantRole", elsewhere).await.thing();
    assert_eq!(node(&small, &made, "username").await.code(), "NOT_FOUND");
}

async fn roles_elsewhere_are_not_told(app: TestApp) {
    let world = app.world();
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    let both = app
        .person(&[(Role::UnitOfficer, unit("Đăk Tô")), (Role::Viewer, unit("Thư viện"))])
        .await;
    let small = admin_of(&app, "Kon Tum").await;
    let fields = "grants { role scope { kind name } inForce grantedBy } viewerCan { allowed code }";
    let officer = json!({ "role": "UNIT_OFFICER", "scope": { "kind": "UNIT", "name": world["Đăk Tô"].name }, "inForce": true, "grantedBy": null });
    let refused = json!([{ "allowed": false, "code": "FORBIDDEN" }]);
    assert_eq!(
        *node(&small, &id(&both), fields).await.at("/node"),
        json!({ "grants": [officer], "viewerCan": refused })
    );
    assert_eq!(
        node(&both, &id(&both), fields)
            .await
            .at("/node/grants")
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    assert_eq!(
        node(&app.admin().await, &id(&both), fields)
            .await
            .at("/node/grants")
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    for (filter, found) in [
        ("role: UNIT_OFFICER".to_owned(), true),
        ("role: VIEWER".to_owned(), false),
        (format!("scopeId: \"{}\"", world["Đăk Tô"].id()), true),
        (format!("scopeId: \"{}\"", world["Thư viện"].id()), false),
    ] {
        assert_eq!(
            listed(&small, &format!("where: {{ {filter} }}"))
                .await
                .contains(&id(&both)),
            found,
            "{filter}"
        );
    }
}

async fn who_reads_which_audit(app: TestApp) {
    let world = app.world();
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    let inside = app.specialist_of(&world["Đăk Tô"]).await;
    let wide = app
        .person(&[
            (Role::Specialist, unit("Đăk Tô")),
            (Role::Specialist, unit("Viên chức")),
        ])
        .await;
    let above = app
        .person(&[(Role::Specialist, unit("Đăk Tô")), (Role::Viewer, Scope::Everything)])
        .await;
    let found = async |who: &Person, name: &str, above: &str| {
        let input = json!({ "kind": "GRASSROOTS", "name": name, "parentId": world[above].id() });
        who.does("createUnit", input).await.id().to_owned()
    };
    let first = found(&inside, "CĐCS Một", "Đăk Tô").await;
    found(&wide, "CĐCS Hai", "Đăk Tô").await;
    found(&wide, "CĐCS Ba", "Viên chức").await;
    found(&above, "CĐCS Bốn", "Đăk Tô").await;
    let (small, everyone) = (admin_of(&app, "Kon Tum").await, app.admin().await);
    small.does("createAccount", new("cua.toi")).await.thing();
    let actions = async |who: &Person, filter: &str| {
        let query = format!(
            "{{ auditEntries(first: 100, where: {{ {filter} }}) {{ nodes {{ action by {{ accountId }} }} totalCount }} }}"
        );
        let answer = who.graphql(&query, json!({})).await;
        let actions = answer.texts("/auditEntries/nodes", "action").join(" ");
        assert_eq!(
            *answer.at("/auditEntries/totalCount"),
            json!(actions.split_whitespace().count())
        );
        actions
    };
    assert_eq!(
        actions(&small, "").await,
        "ACCOUNT_CREATED UNIT_CREATED",
        "its own, and that of who acts only within its reach"
    );
    assert_eq!(actions(&admin_of(&app, "Sóc Trăng").await, "").await, "");
    let all = actions(
        &everyone,
        "actions: [\"UNIT_CREATED\"], since: \"2026-03-10T01:00:00Z\"",
    )
    .await;
    assert_eq!(all.split_whitespace().count(), world.size() + 4);
    assert_eq!(actions(&small, &format!("accountId: \"{}\"", id(&wide))).await, "");
    assert_eq!(actions(&small, &format!("accountId: \"{}\"", id(&above))).await, "");
    assert_eq!(
        actions(&small, &format!("subjectId: \"{first}\"")).await,
        "UNIT_CREATED"
    );
    assert_eq!(actions(&small, "since: \"2030-01-01T00:00:00Z\"").await, "");
    assert_eq!(actions(&small, "before: \"2026-03-10T00:00:00Z\"").await, "");
    for (who, code) in [
        (app.committee_of(&world["Kon Tum"]).await, "FORBIDDEN"),
        (inside, "FORBIDDEN"),
        (app.officer_of(&world["Đăk Tô"]).await, "FORBIDDEN"),
        (app.viewer_of(Scope::Everything).await, "FORBIDDEN"),
        (app.stranger().await, "FORBIDDEN"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        let answer = who.graphql("{ auditEntries { totalCount } }", json!({})).await;
        assert_eq!(answer.code(), code);
        assert!(answer.statements() <= 2, "nothing is read for it");
    }
}

async fn the_viewer_tells_what_one_is(app: TestApp) {
    let world = app.world();
    let officer = app.officer_of(&world["Đăk Tô"]).await;
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    cluster.gives("DEPUTY", &world["Đăk Tô"], "2025-01-01").await.thing();
    let query = "{ viewer { account { id displayName } grants { role scope { kind id name } } offices { office cluster { name } } can } }";
    let seen = officer.graphql(query, json!({})).await;
    let can = [
        "UNIT_STATISTICS_RECORD",
        "CRITERIA_MANAGE",
        "REPORT_WRITE",
        "REPORT_SUBMIT",
        "REPORT_CORRECT",
        "REPORT_COMMENT",
        "YEAR_ADVANCE",
        "PACT_MANAGE",
        "PACT_SIGN",
        "PLEDGE_WRITE",
        "CROSS_CHECK_MANAGE",
        "CROSS_CHECK_WRITE",
        "CROSS_CHECK_REPLY",
        "SCORE_SELF",
        "SCORE_APPRAISE",
        "SCORE_RETURN",
        "OBJECTION_RAISE",
        "OBJECTION_ANSWER",
        "LENIENCY_READ",
        "HANDOVER_READ",
        "RESULT_COMPUTE",
        "CONFERENCE_MANAGE",
        "VOTE_CAST",
        "OUTCOME_CONFIRM",
        "SUMMARY_READ",
        "SUMMARY_READ_UNAPPROVED",
        "SUMMARY_READ_DRAFTS",
        "AWARD_PROPOSE",
        "AWARD_ENDORSE",
    ];
    assert_eq!(seen.at("/viewer/can"), &json!(can));
    assert_eq!(
        *seen.at("/viewer/offices"),
        json!([{ "office": "DEPUTY", "cluster": { "name": "Cụm 1" } }])
    );
    let scope = json!({ "kind": "UNIT", "id": world["Đăk Tô"].id(), "name": world["Đăk Tô"].name });
    assert_eq!(
        *seen.at("/viewer/grants"),
        json!([{ "role": "UNIT_OFFICER", "scope": scope }])
    );
    assert_eq!(
        seen.statements(),
        6,
        "the caller and its offices, account, grants, names of scopes, clusters"
    );
    let me = officer.get("/api/v1/auth/me").await;
    assert_eq!(
        (&me.body()["id"], &me.body()["can"]),
        (&json!(id(&officer)), &json!(can))
    );
    assert_eq!(
        me.body()["capacities"],
        json!([
            { "capacity": "UNIT_OFFICER", "scopeKind": "UNIT", "scopeId": world["Đăk Tô"].id(), "onBehalfOf": null },
            { "capacity": "DEPUTY", "scopeKind": "CLUSTER", "scopeId": cluster.id, "onBehalfOf": null },
        ])
    );
    assert_eq!(me.header("cache-control"), "no-store");
    assert_eq!(
        app.stranger().await.graphql(query, json!({})).await.at("/viewer/can"),
        &json!([])
    );
    assert_eq!(app.nobody().graphql(query, json!({})).await.code(), "UNAUTHENTICATED");
}

async fn accounts_are_searched_and_filtered(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let mut made = Vec::new();
    for (username, name) in [
        ("y.lan", "Y Lan Đăk Tô"),
        ("hien", "Trần Thị Hiền"),
        ("hien.2", "Lê Văn Hiến"),
    ] {
        let input = json!({ "username": username, "displayName": name, "password": PASSWORD });
        made.push(admin.does("createAccount", input).await.id().to_owned());
    }
    admin
        .does("lockAccount", json!({ "id": made[1], "version": 1 }))
        .await
        .thing();
    let role =
        json!({ "accountId": made[0], "role": "UNIT_OFFICER", "scopeKind": "UNIT", "scopeId": world["Đăk Tô"].id() });
    admin.does("grantRole", role).await.thing();
    for (filter, expected) in [
        ("search: \"HIEN\"", vec![1, 2]),
        ("search: \"hiền trần\"", vec![1]),
        ("search: \"dak to y lan\"", vec![0]),
        ("search: \"%\", locked: true", vec![1]),
        ("locked: true", vec![1]),
        ("locked: false, search: \"hien\"", vec![2]),
        ("role: UNIT_OFFICER", vec![0]),
        ("role: SERVICE", vec![]),
        (&format!("scopeId: \"{}\"", world["Đăk Tô"].id()), vec![0]),
    ] {
        let expected: Vec<&String> = expected.into_iter().map(|index: usize| &made[index]).collect();
        assert_eq!(
            listed(&admin, &format!("where: {{ {filter} }}"))
                .await
                .iter()
                .collect::<Vec<_>>(),
            expected,
            "{filter}"
        );
    }
    let newest = listed(
        &admin,
        "where: { search: \"hien\" }, orderBy: { field: CREATED, direction: DESC }",
    )
    .await;
    assert_eq!(newest, [made[2].clone(), made[1].clone()]);
}

async fn accounts_take_few_statements(app: TestApp) {
    let world = app.world();
    let small = admin_of(&app, "Kon Tum").await;
    let query = "{ accounts(first: 50) { nodes { username grants { role grantedBy scope { name } } viewerCan { allowed } } totalCount } }";
    let audit = "{ auditEntries(first: 50) { nodes { action by { username } subjectId } } }";
    let units = ["Đăk Tô", "Ngọc Hồi", "Đăk Glei", "IaH’Drai", "Tu Mơ Rông"];
    app.officer_of(&world["Đăk Tô"]).await;
    let few = small.graphql(query, json!({})).await.statements();
    for unit in units {
        let person = app.specialist_of(&world[unit]).await;
        let input = json!({ "kind": "GRASSROOTS", "name": "CĐCS Mới", "parentId": world[unit].id() });
        person.does("createUnit", input).await.thing();
    }
    let more = small.graphql(query, json!({})).await;
    assert_eq!(more.statements(), few, "statements do not grow with accounts: {more}");
    assert_eq!(more.statements(), 9);
    assert_eq!(
        small.graphql(audit, json!({})).await.statements(),
        3,
        "the caller, the page, who did it"
    );
    let accounts = account::Entity::find().all(&app.env.db).await.expect("the accounts");
    assert!(
        accounts
            .iter()
            .all(|account| account.password_hash.starts_with("$argon2id$")),
        "no password is stored"
    );
}
