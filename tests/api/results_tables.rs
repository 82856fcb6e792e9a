//! The tables of the trade: each can be drawn up, scored and comes to what its guidance says.

use serde_json::{Value, json};

use crate::criteria::{criterion, section};
use crate::reports::Reporting;
use crate::results::{Judged, Says, plain, told, units};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    forty_forty_fifteen_and_five_that_only_the_council_gives,
    nine_hundred_and_fifty_and_fifty_of_bonus,
    bonus_above_a_hundred,
    bands_85_70_50_with_two_gates,
    the_leader_of_the_cluster_has_the_maximum,
}

/// A table with these nodes, of this scale.
fn table(scale: &str, bonus: &str, nodes: Value) -> Value {
    let mut table = plain();
    (table["scale"], table["bonus"], table["nodes"]) = (scale.into(), bonus.into(), nodes);
    table["tieBreaks"] = json!([]);
    table
}

fn role(code: &str, max: &str, role: &str, scored_by: Value) -> Value {
    let mut one = criterion(code, None, max);
    let part = &mut one["part"]["criterion"];
    (part["role"], part["scoredBy"], part["whenMissing"]) = (role.into(), scored_by, "ZERO".into());
    one
}

/// What comes out for one unit with these entries.
async fn one(judged: &Judged, entries: &[Says<'_>]) -> String {
    judged.takes("Thư viện", entries).await;
    let computed = judged.computes().await;
    units(&judged.committee, computed.id()).await.remove(0)
}

async fn forty_forty_fifteen_and_five_that_only_the_council_gives(app: TestApp) {
    let council = role("council", "5", "MAIN", json!(["COUNCIL"]));
    let nodes = json!([
        criterion("first", None, "40"),
        criterion("second", None, "40"),
        criterion("third", None, "15"),
        council
    ]);
    let judged = Judged::by(&app, "Cụm than", "TKV", &table("100", "WITHIN_SCALE", nodes)).await;
    let entries = [
        Says::Points("first", "40"),
        Says::Points("second", "35"),
        Says::Points("third", "14"),
    ];
    assert_eq!(one(&judged, &entries).await, "CĐCS Thư viện tỉnh 89 T 1");
    judged.council("Thư viện", Says::Points("council", "5")).await;
    let anew = judged.computes().await;
    assert_eq!(
        units(&judged.committee, anew.id()).await,
        ["CĐCS Thư viện tỉnh 94 XS 1"]
    );
}

async fn nine_hundred_and_fifty_and_fifty_of_bonus(app: TestApp) {
    let mut table = crate::criteria::hue();
    table["quotas"] = json!([]);
    // Nothing that takes points away happened.
    table["nodes"][6]["part"]["criterion"]["whenMissing"] = "ZERO".into();
    let judged = Judged::by(&app, "Khối huyện", "HUE", &table).await;
    let entries = [
        Says::Points("work", "580"),
        Says::Points("movement", "290"),
        Says::Points("cluster", "50"),
        Says::Points("models", "40"),
        Says::Points("initiatives", "30"),
    ];
    // 920 for content, and of 70 bonus points the 50 that count.
    assert_eq!(one(&judged, &entries).await, "CĐCS Thư viện tỉnh 970 XS 1");
}

async fn bonus_above_a_hundred(app: TestApp) {
    let nodes = json!([
        criterion("work", None, "100"),
        role("models", "10", "BONUS", json!(["CLUSTER"]))
    ]);
    let mut above = table("100", "ON_TOP", nodes);
    above["bonusCap"] = "10".into();
    let judged = Judged::by(&app, "Cụm thành phố", "HCM", &above).await;
    let entries = [Says::Points("work", "97"), Says::Points("models", "10")];
    assert_eq!(one(&judged, &entries).await, "CĐCS Thư viện tỉnh 107 XS 1");
}

async fn bands_85_70_50_with_two_gates(app: TestApp) {
    let nodes = json!([
        section("all", None, "100"),
        criterion("work", Some("all"), "60"),
        criterion("movement", Some("all"), "40")
    ]);
    let mut old = table("100", "ON_TOP", nodes);
    old["bands"] = json!([
        { "grade": "VM", "title": "Vững mạnh", "from": "85" }, { "grade": "K", "title": "Khá", "from": "70" },
        { "grade": "TB", "title": "Trung bình", "from": "50" }, { "grade": "Y", "title": "Yếu", "from": "0" },
    ]);
    old["declarations"] = json!([{ "code": "clean", "title": "Không có cán bộ bị kỷ luật từ cảnh cáo trở lên" }]);
    old["gates"] = json!([
        { "code": "discipline", "title": "Không bị kỷ luật", "otherwiseAtMost": "K", "whenMissing": "CLOSED",
          "condition": { "declared": { "declarationCode": "clean", "wanted": true } } },
        { "code": "half", "title": "Không tiêu chuẩn nào dưới 50%", "otherwiseAtMost": "K", "whenMissing": "NOT_RATED",
          "condition": { "nodesReach": { "nodeCodes": ["work", "movement"], "share": "0.5" } } },
    ]);
    let judged = Judged::by(&app, "Cụm cũ", "CU", &old).await;
    let entries = |work, movement, clean| {
        [
            Says::Points("work", work),
            Says::Points("movement", movement),
            Says::Declared("clean", clean),
        ]
    };
    judged.takes("Sở Nội vụ", &entries("55", "35", true)).await;
    judged.takes("Sở Tài chính", &entries("55", "34", false)).await;
    judged.takes("Thư viện", &entries("28", "40", true)).await;
    let computed = judged.computes().await;
    let lines = units(&judged.committee, computed.id()).await;
    assert_eq!(
        lines,
        [
            "CĐCS Sở Nội vụ 90 VM 1",
            "CĐCS Sở Tài chính 89 K 2",
            "CĐCS Thư viện tỉnh 68 TB 3"
        ]
    );
    let gate = json!({ "gate": { "unitId": app.world()["Sở Tài chính"].id(), "gateCode": "discipline" } });
    let gate = told(&judged.committee, computed.id(), gate).await;
    assert_eq!(gate[0], "Không đạt điều kiện “Không bị kỷ luật”.");
}

async fn the_leader_of_the_cluster_has_the_maximum(app: TestApp) {
    let (reporting, world) = (Reporting::begin(&app).await, app.world());
    let mut visits = criterion("growth", None, "100");
    visits["part"]["criterion"]["measure"] =
        json!({ "target": { "indicatorCode": "new_members", "fixedTarget": "20", "share": "0.5", "leader": true } });
    let judged = Judged::by(&app, "Cụm an ninh", "CA", &table("100", "ON_TOP", json!([visits]))).await;
    let figures = [
        ("Sở Nội vụ", "40"),
        ("Sở Tài chính", "30"),
        ("Thư viện", "20"),
        ("Sở Ngoại vụ", "10"),
    ];
    for (unit, gained) in figures {
        let counted = [
            ("members_total", "1.671"),
            ("workers_total", "1.700"),
            ("new_members", gained),
        ];
        reporting.approved(&app, &world[unit], &counted).await;
        judged.takes(unit, &[]).await;
    }
    let computed = judged.computes().await;
    let lines = units(&judged.committee, computed.id()).await;
    let expected = [
        "CĐCS Sở Nội vụ 100 XS 1",
        "CĐCS Sở Tài chính 75 T 2",
        "CĐCS Thư viện tỉnh 50 HT 3",
        "CĐCS Sở Ngoại vụ 25 KHT 4",
    ];
    assert_eq!(lines, expected);
    let points = json!({ "points": { "unitId": world["Sở Tài chính"].id(), "nodeCode": "growth" } });
    let points = told(&judged.committee, computed.id(), points).await;
    assert_eq!(
        points[1],
        "Thực hiện 30, vượt chỉ tiêu 20 là 50%; dẫn đầu cụm là CĐCS Sở Nội vụ, vượt 100%: 50 + 50 × 50 / 100 = 75."
    );
    // Points lead to the report behind them, for who sees it.
    let officer = app.officer_of(&world["Thư viện"]).await;
    let reports_behind = "query($id: ID!, $total: ID!) { explainResult(resultId: $id, subject: { total: $total }) {
        figures { indicatorCode report { unit { id } } } } }";
    let asked = json!({ "id": computed.id(), "total": world["Thư viện"].id() });
    let behind = judged.committee.graphql(reports_behind, asked).await;
    let figure = json!([{ "indicatorCode": "new_members", "report": { "unit": { "id": world["Thư viện"].id() } } }]);
    assert_eq!(behind.at("/explainResult/figures"), &figure);
    // A correction of the report makes the result stale, and says whose figures changed.
    let report = officer.graphql("{ reports { nodes { id version } } }", json!({})).await;
    let (id, version) = (
        report.str("/reports/nodes/0/id").to_owned(),
        report.at("/reports/nodes/0/version").clone(),
    );
    let input = json!({ "id": id, "version": version, "reason": "Đếm thiếu đoàn viên mới kết nạp." });
    let draft = crate::reports::Draft {
        id: officer.does("correctReport", input).await.id().to_owned(),
    };
    draft.save(&officer, 1, &[("new_members", "25")]).await.thing();
    draft.step(&officer, "submitReport", 2).await.thing();
    draft.step(&reporting.specialist, "verifyReport", 3).await.thing();
    draft.step(&reporting.committee, "approveReport", 4).await.thing();
    let stale = crate::results::asked(
        &judged.committee,
        computed.id(),
        "staleness { changes { part unitNames } }",
    )
    .await;
    assert_eq!(stale.texts("/node/staleness/changes", "part"), ["FIGURES"]);
    assert_eq!(
        stale.at("/node/staleness/changes/0/unitNames"),
        &json!(["CĐCS Thư viện tỉnh"])
    );
}
