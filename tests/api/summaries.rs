//! Summaries: what reports add up to, how many of them there are, and who may know.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::FigurePart;
use thidua_entity::{Fixed4, report_value};

use crate::reports::Reporting;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_union_adds_up_to_the_digit,
    only_what_the_basis_names_is_counted,
    a_claim_is_carried_into_the_total,
    missing_is_not_zero,
    a_rate_comes_from_the_sums_of_those_that_have_both_figures,
    flows_of_quarters_are_added_and_stocks_are_not,
    behind_a_total_are_just_the_reports_that_were_added,
    a_cluster_counts_those_who_were_members_when_the_period_ended,
    a_unit_that_moved_counts_where_it_stood_when_the_period_ended,
    expected_are_those_who_fill_in_the_form_and_were_alive,
    who_may_know_which_totals,
    sums_are_those_of_big_integers_and_never_wrong,
    a_summary_takes_a_fixed_number_of_statements,
    rest_tells_the_same_summary,
}

/// What is asked of a summary.
struct Asked<'a> {
    reporting: &'a Reporting,
    scope: Value,
    basis: &'static str,
    fields: &'a str,
}

impl Asked<'_> {
    async fn by(&self, who: &Person) -> Answer {
        self.of(who, &self.reporting.form, &self.reporting.period).await
    }

    async fn of(&self, who: &Person, form: &str, period: &str) -> Answer {
        let query = format!(
            "query($scope: SummaryScopeInput!, $form: ID!, $period: ID!, $basis: SummaryBasis!) {{
                summary(scope: $scope, formId: $form, periodId: $period, basis: $basis) {{ {} }} }}",
            self.fields
        );
        who.graphql(
            &query,
            json!({ "scope": self.scope, "form": form, "period": period, "basis": self.basis }),
        )
        .await
    }
}

const TOTALS: &str = "expected reported late approved draft returned
    totals { indicator { code } value upper qualifier reports estimates claims { qualifier reports } numerator denominator }";

fn total<'a>(answer: &'a Answer, code: &str) -> &'a Value {
    let totals = answer.at("/summary/totals").as_array().expect("a list");
    totals
        .iter()
        .find(|total| total["indicator"]["code"] == code)
        .unwrap_or_else(|| panic!("no {code} in {answer}"))
}

async fn a_union_adds_up_to_the_digit(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    for (unit, members, workers) in [
        ("Sở Nội vụ", "1.671", "1.700"),
        ("Thư viện", "782", "800"),
        ("Sở Ngoại vụ", "07", "8"),
    ] {
        reporting
            .approved(
                &app,
                &world[unit],
                &[("members_total", members), ("workers_total", workers)],
            )
            .await;
    }
    for scope in [
        json!({ "unitId": world["Viên chức"].id() }),
        json!({ "unitId": world["Sóc Trăng"].id() }),
    ] {
        let seen = Asked {
            reporting: &reporting,
            scope,
            basis: "APPROVED",
            fields: TOTALS,
        }
        .by(&reporting.committee)
        .await;
        assert_eq!(total(&seen, "members_total")["value"], "2460");
        assert_eq!(total(&seen, "workers_total")["value"], "2508");
        assert_eq!(total(&seen, "members_total")["reports"], 3);
        assert_eq!(*seen.at("/summary/approved"), json!(3));
        assert_eq!(
            *seen.at("/summary/expected"),
            json!(5),
            "five grassroots unions stand below"
        );
    }
    let province = Asked {
        reporting: &reporting,
        scope: json!({ "provinceId": world.soc_trang.id() }),
        basis: "APPROVED",
        fields: TOTALS,
    };
    assert_eq!(
        total(&province.by(&app.admin().await).await, "members_total")["value"],
        "2460"
    );
    let everything = Asked {
        scope: json!({ "everything": true }),
        ..province
    };
    assert_eq!(
        total(&everything.by(&app.admin().await).await, "members_total")["value"],
        "2460"
    );
}

async fn only_what_the_basis_names_is_counted(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let figures = |members: &'static str| vec![("members_total", members), ("workers_total", "100")];
    reporting.approved(&app, &world["Sở Nội vụ"], &figures("1")).await;
    let sender = app.officer_of(&world["Thư viện"]).await;
    let sent = reporting.draft(&sender, &world["Thư viện"], &figures("20")).await;
    sent.step(&sender, "submitReport", 2).await.thing();
    let other = app.officer_of(&world["Sở Ngoại vụ"]).await;
    let returned = reporting.draft(&other, &world["Sở Ngoại vụ"], &figures("30")).await;
    returned.step(&other, "submitReport", 2).await.thing();
    returned
        .give_back(&reporting.specialist, 3, "Số liệu chưa khớp.")
        .await
        .thing();
    let third = app.officer_of(&world["Sở Tài chính"]).await;
    reporting.draft(&third, &world["Sở Tài chính"], &figures("40")).await;
    let scope = json!({ "unitId": world["Viên chức"].id() });
    for (basis, sum) in [("APPROVED", "1"), ("SUBMITTED", "21"), ("ALL", "91")] {
        let asked = Asked {
            reporting: &reporting,
            scope: scope.clone(),
            basis,
            fields: TOTALS,
        };
        let seen = asked.by(&reporting.specialist).await;
        assert_eq!(total(&seen, "members_total")["value"], sum, "{basis}");
        let counts = seen.at("/summary");
        let counts = ["expected", "reported", "approved", "draft", "returned", "late"].map(|name| counts[name].clone());
        assert_eq!(
            counts,
            [5, 2, 1, 1, 1, 0].map(Value::from),
            "counts do not depend on the basis"
        );
    }
}

async fn a_claim_is_carried_into_the_total(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let with = |amount: &'static str, new: &'static str| {
        vec![
            ("members_total", "1"),
            ("workers_total", "1"),
            ("welfare_amount", amount),
            ("new_members", new),
        ]
    };
    reporting
        .approved(&app, &world["Sở Nội vụ"], &with("trên 240 triệu đồng", "10-12"))
        .await;
    reporting
        .approved(&app, &world["Thư viện"], &with("1.500.000đ", "5"))
        .await;
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "APPROVED",
        fields: TOTALS,
    };
    let seen = asked.by(&reporting.specialist).await;
    let amount = total(&seen, "welfare_amount");
    assert_eq!(
        (&amount["value"], &amount["qualifier"]),
        (&json!("241500000"), &json!("MORE_THAN"))
    );
    assert_eq!(
        amount["claims"],
        json!([{ "qualifier": "EXACT", "reports": 1 }, { "qualifier": "MORE_THAN", "reports": 1 }])
    );
    let new = total(&seen, "new_members");
    assert_eq!(
        (&new["value"], &new["upper"], &new["qualifier"]),
        (&json!("15"), &json!("17"), &json!("RANGE"))
    );
    assert_eq!(total(&seen, "members_total")["qualifier"], "EXACT");
}

async fn missing_is_not_zero(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    reporting
        .approved(
            &app,
            &world["Sở Nội vụ"],
            &[("members_total", "0"), ("workers_total", "0")],
        )
        .await;
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "APPROVED",
        fields: TOTALS,
    };
    let seen = asked.by(&reporting.specialist).await;
    assert_eq!(total(&seen, "members_total")["value"], "0");
    assert_eq!(total(&seen, "new_members")["value"], Value::Null);
    assert_eq!(
        total(&seen, "membership_rate")["value"],
        Value::Null,
        "nothing is divided by zero"
    );
}

async fn a_rate_comes_from_the_sums_of_those_that_have_both_figures(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    reporting
        .approved(
            &app,
            &world["Sở Nội vụ"],
            &[("members_total", "1"), ("workers_total", "2")],
        )
        .await;
    reporting
        .approved(
            &app,
            &world["Thư viện"],
            &[("members_total", "90"), ("workers_total", "100")],
        )
        .await;
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "ALL",
        fields: TOTALS,
    };
    let seen = asked.by(&reporting.specialist).await;
    let rate = total(&seen, "membership_rate");
    assert_eq!(rate["value"], "89.2157", "91 of 102, not the mean of 50 and 90");
    let alone = app.officer_of(&world["Sở Tài chính"]).await;
    reporting
        .draft(&alone, &world["Sở Tài chính"], &[("members_total", "500")])
        .await;
    let seen = asked.by(&reporting.specialist).await;
    assert_eq!(total(&seen, "members_total")["value"], "591");
    let rate = total(&seen, "membership_rate");
    assert_eq!(
        (
            &rate["value"],
            &rate["numerator"],
            &rate["denominator"],
            &rate["reports"]
        ),
        (&json!("89.2157"), &json!("91"), &json!("102"), &json!(2))
    );
}

async fn flows_of_quarters_are_added_and_stocks_are_not(app: TestApp) {
    let world = app.world();
    let mut reporting = Reporting::begin(&app).await;
    let all = &world["Tổng Liên đoàn"];
    let setter = app.specialist_of(all).await;
    let year = std::mem::take(&mut reporting.period);
    reporting.form = Reporting::form(&reporting.specialist, &world["Viên chức"], "TK-Q", "QUARTER").await;
    let quarters = [
        ("2026-Q1", ("2026-01-01", "2026-03-31")),
        ("2026-Q2", ("2026-04-01", "2026-06-30")),
    ];
    for (index, (code, span)) in quarters.into_iter().enumerate() {
        reporting.period = Reporting::period(&setter, all, (code, "QUARTER"), span).await;
        let new = if index == 0 { "3" } else { "4" };
        let members = if index == 0 { "100" } else { "104" };
        reporting
            .approved(
                &app,
                &world["Sở Nội vụ"],
                &[
                    ("members_total", members),
                    ("workers_total", "208"),
                    ("new_members", new),
                ],
            )
            .await;
        if index == 0 {
            reporting
                .approved(
                    &app,
                    &world["Thư viện"],
                    &[("members_total", "10"), ("workers_total", "20"), ("new_members", "1")],
                )
                .await;
        }
    }
    let overlapping = json!({ "ownerId": all.id(), "code": "2026-Qx", "name": "Quý chồng", "kind": "QUARTER", "startsOn": "2026-03-01", "endsOn": "2026-05-31" });
    assert_eq!(
        setter.does("createPeriod", overlapping).await.user_errors(),
        [("PERIODS_OVERLAP", "startsOn")]
    );
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "APPROVED",
        fields: "periods { code } reports(indicatorCode: \"members_total\") { nodes { unitName period { code } } }
            flows: reports(indicatorCode: \"new_members\") { totalCount } expected reported
            totals { indicator { code } value reports }",
    };
    let seen = asked.of(&reporting.specialist, &reporting.form, &year).await;
    assert_eq!(seen.texts("/summary/periods", "code"), ["2026-Q1", "2026-Q2"]);
    assert_eq!(total(&seen, "new_members")["value"], "8", "3 + 4 + 1");
    assert_eq!(
        total(&seen, "members_total")["value"],
        "114",
        "the latest of each unit: 104 + 10"
    );
    assert_eq!(total(&seen, "membership_rate")["value"], "50", "114 of 228");
    assert_eq!(
        (seen.at("/summary/expected"), seen.at("/summary/reported")),
        (&json!(10), &json!(3))
    );
    let behind = seen.at("/summary/reports/nodes").as_array().expect("a list").len();
    assert_eq!(behind, 2, "an older stock is not behind the total");
    assert_eq!(*seen.at("/summary/flows/totalCount"), json!(3));
}

async fn behind_a_total_are_just_the_reports_that_were_added(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    reporting
        .approved(
            &app,
            &world["Sở Nội vụ"],
            &[("members_total", "5"), ("workers_total", "6"), ("new_members", "2")],
        )
        .await;
    reporting
        .approved(
            &app,
            &world["Thư viện"],
            &[("members_total", "7"), ("workers_total", "8")],
        )
        .await;
    let officer = app.officer_of(&world["Sở Ngoại vụ"]).await;
    reporting
        .draft(&officer, &world["Sở Ngoại vụ"], &[("new_members", "9")])
        .await;
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "APPROVED",
        fields: "all: reports { totalCount } reports(indicatorCode: \"new_members\", first: 1) { totalCount pageInfo { hasNextPage } nodes { unitName figure(indicatorCode: \"new_members\") { value } } }",
    };
    let seen = asked.by(&reporting.committee).await;
    assert_eq!(*seen.at("/summary/all/totalCount"), json!(2));
    assert_eq!(
        *seen.at("/summary/reports"),
        json!({ "totalCount": 1, "pageInfo": { "hasNextPage": false }, "nodes": [{ "unitName": "CĐCS Sở Nội vụ", "figure": { "value": "2" } }] })
    );
    let unknown = Asked {
        fields: "reports(indicatorCode: \"không có\") { totalCount }",
        ..asked
    };
    assert_eq!(unknown.by(&reporting.committee).await.code(), "NOT_FOUND");
}

async fn cluster(reporting: &Reporting, app: &TestApp) -> String {
    let world = app.world();
    let input = json!({ "form": "CLUSTER", "purpose": "EMULATION", "organiserId": world["Viên chức"].id(), "name": "Cụm 1", "validFrom": "2020-01-01" });
    reporting.specialist.does("createCluster", input).await.id().to_owned()
}

async fn a_cluster_counts_those_who_were_members_when_the_period_ended(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let cluster = cluster(&reporting, &app).await;
    let members = [
        ("Sở Nội vụ", "2025-01-01"),
        ("Thư viện", "2026-06-01"),
        ("Sở Ngoại vụ", "2027-01-01"),
    ];
    for (version, (unit, from)) in members.into_iter().enumerate() {
        let input =
            json!({ "clusterId": cluster, "version": version + 1, "unitId": world[unit].id(), "validFrom": from });
        reporting.specialist.does("addClusterMember", input).await.thing();
        reporting
            .approved(&app, &world[unit], &[("members_total", "10"), ("workers_total", "10")])
            .await;
    }
    reporting
        .approved(
            &app,
            &world["Sở Tài chính"],
            &[("members_total", "1000"), ("workers_total", "1000")],
        )
        .await;
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "clusterId": cluster }),
        basis: "APPROVED",
        fields: TOTALS,
    };
    let seen = asked.by(&reporting.specialist).await;
    assert_eq!(total(&seen, "members_total")["value"], "20");
    assert_eq!(*seen.at("/summary/expected"), json!(2));
}

async fn a_unit_that_moved_counts_where_it_stood_when_the_period_ended(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    reporting
        .approved(
            &app,
            &world["Sở Nội vụ"],
            &[("members_total", "10"), ("workers_total", "10")],
        )
        .await;
    let admin = app.admin().await;
    let input =
        json!({ "id": world["Sở Nội vụ"].id(), "version": 1, "parentId": world["Đăk Tô"].id(), "from": "2027-01-01" });
    admin.does("moveUnit", input).await.thing();
    app.it_is(crate::support::moment(2027, 2, 1, 8, 0));
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "APPROVED",
        fields: "reports { totalCount } totals { indicator { code } value }",
    };
    let seen = asked.by(&reporting.specialist).await;
    assert_eq!(total(&seen, "members_total")["value"], "10");
    assert_eq!(
        *seen.at("/summary/reports/totalCount"),
        json!(1),
        "the report behind the total is still seen"
    );
}

async fn expected_are_those_who_fill_in_the_form_and_were_alive(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let end =
        |on: &str| json!({ "id": world["Thư viện"].id(), "version": 1, "on": on, "reason": "Quyết định số 1/QĐ-LĐLĐ" });
    reporting.specialist.does("endUnit", end("2026-07-01")).await.thing();
    let young = json!({ "kind": "GRASSROOTS", "name": "CĐCS Sở Y tế", "parentId": world["Viên chức"].id(), "foundedOn": "2027-01-01" });
    reporting.specialist.does("createUnit", young).await.thing();
    let section = json!({ "kind": "SECTION", "name": "Công đoàn bộ phận Văn phòng", "parentId": world["Sở Nội vụ"].id(), "foundedOn": "2020-01-01" });
    reporting.specialist.does("createUnit", section).await.thing();
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "APPROVED",
        fields: "expected",
    };
    assert_eq!(*asked.by(&reporting.specialist).await.at("/summary/expected"), json!(4));
}

async fn who_may_know_which_totals(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let cluster = cluster(&reporting, &app).await;
    for (version, unit) in ["Sở Nội vụ", "Thư viện"].into_iter().enumerate() {
        let input = json!({ "clusterId": cluster, "version": version + 1, "unitId": world[unit].id(), "validFrom": "2026-01-01" });
        reporting.specialist.does("addClusterMember", input).await.thing();
    }
    let office = json!({ "clusterId": cluster, "version": 3, "unitId": world["Thư viện"].id(), "office": "DEPUTY", "validFrom": "2026-01-01" });
    reporting.specialist.does("setClusterOffice", office).await.thing();
    let people = [
        ("specialist", app.specialist_of(&world["Viên chức"]).await),
        ("committee", app.committee_of(&world["Viên chức"]).await),
        ("deputy", app.officer_of(&world["Thư viện"]).await),
        ("member", app.officer_of(&world["Sở Nội vụ"]).await),
        (
            "viewer of cluster",
            app.viewer_of(Scope::Cluster(
                thidua::ids::Kind::Cluster.parse(&cluster).expect("an id"),
            ))
            .await,
        ),
        ("other province", app.specialist_of(&world["Kon Tum"]).await),
        ("nobody's friend", app.stranger().await),
    ];
    let scopes = [
        ("cluster", json!({ "clusterId": cluster })),
        ("union", json!({ "unitId": world["Viên chức"].id() })),
        ("member unit", json!({ "unitId": world["Sở Nội vụ"].id() })),
        ("province", json!({ "provinceId": world.soc_trang.id() })),
        ("everything", json!({ "everything": true })),
    ];
    let mut table = String::new();
    for (name, person) in &people {
        for (place, scope) in &scopes {
            let mut codes = Vec::new();
            for basis in ["APPROVED", "SUBMITTED", "ALL"] {
                let asked = Asked {
                    reporting: &reporting,
                    scope: scope.clone(),
                    basis,
                    fields: "expected",
                };
                let code = asked.by(person).await;
                codes.push(if code.code().is_empty() {
                    "yes".to_owned()
                } else {
                    code.code().to_owned()
                });
            }
            table.push_str(&format!("{name:17} {place:11} {}\n", codes.join(" ")));
        }
    }
    insta::allow_duplicates! {
        insta::assert_snapshot!(table, @r"
        specialist        cluster     yes yes yes
        specialist        union       yes yes yes
        specialist        member unit yes yes yes
        specialist        province    FORBIDDEN FORBIDDEN FORBIDDEN
        specialist        everything  FORBIDDEN FORBIDDEN FORBIDDEN
        committee         cluster     yes yes yes
        committee         union       yes yes yes
        committee         member unit yes yes yes
        committee         province    FORBIDDEN FORBIDDEN FORBIDDEN
        committee         everything  FORBIDDEN FORBIDDEN FORBIDDEN
        deputy            cluster     yes yes FORBIDDEN
        deputy            union       NOT_FOUND NOT_FOUND NOT_FOUND
        deputy            member unit FORBIDDEN FORBIDDEN FORBIDDEN
        deputy            province    FORBIDDEN FORBIDDEN FORBIDDEN
        deputy            everything  FORBIDDEN FORBIDDEN FORBIDDEN
        member            cluster     FORBIDDEN FORBIDDEN FORBIDDEN
        member            union       NOT_FOUND NOT_FOUND NOT_FOUND
        member            member unit yes yes yes
        member            province    FORBIDDEN FORBIDDEN FORBIDDEN
        member            everything  FORBIDDEN FORBIDDEN FORBIDDEN
        viewer of cluster cluster     yes yes FORBIDDEN
        viewer of cluster union       NOT_FOUND NOT_FOUND NOT_FOUND
        viewer of cluster member unit FORBIDDEN FORBIDDEN FORBIDDEN
        viewer of cluster province    FORBIDDEN FORBIDDEN FORBIDDEN
        viewer of cluster everything  FORBIDDEN FORBIDDEN FORBIDDEN
        other province    cluster     NOT_FOUND NOT_FOUND NOT_FOUND
        other province    union       NOT_FOUND NOT_FOUND NOT_FOUND
        other province    member unit NOT_FOUND NOT_FOUND NOT_FOUND
        other province    province    FORBIDDEN FORBIDDEN FORBIDDEN
        other province    everything  FORBIDDEN FORBIDDEN FORBIDDEN
        nobody's friend   cluster     NOT_FOUND NOT_FOUND NOT_FOUND
        nobody's friend   union       NOT_FOUND NOT_FOUND NOT_FOUND
        nobody's friend   member unit NOT_FOUND NOT_FOUND NOT_FOUND
        nobody's friend   province    FORBIDDEN FORBIDDEN FORBIDDEN
        nobody's friend   everything  FORBIDDEN FORBIDDEN FORBIDDEN
        ");
    }
}

async fn sums_are_those_of_big_integers_and_never_wrong(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let units = ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ", "Sở Tài chính", "Sở Khoa học"];
    let mut reports = Vec::new();
    for unit in units {
        let officer = app.officer_of(&world[unit]).await;
        let draft = reporting.draft(&officer, &world[unit], &[("members_total", "1")]).await;
        reports.push(thidua::ids::Kind::ReportSubmission.parse(&draft.id).expect("an id"));
    }
    let indicator = report_value_indicator(&app, reports[0]).await;
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "ALL",
        fields: TOTALS,
    };
    let limit = 999_999_999_999_999_999_i64;
    let edge = prop_oneof![Just(limit), Just(-limit), Just(1), Just(-1), Just(0), -limit..=limit];
    let mut runner = TestRunner::new(Config {
        cases: 24,
        ..Config::default()
    });
    for _ in 0..24 {
        let values = prop::collection::vec(edge.clone(), reports.len())
            .new_tree(&mut runner)
            .expect("values")
            .current();
        for (&report, &value) in reports.iter().zip(&values) {
            let row = report_value::ActiveModel {
                submission_id: Set(report),
                indicator_id: Set(indicator),
                part: Set(FigurePart::Total),
                value: Set(Fixed4::from_ten_thousandths(value)),
                ..Default::default()
            };
            row.update(&app.env.db).await.expect("a figure");
        }
        let sum: i128 = values.iter().map(|&value| i128::from(value)).sum();
        let seen = asked.by(&reporting.specialist).await;
        match Fixed4::try_from_ten_thousandths(sum) {
            Some(sum) => assert_eq!(total(&seen, "members_total")["value"], sum.to_string(), "{values:?}"),
            None => assert_eq!(seen.code(), "INVALID", "{values:?} do not fit: {seen}"),
        }
    }
}

async fn report_value_indicator(app: &TestApp, report: uuid::Uuid) -> uuid::Uuid {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let found = report_value::Entity::find()
        .filter(report_value::Column::SubmissionId.eq(report))
        .one(&app.env.db)
        .await;
    found.expect("the database").expect("a figure").indicator_id
}

async fn a_summary_takes_a_fixed_number_of_statements(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    reporting
        .approved(
            &app,
            &world["Sở Nội vụ"],
            &[("members_total", "1"), ("workers_total", "1")],
        )
        .await;
    let asked = Asked {
        reporting: &reporting,
        scope: json!({ "unitId": world["Viên chức"].id() }),
        basis: "APPROVED",
        fields: TOTALS,
    };
    let few = asked.by(&reporting.specialist).await.statements();
    reporting
        .approved(
            &app,
            &world["Thư viện"],
            &[("members_total", "1"), ("workers_total", "1")],
        )
        .await;
    let more = asked.by(&reporting.specialist).await.statements();
    assert_eq!(
        (few, more),
        (13, 13),
        "the caller, the place (3), form, period, versions, expected, counts, items, sums, rates, indicators"
    );
}

async fn rest_tells_the_same_summary(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    reporting
        .approved(
            &app,
            &world["Sở Nội vụ"],
            &[("members_total", "1.671"), ("workers_total", "2.000")],
        )
        .await;
    let ask = format!(
        "unitId={}&formId={}&periodId={}",
        world["Viên chức"].id(),
        reporting.form,
        reporting.period
    );
    let seen = reporting.specialist.get(&format!("/api/v1/summary?{ask}")).await;
    assert_eq!(seen.body()["approved"], json!(1));
    assert_eq!(
        seen.body()["totals"][0],
        json!({
            "indicatorCode": "members_total", "value": "1671", "upper": null, "qualifier": "EXACT", "estimates": 1, "reports": 1,
            "parts": [], "choiceCounts": [],
        })
    );
    let behind = reporting
        .specialist
        .get(&format!("/api/v1/summary/reports?{ask}&indicatorCode=members_total"))
        .await;
    assert_eq!(behind.body()["items"].as_array().map(Vec::len), Some(1), "{behind}");
    let two = reporting
        .specialist
        .get(&format!("/api/v1/summary?{ask}&everything=true"))
        .await;
    assert_eq!((two.status(), two.code()), (400, "BAD_REQUEST"));
    let unknown = reporting
        .specialist
        .get(&format!("/api/v1/summary?{ask}&nam=2026"))
        .await;
    assert_eq!((unknown.status(), unknown.code()), (400, "BAD_REQUEST"));
}
