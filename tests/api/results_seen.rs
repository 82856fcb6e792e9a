//! Who sees results, and what grade counts tell.

use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use thidua_entity::emulation_participant;
use thidua_entity::enums::YearCalendar;

use crate::results::{Judged, asked, step, units};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_computed_result_is_seen_by_who_computes_and_who_stands_above,
    a_published_result_is_open_to_the_cluster,
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
