//! Forms with one file (`multipart/form-data`, RFC 7578), read with bounds on size, number and time. The file goes to the disk as
//! it comes; what type the client says it has is not asked.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentEncoding;
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::body::{Refusal, declared_bytes, packing};
use crate::error::Error;
use crate::files::{Arrived, Files};

/// Most bytes of a field that is text: a note of the most characters there may be.
const TEXT_BYTES_MAX: usize = 16_384;
/// Bytes of a form besides its file: texts, names, headers of the parts.
const AROUND_BYTES_MAX: u64 = 65_536;
/// The field with the file.
const FILE: &str = "file";

/// How large a file may be and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    /// Most bytes of the file.
    pub bytes_max: u64,
    /// Within what time it must have arrived.
    pub time_max: Duration,
}

/// A form with a file that has arrived whole.
pub struct Form {
    /// The file.
    pub file: Arrived,
    /// What the client calls it.
    pub file_name: Option<String>,
    /// What was written beside it.
    pub texts: Texts,
}

/// The fields of a form that are text.
#[derive(Default)]
pub struct Texts(Vec<(&'static str, String)>);

impl Texts {
    /// One of them; `None` when it was not sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.as_str())
    }
}

/// Reads a form with the field `file` and these fields of text, each at most once and in any order.
pub async fn read_form(
    request: &HttpRequest,
    payload: Payload,
    files: &Files,
    limits: UploadLimits,
    names: &[&'static str],
) -> Result<Form, Refusal> {
    if packing(request)? != ContentEncoding::Identity {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Biểu mẫu kèm tệp phải gửi không nén (không có Content-Encoding).",
            "A form with a file is sent as it is, without Content-Encoding.",
        ));
    }
    let most = limits.bytes_max.saturating_add(AROUND_BYTES_MAX);
    if declared_bytes(request).is_some_and(|bytes| bytes > most) {
        return Err(too_large(limits.bytes_max));
    }
    let mut left = most;
    let bounded = payload.map(move |chunk| {
        let chunk = chunk?;
        left = left.checked_sub(chunk.len() as u64).ok_or(PayloadError::Overflow)?;
        Ok(chunk)
    });
    let multipart = Multipart::new(request.headers(), bounded);
    let reading = read_fields(multipart, files, (limits.bytes_max, most), names);
    let read = tokio::time::timeout(limits.time_max, reading).await;
    read.unwrap_or_else(|_| Err(Refusal::too_slow(limits.time_max)))
}

async fn read_fields(
    mut multipart: Multipart,
    files: &Files,
    (file_max, form_max): (u64, u64),
    names: &[&'static str],
) -> Result<Form, Refusal> {
    let mut file = None;
    let mut texts = Texts::default();
    let unreadable = |error: MultipartError| unreadable(&error, form_max);
    while let Some(mut field) = multipart.try_next().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        let known = names.iter().find(|known| **known == name);
        match known {
            None if name == FILE && file.is_none() => {
                let said = file_name(&field);
                let mut incoming = files.receive()?;
                while let Some(chunk) = field.try_next().await.map_err(unreadable)? {
                    if incoming.write(&chunk).await? > file_max {
                        return Err(too_large(file_max));
                    }
                }
                file = Some((said, incoming.finish().await?));
            }
            Some(known) if texts.get(known).is_none() => {
                let bytes = field.bytes(TEXT_BYTES_MAX).await;
                let bytes = bytes.map_err(|_| too_long(known))?.map_err(unreadable)?;
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| not_utf8(known))?;
                texts.0.push((known, text));
            }
            _ => return Err(unexpected(&name, names)),
        }
    }
    let (file_name, file) = file.ok_or_else(|| Refusal::from(Error::Invalid(vec![crate::input::required(FILE)])))?;
    Ok(Form { file, file_name, texts })
}

/// The name in `filename*`, which some clients send, or in `filename`.
fn file_name(field: &Field) -> Option<String> {
    let disposition = field.content_disposition()?;
    let extended = disposition.get_filename_ext();
    let extended = extended.and_then(|name| String::from_utf8(name.value.clone()).ok());
    extended.or_else(|| disposition.get_filename().map(str::to_owned))
}

/// 413, told at the field so that a form can show it.
fn too_large(most: u64) -> Refusal {
    const MEBIBYTE: u64 = 1_048_576;
    let shown = match most % MEBIBYTE {
        0 => format!("{} MiB", most / MEBIBYTE),
        _ => format!("{most} byte"),
    };
    Refusal {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        error: Error::invalid(
            "FILE_TOO_LARGE",
            FILE,
            format!("Tệp lớn quá {shown}; hãy giảm kích thước (chụp ảnh nhỏ hơn, nén PDF) rồi gửi lại."),
            format!("The file is larger than {shown}; make it smaller and send it again."),
        ),
    }
}

fn too_long(field: &str) -> Refusal {
    Refusal::from(Error::invalid(
        "TOO_LONG",
        field,
        format!("Tối đa {TEXT_BYTES_MAX} byte."),
        format!("At most {TEXT_BYTES_MAX} bytes."),
    ))
}

fn not_utf8(field: &str) -> Refusal {
    bad_form(
        format!("Trường `{field}` phải là văn bản UTF-8."),
        format!("The field `{field}` must be text in UTF-8."),
    )
}

fn unexpected(name: &str, names: &[&str]) -> Refusal {
    let name = super::body::clipped(name, 60);
    let names = [&[FILE], names].concat().join("`, `");
    bad_form(
        format!("Trường `{name}` thừa hoặc gửi hai lần; biểu mẫu gồm `{names}`, mỗi trường một lần."),
        format!("The field `{name}` is one too many; a form has `{names}`, each once."),
    )
}

fn unreadable(error: &MultipartError, most: u64) -> Refusal {
    use MultipartError as Cause;
    match error {
        Cause::Payload(PayloadError::Overflow) => Refusal::too_large(most),
        Cause::ContentTypeMissing | Cause::ContentTypeParse | Cause::ContentTypeIncompatible => Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Nội dung yêu cầu phải là biểu mẫu kèm tệp, với Content-Type: multipart/form-data.",
            "The request body must be a form with a file, with Content-Type: multipart/form-data.",
        ),
        _ => bad_form(
            "Biểu mẫu kèm tệp bị hỏng hoặc không đầy đủ.",
            "The form with the file is damaged or incomplete.",
        ),
    }
}

fn bad_form(vi: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, vi, en)
}
