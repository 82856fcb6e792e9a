//! The life of a ballot: (state, step) → state. Pure.

use thidua_entity::enums::BallotState;

use crate::error::{Error, Result, Text};

/// What is done with a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Freeze the roll and take votes.
    Open,
    /// Cast a vote, or take the token for one.
    Vote,
    /// Take no more votes.
    Close,
    /// Count.
    Tally,
    /// Record what was voted on paper.
    Record,
    /// Draft the further round that a tie or empty seats call for.
    FurtherRound,
    /// Confirm the outcome.
    Confirm,
    /// Let it not count.
    Void,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Vote,
        Self::Close,
        Self::Tally,
        Self::Record,
        Self::FurtherRound,
        Self::Confirm,
        Self::Void,
    ];

    /// The code in `viewerCan`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Vote => "VOTE",
            Self::Close => "CLOSE",
            Self::Tally => "TALLY",
            Self::Record => "RECORD",
            Self::FurtherRound => "FURTHER_ROUND",
            Self::Confirm => "CONFIRM",
            Self::Void => "VOID",
        }
    }

    const fn vi(self) -> &'static str {
        match self {
            Self::Open => "mở bỏ phiếu",
            Self::Vote => "bỏ phiếu",
            Self::Close => "đóng bỏ phiếu",
            Self::Tally => "kiểm phiếu",
            Self::Record => "nhập kết quả giấy",
            Self::FurtherRound => "lập vòng tiếp theo",
            Self::Confirm => "xác nhận kết quả",
            Self::Void => "hủy",
        }
    }
}

/// The state after a step; `WRONG_STATE` when the step is not possible now.
pub fn next(state: BallotState, step: Step) -> Result<BallotState> {
    use BallotState::{Closed, Confirmed, Drafted, Open, Tallied, Void};
    match (state, step) {
        (Drafted, Step::Open) => Ok(Open),
        (Open, Step::Vote) => Ok(Open),
        (Open, Step::Close) => Ok(Closed),
        (Closed, Step::Tally) | (Drafted, Step::Record) | (Tallied, Step::FurtherRound) => Ok(Tallied),
        (Tallied, Step::Confirm) => Ok(Confirmed),
        (Confirmed, Step::FurtherRound) => Ok(Confirmed),
        (Drafted | Open | Closed | Tallied, Step::Void) => Ok(Void),
        _ => Err(Error::WrongState(Text::new(
            format!("Cuộc bỏ phiếu {}; không thể {} lúc này.", state_vi(state), step.vi()),
            format!(
                "The ballot is {}; the step {} is not possible now.",
                state.code(),
                step.code()
            ),
        ))),
    }
}

/// Whether votes and what came of them may be told.
pub const fn is_counted(state: BallotState) -> bool {
    matches!(state, BallotState::Tallied | BallotState::Confirmed)
}

/// A state, in Vietnamese as it is told within a sentence.
pub const fn state_vi(state: BallotState) -> &'static str {
    match state {
        BallotState::Drafted => "đang được soạn",
        BallotState::Open => "đang mở",
        BallotState::Closed => "đã đóng",
        BallotState::Tallied => "đã kiểm phiếu",
        BallotState::Confirmed => "đã được xác nhận",
        BallotState::Void => "đã bị hủy",
    }
}

/// The transitions as people read them: one line for each state, one column for each step.
pub fn printed() -> String {
    let mut text = format!("{:9}", "");
    for step in Step::ALL {
        text.push_str(&format!(" {:>13}", step.code()));
    }
    text.push('\n');
    for &state in BallotState::ALL {
        text.push_str(&format!("{:9}", state.code()));
        for step in Step::ALL {
            let to = next(state, step).map_or_else(|_| ".".to_owned(), BallotState::code);
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
    fn the_life_of_a_ballot_is_the_one_that_people_agreed_on() {
        insta::assert_snapshot!(printed(), @r"
                           OPEN          VOTE         CLOSE         TALLY        RECORD FURTHER_ROUND       CONFIRM          VOID
        DRAFTED            OPEN             .             .             .       TALLIED             .             .          VOID
        OPEN                  .          OPEN        CLOSED             .             .             .             .          VOID
        CLOSED                .             .             .       TALLIED             .             .             .          VOID
        TALLIED               .             .             .             .             .       TALLIED     CONFIRMED          VOID
        CONFIRMED             .             .             .             .             .     CONFIRMED             .             .
        VOID                  .             .             .             .             .             .             .             .
        ");
    }
}
