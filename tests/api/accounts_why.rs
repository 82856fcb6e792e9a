//! Why somebody may or may not do a thing: who may ask, and what is told.

use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::accounts_seen::{admin_of, id};
use crate::clusters::Cluster;
use crate::reports::Reporting;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    the_rule_that_decides_is_told,
    every_capacity_is_told_with_what_it_says,
    only_who_manages_the_account_asks_and_only_about_what_they_see,
    what_is_told_of_a_report_is_what_the_report_says,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

/// Asks why somebody may do something to a thing.
pub async fn why(asker: &Person, who: &Person, action: &str, subject: Option<&str>) -> Answer {
    let query = "query($account: ID!, $action: String!, $subject: ID) {
        whyMay(accountId: $account, action: $action, subjectId: $subject) {
            allowed rule reason action
            capacities { capacity scope { kind id name } carries matched reason onBehalfOf }
        }
    }";
    let asked = json!({ "account": id(who), "action": action, "subject": subject });
    asker.graphql(query, asked).await
}

async fn rule(asker: &Person, who: &Person, action: &str, subject: Option<&str>) -> String {
    let told = why(asker, who, action, subject).await;
    let rule = told.str("/whyMay/rule").to_owned();
    assert_eq!(*told.at("/whyMay/allowed"), json!(rule == "PERMITTED"), "{told}");
    rule
}

async fn the_rule_that_decides_is_told(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let (there, elsewhere) = (world["Đăk Tô"].id(), world["Thư viện"].id());
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let officer = app.officer_of(&world["Đăk Tô"]).await;
    let stranger = app.stranger().await;
    for (who, action, subject, expected) in [
        (&specialist, "UNIT_MANAGE", Some(&there), "PERMITTED"),
        (&specialist, "UNIT_MANAGE", None, "PERMITTED"),
        (&specialist, "UNIT_MANAGE", Some(&elsewhere), "NOT_SEEN"),
        (&specialist, "REPORT_APPROVE", Some(&there), "NO_CAPACITY"),
        // The catalogue is common to all: who keeps it must hold the role everywhere.
        (&specialist, "INDICATOR_MANAGE", None, "NOT_HERE"),
        (&officer, "UNIT_STATISTICS_RECORD", Some(&there), "PERMITTED"),
        (
            &officer,
            "UNIT_STATISTICS_RECORD",
            Some(&world["Y tế Đăk Tô"].id()),
            "NOT_HERE",
        ),
        (&officer, "UNIT_MANAGE", None, "NO_CAPACITY"),
        (&stranger, "UNIT_MANAGE", None, "NO_CAPACITY"),
        (&stranger, "UNIT_MANAGE", Some(&there), "NOT_SEEN"),
    ] {
        let told = rule(&admin, who, action, subject.map(String::as_str)).await;
        assert_eq!(told, expected, "{action} at {subject:?}");
    }
    let lock = json!({ "id": id(&specialist), "version": 1 });
    admin.does("lockAccount", lock).await.thing();
    assert_eq!(rule(&admin, &specialist, "UNIT_MANAGE", Some(&there)).await, "LOCKED");
}

async fn every_capacity_is_told_with_what_it_says(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2025-01-01").await.thing();
    let who = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(world["Thư viện"].uuid)),
            (Role::Viewer, Scope::Unit(world["Viên chức"].uuid)),
        ])
        .await;
    let admin = app.admin().await.in_english();
    let told = why(&admin, &who, "SUMMARY_READ", Some(&world["Sở Nội vụ"].id())).await;
    let line = |one: &Value| {
        format!(
            "{} {} {} {}: {}",
            one["capacity"], one["scope"]["kind"], one["carries"], one["matched"], one["reason"]
        )
        .replace('"', "")
    };
    let mut lines: Vec<String> = told
        .at("/whyMay/capacities")
        .as_array()
        .expect("a list")
        .iter()
        .map(line)
        .collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "CHAIR CLUSTER SCOPE true: Permits it.",
            "UNIT_OFFICER UNIT SCOPE false: The thing lies outside its scope.",
            "VIEWER UNIT SCOPE true: Permits it.",
        ]
    );
    let told = why(&app.admin().await, &who, "REPORT_WRITE", Some(&world["Sở Nội vụ"].id())).await;
    let mut lines: Vec<String> = told
        .at("/whyMay/capacities")
        .as_array()
        .expect("a list")
        .iter()
        .map(line)
        .collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "CHAIR CLUSTER NO false: Không bao gồm việc này.",
            "UNIT_OFFICER UNIT OWN_UNIT false: Chỉ làm được cho chính đơn vị được giao.",
            "VIEWER UNIT NO false: Không bao gồm việc này.",
        ]
    );
    assert_eq!(
        told.str("/whyMay/reason"),
        "Tài khoản có quyền này, nhưng không phải ở nơi này."
    );
}

async fn only_who_manages_the_account_asks_and_only_about_what_they_see(app: TestApp) {
    let world = app.world();
    let small = admin_of(&app, "Kon Tum").await;
    let officer = app.officer_of(&world["Đăk Tô"]).await;
    let unit = world["Đăk Tô"].id();
    assert_eq!(rule(&small, &officer, "REPORT_WRITE", Some(&unit)).await, "PERMITTED");
    let elsewhere = world["Thư viện"].id();
    let hidden = why(&small, &officer, "REPORT_WRITE", Some(&elsewhere)).await;
    assert_eq!(hidden.code(), "NOT_FOUND");
    let wide = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(world["Đăk Tô"].uuid)),
            (Role::Viewer, Scope::Unit(world["Thư viện"].uuid)),
        ])
        .await;
    for (asker, whom, code) in [
        (&small, &wide, "FORBIDDEN"),
        (&small, &app.officer_of(&world["Thư viện"]).await, "NOT_FOUND"),
        (&app.specialist_of(&world["Kon Tum"]).await, &officer, "NOT_FOUND"),
        (&officer, &officer, "FORBIDDEN"),
        (&app.nobody(), &officer, "UNAUTHENTICATED"),
    ] {
        assert_eq!(why(asker, whom, "REPORT_WRITE", Some(&unit)).await.code(), code);
    }
    assert_eq!(why(&small, &officer, "REPORT_EAT", None).await.code(), "BAD_REQUEST");
    let account = id(&officer);
    assert_eq!(
        why(&small, &officer, "REPORT_WRITE", Some(&account)).await.code(),
        "BAD_REQUEST"
    );
}

async fn what_is_told_of_a_report_is_what_the_report_says(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let officer = app.officer_of(unit).await;
    let both = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(unit.uuid)),
            (Role::Specialist, Scope::Unit(world["Sóc Trăng"].uuid)),
        ])
        .await;
    let report = reporting.draft(&both, unit, COMPLETE).await;
    let actions = [
        ("SAVE", "REPORT_WRITE"),
        ("SUBMIT", "REPORT_SUBMIT"),
        ("RETURN", "REPORT_RETURN"),
        ("VERIFY", "REPORT_VERIFY"),
        ("APPROVE", "REPORT_APPROVE"),
    ];
    let compare = async |state: &str| {
        for who in [&officer, &both, &reporting.specialist, &reporting.committee] {
            let seen = report.seen_by(who, "viewerCan { action code reason }").await;
            for (step, action) in actions {
                let can = seen.at("/node/viewerCan").as_array().expect("a list").iter();
                let can = can.clone().find(|can| can["action"] == step).expect("a step");
                let told = why(&admin, who, action, Some(&report.id)).await;
                let code = match told.str("/whyMay/rule") {
                    "PERMITTED" => json!(null),
                    "OWN_WORK" | "NO_CAPACITY" | "NOT_HERE" => json!("FORBIDDEN"),
                    other => json!(other),
                };
                assert_eq!(can["code"], code, "{action} while {state}: {told}");
                if let "OWN_WORK" | "WRONG_STATE" = told.str("/whyMay/rule") {
                    assert_eq!(can["reason"], *told.at("/whyMay/reason"), "{action} while {state}");
                }
            }
        }
    };
    compare("a draft").await;
    assert_eq!(
        rule(&admin, &reporting.committee, "REPORT_APPROVE", Some(&report.id)).await,
        "WRONG_STATE"
    );
    report.step(&officer, "submitReport", 2).await.thing();
    compare("submitted").await;
    assert_eq!(rule(&admin, &both, "REPORT_VERIFY", Some(&report.id)).await, "OWN_WORK");
    report.step(&reporting.specialist, "verifyReport", 3).await.thing();
    compare("verified").await;
}
