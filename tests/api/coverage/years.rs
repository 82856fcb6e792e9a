//! The doors of emulation years.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Refused, Script, SeesNothing, Sent, version};
use crate::clusters::Cluster;
use crate::criteria::{Table, hue};
use crate::support::Person;

/// A cluster of districts, and who acts in it.
struct Scene {
    cluster: Cluster,
    criteria: String,
    officer: Person,
    other: Person,
}

impl Scene {
    async fn of(script: &Script) -> Self {
        let (app, world) = (&script.app, script.app.world());
        Self {
            cluster: Cluster::of(
                app,
                "Tổng Liên đoàn",
                "Cụm các huyện biên giới",
                &["IaH’Drai", "Tu Mơ Rông"],
            )
            .await,
            criteria: Table::begin(app, &world["Tổng Liên đoàn"], "BD-BIEN-GIOI")
                .await
                .in_force(&hue())
                .await,
            officer: app.officer_of(&world["IaH’Drai"]).await,
            other: app.officer_of(&world["Tu Mơ Rông"]).await,
        }
    }

    fn year(&self) -> Value {
        let mut year = crate::years::new(&self.cluster.id);
        year["criteriaVersionId"] = self.criteria.clone().into();
        year
    }
}

/// The mutations.
pub async fn mutations(script: &mut Script, indicator: &str) {
    let world = script.app.world();
    let scene = Scene::of(script).await;
    let (keeper, officer) = (&scene.cluster.specialist, &scene.officer);
    let unit = world["IaH’Drai"].id();
    let year = script.call("createEmulationYear", keeper, scene.year()).await;
    let of = |year: &Value| json!({ "id": year["id"], "version": year["version"] });
    let mut change = of(&year);
    change["theme"] = "Thi đua lập thành tích".into();
    let year = script.call("updateEmulationYear", keeper, change).await;
    scene.cluster.takes_in(&world["Đăk Glei"], "2026-02-01").await.thing();
    let late = json!({ "yearId": year["id"], "unitId": world["Đăk Glei"].id(), "note": "Tham gia cụm từ tháng 2" });
    let late = script.call("addParticipant", keeper, late).await;
    let mut change = of(&late);
    change["note"] = "Tham gia cụm từ ngày 1/2".into();
    let late = script.call("updateParticipant", keeper, change).await;
    let mut end = of(&late);
    end["on"] = "2026-03-01".into();
    end["reason"] = "Chuyển sang cụm khác".into();
    script.call("withdrawParticipant", keeper, end).await;
    let year = script.call("advanceEmulationYear", keeper, of(&year)).await;
    let grade = json!({ "yearId": year["id"], "unitId": unit, "kind": "GRADE", "title": "XS" });
    let grade = script.call("register", officer, grade).await;
    script.call("withdrawRegistration", officer, of(&grade)).await;
    let target = json!({ "yearId": year["id"], "unitId": unit, "indicatorCode": indicator, "text": "1.671" });
    let target = script.call("setTarget", officer, target).await;
    script.call("removeTarget", officer, of(&target)).await;
    let pact = json!({ "yearId": year["id"], "text": "Các đơn vị cùng thi đua" });
    let pact = script.call("beginPact", keeper, pact).await;
    let mut change = of(&pact);
    change["text"] = "Các đơn vị cùng thi đua, báo cáo đúng hạn".into();
    let pact = script.call("writePact", keeper, change).await;
    let pact = script.call("agreePact", keeper, of(&pact)).await;
    let pact = script.call("openPactSigning", keeper, of(&pact)).await;
    let signature = json!({
        "id": pact["id"], "sha256": pact["sha256"], "unitId": unit, "signerName": "Y Hương", "signerTitle": "Chủ tịch",
    });
    let pact = script.call("signPact", officer, signature).await;
    let mut end = of(&pact);
    end["reason"] = "Sắp xếp tổ chức giữa năm".into();
    script.call("endPact", keeper, end).await;
    let id = year["id"].as_str().expect("an id");
    let back = json!({ "id": id, "version": version(keeper, "EmulationYear", id).await, "reason": "Đăng ký lại" });
    script.call("stepBackEmulationYear", keeper, back).await;
    let event = json!({
        "id": unit, "version": version(keeper, "Unit", &unit).await, "kind": "MERGED", "tookEffectOn": "2025-07-01",
    });
    script.call("recordUnitEvent", keeper, event).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Unit { version events { id } } } }";
    let seen = keeper.graphql(query, json!({ "id": unit })).await;
    let wrong = json!({
        "id": seen.at("/node/events/0/id"), "version": seen.at("/node/version"), "reason": "Nhầm đơn vị",
    });
    script.call("removeUnitEvent", keeper, wrong).await;
}

/// The operations of REST.
pub async fn rest(script: &mut Script, indicator: &str) {
    let world = script.app.world();
    let scene = Scene::of(script).await;
    let (keeper, officer) = (&scene.cluster.specialist, &scene.officer);
    let unit = world["IaH’Drai"].id();
    let (path, none) = ("/api/v1/emulation-years", Sent::default());
    let body = |body| Sent {
        body: Some(body),
        ..Sent::default()
    };
    let new = scene.year();
    let year = script.rest(Method::POST, path, path, keeper, body(&new), Refused).await;
    let year = year.body()["id"].as_str().expect("an id").to_owned();
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{year}"));
    script
        .rest(Method::GET, path, path, officer, none.clone(), SeesNothing)
        .await;
    script.rest(Method::GET, &one, &filled, officer, none, Refused).await;
    let theme = json!({ "theme": null });
    let send = Sent {
        version: Some(1),
        ..body(&theme)
    };
    script.rest(Method::PATCH, &one, &filled, keeper, send, Refused).await;
    let send = Sent {
        version: Some(2),
        ..Sent::default()
    };
    let (to, at) = (format!("{one}/advance"), format!("{filled}/advance"));
    script.rest(Method::POST, &to, &at, keeper, send, Refused).await;
    let movement = json!({ "unitId": unit, "kind": "MOVEMENT", "title": "Giỏi việc nước, đảm việc nhà" });
    let (to, at) = (format!("{one}/registrations"), format!("{filled}/registrations"));
    script
        .rest(Method::POST, &to, &at, officer, body(&movement), Refused)
        .await;
    let target = json!({ "yearId": year, "unitId": unit, "indicatorCode": indicator, "text": "20" });
    officer.does("setTarget", target).await.thing();
    let target = json!({ "unitId": unit, "indicatorCode": indicator, "text": "21" });
    let send = Sent {
        version: Some(1),
        ..body(&target)
    };
    let (to, at) = (format!("{one}/targets"), format!("{filled}/targets"));
    script.rest(Method::PUT, &to, &at, officer, send, Refused).await;
    let pact = keeper
        .does("beginPact", json!({ "yearId": year, "text": "Cùng thi đua" }))
        .await;
    let step = |version: i32| json!({ "id": pact.id(), "version": version });
    keeper.does("agreePact", step(1)).await.thing();
    let opened = keeper.does("openPactSigning", step(2)).await;
    let signature =
        json!({ "sha256": opened.thing()["sha256"], "unitId": world["Tu Mơ Rông"].id(), "signerName": "A Thái" });
    let at = format!("/api/v1/pacts/{}/sign", pact.id());
    let to = "/api/v1/pacts/{id}/sign";
    script
        .rest(Method::POST, to, &at, &scene.other, body(&signature), Refused)
        .await;
}
