//! Requests to the provider: over TLS, few at once, each within bounded time and of bounded size, wherever it sends us.

use std::fmt;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use openidconnect::http::{Response, StatusCode};
use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use tokio::sync::Semaphore;

use super::set_up::is_loopback;
use crate::error::{Error, Result};

/// How long connecting may take.
const CONNECT_MAX: Duration = Duration::from_secs(3);
/// How long a request may take altogether.
const REQUEST_MAX: Duration = Duration::from_secs(10);
/// Most bytes of an answer: key sets with certificates take some dozen thousand.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Requests under way at the same time.
const AT_ONCE: usize = 16;

/// Asks the provider.
pub(super) struct Http {
    client: reqwest::Client,
    on_this_machine: bool,
    at_once: Semaphore,
}

/// Why there is no answer, in words for the log.
#[derive(Debug)]
pub(super) struct HttpError(String);

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HttpError {}

impl Http {
    /// A client. Only of a provider on this machine something is asked without TLS.
    pub(super) fn new(on_this_machine: bool) -> Result<Self> {
        let mut client = reqwest::Client::builder()
            .user_agent(concat!("thidua/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_MAX)
            .timeout(REQUEST_MAX)
            // Whoever can redirect a request could send it, with the client's secret, to anybody.
            .redirect(Policy::none())
            .referer(false)
            .https_only(!on_this_machine);
        if on_this_machine {
            client = client.no_proxy();
        }
        Ok(Self {
            client: client.build().map_err(Error::internal)?,
            on_this_machine,
            at_once: Semaphore::new(AT_ONCE),
        })
    }

    /// Whether an address that the provider tells may be asked, or people sent to it.
    pub(super) fn may_lead_to(&self, url: &Url) -> bool {
        url.scheme() == "https" || self.on_this_machine && is_loopback(url)
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(|error| HttpError(told(&error)))?;
        if !self.may_lead_to(request.url()) {
            return Err(HttpError(format!("{} is no https:// address", request.url())));
        }
        let _turn = self.at_once.acquire().await.map_err(|error| HttpError(told(&error)))?;
        let answer = self.client.execute(request).await;
        let mut answer = answer.map_err(|error| HttpError(told(&error)))?;
        let status = answer.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(HttpError(format!("{} answered {status}", answer.url())));
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|error| HttpError(told(&error)))? {
            if body.len() + part.len() > ANSWER_BYTES_MAX {
                let said = format!("the answer of {} is larger than {ANSWER_BYTES_MAX} bytes", answer.url());
                return Err(HttpError(said));
            }
            body.extend_from_slice(&part);
        }
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.ask(request).boxed()
    }
}

/// An error with its causes; that of a refused connection stands only there.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
