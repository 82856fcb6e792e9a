//! Who checks whom: drawn from a seed that is printed, by hand, never oneself. What is found then is told in `crosschecks_findings.rs`.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::notifications::usecases::handle_events;

use crate::clusters::Cluster;
use crate::criteria::Table;
use crate::scoring::{Scoring, good};
use crate::support::{Answer, Person, TestApp, on_both_databases};
use crate::years::{MEMBERS, Year, criteria, new};

on_both_databases! {
    a_draw_gives_everybody_one_and_is_repeated_from_its_printed_seed,
    recusals_hold_and_when_they_leave_nothing_it_is_said_who_is_short,
    last_years_pairs_are_not_drawn_again,
    nobody_checks_itself_nor_whom_it_is_recused_from_by_hand_either,
    of_two_chairs_who_draw_at_once_one_is_told_of_the_other,
    a_draw_is_replaced_until_somebody_begins_and_what_was_assigned_by_hand_stays,
    nobody_tries_out_which_seed_gives_what,
    points_that_a_checker_gave_count_as_begun_and_go_with_the_check,
    the_chair_leaves_checks_of_its_own_unit_to_others,
    who_withdrew_from_the_year_checks_nobody_and_holds_up_nobody,
    a_sheet_that_has_passed_is_checked_no_more,
    who_draws_and_who_does_not,
    a_draw_asked_for_twice_under_one_key_is_one_draw,
    checkers_are_told_of_what_they_are_assigned,
}

pub async fn draw(year: &Year, who: &Person, more: Value) -> Answer {
    let mut input = json!({ "yearId": year.id });
    for (field, value) in more.as_object().expect("fields") {
        input[field] = value.clone();
    }
    let query = "mutation($input: DrawCrossChecksInput!) { drawCrossChecks(input: $input) { userErrors { code field message } \
                 draw { id number repeated } drawing { seed proven unitNames pairs { checkerName checkedName } \
                 concessions { rule text } } } }";
    who.graphql(query, json!({ "input": input })).await
}

/// A year of the districts of Kon Tum that check each other, for who goes through all doors.
pub struct Checked {
    pub year: String,
    pub chair: Person,
    /// Ids of the units that take part.
    pub units: Vec<String>,
    app: TestApp,
}

const DISTRICTS: [&str; 4] = ["Đăk Tô", "Ngọc Hồi", "Đăk Glei", "IaH’Drai"];

impl Checked {
    pub async fn begin(app: &TestApp) -> Self {
        let world = app.world();
        let organiser = &world["Kon Tum"];
        let cluster = Cluster::of(app, "Kon Tum", "Cụm các huyện", &DISTRICTS).await;
        cluster.gives("CHAIR", &world[DISTRICTS[0]], "2026-01-01").await.thing();
        let mut table = criteria();
        let measure = table["nodes"][1]["part"]["criterion"]["measure"].clone();
        table["nodes"][3]["part"]["criterion"]["measure"] = measure;
        let version = Table::begin(app, organiser, "BD-KT").await.in_force(&table).await;
        let mut year = new(&cluster.id);
        year["criteriaVersionId"] = version.into();
        let specialist = app.specialist_of(organiser).await;
        let mut year = specialist.does("createEmulationYear", year).await.thing().clone();
        for _ in 0..4 {
            let step = json!({ "id": year["id"], "version": year["version"] });
            year = specialist.does("advanceEmulationYear", step).await.thing().clone();
        }
        Self {
            year: year["id"].as_str().expect("an id").to_owned(),
            chair: app.officer_of(&world[DISTRICTS[0]]).await,
            units: DISTRICTS.map(|unit| world[unit].id()).to_vec(),
            app: app.clone(),
        }
    }

    async fn list(&self) -> Vec<Value> {
        let query = "query($year: ID!) { crossChecks(where: { yearId: $year }) { nodes { id version checkerName checkedName } } }";
        let specialist = self.app.specialist_of(&self.app.world()["Kon Tum"]).await;
        let seen = specialist.graphql(query, json!({ "year": self.year })).await;
        seen.at("/crossChecks/nodes").as_array().expect("a list").clone()
    }

    /// The check that the chair's unit does not make, with officers of both units.
    pub async fn check(&self) -> (Value, Person, Person) {
        let world = self.app.world();
        let list = self.list().await;
        let unit = |name: &Value| {
            DISTRICTS
                .into_iter()
                .find(|unit| *name == world[*unit].name.as_str())
                .expect("a district")
        };
        let not_of_chair =
            |one: &&Value| ![unit(&one["checkerName"]), unit(&one["checkedName"])].contains(&DISTRICTS[0]);
        let check = list.iter().find(not_of_chair).expect("a check of others").clone();
        let (checker, checked) = (unit(&check["checkerName"]), unit(&check["checkedName"]));
        let (checker, checked) = (
            self.app.officer_of(&world[checker]).await,
            self.app.officer_of(&world[checked]).await,
        );
        (check, checker, checked)
    }

    /// Two units that were not paired.
    pub async fn spare_pair(&self) -> (String, String) {
        let world = self.app.world();
        let drawn = pairs(&self.list().await.into());
        let paired = |one: &str, other: &str| drawn.contains(&(world[one].name.clone(), world[other].name.clone()));
        let others = || DISTRICTS.into_iter().skip(1);
        let spare = others().flat_map(|one| others().map(move |other| (one, other)));
        let spare = spare
            .into_iter()
            .find(|(one, other)| one != other && !paired(one, other));
        let (one, other) = spare.expect("a pair that was not drawn");
        (world[one].id(), world[other].id())
    }
}

/// Who checks whom, by names.
type Pairs = BTreeSet<(String, String)>;

fn pairs(list: &Value) -> Pairs {
    let name = |pair: &Value, side: &str| pair[side].as_str().expect("a name").to_owned();
    let list = list.as_array().expect("pairs").iter();
    list.map(|pair| (name(pair, "checkerName"), name(pair, "checkedName")))
        .collect()
}

fn drawn(answer: &Answer) -> Pairs {
    pairs(answer.at("/drawCrossChecks/drawing/pairs"))
}

/// The cross-checks of a year that somebody sees, by name of the checker.
pub async fn listed(year: &Year, who: &Person, fields: &str) -> Vec<Value> {
    let query = format!(
        "query($year: ID!) {{ crossChecks(where: {{ yearId: $year }}, first: 100) {{ nodes {{ id version checkerName checkedName {fields} }} }} }}"
    );
    let seen = who.graphql(&query, json!({ "year": year.id })).await;
    let mut list = seen.at("/crossChecks/nodes").as_array().expect("a list").clone();
    list.sort_by_key(|one| one["checkerName"].to_string());
    list
}

/// Assigns a cross-check by hand.
pub async fn assign(year: &Year, who: &Person, checker: &str, checked: &str) -> Answer {
    let reason = "Đơn vị trước xin rút";
    let pair = json!({ "yearId": year.id, "checkerId": year.unit(checker), "checkedId": year.unit(checked), "reason": reason });
    who.does("assignCrossCheck", pair).await
}

async fn recuse(year: &Year, checker: &str, checked: &str) -> Answer {
    let reason = "Hai chủ tịch là vợ chồng";
    let pair = json!({ "yearId": year.id, "checkerId": year.unit(checker), "checkedId": year.unit(checked), "reason": reason });
    year.specialist.does("recordRecusal", pair).await
}

async fn in_scoring(app: &TestApp) -> Year {
    let year = Year::begin(app).await;
    year.to_phase("SELF_SCORING").await;
    year
}

async fn a_draw_gives_everybody_one_and_is_repeated_from_its_printed_seed(app: TestApp) {
    let year = in_scoring(&app).await;
    let first = draw(&year, &year.chair, json!({})).await;
    let pairs = drawn(&first);
    let checkers: BTreeSet<&String> = pairs.iter().map(|(checker, _)| checker).collect();
    let checked: BTreeSet<&String> = pairs.iter().map(|(_, checked)| checked).collect();
    assert_eq!((pairs.len(), checkers.len(), checked.len()), (5, 5, 5), "{first}");
    assert!(pairs.iter().all(|(checker, checked)| checker != checked));
    assert!(
        pairs
            .iter()
            .all(|(one, other)| !pairs.contains(&(other.clone(), one.clone()))),
        "{first}"
    );
    assert_eq!(*first.at("/drawCrossChecks/drawing/concessions"), json!([]));
    assert_eq!(*first.at("/drawCrossChecks/draw/repeated"), true);
    let assigned = listed(&year, &year.chair, "state draw { number }").await;
    assert_eq!(self::pairs(&assigned.clone().into()), pairs);
    assert!(
        assigned
            .iter()
            .all(|one| one["state"] == "ASSIGNED" && one["draw"]["number"] == 1)
    );

    // Anybody in the cluster may look at the draw; who may draw tries it again from the seed that was printed.
    let seed = first.str("/drawCrossChecks/drawing/seed");
    let again = draw(&year, &year.deputy, json!({ "seed": seed, "dryRun": true })).await;
    assert_eq!(drawn(&again), pairs);
    assert_eq!(*again.at("/drawCrossChecks/draw"), Value::Null);
    let member = year.officer("Thư viện").await;
    let query = "query($year: ID!) { crossCheckDraws(yearId: $year) { repeated drawing { seed pairs { checkerName checkedName } } } }";
    let seen = member.graphql(query, json!({ "year": year.id })).await;
    assert_eq!(seen.str("/crossCheckDraws/0/drawing/seed"), seed);
    assert_eq!(self::pairs(seen.at("/crossCheckDraws/0/drawing/pairs")), pairs);

    // Who alters the seed afterwards is found out, unless another seed happens to give the same.
    let others = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let mut other = None;
    for seed in others {
        let tried = draw(&year, &year.chair, json!({ "seed": seed, "dryRun": true })).await;
        if drawn(&tried) != pairs {
            other = Some(seed);
        }
    }
    let other = other.expect("of eight seeds one gives other pairs");
    app.rows(&format!("UPDATE cross_check_draw SET seed = '{other}' RETURNING id"))
        .await;
    let seen = member.graphql(query, json!({ "year": year.id })).await;
    assert_eq!(*seen.at("/crossCheckDraws/0/repeated"), false);
}

async fn recusals_hold_and_when_they_leave_nothing_it_is_said_who_is_short(app: TestApp) {
    let year = in_scoring(&app).await;
    for member in ["Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học"] {
        recuse(&year, "Thư viện", member).await.thing();
    }
    let names = |short: &str| app.world()[short].name.clone();
    for seed in ["1", "2", "3", "4"] {
        let tried = draw(&year, &year.chair, json!({ "seed": seed, "dryRun": true })).await;
        assert!(
            drawn(&tried).contains(&(names("Thư viện"), names("Sở Nội vụ"))),
            "{tried}"
        );
    }
    assert_eq!(recuse(&year, "Thư viện", "Sở Khoa học").await.code(), "ALREADY_EXISTS");
    let last = recuse(&year, "Thư viện", "Sở Nội vụ").await.id().to_owned();
    let refused = draw(&year, &year.chair, json!({})).await;
    assert_eq!(refused.user_errors(), [("RECUSALS_IN_THE_WAY", "yearId")]);
    assert!(refused.user_message().contains(&names("Thư viện")), "{refused}");
    assert!(listed(&year, &year.chair, "").await.is_empty(), "nothing is stored");

    // The reason is for the two units and who keeps the cluster.
    let query = "query($year: ID!) { crossCheckRecusals(yearId: $year) { checkerName reason } }";
    let count = async |who: &Person| {
        let seen = who.graphql(query, json!({ "year": year.id })).await;
        seen.texts("/crossCheckRecusals", "reason").len()
    };
    assert_eq!(count(&year.deputy).await, 4);
    assert_eq!(count(&year.officer("Thư viện").await).await, 4);
    assert_eq!(count(&year.officer("Sở Khoa học").await).await, 1);
    assert_eq!(count(&app.specialist_of(&app.world()["Kon Tum"]).await).await, 0);

    year.deputy.does("withdrawRecusal", json!({ "id": last })).await.thing();
    assert_eq!(
        year.deputy.does("withdrawRecusal", json!({ "id": last })).await.code(),
        "NOT_FOUND"
    );
    assert_eq!(drawn(&draw(&year, &year.chair, json!({})).await).len(), 5);
}

async fn last_years_pairs_are_not_drawn_again(app: TestApp) {
    let mut year = in_scoring(&app).await;
    let first = drawn(&draw(&year, &year.chair, json!({ "seed": "2026" })).await);
    let mut next = new(&year.cluster.id);
    next["year"] = 2027.into();
    next["startsOn"] = "2027-01-01".into();
    next["endsOn"] = "2027-12-31".into();
    next["phases"] = json!([]);
    next["criteriaVersionId"] = year.criteria.clone().into();
    year.id = year.specialist.does("createEmulationYear", next).await.id().to_owned();
    year.to_phase("SELF_SCORING").await;
    for seed in ["2026", "2027", "x", "y", "z"] {
        let tried = draw(&year, &year.chair, json!({ "seed": seed, "dryRun": true })).await;
        assert!(drawn(&tried).is_disjoint(&first), "{tried}");
        assert_eq!(*tried.at("/drawCrossChecks/drawing/proven"), true);
    }
    // Five units with two checks each and none of last year's pairs: each would check three others in two years.
    let twice = draw(&year, &year.chair, json!({ "seed": "x", "checksPerUnit": 2 })).await;
    assert_eq!(drawn(&twice).len(), 10);
    let four = draw(&year, &year.chair, json!({ "checksPerUnit": 4, "replaces": 1 })).await;
    assert_eq!(four.user_errors(), [("TOO_FEW_UNITS", "checksPerUnit")]);
}

async fn nobody_checks_itself_nor_whom_it_is_recused_from_by_hand_either(app: TestApp) {
    let year = in_scoring(&app).await;
    let own = assign(&year, &year.chair, "Thư viện", "Thư viện").await;
    assert_eq!(own.user_errors(), [("OWN_UNIT", "checkedId")]);
    assert_eq!(
        recuse(&year, "Thư viện", "Thư viện").await.user_errors(),
        [("OWN_UNIT", "checkedId")]
    );
    let beyond = assign(&year, &year.chair, "Thư viện", "Y tế Đăk Tô").await;
    assert_eq!(beyond.user_errors(), [("NOT_TAKING_PART", "checkedId")]);
    recuse(&year, "Thư viện", "Sở Khoa học").await.thing();
    let recused = assign(&year, &year.chair, "Thư viện", "Sở Khoa học").await;
    assert_eq!(recused.user_errors(), [("RECUSED", "checkerId")]);
    assign(&year, &year.chair, "Sở Khoa học", "Thư viện").await.thing();
    let twice = assign(&year, &year.chair, "Sở Khoa học", "Thư viện").await;
    assert_eq!(twice.code(), "ALREADY_EXISTS");
    let nothing = json!({ "yearId": year.id, "checkerId": year.unit("Thư viện"), "checkedId": year.unit("Sở Nội vụ"), "reason": " " });
    let nothing = year.chair.does("assignCrossCheck", nothing).await;
    assert_eq!(nothing.user_errors(), [("REQUIRED", "reason")]);
}

async fn of_two_chairs_who_draw_at_once_one_is_told_of_the_other(app: TestApp) {
    let year = in_scoring(&app).await;
    let people = [
        &year.chair,
        &year.deputy,
        &year.chair,
        &year.deputy,
        &year.specialist,
        &year.chair,
    ];
    let answers = join_all(people.map(|who| draw(&year, who, json!({})))).await;
    let done: Vec<&Answer> = answers.iter().filter(|answer| answer.code().is_empty()).collect();
    let late = answers.iter().filter(|answer| answer.code() == "STALE_VERSION").count();
    assert_eq!((done.len(), late), (1, 5), "{answers:?}");
    assert_eq!(pairs(&listed(&year, &year.chair, "").await.into()), drawn(done[0]));
}

async fn a_draw_is_replaced_until_somebody_begins_and_what_was_assigned_by_hand_stays(app: TestApp) {
    let year = in_scoring(&app).await;
    let by_hand = assign(&year, &year.chair, "Sở Khoa học", "Thư viện")
        .await
        .thing()
        .clone();
    for (seed, before) in [("một", None), ("hai", Some(1))] {
        let now = draw(&year, &year.chair, json!({ "seed": seed, "replaces": before })).await;
        let list = listed(&year, &year.chair, "reason").await;
        assert_eq!(list.len(), 6, "five that were drawn, one by hand");
        assert!(
            list.iter()
                .any(|one| one["id"] == by_hand["id"] && one["reason"] == "Đơn vị trước xin rút")
        );
        assert!(!drawn(&now).contains(&(
            app.world()["Sở Khoa học"].name.clone(),
            app.world()["Thư viện"].name.clone()
        )));
    }
    let stale = draw(&year, &year.chair, json!({ "replaces": 1 })).await;
    assert_eq!(stale.code(), "STALE_VERSION");
    year.to_phase("CROSS_CHECKING").await;
    let list = listed(&year, &year.chair, "draw { number }").await;
    let of_library = list
        .iter()
        .find(|one| one["checkerName"] == app.world()["Thư viện"].name.as_str())
        .expect("its check");
    let found = json!({ "crossCheckId": of_library["id"], "text": "Sổ sách đầy đủ" });
    year.officer("Thư viện").await.does("writeFinding", found).await.thing();
    let late = draw(&year, &year.chair, json!({ "replaces": 2 })).await;
    assert_eq!(late.code(), "WRONG_STATE");
    let unbegun = json!({ "id": by_hand["id"], "version": by_hand["version"], "reason": "Đơn vị xin rút" });
    year.chair.does("withdrawCrossCheck", unbegun).await.thing();
    assert_eq!(listed(&year, &year.chair, "").await.len(), 5);
    // Who wrote one line and goes no further holds up nobody: with it withdrawn, it is drawn again.
    let begun = json!({ "id": of_library["id"], "version": 2, "reason": "Đơn vị không kiểm tra" });
    year.specialist.does("withdrawCrossCheck", begun).await.thing();
    let again = draw(&year, &year.chair, json!({ "replaces": 2 })).await;
    assert_eq!(drawn(&again).len(), 5, "{again}");
}

async fn nobody_tries_out_which_seed_gives_what(app: TestApp) {
    let year = in_scoring(&app).await;
    let mut printed = Vec::new();
    for before in [None, Some(1)] {
        let drawn = draw(&year, &year.chair, json!({ "seed": "17", "replaces": before })).await;
        printed.push(drawn.str("/drawCrossChecks/drawing/seed").to_owned());
    }
    assert!(
        printed.iter().all(|seed| seed.starts_with("17·") && seed.len() > 10),
        "{printed:?}"
    );
    assert_ne!(printed[0], printed[1]);
    let long = draw(&year, &year.chair, json!({ "seed": "x".repeat(101), "replaces": 2 })).await;
    assert_eq!(long.user_errors(), [("TOO_LONG", "seed")]);
    let longest = draw(&year, &year.chair, json!({ "seed": "x".repeat(100), "replaces": 2 })).await;
    let again = json!({ "seed": longest.str("/drawCrossChecks/drawing/seed"), "dryRun": true });
    assert_eq!(drawn(&draw(&year, &year.deputy, again).await), drawn(&longest));
}

/// The short name of a member.
fn short(app: &TestApp, name: &Value) -> &'static str {
    let world = app.world();
    let found = MEMBERS.into_iter().find(|one| *name == world[*one].name.as_str());
    found.expect("a member")
}

async fn points_that_a_checker_gave_count_as_begun_and_go_with_the_check(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let year = &scoring.year;
    for unit in MEMBERS {
        scoring.handed_in(unit).await;
    }
    year.to_phase("CROSS_CHECKING").await;
    draw(year, &year.chair, json!({})).await.at("/drawCrossChecks/draw/id");
    let list = listed(year, &year.specialist, "").await;
    let name = app.world()["Thư viện"].name.clone();
    let check = list
        .iter()
        .find(|one| one["checkedName"] == name.as_str())
        .expect("its check");
    let checker = year.officer(short(&app, &check["checkerName"])).await;
    scoring.write(&checker, "Thư viện", "CROSS_CHECK", good()).await.thing();
    let again = draw(year, &year.specialist, json!({ "replaces": 1 })).await;
    assert_eq!(again.code(), "WRONG_STATE", "its points would stay: {again}");
    let standing = async || {
        let given = "SELECT id FROM score_entry WHERE layer = 'CROSS_CHECK' AND standing";
        app.rows(given).await.len()
    };
    assert_eq!(standing().await, 3);
    let end = json!({ "id": check["id"], "version": check["version"], "reason": "Có đơn thư giữa hai đơn vị" });
    year.specialist.does("withdrawCrossCheck", end).await.thing();
    assert_eq!(standing().await, 0, "who checks no more gives no points");
    let audit = app
        .audit_of(
            Kind::CrossCheck
                .parse(check["id"].as_str().expect("an id"))
                .expect("an id"),
        )
        .await;
    assert!(
        audit.last().is_some_and(|last| last.detail.contains("on_time")),
        "{audit:?}"
    );
    assert_eq!(
        scoring.write(&checker, "Thư viện", "CROSS_CHECK", good()).await.code(),
        "FORBIDDEN"
    );
    let again = draw(year, &year.specialist, json!({ "replaces": 1 })).await;
    assert_eq!(drawn(&again).len(), 5, "{again}");
}

async fn the_chair_leaves_checks_of_its_own_unit_to_others(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("CROSS_CHECKING").await;
    let own = MEMBERS[0];
    assert_eq!(
        assign(&year, &year.chair, "Sở Ngoại vụ", own).await.code(),
        "FORBIDDEN",
        "it chooses no checker"
    );
    let check = assign(&year, &year.deputy, "Sở Ngoại vụ", own).await.thing().clone();
    let against = json!({ "yearId": year.id, "checkerId": year.unit("Sở Khoa học"), "checkedId": year.unit(own), "reason": "Quá khắt khe" });
    assert_eq!(
        year.chair.does("recordRecusal", against.clone()).await.code(),
        "FORBIDDEN"
    );
    let recusal = year.deputy.does("recordRecusal", against).await;
    let take_back = json!({ "id": recusal.id() });
    assert_eq!(
        year.chair.does("withdrawRecusal", take_back.clone()).await.code(),
        "FORBIDDEN"
    );
    year.deputy.does("withdrawRecusal", take_back).await.thing();
    let checker = year.officer("Sở Ngoại vụ").await;
    let send = json!({ "id": check["id"], "version": check["version"] });
    let sent = checker.does("sendFindings", send).await.thing().clone();
    let step = json!({ "id": sent["id"], "version": sent["version"], "reason": "Xem lại" });
    for mutation in ["returnCrossCheck", "waiveReplies", "withdrawCrossCheck"] {
        let refused = year.chair.does(mutation, step.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN", "{mutation} {refused}");
    }
    let can = "query($id: ID!) { node(id: $id) { ... on CrossCheck { viewerCan { action allowed } } } }";
    let can = year.chair.graphql(can, json!({ "id": sent["id"] })).await;
    let can = can.at("/node/viewerCan").as_array().expect("a list").clone();
    let allowed: Vec<&Value> = can
        .iter()
        .filter(|one| one["allowed"] == true)
        .map(|one| &one["action"])
        .collect();
    assert_eq!(
        allowed,
        ["REPLY", "SEND_REPLIES"],
        "as the unit that is checked, and no more"
    );
    year.deputy.does("returnCrossCheck", step).await.thing();
    // Nor does it see to what its own unit finds elsewhere.
    let other = assign(&year, &year.deputy, own, "Sở Khoa học").await.thing().clone();
    let step = json!({ "id": other["id"], "version": other["version"], "reason": "Bận việc" });
    assert_eq!(
        year.chair.does("withdrawCrossCheck", step.clone()).await.code(),
        "FORBIDDEN"
    );
    year.deputy.does("withdrawCrossCheck", step).await.thing();
}

async fn who_withdrew_from_the_year_checks_nobody_and_holds_up_nobody(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let year = &scoring.year;
    let sheet = scoring.handed_in("Thư viện").await;
    year.to_phase("CROSS_CHECKING").await;
    let check = assign(year, &year.chair, "Sở Ngoại vụ", "Thư viện")
        .await
        .id()
        .to_owned();
    let checker = year.officer("Sở Ngoại vụ").await;
    let found = json!({ "crossCheckId": check, "text": "Sổ sách đầy đủ" });
    checker.does("writeFinding", found.clone()).await.thing();
    let open = scoring.step(&year.chair, "finishCrossCheck", &sheet).await;
    assert_eq!(open.code(), "WRONG_STATE", "it has no minutes yet");
    let rows = year.asked("participants { id unitName version }").await;
    let rows = rows.at("/node/participants").as_array().expect("a list").clone();
    let name = app.world()["Sở Ngoại vụ"].name.clone();
    let row = rows
        .iter()
        .find(|row| row["unitName"] == name.as_str())
        .expect("the checker");
    let end = json!({ "id": row["id"], "version": row["version"], "on": "2026-03-10", "reason": "Sáp nhập" });
    year.specialist.does("withdrawParticipant", end).await.thing();
    let (more, step) = (found, json!({ "id": check, "version": 2 }));
    assert_eq!(checker.does("writeFinding", more).await.code(), "WRONG_STATE");
    assert_eq!(checker.does("sendFindings", step).await.code(), "WRONG_STATE");
    assert_eq!(
        scoring.write(&checker, "Thư viện", "CROSS_CHECK", good()).await.code(),
        "FORBIDDEN"
    );
    let passed = scoring.step(&year.chair, "finishCrossCheck", &sheet).await;
    assert_eq!(passed.thing()["state"], "CROSS_CHECKED", "nobody waits for who is gone");
}

async fn a_sheet_that_has_passed_is_checked_no_more(app: TestApp) {
    let scoring = Scoring::open(&app).await;
    let year = &scoring.year;
    let sheet = scoring.checked("Thư viện", "Sở Ngoại vụ").await;
    let further = assign(year, &year.chair, "Sở Khoa học", "Thư viện").await;
    assert_eq!(further.code(), "WRONG_STATE", "{further}");
    let list = listed(year, &year.chair, "viewerCan { action allowed }").await;
    let check = &list[0];
    let step = json!({ "id": check["id"], "version": check["version"], "reason": "Kiểm tra lại" });
    assert_eq!(
        year.chair.does("returnCrossCheck", step.clone()).await.code(),
        "WRONG_STATE"
    );
    let can = check["viewerCan"].as_array().expect("a list");
    assert!(can.iter().all(|one| one["allowed"] == false), "{check}");
    let query = "mutation($input: DrawCrossChecksInput!) { drawCrossChecks(input: $input) { drawing { unitNames leftOutNames pairs { checkerName checkedName } } } }";
    let tried = year
        .chair
        .graphql(query, json!({ "input": { "yearId": year.id, "dryRun": true } }))
        .await;
    let name = app.world()["Thư viện"].name.clone();
    assert_eq!(
        *tried.at("/drawCrossChecks/drawing/leftOutNames"),
        json!([name]),
        "{tried}"
    );
    assert!(drawn(&tried).iter().all(|(one, other)| ![one, other].contains(&&name)));
    assert_eq!(drawn(&tried).len(), 4);
    scoring.give_back(&year.chair, &sheet, "Kiểm tra lại").await.thing();
    year.chair.does("returnCrossCheck", step).await.thing();
}

async fn who_draws_and_who_does_not(app: TestApp) {
    let year = in_scoring(&app).await;
    let world = app.world();
    for (who, code) in [
        (&year.officer("Thư viện").await, "FORBIDDEN"),
        (&year.committee, "FORBIDDEN"),
        (&app.specialist_of(&world["Kon Tum"]).await, "NOT_FOUND"),
        (&app.officer_of(&world["Y tế Đăk Tô"]).await, "NOT_FOUND"),
    ] {
        for dry_run in [true, false] {
            let refused = draw(&year, who, json!({ "dryRun": dry_run })).await;
            assert_eq!(refused.code(), code, "{refused}");
        }
        assert_eq!(assign(&year, who, MEMBERS[2], MEMBERS[3]).await.code(), code);
    }
    year.to_phase("RUNNING").await;
    assert_eq!(draw(&year, &year.chair, json!({})).await.code(), "WRONG_STATE");
    assign(&year, &year.chair, MEMBERS[2], MEMBERS[3]).await.thing();
    year.to_phase("APPRAISING").await;
    assert_eq!(draw(&year, &year.chair, json!({})).await.code(), "WRONG_STATE");
    assert_eq!(
        assign(&year, &year.chair, MEMBERS[3], MEMBERS[4]).await.code(),
        "WRONG_STATE"
    );
}

async fn a_draw_asked_for_twice_under_one_key_is_one_draw(app: TestApp) {
    let year = in_scoring(&app).await;
    let first = draw(&year, &year.chair, json!({ "idempotencyKey": "may-1" })).await;
    let again = draw(&year, &year.chair, json!({ "idempotencyKey": "may-1" })).await;
    assert_eq!(
        first.str("/drawCrossChecks/draw/id"),
        again.str("/drawCrossChecks/draw/id")
    );
    assert_eq!(drawn(&first), drawn(&again));
    let other = draw(
        &year,
        &year.chair,
        json!({ "idempotencyKey": "may-1", "checksPerUnit": 2 }),
    )
    .await;
    assert_eq!(other.user_errors(), [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]);
}

async fn checkers_are_told_of_what_they_are_assigned(app: TestApp) {
    let year = in_scoring(&app).await;
    let officer = year.officer("Thư viện").await;
    assign(&year, &year.chair, "Thư viện", "Sở Khoa học").await.thing();
    handle_events(&app.env).await.expect("handled");
    let query = "{ notifications(first: 10) { nodes { kind text subjectId unit { name } emulationYear { id } } } }";
    let told = officer.graphql(query, json!({})).await;
    let nodes = told.at("/notifications/nodes").as_array().expect("a list").clone();
    let one = nodes
        .iter()
        .find(|one| one["kind"] == "CROSS_CHECKS_ASSIGNED")
        .expect("told");
    let text = one["text"].as_str().expect("a text");
    assert!(
        text.contains(&app.world()["Sở Khoa học"].name),
        "whom it is to check: {text}"
    );
    assert_eq!(one["emulationYear"]["id"], year.id.as_str());
    let rest = officer.get("/api/v1/notifications?kinds=CROSS_CHECKS_ASSIGNED").await;
    let item = &rest.body()["items"][0];
    assert_eq!(
        (&item["subjectId"], &item["emulationYearId"]),
        (&one["subjectId"], &json!(year.id))
    );
    assert_eq!(item["unitId"], year.unit("Sở Khoa học"));
    draw(&year, &year.chair, json!({})).await.at("/drawCrossChecks/draw/id");
    handle_events(&app.env).await.expect("handled");
    let query = "{ notifications(first: 10) { nodes { kind } } }";
    let told = officer.graphql(query, json!({})).await;
    assert!(
        told.texts("/notifications/nodes", "kind")
            .contains(&"CROSS_CHECKS_ASSIGNED"),
        "{told}"
    );
}
