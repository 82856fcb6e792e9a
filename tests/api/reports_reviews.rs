//! Many reports are reviewed at once: each is judged by itself, those that pass are taken together, the others say why not.

use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::notifications::usecases::handle_events;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    each_report_is_judged_by_itself,
    a_dry_run_tells_what_would_come_of_it_and_changes_nothing,
    those_sent_back_carry_the_reason_and_their_writers_are_told,
    who_wrote_one_of_them_passes_only_the_others,
    corrections_take_the_place_of_what_they_correct,
    of_two_who_review_the_same_reports_at_once_each_report_goes_to_one,
    many_take_as_many_statements_as_few,
    what_cannot_be_reviewed_is_refused_as_a_whole,
    rest_reviews_alike,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];
const UNITS: [&str; 3] = ["Sở Nội vụ", "Thư viện", "Sở Tài chính"];

async fn sent(app: &TestApp, reporting: &Reporting, unit: &str) -> Draft {
    let unit = &app.world()[unit];
    let officer = app.officer_of(unit).await;
    let draft = reporting.draft(&officer, unit, COMPLETE).await;
    draft.step(&officer, "submitReport", 2).await.thing();
    draft
}

async fn review(who: &Person, step: &str, items: &[(&str, i32)], more: Value) -> Answer {
    let items: Vec<Value> = items
        .iter()
        .map(|(id, version)| json!({ "id": id, "version": version }))
        .collect();
    let mut input = json!({ "step": step, "items": items });
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    let query = "mutation($input: ReviewReportsInput!) { reviewReports(input: $input) { taken \
                 results { id taken report { status version } code reason } userErrors { code field } } }";
    who.graphql(query, json!({ "input": input })).await
}

/// The code of each result, empty where the step was taken.
fn codes(answer: &Answer) -> Vec<&str> {
    let results = answer.at("/reviewReports/results").as_array().expect("results");
    results
        .iter()
        .map(|result| result["code"].as_str().unwrap_or_default())
        .collect()
}

async fn status(report: &Draft, reporting: &Reporting) -> String {
    report
        .seen_by(&reporting.specialist, "status")
        .await
        .str("/node/status")
        .to_owned()
}

async fn each_report_is_judged_by_itself(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let [first, second, third] = [
        sent(&app, &reporting, UNITS[0]).await,
        sent(&app, &reporting, UNITS[1]).await,
        sent(&app, &reporting, UNITS[2]).await,
    ];
    third.give_back(&reporting.specialist, 3, "Thiếu chữ ký.").await.thing();
    let never = format!("report_{}", app.env.new_id().simple());
    let items = [(first.id.as_str(), 3), (&second.id, 2), (&third.id, 4), (&never, 1)];
    let answer = review(&reporting.specialist, "VERIFY", &items, json!({})).await;
    assert_eq!(codes(&answer), ["", "STALE_VERSION", "WRONG_STATE", "NOT_FOUND"]);
    assert_eq!(answer.at("/reviewReports/taken"), 1);
    assert_eq!(
        answer.at("/reviewReports/results/0"),
        &json!({ "id": first.id, "taken": true, "report": { "status": "VERIFIED", "version": 4 }, "code": null, "reason": null })
    );
    assert!(
        answer.str("/reviewReports/results/2/reason").contains("bị trả lại"),
        "{answer}"
    );
    assert_eq!(status(&second, &reporting).await, "SUBMITTED");
    assert_eq!(
        codes(&review(&reporting.specialist, "VERIFY", &items[..1], json!({})).await),
        ["WRONG_STATE"]
    );
    let steps = first.seen_by(&reporting.specialist, "steps { action status }").await;
    let last = steps
        .at("/node/steps")
        .as_array()
        .and_then(|steps| steps.last())
        .expect("a step");
    assert_eq!(last, &json!({ "action": "VERIFY", "status": "VERIFIED" }));
}

async fn a_dry_run_tells_what_would_come_of_it_and_changes_nothing(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let [first, second] = [
        sent(&app, &reporting, UNITS[0]).await,
        sent(&app, &reporting, UNITS[1]).await,
    ];
    let items = [(first.id.as_str(), 3), (&second.id, 1)];
    let before = app.contents().await;
    let would = review(&reporting.specialist, "VERIFY", &items, json!({ "dryRun": true })).await;
    assert_eq!(
        (codes(&would), would.at("/reviewReports/taken")),
        (vec!["", "STALE_VERSION"], &json!(1))
    );
    assert_eq!(would.at("/reviewReports/results/0/report/status"), "VERIFIED");
    assert_eq!(app.contents().await, before);
    let does = review(&reporting.specialist, "VERIFY", &items, json!({})).await;
    assert_eq!(codes(&does), codes(&would));
}

async fn those_sent_back_carry_the_reason_and_their_writers_are_told(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let unit = &app.world()[UNITS[0]];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, COMPLETE).await;
    report.step(&officer, "submitReport", 2).await.thing();
    let other = sent(&app, &reporting, UNITS[1]).await;
    let items = [(report.id.as_str(), 3), (&other.id, 3)];
    let back = json!({ "reason": "Số liệu quý I chưa tách nữ." });
    assert_eq!(
        codes(&review(&reporting.specialist, "RETURN", &items, back).await),
        ["", ""]
    );
    handle_events(&app.env).await.expect("events");
    let told = officer.graphql("{ notifications { nodes { text } } }", json!({})).await;
    let texts = told.texts("/notifications/nodes", "text");
    assert!(
        texts.len() == 1 && texts[0].ends_with("Số liệu quý I chưa tách nữ."),
        "{texts:?}"
    );
}

async fn who_wrote_one_of_them_passes_only_the_others(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let unit = &world[UNITS[0]];
    let grants = [
        (Role::UnitOfficer, Scope::Unit(unit.uuid)),
        (Role::Specialist, Scope::Unit(world["Sóc Trăng"].uuid)),
    ];
    let both = app.person(&grants).await;
    let own = reporting.draft(&both, unit, COMPLETE).await;
    own.step(&both, "submitReport", 2).await.thing();
    let other = sent(&app, &reporting, UNITS[1]).await;
    let answer = review(&both, "VERIFY", &[(&own.id, 3), (&other.id, 3)], json!({})).await;
    assert_eq!(codes(&answer), ["FORBIDDEN", ""]);
}

async fn corrections_take_the_place_of_what_they_correct(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let mut pairs = Vec::new();
    for name in UNITS {
        let unit = &world[name];
        let (report, officer) = (
            reporting.approved(&app, unit, COMPLETE).await,
            app.officer_of(unit).await,
        );
        let input = json!({ "id": report.id, "version": 5, "reason": "Đếm trùng." });
        let correction = Draft {
            id: officer.does("correctReport", input).await.id().to_owned(),
        };
        correction.step(&officer, "submitReport", 1).await.thing();
        correction.step(&reporting.specialist, "verifyReport", 2).await.thing();
        pairs.push((report, correction));
    }
    let items: Vec<(&str, i32)> = pairs
        .iter()
        .map(|(_, correction)| (correction.id.as_str(), 3))
        .collect();
    assert_eq!(
        codes(&review(&reporting.committee, "APPROVE", &items, json!({})).await),
        ["", "", ""]
    );
    for (report, correction) in &pairs {
        let both = [status(report, &reporting).await, status(correction, &reporting).await];
        assert_eq!(both, ["REPLACED", "APPROVED"]);
    }
}

async fn of_two_who_review_the_same_reports_at_once_each_report_goes_to_one(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let reports = [
        sent(&app, &reporting, UNITS[0]).await,
        sent(&app, &reporting, UNITS[1]).await,
        sent(&app, &reporting, UNITS[2]).await,
    ];
    let forwards: Vec<(&str, i32)> = reports.iter().map(|report| (report.id.as_str(), 3)).collect();
    let backwards: Vec<(&str, i32)> = forwards.iter().rev().copied().collect();
    let others = app.specialist_of(&world["Sóc Trăng"]).await;
    let both = join_all([
        review(&reporting.specialist, "VERIFY", &forwards, json!({})),
        review(&others, "VERIFY", &backwards, json!({})),
    ])
    .await;
    let taken: i64 = both
        .iter()
        .map(|answer| answer.at("/reviewReports/taken").as_i64().expect("a number"))
        .sum();
    assert_eq!(taken, 3, "{both:?}");
    for report in &reports {
        let steps = report.seen_by(&others, "version steps { action }").await;
        assert_eq!(
            (steps.texts("/node/steps", "action").len(), steps.at("/node/version")),
            (3, &json!(4))
        );
    }
}

async fn many_take_as_many_statements_as_few(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let mut counts = Vec::new();
    for names in [&["Sở Nội vụ"][..], &["Thư viện", "Sở Tài chính", "Sở Ngoại vụ"]] {
        let mut reports = Vec::new();
        for name in names {
            reports.push(sent(&app, &reporting, name).await);
        }
        let items: Vec<(&str, i32)> = reports.iter().map(|report| (report.id.as_str(), 3)).collect();
        let answer = review(&reporting.specialist, "VERIFY", &items, json!({})).await;
        assert_eq!(answer.at("/reviewReports/taken"), names.len());
        counts.push(answer.statements());
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] <= 14, "{counts:?}");
}

async fn what_cannot_be_reviewed_is_refused_as_a_whole(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let report = sent(&app, &reporting, UNITS[0]).await;
    let officer = app.officer_of(&app.world()[UNITS[1]]).await;
    let (one, before) = ((report.id.as_str(), 3), app.contents().await);
    let many = vec![one; 251];
    for (step, items, more, code, field) in [
        ("VERIFY", &many[..251], json!({}), "TOO_MANY", "items"),
        ("VERIFY", &[][..], json!({}), "REQUIRED", "items"),
        ("VERIFY", &many[..2], json!({}), "TWICE", "items.1.id"),
        ("RETURN", &many[..1], json!({}), "REQUIRED", "reason"),
        ("RETURN", &many[..1], json!({ "reason": " " }), "REQUIRED", "reason"),
        (
            "VERIFY",
            &many[..1],
            json!({ "reason": "Vì đúng" }),
            "REASON_NOT_TAKEN",
            "reason",
        ),
    ] {
        let refused = review(&reporting.specialist, step, items, more).await;
        let error = refused.at("/reviewReports/userErrors/0");
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(code), &json!(field)),
            "{refused}"
        );
    }
    let unit = app.world()[UNITS[0]].id();
    let other = review(&reporting.specialist, "VERIFY", &[(&unit, 3)], json!({})).await;
    assert_eq!(other.code(), "NOT_FOUND");
    assert_eq!(review(&officer, "VERIFY", &[one], json!({})).await.code(), "FORBIDDEN");
    assert_eq!(app.contents().await, before);
}

async fn rest_reviews_alike(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let [first, second] = [
        sent(&app, &reporting, UNITS[0]).await,
        sent(&app, &reporting, UNITS[1]).await,
    ];
    let body =
        json!({ "step": "VERIFY", "items": [{ "id": first.id, "version": 3 }, { "id": second.id, "version": 9 }] });
    let answer = reporting.specialist.post("/api/v1/reports/review", body).await;
    assert_eq!((answer.status(), &answer.body()["taken"]), (200, &json!(1)), "{answer}");
    let results = &answer.body()["results"];
    assert_eq!(
        (&results[0]["status"], &results[0]["version"]),
        (&json!("VERIFIED"), &json!(4))
    );
    assert_eq!(
        (&results[1]["taken"], &results[1]["code"]),
        (&json!(false), &json!("STALE_VERSION"))
    );
}
