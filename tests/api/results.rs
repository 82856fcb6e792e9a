//! Results of emulation years: computed from what is appraised, stale when something changes, published, corrected, explained. Who sees
//! what is in `results_seen.rs`, quotas over clusters in `results_quotas.rs`, the tables of the trade in `results_tables.rs`. What these
//! begin with is here: [`Judged`].

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use thidua::ids::Kind;
use thidua_entity::enums::{ScoreKind, ScoreLayer, ScoreSubject, SheetState, YearCalendar, YearPhase};
use thidua_entity::{Fixed4, emulation_participant, emulation_year, score_entry, score_sheet};
use uuid::Uuid;

use crate::clusters::Cluster;
use crate::criteria::Table;
use crate::support::{Answer, Person, TestApp, on_both_databases};
use crate::years;

on_both_databases! {
    a_result_is_computed_once_all_sheets_are_appraised,
    what_is_published_never_changes_and_gives_the_same_bytes_again,
    what_changes_makes_a_result_stale,
    a_unit_that_is_not_eligible_holds_nobody_up,
    every_number_is_explained,
    what_would_be_is_tried_and_not_stored,
    rest_reads_the_same,
}

/// 100 points for care and movement, four grades, what is even is left to a ballot.
pub fn plain() -> Value {
    let criterion = |code: &str, max: &str| {
        let mut one = crate::criteria::criterion(code, None, max);
        one["part"]["criterion"]["scoredBy"] = json!(["SELF", "CLUSTER", "COUNCIL"]);
        one
    };
    json!({
        "scale": "100", "bonus": "ON_TOP",
        "nodes": [criterion("care", "60"), criterion("movement", "40")],
        "bands": [
            { "grade": "XS", "title": "Hoàn thành xuất sắc nhiệm vụ", "from": "90" }, { "grade": "T", "title": "Hoàn thành tốt nhiệm vụ", "from": "70" },
            { "grade": "HT", "title": "Hoàn thành nhiệm vụ", "from": "50" }, { "grade": "KHT", "title": "Không hoàn thành nhiệm vụ", "from": "0" },
        ],
        "eligibility": [{ "after": ["FOUNDED"], "months": 12, "basis": "1294/HD-TLĐ" }],
        "tieBreaks": [{ "by": { "points": { "nodeCode": "care" } } }, { "by": { "other": { "kind": "BALLOT" } } }],
    })
}

/// An entry of the cluster: code and what it says.
#[derive(Clone, Copy)]
pub enum Says<'a> {
    Points(&'a str, &'a str),
    Declared(&'a str, bool),
}

/// An emulation year in DECIDING of a cluster of Công đoàn Viên chức, whose participants and sheets a test writes.
pub struct Judged {
    pub app: TestApp,
    pub year: Uuid,
    pub cluster: Cluster,
    pub committee: Person,
}

impl Judged {
    /// One that is scored by a table, without participants.
    pub async fn by(app: &TestApp, name: &str, code: &str, content: &Value) -> Self {
        let world = app.world();
        let cluster = Cluster::of(app, "Viên chức", name, &[]).await;
        let table = Table::begin(app, &world["Viên chức"], code).await;
        let version = table.in_force(content).await;
        let day = |text: &str| text.parse().expect("a day");
        let year = emulation_year::ActiveModel {
            id: Set(app.env.new_id()),
            cluster_id: Set(Kind::Cluster.parse(&cluster.id).expect("a cluster")),
            year: Set(2026),
            theme: Set(None),
            starts_on: Set(day("2026-01-01")),
            ends_on: Set(day("2026-12-31")),
            school_starts_on: Set(None),
            school_ends_on: Set(None),
            phase: Set(YearPhase::Deciding),
            criteria_version_id: Set(Some(Kind::CriteriaSetVersion.parse(&version).expect("a version"))),
            criteria_digest: Set(None),
            blind: Set(false),
            objection_days: Set(5),
            version: Set(1),
            created_at: Set(app.env.now()),
        };
        let year = year.insert(&app.env.db).await.expect("a year").id;
        Self {
            app: app.clone(),
            year,
            cluster,
            committee: app.committee_of(&world["Viên chức"]).await,
        }
    }

    /// A unit takes part, and has no sheet.
    pub async fn takes_part(&self, unit: &str) {
        let env = &self.app.env;
        let participant = emulation_participant::ActiveModel {
            id: Set(env.new_id()),
            year_id: Set(self.year),
            unit_id: Set(self.app.world()[unit].uuid),
            calendar: Set(YearCalendar::Year),
            note: Set(None),
            withdrawn_on: Set(None),
            withdrawn_reason: Set(None),
            version: Set(1),
        };
        participant.insert(&env.db).await.expect("a participant");
    }

    /// A unit takes part, and its sheet is decided with these entries of the cluster.
    pub async fn takes(&self, unit: &str, entries: &[Says<'_>]) {
        self.takes_part(unit).await;
        let (db, env) = (&self.app.env.db, &self.app.env);
        let sheet = score_sheet::ActiveModel {
            id: Set(env.new_id()),
            year_id: Set(self.year),
            unit_id: Set(self.app.world()[unit].uuid),
            state: Set(SheetState::Decided),
            objections_until: Set(None),
            version: Set(1),
            created_at: Set(env.now()),
            updated_at: Set(env.now()),
        };
        let sheet = sheet.insert(db).await.expect("a sheet");
        for entry in entries {
            self.writes(sheet.id, *entry, ScoreLayer::Cluster).await;
        }
    }

    async fn writes(&self, sheet: Uuid, says: Says<'_>, layer: ScoreLayer) {
        let env = &self.app.env;
        let mut row = score_entry::ActiveModel {
            id: Set(env.new_id()),
            sheet_id: Set(sheet),
            layer: Set(layer),
            subject: Set(ScoreSubject::Criterion),
            code: Set(String::new()),
            edition: Set(1),
            standing: Set(true),
            kind: Set(ScoreKind::Points),
            points: Set(None),
            verdict: Set(false),
            count: Set(None),
            events: Set(None),
            reason: Set(Some("Theo hồ sơ".to_owned())),
            unit_id: Set(None),
            written_by: Set(None),
            written_for: Set(None),
            written_at: Set(env.now()),
        };
        match says {
            Says::Points(code, points) => {
                row.code = Set(code.to_owned());
                row.points = Set(Some(points.parse::<Fixed4>().expect("points")));
            }
            Says::Declared(code, so) => {
                (row.code, row.subject) = (Set(code.to_owned()), Set(ScoreSubject::Declaration));
                (row.kind, row.verdict) = (Set(ScoreKind::Verdict), Set(so));
            }
        }
        row.insert(&env.db).await.expect("an entry");
    }

    /// The council says otherwise of a unit, whose sheet is as decided as before.
    pub async fn council(&self, unit: &str, says: Says<'_>) {
        let sheet = self.sheet(unit).await;
        self.writes(sheet.id, says, ScoreLayer::Council).await;
    }

    pub async fn sheet(&self, unit: &str) -> score_sheet::Model {
        let found = score_sheet::Entity::find()
            .filter(score_sheet::Column::YearId.eq(self.year))
            .filter(score_sheet::Column::UnitId.eq(self.app.world()[unit].uuid));
        found.one(&self.app.env.db).await.expect("sheets").expect("a sheet")
    }

    /// Puts the sheet of a unit into a state.
    pub async fn puts(&self, unit: &str, state: SheetState) {
        let change = score_sheet::ActiveModel {
            id: Set(self.sheet(unit).await.id),
            state: Set(state),
            ..Default::default()
        };
        change.update(&self.app.env.db).await.expect("a sheet");
    }

    /// The council sends the sheet of a unit one step back.
    pub async fn takes_back(&self, unit: &str, reason: &str) {
        let sheet = self.sheet(unit).await;
        let input = json!({ "id": Kind::ScoreSheet.id(sheet.id), "version": sheet.version, "reason": reason });
        self.committee.does("returnScoreSheet", input).await.thing();
    }

    /// The council decides on the sheet of a unit.
    pub async fn decides(&self, unit: &str) {
        let sheet = self.sheet(unit).await;
        let input = json!({ "id": Kind::ScoreSheet.id(sheet.id), "version": sheet.version });
        self.committee.does("decideScoreSheet", input).await.thing();
    }

    /// The council writes entries of a layer, by the version of the sheet that there is.
    pub async fn says(&self, unit: &str, layer: &str, entries: Value) -> Answer {
        let sheet = self.sheet(unit).await;
        let of = json!({ "sheetId": Kind::ScoreSheet.id(sheet.id) });
        let input = json!({ "sheet": of, "layer": layer, "entries": entries, "version": sheet.version });
        self.committee.does("writeScoreEntries", input).await
    }

    pub fn year_id(&self) -> String {
        Kind::EmulationYear.id(self.year)
    }

    /// It is called after another year.
    pub async fn is_called(&self, year: i32) {
        let change = emulation_year::ActiveModel {
            id: Set(self.year),
            year: Set(year),
            ..Default::default()
        };
        change.update(&self.app.env.db).await.expect("a year");
    }

    /// Its specialist has the result computed.
    pub async fn computes(&self) -> Answer {
        let input = json!({ "yearId": self.year_id() });
        self.cluster.specialist.does("computeResult", input).await
    }

    /// The committee publishes a result as a mutation showed it.
    pub async fn publishes(&self, result: &Value) -> Answer {
        step(&self.committee, "publishResult", result).await
    }

    /// Three units: 95, 80 and 60 points.
    pub async fn three(app: &TestApp) -> Self {
        let judged = Self::by(app, "Cụm thi đua số 9", "BD-KQ", &plain()).await;
        for (unit, care, movement) in [
            ("Sở Nội vụ", "57", "38"),
            ("Sở Tài chính", "50", "30"),
            ("Thư viện", "40", "20"),
        ] {
            let entries = [Says::Points("care", care), Says::Points("movement", movement)];
            judged.takes(unit, &entries).await;
        }
        judged
    }
}

/// A step with a result as a mutation showed it.
pub async fn step(who: &Person, mutation: &str, result: &Value) -> Answer {
    who.does(mutation, json!({ "id": result["id"], "version": result["version"] }))
        .await
}

pub async fn asked(who: &Person, result: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on EmulationResult {{ {fields} }} }} }}");
    who.graphql(&query, json!({ "id": result })).await
}

/// Name, grade and place of the units of a result: `CĐCS Thư viện tỉnh HT 3`.
pub async fn units(who: &Person, result: &str) -> Vec<String> {
    let seen = asked(who, result, "units { nodes { unitName grade place points } }").await;
    let list = seen.at("/node/units/nodes").as_array().expect("a list").clone();
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let line = |one: &Value| {
        ["unitName", "points", "grade", "place"]
            .map(|field| text(&one[field]))
            .join(" ")
    };
    list.iter().map(line).collect()
}

/// The sentences of an explanation.
pub async fn told(who: &Person, result: &str, subject: Value) -> Vec<String> {
    let query = "query($id: ID!, $subject: ResultSubjectInput!) { explainResult(resultId: $id, subject: $subject) { sentences data } }";
    let answer = who.graphql(query, json!({ "id": result, "subject": subject })).await;
    let list = answer
        .at("/explainResult/sentences")
        .as_array()
        .expect("sentences")
        .clone();
    list.iter()
        .map(|one| one.as_str().expect("a text").to_owned())
        .collect()
}

async fn a_result_is_computed_once_all_sheets_are_appraised(app: TestApp) {
    let judged = Judged::three(&app).await;
    judged.puts("Thư viện", SheetState::CrossChecked).await;
    let refused = judged.computes().await;
    assert_eq!(refused.user_errors(), [("SHEETS_NOT_APPRAISED", "yearId")]);
    assert!(refused.user_message().contains("CĐCS Thư viện tỉnh"), "{refused}");
    judged.puts("Thư viện", SheetState::ClusterAppraised).await;
    let computed = judged.computes().await;
    assert_eq!(computed.thing()["state"], "COMPUTED");
    let lines = units(&judged.committee, computed.id()).await;
    assert_eq!(
        lines,
        [
            "CĐCS Sở Nội vụ 95 XS 1",
            "CĐCS Sở Tài chính 80 T 2",
            "CĐCS Thư viện tỉnh 60 HT 3"
        ]
    );
    // Nothing has changed, so it is the same.
    assert_eq!(judged.computes().await.id(), computed.id());
    // The council has not decided on one sheet.
    let early = judged.publishes(computed.thing()).await;
    assert_eq!(early.user_errors(), [("SHEETS_NOT_DECIDED", "yearId")]);
}

async fn what_is_published_never_changes_and_gives_the_same_bytes_again(app: TestApp) {
    let judged = Judged::three(&app).await;
    let computed = judged.computes().await;
    let published = judged.publishes(computed.thing()).await;
    assert_eq!(published.thing()["state"], "PUBLISHED");
    assert_eq!(judged.publishes(published.thing()).await.code(), "WRONG_STATE");
    let year = years::node(&judged.committee, &judged.year_id(), "phase").await;
    assert_eq!(year.str("/node/phase"), "PUBLISHED");
    assert_eq!(judged.sheet("Thư viện").await.state, SheetState::Published);
    // Nobody computes it once more.
    assert_eq!(judged.computes().await.code(), "WRONG_STATE");
    judged.council("Thư viện", Says::Points("care", "60")).await;
    let lines = units(&judged.committee, published.id()).await;
    assert_eq!(lines[2], "CĐCS Thư viện tỉnh 60 HT 3");
    let again = "query($id: ID!) { recomputeResult(id: $id) { hash equal } }";
    let again = judged.committee.graphql(again, json!({ "id": published.id() })).await;
    assert_eq!(again.at("/recomputeResult/equal"), true);
    assert_eq!(again.at("/recomputeResult/hash"), &published.thing()["hash"]);
}

async fn what_changes_makes_a_result_stale(app: TestApp) {
    let judged = Judged::three(&app).await;
    let computed = judged.computes().await;
    let fields = "staleness { stale changes { part unitNames message } }";
    let fresh = asked(&judged.committee, computed.id(), fields).await;
    assert_eq!(fresh.at("/node/staleness/stale"), false);
    judged.council("Thư viện", Says::Points("care", "60")).await;
    let stale = asked(&judged.committee, computed.id(), fields).await;
    assert_eq!(stale.texts("/node/staleness/changes", "part"), ["ENTRIES"]);
    assert_eq!(
        stale.at("/node/staleness/changes/0/unitNames"),
        &json!(["CĐCS Thư viện tỉnh"])
    );
    let refused = judged.publishes(computed.thing()).await;
    assert_eq!(refused.user_errors(), [("RESULT_STALE", "id")]);
    let anew = judged.computes().await;
    assert_ne!(anew.id(), computed.id());
    // The other is not the last any more.
    let old = judged.publishes(computed.thing()).await;
    assert_eq!(old.user_errors(), [("NOT_LAST", "id")]);
    assert_eq!(judged.publishes(anew.thing()).await.thing()["state"], "PUBLISHED");
    let lines = units(&judged.committee, anew.id()).await;
    assert_eq!(lines[1], "CĐCS Thư viện tỉnh 80 T 2");
}

async fn a_unit_that_is_not_eligible_holds_nobody_up(app: TestApp) {
    let (reporting, world) = (crate::reports::Reporting::begin(&app).await, app.world());
    let mut table = plain();
    let mut growth = crate::criteria::criterion("growth", None, "100");
    growth["part"]["criterion"]["measure"] =
        json!({ "target": { "indicatorCode": "new_members", "fixedTarget": "20", "share": "0.5", "leader": true } });
    (table["nodes"], table["tieBreaks"]) = (json!([growth]), json!([]));
    let judged = Judged::by(&app, "Cụm thi đua số 9", "BD-KQ", &table).await;
    for (unit, gained) in [("Sở Nội vụ", "40"), ("Sở Tài chính", "30")] {
        let figures = [
            ("members_total", "1.671"),
            ("workers_total", "1.700"),
            ("new_members", gained),
        ];
        reporting.approved(&app, &world[unit], &figures).await;
        judged.takes(unit, &[]).await;
    }
    // One was founded in October, the other was merged away in July: neither has a sheet or a report.
    let day = |text: &str| Some(text.parse().expect("a day"));
    for (unit, founded_on, ended_on) in [
        ("Thư viện", day("2026-10-01"), None),
        ("Sở Ngoại vụ", None, day("2026-07-01")),
    ] {
        judged.takes_part(unit).await;
        let change = thidua_entity::unit::ActiveModel {
            id: Set(world[unit].uuid),
            founded_on: Set(founded_on),
            ended_on: Set(ended_on),
            ..Default::default()
        };
        change.update(&app.env.db).await.expect("a unit");
    }
    let computed = judged.computes().await;
    let seen = asked(
        &judged.committee,
        computed.id(),
        "units { nodes { unitName standing points } } gradeCounts { standing units }",
    )
    .await;
    let standings = seen.texts("/node/units/nodes", "standing");
    assert_eq!(standings, ["RATED", "RATED", "NOT_ELIGIBLE", "NOT_ELIGIBLE"], "{seen}");
    assert_eq!(
        seen.str("/node/units/nodes/1/points"),
        "75",
        "half of what the leader is beyond its target"
    );
    let published = judged.publishes(computed.thing()).await;
    assert_eq!(published.thing()["state"], "PUBLISHED", "{published}");
}

async fn every_number_is_explained(app: TestApp) {
    let judged = Judged::three(&app).await;
    // As many points as Sở Tài chính, but fewer for care; and one that is even with it in everything.
    let entries = [Says::Points("care", "45"), Says::Points("movement", "35")];
    judged.takes("Sở Ngoại vụ", &entries).await;
    let entries = [Says::Points("care", "50"), Says::Points("movement", "30")];
    judged.takes("Sở Khoa học", &entries).await;
    let computed = judged.computes().await;
    let (who, id) = (&judged.committee, computed.id());
    let unit = |name: &str| app.world()[name].id();
    let grade = told(who, id, json!({ "grade": unit("Thư viện") })).await;
    assert_eq!(grade[0], "Xếp loại “Hoàn thành nhiệm vụ”.");
    let place = told(who, id, json!({ "place": unit("Sở Ngoại vụ") })).await;
    assert!(place.iter().any(|one| one.contains("theo điểm")), "{place:?}");
    let points = told(
        who,
        id,
        json!({ "points": { "unitId": unit("Thư viện"), "nodeCode": "care" } }),
    )
    .await;
    assert!(!points.is_empty());
    let english = told(&who.in_english(), id, json!({ "total": unit("Thư viện") })).await;
    assert!(english.iter().any(|one| one.contains("60")), "{english:?}");
    let seen = asked(
        who,
        id,
        "needsBallot { place units { unitName } } warnings { code } gradeCounts { grade units }",
    )
    .await;
    assert_eq!(seen.at("/node/needsBallot/0/place"), 2);
    assert_eq!(seen.at("/node/needsBallot/0/units").as_array().map(Vec::len), Some(2));
    assert_eq!(seen.texts("/node/warnings", "code"), ["TIED"]);
    assert_eq!(seen.texts("/node/gradeCounts", "grade"), ["XS", "T", "HT", "KHT"]);
    let scores = asked(who, id, "units(first: 1) { nodes { scores { code points max } } }").await;
    assert_eq!(scores.texts("/node/units/nodes/0/scores", "points"), ["57", "38"]);
    let unknown = "query($id: ID!) { explainResult(resultId: $id, subject: { quota: \"none\" }) { sentences } }";
    assert_eq!(who.graphql(unknown, json!({ "id": id })).await.code(), "NOT_FOUND");
}

async fn what_would_be_is_tried_and_not_stored(app: TestApp) {
    let judged = Judged::three(&app).await;
    let computed = judged.computes().await;
    let before = app.contents().await;
    let query = "query($over: WhatIfOverInput!, $changes: [AlterationInput!]!) { whatIf(over: $over, alterations: $changes) {
        whatIf { gradeCounts { grade units } moves { unitName before { grade } after { grade } } } userErrors { code field } } }";
    let lower = json!([{ "band": { "grade": "XS", "from": "80" } }]);
    for over in [
        json!({ "resultId": computed.id() }),
        json!({ "yearId": judged.year_id() }),
    ] {
        let tried = judged
            .committee
            .graphql(query, json!({ "over": over, "changes": lower }))
            .await;
        assert_eq!(tried.texts("/whatIf/whatIf/moves", "unitName"), ["CĐCS Sở Tài chính"]);
        assert_eq!(tried.str("/whatIf/whatIf/moves/0/after/grade"), "XS");
    }
    let wrong = json!([{ "max": { "nodeCode": "care", "max": "61" } }, { "noGate": "none" }]);
    let over = json!({ "resultId": computed.id() });
    let tried = judged
        .committee
        .graphql(query, json!({ "over": over, "changes": wrong }))
        .await;
    assert_eq!(tried.texts("/whatIf/userErrors", "field"), ["alterations[1]"]);
    assert_eq!(app.contents().await, before, "nothing is stored");
}

async fn rest_reads_the_same(app: TestApp) {
    let judged = Judged::three(&app).await;
    let computed = judged.computes().await;
    let (who, path) = (&judged.committee, format!("/api/v1/results/{}", computed.id()));
    let snapshot = who.get(&format!("{path}/snapshot")).await;
    let hash: String = Sha256::digest(snapshot.bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hash, computed.thing()["hash"].as_str().expect("a hash"));
    assert_eq!(snapshot.header("ETag"), format!("\"{hash}\""));
    let one = who.get(&path).await;
    assert_eq!(one.body()["hash"], hash);
    let units = who.get(&format!("{path}/units?first=1&count=true")).await;
    assert_eq!(units.body()["items"][0]["grade"], "XS");
    assert_eq!(units.body()["totalCount"], 3);
    let unit = app.world()["Thư viện"].id();
    let told = who.get(&format!("{path}/explain?of=GRADE&unitId={unit}")).await;
    assert_eq!(told.body()["sentences"][0], "Xếp loại “Hoàn thành nhiệm vụ”.");
    assert_eq!(
        who.get(&format!("{path}/explain?of=GATE&unitId={unit}")).await.status(),
        400
    );
    let list = who.get(&format!("/api/v1/results?yearId={}", judged.year_id())).await;
    assert_eq!(list.body()["items"][0]["id"], computed.id());
}
