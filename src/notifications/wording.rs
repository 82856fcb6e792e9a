//! What notifications say, in both languages. Pure.

use serde::{Deserialize, Serialize};
use thidua_entity::enums::NotificationKind;

use crate::error::Text;

/// What the sentence is made of: names as they were when it happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The unit that it concerns.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The form of the report.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// The period of the report.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// Why it was done, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The sentence that a person reads.
pub fn sentence(kind: NotificationKind, told: &Told) -> Text {
    let Told {
        unit,
        form,
        period,
        reason,
    } = told;
    let because = |words: &str| {
        reason
            .as_ref()
            .map(|reason| format!("{words}{reason}"))
            .unwrap_or_default()
    };
    match kind {
        NotificationKind::SessionReplayed => Text::new(
            "Một phiên đăng nhập của bạn đã bị kết thúc vì mã của nó được dùng lại ở nơi khác. Nếu không phải do bạn, hãy đổi mật khẩu.",
            "One of your sessions was ended, because a token of it was used again elsewhere. If that was not you, change your password.",
        ),
        NotificationKind::ReportReturned => Text::new(
            format!(
                "Báo cáo «{form}», kỳ «{period}» của «{unit}» bị trả lại{}",
                because(": ")
            ),
            format!(
                "The report “{form}”, “{period}” of “{unit}” was sent back{}",
                because(": ")
            ),
        ),
        NotificationKind::ReportApproved => Text::new(
            format!("Báo cáo «{form}», kỳ «{period}» của «{unit}» đã được duyệt."),
            format!("The report “{form}”, “{period}” of “{unit}” was approved."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_officer_reads_which_report_came_back_and_why() {
        let told = Told {
            unit: "CĐCS Trường THCS Lê Hồng Phong".to_owned(),
            form: "Báo cáo quý".to_owned(),
            period: "Quý I/2026".to_owned(),
            reason: Some("Số đoàn viên nữ lớn hơn tổng số".to_owned()),
        };
        insta::assert_snapshot!(
            sentence(NotificationKind::ReportReturned, &told).vi,
            @"Báo cáo «Báo cáo quý», kỳ «Quý I/2026» của «CĐCS Trường THCS Lê Hồng Phong» bị trả lại: Số đoàn viên nữ lớn hơn tổng số"
        );
        insta::assert_snapshot!(
            sentence(NotificationKind::ReportApproved, &told).en,
            @"The report “Báo cáo quý”, “Quý I/2026” of “CĐCS Trường THCS Lê Hồng Phong” was approved."
        );
    }
}
