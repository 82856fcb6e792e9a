//! The doors of awards, from terms to handing over.

use actix_web::http::Method;
use serde_json::json;

use super::{People, Refused, Script, SeesNothing, Sent};
use crate::awards_decisions::given;
use crate::awards_proposals::{Awarding, at};
use crate::support::{Upload, pdf};

/// The mutations.
pub async fn mutations(script: &mut Script) {
    let (app, world) = (script.app.clone(), script.app.world());
    let setter = app.catalogue_keeper().await;
    let (officer, upper) = (
        app.officer_of(&world["Thư viện"]).await,
        app.specialist_of(&world["Viên chức"]).await,
    );
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let committee = app.committee_of(&world["Sóc Trăng"]).await;
    let kind = json!({ "code": "CO_LDLD", "name": "Cờ thi đua", "level": "PROVINCE", "recipients": "COLLECTIVE" });
    let kind = setter.does("createAwardType", kind).await.thing().clone();
    let terms = json!({
        "typeId": kind["id"], "version": kind["version"], "validFrom": "2025-01-01", "legalBasis": "Quy chế khen thưởng",
        "threshold": { "numerator": 2, "denominator": 3 }, "dossier": [{ "code": "TO_TRINH", "name": "Tờ trình" }],
        "collectiveBonus": { "factor": "8" },
    });
    script.call("setAwardTerms", &setter, terms).await;
    let salary = json!({ "validFrom": "2024-07-01", "amount": "2340000", "legalBasis": "Nghị định 73/2024/NĐ-CP" });
    script.call("setBaseSalary", &setter, salary).await;
    let (decider, unit) = (world["Sóc Trăng"].id(), world["Thư viện"].id());
    let quota = json!({
        "typeId": kind["id"], "year": 2025, "setterId": decider, "unitId": world["Viên chức"].id(), "most": 1,
    });
    let quota = script.call("setAwardQuota", &committee, quota).await;
    let mut exception = at(&quota);
    exception["unitId"] = unit.clone().into();
    exception["reason"] = "Đơn vị được biểu dương".into();
    script.call("exceptFromAwardQuota", &committee, exception).await;
    let new = |merit: &str| {
        json!({
            "typeId": kind["id"], "year": 2025, "proposerId": unit, "unitId": unit, "merit": merit,
            "exceptionReason": "Hai thành tích khác nhau",
        })
    };
    let proposal = script.call("proposeAward", &officer, new("Dẫn đầu cụm thi đua")).await;
    let mut tick = at(&proposal);
    tick["code"] = "TO_TRINH".into();
    tick["document"] = "Tờ trình đề nghị khen thưởng".into();
    let proposal = script.call("tickAwardDossier", &officer, tick).await;
    let proposal = script.call("endorseAwardProposal", &upper, at(&proposal)).await;
    let proposal = script.call("appraiseAwardProposal", &specialist, at(&proposal)).await;
    let mut vote = at(&proposal);
    for (name, value) in [("inFavour", 8), ("members", 9), ("present", 8)] {
        vote[name] = value.into();
    }
    vote["heldOn"] = "2026-03-05".into();
    let proposal = script.call("recordAwardVote", &committee, vote).await;
    let mut approval = at(&proposal);
    approval["outcome"] = "APPROVE".into();
    let approved = script.call("concludeAwardProposal", &committee, approval).await;
    let told = json!({ "deciderId": decider, "typeId": kind["id"], "year": 2025 });
    script.call("releaseAwardOutcomes", &committee, told).await;
    let decision = json!({
        "deciderId": decider, "number": "21/QĐ-LĐLĐ", "decidedOn": "2026-03-06", "proposalIds": [approved["id"]],
    });
    let decision = script.call("decideAwards", &committee, decision).await;
    let query = "query($id: ID!) { node(id: $id) { ... on AwardDecision { awards { id } } } }";
    let seen = committee.graphql(query, json!({ "id": decision["id"] })).await;
    let award = seen.at("/node/awards/0/id").clone();
    let occasion = json!({ "id": award, "heldOn": "2026-03-08", "place": "Hội trường", "handedBy": "Chủ tịch" });
    script.call("handOverAward", &specialist, occasion).await;
    let mut change = json!({
        "id": award, "number": "22/QĐ-LĐLĐ", "decidedOn": "2026-03-09", "legalBasis": "Luật 06/2022/QH15", "ground": "Ghi sai tên",
        "recipientName": "CĐCS Thư viện tỉnh Sóc Trăng",
    });
    script.call("correctAward", &committee, change.clone()).await;
    change["number"] = "23/QĐ-LĐLĐ".into();
    change.as_object_mut().expect("an object").remove("recipientName");
    script.call("revokeAward", &committee, change).await;
}

/// The mutations of objections.
pub async fn objections(script: &mut Script) {
    let awarding = Awarding::coded(&script.app, "CO_LAY_Y_KIEN", "BK_LAY_Y_KIEN").await;
    let world = script.app.world();
    let asks = json!({ "objectionDays": 5 });
    awarding.asks(&awarding.flag, 2, "2025-01-01", asks).await.thing();
    let input = awarding.proposal(&awarding.flag, &world["Thư viện"], "Phong trào đọc sách");
    let proposal = awarding.officer.does("proposeAward", input).await.thing().clone();
    awarding.concludes(&proposal, "REFUSE").await.thing();
    let batch = json!({ "deciderId": world["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    awarding.committee.does("releaseAwardOutcomes", batch).await.thing();
    let objection = json!({ "proposalId": proposal["id"], "unitId": world["Thư viện"].id(), "text": "Hồ sơ đã đủ" });
    let objection = script.call("raiseAwardObjection", &awarding.officer, objection).await;
    let mut answer = at(&objection);
    answer["outcome"] = "UPHELD".into();
    answer["answer"] = "Hồ sơ đủ, xét lại".into();
    script.call("answerAwardObjection", &awarding.committee, answer).await;
}

/// The operations of REST.
pub async fn rest(script: &mut Script) {
    let awarding = Awarding::coded(&script.app, "CO_TINH", "BK_TINH").await;
    let approved = awarding.approved().await;
    registers(script, &awarding).await;
    let (path, none) = ("/api/v1/award-proposals", Sent::default());
    script
        .rest(Method::GET, path, path, &awarding.officer, none.clone(), SeesNothing)
        .await;
    let objections = "/api/v1/award-objections";
    script
        .rest(
            Method::GET,
            objections,
            objections,
            &awarding.officer,
            none.clone(),
            SeesNothing,
        )
        .await;
    let (flag, province) = (&awarding.flag, script.app.world()["Sóc Trăng"].id());
    let comparison = "/api/v1/award-proposals/comparison";
    let asked = format!("{comparison}?typeId={flag}&year=2025&deciderId={province}");
    script
        .rest(
            Method::GET,
            comparison,
            &asked,
            &awarding.committee,
            none.clone(),
            Refused,
        )
        .await;
    let office = script.app.world()["Sở Nội vụ"].clone();
    let officer = script.app.officer_of(&office).await;
    let input = awarding.proposal(&awarding.certificate, &office, "Phong trào thi đua");
    let proposal = officer.does("proposeAward", input).await.thing().clone();
    let file = Upload::of("Biên bản.pdf", pdf("biên bản"));
    let send = Sent {
        form: Some(&file),
        ..Sent::default()
    };
    let into = format!("{path}/{}/evidence", proposal["id"].as_str().expect("an id"));
    let to = format!("{path}/{{id}}/evidence");
    script.rest(Method::POST, &to, &into, &officer, send, Refused).await;
    script
        .rest(Method::GET, &to, &into, &officer, none.clone(), Refused)
        .await;
    let one = format!("{path}/{}", approved["id"].as_str().expect("an id"));
    let of_one = format!("{path}/{{id}}");
    script
        .rest(Method::GET, &of_one, &one, &awarding.officer, none, Refused)
        .await;
    let decision = awarding.decides("31/QĐ-LĐLĐ", "2026-03-09", &[&approved]).await;
    let seen = given(&awarding.committee, &decision, "verifyCode").await;
    let address = format!("/verify/{}", seen.str("/node/awards/0/verifyCode"));
    let answer = script.app.nobody().get(&address).await;
    script.open_to_all(
        "GET /verify/{code}",
        &answer,
        "whoever holds a certificate may ask whether it is valid",
    );
}

/// Decisions that were made elsewhere, one by one and by a spreadsheet.
async fn registers(script: &mut Script, awarding: &Awarding) {
    let world = script.app.world();
    let (owner, who, none) = (world["Sóc Trăng"].id(), &awarding.specialist, Sent::default());
    let path = "/api/v1/award-decisions/sheet";
    let of_owner = format!("{path}?ownerId={owner}");
    let csv = format!("{of_owner}&format=csv");
    let empty = script.rest(Method::GET, path, &csv, who, none.clone(), Refused).await;
    let line = format!(
        "51/QĐ-LĐLĐ;15/01/2026;2025;;;CO_TINH;{};;;;;\r\n",
        world["Thư viện"].id()
    );
    let filled = Upload::of("a.csv", format!("{}{line}", empty.text()));
    let send = Sent {
        form: Some(&filled),
        ..none.clone()
    };
    script.rest(Method::POST, path, &of_owner, who, send, Refused).await;
    let path = "/api/v1/award-decisions";
    let award =
        json!({ "typeId": awarding.flag, "unitId": world["Thư viện"].id(), "recipient": "COLLECTIVE", "count": 1 });
    let decision = json!({ "issuerId": owner, "number": "52/QĐ-LĐLĐ", "year": 2025, "awards": [award] });
    let send = Sent {
        body: Some(&decision),
        ..none.clone()
    };
    let made = script.rest(Method::POST, path, path, who, send, Refused).await;
    let one = format!("{path}/{}", made.body()["id"].as_str().expect("an id"));
    let of_one = format!("{path}/{{id}}");
    script
        .rest(Method::GET, &of_one, &one, who, none.clone(), Refused)
        .await;
    script.rest(Method::GET, path, path, who, none, SeesNothing).await;
}

/// An award that was decided elsewhere is recorded.
pub async fn recorded(script: &mut Script, people: &People) {
    let world = script.app.world();
    let kind = json!({ "code": "BK_LDLD", "name": "Bằng khen của Ban Chấp hành LĐLĐ tỉnh", "level": "PROVINCE", "recipients": "BOTH" });
    let kind = script.call("createAwardType", &people.keeper, kind).await["id"].clone();
    let decision = json!({
        "issuerId": world["Sóc Trăng"].id(), "number": "737/QĐ-LĐLĐ", "year": 2025, "decidedOn": "2026-01-10",
        "awards": [{ "typeId": kind, "unitId": world["Thư viện"].id(), "recipient": "COLLECTIVE", "recipientName": "CĐCS Thư viện tỉnh" }],
    });
    script.call("recordAwardDecision", &people.keeper, decision).await;
}
