//! The common catalogue: what an indicator may be, with its bounds, dimensions and choices. On both doors.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    an_indicator_is_read_as_it_was_added,
    an_indicator_that_cannot_be_is_refused_with_its_field,
    only_what_adds_up_is_under_a_rate,
}

/// An indicator of a form and aggregation, with whatever more.
fn indicator(code: &str, form: &str, aggregation: &str, more: Value) -> Value {
    let mut new = json!({ "code": code, "name": "Chỉ tiêu", "unitOfMeasure": "-", "numberForm": form, "aggregation": aggregation });
    for (key, value) in more.as_object().into_iter().flatten() {
        new[key] = value.clone();
    }
    new
}

async fn an_indicator_is_read_as_it_was_added(app: TestApp) {
    let keeper = app.catalogue_keeper().await;
    let choices = json!([
        { "code": "XS", "label": "Hoàn thành  xuất sắc nhiệm vụ" },
        { "code": "HT", "label": "Hoàn thành nhiệm vụ" },
    ]);
    let rating = indicator("rating", "CHOICE", "NONE", json!({ "choices": choices }));
    keeper.does("createIndicator", rating).await.thing();
    let members = indicator(
        "members",
        "INTEGER",
        "STOCK",
        json!({ "lowest": "0", "highest": "100000", "dimensions": ["SECTOR", "WOMEN"] }),
    );
    keeper.does("createIndicator", members).await.thing();
    keeper
        .does("createIndicator", indicator("has_rules", "YES_NO", "STOCK", json!({})))
        .await
        .thing();
    keeper
        .does("createIndicator", indicator("remark", "TEXT", "NONE", json!({})))
        .await
        .thing();
    let query =
        "{ indicators { nodes { code numberForm aggregation lowest highest dimensions choices { code label } } } }";
    let stranger = app.stranger().await;
    let seen = stranger.graphql(query, json!({})).await;
    let plain = |code: &str, form: &str, aggregation: &str| {
        json!({
            "code": code, "numberForm": form, "aggregation": aggregation, "lowest": null, "highest": null, "dimensions": [],
            "choices": [],
        })
    };
    let mut members = plain("members", "INTEGER", "STOCK");
    members["lowest"] = "0".into();
    members["highest"] = "100000".into();
    members["dimensions"] = json!(["WOMEN", "SECTOR"]);
    let mut rating = plain("rating", "CHOICE", "NONE");
    rating["choices"] = json!([
        { "code": "XS", "label": "Hoàn thành xuất sắc nhiệm vụ" },
        { "code": "HT", "label": "Hoàn thành nhiệm vụ" },
    ]);
    let expected = [
        plain("has_rules", "YES_NO", "STOCK"),
        members,
        rating.clone(),
        plain("remark", "TEXT", "NONE"),
    ];
    assert_eq!(*seen.at("/indicators/nodes"), json!(expected));
    let rest = stranger.get("/api/v1/indicators?count=true").await;
    assert_eq!(rest.body()["totalCount"], 4);
    for (shown, expected) in rest.body()["items"].as_array().expect("a list").iter().zip(&expected) {
        for field in [
            "code",
            "numberForm",
            "aggregation",
            "lowest",
            "highest",
            "dimensions",
            "choices",
        ] {
            assert_eq!(shown[field], expected[field], "{field} of {shown}");
        }
    }
    let id = rest.body()["items"][2]["id"].as_str().expect("an id");
    let one = stranger.get(&format!("/api/v1/indicators/{id}")).await;
    assert_eq!((one.status(), one.header("etag")), (200, "\"1\""));
    assert_eq!(one.body()["choices"], rating["choices"]);
}

async fn an_indicator_that_cannot_be_is_refused_with_its_field(app: TestApp) {
    let keeper = app.catalogue_keeper().await;
    let two = json!([{ "code": "A", "label": "Loại A" }, { "code": "B", "label": "Loại B" }]);
    let alike = json!([{ "code": "A", "label": "Loại A" }, { "code": "B", "label": "loại a" }]);
    let many: Vec<Value> = (0..51)
        .map(|number| json!({ "code": format!("C{number}"), "label": format!("Mức {number}") }))
        .collect();
    let long = json!([{ "code": "A", "label": "a".repeat(201) }, { "code": "B", "label": "b" }]);
    for (form, aggregation, more, told) in [
        (
            "CHOICE",
            "STOCK",
            json!({ "choices": two }),
            ("AGGREGATION_NOT_POSSIBLE", "aggregation"),
        ),
        ("TEXT", "FLOW", json!({}), ("AGGREGATION_NOT_POSSIBLE", "aggregation")),
        ("YES_NO", "NONE", json!({}), ("AGGREGATION_NOT_POSSIBLE", "aggregation")),
        ("CHOICE", "NONE", json!({}), ("CHOICES_NEEDED", "choices")),
        (
            "CHOICE",
            "NONE",
            json!({ "choices": [two[0]] }),
            ("CHOICES_NEEDED", "choices"),
        ),
        (
            "INTEGER",
            "STOCK",
            json!({ "choices": two }),
            ("CHOICES_NEEDED", "choices"),
        ),
        (
            "CHOICE",
            "NONE",
            json!({ "choices": alike }),
            ("CHOICES_ALIKE", "choices"),
        ),
        ("CHOICE", "NONE", json!({ "choices": many }), ("TOO_MANY", "choices")),
        (
            "CHOICE",
            "NONE",
            json!({ "choices": long }),
            ("TOO_LONG", "choices.0.label"),
        ),
        (
            "INTEGER",
            "STOCK",
            json!({ "lowest": "2", "highest": "1" }),
            ("BOUNDS_INVALID", "lowest"),
        ),
        (
            "TEXT",
            "NONE",
            json!({ "highest": "1" }),
            ("BOUNDS_NOT_ALLOWED", "lowest"),
        ),
        (
            "YES_NO",
            "STOCK",
            json!({ "highest": "1" }),
            ("BOUNDS_NOT_ALLOWED", "lowest"),
        ),
        (
            "PERCENTAGE",
            "STOCK",
            json!({ "dimensions": ["WOMEN"] }),
            ("DIMENSION_NOT_POSSIBLE", "dimensions"),
        ),
        (
            "INTEGER",
            "NONE",
            json!({ "dimensions": ["SECTOR"] }),
            ("DIMENSION_NOT_POSSIBLE", "dimensions"),
        ),
        ("PERCENTAGE", "RATE", json!({}), ("RATE_PARTS", "numerator")),
        (
            "PERCENTAGE",
            "RATE",
            json!({ "lowest": "0" }),
            ("BOUNDS_NOT_ALLOWED", "lowest"),
        ),
    ] {
        let refused = keeper
            .does("createIndicator", indicator("code", form, aggregation, more.clone()))
            .await;
        assert_eq!(refused.user_errors(), [told], "{form} {aggregation} {more}");
    }
    let seen = keeper.graphql("{ indicators { totalCount } }", json!({})).await;
    assert_eq!(*seen.at("/indicators/totalCount"), json!(0), "nothing is stored");
}

async fn only_what_adds_up_is_under_a_rate(app: TestApp) {
    let keeper = app.catalogue_keeper().await;
    for (code, form, aggregation) in [
        ("units", "INTEGER", "STOCK"),
        ("with_rules", "YES_NO", "STOCK"),
        ("score", "DECIMAL", "NONE"),
    ] {
        keeper
            .does("createIndicator", indicator(code, form, aggregation, json!({})))
            .await
            .thing();
    }
    let rate = |code: &str, above: &str| {
        indicator(
            code,
            "PERCENTAGE",
            "RATE",
            json!({ "numeratorCode": above, "denominatorCode": "units" }),
        )
    };
    keeper
        .does("createIndicator", rate("rules_rate", "with_rules"))
        .await
        .thing();
    assert_eq!(
        keeper
            .does("createIndicator", rate("score_rate", "score"))
            .await
            .user_errors(),
        [("INDICATOR_UNKNOWN", "numerator")]
    );
}
