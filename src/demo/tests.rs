//! The demonstration on a migrated file: that it is whole, and that loading it twice changes nothing.

use std::collections::{BTreeMap, HashSet};

use chrono::{TimeZone as _, Utc};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait, Set, Statement};
use tempfile::TempDir;
use thidua_entity::{account, unit, unit_code, unit_statistics};

use super::facts::Facts;
use super::*;
use crate::accounts as signing;
use crate::env::Clock;
use crate::settings::Settings;

mod criteria;
mod deciding;
mod printed;
mod reports;
mod years;

/// An environment on a migrated SQLite file of its own.
async fn environment(clock: Clock) -> (Env, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        ..Settings::default()
    };
    let db = db::open(&settings.database()).await.expect("a database");
    Migrator::up(&db, None).await.expect("migrated");
    (Env::new(&settings, db, clock).expect("an environment"), folder)
}

async fn loaded() -> (Env, TempDir) {
    let (env, folder) = environment(Clock::default()).await;
    load(&env).await.expect("loaded");
    (env, folder)
}

fn facts() -> Facts {
    facts::read().expect("facts")
}

async fn number(env: &Env, sql: &str) -> Option<i64> {
    let statement = Statement::from_string(env.db.get_database_backend(), sql);
    let row = env
        .db
        .query_one_raw(statement)
        .await
        .expect("an answer")
        .expect("a row");
    row.try_get_by_index(0).expect("a number")
}

async fn rows(env: &Env) -> BTreeMap<String, i64> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let statement = Statement::from_string(env.db.get_database_backend(), tables);
    let mut counts = BTreeMap::new();
    for row in env.db.query_all_raw(statement).await.expect("tables") {
        let table: String = row.try_get_by_index(0).expect("a name");
        let count = number(env, &format!("SELECT COUNT(*) FROM {table}"))
            .await
            .expect("a count");
        counts.insert(table, count);
    }
    counts
}

/// The plan without a database.
fn planned() -> Plan {
    let mut plan = Plan::new(Utc.with_ymd_and_hms(2026, 11, 21, 8, 0, 0).single().expect("a moment"));
    units::plan(&mut plan).expect("units");
    clusters::plan(&mut plan).expect("clusters");
    accounts::plan(&mut plan).expect("accounts");
    catalogue::plan(&mut plan).expect("catalogue");
    super::criteria::plan(&mut plan).expect("criteria sets");
    super::reports::plan(&mut plan).expect("reports");
    districts::plan(&mut plan).expect("districts");
    congress::plan(&mut plan).expect("congress");
    super::years::plan(&mut plan).expect("emulation years");
    awards::plan(&mut plan).expect("awards");
    proposals::plan(&mut plan).expect("proposals");
    conferences::plan(&mut plan).expect("conferences");
    plan
}

#[tokio::test]
async fn loading_twice_changes_nothing() {
    let (env, _folder) = environment(Clock::default()).await;
    let first = load(&env).await.expect("loaded");
    let before = rows(&env).await;
    let second = load(&env).await.expect("loaded again");
    assert_eq!(first, second);
    assert_eq!(before, rows(&env).await);
    // The load itself is one entry; each result that the service computes leaves its own, and each ballot one for its count and one for
    // its confirmation.
    let of_ballots = number(&env, "SELECT COUNT(*) FROM audit_entry WHERE subject_kind = 'Ballot'").await;
    assert_eq!(
        before["audit_entry"],
        1 + before["result"] + of_ballots.expect("a count")
    );
    assert!(before["result"] >= 3, "{before:?}");
    assert!(before["report_submission"] > 400 && before["award"] > 300, "{before:?}");
}

#[tokio::test]
async fn a_database_with_anything_else_in_it_is_refused() {
    let (env, _folder) = environment(Clock::default()).await;
    let somebody = account::ActiveModel {
        id: Set(env.new_id()),
        username: Set("somebody".to_owned()),
        service: Set(false),
        display_name: Set("Somebody".to_owned()),
        search_key: Set("somebody".to_owned()),
        created_by: Set(None),
        password_hash: Set(String::new()),
        must_change_password: Set(false),
        password_chosen_at: Set(None),
        email: Set(None),
        email_verified_at: Set(None),
        locked_at: Set(None),
        access_changed_at: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
    };
    somebody.insert(&env.db).await.expect("an account");
    let refused = load(&env).await.expect_err("refused");
    assert_eq!(refused.code(), "WRONG_STATE");
    assert_eq!(number(&env, "SELECT COUNT(*) FROM unit").await, Some(0));
}

#[tokio::test]
async fn every_account_signs_in_and_the_first_is_the_administrator() {
    let (env, _folder) = environment(Clock::default()).await;
    let accounts = load(&env).await.expect("loaded").accounts;
    for shown in &accounts {
        let choice = signing::passwords::Choice {
            field: "password",
            username: &shown.username,
            display_name: "",
        };
        signing::passwords::check(PASSWORD, choice).expect("long enough and not common");
    }
    for shown in [&accounts[0], &accounts[accounts.len() - 1]] {
        signing::usecases::sign_in(&env, &shown.username, &shown.password, None)
            .await
            .expect("signed in");
    }
    assert_eq!(
        (accounts[0].role, accounts[0].scope.as_str()),
        (Role::Admin, "EVERYTHING")
    );
    let shown = serde_json::to_value(&accounts[0]).expect("json");
    let admin =
        serde_json::json!({ "username": "admin", "password": PASSWORD, "role": "ADMIN", "scope": "EVERYTHING" });
    assert_eq!(shown, admin);
    for role in Role::ALL.iter().filter(|role| **role != Role::Service) {
        assert!(accounts.iter().any(|account| account.role == *role), "{role:?}");
    }
    let hashes: HashSet<String> = account::Entity::find()
        .all(&env.db)
        .await
        .expect("accounts")
        .into_iter()
        .filter(|row| !row.service)
        .map(|row| row.password_hash)
        .collect();
    assert_eq!(hashes.len(), 1);
}

#[tokio::test]
async fn names_and_heads_are_whole() {
    let (env, _folder) = loaded().await;
    for row in unit::Entity::find().all(&env.db).await.expect("units") {
        assert_eq!(crate::text::tidy(&row.name), row.name);
        assert_eq!(row.sort_key, crate::text::sort_key(&row.name));
        assert_eq!(row.id.get_version_num(), 7);
    }
    for row in unit_statistics::Entity::find().all(&env.db).await.expect("heads") {
        let counts = [row.women_members, row.members, row.workers];
        let counts: Vec<i64> = counts.into_iter().flatten().collect();
        assert!(counts.is_sorted() && counts.iter().all(|count| *count >= 0), "{row:?}");
    }
    for code in unit_code::Entity::find().all(&env.db).await.expect("codes") {
        assert!(code.value.len() <= 35, "{}", code.value);
    }
}

#[test]
fn the_plan_is_the_same_each_time() {
    let (one, two) = (planned(), planned());
    assert_eq!(one.rows.count(), two.rows.count());
    assert!(
        one.rows.values == two.rows.values && one.rows.awards == two.rows.awards && one.rows.steps == two.rows.steps
    );
}

#[tokio::test]
async fn a_reset_leaves_the_tables_and_nothing_in_them() {
    let (env, _folder) = loaded().await;
    reset(&env.db).await.expect("reset");
    let left = rows(&env).await;
    assert!(
        left.iter()
            .all(|(table, count)| *count == 0 || table == "seaql_migrations"),
        "{left:?}"
    );
    load(&env).await.expect("loaded again");
}
