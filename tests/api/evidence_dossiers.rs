//! Files in the dossiers of proposals: who adds them to which item, who opens them, and until when.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::awards_proposals::{Awarding, asked, at};
use crate::clusters::Cluster;
use crate::evidence::{id, problem};
use crate::support::{Answer, Person, TestApp, Upload, fewest_statements, no_more_statements, on_both_databases, pdf};

on_both_databases! {
    the_minutes_stand_beside_their_item_and_the_federation_opens_them_by_a_link,
    a_file_ticks_no_item_by_itself,
    who_does_not_see_the_proposal_sees_no_file_of_it,
    only_who_ticks_the_dossier_adds_files_to_it,
    after_the_appraisal_nothing_is_added_and_nothing_removed,
    an_outcome_that_was_not_told_is_not_told_by_the_dossier_either,
    what_was_endorsed_is_removed_with_a_reason_only,
    a_file_belongs_to_an_item_that_there_is,
    many_dossiers_with_files_take_no_more_statements_than_few,
}

const MINUTES: &str = "BIEN_BAN";

/// A case of the library for the flag, whose dossier asks for two documents.
struct Case {
    awarding: Awarding,
    proposal: Value,
}

impl Case {
    async fn of(app: &TestApp) -> Self {
        let awarding = Awarding::begin(app).await;
        let dossier = json!([
            { "code": MINUTES, "name": "Biên bản họp xét", "signer": "Chủ tịch công đoàn cơ sở" },
            { "code": "TO_TRINH", "name": "Tờ trình đề nghị khen thưởng" },
        ]);
        awarding
            .asks(&awarding.flag, 2, "2025-01-01", json!({ "dossier": dossier }))
            .await
            .thing();
        let proposal = awarding.library().await.thing().clone();
        Self { awarding, proposal }
    }

    fn path(&self) -> String {
        path(&self.proposal)
    }

    /// Somebody adds the minutes.
    async fn adds(&self, who: &Person, text: &str) -> Answer {
        minutes(text).at(&self.path(), who).await
    }

    /// What somebody reads of the case now.
    async fn seen(&self, who: &Person, fields: &str) -> Answer {
        asked(who, &self.proposal["id"], fields).await
    }

    /// The case as its officer sees it, with its version.
    async fn now(&self) -> Value {
        let seen = self.seen(&self.awarding.officer, "id version state").await;
        seen.at("/node").clone()
    }

    /// The officer ticks an item.
    async fn ticks(&self, code: &str) -> Value {
        let mut input = at(&self.now().await);
        input["code"] = code.into();
        input["document"] = "Biên bản họp xét ngày 05/01/2026".into();
        self.awarding
            .officer
            .does("tickAwardDossier", input)
            .await
            .thing()
            .clone()
    }

    async fn endorsed(&self) -> Value {
        let endorsed = self
            .awarding
            .upper
            .does("endorseAwardProposal", at(&self.now().await))
            .await;
        endorsed.thing().clone()
    }
}

fn path(proposal: &Value) -> String {
    format!(
        "/api/v1/award-proposals/{}/evidence",
        proposal["id"].as_str().expect("an id")
    )
}

fn minutes(text: &str) -> Upload {
    Upload::of("Biên bản họp xét.pdf", pdf(text)).with("dossierItemCode", MINUTES)
}

/// Removes a file.
async fn removes(who: &Person, evidence: &str, reason: Option<&str>) -> Answer {
    let input = json!({ "id": evidence, "reason": reason });
    who.does("removeEvidence", input).await
}

async fn the_minutes_stand_beside_their_item_and_the_federation_opens_them_by_a_link(app: TestApp) {
    let case = Case::of(&app).await;
    let (officer, specialist) = (&case.awarding.officer, &case.awarding.specialist);
    let content = pdf("8/9 phiếu đồng ý");
    let upload = Upload::of("Biên bản họp xét.pdf", content.clone())
        .with("dossierItemCode", MINUTES)
        .with("note", "Bản có chữ ký");
    let added = upload.at(&case.path(), officer).await;
    let evidence = id(&added);
    let whole = Upload::of("Ảnh tập thể.pdf", pdf("ảnh"))
        .at(&case.path(), officer)
        .await;
    let body = added.body();
    assert_eq!(body["subjectId"], case.proposal["id"]);
    assert_eq!(
        (&body["dossierItemCode"], &body["criterionCode"]),
        (&json!(MINUTES), &Value::Null)
    );
    let listed = specialist.get(&case.path()).await;
    assert_eq!(listed.body()["items"], json!([body, whole.body()]));
    let fields =
        "evidence { id } dossier { code evidence { id fileName note dossierItem awardProposal { id } report { id } } }";
    let seen = case.seen(specialist, fields).await;
    assert_eq!(seen.texts("/node/evidence", "id"), [evidence.as_str(), &id(&whole)]);
    assert_eq!(
        *seen.at("/node/dossier"),
        json!([
            { "code": MINUTES, "evidence": [{
                "id": evidence, "fileName": "Biên bản họp xét.pdf", "note": "Bản có chữ ký", "dossierItem": MINUTES,
                "awardProposal": { "id": case.proposal["id"] }, "report": null,
            }] },
            { "code": "TO_TRINH", "evidence": [] },
        ])
    );
    let link = specialist.does("createEvidenceLink", json!({ "id": evidence })).await;
    let link = link
        .at("/createEvidenceLink/link/url")
        .as_str()
        .expect("an address")
        .to_owned();
    let opened = app.nobody().get(&link).await;
    assert_eq!((opened.status(), opened.bytes()), (200, &content[..]));
    let node = thidua::ids::Kind::Evidence.parse(&evidence).expect("an id");
    let trace: Vec<String> = app.audit_of(node).await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(trace, ["EVIDENCE_ADDED", "EVIDENCE_LINK_CREATED"]);
}

async fn a_file_ticks_no_item_by_itself(app: TestApp) {
    let case = Case::of(&app).await;
    case.ticks("TO_TRINH").await;
    id(&case.adds(&case.awarding.officer, "biên bản").await);
    let seen = case
        .seen(&case.awarding.officer, "dossier { code tickedAt document }")
        .await;
    assert_eq!(*seen.at("/node/dossier/0/tickedAt"), Value::Null);
    let endorsed = case.endorsed().await;
    let refused = case
        .awarding
        .specialist
        .does("appraiseAwardProposal", at(&endorsed))
        .await;
    assert_eq!(refused.user_errors(), [("DOSSIER_INCOMPLETE", "dossier.BIEN_BAN")]);
    let ticked = case.ticks(MINUTES).await;
    let appraised = case
        .awarding
        .specialist
        .does("appraiseAwardProposal", at(&ticked))
        .await;
    assert_eq!(appraised.thing()["state"], "APPRAISED");
}

async fn who_does_not_see_the_proposal_sees_no_file_of_it(app: TestApp) {
    let world = app.world();
    let case = Case::of(&app).await;
    Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    let evidence = id(&case.adds(&case.awarding.officer, "biên bản").await);
    let one = format!("/api/v1/evidence/{evidence}");
    let node = "query($id: ID!) { node(id: $id) { ... on Evidence { fileName } } }";
    for (who, sees) in [
        (&case.awarding.officer, true),
        (&case.awarding.upper, true),
        (&case.awarding.committee, true),
        // A neighbour in the cluster, a district elsewhere, and nobody in particular.
        (&app.officer_of(&world["Sở Nội vụ"]).await, false),
        (&app.specialist_of(&world["Đăk Tô"]).await, false),
        (&app.stranger().await, false),
    ] {
        let status = if sees { 200 } else { 404 };
        assert_eq!(who.get(&case.path()).await.status(), status);
        assert_eq!(who.get(&one).await.status(), status);
        let shown = who.graphql(node, json!({ "id": evidence })).await;
        let link = who.does("createEvidenceLink", json!({ "id": evidence })).await;
        let code = if sees { "" } else { "NOT_FOUND" };
        assert_eq!((shown.code(), link.code()), (code, code), "{shown} {link}");
        if !sees {
            let refused = case.adds(who, "khác").await;
            assert_eq!((refused.status(), refused.code()), (404, "NOT_FOUND"), "{refused}");
            assert_eq!(removes(who, &evidence, None).await.code(), "NOT_FOUND");
        }
    }
}

async fn only_who_ticks_the_dossier_adds_files_to_it(app: TestApp) {
    let case = Case::of(&app).await;
    let evidence = id(&case.adds(&case.awarding.officer, "biên bản").await);
    for who in [
        &case.awarding.upper,
        &case.awarding.specialist,
        &case.awarding.committee,
    ] {
        let refused = case.adds(who, "của cấp trên").await;
        assert_eq!((refused.status(), refused.code()), (403, "FORBIDDEN"), "{refused}");
        assert_eq!(removes(who, &evidence, Some("nhầm")).await.code(), "FORBIDDEN");
    }
    let seen = case.seen(&case.awarding.officer, "evidence { id }").await;
    assert_eq!(seen.texts("/node/evidence", "id"), [evidence.as_str()]);
}

async fn after_the_appraisal_nothing_is_added_and_nothing_removed(app: TestApp) {
    let case = Case::of(&app).await;
    let officer = &case.awarding.officer;
    let evidence = id(&case.adds(officer, "biên bản").await);
    case.ticks(MINUTES).await;
    case.ticks("TO_TRINH").await;
    let endorsed = case.endorsed().await;
    id(&case.adds(officer, "bổ sung").await);
    case.awarding
        .specialist
        .does("appraiseAwardProposal", at(&endorsed))
        .await
        .thing();
    let late = case.adds(officer, "muộn").await;
    assert_eq!((late.status(), late.code()), (409, "WRONG_STATE"), "{late}");
    assert_eq!(removes(officer, &evidence, Some("nhầm")).await.code(), "WRONG_STATE");
    let rest = officer
        .request(
            Method::DELETE,
            &format!("/api/v1/evidence/{evidence}?reason=nham"),
            &[],
            Vec::new(),
        )
        .await;
    assert_eq!(rest.code(), "WRONG_STATE", "{rest}");
    let seen = case.seen(officer, "evidence { id }").await;
    assert_eq!(seen.at("/node/evidence").as_array().map(Vec::len), Some(2));
}

async fn an_outcome_that_was_not_told_is_not_told_by_the_dossier_either(app: TestApp) {
    let case = Case::of(&app).await;
    let (officer, awarding) = (&case.awarding.officer, &case.awarding);
    awarding.concludes(&case.now().await, "REFUSE").await.thing();
    assert_eq!(case.now().await["state"], "PROPOSED");
    let evidence = id(&case.adds(officer, "biên bản").await);
    assert_eq!(case.ticks(MINUTES).await["state"], "PROPOSED");
    removes(officer, &evidence, None).await.thing();
    let told = json!({ "deciderId": app.world()["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    let told = awarding.committee.does("releaseAwardOutcomes", told).await;
    assert!(told.user_errors().is_empty(), "{told}");
    assert_eq!(case.adds(officer, "sau đó").await.code(), "WRONG_STATE");
}

async fn what_was_endorsed_is_removed_with_a_reason_only(app: TestApp) {
    let case = Case::of(&app).await;
    let officer = &case.awarding.officer;
    let wrong = id(&case.adds(officer, "bản nháp").await);
    removes(officer, &wrong, None).await.thing();
    let before = id(&case.adds(officer, "biên bản").await);
    case.endorsed().await;
    let after = id(&case.adds(officer, "bổ sung").await);
    let refused = removes(officer, &before, None).await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "reason")]);
    removes(officer, &before, Some("Thiếu chữ ký")).await.thing();
    removes(officer, &after, None).await.thing();
    let seen = case.seen(officer, "evidence { id }").await;
    assert_eq!(*seen.at("/node/evidence"), json!([]));
}

async fn a_file_belongs_to_an_item_that_there_is(app: TestApp) {
    let case = Case::of(&app).await;
    let officer = &case.awarding.officer;
    let wrong = Upload::of("Sáng kiến.pdf", pdf("sáng kiến")).with("dossierItemCode", "SANG_KIEN");
    let wrong = wrong.at(&case.path(), officer).await;
    assert_eq!(
        problem(&wrong),
        (422, "DOSSIER_ITEM_UNKNOWN", "dossierItemCode"),
        "{wrong}"
    );
    id(&case.adds(officer, "biên bản").await);
    let twice = case.adds(officer, "biên bản").await;
    assert_eq!((twice.status(), twice.code()), (409, "ALREADY_EXISTS"), "{twice}");
    let elsewhere = Upload::of("Biên bản.pdf", pdf("biên bản")).with("dossierItemCode", "TO_TRINH");
    id(&elsewhere.at(&case.path(), officer).await);
    let again = || minutes("gửi lại").under("bb-1");
    let first = id(&again().at(&case.path(), officer).await);
    assert_eq!(id(&again().at(&case.path(), officer).await), first);
}

async fn many_dossiers_with_files_take_no_more_statements_than_few(app: TestApp) {
    let case = Case::of(&app).await;
    let world = app.world();
    id(&case.adds(&case.awarding.officer, "biên bản").await);
    let query = "{ awardProposals(first: 50) { nodes { evidence { fileName mediaType addedBy } dossier { code evidence { id } } } } }";
    let ask = async || case.awarding.committee.graphql(query, json!({})).await;
    let few = fewest_statements(&ask).await;
    for name in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học"] {
        let officer = app.officer_of(&world[name]).await;
        let input = case.awarding.proposal(&case.awarding.flag, &world[name], "Thành tích");
        let proposal = officer.does("proposeAward", input).await.thing().clone();
        for text in ["một", "hai"] {
            id(&minutes(text).at(&path(&proposal), &officer).await);
        }
    }
    no_more_statements(few, fewest_statements(&ask).await);
}
