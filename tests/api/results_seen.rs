//! Who sees results, and what grade counts tell.

use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use thidua_entity::emulation_participant;
use thidua_entity::enums::YearCalendar;

use crate::results::{Judged, asked, step, units};
use crate::scoring::{Scoring, good};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_computed_result_is_seen_by_who_computes_and_who_stands_above,
    a_published_result_is_open_to_the_cluster,
    a_trial_tells_the_chair_nothing_of_what_is_not_appraised,
    units_without_a_place_stand_in_the_order_of_the_alphabet,
    reports_behind_figures_are_named_to_who_sees_them,
    grade_counts_add_up_or_say_why_not,
}

async fn a_computed_result_is_seen_by_who_computes_and_who_stands_above(app: TestApp) {
    let (judged, world) = (Judged::three(&app).await, app.world());
    let computed = judged.computes().await;
    let above = app
        .viewer_of(thidua::policy::Scope::Unit(world["Sóc Trăng"].uuid))
        .await;
    for who in [&judged.cluster.specialist, &judged.committee, &above] {
        assert_eq!(asked(who, computed.id(), "state").await.str("/node/state"), "COMPUTED");
    }
    let member = app.officer_of(&world["Thư viện"]).await;
    let path = format!("/api/v1/results/{}", computed.id());
    for who in [&member, &app.stranger().await, &app.officer_of(&world["Đăk Tô"]).await] {
        assert_eq!(asked(who, computed.id(), "state").await.code(), "NOT_FOUND");
        for below in ["", "/units", "/snapshot", "/explain?of=QUOTA&code=q20"] {
            assert_eq!(who.get(&format!("{path}{below}")).await.status(), 404, "{below}");
        }
        assert_eq!(step(who, "publishResult", computed.thing()).await.code(), "NOT_FOUND");
        let counted = who
            .graphql("{ emulationResults { totalCount nodes { id } } }", json!({}))
            .await;
        assert_eq!(counted.at("/emulationResults/totalCount"), 0);
    }
    // Who computes it does not decide it.
    let specialist = &judged.cluster.specialist;
    assert_eq!(
        step(specialist, "publishResult", computed.thing()).await.code(),
        "FORBIDDEN"
    );
    assert_eq!(
        step(&above, "publishResult", computed.thing()).await.code(),
        "FORBIDDEN"
    );
    let over = json!({ "over": { "yearId": judged.year_id() } });
    let tried = "query($over: WhatIfOverInput!) { whatIf(over: $over, alterations: []) { userErrors { code } } }";
    assert_eq!(
        member.graphql(tried, over).await.code(),
        "FORBIDDEN",
        "the year is seen"
    );
}

async fn a_published_result_is_open_to_the_cluster(app: TestApp) {
    let (judged, world) = (Judged::three(&app).await, app.world());
    let computed = judged.computes().await;
    judged.publishes(computed.thing()).await.thing();
    let member = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(units(&member, computed.id()).await.len(), 3);
    let scores = asked(
        &member,
        computed.id(),
        "units(first: 1) { nodes { unitName unit { name } scores { points } } }",
    )
    .await;
    assert_eq!(scores.texts("/node/units/nodes/0/scores", "points"), ["57", "38"]);
    let stranger = app.officer_of(&world["Đăk Tô"]).await;
    assert_eq!(asked(&stranger, computed.id(), "state").await.code(), "NOT_FOUND");
    let staleness = asked(&member, computed.id(), "staleness { stale }").await;
    assert_eq!(
        *staleness.at("/node/staleness"),
        Value::Null,
        "what changes at neighbours is not told"
    );
    let can = asked(&member, computed.id(), "viewerCan { action allowed }").await;
    assert!(
        can.at("/node/viewerCan")
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one["allowed"] == false))
    );
}

async fn a_trial_tells_the_chair_nothing_of_what_is_not_appraised(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    scoring.handed_in("Thư viện").await;
    let draft = year.officer("Sở Khoa học").await;
    scoring.write(&draft, "Sở Khoa học", "SELF", good()).await.thing();
    let tried = "query($over: WhatIfOverInput!) { whatIf(over: $over, alterations: [{ band: { grade: \"XS\", from: \"100\" } }]) {
        whatIf { gradeCounts { units } moves { unitName before { points place } } } userErrors { code } } }";
    for who in [&year.chair, &year.specialist] {
        let told = who.graphql(tried, json!({ "over": { "yearId": year.id } })).await;
        assert_eq!(
            told.texts("/whatIf/userErrors", "code"),
            ["SHEETS_NOT_APPRAISED"],
            "{told}"
        );
        assert_eq!(*told.at("/whatIf/whatIf"), Value::Null);
    }
}

async fn units_without_a_place_stand_in_the_order_of_the_alphabet(app: TestApp) {
    let judged = Judged::by(&app, "Cụm thi đua số 9", "BD-KQ", &crate::results::plain()).await;
    for (unit, name) in [
        ("Thư viện", "CĐCS Zơ Long"),
        ("Sở Nội vụ", "CĐCS Đại Tâm"),
        ("Sở Tài chính", "CĐCS Ấp Chợ"),
        ("Sở Ngoại vụ", "CĐCS Gia Hòa"),
    ] {
        judged.takes(unit, &[]).await;
        app.rows(&format!(
            "UPDATE unit_name SET name = '{name}' WHERE name = '{}' RETURNING id",
            app.world()[unit].name
        ))
        .await;
    }
    let computed = judged.computes().await;
    let seen = asked(&judged.committee, computed.id(), "units { nodes { unitName } }").await;
    assert_eq!(
        seen.texts("/node/units/nodes", "unitName"),
        ["CĐCS Ấp Chợ", "CĐCS Đại Tâm", "CĐCS Gia Hòa", "CĐCS Zơ Long"]
    );
}

async fn reports_behind_figures_are_named_to_who_sees_them(app: TestApp) {
    let (reporting, world) = (crate::reports::Reporting::begin(&app).await, app.world());
    let mut table = crate::results::plain();
    let mut growth = crate::criteria::criterion("growth", None, "100");
    growth["part"]["criterion"]["measure"] =
        json!({ "target": { "indicatorCode": "new_members", "fixedTarget": "20" } });
    (table["nodes"], table["tieBreaks"]) = (json!([growth]), json!([]));
    let judged = Judged::by(&app, "Cụm thi đua số 9", "BD-KQ", &table).await;
    let figures = [
        ("members_total", "1.671"),
        ("workers_total", "1.700"),
        ("new_members", "10"),
    ];
    let report = reporting.approved(&app, &world["Thư viện"], &figures).await;
    judged.takes("Thư viện", &[]).await;
    judged.takes("Sở Nội vụ", &[]).await;
    let computed = judged.computes().await;
    judged.publishes(computed.thing()).await.thing();
    let unit = world["Thư viện"].id();
    let path = format!("/api/v1/results/{}/explain?of=TOTAL&unitId={unit}", computed.id());
    let query = "query($id: ID!, $unit: ID!) { explainResult(resultId: $id, subject: { total: $unit }) { figures { indicatorCode report { id } } } }";
    for (who, sees) in [
        (app.officer_of(&world["Thư viện"]).await, true),
        (app.officer_of(&world["Sở Nội vụ"]).await, false),
    ] {
        let rest = who.get(&path).await;
        let expected = if sees { json!(report.id) } else { Value::Null };
        assert_eq!(rest.body()["figures"][0]["indicatorCode"], "new_members", "{rest}");
        assert_eq!(rest.body()["figures"][0]["reportId"], expected, "{rest}");
        let told = who.graphql(query, json!({ "id": computed.id(), "unit": unit })).await;
        assert_eq!(
            *told.at("/explainResult/figures/0/report") == Value::Null,
            !sees,
            "{told}"
        );
    }
}

async fn counts(who: &Person, filter: Value) -> Answer {
    let query = "query($where: GradeCountsWhere!) { gradeCounts(where: $where) {
        grades { grade gradeTitle units } rated notEligible notRated total results addsUp warnings } }";
    who.graphql(query, json!({ "where": filter })).await
}

async fn grade_counts_add_up_or_say_why_not(app: TestApp) {
    let (judged, world) = (Judged::three(&app).await, app.world());
    let who = &judged.committee;
    let computed = judged.computes().await;
    let before = counts(who, json!({ "year": 2026 })).await;
    assert_eq!(before.at("/gradeCounts/total"), 0, "nothing is published");
    judged.publishes(computed.thing()).await.thing();
    let all = counts(who, json!({ "year": 2026 })).await;
    assert_eq!(all.texts("/gradeCounts/grades", "grade"), ["XS", "T", "HT", "KHT"]);
    assert_eq!(all.at("/gradeCounts/rated"), 3);
    assert_eq!(all.at("/gradeCounts/addsUp"), true);
    for (filter, total) in [
        (json!({ "year": 2025 }), 0),
        (json!({ "year": 2026, "clusterId": judged.cluster.id }), 3),
        (json!({ "year": 2026, "unitId": world["Thư viện"].id() }), 1),
        (json!({ "year": 2026, "provinceId": world.soc_trang.id() }), 3),
        (json!({ "year": 2026, "provinceId": world.kon_tum.id() }), 0),
        (json!({ "year": 2026, "sector": "PUBLIC_SERVICE" }), 1),
    ] {
        let some = counts(who, filter.clone()).await;
        assert_eq!(some.at("/gradeCounts/total"), total, "{filter}");
        assert_eq!(some.at("/gradeCounts/addsUp"), true, "{filter}");
    }
    // What is not seen is not there, and is not counted.
    let stranger = app.officer_of(&world["Đăk Tô"]).await;
    assert_eq!(
        counts(&stranger, json!({ "year": 2026 }))
            .await
            .at("/gradeCounts/total"),
        0
    );
    for hidden in [
        json!({ "year": 2026, "clusterId": judged.cluster.id }),
        json!({ "year": 2026, "unitId": world["Thư viện"].id() }),
    ] {
        assert_eq!(counts(&stranger, hidden).await.code(), "NOT_FOUND");
    }
    // Somebody takes part and is in no result.
    let late = emulation_participant::ActiveModel {
        id: Set(app.env.new_id()),
        year_id: Set(judged.year),
        unit_id: Set(world["Sở Khoa học"].uuid),
        calendar: Set(YearCalendar::Year),
        note: Set(None),
        withdrawn_on: Set(None),
        withdrawn_reason: Set(None),
        version: Set(1),
    };
    late.insert(&app.env.db).await.expect("a participant");
    let short = counts(who, json!({ "year": 2026 })).await;
    assert_eq!(short.at("/gradeCounts/addsUp"), false);
    assert_eq!(short.at("/gradeCounts/warnings").as_array().map(Vec::len), Some(1));
    // A unit that has changed its sector since is counted as the result has it, and nothing is missing for that.
    let moved = thidua_entity::unit::ActiveModel {
        id: Set(world["Thư viện"].uuid),
        sector: Set(Some(thidua_entity::enums::Sector::Education)),
        ..Default::default()
    };
    moved.update(&app.env.db).await.expect("a unit");
    for (sector, total) in [("PUBLIC_SERVICE", 1), ("EDUCATION", 0)] {
        let some = counts(who, json!({ "year": 2026, "sector": sector })).await;
        assert_eq!(some.at("/gradeCounts/total"), total, "{sector}");
        assert_eq!(some.at("/gradeCounts/addsUp"), true, "{sector}");
    }
    let rest = who
        .get("/api/v1/results/grade-counts?year=2026&sector=PUBLIC_SERVICE")
        .await;
    assert_eq!(rest.body()["grades"][2]["gradeTitle"], "Hoàn thành nhiệm vụ");
    let units = rest.body()["grades"]
        .as_array()
        .expect("grades")
        .iter()
        .map(|one| &one["units"]);
    assert_eq!(units.collect::<Vec<_>>(), [0, 0, 1, 0]);
}
