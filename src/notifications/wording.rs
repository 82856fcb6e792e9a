//! What notifications say, in both languages. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{NotificationKind, YearPhase};
use thidua_entity::notification;
use uuid::Uuid;

use crate::error::{Error, Result, Text};
use crate::years::state::phase_vi;

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
    /// Which report it is about, for who sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// Which emulation year it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_year: Option<AboutYear>,
}

impl Told {
    /// The unit that it is about, when it is about one.
    pub fn unit(&self) -> Option<Uuid> {
        let of_year = self.of_year.as_ref().and_then(|year| year.unit);
        self.about.map(|about| about.unit).or(of_year)
    }
}

/// Which emulation year a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutYear {
    /// The year.
    pub id: Uuid,
    /// What it is called after: 2026.
    pub year: i32,
    /// Name of the cluster.
    pub cluster: String,
    /// The phase that was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<YearPhase>,
    /// The unit that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Uuid>,
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
        NotificationKind::YearPhaseOpened
        | NotificationKind::PactOpened
        | NotificationKind::CrossChecksAssigned
        | NotificationKind::FindingsSent
        | NotificationKind::SheetReturned
        | NotificationKind::SheetAppraised
        | NotificationKind::ObjectionRaised
        | NotificationKind::ObjectionAnswered
        | NotificationKind::ResultPublished
        | NotificationKind::PactInForce
        | NotificationKind::ParticipantAdded
        | NotificationKind::ParticipantWithdrawn
        | NotificationKind::RepliesSent
        | NotificationKind::RepliesWaived
        | NotificationKind::CrossCheckReturned
        | NotificationKind::CrossCheckWithdrawn => of_year(kind, told),
    }
}

/// The sentence of what concerns an emulation year.
fn of_year(kind: NotificationKind, told: &Told) -> Text {
    let unit = &told.unit;
    let (mut vi, mut en) = told.of_year.as_ref().map_or_else(Default::default, |year| {
        (
            format!("Năm thi đua {} của «{}»", year.year, year.cluster),
            format!("Emulation year {} of “{}”", year.year, year.cluster),
        )
    });
    let phase = told.of_year.as_ref().and_then(|year| year.phase);
    let said = match kind {
        NotificationKind::YearPhaseOpened => Text::new(
            format!("đã chuyển sang giai đoạn {}", phase.map(phase_vi).unwrap_or_default()),
            format!("the phase {} has begun", phase.map(YearPhase::code).unwrap_or_default()),
        ),
        NotificationKind::PactOpened => Text::new(
            "giao ước thi đua chờ đơn vị bạn ký",
            "the pact waits for your signature",
        ),
        NotificationKind::CrossChecksAssigned if unit.is_empty() => Text::new(
            "đơn vị bạn được phân công kiểm tra chéo",
            "your unit is to check another one",
        ),
        NotificationKind::CrossChecksAssigned => Text::new(
            format!("đơn vị bạn được phân công kiểm tra chéo «{unit}»"),
            format!("your unit is to check “{unit}”"),
        ),
        NotificationKind::RepliesSent => Text::new(
            format!("«{unit}» đã trả lời kết quả kiểm tra chéo; biên bản chờ đơn vị bạn lập"),
            format!("“{unit}” has replied to the findings; the minutes wait for your unit"),
        ),
        NotificationKind::RepliesWaived => Text::new(
            format!("cuộc kiểm tra chéo «{unit}» được tiếp tục không chờ trả lời"),
            format!("the cross-check of “{unit}” goes on without replies"),
        ),
        NotificationKind::CrossCheckReturned => Text::new(
            format!("cuộc kiểm tra chéo «{unit}» được lùi một bước"),
            format!("the cross-check of “{unit}” was taken one step back"),
        ),
        NotificationKind::CrossCheckWithdrawn => Text::new(
            format!("phân công kiểm tra chéo «{unit}» đã được hủy"),
            format!("the cross-check of “{unit}” was withdrawn"),
        ),
        NotificationKind::PactInForce => Text::new("giao ước thi đua đã có hiệu lực", "the pact is in force"),
        NotificationKind::ParticipantAdded => Text::new(
            format!("«{unit}» được đưa vào tham gia"),
            format!("“{unit}” takes part from now on"),
        ),
        NotificationKind::ParticipantWithdrawn => Text::new(
            format!("«{unit}» thôi tham gia"),
            format!("“{unit}” takes part no longer"),
        ),
        NotificationKind::FindingsSent => Text::new(
            format!("kết quả kiểm tra chéo «{unit}» chờ đơn vị trả lời"),
            format!("the findings on “{unit}” wait for its reply"),
        ),
        NotificationKind::SheetReturned => Text::new(
            format!("phiếu chấm điểm của «{unit}» bị trả lại một bước"),
            format!("the score sheet of “{unit}” was sent one step back"),
        ),
        NotificationKind::SheetAppraised => Text::new(
            format!("phiếu chấm điểm của «{unit}» đã được thẩm định; đơn vị có thể khiếu nại trong thời hạn"),
            format!("the score sheet of “{unit}” was appraised; it may object for some days"),
        ),
        NotificationKind::ObjectionRaised => Text::new(
            format!("«{unit}» khiếu nại kết quả thẩm định"),
            format!("“{unit}” objects to its appraisal"),
        ),
        NotificationKind::ObjectionAnswered => Text::new(
            format!("khiếu nại của «{unit}» đã được trả lời"),
            format!("the objection of “{unit}” was answered"),
        ),
        _ => Text::new("kết quả đã được công bố", "the result is published"),
    };
    let because = told
        .reason
        .as_ref()
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    vi.push_str(&format!(": {}{because}.", said.vi));
    en.push_str(&format!(": {}{because}.", said.en));
    Text::new(vi, en)
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
            ..Told::default()
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

    #[test]
    fn an_officer_reads_what_became_of_the_sheet_and_why() {
        let told = Told {
            unit: "CĐCS Thư viện tỉnh".to_owned(),
            reason: Some("Thiếu minh chứng".to_owned()),
            of_year: Some(AboutYear {
                id: Uuid::nil(),
                year: 2026,
                cluster: "Cụm 4".to_owned(),
                phase: Some(YearPhase::SelfScoring),
                unit: None,
            }),
            ..Told::default()
        };
        insta::assert_snapshot!(
            sentence(NotificationKind::SheetReturned, &told, 1).vi,
            @"Năm thi đua 2026 của «Cụm 4»: phiếu chấm điểm của «CĐCS Thư viện tỉnh» bị trả lại một bước: Thiếu minh chứng."
        );
        insta::assert_snapshot!(
            sentence(NotificationKind::CrossChecksAssigned, &told, 1).vi,
            @"Năm thi đua 2026 của «Cụm 4»: đơn vị bạn được phân công kiểm tra chéo «CĐCS Thư viện tỉnh»: Thiếu minh chứng."
        );
        let told = Told { reason: None, ..told };
        insta::assert_snapshot!(
            sentence(NotificationKind::YearPhaseOpened, &told, 1).vi,
            @"Năm thi đua 2026 của «Cụm 4»: đã chuyển sang giai đoạn tự chấm điểm."
        );
    }
}
