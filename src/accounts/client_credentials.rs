//! What a service account sends for a token, and how it is refused: the client credentials grant of OAuth 2 (RFC 6749, sections 2.3.1,
//! 4.4 and 5.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;
use crate::policy::{ServiceScope, ServiceScopes};

/// What stands before the random part of every secret, so that programs that look for secrets left lying about know it:
/// `thidua_service_[A-Za-z0-9_-]{43}`.
pub const SECRET_MARK: &str = "thidua_service_";

/// Most bytes of an id or a secret; ours are shorter.
const CREDENTIAL_BYTES_MAX: usize = 200;

/// What is sent for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// Which service account.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The scopes that are asked for; `None` for all that it was given.
    pub scope: Option<String>,
}

/// Why there is no token.
#[derive(Debug)]
pub enum Refused {
    /// The request is not as the RFC has it; what is wrong with it.
    InvalidRequest(&'static str),
    /// No credentials, or such that go with no service account that is known. Says no more.
    InvalidClient,
    /// The right secret of a service account that may have no token now, or not here.
    UnauthorizedClient,
    /// Another grant than this one.
    UnsupportedGrantType,
    /// A scope that there is not, or that the service account was not given.
    InvalidScope,
    /// Anything else: too many tries, a busy database.
    Other(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl Refused {
    /// The code of RFC 6749, section 5.2; for what is not in it the nearest of section 4.1.2.1.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::Other(Error::Internal(_)) => "server_error",
            Self::Other(_) => "temporarily_unavailable",
        }
    }

    /// A sentence for a developer. English, since the RFC takes only ASCII without quotes.
    pub const fn description(&self) -> &'static str {
        match self {
            Self::InvalidRequest(what) => what,
            Self::InvalidClient => "The client id or the secret is wrong.",
            Self::UnauthorizedClient => {
                "This service account is disabled or has expired, or may not call from this address."
            }
            Self::UnsupportedGrantType => "Only client_credentials is supported.",
            Self::InvalidScope => "A scope is unknown, or was not given to this service account.",
            Self::Other(Error::RateLimited { .. }) => "Too many attempts. See Retry-After.",
            Self::Other(Error::Internal(_)) => "Something went wrong here.",
            Self::Other(_) => "The service is busy. See Retry-After.",
        }
    }
}

impl TokenRequest {
    /// Reads the header `Authorization`, if there is one, and the body.
    pub fn read(authorization: Option<&str>, body: &[u8]) -> Result<Self, Refused> {
        let grant_type = parameter(body, "grant_type")?;
        let (id, secret) = (parameter(body, "client_id")?, parameter(body, "client_secret")?);
        let scope = parameter(body, "scope")?;
        match grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => return Err(Refused::UnsupportedGrantType),
            None => return Err(Refused::InvalidRequest("The parameter grant_type is missing.")),
        }
        let (client_id, client_secret) = match (authorization, id, secret) {
            (Some(_), _, Some(_)) => {
                return Err(Refused::InvalidRequest(
                    "Authenticate in the header or in the body, not in both.",
                ));
            }
            (Some(header), id, None) => {
                let (client_id, client_secret) = basic(header).ok_or(Refused::InvalidClient)?;
                if id.is_some_and(|id| id != client_id) {
                    return Err(Refused::InvalidRequest("The client_id is not that of the header."));
                }
                (client_id, client_secret)
            }
            (None, Some(id), Some(secret)) => (id, secret),
            (None, _, _) => return Err(Refused::InvalidClient),
        };
        if client_id.len().max(client_secret.len()) > CREDENTIAL_BYTES_MAX {
            return Err(Refused::InvalidClient);
        }
        Ok(Self {
            client_id,
            client_secret,
            scope,
        })
    }

    /// The scopes that a token gets: those asked for, each of which must have been given.
    pub fn scopes(&self, given: ServiceScopes) -> Result<ServiceScopes, Refused> {
        let Some(asked) = &self.scope else { return Ok(given) };
        let one = |word: &str| ServiceScope::of_code(word).filter(|&scope| given.contains(scope));
        let asked: Option<ServiceScopes> = asked.split(' ').filter(|word| !word.is_empty()).map(one).collect();
        asked
            .filter(|asked| *asked != ServiceScopes::NONE)
            .ok_or(Refused::InvalidScope)
    }
}

/// A parameter of the body. One without a value counts as left out, one that comes twice is refused: RFC 6749, section 3.2.
fn parameter(body: &[u8], name: &str) -> Result<Option<String>, Refused> {
    let mut found = form_urlencoded::parse(body).filter(|(key, _)| key == name);
    let value = found.next().map(|(_, value)| value.into_owned());
    if found.next().is_some() {
        return Err(Refused::InvalidRequest("A parameter is there twice."));
    }
    Ok(value.filter(|value| !value.is_empty()))
}

/// Id and secret of a header `Basic …`; both are form-encoded before they are joined: RFC 6749, section 2.3.1.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let joined = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some((decoded(id)?, decoded(secret)?))
}

fn decoded(part: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(part.as_bytes());
    let (word, nothing) = pairs.next()?;
    // A bare `&` or `=` would have been encoded.
    let single = pairs.next().is_none() && nothing.is_empty() && !part.contains('=');
    single.then(|| word.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] = b"grant_type=client_credentials";

    fn header(id: &str, secret: &str) -> String {
        let encode = |part: &str| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>();
        format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
        )
    }

    fn code(authorization: Option<&str>, body: &str) -> &'static str {
        TokenRequest::read(authorization, body.as_bytes()).map_or_else(|refused| refused.code(), |_| "")
    }

    #[test]
    fn who_asks_is_told_in_the_header_or_in_the_body_and_never_in_both() {
        let basic = header("service_1", "s");
        let basic = Some(basic.as_str());
        let grant = "grant_type=client_credentials";
        for (authorization, body, expected) in [
            (basic, grant.to_owned(), ""),
            (basic, format!("{grant}&client_id=service_1"), ""),
            (basic, format!("{grant}&client_id=service_2"), "invalid_request"),
            (
                basic,
                format!("{grant}&client_id=service_1&client_secret=s"),
                "invalid_request",
            ),
            (None, format!("{grant}&client_id=service_1&client_secret=s&other=1"), ""),
            (None, format!("{grant}&client_id=service_1"), "invalid_client"),
            (
                None,
                format!("{grant}&client_id=service_1&client_secret="),
                "invalid_client",
            ),
            (None, grant.to_owned(), "invalid_client"),
            (Some("Bearer abc"), grant.to_owned(), "invalid_client"),
            (Some("Basic"), grant.to_owned(), "invalid_client"),
            (Some("Basic %%%"), grant.to_owned(), "invalid_client"),
            (basic, String::new(), "invalid_request"),
            (basic, "grant_type=".to_owned(), "invalid_request"),
            (basic, format!("{grant}&{grant}"), "invalid_request"),
            (basic, format!("{grant}&scope=a&scope=b"), "invalid_request"),
            (
                basic,
                "grant_type=password&username=hoa&password=x".to_owned(),
                "unsupported_grant_type",
            ),
            (
                basic,
                "grant_type=refresh_token&refresh_token=x".to_owned(),
                "unsupported_grant_type",
            ),
        ] {
            assert_eq!(code(authorization, &body), expected, "{authorization:?} {body}");
        }
        let long = header("service_1", &"s".repeat(201));
        assert_eq!(code(Some(&long), grant), "invalid_client");
    }

    #[test]
    fn a_token_is_asked_for_with_less_and_never_with_more() {
        let given = ServiceScopes::read("units:read reports:read");
        let asked = |scope: Option<&str>| {
            let request = TokenRequest {
                client_id: String::new(),
                client_secret: String::new(),
                scope: scope.map(str::to_owned),
            };
            request
                .scopes(given)
                .map(ServiceScopes::written)
                .map_err(|refused| refused.code())
        };
        assert_eq!(asked(None).unwrap(), "units:read reports:read");
        assert_eq!(asked(Some("reports:read  reports:read")).unwrap(), "reports:read");
        for scope in [
            "reports:write",
            "units:read reports:write",
            "moon:read",
            " ",
            "UNITS:READ",
            "units:read,reports:read",
        ] {
            assert_eq!(asked(Some(scope)), Err("invalid_scope"), "{scope}");
        }
    }

    #[test]
    fn what_is_told_is_what_the_rfc_lets_be_told() {
        let all = [
            Refused::InvalidRequest("A parameter is there twice."),
            Refused::InvalidClient,
            Refused::UnauthorizedClient,
            Refused::UnsupportedGrantType,
            Refused::InvalidScope,
            Refused::Other(Error::RateLimited { retry_after: 1 }),
            Refused::Other(Error::internal("x")),
        ];
        for refused in all {
            let told = refused.description();
            assert!(
                told.bytes()
                    .all(|byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
                "{told}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_id_and_secret_come_through_the_header(id in "[^\u{0}]{1,40}", secret in "[^\u{0}]{1,40}") {
            let read = TokenRequest::read(Some(&header(&id, &secret)), BODY).unwrap();
            prop_assert_eq!((read.client_id, read.client_secret), (id, secret));
        }

        #[test]
        fn nothing_that_is_sent_is_a_surprise(authorization in ".{0,80}", body in any::<Vec<u8>>()) {
            let _ = TokenRequest::read(Some(&authorization), &body);
            let _ = TokenRequest::read(None, &body);
        }
    }
}
