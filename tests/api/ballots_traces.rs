//! What a database notes on rows by itself, whether one asks for it or not: it joins no voter to a secret vote either.

use std::collections::{BTreeMap, BTreeSet};

use crate::ballots::election;
use crate::ballots_secret::Secret;
use crate::conferences::Assembly;
use crate::support::{Database, TestApp, on_both_databases};

on_both_databases! {
    what_the_database_notes_on_rows_tells_not_when_a_vote_came,
}

async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    let rows = app.rows(sql).await;
    let texts = rows.iter().map(|row| row.try_get::<String>("", "it").expect("a text"));
    texts.collect()
}

/// The transactions that PostgreSQL notes on the rows of each table.
async fn transactions(app: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    let tables = texts(
        app,
        "SELECT tablename::text AS it FROM pg_tables WHERE schemaname = 'public'",
    )
    .await;
    let mut noted = BTreeMap::new();
    for table in tables {
        let of_rows = texts(app, &format!("SELECT DISTINCT xmin::text AS it FROM \"{table}\"")).await;
        noted.insert(table, of_rows.into_iter().collect());
    }
    noted
}

async fn what_the_database_notes_on_rows_tells_not_when_a_vote_came(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let leaders = election(&assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"]);
    let secret = Secret::open(&assembly, leaders).await;
    if app.database == Database::Sqlite {
        // Rows without a number of their own lie in the order of their keys.
        secret.all_vote(&[0, 1, 0, 1, 0]).await;
        for table in ["ballot_paper", "ballot_receipt"] {
            let made = texts(
                &app,
                &format!("SELECT sql AS it FROM sqlite_master WHERE name = '{table}'"),
            )
            .await;
            assert!(made[0].ends_with("WITHOUT ROWID"), "{made:?}");
        }
        return;
    }
    let before = transactions(&app).await;
    // Each takes its token and votes at once, so that the order of the one is that of the other.
    let mut receipts = secret.all_vote(&[0, 1, 0, 1, 0]).await;
    let after = transactions(&app).await;
    let new: Vec<(&str, usize)> = after
        .iter()
        .map(|(table, noted)| (table.as_str(), noted.difference(&before[table]).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(
        new,
        [("ballot_paper", 1), ("ballot_roll", 1)],
        "the last vote and the last token are known, and no other"
    );
    assert_eq!((after["ballot_paper"].len(), after["ballot_roll"].len()), (1, 1));
    receipts.sort();
    let by_place = texts(&app, "SELECT receipt AS it FROM ballot_paper ORDER BY ctid").await;
    assert_eq!(by_place, receipts, "papers lie in the order of their receipts");
    secret.poll.takes("closeBallot").await.thing();
    let closed = transactions(&app).await;
    assert_eq!((closed["ballot_receipt"].len(), closed["ballot_roll"].len()), (1, 1));
}
