//! Conferences: planned, opened on their day, with a roll and a quorum, closed for ever. What tests of ballots begin with is here too:
//! [`Assembly`], a cluster whose conference is held.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, Unit, moment, no_more_statements, on_both_databases};
use crate::year_story::unit_of;

on_both_databases! {
    a_conference_goes_from_its_plan_to_its_minutes_and_then_stays,
    who_runs_a_conference_and_who_does_not,
    the_quorum_is_told_in_a_sentence,
    of_two_who_call_the_roll_at_once_one_is_told_of_the_other,
    a_conference_asked_for_twice_under_one_key_is_one,
    only_who_belongs_is_on_the_roll,
    a_list_of_conferences_costs_no_more_when_it_is_long,
}

/// The districts of cụm II in Kon Tum.
pub const DISTRICTS: [&str; 5] = ["Đăk Tô", "Ngọc Hồi", "Đăk Glei", "IaH’Drai", "Tu Mơ Rông"];

/// A cluster of districts whose conference is held on 25 December 2026, all members present.
pub struct Assembly {
    pub app: TestApp,
    pub cluster: Cluster,
    pub id: String,
    /// The members: the chair first, then the deputy.
    pub members: Vec<Unit>,
    /// An officer of each.
    pub officers: Vec<Person>,
    /// Of the organiser.
    pub specialist: Person,
    /// Its standing committee.
    pub committee: Person,
}

impl Assembly {
    /// With the five districts.
    pub async fn of_five(app: &TestApp) -> Self {
        Self::of(app, 0, "ELECTION").await
    }

    /// With the five districts and the city, so that a secret ballot tells numbers.
    pub async fn of_six(app: &TestApp) -> Self {
        Self::of(app, 1, "ELECTION").await
    }

    /// With the districts and so many others.
    pub async fn of(app: &TestApp, others: usize, offices_by: &str) -> Self {
        Self::among(app, &DISTRICTS, others, offices_by).await
    }

    /// Of units that belong to no other cluster: the same doors may be gone through elsewhere.
    pub async fn of_newcomers(app: &TestApp) -> Self {
        Self::among(app, &[], 6, "ELECTION").await
    }

    async fn among(app: &TestApp, districts: &[&str], others: usize, offices_by: &str) -> Self {
        let world = app.world();
        app.it_is(moment(2026, 12, 25, 8, 0));
        let cluster = Cluster::of(app, "Kon Tum", "Cụm II", districts).await;
        let mut members: Vec<Unit> = districts.iter().map(|short| world[*short].clone()).collect();
        for number in 1..=others {
            let name = if number == 1 {
                "LĐLĐ thành phố Kon Tum".to_owned()
            } else {
                format!("LĐLĐ huyện mới số {number}")
            };
            let new = json!({ "kind": "DISTRICT_FEDERATION", "name": name, "parentId": world["Kon Tum"].id(), "foundedOn": "2001-07-28" });
            let unit = unit_of(cluster.specialist.does("createUnit", new).await.thing());
            cluster.takes_in(&unit, "2020-01-01").await.thing();
            members.push(unit);
        }
        for (office, holder) in [("CHAIR", &members[0]), ("DEPUTY", &members[1])] {
            cluster.gives(office, holder, "2026-01-01").await.thing();
        }
        let mut officers = Vec::new();
        for member in &members {
            officers.push(app.officer_of(member).await);
        }
        let specialist = cluster.specialist.clone();
        let mut plan = planned(&cluster.id);
        plan["officesBy"] = offices_by.into();
        let id = specialist.does("planConference", plan).await.id().to_owned();
        let assembly = Self {
            app: app.clone(),
            cluster,
            id,
            members,
            officers,
            committee: app.committee_of(&world["Kon Tum"]).await,
            specialist,
        };
        assembly.takes("openConference", json!({})).await.thing();
        assembly.called(|_| "PRESENT").await.thing();
        assembly
    }

    /// Asks for something of the conference.
    pub async fn asked(&self, who: &Person, fields: &str) -> Answer {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Conference {{ {fields} }} }} }}");
        who.graphql(&query, json!({ "id": self.id })).await
    }

    pub async fn version(&self) -> Value {
        self.asked(&self.specialist, "version")
            .await
            .at("/node/version")
            .clone()
    }

    /// Takes a step with the conference as the specialist, at the version that it has now.
    pub async fn takes(&self, step: &str, mut more: Value) -> Answer {
        more["id"] = self.id.clone().into();
        more["version"] = self.version().await;
        self.specialist.does(step, more).await
    }

    /// Calls the roll, by the place of each member.
    pub async fn called(&self, presence: impl Fn(usize) -> &'static str) -> Answer {
        let entry = |(at, unit): (usize, &Unit)| json!({ "unitId": unit.id(), "presence": presence(at), "attendedBy": "Nguyễn Thị Hoa" });
        let entries: Vec<Value> = self.members.iter().enumerate().map(entry).collect();
        self.takes("callRoll", json!({ "entries": entries })).await
    }

    pub fn officer(&self, short: &str) -> &Person {
        let at = DISTRICTS.iter().position(|one| *one == short).expect("a district");
        &self.officers[at]
    }

    pub fn unit(&self, short: &str) -> String {
        self.app.world()[short].id()
    }
}

pub fn planned(cluster: &str) -> Value {
    json!({
        "clusterId": cluster, "title": "Hội nghị tổng kết phong trào thi đua năm 2026", "heldOn": "2026-12-25",
        "place": "Hội trường LĐLĐ huyện Ngọc Hồi", "agenda": ["Báo cáo tổng kết", "Bình xét, suy tôn", "Bầu cụm trưởng, cụm phó"],
    })
}

async fn a_conference_goes_from_its_plan_to_its_minutes_and_then_stays(app: TestApp) {
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm II", &DISTRICTS).await;
    let who = &cluster.specialist;
    let conference = who.does("planConference", planned(&cluster.id)).await.thing().clone();
    let step = |of: &Value, more: Value| {
        let mut input = json!({ "id": of["id"], "version": of["version"] });
        for (field, value) in more.as_object().into_iter().flatten() {
            input[field] = value.clone();
        }
        input
    };
    let moved = json!({ "place": "Hội trường huyện Đăk Glei", "agenda": ["Báo cáo", "Bầu"] });
    let conference = who
        .does("changeConference", step(&conference, moved))
        .await
        .thing()
        .clone();
    assert_eq!(conference["place"], "Hội trường huyện Đăk Glei");
    let early = who.does("openConference", step(&conference, json!({}))).await;
    assert_eq!(early.code(), "WRONG_STATE");
    assert!(early.message().contains("25/12/2026"), "{early}");
    app.it_is(moment(2026, 12, 25, 8, 0));
    let conference = who
        .does("openConference", step(&conference, json!({})))
        .await
        .thing()
        .clone();
    let late = who
        .does("changeConference", step(&conference, json!({ "place": "Ở nơi khác" })))
        .await;
    assert_eq!(late.code(), "WRONG_STATE");
    let hasty = who.does("closeConference", step(&conference, json!({}))).await;
    assert_eq!(hasty.user_errors(), [("MINUTES_MISSING", "id")]);
    let minutes = json!({ "text": "Hội nghị thông qua báo cáo tổng kết." });
    let conference = who
        .does("writeConferenceMinutes", step(&conference, minutes.clone()))
        .await
        .thing()
        .clone();
    let conference = who
        .does("closeConference", step(&conference, json!({})))
        .await
        .thing()
        .clone();
    assert_eq!(
        (&conference["state"], &conference["minutes"]),
        (&json!("CLOSED"), &minutes["text"])
    );
    for (mutation, more) in [
        ("writeConferenceMinutes", minutes),
        ("callRoll", json!({ "entries": [] })),
        ("closeConference", json!({})),
    ] {
        let after = who.does(mutation, step(&conference, more)).await;
        assert_eq!(after.code(), "WRONG_STATE", "{mutation}");
    }
    let rest = who
        .get(&format!(
            "/api/v1/conferences/{}",
            conference["id"].as_str().expect("an id")
        ))
        .await;
    assert_eq!(rest.body()["agenda"], json!(["Báo cáo", "Bầu"]));
    assert_eq!(rest.body()["attendance"].as_array().map(Vec::len), Some(5));
}

async fn who_runs_a_conference_and_who_does_not(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let stranger = app.officer_of(&app.world()["Thư viện"]).await;
    let minutes = json!({ "id": assembly.id, "version": assembly.version().await, "text": "Biên bản" });
    for (who, code) in [
        (assembly.officer("Tu Mơ Rông"), "FORBIDDEN"),
        (&assembly.committee, "FORBIDDEN"),
        (&stranger, "NOT_FOUND"),
        (&app.admin().await, "FORBIDDEN"),
        (assembly.officer("Đăk Tô"), ""),
    ] {
        assert_eq!(who.does("writeConferenceMinutes", minutes.clone()).await.code(), code);
    }
    let list = "{ conferences { totalCount nodes { title viewerCan { action allowed } } } }";
    let seen = async |who: &Person| who.graphql(list, json!({})).await.at("/conferences/totalCount").clone();
    assert_eq!(seen(assembly.officer("IaH’Drai")).await, json!(1));
    assert_eq!(seen(&stranger).await, json!(0));
    let can = assembly.officer("Ngọc Hồi").graphql(list, json!({})).await;
    let can = can
        .at("/conferences/nodes/0/viewerCan")
        .as_array()
        .expect("a list")
        .clone();
    let allowed: Vec<&Value> = can
        .iter()
        .filter(|one| one["allowed"] == true)
        .map(|one| &one["action"])
        .collect();
    assert_eq!(allowed, ["CALL_ROLL", "VOTE", "WRITE_MINUTES", "CLOSE"]);
}

async fn the_quorum_is_told_in_a_sentence(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let fields = "quorumStatus { members present written reached sentence }";
    for (present, reached) in [(3, false), (4, true)] {
        assembly
            .called(|at| {
                if at < present {
                    "PRESENT"
                } else if at == 5 {
                    "WRITTEN"
                } else {
                    "ABSENT"
                }
            })
            .await
            .thing();
        let seen = assembly.asked(&assembly.specialist, fields).await;
        assert_eq!(*seen.at("/node/quorumStatus/reached"), json!(reached));
        assert_eq!(*seen.at("/node/quorumStatus/present"), json!(present));
        let told = format!("Có mặt {present} trên 6 thành viên, 1 thành viên lấy ý kiến bằng văn bản");
        assert!(seen.str("/node/quorumStatus/sentence").starts_with(&told), "{seen}");
    }
    // Fewer than the quorum open no ballot.
    assembly
        .called(|at| if at < 3 { "PRESENT" } else { "ABSENT" })
        .await
        .thing();
    let motion = crate::ballots::motion(&assembly, "Thông qua báo cáo tổng kết");
    let ballot = assembly.specialist.does("draftBallot", motion).await.thing().clone();
    let open = json!({ "id": ballot["id"], "version": ballot["version"] });
    let refused = assembly.specialist.does("openBallot", open).await;
    assert_eq!(refused.code(), "WRONG_STATE");
    assert!(refused.message().contains("chưa đủ điều kiện"), "{refused}");
}

async fn of_two_who_call_the_roll_at_once_one_is_told_of_the_other(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let entries = json!([{ "unitId": assembly.unit("Đăk Tô"), "presence": "ABSENT" }]);
    let input = json!({ "id": assembly.id, "version": assembly.version().await, "entries": entries });
    let people = [
        &assembly.specialist,
        &assembly.officers[0],
        &assembly.officers[1],
        &assembly.specialist,
    ];
    let answers = join_all(people.map(|who| who.does("callRoll", input.clone()))).await;
    let late = answers.iter().filter(|answer| answer.code() == "STALE_VERSION").count();
    assert_eq!(late, 3, "{answers:?}");
}

async fn a_conference_asked_for_twice_under_one_key_is_one(app: TestApp) {
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm II", &DISTRICTS).await;
    let mut plan = planned(&cluster.id);
    plan["idempotencyKey"] = "hoi-nghi-2026".into();
    let first = cluster
        .specialist
        .does("planConference", plan.clone())
        .await
        .id()
        .to_owned();
    assert_eq!(cluster.specialist.does("planConference", plan).await.id(), first);
}

async fn only_who_belongs_is_on_the_roll(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let entry = |unit: String| json!({ "entries": [{ "unitId": unit, "presence": "PRESENT" }] });
    let beyond = assembly.takes("callRoll", entry(app.world()["Y tế Đăk Tô"].id())).await;
    assert_eq!(beyond.user_errors(), [("NOT_A_MEMBER", "entries.0.unitId")]);
    let twice = json!({ "entries": [
        { "unitId": assembly.unit("Đăk Tô"), "presence": "PRESENT" }, { "unitId": assembly.unit("Đăk Tô"), "presence": "ABSENT" },
    ] });
    let twice = assembly.takes("callRoll", twice).await;
    assert_eq!(twice.user_errors(), [("NAMED_TWICE", "entries.1.unitId")]);
}

async fn a_list_of_conferences_costs_no_more_when_it_is_long(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let query = "{ conferences(first: 50) { nodes { title clusterName cluster { name } agenda attendance { unitName presence } \
                 quorumStatus { sentence } viewerCan { action allowed reason } } } }";
    let few = assembly.specialist.graphql(query, json!({})).await;
    for number in 0..8 {
        let mut plan = planned(&assembly.cluster.id);
        plan["title"] = format!("Hội nghị lần thứ {number}").into();
        assembly.specialist.does("planConference", plan).await.thing();
    }
    let many = assembly.specialist.graphql(query, json!({})).await;
    assert_eq!(many.texts("/conferences/nodes", "title").len(), 9);
    no_more_statements(few.statements(), many.statements());
}
