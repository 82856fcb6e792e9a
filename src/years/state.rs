//! The life of an emulation year: phase after phase, none left out, and back only by the organiser with a reason. Pure.

use thidua_entity::enums::YearPhase;

use crate::error::{Error, Result, Text};

/// The phase after this one; none after the last.
pub const fn next(phase: YearPhase) -> Option<YearPhase> {
    use YearPhase::*;
    match phase {
        Planned => Some(Registering),
        Registering => Some(Running),
        Running => Some(SelfScoring),
        SelfScoring => Some(CrossChecking),
        CrossChecking => Some(Appraising),
        Appraising => Some(Voting),
        Voting => Some(Deciding),
        Deciding => Some(Published),
        Published => None,
    }
}

/// Lets through what is done in one of these phases; `WRONG_STATE` otherwise.
pub fn demand(phase: YearPhase, allowed: &[YearPhase]) -> Result<()> {
    if allowed.contains(&phase) {
        return Ok(());
    }
    let listed =
        |name: &dyn Fn(YearPhase) -> String| allowed.iter().map(|&one| name(one)).collect::<Vec<_>>().join(", ");
    Err(Error::WrongState(Text::new(
        format!(
            "Năm thi đua đang ở giai đoạn {}; việc này chỉ làm được ở giai đoạn: {}.",
            phase_vi(phase),
            listed(&|one| phase_vi(one).to_owned())
        ),
        format!(
            "The year is {}; this is possible only while it is: {}.",
            phase.code(),
            listed(&YearPhase::code)
        ),
    )))
}

/// A phase, in Vietnamese as it is told within a sentence.
pub const fn phase_vi(phase: YearPhase) -> &'static str {
    match phase {
        YearPhase::Planned => "chuẩn bị",
        YearPhase::Registering => "đăng ký, ký giao ước",
        YearPhase::Running => "thực hiện",
        YearPhase::SelfScoring => "tự chấm điểm",
        YearPhase::CrossChecking => "kiểm tra chéo",
        YearPhase::Appraising => "thẩm định",
        YearPhase::Voting => "bình xét, bỏ phiếu",
        YearPhase::Deciding => "xét, quyết định",
        YearPhase::Published => "đã công bố",
    }
}
