//! What REST handlers share that hand out spreadsheets or take them in.

use std::io::{Read as _, Seek as _};

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Payload;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::upload::{self, UploadLimits};
use crate::env::Env;
use crate::error::{Error, Language, Result};
use crate::sheets::{self, Format};

/// How a sheet is written.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormatParam {
    /// A workbook of Excel.
    #[default]
    Xlsx,
    /// Text with semicolons, in UTF-8.
    Csv,
}

impl From<FormatParam> for Format {
    fn from(format: FormatParam) -> Self {
        match format {
            FormatParam::Xlsx => Self::Xlsx,
            FormatParam::Csv => Self::Csv,
        }
    }
}

/// A form with a spreadsheet.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the form; it is read as it comes")]
pub struct SheetForm {
    /// The spreadsheet that was downloaded, filled in: XLSX, or CSV in UTF-8. What it is, is found in its content. At most 4 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What stands in the spreadsheet of a form, read beside the threads that answer; or the answer that refuses the form.
pub async fn taken_in<T: Send + 'static>(
    env: &Env,
    request: &HttpRequest,
    payload: Payload,
    read: fn(&[u8]) -> Result<T>,
) -> Result<Result<T, HttpResponse>> {
    let limits = UploadLimits {
        bytes_max: sheets::BYTES_MAX,
        time_max: env.evidence.upload_time_max,
    };
    let form = match upload::read_form(request, payload.into_inner(), &env.files, limits, &[]).await {
        Ok(form) => form,
        Err(refusal) => return Ok(Err(refusal.problem(request))),
    };
    let file = form.file.open()?;
    let found = env.sheets.work(move || {
        let mut bytes = Vec::new();
        (&file).rewind().map_err(Error::internal)?;
        let whole = (&file)
            .take(sheets::BYTES_MAX.saturating_add(1))
            .read_to_end(&mut bytes);
        whole.map_err(Error::internal)?;
        read(&bytes)
    });
    found.await.map(Ok)
}

/// The answer to a sheet with conflicts of which all or nothing is taken: what a dry run tells, in a member of the problem.
pub fn refused_for_conflicts(shown: &impl Serialize, count: usize, language: Language) -> HttpResponse {
    let error = Error::invalid(
        "SHEET_HAS_CONFLICTS",
        "file",
        format!("Có {count} ô chưa nhận được; chưa lưu gì cả. Hãy sửa các ô đó rồi gửi lại."),
        format!("{count} cells cannot be taken; nothing was stored. Mend them and send it again."),
    );
    let more = ("sheet", json!(shown));
    super::problem_telling(super::status(&error), &error, language, Some(more))
}
