//! What is written to people about their accounts: Vietnamese, and English below it. Pure.

use chrono::{DateTime, FixedOffset, Utc};
use thidua_entity::enums::LinkPurpose;

use crate::env;
use crate::mail::Letter;

/// To whom and what about.
pub struct Link<'a> {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Name shown of the account.
    pub name: &'a str,
    /// Its sign-in name.
    pub username: &'a str,
    /// Where to.
    pub address: &'a str,
    /// The link.
    pub link: &'a str,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// The letter with a link that works once.
pub fn link(about: &Link<'_>) -> Letter {
    let Link {
        name, username, link, ..
    } = about;
    let expires_at: DateTime<FixedOffset> = env::in_vietnam(about.expires_at);
    let (until_vi, until_en) = (
        expires_at.format("%H:%M ngày %d/%m/%Y"),
        expires_at.format("%Y-%m-%d %H:%M"),
    );
    let (subject, vi, en, ignore_vi, ignore_en) = match about.purpose {
        LinkPurpose::Invitation => (
            "Lời mời sử dụng hệ thống thi đua",
            format!(
                "Đồng chí được mời sử dụng hệ thống thi đua với tên đăng nhập {username}. Hãy mở liên kết sau để đặt mật khẩu:"
            ),
            format!(
                "You are invited to the emulation service; your user name is {username}. Open this link to choose a password:"
            ),
            "Nếu không biết về lời mời này, xin bỏ qua thư.",
            "If you know nothing of this invitation, ignore this mail.",
        ),
        LinkPurpose::PasswordReset => (
            "Đặt lại mật khẩu hệ thống thi đua",
            format!("Hãy mở liên kết sau để đặt mật khẩu mới cho tài khoản {username}:"),
            format!("Open this link to choose a new password for the account {username}:"),
            "Nếu đồng chí không yêu cầu, xin bỏ qua thư; mật khẩu chỉ đổi khi liên kết được dùng.",
            "If you did not ask for it, ignore this mail; a password changes only when the link is used.",
        ),
    };
    Letter {
        name: (*name).to_owned(),
        address: about.address.to_owned(),
        subject: subject.to_owned(),
        text: format!(
            "Kính gửi {name},\n\n{vi}\n\n{link}\n\n\
             Liên kết chỉ dùng được một lần, đến {until_vi} (giờ Việt Nam). Xin đừng chuyển thư này cho ai.\n{ignore_vi}\n\n\
             --------\n\n\
             Dear {name},\n\n{en}\n\n{link}\n\n\
             The link works once, until {until_en} (Vietnam time). Do not pass this mail on.\n{ignore_en}\n"
        ),
    }
}
