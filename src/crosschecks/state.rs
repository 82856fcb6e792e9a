//! The life of a cross-check: (state, step) → state, who takes the step, and in which phase of the year. Pure.

use thidua_entity::enums::{CrossCheckState, YearCalendar, YearPhase};

use crate::error::{Error, Result, Text};
use crate::policy::Action;
use crate::years;

/// What is done with a cross-check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write, change or remove a finding.
    WriteFinding,
    /// Send the findings to the checked unit.
    SendFindings,
    /// Reply to a finding.
    Reply,
    /// Send the replies to the checker.
    SendReplies,
    /// Write the minutes, by which it is done.
    WriteMinutes,
    /// Go on without replies: the unit was given time and did not reply.
    WaiveReplies,
    /// Take it one step back.
    Return,
    /// Take it away from its checker.
    Withdraw,
}

/// Whose step it is: the place at which one must be allowed to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The unit that checks.
    Checker,
    /// The unit that is checked.
    Checked,
    /// Who keeps the cluster.
    Cluster,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 8] = [
        Self::WriteFinding,
        Self::SendFindings,
        Self::Reply,
        Self::SendReplies,
        Self::WriteMinutes,
        Self::WaiveReplies,
        Self::Return,
        Self::Withdraw,
    ];

    /// The code in `viewerCan`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WriteFinding => "WRITE_FINDING",
            Self::SendFindings => "SEND_FINDINGS",
            Self::Reply => "REPLY",
            Self::SendReplies => "SEND_REPLIES",
            Self::WriteMinutes => "WRITE_MINUTES",
            Self::WaiveReplies => "WAIVE_REPLIES",
            Self::Return => "RETURN",
            Self::Withdraw => "WITHDRAW",
        }
    }

    /// What one must be allowed to do, and at whose place.
    pub const fn permission(self) -> (Action, Side) {
        match self {
            Self::WriteFinding | Self::SendFindings | Self::WriteMinutes => (Action::CrossCheckWrite, Side::Checker),
            Self::Reply | Self::SendReplies => (Action::CrossCheckReply, Side::Checked),
            Self::WaiveReplies | Self::Return | Self::Withdraw => (Action::CrossCheckManage, Side::Cluster),
        }
    }

    const fn vi(self) -> &'static str {
        match self {
            Self::WriteFinding => "ghi nhận xét",
            Self::SendFindings => "gửi nhận xét",
            Self::Reply => "trả lời nhận xét",
            Self::SendReplies => "gửi trả lời",
            Self::WriteMinutes => "lập biên bản",
            Self::WaiveReplies => "bỏ qua việc trả lời",
            Self::Return => "lùi một bước",
            Self::Withdraw => "hủy phân công",
        }
    }
}

/// The state after a step; `WRONG_STATE` when the step is not possible now. A cross-check that is withdrawn is there no more.
pub fn next(state: CrossCheckState, step: Step) -> Result<CrossCheckState> {
    use CrossCheckState::{Assigned, FindingsSent, Minuted, Replied};
    match (state, step) {
        (Assigned, Step::WriteFinding) => Ok(Assigned),
        (Assigned, Step::SendFindings) => Ok(FindingsSent),
        (FindingsSent, Step::Reply) => Ok(FindingsSent),
        (FindingsSent, Step::SendReplies | Step::WaiveReplies) => Ok(Replied),
        (Replied, Step::WriteMinutes) => Ok(Minuted),
        (FindingsSent, Step::Return) => Ok(Assigned),
        (Replied, Step::Return) => Ok(FindingsSent),
        (Minuted, Step::Return) => Ok(Replied),
        // Whoever checks and does not go on holds up nobody for ever.
        (Assigned | FindingsSent | Replied, Step::Withdraw) => Ok(state),
        _ => Err(Error::WrongState(Text::new(
            format!(
                "Cuộc kiểm tra chéo {}; không thể {} lúc này.",
                state_vi(state),
                step.vi()
            ),
            format!(
                "The cross-check is {}; the step {} is not possible now.",
                state.code(),
                step.code()
            ),
        ))),
    }
}

/// A state, in Vietnamese as it is told within a sentence.
pub const fn state_vi(state: CrossCheckState) -> &'static str {
    match state {
        CrossCheckState::Assigned => "mới được phân công",
        CrossCheckState::FindingsSent => "đang chờ đơn vị được kiểm tra trả lời",
        CrossCheckState::Replied => "đang chờ lập biên bản",
        CrossCheckState::Minuted => "đã có biên bản",
    }
}

/// The phases in which a unit of this calendar may be checked. Schools are checked when their year ends, before the others.
pub const fn phases(calendar: YearCalendar) -> &'static [YearPhase] {
    match calendar {
        YearCalendar::Year => &[YearPhase::CrossChecking],
        YearCalendar::SchoolYear => &[YearPhase::Running, YearPhase::SelfScoring, YearPhase::CrossChecking],
    }
}

/// The phases in which it is drawn who checks whom.
pub const DRAWING: &[YearPhase] = &[YearPhase::SelfScoring, YearPhase::CrossChecking];
/// The phases in which a check is assigned or withdrawn by hand: schools need theirs while the year runs.
pub const ASSIGNING: &[YearPhase] = &[YearPhase::Running, YearPhase::SelfScoring, YearPhase::CrossChecking];
/// The phases in which it is recorded who does not check whom.
pub const RECUSING: &[YearPhase] = &[
    YearPhase::Planned,
    YearPhase::Registering,
    YearPhase::Running,
    YearPhase::SelfScoring,
    YearPhase::CrossChecking,
];

/// What decides, beside its own state, whether a step can be taken with a cross-check now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The phase of the year.
    pub phase: YearPhase,
    /// By which calendar the checked unit is judged; `None` when it no longer takes part.
    pub calendar: Option<YearCalendar>,
    /// Whether the checker takes part.
    pub checker_takes_part: bool,
    /// Whether the cross-check of the checked unit's score sheet is finished: its points have been handed on.
    pub is_finished: bool,
}

/// Lets a step through when its moment is there; `WRONG_STATE` otherwise. Between units that no longer take part nothing goes on, it is
/// only undone; and nothing is undone on which a score sheet has gone on.
pub fn in_time(moment: Moment, step: Step) -> Result<()> {
    let allowed = match step {
        Step::Withdraw => ASSIGNING,
        _ => phases(moment.calendar.unwrap_or(YearCalendar::Year)),
    };
    years::state::demand(moment.phase, allowed)?;
    match step {
        Step::Return | Step::Withdraw => unfinished(moment.is_finished),
        _ if moment.calendar.is_some() && moment.checker_takes_part => Ok(()),
        _ => Err(Error::WrongState(Text::new(
            "Một trong hai đơn vị không còn tham gia năm thi đua này.",
            "One of the two units no longer takes part in this year.",
        ))),
    }
}

/// Lets through while the cross-check of a score sheet is not finished.
pub fn unfinished(is_finished: bool) -> Result<()> {
    if !is_finished {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Phiếu chấm điểm của đơn vị đã qua bước kiểm tra chéo; muốn kiểm tra lại thì trả lại phiếu trước (returnScoreSheet).",
        "The score sheet of the unit has passed its cross-check; to check it again, send the sheet back first (returnScoreSheet).",
    )))
}

/// The transitions as people read them: one line for each state, one column for each step.
pub fn printed() -> String {
    let mut text = format!("{:13}", "");
    for step in Step::ALL {
        text.push_str(&format!(" {:>13}", step.code()));
    }
    text.push('\n');
    for &state in CrossCheckState::ALL {
        text.push_str(&format!("{:13}", state.code()));
        for step in Step::ALL {
            let to = next(state, step).map_or_else(|_| ".".to_owned(), CrossCheckState::code);
            text.push_str(&format!(" {to:>13}"));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_of_a_cross_check_is_the_one_that_people_agreed_on() {
        insta::assert_snapshot!(printed(), @r"
                      WRITE_FINDING SEND_FINDINGS         REPLY  SEND_REPLIES WRITE_MINUTES WAIVE_REPLIES        RETURN      WITHDRAW
        ASSIGNED           ASSIGNED FINDINGS_SENT             .             .             .             .             .      ASSIGNED
        FINDINGS_SENT             .             . FINDINGS_SENT       REPLIED             .       REPLIED      ASSIGNED FINDINGS_SENT
        REPLIED                   .             .             .             .       MINUTED             . FINDINGS_SENT       REPLIED
        MINUTED                   .             .             .             .             .             .       REPLIED             .
        ");
    }

    #[test]
    fn schools_are_checked_before_the_others() {
        let at = |phase, calendar, step| in_time(moment(phase, calendar), step).is_ok();
        assert!(at(YearPhase::Running, YearCalendar::SchoolYear, Step::SendFindings));
        assert!(!at(YearPhase::Running, YearCalendar::Year, Step::SendFindings));
        assert!(!at(YearPhase::Appraising, YearCalendar::SchoolYear, Step::Return));
    }

    fn moment(phase: YearPhase, calendar: YearCalendar) -> Moment {
        Moment {
            phase,
            calendar: Some(calendar),
            checker_takes_part: true,
            is_finished: false,
        }
    }

    #[test]
    fn between_units_that_withdrew_nothing_goes_on_and_what_was_handed_on_is_not_undone() {
        let now = moment(YearPhase::CrossChecking, YearCalendar::Year);
        let (gone, checker_gone, finished) = (
            Moment { calendar: None, ..now },
            Moment {
                checker_takes_part: false,
                ..now
            },
            Moment {
                is_finished: true,
                ..now
            },
        );
        for step in Step::ALL {
            let undoes = matches!(step, Step::Return | Step::Withdraw);
            assert!(in_time(now, step).is_ok());
            assert_eq!(in_time(gone, step).is_ok(), undoes, "{step:?}");
            assert_eq!(in_time(checker_gone, step).is_ok(), undoes, "{step:?}");
            assert_eq!(in_time(finished, step).is_ok(), !undoes, "{step:?}");
        }
    }
}
