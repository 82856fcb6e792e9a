//! What is asked of the provider for one sign-in: where to, and who came back.

use std::sync::Arc;

use openidconnect::core::{CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreProviderMetadata};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, SignatureVerificationError, StandardErrorResponse,
    TokenResponse as _,
};

use super::documents::Documents;
use super::http::{Http, HttpError};
use super::id_token::{self, Expected};
use super::set_up::SetUp;
use super::{CameBack, Failure, Proven};
use crate::env::Clock;
use crate::error::Result;
use crate::settings::Settings;

/// Most characters that are logged of what the provider calls its refusal.
const REFUSAL_MAX: usize = 60;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The way to a provider that is set up.
pub(super) struct Way {
    pub(super) set_up: SetUp,
    http: Http,
    documents: Documents,
    clock: Clock,
}

impl Way {
    /// The way that the settings describe, if they describe one.
    pub(super) fn of(settings: &Settings, clock: &Clock) -> Result<Option<Self>> {
        let Some(set_up) = SetUp::of(settings)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            http: Http::new(set_up.is_on_this_machine())?,
            set_up,
            documents: Documents::new(clock.clone()),
            clock: clock.clone(),
        }))
    }

    /// What the provider tells of itself.
    pub(super) async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, Failure> {
        self.documents.current(&self.http, &self.set_up.issuer).await
    }

    /// The service as the provider knows it, with people who come back at an address.
    pub(super) fn client(&self, metadata: &CoreProviderMetadata, redirect: &str) -> Result<Client, Failure> {
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|_| Failure::Refused("the address to come back to is none".to_owned()))?;
        let (id, secret) = (self.set_up.client_id.clone(), self.set_up.client_secret.clone());
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect);
        let methods = metadata.token_endpoint_auth_methods_supported();
        let only_in_body = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        Ok(if only_in_body {
            client.set_auth_type(AuthType::RequestBody)
        } else {
            client
        })
    }

    /// Exchanges the code and reads the ID token.
    pub(super) async fn prove(&self, came: CameBack<'_>) -> Result<Proven, Failure> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata, came.redirect)?;
        let request = client.exchange_code(AuthorizationCode::new(came.code.to_owned()));
        let request = request.map_err(|_| Failure::Away("it tells no token endpoint".to_owned()))?;
        let answer = request
            .set_pkce_verifier(PkceCodeVerifier::new(came.secrets.verifier))
            .request_async(&self.http)
            .await
            .map_err(|error| not_exchanged(&error))?;
        let token = answer.id_token();
        let token = token.ok_or_else(|| Failure::Refused("there is no ID token in its answer".to_owned()))?;
        let expected = Expected {
            set_up: &self.set_up,
            nonce: came.secrets.nonce,
            sent_at: came.sent_at,
            now: self.clock.now(),
        };
        let read = match id_token::read(&expected, metadata.jwks(), token, &answer) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                // It may have turned its keys since they were read.
                let newer = self.documents.with_newer_keys(&self.http, &metadata).await?;
                id_token::read(&expected, newer.jwks(), token, &answer)
            }
            read => read,
        };
        read.map_err(|error| Failure::Refused(format!("its ID token proves nothing: {}", in_words(&error))))
    }
}

/// The library's own words, but nothing of the provider's answer, which may hold tokens.
fn not_exchanged(error: &RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>) -> Failure {
    match error {
        RequestTokenError::Request(cause) => Failure::Away(cause.to_string()),
        RequestTokenError::ServerResponse(refusal) => {
            let refusal: String = refusal.error().to_string().chars().take(REFUSAL_MAX).collect();
            Failure::Refused(format!("it refused the code: {refusal}"))
        }
        RequestTokenError::Parse(error, _) => {
            Failure::Refused(format!("its answer to the code cannot be read at {}", error.path()))
        }
        RequestTokenError::Other(_) => Failure::Refused("its answer to the code cannot be read".to_owned()),
    }
}

fn in_words(error: &ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::SignatureVerification(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
