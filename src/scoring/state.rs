//! The life of a score sheet: (state, step) → state; which layer is written in which state, by whom, and from which phase of the year on.
//! Pure.
//!
//! A sheet may go on when its year has come to the phase of the step. Who follows the school year is done in June, long before the others:
//! its sheet may go on as soon as the year runs.

use thidua_entity::enums::{ScoreLayer, SheetState, YearCalendar, YearPhase};

use crate::error::{Error, Result, Text};
use crate::policy::Action;
use crate::years;

/// The stage of a sheet in which one layer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The state in which the layer is written.
    pub from: SheetState,
    /// The state when the layer is handed in.
    pub to: SheetState,
    /// What one must be allowed to do to write it.
    pub action: Action,
    /// The phase of the year from which on it is written.
    pub phase: YearPhase,
}

/// The stage of each layer.
pub const fn stage(layer: ScoreLayer) -> Stage {
    let (from, to, action, phase) = match layer {
        ScoreLayer::Own => (
            SheetState::Draft,
            SheetState::SelfSubmitted,
            Action::ScoreSelf,
            YearPhase::SelfScoring,
        ),
        ScoreLayer::CrossCheck => (
            SheetState::SelfSubmitted,
            SheetState::CrossChecked,
            Action::CrossCheckWrite,
            YearPhase::CrossChecking,
        ),
        ScoreLayer::Cluster => (
            SheetState::CrossChecked,
            SheetState::ClusterAppraised,
            Action::ScoreAppraise,
            YearPhase::Appraising,
        ),
        ScoreLayer::Province => (
            SheetState::ClusterAppraised,
            SheetState::ProvinceAppraised,
            Action::ScoreProvince,
            YearPhase::Appraising,
        ),
        ScoreLayer::Council => (
            SheetState::ProvinceAppraised,
            SheetState::Decided,
            Action::ScoreCouncil,
            YearPhase::Deciding,
        ),
    };
    Stage {
        from,
        to,
        action,
        phase,
    }
}

/// A step in the life of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What a layer wrote is handed in.
    HandIn(ScoreLayer),
    /// The sheet goes one step back.
    Return,
}

impl Step {
    /// Every step that people take.
    pub const ALL: [Self; 6] = [
        Self::HandIn(ScoreLayer::Own),
        Self::HandIn(ScoreLayer::CrossCheck),
        Self::HandIn(ScoreLayer::Cluster),
        Self::HandIn(ScoreLayer::Province),
        Self::HandIn(ScoreLayer::Council),
        Self::Return,
    ];

    /// Its code for `viewerCan` and the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HandIn(ScoreLayer::Own) => "SUBMIT",
            Self::HandIn(ScoreLayer::CrossCheck) => "FINISH_CROSS_CHECK",
            Self::HandIn(ScoreLayer::Cluster) => "APPRAISE",
            Self::HandIn(ScoreLayer::Province) => "APPRAISE_FOR_PROVINCE",
            Self::HandIn(ScoreLayer::Council) => "DECIDE",
            Self::Return => "RETURN",
        }
    }
}

/// The state after a step; `WRONG_STATE` when the step is not possible now. Publishing is no step of people: it comes with the result.
pub fn next(state: SheetState, step: Step) -> Result<SheetState> {
    let to = match step {
        Step::HandIn(layer) => {
            let stage = stage(layer);
            (state == stage.from).then_some(stage.to)
        }
        Step::Return => before(state),
    };
    to.ok_or_else(|| {
        Error::WrongState(Text::new(
            format!(
                "Phiếu chấm điểm đang ở trạng thái {}; không thực hiện được bước này.",
                state_vi(state)
            ),
            format!(
                "The score sheet is {}; the step {} is not possible now.",
                state.code(),
                step.code()
            ),
        ))
    })
}

/// Where a sheet comes to when it is sent back; nowhere before it was handed in. One that was published goes back to the council, which
/// then mends what was wrong: the published result stays, and publishing its correction publishes the sheet anew.
const fn before(state: SheetState) -> Option<SheetState> {
    match state {
        SheetState::Draft => None,
        SheetState::SelfSubmitted => Some(SheetState::Draft),
        SheetState::CrossChecked => Some(SheetState::SelfSubmitted),
        SheetState::ClusterAppraised => Some(SheetState::CrossChecked),
        SheetState::ProvinceAppraised => Some(SheetState::ClusterAppraised),
        SheetState::Decided => Some(SheetState::ProvinceAppraised),
        SheetState::Published => Some(SheetState::Decided),
    }
}

/// What one must be allowed to do, one of these, to send a sheet back from a state. What the province has appraised only the province and
/// the council send back, what the council has decided only the council, published or not: nobody undoes what stands above them.
pub const fn returned_by(state: SheetState) -> &'static [Action] {
    match state {
        SheetState::Draft | SheetState::SelfSubmitted | SheetState::CrossChecked | SheetState::ClusterAppraised => {
            &[Action::ScoreReturn]
        }
        SheetState::ProvinceAppraised => &[Action::ScoreProvince, Action::ScoreCouncil],
        SheetState::Decided | SheetState::Published => &[Action::ScoreCouncil],
    }
}

/// Whether what a layer wrote is handed in.
pub fn is_in(layer: ScoreLayer, state: SheetState) -> bool {
    state >= stage(layer).to
}

/// Lets a layer be written in the state in which it is; `WRONG_STATE` otherwise.
pub fn demand_writable(layer: ScoreLayer, state: SheetState) -> Result<()> {
    let from = stage(layer).from;
    if state == from {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        format!(
            "Phiếu chấm điểm đang ở trạng thái {}; cấp này chỉ chấm khi phiếu ở trạng thái {}.",
            state_vi(state),
            state_vi(from)
        ),
        format!(
            "The score sheet is {}; this layer is written only while it is {}.",
            state.code(),
            from.code()
        ),
    )))
}

/// Lets through what a layer does when the year has come so far; `WRONG_STATE` otherwise. Once the year is published nobody goes on with a
/// sheet but those that were published with it and were taken back to be corrected.
pub fn demand_phase(layer: ScoreLayer, phase: YearPhase, calendar: YearCalendar, was_published: bool) -> Result<()> {
    let from = match calendar {
        YearCalendar::Year => stage(layer).phase,
        YearCalendar::SchoolYear => YearPhase::Running,
    };
    if phase >= from && (phase < YearPhase::Published || was_published) {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        format!(
            "Năm thi đua đang ở giai đoạn {}; việc này chỉ làm được từ giai đoạn {} đến trước khi công bố.",
            years::state::phase_vi(phase),
            years::state::phase_vi(from)
        ),
        format!(
            "The year is {}; this is possible from {} on, until the result is published.",
            phase.code(),
            from.code()
        ),
    )))
}

/// A state, in Vietnamese as it is told within a sentence.
pub const fn state_vi(state: SheetState) -> &'static str {
    match state {
        SheetState::Draft => "đang tự chấm",
        SheetState::SelfSubmitted => "đã gửi tự chấm",
        SheetState::CrossChecked => "đã kiểm tra chéo",
        SheetState::ClusterAppraised => "cụm đã thẩm định",
        SheetState::ProvinceAppraised => "tỉnh đã thẩm định",
        SheetState::Decided => "đã quyết định",
        SheetState::Published => "đã công bố",
    }
}

/// The transitions as people read them: one line for each state, one column for each step.
pub fn printed() -> String {
    let mut text = format!("{:18}", "");
    for step in Step::ALL {
        text.push_str(&format!(" {:>21}", step.code()));
    }
    text.push('\n');
    for &state in SheetState::ALL {
        text.push_str(&format!("{:18}", state.code()));
        for step in Step::ALL {
            let to = next(state, step).map_or_else(|_| ".".to_owned(), SheetState::code);
            text.push_str(&format!(" {to:>21}"));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_goes_from_layer_to_layer_and_one_step_back() {
        insta::assert_snapshot!(printed(), @r"
                                          SUBMIT    FINISH_CROSS_CHECK              APPRAISE APPRAISE_FOR_PROVINCE                DECIDE                RETURN
        DRAFT                     SELF_SUBMITTED                     .                     .                     .                     .                     .
        SELF_SUBMITTED                         .         CROSS_CHECKED                     .                     .                     .                 DRAFT
        CROSS_CHECKED                          .                     .     CLUSTER_APPRAISED                     .                     .        SELF_SUBMITTED
        CLUSTER_APPRAISED                      .                     .                     .    PROVINCE_APPRAISED                     .         CROSS_CHECKED
        PROVINCE_APPRAISED                     .                     .                     .                     .               DECIDED     CLUSTER_APPRAISED
        DECIDED                                .                     .                     .                     .                     .    PROVINCE_APPRAISED
        PUBLISHED                              .                     .                     .                     .                     .               DECIDED
        ");
    }

    #[test]
    fn a_layer_is_written_in_one_state_and_handed_in_from_it() {
        for &layer in ScoreLayer::ALL {
            for &state in SheetState::ALL {
                let step = next(state, Step::HandIn(layer));
                assert_eq!(
                    demand_writable(layer, state).is_ok(),
                    step.is_ok(),
                    "{layer:?} {state:?}"
                );
            }
            assert!(!is_in(layer, stage(layer).from) && is_in(layer, stage(layer).to));
        }
    }

    #[test]
    fn schools_are_scored_while_the_year_of_the_others_still_runs() {
        for &layer in ScoreLayer::ALL {
            let may = |phase, calendar| demand_phase(layer, phase, calendar, false).is_ok();
            assert!(may(YearPhase::Running, YearCalendar::SchoolYear));
            assert!(!may(YearPhase::Running, YearCalendar::Year));
            assert!(may(stage(layer).phase, YearCalendar::Year));
            for calendar in [YearCalendar::Year, YearCalendar::SchoolYear] {
                assert!(!may(YearPhase::Registering, calendar));
                assert!(may(YearPhase::Deciding, calendar));
                assert!(!may(YearPhase::Published, calendar));
            }
        }
    }
    #[test]
    fn only_what_was_published_is_gone_on_with_in_a_published_year() {
        for &layer in ScoreLayer::ALL {
            for calendar in [YearCalendar::Year, YearCalendar::SchoolYear] {
                assert!(demand_phase(layer, YearPhase::Published, calendar, true).is_ok());
                assert!(demand_phase(layer, YearPhase::Registering, calendar, true).is_err());
            }
        }
    }
}
