//! Handing a cluster over: what the next chair finds, who may read it, and what it costs.

use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua_entity::enums::{CrossCheckState, FormState, PeriodKind};
use thidua_entity::{cross_check_finding, report_form, report_form_version};
use uuid::Uuid;

use crate::awards_proposals::Awarding;
use crate::ballots::{literal, motion};
use crate::clusters::Cluster;
use crate::conferences::{Assembly, planned};
use crate::scoring::Scoring;
use crate::support::{Answer, Person, TestApp, moment, no_more_statements, on_both_databases};
use crate::years::MEMBERS;
use crate::years_pacts::Pact;

on_both_databases! {
    the_next_chair_finds_what_is_open_in_the_year,
    the_pact_waits_for_those_who_have_not_signed,
    a_conference_leaves_its_minutes_and_ballots_behind,
    proposals_wait_for_the_cluster_with_their_last_day,
    who_reads_what_is_open_and_who_does_not,
    a_coming_chair_sees_as_much_as_a_member_until_its_day,
    an_office_that_nobody_takes_on_is_told_of,
    a_handover_costs_no_more_when_much_is_open,
    rest_tells_the_same,
    forms_of_other_unions_hide_no_missing_report,
    a_sheet_of_a_unit_that_has_withdrawn_counts_neither_way,
}

async fn handover(who: &Person, cluster: &str) -> Answer {
    let query = "query($id: ID!) { clusterHandover(clusterId: $id) { cluster { name } items { kind count dueOn sentence nodeIds } } }";
    who.graphql(query, json!({ "id": cluster })).await
}

/// What is open, by kind, with how much of it.
fn counts(answer: &Answer) -> Vec<(String, u64)> {
    let items = answer.at("/clusterHandover/items").as_array().expect("a list");
    let of = |item: &Value| {
        let kind = item["kind"].as_str().expect("a kind").to_owned();
        (kind, item["count"].as_u64().expect("a number"))
    };
    items.iter().map(of).collect()
}

fn item<'a>(answer: &'a Answer, kind: &str) -> &'a Value {
    let mut items = answer.at("/clusterHandover/items").as_array().expect("a list").iter();
    let found = items.find(|item| item["kind"] == kind);
    found.unwrap_or_else(|| panic!("no {kind} in {answer}"))
}

/// A year in which one sheet was appraised and objected to, and one cross-check waits for a reply.
async fn judged(app: &TestApp) -> Scoring {
    let scoring = Scoring::open(app).await;
    let sheet = scoring.appraised(MEMBERS[2], MEMBERS[3]).await;
    let officer = scoring.year.officer(MEMBERS[2]).await;
    let objection = json!({ "sheetId": sheet, "text": "Hồ sơ chăm lo đã đủ" });
    officer.does("raiseObjection", objection).await.thing();
    scoring
        .assign(MEMBERS[2], MEMBERS[3], CrossCheckState::FindingsSent)
        .await;
    let env = &app.env;
    let check = app
        .rows("SELECT id FROM cross_check WHERE state = 'FINDINGS_SENT'")
        .await;
    let finding = cross_check_finding::ActiveModel {
        id: Set(env.new_id()),
        cross_check_id: Set(check[0].try_get("", "id").expect("an id")),
        criterion: Set(None),
        text: Set("Thiếu biên bản".to_owned()),
        evidence_seen: Set(None),
        written_by: Set(None),
        written_for: Set(None),
        written_at: Set(env.now()),
        accepted: Set(None),
        reply: Set(None),
        replied_by: Set(None),
        replied_for: Set(None),
        replied_at: Set(None),
        version: Set(1),
    };
    finding.insert(&env.db).await.expect("a finding");
    scoring
}

async fn the_next_chair_finds_what_is_open_in_the_year(app: TestApp) {
    let world = app.world();
    let scoring = judged(&app).await;
    let year = &scoring.year;
    let officer = year.officer(MEMBERS[1]).await;
    let figures = [("members_total", "20"), ("workers_total", "21")];
    let report = year.reporting.draft(&officer, &world[MEMBERS[1]], &figures).await;
    report.step(&officer, "submitReport", 2).await.thing();
    app.it_is(moment(2026, 12, 15, 8, 0));
    let seen = handover(&year.chair, &year.cluster.id).await;
    assert_eq!(seen.str("/clusterHandover/cluster/name"), "Cụm thi đua số 1");
    let members = MEMBERS.len() as u64;
    let expected = [
        ("YEAR_UNFINISHED", 1),
        ("REPORTS_MISSING", members - 1),
        ("REPORTS_UNVERIFIED", 1),
        ("CROSS_CHECKS_OPEN", 1),
        ("FINDINGS_UNANSWERED", 1),
        ("SHEETS_UNDECIDED", members),
        ("OBJECTIONS_UNANSWERED", 1),
    ];
    assert_eq!(counts(&seen), expected.map(|(kind, count)| (kind.to_owned(), count)));
    let first = item(&seen, "YEAR_UNFINISHED");
    assert_eq!(
        first["sentence"],
        "Năm thi đua 2026 đang ở giai đoạn thẩm định; tiếp theo là giai đoạn bình xét, bỏ phiếu."
    );
    assert_eq!(first["nodeIds"], json!([year.id]));
    let missing = item(&seen, "REPORTS_MISSING");
    assert_eq!(missing["dueOn"], "2026-12-10");
    assert_eq!(
        missing["sentence"],
        format!(
            "{} đơn vị chưa gửi báo cáo đã đến hạn; hạn sớm nhất 10/12/2026.",
            members - 1
        )
    );
    for entry in seen.at("/clusterHandover/items").as_array().expect("a list") {
        for id in entry["nodeIds"].as_array().expect("ids") {
            let node = year
                .chair
                .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }))
                .await;
            assert_eq!(node.at("/node/id"), id, "what an item leads to is seen by who reads it");
        }
    }
    let english = handover(&year.chair.in_english(), &year.cluster.id).await;
    assert_eq!(
        item(&english, "CROSS_CHECKS_OPEN")["sentence"],
        "1 cross-checks have no minutes yet."
    );
}

async fn the_pact_waits_for_those_who_have_not_signed(app: TestApp) {
    let year = crate::years::Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..1]).await;
    let seen = handover(&year.chair, &year.cluster.id).await;
    let unsigned = item(&seen, "PACT_UNSIGNED");
    assert_eq!(unsigned["count"], MEMBERS.len() - 1);
    assert_eq!(unsigned["nodeIds"], json!([pact.id]));
    let first = item(&seen, "YEAR_UNFINISHED")["sentence"].as_str().expect("a sentence");
    assert!(
        first.contains("Giao ước thi đua chưa có hiệu lực: còn đơn vị chưa ký"),
        "{first}"
    );
}

async fn a_conference_leaves_its_minutes_and_ballots_behind(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let mut later = planned(&assembly.cluster.id);
    later["heldOn"] = "2027-06-30".into();
    assembly.specialist.does("planConference", later).await.thing();
    let mut asked = motion(&assembly, "Thông qua báo cáo");
    asked["writtenUntil"] = "2026-12-31".into();
    let ballot = assembly.specialist.does("draftBallot", asked).await.id().to_owned();
    let chair = assembly.officer("Đăk Tô");
    let seen = handover(chair, &assembly.cluster.id).await;
    let expected = [
        ("CONFERENCE_OPEN", 2),
        ("MINUTES_MISSING", 1),
        ("BALLOTS_UNCONFIRMED", 1),
    ];
    assert_eq!(counts(&seen), expected.map(|(kind, count)| (kind.to_owned(), count)));
    let open = item(&seen, "CONFERENCE_OPEN");
    assert_eq!(
        (&open["dueOn"], &open["nodeIds"][0]),
        (&json!("2026-12-25"), &json!(assembly.id))
    );
    let ballots = item(&seen, "BALLOTS_UNCONFIRMED");
    assert_eq!(
        (&ballots["dueOn"], &ballots["nodeIds"]),
        (&json!("2026-12-31"), &json!([ballot]))
    );
    let minutes = json!({ "text": "Hội nghị thông qua báo cáo." });
    assembly.takes("writeConferenceMinutes", minutes).await.thing();
    let seen = handover(chair, &assembly.cluster.id).await;
    assert_eq!(counts(&seen).len(), 2);
}

async fn proposals_wait_for_the_cluster_with_their_last_day(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let days = json!({ "days": { "endorse": 3 } });
    awarding.asks(&awarding.flag, 2, "2025-01-01", days).await.thing();
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Sở Nội vụ"], "2025-01-01").await.thing();
    let chair = app.officer_of(&world["Sở Nội vụ"]).await;
    let proposal = awarding.library().await.thing().clone();
    let seen = handover(&chair, &cluster.id).await;
    let waiting = item(&seen, "PROPOSALS_UNENDORSED");
    assert_eq!(
        (&waiting["count"], &waiting["dueOn"], &waiting["nodeIds"]),
        (&json!(1), &json!("2026-03-13"), &json!([proposal["id"]]))
    );
    // A refusal that was not told is none to the cluster.
    awarding.concludes(&proposal, "REFUSE").await.thing();
    let staged = handover(&chair, &cluster.id).await;
    assert_eq!(item(&staged, "PROPOSALS_UNENDORSED"), waiting);
}

async fn who_reads_what_is_open_and_who_does_not(app: TestApp) {
    let scoring = judged(&app).await;
    let year = &scoring.year;
    let code = async |who: &Person| handover(who, &year.cluster.id).await.code().to_owned();
    for who in [&year.chair, &year.deputy, &year.specialist, &year.committee] {
        assert_eq!(code(who).await, "");
    }
    let member = year.officer(MEMBERS[2]).await;
    assert_eq!(code(&member).await, "FORBIDDEN");
    assert_eq!(code(&app.admin().await).await, "FORBIDDEN");
    let stranger = app.officer_of(&app.world()["Đăk Tô"]).await;
    assert_eq!(code(&stranger).await, "NOT_FOUND");
    assert_eq!(code(&app.nobody()).await, "UNAUTHENTICATED");
}

async fn a_coming_chair_sees_as_much_as_a_member_until_its_day(app: TestApp) {
    let world = app.world();
    let scoring = judged(&app).await;
    let year = &scoring.year;
    let next = year.officer(MEMBERS[4]).await;
    assert_eq!(handover(&next, &year.cluster.id).await.code(), "FORBIDDEN");
    year.cluster
        .gives("CHAIR", &world[MEMBERS[4]], "2026-04-01")
        .await
        .thing();
    let before = handover(&next, &year.cluster.id).await;
    // What was found at another unit, and what it holds against its appraisal, is none of a member's business.
    let kinds: Vec<String> = counts(&before).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["YEAR_UNFINISHED", "CROSS_CHECKS_OPEN", "SHEETS_UNDECIDED"]);
    app.it_is(moment(2026, 4, 1, 8, 0));
    let after = handover(&next, &year.cluster.id).await;
    for kind in ["FINDINGS_UNANSWERED", "OBJECTIONS_UNANSWERED"] {
        assert!(counts(&after).contains(&(kind.to_owned(), 1)), "{after}");
    }
}

async fn an_office_that_nobody_takes_on_is_told_of(app: TestApp) {
    let world = app.world();
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    let seen = handover(&cluster.specialist, &cluster.id).await;
    assert_eq!(counts(&seen), [("OFFICE_VACANT".to_owned(), 1)]);
    cluster.gives("CHAIR", &world["Thư viện"], "2026-01-01").await.thing();
    assert_eq!(counts(&handover(&cluster.specialist, &cluster.id).await), []);
    cluster
        .lets_go("offices", &world["Thư viện"], "2026-03-10", "2026-04-30")
        .await
        .thing();
    let seen = handover(&cluster.specialist, &cluster.id).await;
    let ending = item(&seen, "OFFICE_ENDING");
    assert_eq!(
        (&ending["dueOn"], ending["sentence"].as_str()),
        (
            &json!("2026-04-30"),
            Some("Nhiệm kỳ cụm trưởng hết từ ngày 30/04/2026, chưa có đơn vị kế tiếp.")
        )
    );
    cluster.gives("CHAIR", &world["Sở Nội vụ"], "2026-04-30").await.thing();
    assert_eq!(counts(&handover(&cluster.specialist, &cluster.id).await), []);
}

async fn a_handover_costs_no_more_when_much_is_open(app: TestApp) {
    let scoring = judged(&app).await;
    let year = &scoring.year;
    let few = handover(&year.chair, &year.cluster.id).await;
    for unit in [MEMBERS[2], MEMBERS[3]] {
        let officer = year.officer(unit).await;
        let sheet = scoring.handed_in(unit).await;
        for text in ["Điều thứ nhất", "Điều thứ hai"] {
            let objection = json!({ "sheetId": sheet, "text": text });
            officer.does("raiseObjection", objection).await;
        }
    }
    for day in ["2026-03-20", "2026-03-21", "2026-03-22"] {
        let mut plan = planned(&year.cluster.id);
        plan["heldOn"] = day.into();
        let conference = year.specialist.does("planConference", plan).await.id().to_owned();
        let asked = json!({
            "conferenceId": conference, "title": "Thông qua", "kind": "APPROVE", "purpose": "OTHER", "secret": false,
            "motions": ["Quy chế"], "threshold": { "part": { "numerator": 1, "denominator": 2 }, "exceeded": true },
        });
        year.specialist.does("draftBallot", asked).await.thing();
    }
    let many = handover(&year.chair, &year.cluster.id).await;
    assert!(counts(&many).contains(&("BALLOTS_UNCONFIRMED".to_owned(), 3)), "{many}");
    no_more_statements(few.statements(), many.statements());
    assert!(many.statements() <= 40, "{}", many.statements());
}

async fn rest_tells_the_same(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let chair = assembly.officer("Đăk Tô");
    let seen = handover(chair, &assembly.cluster.id).await;
    let path = format!("/api/v1/clusters/{}/handover", assembly.cluster.id);
    let rest = chair.get(&path).await;
    assert_eq!(rest.body()["items"], *seen.at("/clusterHandover/items"));
    assert_eq!(rest.body()["clusterId"], assembly.cluster.id.as_str());
    assert_eq!(assembly.officer("Tu Mơ Rông").get(&path).await.status(), 403);
}

/// Many older forms of another province are due on the same day.
async fn older_forms_elsewhere(app: &TestApp) {
    let (env, owner) = (&app.env, app.world()["Kon Tum"].uuid);
    for number in 1..=25 {
        let id = Uuid::from_u128(number);
        let form = report_form::ActiveModel {
            id: Set(id),
            owner_id: Set(owner),
            code: Set(format!("KT-{number}")),
            name: Set("Biểu của tỉnh khác".to_owned()),
            periodicity: Set(PeriodKind::Year),
            version: Set(1),
        };
        form.insert(&env.db).await.expect("a form");
        let version = report_form_version::ActiveModel {
            id: Set(id),
            form_id: Set(id),
            number: Set(1),
            state: Set(FormState::Published),
            legal_basis: Set(None),
            size_by: Set(None),
            size_fewest: Set(None),
            size_most: Set(None),
            published_at: Set(Some(env.now())),
            version: Set(1),
        };
        version.insert(&env.db).await.expect("a version");
    }
}

async fn forms_of_other_unions_hide_no_missing_report(app: TestApp) {
    let year = crate::years::Year::begin(&app).await;
    older_forms_elsewhere(&app).await;
    app.it_is(moment(2026, 12, 15, 8, 0));
    let seen = handover(&year.chair, &year.cluster.id).await;
    let missing = item(&seen, "REPORTS_MISSING");
    assert_eq!(missing["count"], MEMBERS.len());
    assert_eq!(missing["dueOn"], "2026-12-10");
}

async fn a_sheet_of_a_unit_that_has_withdrawn_counts_neither_way(app: TestApp) {
    let scoring = judged(&app).await;
    let year = &scoring.year;
    let gone = scoring.handed_in(MEMBERS[3]).await;
    let list = year.asked("participants { id unitName version }").await;
    let list = list.at("/node/participants").as_array().expect("a list").clone();
    let name = &app.world()[MEMBERS[3]].name;
    let unit = list
        .iter()
        .find(|one| one["unitName"] == name.as_str())
        .expect("the unit");
    let withdrawn = json!({ "id": unit["id"], "version": unit["version"], "on": "2026-03-05", "reason": "Chuyển cụm" });
    year.specialist.does("withdrawParticipant", withdrawn).await.thing();
    let seen = handover(&year.chair, &year.cluster.id).await;
    let open = item(&seen, "SHEETS_UNDECIDED");
    assert_eq!(open["count"], MEMBERS.len() - 1);
    let nodes = open["nodeIds"].as_array().expect("ids");
    assert!(!nodes.contains(&json!(gone)) && !nodes.is_empty(), "{seen}");
    let id = Kind::ScoreSheet.parse(&gone).expect("a sheet");
    let decided = format!(
        "UPDATE score_sheet SET state = 'DECIDED' WHERE id = {} RETURNING 1 AS one",
        literal(&app, id)
    );
    assert_eq!(app.rows(&decided).await.len(), 1);
    let seen = handover(&year.chair, &year.cluster.id).await;
    assert_eq!(item(&seen, "SHEETS_UNDECIDED")["count"], MEMBERS.len() - 1);
}
