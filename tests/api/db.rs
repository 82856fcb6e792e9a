//! What the service rests on: how the databases are opened, that no write is lost, and what the tables refuse.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, Set, Statement};
use serde_json::json;
use thidua::db;
use thidua_entity::enums::NameUse;
use thidua_entity::{province, unit_name, unit_statistics};
use uuid::Uuid;

use crate::support::{Database, TestApp, on_both_databases};

on_both_databases! {
    an_acknowledged_write_survives_a_power_cut,
    of_forty_writers_at_once_none_is_lost,
    of_forty_founders_at_once_none_is_turned_away,
    what_is_not_committed_never_was,
    the_tables_refuse_what_cannot_be,
}

async fn an_acknowledged_write_survives_a_power_cut(app: TestApp) {
    if app.database == Database::Postgres {
        // What the service asks of its connections; that the server's own `fsync` is on is told in docs.
        let row = app.rows("SHOW statement_timeout").await;
        assert_eq!(
            row[0].try_get::<String>("", "statement_timeout").expect("a text"),
            "30s"
        );
        return;
    }
    for _ in 0..3 {
        let connections = [db::begin_write(&app.env.db).await, db::begin_read(&app.env.db).await];
        for connection in connections {
            let tx = connection.expect("a transaction");
            for (pragma, expected) in [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5_000)] {
                let statement = Statement::from_string(tx.get_database_backend(), format!("PRAGMA {pragma}"));
                let row = tx.query_one_raw(statement).await.expect("an answer").expect("a row");
                assert_eq!(row.try_get_by_index::<i32>(0).expect("a number"), expected, "{pragma}");
            }
        }
    }
    let mode = app.rows("PRAGMA journal_mode").await;
    assert_eq!(mode[0].try_get_by_index::<String>(0).expect("a text"), "wal");
}

async fn of_forty_writers_at_once_none_is_lost(app: TestApp) {
    use sea_orm::{QueryFilter as _, QuerySelect as _};
    let id = app.world().kon_tum.uuid;
    let add_one = async || {
        // Reads, then writes what it read plus one: without its lock some of the forty would overwrite each other.
        let tx = db::begin_write(&app.env.db).await.expect("a transaction");
        let seen = province::Entity::find_by_id(id).lock_exclusive().one(&tx).await;
        let seen = seen.expect("a query").expect("a province").version;
        let change = province::Entity::update_many()
            .col_expr(province::Column::Version, Expr::val(seen + 1))
            .filter(province::Column::Id.eq(id));
        change.exec(&tx).await.expect("a change");
        tx.commit().await.expect("a commit");
    };
    join_all((0..40).map(|_| add_one())).await;
    let province = province::Entity::find_by_id(id).one(&app.env.db).await;
    assert_eq!(province.expect("a query").expect("a province").version, 41);
}

async fn of_forty_founders_at_once_none_is_turned_away(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let mut founders = Vec::new();
    for _ in 0..40 {
        founders.push(app.specialist_of(&world["Kon Tum"]).await);
    }
    let founded = join_all(founders.iter().enumerate().map(async |(number, founder)| {
        let new =
            json!({ "kind": "GRASSROOTS", "name": format!("CĐCS số {number}"), "parentId": world["Đăk Glei"].id() });
        founder.does("createUnit", new).await.id().to_owned()
    }))
    .await;
    assert_eq!(founded.iter().collect::<BTreeSet<_>>().len(), 40);
    let query = format!(
        "{{ units(where: {{ parentId: \"{}\" }}) {{ totalCount }} }}",
        world["Đăk Glei"].id()
    );
    assert_eq!(*specialist.graphql(&query, json!({})).await.at("/units/totalCount"), 40);
}

async fn what_is_not_committed_never_was(app: TestApp) {
    let added = async |code: &str| {
        let tx = db::begin_write(&app.env.db).await.expect("a transaction");
        let row = province::ActiveModel {
            id: Set(Uuid::now_v7()),
            code: Set(code.to_owned()),
            name: Set("Tỉnh thử nghiệm".to_owned()),
            sort_key: Set(vec![1]),
            valid_from: Set(None),
            valid_to: Set(None),
            successor_id: Set(None),
            version: Set(1),
        };
        row.insert(&tx).await.expect("a row");
        tx
    };
    drop(added("TT").await);
    added("TU").await.rollback().await.expect("a way back");
    added("TV").await.commit().await.expect("a commit");
    let found = app.rows("SELECT code FROM province WHERE code LIKE 'T%'").await;
    let codes: Vec<String> = found
        .iter()
        .map(|row| row.try_get("", "code").expect("a code"))
        .collect();
    assert_eq!(codes, ["TV"]);
}

async fn the_tables_refuse_what_cannot_be(app: TestApp) {
    let world = app.world();
    let (district, school) = (world["Đăk Tô"].uuid, world["Xã Diên Bình"].uuid);
    let id = |uuid: Uuid| match app.database {
        Database::Sqlite => format!("x'{}'", uuid.simple()),
        Database::Postgres => format!("'{uuid}'"),
    };
    let new = || id(Uuid::now_v7());
    let unit = |column: &str, value: &str| format!("UPDATE unit SET {column} = {value} WHERE id = {}", id(district));
    let (nobody, district_id, school_id) = (new(), id(district), id(school));
    let statistics = |workers: i64, members: i64, women: i64| {
        format!(
            "INSERT INTO unit_statistics (id, unit_id, as_of, workers, members, women_members, version) \
             VALUES ({}, {district_id}, '2026-01-01', {workers}, {members}, {women}, 1)",
            new()
        )
    };
    let parent = |unit: &str, parent: &str, from: &str| {
        format!(
            "INSERT INTO unit_parent (id, unit_id, parent_id, valid_from) VALUES ({}, {unit}, {parent}, '{from}')",
            new()
        )
    };
    let name = |name_use: &str, from: &str, to: &str| {
        format!(
            "INSERT INTO unit_name (id, unit_id, name_use, name, valid_from, valid_to) \
             VALUES ({}, {district_id}, '{name_use}', 'Tên', {from}, {to})",
            new()
        )
    };
    let grant = |role: &str, kind: &str, scope: &str| {
        format!(
            "INSERT INTO role_grant (id, account_id, role, scope_kind, scope_id, valid_from, version) \
             SELECT {}, id, '{role}', '{kind}', {scope}, '2026-01-01', 1 FROM account",
            new()
        )
    };
    app.stranger().await;
    let refused = [
        ("a kind that is none", unit("kind", "'DISTRICT'")),
        ("a sector that is none", unit("sector", "'education'")),
        ("an end before the beginning", unit("ended_on", "'1999-01-01'")),
        ("no name", unit("name", "NULL")),
        ("a province that is not there", unit("province_id", &nobody)),
        ("a code that is taken", "UPDATE province SET code = 'KT'".to_owned()),
        ("more members than workers", statistics(1, 2, 0)),
        ("more women than members", statistics(9, 2, 3)),
        ("a count below zero", statistics(-1, -1, -1)),
        ("a parent of its own", parent(&district_id, &district_id, "2026-01-01")),
        (
            "a second parent",
            parent(&district_id, &id(world["Sóc Trăng"].uuid), "2026-01-01"),
        ),
        (
            "a parent that is not there",
            parent(&nobody, &district_id, "2026-01-01"),
        ),
        ("a second official name", name("OFFICIAL", "NULL", "NULL")),
        ("a use of a name that is none", name("NICKNAME", "NULL", "NULL")),
        (
            "a span that ends before it begins",
            name("ALIAS", "'2026-01-01'", "'2025-01-01'"),
        ),
        ("a role that is none", grant("ROOT", "EVERYTHING", "NULL")),
        ("a scope without its unit", grant("VIEWER", "UNIT", "NULL")),
        ("everything of something", grant("VIEWER", "EVERYTHING", &school_id)),
        (
            "depth 0 of another",
            format!("UPDATE unit_ancestry SET depth = 0 WHERE unit_id = {school_id}"),
        ),
        (
            "a unit that others refer to is deleted",
            format!("DELETE FROM unit WHERE id = {school_id}"),
        ),
        (
            "a named thing that is none",
            format!(
                "INSERT INTO name_key (subject, key, subject_id) VALUES ('PERSON', x'61', {})",
                new()
            )
            .replace(
                "x'61'",
                if app.database == Database::Sqlite {
                    "x'61'"
                } else {
                    "'\\x61'"
                },
            ),
        ),
    ];
    for (what, sql) in refused {
        let outcome = app.env.db.execute_unprepared(&sql).await;
        assert!(outcome.is_err(), "the tables take {what}: {sql}");
    }
    for sql in [
        statistics(2, 2, 2),
        name("ALIAS", "'2025-01-01'", "NULL"),
        grant("VIEWER", "UNIT", &school_id),
    ] {
        app.env
            .db
            .execute_unprepared(&sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let second = unit_statistics::ActiveModel {
        id: Set(Uuid::now_v7()),
        unit_id: Set(district),
        as_of: Set(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day")),
        workers: Set(None),
        members: Set(None),
        women_members: Set(None),
        source: Set(None),
        version: Set(1),
    };
    let refused: thidua::error::Error = second
        .insert(&app.env.db)
        .await
        .expect_err("two counts of a day")
        .into();
    let rule =
        "ALREADY_EXISTS (unit_statistics_unit_id_as_of): The unit has figures for that day already; correct those.";
    assert_eq!(refused.to_string(), rule, "the same on both databases");
    let third = unit_name::ActiveModel {
        id: Set(Uuid::now_v7()),
        unit_id: Set(Uuid::now_v7()),
        name_use: Set(NameUse::Alias),
        name: Set("Không có đơn vị".to_owned()),
        valid_from: Set(None),
        valid_to: Set(None),
    };
    let refused: thidua::error::Error = third.insert(&app.env.db).await.expect_err("a name of no unit").into();
    assert_eq!(refused.code(), "INTERNAL");
}
