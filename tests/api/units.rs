//! Units: who founds, names, moves, ends and counts them, and who may not. Who sees them is told in `unit_lists.rs`.

use std::time::Duration;

use chrono::NaiveDate;
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::db;
use thidua::units::ancestry::{self, Link};
use thidua::units::store;

use crate::support::{Answer, Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    a_specialist_founds_a_unit_below_its_own,
    a_unit_takes_its_province_from_the_unit_above,
    only_who_administers_everything_founds_at_the_top,
    a_unit_is_not_founded_below_its_own_level,
    a_unit_is_not_founded_below_one_that_has_ended,
    officers_committees_and_viewers_found_nothing,
    nothing_is_founded_in_a_province_that_one_does_not_see,
    a_renamed_unit_keeps_its_old_name_for_the_days_before,
    a_name_of_tomorrow_is_not_used_today,
    a_name_cannot_begin_before_the_present_one,
    a_renamed_unit_is_found_by_both_names,
    a_unit_is_found_by_its_nickname,
    of_two_who_rename_at_once_one_is_too_late,
    a_version_that_never_was_is_stale,
    a_moved_unit_stands_where_it_stood_before_that_day,
    what_stands_below_a_moved_unit_moves_with_it,
    a_specialist_moves_nothing_out_of_its_hands,
    a_unit_cannot_stand_below_itself_or_its_own,
    founding_while_the_unit_above_moves_loses_nobody,
    founding_waits_for_a_move_that_is_not_yet_committed,
    an_ended_unit_keeps_its_history,
    a_unit_ends_once_and_after_it_was_founded,
    what_is_left_out_of_a_change_stays,
    a_code_names_one_unit,
    head_counts_are_recorded_by_the_units_own_officer,
    head_counts_must_make_sense,
    a_second_count_of_a_day_replaces_the_first,
    every_change_is_in_the_audit,
}

/// A grassroots union to be founded below a unit.
fn grassroots(name: &str, above: &Unit) -> Value {
    json!({ "kind": "GRASSROOTS", "name": name, "parentId": above.id(), "foundedOn": "2026-03-01" })
}

async fn unit(person: &Person, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Unit {{ {fields} }} }} }}");
    person.graphql(&query, json!({ "id": id })).await
}

async fn found(person: &Person, search: &str) -> usize {
    let query = "query($search: String!) { units(where: { search: $search }) { nodes { id } } }";
    let answer = person.graphql(query, json!({ "search": search })).await;
    answer.texts("/units/nodes", "id").len()
}

async fn below(person: &Person, above: &Unit, day: &str) -> u64 {
    let query = "query($id: ID!, $day: NaiveDate!) { units(where: { underId: $id }, asOf: $day) { totalCount } }";
    let answer = person.graphql(query, json!({ "id": above.id(), "day": day })).await;
    answer.at("/units/totalCount").as_u64().expect("a number")
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

async fn a_renamed_unit_keeps_its_old_name_for_the_days_before(app: TestApp) {
    let world = app.world();
    let district = &world["Tu Mơ Rông"];
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let new = json!({ "id": district.id(), "version": 1, "name": "Công đoàn xã Tu Mơ Rông", "from": "2025-07-01" });
    let renamed = specialist.does("renameUnit", new).await;
    assert_eq!(renamed.thing()["name"], "Công đoàn xã Tu Mơ Rông");
    assert_eq!(renamed.thing()["version"], 2);
    let fields = r#"name long: name(asOf: "1990-01-01") last: name(asOf: "2025-06-30") first: name(asOf: "2025-07-01")
        names { name validFrom validTo }"#;
    assert_eq!(
        *unit(&specialist, &district.id(), fields).await.at("/node"),
        json!({
            "name": "Công đoàn xã Tu Mơ Rông", "long": "LĐLĐ huyện Tu Mơ Rông", "last": "LĐLĐ huyện Tu Mơ Rông",
            "first": "Công đoàn xã Tu Mơ Rông",
            "names": [
                { "name": "Công đoàn xã Tu Mơ Rông", "validFrom": "2025-07-01", "validTo": null },
                { "name": "LĐLĐ huyện Tu Mơ Rông", "validFrom": "2001-07-28", "validTo": "2025-07-01" },
            ],
        })
    );
}

async fn a_name_of_tomorrow_is_not_used_today(app: TestApp) {
    let world = app.world();
    let district = &world["Tu Mơ Rông"];
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let new = json!({ "id": district.id(), "version": 1, "name": "Công đoàn xã Tu Mơ Rông", "from": "2026-03-11" });
    specialist.does("renameUnit", new).await.thing();
    assert_eq!(
        unit(&specialist, &district.id(), "name").await.str("/node/name"),
        "LĐLĐ huyện Tu Mơ Rông"
    );
    app.it_is(moment(2026, 3, 11, 0, 0));
    assert_eq!(
        unit(&specialist, &district.id(), "name").await.str("/node/name"),
        "Công đoàn xã Tu Mơ Rông"
    );
}

async fn a_name_cannot_begin_before_the_present_one(app: TestApp) {
    let world = app.world();
    let district = &world["Ngọc Hồi"];
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let early = json!({ "id": district.id(), "version": 1, "name": "Tên khác", "from": "2001-07-28" });
    assert_eq!(
        specialist.does("renameUnit", early).await.user_errors(),
        [("SPAN_INVALID", "from")]
    );
    let seen = unit(&specialist, &district.id(), "version names { name }").await;
    assert_eq!(
        *seen.at("/node"),
        json!({ "version": 1, "names": [{ "name": "LĐLĐ huyện Ngọc Hồi" }] })
    );
}

async fn a_renamed_unit_is_found_by_both_names(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let new =
        json!({ "id": world["Sở Nội vụ"].id(), "version": 1, "name": "CĐCS Cơ quan Tổ chức", "from": "2026-01-01" });
    specialist.does("renameUnit", new).await.thing();
    assert_eq!(found(&specialist, "so noi vu").await, 1);
    assert_eq!(found(&specialist, "co quan to chuc").await, 1);
}

async fn a_unit_is_found_by_its_nickname(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let alias = json!({ "id": world["Viên chức"].id(), "version": 1, "alias": "CĐVC tỉnh" });
    let named = specialist.does("addUnitAlias", alias).await;
    assert_eq!(named.thing()["name"], "Công đoàn Viên chức tỉnh Sóc Trăng");
    assert_eq!(found(&specialist, "cđvc").await, 1);
}

async fn of_two_who_rename_at_once_one_is_too_late(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let rename = |number: usize| {
        let name = format!("LĐLĐ huyện Đăk Tô {number}");
        let input = json!({ "id": world["Đăk Tô"].id(), "version": 1, "name": name, "from": "2026-03-01" });
        let specialist = specialist.clone();
        async move { specialist.does("renameUnit", input).await }
    };
    let answers = join_all((0..8).map(rename)).await;
    let outcomes: Vec<&str> = answers.iter().map(Answer::code).collect();
    let in_time = outcomes.iter().filter(|code| code.is_empty());
    // The others come too late, or find that the name has begun already.
    let winners = in_time.count()
        - answers
            .iter()
            .filter(|one| one.code().is_empty() && !one.user_errors().is_empty())
            .count();
    assert_eq!(winners, 1, "{outcomes:?}");
    assert!(
        outcomes.iter().all(|code| matches!(*code, "" | "STALE_VERSION")),
        "{outcomes:?}"
    );
    let seen = unit(&specialist, &world["Đăk Tô"].id(), "version names { name }").await;
    assert_eq!(*seen.at("/node/version"), 2);
    assert_eq!(seen.texts("/node/names", "name").len(), 2);
}

async fn a_version_that_never_was_is_stale(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    for version in [-1, 0, 2, i32::MAX, i32::MIN] {
        let alias = json!({ "id": world["Đăk Tô"].id(), "version": version, "alias": "Huyện Đăk Tô" });
        let answer = specialist.does("addUnitAlias", alias).await;
        assert_eq!(answer.code(), "STALE_VERSION", "{answer}");
    }
    assert_eq!(
        unit(&specialist, &world["Đăk Tô"].id(), "names { name }")
            .await
            .texts("/node/names", "name")
            .len(),
        1
    );
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
    let founding = join_all((0..12).map(|number| {
        let new = grassroots(&format!("CĐCS Xã số {number}"), &world["Đăk Tô"]);
        let admin = admin.clone();
        async move { admin.does("createUnit", new).await.thing()["id"].clone() }
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
    app.specialist_of(&world["Viên chức"])
        .await
        .does("recordUnitStatistics", count(&app, 24, 24, 15))
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

async fn a_second_count_of_a_day_replaces_the_first(app: TestApp) {
    let officer = app.officer_of(&app.world()["Thư viện"]).await;
    officer
        .does("recordUnitStatistics", count(&app, 24, 23, 15))
        .await
        .thing();
    officer
        .does("recordUnitStatistics", count(&app, 25, 25, 16))
        .await
        .thing();
    let mut next = count(&app, 26, 26, 16);
    next["asOf"] = "2026-03-01".into();
    officer.does("recordUnitStatistics", next).await.thing();
    let seen = unit(&officer, &app.world()["Thư viện"].id(), "statistics { asOf members }").await;
    let expected = json!([{ "asOf": "2026-03-01", "members": 26 }, { "asOf": "2025-12-31", "members": 25 }]);
    assert_eq!(*seen.at("/node/statistics"), expected);
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
