//! Passwords that were forgotten, and passwords that are chosen by a link, for who has not signed in.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::usecases;
use crate::env::Env;
use crate::error::Text;
use crate::http::json::Json;
use crate::http::{self, Problem};

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ForgottenJson {
    /// Sign-in name; capitals do not matter.
    username: String,
}

/// What is told to everybody alike.
#[derive(Serialize, ToSchema)]
pub(super) struct AcceptedJson {
    /// What happens now, in the caller's language.
    message: String,
}

/// Mails a link for choosing another password to the owner of an account, if there is such an account and its address has been shown to be
/// theirs. The answer is always the same: it tells nothing of the account. Asked too often for one name, or from one address, it
/// is 429.
#[utoipa::path(post, path = "/api/v1/auth/forgotten", tag = "auth", request_body = ForgottenJson,
    responses((status = 202, description = "Heard", body = AcceptedJson)))]
#[post("/auth/forgotten")]
pub(super) async fn forgotten(
    env: Data<Env>,
    request: HttpRequest,
    Json(body): Json<ForgottenJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        usecases::forgotten(&env, &body.username)?;
        let said = Text::new(
            "Nếu tài khoản này có địa chỉ thư điện tử đã được xác nhận, liên kết đặt lại mật khẩu sẽ được gửi đến đó. Nếu không nhận được thư, hãy hỏi quản trị viên.",
            "If this account has a verified e-mail address, a link for another password is sent there. If no mail arrives, ask an administrator.",
        );
        let message = said.in_language(http::language(request.headers())).to_owned();
        Ok(HttpResponse::Accepted()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(AcceptedJson { message }))
    })
    .await
}

/// A link and a password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PasswordByLinkJson {
    /// What stands behind `#token=` in the link of an invitation or a reset. It works once.
    #[schema(format = Password)]
    token: String,
    /// The password to be, at least 12 characters and not easy to guess.
    #[schema(format = Password)]
    new_password: String,
}

/// Chooses a password by the link of an invitation or a reset. Every session of the account ends; sign in with the new password. A
/// link that was used, has expired, was replaced or never was is `LINK_INVALID`; a password that is refused leaves the link as it is.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "auth", request_body = PasswordByLinkJson,
    responses((status = 204, description = "Chosen")))]
#[post("/auth/password")]
pub(super) async fn password(
    env: Data<Env>,
    request: HttpRequest,
    Json(body): Json<PasswordByLinkJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        usecases::choose_password(&env, &body.token, &body.new_password).await?;
        Ok(HttpResponse::NoContent()
            .insert_header((CACHE_CONTROL, "no-store"))
            .finish())
    })
    .await
}
