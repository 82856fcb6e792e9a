//! Handing out the content of a file: always as a file to be saved, never shown by the browser as a page of ours (RFC 6266, RFC 9110
//! section 14). A part of it may be asked for, so that a phone whose connection broke goes on where it was.

use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, ByteRangeSpec, Charset, ContentDisposition, ContentRange, ContentRangeSpec, DispositionParam,
    DispositionType, ETag, EntityTag, ExtendedValue, Header as _, IfRange,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::error::{Error, Result};
use crate::files::{Files, hex};
use crate::text;

/// A file that is handed out.
pub struct Download<'a> {
    /// Its name, which ends as its type does.
    pub file_name: &'a str,
    /// What it is.
    pub media_type: &'a str,
    /// SHA-256 of its content: the entity tag, since other content has another.
    pub sha256: &'a [u8],
    /// Its size.
    pub bytes: u64,
}

/// What of a file a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    /// A part that the file does not have.
    Nothing,
}

/// Answers with the file, or with the one part of it that is asked for.
pub async fn hand_out(request: &HttpRequest, files: &Files, file: &Download<'_>) -> Result<HttpResponse> {
    let tag = EntityTag::new_strong(hex(file.sha256));
    let (status, range) = match wanted(request, &tag, file.bytes) {
        Wanted::Whole => (StatusCode::OK, 0..file.bytes),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nothing => return Ok(not_there(request, file.bytes)),
    };
    let content = files.read(file.sha256, range.clone()).await?;
    let kind = match file.media_type {
        "text/plain" => "text/plain; charset=utf-8",
        other => other,
    };
    let mut response = to_be_saved(status, file.file_name, kind);
    response
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        // Packed on the way it would have another size, and no parts.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(ETag(tag));
    if status == StatusCode::PARTIAL_CONTENT {
        response.insert_header(content_range(Some(&range), file.bytes));
    }
    Ok(response.body(SizedStream::new(range.end.saturating_sub(range.start), content)))
}

/// Begins an answer that is a file to be saved.
pub fn to_be_saved(status: StatusCode, file_name: &str, kind: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header(disposition(file_name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"));
    response
}

/// One range of bytes, unless the file is another by now. Several ranges, and what is no range, count as the whole.
fn wanted(request: &HttpRequest, tag: &EntityTag, bytes: u64) -> Wanted {
    if request.headers().contains_key(header::IF_RANGE) {
        match IfRange::parse(request) {
            Ok(IfRange::EntityTag(known)) if known.strong_eq(tag) => {}
            _ => return Wanted::Whole,
        }
    }
    let Ok(header::Range::Bytes(ranges)) = header::Range::parse(request) else {
        return Wanted::Whole;
    };
    let [range] = ranges.as_slice() else {
        return Wanted::Whole;
    };
    match ByteRangeSpec::to_satisfiable_range(range, bytes) {
        Some((first, last)) => Wanted::Part(first..last.saturating_add(1)),
        None => Wanted::Nothing,
    }
}

fn content_range(range: Option<&Range<u64>>, bytes: u64) -> ContentRange {
    ContentRange(ContentRangeSpec::Bytes {
        range: range.map(|range| (range.start, range.end.saturating_sub(1))),
        instance_length: Some(bytes),
    })
}

fn not_there(request: &HttpRequest, bytes: u64) -> HttpResponse {
    let error = Error::bad_request(
        format!("Tệp chỉ có {bytes} byte; phần yêu cầu nằm ngoài."),
        format!("The file has {bytes} bytes; the part asked for lies beyond."),
    );
    let language = super::language(request.headers());
    let mut response = super::problem_with(StatusCode::RANGE_NOT_SATISFIABLE, &error, language);
    if let Ok(range) = header::HeaderValue::from_str(&format!("bytes */{bytes}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}

/// The name twice: without accents for old programs, and as it is (RFC 8187).
fn disposition(file_name: &str) -> ContentDisposition {
    let (stem, ending) = file_name.rsplit_once('.').unwrap_or((file_name, "bin"));
    let plain: String = text::fold(stem).chars().filter(char::is_ascii).collect();
    let plain = match plain.trim() {
        "" => "minh-chung".to_owned(),
        words => words.replace(' ', "-"),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(format!("{plain}.{ending}")),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: file_name.as_bytes().to_vec(),
            }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn one_part_is_handed_out_and_all_else_is_the_whole() {
        let tag = EntityTag::new_strong("abc".to_owned());
        let part = |range| Wanted::Part(range);
        for (range, if_range, expected) in [
            (None, None, Wanted::Whole),
            (Some("bytes=0-4"), None, part(0..5)),
            (Some("bytes=5-"), None, part(5..10)),
            (Some("bytes=5-99"), None, part(5..10)),
            (Some("bytes=-3"), None, part(7..10)),
            (Some("bytes=10-"), None, Wanted::Nothing),
            (Some("bytes=0-1,4-5"), None, Wanted::Whole),
            (Some("lines=1-2"), None, Wanted::Whole),
            (Some("bytes=x"), None, Wanted::Whole),
            (Some("bytes=5-"), Some("\"abc\""), part(5..10)),
            (Some("bytes=5-"), Some("\"other\""), Wanted::Whole),
            (Some("bytes=5-"), Some("W/\"abc\""), Wanted::Whole),
            (Some("bytes=5-"), Some("Sat, 29 Oct 1994 19:43:31 GMT"), Wanted::Whole),
        ] {
            let mut request = TestRequest::get();
            for (name, value) in [("Range", range), ("If-Range", if_range)] {
                if let Some(value) = value {
                    request = request.insert_header((name, value));
                }
            }
            assert_eq!(
                wanted(&request.to_http_request(), &tag, 10),
                expected,
                "{range:?} {if_range:?}"
            );
        }
    }

    #[test]
    fn a_vietnamese_name_is_told_to_new_programs_and_to_old_ones() {
        assert_eq!(
            disposition("Biên bản «họp» số 1\".pdf").to_string(),
            "attachment; filename=\"bien-ban-hop-so-1.pdf\"; \
             filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20%C2%ABh%E1%BB%8Dp%C2%BB%20s%E1%BB%91%201%22.pdf"
        );
        assert!(
            disposition("漢字.txt")
                .to_string()
                .starts_with("attachment; filename=\"minh-chung.txt\";")
        );
    }
}
