//! The life of a report: (status, step) → status. Pure. In which states a step is possible says the table of the policy; where it
//! leads is said here. Code, docs, `viewerCan` and tests are taken from both.

use thidua_entity::enums::{ReportAction, ReportStatus};

use crate::error::{Error, Result, Text};
use crate::policy::{self, Action};

/// The status after a step; `WRONG_STATE` when the step is not possible now.
pub fn next(status: ReportStatus, action: ReportAction) -> Result<ReportStatus> {
    let to = match action {
        ReportAction::Create => None,
        ReportAction::Save => Some(status),
        ReportAction::Submit => Some(ReportStatus::Submitted),
        ReportAction::Return => Some(ReportStatus::Returned),
        ReportAction::Verify => Some(ReportStatus::Verified),
        ReportAction::Approve => Some(ReportStatus::Approved),
        // It stands until its correction is approved.
        ReportAction::Correct => Some(status),
    };
    let possible = policy::possible_in(status, permission(action));
    to.filter(|_| possible).ok_or_else(|| {
        Error::WrongState(Text::new(
            format!(
                "Báo cáo đang ở trạng thái {}; không thể {} lúc này.",
                status_vi(status),
                action_vi(action)
            ),
            format!(
                "The report is {}; the step {} is not possible now.",
                status.code(),
                action.code()
            ),
        ))
    })
}

/// What one must be allowed to do to take a step.
pub const fn permission(action: ReportAction) -> Action {
    match action {
        ReportAction::Create | ReportAction::Save => Action::ReportWrite,
        ReportAction::Submit => Action::ReportSubmit,
        ReportAction::Return => Action::ReportReturn,
        ReportAction::Verify => Action::ReportVerify,
        ReportAction::Approve => Action::ReportApprove,
        ReportAction::Correct => Action::ReportCorrect,
    }
}

/// Steps that pass somebody's work: who sent the report may not take them.
pub const fn passes_work(action: ReportAction) -> bool {
    policy::passes_work(permission(action))
}

/// A status, in Vietnamese as it is told within a sentence.
pub const fn status_vi(status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Draft => "bản nháp",
        ReportStatus::Submitted => "đã gửi",
        ReportStatus::Returned => "bị trả lại",
        ReportStatus::Verified => "đã thẩm tra",
        ReportStatus::Approved => "đã duyệt",
        ReportStatus::Replaced => "đã được thay bằng bản đính chính",
    }
}

const fn action_vi(action: ReportAction) -> &'static str {
    match action {
        ReportAction::Create => "tạo",
        ReportAction::Save => "sửa số liệu",
        ReportAction::Submit => "gửi",
        ReportAction::Return => "trả lại",
        ReportAction::Verify => "thẩm tra",
        ReportAction::Approve => "duyệt",
        ReportAction::Correct => "đính chính",
    }
}

/// The transitions as people read them: one line for each status, one column for each step.
pub fn printed() -> String {
    let steps = &ReportAction::ALL[1..];
    let mut text = format!("{:10}", "");
    for step in steps {
        text.push_str(&format!(" {:>10}", step.code()));
    }
    text.push('\n');
    for &status in ReportStatus::ALL {
        text.push_str(&format!("{:10}", status.code()));
        for &step in steps {
            let to = next(status, step).map_or_else(|_| ".".to_owned(), ReportStatus::code);
            text.push_str(&format!(" {to:>10}"));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_of_a_report_is_the_one_that_people_agreed_on() {
        insta::assert_snapshot!(printed(), @r"
                         SAVE     SUBMIT     RETURN     VERIFY    APPROVE    CORRECT
        DRAFT           DRAFT  SUBMITTED          .          .          .          .
        SUBMITTED           .          .   RETURNED   VERIFIED          .          .
        RETURNED     RETURNED  SUBMITTED          .          .          .          .
        VERIFIED            .          .   RETURNED          .   APPROVED          .
        APPROVED            .          .          .          .          .   APPROVED
        REPLACED            .          .          .          .          .          .
        ");
    }
}
