//! The honours of a unit under all that it came out of: after a merger its officers see what the former units received, and it is found with
//! the unit, as far back as mergers go.

use serde_json::{Value, json};

use crate::awards::Registry;
use crate::support::{Person, TestApp, Unit, on_both_databases};
use crate::year_story::unit_of;

on_both_databases! {
    a_merged_unit_has_the_honours_of_those_it_came_out_of_as_far_back_as_mergers_go,
    only_units_that_one_administers_become_predecessors,
    what_is_wrong_with_predecessors_is_told_and_nothing_is_stored,
}

/// A unit that begins on a day below Viên chức.
async fn founded(app: &TestApp, keeper: &Person, name: &str, on: &str) -> Unit {
    let new = json!({ "kind": "GRASSROOTS", "name": name, "parentId": app.world()["Viên chức"].id(), "foundedOn": on });
    unit_of(keeper.does("createUnit", new).await.thing())
}

fn event(unit: &Unit, version: i32, kind: &str, on: &str, predecessors: &[&Unit]) -> Value {
    let before: Vec<String> = predecessors.iter().map(|one| one.id()).collect();
    json!({
        "id": unit.id(), "version": version, "kind": kind, "tookEffectOn": on, "decision": "Nghị quyết sắp xếp bộ máy", "predecessorIds": before,
    })
}

/// The numbers of the decisions that honoured a unit, the latest years first.
async fn honours(who: &Person, unit: &Unit, with_predecessors: bool) -> Vec<String> {
    let query = "query($unit: ID!, $with: Boolean!) { awards(where: { unitId: $unit, withPredecessors: $with }) { nodes { decision { number } } } \
                 awardCounts(where: { unitId: $unit, withPredecessors: $with }) { count } }";
    let variables = json!({ "unit": unit.id(), "with": with_predecessors });
    let answer = who.graphql(query, variables).await;
    let list = answer.at("/awards/nodes").as_array().expect("a list").clone();
    let counted = answer.at("/awardCounts").as_array().expect("counts").iter();
    let counted: i64 = counted.filter_map(|one| one["count"].as_i64()).sum();
    assert_eq!(i64::try_from(list.len()).expect("a number"), counted);
    let number = |one: &Value| one["decision"]["number"].as_str().expect("a number").to_owned();
    list.iter().map(number).collect()
}

async fn a_merged_unit_has_the_honours_of_those_it_came_out_of_as_far_back_as_mergers_go(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let keeper = app.specialist_of(&app.world()["Viên chức"]).await;
    let science = founded(&app, &keeper, "CĐCS Sở Khoa học và Công nghệ", "1995-01-01").await;
    let post = founded(&app, &keeper, "CĐCS Sở Bưu chính, Viễn thông", "2005-01-01").await;
    let information = founded(&app, &keeper, "CĐCS Sở Thông tin và Truyền thông", "2008-04-01").await;
    let merged = founded(&app, &keeper, "CĐCS Sở Khoa học và Công nghệ mới", "2025-03-01").await;
    for (unit, number, year) in [
        (&post, "11/QĐ-CĐVC", 2006),
        (&science, "22/QĐ-CĐVC", 2019),
        (&information, "33/QĐ-CĐVC", 2023),
        (&merged, "44/QĐ-CĐVC", 2025),
    ] {
        registry.records(number, year, vec![registry.flag_for(unit)]).await;
    }
    let officer = app.officer_of(&merged).await;
    assert_eq!(honours(&officer, &merged, true).await, ["44/QĐ-CĐVC"]);

    let split = event(&information, 1, "SPLIT", "2008-04-01", &[&post]);
    keeper.does("recordUnitEvent", split).await.thing();
    let merger = event(&merged, 1, "MERGED", "2025-03-01", &[&science, &information]);
    keeper.does("recordUnitEvent", merger).await.thing();
    let all = ["44/QĐ-CĐVC", "33/QĐ-CĐVC", "22/QĐ-CĐVC", "11/QĐ-CĐVC"];
    for who in [&officer, &keeper] {
        assert_eq!(honours(who, &merged, true).await, all);
        assert_eq!(honours(who, &merged, false).await, ["44/QĐ-CĐVC"]);
    }
    let list = format!("/api/v1/awards?unitId={}&withPredecessors=true&count=true", merged.id());
    assert_eq!(officer.get(&list).await.body()["totalCount"], 4);
    let fields =
        "query($id: ID!) { node(id: $id) { ... on Unit { events { id predecessors { unitName unit { id } } } } } }";
    let seen = officer.graphql(fields, json!({ "id": merged.id() })).await;
    let mut names = seen.texts("/node/events/0/predecessors", "unitName");
    names.sort_unstable();
    assert_eq!(
        names,
        ["CĐCS Sở Khoa học và Công nghệ", "CĐCS Sở Thông tin và Truyền thông"]
    );
    // The units themselves are as far away as before, and so is what others received.
    assert_eq!(*seen.at("/node/events/0/predecessors/0/unit"), Value::Null);
    let former = app.officer_of(&science).await;
    assert_eq!(honours(&former, &science, true).await, ["22/QĐ-CĐVC"]);

    let back = json!({ "id": seen.at("/node/events/0/id"), "version": 2, "reason": "Ghi nhầm đơn vị" });
    keeper.does("removeUnitEvent", back).await.thing();
    assert_eq!(honours(&officer, &merged, true).await, ["44/QĐ-CĐVC"]);
}

async fn only_units_that_one_administers_become_predecessors(app: TestApp) {
    let world = app.world();
    let keeper = app.specialist_of(&world["Viên chức"]).await;
    let merged = founded(&app, &keeper, "CĐCS Sở Nội vụ mới", "2025-03-01").await;
    let before = app.contents().await;
    let grab = event(&merged, 1, "MERGED", "2025-03-01", &[&world["Đăk Tô"]]);
    assert_eq!(keeper.does("recordUnitEvent", grab).await.code(), "NOT_FOUND");
    assert_eq!(app.contents().await, before, "nothing is stored");
}

async fn what_is_wrong_with_predecessors_is_told_and_nothing_is_stored(app: TestApp) {
    let world = app.world();
    let keeper = app.specialist_of(&world["Viên chức"]).await;
    let unit = founded(&app, &keeper, "CĐCS Sở Tài chính mới", "2025-03-01").await;
    let (library, before) = (&world["Thư viện"], app.contents().await);
    for (wrong, problem) in [
        (
            event(&unit, 1, "FOUNDED", "2025-03-01", &[library]),
            ("FOUNDED_WITHOUT_PREDECESSORS", "predecessorIds"),
        ),
        (
            event(&unit, 1, "MERGED", "2025-03-01", &[&unit]),
            ("PREDECESSOR_INVALID", "predecessorIds.0"),
        ),
        (
            event(&unit, 1, "MERGED", "2025-03-01", &[library, library]),
            ("PREDECESSOR_INVALID", "predecessorIds.1"),
        ),
    ] {
        assert_eq!(keeper.does("recordUnitEvent", wrong).await.user_errors(), [problem]);
    }
    let query = "{ awards(where: { withPredecessors: true }) { nodes { id } } }";
    let refused = keeper.graphql(query, json!({})).await;
    assert_eq!(refused.code(), "INVALID");
    assert_eq!(app.contents().await, before, "nothing is stored");
}
