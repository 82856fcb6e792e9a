//! What is said of the items of a handover, in both languages. Pure.

use chrono::NaiveDate;
use thidua_entity::enums::{HandoverKind, Office, YearPhase};

use super::open::{Gap, Open};
use crate::error::{Problem, Text};
use crate::years::state::phase_vi;

/// How many of a kind are open, with the oldest day.
pub fn counted(kind: HandoverKind, open: &Open) -> Text {
    let count = open.count;
    let (vi, en) = match kind {
        HandoverKind::ReportsMissing => (
            format!("{count} đơn vị chưa gửi báo cáo đã đến hạn"),
            format!("{count} units owe a report that was due"),
        ),
        HandoverKind::ReportsUnverified => (
            format!("{count} báo cáo đã gửi chờ kiểm tra"),
            format!("{count} reports were sent and wait for verification"),
        ),
        HandoverKind::PactUnsigned => (
            format!("{count} đơn vị chưa ký giao ước thi đua"),
            format!("{count} units have not signed the pact"),
        ),
        HandoverKind::CrossChecksOpen => (
            format!("{count} cuộc kiểm tra chéo chưa có biên bản"),
            format!("{count} cross-checks have no minutes yet"),
        ),
        HandoverKind::FindingsUnanswered => (
            format!("{count} nội dung kiểm tra chéo chờ đơn vị trả lời"),
            format!("{count} findings of cross-checks wait for a reply"),
        ),
        HandoverKind::SheetsUndecided => (
            format!("{count} đơn vị có phiếu chấm điểm chưa được quyết định"),
            format!("the score sheets of {count} units are not decided"),
        ),
        HandoverKind::ObjectionsUnanswered => (
            format!("{count} khiếu nại kết quả thẩm định chưa được trả lời"),
            format!("{count} objections to appraisals are not answered"),
        ),
        HandoverKind::ConferenceOpen => (
            format!("{count} hội nghị chưa bế mạc"),
            format!("{count} conferences are not closed"),
        ),
        HandoverKind::MinutesMissing => (
            format!("{count} hội nghị đã họp chưa có biên bản"),
            format!("{count} conferences were held without minutes"),
        ),
        HandoverKind::BallotsUnconfirmed => (
            format!("{count} cuộc bỏ phiếu chưa được xác nhận kết quả"),
            format!("the outcomes of {count} ballots are not confirmed"),
        ),
        HandoverKind::ProposalsUnendorsed => (
            format!("{count} đề nghị khen thưởng chờ cụm nhất trí"),
            format!("{count} proposals of awards wait for the cluster to endorse them"),
        ),
        HandoverKind::YearUnfinished | HandoverKind::OfficeVacant | HandoverKind::OfficeEnding => {
            (format!("{count} việc còn mở"), format!("{count} things are open"))
        }
    };
    let (day_vi, day_en) = open.due_on.map_or_else(Default::default, |day| {
        (
            format!("; hạn sớm nhất {}", day.format("%d/%m/%Y")),
            format!("; the earliest due on {day}"),
        )
    });
    Text::new(
        format!("{}{day_vi}.", capital(&vi)),
        format!("{}{day_en}.", capital(&en)),
    )
}

/// A sentence begins with a capital.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// In which phase a year is, and what stands in the way of the next one.
pub fn year((year, phase): (i32, YearPhase), next: Option<YearPhase>, in_the_way: &[Problem]) -> Text {
    let (next_vi, next_en) = next.map_or_else(Default::default, |next| {
        (
            format!("; tiếp theo là giai đoạn {}", phase_vi(next)),
            format!("; the next is {}", next.code()),
        )
    });
    let (mut vi, mut en) = (
        format!("Năm thi đua {year} đang ở giai đoạn {}{next_vi}.", phase_vi(phase)),
        format!("Emulation year {year} is in the phase {}{next_en}.", phase.code()),
    );
    for problem in in_the_way {
        vi.push_str(&format!(" {}", problem.text.vi));
        en.push_str(&format!(" {}", problem.text.en));
    }
    Text::new(vi, en)
}

/// An office that nobody holds, or soon nobody will.
pub fn gap(gap: Gap) -> Text {
    let day_vi = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    match gap {
        Gap::Vacant => Text::new("Cụm chưa có cụm trưởng.", "The cluster has no chair."),
        Gap::Ending(Office::Chair, day) => Text::new(
            format!(
                "Nhiệm kỳ cụm trưởng hết từ ngày {}, chưa có đơn vị kế tiếp.",
                day_vi(day)
            ),
            format!("The chair's office ends on {day}, and nobody follows yet."),
        ),
        Gap::Ending(Office::Deputy, day) => Text::new(
            format!("Nhiệm kỳ cụm phó hết từ ngày {}, chưa có đơn vị kế tiếp.", day_vi(day)),
            format!("The deputy's office ends on {day}, and nobody follows yet."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_chair_reads_what_stands_in_the_way() {
        let open = Open {
            count: 2,
            due_on: NaiveDate::from_ymd_opt(2026, 12, 10),
            first: Vec::new(),
        };
        let said = counted(HandoverKind::ReportsMissing, &open);
        assert_eq!(
            said.vi,
            "2 đơn vị chưa gửi báo cáo đã đến hạn; hạn sớm nhất 10/12/2026."
        );
        assert_eq!(
            said.en,
            "2 units owe a report that was due; the earliest due on 2026-12-10."
        );
        let sheets = counted(HandoverKind::SheetsUndecided, &Open { due_on: None, ..open });
        assert_eq!(sheets.en, "The score sheets of 2 units are not decided.");
        let missing = Problem::new("CRITERIA_MISSING", "id", "Chưa chọn bảng điểm.", "No criteria set.");
        let said = year((2026, YearPhase::Registering), Some(YearPhase::Running), &[missing]);
        assert_eq!(
            said.vi,
            "Năm thi đua 2026 đang ở giai đoạn đăng ký, ký giao ước; tiếp theo là giai đoạn thực hiện. Chưa chọn bảng điểm."
        );
    }
}
