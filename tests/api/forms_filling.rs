//! Who fills in a form: by kind, sector and size of the unit. Who may begin a report, how many reports a summary expects, and which
//! forms a unit is shown, all say the same.

use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::reports::Reporting;
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    a_form_is_for_units_of_its_sectors,
    a_form_is_for_units_of_its_size,
    the_size_is_that_of_the_newest_count_until_the_period_ends,
    what_is_not_known_of_a_unit_leaves_it_in_and_is_told,
    a_report_is_expected_where_the_unit_stands_when_the_period_ends,
    a_period_of_a_unit_below_expects_only_the_units_below_it,
    forms_of_a_unit_are_shown_only_to_who_sees_the_unit,
}

/// The grassroots unions below the one whose form it is.
const UNITS: [&str; 5] = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];

/// The form of a [`Reporting`], now for units of a sector or size.
struct Asking<'a> {
    app: &'a TestApp,
    reporting: &'a Reporting,
}

impl<'a> Asking<'a> {
    /// Publishes the second version of the form, with whatever more it says of who fills it in.
    async fn of(app: &'a TestApp, reporting: &'a Reporting, more: Value) -> Self {
        let mut draft = json!({
            "formId": reporting.form, "unitKinds": ["GRASSROOTS"],
            "sections": [{ "items": [{ "indicatorCode": "members_total", "required": true }] }],
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            draft[key] = value.clone();
        }
        reporting.specialist.does("writeReportFormDraft", draft).await.thing();
        let publish = json!({ "formId": reporting.form, "number": 2, "version": 1 });
        reporting.specialist.does("publishReportForm", publish).await.thing();
        Self { app, reporting }
    }

    /// How many reports are expected of the units below the form's owner, and of how many it is not certain.
    async fn expected(&self) -> (i64, i64) {
        let world = self.app.world();
        let query = "query($unit: ID!, $form: ID!, $period: ID!) { summary(scope: { unitId: $unit }, formId: $form, periodId: $period) { expected expectedUncertain } }";
        let of =
            json!({ "unit": world["Viên chức"].id(), "form": self.reporting.form, "period": self.reporting.period });
        let seen = self.reporting.specialist.graphql(query, of.clone()).await;
        let number = |name: &str| seen.at("/summary")[name].as_i64().expect("a number");
        let told = (number("expected"), number("expectedUncertain"));
        let path = format!(
            "/api/v1/summary?unitId={}&formId={}&periodId={}",
            world["Viên chức"].id(),
            self.reporting.form,
            self.reporting.period
        );
        let rest = self.reporting.specialist.get(&path).await;
        assert_eq!(rest.body()["expected"], told.0);
        assert_eq!(rest.body()["expectedUncertain"], told.1);
        told
    }

    /// The units that may begin a report. That they are those to whom the form is shown is seen on the way, where `today` is a day
    /// of the period.
    async fn may_begin(&self) -> Vec<&'static str> {
        let world = self.app.world();
        let mut may = Vec::new();
        for name in UNITS {
            let officer = self.app.officer_of(&world[name]).await;
            let input =
                json!({ "unitId": world[name].id(), "formId": self.reporting.form, "periodId": self.reporting.period });
            let begun = officer.does("createReport", input).await;
            let is_shown = shown(&officer, &world[name].id()).await.contains(&self.reporting.form);
            match begun.user_errors().as_slice() {
                [] => may.push(name),
                told => assert_eq!(told, [("FORM_NOT_FOR_UNIT", "formId")], "{name}"),
            }
            assert_eq!(is_shown, begun.user_errors().is_empty(), "{name}");
        }
        may
    }
}

/// Ids of the forms that somebody is shown for a unit.
async fn shown(who: &Person, unit: &str) -> Vec<String> {
    let query = "query($unit: ID!) { reportForms(where: { forUnitId: $unit }) { nodes { id } } }";
    let seen = who.graphql(query, json!({ "unit": unit })).await;
    let nodes = seen.at("/reportForms/nodes").as_array().expect("a list");
    let ids: Vec<String> = nodes
        .iter()
        .map(|node| node["id"].as_str().expect("an id").to_owned())
        .collect();
    let rest = who.get(&format!("/api/v1/report-forms?forUnitId={unit}")).await;
    let items = rest.body()["items"].as_array().expect("a list");
    assert_eq!(items.iter().map(|item| item["id"].clone()).collect::<Vec<_>>(), ids);
    ids
}

/// Counts heads of a unit on a day.
async fn counted(app: &TestApp, unit: &str, as_of: &str, workers: Option<i64>, members: Option<i64>) {
    let count = json!({ "id": app.world()[unit].id(), "asOf": as_of, "workers": workers, "members": members });
    let officer = app.officer_of(&app.world()[unit]).await;
    officer.does("recordUnitStatistics", count).await.thing();
}

async fn a_form_is_for_units_of_its_sectors(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    let asking = Asking::of(&app, &reporting, json!({ "sectors": ["PUBLIC_SERVICE", "EDUCATION"] })).await;
    assert_eq!(asking.expected().await, (1, 0));
    assert_eq!(asking.may_begin().await, ["Thư viện"]);
}

async fn a_form_is_for_units_of_its_size(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    for (unit, workers, members) in [
        ("Sở Nội vụ", Some(100), Some(9)),
        ("Sở Tài chính", Some(100), Some(10)),
        ("Sở Ngoại vụ", None, Some(50)),
        ("Sở Khoa học", Some(100), Some(51)),
        ("Thư viện", None, Some(0)),
    ] {
        counted(&app, unit, "2026-01-01", workers, members).await;
    }
    let size = json!({ "size": { "by": "MEMBERS", "fewest": 10, "most": 50 } });
    let asking = Asking::of(&app, &reporting, size).await;
    assert_eq!(asking.expected().await, (2, 0), "both ends are included");
    assert_eq!(asking.may_begin().await, ["Sở Tài chính", "Sở Ngoại vụ"]);
}

async fn the_size_is_that_of_the_newest_count_until_the_period_ends(app: TestApp) {
    let reporting = Reporting::begin(&app).await;
    for unit in UNITS {
        counted(&app, unit, "2025-01-01", Some(5), Some(5)).await;
    }
    counted(&app, "Sở Nội vụ", "2026-02-01", Some(30), None).await;
    counted(&app, "Sở Tài chính", "2026-02-01", Some(30), Some(5)).await;
    counted(&app, "Sở Tài chính", "2026-02-02", None, Some(5)).await;
    counted(&app, "Sở Ngoại vụ", "2026-02-01", Some(30), Some(5)).await;
    counted(&app, "Sở Ngoại vụ", "2026-03-01", Some(6), Some(5)).await;
    counted(&app, "Sở Khoa học", "2026-12-31", Some(30), Some(5)).await;
    counted(&app, "Thư viện", "2027-01-01", Some(30), Some(5)).await;
    app.it_is(crate::support::moment(2026, 12, 31, 9, 0));
    let asking = Asking::of(&app, &reporting, json!({ "size": { "by": "WORKERS", "fewest": 20 } })).await;
    assert_eq!(asking.expected().await, (3, 0));
    assert_eq!(
        asking.may_begin().await,
        ["Sở Nội vụ", "Sở Tài chính", "Sở Khoa học"],
        "a count that leaves workers out does not hide the one before; the last day counts, the day after does not"
    );
}

async fn what_is_not_known_of_a_unit_leaves_it_in_and_is_told(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let admin = app.admin().await;
    let new = json!({ "kind": "GRASSROOTS", "name": "CĐCS Báo", "parentId": world["Viên chức"].id(), "foundedOn": "2020-01-01" });
    let without_sector = admin.does("createUnit", new).await.id().to_owned();
    for unit in UNITS {
        counted(&app, unit, "2026-01-01", Some(5), None).await;
    }
    counted(&app, "Thư viện", "2026-02-01", Some(40), Some(40)).await;
    let who = json!({ "sectors": ["PUBLIC_SERVICE"], "size": { "by": "MEMBERS", "fewest": 20, "most": 60 } });
    let asking = Asking::of(&app, &reporting, who).await;
    assert_eq!(
        asking.expected().await,
        (2, 1),
        "the library, and a unit of which nothing is known"
    );
    assert!(shown(&admin, &without_sector).await.contains(&reporting.form));
    let officer = app
        .person(&[(
            Role::UnitOfficer,
            Scope::Unit(thidua::ids::Kind::Unit.parse(&without_sector).expect("an id")),
        )])
        .await;
    let count = json!({ "id": without_sector, "asOf": "2026-01-01", "workers": 30, "members": 19 });
    officer.does("recordUnitStatistics", count).await.thing();
    assert_eq!(asking.expected().await, (1, 0), "now it is known to be too small");
    let sector = json!({ "id": without_sector, "version": 1, "sector": "PUBLIC_SERVICE" });
    admin.does("updateUnit", sector).await.thing();
    let count = json!({ "id": without_sector, "asOf": "2026-03-01", "workers": 30, "members": 20 });
    officer.does("recordUnitStatistics", count).await.thing();
    assert_eq!(asking.expected().await, (2, 0));
    let begin = json!({ "unitId": without_sector, "formId": reporting.form, "periodId": reporting.period });
    officer.does("createReport", begin).await.thing();
}

async fn a_report_is_expected_where_the_unit_stands_when_the_period_ends(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let asking = Asking::of(&app, &reporting, json!({})).await;
    assert_eq!(asking.expected().await, (5, 0));
    let library = &world["Thư viện"];
    let away = json!({ "id": library.id(), "version": 1, "parentId": world["Đăk Tô"].id(), "from": "2026-03-01" });
    app.admin().await.does("moveUnit", away).await.thing();
    assert_eq!(asking.expected().await, (4, 0));
    let both = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(library.uuid)),
            (Role::Viewer, Scope::Unit(world["Viên chức"].uuid)),
        ])
        .await;
    let begin = json!({ "unitId": library.id(), "formId": reporting.form, "periodId": reporting.period });
    assert_eq!(
        both.does("createReport", begin).await.user_errors(),
        [("FORM_NOT_FOR_UNIT", "formId")]
    );
    assert_eq!(shown(&both, &library.id()).await, Vec::<String>::new());
}

async fn a_period_of_a_unit_below_expects_only_the_units_below_it(app: TestApp) {
    let world = app.world();
    let mut reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let own = app.specialist_of(unit).await;
    reporting.period = Reporting::period(&own, unit, ("2024", "YEAR"), ("2024-01-01", "2024-12-31")).await;
    let asking = Asking::of(&app, &reporting, json!({})).await;
    assert_eq!(asking.expected().await, (1, 0));
}

async fn forms_of_a_unit_are_shown_only_to_who_sees_the_unit(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let library = world["Thư viện"].id();
    let officer = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(shown(&officer, &library).await, [reporting.form.as_str()]);
    assert_eq!(shown(&reporting.specialist, &library).await, [reporting.form.as_str()]);
    assert_eq!(
        shown(&reporting.specialist, &world["Viên chức"].id()).await,
        Vec::<String>::new(),
        "it is not a grassroots union"
    );
    let neighbour = app.officer_of(&world["Sở Nội vụ"]).await;
    assert_eq!(
        shown(&neighbour, &library).await,
        Vec::<String>::new(),
        "who does not see the unit"
    );
}
