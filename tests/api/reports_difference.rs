//! What a report said each time it was sent stays readable, and what changed since it was sent or approved is told.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, no_more_statements, on_both_databases};

on_both_databases! {
    what_was_sent_stays_as_it_was_whatever_is_changed_afterwards,
    an_officer_sees_what_they_have_changed_since_they_sent_the_report,
    a_reviewer_sees_what_changed_between_the_last_two_sendings,
    what_is_said_to_rules_is_kept_with_each_sending,
    a_report_that_was_sent_once_has_nothing_to_compare_with,
    what_a_correction_changes_is_told_of_it_and_of_the_corrected_report,
    reports_changed_since_their_approval_are_listed,
    who_sees_only_what_was_handed_in_sees_neither_earlier_sendings_nor_what_is_under_way,
    nobody_reads_what_others_sent,
    rest_tells_the_same,
    differences_of_many_reports_take_as_many_statements_as_of_one,
}

const COMPLETE: &[(&str, &str)] = &[
    ("members_total", "1.671"),
    ("workers_total", "1.700"),
    ("new_members", "10-12"),
];

const CHANGES: &str = "before { report { id } sending sentAt } after { report { id } sending } note { before after }
    explanations { ruleCode before after }
    figures { indicator { code } part changed
        before { value upper qualifier nature text } after { value upper qualifier nature text } }";

/// A report that was sent once.
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

    async fn comes_back(&self, version: i32) {
        let back = self.report.give_back(&self.reporting.specialist, version, "Chưa khớp.");
        back.await.thing();
    }

    /// Sent back at the third version, changed in these figures and sent again: the sixth.
    async fn sent_again(&self, figures: &[(&str, &str)]) {
        self.comes_back(3).await;
        self.report.save(&self.officer, 4, figures).await.thing();
        self.report.step(&self.officer, "submitReport", 5).await.thing();
    }
}

async fn difference(report: &Draft, who: &Person, since: &str) -> Answer {
    let fields = format!("difference(since: {since}) {{ {CHANGES} }}");
    report.seen_by(who, &fields).await
}

/// Code, texts before and after, and what changed of each figure.
fn told(seen: &Answer) -> Vec<(String, String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let list = seen.at("/node/difference/figures").as_array().expect("a list");
    let one = |one: &Value| {
        let changed: Vec<String> = one["changed"].as_array().into_iter().flatten().map(text).collect();
        (
            text(&one["indicator"]["code"]),
            text(&one["before"]["text"]),
            text(&one["after"]["text"]),
            changed.join(" "),
        )
    };
    list.iter().map(one).collect()
}

fn change(code: &str, before: &str, after: &str, changed: &str) -> (String, String, String, String) {
    let [code, before, after, changed] = [code, before, after, changed].map(str::to_owned);
    (code, before, after, changed)
}

async fn what_was_sent_stays_as_it_was_whatever_is_changed_afterwards(app: TestApp) {
    let sent = Sent::of(&app).await;
    sent.comes_back(3).await;
    let input = json!({ "id": sent.report.id, "version": 4, "note": "Đã đối chiếu.", "figures": [
        { "indicatorCode": "members_total", "text": "1.600" },
        { "indicatorCode": "new_members", "text": "" },
    ] });
    sent.officer.does("saveReport", input).await.thing();
    let fields = "sendings { number by note at figures { indicator { code } value upper qualifier text } }";
    let seen = sent.report.seen_by(&sent.officer, fields).await;
    assert_eq!(seen.at("/node/sendings").as_array().map(Vec::len), Some(1));
    let first = seen.at("/node/sendings/0");
    assert_eq!((&first["number"], &first["note"]), (&json!(1), &Value::Null));
    assert_eq!(
        seen.texts("/node/sendings/0/figures", "text"),
        ["1.671", "1.700", "10-12"]
    );
    assert_eq!(
        first["figures"][2],
        json!({ "indicator": { "code": "new_members" }, "value": "10", "upper": "12", "qualifier": "RANGE", "text": "10-12" })
    );
    sent.report.step(&sent.officer, "submitReport", 5).await.thing();
    for who in [&sent.officer, &sent.reporting.specialist] {
        let seen = sent.report.seen_by(who, fields).await;
        let of = |at: usize| seen.texts(&format!("/node/sendings/{at}/figures"), "text");
        assert_eq!(
            (of(0), of(1)),
            (vec!["1.600", "1.700"], vec!["1.671", "1.700", "10-12"])
        );
        assert_eq!(
            (seen.at("/node/sendings/0/number"), seen.str("/node/sendings/0/note")),
            (&json!(2), "Đã đối chiếu.")
        );
    }
}

async fn an_officer_sees_what_they_have_changed_since_they_sent_the_report(app: TestApp) {
    let sent = Sent::of(&app).await;
    sent.comes_back(3).await;
    let seen = difference(&sent.report, &sent.officer, "LAST_SUBMISSION").await;
    assert_eq!(told(&seen), [], "nothing was changed yet");
    let input = json!({ "id": sent.report.id, "version": 4, "note": "Số liệu đến 30/11.", "figures": [
        { "indicatorCode": "members_total", "text": "1671" },
        { "indicatorCode": "workers_total", "text": "trên 1.690", "nature": "ACTUAL" },
        { "indicatorCode": "new_members", "text": "" },
        { "indicatorCode": "welfare_amount", "text": "295 triệu đồng" },
    ] });
    sent.officer.does("saveReport", input).await.thing();
    let seen = difference(&sent.report, &sent.officer, "LAST_SUBMISSION").await;
    assert_eq!(
        told(&seen),
        [
            change("members_total", "1.671", "1671", "SPELLING"),
            change("workers_total", "1.700", "trên 1.690", "VALUE QUALIFIER NATURE"),
            change("new_members", "10-12", "-", "REMOVED"),
            change("welfare_amount", "-", "295 triệu đồng", "ADDED"),
        ]
    );
    let (before, after) = (
        seen.at("/node/difference/figures/1/before"),
        seen.at("/node/difference/figures/1/after"),
    );
    assert_eq!(
        (before, after),
        (
            &json!({ "value": "1700", "upper": null, "qualifier": "EXACT", "nature": "ESTIMATE", "text": "1.700" }),
            &json!({ "value": "1690", "upper": null, "qualifier": "MORE_THAN", "nature": "ACTUAL", "text": "trên 1.690" })
        )
    );
    assert_eq!(
        seen.at("/node/difference/note"),
        &json!({ "before": null, "after": "Số liệu đến 30/11." })
    );
    assert_eq!(
        (
            seen.at("/node/difference/before/sending"),
            seen.at("/node/difference/after/sending")
        ),
        (&json!(1), &Value::Null)
    );
}

async fn a_reviewer_sees_what_changed_between_the_last_two_sendings(app: TestApp) {
    let sent = Sent::of(&app).await;
    sent.sent_again(&[("members_total", "1.600")]).await;
    let specialist = &sent.reporting.specialist;
    let seen = difference(&sent.report, specialist, "LAST_SUBMISSION").await;
    assert_eq!(told(&seen), [change("members_total", "1.671", "1.600", "VALUE")]);
    sent.comes_back(6).await;
    let last = [("workers_total", "1.650")];
    sent.report.save(&sent.officer, 7, &last).await.thing();
    sent.report.step(&sent.officer, "submitReport", 8).await.thing();
    sent.report.step(specialist, "verifyReport", 9).await.thing();
    for who in [specialist, &sent.reporting.committee, &sent.officer] {
        let seen = difference(&sent.report, who, "LAST_SUBMISSION").await;
        assert_eq!(
            told(&seen),
            [change("workers_total", "1.700", "1.650", "VALUE")],
            "what changed before is known already"
        );
        assert_eq!(
            (
                seen.at("/node/difference/before/sending"),
                seen.at("/node/difference/after/sending")
            ),
            (&json!(2), &json!(3))
        );
    }
}

async fn what_is_said_to_rules_is_kept_with_each_sending(app: TestApp) {
    let (world, reporting) = (app.world(), Reporting::begin(&app).await);
    let items = ["members_total", "workers_total"].map(|code| json!({ "indicatorCode": code }));
    let rule = json!({ "code": "TRONG_SO", "expression": "members_total <= workers_total", "severity": "WARN", "message": "Đoàn viên nhiều hơn CNVCLĐ." });
    let draft = json!({ "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }], "rules": [rule] });
    reporting.specialist.does("writeReportFormDraft", draft).await.thing();
    let publish = json!({ "formId": reporting.form, "number": 2, "version": 1 });
    reporting.specialist.does("publishReportForm", publish).await.thing();
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let figures = [("members_total", "1.700"), ("workers_total", "1.671")];
    let report = reporting.draft(&officer, &world["Sở Nội vụ"], &figures).await;
    for (version, said) in [(2, "Có người đã nghỉ hưu."), (4, "29 người đã nghỉ hưu.")] {
        let explained =
            json!({ "id": report.id, "version": version, "explanations": [{ "ruleCode": "TRONG_SO", "text": said }] });
        officer.does("submitReport", explained).await.thing();
        if version == 2 {
            report
                .give_back(&reporting.specialist, 3, "Bao nhiêu người?")
                .await
                .thing();
        }
    }
    let seen = difference(&report, &reporting.specialist, "LAST_SUBMISSION").await;
    assert_eq!(
        seen.at("/node/difference/explanations"),
        &json!([{ "ruleCode": "TRONG_SO", "before": "Có người đã nghỉ hưu.", "after": "29 người đã nghỉ hưu." }])
    );
    assert_eq!(told(&seen), []);
    report.give_back(&reporting.specialist, 5, "Đếm lại.").await.thing();
    report.save(&officer, 6, &[("members_total", "1.660")]).await.thing();
    report.step(&officer, "submitReport", 7).await.thing();
    let seen = difference(&report, &reporting.specialist, "LAST_SUBMISSION").await;
    assert_eq!(
        seen.at("/node/difference/explanations"),
        &json!([{ "ruleCode": "TRONG_SO", "before": "29 người đã nghỉ hưu.", "after": null }]),
        "the rule holds, so what was said to it is needed no more"
    );
}

async fn a_report_that_was_sent_once_has_nothing_to_compare_with(app: TestApp) {
    let sent = Sent::of(&app).await;
    for since in ["LAST_SUBMISSION", "APPROVAL"] {
        let seen = difference(&sent.report, &sent.reporting.specialist, since).await;
        assert_eq!(seen.at("/node/difference"), &Value::Null, "{since}");
    }
    let library = &app.world()["Thư viện"];
    let officer = app.officer_of(library).await;
    let draft = sent.reporting.draft(&officer, library, COMPLETE).await;
    let seen = difference(&draft, &officer, "LAST_SUBMISSION").await;
    assert_eq!(seen.at("/node/difference"), &Value::Null, "it was never sent");
    let none = draft.seen_by(&officer, "sendings { number }").await;
    assert_eq!(none.at("/node/sendings"), &json!([]));
}

/// A correction of an approved report, with another number of members.
async fn corrected(app: &TestApp, reporting: &Reporting, unit: &str) -> (Draft, Draft, Person) {
    let unit = &app.world()[unit];
    let report = reporting.approved(app, unit, COMPLETE).await;
    let officer = app.officer_of(unit).await;
    let input = json!({ "id": report.id, "version": 5, "reason": "Đếm trùng 71 đoàn viên." });
    let correction = Draft {
        id: officer.does("correctReport", input).await.id().to_owned(),
    };
    let figures = [("members_total", "1.600")];
    correction.save(&officer, 1, &figures).await.thing();
    (report, correction, officer)
}

async fn pass(reporting: &Reporting, correction: &Draft, officer: &Person) {
    correction.step(officer, "submitReport", 2).await.thing();
    correction.step(&reporting.specialist, "verifyReport", 3).await.thing();
    correction.step(&reporting.committee, "approveReport", 4).await.thing();
}

async fn what_a_correction_changes_is_told_of_it_and_of_the_corrected_report(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let (report, correction, officer) = corrected(&app, &reporting, "Sở Nội vụ").await;
    let changes = [change("members_total", "1.671", "1.600", "VALUE")];
    for moment in ["under way", "approved"] {
        for one in [&report, &correction] {
            let seen = difference(one, &reporting.specialist, "APPROVAL").await;
            assert_eq!(told(&seen), changes, "{moment}");
            assert_eq!(
                (
                    seen.str("/node/difference/before/report/id"),
                    seen.str("/node/difference/after/report/id")
                ),
                (report.id.as_str(), correction.id.as_str())
            );
        }
        if moment == "under way" {
            pass(&reporting, &correction, &officer).await;
        }
    }
    let again = json!({ "id": correction.id, "version": 5, "reason": "Còn sót." });
    let third = Draft {
        id: officer.does("correctReport", again).await.id().to_owned(),
    };
    third.save(&officer, 1, &[("workers_total", "1.690")]).await.thing();
    let seen = difference(&correction, &officer, "APPROVAL").await;
    assert_eq!(
        told(&seen),
        [change("workers_total", "1.700", "1.690", "VALUE")],
        "since its own approval"
    );
    let seen = difference(&report, &officer, "APPROVAL").await;
    assert_eq!(told(&seen), changes, "the first is compared with what took its place");
}

async fn listed(who: &Person, of: &str) -> Vec<String> {
    let query = format!("{{ reports(where: {of}) {{ totalCount nodes {{ id }} }} }}");
    let answer = who.graphql(&query, json!({})).await;
    let ids = answer.texts("/reports/nodes", "id");
    assert_eq!(answer.at("/reports/totalCount"), &json!(ids.len()));
    ids.into_iter().map(str::to_owned).collect()
}

async fn reports_changed_since_their_approval_are_listed(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let (report, correction, officer) = corrected(&app, &reporting, "Sở Nội vụ").await;
    let other = reporting.approved(&app, &app.world()["Thư viện"], COMPLETE).await;
    let who = &reporting.specialist;
    assert_eq!(
        listed(who, "{ changedSinceApproval: true }").await,
        [report.id.as_str()]
    );
    assert_eq!(
        listed(who, "{ changedSinceApproval: false, statuses: [APPROVED] }").await,
        [other.id.as_str()]
    );
    pass(&reporting, &correction, &officer).await;
    assert_eq!(
        listed(who, "{ changedSinceApproval: true }").await,
        [report.id.as_str()],
        "it was replaced"
    );
    assert!(
        listed(who, "{ changedSinceApproval: true, statuses: [APPROVED] }")
            .await
            .is_empty()
    );
    let mut now = listed(who, "{ changedSinceApproval: false }").await;
    now.sort_unstable();
    let mut expected = [other.id.as_str(), correction.id.as_str()];
    expected.sort_unstable();
    assert_eq!(now, expected);
    let rest = who.get("/api/v1/reports?changedSinceApproval=true&count=true").await;
    assert_eq!(
        (&rest.body()["items"][0]["id"], &rest.body()["totalCount"]),
        (&json!(report.id), &json!(1)),
        "{rest}"
    );
}

async fn who_sees_only_what_was_handed_in_sees_neither_earlier_sendings_nor_what_is_under_way(app: TestApp) {
    let sent = Sent::of(&app).await;
    let (world, members) = (app.world(), ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ"]);
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &members).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2026-01-01").await.thing();
    let chair = app.officer_of(&world["Thư viện"]).await;
    sent.sent_again(&[("members_total", "1.600")]).await;
    let seen = sent
        .report
        .seen_by(
            &chair,
            "status sendings { number } difference(since: LAST_SUBMISSION) { figures { part } }",
        )
        .await;
    assert_eq!(
        seen.at("/node"),
        &json!({ "status": "SUBMITTED", "sendings": [], "difference": null })
    );
    let (report, correction, officer) = corrected(&app, &sent.reporting, "Sở Ngoại vụ").await;
    let approval = "status difference(since: APPROVAL) { figures { part } }";
    let seen = report.seen_by(&chair, approval).await;
    assert_eq!(seen.at("/node"), &json!({ "status": "APPROVED", "difference": null }));
    assert!(listed(&chair, "{ changedSinceApproval: true }").await.is_empty());
    pass(&sent.reporting, &correction, &officer).await;
    let seen = report.seen_by(&chair, approval).await;
    assert_eq!(
        seen.at("/node/difference/figures"),
        &json!([{ "part": "TOTAL" }]),
        "both were handed in"
    );
    assert_eq!(
        listed(&chair, "{ changedSinceApproval: true }").await,
        [report.id.as_str()]
    );
}

async fn nobody_reads_what_others_sent(app: TestApp) {
    let sent = Sent::of(&app).await;
    let neighbour = app.officer_of(&app.world()["Thư viện"]).await;
    assert_eq!(
        difference(&sent.report, &neighbour, "LAST_SUBMISSION").await.code(),
        "NOT_FOUND"
    );
    let path = format!("/api/v1/reports/{}", sent.report.id);
    for path in [
        format!("{path}/difference?since=LAST_SUBMISSION"),
        format!("{path}/sendings/1"),
    ] {
        let refused = neighbour.get(&path).await;
        assert_eq!((refused.status(), refused.code()), (404, "NOT_FOUND"), "{path}");
    }
}

async fn rest_tells_the_same(app: TestApp) {
    let sent = Sent::of(&app).await;
    let path = format!("/api/v1/reports/{}", sent.report.id);
    let since = format!("{path}/difference?since=LAST_SUBMISSION");
    let nothing = sent.officer.get(&since).await;
    assert_eq!(
        nothing.body(),
        &json!({ "before": null, "after": null, "figures": [], "note": null, "explanations": [] })
    );
    sent.sent_again(&[("members_total", "gần 1.680")]).await;
    let told = sent.reporting.specialist.get(&since).await;
    let body = told.body();
    assert_eq!(
        (&body["before"]["sending"], &body["after"]["sending"]),
        (&json!(1), &json!(2))
    );
    let reading = |value: &str, qualifier: &str, text: &str| json!({ "value": value, "upper": null, "choice": null, "qualifier": qualifier, "nature": "ESTIMATE", "text": text });
    assert_eq!(
        body["figures"],
        json!([{ "indicatorCode": "members_total", "part": "TOTAL", "changed": ["VALUE", "QUALIFIER"],
            "before": reading("1671", "EXACT", "1.671"), "after": reading("1680", "NEARLY", "gần 1.680") }])
    );
    let first = sent.reporting.specialist.get(&format!("{path}/sendings/1")).await;
    let texts: Vec<_> = first.body()["figures"].as_array().into_iter().flatten().collect();
    let texts: Vec<_> = texts.iter().map(|one| one["text"].as_str().unwrap_or("-")).collect();
    assert_eq!(
        (first.status(), texts),
        (200, vec!["1.671", "1.700", "10-12"]),
        "{first}"
    );
    for (path, status) in [
        (format!("{path}/sendings/3"), 404),
        (format!("{path}/sendings/0"), 404),
        (format!("{path}/sendings/x"), 404),
        (format!("{path}/difference"), 400),
        (format!("{path}/difference?since=YESTERDAY"), 400),
    ] {
        let refused = sent.officer.get(&path).await;
        assert_eq!(refused.status(), status, "{path}: {refused}");
    }
}

async fn differences_of_many_reports_take_as_many_statements_as_of_one(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let changes = "before { sending } figures { indicator { code } after { text } } explanations { after }";
    let query = format!(
        "{{ reports(first: 20) {{ nodes {{ sent: difference(since: LAST_SUBMISSION) {{ {changes} }}
            approved: difference(since: APPROVAL) {{ {changes} }} sendings {{ figures {{ text }} }} }} }} }}"
    );
    let mut statements = Vec::new();
    for unit in ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ"] {
        let (_, correction, officer) = corrected(&app, &reporting, unit).await;
        correction.step(&officer, "submitReport", 2).await.thing();
        correction
            .give_back(&reporting.specialist, 3, "Chưa khớp.")
            .await
            .thing();
        let figures = [("workers_total", "1.690"), ("members_total", "1.598")];
        correction.save(&officer, 4, &figures).await.thing();
        let answer = reporting.specialist.graphql(&query, json!({})).await;
        assert_eq!(answer.code(), "", "{answer}");
        statements.push(answer.statements());
    }
    no_more_statements(statements[0], statements[2]);
}
