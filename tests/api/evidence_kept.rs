//! Where the content of evidence is kept: once, for good, in a folder or in a store that speaks S3; and when it goes.

use std::path::PathBuf;

use chrono::Duration;
use futures_util::future::join;
use serde_json::json;
use thidua::db;
use thidua::evidence::store;
use thidua::evidence::usecases::forget_unwanted;
use thidua::settings::Secret;

use crate::evidence::{Begun, COMPLETE, id};
use crate::support::{Answer, Bucket, Person, TestApp, Upload, on_both_databases, pdf};

on_both_databases! {
    the_same_content_is_kept_once,
    content_goes_a_day_after_nothing_needs_it,
    content_of_an_upload_that_was_never_finished_goes_a_day_later,
    content_that_is_wanted_again_is_there,
    a_store_that_is_away_leaves_nothing_half_done,
    a_store_that_speaks_s3_keeps_the_same,
}

/// The files that the folder of evidence holds.
fn kept(app: &TestApp) -> Vec<PathBuf> {
    let folder = app.settings.data_dir.join("evidence");
    let shards = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|shard| shard.expect("a shard").path());
    let files = shards.flat_map(|shard| std::fs::read_dir(shard).expect("a shard"));
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

/// The content of a file, as somebody downloads it.
async fn downloads(who: &Person, evidence: &str) -> Answer {
    let made = who.does("createEvidenceLink", json!({ "id": evidence })).await;
    who.get(made.str("/createEvidenceLink/link/url")).await
}

fn later(app: &TestApp, hours: i64) {
    app.it_is((app.env.now() + Duration::hours(hours)).fixed_offset());
}

async fn the_same_content_is_kept_once(app: TestApp) {
    let world = app.world();
    let begun = Begun::of(&app).await;
    let neighbour = app.officer_of(&world["Sở Nội vụ"]).await;
    let theirs = begun.reporting.draft(&neighbour, &world["Sở Nội vụ"], COMPLETE).await;
    let upload = Upload::of("Biên bản chung.pdf", pdf("chung"));
    let at_once = join(
        upload.to(&begun.draft.id, &begun.officer),
        upload.to(&theirs.id, &neighbour),
    );
    let (ours, theirs) = at_once.await;
    let hash = ours.body()["sha256"].as_str().expect("a hash");
    let files = kept(&app);
    assert_eq!(files.len(), 1);
    assert!(files[0].ends_with(format!("{}/{hash}", &hash[..2])), "{files:?}");
    assert_eq!(std::fs::read(&files[0]).expect("the content"), pdf("chung"));
    // When one of them removes it, the other still has it.
    begun
        .officer
        .does("removeEvidence", json!({ "id": id(&ours) }))
        .await
        .thing();
    later(&app, 48);
    assert_eq!(forget_unwanted(&app.env).await.expect("tidying"), 0);
    assert_eq!(
        downloads(&neighbour, &id(&theirs)).await.text().as_bytes(),
        pdf("chung")
    );
}

async fn content_goes_a_day_after_nothing_needs_it(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    later(&app, 100);
    assert_eq!(forget_unwanted(&app.env).await.expect("tidying"), 0);
    begun
        .officer
        .does("removeEvidence", json!({ "id": evidence }))
        .await
        .thing();
    later(&app, 23);
    assert_eq!(
        (forget_unwanted(&app.env).await.expect("tidying"), kept(&app).len()),
        (0, 1)
    );
    later(&app, 2);
    // Several instances may tidy at once.
    let other = app.another_instance().await;
    let (one, two) = join(forget_unwanted(&app.env), forget_unwanted(&other)).await;
    assert_eq!(
        (one.expect("tidying") + two.expect("tidying"), kept(&app).len()),
        (1, 0)
    );
    assert_eq!(forget_unwanted(&app.env).await.expect("tidying"), 0);
    let again = begun.adds("một").await;
    assert_eq!(downloads(&begun.officer, &again).await.text().as_bytes(), pdf("một"));
    later(&app, 100);
    assert_eq!(
        (forget_unwanted(&app.env).await.expect("tidying"), kept(&app).len()),
        (0, 1)
    );
}

/// As if the process had been killed between keeping the content and saying what it is attached to.
async fn killed_halfway(app: &TestApp, content: &[u8]) {
    let mut incoming = app.env.files.receive().expect("a file");
    incoming.write(content).await.expect("room");
    let arrived = incoming.finish().await.expect("a file");
    let tx = db::begin_write(&app.env.db).await.expect("a transaction");
    let bytes = i64::try_from(arrived.bytes).expect("a size");
    let said = (arrived.sha256.as_slice(), bytes, "application/pdf");
    store::want(&tx, app.env.new_id(), said, app.env.now())
        .await
        .expect("a row");
    tx.commit().await.expect("a commit");
    app.env.files.keep(&arrived).await.expect("the store");
}

async fn content_of_an_upload_that_was_never_finished_goes_a_day_later(app: TestApp) {
    let begun = Begun::of(&app).await;
    begun.adds("đã xong").await;
    killed_halfway(&app, &pdf("dở dang")).await;
    later(&app, 23);
    killed_halfway(&app, &pdf("mới dở dang")).await;
    assert_eq!(
        (forget_unwanted(&app.env).await.expect("tidying"), kept(&app).len()),
        (0, 3)
    );
    later(&app, 2);
    assert_eq!(
        (forget_unwanted(&app.env).await.expect("tidying"), kept(&app).len()),
        (1, 2)
    );
}

async fn content_that_is_wanted_again_is_there(app: TestApp) {
    let begun = Begun::of(&app).await;
    let content = pdf("dở dang");
    let upload = Upload::of("a.pdf", content.clone());
    for round in 0..5 {
        killed_halfway(&app, &content).await;
        later(&app, 25);
        let (forgotten, added) = join(forget_unwanted(&app.env), upload.to(&begun.draft.id, &begun.officer)).await;
        forgotten.expect("tidying");
        let evidence = id(&added);
        let read = downloads(&begun.officer, &evidence).await;
        assert_eq!(
            (read.status(), read.text().as_bytes()),
            (200, &content[..]),
            "round {round}"
        );
        begun
            .officer
            .does("removeEvidence", json!({ "id": evidence }))
            .await
            .thing();
        later(&app, 25);
    }
}

async fn a_store_that_is_away_leaves_nothing_half_done(app: TestApp) {
    // Nobody listens there.
    let away = app
        .with(|settings| {
            settings.evidence_store = "s3://minh-chung".to_owned();
            settings.evidence_s3_endpoint = "http://127.0.0.1:9".to_owned();
            settings.evidence_s3_key_id = "thidua".to_owned();
            settings.evidence_s3_secret = Secret::new("geheim");
        })
        .await;
    let begun = Begun::of(&app).await;
    let there = begun.adds("một").await;
    let officer = away.officer_of(&app.world()["Thư viện"]).await;
    let upload = Upload::of("hai.pdf", pdf("hai")).under("tai-2");
    let refused = upload.to(&begun.draft.id, &officer).await;
    assert_eq!((refused.status(), refused.code()), (503, "UNAVAILABLE"), "{refused}");
    assert_eq!(refused.header("retry-after"), "2");
    assert!(!refused.text().contains("127.0.0.1"), "{refused}");
    let link = officer.does("createEvidenceLink", json!({ "id": there })).await;
    let read = officer.get(link.str("/createEvidenceLink/link/url")).await;
    assert_eq!((read.status(), read.code()), (503, "UNAVAILABLE"));
    assert_eq!(away.nobody().get("/readyz").await.status(), 200, "all else goes on");
    let listed = officer
        .get(&format!("/api/v1/reports/{}/evidence", begun.draft.id))
        .await;
    assert_eq!(listed.body()["items"].as_array().expect("a list").len(), 1);
    later(&app, 25);
    assert!(forget_unwanted(&away.env).await.is_err(), "it is tried again later");
    id(&upload.to(&begun.draft.id, &begun.officer).await);
}

async fn a_store_that_speaks_s3_keeps_the_same(app: TestApp) {
    let bucket = Bucket::open().await;
    let app = app
        .with(|settings| {
            settings.evidence_store = "s3://minh-chung/thi-dua".to_owned();
            settings.evidence_s3_endpoint = bucket.endpoint.clone();
            settings.evidence_s3_region = "vn-1".to_owned();
            settings.evidence_s3_key_id = "thidua".to_owned();
            settings.evidence_s3_secret = Secret::new("geheim");
        })
        .await;
    let begun = Begun::of(&app).await;
    // Smaller than a part, and larger than one.
    let large = pdf(&"x".repeat(6_000_000));
    for content in [pdf("một"), large.clone()] {
        let added = Upload::of("a.pdf", content.clone())
            .to(&begun.draft.id, &begun.officer)
            .await;
        let evidence = id(&added);
        let hash = added.body()["sha256"].as_str().expect("a hash");
        let key = format!("/minh-chung/thi-dua/{}/{hash}", &hash[..2]);
        assert!(bucket.keys().contains(&key), "{:?}", bucket.keys());
        assert_eq!(downloads(&begun.officer, &evidence).await.text().as_bytes(), content);
        let url = begun
            .officer
            .does("createEvidenceLink", json!({ "id": evidence }))
            .await;
        let range = [("Range", "bytes=5-8")];
        let url = url.str("/createEvidenceLink/link/url").to_owned();
        let part = begun
            .officer
            .request(actix_web::http::Method::GET, &url, &range, "")
            .await;
        assert_eq!((part.status(), part.text()), (206, "1.7\n"));
        begun
            .officer
            .does("removeEvidence", json!({ "id": evidence }))
            .await
            .thing();
    }
    assert_eq!(bucket.keys().len(), 2);
    let before = bucket.requests().len();
    id(&Upload::of("b.pdf", large).to(&begun.draft.id, &begun.officer).await);
    let asked = bucket.requests().split_off(before);
    assert_eq!(asked.len(), 1, "what is there is not sent again: {asked:?}");
    later(&app, 25);
    assert_eq!(
        (forget_unwanted(&app.env).await.expect("tidying"), bucket.keys().len()),
        (1, 1)
    );
    let signed =
        |request: &String| request.contains("AWS4-HMAC-SHA256 Credential=thidua/") && request.contains("/vn-1/s3/");
    assert!(bucket.requests().iter().all(signed), "{:?}", bucket.requests());
    assert!(!bucket.requests().concat().contains("geheim"));
}
