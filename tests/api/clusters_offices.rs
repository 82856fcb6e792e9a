//! Blocs with their clusters, and the offices of clusters: who can hold one, beside whom, and what ends it.

use futures_util::future::join_all;
use serde_json::json;

use crate::clusters::{Cluster, names, new, node, seen_unit};
use crate::support::{Answer, TestApp, on_both_databases};

on_both_databases! {
    a_bloc_holds_clusters_of_its_organiser,
    a_bloc_and_its_cluster_are_one_place,
    an_office_is_held_by_a_member,
    there_is_one_chair_at_a_time,
    an_office_ends_with_the_membership,
    what_has_not_begun_is_called_off,
}

async fn a_bloc_holds_clusters_of_its_organiser(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let bloc = |organiser: &str, name: &str| {
        let mut bloc = new(&world[organiser], name);
        bloc["form"] = "BLOC".into();
        bloc
    };
    let outer = admin
        .does("createCluster", bloc("Kon Tum", "Khối LĐLĐ huyện"))
        .await
        .id()
        .to_owned();
    let inside = |name: &str, bloc: &str| {
        let mut inside = new(&world["Kon Tum"], name);
        inside["blocId"] = bloc.into();
        inside
    };
    let inner = admin
        .does("createCluster", inside("Cụm II", &outer))
        .await
        .id()
        .to_owned();
    let mut early = inside("Cụm I", &outer);
    early["validFrom"] = "2019-12-31".into();
    let mut elsewhere = inside("Cụm I", &outer);
    elsewhere["organiserId"] = world["Sóc Trăng"].id().into();
    let mut twice = bloc("Kon Tum", "Khối trong khối");
    twice["blocId"] = outer.clone().into();
    for (input, code, field) in [
        (twice, "BLOC_IN_BLOC", "blocId"),
        (inside("Cụm I", &inner), "NOT_A_BLOC", "blocId"),
        (elsewhere, "BLOC_ORGANISER", "blocId"),
        (early, "CLUSTER_NOT_ACTIVE", "validFrom"),
    ] {
        assert_eq!(admin.does("createCluster", input).await.user_errors(), [(code, field)]);
    }
    let end = |id: &str, version: i32| json!({ "id": id, "version": version, "on": "2026-06-01" });
    assert_eq!(
        admin.does("endCluster", end(&outer, 1)).await.user_errors(),
        [("BLOC_HOLDS_CLUSTERS", "on")]
    );
    let seen = node(&admin, &outer, "form clusters { name bloc { name } blocName }").await;
    let cluster = json!({ "name": "Cụm II", "bloc": { "name": "Khối LĐLĐ huyện" }, "blocName": "Khối LĐLĐ huyện" });
    assert_eq!(*seen.at("/node"), json!({ "form": "BLOC", "clusters": [cluster] }));
    assert_eq!(
        names(&admin, &format!("where: {{ blocId: \"{outer}\" }}")).await,
        ["Cụm II"]
    );
    admin.does("endCluster", end(&inner, 1)).await.thing();
    admin.does("endCluster", end(&outer, 1)).await.thing();
    assert_eq!(
        admin.does("createCluster", inside("Cụm I", &outer)).await.user_errors(),
        [("BLOC_ENDED", "blocId")]
    );
}

async fn a_bloc_and_its_cluster_are_one_place(app: TestApp) {
    let world = app.world();
    let (district, beside) = (&world["Đăk Tô"], &world["Ngọc Hồi"]);
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let mut bloc = new(&world["Kon Tum"], "Khối");
    bloc["form"] = "BLOC".into();
    let bloc = Cluster {
        id: specialist.does("createCluster", bloc).await.id().to_owned(),
        specialist: specialist.clone(),
    };
    let mut inside = Vec::new();
    for name in ["Cụm I", "Cụm II"] {
        let mut input = new(&world["Kon Tum"], name);
        input["blocId"] = bloc.id.clone().into();
        let id = specialist.does("createCluster", input).await.id().to_owned();
        inside.push(Cluster {
            id,
            specialist: specialist.clone(),
        });
    }
    bloc.takes_in(district, "2025-01-01").await.thing();
    inside[0].takes_in(district, "2025-01-01").await.thing();
    assert_eq!(
        inside[1].takes_in(district, "2025-01-01").await.user_errors(),
        [("IN_OTHER_CLUSTER", "unitId")]
    );
    inside[1].takes_in(beside, "2025-01-01").await.thing();
    // A member of a cluster in the bloc sees the bloc, and may be its chair; as such it sees what is in the bloc.
    let officer = app.officer_of(beside).await;
    assert_eq!(names(&officer, "").await, ["Cụm II", "Khối"]);
    assert_eq!(
        bloc.gives("CHAIR", &world["Đăk Glei"], "2026-01-01")
            .await
            .user_errors(),
        [("NOT_A_MEMBER", "unitId")]
    );
    bloc.gives("CHAIR", beside, "2026-01-01").await.thing();
    assert_eq!(names(&officer, "").await, ["Cụm I", "Cụm II", "Khối"]);
    assert!(seen_unit(&officer, district).await);
    // With the membership in the cluster the office in the bloc ends.
    inside[1]
        .lets_go("members", beside, "2026-03-10", "2026-03-10")
        .await
        .thing();
    assert_eq!(*bloc.asked("offices { id }").await.at("/node/offices"), json!([]));
    assert!(!seen_unit(&officer, district).await);
}

async fn an_office_is_held_by_a_member(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    assert_eq!(
        cluster
            .gives("CHAIR", &world["Ngọc Hồi"], "2026-01-01")
            .await
            .user_errors(),
        [("NOT_A_MEMBER", "unitId")]
    );
    assert_eq!(
        cluster.gives("CHAIR", &world["Sở Nội vụ"], "2026-01-01").await.code(),
        "NOT_FOUND"
    );
    assert_eq!(
        cluster
            .gives("CHAIR", &world["Đăk Tô"], "2019-01-01")
            .await
            .user_errors(),
        [("CLUSTER_NOT_ACTIVE", "validFrom")]
    );
    let input = json!({
        "unitId": world["Đăk Tô"].id(), "office": "DEPUTY", "chosenBy": "ORDER", "actingPerson": "Bà Y Lan, Chủ tịch",
        "decision": "Số 12/QĐ-LĐLĐ", "validFrom": "2026-01-01", "validTo": "2027-01-01",
    });
    cluster
        .does(&cluster.specialist, "setClusterOffice", input)
        .await
        .thing();
    let seen = cluster
        .asked("offices { office chosenBy actingPerson decision unitName validFrom validTo version }")
        .await;
    assert_eq!(
        *seen.at("/node/offices"),
        json!([{
            "office": "DEPUTY", "chosenBy": "ORDER", "actingPerson": "Bà Y Lan, Chủ tịch", "decision": "Số 12/QĐ-LĐLĐ",
            "unitName": "LĐLĐ huyện Đăk Tô", "validFrom": "2026-01-01", "validTo": "2027-01-01", "version": 1,
        }])
    );
}

async fn there_is_one_chair_at_a_time(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2025-01-01").await.thing();
    cluster.gives("DEPUTY", &world["Ngọc Hồi"], "2025-01-01").await.thing();
    assert_eq!(
        cluster
            .gives("CHAIR", &world["Ngọc Hồi"], "2024-06-01")
            .await
            .user_errors(),
        [("OFFICE_TAKEN", "validFrom")]
    );
    cluster.gives("CHAIR", &world["Ngọc Hồi"], "2026-01-01").await.thing();
    let on = async |day: &str| {
        let seen = cluster
            .asked(&format!("offices(asOf: \"{day}\") {{ office unitName validTo }}"))
            .await;
        seen.at("/node/offices").clone()
    };
    let (old, new) = (&world["Đăk Tô"].name, &world["Ngọc Hồi"].name);
    assert_eq!(
        on("2025-12-31").await,
        json!([
            { "office": "CHAIR", "unitName": old, "validTo": "2026-01-01" },
            { "office": "DEPUTY", "unitName": new, "validTo": "2026-01-01" },
        ])
    );
    assert_eq!(
        on("2026-01-01").await,
        json!([{ "office": "CHAIR", "unitName": new, "validTo": null }])
    );
    // Of eight who give the chair away at the same time, one is in time.
    let version = cluster.version().await;
    let give = |number: i32| {
        let unit = if number % 2 == 0 { "Đăk Tô" } else { "Ngọc Hồi" };
        let input = json!({ "clusterId": cluster.id, "version": version, "unitId": world[unit].id(), "office": "CHAIR", "validFrom": "2026-05-01" });
        let specialist = cluster.specialist.clone();
        async move { specialist.does("setClusterOffice", input).await }
    };
    let answers = join_all((0..8).map(give)).await;
    let in_time = |one: &&Answer| one.code().is_empty() && one.user_errors().is_empty();
    assert_eq!(answers.iter().filter(in_time).count(), 1, "{answers:?}");
    assert_eq!(on("2026-05-01").await.as_array().map(Vec::len), Some(1));
}

async fn an_office_ends_with_the_membership(app: TestApp) {
    let world = app.world();
    let district = &world["Đăk Tô"];
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    cluster.gives("CHAIR", district, "2026-01-01").await.thing();
    let too_early = cluster.lets_go("members", district, "2026-03-10", "2025-12-31").await;
    assert_eq!(too_early.user_errors(), [("OFFICE_LATER", "on")]);
    cluster
        .lets_go("members", district, "2026-03-10", "2026-05-01")
        .await
        .thing();
    let seen = cluster
        .asked("offices(asOf: \"2026-04-30\") { validTo } later: offices(asOf: \"2026-05-01\") { validTo }")
        .await;
    assert_eq!(
        *seen.at("/node"),
        json!({ "offices": [{ "validTo": "2026-05-01" }], "later": [] })
    );
    assert_eq!(
        cluster
            .lets_go("members", district, "2026-03-10", "2026-06-01")
            .await
            .code(),
        "WRONG_STATE",
        "an end is not put off"
    );
    let past =
        json!({ "unitId": district.id(), "office": "DEPUTY", "validFrom": "2026-03-01", "validTo": "2026-06-01" });
    let outlasting = cluster.does(&cluster.specialist, "setClusterOffice", past).await;
    assert_eq!(outlasting.user_errors(), [("NOT_A_MEMBER", "unitId")]);
}

async fn what_has_not_begun_is_called_off(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    cluster.takes_in(&world["Ngọc Hồi"], "2026-06-01").await.thing();
    cluster.gives("CHAIR", &world["Đăk Tô"], "2026-06-01").await.thing();
    cluster
        .lets_go("members", &world["Ngọc Hồi"], "2026-06-01", "2026-06-01")
        .await
        .thing();
    cluster
        .lets_go("offices", &world["Đăk Tô"], "2026-06-01", "2026-03-10")
        .await
        .thing();
    let seen = cluster
        .asked("members(asOf: \"2026-06-01\") { unitName } offices(asOf: \"2026-06-01\") { office }")
        .await;
    assert_eq!(
        *seen.at("/node"),
        json!({ "members": [{ "unitName": world["Đăk Tô"].name }], "offices": [] })
    );
    let begun = cluster
        .lets_go("members", &world["Đăk Tô"], "2026-03-10", "2020-01-01")
        .await;
    assert_eq!(
        begun.user_errors(),
        [("SPAN_INVALID", "on")],
        "what has begun cannot never have been"
    );
}
