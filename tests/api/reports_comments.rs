//! What is said of a report and of its figures: remarks with which it is sent back, answers, and what must be settled before approval.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_report_sent_back_for_two_figures_is_open_for_these_and_answered,
    who_sends_back_may_leave_every_figure_open_or_unlock_them_later,
    a_report_of_which_something_open_is_said_is_not_approved,
    of_approving_and_commenting_at_once_one_is_too_late,
    what_is_said_is_settled_by_who_said_it_or_by_who_reviews,
    remarks_that_make_no_sense_are_refused_and_the_report_stays,
    nobody_reads_or_says_anything_of_reports_they_do_not_see,
    a_comment_sent_twice_under_one_key_is_said_once,
    an_approved_report_is_commented_no_more,
    rest_sends_back_with_remarks,
    comments_of_many_reports_are_loaded_together,
}

const COMPLETE: &[(&str, &str)] = &[
    ("members_total", "1.671"),
    ("workers_total", "1.700"),
    ("new_members", "12"),
];
const FIELDS: &str = "version status figuresLocked returnedVersion comments { id indicator { code } text by answer answeredBy resolvedBy returnedVersion }";

/// A report that was sent.
struct Sent {
    reporting: Reporting,
    officer: Person,
    report: Draft,
}

impl Sent {
    async fn of(app: &TestApp) -> Self {
        let (world, reporting) = (app.world(), Reporting::begin(app).await);
        let officer = app.officer_of(&world["Sở Nội vụ"]).await;
        let report = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
        report.step(&officer, "submitReport", 2).await.thing();
        Self {
            reporting,
            officer,
            report,
        }
    }

    async fn comes_back(&self, version: i32, mut input: Value) -> Answer {
        input["id"] = json!(self.report.id);
        input["version"] = json!(version);
        input["reason"] = json!("Số liệu chưa khớp.");
        self.reporting.specialist.does("returnReport", input).await
    }

    async fn comments(&self) -> Vec<Value> {
        let seen = self.report.seen_by(&self.officer, FIELDS).await;
        seen.at("/node/comments").as_array().expect("a list").clone()
    }
}

async fn says(who: &Person, report: &Draft, figure: Option<&str>, text: &str) -> Answer {
    let input = json!({ "reportId": report.id, "indicatorCode": figure, "text": text });
    who.does("commentOnReport", input).await
}

async fn answers(who: &Person, comment: &Value, text: &str) -> Answer {
    who.does("answerReportComment", json!({ "id": comment["id"], "text": text }))
        .await
}

async fn resolves(who: &Person, comment: &Value) -> Answer {
    who.does("resolveReportComment", json!({ "id": comment["id"] })).await
}

fn two_remarks() -> Value {
    json!({ "figures": [
        { "indicatorCode": "members_total", "text": "Khác số đã đóng đoàn phí." },
        { "indicatorCode": "new_members", "text": "Danh sách kèm theo có 11 người." },
    ] })
}

async fn a_report_sent_back_for_two_figures_is_open_for_these_and_answered(app: TestApp) {
    let sent = Sent::of(&app).await;
    sent.comes_back(3, two_remarks()).await.thing();
    let seen = sent.report.seen_by(&sent.officer, FIELDS).await;
    assert_eq!(
        (seen.at("/node/figuresLocked"), seen.at("/node/returnedVersion")),
        (&json!(true), &json!(4))
    );
    let before = app.contents().await;
    let other = sent
        .report
        .save(&sent.officer, 4, &[("new_members", "11"), ("workers_total", "1.701")])
        .await;
    assert_eq!(other.user_errors(), [("FIGURE_LOCKED", "figures.1.indicatorCode")]);
    assert!(app.contents().await == before, "all of it or nothing");
    sent.report
        .save(&sent.officer, 4, &[("new_members", "11"), ("members_total", "1.670")])
        .await
        .thing();
    let comments = sent.comments().await;
    let unanswered = sent.report.step(&sent.officer, "submitReport", 5).await;
    let fields: Vec<String> = comments
        .iter()
        .map(|one| format!("comments.{}", one["id"].as_str().unwrap()))
        .collect();
    assert_eq!(
        unanswered.user_errors(),
        fields
            .iter()
            .map(|field| ("ANSWER_NEEDED", field.as_str()))
            .collect::<Vec<_>>()
    );
    answers(&sent.officer, &comments[0], "Đã trừ một người chuyển đi.")
        .await
        .thing();
    let one_left = sent.report.step(&sent.officer, "submitReport", 5).await;
    assert_eq!(one_left.user_errors(), [("ANSWER_NEEDED", fields[1].as_str())]);
    answers(&sent.officer, &comments[1], "Đúng là 11 người.").await.thing();
    sent.report.step(&sent.officer, "submitReport", 5).await.thing();
    let seen = sent.report.seen_by(&sent.reporting.specialist, FIELDS).await;
    assert_eq!(*seen.at("/node/figuresLocked"), json!(false));
    assert_eq!(
        seen.texts("/node/comments", "answer"),
        ["Đã trừ một người chuyển đi.", "Đúng là 11 người."]
    );
}

async fn who_sends_back_may_leave_every_figure_open_or_unlock_them_later(app: TestApp) {
    let sent = Sent::of(&app).await;
    let mut open = two_remarks();
    open["allOpen"] = json!(true);
    sent.comes_back(3, open).await.thing();
    sent.report
        .save(&sent.officer, 4, &[("workers_total", "1.701")])
        .await
        .thing();
    for comment in sent.comments().await {
        answers(&sent.officer, &comment, "Đã sửa.").await.thing();
    }
    sent.report.step(&sent.officer, "submitReport", 5).await.thing();
    sent.comes_back(6, two_remarks()).await.thing();
    let unlock = json!({ "id": sent.report.id, "version": 7 });
    assert_eq!(
        sent.officer.does("unlockReport", unlock.clone()).await.code(),
        "FORBIDDEN"
    );
    sent.reporting.specialist.does("unlockReport", unlock).await.thing();
    sent.report
        .save(&sent.officer, 8, &[("workers_total", "1.702")])
        .await
        .thing();
    let again = sent
        .reporting
        .specialist
        .does("unlockReport", json!({ "id": sent.report.id, "version": 9 }))
        .await;
    assert_eq!(again.code(), "WRONG_STATE");
    sent.report.step(&sent.officer, "submitReport", 9).await.user_errors();
    let unanswered = sent
        .comments()
        .await
        .iter()
        .filter(|one| one["answer"].is_null())
        .count();
    assert_eq!(unanswered, 2, "unlocked or not, what was asked is answered");
}

async fn a_report_of_which_something_open_is_said_is_not_approved(app: TestApp) {
    let sent = Sent::of(&app).await;
    let reporting = &sent.reporting;
    let comment = says(
        &reporting.specialist,
        &sent.report,
        Some("members_total"),
        "Xin xem lại.",
    )
    .await
    .thing()
    .clone();
    sent.report.step(&reporting.specialist, "verifyReport", 3).await.thing();
    let refused = sent.report.step(&reporting.committee, "approveReport", 4).await;
    assert_eq!(refused.code(), "WRONG_STATE");
    assert!(refused.to_string().contains("nhận xét"), "{refused}");
    let query =
        "mutation($input: ReviewReportsInput!) { reviewReports(input: $input) { taken results { code reason } } }";
    let both = json!({ "input": { "step": "APPROVE", "items": [{ "id": sent.report.id, "version": 4 }] } });
    let at_once = reporting.committee.graphql(query, both).await;
    assert_eq!(*at_once.at("/reviewReports/taken"), json!(0), "{at_once}");
    assert_eq!(at_once.str("/reviewReports/results/0/code"), "WRONG_STATE");
    resolves(&reporting.specialist, &comment).await.thing();
    sent.report.step(&reporting.committee, "approveReport", 4).await.thing();
}

async fn of_approving_and_commenting_at_once_one_is_too_late(app: TestApp) {
    let sent = Sent::of(&app).await;
    let (specialist, committee) = (&sent.reporting.specialist, &sent.reporting.committee);
    sent.report.step(specialist, "verifyReport", 3).await.thing();
    let (approved, said) = futures_util::future::join(
        sent.report.step(committee, "approveReport", 4),
        says(specialist, &sent.report, None, "Khoan đã."),
    )
    .await;
    let mut codes = [approved.code(), said.code()];
    codes.sort_unstable();
    assert_eq!(codes, ["", "WRONG_STATE"], "{approved} {said}");
}

async fn what_is_said_is_settled_by_who_said_it_or_by_who_reviews(app: TestApp) {
    let sent = Sent::of(&app).await;
    let (specialist, officer) = (&sent.reporting.specialist, &sent.officer);
    let asked = says(specialist, &sent.report, None, "Thiếu bản thuyết minh.")
        .await
        .thing()
        .clone();
    assert_eq!(
        resolves(officer, &asked).await.code(),
        "FORBIDDEN",
        "who is asked does not settle it"
    );
    answers(officer, &asked, "Đã gửi kèm.").await.thing();
    answers(officer, &asked, "Đã gửi kèm, trang 2.").await.thing();
    resolves(&sent.reporting.committee, &asked).await.thing();
    assert_eq!(answers(officer, &asked, "Thêm nữa.").await.code(), "WRONG_STATE");
    assert_eq!(resolves(specialist, &asked).await.code(), "WRONG_STATE");
    let own = says(officer, &sent.report, Some("workers_total"), "Gồm cả lao động thời vụ.")
        .await
        .thing()
        .clone();
    resolves(officer, &own).await.thing();
    let comments = sent.comments().await;
    assert_eq!(comments[0]["answer"], "Đã gửi kèm, trang 2.");
    assert!(
        comments.iter().all(|comment| comment["resolvedBy"].is_string()),
        "{comments:?}"
    );
}

async fn remarks_that_make_no_sense_are_refused_and_the_report_stays(app: TestApp) {
    let sent = Sent::of(&app).await;
    let before = app.contents().await;
    let remark = |code: &str, text: &str| json!({ "indicatorCode": code, "text": text });
    let cases = [
        (
            json!([remark("khong_co", "Sai.")]),
            "INDICATOR_NOT_ON_FORM",
            "figures.0.indicatorCode",
        ),
        (
            json!([remark("members_total", "Sai."), remark("members_total", "Sai nữa.")]),
            "TWICE",
            "figures.1.indicatorCode",
        ),
        (json!([remark("members_total", "  ")]), "REQUIRED", "figures.0.text"),
    ];
    let women = json!([{ "indicatorCode": "members_total", "part": "WOMEN", "text": "Biểu không hỏi số nữ." }]);
    let not_asked = (women, "INDICATOR_NOT_ON_FORM", "figures.0.indicatorCode");
    for (figures, code, field) in cases.into_iter().chain([not_asked]) {
        let refused = sent.comes_back(3, json!({ "figures": figures })).await;
        assert_eq!(refused.user_errors(), [(code, field)]);
    }
    let unknown = says(&sent.reporting.specialist, &sent.report, Some("khong_co"), "Sai.").await;
    assert_eq!(unknown.user_errors(), [("INDICATOR_NOT_ON_FORM", "indicatorCode")]);
    assert!(app.contents().await == before, "nothing is stored");
}

async fn nobody_reads_or_says_anything_of_reports_they_do_not_see(app: TestApp) {
    let sent = Sent::of(&app).await;
    let world = app.world();
    let comment = says(&sent.reporting.specialist, &sent.report, None, "Xin xem lại.")
        .await
        .thing()
        .clone();
    let query = "query($id: ID!) { node(id: $id) { ... on ReportComment { text } } }";
    for (who, stranger) in [
        ("a neighbour", app.officer_of(&world["Thư viện"]).await),
        ("another province", app.specialist_of(&world["Kon Tum"]).await),
        ("somebody without grants", app.stranger().await),
    ] {
        assert_eq!(
            stranger.graphql(query, json!({ "id": comment["id"] })).await.code(),
            "NOT_FOUND",
            "{who}"
        );
        assert_eq!(
            says(&stranger, &sent.report, None, "Tôi cũng nói.").await.code(),
            "NOT_FOUND",
            "{who}"
        );
        assert_eq!(
            answers(&stranger, &comment, "Tôi trả lời.").await.code(),
            "NOT_FOUND",
            "{who}"
        );
        assert_eq!(resolves(&stranger, &comment).await.code(), "NOT_FOUND", "{who}");
    }
    let cluster = Cluster::of(&app, "Sóc Trăng", "Cụm 2", &["Sở Nội vụ", "Thư viện"]).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2026-01-01").await.thing();
    let chair = app.officer_of(&world["Thư viện"]).await;
    says(&chair, &sent.report, Some("new_members"), "Cụm chỉ biết 10 người.")
        .await
        .thing();
    assert_eq!(
        sent.comments().await.len(),
        2,
        "a chair says something of what was handed in"
    );
}

async fn a_comment_sent_twice_under_one_key_is_said_once(app: TestApp) {
    let sent = Sent::of(&app).await;
    let input = json!({ "reportId": sent.report.id, "text": "Xin xem lại.", "idempotencyKey": "may-1" });
    let first = sent
        .reporting
        .specialist
        .does("commentOnReport", input.clone())
        .await
        .id()
        .to_owned();
    assert_eq!(
        sent.reporting.specialist.does("commentOnReport", input).await.id(),
        first
    );
    assert_eq!(sent.comments().await.len(), 1);
}

async fn an_approved_report_is_commented_no_more(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let report = reporting.approved(&app, &world["Sở Nội vụ"], COMPLETE).await;
    let late = says(&reporting.specialist, &report, None, "Muộn rồi.").await;
    assert_eq!(late.code(), "WRONG_STATE");
}

async fn rest_sends_back_with_remarks(app: TestApp) {
    let sent = Sent::of(&app).await;
    let mut body = two_remarks();
    body["reason"] = json!("Số liệu chưa khớp.");
    let path = format!("/api/v1/reports/{}/return", sent.report.id);
    let headers = [("If-Match", "\"3\""), ("Content-Type", "application/json")];
    let answer = sent
        .reporting
        .specialist
        .request(actix_web::http::Method::POST, &path, &headers, body.to_string())
        .await;
    assert_eq!(answer.status(), 200, "{answer}");
    let codes: Vec<Value> = sent
        .comments()
        .await
        .iter()
        .map(|one| one["indicator"]["code"].clone())
        .collect();
    assert_eq!(codes, ["members_total", "new_members"]);
}

async fn comments_of_many_reports_are_loaded_together(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let query = "{ reports(first: 50) { nodes { comments { text by indicator { code } } } } }";
    let mut statements = Vec::new();
    for unit in ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ"] {
        let officer = app.officer_of(&world[unit]).await;
        let report = reporting.draft(&officer, &world[unit], COMPLETE).await;
        says(&officer, &report, Some("members_total"), "Đã kiểm tra.")
            .await
            .thing();
        statements.push(reporting.specialist.graphql(query, json!({})).await.statements());
    }
    assert_eq!(statements[0], statements[2]);
}
