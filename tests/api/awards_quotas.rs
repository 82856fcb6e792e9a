//! Quotas of awards: no more are proposed than there are, however many propose at once; who is excepted, and who sets them.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::awards_proposals::{Awarding, at};
use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    of_a_hundred_who_propose_at_once_three_find_a_place,
    every_quota_above_must_have_a_place,
    a_place_is_free_again_when_a_refusal_is_told,
    a_unit_that_is_excepted_with_a_reason_does_not_count,
    a_cluster_has_a_quota_of_its_own,
    a_reduced_proposal_takes_a_place_of_the_lower_award,
    who_sets_quotas_and_who_does_not,
    a_quota_is_changed_with_the_version_that_was_seen,
}

impl Awarding {
    /// The committee of the province sets a quota of the flag for a unit.
    pub async fn quota(&self, unit: &str, most: i32) -> Answer {
        let world = self.app.world();
        let input = json!({
            "typeId": self.flag, "year": 2025, "setterId": world["Sóc Trăng"].id(), "unitId": world[unit].id(), "most": most,
            "legalBasis": "Hướng dẫn tổng kết năm 2025",
        });
        self.committee.does("setAwardQuota", input).await
    }

    /// A unit proposes itself for the flag.
    pub async fn proposes(&self, unit: &str) -> Answer {
        let world = self.app.world();
        let officer = self.app.officer_of(&world[unit]).await;
        officer
            .does(
                "proposeAward",
                self.proposal(&self.flag, &world[unit], &format!("Thành tích của {unit}")),
            )
            .await
    }
}

async fn taken(who: &Person) -> Vec<(i64, i64)> {
    let seen = who
        .graphql("{ awardQuotas(first: 50) { nodes { most taken } } }", json!({}))
        .await;
    let nodes = seen.at("/awardQuotas/nodes").as_array().expect("a list").clone();
    let number = |value: &Value| value.as_i64().expect("a number");
    nodes
        .iter()
        .map(|one| (number(&one["most"]), number(&one["taken"])))
        .collect()
}

async fn of_a_hundred_who_propose_at_once_three_find_a_place(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let certificate = json!({
        "typeId": awarding.certificate, "year": 2025, "setterId": world["Sóc Trăng"].id(), "unitId": world["Viên chức"].id(),
        "most": 3,
    });
    awarding.committee.does("setAwardQuota", certificate).await.thing();
    let units = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];
    let mut officers = Vec::new();
    for number in 0..100 {
        let unit = &world[units[number % units.len()]];
        officers.push((app.officer_of(unit).await, unit.id(), number));
    }
    let propose = |(officer, unit, number): (Person, String, usize)| {
        let input = json!({
            "typeId": awarding.certificate, "year": 2025, "proposerId": unit, "unitId": unit,
            "person": format!("Nguyễn Văn {number}"), "merit": format!("Sáng kiến số {number}"),
        });
        async move {
            loop {
                // Who finds the database busy for too long asks again, as every client does.
                let answer = officer.does("proposeAward", input.clone()).await;
                if answer.code() != "UNAVAILABLE" {
                    return answer;
                }
            }
        }
    };
    let answers = join_all(officers.into_iter().map(propose)).await;
    let refused = answers
        .iter()
        .filter(|answer| answer.user_errors() == [("QUOTA_EXCEEDED", "typeId")]);
    assert_eq!(refused.count(), 97);
    assert_eq!(
        answers.iter().filter(|answer| answer.user_errors().is_empty()).count(),
        3
    );
    assert_eq!(taken(&awarding.committee).await, [(3, 3)]);
    let all = awarding
        .committee
        .graphql("{ awardProposals { totalCount } }", json!({}))
        .await;
    assert_eq!(*all.at("/awardProposals/totalCount"), json!(3));
}

async fn every_quota_above_must_have_a_place(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    awarding.quota("Sóc Trăng", 3).await.thing();
    awarding.quota("Viên chức", 2).await.thing();
    awarding.proposes("Sở Nội vụ").await.thing();
    awarding.proposes("Sở Tài chính").await.thing();
    let refused = awarding.proposes("Thư viện").await;
    assert_eq!(refused.user_errors(), [("QUOTA_EXCEEDED", "typeId")]);
    assert_eq!(
        refused.user_message(),
        "Đã hết chỉ tiêu năm 2025 (2) cho hình thức khen thưởng này."
    );
    // What was refused has taken no place in the others.
    assert_eq!(taken(&awarding.committee).await, [(3, 2), (2, 2)]);
    awarding.proposes("Sóc Trăng").await.thing();
    assert_eq!(taken(&awarding.committee).await, [(3, 3), (2, 2)]);
}

async fn a_place_is_free_again_when_a_refusal_is_told(app: TestApp) {
    let awarding = Awarding::begin(&app).await;
    awarding.quota("Viên chức", 1).await.thing();
    let first = awarding.proposes("Sở Nội vụ").await.thing().clone();
    awarding.concludes(&first, "REFUSE").await.thing();
    // A place that came free would tell of the refusal.
    assert_eq!(
        awarding.proposes("Thư viện").await.user_errors(),
        [("QUOTA_EXCEEDED", "typeId")]
    );
    let told = json!({ "deciderId": app.world()["Sóc Trăng"].id(), "typeId": awarding.flag, "year": 2025 });
    awarding.committee.does("releaseAwardOutcomes", told).await.thing();
    assert_eq!(taken(&awarding.committee).await, [(1, 0)]);
    awarding.proposes("Thư viện").await.thing();
}

async fn a_unit_that_is_excepted_with_a_reason_does_not_count(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let quota = awarding.quota("Viên chức", 0).await.thing().clone();
    assert_eq!(
        awarding.proposes("Thư viện").await.user_errors(),
        [("QUOTA_EXCEEDED", "typeId")]
    );
    let mut exception = at(&quota);
    exception["unitId"] = world["Thư viện"].id().into();
    exception["extra"] = 1.into();
    exception["reason"] = "Đơn vị được Tổng Liên đoàn biểu dương".into();
    awarding.committee.does("exceptFromAwardQuota", exception).await.thing();
    awarding.proposes("Thư viện").await.thing();
    assert_eq!(taken(&awarding.committee).await, [(0, 0)]);
    let once_more = awarding.proposal(&awarding.flag, &world["Thư viện"], "Thành tích khác");
    let mut once_more = once_more;
    once_more["exceptionReason"] = "Hai thành tích khác nhau".into();
    let refused = awarding.officer.does("proposeAward", once_more).await;
    assert_eq!(
        refused.user_errors(),
        [("QUOTA_EXCEEDED", "typeId")],
        "one more is not excepted"
    );
    let query = "{ awardQuotas { nodes { exceptions { unitName extra reason by } legalBasis } } }";
    let seen = awarding.committee.graphql(query, json!({})).await;
    assert_eq!(
        seen.str("/awardQuotas/nodes/0/exceptions/0/unitName"),
        world["Thư viện"].name
    );
    assert_eq!(*seen.at("/awardQuotas/nodes/0/exceptions/0/extra"), json!(1));
}

async fn a_cluster_has_a_quota_of_its_own(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let cluster = Cluster::of(&app, "Viên chức", "Cụm 1", &["Thư viện", "Sở Nội vụ"]).await;
    let input = json!({
        "typeId": awarding.flag, "year": 2025, "setterId": world["Viên chức"].id(), "clusterId": cluster.id, "most": 1,
    });
    awarding.upper.does("setAwardQuota", input.clone()).await.thing();
    awarding.proposes("Sở Nội vụ").await.thing();
    assert_eq!(
        awarding.proposes("Thư viện").await.user_errors(),
        [("QUOTA_EXCEEDED", "typeId")]
    );
    awarding.proposes("Sở Tài chính").await.thing();
    let mut both = input;
    both["unitId"] = world["Thư viện"].id().into();
    assert_eq!(
        awarding.upper.does("setAwardQuota", both).await.user_errors(),
        [("UNIT_OR_CLUSTER", "unitId")]
    );
}

async fn a_reduced_proposal_takes_a_place_of_the_lower_award(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding.quota("Viên chức", 1).await.thing();
    let lower = json!({
        "typeId": awarding.certificate, "year": 2025, "setterId": world["Sóc Trăng"].id(), "unitId": world["Viên chức"].id(),
        "most": 1,
    });
    awarding.committee.does("setAwardQuota", lower).await.thing();
    let half = json!({ "threshold": { "numerator": 1, "denominator": 2 } });
    awarding
        .asks(&awarding.certificate, 2, "2025-01-01", half)
        .await
        .thing();
    let proposal = awarding.library().await.thing().clone();
    let voted = awarding.voted(&proposal, 5).await;
    let mut reduce = at(&voted);
    reduce["outcome"] = "REDUCE".into();
    reduce["reason"] = "Chưa đủ phiếu cho cờ, đủ cho bằng khen".into();
    assert_eq!(
        awarding
            .committee
            .does("concludeAwardProposal", reduce.clone())
            .await
            .user_errors(),
        [("REQUIRED", "reducedToId")]
    );
    reduce["reducedToId"] = awarding.flag.clone().into();
    assert_eq!(
        awarding
            .committee
            .does("concludeAwardProposal", reduce.clone())
            .await
            .user_errors(),
        [("REDUCED_TO_INVALID", "reducedToId")]
    );
    reduce["reducedToId"] = awarding.certificate.clone().into();
    let reduced = awarding
        .committee
        .does("concludeAwardProposal", reduce)
        .await
        .thing()
        .clone();
    assert_eq!(taken(&awarding.committee).await, [(1, 1), (1, 1)]);
    awarding.decides("15/QĐ-LĐLĐ", "2026-03-09", &[&reduced]).await.thing();
    assert_eq!(taken(&awarding.committee).await, [(1, 0), (1, 1)]);
    let given = awarding
        .officer
        .graphql("{ awards { nodes { type { code } } } }", json!({}))
        .await;
    assert_eq!(given.str("/awards/nodes/0/type/code"), "BK_LDLD");
}

async fn who_sets_quotas_and_who_does_not(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    let input = |setter: &str, unit: &str| json!({ "typeId": awarding.flag, "year": 2025, "setterId": world[setter].id(), "unitId": world[unit].id(), "most": 5 });
    for (who, input, code) in [
        (&awarding.committee, input("Sóc Trăng", "Viên chức"), ""),
        (&awarding.specialist, input("Sóc Trăng", "Thư viện"), ""),
        (&awarding.upper, input("Viên chức", "Thư viện"), ""),
        (&awarding.upper, input("Viên chức", "Sóc Trăng"), "NOT_FOUND"),
        (&awarding.upper, input("Sóc Trăng", "Viên chức"), "NOT_FOUND"),
        (&awarding.officer, input("Thư viện", "Thư viện"), "FORBIDDEN"),
        (&app.admin().await, input("Sóc Trăng", "Viên chức"), "FORBIDDEN"),
        (
            &app.committee_of(&world["Kon Tum"]).await,
            input("Sóc Trăng", "Viên chức"),
            "NOT_FOUND",
        ),
    ] {
        assert_eq!(who.does("setAwardQuota", input).await.code(), code);
    }
    let of = async |who: &Person| {
        let seen = who.graphql("{ awardQuotas { totalCount } }", json!({})).await;
        seen.at("/awardQuotas/totalCount").clone()
    };
    assert_eq!(of(&awarding.committee).await, json!(3));
    assert_eq!(of(&awarding.upper).await, json!(3));
    assert_eq!(of(&awarding.officer).await, json!(2), "those that are for the library");
    assert_eq!(of(&app.stranger().await).await, json!(0));
}

async fn a_quota_is_changed_with_the_version_that_was_seen(app: TestApp) {
    let world = app.world();
    let awarding = Awarding::begin(&app).await;
    awarding.quota("Viên chức", 2).await.thing();
    assert_eq!(awarding.quota("Viên chức", 3).await.code(), "ALREADY_EXISTS");
    awarding.proposes("Thư viện").await.thing();
    awarding.proposes("Sở Nội vụ").await.thing();
    let mut input = json!({
        "typeId": awarding.flag, "year": 2025, "setterId": world["Sóc Trăng"].id(), "unitId": world["Viên chức"].id(), "most": 1,
        "version": 1,
    });
    let refused = awarding.committee.does("setAwardQuota", input.clone()).await;
    assert_eq!(refused.user_errors(), [("QUOTA_BELOW_TAKEN", "most")]);
    input["most"] = 4.into();
    assert_eq!(
        awarding.committee.does("setAwardQuota", input.clone()).await.thing()["version"],
        2
    );
    assert_eq!(
        awarding.committee.does("setAwardQuota", input).await.code(),
        "STALE_VERSION"
    );
}
