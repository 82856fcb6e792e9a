//! Criteria sets: a specialist builds a score table step by step, is told what is wrong with it and where, and publishes it; what is
//! published never changes. Adaptations are in `criteria_adapting.rs`, who sees what in `criteria_seen.rs`.

use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp, Unit, on_both_databases};

on_both_databases! {
    the_table_of_hue_is_built_step_by_step,
    maxima_that_do_not_add_up_are_told_where,
    two_specialists_do_not_write_over_each_other,
    what_nobody_could_keep_is_refused,
    what_is_wrong_in_a_draft_is_told_field_by_field,
    what_is_published_never_changes_and_is_retired_by_hand,
    checking_stores_nothing,
    rest_does_the_same,
    a_hostile_table_costs_little,
    tables_are_found_by_code_name_and_owner,
    versions_are_compared,
}

/// A section of a table.
pub fn section(code: &str, parent: Option<&str>, max: &str) -> Value {
    json!({ "code": code, "parent": parent, "title": format!("Mục {code}"), "max": max, "part": { "section": {} } })
}

/// A criterion that the unit and the cluster score by points.
pub fn criterion(code: &str, parent: Option<&str>, max: &str) -> Value {
    let part = json!({ "criterion": { "scoredBy": ["SELF", "CLUSTER"], "measure": { "scored": { "by": "POINTS" } } } });
    json!({ "code": code, "parent": parent, "title": format!("Tiêu chí {code}"), "max": max, "part": part })
}

/// The same with another measure.
fn measured(code: &str, parent: Option<&str>, max: &str, measure: Value) -> Value {
    let mut criterion = criterion(code, parent, max);
    criterion["part"]["criterion"]["measure"] = measure;
    criterion
}

fn bonus(code: &str, max: &str) -> Value {
    let mut criterion = criterion(code, None, max);
    criterion["part"]["criterion"]["role"] = "BONUS".into();
    criterion
}

/// The table of Thừa Thiên Huế: 1.000 points are 950 for content and 50 of bonus.
pub fn hue() -> Value {
    let late = json!({ "code": "no_pact", "title": "Không ký giao ước", "each": "8" });
    let mut deduction = measured(
        "council_items",
        None,
        "24",
        json!({ "events": { "start": "0", "floor": "0", "ceiling": "24", "events": [late] } }),
    );
    deduction["part"]["criterion"]["role"] = "DEDUCTION".into();
    deduction["part"]["criterion"]["scoredBy"] = json!(["COUNCIL"]);
    let quota = json!({
        "code": "q20", "scope": "CLUSTER", "grade": "XS", "base": ["XS", "T"], "percent": "20", "rounding": "NEAREST", "enforcement": "BLOCK",
    });
    let gate = json!({
        "code": "half", "title": "Không tiêu chí nào dưới một nửa", "condition": { "nodesReach": { "nodeCodes": ["content"], "share": "0.5" } },
        "otherwiseAtMost": "T", "whenMissing": "NOT_RATED", "basis": "Quy định trước năm 2019",
    });
    json!({
        "scale": "1000", "bonus": "WITHIN_SCALE", "bonusCap": "50", "basis": "804/HD-SNV ngày 18/7/2018",
        "nodes": [
            section("content", None, "900"), criterion("work", Some("content"), "600"), criterion("movement", Some("content"), "300"),
            criterion("cluster", None, "50"), bonus("models", "40"), bonus("initiatives", "30"), deduction,
        ],
        "bands": [
            { "grade": "XS", "title": "Hoàn thành xuất sắc nhiệm vụ", "from": "900" }, { "grade": "T", "title": "Hoàn thành tốt nhiệm vụ", "from": "700" },
            { "grade": "HT", "title": "Hoàn thành nhiệm vụ", "from": "500" }, { "grade": "KHT", "title": "Không hoàn thành nhiệm vụ", "from": "0" },
        ],
        "gates": [gate], "quotas": [quota],
        "eligibility": [{ "after": ["FOUNDED"], "months": 12, "basis": "1294/HD-TLĐ" }],
        "tieBreaks": [{ "by": { "points": { "nodeCode": "work" } } }, { "by": { "other": { "kind": "BALLOT" } } }],
    })
}

/// A criteria set in the hands of who writes it.
pub struct Table {
    pub id: String,
    pub keeper: Person,
}

impl Table {
    /// A set of a unit.
    pub async fn begin(app: &TestApp, owner: &Unit, code: &str) -> Self {
        let keeper = app.specialist_of(owner).await;
        let new = json!({ "owner": { "unitId": owner.id() }, "code": code, "name": "Bảng điểm thi đua khối huyện" });
        let id = keeper.does("createCriteriaSet", new).await.id().to_owned();
        Self { id, keeper }
    }

    /// Writes its draft, having seen this version of it.
    pub async fn written(&self, content: &Value, version: Option<i64>) -> Answer {
        written(&self.keeper, &self.id, content, version).await
    }

    /// Publishes a version.
    pub async fn published(&self, version: &Value) -> Answer {
        publish(&self.keeper, version).await
    }

    /// A published set with this content; the id of the version.
    pub async fn in_force(&self, content: &Value) -> String {
        let draft = self.written(content, None).await;
        self.published(draft.thing()).await.id().to_owned()
    }

    /// Something of it.
    pub async fn asked(&self, fields: &str) -> Answer {
        asked(&self.keeper, "CriteriaSet", &self.id, fields).await
    }
}

pub async fn written(who: &Person, set: &str, content: &Value, version: Option<i64>) -> Answer {
    let draft = json!({ "setId": set, "version": version, "content": content });
    who.does("writeCriteriaSetDraft", draft).await
}

/// Publishes a version as a mutation showed it.
pub async fn publish(who: &Person, version: &Value) -> Answer {
    let step = json!({ "id": version["id"], "version": version["version"] });
    who.does("publishCriteriaSet", step).await
}

pub async fn asked(who: &Person, kind: &str, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}");
    who.graphql(&query, json!({ "id": id })).await
}

/// What is wrong with a draft: code and field of each.
pub async fn problems(who: &Person, version: &str) -> Vec<(String, String)> {
    let seen = asked(who, "CriteriaSetVersion", version, "problems { code field }").await;
    let list = seen.at("/node/problems").as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    list.iter()
        .map(|one| (text(&one["code"]), text(&one["field"])))
        .collect()
}

fn told(problems: &[(String, String)]) -> Vec<(&str, &str)> {
    problems
        .iter()
        .map(|(code, field)| (code.as_str(), field.as_str()))
        .collect()
}

async fn the_table_of_hue_is_built_step_by_step(app: TestApp) {
    let table = Table::begin(&app, &app.world()["Kon Tum"], "BD-2026").await;
    let mut half = hue();
    half["nodes"] = json!([section("content", None, "900")]);
    half["bands"] = json!([]);
    half["gates"] = json!([]);
    half["quotas"] = json!([]);
    half["tieBreaks"] = json!([]);
    let first = table.written(&half, None).await.thing().clone();
    assert_eq!((&first["number"], &first["state"]), (&json!(1), &json!("DRAFT")));
    let found = problems(&table.keeper, first["id"].as_str().expect("an id")).await;
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert!(
        codes.contains(&"EMPTY_SECTION") && codes.contains(&"BANDS_LEAVE_HOLE"),
        "{found:?}"
    );
    let refused = table.published(&first).await;
    assert_eq!(
        refused.user_errors(),
        told(&found),
        "publishing says what the draft says"
    );
    let whole = table.written(&hue(), Some(1)).await.thing().clone();
    assert_eq!(whole["version"], 2);
    assert!(
        problems(&table.keeper, whole["id"].as_str().expect("an id"))
            .await
            .is_empty()
    );
    let published = table.published(&whole).await.thing().clone();
    assert_eq!(
        (&published["state"], &published["sha256"]),
        (&json!("PUBLISHED"), &whole["sha256"])
    );
    let seen = table
        .asked(
            "code name unit { name } unitName cluster { name } versions { number legalBasis content { scale bonusCap \
             nodes { code parent depth title max weight part { ... on CriteriaSection { rescale } \
             ... on Criterion { role scoredBy measure { __typename ... on EventsMeasure { ceiling events { code each } } } } } } \
             bands { grade from } gates { code condition { ... on NodesReachCondition { nodeCodes share } } } \
             quotas { percent rounding } eligibility { after months } tieBreaks { by { __typename ... on PointsTieBreak { nodeCode } } } } }",
        )
        .await;
    assert_eq!(seen.str("/node/versions/0/legalBasis"), "804/HD-SNV ngày 18/7/2018");
    let content = seen.at("/node/versions/0/content");
    let places: Vec<Value> = content["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| json!([node["code"], node["parent"], node["depth"], node["max"]]))
        .collect();
    let expected = json!([
        ["content", null, 1, "900"],
        ["work", "content", 2, "600"],
        ["movement", "content", 2, "300"],
        ["cluster", null, 1, "50"],
        ["models", null, 1, "40"],
        ["initiatives", null, 1, "30"],
        ["council_items", null, 1, "24"]
    ]);
    assert_eq!(json!(places), expected);
    let council = &content["nodes"][6]["part"];
    assert_eq!(council["scoredBy"], json!(["COUNCIL"]));
    assert_eq!(
        council["measure"]["events"],
        json!([{ "code": "no_pact", "each": "8" }])
    );
    assert_eq!(content["tieBreaks"][0]["by"]["nodeCode"], "work");
    assert_eq!(content["quotas"], json!([{ "percent": "20", "rounding": "NEAREST" }]));
    assert!(seen.statements() <= 12, "{} statements", seen.statements());
    let id = thidua::ids::Kind::CriteriaSet.parse(&table.id).expect("an id");
    let actions: Vec<String> = app.audit_of(id).await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(
        actions,
        [
            "CRITERIA_SET_CREATED",
            "CRITERIA_DRAFT_WRITTEN",
            "CRITERIA_DRAFT_WRITTEN",
            "CRITERIA_SET_PUBLISHED"
        ]
    );
}

async fn maxima_that_do_not_add_up_are_told_where(app: TestApp) {
    let table = Table::begin(&app, &app.world()["Kon Tum"], "BD-2026").await;
    let mut wrong = hue();
    wrong["nodes"][2]["max"] = "290".into();
    wrong["nodes"][3]["max"] = "60".into();
    let draft = table.written(&wrong, None).await.thing().clone();
    let refused = table.published(&draft).await;
    assert_eq!(
        refused.user_errors(),
        [("SUM_DIFFERS", "content.scale"), ("SUM_DIFFERS", "content.nodes.0.max")]
    );
    let message = refused.str("/publishCriteriaSet/userErrors/1/message");
    assert!(message.contains("890") && message.contains("900"), "{message}");
    let state = table.asked("draft { state } published { id }").await;
    assert_eq!(
        *state.at("/node"),
        json!({ "draft": { "state": "DRAFT" }, "published": null })
    );
}

async fn two_specialists_do_not_write_over_each_other(app: TestApp) {
    let table = Table::begin(&app, &app.world()["Kon Tum"], "BD-2026").await;
    let content = hue();
    for version in [None, Some(1)] {
        let answers = join_all((0..4).map(|_| table.written(&content, version))).await;
        let mut codes: Vec<&str> = answers.iter().map(Answer::code).collect();
        codes.sort_unstable();
        assert_eq!(
            codes,
            ["", "STALE_VERSION", "STALE_VERSION", "STALE_VERSION"],
            "{version:?}"
        );
    }
    let draft = table.asked("draft { id version }").await.at("/node/draft").clone();
    assert_eq!(draft["version"], 2);
    let mut stale = draft.clone();
    stale["version"] = 1.into();
    assert_eq!(
        table.published(&stale).await.code(),
        "STALE_VERSION",
        "nor is published what nobody saw"
    );
    table.published(&draft).await.thing();
    assert_eq!(
        table.written(&hue(), Some(2)).await.code(),
        "STALE_VERSION",
        "it has been published since"
    );
    let next = table.written(&hue(), None).await.thing().clone();
    assert_eq!(next["number"], 2);
    for seen in [1, 2, 3] {
        let refused = table.written(&hue(), Some(seen)).await;
        assert_eq!(
            refused.code(),
            "STALE_VERSION",
            "a version of the first draft is none of the second: {seen}"
        );
    }
    table.written(&hue(), next["version"].as_i64()).await.thing();
}

async fn what_nobody_could_keep_is_refused(app: TestApp) {
    let table = Table::begin(&app, &app.world()["Kon Tum"], "BD-2026").await;
    let before = app.contents().await;
    let with = |nodes: Vec<Value>| {
        let mut content = hue();
        content["nodes"] = nodes.into();
        content
    };
    let codes: Vec<String> = (0..9).map(|depth| format!("n{depth}")).collect();
    let above = |depth: usize| depth.checked_sub(1).map(|above| codes[above].as_str());
    let deep = (0..9)
        .map(|depth| section(&codes[depth], above(depth), "100"))
        .collect();
    let many = (0..501)
        .map(|number| criterion(&format!("c{number}"), None, "1"))
        .collect();
    let mut hidden = hue();
    hidden["nodes"][1]["title"] = "Công tác\u{0}".into();
    let mut long = hue();
    long["bands"][0]["basis"] = "x".repeat(1_001).into();
    let mut parts = hue();
    parts["declarations"] = (0..51)
        .map(|number| json!({ "code": format!("d{number}"), "title": "Khai" }))
        .collect();
    let mut unclear = hue();
    let target = json!({ "target": { "indicatorCode": "a", "fixedTarget": "1", "targetIndicatorCode": "b" } });
    unclear["nodes"][1]["part"]["criterion"]["measure"] = target;
    for (content, code, field) in [
        (with(deep), "TOO_DEEP", "content.nodes.8.parent"),
        (with(many), "TOO_MANY_NODES", "content.nodes"),
        (
            with(vec![criterion("a", Some("b"), "1")]),
            "PARENT_UNKNOWN",
            "content.nodes.0.parent",
        ),
        (
            with(vec![criterion("a", None, "1"), criterion("b", Some("a"), "1")]),
            "PARENT_NOT_SECTION",
            "content.nodes.1.parent",
        ),
        (hidden, "CONTROL_CHARACTER", "content.nodes.1.title"),
        (long, "TOO_LONG", "content.bands.0.basis"),
        (parts, "TOO_MANY", "content.declarations"),
        (
            unclear,
            "TARGET_UNCLEAR",
            "content.nodes.1.part.criterion.measure.target.fixedTarget",
        ),
    ] {
        assert_eq!(table.written(&content, None).await.user_errors(), [(code, field)]);
    }
    for (code, name, told) in [("BĐ 1", "Bảng điểm", "code"), ("BD-2", " ", "name")] {
        let owner = json!({ "unitId": app.world()["Kon Tum"].id() });
        let new = json!({ "owner": owner, "code": code, "name": name });
        assert_eq!(
            table.keeper.does("createCriteriaSet", new).await.user_errors()[0].1,
            told
        );
    }
    assert_eq!(app.contents().await, before, "nothing is stored");
}

async fn what_is_wrong_in_a_draft_is_told_field_by_field(app: TestApp) {
    let keeper = app.catalogue_keeper().await;
    for (code, form, aggregation) in [
        ("tet_gifts", "INTEGER", "FLOW"),
        ("members_total", "INTEGER", "STOCK"),
        ("motto", "TEXT", "NONE"),
    ] {
        let new = json!({ "code": code, "name": code, "unitOfMeasure": "cái", "numberForm": form, "aggregation": aggregation });
        keeper.does("createIndicator", new).await.thing();
    }
    let rate = json!({
        "code": "gift_rate", "name": "Tỷ lệ", "unitOfMeasure": "%", "numberForm": "PERCENTAGE", "aggregation": "RATE",
        "numeratorCode": "tet_gifts", "denominatorCode": "members_total",
    });
    keeper.does("createIndicator", rate).await.thing();
    let table = Table::begin(&app, &app.world()["Kon Tum"], "BD-2026").await;
    let at = "content.nodes.1.part.criterion.measure";
    for (measure, code, field) in [
        (
            json!({ "target": { "indicatorCode": "gifts" } }),
            "UNKNOWN_INDICATOR",
            "target.indicatorCode",
        ),
        (
            json!({ "target": { "indicatorCode": "motto" } }),
            "NOT_A_NUMBER",
            "target.indicatorCode",
        ),
        (
            json!({ "target": { "indicatorCode": "tet_gifts", "targetIndicatorCode": "gifts" } }),
            "UNKNOWN_INDICATOR",
            "target.targetIndicatorCode",
        ),
        (
            json!({ "target": { "indicatorCode": "tet_gifts", "fixedTarget": "-1" } }),
            "OUT_OF_BOUNDS",
            "target.fixedTarget",
        ),
        (
            json!({ "perCount": { "indicatorCode": "gifts", "each": "1" } }),
            "UNKNOWN_INDICATOR",
            "perCount.indicatorCode",
        ),
        (
            json!({ "formula": { "text": "tet_gifts +" } }),
            "FORMULA",
            "formula.text",
        ),
        (
            json!({ "formula": { "text": "best_gifts * 2" } }),
            "FORMULA",
            "formula.text",
        ),
        (
            json!({ "formula": { "text": "600 * gift_rate / sum_gift_rate" } }),
            "NOT_ADDED_UP",
            "formula.text",
        ),
    ] {
        let mut content = hue();
        content["nodes"][1]["part"]["criterion"]["measure"] = measure.clone();
        let draft = table.asked("draft { version }").await.at("/node/draft").clone();
        let seen = draft["version"].as_i64();
        let draft = table.written(&content, seen).await.thing().clone();
        let refused = table.published(&draft).await;
        assert_eq!(
            refused.user_errors(),
            [(code, format!("{at}.{field}").as_str())],
            "{measure}"
        );
    }
    let mut twice = hue();
    twice["nodes"][2]["code"] = "work".into();
    twice["nodes"][3]["weight"] = "0".into();
    twice["bands"][1]["from"] = "950".into();
    twice["gates"][0]["condition"] = json!({ "declared": { "declarationCode": "clean", "wanted": true } });
    twice["quotas"][0]["grade"] = "A".into();
    twice["tieBreaks"][0]["by"] = json!({ "figure": { "indicatorCode": "gifts", "better": "HIGHER" } });
    let found = {
        let check = "query($input: CheckCriteriaSetInput!) { checkCriteriaSet(input: $input) { code field } }";
        let answer = table
            .keeper
            .graphql(check, json!({ "input": { "content": twice } }))
            .await;
        answer.at("/checkCriteriaSet").as_array().expect("a list").clone()
    };
    for (code, field) in [
        ("CODE_TWICE", "content.nodes.2.code"),
        ("OUT_OF_BOUNDS", "content.nodes.3.weight"),
        ("BANDS_OVERLAP", "content.bands.1.from"),
        ("UNKNOWN", "content.gates.0.condition.declared.declarationCode"),
        ("UNKNOWN", "content.quotas.0.grade"),
        ("UNKNOWN_INDICATOR", "content.tieBreaks.0.by.figure.indicatorCode"),
    ] {
        assert!(
            found.contains(&json!({ "code": code, "field": field })),
            "{code} at {field}: {found:?}"
        );
    }
}

async fn what_is_published_never_changes_and_is_retired_by_hand(app: TestApp) {
    let table = Table::begin(&app, &app.world()["Kon Tum"], "BD-2026").await;
    let first = table.in_force(&hue()).await;
    let shown = "number state sha256 version content { scale nodes { code max } }";
    let kept = asked(&table.keeper, "CriteriaSetVersion", &first, shown)
        .await
        .at("/node")
        .clone();
    let mut other = hue();
    other["nodes"][1]["max"] = "550".into();
    other["nodes"][2]["max"] = "350".into();
    let second = table.in_force(&other).await;
    assert_eq!(
        *asked(&table.keeper, "CriteriaSetVersion", &first, shown)
            .await
            .at("/node"),
        kept
    );
    let versions = table.asked("versions { number state } published { id }").await;
    let both = json!([{ "number": 2, "state": "PUBLISHED" }, { "number": 1, "state": "PUBLISHED" }]);
    assert_eq!(
        *versions.at("/node/versions"),
        both,
        "years that have the first keep it"
    );
    assert_eq!(*versions.at("/node/published/id"), json!(second));
    let again = publish(&table.keeper, &json!({ "id": first, "version": kept["version"] })).await;
    assert_eq!(again.code(), "WRONG_STATE");
    let retire = json!({ "id": first, "version": kept["version"] });
    let retired = table
        .keeper
        .does("retireCriteriaSet", retire.clone())
        .await
        .thing()
        .clone();
    assert_eq!(
        (&retired["state"], &retired["sha256"]),
        (&json!("RETIRED"), &kept["sha256"])
    );
    assert_eq!(
        table.keeper.does("retireCriteriaSet", retire).await.code(),
        "WRONG_STATE"
    );
}

async fn checking_stores_nothing(app: TestApp) {
    let keeper = app.specialist_of(&app.world()["Kon Tum"]).await;
    let officer = app.officer_of(&app.world()["Kon Tum"]).await;
    let before = app.contents().await;
    let mut wrong = hue();
    wrong["nodes"][3]["max"] = "60".into();
    let check = "query($input: CheckCriteriaSetInput!) { checkCriteriaSet(input: $input) { code field message } }";
    let sound = keeper.graphql(check, json!({ "input": { "content": hue() } })).await;
    assert_eq!(*sound.at("/checkCriteriaSet"), json!([]));
    let told = keeper.graphql(check, json!({ "input": { "content": wrong } })).await;
    assert_eq!(told.texts("/checkCriteriaSet", "field"), ["content.scale"]);
    let refused = officer.graphql(check, json!({ "input": { "content": hue() } })).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert_eq!(app.contents().await, before);
}

async fn sent(who: &Person, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut all = vec![("Content-Type", "application/json")];
    all.extend(headers);
    who.request(method, path, &all, body.to_string()).await
}

/// What REST takes for what GraphQL shows of a version that has just been written there.
pub async fn tree(app: &TestApp, content: &Value) -> Value {
    let table = Table::begin(app, &app.world()["Sóc Trăng"], "MAU").await;
    let draft = table.written(content, None).await.id().to_owned();
    let seen = table
        .keeper
        .get(&format!("/api/v1/criteria-set-versions/{draft}"))
        .await;
    assert_eq!(seen.status(), 200, "{seen}");
    seen.body()["content"].clone()
}

async fn rest_does_the_same(app: TestApp) {
    let world = app.world();
    let content = tree(&app, &hue()).await;
    let keeper = app.specialist_of(&world["Kon Tum"]).await;
    let new = json!({ "unitId": world["Kon Tum"].id(), "code": "BD-2026", "name": "Bảng điểm" });
    let sets = "/api/v1/criteria-sets";
    let made = sent(&keeper, Method::POST, sets, &[], &new).await;
    assert_eq!(made.status(), 201, "{made}");
    let again = sent(&keeper, Method::POST, sets, &[], &new).await;
    assert_eq!((again.status(), again.code()), (409, "ALREADY_EXISTS"));
    let set = made.body()["id"].as_str().expect("an id").to_owned();
    let draft = format!("{sets}/{set}/draft");
    let body = json!({ "content": content });
    assert_eq!(sent(&keeper, Method::PUT, &draft, &[], &body).await.status(), 428);
    assert_eq!(
        sent(&keeper, Method::PUT, &draft, &[("If-Match", "\"1\"")], &body)
            .await
            .status(),
        412
    );
    let written = sent(&keeper, Method::PUT, &draft, &[("If-None-Match", "*")], &body).await;
    assert_eq!((written.status(), written.header("etag")), (200, "\"1\""), "{written}");
    assert_eq!(
        (&written.body()["content"], &written.body()["problems"]),
        (&content, &json!([]))
    );
    assert_eq!(
        sent(&keeper, Method::PUT, &draft, &[("If-None-Match", "*")], &body)
            .await
            .status(),
        412
    );
    let mut wrong = body.clone();
    wrong["content"]["nodes"][0]["children"][0]["max"] = "610".into();
    wrong["content"]["nodes"][0]["children"][1]["step"] = "7".into();
    let fields = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| one["field"].as_str().expect("a field").to_owned())
            .collect()
    };
    let expected = ["content.nodes.0.children.1.step", "content.nodes.0.max"];
    let checked = sent(&keeper, Method::POST, &format!("{sets}/check"), &[], &wrong).await;
    assert_eq!(fields(&checked.body()["problems"]), expected, "{checked}");
    let rewritten = sent(&keeper, Method::PUT, &draft, &[("If-Match", "\"1\"")], &wrong).await;
    assert_eq!(fields(&rewritten.body()["problems"]), expected);
    let version = rewritten.body()["id"].as_str().expect("an id").to_owned();
    let one = format!("/api/v1/criteria-set-versions/{version}");
    let publish = format!("{one}/publish");
    let none = Value::Null;
    let refused = sent(&keeper, Method::POST, &publish, &[("If-Match", "*")], &none).await;
    assert_eq!(
        (refused.status(), fields(&refused.body()["errors"])),
        (422, expected.map(str::to_owned).to_vec())
    );
    sent(&keeper, Method::PUT, &draft, &[("If-Match", "\"2\"")], &body).await;
    let published = sent(&keeper, Method::POST, &publish, &[("If-Match", "\"3\"")], &none).await;
    assert_eq!(
        (published.status(), &published.body()["state"]),
        (200, &json!("PUBLISHED")),
        "{published}"
    );
    let read = keeper.get(&one).await;
    assert_eq!((read.header("etag"), &read.body()["content"]), ("\"4\"", &content));
    let listed = keeper.get(&format!("{sets}?search=bang%20diem&count=true")).await;
    assert_eq!(
        (&listed.body()["totalCount"], &listed.body()["items"][0]["id"]),
        (&json!(1), &json!(set))
    );
    let whole = keeper.get(&format!("{sets}/{set}")).await;
    assert_eq!(whole.body()["versions"][0]["sha256"], read.body()["sha256"]);
    let diff = keeper.get(&format!("{one}/diff?to={version}")).await;
    assert_eq!(diff.body()["difference"]["nodes"], json!([]));
    let retired = sent(
        &keeper,
        Method::POST,
        &format!("{one}/retire"),
        &[("If-Match", "\"4\"")],
        &none,
    )
    .await;
    assert_eq!(retired.body()["state"], "RETIRED");
}

async fn a_hostile_table_costs_little(app: TestApp) {
    let content = tree(&app, &hue()).await;
    let keeper = app.specialist_of(&app.world()["Kon Tum"]).await;
    let check = "/api/v1/criteria-sets/check";
    let mut deep = content["nodes"][0].clone();
    for _ in 0..40 {
        let mut above = content["nodes"][0].clone();
        above["children"] = json!([deep]);
        deep = above;
    }
    let mut body = json!({ "content": content });
    body["content"]["nodes"] = json!([deep]);
    let refused = sent(&keeper, Method::POST, check, &[], &body).await;
    assert_eq!(
        (refused.status(), &refused.body()["code"]),
        (422, &json!("INVALID")),
        "{refused}"
    );
    assert_eq!(refused.body()["errors"][0]["code"], "TOO_DEEP");
    let brackets = format!("{{\"content\":{{\"nodes\":{}", "[{\"children\":".repeat(10_000));
    let headers = [("Content-Type", "application/json")];
    let refused = keeper.request(Method::POST, check, &headers, brackets).await;
    assert_eq!((refused.status(), refused.code()), (400, "BAD_REQUEST"));
    let mut wide = json!({ "content": content });
    wide["content"]["eligibility"][0]["months"] = json!(4_000_000_000_u32);
    wide["content"]["nodes"][0]["appliesTo"]["sizeFrom"] = json!(4_000_000_000_u32);
    let refused = sent(&keeper, Method::POST, check, &[], &wide).await;
    assert_eq!(refused.body()["errors"][0]["code"], "OUT_OF_BOUNDS", "{refused}");
    // As many kinds of unit as filters can tell apart, on as many nodes as there may be.
    let leaf = content["nodes"][1].clone();
    let kinds = [
        "GRASSROOTS",
        "SECTION",
        "GROUP",
        "MEMBER_UNION",
        "COMMUNE_UNION",
        "DISTRICT_FEDERATION",
    ];
    let sectors = ["EDUCATION", "PUBLIC_SERVICE", "OCCUPATIONAL", "STATE_ENTERPRISE"];
    let nodes = (0..500).map(|number| {
        let mut node = leaf.clone();
        node["code"] = format!("c{number}").into();
        node["appliesTo"] = json!({
            "kinds": [kinds[number % 6]], "sectors": [sectors[number % 4]], "sizeFrom": number % 19 + 1, "sizeBelow": null, "calendars": ["YEAR"],
        });
        node
    });
    let mut wide = json!({ "content": content });
    wide["content"]["nodes"] = nodes.collect();
    let begun = std::time::Instant::now();
    let checked = sent(&keeper, Method::POST, check, &[], &wide).await;
    assert_eq!(checked.status(), 200, "{checked}");
    assert!(
        begun.elapsed().as_secs() < 20,
        "{:?}, without optimisation",
        begun.elapsed()
    );
}

async fn tables_are_found_by_code_name_and_owner(app: TestApp) {
    let world = app.world();
    for (unit, code) in [("Kon Tum", "A-1"), ("Kon Tum", "B-2"), ("Sóc Trăng", "A-1")] {
        Table::begin(&app, &world[unit], code).await;
    }
    let keeper = app.specialist_of(&world["Tổng Liên đoàn"]).await;
    let list = "query($where: CriteriaSetWhere) { criteriaSets(where: $where) { totalCount nodes { code unitName versions { id } } } }";
    for (filter, codes) in [
        (json!({}), vec!["A-1", "A-1", "B-2"]),
        (json!({ "search": "bang diem b-2" }), vec!["B-2"]),
        (json!({ "search": "khoi xa" }), vec![]),
        (json!({ "code": "A-1" }), vec!["A-1", "A-1"]),
        (json!({ "unitId": world["Kon Tum"].id() }), vec!["A-1", "B-2"]),
    ] {
        let answer = keeper.graphql(list, json!({ "where": filter })).await;
        assert_eq!(answer.texts("/criteriaSets/nodes", "code"), codes, "{filter}");
        assert_eq!(*answer.at("/criteriaSets/totalCount"), json!(codes.len()));
        assert!(answer.statements() <= 6, "{} statements", answer.statements());
    }
    let local = app.specialist_of(&world["Kon Tum"]).await;
    let elsewhere = json!({ "where": { "unitId": world["Sóc Trăng"].id() } });
    assert_eq!(
        *local.graphql(list, elsewhere).await.at("/criteriaSets/totalCount"),
        json!(0)
    );
}

async fn versions_are_compared(app: TestApp) {
    let table = Table::begin(&app, &app.world()["Kon Tum"], "BD-2026").await;
    let first = table.in_force(&hue()).await;
    let mut other = hue();
    other["nodes"][1]["max"] = "550".into();
    other["nodes"][2]["max"] = "250".into();
    other["nodes"][3] = criterion("new", Some("content"), "100");
    other["nodes"]
        .as_array_mut()
        .expect("nodes")
        .insert(4, criterion("cluster", None, "50"));
    other["bands"][0]["from"] = "920".into();
    other["tieBreaks"] = json!([{ "by": { "other": { "kind": "BALLOT" } } }]);
    let second = table.in_force(&other).await;
    let diff = "query($from: ID!, $to: ID!) { criteriaSetDiff(fromId: $from, toId: $to) { from { number } to { number } changed \
        nodes { code changed before { node { max } } after { position node { parent depth max } } } \
        bands { before { from } after { from } } gates { after { code } } tieBreaks { after { by { __typename } } } eligibility { after { months } } } }";
    let seen = table.keeper.graphql(diff, json!({ "from": first, "to": second })).await;
    let diff = seen.at("/criteriaSetDiff");
    assert_eq!(
        diff["nodes"],
        json!([
            { "code": "work", "changed": ["MAX"], "before": { "node": { "max": "600" } },
              "after": { "position": 1, "node": { "parent": "content", "depth": 2, "max": "550" } } },
            { "code": "movement", "changed": ["MAX"], "before": { "node": { "max": "300" } },
              "after": { "position": 2, "node": { "parent": "content", "depth": 2, "max": "250" } } },
            { "code": "new", "changed": ["ADDED"], "before": null,
              "after": { "position": 3, "node": { "parent": "content", "depth": 2, "max": "100" } } }
        ])
    );
    assert_eq!(
        diff["bands"],
        json!([{ "before": { "from": "900" }, "after": { "from": "920" } }])
    );
    assert_eq!(
        diff["tieBreaks"]["after"],
        json!([{ "by": { "__typename": "OtherTieBreak" } }])
    );
    assert_eq!(
        (&diff["gates"], &diff["eligibility"], &diff["changed"]),
        (&json!([]), &json!(null), &json!([]))
    );
}
