//! A step of the schema that has been released is never changed: databases have run it.

use std::fmt::Write as _;
use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait as _;
use sha2::{Digest as _, Sha256};
use thidua_migration::Migrator;

use crate::house::ROOT;

/// Which tables, indexes and conditions stand after each released step, as fingerprints.
const RELEASED: &str = "migration/released.txt";

async fn shape(db: &DatabaseConnection) -> String {
    let question = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'seaql%' ORDER BY type, name";
    let rows = db
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, question))
        .await;
    let rows = rows.expect("the shape");
    let texts = rows.iter().map(|row| row.try_get::<String>("", "sql").expect("a text"));
    texts.collect::<Vec<_>>().join("\n")
}

/// The name of each step and a fingerprint of the database after it.
async fn steps() -> Vec<(String, String)> {
    let home = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", home.path().join("steps.sqlite").display());
    let db = Database::connect(ConnectOptions::new(url)).await.expect("a database");
    let mut steps = Vec::new();
    for step in Migrator::migrations() {
        Migrator::up(&db, Some(1)).await.expect("a step");
        let mut fingerprint = String::new();
        for byte in Sha256::digest(shape(&db).await).iter().take(8) {
            write!(fingerprint, "{byte:02x}").expect("text");
        }
        steps.push((step.name().to_owned(), fingerprint));
    }
    steps
}

#[actix_web::test]
async fn a_released_step_is_never_changed() {
    let file = Path::new(ROOT).join(RELEASED);
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    let released: Vec<(&str, &str)> = there.lines().filter_map(|line| line.split_once(' ')).collect();
    let steps = steps().await;
    for (number, (name, fingerprint)) in released.iter().enumerate() {
        let now = steps
            .get(number)
            .map(|(name, fingerprint)| (name.as_str(), fingerprint.as_str()));
        assert_eq!(
            now,
            Some((*name, *fingerprint)),
            "{name} was released, and databases have run it: put it back as it was and add another step"
        );
    }
    let line = |(name, fingerprint): &(String, String)| format!("{name} {fingerprint}\n");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, steps.iter().map(line).collect::<String>()).expect("the file");
        return;
    }
    let new: Vec<&str> = steps
        .iter()
        .skip(released.len())
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(
        new.is_empty(),
        "{new:?} are not in {RELEASED}; write them there with `UPDATE=1 cargo test --test api migrations` when they are done"
    );
}
