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
        let signer =
            json!({ "id": self.id, "unitId": unit, "signerName": "Nguyễn Thị Hoa", "signerTitle": "Chủ tịch" });
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
    let unnamed = json!({ "id": pact.id, "unitId": unit, "signerName": "" });
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
    let target =
        json!({ "yearId": year.id, "unitId": year.unit("Thư viện"), "indicatorCode": "new_members", "text": "12" });
    library.does("setTarget", target).await.thing();
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
    let told = library.graphql("{ notifications { nodes { kind } } }", json!({})).await;
    let kinds = told.texts("/notifications/nodes", "kind");
    assert!(kinds.contains(&"PACT_OPENED"), "{kinds:?}");
}
