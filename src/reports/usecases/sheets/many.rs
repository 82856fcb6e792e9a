//! The reports of many units on one sheet: laying it out for a form and a period, and taking what was filled in. Which figures differ and
//! what is wrong with them is found with no transaction open; then all that is taken is written in one, by the rules by which one report
//! is begun and written, in statements that do not grow with the figures.

use std::collections::{HashMap, HashSet};

use thidua_entity::report_value;
use uuid::Uuid;

use super::FillMode;
use super::around::Around;
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reports::state;
use crate::reports::store::{self, Whose};
use crate::reports::usecases::save::{Form, usual_nature};
use crate::sheets::desk::Turn;
use crate::sheets::suggest::Guesses;
use crate::sheets::{self, Conflict, FilledUnits, Place, Shown, UnitRow, UnitsMarker, UnitsSheet};

mod comparing;
mod known;
mod standing;
mod told;
mod writing;

use comparing::Beside;
use known::KnownUnits;
use standing::{Standing, UnitStanding};

/// What becomes of the report of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is begun with the figures of the sheet.
    Begun,
    /// Figures of it are changed.
    Changed,
    /// Its row is in conflict; nothing of it is taken.
    Refused,
}

/// What came of the row of a unit.
#[derive(Debug)]
pub struct UnitOutcome {
    /// Where its name stands.
    pub at: Place,
    /// The unit.
    pub unit: Uuid,
    /// Its name.
    pub name: String,
    /// What becomes of its report, or would.
    pub outcome: Outcome,
    /// Its report and the version that it has now; `None` while there is none.
    pub report: Option<(Uuid, i32)>,
    /// How many figures differ from the report's.
    pub figures: usize,
}

/// What came of a sheet of many units.
#[derive(Debug)]
pub struct FilledInUnits {
    /// Whether anything was written.
    pub saved: bool,
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// The units whose rows differ from their reports, from the top.
    pub units: Vec<UnitOutcome>,
    /// How many rows say what their reports have already.
    pub unchanged: usize,
    /// What is not taken, and how to mend it, from the top.
    pub conflicts: Vec<Conflict>,
}

/// The units whose reports on a form for a period the caller may write, with what their reports have, laid out to be filled in; and words
/// for the name of a file. Only those of a unit and of what stands below it, when one is named. With the turn in which it is to be written.
pub async fn sheet_of_units(
    env: &Env,
    actor: &Actor,
    of: (Uuid, Uuid),
    below: Option<Uuid>,
) -> Result<(UnitsSheet, [String; 2], Turn)> {
    policy::authorize_anywhere(actor, Action::ReportWrite)?;
    // Hundreds of thousands of figures are held by few at once.
    let turn = env.sheets.turn().await?;
    let tx = db::begin_read(&env.db).await?;
    // Who may write the reports of units need not be one who may be told of all of them.
    let standing = Standing::of(&tx, (env, actor), &policy::reach(actor), of, Whose::Below(below)).await?;
    if standing.units.is_empty() {
        return Err(Error::invalid(
            "NO_UNIT_TO_FILL_IN",
            "periodId",
            "Không có đơn vị nào phải báo cáo biểu này cho kỳ này mà bạn được nhập số liệu.",
            "There is no unit that reports on this form for this period and whose reports you may write.",
        ));
    }
    let around = Around::of(&tx, standing.version.id).await?;
    let sections = around.sections(&[]);
    let columns = sheets::columns(&sections);
    let columns = columns.filter_map(|(item, part)| Some((around.indicators.get(&item.code)?.id, part)));
    let columns: Vec<_> = columns.collect();
    sheets::fits(standing.units.len(), columns.len())?;
    let indicators: Vec<Uuid> = around.indicators.values().map(|indicator| indicator.id).collect();
    let values = store::by_report(store::values_on(&tx, &standing.reports(), &indicators).await?);
    let codes = standing.codes(&tx, env).await?;
    tx.commit().await?;
    let row = |unit: &UnitStanding| {
        let values = unit.report.as_ref().and_then(|report| values.get(&report.id));
        let mut shown: HashMap<_, Shown> = around.shown(values.map_or(&[], Vec::as_slice)).into_iter().collect();
        UnitRow {
            unit: Kind::Unit.id(unit.unit.id),
            code: codes.get(&unit.unit.id).and_then(|codes| codes.first().cloned()),
            name: unit.unit.name.clone(),
            report: unit
                .report
                .as_ref()
                .map(|report| (Kind::ReportSubmission.id(report.id), report.version)),
            standing: unit
                .report
                .as_ref()
                .map_or("chưa lập", |report| state::status_vi(report.status)),
            open: unit.may_fill_in(&standing).is_ok(),
            figures: columns.iter().map(|place| shown.remove(place)).collect(),
        }
    };
    let rows: Vec<UnitRow> = standing.units.iter().map(row).collect();
    let changes = standing.units.iter().filter_map(|unit| unit.report.as_ref());
    let changed_at = changes.map(|report| report.updated_at).max();
    let sheet = UnitsSheet {
        marker: marker(&standing),
        head: around.head(
            (&standing.form, &standing.period),
            None,
            changed_at.unwrap_or_else(|| env.now()),
        ),
        sections,
        rows,
    };
    Ok((sheet, [standing.form.code, standing.period.code], turn))
}

fn marker(standing: &Standing) -> UnitsMarker {
    UnitsMarker {
        form_version: Kind::ReportFormVersion.id(standing.version.id),
        period: Kind::Period.id(standing.period.id),
    }
}

/// Whether the caller may fill in reports of units on a form for a period, asked before a file is read: of who may not, nothing is taken
/// in. Of which units is asked of each row.
pub async fn may_fill_in_units(env: &Env, actor: &Actor, of: (Uuid, Uuid)) -> Result<()> {
    policy::authorize_anywhere(actor, Action::ReportWrite)?;
    standing::found(&env.db, env, &policy::reach(actor), of).await.map(drop)
}

/// Takes the figures of a sheet of many units that differ from those of their reports, and begins the reports that are not there. Nothing
/// is written in a dry run, nor when there are conflicts and all or nothing is asked for.
pub async fn fill_in_units(
    env: &Env,
    actor: &Actor,
    of: (Uuid, Uuid),
    filled: FilledUnits,
    (mode, dry_run): (FillMode, bool),
) -> Result<FilledInUnits> {
    // Hundreds of thousands of figures are held by few at once; reading thousands takes a while: beside the threads that answer.
    let turn = env.sheets.turn().await?;
    let beside = beside(env, actor, of, &filled).await?;
    let sheet = filled.sheet.clone();
    let (beside, compared) = turn
        .work(move || {
            let compared = beside.compare(filled)?;
            Ok((beside, compared))
        })
        .await?;
    let (mut units, mut conflicts) = (compared.refused, compared.conflicts);
    let wanted = !dry_run && !compared.fills.is_empty() && (conflicts.is_empty() || mode == FillMode::ByRow);
    let mut written = HashSet::new();
    if wanted {
        let (done, late) = writing::write(env, actor, &beside.standing, &compared.fills, mode).await?;
        written = done;
        conflicts.extend(late);
    }
    let refused: HashSet<u32> = conflicts.iter().map(|conflict| conflict.at.row).collect();
    units.extend(compared.fills.iter().map(|fill| {
        let saved = written.contains(&fill.report.id);
        UnitOutcome {
            outcome: match fill.begun {
                _ if refused.contains(&fill.at.row) => Outcome::Refused,
                true => Outcome::Begun,
                false => Outcome::Changed,
            },
            report: match (saved, fill.begun) {
                (true, _) => Some((fill.report.id, fill.version())),
                (false, false) => Some((fill.report.id, fill.report.version)),
                (false, true) => None,
            },
            ..fill.outcome()
        }
    }));
    units.sort_by_key(|unit| unit.at);
    conflicts.sort_by_key(|conflict| conflict.at);
    Ok(FilledInUnits {
        saved: !written.is_empty(),
        sheet,
        units,
        unchanged: compared.unchanged,
        conflicts,
    })
}

/// What a sheet is compared with, read at one moment.
async fn beside(env: &Env, actor: &Actor, of: (Uuid, Uuid), filled: &FilledUnits) -> Result<Beside> {
    let tx = db::begin_read(&env.db).await?;
    // A unit that the caller names need not be shown to it, as when one report is begun.
    let reach = policy::reach(actor).by_place();
    let ids = filled.rows.iter().filter_map(|row| Kind::Unit.parse(&row.unit).ok());
    let ids: Vec<Uuid> = ids.collect();
    let without = filled.rows.iter().filter(|row| row.unit.is_empty());
    let coded: Vec<String> = without.map(|row| row.code.clone()).collect();
    let standing = Standing::of(&tx, (env, actor), &reach, of, Whose::Named(&ids, &coded)).await?;
    // Before the figures are read.
    is_of(&filled.marker, &standing)?;
    let around = Around::of(&tx, standing.version.id).await?;
    let codes: HashSet<&str> = filled.columns.iter().map(|column| column.code.as_str()).collect();
    let columns = codes.iter().filter_map(|code| Some(around.indicators.get(*code)?.id));
    let columns: Vec<Uuid> = columns.collect();
    let mut beside = Beside {
        env: env.clone(),
        form: Form::of(&tx, standing.version.id).await?,
        around,
        values: store::by_report(store::values_on(&tx, &standing.reports(), &columns).await?),
        unlocked: standing.unlocked(&tx).await?,
        codes: standing.codes(&tx, env).await?,
        nature: usual_nature(&tx, env, (standing.form.id, &standing.period)).await?,
        known: KnownUnits::default(),
        standing,
    };
    let nobody = &mut Guesses::default();
    if filled.rows.iter().any(|row| beside.unit(row, nobody).is_err()) {
        // Somebody has mistyped: what they may have meant is among those whom they would be given.
        let whole = Standing::of(&tx, (env, actor), &policy::reach(actor), of, Whose::Below(None)).await;
        if let Ok(whole) = whole {
            let codes = whole.codes(&tx, env).await?;
            let named = whole.units.iter().map(|one| {
                let code = codes.get(&one.unit.id).and_then(|codes| codes.first());
                (code.map(String::as_str), one.unit.name.as_str())
            });
            beside.known = KnownUnits::of(&named.collect::<Vec<_>>());
        }
    }
    tx.rollback().await?;
    Ok(beside)
}

/// A sheet is taken for the form, its version and the period that it was made of.
fn is_of(marker: &UnitsMarker, standing: &Standing) -> Result<()> {
    let own = self::marker(standing);
    if marker.form_version != own.form_version {
        return Err(super::of_another_form());
    }
    if marker.period != own.period {
        return Err(Error::invalid(
            "SHEET_OF_ANOTHER_PERIOD",
            "file",
            "Bảng tính này là của kỳ khác.",
            "This spreadsheet is of another period.",
        ));
    }
    Ok(())
}

/// The figures of a report, by report.
type Values = HashMap<Uuid, Vec<report_value::Model>>;
