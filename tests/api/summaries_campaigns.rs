//! Spans of no usual kind: five months, a campaign. They are reported on like any other, and never added where they overlap.

use serde_json::{Value, json};

use crate::reports::Reporting;
use crate::support::{Answer, TestApp, on_both_databases};

on_both_databases! {
    a_campaign_is_reported_from_draft_to_total,
    campaigns_that_share_days_are_never_added,
    campaigns_that_follow_each_other_are_added_in_the_year_that_holds_them,
    five_months_are_made_up_of_their_months,
}

/// A form for campaigns, with the periods that are set for it.
struct Campaigns<'a> {
    app: &'a TestApp,
    reporting: Reporting,
    year: String,
}

impl<'a> Campaigns<'a> {
    async fn begin(app: &'a TestApp, periodicity: &str) -> Self {
        let mut reporting = Reporting::begin(app).await;
        let world = app.world();
        reporting.form = Reporting::form(&reporting.specialist, &world["Viên chức"], "TK-CD", periodicity).await;
        let year = std::mem::take(&mut reporting.period);
        Self { app, reporting, year }
    }

    /// Sets a period.
    async fn period(&self, code: &str, kind: &str, span: (&str, &str)) -> String {
        Reporting::period(
            &self.reporting.specialist,
            &self.app.world()["Sóc Trăng"],
            (code, kind),
            span,
        )
        .await
    }

    /// An approved report of a unit for a period: members at its end, and new ones.
    async fn approved(&mut self, unit: &str, period: &str, members: &str, new: &str) {
        self.reporting.period = period.to_owned();
        let figures = [
            ("members_total", members),
            ("workers_total", "500"),
            ("new_members", new),
        ];
        self.reporting
            .approved(self.app, &self.app.world()[unit], &figures)
            .await;
    }

    async fn summed(&self, period: &str) -> Answer {
        let query = "query($unit: ID!, $form: ID!, $period: ID!) { summary(scope: { unitId: $unit }, formId: $form, periodId: $period) {
            periods { code } expected approved totals(codes: [\"members_total\", \"new_members\"]) { value } } }";
        let of = json!({ "unit": self.app.world()["Viên chức"].id(), "form": self.reporting.form, "period": period });
        self.reporting.specialist.graphql(query, of).await
    }
}

/// The totals: members at the end, new ones.
fn values(answer: &Answer) -> Value {
    let totals = answer.at("/summary/totals").as_array().expect("a list");
    totals.iter().map(|total| total["value"].clone()).collect()
}

async fn a_campaign_is_reported_from_draft_to_total(app: TestApp) {
    let mut campaigns = Campaigns::begin(&app, "CUSTOM").await;
    let may = campaigns
        .period("THANG-CN-2026", "CUSTOM", ("2026-05-01", "2026-05-31"))
        .await;
    campaigns.approved("Sở Nội vụ", &may, "100", "7").await;
    campaigns.approved("Thư viện", &may, "20", "2").await;
    let seen = campaigns.summed(&may).await;
    assert_eq!(seen.texts("/summary/periods", "code"), ["THANG-CN-2026"]);
    assert_eq!(values(&seen), json!(["120", "9"]));
    assert_eq!(
        (seen.at("/summary/expected"), seen.at("/summary/approved")),
        (&json!(5), &json!(2))
    );
    let officer = app.officer_of(&app.world()["Sở Ngoại vụ"]).await;
    let of_the_year = json!({ "unitId": app.world()["Sở Ngoại vụ"].id(), "formId": campaigns.reporting.form, "periodId": campaigns.year });
    assert_eq!(
        officer.does("createReport", of_the_year).await.user_errors(),
        [("PERIOD_KIND", "periodId")],
        "a form for campaigns is not for a year"
    );
}

async fn campaigns_that_share_days_are_never_added(app: TestApp) {
    let mut campaigns = Campaigns::begin(&app, "CUSTOM").await;
    let five_months = campaigns
        .period("5T-2026", "CUSTOM", ("2026-01-01", "2026-05-31"))
        .await;
    let may = campaigns
        .period("THANG-CN-2026", "CUSTOM", ("2026-05-31", "2026-06-30"))
        .await;
    campaigns.approved("Sở Nội vụ", &five_months, "100", "7").await;
    campaigns.approved("Sở Nội vụ", &may, "101", "5").await;
    let refused = campaigns.summed(&campaigns.year).await;
    assert_eq!(refused.code(), "INVALID", "{refused}");
    let rest = format!(
        "/api/v1/summary?unitId={}&formId={}&periodId={}",
        app.world()["Viên chức"].id(),
        campaigns.reporting.form,
        campaigns.year
    );
    let rest = campaigns.reporting.specialist.get(&rest).await;
    assert_eq!(
        (rest.status(), rest.body()["errors"][0]["code"].as_str()),
        (422, Some("PERIODS_OVERLAP"))
    );
    for (alone, told) in [(&five_months, ["100", "7"]), (&may, ["101", "5"])] {
        assert_eq!(values(&campaigns.summed(alone).await), json!(told), "each by itself");
    }
}

async fn campaigns_that_follow_each_other_are_added_in_the_year_that_holds_them(app: TestApp) {
    let mut campaigns = Campaigns::begin(&app, "CUSTOM").await;
    let tet = campaigns
        .period("TET-2026", "CUSTOM", ("2026-01-15", "2026-02-20"))
        .await;
    let may = campaigns
        .period("THANG-CN-2026", "CUSTOM", ("2026-05-01", "2026-05-31"))
        .await;
    let beyond = campaigns
        .period("TET-2027", "CUSTOM", ("2026-12-20", "2027-02-10"))
        .await;
    campaigns.approved("Sở Nội vụ", &tet, "100", "7").await;
    campaigns.approved("Sở Nội vụ", &may, "104", "5").await;
    campaigns.approved("Sở Nội vụ", &beyond, "200", "50").await;
    let seen = campaigns.summed(&campaigns.year).await;
    assert_eq!(
        seen.texts("/summary/periods", "code"),
        ["TET-2026", "THANG-CN-2026"],
        "not what goes on beyond it"
    );
    assert_eq!(
        values(&seen),
        json!(["104", "12"]),
        "the latest members, all the new ones"
    );
}

async fn five_months_are_made_up_of_their_months(app: TestApp) {
    let mut campaigns = Campaigns::begin(&app, "MONTH").await;
    let five_months = campaigns
        .period("5T-2026", "CUSTOM", ("2026-01-01", "2026-05-31"))
        .await;
    for (code, span, members, new) in [
        ("2026-01", ("2026-01-01", "2026-01-31"), "100", "1"),
        ("2026-05", ("2026-05-01", "2026-05-31"), "109", "9"),
        ("2026-06", ("2026-06-01", "2026-06-30"), "999", "90"),
    ] {
        let month = campaigns.period(code, "MONTH", span).await;
        campaigns.approved("Sở Nội vụ", &month, members, new).await;
    }
    let seen = campaigns.summed(&five_months).await;
    assert_eq!(seen.texts("/summary/periods", "code"), ["2026-01", "2026-05"]);
    assert_eq!(values(&seen), json!(["109", "10"]));
}
