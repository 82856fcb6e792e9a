//! Writing score sheets: by whom, what fits, what needs a reason, two at once. What other tests begin with is here too: [`Scoring`].

use actix_web::http::Method;
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua_entity::cross_check;
use thidua_entity::enums::CrossCheckState;

use crate::support::{Answer, Person, TestApp, Upload, on_both_databases, pdf};
use crate::years::{MEMBERS, Year};

on_both_databases! {
    officers_score_their_unit_and_nobody_elses,
    points_are_those_that_the_criterion_takes,
    the_same_again_changes_nothing_and_what_is_old_stays_known,
    of_two_who_score_one_criterion_at_once_one_is_told,
    who_claims_more_than_the_reports_give_explains_it,
    points_that_need_evidence_are_not_handed_in_without,
    a_school_is_scored_while_the_year_still_runs,
    systems_write_by_rest_with_the_version_that_they_saw,
}

/// States of sheets that were handed in.
const SHEET_STATES: [&str; 6] = [
    "SELF_SUBMITTED",
    "CROSS_CHECKED",
    "CLUSTER_APPRAISED",
    "PROVINCE_APPRAISED",
    "DECIDED",
    "PUBLISHED",
];

/// A year in which units score themselves.
pub struct Scoring {
    pub year: Year,
}

/// An entry with points.
pub fn points(code: &str, text: &str) -> Value {
    json!({ "code": code, "says": { "points": text } })
}

/// An entry of passed or failed.
pub fn verdict(code: &str, passed: bool) -> Value {
    json!({ "code": code, "says": { "verdict": passed } })
}

/// An entry with a reason.
pub fn because(mut entry: Value, reason: &str) -> Value {
    entry["reason"] = reason.into();
    entry
}

/// An entry in the place of an edition.
pub fn after(mut entry: Value, edition: i32) -> Value {
    entry["edition"] = edition.into();
    entry
}

/// What a unit that does well gives itself.
pub fn good() -> Value {
    json!([
        points("care", "27,5"),
        points("movement", "28"),
        verdict("on_time", true)
    ])
}

impl Scoring {
    /// A blind year, as years are as a rule.
    pub async fn begin(app: &TestApp) -> Self {
        let year = Year::begin(app).await;
        year.to_phase("SELF_SCORING").await;
        Self { year }
    }

    /// A year that is not blind.
    pub async fn open(app: &TestApp) -> Self {
        let year = Year::begin(app).await;
        year.does(&year.specialist, "updateEmulationYear", json!({ "blind": false }))
            .await
            .thing();
        year.to_phase("SELF_SCORING").await;
        Self { year }
    }

    /// Writes entries of a layer of a unit's sheet.
    pub async fn write(&self, who: &Person, unit: &str, layer: &str, entries: Value) -> Answer {
        let of = json!({ "unit": { "yearId": self.year.id, "unitId": self.year.unit(unit) } });
        who.does(
            "writeScoreEntries",
            json!({ "sheet": of, "layer": layer, "entries": entries }),
        )
        .await
    }

    /// A sheet that a unit has handed in with good points; the one that there is, when it has come farther.
    pub async fn handed_in(&self, unit: &str) -> String {
        let query = "query($where: ScoreSheetWhere!) { scoreSheets(where: $where) { nodes { id } } }";
        let only = json!({ "yearId": self.year.id, "unitId": self.year.unit(unit), "states": SHEET_STATES });
        let found = self.year.specialist.graphql(query, json!({ "where": only })).await;
        if let Some(sheet) = found.texts("/scoreSheets/nodes", "id").first() {
            return (*sheet).to_owned();
        }
        let officer = self.year.officer(unit).await;
        let sheet = self.write(&officer, unit, "SELF", good()).await.id().to_owned();
        self.step(&officer, "submitScoreSheet", &sheet).await.thing();
        sheet
    }

    /// A sheet whose cross-check is done: the checker gave what the unit did, once its own points were in.
    pub async fn checked(&self, unit: &str, checker: &str) -> String {
        self.handed_in(checker).await;
        let sheet = self.handed_in(unit).await;
        self.year.to_phase("CROSS_CHECKING").await;
        self.assign(checker, unit, CrossCheckState::Minuted).await;
        let officer = self.year.officer(checker).await;
        self.write(&officer, unit, "CROSS_CHECK", good()).await.thing();
        self.step(&officer, "finishCrossCheck", &sheet).await.thing();
        sheet
    }

    /// A sheet that was appraised for the cluster by the chair, with other points for `care`. Chair and deputy have handed in their own.
    pub async fn appraised(&self, unit: &str, checker: &str) -> String {
        let sheet = self.checked(unit, checker).await;
        for office in &MEMBERS[..2] {
            self.handed_in(office).await;
        }
        self.year.to_phase("APPRAISING").await;
        let less = json!([because(points("care", "25"), "Hồ sơ chăm lo thiếu hai đợt")]);
        self.write(&self.year.chair, unit, "CLUSTER", less).await.thing();
        self.step(&self.year.chair, "appraiseScoreSheet", &sheet).await.thing();
        sheet
    }

    /// A cross-check, as a draw or somebody's hand assigns it.
    pub async fn assign(&self, checker: &str, checked: &str, state: CrossCheckState) {
        let (env, world) = (&self.year.app.env, self.year.app.world());
        let row = cross_check::ActiveModel {
            id: Set(env.new_id()),
            year_id: Set(Kind::EmulationYear.parse(&self.year.id).expect("a year")),
            draw_id: Set(None),
            checker_id: Set(world[checker].uuid),
            checked_id: Set(world[checked].uuid),
            reason: Set(None),
            state: Set(state),
            held_on: Set(None),
            place: Set(None),
            attendance: Set(None),
            return_reason: Set(None),
            waived_reason: Set(None),
            minutes: Set(None),
            version: Set(1),
            created_at: Set(env.now()),
            updated_at: Set(env.now()),
        };
        row.insert(&env.db).await.expect("a cross-check");
    }

    /// The version of a sheet, as the specialist sees it.
    pub async fn version(&self, sheet: &str) -> i64 {
        let seen = shown(&self.year.specialist, sheet, "version").await;
        seen.at("/node/version").as_i64().expect("a version")
    }

    /// Takes a step with a sheet at the version that it has now.
    pub async fn step(&self, who: &Person, mutation: &str, sheet: &str) -> Answer {
        let version = self.version(sheet).await;
        who.does(mutation, json!({ "id": sheet, "version": version })).await
    }

    /// Sends a sheet back.
    pub async fn give_back(&self, who: &Person, sheet: &str, reason: &str) -> Answer {
        let version = self.version(sheet).await;
        who.does(
            "returnScoreSheet",
            json!({ "id": sheet, "version": version, "reason": reason }),
        )
        .await
    }
}

/// What somebody sees of a sheet.
pub async fn shown(who: &Person, sheet: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on ScoreSheet {{ {fields} }} }} }}");
    who.graphql(&query, json!({ "id": sheet })).await
}

async fn officers_score_their_unit_and_nobody_elses(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let library = scoring.year.officer("Thư viện").await;
    let neighbour = scoring.year.officer("Sở Khoa học").await;
    let refused = scoring.write(&neighbour, "Thư viện", "SELF", good()).await;
    assert_eq!(refused.code(), "FORBIDDEN", "{refused}");
    let stranger = scoring.write(&app.stranger().await, "Thư viện", "SELF", good()).await;
    assert_eq!(stranger.code(), "NOT_FOUND", "{stranger}");
    let chair = scoring.write(&scoring.year.chair, "Thư viện", "CLUSTER", good()).await;
    assert_eq!(chair.code(), "NOT_FOUND", "there is no sheet yet: {chair}");
    let sheet = scoring
        .write(&library, "Thư viện", "SELF", good())
        .await
        .id()
        .to_owned();
    let again = scoring
        .write(&library, "Thư viện", "SELF", json!([points("care", "27,5")]))
        .await;
    assert_eq!(again.id(), sheet, "a unit has one sheet in a year");
    let seen = shown(
        &library,
        &sheet,
        "state unitName layersSeen entries { layer code points verdict unitName writtenBy }",
    )
    .await;
    assert_eq!(seen.str("/node/state"), "DRAFT");
    assert_eq!(seen.texts("/node/entries", "code"), ["care", "movement", "on_time"]);
    assert_eq!(seen.str("/node/entries/0/points"), "27.5");
    assert_eq!(*seen.at("/node/entries/2/verdict"), json!(true));
    assert_eq!(seen.str("/node/entries/0/unitName"), "CĐCS Thư viện tỉnh");
    let audit = app.audit_of(Kind::ScoreSheet.parse(&sheet).expect("an id")).await;
    let told: Vec<&str> = audit.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(told, ["SCORE_SHEET_BEGUN", "SCORE_ENTRIES_WRITTEN"]);
    scoring.year.to_phase("RUNNING").await;
    let early = scoring
        .write(&library, "Thư viện", "SELF", json!([after(points("care", "20"), 1)]))
        .await;
    assert_eq!(early.code(), "WRONG_STATE", "{early}");
}

async fn points_are_those_that_the_criterion_takes(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let library = scoring.year.officer("Thư viện").await;
    let before = app.contents().await;
    for (entry, wrong) in [
        (points("care", "30,5"), ("OUT_OF_BOUNDS", "entries.0.points")),
        (points("care", "-1"), ("OUT_OF_BOUNDS", "entries.0.points")),
        (points("care", "9.25"), ("AMBIGUOUS", "entries.0.points")),
        (points("care", "khoảng 9"), ("NOT_EXACT", "entries.0.points")),
        (points("care", ""), ("EMPTY", "entries.0.points")),
        (points("work", "9"), ("UNKNOWN_CRITERION", "entries.0.code")),
        (points("nothing", "9"), ("UNKNOWN_CRITERION", "entries.0.code")),
        (verdict("care", true), ("WRONG_KIND", "entries.0.points")),
        (points("on_time", "10"), ("WRONG_KIND", "entries.0.points")),
        (
            json!({ "code": "care", "says": { "count": -1 } }),
            ("COUNT_NEGATIVE", "entries.0.count"),
        ),
        (
            json!({ "code": "unknown", "subject": "DECLARATION", "says": { "verdict": true } }),
            ("UNKNOWN_DECLARATION", "entries.0.code"),
        ),
        (
            json!({ "code": "clean", "subject": "DECLARATION", "says": { "points": "1" } }),
            ("WRONG_KIND", "entries.0.verdict"),
        ),
    ] {
        let answer = scoring.write(&library, "Thư viện", "SELF", json!([entry])).await;
        assert_eq!(answer.user_errors(), [wrong], "{answer}");
    }
    let twice = json!([points("care", "20"), points("care", "21")]);
    let twice = scoring.write(&library, "Thư viện", "SELF", twice).await;
    assert_eq!(twice.user_errors(), [("TWICE", "entries.1.code")]);
    let half = json!([points("movement", "20"), points("care", "31")]);
    let half = scoring.write(&library, "Thư viện", "SELF", half).await;
    assert_eq!(half.user_errors(), [("OUT_OF_BOUNDS", "entries.1.points")]);
    assert!(app.contents().await == before, "nothing is stored of what is refused");
    let right =
        json!([points("care", "30"), { "code": "clean", "subject": "DECLARATION", "says": { "verdict": true } }]);
    scoring.write(&library, "Thư viện", "SELF", right).await.thing();
}

async fn the_same_again_changes_nothing_and_what_is_old_stays_known(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let library = scoring.year.officer("Thư viện").await;
    let sheet = scoring
        .write(&library, "Thư viện", "SELF", good())
        .await
        .id()
        .to_owned();
    let version = scoring.version(&sheet).await;
    let before = app.contents().await;
    scoring.write(&library, "Thư viện", "SELF", good()).await.thing();
    assert!(app.contents().await == before, "the same again");
    let unseen = scoring
        .write(&library, "Thư viện", "SELF", json!([points("care", "20")]))
        .await;
    assert_eq!(unseen.user_errors(), [("STALE_ENTRY", "entries.0.edition")]);
    let next = json!([after(points("care", "20"), 1)]);
    scoring.write(&library, "Thư viện", "SELF", next).await.thing();
    assert_eq!(scoring.version(&sheet).await, version + 1);
    let back = json!([{ "code": "care", "says": null, "edition": 2 }]);
    scoring.write(&library, "Thư viện", "SELF", back).await.thing();
    scoring
        .write(&library, "Thư viện", "SELF", json!([points("care", "22")]))
        .await
        .thing();
    let seen = shown(&library, &sheet, "history(code: \"care\") { edition points standing }").await;
    let told: Vec<String> = (0..3)
        .map(|at| {
            let part = |name: &str| seen.at(&format!("/node/history/{at}/{name}")).to_string();
            format!("{} {} {}", part("edition"), part("points"), part("standing"))
        })
        .collect();
    assert_eq!(told, ["1 \"27.5\" false", "2 \"20\" false", "3 \"22\" true"]);
}

async fn of_two_who_score_one_criterion_at_once_one_is_told(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let people = join_all((0..6).map(|_| scoring.year.officer("Thư viện"))).await;
    let texts = ["21", "22", "23", "24", "25", "26"];
    let writes = people.iter().zip(texts).map(|(who, text)| async {
        let entries = json!([points("care", text)]);
        scoring.write(who, "Thư viện", "SELF", entries).await
    });
    let answers = join_all(writes).await;
    let written = answers.iter().filter(|answer| answer.user_errors().is_empty()).count();
    let told = answers
        .iter()
        .filter(|answer| answer.user_errors() == [("STALE_ENTRY", "entries.0.edition")]);
    assert_eq!((written, told.count()), (1, 5));
    let others = ["movement", "on_time"];
    let scoring = &scoring;
    let writes = people.iter().zip(others).map(|(who, code)| async move {
        let entry = if code == "on_time" {
            verdict(code, true)
        } else {
            points(code, "20")
        };
        scoring.write(who, "Thư viện", "SELF", json!([entry])).await
    });
    for answer in join_all(writes).await {
        answer.thing();
    }
}

async fn who_claims_more_than_the_reports_give_explains_it(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let world = app.world();
    // Half of the target of 20 new members: 15 of 30 points.
    scoring
        .year
        .reporting
        .approved(
            &app,
            &world["Thư viện"],
            &[("members_total", "27"), ("workers_total", "29"), ("new_members", "10")],
        )
        .await;
    let library = scoring.year.officer("Thư viện").await;
    let less = scoring
        .write(&library, "Thư viện", "SELF", json!([points("growth", "14")]))
        .await;
    let sheet = less.id().to_owned();
    let more = json!([after(points("growth", "20"), 1)]);
    let more = scoring.write(&library, "Thư viện", "SELF", more).await;
    assert_eq!(more.user_errors(), [("EXPLANATION_REQUIRED", "entries.0.reason")]);
    let explained = because(
        after(points("growth", "20"), 1),
        "Mười đoàn viên kết nạp ngày 30/12 chưa kịp vào báo cáo",
    );
    scoring
        .write(&library, "Thư viện", "SELF", json!([explained]))
        .await
        .thing();
    let fields = "criteria { code isSection depth stands points computed { points sentences inputs { name value } } \
                  layers { layer points entry { reason } } sentences }";
    let seen = shown(&library, &sheet, fields).await;
    assert_eq!(
        seen.texts("/node/criteria", "code"),
        ["work", "care", "movement", "growth", "on_time", "models"]
    );
    assert_eq!(seen.str("/node/criteria/3/computed/points"), "15");
    assert_eq!(
        seen.str("/node/criteria/3/stands"),
        "REPORTS",
        "a unit does not put its own points above those"
    );
    assert_eq!(seen.str("/node/criteria/3/points"), "15");
    assert_eq!(seen.str("/node/criteria/3/layers/0/points"), "20");
    assert_eq!(seen.str("/node/criteria/3/computed/inputs/0/value"), "10");
    assert!(
        !seen
            .at("/node/criteria/3/computed/sentences")
            .as_array()
            .expect("sentences")
            .is_empty()
    );
    assert_eq!(*seen.at("/node/criteria/1/points"), Value::Null, "missing is not zero");
}

async fn points_that_need_evidence_are_not_handed_in_without(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let library = scoring.year.officer("Thư viện").await;
    let incomplete = scoring
        .write(&library, "Thư viện", "SELF", json!([points("models", "3")]))
        .await;
    let sheet = incomplete.id().to_owned();
    let refused = scoring.step(&library, "submitScoreSheet", &sheet).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("POINTS_MISSING", "entries.care"),
            ("POINTS_MISSING", "entries.movement"),
            ("POINTS_MISSING", "entries.on_time"),
            ("EVIDENCE_REQUIRED", "entries.models"),
        ]
    );
    scoring.write(&library, "Thư viện", "SELF", good()).await.thing();
    let path = format!("/api/v1/score-sheets/{sheet}/evidence");
    let wrong = Upload::of("Mô hình.pdf", pdf("mô hình")).with("criterionCode", "work");
    assert_eq!(
        wrong.at(&path, &library).await.body()["errors"][0]["code"],
        "UNKNOWN_CRITERION"
    );
    let file = Upload::of("Mô hình.pdf", pdf("mô hình")).with("criterionCode", "models");
    let neighbour = scoring.year.officer("Sở Khoa học").await;
    assert_eq!(file.at(&path, &neighbour).await.status(), 404);
    assert_eq!(file.at(&path, &scoring.year.specialist).await.status(), 403);
    let added = file.at(&path, &library).await;
    assert_eq!(
        (added.status(), &added.body()["criterionCode"]),
        (201, &json!("models")),
        "{added}"
    );
    scoring.step(&library, "submitScoreSheet", &sheet).await.thing();
    let late = Upload::of("Thêm.pdf", pdf("thêm")).with("criterionCode", "models");
    assert_eq!(late.at(&path, &library).await.code(), "WRONG_STATE");
    let seen = shown(
        &scoring.year.specialist,
        &sheet,
        "evidence { criterion fileName scoreSheet { state } }",
    )
    .await;
    assert_eq!(seen.str("/node/evidence/0/criterion"), "models");
    assert_eq!(seen.str("/node/evidence/0/scoreSheet/state"), "SELF_SUBMITTED");
}

async fn a_school_is_scored_while_the_year_still_runs(app: TestApp) {
    let year = Year::begin(&app).await;
    let span = json!({ "schoolStartsOn": "2025-09-01", "schoolEndsOn": "2026-06-30" });
    year.does(&year.specialist, "updateEmulationYear", span).await.thing();
    let participant = year.asked("participants { id unitName }").await;
    let at = participant.texts("/node/participants", "unitName");
    let at = at
        .iter()
        .position(|name| *name == "CĐCS Thư viện tỉnh")
        .expect("a participant");
    let id = Kind::Participant
        .parse(participant.str(&format!("/node/participants/{at}/id")))
        .expect("an id");
    let change = thidua_entity::emulation_participant::ActiveModel {
        id: Set(id),
        calendar: Set(thidua_entity::enums::YearCalendar::SchoolYear),
        ..Default::default()
    };
    change.update(&app.env.db).await.expect("a participant");
    year.to_phase("RUNNING").await;
    let scoring = Scoring { year };
    scoring.handed_in("Thư viện").await;
    let office = scoring.year.officer("Sở Khoa học").await;
    let early = scoring.write(&office, "Sở Khoa học", "SELF", good()).await;
    assert_eq!(early.code(), "WRONG_STATE", "{early}");
}

async fn systems_write_by_rest_with_the_version_that_they_saw(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let library = scoring.year.officer("Thư viện").await;
    let new = json!({ "yearId": scoring.year.id, "unitId": scoring.year.unit("Thư viện") });
    let begun = library.post("/api/v1/score-sheets", new.clone()).await;
    let none = begun.body()["entries"].as_array().map(Vec::len);
    assert_eq!(none, Some(0));
    assert_eq!(begun.status(), 201, "{begun}");
    let id = begun.body()["id"].as_str().expect("an id").to_owned();
    let again = library.post("/api/v1/score-sheets", new.clone()).await;
    assert_eq!(again.body()["id"], id);
    let path = format!("/api/v1/score-sheets/{id}/entries");
    let entries = json!({ "layer": "SELF", "entries": [
        { "code": "care", "points": "27,5" }, { "code": "movement", "points": "28" }, { "code": "on_time", "verdict": true },
    ] });
    let patch = |tag: Option<&'static str>, body: Value| {
        let (library, path) = (library.clone(), path.clone());
        async move {
            let mut headers = vec![("content-type", "application/json")];
            headers.extend(tag.map(|tag| ("if-match", tag)));
            library.request(Method::PATCH, &path, &headers, body.to_string()).await
        }
    };
    assert_eq!(patch(None, entries.clone()).await.status(), 428);
    assert_eq!(patch(Some("\"7\""), entries.clone()).await.status(), 412);
    let written = patch(Some("\"1\""), entries.clone()).await;
    assert_eq!((written.status(), written.header("etag")), (200, "\"2\""), "{written}");
    assert_eq!(written.body()["entries"][0]["points"], "27.5");
    let same = patch(Some("\"1\""), entries).await;
    assert_eq!(
        (same.status(), same.header("etag")),
        (200, "\"2\""),
        "asked again: {same}"
    );
    let both = json!({ "layer": "SELF", "entries": [{ "code": "care", "points": "1", "count": 2 }] });
    assert_eq!(patch(Some("*"), both).await.status(), 400);
    let headers = [("if-match", "\"2\"")];
    let submitted = library
        .request(Method::POST, &format!("/api/v1/score-sheets/{id}/submit"), &headers, "")
        .await;
    assert_eq!(submitted.body()["state"], "SELF_SUBMITTED", "{submitted}");
    // Begun once more it is still the one that there is; but nobody else begins it.
    let once_more = library.post("/api/v1/score-sheets", new.clone()).await;
    assert_eq!(
        (once_more.status(), &once_more.body()["id"]),
        (201, &json!(id)),
        "{once_more}"
    );
    let chair = scoring.year.chair.post("/api/v1/score-sheets", new).await;
    assert_eq!(chair.status(), 403, "{chair}");
    let list = scoring
        .year
        .chair
        .get(&format!("/api/v1/score-sheets?yearId={}&count=true", scoring.year.id))
        .await;
    assert_eq!(list.body()["totalCount"], 1, "{list}");
    let drafts = scoring
        .year
        .chair
        .get("/api/v1/score-sheets?states=DRAFT&count=true")
        .await;
    assert_eq!(drafts.body()["totalCount"], 0, "{drafts}");
}
