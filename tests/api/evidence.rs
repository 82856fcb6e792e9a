//! Evidence beside reports: adding, showing, removing; what of it is bounded, and when.

use actix_web::http::Method;
use serde_json::json;
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, Upload, moment, on_both_databases, pdf};

on_both_databases! {
    a_file_is_added_beside_a_figure_and_shown_on_both_doors,
    evidence_is_added_only_while_the_report_is_with_its_unit,
    what_others_have_seen_is_removed_with_a_reason_only,
    a_removed_file_is_no_longer_there_and_stays_in_the_audit,
    a_report_has_so_many_files,
    a_unit_adds_so_many_bytes_in_a_year,
    the_same_content_is_attached_once_to_one_figure,
    a_file_sent_twice_under_one_key_is_added_once,
    a_figure_that_is_not_on_the_form_has_no_evidence,
    who_added_evidence_may_not_pass_the_report,
    many_reports_with_their_evidence_take_few_statements,
}

pub const COMPLETE: &[(&str, &str)] = &[("members_total", "61"), ("workers_total", "64")];

/// A draft of the library and who writes it.
pub struct Begun {
    pub reporting: Reporting,
    pub officer: Person,
    pub draft: Draft,
}

impl Begun {
    pub async fn of(app: &TestApp) -> Self {
        let library = &app.world()["Thư viện"];
        let reporting = Reporting::begin(app).await;
        let officer = app.officer_of(library).await;
        let draft = reporting.draft(&officer, library, COMPLETE).await;
        Self {
            reporting,
            officer,
            draft,
        }
    }

    /// Adds a PDF and tells its id.
    pub async fn adds(&self, text: &str) -> String {
        let added = Upload::of("Biên bản.pdf", pdf(text))
            .to(&self.draft.id, &self.officer)
            .await;
        id(&added)
    }
}

/// The id of what was just added.
#[track_caller]
pub fn id(added: &Answer) -> String {
    assert_eq!(added.status(), 201, "{added}");
    added.body()["id"].as_str().expect("an id").to_owned()
}

/// The code of the first problem of a form.
pub fn problem(answer: &Answer) -> (u16, &str, &str) {
    let first = &answer.body()["errors"][0];
    let text = |name: &str| first[name].as_str().unwrap_or_default();
    (answer.status(), text("code"), text("field"))
}

/// The names of the files of a report, as somebody sees them.
async fn names(draft: &Draft, who: &Person) -> Vec<String> {
    let seen = draft.seen_by(who, "evidence { fileName }").await;
    let names = seen.texts("/node/evidence", "fileName");
    names.into_iter().map(str::to_owned).collect()
}

async fn a_file_is_added_beside_a_figure_and_shown_on_both_doors(app: TestApp) {
    let begun = Begun::of(&app).await;
    let content = pdf("danh sách 61 đoàn viên");
    let upload = Upload::of("Danh sách đoàn viên.pdf", content.clone())
        .with("indicatorCode", "members_total")
        .with("note", "Đã đối chiếu ngày 10/03.");
    let added = upload.to(&begun.draft.id, &begun.officer).await;
    let evidence = id(&added);
    assert_eq!(added.header("location"), format!("/api/v1/evidence/{evidence}"));
    let body = added.body();
    assert_eq!(body["subjectId"], json!(begun.draft.id));
    assert_eq!(body["bytes"], content.len());
    assert_eq!(body["mediaType"], "application/pdf");
    assert_eq!(
        begun.officer.get(&format!("/api/v1/evidence/{evidence}")).await.body(),
        body
    );
    let listed = begun
        .officer
        .get(&format!("/api/v1/reports/{}/evidence", begun.draft.id))
        .await;
    assert_eq!(listed.body()["items"], json!([body]));
    let fields = "evidence { id fileName mediaType bytes sha256 note addedBy addedFor removedAt indicator { code } report { id } }";
    let seen = begun.draft.seen_by(&begun.reporting.specialist, fields).await;
    let shown = seen.at("/node/evidence/0");
    for (name, value) in [
        ("id", json!(evidence)),
        ("fileName", json!("Danh sách đoàn viên.pdf")),
        ("mediaType", json!("application/pdf")),
        ("bytes", json!(content.len())),
        ("sha256", body["sha256"].clone()),
        ("note", json!("Đã đối chiếu ngày 10/03.")),
        ("addedBy", body["addedBy"].clone()),
        ("addedFor", json!(null)),
        ("removedAt", json!(null)),
        ("indicator", json!({ "code": "members_total" })),
        ("report", json!({ "id": begun.draft.id })),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
    assert_eq!(body["indicatorCode"], "members_total");
    assert!(body["addedBy"].as_str().expect("a name").starts_with("Cán bộ số"));
    let node = "query($id: ID!) { node(id: $id) { id ... on Evidence { fileName } } }";
    let node = begun.officer.graphql(node, json!({ "id": evidence })).await;
    assert_eq!(node.str("/node/fileName"), "Danh sách đoàn viên.pdf");
    let uuid = Kind::Evidence.parse(&evidence).expect("an id");
    let audit = app.audit_of(uuid).await;
    let told: Vec<_> = audit
        .iter()
        .map(|entry| (entry.action.as_str(), entry.account_id))
        .collect();
    assert_eq!(told, [("EVIDENCE_ADDED", Some(begun.officer.account()))]);
    assert!(
        !audit[0].detail.contains("Danh sách"),
        "names of files may tell of people, and the audit is for ever"
    );
}

async fn evidence_is_added_only_while_the_report_is_with_its_unit(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let adds = async |text: &str| {
        let answer = Upload::of("thêm.pdf", pdf(text))
            .to(&begun.draft.id, &begun.officer)
            .await;
        (answer.status(), answer.code().to_owned())
    };
    let removes = async || {
        let input = json!({ "id": evidence, "reason": "Nhầm tệp" });
        begun.officer.does("removeEvidence", input).await.code().to_owned()
    };
    let (refused, wrong) = ((409, "WRONG_STATE".to_owned()), "WRONG_STATE");
    begun.draft.step(&begun.officer, "submitReport", 2).await.thing();
    assert_eq!((adds("hai").await, removes().await.as_str()), (refused.clone(), wrong));
    begun
        .draft
        .step(&begun.reporting.specialist, "verifyReport", 3)
        .await
        .thing();
    assert_eq!((adds("hai").await, removes().await.as_str()), (refused.clone(), wrong));
    begun
        .draft
        .give_back(&begun.reporting.committee, 4, "Thiếu biên bản.")
        .await
        .thing();
    assert_eq!(adds("hai").await, (201, String::new()));
    begun.draft.step(&begun.officer, "submitReport", 5).await.thing();
    begun
        .draft
        .step(&begun.reporting.specialist, "verifyReport", 6)
        .await
        .thing();
    begun
        .draft
        .step(&begun.reporting.committee, "approveReport", 7)
        .await
        .thing();
    assert_eq!((adds("ba").await, removes().await.as_str()), (refused, wrong));
    assert_eq!(names(&begun.draft, &begun.officer).await, ["Biên bản.pdf", "thêm.pdf"]);
}

async fn what_others_have_seen_is_removed_with_a_reason_only(app: TestApp) {
    let begun = Begun::of(&app).await;
    let seen = begun.adds("đã gửi").await;
    begun.draft.step(&begun.officer, "submitReport", 2).await.thing();
    begun
        .draft
        .give_back(&begun.reporting.specialist, 3, "Thiếu chữ ký.")
        .await
        .thing();
    app.it_is(moment(2026, 3, 11, 8, 0));
    let new = begun.adds("chưa gửi").await;
    let refused = begun
        .officer
        .does("removeEvidence", json!({ "id": seen, "reason": " " }))
        .await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "reason")]);
    let path = format!("/api/v1/evidence/{seen}");
    let refused = begun.officer.request(Method::DELETE, &path, &[], "").await;
    assert_eq!(problem(&refused), (422, "REQUIRED", "reason"));
    begun.officer.does("removeEvidence", json!({ "id": new })).await.thing();
    let path = format!("{path}?reason=B%E1%BA%A3n%20c%C5%A9");
    let removed = begun.officer.request(Method::DELETE, &path, &[], "").await;
    assert_eq!(removed.status(), 204, "{removed}");
    assert!(names(&begun.draft, &begun.officer).await.is_empty());
    let audit = app.audit_of(Kind::Evidence.parse(&seen).expect("an id")).await;
    assert!(audit[1].detail.contains("Bản cũ"), "{}", audit[1].detail);
}

async fn a_removed_file_is_no_longer_there_and_stays_in_the_audit(app: TestApp) {
    let begun = Begun::of(&app).await;
    let evidence = begun.adds("một").await;
    let link = json!({ "id": evidence });
    let url = begun.officer.does("createEvidenceLink", link.clone()).await;
    let url = url.str("/createEvidenceLink/link/url").to_owned();
    let input = json!({ "id": evidence, "reason": "Nhầm tệp" });
    let removed = begun.officer.does("removeEvidence", input.clone()).await;
    assert_eq!(removed.thing()["removeReason"], "Nhầm tệp");
    assert!(removed.thing()["removedAt"].is_string());
    for mutation in ["removeEvidence", "createEvidenceLink"] {
        let again = begun.officer.does(mutation, json!({ "id": evidence })).await;
        assert_eq!(again.code(), "NOT_FOUND", "{mutation}");
    }
    assert_eq!(begun.officer.get(&url).await.status(), 404);
    assert_eq!(
        begun
            .officer
            .get(&format!("/api/v1/evidence/{evidence}"))
            .await
            .status(),
        404
    );
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(begun.officer.graphql(node, link).await.code(), "NOT_FOUND");
    let audit = app.audit_of(Kind::Evidence.parse(&evidence).expect("an id")).await;
    let told: Vec<&str> = audit.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(told, ["EVIDENCE_ADDED", "EVIDENCE_LINK_CREATED", "EVIDENCE_REMOVED"]);
    begun.adds("một").await;
    assert_eq!(
        names(&begun.draft, &begun.officer).await.len(),
        1,
        "the same content may come again"
    );
}

async fn a_report_has_so_many_files(app: TestApp) {
    let app = app.with(|settings| settings.evidence_files_max = 2).await;
    let begun = Begun::of(&app).await;
    let first = begun.adds("một").await;
    begun.adds("hai").await;
    let third = Upload::of("ba.pdf", pdf("ba"));
    let refused = third.to(&begun.draft.id, &begun.officer).await;
    assert_eq!(problem(&refused), (422, "TOO_MANY_FILES", "file"));
    begun
        .officer
        .does("removeEvidence", json!({ "id": first }))
        .await
        .thing();
    let (one, other) = (Upload::of("ba.pdf", pdf("ba")), Upload::of("bốn.pdf", pdf("bốn")));
    let at_once = futures_util::future::join(
        one.to(&begun.draft.id, &begun.officer),
        other.to(&begun.draft.id, &begun.officer),
    );
    let (one, other) = at_once.await;
    let mut statuses = [one.status(), other.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422], "{one}\n{other}");
}

async fn a_unit_adds_so_many_bytes_in_a_year(app: TestApp) {
    let size = pdf("1").len() as u64;
    let app = app
        .with(|settings| settings.evidence_unit_year_bytes_max = 2 * size + 1)
        .await;
    let begun = Begun::of(&app).await;
    begun.adds("1").await;
    let second = begun.adds("2").await;
    begun
        .officer
        .does("removeEvidence", json!({ "id": second }))
        .await
        .thing();
    let third = Upload::of("3.pdf", pdf("3"));
    let refused = third.to(&begun.draft.id, &begun.officer).await;
    assert_eq!(
        problem(&refused),
        (422, "YEAR_FULL", "file"),
        "what was removed counts too"
    );
    app.it_is(moment(2026, 12, 31, 23, 59));
    assert_eq!(third.to(&begun.draft.id, &begun.officer).await.status(), 422);
    app.it_is(moment(2027, 1, 1, 0, 1));
    assert_eq!(third.to(&begun.draft.id, &begun.officer).await.status(), 201);
}

async fn the_same_content_is_attached_once_to_one_figure(app: TestApp) {
    let begun = Begun::of(&app).await;
    let upload = Upload::of("a.pdf", pdf("một"));
    let (one, other) = futures_util::future::join(
        upload.to(&begun.draft.id, &begun.officer),
        upload.to(&begun.draft.id, &begun.officer),
    )
    .await;
    let mut told = [(one.status(), one.code()), (other.status(), other.code())];
    told.sort_unstable();
    assert_eq!(told, [(201, ""), (409, "ALREADY_EXISTS")]);
    for code in ["members_total", "workers_total"] {
        let beside = Upload::of("b.pdf", pdf("một")).with("indicatorCode", code);
        id(&beside.to(&begun.draft.id, &begun.officer).await);
        let again = beside.to(&begun.draft.id, &begun.officer).await;
        assert_eq!(again.code(), "ALREADY_EXISTS", "{code}");
    }
    assert_eq!(names(&begun.draft, &begun.officer).await, ["a.pdf", "b.pdf", "b.pdf"]);
}

async fn a_file_sent_twice_under_one_key_is_added_once(app: TestApp) {
    let begun = Begun::of(&app).await;
    let upload = Upload::of("a.pdf", pdf("một")).with("note", "Bản gốc").under("tai-1");
    let first = upload.to(&begun.draft.id, &begun.officer).await;
    let again = upload.to(&begun.draft.id, &begun.officer).await;
    assert_eq!((again.status(), again.body()), (201, first.body()));
    let other = Upload::of("a.pdf", pdf("hai")).with("note", "Bản gốc").under("tai-1");
    let refused = other.to(&begun.draft.id, &begun.officer).await;
    assert_eq!(problem(&refused), (422, "IDEMPOTENCY_KEY_REUSED", "idempotencyKey"));
    assert_eq!(names(&begun.draft, &begun.officer).await, ["a.pdf"]);
    begun.draft.step(&begun.officer, "submitReport", 2).await.thing();
    let again = upload.to(&begun.draft.id, &begun.officer).await;
    assert_eq!(
        (again.status(), again.body()),
        (201, first.body()),
        "who lost the answer still gets it"
    );
    begun
        .draft
        .give_back(&begun.reporting.specialist, 3, "Thiếu chữ ký.")
        .await
        .thing();
    begun
        .officer
        .does("removeEvidence", json!({ "id": id(&first), "reason": "Nhầm tệp" }))
        .await
        .thing();
    assert_eq!(upload.to(&begun.draft.id, &begun.officer).await.body(), first.body());
    assert!(
        names(&begun.draft, &begun.officer).await.is_empty(),
        "a repeat adds nothing anew"
    );
}

async fn a_figure_that_is_not_on_the_form_has_no_evidence(app: TestApp) {
    let begun = Begun::of(&app).await;
    let before = app.contents().await;
    for code in ["membership_rate", "khong_co", "MEMBERS_TOTAL"] {
        let upload = Upload::of("a.pdf", pdf("một")).with("indicatorCode", code);
        let refused = upload.to(&begun.draft.id, &begun.officer).await;
        assert_eq!(
            problem(&refused),
            (422, "INDICATOR_NOT_ON_FORM", "indicatorCode"),
            "{code}"
        );
    }
    assert_eq!(app.contents().await, before, "nothing is kept of what is refused");
    let whole = Upload::of("a.pdf", pdf("một")).with("indicatorCode", " ");
    let added = whole.to(&begun.draft.id, &begun.officer).await;
    assert!(added.body()["indicatorCode"].is_null(), "{added}");
}

async fn who_added_evidence_may_not_pass_the_report(app: TestApp) {
    let world = app.world();
    let begun = Begun::of(&app).await;
    let both = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(world["Thư viện"].uuid)),
            (Role::Specialist, Scope::Unit(world["Sóc Trăng"].uuid)),
        ])
        .await;
    id(&Upload::of("a.pdf", pdf("một")).to(&begun.draft.id, &both).await);
    begun.draft.step(&begun.officer, "submitReport", 2).await.thing();
    assert_eq!(begun.draft.step(&both, "verifyReport", 3).await.code(), "FORBIDDEN");
    begun
        .draft
        .step(&begun.reporting.specialist, "verifyReport", 3)
        .await
        .thing();
}

async fn many_reports_with_their_evidence_take_few_statements(app: TestApp) {
    let world = app.world();
    let begun = Begun::of(&app).await;
    begun.adds("một").await;
    let query = "{ reports { nodes { evidence { fileName mediaType bytes sha256 addedBy indicator { code } } } } }";
    let alone = begun.reporting.specialist.graphql(query, json!({})).await;
    assert_eq!(
        alone.at("/reports/nodes/0/evidence").as_array().expect("a list").len(),
        1
    );
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ"] {
        let officer = app.officer_of(&world[unit]).await;
        let draft = begun.reporting.draft(&officer, &world[unit], COMPLETE).await;
        for text in ["một", "hai"] {
            let upload = Upload::of("a.pdf", pdf(text)).with("indicatorCode", "members_total");
            id(&upload.to(&draft.id, &officer).await);
        }
    }
    let many = begun.reporting.specialist.graphql(query, json!({})).await;
    assert_eq!(many.at("/reports/nodes").as_array().expect("a list").len(), 4);
    assert_eq!(
        many.statements(),
        alone.statements() + 1,
        "indicators, which the first had none of"
    );
}
