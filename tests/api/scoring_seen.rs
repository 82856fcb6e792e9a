//! Who sees which score sheets and which layers of them, in open and in blind years, on GraphQL and on REST alike.

use serde_json::json;
use thidua_entity::enums::CrossCheckState;

use crate::scoring::{Scoring, good, points, shown};
use crate::support::{Person, TestApp, fewest_statements, on_both_databases};
use crate::years::Year;

on_both_databases! {
    nobody_checks_with_the_unit_s_own_points_in_view,
    in_an_open_year_the_checker_sees_what_was_handed_in,
    a_demand_for_a_reason_tells_a_blind_checker_nothing,
    what_belongs_to_others_does_not_exist,
    a_long_list_takes_no_more_statements_than_a_short_one,
    who_has_left_the_cluster_sees_the_years_in_which_it_belonged_to_it,
}

/// The layers that somebody sees of a sheet, as its entries and points tell too; `nothing` when there is no sheet for them.
async fn seen(who: &Person, sheet: &str) -> String {
    let fields = "layersSeen entries { layer } history(code: \"care\") { layer } criteria { code layers { layer } }";
    let node = shown(who, sheet, fields).await;
    let listed = who
        .graphql("{ scoreSheets(first: 50) { totalCount nodes { id } } }", json!({}))
        .await;
    let is_listed = listed.texts("/scoreSheets/nodes", "id").contains(&sheet);
    let rest = who.get(&format!("/api/v1/score-sheets/{sheet}")).await;
    if node.code() == "NOT_FOUND" {
        assert_eq!((is_listed, rest.status()), (false, 404));
        return "nothing".to_owned();
    }
    assert!(is_listed);
    let layers = |pointer: &str| {
        let mut found = node.texts(pointer, "layer");
        found.dedup();
        found.iter().map(|layer| (*layer).to_owned()).collect::<Vec<_>>()
    };
    let told: Vec<&str> = node
        .at("/node/layersSeen")
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one.as_str())
        .collect();
    for found in [
        layers("/node/entries"),
        layers("/node/history"),
        layers("/node/criteria/1/layers"),
    ] {
        assert!(
            found.iter().all(|layer| told.contains(&layer.as_str())),
            "{told:?} {node}"
        );
    }
    let by_rest = rest.body()["layersSeen"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one.as_str());
    assert_eq!(by_rest.collect::<Vec<_>>(), told);
    for entry in rest.body()["entries"].as_array().expect("a list") {
        assert!(told.contains(&entry["layer"].as_str().expect("a layer")), "{rest}");
    }
    let points = layers("/node/criteria/1/layers");
    if points.is_empty() {
        "no points".to_owned()
    } else {
        points.join(" ")
    }
}

async fn nobody_checks_with_the_unit_s_own_points_in_view(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    let library = year.officer("Thư viện").await;
    let checker = year.officer("Sở Khoa học").await;
    let member = year.officer("Sở Ngoại vụ").await;
    scoring
        .assign("Sở Khoa học", "Thư viện", CrossCheckState::Minuted)
        .await;
    let sheet = scoring
        .write(&library, "Thư viện", "SELF", good())
        .await
        .id()
        .to_owned();
    let all = [
        &library,
        &checker,
        &member,
        &year.chair,
        &year.deputy,
        &year.specialist,
        &year.committee,
    ];
    let told = async || {
        let mut told = Vec::new();
        for who in all {
            told.push(seen(who, &sheet).await);
        }
        told
    };
    let nothing = "nothing";
    assert_eq!(
        told().await,
        ["SELF", nothing, nothing, nothing, nothing, "no points", "no points"]
    );
    scoring.step(&library, "submitScoreSheet", &sheet).await.thing();
    let none = "no points";
    assert_eq!(told().await, ["SELF", none, nothing, none, none, none, none]);
    year.to_phase("CROSS_CHECKING").await;
    // A checker that has not handed in its own points gives none to others, and sees none.
    let early = scoring.write(&checker, "Thư viện", "CROSS_CHECK", good()).await;
    assert_eq!(early.code(), "WRONG_STATE", "{early}");
    scoring.handed_in("Sở Khoa học").await;
    scoring.write(&checker, "Thư viện", "CROSS_CHECK", good()).await.thing();
    assert_eq!(told().await, ["SELF", "CROSS_CHECK", nothing, none, none, none, none]);
    scoring.step(&checker, "finishCrossCheck", &sheet).await.thing();
    let both = "SELF CROSS_CHECK";
    // Nor do chair and deputy, whose own sheets are not in; the organiser has none.
    assert_eq!(told().await, [both, both, nothing, none, none, both, both]);
    year.to_phase("APPRAISING").await;
    let back = json!({ "id": sheet, "version": scoring.version(&sheet).await, "reason": "Chấm lại" });
    let less = json!([points("care", "20")]);
    for refused in [
        scoring.write(&year.deputy, "Thư viện", "CLUSTER", less).await,
        scoring.step(&year.deputy, "appraiseScoreSheet", &sheet).await,
        year.deputy.does("returnScoreSheet", back).await,
    ] {
        assert_eq!(refused.code(), "WRONG_STATE", "{refused}");
        assert!(!refused.text().contains("27,5"), "{refused}");
    }
    for office in ["Sở Nội vụ", "Sở Tài chính"] {
        scoring.handed_in(office).await;
    }
    assert_eq!(told().await, [both, both, nothing, both, both, both, both]);
    scoring
        .write(&year.deputy, "Thư viện", "CLUSTER", json!([points("care", "27,5")]))
        .await
        .thing();
    let three = "SELF CROSS_CHECK CLUSTER";
    assert_eq!(told().await, [both, both, nothing, three, three, both, both]);
    scoring.step(&year.deputy, "appraiseScoreSheet", &sheet).await.thing();
    assert_eq!(told().await, [three, three, nothing, three, three, three, three]);
}

async fn in_an_open_year_the_checker_sees_what_was_handed_in(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    scoring
        .assign("Sở Khoa học", "Thư viện", CrossCheckState::Assigned)
        .await;
    let sheet = scoring.handed_in("Thư viện").await;
    let checker = scoring.year.officer("Sở Khoa học").await;
    assert_eq!(seen(&checker, &sheet).await, "SELF");
    assert_eq!(seen(&scoring.year.chair, &sheet).await, "SELF");
    assert_eq!(
        seen(&scoring.year.officer("Sở Ngoại vụ").await, &sheet).await,
        "nothing"
    );
}

async fn a_demand_for_a_reason_tells_a_blind_checker_nothing(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let sheet = scoring.handed_in("Thư viện").await;
    scoring.handed_in("Sở Khoa học").await;
    scoring.year.to_phase("CROSS_CHECKING").await;
    scoring
        .assign("Sở Khoa học", "Thư viện", CrossCheckState::Minuted)
        .await;
    let checker = scoring.year.officer("Sở Khoa học").await;
    for text in ["5", "27,5", "30"] {
        let seen = shown(
            &checker,
            &sheet,
            "version total criteria { code points stands sentences }",
        )
        .await;
        let version = seen.at("/node/version").clone();
        assert!(!seen.text().contains("27,5") || text == "30", "{seen}");
        let input = json!({ "sheet": { "sheetId": sheet }, "layer": "CROSS_CHECK", "entries": [points("care", text)], "version": version });
        checker.does("writeScoreEntries", input).await.thing();
    }
}

async fn what_belongs_to_others_does_not_exist(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let sheet = scoring.handed_in("Thư viện").await;
    let elsewhere = app.officer_of(&app.world()["Y tế Đăk Tô"]).await;
    for who in [
        &app.stranger().await,
        &elsewhere,
        &scoring.year.officer("Sở Khoa học").await,
    ] {
        assert_eq!(seen(who, &sheet).await, "nothing");
        let step = json!({ "id": sheet, "version": 2 });
        for mutation in [
            "submitScoreSheet",
            "finishCrossCheck",
            "appraiseScoreSheet",
            "decideScoreSheet",
        ] {
            assert_eq!(who.does(mutation, step.clone()).await.code(), "NOT_FOUND", "{mutation}");
        }
        let objection = json!({ "sheetId": sheet, "text": "Không đồng ý" });
        assert_eq!(who.does("raiseObjection", objection).await.code(), "NOT_FOUND");
        let list = who.graphql("{ scoreSheets { totalCount } }", json!({})).await;
        assert_eq!(*list.at("/scoreSheets/totalCount"), json!(0));
        let files = who.get(&format!("/api/v1/score-sheets/{sheet}/evidence")).await;
        assert_eq!(files.status(), 404);
    }
}

async fn a_long_list_takes_no_more_statements_than_a_short_one(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let query = "{ scoreSheets(first: 5) { nodes { unitName state layersSeen total year { year } unit { name } entries { code unitName writtenBy } \
                 criteria { code points computed { points sentences } layers { points entry { reason } } } evidence { fileName } \
                 steps { takenBy } objections { text } viewerCan { action allowed } } } }";
    scoring.handed_in("Thư viện").await;
    let ask = async || scoring.year.specialist.graphql(query, json!({})).await;
    ask().await.at("/scoreSheets/nodes/0/criteria");
    let few = fewest_statements(ask).await;
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học"] {
        scoring.handed_in(unit).await;
    }
    assert_eq!(ask().await.at("/scoreSheets/nodes").as_array().map(Vec::len), Some(5));
    let many = fewest_statements(ask).await;
    // So much is asked for that two things may be asked twice, as `no_more_statements` says of one; one for each sheet would be four more.
    assert!(many <= few + 2, "{few} statements, then {many}");
}

async fn who_has_left_the_cluster_sees_the_years_in_which_it_belonged_to_it(app: TestApp) {
    let (cluster, reporting, _) = Year::before(&app).await;
    let world = app.world();
    cluster
        .lets_go("members", &world["Thư viện"], "2025-06-01", "2025-12-31")
        .await
        .thing();
    let mut new = crate::years::new(&cluster.id);
    let this = reporting
        .specialist
        .does("createEmulationYear", new.clone())
        .await
        .id()
        .to_owned();
    for (field, value) in [("startsOn", "2025-01-01"), ("endsOn", "2025-12-31")] {
        new[field] = value.into();
    }
    new["year"] = 2025.into();
    new["phases"] = json!([]);
    let former = reporting
        .specialist
        .does("createEmulationYear", new)
        .await
        .id()
        .to_owned();
    let left = app.officer_of(&world["Thư viện"]).await;
    let member = app.officer_of(&world["Sở Khoa học"]).await;
    for (who, seen) in [(&left, ["2025"].as_slice()), (&member, ["2025", "2026"].as_slice())] {
        let all = who
            .graphql("{ emulationYears { totalCount nodes { year } } }", json!({}))
            .await;
        let mut years: Vec<String> = all
            .at("/emulationYears/nodes")
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["year"].to_string())
            .collect();
        years.sort();
        assert_eq!(years, seen, "{all}");
    }
    assert_eq!(crate::years::node(&left, &this, "year").await.code(), "NOT_FOUND");
    assert_eq!(
        *crate::years::node(&left, &former, "year").await.at("/node/year"),
        json!(2025)
    );
}
