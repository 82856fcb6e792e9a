//! The award registry: who records decisions, what a decision must be, and that it stays as it is. Who sees what of it is told
//! in `awards_seen.rs`.

use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, Unit, doors, moment, on_both_databases};

on_both_databases! {
    a_decision_is_recorded_with_all_that_it_gives,
    an_issuer_outside_the_union_is_written_by_name,
    who_records_decisions_and_who_does_not,
    who_adds_kinds_of_award_and_who_does_not,
    what_is_wrong_is_told_at_once_and_nothing_is_stored,
    a_kind_of_award_fits_who_gets_it_and_when,
    decisions_never_change,
    a_number_stands_once_a_year_in_a_registry,
    of_eight_who_record_a_number_at_once_one_does,
    a_repeated_request_gives_the_first_answer,
    of_eight_equal_requests_one_decision_comes,
    every_decision_is_in_the_audit,
}

/// A registry, its kinds of award, and who keeps it.
pub struct Registry {
    pub owner: Unit,
    pub committee: Person,
    pub flag: String,
    pub medal: String,
    pub both: String,
}

impl Registry {
    /// The registry of a unit, with three kinds of award.
    pub async fn of(app: &TestApp, owner: &str) -> Self {
        let setter = app.person(&[(Role::Specialist, Scope::Everything)]).await;
        let kind = async |code: &str, name: &str, recipients: &str| {
            setter
                .does("createAwardType", new_kind(code, name, recipients))
                .await
                .id()
                .to_owned()
        };
        Self {
            flag: kind("CO_LDLD", "Cờ thi đua của Liên đoàn Lao động tỉnh", "COLLECTIVE").await,
            medal: kind("CSTD_CS", "Chiến sĩ thi đua cơ sở", "INDIVIDUAL").await,
            both: kind("GK_LDLD", "Giấy khen của Liên đoàn Lao động tỉnh", "BOTH").await,
            owner: app.world()[owner].clone(),
            committee: app.committee_of(&app.world()[owner]).await,
        }
    }

    /// A decision of the owner.
    pub fn decision(&self, number: &str, year: i32, awards: Vec<Value>) -> Value {
        json!({ "number": number, "year": year, "issuerId": self.owner.id(), "awards": awards })
    }

    /// Records one, and gives its id.
    pub async fn records(&self, number: &str, year: i32, awards: Vec<Value>) -> String {
        let input = self.decision(number, year, awards);
        self.committee.does("recordAwardDecision", input).await.id().to_owned()
    }

    /// A flag for a unit.
    pub fn flag_for(&self, unit: &Unit) -> Value {
        json!({ "typeId": self.flag, "recipient": "COLLECTIVE", "unitId": unit.id(), "recipientName": unit.name })
    }

    /// A title for somebody of a unit.
    pub fn medal_for(&self, unit: &Unit, name: &str) -> Value {
        json!({ "typeId": self.medal, "recipient": "INDIVIDUAL", "unitId": unit.id(), "recipientName": name })
    }

    /// So many letters of praise for people of a unit.
    pub fn letters_for(&self, unit: &Unit, count: i32) -> Value {
        json!({ "typeId": self.both, "recipient": "INDIVIDUAL", "unitId": unit.id(), "count": count })
    }
}

/// A kind of award to be added.
pub fn new_kind(code: &str, name: &str, recipients: &str) -> Value {
    json!({ "code": code, "name": name, "level": "PROVINCE", "recipients": recipients })
}

async fn decision(person: &Person, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on AwardDecision {{ {fields} }} }} }}");
    person.graphql(&query, json!({ "id": id })).await
}

async fn recorded(app: &TestApp) -> u64 {
    let all = app
        .admin()
        .await
        .graphql("{ awardDecisions { totalCount } awards { totalCount } }", json!({}))
        .await;
    all.at("/awardDecisions/totalCount").as_u64().expect("a number")
}

async fn a_decision_is_recorded_with_all_that_it_gives(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let mut input = registry.decision(
        " 02/QĐ-CĐVC ",
        2025,
        vec![
            registry.flag_for(&world["Sở Nội vụ"]),
            registry.medal_for(&world["Thư viện"], "Nguyễn Thị Bưởi"),
            registry.letters_for(&world["Thư viện"], 12),
        ],
    );
    input["decidedOn"] = "2026-01-15".into();
    input["signer"] = "Trần Văn Sáu, Chủ tịch".into();
    input["legalBasis"] = "Luật Thi đua, khen thưởng số 06/2022/QH15".into();
    input["source"] = "Hồ sơ lưu".into();
    input["awards"][2]["note"] = "Theo danh sách kèm theo".into();
    let made = registry.committee.does("recordAwardDecision", input).await;
    let fields = "number year decidedOn issuer { name } issuerName signer legalBasis source owner { name }
        awards { type { code } year recipient unit { name } unitName recipientName count note }";
    let (office, library, owner) = (&world["Sở Nội vụ"].name, &world["Thư viện"].name, &registry.owner.name);
    assert_eq!(
        *decision(&registry.committee, made.id(), fields).await.at("/node"),
        json!({
            "number": "02/QĐ-CĐVC", "year": 2025, "decidedOn": "2026-01-15", "issuer": { "name": owner },
            "issuerName": owner, "signer": "Trần Văn Sáu, Chủ tịch",
            "legalBasis": "Luật Thi đua, khen thưởng số 06/2022/QH15", "source": "Hồ sơ lưu", "owner": { "name": owner },
            "awards": [
                {
                    "type": { "code": "CO_LDLD" }, "year": 2025, "recipient": "COLLECTIVE", "unit": { "name": office },
                    "unitName": office, "recipientName": office, "count": 1, "note": null,
                },
                {
                    "type": { "code": "CSTD_CS" }, "year": 2025, "recipient": "INDIVIDUAL", "unit": { "name": library },
                    "unitName": library, "recipientName": "Nguyễn Thị Bưởi", "count": 1, "note": null,
                },
                {
                    "type": { "code": "GK_LDLD" }, "year": 2025, "recipient": "INDIVIDUAL", "unit": { "name": library },
                    "unitName": library, "recipientName": null, "count": 12, "note": "Theo danh sách kèm theo",
                },
            ],
        })
    );
}

async fn an_issuer_outside_the_union_is_written_by_name(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let mut input = registry.decision("15/QĐ-UBND", 2025, vec![registry.flag_for(&world["Thư viện"])]);
    let outside = input.as_object_mut().expect("an object");
    outside.remove("issuerId");
    outside.insert("issuerName".to_owned(), "Ủy ban nhân dân tỉnh Sóc Trăng".into());
    let refused = registry.committee.does("recordAwardDecision", input.clone()).await;
    assert_eq!(refused.user_errors(), [("REQUIRED", "ownerId")]);
    input["ownerId"] = registry.owner.id().into();
    let made = registry.committee.does("recordAwardDecision", input.clone()).await;
    let seen = decision(
        &registry.committee,
        made.id(),
        "issuer { id } issuerName owner { name }",
    )
    .await;
    let expected = json!({
        "issuer": null, "issuerName": "Ủy ban nhân dân tỉnh Sóc Trăng", "owner": { "name": registry.owner.name },
    });
    assert_eq!(*seen.at("/node"), expected);
    input["issuerId"] = world["Thư viện"].id().into();
    let refused = registry.committee.does("recordAwardDecision", input).await;
    assert_eq!(refused.user_errors(), [("OWNER_NOT_ISSUER", "ownerId")]);
}

async fn who_records_decisions_and_who_does_not(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let input = registry.decision("1/QĐ", 2025, vec![registry.flag_for(&world["Thư viện"])]);
    let cluster = Cluster::of(&app, "Sóc Trăng", "Cụm 1", &["Viên chức"]).await;
    cluster.gives("CHAIR", &world["Viên chức"], "2025-01-01").await.thing();
    let chair = app.officer_of(&world["Viên chức"]).await;
    let cluster = Kind::Cluster.parse(&cluster.id).expect("an id");
    for (who, code) in [
        (chair, "FORBIDDEN"),
        (app.admin().await, "FORBIDDEN"),
        (app.viewer_of(Scope::Everything).await, "FORBIDDEN"),
        (app.viewer_of(Scope::Cluster(cluster)).await, "FORBIDDEN"),
        (app.committee_of(&world["Thư viện"]).await, "NOT_FOUND"),
        (app.committee_of(&world["Kon Tum"]).await, "NOT_FOUND"),
        (app.stranger().await, "NOT_FOUND"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        let answer = who.does("recordAwardDecision", input.clone()).await;
        assert_eq!(answer.code(), code, "{answer}");
    }
    // Nobody writes into its registry what it does not see, and of a chair it does not become a registry of neighbours.
    let elsewhere = registry.decision("2/QĐ", 2025, vec![registry.flag_for(&world["Y tế Đăk Tô"])]);
    assert_eq!(
        registry.committee.does("recordAwardDecision", elsewhere).await.code(),
        "NOT_FOUND"
    );
    assert_eq!(recorded(&app).await, 0);
    registry.committee.does("recordAwardDecision", input).await.thing();
    for who in [
        app.specialist_of(&world["Viên chức"]).await,
        app.committee_of(&world["Sóc Trăng"]).await,
    ] {
        let number = format!("{}/QĐ", who.account());
        let input = registry.decision(&number, 2025, vec![registry.flag_for(&world["Thư viện"])]);
        who.does("recordAwardDecision", input).await.thing();
    }
}

async fn who_adds_kinds_of_award_and_who_does_not(app: TestApp) {
    let world = app.world();
    let new = new_kind("BK_TLD", "Bằng khen của Tổng Liên đoàn", "BOTH");
    for (who, code) in [
        (app.admin().await, "FORBIDDEN"),
        (app.specialist_of(&world["Tổng Liên đoàn"]).await, "FORBIDDEN"),
        (
            app.person(&[(Role::StandingCommittee, Scope::Everything)]).await,
            "FORBIDDEN",
        ),
        (app.stranger().await, "FORBIDDEN"),
        (app.nobody(), "UNAUTHENTICATED"),
    ] {
        assert_eq!(who.does("createAwardType", new.clone()).await.code(), code);
    }
    let setter = app.person(&[(Role::Specialist, Scope::Everything)]).await;
    setter.does("createAwardType", new.clone()).await.thing();
    assert_eq!(setter.does("createAwardType", new).await.code(), "ALREADY_EXISTS");
    for (field, value, code) in [
        ("code", json!("BẰNG KHEN"), "CODE_INVALID"),
        ("name", json!("  "), "REQUIRED"),
        ("validTo", json!("2020-01-01"), "SPAN_INVALID"),
    ] {
        let mut wrong = new_kind("BK_2", "Bằng khen", "BOTH");
        wrong["validFrom"] = "2024-01-01".into();
        wrong[field] = value;
        assert_eq!(
            setter.does("createAwardType", wrong).await.user_errors(),
            [(code, field)]
        );
    }
    // Whoever has signed in reads the catalogue.
    let catalogue = "{ awardTypes { nodes { code name } totalCount } }";
    let seen = app.stranger().await.graphql(catalogue, json!({})).await;
    assert_eq!(
        (
            seen.texts("/awardTypes/nodes", "code"),
            seen.at("/awardTypes/totalCount")
        ),
        (vec!["BK_TLD"], &json!(1))
    );
    assert_eq!(
        app.stranger().await.get("/api/v1/award-types").await.body()["items"][0]["code"],
        "BK_TLD"
    );
    assert_eq!(
        app.nobody().graphql(catalogue, json!({})).await.code(),
        "UNAUTHENTICATED"
    );
    assert_eq!(app.nobody().get("/api/v1/award-types").await.status(), 401);
}

async fn what_is_wrong_is_told_at_once_and_nothing_is_stored(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let unit = &world["Thư viện"];
    let good = vec![registry.flag_for(unit)];
    let mut both = registry.flag_for(unit);
    both["count"] = 2.into();
    let mut neither = registry.medal_for(unit, " ");
    neither["note"] = "x".repeat(100_000).into();
    let with = |field: &str, value: Value| {
        let mut input = registry.decision("1/QĐ", 2025, good.clone());
        input[field] = value;
        input
    };
    for (input, expected) in [
        (with("awards", json!([])), vec![("REQUIRED", "awards")]),
        (
            with("awards", json!(vec![registry.letters_for(unit, 1); 501])),
            vec![("TOO_MANY", "awards")],
        ),
        (with("number", json!("…/…")), vec![("NUMBER_INVALID", "number")]),
        (with("number", json!("7".repeat(101))), vec![("TOO_LONG", "number")]),
        (with("year", json!(1944)), vec![("YEAR_IMPLAUSIBLE", "year")]),
        (with("year", json!(2027)), vec![("YEAR_AFTER_DECISION", "year")]),
        (
            with("decidedOn", json!("2026-03-11")),
            vec![("DAY_IN_FUTURE", "decidedOn")],
        ),
        (
            with("decidedOn", json!("2024-12-31")),
            vec![("YEAR_AFTER_DECISION", "year")],
        ),
        (
            with("awards", json!([registry.letters_for(unit, 0)])),
            vec![("COUNT_IMPLAUSIBLE", "awards.0.count")],
        ),
        (
            with("awards", json!([registry.letters_for(unit, 100_001)])),
            vec![("COUNT_IMPLAUSIBLE", "awards.0.count")],
        ),
        (
            with("awards", json!([good[0], good[0]])),
            vec![("GIVEN_TWICE", "awards.1.recipientName")],
        ),
        (
            json!({ "number": "/", "year": 2030, "awards": [both, good[0], neither] }),
            vec![
                ("NUMBER_INVALID", "number"),
                ("YEAR_AFTER_DECISION", "year"),
                ("REQUIRED", "issuerName"),
                ("NAME_AND_COUNT", "awards.0.count"),
                ("TOO_LONG", "awards.2.note"),
                ("REQUIRED", "awards.2.recipientName"),
            ],
        ),
    ] {
        assert_eq!(
            registry
                .committee
                .does("recordAwardDecision", input)
                .await
                .user_errors(),
            expected
        );
    }
    assert_eq!(recorded(&app).await, 0);
    // Two persons of one unit may bear the same name.
    let twins = vec![
        registry.medal_for(unit, "Nguyễn Văn An"),
        registry.medal_for(unit, "Nguyễn Văn An"),
    ];
    registry.records("1/QĐ", 2025, twins).await;
}

async fn a_kind_of_award_fits_who_gets_it_and_when(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let mut collective = registry.medal_for(&world["Thư viện"], "Phòng đọc");
    collective["recipient"] = "COLLECTIVE".into();
    let input = registry.decision("1/QĐ", 2025, vec![collective]);
    let refused = registry.committee.does("recordAwardDecision", input).await;
    assert_eq!(refused.user_errors(), [("RECIPIENT_KIND", "awards.0.recipient")]);
    assert_eq!(
        refused.user_message(),
        "“Chiến sĩ thi đua cơ sở” không tặng cho tập thể."
    );
    let setter = app.person(&[(Role::Specialist, Scope::Everything)]).await;
    let mut old = new_kind("HC_CU", "Huy hiệu cũ", "BOTH");
    old["validFrom"] = "2010-01-01".into();
    old["validTo"] = "2024-01-01".into();
    let mut award = registry.medal_for(&world["Thư viện"], "Nguyễn Văn An");
    award["typeId"] = setter.does("createAwardType", old).await.id().into();
    for (number, year, day, fits) in [
        ("1/QĐ", 2023, "2023-12-31", true),
        ("2/QĐ", 2023, "2024-03-01", true),
        ("3/QĐ", 2024, "2024-03-01", false),
        ("4/QĐ", 2009, "2009-12-31", false),
    ] {
        let mut input = registry.decision(number, year, vec![award.clone()]);
        input["decidedOn"] = day.into();
        let errors: &[_] = if fits {
            &[]
        } else {
            &[("AWARD_TYPE_NOT_VALID", "awards.0.typeId")]
        };
        assert_eq!(
            registry
                .committee
                .does("recordAwardDecision", input)
                .await
                .user_errors(),
            errors,
            "{year}, {day}"
        );
    }
    let codes = async |arguments: &str| {
        let answer = setter
            .graphql(
                &format!("{{ awardTypes({arguments}) {{ nodes {{ code }} }} }}"),
                json!({}),
            )
            .await;
        answer.texts("/awardTypes/nodes", "code").join(" ")
    };
    assert_eq!(codes("first: 9").await, "CSTD_CS CO_LDLD GK_LDLD");
    assert_eq!(
        codes("asOf: \"2023-12-31\", where: { recipients: [BOTH] }").await,
        "GK_LDLD HC_CU"
    );
    assert_eq!(
        codes("where: { includeEnded: true, recipients: [INDIVIDUAL, BOTH] }").await,
        "CSTD_CS GK_LDLD HC_CU"
    );
    assert_eq!(codes("where: { level: STATE }").await, "");
    award["typeId"] = Kind::AwardType.id(app.env.new_id()).into();
    let unknown = registry.decision("5/QĐ", 2025, vec![award]);
    assert_eq!(
        registry.committee.does("recordAwardDecision", unknown).await.code(),
        "NOT_FOUND"
    );
}

async fn decisions_never_change(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let unit = &world["Thư viện"];
    let mut input = registry.decision("1/QĐ", 2025, vec![registry.flag_for(unit)]);
    input["decidedOn"] = "2026-01-15".into();
    let id = registry
        .committee
        .does("recordAwardDecision", input)
        .await
        .id()
        .to_owned();
    let mut names: Vec<&str> = doors()
        .iter()
        .map(|door| door.name.as_str())
        .filter(|name| name.contains("Award"))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "answerAwardObjection",
            "appraiseAwardProposal",
            "concludeAwardProposal",
            "correctAward",
            "createAwardType",
            "decideAwards",
            "draftAwardBallot",
            "endorseAwardProposal",
            "exceptFromAwardQuota",
            "handOverAward",
            "proposeAward",
            "raiseAwardObjection",
            "recordAwardDecision",
            "recordAwardVote",
            "releaseAwardOutcomes",
            "revokeAward",
            "setAwardQuota",
            "setAwardTerms",
            "takeAwardVotes",
            "tickAwardDossier",
        ],
        "no other door leads to the registry; those that do add facts beside what was decided"
    );
    let fields = "number issuerName awards { id unitName recipientName unit { name } }";
    let before = decision(&registry.committee, &id, fields).await;
    let award = format!("/api/v1/awards/{}", before.str("/node/awards/0/id"));
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        for path in [&award, "/api/v1/awards"] {
            let answer = registry
                .committee
                .request(method.clone(), path, &[("content-type", "application/json")], "{}")
                .await;
            assert_eq!(answer.status(), 405, "{answer}");
        }
    }
    // Units change their names afterwards; what was decided stays as it was written.
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    for of in [unit, &registry.owner] {
        let rename = json!({ "id": of.id(), "version": 1, "name": "Tên mới", "from": "2026-02-01" });
        specialist.does("renameUnit", rename).await.thing();
    }
    let after = decision(&registry.committee, &id, fields).await;
    assert_eq!(after.str("/node/awards/0/unit/name"), "Tên mới");
    assert_eq!(
        (
            after.str("/node/issuerName"),
            after.str("/node/awards/0/unitName"),
            after.str("/node/awards/0/recipientName")
        ),
        (registry.owner.name.as_str(), unit.name.as_str(), unit.name.as_str())
    );
    assert_eq!(
        registry.committee.get(&award).await.body()["unitName"],
        json!(unit.name)
    );
}

async fn a_number_stands_once_a_year_in_a_registry(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let awards = vec![registry.letters_for(&world["Thư viện"], 3)];
    let record = async |number: &str, day: &str, issuer: Option<&str>| {
        let mut input = registry.decision(number, 2024, awards.clone());
        input["decidedOn"] = day.into();
        if let Some(issuer) = issuer {
            input["issuerId"] = Value::Null;
            input["issuerName"] = issuer.into();
            input["ownerId"] = registry.owner.id().into();
        }
        registry
            .committee
            .does("recordAwardDecision", input)
            .await
            .code()
            .to_owned()
    };
    let (ward, province) = (Some("UBND phường 1"), Some("UBND tỉnh Sóc Trăng"));
    for (number, day, issuer, code) in [
        ("06/QĐ-CĐVC", "2025-01-15", None, ""),
        ("6/qđ–cđvc", "2025-12-31", None, "ALREADY_EXISTS"),
        ("Số: 6 / QĐ-CĐVC", "2025-01-15", None, "ALREADY_EXISTS"),
        ("6/QĐ-CĐVC", "2024-12-31", None, ""),
        ("60/QĐ-CĐVC", "2025-01-15", None, ""),
        ("6/QĐ-CĐVC", "2025-01-15", ward, ""),
        ("6/QĐ-CĐVC", "2025-01-15", Some("ubnd Phường  1"), "ALREADY_EXISTS"),
        ("6/QĐ-CĐVC", "2025-01-15", province, ""),
    ] {
        assert_eq!(
            record(number, day, issuer).await,
            code,
            "{number} of {issuer:?} on {day}"
        );
    }
    // Another registry has numbers of its own: nobody learns from a refusal what others have recorded.
    let other = app.committee_of(&world["Sóc Trăng"]).await;
    let input = json!({ "number": "06/QĐ-CĐVC", "year": 2024, "decidedOn": "2025-01-15", "issuerId": world["Sóc Trăng"].id(), "awards": awards });
    other.does("recordAwardDecision", input).await.thing();
    // What has no number may come again.
    let without = json!({ "year": 2024, "issuerId": registry.owner.id(), "awards": awards });
    for _ in 0..2 {
        registry
            .committee
            .does("recordAwardDecision", without.clone())
            .await
            .thing();
    }
}

async fn of_eight_who_record_a_number_at_once_one_does(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let awards = vec![registry.letters_for(&app.world()["Thư viện"], 3)];
    let record = |number: usize| {
        let spelled = format!("{}737/QĐ", "0".repeat(number));
        let input = registry.decision(&spelled, 2025, awards.clone());
        let committee = registry.committee.clone();
        async move { committee.does("recordAwardDecision", input).await }
    };
    let answers = join_all((0..8).map(record)).await;
    let codes: Vec<&str> = answers.iter().map(Answer::code).collect();
    assert_eq!(codes.iter().filter(|code| code.is_empty()).count(), 1, "{codes:?}");
    assert_eq!(
        codes.iter().filter(|code| **code == "ALREADY_EXISTS").count(),
        7,
        "{codes:?}"
    );
    assert_eq!(recorded(&app).await, 1);
}

async fn a_repeated_request_gives_the_first_answer(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let with_key = |number: &str, key: &str| {
        let mut input = registry.decision(number, 2025, vec![registry.flag_for(&world["Thư viện"])]);
        input["idempotencyKey"] = key.into();
        input
    };
    let record = async |who: &Person, input: Value| who.does("recordAwardDecision", input).await;
    let first = record(&registry.committee, with_key("1/QĐ", "k-1")).await;
    let again = record(&registry.committee, with_key("1/QĐ", "k-1")).await;
    assert_eq!((again.id(), recorded(&app).await), (first.id(), 1));
    let reused = record(&registry.committee, with_key("2/QĐ", "k-1")).await;
    assert_eq!(reused.user_errors(), [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]);
    // Without the key, or with another, the same decision is a second one.
    assert_eq!(
        record(&registry.committee, with_key("1/QĐ", "k-2")).await.code(),
        "ALREADY_EXISTS"
    );
    // A key whose request failed is free again, and keys of others are others.
    record(&registry.committee, with_key("3/QĐ", "k-2")).await.thing();
    let other = app.committee_of(&registry.owner).await;
    let own = record(&other, with_key("4/QĐ", "k-1")).await;
    assert_ne!(own.id(), first.id());
    for key in ["", "a b", "khóa", &"k".repeat(101)] {
        let refused = record(&registry.committee, with_key("5/QĐ", key)).await;
        assert_eq!(
            refused.user_errors(),
            [("IDEMPOTENCY_KEY_INVALID", "idempotencyKey")],
            "{key}"
        );
    }
    assert_eq!(recorded(&app).await, 3);
    // After seven days it is forgotten.
    app.it_is(moment(2026, 3, 17, 7, 59));
    assert_eq!(
        record(&registry.committee, with_key("1/QĐ", "k-1")).await.id(),
        first.id()
    );
    app.it_is(moment(2026, 3, 17, 8, 2));
    assert_eq!(
        record(&registry.committee, with_key("1/QĐ", "k-1")).await.code(),
        "ALREADY_EXISTS"
    );
}

async fn of_eight_equal_requests_one_decision_comes(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let mut input = registry.decision("1/QĐ", 2025, vec![registry.flag_for(&app.world()["Thư viện"])]);
    input["number"] = Value::Null;
    input["idempotencyKey"] = "0192f3a0-7c1e-7000-8000-000000000001".into();
    let record = |_| {
        let (committee, input) = (registry.committee.clone(), input.clone());
        async move { committee.does("recordAwardDecision", input).await.id().to_owned() }
    };
    let mut ids = join_all((0..8).map(record)).await;
    ids.dedup();
    assert_eq!((ids.len(), recorded(&app).await), (1, 1), "all get the same decision");
}

async fn every_decision_is_in_the_audit(app: TestApp) {
    let registry = Registry::of(&app, "Viên chức").await;
    let id = registry
        .records("1/QĐ", 2025, vec![registry.letters_for(&app.world()["Thư viện"], 3)])
        .await;
    let entries = app.audit_of(Kind::AwardDecision.parse(&id).expect("an id")).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].action.as_str(), entries[0].account_id),
        ("AWARD_DECISION_RECORDED", Some(registry.committee.account()))
    );
    let kind = app
        .audit_of(Kind::AwardType.parse(&registry.flag).expect("an id"))
        .await;
    assert_eq!(kind[0].action, "AWARD_TYPE_CREATED");
}
