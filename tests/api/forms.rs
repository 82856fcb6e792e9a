//! Report forms and periods: what keeps totals free of counting anybody or any day twice.

use std::time::Duration;

use chrono::NaiveDate;
use futures_util::future::{join, join_all};
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::db;
use thidua::policy::Scope;
use thidua_entity::enums::{PeriodKind, Role};
use thidua_entity::period;

use crate::reports::Reporting;
use crate::support::{Answer, Person, TestApp, Unit, on_both_databases};

on_both_databases! {
    a_form_keeps_its_level,
    a_draft_may_still_change_its_level,
    a_form_draft_is_written_over_only_by_who_saw_it,
    of_four_who_write_a_form_draft_at_once_one_is_in_time,
    a_report_is_for_a_period_that_the_unit_lived_through,
    a_report_is_for_a_period_that_is_set_for_the_unit,
    periods_of_units_above_and_below_do_not_overlap,
    of_units_above_and_below_that_set_a_period_at_once_one_does,
    a_period_waits_for_one_that_is_not_yet_committed,
}

/// A form in the hands of its specialist.
struct Form<'a> {
    id: String,
    keeper: &'a Person,
}

impl Form<'_> {
    /// Writes a draft of it with one indicator, for these kinds of unit, having seen this version of the draft.
    async fn written(&self, kinds: &[&str], version: Option<i32>) -> Answer {
        let items = json!([{ "indicatorCode": "members_total", "required": true }]);
        let draft =
            json!({ "formId": self.id, "unitKinds": kinds, "sections": [{ "items": items }], "version": version });
        self.keeper.does("writeReportFormDraft", draft).await
    }

    async fn published(&self, number: i32, version: i32) -> Answer {
        let publish = json!({ "formId": self.id, "number": number, "version": version });
        self.keeper.does("publishReportForm", publish).await
    }

    /// Its versions, the newest first.
    async fn versions(&self) -> Value {
        let query =
            "query($id: ID!) { node(id: $id) { ... on ReportForm { versions { number version state unitKinds } } } }";
        let seen = self.keeper.graphql(query, json!({ "id": self.id })).await;
        seen.at("/node/versions").clone()
    }
}

async fn a_form_keeps_its_level(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let form = Form {
        id: reporting.form.clone(),
        keeper: &reporting.specialist,
    };
    let published = form.versions().await;
    let mixed = form.written(&["GRASSROOTS", "LOCAL_BRANCH_UNION"], None).await;
    assert_eq!(mixed.user_errors(), [("LEVELS_MIXED", "unitKinds")]);
    for kinds in [&["LOCAL_BRANCH_UNION"], &["SECTION"], &["PROVINCIAL_FEDERATION"]] {
        let refused = form.written(kinds, None).await;
        assert_eq!(refused.user_errors(), [("LEVEL_CHANGED", "unitKinds")], "{kinds:?}");
    }
    assert_eq!(form.versions().await, published, "nothing is stored");
    let retire = json!({ "formId": form.id, "number": 1, "version": 2 });
    form.keeper.does("retireReportForm", retire).await.thing();
    assert_eq!(
        form.written(&["LOCAL_BRANCH_UNION"], None).await.user_errors(),
        [("LEVEL_CHANGED", "unitKinds")],
        "reports on a retired version are still added"
    );
    form.written(&["GRASSROOTS"], None).await.thing();
    assert_eq!(
        form.written(&["LOCAL_BRANCH_UNION"], Some(1)).await.user_errors(),
        [("LEVEL_CHANGED", "unitKinds")],
        "nor does a draft get another level after it was begun"
    );
    form.published(2, 1).await.thing();
}

async fn a_draft_may_still_change_its_level(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let new = json!({ "ownerId": world["Sóc Trăng"].id(), "code": "TK-09", "name": "Biểu mới", "periodicity": "YEAR" });
    let form = Form {
        id: reporting.specialist.does("createReportForm", new).await.id().to_owned(),
        keeper: &reporting.specialist,
    };
    form.written(&["GRASSROOTS"], None).await.thing();
    form.written(&["LOCAL_BRANCH_UNION", "DISTRICT_FEDERATION"], Some(1))
        .await
        .thing();
    form.published(1, 2).await.thing();
    assert_eq!(
        form.written(&["GRASSROOTS"], None).await.user_errors(),
        [("LEVEL_CHANGED", "unitKinds")]
    );
    form.written(&["DISTRICT_FEDERATION"], None).await.thing();
}

async fn a_form_draft_is_written_over_only_by_who_saw_it(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let form = Form {
        id: reporting.form.clone(),
        keeper: &reporting.specialist,
    };
    form.written(&["GRASSROOTS"], None).await.thing();
    let draft = json!({ "number": 2, "version": 1, "state": "DRAFT", "unitKinds": ["GRASSROOTS"] });
    assert_eq!(form.versions().await[0], draft);
    for stale in [None, Some(0), Some(2), Some(i32::MAX)] {
        let refused = form.written(&["GRASSROOTS"], stale).await;
        assert_eq!(refused.code(), "STALE_VERSION", "{stale:?}");
        assert_eq!(refused.errors()[0]["extensions"]["currentVersion"], 1);
    }
    assert_eq!(form.versions().await[0], draft, "nothing is stored");
    form.written(&["GRASSROOTS"], Some(1)).await.thing();
    assert_eq!(form.versions().await[0]["version"], 2);
    assert_eq!(
        form.published(2, 1).await.code(),
        "STALE_VERSION",
        "nor is published what nobody saw"
    );
    assert_eq!(
        form.versions().await[1]["state"],
        "PUBLISHED",
        "the one before is still in use"
    );
    form.published(2, 2).await.thing();
    let too_late = form.written(&["GRASSROOTS"], Some(2)).await;
    assert_eq!(
        too_late.code(),
        "STALE_VERSION",
        "what was a draft when it was seen has been published since"
    );
    assert_eq!(form.versions().await.as_array().map(Vec::len), Some(2));
}

async fn of_four_who_write_a_form_draft_at_once_one_is_in_time(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let form = Form {
        id: reporting.form.clone(),
        keeper: &reporting.specialist,
    };
    for version in [None, Some(1)] {
        let answers = join_all((0..4).map(|_| form.written(&["GRASSROOTS"], version))).await;
        let mut codes: Vec<&str> = answers.iter().map(Answer::code).collect();
        codes.sort();
        assert_eq!(
            codes,
            ["", "STALE_VERSION", "STALE_VERSION", "STALE_VERSION"],
            "{version:?}"
        );
    }
    assert_eq!(form.versions().await.as_array().map(Vec::len), Some(2));
}

/// Begins a report of a unit for a period.
async fn begun(who: &Person, unit: &str, reporting: &Reporting, period: &str) -> Answer {
    let input = json!({ "unitId": unit, "formId": reporting.form, "periodId": period });
    who.does("createReport", input).await
}

async fn a_report_is_for_a_period_that_the_unit_lived_through(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let all = &world["Tổng Liên đoàn"];
    let setter = app.specialist_of(all).await;
    let mut periods = Vec::new();
    for year in ["2023", "2024", "2025"] {
        let (from, to) = (format!("{year}-01-01"), format!("{year}-12-31"));
        periods.push(Reporting::period(&setter, all, (year, "YEAR"), (&from, &to)).await);
    }
    let admin = app.admin().await;
    for (name, founded, ended, lived) in [
        ("CĐCS Báo", None, None, [true, true, true]),
        ("CĐCS Đài", Some("2024-12-31"), None, [false, true, true]),
        ("CĐCS Kho bạc", Some("2025-01-01"), None, [false, false, true]),
        ("CĐCS Thuế", None, Some("2024-12-31"), [true, false, false]),
        ("CĐCS Hải quan", None, Some("2025-01-01"), [true, true, false]),
        (
            "CĐCS Thống kê",
            Some("2024-02-01"),
            Some("2024-11-30"),
            [false, false, false],
        ),
    ] {
        let new =
            json!({ "kind": "GRASSROOTS", "name": name, "parentId": world["Viên chức"].id(), "foundedOn": founded });
        let unit = admin.does("createUnit", new).await.id().to_owned();
        if let Some(on) = ended {
            let end = json!({ "id": unit, "version": 1, "on": on, "reason": "Sáp nhập" });
            admin.does("endUnit", end).await.thing();
        }
        let scope = Scope::Unit(thidua::ids::Kind::Unit.parse(&unit).expect("an id"));
        let officer = app.person(&[(Role::UnitOfficer, scope)]).await;
        for (period, lived) in periods.iter().zip(lived) {
            let made = begun(&officer, &unit, &reporting, period).await;
            let told: &[(&str, &str)] = if lived {
                &[]
            } else {
                &[("PERIOD_NOT_FOR_UNIT", "periodId")]
            };
            assert_eq!(made.user_errors(), told, "{name}: {made}");
        }
    }
}

async fn a_report_is_for_a_period_that_is_set_for_the_unit(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let keeper = app.specialist_of(&world["Kon Tum"]).await;
    let elsewhere = Reporting::period(
        &keeper,
        &world["Kon Tum"],
        ("2024", "YEAR"),
        ("2024-01-01", "2024-12-31"),
    )
    .await;
    let unit = &world["Sở Nội vụ"];
    let both = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(unit.uuid)),
            (Role::Viewer, Scope::Unit(world["Kon Tum"].uuid)),
        ])
        .await;
    assert_eq!(
        begun(&both, &unit.id(), &reporting, &elsewhere).await.user_errors(),
        [("PERIOD_NOT_FOR_UNIT", "periodId")],
        "a period of another province"
    );
    let plain = app.officer_of(unit).await;
    assert_eq!(
        begun(&plain, &unit.id(), &reporting, &elsewhere).await.code(),
        "NOT_FOUND"
    );
    let own = app.specialist_of(unit).await;
    let own = Reporting::period(&own, unit, ("2024", "YEAR"), ("2024-01-01", "2024-12-31")).await;
    begun(&plain, &unit.id(), &reporting, &own).await.thing();
}

/// Sets a period of a unit.
async fn set(who: &Person, owner: &Unit, (code, kind): (&str, &str), (from, to): (&str, &str)) -> Answer {
    let input =
        json!({ "ownerId": owner.id(), "code": code, "name": code, "kind": kind, "startsOn": from, "endsOn": to });
    who.does("createPeriod", input).await
}

async fn periods_of_units_above_and_below_do_not_overlap(app: TestApp) {
    let world = app.world();
    let keeper = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let quarter = ("2026-04-01", "2026-06-30");
    let overlaps = [("PERIODS_OVERLAP", "startsOn")];
    set(&keeper, &world["Kon Tum"], ("2026-Q2", "QUARTER"), quarter)
        .await
        .thing();
    for (owner, kind, span, told) in [
        ("Kon Tum", "QUARTER", ("2026-06-30", "2026-09-30"), &overlaps[..]),
        ("Đăk Tô", "QUARTER", ("2026-01-01", "2026-04-01"), &overlaps),
        ("Y tế Đăk Tô", "QUARTER", ("2026-05-01", "2026-05-31"), &overlaps),
        ("Tổng Liên đoàn", "QUARTER", ("2026-01-01", "2026-12-31"), &overlaps),
        ("Tổng Liên đoàn", "QUARTER", ("2026-07-01", "2026-09-30"), &[]),
        ("Tổng Liên đoàn", "YEAR", ("2026-01-01", "2026-12-31"), &[]),
        ("Sóc Trăng", "QUARTER", ("2026-03-01", "2026-05-31"), &[]),
        ("Đăk Tô", "CUSTOM", ("2026-05-01", "2026-05-31"), &[]),
        ("Y tế Đăk Tô", "CUSTOM", ("2026-05-15", "2026-06-15"), &[]),
    ] {
        let code = format!("{kind}-{}-{}", span.0, span.1);
        let made = set(&keeper, &world[owner], (&code, kind), span).await;
        assert_eq!(made.user_errors(), told, "{owner} {kind} {span:?}");
    }
}

async fn of_units_above_and_below_that_set_a_period_at_once_one_does(app: TestApp) {
    let world = app.world();
    let keeper = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let owners = ["Tổng Liên đoàn", "Kon Tum", "Đăk Tô", "Y tế Đăk Tô"];
    let span = ("2026-04-01", "2026-06-30");
    let setting = owners.map(|owner| set(&keeper, &world[owner], ("2026-Q2", "QUARTER"), span));
    let answers = join_all(setting).await;
    let mut told: Vec<_> = answers.iter().flat_map(Answer::user_errors).collect();
    told.dedup();
    assert_eq!(told, [("PERIODS_OVERLAP", "startsOn")]);
    let made = keeper.graphql("{ periods { totalCount } }", json!({})).await;
    assert_eq!(*made.at("/periods/totalCount"), json!(1));
}

async fn a_period_waits_for_one_that_is_not_yet_committed(app: TestApp) {
    let world = app.world();
    let keeper = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
    let tx = db::begin_write(&app.env.db).await.expect("a transaction");
    db::wait_for_turn(&tx, db::Turn::Periods).await.expect("a turn");
    let below = period::ActiveModel {
        id: Set(app.env.new_id()),
        owner_id: Set(world["Kon Tum"].uuid),
        code: Set("2026-Q2".to_owned()),
        name: Set("Quý II năm 2026".to_owned()),
        kind: Set(PeriodKind::Quarter),
        starts_on: Set(day(4, 1)),
        ends_on: Set(day(6, 30)),
        due_on: Set(None),
        version: Set(1),
    };
    below.insert(&tx).await.expect("a period");
    let committing = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tx.commit().await.expect("a commit");
    };
    let span = ("2026-06-30", "2026-09-30");
    let setting = set(&keeper, &world["Tổng Liên đoàn"], ("2026-Q3", "QUARTER"), span);
    let (_, made) = join(committing, setting).await;
    assert_eq!(made.user_errors(), [("PERIODS_OVERLAP", "startsOn")]);
}
