//! Equal merit: who goes first then, and comparing the proposals of one award side by side.

use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::awards_proposals::{Awarding, asked, at};
use crate::results::{Judged, Says, plain};
use crate::support::{Answer, Person, TestApp, fewest_statements, no_more_statements, on_both_databases};

on_both_databases! {
    at_equal_points_the_unit_with_more_women_stands_before_the_other_and_the_council_reads_why,
    the_members_are_those_counted_last_in_the_year_of_achievement,
    a_woman_is_preferred_and_of_whom_nobody_said_it_that_is_unknown,
    a_kind_of_award_that_says_nothing_prefers_nobody,
    what_the_committee_refused_is_compared_no_more,
    who_compares_and_who_does_not,
    comparing_many_takes_no_more_statements_than_comparing_few,
}

const ROW: &str = "position points sentence result { id } preference { outcome members women asOf sentence } proposal { id unitName person }";

/// Compares what is proposed for an award of 2025 that the federation of Sóc Trăng decides.
async fn compared(awarding: &Awarding, who: &Person, kind: &str) -> Answer {
    let query = format!(
        "query($kind: ID!, $decider: ID!) {{ awardComparison(typeId: $kind, year: 2025, deciderId: $decider) {{ {ROW} }} }}"
    );
    who.graphql(&query, json!({ "kind": kind, "decider": decider(awarding) }))
        .await
}

fn decider(awarding: &Awarding) -> String {
    awarding.app.world()["Sóc Trăng"].id()
}

/// Where everybody stands: place, who, and what the preference says.
fn order(answer: &Answer) -> Vec<(Value, &str, &str)> {
    let rows = answer.at("/awardComparison").as_array().expect("rows").iter();
    let told = |row: &Value, at: &str| row.pointer(at).and_then(Value::as_str).map(str::to_owned);
    rows.map(|row| {
        let who = row.pointer("/proposal/person").and_then(Value::as_str);
        let unit = row.pointer("/proposal/unitName").and_then(Value::as_str);
        assert!(told(row, "/preference/sentence").is_none_or(|sentence| sentence.ends_with('.')));
        (
            row["position"].clone(),
            who.or(unit).expect("a name"),
            row.pointer("/preference/outcome")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    })
    .collect()
}

/// The flag as the confederation wants it: at equal merit units with 70% women first.
async fn women_first(app: &TestApp) -> Awarding {
    let awarding = Awarding::begin(app).await;
    let share = json!({ "womenFirst": { "collectiveShare": { "numerator": 70, "denominator": 100 } } });
    for kind in [&awarding.flag, &awarding.certificate] {
        awarding.asks(kind, 2, "2025-01-01", share.clone()).await.thing();
    }
    awarding
}

/// Counts the members of a unit on a day.
async fn counted(app: &TestApp, unit: &str, as_of: &str, members: Option<i64>, women: Option<i64>) {
    let unit = &app.world()[unit];
    let count = json!({ "id": unit.id(), "asOf": as_of, "workers": 1000, "members": members, "womenMembers": women });
    let officer = app.officer_of(unit).await;
    officer.does("recordUnitStatistics", count).await.thing();
}

/// A unit proposes itself for the flag, or a person for the certificate.
async fn proposes(awarding: &Awarding, unit: &str, more: Value) -> Answer {
    let unit = &awarding.app.world()[unit];
    let mut input = awarding.proposal(&awarding.flag, unit, "Hoàn thành xuất sắc nhiệm vụ");
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    awarding.app.officer_of(unit).await.does("proposeAward", input).await
}

/// The published result of 2025: 95 points for two units, 80 for a third.
async fn published(app: &TestApp) -> Judged {
    let judged = Judged::by(app, "Cụm thi đua số 9", "BD-KQ", &plain()).await;
    judged.is_called(2025).await;
    for (unit, care, movement) in [
        ("Sở Nội vụ", "57", "38"),
        ("Thư viện", "57", "38"),
        ("Sở Tài chính", "50", "30"),
    ] {
        let entries = [Says::Points("care", care), Says::Points("movement", movement)];
        judged.takes(unit, &entries).await;
    }
    let computed = judged.computes().await.thing().clone();
    judged.publishes(&computed).await.thing();
    judged
}

async fn at_equal_points_the_unit_with_more_women_stands_before_the_other_and_the_council_reads_why(app: TestApp) {
    let awarding = women_first(&app).await;
    published(&app).await;
    counted(&app, "Sở Nội vụ", "2025-12-31", Some(50), Some(20)).await;
    counted(&app, "Thư viện", "2025-12-31", Some(50), Some(36)).await;
    counted(&app, "Sở Tài chính", "2025-12-31", Some(10), Some(10)).await;
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Thư viện", "Sở Khoa học"] {
        proposes(&awarding, unit, json!({})).await.thing();
    }
    let seen = compared(&awarding, &awarding.specialist, &awarding.flag).await;
    assert_eq!(
        order(&seen),
        [
            (json!(1), "CĐCS Thư viện tỉnh", "PASS"),
            (json!(2), "CĐCS Sở Nội vụ", "FAIL"),
            (json!(3), "CĐCS Sở Tài chính", "PASS"),
            (Value::Null, "CĐCS Sở Khoa học và Công nghệ", "UNKNOWN"),
        ]
    );
    assert_eq!(seen.str("/awardComparison/0/points"), "95");
    assert_eq!(
        seen.str("/awardComparison/0/sentence"),
        "Bằng điểm với CĐCS Sở Nội vụ; xếp trước vì 72% đoàn viên là nữ."
    );
    assert_eq!(
        seen.str("/awardComparison/0/preference/sentence"),
        "CĐCS Thư viện tỉnh có 36/50 đoàn viên là nữ (72%) ngày 31/12/2025: đạt 70% trở lên nên được xếp trước khi bằng thành tích."
    );
    assert_eq!(
        *seen.at("/awardComparison/2/sentence"),
        Value::Null,
        "nobody has as many points"
    );
    assert_eq!(*seen.at("/awardComparison/3/points"), Value::Null);
    let english = compared(&awarding, &awarding.specialist.in_english(), &awarding.flag).await;
    assert_eq!(
        english.str("/awardComparison/0/sentence"),
        "On as many points as CĐCS Sở Nội vụ; stands before since 72% of the members are women."
    );
    // It admits and refuses nobody.
    let behind = seen.at("/awardComparison/1/proposal/id");
    let fields = "eligibility { outcome } preferenceInTies { outcome members women asOf sentence }";
    let behind = asked(&awarding.specialist, behind, fields).await;
    assert_eq!(behind.str("/node/eligibility/outcome"), "PASS");
    let told = behind.at("/node/preferenceInTies");
    assert_eq!(
        (&told["outcome"], &told["members"], &told["women"], &told["asOf"]),
        (&json!("FAIL"), &json!(50), &json!(20), &json!("2025-12-31"))
    );
    let told = told["sentence"].as_str().expect("a sentence");
    assert!(
        told.contains("20/50 đoàn viên là nữ (40%)") && told.contains("dưới 70%"),
        "{told}"
    );
    let rest = rest(&awarding, &awarding.specialist, &awarding.flag).await;
    let first = &rest.body()["items"][0];
    assert_eq!(first["name"], "CĐCS Thư viện tỉnh");
    assert_eq!((&first["position"], &first["points"]), (&json!(1), &json!("95")));
    assert_eq!(
        (&first["preference"]["outcome"], &first["preference"]["women"]),
        (&json!("PASS"), &json!(36))
    );
    assert_eq!(
        first["sentence"],
        "Bằng điểm với CĐCS Sở Nội vụ; xếp trước vì 72% đoàn viên là nữ."
    );
}

async fn rest(awarding: &Awarding, who: &Person, kind: &str) -> Answer {
    let path = format!(
        "/api/v1/award-proposals/comparison?typeId={kind}&year=2025&deciderId={}",
        decider(awarding)
    );
    who.get(&path).await
}

async fn the_members_are_those_counted_last_in_the_year_of_achievement(app: TestApp) {
    let awarding = women_first(&app).await;
    let proposal = proposes(&awarding, "Thư viện", json!({})).await.thing().clone();
    let says = async || {
        let seen = asked(
            &awarding.committee,
            &proposal["id"],
            "preferenceInTies { outcome women asOf sentence }",
        )
        .await;
        seen.at("/node/preferenceInTies").clone()
    };
    let unknown = says().await;
    assert_eq!(unknown["outcome"], "UNKNOWN");
    assert_eq!(
        unknown["sentence"],
        "Chưa có số đoàn viên nữ của CĐCS Thư viện tỉnh tính đến ngày 31/12/2025."
    );
    // What was counted in the year after says nothing of this one.
    counted(&app, "Thư viện", "2026-01-15", Some(10), Some(1)).await;
    assert_eq!(says().await["outcome"], "UNKNOWN");
    counted(&app, "Thư viện", "2025-03-31", Some(10), Some(7)).await;
    assert_eq!(says().await["outcome"], "PASS", "exactly seventy of a hundred");
    // Who was counted without members changes nothing; who were counted without the women leave it open.
    counted(&app, "Thư viện", "2025-06-30", None, None).await;
    assert_eq!(says().await["asOf"], "2025-03-31");
    counted(&app, "Thư viện", "2025-09-30", Some(12), None).await;
    let open = says().await;
    assert_eq!(
        (&open["outcome"], &open["asOf"]),
        (&json!("UNKNOWN"), &json!("2025-09-30"))
    );
    counted(&app, "Thư viện", "2025-12-31", Some(1000), Some(699)).await;
    assert_eq!(says().await["outcome"], "FAIL");
}

async fn a_woman_is_preferred_and_of_whom_nobody_said_it_that_is_unknown(app: TestApp) {
    let awarding = women_first(&app).await;
    // The points of the unit are not those of the person.
    published(&app).await;
    for (person, woman) in [
        ("Trần Văn An", Some(false)),
        ("Lê Thị Bưởi", Some(true)),
        ("Phạm Chi", None),
    ] {
        let more = json!({ "typeId": awarding.certificate, "person": person, "isWoman": woman, "merit": person });
        let proposal = proposes(&awarding, "Thư viện", more).await.thing().clone();
        let seen = asked(&awarding.officer, &proposal["id"], "isWoman").await;
        assert_eq!(*seen.at("/node/isWoman"), json!(woman));
    }
    let seen = compared(&awarding, &awarding.committee, &awarding.certificate).await;
    assert_eq!(
        order(&seen),
        [
            (Value::Null, "Lê Thị Bưởi", "PASS"),
            (Value::Null, "Phạm Chi", "UNKNOWN"),
            (Value::Null, "Trần Văn An", "FAIL"),
        ]
    );
    assert_eq!(*seen.at("/awardComparison/0/points"), Value::Null);
    assert_eq!(
        seen.str("/awardComparison/1/preference/sentence"),
        "Đề nghị không ghi Phạm Chi có phải là nữ hay không."
    );
    let unit = proposes(&awarding, "Thư viện", json!({ "isWoman": true })).await;
    assert_eq!(unit.user_errors(), [("ONLY_OF_A_PERSON", "isWoman")]);
}

async fn a_kind_of_award_that_says_nothing_prefers_nobody(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    published(&app).await;
    counted(&app, "Thư viện", "2025-12-31", Some(50), Some(50)).await;
    let proposal = proposes(&awarding, "Thư viện", json!({})).await.thing().clone();
    proposes(&awarding, "Sở Nội vụ", json!({})).await.thing();
    let seen = asked(
        &awarding.officer,
        &proposal["id"],
        "preferenceInTies { outcome } terms { womenFirst { collectiveShare { numerator } } }",
    )
    .await;
    assert_eq!(*seen.at("/node/preferenceInTies"), Value::Null);
    assert_eq!(*seen.at("/node/terms/womenFirst"), Value::Null);
    let seen = compared(&awarding, &awarding.committee, &awarding.flag).await;
    assert_eq!(
        order(&seen),
        [(json!(1), "CĐCS Sở Nội vụ", ""), (json!(1), "CĐCS Thư viện tỉnh", "")],
        "they share the place"
    );
    assert_eq!(
        seen.str("/awardComparison/0/sentence"),
        "Cùng vị trí với CĐCS Thư viện tỉnh: bằng điểm, không bên nào được xếp trước."
    );
    let share = |numerator: i32, denominator: i32| json!({ "womenFirst": { "collectiveShare": { "numerator": numerator, "denominator": denominator } } });
    let none = awarding.asks(&awarding.flag, 2, "2025-06-01", share(0, 100)).await;
    assert_eq!(none.user_errors(), [("SHARE_INVALID", "womenFirst.collectiveShare")]);
    let beyond = awarding.asks(&awarding.flag, 2, "2025-06-01", share(3, 2)).await;
    assert_eq!(
        beyond.user_errors(),
        [("FRACTION_INVALID", "womenFirst.collectiveShare")]
    );
}

async fn what_the_committee_refused_is_compared_no_more(app: TestApp) {
    let awarding = women_first(&app).await;
    let proposal = proposes(&awarding, "Thư viện", json!({})).await.thing().clone();
    let other = proposes(&awarding, "Sở Nội vụ", json!({})).await.thing().clone();
    awarding.concludes(&proposal, "REFUSE").await.thing();
    let endorsed = awarding.upper.does("endorseAwardProposal", at(&other)).await;
    endorsed.thing();
    let seen = compared(&awarding, &awarding.committee, &awarding.flag).await;
    assert_eq!(order(&seen), [(Value::Null, "CĐCS Sở Nội vụ", "UNKNOWN")]);
    let nothing = compared(&awarding, &awarding.committee, &awarding.certificate).await;
    assert_eq!(order(&nothing), []);
}

async fn who_compares_and_who_does_not(app: TestApp) {
    let world = app.world();
    let awarding = women_first(&app).await;
    proposes(&awarding, "Thư viện", json!({})).await.thing();
    let reader = app
        .person(&[(Role::Viewer, Scope::Unit(world["Sóc Trăng"].uuid))])
        .await;
    for (who, sees) in [
        (&awarding.committee, true),
        (&awarding.specialist, true),
        (&app.admin().await, true),
        (&reader, true),
        // Those who propose see their case, and not the federation that decides.
        (&awarding.officer, false),
        (&awarding.upper, false),
        (&app.committee_of(&world["Kon Tum"]).await, false),
        (&app.stranger().await, false),
    ] {
        let seen = compared(&awarding, who, &awarding.flag).await;
        assert_eq!(seen.code(), if sees { "" } else { "NOT_FOUND" }, "{seen}");
        let rest = rest(&awarding, who, &awarding.flag).await;
        assert_eq!(rest.status(), if sees { 200 } else { 404 }, "{rest}");
        if sees {
            assert_eq!(order(&seen).len(), 1);
            assert_eq!(rest.body()["items"].as_array().map(Vec::len), Some(1));
        }
    }
    let nobody = rest(&awarding, &app.nobody(), &awarding.flag).await;
    assert_eq!(nobody.status(), 401);
}

async fn comparing_many_takes_no_more_statements_than_comparing_few(app: TestApp) {
    let awarding = women_first(&app).await;
    published(&app).await;
    let query = format!(
        "query($kind: ID!, $decider: ID!) {{ awardComparison(typeId: $kind, year: 2025, deciderId: $decider) {{
            {ROW} proposal {{ preferenceInTies {{ outcome }} }} }} }}"
    );
    let on_graphql = async || {
        let asks = json!({ "kind": awarding.flag, "decider": decider(&awarding) });
        awarding.committee.graphql(&query, asks).await
    };
    let on_rest = async || rest(&awarding, &awarding.committee, &awarding.flag).await;
    proposes(&awarding, "Thư viện", json!({})).await.thing();
    let few = (fewest_statements(&on_graphql).await, fewest_statements(&on_rest).await);
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Viên chức"] {
        counted(&app, unit, "2025-12-31", Some(50), Some(36)).await;
        proposes(&awarding, unit, json!({})).await.thing();
    }
    assert_eq!(
        order(&compared(&awarding, &awarding.committee, &awarding.flag).await).len(),
        6
    );
    no_more_statements(few.0, fewest_statements(&on_graphql).await);
    no_more_statements(few.1, fewest_statements(&on_rest).await);
}
