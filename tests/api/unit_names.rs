//! Names of units: who gives them, and under which name a unit is known on a day.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Answer, TestApp, moment, on_both_databases};
use crate::units::{found, unit};

on_both_databases! {
    a_renamed_unit_keeps_its_old_name_for_the_days_before,
    a_name_of_tomorrow_is_not_used_today,
    a_name_cannot_begin_before_the_present_one,
    a_renamed_unit_is_found_by_both_names,
    a_unit_is_found_by_its_nickname,
    of_two_who_rename_at_once_one_is_too_late,
    a_version_that_never_was_is_stale,
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
