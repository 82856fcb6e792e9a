//! What reporting costs beside a plain insert of the same rows in one transaction: writing and sending a report of forty figures, and
//! approving 250 reports at once. With the number of SQL statements. One run, medians, ratios; on SQLite.
//!
//! `cargo bench --bench reports`

use std::time::{Duration, Instant};

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait, QueryFilter as _, Set};
use thidua::env::{Clock, Env};
use thidua::policy::Scope;
use thidua::reports::usecases::{self as reports, NewReport, Review, Saving, Step, TypedFigure};
use thidua::settings::Settings;
use thidua::version::Seen;
use thidua::{db, migrate, server};
use thidua_entity::enums::{FigurePart, ReportAction, ReportStatus, Role};
use thidua_entity::{report_sending, report_sent_value, report_step, report_submission, report_value};
use uuid::Uuid;

mod shared;

use shared::{FIGURES, Outcome, begin, holding, median, ratio, timed};

const REPORTS: usize = 250;

fn main() -> Outcome {
    server::block_on(measure())
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
    let reporting = begin(&env, REPORTS).await?;
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

/// Inserts a report with its figures, its steps and what was kept of its sending again under other ids, in one transaction: what the disk and
/// the database alone
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
