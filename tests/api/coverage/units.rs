//! The doors of units and clusters.

use serde_json::{Value, json};

use super::{People, Script, version};
use crate::support::Person;

pub async fn mutations(script: &mut Script, people: &People) {
    let world = script.app.world();
    let specialist = script.app.specialist_of(&world["Kon Tum"]).await;
    script
        .call(
            "createProvince",
            &people.admin,
            json!({ "code": "KH", "name": "Tỉnh Khánh Hòa" }),
        )
        .await;
    let new = json!({ "kind": "GRASSROOTS", "name": "CĐCS Xã Đăk Kan", "parentId": world["Ngọc Hồi"].id() });
    let unit = script.call("createUnit", &specialist, new).await["id"].clone();
    let name = json!({ "id": unit, "version": 1, "name": "CĐCS Xã Bờ Y", "from": "2026-01-01" });
    script.call("renameUnit", &specialist, name).await;
    script
        .call(
            "addUnitAlias",
            &specialist,
            json!({ "id": unit, "version": 2, "alias": "Bờ Y" }),
        )
        .await;
    script
        .call(
            "addUnitCode",
            &specialist,
            json!({ "id": unit, "version": 3, "scheme": "VGCL", "value": "KT.12" }),
        )
        .await;
    let place = json!({ "id": unit, "version": 4, "parentId": world["Đăk Tô"].id(), "from": "2026-02-01" });
    script.call("moveUnit", &specialist, place).await;
    script
        .call(
            "updateUnit",
            &specialist,
            json!({ "id": unit, "version": 5, "sector": "STATE_ADMINISTRATION" }),
        )
        .await;
    let count = json!({ "id": unit, "asOf": "2026-01-01", "workers": 20, "members": 19, "womenMembers": 9 });
    script.call("recordUnitStatistics", &specialist, count).await;
    script
        .call(
            "endUnit",
            &specialist,
            json!({ "id": unit, "version": 6, "on": "2026-03-01", "reason": "Sáp nhập" }),
        )
        .await;
}

pub async fn clusters(script: &mut Script, people: &People) {
    let world = script.app.world();
    let new = json!({
        "form": "CLUSTER", "purpose": "EMULATION", "organiserId": world["Viên chức"].id(), "name": "Cụm thi đua số 1", "validFrom": "2025-01-01",
    });
    let keeper = &people.keeper;
    let cluster = script.call("createCluster", keeper, new).await;
    let id = cluster["id"].as_str().expect("an id").to_owned();
    let change = json!({ "id": id, "version": cluster["version"], "name": "Cụm thi đua số 01" });
    let cluster = script.call("updateCluster", keeper, change).await;
    let member = json!({ "clusterId": id, "version": cluster["version"], "unitId": world["Thư viện"].id(), "validFrom": "2025-01-01" });
    let cluster = script.call("addClusterMember", keeper, member).await;
    let chair = json!({
        "clusterId": id, "version": cluster["version"], "unitId": world["Thư viện"].id(), "office": "CHAIR", "validFrom": "2025-02-01",
    });
    script.call("setClusterOffice", keeper, chair).await;
    let office = part(keeper, &id, "offices").await;
    let end = json!({ "id": office["id"], "version": office["version"], "on": "2026-01-01" });
    script.call("endClusterOffice", keeper, end).await;
    let membership = part(keeper, &id, "members").await;
    let end = json!({ "id": membership["id"], "version": membership["version"], "on": "2026-02-01" });
    script.call("endClusterMembership", keeper, end).await;
    let end = json!({ "id": id, "version": version(keeper, "Cluster", &id).await, "on": "2026-03-01" });
    script.call("endCluster", keeper, end).await;
}

/// Something that a query finds in a cluster: a membership or an office.
async fn part(who: &Person, cluster: &str, list: &str) -> Value {
    let query =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on Cluster {{ {list} {{ id version }} version }} }} }}");
    let answer = who.graphql(&query, json!({ "id": cluster })).await;
    answer.at(&format!("/node/{list}/0")).clone()
}
