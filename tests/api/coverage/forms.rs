//! The doors of indicators, periods, forms and criteria sets.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{People, Refused, Script, SeesNothing, Sent, text};

/// A form with a published version and the period that it is filled in for.
pub struct Forms {
    pub form: Value,
    pub period: Value,
}

pub async fn mutations(script: &mut Script, people: &People) -> Forms {
    let world = script.app.world();
    let keeper = &people.keeper;
    let indicator = json!({ "code": "members", "name": "Số đoàn viên", "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "STOCK" });
    let indicator = script.call("createIndicator", keeper, indicator).await;
    let counts = json!({ "id": indicator["id"], "version": 1, "headCount": "MEMBERS" });
    script.call("setIndicatorHeadCount", keeper, counts).await;
    let period = json!({
        "ownerId": world["Viên chức"].id(), "code": "2026", "name": "Năm 2026", "kind": "YEAR", "startsOn": "2026-01-01", "endsOn": "2026-12-31",
    });
    let period = script.call("createPeriod", keeper, period).await;
    let due = json!({ "id": period["id"], "version": period["version"], "dueOn": "2026-12-10" });
    script.call("setPeriodDueDay", keeper, due).await;
    let form =
        json!({ "ownerId": world["Viên chức"].id(), "code": "BC-NAM", "name": "Báo cáo năm", "periodicity": "YEAR" });
    let form = script.call("createReportForm", keeper, form).await["id"].clone();
    let due = json!({ "formId": form, "periodId": period["id"], "dueOn": "2026-11-20" });
    script.call("setReportFormDueDay", keeper, due).await;
    for step in ["publishReportForm", "retireReportForm", "publishReportForm"] {
        let query = "query($id: ID!) { node(id: $id) { ... on ReportForm { versions { number version state } } } }";
        let newest = keeper
            .graphql(query, json!({ "id": form }))
            .await
            .at("/node/versions")
            .get(0)
            .cloned();
        let newest = match newest {
            Some(newest) if newest["state"] != "RETIRED" => newest,
            _ => {
                let items = json!([{ "indicatorCode": "members", "required": true }]);
                let draft = json!({ "formId": form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
                script.call("writeReportFormDraft", keeper, draft).await;
                keeper
                    .graphql(query, json!({ "id": form }))
                    .await
                    .at("/node/versions/0")
                    .clone()
            }
        };
        let of = json!({ "formId": form, "number": newest["number"], "version": newest["version"] });
        script.call(step, keeper, of).await;
    }
    Forms {
        form,
        period: period["id"].clone(),
    }
}

pub async fn criteria_sets(script: &mut Script, people: &People) {
    let (keeper, content) = (&people.keeper, crate::criteria::hue());
    let organiser = script.app.world()["Viên chức"].id();
    let new = json!({ "owner": { "unitId": organiser }, "code": "BD-2026", "name": "Bảng điểm" });
    let set = script.call("createCriteriaSet", keeper, new).await["id"].clone();
    let draft = json!({ "setId": set, "content": content });
    let draft = script.call("writeCriteriaSetDraft", keeper, draft).await;
    let step = json!({ "id": draft["id"], "version": draft["version"] });
    let published = script.call("publishCriteriaSet", keeper, step).await;
    let cluster =
        json!({ "form": "CLUSTER", "organiserId": organiser, "name": "Cụm thi đua số 5", "validFrom": "2025-01-01" });
    let cluster = keeper.does("createCluster", cluster).await;
    let adapted = json!({ "clusterId": cluster.id(), "baseVersionId": published["id"], "code": "BD-CUM", "name": "Bảng điểm cụm" });
    script.call("adaptCriteriaSet", keeper, adapted).await;
    let step = json!({ "id": published["id"], "version": published["version"] });
    script.call("retireCriteriaSet", keeper, step).await;
}

/// The criteria sets on REST.
pub async fn tables(script: &mut Script, people: &People) {
    let (keeper, get, post) = (&people.keeper, Method::GET, Method::POST);
    let content = crate::criteria::tree(&script.app, &crate::criteria::hue()).await;
    let (path, none) = ("/api/v1/criteria-sets", Sent::default());
    let new = json!({ "unitId": script.app.world()["Viên chức"].id(), "code": "BD-2026", "name": "Bảng điểm" });
    let body = |body| Sent {
        body: Some(body),
        ..Sent::default()
    };
    let made = script.rest(post.clone(), path, path, keeper, body(&new), Refused).await;
    let set = text(&made.body()["id"]).to_owned();
    let draft = json!({ "content": content });
    let check = "/api/v1/criteria-sets/check";
    script
        .rest(post.clone(), check, check, keeper, body(&draft), Refused)
        .await;
    let begun = json!({ "setId": set, "content": crate::criteria::hue() });
    let begun = keeper.does("writeCriteriaSetDraft", begun).await;
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{set}"));
    let send = Sent {
        version: Some(1),
        ..body(&draft)
    };
    let (to, put) = (format!("{one}/draft"), format!("{filled}/draft"));
    script.rest(Method::PUT, &to, &put, keeper, send, Refused).await;
    script
        .rest(get.clone(), path, path, keeper, none.clone(), SeesNothing)
        .await;
    script
        .rest(get.clone(), &one, &filled, keeper, none.clone(), Refused)
        .await;
    let path = "/api/v1/criteria-set-versions";
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{}", begun.id()));
    script
        .rest(get.clone(), &one, &filled, keeper, none.clone(), Refused)
        .await;
    let diff = format!("{filled}/diff?to={}", begun.id());
    script
        .rest(get, &format!("{one}/diff"), &diff, keeper, none, Refused)
        .await;
    for (step, version) in [("publish", 2), ("retire", 3)] {
        let send = Sent {
            version: Some(version),
            ..Sent::default()
        };
        let (path, filled) = (format!("{one}/{step}"), format!("{filled}/{step}"));
        script.rest(post.clone(), &path, &filled, keeper, send, Refused).await;
    }
}
