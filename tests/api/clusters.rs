//! Clusters and blocs: who sets them up, who belongs to them, who leads them, and how they end. Who sees what of it is told in
//! `clusters_seen.rs`.

use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;

use crate::support::{Answer, Person, TestApp, Unit, on_both_databases};

on_both_databases! {
    a_specialist_sets_up_a_cluster,
    who_changes_a_cluster_and_who_does_not,
    one_emulation_cluster_of_an_organiser_at_a_time,
    of_eight_clusters_that_take_a_unit_in_at_once_one_gets_it,
    of_eight_who_change_a_cluster_at_once_one_is_in_time,
    a_member_stands_below_the_organiser,
    nobody_belongs_to_what_is_not_there,
    a_cluster_ends_with_all_that_is_in_it,
    what_is_left_out_of_a_change_stays,
    a_cluster_set_up_twice_under_one_key_is_one_cluster,
    every_change_is_in_the_audit,
}

/// A cluster, in the hands of a specialist of its organiser.
pub struct Cluster {
    pub id: String,
    pub specialist: Person,
}

impl Cluster {
    /// Sets up a cluster of emulation.
    pub async fn begin(app: &TestApp, organiser: &Unit, name: &str) -> Self {
        let specialist = app.specialist_of(organiser).await;
        let id = specialist
            .does("createCluster", new(organiser, name))
            .await
            .id()
            .to_owned();
        Self { id, specialist }
    }

    /// With these members from 2020 on.
    pub async fn of(app: &TestApp, organiser: &str, name: &str, members: &[&str]) -> Self {
        let world = app.world();
        let cluster = Self::begin(app, &world[organiser], name).await;
        for member in members {
            cluster.takes_in(&world[*member], "2020-01-01").await.thing();
        }
        cluster
    }

    pub async fn asked(&self, fields: &str) -> Answer {
        node(&self.specialist, &self.id, fields).await
    }

    pub async fn version(&self) -> i64 {
        self.asked("version")
            .await
            .at("/node/version")
            .as_i64()
            .expect("a version")
    }

    /// Does something to it, with the version that it has now.
    pub async fn does(&self, who: &Person, mutation: &str, mut input: Value) -> Answer {
        let id = if input["unitId"].is_null() { "id" } else { "clusterId" };
        input[id] = self.id.clone().into();
        input["version"] = self.version().await.into();
        who.does(mutation, input).await
    }

    pub async fn takes_in(&self, unit: &Unit, from: &str) -> Answer {
        let input = json!({ "unitId": unit.id(), "validFrom": from });
        self.does(&self.specialist, "addClusterMember", input).await
    }

    pub async fn gives(&self, office: &str, unit: &Unit, from: &str) -> Answer {
        let input = json!({ "unitId": unit.id(), "office": office, "validFrom": from });
        self.does(&self.specialist, "setClusterOffice", input).await
    }

    /// Ends the membership or the office of a unit as it stands on a day.
    pub async fn lets_go(&self, list: &str, unit: &Unit, as_of: &str, on: &str) -> Answer {
        let seen = self
            .asked(&format!("list: {list}(asOf: \"{as_of}\") {{ id unitName version }}"))
            .await;
        let list_of = seen.at("/node/list").as_array().expect("a list");
        let found = list_of.iter().find(|item| item["unitName"] == unit.name.as_str());
        let found = found.unwrap_or_else(|| panic!("no {} in {seen}", unit.name));
        let mutation = if list == "members" {
            "endClusterMembership"
        } else {
            "endClusterOffice"
        };
        let input = json!({ "id": found["id"], "version": found["version"], "on": on });
        self.specialist.does(mutation, input).await
    }
}

/// A cluster of emulation to be set up, as of 2020.
pub fn new(organiser: &Unit, name: &str) -> Value {
    json!({ "form": "CLUSTER", "organiserId": organiser.id(), "name": name, "validFrom": "2020-01-01" })
}

pub async fn node(person: &Person, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Cluster {{ {fields} }} }} }}");
    person.graphql(&query, json!({ "id": id })).await
}

pub async fn names(person: &Person, arguments: &str) -> Vec<String> {
    let answer = person
        .graphql(
            &format!("{{ clusters(first: 100, {arguments}) {{ nodes {{ name }} totalCount }} }}"),
            json!({}),
        )
        .await;
    let names: Vec<_> = answer
        .texts("/clusters/nodes", "name")
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        *answer.at("/clusters/totalCount"),
        json!(names.len()),
        "a count is that of its list"
    );
    names
}

pub async fn seen_unit(person: &Person, unit: &Unit) -> bool {
    let query = "query($id: ID!) { node(id: $id) { id } }";
    match person.graphql(query, json!({ "id": unit.id() })).await.code() {
        "" => true,
        "NOT_FOUND" => false,
        other => panic!("{other}"),
    }
}

async fn a_specialist_sets_up_a_cluster(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let mut input = new(&world["Kon Tum"], "  Cụm  thi đua số 2 ");
    input["decision"] = "Quyết định 737/QĐ-LĐLĐ ngày 10/7/2025".into();
    let made = specialist.does("createCluster", input).await;
    let fields =
        "form purpose name organiserName organiser { name } bloc { id } blocName decision validFrom validTo version
        members { id } offices { id } clusters { id } viewerCan { action allowed code }";
    assert_eq!(
        *node(&specialist, made.id(), fields).await.at("/node"),
        json!({
            "form": "CLUSTER", "purpose": "EMULATION", "name": "Cụm thi đua số 2",
            "organiserName": "Liên đoàn Lao động tỉnh Kon Tum", "organiser": { "name": "Liên đoàn Lao động tỉnh Kon Tum" },
            "bloc": null, "blocName": null, "decision": "Quyết định 737/QĐ-LĐLĐ ngày 10/7/2025",
            "validFrom": "2020-01-01", "validTo": null, "version": 1, "members": [], "offices": [], "clusters": [],
            "viewerCan": [
                { "action": "CLUSTER_MANAGE", "allowed": true, "code": null },
                { "action": "SUMMARY_READ", "allowed": true, "code": null },
                { "action": "SUMMARY_READ_UNAPPROVED", "allowed": true, "code": null },
                { "action": "SUMMARY_READ_DRAFTS", "allowed": true, "code": null },
                { "action": "ACCOUNT_MANAGE", "allowed": false, "code": "FORBIDDEN" },
            ],
        })
    );
    for (field, value, code) in [
        ("name", json!(" "), "REQUIRED"),
        ("validFrom", json!("2001-07-27"), "UNIT_NOT_ACTIVE"),
        ("validFrom", json!("1899-12-31"), "DAY_IMPLAUSIBLE"),
    ] {
        let mut wrong = new(&world["Kon Tum"], "Cụm sai");
        wrong[field] = value;
        assert_eq!(
            specialist.does("createCluster", wrong).await.user_errors(),
            [(code, field)]
        );
    }
    assert_eq!(
        names(&specialist, "").await,
        ["Cụm thi đua số 2"],
        "nothing else is stored"
    );
}

async fn who_changes_a_cluster_and_who_does_not(app: TestApp) {
    let world = app.world();
    let (chair, deputy) = (&world["Đăk Tô"], &world["Ngọc Hồi"]);
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", chair, "2025-01-01").await.thing();
    cluster.gives("DEPUTY", deputy, "2025-01-01").await.thing();
    let seen = cluster
        .asked("version members { id version } offices { id version }")
        .await;
    let (version, member, office) = (
        seen.at("/node/version"),
        seen.at("/node/members/0"),
        seen.at("/node/offices/0"),
    );
    let unit = world["Đăk Glei"].id();
    let steps = [
        (
            "updateCluster",
            json!({ "id": cluster.id, "version": version, "name": "Cụm khác" }),
        ),
        (
            "endCluster",
            json!({ "id": cluster.id, "version": version, "on": "2027-01-01" }),
        ),
        (
            "addClusterMember",
            json!({ "clusterId": cluster.id, "version": version, "unitId": unit, "validFrom": "2026-01-01" }),
        ),
        (
            "setClusterOffice",
            json!({ "clusterId": cluster.id, "version": version, "unitId": unit, "office": "CHAIR", "validFrom": "2026-01-01" }),
        ),
        (
            "endClusterMembership",
            json!({ "id": member["id"], "version": member["version"], "on": "2026-02-01" }),
        ),
        (
            "endClusterOffice",
            json!({ "id": office["id"], "version": office["version"], "on": "2026-02-01" }),
        ),
    ];
    let everything = app.viewer_of(Scope::Everything).await;
    for (who, code) in [
        (app.officer_of(chair).await, "FORBIDDEN"),
        (app.officer_of(deputy).await, "FORBIDDEN"),
        (app.specialist_of(chair).await, "FORBIDDEN"),
        (app.committee_of(&world["Kon Tum"]).await, "FORBIDDEN"),
        (everything, "FORBIDDEN"),
        (app.specialist_of(&world["Sóc Trăng"]).await, "NOT_FOUND"),
        (app.stranger().await, "NOT_FOUND"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        for (step, input) in &steps {
            assert_eq!(who.does(step, input.clone()).await.code(), code, "{step}");
        }
    }
    for who in [
        app.officer_of(&world["Kon Tum"]).await,
        app.committee_of(&world["Kon Tum"]).await,
    ] {
        assert_eq!(
            who.does("createCluster", new(&world["Kon Tum"], "Cụm 2")).await.code(),
            "FORBIDDEN"
        );
    }
    let other = app.specialist_of(&world["Sóc Trăng"]).await;
    assert_eq!(
        other
            .does("createCluster", new(&world["Kon Tum"], "Cụm 2"))
            .await
            .code(),
        "NOT_FOUND"
    );
    let refused = json!({ "action": "CLUSTER_MANAGE", "allowed": false, "code": "FORBIDDEN" });
    let told = node(
        &app.officer_of(chair).await,
        &cluster.id,
        "viewerCan { action allowed code }",
    )
    .await;
    assert_eq!(*told.at("/node/viewerCan/0"), refused);
    assert_eq!(
        cluster.asked("name version members { id }").await.at("/node/version"),
        version,
        "nothing has changed"
    );
    app.admin()
        .await
        .does("updateCluster", steps[0].1.clone())
        .await
        .thing();
}

async fn one_emulation_cluster_of_an_organiser_at_a_time(app: TestApp) {
    let world = app.world();
    let district = &world["Đăk Tô"];
    let first = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    let second = Cluster::begin(&app, &world["Kon Tum"], "Cụm 2").await;
    let refused = second.takes_in(district, "2026-01-01").await;
    assert_eq!(refused.user_errors(), [("IN_OTHER_CLUSTER", "unitId")]);
    assert!(
        refused.user_message().contains("“Cụm 1” từ ngày 01/01/2020"),
        "{refused}"
    );
    assert_eq!(
        first.takes_in(district, "2026-01-01").await.user_errors(),
        [("ALREADY_MEMBER", "unitId")]
    );
    assert_eq!(second.version().await, 1, "nothing has changed");
    // An area of management takes it, and so does another organiser.
    let mut area = new(&world["Kon Tum"], "Khu vực quản lý 1");
    area["purpose"] = "MANAGEMENT".into();
    let area = Cluster {
        id: first.specialist.does("createCluster", area).await.id().to_owned(),
        ..second
    };
    area.takes_in(district, "2026-01-01").await.thing();
    let above = Cluster::begin(&app, &world["Tổng Liên đoàn"], "Cụm toàn quốc").await;
    above.takes_in(district, "2026-01-01").await.thing();
    let unit = json!({ "id": district.id() });
    let seen = "query($id: ID!) { node(id: $id) { ... on Unit { clusters { name } } } }";
    let officer = app.officer_of(district).await;
    let of_unit = officer.graphql(seen, unit).await;
    assert_eq!(
        of_unit.texts("/node/clusters", "name"),
        ["Cụm 1", "Khu vực quản lý 1", "Cụm toàn quốc"]
    );
    // It changes its cluster from one day to the next.
    let second = Cluster::begin(&app, &world["Kon Tum"], "Cụm 3").await;
    first
        .lets_go("members", district, "2026-03-10", "2026-07-01")
        .await
        .thing();
    assert_eq!(
        second.takes_in(district, "2026-06-30").await.user_errors(),
        [("IN_OTHER_CLUSTER", "unitId")]
    );
    second.takes_in(district, "2026-07-01").await.thing();
}

async fn of_eight_clusters_that_take_a_unit_in_at_once_one_gets_it(app: TestApp) {
    let world = app.world();
    let mut clusters = Vec::new();
    for number in 1..=8 {
        clusters.push(Cluster::begin(&app, &world["Kon Tum"], &format!("Cụm {number}")).await);
    }
    let take_in = |cluster: &Cluster| {
        let input =
            json!({ "clusterId": cluster.id, "version": 1, "unitId": world["Đăk Tô"].id(), "validFrom": "2026-01-01" });
        let specialist = cluster.specialist.clone();
        async move { specialist.does("addClusterMember", input).await }
    };
    let answers = join_all(clusters.iter().map(take_in)).await;
    let refused = [("IN_OTHER_CLUSTER", "unitId")];
    assert_eq!(
        answers.iter().filter(|one| one.user_errors() == refused).count(),
        7,
        "{answers:?}"
    );
    assert_eq!(
        answers.iter().filter(|one| one.user_errors().is_empty()).count(),
        1,
        "{answers:?}"
    );
    let memberships = names(
        &app.admin().await,
        &format!("where: {{ memberId: \"{}\" }}", world["Đăk Tô"].id()),
    )
    .await;
    assert_eq!(memberships.len(), 1);
}

async fn of_eight_who_change_a_cluster_at_once_one_is_in_time(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::begin(&app, &world["Viên chức"], "Cụm 1").await;
    let units = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];
    let step = |number: usize| {
        let (name, input) = match units.get(number) {
            Some(unit) => (
                "addClusterMember",
                json!({ "clusterId": cluster.id, "version": 1, "unitId": world[*unit].id(), "validFrom": "2026-01-01" }),
            ),
            None => (
                "updateCluster",
                json!({ "id": cluster.id, "version": 1, "name": format!("Cụm {number}") }),
            ),
        };
        let specialist = cluster.specialist.clone();
        async move { specialist.does(name, input).await }
    };
    let answers = join_all((0..8).map(step)).await;
    let codes: Vec<&str> = answers.iter().map(Answer::code).collect();
    assert_eq!(
        codes.iter().filter(|code| **code == "STALE_VERSION").count(),
        7,
        "{codes:?}"
    );
    assert_eq!(codes.iter().filter(|code| code.is_empty()).count(), 1, "{codes:?}");
    assert_eq!(cluster.version().await, 2);
}

async fn a_member_stands_below_the_organiser(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::begin(&app, &world["Kon Tum"], "Cụm 1").await;
    assert_eq!(
        cluster.takes_in(&world["Sở Nội vụ"], "2026-01-01").await.code(),
        "NOT_FOUND"
    );
    let admin = app.admin().await;
    let cluster = Cluster {
        specialist: admin.clone(),
        ..cluster
    };
    for unit in ["Sở Nội vụ", "Kon Tum", "Tổng Liên đoàn"] {
        let refused = cluster.takes_in(&world[unit], "2026-01-01").await;
        assert_eq!(refused.user_errors(), [("NOT_BELOW_ORGANISER", "unitId")], "{unit}");
    }
    let school = &world["Trường Lương Thế Vinh"];
    let to = json!({ "id": school.id(), "version": 1, "parentId": world["Viên chức"].id(), "from": "2026-03-01" });
    admin.does("moveUnit", to).await.thing();
    assert_eq!(
        cluster.takes_in(school, "2026-03-01").await.user_errors(),
        [("NOT_BELOW_ORGANISER", "unitId")]
    );
    cluster.takes_in(school, "2026-02-28").await.thing();
    cluster.takes_in(&world["Y tế Đăk Tô"], "2026-03-01").await.thing();
}

async fn nobody_belongs_to_what_is_not_there(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::begin(&app, &world["Kon Tum"], "Cụm 1").await;
    let admin = app.admin().await;
    let end = json!({ "id": world["Tu Mơ Rông"].id(), "version": 1, "on": "2025-07-01", "reason": "Bỏ cấp huyện" });
    admin.does("endUnit", end).await.thing();
    let ended = &world["Tu Mơ Rông"];
    assert_eq!(
        cluster.takes_in(ended, "2025-07-01").await.user_errors(),
        [("UNIT_NOT_ACTIVE", "validFrom")]
    );
    assert_eq!(
        cluster.takes_in(&world["Đăk Tô"], "2019-12-31").await.user_errors(),
        [("CLUSTER_NOT_ACTIVE", "validFrom")]
    );
    let mut backwards = json!({ "unitId": world["Đăk Tô"].id(), "validFrom": "2026-01-01", "validTo": "2026-01-01" });
    let refused = cluster
        .does(&cluster.specialist, "addClusterMember", backwards.clone())
        .await;
    assert_eq!(refused.user_errors(), [("SPAN_INVALID", "validTo")]);
    backwards["validTo"] = "2027-01-01".into();
    cluster
        .does(&cluster.specialist, "addClusterMember", backwards)
        .await
        .thing();
    // What has ended belongs to it until its end.
    cluster.takes_in(ended, "2021-01-01").await.thing();
    let past = cluster
        .asked("members(asOf: \"2025-06-30\") { unitName validTo }")
        .await;
    assert_eq!(
        *past.at("/node/members/0"),
        json!({ "unitName": ended.name, "validTo": "2025-07-01" })
    );
}

async fn a_cluster_ends_with_all_that_is_in_it(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2026-01-01").await.thing();
    let end = |on: &str| json!({ "on": on });
    for too_early in ["2020-01-01", "2026-01-01"] {
        let refused = cluster.does(&cluster.specialist, "endCluster", end(too_early)).await;
        assert_eq!(refused.user_errors(), [("SPAN_INVALID", "on")], "{too_early}");
    }
    cluster
        .does(&cluster.specialist, "endCluster", end("2026-03-10"))
        .await
        .thing();
    let fields = "validTo members { id } offices { id } were: members(asOf: \"2026-03-09\") { unitName validTo }
        led: offices(asOf: \"2026-03-09\") { validTo }";
    let member = |name: &str| json!({ "unitName": world[name].name, "validTo": "2026-03-10" });
    assert_eq!(
        *cluster.asked(fields).await.at("/node"),
        json!({
            "validTo": "2026-03-10", "members": [], "offices": [], "were": [member("Đăk Tô"), member("Ngọc Hồi")],
            "led": [{ "validTo": "2026-03-10" }],
        })
    );
    assert!(!seen_unit(&app.officer_of(&world["Đăk Tô"]).await, &world["Ngọc Hồi"]).await);
    assert_eq!(
        cluster
            .does(&cluster.specialist, "endCluster", end("2026-04-01"))
            .await
            .code(),
        "WRONG_STATE"
    );
    assert_eq!(
        cluster.takes_in(&world["Đăk Glei"], "2026-03-10").await.user_errors(),
        [("CLUSTER_NOT_ACTIVE", "validFrom")]
    );
    assert_eq!(names(&cluster.specialist, "").await, [] as [&str; 0]);
    assert_eq!(
        names(&cluster.specialist, "where: { includeEnded: true }").await,
        ["Cụm 1"]
    );
    assert_eq!(names(&cluster.specialist, "asOf: \"2026-03-09\"").await, ["Cụm 1"]);
    // Its members are free for another from that day on.
    let next = Cluster::begin(&app, &world["Kon Tum"], "Cụm mới").await;
    next.takes_in(&world["Đăk Tô"], "2026-03-10").await.thing();
}

async fn what_is_left_out_of_a_change_stays(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let mut input = new(&world["Kon Tum"], "Cụm 10");
    input["decision"] = "Số 1/QĐ".into();
    let cluster = Cluster {
        id: specialist.does("createCluster", input).await.id().to_owned(),
        specialist,
    };
    let change = async |change: Value| {
        cluster.does(&cluster.specialist, "updateCluster", change).await.thing();
        cluster.asked("name decision").await.at("/node").clone()
    };
    assert_eq!(
        change(json!({ "name": "Cụm Trường Sơn" })).await,
        json!({ "name": "Cụm Trường Sơn", "decision": "Số 1/QĐ" })
    );
    assert_eq!(
        change(json!({ "decision": null })).await,
        json!({ "name": "Cụm Trường Sơn", "decision": null })
    );
    assert_eq!(
        names(&cluster.specialist, "where: { search: \"truong son\" }").await,
        ["Cụm Trường Sơn"]
    );
    for version in [-1, 0, 1, 4, i32::MAX] {
        let stale = json!({ "id": cluster.id, "version": version, "name": "Cụm khác" });
        assert_eq!(
            cluster.specialist.does("updateCluster", stale).await.code(),
            "STALE_VERSION",
            "{version}"
        );
    }
}

async fn every_change_is_in_the_audit(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2026-01-01").await.thing();
    cluster
        .does(&cluster.specialist, "updateCluster", json!({ "name": "Cụm một" }))
        .await
        .thing();
    cluster
        .lets_go("offices", &world["Đăk Tô"], "2026-03-10", "2026-02-01")
        .await
        .thing();
    cluster
        .lets_go("members", &world["Đăk Tô"], "2026-03-10", "2026-03-01")
        .await
        .thing();
    cluster
        .does(&cluster.specialist, "endCluster", json!({ "on": "2026-03-05" }))
        .await
        .thing();
    let uuid = Kind::Cluster.parse(&cluster.id).expect("an id");
    let entries = app.audit_of(uuid).await;
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    let expected = [
        "CLUSTER_CREATED",
        "CLUSTER_MEMBER_ADDED",
        "CLUSTER_OFFICE_SET",
        "CLUSTER_CHANGED",
        "CLUSTER_OFFICE_ENDED",
        "CLUSTER_MEMBERSHIP_ENDED",
        "CLUSTER_ENDED",
    ];
    assert_eq!(actions, expected);
    assert!(
        entries
            .iter()
            .all(|entry| entry.account_id == Some(cluster.specialist.account()))
    );
    // What was refused leaves no trace.
    app.stranger()
        .await
        .does(
            "updateCluster",
            json!({ "id": cluster.id, "version": 8, "name": "Cụm" }),
        )
        .await;
    assert_eq!(app.audit_of(uuid).await.len(), expected.len());
}

async fn a_cluster_set_up_twice_under_one_key_is_one_cluster(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let mut input = new(&world["Kon Tum"], "Cụm thi đua số 2");
    input["idempotencyKey"] = "cum-2".into();
    let first = specialist.does("createCluster", input.clone()).await.id().to_owned();
    let again = specialist.does("createCluster", input.clone()).await;
    assert_eq!(again.id(), first, "an answer was lost on the way");
    input["name"] = "Cụm thi đua số 3".into();
    let other = specialist.does("createCluster", input).await;
    assert_eq!(other.user_errors(), [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]);
    assert_eq!(names(&specialist, "").await, ["Cụm thi đua số 2"]);
}
