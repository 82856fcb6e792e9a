//! What it takes to import one spreadsheet of 1,000 units with forty figures each, beside a plain insert of the same rows in one
//! transaction; and to import it again with other figures. With the number of SQL statements. One run; on SQLite.
//!
//! `cargo bench --bench sheets`

use std::time::{Duration, Instant};

use sea_orm::{ActiveModelTrait as _, EntityTrait, IntoActiveModel as _, PaginatorTrait as _};
use thidua::auth::Actor;
use thidua::env::{Clock, Env};
use thidua::policy::{Held, Scope, ServiceScopes};
use thidua::reports::usecases::{self as reports, FillMode, FilledInUnits};
use thidua::settings::Settings;
use thidua::sheets::{self, FilledUnits, Format, Shown};
use thidua::{db, migrate, server};
use thidua_entity::{Fixed4, audit_entry, report_mark, report_step, report_submission, report_value};

mod shared;

use shared::{FIGURES, Outcome, Reporting, begin, ratio, timed};

const UNITS: usize = 1_000;
/// Rows of one plain insert.
const ROWS: usize = 1_000;

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
    let reporting = begin(&env, UNITS).await?;
    let scopes = ServiceScopes::read("reports:write units:read");
    let held = Held::by_service(Scope::Unit(reporting.union), scopes);
    let system = Actor::command_line().holding(vec![held], Vec::new());

    println!("a spreadsheet of {UNITS} units with {FIGURES} figures each");
    let (filled, size, written, read) = sheet(&env, &system, &reporting, 7).await?;
    println!("written                         {written:>10.1?}  {size} bytes");
    println!("read                            {read:>10.1?}");
    let traced = audit_entry::Entity::find().count(&env.db).await?;
    let (taken, took, count) = Box::pin(timed(fill(&env, &system, &reporting, filled))).await?;
    println!(
        "{} reports begun               {took:>10.1?}  {count} statements",
        taken.units.len()
    );
    let plain = plainly(&env, traced).await?;
    println!(
        "the same rows, plainly inserted {plain:>10.1?}  {} times; with reading the file {} times",
        ratio(took, plain),
        ratio(took + read, plain)
    );
    let (filled, ..) = sheet(&env, &system, &reporting, 8).await?;
    let (taken, took, count) = Box::pin(timed(fill(&env, &system, &reporting, filled))).await?;
    println!(
        "{} reports changed             {took:>10.1?}  {count} statements",
        taken.units.len()
    );
    Ok(())
}

async fn fill(
    env: &Env,
    system: &Actor,
    reporting: &Reporting,
    filled: FilledUnits,
) -> thidua::error::Result<FilledInUnits> {
    let of = (reporting.form, reporting.period);
    reports::fill_in_units(env, system, of, filled, (FillMode::Atomic, false)).await
}

/// The sheet of everybody filled in, as a workbook that was read again; its bytes, and how long writing and reading took.
async fn sheet(
    env: &Env,
    system: &Actor,
    reporting: &Reporting,
    factor: i64,
) -> Outcome<(FilledUnits, usize, Duration, Duration)> {
    let of = (reporting.form, reporting.period);
    let (mut sheet, ..) = reports::sheet_of_units(env, system, of, None).await?;
    for (number, row) in (1..).zip(&mut sheet.rows) {
        for (column, figure) in (1..).zip(&mut row.figures) {
            *figure = Fixed4::from_integer(factor * number + column).map(Shown::Number);
        }
    }
    let begun = Instant::now();
    let workbook = sheets::write_units(&sheet, Format::Xlsx)?;
    let written = begun.elapsed();
    let begun = Instant::now();
    let filled = sheets::find_units(&sheets::read(&workbook)?)?;
    Ok((filled, workbook.len(), written, begun.elapsed()))
}

/// Takes all reports out and inserts the same rows again in one transaction: what the disk and the database alone cost. `traced`: how
/// many entries the audit had before.
async fn plainly(env: &Env, traced: u64) -> Outcome<Duration> {
    let db = &env.db;
    let (reports, values) = (
        all::<report_submission::Entity>(env).await?,
        all::<report_value::Entity>(env).await?,
    );
    let (marks, steps) = (
        all::<report_mark::Entity>(env).await?,
        all::<report_step::Entity>(env).await?,
    );
    let traces = all::<audit_entry::Entity>(env).await?;
    let traces = traces
        .into_iter()
        .skip(usize::try_from(traced)?)
        .map(|trace| audit_entry::Model {
            id: uuid::Uuid::now_v7(),
            ..trace
        });
    let traces: Vec<_> = traces.collect();
    report_mark::Entity::delete_many().exec(db).await?;
    report_value::Entity::delete_many().exec(db).await?;
    report_step::Entity::delete_many().exec(db).await?;
    report_submission::Entity::delete_many().exec(db).await?;
    let begun = Instant::now();
    let tx = db::begin_write(db).await?;
    macro_rules! insert {
        ($table:ident, $rows:expr) => {
            for some in $rows.chunks(ROWS) {
                let rows = some.iter().map(|row| row.clone().into_active_model().reset_all());
                $table::Entity::insert_many(rows)
                    .exec_without_returning(&tx)
                    .await?;
            }
        };
    }
    insert!(report_submission, reports);
    insert!(report_value, values);
    insert!(report_mark, marks);
    insert!(report_step, steps);
    insert!(audit_entry, traces);
    tx.commit().await?;
    Ok(begun.elapsed())
}

async fn all<E: EntityTrait>(env: &Env) -> Outcome<Vec<E::Model>> {
    Ok(E::find().all(&env.db).await?)
}
