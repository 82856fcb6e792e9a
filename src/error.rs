//! The one error of the service: what went wrong, in a stable code and in the caller's language. GraphQL and REST each
//! show it in their own way; what we did not expect is logged with its cause and shown without it.

use std::fmt;

use crate::auth::Proof;
use crate::policy::{Action, ServiceScope};

mod database;
mod exists;
mod own;

/// The result of nearly everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Language of messages. Codes are never translated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Tiếng Việt, also when the caller says nothing.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// Reads an `Accept-Language` header: English only when it is preferred to Vietnamese.
    pub fn from_header(header: Option<&str>) -> Self {
        let mut best = (0_u16, Self::Vietnamese);
        for part in header.unwrap_or_default().split(',') {
            let mut pieces = part.trim().split(';');
            let language = match pieces.next().unwrap_or_default().split('-').next() {
                Some(tag) if tag.eq_ignore_ascii_case("vi") => Self::Vietnamese,
                Some(tag) if tag.eq_ignore_ascii_case("en") => Self::English,
                _ => continue,
            };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1000, thousandths);
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The tag for `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }
}

/// Reads a quality such as `0.8` as thousandths; what is no quality counts as none.
fn thousandths(quality: &str) -> u16 {
    let (whole, fraction) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u16>(), padded.parse::<u16>()) {
        (Ok(whole @ 0..=1), Ok(fraction)) => (whole * 1000 + fraction).min(1000),
        _ => 0,
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The sentence, Vietnamese first.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            vi: vi.into(),
            en: en.into(),
        }
    }

    /// The sentence in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.vi,
            Language::English => &self.en,
        }
    }
}

/// Something that a form can mend: which field, what is wrong with it and how to put it right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, `SCREAMING_SNAKE_CASE`.
    pub code: &'static str,
    /// Path of the field in the input, `figures.3.text`.
    pub field: String,
    /// What is wrong and how to mend it.
    pub text: Text,
}

impl Problem {
    /// Lets through where there are none; else tells all of them at once.
    pub fn none(problems: Vec<Self>) -> Result<()> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(problems))
        }
    }

    /// A problem of one field.
    pub fn new(code: &'static str, field: impl Into<String>, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            field: field.into(),
            text: Text::new(vi, en),
        }
    }
}

/// What went wrong.
#[derive(Debug)]
pub enum Error {
    /// No token, or one that does not verify, or a session that has ended.
    Unauthenticated,
    /// Sign-in with a name and password that do not go together; says no more.
    WrongPassword,
    /// Signed in with a password that somebody else set: nothing is possible before it is changed.
    PasswordChangeRequired,
    /// Seen, but not permitted.
    Forbidden(Action),
    /// A service account that was not given what it takes, or whose token was asked for without it.
    ScopeMissing(ServiceScope),
    /// What a service account never does: deciding, signing in, anything about accounts.
    PeopleOnly,
    /// Permitted, but what decides asks for a fresh proof of who it is.
    ProofRequired(Proof),
    /// A right password, and the code of the second factor is missing.
    SecondFactorRequired,
    /// Permitted to others, but not to who wrote the thing.
    OwnWork(Action),
    /// Permitted to others, but not to officers of the very unit that it concerns.
    OwnUnit(Action),
    /// Not there, or not for this caller.
    NotFound,
    /// The step is not possible from the present state.
    WrongState(Text),
    /// Somebody was faster: the thing has another version by now.
    StaleVersion {
        /// The version it has now.
        current: i32,
    },
    /// A change on REST that does not name the version it saw.
    PreconditionRequired,
    /// A rule of uniqueness would be broken; the rule's name.
    AlreadyExists(String),
    /// The request cannot be understood.
    BadRequest(Text),
    /// What a form can mend.
    Invalid(Vec<Problem>),
    /// More than the service is willing to work on at once.
    TooComplex(Text),
    /// Too many at once.
    RateLimited {
        /// After how many seconds to try again.
        retry_after: u64,
    },
    /// Not at this moment: the database is busy or away, and the same request may succeed later.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// Not at this moment: the identity provider does not answer as it should; why, in words for the log.
    ProviderUnavailable(String),
    /// What we did not expect.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// After how many seconds to try again when the database is busy or away: connections are free again within moments.
const UNAVAILABLE_SECONDS: u64 = 2;
/// The same when the identity provider does not answer: it is left alone for some seconds.
const PROVIDER_UNAVAILABLE_SECONDS: u64 = 10;

impl Error {
    /// One problem of one field.
    pub fn invalid(code: &'static str, field: impl Into<String>, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(code, field, vi, en)])
    }

    /// A request that cannot be understood.
    pub fn bad_request(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::BadRequest(Text::new(vi, en))
    }

    /// What we did not expect, from a cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated | Self::WrongPassword => "UNAUTHENTICATED",
            Self::PasswordChangeRequired => "PASSWORD_CHANGE_REQUIRED",
            Self::Forbidden(_) | Self::OwnWork(_) | Self::OwnUnit(_) | Self::PeopleOnly => "FORBIDDEN",
            Self::ScopeMissing(_) => "INSUFFICIENT_SCOPE",
            Self::ProofRequired(_) => "PROOF_REQUIRED",
            Self::SecondFactorRequired => "SECOND_FACTOR_REQUIRED",
            Self::NotFound => "NOT_FOUND",
            Self::WrongState(_) => "WRONG_STATE",
            Self::StaleVersion { .. } => "STALE_VERSION",
            Self::AlreadyExists(_) => "ALREADY_EXISTS",
            Self::BadRequest(_) | Self::PreconditionRequired => "BAD_REQUEST",
            Self::Invalid(_) => "INVALID",
            Self::TooComplex(_) => "TOO_COMPLEX",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::Unavailable(_) | Self::ProviderUnavailable(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// After how many seconds the same request may succeed, where trying again makes sense.
    pub const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after } => Some(*retry_after),
            Self::Unavailable(_) => Some(UNAVAILABLE_SECONDS),
            Self::ProviderUnavailable(_) => Some(PROVIDER_UNAVAILABLE_SECONDS),
            _ => None,
        }
    }

    /// The sentence for whoever runs a command on the machine of the service: with the cause of what we did not expect.
    pub fn plainly(&self) -> String {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) => cause.to_string(),
            Self::ProviderUnavailable(cause) => cause.clone(),
            other => other.text().en,
        }
    }

    /// The sentence for a person. Never tells the cause of what we did not expect.
    pub fn text(&self) -> Text {
        match self {
            Self::Unauthenticated => Text::new("Cần đăng nhập.", "Sign in first."),
            Self::WrongPassword => Text::new(
                "Tên đăng nhập hoặc mật khẩu không đúng.",
                "The user name or password is wrong.",
            ),
            Self::PasswordChangeRequired => Text::new(
                "Mật khẩu này chỉ dùng tạm: hãy đổi mật khẩu (changePassword) rồi mới làm việc khác.",
                "This password is temporary: change it (changePassword) before anything else.",
            ),
            Self::Forbidden(action) => Text::new(
                format!("Tài khoản không có quyền thực hiện việc này ({}).", action.code()),
                format!("This account may not do this ({}).", action.code()),
            ),
            Self::ScopeMissing(scope) => Text::new(
                format!(
                    "Tài khoản dịch vụ, hoặc token này, không có phạm vi `{}`.",
                    scope.code()
                ),
                format!(
                    "This service account, or this token, was not given the scope `{}`.",
                    scope.code()
                ),
            ),
            Self::PeopleOnly => Text::new(
                "Việc này chỉ dành cho người dùng đăng nhập; tài khoản dịch vụ không làm được.",
                "This is for people who sign in; a service account never does it.",
            ),
            Self::ProofRequired(Proof::SecondFactorMissing) => Text::new(
                "Việc này cần xác thực hai lớp: hãy cài mã xác thực (enrolSecondFactor), rồi đăng nhập lại với mã đó.",
                "This needs a second factor: enrol one (enrolSecondFactor), then sign in with its code.",
            ),
            Self::ProofRequired(_) => Text::new(
                "Đã quá lâu kể từ khi đăng nhập: hãy xác nhận lại danh tính (POST /api/v1/auth/confirm) rồi thực hiện.",
                "It is too long since you signed in: confirm who you are (POST /api/v1/auth/confirm), then do it.",
            ),
            Self::SecondFactorRequired => Text::new(
                "Cần thêm mã xác thực hai lớp.",
                "The code of the second factor is needed too.",
            ),
            Self::OwnWork(action) => own::own_work(*action),
            Self::OwnUnit(action) => Text::new(
                format!(
                    "Cán bộ của đơn vị không làm việc này với phiếu hoặc đề nghị của chính đơn vị mình ({}).",
                    action.code()
                ),
                format!(
                    "Officers of a unit may not do this to its own sheet or proposal ({}).",
                    action.code()
                ),
            ),
            Self::NotFound => Text::new("Không tìm thấy.", "Not found."),
            Self::WrongState(text) | Self::BadRequest(text) | Self::TooComplex(text) => text.clone(),
            Self::StaleVersion { current } => Text::new(
                format!("Dữ liệu đã được người khác sửa (phiên bản hiện tại {current}). Hãy tải lại rồi sửa."),
                format!("Somebody else changed it (version is now {current}). Load it again, then change it."),
            ),
            Self::PreconditionRequired => Text::new(
                "Thiếu tiêu đề If-Match: hãy gửi ETag (phiên bản) mà bạn đã đọc.",
                "If-Match is missing: send the ETag (version) that you read.",
            ),
            Self::AlreadyExists(rule) => exists::sentence(rule),
            Self::Invalid(problems) => Text::new(
                problems
                    .iter()
                    .map(|problem| problem.text.vi.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
                problems
                    .iter()
                    .map(|problem| problem.text.en.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            Self::RateLimited { retry_after } => Text::new(
                format!("Quá nhiều yêu cầu. Hãy thử lại sau {retry_after} giây."),
                format!("Too many requests. Try again in {retry_after} seconds."),
            ),
            Self::Unavailable(_) => Text::new(
                "Hệ thống đang bận. Hãy thử lại sau ít giây.",
                "The service is busy. Try again in a moment.",
            ),
            Self::ProviderUnavailable(_) => Text::new(
                "Nhà cung cấp danh tính hiện không trả lời. Hãy thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu.",
                "The identity provider does not answer now. Try again in a while, or sign in by password.",
            ),
            Self::Internal(_) => Text::new(
                "Lỗi hệ thống. Hãy báo quản trị viên kèm mã yêu cầu.",
                "Something went wrong here. Tell the administrator the request id.",
            ),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) => write!(f, "{}: {cause}", self.code()),
            Self::ProviderUnavailable(cause) => write!(f, "{}: {cause}", self.code()),
            Self::AlreadyExists(rule) => write!(f, "{} ({rule}): {}", self.code(), self.text().en),
            other => write!(f, "{}: {}", other.code(), other.text().en),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_spoken_only_to_who_prefers_it() {
        let speaks = |header| Language::from_header(header).tag();
        assert_eq!(speaks(None), "vi");
        assert_eq!(speaks(Some("fr-FR")), "vi");
        assert_eq!(speaks(Some("en-US,en;q=0.9,vi;q=0.8")), "en");
        assert_eq!(speaks(Some("vi-VN,vi;q=0.9,en;q=0.8")), "vi");
        assert_eq!(speaks(Some("vi;q=0.2, en;q=0.7")), "en");
        assert_eq!(speaks(Some("en;q=nonsense, *")), "vi");
    }
}
