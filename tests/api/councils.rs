//! Councils: who sets them up, who sits in them and when, who sees them. What tests of their ballots begin with is here too: [`Board`], a
//! council that meets.

use futures_util::future::join_all;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::account;

use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, Unit, moment, no_more_statements, on_both_databases};

on_both_databases! {
    a_council_is_set_up_has_its_members_and_ends,
    nobody_sits_twice_and_there_is_one_chair,
    of_eight_who_name_a_chair_at_once_one_is_in_time,
    who_manages_a_council_and_who_does_not,
    who_sees_a_council_and_what_it_deals_with,
    a_member_sees_the_council_on_the_days_on_which_they_sit,
    a_council_set_up_twice_under_one_key_is_one_council,
    a_meeting_is_one_of_a_council_or_of_a_cluster,
    a_list_of_councils_costs_no_more_when_it_is_long,
}

/// Who sits in a council, as many as are needed.
const NAMES: [&str; 10] = [
    "Nguyễn Văn Bình",
    "Trần Thị Kim Anh",
    "Lê Quang Đạo",
    "Phạm Thị Ngọc Ánh",
    "Huỳnh Tấn Phát",
    "Võ Thị Sáu",
    "Đặng Hữu Nghĩa",
    "Bùi Thị Xuân",
    "Ngô Gia Tự",
    "Đỗ Thị Hạnh",
];

/// The sign-in name of somebody.
pub async fn username_of(app: &TestApp, who: &Person) -> String {
    let found = account::Entity::find_by_id(who.account()).one(&app.env.db).await;
    found.expect("an answer").expect("an account").username
}

/// A council to be set up, as of 2020.
pub fn new_council(unit: &Unit) -> Value {
    json!({
        "unitId": unit.id(), "name": format!("Hội đồng Thi đua - Khen thưởng {}", unit.name), "decision": "Quyết định 15/QĐ-LĐLĐ",
        "validFrom": "2020-01-01",
    })
}

/// A council whose members all have accounts, and its meeting on 10 March 2026, all present.
pub struct Board {
    pub app: TestApp,
    pub id: String,
    /// Its meeting.
    pub meeting: String,
    /// The accounts of its members: the chair first, then the secretary.
    pub people: Vec<Person>,
    /// Ids of the members, in the same order.
    pub members: Vec<String>,
    /// Of the unit.
    pub specialist: Person,
    /// Its standing committee.
    pub committee: Person,
}

impl Board {
    /// Of a unit of the world, with so many members.
    pub async fn of(app: &TestApp, unit: &str, seats: usize) -> Self {
        let unit = app.world()[unit].clone();
        app.it_is(moment(2026, 3, 10, 8, 0));
        let specialist = app.specialist_of(&unit).await;
        let council = specialist
            .does("createCouncil", new_council(&unit))
            .await
            .thing()
            .clone();
        let mut board = Self {
            app: app.clone(),
            id: council["id"].as_str().expect("an id").to_owned(),
            meeting: String::new(),
            people: Vec::new(),
            members: Vec::new(),
            committee: app.committee_of(&unit).await,
            specialist,
        };
        for (at, name) in NAMES.iter().take(seats).enumerate() {
            let person = app.stranger().await;
            let seat = ["CHAIR", "SECRETARY"].get(at).copied().unwrap_or("MEMBER");
            let username = username_of(app, &person).await;
            board.takes_in(name, seat, Some(&username)).await.thing();
            board.people.push(person);
        }
        let seen = board.asked("members { id name }").await;
        let listed = seen.at("/node/members").as_array().expect("a list").clone();
        let id_of = |name: &&str| listed.iter().find(|one| one["name"] == **name).expect("a member")["id"].clone();
        board.members = NAMES
            .iter()
            .take(seats)
            .map(|name| id_of(name).as_str().expect("an id").to_owned())
            .collect();
        let meeting = board
            .specialist
            .does("planConference", board.meeting_on("2026-03-10"))
            .await;
        board.meeting = meeting.id().to_owned();
        board.takes("openConference", json!({})).await.thing();
        board.called(|_| "PRESENT").await.thing();
        board
    }

    /// Asks for something of the council.
    pub async fn asked(&self, fields: &str) -> Answer {
        self.asked_by(&self.specialist, fields).await
    }

    pub async fn asked_by(&self, who: &Person, fields: &str) -> Answer {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Council {{ {fields} }} }} }}");
        who.graphql(&query, json!({ "id": self.id })).await
    }

    pub async fn version(&self) -> Value {
        self.asked("version").await.at("/node/version").clone()
    }

    /// Takes somebody in from 2020 on.
    pub async fn takes_in(&self, name: &str, seat: &str, username: Option<&str>) -> Answer {
        let input = json!({
            "councilId": self.id, "version": self.version().await, "name": name, "seat": seat, "username": username,
            "validFrom": "2020-01-01",
        });
        self.specialist.does("addCouncilMember", input).await
    }

    /// Ends the time of a member, by its place.
    pub async fn lets_go(&self, member: usize, on: &str) -> Answer {
        let input = json!({ "id": self.members[member], "version": 1, "on": on });
        self.specialist.does("endCouncilMember", input).await
    }

    /// A meeting to be planned.
    pub fn meeting_on(&self, day: &str) -> Value {
        json!({
            "councilId": self.id, "title": "Họp Hội đồng Thi đua - Khen thưởng", "heldOn": day, "place": "Phòng họp LĐLĐ tỉnh",
            "agenda": ["Xét đề nghị khen thưởng", "Bỏ phiếu kín"],
        })
    }

    /// Takes a step with the meeting as the specialist, at the version that it has now.
    pub async fn takes(&self, step: &str, mut more: Value) -> Answer {
        let query = "query($id: ID!) { node(id: $id) { ... on Conference { version } } }";
        let seen = self.specialist.graphql(query, json!({ "id": self.meeting })).await;
        more["id"] = self.meeting.clone().into();
        more["version"] = seen.at("/node/version").clone();
        self.specialist.does(step, more).await
    }

    /// Calls the roll of the meeting, by the place of each member.
    pub async fn called(&self, presence: impl Fn(usize) -> &'static str) -> Answer {
        let entry = |(at, member): (usize, &String)| json!({ "memberId": member, "presence": presence(at) });
        let entries: Vec<Value> = self.members.iter().enumerate().map(entry).collect();
        self.takes("callRoll", json!({ "entries": entries })).await
    }
}

async fn a_council_is_set_up_has_its_members_and_ends(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 3).await;
    board
        .takes_in("Cụ Nguyễn Thị Định", "STANDING_MEMBER", None)
        .await
        .thing();
    let fields = "name unitName decision members { name seat hasAccount isViewer validFrom }";
    let seen = board.asked_by(&board.people[1], fields).await;
    assert_eq!(seen.str("/node/unitName"), "Liên đoàn Lao động tỉnh Kon Tum");
    let member = |name: &str, seat: &str, account: bool, viewer: bool| json!({ "name": name, "seat": seat, "hasAccount": account, "isViewer": viewer, "validFrom": "2020-01-01" });
    assert_eq!(
        *seen.at("/node/members"),
        json!([
            member("Nguyễn Văn Bình", "CHAIR", true, false),
            member("Cụ Nguyễn Thị Định", "STANDING_MEMBER", false, false),
            member("Trần Thị Kim Anh", "SECRETARY", true, true),
            member("Lê Quang Đạo", "MEMBER", true, false),
        ])
    );
    board.lets_go(2, "2026-04-01").await.thing();
    let again = board.lets_go(2, "2026-05-01").await;
    assert_eq!(again.code(), "WRONG_STATE");
    let on = async |day: &str| {
        let seen = board.asked(&format!("members(asOf: \"{day}\") {{ name }}")).await;
        seen.texts("/node/members", "name").len()
    };
    assert_eq!((on("2026-03-31").await, on("2026-04-01").await), (4, 3));
    let rest = board.people[0].get(&format!("/api/v1/councils/{}", board.id)).await;
    assert_eq!(rest.body()["members"][1]["hasAccount"], json!(false), "{rest}");
    assert_eq!(
        rest.body()["unitId"],
        Value::Null,
        "the unit itself is beyond who only sits there"
    );
    let listed = board.specialist.get("/api/v1/councils?count=true").await;
    assert_eq!(listed.body()["totalCount"], 1);
    let end = async |on: &str| {
        let input = json!({ "id": board.id, "version": board.version().await, "on": on });
        board.committee.does("endCouncil", input).await
    };
    assert_eq!(end("2020-01-01").await.user_errors(), [("SPAN_INVALID", "on")]);
    end("2026-12-31").await.thing();
    assert_eq!(end("2027-01-31").await.code(), "WRONG_STATE");
    assert_eq!((on("2026-12-30").await, on("2026-12-31").await), (3, 0));
    app.it_is(moment(2027, 1, 5, 8, 0));
    let count = async |filter: &str| {
        let query = format!("{{ councils(where: {filter}) {{ totalCount }} }}");
        board
            .specialist
            .graphql(&query, json!({}))
            .await
            .at("/councils/totalCount")
            .clone()
    };
    assert_eq!(
        (count("{}").await, count("{ includeEnded: true }").await),
        (json!(0), json!(1))
    );
    let late = board.takes_in("Người đến sau", "MEMBER", None).await;
    assert!(
        late.user_errors().is_empty(),
        "what is entered of the past ends with the council: {late}"
    );
}

async fn nobody_sits_twice_and_there_is_one_chair(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 2).await;
    let chair = board.takes_in("Người khác", "CHAIR", None).await;
    assert_eq!(chair.user_errors(), [("CHAIR_TAKEN", "seat")]);
    assert!(chair.user_message().contains("Nguyễn Văn Bình"), "{chair}");
    let username = username_of(&app, &board.people[1]).await;
    let twice = board.takes_in("Trần Thị Kim Anh", "MEMBER", Some(&username)).await;
    assert_eq!(twice.user_errors(), [("ALREADY_MEMBER", "username")]);
    let nobody = board.takes_in("Không ai", "MEMBER", Some("khong.co.ai")).await;
    assert_eq!(nobody.user_errors(), [("ACCOUNT_UNKNOWN", "username")]);
    let early = json!({
        "councilId": board.id, "version": board.version().await, "name": "Đến sớm", "validFrom": "2019-12-31",
    });
    let early = board.specialist.does("addCouncilMember", early).await;
    assert_eq!(early.user_errors(), [("COUNCIL_NOT_ACTIVE", "validFrom")]);
    // From the day on which the one goes another may come.
    board.lets_go(0, "2026-06-01").await.thing();
    let next = json!({
        "councilId": board.id, "version": board.version().await, "name": "Chủ tịch mới", "seat": "CHAIR", "validFrom": "2026-06-01",
    });
    let next = board.specialist.does("addCouncilMember", next).await;
    assert!(next.user_errors().is_empty(), "{next}");
    // Who has not begun is called off and leaves nothing behind.
    let seen = board.asked("members(asOf: \"2026-06-01\") { id name version }").await;
    let listed = seen.at("/node/members").as_array().expect("a list").clone();
    let new = listed
        .iter()
        .find(|one| one["name"] == "Chủ tịch mới")
        .expect("a chair");
    let off = json!({ "id": new["id"], "version": new["version"], "on": "2026-06-01" });
    board.specialist.does("endCouncilMember", off).await.thing();
    let seen = board.asked("members(asOf: \"2026-06-01\") { name }").await;
    assert_eq!(seen.texts("/node/members", "name"), ["Trần Thị Kim Anh"]);
}

async fn of_eight_who_name_a_chair_at_once_one_is_in_time(app: TestApp) {
    let unit = app.world()["Kon Tum"].clone();
    let specialist = app.specialist_of(&unit).await;
    let council = specialist
        .does("createCouncil", new_council(&unit))
        .await
        .thing()
        .clone();
    let name = |number: usize| {
        let input = json!({
            "councilId": council["id"], "version": council["version"], "name": format!("Chủ tịch số {number}"), "seat": "CHAIR",
            "validFrom": "2026-01-01",
        });
        let specialist = &specialist;
        async move { specialist.does("addCouncilMember", input).await }
    };
    let answers = join_all((0..8).map(name)).await;
    let made = answers
        .iter()
        .filter(|answer| answer.code().is_empty() && answer.user_errors().is_empty());
    assert_eq!(made.count(), 1, "{answers:?}");
}

async fn who_manages_a_council_and_who_does_not(app: TestApp) {
    let world = app.world();
    let board = Board::of(&app, "Kon Tum", 2).await;
    let chair_of_cluster = {
        let cluster = Cluster::of(&app, "Kon Tum", "Cụm II", &["Đăk Tô"]).await;
        cluster.gives("CHAIR", &world["Đăk Tô"], "2026-01-01").await.thing();
        app.officer_of(&world["Đăk Tô"]).await
    };
    let input = json!({
        "councilId": board.id, "version": board.version().await, "name": "Thành viên", "validFrom": "2026-01-01",
    });
    for (who, code) in [
        (&app.admin().await, "FORBIDDEN"),
        (&board.people[0], "FORBIDDEN"),
        (&app.officer_of(&world["Kon Tum"]).await, "FORBIDDEN"),
        (&app.viewer_of(Scope::Everything).await, "FORBIDDEN"),
        (&chair_of_cluster, "NOT_FOUND"),
        (&app.officer_of(&world["Đăk Tô"]).await, "NOT_FOUND"),
        (&app.specialist_of(&world["Sóc Trăng"]).await, "NOT_FOUND"),
        (&board.committee, ""),
    ] {
        assert_eq!(who.does("addCouncilMember", input.clone()).await.code(), code);
    }
    let can = board.asked_by(&board.committee, "viewerCan { action allowed }").await;
    assert_eq!(
        *can.at("/node/viewerCan"),
        json!([{ "action": "COUNCIL_MANAGE", "allowed": true }, { "action": "CONFERENCE_MANAGE", "allowed": false }])
    );
}

async fn who_sees_a_council_and_what_it_deals_with(app: TestApp) {
    let world = app.world();
    let board = Board::of(&app, "Kon Tum", 2).await;
    // The federation belongs to a cluster of provinces: its neighbours there do not see its council.
    let cluster = Cluster::of(&app, "Tổng Liên đoàn", "Cụm các tỉnh", &["Kon Tum", "Sóc Trăng"]).await;
    let uuid = Kind::Cluster.parse(&cluster.id).expect("a cluster");
    let query = "{ councils { totalCount } conferences { totalCount } }";
    let sees = async |who: &Person| {
        let seen = who.graphql(query, json!({})).await;
        let number = |list: &str| seen.at(&format!("/{list}/totalCount")).as_u64().expect("a number");
        (number("councils"), number("conferences"))
    };
    for (who, number) in [
        (&board.specialist, 1),
        (&board.committee, 1),
        (&app.specialist_of(&world["Tổng Liên đoàn"]).await, 1),
        (&app.viewer_of(Scope::Province(world.kon_tum.uuid)).await, 1),
        (&app.officer_of(&world["Kon Tum"]).await, 1),
        (&app.admin().await, 1),
        (&board.people[1], 1),
        (&app.officer_of(&world["Đăk Tô"]).await, 0),
        (&app.specialist_of(&world["Đăk Tô"]).await, 0),
        (&app.viewer_of(Scope::Cluster(uuid)).await, 0),
        (&app.officer_of(&world["Sóc Trăng"]).await, 0),
        (&app.stranger().await, 0),
    ] {
        assert_eq!(sees(who).await, (number, number));
    }
    let below = app.officer_of(&world["Đăk Tô"]).await;
    assert_eq!(board.asked_by(&below, "name").await.code(), "NOT_FOUND");
    for path in ["councils", "conferences"] {
        let id = if path == "councils" { &board.id } else { &board.meeting };
        assert_eq!(below.get(&format!("/api/v1/{path}/{id}")).await.status(), 404);
    }
    let filtered = json!({ "council": board.id });
    let query = "query($council: ID!) { conferences(where: { councilId: $council }) { totalCount nodes { council { name } clusterName officesBy \
                 attendance { unitName member { name } } } } }";
    let seen = board.people[0].graphql(query, filtered).await;
    let node = seen.at("/conferences/nodes/0");
    assert_eq!((&node["clusterName"], &node["officesBy"]), (&Value::Null, &Value::Null));
    assert_eq!(node["attendance"].as_array().map(Vec::len), Some(2));
    assert!(
        node["attendance"][0]["unitName"].is_null() && node["attendance"][0]["member"]["name"].is_string(),
        "{seen}"
    );
}

async fn a_member_sees_the_council_on_the_days_on_which_they_sit(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 3).await;
    let later = app.stranger().await;
    let input = json!({
        "councilId": board.id, "version": board.version().await, "name": "Người đến sau", "validFrom": "2026-03-12",
        "username": username_of(&app, &later).await,
    });
    board.specialist.does("addCouncilMember", input).await.thing();
    board.lets_go(2, "2026-03-12").await.thing();
    let sees = async |who: &Person| board.asked_by(who, "name").await.code().to_owned();
    assert_eq!(
        (sees(&board.people[2]).await.as_str(), sees(&later).await.as_str()),
        ("", "NOT_FOUND")
    );
    app.it_is(moment(2026, 3, 12, 0, 5));
    assert_eq!(
        (sees(&board.people[2]).await.as_str(), sees(&later).await.as_str()),
        ("NOT_FOUND", "")
    );
}

async fn a_council_set_up_twice_under_one_key_is_one_council(app: TestApp) {
    let unit = app.world()["Kon Tum"].clone();
    let specialist = app.specialist_of(&unit).await;
    let mut input = new_council(&unit);
    input["idempotencyKey"] = "hoi-dong-2026".into();
    let first = specialist.does("createCouncil", input.clone()).await.id().to_owned();
    assert_eq!(specialist.does("createCouncil", input).await.id(), first);
}

async fn a_meeting_is_one_of_a_council_or_of_a_cluster(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 2).await;
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm II", &["Đăk Tô"]).await;
    let mut both = board.meeting_on("2026-03-11");
    both["clusterId"] = cluster.id.clone().into();
    let plan = async |input: &Value| board.specialist.does("planConference", input.clone()).await;
    assert_eq!(plan(&both).await.user_errors(), [("HOLDER_AMBIGUOUS", "clusterId")]);
    both.as_object_mut().expect("an object").remove("councilId");
    both.as_object_mut().expect("an object").remove("clusterId");
    assert_eq!(plan(&both).await.user_errors(), [("HOLDER_AMBIGUOUS", "clusterId")]);
    let mut offices = board.meeting_on("2026-03-11");
    offices["officesBy"] = "ELECTION".into();
    assert_eq!(
        plan(&offices).await.user_errors(),
        [("COUNCIL_HAS_NO_OFFICES", "officesBy")]
    );
    let query = "query($id: ID!) { node(id: $id) { ... on Conference { version quorumStatus { sentence } } } }";
    let seen = board.specialist.graphql(query, json!({ "id": board.meeting })).await;
    assert!(
        seen.str("/node/quorumStatus/sentence")
            .starts_with("Có mặt 2 trên 2 thành viên"),
        "{seen}"
    );
    let appointed =
        json!({ "conferenceId": board.meeting, "version": seen.at("/node/version"), "validFrom": "2027-01-01" });
    let refused = board.committee.does("appointFromConference", appointed).await;
    assert_eq!(refused.user_errors(), [("COUNCIL_HAS_NO_OFFICES", "conferenceId")]);
    // A unit is on no roll of a council, and a member of one on no roll of another.
    let unit = json!({ "entries": [{ "unitId": app.world()["Đăk Tô"].id(), "presence": "PRESENT" }] });
    let refused = board.takes("callRoll", unit).await;
    assert_eq!(refused.user_errors(), [("NOT_A_MEMBER", "entries.0.unitId")]);
    let other = Board::of(&app, "Sóc Trăng", 1).await;
    let foreign = json!({ "entries": [{ "memberId": other.members[0], "presence": "PRESENT" }] });
    let refused = board.takes("callRoll", foreign).await;
    assert_eq!(refused.user_errors(), [("NOT_A_MEMBER", "entries.0.memberId")]);
}

async fn a_list_of_councils_costs_no_more_when_it_is_long(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 3).await;
    let unit = app.world()["Kon Tum"].clone();
    let query = "{ councils(first: 50) { nodes { name unit { name } unitName members { name isViewer } viewerCan { action allowed } } } \
                 conferences(first: 50) { nodes { title council { name } attendance { member { name seat } unitName } quorumStatus { sentence } \
                 viewerCan { action allowed } } } }";
    let few = board.specialist.graphql(query, json!({})).await;
    for number in 0..6 {
        let mut input = new_council(&unit);
        input["name"] = format!("Hội đồng số {number}").into();
        let council = board.specialist.does("createCouncil", input).await.thing().clone();
        let member = json!({
            "councilId": council["id"], "version": council["version"], "name": "Ủy viên", "validFrom": "2026-01-01",
        });
        board.specialist.does("addCouncilMember", member).await.thing();
        board
            .specialist
            .does("planConference", board.meeting_on("2026-04-01"))
            .await
            .thing();
    }
    let many = board.specialist.graphql(query, json!({})).await;
    assert_eq!(many.texts("/councils/nodes", "name").len(), 7);
    assert_eq!(many.texts("/conferences/nodes", "title").len(), 7);
    no_more_statements(few.statements(), many.statements());
    let rest = async || board.specialist.get("/api/v1/councils?first=50").await.statements();
    assert!(rest().await <= 6, "a list of councils on REST takes few statements");
}
