//! Whoever had a hand in a layer of a score sheet does not pass it, nor judge what is held against it; and who sees what is beside its points.

use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::notifications::usecases::handle_events;
use thidua_entity::enums::{CrossCheckState, ObjectionOutcome, SheetState};
use thidua_entity::objection;

use crate::results::Judged;
use crate::scoring::{Scoring, because, good, points, shown};
use crate::support::{TestApp, Upload, on_both_databases, pdf};

on_both_databases! {
    nobody_appraises_what_they_scored_in_the_cross_check,
    who_stands_in_for_the_chair_does_not_appraise_for_the_province_too,
    who_gave_the_points_does_not_judge_the_objection,
    the_unit_is_told_of_each_appraisal_it_may_object_to,
    publishing_opens_points_and_nothing_beside_them,
}

async fn nobody_appraises_what_they_scored_in_the_cross_check(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let year = &scoring.year;
    let sheet = scoring.handed_in("Thư viện").await;
    year.to_phase("CROSS_CHECKING").await;
    scoring.assign("Sở Nội vụ", "Thư viện", CrossCheckState::Minuted).await;
    scoring
        .write(&year.chair, "Thư viện", "CROSS_CHECK", good())
        .await
        .thing();
    scoring.step(&year.chair, "finishCrossCheck", &sheet).await.thing();
    year.to_phase("APPRAISING").await;
    let less = json!([because(points("care", "20"), "Thiếu hồ sơ")]);
    let written = scoring.write(&year.chair, "Thư viện", "CLUSTER", less.clone()).await;
    let passed = scoring.step(&year.chair, "appraiseScoreSheet", &sheet).await;
    for refused in [written, passed] {
        assert_eq!(refused.code(), "FORBIDDEN", "{refused}");
        assert!(refused.message().contains("cán bộ khác của cụm trưởng"), "{refused}");
    }
    let can = shown(&year.chair, &sheet, "viewerCan { action allowed reason }").await;
    let appraise = can.at("/node/viewerCan").as_array().expect("a list").iter();
    let appraise = appraise.filter(|one| one["action"] == "APPRAISE" || one["action"] == "SCORE_APPRAISE");
    assert!(
        appraise.clone().all(|one| one["allowed"] == false) && appraise.count() == 2,
        "{can}"
    );
    // A colleague does it.
    let colleague = year.officer("Sở Nội vụ").await;
    scoring.write(&colleague, "Thư viện", "CLUSTER", less).await.thing();
    scoring.step(&colleague, "appraiseScoreSheet", &sheet).await.thing();
}

async fn who_stands_in_for_the_chair_does_not_appraise_for_the_province_too(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let year = &scoring.year;
    let own = scoring.checked("Sở Nội vụ", "Thư viện").await;
    year.to_phase("APPRAISING").await;
    scoring.step(&year.specialist, "appraiseScoreSheet", &own).await.thing();
    let refused = scoring
        .step(&year.specialist, "appraiseScoreSheetForProvince", &own)
        .await;
    assert_eq!(refused.code(), "FORBIDDEN", "{refused}");
    assert!(refused.message().contains("chuyên viên khác"), "{refused}");
    let less = json!([because(points("care", "20"), "Thiếu hồ sơ")]);
    let written = scoring.write(&year.specialist, "Sở Nội vụ", "PROVINCE", less).await;
    assert_eq!(written.code(), "FORBIDDEN", "{written}");
    let colleague = app.specialist_of(&app.world()["Viên chức"]).await;
    scoring
        .step(&colleague, "appraiseScoreSheetForProvince", &own)
        .await
        .thing();
}

async fn who_gave_the_points_does_not_judge_the_objection(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let year = &scoring.year;
    let sheet = scoring.checked("Thư viện", "Sở Khoa học").await;
    year.to_phase("APPRAISING").await;
    let less = json!([because(points("care", "20"), "Thiếu hồ sơ")]);
    scoring.write(&year.chair, "Thư viện", "CLUSTER", less).await.thing();
    let colleague = year.officer("Sở Nội vụ").await;
    scoring.step(&colleague, "appraiseScoreSheet", &sheet).await.thing();
    let objection = json!({ "sheetId": sheet, "criterion": "care", "text": "Đã nộp đủ hồ sơ" });
    let library = year.officer("Thư viện").await;
    let raised = library.does("raiseObjection", objection).await.id().to_owned();
    let answer = json!({ "id": raised, "version": 1, "outcome": "REFUSED", "answer": "Chấm đúng rồi" });
    for (who, why) in [
        (&year.chair, "whose points they are"),
        (&colleague, "who handed the appraisal in"),
    ] {
        let refused = who.does("answerObjection", answer.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN", "{why}: {refused}");
        let can = shown(who, &sheet, "objections { viewerCan { allowed } }").await;
        assert_eq!(*can.at("/node/objections/0/viewerCan/0/allowed"), json!(false), "{why}");
    }
    year.deputy.does("answerObjection", answer).await.thing();
}

async fn the_unit_is_told_of_each_appraisal_it_may_object_to(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let library = scoring.year.officer("Thư viện").await;
    let sheet = scoring.appraised("Thư viện", "Sở Khoa học").await;
    let told = async || {
        handle_events(&app.env).await.expect("events");
        let query = "{ notifications { nodes { kind count text } } }";
        let all = library.graphql(query, json!({})).await;
        let all = all.at("/notifications/nodes").as_array().cloned().unwrap_or_default();
        let these = all.into_iter().filter(|one| one["kind"] == "SHEET_APPRAISED");
        these.collect::<Vec<Value>>()
    };
    let times = |all: &[Value]| all.iter().filter_map(|one| one["count"].as_i64()).sum::<i64>();
    assert_eq!(times(&told().await), 1);
    let step = scoring.step(&scoring.year.specialist, "appraiseScoreSheetForProvince", &sheet);
    step.await.thing();
    let both = told().await;
    assert_eq!(times(&both), 2, "{both:?}");
    let text = both[0]["text"].as_str().expect("a text");
    assert!(
        text.contains("đã được thẩm định") && !text.contains("được cụm"),
        "{text}"
    );
}

/// What a unit held against its appraisal, answered.
async fn objection(app: &TestApp, sheet: uuid::Uuid) {
    let row = objection::ActiveModel {
        id: Set(app.env.new_id()),
        sheet_id: Set(sheet),
        criterion: Set(None),
        text: Set("Đã nộp đủ hồ sơ kỷ luật".to_owned()),
        raised_by: Set(None),
        raised_for: Set(None),
        raised_at: Set(app.env.now()),
        outcome: Set(Some(ObjectionOutcome::Refused)),
        answer: Set(Some("Chấm đúng".to_owned())),
        answered_by: Set(None),
        answered_for: Set(None),
        answered_at: Set(Some(app.env.now())),
        version: Set(2),
    };
    row.insert(&app.env.db).await.expect("an objection");
}

async fn publishing_opens_points_and_nothing_beside_them(app: TestApp) {
    let (judged, world) = (Judged::three(&app).await, app.world());
    let row = judged.sheet("Thư viện").await;
    let (sheet, path) = (
        Kind::ScoreSheet.id(row.id),
        format!("/api/v1/score-sheets/{}", Kind::ScoreSheet.id(row.id)),
    );
    let library = app.officer_of(&world["Thư viện"]).await;
    judged.puts("Thư viện", SheetState::Draft).await;
    let file = Upload::of("Biên bản kỷ luật.pdf", pdf("biên bản"));
    let file = file.at(&format!("{path}/evidence"), &library).await;
    let file = file.body()["id"].as_str().expect("an id").to_owned();
    judged.puts("Thư viện", SheetState::Decided).await;
    objection(&app, row.id).await;
    judged.takes_back("Thư viện", "Xem lại việc kỷ luật cán bộ").await;
    judged.decides("Thư viện").await;
    let computed = judged.computes().await;
    judged.publishes(computed.thing()).await.thing();

    let member = app.officer_of(&world["Sở Tài chính"]).await;
    let fields = "state entries { code } evidence { id } objections { id } steps { state reason }";
    for (who, closely) in [(&library, true), (&judged.committee, true), (&member, false)] {
        let seen = shown(who, &sheet, fields).await;
        assert_eq!(
            seen.texts("/node/entries", "code"),
            ["care", "movement"],
            "points are part of the result"
        );
        let count = |list: &str| seen.at(&format!("/node/{list}")).as_array().map(Vec::len);
        assert_eq!(
            (count("evidence"), count("objections")),
            match closely {
                true => (Some(1), Some(1)),
                false => (Some(0), Some(0)),
            }
        );
        assert_eq!(seen.text().contains("kỷ luật"), closely, "{seen}");
        for list in ["evidence", "objections"] {
            let rest = who.get(&format!("{path}/{list}")).await;
            let items = rest.body()["items"].as_array().map(Vec::len);
            assert_eq!(items, Some(usize::from(closely)), "{list}: {rest}");
        }
        let link = who.post(&format!("/api/v1/evidence/{file}/link"), json!({})).await;
        assert_eq!(link.status() == 404, !closely, "{link}");
    }
}
