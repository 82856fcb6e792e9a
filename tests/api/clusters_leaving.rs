//! Units that end or move out from below an organiser leave its clusters, and with them the offices that give powers.

use serde_json::{Value, json};

use crate::clusters::{Cluster, seen_unit};
use crate::support::{Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    a_unit_that_ends_leaves_its_clusters,
    what_an_ended_unit_would_have_begun_later_is_taken_out,
    a_unit_that_moves_out_leaves_the_clusters_that_it_moves_out_of,
    a_unit_that_moves_within_the_organiser_stays,
    a_unit_that_will_move_is_taken_in_until_then,
}

/// Names of the members and holders of the offices on a day.
async fn on(cluster: &Cluster, day: &str) -> Value {
    let fields = format!("members(asOf: \"{day}\") {{ unitName }} offices(asOf: \"{day}\") {{ office unitName }}");
    let seen = cluster.asked(&fields).await;
    json!([
        seen.texts("/node/members", "unitName"),
        seen.texts("/node/offices", "unitName")
    ])
}

fn names(units: &[&Unit]) -> Vec<String> {
    units.iter().map(|unit| unit.name.clone()).collect()
}

async fn ends(who: &Person, unit: &Unit, on: &str) {
    let end = json!({ "id": unit.id(), "version": 1, "on": on, "reason": "Nghị quyết số 60-NQ/TW" });
    who.does("endUnit", end).await.thing();
}

async fn moves(who: &Person, unit: &Unit, parent: &Unit, from: &str) {
    let place = json!({ "id": unit.id(), "version": 1, "parentId": parent.id(), "from": from });
    who.does("moveUnit", place).await.thing();
}

async fn offices_of(officer: &Person) -> usize {
    let seen = officer.graphql("{ viewer { offices { office } } }", json!({})).await;
    seen.texts("/viewer/offices", "office").len()
}

async fn a_unit_that_ends_leaves_its_clusters(app: TestApp) {
    let world = app.world();
    let (district, other) = (&world["Đăk Tô"], &world["Ngọc Hồi"]);
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", district, "2026-01-01").await.thing();
    cluster.gives("DEPUTY", other, "2026-01-01").await.thing();
    let officer = app.officer_of(district).await;
    ends(&cluster.specialist, district, "2026-07-01").await;
    let both = json!([names(&[district, other]), names(&[district, other])]);
    assert_eq!(on(&cluster, "2026-06-30").await, both, "the days before stay");
    let rest = json!([names(&[other]), names(&[other])]);
    assert_eq!(on(&cluster, "2026-07-01").await, rest);
    for (at, powers) in [(moment(2026, 6, 30, 23, 59), 1), (moment(2026, 7, 1, 0, 0), 0)] {
        app.it_is(at);
        assert_eq!(offices_of(&officer).await, powers, "{at}");
        assert_eq!(seen_unit(&officer, other).await, powers == 1, "{at}");
    }
    cluster.gives("CHAIR", other, "2026-07-01").await.thing();
}

async fn what_an_ended_unit_would_have_begun_later_is_taken_out(app: TestApp) {
    let world = app.world();
    let district = &world["Đăk Tô"];
    let first = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    let second = Cluster::of(&app, "Kon Tum", "Cụm 2", &["Đăk Glei"]).await;
    first.gives("DEPUTY", district, "2025-01-01").await.thing();
    first.gives("CHAIR", district, "2026-04-01").await.thing();
    first
        .lets_go("members", district, "2026-05-01", "2026-06-01")
        .await
        .thing();
    second.takes_in(district, "2026-06-01").await.thing();
    let before = first
        .asked("members(asOf: \"2026-05-01\") { unitName validTo version }")
        .await;
    ends(&first.specialist, district, "2026-04-01").await;
    let stays = [names(&[&world["Ngọc Hồi"]]), Vec::new()];
    assert_eq!(on(&first, "2026-04-01").await, json!(stays));
    assert_eq!(on(&first, "2026-05-01").await, json!(stays));
    assert_eq!(
        on(&first, "2026-03-31").await,
        json!([names(&[district, &world["Ngọc Hồi"]]), names(&[district])]),
        "the office that it had before is its own until then"
    );
    assert_eq!(
        on(&second, "2026-06-01").await,
        json!([names(&[&world["Đăk Glei"]]), []])
    );
    let version = &before.at("/node/members/0/version").as_i64().expect("a version");
    let after = first
        .asked("members(asOf: \"2026-03-31\") { unitName validTo version }")
        .await;
    assert_eq!(
        *after.at("/node/members/0"),
        json!({ "unitName": district.name, "validTo": "2026-04-01", "version": version + 1 }),
        "whoever saw it as it was is too late"
    );
}

async fn a_unit_that_moves_out_leaves_the_clusters_that_it_moves_out_of(app: TestApp) {
    let world = app.world();
    let (district, clinic, school) = (&world["Đăk Tô"], &world["Y tế Đăk Tô"], &world["Trường Lương Thế Vinh"]);
    let admin = app.admin().await;
    let nation = Cluster::of(&app, "Tổng Liên đoàn", "Khối các tỉnh", &["Đăk Tô"]).await;
    let province = Cluster::of(&app, "Kon Tum", "Cụm các huyện", &["Đăk Tô", "Y tế Đăk Tô", "Ngọc Hồi"]).await;
    let own = Cluster::of(
        &app,
        "Đăk Tô",
        "Cụm trường học",
        &["Trường Lương Thế Vinh", "Y tế Đăk Tô"],
    )
    .await;
    nation.gives("CHAIR", district, "2026-01-01").await.thing();
    province.gives("CHAIR", district, "2026-01-01").await.thing();
    province.gives("DEPUTY", clinic, "2026-01-01").await.thing();
    own.gives("CHAIR", school, "2026-01-01").await.thing();
    let officer = app.officer_of(district).await;
    assert_eq!(offices_of(&officer).await, 2);
    moves(&admin, district, &world["Sóc Trăng"], "2026-03-10").await;
    assert_eq!(
        on(&province, "2026-03-10").await,
        json!([names(&[&world["Ngọc Hồi"]]), []]),
        "what stands below it left with it"
    );
    assert_eq!(
        on(&province, "2026-03-09").await[1],
        json!(names(&[district, clinic])),
        "the days before stay"
    );
    assert_eq!(
        on(&nation, "2026-03-10").await,
        json!([names(&[district]), names(&[district])]),
        "above both places"
    );
    assert_eq!(
        on(&own, "2026-03-10").await,
        json!([names(&[clinic, school]), names(&[school])]),
        "its own cluster moved with it"
    );
    assert_eq!(offices_of(&officer).await, 1);
    assert!(!seen_unit(&officer, &world["Ngọc Hồi"]).await);
}

async fn a_unit_that_moves_within_the_organiser_stays(app: TestApp) {
    let world = app.world();
    let clinic = &world["Y tế Đăk Tô"];
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm y tế", &["Y tế Đăk Tô"]).await;
    let district = Cluster::of(&app, "Đăk Tô", "Cụm huyện", &["Y tế Đăk Tô"]).await;
    cluster.gives("CHAIR", clinic, "2026-01-01").await.thing();
    moves(&cluster.specialist, clinic, &world["Ngọc Hồi"], "2026-06-01").await;
    let stays = json!([names(&[clinic]), names(&[clinic])]);
    assert_eq!(on(&cluster, "2026-06-01").await, stays);
    assert_eq!(on(&district, "2026-05-31").await, json!([names(&[clinic]), []]));
    assert_eq!(on(&district, "2026-06-01").await, json!([[], []]));
}

async fn a_unit_that_will_move_is_taken_in_until_then(app: TestApp) {
    let world = app.world();
    let (district, clinic) = (&world["Đăk Tô"], &world["Y tế Đăk Tô"]);
    let admin = app.admin().await;
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &[]).await;
    // Within the province first, so that the days below it are told in two parts; then out of it.
    moves(&admin, clinic, &world["Ngọc Hồi"], "2026-05-01").await;
    moves(&admin, &world["Ngọc Hồi"], &world["Sóc Trăng"], "2026-06-01").await;
    let with_end = json!({ "unitId": clinic.id(), "validFrom": "2026-01-01", "validTo": "2026-06-02" });
    let refused = cluster.does(&cluster.specialist, "addClusterMember", with_end).await;
    assert_eq!(refused.user_errors(), [("NOT_BELOW_ORGANISER", "unitId")]);
    cluster.takes_in(clinic, "2026-01-01").await.thing();
    cluster.takes_in(district, "2026-01-01").await.thing();
    cluster.gives("CHAIR", clinic, "2026-02-01").await.thing();
    let seen = cluster
        .asked("members(asOf: \"2026-05-31\") { unitName validTo } offices { validTo }")
        .await;
    assert_eq!(
        *seen.at("/node"),
        json!({
            "members": [
                { "unitName": clinic.name, "validTo": "2026-06-01" },
                { "unitName": district.name, "validTo": null },
            ],
            "offices": [{ "validTo": "2026-06-01" }],
        })
    );
    assert_eq!(
        cluster.takes_in(clinic, "2026-06-01").await.user_errors(),
        [("NOT_BELOW_ORGANISER", "unitId")]
    );
}
