//! What the doors promise whatever is asked: what an answer may be kept for, what a change must name, which methods a path takes,
//! and what is answered when the service is busy.

use actix_web::http::Method;
use futures_util::future::{join, join_all};
use serde_json::json;
use thidua::db;

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    what_rest_tells_is_only_for_its_caller_to_keep,
    health_and_metrics_say_which_methods_they_take,
    a_step_names_the_version_that_was_seen,
    a_step_sent_twice_under_one_key_is_taken_once,
    who_calls_is_asked_before_the_body_is_read,
    a_busy_database_asks_to_come_again,
    one_account_has_so_many_requests_at_once,
}

const OWN: (&str, &str) = ("private, no-cache", "Authorization, Accept-Language");

fn kept_for(answer: &Answer) -> (&str, &str) {
    (answer.header("cache-control"), answer.header("vary"))
}

async fn what_rest_tells_is_only_for_its_caller_to_keep(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = reporting.draft(&officer, &world["Thư viện"], COMPLETE).await;
    let scope = format!(
        "formId={}&periodId={}&unitId={}",
        reporting.form,
        reporting.period,
        world["Thư viện"].id()
    );
    for path in [
        "units".to_owned(),
        "clusters".to_owned(),
        "reports".to_owned(),
        "awards".to_owned(),
        "award-types".to_owned(),
        "periods".to_owned(),
        "indicators".to_owned(),
        "report-forms".to_owned(),
        format!("summary?{scope}"),
        format!("summary/reports?{scope}"),
    ] {
        let answer = officer.get(&format!("/api/v1/{path}")).await;
        assert_eq!((answer.status(), kept_for(&answer)), (200, OWN), "{path}: {answer}");
    }
    for path in [
        format!("/api/v1/reports/{}", draft.id),
        format!("/api/v1/units/{}", world["Thư viện"].id()),
        format!("/api/v1/periods/{}", reporting.period),
        format!("/api/v1/report-forms/{}", reporting.form),
    ] {
        let read = officer.get(&path).await;
        let (tag, none) = (read.header("etag"), "\"of-something-else\"");
        assert_eq!((read.status(), kept_for(&read)), (200, OWN));
        for (header, status) in [
            (tag.to_owned(), 304),
            (format!("{none}, W/{tag}"), 304),
            ("*".to_owned(), 304),
            (none.to_owned(), 200),
        ] {
            let headers = [("If-None-Match", header.as_str())];
            let again = officer.request(Method::GET, &path, &headers, "").await;
            assert_eq!(
                (again.status(), again.header("etag"), kept_for(&again)),
                (status, tag, OWN),
                "{path} with {header}"
            );
        }
    }
}

async fn health_and_metrics_say_which_methods_they_take(app: TestApp) {
    for path in ["/healthz", "/readyz", "/metrics"] {
        for method in [Method::GET, Method::HEAD] {
            let answer = app.nobody().request(method, path, &[], "").await;
            assert_eq!(answer.status(), 200, "{path}: {answer}");
        }
        for method in [Method::POST, Method::OPTIONS, Method::DELETE] {
            let answer = app.nobody().request(method.clone(), path, &[], "").await;
            let told = (
                answer.status(),
                answer.header("allow"),
                answer.header("content-type"),
                answer.code(),
            );
            assert_eq!(
                told,
                (405, "GET, HEAD", "application/problem+json", "BAD_REQUEST"),
                "{method} {path}"
            );
            assert_eq!(answer.body()["status"], 405);
        }
    }
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "20"), ("workers_total", "21")];

/// A report of the library at version 2, and who may send it.
async fn drafted(app: &TestApp) -> (Person, Draft, Reporting) {
    let library = &app.world()["Thư viện"];
    let reporting = Reporting::begin(app).await;
    let officer = app.officer_of(library).await;
    let draft = reporting.draft(&officer, library, COMPLETE).await;
    (officer, draft, reporting)
}

async fn step(who: &Person, draft: &Draft, step: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let path = format!("/api/v1/reports/{}/{step}", draft.id);
    who.request(Method::POST, &path, headers, body).await
}

/// RFC 9110, section 13.1.1.
async fn a_step_names_the_version_that_was_seen(app: TestApp) {
    let (officer, draft, reporting) = drafted(&app).await;
    for (header, status, code) in [
        (None, 428, "BAD_REQUEST"),
        (Some("2"), 400, "BAD_REQUEST"),
        (Some("\"1\""), 412, "STALE_VERSION"),
        (Some("W/\"2\""), 412, "STALE_VERSION"),
        (Some("\"1\", \"3\""), 412, "STALE_VERSION"),
        (Some("\"of-another-service\""), 412, "STALE_VERSION"),
    ] {
        let headers: Vec<_> = header.into_iter().map(|tag| ("If-Match", tag)).collect();
        let refused = step(&officer, &draft, "submit", &headers, "").await;
        assert_eq!((refused.status(), refused.code()), (status, code), "{header:?}");
    }
    let stranger = app.stranger().await;
    for tag in ["\"2\"", "\"1\"", "*"] {
        let hidden = step(&stranger, &draft, "submit", &[("If-Match", tag)], "").await;
        assert_eq!(hidden.status(), 404, "what is not seen has no version");
    }
    let sent = step(&officer, &draft, "submit", &[("If-Match", "\"1\", \"2\"")], "").await;
    assert_eq!((sent.status(), sent.header("etag")), (200, "\"3\""), "{sent}");
    let verified = step(&reporting.specialist, &draft, "verify", &[("If-Match", "*")], "").await;
    assert_eq!(
        (verified.status(), verified.header("etag")),
        (200, "\"4\""),
        "{verified}"
    );
    let again = step(&reporting.specialist, &draft, "verify", &[("If-Match", "*")], "").await;
    assert_eq!((again.status(), again.code()), (409, "WRONG_STATE"));
}

async fn a_step_sent_twice_under_one_key_is_taken_once(app: TestApp) {
    let (officer, draft, reporting) = drafted(&app).await;
    let keyed = |key: &'static str, tag: &'static str| [("If-Match", tag), ("Idempotency-Key", key)];
    let first = step(&officer, &draft, "submit", &keyed("gui-1", "\"2\""), "").await;
    assert_eq!(first.status(), 200, "{first}");
    let stored = app.contents().await;
    let again = step(&officer, &draft, "submit", &keyed("gui-1", "\"2\""), "").await;
    assert_eq!((again.status(), again.body()), (200, first.body()));
    assert_eq!(app.contents().await, stored, "the step was taken once");
    let other = step(&officer, &draft, "submit", &keyed("gui-1", "\"3\""), "").await;
    assert_eq!(other.status(), 422);
    assert_eq!(other.body()["errors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    let wrong = step(&officer, &draft, "submit", &keyed("hai khóa", "\"3\""), "").await;
    assert_eq!(wrong.body()["errors"][0]["code"], "IDEMPOTENCY_KEY_INVALID");
    let headers = [
        ("If-Match", "\"3\""),
        ("Idempotency-Key", "tra-1"),
        ("Content-Type", "application/json"),
    ];
    let reason = r#"{"reason":"Thiếu chữ ký"}"#;
    let back = step(&reporting.specialist, &draft, "return", &headers, reason).await;
    assert_eq!((back.status(), &back.body()["status"]), (200, &json!("RETURNED")));
    let again = step(&reporting.specialist, &draft, "return", &headers, reason).await;
    assert_eq!((again.status(), again.body()), (200, back.body()));
    let other = step(
        &reporting.specialist,
        &draft,
        "return",
        &headers,
        r#"{"reason":"Khác"}"#,
    )
    .await;
    assert_eq!(other.status(), 422, "another reason is another request");
}

async fn who_calls_is_asked_before_the_body_is_read(app: TestApp) {
    let (_, draft, reporting) = drafted(&app).await;
    let json_type = ("Content-Type", "application/json");
    let headers = [("If-Match", "\"2\""), json_type];
    for body in ["{", r#"{"reason":1}"#, ""] {
        for stranger in [app.nobody(), app.bearer_of("no.token.at-all")] {
            let refused = step(&stranger, &draft, "return", &headers, body).await;
            assert_eq!((refused.status(), refused.code()), (401, "UNAUTHENTICATED"), "{body}");
        }
        let refused = step(&reporting.specialist, &draft, "return", &headers, body).await;
        assert_eq!((refused.status(), refused.code()), (400, "BAD_REQUEST"), "{body}");
    }
}

async fn a_busy_database_asks_to_come_again(app: TestApp) {
    let narrow = app.on_one_connection().await;
    let officer = narrow.officer_of(&app.world()["Thư viện"]).await;
    let busy = db::begin_read(&narrow.env.db).await.expect("the only connection");
    let rest = officer.get("/api/v1/units").await;
    assert_eq!(
        (rest.status(), rest.code(), rest.header("retry-after")),
        (503, "UNAVAILABLE", "2"),
        "{rest}"
    );
    assert_eq!(rest.message(), "Hệ thống đang bận. Hãy thử lại sau ít giây.");
    let graphql = officer
        .in_english()
        .graphql("{ units { totalCount } }", json!({}))
        .await;
    assert_eq!(
        (graphql.code(), graphql.message()),
        ("UNAVAILABLE", "The service is busy. Try again in a moment.")
    );
    assert_eq!(graphql.errors()[0]["extensions"]["retryAfter"], 2);
    drop(busy);
    assert_eq!(officer.get("/api/v1/units").await.status(), 200);
}

async fn one_account_has_so_many_requests_at_once(app: TestApp) {
    let world = app.world();
    let officer = app.officer_of(&world["Thư viện"]).await;
    let neighbour = app.officer_of(&world["Sở Nội vụ"]).await;
    let most = app.settings.requests_per_account_max;
    let (path, query) = ("/api/v1/units", "{ units { totalCount } }");
    let rest = join_all((0..most * 3).map(|_| officer.get(path))).await;
    let graphql = join_all((0..most * 3).map(|_| officer.graphql(query, json!({})))).await;
    for answers in [rest, graphql] {
        let (done, refused): (Vec<Answer>, Vec<Answer>) =
            answers.into_iter().partition(|answer| answer.status() == 200);
        assert_eq!((done.len(), refused.len()), (most, most * 2));
        for answer in refused {
            let told = (answer.status(), answer.code(), answer.header("retry-after"));
            assert_eq!(told, (429, "RATE_LIMITED", "1"));
        }
    }
    let each = |who: &Person| join_all((0..most).map(|_| who.clone()).map(async |who| who.get(path).await));
    let (mine, others) = join(each(&officer), each(&neighbour)).await;
    let all_well = mine.iter().chain(&others).all(|answer| answer.status() == 200);
    assert!(all_well, "each account has its own turns, and they are given back");
}
