//! Links to evidence: whose they are, how long they work, what they hand out and how.

use actix_web::http::Method;
use chrono::Duration;
use serde_json::json;
use thidua::http::health;

use crate::evidence::{Begun, id};
use crate::support::{Answer, Person, TestApp, Upload, on_both_databases, pdf};

on_both_databases! {
    a_link_hands_out_the_file_to_be_saved_and_nothing_else,
    a_link_works_for_five_minutes,
    a_link_that_was_changed_leads_nowhere,
    a_link_ends_with_the_session_in_which_it_was_made,
    a_link_shows_only_what_its_maker_sees_at_that_moment,
    a_broken_download_goes_on_also_by_a_newer_link,
    a_link_is_in_no_log_and_in_no_metric,
}

/// A link that somebody made to a file.
async fn link(who: &Person, evidence: &str) -> String {
    let made = who
        .post(&format!("/api/v1/evidence/{evidence}/link"), json!(null))
        .await;
    assert_eq!(
        (made.status(), made.header("cache-control")),
        (201, "no-store"),
        "{made}"
    );
    made.body()["url"].as_str().expect("an address").to_owned()
}

fn is_nowhere(answer: &Answer) -> bool {
    (answer.status(), answer.code()) == (404, "NOT_FOUND")
}

async fn a_link_hands_out_the_file_to_be_saved_and_nothing_else(app: TestApp) {
    let begun = Begun::of(&app).await;
    let content = pdf("danh sách");
    let upload = Upload::of("Danh sách «đoàn viên».pdf", content.clone());
    let added = upload.to(&begun.draft.id, &begun.officer).await;
    let url = link(&begun.reporting.specialist, &id(&added)).await;
    assert!(url.starts_with("/api/v1/files/") && url.len() < 200, "{url}");
    // A browser that opens an address sends no token.
    let read = app.nobody().get(&url).await;
    assert_eq!((read.status(), read.text().as_bytes()), (200, &content[..]));
    let tag = format!("\"{}\"", added.body()["sha256"].as_str().expect("a hash"));
    for (name, value) in [
        ("content-type", "application/pdf"),
        (
            "content-disposition",
            "attachment; filename=\"danh-sach-doan-vien.pdf\"; \
             filename*=UTF-8''Danh%20s%C3%A1ch%20%C2%AB%C4%91o%C3%A0n%20vi%C3%AAn%C2%BB.pdf",
        ),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "private, no-store"),
        ("accept-ranges", "bytes"),
        ("etag", &tag),
    ] {
        assert_eq!(read.header(name), value, "{name}");
    }
    let packed = [("Accept-Encoding", "gzip, br")];
    let read = app.nobody().request(Method::GET, &url, &packed, "").await;
    assert_eq!(
        (read.header("content-encoding"), read.text().as_bytes()),
        ("identity", &content[..])
    );
    let head = app.nobody().request(Method::HEAD, &url, &[], "").await;
    assert_eq!((head.status(), head.header("etag")), (200, tag.as_str()));
    let text = Upload::of("ghi chú.csv", "stt;họ tên\n".repeat(2_000));
    let url = link(&begun.officer, &id(&text.to(&begun.draft.id, &begun.officer).await)).await;
    let read = app.nobody().request(Method::GET, &url, &packed, "").await;
    assert_eq!(read.header("content-type"), "text/plain; charset=utf-8");
    assert!(
        read.header("content-disposition").ends_with("''ghi%20ch%C3%BA.csv"),
        "{read}"
    );
    assert_eq!(read.text().len(), "stt;họ tên\n".len() * 2_000);
}

async fn a_link_works_for_five_minutes(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let made = begun
        .officer
        .does("createEvidenceLink", json!({ "id": evidence }))
        .await;
    let url = made.str("/createEvidenceLink/link/url").to_owned();
    let now = app.env.now();
    let expires_at = made
        .str("/createEvidenceLink/link/expiresAt")
        .parse::<chrono::DateTime<chrono::Utc>>();
    let left = expires_at.expect("an instant") - now;
    assert!(left <= Duration::minutes(5) && left > Duration::minutes(4), "{left}");
    app.it_is((now + Duration::seconds(290)).fixed_offset());
    assert_eq!(app.nobody().get(&url).await.status(), 200);
    app.it_is((now + Duration::seconds(301)).fixed_offset());
    assert!(is_nowhere(&app.nobody().get(&url).await));
}

async fn a_link_that_was_changed_leads_nowhere(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let url = link(&begun.officer, &evidence).await;
    let (path, token) = url.rsplit_once('/').expect("an address");
    for at in [0, 15, 20, 60, token.len() - 1] {
        let mut changed = token.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("text");
        assert!(
            is_nowhere(&app.nobody().get(&format!("{path}/{changed}")).await),
            "letter {at}"
        );
    }
    for other in ["x", "%2e%2e%2fetc%2fpasswd", &evidence, &token[4..], &"A".repeat(3_000)] {
        assert!(
            is_nowhere(&app.nobody().get(&format!("{path}/{other}")).await),
            "{other}"
        );
    }
    // Another service has other keys.
    let elsewhere = app
        .with(|settings| settings.signing_keys_file = settings.data_dir.join("other-keys.json"))
        .await;
    assert!(is_nowhere(&elsewhere.nobody().get(&url).await));
    assert_eq!(app.nobody().get(&url).await.status(), 200);
}

async fn a_link_ends_with_the_session_in_which_it_was_made(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let colleague = app.officer_of(&app.world()["Thư viện"]).await;
    let (url, of_colleague) = (link(&begun.officer, &evidence).await, link(&colleague, &evidence).await);
    let sessions = begun.officer.get("/api/v1/auth/sessions").await;
    let session = json!({ "id": sessions.body()["items"][0]["id"] });
    begun.officer.does("endSession", session).await.thing();
    assert!(is_nowhere(&app.nobody().get(&url).await));
    assert!(
        is_nowhere(&colleague.get(&url).await),
        "it is nobody else's either, whoever else is signed in"
    );
    assert_eq!(app.nobody().get(&of_colleague).await.status(), 200);
    let account = thidua::ids::Kind::Account.id(colleague.account());
    app.admin()
        .await
        .does("lockAccount", json!({ "id": account, "version": 1 }))
        .await
        .thing();
    assert!(is_nowhere(&app.nobody().get(&of_colleague).await));
}

async fn a_link_shows_only_what_its_maker_sees_at_that_moment(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let colleague = app.officer_of(&app.world()["Thư viện"]).await;
    let url = link(&colleague, &evidence).await;
    let grants = colleague
        .graphql("{ viewer { grants { id version } } }", json!({}))
        .await;
    let grant = grants.at("/viewer/grants/0").clone();
    app.admin().await.does("withdrawRoleGrant", grant).await.thing();
    assert!(is_nowhere(&app.nobody().get(&url).await));
}

async fn a_broken_download_goes_on_also_by_a_newer_link(app: TestApp) {
    let begun = Begun::of(&app).await;
    let content = pdf(&"x".repeat(100_000));
    let evidence = id(&Upload::of("a.pdf", content.clone())
        .to(&begun.draft.id, &begun.officer)
        .await);
    let gets = async |headers: &[(&str, &str)]| {
        let url = link(&begun.officer, &evidence).await;
        app.nobody().request(Method::GET, &url, headers, "").await
    };
    let first = gets(&[("Range", "bytes=0-59999")]).await;
    let size = content.len();
    assert_eq!(
        (first.status(), first.header("content-range")),
        (206, format!("bytes 0-59999/{size}").as_str())
    );
    let tag = first.header("etag").to_owned();
    let rest = gets(&[("Range", "bytes=60000-"), ("If-Range", &tag)]).await;
    assert_eq!(rest.header("content-range"), format!("bytes 60000-{}/{size}", size - 1));
    assert_eq!([first.text(), rest.text()].concat().into_bytes(), content);
    let other = gets(&[("Range", "bytes=60000-"), ("If-Range", "\"of-another-file\"")]).await;
    assert_eq!((other.status(), other.text().len()), (200, size));
    let several = gets(&[("Range", "bytes=0-1,5-6")]).await;
    assert_eq!((several.status(), several.text().len()), (200, size));
    let beyond = gets(&[("Range", &format!("bytes={size}-"))]).await;
    assert_eq!(
        (beyond.status(), beyond.header("content-range")),
        (416, format!("bytes */{size}").as_str())
    );
    assert_eq!(beyond.header("content-disposition"), "", "a refusal is no file");
}

async fn a_link_is_in_no_log_and_in_no_metric(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let url = link(&begun.officer, &evidence).await;
    assert_eq!(app.nobody().get(&url).await.status(), 200);
    // The log names a request by the same words as the metrics do.
    let counted = health::record_metrics().expect("metrics").render();
    assert!(
        counted.contains("operation_kind=\"GET /api/v1/files/{token}\",status=\"200\""),
        "{counted}"
    );
    let token = url.rsplit_once('/').expect("an address").1;
    assert!(!counted.contains(token));
    let stored = app.contents().await;
    assert!(
        stored.values().flatten().all(|line| !line.contains(token)),
        "nor in any table"
    );
}
