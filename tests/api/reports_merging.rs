//! Two officers and their phones: what several people write into one report comes together, and nothing of it is lost.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, no_more_statements, on_both_databases};

on_both_databases! {
    different_figures_of_two_officers_stand_beside_each_other,
    of_the_same_figure_both_are_shown_until_somebody_who_saw_both_decides,
    two_officers_who_typed_the_same_agree,
    a_figure_that_one_took_out_and_the_other_changed_is_shown_to_both,
    what_is_said_beside_the_figures_comes_together_too,
    offline_phones_lose_nothing_in_whatever_order_they_come_back,
    a_queue_that_is_replayed_writes_nothing_twice,
    a_version_that_is_yet_to_come_is_refused,
    what_came_late_for_a_report_that_was_sent_is_refused,
    a_report_is_begun_offline_under_an_id_of_ones_own,
    an_id_of_ones_own_is_no_key_to_the_reports_of_others,
    late_writes_take_as_many_statements_for_many_figures_as_for_one,
}

const SEEN: &str = "version note figures { indicator { code } text } \
    conflicts { indicator { code } part standing standingBy standingAt text nature by at }";

/// An officer, a colleague of theirs, and a draft of their unit with nothing in it.
pub struct Desk {
    pub reporting: Reporting,
    pub officer: Person,
    pub colleague: Person,
    pub draft: Draft,
}

impl Desk {
    pub async fn of(app: &TestApp) -> Self {
        let reporting = Reporting::begin(app).await;
        let unit = &app.world()["Sở Nội vụ"];
        let (officer, colleague) = (app.officer_of(unit).await, app.officer_of(unit).await);
        let draft = reporting.draft(&officer, unit, &[]).await;
        Self {
            reporting,
            officer,
            colleague,
            draft,
        }
    }
}

async fn name(who: &Person) -> Value {
    let viewer = who.graphql("{ viewer { account { displayName } } }", json!({})).await;
    viewer.at("/viewer/account/displayName").clone()
}

/// What stands for a figure and what is open beside it.
fn held<'a>(seen: &'a Answer, code: &str) -> Vec<&'a str> {
    let of_it = |one: &&Value| one["indicator"]["code"] == code;
    let list = |pointer: &str| seen.at(pointer).as_array().into_iter().flatten().filter(of_it);
    let all = list("/node/figures").chain(list("/node/conflicts"));
    all.map(|one| one["text"].as_str().unwrap_or("null")).collect()
}

async fn different_figures_of_two_officers_stand_beside_each_other(app: TestApp) {
    let desk = Desk::of(&app).await;
    desk.draft
        .save(&desk.officer, 1, &[("members_total", "1.671")])
        .await
        .thing();
    desk.draft
        .save(&desk.colleague, 1, &[("workers_total", "1.700")])
        .await
        .thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(seen.texts("/node/figures", "text"), ["1.671", "1.700"]);
    assert_eq!(*seen.at("/node/conflicts"), json!([]));
    desk.draft.step(&desk.officer, "submitReport", 3).await.thing();
}

async fn of_the_same_figure_both_are_shown_until_somebody_who_saw_both_decides(app: TestApp) {
    let desk = Desk::of(&app).await;
    let complete = [("members_total", "1.671"), ("workers_total", "1.700")];
    desk.draft.save(&desk.officer, 1, &complete).await.thing();
    let late = [("members_total", "1.761"), ("new_members", "12")];
    desk.draft.save(&desk.colleague, 1, &late).await.thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(seen.texts("/node/figures", "text"), ["1.671", "1.700", "12"], "{seen}");
    let conflict = seen.at("/node/conflicts/0");
    assert_eq!(
        (&conflict["indicator"]["code"], &conflict["standing"], &conflict["text"]),
        (&json!("members_total"), &json!("1.671"), &json!("1.761"))
    );
    let names = (name(&desk.officer).await, name(&desk.colleague).await);
    assert_eq!((&conflict["standingBy"], &conflict["by"]), (&names.0, &names.1));
    let refused = desk.draft.step(&desk.officer, "submitReport", 3).await;
    assert_eq!(refused.user_errors(), [("CONFLICT_OPEN", "figures.members_total")]);
    let blind = [("members_total", "1.700")];
    desk.draft
        .save(&app.officer_of(&app.world()["Sở Nội vụ"]).await, 1, &blind)
        .await
        .thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(
        held(&seen, "members_total"),
        ["1.671", "1.761", "1.700"],
        "who saw neither decides nothing"
    );
    desk.draft
        .save(&desk.officer, 4, &[("members_total", "1.761")])
        .await
        .thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(held(&seen, "members_total"), ["1.761"]);
    desk.draft.step(&desk.officer, "submitReport", 5).await.thing();
}

async fn two_officers_who_typed_the_same_agree(app: TestApp) {
    let desk = Desk::of(&app).await;
    desk.draft
        .save(&desk.officer, 1, &[("members_total", "1.671")])
        .await
        .thing();
    desk.draft
        .save(&desk.colleague, 1, &[("members_total", "1671")])
        .await
        .thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(held(&seen, "members_total"), ["1.671"]);
    let claims_more = [("members_total", "trên 1.671")];
    desk.draft.save(&desk.colleague, 1, &claims_more).await.thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(held(&seen, "members_total"), ["1.671", "trên 1.671"]);
    desk.draft
        .save(&desk.colleague, 1, &[("members_total", "1.671")])
        .await
        .thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(held(&seen, "members_total"), ["1.671"], "one's last word counts");
}

async fn a_figure_that_one_took_out_and_the_other_changed_is_shown_to_both(app: TestApp) {
    let desk = Desk::of(&app).await;
    desk.draft
        .save(&desk.officer, 1, &[("new_members", "12")])
        .await
        .thing();
    desk.draft.save(&desk.officer, 2, &[("new_members", "")]).await.thing();
    desk.draft
        .save(&desk.colleague, 2, &[("new_members", "13")])
        .await
        .thing();
    let seen = desk.draft.seen_by(&desk.colleague, SEEN).await;
    assert_eq!(*seen.at("/node/figures"), json!([]), "it was taken out first");
    assert_eq!(
        (
            seen.str("/node/conflicts/0/standing"),
            seen.str("/node/conflicts/0/text")
        ),
        ("", "13")
    );
}

async fn what_is_said_beside_the_figures_comes_together_too(app: TestApp) {
    let desk = Desk::of(&app).await;
    let says = |note: &str| json!({ "id": desk.draft.id, "version": 1, "note": note });
    desk.officer
        .does("saveReport", says("Số liệu đến hết tháng 11."))
        .await
        .thing();
    desk.colleague
        .does("saveReport", says("Chưa có số của CĐCS Thư viện."))
        .await
        .thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(seen.str("/node/note"), "Số liệu đến hết tháng 11.");
    assert_eq!(seen.str("/node/conflicts/0/text"), "Chưa có số của CĐCS Thư viện.");
    assert_eq!(*seen.at("/node/conflicts/0/indicator"), Value::Null);
    let both = json!({ "id": desk.draft.id, "version": 3, "note": "Số đến hết tháng 11, chưa có CĐCS Thư viện." });
    desk.officer.does("saveReport", both).await.thing();
    assert_eq!(
        *desk.draft.seen_by(&desk.officer, SEEN).await.at("/node/conflicts"),
        json!([])
    );
}

/// What two officers typed offline, each in three steps, having seen the empty draft.
const QUEUES: [[&[(&str, &str)]; 3]; 2] = [
    [
        &[("members_total", "1.671"), ("workers_total", "1.700")],
        &[("members_total", "1.672")],
        &[("new_members", "")],
    ],
    [
        &[("welfare_amount", "295 triệu đồng")],
        &[("members_total", "1.761"), ("new_members", "12")],
        &[("workers_total", "1.700")],
    ],
];

/// Every order in which two queues of three can arrive: whose turn it is.
fn orders() -> Vec<Vec<usize>> {
    let masks = (0_u32..64).filter(|mask| mask.count_ones() == 3);
    masks
        .map(|mask| (0..6).map(|bit| usize::from(mask >> bit & 1 == 1)).collect())
        .collect()
}

async fn offline_phones_lose_nothing_in_whatever_order_they_come_back(app: TestApp) {
    let desk = Desk::of(&app).await;
    let (world, unit) = (app.world(), &app.world()["Sở Nội vụ"]);
    let all = &world["Tổng Liên đoàn"];
    let union = &world["Viên chức"];
    let setter = app.specialist_of(all).await;
    let form = Reporting::form(&desk.reporting.specialist, union, "TK-03", "MONTH").await;
    let officers = [&desk.officer, &desk.colleague];
    for (index, order) in orders().into_iter().enumerate() {
        let (year, month) = (2024 + index / 12, index % 12 + 1);
        let (code, from) = (format!("{year}-{month:02}"), format!("{year}-{month:02}-01"));
        let to = format!("{year}-{month:02}-28");
        let period = Reporting::period(&setter, all, (&code, "MONTH"), (&from, &to)).await;
        let input = json!({ "unitId": unit.id(), "formId": form, "periodId": period });
        let draft = Draft {
            id: desk.officer.does("createReport", input).await.id().to_owned(),
        };
        let mut next = [0; 2];
        for who in &order {
            draft.save(officers[*who], 1, QUEUES[*who][next[*who]]).await.thing();
            next[*who] += 1;
        }
        let seen = draft.seen_by(&desk.officer, SEEN).await;
        let both = |code: &str| {
            let mut both = held(&seen, code);
            both.sort_unstable();
            both
        };
        assert_eq!(both("members_total"), ["1.672", "1.761"], "{order:?}: {seen}");
        assert_eq!(both("workers_total"), ["1.700"], "{order:?}: {seen}");
        assert_eq!(both("welfare_amount"), ["295 triệu đồng"], "{order:?}: {seen}");
        assert!(both("new_members").contains(&"12"), "{order:?}: {seen}");
        let version = seen.at("/node/version").as_i64().unwrap();
        let decided = [("members_total", "1.672"), ("new_members", "12")];
        draft
            .save(&desk.colleague, i32::try_from(version).unwrap(), &decided)
            .await
            .thing();
        let seen = draft.seen_by(&desk.officer, SEEN).await;
        assert_eq!(*seen.at("/node/conflicts"), json!([]), "{order:?}");
        assert_eq!(
            seen.texts("/node/figures", "text"),
            ["1.672", "1.700", "12", "295 triệu đồng"]
        );
    }
}

async fn a_queue_that_is_replayed_writes_nothing_twice(app: TestApp) {
    let desk = Desk::of(&app).await;
    let queued = |text: &str, key: &str| {
        let figures = json!([{ "indicatorCode": "members_total", "text": text }]);
        json!({ "id": desk.draft.id, "version": 1, "figures": figures, "idempotencyKey": key })
    };
    desk.officer.does("saveReport", queued("1.671", "may-1")).await.thing();
    desk.colleague
        .does("saveReport", queued("1.761", "may-2"))
        .await
        .thing();
    let before = app.contents().await;
    for _ in 0..3 {
        desk.officer.does("saveReport", queued("1.671", "may-1")).await.thing();
        desk.colleague
            .does("saveReport", queued("1.761", "may-2"))
            .await
            .thing();
    }
    assert!(app.contents().await == before, "a repeat writes nothing");
    let other = desk.officer.does("saveReport", queued("1.672", "may-1")).await;
    assert_eq!(other.user_errors(), [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]);
}

async fn a_version_that_is_yet_to_come_is_refused(app: TestApp) {
    let desk = Desk::of(&app).await;
    let refused = desk.draft.save(&desk.officer, 2, &[("members_total", "1.671")]).await;
    assert_eq!(refused.code(), "STALE_VERSION");
}

async fn what_came_late_for_a_report_that_was_sent_is_refused(app: TestApp) {
    let desk = Desk::of(&app).await;
    let complete = [("members_total", "1.671"), ("workers_total", "1.700")];
    desk.draft.save(&desk.officer, 1, &complete).await.thing();
    desk.draft.step(&desk.officer, "submitReport", 2).await.thing();
    let late = [("members_total", "1.761")];
    assert_eq!(desk.draft.save(&desk.colleague, 1, &late).await.code(), "WRONG_STATE");
    desk.draft
        .give_back(&desk.reporting.specialist, 3, "Thiếu thuyết minh.")
        .await
        .thing();
    desk.draft.save(&desk.colleague, 1, &late).await.thing();
    let seen = desk.draft.seen_by(&desk.officer, SEEN).await;
    assert_eq!(
        held(&seen, "members_total"),
        ["1.671", "1.761"],
        "it waits on the phone, and is not lost"
    );
}

async fn a_report_is_begun_offline_under_an_id_of_ones_own(app: TestApp) {
    let desk = Desk::of(&app).await;
    let world = app.world();
    let unit = &world["Thư viện"];
    let officer = app.officer_of(unit).await;
    let own = format!("report_{}", Uuid::now_v7().simple());
    let begins = |id: &str, unit: &str| json!({ "id": id, "unitId": unit, "formId": desk.reporting.form, "periodId": desk.reporting.period });
    for _ in 0..2 {
        let begun = officer.does("createReport", begins(&own, &unit.id())).await;
        assert_eq!(begun.id(), own);
    }
    let draft = Draft { id: own.clone() };
    draft.save(&officer, 1, &[("members_total", "30")]).await.thing();
    let again = officer.does("createReport", begins(&own, &unit.id())).await;
    assert_eq!(again.thing()["version"], 2, "the report as it is now");
    let both = app.officer_of(unit).await;
    let other = both
        .does(
            "createReport",
            begins(&format!("report_{}", Uuid::now_v7().simple()), &unit.id()),
        )
        .await;
    assert_eq!(other.code(), "ALREADY_EXISTS", "there is one report of the unit");
    let random = format!("report_{}", Uuid::new_v4().simple());
    let refused = officer.does("createReport", begins(&random, &unit.id())).await;
    assert_eq!(refused.user_errors(), [("ID_NOT_V7", "id")]);
    let specialist = &desk.reporting.specialist;
    let refused = specialist
        .does("createReport", begins(&own, &world["Sở Nội vụ"].id()))
        .await;
    assert_eq!(refused.user_errors(), [("ID_TAKEN", "id")]);
}

async fn an_id_of_ones_own_is_no_key_to_the_reports_of_others(app: TestApp) {
    let desk = Desk::of(&app).await;
    let unit = &app.world()["Thư viện"];
    let stranger = app.officer_of(unit).await;
    let input = json!({ "id": desk.draft.id, "unitId": unit.id(), "formId": desk.reporting.form, "periodId": desk.reporting.period });
    let before = app.contents().await;
    let refused = stranger.does("createReport", input).await;
    assert_eq!(refused.code(), "ALREADY_EXISTS", "{refused}");
    assert!(app.contents().await == before, "nothing is stored");
}

async fn late_writes_take_as_many_statements_for_many_figures_as_for_one(app: TestApp) {
    let desk = Desk::of(&app).await;
    let complete = [
        ("members_total", "1.671"),
        ("workers_total", "1.700"),
        ("new_members", "12"),
    ];
    desk.draft.save(&desk.officer, 1, &complete).await.thing();
    let one = [("members_total", "1"), ("welfare_amount", "5 triệu đồng")];
    let one = desk.draft.save(&desk.colleague, 1, &one).await;
    let many = [
        ("members_total", "2"),
        ("workers_total", "3"),
        ("new_members", "4"),
        ("welfare_amount", "6 triệu đồng"),
    ];
    let many = desk.draft.save(&desk.colleague, 1, &many).await;
    no_more_statements(one.statements(), many.statements());
    assert_eq!(
        held(&desk.draft.seen_by(&desk.officer, SEEN).await, "workers_total"),
        ["1.700", "3"]
    );
}
