//! The reads of REST that need little to be asked.

use actix_web::http::Method;
use serde_json::json;

use super::{IsWelcome, People, Refused, Script, SeesNothing, Sent, awards, find, forms, reports, text, years};

/// The operations.
pub async fn rest(script: &mut Script, people: &People) {
    let world = script.app.world();
    let mut setting_up = Script::begin(&script.app).await;
    let forms = forms::mutations(&mut setting_up, people).await;
    awards::recorded(&mut setting_up, people).await;
    let cluster = json!({ "form": "CLUSTER", "organiserId": world["Viên chức"].id(), "name": "Cụm 1", "validFrom": "2025-01-01" });
    let cluster = people.keeper.does("createCluster", cluster).await.id().to_owned();
    let report = json!({ "formId": forms.form, "periodId": forms.period, "unitId": world["Thư viện"].id() });
    let report = people.officer.does("createReport", report).await;
    let figures = json!([{ "indicatorCode": "members", "text": "23" }]);
    let saved = people
        .officer
        .does(
            "saveReport",
            json!({ "id": report.id(), "version": 1, "figures": figures }),
        )
        .await;
    let report = saved.id().to_owned();
    reports::evidence(script, people, &report).await;
    reports::sheets(script, people, &report).await;
    reports::rest(script, people, &forms).await;
    forms::tables(script, people).await;
    years::rest(script, "members").await;
    let award = find(&people.keeper, "awards").await;
    let (unit, award) = (world["Thư viện"].id(), award.as_str().expect("an id"));
    let reason = json!({ "reason": "Thiếu chữ ký" });
    let path = "/api/v1/reports/{id}/findings";
    let (one, none) = (path.replace("{id}", &report), Sent::default());
    script
        .rest(Method::GET, path, &one, &people.officer, none, Refused)
        .await;
    for (step, who, version) in [
        ("submit", &people.officer, 3),
        ("return", &people.keeper, 4),
        ("submit", &people.officer, 5),
        ("verify", &people.keeper, 6),
        ("approve", &people.committee, 7),
        ("correct", &people.officer, 8),
    ] {
        let send = Sent {
            version: Some(version),
            body: matches!(step, "return" | "correct").then_some(&reason),
            ..Sent::default()
        };
        let path = format!("/api/v1/reports/{{id}}/{step}");
        script
            .rest(Method::POST, &path, &path.replace("{id}", &report), who, send, Refused)
            .await;
    }
    let path = "/api/v1/reports/review";
    let correction = people.officer.get("/api/v1/reports?corrections=true").await;
    let correction = &correction.body()["items"][0]["id"];
    let submitted = json!({ "id": correction, "version": 1 });
    people.officer.does("submitReport", submitted).await.thing();
    let review =
        json!({ "step": "RETURN", "items": [{ "id": correction, "version": 2 }], "reason": "Thiếu thuyết minh" });
    let send = Sent {
        body: Some(&review),
        ..Sent::default()
    };
    script
        .rest(Method::POST, path, path, &people.keeper, send, Refused)
        .await;
    let (form_id, period_id) = (text(&forms.form), text(&forms.period));
    let indicator = find(&people.keeper, "indicators").await;
    let span = format!("formId={form_id}&periodId={period_id}");
    let of_unit = format!("{span}&unitId={}", world["Viên chức"].id());
    let (form, common) = (of_unit.as_str(), "the common catalogue is for everybody who signs in");
    for (path, filled, stranger) in [
        ("/api/v1/units", "/api/v1/units".to_owned(), SeesNothing),
        ("/api/v1/units/{id}", format!("/api/v1/units/{unit}"), Refused),
        ("/api/v1/clusters", "/api/v1/clusters".to_owned(), SeesNothing),
        ("/api/v1/clusters/{id}", format!("/api/v1/clusters/{cluster}"), Refused),
        ("/api/v1/periods", "/api/v1/periods".to_owned(), SeesNothing),
        ("/api/v1/periods/{id}", format!("/api/v1/periods/{period_id}"), Refused),
        ("/api/v1/indicators", "/api/v1/indicators".to_owned(), IsWelcome(common)),
        (
            "/api/v1/indicators/{id}",
            format!("/api/v1/indicators/{}", text(&indicator)),
            IsWelcome(common),
        ),
        ("/api/v1/report-forms", "/api/v1/report-forms".to_owned(), SeesNothing),
        (
            "/api/v1/report-forms/{id}",
            format!("/api/v1/report-forms/{form_id}"),
            Refused,
        ),
        (
            "/api/v1/report-forms/{id}/diff",
            format!("/api/v1/report-forms/{form_id}/diff?from=1&to=2"),
            Refused,
        ),
        (
            "/api/v1/report-forms/{id}/due-day",
            format!("/api/v1/report-forms/{form_id}/due-day?periodId={period_id}"),
            Refused,
        ),
        ("/api/v1/reports", "/api/v1/reports".to_owned(), SeesNothing),
        ("/api/v1/reports/{id}", format!("/api/v1/reports/{report}"), Refused),
        ("/api/v1/summary", format!("/api/v1/summary?{form}"), Refused),
        (
            "/api/v1/summary/reports",
            format!("/api/v1/summary/reports?{form}"),
            Refused,
        ),
        (
            "/api/v1/summary/owing",
            format!("/api/v1/summary/owing?{form}"),
            Refused,
        ),
        ("/api/v1/notifications", "/api/v1/notifications".to_owned(), SeesNothing),
        (
            "/api/v1/notifications/digest",
            "/api/v1/notifications/digest".to_owned(),
            IsWelcome("one's letters are one's own"),
        ),
        ("/api/v1/awards", "/api/v1/awards".to_owned(), SeesNothing),
        ("/api/v1/awards/{id}", format!("/api/v1/awards/{award}"), Refused),
        (
            "/api/v1/award-types",
            "/api/v1/award-types".to_owned(),
            IsWelcome(common),
        ),
    ] {
        script
            .rest(Method::GET, path, &filled, &people.keeper, Sent::default(), stranger)
            .await;
    }
    let (path, read) = ("/api/v1/notifications/read", json!({ "upTo": script.app.env.now() }));
    let send = Sent {
        body: Some(&read),
        ..Sent::default()
    };
    let own = IsWelcome("what one is told is one's own");
    script.rest(Method::POST, path, path, &people.officer, send, own).await;
    let (path, weekly) = ("/api/v1/notifications/digest", json!({ "rhythm": "DAILY" }));
    let send = Sent {
        body: Some(&weekly),
        ..Sent::default()
    };
    let own = IsWelcome("one's letters are one's own");
    script.rest(Method::PUT, path, path, &people.officer, send, own).await;
}
