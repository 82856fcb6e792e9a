//! Notifications of awards: for whom a proposal waits, who learns of an outcome and when, and what becomes of an award.

use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::awards_proposals::{Awarding, at};
use crate::clusters::Cluster;
use crate::notifications_conferences::told;
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    a_proposal_waits_for_the_chair_then_for_who_appraises_then_for_who_decides,
    where_nobody_leads_a_cluster_the_nearest_above_endorses,
    the_chairs_own_proposal_waits_for_the_others_who_lead,
    a_staged_outcome_tells_nobody_of_the_proposing_side_before_it_is_released,
    a_refusal_says_why_when_it_is_told,
    what_a_decision_gives_one_unit_is_told_once,
    what_becomes_of_an_award_is_told_to_its_unit,
}

const WAITS: &[&str] = &["AWARD_TO_ENDORSE", "AWARD_TO_APPRAISE", "AWARD_TO_DECIDE"];
const OUTCOMES: &[&str] = &["AWARD_OUTCOME_TOLD", "AWARD_OUTCOME_REOPENED", "AWARD_GIVEN"];

async fn a_proposal_waits_for_the_chair_then_for_who_appraises_then_for_who_decides(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Sở Nội vụ"], "2025-01-01").await.thing();
    let chair = app.officer_of(&world["Sở Nội vụ"]).await;
    let proposal = awarding.library().await.thing().clone();
    let flag = "«Cờ thi đua của Liên đoàn Lao động tỉnh»";
    let newest = "mới nhất: cho «CĐCS Thư viện tỉnh», năm 2025.";
    assert_eq!(
        told(&app, &chair, WAITS).await,
        [format!(
            "Mới có 1 đề nghị tặng {flag} chuyển đến chờ cho ý kiến nhất trí; {newest}"
        )]
    );
    assert!(told(&app, &awarding.upper, WAITS).await.is_empty(), "the chair does it");
    let endorsed = chair.does("endorseAwardProposal", at(&proposal)).await.thing().clone();
    assert_eq!(
        told(&app, &awarding.specialist, WAITS).await,
        [format!(
            "Mới có 1 đề nghị tặng {flag} chuyển đến chờ thẩm định; {newest}"
        )]
    );
    awarding
        .specialist
        .does("appraiseAwardProposal", at(&endorsed))
        .await
        .thing();
    assert_eq!(
        told(&app, &awarding.committee, WAITS).await,
        [format!(
            "Mới có 1 đề nghị tặng {flag} chuyển đến chờ xét, quyết định; {newest}"
        )]
    );
    assert_eq!(told(&app, &awarding.specialist, WAITS).await.len(), 1);
    assert!(told(&app, &awarding.officer, WAITS).await.is_empty());
}

async fn where_nobody_leads_a_cluster_the_nearest_above_endorses(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding.library().await.thing();
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let input = awarding.proposal(&awarding.flag, &world["Sở Nội vụ"], "Xuất sắc của cụm");
    officer.does("proposeAward", input).await.thing();
    let waits = told(&app, &awarding.upper, WAITS).await;
    assert_eq!(waits.len(), 1, "one kind of award is told once: {waits:?}");
    assert!(waits[0].starts_with("Mới có 2 đề nghị"), "{waits:?}");
    assert!(
        told(&app, &awarding.specialist, WAITS).await.is_empty(),
        "the union nearer to the unit does it"
    );
}

async fn the_chairs_own_proposal_waits_for_the_others_who_lead(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Thư viện"], "2025-01-01").await.thing();
    cluster.gives("DEPUTY", &world["Sở Nội vụ"], "2025-01-01").await.thing();
    let deputy = app.officer_of(&world["Sở Nội vụ"]).await;
    awarding.library().await.thing();
    assert_eq!(told(&app, &deputy, WAITS).await.len(), 1);
    let other = app.officer_of(&world["Thư viện"]).await;
    assert!(
        told(&app, &other, WAITS).await.is_empty(),
        "no officer of the very unit endorses"
    );
}

async fn a_staged_outcome_tells_nobody_of_the_proposing_side_before_it_is_released(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    assert_eq!(approved["state"], "APPROVED");
    let other = app.officer_of(&world["Thư viện"]).await;
    let before = app.contents().await;
    for who in [&awarding.officer, &other, &awarding.upper] {
        assert!(told(&app, who, OUTCOMES).await.is_empty());
    }
    let kinds: Vec<&String> = before["event"].iter().filter(|row| row.contains("OUTCOME")).collect();
    assert!(
        kinds.is_empty(),
        "an outcome that was not released makes no event: {kinds:?}"
    );
    let batch = json!({ "deciderId": world["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    awarding.committee.does("releaseAwardOutcomes", batch).await.thing();
    let sentence =
        "Đề nghị tặng «Cờ thi đua của Liên đoàn Lao động tỉnh» năm 2025 cho «CĐCS Thư viện tỉnh» đã được duyệt.";
    for who in [&awarding.officer, &other] {
        assert_eq!(told(&app, who, OUTCOMES).await, [sentence]);
    }
    let english = told(&app, &other.in_english(), OUTCOMES).await;
    assert_eq!(
        english,
        ["The proposal of “Cờ thi đua của Liên đoàn Lao động tỉnh” 2025 for “CĐCS Thư viện tỉnh” was approved."]
    );
}

async fn a_refusal_says_why_when_it_is_told(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    let proposal = awarding.library().await.thing().clone();
    awarding.concludes(&proposal, "REFUSE").await.thing();
    let batch = json!({ "deciderId": app.world()["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    awarding.committee.does("releaseAwardOutcomes", batch).await.thing();
    assert_eq!(
        told(&app, &awarding.officer, OUTCOMES).await,
        [
            "Đề nghị tặng «Cờ thi đua của Liên đoàn Lao động tỉnh» năm 2025 cho «CĐCS Thư viện tỉnh» không được duyệt: Theo kết quả bỏ phiếu."
        ]
    );
}

async fn what_a_decision_gives_one_unit_is_told_once(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let mut approved = Vec::new();
    for person in ["Nguyễn Thị Hoa", "Trần Văn Bình"] {
        let mut input = awarding.proposal(
            &awarding.certificate,
            &world["Thư viện"],
            &format!("Thành tích của {person}"),
        );
        input["person"] = person.into();
        let proposal = awarding.officer.does("proposeAward", input).await.thing().clone();
        let voted = awarding.voted(&proposal, 9).await;
        approved.push(awarding.concludes(&voted, "APPROVE").await.thing().clone());
    }
    let both: Vec<&Value> = approved.iter().collect();
    awarding.decides("12/QĐ-LĐLĐ", "2026-03-09", &both).await.thing();
    let given = told(&app, &awarding.officer, &["AWARD_GIVEN"]).await;
    assert_eq!(given.len(), 1, "{given:?}");
    let sentence = "Đơn vị bạn có 2 khen thưởng mới theo Quyết định số 12/QĐ-LĐLĐ ngày 09/03/2026 của Liên đoàn Lao động tỉnh Sóc Trăng, trong đó ";
    assert!(given[0].starts_with(sentence), "{given:?}");
    let query = "{ notifications(where: { kinds: [AWARD_GIVEN] }) { nodes { subjectId unit { id } } } }";
    let list = awarding.officer.graphql(query, json!({})).await;
    assert_eq!(list.str("/notifications/nodes/0/unit/id"), world["Thư viện"].id());
    let decision = json!({ "id": list.str("/notifications/nodes/0/subjectId") });
    let query = "query($id: ID!) { node(id: $id) { ... on AwardDecision { number } } }";
    let seen = awarding.officer.graphql(query, decision).await;
    assert_eq!(seen.str("/node/number"), "12/QĐ-LĐLĐ");
}

async fn what_becomes_of_an_award_is_told_to_its_unit(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let approved = awarding.approved().await;
    awarding.decides("12/QĐ-LĐLĐ", "2026-03-08", &[&approved]).await.thing();
    let registry = awarding.officer.graphql("{ awards { nodes { id } } }", json!({})).await;
    let award = registry.str("/awards/nodes/0/id").to_owned();
    let occasion =
        json!({ "id": award, "heldOn": "2026-03-09", "place": "Hội trường tỉnh", "handedBy": "Chủ tịch LĐLĐ tỉnh" });
    awarding.specialist.does("handOverAward", occasion).await.thing();
    let mut by = json!({
        "id": award, "number": "20/QĐ-LĐLĐ", "decidedOn": "2026-03-09", "legalBasis": "Luật 06/2022/QH15", "ground": "Ghi sai tên",
        "recipientName": "Công đoàn cơ sở Thư viện tỉnh",
    });
    awarding.committee.does("correctAward", by.clone()).await.thing();
    by["number"] = "21/QĐ-LĐLĐ".into();
    by["ground"] = "Kê khai sai thành tích".into();
    by.as_object_mut().expect("an object").remove("recipientName");
    awarding.committee.does("revokeAward", by).await.thing();
    let officer = app
        .person(&[(Role::UnitOfficer, Scope::Unit(world["Thư viện"].uuid))])
        .await;
    let news = told(
        &app,
        &officer,
        &["AWARD_HANDED_OVER", "AWARD_CORRECTED", "AWARD_REVOKED"],
    )
    .await;
    let flag = "«Cờ thi đua của Liên đoàn Lao động tỉnh» năm 2025";
    assert_eq!(
        news,
        [
            format!(
                "{flag} của «CĐCS Thư viện tỉnh» bị thu hồi theo Quyết định số 21/QĐ-LĐLĐ ngày 09/03/2026 của Liên đoàn Lao động tỉnh Sóc Trăng: Kê khai sai thành tích."
            ),
            format!(
                "Tên ghi trong {flag} của «CĐCS Thư viện tỉnh» được đính chính thành «Công đoàn cơ sở Thư viện tỉnh» theo Quyết định số 20/QĐ-LĐLĐ ngày 09/03/2026 của Liên đoàn Lao động tỉnh Sóc Trăng: Ghi sai tên."
            ),
            format!("{flag} đã được trao cho «CĐCS Thư viện tỉnh» ngày 09/03/2026 tại Hội trường tỉnh."),
        ]
    );
    let stranger = app.officer_of(&world["Sở Nội vụ"]).await;
    assert!(told(&app, &stranger, &["AWARD_REVOKED"]).await.is_empty());
}
