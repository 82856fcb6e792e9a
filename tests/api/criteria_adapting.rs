//! A cluster adapts the criteria set of a unit above it: within the bounds that this lets, and not beyond.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::criteria::{Table, asked, criterion, hue, problems, publish, written};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_chair_adapts_within_bounds_and_is_refused_beyond,
    a_cluster_goes_over_to_a_newer_base,
    only_what_a_unit_above_has_in_force_is_adapted,
    an_adaptation_is_compared_with_its_base,
    rest_adapts_too,
}

/// A provincial table that lets clusters weigh its first section anew.
fn base() -> Value {
    let mut base = hue();
    base["nodes"][0]["adaptable"] = json!({ "mayBeAddedTo": true });
    for (node, least, most) in [(1, "500", "650"), (2, "200", "350")] {
        base["nodes"][node]["adaptable"] = json!({ "max": { "least": least, "most": most } });
    }
    base["nodes"][5]["adaptable"] = json!({ "mayBeLeftOut": true });
    base
}

/// A cluster of Kon Tum, its chair, and the table of the province in force.
struct Adapting {
    cluster: String,
    chair: Person,
    province: Table,
    base: String,
}

impl Adapting {
    async fn begin(app: &TestApp) -> Self {
        let world = app.world();
        let cluster = Cluster::of(app, "Kon Tum", "Cụm II", &["Đăk Tô", "Ngọc Hồi"]).await;
        cluster.gives("CHAIR", &world["Ngọc Hồi"], "2026-01-01").await.thing();
        let province = Table::begin(app, &world["Kon Tum"], "BD-TINH").await;
        Self {
            cluster: cluster.id.clone(),
            chair: app.officer_of(&world["Ngọc Hồi"]).await,
            base: province.in_force(&base()).await,
            province,
        }
    }

    async fn adapted(&self, who: &Person, base: &str, code: &str) -> Answer {
        let input =
            json!({ "clusterId": self.cluster, "baseVersionId": base, "code": code, "name": "Bảng điểm Cụm II" });
        who.does("adaptCriteriaSet", input).await
    }
}

async fn a_chair_adapts_within_bounds_and_is_refused_beyond(app: TestApp) {
    let adapting = Adapting::begin(&app).await;
    let chair = &adapting.chair;
    let set = adapting
        .adapted(chair, &adapting.base, "BD-CUM-II")
        .await
        .id()
        .to_owned();
    let begun = asked(
        chair,
        "CriteriaSet",
        &set,
        "cluster { name } base { code } draft { id version baseVersion { id } problems { code } content { nodes { code } } }",
    )
    .await;
    assert_eq!(begun.str("/node/base/code"), "BD-TINH");
    assert_eq!(begun.str("/node/draft/baseVersion/id"), adapting.base);
    assert_eq!(*begun.at("/node/draft/problems"), json!([]));
    assert_eq!(begun.at("/node/draft/content/nodes").as_array().map(Vec::len), Some(7));

    let mut beyond = base();
    beyond["nodes"][1]["max"] = "660".into();
    beyond["nodes"][2]["max"] = "240".into();
    beyond["nodes"][3]["title"] = "Công tác cụm".into();
    beyond["bands"][0]["from"] = "890".into();
    beyond["tieBreaks"] = json!([]);
    beyond["nodes"].as_array_mut().expect("nodes").remove(4);
    let draft = written(chair, &set, &beyond, Some(1)).await.thing().clone();
    let refused = publish(chair, &draft).await;
    let mut told = refused.user_errors();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("CAP_OUT_OF_REACH", "content.bonusCap"),
            ("FIXED", "content.bands"),
            ("FIXED", "content.tieBreaks"),
            ("LEFT_OUT", "content.nodes"),
            ("OUTSIDE", "content.nodes.1.max"),
            ("PART_FIXED", "content.nodes.3.title"),
            ("RANGE_UNCLEAR", "content.nodes.1.adaptable.max"),
            ("SUM_DIFFERS", "content.scale"),
        ]
    );

    let mut within = base();
    within["nodes"][1]["max"] = "550".into();
    within["nodes"][2]["max"] = "250".into();
    let nodes = within["nodes"].as_array_mut().expect("nodes");
    nodes.insert(3, criterion("own", Some("content"), "100"));
    let draft = written(chair, &set, &within, Some(2)).await.thing().clone();
    assert!(problems(chair, draft["id"].as_str().expect("an id")).await.is_empty());
    assert_eq!(publish(chair, &draft).await.thing()["state"], "PUBLISHED");
}

async fn a_cluster_goes_over_to_a_newer_base(app: TestApp) {
    let adapting = Adapting::begin(&app).await;
    let (chair, province) = (&adapting.chair, &adapting.province);
    let set = adapting
        .adapted(chair, &adapting.base, "BD-CUM-II")
        .await
        .id()
        .to_owned();
    let mut newer = base();
    newer["bands"][0]["from"] = "920".into();
    let second = province.in_force(&newer).await;
    let first = asked(&province.keeper, "CriteriaSetVersion", &adapting.base, "version").await;
    let retire = json!({ "id": adapting.base, "version": first.at("/node/version") });
    province.keeper.does("retireCriteriaSet", retire).await.thing();
    let draft = asked(chair, "CriteriaSet", &set, "draft { id version }").await;
    let refused = publish(chair, draft.at("/node/draft")).await;
    assert_eq!(refused.user_errors(), [("NOT_A_BASE", "baseVersionId")]);
    let over = json!({ "setId": set, "version": 1, "baseVersionId": second, "content": base() });
    let draft = chair.does("writeCriteriaSetDraft", over).await.thing().clone();
    assert_eq!(publish(chair, &draft).await.user_errors(), [("FIXED", "content.bands")]);
    let draft = written(chair, &set, &newer, Some(2)).await.thing().clone();
    publish(chair, &draft).await.thing();
    let based = asked(chair, "CriteriaSet", &set, "published { baseVersion { number } }").await;
    assert_eq!(*based.at("/node/published/baseVersion/number"), json!(2));
}

async fn only_what_a_unit_above_has_in_force_is_adapted(app: TestApp) {
    let world = app.world();
    let adapting = Adapting::begin(&app).await;
    let elsewhere = Table::begin(&app, &world["Sóc Trăng"], "BD-ST")
        .await
        .in_force(&base())
        .await;
    let unseen = adapting.adapted(&adapting.chair, &elsewhere, "X").await;
    assert_eq!(unseen.code(), "NOT_FOUND");
    let all = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let not_above = [("NOT_A_BASE", "baseVersionId")];
    assert_eq!(adapting.adapted(&all, &elsewhere, "X").await.user_errors(), not_above);
    let below = Table::begin(&app, &world["Đăk Tô"], "BD-DT")
        .await
        .in_force(&base())
        .await;
    assert_eq!(adapting.adapted(&all, &below, "X").await.user_errors(), not_above);
    let draft = adapting.province.written(&base(), None).await.id().to_owned();
    assert_eq!(adapting.adapted(&all, &draft, "X").await.user_errors(), not_above);
    assert_eq!(
        adapting.adapted(&adapting.chair, &draft, "X").await.code(),
        "NOT_FOUND",
        "a draft of the province"
    );
    let member = app.officer_of(&world["Đăk Tô"]).await;
    assert_eq!(adapting.adapted(&member, &adapting.base, "X").await.code(), "FORBIDDEN");
    adapting.adapted(&adapting.chair, &adapting.base, "X").await.thing();
    assert_eq!(
        adapting.adapted(&adapting.chair, &adapting.base, "X").await.code(),
        "ALREADY_EXISTS"
    );
}

async fn an_adaptation_is_compared_with_its_base(app: TestApp) {
    let adapting = Adapting::begin(&app).await;
    let chair = &adapting.chair;
    let set = adapting
        .adapted(chair, &adapting.base, "BD-CUM-II")
        .await
        .id()
        .to_owned();
    let mut own = base();
    own["nodes"][1]["max"] = "610".into();
    own["nodes"][2]["max"] = "290".into();
    let draft = written(chair, &set, &own, Some(1)).await.id().to_owned();
    let diff = "query($from: ID!, $to: ID!) { criteriaSetDiff(fromId: $from, toId: $to) { nodes { code changed } bands { after { grade } } } }";
    let seen = chair.graphql(diff, json!({ "from": adapting.base, "to": draft })).await;
    assert_eq!(
        *seen.at("/criteriaSetDiff"),
        json!({ "nodes": [{ "code": "work", "changed": ["MAX"] }, { "code": "movement", "changed": ["MAX"] }], "bands": [] })
    );
    let member = app.officer_of(&app.world()["Đăk Tô"]).await;
    let hidden = member
        .graphql(diff, json!({ "from": adapting.base, "to": draft }))
        .await;
    assert_eq!(hidden.code(), "NOT_FOUND", "a draft of the cluster");
}

async fn rest_adapts_too(app: TestApp) {
    let adapting = Adapting::begin(&app).await;
    let body =
        json!({ "clusterId": adapting.cluster, "baseVersionId": adapting.base, "code": "BD", "name": "Bảng điểm" });
    let made = adapting.chair.post("/api/v1/criteria-sets", body).await;
    assert_eq!(made.status(), 201, "{made}");
    let version = &made.body()["versions"][0];
    assert_eq!(
        (&version["state"], &version["baseVersionId"]),
        (&json!("DRAFT"), &json!(adapting.base))
    );
    let id = version["id"].as_str().expect("an id");
    let read = adapting.chair.get(&format!("/api/v1/criteria-set-versions/{id}")).await;
    assert_eq!((&read.body()["problems"], read.header("etag")), (&json!([]), "\"1\""));
}
