//! What notifications say, in both languages. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::NotificationKind;
use thidua_entity::notification;
use uuid::Uuid;

use crate::error::{Error, Result, Text};

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
    /// Last day on which the report is, or was, in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What it is about, for who sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
}

/// Which report a notification is about, whether it is there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Whose.
    pub unit: Uuid,
    /// On which form.
    pub form: Uuid,
    /// For which period.
    pub period: Uuid,
}

/// What the sentence of a notification is made of.
pub fn told(row: &notification::Model) -> Result<Told> {
    serde_json::from_str(&row.detail).map_err(Error::internal)
}

/// The sentence of a notification.
pub fn of(row: &notification::Model) -> Result<Text> {
    Ok(sentence(row.kind, &told(row)?, row.count))
}

/// The sentence that a person reads. `count` is how often it has happened since it was last read.
pub fn sentence(kind: NotificationKind, told: &Told, count: i32) -> Text {
    let Told {
        unit,
        form,
        period,
        reason,
        ..
    } = told;
    let day = |format: &str| told.until.map(|day| day.format(format).to_string()).unwrap_or_default();
    let (day_vi, day_en) = (day("%d/%m/%Y"), day("%Y-%m-%d"));
    // What has come since somebody last looked, and not what waits: a colleague may have dealt with it.
    let waiting = |vi: &str, en: &str| {
        let reports_en = if count == 1 {
            "1 report".to_owned()
        } else {
            format!("{count} reports")
        };
        Text::new(
            format!("Mới có {count} báo cáo kỳ «{period}» chuyển đến chờ {vi}; mới nhất: «{form}» của «{unit}»."),
            format!(
                "{reports_en} for “{period}” came for {en} since you last looked; the newest: “{form}” of “{unit}”."
            ),
        )
    };
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
        NotificationKind::ReportDueSoon => Text::new(
            format!("Báo cáo «{form}», kỳ «{period}» của «{unit}» phải gửi trước hết ngày {day_vi}."),
            format!("The report “{form}”, “{period}” of “{unit}” is due on {day_en}."),
        ),
        NotificationKind::ReportOverdue => Text::new(
            format!("Báo cáo «{form}», kỳ «{period}» của «{unit}» đã quá hạn {day_vi} mà chưa gửi."),
            format!("The report “{form}”, “{period}” of “{unit}” was due on {day_en} and is not sent."),
        ),
        NotificationKind::ReportToVerify => waiting("kiểm tra", "verification"),
        NotificationKind::ReportToApprove => waiting("phê duyệt", "approval"),
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
            until: NaiveDate::from_ymd_opt(2026, 3, 10),
            about: None,
        };
        insta::assert_snapshot!(
            sentence(NotificationKind::ReportReturned, &told, 1).vi,
            @"Báo cáo «Báo cáo quý», kỳ «Quý I/2026» của «CĐCS Trường THCS Lê Hồng Phong» bị trả lại: Số đoàn viên nữ lớn hơn tổng số"
        );
        insta::assert_snapshot!(
            sentence(NotificationKind::ReportApproved, &told, 1).en,
            @"The report “Báo cáo quý”, “Quý I/2026” of “CĐCS Trường THCS Lê Hồng Phong” was approved."
        );
        insta::assert_snapshot!(
            sentence(NotificationKind::ReportDueSoon, &told, 1).vi,
            @"Báo cáo «Báo cáo quý», kỳ «Quý I/2026» của «CĐCS Trường THCS Lê Hồng Phong» phải gửi trước hết ngày 10/03/2026."
        );
        insta::assert_snapshot!(
            sentence(NotificationKind::ReportToVerify, &told, 12).vi,
            @"Mới có 12 báo cáo kỳ «Quý I/2026» chuyển đến chờ kiểm tra; mới nhất: «Báo cáo quý» của «CĐCS Trường THCS Lê Hồng Phong»."
        );
    }
}
