//! The conference of cụm II in Kon Tum on 25 December 2020, through the API alone: the report is adopted, Ngọc Hồi is the leading and Đăk
//! Glei an excellent unit, they become chair and deputy, and powers change on 1 January.

use serde_json::{Value, json};

use crate::ballots::{Poll, election, motion};
use crate::clusters::Cluster;
use crate::conferences::{Assembly, DISTRICTS, planned};
use crate::support::{Person, TestApp, Unit, moment, on_both_databases};
use crate::year_story::unit_of;

on_both_databases! {
    the_conference_of_kon_tum_in_2020_hands_the_cluster_over_on_the_first_of_january,
}

/// The cluster in 2020: the five districts and the city, led by Đăk Tô with IaH’Drai as deputy.
async fn assembled(app: &TestApp) -> Assembly {
    let world = app.world();
    app.it_is(moment(2020, 12, 1, 8, 0));
    let cluster = Cluster::of(
        app,
        "Kon Tum",
        "Cụm II – Khối Giao ước thi đua LĐLĐ huyện, thành phố",
        &DISTRICTS,
    )
    .await;
    let specialist = cluster.specialist.clone();
    let city = json!({ "kind": "DISTRICT_FEDERATION", "name": "LĐLĐ thành phố Kon Tum", "parentId": world["Kon Tum"].id(), "foundedOn": "2001-07-28" });
    let city = unit_of(specialist.does("createUnit", city).await.thing());
    cluster.takes_in(&city, "2020-01-01").await.thing();
    for (office, holder) in [("CHAIR", "Đăk Tô"), ("DEPUTY", "IaH’Drai")] {
        cluster.gives(office, &world[holder], "2020-01-01").await.thing();
    }
    let members: Vec<Unit> = DISTRICTS
        .iter()
        .map(|short| world[*short].clone())
        .chain([city])
        .collect();
    let mut officers = Vec::new();
    for member in &members {
        officers.push(app.officer_of(member).await);
    }
    let mut plan = planned(&cluster.id);
    plan["title"] = "Hội nghị tổng kết phong trào thi đua năm 2020".into();
    plan["heldOn"] = "2020-12-25".into();
    let year = json!({ "clusterId": cluster.id, "year": 2020, "startsOn": "2020-01-01", "endsOn": "2020-12-31", "objectionDays": 0 });
    plan["yearId"] = specialist.does("createEmulationYear", year).await.id().into();
    let id = specialist.does("planConference", plan).await.id().to_owned();
    Assembly {
        app: app.clone(),
        cluster,
        id,
        members,
        officers,
        committee: app.committee_of(&world["Kon Tum"]).await,
        specialist,
    }
}

/// Whether somebody runs conferences of the cluster today: a power of its chair and deputy.
async fn runs(assembly: &Assembly, who: &Person) -> bool {
    let seen = assembly.asked(who, "viewerCan { action code }").await;
    let can = seen.at("/node/viewerCan").as_array().expect("a list").clone();
    can.iter().any(|one| one["code"] != "FORBIDDEN")
}

async fn confirmed(poll: &Poll<'_>, by: &Person) {
    poll.takes("closeBallot").await.thing();
    by.does("confirmBallot", poll.step().await).await.thing();
}

async fn the_conference_of_kon_tum_in_2020_hands_the_cluster_over_on_the_first_of_january(app: TestApp) {
    let assembly = assembled(&app).await;
    app.it_is(moment(2020, 12, 25, 8, 0));
    assembly.takes("openConference", json!({})).await.thing();
    assembly.called(|_| "PRESENT").await.thing();

    let report = Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo tổng kết năm 2020")).await;
    for member in 0..6 {
        report.votes(member, report.answers("YES")).await.thing();
    }
    confirmed(&report, assembly.officer("Đăk Tô")).await;
    assert_eq!(report.chosen().await, ["Thông qua báo cáo tổng kết năm 2020"]);

    let names = ["Ngọc Hồi", "Đăk Glei"];
    let voted = [
        ("LEADING_UNIT", [0, 0, 1, 0, 0, 0], "LĐLĐ huyện Ngọc Hồi"),
        ("EXCELLENT_UNITS", [1, 1, 1, 1, 0, 1], "LĐLĐ huyện Đăk Glei"),
        ("CHAIR", [0, 0, 0, 0, 1, 0], "LĐLĐ huyện Ngọc Hồi"),
        ("DEPUTY", [1, 1, 1, 1, 1, 1], "LĐLĐ huyện Đăk Glei"),
    ];
    for (purpose, marks, chosen) in voted {
        let poll = Poll::open(&assembly, election(&assembly, purpose, &names)).await;
        for (member, mark) in marks.into_iter().enumerate() {
            poll.votes(member, poll.marks(&[mark])).await.thing();
        }
        confirmed(&poll, &assembly.committee).await;
        assert_eq!(poll.chosen().await, [chosen], "{purpose}");
    }
    let offices = json!({
        "conferenceId": assembly.id, "version": assembly.version().await, "validFrom": "2021-01-01",
        "decision": "Nghị quyết hội nghị ngày 25/12/2020",
    });
    assembly.specialist.does("appointFromConference", offices).await.thing();
    assembly
        .takes(
            "writeConferenceMinutes",
            json!({ "text": "Hội nghị bầu cụm trưởng, cụm phó năm 2021." }),
        )
        .await
        .thing();
    assembly.takes("closeConference", json!({})).await.thing();

    let (former, next) = (
        [assembly.officer("Đăk Tô"), assembly.officer("IaH’Drai")],
        [assembly.officer("Ngọc Hồi"), assembly.officer("Đăk Glei")],
    );
    // Until the last night of the year the former chair and deputy lead, from midnight in Vietnam on the next ones do.
    for (now, former_leads) in [(moment(2020, 12, 31, 23, 59), true), (moment(2021, 1, 1, 0, 1), false)] {
        app.it_is(now);
        for who in former {
            assert_eq!(runs(&assembly, who).await, former_leads, "the former at {now}");
        }
        for who in next {
            assert_eq!(runs(&assembly, who).await, !former_leads, "the next at {now}");
        }
    }
    let mut plan = planned(&assembly.cluster.id);
    plan["title"] = "Hội nghị ký giao ước thi đua năm 2021".into();
    plan["heldOn"] = "2021-01-15".into();
    let refused = assembly.officer("Đăk Tô").does("planConference", plan.clone()).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assembly.officer("Ngọc Hồi").does("planConference", plan).await.thing();

    let seen = assembly
        .cluster
        .asked("offices { office unitName chosenBy decision validFrom }")
        .await;
    let of = |office: &str, unit: &str| -> Value {
        json!({
            "office": office, "unitName": unit, "chosenBy": "ELECTION", "decision": "Nghị quyết hội nghị ngày 25/12/2020",
            "validFrom": "2021-01-01",
        })
    };
    let expected = [of("CHAIR", "LĐLĐ huyện Ngọc Hồi"), of("DEPUTY", "LĐLĐ huyện Đăk Glei")];
    assert_eq!(*seen.at("/node/offices"), json!(expected));
}
