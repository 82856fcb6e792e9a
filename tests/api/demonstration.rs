//! The demonstration holds what five printed reports say: each of their figures comes out of the service's own summary, and
//! what cannot be read is there as a returned report.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use thidua::demo;
use thidua::demo::facts::{self, Counted, FactScopeKind, Source};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::results::told;
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    every_printed_figure_comes_out_of_the_summary,
    what_the_sources_count_is_there,
    the_amount_that_nobody_can_read_is_a_returned_report,
    loading_it_again_changes_nothing,
    each_account_sees_its_own_province_and_no_other,
    years_that_came_to_the_vote_have_a_result_that_explains_itself,
}

/// The application with the demonstration in place of its small world, and somebody who sees all of it.
async fn demonstration(app: &TestApp) -> Person {
    demo::reset(&app.env.db).await.expect("an empty database");
    demo::load(&app.env).await.expect("the demonstration");
    app.person(&[(Role::Specialist, Scope::Everything)]).await
}

async fn id(who: &Person, list: &str, filter: Value, name: &str) -> String {
    let kind = match list {
        "units" => "UnitWhere",
        "clusters" => "ClusterWhere",
        "periods" => "PeriodWhere",
        _ => "ReportFormWhere",
    };
    let query = format!("query($where: {kind}!) {{ {list}(where: $where, first: 100) {{ nodes {{ id name }} }} }}");
    let answer = who.graphql(&query, json!({ "where": filter })).await;
    let nodes = answer
        .at(&format!("/{list}/nodes"))
        .as_array()
        .cloned()
        .unwrap_or_default();
    let found = nodes.iter().find(|node| name.is_empty() || node["name"] == name);
    let found = found.unwrap_or_else(|| panic!("no {name} in {answer}"));
    found["id"].as_str().expect("an id").to_owned()
}

async fn scope(who: &Person, source: &Source) -> Value {
    let name = source.scope.name.as_str();
    match source.scope.kind {
        FactScopeKind::Cluster => json!({ "clusterId": id(who, "clusters", json!({ "search": name }), name).await }),
        FactScopeKind::Unit => json!({ "unitId": id(who, "units", json!({ "search": name }), name).await }),
    }
}

async fn every_printed_figure_comes_out_of_the_summary(app: TestApp) {
    let who = demonstration(&app).await;
    let sources = facts::read().expect("the facts").sources;
    assert_eq!(sources.len(), 5);
    let mut compared = 0;
    for source in &sources {
        let form = id(&who, "reportForms", json!({ "code": source.form }), "").await;
        let period = id(&who, "periods", json!({ "code": source.period }), "").await;
        let query = "query($scope: SummaryScopeInput!, $form: ID!, $period: ID!) {
            summary(scope: $scope, formId: $form, periodId: $period) { totals { indicator { code } value upper qualifier } } }";
        let scope = scope(&who, source).await;
        let answer = who
            .graphql(query, json!({ "scope": scope, "form": form, "period": period }))
            .await;
        let totals = answer.at("/summary/totals").as_array().expect("totals");
        let rest: Vec<String> = scope
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, id)| format!("{name}={}", id.as_str().unwrap_or("")))
            .collect();
        let rest = who
            .get(&format!(
                "/api/v1/summary?formId={form}&periodId={period}&{}",
                rest.join("&")
            ))
            .await;
        for figure in &source.figures {
            let total = totals
                .iter()
                .find(|total| total["indicator"]["code"] == figure.indicator.as_str());
            let total = total.unwrap_or_else(|| panic!("{}: no total of {}", source.key, figure.indicator));
            let upper = figure.upper.map_or(Value::Null, |upper| json!(upper.to_string()));
            let expected = json!({
                "indicator": { "code": figure.indicator }, "value": figure.value.to_string(), "upper": upper, "qualifier": figure.qualifier,
            });
            assert_eq!(*total, expected, "{}: {}", source.key, figure.printed);
            let on_rest = rest.body()["totals"].as_array().expect("totals");
            let on_rest = on_rest
                .iter()
                .find(|total| total["indicatorCode"] == figure.indicator.as_str());
            assert_eq!(
                on_rest.map(|total| &total["value"]),
                Some(&json!(figure.value.to_string())),
                "{}",
                source.key
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 35, "every figure of the five sources");
}

async fn what_the_sources_count_is_there(app: TestApp) {
    let who = demonstration(&app).await;
    for source in facts::read().expect("the facts").sources {
        let scope = scope(&who, &source).await;
        let day = format!("{}-12-31", source.key.rsplit('-').next().expect("a year"));
        for count in &source.counts {
            let query = "query($where: UnitWhere, $day: NaiveDate) { units(where: $where, asOf: $day, first: 100) { totalCount nodes { id } } }";
            let members = who
                .graphql(
                    query,
                    json!({ "where": { "clusterId": scope["clusterId"] }, "day": day }),
                )
                .await;
            let found = match count.of {
                Counted::ClusterMembers => members.at("/units/totalCount").as_i64(),
                Counted::UnitsBelowMembers => {
                    let mut below = 0;
                    for member in members.texts("/units/nodes", "id") {
                        let children = who
                            .graphql(query, json!({ "where": { "parentId": member }, "day": day }))
                            .await;
                        below += children.at("/units/totalCount").as_i64().expect("a number");
                    }
                    Some(below)
                }
                Counted::UnitsBelow => {
                    let children = who
                        .graphql(query, json!({ "where": { "parentId": scope["unitId"] }, "day": day }))
                        .await;
                    children.at("/units/totalCount").as_i64()
                }
                Counted::Clusters => {
                    let clusters = "query($id: ID) { clusters(where: { organiserId: $id }) { totalCount } }";
                    who.graphql(clusters, json!({ "id": scope["unitId"] }))
                        .await
                        .at("/clusters/totalCount")
                        .as_i64()
                }
            };
            assert_eq!(
                found.map(|found| found.to_string()),
                Some(count.value.to_string()),
                "{}: {}",
                source.key,
                count.printed
            );
        }
    }
}

async fn the_amount_that_nobody_can_read_is_a_returned_report(app: TestApp) {
    let who = demonstration(&app).await;
    let sources = facts::read().expect("the facts").sources;
    let refused: Vec<_> = sources.iter().flat_map(|source| &source.refused).collect();
    assert_eq!(refused.len(), 1);
    for one in refused {
        let form = id(&who, "reportForms", json!({ "code": one.form }), "").await;
        let query = "query($form: ID!) { reports(where: { formId: $form, statuses: [RETURNED] }) { nodes { unitName note figures { text } steps { action reason } } } }";
        let answer = who.graphql(query, json!({ "form": form })).await;
        let report = answer.at("/reports/nodes/0");
        assert_eq!(report["unitName"], one.unit.as_str());
        assert_eq!(report["figures"], json!([]), "no number was guessed");
        assert!(
            report["note"].as_str().is_some_and(|note| note.contains(&one.printed)),
            "{answer}"
        );
        let reason = report["steps"]
            .as_array()
            .expect("steps")
            .iter()
            .find_map(|step| step["reason"].as_str())
            .expect("a reason");
        for reading in &one.readings {
            let written = thidua::numbers::write(*reading);
            assert!(reason.contains(&written), "{reason} tells {written}");
        }
    }
}

async fn loading_it_again_changes_nothing(app: TestApp) {
    let who = demonstration(&app).await;
    let counts = "{ units(where: { includeEnded: true }) { totalCount } reports { totalCount } awards { totalCount } clusters { totalCount } }";
    let before = who.graphql(counts, json!({})).await;
    let again = demo::load(&app.env).await.expect("the demonstration");
    assert!(
        again
            .accounts
            .iter()
            .any(|account| account.role == Role::StandingCommittee)
    );
    assert_eq!(who.graphql(counts, json!({})).await.at(""), before.at(""));
    let units = before.at("/units/totalCount").as_i64().expect("a number");
    assert!((450..650).contains(&units), "about 500 units: {units}");
}

async fn each_account_sees_its_own_province_and_no_other(app: TestApp) {
    demonstration(&app).await;
    let accounts = demo::load(&app.env).await.expect("the demonstration").accounts;
    let mut table = String::new();
    for account in &accounts {
        let body = json!({ "username": account.username, "password": account.password });
        let signed_in = app.nobody().post("/api/v1/auth/login", body).await;
        let token = signed_in.body()["accessToken"]
            .as_str()
            .unwrap_or_else(|| panic!("{signed_in}"))
            .to_owned();
        let who = app.bearer_of(&token);
        let counts = "{ units(where: { includeEnded: true }) { totalCount } clusters { totalCount } reports { totalCount } awards { totalCount } awardDecisions { totalCount } }";
        let counts = who.graphql(counts, json!({})).await;
        let number = |name: &str| counts.at(&format!("/{name}/totalCount")).to_string();
        table.push_str(&format!(
            "{:18} {:18} {:>5} {:>3} {:>5} {:>5} {:>5}\n",
            account.username,
            account.role.code(),
            number("units"),
            number("clusters"),
            number("reports"),
            number("awards"),
            number("awardDecisions")
        ));
        let elsewhere = if account.username.contains("kontum") {
            "Công đoàn Viên chức tỉnh Khánh Hòa"
        } else {
            "LĐLĐ huyện Tu Mơ Rông"
        };
        let all =
            account.scope == "EVERYTHING" || account.username == "cb.tumorong" || account.username == "xem.kontum";
        let search = "query($name: String!) { units(where: { search: $name }) { totalCount } }";
        let found = who.graphql(search, json!({ "name": elsewhere })).await;
        if !all
            && !account.scope.contains("Kon Tum")
            && !account.username.contains("ngochoi")
            && !account.username.contains("dakglei")
        {
            assert_eq!(
                *found.at("/units/totalCount"),
                json!(0),
                "{} finds {elsewhere}",
                account.username
            );
        }
    }
    insta::allow_duplicates! {
        insta::assert_snapshot!(table);
    }
}

async fn years_that_came_to_the_vote_have_a_result_that_explains_itself(app: TestApp) {
    let who = demonstration(&app).await;
    let results = who
        .graphql("{ emulationResults { nodes { id year { phase } } } }", json!({}))
        .await;
    let results = results
        .at("/emulationResults/nodes")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let phases = results.iter().filter_map(|one| one["year"]["phase"].as_str());
    let phases: BTreeSet<&str> = phases.collect();
    assert_eq!(phases, BTreeSet::from(["DECIDING", "PUBLISHED", "VOTING"]));
    for result in &results {
        let id = result["id"].as_str().expect("an id");
        let query = "query($id: ID!) { recomputeResult(id: $id) { equal } node(id: $id) { ... on EmulationResult {
            problems { criterionCode kind } staleness { stale changes { message } }
            units(first: 100) { nodes { unitId unitName standing } } } } }";
        let whole = who.graphql(query, json!({ "id": id })).await;
        assert_eq!(whole.at("/recomputeResult/equal"), true);
        let result = whole.at("/node");
        assert_eq!(result["problems"], json!([]), "every entry fits");
        assert_eq!(result["staleness"]["stale"], false, "{result}");
        let units = result["units"]["nodes"].as_array().cloned().unwrap_or_default();
        let open: Vec<&Value> = units.iter().filter(|unit| unit["standing"] != "RATED").collect();
        assert!(!units.is_empty() && open.is_empty(), "not rated: {open:?}");
        let place = told(&who, id, json!({ "place": units[0]["unitId"] })).await;
        assert!(!place.is_empty(), "the first knows why");
    }
}
