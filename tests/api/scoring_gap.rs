//! How far what a unit gives itself lies apart from what others give it, over years: who is told what, and the numbers by hand. How lenient
//! checkers are, likewise.

use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua_entity::enums::{CrossCheckState, ScoreKind, ScoreLayer, ScoreSubject, SheetState, YearCalendar, YearPhase};
use thidua_entity::{Fixed4, emulation_participant, emulation_year, score_entry, score_sheet};
use uuid::Uuid;

use crate::clusters::Cluster;
use crate::results::step;
use crate::scoring::{Scoring, because, good, points};
use crate::support::{Answer, Person, TestApp, fewest_statements, no_more_statements, on_both_databases};
use crate::years::{MEMBERS, node};

on_both_databases! {
    a_unit_sees_its_own_past_and_that_of_the_cluster_before_it_sends,
    nobody_is_told_in_a_blind_year_what_is_hidden_from_them,
    of_a_year_that_is_decided_its_final_points_count_at_once,
    what_was_elsewhere_is_told_to_who_sees_it,
    what_a_unit_does_not_see_does_not_exist,
    how_lenient_checkers_are_is_told_to_who_decides,
    a_long_list_takes_no_more_statements_than_a_short_one,
}

/// What a unit gave itself for `care`, what its checker gave, what was final, and who checked.
type Judgement<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

const QUERY: &str = "gap { total { ...over } criteria { ...over } sentences }";
const OVER: &str = "fragment over on GapOverYears { code title meanYears meanToFinal meanToFinalPercent sentences years { \
    year clusterName published max layers { layer points } fromReports final toCrossCheck toCrossCheckPercent toFinal toFinalPercent \
    toReports othersToCrossCheck { count median deviation } othersToFinal { count median deviation } } }";

/// The gap of a sheet as somebody sees it, by both doors, which must tell the same numbers.
async fn gap(who: &Person, sheet: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on ScoreSheet {{ {QUERY} }} }} }} {OVER}");
    let told = who.graphql(&query, json!({ "id": sheet })).await;
    let rest = who.get(&format!("/api/v1/score-sheets/{sheet}/gap")).await;
    if told.code() == "NOT_FOUND" {
        assert_eq!(rest.status(), 404, "{rest}");
        return told;
    }
    let (one, other) = (told.at("/node/gap"), rest.body());
    for pointer in [
        "/sentences",
        "/total/sentences",
        "/total/meanToFinal",
        "/total/meanToFinalPercent",
        "/total/years/0/layers",
        "/total/years/0/final",
        "/criteria/0/years/0/toCrossCheck",
        "/criteria/0/years/0/othersToCrossCheck",
        "/criteria/0/years/1/othersToFinal",
    ] {
        let null = Value::Null;
        let at = |value: &Value| value.pointer(pointer).unwrap_or(&null).clone();
        assert_eq!(at(one), at(other), "{pointer}");
    }
    told
}

/// The criterion `care` of a gap, in one of its years: 0 is the present one.
fn care<'a>(gap: &'a Answer, year: usize, field: &str) -> &'a Value {
    gap.at(&format!("/node/gap/criteria/0/years/{year}/{field}"))
}

/// An earlier year of a cluster in which units were judged, with its result published. `movement` is 28, `growth` 20 and `on_time` passed, so
/// totals are 58 more than `care`.
async fn past(scoring: &Scoring, cluster: &str, called: i32, judged: &[Judgement<'_>]) {
    let (app, day) = (&scoring.year.app, |text: String| text.parse().expect("a day"));
    let (env, world) = (&app.env, app.world());
    let year = emulation_year::ActiveModel {
        id: Set(env.new_id()),
        cluster_id: Set(Kind::Cluster.parse(cluster).expect("a cluster")),
        year: Set(called),
        theme: Set(None),
        starts_on: Set(day(format!("{called}-01-01"))),
        ends_on: Set(day(format!("{called}-12-31"))),
        school_starts_on: Set(None),
        school_ends_on: Set(None),
        phase: Set(YearPhase::Deciding),
        criteria_version_id: Set(Some(
            Kind::CriteriaSetVersion
                .parse(&scoring.year.criteria)
                .expect("a version"),
        )),
        criteria_digest: Set(None),
        blind: Set(true),
        objection_days: Set(5),
        version: Set(1),
        created_at: Set(env.now()),
    };
    let year = year.insert(&env.db).await.expect("a year").id;
    for (unit, own, check, last, checker) in judged {
        let (unit, checker) = (world[unit].uuid, world[checker].uuid);
        let participant = emulation_participant::ActiveModel {
            id: Set(env.new_id()),
            year_id: Set(year),
            unit_id: Set(unit),
            calendar: Set(YearCalendar::Year),
            note: Set(None),
            withdrawn_on: Set(None),
            withdrawn_reason: Set(None),
            version: Set(1),
        };
        participant.insert(&env.db).await.expect("a participant");
        let sheet = score_sheet::ActiveModel {
            id: Set(env.new_id()),
            year_id: Set(year),
            unit_id: Set(unit),
            state: Set(SheetState::Decided),
            objections_until: Set(None),
            version: Set(1),
            created_at: Set(env.now()),
            updated_at: Set(env.now()),
        };
        let sheet = sheet.insert(&env.db).await.expect("a sheet").id;
        for (layer, points, by) in [
            (ScoreLayer::Own, own, Some(unit)),
            (ScoreLayer::CrossCheck, check, Some(checker)),
            (ScoreLayer::Cluster, last, None),
        ] {
            enters(app, sheet, (layer, by), ("care", Some(points))).await;
            enters(app, sheet, (layer, by), ("movement", Some("28"))).await;
            enters(app, sheet, (layer, by), ("growth", Some("20"))).await;
            enters(app, sheet, (layer, by), ("on_time", None)).await;
        }
    }
    let year = Kind::EmulationYear.id(year);
    let computed = scoring
        .year
        .specialist
        .does("computeResult", json!({ "yearId": year }))
        .await;
    step(&scoring.year.committee, "publishResult", computed.thing())
        .await
        .thing();
}

async fn enters(
    app: &TestApp,
    sheet: Uuid,
    (layer, by): (ScoreLayer, Option<Uuid>),
    (code, points): (&str, Option<&str>),
) {
    let row = score_entry::ActiveModel {
        id: Set(app.env.new_id()),
        sheet_id: Set(sheet),
        layer: Set(layer),
        subject: Set(ScoreSubject::Criterion),
        code: Set(code.to_owned()),
        edition: Set(1),
        standing: Set(true),
        kind: Set(if points.is_some() {
            ScoreKind::Points
        } else {
            ScoreKind::Verdict
        }),
        points: Set(points.map(|points| points.parse::<Fixed4>().expect("points"))),
        verdict: Set(points.is_none()),
        count: Set(None),
        events: Set(None),
        reason: Set(Some("Theo hồ sơ".to_owned())),
        unit_id: Set(by),
        written_by: Set(None),
        written_for: Set(None),
        written_at: Set(app.env.now()),
    };
    row.insert(&app.env.db).await.expect("an entry");
}

/// A year of all five members. The library gives itself 30 each time; the gaps of the four others are 1, 2, 3 and 4.
async fn usual(scoring: &Scoring, called: i32, (check, last): (&str, &str)) {
    let judged = [
        ("Thư viện", "30", check, last, "Sở Khoa học"),
        ("Sở Nội vụ", "25", "24.5", "24", "Sở Tài chính"),
        ("Sở Tài chính", "26", "24.5", "24", "Sở Nội vụ"),
        ("Sở Ngoại vụ", "27", "24.5", "24", "Thư viện"),
        ("Sở Khoa học", "28", "24.5", "24", "Sở Ngoại vụ"),
    ];
    past(scoring, &scoring.year.cluster.id, called, &judged).await;
}

async fn a_unit_sees_its_own_past_and_that_of_the_cluster_before_it_sends(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    for (called, last) in [(2023, "25.5"), (2024, "27"), (2025, "24")] {
        usual(&scoring, called, ("28", last)).await;
    }
    // 10 of 20 new members are 15 of 30 points, and the unit claims 20.
    let figures = [("members_total", "27"), ("workers_total", "29"), ("new_members", "10")];
    let library = scoring.year.officer("Thư viện").await;
    scoring
        .year
        .reporting
        .approved(&app, &app.world()["Thư viện"], &figures)
        .await;
    let mut entries = good();
    let growth = because(points("growth", "20"), "Mười đoàn viên chưa kịp vào báo cáo");
    entries.as_array_mut().expect("a list").push(growth);
    let sheet = scoring
        .write(&library, "Thư viện", "SELF", entries)
        .await
        .id()
        .to_owned();
    let seen = gap(&library, &sheet).await;
    let total = |field: &str| seen.at(&format!("/node/gap/total/{field}"));
    assert_eq!(
        (total("meanYears"), total("meanToFinal"), total("meanToFinalPercent")),
        (&json!(3), &json!("4.5"), &json!("4.5"))
    );
    let years: Vec<Value> = (0..4).map(|at| total(&format!("years/{at}/year")).clone()).collect();
    assert_eq!(years, [2026, 2025, 2024, 2023]);
    assert_eq!(*total("years/0/layers"), json!([{ "layer": "SELF", "points": "85.5" }]));
    assert_eq!(*total("years/0/final"), Value::Null);
    assert_eq!(
        *total("years/1/layers"),
        json!([
            { "layer": "SELF", "points": "88" }, { "layer": "CROSS_CHECK", "points": "86" }, { "layer": "CLUSTER", "points": "82" },
        ])
    );
    assert_eq!(
        (total("years/1/final"), total("years/1/toFinal")),
        (&json!("82"), &json!("6"))
    );
    assert_eq!(*total("years/1/toCrossCheck"), json!("2"));
    // Of 1, 2, 3 and 4 the median is 2,5; from there they lie 1,5, 0,5, 0,5 and 1,5 away, of which the median is 1.
    assert_eq!(
        *total("years/1/othersToFinal"),
        json!({ "count": 4, "median": "2.5", "deviation": "1" })
    );
    assert_eq!(*total("years/0/othersToFinal"), Value::Null);
    assert_eq!(*care(&seen, 1, "toFinalPercent"), json!("20"), "6 of 30");
    let growth = |field: &str| seen.at(&format!("/node/gap/criteria/2/years/0/{field}"));
    assert_eq!(
        (growth("fromReports"), growth("toReports")),
        (&json!("15"), &json!("5"))
    );
    let said = seen.at("/node/gap/sentences");
    assert_eq!(
        *said,
        json!([
            "Ba năm gần đây, điểm tự chấm của đơn vị cao hơn điểm kết luận trung bình 4,5 điểm.",
            "Năm 2025, 4 đơn vị khác trong cụm tự chấm cao hơn kết luận 2,5 điểm (trung vị; độ lệch thường gặp 1 điểm).",
            "Năm 2026, điểm tự chấm: 85,5; kết luận năm 2025: 82.",
            "Tiêu chí “Tiêu chí care”: ba năm gần đây, điểm tự chấm của đơn vị cao hơn điểm kết luận trung bình 4,5 điểm.",
        ])
    );
    let english = gap(&library.in_english(), &sheet).await;
    assert_eq!(
        english.str("/node/gap/sentences/0"),
        "In the last 3 years, the unit’s own points were above the final points on average by 4,5 points."
    );
    // Nobody else has the sheet before it is sent; who stands above the cluster sees it, and no points of this year.
    assert_eq!(gap(&scoring.year.chair, &sheet).await.code(), "NOT_FOUND");
    let above = gap(&scoring.year.specialist, &sheet).await;
    assert_eq!(*above.at("/node/gap/total/years/0/layers"), json!([]));
    assert_eq!(*above.at("/node/gap/total/meanToFinal"), json!("4.5"));
}

async fn nobody_is_told_in_a_blind_year_what_is_hidden_from_them(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    let checkers = ["Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện", "Sở Nội vụ"];
    let mut sheets = Vec::new();
    for (unit, own) in MEMBERS.iter().zip(["26", "27", "28", "29", "30"]) {
        let officer = year.officer(unit).await;
        let mut entries = good();
        entries[0] = points("care", own);
        let sheet = scoring.write(&officer, unit, "SELF", entries).await.id().to_owned();
        scoring.step(&officer, "submitScoreSheet", &sheet).await.thing();
        sheets.push(sheet);
    }
    let library = year.officer("Thư viện").await;
    let sheet = &sheets[4];
    let blind = [&year.chair, &year.deputy, &year.specialist, &year.committee];
    for who in blind {
        let seen = gap(who, sheet).await;
        assert_eq!(*care(&seen, 0, "layers"), json!([]));
        assert_eq!(*care(&seen, 0, "othersToCrossCheck"), Value::Null);
        assert!(!seen.text().contains("\"points\":"), "{seen}");
        assert_eq!(*seen.at("/node/gap/sentences"), json!([]));
    }
    year.to_phase("CROSS_CHECKING").await;
    for ((unit, checker), sheet) in MEMBERS.iter().zip(checkers).zip(&sheets) {
        scoring.assign(checker, unit, CrossCheckState::Minuted).await;
        let officer = year.officer(checker).await;
        let mut entries = good();
        entries[0] = points("care", "25");
        scoring.write(&officer, unit, "CROSS_CHECK", entries).await.thing();
        // A draft of the cross-check is nobody's gap, not even for who writes it.
        let seen = gap(&officer, sheet).await;
        assert_eq!(*care(&seen, 0, "toCrossCheck"), Value::Null);
        assert_eq!(*care(&seen, 0, "othersToCrossCheck"), Value::Null);
    }
    for (at, (checker, sheet)) in checkers.iter().zip(&sheets).enumerate() {
        let officer = year.officer(checker).await;
        scoring.step(&officer, "finishCrossCheck", sheet).await.thing();
        let seen = gap(&year.specialist, sheet).await;
        assert_eq!(*care(&seen, 0, "toCrossCheck"), json!((at + 1).to_string()));
        let others = care(&seen, 0, "othersToCrossCheck");
        assert_eq!(others.is_null(), at < 4, "{at} others are checked: {others}");
    }
    for who in blind {
        let seen = gap(who, sheet).await;
        assert_eq!(
            *care(&seen, 0, "othersToCrossCheck"),
            json!({ "count": 4, "median": "2.5", "deviation": "1" })
        );
    }
    // The unit knows its own gap now; of the others it sees the one sheet that it checked.
    let seen = gap(&library, sheet).await;
    assert_eq!(*care(&seen, 0, "toCrossCheck"), json!("5"));
    assert_eq!(*care(&seen, 0, "othersToCrossCheck"), Value::Null);
}

async fn of_a_year_that_is_decided_its_final_points_count_at_once(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let sheet = scoring.appraised("Thư viện", "Sở Khoa học").await;
    let before = gap(&scoring.year.specialist, &sheet).await;
    assert_eq!(*care(&before, 0, "toCrossCheck"), json!("0"));
    assert_eq!(*care(&before, 0, "final"), Value::Null, "the cluster does not decide");
    let change = score_sheet::ActiveModel {
        id: Set(Kind::ScoreSheet.parse(&sheet).expect("a sheet")),
        state: Set(SheetState::Decided),
        ..Default::default()
    };
    change.update(&app.env.db).await.expect("a sheet");
    let after = gap(&scoring.year.specialist, &sheet).await;
    assert_eq!(
        (care(&after, 0, "final"), care(&after, 0, "toFinal")),
        (&json!("25"), &json!("2.5"))
    );
    assert_eq!(*care(&after, 0, "published"), json!(false));
}

async fn what_was_elsewhere_is_told_to_who_sees_it(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let elsewhere = Cluster::of(&app, "Viên chức", "Cụm thi đua số 7", &[]).await;
    let judged = [("Thư viện", "30", "28", "20", "Sở Khoa học")];
    past(&scoring, &elsewhere.id, 2025, &judged).await;
    let sheet = scoring.handed_in("Thư viện").await;
    let seen = gap(&scoring.year.officer("Thư viện").await, &sheet).await;
    assert_eq!(*care(&seen, 1, "clusterName"), json!("Cụm thi đua số 7"));
    assert_eq!(*care(&seen, 1, "toFinal"), json!("10"));
    assert_eq!(*care(&seen, 1, "othersToFinal"), Value::Null, "there was nobody else");
    // The chair of this year's cluster has nothing to do with that one.
    let chair = gap(&scoring.year.chair, &sheet).await;
    assert_eq!(chair.at("/node/gap/total/years").as_array().map(Vec::len), Some(1));
    assert_eq!(*chair.at("/node/gap/total/meanYears"), json!(0));
}

async fn what_a_unit_does_not_see_does_not_exist(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let sheet = scoring.handed_in("Thư viện").await;
    let elsewhere = app.officer_of(&app.world()["Y tế Đăk Tô"]).await;
    for who in [
        &app.stranger().await,
        &elsewhere,
        &scoring.year.officer("Sở Ngoại vụ").await,
    ] {
        assert_eq!(gap(who, &sheet).await.code(), "NOT_FOUND");
    }
    let nobody = app.nobody().get(&format!("/api/v1/score-sheets/{sheet}/gap")).await;
    assert_eq!((nobody.status(), nobody.code()), (401, "UNAUTHENTICATED"));
}

async fn how_lenient_checkers_are_is_told_to_who_decides(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    // Sở Khoa học gave the library 3, 1 and 2 points too many; the others half a point to everybody.
    for (called, check, last) in [(2023, "28", "25"), (2024, "28", "27"), (2025, "28", "26")] {
        usual(&scoring, called, (check, last)).await;
    }
    let fields = "checkerLeniency { unitName sheets years own { sheets points percent } others { sheets points percent } sentence }";
    let path = format!("/api/v1/emulation-years/{}/checker-leniency", year.id);
    for who in [&year.chair, &year.deputy, &year.specialist, &year.committee] {
        let told = node(who, &year.id, fields).await;
        let first = told.at("/node/checkerLeniency/0");
        assert_eq!(first["unitName"], "CĐCS Sở Khoa học và Công nghệ");
        assert_eq!(
            (&first["sheets"], &first["years"]),
            (&json!(3), &json!([2025, 2024, 2023]))
        );
        assert_eq!(first["own"], json!({ "sheets": 3, "points": "2", "percent": "2" }));
        assert_eq!(
            first["others"],
            json!({ "sheets": 12, "points": "0.5", "percent": "0.5" })
        );
        assert_eq!(
            first["sentence"],
            "Trung vị của 3 phiếu: điểm kiểm tra chéo cao hơn điểm kết luận 2% thang điểm; 12 phiếu do đơn vị khác kiểm tra: cao hơn \
             điểm kết luận 0,5% thang điểm."
        );
        let rest = who.get(&path).await;
        assert_eq!(rest.body()["items"][0]["own"], first["own"]);
        assert_eq!(rest.body()["items"][0]["sentence"], first["sentence"]);
    }
    for who in [&year.officer("Thư viện").await, &year.officer("Sở Khoa học").await] {
        let told = node(who, &year.id, fields).await;
        assert_eq!(*told.at("/node/checkerLeniency"), Value::Null);
        assert_eq!(who.get(&path).await.code(), "FORBIDDEN");
    }
    assert_eq!(app.stranger().await.get(&path).await.status(), 404);
    // What is checked and not decided yet adds nothing, and what is decided does.
    let sheet = scoring.checked("Thư viện", "Sở Khoa học").await;
    // In a blind year the chair sees the points of others once its own are handed in.
    scoring.handed_in(MEMBERS[0]).await;
    let sheets = async || {
        let told = node(&year.chair, &year.id, "checkerLeniency { sheets }").await;
        told.at("/node/checkerLeniency/0/sheets").clone()
    };
    assert_eq!(sheets().await, json!(3));
    let id = Kind::ScoreSheet.parse(&sheet).expect("a sheet");
    for layer in [ScoreLayer::CrossCheck, ScoreLayer::Cluster] {
        enters(&app, id, (layer, None), ("growth", Some("20"))).await;
    }
    let change = score_sheet::ActiveModel {
        id: Set(id),
        state: Set(SheetState::Decided),
        ..Default::default()
    };
    change.update(&app.env.db).await.expect("a sheet");
    assert_eq!(sheets().await, json!(4));
}

async fn a_long_list_takes_no_more_statements_than_a_short_one(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    for called in [2024, 2025] {
        usual(&scoring, called, ("28", "27")).await;
    }
    let query = "{ scoreSheets(first: 5, where: { states: [SELF_SUBMITTED] }) { nodes { gap { sentences total { meanYears meanToFinal years { toFinal \
                 clusterName othersToFinal { median } } } } } } }";
    scoring.handed_in("Thư viện").await;
    let ask = async || scoring.year.specialist.graphql(query, json!({})).await;
    assert_eq!(ask().await.at("/scoreSheets/nodes/0/gap/total/meanToFinal"), "3");
    let few = fewest_statements(ask).await;
    for unit in &MEMBERS[..4] {
        scoring.handed_in(unit).await;
    }
    let many = ask().await;
    assert_eq!(many.at("/scoreSheets/nodes").as_array().map(Vec::len), Some(5));
    assert_eq!(many.at("/scoreSheets/nodes/0/gap/total/meanYears"), 2);
    no_more_statements(few, fewest_statements(ask).await);
}
