//! Reading a request's body with bounds on its size and its time.
//!
//! The server's own timeout covers the head of a request only: without this, a client that sends a byte now and then
//! holds its connection for ever. And its decoders unpack a whole chunk before anybody can count what came out.

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Decompress, Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{self, Bytes, BytesMut};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};

use crate::error::{Error, Text};
use crate::settings::Settings;

/// Packed bytes that are unpacked at a time: gzip makes at most 1,032 bytes of one, so a step makes at most 1 MiB.
const PACKED_STEP_BYTES: usize = 1024;
/// Most characters of what a parser says about the input: it may quote all of it.
const SAID_MAX: usize = 300;

/// How large a body may be and how long it may take. Put into the application's data as `web::Data<BodyLimits>`;
/// without it the defaults of the settings hold.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Most bytes, counted after unpacking.
    pub bytes_max: usize,
    /// Within what time it must have arrived.
    pub time_max: Duration,
}

impl BodyLimits {
    /// The limits that the settings describe.
    pub fn of(settings: &Settings) -> Self {
        Self {
            bytes_max: settings.body_bytes_max,
            time_max: Duration::from_secs(settings.request_timeout_seconds),
        }
    }

    /// The limits of the application that answers this request.
    pub fn at(request: &HttpRequest) -> Self {
        request
            .app_data::<web::Data<Self>>()
            .map_or_else(|| Self::of(&Settings::default()), |limits| ***limits)
    }
}

/// A body that is not taken: a status of the protocol, and what each door tells in its own form.
#[derive(Debug)]
pub struct Refusal {
    /// 400, 408, 413 or 415.
    pub status: StatusCode,
    /// What is wrong with it.
    pub error: Error,
}

impl Refusal {
    /// A refusal with a code of `BAD_REQUEST`.
    pub fn new(status: StatusCode, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            status,
            error: Error::bad_request(vi, en),
        }
    }

    /// 408: it did not arrive in time.
    pub(super) fn too_slow(most: Duration) -> Self {
        let seconds = most.as_secs();
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("Nội dung yêu cầu chưa đến đủ trong {seconds} giây."),
            format!("The request body did not arrive within {seconds} seconds."),
        )
    }

    /// 413: it is larger than it may be.
    pub(super) fn too_large(most: u64) -> Self {
        let text = Text::new(
            format!("Nội dung yêu cầu lớn quá {most} byte."),
            format!("The request body is larger than {most} bytes."),
        );
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            error: Error::TooComplex(text),
        }
    }

    /// The refusal as REST tells it.
    pub fn problem(&self, request: &HttpRequest) -> HttpResponse {
        super::log_unexpected(&self.error);
        super::problem_with(self.status, &self.error, super::language(request.headers()))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self {
            status: super::status(&error),
            error,
        }
    }
}

/// Reads a body, unpacked, within the limits.
pub async fn read_body(request: &HttpRequest, payload: Payload, limits: BodyLimits) -> Result<Bytes, Refusal> {
    let packing = packing(request)?;
    if declared_bytes(request).is_some_and(|bytes| bytes > limits.bytes_max as u64) {
        return Err(Refusal::too_large(limits.bytes_max as u64));
    }
    let whole = async {
        if packing == ContentEncoding::Identity {
            collect(payload, limits.bytes_max).await
        } else {
            let slices = payload
                .map_ok(|chunk| stream::iter(slices(chunk)).map(Ok))
                .try_flatten();
            collect(Decompress::new(slices, packing), limits.bytes_max).await
        }
    };
    let read = tokio::time::timeout(limits.time_max, whole).await;
    read.unwrap_or_else(|_| Err(Refusal::too_slow(limits.time_max)))
}

/// The size that a request says its body has.
pub(super) fn declared_bytes(request: &HttpRequest) -> Option<u64> {
    let length = request.headers().get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// How the body is packed. Brotli is refused: a few bytes of it unpack to 16 MiB at one stroke.
pub(super) fn packing(request: &HttpRequest) -> Result<ContentEncoding, Refusal> {
    match request
        .headers()
        .get(header::CONTENT_ENCODING)
        .map(|value| value.to_str().unwrap_or_default())
    {
        None => Ok(ContentEncoding::Identity),
        Some(name) if name.eq_ignore_ascii_case("identity") => Ok(ContentEncoding::Identity),
        Some(name) if name.eq_ignore_ascii_case("gzip") => Ok(ContentEncoding::Gzip),
        Some(name) if name.eq_ignore_ascii_case("deflate") => Ok(ContentEncoding::Deflate),
        Some(_) => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Content-Encoding chỉ được là gzip, deflate hoặc identity.",
            "Content-Encoding may be gzip, deflate or identity only.",
        )),
    }
}

fn slices(mut chunk: Bytes) -> Vec<Bytes> {
    let mut slices = Vec::with_capacity(chunk.len() / PACKED_STEP_BYTES + 1);
    while chunk.len() > PACKED_STEP_BYTES {
        slices.push(chunk.split_to(PACKED_STEP_BYTES));
    }
    slices.push(chunk);
    slices
}

async fn collect(chunks: impl Stream<Item = Result<Bytes, PayloadError>>, most: usize) -> Result<Bytes, Refusal> {
    let mut chunks = pin!(chunks);
    let mut body = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Refusal::new(
                StatusCode::BAD_REQUEST,
                "Nội dung yêu cầu bị hỏng hoặc không đầy đủ.",
                "The request body is damaged or incomplete.",
            )
        })?;
        if chunk.len() > most - body.len() {
            return Err(Refusal::too_large(most as u64));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Refuses every body that does not say it is JSON: no other page's form can say so without being asked first.
pub fn demand_json(request: &HttpRequest) -> Result<(), Refusal> {
    let json = request.mime_type().ok().flatten().is_some_and(|kind| {
        kind.essence_str() == "application/json" && kind.get_param("charset").is_none_or(|charset| charset == "utf-8")
    });
    if json {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Nội dung yêu cầu phải là JSON, với Content-Type: application/json.",
        "The request body must be JSON, with Content-Type: application/json.",
    ))
}

/// What is wrong with a JSON text, and where.
pub fn json_error(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let said = error.to_string();
    let said = clipped(
        said.strip_suffix(&format!(" at line {line} column {column}"))
            .unwrap_or(&said),
        SAID_MAX,
    );
    Error::bad_request(
        format!("JSON sai ở dòng {line}, cột {column}: {said}."),
        format!("The JSON is wrong at line {line}, column {column}: {said}."),
    )
}

/// The beginning of a text, with an ellipsis where it was longer.
pub fn clipped(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

/// A request's body that somebody may leave unread. The server closes the connection after such an answer, but not when
/// the body came in chunks and was dropped: then it waits for the rest, for ever. So the rest is kept until the answer
/// is sent.
#[derive(Clone)]
pub struct Unread(Option<Rc<RefCell<Payload>>>);

impl Unread {
    /// Shares the request's body with those who will read it.
    pub fn of(request: &mut ServiceRequest) -> Self {
        if !request.headers().contains_key(header::TRANSFER_ENCODING) {
            return Self(None);
        }
        let shared = Self(Some(Rc::new(RefCell::new(request.take_payload()))));
        request.set_payload(Payload::Stream {
            payload: Box::pin(shared.clone()),
        });
        shared
    }

    /// An answer's body that keeps the request's as long as it lives.
    pub fn kept_by<B>(self, body: B) -> Keeping<B> {
        Keeping { body, _unread: self }
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &self.0 {
            Some(payload) => payload.borrow_mut().poll_next_unpin(cx),
            None => Poll::Ready(None),
        }
    }
}

/// See [`Unread::kept_by`].
pub struct Keeping<B> {
    body: B,
    _unread: Unread,
}

impl<B: MessageBody + Unpin> MessageBody for Keeping<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
