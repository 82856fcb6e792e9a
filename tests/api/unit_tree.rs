//! The tree of units with its days: moving, ending, and what that does to those below.

use std::time::Duration;

use chrono::NaiveDate;
use futures_util::future::join_all;
use serde_json::json;
use thidua::db;
use thidua::units::ancestry::{self, Link};
use thidua::units::store;

use crate::support::{Person, TestApp, Unit, moment, on_both_databases};
use crate::units::{grassroots, unit};

on_both_databases! {
    a_moved_unit_stands_where_it_stood_before_that_day,
    what_stands_below_a_moved_unit_moves_with_it,
    a_specialist_moves_nothing_out_of_its_hands,
    a_unit_cannot_stand_below_itself_or_its_own,
    founding_while_the_unit_above_moves_loses_nobody,
    founding_waits_for_a_move_that_is_not_yet_committed,
    an_ended_unit_keeps_its_history,
    a_unit_ends_once_and_after_it_was_founded,
}

async fn below(person: &Person, above: &Unit, day: &str) -> u64 {
    let query = "query($id: ID!, $day: NaiveDate!) { units(where: { underId: $id }, asOf: $day) { totalCount } }";
    let answer = person.graphql(query, json!({ "id": above.id(), "day": day })).await;
    answer.at("/units/totalCount").as_u64().expect("a number")
}

async fn a_moved_unit_stands_where_it_stood_before_that_day(app: TestApp) {
    let world = app.world();
    let (school, old, new) = (&world["Trường Lương Thế Vinh"], &world["Đăk Tô"], &world["Ngọc Hồi"]);
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let to =
        json!({ "id": school.id(), "version": 1, "parentId": new.id(), "from": "2026-01-01", "decision": "Số 05/QĐ" });
    specialist.does("moveUnit", to).await.thing();
    let fields =
        r#"parent { name } before: parent(asOf: "2025-12-31") { name } beforeName: parentName(asOf: "2025-12-31")"#;
    assert_eq!(
        *unit(&specialist, &school.id(), fields).await.at("/node"),
        json!({
            "parent": { "name": new.name }, "before": { "name": old.name }, "beforeName": old.name,
        })
    );
    assert_eq!(
        (
            below(&specialist, old, "2025-12-31").await,
            below(&specialist, new, "2025-12-31").await
        ),
        (6, 1)
    );
    assert_eq!(
        (
            below(&specialist, old, "2026-01-01").await,
            below(&specialist, new, "2026-01-01").await
        ),
        (5, 2)
    );
    let officer = app.specialist_of(old).await;
    assert_eq!(unit(&officer, &school.id(), "name").await.code(), "NOT_FOUND");
    assert_eq!(
        unit(&app.specialist_of(new).await, &school.id(), "name")
            .await
            .str("/node/name"),
        school.name
    );
    let again = json!({ "id": school.id(), "version": 2, "parentId": old.id(), "from": "2026-01-01" });
    assert_eq!(
        specialist.does("moveUnit", again).await.user_errors(),
        [("SPAN_INVALID", "from")]
    );
}

async fn what_stands_below_a_moved_unit_moves_with_it(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let mut section = grassroots("Công đoàn bộ phận Tổ Văn", &world["Trường Nguyễn Văn Cừ"]);
    section["kind"] = "SECTION".into();
    let section = admin.does("createUnit", section).await.id().to_owned();
    let to =
        json!({ "id": world["Đăk Tô"].id(), "version": 1, "parentId": world["Sóc Trăng"].id(), "from": "2026-03-05" });
    admin.does("moveUnit", to).await.thing();
    let committee = app.committee_of(&world["Sóc Trăng"]).await;
    assert_eq!(
        unit(&committee, &section, "name").await.str("/node/name"),
        "Công đoàn bộ phận Tổ Văn"
    );
    assert_eq!(
        unit(&app.committee_of(&world["Kon Tum"]).await, &section, "name")
            .await
            .code(),
        "NOT_FOUND"
    );
    assert_eq!(below(&admin, &world["Kon Tum"], "2026-03-04").await, 12);
    assert_eq!(below(&admin, &world["Kon Tum"], "2026-03-05").await, 5);
    assert_eq!(below(&admin, &world["Sóc Trăng"], "2026-03-05").await, 14);
    // Moved for a day to come, it stands where it stands until then.
    let back =
        json!({ "id": world["Đăk Tô"].id(), "version": 2, "parentId": world["Kon Tum"].id(), "from": "2026-04-01" });
    admin.does("moveUnit", back).await.thing();
    assert_eq!(
        unit(&committee, &section, "name").await.str("/node/name"),
        "Công đoàn bộ phận Tổ Văn"
    );
    app.it_is(moment(2026, 4, 1, 0, 0));
    assert_eq!(unit(&committee, &section, "name").await.code(), "NOT_FOUND");
}

async fn a_specialist_moves_nothing_out_of_its_hands(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Đăk Tô"]).await;
    let to = |parent: &Unit| json!({ "id": world["Xã Diên Bình"].id(), "version": 1, "parentId": parent.id(), "from": "2026-03-05" });
    assert_eq!(
        specialist.does("moveUnit", to(&world["Ngọc Hồi"])).await.code(),
        "NOT_FOUND"
    );
    let also_viewer = [
        (
            thidua_entity::enums::Role::Specialist,
            thidua::policy::Scope::Unit(world["Đăk Tô"].uuid),
        ),
        (thidua_entity::enums::Role::Viewer, thidua::policy::Scope::Everything),
    ];
    let specialist = app.person(&also_viewer).await;
    assert_eq!(
        specialist.does("moveUnit", to(&world["Ngọc Hồi"])).await.code(),
        "FORBIDDEN"
    );
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    specialist.does("moveUnit", to(&world["Ngọc Hồi"])).await.thing();
}

async fn a_unit_cannot_stand_below_itself_or_its_own(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let to = |unit: &Unit, parent: &Unit| json!({ "id": unit.id(), "version": 1, "parentId": parent.id(), "from": "2026-03-05" });
    for (unit, parent) in [
        ("Kon Tum", "Kon Tum"),
        ("Kon Tum", "Đăk Tô"),
        ("Kon Tum", "Sóc Trăng"),
        ("Đăk Tô", "Xã Diên Bình"),
    ] {
        let answer = admin.does("moveUnit", to(&world[unit], &world[parent])).await;
        assert_eq!(
            answer.user_errors(),
            [("PARENT_LEVEL", "parentId")],
            "{unit} below {parent}"
        );
    }
}

async fn founding_while_the_unit_above_moves_loses_nobody(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let moving = async {
        for (version, (month, parent)) in [(4, "Sóc Trăng"), (5, "Kon Tum"), (6, "Sóc Trăng")]
            .into_iter()
            .enumerate()
        {
            let from = format!("2025-0{month}-01");
            let to = json!({ "id": world["Đăk Tô"].id(), "version": version + 1, "parentId": world[parent].id(), "from": from });
            admin.does("moveUnit", to).await.thing();
        }
    };
    let mut founders = Vec::new();
    for _ in 0..12 {
        founders.push(app.admin().await);
    }
    let founding = join_all(founders.iter().enumerate().map(async |(number, founder)| {
        let new = grassroots(&format!("CĐCS Xã số {number}"), &world["Đăk Tô"]);
        founder.does("createUnit", new).await.thing()["id"].clone()
    }));
    futures_util::future::join(moving, founding).await;
    assert_eq!(below(&admin, &world["Đăk Tô"], "2026-03-10").await, 18);
    assert_eq!(below(&admin, &world["Kon Tum"], "2026-03-10").await, 5);
    assert_eq!(below(&admin, &world["Sóc Trăng"], "2026-03-10").await, 7 + 18);
}

async fn founding_waits_for_a_move_that_is_not_yet_committed(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let tx = db::begin_write(&app.env.db).await.expect("a transaction");
    db::wait_for_turn(&tx, db::Turn::UnitTree).await.expect("a turn");
    let link = Link {
        unit: world["Đăk Tô"].uuid,
        parent: world["Sóc Trăng"].uuid,
        from: NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day"),
        to: ancestry::END,
    };
    let moved = store::set_parent(&tx, app.env.new_id(), link, None).await;
    moved.expect("a move");
    let committing = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tx.commit().await.expect("a commit");
    };
    let founding = admin.does("createUnit", grassroots("CĐCS Xã Pô Kô", &world["Đăk Tô"]));
    let (_, founded) = futures_util::future::join(committing, founding).await;
    let committee = app.committee_of(&world["Sóc Trăng"]).await;
    assert_eq!(
        unit(&committee, founded.id(), "name").await.str("/node/name"),
        "CĐCS Xã Pô Kô"
    );
}

async fn an_ended_unit_keeps_its_history(app: TestApp) {
    let world = app.world();
    let district = &world["IaH’Drai"];
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let reason = "Bỏ cấp huyện theo Nghị quyết số 60-NQ/TW";
    let end = json!({ "id": district.id(), "version": 1, "on": "2025-07-01", "reason": reason });
    assert_eq!(specialist.does("endUnit", end).await.thing()["endedOn"], "2025-07-01");
    let list = |more: &str| format!("{{ units(where: {{ search: \"ia hdrai\" {more} }}) {{ nodes {{ name }} }} }}");
    let now = specialist.graphql(&list(""), json!({})).await;
    assert_eq!(*now.at("/units/nodes"), json!([]));
    let with_ended = specialist.graphql(&list("includeEnded: true"), json!({})).await;
    assert_eq!(with_ended.texts("/units/nodes", "name"), ["LĐLĐ huyện IaH’Drai"]);
    let then = r#"{ units(where: { search: "ia hdrai" }, asOf: "2025-06-30") { nodes { name } } }"#;
    assert_eq!(
        specialist.graphql(then, json!({})).await.texts("/units/nodes", "name"),
        ["LĐLĐ huyện IaH’Drai"]
    );
    let seen = unit(
        &specialist,
        &district.id(),
        "name endReason parent { name } names { name }",
    )
    .await;
    assert_eq!(seen.str("/node/endReason"), reason);
    assert_eq!(seen.str("/node/parent/name"), "Liên đoàn Lao động tỉnh Kon Tum");
    assert_eq!(
        unit(&app.officer_of(district).await, &district.id(), "name")
            .await
            .str("/node/name"),
        district.name
    );
}

async fn a_unit_ends_once_and_after_it_was_founded(app: TestApp) {
    let world = app.world();
    let english = app.specialist_of(&world["Kon Tum"]).await.in_english();
    let end = |version: i32, on: &str| json!({ "id": world["IaH’Drai"].id(), "version": version, "on": on, "reason": "Sáp nhập" });
    assert_eq!(
        english.does("endUnit", end(1, "2001-07-28")).await.user_errors(),
        [("SPAN_INVALID", "on")]
    );
    english.does("endUnit", end(1, "2025-07-01")).await.thing();
    let again = english.does("endUnit", end(2, "2025-08-01")).await;
    assert_eq!(
        (again.code(), again.message()),
        ("WRONG_STATE", "The unit ended on 2025-07-01 already.")
    );
}
