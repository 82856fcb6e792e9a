//! What the printed reports of five unions say is typed into reports as it stands there, and comes out as it is meant, or is refused
//! with the readings that it could have.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::reports::{Draft, Reporting};
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    every_printed_figure_comes_out_as_it_is_meant,
    every_printed_target_of_a_term_comes_out_as_it_is_meant,
    a_printed_figure_that_cannot_be_read_for_sure_is_refused_with_its_readings,
    oddities_of_the_printed_reports_come_out_right_or_are_refused,
    a_population_is_counted_however_it_is_spelt,
}

/// The five printed reports: each figure as printed, and what it means.
fn facts() -> Value {
    serde_json::from_str(include_str!("../../src/demo/facts.json")).expect("the facts")
}

/// What figures of each indicator look like, by its code.
fn number_form(code: &str) -> String {
    let catalogue: Value = serde_json::from_str(include_str!("../../src/demo/indicators.json")).expect("a catalogue");
    let all = catalogue["indicators"].as_array().expect("indicators");
    let found = all.iter().find(|one| one["code"] == code);
    let form = found.and_then(|one| one["form"].as_str());
    form.unwrap_or_else(|| panic!("no indicator {code}")).to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// A report of a year that is over, on a form that asks for these figures, and the officer who fills it in.
struct Desk {
    officer: Person,
    report: Draft,
}

impl Desk {
    async fn of(app: &TestApp, indicators: &[(String, String)]) -> Self {
        let world = app.world();
        let (all, unit) = (&world["Tổng Liên đoàn"], &world["Sở Nội vụ"]);
        let catalogue = app.catalogue_keeper().await;
        for (code, form) in indicators {
            // A percentage is typed where it is no quotient of two other figures.
            let input =
                json!({ "code": code, "name": code, "unitOfMeasure": "x", "numberForm": form, "aggregation": "NONE" });
            catalogue.does("createIndicator", input).await.thing();
        }
        let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
        let form = json!({ "ownerId": world["Viên chức"].id(), "code": "BC-IN", "name": "Báo cáo đã in", "periodicity": "YEAR" });
        let form = specialist.does("createReportForm", form).await.id().to_owned();
        let items: Vec<Value> = indicators
            .iter()
            .map(|(code, _)| json!({ "indicatorCode": code }))
            .collect();
        let content = json!({ "formId": form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
        specialist.does("writeReportFormDraft", content).await.thing();
        let publish = json!({ "formId": form, "number": 1, "version": 1 });
        specialist.does("publishReportForm", publish).await.thing();
        let setter = app.specialist_of(all).await;
        let year = Reporting::period(&setter, all, ("2020", "YEAR"), ("2020-01-01", "2020-12-31")).await;
        let officer = app.officer_of(unit).await;
        let input = json!({ "unitId": unit.id(), "formId": form, "periodId": year });
        let report = Draft {
            id: officer.does("createReport", input).await.id().to_owned(),
        };
        Self { officer, report }
    }

    /// What the report has, as REST tells it.
    async fn figures(&self) -> Vec<Value> {
        let seen = self.officer.get(&format!("/api/v1/reports/{}", self.report.id)).await;
        list(&seen.body()["figures"]).to_vec()
    }

    /// Types one figure over whatever is there, and tells what stands then, or the code with which it was refused.
    async fn types(&self, code: &str, typed: &str) -> Result<Value, String> {
        let path = format!("/api/v1/reports/{}", self.report.id);
        let body = json!({ "figures": [{ "indicatorCode": code, "text": typed }] });
        let headers = [("If-Match", "*"), ("Content-Type", "application/json")];
        let answer = self
            .officer
            .request(Method::PATCH, &path, &headers, body.to_string())
            .await;
        match answer.status() {
            200 => Ok(list(&answer.body()["figures"])
                .iter()
                .find(|one| one["indicatorCode"] == code)
                .cloned()
                .unwrap_or_default()),
            _ => Err(text(&answer.body()["errors"][0]["code"]).to_owned()),
        }
    }
}

/// A figure as REST tells it, of a year that is over.
fn meant(code: &str, value: &Value, upper: &Value, qualifier: &Value, typed: &str) -> Value {
    json!({
        "indicatorCode": code, "part": "TOTAL", "value": value, "upper": upper, "choice": null, "qualifier": qualifier,
        "nature": "ACTUAL", "text": typed,
    })
}

async fn every_printed_figure_comes_out_as_it_is_meant(app: TestApp) {
    let facts = facts();
    let key = |source: usize, code: &str| format!("s{source}_{code}");
    let mut figures = Vec::new();
    for (number, source) in list(&facts["sources"]).iter().enumerate() {
        let each = list(&source["figures"]).iter();
        figures.extend(each.map(|figure| (key(number, text(&figure["indicator"])), figure)));
    }
    assert_eq!(figures.len(), 35, "the facts hold every figure of the five reports");
    let indicators = figures
        .iter()
        .map(|(code, figure)| (code.clone(), number_form(text(&figure["indicator"]))));
    let desk = Desk::of(&app, &indicators.collect::<Vec<_>>()).await;
    let typed: Vec<_> = figures
        .iter()
        .map(|(code, figure)| (code.as_str(), text(&figure["printed"])))
        .collect();
    desk.report.save(&desk.officer, 1, &typed).await.thing();
    let stored = desk.figures().await;
    assert_eq!(stored.len(), figures.len());
    for ((code, figure), stored) in figures.iter().zip(&stored) {
        let (value, upper) = (&figure["value"], &figure["upper"]);
        let printed = text(&figure["printed"]);
        assert_eq!(
            *stored,
            meant(code, value, upper, &figure["qualifier"], printed),
            "{printed}"
        );
        assert_eq!(figure["exact"] == true, stored["qualifier"] == "EXACT", "{printed}");
    }
}

async fn every_printed_target_of_a_term_comes_out_as_it_is_meant(app: TestApp) {
    let facts = facts();
    let named = list(&facts["sources"]).iter().flat_map(|source| list(&source["named"]));
    let targets: Vec<&Value> = named
        .filter(|one| one["kind"] == "TARGET" && !one["count"].is_null())
        .collect();
    assert!(targets.len() >= 5, "{targets:?}");
    let desk = Desk::of(&app, &[("target".to_owned(), "PERCENTAGE".to_owned())]).await;
    for target in targets {
        // A form has a cell for the figure; whose it is says the name of the indicator.
        let printed = text(&target["printed"]);
        let (figure, _) = printed.split_once('%').expect("a percentage");
        let figure = figure
            .rsplit(", ")
            .next()
            .unwrap_or(figure)
            .trim_start_matches("phấn đấu ");
        let typed = format!("{figure}%");
        let qualifier = if typed.starts_with("trên") {
            "MORE_THAN"
        } else {
            "EXACT"
        };
        let value = json!(target["count"].to_string());
        assert_eq!(
            desk.types("target", &typed).await,
            Ok(meant("target", &value, &Value::Null, &json!(qualifier), &typed)),
            "{printed}"
        );
    }
}

/// A whole number as the Vietnamese write it: `390777000` is `390.777.000`.
fn grouped(digits: &str) -> String {
    let mut groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .map(|group| std::str::from_utf8(group).expect("digits"))
        .collect();
    groups.reverse();
    groups.join(".")
}

async fn a_printed_figure_that_cannot_be_read_for_sure_is_refused_with_its_readings(app: TestApp) {
    let facts = facts();
    let refused: Vec<&Value> = list(&facts["sources"])
        .iter()
        .flat_map(|source| list(&source["refused"]))
        .collect();
    assert_eq!(refused.len(), 1);
    for refused in refused {
        let (code, printed) = (text(&refused["indicator"]), text(&refused["printed"]));
        let desk = Desk::of(&app, &[(code.to_owned(), number_form(code))]).await;
        for who in [&desk.officer, &desk.officer.in_english()] {
            let answer = desk.report.save(who, 1, &[(code, printed)]).await;
            assert_eq!(answer.user_errors(), [("AMBIGUOUS", "figures.0.text")]);
            for reading in list(&refused["readings"]) {
                let reading = grouped(text(reading));
                assert!(answer.user_message().contains(&reading), "{reading}: {answer}");
            }
        }
        assert!(desk.figures().await.is_empty(), "nothing is guessed");
        for reading in list(&refused["readings"]) {
            let typed = format!("{}đ", grouped(text(reading)));
            let stored = desk.types(code, &typed).await;
            assert_eq!(stored, Ok(meant(code, reading, &Value::Null, &json!("EXACT"), &typed)));
        }
    }
}

async fn oddities_of_the_printed_reports_come_out_right_or_are_refused(app: TestApp) {
    let forms = ["INTEGER", "MONEY", "PERCENTAGE"].map(|form| (form.to_lowercase(), form.to_owned()));
    let desk = Desk::of(&app, &forms).await;
    for (code, typed, value, upper, qualifier) in [
        ("integer", "07", "7", None, "EXACT"),
        ("integer", "04 Cụm thi đua", "4", None, "EXACT"),
        ("integer", "05 huyện", "5", None, "EXACT"),
        ("integer", "10-12", "10", Some("12"), "RANGE"),
        ("integer", "từ 10-12 đoàn viên ưu tú", "10", Some("12"), "RANGE"),
        ("integer", "7.842", "7842", None, "EXACT"),
        ("integer", "gần 500 lượt", "500", None, "NEARLY"),
        ("integer", "trên 24.500 lượt", "24500", None, "MORE_THAN"),
        ("integer", "không có", "0", None, "EXACT"),
        ("money", "295 triệu đồng", "295000000", None, "EXACT"),
        ("money", "trên 295 triệu đồng", "295000000", None, "MORE_THAN"),
        ("money", "390.777.000đ", "390777000", None, "EXACT"),
        ("percentage", "trên 90%", "90", None, "MORE_THAN"),
        ("percentage", "93,35%", "93.35", None, "EXACT"),
        ("percentage", "100% đơn vị", "100", None, "EXACT"),
    ] {
        let stored = desk.types(code, typed).await;
        assert_eq!(
            stored,
            Ok(meant(code, &json!(value), &json!(upper), &json!(qualifier), typed)),
            "{typed}"
        );
    }
    let before = desk.figures().await;
    for (code, typed, refusal) in [
        ("money", "390.777.00đ", "AMBIGUOUS"),
        ("integer", "3.599 đoàn viên/3.607 CB,CCVC,LĐ", "SEVERAL_FIGURES"),
        ("integer", "68/69", "SEVERAL_FIGURES"),
        ("integer", "25/12/2020", "SEVERAL_FIGURES"),
        ("integer", "28-12-2020", "SEVERAL_FIGURES"),
        ("integer", "12/1", "SEVERAL_FIGURES"),
        ("integer", "13- 7", "RANGE_UNCLEAR"),
        (
            "integer",
            "Đăk Tô, Ngọc Hồi, Đăk Glei, IaH’Drai, Tu Mơ Rông và, thành phố Kon Tum",
            "NOT_A_NUMBER",
        ),
        ("integer", "93,35%", "UNIT_NOT_ALLOWED"),
    ] {
        assert_eq!(desk.types(code, typed).await, Err(refusal.to_owned()), "{typed}");
    }
    assert_eq!(desk.figures().await, before, "what is refused changes nothing");
}

async fn a_population_is_counted_however_it_is_spelt(app: TestApp) {
    let desk = Desk::of(&app, &[("workers".to_owned(), "INTEGER".to_owned())]).await;
    for spelling in ["CCVCLĐ", "CBCCVCLĐ", "CNVCLĐ", "CNVC-LĐ", "CB,CCVC,LĐ", "CBCCVC"] {
        let typed = format!("3.607 {spelling}");
        let exact = json!("EXACT");
        assert_eq!(
            desk.types("workers", &typed).await,
            Ok(meant("workers", &json!("3607"), &Value::Null, &exact, &typed)),
            "the printed word is kept"
        );
    }
}
