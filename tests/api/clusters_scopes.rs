//! What a role that is held in a cluster or bloc carries: the cluster and what its members hand in, and nothing by which one
//! could reach further.

use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::clusters::{Cluster, new, node};
use crate::reports::Reporting;
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    nobody_manages_by_a_cluster_what_reaches_beyond_it,
    an_administrator_of_a_cluster_administers_no_accounts,
    a_cluster_is_managed_by_who_holds_it,
    reports_of_members_are_passed_by_who_holds_the_cluster,
    a_cluster_holds_no_drafts_of_its_members,
}

/// A bloc with one cluster of two offices of Sóc Trăng.
struct Bloc {
    bloc: Cluster,
    cluster: Cluster,
}

impl Bloc {
    async fn begin(app: &TestApp) -> Self {
        let world = app.world();
        let organiser = &world["Viên chức"];
        let specialist = app.specialist_of(organiser).await;
        let mut input = new(organiser, "Khối Viên chức");
        input["form"] = "BLOC".into();
        let bloc = specialist.does("createCluster", input).await.id().to_owned();
        let mut input = new(organiser, "Cụm 1");
        input["blocId"] = bloc.clone().into();
        let cluster = specialist.does("createCluster", input).await.id().to_owned();
        let of = |id: String| Cluster {
            id,
            specialist: specialist.clone(),
        };
        let (bloc, cluster) = (of(bloc), of(cluster));
        for unit in ["Sở Nội vụ", "Thư viện"] {
            cluster.takes_in(&world[unit], "2020-01-01").await.thing();
        }
        Self { bloc, cluster }
    }

    /// Somebody with some roles in the cluster, and somebody with the same in the bloc.
    async fn people(&self, app: &TestApp, roles: &[Role]) -> [Person; 2] {
        let scopes =
            [&self.cluster, &self.bloc].map(|one| Scope::Cluster(Kind::Cluster.parse(&one.id).expect("an id")));
        let grants = scopes.map(|scope| roles.iter().map(|&role| (role, scope)).collect::<Vec<_>>());
        [app.person(&grants[0]).await, app.person(&grants[1]).await]
    }
}

const ALL: [Role; 3] = [Role::Admin, Role::Specialist, Role::StandingCommittee];

async fn nobody_manages_by_a_cluster_what_reaches_beyond_it(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let bloc = Bloc::begin(&app).await;
    let keeper = app.catalogue_keeper().await;
    let kind = json!({ "code": "BK", "name": "Bằng khen", "level": "PROVINCE", "recipients": "BOTH" });
    let kind = keeper.does("createAwardType", kind).await.id().to_owned();
    let (member, below) = (world["Sở Nội vụ"].id(), world["Thư viện"].id());
    let items = json!([{ "indicatorCode": "members_total" }]);
    let award =
        json!({ "typeId": kind, "unitId": member, "recipient": "COLLECTIVE", "recipientName": "CĐCS Sở Nội vụ" });
    let mut own_cluster = new(&world["Sở Nội vụ"], "Cụm của mình");
    own_cluster["purpose"] = "MANAGEMENT".into();
    let steps = [
        (
            "createUnit",
            json!({ "kind": "SECTION", "name": "Tổ công đoàn", "parentId": member }),
        ),
        (
            "renameUnit",
            json!({ "id": member, "version": 1, "name": "Khác", "from": "2026-01-01" }),
        ),
        (
            "moveUnit",
            json!({ "id": member, "version": 1, "parentId": below, "from": "2026-01-01" }),
        ),
        (
            "endUnit",
            json!({ "id": member, "version": 1, "on": "2026-01-01", "reason": "Sáp nhập" }),
        ),
        ("updateUnit", json!({ "id": member, "version": 1, "sector": null })),
        ("addUnitAlias", json!({ "id": member, "version": 1, "alias": "Nội vụ" })),
        (
            "addUnitCode",
            json!({ "id": member, "version": 1, "scheme": "VGCL", "value": "1" }),
        ),
        (
            "recordUnitStatistics",
            json!({ "id": member, "asOf": "2026-01-01", "members": 5 }),
        ),
        (
            "createPeriod",
            json!({ "ownerId": member, "code": "Q", "name": "Q", "kind": "CUSTOM", "startsOn": "2026-01-01", "endsOn": "2026-03-31" }),
        ),
        (
            "setPeriodDueDay",
            json!({ "id": reporting.period, "version": 1, "dueOn": "2027-01-31" }),
        ),
        (
            "createReportForm",
            json!({ "ownerId": member, "code": "B", "name": "B", "periodicity": "YEAR" }),
        ),
        (
            "writeReportFormDraft",
            json!({ "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] }),
        ),
        (
            "retireReportForm",
            json!({ "formId": reporting.form, "number": 1, "version": 2 }),
        ),
        (
            "createIndicator",
            json!({ "code": "i", "name": "I", "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "FLOW" }),
        ),
        ("createProvince", json!({ "code": "KH", "name": "Khánh Hòa" })),
        (
            "createAwardType",
            json!({ "code": "GK", "name": "Giấy khen", "level": "PROVINCE", "recipients": "BOTH" }),
        ),
        (
            "recordAwardDecision",
            json!({ "issuerId": member, "number": "1/QĐ", "year": 2025, "decidedOn": "2026-01-10", "awards": [award] }),
        ),
        (
            "createReport",
            json!({ "unitId": member, "formId": reporting.form, "periodId": reporting.period }),
        ),
        ("createCluster", own_cluster),
    ];
    let people = bloc.people(&app, &ALL).await;
    let before = app.contents().await;
    for who in &people {
        for (step, input) in &steps {
            let refused = who.does(step, input.clone()).await;
            assert_eq!(refused.code(), "FORBIDDEN", "{step}: {refused}");
        }
        for scope in [
            json!({ "everything": true }),
            json!({ "provinceId": world.soc_trang.id() }),
            json!({ "unitId": member }),
        ] {
            let query = "query($scope: SummaryScopeInput!, $form: ID!, $period: ID!) {
                summary(scope: $scope, formId: $form, periodId: $period) { expected } }";
            let of = json!({ "scope": scope, "form": reporting.form, "period": reporting.period });
            assert_eq!(who.graphql(query, of).await.code(), "FORBIDDEN", "{scope}");
        }
        let can = who.graphql("{ viewer { can } }", json!({})).await;
        assert_eq!(
            *can.at("/viewer/can"),
            json!([
                "CLUSTER_MANAGE",
                "CRITERIA_MANAGE",
                "REPORT_RETURN",
                "REPORT_VERIFY",
                "REPORT_APPROVE",
                "REPORT_COMMENT",
                "REPORT_EXTEND",
                "YEAR_MANAGE",
                "YEAR_ADVANCE",
                "PACT_MANAGE",
                "CROSS_CHECK_MANAGE",
                "SCORE_APPRAISE",
                "SCORE_PROVINCE",
                "SCORE_COUNCIL",
                "SCORE_RETURN",
                "OBJECTION_ANSWER",
                "LENIENCY_READ",
                "HANDOVER_READ",
                "RESULT_COMPUTE",
                "RESULT_PUBLISH",
                "CONFERENCE_MANAGE",
                "OUTCOME_CONFIRM",
                "SUMMARY_READ",
                "SUMMARY_READ_UNAPPROVED",
                "AWARD_ENDORSE"
            ]),
            "nobody is promised what no place permits"
        );
    }
    assert_eq!(app.contents().await, before, "nothing was stored");
}

async fn an_administrator_of_a_cluster_administers_no_accounts(app: TestApp) {
    let world = app.world();
    let bloc = Bloc::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let account = Kind::Account.id(officer.account());
    let once = app.officer_of(&world["Thư viện"]).await;
    let admin = app.admin().await;
    let grants = "query($id: ID!) { node(id: $id) { ... on Account { grants { id version } } } }";
    let grant = admin
        .graphql(grants, json!({ "id": account }))
        .await
        .at("/node/grants/0")
        .clone();
    let of_once = json!({ "id": Kind::Account.id(once.account()) });
    let given = admin
        .graphql(grants, of_once.clone())
        .await
        .at("/node/grants/0")
        .clone();
    admin.does("withdrawRoleGrant", given).await.thing();
    for who in bloc.people(&app, &[Role::Admin]).await {
        let password = "một mật khẩu đủ dài";
        let grant_here =
            |kind: &str, id: &str| json!({ "accountId": account, "role": "ADMIN", "scopeKind": kind, "scopeId": id });
        for (step, input, code) in [
            (
                "createAccount",
                json!({ "username": "moi", "displayName": "Mới", "password": password }),
                "FORBIDDEN",
            ),
            ("grantRole", grant_here("CLUSTER", &bloc.cluster.id), "FORBIDDEN"),
            ("grantRole", grant_here("UNIT", &world["Sở Nội vụ"].id()), "FORBIDDEN"),
            (
                "grantRole",
                json!({ "accountId": account, "role": "ADMIN", "scopeKind": "EVERYTHING" }),
                "FORBIDDEN",
            ),
            ("lockAccount", json!({ "id": account, "version": 1 }), "NOT_FOUND"),
            ("lockAccount", json!({ "id": of_once["id"], "version": 1 }), "NOT_FOUND"),
            ("withdrawRoleGrant", grant.clone(), "NOT_FOUND"),
        ] {
            let refused = who.does(step, input).await;
            assert_eq!(refused.code(), code, "{step}: {refused}");
        }
        for query in ["{ accounts { totalCount } }", "{ auditEntries { nodes { action } } }"] {
            assert_eq!(who.graphql(query, json!({})).await.code(), "FORBIDDEN", "{query}");
        }
        assert_eq!(who.graphql(grants, json!({ "id": account })).await.code(), "NOT_FOUND");
        let me = json!({ "id": Kind::Account.id(who.account()) });
        assert_eq!(
            who.graphql(grants, me).await.code(),
            "",
            "one's own account is always seen"
        );
    }
}

async fn a_cluster_is_managed_by_who_holds_it(app: TestApp) {
    let world = app.world();
    let bloc = Bloc::begin(&app).await;
    let beside = Cluster::of(&app, "Viên chức", "Cụm 2", &["Sở Ngoại vụ"]).await;
    for (role, months) in [(Role::Admin, [1, 2]), (Role::Specialist, [3, 4])] {
        let [of_cluster, of_bloc] = bloc.people(&app, &[role]).await;
        for (who, month) in [&of_cluster, &of_bloc].into_iter().zip(months) {
            let rename = json!({ "name": "Cụm thi đua số 1" });
            bloc.cluster.does(who, "updateCluster", rename).await.thing();
            let from = format!("2025-0{month}-01");
            let chair = json!({ "unitId": world["Thư viện"].id(), "office": "CHAIR", "validFrom": from });
            bloc.cluster.does(who, "setClusterOffice", chair).await.thing();
            let seen = bloc.cluster.asked("offices { id version }").await;
            let mut end = seen.at("/node/offices/0").clone();
            end["on"] = format!("2025-0{}-01", month + 1).into();
            who.does("endClusterOffice", end).await.thing();
            let refused = beside.does(who, "updateCluster", json!({ "name": "Khác" })).await;
            assert_eq!(refused.code(), "NOT_FOUND", "another cluster");
            let unseen = json!({ "unitId": world["Sở Tài chính"].id(), "validFrom": "2026-01-01" });
            let refused = bloc.cluster.does(who, "addClusterMember", unseen).await;
            assert_eq!(refused.code(), "NOT_FOUND", "a unit that is no member is not seen");
        }
        let rename = json!({ "name": "Khối thi đua" });
        let from_within = bloc.bloc.does(&of_cluster, "updateCluster", rename.clone()).await;
        assert_eq!(
            from_within.code(),
            "NOT_FOUND",
            "the bloc around a cluster is another's"
        );
        bloc.bloc.does(&of_bloc, "updateCluster", rename).await.thing();
    }
    let [committee, _] = bloc.people(&app, &[Role::StandingCommittee]).await;
    let refused = bloc
        .cluster
        .does(&committee, "updateCluster", json!({ "name": "Khác" }))
        .await;
    assert_eq!(refused.code(), "FORBIDDEN", "a cluster adds nothing to a role");
    let can = node(&committee, &bloc.cluster.id, "viewerCan { allowed }").await;
    assert_eq!(*can.at("/node/viewerCan/0/allowed"), json!(false));
}

async fn reports_of_members_are_passed_by_who_holds_the_cluster(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let bloc = Bloc::begin(&app).await;
    let specialists = bloc.people(&app, &[Role::Specialist]).await;
    let committees = bloc.people(&app, &[Role::StandingCommittee]).await;
    let complete = [("members_total", "10"), ("workers_total", "12")];
    let outsider = app.officer_of(&world["Sở Tài chính"]).await;
    let outside = reporting.draft(&outsider, &world["Sở Tài chính"], &complete).await;
    outside.step(&outsider, "submitReport", 2).await.thing();
    for (unit, (specialist, committee)) in ["Sở Nội vụ", "Thư viện"]
        .into_iter()
        .zip(specialists.iter().zip(&committees))
    {
        let officer = app.officer_of(&world[unit]).await;
        let report = reporting.draft(&officer, &world[unit], &complete).await;
        report.step(&officer, "submitReport", 2).await.thing();
        report.give_back(specialist, 3, "Thiếu chữ ký.").await.thing();
        report.step(&officer, "submitReport", 4).await.thing();
        assert_eq!(report.step(specialist, "approveReport", 5).await.code(), "FORBIDDEN");
        report.step(specialist, "verifyReport", 5).await.thing();
        report.step(committee, "approveReport", 6).await.thing();
        for (who, step) in [(specialist, "verifyReport"), (committee, "approveReport")] {
            assert_eq!(outside.step(who, step, 3).await.code(), "NOT_FOUND", "no member");
        }
    }
}

async fn a_cluster_holds_no_drafts_of_its_members(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let bloc = Bloc::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let figures = [("members_total", "10"), ("workers_total", "12")];
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], &figures).await;
    let query = "query($scope: SummaryScopeInput!, $form: ID!, $period: ID!, $basis: SummaryBasis) {
        summary(scope: $scope, formId: $form, periodId: $period, basis: $basis) { draft returned reports { totalCount } } }";
    for (who, scope) in bloc.people(&app, &ALL).await.iter().zip([&bloc.cluster, &bloc.bloc]) {
        assert_eq!(draft.seen_by(who, "status").await.code(), "NOT_FOUND");
        let of = |basis: &str| json!({ "scope": { "clusterId": scope.id }, "form": reporting.form, "period": reporting.period, "basis": basis });
        assert_eq!(
            who.graphql(query, of("ALL")).await.code(),
            "FORBIDDEN",
            "no total holds what no list shows"
        );
        assert_eq!(
            *who.graphql(query, of("SUBMITTED")).await.at("/summary"),
            json!({ "draft": Value::Null, "returned": Value::Null, "reports": { "totalCount": 0 } })
        );
    }
}
