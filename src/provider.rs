//! The province's own identity provider, asked by OpenID Connect (authorization code with PKCE): where people are sent to sign in there,
//! and who it says they are. Which account that is, and whether it may come in, is said in `accounts/`.
//!
//! Nothing here is asked when the service starts: a provider that is away stands in nobody's way but of those who come by it.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use chrono::{DateTime, Utc};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow};
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, Scope};
use serde::{Deserialize, Serialize};

use self::way::Way;
use crate::auth;
use crate::env::Clock;
use crate::error::{Error, Result, Text};
use crate::settings::Settings;

mod documents;
mod http;
mod id_token;
mod set_up;
mod way;

/// How long everything may take that is asked for one request: the person waits.
const WHOLE_MAX: StdDuration = StdDuration::from_secs(15);

/// The way to the identity provider, if there is one; cheap to clone.
#[derive(Clone)]
pub struct Provider(Option<Arc<Way>>);

/// A sign-in that was begun: where the person is sent, and what must be known when they come back.
pub struct Begun {
    /// The address at the provider.
    pub url: String,
    /// What the provider gives back by way of the browser.
    pub state: String,
    /// What the answer must fit.
    pub secrets: Secrets,
}

/// What shows that an answer belongs to a sign-in that was begun here. Told to nobody: kept sealed until then.
#[derive(Serialize, Deserialize)]
pub struct Secrets {
    nonce: String,
    verifier: String,
}

/// Somebody who has come back from the provider.
pub struct CameBack<'a> {
    /// The code that they bring.
    pub code: &'a str,
    /// The address at which they came back.
    pub redirect: &'a str,
    /// What was kept when they were sent.
    pub secrets: Secrets,
    /// When they were sent.
    pub sent_at: DateTime<Utc>,
}

/// Who the provider has proven somebody to be.
pub struct Proven {
    /// The person there, for ever the same.
    pub subject: String,
    /// When they signed in there, where it tells.
    pub authenticated_at: Option<DateTime<Utc>>,
}

/// Why nothing was proven, in words for the log. They hold no code and no token.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The provider does not answer as it should; it may later.
    Away(String),
    /// The provider refused, or what it answered proves nothing.
    Refused(String),
}

impl Failure {
    fn too_slow() -> Self {
        Self::Away("it takes too long".to_owned())
    }
}

impl From<Failure> for Error {
    /// For what is asked before anybody has been sent there, where nothing can be refused yet.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Away(cause) => Self::ProviderUnavailable(cause),
            Failure::Refused(cause) => Self::internal(cause),
        }
    }
}

impl Provider {
    /// The way that the settings describe. The provider is not asked yet.
    pub fn of(settings: &Settings, clock: &Clock) -> Result<Self> {
        Ok(Self(Way::of(settings, clock)?.map(Arc::new)))
    }

    /// What people call the provider; `None` when there is none.
    pub fn name(&self) -> Option<&str> {
        self.0.as_ref().map(|way| way.set_up.name.as_str())
    }

    /// What the provider calls itself; `WRONG_STATE` when there is none.
    pub fn issuer(&self) -> Result<&str> {
        Ok(self.way()?.set_up.issuer.as_str())
    }

    /// Whether people may be sent back to an address.
    pub fn leads_back_to(&self, redirect: &str) -> bool {
        let redirects = self.0.iter().flat_map(|way| &way.set_up.redirects);
        redirects.into_iter().any(|allowed| allowed == redirect)
    }

    fn way(&self) -> Result<&Way> {
        self.0.as_deref().ok_or_else(|| {
            Error::WrongState(Text::new(
                "Hệ thống này không dùng nhà cung cấp danh tính; hãy đăng nhập bằng mật khẩu.",
                "This service has no identity provider; sign in by password.",
            ))
        })
    }

    /// Begins a sign-in of somebody who comes back at an allowed address. `anew` asks them to sign in there even if they have.
    pub async fn begin(&self, redirect: &str, anew: bool) -> Result<Begun> {
        let way = self.way()?;
        let metadata = tokio::time::timeout(WHOLE_MAX, way.metadata()).await;
        let metadata = metadata.unwrap_or_else(|_| Err(Failure::too_slow()))?;
        let client = way.client(&metadata, redirect)?;
        let (state, _) = auth::new_secret();
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let csrf = CsrfToken::new(state.clone());
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || csrf, Nonce::new_random)
            .add_scopes(way.set_up.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        if let Some(max_age) = way.set_up.max_age.and_then(|max_age| max_age.to_std().ok()) {
            request = request.set_max_age(max_age);
        }
        if anew {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        let (url, _, nonce) = request.url();
        Ok(Begun {
            url: url.into(),
            state,
            secrets: Secrets {
                nonce: nonce.secret().clone(),
                verifier: verifier.into_secret(),
            },
        })
    }

    /// Asks the provider who somebody is who came back from it.
    pub async fn prove(&self, came: CameBack<'_>) -> Result<Proven, Failure> {
        let way = self.0.as_deref();
        let way = way.ok_or_else(|| Failure::Refused("there is no provider".to_owned()))?;
        let proven = tokio::time::timeout(WHOLE_MAX, way.prove(came)).await;
        proven.unwrap_or_else(|_| Err(Failure::too_slow()))
    }
}

/// Most characters of a subject: OpenID Connect Core 1.0, section 2.
const SUBJECT_MAX: usize = 255;

/// A subject as providers give them: visible ASCII, at most 255 characters, capitals matter. `None` for anything else.
pub fn read_subject(text: &str) -> Option<String> {
    let fits = (1..=SUBJECT_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned())
}
