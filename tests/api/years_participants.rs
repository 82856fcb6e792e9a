//! Who takes part in an emulation year: schools and others in one cluster, a cluster of half a year, members that come and go.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, no_more_statements, on_both_databases};
use crate::years::{Year, new, node};

on_both_databases! {
    schools_follow_the_school_year_beside_the_others,
    a_cluster_may_begin_and_end_in_mid_year,
    who_joins_later_is_told_and_added_with_a_note,
    who_left_the_cluster_stays_in_the_year_until_withdrawn,
    what_is_wrong_with_the_days_is_told_by_field,
    criteria_are_those_that_the_cluster_may_use,
    what_happened_to_a_unit_is_recorded_and_taken_back,
    years_are_found_by_cluster_year_phase_and_unit,
    a_list_of_years_with_participants_takes_few_statements,
}

/// A cluster of Đăk Tô with two schools.
async fn mixed(app: &TestApp) -> Cluster {
    let members = [
        "Trường Nguyễn Văn Cừ",
        "Trường Lương Thế Vinh",
        "Y tế Đăk Tô",
        "Xã Diên Bình",
    ];
    Cluster::of(app, "Đăk Tô", "Cụm số 2", &members).await
}

async fn opened(who: &Person, year: Value) -> String {
    who.does("createEmulationYear", year).await.id().to_owned()
}

/// The participants of a year by name, each with what was asked.
async fn participants(who: &Person, year: &str, fields: &str) -> Vec<Value> {
    let seen = node(who, year, &format!("participants {{ id unitName version {fields} }}")).await;
    let mut list = seen.at("/node/participants").as_array().expect("a list").clone();
    list.sort_by_key(|one| one["unitName"].as_str().unwrap_or_default().to_owned());
    list
}

async fn schools_follow_the_school_year_beside_the_others(app: TestApp) {
    let cluster = mixed(&app).await;
    let keeper = &cluster.specialist;
    let mut year = new(&cluster.id);
    year["schoolStartsOn"] = "2025-09-01".into();
    year["schoolEndsOn"] = "2026-05-31".into();
    let id = opened(keeper, year).await;
    let list = participants(keeper, &id, "calendar").await;
    let calendars: Vec<&Value> = list.iter().map(|one| &one["calendar"]).collect();
    // Trung tâm Y tế, the two schools, Xã Diên Bình.
    assert_eq!(calendars, ["YEAR", "SCHOOL_YEAR", "SCHOOL_YEAR", "YEAR"], "{list:?}");
    let change = json!({ "id": list[1]["id"], "version": 1, "calendar": "YEAR", "note": "Trường dân lập" });
    assert_eq!(
        keeper.does("updateParticipant", change).await.thing()["calendar"],
        "YEAR"
    );
    let none = json!({ "id": id, "version": 1, "schoolStartsOn": null, "schoolEndsOn": null });
    let needed = keeper.does("updateEmulationYear", none).await;
    assert_eq!(
        needed.user_errors(),
        [("SCHOOL_SPAN_NEEDED", "schoolStartsOn")],
        "one school still follows it"
    );
    let plain = opened(keeper, {
        let mut plain = new(&cluster.id);
        plain["year"] = 2025.into();
        plain["startsOn"] = "2025-01-01".into();
        plain["endsOn"] = "2025-12-31".into();
        plain
    })
    .await;
    let list = participants(keeper, &plain, "calendar").await;
    assert!(
        list.iter().all(|one| one["calendar"] == "YEAR"),
        "without a school year all follow the calendar"
    );
    let school = json!({ "id": list[0]["id"], "version": 1, "calendar": "SCHOOL_YEAR" });
    assert_eq!(
        keeper.does("updateParticipant", school).await.user_errors(),
        [("SCHOOL_SPAN_NEEDED", "calendar")]
    );
}

async fn a_cluster_may_begin_and_end_in_mid_year(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::begin(&app, &world["Đăk Tô"], "Cụm số 9").await;
    cluster.takes_in(&world["Y tế Đăk Tô"], "2026-07-01").await.thing();
    let keeper = &cluster.specialist;
    let mut year = new(&cluster.id);
    let nobody = keeper.does("createEmulationYear", year.clone()).await;
    assert_eq!(
        nobody.user_errors(),
        [("NO_MEMBERS", "startsOn")],
        "nobody is a member on 1 January"
    );
    year["startsOn"] = "2026-07-01".into();
    let id = opened(keeper, year).await;
    cluster
        .does(keeper, "endCluster", json!({ "on": "2026-11-01" }))
        .await
        .thing();
    let too_long = json!({ "id": id, "version": 1, "endsOn": "2026-11-01" });
    assert_eq!(
        keeper.does("updateEmulationYear", too_long).await.user_errors(),
        [("CLUSTER_NOT_ACTIVE", "endsOn")]
    );
    let shorter = json!({ "id": id, "version": 1, "endsOn": "2026-10-31" });
    assert_eq!(
        keeper.does("updateEmulationYear", shorter).await.thing()["endsOn"],
        "2026-10-31"
    );
}

async fn who_joins_later_is_told_and_added_with_a_note(app: TestApp) {
    let year = Year::begin(&app).await;
    let world = app.world();
    let add = |unit: &str, note: &str| json!({ "yearId": year.id, "unitId": world[unit].id(), "note": note });
    let stranger = year
        .specialist
        .does("addParticipant", add("Viên chức", "Vì sao không"))
        .await;
    assert_eq!(stranger.user_errors(), [("NOT_A_MEMBER", "unitId")]);
    let twice = year.specialist.does("addParticipant", add("Thư viện", "Lần nữa")).await;
    assert_eq!(twice.code(), "ALREADY_EXISTS");
    let union = app.specialist_of(&world["Viên chức"]).await;
    let founded = json!({
        "kind": "GRASSROOTS", "name": "CĐCS Bảo tàng tỉnh", "parentId": world["Viên chức"].id(), "foundedOn": "2026-02-01",
    });
    let museum = union.does("createUnit", founded).await.id().to_owned();
    let member = json!({ "unitId": museum, "validFrom": "2026-03-01" });
    year.cluster
        .does(&year.cluster.specialist, "addClusterMember", member)
        .await
        .thing();
    let missing = year.asked("membersMissing { unitName since }").await;
    assert_eq!(
        *missing.at("/node/membersMissing"),
        json!([{ "unitName": "CĐCS Bảo tàng tỉnh", "since": "2026-03-01" }])
    );
    let mut added = json!({ "yearId": year.id, "unitId": museum, "note": " " });
    let unsaid = year.specialist.does("addParticipant", added.clone()).await;
    assert_eq!(unsaid.user_errors(), [("REQUIRED", "note")]);
    added["note"] = "Mới thành lập, tham gia cụm từ 1/3".into();
    assert_eq!(
        year.chair.does("addParticipant", added.clone()).await.code(),
        "FORBIDDEN"
    );
    year.to_phase("CROSS_CHECKING").await;
    assert_eq!(
        year.specialist.does("addParticipant", added.clone()).await.code(),
        "WRONG_STATE"
    );
    year.to_phase("SELF_SCORING").await;
    let row = year.specialist.does("addParticipant", added).await;
    assert_eq!(row.thing()["note"], "Mới thành lập, tham gia cụm từ 1/3");
    assert!(
        year.asked("membersMissing { since }")
            .await
            .at("/node/membersMissing")
            .as_array()
            .is_some_and(Vec::is_empty)
    );
}

async fn who_left_the_cluster_stays_in_the_year_until_withdrawn(app: TestApp) {
    let year = Year::begin(&app).await;
    let world = app.world();
    year.cluster
        .lets_go("members", &world["Thư viện"], "2026-03-01", "2026-03-05")
        .await
        .thing();
    let list = participants(&year.specialist, &year.id, "stillMember withdrawnOn").await;
    let library = list
        .iter()
        .find(|one| one["unitName"] == "CĐCS Thư viện tỉnh")
        .expect("the library");
    assert_eq!(
        (&library["stillMember"], &library["withdrawnOn"]),
        (&json!(false), &Value::Null)
    );
    for (on, code) in [("2026-12-31", "DAY_IN_FUTURE"), ("2025-12-31", "DAY_BEFORE_YEAR")] {
        let wrong = json!({ "id": library["id"], "version": 1, "on": on, "reason": "Chuyển cụm" });
        let wrong = year.specialist.does("withdrawParticipant", wrong).await;
        assert_eq!(wrong.user_errors(), [(code, "on")]);
    }
    let end = |reason: &str| json!({ "id": library["id"], "version": 1, "on": "2026-03-05", "reason": reason });
    assert_eq!(
        year.specialist.does("withdrawParticipant", end("")).await.user_errors(),
        [("REQUIRED", "reason")]
    );
    year.specialist
        .does("withdrawParticipant", end("Chuyển cụm"))
        .await
        .thing();
    assert_eq!(
        year.specialist
            .does("withdrawParticipant", end("Chuyển cụm"))
            .await
            .code(),
        "WRONG_STATE"
    );
    let officer = year.officer("Thư viện").await;
    year.to_phase("REGISTERING").await;
    let late = json!({ "yearId": year.id, "unitId": world["Thư viện"].id(), "kind": "GRADE", "title": "XS" });
    assert_eq!(
        officer.does("register", late).await.code(),
        "NOT_FOUND",
        "who no longer takes part registers for nothing"
    );
    assert_eq!(
        node(&officer, &year.id, "year").await.at("/node/year"),
        2026,
        "and still reads the year"
    );
}

async fn what_is_wrong_with_the_days_is_told_by_field(app: TestApp) {
    let cluster = mixed(&app).await;
    let before = app.contents().await;
    for (change, wrong) in [
        (json!({ "endsOn": "2025-12-31" }), ("SPAN_INVALID", "endsOn")),
        (json!({ "endsOn": "2027-12-31" }), ("SPAN_INVALID", "endsOn")),
        (json!({ "year": 2030 }), ("SPAN_OUTSIDE_YEAR", "startsOn")),
        (
            json!({ "year": 1900, "startsOn": "1900-01-01", "endsOn": "1900-12-31" }),
            ("YEAR_IMPLAUSIBLE", "year"),
        ),
        (json!({ "objectionDays": -1 }), ("OUT_OF_RANGE", "objectionDays")),
        (json!({ "schoolStartsOn": "2025-09-01" }), ("REQUIRED", "schoolEndsOn")),
        (
            json!({ "startsOn": "2019-12-31", "endsOn": "2020-12-30", "year": 2020 }),
            ("CLUSTER_NOT_ACTIVE", "startsOn"),
        ),
        (
            json!({ "phases": [{ "phase": "RUNNING", "startsOn": "2026-03-01" }, { "phase": "REGISTERING", "startsOn": "2026-04-01" }] }),
            ("PHASE_ORDER", "phases.1.startsOn"),
        ),
        (
            json!({ "phases": [{ "phase": "RUNNING", "startsOn": "2026-03-01" }, { "phase": "RUNNING", "startsOn": "2026-03-01" }] }),
            ("PHASE_REPEATED", "phases.1.phase"),
        ),
        (json!({ "theme": "x".repeat(301) }), ("TOO_LONG", "theme")),
        (
            json!({ "phases": vec![json!({ "phase": "RUNNING", "startsOn": "2026-03-01" }); 10] }),
            ("TOO_MANY", "phases"),
        ),
    ] {
        let mut year = new(&cluster.id);
        for (name, value) in change.as_object().expect("fields") {
            year[name] = value.clone();
        }
        let refused = cluster.specialist.does("createEmulationYear", year).await;
        assert_eq!(refused.user_errors(), [wrong], "{change}");
    }
    assert_eq!(app.contents().await, before);
}

async fn criteria_are_those_that_the_cluster_may_use(app: TestApp) {
    let year = Year::begin(&app).await;
    let world = app.world();
    let elsewhere = crate::criteria::Table::begin(&app, &world["Kon Tum"], "BD-KT").await;
    let foreign = elsewhere.in_force(&crate::criteria::hue()).await;
    let choose = |version: &str| json!({ "criteriaVersionId": version });
    let unseen = year
        .does(&year.specialist, "updateEmulationYear", choose(&foreign))
        .await;
    assert_eq!(unseen.code(), "NOT_FOUND");
    let keeper = app.catalogue_keeper().await;
    let not_theirs = year.does(&keeper, "updateEmulationYear", choose(&foreign)).await;
    assert_eq!(not_theirs.user_errors(), [("CRITERIA_NOT_USABLE", "criteriaVersionId")]);
    let own = crate::criteria::Table::begin(&app, &world["Viên chức"], "BD-2").await;
    let draft = own.written(&crate::criteria::hue(), None).await.thing().clone();
    let drafted = year
        .does(
            &year.specialist,
            "updateEmulationYear",
            choose(draft["id"].as_str().expect("an id")),
        )
        .await;
    assert_eq!(
        drafted.user_errors(),
        [("CRITERIA_NOT_USABLE", "criteriaVersionId")],
        "a draft is not used"
    );
    own.published(&draft).await.thing();
    year.does(
        &year.specialist,
        "updateEmulationYear",
        choose(draft["id"].as_str().expect("an id")),
    )
    .await
    .thing();
    year.does(
        &year.specialist,
        "updateEmulationYear",
        json!({ "criteriaVersionId": null }),
    )
    .await
    .thing();
    year.to_phase("REGISTERING").await;
    let advance = year.does(&year.chair, "advanceEmulationYear", json!({})).await;
    assert_eq!(advance.user_errors(), [("CRITERIA_MISSING", "id")]);
    year.does(&year.specialist, "updateEmulationYear", choose(&year.criteria))
        .await
        .thing();
    year.to_phase("SELF_SCORING").await;
    let frozen = year.asked("criteriaSha256 criteriaVersion { sha256 }").await;
    assert_eq!(
        frozen.at("/node/criteriaSha256"),
        frozen.at("/node/criteriaVersion/sha256"),
        "scoring freezes them"
    );
    let late = year
        .does(&year.specialist, "updateEmulationYear", json!({ "blind": false }))
        .await;
    assert_eq!(late.code(), "WRONG_STATE");
    year.does(
        &year.specialist,
        "updateEmulationYear",
        json!({ "theme": "Chủ đề mới" }),
    )
    .await
    .thing();
}

async fn what_happened_to_a_unit_is_recorded_and_taken_back(app: TestApp) {
    let world = app.world();
    let keeper = app.specialist_of(&world["Viên chức"]).await;
    let unit = world["Thư viện"].id();
    let event = |version: i32, on: &str| json!({ "id": unit, "version": version, "kind": "MERGED", "tookEffectOn": on, "decision": "Quyết định 12/QĐ-LĐLĐ" });
    keeper.does("recordUnitEvent", event(1, "2026-02-01")).await.thing();
    assert_eq!(
        keeper.does("recordUnitEvent", event(1, "2026-03-01")).await.code(),
        "STALE_VERSION"
    );
    assert_eq!(
        keeper.does("recordUnitEvent", event(2, "2026-02-01")).await.code(),
        "ALREADY_EXISTS"
    );
    let wrong = keeper.does("recordUnitEvent", event(2, "1799-02-01")).await;
    assert_eq!(wrong.user_errors(), [("DAY_IMPLAUSIBLE", "tookEffectOn")]);
    let officer = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(
        officer.does("recordUnitEvent", event(2, "2026-03-01")).await.code(),
        "FORBIDDEN"
    );
    let fields = "query($id: ID!) { node(id: $id) { ... on Unit { version events { id kind tookEffectOn decision recordedBy } } } }";
    let seen: Answer = officer.graphql(fields, json!({ "id": unit })).await;
    assert_eq!(seen.texts("/node/events", "kind"), ["MERGED"]);
    let remove = json!({ "id": seen.at("/node/events/0/id"), "version": 2, "reason": "Ghi nhầm đơn vị" });
    let stranger = app.specialist_of(&world["Kon Tum"]).await;
    assert_eq!(
        stranger.does("removeUnitEvent", remove.clone()).await.code(),
        "NOT_FOUND"
    );
    assert_eq!(
        officer.does("removeUnitEvent", remove.clone()).await.code(),
        "FORBIDDEN"
    );
    keeper.does("removeUnitEvent", remove.clone()).await.thing();
    assert_eq!(keeper.does("removeUnitEvent", remove).await.code(), "NOT_FOUND");
    let audit = app.audit_of(world["Thư viện"].uuid).await;
    let last = audit.last().expect("an entry");
    assert_eq!(last.action, "UNIT_EVENT_REMOVED");
    assert!(
        last.detail.contains("2026-02-01") && last.detail.contains("Ghi nhầm đơn vị"),
        "{}",
        last.detail
    );
}

async fn years_are_found_by_cluster_year_phase_and_unit(app: TestApp) {
    let year = Year::begin(&app).await;
    let mut next = new(&year.cluster.id);
    for (name, value) in [
        ("year", json!(2027)),
        ("startsOn", json!("2027-01-01")),
        ("endsOn", json!("2027-12-31")),
    ] {
        next[name] = value;
    }
    next["phases"] = json!([]);
    opened(&year.specialist, next).await;
    let list = async |filter: Value| {
        let query = "query($where: EmulationYearWhere) { emulationYears(where: $where) { totalCount nodes { year } } }";
        let seen = year.specialist.graphql(query, json!({ "where": filter })).await;
        let nodes = seen.at("/emulationYears/nodes").as_array().expect("a list").clone();
        assert_eq!(*seen.at("/emulationYears/totalCount"), json!(nodes.len()));
        nodes
            .iter()
            .map(|node| node["year"].as_i64().expect("a year"))
            .collect::<Vec<_>>()
    };
    assert_eq!(list(json!({})).await, [2027, 2026], "the latest first");
    assert_eq!(list(json!({ "year": 2026 })).await, [2026]);
    assert_eq!(list(json!({ "clusterId": year.cluster.id })).await, [2027, 2026]);
    assert_eq!(list(json!({ "unitId": year.unit("Thư viện") })).await, [2027, 2026]);
    assert_eq!(
        list(json!({ "unitId": year.unit("Viên chức") })).await,
        Vec::<i64>::new()
    );
    year.to_phase("RUNNING").await;
    assert_eq!(list(json!({ "phases": ["RUNNING", "DECIDING"] })).await, [2026]);
    let rest = year
        .chair
        .get("/api/v1/emulation-years?phases=RUNNING&count=true")
        .await;
    assert_eq!(
        (&rest.body()["totalCount"], &rest.body()["items"][0]["year"]),
        (&json!(1), &json!(2026))
    );
}

async fn a_list_of_years_with_participants_takes_few_statements(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    for unit in ["Thư viện", "Sở Nội vụ", "Sở Ngoại vụ"] {
        let officer = year.officer(unit).await;
        let row = json!({ "yearId": year.id, "unitId": year.unit(unit), "kind": "GRADE", "title": "XS" });
        officer.does("register", row).await.thing();
        let row = json!({ "yearId": year.id, "unitId": year.unit(unit), "indicatorCode": "new_members", "text": "20" });
        officer.does("setTarget", row).await.thing();
    }
    let pact = crate::years_pacts::Pact::open(&year).await;
    pact.signed_by(&year, &["Thư viện"]).await;
    // Several questions, each within the bound of complexity for eleven years, and none in which two fields ask for one thing at different
    // moments: how many statements that takes depends on which answer comes first.
    let queries = [
        "{ emulationYears(first: 11) { nodes { year clusterName plannedPhases { phase } steps { by } } } }",
        "{ emulationYears(first: 11) { nodes { membersMissing { unitName } viewerCan { action allowed } } } }",
        "{ emulationYears(first: 11) { nodes { pact { state signatures { unitName by } } } } }",
        "{ emulationYears(first: 11) { nodes { pact { unsigned { unitName } viewerCan { action } } } } }",
        "{ emulationYears(first: 11) { nodes { participants { unitName unit { name } stillMember registrations { title registeredBy } \
         targets { text indicator { code } } viewerCan { action allowed } } } } }",
    ];
    let asked = async || {
        let mut statements = Vec::new();
        for query in queries {
            let seen = year.specialist.graphql(query, json!({})).await;
            let years = seen.at("/emulationYears/nodes").as_array().map_or(0, Vec::len);
            statements.push((years, seen.statements()));
        }
        statements
    };
    let few = asked().await;
    for (number, number_of) in (2027..2037).enumerate() {
        let mut next = new(&year.cluster.id);
        next["year"] = number_of.into();
        next["startsOn"] = format!("{number_of}-01-01").into();
        next["endsOn"] = format!("{number_of}-12-31").into();
        next["phases"] = json!([]);
        let id = opened(&year.specialist, next).await;
        let text = format!("Giao ước {number}");
        year.chair
            .does("beginPact", json!({ "yearId": id, "text": text }))
            .await
            .thing();
    }
    for (few, many) in few.into_iter().zip(asked().await) {
        assert_eq!((few.0, many.0), (1, 11));
        no_more_statements(few.1, many.1);
        assert!(few.1 <= 24, "{} statements", few.1);
    }
}
