//! What a report says that somebody may do with it is what really happens: in every state of its life, for every step, for
//! everybody from every place.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::{Capacity, Scope};
use thidua_entity::enums::{Office, ReportAction, ReportStatus, Role};
use thidua_entity::{report_step, report_submission, report_value, report_writer};
use uuid::Uuid;

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    what_a_report_says_that_one_may_do_is_what_happens,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];
/// Any number will do; the report is brought back to it.
const VERSION: i32 = 40;

/// The report under test, which is brought back to a state before each attempt.
struct Report<'a> {
    app: &'a TestApp,
    draft: Draft,
    writers: Vec<Uuid>,
}

impl Report<'_> {
    fn uuid(&self) -> Uuid {
        Kind::ReportSubmission.parse(&self.draft.id).expect("a report")
    }

    async fn is(&self, status: ReportStatus) {
        let db = &self.app.env.db;
        self.is_not_corrected().await;
        let row = report_submission::ActiveModel {
            status: Set(status),
            version: Set(VERSION),
            submitted_at: Set((status != ReportStatus::Draft).then(|| self.app.env.now())),
            approved_at: Set(
                matches!(status, ReportStatus::Approved | ReportStatus::Replaced).then(|| self.app.env.now())
            ),
            ..Default::default()
        };
        let update = report_submission::Entity::update_many().set(row);
        let update = update.filter(report_submission::Column::Id.eq(self.uuid()));
        update.exec(db).await.expect("an update");
        let written = report_writer::Entity::delete_many();
        let written = written.filter(report_writer::Column::SubmissionId.eq(self.uuid()));
        written.exec(db).await.expect("a deletion");
        let writers = self.writers.iter().map(|&account| report_writer::ActiveModel {
            submission_id: Set(self.uuid()),
            account_id: Set(account),
        });
        let writers = report_writer::Entity::insert_many(writers);
        writers.exec_without_returning(db).await.expect("writers");
    }

    /// As if nobody had begun a correction.
    async fn is_not_corrected(&self) {
        let db = &self.app.env.db;
        let correction =
            report_submission::Entity::find().filter(report_submission::Column::CorrectsId.eq(self.uuid()));
        let Some(correction) = correction.one(db).await.expect("a look") else {
            return;
        };
        let (id, gone) = (correction.id, "a deletion");
        let values = report_value::Entity::delete_many().filter(report_value::Column::SubmissionId.eq(id));
        values.exec(db).await.expect(gone);
        let writers = report_writer::Entity::delete_many().filter(report_writer::Column::SubmissionId.eq(id));
        writers.exec(db).await.expect(gone);
        let steps = report_step::Entity::delete_many().filter(report_step::Column::SubmissionId.eq(id));
        steps.exec(db).await.expect(gone);
        report_submission::Entity::delete_by_id(id).exec(db).await.expect(gone);
    }

    /// What the report says of each step: the code of the refusal, empty where it is allowed. `None` when it is not seen.
    async fn told(&self, who: &Person) -> Option<Vec<(ReportAction, String)>> {
        let seen = self.draft.seen_by(who, "viewerCan { action allowed code }").await;
        if seen.code() == "NOT_FOUND" {
            return None;
        }
        let steps = seen.at("/node/viewerCan").as_array().expect("a list").iter();
        let steps = steps.map(|step| {
            let action = ReportAction::ALL.iter().find(|action| step["action"] == action.code());
            assert_eq!(step["allowed"], step["code"].is_null(), "{step}");
            (
                *action.expect("a step of the life"),
                step["code"].as_str().unwrap_or_default().to_owned(),
            )
        });
        Some(steps.collect())
    }

    /// Tries steps in one request and tells the code of each refusal, empty where it was taken.
    async fn tries(&self, who: &Person, steps: &[ReportAction]) -> Vec<String> {
        let id = json!(self.draft.id);
        let calls = steps.iter().map(|&step| {
            let more = match step {
                ReportAction::Save => ", figures: [{ indicatorCode: \"members_total\", text: \"5\" }]",
                ReportAction::Return | ReportAction::Correct => ", reason: \"Thiếu chữ ký\"",
                _ => "",
            };
            let (name, payload) = (
                format!("{}Report", step.code().to_lowercase()),
                "report { id } userErrors { code }",
            );
            format!("{name}(input: {{ id: {id}, version: {VERSION}{more} }}) {{ {payload} }}")
        });
        let document = format!("mutation {{ {} }}", calls.collect::<Vec<_>>().join(" "));
        let answer = who.graphql(&document, json!({})).await;
        let code = |&step: &ReportAction| {
            let name = format!("{}Report", step.code().to_lowercase());
            let error = answer.errors().iter().find(|error| error["path"][0] == name.as_str());
            match error {
                Some(error) => error["extensions"]["code"].as_str().unwrap_or("?").to_owned(),
                None => {
                    let taken = &answer.body()["data"][&name];
                    assert_eq!(taken["userErrors"], json!([]), "{answer}");
                    assert_ne!(taken["report"], Value::Null, "{answer}");
                    String::new()
                }
            }
        };
        steps.iter().map(code).collect()
    }
}

/// Everybody there may be: each role in each kind of scope, each office, and two who are several things, one of them a writer.
async fn everybody(app: &TestApp) -> Vec<(String, Person)> {
    let world = app.world();
    let cluster = Cluster::of(app, "Viên chức", "Cụm 1", &["Sở Nội vụ", "Thư viện", "Sở Tài chính"]).await;
    let other = Cluster::of(app, "Viên chức", "Cụm 2", &["Sở Ngoại vụ", "Sở Khoa học"]).await;
    for (cluster, office, unit) in [
        (&cluster, "CHAIR", "Thư viện"),
        (&cluster, "DEPUTY", "Sở Tài chính"),
        (&other, "CHAIR", "Sở Ngoại vụ"),
        (&other, "DEPUTY", "Sở Khoa học"),
    ] {
        cluster.gives(office, &world[unit], "2025-01-01").await.thing();
    }
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    let of = |one: &Cluster| Scope::Cluster(Kind::Cluster.parse(&one.id).expect("a cluster"));
    let scopes = [
        ("its unit", unit("Sở Nội vụ")),
        ("the unit above", unit("Viên chức")),
        ("the union of its province", unit("Sóc Trăng")),
        ("a unit elsewhere", unit("Kon Tum")),
        ("a member of its cluster", unit("Thư viện")),
        ("its cluster", of(&cluster)),
        ("another cluster", of(&other)),
        ("its province", Scope::Province(world.soc_trang.uuid)),
        ("another province", Scope::Province(world.kon_tum.uuid)),
        ("everything", Scope::Everything),
    ];
    let mut people = Vec::new();
    for capacity in Capacity::ALL {
        match capacity {
            Capacity::Role(role) => {
                for (name, scope) in scopes {
                    people.push((
                        format!("{} of {name}", role.code()),
                        app.person(&[(*role, scope)]).await,
                    ));
                }
            }
            Capacity::Office(office) => {
                let [here, there] = match office {
                    Office::Chair => ["Thư viện", "Sở Ngoại vụ"],
                    Office::Deputy => ["Sở Tài chính", "Sở Khoa học"],
                };
                for (name, holder) in [("its cluster", here), ("another cluster", there)] {
                    people.push((
                        format!("{} of {name}", office.code()),
                        app.officer_of(&world[holder]).await,
                    ));
                }
            }
        }
    }
    let all = [
        (Role::UnitOfficer, unit("Sở Nội vụ")),
        (Role::Specialist, unit("Viên chức")),
        (Role::StandingCommittee, unit("Sóc Trăng")),
    ];
    for name in ["everything at once", WRITER] {
        people.push((name.to_owned(), app.person(&all).await));
    }
    people
}

/// Who is everything at once and wrote the report too.
const WRITER: &str = "everything at once, and wrote it";

async fn what_a_report_says_that_one_may_do_is_what_happens(app: TestApp) {
    let world = app.world();
    let reporting = Reporting::begin(&app).await;
    let people = everybody(&app).await;
    let writer = people.iter().find(|(name, _)| name == WRITER).expect("the writer");
    let draft = reporting.draft(&writer.1, &world["Sở Nội vụ"], COMPLETE).await;
    let writers = vec![writer.1.account()];
    let app = &app;
    let report = Report { app, draft, writers };
    let (mut taken, mut refused) = (0, 0);
    let steps: Vec<ReportAction> = ReportAction::ALL[1..].to_vec();
    for &status in ReportStatus::ALL {
        report.is(status).await;
        for (name, who) in &people {
            let Some(told) = report.told(who).await else {
                let codes = report.tries(who, &steps).await;
                assert_eq!(
                    codes,
                    vec!["NOT_FOUND"; steps.len()],
                    "{name} does not see it while {status:?}"
                );
                continue;
            };
            assert_eq!(told.iter().map(|(step, _)| *step).collect::<Vec<_>>(), steps);
            let (free, barred): (Vec<_>, Vec<_>) = told.into_iter().partition(|(_, code)| code.is_empty());
            let codes: Vec<String> = barred.iter().map(|(_, code)| code.clone()).collect();
            let barred: Vec<ReportAction> = barred.into_iter().map(|(step, _)| step).collect();
            if !barred.is_empty() {
                let came = report.tries(who, &barred).await;
                assert_eq!(came, codes, "{name}, {barred:?} while {status:?}");
            }
            refused += barred.len();
            for (step, _) in free {
                let came = report.tries(who, &[step]).await;
                assert_eq!(came, [""], "{name}, {step:?} while {status:?}");
                report.is(status).await;
                taken += 1;
            }
        }
    }
    // As many as the policy says: else nobody would notice that the report says no to everybody.
    assert!(taken > 50 && refused > 500, "{taken} steps taken, {refused} refused");
}
