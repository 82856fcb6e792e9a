//! Reports: who begins, writes, sends, returns, verifies and approves them, and who may not.

use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    a_report_goes_from_draft_to_approval,
    figures_are_kept_as_they_were_typed,
    a_figure_that_cannot_be_read_is_refused_with_its_readings_and_nothing_is_stored,
    a_figure_that_is_not_on_the_form_is_refused,
    an_empty_text_takes_a_figure_out,
    a_report_is_not_sent_while_a_compulsory_figure_is_missing,
    a_report_sent_after_the_due_day_is_late_and_stays_so,
    a_returned_report_is_mended_and_sent_again,
    a_report_is_returned_only_with_a_reason,
    who_sent_a_report_may_not_pass_it,
    a_unit_has_one_report_for_form_and_period,
    a_form_is_not_for_every_unit,
    steps_out_of_order_are_refused,
    of_two_who_save_at_once_both_are_heard,
    another_units_report_is_not_found,
    who_sees_a_report_but_may_not_take_the_step_is_told_so,
    a_chair_sees_what_members_handed_in_but_not_their_drafts,
    the_form_version_of_a_report_stays_when_the_form_changes,
    fifty_reports_with_their_figures_take_few_statements,
    every_field_of_a_figure_in_a_list_is_what_it_is_alone,
    a_list_shows_just_the_reports_that_are_asked_for,
    a_report_begun_twice_under_one_key_is_one_report,
    rest_walks_the_same_life,
}

/// What the tests of reports and summaries begin with: a form that grassroots unions of Sóc Trăng fill in each year.
pub struct Reporting {
    /// Specialist of the whole province.
    pub specialist: Person,
    /// Standing committee of the whole province.
    pub committee: Person,
    /// The form.
    pub form: String,
    /// The year 2026, due on 10 December.
    pub period: String,
}

impl Reporting {
    /// Indicators, a form with one published version, and a year.
    pub async fn begin(app: &TestApp) -> Self {
        let world = app.world();
        let (all, union) = (&world["Tổng Liên đoàn"], &world["Viên chức"]);
        let catalogue = app.catalogue_keeper().await;
        for (code, name, measure, form, aggregation) in [
            ("members_total", "Số đoàn viên", "người", "INTEGER", "STOCK"),
            ("workers_total", "Tổng số CBCCVCLĐ", "người", "INTEGER", "STOCK"),
            ("new_members", "Phát triển đoàn viên mới", "người", "INTEGER", "FLOW"),
            ("welfare_amount", "Số tiền thăm hỏi", "đồng", "MONEY", "FLOW"),
        ] {
            let input = json!({ "code": code, "name": name, "unitOfMeasure": measure, "numberForm": form, "aggregation": aggregation });
            catalogue.does("createIndicator", input).await.thing();
        }
        let rate = json!({
            "code": "membership_rate", "name": "Tỷ lệ tập hợp đoàn viên", "unitOfMeasure": "%", "numberForm": "PERCENTAGE",
            "aggregation": "RATE", "numeratorCode": "members_total", "denominatorCode": "workers_total",
        });
        catalogue.does("createIndicator", rate).await.thing();
        let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
        let committee = app.committee_of(&world["Sóc Trăng"]).await;
        let form = Self::form(&specialist, union, "TK-01", "YEAR").await;
        let period = Self::period(
            &app.specialist_of(all).await,
            all,
            ("2026", "YEAR"),
            ("2026-01-01", "2026-12-31"),
        )
        .await;
        Self {
            specialist,
            committee,
            form,
            period,
        }
    }

    /// A published form of a unit with a few indicators, for units of one kind.
    pub async fn short_form(&self, owner: &Unit, code: &str, unit_kind: &str, indicators: &[&str]) -> String {
        let specialist = &self.specialist;
        let input = json!({ "ownerId": owner.id(), "code": code, "name": "Báo cáo ngắn", "periodicity": "YEAR" });
        let form = specialist.does("createReportForm", input).await.id().to_owned();
        let items: Vec<Value> = indicators.iter().map(|code| json!({ "indicatorCode": code })).collect();
        let content = json!({ "formId": form, "unitKinds": [unit_kind], "sections": [{ "items": items }] });
        specialist.does("writeReportFormDraft", content).await.thing();
        let publish = json!({ "formId": form, "number": 1, "version": 1 });
        specialist.does("publishReportForm", publish).await.thing();
        form
    }

    /// A published form of a unit.
    pub async fn form(specialist: &Person, owner: &Unit, code: &str, periodicity: &str) -> String {
        let input = json!({ "ownerId": owner.id(), "code": code, "name": "Biểu thống kê hoạt động", "periodicity": periodicity });
        let form = specialist.does("createReportForm", input).await.id().to_owned();
        let draft = json!({
            "formId": form, "unitKinds": ["GRASSROOTS"], "legalBasis": "Quyết định 1454/QĐ-TLĐ ngày 28/11/2014",
            "sections": [
                { "title": "I. Tổ chức và đoàn viên", "items": [
                    { "indicatorCode": "members_total", "required": true },
                    { "indicatorCode": "workers_total", "required": true },
                    { "indicatorCode": "new_members" },
                ] },
                { "title": "II. Chăm lo, bảo vệ", "items": [{ "indicatorCode": "welfare_amount" }] },
            ],
        });
        specialist.does("writeReportFormDraft", draft).await.thing();
        specialist
            .does(
                "publishReportForm",
                json!({ "formId": form, "number": 1, "version": 1 }),
            )
            .await
            .thing();
        form
    }

    /// A period of a unit, due on the tenth day of its last month.
    pub async fn period(setter: &Person, owner: &Unit, (code, kind): (&str, &str), (from, to): (&str, &str)) -> String {
        let due = format!("{}-10", &to[..7]);
        let input = json!({ "ownerId": owner.id(), "code": code, "name": format!("Kỳ {code}"), "kind": kind, "startsOn": from, "endsOn": to, "dueOn": due });
        setter.does("createPeriod", input).await.id().to_owned()
    }

    /// A draft of a unit's officer with these figures.
    pub async fn draft(&self, officer: &Person, unit: &Unit, figures: &[(&str, &str)]) -> Draft {
        let input = json!({ "unitId": unit.id(), "formId": self.form, "periodId": self.period });
        let made = officer.does("createReport", input).await;
        let draft = Draft {
            id: made.id().to_owned(),
        };
        if !figures.is_empty() {
            draft.save(officer, 1, figures).await.thing();
        }
        draft
    }

    /// An approved report of a unit with these figures.
    pub async fn approved(&self, app: &TestApp, unit: &Unit, figures: &[(&str, &str)]) -> Draft {
        let officer = app.officer_of(unit).await;
        let draft = self.draft(&officer, unit, figures).await;
        draft.step(&officer, "submitReport", 2).await.thing();
        draft.step(&self.specialist, "verifyReport", 3).await.thing();
        draft.step(&self.committee, "approveReport", 4).await.thing();
        draft
    }
}

impl TestApp {
    /// A specialist of everything, who keeps the common catalogue.
    pub async fn catalogue_keeper(&self) -> Person {
        use thidua::policy::Scope;
        use thidua_entity::enums::Role;
        self.person(&[(Role::Specialist, Scope::Everything)]).await
    }
}

/// A report that somebody began.
pub struct Draft {
    /// Its id.
    pub id: String,
}

impl Draft {
    /// Writes figures at a version.
    pub async fn save(&self, who: &Person, version: i32, figures: &[(&str, &str)]) -> Answer {
        let figures: Vec<Value> = figures
            .iter()
            .map(|(code, text)| json!({ "indicatorCode": code, "text": text }))
            .collect();
        who.does(
            "saveReport",
            json!({ "id": self.id, "version": version, "figures": figures }),
        )
        .await
    }

    /// Takes a step at a version.
    pub async fn step(&self, who: &Person, mutation: &str, version: i32) -> Answer {
        who.does(mutation, json!({ "id": self.id, "version": version })).await
    }

    /// Sends it back at a version.
    pub async fn give_back(&self, who: &Person, version: i32, reason: &str) -> Answer {
        who.does(
            "returnReport",
            json!({ "id": self.id, "version": version, "reason": reason }),
        )
        .await
    }

    /// What somebody sees of it.
    pub async fn seen_by(&self, who: &Person, fields: &str) -> Answer {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on ReportSubmission {{ {fields} }} }} }}");
        who.graphql(&query, json!({ "id": self.id })).await
    }
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

async fn a_report_goes_from_draft_to_approval(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let report = reporting.approved(&app, &world["Sở Nội vụ"], COMPLETE).await;
    let fields = "status late unitName approvedAt steps { action status by reason } missing { code }";
    let seen = report.seen_by(&reporting.specialist, fields).await;
    assert_eq!(seen.str("/node/status"), "APPROVED");
    assert_eq!(seen.str("/node/unitName"), "CĐCS Sở Nội vụ");
    assert_eq!(*seen.at("/node/late"), json!(false));
    assert_eq!(
        seen.texts("/node/steps", "action"),
        ["CREATE", "SUBMIT", "VERIFY", "APPROVE"]
    );
}

async fn figures_are_kept_as_they_were_typed(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let figures = [
        ("members_total", " 1.671 "),
        ("workers_total", "07"),
        ("welfare_amount", "trên 295 triệu đồng"),
        ("new_members", "từ 10-12"),
    ];
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], &figures).await;
    let seen = draft
        .seen_by(
            &officer,
            "figures { indicator { code } value upper qualifier nature text }",
        )
        .await;
    assert_eq!(
        *seen.at("/node/figures"),
        json!([
            { "indicator": { "code": "members_total" }, "value": "1671", "upper": null, "qualifier": "EXACT", "nature": "ESTIMATE", "text": "1.671" },
            { "indicator": { "code": "workers_total" }, "value": "7", "upper": null, "qualifier": "EXACT", "nature": "ESTIMATE", "text": "07" },
            { "indicator": { "code": "new_members" }, "value": "10", "upper": "12", "qualifier": "RANGE", "nature": "ESTIMATE", "text": "từ 10-12" },
            { "indicator": { "code": "welfare_amount" }, "value": "295000000", "upper": null, "qualifier": "MORE_THAN", "nature": "ESTIMATE", "text": "trên 295 triệu đồng" },
        ])
    );
}

async fn a_figure_that_cannot_be_read_is_refused_with_its_readings_and_nothing_is_stored(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], &[]).await;
    let figures = [
        ("members_total", "1.671"),
        ("welfare_amount", "390.777.00đ"),
        ("workers_total", "nhiều"),
    ];
    let refused = draft.save(&officer, 1, &figures).await;
    assert_eq!(
        refused.user_errors(),
        [("AMBIGUOUS", "figures.1.text"), ("NOT_A_NUMBER", "figures.2.text")]
    );
    let told = refused.user_message();
    assert!(told.contains("390.777.000") && told.contains("39.077.700"), "{told}");
    let english = draft.save(&officer.in_english(), 1, &figures).await;
    assert!(english.user_message().contains("390.777.000"), "{english}");
    let seen = draft.seen_by(&officer, "version figures { text }").await;
    assert_eq!(*seen.at("/node"), json!({ "version": 1, "figures": [] }));
}

async fn a_figure_that_is_not_on_the_form_is_refused(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], &[]).await;
    let refused = draft.save(&officer, 1, &[("membership_rate", "93,35%")]).await;
    assert_eq!(
        refused.user_errors(),
        [("INDICATOR_NOT_ON_FORM", "figures.0.indicatorCode")]
    );
    let twice = draft
        .save(&officer, 1, &[("new_members", "1"), ("new_members", "2")])
        .await;
    assert_eq!(twice.user_errors(), [("TWICE", "figures.1.indicatorCode")]);
}

async fn an_empty_text_takes_a_figure_out(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    draft.save(&officer, 2, &[("members_total", "  ")]).await.thing();
    let seen = draft.seen_by(&officer, "figures { text } missing { code }").await;
    assert_eq!(
        seen.texts("/node/figures", "text"),
        ["1.700"],
        "the figure that was not named stays"
    );
    assert_eq!(seen.texts("/node/missing", "code"), ["members_total"]);
}

async fn a_report_is_not_sent_while_a_compulsory_figure_is_missing(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting
        .draft(&officer, &world["Sở Nội vụ"], &[("members_total", "1.671")])
        .await;
    let refused = draft.step(&officer, "submitReport", 2).await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "figures.workers_total")]);
    assert_eq!(draft.seen_by(&officer, "status").await.str("/node/status"), "DRAFT");
}

async fn a_report_sent_after_the_due_day_is_late_and_stays_so(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let in_time = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    app.it_is(moment(2026, 12, 10, 23, 59));
    in_time.step(&officer, "submitReport", 2).await.thing();
    assert_eq!(
        *in_time.seen_by(&officer, "late").await.at("/node/late"),
        json!(false),
        "the due day itself is in time"
    );
    let other = app.officer_of(&world["Thư viện"]).await;
    let late = reporting.draft(&other, &world["Thư viện"], COMPLETE).await;
    app.it_is(moment(2026, 12, 11, 0, 1));
    late.step(&other, "submitReport", 2).await.thing();
    assert_eq!(*late.seen_by(&other, "late").await.at("/node/late"), json!(true));
    in_time
        .give_back(&reporting.specialist, 3, "Thiếu thuyết minh.")
        .await
        .thing();
    in_time.step(&officer, "submitReport", 4).await.thing();
    assert_eq!(
        *in_time.seen_by(&officer, "late").await.at("/node/late"),
        json!(false),
        "it was first sent in time"
    );
}

async fn a_returned_report_is_mended_and_sent_again(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    draft.step(&officer, "submitReport", 2).await.thing();
    draft.step(&reporting.specialist, "verifyReport", 3).await.thing();
    draft
        .give_back(&reporting.committee, 4, "Số đoàn viên chưa khớp với danh sách.")
        .await
        .thing();
    let seen = draft.seen_by(&officer, "status steps { reason by }").await;
    assert_eq!(seen.str("/node/status"), "RETURNED");
    assert_eq!(
        seen.str("/node/steps/3/reason"),
        "Số đoàn viên chưa khớp với danh sách."
    );
    draft.save(&officer, 5, &[("members_total", "1.669")]).await.thing();
    draft.step(&officer, "submitReport", 6).await.thing();
    draft.step(&reporting.specialist, "verifyReport", 7).await.thing();
    draft.step(&reporting.committee, "approveReport", 8).await.thing();
}

async fn a_report_is_returned_only_with_a_reason(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    draft.step(&officer, "submitReport", 2).await.thing();
    let refused = draft.give_back(&reporting.specialist, 3, "  \n ").await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "reason")]);
}

async fn who_sent_a_report_may_not_pass_it(app: TestApp) {
    use thidua::policy::Scope;
    use thidua_entity::enums::Role;
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let unit = &world["Sở Nội vụ"];
    let both = app
        .person(&[
            (Role::UnitOfficer, Scope::Unit(unit.uuid)),
            (Role::Specialist, Scope::Unit(world["Sóc Trăng"].uuid)),
            (Role::StandingCommittee, Scope::Unit(world["Sóc Trăng"].uuid)),
        ])
        .await;
    let draft = reporting.draft(&both, unit, COMPLETE).await;
    draft.step(&both, "submitReport", 2).await.thing();
    assert_eq!(draft.step(&both, "verifyReport", 3).await.code(), "FORBIDDEN");
    draft.step(&reporting.specialist, "verifyReport", 3).await.thing();
    assert_eq!(draft.step(&both, "approveReport", 4).await.code(), "FORBIDDEN");
    let can = draft.seen_by(&both, "viewerCan { action allowed code reason }").await;
    let approve = can
        .at("/node/viewerCan")
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["action"] == "APPROVE");
    assert_eq!(approve.expect("an answer")["code"], "FORBIDDEN");
}

async fn a_unit_has_one_report_for_form_and_period(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    reporting.draft(&officer, &world["Sở Nội vụ"], &[]).await;
    let input = json!({ "unitId": world["Sở Nội vụ"].id(), "formId": reporting.form, "periodId": reporting.period });
    assert_eq!(officer.does("createReport", input).await.code(), "ALREADY_EXISTS");
}

async fn a_form_is_not_for_every_unit(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let union = app.officer_of(&world["Viên chức"]).await;
    let input = json!({ "unitId": world["Viên chức"].id(), "formId": reporting.form, "periodId": reporting.period });
    assert_eq!(
        union.does("createReport", input).await.user_errors(),
        [("FORM_NOT_FOR_UNIT", "formId")]
    );
    let elsewhere = app.officer_of(&world["Y tế Đăk Tô"]).await;
    let input = json!({ "unitId": world["Y tế Đăk Tô"].id(), "formId": reporting.form, "periodId": reporting.period });
    assert_eq!(
        elsewhere.does("createReport", input).await.code(),
        "NOT_FOUND",
        "a form of another province does not exist"
    );
}

async fn steps_out_of_order_are_refused(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    assert_eq!(
        draft.step(&reporting.committee, "approveReport", 2).await.code(),
        "WRONG_STATE"
    );
    draft.step(&officer, "submitReport", 2).await.thing();
    assert_eq!(
        draft.save(&officer, 3, &[("new_members", "5")]).await.code(),
        "WRONG_STATE"
    );
    assert_eq!(draft.step(&officer, "submitReport", 3).await.code(), "WRONG_STATE");
    let refused = draft.step(&reporting.committee.in_english(), "approveReport", 3).await;
    assert!(
        refused.code() == "WRONG_STATE" && refused.message().contains("SUBMITTED"),
        "{refused}"
    );
}

async fn of_two_who_save_at_once_both_are_heard(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let colleague = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], &[]).await;
    let (first, second) = futures_util::future::join(
        draft.save(&officer, 1, &[("members_total", "10")]),
        draft.save(&colleague, 1, &[("members_total", "20")]),
    )
    .await;
    first.thing();
    second.thing();
    let seen = draft
        .seen_by(&officer, "version figures { text } conflicts { text }")
        .await;
    assert_eq!(*seen.at("/node/version"), json!(3));
    let mut held = [seen.str("/node/figures/0/text"), seen.str("/node/conflicts/0/text")];
    held.sort_unstable();
    assert_eq!(held, ["10", "20"], "{seen}");
}

async fn another_units_report_is_not_found(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    draft.step(&officer, "submitReport", 2).await.thing();
    let list = "{ reports { totalCount nodes { id } } }";
    for (who, stranger) in [
        ("an officer next door", app.officer_of(&world["Thư viện"]).await),
        ("another province", app.specialist_of(&world["Kon Tum"]).await),
        ("somebody without grants", app.stranger().await),
    ] {
        assert_eq!(draft.seen_by(&stranger, "status").await.code(), "NOT_FOUND", "{who}");
        assert_eq!(
            *stranger.graphql(list, json!({})).await.at("/reports"),
            json!({ "totalCount": 0, "nodes": [] }),
            "{who}"
        );
        assert_eq!(
            draft.save(&stranger, 3, &[("new_members", "5")]).await.code(),
            "NOT_FOUND",
            "{who}"
        );
        assert_eq!(
            stranger.get(&format!("/api/v1/reports/{}", draft.id)).await.status(),
            404,
            "{who}"
        );
    }
    assert_eq!(
        *reporting
            .committee
            .graphql(list, json!({}))
            .await
            .at("/reports/totalCount"),
        json!(1)
    );
    assert_eq!(app.nobody().graphql(list, json!({})).await.code(), "UNAUTHENTICATED");
}

async fn who_sees_a_report_but_may_not_take_the_step_is_told_so(app: TestApp) {
    use thidua::policy::Scope;
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    let viewer = app.viewer_of(Scope::Unit(world["Sóc Trăng"].uuid)).await;
    let upper = app.officer_of(&world["Viên chức"]).await;
    for (who, person) in [
        ("a viewer", &viewer),
        ("the specialist", &reporting.specialist),
        ("an officer above", &upper),
    ] {
        assert_eq!(draft.seen_by(person, "status").await.code(), "", "{who} sees it");
        assert_eq!(
            draft.save(person, 2, &[("new_members", "5")]).await.code(),
            "FORBIDDEN",
            "{who}"
        );
        assert_eq!(draft.step(person, "submitReport", 2).await.code(), "FORBIDDEN", "{who}");
    }
    draft.step(&officer, "submitReport", 2).await.thing();
    for person in [&viewer, &upper, &officer, &app.admin().await] {
        assert_eq!(draft.step(person, "verifyReport", 3).await.code(), "FORBIDDEN");
        assert_eq!(draft.step(person, "approveReport", 3).await.code(), "FORBIDDEN");
        assert_eq!(draft.give_back(person, 3, "Không có quyền").await.code(), "FORBIDDEN");
    }
    assert_eq!(
        draft.step(&reporting.specialist, "approveReport", 3).await.code(),
        "FORBIDDEN"
    );
    assert_eq!(
        draft.step(&reporting.committee, "verifyReport", 3).await.code(),
        "FORBIDDEN"
    );
}

async fn a_chair_sees_what_members_handed_in_but_not_their_drafts(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let cluster = reporting
        .specialist
        .does("createCluster", json!({
            "form": "CLUSTER", "purpose": "EMULATION", "organiserId": world["Viên chức"].id(), "name": "Cụm thi đua số 1",
            "validFrom": "2026-01-01",
        }))
        .await
        .id()
        .to_owned();
    for (version, unit) in ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ"].into_iter().enumerate() {
        let input = json!({ "clusterId": cluster, "version": version + 1, "unitId": world[unit].id(), "validFrom": "2026-01-01" });
        reporting.specialist.does("addClusterMember", input).await.thing();
    }
    let office = json!({ "clusterId": cluster, "version": 4, "unitId": world["Thư viện"].id(), "office": "CHAIR", "validFrom": "2026-02-01" });
    reporting.specialist.does("setClusterOffice", office).await.thing();
    let chair = app.officer_of(&world["Thư viện"]).await;
    let member = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&member, &world["Sở Nội vụ"], COMPLETE).await;
    let outside = reporting.approved(&app, &world["Sở Tài chính"], COMPLETE).await;
    assert_eq!(
        draft.seen_by(&chair, "status").await.code(),
        "NOT_FOUND",
        "a draft is the unit's own"
    );
    draft.step(&member, "submitReport", 2).await.thing();
    assert_eq!(draft.seen_by(&chair, "status").await.str("/node/status"), "SUBMITTED");
    assert_eq!(draft.step(&chair, "verifyReport", 3).await.code(), "FORBIDDEN");
    assert_eq!(
        outside.seen_by(&chair, "status").await.code(),
        "NOT_FOUND",
        "not a member"
    );
    let plain = app.officer_of(&world["Sở Ngoại vụ"]).await;
    assert_eq!(
        draft.seen_by(&plain, "status").await.code(),
        "NOT_FOUND",
        "a member without an office"
    );
    app.it_is(moment(2026, 1, 15, 8, 0));
    let before = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(
        draft.seen_by(&before, "status").await.code(),
        "NOT_FOUND",
        "powers begin with the office"
    );
}

async fn the_form_version_of_a_report_stays_when_the_form_changes(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], &[]).await;
    let next = json!({ "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": [{ "indicatorCode": "new_members", "required": true }] }] });
    reporting.specialist.does("writeReportFormDraft", next).await.thing();
    let publish = json!({ "formId": reporting.form, "number": 2, "version": 1 });
    reporting.specialist.does("publishReportForm", publish).await.thing();
    assert_eq!(
        *draft
            .seen_by(&officer, "formVersion { number state }")
            .await
            .at("/node/formVersion"),
        json!({ "number": 1, "state": "RETIRED" })
    );
    draft.save(&officer, 1, COMPLETE).await.thing();
    let newer = app.officer_of(&world["Thư viện"]).await;
    let newer = reporting.draft(&newer, &world["Thư viện"], &[]).await;
    assert_eq!(
        *newer
            .seen_by(&reporting.specialist, "formVersion { number }")
            .await
            .at("/node/formVersion/number"),
        json!(2)
    );
}

async fn fifty_reports_with_their_figures_take_few_statements(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    for unit in ["Sở Nội vụ", "Thư viện", "Sở Ngoại vụ"] {
        reporting.approved(&app, &world[unit], COMPLETE).await;
    }
    let query = "{ reports(first: 50) { nodes { id status version unitName unit { name } period { code } form { code }
        figures { value qualifier text indicator { code name } } } } }";
    let few = reporting.specialist.graphql(query, json!({})).await;
    assert_eq!(few.at("/reports/nodes").as_array().map(Vec::len), Some(3));
    reporting.approved(&app, &world["Sở Tài chính"], COMPLETE).await;
    let more = reporting.specialist.graphql(query, json!({})).await;
    assert_eq!(
        more.statements(),
        few.statements(),
        "statements do not grow with reports"
    );
    assert_eq!(
        more.statements(),
        9,
        "the caller, the page, units twice, periods, forms, items, values, indicators"
    );
}

async fn every_field_of_a_figure_in_a_list_is_what_it_is_alone(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting
        .draft(&officer, &world["Sở Nội vụ"], &[("new_members", "10-12")])
        .await;
    // Every field that the schema has, so that one which the fast list forgets is found here.
    let schema = "{ figure: __type(name: \"ReportValue\") { fields { name } } indicator: __type(name: \"Indicator\") { fields { name } } }";
    let schema = officer.graphql(schema, json!({})).await;
    let without = |names: Vec<&str>, left_out: &[&str]| {
        names
            .into_iter()
            .filter(|name| !left_out.contains(name))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let plain = without(schema.texts("/figure/fields", "name"), &["indicator", "choice"]);
    let indicator = without(
        schema.texts("/indicator/fields", "name"),
        &["numerator", "denominator", "choices"],
    );
    let all = format!(
        "__typename {plain} other: text ...More indicator {{ __typename id numerator {{ code }} denominator {{ code }}
            choices {{ __typename code name: label }} choices {{ label }} }} choice {{ __typename code }} choice {{ label }}"
    );
    let fragment = format!("fragment More on ReportValue {{ indicator {{ {indicator} }} }}");
    let query = format!(
        "query($id: ID!) {{ node(id: $id) {{ ... on ReportSubmission {{ figures {{ {all} }} figure(indicatorCode: \"new_members\") {{ {all} }} }} }} }} {fragment}"
    );
    let seen = officer.graphql(&query, json!({ "id": draft.id })).await;
    assert_eq!(seen.at("/node/figures/0"), seen.at("/node/figure"));
    assert_eq!(seen.str("/node/figure/indicator/code"), "new_members");
}

async fn a_list_shows_just_the_reports_that_are_asked_for(app: TestApp) {
    let world = app.world();
    let mut reporting = Reporting::begin(&app).await;
    reporting.approved(&app, &world["Sở Nội vụ"], COMPLETE).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let first_form = reporting.form.clone();
    reporting.form = Reporting::form(&reporting.specialist, &world["Viên chức"], "TK-02", "YEAR").await;
    let late = reporting.draft(&officer, &world["Thư viện"], COMPLETE).await;
    app.it_is(moment(2027, 1, 20, 8, 0));
    late.step(&officer, "submitReport", 2).await.thing();
    let query = "query($where: ReportSubmissionWhere) { reports(where: $where) { totalCount } }";
    for (filter, expected) in [
        (json!({}), 3),
        (json!({ "formId": first_form }), 2),
        (json!({ "formId": reporting.form }), 1),
        (json!({ "unitId": world["Thư viện"].id() }), 2),
        (json!({ "underId": world["Viên chức"].id() }), 3),
        (json!({ "underId": world["Đăk Tô"].id() }), 0),
        (json!({ "provinceId": world.soc_trang.id() }), 3),
        (json!({ "provinceId": world.kon_tum.id() }), 0),
        (json!({ "periodId": reporting.period }), 3),
        (json!({ "statuses": ["DRAFT", "SUBMITTED"] }), 2),
        (json!({ "statuses": [] }), 0),
        (json!({ "late": true }), 1),
        (json!({ "late": false, "unitId": world["Thư viện"].id() }), 1),
    ] {
        let seen = reporting.specialist.graphql(query, json!({ "where": filter })).await;
        assert_eq!(*seen.at("/reports/totalCount"), json!(expected), "{filter}");
    }
}

async fn a_report_begun_twice_under_one_key_is_one_report(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let input = |key: &str| json!({ "unitId": world["Sở Nội vụ"].id(), "formId": reporting.form, "periodId": reporting.period, "idempotencyKey": key });
    let first = officer
        .does("createReport", input("điện-thoại-1".trim_matches('đ')))
        .await;
    assert_eq!(
        first.user_errors(),
        [("IDEMPOTENCY_KEY_INVALID", "idempotencyKey")],
        "a key is plain ASCII"
    );
    let first = officer.does("createReport", input("phone-1")).await.id().to_owned();
    assert_eq!(
        officer.does("createReport", input("phone-1")).await.id(),
        first,
        "an answer was lost on the way"
    );
    assert_eq!(
        officer.does("createReport", input("phone-2")).await.code(),
        "ALREADY_EXISTS"
    );
}

async fn rest_walks_the_same_life(app: TestApp) {
    use actix_web::http::Method;
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
    let path = format!("/api/v1/reports/{}", draft.id);
    let read = officer.get(&path).await;
    assert_eq!((read.status(), read.header("etag")), (200, "\"2\""));
    assert_eq!(
        read.body()["figures"][0],
        json!({
            "indicatorCode": "members_total", "part": "TOTAL", "value": "1671", "upper": null, "choice": null, "qualifier": "EXACT",
            "nature": "ESTIMATE", "text": "1.671",
        })
    );
    let submit = format!("{path}/submit");
    let blind = officer.request(Method::POST, &submit, &[], "").await;
    assert_eq!(
        (blind.status(), blind.header("content-type")),
        (428, "application/problem+json")
    );
    let stale = officer
        .request(Method::POST, &submit, &[("If-Match", "\"1\"")], "")
        .await;
    assert_eq!((stale.status(), stale.code()), (412, "STALE_VERSION"));
    let sent = officer
        .request(Method::POST, &submit, &[("If-Match", "\"2\"")], "")
        .await;
    assert_eq!(
        (sent.status(), sent.body()["status"].as_str()),
        (200, Some("SUBMITTED"))
    );
    let json_type = ("Content-Type", "application/json");
    let back = reporting
        .specialist
        .request(
            Method::POST,
            &format!("{path}/return"),
            &[("If-Match", "\"3\""), json_type],
            r#"{"reason":"Bổ sung thuyết minh"}"#,
        )
        .await;
    assert_eq!((back.status(), back.body()["status"].as_str()), (200, Some("RETURNED")));
    officer
        .request(Method::POST, &submit, &[("If-Match", "\"4\"")], "")
        .await;
    let passed = officer
        .request(Method::POST, &format!("{path}/verify"), &[("If-Match", "\"5\"")], "")
        .await;
    assert_eq!((passed.status(), passed.code()), (403, "FORBIDDEN"));
    let verified = reporting
        .specialist
        .request(Method::POST, &format!("{path}/verify"), &[("If-Match", "\"5\"")], "")
        .await;
    assert_eq!(verified.status(), 200);
    let approved = reporting
        .committee
        .request(
            Method::POST,
            &format!("{path}/approve"),
            &[("If-Match", verified.header("etag"))],
            "",
        )
        .await;
    assert_eq!(
        (approved.status(), approved.body()["status"].as_str()),
        (200, Some("APPROVED"))
    );
    let list = reporting
        .committee
        .get("/api/v1/reports?status=APPROVED&count=true")
        .await;
    assert_eq!(list.body()["totalCount"], json!(1));
}
