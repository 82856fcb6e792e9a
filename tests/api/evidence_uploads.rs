//! What comes in as evidence: which files are taken, what they are called, how large they may be, and what of a form is refused.

use std::time::Duration;

use actix_web::http::Method;
use serde_json::json;
use thidua::server::{self, Shared};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::evidence::{Begun, id, problem};
use crate::support::{TestApp, Upload, on_both_databases, pdf};

on_both_databases! {
    what_a_file_is_tells_its_content_and_not_its_name,
    a_name_is_kept_for_people_and_leads_nowhere,
    a_file_that_is_too_large_is_not_taken,
    a_large_upload_is_cut_off_on_the_way_and_a_slow_one_too,
    a_form_is_one_file_and_what_is_said_of_it,
    who_may_not_add_is_told_before_the_file_is_read,
}

async fn what_a_file_is_tells_its_content_and_not_its_name(app: TestApp) {
    let begun = Begun::of(&app).await;
    let before = app.contents().await;
    for (name, content, code) in [
        (
            "hóa đơn.pdf",
            &b"MZ\x90\x00\x03\x00\x00\x00\x04\x00"[..],
            "FILE_TYPE_REFUSED",
        ),
        (
            "ảnh.png",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            "FILE_TYPE_REFUSED",
        ),
        (
            "ghi chú.txt",
            b"<!DOCTYPE html><script>alert(document.cookie)</script>",
            "FILE_TYPE_REFUSED",
        ),
        ("bảng.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "FILE_TYPE_REFUSED"),
        ("trống.pdf", b"", "FILE_EMPTY"),
    ] {
        let refused = Upload::of(name, content).to(&begun.draft.id, &begun.officer).await;
        assert_eq!(problem(&refused), (422, code, "file"), "{name}");
    }
    assert_eq!(app.contents().await, before, "nothing is stored of what is refused");
    for (name, content, called, kind) in [
        ("đơn.exe", pdf("một"), "đơn.exe.pdf", "application/pdf"),
        (
            "ảnh.pdf",
            b"\xff\xd8\xff\xe0\x00\x10JFIF".to_vec(),
            "ảnh.pdf.jpg",
            "image/jpeg",
        ),
        ("bảng.csv", "stt;họ tên\n1;Lê Ả\n".into(), "bảng.csv", "text/plain"),
        (
            "trang.html",
            "Không phải trang web".into(),
            "trang.html.txt",
            "text/plain",
        ),
    ] {
        let added = Upload::of(name, content).to(&begun.draft.id, &begun.officer).await;
        id(&added);
        assert_eq!(
            (&added.body()["fileName"], &added.body()["mediaType"]),
            (&json!(called), &json!(kind))
        );
    }
}

async fn a_name_is_kept_for_people_and_leads_nowhere(app: TestApp) {
    let begun = Begun::of(&app).await;
    let elsewhere = app.settings.data_dir.join("lạc.pdf");
    for (name, called) in [
        (
            "Biên bản kiểm kê quý I (đã ký).pdf",
            "Biên bản kiểm kê quý I (đã ký).pdf",
        ),
        ("../../lạc.pdf", "lạc.pdf"),
        ("..\\..\\lạc.pdf", "lạc.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("Bie\u{302}n ba\u{309}n.pdf", "Biên bản.pdf"),
        ("", "minh-chung.pdf"),
    ] {
        let added = Upload::of(name, pdf(name)).to(&begun.draft.id, &begun.officer).await;
        id(&added);
        assert_eq!(added.body()["fileName"], called, "{name}");
    }
    let long = "ễ".repeat(500);
    let added = Upload::of(&long, pdf("dài")).to(&begun.draft.id, &begun.officer).await;
    assert_eq!(added.body()["fileName"].as_str().expect("a name").chars().count(), 120);
    assert!(!elsewhere.exists());
}

async fn a_file_that_is_too_large_is_not_taken(app: TestApp) {
    let app = app.with(|settings| settings.evidence_bytes_max = 2048).await;
    let begun = Begun::of(&app).await;
    let of_size = |bytes: usize| {
        let rest = bytes - pdf("").len();
        Upload::of("a.pdf", pdf(&"x".repeat(rest)))
    };
    let refused = of_size(2049).to(&begun.draft.id, &begun.officer).await;
    assert_eq!(problem(&refused), (413, "FILE_TOO_LARGE", "file"));
    assert!(refused.message().contains("2048 byte"), "{refused}");
    id(&of_size(2048).to(&begun.draft.id, &begun.officer).await);
    // So much more that the size of the whole form tells.
    let refused = of_size(200_000).to(&begun.draft.id, &begun.officer).await;
    assert_eq!(problem(&refused), (413, "FILE_TOO_LARGE", "file"));
    let refused = Upload::of("b.pdf", pdf("b")).with("note", &"x".repeat(20_000));
    assert_eq!(
        problem(&refused.to(&begun.draft.id, &begun.officer).await),
        (422, "TOO_LONG", "note")
    );
    let refused = Upload::of("b.pdf", pdf("b")).with("note", &"x".repeat(4_001));
    assert_eq!(
        problem(&refused.to(&begun.draft.id, &begun.officer).await),
        (422, "TOO_LONG", "note")
    );
}

async fn a_large_upload_is_cut_off_on_the_way_and_a_slow_one_too(app: TestApp) {
    let app = app
        .with(|settings| {
            settings.evidence_bytes_max = 100_000;
            settings.evidence_upload_seconds = 1;
            settings.workers = 1;
        })
        .await;
    let begun = Begun::of(&app).await;
    let listener = server::listen("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let address = listener.local_addr().expect("an address");
    let (shared, settings) = (Shared::new(app.env.clone(), &app.settings), app.settings.clone());
    let serving = actix_web::rt::spawn(async move { server::run(&settings, shared, listener).await });
    let head = format!(
        "POST /api/v1/reports/{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        format_args!("{}/evidence", begun.draft.id),
        begun.officer.token(),
        Upload::content_type()
    );
    let form = Upload::of("a.pdf", pdf(&"x".repeat(200_000))).body();
    let (some, chunk) = (&form[..50_000], &form[50_000..60_000]);
    let chunked = |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    let patience = Duration::from_secs(10);
    // One stops halfway, one sends twice as much as it may.
    for (sent, status) in [(some, "408"), (&form[..], "413")] {
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(head.as_bytes()).await.expect("the head");
        client.write_all(&chunked(sent)).await.expect("some of the form");
        let mut answer = Vec::new();
        let closed = tokio::time::timeout(patience, client.read_to_end(&mut answer)).await;
        closed.expect("the service hangs up").expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    // One never ends; the service does not listen for ever.
    let mut client = TcpStream::connect(address).await.expect("a connection");
    let endless = async {
        client.write_all(head.as_bytes()).await?;
        client.write_all(&chunked(some)).await?;
        loop {
            client.write_all(&chunked(chunk)).await?;
        }
    };
    let ended: Result<std::io::Result<()>, _> = tokio::time::timeout(patience, endless).await;
    ended.expect("the service hangs up").expect_err("nothing more goes");
    serving.abort();
    let listed = begun
        .officer
        .get(&format!("/api/v1/reports/{}/evidence", begun.draft.id))
        .await;
    assert_eq!(listed.body()["items"], json!([]));
    assert_eq!(
        std::fs::read_dir(app.settings.data_dir.join("incoming"))
            .expect("a folder")
            .count(),
        0
    );
}

async fn a_form_is_one_file_and_what_is_said_of_it(app: TestApp) {
    let begun = Begun::of(&app).await;
    let path = format!("/api/v1/reports/{}/evidence", begun.draft.id);
    let kind = Upload::content_type();
    let boundary = kind.split_once("boundary=").expect("a boundary").1.to_owned();
    let part =
        |head: &str, body: &str| format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let pdf = String::from_utf8(pdf("một")).expect("text");
    let file = part("name=\"file\"; filename=\"a.pdf\"", &pdf);
    let note = part("name=\"note\"", "x");
    let end = format!("--{boundary}--\r\n");
    let many_headers = "\r\nX-A: b".repeat(40);
    for (content_type, body, status) in [
        (kind.as_str(), format!("{note}{end}"), 422),
        (&kind, end.clone(), 422),
        (&kind, format!("{file}{file}{end}"), 400),
        (&kind, format!("{note}{note}{file}{end}"), 400),
        (&kind, format!("{}{file}{end}", part("name=\"reportId\"", "x")), 400),
        (&kind, format!("{}{end}", part("filename=\"a.pdf\"", &pdf)), 400),
        (&kind, file.clone(), 400),
        (
            &kind,
            format!("{}{file}{end}", part(&format!("name=\"note\"{many_headers}"), "x")),
            400,
        ),
        (
            &kind,
            format!(
                "{}{file}{end}",
                part(&format!("name=\"note\"\r\nX: {}", "x".repeat(70_000)), "x")
            ),
            413,
        ),
        (&kind, "x".repeat(100_000), 413),
        (&kind, String::new(), 400),
        ("application/json", "{}".to_owned(), 415),
        ("application/x-www-form-urlencoded", "file=x".to_owned(), 415),
        ("multipart/form-data", format!("{file}{end}"), 400),
        ("", format!("{file}{end}"), 415),
    ] {
        let headers = [("Content-Type", content_type)];
        let headers = if content_type.is_empty() {
            &headers[..0]
        } else {
            &headers
        };
        let refused = begun.officer.request(Method::POST, &path, headers, body.clone()).await;
        let shown: String = body.chars().take(200).collect();
        assert_eq!(refused.status(), status, "{content_type}\n{shown}\n{refused}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
    }
    let packed = [("Content-Type", kind.as_str()), ("Content-Encoding", "gzip")];
    let refused = begun
        .officer
        .request(Method::POST, &path, &packed, format!("{file}{end}"))
        .await;
    assert_eq!(refused.status(), 415, "a packed form could be anything unpacked");
    let listed = begun.officer.get(&path).await;
    assert_eq!(listed.body()["items"], json!([]));
    // What is said of it may come after the file.
    let headers = [("Content-Type", kind.as_str())];
    let added = begun
        .officer
        .request(Method::POST, &path, &headers, format!("{file}{note}{end}"))
        .await;
    assert_eq!((added.status(), &added.body()["note"]), (201, &json!("x")), "{added}");
}

async fn who_may_not_add_is_told_before_the_file_is_read(app: TestApp) {
    let begun = Begun::of(&app).await;
    let path = format!("/api/v1/reports/{}/evidence", begun.draft.id);
    let neighbour = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    for (who, status, code) in [
        (app.nobody(), 401, "UNAUTHENTICATED"),
        (app.bearer_of("no.token.at-all"), 401, "UNAUTHENTICATED"),
        (neighbour, 404, "NOT_FOUND"),
        (app.stranger().await, 404, "NOT_FOUND"),
        (begun.reporting.specialist.clone(), 403, "FORBIDDEN"),
        (begun.officer.clone(), 415, "BAD_REQUEST"),
    ] {
        let refused = who.request(Method::POST, &path, &[], "no form at all").await;
        assert_eq!((refused.status(), refused.code()), (status, code), "{refused}");
    }
    begun.draft.step(&begun.officer, "submitReport", 2).await.thing();
    let refused = begun.officer.request(Method::POST, &path, &[], "no form at all").await;
    assert_eq!((refused.status(), refused.code()), (409, "WRONG_STATE"));
}
