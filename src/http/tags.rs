//! Entity tags: answers that a client may ask about again, and the versions that a change names (RFC 9110, sections 8.8 and 13).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, EntityTag, Header as _};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::own_answer;
use crate::error::{Error, Result};
use crate::version::Seen;

/// A thing with a version: `ETag` is the version, `If-None-Match` answers 304.
pub fn versioned(request: &HttpRequest, version: i32, body: &impl Serialize) -> HttpResponse {
    tagged(request, of_version(version), body)
}

/// A thing that has no version of its own: `ETag` is drawn from what is told of it, names of other things included.
pub fn digested(request: &HttpRequest, body: &impl Serialize) -> Result<HttpResponse> {
    let text = serde_json::to_vec(body).map_err(Error::internal)?;
    let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16]);
    Ok(tagged(request, EntityTag::new_strong(digest), body))
}

/// What everybody may keep for some seconds, with a tag drawn from what is told.
pub fn published(request: &HttpRequest, seconds: u32, kind: &str, body: &impl Serialize) -> Result<HttpResponse> {
    let text = serde_json::to_vec(body).map_err(Error::internal)?;
    let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..16]));
    let known = is_known(request, &tag);
    let mut response = HttpResponse::build(if known {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    });
    response
        .insert_header((header::CACHE_CONTROL, format!("public, max-age={seconds}")))
        .insert_header(ETag(tag));
    Ok(if known {
        response.finish()
    } else {
        response.content_type(kind).body(text)
    })
}

/// Whether the client says that it has this already.
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match header::IfNoneMatch::parse(request) {
        Ok(header::IfNoneMatch::Any) => true,
        Ok(header::IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

fn tagged(request: &HttpRequest, tag: EntityTag, body: &impl Serialize) -> HttpResponse {
    if is_known(request, &tag) {
        return own_answer(StatusCode::NOT_MODIFIED).insert_header(ETag(tag)).finish();
    }
    own_answer(StatusCode::OK).insert_header(ETag(tag)).json(body)
}

/// A thing as it is after a change, with its new version as `ETag`.
pub fn changed(version: i32, body: &impl Serialize) -> HttpResponse {
    own_answer(StatusCode::OK)
        .insert_header(ETag(of_version(version)))
        .json(body)
}

/// The entity tag of a version.
pub fn of_version(version: i32) -> EntityTag {
    EntityTag::new_strong(version.to_string())
}

/// The version that a write names; nothing when it says by `If-None-Match: *` that there is none yet (RFC 9110, section 13.1.2).
pub fn if_match_or_new(request: &HttpRequest) -> Result<Option<Seen>> {
    let none = request.headers().contains_key(header::IF_NONE_MATCH)
        && matches!(header::IfNoneMatch::parse(request), Ok(header::IfNoneMatch::Any));
    if none && !request.headers().contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    if_match(request).map(Some)
}

/// The versions that a change names in `If-Match`: one or several, or `*` for whichever it is. Without the header 428, so that
/// nobody overwrites unknowingly what they have not seen. Tags are compared strongly, so a weak one is none of ours.
pub fn if_match(request: &HttpRequest) -> Result<Seen> {
    if !request.headers().contains_key(header::IF_MATCH) {
        return Err(Error::PreconditionRequired);
    }
    match header::IfMatch::parse(request) {
        Ok(header::IfMatch::Any) => Ok(Seen::Any),
        Ok(header::IfMatch::Items(tags)) if !tags.is_empty() => {
            let versions = tags.iter().filter_map(|tag| {
                let version = tag.tag().parse().ok()?;
                tag.strong_eq(&of_version(version)).then_some(version)
            });
            Ok(Seen::OneOf(versions.collect()))
        }
        _ => Err(Error::bad_request(
            "If-Match phải là các ETag trong dấu ngoặc kép, ví dụ \"3\", hoặc *.",
            "If-Match must be ETags in quotes, such as \"3\", or *.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(header: &str) -> Result<Seen> {
        if_match(&TestRequest::get().insert_header(("If-Match", header)).to_http_request())
    }

    #[test]
    fn a_change_names_what_it_saw_as_http_says() {
        for (header, seen) in [
            ("\"3\"", Seen::from(3)),
            ("\"3\", \"4\"", Seen::OneOf(vec![3, 4])),
            ("*", Seen::Any),
            ("W/\"3\"", Seen::OneOf(Vec::new())),
            ("\"+3\"", Seen::OneOf(Vec::new())),
            ("\"of-another-service\", \"3\"", Seen::from(3)),
        ] {
            assert_eq!(read(header).unwrap(), seen, "{header}");
        }
        for header in ["", "3", "\"3"] {
            assert_eq!(read(header).unwrap_err().code(), "BAD_REQUEST", "{header}");
        }
        let missing = if_match(&TestRequest::get().to_http_request());
        assert!(matches!(missing, Err(Error::PreconditionRequired)));
    }
}
