//! A step of the schema that has been released is never changed: databases have run it, and later steps keep what is in them.

use std::fmt::Write as _;
use std::path::Path;

use sea_orm::{
    ActiveValue::NotSet, ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend,
    EntityTrait as _, IntoActiveModel as _, Set, Statement,
};
use sea_orm_migration::MigratorTrait as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use thidua_entity::enums::NotificationKind;
use thidua_entity::notification;
use thidua_migration::Migrator;
use uuid::Uuid;

use crate::house::ROOT;
use crate::reports::Reporting;
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    what_somebody_was_told_outlives_new_kinds_of_news,
    what_was_sent_before_sendings_were_kept_is_compared_with,
}

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

/// Takes back a step and all after it.
async fn back_to(db: &DatabaseConnection, step: &str) {
    let steps = Migrator::migrations();
    let since = steps.iter().skip_while(|one| one.name() != step).count();
    Migrator::down(db, u32::try_from(since).ok())
        .await
        .expect("the way back");
}

async fn what_was_sent_before_sendings_were_kept_is_compared_with(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let (unit, officer) = (&world["Sở Nội vụ"], app.officer_of(&world["Sở Nội vụ"]).await);
    let figures = [("members_total", "1.671"), ("workers_total", "1.700")];
    let report = reporting.draft(&officer, unit, &figures).await;
    report.step(&officer, "submitReport", 2).await.thing();
    back_to(&app.env.db, "m0019_sendings").await;
    Migrator::up(&app.env.db, None).await.expect("the way forward");
    report.give_back(&reporting.specialist, 3, "Đếm lại.").await.thing();
    report.save(&officer, 4, &[("members_total", "1.672")]).await.thing();
    let fields = "difference(since: LAST_SUBMISSION) { figures { before { text } after { text } } }";
    let seen = report.seen_by(&officer, fields).await;
    assert_eq!(
        seen.at("/node/difference/figures"),
        &json!([{ "before": { "text": "1.671" }, "after": { "text": "1.672" } }])
    );
}

async fn what_somebody_was_told_outlives_new_kinds_of_news(app: TestApp) {
    let db = &app.env.db;
    let officer = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let steps = Migrator::migrations();
    let since = steps.iter().skip_while(|step| step.name() != "m0018_reminders").count();
    Migrator::down(db, u32::try_from(since).ok())
        .await
        .expect("the way back");
    let told = notification::Model {
        id: Uuid::now_v7(),
        account_id: officer.account(),
        kind: NotificationKind::ReportApproved,
        subject_kind: "ReportSubmission".to_owned(),
        subject_id: Uuid::now_v7(),
        detail: r#"{"unit":"CĐCS Sở Nội vụ"}"#.to_owned(),
        count: 2,
        at: app.env.now(),
        read_at: None,
        mailed_at: None,
    };
    // Written as the former program did, which did not know of letters.
    let put = |kind: NotificationKind, id: Uuid| {
        let mut row = told.clone().into_active_model();
        (row.id, row.kind, row.mailed_at) = (Set(id), Set(kind), NotSet);
        notification::Entity::insert(row).exec_without_returning(db)
    };
    let again = |kind: NotificationKind| put(kind, Uuid::now_v7());
    put(told.kind, told.id).await.expect("a notification");
    let newer = again(NotificationKind::ReportOverdue).await;
    assert!(newer.is_err(), "the former shape does not know it");
    Migrator::up(db, None).await.expect("the way forward");
    let kept = notification::Entity::find().all(db).await.expect("a look");
    assert_eq!(kept, std::slice::from_ref(&told));
    let newer = again(NotificationKind::ReportOverdue).await;
    assert!(newer.is_ok(), "{newer:?}");
    let twice = again(NotificationKind::ReportApproved).await;
    assert!(twice.is_err(), "the same of the same thing is still told once");
    let rumour = db.execute_unprepared("UPDATE notification SET kind = 'RUMOUR'").await;
    assert!(rumour.is_err(), "and what no program knows is still refused");
}
