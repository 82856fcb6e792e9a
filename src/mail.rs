//! Mail: one letter at a time over SMTP, few at once, each within a bounded time. Without a mail server in the settings nothing
//! is sent, and whoever has something to tell must tell it otherwise.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::settings::Settings;

/// Most characters of an address: RFC 5321, section 4.5.3.1.3.
const ADDRESS_MAX: usize = 254;
/// How long the mail server may take for one step of the conversation.
const STEP_MAX: Duration = Duration::from_secs(5);
/// How long a letter may take altogether, waiting for its turn included: an administrator waits for it.
const LETTER_MAX: Duration = Duration::from_secs(12);
/// Letters on their way at the same time.
const AT_ONCE: usize = 4;
/// Letters that may wait to be written and sent after their request was answered.
const WAITING_MAX: usize = 64;
/// Seconds after which to try again when too many wait.
const BUSY_SECONDS: u64 = 30;

/// What is sent.
pub struct Letter {
    /// Name of who gets it.
    pub name: String,
    /// Address of who gets it.
    pub address: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// The way to the mail server, if there is one; cheap to clone.
#[derive(Clone)]
pub struct Mail {
    server: Option<Arc<Server>>,
    waiting: Arc<Semaphore>,
}

struct Server {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    at_once: Semaphore,
}

impl Mail {
    /// The way that the settings describe.
    pub fn new(settings: &Settings) -> Result<Self> {
        let server = if settings.smtp_url.expose().is_empty() {
            None
        } else {
            Some(Arc::new(Server::new(settings)?))
        };
        Ok(Self {
            server,
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
        })
    }

    /// Whether anything can be sent.
    pub fn is_set_up(&self) -> bool {
        self.server.is_some()
    }

    /// A place for a letter that is to be written after the request was answered; `RATE_LIMITED` when too many wait.
    pub fn place(&self) -> Result<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.waiting).try_acquire_owned();
        place.map_err(|_| Error::RateLimited {
            retry_after: BUSY_SECONDS,
        })
    }

    /// Hands a letter to the mail server. Not within a transaction: it may take seconds.
    pub async fn send(&self, letter: Letter) -> Result<()> {
        let server = self
            .server
            .as_ref()
            .ok_or_else(|| Error::internal("no mail server is set"))?;
        let message = server.message(letter)?;
        let work = async {
            let _turn = server.at_once.acquire().await.map_err(Error::internal)?;
            server.transport.send(message).await.map_err(Error::internal)
        };
        let sent = tokio::time::timeout(LETTER_MAX, work).await;
        sent.map_err(|_| Error::internal("the mail server took too long"))??;
        Ok(())
    }
}

impl Server {
    fn new(settings: &Settings) -> Result<Self> {
        let wrong = |name: &str, said: &str| Error::internal(format!("setting `{name}`: {said}"));
        // What the library says of an address repeats it, and its password.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.expose())
            .map_err(|_| {
                wrong(
                    "smtp_url",
                    "the address must be like smtps://user:password@host or smtp://host:25",
                )
            })?
            .timeout(Some(STEP_MAX))
            .build();
        let from = settings.mail_from.parse();
        let from = from.map_err(|_| {
            wrong(
                "mail_from",
                "sending mail needs a sender like `Thi đua <thidua@example.vn>`",
            )
        })?;
        let public = &settings.public_url;
        if !(public.starts_with("https://") || public.starts_with("http://")) {
            return Err(wrong(
                "public_url",
                "sending mail needs the https:// address at which links arrive",
            ));
        }
        Ok(Self {
            transport,
            from,
            at_once: Semaphore::new(AT_ONCE),
        })
    }

    fn message(&self, letter: Letter) -> Result<Message> {
        let to: Address = letter.address.parse().map_err(Error::internal)?;
        let id = format!("<{}@{}>", Uuid::new_v4(), self.from.email.domain());
        let text = Body::new_with_encoding(letter.text, ContentTransferEncoding::QuotedPrintable)
            .map_err(|_| Error::internal("a letter cannot be encoded"))?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(letter.name), to))
            .subject(letter.subject)
            .message_id(Some(id))
            // So that nobody's absence note answers it: RFC 3834.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(Error::internal)
    }
}

/// Reads an e-mail address; the domain becomes lower case.
pub fn address(field: &str, value: &str) -> Result<String> {
    let value = value.trim();
    match value.parse::<Address>() {
        Ok(address) if value.len() <= ADDRESS_MAX && value.is_ascii() => {
            Ok(format!("{}@{}", address.user(), address.domain().to_ascii_lowercase()))
        }
        _ => Err(Error::invalid(
            "EMAIL_INVALID",
            field,
            "Đây không phải là một địa chỉ thư điện tử như ten@congdoan.vn.",
            "This is not an e-mail address like name@example.vn.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Secret;

    #[test]
    fn an_address_is_one_and_nothing_more() {
        assert_eq!(
            address("email", " Hien.Tran@CongDoan.VN ").unwrap(),
            "Hien.Tran@congdoan.vn"
        );
        for wrong in [
            "",
            "hien",
            "hien@",
            "@congdoan.vn",
            "hien tran@congdoan.vn",
            "hiền@congdoan.vn",
            "hien@congdoan.vn\r\nBcc: x@y.vn",
            "hien@congdoan.vn, x@y.vn",
            "Hiền <hien@congdoan.vn>",
            &format!("{}@congdoan.vn", "x".repeat(250)),
        ] {
            assert!(matches!(address("email", wrong), Err(Error::Invalid(_))), "{wrong:?}");
        }
    }

    #[test]
    fn a_mail_server_needs_a_sender_and_the_address_of_links() {
        let settings = |url: &str, from: &str, public: &str| Settings {
            smtp_url: Secret::new(url),
            mail_from: from.to_owned(),
            public_url: public.to_owned(),
            ..Settings::default()
        };
        let (url, from, public) = (
            "smtp://u:geheim@127.0.0.1:25",
            "Thi đua <a@b.vn>",
            "https://b.vn/mat-khau",
        );
        assert!(!Mail::new(&Settings::default()).unwrap().is_set_up());
        assert!(Mail::new(&settings(url, from, public)).unwrap().is_set_up());
        for (url, from, public, name) in [
            ("geheim://127.0.0.1", from, public, "smtp_url"),
            (url, "", public, "mail_from"),
            (url, from, "", "public_url"),
        ] {
            let said = Mail::new(&settings(url, from, public)).err().unwrap().plainly();
            assert!(said.contains(name) && !said.contains("geheim"), "{said}");
        }
    }
}
