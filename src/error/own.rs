//! What is told to who may not pass their own work, and who may instead.

use super::Text;
use crate::policy::Action;

/// The sentence of [`super::Error::OwnWork`].
pub(super) fn own_work(action: Action) -> Text {
    let (others, in_english) = match action {
        Action::CrossCheckWrite => (
            "cán bộ khác của đơn vị kiểm tra",
            "another officer of the unit that checks it",
        ),
        Action::ScoreAppraise => (
            "cán bộ khác của cụm trưởng, cụm phó; phiếu của chính cụm trưởng, cụm phó thì cả chuyên viên của đơn vị tổ chức cụm",
            "another officer of chair or deputy, and for their own sheets a specialist of the organiser too",
        ),
        Action::ScoreProvince => (
            "chuyên viên khác của đơn vị tổ chức cụm hoặc của công đoàn cấp trên",
            "another specialist of the organiser, or of a union above it",
        ),
        Action::ScoreCouncil => (
            "thành viên khác của ban thường vụ",
            "another member of the standing committee",
        ),
        Action::ObjectionAnswer => {
            return Text::new(
                format!(
                    "Khiếu nại do người chưa lập, chấm hoặc thẩm định việc bị khiếu nại trả lời ({}).",
                    action.code()
                ),
                format!(
                    "An objection is answered by somebody who has neither written nor appraised what it is against ({}).",
                    action.code()
                ),
            );
        }
        Action::AwardEndorse | Action::AwardAppraise | Action::AwardDecide => {
            return Text::new(
                format!(
                    "Người đã lập đề nghị khen thưởng không được tự xét duyệt ({}).",
                    action.code()
                ),
                format!("Who proposed an award may not pass the proposal ({}).", action.code()),
            );
        }
        _ => {
            return Text::new(
                format!("Người đã gửi báo cáo không được tự xét duyệt ({}).", action.code()),
                format!("Who wrote a thing may not pass it ({}).", action.code()),
            );
        }
    };
    Text::new(
        format!(
            "Ai đã chấm hoặc thẩm định phiếu ở cấp dưới thì không làm việc này ({}). Người làm được: {others}.",
            action.code()
        ),
        format!(
            "Who scored or passed the sheet below may not do this ({}). Who may: {in_english}.",
            action.code()
        ),
    )
}
