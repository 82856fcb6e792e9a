//! A spreadsheet of decisions that were made elsewhere on REST: an empty register to be filled in, and taking it in.

use actix_web::http::StatusCode;
use actix_web::http::header::VARY;
use actix_web::web::{Data, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::awards::register;
use crate::awards::usecases::{self, ImportOutcome, Imported, ImportedDecision};
use crate::env::Env;
use crate::error::{Language, Result};
use crate::http::sheets::{FormatParam, SheetForm, refused_for_conflicts, taken_in};
use crate::http::{self, Problem, download};
use crate::ids::Kind;
use crate::sheets::register as sheet;
use crate::sheets::{self, CONFLICTS_MAX, Conflict, Format};

/// Of which registry an empty register is wanted, and how.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EmptyParams {
    /// The unit in whose registry decisions are to be recorded.
    owner_id: String,
    /// `xlsx`, also when left out, or `csv`.
    #[serde(default)]
    #[param(inline)]
    format: FormatParam,
}

/// An empty register as a spreadsheet, to be filled in and sent to the same address: a row for each award. A workbook has the catalogue of
/// kinds of award on a second sheet, text has their codes above the headings.
#[utoipa::path(get, path = "/api/v1/award-decisions/sheet", tag = "awards", security(("bearer" = [])), params(EmptyParams),
    responses((status = 200, description = "The spreadsheet",
            content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv")))))]
#[get("/award-decisions/sheet")]
pub async fn get_award_register(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<EmptyParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let owner = Kind::Unit.parse(&params.owner_id)?;
        let (empty, words) = usecases::empty_register(&env, &actor, owner).await?;
        let format = Format::from(params.format);
        let content = env.sheets.work(move || sheet::write(&empty, format)).await?;
        let file_name = sheets::file_name(&words.each_ref().map(String::as_str), format);
        Ok(download::to_be_saved(StatusCode::OK, &file_name, format.media_type())
            .insert_header((VARY, "Authorization"))
            .body(content))
    })
    .await
}

/// Into which registry a register is taken, and how.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportParams {
    /// The unit in whose registry decisions stand that name no issuer, or one outside the union.
    owner_id: String,
    /// True to be told what would be recorded and what is in conflict, and to store nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What came of a register.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterJson {
    /// Whether anything was stored. Never in a dry run, nor when all decisions stand there already.
    saved: bool,
    /// How many decisions are recorded, or in a dry run would be.
    recorded: usize,
    /// How many awards these give: entries, not recipients.
    awards: usize,
    /// How many decisions stand in the registry already with the very same content.
    unchanged: usize,
    /// The decisions whose rows could all be read, from the top; at most 1,000.
    decisions: Vec<ImportedDecisionJson>,
    /// What is not taken, from the top; at most 500.
    conflicts: Vec<RegisterConflictJson>,
    /// How many conflicts there are in all.
    conflict_count: usize,
}

/// What becomes of a decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ImportOutcomeJson {
    /// It is recorded.
    Recorded,
    /// It stands in the registry already with the very same content.
    Unchanged,
    /// It stands there with other content.
    Refused,
}

/// A decision in a register.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportedDecisionJson {
    /// Its first row, from 1, hidden ones included.
    row: u32,
    /// What becomes of it, or in a dry run would.
    outcome: ImportOutcomeJson,
    /// The decision of the registry; null while there is none.
    id: Option<String>,
    /// Number as written; null when there is none.
    number: Option<String>,
    /// Date of signing; null when there is none.
    decided_on: Option<NaiveDate>,
    /// Year of achievement.
    year: i32,
    /// The issuing unit; null for an issuer outside the union, which is everybody whose name no unit bears that the caller sees.
    issuer_id: Option<String>,
    /// The issuer's name on that day, or as written.
    issuer_name: String,
    /// The unit in whose registry it stands.
    owner_id: String,
    /// How many awards it gives: entries, not recipients.
    awards: usize,
}

impl From<ImportedDecision> for ImportedDecisionJson {
    fn from(one: ImportedDecision) -> Self {
        let read = one.decision;
        Self {
            row: one.row.saturating_add(1),
            outcome: match one.outcome {
                ImportOutcome::Recorded => ImportOutcomeJson::Recorded,
                ImportOutcome::Unchanged => ImportOutcomeJson::Unchanged,
                ImportOutcome::Refused => ImportOutcomeJson::Refused,
            },
            id: one.id.map(|id| Kind::AwardDecision.id(id)),
            number: read.number,
            decided_on: read.decided_on,
            year: read.year,
            issuer_id: read.issuer.map(|id| Kind::Unit.id(id)),
            issuer_name: read.issuer_name.unwrap_or_default(),
            owner_id: Kind::Unit.id(read.owner),
            awards: read.awards.len(),
        }
    }
}

/// Something in a register that is not taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RegisterConflictJson {
    /// Name of the sheet; null in CSV, which has none.
    sheet: Option<String>,
    /// The row, from 1, hidden ones included.
    row: u32,
    /// The column, from 1. What should stand in a column that is not there is told at the first of those that are.
    column: u32,
    /// Both, as people name it: `E12`.
    cell: String,
    /// What stands there.
    found: String,
    /// Stable code: those of decisions recorded by hand, such as `GIVEN_TWICE`, `RECIPIENT_KIND`, `AWARD_TYPE_NOT_VALID`, `DAY_IN_FUTURE`; of
    /// words `AWARD_TYPE_UNKNOWN`, `AWARD_TYPE_AMBIGUOUS`, `UNIT_UNKNOWN`, `UNIT_AMBIGUOUS`, `UNIT_NAME_OF_ANOTHER_TIME`,
    /// `REGISTRY_NOT_YOURS`; of rows beside each other `NOT_AS_ABOVE`, `NUMBER_TWICE`, `DECISION_DIFFERS`; of cells `DAY_UNREADABLE`,
    /// `YEAR_UNREADABLE`, `COUNT_UNREADABLE`, `RECIPIENT_UNCLEAR`, `NOT_A_CHOICE`, `REQUIRED`, `CELL_IS_FORMULA`, `CELL_IS_DATE`,
    /// `CELL_IS_ERROR`; of columns `UNKNOWN_COLUMN`, `TWICE`.
    code: String,
    /// What is wrong and how to mend it, in the caller's language.
    message: String,
    /// What could stand there instead, the likeliest first; empty when nothing is likely.
    suggestions: Vec<String>,
}

impl RegisterConflictJson {
    fn of(conflict: Conflict, sheet: Option<&String>, language: Language) -> Self {
        Self {
            sheet: sheet.cloned(),
            row: conflict.at.row.saturating_add(1),
            column: conflict.at.column.saturating_add(1),
            cell: conflict.at.name(),
            found: conflict.found,
            code: conflict.code.to_owned(),
            message: conflict.text.in_language(language).to_owned(),
            suggestions: conflict.suggestions,
        }
    }
}

impl RegisterJson {
    fn of(imported: Imported, language: Language) -> Self {
        let (sheet, conflict_count) = (imported.sheet, imported.conflicts.len());
        let that = |outcome| imported.decisions.iter().filter(move |one| one.outcome == outcome);
        let conflicts = imported.conflicts.into_iter().take(CONFLICTS_MAX);
        Self {
            saved: imported.saved,
            recorded: that(ImportOutcome::Recorded).count(),
            awards: that(ImportOutcome::Recorded).map(|one| one.decision.awards.len()).sum(),
            unchanged: that(ImportOutcome::Unchanged).count(),
            decisions: imported.decisions.into_iter().map(ImportedDecisionJson::from).collect(),
            conflicts: conflicts
                .map(|one| RegisterConflictJson::of(one, sheet.as_ref(), language))
                .collect(),
            conflict_count,
        }
    }
}

/// Records the decisions of a spreadsheet in which each row is an award, with the same checks as by hand, all of them in one transaction
/// or none. Rows with the same issuer, number and date are one decision; without a number, those with the same issuer, year, date and source.
/// Columns are found by their headings, wherever they stand, so that a list of one's own is taken too; at most 1,000 rows, and 500 awards a
/// decision.
///
/// Kinds of award are known by their code or name. Units are known by a code, by their id, or by the official name that they had on the day
/// of the decision, among those that the caller sees, without regard to case and accents; what could be two is asked back. Without a name
/// and a number the award is the unit's own. Days are written as 15/01/2026, or are days of the program. An issuer that no unit is called
/// is one outside the union.
///
/// A decision that stands in the registry with the very same content is left alone, so the same file can be sent again; with other content
/// it is in conflict. With conflicts the answer is a problem (422) in whose member `sheet` stands what a dry run tells, and nothing is stored.
///
/// What is wrong with the file as a whole is told at the field `file`: `FILE_TOO_LARGE` (413), `FILE_EMPTY`, `FILE_TYPE_REFUSED`,
/// `FILE_HAS_MACROS`, `SHEET_TOO_LARGE`, `SHEET_DAMAGED`, `SHEET_HAS_LINKS`, `SEVERAL_SHEETS`, `SHEET_NOT_OURS`, `TOO_MANY_ROWS`,
/// `TOO_MANY_UNITS`.
#[utoipa::path(post, path = "/api/v1/award-decisions/sheet", tag = "awards", security(("bearer" = [])), params(ImportParams),
    request_body(content = SheetForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "Recorded, or told what would be", body = RegisterJson)))]
#[post("/award-decisions/sheet")]
pub async fn import_award_register(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<ImportParams>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let owner = Kind::Unit.parse(&params.owner_id)?;
        usecases::may_import(&env, &actor, owner).await?;
        let register = match taken_in(&env, &request, payload, register::read).await? {
            Ok(register) => register,
            Err(refused) => return Ok(refused),
        };
        // On the heap: it holds the whole register, and a future that is passed about is copied.
        let imported = Box::pin(usecases::import(&env, &actor, owner, register, params.dry_run)).await?;
        let language = http::language(request.headers());
        let shown = RegisterJson::of(imported, language);
        if !params.dry_run && shown.conflict_count > 0 {
            return Ok(refused_for_conflicts(&shown, shown.conflict_count, language));
        }
        Ok(http::shown(&shown))
    })
    .await
}
