//! Emulation years: who opens them, what is planned, how they go on from phase to phase. What other tests begin with is here too: [`Year`],
//! a cluster with a year in whichever phase.

use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::ids::Kind;

use crate::clusters::Cluster;
use crate::criteria::{Table, criterion, section};
use crate::reports::Reporting;
use crate::scoring::{Scoring, good};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_specialist_opens_a_year_and_the_members_take_part,
    a_year_goes_on_step_by_step_and_back_with_a_reason,
    of_eight_who_take_a_year_on_at_once_one_is_in_time,
    who_opens_and_changes_years_and_who_does_not,
    what_units_are_judged_by_stays_once_one_has_begun_to_score,
    where_schools_take_part_the_criteria_are_frozen_when_the_year_runs,
    a_year_asked_for_twice_under_one_key_is_one,
}

/// Those of the cluster that most tests have: the chair first, then the deputy.
pub const MEMBERS: [&str; 5] = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];

/// A cluster of Sóc Trăng with an emulation year: 2026, blind, scored by [`criteria`]. Reports are on `reporting.form` for
/// `reporting.period`, the year 2026.
pub struct Year {
    pub app: TestApp,
    pub id: String,
    /// Of Công đoàn Viên chức, with [`MEMBERS`] from 2020 on.
    pub cluster: Cluster,
    pub reporting: Reporting,
    /// The version of the criteria set.
    pub criteria: String,
    /// Specialist of the province.
    pub specialist: Person,
    /// Standing committee of the province.
    pub committee: Person,
    /// Officer of Sở Nội vụ.
    pub chair: Person,
    /// Officer of Sở Tài chính.
    pub deputy: Person,
}

/// A short set: 100 points; a manual section, one point worked out from `new_members`, one passed or failed, a bonus, a declaration with a
/// gate, bands, a quota, tie-breaks.
pub fn criteria() -> Value {
    let everybody = json!(["SELF", "CROSS_CHECK", "CLUSTER", "PROVINCE", "COUNCIL"]);
    let criterion = |code: &str, parent: Option<&str>, max: &str, measure: Option<Value>| {
        let mut one = criterion(code, parent, max);
        let part = &mut one["part"]["criterion"];
        part["scoredBy"] = everybody.clone();
        if let Some(measure) = measure {
            part["measure"] = measure;
        }
        one
    };
    let mut bonus = criterion("models", None, "5", None);
    bonus["part"]["criterion"]["role"] = "BONUS".into();
    bonus["part"]["criterion"]["evidenceRequired"] = true.into();
    bonus["part"]["criterion"]["whenMissing"] = "ZERO".into();
    let growth = json!({ "target": { "indicatorCode": "new_members", "fixedTarget": "20" } });
    let on_time = json!({ "scored": { "by": "PASS_FAIL" } });
    let gate = json!({
        "code": "no_discipline", "title": "Không có cán bộ bị kỷ luật", "otherwiseAtMost": "HT", "whenMissing": "NOT_RATED",
        "condition": { "declared": { "declarationCode": "clean", "wanted": true } },
    });
    let quota = json!({
        "code": "q40", "scope": "CLUSTER", "grade": "XS", "base": ["XS", "T"], "percent": "40", "rounding": "NEAREST", "enforcement": "BLOCK",
    });
    json!({
        "scale": "100", "bonus": "ON_TOP", "bonusCap": "5", "basis": "Hướng dẫn 01/HD-LĐLĐ",
        "nodes": [
            section("work", None, "60"), criterion("care", Some("work"), "30", None), criterion("movement", Some("work"), "30", None),
            criterion("growth", None, "30", Some(growth)), criterion("on_time", None, "10", Some(on_time)), bonus,
        ],
        "bands": [
            { "grade": "XS", "title": "Hoàn thành xuất sắc nhiệm vụ", "from": "90" }, { "grade": "T", "title": "Hoàn thành tốt nhiệm vụ", "from": "70" },
            { "grade": "HT", "title": "Hoàn thành nhiệm vụ", "from": "50" }, { "grade": "KHT", "title": "Không hoàn thành nhiệm vụ", "from": "0" },
        ],
        "declarations": [{ "code": "clean", "title": "Không có cán bộ công đoàn bị kỷ luật" }],
        "gates": [gate], "quotas": [quota],
        "eligibility": [{ "after": ["FOUNDED"], "months": 12 }, { "after": ["SPLIT", "MERGED", "CONSOLIDATED"], "months": 6 }],
        "tieBreaks": [{ "by": { "points": { "nodeCode": "work" } } }, { "by": { "other": { "kind": "BALLOT" } } }],
    })
}

/// The phases of a year in their order.
pub const PHASES: [&str; 9] = [
    "PLANNED",
    "REGISTERING",
    "RUNNING",
    "SELF_SCORING",
    "CROSS_CHECKING",
    "APPRAISING",
    "VOTING",
    "DECIDING",
    "PUBLISHED",
];

impl Year {
    /// A cluster with a year that is planned.
    pub async fn begin(app: &TestApp) -> Self {
        let (cluster, reporting, criteria) = Self::before(app).await;
        let (specialist, committee) = (reporting.specialist.clone(), reporting.committee.clone());
        let mut new = new(&cluster.id);
        new["criteriaVersionId"] = criteria.clone().into();
        let id = specialist.does("createEmulationYear", new).await.id().to_owned();
        let world = app.world();
        Self {
            app: app.clone(),
            id,
            cluster,
            reporting,
            criteria,
            specialist,
            committee,
            chair: app.officer_of(&world[MEMBERS[0]]).await,
            deputy: app.officer_of(&world[MEMBERS[1]]).await,
        }
    }

    /// What there is before a year is opened: the cluster, the form, the criteria.
    pub async fn before(app: &TestApp) -> (Cluster, Reporting, String) {
        let world = app.world();
        let reporting = Reporting::begin(app).await;
        let cluster = Cluster::of(app, "Viên chức", "Cụm thi đua số 1", &MEMBERS).await;
        for (office, holder) in [("CHAIR", MEMBERS[0]), ("DEPUTY", MEMBERS[1])] {
            cluster.gives(office, &world[holder], "2026-01-01").await.thing();
        }
        let table = Table::begin(app, &world["Viên chức"], "BD-2026").await;
        let criteria = table.in_force(&criteria()).await;
        (cluster, reporting, criteria)
    }

    /// Takes it on, or back, to a phase.
    pub async fn to_phase(&self, phase: &str) {
        let place = |phase: &str| PHASES.iter().position(|one| *one == phase).expect("a phase");
        loop {
            let now = self.asked("phase").await;
            let (at, to) = (place(now.str("/node/phase")), place(phase));
            let answer = match at.cmp(&to) {
                std::cmp::Ordering::Equal => return,
                std::cmp::Ordering::Less => self.does(&self.specialist, "advanceEmulationYear", json!({})).await,
                std::cmp::Ordering::Greater => {
                    let reason = json!({ "reason": "Làm lại cho đúng" });
                    self.does(&self.specialist, "stepBackEmulationYear", reason).await
                }
            };
            answer.thing();
        }
    }

    /// What its specialist sees of it.
    pub async fn asked(&self, fields: &str) -> Answer {
        self.seen_by(&self.specialist, fields).await
    }

    /// What somebody sees of it.
    pub async fn seen_by(&self, who: &Person, fields: &str) -> Answer {
        node(who, &self.id, fields).await
    }

    /// Its version.
    pub async fn version(&self) -> i64 {
        self.asked("version")
            .await
            .at("/node/version")
            .as_i64()
            .expect("a version")
    }

    /// Does something to the year itself, at the version that it has now.
    pub async fn does(&self, who: &Person, mutation: &str, mut input: Value) -> Answer {
        input["id"] = self.id.clone().into();
        input["version"] = self.version().await.into();
        who.does(mutation, input).await
    }

    /// An officer of a unit of the world, by its short name.
    pub async fn officer(&self, unit: &str) -> Person {
        self.app.officer_of(&self.app.world()[unit]).await
    }

    /// The id of a unit of the world, by its short name.
    pub fn unit(&self, unit: &str) -> String {
        self.app.world()[unit].id()
    }
}

/// A year of a cluster to be opened, without criteria.
pub fn new(cluster: &str) -> Value {
    json!({
        "clusterId": cluster, "year": 2026, "theme": "Đổi mới, sáng tạo vì đoàn viên", "startsOn": "2026-01-01", "endsOn": "2026-12-31",
        "blind": true, "objectionDays": 5,
        "phases": [{ "phase": "REGISTERING", "startsOn": "2026-01-15" }, { "phase": "RUNNING", "startsOn": "2026-03-01" }],
    })
}

pub async fn node(who: &Person, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on EmulationYear {{ {fields} }} }} }}");
    who.graphql(&query, json!({ "id": id })).await
}

async fn a_specialist_opens_a_year_and_the_members_take_part(app: TestApp) {
    let year = Year::begin(&app).await;
    let fields = "year theme phase startsOn endsOn schoolStartsOn blind objectionDays clusterName cluster { name } criteriaSha256 \
                  criteriaVersion { id } plannedPhases { phase startsOn } steps { phase by reason } membersMissing { unitName } \
                  participants { unitName unit { name } calendar withdrawnOn note }";
    let seen = year.asked(fields).await;
    assert_eq!(seen.str("/node/phase"), "PLANNED");
    assert_eq!(seen.str("/node/clusterName"), "Cụm thi đua số 1");
    assert_eq!(seen.str("/node/criteriaVersion/id"), year.criteria);
    assert_eq!(*seen.at("/node/criteriaSha256"), Value::Null, "nothing is frozen yet");
    assert_eq!(seen.texts("/node/plannedPhases", "phase"), ["REGISTERING", "RUNNING"]);
    assert_eq!(seen.texts("/node/steps", "phase"), ["PLANNED"]);
    let mut names = seen.texts("/node/participants", "unitName");
    names.sort_unstable();
    let world = app.world();
    let mut members: Vec<&str> = MEMBERS.iter().map(|member| world[*member].name.as_str()).collect();
    members.sort_unstable();
    assert_eq!(names, members);
    assert!(seen.at("/node/membersMissing").as_array().is_some_and(Vec::is_empty));
    let again = year.specialist.does("createEmulationYear", new(&year.cluster.id)).await;
    assert_eq!(again.code(), "ALREADY_EXISTS", "a cluster has one year of a name");
}

async fn a_year_goes_on_step_by_step_and_back_with_a_reason(app: TestApp) {
    let year = Year::begin(&app).await;
    for phase in &PHASES[1..8] {
        let entered = year.does(&year.chair, "advanceEmulationYear", json!({})).await;
        assert_eq!(entered.thing()["phase"], *phase, "{entered}");
    }
    let past = year.does(&year.committee, "advanceEmulationYear", json!({})).await;
    assert_eq!(
        past.code(),
        "WRONG_STATE",
        "a year ends with the publishing of its result"
    );
    let nothing = year
        .does(&year.specialist, "stepBackEmulationYear", json!({ "reason": " " }))
        .await;
    assert_eq!(nothing.user_errors(), [("REQUIRED", "reason")]);
    let reason = json!({ "reason": "Hội nghị bình xét chưa đủ đại biểu" });
    let chair = year.does(&year.chair, "stepBackEmulationYear", reason.clone()).await;
    assert_eq!(
        chair.code(),
        "FORBIDDEN",
        "the chair takes it on, the organiser takes it back"
    );
    let back = year.does(&year.specialist, "stepBackEmulationYear", reason).await;
    assert_eq!(back.thing()["phase"], "VOTING");
    let steps = year.asked("steps { phase reason }").await;
    assert_eq!(steps.texts("/node/steps", "phase")[7..], ["DECIDING", "VOTING"]);
    assert_eq!(steps.str("/node/steps/8/reason"), "Hội nghị bình xét chưa đủ đại biểu");
}

async fn of_eight_who_take_a_year_on_at_once_one_is_in_time(app: TestApp) {
    let year = Year::begin(&app).await;
    let step = json!({ "id": year.id, "version": year.version().await });
    let answers = join_all((0..8).map(|_| year.chair.does("advanceEmulationYear", step.clone()))).await;
    let done = answers.iter().filter(|answer| answer.code().is_empty()).count();
    let late = answers.iter().filter(|answer| answer.code() == "STALE_VERSION").count();
    assert_eq!((done, late), (1, 7));
    assert_eq!(year.asked("phase").await.str("/node/phase"), "REGISTERING");
}

async fn who_opens_and_changes_years_and_who_does_not(app: TestApp) {
    let year = Year::begin(&app).await;
    let next = {
        let mut next = new(&year.cluster.id);
        next["year"] = 2027.into();
        next["startsOn"] = "2027-01-01".into();
        next["endsOn"] = "2027-12-31".into();
        next["phases"] = json!([]);
        next
    };
    let world = app.world();
    for (who, code) in [
        (&year.chair, "FORBIDDEN"),
        (&year.deputy, "FORBIDDEN"),
        (&year.committee, "FORBIDDEN"),
        (&app.officer_of(&world["Thư viện"]).await, "FORBIDDEN"),
        (&app.specialist_of(&world["Kon Tum"]).await, "NOT_FOUND"),
        (&app.officer_of(&world["Y tế Đăk Tô"]).await, "NOT_FOUND"),
    ] {
        assert_eq!(who.does("createEmulationYear", next.clone()).await.code(), code);
        let theme = json!({ "id": year.id, "version": 1, "theme": "Khác" });
        assert_eq!(who.does("updateEmulationYear", theme).await.code(), code);
    }
    assert_eq!(
        node(&app.specialist_of(&world["Kon Tum"]).await, &year.id, "id")
            .await
            .code(),
        "NOT_FOUND"
    );
    year.specialist.does("createEmulationYear", next).await.thing();
}

async fn what_units_are_judged_by_stays_once_one_has_begun_to_score(app: TestApp) {
    let scoring = Scoring::begin(&app).await;
    let year = &scoring.year;
    let library = year.officer("Thư viện").await;
    scoring.write(&library, "Thư viện", "SELF", good()).await.thing();
    year.to_phase("RUNNING").await;
    let frozen = year.asked("criteriaSha256 criteriaVersion { sha256 }").await;
    assert_eq!(
        frozen.at("/node/criteriaSha256"),
        frozen.at("/node/criteriaVersion/sha256"),
        "a step back lets go of nothing"
    );
    for change in [
        json!({ "criteriaVersionId": null }),
        json!({ "blind": false }),
        json!({ "endsOn": "2026-11-30" }),
        json!({ "schoolStartsOn": "2025-09-01", "schoolEndsOn": "2026-05-31" }),
    ] {
        let refused = year.does(&year.specialist, "updateEmulationYear", change.clone()).await;
        assert_eq!(refused.code(), "WRONG_STATE", "{change}");
    }
    for change in [json!({ "objectionDays": 9 }), json!({ "theme": "Chủ đề mới" })] {
        year.does(&year.specialist, "updateEmulationYear", change).await.thing();
    }
    let audit = app.audit_of(Kind::EmulationYear.parse(&year.id).expect("a year")).await;
    let last = audit.last().expect("an entry");
    assert!(
        last.detail.contains("Đổi mới, sáng tạo vì đoàn viên"),
        "what it was before: {}",
        last.detail
    );
}

async fn where_schools_take_part_the_criteria_are_frozen_when_the_year_runs(app: TestApp) {
    let year = Year::begin(&app).await;
    let school = json!({ "schoolStartsOn": "2025-09-01", "schoolEndsOn": "2026-05-31" });
    year.does(&year.specialist, "updateEmulationYear", school).await.thing();
    let digests = async || {
        let seen = year.asked("criteriaSha256 criteriaVersion { sha256 }").await;
        (
            seen.at("/node/criteriaSha256").clone(),
            seen.peek("/node/criteriaVersion").clone(),
        )
    };
    year.to_phase("REGISTERING").await;
    assert_eq!(digests().await.0, Value::Null);
    year.to_phase("RUNNING").await;
    let (frozen, version) = digests().await;
    assert_eq!(frozen, version["sha256"], "schools score themselves from now on");
    // Nobody has begun yet, so others are chosen, and these are frozen then.
    let none = json!({ "criteriaVersionId": null });
    year.does(&year.specialist, "updateEmulationYear", none).await.thing();
    assert_eq!(digests().await.0, Value::Null);
    let chosen = json!({ "criteriaVersionId": year.criteria });
    year.does(&year.specialist, "updateEmulationYear", chosen).await.thing();
    year.to_phase("SELF_SCORING").await;
    assert_eq!(digests().await.0, frozen);
    year.to_phase("REGISTERING").await;
    assert_eq!(digests().await.0, Value::Null);
}

async fn a_year_asked_for_twice_under_one_key_is_one(app: TestApp) {
    let (cluster, reporting, _) = Year::before(&app).await;
    let mut next = new(&cluster.id);
    next["idempotencyKey"] = "may-2".into();
    let first = reporting.specialist.does("createEmulationYear", next.clone()).await;
    let again = reporting.specialist.does("createEmulationYear", next.clone()).await;
    assert_eq!(first.id(), again.id());
    next["theme"] = "Khác".into();
    let other = reporting.specialist.does("createEmulationYear", next).await;
    assert_eq!(other.user_errors(), [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]);
    // A machine whose answer was lost asks again on REST too.
    let mut on_rest = new(&cluster.id);
    on_rest["year"] = 2027.into();
    on_rest["startsOn"] = "2027-01-01".into();
    on_rest["endsOn"] = "2027-12-31".into();
    on_rest["phases"] = json!([]);
    let headers = [("Idempotency-Key", "may-3"), ("Content-Type", "application/json")];
    let post = async || {
        let method = actix_web::http::Method::POST;
        let path = "/api/v1/emulation-years";
        reporting
            .specialist
            .request(method, path, &headers, on_rest.to_string())
            .await
    };
    let (first, again) = (post().await, post().await);
    assert_eq!((first.status(), again.status()), (201, 201), "{again}");
    assert_eq!(first.body()["id"], again.body()["id"]);
}
