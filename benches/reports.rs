//! What reporting costs beside a plain insert of the same rows in one transaction: writing and sending a report of forty figures, and
//! approving 250 reports at once. With the number of SQL statements. One run, medians, ratios; on SQLite.
//!
//! `cargo bench --bench reports`

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait, QueryFilter as _, Set};
use thidua::auth::Actor;
use thidua::env::{Clock, Env};
use thidua::forms::bounds::Bounds;
use thidua::forms::content::{FilledInBy, FormContent, Item, Section};
use thidua::forms::usecases as forms;
use thidua::policy::{Capacity, Scope};
use thidua::reports::usecases::{self as reports, NewReport, Review, Saving, Step, TypedFigure};
use thidua::request::{self, Client, RequestRecord};
use thidua::settings::Settings;
use thidua::units::usecases::{self as units, NewUnit};
use thidua::version::Seen;
use thidua::{db, migrate, server};
use thidua_entity::enums::{
    Aggregation, FigurePart, NumberForm, PeriodKind, ReportAction, ReportStatus, Role, UnitKind,
};
use thidua_entity::{report_sending, report_sent_value, report_step, report_submission, report_value};
use uuid::Uuid;

const FIGURES: usize = 40;
const REPORTS: usize = 250;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    server::block_on(measure())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Somebody with one role.
fn holding(role: Role, scope: Scope) -> Actor {
    Actor::command_line().holding(vec![(Capacity::Role(role), scope).into()], Vec::new())
}

/// What something took, and how many statements that were.
async fn timed<T, E: Error + 'static>(work: impl Future<Output = Result<T, E>>) -> Outcome<(T, Duration, u32)> {
    let record = RequestRecord::new("benchmark".to_owned(), Client::default());
    let begun = Instant::now();
    let done = request::scope(Arc::clone(&record), work).await?;
    Ok((done, begun.elapsed(), record.statements()))
}

/// A form of forty indicators and a period, for all units.
struct Reporting {
    form: Uuid,
    period: Uuid,
    units: Vec<Uuid>,
}

async fn begin(env: &Env) -> Outcome<Reporting> {
    let admin = Actor::command_line();
    let specialist = holding(Role::Specialist, Scope::Everything);
    let day = |text: &str| text.parse::<NaiveDate>();
    let unit = |kind, name: String, parent| NewUnit {
        kind,
        name,
        parent,
        sector: None,
        province: None,
        founded_on: None,
        decision: None,
    };
    let top = unit(
        UnitKind::Confederation,
        "Tổng Liên đoàn Lao động Việt Nam".to_owned(),
        None,
    );
    let top = units::create(env, &admin, top, None).await?.id;
    let union = unit(
        UnitKind::ProvincialFederation,
        "Liên đoàn Lao động tỉnh Sóc Trăng".to_owned(),
        Some(top),
    );
    let union = units::create(env, &admin, union, None).await?.id;
    let mut below = Vec::new();
    for number in 0..REPORTS {
        let grassroots = unit(
            UnitKind::Grassroots,
            format!("CĐCS Trường Tiểu học số {number}"),
            Some(union),
        );
        below.push(units::create(env, &specialist, grassroots, None).await?.id);
    }
    let mut items = Vec::new();
    for number in 0..FIGURES {
        let indicator = forms::NewIndicator {
            code: format!("chi_tieu_{number}"),
            name: format!("Chỉ tiêu số {number}"),
            unit_of_measure: "người".to_owned(),
            number_form: NumberForm::Integer,
            aggregation: Aggregation::Flow,
            numerator: None,
            denominator: None,
            bounds: Bounds::default(),
            dimensions: Vec::new(),
            choices: Vec::new(),
            description: None,
        };
        items.push(Item {
            indicator: forms::create_indicator(env, &specialist, indicator).await?.code,
            required: true,
            help: None,
            bounds: Bounds::default(),
            dimensions: Vec::new(),
        });
    }
    let form = forms::create_form(env, &specialist, union, "TK-01", "Biểu thống kê", PeriodKind::Year)
        .await?
        .id;
    let content = FormContent {
        filled_in_by: FilledInBy {
            unit_kinds: vec![UnitKind::Grassroots],
            sectors: Vec::new(),
            size: None,
        },
        sections: vec![Section {
            title: None,
            help: None,
            items,
        }],
        rules: Vec::new(),
        legal_basis: None,
    };
    forms::write_form_draft(env, &specialist, form, content, None).await?;
    forms::publish_form(env, &specialist, form, 1, 1).await?;
    let period = forms::NewPeriod {
        owner: union,
        code: "2026".to_owned(),
        name: "Năm 2026".to_owned(),
        kind: PeriodKind::Year,
        starts_on: day("2026-01-01")?,
        ends_on: day("2026-12-31")?,
        due_on: None,
    };
    let period = forms::create_period(env, &specialist, period).await?.id;
    Ok(Reporting {
        form,
        period,
        units: below,
    })
}

#[allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
async fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        ..Settings::default()
    };
    migrate::run(&settings.database()).await?;
    let env = Env::new(&settings, db::open(&settings.database()).await?, Clock::default())?;
    let reporting = begin(&env).await?;
    let figures: Vec<TypedFigure> = (0..FIGURES)
        .map(|number| TypedFigure {
            indicator: format!("chi_tieu_{number}"),
            part: FigurePart::Total,
            text: format!("1.{:03}", number * 7),
            nature: None,
        })
        .collect();
    let (mut whole, mut plain, mut statements) = (Vec::new(), Vec::new(), (0, 0, 0));
    let mut sent = Vec::new();
    for unit in &reporting.units {
        let officer = holding(Role::UnitOfficer, Scope::Unit(*unit));
        let new = NewReport {
            id: None,
            unit: *unit,
            form: reporting.form,
            period: reporting.period,
            key: None,
        };
        let (report, begun, first) = Box::pin(timed(reports::create(&env, &officer, new))).await?;
        let saving = Saving {
            report: report.id,
            seen: &Seen::Any,
            version: Some(1),
            figures: &figures,
            note: None,
            key: None,
        };
        let (_, saved, second) = Box::pin(timed(reports::save(&env, &officer, &saving))).await?;
        let step = Step {
            report: report.id,
            seen: 2.into(),
            key: None,
        };
        let (_, submitted, third) = Box::pin(timed(reports::submit(&env, &officer, &step, Vec::new()))).await?;
        whole.push(begun + saved + submitted);
        statements = (first, second, third);
        sent.push(report.id);
        plain.push(copy(&env, report.id).await?);
    }
    let (whole, plain) = (median(whole), median(plain));
    println!("a report of {FIGURES} figures begun, written and sent, medians of {REPORTS}");
    println!("as the service does it          {whole:>10.1?}  {statements:?} statements");
    println!(
        "the same rows, plainly inserted {plain:>10.1?}  {} times",
        ratio(whole, plain)
    );

    let verified: Vec<(Uuid, i32)> = sent.iter().map(|report| (*report, 3)).collect();
    let specialist = holding(Role::Specialist, Scope::Everything);
    let committee = holding(Role::StandingCommittee, Scope::Everything);
    let review = |action, reports| Review {
        action,
        reports,
        reason: None,
        dry_run: false,
    };
    let (done, took, count) = timed(reports::review(
        &env,
        &specialist,
        &review(ReportAction::Verify, &verified),
    ))
    .await?;
    let taken = done.iter().filter(|one| one.outcome.is_ok()).count();
    println!("{taken} reports verified at once      {took:>10.1?}  {count} statements");
    let approved: Vec<(Uuid, i32)> = sent.iter().map(|report| (*report, 4)).collect();
    let (done, took, count) = timed(reports::review(
        &env,
        &committee,
        &review(ReportAction::Approve, &approved),
    ))
    .await?;
    let taken = done.iter().filter(|one| one.outcome.is_ok()).count();
    let plain = approve_plainly(&env, &sent).await?;
    println!("{taken} reports approved at once      {took:>10.1?}  {count} statements");
    println!(
        "the same rows, plainly written  {plain:>10.1?}  {} times",
        ratio(took, plain)
    );
    Ok(())
}

/// How many times as long, in hundredths.
fn ratio(one: Duration, other: Duration) -> String {
    let hundredths = one.as_nanos().saturating_mul(100) / other.as_nanos().max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Inserts a report with its figures, its steps and what was kept of its sending again under other ids, in one transaction: what the disk and the database alone
/// cost. The copy is taken back.
async fn copy(env: &Env, report: Uuid) -> Outcome<Duration> {
    let row = report_submission::Entity::find_by_id(report)
        .one(&env.db)
        .await?
        .ok_or("no report")?;
    let values = report_value::Entity::find().filter(report_value::Column::SubmissionId.eq(report));
    let values = values.all(&env.db).await?;
    let steps = report_step::Entity::find().filter(report_step::Column::SubmissionId.eq(report));
    let steps = steps.all(&env.db).await?;
    let sendings = report_sending::Entity::find().filter(report_sending::Column::SubmissionId.eq(report));
    let sending = sendings.one(&env.db).await?.ok_or("no sending")?;
    let sent = report_sent_value::Entity::find().filter(report_sent_value::Column::SendingId.eq(sending.id));
    let sent = sent.all(&env.db).await?;
    let (other, of_other) = (Uuid::now_v7(), Uuid::now_v7());
    let begun = Instant::now();
    let tx = db::begin_write(&env.db).await?;
    let row = report_submission::ActiveModel {
        id: Set(other),
        revision: Set(99),
        corrects_id: Set(Some(report)),
        correction_reason: Set(Some("Bản sao để đo".to_owned())),
        ..row.into()
    };
    report_submission::Entity::insert(row.reset_all())
        .exec_without_returning(&tx)
        .await?;
    let values = values.into_iter().map(|value| report_value::ActiveModel {
        submission_id: Set(other),
        ..report_value::ActiveModel::from(value).reset_all()
    });
    report_value::Entity::insert_many(values)
        .exec_without_returning(&tx)
        .await?;
    let steps = steps.into_iter().map(|step| report_step::ActiveModel {
        id: Set(Uuid::now_v7()),
        submission_id: Set(other),
        ..report_step::ActiveModel::from(step).reset_all()
    });
    report_step::Entity::insert_many(steps)
        .exec_without_returning(&tx)
        .await?;
    let sending = report_sending::ActiveModel {
        id: Set(of_other),
        submission_id: Set(other),
        ..sending.into()
    };
    report_sending::Entity::insert(sending.reset_all())
        .exec_without_returning(&tx)
        .await?;
    let sent = sent.into_iter().map(|value| report_sent_value::ActiveModel {
        sending_id: Set(of_other),
        ..report_sent_value::ActiveModel::from(value).reset_all()
    });
    report_sent_value::Entity::insert_many(sent)
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    let took = begun.elapsed();
    report_sent_value::Entity::delete_many()
        .filter(report_sent_value::Column::SendingId.eq(of_other))
        .exec(&env.db)
        .await?;
    report_sending::Entity::delete_by_id(of_other).exec(&env.db).await?;
    let of = |column: report_value::Column| column.eq(other);
    report_value::Entity::delete_many()
        .filter(of(report_value::Column::SubmissionId))
        .exec(&env.db)
        .await?;
    report_step::Entity::delete_many()
        .filter(report_step::Column::SubmissionId.eq(other))
        .exec(&env.db)
        .await?;
    report_submission::Entity::delete_by_id(other).exec(&env.db).await?;
    Ok(took)
}

/// Writes the status of some reports and a step of each, in one transaction.
async fn approve_plainly(env: &Env, reports: &[Uuid]) -> Outcome<Duration> {
    let begun = Instant::now();
    let tx = db::begin_write(&env.db).await?;
    let change = report_submission::ActiveModel {
        status: Set(ReportStatus::Approved),
        approved_at: Set(Some(env.now())),
        ..Default::default()
    };
    report_submission::Entity::update_many()
        .set(change)
        .filter(report_submission::Column::Id.is_in(reports.iter().copied()))
        .exec(&tx)
        .await?;
    let steps = reports.iter().map(|report| report_step::ActiveModel {
        id: Set(Uuid::now_v7()),
        submission_id: Set(*report),
        action: Set(ReportAction::Approve),
        status: Set(ReportStatus::Approved),
        account_id: Set(None),
        acted_for: Set(None),
        reason: Set(None),
        at: Set(env.now()),
    });
    report_step::Entity::insert_many(steps)
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    Ok(begun.elapsed())
}
