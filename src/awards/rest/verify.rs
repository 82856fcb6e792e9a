//! Verification for anybody who holds a certificate: valid, revoked or unknown, and no more than the certificate itself shows.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::Serialize;
use thidua_entity::enums::{AwardChangeKind, Recipient};
use utoipa::ToSchema;

use crate::awards::store::{self, Certificate};
use crate::awards::verifying;
use crate::env::Env;
use crate::error::Text;
use crate::http::{self, Problem};

/// What is said of a code.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Verification {
    /// The award stands.
    Valid,
    /// It was revoked.
    Revoked,
    /// There is no such code; it may be mistyped.
    Unknown,
}

/// What is said of a code: no more than the certificate itself shows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedJson {
    /// Valid, revoked or unknown.
    status: Verification,
    /// The same as a sentence, in the caller's language.
    message: String,
    /// The code as it is printed; null when unknown.
    code: Option<String>,
    /// Vietnamese name of the award; null when unknown.
    award: Option<String>,
    /// Whether a collective or an individual got it.
    recipient: Option<Recipient>,
    /// The recipient as written then, or as corrected since; null when unknown, or when only a number was written.
    recipient_name: Option<String>,
    /// Year of achievement.
    year: Option<i32>,
    /// Number of the decision as written.
    decision_number: Option<String>,
    /// Date of its signing.
    decided_on: Option<NaiveDate>,
    /// The issuer as written then.
    issuer_name: Option<String>,
}

impl VerifiedJson {
    fn unknown(message: String) -> Self {
        Self {
            status: Verification::Unknown,
            message,
            code: None,
            award: None,
            recipient: None,
            recipient_name: None,
            year: None,
            decision_number: None,
            decided_on: None,
            issuer_name: None,
        }
    }

    fn of(certificate: Certificate, status: Verification, message: String) -> Self {
        let Certificate {
            award,
            kind,
            decision,
            changes,
        } = certificate;
        let corrected = changes.into_iter().rev().find_map(|change| change.recipient_name);
        Self {
            status,
            message,
            code: award.verify_code.as_deref().map(verifying::printed),
            award: Some(kind.name),
            recipient: Some(award.recipient),
            recipient_name: corrected.or(award.recipient_name),
            year: Some(award.year),
            decision_number: decision.number,
            decided_on: decision.decided_on,
            issuer_name: Some(decision.issuer_name),
        }
    }
}

/// Whether an award is valid, by the code on its certificate. For everybody, without signing in. A code that is none, or mistyped, gives
/// UNKNOWN as one that nobody was given.
#[utoipa::path(get, path = "/verify/{code}", tag = "awards",
    params(("code" = String, Path, description = "The code, `7KQ2-M9XB-4TRC-0HZW`; case, hyphens and blanks do not matter")),
    responses((status = 200, description = "What is said of the code", body = VerifiedJson)))]
#[get("/verify/{code}")]
pub async fn verify(env: Data<Env>, request: HttpRequest, code: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let language = http::language(request.headers());
        let found = match verifying::read(&code) {
            Some(code) => store::certificate(&env.db, &code).await?,
            None => None,
        };
        let (status, text) = said(found.as_ref());
        let message = text.in_language(language).to_owned();
        let body = match found {
            Some(certificate) => VerifiedJson::of(certificate, status, message),
            None => VerifiedJson::unknown(message),
        };
        let mut response = http::shown(&body);
        let tag = HeaderValue::from_static(language.tag());
        response.headers_mut().insert(header::CONTENT_LANGUAGE, tag);
        Ok(response)
    })
    .await
}

fn said(found: Option<&Certificate>) -> (Verification, Text) {
    let Some(certificate) = found else {
        let (vi, en) = (
            "Không có khen thưởng nào mang mã này; hãy kiểm tra lại mã đã nhập.",
            "There is no award with this code; check what you typed.",
        );
        return (Verification::Unknown, Text::new(vi, en));
    };
    if certificate
        .changes
        .iter()
        .any(|change| change.kind == AwardChangeKind::Revoked)
    {
        let (vi, en) = ("Khen thưởng này đã bị thu hồi.", "This award was revoked.");
        return (Verification::Revoked, Text::new(vi, en));
    }
    (
        Verification::Valid,
        Text::new("Khen thưởng này còn giá trị.", "This award is valid."),
    )
}
