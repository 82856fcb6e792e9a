//! A tie in the ranking: shared places until a ballot, or who decides, puts the units in order; never the order in which they arrived.

use serde_json::{Value, json};

use crate::results::{Judged, Says, plain, told, units};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    what_a_ballot_decided_separates_who_was_even_and_is_told_with_its_minutes,
    an_order_that_was_given_wrongly_is_mended_before_publishing_and_never_after,
    only_all_who_share_a_place_are_put_in_order,
    where_the_criteria_leave_nothing_to_a_ballot_places_stay_shared,
    only_who_decides_on_results_settles_a_tie,
}

const FIRST: &str = "CĐCS Sở Nội vụ 95 XS 1";
const MINUTES: &str = "Biên bản kiểm phiếu số 01/BB-CTĐ ngày 15/12/2026: 6/9 phiếu cho Sở Ngoại vụ.";

/// One unit before two that are even in everything, and one behind.
pub async fn even(app: &TestApp, content: &Value) -> Judged {
    let judged = Judged::by(app, "Cụm thi đua số 9", "BD-HP", content).await;
    for (unit, care, movement) in [
        ("Sở Nội vụ", "57", "38"),
        ("Sở Tài chính", "50", "30"),
        ("Sở Ngoại vụ", "50", "30"),
        ("Thư viện", "40", "20"),
    ] {
        let entries = [Says::Points("care", care), Says::Points("movement", movement)];
        judged.takes(unit, &entries).await;
    }
    judged
}

async fn settles(who: &Person, judged: &Judged, result: &Value, order: &[&str], reason: &str) -> Answer {
    let units: Vec<String> = order.iter().map(|unit| judged.app.world()[*unit].id()).collect();
    let input = json!({ "resultId": result["id"], "version": result["version"], "unitIds": units, "reason": reason });
    who.does("settleTie", input).await
}

async fn what_a_ballot_decided_separates_who_was_even_and_is_told_with_its_minutes(app: TestApp) {
    let judged = even(&app, &plain()).await;
    let shared = judged.computes().await;
    let who = &judged.committee;
    assert_eq!(
        units(who, shared.id()).await[1..3],
        ["CĐCS Sở Ngoại vụ 80 T 2", "CĐCS Sở Tài chính 80 T 2"]
    );
    let order = ["Sở Tài chính", "Sở Ngoại vụ"];
    settles(who, &judged, shared.thing(), &order, MINUTES).await.thing();
    // What was computed without it is not published any more.
    let refused = judged.publishes(shared.thing()).await;
    assert_eq!(refused.user_errors(), [("RESULT_STALE", "id")]);
    assert!(refused.user_message().contains("bỏ phiếu"), "{refused}");
    let settled = judged.computes().await;
    let lines = [
        FIRST,
        "CĐCS Sở Tài chính 80 T 2",
        "CĐCS Sở Ngoại vụ 80 T 3",
        "CĐCS Thư viện tỉnh 60 HT 4",
    ];
    assert_eq!(units(who, settled.id()).await, lines);
    for unit in order {
        let place = told(who, settled.id(), json!({ "place": app.world()[unit].id() })).await;
        let expected = [
            "CĐCS Sở Tài chính đứng trước CĐCS Sở Ngoại vụ theo thứ tự do bỏ phiếu: 1 so với 2.".to_owned(),
            format!("Căn cứ phân định: {MINUTES}"),
        ];
        for sentence in &expected {
            assert_eq!(place.iter().filter(|one| *one == sentence).count(), 1, "{place:?}");
        }
    }
    let elsewhere = told(who, settled.id(), json!({ "place": app.world()["Sở Nội vụ"].id() })).await;
    assert!(!elsewhere.iter().any(|one| one.contains(MINUTES)), "{elsewhere:?}");
    let published = judged.publishes(settled.thing()).await;
    assert_eq!(published.thing()["state"], "PUBLISHED");
    let again = "query($id: ID!) { recomputeResult(id: $id) { equal } }";
    let again = who.graphql(again, json!({ "id": published.id() })).await;
    assert_eq!(*again.at("/recomputeResult/equal"), json!(true));
}

async fn an_order_that_was_given_wrongly_is_mended_before_publishing_and_never_after(app: TestApp) {
    let judged = even(&app, &plain()).await;
    let who = &judged.committee;
    let shared = judged.computes().await;
    let (wrong, right) = (["Sở Tài chính", "Sở Ngoại vụ"], ["Sở Ngoại vụ", "Sở Tài chính"]);
    settles(who, &judged, shared.thing(), &wrong, "Đọc nhầm biên bản.")
        .await
        .thing();
    let first = judged.computes().await;
    // The one that was computed before counts no more.
    let late = settles(who, &judged, shared.thing(), &right, MINUTES).await;
    assert_eq!(late.user_errors(), [("NOT_LAST", "id")]);
    settles(who, &judged, first.thing(), &right, MINUTES).await.thing();
    let second = judged.computes().await;
    assert_eq!(
        units(who, second.id()).await[1..3],
        ["CĐCS Sở Ngoại vụ 80 T 2", "CĐCS Sở Tài chính 80 T 3"]
    );
    let published = judged.publishes(second.thing()).await;
    let after = settles(who, &judged, published.thing(), &wrong, "Muốn đổi.").await;
    assert_eq!(after.code(), "WRONG_STATE");
}

async fn only_all_who_share_a_place_are_put_in_order(app: TestApp) {
    let judged = even(&app, &plain()).await;
    let (who, computed) = (&judged.committee, judged.computes().await);
    let before = app.contents().await;
    let result = computed.thing();
    for wrong in [
        &["Sở Tài chính"][..],
        &[],
        &["Sở Nội vụ", "Sở Tài chính"],
        &["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ"],
        &["Sở Tài chính", "Sở Tài chính", "Sở Ngoại vụ"],
    ] {
        let refused = settles(who, &judged, result, wrong, MINUTES).await;
        assert_eq!(refused.user_errors(), [("NOT_TIED", "unitIds")], "{wrong:?}");
    }
    let order = ["Sở Tài chính", "Sở Ngoại vụ"];
    let silent = settles(who, &judged, result, &order, "  ").await;
    assert_eq!(silent.user_errors(), [("REQUIRED", "reason")]);
    let mut stale = result.clone();
    stale["version"] = json!(7);
    assert_eq!(
        settles(who, &judged, &stale, &order, MINUTES).await.code(),
        "STALE_VERSION"
    );
    assert_eq!(app.contents().await, before, "nothing is stored");
}

async fn where_the_criteria_leave_nothing_to_a_ballot_places_stay_shared(app: TestApp) {
    let mut content = plain();
    content["tieBreaks"] = json!([]);
    let judged = even(&app, &content).await;
    let computed = judged.computes().await;
    let order = ["Sở Tài chính", "Sở Ngoại vụ"];
    let refused = settles(&judged.committee, &judged, computed.thing(), &order, MINUTES).await;
    assert_eq!(refused.user_errors(), [("NO_BALLOT_IN_CRITERIA", "resultId")]);
}

async fn only_who_decides_on_results_settles_a_tie(app: TestApp) {
    let judged = even(&app, &plain()).await;
    let computed = judged.computes().await;
    let order = ["Sở Tài chính", "Sở Ngoại vụ"];
    let specialist = settles(&judged.cluster.specialist, &judged, computed.thing(), &order, MINUTES).await;
    assert_eq!(specialist.code(), "FORBIDDEN");
    for who in [
        app.stranger().await,
        app.officer_of(&app.world()["Sở Tài chính"]).await,
        app.committee_of(&app.world()["Kon Tum"]).await,
    ] {
        let answer = settles(&who, &judged, computed.thing(), &order, MINUTES).await;
        assert_eq!(answer.code(), "NOT_FOUND");
    }
}
