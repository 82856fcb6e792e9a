//! What notifications say of reports. Pure.

use thidua_entity::enums::NotificationKind;

use super::{Told, in_english, in_vietnamese};
use crate::error::Text;

/// The sentence of what concerns a report. `count` is how often it has happened since it was last read.
pub(super) fn of_report(kind: NotificationKind, told: &Told, count: i32) -> Text {
    let Told {
        unit,
        form,
        period,
        reason,
        ..
    } = told;
    let (day_vi, day_en) = (in_vietnamese(told.until), in_english(told.until));
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
        _ => waiting("phê duyệt", "approval"),
    }
}
