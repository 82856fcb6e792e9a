//! Whole emulation years, told from the opening to the published result, through the API alone: the four clusters of Công đoàn Viên chức tỉnh
//! Sóc Trăng with their 63 units, of which 13 end in the top grade, and the 288 grassroots unions of cụm II in Kon Tum.

use chrono::{DateTime, FixedOffset};
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::demo;
use thidua::ids::Kind;

use crate::clusters::Cluster;
use crate::criteria::{criterion, publish, section, written};
use crate::support::{Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    four_clusters_go_through_a_year_and_thirteen_units_end_in_the_top_grade,
    the_grades_of_cum_ii_are_those_that_were_printed,
}

/// The four grades of Hướng dẫn 1294/HD-TLĐ on a scale of 100.
fn bands() -> Value {
    json!([
        { "grade": "HTXS", "title": "Hoàn thành xuất sắc nhiệm vụ", "from": "90" },
        { "grade": "HTT", "title": "Hoàn thành tốt nhiệm vụ", "from": "70" },
        { "grade": "HT", "title": "Hoàn thành nhiệm vụ", "from": "50" },
        { "grade": "KHT", "title": "Không hoàn thành nhiệm vụ", "from": "0" },
    ])
}

fn table(nodes: Value) -> Value {
    json!({ "scale": "100", "bonus": "WITHIN_SCALE", "nodes": nodes, "bands": bands(),
        "tieBreaks": [{ "by": { "other": { "kind": "BALLOT" } } }] })
}

/// A criterion that these layers score.
fn scored_by(mut criterion: Value, layers: &[&str]) -> Value {
    criterion["part"]["criterion"]["scoredBy"] = json!(layers);
    criterion
}

const ALL: &[&str] = &["SELF", "CROSS_CHECK", "CLUSTER", "PROVINCE", "COUNCIL"];

/// What the four clusters agreed, each for itself: 40 + 40 + 15 and 5 of the council; two gates; a bonus for flags on top; sixty and forty.
fn own_tables() -> [Value; 4] {
    let of = |code: &str, parent: Option<&str>, max: &str| scored_by(criterion(code, parent, max), ALL);
    let bonus = |max: &str, layer: &str| {
        let mut one = scored_by(criterion("bonus", None, max), &[layer]);
        one["part"]["criterion"]["role"] = "BONUS".into();
        one["part"]["criterion"]["whenMissing"] = "ZERO".into();
        one
    };
    let mut first = table(json!([
        of("main", None, "40"),
        section("organising", None, "40"),
        of("members", Some("organising"), "25"),
        of("meetings", Some("organising"), "15"),
        of("movement", None, "15"),
        bonus("5", "COUNCIL"),
    ]));
    first["bonusCap"] = "5".into();
    let mut second = table(json!([
        of("main", None, "50"),
        of("members", None, "30"),
        of("movement", None, "20")
    ]));
    second["declarations"] = json!([{ "code": "clean", "title": "Không có cán bộ bị kỷ luật từ cảnh cáo trở lên" }]);
    second["gates"] = json!([
        { "code": "discipline", "title": "Không bị kỷ luật", "otherwiseAtMost": "HTT", "whenMissing": "NOT_RATED",
          "condition": { "declared": { "declarationCode": "clean", "wanted": true } } },
        { "code": "half", "title": "Không tiêu chuẩn nào dưới một nửa", "otherwiseAtMost": "HTT", "whenMissing": "NOT_RATED",
          "condition": { "nodesReach": { "nodeCodes": ["members", "movement"], "share": "0.5" } } },
    ]);
    let mut third = table(json!([
        of("main", None, "60"),
        of("members", None, "40"),
        bonus("10", "PROVINCE")
    ]));
    third["bonus"] = "ON_TOP".into();
    third["bonusCap"] = "10".into();
    let fourth = table(json!([
        section("work", None, "60"),
        of("main", Some("work"), "45"),
        of("reports", Some("work"), "15"),
        of("members", None, "40"),
    ]));
    [first, second, third, fourth]
}

/// What is not `main`: code and full points.
fn others(cluster: usize) -> &'static [(&'static str, &'static str)] {
    match cluster {
        0 => &[("members", "25"), ("meetings", "15"), ("movement", "15")],
        1 => &[("members", "30"), ("movement", "20")],
        2 => &[("members", "40")],
        _ => &[("reports", "15"), ("members", "40")],
    }
}

/// Most points of `main`.
fn most(cluster: usize) -> i64 {
    [40, 50, 60, 45][cluster]
}

/// A member of a cluster in its year.
struct Member {
    unit: Unit,
    officer: Person,
    /// Its points in the end, in tenths.
    total: i64,
    sheet: String,
}

/// A cluster in its year.
struct InYear {
    which: usize,
    id: String,
    chair: Person,
    deputy: Person,
    specialist: Person,
    members: Vec<Member>,
}

fn tenths(points: i64) -> String {
    format!("{},{}", points / 10, points % 10)
}

impl InYear {
    async fn version(&self) -> Value {
        let query = "query($id: ID!) { node(id: $id) { ... on EmulationYear { version } } }";
        let found = self.specialist.graphql(query, json!({ "id": self.id })).await;
        found.at("/node/version").clone()
    }

    async fn goes_on(&self, who: &Person) {
        let step = json!({ "id": self.id, "version": self.version().await });
        who.does("advanceEmulationYear", step).await.thing();
    }

    /// Each unit says what it aims at and signs.
    async fn signs_its_pact(&self) {
        let text =
            json!({ "yearId": self.id, "text": "Thi đua hoàn thành xuất sắc nhiệm vụ; tự chấm điểm sát thực tế." });
        let pact = self.chair.does("beginPact", text).await;
        let mut pact = pact.thing().clone();
        for step in ["agreePact", "openPactSigning"] {
            let input = json!({ "id": pact["id"], "version": pact["version"] });
            pact = self.chair.does(step, input).await.thing().clone();
        }
        for member in &self.members {
            let aim = json!({ "yearId": self.id, "unitId": member.unit.id(), "kind": "GRADE", "title": "HTXS" });
            member.officer.does("register", aim).await.thing();
            let name = json!({ "id": pact["id"], "unitId": member.unit.id(), "signerName": "Nguyễn Thị Hoa", "signerTitle": "Chủ tịch" });
            member.officer.does("signPact", name).await.thing();
        }
    }

    /// Each gives itself the full points but for `main`, where it claims up to two more than it will get.
    async fn scores_itself(&mut self) {
        let (which, year) = (self.which, self.id.clone());
        join_all(self.members.iter_mut().map(|member| member.scores_itself(which, &year))).await;
    }

    /// Everybody checks another, and mends what is claimed too much.
    async fn checks_each_other(&self) {
        let draw = json!({ "yearId": self.id, "seed": "Sóc Trăng 2024" });
        self.chair.does("drawCrossChecks", draw).await.thing();
        let query = "query($year: ID!) { crossChecks(where: { yearId: $year }, first: 50) { nodes { id version checker { id } checked { id } } } }";
        let checks = self.specialist.graphql(query, json!({ "year": self.id })).await;
        let checks = checks.at("/crossChecks/nodes").as_array().cloned().unwrap_or_default();
        assert_eq!(
            checks.len(),
            self.members.len(),
            "each checks one and is checked by one"
        );
        for check in &checks {
            let by = |id: &Value| self.members.iter().find(|one| one.unit.id() == *id).expect("a member");
            let (checker, checked) = (by(&check["checker"]["id"]), by(&check["checked"]["id"]));
            assert_ne!(checker.unit.uuid, checked.unit.uuid);
            let found = json!({ "crossCheckId": check["id"], "criterion": "main", "text": "Minh chứng chưa đủ cho hai điểm đã tự chấm.", "evidenceSeen": "Sổ họp" });
            checker.officer.does("writeFinding", found).await.thing();
            step(
                &checker.officer,
                "sendFindings",
                &as_it_is(&checker.officer, check).await,
            )
            .await;
            let query = "query($id: ID!) { node(id: $id) { ... on CrossCheck { findings { id version } } } }";
            let findings = checked.officer.graphql(query, json!({ "id": check["id"] })).await;
            let finding = findings.at("/node/findings/0");
            let reply = json!({ "id": finding["id"], "version": finding["version"], "reply": "AGREED" });
            checked.officer.does("replyToFinding", reply).await.thing();
            let replied = step(
                &checked.officer,
                "sendReplies",
                &as_it_is(&checked.officer, check).await,
            )
            .await;
            let minutes = json!({
                "id": replied["id"], "version": replied["version"], "heldOn": "2024-11-08", "place": "Trụ sở công đoàn",
                "attendance": "Đại diện hai đơn vị", "minutes": "Hai bên thống nhất số điểm kiểm tra.",
            });
            checker.officer.does("writeMinutes", minutes).await.thing();
            let main = json!({ "code": "main", "says": { "points": tenths(checked.main(self.which)) }, "reason": "Minh chứng chưa đủ." });
            let mut entries = vec![main];
            entries.extend(
                others(self.which)
                    .iter()
                    .map(|(code, most)| json!({ "code": code, "says": { "points": most } })),
            );
            let entry = json!({ "sheet": { "sheetId": checked.sheet }, "layer": "CROSS_CHECK", "entries": entries });
            checker.officer.does("writeScoreEntries", entry).await.thing();
        }
    }

    /// The sheets with their versions.
    async fn sheets(&self) -> Vec<(String, Value)> {
        let query = "query($year: ID!) { scoreSheets(where: { yearId: $year }, first: 100) { nodes { id version unit { id } } } }";
        let sheets = self.specialist.graphql(query, json!({ "year": self.id })).await;
        let sheets = sheets.at("/scoreSheets/nodes").as_array().cloned().unwrap_or_default();
        let of = |sheet: Value| {
            (
                sheet["unit"]["id"].as_str().expect("a unit").to_owned(),
                json!({ "id": sheet["id"], "version": sheet["version"] }),
            )
        };
        sheets.into_iter().map(of).collect()
    }

    /// Takes a step with the sheets of some units.
    async fn review(&self, who: &Person, step: &str, whose: impl Fn(&str) -> bool) {
        let sheets = self.sheets().await.into_iter().filter(|(unit, _)| whose(unit));
        let items: Vec<Value> = sheets.map(|(_, sheet)| sheet).collect();
        let count = items.len();
        let answer = who
            .does("reviewScoreSheets", json!({ "step": step, "items": items }))
            .await;
        assert_eq!(answer.at("/reviewScoreSheets/taken"), &json!(count), "{step}: {answer}");
    }

    async fn computed(&self) -> Value {
        self.specialist
            .does("computeResult", json!({ "yearId": self.id }))
            .await
            .thing()
            .clone()
    }
}

/// A cross-check with the version that it has now.
async fn as_it_is(who: &Person, check: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on CrossCheck { id version } } }";
    who.graphql(query, json!({ "id": check["id"] }))
        .await
        .at("/node")
        .clone()
}

/// A step of something that has a version.
async fn step(who: &Person, mutation: &str, thing: &Value) -> Value {
    let input = json!({ "id": thing["id"], "version": thing["version"] });
    who.does(mutation, input).await.thing().clone()
}

impl Member {
    /// The points of `main` in the end, in tenths: what others and bonus leave of the total.
    fn main(&self, which: usize) -> i64 {
        let bonus = if which == 0 { 50.min(self.total - 900).max(0) } else { 0 };
        most(which) * 10 - (1_000 - self.total) + if which == 0 { 50 - bonus } else { 0 }
    }

    async fn scores_itself(&mut self, which: usize, year: &str) {
        let claimed = (self.main(which) + 20).min(most(which) * 10);
        let mut entries = vec![json!({ "code": "main", "says": { "points": tenths(claimed) } })];
        entries.extend(
            others(which)
                .iter()
                .map(|(code, most)| json!({ "code": code, "says": { "points": most } })),
        );
        if which == 1 {
            entries.push(json!({ "subject": "DECLARATION", "code": "clean", "says": { "verdict": true } }));
        }
        let sheet = json!({ "unit": { "yearId": year, "unitId": self.unit.id() } });
        let writing = json!({ "sheet": sheet, "layer": "SELF", "entries": entries });
        let written = self.officer.does("writeScoreEntries", writing).await.thing().clone();
        self.sheet = step(&self.officer, "submitScoreSheet", &written).await["id"]
            .as_str()
            .expect("an id")
            .to_owned();
    }
}

fn morning(year: i32, month: u32, day: u32) -> DateTime<FixedOffset> {
    moment(year, month, day, 9, 0)
}

fn unit_of(node: &Value) -> Unit {
    let id = node["id"].as_str().expect("an id");
    Unit {
        uuid: Kind::Unit.parse(id).expect("a unit"),
        name: node["name"].as_str().expect("a name").to_owned(),
    }
}

/// Opens the year of the cluster with this name and agrees what it is scored by.
async fn opens(app: &TestApp, specialist: &Person, which: usize) -> InYear {
    let query = "query($name: String!) { clusters(where: { search: $name }) { nodes { id name offices { office unit { id name } } } } }";
    let name = format!("Cụm {}", which + 1);
    let found = specialist.graphql(query, json!({ "name": name })).await;
    let clusters = found.at("/clusters/nodes").as_array().cloned().unwrap_or_default();
    let cluster = clusters
        .iter()
        .find(|cluster| cluster["name"] == *name)
        .expect("the cluster");
    let offices = cluster["offices"].as_array().cloned().unwrap_or_default();
    let holder = |office: &str| {
        let of = offices.iter().find(|one| one["office"] == *office);
        unit_of(&of.unwrap_or_else(|| panic!("{name} has no {office}"))["unit"])
    };
    let (chair, deputy) = (holder("CHAIR"), holder("DEPUTY"));
    let (chair, deputy) = (app.officer_of(&chair).await, app.officer_of(&deputy).await);
    let set = json!({ "owner": { "clusterId": cluster["id"] }, "code": format!("BD-2024-{which}"), "name": format!("Bảng điểm {name} năm 2024") });
    let set = chair.does("createCriteriaSet", set).await.id().to_owned();
    let [first, second, third, fourth] = own_tables();
    let content = [first, second, third, fourth].into_iter().nth(which).expect("a table");
    let draft = written(&chair, &set, &content, None).await;
    let criteria = publish(&chair, draft.thing()).await.id().to_owned();
    let new = json!({
        "clusterId": cluster["id"], "year": 2024, "theme": "Tự chấm điểm sát thực tế", "startsOn": "2024-01-01", "endsOn": "2024-12-31",
        "criteriaVersionId": criteria, "objectionDays": 5,
    });
    let id = specialist.does("createEmulationYear", new).await.id().to_owned();
    let query = "query($id: ID!) { node(id: $id) { ... on EmulationYear { participants { unit { id name } } } } }";
    let participants = specialist.graphql(query, json!({ "id": id })).await;
    let mut members = Vec::new();
    for (place, participant) in participants
        .at("/node/participants")
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let unit = unit_of(&participant["unit"]);
        let officer = app.officer_of(&unit).await;
        let rank = i64::try_from(place * 4 + which).expect("a rank");
        members.push(Member {
            unit,
            officer,
            total: 980 - 4 * rank,
            sheet: String::new(),
        });
    }
    InYear {
        which,
        id,
        chair,
        deputy,
        specialist: specialist.clone(),
        members,
    }
}

/// The chair appraises, but not its own unit, which is the deputy's; then the organiser.
async fn is_appraised(year: &InYear) {
    let who = year
        .chair
        .graphql("{ viewer { roleGrants { scope { unit { id } } } } }", json!({}))
        .await;
    let own = who
        .at("/viewer/roleGrants/0/scope/unit/id")
        .as_str()
        .expect("its unit")
        .to_owned();
    let sheets = year.sheets().await;
    let chairs = sheets.iter().find(|(unit, _)| *unit == own).expect("the chair's sheet");
    let refused = year.chair.does("appraiseScoreSheet", chairs.1.clone()).await;
    assert_eq!(refused.code(), "FORBIDDEN", "nobody appraises their own unit");
    year.review(&year.chair, "APPRAISE", |unit| unit != own).await;
    year.review(&year.deputy, "APPRAISE", |unit| unit == own).await;
    if year.which == 2 {
        // The province gives the first two a flag.
        for member in &year.members[..1] {
            let entry = json!({ "sheet": { "sheetId": member.sheet }, "layer": "PROVINCE",
                "entries": [{ "code": "bonus", "says": { "points": "1" }, "reason": "Được tặng cờ của tỉnh." }] });
            year.specialist.does("writeScoreEntries", entry).await.thing();
        }
    }
    year.review(&year.specialist, "APPRAISE_FOR_PROVINCE", |_| true).await;
}

/// The council gives its points, of which only the first cluster's table has some, and decides.
async fn is_decided(year: &InYear, committee: &Person) {
    for member in year
        .members
        .iter()
        .filter(|member| year.which == 0 && member.total > 900)
    {
        let entry = json!({ "sheet": { "sheetId": member.sheet }, "layer": "COUNCIL",
            "entries": [{ "code": "bonus", "says": { "points": tenths(50.min(member.total - 900)) }, "reason": "Thành tích nổi bật." }] });
        committee.does("writeScoreEntries", entry).await.thing();
    }
    year.review(committee, "DECIDE", |_| true).await;
}

async fn four_clusters_go_through_a_year_and_thirteen_units_end_in_the_top_grade(app: TestApp) {
    demo::reset(&app.env.db).await.expect("an empty database");
    demo::load(&app.env).await.expect("the demonstration");
    app.it_is(morning(2024, 2, 1));
    let national = app
        .person(&[(
            thidua_entity::enums::Role::Specialist,
            thidua::policy::Scope::Everything,
        )])
        .await;
    let union = national.graphql(
        "{ units(where: { search: \"Công đoàn Viên chức tỉnh Sóc Trăng\" }) { nodes { id name } } }",
        json!({}),
    );
    let union = union.await;
    let union = union
        .at("/units/nodes")
        .as_array()
        .into_iter()
        .flatten()
        .find(|unit| unit["name"] == "Công đoàn Viên chức tỉnh Sóc Trăng");
    let union = unit_of(union.expect("the union"));
    let (specialist, committee) = (app.specialist_of(&union).await, app.committee_of(&union).await);
    let mut years = Vec::new();
    for which in 0..4 {
        years.push(opens(&app, &specialist, which).await);
    }
    assert_eq!(years.iter().map(|year| year.members.len()).sum::<usize>(), 63);

    for year in &years {
        year.goes_on(&year.chair).await;
        year.signs_its_pact().await;
        year.goes_on(&year.chair).await;
    }
    app.it_is(morning(2024, 10, 20));
    for year in &mut years {
        year.goes_on(&year.chair).await;
        year.scores_itself().await;
    }
    app.it_is(morning(2024, 11, 8));
    for year in &years {
        year.goes_on(&year.chair).await;
        year.checks_each_other().await;
        year.review(&year.specialist, "FINISH_CROSS_CHECK", |_| true).await;
    }
    app.it_is(morning(2024, 11, 25));
    for year in &years {
        year.goes_on(&year.chair).await;
        is_appraised(year).await;
        year.goes_on(&year.chair).await;
    }
    app.it_is(morning(2024, 12, 16));
    for year in &years {
        year.goes_on(&specialist).await;
        is_decided(year, &committee).await;
        year.computed().await;
    }

    let quota = json!({
        "unitId": union.id(), "year": 2024, "title": "Tỷ lệ hoàn thành xuất sắc nhiệm vụ", "grade": "HTXS", "base": ["HTXS", "HTT"],
        "percent": "20", "rounding": "NEAREST", "basis": "Quy chế xét của Ban Thường vụ",
    });
    let ruled = committee.does("ruleQuota", quota).await;
    let outcome = "/ruleQuota/outcome";
    assert_eq!(
        ruled.at(&format!("{outcome}/allowed")),
        &json!(13),
        "20 % of 63 is 12,6: {ruled}"
    );
    let moved = ruled.at(&format!("{outcome}/over")).as_array().map(Vec::len);
    assert_eq!(moved, Some(8), "21 had the points");

    for year in &years {
        let result = year.computed().await;
        let input = json!({ "id": result["id"], "version": result["version"] });
        committee.does("publishResult", input).await.thing();
        let asked = json!({ "result": result["id"] });
        let again = year
            .chair
            .graphql("query($result: ID!) { recomputeResult(id: $result) { equal } }", asked)
            .await;
        assert_eq!(again.at("/recomputeResult/equal"), &json!(true));
    }
    let counts = "query($unit: ID!) { gradeCounts(where: { year: 2024, unitId: $unit }) { grades { grade units } rated notEligible notRated total addsUp } }";
    let counts = specialist.graphql(counts, json!({ "unit": union.id() })).await;
    let counts = counts.at("/gradeCounts");
    assert_eq!(counts["grades"][0], json!({ "grade": "HTXS", "units": 13 }), "{counts}");
    assert_eq!(counts["grades"][1], json!({ "grade": "HTT", "units": 50 }));
    assert_eq!(
        (&counts["rated"], &counts["total"], &counts["addsUp"]),
        (&json!(63), &json!(63), &json!(true))
    );
}

/// The districts of cụm II with how many grassroots unions each has: 288 in all, as printed; how they are split is made up.
const CUM_II: [(&str, usize); 5] = [
    ("Đăk Tô", 58),
    ("Ngọc Hồi", 58),
    ("Đăk Glei", 58),
    ("IaH’Drai", 57),
    ("Tu Mơ Rông", 57),
];

/// The points of the one in this place of 288: 48 have the top grade, 224 the next, 16 the third, nobody the last.
fn printed_points(place: usize) -> &'static str {
    match place {
        ..48 => "95",
        48..272 => "80,5",
        _ => "60",
    }
}

/// The grassroots unions of a district are rated on the spot, without a cross-check, as some districts do.
async fn the_grades_of_cum_ii_are_those_that_were_printed(app: TestApp) {
    use thidua::policy::Scope;
    use thidua_entity::enums::Role;
    let world = app.world();
    app.it_is(morning(2020, 10, 1));
    let (specialist, committee) = (
        app.specialist_of(&world["Kon Tum"]).await,
        app.committee_of(&world["Kon Tum"]).await,
    );
    let bloc =
        json!({ "form": "BLOC", "organiserId": world["Kon Tum"].id(), "name": "Cụm II", "validFrom": "2019-01-01" });
    let bloc = specialist.does("createCluster", bloc).await.id().to_owned();
    let set =
        json!({ "owner": { "unitId": world["Kon Tum"].id() }, "code": "XL-CDCS", "name": "Xếp loại công đoàn cơ sở" });
    let set = specialist.does("createCriteriaSet", set).await.id().to_owned();
    let content = table(json!([scored_by(criterion("main", None, "100"), ALL)]));
    let draft = written(&specialist, &set, &content, None).await;
    let criteria = publish(&specialist, draft.thing()).await.id().to_owned();
    let mut place = 0;
    for (district, unions) in CUM_II {
        let cluster = json!({
            "form": "CLUSTER", "organiserId": world["Kon Tum"].id(), "blocId": bloc,
            "name": format!("Công đoàn cơ sở thuộc {}", world[district].name), "validFrom": "2019-01-01",
        });
        let cluster = Cluster {
            id: specialist.does("createCluster", cluster).await.id().to_owned(),
            specialist: specialist.clone(),
        };
        let mut units = Vec::new();
        for number in 1..=unions {
            let new = json!({ "kind": "GRASSROOTS", "sector": "EDUCATION", "name": format!("CĐCS Trường tiểu học số {number} – {district}"),
                "parentId": world[district].id(), "foundedOn": "2010-01-01" });
            let unit = unit_of(specialist.does("createUnit", new).await.thing());
            cluster.takes_in(&unit, "2019-01-01").await.thing();
            units.push(unit.uuid);
        }
        let grants: Vec<(Role, Scope)> = units
            .iter()
            .map(|&unit| (Role::UnitOfficer, Scope::Unit(unit)))
            .collect();
        let officer = app.person(&grants).await;
        let new = json!({
            "clusterId": cluster.id, "year": 2020, "startsOn": "2020-01-01", "endsOn": "2020-12-31", "criteriaVersionId": criteria,
            "objectionDays": 0,
        });
        let id = specialist.does("createEmulationYear", new).await.id().to_owned();
        let year = InYear {
            which: 0,
            id,
            chair: specialist.clone(),
            deputy: specialist.clone(),
            specialist: specialist.clone(),
            members: Vec::new(),
        };
        for _ in 0..3 {
            year.goes_on(&specialist).await;
        }
        for unit in units {
            let writing = json!({
                "sheet": { "unit": { "yearId": year.id, "unitId": Kind::Unit.id(unit) } }, "layer": "SELF",
                "entries": [{ "code": "main", "says": { "points": printed_points(place) } }],
            });
            let sheet = officer.does("writeScoreEntries", writing).await.thing().clone();
            step(&officer, "submitScoreSheet", &sheet).await;
            place += 1;
        }
        year.goes_on(&specialist).await;
        year.review(&specialist, "FINISH_CROSS_CHECK", |_| true).await;
        year.goes_on(&specialist).await;
        year.review(&specialist, "APPRAISE", |_| true).await;
        year.review(&specialist, "APPRAISE_FOR_PROVINCE", |_| true).await;
        year.goes_on(&specialist).await;
        year.goes_on(&specialist).await;
        year.review(&committee, "DECIDE", |_| true).await;
        let result = year.computed().await;
        step(&committee, "publishResult", &result).await;
    }
    let counts = "query($bloc: ID!) { gradeCounts(where: { year: 2020, clusterId: $bloc }) { grades { grade units } total addsUp results } }";
    let counts = specialist.graphql(counts, json!({ "bloc": bloc })).await;
    let counts = counts.at("/gradeCounts");
    let printed = json!([
        { "grade": "HTXS", "units": 48 }, { "grade": "HTT", "units": 224 }, { "grade": "HT", "units": 16 }, { "grade": "KHT", "units": 0 },
    ]);
    assert_eq!(counts["grades"], printed, "{counts}");
    assert_eq!(
        (&counts["total"], &counts["addsUp"], &counts["results"]),
        (&json!(288), &json!(true), &json!(5))
    );
}
