//! What the service rests on: how the databases are opened, that no write is lost, what the tables refuse, and that entities,
//! enums and migrations tell the same.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use sea_orm::sea_query::{ColumnType, Expr};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait as _, DatabaseConnection, EntityTrait, Iterable as _, Set,
    Statement,
};
use sea_orm_migration::MigratorTrait as _;
use serde_json::json;
use thidua::db;
use thidua_entity::enums::{self, NameUse};
use thidua_entity::{province, unit_name, unit_statistics};
use thidua_migration::Migrator;
use uuid::Uuid;

use crate::support::{Database, TestApp, on_both_databases};

on_both_databases! {
    an_acknowledged_write_survives_a_power_cut,
    of_forty_writers_at_once_none_is_lost,
    of_forty_founders_at_once_none_is_turned_away,
    what_is_not_committed_never_was,
    the_tables_refuse_what_cannot_be,
    entities_are_what_migrations_made,
    checks_list_the_codes_of_the_enums,
    migrations_go_down_and_up_again,
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(statement)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn an_acknowledged_write_survives_a_power_cut(app: TestApp) {
    if app.database == Database::Postgres {
        // What the service asks of its connections; that the server's own `fsync` is on is told in docs.
        let row = rows(&app.env.db, "SHOW statement_timeout").await;
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
    let mode = rows(&app.env.db, "PRAGMA journal_mode").await;
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
    let found = async |number: usize| {
        let new =
            json!({ "kind": "GRASSROOTS", "name": format!("CĐCS số {number}"), "parentId": world["Đăk Glei"].id() });
        specialist.does("createUnit", new).await.id().to_owned()
    };
    let founded = join_all((0..40).map(found)).await;
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
    let found = rows(&app.env.db, "SELECT code FROM province WHERE code LIKE 'T%'").await;
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
    let rule = "ALREADY_EXISTS: It already exists (unit_statistics_unit_id_as_of).";
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

/// What a column is, in words that both databases and the entities can be put into.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    kind: &'static str,
    nullable: bool,
}

type Tables = BTreeMap<String, BTreeMap<String, Column>>;

fn add_entity<E: EntityTrait>(tables: &mut Tables)
where
    E::Column: ColumnTrait,
{
    let columns = E::Column::iter().map(|column| {
        let definition = column.def();
        let kind = match definition.get_column_type() {
            ColumnType::String(_) | ColumnType::Text | ColumnType::Enum { .. } => "text",
            ColumnType::Uuid => "uuid",
            ColumnType::Date => "day",
            ColumnType::TimestampWithTimeZone | ColumnType::Timestamp => "instant",
            ColumnType::Integer => "integer",
            ColumnType::BigInteger => "big integer",
            ColumnType::Boolean => "boolean",
            ColumnType::VarBinary(_) | ColumnType::Blob | ColumnType::Binary(_) => "bytes",
            other => panic!("{}: a column of type {other:?}", E::default().table_name()),
        };
        let nullable = definition.is_null();
        (
            sea_orm::IdenStatic::as_str(&column).to_owned(),
            Column { kind, nullable },
        )
    });
    tables.insert(E::default().table_name().to_owned(), columns.collect());
}

/// Every entity of the entity crate, compared with its folder, so that none is forgotten.
fn entity_tables() -> Tables {
    let mut tables = Tables::new();
    macro_rules! add {
        ($($table:ident)+) => {{
            $(add_entity::<thidua_entity::$table::Entity>(&mut tables);)+
            BTreeSet::from([$(stringify!($table).to_owned()),+])
        }};
    }
    let added = add!(
        account audit_entry award award_decision award_type cluster cluster_membership cluster_office idempotency_key
        indicator name_key period province refresh_token report_form report_form_item report_form_kind
        report_form_version report_step report_submission report_value report_writer role_grant session unit unit_ancestry unit_code
        unit_name unit_parent unit_statistics
    );
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/entity/src");
    let files = std::fs::read_dir(folder)
        .expect("the entities")
        .map(|file| file.expect("a file").path());
    let with_table = files.filter(|file| {
        std::fs::read_to_string(file)
            .expect("a text")
            .contains("#[sea_orm(table_name")
    });
    let in_folder = with_table.map(|file| file.file_stem().expect("a name").to_string_lossy().into_owned());
    assert_eq!(added, in_folder.collect(), "tests/api/db.rs must name every entity");
    tables
}

async fn database_tables(app: &TestApp) -> Tables {
    let mut tables = Tables::new();
    let sql = match app.database {
        Database::Sqlite => {
            "SELECT m.name AS tab, c.name AS col, lower(c.type) AS kind, c.\"notnull\" = 0 AND c.pk = 0 AS nullable \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
             AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'seaql_migrations'"
        }
        Database::Postgres => {
            "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind, is_nullable = 'YES' AS nullable \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
        }
    };
    for row in rows(&app.env.db, sql).await {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text");
        let kind = match text("kind").as_str() {
            "text" => "text",
            "uuid" | "uuid_text" | "blob(16)" => "uuid",
            "date" | "date_text" => "day",
            "timestamp with time zone" | "timestamp_with_timezone_text" => "instant",
            "integer" => "integer",
            "bigint" => "big integer",
            "boolean" => "boolean",
            "bytea" | "blob" => "bytes",
            other => panic!("{}.{} is {other:?}", text("tab"), text("col")),
        };
        let nullable = row.try_get::<bool>("", "nullable").expect("yes or no");
        tables
            .entry(text("tab"))
            .or_default()
            .insert(text("col"), Column { kind, nullable });
    }
    tables
}

async fn entities_are_what_migrations_made(app: TestApp) {
    let (entities, tables) = (entity_tables(), database_tables(&app).await);
    let names = |tables: &Tables| tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&entities), names(&tables));
    for (table, mut columns) in entities {
        if app.database == Database::Sqlite {
            // It has one integer, of 64 bits.
            for column in columns.values_mut().filter(|column| column.kind == "big integer") {
                column.kind = "integer";
            }
        }
        assert_eq!(columns, tables[&table], "{table}");
    }
}

/// Which enum each check lists, by the check's name without `ck_`.
fn checked_enums() -> BTreeMap<&'static str, BTreeSet<String>> {
    macro_rules! codes {
        ($($check:literal: $enum:ident,)+) => {
            BTreeMap::from([$(($check, enums::$enum::ALL.iter().map(|one| one.code()).collect())),+])
        };
    }
    codes! {
        "role_grant_role": Role,
        "role_grant_scope_kind": ScopeKind,
        "unit_kind": UnitKind,
        "unit_sector": Sector,
        "unit_name_name_use": NameUse,
        "name_key_subject": Named,
        "cluster_form": ClusterForm,
        "cluster_purpose": ClusterPurpose,
        "cluster_office_office": Office,
        "cluster_office_chosen_by": ChosenBy,
        "period_kind": PeriodKind,
        "indicator_number_form": NumberForm,
        "indicator_aggregation": Aggregation,
        "report_form_periodicity": PeriodKind,
        "report_form_version_state": FormState,
        "report_submission_status": ReportStatus,
        "report_value_qualifier": Qualifier,
        "report_value_nature": Nature,
        "report_step_action": ReportAction,
        "report_step_status": ReportStatus,
        "award_type_level": AwardLevel,
        "award_type_recipients": RecipientKind,
        "award_recipient": Recipient,
    }
}

/// The conditions that the tables keep, by name.
async fn checks(app: &TestApp) -> BTreeMap<String, String> {
    match app.database {
        Database::Postgres => {
            let sql = "SELECT conname::text AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint \
                       WHERE contype = 'c' AND conname LIKE 'ck_%'";
            let rows = rows(&app.env.db, sql).await;
            let text = |row: &sea_orm::QueryResult, name: &str| row.try_get::<String>("", name).expect("a text");
            rows.iter().map(|row| (text(row, "name"), text(row, "text"))).collect()
        }
        Database::Sqlite => {
            let rows = rows(
                &app.env.db,
                "SELECT sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%ck_%'",
            )
            .await;
            let tables = rows.iter().map(|row| row.try_get::<String>("", "sql").expect("a text"));
            let each = tables.flat_map(|table| {
                let parts: Vec<String> = table.split("CONSTRAINT \"ck_").skip(1).map(str::to_owned).collect();
                parts
            });
            let named = each.map(|part| {
                let (name, text) = part.split_once('"').expect("a name");
                (format!("ck_{name}"), text.to_owned())
            });
            named.collect()
        }
    }
}

async fn checks_list_the_codes_of_the_enums(app: TestApp) {
    let expected = checked_enums();
    let mut seen = BTreeSet::new();
    for (name, text) in checks(&app).await {
        let quoted = text.split('\'').skip(1).step_by(2);
        let is_code = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_uppercase());
        let codes: BTreeSet<String> = quoted.filter(is_code).map(str::to_owned).collect();
        let check = name.trim_start_matches("ck_");
        match expected.get(check) {
            Some(all) => {
                assert_eq!(codes, *all, "{name}");
                seen.insert(check.to_owned());
            }
            // Others may name a code or two; none lists several without being named above.
            None => assert!(
                codes.len() < 2,
                "tests/api/db.rs must say which enum {name} lists: {text}"
            ),
        }
    }
    assert_eq!(
        seen,
        expected.keys().map(|check| (*check).to_owned()).collect(),
        "a check is missing"
    );
}

async fn migrations_go_down_and_up_again(app: TestApp) {
    let (tables, conditions) = (database_tables(&app).await, checks(&app).await);
    Migrator::down(&app.env.db, None).await.expect("the way down");
    let left = match app.database {
        Database::Sqlite => "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'seaql_%'",
        Database::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
        }
    };
    assert_eq!(rows(&app.env.db, left).await.len(), 0);
    Migrator::up(&app.env.db, None).await.expect("the way up");
    assert_eq!(database_tables(&app).await, tables);
    assert_eq!(checks(&app).await, conditions);
}
