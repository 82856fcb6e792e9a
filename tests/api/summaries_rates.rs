//! Rates over several periods: whatever they are computed from, the sums under them are those of the reports behind them.

use serde_json::{Value, json};

use crate::reports::Reporting;
use crate::support::{Answer, TestApp, on_both_databases};

on_both_databases! {
    rates_over_quarters_are_those_of_the_reports_behind_them,
    rates_over_quarters_leave_out_who_has_one_figure,
}

/// Rates of the catalogue: code, above the line, below it. Two stocks, two flows, a flow by a stock.
const RATES: [(&str, &str, &str); 3] = [
    ("membership_rate", "members_total", "workers_total"),
    ("welfare_each", "welfare_amount", "new_members"),
    ("growth_rate", "new_members", "members_total"),
];

/// The year of a form that is filled in each quarter.
struct Quarters {
    reporting: Reporting,
    year: String,
    quarters: Vec<String>,
}

impl Quarters {
    async fn begin(app: &TestApp) -> Self {
        let world = app.world();
        let mut reporting = Reporting::begin(app).await;
        let catalogue = app.catalogue_keeper().await;
        for ((code, above, below), form) in RATES.into_iter().zip(["", "MONEY", "PERCENTAGE"]).skip(1) {
            let rate = json!({
                "code": code, "name": code, "unitOfMeasure": "%", "numberForm": form, "aggregation": "RATE",
                "numeratorCode": above, "denominatorCode": below,
            });
            catalogue.does("createIndicator", rate).await.thing();
        }
        let year = std::mem::take(&mut reporting.period);
        reporting.form = Reporting::form(&reporting.specialist, &world["Viên chức"], "TK-Q", "QUARTER").await;
        let mut quarters = Vec::new();
        for (code, span) in [
            ("2026-Q1", ("2026-01-01", "2026-03-31")),
            ("2026-Q2", ("2026-04-01", "2026-06-30")),
            ("2026-Q3", ("2026-07-01", "2026-09-30")),
        ] {
            quarters.push(Reporting::period(&catalogue, &world["Tổng Liên đoàn"], (code, "QUARTER"), span).await);
        }
        Self {
            reporting,
            year,
            quarters,
        }
    }

    /// Approves reports of a unit, one for each quarter that has figures.
    async fn approved(&mut self, app: &TestApp, unit: &str, figures: [&[(&str, &str)]; 3]) {
        for (quarter, figures) in self.quarters.clone().into_iter().zip(figures) {
            if !figures.is_empty() {
                self.reporting.period = quarter;
                self.reporting.approved(app, &app.world()[unit], figures).await;
            }
        }
    }

    /// The year's totals of one indicator, and the figures in the reports behind it.
    async fn asked(&self, app: &TestApp, basis: &str, (code, above, below): (&str, &str, &str)) -> Answer {
        let query = format!(
            "query($unit: ID!, $form: ID!, $period: ID!, $basis: SummaryBasis) {{
                summary(scope: {{ unitId: $unit }}, formId: $form, periodId: $period, basis: $basis) {{
                    totals(codes: [\"{code}\"]) {{ value reports numerator denominator }}
                    reports(indicatorCode: \"{code}\", first: 100) {{
                        totalCount nodes {{ above: figure(indicatorCode: \"{above}\") {{ value }} below: figure(indicatorCode: \"{below}\") {{ value }} }}
                    }} }} }}"
        );
        let of = json!({
            "unit": app.world()["Viên chức"].id(), "form": self.reporting.form, "period": self.year, "basis": basis,
        });
        self.reporting.specialist.graphql(&query, of).await
    }

    /// Sees that each rate is what it should be, and that its parts are the sums of what the reports behind it hold.
    async fn tell(&self, app: &TestApp, basis: &str, expected: [(&str, u64, u64, usize); 3]) {
        for (rate, (value, above, below, reports)) in RATES.into_iter().zip(expected) {
            let seen = self.asked(app, basis, rate).await;
            let behind = seen.at("/summary/reports/nodes").as_array().expect("a list");
            let sum = |part: &str| -> u64 {
                let figure = |node: &Value| node[part]["value"].as_str().expect("a figure").parse::<u64>();
                behind.iter().map(|node| figure(node).expect("a whole number")).sum()
            };
            assert_eq!(
                (sum("above"), sum("below"), behind.len()),
                (above, below, reports),
                "behind {}",
                rate.0
            );
            assert_eq!(*seen.at("/summary/reports/totalCount"), json!(reports));
            assert_eq!(
                *seen.at("/summary/totals"),
                json!([{ "value": value, "reports": reports, "numerator": above.to_string(), "denominator": below.to_string() }]),
                "{}",
                rate.0
            );
        }
    }
}

async fn rates_over_quarters_are_those_of_the_reports_behind_them(app: TestApp) {
    let mut quarters = Quarters::begin(&app).await;
    let figures = |members, workers, new, welfare| {
        [
            ("members_total", members),
            ("workers_total", workers),
            ("new_members", new),
            ("welfare_amount", welfare),
        ]
    };
    quarters
        .approved(
            &app,
            "Sở Nội vụ",
            [
                &figures("100", "200", "3", "300"),
                &figures("110", "200", "10", "500"),
                &figures("120", "150", "7", "700"),
            ],
        )
        .await;
    quarters
        .approved(
            &app,
            "Thư viện",
            [&figures("10", "20", "5", "0"), &figures("30", "50", "15", "100"), &[]],
        )
        .await;
    let expected = [
        // The latest of each unit: 120 + 30 of 150 + 50.
        ("75", 150, 200, 2),
        // Every quarter: 1,600 by 40.
        ("40", 1_600, 40, 5),
        // A stock is in it, so the latest of each: 7 + 15 of 120 + 30.
        ("14.6667", 22, 150, 2),
    ];
    quarters.tell(&app, "APPROVED", expected).await;
}

async fn rates_over_quarters_leave_out_who_has_one_figure(app: TestApp) {
    let world = app.world();
    let mut quarters = Quarters::begin(&app).await;
    let stocks = |members, workers| [("members_total", members), ("workers_total", workers)];
    let with = |members, workers, more: (&'static str, &'static str)| {
        let [one, other] = stocks(members, workers);
        [one, other, more]
    };
    quarters
        .approved(
            &app,
            "Sở Nội vụ",
            [
                &with("40", "80", ("new_members", "4")),
                &with("50", "80", ("welfare_amount", "900")),
                &[],
            ],
        )
        .await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    quarters.reporting.period = quarters.quarters[2].clone();
    // A draft with one of two figures: the quarter before is the latest that has both.
    let figures = [("members_total", "60"), ("new_members", "6"), ("welfare_amount", "12")];
    quarters.reporting.draft(&officer, &world["Sở Nội vụ"], &figures).await;
    let all = [("62.5", 50, 80, 1), ("2", 12, 6, 1), ("10", 6, 60, 1)];
    quarters.tell(&app, "ALL", all).await;
    let rate = ("membership_rate", "members_total", "workers_total");
    let approved = quarters.asked(&app, "APPROVED", rate).await;
    assert_eq!(approved.at("/summary/totals/0/value"), "62.5");
    let nothing = quarters
        .asked(&app, "APPROVED", ("welfare_each", "welfare_amount", "new_members"))
        .await;
    assert_eq!(
        *nothing.at("/summary"),
        json!({
            "totals": [{ "value": null, "reports": 0, "numerator": null, "denominator": null }],
            "reports": { "totalCount": 0, "nodes": [] },
        }),
        "no report has both"
    );
    let growth = quarters
        .asked(&app, "APPROVED", ("growth_rate", "new_members", "members_total"))
        .await;
    assert_eq!(
        growth.at("/summary/totals/0/value"),
        "10",
        "4 of 40, from the quarter that has both"
    );
}
