//! The life of a conference: (state, step) → state. Pure.

use thidua_entity::enums::ConferenceState;

use crate::error::{Error, Result, Text};

/// What is done with a conference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Change what was planned.
    Change,
    /// Open it.
    Open,
    /// Call the roll.
    CallRoll,
    /// Draft, open and count ballots.
    Vote,
    /// Write the minutes.
    WriteMinutes,
    /// Close it.
    Close,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 6] = [
        Self::Change,
        Self::Open,
        Self::CallRoll,
        Self::Vote,
        Self::WriteMinutes,
        Self::Close,
    ];

    /// The code in `viewerCan`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Change => "CHANGE",
            Self::Open => "OPEN",
            Self::CallRoll => "CALL_ROLL",
            Self::Vote => "VOTE",
            Self::WriteMinutes => "WRITE_MINUTES",
            Self::Close => "CLOSE",
        }
    }

    const fn vi(self) -> &'static str {
        match self {
            Self::Change => "sửa kế hoạch",
            Self::Open => "khai mạc",
            Self::CallRoll => "điểm danh",
            Self::Vote => "bỏ phiếu",
            Self::WriteMinutes => "ghi biên bản",
            Self::Close => "bế mạc",
        }
    }
}

/// The state after a step; `WRONG_STATE` when the step is not possible now.
pub fn next(state: ConferenceState, step: Step) -> Result<ConferenceState> {
    use ConferenceState::{Closed, Open, Planned};
    match (state, step) {
        (Planned, Step::Change) => Ok(Planned),
        (Planned, Step::Open) => Ok(Open),
        (Open, Step::CallRoll | Step::Vote | Step::WriteMinutes) => Ok(Open),
        (Open, Step::Close) => Ok(Closed),
        _ => Err(Error::WrongState(Text::new(
            format!("Hội nghị {}; không thể {} lúc này.", state_vi(state), step.vi()),
            format!(
                "The conference is {}; the step {} is not possible now.",
                state.code(),
                step.code()
            ),
        ))),
    }
}

/// Lets through what follows from a conference; `WRONG_STATE` before it was opened, since nothing has come of it yet.
pub fn was_opened(state: ConferenceState) -> Result<()> {
    match state {
        ConferenceState::Open | ConferenceState::Closed => Ok(()),
        ConferenceState::Planned => Err(Error::WrongState(Text::new(
            "Hội nghị chưa khai mạc; chưa thể giao chức vụ theo kết quả hội nghị.",
            "The conference was not opened yet; no offices follow from it.",
        ))),
    }
}

/// A state, in Vietnamese as it is told within a sentence.
pub const fn state_vi(state: ConferenceState) -> &'static str {
    match state {
        ConferenceState::Planned => "đang được chuẩn bị",
        ConferenceState::Open => "đang diễn ra",
        ConferenceState::Closed => "đã bế mạc",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conference_is_planned_held_and_then_never_changes() {
        use ConferenceState::{Closed, Open, Planned};
        let possible = |state| {
            let steps = Step::ALL.into_iter().filter(|&step| next(state, step).is_ok());
            steps.map(Step::code).collect::<Vec<_>>()
        };
        assert_eq!(possible(Planned), ["CHANGE", "OPEN"]);
        assert_eq!(possible(Open), ["CALL_ROLL", "VOTE", "WRITE_MINUTES", "CLOSE"]);
        assert!(possible(Closed).is_empty());
        assert_eq!(next(Open, Step::Close).unwrap(), Closed);
        assert!(was_opened(Planned).is_err());
        assert!(was_opened(Open).is_ok() && was_opened(Closed).is_ok());
    }
}
