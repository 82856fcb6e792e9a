//! Spreadsheets of a report on REST: downloading one, and uploading it filled in.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETag, VARY};
use actix_web::web::{Data, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::FigurePart;
use utoipa::{IntoParams, ToSchema};

use crate::env::Env;
use crate::error::Language;
use crate::http::sheets::{FormatParam, SheetForm, refused_for_conflicts, taken_in};
use crate::http::{self, Problem, download, tags};
use crate::ids::Kind;
use crate::reports::usecases::{self, FillMode, FilledIn, TakenFigure};
use crate::sheets::{self, CONFLICTS_MAX, Format};

mod conflicts;
mod many;

use conflicts::ConflictJson;

pub use many::*;

/// How a sheet is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SheetParams {
    /// `xlsx`, also when left out, or `csv`.
    #[serde(default)]
    #[param(inline)]
    format: FormatParam,
}

/// The report as a spreadsheet with the columns of the paper form, to be filled in and uploaded again. Only the cells to fill in are
/// unlocked. The version of the report is the `ETag`; send it as `If-Match` with the upload.
#[utoipa::path(get, path = "/api/v1/reports/{id}/sheet", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"), SheetParams),
    responses((status = 200, description = "The spreadsheet",
            content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv")))))]
#[get("/reports/{id}/sheet")]
pub async fn get_report_sheet(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<SheetParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::ReportSubmission.parse(&id)?;
        let (report, sheet, words) = usecases::sheet(&env, &actor, id).await?;
        let format = Format::from(params.format);
        let content = env.sheets.work(move || sheets::write(&sheet, format)).await?;
        let file_name = sheets::file_name(&words.each_ref().map(String::as_str), format);
        Ok(download::to_be_saved(StatusCode::OK, &file_name, format.media_type())
            .insert_header(ETag(tags::of_version(report.version)))
            .insert_header((VARY, "Authorization"))
            .body(content))
    })
    .await
}

/// What becomes of a sheet with conflicts.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ModeParam {
    /// All figures are taken or none.
    #[default]
    Atomic,
    /// The rows without conflicts are taken.
    ByRow,
}

impl From<ModeParam> for FillMode {
    fn from(mode: ModeParam) -> Self {
        match mode {
            ModeParam::Atomic => Self::Atomic,
            ModeParam::ByRow => Self::ByRow,
        }
    }
}

/// How a sheet is taken.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FillParams {
    /// True to be told what would be taken and what is in conflict, and to store nothing.
    #[serde(default)]
    dry_run: bool,
    /// `ATOMIC`, also when left out: all figures are taken or none. `BY_ROW`: the rows without conflicts are taken.
    #[serde(default)]
    #[param(inline)]
    mode: ModeParam,
}

/// What came of a spreadsheet.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetJson {
    /// Whether figures were stored. Never in a dry run, nor when nothing differs from the report.
    saved: bool,
    /// The version of the report now.
    version: i32,
    /// The figures of the sheet that differ from the report's: taken, or in a dry run those that would be.
    taken: Vec<TakenJson>,
    /// How many figures of the sheet the report has already.
    unchanged: usize,
    /// What is not taken, from the top; at most 500.
    conflicts: Vec<ConflictJson>,
    /// How many conflicts there are in all.
    conflict_count: usize,
}

/// A figure that is taken out of a spreadsheet.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TakenJson {
    /// Where it stands, as people name it: `E12`.
    cell: String,
    /// Code of the indicator.
    indicator_code: String,
    /// The total, or which part of it.
    part: FigurePart,
    /// The text that is kept; empty when the cell is, and the figure is taken out of the report.
    text: String,
    /// The text that the report had; null when it had no such figure.
    before: Option<String>,
}

impl From<TakenFigure> for TakenJson {
    fn from(figure: TakenFigure) -> Self {
        Self {
            cell: figure.at.name(),
            indicator_code: figure.indicator,
            part: figure.part,
            text: figure.text,
            before: figure.before,
        }
    }
}

impl SheetJson {
    fn of(filled: FilledIn, language: Language) -> Self {
        let (sheet, conflict_count) = (filled.sheet, filled.conflicts.len());
        let conflicts = filled.conflicts.into_iter().take(CONFLICTS_MAX);
        Self {
            saved: filled.saved,
            version: filled.report.version,
            taken: filled.taken.into_iter().map(TakenJson::from).collect(),
            unchanged: filled.unchanged,
            conflicts: conflicts
                .map(|one| ConflictJson::of(one, sheet.as_ref(), language))
                .collect(),
            conflict_count,
        }
    }
}

/// Takes the figures of a spreadsheet of this report, with the same checks as by hand. Figures are found by the code of their
/// indicator. An empty cell takes its figure out of the report; a row that is missing leaves it as it is.
///
/// `If-Match` names the version that the sheet was downloaded with; `*` takes the sheet whichever version the report has now, and
/// overwrites what was written since. With conflicts the answer to `mode=ATOMIC` is a problem (422) in whose member `sheet` stands what a dry run
/// tells, and nothing is stored.
///
/// What is wrong with the file as a whole is told at the field `file`: `FILE_TOO_LARGE` (413), `FILE_EMPTY`, `FILE_TYPE_REFUSED`,
/// `FILE_HAS_MACROS`, `SHEET_TOO_LARGE`, `SHEET_DAMAGED`, `SHEET_HAS_LINKS`, `SEVERAL_SHEETS`, `SHEET_NOT_OURS`, `SHEET_OF_ANOTHER_REPORT`,
/// `SHEET_OF_ANOTHER_FORM`.
#[utoipa::path(post, path = "/api/v1/reports/{id}/sheet", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"), FillParams,
        ("If-Match" = String, Header, description = "The `ETag` with which the sheet was downloaded")),
    request_body(content = SheetForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "Taken, or told what would be", body = SheetJson)))]
#[post("/reports/{id}/sheet")]
pub async fn fill_in_report(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<FillParams>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::ReportSubmission.parse(&id)?;
        let seen = tags::if_match(&request)?;
        usecases::may_fill_in(&env, &actor, id, &seen).await?;
        let filled = match taken_in(&env, &request, payload, |bytes| sheets::find(&sheets::read(bytes)?)).await? {
            Ok(filled) => filled,
            Err(refused) => return Ok(refused),
        };
        let mode = FillMode::from(params.mode);
        let how = (mode, params.dry_run);
        // On the heap: it holds the whole sheet, and a future that is passed about is copied.
        let filled = Box::pin(usecases::fill_in(&env, &actor, (id, &seen), filled, how)).await?;
        let refused = !params.dry_run && mode == FillMode::Atomic && !filled.conflicts.is_empty();
        let language = http::language(request.headers());
        let shown = SheetJson::of(filled, language);
        if refused {
            return Ok(refused_for_conflicts(&shown, shown.conflict_count, language));
        }
        Ok(tags::changed(shown.version, &shown))
    })
    .await
}
