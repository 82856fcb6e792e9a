//! One spreadsheet for the reports of many units on REST: downloading it for a form and a period, and uploading it filled in.

use actix_web::http::StatusCode;
use actix_web::http::header::VARY;
use actix_web::web::{Data, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{ConflictJson, ModeParam};
use crate::env::Env;
use crate::error::{Language, Result};
use crate::http::sheets::{FormatParam, SheetForm, refused_for_conflicts, taken_in};
use crate::http::{self, Problem, download};
use crate::ids::Kind;
use crate::reports::usecases::{self, FillMode, FilledInUnits, Outcome, UnitOutcome};
use crate::sheets::{self, CONFLICTS_MAX, Format};

/// Of which period and which units a sheet is wanted, and how.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UnitsSheetParams {
    /// The period.
    period_id: String,
    /// Only this unit and those that stand below it today.
    under_id: Option<String>,
    /// `xlsx`, also when left out, or `csv`.
    #[serde(default)]
    #[param(inline)]
    format: FormatParam,
}

/// A form for a period as one spreadsheet for many units: a row for each unit that reports on the form for the period and whose report
/// the caller may write, a column for each figure with the headings of the paper form; at most 1,000 units. Rows show the figures of
/// reports that are begun; only cells that can be filled in now are unlocked. Hidden are the keys by which rows are known when the sheet
/// comes back, and the version of each report.
///
/// `TOO_MANY_UNITS` (field `underId`) tells how many units fit with the columns of the form; download a sheet for each unit below.
/// `FORM_TOO_WIDE` (field `id`): the form has more columns than one sheet takes, for however few units; use the sheet of each report.
#[utoipa::path(get, path = "/api/v1/report-forms/{id}/sheet", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the form"), UnitsSheetParams),
    responses((status = 200, description = "The spreadsheet",
            content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv")))))]
#[get("/report-forms/{id}/sheet")]
pub async fn get_report_form_sheet(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<UnitsSheetParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let of = of(&id, &params.period_id)?;
        let under = params.under_id.as_deref().map(|id| Kind::Unit.parse(id)).transpose()?;
        let (sheet, words, turn) = usecases::sheet_of_units(&env, &actor, of, under).await?;
        let format = Format::from(params.format);
        let content = turn.work(move || sheets::write_units(&sheet, format)).await?;
        let file_name = sheets::file_name(&words.each_ref().map(String::as_str), format);
        Ok(download::to_be_saved(StatusCode::OK, &file_name, format.media_type())
            .insert_header((VARY, "Authorization"))
            .body(content))
    })
    .await
}

fn of(form: &str, period: &str) -> Result<(Uuid, Uuid)> {
    Ok((Kind::ReportForm.parse(form)?, Kind::Period.parse(period)?))
}

/// Of which period a sheet is, and how it is taken.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FillUnitsParams {
    /// The period.
    period_id: String,
    /// True to be told what would be taken and what is in conflict, and to store nothing.
    #[serde(default)]
    dry_run: bool,
    /// `ATOMIC`, also when left out: all rows are taken or none. `BY_ROW`: the rows of units without conflicts are taken.
    #[serde(default)]
    #[param(inline)]
    mode: ModeParam,
}

/// What came of a spreadsheet of many units.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitsSheetJson {
    /// Whether anything was stored. Never in a dry run, nor when no row differs from its report.
    saved: bool,
    /// The units whose rows differ from their reports, from the top: taken, or in a dry run those that would be, and refused ones.
    units: Vec<FilledUnitJson>,
    /// How many rows say what their reports have already.
    unchanged: usize,
    /// What is not taken, from the top; at most 500.
    conflicts: Vec<ConflictJson>,
    /// How many conflicts there are in all.
    conflict_count: usize,
}

/// What becomes of the report of a unit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum OutcomeJson {
    /// It is begun with the figures of the sheet.
    Begun,
    /// Figures of it are changed.
    Changed,
    /// Its row is in conflict; nothing of it is taken.
    Refused,
}

impl From<Outcome> for OutcomeJson {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Begun => Self::Begun,
            Outcome::Changed => Self::Changed,
            Outcome::Refused => Self::Refused,
        }
    }
}

/// A unit in a spreadsheet of many.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FilledUnitJson {
    /// The row, from 1, hidden ones included.
    row: u32,
    /// The unit.
    unit_id: String,
    /// Its name.
    unit_name: String,
    /// What becomes of its report, or in a dry run would.
    outcome: OutcomeJson,
    /// Its report; null while there is none.
    report_id: Option<String>,
    /// The version of the report now; null while there is none.
    version: Option<i32>,
    /// How many figures differ from the report's; 0 for a row that is refused when it is read.
    figures: usize,
}

impl From<UnitOutcome> for FilledUnitJson {
    fn from(unit: UnitOutcome) -> Self {
        let (report, version) = unit.report.unzip();
        Self {
            row: unit.at.row.saturating_add(1),
            unit_id: Kind::Unit.id(unit.unit),
            unit_name: unit.name,
            outcome: unit.outcome.into(),
            report_id: report.map(|id| Kind::ReportSubmission.id(id)),
            version,
            figures: unit.figures,
        }
    }
}

impl UnitsSheetJson {
    fn of(filled: FilledInUnits, language: Language) -> Self {
        let (sheet, conflict_count) = (filled.sheet, filled.conflicts.len());
        let conflicts = filled.conflicts.into_iter().take(CONFLICTS_MAX);
        Self {
            saved: filled.saved,
            units: filled.units.into_iter().map(FilledUnitJson::from).collect(),
            unchanged: filled.unchanged,
            conflicts: conflicts
                .map(|one| ConflictJson::of(one, sheet.as_ref(), language))
                .collect(),
            conflict_count,
        }
    }
}

/// Takes the figures of a spreadsheet of many units, with the same checks as by hand, in one transaction: reports that are not there are
/// begun, those that are with their units are changed, none is sent. Units are known by the hidden key in their row, or by their code in
/// a row that was added; figures by the code of their indicator and the heading of their column. An empty cell takes its figure out of
/// the report; a row or column that is missing leaves it as it is, and so does an empty row of a unit that had no report. Each row is
/// taken only at the version of the report that it was made of; what differs then is `STALE_VERSION`. Rows that say what their reports have
/// already are never in conflict, so the same sheet can be sent again.
///
/// With conflicts the answer to `mode=ATOMIC` is a problem (422) in whose member `sheet` stands what a dry run tells, and nothing is
/// stored. Conflicts of rows are `UNKNOWN_UNIT`, `UNIT_MISSING`, `UNIT_UNCLEAR`, `TWICE`, `STALE_VERSION`, `WRONG_STATE`,
/// `PERIOD_NOT_FOR_UNIT` and `REPORT_ON_ANOTHER_VERSION`; of cells those of the sheet of one report and `FIGURE_LOCKED`.
///
/// What is wrong with the file as a whole is told at the field `file`, as for the sheet of one report; besides `TOO_MANY_UNITS`,
/// `SHEET_OF_ANOTHER_PERIOD` and `TOO_MANY_FIGURES`: more than 60,000 figures differ, also in a dry run; divide the rows into several files.
#[utoipa::path(post, path = "/api/v1/report-forms/{id}/sheet", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the form"), FillUnitsParams),
    request_body(content = SheetForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "Taken, or told what would be", body = UnitsSheetJson)))]
#[post("/report-forms/{id}/sheet")]
pub async fn fill_in_report_form(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<FillUnitsParams>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let of = of(&id, &params.period_id)?;
        usecases::may_fill_in_units(&env, &actor, of).await?;
        let filled = match taken_in(&env, &request, payload, |bytes| {
            sheets::find_units(&sheets::read(bytes)?)
        })
        .await?
        {
            Ok(filled) => filled,
            Err(refused) => return Ok(refused),
        };
        let mode = FillMode::from(params.mode);
        // On the heap: it holds the whole sheet, and a future that is passed about is copied.
        let filled = Box::pin(usecases::fill_in_units(
            &env,
            &actor,
            of,
            filled,
            (mode, params.dry_run),
        ))
        .await?;
        let refused = !params.dry_run && mode == FillMode::Atomic && !filled.conflicts.is_empty();
        let language = http::language(request.headers());
        let shown = UnitsSheetJson::of(filled, language);
        if refused {
            return Ok(refused_for_conflicts(&shown, shown.conflict_count, language));
        }
        Ok(http::shown(&shown))
    })
    .await
}
