//! The life of score sheets: cross-check, appraisal with reasons, the chair's own unit, sending back, objections, deciding; many at once.

use serde_json::json;
use thidua::ids::Kind;
use thidua_entity::enums::CrossCheckState;

use crate::scoring::{Scoring, after, because, good, points, shown};
use crate::support::{TestApp, moment, no_more_statements, on_both_databases};

on_both_databases! {
    a_sheet_goes_from_the_unit_to_the_council,
    whoever_says_otherwise_than_the_layer_below_says_why,
    the_chair_s_own_unit_is_left_to_the_deputy_or_the_organiser,
    a_cross_check_is_finished_with_its_points_and_its_minutes,
    a_sheet_goes_one_step_back_with_a_reason,
    an_objection_is_raised_in_time_and_answered_by_another,
    many_sheets_are_appraised_at_once,
}

async fn a_sheet_goes_from_the_unit_to_the_council(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let sheet = scoring.appraised("Thư viện", "Sở Khoa học").await;
    let year = &scoring.year;
    let early = scoring.step(&year.committee, "decideScoreSheet", &sheet).await;
    assert_eq!(early.code(), "WRONG_STATE", "{early}");
    scoring
        .step(&year.specialist, "appraiseScoreSheetForProvince", &sheet)
        .await
        .thing();
    year.to_phase("DECIDING").await;
    let window = scoring.step(&year.committee, "decideScoreSheet", &sheet).await;
    assert!(window.message().contains("còn được khiếu nại"), "{window}");
    app.it_is(moment(2026, 3, 17, 8, 0));
    let specialist = scoring.step(&year.specialist, "decideScoreSheet", &sheet).await;
    assert_eq!(specialist.code(), "FORBIDDEN");
    let decided = scoring.step(&year.committee, "decideScoreSheet", &sheet).await;
    assert_eq!(decided.thing()["state"], "DECIDED", "{decided}");
    let library = year.officer("Thư viện").await;
    let seen = shown(
        &library,
        &sheet,
        "layersSeen steps { state takenBy } criteria { code points standingLayer }",
    )
    .await;
    assert_eq!(
        seen.texts("/node/steps", "state"),
        [
            "SELF_SUBMITTED",
            "CROSS_CHECKED",
            "CLUSTER_APPRAISED",
            "PROVINCE_APPRAISED",
            "DECIDED"
        ]
    );
    assert_eq!(seen.str("/node/criteria/1/points"), "25");
    assert_eq!(seen.str("/node/criteria/1/standingLayer"), "CLUSTER");
    assert_eq!(seen.str("/node/criteria/2/standingLayer"), "CROSS_CHECK");
}

async fn whoever_says_otherwise_than_the_layer_below_says_why(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let sheet = scoring.handed_in("Thư viện").await;
    scoring.year.to_phase("CROSS_CHECKING").await;
    scoring
        .assign("Sở Khoa học", "Thư viện", CrossCheckState::Minuted)
        .await;
    let checker = scoring.year.officer("Sở Khoa học").await;
    let less = scoring
        .write(&checker, "Thư viện", "CROSS_CHECK", json!([points("care", "26")]))
        .await;
    assert_eq!(less.user_errors(), [("REASON_REQUIRED", "entries.0.reason")], "{less}");
    let reason = "Hai hoạt động trùng nhau";
    let mut entries = good();
    entries[0] = because(points("care", "26"), reason);
    scoring
        .write(&checker, "Thư viện", "CROSS_CHECK", entries)
        .await
        .thing();
    scoring.step(&checker, "finishCrossCheck", &sheet).await.thing();
    scoring.year.to_phase("APPRAISING").await;
    let back = scoring
        .write(
            &scoring.year.chair,
            "Thư viện",
            "CLUSTER",
            json!([points("care", "27,5")]),
        )
        .await;
    assert_eq!(
        back.user_errors(),
        [("REASON_REQUIRED", "entries.0.reason")],
        "what stands is the checker's: {back}"
    );
    let same = scoring
        .write(
            &scoring.year.chair,
            "Thư viện",
            "CLUSTER",
            json!([points("care", "26")]),
        )
        .await;
    same.thing();
    let library = scoring.year.officer("Thư viện").await;
    let seen = shown(&library, &sheet, "entries(layer: CROSS_CHECK) { reason unitName }").await;
    assert_eq!(seen.str("/node/entries/0/reason"), reason);
    assert_eq!(seen.str("/node/entries/0/unitName"), "CĐCS Sở Khoa học và Công nghệ");
}

async fn the_chair_s_own_unit_is_left_to_the_deputy_or_the_organiser(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    let own = scoring.checked("Sở Nội vụ", "Thư viện").await;
    year.to_phase("SELF_SCORING").await;
    let other = scoring.checked("Sở Ngoại vụ", "Thư viện").await;
    scoring.handed_in("Sở Tài chính").await;
    year.to_phase("APPRAISING").await;
    for mutation in ["appraiseScoreSheet", "returnScoreSheet"] {
        let mut input = json!({ "id": own, "version": scoring.version(&own).await });
        if mutation == "returnScoreSheet" {
            input["reason"] = "Chấm lại".into();
        }
        assert_eq!(year.chair.does(mutation, input).await.code(), "FORBIDDEN", "{mutation}");
    }
    let can = shown(&year.chair, &own, "viewerCan { action allowed code }").await;
    let actions = can.texts("/node/viewerCan", "action");
    let at = actions.iter().position(|action| *action == "APPRAISE").expect("a step");
    assert_eq!(*can.at(&format!("/node/viewerCan/{at}/allowed")), json!(false));
    let specialist = scoring.step(&year.specialist, "appraiseScoreSheet", &other).await;
    assert_eq!(
        specialist.code(),
        "FORBIDDEN",
        "the cluster is chair and deputy: {specialist}"
    );
    let written = scoring
        .write(
            &year.specialist,
            "Sở Nội vụ",
            "CLUSTER",
            json!([because(points("care", "20"), "Hồ sơ thiếu")]),
        )
        .await;
    written.thing();
    scoring.step(&year.deputy, "appraiseScoreSheet", &own).await.thing();
    scoring.step(&year.chair, "appraiseScoreSheet", &other).await.thing();
}

async fn a_cross_check_is_finished_with_its_points_and_its_minutes(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let sheet = scoring.handed_in("Thư viện").await;
    scoring.handed_in("Sở Khoa học").await;
    scoring.handed_in("Sở Nội vụ").await;
    scoring
        .assign("Sở Khoa học", "Thư viện", CrossCheckState::Replied)
        .await;
    let checker = scoring.year.officer("Sở Khoa học").await;
    let early = scoring.write(&checker, "Thư viện", "CROSS_CHECK", good()).await;
    assert_eq!(early.code(), "WRONG_STATE", "{early}");
    scoring.year.to_phase("CROSS_CHECKING").await;
    let stranger = scoring.year.officer("Sở Ngoại vụ").await;
    let refused = scoring.write(&stranger, "Thư viện", "CROSS_CHECK", good()).await;
    assert_eq!(refused.code(), "FORBIDDEN", "who was not assigned: {refused}");
    let own = scoring.year.officer("Thư viện").await;
    let refused = scoring.write(&own, "Thư viện", "CROSS_CHECK", good()).await;
    assert_eq!(refused.code(), "FORBIDDEN", "nobody checks their own unit: {refused}");
    scoring
        .write(&checker, "Thư viện", "CROSS_CHECK", json!([points("care", "20")]))
        .await
        .thing();
    let open = scoring.step(&checker, "finishCrossCheck", &sheet).await;
    assert_eq!(open.code(), "WRONG_STATE", "there are no minutes: {open}");
    let rows = app.rows("UPDATE cross_check SET state = 'MINUTED' RETURNING id").await;
    assert_eq!(rows.len(), 1);
    let missing = scoring.step(&checker, "finishCrossCheck", &sheet).await;
    assert_eq!(
        missing.user_errors(),
        [
            ("POINTS_MISSING", "entries.movement"),
            ("POINTS_MISSING", "entries.on_time")
        ]
    );
    let mut rest = good();
    rest[0] = after(points("care", "20"), 1);
    scoring.write(&checker, "Thư viện", "CROSS_CHECK", rest).await.thing();
    scoring
        .step(&scoring.year.chair, "finishCrossCheck", &sheet)
        .await
        .thing();
}

async fn a_sheet_goes_one_step_back_with_a_reason(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let sheet = scoring.appraised("Thư viện", "Sở Khoa học").await;
    let year = &scoring.year;
    let none = scoring.give_back(&year.chair, &sheet, " ").await;
    assert_eq!(none.user_errors(), [("REQUIRED", "reason")]);
    scoring
        .step(&year.specialist, "appraiseScoreSheetForProvince", &sheet)
        .await
        .thing();
    let chair = scoring.give_back(&year.chair, &sheet, "Chấm lại").await;
    assert_eq!(
        chair.code(),
        "FORBIDDEN",
        "nobody undoes what stands above them: {chair}"
    );
    for (who, state) in [
        (&year.specialist, "CLUSTER_APPRAISED"),
        (&year.chair, "CROSS_CHECKED"),
        (&year.deputy, "SELF_SUBMITTED"),
        (&year.chair, "DRAFT"),
    ] {
        let back = scoring.give_back(who, &sheet, "Thiếu minh chứng đợt hai").await;
        assert_eq!(back.thing()["state"], state, "{back}");
    }
    let library = year.officer("Thư viện").await;
    let seen = shown(&library, &sheet, "objectionsUntil steps { state reason }").await;
    assert_eq!(*seen.at("/node/objectionsUntil"), json!(null));
    assert_eq!(
        seen.texts("/node/steps", "reason")[4..],
        ["Thiếu minh chứng đợt hai"; 4]
    );
    let again = scoring
        .write(&library, "Thư viện", "SELF", json!([after(points("care", "24"), 1)]))
        .await;
    again.thing();
    scoring.step(&library, "submitScoreSheet", &sheet).await.thing();
}

async fn an_objection_is_raised_in_time_and_answered_by_another(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    let sheet = scoring.appraised("Thư viện", "Sở Khoa học").await;
    let library = year.officer("Thư viện").await;
    let objection = |code: &str| json!({ "sheetId": sheet, "criterion": code, "text": "Đã nộp đủ hồ sơ ngày 05/11" });
    assert_eq!(
        library.does("raiseObjection", objection("nothing")).await.user_errors(),
        [("UNKNOWN_CRITERION", "criterion")]
    );
    assert_eq!(
        year.chair.does("raiseObjection", objection("care")).await.code(),
        "FORBIDDEN"
    );
    let raised = library.does("raiseObjection", objection("care")).await.id().to_owned();
    let again = library.does("raiseObjection", objection("care")).await;
    assert_eq!(again.id(), raised, "sent twice it is there once");
    let answer = json!({ "id": raised, "version": 1, "outcome": "UPHELD", "answer": "Hồ sơ có đủ, sẽ chấm lại" });
    for (who, why) in [
        (&year.chair, "who appraised it does not judge the objection"),
        (&library, "nor the unit itself"),
    ] {
        assert_eq!(
            who.does("answerObjection", answer.clone()).await.code(),
            "FORBIDDEN",
            "{why}"
        );
    }
    scoring
        .step(&year.specialist, "appraiseScoreSheetForProvince", &sheet)
        .await
        .thing();
    year.to_phase("DECIDING").await;
    app.it_is(moment(2026, 3, 20, 8, 0));
    let open = scoring.step(&year.committee, "decideScoreSheet", &sheet).await;
    assert!(open.message().contains("chưa được trả lời"), "{open}");
    let late = library.does("raiseObjection", objection("movement")).await;
    assert!(late.message().contains("đã hết vào ngày 15/03/2026"), "{late}");
    let answered = year.deputy.does("answerObjection", answer.clone()).await;
    assert_eq!(answered.thing()["outcome"], "UPHELD", "{answered}");
    let twice = year.deputy.does("answerObjection", answer).await;
    assert_eq!(twice.code(), "WRONG_STATE", "{twice}");
    scoring.step(&year.committee, "decideScoreSheet", &sheet).await.thing();
    let seen = library.get(&format!("/api/v1/score-sheets/{sheet}/objections")).await;
    assert_eq!(seen.body()["items"][0]["answer"], "Hồ sơ có đủ, sẽ chấm lại", "{seen}");
}

async fn many_sheets_are_appraised_at_once(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    let first = scoring.checked("Thư viện", "Sở Khoa học").await;
    year.to_phase("SELF_SCORING").await;
    let second = scoring.checked("Sở Ngoại vụ", "Thư viện").await;
    year.to_phase("SELF_SCORING").await;
    let own = scoring.checked("Sở Nội vụ", "Sở Ngoại vụ").await;
    year.to_phase("SELF_SCORING").await;
    let behind = scoring.handed_in("Sở Tài chính").await;
    year.to_phase("APPRAISING").await;
    let item = |id: &str, version: i64| json!({ "id": id, "version": version });
    let of = async |id: &str| item(id, scoring.version(id).await);
    let review = async |items: serde_json::Value, dry: bool| {
        let input = json!({ "step": "APPRAISE", "items": items, "dryRun": dry });
        let query = "mutation($input: ReviewScoreSheetsInput!) { reviewScoreSheets(input: $input) { taken results { id taken code } \
                     userErrors { code } } }";
        year.chair.graphql(query, json!({ "input": input })).await
    };
    let alone = review(json!([of(&first).await]), true).await;
    let never = Kind::ScoreSheet.id(app.env.new_id());
    let all = json!([
        of(&first).await,
        of(&second).await,
        of(&own).await,
        of(&behind).await,
        item(&never, 1)
    ]);
    let both = review(json!([of(&first).await, of(&second).await]), true).await;
    no_more_statements(alone.statements(), both.statements());
    let taken = review(all, false).await;
    assert_eq!(*taken.at("/reviewScoreSheets/taken"), json!(2), "{taken}");
    assert_eq!(
        taken.texts("/reviewScoreSheets/results", "code"),
        ["null", "null", "FORBIDDEN", "WRONG_STATE", "NOT_FOUND"]
    );
}
