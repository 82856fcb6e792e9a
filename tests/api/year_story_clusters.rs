//! The year of the four clusters of Công đoàn Viên chức tỉnh Sóc Trăng, each with a score table of its own, told from the opening to the
//! published results through the API alone: 63 units, of which 13 end in the top grade, as was printed for 2020.

use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::demo;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::criteria::{criterion, publish, section, written};
use crate::results::told;
use crate::support::{Person, TestApp, Unit, on_both_databases};
use crate::year_story::{ALL, InYear, morning, scored_by, step, table, unit_of};

on_both_databases! {
    four_clusters_go_through_a_year_and_thirteen_units_end_in_the_top_grade,
}

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
fn others(cluster: usize) -> &'static [(&'static str, i64)] {
    match cluster {
        0 => &[("members", 25), ("meetings", 15), ("movement", 15)],
        1 => &[("members", 30), ("movement", 20)],
        2 => &[("members", 40)],
        _ => &[("reports", 15), ("members", 40)],
    }
}

/// An entry with the full points for each of them.
fn full(cluster: usize) -> impl Iterator<Item = Value> {
    let others = others(cluster).iter();
    others.map(|(code, most)| json!({ "code": code, "says": { "points": most.to_string() } }))
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

/// A cluster in its year, with those who take part.
struct InCluster {
    which: usize,
    year: InYear,
    chair: Person,
    /// Id of the unit that holds the chair.
    chair_unit: String,
    deputy: Person,
    members: Vec<Member>,
}

fn tenths(points: i64) -> String {
    format!("{},{}", points / 10, points % 10)
}

impl InCluster {
    /// Each unit says what it aims at and signs.
    async fn signs_its_pact(&self) {
        let text = json!({ "yearId": self.year.id, "text": "Thi đua hoàn thành xuất sắc nhiệm vụ; tự chấm điểm sát thực tế." });
        let pact = self.chair.does("beginPact", text).await;
        let mut pact = pact.thing().clone();
        for step in ["agreePact", "openPactSigning"] {
            let input = json!({ "id": pact["id"], "version": pact["version"] });
            pact = self.chair.does(step, input).await.thing().clone();
        }
        for member in &self.members {
            let aim = json!({ "yearId": self.year.id, "unitId": member.unit.id(), "kind": "GRADE", "title": "HTXS" });
            member.officer.does("register", aim).await.thing();
            let name = json!({
                "id": pact["id"], "sha256": pact["sha256"], "unitId": member.unit.id(), "signerName": "Nguyễn Thị Hoa",
                "signerTitle": "Chủ tịch",
            });
            member.officer.does("signPact", name).await.thing();
        }
    }

    /// Each gives itself the full points but for `main`, where it claims up to two more than it will get.
    async fn scores_itself(&mut self) {
        let (which, year) = (self.which, self.year.id.clone());
        join_all(self.members.iter_mut().map(|member| member.scores_itself(which, &year))).await;
    }

    /// Everybody checks another, and mends what is claimed too much.
    async fn checks_each_other(&self) {
        let draw = json!({ "yearId": self.year.id, "seed": "Sóc Trăng 2024" });
        self.chair.does("drawCrossChecks", draw).await.thing();
        let query = "query($year: ID!) { crossChecks(where: { yearId: $year }, first: 50) { nodes { id version checker { id } checked { id } } } }";
        let checks = self
            .year
            .specialist
            .graphql(query, json!({ "year": self.year.id }))
            .await;
        let checks = checks.at("/crossChecks/nodes").as_array().cloned().unwrap_or_default();
        let (drawn, members) = (checks.len(), self.members.len());
        assert_eq!(drawn, members, "each checks one and is checked by one");
        for check in &checks {
            self.is_checked(check).await;
        }
    }

    /// A unit finds that another claimed too much in `main`, which that one grants; they write it down, and the points follow.
    async fn is_checked(&self, check: &Value) {
        let by = |id: &Value| self.members.iter().find(|one| one.unit.id() == *id).expect("a member");
        let (checker, checked) = (by(&check["checker"]["id"]), by(&check["checked"]["id"]));
        assert_ne!(checker.unit.uuid, checked.unit.uuid);
        let (by, whose) = (&checker.officer, &checked.officer);
        let text = "Minh chứng chưa đủ cho hai điểm đã tự chấm.";
        let finding =
            json!({ "crossCheckId": check["id"], "criterion": "main", "text": text, "evidenceSeen": "Sổ họp" });
        by.does("writeFinding", finding).await.thing();
        step(by, "sendFindings", &as_it_is(by, check).await).await;
        let query = "query($id: ID!) { node(id: $id) { ... on CrossCheck { findings { id version } } } }";
        let findings = whose.graphql(query, json!({ "id": check["id"] })).await;
        let finding = findings.at("/node/findings/0");
        let reply = json!({ "id": finding["id"], "version": finding["version"], "reply": "AGREED" });
        whose.does("replyToFinding", reply).await.thing();
        let replied = step(whose, "sendReplies", &as_it_is(whose, check).await).await;
        let minutes = json!({
            "id": replied["id"], "version": replied["version"], "heldOn": "2024-11-08", "place": "Trụ sở công đoàn",
            "attendance": "Đại diện hai đơn vị", "minutes": "Hai bên thống nhất số điểm kiểm tra.",
        });
        by.does("writeMinutes", minutes).await.thing();
        let points = tenths(checked.main(self.which));
        let mut entries =
            vec![json!({ "code": "main", "says": { "points": points }, "reason": "Minh chứng chưa đủ." })];
        entries.extend(full(self.which));
        let entry = json!({ "sheet": { "sheetId": checked.sheet }, "layer": "CROSS_CHECK", "entries": entries });
        by.does("writeScoreEntries", entry).await.thing();
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

impl Member {
    /// What the council gives it, in tenths: something in the first cluster alone.
    fn bonus(&self, which: usize) -> i64 {
        if which == 0 { (self.total - 900).clamp(0, 50) } else { 0 }
    }

    /// The points of `main` in the end, in tenths: what others and bonus leave of the total.
    fn main(&self, which: usize) -> i64 {
        let rest: i64 = others(which).iter().map(|(_, points)| points * 10).sum();
        self.total - rest - self.bonus(which)
    }

    async fn scores_itself(&mut self, which: usize, year: &str) {
        let claimed = (self.main(which) + 20).min(most(which) * 10);
        let mut entries = vec![json!({ "code": "main", "says": { "points": tenths(claimed) } })];
        entries.extend(full(which));
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

/// The cluster of this number with the units that hold its chair and its deputy.
async fn found(specialist: &Person, name: &str) -> (Value, Unit, Unit) {
    let query = "query($name: String!) { clusters(where: { search: $name }) { nodes { id name offices { office unit { id name } } } } }";
    let found = specialist.graphql(query, json!({ "name": name })).await;
    let mut clusters = found.at("/clusters/nodes").as_array().into_iter().flatten();
    let cluster = clusters.find(|cluster| cluster["name"] == *name).expect("the cluster");
    let holder = |office: &str| {
        let mut offices = cluster["offices"].as_array().into_iter().flatten();
        unit_of(&offices.find(|one| one["office"] == *office).expect("its holder")["unit"])
    };
    (cluster["id"].clone(), holder("CHAIR"), holder("DEPUTY"))
}

/// Opens the year of a cluster and agrees what it is scored by.
async fn opens(app: &TestApp, specialist: &Person, which: usize) -> InCluster {
    let name = format!("Cụm {}", which + 1);
    let (cluster, chair_unit, deputy) = found(specialist, &name).await;
    let (chair, deputy) = (app.officer_of(&chair_unit).await, app.officer_of(&deputy).await);
    let set = json!({ "owner": { "clusterId": cluster }, "code": format!("BD-2024-{which}"), "name": format!("Bảng điểm {name} năm 2024") });
    let set = chair.does("createCriteriaSet", set).await.id().to_owned();
    let draft = written(&chair, &set, &own_tables()[which], None).await;
    let criteria = publish(&chair, draft.thing()).await.id().to_owned();
    let new = json!({
        "clusterId": cluster, "year": 2024, "theme": "Tự chấm điểm sát thực tế", "startsOn": "2024-01-01", "endsOn": "2024-12-31",
        "criteriaVersionId": criteria, "objectionDays": 5,
    });
    let id = specialist.does("createEmulationYear", new).await.id().to_owned();
    let query = "query($id: ID!) { node(id: $id) { ... on EmulationYear { participants { unit { id name } } } } }";
    let participants = specialist.graphql(query, json!({ "id": id })).await;
    let mut members = Vec::new();
    for participant in participants.at("/node/participants").as_array().into_iter().flatten() {
        let unit = unit_of(&participant["unit"]);
        // The clusters take turns in the order of all 63.
        let rank = i64::try_from(members.len() * 4 + which).expect("a rank");
        members.push(Member {
            officer: app.officer_of(&unit).await,
            unit,
            total: 980 - 4 * rank,
            sheet: String::new(),
        });
    }
    InCluster {
        which,
        year: InYear {
            id,
            specialist: specialist.clone(),
        },
        chair,
        chair_unit: chair_unit.id(),
        deputy,
        members,
    }
}

/// The chair appraises, but not its own unit, which is the deputy's; then the organiser, who knows of a flag in the third cluster. Who checked
/// another unit for that of the chair was a colleague.
async fn is_appraised(cluster: &InCluster) {
    let (year, own) = (&cluster.year, cluster.chair_unit.as_str());
    let sheets = year.sheets().await;
    let chairs = sheets.iter().find(|(unit, _)| unit == own).expect("the chair's sheet");
    let refused = cluster.chair.does("appraiseScoreSheet", chairs.1.clone()).await;
    assert_eq!(refused.code(), "FORBIDDEN", "nobody appraises their own unit");
    year.review(&cluster.chair, "APPRAISE", |unit| unit != own).await;
    year.review(&cluster.deputy, "APPRAISE", |unit| unit == own).await;
    if cluster.which == 2 {
        let bonus = json!({ "code": "bonus", "says": { "points": "1" }, "reason": "Được tặng cờ của tỉnh." });
        let entry =
            json!({ "sheet": { "sheetId": cluster.members[0].sheet }, "layer": "PROVINCE", "entries": [bonus] });
        year.specialist.does("writeScoreEntries", entry).await.thing();
    }
    year.review(&year.specialist, "APPRAISE_FOR_PROVINCE", |_| true).await;
}

/// The council gives its points, of which only the first cluster's table has some, and decides.
async fn is_decided(cluster: &InCluster, committee: &Person) {
    let deserving = cluster.members.iter().filter(|member| member.total > 900);
    for member in deserving.filter(|_| cluster.which == 0) {
        let points = tenths(member.bonus(cluster.which));
        let bonus = json!({ "code": "bonus", "says": { "points": points }, "reason": "Thành tích nổi bật." });
        let entry = json!({ "sheet": { "sheetId": member.sheet }, "layer": "COUNCIL", "entries": [bonus] });
        committee.does("writeScoreEntries", entry).await.thing();
    }
    cluster.year.review(committee, "DECIDE", |_| true).await;
}

/// Công đoàn Viên chức tỉnh Sóc Trăng as the demonstration has it.
async fn the_union(app: &TestApp) -> Unit {
    let national = app.person(&[(Role::Specialist, Scope::Everything)]).await;
    let name = "Công đoàn Viên chức tỉnh Sóc Trăng";
    let query = "query($name: String!) { units(where: { search: $name }) { nodes { id name } } }";
    let units = national.graphql(query, json!({ "name": name })).await;
    let mut units = units.at("/units/nodes").as_array().into_iter().flatten();
    unit_of(units.find(|unit| unit["name"] == *name).expect("the union"))
}

/// The year goes on in each cluster from the opening until the council has decided.
async fn a_year_passes(app: &TestApp, clusters: &mut [InCluster], committee: &Person) {
    for one in clusters.iter() {
        one.year.goes_on(&one.chair).await;
        one.signs_its_pact().await;
        one.year.goes_on(&one.chair).await;
    }
    app.it_is(morning(2024, 10, 20));
    for one in clusters.iter_mut() {
        one.year.goes_on(&one.chair).await;
        one.scores_itself().await;
    }
    app.it_is(morning(2024, 11, 8));
    for one in clusters.iter() {
        one.year.goes_on(&one.chair).await;
        one.checks_each_other().await;
        // Not the chair: its own unit is among those that were checked.
        one.year
            .review(&one.year.specialist, "FINISH_CROSS_CHECK", |_| true)
            .await;
    }
    app.it_is(morning(2024, 11, 25));
    for one in clusters.iter() {
        one.year.goes_on(&one.chair).await;
        is_appraised(one).await;
        one.year.goes_on(&one.chair).await;
    }
    app.it_is(morning(2024, 12, 16));
    for one in clusters.iter() {
        one.year.goes_on(&one.year.specialist).await;
        is_decided(one, committee).await;
    }
}

async fn four_clusters_go_through_a_year_and_thirteen_units_end_in_the_top_grade(app: TestApp) {
    demo::reset(&app.env.db).await.expect("an empty database");
    demo::load(&app.env).await.expect("the demonstration");
    app.it_is(morning(2024, 2, 1));
    let union = the_union(&app).await;
    let (specialist, committee) = (app.specialist_of(&union).await, app.committee_of(&union).await);
    let mut clusters = Vec::new();
    for which in 0..4 {
        clusters.push(opens(&app, &specialist, which).await);
    }
    assert_eq!(clusters.iter().map(|one| one.members.len()).sum::<usize>(), 63);
    a_year_passes(&app, &mut clusters, &committee).await;
    for one in &clusters {
        one.year.computed().await;
    }

    let title = "Tỷ lệ hoàn thành xuất sắc nhiệm vụ";
    let quota = json!({
        "unitId": union.id(), "year": 2024, "title": title, "grade": "HTXS", "base": ["HTXS", "HTT"],
        "percent": "20", "rounding": "NEAREST", "basis": "Quy chế xét của Ban Thường vụ",
    });
    let ruling =
        "mutation($input: RuleQuotaInput!) { ruleQuota(input: $input) { quota { had allowed over { unitId } } } }";
    let ruled = committee.graphql(ruling, json!({ "input": quota })).await;
    let ruled = ruled.at("/ruleQuota/quota");
    assert_eq!(ruled["had"], 21, "so many have the points: {ruled}");
    assert_eq!(ruled["allowed"], 13, "20 % of 63 is 12,6: {ruled}");
    let moved = ruled["over"].as_array().cloned().unwrap_or_default();
    assert_eq!(moved.len(), 8);

    let mut told_why = 0;
    for one in &clusters {
        let result = one.year.computed().await;
        let published = step(&committee, "publishResult", &result).await;
        let query = "query($result: ID!) { recomputeResult(id: $result) { equal } }";
        let again = one.chair.graphql(query, json!({ "result": published["id"] })).await;
        assert_eq!(again.at("/recomputeResult/equal"), &json!(true));
        for member in &one.members {
            if moved.iter().any(|over| over["unitId"] == member.unit.id()) {
                let sentences = told(
                    &member.officer,
                    published["id"].as_str().expect("an id"),
                    json!({ "grade": member.unit.id() }),
                )
                .await;
                assert!(sentences.iter().any(|one| one.contains(title)), "{sentences:?}");
                told_why += 1;
            }
        }
    }
    assert_eq!(told_why, 8, "each of the eight is told by which rule");
    let counts = "query($unit: ID!) { gradeCounts(where: { year: 2024, unitId: $unit }) { grades { grade units } rated total addsUp } }";
    let counts = specialist.graphql(counts, json!({ "unit": union.id() })).await;
    let counts = counts.at("/gradeCounts");
    assert_eq!(counts["grades"][0], json!({ "grade": "HTXS", "units": 13 }), "{counts}");
    assert_eq!(counts["grades"][1], json!({ "grade": "HTT", "units": 50 }));
    assert_eq!(
        (&counts["rated"], &counts["total"], &counts["addsUp"]),
        (&json!(63), &json!(63), &json!(true))
    );
}
