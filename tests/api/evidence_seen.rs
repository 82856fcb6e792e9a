//! Who sees evidence: who sees its report, and nobody else, on no door.

use serde_json::json;

use crate::clusters::Cluster;
use crate::evidence::{Begun, id};
use crate::support::{Person, TestApp, Upload, on_both_databases, pdf};

on_both_databases! {
    evidence_of_another_units_report_does_not_exist,
    a_chair_sees_evidence_of_what_was_handed_in_only,
    who_sees_evidence_but_may_not_write_the_report_may_not_remove_it,
}

/// Whether somebody sees a file: the same on every door.
async fn sees(who: &Person, report: &str, evidence: &str) -> bool {
    let seen = who.get(&format!("/api/v1/evidence/{evidence}")).await.status() == 200;
    let listed = who.get(&format!("/api/v1/reports/{report}/evidence")).await;
    assert_eq!(listed.status(), if seen { 200 } else { 404 }, "{listed}");
    let link = who
        .post(&format!("/api/v1/evidence/{evidence}/link"), json!(null))
        .await;
    assert_eq!(link.status(), if seen { 201 } else { 404 }, "{link}");
    let code = if seen { "" } else { "NOT_FOUND" };
    let node = "query($id: ID!) { node(id: $id) { id ... on Evidence { fileName sha256 } } }";
    assert_eq!(who.graphql(node, json!({ "id": evidence })).await.code(), code);
    assert_eq!(
        who.does("createEvidenceLink", json!({ "id": evidence })).await.code(),
        code
    );
    let in_list = "{ reports { nodes { id evidence { id } } } }";
    let in_list = who.graphql(in_list, json!({})).await;
    assert_eq!(in_list.text().contains(evidence), seen, "{in_list}");
    seen
}

async fn evidence_of_another_units_report_does_not_exist(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    for (who, expected) in [
        (begun.officer.clone(), true),
        (begun.reporting.specialist.clone(), true),
        (app.officer_of(&app.world()["Sở Nội vụ"]).await, false),
        (app.specialist_of(&app.world()["Kon Tum"]).await, false),
        (app.stranger().await, false),
    ] {
        assert_eq!(sees(&who, &begun.draft.id, &evidence).await, expected);
    }
    let neighbour = app.officer_of(&app.world()["Sở Nội vụ"]).await;
    let removed = neighbour.does("removeEvidence", json!({ "id": evidence })).await;
    assert_eq!(removed.code(), "NOT_FOUND");
    // An id of another kind names no evidence.
    let other = begun.officer.get(&format!("/api/v1/evidence/{}", begun.draft.id)).await;
    assert_eq!(other.status(), 404);
}

async fn a_chair_sees_evidence_of_what_was_handed_in_only(app: TestApp) {
    let world = app.world();
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    cluster.gives("CHAIR", &world["Sở Nội vụ"], "2026-01-01").await.thing();
    app.it_is(crate::support::moment(2027, 1, 5, 8, 0));
    let chair = app.officer_of(&world["Sở Nội vụ"]).await;
    assert!(!sees(&chair, &begun.draft.id, &evidence).await);
    begun.draft.step(&begun.officer, "submitReport", 2).await.thing();
    assert!(sees(&chair, &begun.draft.id, &evidence).await);
    begun
        .draft
        .give_back(&begun.reporting.specialist, 3, "Thiếu chữ ký.")
        .await
        .thing();
    assert!(!sees(&chair, &begun.draft.id, &evidence).await);
}

async fn who_sees_evidence_but_may_not_write_the_report_may_not_remove_it(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let above = app.officer_of(&app.world()["Viên chức"]).await;
    for who in [&begun.reporting.specialist, &begun.reporting.committee, &above] {
        let refused = who.does("removeEvidence", json!({ "id": evidence })).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        let refused = Upload::of("a.pdf", pdf("hai")).to(&begun.draft.id, who).await;
        assert_eq!((refused.status(), refused.code()), (403, "FORBIDDEN"));
    }
    let colleague = app.officer_of(&app.world()["Thư viện"]).await;
    id(&Upload::of("a.pdf", pdf("hai")).to(&begun.draft.id, &colleague).await);
    colleague
        .does("removeEvidence", json!({ "id": evidence }))
        .await
        .thing();
}
