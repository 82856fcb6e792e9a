//! Two provinces as they were: the awards of Lâm Đồng for 2023, handed over on 12 January 2024, and the council of Bến Tre, which on
//! 21 March 2019 granted 48 of 69 flags that its clusters had proposed for 2018.

use chrono::NaiveDate;
use serde_json::{Value, json};
use thidua::auth::Actor;
use thidua::units::usecases::{self, NewUnit};
use thidua_entity::enums::{Role, Sector, UnitKind};

use crate::awards::new_kind;
use crate::awards_decisions::given;
use crate::awards_proposals::{asked, at, award, voted};
use crate::support::{Answer, Person, TestApp, Unit, moment, on_both_databases};
use thidua::policy::Scope;

on_both_databases! {
    lam_dong_gives_eight_flags_and_certificates_to_eight_collectives_and_eighteen_people,
    the_council_of_ben_tre_grants_forty_eight_of_sixty_nine,
}

/// A province with a union of public employees and the grassroots unions below it.
struct Province {
    federation: Unit,
    upper: Unit,
    grassroots: Vec<Unit>,
    proposer: Person,
    specialist: Person,
    committee: Person,
    setter: Person,
}

async fn unit(app: &TestApp, kind: UnitKind, name: &str, above: Option<&Unit>) -> Unit {
    let new = NewUnit {
        kind,
        name: name.to_owned(),
        parent: above.map(|unit| unit.uuid),
        sector: (kind == UnitKind::Grassroots).then_some(Sector::StateAdministration),
        province: None,
        founded_on: NaiveDate::from_ymd_opt(2001, 7, 28),
        decision: None,
    };
    let row = usecases::create(&app.env, &Actor::command_line(), new, None)
        .await
        .expect("a unit");
    Unit {
        uuid: row.id,
        name: row.name,
    }
}

impl Province {
    async fn of(app: &TestApp, name: &str, grassroots: &[String]) -> Self {
        let world = app.world();
        let federation = format!("Liên đoàn Lao động tỉnh {name}");
        let federation = unit(
            app,
            UnitKind::ProvincialFederation,
            &federation,
            Some(&world["Tổng Liên đoàn"]),
        )
        .await;
        let upper = format!("Công đoàn Viên chức tỉnh {name}");
        let upper = unit(app, UnitKind::LocalBranchUnion, &upper, Some(&federation)).await;
        let mut units = Vec::new();
        for name in grassroots {
            units.push(unit(app, UnitKind::Grassroots, name, Some(&upper)).await);
        }
        Self {
            proposer: app.officer_of(&upper).await,
            specialist: app.specialist_of(&federation).await,
            committee: app.committee_of(&federation).await,
            setter: app.person(&[(Role::Specialist, Scope::Everything)]).await,
            grassroots: units,
            federation,
            upper,
        }
    }

    async fn kind(&self, code: &str, name: &str, recipients: &str, from: &str, more: Value) -> String {
        let kind = self
            .setter
            .does("createAwardType", new_kind(code, name, recipients))
            .await
            .id()
            .to_owned();
        let mut terms = voted(&kind, 1, from);
        for (name, value) in more.as_object().expect("an object") {
            terms[name] = value.clone();
        }
        self.setter.does("setAwardTerms", terms).await.thing();
        kind
    }

    /// Proposes, endorses, appraises and votes, with so many of fifteen in favour.
    async fn votes(
        &self,
        (kind, year): (&str, i32),
        unit: &Unit,
        person: Option<&str>,
        in_favour: i32,
        day: &str,
    ) -> Value {
        let input = json!({
            "typeId": kind, "year": year, "proposerId": self.upper.id(), "unitId": unit.id(), "person": person,
            "merit": format!("Thành tích của {} {kind}", person.unwrap_or(&unit.name)),
        });
        let proposed = self.proposer.does("proposeAward", input).await;
        let endorsed = self.specialist.does("endorseAwardProposal", at(proposed.thing())).await;
        let appraised = self
            .specialist
            .does("appraiseAwardProposal", at(endorsed.thing()))
            .await;
        let mut vote = at(appraised.thing());
        for (name, value) in [("inFavour", in_favour), ("members", 15), ("present", 14)] {
            vote[name] = value.into();
        }
        vote["heldOn"] = day.into();
        self.committee.does("recordAwardVote", vote).await.thing().clone()
    }

    async fn concludes(&self, proposal: &Value, outcome: &str) -> Answer {
        let mut input = at(proposal);
        input["outcome"] = outcome.into();
        input["reason"] = "Theo kết quả bỏ phiếu của hội đồng".into();
        self.committee.does("concludeAwardProposal", input).await
    }

    async fn decides(&self, number: &str, day: &str, proposals: &[Value]) -> Answer {
        let ids: Vec<&Value> = proposals.iter().map(|one| &one["id"]).collect();
        let input = json!({
            "deciderId": self.federation.id(), "number": number, "decidedOn": day, "signer": "Chủ tịch", "proposalIds": ids,
        });
        self.committee.does("decideAwards", input).await
    }

    async fn outcomes(&self, kind: &str, year: i32) -> Value {
        let query = "query($decider: ID!, $type: ID!, $year: Int!) { awardOutcomes(deciderId: $decider, typeId: $type, year: $year) \
                     { proposed approved refused open } }";
        let variables = json!({ "decider": self.federation.id(), "type": kind, "year": year });
        self.committee
            .graphql(query, variables)
            .await
            .at("/awardOutcomes")
            .clone()
    }
}

async fn lam_dong_gives_eight_flags_and_certificates_to_eight_collectives_and_eighteen_people(app: TestApp) {
    app.it_is(moment(2024, 1, 8, 8, 0));
    let mut names = vec!["CĐCS Sở Lao động, Thương binh và Xã hội tỉnh Lâm Đồng".to_owned()];
    names.extend((2..=16).map(|number| format!("CĐCS cơ quan số {number} tỉnh Lâm Đồng")));
    let province = Province::of(&app, "Lâm Đồng", &names).await;
    let salary = json!({ "validFrom": "2023-07-01", "amount": "1800000", "legalBasis": "Nghị định 24/2023/NĐ-CP" });
    province.setter.does("setBaseSalary", salary).await.thing();
    let paid = json!({ "collectiveBonus": { "factor": "3" }, "individualBonus": { "factor": "1.5" } });
    let flag = province
        .kind("CO_LDLD", "Cờ thi đua", "COLLECTIVE", "2020-01-01", paid.clone())
        .await;
    let certificate = province.kind("BK_LDLD", "Bằng khen", "BOTH", "2020-01-01", paid).await;
    let (mut flags, mut certificates) = (Vec::new(), Vec::new());
    for unit in &province.grassroots[..8] {
        let proposal = province.votes((&flag, 2023), unit, None, 14, "2024-01-05").await;
        flags.push(province.concludes(&proposal, "APPROVE").await.thing().clone());
    }
    for unit in &province.grassroots[8..] {
        let proposal = province.votes((&certificate, 2023), unit, None, 14, "2024-01-05").await;
        certificates.push(province.concludes(&proposal, "APPROVE").await.thing().clone());
    }
    for number in 0..18 {
        let (unit, name) = (&province.grassroots[number % 16], format!("Nguyễn Văn {number}"));
        let proposal = province
            .votes((&certificate, 2023), unit, Some(&name), 13, "2024-01-05")
            .await;
        certificates.push(province.concludes(&proposal, "APPROVE").await.thing().clone());
    }
    let decided = province.decides("21/QĐ-LĐLĐ", "2024-01-08", &flags).await;
    province
        .decides("22/QĐ-LĐLĐ", "2024-01-08", &certificates)
        .await
        .thing();
    let counts = "{ awardCounts(where: { year: 2023 }) { type { name } recipient count } }";
    let seen = province.proposer.graphql(counts, json!({})).await;
    let mut counts = seen.at("/awardCounts").as_array().expect("a list").clone();
    counts.sort_by_key(Value::to_string);
    assert_eq!(
        counts,
        [
            json!({ "type": { "name": "Bằng khen" }, "recipient": "INDIVIDUAL", "count": 18 }),
            json!({ "type": { "name": "Bằng khen" }, "recipient": "COLLECTIVE", "count": 8 }),
            json!({ "type": { "name": "Cờ thi đua" }, "recipient": "COLLECTIVE", "count": 8 }),
        ]
    );
    let first = given(&province.committee, &decided, "recipientName bonus { paid }").await;
    assert_eq!(
        (
            first.str("/node/awards/0/recipientName"),
            first.str("/node/awards/0/bonus/paid")
        ),
        ("CĐCS Sở Lao động, Thương binh và Xã hội tỉnh Lâm Đồng", "5400000")
    );
    app.it_is(moment(2024, 1, 12, 11, 0));
    let id = first.at("/node/awards/0/id");
    let occasion = json!({
        "id": id, "heldOn": "2024-01-12", "place": "Hội nghị tổng kết năm 2023", "handedBy": "Lãnh đạo LĐLĐ tỉnh Lâm Đồng",
    });
    province.specialist.does("handOverAward", occasion).await.thing();
    let seen = award(&province.proposer, id, "handover { heldOn }").await;
    assert_eq!(seen.str("/node/handover/heldOn"), "2024-01-12");
}

async fn the_council_of_ben_tre_grants_forty_eight_of_sixty_nine(app: TestApp) {
    app.it_is(moment(2019, 3, 21, 8, 0));
    let names: Vec<String> = (1..=69)
        .map(|number| format!("Đơn vị dẫn đầu cụm số {number}"))
        .collect();
    let province = Province::of(&app, "Bến Tre", &names).await;
    let flag = province
        .kind("CO_TINH", "Cờ thi đua của tỉnh", "COLLECTIVE", "2018-01-01", json!({}))
        .await;
    let (mut granted, mut refused) = (Vec::new(), Vec::new());
    for (number, unit) in province.grassroots.iter().enumerate() {
        let in_favour = if number < 48 { 13 } else { 6 };
        let proposal = province.votes((&flag, 2018), unit, None, in_favour, "2019-03-21").await;
        if number < 48 {
            granted.push(province.concludes(&proposal, "APPROVE").await.thing().clone());
        } else {
            assert_eq!(
                province.concludes(&proposal, "APPROVE").await.user_errors(),
                [("THRESHOLD_MISSED", "outcome")]
            );
            refused.push(province.concludes(&proposal, "REFUSE").await.thing().clone());
        }
    }
    assert_eq!(
        province.outcomes(&flag, 2018).await,
        json!({ "proposed": 69, "approved": 48, "refused": 21, "open": 0 })
    );
    let before = asked(&province.proposer, &refused[0]["id"], "state").await;
    assert_eq!(
        before.str("/node/state"),
        "VOTED",
        "nobody hears of it before the others"
    );
    let decision = province.decides("97/QĐ-LĐLĐ", "2019-03-21", &granted).await;
    let seen = given(&province.committee, &decision, "recipientName").await;
    assert_eq!(seen.texts("/node/awards", "recipientName").len(), 48);
    let told = asked(&province.proposer, &refused[0]["id"], "state steps { step reason }").await;
    assert_eq!(told.str("/node/state"), "REFUSED");
    assert_eq!(told.str("/node/steps/4/reason"), "Theo kết quả bỏ phiếu của hội đồng");
}
