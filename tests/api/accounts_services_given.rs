//! What a service account sees and does: what its scopes name, at its place, and nothing else.

use actix_web::http::Method;
use serde_json::{Value, json};
use thidua::policy::{self, ServiceScope};

use crate::accounts_seen::admin_of;
use crate::accounts_services::System;
use crate::awards::Registry;
use crate::clusters::Cluster;
use crate::reports::Reporting;
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    each_scope_shows_its_resource_and_no_other,
    what_lies_beside_a_thing_takes_a_scope_of_its_own,
    a_filter_tells_no_more_than_the_scopes,
    who_reads_reports_reads_all_that_they_say,
    a_system_fills_reports_in_and_people_pass_them,
    what_lies_outside_the_place_is_not_there,
    units_and_clusters_are_written_with_their_scopes,
    why_it_may_or_may_not_is_explained,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

/// One thing of each kind in Sóc Trăng.
struct Things {
    reporting: Reporting,
    report: String,
    cluster: String,
    award: String,
    decision: String,
}

impl Things {
    async fn of(app: &TestApp) -> Self {
        let world = app.world();
        let reporting = Reporting::begin(app).await;
        let report = reporting.approved(app, &world["Thư viện"], COMPLETE).await.id;
        let cluster = Cluster::of(app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"])
            .await
            .id;
        let registry = Registry::of(app, "Viên chức").await;
        let decision = registry
            .records("1/QĐ", 2025, vec![registry.flag_for(&world["Thư viện"])])
            .await;
        let award = registry
            .committee
            .graphql("{ awards { nodes { id } } }", json!({}))
            .await;
        Self {
            award: award.str("/awards/nodes/0/id").to_owned(),
            reporting,
            report,
            cluster,
            decision,
        }
    }
}

async fn each_scope_shows_its_resource_and_no_other(app: TestApp) {
    let (world, things) = (app.world(), Things::of(&app).await);
    let unit = world["Thư viện"].id();
    let span = format!(
        "formId={}&periodId={}&unitId={}",
        things.reporting.form,
        things.reporting.period,
        world["Viên chức"].id()
    );
    let summary = format!(
        "{{ summary(scope: {{ unitId: \"{}\" }}, formId: \"{}\", periodId: \"{}\") {{ approved totals {{ indicator {{ code }} value }} form {{ code }} period {{ code }} }} }}",
        world["Viên chức"].id(),
        things.reporting.form,
        things.reporting.period
    );
    let graphql = |text: &str| (Method::POST, text.to_owned());
    let node = |id: &str| (Method::POST, format!("{{ node(id: \"{id}\") {{ id }} }}"));
    let get = |path: String| (Method::GET, path);
    // What is asked, and the scopes with any of which it is answered.
    let forms = ["forms:read", "reports:read", "reports:write"].as_slice();
    let reports = ["reports:read", "reports:write"].as_slice();
    let (units, clusters) = (
        ["units:read", "units:write"].as_slice(),
        ["clusters:read", "clusters:write"].as_slice(),
    );
    let awards = ["awards:read"].as_slice();
    let questions = [
        (graphql("{ units { totalCount } }"), units),
        (
            graphql("{ units(where: { search: \"thu vien\" }) { nodes { name } } }"),
            units,
        ),
        (get("/api/v1/units".to_owned()), units),
        (get(format!("/api/v1/units/{unit}")), units),
        (node(&unit), units),
        (graphql("{ clusters { totalCount } }"), clusters),
        (get("/api/v1/clusters".to_owned()), clusters),
        (get(format!("/api/v1/clusters/{}", things.cluster)), clusters),
        (node(&things.cluster), clusters),
        (graphql("{ periods { totalCount } }"), forms),
        (graphql("{ reportForms { nodes { code versions { number } } } }"), forms),
        (node(&things.reporting.form), forms),
        (node(&things.reporting.period), forms),
        (graphql("{ reports { totalCount } }"), reports),
        (get("/api/v1/reports".to_owned()), reports),
        (get(format!("/api/v1/reports/{}", things.report)), reports),
        (node(&things.report), reports),
        (graphql(&summary), reports),
        (get(format!("/api/v1/summary?{span}")), reports),
        (get(format!("/api/v1/summary/reports?{span}")), reports),
        (graphql("{ awards { totalCount } }"), awards),
        (graphql("{ awardDecisions { totalCount } }"), awards),
        (graphql("{ awardCounts { count } }"), awards),
        (get("/api/v1/awards".to_owned()), awards),
        (get(format!("/api/v1/awards/{}", things.award)), awards),
        (node(&things.award), awards),
        (node(&things.decision), awards),
        (graphql("{ auditEntries { totalCount } }"), &["audit:read"]),
    ];
    let all: Vec<&str> = ServiceScope::ALL.iter().map(|scope| scope.code()).collect();
    let system = System::of(&app, &world["Sóc Trăng"], &all.join(" ")).await;
    for scope in all {
        let service = app.bearer_of(&system.token(scope).await);
        for ((method, text), opened_by) in &questions {
            let answer = match *method {
                Method::GET => service.get(text).await,
                _ => service.graphql(text, json!({})).await,
            };
            let expected = if opened_by.contains(&scope) {
                ""
            } else {
                "INSUFFICIENT_SCOPE"
            };
            assert_eq!(answer.code(), expected, "{text} with {scope}: {answer}");
            if *method == Method::GET {
                assert_eq!(answer.status(), if expected.is_empty() { 200 } else { 403 });
            }
        }
        // The catalogues are for everybody who calls with a token.
        let common =
            "{ provinces { totalCount } indicators { totalCount } awardTypes { totalCount } serviceScopes { code } }";
        assert_eq!(service.graphql(common, json!({})).await.code(), "");
        assert_eq!(service.get("/api/v1/award-types").await.status(), 200);
    }
    // Refused at the door, a question costs nothing.
    hear(&app).await;
    let service = app.bearer_of(&system.token("units:read").await);
    service.get("/api/v1/units").await;
    assert_eq!(service.get("/api/v1/reports").await.statements(), 0);
    assert_eq!(
        service
            .graphql("{ reports { totalCount } }", json!({}))
            .await
            .statements(),
        0
    );
}

async fn hear(app: &TestApp) {
    thidua::accounts::usecases::hear_of_changes(&app.env)
        .await
        .expect("changes are heard of");
}

/// The codes of all errors and the paths at which they stand.
fn errors(answer: &crate::support::Answer) -> Vec<(String, Value)> {
    let each = answer.errors().iter();
    each.map(|error| {
        (
            error["extensions"]["code"].as_str().unwrap_or("?").to_owned(),
            error["path"].clone(),
        )
    })
    .collect()
}

async fn what_lies_beside_a_thing_takes_a_scope_of_its_own(app: TestApp) {
    let (world, things) = (app.world(), Things::of(&app).await);
    let system = System::of(
        &app,
        &world["Sóc Trăng"],
        "units:read clusters:read reports:read awards:read",
    )
    .await;
    let missing = |path: Value| vec![("INSUFFICIENT_SCOPE".to_owned(), path)];
    let asks = async |scope: &str, text: String| {
        app.bearer_of(&system.token(scope).await)
            .graphql(&text, json!({}))
            .await
    };
    let report = asks("reports:read", format!("{{ node(id: \"{}\") {{ ... on ReportSubmission {{ unitName unit {{ name }} form {{ code owner {{ name }} }} viewerCan {{ allowed }} }} }} }}", things.report)).await;
    assert_eq!(
        (
            report.peek("/node/unitName"),
            report.peek("/node/unit"),
            report.peek("/node/form/code"),
            report.peek("/node/form/owner")
        ),
        (
            &json!("CĐCS Thư viện tỉnh"),
            &Value::Null,
            &json!("TK-01"),
            &Value::Null
        )
    );
    let mut told = errors(&report);
    told.sort_by_key(|(_, path)| path.to_string());
    assert_eq!(
        told,
        [
            missing(json!(["node", "form", "owner"])),
            missing(json!(["node", "unit"]))
        ]
        .concat()
    );
    assert_eq!(report.peek("/node/viewerCan/0/allowed"), false);
    // A unit that belongs to clusters and one that belongs to none have the same answer.
    for unit in ["Thư viện", "Sở Tài chính"] {
        let unit = asks(
            "units:read",
            format!(
                "{{ node(id: \"{}\") {{ ... on Unit {{ name clusters {{ name }} }} }} }}",
                world[unit].id()
            ),
        )
        .await;
        assert_eq!(unit.code(), "INSUFFICIENT_SCOPE");
    }
    let cluster = asks("clusters:read", format!("{{ node(id: \"{}\") {{ ... on Cluster {{ organiserName organiser {{ name }} members {{ unitName unit {{ name }} }} }} }} }}", things.cluster)).await;
    assert_eq!(cluster.peek("/node/members/0/unitName"), "CĐCS Sở Nội vụ");
    assert_eq!(errors(&cluster).len(), 3, "{cluster}");
    let award = asks(
        "awards:read",
        "{ awards { nodes { unitName type { code } decision { number } unit { id } } } }".to_owned(),
    )
    .await;
    assert_eq!(errors(&award), missing(json!(["awards", "nodes", 0, "unit"])));
    assert_eq!(award.peek("/awards/nodes/0/decision/number"), "1/QĐ");
    // On REST ids stand beside, and nothing of what they name.
    let rest = app
        .bearer_of(&system.token("awards:read").await)
        .get("/api/v1/awards")
        .await;
    assert_eq!(rest.body()["items"][0]["unitId"], world["Thư viện"].id());
}

async fn a_filter_tells_no_more_than_the_scopes(app: TestApp) {
    let (world, things) = (app.world(), Things::of(&app).await);
    let system = System::of(&app, &world["Sóc Trăng"], "units:read clusters:read reports:read").await;
    let (unit, period, cluster) = (world["Thư viện"].id(), &things.reporting.period, &things.cluster);
    let reports = app.bearer_of(&system.token("reports:read").await);
    let found = async |who: &Person, path: String| {
        let answer = who.get(&path).await;
        let items = answer.body()["items"].as_array().map(Vec::len);
        (answer.status(), items.unwrap_or_default())
    };
    for filter in [
        format!("unitId={unit}"),
        format!("underId={}", world["Viên chức"].id()),
        format!("periodId={period}"),
        format!("formId={}", things.reporting.form),
    ] {
        assert_eq!(
            found(&reports, format!("/api/v1/reports?{filter}")).await,
            (200, 1),
            "{filter}"
        );
    }
    assert_eq!(
        found(&reports, format!("/api/v1/reports?unitId={}", world["Đăk Tô"].id())).await,
        (200, 0),
        "another place"
    );
    assert_eq!(
        found(&reports, format!("/api/v1/reports?clusterId={cluster}")).await,
        (403, 0)
    );
    let span = format!("formId={}&periodId={period}&clusterId={cluster}", things.reporting.form);
    assert_eq!(
        reports.get(&format!("/api/v1/summary?{span}")).await.code(),
        "INSUFFICIENT_SCOPE"
    );
    let units = app.bearer_of(&system.token("units:read").await);
    assert_eq!(
        found(&units, format!("/api/v1/units?clusterId={cluster}")).await,
        (403, 0)
    );
    let both = app.bearer_of(&system.token("units:read clusters:read reports:read").await);
    assert_eq!(
        found(&both, format!("/api/v1/units?clusterId={cluster}")).await,
        (200, 2)
    );
    assert_eq!(
        found(&both, format!("/api/v1/reports?clusterId={cluster}")).await,
        (200, 1)
    );
    assert_eq!(both.get(&format!("/api/v1/summary?{span}")).await.status(), 200);
}

async fn who_reads_reports_reads_all_that_they_say(app: TestApp) {
    let (world, things) = (app.world(), Things::of(&app).await);
    let service = System::of(&app, &world["Sóc Trăng"], "reports:read")
        .await
        .calls()
        .await;
    let person = app.viewer_of(policy::Scope::Unit(world["Sóc Trăng"].uuid)).await;
    let text = format!(
        "{{ node(id: \"{}\") {{ ... on ReportSubmission {{ status figures {{ indicator {{ code }} value text }} missing {{ code }} steps {{ action by }}
           form {{ code published {{ sections {{ items {{ indicator {{ code }} }} }} }} }} period {{ code }} formVersion {{ number }} }} }} }}",
        things.report
    );
    let (by_service, by_person) = (
        service.graphql(&text, json!({})).await,
        person.graphql(&text, json!({})).await,
    );
    assert_eq!(by_service.at("/node"), by_person.at("/node"));
    let path = format!("/api/v1/reports/{}", things.report);
    assert_eq!(service.get(&path).await.body(), person.get(&path).await.body());
    let drafts = format!(
        "/api/v1/summary?formId={}&periodId={}&unitId={}&basis=ALL",
        things.reporting.form,
        things.reporting.period,
        world["Viên chức"].id()
    );
    assert_eq!(
        service.get(&drafts).await.code(),
        "FORBIDDEN",
        "totals with drafts are the unit's own"
    );
}

async fn a_system_fills_reports_in_and_people_pass_them(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let system = System::of(&app, &world["Viên chức"], "reports:write").await;
    let service = system.calls().await;
    let new = json!({ "unitId": world["Thư viện"].id(), "formId": reporting.form, "periodId": reporting.period, "idempotencyKey": "k-1" });
    let report = service.does("createReport", new.clone()).await.id().to_owned();
    assert_eq!(
        service.does("createReport", new).await.id(),
        report,
        "under one key it is begun once"
    );
    let figures: Vec<Value> = COMPLETE
        .iter()
        .map(|(code, text)| json!({ "indicatorCode": code, "text": text }))
        .collect();
    service
        .does("saveReport", json!({ "id": report, "version": 1, "figures": figures }))
        .await
        .thing();
    let path = format!("/api/v1/reports/{report}/submit");
    let sent = service
        .request(
            Method::POST,
            &path,
            &[("If-Match", "\"2\""), ("Idempotency-Key", "k-2")],
            "",
        )
        .await;
    assert_eq!(sent.status(), 200, "{sent}");
    for (step, tag) in [("verify", "\"3\""), ("approve", "\"3\"")] {
        let path = format!("/api/v1/reports/{report}/{step}");
        let refused = service.request(Method::POST, &path, &[("If-Match", tag)], "").await;
        assert_eq!((refused.status(), refused.code()), (403, "FORBIDDEN"), "{step}");
    }
    let step = |version: i32| json!({ "id": report, "version": version });
    reporting.specialist.does("verifyReport", step(3)).await.thing();
    reporting.committee.does("approveReport", step(4)).await.thing();
    let text = format!("{{ node(id: \"{report}\") {{ ... on ReportSubmission {{ status steps {{ action by }} }} }} }}");
    let seen = reporting.specialist.graphql(&text, json!({})).await;
    assert_eq!(seen.at("/node/status"), "APPROVED");
    assert_eq!(seen.texts("/node/steps", "by")[..2], ["Kho dữ liệu", "Kho dữ liệu"]);
    // Reading is not writing.
    let reader = app.bearer_of(
        &System::of(&app, &world["Sóc Trăng"], "reports:read")
            .await
            .token("")
            .await,
    );
    let other = json!({ "unitId": world["Sở Nội vụ"].id(), "formId": reporting.form, "periodId": reporting.period });
    let refused = reader.does("createReport", other).await;
    assert_eq!(
        (refused.code(), refused.message().contains("reports:write")),
        ("INSUFFICIENT_SCOPE", true)
    );
}

async fn what_lies_outside_the_place_is_not_there(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let far = System::of(&app, &world["Kon Tum"], "units:write clusters:write reports:write")
        .await
        .calls()
        .await;
    let report = reporting.approved(&app, &world["Thư viện"], COMPLETE).await.id;
    let (unit, day) = (world["Thư viện"].id(), "2026-01-01");
    for (mutation, input) in [
        (
            "renameUnit",
            json!({ "id": unit, "version": 1, "name": "Thư viện", "from": day }),
        ),
        (
            "endUnit",
            json!({ "id": unit, "version": 1, "on": day, "reason": "Sáp nhập" }),
        ),
        (
            "createUnit",
            json!({ "kind": "SECTION", "name": "Tổ 1", "parentId": unit }),
        ),
        (
            "moveUnit",
            json!({ "id": world["Đăk Tô"].id(), "version": 1, "parentId": world["Sóc Trăng"].id(), "from": day }),
        ),
        (
            "createCluster",
            json!({ "form": "CLUSTER", "organiserId": world["Viên chức"].id(), "name": "Cụm 9", "validFrom": day }),
        ),
        (
            "createReport",
            json!({ "unitId": unit, "formId": reporting.form, "periodId": reporting.period }),
        ),
        ("submitReport", json!({ "id": report, "version": 5 })),
    ] {
        assert_eq!(far.does(mutation, input).await.code(), "NOT_FOUND", "{mutation}");
    }
    for path in [format!("/api/v1/units/{unit}"), format!("/api/v1/reports/{report}")] {
        assert_eq!(far.get(&path).await.status(), 404, "{path}");
    }
    assert_eq!(far.get("/api/v1/reports?count=true").await.body()["totalCount"], 0);
    // A unit at the top stands above every place but one.
    let top = json!({ "kind": "CONFEDERATION", "name": "Tổng khác" });
    assert_eq!(far.does("createUnit", top).await.code(), "FORBIDDEN");
}

async fn units_and_clusters_are_written_with_their_scopes(app: TestApp) {
    let world = app.world();
    let system = System::of(&app, &world["Sóc Trăng"], "units:write clusters:write").await;
    let (units, clusters) = (
        app.bearer_of(&system.token("units:write").await),
        app.bearer_of(&system.token("clusters:write").await),
    );
    let unit = json!({ "kind": "GRASSROOTS", "name": "CĐCS Sở Công Thương", "parentId": world["Viên chức"].id() });
    let made = units.does("createUnit", unit).await.id().to_owned();
    let heads = json!({ "id": made, "asOf": "2026-01-01", "workers": 20, "members": 19 });
    units.does("recordUnitStatistics", heads.clone()).await.thing();
    assert_eq!(
        clusters.does("recordUnitStatistics", heads).await.code(),
        "INSUFFICIENT_SCOPE"
    );
    let new = json!({ "form": "CLUSTER", "organiserId": world["Viên chức"].id(), "name": "Cụm 1", "validFrom": "2025-01-01" });
    assert_eq!(
        units.does("createCluster", new.clone()).await.code(),
        "INSUFFICIENT_SCOPE"
    );
    // It names units without reading them.
    let text = "mutation($input: CreateClusterInput!) { createCluster(input: $input) { cluster { id version organiserName } userErrors { code } } }";
    let cluster = clusters.graphql(text, json!({ "input": new })).await;
    let id = cluster.str("/createCluster/cluster/id").to_owned();
    let text = "mutation($input: AddClusterMemberInput!) { addClusterMember(input: $input) { cluster { members { unitName } } userErrors { code } } }";
    let member = json!({ "clusterId": id, "version": 1, "unitId": world["Thư viện"].id(), "validFrom": "2025-01-01" });
    let added = clusters.graphql(text, json!({ "input": member })).await;
    assert_eq!(
        added.at("/addClusterMember/cluster/members/0/unitName"),
        "CĐCS Thư viện tỉnh"
    );
}

async fn why_it_may_or_may_not_is_explained(app: TestApp) {
    let world = app.world();
    let admin = admin_of(&app, "Kon Tum").await;
    let system = System::of(&app, &world["Đăk Tô"], "units:read reports:write").await;
    let why = async |asker: &Person, action: &str, subject: &str| {
        let query = "query($id: ID!, $action: String!, $subject: ID) { whyMay(accountId: $id, action: $action, subjectId: $subject) {
            rule capacities { capacity carries matched reason } } }";
        let subject = Some(subject).filter(|subject| !subject.is_empty());
        asker
            .graphql(query, json!({ "id": system.id, "action": action, "subject": subject }))
            .await
    };
    let (inside, outside) = (world["Trường Nguyễn Văn Cừ"].id(), world["Ngọc Hồi"].id());
    for (action, subject, expected) in [
        ("REPORT_WRITE", &inside, "PERMITTED"),
        ("REPORT_WRITE", &String::new(), "PERMITTED"),
        ("REPORT_WRITE", &outside, "NOT_SEEN"),
        ("UNIT_MANAGE", &inside, "NOT_IN_SCOPES"),
        ("AUDIT_READ", &String::new(), "NOT_IN_SCOPES"),
        ("REPORT_APPROVE", &inside, "NO_CAPACITY"),
        ("ACCOUNT_MANAGE", &String::new(), "NO_CAPACITY"),
    ] {
        let told = why(&admin, action, subject).await;
        assert_eq!(told.str("/whyMay/rule"), expected, "{action} {told}");
        assert_eq!(told.at("/whyMay/capacities/0/capacity"), "SERVICE");
    }
    assert_eq!(
        why(&admin_of(&app, "Sóc Trăng").await, "REPORT_WRITE", &inside)
            .await
            .code(),
        "NOT_FOUND"
    );
    let step = json!({ "id": system.id, "version": 1 });
    admin.does("disableServiceAccount", step).await.thing();
    assert_eq!(why(&admin, "REPORT_WRITE", &inside).await.str("/whyMay/rule"), "LOCKED");
}
