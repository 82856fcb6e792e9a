//! Rules between the figures of a form: written and checked with its draft, judged before a report is sent, told to those who review it.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, no_more_statements, on_both_databases};

on_both_databases! {
    a_rule_that_blocks_keeps_a_report_from_being_sent,
    a_rule_that_warns_wants_an_explanation_that_reviewers_read,
    what_was_explained_counts_when_the_report_is_sent_again,
    a_rule_that_informs_is_only_told,
    what_a_missing_figure_does_is_said_with_the_rule,
    an_inexact_figure_breaks_no_rule_that_it_may_keep,
    a_part_is_named_by_its_indicator_and_two_underscores,
    an_explanation_that_cannot_be_kept_is_told_with_its_field,
    a_rule_that_cannot_be_carried_out_is_refused_with_its_place,
    rules_are_shown_and_compared_on_both_doors,
    a_report_keeps_the_rules_of_its_version,
    who_does_not_see_a_report_sees_no_findings,
    who_may_not_manage_the_form_writes_no_rules,
    rest_tells_findings_and_takes_explanations,
    a_key_used_again_with_another_explanation_is_refused,
    statements_grow_neither_with_rules_and_figures_nor_with_reports,
}

const WITHIN: &str = "members_total <= workers_total";
const MESSAGE: &str = "Số đoàn viên không thể nhiều hơn tổng số CNVCLĐ.";
const FINDINGS: &str = "findings { rule { code severity message } outcome why keepsFromSending
    figures { indicatorCode part label text } explanation { text by actedFor } }";
const REASON: &str = "Có 29 đoàn viên đã nghỉ hưu chưa chuyển sinh hoạt.";

fn rule(code: &str, expression: &str, severity: &str) -> Value {
    json!({ "code": code, "expression": expression, "severity": severity, "message": MESSAGE })
}

fn with(mut rule: Value, name: &str, value: &str) -> Value {
    rule[name] = value.into();
    rule
}

/// Writes a draft of the form with the items of its first version, four of them, and these rules.
async fn written(reporting: &Reporting, who: &Person, rules: Value, seen: Option<i32>) -> Answer {
    let items = ["members_total", "workers_total", "new_members", "welfare_amount"]
        .map(|code| json!({ "indicatorCode": code }));
    let mut draft = json!({
        "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }], "rules": rules,
    });
    if let Some(seen) = seen {
        draft["version"] = seen.into();
    }
    who.does("writeReportFormDraft", draft).await
}

async fn publish(reporting: &Reporting, number: i32) {
    let input = json!({ "formId": reporting.form, "number": number, "version": 1 });
    reporting.specialist.does("publishReportForm", input).await.thing();
}

/// Reports on a form whose second version has these rules.
async fn ruled(app: &TestApp, rules: Value) -> Reporting {
    let reporting = Reporting::begin(app).await;
    written(&reporting, &reporting.specialist, rules, None).await.thing();
    publish(&reporting, 2).await;
    reporting
}

/// Sends a report with what is said to rules, each a code and a text.
async fn send(report: &Draft, who: &Person, version: i32, said: &[(&str, &str)]) -> Answer {
    let said: Vec<Value> = said
        .iter()
        .map(|(code, text)| json!({ "ruleCode": code, "text": text }))
        .collect();
    let input = json!({ "id": report.id, "version": version, "explanations": said });
    who.does("submitReport", input).await
}

const BREAKING: &[(&str, &str)] = &[("members_total", "1.700"), ("workers_total", "1.671")];

async fn a_rule_that_blocks_keeps_a_report_from_being_sent(app: TestApp) {
    let reporting = ruled(
        &app,
        json!([
            rule("MEMBERS", WITHIN, "BLOCK"),
            rule("NEW", "new_members <= members_total", "BLOCK"),
            rule("SOME", "members_total > 0", "BLOCK"),
        ]),
    )
    .await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    report.save(&officer, 2, &[("new_members", "1.800")]).await.thing();
    let seen = report.seen_by(&officer, FINDINGS).await;
    let why = "“Số đoàn viên” (1.700) phải nhỏ hơn hoặc bằng “Tổng số CBCCVCLĐ” (1.671).";
    assert_eq!(
        *seen.at("/node/findings/0"),
        json!({
            "rule": { "code": "MEMBERS", "severity": "BLOCK", "message": MESSAGE },
            "outcome": "BROKEN", "why": why, "keepsFromSending": true, "explanation": null,
            "figures": [
                { "indicatorCode": "members_total", "part": "TOTAL", "label": "Số đoàn viên", "text": "1.700" },
                { "indicatorCode": "workers_total", "part": "TOTAL", "label": "Tổng số CBCCVCLĐ", "text": "1.671" },
            ],
        })
    );
    assert_eq!(
        seen.at("/node/findings").as_array().map(Vec::len),
        Some(2),
        "of three one holds"
    );
    let refused = send(&report, &officer, 3, &[("MEMBERS", REASON)]).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("RULE_BROKEN", "figures.members_total"),
            ("RULE_BROKEN", "figures.new_members")
        ],
        "one for each rule, and an explanation does not help"
    );
    let told = refused.user_message();
    assert!(
        told.contains(MESSAGE) && told.contains(why) && told.contains("MEMBERS"),
        "{told}"
    );
    let english = send(&report, &officer.in_english(), 3, &[]).await;
    assert!(english.user_message().contains("must be at most"), "{english}");
    let after = report
        .seen_by(&officer, "status version findings { explanation { text } }")
        .await;
    assert_eq!(
        (after.str("/node/status"), after.at("/node/version")),
        ("DRAFT", &json!(3))
    );
    assert_eq!(
        *after.at("/node/findings/0/explanation"),
        Value::Null,
        "nothing is stored"
    );
    let mended = [("members_total", "1.671"), ("new_members", "20")];
    report.save(&officer, 3, &mended).await.thing();
    assert_eq!(
        *report.seen_by(&officer, FINDINGS).await.at("/node/findings"),
        json!([])
    );
    send(&report, &officer, 4, &[]).await.thing();
}

async fn a_rule_that_warns_wants_an_explanation_that_reviewers_read(app: TestApp) {
    let reporting = ruled(
        &app,
        json!([rule("MEMBERS", WITHIN, "WARN"), rule("NEW", "new_members >= 0", "WARN")]),
    )
    .await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    report.save(&officer, 2, &[("new_members", "5")]).await.thing();
    let refused = send(&report, &officer, 3, &[]).await;
    assert_eq!(refused.user_errors(), [("EXPLANATION_NEEDED", "explanations.MEMBERS")]);
    assert!(refused.user_message().contains("(1.700)"), "{refused}");
    let said = [
        ("MEMBERS", "  Có 29 đoàn viên đã nghỉ hưu chưa chuyển sinh hoạt. "),
        ("NEW", "Không cần."),
    ];
    send(&report, &officer, 3, &said).await.thing();
    for reader in [&reporting.specialist, &reporting.committee, &officer] {
        let seen = report.seen_by(reader, FINDINGS).await;
        assert_eq!(
            seen.at("/node/findings").as_array().map(Vec::len),
            Some(1),
            "the other holds"
        );
        assert_eq!(seen.str("/node/findings/0/explanation/text"), REASON);
        assert!(!seen.str("/node/findings/0/explanation/by").is_empty());
        assert_eq!(*seen.at("/node/findings/0/keepsFromSending"), json!(false));
    }
    let (_, uuid) = thidua::ids::parse(&report.id).expect("an id");
    let trace = app.audit_of(uuid).await;
    let explained = trace
        .iter()
        .find(|entry| entry.action == "REPORT_EXPLAINED")
        .expect("a trace");
    assert!(explained.detail.contains("nghỉ hưu"), "{explained:?}");
    assert!(
        !explained.detail.contains("Không cần"),
        "what holds needs no explanation"
    );
}

async fn what_was_explained_counts_when_the_report_is_sent_again(app: TestApp) {
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "WARN")])).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    send(&report, &officer, 2, &[("MEMBERS", REASON)]).await.thing();
    report
        .give_back(&reporting.specialist, 3, "Ghi rõ từng người.")
        .await
        .thing();
    send(&report, &officer, 4, &[]).await.thing();
    report
        .give_back(&reporting.specialist, 5, "Ghi rõ từng người.")
        .await
        .thing();
    let other = app.officer_of(unit).await;
    send(&report, &other, 6, &[("MEMBERS", "Danh sách 29 người kèm theo.")])
        .await
        .thing();
    let seen = report.seen_by(&reporting.specialist, FINDINGS).await;
    assert_eq!(
        seen.str("/node/findings/0/explanation/text"),
        "Danh sách 29 người kèm theo.",
        "what is said again takes the place of what was said"
    );
}

async fn a_rule_that_informs_is_only_told(app: TestApp) {
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "INFORM")])).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    send(&report, &officer, 2, &[]).await.thing();
    let seen = report.seen_by(&reporting.specialist, FINDINGS).await;
    assert_eq!(seen.str("/node/findings/0/outcome"), "BROKEN");
    assert_eq!(*seen.at("/node/findings/0/keepsFromSending"), json!(false));
}

async fn what_a_missing_figure_does_is_said_with_the_rule(app: TestApp) {
    let within = rule("SKIPPED", "new_members <= members_total && new_members > 0", "BLOCK");
    let reporting = ruled(
        &app,
        json!([
            within,
            with(rule("ZERO", "new_members > 0", "BLOCK"), "missing", "ZERO"),
            with(
                rule("FAILS", "new_members <= members_total", "BLOCK"),
                "missing",
                "FAILS"
            ),
        ]),
    )
    .await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting
        .draft(&officer, unit, &[("members_total", "10"), ("workers_total", "12")])
        .await;
    let seen = report.seen_by(&officer, FINDINGS).await;
    assert_eq!(
        seen.texts("/node/findings", "outcome"),
        ["NOT_JUDGED", "BROKEN", "BROKEN"]
    );
    assert_eq!(
        seen.texts("/node/findings", "why"),
        [
            "Chưa xét vì thiếu “Phát triển đoàn viên mới”.",
            "“Phát triển đoàn viên mới” (0) phải lớn hơn 0. “Phát triển đoàn viên mới” không có số liệu nên tính là 0.",
            "Không đạt vì thiếu “Phát triển đoàn viên mới”.",
        ]
    );
    assert_eq!(*seen.at("/node/findings/0/figures/0/text"), Value::Null);
    let refused = send(&report, &officer, 2, &[]).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("RULE_BROKEN", "figures.new_members"),
            ("RULE_BROKEN", "figures.new_members")
        ]
    );
    report.save(&officer, 2, &[("new_members", "2")]).await.thing();
    send(&report, &officer, 3, &[]).await.thing();
}

async fn an_inexact_figure_breaks_no_rule_that_it_may_keep(app: TestApp) {
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "BLOCK")])).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let figures = [("members_total", "khoảng 1.700"), ("workers_total", "1.671")];
    let report = reporting.draft(&officer, unit, &figures).await;
    let seen = report.seen_by(&officer, FINDINGS).await;
    assert_eq!(seen.str("/node/findings/0/outcome"), "UNKNOWN");
    send(&report, &officer, 2, &[]).await.thing();
}

async fn a_part_is_named_by_its_indicator_and_two_underscores(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let party = json!({
        "code": "party_members", "name": "Số đảng viên", "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "STOCK",
        "dimensions": ["WOMEN"],
    });
    app.catalogue_keeper()
        .await
        .does("createIndicator", party)
        .await
        .thing();
    let item = json!({ "indicatorCode": "party_members", "dimensions": ["WOMEN"] });
    let draft = json!({
        "formId": reporting.form, "unitKinds": ["GRASSROOTS"],
        "sections": [{ "items": [item] }],
        "rules": [rule("WOMEN", "party_members__women * 2 <= party_members", "BLOCK")],
    });
    reporting.specialist.does("writeReportFormDraft", draft).await.thing();
    publish(&reporting, 2).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, &[]).await;
    let figures = json!([
        { "indicatorCode": "party_members", "text": "20" },
        { "indicatorCode": "party_members", "part": "WOMEN", "text": "11" },
    ]);
    let save = json!({ "id": report.id, "version": 1, "figures": figures });
    officer.does("saveReport", save).await.thing();
    let refused = send(&report, &officer, 2, &[]).await;
    assert_eq!(refused.user_errors(), [("RULE_BROKEN", "figures.party_members.WOMEN")]);
    assert!(
        refused.user_message().contains("“Số đảng viên, nữ” * 2 (22)"),
        "{refused}"
    );
}

async fn an_explanation_that_cannot_be_kept_is_told_with_its_field(app: TestApp) {
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "WARN")])).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    let long = "ă".repeat(2_001);
    for (said, told) in [
        (vec![("MEMBERS", "  ")], ("REQUIRED", "explanations.0.text")),
        (vec![("MEMBERS", long.as_str())], ("TOO_LONG", "explanations.0.text")),
        (
            vec![("MEMBERS", "a\u{1}b")],
            ("CONTROL_CHARACTER", "explanations.0.text"),
        ),
        (
            vec![("MEMBERS", REASON), ("MEMBERS", REASON)],
            ("TWICE", "explanations.1.ruleCode"),
        ),
        (
            vec![("MEMBERS", REASON), ("OTHER", REASON)],
            ("RULE_UNKNOWN", "explanations.1.ruleCode"),
        ),
        (vec![("MEMBERS", REASON); 101], ("TOO_MANY", "explanations")),
    ] {
        assert_eq!(send(&report, &officer, 2, &said).await.user_errors(), [told]);
    }
    let seen = report.seen_by(&officer, FINDINGS).await;
    assert_eq!(*seen.at("/node/findings/0/explanation"), Value::Null);
    send(&report, &officer, 2, &[("MEMBERS", &"ă".repeat(2_000))])
        .await
        .thing();
}

async fn a_rule_that_cannot_be_carried_out_is_refused_with_its_place(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let good = rule("MEMBERS", WITHIN, "BLOCK");
    let named = |index: usize, name: &str| format!("rules.{index}.{name}");
    for (rules, code, field) in [
        (
            vec![good.clone(), rule("B", "members_total <= worker_total", "WARN")],
            "UNKNOWN_NAME",
            named(1, "expression"),
        ),
        (
            vec![rule("A", "members_total <=", "WARN")],
            "SYNTAX",
            named(0, "expression"),
        ),
        (
            vec![rule("A", "members_total + 1", "WARN")],
            "WRONG_RESULT",
            named(0, "expression"),
        ),
        (
            vec![rule("A", "membership_rate > 1", "WARN")],
            "UNKNOWN_NAME",
            named(0, "expression"),
        ),
        (
            vec![rule("A", "members_total__women <= members_total", "WARN")],
            "UNKNOWN_NAME",
            named(0, "expression"),
        ),
        (
            vec![rule("A", &format!("members_total > 1{}", " ".repeat(1_000)), "WARN")],
            "TOO_LONG",
            named(0, "expression"),
        ),
        (vec![rule("không", WITHIN, "WARN")], "CODE_INVALID", named(0, "code")),
        (vec![good.clone(), good.clone()], "TWICE", named(1, "code")),
        (
            vec![with(good.clone(), "message", " ")],
            "REQUIRED",
            named(0, "message"),
        ),
        (vec![good.clone(); 101], "TOO_MANY", "rules".to_owned()),
    ] {
        let refused = written(&reporting, &reporting.specialist, json!(rules), None).await;
        assert_eq!(refused.user_errors(), [(code, field.as_str())], "{refused}");
    }
    let unsure = written(
        &reporting,
        &reporting.specialist,
        json!([rule("B", "members_total <= worker_total", "WARN")]),
        None,
    )
    .await;
    assert!(
        unsure.user_message().contains("workers_total"),
        "the nearest name is told: {unsure}"
    );
    let seen = reporting
        .specialist
        .graphql(
            "query($id: ID!) { node(id: $id) { ... on ReportForm { versions { number } } } }",
            json!({ "id": reporting.form }),
        )
        .await;
    assert_eq!(
        seen.at("/node/versions").as_array().map(Vec::len),
        Some(1),
        "nothing is stored"
    );
}

async fn rules_are_shown_and_compared_on_both_doors(app: TestApp) {
    let first = with(
        rule("MEMBERS", WITHIN, "BLOCK"),
        "basis",
        "Điều lệ Công đoàn Việt Nam, Điều 1",
    );
    let reporting = ruled(&app, json!([first, rule("NEW", "new_members >= 0", "WARN")])).await;
    let mut next = first.clone();
    next["severity"] = "WARN".into();
    let rules = json!([rule("AMOUNT", "welfare_amount >= 0", "INFORM"), next]);
    written(&reporting, &reporting.specialist, rules, None).await.thing();
    let query = "query($id: ID!) { node(id: $id) { ... on ReportForm { versions { number rules { position code expression
        severity missing message basis } } } }
        reportFormDiff(formId: $id, from: 2, to: 3) { rules { before { code position } after { code position severity } changed } } }";
    let seen = reporting
        .specialist
        .graphql(query, json!({ "id": reporting.form }))
        .await;
    let mut shown = first.clone();
    shown["position"] = 1.into();
    shown["missing"] = "SKIP".into();
    assert_eq!(*seen.at("/node/versions/1/rules/0"), shown);
    assert_eq!(*seen.at("/node/versions/2/rules"), json!([]));
    let difference = json!([
        { "before": null, "after": { "code": "AMOUNT", "position": 1, "severity": "INFORM" }, "changed": ["ADDED"] },
        { "before": { "code": "MEMBERS", "position": 1 }, "after": { "code": "MEMBERS", "position": 2, "severity": "WARN" }, "changed": ["SEVERITY"] },
        { "before": { "code": "NEW", "position": 2 }, "after": null, "changed": ["REMOVED"] },
    ]);
    assert_eq!(*seen.at("/reportFormDiff/rules"), difference);
    let path = format!("/api/v1/report-forms/{}", reporting.form);
    let rest = reporting.specialist.get(&path).await;
    shown.as_object_mut().expect("a rule").remove("position");
    assert_eq!(rest.body()["content"]["rules"][0], shown);
    let diff = reporting.specialist.get(&format!("{path}/diff?from=2&to=3")).await;
    let changed: Vec<_> = diff.body()["rules"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["changed"].clone())
        .collect();
    assert_eq!(json!(changed), json!([["ADDED"], ["SEVERITY"], ["REMOVED"]]));
    assert_eq!(diff.body()["rules"][1]["after"]["severity"], "WARN");
}

async fn a_report_keeps_the_rules_of_its_version(app: TestApp) {
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "BLOCK")])).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    written(&reporting, &reporting.specialist, json!([]), None)
        .await
        .thing();
    publish(&reporting, 3).await;
    assert_eq!(
        send(&report, &officer, 2, &[]).await.user_errors(),
        [("RULE_BROKEN", "figures.members_total")]
    );
    let other = &app.world()["Sở Tài chính"];
    let officer = app.officer_of(other).await;
    let report = reporting.draft(&officer, other, BREAKING).await;
    send(&report, &officer, 2, &[]).await.thing();
}

async fn who_does_not_see_a_report_sees_no_findings(app: TestApp) {
    let world = app.world();
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "WARN")])).await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Sở Nội vụ", "Thư viện"]).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2026-01-01").await.thing();
    let chair = app.officer_of(&world["Thư viện"]).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let report = reporting.draft(&officer, &world["Sở Nội vụ"], BREAKING).await;
    let path = format!("/api/v1/reports/{}/findings", report.id);
    let strangers = [
        chair.clone(),
        app.officer_of(&world["Sở Tài chính"]).await,
        app.stranger().await,
    ];
    for stranger in &strangers {
        assert_eq!(report.seen_by(stranger, FINDINGS).await.code(), "NOT_FOUND");
        let rest = stranger.get(&path).await;
        assert_eq!((rest.status(), rest.code()), (404, "NOT_FOUND"));
    }
    assert_eq!(app.nobody().get(&path).await.status(), 401);
    send(&report, &officer, 2, &[("MEMBERS", REASON)]).await.thing();
    let seen = report.seen_by(&chair, FINDINGS).await;
    assert_eq!(
        seen.str("/node/findings/0/explanation/text"),
        REASON,
        "what was handed in"
    );
    assert_eq!(report.seen_by(&strangers[1], FINDINGS).await.code(), "NOT_FOUND");
}

async fn who_may_not_manage_the_form_writes_no_rules(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let rules = || json!([rule("MEMBERS", WITHIN, "WARN")]);
    assert_eq!(written(&reporting, &officer, rules(), None).await.code(), "FORBIDDEN");
    let stranger = app.specialist_of(&world["Kon Tum"]).await;
    assert_eq!(written(&reporting, &stranger, rules(), None).await.code(), "NOT_FOUND");
    written(&reporting, &reporting.specialist, rules(), None).await.thing();
    assert_eq!(
        written(&reporting, &reporting.specialist, rules(), None).await.code(),
        "STALE_VERSION",
        "there is a draft by now"
    );
}

async fn rest_tells_findings_and_takes_explanations(app: TestApp) {
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "WARN")])).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    let path = format!("/api/v1/reports/{}", report.id);
    let submit = async |body: Option<Value>| {
        let headers: &[(&str, &str)] = match body {
            Some(_) => &[("If-Match", "*"), ("Content-Type", "application/json")],
            None => &[("If-Match", "*")],
        };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        officer
            .request(Method::POST, &format!("{path}/submit"), headers, body)
            .await
    };
    let refused = submit(None).await;
    assert_eq!(refused.status(), 422, "{refused}");
    assert_eq!(refused.body()["errors"][0]["code"], "EXPLANATION_NEEDED");
    let unclear = submit(Some(json!({ "explanation": REASON }))).await;
    assert_eq!(
        (unclear.status(), unclear.code()),
        (400, "BAD_REQUEST"),
        "no such field"
    );
    let said = json!({ "explanations": [{ "ruleCode": "MEMBERS", "text": REASON }] });
    let sent = submit(Some(said)).await;
    assert_eq!(
        (sent.status(), sent.body()["status"].as_str()),
        (200, Some("SUBMITTED")),
        "{sent}"
    );
    let found = reporting.specialist.get(&format!("{path}/findings")).await;
    let one = &found.body()["rules"][0];
    assert_eq!(one["ruleCode"], "MEMBERS");
    assert_eq!(one["outcome"], "BROKEN");
    assert_eq!(one["explanation"]["text"], REASON);
    assert!(
        one["explanation"]["by"].as_str().is_some_and(|name| !name.is_empty()),
        "{found}"
    );
    assert_eq!(one["figures"][1]["text"], "1.671");
    assert_eq!(found.body()["unusual"], json!([]));
    let english = reporting.specialist.in_english().get(&format!("{path}/findings")).await;
    assert!(
        english.body()["rules"][0]["why"]
            .as_str()
            .is_some_and(|why| why.contains("must be at most")),
        "{english}"
    );
}

async fn a_key_used_again_with_another_explanation_is_refused(app: TestApp) {
    let reporting = ruled(&app, json!([rule("MEMBERS", WITHIN, "WARN")])).await;
    let unit = &app.world()["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let report = reporting.draft(&officer, unit, BREAKING).await;
    let submit = async |text: &str| {
        let said = json!({ "explanations": [{ "ruleCode": "MEMBERS", "text": text }] });
        let headers = [
            ("If-Match", "\"2\""),
            ("Idempotency-Key", "gui-lan-1"),
            ("Content-Type", "application/json"),
        ];
        let path = format!("/api/v1/reports/{}/submit", report.id);
        officer.request(Method::POST, &path, &headers, said.to_string()).await
    };
    assert_eq!(submit(REASON).await.status(), 200);
    let again = submit(REASON).await;
    assert_eq!(
        (again.status(), again.body()["version"].as_i64()),
        (200, Some(3)),
        "{again}"
    );
    let other = submit("Lý do khác.").await;
    assert!(other.status() >= 400, "{other}");
}

async fn statements_grow_neither_with_rules_and_figures_nor_with_reports(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let keeper = app.catalogue_keeper().await;
    let mut items = Vec::new();
    for number in 0..20 {
        let code = format!("event_{number}");
        let new = json!({ "code": code, "name": format!("Hoạt động {number}"), "unitOfMeasure": "cuộc", "numberForm": "INTEGER", "aggregation": "FLOW" });
        keeper.does("createIndicator", new).await.thing();
        items.push(json!({ "indicatorCode": code }));
    }
    let one = async |number: i32, rules: usize, unit: &str| {
        let rules: Vec<Value> = (0..rules)
            .map(|place| rule(&format!("R{place}"), &format!("event_{place} > 5"), "WARN"))
            .collect();
        let draft = json!({ "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }], "rules": rules });
        reporting.specialist.does("writeReportFormDraft", draft).await.thing();
        publish(&reporting, number).await;
        let unit = &app.world()[unit];
        let officer = app.officer_of(unit).await;
        let report = reporting.draft(&officer, unit, &[]).await;
        let figures: Vec<(String, &str)> = (0..rules.len()).map(|place| (format!("event_{place}"), "1")).collect();
        let figures: Vec<(&str, &str)> = figures.iter().map(|(code, text)| (code.as_str(), *text)).collect();
        report.save(&officer, 1, &figures).await.thing();
        let said: Vec<(String, &str)> = (0..rules.len())
            .map(|place| (format!("R{place}"), "Mới thành lập."))
            .collect();
        let said: Vec<(&str, &str)> = said.iter().map(|(code, text)| (code.as_str(), *text)).collect();
        let before = report.seen_by(&officer, FINDINGS).await;
        assert_eq!(before.at("/node/findings").as_array().map(Vec::len), Some(rules.len()));
        let sent = send(&report, &officer, 2, &said).await;
        sent.thing();
        let after = report.seen_by(&reporting.specialist, FINDINGS).await;
        [before.statements(), sent.statements(), after.statements()]
    };
    let few = one(2, 2, "Sở Nội vụ").await;
    let many = one(3, 20, "Sở Tài chính").await;
    for (few, many) in few.into_iter().zip(many) {
        no_more_statements(few, many);
    }
    let list = "{ reports { nodes { findings { rule { code } explanation { text by } } } } }";
    let two = reporting.specialist.graphql(list, json!({})).await;
    assert_eq!(two.at("/reports/nodes").as_array().map(Vec::len), Some(2));
    one(4, 3, "Thư viện").await;
    one(5, 4, "Sở Ngoại vụ").await;
    one(6, 5, "Sở Khoa học").await;
    let five = reporting.specialist.graphql(list, json!({})).await;
    assert_eq!(five.at("/reports/nodes").as_array().map(Vec::len), Some(5));
    no_more_statements(two.statements(), five.statements());
}
