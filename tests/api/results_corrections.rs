//! What was published is corrected by another result with a reason: points by the council, on sheets that it takes back. And what is published
//! beside a step of a sheet is published whole.

use std::time::Duration;

use actix_web::rt::time::timeout;
use serde_json::json;
use thidua::ids::Kind;
use thidua::{db, years};
use thidua_entity::enums::SheetState;

use crate::results::{Judged, asked, units};
use crate::scoring::{because, points, shown};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    what_was_published_is_corrected_by_another_with_a_reason,
    the_same_correction_is_made_once,
    what_is_found_right_is_published_again,
    only_the_council_takes_a_published_sheet_back,
    a_step_of_a_sheet_waits_while_its_year_is_being_published,
}

/// Somebody asks for the correction of a published result.
async fn corrects(who: &Person, published: &Answer, reason: &str) -> Answer {
    let input = json!({ "id": published.id(), "version": published.thing()["version"], "reason": reason });
    who.does("correctResult", input).await
}

const REASON: &str = "Hội đồng chấm thiếu hồ sơ của Thư viện tỉnh.";

/// A published result of which the council has taken the sheet of the library back and given it 60 points for care.
async fn mended(app: &TestApp) -> (Judged, Answer) {
    let judged = Judged::three(app).await;
    let computed = judged.computes().await;
    let published = judged.publishes(computed.thing()).await;
    published.thing();
    judged.takes_back("Thư viện", REASON).await;
    judged.takes_back("Thư viện", REASON).await;
    let more = because(points("care", "60"), "Hồ sơ nộp đủ trước ngày 30/11");
    judged.says("Thư viện", "COUNCIL", json!([more])).await.thing();
    judged.decides("Thư viện").await;
    (judged, published)
}

async fn what_was_published_is_corrected_by_another_with_a_reason(app: TestApp) {
    let (judged, published) = mended(&app).await;
    let specialist = judged.cluster.specialist.clone();
    assert_eq!(corrects(&specialist, &published, REASON).await.code(), "FORBIDDEN");
    let short = corrects(&judged.committee, &published, "").await;
    assert_eq!(short.user_errors()[0].1, "reason");
    let corrected = corrects(&judged.committee, &published, REASON).await;
    assert_eq!(corrected.thing()["state"], "COMPUTED");
    // The published one stays, and binds until the other is published.
    let member = app.officer_of(&app.world()["Sở Tài chính"]).await;
    assert_eq!(units(&member, published.id()).await[2], "CĐCS Thư viện tỉnh 60 HT 3");
    // A sheet that is still open holds the correction up.
    judged.takes_back("Thư viện", "Xem lại lần nữa").await;
    let early = judged.publishes(corrected.thing()).await;
    assert_eq!(early.user_errors(), [("SHEETS_NOT_DECIDED", "yearId")]);
    judged.decides("Thư viện").await;
    let second = judged.publishes(corrected.thing()).await;
    let fields = "state correctionReason corrects { id state }";
    let seen = asked(&judged.committee, second.id(), fields).await;
    assert_eq!(seen.str("/node/correctionReason"), REASON);
    assert_eq!(seen.str("/node/corrects/id"), published.id());
    assert_eq!(units(&member, second.id()).await[1], "CĐCS Thư viện tỉnh 80 T 2");
    let first = units(&judged.committee, published.id()).await;
    assert_eq!(first[2], "CĐCS Thư viện tỉnh 60 HT 3", "the first stays");
    assert_eq!(judged.sheet("Thư viện").await.state, SheetState::Published);
    // Only the last one is corrected.
    let late = corrects(&judged.committee, &published, REASON).await;
    assert_eq!(late.user_errors(), [("NOT_LAST_PUBLISHED", "id")]);
}

async fn the_same_correction_is_made_once(app: TestApp) {
    let (judged, published) = mended(&app).await;
    let corrected = corrects(&judged.committee, &published, REASON).await;
    let again = corrects(&judged.committee, &published, REASON).await;
    assert_eq!(again.id(), corrected.id(), "the answer to the first was lost");
    let otherwise = corrects(&judged.committee, &published, "Lý do khác, nói rõ hơn trước.").await;
    assert_ne!(otherwise.id(), corrected.id());
}

async fn what_is_found_right_is_published_again(app: TestApp) {
    let (judged, published) = mended(&app).await;
    corrects(&judged.committee, &published, REASON).await.thing();
    // After all it was right: what the council gave is taken back.
    judged.takes_back("Thư viện", "Hồ sơ là của năm trước").await;
    let back = json!([{ "code": "care", "says": null }]);
    judged.says("Thư viện", "COUNCIL", back).await.thing();
    judged.decides("Thư viện").await;
    let member = app.officer_of(&app.world()["Sở Tài chính"]).await;
    let sheet = Kind::ScoreSheet.id(judged.sheet("Thư viện").await.id);
    assert_eq!(shown(&member, &sheet, "state").await.code(), "NOT_FOUND");
    let before = corrects(&judged.committee, &published, REASON).await;
    assert_eq!(before.id(), published.id(), "it is the published one: {before}");
    assert_eq!(shown(&member, &sheet, "state").await.str("/node/state"), "PUBLISHED");
    let idle = corrects(&judged.committee, &published, REASON).await;
    assert_eq!(idle.user_errors(), [("NOTHING_TO_CORRECT", "id")]);
}

async fn only_the_council_takes_a_published_sheet_back(app: TestApp) {
    let judged = Judged::three(&app).await;
    let computed = judged.computes().await;
    judged.publishes(computed.thing()).await.thing();
    let sheet = judged.sheet("Thư viện").await;
    let input = json!({ "id": Kind::ScoreSheet.id(sheet.id), "version": sheet.version, "reason": "Xem lại" });
    let library = app.officer_of(&app.world()["Thư viện"]).await;
    for who in [&judged.cluster.specialist, &library] {
        let refused = who.does("returnScoreSheet", input.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN", "{refused}");
    }
    let back = judged.committee.does("returnScoreSheet", input).await;
    assert_eq!(back.thing()["state"], "DECIDED");
    // Nobody begins a sheet in a year that is published.
    judged.takes_part("Sở Ngoại vụ").await;
    let late = app.officer_of(&app.world()["Sở Ngoại vụ"]).await;
    let of = json!({ "unit": { "yearId": judged.year_id(), "unitId": app.world()["Sở Ngoại vụ"].id() } });
    let late = late.does(
        "writeScoreEntries",
        json!({ "sheet": of, "layer": "SELF", "entries": [points("care", "60")] }),
    );
    assert_eq!(late.await.code(), "WRONG_STATE");
}

async fn a_step_of_a_sheet_waits_while_its_year_is_being_published(app: TestApp) {
    let judged = Judged::three(&app).await;
    let sheet = judged.sheet("Thư viện").await;
    let input = json!({ "id": Kind::ScoreSheet.id(sheet.id), "version": sheet.version, "reason": "Xem lại" });
    let publishing = db::begin_write(&app.env.db).await.expect("a transaction");
    years::store::lock(&publishing, judged.year).await.expect("the year");
    let mut step = Box::pin(judged.committee.does("returnScoreSheet", input));
    let early = timeout(Duration::from_millis(400), &mut step).await;
    assert!(early.is_err(), "the year is locked: {}", early.expect("an answer"));
    publishing.rollback().await.expect("the end");
    assert_eq!(step.await.thing()["state"], "PROVINCE_APPRAISED");
}
