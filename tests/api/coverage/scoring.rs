//! The doors of score sheets and objections.

use actix_web::http::Method;
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua_entity::score_sheet;

use super::{Refused, Script, SeesNothing, Sent};
use crate::clusters::Cluster;
use crate::criteria::Table;
use crate::scoring::{good, points};
use crate::support::{Person, TestApp, Upload, pdf};

const MEMBERS: [&str; 3] = ["Trường Nguyễn Văn Cừ", "Y tế Đăk Tô", "Xã Diên Bình"];

/// A cluster of grassroots unions in a year that is being appraised, so that every layer has its turn.
struct Scene {
    app: TestApp,
    year: String,
    unit: String,
    officer: Person,
    chair: Person,
    deputy: Person,
    specialist: Person,
    committee: Person,
}

impl Scene {
    async fn of(script: &Script) -> Self {
        let (app, world) = (&script.app, script.app.world());
        let organiser = &world["Đăk Tô"];
        let cluster = Cluster::of(app, "Đăk Tô", "Cụm CĐCS huyện", &MEMBERS).await;
        for (office, holder) in [("CHAIR", MEMBERS[0]), ("DEPUTY", MEMBERS[1])] {
            cluster.gives(office, &world[holder], "2026-01-01").await.thing();
        }
        let mut table = crate::years::criteria();
        let manual = table["nodes"][1]["part"]["criterion"]["measure"].clone();
        table["nodes"][3]["part"]["criterion"]["measure"] = manual;
        let version = Table::begin(app, organiser, "BD-CS").await.in_force(&table).await;
        let mut new = crate::years::new(&cluster.id);
        new["criteriaVersionId"] = version.into();
        // Nobody but one unit scores here.
        new["blind"] = false.into();
        let specialist = app.specialist_of(organiser).await;
        let mut year = specialist.does("createEmulationYear", new).await.thing().clone();
        for _ in 0..5 {
            let step = json!({ "id": year["id"], "version": year["version"] });
            year = specialist.does("advanceEmulationYear", step).await.thing().clone();
        }
        Self {
            app: app.clone(),
            year: year["id"].as_str().expect("an id").to_owned(),
            unit: world[MEMBERS[2]].id(),
            officer: app.officer_of(&world[MEMBERS[2]]).await,
            chair: app.officer_of(&world[MEMBERS[0]]).await,
            deputy: app.officer_of(&world[MEMBERS[1]]).await,
            specialist,
            committee: app.committee_of(organiser).await,
        }
    }

    fn entries(&self) -> Value {
        let mut entries = good();
        entries.as_array_mut().expect("a list").push(points("growth", "20"));
        json!({ "sheet": { "unit": { "yearId": self.year, "unitId": self.unit } }, "layer": "SELF", "entries": entries })
    }

    /// As if the days in which the unit may object were over.
    async fn window_is_over(&self, sheet: &Value) {
        let id = Kind::ScoreSheet
            .parse(sheet["id"].as_str().expect("an id"))
            .expect("a sheet");
        let change = score_sheet::ActiveModel {
            id: Set(id),
            objections_until: Set(None),
            ..Default::default()
        };
        change.update(&self.app.env.db).await.expect("a sheet");
    }
}

/// The mutations.
pub async fn mutations(script: &mut Script) {
    let scene = Scene::of(script).await;
    let of = |sheet: &Value| json!({ "id": sheet["id"], "version": sheet["version"] });
    let sheet = script.call("writeScoreEntries", &scene.officer, scene.entries()).await;
    let sheet = script.call("submitScoreSheet", &scene.officer, of(&sheet)).await;
    let sheet = script.call("finishCrossCheck", &scene.chair, of(&sheet)).await;
    let mut back = of(&sheet);
    back["reason"] = "Chưa kiểm tra xong".into();
    let sheet = script.call("returnScoreSheet", &scene.chair, back).await;
    let review = json!({ "step": "FINISH_CROSS_CHECK", "items": [of(&sheet)] });
    let version = sheet["version"].as_i64().expect("a version") + 1;
    script.call("reviewScoreSheets", &scene.chair, review).await;
    let sheet = json!({ "id": sheet["id"], "version": version });
    let sheet = script.call("appraiseScoreSheet", &scene.chair, of(&sheet)).await;
    let objection = json!({ "sheetId": sheet["id"], "criterion": "care", "text": "Đã nộp đủ hồ sơ" });
    let objection = script.call("raiseObjection", &scene.officer, objection).await;
    let mut answer = of(&objection);
    answer["outcome"] = "REFUSED".into();
    answer["answer"] = "Hồ sơ nộp sau hạn".into();
    script.call("answerObjection", &scene.deputy, answer).await;
    let sheet = script
        .call("appraiseScoreSheetForProvince", &scene.specialist, of(&sheet))
        .await;
    scene.window_is_over(&sheet).await;
    for _ in 0..3 {
        let year = crate::years::node(&scene.specialist, &scene.year, "id version phase").await;
        if year.str("/node/phase") == "DECIDING" {
            break;
        }
        let step = json!({ "id": scene.year, "version": year.at("/node/version") });
        scene.specialist.does("advanceEmulationYear", step).await.thing();
    }
    script.call("decideScoreSheet", &scene.committee, of(&sheet)).await;
}

/// The operations of REST.
pub async fn rest(script: &mut Script) {
    let scene = Scene::of(script).await;
    let (path, none) = ("/api/v1/score-sheets", Sent::default());
    let body = |body| Sent {
        body: Some(body),
        ..Sent::default()
    };
    let at = |version| Sent {
        version: Some(version),
        ..Sent::default()
    };
    let new = json!({ "yearId": scene.year, "unitId": scene.unit });
    let begun = script
        .rest(Method::POST, path, path, &scene.officer, body(&new), Refused)
        .await;
    let id = begun.body()["id"].as_str().expect("an id").to_owned();
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{id}"));
    let officer = &scene.officer;
    script
        .rest(Method::GET, path, path, officer, none.clone(), SeesNothing)
        .await;
    script
        .rest(Method::GET, &one, &filled, officer, none.clone(), Refused)
        .await;
    let (to, into) = (format!("{one}/gap"), format!("{filled}/gap"));
    script
        .rest(Method::GET, &to, &into, officer, none.clone(), Refused)
        .await;
    let leniency = |year: &str| format!("/api/v1/emulation-years/{year}/checker-leniency");
    let (to, into) = (leniency("{id}"), leniency(&scene.year));
    script
        .rest(Method::GET, &to, &into, &scene.chair, none.clone(), Refused)
        .await;
    let entries = json!({ "layer": "SELF", "entries": [
        { "code": "care", "points": "27,5" }, { "code": "movement", "points": "28" }, { "code": "growth", "points": "20" },
        { "code": "on_time", "verdict": true },
    ] });
    let send = Sent {
        version: Some(1),
        ..body(&entries)
    };
    let (to, into) = (format!("{one}/entries"), format!("{filled}/entries"));
    script.rest(Method::PATCH, &to, &into, officer, send, Refused).await;
    let file = Upload::of("Minh chứng.pdf", pdf("minh chứng")).with("criterionCode", "care");
    let send = Sent {
        form: Some(&file),
        ..Sent::default()
    };
    let (to, into) = (format!("{one}/evidence"), format!("{filled}/evidence"));
    script.rest(Method::POST, &to, &into, officer, send, Refused).await;
    script
        .rest(Method::GET, &to, &into, officer, none.clone(), Refused)
        .await;
    let (to, into) = (format!("{one}/submit"), format!("{filled}/submit"));
    script.rest(Method::POST, &to, &into, officer, at(2), Refused).await;
    for (mutation, who, version) in [
        ("finishCrossCheck", &scene.chair, 3),
        ("appraiseScoreSheet", &scene.chair, 4),
    ] {
        who.does(mutation, json!({ "id": id, "version": version }))
            .await
            .thing();
    }
    let (to, into) = (format!("{one}/objections"), format!("{filled}/objections"));
    let objection = json!({ "criterion": "care", "text": "Đã nộp đủ hồ sơ" });
    script
        .rest(Method::POST, &to, &into, officer, body(&objection), Refused)
        .await;
    script.rest(Method::GET, &to, &into, officer, none, Refused).await;
}
