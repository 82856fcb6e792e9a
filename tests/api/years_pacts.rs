//! The pact of an emulation year: written, agreed, signed by everybody who takes part, in force, ended by a reform, and begun anew.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp, on_both_databases};
use crate::years::{MEMBERS, Year};

on_both_databases! {
    with_the_last_signature_the_pact_is_in_force_and_the_criteria_are_frozen,
    of_two_who_sign_last_at_once_both_have_signed_and_it_is_in_force,
    a_year_does_not_run_before_its_pact_is_in_force,
    an_officer_signs_once_and_for_the_own_unit_only,
    after_a_reform_another_pact_is_begun,
    who_joins_later_signs_the_pact_in_force,
    who_withdraws_is_no_longer_waited_for,
    who_joins_while_the_others_sign_sets_targets_until_it_signs,
    who_comes_back_is_bound_by_what_it_promised,
    nobody_signs_what_they_have_not_seen,
    a_published_year_is_signed_no_more,
    scoring_waits_for_who_joined_the_pact_later,
    who_is_to_sign_is_told,
}

/// A pact in the hands of the specialist.
pub struct Pact {
    pub id: String,
}

impl Pact {
    /// A draft.
    pub async fn begin(year: &Year) -> Self {
        let text = "Các đơn vị thành viên cùng ký giao ước thi đua năm 2026.";
        let begun = year
            .chair
            .does("beginPact", json!({ "yearId": year.id, "text": text }))
            .await;
        Self {
            id: begun.id().to_owned(),
        }
    }

    /// Agreed, and open for signing.
    pub async fn open(year: &Year) -> Self {
        let pact = Self::begin(year).await;
        pact.step(year, "agreePact", json!({})).await.thing();
        pact.step(year, "openPactSigning", json!({})).await.thing();
        pact
    }

    /// Takes a step by the chair, at the version that it has now.
    pub async fn step(&self, year: &Year, mutation: &str, mut input: Value) -> Answer {
        input["id"] = self.id.clone().into();
        input["version"] = self.seen(&year.chair, "version").await.at("/node/version").clone();
        year.chair.does(mutation, input).await
    }

    /// An officer signs for a unit.
    pub async fn signed(&self, who: &Person, unit: &str) -> Answer {
        let seen = self.seen(who, "sha256").await;
        let sha256 = seen.body().pointer("/data/node/sha256").and_then(Value::as_str);
        self.signed_as(who, unit, sha256.unwrap_or_default()).await
    }

    /// An officer signs for a unit what has this digest.
    async fn signed_as(&self, who: &Person, unit: &str, sha256: &str) -> Answer {
        let signer = json!({
            "id": self.id, "sha256": sha256, "unitId": unit, "signerName": "Nguyễn Thị Hoa", "signerTitle": "Chủ tịch",
        });
        who.does("signPact", signer).await
    }

    /// Officers of some units sign.
    pub async fn signed_by(&self, year: &Year, units: &[&str]) {
        for unit in units {
            let officer = year.officer(unit).await;
            self.signed(&officer, &year.unit(unit)).await.thing();
        }
    }

    pub async fn seen(&self, who: &Person, fields: &str) -> Answer {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Pact {{ {fields} }} }} }}");
        who.graphql(&query, json!({ "id": self.id })).await
    }

    async fn state(&self, year: &Year) -> String {
        self.seen(&year.chair, "state").await.str("/node/state").to_owned()
    }
}

async fn with_the_last_signature_the_pact_is_in_force_and_the_criteria_are_frozen(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let target =
        json!({ "yearId": year.id, "unitId": year.unit("Thư viện"), "indicatorCode": "new_members", "text": "25" });
    let target = officer.does("setTarget", target).await;
    let pact = Pact::open(&year).await;
    let digest = pact.seen(&officer, "sha256").await.str("/node/sha256").to_owned();
    assert_eq!(digest.len(), 64);
    pact.signed_by(&year, &MEMBERS[..4]).await;
    let waiting = pact
        .seen(
            &officer,
            "state unsigned { unitName } signatures { unitName signerTitle }",
        )
        .await;
    assert_eq!(waiting.str("/node/state"), "SIGNING");
    assert_eq!(waiting.texts("/node/unsigned", "unitName"), ["CĐCS Thư viện tỉnh"]);
    assert_eq!(waiting.texts("/node/signatures", "unitName").len(), 4);
    assert_eq!(
        *year.asked("criteriaSha256").await.at("/node/criteriaSha256"),
        Value::Null
    );
    let signed = pact.signed(&officer, &year.unit("Thư viện")).await;
    assert_eq!(signed.thing()["state"], "IN_FORCE");
    assert_eq!(
        signed.thing()["sha256"],
        digest,
        "what was signed stays what was agreed"
    );
    let frozen = year
        .asked("criteriaSha256 criteriaVersion { sha256 } pact { state inForceAt }")
        .await;
    assert_eq!(
        frozen.at("/node/criteriaSha256"),
        frozen.at("/node/criteriaVersion/sha256")
    );
    let change = json!({ "id": target.id(), "version": 1 });
    assert_eq!(
        officer.does("removeTarget", change).await.code(),
        "WRONG_STATE",
        "what was promised stays"
    );
    let other = year
        .does(
            &year.specialist,
            "updateEmulationYear",
            json!({ "criteriaVersionId": null }),
        )
        .await;
    assert_eq!(other.code(), "WRONG_STATE", "so do the criteria");
    let text = pact.step(&year, "writePact", json!({ "text": "Khác" })).await;
    assert_eq!(text.code(), "WRONG_STATE", "and the text");
}

async fn of_two_who_sign_last_at_once_both_have_signed_and_it_is_in_force(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..3]).await;
    let last = [
        (year.officer(MEMBERS[3]).await, year.unit(MEMBERS[3])),
        (year.officer(MEMBERS[4]).await, year.unit(MEMBERS[4])),
    ];
    let answers = join_all(last.iter().map(|(officer, unit)| pact.signed(officer, unit))).await;
    for answer in &answers {
        answer.thing();
    }
    assert_eq!(pact.state(&year).await, "IN_FORCE");
    let (officer, unit) = &last[0];
    let again = join_all((0..4).map(|_| pact.signed(officer, unit))).await;
    assert!(again.iter().all(|answer| answer.code() == "ALREADY_EXISTS"));
}

async fn a_year_does_not_run_before_its_pact_is_in_force(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let pact = Pact::open(&year).await;
    let advance = year.does(&year.chair, "advanceEmulationYear", json!({})).await;
    assert_eq!(advance.user_errors(), [("PACT_NOT_IN_FORCE", "id")]);
    let can = year
        .seen_by(&year.chair, "viewerCan { action allowed code reason }")
        .await;
    let can = can.at("/node/viewerCan").as_array().expect("a list").clone();
    let advance = can
        .iter()
        .find(|one| one["action"] == "YEAR_ADVANCE")
        .expect("an action");
    assert_eq!(
        (&advance["allowed"], &advance["code"]),
        (&json!(false), &json!("INVALID"))
    );
    pact.signed_by(&year, &MEMBERS).await;
    year.to_phase("RUNNING").await;
    let bare = json!({ "criteriaVersionId": null });
    assert_eq!(
        year.does(&year.specialist, "updateEmulationYear", bare).await.code(),
        "WRONG_STATE"
    );
}

async fn an_officer_signs_once_and_for_the_own_unit_only(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let pact = Pact::begin(&year).await;
    let (officer, unit) = (year.officer("Thư viện").await, year.unit("Thư viện"));
    assert_eq!(
        pact.signed(&officer, &unit).await.code(),
        "WRONG_STATE",
        "a draft is not signed"
    );
    pact.step(&year, "agreePact", json!({})).await.thing();
    assert_eq!(
        pact.signed(&officer, &unit).await.code(),
        "WRONG_STATE",
        "nor before signing is open"
    );
    pact.step(&year, "openPactSigning", json!({})).await.thing();
    for who in [&year.chair, &year.specialist, &year.committee] {
        assert_eq!(pact.signed(who, &unit).await.code(), "FORBIDDEN");
    }
    let stranger = app.officer_of(&app.world()["Y tế Đăk Tô"]).await;
    assert_eq!(pact.signed(&stranger, &unit).await.code(), "NOT_FOUND");
    let nobody = pact.signed(&officer, &app.world()["Y tế Đăk Tô"].id()).await;
    assert_eq!(nobody.code(), "NOT_FOUND", "who does not take part signs nothing");
    let unnamed = json!({ "id": pact.id, "sha256": "", "unitId": unit, "signerName": "" });
    assert_eq!(
        officer.does("signPact", unnamed).await.user_errors(),
        [("REQUIRED", "signerName")]
    );
    let may = "participants { unitName viewerCan { action allowed code } }";
    let allowed = async |code: &Value| {
        let seen = year.seen_by(&officer, may).await;
        let list = seen.at("/node/participants").as_array().expect("a list").clone();
        let own = list
            .iter()
            .find(|one| one["unitName"] == "CĐCS Thư viện tỉnh")
            .expect("the library")
            .clone();
        let can = own["viewerCan"].as_array().expect("a list").clone();
        let sign = can
            .iter()
            .find(|one| one["action"] == "PACT_SIGN")
            .expect("an action")
            .clone();
        assert_eq!(sign["code"], *code);
    };
    allowed(&Value::Null).await;
    pact.signed(&officer, &unit).await.thing();
    allowed(&json!("ALREADY_EXISTS")).await;
    assert_eq!(pact.signed(&officer, &unit).await.code(), "ALREADY_EXISTS");
}

async fn after_a_reform_another_pact_is_begun(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let pact = Pact::open(&year).await;
    let second = json!({ "yearId": year.id, "text": "Thứ hai" });
    assert_eq!(
        year.chair.does("beginPact", second.clone()).await.code(),
        "WRONG_STATE",
        "one at a time"
    );
    pact.signed_by(&year, &MEMBERS).await;
    year.to_phase("RUNNING").await;
    let nothing = pact.step(&year, "endPact", json!({ "reason": " " })).await;
    assert_eq!(nothing.user_errors(), [("REQUIRED", "reason")]);
    pact.step(&year, "endPact", json!({ "reason": "Sắp xếp tổ chức từ ngày 1/7" }))
        .await
        .thing();
    let ended = year
        .asked("criteriaSha256 pact { state endedOn endReason } version")
        .await;
    assert_eq!(ended.str("/node/pact/state"), "ENDED");
    assert_eq!(
        *ended.at("/node/criteriaSha256"),
        Value::Null,
        "the criteria may be chosen anew"
    );
    assert_eq!(
        pact.signed(&year.chair, &year.unit(MEMBERS[0])).await.code(),
        "WRONG_STATE"
    );
    let library = year.officer("Thư viện").await;
    let mut target =
        json!({ "yearId": year.id, "unitId": year.unit("Thư viện"), "indicatorCode": "new_members", "text": "12" });
    let unsaid = library.does("setTarget", target.clone()).await;
    assert_eq!(unsaid.user_errors(), [("LATE_REASON_REQUIRED", "lateReason")]);
    target["lateReason"] = "Giao lại sau sắp xếp tổ chức".into();
    let target = library.does("setTarget", target).await.thing().clone();
    assert_eq!(target["lateReason"], "Giao lại sau sắp xếp tổ chức");
    let mut remove = json!({ "id": target["id"], "version": 1 });
    let unsaid = library.does("removeTarget", remove.clone()).await;
    assert_eq!(unsaid.user_errors(), [("REQUIRED", "reason")]);
    remove["reason"] = "Nhầm chỉ tiêu".into();
    library.does("removeTarget", remove).await.thing();
    year.chair.does("beginPact", second).await.thing();
    let pacts = year.asked("pacts { number state }").await;
    assert_eq!(
        *pacts.at("/node/pacts"),
        json!([{ "number": 1, "state": "ENDED" }, { "number": 2, "state": "DRAFT" }])
    );
    let advance = year.does(&year.chair, "advanceEmulationYear", json!({})).await;
    assert_eq!(
        advance.user_errors(),
        [("PACT_NOT_IN_FORCE", "id")],
        "scoring waits for the new pact"
    );
}

async fn who_joins_later_signs_the_pact_in_force(app: TestApp) {
    let year = Year::begin(&app).await;
    let world = app.world();
    year.to_phase("REGISTERING").await;
    let library = year.asked("participants { id unitName version }").await;
    let rows = library.at("/node/participants").as_array().expect("a list").clone();
    let row = rows
        .iter()
        .find(|row| row["unitName"] == "CĐCS Thư viện tỉnh")
        .expect("the library");
    let end = json!({ "id": row["id"], "version": row["version"], "on": "2026-02-01", "reason": "Chưa kiện toàn" });
    year.specialist.does("withdrawParticipant", end).await.thing();
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..4]).await;
    assert_eq!(pact.state(&year).await, "IN_FORCE");
    let unit = world["Thư viện"].id();
    let again = json!({ "yearId": year.id, "unitId": unit, "note": "Đã kiện toàn" });
    year.specialist.does("addParticipant", again).await.thing();
    let waiting = pact.seen(&year.chair, "state unsigned { unitName }").await;
    assert_eq!(waiting.str("/node/state"), "IN_FORCE", "for the others it holds");
    assert_eq!(waiting.texts("/node/unsigned", "unitName"), ["CĐCS Thư viện tỉnh"]);
    let officer = year.officer("Thư viện").await;
    let target = json!({ "yearId": year.id, "unitId": unit, "indicatorCode": "new_members", "text": "5" });
    let target = officer.does("setTarget", target).await.thing().clone();
    pact.signed(&officer, &unit).await.thing();
    let removed = json!({ "id": target["id"], "version": 1 });
    assert_eq!(
        officer.does("removeTarget", removed).await.code(),
        "WRONG_STATE",
        "it is bound as the others are"
    );
    assert!(
        pact.seen(&year.chair, "unsigned { unitName }")
            .await
            .texts("/node/unsigned", "unitName")
            .is_empty()
    );
}

async fn who_withdraws_is_no_longer_waited_for(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..4]).await;
    let row = pact.seen(&year.specialist, "unsigned { id version }").await;
    let row = row.at("/node/unsigned/0");
    let end = json!({ "id": row["id"], "version": row["version"], "on": "2026-03-10", "reason": "Đơn vị giải thể" });
    year.specialist.does("withdrawParticipant", end).await.thing();
    assert_eq!(pact.state(&year).await, "IN_FORCE");
}

/// A participant by the short name of its unit, with its version.
async fn participant(year: &Year, unit: &str) -> Value {
    let rows = year
        .asked("participants { id unitName version viewerCan { action allowed code } }")
        .await;
    let rows = rows.at("/node/participants").as_array().expect("a list").clone();
    let name = year.app.world()[unit].name.clone();
    rows.into_iter()
        .find(|row| row["unitName"] == name.as_str())
        .expect("a participant")
}

async fn withdraws(year: &Year, unit: &str) {
    let row = participant(year, unit).await;
    let end = json!({ "id": row["id"], "version": row["version"], "on": "2026-03-10", "reason": "Chưa kiện toàn" });
    year.specialist.does("withdrawParticipant", end).await.thing();
}

async fn joins(year: &Year, unit: &str) {
    let add = json!({ "yearId": year.id, "unitId": year.unit(unit), "note": "Đã kiện toàn" });
    year.specialist.does("addParticipant", add).await.thing();
}

fn target(year: &Year, unit: &str, text: &str) -> Value {
    json!({ "yearId": year.id, "unitId": year.unit(unit), "indicatorCode": "new_members", "text": text })
}

async fn who_joins_while_the_others_sign_sets_targets_until_it_signs(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    withdraws(&year, "Thư viện").await;
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..2]).await;
    joins(&year, "Thư viện").await;
    let library = year.officer("Thư viện").await;
    let set = library
        .does("setTarget", target(&year, "Thư viện", "20"))
        .await
        .thing()
        .clone();
    let covered = year.officer(MEMBERS[2]).await;
    let bound = covered.does("setTarget", target(&year, MEMBERS[2], "20")).await;
    assert_eq!(bound.code(), "WRONG_STATE", "it took part when the pact was agreed");
    pact.signed_by(&year, &MEMBERS[2..]).await;
    assert_eq!(pact.state(&year).await, "IN_FORCE");
    let mut again = target(&year, "Thư viện", "5");
    again["version"] = set["version"].clone();
    assert_eq!(
        library.does("setTarget", again).await.code(),
        "WRONG_STATE",
        "what it signed with stays"
    );
}

async fn who_comes_back_is_bound_by_what_it_promised(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let library = year.officer("Thư viện").await;
    let set = library
        .does("setTarget", target(&year, "Thư viện", "20"))
        .await
        .thing()
        .clone();
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..4]).await;
    withdraws(&year, "Thư viện").await;
    assert_eq!(pact.state(&year).await, "IN_FORCE");
    joins(&year, "Thư viện").await;
    let mut less = target(&year, "Thư viện", "1");
    less["version"] = set["version"].clone();
    assert_eq!(
        library.does("setTarget", less).await.code(),
        "WRONG_STATE",
        "the others signed what it had promised"
    );
    pact.signed(&library, &year.unit("Thư viện")).await.thing();
}

async fn nobody_signs_what_they_have_not_seen(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let (library, unit) = (year.officer("Thư viện").await, year.unit("Thư viện"));
    let first = Pact::open(&year).await;
    let old = first.seen(&library, "sha256").await.str("/node/sha256").to_owned();
    first
        .step(&year, "endPact", json!({ "reason": "Sửa lời giao ước" }))
        .await
        .thing();
    library.does("setTarget", target(&year, "Thư viện", "20")).await.thing();
    let pact = Pact::open(&year).await;
    let before = app.contents().await;
    for other in [old.as_str(), "", "00"] {
        assert_eq!(pact.signed_as(&library, &unit, other).await.code(), "STALE_VERSION");
    }
    assert!(app.contents().await == before, "nothing is stored");
    // The same on REST, where a lost answer is asked for again under the key of the first.
    let new = pact.seen(&library, "sha256").await.str("/node/sha256").to_uppercase();
    let path = format!("/api/v1/pacts/{}/sign", pact.id);
    let sign = async |sha256: &str| {
        let body = json!({ "sha256": sha256, "unitId": unit, "signerName": "Nguyễn Thị Hoa" });
        let headers = [("Idempotency-Key", "ky-1"), ("Content-Type", "application/json")];
        let post = actix_web::http::Method::POST;
        library.request(post, &path, &headers, body.to_string()).await
    };
    assert_eq!(sign(&old).await.status(), 412);
    for _ in 0..2 {
        let signed = sign(&new).await;
        assert_eq!(signed.status(), 200, "{signed}");
        let signatures = signed.body()["signatures"].as_array().expect("a list").clone();
        assert_eq!(signatures.len(), 1);
        assert!(signatures[0]["by"].is_string(), "{signed}");
    }
}

async fn a_published_year_is_signed_no_more(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    withdraws(&year, "Thư viện").await;
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..4]).await;
    joins(&year, "Thư viện").await;
    app.rows("UPDATE emulation_year SET phase = 'PUBLISHED' RETURNING id")
        .await;
    let library = year.officer("Thư viện").await;
    assert_eq!(
        pact.signed(&library, &year.unit("Thư viện")).await.code(),
        "WRONG_STATE"
    );
    let seen = year
        .seen_by(&library, "participants { unitName viewerCan { action allowed } }")
        .await;
    for row in seen.at("/node/participants").as_array().expect("a list") {
        let can = row["viewerCan"].as_array().expect("a list");
        assert!(can.iter().all(|one| one["allowed"] == false), "{row}");
    }
}

async fn scoring_waits_for_who_joined_the_pact_later(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    withdraws(&year, "Thư viện").await;
    let pact = Pact::open(&year).await;
    pact.signed_by(&year, &MEMBERS[..3]).await;
    let open = year.does(&year.chair, "advanceEmulationYear", json!({})).await;
    assert_eq!(open.user_errors(), [("PACT_NOT_IN_FORCE", "id")]);
    assert!(open.user_message().contains(&app.world()[MEMBERS[3]].name), "{open}");
    pact.signed_by(&year, &[MEMBERS[3]]).await;
    year.to_phase("RUNNING").await;
    joins(&year, "Thư viện").await;
    let waits = year.does(&year.chair, "advanceEmulationYear", json!({})).await;
    assert_eq!(waits.user_errors(), [("PACT_UNSIGNED", "id")]);
    assert!(waits.user_message().contains("CĐCS Thư viện tỉnh"), "{waits}");
    let can = year.seen_by(&year.chair, "viewerCan { action allowed }").await;
    let can = can.at("/node/viewerCan").as_array().expect("a list").clone();
    let advance = can.iter().find(|one| one["action"] == "YEAR_ADVANCE");
    assert_eq!(advance.map(|one| &one["allowed"]), Some(&json!(false)));
    let library = year.officer("Thư viện").await;
    pact.signed(&library, &year.unit("Thư viện")).await.thing();
    year.to_phase("SELF_SCORING").await;
}

async fn who_is_to_sign_is_told(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let library = year.officer("Thư viện").await;
    Pact::open(&year).await;
    while thidua::notifications::usecases::handle_events(&app.env)
        .await
        .expect("events")
        > 0
    {}
    let told = library
        .graphql("{ notifications { nodes { kind subjectId } } }", json!({}))
        .await;
    let kinds = told.texts("/notifications/nodes", "kind");
    assert!(kinds.contains(&"PACT_OPENED"), "{kinds:?}");
    // From the bell to the pact.
    let subject = told.str("/notifications/nodes/0/subjectId");
    let pact = Pact { id: subject.to_owned() };
    assert_eq!(pact.seen(&library, "state").await.str("/node/state"), "SIGNING");
    let other = year.officer(MEMBERS[3]).await;
    pact.signed_by(&year, &MEMBERS[..4]).await;
    pact.signed(&library, &year.unit("Thư viện")).await.thing();
    withdraws(&year, "Thư viện").await;
    while thidua::notifications::usecases::handle_events(&app.env)
        .await
        .expect("events")
        > 0
    {}
    let told = library.graphql("{ notifications { nodes { kind } } }", json!({})).await;
    let kinds = told.texts("/notifications/nodes", "kind");
    for kind in ["PACT_IN_FORCE", "PARTICIPANT_WITHDRAWN"] {
        // Its own signature was the last, and nobody is told of what they did.
        assert!(kinds.contains(&kind) != (kind == "PACT_IN_FORCE"), "{kinds:?}");
    }
    let told = other.graphql("{ notifications { nodes { kind } } }", json!({})).await;
    assert!(told.texts("/notifications/nodes", "kind").contains(&"PACT_IN_FORCE"));
}
