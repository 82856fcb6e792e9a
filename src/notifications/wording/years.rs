//! What notifications say of emulation years. Pure.

use thidua_entity::enums::{NotificationKind, YearPhase};

use super::Told;
use crate::error::Text;
use crate::years::state::phase_vi;

/// The sentence of what concerns an emulation year.
pub(super) fn of_year(kind: NotificationKind, told: &Told) -> Text {
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
