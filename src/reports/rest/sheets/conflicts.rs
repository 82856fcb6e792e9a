//! How conflicts in a spreadsheet are told on REST.

use serde::Serialize;
use thidua_entity::enums::FigurePart;
use utoipa::ToSchema;

use crate::error::Language;
use crate::sheets::Conflict;

/// Something in a spreadsheet that is not taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConflictJson {
    /// Name of the sheet; null in CSV, which has none.
    sheet: Option<String>,
    /// The row, from 1, hidden ones included.
    row: u32,
    /// The column, from 1.
    column: u32,
    /// Both, as people name it: `E12`.
    cell: String,
    /// Code of the indicator in whose row it is, where that is known.
    indicator_code: Option<String>,
    /// The part in whose column it is, where that is known.
    part: Option<FigurePart>,
    /// What stands there.
    found: String,
    /// Stable code: those of figures typed by hand, such as `AMBIGUOUS`, `OUT_OF_BOUNDS`, `NOT_A_CHOICE`, `INDICATOR_NOT_ON_FORM`,
    /// `PART_NOT_ASKED`, `TWICE`; and `CELL_IS_FORMULA`, `CELL_IS_DATE`, `CELL_IS_ERROR`, `CODE_MISSING`, `UNKNOWN_COLUMN`.
    code: String,
    /// What is wrong and how to mend it, in the caller's language.
    message: String,
    /// What could stand there instead, the likeliest first; empty when nothing is likely.
    suggestions: Vec<String>,
}

impl ConflictJson {
    /// As it is told in a language.
    pub fn of(conflict: Conflict, sheet: Option<&String>, language: Language) -> Self {
        Self {
            sheet: sheet.cloned(),
            row: conflict.at.row.saturating_add(1),
            column: conflict.at.column.saturating_add(1),
            cell: conflict.at.name(),
            indicator_code: conflict.indicator,
            part: conflict.part,
            found: conflict.found,
            code: conflict.code.to_owned(),
            message: conflict.text.in_language(language).to_owned(),
            suggestions: conflict.suggestions,
        }
    }
}
