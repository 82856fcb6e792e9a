//! The doors of results.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Refused, Script, SeesNothing, Sent};
use crate::conferences::planned;
use crate::results::{Judged, Says};
use crate::support::Unit;

/// Results: computed, moved by a quota over clusters, published, corrected.
pub async fn mutations(script: &mut Script) {
    let judged = Judged::three(&script.app).await;
    // Called after a year in which nobody else has results.
    judged.is_called(2031).await;
    let (specialist, committee) = (&judged.cluster.specialist, &judged.committee);
    let year = json!({ "yearId": judged.year_id() });
    script.call("computeResult", specialist, year).await;
    let quota = json!({
        "unitId": script.app.world()["Viên chức"].id(), "year": 2031, "title": "Tỷ lệ toàn ngành", "grade": "XS", "base": ["XS", "T"],
        "percent": "0", "rounding": "DOWN",
    });
    script.call("ruleQuota", committee, quota).await;
    let step = |result: &Value| json!({ "id": result["id"], "version": result["version"] });
    let even = [Says::Points("care", "50"), Says::Points("movement", "30")];
    judged.takes("Sở Ngoại vụ", &even).await;
    let order = ["Sở Ngoại vụ", "Sở Tài chính"].map(|unit| script.app.world()[unit].id());
    let tied = judged.computes().await;
    let settlement = json!({
        "resultId": tied.id(), "version": tied.thing()["version"], "unitIds": order, "reason": "Biên bản kiểm phiếu ngày 15/12.",
    });
    script.call("settleTie", committee, settlement).await;
    let ballot = between(script, &judged).await;
    let by_ballot = json!({ "ballotId": ballot, "resultId": tied.id(), "version": tied.thing()["version"] });
    script.call("settleTieByBallot", committee, by_ballot).await;
    let computed = judged.computes().await;
    let published = script.call("publishResult", committee, step(computed.thing())).await;
    judged.council("Thư viện", Says::Points("care", "60")).await;
    let mut correction = step(&published);
    correction["reason"] = "Hội đồng chấm thiếu hồ sơ.".into();
    script.call("correctResult", committee, correction).await;
}

/// Results on REST.
pub async fn rest(script: &mut Script) {
    let judged = Judged::three(&script.app).await;
    let computed = judged.computes().await;
    let (who, get, none) = (&judged.committee, Method::GET, Sent::default());
    let path = "/api/v1/results";
    script
        .rest(get.clone(), path, path, who, none.clone(), SeesNothing)
        .await;
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{}", computed.id()));
    let unit = script.app.world()["Thư viện"].id();
    for (below, asked) in [
        ("", String::new()),
        ("/units", String::new()),
        ("/snapshot", String::new()),
        ("/explain", format!("?of=TOTAL&unitId={unit}")),
    ] {
        let (template, filled) = (format!("{one}{below}"), format!("{filled}{below}{asked}"));
        script
            .rest(get.clone(), &template, &filled, who, none.clone(), Refused)
            .await;
    }
    let counts = format!("{path}/grade-counts");
    let asked = format!("{counts}?year=2026&clusterId={}", judged.cluster.id);
    script.rest(get, &counts, &asked, who, none, Refused).await;
}

/// A confirmed ballot between the two that are even, as it was recorded from paper.
async fn between(script: &Script, judged: &Judged) -> Value {
    let who = &judged.cluster.specialist;
    let world = script.app.world();
    let units = ["Sở Tài chính", "Sở Ngoại vụ"].map(|short| &world[short]);
    for unit in units {
        judged.cluster.takes_in(unit, "2020-01-01").await.thing();
    }
    let ids = units.map(Unit::id);
    let mut plan = planned(&judged.cluster.id);
    plan["yearId"] = judged.year_id().into();
    plan["heldOn"] = json!(script.app.env.today());
    let step = |thing: &Value| json!({ "id": thing["id"], "version": thing["version"] });
    let planned = who.does("planConference", plan).await.thing().clone();
    let mut roll = step(who.does("openConference", step(&planned)).await.thing());
    roll["entries"] = ids
        .iter()
        .map(|id| json!({ "unitId": id, "presence": "PRESENT" }))
        .collect();
    who.does("callRoll", roll).await.thing();
    let draft = json!({
        "conferenceId": planned["id"], "title": "Phân định hạng nhì", "kind": "CHOOSE", "purpose": "TIE", "secret": false, "nomineeIds": ids,
        "threshold": { "part": { "numerator": 1, "denominator": 2 } },
    });
    let drafted = who.does("draftBallot", draft).await.thing().clone();
    let query = "query($id: ID!) { node(id: $id) { ... on Ballot { options { id } } } }";
    let options = who.graphql(query, json!({ "id": drafted["id"] })).await;
    let mut record = step(&drafted);
    record["what"] = "OUTCOME".into();
    record["chosenIds"] = json!([options.at("/node/options/0/id")]);
    let counted = who.does("recordBallotResult", record).await.thing().clone();
    who.does("confirmBallot", step(&counted)).await.thing()["id"].clone()
}
