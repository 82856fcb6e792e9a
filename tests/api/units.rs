//! Units: who founds, describes and counts them, and who may not. Their names are told of in `unit_names.rs`, their places in
//! `unit_tree.rs`, who sees them in `units_seen.rs`.

use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, Unit, on_both_databases};

on_both_databases! {
    a_specialist_founds_a_unit_below_its_own,
    a_unit_takes_its_province_from_the_unit_above,
    only_who_administers_everything_founds_at_the_top,
    a_unit_is_not_founded_below_its_own_level,
    a_unit_is_not_founded_below_one_that_has_ended,
    officers_committees_and_viewers_found_nothing,
    nothing_is_founded_in_a_province_that_one_does_not_see,
    what_is_left_out_of_a_change_stays,
    a_code_names_one_unit,
    a_stale_code_is_told_before_a_taken_one,
    head_counts_are_recorded_by_the_units_own_officer,
    head_counts_must_make_sense,
    a_count_is_corrected_by_who_saw_it_and_repeated_by_anybody,
    a_unit_tells_all_that_may_be_done_with_it_and_in_its_name,
    a_document_with_several_changes_tells_each_as_it_is_then,
    every_change_is_in_the_audit,
}

/// A grassroots union to be founded below a unit.
pub fn grassroots(name: &str, above: &Unit) -> Value {
    json!({ "kind": "GRASSROOTS", "name": name, "parentId": above.id(), "foundedOn": "2026-03-01" })
}

/// A unit, with the fields that are wanted.
pub async fn unit(person: &Person, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Unit {{ {fields} }} }} }}");
    person.graphql(&query, json!({ "id": id })).await
}

/// How many units a search finds.
pub async fn found(person: &Person, search: &str) -> usize {
    let query = "query($search: String!) { units(where: { search: $search }) { nodes { id } } }";
    let answer = person.graphql(query, json!({ "search": search })).await;
    answer.texts("/units/nodes", "id").len()
}

async fn a_specialist_founds_a_unit_below_its_own(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let input = json!({
        "kind": "GRASSROOTS", "name": "  CĐCS   Trường Mầm non\u{a0}Sao Mai ", "parentId": world["Ngọc Hồi"].id(),
        "sector": "EDUCATION", "foundedOn": "2026-03-01", "decision": "Quyết định số 12/QĐ-LĐLĐ",
    });
    let founded = specialist.does("createUnit", input).await;
    assert_eq!(founded.thing()["name"], "CĐCS Trường Mầm non Sao Mai");
    assert_eq!(founded.thing()["version"], 1);
    let fields = "kind sector foundedOn endedOn parent { name } names { name nameUse validFrom validTo }";
    let seen = unit(&specialist, founded.id(), fields).await;
    assert_eq!(
        *seen.at("/node"),
        json!({
            "kind": "GRASSROOTS", "sector": "EDUCATION", "foundedOn": "2026-03-01", "endedOn": null,
            "parent": { "name": "LĐLĐ huyện Ngọc Hồi" },
            "names": [{
                "name": "CĐCS Trường Mầm non Sao Mai", "nameUse": "OFFICIAL", "validFrom": "2026-03-01", "validTo": null,
            }],
        })
    );
}

async fn a_unit_takes_its_province_from_the_unit_above(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let founded = admin
        .does("createUnit", grassroots("CĐCS Bưu điện Đăk Tô", &world["Đăk Tô"]))
        .await;
    let seen = unit(&admin, founded.id(), "province { id }").await;
    assert_eq!(seen.str("/node/province/id"), world.kon_tum.id());
    let mut elsewhere = grassroots("CĐCS Ban liên lạc Kon Tum tại Sóc Trăng", &world["Đăk Tô"]);
    elsewhere["provinceId"] = world.soc_trang.id().into();
    let founded = admin.does("createUnit", elsewhere).await;
    let seen = unit(&admin, founded.id(), "province { id }").await;
    assert_eq!(seen.str("/node/province/id"), world.soc_trang.id());
}

async fn only_who_administers_everything_founds_at_the_top(app: TestApp) {
    let world = app.world();
    let branch = json!({ "kind": "CENTRAL_BRANCH_UNION", "name": "Công đoàn Giáo dục Việt Nam" });
    let specialist = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    assert_eq!(specialist.does("createUnit", branch.clone()).await.code(), "FORBIDDEN");
    let admin = app.admin().await;
    let founded = admin.does("createUnit", branch).await;
    assert_eq!(
        *unit(&admin, founded.id(), "parent { id } parentName").await.at("/node"),
        json!({ "parent": null, "parentName": null })
    );
}

async fn a_unit_is_not_founded_below_its_own_level(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let answer = admin
        .does("createUnit", grassroots("CĐCS Tổ 1", &world["Thư viện"]))
        .await;
    assert_eq!(answer.user_errors(), [("PARENT_LEVEL", "parentId")]);
    assert_eq!(found(&admin, "CĐCS Tổ 1").await, 0);
    let mut section = grassroots("Công đoàn bộ phận Phòng đọc", &world["Thư viện"]);
    section["kind"] = "SECTION".into();
    assert_eq!(admin.does("createUnit", section).await.thing()["kind"], "SECTION");
}

async fn a_unit_is_not_founded_below_one_that_has_ended(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let end = json!({ "id": world["Đăk Glei"].id(), "version": 1, "on": "2025-07-01", "reason": "Bỏ cấp huyện" });
    admin.does("endUnit", end).await.thing();
    let answer = admin
        .does("createUnit", grassroots("CĐCS Xã Đăk Môn", &world["Đăk Glei"]))
        .await;
    assert_eq!(answer.user_errors(), [("PARENT_ENDED", "parentId")]);
    let mut earlier = grassroots("CĐCS Xã Đăk Pék", &world["Đăk Glei"]);
    earlier["foundedOn"] = "2019-05-19".into();
    admin.does("createUnit", earlier).await.thing();
}

async fn officers_committees_and_viewers_found_nothing(app: TestApp) {
    let world = app.world();
    let district = &world["Đăk Tô"];
    let new = grassroots("CĐCS Xã Pô Kô", district);
    for person in [
        app.officer_of(district).await,
        app.committee_of(district).await,
        app.viewer_of(thidua::policy::Scope::Everything).await,
    ] {
        assert_eq!(person.does("createUnit", new.clone()).await.code(), "FORBIDDEN");
    }
    assert_eq!(
        app.stranger().await.does("createUnit", new.clone()).await.code(),
        "NOT_FOUND"
    );
    assert_eq!(
        app.nobody().does("createUnit", new.clone()).await.code(),
        "UNAUTHENTICATED"
    );
    assert_eq!(found(&app.admin().await, "Xã Pô Kô").await, 0);
    app.specialist_of(district).await.does("createUnit", new).await.thing();
}

async fn nothing_is_founded_in_a_province_that_one_does_not_see(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let answer = specialist
        .does("createUnit", grassroots("CĐCS Xã Pô Kô", &world["Đăk Tô"]))
        .await;
    assert_eq!(answer.code(), "NOT_FOUND");
}

async fn what_is_left_out_of_a_change_stays(app: TestApp) {
    let world = app.world();
    let library = world["Thư viện"].id();
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let change = json!({ "id": library, "version": 1, "sector": "EDUCATION" });
    specialist.does("updateUnit", change).await.thing();
    let fields = "sector foundedOn province { code }";
    let seen = unit(&specialist, &library, fields).await;
    assert_eq!(
        *seen.at("/node"),
        json!({ "sector": "EDUCATION", "foundedOn": "2001-07-28", "province": { "code": "ST" } })
    );
    let unknown = json!({ "id": library, "version": 2, "sector": null, "foundedOn": null });
    specialist.does("updateUnit", unknown).await.thing();
    let seen = unit(&specialist, &library, fields).await;
    assert_eq!(
        *seen.at("/node"),
        json!({ "sector": null, "foundedOn": null, "province": { "code": "ST" } })
    );
}

async fn a_code_names_one_unit(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let code = |unit: &str, scheme: &str, value: &str| json!({ "id": world[unit].id(), "version": 1, "scheme": scheme, "value": value });
    specialist
        .does("addUnitCode", code("Thư viện", "QD20_2020", "000.00.01.H53"))
        .await
        .thing();
    let taken = specialist
        .does("addUnitCode", code("Sở Tài chính", "QD20_2020", "000.00.01.H53"))
        .await;
    assert_eq!(taken.code(), "ALREADY_EXISTS");
    specialist
        .does("addUnitCode", code("Sở Tài chính", "VGCL", "000.00.01.H53"))
        .await
        .thing();
    let long = specialist
        .does("addUnitCode", code("Sở Nội vụ", "QD20_2020", &"1".repeat(36)))
        .await;
    assert_eq!(long.user_errors(), [("TOO_LONG", "value")]);
    let query = r#"{ units(where: { code: { scheme: "QD20_2020", value: "000.00.01.H53" } }) { nodes { name codes { scheme value } } } }"#;
    let answer = specialist.graphql(query, json!({})).await;
    let expected =
        json!([{ "name": "CĐCS Thư viện tỉnh", "codes": [{ "scheme": "QD20_2020", "value": "000.00.01.H53" }] }]);
    assert_eq!(*answer.at("/units/nodes"), expected);
    let elsewhere = app.specialist_of(&world["Kon Tum"]).await;
    assert_eq!(*elsewhere.graphql(query, json!({})).await.at("/units/nodes"), json!([]));
}

async fn a_stale_code_is_told_before_a_taken_one(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let code = |unit: &str, version: i32| json!({ "id": world[unit].id(), "version": version, "scheme": "VGCL", "value": "KT.12" });
    specialist.does("addUnitCode", code("Đăk Tô", 1)).await.thing();
    for version in [0, 2, i32::MAX] {
        let stale = specialist.does("addUnitCode", code("Ngọc Hồi", version)).await;
        assert_eq!(
            stale.code(),
            "STALE_VERSION",
            "who has taken a code is told to who could take it"
        );
        assert_eq!(stale.errors()[0]["extensions"]["currentVersion"], 1);
    }
    let own = specialist.does("addUnitCode", code("Đăk Tô", 1)).await;
    assert_eq!(own.code(), "STALE_VERSION", "sent twice: the first was carried out");
    assert_eq!(
        specialist.does("addUnitCode", code("Ngọc Hồi", 1)).await.code(),
        "ALREADY_EXISTS"
    );
}

/// Head counts of the library on 31 December 2025.
fn count(app: &TestApp, workers: i64, members: i64, women: i64) -> Value {
    json!({
        "id": app.world()["Thư viện"].id(), "asOf": "2025-12-31", "workers": workers, "members": members,
        "womenMembers": women, "source": "Báo cáo năm 2025",
    })
}

async fn head_counts_are_recorded_by_the_units_own_officer(app: TestApp) {
    let world = app.world();
    let input = count(&app, 24, 23, 15);
    for (person, code) in [
        (app.officer_of(&world["Viên chức"]).await, "FORBIDDEN"),
        (app.committee_of(&world["Sóc Trăng"]).await, "FORBIDDEN"),
        (app.officer_of(&world["Sở Tài chính"]).await, "NOT_FOUND"),
        (app.specialist_of(&world["Kon Tum"]).await, "NOT_FOUND"),
    ] {
        assert_eq!(person.does("recordUnitStatistics", input.clone()).await.code(), code);
    }
    let officer = app.officer_of(&world["Thư viện"]).await;
    officer.does("recordUnitStatistics", input).await.thing();
    let seen = unit(
        &officer,
        &world["Thư viện"].id(),
        "statistics { asOf workers members womenMembers source }",
    )
    .await;
    assert_eq!(
        *seen.at("/node/statistics"),
        json!([{ "asOf": "2025-12-31", "workers": 24, "members": 23, "womenMembers": 15, "source": "Báo cáo năm 2025" }])
    );
    let mut correction = count(&app, 24, 24, 15);
    correction["version"] = json!(1);
    app.specialist_of(&world["Viên chức"])
        .await
        .does("recordUnitStatistics", correction)
        .await
        .thing();
}

async fn head_counts_must_make_sense(app: TestApp) {
    let officer = app.officer_of(&app.world()["Thư viện"]).await;
    for (workers, members, women, expected) in [
        (10, 11, 5, ("PART_EXCEEDS_WHOLE", "members")),
        (10, 9, 10, ("PART_EXCEEDS_WHOLE", "womenMembers")),
        (-1, -1, -1, ("NEGATIVE", "workers")),
        (10, -9, 0, ("NEGATIVE", "members")),
        (3_000_000_000, 1, 1, ("TOO_LARGE", "workers")),
    ] {
        let answer = officer
            .does("recordUnitStatistics", count(&app, workers, members, women))
            .await;
        assert_eq!(answer.user_errors(), [expected], "{answer}");
    }
    let mut without = count(&app, 0, 0, 5);
    without["members"] = Value::Null;
    without["workers"] = json!(4);
    let answer = officer.does("recordUnitStatistics", without).await;
    assert_eq!(answer.user_errors(), [("PART_EXCEEDS_WHOLE", "womenMembers")]);
    assert_eq!(
        answer.user_message(),
        "Số đoàn viên nữ (5) không thể nhiều hơn số người lao động (4)."
    );
    let seen = unit(&officer, &app.world()["Thư viện"].id(), "statistics { asOf }").await;
    assert_eq!(*seen.at("/node/statistics"), json!([]), "nothing is stored");
}

async fn a_count_is_corrected_by_who_saw_it_and_repeated_by_anybody(app: TestApp) {
    let library = &app.world()["Thư viện"];
    let officer = app.officer_of(library).await;
    let record = async |input: Value| officer.does("recordUnitStatistics", input).await;
    let at = |mut input: Value, version: i32| {
        input["version"] = version.into();
        input
    };
    let blind = record(at(count(&app, 24, 23, 15), 1)).await;
    assert_eq!(blind.user_errors(), [("NO_COUNT_YET", "version")]);
    record(count(&app, 24, 23, 15)).await.thing();
    let before = app.contents().await;
    record(count(&app, 24, 23, 15)).await.thing();
    assert_eq!(app.contents().await, before, "a repeat changes nothing");
    for other in [count(&app, 25, 25, 16), at(count(&app, 25, 25, 16), 2)] {
        assert_eq!(record(other).await.code(), "STALE_VERSION");
    }
    record(at(count(&app, 25, 25, 16), 1)).await.thing();
    record(at(count(&app, 25, 25, 16), 1)).await.thing();
    let late = record(at(count(&app, 26, 25, 16), 1)).await;
    assert_eq!(late.code(), "STALE_VERSION", "somebody was faster");
    let mut next = count(&app, 26, 26, 16);
    next["asOf"] = "2026-03-01".into();
    record(next).await.thing();
    let seen = unit(&officer, &library.id(), "statistics { asOf members version }").await;
    let expected = json!([
        { "asOf": "2026-03-01", "members": 26, "version": 1 }, { "asOf": "2025-12-31", "members": 25, "version": 2 },
    ]);
    assert_eq!(*seen.at("/node/statistics"), expected);
}

async fn a_unit_tells_all_that_may_be_done_with_it_and_in_its_name(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện"]).await;
    let cluster = Scope::Cluster(Kind::Cluster.parse(&cluster.id).expect("a cluster"));
    let unit_manage = "UNIT_MANAGE UNIT_STATISTICS_RECORD PERIOD_MANAGE FORM_MANAGE";
    let summaries = "SUMMARY_READ SUMMARY_READ_UNAPPROVED SUMMARY_READ_DRAFTS";
    for (who, may) in [
        (
            app.admin().await,
            format!("ACCOUNT_MANAGE UNIT_MANAGE UNIT_STATISTICS_RECORD {summaries} CLUSTER_MANAGE"),
        ),
        (
            app.specialist_of(&world["Viên chức"]).await,
            format!("{unit_manage} {summaries} AWARD_RECORD CLUSTER_MANAGE"),
        ),
        (
            app.committee_of(&world["Viên chức"]).await,
            format!("{summaries} AWARD_RECORD"),
        ),
        (
            app.officer_of(&world["Thư viện"]).await,
            format!("UNIT_STATISTICS_RECORD REPORT_WRITE {summaries}"),
        ),
        (
            app.person(&[(Role::Specialist, cluster)]).await,
            "SUMMARY_READ SUMMARY_READ_UNAPPROVED".to_owned(),
        ),
    ] {
        let seen = unit(&who, &world["Thư viện"].id(), "viewerCan { action allowed code }").await;
        let can = seen.at("/node/viewerCan").as_array().expect("a list").clone();
        assert_eq!(can.len(), 11, "{seen}");
        let allowed = can.iter().filter(|one| one["allowed"] == true);
        let allowed: Vec<_> = allowed.filter_map(|one| one["action"].as_str()).collect();
        assert_eq!(allowed.join(" "), may);
    }
}

async fn a_document_with_several_changes_tells_each_as_it_is_then(app: TestApp) {
    let world = app.world();
    let (library, office) = (world["Thư viện"].id(), world["Sở Nội vụ"].id());
    let specialist = app.specialist_of(&world["Viên chức"]).await;
    let query = "mutation($unit: ID!, $other: ID!) {
        first: addUnitAlias(input: { id: $unit, version: 1, alias: \"Thư viện cũ\" }) { unit { names { name } } }
        other: addUnitAlias(input: { id: $other, version: 1, alias: \"SNV\" }) { unit { names { name } } }
        second: addUnitAlias(input: { id: $unit, version: 2, alias: \"TV\" }) { unit { names { name } version } }
    }";
    let answer = specialist
        .graphql(query, json!({ "unit": library, "other": office }))
        .await;
    assert_eq!(
        answer.at("/first/unit/names").as_array().map(Vec::len),
        Some(2),
        "{answer}"
    );
    let names = answer.texts("/second/unit/names", "name");
    assert_eq!(names.len(), 3, "{answer}");
    assert!(names.contains(&"TV") && names.contains(&"Thư viện cũ"), "{answer}");
    assert_eq!(*answer.at("/second/unit/version"), json!(3));
}

async fn every_change_is_in_the_audit(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let id = world["Đăk Tô"].id();
    specialist
        .does(
            "addUnitAlias",
            json!({ "id": id, "version": 1, "alias": "Huyện Đăk Tô" }),
        )
        .await
        .thing();
    specialist
        .does("addUnitAlias", json!({ "id": id, "version": 1, "alias": "Đăk Tô cũ" }))
        .await;
    let entries = app.audit_of(world["Đăk Tô"].uuid).await;
    let told: Vec<(&str, Option<uuid::Uuid>)> = entries
        .iter()
        .map(|one| (one.action.as_str(), one.account_id))
        .collect();
    // The first comes from the making of the world; the stale one left nothing.
    assert_eq!(
        told,
        [("UNIT_CREATED", None), ("UNIT_ALIAS_ADDED", Some(specialist.account()))]
    );
    assert!(entries[1].detail.contains("Huyện Đăk Tô"), "{}", entries[1].detail);
}
