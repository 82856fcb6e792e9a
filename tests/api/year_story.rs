//! A whole emulation year, told from the opening to the published result, through the API alone: the 288 grassroots unions of cụm II in
//! Kon Tum.

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use thidua::ids::Kind;

use crate::clusters::Cluster;
use crate::criteria::{criterion, publish, written};
use crate::support::{Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
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

pub fn table(nodes: Value) -> Value {
    json!({ "scale": "100", "bonus": "WITHIN_SCALE", "nodes": nodes, "bands": bands(),
        "tieBreaks": [{ "by": { "other": { "kind": "BALLOT" } } }] })
}

/// A criterion that these layers score.
pub fn scored_by(mut criterion: Value, layers: &[&str]) -> Value {
    criterion["part"]["criterion"]["scoredBy"] = json!(layers);
    criterion
}

pub const ALL: &[&str] = &["SELF", "CROSS_CHECK", "CLUSTER", "PROVINCE", "COUNCIL"];

/// A cluster in its year.
pub struct InYear {
    pub id: String,
    pub specialist: Person,
}

impl InYear {
    async fn version(&self) -> Value {
        let query = "query($id: ID!) { node(id: $id) { ... on EmulationYear { version } } }";
        let found = self.specialist.graphql(query, json!({ "id": self.id })).await;
        found.at("/node/version").clone()
    }

    pub async fn goes_on(&self, who: &Person) {
        let step = json!({ "id": self.id, "version": self.version().await });
        who.does("advanceEmulationYear", step).await.thing();
    }

    /// The sheets with their versions.
    pub async fn sheets(&self) -> Vec<(String, Value)> {
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
    pub async fn review(&self, who: &Person, step: &str, whose: impl Fn(&str) -> bool) {
        let sheets = self.sheets().await.into_iter().filter(|(unit, _)| whose(unit));
        let items: Vec<Value> = sheets.map(|(_, sheet)| sheet).collect();
        let count = items.len();
        let answer = who
            .does("reviewScoreSheets", json!({ "step": step, "items": items }))
            .await;
        assert_eq!(answer.at("/reviewScoreSheets/taken"), &json!(count), "{step}: {answer}");
    }

    pub async fn computed(&self) -> Value {
        self.specialist
            .does("computeResult", json!({ "yearId": self.id }))
            .await
            .thing()
            .clone()
    }
}

/// A step of something that has a version.
pub async fn step(who: &Person, mutation: &str, thing: &Value) -> Value {
    let input = json!({ "id": thing["id"], "version": thing["version"] });
    who.does(mutation, input).await.thing().clone()
}

pub fn morning(year: i32, month: u32, day: u32) -> DateTime<FixedOffset> {
    moment(year, month, day, 9, 0)
}

pub fn unit_of(node: &Value) -> Unit {
    let id = node["id"].as_str().expect("an id");
    Unit {
        uuid: Kind::Unit.parse(id).expect("a unit"),
        name: node["name"].as_str().expect("a name").to_owned(),
    }
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
    // Nobody leads these clusters, so one specialist appraises for them, and a colleague for the province.
    let colleague = app.specialist_of(&world["Kon Tum"]).await;
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
            id,
            specialist: specialist.clone(),
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
        year.review(&colleague, "APPRAISE_FOR_PROVINCE", |_| true).await;
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
