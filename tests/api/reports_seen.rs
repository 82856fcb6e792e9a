//! What the chair of a cluster learns of the reports of its members: what they handed in, and by no way around anything of
//! what is still, or again, with them.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    a_chair_does_not_see_what_was_sent_back,
    lists_and_filters_tell_a_chair_no_more,
    summaries_tell_a_chair_no_more,
    a_chair_sees_the_drafts_of_its_own_unit,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "10"), ("workers_total", "12")];

/// A cluster of five offices, led by the library; four have begun reports, each of which has come to another place.
struct Led {
    reporting: Reporting,
    cluster: Cluster,
    chair: Person,
    deputy: Person,
    draft: Draft,
    returned: Draft,
    sent: Draft,
    approved: Draft,
}

impl Led {
    /// The report that was sent back was late.
    async fn begin(app: &TestApp) -> Self {
        let world = app.world();
        let reporting = Reporting::begin(app).await;
        let members = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];
        let cluster = Cluster::of(app, "Viên chức", "Cụm 1", &members).await;
        cluster.gives("CHAIR", &world["Thư viện"], "2026-01-01").await.thing();
        cluster
            .gives("DEPUTY", &world["Sở Khoa học"], "2026-01-01")
            .await
            .thing();
        let officer = async |unit: &str| app.officer_of(&world[unit]).await;
        let draft = reporting
            .draft(&officer("Sở Nội vụ").await, &world["Sở Nội vụ"], COMPLETE)
            .await;
        let sender = officer("Sở Tài chính").await;
        let sent = reporting.draft(&sender, &world["Sở Tài chính"], COMPLETE).await;
        sent.step(&sender, "submitReport", 2).await.thing();
        let approved = reporting.approved(app, &world["Sở Khoa học"], COMPLETE).await;
        app.it_is(moment(2027, 1, 5, 8, 0));
        let late = officer("Sở Ngoại vụ").await;
        let returned = reporting.draft(&late, &world["Sở Ngoại vụ"], COMPLETE).await;
        returned.step(&late, "submitReport", 2).await.thing();
        returned
            .give_back(&reporting.specialist, 3, "Thiếu chữ ký.")
            .await
            .thing();
        Self {
            chair: officer("Thư viện").await,
            deputy: officer("Sở Khoa học").await,
            reporting,
            cluster,
            draft,
            returned,
            sent,
            approved,
        }
    }
}

async fn a_chair_does_not_see_what_was_sent_back(app: TestApp) {
    let led = Led::begin(&app).await;
    for who in [&led.chair, &led.deputy] {
        for hidden in [&led.draft, &led.returned] {
            assert_eq!(hidden.seen_by(who, "status").await.code(), "NOT_FOUND");
            assert_eq!(who.get(&format!("/api/v1/reports/{}", hidden.id)).await.status(), 404);
            assert_eq!(hidden.step(who, "verifyReport", 4).await.code(), "NOT_FOUND");
            assert_eq!(hidden.save(who, 4, COMPLETE).await.code(), "NOT_FOUND");
        }
        for shown in [&led.sent, &led.approved] {
            let seen = shown.seen_by(who, "figures { text }").await;
            assert_eq!(seen.texts("/node/figures", "text"), ["10", "12"]);
            assert_eq!(who.get(&format!("/api/v1/reports/{}", shown.id)).await.status(), 200);
        }
    }
    let officer = app.officer_of(&app.world()["Sở Ngoại vụ"]).await;
    led.returned.step(&officer, "submitReport", 4).await.thing();
    assert_eq!(
        led.returned.seen_by(&led.chair, "status").await.str("/node/status"),
        "SUBMITTED"
    );
}

async fn lists_and_filters_tell_a_chair_no_more(app: TestApp) {
    let world = app.world();
    let led = Led::begin(&app).await;
    let query =
        "query($where: ReportSubmissionWhere) { reports(where: $where, orderBy: { field: UPDATED, direction: DESC }) {
        totalCount nodes { id } pageInfo { hasNextPage } } }";
    let shown = json!([led.approved.id, led.sent.id]);
    let one = |report: &Draft| json!([report.id]);
    for (filter, seen) in [
        (json!({}), shown.clone()),
        (json!({ "statuses": ["DRAFT", "RETURNED"] }), json!([])),
        (json!({ "statuses": ["RETURNED", "SUBMITTED"] }), one(&led.sent)),
        (json!({ "late": true }), json!([])),
        (json!({ "late": false }), shown.clone()),
        (json!({ "unitId": world["Sở Nội vụ"].id() }), json!([])),
        (json!({ "unitId": world["Sở Ngoại vụ"].id() }), json!([])),
        // The organiser is not seen, and what is not seen has nothing below it.
        (json!({ "underId": world["Viên chức"].id() }), json!([])),
        (json!({ "clusterId": led.cluster.id }), shown.clone()),
        (json!({ "provinceId": world.soc_trang.id() }), shown.clone()),
        (
            json!({ "formId": led.reporting.form, "periodId": led.reporting.period }),
            shown.clone(),
        ),
    ] {
        let list = led.chair.graphql(query, json!({ "where": filter })).await;
        let number = seen.as_array().map(Vec::len);
        let ids: Vec<&str> = list.texts("/reports/nodes", "id");
        assert_eq!(json!(ids), seen, "{filter}");
        assert_eq!(*list.at("/reports/totalCount"), json!(number), "{filter}");
        assert_eq!(*list.at("/reports/pageInfo/hasNextPage"), json!(false), "{filter}");
    }
    for (filter, number) in [("", 2), ("&status=RETURNED,DRAFT", 0), ("&late=true", 0)] {
        let rest = led.chair.get(&format!("/api/v1/reports?count=true{filter}")).await;
        assert_eq!(rest.body()["totalCount"], json!(number), "{rest}");
    }
}

/// What a summary of the cluster tells somebody.
async fn summary(led: &Led, who: &Person, basis: &str, fields: &str) -> Answer {
    let query = format!(
        "query($cluster: ID!, $form: ID!, $period: ID!, $basis: SummaryBasis) {{
            summary(scope: {{ clusterId: $cluster }}, formId: $form, periodId: $period, basis: $basis) {{ {fields} }} }}"
    );
    let of = json!({ "cluster": led.cluster.id, "form": led.reporting.form, "period": led.reporting.period, "basis": basis });
    who.graphql(&query, of).await
}

async fn summaries_tell_a_chair_no_more(app: TestApp) {
    let led = Led::begin(&app).await;
    let counts = "expected reported late approved draft returned";
    let all = summary(&led, &led.reporting.specialist, "ALL", counts).await;
    assert_eq!(
        *all.at("/summary"),
        json!({ "expected": 5, "reported": 2, "late": 1, "approved": 1, "draft": 1, "returned": 1 })
    );
    let told = json!({ "expected": 5, "reported": 2, "late": 0, "approved": 1, "draft": null, "returned": null });
    for who in [&led.chair, &led.deputy] {
        for basis in ["APPROVED", "SUBMITTED"] {
            let seen = summary(&led, who, basis, counts).await;
            assert_eq!(
                *seen.at("/summary"),
                told,
                "{basis}: the one that is late was sent back"
            );
        }
        assert_eq!(summary(&led, who, "ALL", counts).await.code(), "FORBIDDEN");
        let seen = summary(
            &led,
            who,
            "SUBMITTED",
            "reports { totalCount } totals(codes: [\"members_total\"]) { value reports }",
        )
        .await;
        assert_eq!(
            *seen.at("/summary"),
            json!({ "reports": { "totalCount": 2 }, "totals": [{ "value": "20", "reports": 2 }] })
        );
        let of = format!(
            "clusterId={}&formId={}&periodId={}",
            led.cluster.id, led.reporting.form, led.reporting.period
        );
        let rest = who.get(&format!("/api/v1/summary?{of}")).await;
        let part = |name: &str| rest.body()[name].clone();
        assert_eq!(
            ["reported", "late", "draft", "returned"].map(part),
            [json!(2), json!(0), Value::Null, Value::Null],
            "{rest}"
        );
        let rest = who.get(&format!("/api/v1/summary?{of}&basis=ALL")).await;
        assert_eq!((rest.status(), rest.code()), (403, "FORBIDDEN"));
    }
}

async fn a_chair_sees_the_drafts_of_its_own_unit(app: TestApp) {
    let led = Led::begin(&app).await;
    let own = led
        .reporting
        .draft(&led.chair, &app.world()["Thư viện"], COMPLETE)
        .await;
    assert_eq!(own.seen_by(&led.chair, "status").await.str("/node/status"), "DRAFT");
    assert_eq!(own.seen_by(&led.deputy, "status").await.code(), "NOT_FOUND");
    let seen = led
        .chair
        .graphql(
            "{ reports(where: { statuses: [DRAFT, RETURNED] }) { totalCount nodes { id } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        *seen.at("/reports"),
        json!({ "totalCount": 1, "nodes": [{ "id": own.id }] })
    );
    let counts = summary(&led, &led.chair, "APPROVED", "draft").await;
    assert_eq!(
        *counts.at("/summary/draft"),
        Value::Null,
        "a count is of the whole cluster or not told"
    );
}
