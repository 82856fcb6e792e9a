//! Offices for which a conference only names units: given by who gives any office of the cluster, and not by those who lead it; and nothing
//! follows from a conference that was not held.

use serde_json::{Value, json};

use crate::conferences::{Assembly, planned};
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    who_leads_a_cluster_names_nobody_for_an_office,
    a_chair_does_not_undo_an_election_by_a_meeting_of_its_own,
    no_office_follows_from_a_conference_that_is_only_planned,
    of_units_that_one_does_not_see_nothing_is_told,
}

async fn naming(assembly: &Assembly, chair: &str) -> Value {
    json!({
        "conferenceId": assembly.id, "version": assembly.version().await, "validFrom": "2027-01-01", "chairId": assembly.unit(chair),
    })
}

/// Who is chair on the second day of 2027.
async fn chair_to_come(assembly: &Assembly) -> Vec<String> {
    let seen = assembly
        .cluster
        .asked("offices(asOf: \"2027-01-02\") { office unitName }")
        .await;
    let offices = seen.at("/node/offices").as_array().expect("a list");
    let chairs = offices.iter().filter(|one| one["office"] == "CHAIR");
    chairs
        .map(|one| one["unitName"].as_str().expect("a name").to_owned())
        .collect()
}

async fn who_leads_a_cluster_names_nobody_for_an_office(app: TestApp) {
    let assembly = Assembly::of(&app, 0, "APPOINTMENT").await;
    let own = naming(&assembly, "Đăk Tô").await;
    for who in [
        assembly.officer("Đăk Tô"),
        assembly.officer("Ngọc Hồi"),
        &assembly.committee,
    ] {
        let refused = who.does("appointFromConference", own.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        assert!(refused.message().contains("(CLUSTER_MANAGE)"), "{refused}");
    }
    let named = naming(&assembly, "IaH’Drai").await;
    assembly.specialist.does("appointFromConference", named).await.thing();
    assert_eq!(chair_to_come(&assembly).await, ["LĐLĐ huyện IaH’Drai"]);
}

async fn a_chair_does_not_undo_an_election_by_a_meeting_of_its_own(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let chair = assembly.officer("Đăk Tô");
    let mut plan = planned(&assembly.cluster.id);
    plan["officesBy"] = "APPOINTMENT".into();
    let meeting = chair.does("planConference", plan).await.thing().clone();
    let own = |of: &Value| {
        json!({
            "conferenceId": of["id"], "version": of["version"], "validFrom": "2027-01-02", "chairId": assembly.unit("Đăk Tô"),
        })
    };
    let refused = chair.does("appointFromConference", own(&meeting)).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    let step = json!({ "id": meeting["id"], "version": meeting["version"] });
    let held = chair.does("openConference", step).await.thing().clone();
    let refused = chair.does("appointFromConference", own(&held)).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert_eq!(
        chair_to_come(&assembly).await,
        ["LĐLĐ huyện Đăk Tô"],
        "as it was before"
    );
    let written = app
        .rows("SELECT 1 AS one FROM audit_entry WHERE action = 'OFFICES_APPOINTED'")
        .await;
    assert!(written.is_empty());
}

async fn no_office_follows_from_a_conference_that_is_only_planned(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let mut plan = planned(&assembly.cluster.id);
    plan["officesBy"] = "ORDER".into();
    let who: &Person = &assembly.specialist;
    let meeting = who.does("planConference", plan).await.thing().clone();
    let names = |of: &Value| {
        json!({
            "conferenceId": of["id"], "version": of["version"], "validFrom": "2027-01-01", "chairId": assembly.unit("IaH’Drai"),
        })
    };
    let early = who.does("appointFromConference", names(&meeting)).await;
    assert_eq!(early.code(), "WRONG_STATE");
    assert!(early.message().contains("Hội nghị chưa khai mạc"), "{early}");
    let step = json!({ "id": meeting["id"], "version": meeting["version"] });
    let held = who.does("openConference", step).await.thing().clone();
    who.does("appointFromConference", names(&held)).await.thing();
    assert_eq!(chair_to_come(&assembly).await, ["LĐLĐ huyện IaH’Drai"]);
}

async fn of_units_that_one_does_not_see_nothing_is_told(app: TestApp) {
    let assembly = Assembly::of(&app, 0, "ORDER").await;
    let library = assembly.unit("Thư viện");
    for (chair, deputies) in [(json!(library), json!([])), (Value::Null, json!([library]))] {
        let mut names = naming(&assembly, "Đăk Tô").await;
        names["chairId"] = chair;
        names["deputyIds"] = deputies;
        for who in [&assembly.specialist, assembly.officer("Đăk Tô")] {
            let refused = who.does("appointFromConference", names.clone()).await;
            assert_eq!(refused.code(), "NOT_FOUND");
        }
    }
    // Of one that they see they are told what is wrong with it.
    let names = naming(&assembly, "Y tế Đăk Tô").await;
    let refused = assembly.specialist.does("appointFromConference", names).await;
    assert_eq!(refused.user_errors(), [("NOT_A_MEMBER", "unitId")]);
}
