//! Figures that are more than numbers: yes or no, choices, short texts; figures within bounds; parts of a total.

use serde_json::{Value, json};

use crate::reports::{Draft, Reporting};
use crate::support::{Answer, Person, TestApp, Unit, no_more_statements, on_both_databases};

on_both_databases! {
    yes_no_choices_and_texts_are_kept_as_they_were_meant,
    what_is_no_answer_is_refused_and_nothing_is_stored,
    a_figure_that_is_surely_out_of_bounds_is_refused,
    a_form_may_ask_for_less_than_the_indicator_allows,
    parts_stand_beside_their_total,
    a_part_is_written_only_where_the_form_asks_for_it,
    parts_are_written_over_and_taken_out_one_by_one,
    a_part_alone_is_not_the_compulsory_figure,
    parts_that_contradict_their_total_are_not_sent,
    every_field_of_a_choice_in_a_list_is_what_it_is_alone,
    writing_many_figures_takes_as_many_statements_as_writing_one,
}

/// A form that asks for everything that can be asked.
pub struct Everything {
    /// Who keeps it, and for which year.
    pub reporting: Reporting,
}

/// Every kind of item: a compulsory total with all its parts, a percentage, yes or no, a choice, a text.
const ITEMS: &[(&str, &str, &str)] = &[
    ("heads", "INTEGER", "STOCK"),
    ("attendance", "PERCENTAGE", "NONE"),
    ("has_rules", "YES_NO", "STOCK"),
    ("rating", "CHOICE", "NONE"),
    ("remark", "TEXT", "NONE"),
];

impl Everything {
    /// The second version of the form of a [`Reporting`] asks for everything.
    pub async fn begin(app: &TestApp) -> Self {
        let reporting = Reporting::begin(app).await;
        let keeper = app.catalogue_keeper().await;
        for (code, form, aggregation) in ITEMS {
            let mut new = json!({ "code": code, "name": format!("Chỉ tiêu {code}"), "unitOfMeasure": "-", "numberForm": form, "aggregation": aggregation });
            match *code {
                "heads" => {
                    new["lowest"] = "0".into();
                    new["dimensions"] = json!(["WOMEN", "SECTOR"]);
                }
                "attendance" => {
                    new["lowest"] = "0".into();
                    new["highest"] = "100".into();
                }
                "rating" => {
                    new["choices"] = json!([
                        { "code": "XS", "label": "Hoàn thành xuất sắc nhiệm vụ" },
                        { "code": "TOT", "label": "Hoàn thành tốt nhiệm vụ" },
                        { "code": "HT", "label": "Hoàn thành nhiệm vụ" },
                    ]);
                }
                _ => {}
            }
            keeper.does("createIndicator", new).await.thing();
        }
        let item = |(code, _, _): &(&str, &str, &str)| match *code {
            "heads" => json!({ "indicatorCode": code, "required": true, "dimensions": ["WOMEN", "SECTOR"] }),
            _ => json!({ "indicatorCode": code }),
        };
        let mut items: Vec<Value> = ITEMS.iter().map(item).collect();
        items.push(json!({ "indicatorCode": "new_members", "highest": "50" }));
        let draft = json!({ "formId": reporting.form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
        reporting.specialist.does("writeReportFormDraft", draft).await.thing();
        let publish = json!({ "formId": reporting.form, "number": 2, "version": 1 });
        reporting.specialist.does("publishReportForm", publish).await.thing();
        Self { reporting }
    }

    /// An approved report of a unit with these figures: code, part, text.
    pub async fn approved(&self, app: &TestApp, unit: &Unit, figures: &[(&str, &str, &str)]) -> Draft {
        let officer = app.officer_of(unit).await;
        let draft = self.reporting.draft(&officer, unit, &[]).await;
        typed(&draft, &officer, 1, figures).await.thing();
        draft.step(&officer, "submitReport", 2).await.thing();
        draft.step(&self.reporting.specialist, "verifyReport", 3).await.thing();
        draft.step(&self.reporting.committee, "approveReport", 4).await.thing();
        draft
    }
}

/// Types figures: code, part, text.
pub async fn typed(draft: &Draft, who: &Person, version: i32, figures: &[(&str, &str, &str)]) -> Answer {
    let figure = |(code, part, text): &(&str, &str, &str)| json!({ "indicatorCode": code, "part": part, "text": text });
    let figures: Vec<Value> = figures.iter().map(figure).collect();
    who.does(
        "saveReport",
        json!({ "id": draft.id, "version": version, "figures": figures }),
    )
    .await
}

const FIGURES: &str = "figures { indicator { code } part value upper choice { code label } qualifier nature text }";

async fn yes_no_choices_and_texts_are_kept_as_they_were_meant(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let figures = [
        ("has_rules", "TOTAL", " CÓ "),
        ("rating", "TOTAL", "hoan thanh tot nhiem vu"),
        ("remark", "TOTAL", "  Đã  sáp nhập vào Sở Văn hóa "),
        ("attendance", "TOTAL", "93,35%"),
    ];
    typed(&draft, &officer, 1, &figures).await.thing();
    let seen = draft.seen_by(&officer, FIGURES).await;
    assert_eq!(
        *seen.at("/node/figures"),
        json!([
            { "indicator": { "code": "attendance" }, "part": "TOTAL", "value": "93.35", "upper": null, "choice": null, "qualifier": "EXACT", "nature": "ESTIMATE", "text": "93,35%" },
            { "indicator": { "code": "has_rules" }, "part": "TOTAL", "value": "1", "upper": null, "choice": null, "qualifier": "EXACT", "nature": "ESTIMATE", "text": "CÓ" },
            { "indicator": { "code": "rating" }, "part": "TOTAL", "value": null, "upper": null, "choice": { "code": "TOT", "label": "Hoàn thành tốt nhiệm vụ" }, "qualifier": "EXACT", "nature": "ACTUAL", "text": "hoan thanh tot nhiem vu" },
            { "indicator": { "code": "remark" }, "part": "TOTAL", "value": null, "upper": null, "choice": null, "qualifier": "EXACT", "nature": "ACTUAL", "text": "Đã sáp nhập vào Sở Văn hóa" },
        ])
    );
    typed(
        &draft,
        &officer,
        2,
        &[
            ("has_rules", "TOTAL", "chưa"),
            ("rating", "TOTAL", "XS"),
            ("remark", "TOTAL", ""),
        ],
    )
    .await
    .thing();
    let rest = officer.get(&format!("/api/v1/reports/{}", draft.id)).await;
    let told: Vec<Value> = rest.body()["figures"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| json!([one["indicatorCode"], one["value"], one["choice"]]))
        .collect();
    assert_eq!(
        json!(told),
        json!([
            ["attendance", "93.35", null],
            ["has_rules", "0", null],
            ["rating", null, "XS"]
        ])
    );
}

async fn what_is_no_answer_is_refused_and_nothing_is_stored(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let long = "ă".repeat(201);
    let refused = typed(
        &draft,
        &officer,
        1,
        &[
            ("heads", "TOTAL", "23"),
            ("has_rules", "TOTAL", "-"),
            ("rating", "TOTAL", "loại A"),
            ("remark", "TOTAL", &long),
        ],
    )
    .await;
    assert_eq!(
        refused.user_errors(),
        [
            ("NEITHER_YES_NOR_NO", "figures.1.text"),
            ("NOT_A_CHOICE", "figures.2.text"),
            ("TOO_LONG", "figures.3.text"),
        ]
    );
    let told = typed(&draft, &officer, 1, &[("rating", "TOTAL", "loại A")]).await;
    assert!(
        told.user_message()
            .contains("Hoàn thành xuất sắc nhiệm vụ; Hoàn thành tốt"),
        "{told}"
    );
    let seen = draft.seen_by(&officer, "version figures { text }").await;
    assert_eq!(*seen.at("/node"), json!({ "version": 1, "figures": [] }));
}

async fn a_figure_that_is_surely_out_of_bounds_is_refused(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    for text in ["100,5%", "trên 120%", "trên 100%", "-1%", "từ 101-110%"] {
        let refused = typed(&draft, &officer, 1, &[("attendance", "TOTAL", text)]).await;
        assert_eq!(refused.user_errors(), [("OUT_OF_BOUNDS", "figures.0.text")], "{text}");
        let told = refused.user_message();
        assert!(
            told.contains(text) && told.contains("Chỉ tiêu attendance") && told.contains("từ 0 đến 100"),
            "{told}"
        );
    }
    let english = typed(&draft, &officer.in_english(), 1, &[("attendance", "TOTAL", "101%")]).await;
    assert!(english.user_message().contains("from 0 to 100"), "{english}");
    for (version, text) in (1..).zip(["100%", "trên 99%", "gần 120%", "khoảng 110%", "từ 90-110%"]) {
        typed(&draft, &officer, version, &[("attendance", "TOTAL", text)])
            .await
            .thing();
    }
}

async fn a_form_may_ask_for_less_than_the_indicator_allows(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let refused = typed(&draft, &officer, 1, &[("new_members", "TOTAL", "51")]).await;
    assert_eq!(refused.user_errors(), [("OUT_OF_BOUNDS", "figures.0.text")]);
    assert!(refused.user_message().contains("không quá 50"), "{refused}");
    typed(&draft, &officer, 1, &[("new_members", "TOTAL", "50")])
        .await
        .thing();
    let women = typed(&draft, &officer, 2, &[("heads", "WOMEN", "-1")]).await;
    assert_eq!(
        women.user_errors(),
        [("OUT_OF_BOUNDS", "figures.0.text")],
        "bounds hold for parts too"
    );
}

/// What the officer sees of the parts of `heads`: part and text, in order.
async fn parts(draft: &Draft, who: &Person) -> Vec<(String, String)> {
    let seen = draft.seen_by(who, "figures { part text indicator { code } }").await;
    let figures = seen.at("/node/figures").as_array().expect("a list").iter();
    let heads = figures.filter(|one| one["indicator"]["code"] == "heads");
    let text = |one: &Value, name: &str| one[name].as_str().expect("a text").to_owned();
    heads.map(|one| (text(one, "part"), text(one, "text"))).collect()
}

async fn parts_stand_beside_their_total(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let figures = [
        ("heads", "SECTOR_EDUCATION", "100"),
        ("remark", "TOTAL", "Không"),
        ("heads", "WOMEN", "gần 60"),
        ("heads", "TOTAL", "120"),
    ];
    typed(&draft, &officer, 1, &figures).await.thing();
    let own = |part: &str, text: &str| (part.to_owned(), text.to_owned());
    assert_eq!(
        parts(&draft, &officer).await,
        [
            own("TOTAL", "120"),
            own("WOMEN", "gần 60"),
            own("SECTOR_EDUCATION", "100")
        ]
    );
    let alone = "total: figure(indicatorCode: \"heads\") { text } women: figure(indicatorCode: \"heads\", part: WOMEN) { text qualifier }
        none: figure(indicatorCode: \"heads\", part: SECTOR_OCCUPATIONAL) { text }";
    let seen = draft.seen_by(&officer, alone).await;
    assert_eq!(
        *seen.at("/node"),
        json!({ "total": { "text": "120" }, "women": { "text": "gần 60", "qualifier": "NEARLY" }, "none": null })
    );
    let rest = officer.get(&format!("/api/v1/reports/{}", draft.id)).await;
    let told: Vec<&str> = rest.body()["figures"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["part"].as_str().expect("a part"))
        .collect();
    assert_eq!(told, ["TOTAL", "WOMEN", "SECTOR_EDUCATION", "TOTAL"]);
}

async fn a_part_is_written_only_where_the_form_asks_for_it(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let refused = typed(
        &draft,
        &officer,
        1,
        &[
            ("new_members", "WOMEN", "1"),
            ("heads", "WOMEN", "1"),
            ("heads", "WOMEN", "2"),
            ("heads", "TOTAL", "2"),
        ],
    )
    .await;
    assert_eq!(
        refused.user_errors(),
        [
            ("PART_NOT_ASKED", "figures.0.part"),
            ("TWICE", "figures.2.indicatorCode")
        ]
    );
    assert_eq!(parts(&draft, &officer).await, []);
}

async fn parts_are_written_over_and_taken_out_one_by_one(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let figures = [
        ("heads", "TOTAL", "120"),
        ("heads", "WOMEN", "60"),
        ("heads", "SECTOR_EDUCATION", "100"),
    ];
    typed(&draft, &officer, 1, &figures).await.thing();
    typed(
        &draft,
        &officer,
        2,
        &[("heads", "WOMEN", "61"), ("new_members", "TOTAL", "3")],
    )
    .await
    .thing();
    let own = |part: &str, text: &str| (part.to_owned(), text.to_owned());
    assert_eq!(
        parts(&draft, &officer).await,
        [own("TOTAL", "120"), own("WOMEN", "61"), own("SECTOR_EDUCATION", "100")]
    );
    typed(
        &draft,
        &officer,
        3,
        &[("heads", "TOTAL", " "), ("heads", "SECTOR_EDUCATION", "")],
    )
    .await
    .thing();
    assert_eq!(parts(&draft, &officer).await, [own("WOMEN", "61")]);
}

async fn a_part_alone_is_not_the_compulsory_figure(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    typed(&draft, &officer, 1, &[("heads", "WOMEN", "60")]).await.thing();
    assert_eq!(
        draft
            .seen_by(&officer, "missing { code }")
            .await
            .texts("/node/missing", "code"),
        ["heads"]
    );
    assert_eq!(
        draft.step(&officer, "submitReport", 2).await.user_errors(),
        [("REQUIRED", "figures.heads")]
    );
}

async fn parts_that_contradict_their_total_are_not_sent(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let sectors = [
        "SECTOR_STATE_ADMINISTRATION",
        "SECTOR_PUBLIC_SERVICE",
        "SECTOR_EDUCATION",
        "SECTOR_STATE_ENTERPRISE",
        "SECTOR_PRIVATE_ENTERPRISE",
        "SECTOR_FOREIGN_INVESTED_ENTERPRISE",
        "SECTOR_OCCUPATIONAL",
    ];
    let mut figures: Vec<_> = sectors.map(|sector| ("heads", sector, "10")).to_vec();
    figures.extend([("heads", "TOTAL", "71"), ("heads", "WOMEN", "trên 71")]);
    typed(&draft, &officer, 1, &figures).await.thing();
    let refused = draft.step(&officer, "submitReport", 2).await;
    assert_eq!(
        refused.user_errors(),
        [
            ("PART_EXCEEDS_TOTAL", "figures.heads.WOMEN"),
            ("PARTS_DO_NOT_ADD_UP", "figures.heads")
        ]
    );
    assert!(
        refused.user_message().contains("trên 71 nhiều hơn tổng số 71"),
        "{refused}"
    );
    typed(&draft, &officer, 2, &[("heads", "WOMEN", "khoảng 71")])
        .await
        .thing();
    let refused = draft.step(&officer, "submitReport", 3).await;
    assert!(
        refused.user_message().contains("cộng lại là 70, khác tổng số 71"),
        "{refused}"
    );
    assert_eq!(draft.seen_by(&officer, "status").await.str("/node/status"), "DRAFT");
    typed(&draft, &officer, 3, &[("heads", "SECTOR_OCCUPATIONAL", "11")])
        .await
        .thing();
    draft.step(&officer, "submitReport", 4).await.thing();
}

async fn every_field_of_a_choice_in_a_list_is_what_it_is_alone(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    typed(&draft, &officer, 1, &[("rating", "TOTAL", "XS")]).await.thing();
    let fields = "__typename part value text choice { __typename code } choice { again: label label }
        indicator { numberForm dimensions lowest choices { __typename label } choices { code } }";
    let query = format!("figures {{ {fields} }} figure(indicatorCode: \"rating\") {{ {fields} }}");
    let seen = draft.seen_by(&officer, &query).await;
    assert_eq!(seen.at("/node/figures/0"), seen.at("/node/figure"));
    assert_eq!(
        seen.at("/node/figure/indicator/choices").as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(seen.str("/node/figure/choice/again"), "Hoàn thành xuất sắc nhiệm vụ");
}

async fn writing_many_figures_takes_as_many_statements_as_writing_one(app: TestApp) {
    let world = app.world();
    let all = Everything::begin(&app).await;
    let officer = app.officer_of(&world["Thư viện"]).await;
    let draft = all.reporting.draft(&officer, &world["Thư viện"], &[]).await;
    let one = typed(&draft, &officer, 1, &[("heads", "TOTAL", "120")]).await;
    let figures = [
        ("heads", "TOTAL", "121"),
        ("heads", "WOMEN", "60"),
        ("heads", "SECTOR_EDUCATION", "100"),
        ("has_rules", "TOTAL", "x"),
        ("rating", "TOTAL", "HT"),
        ("remark", "TOTAL", "Không"),
        ("new_members", "TOTAL", "3"),
    ];
    let many = typed(&draft, &officer, 2, &figures).await;
    one.thing();
    many.thing();
    no_more_statements(one.statements(), many.statements());
}
