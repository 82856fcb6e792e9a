//! Spreadsheets of a report: laying it out to be filled in, and taking what was filled in. What a figure must be is asked of the same
//! reader as by hand, and writing goes through [`save`].

use thidua_entity::enums::{FigurePart, ReportAction};
use thidua_entity::report_submission;
use uuid::Uuid;

use super::save::Form;
use super::taking::found;
use super::{Saving, TypedFigure, save};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::reports::store;
use crate::sheets::{Conflict, Filled, FormSheet, Marker, Place};
use crate::version::Seen;
use crate::{db, forms, policy, units};

mod around;
mod comparing;
mod many;

use around::Around;
use comparing::Looking;
pub use many::{FilledInUnits, Outcome, UnitOutcome, fill_in_units, may_fill_in_units, sheet_of_units};

/// What becomes of a sheet with conflicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillMode {
    /// All figures are taken or none.
    Atomic,
    /// The rows without conflicts are taken.
    ByRow,
}

/// A figure that is taken out of a sheet.
#[derive(Clone, Debug)]
pub struct TakenFigure {
    /// Where it stands.
    pub at: Place,
    /// Code of the indicator.
    pub indicator: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The text that is kept; empty when the figure is taken out of the report.
    pub text: String,
    /// The text that the report had; `None` when it had no such figure.
    pub before: Option<String>,
}

impl TakenFigure {
    /// The same, as if it had been typed.
    fn typed(&self) -> TypedFigure {
        TypedFigure {
            indicator: self.indicator.clone(),
            part: self.part,
            text: self.text.clone(),
            nature: None,
        }
    }
}

/// What came of a sheet.
#[derive(Debug)]
pub struct FilledIn {
    /// The report, as it is now.
    pub report: report_submission::Model,
    /// Whether figures were written.
    pub saved: bool,
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// The figures that are taken, or would be: those that differ from the report's.
    pub taken: Vec<TakenFigure>,
    /// How many figures of the sheet the report has already.
    pub unchanged: usize,
    /// What is not taken, and how to mend it.
    pub conflicts: Vec<Conflict>,
}

/// A report that the caller sees, laid out to be filled in, with the report itself and words for the name of a file.
pub async fn sheet(env: &Env, actor: &Actor, id: Uuid) -> Result<(report_submission::Model, FormSheet, [String; 3])> {
    let today = env.today();
    let tx = db::begin_read(&env.db).await?;
    let report = store::find(&tx, &policy::reach(actor), id, today).await?;
    let around = Around::of(&tx, report.form_version_id).await?;
    let values = store::values(&tx, &[report.id]).await?;
    // Its name then; what a report that is seen tells of its unit is no secret.
    let everything = super::taking::everything();
    let unit = units::store::find_many(&tx, &everything, &[report.unit_id], report.period_ends_on).await?;
    let unit = unit.into_iter().next().map(|unit| unit.name).unwrap_or_default();
    let period = forms::store::periods(&tx, &[report.period_id])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let form = forms::store::forms(&tx, &[report.form_id])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let own = ("Đơn vị báo cáo", unit.clone());
    let sheet = FormSheet {
        marker: marker(&report),
        head: around.head((&form, &period), Some(own), report.updated_at),
        sections: around.sections(&values),
    };
    Ok((report, sheet, [form.code, period.code, unit]))
}

fn marker(report: &report_submission::Model) -> Marker {
    Marker {
        report: Kind::ReportSubmission.id(report.id),
        form_version: Kind::ReportFormVersion.id(report.form_version_id),
        version: report.version,
    }
}

/// Whether the caller may fill in a report now, asked before a file is read: of who may not, nothing is taken in.
pub async fn may_fill_in(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<()> {
    found(&env.db, env, actor, (id, seen), ReportAction::Save)
        .await
        .map(drop)
}

/// Takes the figures of a sheet that differ from those of the report. Nothing is written in a dry run, nor when there are conflicts
/// and all or nothing is asked for.
pub async fn fill_in(
    env: &Env,
    actor: &Actor,
    (id, seen): (Uuid, &Seen),
    filled: Filled,
    (mode, dry_run): (FillMode, bool),
) -> Result<FilledIn> {
    let tx = db::begin_read(&env.db).await?;
    let (_, mut report) = found(&tx, env, actor, (id, seen), ReportAction::Save).await?;
    is_of(&filled.marker, &report, seen)?;
    let form = Form::of(&tx, report.form_version_id).await?;
    let around = Around::of(&tx, report.form_version_id).await?;
    let values = store::values(&tx, &[report.id]).await?;
    // No transaction is open while the sheet is compared, nor when the figures are written.
    tx.rollback().await?;
    let looking = Looking {
        env,
        form: &form,
        around: &around,
        values: &values,
        report: &report,
    };
    let sheet = filled.sheet.clone();
    let (taken, unchanged, conflicts) = looking.compare(filled)?;
    let saved = !dry_run && !taken.is_empty() && (conflicts.is_empty() || mode == FillMode::ByRow);
    if saved {
        let figures: Vec<_> = taken.iter().map(TakenFigure::typed).collect();
        let saving = Saving {
            report: id,
            seen: &Seen::Any,
            version: Some(report.version),
            figures: &figures,
            note: None,
            key: None,
        };
        report = save(env, actor, &saving).await?;
    }
    Ok(FilledIn {
        report,
        saved,
        sheet,
        taken,
        unchanged,
        conflicts,
    })
}

/// A sheet is taken for the report and the form that it was made of, and at the version that whoever filled it in saw, unless they
/// want it whichever that is.
fn is_of(marker: &Marker, report: &report_submission::Model, seen: &Seen) -> Result<()> {
    let own = self::marker(report);
    if marker.report != own.report {
        return Err(Error::invalid(
            "SHEET_OF_ANOTHER_REPORT",
            "file",
            "Bảng tính này là của báo cáo khác (đơn vị, biểu hoặc kỳ khác).",
            "This spreadsheet is of another report (another unit, form or period).",
        ));
    }
    if marker.form_version != own.form_version {
        return Err(of_another_form());
    }
    match seen {
        Seen::Any => Ok(()),
        Seen::OneOf(_) => Seen::from(marker.version).check(report.version),
    }
}

fn of_another_form() -> Error {
    Error::invalid(
        "SHEET_OF_ANOTHER_FORM",
        "file",
        "Bảng tính này theo phiên bản khác của biểu; hãy tải lại biểu rồi điền.",
        "This spreadsheet is of another version of the form; download it anew and fill it in.",
    )
}
