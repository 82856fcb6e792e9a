//! Clusters in lists and beside each other: who sees them, what is told of neighbours, whose powers an office gives and when.

use actix_web::http::Method;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;

use crate::clusters::{Cluster, names, node, seen_unit};
use crate::support::{Person, TestApp, moment, on_both_databases};

on_both_databases! {
    who_sees_a_cluster_and_who_does_not,
    neighbours_are_known_by_name_and_the_chair_sees_them,
    powers_of_an_office_begin_and_end_on_their_days,
    only_officers_have_the_powers_of_their_units_office,
    lists_tell_what_was_on_a_day,
    searches_and_filters_tell_no_more_than_lists,
    rest_tells_the_same_as_graphql,
    clusters_with_members_and_offices_take_few_statements,
}

async fn who_sees_a_cluster_and_who_does_not(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    let uuid = Kind::Cluster.parse(&cluster.id).expect("an id");
    let beside = Cluster::of(&app, "Kon Tum", "Cụm 2", &["Đăk Glei"]).await;
    let beside = Kind::Cluster.parse(&beside.id).expect("an id");
    cluster
        .lets_go("members", &world["Ngọc Hồi"], "2026-03-10", "2026-01-01")
        .await
        .thing();
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    for (who, sees, lists) in [
        (app.admin().await, true, 2),
        (app.specialist_of(&world["Tổng Liên đoàn"]).await, true, 2),
        (app.committee_of(&world["Kon Tum"]).await, true, 2),
        (app.viewer_of(Scope::Province(world.kon_tum.uuid)).await, true, 2),
        (app.viewer_of(Scope::Cluster(uuid)).await, true, 1),
        (app.viewer_of(Scope::Cluster(beside)).await, false, 1),
        (app.officer_of(&world["Đăk Tô"]).await, true, 1),
        (app.viewer_of(unit("Đăk Tô")).await, true, 1),
        (app.officer_of(&world["Ngọc Hồi"]).await, true, 1),
        (app.officer_of(&world["Đăk Glei"]).await, false, 1),
        (app.officer_of(&world["Y tế Đăk Tô"]).await, false, 0),
        (app.committee_of(&world["Sóc Trăng"]).await, false, 0),
        (app.viewer_of(Scope::Province(world.soc_trang.uuid)).await, false, 0),
        (app.stranger().await, false, 0),
    ] {
        let (code, status) = if sees { ("", 200) } else { ("NOT_FOUND", 404) };
        assert_eq!(node(&who, &cluster.id, "name").await.code(), code);
        assert_eq!(
            who.get(&format!("/api/v1/clusters/{}", cluster.id)).await.status(),
            status
        );
        assert_eq!(names(&who, "").await.len(), lists);
        assert_eq!(
            names(&who, "where: { search: \"cum 1\" }").await.len(),
            usize::from(sees)
        );
        let rest = who.get("/api/v1/clusters?count=true").await;
        assert_eq!(rest.body()["totalCount"], json!(lists), "{rest}");
        assert_eq!(rest.body()["items"].as_array().map(Vec::len), Some(lists));
    }
    let nobody = app.nobody();
    assert_eq!(node(&nobody, &cluster.id, "name").await.code(), "UNAUTHENTICATED");
    assert_eq!(
        nobody.graphql("{ clusters { totalCount } }", json!({})).await.code(),
        "UNAUTHENTICATED"
    );
    for path in [
        "/api/v1/clusters".to_owned(),
        format!("/api/v1/clusters/{}", cluster.id),
    ] {
        assert_eq!(nobody.get(&path).await.status(), 401);
    }
}

async fn neighbours_are_known_by_name_and_the_chair_sees_them(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", &world["Ngọc Hồi"], "2026-01-01").await.thing();
    let fields = "organiser { name } members { unitName unit { name clusters { name } } } offices { office unitName unit { name } }";
    let (home, neighbour) = (&world["Đăk Tô"].name, &world["Ngọc Hồi"].name);
    let member = app.officer_of(&world["Đăk Tô"]).await;
    assert_eq!(
        *node(&member, &cluster.id, fields).await.at("/node"),
        json!({
            "organiser": null,
            "members": [
                { "unitName": home, "unit": { "name": home, "clusters": [{ "name": "Cụm 1" }] } },
                { "unitName": neighbour, "unit": null },
            ],
            "offices": [{ "office": "CHAIR", "unitName": neighbour, "unit": null }],
        })
    );
    let rest = member.get(&format!("/api/v1/clusters/{}", cluster.id)).await;
    assert_eq!(rest.body()["organiserId"], Value::Null);
    assert_eq!(rest.body()["members"][1]["unitName"], json!(neighbour));
    assert_eq!(
        (
            &rest.body()["members"][1]["unitId"],
            &rest.body()["offices"][0]["unitId"]
        ),
        (&Value::Null, &Value::Null)
    );
    assert!(!seen_unit(&member, &world["Ngọc Hồi"]).await);
    let chair = app.officer_of(&world["Ngọc Hồi"]).await;
    let seen = node(&chair, &cluster.id, fields).await;
    assert_eq!(seen.str("/node/members/0/unit/name"), home);
    assert!(seen_unit(&chair, &world["Đăk Tô"]).await);
    assert!(
        !seen_unit(&chair, &world["Y tế Đăk Tô"]).await,
        "what is below a member is its own"
    );
    assert_eq!(
        *seen.at("/node/organiser"),
        Value::Null,
        "the organiser is not a member"
    );
}

async fn powers_of_an_office_begin_and_end_on_their_days(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi", "Đăk Glei"]).await;
    cluster.gives("CHAIR", &world["Ngọc Hồi"], "2026-04-01").await.thing();
    cluster.gives("CHAIR", &world["Đăk Glei"], "2026-07-01").await.thing();
    cluster.gives("DEPUTY", &world["Ngọc Hồi"], "2026-07-01").await.thing();
    cluster
        .lets_go("offices", &world["Ngọc Hồi"], "2026-07-01", "2026-08-01")
        .await
        .thing();
    let (first, second) = (
        app.officer_of(&world["Ngọc Hồi"]).await,
        app.officer_of(&world["Đăk Glei"]).await,
    );
    let offices = async |who: &Person| {
        let answer = who
            .graphql("{ viewer { offices { office cluster { name } } can } }", json!({}))
            .await;
        let offices = answer.texts("/viewer/offices", "office").join(" ");
        let me = who.get("/api/v1/auth/me").await;
        let told = me.body()["capacities"].to_string();
        assert_eq!(
            told.contains("CHAIR") || told.contains("DEPUTY"),
            !offices.is_empty(),
            "{me}"
        );
        assert_eq!(seen_unit(who, &world["Đăk Tô"]).await, !offices.is_empty(), "{offices}");
        offices
    };
    for (at, of_first, of_second) in [
        (moment(2026, 3, 31, 23, 59), "", ""),
        (moment(2026, 4, 1, 0, 0), "CHAIR", ""),
        (moment(2026, 6, 30, 23, 59), "CHAIR", ""),
        (moment(2026, 7, 1, 0, 0), "DEPUTY", "CHAIR"),
        (moment(2026, 7, 31, 23, 59), "DEPUTY", "CHAIR"),
        (moment(2026, 8, 1, 0, 0), "", "CHAIR"),
    ] {
        app.it_is(at);
        assert_eq!(
            (offices(&first).await, offices(&second).await),
            (of_first.to_owned(), of_second.to_owned()),
            "{at}"
        );
    }
}

async fn only_officers_have_the_powers_of_their_units_office(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2026-01-01").await.thing();
    for (who, chairs) in [
        (app.officer_of(&world["Đăk Tô"]).await, true),
        (app.specialist_of(&world["Đăk Tô"]).await, false),
        (app.committee_of(&world["Đăk Tô"]).await, false),
        (app.viewer_of(Scope::Unit(world["Đăk Tô"].uuid)).await, false),
        (app.officer_of(&world["Y tế Đăk Tô"]).await, false),
    ] {
        assert_eq!(seen_unit(&who, &world["Ngọc Hồi"]).await, chairs);
        let offices = who.graphql("{ viewer { offices { office } } }", json!({})).await;
        assert_eq!(offices.texts("/viewer/offices", "office").len(), usize::from(chairs));
    }
}

async fn lists_tell_what_was_on_a_day(app: TestApp) {
    let world = app.world();
    let district = &world["Đăk Tô"];
    let first = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    let second = Cluster::of(&app, "Kon Tum", "Cụm 2", &["Đăk Glei"]).await;
    first
        .lets_go("members", district, "2026-03-10", "2026-01-01")
        .await
        .thing();
    second.takes_in(district, "2026-01-01").await.thing();
    let rename = json!({ "id": district.id(), "version": 1, "name": "Công đoàn xã Đăk Tô", "from": "2025-07-01" });
    first.specialist.does("renameUnit", rename).await.thing();
    let of = format!("where: {{ memberId: \"{}\" }}", district.id());
    for (day, cluster, name) in [
        ("2025-06-30", &first, "LĐLĐ huyện Đăk Tô"),
        ("2025-12-31", &first, "Công đoàn xã Đăk Tô"),
        ("2026-01-01", &second, "Công đoàn xã Đăk Tô"),
    ] {
        let clusters = names(&first.specialist, &format!("{of}, asOf: \"{day}\"")).await;
        let seen = cluster
            .asked(&format!("name members(asOf: \"{day}\") {{ unitName }}"))
            .await;
        assert_eq!(clusters, [seen.str("/node/name")], "{day}");
        assert!(seen.texts("/node/members", "unitName").contains(&name), "{day}: {seen}");
        let rest = cluster
            .specialist
            .get(&format!("/api/v1/clusters/{}?asOf={day}", cluster.id))
            .await;
        assert!(rest.text().contains(name), "{rest}");
    }
    assert_eq!(names(&first.specialist, "asOf: \"2019-12-31\"").await, [] as [&str; 0]);
}

async fn searches_and_filters_tell_no_more_than_lists(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 10", &["Đăk Tô"]).await;
    Cluster::of(&app, "Kon Tum", "Cụm 2", &["Ngọc Hồi"]).await;
    Cluster::begin(&app, &world["Sóc Trăng"], "Cụm Sóc Trăng").await;
    assert_eq!(
        names(&cluster.specialist, "").await,
        ["Cụm 2", "Cụm 10"],
        "as people count"
    );
    let (officer, nothing) = (app.officer_of(&world["Ngọc Hồi"]).await, [] as [&str; 0]);
    for filter in [
        format!("memberId: \"{}\"", world["Đăk Tô"].id()),
        format!("organiserId: \"{}\"", world["Sóc Trăng"].id()),
        format!("blocId: \"{}\"", cluster.id),
        "search: \"cụm 10\"".to_owned(),
        "form: BLOC".to_owned(),
        "purpose: MANAGEMENT".to_owned(),
    ] {
        assert_eq!(
            names(&officer, &format!("where: {{ {filter} }}")).await,
            nothing,
            "{filter}"
        );
    }
    let wrong = format!(
        "{{ clusters(where: {{ blocId: \"{}\" }}) {{ totalCount }} }}",
        world["Ngọc Hồi"].id()
    );
    assert_eq!(
        officer.graphql(&wrong, json!({})).await.code(),
        "NOT_FOUND",
        "an id of another type names nothing"
    );
    let first = officer
        .graphql("{ clusters(first: 1) { edges { cursor } } }", json!({}))
        .await;
    let own = names(&officer, "").await;
    assert_eq!(own, ["Cụm 2"]);
    let after = format!(
        "{{ clusters(after: \"{}\") {{ nodes {{ name }} }} }}",
        first.str("/clusters/edges/0/cursor")
    );
    assert_eq!(
        *officer.graphql(&after, json!({})).await.at("/clusters/nodes"),
        json!([])
    );
}

async fn rest_tells_the_same_as_graphql(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2026-01-01").await.thing();
    let path = format!("/api/v1/clusters/{}", cluster.id);
    let rest = cluster.specialist.get(&path).await;
    let fields =
        "id form purpose name organiserName blocName decision validFrom validTo version organiserId: organiser { id }
        members { id unitName validFrom validTo version unitId: unit { id } }
        offices { id office unitName chosenBy actingPerson decision validFrom validTo version unitId: unit { id } }";
    let mut told = cluster.asked(fields).await.at("/node").clone();
    told["blocId"] = Value::Null;
    flatten(&mut told);
    assert_eq!(*rest.body(), told);
    let unchanged = [("If-None-Match", rest.header("etag"))];
    assert_eq!(
        cluster
            .specialist
            .request(Method::GET, &path, &unchanged, "")
            .await
            .status(),
        304
    );
    cluster.takes_in(&world["Đăk Glei"], "2026-01-01").await.thing();
    assert_eq!(
        cluster
            .specialist
            .request(Method::GET, &path, &unchanged, "")
            .await
            .status(),
        200,
        "a member has come"
    );
    let list = cluster
        .specialist
        .get("/api/v1/clusters?search=cum&form=CLUSTER&count=true")
        .await;
    assert_eq!(
        (&list.body()["items"][0]["name"], &list.body()["totalCount"]),
        (&json!("Cụm 1"), &json!(1))
    );
    for wrong in [
        "/api/v1/clusters?nam=1",
        "/api/v1/clusters?form=KHOI",
        "/api/v1/clusters?asOf=hôm-nay",
        "/api/v1/clusters?first=101",
    ] {
        let answer = cluster.specialist.get(&wrong.replace('ô', "o")).await;
        assert_eq!((answer.status(), answer.code()), (400, "BAD_REQUEST"), "{wrong}");
    }
}

async fn clusters_with_members_and_offices_take_few_statements(app: TestApp) {
    let world = app.world();
    let units = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &units[..1]).await;
    cluster.gives("CHAIR", &world[units[0]], "2025-01-01").await.thing();
    let officer = app.officer_of(&world[units[0]]).await;
    let ask = async |who: &Person, fields: &str| {
        let query = format!("{{ clusters {{ nodes {{ name {fields} }} }} }}");
        who.graphql(&query, json!({})).await.statements()
    };
    // Who asks takes one statement, for an officer two.
    let exactly = [
        ("", 1),
        ("organiserName", 2),
        ("organiser { name }", 2),
        ("members { validFrom }", 2),
        ("members { unitName unit { name } }", 4),
        ("offices { office unitName unit { name } }", 4),
        ("viewerCan { action }", 5),
    ];
    let together =
        "organiserName organiser { name } members { unitName unit { name } } offices { unitName unit { name } }
        viewerCan { action }";
    for _ in 0..2 {
        for (fields, statements) in exactly {
            assert_eq!(ask(&cluster.specialist, fields).await, 1 + statements, "{fields}");
            assert_eq!(ask(&officer, fields).await, 2 + statements, "{fields}, for an officer");
        }
        // Parts that are read at the same time may or may not share a statement; there are never more than of each alone.
        assert!(ask(&officer, together).await <= 2 + 16);
        for unit in &units[1..] {
            cluster.takes_in(&world[*unit], "2020-01-01").await;
            cluster.gives("DEPUTY", &world[*unit], "2025-01-01").await;
            Cluster::begin(&app, &world["Viên chức"], &format!("Cụm của {unit}")).await;
        }
    }
    let list = cluster.specialist.get("/api/v1/clusters").await;
    assert_eq!(list.statements(), 4, "the caller, the page, organisers and their names");
    let one = cluster
        .specialist
        .get(&format!("/api/v1/clusters/{}", cluster.id))
        .await;
    assert_eq!(
        one.statements(),
        8,
        "the caller, the cluster, members, offices, units and names, organiser and name"
    );
}

/// `{ "unitId": { "id": … } }` as REST says it: `{ "unitId": … }`.
fn flatten(value: &mut Value) {
    if let Some(id) = value
        .as_object()
        .filter(|of| of.len() == 1)
        .and_then(|of| of.get("id"))
        .cloned()
    {
        *value = id;
        return;
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(flatten),
        Value::Array(items) => items.iter_mut().for_each(flatten),
        _ => {}
    }
}
